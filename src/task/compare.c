/*
 * Two states of a scenario: what changed, what that does to the answer, and
 * the exact share of each change.
 *
 * Every mixture of the two is evaluated on the same points, so what did not
 * change contributes nothing, not even noise.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "math/shapley.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/changes.h"
#include "task/files.h"

#include "base/banned.h"

#define GROUPS_MOST 10          /* 1024 mixtures */
#define FEW_GROUPS 6            /* 64 mixtures of as many draws as `evaluate` */
#define REPLICATES 8
#define LAYERS (REPLICATES + 1)
#define ROUNDING 1e-13          /* of a figure */
#define MANY_SAMPLES 4096       /* of each mixture, where there are more */

/* One of the two: its canonical text and the files it rests on. */
struct side {
	const struct ynode *tree;
	const char *text;
	int nfiles;
	struct store_file *file;
};

struct comparing {
	struct context *context;
	struct comparison *out;
	struct arena *arena;            /* the comparison's */
	struct side then, now;
	int models, prices;             /* groups, or -1 */
	struct past past[2][2];         /* by models, prices: then, now */
	struct engine_options options;
	struct err *err;
	size_t notes;
};

static void note(struct comparing *k, const char *text)
{
	*ARR_PUSH(k->out->note, k->out->nnotes, k->notes) = text;
}

/* --- the sides ---------------------------------------------------------- */

static bool read_tree(struct comparing *k, struct side *s, const char *name)
{
	s->tree = yaml_read_text(k->arena, s->text, strlen(s->text), name,
	                         k->err);
	return s->tree != NULL;
}

static bool take_text(struct comparing *k, struct side *s,
                      const struct scenario *from, const char *name)
{
	struct scenario *kept = scenario_copy(from);
	struct buf text = BUF_INIT;
	bool ok = scenario_pin_models(kept, k->context->library, k->err) &&
		scenario_pin_files(kept, k->err);

	if (ok) {
		scenario_write(kept, &text);
		s->text = arena_strdup(k->arena, text.s);
	}
	buf_release(&text);
	scenario_free(kept);
	return ok && read_tree(k, s, name);
}

/* The files that a saved revision was evaluated with; those of today where it
 * was not saved, or by a version that kept none. */
static bool take_files(struct comparing *k, struct side *s,
                       const struct scenario *from, const char *name)
{
	struct err mute = ERR_INIT;
	struct revision_info info;
	struct store *store = task_store_exists(k->context)
		? store_open(k->context->store_path, false, &mute) : NULL;

	s->nfiles = 0;
	if (store && strcmp(name, "today") && !task_names_file(name) &&
	    store_find(store, name, &info, NULL, NULL, k->arena, &mute) &&
	    info.evaluation) {
		s->nfiles = store_files(store, info.evaluation, &s->file,
		                        k->arena, k->err);
		if (!s->nfiles)
			note(k, arena_printf(k->arena, "%s was saved without "
			     "its models and prices: those of today are used",
			     name));
	}
	store_close(store);
	err_clear(&mute);
	if (s->nfiles)
		return s->nfiles > 0;
	return files_of_today(k->context, from, &s->file, &s->nfiles, k->arena,
	                      k->err);
}

static bool take_side(struct comparing *k, struct side *s,
                      const struct scenario *given, const char *ref,
                      const char *name)
{
	struct scenario *from = given ? scenario_copy(given)
		: task_scenario(k->context, ref, NULL, k->err);
	bool ok = from && take_text(k, s, from, name) &&
		take_files(k, s, from, name);

	if (from)
		scenario_free(from);
	return ok;
}

/* --- groups ------------------------------------------------------------- */

static const char *file_text(const struct side *s, const char *name)
{
	for (int i = 0; i < s->nfiles; i++)
		if (!strcmp(s->file[i].name, name))
			return s->file[i].text;
	return NULL;
}

/* Whether the prices (or anything but the prices) differ. */
static bool files_differ(const struct comparing *k, bool prices)
{
	const struct side *s[2] = { &k->then, &k->now };

	for (int side = 0; side < 2; side++)
		for (int i = 0; i < s[side]->nfiles; i++) {
			const char *name = s[side]->file[i].name;
			const char *other = file_text(s[!side], name);

			if (!strcmp(name, "prices.yaml") == prices && other &&
			    strcmp(s[side]->file[i].text, other))
				return true;
		}
	return false;
}

