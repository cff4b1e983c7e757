#include "engine/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/cache.h"
#include "engine/copula.h"
#include "math/special.h"

#include "base/banned.h"

#define EDGE 0x1p-33            /* coordinates stay inside (EDGE, 1 - EDGE) */

/* --- a slot's own law --------------------------------------------------- */

int slot_labels(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];
	const struct bound_model *m;

	if (s->kind != SLOT_MIXED)
		return 1;
	m = &b->model[b->slot[s->preset].model];
	for (int i = 0; i < m->model->npresets; i++)
		if (m->first_slot + m->model->preset[i].slot == s->preset)
			return m->model->preset[i].n;
	return 0;
}

/* A preset's coordinate is a discrete law over the numbers of its labels, or
 * one of them. */
static const struct dist *law(const struct bound *b, int slot, int label)
{
	const struct slot *s = &b->slot[slot];

	return s->kind == SLOT_MIXED ? s->by_label[label] : s->dist;
}

static int central_label(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];

	if (s->kind != SLOT_MIXED)
		return 0;
	return (int)dist_central(b->slot[s->preset].dist);
}

bool slot_drawn(const struct bound *b, int slot)
{
	return b->slot[slot].kind == SLOT_INPUT ||
	       b->slot[slot].kind == SLOT_MIXED;
}

bool slot_fixed(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];

	if (s->kind == SLOT_MIXED && !dist_is_point(b->slot[s->preset].dist))
		return false;
	return dist_is_point(law(b, slot, central_label(b, slot)));
}

double slot_central(const struct bound *b, int slot)
{
	return dist_central(law(b, slot, central_label(b, slot)));
}

static double label_weight(const struct dist *preset, int label)
{
	double weight = 0;

	if (dist_is_point(preset))
		return (int)dist_central(preset) == label;
	for (int i = 0; i < preset->n; i++)
		if ((int)preset->value[i] == label)
			weight += preset->weight[i];
	return weight;
}

double preset_weight(const struct bound *b, int slot, int label)
{
	return label_weight(b->slot[slot].dist, label);
}

double slot_mean(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];
	double mean = 0;

	if (s->kind != SLOT_MIXED)
		return dist_mean(s->dist);
	for (int i = 0; i < slot_labels(b, slot); i++) {
		double w = label_weight(b->slot[s->preset].dist, i);

		if (w > 0)
			mean += w * dist_mean(s->by_label[i]);
	}
	return mean;
}

static double mixed_cdf(const struct bound *b, int slot, double x)
{
	const struct slot *s = &b->slot[slot];
	double sum = 0;

	for (int i = 0; i < slot_labels(b, slot); i++) {
		double w = label_weight(b->slot[s->preset].dist, i);

		if (w > 0)
			sum += w * dist_cdf(s->by_label[i], x);
	}
	return sum;
}

