/*
 * Elaboration, split over elaborate.c (leaves, operators, names) and
 * elab_calls.c (functions).  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_ELAB_H
#define STEELYARD_EXPR_ELAB_H

#include "expr/env.h"

#define SEARCH_DEPTH 8          /* nested solve and argmin */

/* Where an expression stands: labels of the axes, meanings of local names. */
struct place_in {
	int label[AXIS_MAX];            /* -1: unknown; AXIS_MONTH: 0 or k */
	const struct local *scope;
};

struct memo {
	const void *what;
	signed char label[AXIS_MAX];
	short month;
	bool used;
	struct value value;
};

struct origin { const struct syntax *syntax; const char *name; };

struct elab {
	struct env *env;
	struct dag *dag;
	slot_fn slot;
	column_fn column;
	void *ctx;
	struct err *err;
	bool failed;
	struct memo *memo;              /* open addressing, power of two */
	size_t memo_used, memo_size;
	node_id var[SEARCH_DEPTH];
	int search_depth;
	struct origin *origin;          /* by node */
	size_t origins, origins_cap;
	const char *const *left_out;    /* accounts that count nothing, or NULL */
	const char *owner;              /* the name being elaborated */
	long steps;
};

struct value elab_syntax(struct elab *el, const struct syntax *s,
                         const struct place_in *at);
struct value elab_call(struct elab *el, const struct syntax *s,
                       const struct place_in *at);
struct value elab_entry(struct elab *el, struct entry *en,
                        const struct place_in *at);
/* The sum of the money lines of one timing and (unless NULL) account. */
struct value elab_sum_money(struct elab *el, bool monthly,
                            const char *account, const struct place_in *at);

/* --- numbers with states ---------------------------------------------- */

struct value value_number(struct elab *el, double v);
/* An operation whose result has a state wherever an operand has one. */
struct value value_op(struct elab *el, enum op op, struct value a,
                      struct value b);
/* min and max know never and always; the other states win. */
struct value value_extreme(struct elab *el, enum op op, struct value a,
                           struct value b);
struct value value_select(struct elab *el, node_id cond, struct value a,
                          struct value b);
/* NaN in `n` becomes the state `code`. */
struct value value_guard(struct elab *el, node_id n, int code);
/* The first state of the two, NODE_NONE when neither can have one. */
node_id state_or(struct elab *el, node_id a, node_id b);

node_id op1(struct elab *el, enum op op, node_id a);
node_id op2(struct elab *el, enum op op, node_id a, node_id b);
node_id op3(struct elab *el, enum op op, node_id a, node_id b, node_id c);
node_id constant(struct elab *el, double v);

#endif
