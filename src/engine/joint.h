/*
 * The joint plan: one option for each trade-off of a scenario, so that they
 * cost least together.
 *
 *      graph    each model once, with its neighbours' figures left open; then
 *               the figures put in, once for every choice of those neighbours
 *               that it really reads (joint_graph.c)
 *      run      the distinct values of all that, draw by draw (joint_run.c)
 *      choose   sums over every combination (joint_choose.c)
 *      report   engine_plan() and its result (joint_plan.c)
 *
 *      cost(a, b, c) = cost_1[a] + cost_2[a, b] + cost_3[b, c]
 *
 * The money of a model hangs on its own option and on those of its scope: the
 * neighbours that it reads, and theirs.  A combination costs the sum, in which
 * an account that several models state counts once (`joint:` of the workload).
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_JOINT_H
#define STEELYARD_ENGINE_JOINT_H

#include "engine/engine.h"
#include "engine/plan.h"
#include "engine/sample.h"

#define JOINT_MODELS 16
#define JOINT_COMBINATIONS 1000000

/* Nodes that hang on the options of other models, one set a choice of these. */
struct family {
	int nroots;
	node_id *root;                  /* with open figures */
	struct swap *swap;
	int nholes, *hole;              /* slots of the figures it reads */
	int nscope, scope[JOINT_MODELS];        /* parts, rising */
	int stride[JOINT_MODELS];               /* by part; 0: not in scope */
	int ncontexts;
	node_id *node;                  /* [context * nroots + root] */
};

/* What one option comes to in one context: numbers of the tape's roots. */
struct joint_entry {
	int cost;                       /* its column */
	int gap;                        /* true: cannot be taken; or ROOT_NONE */
	int paid;                       /* its column where gaps are paid for */
	bool barred, never;             /* by a rule; too often infeasible */
	bool holes;                     /* draws in which nothing is feasible */
	int rule;                       /* the first that bars it, -1; and */
	bool only;                      /* no other does */
};

struct joint_part {                     /* one model, canonical order */
	const struct model *model;
	int n, option[MODEL_MAX_OPTIONS];       /* those that may be taken */
	bool assumed;
	const char **left_out;          /* accounts that others state; NULL-ended */
	struct family *family;
	int rows;                       /* roots an option has */
	struct joint_entry *entry;      /* [context * n + k] */
};

struct joint {
	const struct bound *bound;
	struct bound_graph *graph;
	struct dag *dag;
	int nparts;
	struct joint_part part[JOINT_MODELS];
	int order[JOINT_MODELS];        /* parts, each behind its scope */
	struct family **figure;         /* by slot */
	struct roots roots;             /* distinct */
	int *root_of;                   /* by node; ROOT_NONE */
	struct tape *tape;
	/* the sample */
	bool point;                     /* one draw: the central values */
	struct sample sample;
	struct draws draws;
	int replicates;
	int ncolumns; size_t columns_cap;
	struct column_of { double *v, mean; double *replicate; } *column;
	uint64_t **bits;                /* by root, of truths; else NULL */
	double *central;                /* by root */
	/* the choice */
	int ncombinations;
	unsigned char *status;          /* by combination */
	double *mean;                   /* expected cost; NAN: none */
	int best;                       /* -1 */
	int64_t *wins;                  /* [combination * R + replicate] */
	int64_t none;                   /* draws in which none can be taken */
	double *least;                  /* by draw, over what gaps pay */
};

enum joint_status { JOINT_OK, JOINT_SENSELESS, JOINT_BARRED,
                    JOINT_INFEASIBLE, JOINT_STATUSES };

/* Elaborates every model in every context that differs; false: objectives that
 * do not add up, money that nobody settled, too many combinations. */
bool joint_open(struct joint *j, const struct bound *b, struct err *err);
void joint_close(struct joint *j);
/* Draws, and what each option comes to. */
bool joint_run(struct joint *j, const struct engine_options *o,
               struct err *err);
/* Which combinations can be taken, the best, and the best of each draw. */
bool joint_choose(struct joint *j, const struct engine_options *o,
                  struct err *err);

/* Position of each part's option in a combination, and back. */
void joint_options(const struct joint *j, int combination, int *at);
int joint_combination(const struct joint *j, const int *at);
/* What a part comes to where its neighbours take these positions. */
const struct joint_entry *joint_entry(const struct joint *j, int part,
                                      const int *at);
/* Cost of a combination in each draw, gaps paid for; NAN: nothing feasible. */
void joint_costs(const struct joint *j, int combination, double *out);
/* Whether every part can be taken in a draw. */
bool joint_feasible(const struct joint *j, const int *at, int64_t draw);
/* Means of its replicates. */
void joint_replicates(const struct joint *j, int combination, double *out);
/* The context of a family in which its scope takes these positions. */
int family_context(const struct family *f, const int *at);
/* The combination rules: the one a combination breaks, or -1. */
int joint_rule_broken(const struct joint *j, const int *at);

/* Warns where the joint plan takes other options than the verdicts of `e`. */
void joint_notes(struct evaluation *e, struct library *l,
                 const struct scenario *s, const struct engine_options *o);

#endif
