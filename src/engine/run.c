#include "engine/run.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/blame.h"
#include "engine/memo.h"

#include "base/banned.h"

#define CHUNK 64                /* blocks between two looks at `progress` */

/* --- tallies ------------------------------------------------------------ */

static void tally_init(struct tally *t, const struct plan *p)
{
	const struct model *m = p->model;
	size_t k = (size_t)p->noptions;
	size_t rules = k * (size_t)m->nconstraints;
	size_t outs = k * (size_t)p->noutputs;
	int64_t *n = xcalloc(k * (size_t)m->nrequires + 5 * rules +
	                     (size_t)m->nfindings + 1, sizeof *n);

	t->block = n;
	t->reason = n;
	t->when = t->reason + k * (size_t)m->nrequires;
	t->allow = t->when + rules;
	t->hold = t->allow + rules;
	t->barred = t->hold + rules;
	t->broken = t->barred + rules;
	t->finding = t->broken + rules;
	t->state = xcalloc(k, sizeof *t->state);
	t->output = xcalloc(outs + 1, sizeof *t->output);
	t->bad = xcalloc(k + outs, sizeof *t->bad);
	for (size_t i = 0; i < k + outs; i++)
		t->bad[i].replicate = -1;
}

static void tally_release(struct tally *t)
{
	free(t->block);
	free(t->state);
	free(t->output);
	free(t->bad);
}

static void count_state(struct state_tally *t, int code, int64_t n)
{
	int i = 0;

	while (i < t->used && t->at[i].code != code)
		i++;
	if (i == t->used && t->used < RUN_STATES)
		t->at[t->used++].code = code;
	t->at[i < RUN_STATES ? i : RUN_STATES - 1].n += n;
}

static void add_states(struct state_tally *to, const struct state_tally *from)
{
	for (int i = 0; i < from->used; i++)
		count_state(to, from->at[i].code, from->at[i].n);
}

static bool earlier(const struct bad_draw *a, const struct bad_draw *b)
{
	if (a->replicate < 0 || b->replicate < 0)
		return b->replicate < 0 && a->replicate >= 0;
	return a->replicate != b->replicate ? a->replicate < b->replicate :
	       a->k < b->k;
}

/* Counts add up in any order to the same whole numbers. */
static void tally_add(struct tally *to, const struct tally *from,
                      const struct plan *p)
{
	const struct model *m = p->model;
	int k = p->noptions, outs = k * p->noutputs;
	int counts = k * m->nrequires + 5 * k * m->nconstraints + m->nfindings;

	for (int i = 0; i < counts; i++)
		to->reason[i] += from->reason[i];
	for (int i = 0; i < k; i++)
		add_states(&to->state[i], &from->state[i]);
	for (int i = 0; i < outs; i++)
		add_states(&to->output[i], &from->output[i]);
	for (int i = 0; i < k + outs; i++)
		if (earlier(&from->bad[i], &to->bad[i]))
			to->bad[i] = from->bad[i];
}

/* --- one block ---------------------------------------------------------- */

struct worker {
	struct feed feed;
	struct tally tally;
};

static bool truth(const struct feed *f, int root, int lane, bool otherwise)
{
	return root == ROOT_NONE ? otherwise : f->out[root][lane] != 0.0;
}

static void note_bad(struct tally *t, const struct run *r, int row,
                     int64_t draw)
{
	int64_t each = r->draws.n / r->draws.replicates;
	struct bad_draw b = { (int)(draw / each), draw % each };

	if (earlier(&b, &t->bad[row]))
		t->bad[row] = b;
}

/* Whether the option can be taken in this draw; counts why not.  What breaks a
 * requirement has its reason: what its formulas make of it is no second one. */
static bool feasible(const struct run *r, struct worker *w, int o, int lane)
{
	const struct plan *p = r->plan;
	int state = p->state[o];
	bool ok = true;

	for (int i = 0; i < p->model->nrequires; i++)
		if (truth(&w->feed, p->require[i * p->noptions + o], lane,
		          false)) {
			w->tally.reason[i * p->noptions + o]++;
			ok = false;
		}
	if (ok && state != ROOT_NONE && w->feed.out[state][lane] != 0.0) {
		count_state(&w->tally.state[o],
		            (int)w->feed.out[state][lane], 1);
		ok = false;
	}
	return ok;
}

