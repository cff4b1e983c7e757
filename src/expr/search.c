/*
 * solve and argmin, all lanes of a strip in step.
 *
 * Both scan 64 equal intervals of [lo, hi]: evenly, or evenly in the logarithm
 * where lo > 0 and hi >= 100 lo.  solve takes the lowest interval in which the
 * body changes its sign and narrows it to 1e-13 of its place by Chandrupatla's
 * method (Advances in Engineering Software 28, 1997): inverse quadratic steps
 * where the three last points promise one, else halves.  So a jump across zero
 * counts as a root, and so does a pole; a root that only touches zero between
 * two grid points is not seen; where the body is no number at a grid point,
 * neither interval beside it is looked at, and where it is none on the way,
 * there is no root.  argmin narrows around the best point by golden section and
 * gives the lowest of equals among all points it saw.
 *
 * Lanes that are done keep what they have while others go on, so that a lane's
 * digits do not depend on its neighbours.
 */
#include <math.h>
#include <string.h>

#include "expr/tape_impl.h"

#define GRID 64
#define CLOSE 1e-13
#define NEGLIGIBLE 1e-17        /* of an interval: near enough to a root at 0 */
#define STEPS 300
#define GOLDEN 0.6180339887498949
#define GOLDEN_STEPS 48         /* 0.618^48 of 2/64 is below 1e-11 */

typedef double strip[TAPE_STRIP];

struct search {
	struct frame *f;
	size_t from, to;
	const double *lo, *hi, *fx;
	double *x;
	strip ratio;                    /* hi/lo where spaced by ratio, else 0 */
	bool ratios;                    /* in some lane */
};

#define LANES(i) for (int i = 0; i < TAPE_STRIP; i++)

static void set_grid(struct search *s)
{
	LANES(i) {
		double ratio = s->hi[i] / s->lo[i];

		s->ratio[i] = s->lo[i] > 0 && ratio >= 100 && isfinite(ratio)
			? ratio : 0;
		s->ratios |= s->ratio[i] > 0;
	}
}

/* The k-th grid point of every lane. */
static void grid_point(const struct search *s, int k, double *x)
{
	double part = (double)k / GRID;
	strip base, scale;

	LANES(i)
		base[i] = s->ratio[i] > 0 ? s->ratio[i] : 1;
	if (s->ratios)          /* the second operand is one number */
		s->f->kernels->fn[KERNEL(OP_POW, 2)](scale, base, &part, &part);
	LANES(i) {
		x[i] = s->ratio[i] > 0 ? s->lo[i] * scale[i]
			: s->lo[i] + (s->hi[i] - s->lo[i]) * part;
		if (k == GRID)
			x[i] = s->hi[i];
	}
}

/* The body at x, into y. */
static void evaluate(struct search *s, const double *x, double *y)
{
	memcpy(s->x, x, sizeof(strip));
	vm_run(s->f, s->from, s->to);
	memcpy(y, s->fx, sizeof(strip));
}

static bool valid(const struct search *s, int i)
{
	return isfinite(s->lo[i]) && isfinite(s->hi[i])
		&& s->lo[i] <= s->hi[i];
}

/* --- solve -------------------------------------------------------------- */

/* The root lies between x1 and x2; x3 is the point before them.  A lane is done
 * when it has no bracket, or one as narrow as it must be. */
struct bracket {
	strip x1, f1, x2, f2, x3, f3;
	strip t;                        /* where the next point lies */
	strip small;                    /* a width that needs no dividing */
	bool found[TAPE_STRIP], done[TAPE_STRIP];
};

static bool opposite(double a, double b)
{
	return (a < 0 && b > 0) || (a > 0 && b < 0);
}

static void found(struct bracket *k, int i, double x1, double f1, double x2,
                  double f2)
{
	k->x1[i] = x1;
	k->f1[i] = f1;
	k->x2[i] = x2;
	k->f2[i] = f2;
	k->small[i] = NEGLIGIBLE * (x2 - x1);
	k->found[i] = true;
}

static void scan(struct search *s, struct bracket *k)
{
	strip x, y, px, py;

	LANES(i)
		py[i] = px[i] = NAN;
	for (int g = 0; g <= GRID; g++) {
		bool all = true;

		grid_point(s, g, x);
		evaluate(s, x, y);
		LANES(i) {
			if (k->found[i] || !valid(s, i))
				continue;
			if (y[i] == 0)
				found(k, i, x[i], 0, x[i], 0);
			else if (opposite(py[i], y[i]))
				found(k, i, px[i], py[i], x[i], y[i]);
			all &= k->found[i];
		}
		if (all)
			return;
		memcpy(px, x, sizeof px);
		memcpy(py, y, sizeof py);
	}
}

/* Takes the value at the trial point in; x3 becomes the point that it drives
 * out of the bracket or from its end. */
static void take(struct bracket *k, int i, double x, double y)
{
	if (opposite(y, k->f1[i])) {
		k->x3[i] = k->x2[i];
		k->f3[i] = k->f2[i];
		k->x2[i] = k->x1[i];
		k->f2[i] = k->f1[i];
	} else {
		k->x3[i] = k->x1[i];
		k->f3[i] = k->f1[i];
	}
	k->x1[i] = x;
	k->f1[i] = y;
}

