/*
 * The inside of scheduling.  Private to src/expr: schedule.c places nodes,
 * reach.c tells what hangs on what, loops.c writes month loops, emit.c writes
 * instructions into regions.
 */
#ifndef STEELYARD_EXPR_SCHEDULE_H
#define STEELYARD_EXPR_SCHEDULE_H

#include "expr/tape_impl.h"

struct region {
	struct region *outer;
	bool months;                    /* a month loop */
	int var;                        /* the unknown of a search's body, -1 */
	uint64_t vars;                  /* unknowns known here and outside */
	int *reg;                       /* by node: place + 1, 0: not here */
	struct code code;
};

struct todo { node_id node; struct region *region; };

struct schedule {
	const struct dag *dag;
	struct tape *tape;
	int *constant;                  /* by node: place + 1 of constants */
	int *table;                     /* by node: tape.table + 1 of series */
	int *level;                     /* by node: reductions on the way */
	const struct tape_given **given;        /* by node; NULL: computed */
	unsigned char *seen;
	struct todo *todo;              /* what schedule_need has before it */
	size_t ntodo, todo_cap;
	struct region *root;
	int next_reg;
};

struct nodes { node_id *item; size_t n, cap; };

static inline const struct dag_node *at(const struct schedule *s, node_id n)
{
	return dag_get(s->dag, n);
}

static inline bool is_reduction(enum op op)
{
	return op == OP_SUM || op == OP_LEAST || op == OP_MOST
		|| op == OP_FIRST || op == OP_AT;
}

static inline bool is_search(enum op op)
{
	return op == OP_SOLVE || op == OP_ARGMIN;
}

static inline const node_id *operands(const struct dag_node *n)
{
	return n->op == OP_CALL ? n->args : n->arg;
}

/* --- emit.c ------------------------------------------------------------- */

/* A new number of the tape; its place. */
int schedule_number(struct tape *t, double v);
/* A new virtual register; its place. */
int schedule_reg(struct schedule *s);
struct region *region_new(struct schedule *s, struct region *outer);
/* Appends the code of a finished region to `to` and frees it. */
void region_end(struct region *r, struct code *to);
/* Where a node is computed when it is needed in `r`: the innermost region that
 * knows something it hangs on. */
struct region *region_home(const struct dag_node *n, struct region *r);
/* A new instruction without operands, at the region's end. */
struct insn *region_emit(struct region *r, int op, int reg, node_id node);
/* Writes an instruction's operands and with them its form. */
void insn_set(struct insn *i, int a, int b, int c);
void region_copy(struct region *r, int reg, int from, node_id node);
/* A strip of the number at `place`, where nothing else will do. */
int region_strip(struct schedule *s, struct region *r, int place, node_id node);

/* --- reach.c ------------------------------------------------------------ */

/* Counts for every node below the targets how many reductions lie one above the
 * other in it. */
void schedule_levels(struct schedule *s, const node_id *target, int n);
/* Reductions whose home is `r`, among all that the targets hang on. */
void schedule_reductions(struct schedule *s, struct region *r,
                        const node_id *target, int n, struct nodes *out);
/* Stocks that the targets hang on within a month, but for those that hang on
 * an unknown that `r` does not know. */
void schedule_stocks(struct schedule *s, const struct region *r,
                     const node_id *target, int n, struct nodes *out);

/* --- loops.c ------------------------------------------------------------ */

/* Writes the loops for all reductions of `r` that the targets hang on. */
void schedule_loops(struct schedule *s, struct region *r,
                     const node_id *target, int n);

/* A stock that hangs on the unknown of a search within a month: each trial runs
 * it anew from month 1 to the month around. */
void schedule_so_far(struct schedule *s, struct region *r, node_id n);

/* --- schedule.c --------------------------------------------------------- */

/* The place that holds `n` in region `r`; computes it where it belongs. */
int schedule_need(struct schedule *s, struct region *r, node_id n);

#endif
