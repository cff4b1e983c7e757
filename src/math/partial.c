#include "math/partial.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_linalg.h>

#include "base/mem.h"

#include "base/banned.h"

#define LEAST_PIVOT 1e-10
#define NOISE 1e-9

struct ranked { double x; int64_t at; };

static int rising(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->x;
	double y = ((const struct ranked *)b)->x;

	return (x > y) - (x < y);
}

void ranks_of(const double *x, int64_t n, double *rank)
{
	struct ranked *r = xcalloc((size_t)n + 1, sizeof *r);

	for (int64_t i = 0; i < n; i++)
		r[i] = (struct ranked) { x[i], i };
	qsort(r, (size_t)n, sizeof *r, rising);
	for (int64_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && r[j].x <= r[i].x; j++)
			;
		for (int64_t k = i; k < j; k++)
			rank[r[k].at] = (double)(i + 1 + j) / 2;
	}
	free(r);
}

/* From the mean, over the length; false: it does not vary. */
static bool normalise(const double *x, int64_t n, double *out)
{
	double sum = 0, square = 0;

	for (int64_t i = 0; i < n; i++)
		sum += x[i];
	for (int64_t i = 0; i < n; i++) {
		out[i] = x[i] - sum / (double)n;
		square += out[i] * out[i];
	}
	for (int64_t i = 0; i < n && square > 0; i++)
		out[i] /= sqrt(square);
	return square > 0;
}

static gsl_matrix *correlations(int64_t n, size_t m, const double *z)
{
	gsl_matrix *r = gsl_matrix_alloc(m, m);

	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = 0;

			for (int64_t k = 0; k < n; k++)
				sum += z[i * (size_t)n + (size_t)k] *
				       z[j * (size_t)n + (size_t)k];
			gsl_matrix_set(r, i, j, sum);
			gsl_matrix_set(r, j, i, sum);
		}
	return r;
}

/* Whether no column of the first m is made of the others. */
static bool regular(const gsl_matrix *r, size_t m)
{
	gsl_matrix *part = gsl_matrix_alloc(m, m);
	gsl_permutation *p = gsl_permutation_alloc(m);
	bool ok = true;
	int sign;

	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < m; j++)
			gsl_matrix_set(part, i, j, gsl_matrix_get(r, i, j));
	gsl_linalg_LU_decomp(part, p, &sign);
	for (size_t i = 0; i < m; i++)
		ok &= fabs(gsl_matrix_get(part, i, i)) > LEAST_PIVOT;
	gsl_permutation_free(p);
	gsl_matrix_free(part);
	return ok;
}

/* The last column may be made of the others: a trace of noise keeps the matrix
 * regular, and the correlation comes out as 1. */
static gsl_matrix *inverse(gsl_matrix *r)
{
	gsl_permutation *p = gsl_permutation_alloc(r->size1);
	gsl_matrix *out = gsl_matrix_alloc(r->size1, r->size1);
	int sign;

	gsl_matrix_set(r, r->size1 - 1, r->size1 - 1, 1 + NOISE);
	gsl_linalg_LU_decomp(r, p, &sign);
	gsl_linalg_LU_invert(r, p, out);
	gsl_permutation_free(p);
	return out;
}

bool partial_correlations(int64_t n, int d, const double *const *x,
                          const double *y, double *out)
{
	double *z = xcalloc((size_t)(d + 1) * (size_t)n + 1, sizeof *z);
	int *row = xcalloc((size_t)d + 1, sizeof *row), m = 0;
	gsl_matrix *r, *p;

	for (int i = 0; i < d; i++) {
		out[i] = NAN;
		row[i] = normalise(x[i], n, z + m * n) ? m++ : -1;
	}
	if (!normalise(y, n, z + m * n))
		m = 0;
	r = correlations(n, (size_t)m + 1, z);
	p = m > 0 && regular(r, (size_t)m) ? inverse(r) : NULL;
	for (int i = 0; p && i < d; i++) {
		size_t k = (size_t)row[i], last = (size_t)m;

		if (row[i] >= 0)
			out[i] = -gsl_matrix_get(p, k, last) /
				sqrt(gsl_matrix_get(p, k, k) *
				     gsl_matrix_get(p, last, last));
	}
	m = p ? m : 0;
	gsl_matrix_free(r);
	gsl_matrix_free(p);
	free(row);
	free(z);
	return m > 0;
}
