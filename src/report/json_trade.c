/*
 * One trade-off as JSON.  The names that docs/schemas fix come first in each
 * object, in its order; what was added later stands behind them.
 */
#include <math.h>

#include "report/json.h"
#include "report/report.h"

#include "base/banned.h"

#define CENTRAL "central values, no sampling"
#define ASKED "not asked for, or nothing varies"
#define NO_ORDER "not asked for, or values without an order"

static const char *option_name(const struct tradeoff *t, int o)
{
	return o >= 0 && o < t->noptions ? t->option[o].name : NULL;
}

/* --- summaries -------------------------------------------------------- */

static const char *state_of(const struct summary *s, bool point)
{
	if (s->state)
		return s->state;
	return isfinite(point ? s->value : s->mean) ? NULL : "no number";
}

/* A statistic that is none says why: the state stands beside it. */
void json_summary(json_t *o, const struct summary *s, bool point)
{
	const char *state = state_of(s, point);

	if (point) {
		put_num(o, "value", s->value);
	} else {
		put_num(o, "mean", s->mean);
		if (state)
			put_num(o, "se", s->se);
		else
			put_why(o, "se", s->se, "no replicates");
		PUT(o, *s, p5, p50, p95);
	}
	if (state)
		put_text(o, "state", state);
	if (!point && s->p_number < 1) {
		PUT(o, *s, p_number, p_never, p_always);
	}
}

/* --- verdict, options ------------------------------------------------- */

static void put_oftener(json_t *o, const struct tradeoff *t,
                        const struct oftener *f)
{
	json_t *j = put_map(o, "best_more_often");

	put_text(j, "reason", "loses_more_than_it_wins");
	put_text(j, "option", option_name(t, f->option));
	put_num(j, "probability_best", f->probability);
	put_num(j, "wins_by", f->wins_by);
	put_num(j, "wins_by_se", f->wins_by_se);
	put_num(j, "loses_by", f->loses_by);
	put_num(j, "loses_by_se", f->loses_by_se);
}

void json_verdict(json_t *o, const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;
	const char *alone = v->runner_up < 0 ? "no other option can be taken"
		: t->point ? CENTRAL : NULL;
	const char *central = t->point ? CENTRAL : NULL;
	json_t *j = put_map(o, "verdict");

	put_text(j, "state", verdict_state_names[v->state]);
	put_text(j, "option", option_name(t, v->option));
	PUT_WHY(j, *v, central, probability_best, p_none);
	put_text(j, "badge", t->point ? NULL : v->badge);
	put_text(j, "sentence", v->sentence);
	put_text(j, "runner_up", option_name(t, v->runner_up));
	PUT_WHY(j, *v, alone, advantage, advantage_se);
	put_int(j, "replicates_agreeing", v->agreeing);
	put_num(j, "confidence", v->confidence);
	if (v->oftener)
		put_oftener(j, t, v->oftener);
}

void json_objective(json_t *o, const struct tradeoff *t)
{
	json_t *j = put_map(o, "objective");

	put_text(j, "name", t->objective_name);
	put_text(j, "sense", t->sense);
	put_text(j, "unit", t->objective_unit);
	put_num(j, "indifferent_below", t->indifferent_below);
}

static void add_outputs(json_t *o, const struct option_result *r, bool point)
{
	json_t *all = put_map(o, "outputs");

	for (int i = 0; i < r->noutputs; i++) {
		const struct named_summary *n = &r->output[i];
		json_t *j = put_map(all, n->name);

		put_text(j, "unit", n->unit);
		json_summary(j, &n->s, point || n->central);
		put_text(j, "title", n->title);
		if (n->central)
			put_flag(j, "central", true);
	}
}

static const char *no_regret(const struct option_result *r)
{
	return r->status == OPTION_OK ? "nothing to compare with"
		: option_status_names[r->status];
}

