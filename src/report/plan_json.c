/* The joint plan as a document. */
#include <math.h>

#include "report/json.h"
#include "report/report.h"

#include "base/banned.h"

#define CENTRAL "central values, no sampling"

static const char *name(const struct joint_plan *p, int i, int option)
{
	const struct tradeoff *t = &p->separate->tradeoff[i];

	return option >= 0 ? t->option[option].name : NULL;
}

static const char *model(const struct joint_plan *p, int i)
{
	return p->separate->tradeoff[i].model;
}

static void error(json_t *o, const char *key, double se,
                  const struct joint_plan *p)
{
	put_why(o, key, se, p->point ? CENTRAL : "no replicates");
}

static void add_verdict(json_t *doc, const struct joint_plan *p)
{
	const struct verdict *v = &p->verdict;
	const char *none = p->nchoices ? CENTRAL : "nothing can be taken";
	const char *alone = p->nchoices < 2 ? "no other combination" : CENTRAL;
	json_t *o = put_map(doc, "verdict");

	put_text(o, "state", verdict_state_names[v->state]);
	put_why(o, "probability_best", v->probability_best, none);
	put_why(o, "p_none", v->p_none, CENTRAL);
	PUT(o, *v, badge, sentence);
	PUT_WHY(o, *v, alone, advantage, advantage_se);
	put_int(o, "replicates_agreeing", v->agreeing);
	put_num(o, "confidence", v->confidence);
}

static void add_chosen(json_t *o, const struct joint_plan *p, int i)
{
	const struct tradeoff *t = &p->separate->tradeoff[i];
	json_t *chosen = put_map(o, "chosen");

	for (int k = 0; k < t->noptions; k++)
		put_num(chosen, t->option[k].name, p->part[i].p_chosen[k]);
}

static void add_part(json_t *list, const struct joint_plan *p, int i)
{
	const struct plan_part *x = &p->part[i];
	json_t *o = put_item(list), *reads;

	put_text(o, "model", model(p, i));
	PUT(o, p->separate->tradeoff[i], model_digest, title);
	put_text(o, "option", name(p, i, x->joint));
	put_text(o, "by_itself", name(p, i, x->separate));
	put_text(o, "by_itself_state", verdict_state_names[
	         p->separate->tradeoff[i].verdict.state]);
	put_flag(o, "assumed", x->assumed);
	put_why(o, "cost", x->cost, "nothing can be taken");
	error(o, "cost_se", x->cost_se, p);
	if (!p->point)
		add_chosen(o, p, i);
	reads = put_list(o, "reads");
	for (int k = 0; k < x->nreads; k++)
		put_item_text(reads, model(p, x->reads[k]));
	put_int(o, "contexts", x->contexts);
	put_int(o, "costs_evaluated", x->evaluated);
}

static void add_choice(json_t *list, const struct joint_plan *p,
                       const struct plan_choice *c)
{
	json_t *o = put_item(list), *options = put_map(o, "options");

	for (int i = 0; i < p->separate->ntradeoffs; i++)
		put_text(options, model(p, i), name(p, i, c->option[i]));
	put_num(o, "mean", c->mean);
	error(o, "se", c->se, p);
	put_num(o, "behind", c->behind);
	error(o, "behind_se", c->behind_se, p);
	put_why(o, "probability_best", p->point ? NAN : c->probability_best,
	        CENTRAL);
	error(o, "probability_best_se", c->probability_best_se, p);
	put_num(o, "p_feasible", c->p_feasible);
}

static void add_separate(json_t *doc, const struct joint_plan *p)
{
	const char *why = p->separate_reason ? p->separate_reason
		: "nothing can be taken";
	json_t *o = put_map(doc, "by_themselves");

	put_flag(o, "differs", p->differs);
	put_why(o, "cost", p->separate_cost, why);
	put_why(o, "interaction", p->interaction, why);
	put_why(o, "interaction_se", p->interaction_se,
	        result_has(p->interaction) ? "no replicates" : why);
}

static void add_combinations(json_t *doc, const struct joint_plan *p)
{
	json_t *o = put_map(doc, "combinations");

	put_int(o, "all", p->ncombinations);
	put_int(o, "ok", p->nok);
	put_int(o, "senseless", p->nsenseless);
	put_int(o, "barred", p->nbarred);
	put_int(o, "infeasible", p->ninfeasible);
	put_int(o, "considered", p->nconsidered);
	put_int(o, "inputs", p->ninputs);
}

static void add_rules(json_t *doc, const struct joint_plan *p)
{
	json_t *list = put_list(doc, "rules");

	for (int i = 0; i < p->nrules; i++) {
		const struct plan_rule *r = &p->rule[i];
		json_t *o = put_item(list);

		put_text(o, "model", r->tradeoff < 0 ? NULL
		         : model(p, r->tradeoff));
		PUT(o, *r, id, title, barred);
		put_why(o, "price", r->price, r->tradeoff < 0
		        ? "what makes no sense has no price"
		        : "nothing else is left");
		put_why(o, "price_se", r->price_se, r->tradeoff < 0
		        ? "what makes no sense has no price"
		        : "no replicates");
	}
}

static void add_accounts(json_t *doc, const struct joint_plan *p)
{
	json_t *list = put_list(doc, "accounts");

	for (int i = 0; i < p->naccounts; i++) {
		const struct plan_account *a = &p->account[i];
		json_t *o = put_item(list), *others;

		put_text(o, "account", a->name);
		put_text(o, "owner", a->owner < 0 ? NULL : model(p, a->owner));
		others = put_list(o, "left_out");
		for (int k = 0; k < a->nothers; k++)
			put_item_text(others, model(p, a->other[k]));
	}
}

void report_plan_json(struct buf *out, const struct joint_plan *p)
{
	struct tradeoff knowledge = { .voi = p->voi, .point = p->point,
	                              .nwarnings = p->nwarnings,
	                              .warning = p->warning };
	json_t *doc = json_document("steelyard.plan/1", p->separate), *list;

	json_scenario(doc, p->separate);
	put_text(doc, "plan_digest", p->digest);
	put_int(doc, "horizon_months", p->horizon);
	put_text(doc, "unit", p->unit);
	add_verdict(doc, p);
	list = put_list(doc, "tradeoffs");
	for (int i = 0; i < p->separate->ntradeoffs; i++)
		add_part(list, p, i);
	list = put_list(doc, "choices");
	for (int i = 0; i < p->nchoices; i++)
		add_choice(list, p, &p->choice[i]);
	add_separate(doc, p);
	add_combinations(doc, p);
	add_rules(doc, p);
	add_accounts(doc, p);
	json_voi(doc, &knowledge);
	json_warnings(doc, &knowledge);
	put_write(out, doc);
}
