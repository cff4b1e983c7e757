#include "math/fit.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define RIDGE 1e-10
#define WEIGHTS 61              /* 1e-9 .. 1e6, four a decade */

void fit_init(struct fit *f, int p, int k)
{
	size_t c = (size_t)p, r = (size_t)k;

	*f = (struct fit) { .p = p, .k = k };
	f->gram = xcalloc(c * c + c * r + r + 1, sizeof *f->gram);
	f->cross = f->gram + c * c;
	f->square = f->cross + c * r;
}

void fit_release(struct fit *f)
{
	free(f->gram);
	*f = (struct fit) { 0 };
}

void fit_row(struct fit *f, const int *column, const double *value, int n,
             const double *y)
{
	for (int i = 0; i < n; i++) {
		double *row = f->gram + (size_t)column[i] * (size_t)f->p;

		for (int j = 0; j <= i; j++)
			row[column[j]] += value[i] * value[j];
		for (int r = 0; r < f->k; r++)
			f->cross[r * f->p + column[i]] += value[i] * y[r];
	}
	for (int r = 0; r < f->k; r++)
		f->square[r] += y[r] * y[r];
	f->n++;
}

void fit_merge(struct fit *to, const struct fit *from)
{
	size_t n = (size_t)to->p * (size_t)to->p +
	           (size_t)to->k * (size_t)(to->p + 1);

	for (size_t i = 0; i < n; i++)
		to->gram[i] += from->gram[i];
	to->n += from->n;
}

/* --- solving --------------------------------------------------------------- */

/* GSL's own ends the process where a matrix is not positive. */
static bool cholesky(double *a, size_t p)
{
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = a[i * p + j];

			for (size_t k = 0; k < j; k++)
				sum -= a[i * p + k] * a[j * p + k];
			if (i == j && !(sum > 0 && isfinite(sum)))
				return false;
			a[i * p + j] = i == j ? sqrt(sum) :
			               sum / a[j * p + j];
		}
	return true;
}

/* The Gram matrix per row, ridged, and its Cholesky factor. */
static gsl_matrix *factor(const struct fit *f)
{
	size_t p = (size_t)f->p;
	gsl_matrix *m = gsl_matrix_calloc(p, p);
	double n = (double)f->n, mean = 0;

	for (size_t i = 0; i < p; i++)
		mean += f->gram[i * p + i] / n / (double)p;
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j <= i; j++) {
			double v = f->gram[i * p + j] / n;

			if (i == j)
				v += RIDGE * (v + mean);
			m->data[i * p + j] = v;
		}
	if (!cholesky(m->data, p)) {
		gsl_matrix_free(m);
		return NULL;
	}
	return m;
}

static void solve_plain(const struct fit *f, const gsl_matrix *l, double *coef)
{
	size_t p = (size_t)f->p;

	for (int r = 0; r < f->k; r++) {
		gsl_vector_view x = gsl_vector_view_array(coef + (size_t)r * p,
		                                          p);

		for (size_t i = 0; i < p; i++)
			x.vector.data[i] = f->cross[(size_t)r * p + i] /
			                   (double)f->n;
		gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, l,
		               &x.vector);
		gsl_blas_dtrsv(CblasLower, CblasTrans, CblasNonUnit, l,
		               &x.vector);
	}
}

/* In the basis in which Gram is one and the penalty diagonal, coefficient i
 * of a response shrinks from z to z / (1 + weight * d). */
static double score(const struct fit *f, const double *d, const double *z,
                    double weight)
{
	double n = (double)f->n, edf = 0, sum = 0;

	for (int i = 0; i < f->p; i++)
		edf += 1 / (1 + weight * d[i]);
	for (int r = 0; r < f->k; r++) {
		double all = f->square[r] / n, left = all;

		for (int i = 0; i < f->p; i++) {
			double s = 1 / (1 + weight * d[i]);
			double v = z[r * f->p + i];

			left -= v * v * (2 * s - s * s);
		}
		if (all > 0)
			sum += fmax(left, 0) / all;
	}
	/* more coefficients than rows can bear explain everything */
	return edf < 0.95 * n ? sum / ((1 - edf / n) * (1 - edf / n)) : NAN;
}

