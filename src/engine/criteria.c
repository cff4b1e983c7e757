#include "engine/criteria.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

#define WORST 0.05
#define ROUNDING 1e-12          /* of the values that are compared */

static bool takes_part(const struct judged *j, int o)
{
	return j->status[o] == OPTION_OK && !isnan(j->mean[o]);
}

static double mean_cost(const struct criteria *c, const struct judged *j,
                        int o)
{
	(void)c;
	return j->mean[o];
}

static double cvar(const struct criteria *c, const struct judged *j, int o)
{
	int64_t n = j->in.n;
	double *work = xcalloc((size_t)n, sizeof *work), v;

	(void)c;
	memcpy(work, j->paid[o], sizeof *work * (size_t)n);
	v = stat_upper_mean(work, stat_compact(work, n), WORST);
	free(work);
	return v;
}

static double regret(const struct criteria *c, const struct judged *j, int o)
{
	(void)c;
	return j->regret[o];
}

static double most_regret(const struct criteria *c, const struct judged *j,
                          int o)
{
	double most = NAN;

	(void)c;
	for (int64_t i = 0; i < j->in.n; i++)
		most = fmax(most, j->paid[o][i] - j->least[i]);
	return most;
}

static double worst_cost(const struct criteria *c, const struct judged *j,
                         int o)
{
	double most = NAN;

	(void)c;
	for (int64_t i = 0; i < j->in.n; i++)
		most = fmax(most, j->paid[o][i]);
	return most;
}

static double hurwicz(const struct criteria *c, const struct judged *j, int o)
{
	double least = NAN;

	for (int64_t i = 0; i < j->in.n; i++)
		least = fmin(least, j->paid[o][i]);
	return c->optimism * least +
	       (1 - c->optimism) * worst_cost(c, j, o);
}

/* Exponents are taken from the dearest draw, so that none overflows. */
static double utility(const struct criteria *c, const struct judged *j, int o)
{
	double most = worst_cost(c, j, o), r = c->tolerance;
	double *e = xcalloc((size_t)j->in.n, sizeof *e), v;

	for (int64_t i = 0; i < j->in.n; i++)
		e[i] = exp((j->paid[o][i] - most) / r);
	v = r > 0 ? most + r * log(stat_mean(e, j->in.n)) : j->mean[o];
	free(e);
	return v;
}

/* Values that are less for what is better. */
static const struct rule {
	const char *name, *title;
	bool regret;
	double (*value)(const struct criteria *c, const struct judged *j,
	                int o);
} rules[CRITERION_N] = {
	[CRITERION_MEAN] = { "expected_value", "expected value", false,
	                     mean_cost },
	[CRITERION_CVAR] = { "cvar95", "mean of the worst 5 %", false, cvar },
	[CRITERION_REGRET] = { "expected_regret", "expected regret", true,
	                       regret },
	[CRITERION_MOST_REGRET] = { "maximum_regret", "greatest regret", true,
	                            most_regret },
	[CRITERION_WORST] = { "worst_case", "worst case", false, worst_cost },
	[CRITERION_HURWICZ] = { "hurwicz", "best and worst case", false,
	                        hurwicz },
	[CRITERION_UTILITY] = { "exponential_utility", "risk aversion", false,
	                        utility },
};

static void choose(struct criteria *c, const struct judged *j, int id)
{
	const double *v = c->value[id];
	int best = -1;

	for (int o = 0; o < j->in.noptions; o++)
		if (!isnan(v[o]) && (best < 0 || v[o] < v[best]))
			best = o;
	c->choice[id] = best;
	c->agrees[id] = best == j->best || (best >= 0 && j->best >= 0 &&
		v[j->best] - v[best] <= ROUNDING * fabs(v[best]));
	if (c->agrees[id])
		c->choice[id] = j->best;
}

void criteria_init(struct criteria *c, const struct judged *j,
                   double tolerance, double optimism)
{
	int k = j->in.noptions;

	*c = (struct criteria) { .tolerance = tolerance,
	                         .optimism = optimism };
	if (tolerance <= 0 && j->best >= 0)
		c->tolerance = fabs(j->mean[j->best]);
	for (int id = 0; id < CRITERION_N; id++) {
		c->value[id] = xcalloc((size_t)k, sizeof(double));
		for (int o = 0; o < k; o++)
			c->value[id][o] = takes_part(j, o) ?
				rules[id].value(c, j, o) : NAN;
		choose(c, j, id);
	}
}

