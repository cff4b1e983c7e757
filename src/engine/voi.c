#include "engine/voi.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dist/draws.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "math/special.h"

#include "base/banned.h"

#define LEAST_BINS 8
#define MOST_BINS 64
#define PER_BIN 256             /* draws of a class, when there are enough */
#define FEW_BINS 16             /* fewer are values, not parts of a range */
#define WINDOW 0.05             /* of the draws on each side of a quantile */
#define LAW 4                   /* standard errors an order law may lack */
#define REPLICATES 64
#define CHANCE 1e-3
#define NOISE 3                 /* standard errors that hide a value */
#define SURELY 5                /* standard errors that need no test */
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

/* An option's cost against the best one's (alone: minus its own). */
static double raw(const struct judged *j, int o, int64_t i)
{
	double own = j->paid[j->best][i];

	return o == j->best ? -own : j->paid[o][i] - own;
}

static double column(const struct judged *j, const struct known *w, int o,
                     int64_t i)
{
	const struct rest *r = w->rest;
	double v;

	if (w->moved && !w->moved[o])
		return j->mean[o] - j->mean[j->best];
	if (!r)
		return raw(j, o, i);
	v = r->column[o][i];
	for (int c = 0; w->back >> c; c++)
		if (w->back >> c & 1)
			v += r->at[c].effect[r->at[c].bin[i] * r->k + o];
	return v;
}

/* Leads are taken from their mean, so that squares keep their digits. */
static void collect(const struct judged *j, const struct known *w,
                    int64_t from, int64_t to, double mean_lead,
                    struct sums *s)
{
	int k = j->in.noptions, next = j->second < 0 ? j->best : j->second;

	for (int64_t i = from; i < to; i++) {
		double lead;
		int b = w->bin[i];

		if (isnan(j->paid[j->best][i]))
			continue;
		lead = raw(j, next, i) - mean_lead;
		s->n[b]++;
		s->square += lead * lead;
		for (int o = 0; o < k; o++)
			if (j->status[o] == OPTION_OK && o != j->best)
				s->cost[b * k + o] += column(j, w, o, i);
		if (next == j->best)
			s->lead[b] += column(j, w, next, i) - mean_lead;
	}
	for (int b = 0; next != j->best && b < w->bins; b++)
		s->lead[b] = s->cost[b * k + next] -
		             (double)s->n[b] * mean_lead;
}

/* How the class means of one option's costs differ: by what they tell, and by
 * chance (one-way analysis of variance; what replicates of a class disagree
 * in is chance). */
struct spread { double mean, tells, chance, f; int classes, df; };

static struct spread spread_of(const struct sums *all, const struct sums *one,
                               int R, int without, int bins, int k, int o)
{
	struct spread s = { 0 };
	double n = 0, squares = 0, between = 0, within = 0;

	for (int b = 0; b < bins; b++) {
		n += (double)all->n[b];
		squares += (double)all->n[b] * (double)all->n[b];
		s.mean += all->cost[b * k + o];
		s.classes += all->n[b] > 0;
	}
	s.mean /= n;
	for (int b = 0; b < bins; b++) {
		double mean = all->n[b] ? all->cost[b * k + o] /
			(double)all->n[b] : 0;
		int parts = 0;

		between += (double)all->n[b] * (mean - s.mean) *
		           (mean - s.mean);
		for (int r = 0; r < R; r++) {
			double m = (double)one[r].n[b], d;

			if (r == without || m <= 0)
				continue;
			d = one[r].cost[b * k + o] / m - mean;
			within += m * d * d;
			parts++;
		}
		s.df += parts > 0 ? parts - 1 : 0;
	}
	if (s.classes < 2 || s.df < 1)
		return s;
	s.chance = within / s.df;
	s.f = s.chance > 0 ? between / (s.classes - 1) / s.chance :
	      between > 0 ? HUGE_VAL : 0;
	s.tells = fmax(between - (s.classes - 1) * s.chance, 0) /
	          (n - squares / n);
	return s;
}

/* The mean of the class minima.  Class means scatter by more than what they
 * tell, and the least of them gains by that, most of all where options are
 * close: each is drawn towards the whole mean until their spread is the one
 * that replicates agree on. */
static double gain(const struct judged *j, const struct sums *all,
                   const struct spread *sp, int bins)
{
	int k = j->in.noptions;
	int64_t n = 0;
	double sum = 0;

	for (int b = 0; b < bins; b++) {
		double least = 0, m = (double)all->n[b];

		n += all->n[b];
		for (int o = 0; m > 0 && o < k; o++) {
			double noise = sp[o].chance / m, keep = 1;

			if (o == j->best || j->status[o] != OPTION_OK)
				continue;
			if (noise > 0)
				keep = sqrt(sp[o].tells / (sp[o].tells + noise));
			least = fmin(least, sp[o].mean + keep *
				(all->cost[b * k + o] / m - sp[o].mean));
		}
		sum -= m * least;
	}
	return n > 0 ? sum / (double)n : NAN;
}

/* What the class's best option by the other replicates' draws saves in those
 * of one: noise wins nothing here, and loses where it chooses. */
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

/* Whether an option's class means differ by more than chance: one in a thousand
 * samples of what tells nothing says so. */
static bool differs(const struct spread *s)
{
	double x;

	if (s->classes < 2 || s->df < 1)
		return false;
	x = beta_inc_inv((s->classes - 1) / 2.0, s->df / 2.0, 1 - CHANCE);
	return s->f * (s->classes - 1) * (1 - x) > s->df * x;
}

