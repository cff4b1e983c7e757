/*
 * Taking the decision, the decisions there are, and their records as files.
 */
#include "tui/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/model.h"
#include "model/scenario.h"
#include "tui/work.h"
#include "base/banned.h"

enum {                          /* items beyond the fields */
	ITEM_PROPOSE = FIELD_N, ITEM_ACCEPT, ITEM_WRITE
};

static const struct { const char *label, *hint; } fields[FIELD_N] = {
	[FIELD_OPTION] = { "option", "Left and Right choose what is taken" },
	[FIELD_BECAUSE] = { "because", "the reasons, in a sentence or two; "
		"needed where a rule is set aside" },
	[FIELD_BY] = { "deciders", "who decides: names, between commas" },
	[FIELD_REVIEW] = { "review on", "the date to look again: 2027-06-30" },
	[FIELD_WAIVE] = { "set aside", "rules or reasons that stand against "
		"the option and are waived: names, between commas" },
	[FIELD_WHAT] = { "what", "a revision (NAME@r3), a decision (D3), or "
		"all" },
	[FIELD_FORMAT] = { "format", "Left and Right choose" },
	[FIELD_FOLDER] = { "folder", "where the records go; it is made" },
};

static int option_index(const struct tradeoff *t, const char *name)
{
	for (int i = 0; i < t->noptions; i++)
		if (strcmp(t->option[i].name, name) == 0)
			return i;
	return -1;
}

static void add_field(struct state *st, enum panel_field f)
{
	const struct tradeoff *t = state_tradeoff(st);
	const char *text = panel_field(st, f);
	int o = f == FIELD_OPTION && t ? option_index(t, text) : -1;

	if (o >= 0)
		panel_addf(st, ROLE_TEXT, (int)f, "%-12s %s (%s)",
		           fields[f].label, t->option[o].title, text);
	else
		panel_addf(st, ROLE_TEXT, (int)f, "%-12s %s", fields[f].label,
		           text);
}

/* A list between commas as texts in `a`. */
static struct assignments listed(const char *text, struct arena *a)
{
	struct assignments l = { 0, NULL };
	const char **out = arena_alloc(a, (strlen(text) / 2 + 2) *
	                                  sizeof *out);

	while (*text) {
		size_t n = strcspn(text, ","), skip = strspn(text, " ");
		size_t end = n;

		while (end > skip && text[end - 1] == ' ')
			end--;
		if (end > skip)
			out[l.n++] = arena_strndup(a, text + skip, end - skip);
		text += n + (text[n] == ',');
	}
	l.text = out;
	return l;
}

static const char *kept(const struct state *st, enum panel_field f,
                        struct arena *a)
{
	return st->panels.field[f] ? arena_strdup(a, st->panels.field[f])
	                           : NULL;
}

static struct decide_call call_of(const struct state *st, struct arena *a)
{
	/* copies: fields can be typed in while the work goes on */
	const char *because = kept(st, FIELD_BECAUSE, a);
	const char *review = kept(st, FIELD_REVIEW, a);

	return (struct decide_call){
		.option = arena_strdup(a, panel_field(st, FIELD_OPTION)),
		.by = listed(panel_field(st, FIELD_BY), a),
		.waive = listed(panel_field(st, FIELD_WAIVE), a),
		.because = because, .review = review,
	};
}

/* --- decide --- */

static void choose_option(struct state *st, int step)
{
	const struct tradeoff *t = state_tradeoff(st);
	int i;

	if (!t || !t->noptions)
		return;
	i = option_index(t, panel_field(st, FIELD_OPTION));
	if (i < 0)              /* the advice, when there was none */
		i = t->verdict.option >= 0 ? t->verdict.option : 0;
	else
		i = (i + step + t->noptions) % t->noptions;
	panel_set(st, FIELD_OPTION, t->option[i].name);
}

static void decide_now(struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);

	if (t && option_index(t, panel_field(st, FIELD_OPTION)) < 0)
		choose_option(st, 0);
}

static bool stands_against(const struct rule_result *r, int option)
{
	for (int i = 0; r->applies && i < r->nbarred; i++)
		if (r->barred[i] == option)
			return true;
	return false;
}

