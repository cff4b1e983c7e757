/*
 * From columns of costs to a choice: which options may be taken, what each is
 * expected to cost, which is best and by how much.
 *
 * An infeasible draw is never averaged away: where an option cannot be taken
 * in more than `at_most` of the draws it cannot be recommended; below that,
 * such a draw costs it what the `pay` option costs, or, where that cannot be
 * taken either (or is the option itself), what the dearest option that can
 * be taken costs.  A draw in which no option can be taken counts for none.
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_JUDGE_H
#define STEELYARD_ENGINE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "result/result.h"

struct costs {                          /* what is judged */
	int noptions, replicates;
	int64_t n;
	const double *cost;             /* [o * n + i]; NAN: infeasible */
	const bool *barred;             /* by rules, or for a missed level */
	double at_most;
	int pay;
	bool certain;                   /* nothing varies: means have no error */
};

struct judged {
	struct costs in;
	enum option_status *status;
	double *feasible;               /* share of draws */
	const double **paid;            /* column of each option */
	double *own;                    /* columns that differ from the costs */
	double *mean, *se;              /* expected cost; NAN: none */
	double *replicate;              /* [o * R + r]: means of replicates */
	int best, second, nok;
	double *p_best, *p_best_se, p_none;
	double *share;                  /* [o * R + r]: p_best of replicates */
	double *least;                  /* cost of the best option in the draw */
	double *regret, *regret_se;     /* NAN for what cannot be taken */
	double evpi, evpi_se;           /* regret of the best */
	int agreeing;                   /* replicates that have the same best */
};

void judge_init(struct judged *j, const struct costs *c);
/* Statuses, means and the best alone. */
void judge_means(struct judged *j, const struct costs *c);
void judge_release(struct judged *j);
/* Whether the option is infeasible in more draws than are forgiven. */
bool judge_too_often(const struct judged *j, int o);

/* The expected cost of the best option when `barred` holds instead; *se (may
 * be NULL) of its difference to the best of `j`. NAN when none is left. */
double judge_without(const struct judged *j, const bool *barred, double *se);

/* What a look at the sample says; `look` counts from 1 and spends
 * alpha / 2^look.  `indifferent` is in units of cost.  A sample without
 * replicates says nothing about its error and decides nothing, unless nothing
 * varies. */
enum verdict_state judge_look(const struct judged *j, double confidence,
                              int look, double indifferent);
/* Rival's expected cost minus the best's, with its standard error. */
double judge_gap(const struct judged *j, int rival, double *se);

#endif