static int add_group(struct comparing *k, const char *name)
{
	k->out->group[k->out->ngroups] = name;
	return k->out->ngroups++;
}

/* "workload", or the model's name: where a place stands. */
static const char *part_of(struct comparing *k, const char *path)
{
	return arena_strndup(k->arena, path, strcspn(path, "/"));
}

static int group_named(struct comparing *k, const char *name)
{
	for (int i = 0; i < k->out->ngroups; i++)
		if (!strcmp(k->out->group[i], name))
			return i;
	return add_group(k, name);
}

/* Each change by itself where they are few; else the changes of the workload
 * and of each model together; else all of them. */
static void make_groups(struct comparing *k)
{
	struct comparison *c = k->out;
	int files = files_differ(k, true) + files_differ(k, false);
	bool few = c->nchanges + files <= GROUPS_MOST;

	c->group = arena_alloc(k->arena, ((size_t)c->nchanges + 2) *
	                                 sizeof *c->group);
	for (int i = 0; i < c->nchanges; i++)
		c->change[i].group = few ? add_group(k, c->change[i].path)
			: group_named(k, part_of(k, c->change[i].path));
	if (c->ngroups + files > GROUPS_MOST) {
		c->ngroups = 0;
		for (int i = 0; i < c->nchanges; i++)
			c->change[i].group = group_named(k, "values");
	}
	k->models = files_differ(k, false) ? add_group(k, "models") : -1;
	k->prices = files_differ(k, true) ? add_group(k, "price list") : -1;
}

/* --- mixtures ----------------------------------------------------------- */

/* The files of a mixture: models of one side, prices of another. */
static struct past *past_of(struct comparing *k, bool models, bool prices)
{
	struct past *p = &k->past[models][prices];
	const struct side *m = models ? &k->now : &k->then;
	const struct side *q = prices ? &k->now : &k->then;
	struct store_file *file;
	int n = 0;

	if (p->library)
		return p;
	file = arena_alloc(k->arena, (size_t)(2 * k->then.nfiles +
	                                      2 * k->now.nfiles + 1) *
	                             sizeof *file);
	for (int i = 0; i < m->nfiles; i++)
		if (strcmp(m->file[i].name, "prices.yaml"))
			file[n++] = m->file[i];
	/* what one side drew on, by digest: a mixture may ask for any */
	for (int i = 0; i < k->then.nfiles; i++)
		if (file_is_kept(&k->then.file[i]))
			file[n++] = k->then.file[i];
	for (int i = 0; i < k->now.nfiles; i++)
		if (file_is_kept(&k->now.file[i]))
			file[n++] = k->now.file[i];
	for (int i = 0; i < q->nfiles; i++)
		if (!strcmp(q->file[i].name, "prices.yaml"))
			file[n++] = q->file[i];
	return past_open(p, file, n, k->err) ? p : NULL;
}

static struct evaluation *evaluate(struct comparing *k, unsigned set)
{
	const struct comparison *c = k->out;
	bool taken[SHAPLEY_MOST + 1] = { false };
	struct evaluation *e = NULL;
	struct buf text = BUF_INIT;
	struct scenario *s;
	struct past *p;

	for (int i = 0; i < c->ngroups; i++)
		taken[i] = set >> i & 1;
	p = past_of(k, k->models >= 0 && taken[k->models],
	            k->prices >= 0 && taken[k->prices]);
	if (!p)
		return NULL;
	changes_apply(k->then.tree, k->now.tree, c->change, c->nchanges, taken,
	              &text);
	s = scenario_read_text(text.s, text.len, c->then, k->err);
	if (s) {
		e = engine_evaluate(p->library, s, &k->options, k->err);
		scenario_free(s);
	}
	buf_release(&text);
	return e;
}

/* --- figures ------------------------------------------------------------ */

/* Of replicate r, or (-1) of all draws. */
static double objective(const struct tradeoff *t, int i, int r)
{
	const struct option_result *o = &t->option[i];

	if (o->status != OPTION_OK)
		return NAN;
	return t->point ? o->objective.value :
	       r < 0 ? o->objective.mean : o->replicate_mean[r];
}

