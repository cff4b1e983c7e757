/*
 * The inside of a value graph.  Private to src/expr: dag.c keeps the nodes,
 * algebra.c says what operations on them come to, fold.c computes constants.
 */
#ifndef STEELYARD_EXPR_DAG_IMPL_H
#define STEELYARD_EXPR_DAG_IMPL_H

#include <stddef.h>

#include "expr/dag.h"

struct dag {
	struct arena *arena;
	struct dag_node *node;
	size_t n, cap;
	node_id *bucket;                /* open addressing over node ids */
	size_t buckets;
	int vars;
	node_id month;                  /* the series 1, 2, 3 ... */
};

/* A node with no operands, to be filled in. */
struct dag_node dag_blank(enum op op);
/* The node like `n`: the one there is, else a new one. */
node_id dag_intern(struct dag *d, const struct dag_node *n);
/* A series of DAG_TABLE numbers, which live in the graph's arena. */
node_id dag_series(struct dag *d, const double *table);

#endif
