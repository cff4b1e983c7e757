/*
 * solve and argmin, all lanes of a strip in step.
 *
 * Both scan 64 equal intervals of [lo, hi]: evenly, or evenly in the logarithm
 * where lo > 0 and hi >= 100 lo.  solve takes the lowest interval in which the
 * body changes its sign and halves it until it is 1e-13 of its ends wide, then
 * takes the chord; a root that only touches zero between two grid points is
 * not seen.  argmin narrows around the best point by golden section.  Lanes
 * that are done keep their bounds while others go on, so that a lane's digits
 * do not depend on its neighbours.
 */
#include <math.h>
#include <string.h>

#include "expr/tape_impl.h"

#define GRID 64
#define CLOSE 1e-13
#define HALVINGS 200
#define GOLDEN 0.6180339887498949
#define GOLDEN_STEPS 48         /* 0.618^48 of 2/64 is below 1e-11 */

typedef double strip[TAPE_STRIP];

struct search {
	struct frame *f;
	size_t from, to;
	const double *lo, *hi, *fx;
	double *x;
	strip ratio;                    /* hi/lo where spaced by ratio, else 0 */
};

#define LANES(i) for (int i = 0; i < TAPE_STRIP; i++)

static void set_grid(struct search *s)
{
	LANES(i)
		s->ratio[i] = s->lo[i] > 0 && s->hi[i] >= 100 * s->lo[i]
			? s->hi[i] / s->lo[i] : 0;
}

/* The k-th grid point of every lane. */
static void grid_point(const struct search *s, int k, double *x)
{
	strip base, power, scale;

	LANES(i) {
		base[i] = s->ratio[i] > 0 ? s->ratio[i] : 1;
		power[i] = (double)k / GRID;
	}
	s->f->kernels->fn[KERNEL(OP_POW, 0)](scale, base, power, power);
	LANES(i) {
		x[i] = s->ratio[i] > 0 ? s->lo[i] * scale[i]
			: s->lo[i] + (s->hi[i] - s->lo[i]) * k / GRID;
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

struct bracket { strip a, b, fa, fb; bool found[TAPE_STRIP]; };

static void scan(struct search *s, struct bracket *k)
{
	strip x, y, px, py;

	memset(k->found, 0, sizeof k->found);
	LANES(i)
		py[i] = px[i] = NAN;
	for (int g = 0; g <= GRID; g++) {
		bool all = true;

		grid_point(s, g, x);
		evaluate(s, x, y);
		LANES(i) {
			if (k->found[i] || !valid(s, i))
				continue;
			if (y[i] == 0) {
				k->a[i] = k->b[i] = x[i];
				k->fa[i] = k->fb[i] = 0;
				k->found[i] = true;
			} else if ((py[i] < 0 && y[i] > 0)
			           || (py[i] > 0 && y[i] < 0)) {
				k->a[i] = px[i];
				k->b[i] = x[i];
				k->fa[i] = py[i];
				k->fb[i] = y[i];
				k->found[i] = true;
			}
			all &= k->found[i];
		}
		if (all)
			return;
		memcpy(px, x, sizeof px);
		memcpy(py, y, sizeof py);
	}
}

static bool narrow(const struct bracket *k, int i)
{
	double a = fabs(k->a[i]), b = fabs(k->b[i]);

	return !k->found[i]
		|| k->b[i] - k->a[i] <= CLOSE * (a > b ? a : b);
}

static void halve(struct search *s, struct bracket *k)
{
	strip x, y;

	for (int n = 0; n < HALVINGS; n++) {
		bool all = true;

		LANES(i) {
			bool done = narrow(k, i);

			x[i] = k->found[i] ? k->a[i] + (k->b[i] - k->a[i]) / 2
				: s->lo[i];
			all &= done;
		}
		if (all)
			return;
		evaluate(s, x, y);
		LANES(i) {
			if (narrow(k, i))
				continue;
			if (y[i] == 0) {
				k->a[i] = k->b[i] = x[i];
				k->fa[i] = k->fb[i] = 0;
			} else if ((y[i] < 0) == (k->fa[i] < 0)) {
				k->a[i] = x[i];
				k->fa[i] = y[i];
			} else {
				k->b[i] = x[i];
				k->fb[i] = y[i];
			}
		}
	}
}

static double chord(const struct bracket *k, int i)
{
	double x;

	if (!k->found[i])
		return NAN;
	if (k->fa[i] == k->fb[i])
		return k->a[i];
	x = k->a[i] - k->fa[i] * (k->b[i] - k->a[i]) / (k->fb[i] - k->fa[i]);
	return x >= k->a[i] && x <= k->b[i] ? x : k->a[i];
}

static void solve(struct search *s, double *r)
{
	struct bracket k;

	scan(s, &k);
	halve(s, &k);
	LANES(i)
		r[i] = chord(&k, i);
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

/* Keeps the better of what is known and what was just computed. */
static void keep(struct best *b, const double *x, const double *y)
{
	LANES(i)
		if (y[i] < b->y[i]) {
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
		LANES(i) {
			if (x[i] == p[i])
				fp[i] = y[i];
			else
				fq[i] = y[i];
		}
		keep(b, x, y);
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