static void add_number(struct buf *b, double v, const char *unit)
{
	num_human(b, v, 3);
	if (unit && strcmp(unit, "1") != 0)
		buf_addf(b, " %s", unit);
}

/* What has to be known of the option before it is taken. */
static void add_option(struct state *st, const struct tradeoff *t, int o)
{
	const struct option_result *r = &t->option[o];
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", r->title);
	panel_summary(&b, &r->objective, t->objective_unit);
	if (o == t->verdict.option)
		buf_add(&b, "; this is the advice");
	else if (t->verdict.option >= 0)
		buf_addf(&b, "; the advice is %s",
		         t->option[t->verdict.option].title);
	panel_add(st, ROLE_BEST, -1, b.s, NULL);
	if (result_has(r->expected_regret) && r->expected_regret > 0) {
		buf_clear(&b);
		buf_add(&b, "expected regret ");
		add_number(&b, r->expected_regret, t->objective_unit);
		panel_add(st, ROLE_DIM, -1, b.s, NULL);
	}
	for (int i = 0; i < t->nrules; i++)
		if (stands_against(&t->rule[i], o))
			panel_addf(st, ROLE_WARN, -1, "against it: rule %s "
			           "(%s)", t->rule[i].id, t->rule[i].title
			           ? t->rule[i].title : "no title");
	for (int i = 0; r->status == OPTION_INFEASIBLE && i < r->nreasons; i++)
		panel_addf(st, ROLE_WARN, -1, "against it: %s (%s)",
		           r->reason[i], r->reason_text[i]);
	buf_release(&b);
}

static void add_triggers(struct state *st, const struct tradeoff *t)
{
	for (int i = 0; i < t->ntriggers; i++)
		panel_addf(st, ROLE_DIM, -1, "looked at again when: %s",
		           t->trigger[i].when);
	for (int i = 0; i < t->nchecklist; i++)
		panel_addf(st, ROLE_DIM, -1, "%s %s", t->checklist[i].must
		           ? "must answer:" : "asks:", t->checklist[i].ask);
}

static void decide_lines(struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);
	int o = t ? option_index(t, panel_field(st, FIELD_OPTION)) : -1;

	for (int f = FIELD_OPTION; f <= FIELD_WAIVE; f++)
		add_field(st, (enum panel_field)f);
	panel_add(st, ROLE_TITLE, ITEM_PROPOSE, "Propose it", NULL);
	panel_add(st, ROLE_TITLE, ITEM_ACCEPT, "Propose and accept it", NULL);
	panel_add(st, ROLE_TEXT, -1, "", NULL);
	if (o < 0)
		return;
	add_option(st, t, o);
	add_triggers(st, t);
}

/* As people call them, where the model is still there. */
static const struct model *model_of(const struct state *st, const char *name)
{
	struct err err = ERR_INIT;
	const struct model *m = st->ctx
		? library_model(st->ctx->library, name, &err) : NULL;

	err_clear(&err);
	return m;
}

static const char *option_title(const struct state *st, const char *model,
                                const char *option)
{
	const struct model *m = model_of(st, model);
	int o = m ? model_option(m, option) : -1;

	return o >= 0 && m->option[o].title ? m->option[o].title : option;
}

static void say_decided(struct state *st, const struct decided *d,
                        const char *option)
{
	if (d->refused)
		state_say(st, true, "not recorded: %s cannot be taken (%s); "
		          "name it under \"set aside\" to waive it", option,
		          d->objections);
	else
		state_say(st, false, "D%d %s: %s", d->decision.number,
		          decision_status_names[d->decision.status], option);
}

/* The saved text is the one on the screen unless that was edited since. */
static void saved_with(struct state *st, const struct panel_job *j,
                       const struct decided *d)
{
	char then[DIGEST_HEX], now[DIGEST_HEX];

	scenario_digest(j->scenario, then);
	scenario_digest(st->scenario, now);
	if (strcmp(then, now) != 0)
		return;
	state_saved(st, d->decision.revision_number);
	file_follow(st);
	st->want |= WANT_LIST | WANT_DRAFT;
}

