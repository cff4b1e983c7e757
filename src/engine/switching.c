/*
 * `switch:` of a model: the two thresholds of an option that can be left again,
 * and on which side of them the draws lie.
 */
#include <math.h>

#include "engine/trade.h"

#include "base/banned.h"

/* The figure of an output in a draw; NAN where a state stands for it. */
static double in_draw(const struct trade *t, int output, int option, int64_t i)
{
	int at = output * t->plan->noptions + option;

	return t->run->output[at * t->run->draws.n + i];
}

/* A threshold `always` reached is no number, and its draws lie above. */
static void count_sides(struct trade *t, int slot, struct switching *s)
{
	const struct switch_def *d = &t->plan->model->change;
	int64_t n = t->run->draws.n, above = 0, below = 0;
	double x[TAPE_BLOCK];

	sample_prepare(t->sample, &slot, 1);
	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;

		sample_fill(t->sample, slot, at, count, x);
		for (int i = 0; i < count; i++) {
			above += x[i] >= in_draw(t, d->at, d->to, at + i);
			below += x[i] < in_draw(t, d->back, d->to, at + i);
		}
	}
	s->p_above = (double)above / (double)n + s->at->s.p_always;
	s->p_below = (double)below / (double)n;
}

void switching_report(struct trade *t)
{
	const struct model *m = t->plan->model;
	const struct switch_def *d = &m->change;
	const struct option_result *o = &t->out->option[d->to];
	struct switching *s = &t->out->switching;
	struct err none = ERR_INIT;
	int slot;

	if (!d->of || !t->plan->noutputs)
		return;
	/* a value that hangs on others has no place of its own */
	slot = bound_slot(t->plan->bound, t->plan->index, d->of, &none);
	err_clear(&none);
	*s = (struct switching) {
		.present = true, .parameter = arena_strdup(t->arena, d->of),
		.from = m->decision.incumbent, .to = d->to,
		.at = &o->output[d->at],
		.back = &o->output[d->back],
		.value = d->value < 0 ? NULL : &o->output[d->value],
		.here = NAN, .p_above = NAN, .p_below = NAN,
	};
	s->unit = s->at->unit;
	s->title = slot < 0 ? s->parameter : trade_slot_title(t, slot);
	if (slot < 0)
		return;
	s->here = t->sample->central[slot] / m->output[d->at].unit.scale;
	if (!t->run->point && !m->output[d->at].central &&
	    !m->output[d->back].central)
		count_sides(t, slot, s);
}