static void costs_of(const struct run *r, struct worker *w, int o,
                     int64_t first, int n)
{
	const struct plan *p = r->plan;
	const double *v = w->feed.out[p->objective[o]];
	double *cost = r->cost + o * r->draws.n + first;

	for (int i = 0; i < n; i++) {
		if (!feasible(r, w, o, i)) {
			cost[i] = NAN;
			continue;
		}
		cost[i] = p->sign * v[i];
		if (!isfinite(v[i]))
			note_bad(&w->tally, r, o, first + i);
	}
}

static void rules_of(const struct run *r, struct worker *w, int n)
{
	const struct plan *p = r->plan;
	int rows = p->model->nconstraints * p->noptions;
	struct tally *t = &w->tally;

	for (int c = 0; c < rows; c++) {
		const struct constraint *rule =
			&p->model->constraint[c / p->noptions];

		for (int i = 0; i < n; i++) {
			bool when = truth(&w->feed, p->when[c], i, true);
			bool allow = truth(&w->feed, p->allow[c], i,
			                   !rule->none);
			bool hold = truth(&w->feed, p->hold[c], i, true);

			t->when[c] += when;
			t->allow[c] += allow;
			t->hold[c] += hold;
			t->barred[c] += when && !allow;
			t->broken[c] += when && !hold;
		}
	}
	for (int f = 0; f < p->model->nfindings; f++)
		for (int i = 0; i < n; i++)
			t->finding[f] += truth(&w->feed, p->finding[f], i,
			                       false);
}

static void output_of(const struct run *r, struct worker *w, int row,
                      int64_t first, int n)
{
	const struct plan *p = r->plan;
	int64_t all = r->draws.n;
	int o = row % p->noptions, state = p->output_state[row];
	const double *v = w->feed.out[p->output[row]];
	const double *cost = r->cost + o * all + first;
	double *out = r->output + row * all + first;

	for (int i = 0; i < n; i++) {
		double s = state == ROOT_NONE ? 0 : w->feed.out[state][i];

		out[i] = NAN;
		if (isnan(cost[i]))
			continue;
		if (s != 0.0) {
			count_state(&w->tally.output[row], (int)s, 1);
			continue;
		}
		out[i] = v[i];
		if (!isfinite(v[i]))
			note_bad(&w->tally, r, p->noptions + row, first + i);
	}
}

static void take_block(const struct run *r, struct worker *w, int64_t first,
                       int n)
{
	const struct plan *p = r->plan;

	feed_run(&w->feed, n);
	for (int o = 0; o < p->noptions; o++)
		costs_of(r, w, o, first, n);
	rules_of(r, w, n);
	for (int i = 0; i < p->noutputs * p->noptions; i++)
		if (p->output[i] != ROOT_NONE)
			output_of(r, w, i, first, n);
}

/* --- all blocks --------------------------------------------------------- */

int run_threads(const struct engine_options *o)
{
	return o->threads > 0 ? o->threads : omp_get_max_threads();
}

bool run_goes_on(const struct engine_options *o, double done,
                 struct err *err)
{
	if (!o->progress || o->progress(o->progress_ctx, done))
		return true;
	return err_add(err, ERR_LIMIT, "cancelled");
}

/* Blocks of the points that an older run of half as many does not have: the
 * second half of each replicate. */
struct work {
	int64_t start, length, stride;  /* of the first range; between ranges */
	int64_t per_range, blocks;
};

static struct work work_for(const struct draws *d, const struct run *old)
{
	struct work w = { .length = d->n, .stride = d->n };
	int64_t each = d->n / d->replicates;
	int64_t ranges = 1;

	if (old) {
		ranges = d->replicates;
		w.length = each / 2;
		w.start = each / 2;
		w.stride = each;
	}
	w.per_range = (w.length + TAPE_BLOCK - 1) / TAPE_BLOCK;
	w.blocks = w.per_range * ranges;
	return w;
}

static void do_block(const struct run *r, struct worker *w,
                     const struct work *k, int64_t block)
{
	int64_t within = block % k->per_range * TAPE_BLOCK;
	int64_t first = k->start + block / k->per_range * k->stride + within;
	int64_t left = k->length - within;
	int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

	feed_draw(&w->feed, r->sample, first, n);
	frame_memo(w->feed.frame, r->memo, first);
	take_block(r, w, first, n);
}

