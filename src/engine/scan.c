#include "engine/scan.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static void scan_init(struct scan *s, const struct trade *t, int slot,
                      int threads)
{
	*s = (struct scan) {
		.t = t, .slot = slot, .slot2 = -1, .threads = threads,
	};
	s->feed = xcalloc((size_t)threads, sizeof *s->feed);
}

void scan_init_exact(struct scan *s, const struct trade *t, int slot,
                     const bool *in)
{
	const struct plan *p = t->plan;
	struct roots r = { 0 };

	scan_init(s, t, slot, 1);
	plan_only(p, in, &r);
	s->nsteps = plan_steps(p, slot, &r, s->rare, SCAN_STEPS);
	s->tape = tape_new(p->dag, r.node, r.n);
	free(r.node);
	feed_init(&s->feed[0], s->tape);
}

static int block_at(const struct scan *s, int64_t at)
{
	int64_t left = s->draws.n - at;

	return left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;
}

/* What the tape reads that is no slot's value: root `slot - nslots` of `known`,
 * run over the kept draws. */
static void keep_known(struct scan *s, const struct roots *known)
{
	int nslots = s->t->plan->bound->nslots;
	struct tape *t = tape_new(s->t->plan->dag, known->node, known->n);
	struct feed f;

	feed_init(&f, t);
	for (int k = 0; k < f.ninputs; k++) {
		int in = tape_input(t, k);

		sample_prepare(s->t->sample, &in, 1);
	}
	for (int64_t at = 0; at < s->draws.n; at += TAPE_BLOCK) {
		int n = block_at(s, at);

		feed_draw(&f, s->t->sample, at, n);
		feed_run(&f, n);
		for (int k = 0; k < tape_inputs(s->tape); k++) {
			int root = tape_input(s->tape, k) - nslots;

			if (root >= 0)
				memcpy(s->kept + k * s->draws.n + at,
				       f.out[root], (size_t)n * sizeof(double));
		}
	}
	feed_release(&f);
	tape_free(t);
}

/* The draws' values are filled once and kept for every place. */
static void keep(struct scan *s, const struct roots *known)
{
	struct sample *sample = s->t->sample;
	struct draws all = sample->draws;
	int n = tape_inputs(s->tape);

	s->kept = xcalloc((size_t)n * (size_t)s->draws.n + 1,
	                  sizeof *s->kept);
	sample->draws = s->draws;
	for (int k = 0; k < n; k++) {
		int in = tape_input(s->tape, k);

		if (in >= s->t->plan->bound->nslots)
			continue;
		sample_prepare(sample, &in, 1);
		for (int64_t at = 0; at < s->draws.n; at += TAPE_BLOCK)
			sample_fill(sample, in, at, block_at(s, at),
			            s->kept + k * s->draws.n + at);
	}
	if (known->n)
		keep_known(s, known);
	sample->draws = all;
}

static void init_mean(struct scan *s, const struct trade *t,
                      const int slot[2], const bool *in,
                      const struct draws *d)
{
	struct roots r = { 0 }, known = { 0 };
	struct tape_given *given;
	int ngiven;

	scan_init(s, t, slot[0], run_threads(t->o));
	plan_only(t->plan, in, &r);
	ngiven = plan_known(t->plan, &r, slot, &known, &given);
	s->tape = tape_new_given(t->plan->dag, r.node, r.n, given, ngiven);
	free(r.node);
	free(given);
	s->draws = *d;
	s->work = xcalloc((size_t)s->threads * (size_t)t->plan->noptions *
	                  (size_t)d->n, sizeof *s->work);
	s->memo = xcalloc((size_t)SCAN_MEMO *
	                  (size_t)(1 + t->plan->noptions), sizeof *s->memo);
	keep(s, &known);
	free(known.node);
	for (int i = 0; i < s->threads; i++)
		feed_init(&s->feed[i], s->tape);
}

