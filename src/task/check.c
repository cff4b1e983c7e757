/*
 * check: does what was decided still hold, under the prices, models and
 * measurements of today?  One item a question; nothing is changed.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/checking.h"

#include "base/banned.h"

struct check_item_result *checking_add(struct checking *k, const char *kind,
                                       const char *id, enum check_status s,
                                       const char *fmt, ...)
{
	struct arena *a = k->out->arena;
	struct check_item_result *x = ARR_PUSH(k->out->item, k->out->n,
	                                       k->cap);
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	*x = (struct check_item_result){
		.kind = kind, .id = id ? arena_strdup(a, id) : NULL,
		.status = s, .text = arena_strdup(a, text.s),
	};
	k->out->count[s]++;
	buf_release(&text);
	return x;
}

/* --- one trade-off ------------------------------------------------------ */

/* What is looked at: a trade-off as it stands today, and the decision on it. */
struct subject {
	const struct bound *bound;
	const struct evaluation *e;
	const struct tradeoff *t;
	const struct decision_info *d;  /* NULL: a file is checked */
};

static double objective(const struct tradeoff *t, int i)
{
	if (i < 0 || t->option[i].status != OPTION_OK)
		return NAN;
	return t->point ? t->option[i].objective.value
	                : t->option[i].objective.mean;
}

/* What the decision costs beyond today's advice, for the sentence. */
static void add_extra(struct buf *b, const struct tradeoff *t, int option)
{
	double extra = fabs(objective(t, option) -
	                    objective(t, t->verdict.option));

	if (!isfinite(extra)) {
		buf_add(b, "; what was taken is not possible today");
		return;
	}
	buf_add(b, "; what was taken costs ");
	num_human(b, extra, 3);
	buf_addf(b, " %s more", t->objective_unit);
}

/* A decision that went against its advice is held against that advice. */
static void check_verdict(struct checking *k, const struct subject *x)
{
	const struct tradeoff *t = x->t;
	int best = t->verdict.option;
	const char *now = best >= 0 ? t->option[best].name : "none";
	const char *then = x->d->advice ? x->d->advice : x->d->option;
	int option = tradeoff_option(t, x->d->option);
	bool tied = t->verdict.state == VERDICT_TIED && option >= 0 &&
		t->option[option].status == OPTION_OK;
	bool holds = !strcmp(now, then) || !strcmp(now, x->d->option) || tied;
	struct buf b = BUF_INIT;

	buf_addf(&b, "the advice was %s and is %s", then, now);
	if (!t->point && best >= 0) {
		buf_add(&b, ", best with probability ");
		num_prob(&b, t->verdict.probability_best);
	}
	if (!holds)
		add_extra(&b, t, option);
	else if (tied && strcmp(now, x->d->option))
		buf_add(&b, ", which is as good");
	checking_add(k, "verdict", NULL, holds ? CHECK_OK : CHECK_FAIL, "%s",
	             b.s);
	buf_release(&b);
}

static bool waived(const struct decision_info *d, const char *id)
{
	for (int i = 0; d && d->waived[i]; i++)
		if (!strcmp(d->waived[i], id))
			return true;
	return false;
}

static void check_rules(struct checking *k, const struct subject *x)
{
	const char *name = x->d ? x->d->option
		: x->t->verdict.option >= 0
		? x->t->option[x->t->verdict.option].name : NULL;
	int option = tradeoff_option(x->t, name);

	for (int i = 0; i < x->t->nrules; i++) {
		const struct rule_result *r = &x->t->rule[i];
		bool broken = false;

		for (int m = 0; r->applies && m < r->nbarred; m++)
			broken |= r->barred[m] == option;
		if (broken && waived(x->d, r->id))
			checking_add(k, "rule", r->id, CHECK_OK, "bars %s and "
			             "was set aside", name);
		else if (broken)
			checking_add(k, "rule", r->id, CHECK_FAIL, "bars %s: "
			             "%s", name, r->title ? r->title : r->id);
	}
}

/* Where the advice tips next, and how far away that is. */
static void check_distance(struct checking *k, const struct subject *x)
{
	for (int i = 0; i < x->t->nbreak_even; i++) {
		const struct break_even *b = &x->t->break_even[i];
		double near = NAN;
		struct buf text = BUF_INIT;

		for (int c = 0; c < b->ncrossings; c++)
			if (isnan(near) || fabs(log(b->crossing[c].at / b->here))
			    < fabs(log(near / b->here)))
				near = b->crossing[c].at;
		if (b->pair && isfinite(near) && isfinite(b->here) &&
		    b->here > 0 && near > 0) {
			buf_addf(&text, "%s is ", b->parameter);
			num_human(&text, b->here, 3);
			buf_addf(&text, "%s%s; the advice tips at ",
			         strcmp(b->unit, "1") ? " " : "",
			         strcmp(b->unit, "1") ? b->unit : "");
			num_human(&text, near, 3);
			buf_add(&text, " (");
			num_human(&text, near / b->here, 3);
			buf_add(&text, " times that)");
			checking_add(k, "distance", b->parameter, CHECK_OK,
			             "%s", text.s);
		}
		buf_release(&text);
	}
}