/* The best other option, in the objective's sense; -1: none. */
static int rival_of(const struct tradeoff *t, int option)
{
	bool least = strcmp(t->sense, "maximise") != 0;
	double best = NAN;
	int rival = -1;

	for (int i = 0; i < t->noptions; i++) {
		double v = objective(t, i, -1);

		/* what misses a service level is no rival to what keeps it */
		if (!t->option[i].slo_met && t->option[option].slo_met)
			continue;
		if (i != option && isfinite(v) &&
		    !(least ? v >= best : v <= best)) {
			best = v;
			rival = i;
		}
	}
	return rival;
}

static double lead(const struct tradeoff *t, int option, int r)
{
	int rival = rival_of(t, option);
	double d = rival < 0 ? NAN : objective(t, rival, r) -
	                             objective(t, option, r);

	return strcmp(t->sense, "maximise") != 0 ? d : -d;
}

static double figure_of(const struct tradeoff *t, const char *then, int k,
                        int r)
{
	int option = tradeoff_option(t, then);

	if (k == 0)
		return t->verdict.option < 0 ? NAN
			: objective(t, t->verdict.option, r);
	if (option < 0)
		return NAN;
	if (k == 1)
		return lead(t, option, r);
	return t->point ? NAN : r < 0 ? t->option[option].probability_best
	                              : t->option[option].replicate_best[r];
}

static int replicates(const struct tradeoff *t)
{
	return t->noptions ? t->option[0].nreplicates : 0;
}

/* From replicates: the standard deviation of a sum of their figures over the
 * root of how many they are. */
static double error_of(const double *v, int n)
{
	double mean = 0, square = 0;

	if (n < 2)
		return NAN;
	for (int i = 0; i < n; i++)
		mean += v[i] / n;
	for (int i = 0; i < n; i++)
		square += (v[i] - mean) * (v[i] - mean);
	return sqrt(square / (n - 1) / n);
}

static const char *taken_name(struct comparing *k, const struct tradeoff *t)
{
	return t->verdict.option < 0 ? NULL
		: arena_strdup(k->arena, t->option[t->verdict.option].name);
}

static void begin_trade(struct comparing *k, const struct tradeoff *then,
                        const struct tradeoff *now)
{
	struct trade_change *t = &k->out->trade[k->out->ntrades++];
	const char *a = taken_name(k, then), *b = taken_name(k, now);
	const char *unit = arena_strdup(k->arena, then->objective_unit);

	*t = (struct trade_change){
		.model = arena_strdup(k->arena, then->model),
		.title = arena_strdup(k->arena, then->title),
		.option_then = a, .option_now = b,
		.state_then = verdict_state_names[then->verdict.state],
		.state_now = verdict_state_names[now->verdict.state],
		.flipped = !a != !b || (a && strcmp(a, b)),
		.figure = {
			{ .name = "advised", .title = "what is advised costs",
			  .unit = unit },
			{ .name = "lead", .title = "lead of what was advised "
			  "then", .unit = unit },
			{ .name = "probability_best", .title = "probability "
			  "that it is best", .unit = "1" },
		},
	};
}

static void set_figure(struct figure_change *x, const struct tradeoff *then,
                       const struct tradeoff *now, const char *option, int f)
{
	int R = replicates(then) == replicates(now) ? replicates(then) : 0;
	double a[REPLICATES], b[REPLICATES], d[REPLICATES];

	R = R > REPLICATES ? REPLICATES : R;
	x->then = figure_of(then, option, f, -1);
	x->now = figure_of(now, option, f, -1);
	for (int r = 0; r < R; r++) {
		a[r] = figure_of(then, option, f, r);
		b[r] = figure_of(now, option, f, r);
		d[r] = b[r] - a[r];
	}
	x->then_se = error_of(a, R);
	x->now_se = error_of(b, R);
	x->change_se = error_of(d, R);
}

/* Both ends on the draws that the mixtures have: the shares add up to the
 * difference of these. */