void criteria_release(struct criteria *c)
{
	for (int id = 0; id < CRITERION_N; id++)
		free(c->value[id]);
}

int dominance_of(const double *a, const double *b, int64_t n)
{
	bool first = true, less = false;
	double sum = 0, size = 0;

	for (int64_t i = n; i-- > 0; ) {
		double d = a[i] - b[i];

		size = fmax(size, fmax(fabs(a[i]), fabs(b[i])));
		first &= d <= ROUNDING * size;
		less |= d < -ROUNDING * size;
		sum += d;               /* from the worst draws down */
		if (sum > ROUNDING * size * (double)(n - i))
			return 0;
	}
	return !less ? 0 : first ? 1 : 2;
}

/* --- in the result ------------------------------------------------------ */

static const char *note_of(struct trade *t, const struct criteria *c, int id)
{
	const char *unit = t->out->objective_unit;
	struct buf b = BUF_INIT;

	switch (id) {
	case CRITERION_HURWICZ:
		return arena_printf(t->arena, "%.0f %% best, %.0f %% worst",
		                    100 * c->optimism,
		                    100 * (1 - c->optimism));
	case CRITERION_UTILITY:
		buf_add(&b, "risk tolerance ");
		num_human(&b, c->tolerance * fabs(t->unit), 3);
		if (strcmp(unit, "1") != 0)
			buf_addf(&b, " %s", unit);
		return trade_text(t, &b);
	case CRITERION_MOST_REGRET:
	case CRITERION_WORST:
		return arena_printf(t->arena, "of %lld draws",
		                    (long long)t->run->draws.n);
	default:
		return NULL;
	}
}

static void add_criterion(struct trade *t, const struct criteria *c, int id)
{
	struct criterion *out = &t->out->criterion[t->out->ncriteria++];
	int k = t->plan->noptions;
	double unit = rules[id].regret ? fabs(t->unit) : t->unit;

	*out = (struct criterion) {
		.name = rules[id].name, .title = rules[id].title,
		.note = note_of(t, c, id), .option = c->choice[id],
		.agrees = c->agrees[id],
		.value = arena_alloc(t->arena, sizeof(double) * (size_t)k),
	};
	for (int o = 0; o < k; o++)
		out->value[o] = c->value[id][o] * unit;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorted costs of the options that may be taken; draws in which none could be
 * are missing from all of them. */
static double *sorted_costs(const struct trade *t, int64_t *numbers)
{
	const struct judged *j = &t->judged;
	int64_t n = j->in.n;
	int k = j->in.noptions;
	double *s = xcalloc((size_t)k * (size_t)n, sizeof *s);

#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int o = 0; o < k; o++) {
		int64_t m;

		if (!takes_part(j, o))
			continue;
		memcpy(s + o * n, j->paid[o], sizeof *s * (size_t)n);
		m = stat_compact(s + o * n, n);
		qsort(s + o * n, (size_t)m, sizeof *s, rising);
		if (o == j->best)
			*numbers = m;
	}
	return s;
}

static void dominance_report(struct trade *t)
{
	const struct judged *j = &t->judged;
	int k = j->in.noptions;
	int64_t numbers = 0;
	double *s = sorted_costs(t, &numbers);

	t->out->dominance = arena_alloc(t->arena, sizeof *t->out->dominance *
	                                          (size_t)(k * k));
	for (int a = 0; a < k; a++)
		for (int b = 0; b < k; b++) {
			int order = a == b || !takes_part(j, a) ||
				!takes_part(j, b) ? 0 :
				dominance_of(s + a * j->in.n,
				             s + b * j->in.n, numbers);

			if (order)
				t->out->dominance[t->out->ndominances++] =
					(struct dominance) { a, b, order };
		}
	free(s);
}

void criteria_report(struct trade *t)
{
	struct criteria c;

	if (t->judged.best < 0 || t->run->point)
		return;
	criteria_init(&c, &t->judged, t->o->risk_tolerance / fabs(t->unit),
	              t->o->optimism);
	t->out->criterion = arena_alloc(t->arena, sizeof *t->out->criterion *
	                                          CRITERION_N);
	for (int id = 0; id < CRITERION_N; id++)
		add_criterion(t, &c, id);
	criteria_release(&c);
	if (t->o->want_dominance)
		dominance_report(t);
}