/* From all replicates but one; *told, *apart (may be NULL): how far the two
 * ways to handle noise stand apart. */
static double value_of(const struct judged *j, const struct sums *one,
                       int without, int bins, bool *told, double *apart)
{
	int R = j->in.replicates, k = j->in.noptions, left = 0;
	struct spread *sp = xcalloc((size_t)k, sizeof *sp);
	struct sums all;
	double others = 0, value;

	sums_init(&all, bins, k);
	for (int r = 0; r < R; r++)
		if (r != without)
			sums_add(&all, &one[r], bins, k);
	for (int o = 0; o < k; o++)
		if (o != j->best && j->status[o] == OPTION_OK) {
			sp[o] = spread_of(&all, one, R, without, bins, k, o);
			if (told)
				*told |= R < 2 || differs(&sp[o]);
		}
	value = gain(j, &all, sp, bins);
	for (int r = 0; R > 1 && r < R; r++)
		if (r != without) {
			others += gain_by_others(j, &all, &one[r], bins);
			left++;
		}
	sums_release(&all);
	free(sp);
	if (left < 2)
		return value;
	if (apart)
		*apart = value - others / left;
	return fmax(value, others / left);
}

/* Errors by leaving out each replicate: chance is told apart anew each time.
 * Where it is much that leaves the error of telling them apart. */
static void find_value(const struct judged *j, const struct sums *one,
                       int bins, struct partial *p)
{
	int R = j->in.replicates;
	double rep[REPLICATES], apart = 0;

	p->told = false;
	p->se = NAN;
	p->value = value_of(j, one, -1, bins, &p->told, &apart);
	if (R > 2) {
		for (int r = 0; r < R; r++)
			rep[r] = value_of(j, one, r, bins, NULL, NULL);
		p->se = hypot((R - 1) * stat_replicate_se(rep, R), apart / 2);
	}
	p->told |= p->value > SURELY * p->se;
	if (!p->told)
		p->value = fmin(p->value, 0);
}

struct partial partial_of(const struct judged *j, const struct known *w)
{
	int R = j->in.replicates, k = j->in.noptions, bins = w->bins;
	int64_t each = j->in.n / R;
	double rep[2][REPLICATES], mean = j->second < 0 ? -j->mean[j->best] :
	                          j->mean[j->second] - j->mean[j->best];
	struct sums all, one[REPLICATES] = { 0 };
	struct partial p = { 0 };

	sums_init(&all, bins, k);
	for (int r = 0; r < R; r++) {
		sums_init(&one[r], bins, k);
		collect(j, w, r * each, (r + 1) * each, mean, &one[r]);
		sums_add(&all, &one[r], bins, k);
		rep[0][r] = lead_around(&one[r], bins, 0.1);
		rep[1][r] = lead_around(&one[r], bins, 0.9);
	}
	find_value(j, one, bins, &p);
	find_share(one, R, bins, &p);
	p.low = mean + lead_around(&all, bins, 0.1);
	p.high = mean + lead_around(&all, bins, 0.9);
	p.low_se = stat_replicate_se(rep[0], R);
	p.high_se = stat_replicate_se(rep[1], R);
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
	p = partial_of(&t->judged, &(struct known) { .bin = bin, .bins = most,
	                                             .rest = &t->rest });
	free(bin);
	return p;
}

/* The noise: how far the worth of what tells nothing is uncertain.  A net has
 * pairs of coordinates that are badly spread together (one in thirty: the first
 * digit of one is settled by the first six of the other), so the median of
 * several is what an input meets as a rule; one that is worse off shows it in
 * its own standard error. */
static void find_floor(struct trade *t)
{
	static const double middle = 0.5;
	double error[DRAWS_NULLS];

#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < DRAWS_NULLS; i++)
		error[i] = NOISE * null_partial(t, DRAWS_NULL + i).se;
	stat_quantiles(error, stat_compact(error, DRAWS_NULLS), &middle, 1,
	               &t->floor);
	if (isnan(t->floor))
		t->floor = 0;
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

static void partial_find(const struct trade *t, int i)
{
	struct known w = { .bin = t->bin[i], .bins = t->bins[i],
	                   .rest = &t->rest,
	                   .back = rest_back(t, &t->rest, i) };
	bool *moved = xcalloc((size_t)t->judged.in.noptions, 1);

	rest_moved(t, &t->factor[i], moved);
	w.moved = moved;
	t->partial[i] = partial_of(&t->judged, &w);
	free(moved);
}

/* Each factor is one thread's work from end to end. */
void partials_find(struct trade *t)
{
	int64_t draws = t->run->draws.n;
	int most = partial_bins(draws), n = t->nfactors;

	if (t->partial)
		return;
	jumps_find(t);
	t->partial = xcalloc((size_t)n + 1, sizeof *t->partial);
	t->bin = xcalloc((size_t)n + 1, sizeof *t->bin);
	t->bins = xcalloc((size_t)n + 1, sizeof *t->bins);
	for (int i = 0; i < n; i++)
		sample_prepare(t->sample, &t->factor[i].slot, 1);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < n; i++) {
		t->bin[i] = xcalloc((size_t)draws, 1);
		factor_bins(t, &t->factor[i], most, t->bin[i], &t->bins[i]);
	}
	rest_init(&t->rest, t, t->bin, t->bins);
	find_floor(t);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < n; i++)
		partial_find(t, i);
	check_shares(t);
}
