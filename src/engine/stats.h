/*
 * Plain statistics over columns of draws.  Sums run over 8 fixed virtual lanes
 * in blocks of 512 and then in block order: their digits depend on the column
 * alone, never on threads or vector width.
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_STATS_H
#define STEELYARD_ENGINE_STATS_H

#include <stdint.h>

/* Sum and number of the values that are no NAN. */
double stat_sum(const double *v, int64_t n, int64_t *count);
double stat_mean(const double *v, int64_t n);   /* NAN when there is none */

/* Standard error of a pooled estimate from `r` independent replicates of it:
 * their standard deviation over sqrt r.  NAN below two, or when one is NAN. */
double stat_replicate_se(const double *estimate, int r);

/* Moves the values that are no NAN to the front; returns how many. */
int64_t stat_compact(double *v, int64_t n);

/* Quantiles at rising shares p[0..np-1] of the n values of `v` (no NAN), which
 * is left permuted.  Hazen's definition, h = n p + 1/2: the k-th of n points
 * of a net stands for (k - 1/2) / n.  NAN when n is 0. */
void stat_quantiles(double *v, int64_t n, const double *p, int np, double *q);

/* Mean of the greatest `share` of the n values (conditional value at risk);
 * the value at the boundary counts with the fraction that is left of it.  `v`
 * is left permuted.  Rockafellar and Uryasev, J. Banking Finance 26 (2002). */
double stat_upper_mean(double *v, int64_t n, double share);


/* Greatest power of two that is not above x (x >= 1). */
int64_t stat_power_of_two(int64_t x);

#endif
