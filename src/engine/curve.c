/*
 * Cost curves: the objective of each option over one parameter.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "engine/breakeven.h"
#include "engine/engine.h"
#include "engine/graphs.h"
#include "engine/scan.h"
#include "engine/stats.h"

#include "base/banned.h"

#define CURVE_DRAWS 1024

static const double shown[] = { 0.05, 0.5, 0.95 };

static void place(struct curve *c, double low, double high)
{
	for (int i = 0; i < c->n; i++) {
		double s = c->n > 1 ? (double)i / (c->n - 1) : 0;

		c->x[i] = c->log_x ? low * pow(high / low, s)
		                   : low + (high - low) * s;
	}
}

static struct curve *curve_new(const struct trade *t, int slot,
                               const char *param, int n)
{
	struct arena *a = arena_new();
	struct curve *c = arena_alloc(a, sizeof *c);
	const struct slot *s = &t->plan->bound->slot[slot];
	size_t cells = sizeof(double) * (size_t)(n * t->plan->noptions);

	c->arena = a;
	c->parameter = arena_strdup(a, param);
	c->title = arena_strdup(a, trade_slot_title(t, slot));
	c->unit = arena_strdup(a, slot_unit_text(s));
	c->y_title = arena_strdup(a, t->out->objective_name);
	c->y_unit = arena_strdup(a, t->out->objective_unit);
	c->n = n;
	c->noptions = t->plan->noptions;
	c->option = arena_alloc(a, sizeof *c->option * (size_t)c->noptions);
	for (int o = 0; o < c->noptions; o++) {
		const struct option *d = &t->plan->model->option[o];

		c->option[o] = arena_strdup(a, d->title ? d->title : d->name);
	}
	c->x = arena_alloc(a, sizeof(double) * (size_t)n);
	c->mean = arena_alloc(a, cells);
	c->p5 = arena_alloc(a, cells);
	c->p95 = arena_alloc(a, cells);
	c->here = t->sample->central[slot] / slot_unit(s)->scale;
	return c;
}

static void fill_point(struct trade *t, int slot, struct curve *c)
{
	struct scan s;
	double *step;

	scan_init_exact(&s, t, slot, NULL);
	step = xcalloc((size_t)(s.nsteps * c->n) + 1, sizeof *step);
	scan_exact(&s, c->x, c->n, c->mean, step);
	for (int i = 0; i < c->n * c->noptions; i++) {
		c->mean[i] *= t->unit;
		c->p5[i] = c->p95[i] = c->mean[i];
	}
	free(step);
	scan_release(&s);
}

static void summarise(const struct trade *t, const struct judged *j, int o,
                      double *work, struct curve *c, int i)
{
	int at = o * c->n + i;
	int64_t n = j->in.n, numbers;
	double q[3];

	c->mean[at] = c->p5[at] = c->p95[at] = NAN;
	if (1 - j->feasible[o] > j->in.at_most)
		return;
	for (int64_t k = 0; k < n; k++)
		work[k] = j->paid[o][k] * t->unit;
	numbers = stat_compact(work, n);
	c->mean[at] = stat_mean(work, numbers);
	stat_quantiles(work, numbers, shown, 3, q);
	c->p5[at] = q[0];
	c->p95[at] = q[2];
}

static void fill_one(const struct trade *t, struct scan *s, int i,
                     struct curve *c)
{
	const struct decision *d = &t->plan->model->decision;
	int me = omp_get_thread_num();
	double *cost = s->work + (size_t)me * (size_t)c->noptions *
	               (size_t)s->draws.n;
	double *work = xcalloc((size_t)s->draws.n, sizeof *work);
	struct costs in = {
		.noptions = c->noptions, .replicates = 1, .n = s->draws.n,
		.cost = cost, .barred = t->barred,
		.at_most = d->infeasible_at_most, .pay = d->pay,
	};
	struct judged j;

	scan_draws(s, me, c->x[i], cost);
	judge_means(&j, &in);
	for (int o = 0; o < c->noptions; o++)
		summarise(t, &j, o, work, c, i);
	judge_release(&j);
	free(work);
}

static bool fill_sampled(struct trade *t, int slot, struct curve *c)
{
	int64_t n = t->o->samples < CURVE_DRAWS ? t->o->samples : CURVE_DRAWS;
	struct draws d;
	struct scan s;

	if (!draws_init(&d, t->o->sampler, t->o->seed, n, t->err))
		return false;
	scan_init_mean(&s, t, slot, NULL, &d);
#pragma omp parallel for num_threads(s.threads) schedule(dynamic)
	for (int i = 0; i < c->n; i++)
		fill_one(t, &s, i, c);
	scan_release(&s);
	return run_goes_on(t->o, 1, t->err);
}

static struct curve *draw(struct trade *t, int slot, const char *param,
                          double low, double high, int n)
{
	double unit = slot_unit(&t->plan->bound->slot[slot])->scale;
	struct curve *c = curve_new(t, slot, param, n);
	bool ok = true;

	rules_apply(t);
	c->log_x = low > 0 && high / low > 20;
	if (!(low < high))
		ok = range_shown(t, slot, &low, &high, &c->log_x);
	place(c, low, high);
	if (ok && (t->o->point || t->nfactors == 0))
		fill_point(t, slot, c);
	else
		ok = ok && fill_sampled(t, slot, c);
	for (int i = 0; i < n; i++)
		c->x[i] /= unit;
	if (ok)
		return c;
	curve_free(c);
	return NULL;
}

struct curve *engine_curve(const struct bound *b, int model, const char *param,
                           double low, double high, int n,
                           const struct engine_options *o, struct err *err)
{
	int slot = bound_slot(b, model, param, err);
	struct curve *c = NULL;
	struct bound_graph *g;
	struct tradeoff out = { 0 };
	struct arena *a;
	struct trade t;

	if (slot < 0)
		return NULL;
	if (n < 2 || n > 10000) {
		err_add(err, ERR_USAGE, "a curve has 2 to 10000 points");
		return NULL;
	}
	if (!slot_drawn(b, slot) || !b->slot[slot].param ||
	    b->slot[slot].param->type != TYPE_NUMBER) {
		err_add(err, ERR_USAGE, "`%s` is no quantity", param);
		return NULL;
	}
	g = graph_open(o->cache, b);
	a = arena_new();
	/* rules stand by the central draw here */
	if (trade_open(&t, b, g, model, o, a, &out, err)) {
		t.run = t.central;
		c = draw(&t, slot, param, low, high, n);
	}
	trade_close(&t);
	arena_free(a);
	graph_close(o->cache, g);
	return c;
}
