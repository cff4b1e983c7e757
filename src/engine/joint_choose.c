#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/joint.h"
#include "engine/run.h"
#include "engine/stats.h"

#include "base/banned.h"

#define WORD 64

/* --- combinations ------------------------------------------------------- */

/* The last part of the order counts fastest. */
void joint_options(const struct joint *j, int combination, int *at)
{
	for (int d = j->nparts - 1; d >= 0; d--) {
		int p = j->order[d];

		at[p] = combination % j->part[p].n;
		combination /= j->part[p].n;
	}
}

int joint_combination(const struct joint *j, const int *at)
{
	int c = 0;

	for (int d = 0; d < j->nparts; d++)
		c = c * j->part[j->order[d]].n + at[j->order[d]];
	return c;
}

const struct joint_entry *joint_entry(const struct joint *j, int part,
                                      const int *at)
{
	const struct joint_part *p = &j->part[part];

	return &p->entry[family_context(p->family, at) * p->n + at[part]];
}

void joint_costs(const struct joint *j, int combination, double *out)
{
	int at[JOINT_MODELS];

	joint_options(j, combination, at);
	for (int64_t i = 0; i < j->draws.n; i++)
		out[i] = 0;
	for (int d = 0; d < j->nparts; d++) {
		const double *v =
			j->column[joint_entry(j, j->order[d], at)->paid].v;

		for (int64_t i = 0; i < j->draws.n; i++)
			out[i] += v[i];
	}
}

bool joint_feasible(const struct joint *j, const int *at, int64_t draw)
{
	for (int p = 0; p < j->nparts; p++) {
		int gap = joint_entry(j, p, at)->gap;

		if (gap != ROOT_NONE
		    && j->bits[gap][draw / WORD] >> draw % WORD & 1)
			return false;
	}
	return true;
}

static bool has_holes(const struct joint *j, const int *at)
{
	bool holes = false;

	for (int p = 0; p < j->nparts; p++)
		holes |= joint_entry(j, p, at)->holes;
	return holes;
}

/* Sums of the parts' means; a combination with holes draw by draw. */
void joint_replicates(const struct joint *j, int combination, double *out)
{
	int at[JOINT_MODELS];
	int64_t each = j->draws.n / j->replicates;

	joint_options(j, combination, at);
	if (has_holes(j, at)) {
		double *v = xcalloc((size_t)j->draws.n, sizeof *v);

		joint_costs(j, combination, v);
		for (int r = 0; r < j->replicates; r++)
			out[r] = stat_mean(v + r * each, each);
		free(v);
		return;
	}
	for (int r = 0; r < j->replicates; r++) {
		out[r] = 0;
		for (int d = 0; d < j->nparts; d++)
			out[r] += j->column[joint_entry(j, j->order[d], at)
			                    ->paid].replicate[r];
	}
}

static double mean_of(const struct joint *j, int combination, const int *at)
{
	double sum = 0;

	if (has_holes(j, at)) {
		double *v = xcalloc((size_t)j->draws.n, sizeof *v);

		joint_costs(j, combination, v);
		sum = stat_mean(v, j->draws.n);
		free(v);
		return sum;
	}
	for (int d = 0; d < j->nparts; d++)
		sum += j->column[joint_entry(j, j->order[d], at)->paid].mean;
	return sum;
}

/* --- which may be taken ------------------------------------------------- */

struct asking { const struct joint *j; const int *at; bool absent; };

static bool takes(void *ctx, const char *model, const char *word,
                  struct pos pos)
{
	struct asking *a = ctx;

	(void)pos;
	for (int i = 0; i < a->j->nparts; i++) {
		const struct joint_part *p = &a->j->part[i];
		const struct option *o = &p->model->option[
			p->option[a->at[i]]];

		if (strcmp(p->model->name, model) != 0)
			continue;
		for (const char *const *t = o->tags; t && *t; t++)
			if (strcmp(*t, word) == 0)
				return true;
		return strcmp(o->name, word) == 0;
	}
	a->absent = true;
	return false;
}

/* A rule about a trade-off that is not asked for says nothing. */
int joint_rule_broken(const struct joint *j, const int *at)
{
	const struct workload *w = j->bound->workload;

	for (int r = 0; r < w->joint.nrules; r++) {
		const struct joint_rule *rule = &w->joint.rule[r];
		struct asking a = { .j = j, .at = at };
		bool when = choice_holds(rule->when, takes, &a);
		bool allow = choice_holds(rule->allow, takes, &a);

		if (when && !allow && !a.absent)
			return r;
	}
	return -1;
}

