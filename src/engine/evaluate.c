/*
 * A scenario from end to end: its trade-offs in canonical order, each seeing
 * what those before it recommend.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/breakeven.h"
#include "engine/engine.h"
#include "engine/frontier.h"
#include "engine/goal.h"
#include "engine/graphs.h"
#include "engine/joint.h"
#include "engine/reuse.h"
#include "engine/run.h"
#include "engine/trade.h"

#include "base/banned.h"

static const char *copy(struct arena *a, const char *s)
{
	return s ? arena_strdup(a, s) : NULL;
}

static struct evaluation *evaluation_for(const struct bound *b,
                                         const struct engine_options *o)
{
	struct arena *a = arena_new();
	struct evaluation *e = arena_alloc(a, sizeof *e);

	e->arena = a;
	e->scenario = copy(a, b->scenario->name ? b->scenario->name : "");
	e->title = copy(a, b->scenario->title ? b->scenario->title :
	                   e->scenario);
	e->path = copy(a, b->scenario->path);
	e->prices_as_of = copy(a, b->prices_as_of);
	memcpy(e->scenario_digest, b->scenario_digest, DIGEST_HEX);
	e->file = arena_alloc(a, ((size_t)b->nfiles + 1) * sizeof *e->file);
	for (int i = 0; i < b->nfiles; i++)
		e->file[e->nfiles++] = (struct source_file) {
			copy(a, b->file[i].kind), copy(a, b->file[i].name),
			copy(a, b->file[i].path), copy(a, b->file[i].digest),
		};
	if (b->prices)
		memcpy(e->prices_digest, b->prices->digest, DIGEST_HEX);
	e->engine = (struct engine_info) {
		.version = engine_version(),
		.sampler = sampler_names[o->sampler],
		.fpclass = engine_fpclass(), .width = tape_width(),
		.samples = o->point ? 1 : o->samples, .replicates = 1,
		.seed = o->seed, .point = o->point,
	};
	e->tradeoff = arena_alloc(a, sizeof *e->tradeoff *
	                             (size_t)(b->nmodels + 1));
	return e;
}

/* Whatever may move a digit, and nothing else: two runs of one digest are one
 * run. */
static void digest(struct evaluation *e, const struct bound *b,
                   const struct engine_options *o)
{
	struct digest *d = digest_new();

	digest_text(d, "steelyard evaluation");
	digest_text(d, e->engine.version);
	digest_text(d, e->engine.fpclass);
	digest_text(d, e->engine.sampler);
	digest_number(d, (double)o->samples);
	digest_number(d, (double)o->max_samples);
	digest_bytes(d, &o->seed, sizeof o->seed);
	digest_number(d, o->confidence);
	digest_number(d, o->point);
	digest_text(d, b->content);
	digest_text(d, e->prices_digest);
	digest_text(d, e->prices_as_of ? e->prices_as_of : "");
	digest_text(d, b->workload ? b->workload->digest : "");
	for (int i = 0; i < b->nmodels; i++)
		digest_text(d, b->model[i].model->digest);
	for (int i = 0; i < b->nfiles; i++)
		digest_text(d, b->file[i].digest);
	digest_end(d, e->digest);
}

/* One part of the progress for each trade-off. */
struct part {
	const struct engine_options *o;
	int at, of;
};

static bool part_progress(void *ctx, double done)
{
	const struct part *p = ctx;

	return p->o->progress(p->o->progress_ctx, (p->at + done) / p->of);
}

/* One more trade-off of `e`.  With a cache in an arena of its own, so that later
 * evaluations can share it. */
static bool evaluate_one(struct evaluation *e, const struct bound *b,
                         struct bound_graph *g, int model,
                         const struct engine_options *o, struct err *err)
{
	struct engine_info before = e->engine;
	char key[DIGEST_HEX];
	struct arena *a;

	if (!o->cache)
		return trade_evaluate(b, g, model, o, e, e->arena, err);
	reuse_key(b, model, o, key);
	if (reuse_find(o->cache, key, e))
		return run_goes_on(o, 1, err);
	a = arena_new();
	reuse_own(e, a);
	e->engine.samples = 0;
	if (!trade_evaluate(b, g, model, o, e, a, err))
		return false;
	reuse_keep(o->cache, key, e, a, e->engine.samples,
	           e->engine.replicates);
	if (before.samples > e->engine.samples)
		e->engine.samples = before.samples;
	return true;
}

