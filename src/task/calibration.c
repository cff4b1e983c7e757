/*
 * calibration: what was measured against what had been expected.  A forecast
 * is an evaluation that was saved before the period ended, with the files of
 * then: of a parameter its law as it was bound, of an output the draws.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "expr/expr.h"
#include "math/risk.h"
#include "math/score.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/files.h"

#include "base/banned.h"

struct calibrating {
	struct context *context;
	struct store *store;
	struct calibration *out;
	size_t cap;
	const char *estimator;          /* only of this one's parameters, and */
	bool quick;                     /* only forecasts that will count */
	struct err *err;
};

/* --- the day a period ends ------------------------------------------------ */

static int64_t end_of(const struct actual *x)
{
	int64_t day = 0;

	clock_parse_date(x->to ? x->to : "", &day);
	return day + 86400;
}

/* --- one forecast --------------------------------------------------------- */

/* A revision as it was bound when it was evaluated. */
struct then {
	struct past past;
	struct scenario *scenario;
	struct bound *bound;
};

static void then_close(struct then *t)
{
	if (t->bound)
		bound_free(t->bound);
	if (t->scenario)
		scenario_free(t->scenario);
	past_close(&t->past);
}

static bool reads_others(const struct bound *b)
{
	for (int i = 0; i < b->nslots; i++)
		if (b->slot[i].kind == SLOT_NEIGHBOUR)
			return true;
	return false;
}

/* The options that others read figures of, as they were advised. */
static void bind_again(struct then *t, const struct engine_options *o,
                       struct err *err)
{
	int n = t->bound->nmodels;
	int *option = xcalloc((size_t)n + 1, sizeof *option);
	struct evaluation *e = engine_evaluate(t->past.library, t->scenario, o,
	                                       err);
	struct bound *b;

	for (int i = 0; e && i < n; i++)
		option[i] = e->tradeoff[i].verdict.option;
	b = e ? bound_new(t->past.library, t->scenario, option, err) : NULL;
	if (b) {
		bound_free(t->bound);
		t->bound = b;
	}
	free(option);
	if (e)
		evaluation_free(e);
}

static bool then_open(struct then *t, struct calibrating *k,
                      const struct revision_info *r, struct arena *a,
                      struct err *err)
{
	struct store_file *file;
	struct revision_info found;
	const char *text;
	int n = store_files(k->store, r->evaluation, &file, a, err);

	*t = (struct then){ .bound = NULL };
	if (n == 0)
		err_add(err, ERR_STORE, "it was saved by a version that kept no "
		        "models");
	return n > 0 && store_find(k->store, r->hash, &found, &text, NULL, a,
	                           err) &&
	       past_open(&t->past, file, n, err) &&
	       (t->scenario = scenario_read_text(text, strlen(text), r->scenario,
	                                         err)) != NULL &&
	       (t->bound = bound_new(t->past.library, t->scenario, NULL,
	                             err)) != NULL;
}