/* --- triggers ----------------------------------------------------------- */

struct facts { const struct checking *k; const struct subject *x; };

static int slot_recorded(const struct subject *x, const struct actual *a)
{
	struct buf b = BUF_INIT;
	int slot;

	buf_addf(&b, "%s.%s", a->model ? a->model : "workload", a->name);
	slot = bound_slot(x->bound, -1, b.s, NULL);
	buf_release(&b);
	return slot;
}

/* "utilisation[gate]" where `gate` was decided. */
static bool is_of_decision(const char *recorded, const struct subject *x,
                           const char *name)
{
	size_t n = strlen(name), m = x->d ? strlen(x->d->option) : 0;

	return m && !strncmp(recorded, name, n) && recorded[n] == '[' &&
	       !strncmp(recorded + n + 1, x->d->option, m) &&
	       !strcmp(recorded + n + 1 + m, "]");
}

/* One parameter may have a name in the workload and another in the model. */
static bool is_about(const struct actual *a, const struct subject *x,
                     const char *name)
{
	bool own = !a->model || !strcmp(a->model, x->t->model);
	int slot = bound_slot(x->bound, bound_model_index(x->bound,
	                      x->t->model), name, NULL);

	if (strcmp(a->scenario, x->e->scenario))
		return false;
	return (own && (!strcmp(a->name, name) ||
	                is_of_decision(a->name, x, name))) ||
	       (slot >= 0 && slot == slot_recorded(x, a));
}

static bool is_newer(const struct actual *a, const struct actual *b)
{
	int order = b ? strcmp(a->to ? a->to : "", b->to ? b->to : "") : 1;

	return order > 0 || (order == 0 && a->at >= b->at);
}

static int64_t day_of(const char *date)
{
	int64_t t;

	return date && clock_parse_date(date, &t) ? t : 0;
}

/* The newest of those before `before` (NULL: of all), or NULL. */
static const struct actual *recorded(const struct facts *f, const char *name,
                                     const struct actual *before)
{
	const struct actual *found = NULL;

	for (int i = 0; i < f->k->nactuals; i++) {
		const struct actual *a = &f->k->actual[i];

		if (is_newer(a, found) && is_about(a, f->x, name) &&
		    (!before || !is_newer(a, before)))
			found = a;
	}
	return found;
}

/* A recorded measurement, else what an evidence file says. */
static bool measured(void *ctx, const char *name, int back,
                     struct measurement *out)
{
	const struct facts *f = ctx;
	const struct tradeoff *t = f->x->t;
	const struct actual *found = recorded(f, name, NULL);

	for (int i = 0; found && i < back; i++)
		found = recorded(f, name, found);
	if (found) {
		*out = (struct measurement){
			found->value, found->unit,
			day_of(found->from ? found->from : found->to),
			day_of(found->to)
		};
		return true;
	}
	for (int i = 0; !back && i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];

		if (strcmp(p->parameter, name) || strcmp(p->kind ? p->kind : "",
		                                         "measured") ||
		    !result_has(p->p50))
			continue;
		*out = (struct measurement){
			p->p50, p->unit, day_of(p->date), day_of(p->date)
		};
		return true;
	}
	return false;
}

static void add_trigger(struct checking *k, const struct trigger_result *r)
{
	const char *title = r->title ? r->title : r->when;

	if (!r->asked)
		checking_add(k, "trigger", r->id, CHECK_UNKNOWN, "%s: %s",
		             title, r->missing);
	else
		checking_add(k, "trigger", r->id, r->tripped ? CHECK_FAIL
		             : CHECK_OK, "%s (%s)", title, r->asked);
}

static bool check_triggers(struct checking *k, const struct subject *x)
{
	int index = bound_model_index(x->bound, x->t->model);
	int n = x->bound->model[index].model->ntriggers;
	struct facts f = { k, x };
	const struct trigger_facts facts = {
		measured, &f, x->d ? (double)((k->now - x->d->created) / 86400)
		                   : -1
	};
	struct trigger_result *r = arena_alloc(k->out->arena,
	                                       ((size_t)n + 1) * sizeof *r);

	if (!engine_triggers(x->bound, index, x->t, &facts, k->out->arena, r,
	                     k->err))
		return false;
	for (int i = 0; i < n; i++)
		add_trigger(k, &r[i]);
	return true;
}

