/*
 * Where every value came from, and what it amounts to.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

#define DERIVED_DRAWS 1024      /* for values that are made from others */

struct derived {
	struct roots roots;
	int *slot;                      /* of each root */
	double *v;                      /* [root * n + i] */
	struct draws draws;
};

static const char *copy(struct trade *t, const char *s)
{
	return s ? arena_strdup(t->arena, s) : NULL;
}

static struct provenance *entry(struct trade *t, int slot, bool shared)
{
	const struct slot *s = &t->plan->bound->slot[slot];
	struct provenance *p = &t->out->provenance[t->out->nprovenance++];

	*p = (struct provenance) {
		.parameter = trade_slot_name(t, slot),
		.title = trade_slot_title(t, slot),
		.unit = copy(t, slot_unit_text(s)),
		.group = s->param ? copy(t, s->param->group) : NULL,
		.text = copy(t, s->text), .origin = copy(t, s->origin),
		.price = copy(t, s->price), .over = copy(t, s->over),
		.kind = copy(t, s->source.kind),
		.source = copy(t, s->source.note ? s->source.note :
		                  s->source.url),
		.date = copy(t, s->source.date),
		.p5 = NAN, .p50 = NAN, .p95 = NAN, .mean = NAN,
		.p1 = NAN, .p99 = NAN, .kept_low = NAN, .kept_high = NAN,
		.shared = shared,
	};
	return p;
}

static bool is_interval(const char *text)
{
	return text && strstr(text, " to ") && !strchr(text, '(');
}

/* A law that somebody gave by two or three of its quantiles. */
static bool slot_elicited(const struct slot *s)
{
	if (s->kind != SLOT_INPUT)
		return false;
	switch (s->dist->kind) {
	case DIST_JQPD:
	case DIST_METALOG:
		return true;
	case DIST_NORMAL:
	case DIST_LOGNORMAL:
	case DIST_TRUNCATED:
		return is_interval(s->text);
	default:
		return false;
	}
}

static void fill_own(const struct bound *b, int slot, struct provenance *p)
{
	double unit = slot_unit(&b->slot[slot])->scale;

	p->fixed = slot_fixed(b, slot);
	p->elicited = slot_elicited(&b->slot[slot]);
	p->kept_low = p->kept_high = NAN;
	if (p->elicited && is_interval(b->slot[slot].text) &&
	    (b->slot[slot].dist->kind == DIST_TRUNCATED ||
	     b->slot[slot].dist->kind == DIST_JQPD)) {
		p->kept_low = b->slot[slot].param->low / unit;
		p->kept_high = b->slot[slot].param->high / unit;
	}
	p->p1 = slot_quantile(b, slot, 0.01) / unit;
	p->p99 = slot_quantile(b, slot, 0.99) / unit;
	p->p5 = slot_quantile(b, slot, 0.05) / unit;
	p->p50 = slot_quantile(b, slot, 0.5) / unit;
	p->p95 = slot_quantile(b, slot, 0.95) / unit;
	p->mean = slot_mean(b, slot) / unit;
}

/* --- values made from others -------------------------------------------- */

static bool add_derived(struct trade *t, struct derived *d, int slot)
{
	const struct plan *p = t->plan;
	const struct slot *s = &p->bound->slot[slot];
	int labels[AXIS_MAX] = { 0 };
	struct value v;
	node_id n;

	for (int l = 0; s->param->axis >= 0 &&
	     l < env_axis_size(p->model->env, s->param->axis); l++)
		if (s->param->slot_of_label[l] == s->index) {
			labels[s->param->axis] = l;
			break;
		}
	if (!elab_name(p->elab, s->param->name, labels, &v, t->err))
		return false;
	n = v.num;
	if (dag_get(p->dag, n)->series)
		n = dag_reduce(p->dag, OP_AT, n, p->horizon, 1);
	/* a state reads as no number */
	if (v.state != NODE_NONE) {
		node_id state = v.state;

		if (dag_get(p->dag, state)->series)
			state = dag_reduce(p->dag, OP_AT, state, p->horizon,
			                   1);
		n = dag_op(p->dag, OP_SELECT, state, dag_const(p->dag, NAN),
		           n);
	}
	d->slot[roots_add(&d->roots, n)] = slot;
	return true;
}

