/*
 * Other ways to choose than by the expected cost, from the same draws: what
 * each would take, and who is better to everybody.
 *
 *      cvar95               mean of the worst twentieth
 *      expected_regret      what each draw costs beyond its best option
 *      maximum_regret       the greatest of that (Savage)
 *      worst_case           the dearest draw (Wald's maximin)
 *      hurwicz              the best draw and the worst one, weighed
 *      exponential_utility  certainty equivalent R ln E exp(cost / R)
 *
 * Extremes of a sample are those of the draws that were made: laws without
 * bounds have worse ones.
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_CRITERIA_H
#define STEELYARD_ENGINE_CRITERIA_H

#include "engine/judge.h"

enum criterion_id {
	CRITERION_MEAN, CRITERION_CVAR, CRITERION_REGRET,
	CRITERION_MOST_REGRET, CRITERION_WORST, CRITERION_HURWICZ,
	CRITERION_UTILITY, CRITERION_N
};

struct criteria {
	double tolerance;               /* risk tolerance; units of cost */
	double optimism;                /* 0..1 */
	int choice[CRITERION_N];        /* -1: no option */
	bool agrees[CRITERION_N];       /* with the least expected cost */
	double *value[CRITERION_N];     /* [o], cost or regret; NAN */
};

/* `tolerance` 0: the size of the best option's expected cost. */
void criteria_init(struct criteria *c, const struct judged *j,
                   double tolerance, double optimism);
void criteria_release(struct criteria *c);

/* Whether option a costs no more than b to everybody (order 1: at each
 * probability; 2: in the mean of each share of worst draws) and less
 * somewhere: 1, 2 or 0.  Sorted columns, rising, of n costs. */
int dominance_of(const double *a, const double *b, int64_t n);

#endif