static bool decide_work(struct state *st, struct panel_job *j,
                        struct err *err)
{
	struct arena *a = arena_new();
	struct decide_call call = call_of(st, a);
	struct decided d;
	char ref[24];
	bool ok;

	call.model = j->model_name;
	ok = task_decide(&j->context, j->scenario, &call, &d, err);
	if (ok && !d.refused && st->panels.step == ITEM_ACCEPT) {
		snprintf(ref, sizeof ref, "D%d", d.decision.number);
		ok = task_decision_change(&j->context, ref, DECISION_ACCEPTED,
		                          &call, NULL, &d.decision, a, err);
	}
	if (ok)
		say_decided(st, &d, option_title(st, call.model, call.option));
	if (ok && !d.refused) {
		saved_with(st, j, &d);
		st->panels.job = PANEL_NONE;
		panels_open(st, PANEL_DECISIONS);
	}
	decided_release(&d);
	arena_free(a);
	return ok;
}

static const char *decide_check(const struct state *st, enum panel_field f,
                                const char *text)
{
	int64_t t;

	(void)st;
	if (f != FIELD_REVIEW || !*text)
		return NULL;
	if (!clock_parse_date(text, &t))
		return "this is no date: write 2027-06-30, or leave it empty";
	return t < clock_now() ? "this day has passed: name one to come" : NULL;
}

static void decide_enter(struct state *st, int item)
{
	if (item == FIELD_OPTION) {
		choose_option(st, 1);
		panels_build(st);
	} else if (item < FIELD_N) {
		panel_edit(st, (enum panel_field)item);
	} else if (st->panels.before) {
		state_say(st, true, "a what-if is on: end it (t) or keep it "
		          "(s) before you decide");
	} else {
		st->panels.step = item;
		panel_want(st);
	}
}

static bool decide_act(struct state *st, enum action a)
{
	int step = a == ACT_NUDGE_UP ? 1 : a == ACT_NUDGE_DOWN ? -1 : 0;

	if (!step || panel_item(st) != FIELD_OPTION)
		return false;
	choose_option(st, step);
	panels_build(st);
	return true;
}

static void field_detail(const struct state *st, int item, struct buf *out)
{
	(void)st;
	if (item < FIELD_N)
		buf_add(out, fields[item].hint);
	else if (item == ITEM_WRITE)
		buf_add(out, "Enter writes them; what a person edited since "
		        "stays as it is.");
	else
		buf_add(out, item == ITEM_ACCEPT
		        ? "Saves the scenario, and records the option as "
		          "decided, with reasons, deciders and review date."
		        : "Saves the scenario, and records the option as "
		          "proposed; somebody accepts or rejects it later.");
}

const struct panel_kind panel_decide = {
	.title = "Decide", .note = "Enter fills in or records", .form = true,
	.needs_model = true, .work = decide_work, .asked_only = true,
	.now = decide_now, .lines = decide_lines, .act = decide_act,
	.enter = decide_enter, .detail = field_detail, .check = decide_check,
};

/* --- the decisions there are --- */

static void read_decisions(struct state *st)
{
	struct panels *p = &st->panels;
	struct decision_filter f = { .status = -1 };
	struct err err = ERR_INIT;

	arena_free(p->list_arena);
	p->list_arena = arena_new();
	p->ndecisions = p->nrevisions = 0;
	if (st->store)
		p->ndecisions = decision_list(st->store, &f, &p->decision,
		                              p->list_arena, &err);
	if (p->ndecisions < 0)
		p->ndecisions = 0;
	state_say_err(st, &err);
}