static void set_figures(struct comparing *k, const struct evaluation *then,
                        const struct evaluation *now)
{
	struct comparison *c = k->out;

	c->samples = then->engine.samples;
	for (int i = 0; i < c->ntrades; i++) {
		struct trade_change *t = &c->trade[i];

		for (int f = 0; f < COMPARE_FIGURES; f++)
			set_figure(&t->figure[f],
			           evaluation_find(then, t->model),
			           evaluation_find(now, t->model),
			           t->option_then, f);
	}
}

static void begin_trades(struct comparing *k, const struct evaluation *then,
                         const struct evaluation *now)
{
	struct comparison *c = k->out;

	c->point = then->engine.point;
	c->trade = arena_alloc(k->arena, ((size_t)then->ntradeoffs + 1) *
	                                 sizeof *c->trade);
	for (int i = 0; i < then->ntradeoffs; i++) {
		const struct tradeoff *b =
			evaluation_find(now, then->tradeoff[i].model);

		if (b)
			begin_trade(k, &then->tradeoff[i], b);
		else
			note(k, arena_printf(k->arena, "%s is asked about "
			     "only then", then->tradeoff[i].model));
	}
	for (int i = 0; i < now->ntradeoffs; i++)
		if (!evaluation_find(then, now->tradeoff[i].model))
			note(k, arena_printf(k->arena, "%s is asked about "
			     "only now", now->tradeoff[i].model));
}

/* --- shares ------------------------------------------------------------- */

/* Figures of every mixture, of all draws and of each replicate:
 * [((trade * FIGURES + figure) * LAYERS + 1 + replicate) * 2^n + set]. */
static void file_values(const struct comparing *k, const struct evaluation *e,
                        unsigned set, double *value)
{
	const struct comparison *c = k->out;
	unsigned sets = 1u << c->ngroups;

	for (int i = 0; i < c->ntrades * COMPARE_FIGURES; i++) {
		const struct trade_change *x = &c->trade[i / COMPARE_FIGURES];
		const struct tradeoff *t = evaluation_find(e, x->model);

		for (int r = -1; r < REPLICATES; r++)
			value[((size_t)i * LAYERS + (size_t)(r + 1)) * sets +
			      set] = r >= replicates(t) ? NAN : figure_of(t,
				x->option_then, i % COMPARE_FIGURES, r);
	}
}

static bool fill_values(struct comparing *k, double *value)
{
	struct comparison *c = k->out;
	unsigned sets = 1u << c->ngroups;

	for (unsigned set = 0; set < sets; set++) {
		struct evaluation *e = evaluate(k, set);

		if (!e)
			return false;
		file_values(k, e, set, value);
		evaluation_free(e);
		if (k->context->engine.progress &&
		    !k->context->engine.progress(
			    k->context->engine.progress_ctx,
			    (set + 1.0) / sets))
			return err_add(k->err, ERR_LIMIT, "cancelled");
	}
	c->evaluations = sets;
	return true;
}

