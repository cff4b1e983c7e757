/*
 * Building quantile tables.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dist/law.h"
#include "dist/qtable.h"
#include "base/banned.h"

/* What a polynomial may be off where it is checked, which for a smooth law is
 * where it is worst (t = 0); and how often a piece that is worse is halved. */
#define TOLERANCE 8e-10
#define HALVINGS 14
/* The share of draws that may fall outside the main table before a finer one
 * is tried. */
#define SPOILT_MAX (1.0 / 512)
#define U_MIN 0x1p-33

/* A half of a table in the making. */
struct builder {
	struct qtable *table;
	const struct dist *dist;
	bool high;                      /* v counts from above */
	int checks;
	double relative, tolerance;     /* of x, and whatever x is */
	double spoilt;                  /* the share of draws left out */
	/* The last piece that fitted foretells the next quantiles. */
	struct qpiece last;
	double centre, half;            /* where it lies in v; half 0: none */
};

/* A point of the quantile function; both are kept, x costs. */
struct point {
	double v, x;
};

/* Chebyshev's nodes with both ends: seams meet. */
static const double node[6] = {
	-1, -0.80901699437494742, -0.30901699437494742,
	0.30901699437494742, 0.80901699437494742, 1,
};

static double foretell(const struct builder *b, double v)
{
	double t = (v - b->centre) / b->half, x = b->last.c[5];

	for (int i = 4; i >= 0; i--)
		x = x * t + b->last.c[i];
	return x;
}

static struct point point_at(const struct builder *b, double v)
{
	double guess = b->half > 0 ? foretell(b, v) : NAN;

	return (struct point) { v, b->high ?
		law_quantile_near(b->dist, 1 - v, v, guess) :
		law_quantile_near(b->dist, v, 1 - v, guess) };
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

/*
 * Does the polynomial rise or fall throughout?  It does where the Bernstein
 * coefficients of its slope over [-1, 1] have one sign.  The rows are the
 * coefficients of t, t^2, t^3, t^4 in that basis of degree 4.
 */
static bool is_monotone(const struct qpiece *p)
{
	static const double bernstein[5][5] = {
		{ 1, 1, 1, 1, 1 },
		{ -1, -0.5, 0, 0.5, 1 },
		{ 1, 0, -1.0 / 3, 0, 1 },
		{ -1, 0.5, 0, -0.5, 1 },
		{ 1, -1, 1, -1, 1 },
	};
	bool rises = false, falls = false;

	for (int i = 0; i < 5; i++) {
		double b = 0;

		for (int k = 0; k < 5; k++)
			b += (k + 1) * p->c[k + 1] * bernstein[k][i];
		rises |= b > 0;
		falls |= b < 0;
	}
	return !(rises && falls);
}

/* Where the law hardly moves, any rising line is near enough. */
static void straight(double from, double to, struct qpiece *p)
{
	*p = (struct qpiece) {
		.c = { 0.5 * (from + to), 0.5 * (to - from) },
		.least = fmin(from, to),
		.greatest = fmax(from, to),
	};
}

/* `from` and `to` are the ends, which neighbours share. */
static bool fit(struct builder *b, struct point from, struct point to,
                struct qpiece *p)
{
	static const double check[3] = { 0.02, -0.93, 0.57 };
	double centre = 0.5 * (from.v + to.v), half = 0.5 * (to.v - from.v);
	double y[6] = { from.x, 0, 0, 0, 0, to.x };

