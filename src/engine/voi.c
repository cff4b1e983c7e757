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
#define LAW 4                   /* standard errors an order law may lack */
#define REPLICATES 64
#define MOST_FALL 0.6           /* heavier tails than these go unextrapolated */

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

/* What the class's best option by the other replicates' draws saves in those
 * of one: what noise wins in gain() it loses here. */
static double gain_by_others(const struct judged *j, const struct sums *all,
                             const struct sums *one, int bins)
{
	int k = j->in.noptions;
	int64_t n = 0;
	double sum = 0;

	for (int b = 0; b < bins; b++) {
		double least = 0, got = 0;

		n += one->n[b];
		for (int o = 0; o < k; o++) {
			double c = one->cost[b * k + o];
			double others = all->cost[b * k + o] - c;

			if (j->status[o] == OPTION_OK && others < least) {
				least = others;
				got = c;
			}
		}
		sum -= got;
	}
	return n > 0 ? sum / (double)n : NAN;
}

/* The square of what replicates estimate each, without the noise of any: the
 * mean of the products of two that differ. */
struct product { double sum, squares; int n; };

static void product_add(struct product *p, double x)
{
	p->sum += x;
	p->squares += x * x;
	p->n++;
}

static double product_mean(const struct product *p)
{
	return p->n > 1 ? (p->sum * p->sum - p->squares) / p->n / (p->n - 1) :
	       p->squares;
}

static double ratio(double a, int64_t n)
{
	return a / (double)n;
}

/* The first-order share of the lead's variance in classes that join `by`
 * neighbours, from all replicates but one (`without`; -1: from all).  One
 * sample's classes differ by chance, too; the chance of two replicates is not
 * the same, so that their products hold none and the share of what tells
 * nothing comes out on both sides of zero. */
static double share_in(const struct sums *one, int R, int bins, int by,
                       int without)
{
	struct product whole = { 0 };
	double between = 0, square = 0, lead = 0;
	int64_t all = 0;

	for (int b = 0; b < bins; b += by) {
		struct product p = { 0 };
		int64_t n = 0;

		for (int r = 0; r < R; r++) {
			double sum = 0;
			int64_t here = 0;

			for (int i = b; i < b + by && r != without; i++) {
				sum += one[r].lead[i];
				here += one[r].n[i];
			}
			if (here > 0)
				product_add(&p, ratio(sum, here));
			n += here;
		}
		between += (double)n * product_mean(&p);
		all += n;
	}
	for (int r = 0; r < R; r++) {
		double sum = 0;
		int64_t n = 0;

		for (int b = 0; b < bins && r != without; b++) {
			sum += one[r].lead[b];
			n += one[r].n[b];
		}
		if (n > 0)
			product_add(&whole, ratio(sum, n));
		lead += sum;
		square += n > 0 ? one[r].square : 0;
	}
	if (all == 0)
		return NAN;
	square = ratio(square, all);
	lead = ratio(lead, all) * ratio(lead, all);
	/* differences far below the squares are rounding, not variance */
	if (!(square - lead > 1e-13 * square))
		return NAN;
	return (ratio(between, all) - product_mean(&whole)) / (square - lead);
}

/* What the classes of a range still hide inside, the last above all: the share
 * rises with each halving of them, by less each time, and the rest of that row
 * is added as a geometric one (Aitken). */
static double share_of(const struct sums *one, int R, int bins, int without)
{
	double fine = share_in(one, R, bins, 1, without), last, before, fall;

	if (bins < 2 * FEW_BINS || bins % 4)
		return fine;
	before = share_in(one, R, bins, 2, without);
	last = fine - before;
	before -= share_in(one, R, bins, 4, without);
	if (!(last > 0) || !(before > 0))
		return fine;
	fall = fmin(last / before, MOST_FALL);
	return fine + last * fall / (1 - fall);
}

/* The share, never negative; its error by leaving out each replicate, and a
 * quarter of what was added for the inside of classes. */
static void find_share(const struct sums *one, int R, int bins,
                       struct partial *p)
{
	double rep[REPLICATES], share = share_of(one, R, bins, -1);
	double added = share - share_in(one, R, bins, 1, -1);

	p->share = isnan(share) ? share : fmin(fmax(share, 0), 1);
	p->share_se = NAN;
	if (R < 3)
		return;
	for (int r = 0; r < R; r++)
		rep[r] = share_of(one, R, bins, r);
	p->share_se = hypot((R - 1) * stat_replicate_se(rep, R), added / 4);
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

/* Replicates bear fewer classes: they are joined in each, for its error. */
static void errors_of(const struct judged *j, struct sums *one, int R,
                      int bins, struct partial *p)
{
	int64_t each = j->in.n / R;
	int fewer = each / bins >= 32 ? bins : bins / 2;
	double rep[3][REPLICATES];

	for (int r = 0; r < R; r++) {
		if (fewer >= LEAST_BINS)
			join(&one[r], bins, fewer, j->in.noptions);
		rep[0][r] = gain(j, &one[r], bins);
		rep[1][r] = lead_around(&one[r], bins, 0.1);
		rep[2][r] = lead_around(&one[r], bins, 0.9);
	}
	p->se = stat_replicate_se(rep[0], R);
	p->low_se = stat_replicate_se(rep[1], R);
	p->high_se = stat_replicate_se(rep[2], R);
}

struct partial partial_of(const struct judged *j, const unsigned char *bin,
                          int bins)
{
	int R = j->in.replicates, k = j->in.noptions;
	int64_t each = j->in.n / R;
	double others = 0, mean = j->second < 0 ? -j->mean[j->best] :
	                          j->mean[j->second] - j->mean[j->best];
	struct sums all, one[REPLICATES] = { 0 };
	struct partial p;

	sums_init(&all, bins, k);
	for (int r = 0; r < R; r++) {
		sums_init(&one[r], bins, k);
		collect(j, bin, r * each, (r + 1) * each, mean, &one[r]);
		sums_add(&all, &one[r], bins, k);
	}
	for (int r = 0; r < R; r++)
		others += gain_by_others(j, &all, &one[r], bins) / R;
	p.value = gain(j, &all, bins);
	if (R > 1)
		p.value = fmax((p.value + others) / 2, 0);
	find_share(one, R, bins, &p);
	p.low = mean + lead_around(&all, bins, 0.1);
	p.high = mean + lead_around(&all, bins, 0.9);
	errors_of(j, one, R, bins, &p);
	for (int r = 0; r < R; r++)
		sums_release(&one[r]);
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

/* The noise: where options are close, classes of draws seem to tell something
 * though they do not.  A net has pairs of coordinates that are badly spread
 * together (one in thirty: the first digit of one is settled by the first six
 * of the other), so the median of several is what an input meets as a rule;
 * one that is worse off shows it in its own standard error. */
static void find_floor(struct trade *t)
{
	static const double middle = 0.5;
	struct partial p[DRAWS_NULLS];
	double value[DRAWS_NULLS];

#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < DRAWS_NULLS; i++)
		p[i] = null_partial(t, DRAWS_NULL + i);
	for (int i = 0; i < DRAWS_NULLS; i++)
		value[i] = p[i].value;
	stat_quantiles(value, DRAWS_NULLS, &middle, 1, &t->floor);
}

/* First-order shares of independent inputs sum to one at most. */
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
	jumps_find(t);
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
	check_shares(t);
}
