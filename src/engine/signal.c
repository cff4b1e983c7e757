#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/regress.h"
#include "engine/trade.h"
#include "engine/voi.h"
#include "math/special.h"

#include "base/banned.h"

static void open_signal(struct signal *s, int64_t n)
{
	*s = (struct signal) { .n = n, .low = HUGE_VAL, .high = -HUGE_VAL };
	s->z = xcalloc((size_t)n + 1, sizeof *s->z);
}

void signal_release(struct signal *s)
{
	free(s->z);
	free(s->bin);
	*s = (struct signal) { 0 };
}

static void set_score(struct signal *s, int64_t i, double u)
{
	s->z[i] = normal_quantile(u);
	s->low = fmin(s->low, s->z[i]);
	s->high = fmax(s->high, s->z[i]);
}

/* --- fewer draws ----------------------------------------------------------- */

int64_t regress_each(const struct judged *j)
{
	int64_t each = j->in.n / j->in.replicates;
	int64_t most = REGRESS_DRAWS / j->in.replicates;

	return each < most ? each : most;
}

void column_cut(double *v, const struct judged *j)
{
	int64_t all = j->in.n / j->in.replicates, each = regress_each(j);

	for (int r = 1; all > each && r < j->in.replicates; r++)
		memmove(v + r * each, v + r * all,
		        sizeof *v * (size_t)each);
}

void signal_cut(struct signal *s, const struct judged *j)
{
	int64_t all = j->in.n / j->in.replicates, each = regress_each(j);

	if (all == each)
		return;
	column_cut(s->z, j);
	for (int r = 1; r < j->in.replicates; r++)
		memmove(s->bin + r * each, s->bin + r * all, (size_t)each);
	s->n = each * j->in.replicates;
}

void judged_cut(const struct judged *j, struct judged *out)
{
	int k = j->in.noptions;
	int64_t each = regress_each(j), all = j->in.n / j->in.replicates;

	*out = *j;
	out->in.n = each * j->in.replicates;
	out->paid = xcalloc((size_t)k, sizeof *out->paid);
	out->own = xcalloc((size_t)k * (size_t)out->in.n, sizeof *out->own);
	for (int o = 0; o < k; o++) {
		double *to = out->own + o * out->in.n;

		out->paid[o] = to;
		for (int r = 0; r < j->in.replicates; r++)
			memcpy(to + r * each, j->paid[o] + r * all,
			       sizeof *to * (size_t)each);
	}
}

void judged_cut_release(struct judged *cut)
{
	free(cut->paid);
	free(cut->own);
}

/* --- what a value tells ---------------------------------------------------- */

struct ranked { double x; int64_t at; };

static int by_value(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->at > q->at) - (p->at < q->at);
}

/* Equal values share the middle of their ranks. Returns how many differ;
 * *order (may be NULL) receives what was sorted. */
static int64_t rank(const double *x, int64_t n, struct signal *s,
                    struct ranked *r)
{
	int64_t distinct = 0;

	for (int64_t i = 0; i < n; i++)
		r[i] = (struct ranked) { x[i], i };
	qsort(r, (size_t)n, sizeof *r, by_value);
	for (int64_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && r[end].x == r[i].x; end++)
			;
		for (int64_t k = i; k < end; k++)
			set_score(s, r[k].at, 0.5 * (double)(i + end) /
			                      (double)n);
		distinct++;
	}
	return distinct;
}

void signal_of_values(const double *x, int64_t n, struct signal *s)
{
	struct ranked *r = xcalloc((size_t)n + 1, sizeof *r);
	int64_t distinct;

	open_signal(s, n);
	s->bin = xcalloc((size_t)n + 1, 1);
	distinct = rank(x, n, s, r);
	s->values = distinct <= SIGNAL_VALUES;
	s->bins = s->values ? (int)distinct : partial_bins(n);
	for (int64_t i = 0, at = -1; i < n; i++) {
		at += i == 0 || r[i].x != r[i - 1].x;
		s->bin[r[i].at] = (unsigned char)(s->values ? at :
		                                  i * s->bins / n);
	}
	free(r);
}

/* Whether no class holds two scores. */
static bool one_value_each(const struct signal *s)
{
	double first[256];

	for (int b = 0; b < 256; b++)
		first[b] = NAN;
	for (int64_t i = 0; i < s->n; i++) {
		double *z = &first[s->bin[i]];

		if (!isnan(*z) && *z != s->z[i])
			return false;
		*z = s->z[i];
	}
	return true;
}

/* A law with a coordinate of its own is scored by that; any other by the rank
 * of its value. */
static void score_factor(const struct trade *t, const struct factor *f,
                         struct signal *s)
{
	bool ranks = factor_ranked(t, f);
	int64_t n = s->n;
	double *x = xcalloc((size_t)n + 1, sizeof *x);

	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;

		(ranks ? sample_fill : sample_coordinates)
			(t->sample, f->slot, at, count, x + at);
	}
	if (ranks) {
		struct ranked *r = xcalloc((size_t)n + 1, sizeof *r);

		rank(x, n, s, r);
		free(r);
	} else {
		for (int64_t i = 0; i < n; i++)
			set_score(s, i, x[i]);
	}
	free(x);
}

void signal_of_factor(const struct trade *t, const struct factor *f,
                      struct signal *s)
{
	int64_t n = t->run->draws.n;

	open_signal(s, n);
	s->bin = xcalloc((size_t)n + 1, 1);
	factor_bins(t, f, partial_bins(n), s->bin, &s->bins);
	score_factor(t, f, s);
	s->values = one_value_each(s);
}
