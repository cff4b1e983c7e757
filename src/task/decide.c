/*
 * Taking a decision: the scenario is evaluated, saved, and the option proposed
 * on that revision.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/scenario.h"
#include "task/task.h"

#include "base/banned.h"

static bool no_such_option(const struct tradeoff *t, const char *name,
                           struct err *err)
{
	struct buf list = BUF_INIT;

	for (int i = 0; i < t->noptions; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", t->option[i].name);
	err_add(err, ERR_USAGE, "%s has no option '%s' (it has: %s)", t->model,
	        name, list.s);
	buf_release(&list);
	return false;
}

static bool waives(const struct decide_call *call, const char *code)
{
	for (int i = 0; i < call->waive.n; i++)
		if (!strcmp(call->waive.text[i], code))
			return true;
	return false;
}

static bool bars(const struct rule_result *r, int option)
{
	for (int i = 0; r->applies && i < r->nbarred; i++)
		if (r->barred[i] == option)
			return true;
	return false;
}

/* What stands against the option and was not set aside, one word each. */
static int objections(const struct tradeoff *t, int option,
                      const struct decide_call *call, struct buf *list)
{
	const struct option_result *o = &t->option[option];
	int n = 0;

	for (int i = 0; i < t->nrules; i++)
		if (bars(&t->rule[i], option) && !waives(call, t->rule[i].id))
			buf_addf(list, "%srule %s", n++ ? ", " : "",
			         t->rule[i].id);
	for (int i = 0; o->status == OPTION_INFEASIBLE && i < o->nreasons; i++)
		if (!waives(call, o->reason[i]))
			buf_addf(list, "%s%s", n++ ? ", " : "", o->reason[i]);
	return n;
}

/* Every word of --waive must set something aside. */
static bool waivers_known(const struct tradeoff *t, int option,
                          const struct decide_call *call, struct err *err)
{
	const struct option_result *o = &t->option[option];
	bool ok = true;

	for (int k = 0; k < call->waive.n; k++) {
		const char *word = call->waive.text[k];
		bool found = false;

		for (int i = 0; i < t->nrules; i++)
			found |= bars(&t->rule[i], option) &&
			         !strcmp(t->rule[i].id, word);
		for (int i = 0; i < o->nreasons; i++)
			found |= !strcmp(o->reason[i], word);
		if (!found)
			ok = err_add(err, ERR_USAGE, "--waive %s: no rule or "
			             "reason of that name stands against %s",
			             word, o->name);
	}
	if (call->waive.n && !call->because)
		ok = err_add(err, ERR_USAGE, "--waive needs --because: a "
		             "record must say why a rule was set aside");
	return ok;
}

static bool may_take(const struct tradeoff *t, int option,
                     const struct decide_call *call, struct decided *out,
                     struct err *err)
{
	struct buf list = BUF_INIT;

	if (!waivers_known(t, option, call, err))
		return false;
	out->refused = objections(t, option, call, &list) > 0;
	if (out->refused)
		out->objections = arena_strdup(out->arena, list.s);
	buf_release(&list);
	return true;
}

/* What the choice costs beyond the advice; NAN: nothing to compare. */
static double surcharge(const struct tradeoff *t, int option)
{
	int best = t->verdict.option;
	const struct summary *a, *b;

	if (best < 0 || best == option)
		return best == option ? 0 : NAN;
	a = &t->option[option].objective;
	b = &t->option[best].objective;
	return t->point ? a->value - b->value : a->mean - b->mean;
}

static bool propose(struct context *c, const struct scenario *s,
                    const struct decide_call *call, const struct tradeoff *t,
                    struct decided *out, struct err *err)
{
	struct decision_new d = {
		.scenario = s->name, .model = t->model, .option = call->option,
		.because = call->because, .review = call->review,
		.advice = t->verdict.option >= 0
			? t->option[t->verdict.option].name : NULL,
		.evaluation = out->evaluation->digest,
		.deciders = assignments_list(&call->by, out->arena),
		.tags = assignments_list(&call->tags, out->arena),
		.waived = assignments_list(&call->waive, out->arena),
	};
	struct revision_info saved;
	struct store *store;
	bool ok;

	if (!task_save(c, s, out->evaluation, NULL, &saved, out->arena, err))
		return false;
	d.inputs = saved.hash;
	store = store_open(c->store_path, true, err);
	ok = store && decision_propose(store, &d, &out->decision, out->arena,
	                               err);
	store_close(store);
	return ok;
}

bool task_decide(struct context *c, const struct scenario *s,
                 const struct decide_call *call, struct decided *out,
                 struct err *err)
{
	const struct tradeoff *t;
	int option;

	*out = (struct decided){ .arena = arena_new() };
	out->evaluation = task_evaluate(c, s, err);
	if (!out->evaluation)
		return false;
	t = evaluation_find(out->evaluation, call->model);
	if (!t)
		return err_add(err, ERR_USAGE, "scenario '%s' does not ask "
		               "about '%s'", s->name, call->model);
	option = tradeoff_option(t, call->option);
	if (option < 0)
		return no_such_option(t, call->option, err);
	out->extra = surcharge(t, option);
	out->unit = t->objective_unit;
	return may_take(t, option, call, out, err) &&
	       (out->refused || propose(c, s, call, t, out, err));
}

void decided_release(struct decided *d)
{
	if (d->evaluation)
		evaluation_free(d->evaluation);
	arena_free(d->arena);
}

const char *const *assignments_list(const struct assignments *list,
                                    struct arena *a)
{
	const char **text = arena_alloc(a, ((size_t)list->n + 1) *
	                                   sizeof *text);

	for (int i = 0; i < list->n; i++)
		text[i] = list->text[i];
	return text;
}

bool task_decision_change(struct context *c, const char *ref,
                          enum decision_status to,
                          const struct decide_call *call, const char *by_ref,
                          struct decision_info *out, struct arena *a,
                          struct err *err)
{
	struct store *store = store_open(c->store_path, true, err);
	struct decision_info d, by = { .number = 0 };
	bool ok = store && decision_find(store, ref, &d, a, err) &&
		(!by_ref || decision_find(store, by_ref, &by, a, err)) &&
		decision_change(store, d.number, to, call->because,
		                assignments_list(&call->by, a), call->review,
		                by.number, out, a, err);

	store_close(store);
	return ok;
}
