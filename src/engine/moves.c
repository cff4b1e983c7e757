#include "engine/moves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stats.h"
#include "engine/voi.h"

#include "base/banned.h"

#define NULLS 8                 /* coordinates that no model reads */
#define LEAST 1e-3              /* a smaller share is not told */
#define CLASSES 256

static bool has(const struct moves *m, int slot)
{
	for (int i = 0; i < m->n; i++)
		if (m->factor[i].slot == slot)
			return true;
	return false;
}

static void add_factor(struct moves *m, int slot, bool preset)
{
	if (!m->t->sample->fixed[slot] && !has(m, slot))
		m->factor[m->n++] = (struct factor) { slot, preset };
}

static void null_bins(struct moves *m, int i, int most)
{
	double u[TAPE_BLOCK];
	int64_t n = m->draws.n;

	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;

		draws_fill(&m->draws, DRAWS_NULL + i, at, count, u);
		for (int k = 0; k < count; k++)
			m->bin[m->n + i][at + k] = (unsigned char)(u[k] * most);
	}
	m->bins[m->n + i] = most;
}

void moves_init(struct moves *m, struct trade *t, const int *slots, int n)
{
	const struct bound *b = t->plan->bound;
	int most = partial_bins(t->sample->draws.n);

	*m = (struct moves) { .t = t, .draws = t->sample->draws };
	m->factor = xcalloc(2 * (size_t)n + 1, sizeof *m->factor);
	for (int i = 0; i < n; i++) {
		add_factor(m, slots[i], false);
		if (b->slot[slots[i]].kind == SLOT_MIXED)
			add_factor(m, b->slot[slots[i]].preset, true);
	}
	m->bin = xcalloc((size_t)(m->n + NULLS), sizeof *m->bin);
	m->bins = xcalloc((size_t)(m->n + NULLS), sizeof *m->bins);
	for (int i = 0; i < m->n + NULLS; i++)
		m->bin[i] = xcalloc((size_t)m->draws.n, 1);
	for (int i = 0; i < m->n; i++) {
		sample_prepare(t->sample, &m->factor[i].slot, 1);
		factor_bins(t, &m->factor[i], most, m->bin[i], &m->bins[i]);
	}
	for (int i = 0; i < NULLS; i++)
		null_bins(m, i, most);
}

void moves_release(struct moves *m)
{
	for (int i = 0; i < m->n + NULLS; i++)
		free(m->bin[i]);
	free(m->bin);
	free(m->bins);
	free(m->factor);
}

/* Of the draws from .. to - 1; NAN: nothing varies there. */
static double share_of(const struct moves *m, int factor, const double *x,
                       double mean, int64_t from, int64_t to)
{
	const unsigned char *bin = m->bin[factor];
	double sum[CLASSES] = { 0 }, n[CLASSES] = { 0 };
	double square = 0, between = 0, all = 0, count = 0;

	for (int64_t i = from; i < to; i++) {
		double v = x[i] - mean;

		if (isnan(v))
			continue;
		sum[bin[i]] += v;
		n[bin[i]]++;
		square += v * v;
	}
	for (int b = 0; b < CLASSES; b++) {
		if (n[b] > 0)
			between += sum[b] * sum[b] / n[b];
		all += sum[b];
		count += n[b];
	}
	all *= count > 0 ? all / count : 0;
	/* differences far below the squares are rounding, not variance */
	if (!(square - all > 1e-13 * square))
		return NAN;
	return (between - all) / (square - all);
}

static int falling(const void *a, const void *b)
{
	double x = ((const struct move *)a)->share;
	double y = ((const struct move *)b)->share;

	return (x < y) - (x > y);
}

static double replicate_error(const struct moves *m, int factor,
                              const double *x, double mean)
{
	int R = m->draws.replicates;
	int64_t each = m->draws.n / R;
	double rep[64];

	for (int r = 0; r < R && r < 64; r++)
		rep[r] = share_of(m, factor, x, mean, r * each, (r + 1) * each);
	return stat_replicate_se(rep, R < 64 ? R : 64);
}

int moves_of(const struct moves *m, const double *x, const bool *below,
             struct move **out)
{
	const struct bound *b = m->t->plan->bound;
	struct trade *t = (struct trade *)m->t;
	struct move *all = arena_alloc(t->arena, sizeof *all *
	                                         (size_t)(m->n + 1));
	double mean = stat_mean(x, m->draws.n), floor = 0;
	int n = 0, moved_by = 0;

	for (int i = 0; i < m->n; i++)
		moved_by += below[m->factor[i].slot];
	for (int i = 0; i < NULLS; i++)
		floor += share_of(m, m->n + i, x, mean, 0, m->draws.n) / NULLS;
	for (int i = 0; i < m->n && !isnan(floor); i++) {
		int slot = m->factor[i].slot;
		double v;

		if (!below[slot])
			continue;
		v = share_of(m, i, x, mean, 0, m->draws.n);
		v = v > 1.5 * floor ? (v - floor) / (1 - floor) : 0;
		/* where one class holds a long tail, less is seen of it */
		v = moved_by == 1 ? 1 : v;
		if (!(v >= LEAST))
			continue;
		all[n++] = (struct move) {
			.parameter = trade_slot_name(t, slot),
			.title = m->factor[i].preset || !b->slot[slot].param ?
				trade_slot_name(t, slot) :
				trade_slot_title(t, slot),
			.share = fmin(v, 1),
			.se = moved_by == 1 ? 0 :
			      replicate_error(m, i, x, mean),
		};
	}
	qsort(all, (size_t)n, sizeof *all, falling);
	*out = all;
	return n;
}
