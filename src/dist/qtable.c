#include "dist/qtable.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dist/law.h"
#include "math/wide.h"
#include "base/banned.h"

struct qtable *qtable_new(const struct dist *d)
{
	struct qtable *t = xcalloc(1, sizeof *t);

	t->dist = d;
	switch (d->kind) {
	case DIST_POINT:
	case DIST_UNIFORM:
	case DIST_TRIANGULAR:
		break;
	case DIST_POISSON:
		qtable_build_poisson(t);
		break;
	default:
		if (dist_is_discrete(d))
			qtable_build_atoms(t);
		else
			qtable_build_pieces(t);
	}
	return t;
}

void qtable_free(struct qtable *t)
{
	if (!t)
		return;
	free(t->piece);
	free(t->fine);
	free(t->own);
	free(t);
}

static void fill_point(double value, double *x, int n)
{
	for (int i = 0; i < n; i++)
		x[i] = value;
}

static inline __attribute__((always_inline)) double
uniform_one(const double *p, double u)
{
	double width = p[1] - p[0], q = 1 - u;

	return u <= q ? p[0] + width * u : p[1] - width * q;
}

WIDE static void uniform_strips(const double *p, const double *u, double *x,
                                int strips)
{
	for (; strips > 0; strips--, u += WIDE_STRIP, x += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			x[i] = uniform_one(p, u[i]);
}

/* The same operations as the exact quantile's, with one square root. */
static inline __attribute__((always_inline)) double
triangular_one(const double *p, double u)
{
	double width = p[2] - p[0], left = p[1] - p[0], right = p[2] - p[1];
	bool low = u * width <= left;
	double square = low ? u * width * left : (1 - u) * width * right;
	double root = sqrt(square > 0 ? square : 0);

	return low ? p[0] + root : p[2] - root;
}

WIDE static void triangular_strips(const double *p, const double *u,
                                   double *x, int strips)
{
	for (; strips > 0; strips--, u += WIDE_STRIP, x += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			x[i] = triangular_one(p, u[i]);
}

static void fill_uniform(const double *p, const double *u, double *x, int n)
{
	int strips = n / WIDE_STRIP;

	uniform_strips(p, u, x, strips);
	for (int i = strips * WIDE_STRIP; i < n; i++)
		x[i] = uniform_one(p, u[i]);
}

static void fill_triangular(const struct dist *d, const double *u, double *x,
                            int n)
{
	int strips = n / WIDE_STRIP;

	if (d->k[0] > 0 || d->k[1] > 0) {
		for (int i = 0; i < n; i++)
			x[i] = law_quantile(d, fmax(u[i], 0),
			                    fmax(1 - u[i], 0));
		return;
	}
	triangular_strips(d->p, u, x, strips);
	for (int i = strips * WIDE_STRIP; i < n; i++)
		x[i] = triangular_one(d->p, u[i]);
}

static void fill_atoms(const struct qtable *t, const double *u, double *x,
                       int n)
{
	for (int i = 0; i < n; i++) {
		int b = (int)(u[i] * QT_GUIDE);

		b = b < 0 ? 0 : b >= QT_GUIDE ? QT_GUIDE - 1 : b;
		x[i] = t->value[qtable_find_atom(t, u[i], t->guide[b],
		                          t->guide[b + 1])];
	}
}

/* What the main table left out: a finer piece, or the exact quantile. */
static double leftover(const struct qtable *t, double u)
{
	bool high = !(u < 0.5);
	double v = fmax(high ? 1 - u : u, 0x1p-40);
	size_t lo = high ? t->n_fine_low : 0;
	size_t hi = high ? t->n_fine : t->n_fine_low;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct qfine *f = &t->fine[mid];

		if (v < f->from)
			hi = mid;
		else if (v >= f->to)
			lo = mid + 1;
		else
			return qpiece_value(&f->piece, (2 * v - f->from -
			                   f->to) / (f->to - f->from));
	}
	return high ? law_quantile(t->dist, 1 - v, v) :
	              law_quantile(t->dist, v, 1 - v);
}

static void fill_pieces(const struct qtable *t, const double *u, double *x,
                        int n)
{
	if (!t->fill(&t->grid, t->piece, u, x, n))
		return;
	for (int i = 0; i < n; i++)
		if (x[i] != x[i])
			x[i] = leftover(t, u[i]);
}

void qtable_fill(const struct qtable *t, const double *u, double *x, int n)
{
	const struct dist *d = t->dist;

	if (t->piece)
		fill_pieces(t, u, x, n);
	else if (t->value)
		fill_atoms(t, u, x, n);
	else if (d->kind == DIST_TRIANGULAR)
		fill_triangular(d, u, x, n);
	else if (d->kind == DIST_UNIFORM)
		fill_uniform(d->p, u, x, n);
	else
		fill_point(d->p[0], x, n);
}