static bool evaluate_model(struct evaluation *e, const struct bound *b,
                           struct bound_graph *g, int model,
                           const struct engine_options *o, struct err *err)
{
	struct part part = { o, model, b->nmodels };
	struct engine_options inner = *o;

	if (o->progress) {
		inner.progress = part_progress;
		inner.progress_ctx = &part;
	}
	return evaluate_one(e, b, g, model, &inner, err);
}

static bool options_ok(const struct engine_options *o, struct err *err)
{
	struct draws d;

	if (!(o->confidence > 0 && o->confidence < 1))
		return err_add(err, ERR_USAGE, "the confidence must lie "
		               "between 0 and 1");
	return o->point || draws_init(&d, o->sampler, o->seed, o->samples,
	                              err);
}

struct evaluation *engine_evaluate_bound(const struct bound *b,
                                         const struct engine_options *o,
                                         struct err *err)
{
	struct bound_graph *g;
	struct evaluation *e;
	bool ok = options_ok(o, err);

	if (!ok)
		return NULL;
	g = graph_open(o->cache, b);
	e = evaluation_for(b, o);
	for (int i = 0; ok && i < b->nmodels; i++)
		ok = evaluate_model(e, b, g, i, o, err);
	digest(e, b, o);
	graph_close(o->cache, g);
	if (ok)
		return e;
	evaluation_free(e);
	return NULL;
}

/* --- neighbours --------------------------------------------------------- */

/* Whether a later model reads model i and would see another option now. */
static bool moves_others(const struct bound *b, int i, int option)
{
	for (int s = 0; s < b->nslots; s++) {
		const struct slot *slot = &b->slot[s];

		if (slot->kind == SLOT_NEIGHBOUR && slot->neighbour == i &&
		    slot->option != option && b->model[i].assume < 0)
			return true;
	}
	return false;
}

struct chain {
	struct library *l;
	const struct scenario *s;
	struct engine_cache *cache;
	struct bound *b;
	struct bound_graph *g;
	int *recommended;
};

static bool bind_again(struct chain *c, struct err *err)
{
	graph_close(c->cache, c->g);
	bound_free(c->b);
	c->g = NULL;
	c->b = bound_new(c->l, c->s, c->recommended, err);
	if (c->b)
		c->g = graph_open(c->cache, c->b);
	return c->b != NULL;
}

static bool step(struct chain *c, struct evaluation *e, int i,
                 const struct engine_options *o, struct err *err)
{
	int option;

	if (!evaluate_model(e, c->b, c->g, i, o, err))
		return false;
	option = e->tradeoff[e->ntradeoffs - 1].verdict.option;
	c->recommended[i] = c->b->model[i].recommended = option;
	return option < 0 || !moves_others(c->b, i, option)
		|| bind_again(c, err);
}

/* A model is ready when all that it reads have been evaluated. */
static bool is_ready(const struct bound *b, int model, const bool *done)
{
	for (int s = 0; s < b->nslots; s++)
		if (b->slot[s].kind == SLOT_NEIGHBOUR
		    && b->slot[s].model == model
		    && !done[b->slot[s].neighbour])
			return false;
	return !done[model];
}

/* In canonical order, but each behind the ones it reads (a scenario may let one
 * read another that stands later); circles are refused by the binding. */
static bool steps_of(struct chain *c, struct evaluation *e,
                     const struct engine_options *o, struct err *err)
{
	int n = c->b->nmodels;
	bool *done = xcalloc((size_t)n + 1, sizeof *done), ok = true;
	struct tradeoff *sorted = xcalloc((size_t)n + 1, sizeof *sorted);

	for (int k = 0; ok && k < n; k++) {
		int i = 0;

		while (!is_ready(c->b, i, done))
			i++;
		ok = step(c, e, i, o, err);
		sorted[i] = e->tradeoff[k];
		done[i] = true;
	}
	if (ok)
		memcpy(e->tradeoff, sorted, (size_t)n * sizeof *sorted);
	free(sorted);
	free(done);
	return ok;
}