static bool all_finite(const double *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

/* A share is a sum of figures, so each replicate has its own.  What rounding
 * leaves of a change that moves nothing is nothing. */
static void share_figure(const struct comparing *k, const double *v,
                         struct figure_change *f)
{
	const struct comparison *c = k->out;
	unsigned sets = 1u << c->ngroups;
	int n = c->ngroups, R = 0;
	double rep[REPLICATES][SHAPLEY_MOST + 1], one[REPLICATES];
	double least = ROUNDING * (fabs(f->then) + fabs(f->now));

	f->share = arena_alloc(k->arena, ((size_t)n + 1) * sizeof *f->share);
	f->share_se = arena_alloc(k->arena, ((size_t)n + 1) *
	                                    sizeof *f->share_se);
	shapley_exact(n, v, f->share);
	for (; R < REPLICATES && all_finite(v + (size_t)(R + 1) * sets, sets);
	     R++)
		shapley_exact(n, v + (size_t)(R + 1) * sets, rep[R]);
	for (int g = 0; g < n; g++) {
		for (int r = 0; r < R; r++)
			one[r] = rep[r][g];
		f->share_se[g] = error_of(one, R);
		if (fabs(f->share[g]) <= least)
			f->share[g] = 0;
	}
}

/* A figure that some mixture does not have cannot be shared out. */
static bool share_out(struct comparing *k)
{
	struct comparison *c = k->out;
	unsigned sets = 1u << c->ngroups;
	double *value = xcalloc((size_t)(c->ntrades + 1) * COMPARE_FIGURES *
	                        LAYERS * sets, sizeof *value);
	bool ok = fill_values(k, value);

	for (int i = 0; ok && i < c->ntrades * COMPARE_FIGURES; i++) {
		const double *v = value + (size_t)i * LAYERS * sets;

		if (all_finite(v, sets))
			share_figure(k, v, &c->trade[i / COMPARE_FIGURES]
			             .figure[i % COMPARE_FIGURES]);
	}
	c->shared = ok;
	free(value);
	return ok;
}

/* ------------------------------------------------------------------------ */

/* One number of draws for every mixture, or they could not be compared. */
static int64_t draws_for(const struct comparing *k, bool shares)
{
	const struct engine_options *o = &k->options;
	bool own = o->max_samples == o->samples;        /* --samples */

	return own || !shares || k->out->ngroups <= FEW_GROUPS ? o->samples
	                                                       : MANY_SAMPLES;
}

static bool both_ends(struct comparing *k,
                      void (*hear)(struct comparing *k,
                                   const struct evaluation *then,
                                   const struct evaluation *now))
{
	struct evaluation *then = evaluate(k, 0), *now = NULL;
	bool ok;

	if (then)
		now = evaluate(k, (1u << k->out->ngroups) - 1);
	ok = now != NULL;
	if (ok)
		hear(k, then, now);
	if (then)
		evaluation_free(then);
	if (now)
		evaluation_free(now);
	return ok;
}

static bool compare(struct comparing *k, const struct compared *a,
                    const struct compared *b, bool shares)
{
	struct comparison *c = k->out;
	bool today = !b->state && !strcmp(b->name, "today");
	bool ok;

	if (!take_side(k, &k->then, a->state, a->name, a->name) ||
	    !take_side(k, &k->now, today ? a->state : b->state,
	               today ? a->name : b->name, b->name))
		return false;
	c->nchanges = changes_find(k->arena, k->then.tree, k->now.tree,
	                           &c->change);
	make_groups(k);
	/* the advice of each end is what `evaluate` says of it */
	ok = both_ends(k, begin_trades);
	k->options.samples = draws_for(k, shares);
	k->options.max_samples = k->options.samples;
	ok = ok && both_ends(k, set_figures);
	return ok && (!shares || share_out(k));
}

static struct engine_options options_for(const struct context *c)
{
	struct engine_options o = c->engine;

	o.want_break_even = o.want_sensitivity = o.want_voi = false;
	o.want_criteria = o.want_provenance = o.want_outputs = false;
	o.progress = NULL;
	/* a mixture is too small a piece of work to be cut up */
	o.threads = 1;
	o.cache = engine_cache_new();
	return o;
}

struct comparison *task_compare(struct context *c, const char *a,
                                const char *b, bool shares, struct err *err)
{
	return task_compare_states(c, &(struct compared){ a, NULL },
	                           &(struct compared){ b, NULL }, shares, err);
}

struct comparison *task_compare_states(struct context *c,
                                       const struct compared *a,
                                       const struct compared *b, bool shares,
                                       struct err *err)
{
	struct arena *arena = arena_new();
	struct comparing k = {
		.context = c, .arena = arena, .err = err,
		.out = arena_alloc(arena, sizeof *k.out),
		.options = options_for(c),
	};
	const char **notes;
	bool ok;

	k.out->arena = arena;
	k.out->then = arena_strdup(arena, a->name);
	k.out->now = arena_strdup(arena, b->name);
	ok = compare(&k, a, b, shares);
	for (int i = 0; i < 4; i++)
		past_close(&k.past[i / 2][i % 2]);
	engine_cache_free(k.options.cache);
	notes = arena_alloc(arena, ((size_t)k.out->nnotes + 1) *
	                           sizeof *notes);
	if (k.out->nnotes)
		memcpy((void *)notes, (void *)k.out->note,
		       (size_t)k.out->nnotes * sizeof *notes);
	free((void *)k.out->note);
	k.out->note = notes;
	if (ok)
		return k.out;
	comparison_free(k.out);
	return NULL;
}