static void decisions_lines(struct state *st)
{
	const struct panels *p = &st->panels;

	for (int i = 0; i < p->ndecisions; i++) {
		const struct decision_info *d = &p->decision[i];
		const struct model *m = model_of(st, d->model);
		struct buf b = BUF_INIT, right = BUF_INIT;
		char date[11];

		clock_date(d->changed, date);
		buf_addf(&b, "D%-3d %-10s %s  %s: %s", d->number,
		         decision_status_names[d->status], date,
		         m ? m->title : d->model,
		         option_title(st, d->model, d->option));
		buf_addf(&right, "%s r%d", d->scenario, d->revision_number);
		panel_add(st, d->status == DECISION_ACCEPTED ? ROLE_TEXT
		          : d->status == DECISION_PROPOSED ? ROLE_WARN
		          : ROLE_DIM, i, b.s, right.s);
		buf_release(&b);
		buf_release(&right);
	}
	if (p->ndecisions == 0)
		panel_add(st, ROLE_DIM, -1, "none yet: D takes one", NULL);
}

static const struct decision_info *decision_at(const struct state *st,
                                               int item)
{
	return item >= 0 && item < st->panels.ndecisions
		? &st->panels.decision[item] : NULL;
}

static void add_texts(struct buf *out, const char *word,
                      const char *const *text)
{
	for (int i = 0; text && text[i]; i++)
		buf_addf(out, "%s%s", i ? ", " : word, text[i]);
	if (text && text[0])
		buf_add(out, ". ");
}

static void decisions_detail(const struct state *st, int item,
                             struct buf *out)
{
	const struct decision_info *d = decision_at(st, item);

	if (!d)
		return;
	if (d->because)
		buf_addf(out, "Because: %s. ", d->because);
	add_texts(out, "Decided by ", d->deciders);
	if (d->advice && strcmp(d->advice, d->option) != 0)
		buf_addf(out, "The advice was %s. ", d->advice);
	add_texts(out, "Set aside: ", d->waived);
	if (d->review)
		buf_addf(out, "Review on %s. ", d->review);
	if (d->superseded_by)
		buf_addf(out, "D%d took its place. ", d->superseded_by);
	if (d->supersedes)
		buf_addf(out, "It took the place of D%d. ", d->supersedes);
	if (d->contested)
		buf_add(out, "Two stores disagree on what became of it. ");
	buf_addf(out, "%d event%s. (%s: %s)", d->nevents,
	         d->nevents == 1 ? "" : "s", d->model, d->option);
}

/* The newest accepted decision on the same question, that takes its place. */
static int successor(const struct state *st, const struct decision_info *d)
{
	for (int i = 0; i < st->panels.ndecisions; i++) {
		const struct decision_info *o = &st->panels.decision[i];

		if (o->number > d->number && strcmp(o->model, d->model) == 0 &&
		    strcmp(o->scenario, d->scenario) == 0 &&
		    o->status == DECISION_ACCEPTED)
			return o->number;
	}
	return 0;
}

static void change(struct state *st, enum decision_status to)
{
	const struct decision_info *d = decision_at(st, panel_item(st));
	struct decide_call call = { 0 };
	struct decision_info out;
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	int by = d && to == DECISION_SUPERSEDED ? successor(st, d) : 0;
	bool may = d && (to != DECISION_SUPERSEDED || by);

	if (d && !may)
		state_say(st, true, "accept the decision that takes its place "
		          "first");
	if (may && decision_change(st->store, d->number, to, call.because,
	                           assignments_list(&call.by, a), call.review,
	                           by, &out, a, &err))
		state_say(st, false, "D%d is %s", out.number,
		          decision_status_names[out.status]);
	state_say_err(st, &err);
	arena_free(a);
	st->want |= WANT_PANEL;
}

static const struct { enum action a; enum decision_status to; } steps[] = {
	{ ACT_ACCEPT, DECISION_ACCEPTED }, { ACT_REJECT, DECISION_REJECTED },
	{ ACT_SUPERSEDE, DECISION_SUPERSEDED },
	{ ACT_DEPRECATE, DECISION_DEPRECATED },
};

static bool decisions_act(struct state *st, enum action a)
{
	const struct decision_info *d = decision_at(st, panel_item(st));
	char ref[16];

	if (a == ACT_EXPORT && d) {
		snprintf(ref, sizeof ref, "D%d", d->number);
		panel_set(st, FIELD_WHAT, ref);
		return false;           /* and the panel opens */
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i].a == a) {
			if (st->store)
				change(st, steps[i].to);
			return true;
		}
	return false;
}

