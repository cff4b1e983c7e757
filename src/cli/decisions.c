/*
 * decide, accept, reject, supersede, deprecate, and decisions in log and show.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/command.h"
#include "model/scenario.h"

/* --- one decision as text and JSON -------------------------------------- */

#define FIELD 15                /* where what is said of a decision begins */

static void field(struct buf *out, const struct text_style *st,
                  const char *name, const char *text)
{
	if (!text || !*text)
		return;
	buf_addf(out, "  %-12s ", name);
	text_flow(out, st, FIELD, FIELD, text);
}

static void list_field(struct buf *out, const struct text_style *st,
                       const char *name, const char *const *text)
{
	struct buf list = BUF_INIT;

	buf_add_list(&list, text);
	field(out, st, name, list.s);
	buf_release(&list);
}

void decision_line(struct buf *out, const struct decision_info *d)
{
	char date[11];

	clock_date(d->changed, date);
	buf_addf(out, "D%-4d %-10s %s  ", d->number,
	         decision_status_names[d->status], date);
	add_safe(out, d->model);
	buf_add(out, ": ");
	add_safe(out, d->option);
	buf_add(out, "  (");
	add_safe(out, d->scenario);
	buf_addf(out, "@r%d)", d->revision_number);
	if (d->review && d->status == DECISION_ACCEPTED) {
		buf_add(out, "  review ");
		add_safe(out, d->review);
	}
	if (d->superseded_by)
		buf_addf(out, "  by D%d", d->superseded_by);
	if (d->contested)
		buf_add(out, "  CONTESTED");
	buf_addc(out, '\n');
}

static void history(struct buf *out, const struct text_style *st,
                    const struct decision_info *d)
{
	struct buf line = BUF_INIT;

	for (int i = 0; i < d->nevents; i++) {
		const struct decision_event *e = &d->event[i];
		char at[21];

		clock_format(e->at, at);
		buf_clear(&line);
		buf_addf(&line, "%s by ", i && e->status == e[-1].status &&
		         e->status == DECISION_ACCEPTED ? "confirmed"
		         : decision_status_names[e->status]);
		if (e->deciders[0])
			buf_add_list(&line, e->deciders);
		else
			buf_add(&line, e->actor);
		if (e->because)
			buf_addf(&line, ": %s", e->because);
		buf_addf(out, "  %s  ", at);
		text_flow(out, st, 24, 4, line.s);
	}
	buf_release(&line);
}

static void decision_text(struct buf *out, const struct text_style *st,
                          const struct decision_info *d)
{
	decision_line(out, d);
	field(out, st, "because", d->because);
	list_field(out, st, "decided by", d->deciders);
	field(out, st, "advice", d->advice);
	field(out, st, "review", d->review);
	list_field(out, st, "tags", d->tags);
	list_field(out, st, "set aside", d->waived);
	if (d->supersedes)
		buf_addf(out, "  supersedes   D%d\n", d->supersedes);
	field(out, st, "revision", d->revision);
	field(out, st, "evaluation", d->evaluation);
	field(out, st, "id", d->uuid);
	history(out, st, d);
}

static void json_texts(struct json *j, const char *key,
                       const char *const *text)
{
	json_begin(j, key, '[');
	for (int i = 0; text[i]; i++)
		json_text(j, NULL, text[i]);
	json_end(j, ']');
}

static void json_time(struct json *j, const char *key, int64_t t)
{
	char text[21];

	clock_format(t, text);
	json_text(j, key, text);
}

static void json_partner(struct json *j, const char *key, int number)
{
	if (number)
		json_whole(j, key, number);
	else
		json_text(j, key, NULL);
}

