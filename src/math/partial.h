/*
 * Rank columns and partial correlations, for partial rank correlation
 * coefficients (Iman and Conover 1979).
 */
#ifndef STEELYARD_MATH_PARTIAL_H
#define STEELYARD_MATH_PARTIAL_H

#include <stdbool.h>
#include <stdint.h>

/* Ranks 1 .. n of values without NAN; equal values share their mean rank. */
void ranks_of(const double *x, int64_t n, double *rank);

/* The correlation of each of the d columns with y when all others are held, in
 * out[d]: -P_iy / sqrt(P_ii P_yy) with P the inverse of the matrix of all d + 1
 * correlations.  A column that does not vary gets NAN and is left out; false,
 * and NAN in all, where the others determine each other. */
bool partial_correlations(int64_t n, int d, const double *const *x,
                          const double *y, double *out);

#endif
