#include "dist/qtable.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dist/law.h"
#include "math/wide.h"
#include "base/banned.h"

/* What a polynomial may be off where it is checked, a quarter of the promise;
 * and how often a piece that is worse is halved. */
#define TOLERANCE 2.5e-10
#define HALVINGS 14
/* Buckets of the guide to a table of atoms. */
#define GUIDE 1024
#define U_MIN 0x1p-33

/* A part of a piece that one polynomial did not fit: [from, to) in v. */
struct fine {
	double from, to;
	struct qpiece piece;
};

struct qtable {
	const struct dist *dist;        /* borrowed */
	qfill_fn fill;
	struct qpiece *piece;           /* NULL for laws without */
	struct fine *fine;              /* sorted by half, then by v */
	size_t n_fine, cap_fine, n_fine_low;
	double tolerance;
	/* Finitely many values, rising, and their running sums. */
	const double *value, *sum;
	double *own;                    /* what of these is ours */
	int n_atoms;
	int guide[GUIDE + 1];
};

/* Chebyshev's nodes with both ends: seams meet. */
static const double node[6] = {
	-1, -0.80901699437494742, -0.30901699437494742,
	0.30901699437494742, 0.80901699437494742, 1,
};

static double exact(const struct dist *d, double v, bool high)
{
	return high ? law_quantile(d, 1 - v, v) : law_quantile(d, v, 1 - v);
}

/* The quadratic in s through three points, as coefficients. */
static void quadratic(const double s[3], const double y[3], double c[3])
{
	double d01 = (y[1] - y[0]) / (s[1] - s[0]);
	double d12 = (y[2] - y[1]) / (s[2] - s[1]);
	double d = (d12 - d01) / (s[2] - s[0]);

	c[2] = d;
	c[1] = d01 - d * (s[0] + s[1]);
	c[0] = y[0] - s[0] * (d01 - d * s[1]);
}

/* The nodes are symmetric: the even and the odd part each are a quadratic in
 * t^2. */
static void interpolate(const double y[6], struct qpiece *p)
{
	double s[3], even[3], odd[3], e[3], o[3];

	for (int i = 0; i < 3; i++) {
		double t = node[3 + i];

		s[i] = t * t;
		even[i] = 0.5 * (y[3 + i] + y[2 - i]);
		odd[i] = 0.5 * (y[3 + i] - y[2 - i]) / t;
	}
	quadratic(s, even, e);
	quadratic(s, odd, o);
	for (int i = 0; i < 3; i++) {
		p->c[2 * i] = e[i];
		p->c[2 * i + 1] = o[i];
	}
	p->least = fmin(y[0], y[5]);
	p->greatest = fmax(y[0], y[5]);
}

static double piece_value(const struct qpiece *p, double t)
{
	double x = p->c[5];

	for (int i = 4; i >= 0; i--)
		x = x * t + p->c[i];
	x = p->least > x ? p->least : x;
	return p->greatest < x ? p->greatest : x;
}

/* `first` and `last` are the quantiles at the ends, which neighbours share. */
static bool fit(const struct qtable *t, double from, double to, bool high,
                double first, double last, struct qpiece *p)
{
	double centre = 0.5 * (from + to), half = 0.5 * (to - from), y[6];
	int checks = law_is_smooth(t->dist) ? 1 : 3;
	static const double check[3] = { 0.02, -0.93, 0.57 };

	y[0] = first;
	y[5] = last;
	for (int i = 1; i < 5; i++)
		y[i] = exact(t->dist, centre + half * node[i], high);
	interpolate(y, p);
	for (int i = 0; i < checks; i++) {
		double x = exact(t->dist, centre + half * check[i], high);
		double error = fabs(x - piece_value(p, check[i]));

		if (!(error <= fmax(t->tolerance, TOLERANCE * fabs(x))))
			return false;
	}
	return true;
}

static void spoil(struct qpiece *p)
{
	for (int i = 0; i < 6; i++)
		p->c[i] = NAN;
	p->least = -HUGE_VAL;
	p->greatest = HUGE_VAL;
}

/* Halves what does not fit, until it does, or is so narrow that the exact
 * quantile may serve it. */
static void refine(struct qtable *t, double from, double to, bool high,
                   double first, double last, int depth)
{
	double middle = 0.5 * (from + to), x;
	struct qpiece p;
	struct fine *f;

	if (fit(t, from, to, high, first, last, &p)) {
		f = ARR_PUSH(t->fine, t->n_fine, t->cap_fine);
		*f = (struct fine) { from, to, p };
		return;
	}
	if (depth == 0)
		return;
	x = exact(t->dist, middle, high);
	refine(t, from, middle, high, first, x, depth - 1);
	refine(t, middle, to, high, x, last, depth - 1);
}

