#include "engine/crossings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define CUTS 32                 /* sub-intervals of a cut */
#define SLOPE_STEP 1e-6         /* relative, of the difference quotient */
#define SLOPE_WIDTH 1e-4        /* narrower intervals inherit their slopes */
#define ROOT_STEPS 200
#define MAX_DEPTH 24
#define SAME 2e-14              /* of a cost: what rounding alone makes differ */

/* Costs, slopes and signatures along a rising list of places. */
struct spots {
	int n;
	double *x, *value, *slope, *step;
	int *win;
};

struct search {
	const struct crossings_problem *p;
	struct crossings *out;
	size_t cap;
};

static void spots_init(struct spots *s, const struct crossings_problem *p,
                       int n)
{
	size_t rows = (size_t)(1 + 2 * p->noptions + p->nsteps);

	s->n = n;
	s->x = xcalloc(rows * (size_t)n, sizeof *s->x);
	s->value = s->x + n;
	s->slope = s->value + (size_t)p->noptions * (size_t)n;
	s->step = s->slope + (size_t)p->noptions * (size_t)n;
	s->win = xcalloc((size_t)n, sizeof *s->win);
	for (int i = 0; i < p->noptions * n; i++)
		s->slope[i] = NAN;
}

static void spots_release(struct spots *s)
{
	free(s->x);
	free(s->win);
}

static int winner(const struct crossings_problem *p, const struct spots *s,
                  int i)
{
	int best = -1;

	for (int k = 0; k < p->noptions; k++) {
		double v = s->value[k * s->n + i];

		if (p->in[k] && !isnan(v) &&
		    (best < 0 || v < s->value[best * s->n + i]))
			best = k;
	}
	return best;
}

/* Costs that differ by rounding alone are equal: the first one's. */
static void snap(const struct crossings_problem *p, struct spots *s, int i)
{
	for (int k = 1; k < p->noptions; k++)
		for (int j = 0; p->in[k] && j < k; j++) {
			double v = s->value[j * s->n + i];
			double *w = &s->value[k * s->n + i];

			if (p->in[j] && fabs(*w - v) <= SAME * fabs(v))
				*w = v;
		}
}

static bool tie(const struct spots *s, int i, int a, int b)
{
	return s->value[a * s->n + i] == s->value[b * s->n + i];
}

/* Where two are equal over a stretch, whoever won before it goes on to win; at a
 * single place they may well cross. */
static void settle(struct spots *s)
{
	for (int i = 1; i + 1 < s->n; i++) {
		int before = s->win[i - 1], now = s->win[i];

		if (now >= 0 && before >= 0 && tie(s, i, before, now) &&
		    tie(s, i + 1, before, now))
			s->win[i] = before;
	}
}

static void spot_copy(const struct crossings_problem *p, struct spots *to,
                      int j, const struct spots *from, int i)
{
	to->x[j] = from->x[i];
	to->win[j] = from->win[i];
	for (int k = 0; k < p->noptions; k++) {
		to->value[k * to->n + j] = from->value[k * from->n + i];
		to->slope[k * to->n + j] = from->slope[k * from->n + i];
	}
	for (int k = 0; k < p->nsteps; k++)
		to->step[k * to->n + j] = from->step[k * from->n + i];
}

static double scale_at(const struct crossings_problem *p,
                       const struct spots *s, int i)
{
	double scale = 0;

	for (int k = 0; k < p->noptions; k++) {
		double v = fabs(s->value[k * s->n + i]);

		if (p->in[k] && v > scale)
			scale = v;
	}
	return scale;
}

/* Runs the callback on x[from..to-1], with a second place beside each when
 * `slopes`, and files what it said. */