void scan_init_mean(struct scan *s, const struct trade *t, int slot,
                    const bool *in, const struct draws *d)
{
	init_mean(s, t, (int[]) { slot, -1 }, in, d);
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
	free(s->memo);
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	scan_release(s);
	free(s);
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
	const struct sample *sample = s->t->sample;

	for (int k = 0; k < f->ninputs; k++) {
		int slot = tape_input(f->tape, k);

		f->in[k].v = s->kept + k * s->draws.n + first;
		f->in[k].uniform = slot < sample->bound->nslots &&
		                   sample->fixed[slot];
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

/* `y` is for the second input, or NULL. */
static void run_draws(struct scan *s, int thread, double x, const double *y,
                      double *cost)
{
	struct feed *f = &s->feed[thread];

	for (int64_t at = 0; at < s->draws.n; at += TAPE_BLOCK) {
		int n = block_at(s, at);

		set_kept(s, f, at);
		feed_set(f, s->slot, &x, true);
		if (y)
			feed_set(f, s->slot2, y, true);
		feed_run(f, n);
		take_costs(s, f, at, n, cost);
	}
}

void scan_draws(struct scan *s, int thread, double x, double *cost)
{
	run_draws(s, thread, x, NULL, cost);
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

/* How often each option that may be recommended is the cheapest. */
static void count_best(const struct judged *j, double *share, int stride)
{
	const struct costs *c = &j->in;

	for (int o = 0; o < c->noptions; o++)
		share[o * stride] = 0;
	for (int64_t i = 0; i < c->n; i++) {
		int best = -1;

		for (int o = 0; o < c->noptions; o++) {
			double v = c->cost[o * c->n + i];

			if (j->status[o] == OPTION_OK && !isnan(v) &&
			    (best < 0 || v < c->cost[best * c->n + i]))
				best = o;
		}
		if (best >= 0)
			share[best * stride] += 1.0 / (double)c->n;
	}
}

/* Expected costs by the rules of judge.h; `share` may be NULL. */
static void expect(const struct scan *s, const double *cost, double *value,
                   double *share, int stride)
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
	if (share)
		count_best(&j, share, stride);
	judge_release(&j);
}

static const double *recall(const struct scan *s, double x)
{
	int row = 1 + s->t->plan->noptions;

	for (int i = 0; i < s->nmemo; i++)
		if (s->memo[i * row] == x)
			return s->memo + i * row + 1;
	return NULL;
}

static void remember(struct scan *s, double x, const double *value, int stride)
{
	int row = 1 + s->t->plan->noptions;

	if (s->nmemo == SCAN_MEMO)
		return;
	s->memo[s->nmemo * row] = x;
	for (int o = 0; o + 1 < row; o++)
		s->memo[s->nmemo * row + 1 + o] = value[o * stride];
	s->nmemo++;
}

bool scan_mean(void *ctx, const double *x, int n, double *value, double *step)
{
	struct scan *s = ctx;
	int k = s->t->plan->noptions, known = s->nmemo;
	size_t room = (size_t)k * (size_t)s->draws.n;

	(void)step;
#pragma omp parallel for num_threads(s->threads) schedule(dynamic) if (n > 1)
	for (int i = 0; i < n; i++) {
		int me = omp_get_thread_num();
		double *cost = s->work + (size_t)me * room;
		const double *old = recall(s, x[i]);

		for (int o = 0; old && o < k; o++)
			value[o * n + i] = old[o];
		if (old)
			continue;
		scan_draws(s, me, x[i], cost);
		expect(s, cost, value + i, NULL, n);
	}
	for (int i = 0; i < n && known < SCAN_MEMO; i++)
		if (!recall(s, x[i]))
			remember(s, x[i], value + i, n);
	return goes_on(s);
}

/* --- two inputs --------------------------------------------------------- */

void scan_init_plane(struct scan *s, const struct trade *t, const int slot[2],
                     const bool *in, const struct draws *d)
{
	if (d)
		init_mean(s, t, slot, in, d);
	else
		scan_init_exact(s, t, slot[0], in);
	s->slot2 = slot[1];
}

static void plane_exact(struct scan *s, const double *x, const double *y,
                        int n, double *value)
{
	const struct plan *p = s->t->plan;
	struct feed *f = &s->feed[0];

	for (int at = 0; at < n; at += TAPE_BLOCK) {
		int count = n - at < TAPE_BLOCK ? n - at : TAPE_BLOCK;

		feed_central(f, s->t->sample);
		feed_set(f, s->slot, x + at, false);
		feed_set(f, s->slot2, y + at, false);
		feed_run(f, count);
		for (int o = 0; o < p->noptions; o++)
			for (int i = 0; i < count; i++)
				value[o * n + at + i] = feed_cost(f, p, o, i);
	}
}

bool scan_plane(void *ctx, const double *x, const double *y, int n,
                double *value, double *share)
{
	struct scan *s = ctx;
	size_t room = (size_t)s->t->plan->noptions * (size_t)s->draws.n;

	if (!s->kept) {
		plane_exact(s, x, y, n, value);
		return goes_on(s);
	}
#pragma omp parallel for num_threads(s->threads) schedule(dynamic) if (n > 1)
	for (int i = 0; i < n; i++) {
		int me = omp_get_thread_num();
		double *cost = s->work + (size_t)me * room;

		run_draws(s, me, x[i], y + i, cost);
		expect(s, cost, value + i, share ? share + i : NULL, n);
	}
	return goes_on(s);
}
