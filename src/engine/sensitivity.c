/*
 * The cheap sensitivity of a decision: how the lead of the best option over
 * the next moves with each factor alone, and whether the advice flips.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/trade.h"
#include "engine/voi.h"

#include "base/banned.h"

#define PLACES 9                /* quantiles 0.1 .. 0.9 of each factor */

#define SAME 1e-12              /* of a cost */

struct lanes {
	struct trade *t;
	const struct factor *f;
	int n;                          /* factors; PLACES lanes each */
	double *value;                  /* [factor * PLACES + place] */
	double *lead;                   /* the same */
	int *winner, *missing;          /* missing: one of the two that the
	                                   lead compares, infeasible there */
};

/* The law of an input when its preset takes a label. */
static double under_label(const struct trade *t, int slot, double label)
{
	return dist_central(t->plan->bound->slot[slot].by_label[(int)label]);
}

static void set_lane(const struct lanes *l, struct feed *f, int lane, int at)
{
	const struct factor *by = &l->f[at / PLACES];
	const struct bound *b = l->t->plan->bound;

	for (int k = 0; k < f->ninputs; k++) {
		int slot = tape_input(f->tape, k);
		double *x = f->buffer + (size_t)k * TAPE_BLOCK;

		if (!by->preset && slot == by->slot)
			x[lane] = l->value[at];
		else if (by->preset && b->slot[slot].kind == SLOT_MIXED &&
		         b->slot[slot].preset == by->slot)
			x[lane] = under_label(l->t, slot, l->value[at]);
		else
			x[lane] = l->t->sample->central[slot];
	}
}

/* Whether an option may be best somewhere, as break-evens take it: at the place
 * itself, rules apart.  What can be taken at the centre but not in enough of
 * the draws stays out, as in the verdict. */
static bool in_question(const struct trade *t, int o)
{
	return t->judged.status[o] == OPTION_OK ||
	       (t->judged.status[o] == OPTION_INFEASIBLE &&
	        isnan(t->central->cost[o * t->central->draws.n]));
}

/* What rounding alone tells apart is a tie, and a tie is no flip: it stays with
 * what is advised, else with the first. */
static int winner_at(const struct trade *t, const struct feed *f, int lane)
{
	int best = -1, advised = t->judged.best;
	double least = NAN, own;

	for (int o = 0; o < t->plan->noptions; o++) {
		double c;

		if (!in_question(t, o))
			continue;
		c = feed_cost(f, t->plan, o, lane);
		if (!isnan(c) && (best < 0 ||
		                  c < least - SAME * fabs(least))) {
			best = o;
			least = c;
		}
	}
	own = feed_cost(f, t->plan, advised, lane);
	return own <= least + SAME * fabs(least) ? advised : best;
}

static void run_lanes(struct lanes *l)
{
	const struct trade *t = l->t;
	int best = t->judged.best, next = t->judged.second;
	struct feed f;

	feed_init(&f, t->plan->lean);
	for (int k = 0; k < f.ninputs; k++) {
		f.in[k].v = f.buffer + (size_t)k * TAPE_BLOCK;
		f.in[k].uniform = false;
	}
	for (int at = 0; at < l->n * PLACES; at += TAPE_BLOCK) {
		int left = l->n * PLACES - at;
		int count = left < TAPE_BLOCK ? left : TAPE_BLOCK;

		for (int i = 0; i < count; i++)
			set_lane(l, &f, i, at + i);
		feed_run(&f, count);
		for (int i = 0; i < count; i++) {
			double own = feed_cost(&f, t->plan, best, i);
			double rival = next < 0 ? 0 :
				feed_cost(&f, t->plan, next, i);

			l->winner[at + i] = winner_at(t, &f, i);
			l->lead[at + i] = rival - own;
			l->missing[at + i] = isnan(own) ? best :
				isnan(rival) ? next : -1;
		}
	}
	feed_release(&f);
}

static bool flips(const int *winner)
{
	for (int i = 1; i < PLACES; i++)
		if (winner[i] != winner[0])
			return true;
	return false;
}