double slot_quantile(const struct bound *b, int slot, double u)
{
	const struct slot *s = &b->slot[slot];
	double lo = HUGE_VAL, hi = -HUGE_VAL, width;

	if (s->kind != SLOT_MIXED)
		return dist_quantile(s->dist, u);
	for (int i = 0; i < slot_labels(b, slot); i++) {
		if (!(label_weight(b->slot[s->preset].dist, i) > 0))
			continue;
		lo = fmin(lo, dist_quantile(s->by_label[i], u));
		hi = fmax(hi, dist_quantile(s->by_label[i], u));
	}
	if (mixed_cdf(b, slot, lo) >= u)        /* an atom of the least law */
		return lo;
	width = hi - lo;
	for (int i = 0; i < 200 && hi - lo > 1e-14 * fmax(fabs(hi), width);
	     i++) {
		double mid = lo + (hi - lo) / 2;

		if (mixed_cdf(b, slot, mid) < u)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

/* --- samples ------------------------------------------------------------ */

bool sample_init(struct sample *s, const struct bound *b,
                 const struct draws *d, struct err *err)
{
	size_t n = (size_t)b->nslots + 1;

	*s = (struct sample) { .bound = b, .draws = *d };
	if (!copula_new(b, &s->copula, err))
		return false;
	s->central = xcalloc(n, sizeof *s->central);
	s->fixed = xcalloc(n, sizeof *s->fixed);
	s->ready = xcalloc(n, sizeof *s->ready);
	s->table = xcalloc(n, sizeof *s->table);
	for (int i = 0; i < b->nslots; i++) {
		if (!slot_drawn(b, i))
			continue;
		s->central[i] = slot_central(b, i);
		s->fixed[i] = slot_fixed(b, i);
	}
	return true;
}

void sample_release(struct sample *s)
{
	for (int i = 0; s->table && i < s->bound->nslots; i++) {
		for (int k = 0; s->table[i] && k < slot_labels(s->bound, i); k++)
			if (s->table[i][k])
				cache_release(s->cache, s->table[i][k]);
		free(s->table[i]);
	}
	free(s->table);
	free(s->central);
	free(s->fixed);
	free(s->ready);
	copula_free(s->copula);
	*s = (struct sample) { 0 };
}

static void prepare(struct sample *s, int slot)
{
	const struct bound *b = s->bound;
	int n;

	if (s->ready[slot])
		return;
	s->ready[slot] = true;
	if (s->fixed[slot])
		return;
	if (b->slot[slot].kind == SLOT_MIXED)
		prepare(s, b->slot[slot].preset);
	n = slot_labels(b, slot);
	s->table[slot] = xcalloc((size_t)n, sizeof *s->table[slot]);
	for (int k = 0; k < n; k++) {
		const struct dist *d = law(b, slot, k);

		if (d && !dist_is_point(d))
			s->table[slot][k] = cache_table(s->cache, d);
	}
}

void sample_prepare(struct sample *s, const int *slots, int n)
{
	for (int i = 0; i < n; i++)
		prepare(s, slots[i]);
}

static void mix_scores(const struct sample *s, int row, int64_t first,
                       int count, double *u)
{
	double z[TAPE_BLOCK] = { 0 };

	for (int j = 0; j <= row; j++) {
		double w = copula_weight(s->copula, row, j);
		int dim = s->bound->slot[copula_slot(s->copula, j)].dim;

		draws_fill(&s->draws, dim, first, count, u);
		for (int i = 0; i < count; i++)
			z[i] += w * normal_quantile(u[i]);
	}
	for (int i = 0; i < count; i++)
		u[i] = fmin(fmax(normal_cdf(z[i]), EDGE), 1 - EDGE);
}

void sample_coordinates(const struct sample *s, int slot, int64_t first,
                        int count, double *u)
{
	int row = copula_row(s->copula, slot);

	if (row >= 0)
		mix_scores(s, row, first, count, u);
	else
		draws_fill(&s->draws, s->bound->slot[slot].dim, first, count,
		           u);
}

static void fill_label(const struct sample *s, int slot, int label,
                       const double *u, int count, double *x)
{
	const struct qtable *t = s->table[slot][label];
	double fixed;

	if (t) {
		qtable_fill(t, u, x, count);
		return;
	}
	fixed = dist_central(law(s->bound, slot, label));
	for (int i = 0; i < count; i++)
		x[i] = fixed;
}

void sample_quantiles(const struct sample *s, int slot, const double *label,
                      const double *u, int count, double *x)
{
	double one[TAPE_BLOCK];

	if (s->bound->slot[slot].kind != SLOT_MIXED) {
		fill_label(s, slot, 0, u, count, x);
		return;
	}
	for (int k = 0; k < slot_labels(s->bound, slot); k++) {
		if (!law(s->bound, slot, k))
			continue;
		fill_label(s, slot, k, u, count, one);
		for (int i = 0; i < count; i++)
			if ((int)label[i] == k)
				x[i] = one[i];
	}
}

void sample_fill(const struct sample *s, int slot, int64_t first, int count,
                 double *x)
{
	const struct slot *sl = &s->bound->slot[slot];
	double u[TAPE_BLOCK], label[TAPE_BLOCK];

	if (s->fixed[slot]) {
		for (int i = 0; i < count; i++)
			x[i] = s->central[slot];
		return;
	}
	sample_coordinates(s, slot, first, count, u);
	if (sl->kind == SLOT_MIXED)
		sample_fill(s, sl->preset, first, count, label);
	sample_quantiles(s, slot, label, u, count, x);
}