static bool run_blocks(struct run *r, const struct run *old,
                       const struct engine_options *o, struct err *err)
{
	struct work k = work_for(&r->draws, old);
	int threads = run_threads(o);
	struct worker *w = xcalloc((size_t)threads, sizeof *w);
	bool ok = true;

	for (int i = 0; i < threads; i++) {
		feed_init(&w[i].feed, r->plan->full);
		tally_init(&w[i].tally, r->plan);
	}
	for (int64_t at = 0; ok && at < k.blocks; at += CHUNK) {
		int64_t end = at + CHUNK < k.blocks ? at + CHUNK : k.blocks;

#pragma omp parallel for num_threads(threads) schedule(dynamic)
		for (int64_t b = at; b < end; b++)
			do_block(r, &w[omp_get_thread_num()], &k, b);
		ok = run_goes_on(o, (double)end / (double)k.blocks, err);
	}
	for (int i = 0; i < threads; i++) {
		tally_add(&r->tally, &w[i].tally, r->plan);
		feed_release(&w[i].feed);
		tally_release(&w[i].tally);
	}
	free(w);
	return ok;
}

/* Replicate r of the old run is the first half of replicate r of this one. */
static void take_over(struct run *r, const struct run *old)
{
	const struct plan *p = r->plan;
	int rows = p->noptions * p->noutputs;
	int64_t half = old->draws.n / old->draws.replicates;

	for (int i = 0; i < p->noptions + rows; i++) {
		double *to = i < p->noptions ? r->cost + i * r->draws.n :
		             r->output + (i - p->noptions) * r->draws.n;
		const double *from = i < p->noptions ?
			old->cost + i * old->draws.n :
			old->output + (i - p->noptions) * old->draws.n;

		for (int k = 0; k < r->draws.replicates; k++)
			memcpy(to + 2 * k * half, from + k * half,
			       sizeof *to * (size_t)half);
	}
	tally_add(&r->tally, &old->tally, p);
}

static struct run *run_alloc(const struct plan *p, struct sample *s,
                             const struct draws *draws)
{
	struct run *r = xcalloc(1, sizeof *r);
	size_t k = (size_t)p->noptions, n = (size_t)draws->n;

	r->plan = p;
	r->sample = s;
	r->draws = *draws;
	r->cost = xcalloc(k * n, sizeof *r->cost);
	r->output = xcalloc(k * n * (size_t)p->noutputs + 1,
	                    sizeof *r->output);
	tally_init(&r->tally, p);
	return r;
}

static void prepare(const struct plan *p, struct sample *s)
{
	for (int k = 0; k < tape_inputs(p->full); k++) {
		int slot = tape_input(p->full, k);

		sample_prepare(s, &slot, 1);
	}
}

struct run *run_new(const struct plan *p, struct sample *s,
                    const struct draws *draws, const struct run *old,
                    const struct engine_options *o, struct err *err)
{
	struct run *r = run_alloc(p, s, draws);

	/* A Latin hypercube of twice the size shares no point with the old. */
	if (draws->sampler == SAMPLER_LHS)
		old = NULL;
	s->draws = *draws;
	prepare(p, s);
	if (!old)
		r->memo = memo_for(p, s, draws);
	if (!run_blocks(r, old, o, err)) {
		run_free(r);
		return NULL;
	}
	if (old)
		take_over(r, old);
	return r;
}

struct run *run_point(const struct plan *p, struct sample *s, struct err *err)
{
	struct draws one = { .sampler = s->draws.sampler, .n = 1,
	                     .replicates = 1, .seed = s->draws.seed };
	struct run *r = run_alloc(p, s, &one);
	struct worker w = { 0 };

	(void)err;
	r->point = true;
	prepare(p, s);
	feed_init(&w.feed, p->full);
	tally_init(&w.tally, p);
	feed_central(&w.feed, s);
	take_block(r, &w, 0, 1);
	tally_add(&r->tally, &w.tally, p);
	feed_release(&w.feed);
	tally_release(&w.tally);
	return r;
}

void run_free(struct run *r)
{
	if (!r)
		return;
	free(r->cost);
	free(r->output);
	tally_release(&r->tally);
	free(r);
}

bool run_check(const struct run *r, int option, struct err *err)
{
	const struct plan *p = r->plan;
	int64_t each = r->draws.n / r->draws.replicates;
	int rows = p->noptions * (1 + p->noutputs);

	for (int i = option; i < rows; i += p->noptions) {
		const struct bad_draw *b = &r->tally.bad[i];

		if (b->replicate < 0)
			continue;
		return blame(r, i < p->noptions ? p->objective[i] :
		             p->output[i - p->noptions], option,
		             b->replicate * each + b->k, err);
	}
	return true;
}