static void score_law(struct forecast *f, const struct dist *d,
                      const struct unit *u)
{
	double y = unit_to_base(u, f->actual);

	f->p5 = unit_from_base(u, dist_quantile(d, 0.05));
	f->p50 = unit_from_base(u, dist_quantile(d, 0.5));
	f->p95 = unit_from_base(u, dist_quantile(d, 0.95));
	f->fixed = dist_is_point(d);
	f->crps = dist_crps(d, y) / u->scale;
	if (!f->fixed)
		f->pit = dist_position(d, y);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Hazen's quantile of rising values: the i-th stands for (i - 1/2) / n. */
static double rank_at(const double *v, int n, double p)
{
	double h = n * p - 0.5;
	int i = (int)floor(h);

	if (i < 0)
		return v[0];
	return i + 1 >= n ? v[n - 1] : v[i] + (h - i) * (v[i + 1] - v[i]);
}

static void score_draws(struct forecast *f, double *v, int64_t all,
                        const struct unit *u)
{
	int n = 0;

	for (int64_t i = 0; i < all; i++)
		if (isfinite(v[i]))
			v[n++] = unit_from_base(u, v[i]);
	if (!n) {
		f->why = "no draw gave a number";
		return;
	}
	qsort(v, (size_t)n, sizeof *v, by_value);
	f->p5 = rank_at(v, n, 0.05);
	f->p50 = rank_at(v, n, 0.5);
	f->p95 = rank_at(v, n, 0.95);
	f->fixed = v[0] == v[n - 1];
	f->crps = sample_crps(v, n, f->actual);
	if (!f->fixed)
		f->pit = sample_position(v, n, f->actual);
}

/* "price_in@api_open" as the language says it: price_in[api_open]. */
static const char *as_expression(const char *name, struct arena *a)
{
	const char *at = strchr(name, '@');

	return at ? arena_printf(a, "%.*s[%s]", (int)(at - name), name, at + 1)
	          : name;
}

/* What a name of then means: an output, else an expression. */
static struct syntax *meaning(const struct model *m, struct forecast *f,
                              int *option, struct arena *a, struct err *err)
{
	const char *text = as_expression(f->name, a);
	struct named_figure x = { .option = -1 };
	struct syntax *s;

	if (model_figure(m, text, a, &x, err)) {
		s = x.value;
		if (x.central)
			f->why = "it is worked out at central values alone, "
			         "which gives no range";
	} else {
		s = err_any(err) ? NULL
			: expr_parse(a, text, (struct pos){ f->name, 1, 1 }, err);
		if (s && !env_check_expr(m->env, s, TYPE_NUMBER, 0, false, NULL,
		                         err))
			s = NULL;
	}
	*option = x.option;
	return s;
}

static bool sample_figure(struct calibrating *k, struct then *t, int model,
                          struct forecast *f, const struct unit *u,
                          struct err *err)
{
	struct arena *a = arena_new();
	struct engine_options o = k->context->engine;
	struct syntax *s;
	double *v = NULL;
	int64_t n;
	bool ok;
	int option;

	o.want_break_even = o.want_sensitivity = o.want_voi = false;
	o.point = false;
	if (reads_others(t->bound))
		bind_again(t, &o, err);
	s = meaning(t->bound->model[model].model, f, &option, a, err);
	ok = s && !err_any(err);
	if (ok && !f->why)
		ok = engine_draws(t->bound, model, s, option, &o, &v, &n, err);
	if (ok && !f->why)
		score_draws(f, v, n, u);
	free(v);
	arena_free(a);
	return ok;
}

static bool in_unit(struct then *t, const char *text, const struct slot *slot,
                    struct unit *u)
{
	return !unit_parse(library_units(t->past.library), text, u) &&
	       (!slot || unit_same(u, slot_unit(slot)));
}

static void score(struct calibrating *k, struct then *t, struct forecast *f,
                  const char *model_name)
{
	struct arena *a = k->out->arena;
	struct err err = ERR_INIT;
	int model = model_name ? bound_model_index(t->bound, model_name) : -1;
	int at = model_name && model < 0 ? -1
		: bound_slot(t->bound, model, f->name, NULL);
	const struct slot *slot = at >= 0 ? &t->bound->slot[at] : NULL;
	struct unit u;

	f->output = !slot;
	if (k->estimator && !slot)
		return;
	if (model_name && model < 0)
		f->why = "the scenario did not ask about this model";
	else if (!in_unit(t, f->unit, slot, &u))
		f->why = "it was in another unit";
	else if (slot && slot->kind == SLOT_INPUT && slot->dist)
		score_law(f, slot->dist, &u);
	else if (!sample_figure(k, t, model < 0 ? 0 : model, f, &u, &err))
		f->why = err_any(&err) ? arena_strdup(a, err.item[0].text)
		                       : "the model had no such figure";
	err_clear(&err);
	if (f->actual > 0 && f->p50 > 0)
		f->log_error = log(f->actual / f->p50);
	f->inside = f->actual >= f->p5 && f->actual <= f->p95;
}

static struct forecast *add_row(struct calibrating *k, const struct actual *x,
                                const struct revision_info *r)
{
	struct calibration *c = k->out;
	struct arena *a = c->arena;
	struct forecast *f = ARR_PUSH(c->forecast, c->n, k->cap);

	*f = (struct forecast){
		.scenario = x->scenario, .model = x->model, .name = x->name,
		.unit = x->unit, .from = x->from, .to = x->to,
		.estimator = arena_strdup(a, r->author), .revision = r->number,
		.evaluation = arena_strdup(a, r->evaluation), .at = r->created,
		.actual = x->value, .p5 = NAN, .p50 = NAN, .p95 = NAN,
		.pit = NAN, .crps = NAN, .log_error = NAN,
	};
	return f;
}

/* --- all of them ---------------------------------------------------------- */

/* Whether no later evaluation of the same person came before the period's end:
 * then this one counts for the measurement. */
static bool is_last(const struct revision_info *r, int i, int n,
                    const struct actual *x)
{
	for (int j = i + 1; j < n; j++)
		if (r[j].created < end_of(x) &&
		    !strcmp(r[j].author, r[i].author))
			return false;
	return true;
}

static bool is_asked(const struct calibrating *k,
                     const struct revision_info *r, int i, int n,
                     const struct actual *x)
{
	return r[i].created < end_of(x) &&
	       (!k->estimator || !strcmp(k->estimator, r[i].author)) &&
	       (!k->quick || is_last(r, i, n, x));
}

static void score_all(struct calibrating *k, const struct actual *x, int nx,
                      const struct revision_info *r, int i, int n)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct then t = { .bound = NULL };
	bool open = false, tried = false;

	for (int j = 0; j < nx; j++) {
		struct forecast *f;

		if (!is_asked(k, r, i, n, &x[j]))
			continue;
		if (!tried)
			open = then_open(&t, k, &r[i], a, &err);
		tried = true;
		f = add_row(k, &x[j], &r[i]);
		f->counted = is_last(r, i, n, &x[j]);
		if (open)
			score(k, &t, f, x[j].model);
		else
			f->why = arena_strdup(k->out->arena, err.n
			                      ? err.item[0].text : "?");
		f->counted &= !f->why && (!k->estimator || !f->output);
	}
	then_close(&t);
	err_clear(&err);
	arena_free(a);
}

