/*
 * Reference cases: the examples of a model, the expectations of a scenario.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/task.h"
#include "units/units.h"

/* Where outcomes go, and what stays the same for all of one example. */
struct listener {
	struct context *c;
	void (*each)(void *ctx, const struct example_outcome *o);
	void *ctx;
	struct arena *texts;            /* of one example's outcomes */
	struct example_outcome proto;
	int failed;
};

static void tell(struct listener *l, struct example_outcome *o)
{
	if (!o->ok)
		l->failed++;
	l->each(l->ctx, o);
}

static const char *number_text(struct arena *a, double v, const char *unit)
{
	struct buf b = BUF_INIT;
	const char *text;

	num_exact(&b, v);
	if (unit && *unit && strcmp(unit, "1"))
		buf_addf(&b, " %s", unit);
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

/* States are written infeasible(reason) in a model and shown as
 * "infeasible: reason"; without a reason any will do. */
static bool same_state(const char *wanted, const char *got)
{
	size_t word = strcspn(wanted, "(:");
	const char *w = wanted + word, *g = got + word;

	if (strncmp(wanted, got, word) || strcspn(got, "(:") != word)
		return false;
	w += strspn(w, "(: ");
	g += strspn(g, "(: ");
	return !*w || (strcspn(w, ")") == strcspn(g, ")") &&
	               !strncmp(w, g, strcspn(w, ")")));
}

/* Brings what was computed into the unit that the example speaks. */
static bool into_unit(struct listener *l, const struct example_expect *x,
                      const char *unit, double *got)
{
	struct unit shown;

	if (!x->has_unit)
		return true;
	if (!unit || unit_parse(library_units(l->c->library), unit, &shown))
		return false;
	*got *= shown.scale / x->unit.scale;
	return true;
}

static void compare(struct listener *l, const struct example_expect *x,
                    double got, const char *state, const char *unit,
                    struct example_outcome *o)
{
	double off, allowed;

	if (x->state) {
		o->wanted = x->state;
		o->ok = state && same_state(x->state, state);
		o->got = state ? state : number_text(l->texts, got, unit);
		return;
	}
	o->wanted = number_text(l->texts, x->value, x->has_unit ? "" : unit);
	if (state || !into_unit(l, x, unit, &got)) {
		o->got = state ? state : "a number without a unit";
		return;
	}
	off = fabs(got - x->value);
	allowed = fmax(x->rel * fabs(x->value), x->abs);
	o->ok = off <= allowed;
	o->got = number_text(l->texts, got, x->has_unit ? "" : unit);
	if (!o->ok)
		o->why = arena_printf(l->texts, "off by %.3g, allowed %.3g",
		                      off, allowed);
}

static const char *status_word(struct arena *a, const struct option_result *r)
{
	if (r->status == OPTION_OK)
		return r->slo_met ? "ok" : "slo_missed";
	return r->nreasons ? arena_strdup(a, r->reason[0]) : "infeasible";
}

/* `verdict: OPTION` and `status[OPTION]: WORD`: what central values say. */
static void expect_option(struct listener *l, const struct bound *b, int mi,
                          const struct example_expect *x,
                          struct example_outcome *o, struct err *err)
{
	const struct model *m = b->model[mi].model;
	struct engine_options opt = l->c->engine;
	struct evaluation *e;
	const struct tradeoff *t;

	opt.point = true;
	opt.want_break_even = opt.want_sensitivity = opt.want_voi = false;
	e = engine_evaluate_bound(b, &opt, err);
	if (!e)
		return;
	t = evaluation_find(e, m->name);
	o->wanted = x->status ? x->status : x->option;
	o->got = "none";
	if (t && x->status)
		o->got = status_word(l->texts, &t->option[model_option(
			m, x->option)]);
	else if (t && t->verdict.option >= 0)
		o->got = arena_strdup(l->texts,
		                      t->option[t->verdict.option].name);
	o->ok = !strcmp(o->got, o->wanted);
	evaluation_free(e);
}

static const char *first_text(struct arena *a, const struct err *err)
{
	return err->n ? arena_strdup(a, err->item[0].text)
	              : "it could not be computed";
}

static void check_one(struct listener *l, const struct bound *b, int mi,
                      const struct example_expect *x)
{
	struct example_outcome o = l->proto;
	struct err err = ERR_INIT;
	const char *state = NULL, *unit = NULL;
	double got = NAN;

	o.expect = x->text;
	o.pos = x->pos;
	if (x->option)
		expect_option(l, b, mi, x, &o, &err);
	else if (engine_value(b, mi, x->expr, &got, &state, &unit, &err))
		compare(l, x, got, state, unit, &o);
	if (err_any(&err))
		o.why = first_text(l->texts, &err);
	err_clear(&err);
	tell(l, &o);
}

/* --- break-evens ---------------------------------------------------------------- */

/* The one of the pair, whichever way round the engine names it. */
static const struct break_even *pair_in(const struct tradeoff *t,
                                        const int between[2])
{
	for (int i = 0; i < t->nbreak_even; i++) {
		const int *b = t->break_even[i].between;

		if (t->break_even[i].pair
		    && ((b[0] == between[0] && b[1] == between[1])
		        || (b[0] == between[1] && b[1] == between[0])))
			return &t->break_even[i];
	}
	return NULL;
}

static const char *crossings_text(struct arena *a, const struct break_even *k)
{
	struct buf b = BUF_INIT;
	const char *text;

	if (k->state != BREAK_CROSSINGS)
		return break_even_state_names[k->state];
	for (int i = 0; i < k->ncrossings; i++) {
		buf_add(&b, i ? ", " : "");
		num_human(&b, k->crossing[i].at, 9);
	}
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

static bool near(double got, double want, double rel)
{
	return isnan(want) || fabs(got - want) <= rel * fabs(want);
}

static bool breaks_match(const struct break_even *k,
                         const struct example_break *x)
{
	if (x->state)
		return !strcmp(break_even_state_names[k->state], x->state);
	if (k->state != BREAK_CROSSINGS
	    || (x->count && k->ncrossings != x->count)
	    || !near(k->first, x->first, x->rel)
	    || !near(k->sure, x->sure, x->rel))
		return false;
	if (x->ncrossings && x->ncrossings != k->ncrossings)
		return false;
	for (int i = 0; i < x->ncrossings; i++)
		if (!near(k->crossing[i].at, x->crossing[i], x->rel))
			return false;
	return true;
}

static const char *break_wanted(struct arena *a, const struct example_break *x)
{
	struct break_even k = {
		.state = BREAK_CROSSINGS, .ncrossings = x->ncrossings,
	};

	if (x->state)
		return x->state;
	if (!x->ncrossings)
		return arena_printf(a, "%d crossings from %.9g to %.9g",
		                    x->count, x->first, x->sure);
	k.crossing = arena_alloc(a, sizeof *k.crossing
	                            * (size_t)x->ncrossings);
	for (int i = 0; i < x->ncrossings; i++)
		k.crossing[i].at = x->crossing[i];
	return crossings_text(a, &k);
}

/* Exact stairs: central values, no sampling. */
static void check_break(struct listener *l, const struct bound *b, int mi,
                        const struct example_break *x)
{
	struct engine_options opt = l->c->engine;
	struct example_outcome o = l->proto;
	struct err err = ERR_INIT;
	struct evaluation *e;
	const struct break_even *k;

	opt.point = true;
	o.expect = arena_printf(l->texts, "break-even of %s", x->parameter);
	o.pos = x->pos;
	o.wanted = break_wanted(l->texts, x);
	e = engine_break_even_bound(b, mi, x->parameter, &opt, &err);
	if (e) {
		k = pair_in(&e->tradeoff[0], x->between);
		o.ok = k && breaks_match(k, x);
		o.got = k ? crossings_text(l->texts, k) : "no such pair";
		evaluation_free(e);
	} else {
		o.why = first_text(l->texts, &err);
	}
	err_clear(&err);
	tell(l, &o);
}

static void run_example(struct listener *l, const struct model *m,
                        const struct example *x)
{
	struct err err = ERR_INIT;
	struct bound *b;

	l->texts = arena_new();
	l->proto = (struct example_outcome){
		.model = m->name, .example = x->name, .pos = x->pos,
	};
	b = bound_example(l->c->library, m, x, &err);
	if (b) {
		int mi = bound_model_index(b, m->name);

		for (int i = 0; i < x->nexpect; i++)
			check_one(l, b, mi, &x->expect[i]);
		for (int i = 0; i < x->nbreaks; i++)
			check_break(l, b, mi, &x->break_even[i]);
		bound_free(b);
	} else {
		l->proto.why = first_text(l->texts, &err);
		tell(l, &l->proto);
	}
	err_clear(&err);
	arena_free(l->texts);
}

static bool run_model(struct listener *l, const char *ref, struct err *err)
{
	const struct model *m = task_model(l->c, ref, err);

	if (!m)
		return false;
	for (int i = 0; i < m->nexamples; i++)
		run_example(l, m, &m->example[i]);
	return true;
}

int task_examples(struct context *c, const char *model,
                  void (*each)(void *ctx, const struct example_outcome *o),
                  void *ctx, struct err *err)
{
	struct listener l = { .c = c, .each = each, .ctx = ctx };
	const char *const *names;
	bool ok = true;

	if (model)
		return run_model(&l, model, err) ? l.failed : -1;
	names = library_names(c->library);
	for (int i = 0; names[i]; i++)
		ok &= run_model(&l, names[i], err);
	return ok ? l.failed : -1;
}

/* --- a scenario's expectations ------------------------------------------------ */

static bool one_of(const char *const *names, const char *name)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static const char *joined(struct arena *a, const char *const *names)
{
	const char *text = "";

	for (int i = 0; names[i]; i++)
		text = arena_printf(a, "%s%s%s", text, i ? " or " : "",
		                    names[i]);
	return text;
}

static void expect_best(struct listener *l, const struct tradeoff *t,
                        const struct expectation *x)
{
	struct example_outcome o = l->proto;
	int best = t->verdict.option;

	if (!x->options)
		return;
	o.expect = "option";
	o.got = best >= 0 ? t->option[best].name : "none";
	o.wanted = joined(l->texts, x->options);
	o.ok = one_of(x->options, o.got);
	tell(l, &o);
}

static void expect_probability(struct listener *l, const struct tradeoff *t,
                               const struct expectation *x)
{
	struct example_outcome o = l->proto;

	/* central values know no probabilities */
	if (isnan(x->at_least) || t->point)
		return;
	o.expect = "probability";
	o.got = number_text(l->texts, t->verdict.probability_best, NULL);
	o.wanted = arena_printf(l->texts, "at least %s",
	                        number_text(l->texts, x->at_least, NULL));
	o.ok = t->verdict.probability_best >= x->at_least;
	tell(l, &o);
}

static void expect_state(struct listener *l, const struct tradeoff *t,
                         const struct expectation *x)
{
	struct example_outcome o = l->proto;

	if (!x->state || t->point)
		return;
	o.expect = "state";
	o.got = verdict_state_names[t->verdict.state];
	o.wanted = x->state;
	o.ok = !strcmp(o.got, o.wanted);
	tell(l, &o);
}

static void expect_rule(struct listener *l, const struct tradeoff *t,
                        const struct expectation *x)
{
	struct example_outcome o = l->proto;

	if (!x->rule)
		return;
	o.expect = "rule";
	o.got = "it does not apply";
	o.wanted = x->rule;
	for (int i = 0; i < t->nrules; i++)
		if (!strcmp(t->rule[i].id, x->rule) && t->rule[i].applies)
			o.ok = true;
	if (o.ok)
		o.got = x->rule;
	tell(l, &o);
}

static void expect_findings(struct listener *l, const struct tradeoff *t,
                            const struct expectation *x)
{
	for (int k = 0; x->findings && x->findings[k]; k++) {
		struct example_outcome o = l->proto;

		o.expect = "finding";
		o.got = "it was not found";
		o.wanted = x->findings[k];
		for (int i = 0; i < t->nfindings; i++)
			if (!strcmp(t->finding[i].id, x->findings[k]))
				o.ok = true;
		if (o.ok)
			o.got = x->findings[k];
		tell(l, &o);
	}
}

int task_expectations(struct context *c, const struct scenario *s,
                      const struct evaluation *e,
                      void (*each)(void *ctx, const struct example_outcome *o),
                      void *ctx, struct err *err)
{
	struct listener l = {
		.c = c, .each = each, .ctx = ctx, .texts = arena_new(),
	};
	bool ok = true;

	for (int i = 0; i < s->nexpectations; i++) {
		const struct expectation *x = &s->expectation[i];
		const struct tradeoff *t = evaluation_find(e, x->model);

		if (!t) {
			ok = err_at(err, ERR_INPUT, x->pos, "`expect` speaks "
			            "of '%s', which was not evaluated",
			            x->model);
			continue;
		}
		l.proto = (struct example_outcome){
			.model = x->model, .example = s->name, .pos = x->pos,
		};
		expect_best(&l, t, x);
		expect_probability(&l, t, x);
		expect_state(&l, t, x);
		expect_rule(&l, t, x);
		expect_findings(&l, t, x);
	}
	arena_free(l.texts);
	return ok ? l.failed : -1;
}
