/* The documents: evaluation, break-even, explanation, error. */
#include "report/json.h"

#include <math.h>

#include "report/report.h"

#include "base/banned.h"

/* A statistic that is none says why: the state stands beside it. */
static void add_summary(json_t *o, const struct summary *s, bool point)
{
	if (point) {
		put_num(o, "value", s->value);
	} else {
		put_num(o, "mean", s->mean);
		put_num(o, "se", s->se);
		put_num(o, "p5", s->p5);
		put_num(o, "p50", s->p50);
		put_num(o, "p95", s->p95);
	}
	if (s->state)
		put_text(o, "state", s->state);
	if (!point && s->p_number < 1) {
		put_num(o, "p_number", s->p_number);
		put_num(o, "p_never", s->p_never);
		put_num(o, "p_always", s->p_always);
	}
}

static const char *option_name(const struct tradeoff *t, int o)
{
	return o >= 0 && o < t->noptions ? t->option[o].name : NULL;
}

static void add_engine(json_t *doc, const struct engine_info *e)
{
	json_t *o = put_map(doc, "engine");

	/* the vector width is left out: digits are equal on each */
	put_text(o, "version", e->version);
	put_text(o, "sampler", e->sampler);
	put_int(o, "samples", e->samples);
	put_int(o, "replicates", e->replicates);
	put_int(o, "seed", (long long)e->seed);
	put_text(o, "fpclass", e->fpclass);
	put_flag(o, "point", e->point);
}

static void add_verdict(json_t *o, const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;
	json_t *j = put_map(o, "verdict");

	put_text(j, "state", verdict_state_names[v->state]);
	put_text(j, "option", option_name(t, v->option));
	put_num(j, "probability_best", v->probability_best);
	put_num(j, "p_none", v->p_none);
	put_text(j, "badge", t->point ? NULL : v->badge);
	put_text(j, "sentence", v->sentence);
	put_text(j, "runner_up", option_name(t, v->runner_up));
	put_num(j, "advantage", v->advantage);
	put_num(j, "advantage_se", v->advantage_se);
	put_int(j, "replicates_agreeing", v->agreeing);
	put_num(j, "confidence", v->confidence);
}

static void add_outputs(json_t *o, const struct option_result *r, bool point)
{
	json_t *all = put_map(o, "outputs");

	for (int i = 0; i < r->noutputs; i++) {
		const struct named_summary *n = &r->output[i];
		json_t *j = put_map(all, n->name);

		put_text(j, "unit", n->unit);
		add_summary(j, &n->s, point || n->central);
		if (n->central)
			put_flag(j, "central", true);
	}
}

static void add_option(json_t *list, const struct option_result *r, bool point)
{
	static const char *const status[] = { "ok", "infeasible", "barred" };
	json_t *o = put_item(list), *reasons;

	put_text(o, "name", r->name);
	put_text(o, "title", r->title);
	put_text(o, "status", status[r->status]);
	put_flag(o, "slo_met", r->slo_met);
	reasons = put_list(o, "reasons");
	for (int i = 0; i < r->nreasons; i++)
		put_item_text(reasons, r->reason[i]);
	put_num(o, "p_feasible", r->p_feasible);
	add_summary(o, &r->objective, point);
	if (!point)
		put_num(o, "cvar95", r->cvar95);
	put_num(o, "expected_regret", r->expected_regret);
	if (!point) {
		put_num(o, "regret_se", r->regret_se);
		put_num(o, "probability_best", r->probability_best);
		put_num(o, "probability_best_se", r->probability_best_se);
	}
	add_outputs(o, r, point);
}

static void add_crossing(json_t *list, const struct tradeoff *t,
                         const struct crossing *c)
{
	json_t *o = put_item(list);

	put_num(o, "at", c->at);
	put_text(o, "kind", crossing_kind_names[c->kind]);
	put_text(o, "below", option_name(t, c->below));
	put_text(o, "above", option_name(t, c->above));
}

static void add_pair(json_t *o, const struct tradeoff *t,
                     const struct break_even *b)
{
	json_t *pair = put_list(o, "between");

	for (int i = 0; i < 2; i++)
		if (option_name(t, b->between[i]))
			put_item_text(pair, option_name(t, b->between[i]));
	put_text(o, "among", b->pair ? "pair" : "all");
}

