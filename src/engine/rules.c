/*
 * Rules that hold before any cost: whom they bar, and what obeying them costs.
 *
 * A rule without `with_probability` bars an option when it does so in the
 * central draw or in more than half of all draws; `require:` bars it when it
 * holds with less than the probability asked for.  A rule that only flags
 * (`flags: slo`) leaves the option's status as it is: the option is shown with
 * its figures, misses its service level, and is not recommended.
 */
#include <math.h>

#include "base/buf.h"
#include "engine/trade.h"

#include "base/banned.h"

static double share(const struct run *r, int64_t count)
{
	return (double)count / (double)r->draws.n;
}

static bool bars(const struct trade *t, int rule, int o)
{
	const struct constraint *c = &t->plan->model->constraint[rule];
	int at = rule * t->plan->noptions + o;
	const struct tally *all = &t->run->tally, *mid = &t->central->tally;

	if ((c->none || c->allow) &&
	    (mid->barred[at] > 0 || share(t->run, all->barred[at]) > 0.5))
		return true;
	return c->require && 1 - share(t->run, all->broken[at]) <
	                     fmax(c->with_probability, 1e-300);
}

void rules_apply(struct trade *t)
{
	const struct plan *p = t->plan;
	int k = p->noptions;

	for (int o = 0; o < k; o++) {
		t->barred[o] = false;
		t->slo_met[o] = true;
	}
	for (int r = 0; r < p->model->nconstraints; r++) {
		const struct constraint *c = &p->model->constraint[r];

		t->applies[r] = false;
		for (int o = 0; o < k; o++) {
			int at = r * k + o;
			bool out = bars(t, r, o);

			t->applies[r] |= t->central->tally.when[at] > 0 ||
				share(t->run, t->run->tally.when[at]) > 0.5;
			t->barred_by[at] = out;
			t->barred[o] |= out;
			t->slo_met[o] &= !(out && c->flag_only);
		}
	}
}

/* The price of a rule: the best option's expected cost with all rules, less
 * the best one's with this rule lifted. */
static void price(struct trade *t, int rule, struct rule_result *out)
{
	const struct plan *p = t->plan;
	int k = p->noptions;
	bool lifted[MODEL_MAX_OPTIONS];
	double with = judge_without(&t->judged, t->barred, NULL), without;

	for (int o = 0; o < k; o++) {
		lifted[o] = false;
		for (int r = 0; r < p->model->nconstraints; r++)
			lifted[o] |= r != rule && t->barred_by[r * k + o];
	}
	without = judge_without(&t->judged, lifted, &out->price_se);
	out->price = (with - without) * fabs(t->unit);
	out->price_se *= fabs(t->unit);
}

void rules_report(struct trade *t)
{
	const struct plan *p = t->plan;
	int n = p->model->nconstraints, k = p->noptions;

	t->out->nrules = n;
	t->out->rule = arena_alloc(t->arena, sizeof *t->out->rule *
	                                     (size_t)(n + 1));
	for (int r = 0; r < n; r++) {
		const struct constraint *c = &p->model->constraint[r];
		struct rule_result *out = &t->out->rule[r];

		out->id = arena_strdup(t->arena, c->id);
		out->title = arena_strdup(t->arena, c->title ? c->title :
		                                              c->id);
		out->basis = c->basis ? arena_strdup(t->arena, c->basis)
		                      : NULL;
		out->as_of = c->as_of ? arena_strdup(t->arena, c->as_of)
		                      : NULL;
		out->applies = t->applies[r];
		out->barred = arena_alloc(t->arena, sizeof *out->barred *
		                                    (size_t)k);
		for (int o = 0; o < k; o++)
			if (t->barred_by[r * k + o])
				out->barred[out->nbarred++] = o;
		price(t, r, out);
	}
}

/* A finding is told from one draw in twenty on; its share stands beside it. */
void findings_report(struct trade *t)
{
	const struct model *m = t->plan->model;

	t->out->finding = arena_alloc(t->arena, sizeof *t->out->finding *
	                              (size_t)(m->nfindings + 1));
	for (int i = 0; i < m->nfindings; i++) {
		double p = share(t->run, t->run->tally.finding[i]);
		struct buf b = BUF_INIT;

		if (p < 0.05)
			continue;
		template_fill(t->plan, t->sample, m->finding[i].say, -1, &b);
		t->out->finding[t->out->nfindings++] = (struct finding) {
			.id = arena_strdup(t->arena, m->finding[i].id),
			.text = trade_text(t, &b),
			.probability = p,
		};
	}
}