struct evaluation *engine_evaluate(struct library *l,
                                   const struct scenario *s,
                                   const struct engine_options *o,
                                   struct err *err)
{
	struct chain c = { .l = l, .s = s, .cache = o->cache };
	struct evaluation *e;
	bool ok = true;

	if (!options_ok(o, err))
		return NULL;
	c.b = bound_new(l, s, NULL, err);
	if (!c.b)
		return NULL;
	c.g = graph_open(o->cache, c.b);
	c.recommended = xcalloc((size_t)c.b->nmodels + 1,
	                        sizeof *c.recommended);
	for (int i = 0; i < c.b->nmodels; i++)
		c.recommended[i] = -1;
	e = evaluation_for(c.b, o);
	ok = steps_of(&c, e, o, err);
	if (ok)
		digest(e, c.b, o);
	if (ok && o->want_joint)
		joint_notes(e, l, s, o);
	graph_close(o->cache, c.g);
	bound_free(c.b);
	free(c.recommended);
	if (ok)
		return e;
	evaluation_free(e);
	return NULL;
}

/* --- one parameter ------------------------------------------------------ */

static bool all_break_evens(struct trade *t, int slot, const char *name)
{
	struct tradeoff *out = t->out;
	int k = t->plan->noptions, now = t->plan->model->decision.incumbent;
	int first = now >= 0 && !t->barred[now] ? now : t->judged.best;

	out->break_even = arena_alloc(t->arena, sizeof *out->break_even *
	                                        (size_t)(k + 1));
	if (first < 0)
		return true;
	for (int o = 0; o < k; o++)
		if (o != first && !t->barred[o] &&
		    !break_even_fill(t, slot, name, first, o,
		                     &out->break_even[out->nbreak_even++]))
			return false;
	return break_even_fill(t, slot, name, first, -1,
	                       &out->break_even[out->nbreak_even++]);
}

/* Opens and closes the graph around one trade-off. */
static bool one_trade(struct evaluation *e, const struct bound *b, int model,
                      const struct engine_options *o, struct err *err)
{
	struct bound_graph *g = graph_open(o->cache, b);
	bool ok = evaluate_one(e, b, g, model, o, err);

	graph_close(o->cache, g);
	return ok;
}

/* What is asked of one trade-off, once its verdict is known. */
struct question {
	bool (*answer)(struct trade *t, const struct question *q);
	const char *param, *versus, *goal;
};

static bool answer_tips(struct trade *t, const struct question *q)
{
	int slot = bound_slot(t->plan->bound, t->plan->index, q->param,
	                      t->err);

	return slot >= 0 && all_break_evens(t, slot, q->param);
}

static bool answer_map(struct trade *t, const struct question *q)
{
	return frontier_fill(t, q->param, q->versus);
}

static bool answer_goal(struct trade *t, const struct question *q)
{
	return goals_fill(t, q->param, q->goal);
}

static bool search(struct evaluation *e, const struct bound *b, int model,
                   const struct question *q, const struct engine_options *o,
                   struct err *err)
{
	struct bound_graph *g;
	enum verdict_state state;
	struct trade t;
	bool ok;

	/* a name that is none is told before any work */
	if (bound_slot(b, model, q->param, err) < 0 ||
	    (q->versus && bound_slot(b, model, q->versus, err) < 0))
		return false;
	g = graph_open(o->cache, b);
	ok = trade_open(&t, b, g, model, o, e->arena, &e->tradeoff[0], err) &&
	     trade_sample(&t);
	state = e->tradeoff[0].verdict.state;
	ok = ok && options_report(&t) && q->answer(&t, q);
	if (ok) {
		verdict_report(&t, state);
		trade_note_samples(&t, e);
	}
	trade_close(&t);
	graph_close(o->cache, g);
	return ok;
}

/* The neighbours' choices are part of the question: they are found first. */
static struct bound *bind_for(struct library *l, const struct scenario *s,
                              const char *model,
                              const struct engine_options *o, int *index,
                              struct err *err)
{
	struct bound *b = bound_new(l, s, NULL, err);
	struct engine_options quick = *o;
	struct evaluation *e;
	int *recommended;
	bool reads = false;

