#include "engine/judge.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/stats.h"
#include "math/special.h"

#include "base/banned.h"

/* --- what each option costs in each draw -------------------------------- */

static bool has_gaps(const struct costs *c, int o)
{
	for (int64_t i = 0; i < c->n; i++)
		if (isnan(c->cost[o * c->n + i]))
			return true;
	return false;
}

static double dearest(const struct costs *c, int64_t i)
{
	double most = NAN;

	for (int k = 0; k < c->noptions; k++)
		most = fmax(most, c->cost[k * c->n + i]);
	return most;
}

static void pay_gaps(const struct costs *c, int o, double *paid)
{
	for (int64_t i = 0; i < c->n; i++) {
		double v = c->cost[o * c->n + i];

		if (isnan(v))
			v = c->cost[c->pay * c->n + i];
		paid[i] = isnan(v) ? dearest(c, i) : v;
	}
}

static void fill_paid(struct judged *j)
{
	const struct costs *c = &j->in;
	int gaps = 0;

	for (int o = 0; o < c->noptions; o++)
		gaps += has_gaps(c, o);
	j->own = gaps ? xcalloc((size_t)gaps * (size_t)c->n, sizeof *j->own)
	              : NULL;
	gaps = 0;
	for (int o = 0; o < c->noptions; o++) {
		double *own = has_gaps(c, o) ?
			j->own + gaps++ * c->n : NULL;

		j->paid[o] = own ? own : c->cost + o * c->n;
		if (own)
			pay_gaps(c, o, own);
	}
}

/* --- statuses and means ------------------------------------------------- */

bool judge_too_often(const struct judged *j, int o)
{
	return 1 - j->feasible[o] > j->in.at_most * (1 + 1e-12);
}

static void set_status(struct judged *j)
{
	const struct costs *c = &j->in;

	for (int o = 0; o < c->noptions; o++) {
		int64_t numbers;

		stat_sum(c->cost + o * c->n, c->n, &numbers);
		j->feasible[o] = (double)numbers / (double)c->n;
		j->status[o] = c->barred[o] ? OPTION_BARRED :
		               judge_too_often(j, o) ? OPTION_INFEASIBLE :
		               OPTION_OK;
		j->nok += j->status[o] == OPTION_OK;
	}
}

/* What is infeasible too often, barred or not, is averaged over the draws in
 * which it could be taken: no other option's cost stands in for it. */
static void set_means(struct judged *j)
{
	const struct costs *c = &j->in;
	int64_t each = c->n / c->replicates;

	for (int o = 0; o < c->noptions; o++) {
		const double *v = judge_too_often(j, o) ? c->cost + o * c->n : j->paid[o];
		double *rep = j->replicate + o * c->replicates;

		j->mean[o] = stat_mean(v, c->n);
		for (int r = 0; r < c->replicates; r++)
			rep[r] = stat_mean(v + r * each, each);
		j->se[o] = stat_replicate_se(rep, c->replicates);
	}
}

static bool ok(const struct judged *j, int o)
{
	return j->status[o] == OPTION_OK && !isnan(j->mean[o]);
}

static void set_best(struct judged *j)
{
	j->best = j->second = -1;
	for (int o = 0; o < j->in.noptions; o++) {
		if (!ok(j, o))
			continue;
		if (j->best < 0 || j->mean[o] < j->mean[j->best]) {
			j->second = j->best;
			j->best = o;
		} else if (j->second < 0 || j->mean[o] < j->mean[j->second]) {
			j->second = o;
		}
	}
	for (int r = 0; j->best >= 0 && r < j->in.replicates; r++) {
		bool agrees = true;

		for (int o = 0; o < j->in.noptions; o++)
			agrees &= !ok(j, o) ||
			          j->replicate[o * j->in.replicates + r] >=
			          j->replicate[j->best * j->in.replicates + r];
		j->agreeing += agrees;
	}
}

static double *numbers(int n)
{
	return xcalloc((size_t)n, sizeof(double));
}

/* --- draw by draw ------------------------------------------------------- */

static int winner(const struct judged *j, int64_t i)
{
	const struct costs *c = &j->in;
	int best = -1;

	for (int o = 0; o < c->noptions; o++) {
		double v = c->cost[o * c->n + i];

		if (j->status[o] == OPTION_OK && !isnan(v) &&
		    (best < 0 || v < c->cost[best * c->n + i]))
			best = o;
	}
	return best;
}

static void set_probabilities(struct judged *j)
{
	const struct costs *c = &j->in;
	int64_t each = c->n / c->replicates;
	int k = c->noptions;
	double *share = numbers((k + 1) * c->replicates);

	for (int r = 0; r < c->replicates; r++)
		for (int64_t i = r * each; i < (r + 1) * each; i++) {
			int w = winner(j, i);

			share[(w < 0 ? k : w) * c->replicates + r]++;
		}
	for (int o = 0; o <= k; o++) {
		double sum = 0, *of = share + o * c->replicates;

		for (int r = 0; r < c->replicates; r++) {
			sum += of[r];
			of[r] /= (double)each;
		}
		if (o == k) {
			j->p_none = sum / (double)c->n;
			break;
		}
		j->p_best[o] = sum / (double)c->n;
		j->p_best_se[o] = stat_replicate_se(of, c->replicates);
	}
	j->share = share;
}