static void add_option(json_t *list, const struct option_result *r, bool point)
{
	json_t *o = put_item(list);

	put_text(o, "name", r->name);
	put_text(o, "status", option_status_names[r->status]);
	put_flag(o, "slo_met", r->slo_met);
	put_texts(o, "reasons", r->reason, r->nreasons);
	put_num(o, "p_feasible", r->p_feasible);
	json_summary(o, &r->objective, point);
	if (!point)
		put_why(o, "cvar95", r->cvar95, no_regret(r));
	put_why(o, "expected_regret", r->expected_regret, no_regret(r));
	if (!point)
		put_why(o, "probability_best", r->probability_best,
		        no_regret(r));
	add_outputs(o, r, point);
	put_text(o, "title", r->title);
	put_texts(o, "reason_texts", r->reason_text, r->nreasons);
	if (!point) {
		put_why(o, "regret_se", r->regret_se, no_regret(r));
		put_why(o, "probability_best_se", r->probability_best_se,
		        no_regret(r));
		put_why(o, "cvar95_se", r->cvar95_se, "no replicates");
	}
}

/* --- break-evens ------------------------------------------------------ */

static void add_crossings(json_t *o, const struct tradeoff *t,
                          const struct break_even *b)
{
	json_t *list = put_list(o, "crossings");

	for (int i = 0; i < b->ncrossings; i++) {
		const struct crossing *c = &b->crossing[i];
		json_t *j = put_item(list);

		put_num(j, "at", c->at);
		put_text(j, "kind", crossing_kind_names[c->kind]);
		put_text(j, "below", option_name(t, c->below));
		put_text(j, "above", option_name(t, c->above));
	}
}

static void add_between(json_t *o, const struct tradeoff *t,
                        const struct break_even *b)
{
	json_t *pair = put_list(o, "between");

	for (int i = 0; i < 2; i++)
		if (option_name(t, b->between[i]))
			put_item_text(pair, option_name(t, b->between[i]));
}

static void add_spread(json_t *o, const struct break_even *b)
{
	const char *none = b->draws <= 0 ? "no distribution over draws" :
		b->crossed ? "too few draws cross" : "no draw crosses";

	PUT_WHY(o, *b, none, p_never, p5, p50, p95, p_always);
	put_why(o, "p_beyond", b->p_beyond, b->draws > 0
	        ? "the parameter is not uncertain" : none);
	PUT(o, *b, draws, crossed, p_never_se, p_always_se, p50_se);
}

static void add_break_even(json_t *list, const struct tradeoff *t,
                           const struct break_even *b)
{
	const char *none = break_even_state_names[b->state];
	json_t *o = put_item(list);

	PUT(o, *b, parameter, unit);
	add_between(o, t, b);
	put_text(o, "state", break_even_state_names[b->state]);
	add_crossings(o, t, b);
	add_spread(o, b);
	put_text(o, "title", b->title);
	put_text(o, "among", b->pair ? "pair" : "all");
	PUT_WHY(o, *b, none, first, sure, here, low, high);
	put_text(o, "note", b->note);
}

void json_break_evens(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "break_even");

	for (int i = 0; i < t->nbreak_even; i++)
		add_break_even(list, t, &t->break_even[i]);
}

static void add_threshold(json_t *o, const char *key,
                          const struct named_summary *n, bool point)
{
	json_t *j = put_map(o, key);

	put_text(j, "unit", n->unit);
	json_summary(j, &n->s, point || n->central);
}

/* Absent where the model says nothing of it. */
static void json_switching(json_t *o, const struct tradeoff *t)
{
	const struct switching *s = &t->switching;
	const char *why = t->point ? CENTRAL : "no draws of its own";
	json_t *j;

	if (!s->present)
		return;
	j = put_map(o, "switching");
	PUT(j, *s, parameter, unit);
	put_text(j, "from", option_name(t, s->from));
	put_text(j, "to", option_name(t, s->to));
	add_threshold(j, "at", s->at, t->point);
	add_threshold(j, "back_below", s->back, t->point);
	put_why(j, "here", s->here, "it has no value of its own");
	PUT_WHY(j, *s, why, p_above, p_below);
	if (s->value)
		add_threshold(j, "value", s->value, t->point);
}

/* --- drivers, information --------------------------------------------- */

/* The expected lead around P10 and P90, all else as drawn. */
static void add_means(json_t *j, const struct sensitivity *s, bool point)
{
	const char *why = point ? CENTRAL : "no draws there";

	PUT_WHY(j, *s, why, mean_low, mean_low_se, mean_high, mean_high_se);
}

