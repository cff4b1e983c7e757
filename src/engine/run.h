/*
 * One sample of a trade-off: what each option costs in each draw, and counts
 * of everything that is counted.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_RUN_H
#define STEELYARD_ENGINE_RUN_H

#include "engine/engine.h"
#include "engine/plan.h"
#include "engine/sample.h"

#define RUN_STATES 16           /* distinct states of one row; more merge */

struct state_count { int code; int64_t n; };

/* How often each state stood in place of a number. */
struct state_tally { int used; struct state_count at[RUN_STATES]; };

/* The first draw in which a number was not finite. */
struct bad_draw { int replicate; int64_t k; };

struct tally {
	int64_t *reason;                /* [requirement * K + o]: it held */
	struct state_tally *state;      /* [o]: of the objective */
	int64_t *when, *allow, *hold;   /* [constraint * K + o]: true in draws */
	int64_t *barred;                /* `when` and not `allow` */
	int64_t *broken;                /* `when` and not `require` */
	int64_t *finding;
	struct state_tally *output;     /* [output * K + o] */
	struct bad_draw *bad;           /* [o], then [output * K + o] */
	void *block;                    /* what the arrays above live in */
};

struct run {
	const struct plan *plan;
	struct sample *sample;
	struct draws draws;
	bool point;                     /* one draw: the central values */
	/* cost[o * n + i]: NAN where the option is infeasible */
	double *cost;
	double *output;                 /* [(output * K + o) * n + i] */
	struct tally tally;
	struct tape_memo *memo;         /* while it runs, or NULL */
};

/* Runs `draws` points; `old` (or NULL) is a run of half as many, whose draws
 * are taken over.  NULL: cancelled, or a located finding. */
struct run *run_new(const struct plan *p, struct sample *s,
                    const struct draws *draws, const struct run *old,
                    const struct engine_options *o, struct err *err);
/* The central draw alone. */
struct run *run_point(const struct plan *p, struct sample *s,
                      struct err *err);
void run_free(struct run *r);

/* A located finding for the option's first non-finite draw, if it has one. */
bool run_check(const struct run *r, int option, struct err *err);

int run_threads(const struct engine_options *o);
/* Asks the caller whether to go on; false adds "cancelled". */
bool run_goes_on(const struct engine_options *o, double done,
                 struct err *err);

#endif