static double width(const struct sensitivity *s)
{
	double w = fabs(s->swing_high - s->swing_low);

	return isnan(w) ? HUGE_VAL : w;
}

static int wider(const void *a, const void *b)
{
	double x = width(a), y = width(b);

	if (x != y)
		return x < y ? 1 : -1;
	return strcmp(((const struct sensitivity *)a)->parameter,
	              ((const struct sensitivity *)b)->parameter);
}

/* A share that is nothing may come out below it: "0 +- its error". */
static void share(const double *of, int i, int n, double *v, double *se)
{
	*v = isnan(of[i]) ? NAN : fmin(fmax(of[i], 0), 1);
	*se = of[n + i];
}

static void add_effects(const struct trade *t, int i, struct sensitivity *s)
{
	const struct effects *e = t->effects;
	int n = t->nfactors;

	s->total = s->total_se = s->shapley = s->shapley_se = NAN;
	s->prcc = s->prcc_se = NAN;
	if (!e)
		return;
	share(e->total, i, n, &s->total, &s->total_se);
	share(e->shapley, i, n, &s->shapley, &s->shapley_se);
	s->prcc = e->prcc[i];
	s->prcc_se = e->prcc[n + i];
}

static void add(struct trade *t, const struct lanes *l, int i)
{
	const struct factor *f = &l->f[i];
	struct sensitivity *s = &t->out->sensitivity[t->out->nsensitivity++];
	double unit = fabs(t->unit);

	s->parameter = trade_slot_name(t, f->slot);
	s->title = trade_slot_title(t, f->slot);
	s->unit = arena_strdup(t->arena, slot_unit_text(
		&t->plan->bound->slot[f->slot]));
	s->low_text = factor_value_text(t, f, l->value[i * PLACES]);
	s->high_text = factor_value_text(t, f, l->value[(i + 1) * PLACES - 1]);
	s->swing_low = l->lead[i * PLACES] * unit;
	s->swing_high = l->lead[(i + 1) * PLACES - 1] * unit;
	s->first_order = t->partial ? t->partial[i].share : NAN;
	s->first_order_se = t->partial ? t->partial[i].share_se : NAN;
	s->flips = flips(l->winner + i * PLACES);
	s->low_best = l->winner[i * PLACES];
	s->high_best = l->winner[(i + 1) * PLACES - 1];
	s->low_missing = l->missing[i * PLACES];
	s->high_missing = l->missing[(i + 1) * PLACES - 1];
	add_effects(t, i, s);
	s->mean_low = s->mean_low_se = s->mean_high = s->mean_high_se = NAN;
	if (!t->partial)
		return;
	s->mean_low = t->partial[i].low * unit;
	s->mean_low_se = t->partial[i].low_se * unit;
	s->mean_high = t->partial[i].high * unit;
	s->mean_high_se = t->partial[i].high_se * unit;
}

bool sensitivity_report(struct trade *t)
{
	const struct factor *f = t->factor;
	struct lanes l = { .t = t, .f = f, .n = t->nfactors };
	size_t cells;

	if (t->judged.best < 0)
		return true;
	if (!t->run->point)
		partials_find(t);
	if (!effects_find(t))
		return false;
	cells = (size_t)l.n * PLACES + 1;
	l.value = xcalloc(cells, sizeof *l.value);
	l.lead = xcalloc(cells, sizeof *l.lead);
	l.winner = xcalloc(cells, sizeof *l.winner);
	l.missing = xcalloc(cells, sizeof *l.missing);
	for (int i = 0; i < l.n * PLACES; i++)
		l.value[i] = factor_quantile(t, &f[i / PLACES],
		                             (1 + i % PLACES) / 10.0);
	run_lanes(&l);
	t->out->sensitivity = arena_alloc(t->arena,
		sizeof *t->out->sensitivity * (size_t)(l.n + 1));
	for (int i = 0; i < l.n; i++)
		add(t, &l, i);
	qsort(t->out->sensitivity, (size_t)l.n, sizeof *t->out->sensitivity,
	      wider);
	free(l.value);
	free(l.lead);
	free(l.winner);
	free(l.missing);
	return true;
}