static void set_least(struct judged *j)
{
	int64_t n = j->in.n;

	/* Where one paid cost is NAN all are: no option could be taken. */
	for (int64_t i = 0; i < n; i++)
		j->least[i] = j->best < 0 ? NAN : j->paid[j->best][i];
	for (int o = 0; o < j->in.noptions; o++)
		for (int64_t i = 0; ok(j, o) && i < n; i++)
			if (j->paid[o][i] < j->least[i])
				j->least[i] = j->paid[o][i];
}

static void set_regret(struct judged *j)
{
	const struct costs *c = &j->in;
	int64_t each = c->n / c->replicates;
	double *d = xcalloc((size_t)c->n, sizeof *d);
	double *rep = xcalloc((size_t)c->replicates, sizeof *rep);

	for (int o = 0; o < c->noptions; o++) {
		j->regret[o] = j->regret_se[o] = NAN;
		if (!ok(j, o))
			continue;
		for (int64_t i = 0; i < c->n; i++)
			d[i] = j->paid[o][i] - j->least[i];
		j->regret[o] = stat_mean(d, c->n);
		for (int r = 0; r < c->replicates; r++)
			rep[r] = stat_mean(d + r * each, each);
		j->regret_se[o] = stat_replicate_se(rep, c->replicates);
	}
	j->evpi = j->best < 0 ? NAN : j->regret[j->best];
	j->evpi_se = j->best < 0 ? NAN : j->regret_se[j->best];
	free(d);
	free(rep);
}

void judge_means(struct judged *j, const struct costs *c)
{
	int k = c->noptions;

	*j = (struct judged) { .in = *c };
	j->status = xcalloc((size_t)k, sizeof *j->status);
	j->paid = xcalloc((size_t)k, sizeof *j->paid);
	j->feasible = numbers(k);
	j->mean = numbers(k);
	j->se = numbers(k);
	j->replicate = numbers(k * c->replicates);
	set_status(j);
	fill_paid(j);
	set_means(j);
	set_best(j);
}

void judge_init(struct judged *j, const struct costs *c)
{
	int k = c->noptions;

	judge_means(j, c);
	j->p_best = numbers(k);
	j->p_best_se = numbers(k);
	j->regret = numbers(k);
	j->regret_se = numbers(k);
	j->least = xcalloc((size_t)c->n, sizeof *j->least);
	set_probabilities(j);
	set_least(j);
	set_regret(j);
}

void judge_release(struct judged *j)
{
	free(j->status);
	free(j->feasible);
	free(j->paid);
	free(j->own);
	free(j->mean);
	free(j->se);
	free(j->replicate);
	free(j->p_best);
	free(j->p_best_se);
	free(j->share);
	free(j->least);
	free(j->regret);
	free(j->regret_se);
	*j = (struct judged) { 0 };
}

double judge_without(const struct judged *j, const bool *barred, double *se)
{
	const struct costs *c = &j->in;
	double rep[64] = { 0 };
	int best = -1;

	for (int o = 0; o < c->noptions; o++) {
		if (barred[o] || isnan(j->mean[o]) ||
		    judge_too_often(j, o))
			continue;
		if (best < 0 || j->mean[o] < j->mean[best])
			best = o;
	}
	if (se)
		*se = NAN;
	if (best < 0)
		return NAN;
	for (int r = 0; j->best >= 0 && r < c->replicates && r < 64; r++)
		rep[r] = j->replicate[j->best * c->replicates + r] -
		         j->replicate[best * c->replicates + r];
	if (se && j->best >= 0)
		*se = stat_replicate_se(rep, c->replicates);
	return j->mean[best];
}

double judge_gap(const struct judged *j, int rival, double *se)
{
	int R = j->in.replicates;
	double *d = numbers(R), gap = j->mean[rival] - j->mean[j->best];

	for (int r = 0; r < R; r++)
		d[r] = j->replicate[rival * R + r] -
		       j->replicate[j->best * R + r];
	*se = j->in.certain ? 0 : stat_replicate_se(d, R);
	free(d);
	return gap;
}

/* One limit of the interval decides each rival: behind, level, or open. */
enum verdict_state judge_look(const struct judged *j, double confidence,
                              int look, double indifferent)
{
	double alpha = ldexp(1 - confidence, -look), t = 0;
	bool open = false, level = false;

	if (j->best < 0)
		return VERDICT_INFEASIBLE;
	if (j->nok > 1 && j->in.replicates > 1)
		t = -student_t_quantile(alpha / (2 * (j->nok - 1)),
		                    j->in.replicates - 1);
	for (int o = 0; o < j->in.noptions; o++) {
		double se, gap, lower, upper;

		if (o == j->best || !ok(j, o))
			continue;
		gap = judge_gap(j, o, &se);
		lower = gap - t * se;
		upper = gap + t * se;
		if (lower > 0)
			continue;
		if ((fabs(lower) < indifferent && fabs(upper) < indifferent) ||
		    (lower == 0 && upper == 0))
			level = true;
		else
			open = true;
	}
	return open ? VERDICT_UNDECIDED : level ? VERDICT_TIED :
	       VERDICT_STABLE;
}