	*index = b ? bound_model_index(b, model) : -1;
	if (b && *index < 0) {
		err_add(err, ERR_USAGE, "the scenario asks about no model "
		        "`%s`", model);
		bound_free(b);
		return NULL;
	}
	for (int i = 0; b && i < b->nslots; i++)
		reads |= b->slot[i].kind == SLOT_NEIGHBOUR;
	if (!b || !reads)
		return b;
	quick.want_break_even = quick.want_sensitivity = false;
	quick.want_voi = quick.want_total = false;
	quick.want_shapley = quick.want_prcc = false;
	e = engine_evaluate(l, s, &quick, err);
	if (!e) {
		bound_free(b);
		return NULL;
	}
	recommended = xcalloc((size_t)b->nmodels + 1, sizeof *recommended);
	for (int i = 0; i < b->nmodels; i++)
		recommended[i] = e->tradeoff[i].verdict.option;
	bound_free(b);
	b = bound_new(l, s, recommended, err);
	free(recommended);
	evaluation_free(e);
	return b;
}

static struct evaluation *ask_bound(const struct bound *b, int index,
                                    const struct question *q,
                                    const struct engine_options *o,
                                    struct err *err)
{
	struct evaluation *e;

	if (!options_ok(o, err))
		return NULL;
	e = evaluation_for(b, o);
	e->ntradeoffs = 1;
	if (search(e, b, index, q, o, err)) {
		digest(e, b, o);
		return e;
	}
	evaluation_free(e);
	return NULL;
}

static struct evaluation *ask(struct library *l, const struct scenario *s,
                              const char *model, const struct question *q,
                              const struct engine_options *o, struct err *err)
{
	struct evaluation *e;
	struct bound *b;
	int index;

	if (!options_ok(o, err))
		return NULL;
	b = bind_for(l, s, model, o, &index, err);
	if (!b)
		return NULL;
	e = ask_bound(b, index, q, o, err);
	bound_free(b);
	return e;
}

struct evaluation *engine_break_even_bound(const struct bound *b, int index,
                                           const char *param,
                                           const struct engine_options *o,
                                           struct err *err)
{
	const struct question q = { .answer = answer_tips, .param = param };

	return ask_bound(b, index, &q, o, err);
}

struct evaluation *engine_break_even(struct library *l,
                                     const struct scenario *s,
                                     const char *model, const char *param,
                                     const struct engine_options *o,
                                     struct err *err)
{
	const struct question q = { .answer = answer_tips, .param = param };

	return ask(l, s, model, &q, o, err);
}

struct evaluation *engine_goal(struct library *l, const struct scenario *s,
                               const char *model, const char *param,
                               const char *goal,
                               const struct engine_options *o, struct err *err)
{
	const struct question q = { .answer = answer_goal, .param = param,
	                            .goal = goal };

	return ask(l, s, model, &q, o, err);
}

struct evaluation *engine_frontier(struct library *l, const struct scenario *s,
                                   const char *model, const char *x,
                                   const char *y,
                                   const struct engine_options *o,
                                   struct err *err)
{
	const struct question q = { .answer = answer_map, .param = x,
	                            .versus = y };

	return ask(l, s, model, &q, o, err);
}

struct evaluation *engine_trade_bound(const struct bound *b, int index,
                                      const struct engine_options *o,
                                      struct err *err)
{
	struct evaluation *e;

	if (!options_ok(o, err))
		return NULL;
	e = evaluation_for(b, o);
	if (one_trade(e, b, index, o, err)) {
		digest(e, b, o);
		return e;
	}
	evaluation_free(e);
	return NULL;
}

struct evaluation *engine_trade(struct library *l, const struct scenario *s,
                                const char *model,
                                const struct engine_options *o,
                                struct err *err)
{
	struct evaluation *e = NULL;
	struct bound *b;
	int index;

	if (!options_ok(o, err))
		return NULL;
	b = bind_for(l, s, model, o, &index, err);
	if (b)
		e = engine_trade_bound(b, index, o, err);
	bound_free(b);
	return e;
}