/* Evidence that is too old, of one model or (-1) of the workload. */
static void check_ages(struct checking *k, const struct bound *b, int model)
{
	for (int i = 0; i < b->nages; i++) {
		const struct evidence_age *a = &b->age[i];

		if (a->model == model)
			checking_add(k, "trigger", "stale_evidence", a->stale
			             ? CHECK_FAIL : CHECK_OK, "%s (%s) was "
			             "measured up to %s and is %s %s (%d days)%s",
			             a->name, a->fields, a->date, a->stale ? "stale since"
			             : "good before", a->stale_from, a->limit,
			             a->stale ? ": measure again" : "");
	}
}

/* --- people ------------------------------------------------------------- */

static void check_review(struct checking *k, const struct decision_info *d)
{
	int64_t due;

	if (!d->review || !clock_parse_date(d->review, &due))
		return;
	checking_add(k, "review", NULL, k->now >= due ? CHECK_FAIL : CHECK_OK,
	             k->now >= due ? "a review is due since %s"
	                           : "the next review is on %s", d->review);
}

static void check_owner(struct checking *k, const struct subject *x)
{
	if (x->d->contested)
		checking_add(k, "contested", NULL, CHECK_FAIL, "two stores that "
		             "were merged say different things of it: settle it "
		             "with `accept D%d`, `reject`, `supersede` or "
		             "`deprecate`", x->d->number);
	if (!x->d->deciders[0])
		checking_add(k, "owner", NULL, CHECK_FAIL, "nobody is named "
		             "who decided: confirm it with `accept D%d --by "
		             "WHO`", x->d->number);
	for (int i = 0; i < x->t->nchecklist; i++) {
		const struct checklist_item *c = &x->t->checklist[i];

		if (c->must && !c->answer)
			checking_add(k, "checklist", c->id, CHECK_UNKNOWN,
			             "not answered: %s", c->ask);
	}
}

/* --- subjects ----------------------------------------------------------- */

/* Items that were added from `from` on are about this. */
static void label(struct checking *k, int from, const char *scenario,
                  const char *model, int decision)
{
	for (int i = from; i < k->out->n; i++) {
		struct check_item_result *x = &k->out->item[i];

		x->scenario = arena_strdup(k->out->arena, scenario);
		if (!x->model && model)
			x->model = arena_strdup(k->out->arena, model);
		x->decision = decision;
	}
}

static bool check_subject(struct checking *k, const struct subject *x)
{
	int from = k->out->n;
	bool ok;

	if (x->d)
		check_verdict(k, x);
	check_rules(k, x);
	check_distance(k, x);
	ok = check_triggers(k, x);
	check_ages(k, x->bound, bound_model_index(x->bound, x->t->model));
	if (x->d) {
		check_review(k, x->d);
		check_owner(k, x);
	}
	label(k, from, x->e->scenario, x->t->model,
	      x->d ? x->d->number : 0);
	return ok;
}

/* Evaluates and looks: the decision's trade-off, or (d NULL) all of them. */
static bool check_scenario(struct checking *k, const struct scenario *s,
                           const struct decision_info *d,
                           const struct check_call *call,
                           const struct policy *policy)
{
	struct bound *b = bound_new(k->context->library, s, NULL, k->err);
	struct evaluation *e = b ? task_evaluate(k->context, s, k->err) : NULL;
	bool ok = e != NULL;
	int from;

	for (int i = 0; ok && i < e->ntradeoffs; i++) {
		const struct subject x = { b, e, &e->tradeoff[i], d };

		if (!d || !strcmp(x.t->model, d->model))
			ok = check_subject(k, &x);
	}
	from = k->out->n;
	if (ok)
		check_ages(k, b, -1);
	if (ok && policy)
		ok = policy_check(k, policy, e, call->confidence, d);
	label(k, from, e ? e->scenario : "", NULL, d ? d->number : 0);
	if (e)
		evaluation_free(e);
	if (b)
		bound_free(b);
	return ok;
}

/* One decision that cannot be looked at does not keep the others from it. */
static void cannot_look(struct checking *k, struct err *err,
                        const struct decision_info *d)
{
	struct check_item_result *x = checking_add(k, "error", NULL, CHECK_FAIL,
		"cannot be evaluated today: %s",
		err->n ? err->item[0].text : "no reason was given");

	if (err->n && err->item[0].file) {
		x->file = arena_strdup(k->out->arena, err->item[0].file);
		x->line = err->item[0].line;
		x->column = err->item[0].col;
	}
	label(k, k->out->n - 1, d->scenario, d->model, d->number);
	err_clear(err);
}