static void decisions_enter(struct state *st, int item)
{
	const struct decision_info *d = decision_at(st, item);
	char ref[16];

	if (!d)
		return;
	free(st->open_ref);
	snprintf(ref, sizeof ref, "%.12s", d->revision);
	st->open_ref = xstrdup(ref);
	st->want |= WANT_OPEN;
	panels_close(st);
}

const struct panel_kind panel_decisions = {
	.title = "Decisions",
	.note = "a accept  r reject  S supersede  X deprecate  Enter opens",
	.now = read_decisions, .lines = decisions_lines,
	.act = decisions_act, .enter = decisions_enter,
	.detail = decisions_detail,
};

/* --- export --- */

/* The revision on the screen, unless another was asked for. */
static void export_now(struct state *st)
{
	if (!*panel_field(st, FIELD_FORMAT))
		panel_set(st, FIELD_FORMAT, record_format_names[0]);
	if (!*panel_field(st, FIELD_FOLDER))
		panel_set(st, FIELD_FOLDER, "decisions");
	if (!*panel_field(st, FIELD_WHAT) && st->revision > 0) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%s@r%d", st->scenario->name, st->revision);
		panel_set(st, FIELD_WHAT, b.s);
		buf_release(&b);
	}
}

static void export_lines(struct state *st)
{
	for (int f = FIELD_WHAT; f <= FIELD_FOLDER; f++)
		add_field(st, (enum panel_field)f);
	panel_add(st, ROLE_TITLE, ITEM_WRITE, "Write the records", NULL);
	if (st->revision == 0 || st->unsaved)
		panel_add(st, ROLE_WARN, -1, st->revision
		          ? "the screen has edits that are in no revision: s "
		            "saves them" : "nothing was saved yet: s saves",
		          NULL);
}

static void on_written(void *ctx, const char *path, const char *action)
{
	struct buf *b = ctx;

	buf_addf(b, "%s%s %s", b->len ? ", " : "", action, path);
}

static int format_index(const struct state *st)
{
	for (int i = 0; i < RECORD_FORMATS; i++)
		if (strcmp(record_format_names[i],
		           panel_field(st, FIELD_FORMAT)) == 0)
			return i;
	return 0;
}

static bool export_work(struct state *st, struct panel_job *j,
                        struct err *err)
{
	char *ref = xstrdup(panel_field(st, FIELD_WHAT));
	char *dir = xstrdup(panel_field(st, FIELD_FOLDER));
	struct export_call call = {
		.ref = strcmp(ref, "all") ? ref : NULL, .dir = dir,
		.format = (enum record_format)format_index(st),
	};
	struct buf b = BUF_INIT;
	bool ok = task_export(&j->context, &call, on_written, &b, err);

	if (ok)
		state_say(st, false, "%s", b.s);
	buf_release(&b);
	free(ref);
	free(dir);
	return ok;
}

static void choose_format(struct state *st, int step)
{
	int at = (format_index(st) + step + RECORD_FORMATS) % RECORD_FORMATS;

	panel_set(st, FIELD_FORMAT, record_format_names[at]);
	panels_build(st);
}

static bool export_act(struct state *st, enum action a)
{
	int step = a == ACT_NUDGE_UP ? 1 : a == ACT_NUDGE_DOWN ? -1 : 0;

	if (!step || panel_item(st) != FIELD_FORMAT)
		return false;
	choose_format(st, step);
	return true;
}

static void export_enter(struct state *st, int item)
{
	if (item == FIELD_FORMAT)
		choose_format(st, 1);
	else if (item < FIELD_N)
		panel_edit(st, (enum panel_field)item);
	else if (!*panel_field(st, FIELD_WHAT))
		state_say(st, true, "save first (s): a record rests on a "
		          "revision");
	else
		panel_want(st);
}

const struct panel_kind panel_export = {
	.title = "Export the decision record",
	.note = "Enter fills in or writes", .form = true, .work = export_work,
	.asked_only = true, .now = export_now, .lines = export_lines,
	.act = export_act, .enter = export_enter, .detail = field_detail,
};
