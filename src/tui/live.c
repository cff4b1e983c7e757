#include "tui/live.h"

#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "model/bound.h"
#include "task/task.h"
#include "tui/state.h"
#include "base/banned.h"

#define POINTS 48
#define SIDE 20                 /* times where you are, either way; */
#define BLIND 100               /* and where no break-even is known yet */
#define FAR 1e4                 /* a break-even farther away is not shown */

void live_clear(struct state *st)
{
	curve_free(st->curve);
	st->curve = NULL;
	st->live = (struct break_even){ .parameter = NULL };
}

/* The last break-even known of the axis, be it of values before. */
static const struct break_even *known(const struct state *st)
{
	const struct break_even *be = state_break_even(st);

	return be && be->parameter != st->live.parameter ? be
	                                                 : state_density(st);
}

static double here(const struct slot *s, const struct break_even *be)
{
	if (s->kind == SLOT_INPUT && s->dist)
		return dist_central(s->dist) / slot_unit(s)->scale;
	return be ? be->here : NAN;
}

/* A range in the parameter's unit, around where you are, that shows the
 * break-even of interest; 0 and 0 where the engine should choose. */
static void range(const struct slot *s, const struct break_even *be,
                  double *low, double *high)
{
	double at = here(s, be), scale = slot_unit(s)->scale;

	*low = *high = 0;
	if (!(at > 0) || !s->param)
		return;
	*low = at / (be ? SIDE : BLIND);
	*high = at * (be ? SIDE : BLIND);
	for (int i = 0; be && i < be->ncrossings; i++) {
		double x = be->crossing[i].at;

		if (x < at / FAR || x > at * FAR)
			continue;
		*low = fmin(*low, x / 3);
		*high = fmax(*high, x * 3);
	}
	*low = fmax(*low, s->param->low / scale);
	*high = fmin(*high, s->param->high / scale);
}

/* Which two options the break-even is between: as in the last refined run,
 * else the advice and its runner-up. */
static bool pair(const struct state *st, const struct break_even *be,
                 int between[2])
{
	const struct tradeoff *t = state_tradeoff(st);

	if (be) {
		between[0] = be->between[0];
		between[1] = be->between[1];
	} else if (t) {
		between[0] = t->verdict.option;
		between[1] = t->verdict.runner_up;
	}
	return (be || t) && between[0] >= 0 && between[1] >= 0 &&
	       between[0] < st->curve->noptions &&
	       between[1] < st->curve->noptions;
}

/* Where the difference of two lines changes its sign between two points. */
static double root(const struct curve *c, int i, double a, double b)
{
	double t = a / (a - b);

	if (c->log_x)
		return c->x[i] * pow(c->x[i + 1] / c->x[i], t);
	return c->x[i] + t * (c->x[i + 1] - c->x[i]);
}

static void find_crossings(struct state *st, const int between[2])
{
	const struct curve *c = st->curve;
	const double *p = c->mean + between[0] * c->n;
	const double *q = c->mean + between[1] * c->n;
	int n = 0, wins[2] = { 0, 0 };

	for (int i = 0; i < c->n; i++) {
		double a = p[i] - q[i];
		double b = i + 1 < c->n ? p[i + 1] - q[i + 1] : a;

		wins[0] += a <= 0;
		wins[1] += a > 0;
		if (!isfinite(a) || !isfinite(b) || (a > 0) == (b > 0) ||
		    n == 8)
			continue;
		st->live_crossing[n++] = (struct crossing){
			root(c, i, a, b), CROSS_ROOT,
			between[a > 0], between[b > 0] };
	}
	st->live.state = n ? BREAK_CROSSINGS
	                   : wins[0] && !wins[1] ? BREAK_NEVER
	                   : wins[1] && !wins[0] ? BREAK_ALWAYS
	                                         : BREAK_UNDEFINED;
	st->live.ncrossings = n;
}

static void read_off(struct state *st, const struct break_even *be)
{
	const struct curve *c = st->curve;
	int between[2];

	if (!pair(st, be, between))
		return;
	st->live = (struct break_even){
		.parameter = c->parameter, .title = c->title, .unit = c->unit,
		.between = { between[0], between[1] },
		.low = c->x[0], .high = c->x[c->n - 1], .here = c->here,
		.crossing = st->live_crossing, .first = NAN, .sure = NAN,
		.p5 = NAN, .p50 = NAN, .p95 = NAN, .p_beyond = NAN,
		.log = c->log_x,
	};
	find_crossings(st, between);
}

void live_curve(struct state *st, int draws)
{
	struct engine_options o = st->ctx->engine;
	const struct break_even *be = known(st);
	const char *axis = state_axis_parameter(st);
	int model = st->trade[st->trade_selected].bound, slot;
	struct err err = ERR_INIT;
	double low, high, scale;

	live_clear(st);
	slot = axis ? bound_slot(st->bound, model, axis, &err) : -1;
	if (slot >= 0) {
		range(&st->bound->slot[slot], be, &low, &high);
		scale = slot_unit(&st->bound->slot[slot])->scale;
		o.samples = o.max_samples = draws;
		o.progress = NULL;
		st->curve = engine_curve(st->bound, model, axis, low * scale,
		                         high * scale, POINTS, &o, &err);
	}
	if (st->curve)
		read_off(st, be);
	state_say_err(st, &err);
}