static bool spots_eval(struct search *se, struct spots *s, int from, int to,
                       bool slopes)
{
	const struct crossings_problem *p = se->p;
	int m = to - from, n = slopes ? 2 * m : m;
	size_t rows = (size_t)(1 + p->noptions + p->nsteps);
	double *x, *value, *step;
	bool ok;

	if (m <= 0)
		return true;
	x = xcalloc(rows * (size_t)n, sizeof *x);
	value = x + n;
	step = value + (size_t)p->noptions * (size_t)n;
	for (int i = 0; i < m; i++) {
		double at = s->x[from + i];

		x[i] = at;
		if (slopes)
			x[m + i] = at + SLOPE_STEP *
			           fmax(fabs(at), p->log ? p->low : 1e-3 *
			                          (p->high - p->low));
	}
	ok = p->eval(p->ctx, x, n, value, step);
	se->out->evaluations += n;
	for (int i = 0; ok && i < m; i++) {
		bool same = slopes;

		for (int k = 0; k < p->nsteps; k++) {
			s->step[k * s->n + from + i] = step[k * n + i];
			if (slopes && step[k * n + m + i] != step[k * n + i])
				same = false;
		}
		for (int k = 0; k < p->noptions; k++) {
			double v = value[k * n + i];

			s->value[k * s->n + from + i] = v;
			if (same)
				s->slope[k * s->n + from + i] =
					(value[k * n + m + i] - v) /
					(x[m + i] - x[i]);
		}
		snap(p, s, from + i);
		s->win[from + i] = winner(p, s, from + i);
	}
	free(x);
	return ok;
}

/* A place so close to a step that its slope crossed it takes its neighbour's;
 * a list without slopes of its own takes difference quotients. */
static void fill_slopes(const struct crossings_problem *p, struct spots *s)
{
	for (int k = 0; k < p->noptions; k++) {
		double *d = s->slope + k * s->n, *v = s->value + k * s->n;

		if (!p->slopes) {
			for (int i = 1; i + 1 < s->n; i++)
				d[i] = (v[i + 1] - v[i - 1]) /
				       (s->x[i + 1] - s->x[i - 1]);
			continue;
		}
		for (int i = 1; i < s->n; i++)
			if (isnan(d[i]))
				d[i] = d[i - 1];
		for (int i = s->n - 2; i >= 0; i--)
			if (isnan(d[i]))
				d[i] = d[i + 1];
	}
}

static void add(struct search *se, double at, enum crossing_kind kind,
                int below, int above)
{
	struct crossings *c = se->out;
	struct crossing *last = c->n > 0 ? &c->at[c->n - 1] : NULL;

	/* Two neighbours of one touch both see it. */
	if (last && kind == CROSS_TOUCH && last->kind == CROSS_TOUCH &&
	    fabs(at - last->at) <= 1e-6 * fabs(at))
		return;
	*ARR_PUSH(c->at, c->n, se->cap) = (struct crossing) {
		.at = at, .kind = kind, .below = below, .above = above,
	};
}

static bool narrow(const struct crossings_problem *p, double a, double b)
{
	return b - a <= p->width * fmax(fabs(a), fabs(b)) ||
	       b - a <= 1e-12 * (p->log ? p->low : p->high - p->low) ||
	       nextafter(a, b) >= b;
}

/* --- bounds between two places with steps in between -------------------- */

struct bounds { double least, most; };

/* Between its ends a cost is its value at either end, plus a smooth part
 * bounded by the slopes, plus the jumps that the slopes leave unexplained. */
static struct bounds bounds_of(const struct spots *s, int k, int i)
{
	double w = s->x[i + 1] - s->x[i];
	double va = s->value[k * s->n + i], vb = s->value[k * s->n + i + 1];
	double sa = s->slope[k * s->n + i], sb = s->slope[k * s->n + i + 1];
	double lo = fmin(sa, sb) * w, hi = fmax(sa, sb) * w;
	double slack = 0.5 * (hi - lo) + 1e-3 * fmax(fabs(lo), fabs(hi));
	double jump_lo, jump_hi;

	if (isnan(va) || isnan(vb) || isnan(sa) || isnan(sb))
		return (struct bounds) { -HUGE_VAL, HUGE_VAL };
	lo -= slack;
	hi += slack;
	jump_lo = fmin(0, 1.5 * (vb - va - hi));
	jump_hi = fmax(0, 1.5 * (vb - va - lo));
	return (struct bounds) {
		fmax(va + fmin(0, lo) + jump_lo, vb - fmax(0, hi) - jump_hi),
		fmin(va + fmax(0, hi) + jump_hi, vb - fmin(0, lo) - jump_lo),
	};
}

static bool another_may_win(const struct crossings_problem *p,
                            const struct spots *s, int i)
{
	int w = s->win[i];
	struct bounds best = { 0 };

	if (w >= 0)
		best = bounds_of(s, w, i);
	for (int k = 0; k < p->noptions; k++) {
		double a = s->value[k * s->n + i];
		double b = s->value[k * s->n + i + 1];

		if (!p->in[k] || k == w || (isnan(a) && isnan(b)))
			continue;
		if (w < 0 || isnan(a) || isnan(b) ||
		    bounds_of(s, k, i).least <= best.most)
			return true;
	}
	return false;
}

