#include "engine/voi.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dist/draws.h"
#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

#define LEAST_BINS 8
#define MOST_BINS 64
#define PER_BIN 256             /* draws of a class, when there are enough */
#define FEW_BINS 16             /* fewer are values, not parts of a range */
#define WINDOW 0.05             /* of the draws on each side of a quantile */
#define NULLS 8                 /* coordinates that no model reads */
#define LAW 4                   /* standard errors an order law may lack */

int partial_bins(int64_t n)
{
	int64_t bins = stat_power_of_two(n < PER_BIN ? 1 : n / PER_BIN);

	return (int)(bins < LEAST_BINS ? LEAST_BINS :
	             bins > MOST_BINS ? MOST_BINS : bins);
}

/* Sums of one part of the sample: by class, of each option's cost and of the
 * lead and its square. */
struct sums {
	int64_t *n;                     /* [bin] */
	double *cost;                   /* [bin * K + o] */
	double *lead;                   /* [bin] */
	double square;                  /* of all leads */
};

static void sums_init(struct sums *s, int bins, int k)
{
	s->n = xcalloc((size_t)bins, sizeof *s->n);
	s->cost = xcalloc((size_t)(bins * (k + 1)), sizeof *s->cost);
	s->lead = s->cost + bins * k;
	s->square = 0;
}

static void sums_release(struct sums *s)
{
	free(s->n);
	free(s->cost);
}

static void sums_add(struct sums *to, const struct sums *from, int bins,
                     int k)
{
	for (int b = 0; b < bins; b++)
		to->n[b] += from->n[b];
	for (int i = 0; i < bins * (k + 1); i++)
		to->cost[i] += from->cost[i];
	to->square += from->square;
}

/* Leads are taken from their mean, so that squares keep their digits. */
static void collect(const struct judged *j, const unsigned char *bin,
                    int64_t from, int64_t to, double mean_lead,
                    struct sums *s)
{
	int k = j->in.noptions, best = j->best, next = j->second;

	for (int64_t i = from; i < to; i++) {
		double own = j->paid[best][i], lead;
		int b = bin[i];

		if (isnan(own))
			continue;
		lead = (next < 0 ? -own : j->paid[next][i] - own) - mean_lead;
		s->n[b]++;
		s->lead[b] += lead;
		s->square += lead * lead;
		for (int o = 0; o < k; o++)
			if (j->status[o] == OPTION_OK)
				s->cost[b * k + o] += j->paid[o][i] - own;
	}
}

/* Costs are differences to the best option's: zero for itself. */
static double gain(const struct judged *j, const struct sums *s, int bins)
{
	int k = j->in.noptions;
	int64_t n = 0;
	double sum = 0;

	for (int b = 0; b < bins; b++) {
		double least = 0;

		n += s->n[b];
		for (int o = 0; o < k; o++)
			if (j->status[o] == OPTION_OK)
				least = fmin(least, s->cost[b * k + o]);
		sum -= least;
	}
	return n > 0 ? sum / (double)n : NAN;
}

static double share_of(const struct sums *s, int bins)
{
	double between = 0, sum = 0;
	int64_t n = 0;

	for (int b = 0; b < bins; b++) {
		if (s->n[b] == 0)
			continue;
		between += s->lead[b] * s->lead[b] / (double)s->n[b];
		sum += s->lead[b];
		n += s->n[b];
	}
	if (n == 0)
		return NAN;
	sum *= sum / (double)n;
	/* differences far below the squares are rounding, not variance */
	if (!(s->square - sum > 1e-13 * s->square))
		return NAN;
	return fmin(fmax((between - sum) / (s->square - sum), 0), 1);
}

/* The expected lead of the draws whose factor lies around its quantile `at`:
 * the class that holds it, or, where classes are narrow, those within WINDOW of
 * it by their overlap. */