/* The share of draws in which some part cannot be taken. */
static double gap_share(const struct joint *j, const int *at)
{
	const uint64_t *gap[JOINT_MODELS];
	int64_t words = (j->draws.n + WORD - 1) / WORD, n = 0;
	int k = 0;

	for (int p = 0; p < j->nparts; p++) {
		int root = joint_entry(j, p, at)->gap;

		if (root != ROOT_NONE)
			gap[k++] = j->bits[root];
	}
	for (int64_t i = 0; k && i < words; i++) {
		uint64_t any = 0;

		for (int g = 0; g < k; g++)
			any |= gap[g][i];
		n += __builtin_popcountll(any);
	}
	return (double)n / (double)j->draws.n;
}

/* No trade-off bears more infeasible draws together than by itself: the most
 * lenient one's share holds for all. */
static double at_most(const struct joint *j)
{
	double most = 0;

	for (int p = 0; p < j->nparts; p++)
		most = fmax(most,
		            j->part[p].model->decision.infeasible_at_most);
	return most;
}

static enum joint_status status_of(const struct joint *j, const int *at,
                                   double most)
{
	bool barred = false, never = false;

	if (joint_rule_broken(j, at) >= 0)
		return JOINT_SENSELESS;
	for (int p = 0; p < j->nparts; p++) {
		barred |= joint_entry(j, p, at)->barred;
		never |= joint_entry(j, p, at)->never;
	}
	if (never || gap_share(j, at) > most * (1 + 1e-12))
		return JOINT_INFEASIBLE;
	return barred ? JOINT_BARRED : JOINT_OK;
}

static void set_statuses(struct joint *j)
{
	double most = at_most(j);

	j->status = xcalloc((size_t)j->ncombinations, sizeof *j->status);
	j->mean = xcalloc((size_t)j->ncombinations, sizeof *j->mean);
#pragma omp parallel for schedule(dynamic, 256)
	for (int c = 0; c < j->ncombinations; c++) {
		int at[JOINT_MODELS];
		enum joint_status s;

		joint_options(j, c, at);
		s = status_of(j, at, most);
		j->status[c] = (unsigned char)s;
		j->mean[c] = s == JOINT_OK || s == JOINT_BARRED ?
			mean_of(j, c, at) : NAN;
	}
	for (int c = 0; c < j->ncombinations; c++)
		if (j->status[c] == JOINT_OK && !isnan(j->mean[c])
		    && (j->best < 0 || j->mean[c] < j->mean[j->best]))
			j->best = c;
}

/* --- draw by draw ------------------------------------------------------- */

/* The best of the combinations so far, in the lanes of a block: over what gaps
 * pay, and over what can really be taken. */
struct lanes {
	double least[TAPE_BLOCK], low[TAPE_BLOCK], who[TAPE_BLOCK];
	double sum[JOINT_MODELS + 1][TAPE_BLOCK];
	int64_t first;
	int n;
};

static void add_column(const struct joint *j, struct lanes *l, int depth,
                       const int *at)
{
	const double *v = j->column[joint_entry(j, j->order[depth], at)->paid].v
	                  + l->first;
	const double *from = l->sum[depth];
	double *to = l->sum[depth + 1];

	for (int i = 0; i < l->n; i++)
		to[i] = from[i] + v[i];
}

/* Every lane of the array, so that the compiler knows the number. */
static void take(struct lanes *l, const double *v, double id)
{
	for (int i = 0; i < TAPE_BLOCK; i++) {
		bool less = v[i] < l->low[i];

		l->low[i] = less ? v[i] : l->low[i];
		l->who[i] = less ? id : l->who[i];
	}
}

static void take_with_gaps(const struct joint *j, struct lanes *l,
                           const double *v, int id, const int *at)
{
	for (int i = 0; i < l->n; i++)
		if (v[i] < l->low[i] && joint_feasible(j, at, l->first + i)) {
			l->low[i] = v[i];
			l->who[i] = id;
		}
}

static void take_paid(struct lanes *l, const double *v)
{
	for (int i = 0; i < TAPE_BLOCK; i++)
		l->least[i] = v[i] < l->least[i] ? v[i] : l->least[i];
}