/* --- intervals ---------------------------------------------------------- */

static bool interval(struct search *se, const struct spots *s, int i,
                     int depth);

static bool over_budget(struct search *se, int depth)
{
	bool over = se->out->evaluations >= se->p->budget ||
	            depth >= MAX_DEPTH;

	se->out->cut |= over;
	return over;
}

/* Looks at the interval again, CUTS times finer. */
static bool cut(struct search *se, const struct spots *s, int i, int depth)
{
	const struct crossings_problem *p = se->p;
	double a = s->x[i], b = s->x[i + 1];
	bool log = p->log && a > 0 && b > 1.01 * a;
	bool own = p->slopes && b - a > SLOPE_WIDTH * fabs(b);
	struct spots sub;
	bool ok;

	spots_init(&sub, p, CUTS + 1);
	spot_copy(p, &sub, 0, s, i);
	spot_copy(p, &sub, CUTS, s, i + 1);
	for (int j = 1; j < CUTS; j++) {
		double t = (double)j / CUTS;

		sub.x[j] = log ? a * pow(b / a, t) : a + (b - a) * t;
		for (int k = 0; !own && k < p->noptions; k++)
			sub.slope[k * sub.n + j] =
				(1 - t) * s->slope[k * s->n + i] +
				t * s->slope[k * s->n + i + 1];
	}
	ok = spots_eval(se, &sub, 1, CUTS, own);
	if (own || !p->slopes)
		fill_slopes(p, &sub);
	settle(&sub);
	for (int j = 0; ok && j < CUTS; j++)
		ok = interval(se, &sub, j, depth + 1);
	spots_release(&sub);
	return ok;
}

/* The winner changes for a reason that no slope tells: halve until it stands
 * alone, then go on behind it. */
static bool halve(struct search *se, const struct spots *s, int i, int depth)
{
	const struct crossings_problem *p = se->p;
	int w = s->win[i];
	struct spots t;
	bool ok = true;

	spots_init(&t, p, 3);
	spot_copy(p, &t, 0, s, i);
	spot_copy(p, &t, 2, s, i + 1);
	while (ok && !narrow(p, t.x[0], t.x[2])) {
		t.x[1] = t.x[0] + (t.x[2] - t.x[0]) / 2;
		ok = spots_eval(se, &t, 1, 2, false);
		spot_copy(p, &t, t.win[1] == w ? 0 : 2, &t, 1);
	}
	if (ok)
		add(se, t.x[2], CROSS_JUMP, w, t.win[2]);
	if (ok && t.win[2] != s->win[i + 1]) {
		spot_copy(p, &t, 0, &t, 2);
		spot_copy(p, &t, 1, s, i + 1);
		ok = halve(se, &t, 0, depth + 1);
	}
	spots_release(&t);
	return ok;
}

/* False position with the Illinois weight (Dowell and Jarratt, BIT 11, 1971),
 * halving when the bracket did not shrink enough. t holds the bracket at 0 and
 * 2; f = value[hi] - value[lo] is >= 0 at 0 and <= 0 at 2. */
static bool close_in(struct search *se, struct spots *t, int lo, int hi)
{
	const struct crossings_problem *p = se->p;
	double fa = t->value[hi * 3] - t->value[lo * 3];
	double fb = t->value[hi * 3 + 2] - t->value[lo * 3 + 2];
	int side = 0, slow = 0;

	for (int n = 0; n < ROOT_STEPS; n++) {
		double w = t->x[2] - t->x[0], f;
		double x = t->x[0] + w * (fa / (fa - fb));

		if (narrow(p, t->x[0], t->x[2]) || fa == fb)
			break;
		if (slow >= 2 || !(x > t->x[0] && x < t->x[2])) {
			x = t->x[0] + w / 2;
			slow = 0;
		}
		t->x[1] = x;
		if (!spots_eval(se, t, 1, 2, false))
			return false;
		f = t->value[hi * 3 + 1] - t->value[lo * 3 + 1];
		if (f > 0 || isnan(f)) {
			spot_copy(p, t, 0, t, 1);
			fa = f;
			fb = side == 1 ? fb / 2 : fb;
			side = 1;
		} else {
			spot_copy(p, t, 2, t, 1);
			fb = f;
			fa = side == 2 ? fa / 2 : fa;
			side = 2;
			if (f == 0)
				break;
		}
		slow = t->x[2] - t->x[0] > w / 2 ? slow + 1 : 0;
	}
	return true;
}

