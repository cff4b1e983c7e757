#include "tui/live.h"

#include <math.h>
#include <string.h>

#include "engine/engine.h"
#include "model/bound.h"
#include "task/task.h"
#include "tui/state.h"
#include "base/banned.h"

#define POINTS 48
#define QUICK_POINTS 32
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

	return be && be != &st->live ? be : state_map(st);
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

/* Where the lines of `a` and `b` meet between points i and i + 1. */
static double meeting(const struct curve *c, int i, int a, int b)
{
	double left = c->mean[a * c->n + i] - c->mean[b * c->n + i];
	double right = c->mean[a * c->n + i + 1] - c->mean[b * c->n + i + 1];
	double t = left / (left - right);

	if (!(t >= 0 && t <= 1))
		t = 0.5;        /* one of them cannot be taken at one point */
	if (c->log_x)
		return c->x[i] * pow(c->x[i + 1] / c->x[i], t);
	return c->x[i] + t * (c->x[i + 1] - c->x[i]);
}

static int find_crossings(const struct curve *c, struct crossing *out,
                          int most)
{
	int n = 0, last = curve_winner(c, 0);

	for (int i = 1; i < c->n && n < most; i++) {
		int now = curve_winner(c, i);

		if (now != last && now >= 0 && last >= 0)
			out[n++] = (struct crossing){
				meeting(c, i - 1, last, now), CROSS_ROOT,
				last, now };
		last = now;
	}
	return n;
}

static void read_off(struct state *st)
{
	const struct curve *c = st->curve;
	int n = find_crossings(c, st->live_crossing, LIVE_CROSSINGS);

	st->live = (struct break_even){
		.parameter = c->parameter, .title = c->title, .unit = c->unit,
		.between = { curve_winner(c, 0), curve_winner(c, c->n - 1) },
		.state = n ? BREAK_CROSSINGS : BREAK_NEVER,
		.low = c->x[0], .high = c->x[c->n - 1], .here = c->here,
		.ncrossings = n, .crossing = st->live_crossing,
		.first = NAN, .sure = NAN, .p5 = NAN, .p50 = NAN, .p95 = NAN,
		.p_beyond = NAN, .p_never_se = NAN, .p_always_se = NAN,
		.p50_se = NAN, .log = c->log_x,
	};
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
		o.samples = o.max_samples = o.samples < draws ? o.samples
			: draws;
		o.progress = NULL;
		o.cache = st->cache;
		st->curve = engine_curve(st->bound, model, axis, low * scale,
		                         high * scale, draws > LIVE_QUICK ?
		                         POINTS : QUICK_POINTS, &o, &err);
	}
	if (st->curve)
		read_off(st);
	state_say_err(st, &err);
}
