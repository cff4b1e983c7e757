#include "engine/scan.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/banned.h"

static void scan_init(struct scan *s, const struct trade *t, int slot,
                      int threads)
{
	*s = (struct scan) { .t = t, .slot = slot, .threads = threads };
	s->feed = xcalloc((size_t)threads, sizeof *s->feed);
}

void scan_init_exact(struct scan *s, const struct trade *t, int slot)
{
	const struct plan *p = t->plan;
	struct roots r = { 0 };

	scan_init(s, t, slot, 1);
	for (int i = 0; i < p->nlean; i++)
		roots_add(&r, p->roots.node[i]);
	s->nsteps = plan_steps(p, slot, &r, s->rare, SCAN_STEPS);
	s->tape = tape_new(p->dag, r.node, r.n);
	free(r.node);
	feed_init(&s->feed[0], s->tape);
}

void scan_init_mean(struct scan *s, const struct trade *t, int slot,
                    const struct draws *d)
{
	const struct tape *lean = t->plan->lean;
	struct draws all = t->sample->draws;
	int n = tape_inputs(lean);

	scan_init(s, t, slot, run_threads(t->o));
	s->draws = *d;
	s->kept = xcalloc((size_t)n * (size_t)d->n + 1, sizeof *s->kept);
	s->work = xcalloc((size_t)s->threads * (size_t)t->plan->noptions *
	                  (size_t)d->n, sizeof *s->work);
	t->sample->draws = *d;
	for (int k = 0; k < n; k++) {
		int in = tape_input(lean, k);

		sample_prepare(t->sample, &in, 1);
		for (int64_t at = 0; at < d->n; at += TAPE_BLOCK) {
			int64_t left = d->n - at;

			sample_fill(t->sample, in, at, left < TAPE_BLOCK ?
			            (int)left : TAPE_BLOCK,
			            s->kept + k * d->n + at);
		}
	}
	t->sample->draws = all;
	for (int i = 0; i < s->threads; i++)
		feed_init(&s->feed[i], lean);
}

void scan_release(struct scan *s)
{
	for (int i = 0; i < s->threads; i++)
		feed_release(&s->feed[i]);
	if (s->tape)
		tape_free(s->tape);
	free(s->feed);
	free(s->kept);
	free(s->work);
}

static bool goes_on(struct scan *s)
{
	const struct trade *t = s->t;

	return run_goes_on(t->o, t->progress_to, t->err);
}

bool scan_exact(void *ctx, const double *x, int n, double *value, double *step)
{
	struct scan *s = ctx;
	const struct plan *p = s->t->plan;
	struct feed *f = &s->feed[0];

	for (int at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? n - at : TAPE_BLOCK;

		feed_central(f, s->t->sample);
		feed_set(f, s->slot, x + at, false);
		feed_run(f, count);
		for (int o = 0; o < p->noptions; o++)
			for (int i = 0; i < count; i++)
				value[o * n + at + i] = feed_cost(f, p, o, i);
		for (int k = 0; k < s->nsteps; k++)
			for (int i = 0; i < count; i++)
				step[k * n + at + i] = f->out[p->nlean + k][i];
	}
	return goes_on(s);
}

static void set_kept(struct scan *s, struct feed *f, int64_t first)
{
	for (int k = 0; k < f->ninputs; k++) {
		int slot = tape_input(f->tape, k);
		bool fixed = s->t->sample->fixed[slot];

		f->in[k].v = s->kept + k * s->draws.n + first;
		f->in[k].uniform = fixed;
	}
}

static void take_costs(const struct scan *s, const struct feed *f,
                       int64_t first, int n, double *cost)
{
	const struct plan *p = s->t->plan;

	for (int o = 0; o < p->noptions; o++)
		for (int i = 0; i < n; i++)
			cost[o * s->draws.n + first + i] =
				feed_cost(f, p, o, i);
}

void scan_draws(struct scan *s, int thread, double x, double *cost)
{
	struct feed *f = &s->feed[thread];

	for (int64_t at = 0; at < s->draws.n; at += TAPE_BLOCK) {
		int64_t left = s->draws.n - at;
		int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

		set_kept(s, f, at);
		feed_set(f, s->slot, &x, true);
		feed_run(f, n);
		take_costs(s, f, at, n, cost);
	}
}

void scan_lanes(struct scan *s, int thread, int64_t first, int n,
                const double *x, double *cost)
{
	struct feed *f = &s->feed[thread];

	set_kept(s, f, first);
	feed_set(f, s->slot, x, false);
	feed_run(f, n);
	take_costs(s, f, first, n, cost);
}

/* Expected costs by the rules of judge.h. */
static void expect(const struct scan *s, const double *cost, double *value,
                   int stride)
{
	const struct decision *d = &s->t->plan->model->decision;
	struct judged j;
	struct costs c = {
		.noptions = s->t->plan->noptions,
		.replicates = 1, .n = s->draws.n, .cost = cost,
		.barred = s->t->barred, .at_most = d->infeasible_at_most,
		.pay = d->pay,
	};

	judge_means(&j, &c);
	for (int o = 0; o < c.noptions; o++)
		value[o * stride] = 1 - j.feasible[o] > c.at_most ?
		                    NAN : j.mean[o];
	judge_release(&j);
}

bool scan_mean(void *ctx, const double *x, int n, double *value, double *step)
{
	struct scan *s = ctx;
	size_t room = (size_t)s->t->plan->noptions * (size_t)s->draws.n;

	(void)step;
#pragma omp parallel for num_threads(s->threads) schedule(dynamic)
	for (int i = 0; i < n; i++) {
		int me = omp_get_thread_num();
		double *cost = s->work + (size_t)me * room;

		scan_draws(s, me, x[i], cost);
		expect(s, cost, value + i, n);
	}
	return goes_on(s);
}