/* Whether f = value[hi] - value[lo] falls at both ends of the interval. */
static bool falls(const struct spots *s, int i, int lo, int hi)
{
	for (int j = i; j <= i + 1; j++) {
		double d = s->slope[hi * s->n + j] - s->slope[lo * s->n + j];

		if (d > 0)
			return false;
	}
	return true;
}

/* A third option that wins between the two, at place 2 of the bracket. */
static int cheaper_at(const struct crossings_problem *p,
                      const struct spots *t, int lo, int hi)
{
	double edge = fmin(t->value[lo * t->n + 2], t->value[hi * t->n + 2]) -
	              p->flat * scale_at(p, t, 2);

	for (int k = 0; k < p->noptions; k++)
		if (p->in[k] && k != lo && k != hi &&
		    t->value[k * t->n + 2] < edge)
			return k;
	return -1;
}

static bool root(struct search *se, const struct spots *s, int i, int depth)
{
	const struct crossings_problem *p = se->p;
	int lo = s->win[i], hi = s->win[i + 1];
	struct spots t;
	bool ok;

	if (lo < 0 || hi < 0 || isnan(s->value[lo * s->n + i + 1]) ||
	    isnan(s->value[hi * s->n + i]))
		return halve(se, s, i, depth);
	if (depth < 3 && !falls(s, i, lo, hi))
		return cut(se, s, i, depth);
	spots_init(&t, p, 3);
	spot_copy(p, &t, 0, s, i);
	spot_copy(p, &t, 2, s, i + 1);
	ok = close_in(se, &t, lo, hi);
	if (ok && cheaper_at(p, &t, lo, hi) >= 0 && depth < MAX_DEPTH) {
		/* Both sides of this place change winners once more. */
		spot_copy(p, &t, 1, &t, 2);
		spot_copy(p, &t, 0, s, i);
		spot_copy(p, &t, 2, s, i + 1);
		ok = interval(se, &t, 0, depth + 3) &&
		     interval(se, &t, 1, depth + 3);
	} else if (ok) {
		double gap = p->flat * scale_at(p, &t, 2);
		double fa = t.value[hi * 3] - t.value[lo * 3];
		double fb = t.value[hi * 3 + 2] - t.value[lo * 3 + 2];

		add(se, t.x[2], fabs(fa) > gap && fabs(fb) > gap ?
		    CROSS_JUMP : CROSS_ROOT, lo, hi);
	}
	spots_release(&t);
	return ok;
}

/* The tangents at both ends meet at or below zero: a pair of roots or a touch
 * may hide in between. */
static bool may_dip(const struct spots *s, int i, int w, int k)
{
	const double *v = s->value + k * s->n, *u = s->value + w * s->n;
	const double *dv = s->slope + k * s->n, *du = s->slope + w * s->n;
	double a = v[i] - u[i], b = v[i + 1] - u[i + 1];
	double da = dv[i] - du[i], db = dv[i + 1] - du[i + 1];
	double at = (a - b + db * (s->x[i + 1] - s->x[i])) / (db - da);

	return da < 0 && db > 0 && a + da * at <= 1e-9 * fabs(u[i]);
}

static bool dip(struct search *se, const struct spots *s, int i, int depth)
{
	const struct crossings_problem *p = se->p;
	double flat = p->flat * scale_at(p, s, i);
	int w = s->win[i];

	for (int k = 0; w >= 0 && k < p->noptions; k++) {
		const double *v = s->value + k * s->n;
		const double *u = s->value + w * s->n;

		if (!p->in[k] || k == w || !may_dip(s, i, w, k) ||
		    (v[i] == u[i] && v[i + 1] == u[i + 1]))
			continue;
		for (int j = i; j <= i + 1; j++)
			if (v[j] - u[j] <= flat) {
				add(se, s->x[j], CROSS_TOUCH, w, w);
				return true;
			}
		return over_budget(se, depth) || cut(se, s, i, depth);
	}
	return true;
}

