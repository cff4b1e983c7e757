#include "math/correlation.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define LEAST_PIVOT 1e-10
#define ROUNDS 5000
#define CONVERGED 1e-13

double correlation_of_rank(double rho)
{
	return 2 * sin(M_PI * rho / 6);
}

double rank_of_correlation(double r)
{
	return 6 / M_PI * asin(r / 2);
}

bool correlation_factor(const double *r, int n, double *l)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++) {
			double sum = r[i * n + j];

			for (int k = 0; k < j; k++)
				sum -= l[i * n + k] * l[j * n + k];
			if (i == j && sum < LEAST_PIVOT)
				return false;
			l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
		}
	return true;
}

/* With i and j moved to the end the entry stands in the last row beside the
 * diagonal, and the factor tells what is left for it. */
static void move_last(const double *r, int n, int i, int j, double *out)
{
	int *order = xcalloc((size_t)n, sizeof *order), m = 0;

	for (int k = 0; k < n; k++)
		if (k != i && k != j)
			order[m++] = k;
	order[m++] = i;
	order[m] = j;
	for (int a = 0; a < n; a++)
		for (int b = 0; b < n; b++)
			out[a * n + b] = r[order[a] * n + order[b]];
	free(order);
}

bool correlation_interval(const double *r, int n, int i, int j, double *low,
                          double *high)
{
	size_t cells = (size_t)n * (size_t)n;
	double *m = xcalloc(2 * cells, sizeof *m), *l = m + cells;
	double left = 1, middle = 0;
	double *row = m + (n - 1) * n, *at = m + (n - 2) * n;
	bool ok;

	move_last(r, n, i, j, m);
	row[n - 2] = at[n - 1] = 0;     /* what the factor holds is not asked */
	/* rows 0 .. n - 2 in the shape of the whole matrix */
	for (int a = 0; a < n - 1; a++)
		memcpy(l + a * (n - 1), m + a * n,
		       sizeof *l * (size_t)(n - 1));
	ok = correlation_factor(l, n - 1, l);
	for (int k = 0; ok && k < n - 2; k++) {
		for (int p = 0; p < k; p++)
			row[k] -= row[p] * l[k * (n - 1) + p];
		row[k] /= l[k * (n - 1) + k];
		left -= row[k] * row[k];
		middle += row[k] * l[(n - 2) * (n - 1) + k];
	}
	ok = ok && left > LEAST_PIVOT;
	if (ok) {
		double room = l[(n - 2) * n] * sqrt(left);

		*low = middle - room;
		*high = middle + room;
	}
	free(m);
	return ok;
}

/* Eigenvalues below `least` become `least`. */
static void lift(gsl_matrix *x, double least, gsl_vector *value,
                 gsl_matrix *vector, gsl_eigen_symmv_workspace *w)
{
	size_t n = x->size1;

	gsl_eigen_symmv(x, value, vector, w);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = 0;

			for (size_t k = 0; k < n; k++)
				sum += fmax(gsl_vector_get(value, k), least) *
				       gsl_matrix_get(vector, i, k) *
				       gsl_matrix_get(vector, j, k);
			gsl_matrix_set(x, i, j, sum);
			gsl_matrix_set(x, j, i, sum);
		}
}

void correlation_nearest(double *r, int n, double least)
{
	size_t m = (size_t)n;
	gsl_matrix *x = gsl_matrix_alloc(m, m);
	gsl_matrix *vector = gsl_matrix_alloc(m, m);
	gsl_vector *value = gsl_vector_alloc(m);
	gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(m);
	double *moved = xcalloc(m * m, sizeof *moved), change = 1;

	for (int round = 0; round < ROUNDS && change > CONVERGED; round++) {
		change = 0;
		for (int i = 0; i < n * n; i++)
			x->data[i] = r[i] - moved[i];
		lift(x, least, value, vector, w);
		for (int i = 0; i < n * n; i++) {
			double to = i % (n + 1) == 0 ? 1 : x->data[i];

			moved[i] += x->data[i] - r[i];
			change = fmax(change, fabs(to - r[i]));
			r[i] = to;
		}
	}
	free(moved);
	gsl_eigen_symmv_free(w);
	gsl_vector_free(value);
	gsl_matrix_free(vector);
	gsl_matrix_free(x);
}
