/*
 * A trade-off made ready to run: its formulas as roots of the shared graph and
 * as tapes.
 *
 *      lean   objective, its state and the requirements of each option: what
 *             deciding needs
 *      full   the same, then rules, findings and outputs
 *
 * Costs are what is minimised: the objective, or its negative where the model
 * maximises.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_PLAN_H
#define STEELYARD_ENGINE_PLAN_H

#include <stdbool.h>

#include "expr/dag.h"
#include "expr/tape.h"
#include "model/bound.h"

struct arena;
struct memos;

#define ROOT_NONE (-1)

struct roots {
	node_id *node;
	int n;
	size_t cap;
};

struct plan {
	const struct bound *bound;
	int index;                      /* of the model in `bound` */
	const struct model *model;
	struct bound_graph *graph;      /* borrowed */
	struct dag *dag;
	struct elab *elab;
	struct arena *arena;
	int horizon, noptions;
	int noutputs;                   /* 0: they were not asked for */
	double sign;                    /* cost = sign * objective */
	struct roots roots;
	int nlean;                      /* the first of them are the lean ones */
	/* Numbers of roots, ROOT_NONE where there is none. [row * noptions + o]
	 */
	int *objective, *state;
	int *require;                   /* by requirement */
	int *when, *allow, *hold;       /* by constraint */
	int *finding;
	int *output, *output_state;     /* by output that is not central */
	int *central, *central_state;   /* rows of the one-lane tape */
	struct roots central_roots;
	struct tape *lean, *full;
	struct tape *centre;            /* of central_roots; NULL: none */
	struct memos *memos;            /* memo.h; only of a plan that is kept */
};

/* `outputs`: with the model's outputs, not its objective and rules alone. */
struct plan *plan_new(struct bound_graph *g, const struct bound *b, int model,
                      bool outputs, struct err *err);
void plan_free(struct plan *p);

/* Without roots and tapes, for plan_root() alone; nothing to free. */
struct plan plan_bare(struct bound_graph *g, const struct bound *b, int model);

int roots_add(struct roots *r, node_id n);      /* its number */
/* Elaborates for one option (-1: none) into `r`; a series is taken at month 1.
 * *state (may be NULL) receives the state's root or ROOT_NONE. */
bool plan_root(const struct plan *p, struct roots *r, const struct syntax *s,
               int option, int *number, int *state, struct err *err);

/* The lean roots, but those of options outside of `in` (NULL: all are in) are
 * no numbers, so that what nobody asks for costs nothing.  The option that
 * infeasible draws pay is always kept. */
void plan_only(const struct plan *p, const bool *in, struct roots *out);

/* Whether any of the first n roots hangs on input `slot`; sets each[root] (may
 * be NULL) of those that do. */
bool plan_depends(const struct plan *p, const struct roots *r, int n,
                  int slot, bool *each);
/* Adds what lies below the roots of `r` and changes in steps as the input
 * moves (at most `max`; series summed over the months), for the crossing
 * finder; returns how many. */
int plan_steps(const struct plan *p, int slot, struct roots *r,
               bool *rare, int max);

/* The same below the lean roots, but only what hangs on a single input that is
 * not `fixed` (by slot): slot[i] is that of root i. */
int plan_lone_steps(const struct plan *p, const bool *fixed, struct roots *r,
                    int *slot, int max);

/* What a scan of the inputs slot[0] and slot[1] (-1: none) need not compute
 * again at each place: the nodes below the roots `of` that hang on neither,
 * those alone that something else reads.  Free *given, whose inputs count from
 * the number of slots, as do the roots of `r` that compute them (of a series
 * one a month, and only where it is dear to compute).  How many. */
int plan_known(const struct plan *p, const struct roots *of, const int slot[2],
               struct roots *r, struct tape_given **given);

/* The inputs below the first `n` roots, rising. Free *slots. */
int plan_inputs(const struct plan *p, const struct roots *r, int n,
                int **slots);

#endif