/* A step that changes the winner by less than anyone would notice is a root. */
static void add_step(struct search *se, const struct spots *s, int i)
{
	const struct crossings_problem *p = se->p;
	double gap = p->flat * scale_at(p, s, i + 1);
	int lo = s->win[i], hi = s->win[i + 1];
	enum crossing_kind kind = CROSS_JUMP;

	if (lo >= 0 && hi >= 0 &&
	    fabs(s->value[hi * s->n + i] - s->value[lo * s->n + i]) <= gap &&
	    fabs(s->value[hi * s->n + i + 1] - s->value[lo * s->n + i + 1]) <=
	    gap)
		kind = CROSS_ROOT;
	add(se, s->x[i + 1], kind, lo, hi);
}

static bool interval(struct search *se, const struct spots *s, int i,
                     int depth)
{
	const struct crossings_problem *p = se->p;
	bool change = s->win[i] != s->win[i + 1];
	bool stepped = false, rare = false;

	for (int k = 0; k < p->nsteps; k++) {
		double a = s->step[k * s->n + i];
		double b = s->step[k * s->n + i + 1];

		/* NAN (a kernel outside its domain) counts as no change */
		stepped |= a < b || a > b;
		rare |= (a < b || a > b) && p->rare[k];
	}
	if (narrow(p, s->x[i], s->x[i + 1])) {
		if (change)
			add_step(se, s, i);
		return true;
	}
	if (!stepped)
		return change ? root(se, s, i, depth) : dip(se, s, i, depth);
	if (!change && !rare && !another_may_win(p, s, i))
		return true;
	if (over_budget(se, depth))
		return change ? halve(se, s, i, depth) : true;
	return cut(se, s, i, depth);
}

/* --- the whole range ---------------------------------------------------- */

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void place(const struct crossings_problem *p, struct spots *s)
{
	int first = p->zero ? 1 : 0, m = p->grid;

	for (int i = 0; i < m; i++) {
		double t = (double)i / (m - 1);

		s->x[first + i] = p->log ? p->low * pow(p->high / p->low, t)
		                         : p->low + (p->high - p->low) * t;
	}
	s->x[first + m - 1] = p->high;
	for (int i = 0; i < p->nmore; i++)
		s->x[first + m + i] = fmin(fmax(p->more[i], p->low), p->high);
	qsort(s->x, (size_t)s->n, sizeof *s->x, rising);
}

static bool moves(const struct crossings_problem *p, const struct spots *s)
{
	for (int k = 0; k < p->noptions; k++)
		for (int i = 1; p->in[k] && i < s->n; i++) {
			double a = s->value[k * s->n];
			double b = s->value[k * s->n + i];

			if (isnan(a) != isnan(b) || a < b || a > b)
				return true;
		}
	return false;
}

/* At an end where two options cost the same (nothing is used at all), the tie
 * goes to whoever wins next to it: the end is no crossing. */
static void settle_end(const struct crossings_problem *p, struct spots *s,
                       int end, int next)
{
	int a = s->win[end], b = s->win[next];

	if (a >= 0 && b >= 0 && a != b
	    && fabs(s->value[a * s->n + end] - s->value[b * s->n + end])
	       <= 1e-12 * scale_at(p, s, end))
		s->win[end] = b;
}

bool crossings_find(const struct crossings_problem *p, struct crossings *out)
{
	struct search se = { .p = p, .out = out };
	struct spots s;
	bool ok;

	*out = (struct crossings) { .first = -1, .last = -1 };
	spots_init(&s, p, p->grid + p->nmore + (p->zero ? 1 : 0));
	place(p, &s);
	ok = spots_eval(&se, &s, 0, s.n, p->slopes);
	if (ok) {
		fill_slopes(p, &s);
		settle_end(p, &s, 0, 1);
		settle_end(p, &s, s.n - 1, s.n - 2);
		settle(&s);
		out->moves = moves(p, &s);
		out->first = s.win[0];
		out->last = s.win[s.n - 1];
	}
	for (int i = 0; ok && i + 1 < s.n; i++)
		ok = interval(&se, &s, i, 0);
	out->moves |= out->n > 0;
	spots_release(&s);
	if (!ok)
		crossings_release(out);
	return ok;
}

void crossings_release(struct crossings *c)
{
	free(c->at);
	c->at = NULL;
	c->n = 0;
}