static double lead_around(const struct sums *s, int bins, double at)
{
	double width = bins < FEW_BINS ? 0 : WINDOW;
	double sum = 0, weight = 0, done = 0, n = 0;

	for (int b = 0; b < bins; b++)
		n += (double)s->n[b];
	for (int b = 0; b < bins && n > 0; b++) {
		double share = (double)s->n[b] / n, w;

		w = fmin(done + share, at + width) - fmax(done, at - width);
		if (width == 0.0)
			w = done <= at && at < done + share;
		if (w > 0 && s->n[b] > 0) {
			sum += w * s->lead[b] / (double)s->n[b];
			weight += w;
		}
		done += share;
	}
	return weight > 0 ? sum / weight : NAN;
}

/* A replicate has fewer draws, so neighbouring classes are joined. */
static void join(struct sums *s, int bins, int to, int k)
{
	int by = bins / to;

	for (int b = 0; by > 1 && b < bins; b++) {
		int at = b / by;

		if (at == b)
			continue;
		s->n[at] += s->n[b];
		s->lead[at] += s->lead[b];
		s->n[b] = 0;
		s->lead[b] = 0;
		for (int o = 0; o < k; o++) {
			s->cost[at * k + o] += s->cost[b * k + o];
			s->cost[b * k + o] = 0;
		}
	}
}

struct partial partial_of(const struct judged *j, const unsigned char *bin,
                          int bins)
{
	int R = j->in.replicates, k = j->in.noptions;
	int64_t each = j->in.n / R;
	double rep[4][64], mean = j->second < 0 ? -j->mean[j->best] :
	                          j->mean[j->second] - j->mean[j->best];
	struct sums all;
	struct partial p;

	sums_init(&all, bins, k);
	for (int r = 0; r < R; r++) {
		struct sums one;
		int fewer = each / bins >= 32 ? bins : bins / 2;

		sums_init(&one, bins, k);
		collect(j, bin, r * each, (r + 1) * each, mean, &one);
		sums_add(&all, &one, bins, k);
		if (fewer >= LEAST_BINS)
			join(&one, bins, fewer, k);
		if (r < 64) {
			rep[0][r] = gain(j, &one, bins);
			rep[1][r] = share_of(&one, bins);
			rep[2][r] = lead_around(&one, bins, 0.1);
			rep[3][r] = lead_around(&one, bins, 0.9);
		}
		sums_release(&one);
	}
	p.value = gain(j, &all, bins);
	p.share = share_of(&all, bins);
	p.low = mean + lead_around(&all, bins, 0.1);
	p.high = mean + lead_around(&all, bins, 0.9);
	R = R < 64 ? R : 64;
	p.se = stat_replicate_se(rep[0], R);
	p.share_se = stat_replicate_se(rep[1], R);
	p.low_se = stat_replicate_se(rep[2], R);
	p.high_se = stat_replicate_se(rep[3], R);
	sums_release(&all);
	return p;
}

/* --- all factors of a trade-off ----------------------------------------- */

/* What a coordinate that nothing reads seems to be worth. */
static struct partial null_partial(const struct trade *t, int dim)
{
	int64_t n = t->run->draws.n;
	int most = partial_bins(n);
	unsigned char *bin = xcalloc((size_t)n, 1);
	struct partial p;

	for (int64_t at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;
		double u[TAPE_BLOCK];

		draws_fill(&t->run->draws, dim, at, count, u);
		for (int i = 0; i < count; i++)
			bin[at + i] = (unsigned char)(u[i] * most);
	}
	p = partial_of(&t->judged, bin, most);
	free(bin);
	return p;
}

/* The noise: where options are close, classes of heavy-tailed draws seem to
 * tell something.  One such coordinate may be lucky, the most of several is a
 * floor to trust. */
static void find_floor(struct trade *t)
{
	struct partial p[NULLS];

#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < NULLS; i++)
		p[i] = null_partial(t, DRAWS_NULL + i);
	for (int i = 0; i < NULLS; i++) {
		t->floor = fmax(t->floor, p[i].value);
		t->share_floor += isnan(p[i].share) ? 0 : p[i].share / NULLS;
	}
}