static void add_break_even(json_t *list, const struct tradeoff *t,
                           const struct break_even *b)
{
	json_t *o = put_item(list), *crossings;

	put_text(o, "parameter", b->parameter);
	put_text(o, "title", b->title);
	put_text(o, "unit", b->unit);
	add_pair(o, t, b);
	put_text(o, "state", break_even_state_names[b->state]);
	crossings = put_list(o, "crossings");
	for (int i = 0; i < b->ncrossings; i++)
		add_crossing(crossings, t, &b->crossing[i]);
	put_num(o, "first", b->first);
	put_num(o, "sure", b->sure);
	put_num(o, "here", b->here);
	put_num(o, "low", b->low);
	put_num(o, "high", b->high);
	put_int(o, "draws", b->draws);
	put_num(o, "p_never", b->p_never);
	put_num(o, "p_always", b->p_always);
	put_num(o, "p5", b->p5);
	put_num(o, "p50", b->p50);
	put_num(o, "p95", b->p95);
	put_num(o, "p_beyond", b->p_beyond);
	put_text(o, "note", b->note);
}

static void add_sensitivity(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "sensitivity");

	for (int i = 0; i < t->nsensitivity; i++) {
		const struct sensitivity *s = &t->sensitivity[i];
		json_t *j = put_item(list);

		put_text(j, "parameter", s->parameter);
		put_text(j, "title", s->title);
		put_text(j, "unit", s->unit);
		put_text(j, "low", s->low_text);
		put_text(j, "high", s->high_text);
		put_num(j, "swing_low", s->swing_low);
		put_num(j, "swing_high", s->swing_high);
		put_num(j, "first_order", s->first_order);
		put_num(j, "first_order_se", s->first_order_se);
		put_flag(j, "flips", s->flips);
	}
}

static void add_voi(json_t *o, const struct tradeoff *t)
{
	json_t *v, *list;

	if (!t->voi.present) {
		put_text(o, "voi", NULL);
		return;
	}
	v = put_map(o, "voi");
	put_num(v, "evpi", t->voi.evpi);
	put_num(v, "evpi_se", t->voi.evpi_se);
	list = put_list(v, "evppi");
	for (int i = 0; i < t->voi.nevppi; i++) {
		json_t *j = put_item(list);

		put_text(j, "parameter", t->voi.evppi[i].parameter);
		put_num(j, "value", t->voi.evppi[i].value);
		put_num(j, "se", t->voi.evppi[i].se);
	}
}

static void add_rules(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "rules"), *barred;

	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *r = &t->rule[i];
		json_t *j = put_item(list);

		put_text(j, "id", r->id);
		put_text(j, "title", r->title);
		put_flag(j, "applies", r->applies);
		barred = put_list(j, "bars");
		for (int k = 0; k < r->nbarred; k++)
			put_item_text(barred, option_name(t, r->barred[k]));
		put_num(j, "price", r->price);
		put_num(j, "price_se", r->price_se);
		put_text(j, "basis", r->basis);
		put_text(j, "as_of", r->as_of);
	}
}

static void add_findings(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "findings");

	for (int i = 0; i < t->nfindings; i++) {
		json_t *j = put_item(list);

		put_text(j, "id", t->finding[i].id);
		put_num(j, "probability", t->finding[i].probability);
		put_text(j, "text", t->finding[i].text);
	}
	list = put_list(o, "warnings");
	for (int i = 0; i < t->nwarnings; i++) {
		json_t *j = put_item(list);

		put_text(j, "code", t->warning[i].code);
		put_text(j, "text", t->warning[i].text);
	}
}

static void add_parameters(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "parameters");

	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];
		json_t *j = put_item(list);

		put_text(j, "name", p->parameter);
		put_text(j, "unit", p->unit);
		put_text(j, "text", p->text);
		put_text(j, "origin", p->origin);
		put_text(j, "kind", p->kind);
		put_text(j, "source", p->source);
		put_text(j, "date", p->date);
		put_flag(j, "fixed", p->fixed);
		put_flag(j, "shared", p->shared);
		put_num(j, "mean", p->mean);
		put_num(j, "p5", p->p5);
		put_num(j, "p50", p->p50);
		put_num(j, "p95", p->p95);
	}
	list = put_list(o, "presets");
	for (int i = 0; i < t->npresets; i++) {
		json_t *j = put_item(list);

		put_text(j, "preset", t->preset[i].name);
		put_text(j, "label", t->preset[i].label);
		put_num(j, "weight", t->preset[i].weight);
	}
}

static void add_break_evens(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "break_even");

	for (int i = 0; i < t->nbreak_even; i++)
		add_break_even(list, t, &t->break_even[i]);
}

