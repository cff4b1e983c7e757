/*
 * Correlation matrices, n by n, row by row, symmetric, ones on the diagonal.
 */
#ifndef STEELYARD_MATH_CORRELATION_H
#define STEELYARD_MATH_CORRELATION_H

#include <stdbool.h>

/* Spearman's rank correlation of two normal scores, and back: their own
 * correlation is 2 sin(pi rho / 6) (Kruskal 1958). */
double correlation_of_rank(double rho);
double rank_of_correlation(double r);

/* The Cholesky factor, a lower triangle; false where the matrix is not positive
 * definite (a pivot below 1e-10).  `l` may be `r`. */
bool correlation_factor(const double *r, int n, double *l);

/* Between which values entry (i, j), i != j, leaves the matrix positive
 * definite when all others stay; false: whatever its value, it is not. */
bool correlation_interval(const double *r, int n, int i, int j, double *low,
                          double *high);

/* The nearest correlation matrix in Frobenius' norm whose eigenvalues are at
 * least about `least`, in place: alternating projections with Dykstra's
 * correction (N. J. Higham, IMA J. Numer. Anal. 22, 2002). */
void correlation_nearest(double *r, int n, double least);

#endif