static void run_derived(struct trade *t, struct derived *d)
{
	struct draws all = t->sample->draws;
	struct tape *tape;
	struct feed f;

	if (d->roots.n == 0)
		return;
	tape = tape_new(t->plan->dag, d->roots.node, d->roots.n);
	d->v = xcalloc((size_t)d->roots.n * (size_t)d->draws.n, sizeof *d->v);
	feed_init(&f, tape);
	t->sample->draws = d->draws;
	for (int k = 0; k < f.ninputs; k++) {
		int slot = tape_input(tape, k);

		sample_prepare(t->sample, &slot, 1);
	}
	for (int64_t at = 0; at < d->draws.n; at += TAPE_BLOCK) {
		int64_t left = d->draws.n - at;
		int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

		if (t->out->point)
			feed_central(&f, t->sample);
		else
			feed_draw(&f, t->sample, at, n);
		feed_run(&f, n);
		for (int r = 0; r < d->roots.n; r++)
			memcpy(d->v + r * d->draws.n + at, f.out[r],
			       sizeof *d->v * (size_t)n);
	}
	t->sample->draws = all;
	feed_release(&f);
	tape_free(tape);
}

static void fill_derived(const struct derived *d, int slot, double unit,
                         struct provenance *p)
{
	static const double shares[] = { 0.01, 0.05, 0.5, 0.95, 0.99 };

	for (int r = 0; r < d->roots.n; r++) {
		double *v = d->v + r * d->draws.n, q[5];
		int64_t n;

		if (d->slot[r] != slot)
			continue;
		n = stat_compact(v, d->draws.n);
		p->mean = stat_mean(v, n) / unit;
		stat_quantiles(v, n, shares, 5, q);
		p->p1 = q[0] / unit;
		p->p5 = q[1] / unit;
		p->p50 = q[2] / unit;
		p->p95 = q[3] / unit;
		p->p99 = q[4] / unit;
		p->fixed = p->p5 >= p->p95;
		return;
	}
}

/* --- the list ----------------------------------------------------------- */

/* Inputs of the workload that the decision reads under no name of its own:
 * below a formula, or below a neighbour's. */
static void list_workload(struct trade *t, const bool *named)
{
	const struct bound *b = t->plan->bound;

	for (int k = 0; k < tape_inputs(t->plan->full); k++) {
		int slot = tape_input(t->plan->full, k);

		if (b->slot[slot].model == t->plan->index || named[slot] ||
		    !b->slot[slot].param)
			continue;
		fill_own(b, slot, entry(t, slot, b->slot[slot].model < 0));
	}
}

static int carrier(const struct bound *b, int slot)
{
	while (b->slot[slot].kind == SLOT_WORKLOAD && b->slot[slot].target >= 0)
		slot = b->slot[slot].target;
	return slot;
}

static bool list(struct trade *t, struct derived *d, bool *named)
{
	const struct bound *b = t->plan->bound;
	int first = b->model[t->plan->index].first_slot;
	int last = first + t->plan->model->nslots;

	for (int slot = first; slot < last; slot++) {
		int at = carrier(b, slot);

		named[at] = true;
		if (b->slot[slot].param && !slot_drawn(b, at) &&
		    b->slot[slot].kind != SLOT_ABSENT &&
		    !add_derived(t, d, slot))
			return false;
	}
	run_derived(t, d);
	for (int slot = first; slot < last; slot++) {
		const struct slot *s = &b->slot[slot];
		int at = carrier(b, slot);
		struct provenance *p;

		if (!s->param)
			continue;
		p = entry(t, slot, s->kind == SLOT_WORKLOAD);
		/* what was typed, not that it stands in the workload */
		if (at != slot && b->slot[at].text)
			p->text = arena_strdup(t->arena, b->slot[at].text);
		if (slot_drawn(b, at))
			fill_own(b, at, p);
		else
			fill_derived(d, slot, slot_unit(s)->scale, p);
	}
	list_workload(t, named);
	return true;
}

bool provenance_report(struct trade *t)
{
	size_t slots = (size_t)t->plan->bound->nslots + 1;
	struct derived d = { 0 };
	bool *named = xcalloc(slots, sizeof *named), ok;

	d.slot = xcalloc(slots, sizeof *d.slot);
	t->out->provenance = arena_alloc(t->arena, slots *
	                                 sizeof *t->out->provenance);
	ok = draws_init(&d.draws, t->o->sampler, t->o->seed,
	                t->out->point ? 1 : DERIVED_DRAWS, t->err) &&
	     list(t, &d, named);
	free(named);
	free(d.roots.node);
	free(d.slot);
	free(d.v);
	return ok;
}