static void add_tradeoff(json_t *list, const struct tradeoff *t)
{
	json_t *o = put_item(list), *j;

	put_text(o, "model", t->model);
	put_text(o, "model_digest", t->model_digest);
	put_text(o, "title", t->title);
	put_int(o, "horizon_months", t->horizon);
	add_verdict(o, t);
	j = put_map(o, "objective");
	put_text(j, "name", t->objective_name);
	put_text(j, "sense", t->sense);
	put_text(j, "unit", t->objective_unit);
	put_num(j, "indifferent_below", t->indifferent_below);
	put_text(o, "incumbent", t->incumbent);
	j = put_list(o, "options");
	for (int i = 0; i < t->noptions; i++)
		add_option(j, &t->option[i], t->point);
	add_break_evens(o, t);
	add_sensitivity(o, t);
	add_voi(o, t);
	add_rules(o, t);
	add_findings(o, t);
	add_parameters(o, t);
}

static void add_scenario(json_t *o, const struct evaluation *e)
{
	put_text(o, "scenario", e->scenario);
	put_text(o, "title", e->title);
	put_text(o, "digest", e->digest);
	put_text(o, "scenario_digest", e->scenario_digest);
	put_text(o, "prices_digest", e->prices_digest);
	put_text(o, "prices_as_of", e->prices_as_of);
}

static json_t *document(const char *schema, const struct evaluation *e)
{
	json_t *doc = json_object();

	put_text(doc, "schema", schema);
	put_flag(doc, "ok", true);
	if (e)
		add_engine(doc, &e->engine);
	return doc;
}

void report_json(struct buf *out, struct evaluation *const *e, int n)
{
	json_t *doc = document("steelyard.evaluation/1", n ? e[0] : NULL);
	json_t *list = put_list(doc, "scenarios");

	for (int i = 0; i < n; i++) {
		json_t *o = put_item(list), *t;

		add_scenario(o, e[i]);
		t = put_list(o, "tradeoffs");
		for (int k = 0; k < e[i]->ntradeoffs; k++)
			add_tradeoff(t, &e[i]->tradeoff[k]);
	}
	put_write(out, doc);
}

void report_break_even_json(struct buf *out, const struct evaluation *e)
{
	json_t *doc = document("steelyard.breakeven/1", e);

	add_scenario(doc, e);
	for (int i = 0; i < e->ntradeoffs && i < 1; i++) {
		const struct tradeoff *t = &e->tradeoff[i];

		put_text(doc, "model", t->model);
		put_text(doc, "model_digest", t->model_digest);
		add_break_evens(doc, t);
		add_findings(doc, t);
	}
	put_write(out, doc);
}

static void add_explanation(json_t *o, const struct explanation *x)
{
	json_t *parts, *j;

	put_text(o, "name", x->name);
	put_text(o, "title", x->title);
	put_text(o, "unit", x->unit);
	put_text(o, "formula", x->formula);
	put_text(o, "file", x->file);
	put_int(o, "line", x->line);
	add_summary(o, &x->s, isfinite(x->s.value));
	if (x->source) {
		j = put_map(o, "source");
		put_text(j, "text", x->source->text);
		put_text(j, "origin", x->source->origin);
		put_text(j, "kind", x->source->kind);
		put_text(j, "note", x->source->source);
		put_text(j, "date", x->source->date);
	}
	parts = put_list(o, "parts");
	for (int i = 0; i < x->n; i++)
		add_explanation(put_item(parts), x->part[i]);
}

void report_explain_json(struct buf *out, const struct explanation *x)
{
	json_t *doc = document("steelyard.explanation/1", NULL);

	add_explanation(put_map(doc, "explanation"), x);
	put_write(out, doc);
}

static void add_error(json_t *o, const struct err_item *i)
{
	put_text(o, "file", i->file);
	put_int(o, "line", i->line);
	put_int(o, "column", i->col);
	put_text(o, "message", i->text);
}

void report_error_json(struct buf *out, const char *schema,
                       const struct err *err)
{
	json_t *doc = json_object(), *o, *list;

	put_text(doc, "schema", schema);
	put_flag(doc, "ok", false);
	o = put_map(doc, "error");
	put_int(o, "code", err_exit_status(err));
	put_text(o, "name", err->n ? err_kind_name(err->item[0].kind) : NULL);
	if (err->n)
		add_error(o, &err->item[0]);
	list = put_list(doc, "findings");
	for (int i = 0; i < err->n; i++)
		add_error(put_item(list), &err->item[i]);
	put_write(out, doc);
}