static void check_decision(struct checking *k, const struct decision_info *d,
                           const struct check_call *call,
                           const struct policy *policy)
{
	struct err *outer = k->err, own = ERR_INIT;
	struct revision_info info;
	struct scenario *s = NULL;
	struct arena *a = arena_new();
	const char *text;
	bool ok;

	k->err = &own;
	k->out->decisions++;
	if (store_find(k->store, d->revision, &info, &text, NULL, a, &own))
		s = scenario_read_text(text, strlen(text), d->scenario, &own);
	if (s)          /* what was measured since then counts */
		s->today = true;
	ok = s && check_scenario(k, s, d, call, policy);
	if (!ok)
		cannot_look(k, &own, d);
	if (s)
		scenario_free(s);
	arena_free(a);
	k->err = outer;
}

static bool check_all(struct checking *k, const struct check_call *call,
                      const struct policy *policy)
{
	const struct decision_filter accepted = { .status = DECISION_ACCEPTED };
	struct decision_info *d;
	struct arena *a = arena_new();
	int n;

	if (!k->store) {
		arena_free(a);
		return err_add(k->err, ERR_STORE, "there is no store yet: "
		               "nothing was decided");
	}
	n = decision_list(k->store, &accepted, &d, a, k->err);
	for (int i = n - 1; i >= 0; i--)
		check_decision(k, &d[i], call, policy);
	arena_free(a);
	return n >= 0;
}

static void hear_expectation(void *ctx, const struct example_outcome *o)
{
	struct checking *k = ctx;
	struct check_item_result *x = checking_add(k, "expectation", o->expect,
		o->ok ? CHECK_OK : CHECK_FAIL, o->ok ? "%s" : "%s, wanted %s",
		o->got, o->wanted);

	x->model = arena_strdup(k->out->arena, o->model);
	if (o->pos.file) {
		x->file = arena_strdup(k->out->arena, o->pos.file);
		x->line = o->pos.line;
		x->column = o->pos.col;
	}
}

static bool check_file(struct checking *k, const char *ref,
                       const struct check_call *call,
                       const struct policy *policy)
{
	struct scenario *s = task_scenario(k->context, ref, &call->set, k->err);
	struct evaluation *e = NULL;
	int from = k->out->n;
	bool ok = s && check_scenario(k, s, NULL, call, policy);

	if (ok && s->nexpectations) {
		e = task_evaluate(k->context, s, k->err);
		ok = e && task_expectations(k->context, s, e, hear_expectation,
		                            k, k->err) >= 0;
		label(k, from, s->name, NULL, 0);
	}
	if (e)
		evaluation_free(e);
	if (s)
		scenario_free(s);
	return ok;
}

/* ------------------------------------------------------------------------ */

static bool open_store(struct checking *k, struct arena *a)
{
	if (!task_store_exists(k->context))
		return true;
	k->store = store_open(k->context->store_path, false, k->err);
	k->nactuals = k->store ? actual_list(k->store, NULL, &k->actual, a,
	                                     k->err) : -1;
	return k->nactuals >= 0;
}

static void seal(struct check_report *r)
{
	struct check_item_result *kept =
		arena_alloc(r->arena, ((size_t)r->n + 1) * sizeof *kept);

	if (r->n)
		memcpy(kept, r->item, (size_t)r->n * sizeof *kept);
	free(r->item);
	r->item = kept;
}

struct check_report *task_check(struct context *c,
                                const struct check_call *call,
                                struct err *err)
{
	struct arena *arena = arena_new();
	struct checking k = {
		.context = c, .now = clock_now(), .err = err,
		.out = arena_alloc(arena, sizeof *k.out),
	};
	struct policy *policy = NULL;
	bool ok;

	k.out->arena = arena;
	c->engine.want_break_even = true;
	c->engine.want_sensitivity = c->engine.want_voi = false;
	ok = open_store(&k, arena);
	if (ok && call->policy) {
		policy = policy_read(call->policy, library_units(c->library),
		                     err);
		ok = policy != NULL;
	}
	for (int i = 0; ok && i < call->nfiles; i++)
		ok = check_file(&k, call->file[i], call, policy);
	if (ok && !call->nfiles)
		ok = check_all(&k, call, policy);
	policy_free(policy);
	store_close(k.store);
	seal(k.out);
	if (ok)
		return k.out;
	check_report_free(k.out);
	return NULL;
}