static double best_weight(const struct fit *f, const double *d,
                          const double *z)
{
	double best = HUGE_VAL, weight = 1e6;

	for (int i = 0; i < WEIGHTS; i++) {
		double w = pow(10, -9 + i / 4.0), s = score(f, d, z, w);

		if (s < best) {
			best = s;
			weight = w;
		}
	}
	return weight;
}

/* L^-1 P L^-T, symmetric. */
static gsl_matrix *whiten(const gsl_matrix *l, const double *penalty, size_t p)
{
	gsl_matrix *a = gsl_matrix_alloc(p, p);

	memcpy(a->data, penalty, sizeof *penalty * p * p);
	gsl_blas_dtrsm(CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, 1, l,
	               a);
	gsl_blas_dtrsm(CblasRight, CblasLower, CblasTrans, CblasNonUnit, 1, l,
	               a);
	return a;
}

static void solve_smooth(const struct fit *f, const gsl_matrix *l,
                         const double *penalty, double *coef)
{
	size_t p = (size_t)f->p, k = (size_t)f->k;
	gsl_matrix *a = whiten(l, penalty, p), *q = gsl_matrix_alloc(p, p);
	gsl_vector *d = gsl_vector_alloc(p), *v = gsl_vector_alloc(p);
	gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(p);
	double *z = xcalloc(p * k + 1, sizeof *z), weight;

	gsl_eigen_symmv(a, d, q, w);
	for (size_t i = 0; i < p; i++)
		d->data[i] = fmax(d->data[i], 0);
	for (size_t r = 0; r < k; r++) {
		gsl_vector_view out = gsl_vector_view_array(z + r * p, p);

		for (size_t i = 0; i < p; i++)
			v->data[i] = f->cross[r * p + i] / (double)f->n;
		gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, l, v);
		gsl_blas_dgemv(CblasTrans, 1, q, v, 0, &out.vector);
	}
	weight = best_weight(f, d->data, z);
	for (size_t r = 0; r < k; r++) {
		gsl_vector_view out = gsl_vector_view_array(coef + r * p, p);

		for (size_t i = 0; i < p; i++)
			v->data[i] = z[r * p + i] / (1 + weight * d->data[i]);
		gsl_blas_dgemv(CblasNoTrans, 1, q, v, 0, &out.vector);
		gsl_blas_dtrsv(CblasLower, CblasTrans, CblasNonUnit, l,
		               &out.vector);
	}
	free(z);
	gsl_eigen_symmv_free(w);
	gsl_vector_free(v);
	gsl_vector_free(d);
	gsl_matrix_free(q);
	gsl_matrix_free(a);
}

bool fit_solve(const struct fit *f, const double *penalty, double *coef)
{
	gsl_matrix *l = f->n > 0 ? factor(f) : NULL;

	if (!l)
		return false;
	if (penalty)
		solve_smooth(f, l, penalty, coef);
	else
		solve_plain(f, l, coef);
	gsl_matrix_free(l);
	return true;
}

/* --- bases ----------------------------------------------------------------- */

/* fmin() and fmax() would be calls. */
static double within(double x, double low, double high)
{
	x = x > low ? x : low;
	return x < high ? x : high;
}

int spline_row(double low, double high, int m, double x, double v[4])
{
	double at = high > low ? (x - low) / (high - low) * (m - 3) : 0, t, s;
	int first = (int)within(at, 0, m - 4);

	t = within(at - first, 0, 1);
	s = 1 - t;
	v[0] = s * s * s / 6;
	v[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
	v[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
	v[3] = t * t * t / 6;
	return first;
}
