/*
 * What varies in a trade-off, and how draws are sorted by what one factor
 * tells: equal classes of its own coordinate for a continuous law (dyadic, so
 * that a class of a net is a net), its values for a discrete one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

static bool has_factor(const struct factor *f, int n, int slot)
{
	for (int i = 0; i < n; i++)
		if (f[i].slot == slot)
			return true;
	return false;
}

void factors_find(struct trade *t)
{
	const struct bound *b = t->plan->bound;
	const struct tape *lean = t->plan->lean;
	int n = 0;
	struct factor *f = xcalloc((size_t)b->nslots + 1, sizeof *f);

	for (int slot = 0; slot < b->nslots; slot++)
		for (int k = 0; k < tape_inputs(lean); k++) {
			int preset = b->slot[slot].preset;

			if (tape_input(lean, k) != slot)
				continue;
			if (!t->sample->fixed[slot])
				f[n++] = (struct factor) { slot, false };
			if (b->slot[slot].kind == SLOT_MIXED &&
			    !t->sample->fixed[preset] &&
			    !has_factor(f, n, preset))
				f[n++] = (struct factor) { preset, true };
		}
	t->factor = f;
	t->nfactors = n;
}

double factor_quantile(const struct trade *t, const struct factor *f, double u)
{
	return slot_quantile(t->plan->bound, f->slot, u);
}

static const char *label_of(const struct trade *t, int slot, int label)
{
	const struct bound *b = t->plan->bound;
	const struct bound_model *m = &b->model[b->slot[slot].model];

	for (int i = 0; i < m->model->npresets; i++) {
		const struct preset *p = &m->model->preset[i];

		if (m->first_slot + p->slot == slot && label >= 0 &&
		    label < p->n)
			return p->choice[label].label;
	}
	return "?";
}

const char *factor_value_text(struct trade *t, const struct factor *f,
                              double value)
{
	const struct slot *s = &t->plan->bound->slot[f->slot];
	const struct param *p = s->param;
	struct buf b = BUF_INIT;

	if (f->preset)
		return arena_strdup(t->arena, label_of(t, f->slot,
		                                       (int)value));
	if (p && p->type == TYPE_LABEL && value >= 0 && value < p->nchoices)
		return arena_strdup(t->arena, p->choice[(int)value]);
	if (p && p->type == TYPE_BOOL)
		return value != 0.0 ? "yes" : "no";
	num_human(&b, value / slot_unit(s)->scale, 3);
	if (strcmp(slot_unit_text(s), "1") != 0)
		buf_addf(&b, " %s", slot_unit_text(s));
	return trade_text(t, &b);
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* First and later values of the classes: every distinct value, or edges that
 * split the sorted sample evenly. */
static int edges(double *sorted, int64_t n, int most, double *edge)
{
	int distinct = 0;

	for (int64_t i = 0; i < n; i++)
		if (i == 0 || sorted[i] > sorted[i - 1]) {
			if (distinct < most)
				edge[distinct] = sorted[i];
			distinct++;
		}
	if (distinct <= most)
		return distinct;
	for (int k = 0; k < most; k++)
		edge[k] = sorted[k * n / most];
	return most;
}

static int class_of(const double *edge, int n, double x)
{
	int lo = 0, hi = n;

	while (hi - lo > 1) {
		int mid = (lo + hi) / 2;

		if (edge[mid] <= x)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static void bins_by_value(const struct trade *t, int slot, int most,
                          unsigned char *bin, int *bins)
{
	int64_t n = t->sample->draws.n;
	double *x = xcalloc(2 * (size_t)n, sizeof *x), *sorted = x + n;
	double edge[256];

	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int64_t left = n - at;

		sample_fill(t->sample, slot, at, left < TAPE_BLOCK ?
		            (int)left : TAPE_BLOCK, x + at);
	}
	memcpy(sorted, x, sizeof *x * (size_t)n);
	qsort(sorted, (size_t)n, sizeof *x, rising);
	*bins = edges(sorted, n, most, edge);
	for (int64_t i = 0; i < n; i++)
		bin[i] = (unsigned char)class_of(edge, *bins, x[i]);
	free(x);
}

/* The part below a jump and the part above it are classes of their own. */
static int bins_by_coordinate(const struct trade *t, int slot, int most,
                              unsigned char *bin)
{
	const struct jumps *j = jumps_of(t, slot);
	int jumps = j ? j->n : 0;
	double u[TAPE_BLOCK];
	int64_t n = t->sample->draws.n;

	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;

		sample_coordinates(t->sample, slot, at, count, u);
		for (int i = 0; i < count; i++) {
			int k = (int)(u[i] * most);

			for (int q = 0; q < jumps; q++)
				k += j->u[q] <= u[i];
			bin[at + i] = (unsigned char)k;
		}
	}
	return most + jumps;
}

bool factor_ranked(const struct trade *t, const struct factor *f)
{
	const struct slot *s = &t->plan->bound->slot[f->slot];

	return f->preset || s->kind == SLOT_MIXED || dist_is_discrete(s->dist);
}

void factor_bins(const struct trade *t, const struct factor *f, int most,
                 unsigned char *bin, int *bins)
{
	if (factor_ranked(t, f)) {
		bins_by_value(t, f->slot, f->preset ? 64 : most, bin, bins);
		return;
	}
	*bins = bins_by_coordinate(t, f->slot, most, bin);
}