void json_sensitivity(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "sensitivity");

	for (int i = 0; i < t->nsensitivity; i++) {
		const struct sensitivity *s = &t->sensitivity[i];
		json_t *j = put_item(list);

		put_text(j, "parameter", s->parameter);
		put_why(j, "swing_low", s->swing_low, "cannot be taken there");
		put_why(j, "swing_high", s->swing_high,
		        "cannot be taken there");
		put_why(j, "first_order", s->first_order, "not asked for");
		PUT(j, *s, flips, title, unit);
		put_text(j, "low", s->low_text);
		put_text(j, "high", s->high_text);
		put_why(j, "first_order_se", s->first_order_se,
		        "not asked for");
		put_text(j, "low_best", option_name(t, s->low_best));
		put_text(j, "high_best", option_name(t, s->high_best));
		put_text(j, "low_infeasible", option_name(t, s->low_missing));
		put_text(j, "high_infeasible", option_name(t,
		                                           s->high_missing));
		add_means(j, s, t->point);
		PUT_WHY(j, *s, ASKED, total, total_se, shapley, shapley_se);
		PUT_WHY(j, *s, NO_ORDER, prcc, prcc_se);
	}
}

static void add_evppi(json_t *list, const char *key, const struct evppi *e)
{
	json_t *j = put_item(list);

	put_text(j, key, e->parameter);
	put_why(j, "value", e->value, "nothing to compare with");
	put_why(j, "se", e->se, "no replicates");
	put_text(j, "title", e->title);
	put_why(j, "model_error", e->model_error, "no second estimate");
	if (e->note)
		put_text(j, "note", e->note);
}

static void add_sizes(json_t *o, const struct study_result *s)
{
	json_t *list = put_list(o, "sizes");

	for (int i = 0; i < s->nsizes; i++) {
		const struct study_size *z = &s->size[i];
		json_t *j = put_item(list);

		put_num(j, "n", z->n);
		put_why(j, "evsi", z->evsi, "nothing to compare with");
		put_why(j, "se", z->evsi_se, "no replicates");
		put_why(j, "cost", z->cost, s->no_net);
		put_why(j, "net", z->net, s->no_net);
		put_why(j, "net_se", z->net_se, s->no_net ? s->no_net
		        : "no replicates");
	}
}

static void add_study(json_t *list, const struct study_result *s)
{
	const struct study_size *best = &s->size[s->best];
	json_t *j = put_item(list);

	put_text(j, "study", s->name);
	PUT(j, *s, title, observes, kind, decisions);
	put_why(j, "perfect", s->perfect, "nothing to compare with");
	put_why(j, "perfect_se", s->perfect_se, "no replicates");
	put_why(j, "best_n", s->no_net ? NAN : best->n, s->no_net);
	put_flag(j, "pays", s->pays);
	put_why(j, "near_low", s->no_net ? NAN : s->near_low, s->no_net);
	put_why(j, "near_high", s->no_net ? NAN : s->near_high, s->no_net);
	put_text(j, "takes", s->takes);
	put_why(j, "delay", s->delay, "the model cannot say what waiting "
	        "costs: not counted");
	put_why(j, "delay_se", s->delay_se, "no replicates");
	add_sizes(j, s);
}

void json_voi(json_t *o, const struct tradeoff *t)
{
	json_t *v, *list;

	if (!t->voi.present) {
		put_text(o, "voi", NULL);
		put_text(o, "voi_reason", t->point ? CENTRAL
		         : "not asked for");
		return;
	}
	v = put_map(o, "voi");
	put_why(v, "evpi", t->voi.evpi, "nothing to compare with");
	put_why(v, "evpi_se", t->voi.evpi_se, "no replicates");
	list = put_list(v, "evppi");
	for (int i = 0; i < t->voi.nevppi; i++)
		add_evppi(list, "parameter", &t->voi.evppi[i]);
	put_why(v, "noise", t->voi.noise, "not measured");
	if (t->voi.ngroups) {
		list = put_list(v, "groups");
		for (int i = 0; i < t->voi.ngroups; i++)
			add_evppi(list, "group", &t->voi.group[i]);
	}
	if (t->voi.nstudies) {
		list = put_list(v, "studies");
		for (int i = 0; i < t->voi.nstudies; i++)
			add_study(list, &t->voi.study[i]);
	}
}