void decision_json(struct json *j, const struct decision_info *d)
{
	json_whole(j, "number", d->number);
	json_text(j, "id", d->uuid);
	JSON(j, *d, scenario, title, model, option);
	json_text(j, "status", decision_status_names[d->status]);
	JSON(j, *d, contested, because);
	json_texts(j, "deciders", d->deciders);
	JSON(j, *d, review, advice);
	json_texts(j, "waived", d->waived);
	json_texts(j, "tags", d->tags);
	JSON(j, *d, revision, revision_number, evaluation);
	json_time(j, "created", d->created);
	json_time(j, "changed", d->changed);
	json_partner(j, "supersedes", d->supersedes);
	json_partner(j, "superseded_by", d->superseded_by);
	json_begin(j, "events", '[');
	for (int i = 0; i < d->nevents; i++) {
		const struct decision_event *e = &d->event[i];

		json_begin(j, NULL, '{');
		json_text(j, "status", decision_status_names[e->status]);
		json_text(j, "actor", e->actor);
		json_time(j, "at", e->at);
		json_text(j, "because", e->because);
		json_texts(j, "deciders", e->deciders);
		json_text(j, "review", e->review);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void print_decision(struct run *r, const struct decision_info *d)
{
	const struct text_style style = run_style(r);
	struct json j = { .out = &r->out };

	if (!r->opt.json) {
		decision_text(&r->out, &style, d);
		return;
	}
	json_open(&j, "steelyard.decision/1");
	decision_json(&j, d);
	json_end(&j, '}');
}

/* --- decide ------------------------------------------------------------- */

static bool read_call(struct run *r, struct decide_call *call)
{
	const struct options *o = &r->opt;
	int64_t date;

	*call = (struct decide_call){
		.by = o->by, .tags = o->tags, .waive = o->waive,
		.because = o->because, .review = o->review,
	};
	return !o->review || clock_parse_date(o->review, &date) ||
	       err_add(&r->err, ERR_USAGE, "--review: '%s' is no date "
	               "YYYY-MM-DD", o->review);
}

static void remark(struct run *r, const struct decided *d)
{
	if (!d->decision.advice) {
		buf_add(&r->out, "The advice was: no option can be taken.\n");
		return;
	}
	if (!strcmp(d->decision.advice, d->decision.option))
		return;
	buf_add(&r->out, "The advice was ");
	add_safe(&r->out, d->decision.advice);
	if (isfinite(d->extra)) {
		buf_add(&r->out, "; this choice costs ");
		num_human(&r->out, d->extra, 3);
		buf_addc(&r->out, ' ');
		add_safe(&r->out, d->unit);
		buf_add(&r->out, " more");
	}
	buf_add(&r->out, ".\n");
}

/* The answer is "no": nothing was recorded. */
static void refuse(struct run *r, const struct decided *d,
                   const struct decide_call *call)
{
	struct json j = { .out = &r->out };

	r->status = 1;
	if (r->opt.json) {
		json_open(&j, "steelyard.decision/1");
		json_bool(&j, "recorded", false);
		JSON(&j, *call, model, option);
		json_text(&j, "objections", d->objections);
		json_end(&j, '}');
		return;
	}
	buf_add(&r->out, "Not recorded: ");
	add_safe(&r->out, call->option);
	buf_add(&r->out, " cannot be taken (");
	add_safe(&r->out, d->objections);
	buf_add(&r->out, ").\nTo set it aside in the record's sight: --waive "
	        "NAME --because TEXT.\n");
}

bool run_decide(struct run *r)
{
	struct context *c = &r->context;
	struct decide_call call;
	struct decided d;
	struct scenario *s;
	bool ok;

	if (!read_call(r, &call))
		return false;
	call.model = r->arg[1];
	call.option = r->arg[2];
	s = task_scenario(c, r->arg[0], &r->opt.set, &r->err);
	if (!s)
		return false;
	c->engine.want_break_even = c->engine.want_sensitivity = true;
	c->engine.want_voi = c->engine.want_criteria = true;
	ok = task_decide(c, s, &call, &d, &r->err);
	if (ok && d.refused) {
		refuse(r, &d, &call);
	} else if (ok) {
		print_decision(r, &d.decision);
		if (!r->opt.json)
			remark(r, &d);
	}
	decided_release(&d);
	scenario_free(s);
	return ok;
}

/* --- its further life --------------------------------------------------- */

/* Two answers to one question: which of them holds, somebody must say. */
static bool name_others(struct run *r, const struct decision_info *d,
                        struct arena *a)
{
	const struct decision_filter f = {
		.scenario = d->scenario, .model = d->model,
		.status = DECISION_ACCEPTED,
	};
	struct store *s = store_open(r->context.store_path, false, &r->err);
	struct decision_info *all;
	int n = s ? decision_list(s, &f, &all, a, &r->err) : -1;

	for (int i = 0; i < n; i++)
		if (all[i].number != d->number)
			buf_addf(&r->out, "D%d is accepted on the same "
			         "question, too; to let this one take its "
			         "place: steelyard supersede D%d D%d\n",
			         all[i].number, all[i].number, d->number);
	store_close(s);
	return n >= 0;
}

static bool change(struct run *r, enum decision_status to, const char *by)
{
	struct arena *a = arena_new();
	struct decision_info d;
	struct decide_call call;
	bool ok = read_call(r, &call) &&
		task_decision_change(&r->context, r->arg[0], to, &call, by, &d,
		                     a, &r->err);

	if (ok)
		print_decision(r, &d);
	if (ok && to == DECISION_ACCEPTED && !r->opt.json)
		ok = name_others(r, &d, a);
	arena_free(a);
	return ok;
}

bool run_accept(struct run *r)
{
	return change(r, DECISION_ACCEPTED, NULL);
}

bool run_reject(struct run *r)
{
	return change(r, DECISION_REJECTED, NULL);
}

bool run_supersede(struct run *r)
{
	return change(r, DECISION_SUPERSEDED, r->arg[1]);
}

bool run_deprecate(struct run *r)
{
	return change(r, DECISION_DEPRECATED, NULL);
}

/* --- log and show ------------------------------------------------------- */

static int status_named(const char *name)
{
	for (int i = 0; name && i < 5; i++)
		if (!strcmp(decision_status_names[i], name))
			return i;
	return -1;
}

bool log_decisions(struct run *r)
{
	struct decision_filter f = {
		.scenario = r->nargs ? r->arg[0] : NULL,
		.tag = r->opt.tags.n ? r->opt.tags.text[0] : NULL,
		.text = r->opt.search, .status = status_named(r->opt.status),
		.limit = r->opt.limit ? (int)r->opt.limit : 50,
	};
	struct json j = { .out = &r->out };
	struct decision_info *all = NULL;
	struct arena *a = arena_new();
	struct store *s = store_open(r->context.store_path, false, &r->err);
	int n = s ? decision_list(s, &f, &all, a, &r->err) : -1;

	r->rows = "decisions";
	if (n >= 0 && r->opt.json) {
		json_open(&j, "steelyard.log/1");
		json_begin(&j, "decisions", '[');
		for (int i = 0; i < n; i++) {
			json_begin(&j, NULL, '{');
			decision_json(&j, &all[i]);
			json_end(&j, '}');
		}
		json_end(&j, ']');
		json_end(&j, '}');
	} else {
		for (int i = 0; i < n; i++)
			decision_line(&r->out, &all[i]);
	}
	store_close(s);
	arena_free(a);
	return n >= 0;
}

/* "D3": a revision's name cannot be that, a scenario's would be @rN. */
bool names_decision(const char *ref)
{
	return *ref == 'D' && ref[1] && !ref[1 + strspn(ref + 1, "0123456789")];
}

bool show_one_decision(struct run *r)
{
	struct arena *a = arena_new();
	struct store *s = store_open(r->context.store_path, false, &r->err);
	struct decision_info d;
	bool ok = s && decision_find(s, r->arg[0], &d, a, &r->err);

	if (ok)
		print_decision(r, &d);
	store_close(s);
	arena_free(a);
	return ok;
}