/* Where the next trial point lies between x1 and x2. */
static double next_part(const struct bracket *k, int i)
{
	double x1 = k->x1[i], x2 = k->x2[i], x3 = k->x3[i];
	double f1 = k->f1[i], f2 = k->f2[i], f3 = k->f3[i];
	double xi = (x1 - x2) / (x3 - x2), phi = (f1 - f2) / (f3 - f2);

	if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi))
		return 0.5;
	return f1 / (f2 - f1) * (f3 / (f2 - f3))
		+ (x3 - x1) / (x2 - x1) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
}

static double nearest(const struct bracket *k, int i)
{
	return fabs(k->f1[i]) < fabs(k->f2[i]) ? k->x1[i] : k->x2[i];
}

/* Whether lane i is done; else how far it steps. */
static bool settle(struct bracket *k, int i, bool first)
{
	double close = CLOSE / 2 * fabs(nearest(k, i)) + k->small[i];
	double least = close / fabs(k->x2[i] - k->x1[i]), t;

	if (k->f1[i] == 0 || k->f2[i] == 0 || !(least <= 0.5))
		return true;
	t = first ? 0.5 : next_part(k, i);
	k->t[i] = t < least ? least : t > 1 - least ? 1 - least : t;
	return false;
}

static void narrow(struct search *s, struct bracket *k)
{
	strip x, y;

	for (int n = 0; n < STEPS; n++) {
		bool all = true;

		LANES(i) {
			k->done[i] = k->done[i] || !k->found[i]
				|| settle(k, i, n == 0);
			all &= k->done[i];
			x[i] = !k->found[i] ? s->lo[i]
				: k->done[i] ? k->x1[i]
				: k->x1[i] + k->t[i] * (k->x2[i] - k->x1[i]);
		}
		if (all)
			return;
		evaluate(s, x, y);
		LANES(i) {
			if (k->done[i])
				continue;
			k->found[i] = !isnan(y[i]);
			take(k, i, x[i], y[i]);
		}
	}
}

static void solve(struct search *s, double *r)
{
	struct bracket k = { .found = { false } };

	scan(s, &k);
	narrow(s, &k);
	LANES(i)
		r[i] = k.found[i] ? nearest(&k, i) : NAN;
}

/* --- argmin ------------------------------------------------------------- */

struct best { strip x, y, below, above; };

static void scan_least(struct search *s, struct best *b)
{
	strip x, y, last;
	bool after[TAPE_STRIP] = { false };

	LANES(i) {
		b->x[i] = b->y[i] = NAN;
		last[i] = s->lo[i];
		b->below[i] = b->above[i] = s->lo[i];
	}
	for (int g = 0; g <= GRID; g++) {
		grid_point(s, g, x);
		evaluate(s, x, y);
		LANES(i) {
			if (after[i])
				b->above[i] = x[i];
			after[i] = false;
			if (valid(s, i) && !isnan(y[i])
			    && !(b->y[i] <= y[i])) {
				b->x[i] = b->above[i] = x[i];
				b->y[i] = y[i];
				b->below[i] = last[i];
				after[i] = true;
			}
			last[i] = x[i];
		}
	}
}

/* Keeps the better of what is known and what was just computed.  What is no
 * number is worse than any. */
static void keep(struct best *b, const double *x, double *y)
{
	LANES(i)
		if (isnan(y[i])) {
			y[i] = HUGE_VAL;
		} else if (y[i] < b->y[i]
		           || (y[i] == b->y[i] && x[i] < b->x[i])) {
			b->y[i] = y[i];
			b->x[i] = x[i];
		}
}

static void golden(struct search *s, struct best *b)
{
	strip p, q, fp, fq;

	LANES(i) {
		double w = b->above[i] - b->below[i];

		p[i] = b->above[i] - GOLDEN * w;
		q[i] = b->below[i] + GOLDEN * w;
	}
	evaluate(s, p, fp);
	evaluate(s, q, fq);
	keep(b, p, fp);
	keep(b, q, fq);
	for (int n = 0; n < GOLDEN_STEPS; n++) {
		strip x, y;

		LANES(i) {
			if (fp[i] <= fq[i]) {
				b->above[i] = q[i];
				q[i] = p[i];
				fq[i] = fp[i];
				x[i] = p[i] = b->above[i] - GOLDEN
					* (b->above[i] - b->below[i]);
			} else {
				b->below[i] = p[i];
				p[i] = q[i];
				fp[i] = fq[i];
				x[i] = q[i] = b->below[i] + GOLDEN
					* (b->above[i] - b->below[i]);
			}
		}
		evaluate(s, x, y);
		keep(b, x, y);
		LANES(i) {
			if (x[i] == p[i])
				fp[i] = y[i];
			else
				fq[i] = y[i];
		}
	}
}

static void argmin(struct search *s, double *r)
{
	struct best b;

	scan_least(s, &b);
	golden(s, &b);
	memcpy(r, b.x, sizeof b.x);
}

void vm_search(struct frame *f, const struct insn *i, size_t from, size_t to)
{
	const struct search_args *args = &f->tape->search[i->a];
	struct search s = {
		.f = f, .from = from, .to = to, .lo = f->at + args->arg[0],
		.hi = f->at + args->arg[1], .fx = f->at + args->arg[2],
		.x = f->at + args->arg[3],
	};

	set_grid(&s);
	if (args->op == OP_SOLVE)
		solve(&s, f->at + i->r);
	else
		argmin(&s, f->at + i->r);
}