void json_criteria(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "criteria");

	for (int i = 0; i < t->ncriteria; i++) {
		const struct criterion *c = &t->criterion[i];
		json_t *j = put_item(list), *values;

		put_text(j, "name", c->name);
		put_text(j, "option", option_name(t, c->option));
		put_flag(j, "agrees", c->agrees);
		values = put_map(j, "values");
		for (int k = 0; k < t->noptions; k++)
			put_why(values, t->option[k].name, c->value[k],
			        "cannot be taken");
		PUT(j, *c, title, note);
	}
	list = put_list(o, "dominance");
	for (int i = 0; i < t->ndominances; i++) {
		const struct dominance *d = &t->dominance[i];
		json_t *j = put_item(list);

		put_text(j, "over", option_name(t, d->over));
		put_text(j, "under", option_name(t, d->under));
		put_int(j, "order", d->order);
	}
}

/* --- rules, findings, provenance -------------------------------------- */

static void add_rules(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "rules"), *barred;

	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *r = &t->rule[i];
		json_t *j = put_item(list);

		PUT(j, *r, id, title, applies);
		barred = put_list(j, "bars");
		for (int k = 0; k < r->nbarred; k++)
			put_item_text(barred, option_name(t, r->barred[k]));
		put_why(j, "price", r->price, "nothing else is left");
		put_why(j, "price_se", r->price_se, "no replicates");
		PUT(j, *r, basis, as_of);
	}
}

static void add_findings(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "findings");

	for (int i = 0; i < t->nfindings; i++) {
		json_t *j = put_item(list);

		PUT(j, t->finding[i], id, probability, text);
	}
}

void json_warnings(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "warnings");

	for (int i = 0; i < t->nwarnings; i++) {
		json_t *j = put_item(list);

		PUT(j, t->warning[i], code, text);
	}
}

static void add_provenance(json_t *o, const struct tradeoff *t)
{
	static const char *const none = "no number";
	json_t *list = put_list(o, "provenance");

	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];
		json_t *j = put_item(list);

		PUT(j, *p, parameter, title, unit, group, text, origin);
		put_text(j, "precedence", p->price);
		PUT(j, *p, over, kind, source, date, fixed, shared);
		PUT_WHY(j, *p, none, mean, p5, p50, p95, p1, p99);
		put_flag(j, "elicited", p->elicited);
		if (result_has(p->kept_low) || result_has(p->kept_high)) {
			put_num(j, "kept_above", p->kept_low);
			put_num(j, "kept_below", p->kept_high);
		}
	}
}

static void add_presets(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "presets");

	for (int i = 0; i < t->npresets; i++) {
		json_t *j = put_item(list);

		put_text(j, "preset", t->preset[i].name);
		PUT(j, t->preset[i], label, weight);
	}
}

static void add_watch(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "checklist"), *j;

	for (int i = 0; i < t->nchecklist; i++) {
		j = put_item(list);
		PUT(j, t->checklist[i], id, ask, answer, must);
	}
	list = put_list(o, "triggers");
	for (int i = 0; i < t->ntriggers; i++) {
		j = put_item(list);
		PUT(j, t->trigger[i], id, when);
		put_text(j, "for", t->trigger[i].for_text);
	}
}

static void add_neighbours(json_t *o, const struct tradeoff *t)
{
	json_t *list = put_list(o, "neighbours");

	for (int i = 0; i < t->nneighbours; i++) {
		const struct neighbour *n = &t->neighbour[i];
		json_t *j = put_item(list);

		PUT(j, *n, model, option, why);
		put_texts(j, "figures", n->figure, n->nfigures);
	}
}

void json_tradeoff(json_t *list, const struct tradeoff *t)
{
	json_t *o = put_item(list), *options;

	PUT(o, *t, model, model_digest);
	json_verdict(o, t);
	json_objective(o, t);
	options = put_list(o, "options");
	for (int i = 0; i < t->noptions; i++)
		add_option(options, &t->option[i], t->point);
	json_break_evens(o, t);
	json_sensitivity(o, t);
	json_voi(o, t);
	json_warnings(o, t);
	PUT(o, *t, title, question);
	put_int(o, "model_version", t->version);
	put_int(o, "horizon_months", t->horizon);
	put_text(o, "incumbent", t->incumbent);
	json_switching(o, t);
	json_criteria(o, t);
	add_rules(o, t);
	add_findings(o, t);
	add_provenance(o, t);
	add_neighbours(o, t);
	add_presets(o, t);
	add_watch(o, t);
}
