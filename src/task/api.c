/*
 * The public library (include/steelyard.h): the tasks behind opaque handles,
 * findings copied into the caller's struct.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/scenario.h"
#include "steelyard.h"
#include "task/task.h"

struct steelyard {
	struct context context;
	struct engine_cache *cache;     /* quantile tables, between runs */
};

struct steelyard_scenario {
	struct steelyard *home;
	struct scenario *scenario;
};

struct steelyard_result {
	struct evaluation *evaluation;
	struct buf json;                /* made when first asked for */
};

/* --- errors ------------------------------------------------------------- */

static void add_finding(struct buf *b, const struct err_item *item)
{
	if (b->len)
		buf_addc(b, '\n');
	if (item->file && item->line)
		buf_addf(b, "%s:%d:%d: ", item->file, item->line, item->col);
	else if (item->file)
		buf_addf(b, "%s: ", item->file);
	buf_add(b, item->text);
}

/* Cuts between characters, never inside of one. */
static void copy_cut(char *to, size_t room, const char *text)
{
	size_t n = strlen(text);

	if (n >= room) {
		n = room - 1;
		while (n && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(to, text, n);
	to[n] = '\0';
}

/* Hands the findings over and forgets them; true when there were none. */
static bool tell(struct steelyard_error *out, struct err *err)
{
	struct buf text = BUF_INIT;
	bool none = !err_any(err);

	if (out) {
		for (int i = 0; i < err->n; i++)
			add_finding(&text, &err->item[i]);
		if (err->more)
			buf_addf(&text, "\nand %d more", err->more);
		out->status = err_exit_status(err);
		copy_cut(out->text, sizeof out->text, text.len ? text.s : "");
		buf_release(&text);
	}
	err_clear(err);
	return none;
}

/* --- loading ------------------------------------------------------------ */

const char *steelyard_version(void)
{
	return PACKAGE_VERSION;
}

struct steelyard *steelyard_open(const char *data,
                                 struct steelyard_error *error)
{
	struct steelyard *s = xcalloc(1, sizeof *s);
	struct err err = ERR_INIT;
	bool ok = context_init(&s->context, data, &err);

	tell(error, &err);
	s->cache = engine_cache_new();
	if (ok)
		return s;
	steelyard_close(s);
	return NULL;
}

void steelyard_close(struct steelyard *s)
{
	if (!s)
		return;
	engine_cache_free(s->cache);
	context_release(&s->context);
	free(s);
}

static struct steelyard_scenario *wrap(struct steelyard *s,
                                       struct scenario *scenario,
                                       struct err *err,
                                       struct steelyard_error *error)
{
	struct steelyard_scenario *c;

	tell(error, err);
	if (!scenario)
		return NULL;
	c = xcalloc(1, sizeof *c);
	c->home = s;
	c->scenario = scenario;
	return c;
}

struct steelyard_scenario *steelyard_load(struct steelyard *s,
                                          const char *path,
                                          struct steelyard_error *error)
{
	struct err err = ERR_INIT;

	return wrap(s, scenario_read(path, &err), &err, error);
}

struct steelyard_scenario *
steelyard_load_text(struct steelyard *s, const char *text, size_t length,
                    const char *name, struct steelyard_error *error)
{
	struct err err = ERR_INIT;

	return wrap(s, scenario_read_text(text, length, name, &err), &err,
	            error);
}

void steelyard_scenario_free(struct steelyard_scenario *c)
{
	if (!c)
		return;
	scenario_free(c->scenario);
	free(c);
}

bool steelyard_set(struct steelyard_scenario *c, const char *name,
                   const char *value, struct steelyard_error *error)
{
	struct err err = ERR_INIT;

	scenario_set(c->scenario, c->home->context.library, name, value, &err);
	return tell(error, &err);
}

/* --- evaluating --------------------------------------------------------- */

static struct engine_options options_of(const struct steelyard_settings *s)
{
	struct engine_options o = engine_defaults();

	o.want_break_even = o.want_sensitivity = o.want_voi = false;
	if (!s)
		return o;
	if (s->samples)
		o.samples = o.max_samples = s->samples;
	if (s->seed)
		o.seed = s->seed;
	o.threads = s->threads;
	o.point = s->point;
	o.want_break_even = s->break_even;
	o.want_sensitivity = s->sensitivity;
	o.want_voi = s->voi;
	o.progress = s->progress;
	o.progress_ctx = s->context;
	return o;
}

static bool settings_ok(const struct steelyard_settings *s, struct err *err)
{
	if (s && (s->samples < 0 || s->samples > ENGINE_MAX_SAMPLES))
		err_add(err, ERR_USAGE, "settings.samples is not a number "
		        "from 0 to %lld", (long long)ENGINE_MAX_SAMPLES);
	if (s && (s->threads < 0 || s->threads > ENGINE_MAX_THREADS))
		err_add(err, ERR_USAGE, "settings.threads is not a number "
		        "from 0 to %d", ENGINE_MAX_THREADS);
	return !err_any(err);
}

struct steelyard_result *
steelyard_evaluate(struct steelyard_scenario *c,
                   const struct steelyard_settings *settings,
                   struct steelyard_error *error)
{
	struct engine_options o = options_of(settings);
	struct steelyard_result *r;
	struct evaluation *e = NULL;
	struct err err = ERR_INIT;

	o.cache = c->home->cache;
	if (settings_ok(settings, &err))
		e = engine_evaluate(c->home->context.library, c->scenario, &o,
		                    &err);
	tell(error, &err);
	if (!e)
		return NULL;
	r = xcalloc(1, sizeof *r);
	r->evaluation = e;
	return r;
}

void steelyard_result_free(struct steelyard_result *r)
{
	if (!r)
		return;
	evaluation_free(r->evaluation);
	buf_release(&r->json);
	free(r);
}

const char *steelyard_json(struct steelyard_result *r)
{
	if (!r->json.len) {
		r->json = (struct buf)BUF_INIT;
		report_json(&r->json, &r->evaluation, 1);
	}
	return r->json.s;
}

/* --- reading ------------------------------------------------------------ */

int steelyard_tradeoffs(const struct steelyard_result *r)
{
	return r->evaluation->ntradeoffs;
}

int steelyard_find(const struct steelyard_result *r, const char *model)
{
	for (int i = 0; i < r->evaluation->ntradeoffs; i++)
		if (!strcmp(r->evaluation->tradeoff[i].model, model))
			return i;
	return -1;
}

static const struct tradeoff *trade_at(const struct steelyard_result *r, int i)
{
	return i >= 0 && i < r->evaluation->ntradeoffs
		? &r->evaluation->tradeoff[i] : NULL;
}

static double number(double v)
{
	return result_has(v) ? v : 0;
}

static const char *option_name(const struct tradeoff *t, int i)
{
	return i >= 0 && i < t->noptions ? t->option[i].name : NULL;
}

bool steelyard_verdict(const struct steelyard_result *r, int tradeoff,
                       struct steelyard_verdict *out)
{
	const struct tradeoff *t = trade_at(r, tradeoff);

	if (!t)
		return false;
	*out = (struct steelyard_verdict){
		.model = t->model,
		.state = verdict_state_names[t->verdict.state],
		.option = option_name(t, t->verdict.option),
		.badge = t->verdict.badge,
		.sentence = t->verdict.sentence,
		.probability_best = number(t->verdict.probability_best),
		.p_none = number(t->verdict.p_none),
		.options = t->noptions,
	};
	return true;
}

static struct steelyard_number number_of(const struct summary *s,
                                         const char *unit)
{
	bool point = result_has(s->value), known = point || result_has(s->mean);

	return (struct steelyard_number){
		.known = known,
		.spread = known && !point,
		.mean = number(point ? s->value : s->mean),
		.se = number(s->se),
		.p5 = number(s->p5),
		.p50 = number(s->p50),
		.p95 = number(s->p95),
		.unit = unit,
		.state = known ? NULL : s->state,
	};
}

static const struct option_result *option_at(const struct steelyard_result *r,
                                             int tradeoff, int option)
{
	const struct tradeoff *t = trade_at(r, tradeoff);

	return t && option >= 0 && option < t->noptions ? &t->option[option]
	                                                : NULL;
}

bool steelyard_option(const struct steelyard_result *r, int tradeoff,
                      int option, struct steelyard_option *out)
{
	const struct option_result *o = option_at(r, tradeoff, option);

	if (!o)
		return false;
	*out = (struct steelyard_option){
		.name = o->name,
		.title = o->title,
		.status = option_status_names[o->status],
		.p_feasible = number(o->p_feasible),
		.probability_best = number(o->probability_best),
		.objective = number_of(&o->objective,
		                       trade_at(r, tradeoff)->objective_unit),
		.outputs = o->noutputs,
	};
	return true;
}

bool steelyard_output(const struct steelyard_result *r, int tradeoff,
                      int option, int output, const char **name,
                      struct steelyard_number *out)
{
	const struct option_result *o = option_at(r, tradeoff, option);

	if (!o || output < 0 || output >= o->noutputs)
		return false;
	*name = o->output[output].name;
	*out = number_of(&o->output[output].s, o->output[output].unit);
	return true;
}

/* The map of all options, else the pair. */
static const struct break_even *break_even_of(const struct tradeoff *t,
                                              const char *parameter)
{
	const struct break_even *found = NULL;

	for (int i = 0; t && i < t->nbreak_even; i++) {
		const struct break_even *b = &t->break_even[i];

		if (!strcmp(b->parameter, parameter) && (!found || !b->pair))
			found = b;
	}
	return found;
}

int steelyard_crossings(const struct steelyard_result *r, int tradeoff,
                        const char *parameter, struct steelyard_crossing *out,
                        int room, const char **unit)
{
	const struct tradeoff *t = trade_at(r, tradeoff);
	const struct break_even *b = break_even_of(t, parameter);

	if (!b)
		return -1;
	for (int i = 0; i < b->ncrossings && i < room; i++) {
		const struct crossing *x = &b->crossing[i];

		out[i] = (struct steelyard_crossing){
			x->at, crossing_kind_names[x->kind],
			option_name(t, x->below), option_name(t, x->above)
		};
	}
	if (unit)
		*unit = b->unit;
	return b->ncrossings;
}