	for (int i = 1; i < 5; i++)
		y[i] = point_at(b, centre + half * node[i]).x;
	interpolate(y, p);
	if (!is_monotone(p)) {
		if (!(fabs(to.x - from.x) <= b->tolerance))
			return false;
		straight(from.x, to.x, p);
		return true;
	}
	b->last = *p;
	b->centre = centre;
	b->half = half;
	for (int i = 0; i < b->checks; i++) {
		double x = point_at(b, centre + half * check[i]).x;
		double error = fabs(x - qpiece_value(p, check[i]));

		if (!(error <= fmax(b->tolerance, b->relative * fabs(x))))
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
static void refine(struct builder *b, struct point from, struct point to,
                   int depth)
{
	struct qtable *t = b->table;
	struct point middle;
	struct qpiece p;
	struct qfine *f;

	if (fit(b, from, to, &p)) {
		f = ARR_PUSH(t->fine, t->n_fine, t->cap_fine);
		*f = (struct qfine) { from.v, to.v, p };
		return;
	}
	if (depth == 0)
		return;
	middle = point_at(b, 0.5 * (from.v + to.v));
	refine(b, from, middle, depth - 1);
	refine(b, middle, to, depth - 1);
}

static double piece_start(int split_bits, int i)
{
	int s = 1 << split_bits, octave = (i - 1) / s, part = (i - 1) % s;

	return ldexp(1 + (double)part / s, octave - QT_OCTAVES - 1);
}

/* The main pieces of one half; `spoilt` grows by the share left out. */
static void build_half(struct builder *b, int bits, struct qpiece *piece)
{
	int pieces = QT_OCTAVES << bits;
	struct point from = point_at(b, piece_start(bits, 1));

	spoil(&piece[0]);
	for (int i = 1; i <= pieces; i++) {
		struct point to = point_at(b, piece_start(bits, i + 1));

		if (!fit(b, from, to, &piece[i])) {
			spoil(&piece[i]);
			b->spoilt += to.v - from.v;
		}
		from = to;
	}
	piece[pieces + 1] = (struct qpiece) {
		.c = { from.x }, .least = from.x, .greatest = from.x,
	};
}

static void refine_half(struct builder *b, int bits,
                        const struct qpiece *piece)
{
	b->half = 0;
	for (int i = 1; i <= QT_OCTAVES << bits; i++) {
		if (!isnan(piece[i].c[0]))
			continue;
		refine(b, point_at(b, piece_start(bits, i)),
		       point_at(b, piece_start(bits, i + 1)), HALVINGS);
	}
}

static double interquartile(const struct dist *d)
{
	return law_quantile(d, 0.75, 0.25) - law_quantile(d, 0.25, 0.75);
}

/* Three checks may still miss the worst place beside a corner. */
static struct builder builder_new(struct qtable *t)
{
	bool smooth = law_is_smooth(t->dist);
	double relative = smooth ? TOLERANCE : TOLERANCE / 8;

	return (struct builder) {
		.table = t,
		.dist = t->dist,
		.checks = smooth ? 1 : 3,
		.relative = relative,
		.tolerance = relative * interquartile(t->dist),
	};
}

static void build_grid(struct builder *b, int bits)
{
	struct qtable *t = b->table;

	t->grid = qgrid_new(bits);
	free(t->piece);
	t->piece = xaligned(64, 2 * (size_t)t->grid.pieces *
	                    sizeof *t->piece);
	b->spoilt = 0;
	for (int half = 0; half < 2; half++) {
		b->high = half;
		b->half = 0;
		build_half(b, bits, t->piece + half * t->grid.pieces);
	}
}

/* A smooth law that bends much wants narrower pieces; one with corners or
 * jumps is as bad in any grid, and only what holds them is refined. */
void qtable_build_pieces(struct qtable *t)
{
	struct builder b = builder_new(t);
	int bits = QT_SPLIT_MIN;

	t->fill = qfill_best();
	build_grid(&b, bits);
	while (b.checks == 1 && b.spoilt > SPOILT_MAX && bits < QT_SPLIT_MAX)
		build_grid(&b, ++bits);
	b.high = false;
	refine_half(&b, bits, t->piece);
	t->n_fine_low = t->n_fine;
	b.high = true;
	refine_half(&b, bits, t->piece + t->grid.pieces);
}

/* The first atom whose sum reaches u, between two of them. */
int qtable_find_atom(const struct qtable *t, double u, int lo, int hi)
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
	for (int i = 0; i <= QT_GUIDE; i++)
		t->guide[i] = qtable_find_atom(t, (double)i / QT_GUIDE, 0,
		                               t->n_atoms - 1);
}

/* Running sums of Poisson's weights, each weight from the one before: up from
 * the low end to the mean, down from the high end to it, so that each tail
 * keeps its digits. */
static void poisson_sums(const struct dist *d, double low, int n, double *sum)
{
	double step = d->p[1], mean = d->p[0], high = low + n - 1;
	double tail = law_cdf(d, (low - 1) * step).lower;
	double weight = law_cdf(d, low * step).lower - tail;
	int i;

	for (i = 0; i < n && low + i <= mean; i++) {
		tail += weight;
		sum[i] = tail;
		weight *= mean / (low + i + 1);
	}
	tail = law_cdf(d, high * step).upper;
	weight = law_cdf(d, (high - 1) * step).upper - tail;
	for (int k = n - 1; k >= i; k--) {
		sum[k] = 1 - tail;
		tail += weight;
		weight *= (low + k) / mean;
	}
	sum[n - 1] = 1;
}

/* All counts between the extreme quantiles. */
void qtable_build_poisson(struct qtable *t)
{
	const struct dist *d = t->dist;
	double step = d->p[1];
	double low = floor(law_quantile(d, U_MIN, 1 - U_MIN) / step + 0.5);
	double high = floor(law_quantile(d, 1 - U_MIN, U_MIN) / step + 0.5);
	int n = (int)(high - low) + 1;
	double *value = xcalloc((size_t)n, 2 * sizeof *value);

	for (int i = 0; i < n; i++)
		value[i] = (low + i) * step;
	poisson_sums(d, low, n, value + n);
	t->own = value;
	t->value = value;
	t->sum = value + n;
	t->n_atoms = n;
	build_guide(t);
}

void qtable_build_atoms(struct qtable *t)
{
	t->value = t->dist->sorted;
	t->sum = t->dist->sum;
	t->n_atoms = t->dist->n;
	build_guide(t);
}