static bool collect(struct calibrating *k, const char *scenario)
{
	struct arena *a = k->out->arena;
	struct revision_info *r;
	struct actual *x;
	int nx = actual_list(k->store, scenario, &x, a, k->err), n;

	for (int from = 0, to; from < nx; from = to) {
		to = from;
		while (to < nx && !strcmp(x[to].scenario, x[from].scenario))
			to++;
		n = store_evaluations(k->store, x[from].scenario, &r, a, k->err);
		if (n < 0)
			return false;
		for (int i = 0; i < n; i++)
			score_all(k, x + from, to - from, r, i, n);
	}
	return nx >= 0;
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int by_subject(const void *a, const void *b)
{
	const struct forecast *x = a, *y = b;
	int order = compare_text(x->scenario, y->scenario);

	order = order ? order : compare_text(x->model, y->model);
	order = order ? order : compare_text(x->name, y->name);
	order = order ? order : compare_text(x->to, y->to);
	order = order ? order : compare_text(x->from, y->from);
	order = order ? order : (x->at > y->at) - (x->at < y->at);
	order = order ? order : x->revision - y->revision;
	return order ? order : compare_text(x->evaluation, y->evaluation);
}

/* --- groups --------------------------------------------------------------- */

static const char *key_of(const struct forecast *f, const char *by,
                          struct arena *a)
{
	if (!strcmp(by, "estimator"))
		return f->estimator;
	if (!strcmp(by, "model"))
		return f->model ? f->model : "workload";
	if (!strcmp(by, "parameter"))
		return f->model ? arena_printf(a, "%s.%s", f->model, f->name)
		                : f->name;
	return "";
}

static void finish(struct calibration_group *g, const double *pit,
                   const double *lg, int nlg, double ratio, int nratio)
{
	double sum = 0, square = 0;
	struct widening w;

	g->coverage = g->n ? (double)g->inside / g->n : NAN;
	g->low = clopper_pearson_lower(g->inside, g->n, 0.05);
	g->high = clopper_pearson_upper(g->inside, g->n, 0.05);
	for (int i = 0; i < g->n; i++)
		g->mean_pit += pit[i] / g->n;
	for (int i = 0; i < nlg; i++)
		sum += lg[i] / nlg;
	for (int i = 0; i < nlg; i++)
		square += (lg[i] - sum) * (lg[i] - sum);
	g->bias = nlg ? sum : NAN;
	g->bias_se = nlg > 1 ? sqrt(square / (nlg - 1) / nlg) : NAN;
	g->crps_ratio = nratio ? ratio / nratio : NAN;
	if (!g->n)
		g->mean_pit = NAN;
	g->factor = g->factor_low = g->factor_high = NAN;
	if (g->n < CALIBRATION_LEAST)
		return;
	w = widening_of(pit, g->n);
	g->factor = w.factor;
	g->factor_low = w.low;
	g->factor_high = w.high;
}

static struct calibration_group group_of(const struct calibration *c,
                                         const char *by, const char *name)
{
	struct calibration_group g = { .by = by, .name = name };
	double *pit = xcalloc((size_t)c->n + 1, sizeof *pit), ratio = 0;
	double *lg = xcalloc((size_t)c->n + 1, sizeof *lg);
	int nlg = 0, nratio = 0;

	for (int i = 0; i < c->n; i++) {
		const struct forecast *f = &c->forecast[i];

		if (!f->counted || strcmp(key_of(f, by, c->arena), name))
			continue;
		if (isfinite(f->log_error))
			lg[nlg++] = f->log_error;
		if (isfinite(f->crps) && f->actual != 0)
			ratio += f->crps / fabs(f->actual);
		nratio += isfinite(f->crps) && f->actual != 0;
		if (f->fixed) {
			g.fixed++;
			continue;
		}
		g.inside += f->inside;
		g.above += f->actual > f->p50;
		pit[g.n++] = f->pit;
	}
	finish(&g, pit, lg, nlg, ratio, nratio);
	free(pit);
	free(lg);
	return g;
}

static void make_groups(struct calibration *c)
{
	static const char *const kinds[] = {
		"all", "estimator", "model", "parameter",
	};
	size_t cap = 0;
	struct calibration_group *list = NULL, *kept;

	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (int i = 0, first = c->ngroups; i < c->n; i++) {
			const char *name = key_of(&c->forecast[i], kinds[k],
			                          c->arena);
			int j = first;

			while (j < c->ngroups && strcmp(list[j].name, name))
				j++;
			if (j == c->ngroups && c->forecast[i].counted)
				*ARR_PUSH(list, c->ngroups, cap) =
					group_of(c, kinds[k], name);
		}
	kept = arena_alloc(c->arena, ((size_t)c->ngroups + 1) * sizeof *kept);
	if (c->ngroups)
		memcpy(kept, list, (size_t)c->ngroups * sizeof *kept);
	free(list);
	c->group = kept;
}

/* --- the verb ------------------------------------------------------------- */

static struct calibration *calibrate(struct calibrating *k,
                                     const char *scenario)
{
	struct arena *a = arena_new();
	struct calibration *c = arena_alloc(a, sizeof *c);
	struct forecast *kept;
	bool ok;

	c->arena = a;
	k->out = c;
	ok = collect(k, scenario);
	kept = arena_alloc(a, ((size_t)c->n + 1) * sizeof *kept);
	if (c->n)
		memcpy(kept, c->forecast, (size_t)c->n * sizeof *kept);
	free(c->forecast);
	c->forecast = kept;
	if (c->n)
		qsort(kept, (size_t)c->n, sizeof *kept, by_subject);
	make_groups(c);
	if (ok)
		return c;
	calibration_free(c);
	return NULL;
}

struct calibration *task_calibration(struct context *c, const char *scenario,
                                     struct err *err)
{
	struct calibrating k = { .context = c, .err = err };
	struct calibration *out = NULL;
	struct revision_info r;
	struct arena *a = arena_new();

	k.store = store_open(c->store_path, false, err);
	if (k.store && (!scenario || store_find(k.store, scenario, &r, NULL,
	                                        NULL, a, err)))
		out = calibrate(&k, scenario ? r.scenario : NULL);
	store_close(k.store);
	arena_free(a);
	return out;
}

/* What nobody asked for must not fail: without an answer there is no note. */
const char *task_calibration_note(struct context *c, struct arena *a)
{
	struct err mute = ERR_INIT;
	struct calibrating k = { .context = c, .err = &mute, .quick = true,
	                         .estimator = store_actor() };
	const struct calibration_group *g;
	struct calibration *found = NULL;
	struct actual *x;
	struct buf b = BUF_INIT;
	const char *note = NULL;

	if (!task_store_exists(c))
		return NULL;
	k.store = store_open(c->store_path, false, &mute);
	if (k.store && actual_list(k.store, NULL, &x, a, &mute) >=
	    CALIBRATION_LEAST)
		found = calibrate(&k, NULL);
	g = found && found->ngroups ? &found->group[0] : NULL;
	if (g && isfinite(g->factor)) {
		buf_addf(&b, "of %d measurements of what %s estimated, %d lay "
		         "inside the 90 %% interval; ranges ", g->n,
		         k.estimator, g->inside);
		num_human(&b, g->factor, 2);
		buf_add(&b, " times as wide (");
		num_human(&b, g->factor_low, 2);
		buf_add(&b, " to ");
		num_human(&b, g->factor_high, 2);
		buf_add(&b, ") would have fitted: see `steelyard calibration`");
		note = arena_strdup(a, b.s);
	}
	buf_release(&b);
	calibration_free(found);
	store_close(k.store);
	err_clear(&mute);
	return note;
}