static bool any_gap(const struct joint *j, const int *at)
{
	for (int p = 0; p < j->nparts; p++)
		if (joint_entry(j, p, at)->gap != ROOT_NONE)
			return true;
	return false;
}

static void lanes_clear(struct lanes *l, int64_t first, int n)
{
	l->first = first;
	l->n = n;
	for (int i = 0; i < TAPE_BLOCK; i++) {
		l->least[i] = l->low[i] = HUGE_VAL;
		l->who[i] = -1;
	}
	/* lanes beyond the sample never win */
	memset(l->sum, 0, sizeof l->sum);
	for (int d = 0; d <= JOINT_MODELS; d++)
		for (int i = n; i < TAPE_BLOCK; i++)
			l->sum[d][i] = HUGE_VAL;
}

/* From one combination to the next only the last parts change: the sums of the
 * first ones stand. */
static void scan_block(const struct joint *j, struct lanes *l, bool gaps)
{
	int at[JOINT_MODELS], was[JOINT_MODELS], stands = 0;

	for (int c = 0; c < j->ncombinations; c++) {
		if (j->status[c] != JOINT_OK)
			continue;
		joint_options(j, c, at);
		for (int d = 0; d < stands; d++)
			if (at[j->order[d]] != was[j->order[d]])
				stands = d;
		for (; stands < j->nparts; stands++)
			add_column(j, l, stands, at);
		memcpy(was, at, sizeof was);
		if (gaps)
			take_paid(l, l->sum[j->nparts]);
		if (gaps && any_gap(j, at))
			take_with_gaps(j, l, l->sum[j->nparts], c, at);
		else
			take(l, l->sum[j->nparts], c);
	}
}

static bool gaps_anywhere(const struct joint *j)
{
	for (int i = 0; i < j->nparts; i++)
		for (int e = 0; e < j->part[i].family->ncontexts
		     * j->part[i].n; e++)
			if (j->part[i].entry[e].gap != ROOT_NONE)
				return true;
	return false;
}

static void keep_lanes(struct joint *j, const struct lanes *l, bool gaps,
                       int *who)
{
	for (int i = 0; i < l->n; i++) {
		double v = gaps ? l->least[i] : l->low[i];

		j->least[l->first + i] = v < HUGE_VAL ? v : NAN;
		who[l->first + i] = (int)l->who[i];
	}
}

static void count_wins(struct joint *j, const int *who)
{
	int64_t each = j->draws.n / j->replicates;

	for (int64_t i = 0; i < j->draws.n; i++) {
		if (who[i] < 0)
			j->none++;
		else
			j->wins[who[i] * j->replicates + i / each]++;
	}
}

static bool scan_draws(struct joint *j, const struct engine_options *o,
                       struct err *err)
{
	int64_t blocks = (j->draws.n + TAPE_BLOCK - 1) / TAPE_BLOCK;
	int threads = run_threads(o);
	struct lanes *l = xaligned(64, (size_t)threads * sizeof *l);
	int *who = xcalloc((size_t)j->draws.n, sizeof *who);
	bool gaps = gaps_anywhere(j), ok = true;

	j->least = xcalloc((size_t)j->draws.n, sizeof *j->least);
	j->wins = xcalloc((size_t)j->ncombinations * (size_t)j->replicates,
	                  sizeof *j->wins);
	for (int64_t at = 0; ok && at < blocks; at += 2 * threads) {
		int64_t end = at + 2 * threads < blocks ? at + 2 * threads
		                                        : blocks;

#pragma omp parallel for num_threads(threads) schedule(dynamic)
		for (int64_t b = at; b < end; b++) {
			struct lanes *own = &l[omp_get_thread_num()];
			int64_t first = b * TAPE_BLOCK;
			int64_t left = j->draws.n - first;

			lanes_clear(own, first, left < TAPE_BLOCK ? (int)left
			                                          : TAPE_BLOCK);
			scan_block(j, own, gaps);
			keep_lanes(j, own, gaps, who);
		}
		ok = run_goes_on(o, 0.5 + 0.5 * (double)end / (double)blocks,
		                 err);
	}
	if (ok)
		count_wins(j, who);
	free(l);
	free(who);
	return ok;
}

bool joint_choose(struct joint *j, const struct engine_options *o,
                  struct err *err)
{
	set_statuses(j);
	return scan_draws(j, o, err);
}
