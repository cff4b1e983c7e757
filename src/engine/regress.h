/*
 * What learning something would be worth, by regression: the costs of the
 * options against the best one's are fitted on a basis of what is learnt, and
 * the fitted costs are chosen from (Strong, Oakley and Brennan 2014).
 *
 *      signal   what one thing tells of each draw: a class, and the normal
 *               score of its place among all draws
 *      basis    one spline or one step function a signal, and a tensor
 *               product of splines for each pair of them
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_REGRESS_H
#define STEELYARD_ENGINE_REGRESS_H

#include "engine/judge.h"

struct trade;
struct factor;

#define SIGNAL_VALUES 60        /* fewer are classes of their own */

struct signal {
	int64_t n;
	double *z;                      /* by draw: its normal score ... */
	double low, high;               /* ... and what those span */
	unsigned char *bin;             /* by draw: its class */
	int bins;
	bool values;                    /* a class is one value */
};

void signal_of_factor(const struct trade *t, const struct factor *f,
                      struct signal *s);
/* Of what a study came to in each draw: n numbers. */
void signal_of_values(const double *x, int64_t n, struct signal *s);
void signal_release(struct signal *s);

/* Regressions take so many draws at most, the first ones of each replicate (a
 * smaller net): what many more would add lies below what a basis misses. */
#define REGRESS_DRAWS 65536
int64_t regress_each(const struct judged *j);   /* of a replicate */
/* The costs of those draws alone; its columns are its own. */
void judged_cut(const struct judged *j, struct judged *out);
void judged_cut_release(struct judged *cut);
void signal_cut(struct signal *s, const struct judged *j);
/* Moves the draws that are kept to the front of a column of all of them. */
void column_cut(double *v, const struct judged *j);

struct basis {
	const struct signal *s;
	int n;
	bool steps;                     /* a step a class in place of a spline */
	int main, pair;                 /* coefficients of a spline, of those
	                                   that make pairs; 0: no pairs */
};

struct regression {
	double value, se;               /* of knowing the signals */
	double error;                   /* how far other estimates from the same
	                                   basis stand off */
};

/* `smooth`: splines are held back by a penalty that cross-validation weighs,
 * for draws that are independent; on a net it would take structure for noise.
 * NAN where there is nothing to fit. */
struct regression regress(const struct judged *j, const struct basis *b,
                          bool smooth);
/* What each option is expected to cost when a signal is known, as columns
 * [option * n + draw] against the best option's: of all draws together, or
 * (`own`) of the draw's replicate alone.  free(); NULL: nothing to fit. */
double *regress_costs(const struct judged *j, const struct signal *s,
                      bool smooth, bool own);
/* One signal by a spline of 20 coefficients (fewer for a small sample). */
struct regression regress_one(const struct judged *j, const struct signal *s,
                              bool smooth);

#endif