/* Classes of pure noise differ a little, too: that much is taken off a share,
 * which is never negative. */
static double above_floor(double share, double noise)
{
	return share <= 1.5 * noise ? fmin(share, 0) : (share - noise) /
	                                               (1 - noise);
}

/* First-order shares of independent inputs sum to one at most; each of them may
 * hold as much noise again as was taken off. */
static void check_shares(struct trade *t)
{
	double sum = 0, error = 0;

	if (t->sample->copula || t->judged.in.replicates < 2)
		return;
	for (int i = 0; i < t->nfactors; i++) {
		const struct partial *p = &t->partial[i];

		if (t->factor[i].preset || isnan(p->share))
			continue;
		sum += p->share;
		if (!isnan(p->share_se))
			error += LAW * p->share_se;
		error += t->share_floor;
	}
	if (sum > 1 + error + 1e-9)
		trade_warn(t, "order_law", "the parts of the variance sum to "
		           "%.3g: please report this as a bug", sum);
}

/* Each factor is one thread's work from end to end. */
void partials_find(struct trade *t)
{
	int64_t draws = t->run->draws.n;
	int most = partial_bins(draws), n = t->nfactors;

	if (t->partial)
		return;
	find_floor(t);
	t->partial = xcalloc((size_t)n + 1, sizeof *t->partial);
	for (int i = 0; i < n; i++)
		sample_prepare(t->sample, &t->factor[i].slot, 1);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < n; i++) {
		unsigned char *bin = xcalloc((size_t)draws, 1);
		int bins;

		factor_bins(t, &t->factor[i], most, bin, &bins);
		t->partial[i] = partial_of(&t->judged, bin, bins);
		free(bin);
	}
	for (int i = 0; i < n; i++)
		t->partial[i].share = above_floor(t->partial[i].share,
		                                  t->share_floor);
	check_shares(t);
}

/* 0 <= EVPPI <= EVPI: within four standard errors the ordered projection,
 * beyond it no number and a bug report. */
static double ordered(struct trade *t, const char *name,
                      const struct partial *p, double noise)
{
	double evpi = t->judged.evpi, se = t->judged.evpi_se;

	if (p->value <= 2 * noise)
		return 0;
	if (p->value <= evpi)
		return p->value;
	if (p->value - evpi <= LAW * hypot(p->se, se) + 1e-9 * evpi)
		return evpi;
	trade_warn(t, "order_law", "knowing %s alone seems worth more than "
	           "knowing everything: please report this as a bug", name);
	return NAN;
}

static int dearer(const void *a, const void *b)
{
	const struct evppi *x = a, *y = b;

	if (isnan(x->value) || isnan(y->value))
		return isnan(x->value) - isnan(y->value);
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return strcmp(x->parameter, y->parameter);
}

void voi_report(struct trade *t)
{
	struct voi *v = &t->out->voi;
	double unit = fabs(t->unit);
	const struct partial *p;
	int n = t->nfactors;

	if (t->judged.best < 0 || t->run->point)
		return;
	v->present = true;
	v->evpi = t->judged.evpi * unit;
	v->evpi_se = t->judged.evpi_se * unit;
	partials_find(t);
	p = t->partial;
	v->noise = t->floor * unit;
	v->evppi = arena_alloc(t->arena, sizeof *v->evppi * (size_t)(n + 1));
	for (int i = 0; i < n; i++) {
		const char *name = trade_slot_name(t, t->factor[i].slot);

		v->evppi[v->nevppi++] = (struct evppi) {
			.parameter = name,
			.title = trade_slot_title(t, t->factor[i].slot),
			.value = ordered(t, name, &p[i], t->floor) * unit,
			.se = p[i].se * unit,
		};
	}
	qsort(v->evppi, (size_t)n, sizeof *v->evppi, dearer);
}