static double piece_start(int i)
{
	int octave = (i - 1) / QT_SPLIT, part = (i - 1) % QT_SPLIT;

	return ldexp(1 + (double)part / QT_SPLIT, octave - QT_OCTAVES - 1);
}

static void build_half(struct qtable *t, bool high)
{
	struct qpiece *piece = t->piece + (high ? QT_PIECES : 0);
	double from = piece_start(1), first = exact(t->dist, from, high);

	spoil(&piece[0]);
	for (int i = 1; i < QT_PIECES - 1; i++) {
		double to = piece_start(i + 1);
		double last = exact(t->dist, to, high);

		if (!fit(t, from, to, high, first, last, &piece[i])) {
			spoil(&piece[i]);
			refine(t, from, to, high, first, last, HALVINGS);
		}
		from = to;
		first = last;
	}
	piece[QT_PIECES - 1] = (struct qpiece) {
		.c = { first }, .least = first, .greatest = first,
	};
}

static void build_pieces(struct qtable *t)
{
	double iqr = law_quantile(t->dist, 0.75, 0.25) -
	             law_quantile(t->dist, 0.25, 0.75);

	t->tolerance = TOLERANCE * iqr;
	t->piece = xaligned(64, 2 * QT_PIECES * sizeof *t->piece);
	build_half(t, false);
	t->n_fine_low = t->n_fine;
	build_half(t, true);
	t->fill = qfill_best();
}

/* The first atom whose sum reaches u, between two of them. */
static int find_atom(const struct qtable *t, double u, int lo, int hi)
{
	while (lo < hi) {
		int mid = lo + (hi - lo) / 2;

		if (t->sum[mid] >= u)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static void build_guide(struct qtable *t)
{
	for (int i = 0; i <= GUIDE; i++)
		t->guide[i] = find_atom(t, (double)i / GUIDE, 0,
		                        t->n_atoms - 1);
}

/* Poisson's counts between its extreme quantiles, each from the one before. */
static void build_poisson(struct qtable *t)
{
	const struct dist *d = t->dist;
	double step = d->p[1], mean = d->p[0];
	double low = law_quantile(d, U_MIN, 1 - U_MIN) / step;
	double high = law_quantile(d, 1 - U_MIN, U_MIN) / step;
	int n = (int)(high - low + 0.5) + 1;
	double *value = xcalloc((size_t)n, 2 * sizeof *value);
	double *sum = value + n;
	double below = law_cdf(d, (low - 1) * step).lower;
	double weight = law_cdf(d, low * step).lower - below;

	t->own = value;
	for (int i = 0; i < n; i++) {
		double k = floor(low + 0.5) + i;

		value[i] = k * step;
		below += weight;
		sum[i] = below;
		weight *= mean / (k + 1);
	}
	sum[n - 1] = 1;
	t->value = value;
	t->sum = sum;
	t->n_atoms = n;
	build_guide(t);
}

static void build_atoms(struct qtable *t)
{
	t->value = t->dist->sorted;
	t->sum = t->dist->sum;
	t->n_atoms = t->dist->n;
	build_guide(t);
}

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
		build_poisson(t);
		break;
	default:
		if (dist_is_discrete(d))
			build_atoms(t);
		else
			build_pieces(t);
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
	double root = sqrt(low ? u * width * left : (1 - u) * width * right);

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

static void fill_triangular(const double *p, const double *u, double *x,
                            int n)
{
	int strips = n / WIDE_STRIP;

	triangular_strips(p, u, x, strips);
	for (int i = strips * WIDE_STRIP; i < n; i++)
		x[i] = triangular_one(p, u[i]);
}

static void fill_atoms(const struct qtable *t, const double *u, double *x,
                       int n)
{
	for (int i = 0; i < n; i++) {
		int b = (int)(u[i] * GUIDE);

		b = b < 0 ? 0 : b >= GUIDE ? GUIDE - 1 : b;
		x[i] = t->value[find_atom(t, u[i], t->guide[b],
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
		const struct fine *f = &t->fine[mid];

		if (v < f->from)
			hi = mid;
		else if (v >= f->to)
			lo = mid + 1;
		else
			return piece_value(&f->piece, (2 * v - f->from -
			                   f->to) / (f->to - f->from));
	}
	return exact(t->dist, v, high);
}

static void fill_pieces(const struct qtable *t, const double *u, double *x,
                        int n)
{
	t->fill(t->piece, u, x, n);
	for (int i = 0; i < n; i++)
		if (__builtin_expect(x[i] != x[i], 0))
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
		fill_triangular(d->p, u, x, n);
	else if (d->kind == DIST_UNIFORM)
		fill_uniform(d->p, u, x, n);
	else
		fill_point(d->p[0], x, n);
}
