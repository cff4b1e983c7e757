/*
 * Least squares on a sparse basis, by normal equations: rows are added one by
 * one, what is kept does not grow with them.  Bases may be redundant (a ridge
 * of 1e-10 of the diagonal decides).  With a penalty, its weight is the one
 * that generalised cross-validation likes best over all responses (Craven and
 * Wahba 1979), from one eigen-decomposition.
 */
#ifndef STEELYARD_MATH_FIT_H
#define STEELYARD_MATH_FIT_H

#include <stdbool.h>
#include <stdint.h>

struct fit {
	int p, k;                       /* coefficients, responses */
	int64_t n;                      /* rows so far */
	double *gram;                   /* p * p, lower triangle */
	double *cross;                  /* [response * p + coefficient] */
	double *square;                 /* [response] */
};

void fit_init(struct fit *f, int p, int k);
void fit_release(struct fit *f);
/* A row: `n` values at rising columns, and the k responses. */
void fit_row(struct fit *f, const int *column, const double *value, int n,
             const double *y);
void fit_merge(struct fit *to, const struct fit *from);
/* coef[response * p + coefficient].  `penalty` (p * p, symmetric, or NULL) is
 * weighed by cross-validation.  false: nothing to fit. */
bool fit_solve(const struct fit *f, const double *penalty, double *coef);

/* The four cubic B-splines that are not zero at x, over `m` coefficients with
 * equal steps between low and high: the first one's number.  x is held within
 * [low, high]. (de Boor 1978; uniform, as Eilers and Marx 1996) */
int spline_row(double low, double high, int m, double x, double v[4]);

#endif
