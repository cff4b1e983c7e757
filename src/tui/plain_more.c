/*
 * What the screen's panels do, as lines: reports, decisions, records, and
 * scenarios of one's own.
 */
#include "tui/plain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "model/scenario.h"
#include "report/report.h"
#include "task/task.h"
#include "tui/panel.h"
#include "tui/work.h"
#include "base/banned.h"

static struct text_style style_of(const struct talk *t)
{
	return (struct text_style){ .ascii = t->st.ascii, .width = 80 };
}

/* Bytes at `s` that are a bar of a chart: blocks, or two # and more. */
static size_t bar(const char *s)
{
	size_t n = strspn(s, "#");

	if (n > 1)
		return n;
	return memcmp(s, "\xe2\x96", 2) == 0 && (unsigned char)s[2] >= 0x80 &&
	       (unsigned char)s[2] <= 0x9f ? 3 : 0;
}

/* Says a report, or why there is none; bars are noise aloud, and their numbers
 * stand beside them. */
static void say_report(struct talk *t, struct buf *b, struct err *err)
{
	struct buf words = BUF_INIT;
	size_t n;

	for (const char *s = b->s; *s; s += n) {
		n = bar(s);
		if (n && s[n] == ' ')
			n++;
		else if (!n)
			buf_addc(&words, *s), n = 1;
	}
	say_text(t, words.s);
	buf_release(&words);
	say_err(t, err);
	buf_release(b);
}

/* The next word, ended; *rest goes on behind it.  NULL: none is left. */
static char *word(char **rest)
{
	char *s = *rest + strspn(*rest, " ");
	size_t n = strcspn(s, " ");

	if (!n)
		return NULL;
	*rest = s + n + (s[n] != '\0');
	s[n] = '\0';
	return s;
}

/* "2", a model's name, or its title; -1 with words. */
static int trade_of(struct talk *t, const char *name)
{
	const struct state *st = &t->st;

	for (int i = 0; i < st->ntrades; i++) {
		char number[12];

		snprintf(number, sizeof number, "%d", i + 1);
		if (st->trade[i].present &&
		    (strcmp(name, number) == 0 ||
		     strcasecmp(name, st->trade[i].model) == 0 ||
		     strcasecmp(name, st->trade[i].title) == 0))
			return i;
	}
	buf_addf(&t->line, "Not taken: '%s' is no trade-off; verdict lists "
	         "them with their numbers", name);
	say(t);
	return -1;
}

static const char *model_shown(const struct talk *t)
{
	return t->st.trade[t->st.trade_selected].model;
}

static void say_shown(struct talk *t)
{
	buf_addf(&t->line, "%s.", t->st.trade[t->st.trade_selected].title);
	say(t);
}

/* --- which trade-offs --- */

static void cmd_about(struct talk *t, char *rest)
{
	struct state *st = &t->st;
	int row = -1;

	if (strcmp(rest, "all") != 0 && (row = trade_of(t, rest)) < 0)
		return;
	if (row >= 0 && st->trade[row].bound < 0) {
		buf_addf(&t->line, "Not taken: the scenario does not ask about "
		         "%s; ask %d takes it in", st->trade[row].title,
		         row + 1);
		say(t);
		return;
	}
	st->ask_all = row < 0;
	if (row >= 0)
		state_select_trade(st, row);
	t->again = true;
}

static void ask_about(struct talk *t, const char *name, bool ask)
{
	int row = trade_of(t, name);
	struct err err = ERR_INIT;

	if (row < 0)
		return;
	if (ask == (t->st.trade[row].bound >= 0)) {
		buf_addf(&t->line, "%s is %s already", t->st.trade[row].title,
		         ask ? "asked" : "not asked");
		say(t);
		return;
	}
	t->again = state_edit(&t->st, t->st.trade[row].model, ask ? "yes" : "",
	                      EDIT_ASK, &err);
	say_err(t, &err);
}

static void cmd_ask(struct talk *t, char *rest)
{
	ask_about(t, rest, true);
}

static void cmd_drop(struct talk *t, char *rest)
{
	ask_about(t, rest, false);
}

/* --- values --- */

static bool has(const char *text, const char *find)
{
	return text && strcasestr(text, find);
}

static void say_row(struct talk *t, const struct form_row *r)
{
	bool unit = r->unit && *r->unit && strcmp(r->unit, "1") != 0;

	buf_addf(&t->line, "%s: %s%s%s; %s%s%s. Set as %s",
	         r->title + strspn(r->title, " "),
	         r->shown ? r->shown : r->text, unit ? " " : "",
	         unit ? r->unit : "", r->source ? r->source : "",
	         r->range ? "; within " : "", r->range ? r->range : "",
	         r->name);
	say(t);
}

static void cmd_list(struct talk *t, char *rest)
{
	say_shown(t);
	for (int i = 0; i < t->st.form.n; i++) {
		const struct form_row *r = &t->st.form.row[i];

		if (r->header && !*rest)
			say_text(t, r->title);
		else if (!r->header && (has(r->title, rest) ||
		                        has(r->name, rest)))
			say_row(t, r);
	}
}

/* "NAME = measured: our logs, 2026-11-01" */
static void cmd_source(struct talk *t, char *rest)
{
	struct err err = ERR_INIT;
	char *save = NULL, *name = strtok_r(rest, " =", &save);
	int row = name ? form_find(&t->st.form, name) : -1;

	save += save ? strspn(save, " =") : 0;
	if (row < 0)
		err_add(&err, ERR_USAGE, "write the name that list tells, = "
		        "and the source");
	else if (state_source(&t->st, &t->st.form.row[row], save, &err))
		say_row(t, &t->st.form.row[row]);
	say_err(t, &err);
}

/* --- reports --- */

static void cmd_why(struct talk *t, char *rest)
{
	const struct text_style style = style_of(t);
	const struct tradeoff *r = state_tradeoff(&t->st);
	struct buf b = BUF_INIT, figure = BUF_INIT;
	struct err err = ERR_INIT;
	struct explanation *x;

	buf_add(&figure, rest);
	if (!figure.len && r && r->verdict.option >= 0)
		buf_addf(&figure, "objective[%s]",
		         r->option[r->verdict.option].name);
	x = task_explain(t->st.ctx, t->st.scenario, model_shown(t), figure.s,
	                 2, &err);
	if (x)
		report_explain_text(&b, x, &style);
	explanation_free(x);
	buf_release(&figure);
	say_report(t, &b, &err);
}

static void trade_report(struct talk *t, bool voi)
{
	const struct text_style style = style_of(t);
	struct context c = *t->st.ctx;
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	struct evaluation *e;

	c.engine.want_voi = c.engine.want_studies = voi;
	c.engine.want_sensitivity = !voi;
	c.engine.want_break_even = !voi;
	e = task_trade(&c, t->st.scenario, model_shown(t), NULL, 0, &err);
	if (e && voi)
		report_voi_text(&b, e, &style);
	else if (e)
		report_text(&b, e, &style);
	evaluation_free(e);
	say_report(t, &b, &err);
}

static void cmd_worth(struct talk *t, char *rest)
{
	(void)rest;
	trade_report(t, true);
}

static void cmd_numbers(struct talk *t, char *rest)
{
	(void)rest;
	trade_report(t, false);
}

static void cmd_plan(struct talk *t, char *rest)
{
	const struct text_style style = style_of(t);
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	struct joint_plan *p = task_plan(t->st.ctx, t->st.scenario, &err);

	(void)rest;
	if (p)
		report_plan_text(&b, p, &style);
	joint_plan_free(p);
	say_report(t, &b, &err);
}

static void cmd_compare(struct talk *t, char *rest)
{
	const struct text_style style = style_of(t);
	struct compared then = { "as it was opened", t->st.base };
	struct compared now = { "as it stands", t->st.scenario };
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	struct comparison *c;

	if (*rest)
		then = (struct compared){ rest, NULL };
	c = task_compare_states(t->st.ctx, &then, &now, true, &err);
	if (c)
		report_compare_text(&b, c, &style);
	comparison_free(c);
	say_report(t, &b, &err);
}

/* --- decisions and records --- */

/* "OPTION; because TEXT; by NAMES; review DATE; waive RULES" into fields. */
static bool read_decision(struct talk *t, char *rest)
{
	static const struct { const char *word; enum panel_field field; }
	parts[] = {
		{ "because ", FIELD_BECAUSE }, { "by ", FIELD_BY },
		{ "review ", FIELD_REVIEW }, { "waive ", FIELD_WAIVE },
	};
	const size_t nparts = sizeof parts / sizeof *parts;
	const char *wrong;
	char *save = NULL, *part = strtok_r(rest, ";", &save);

	for (size_t i = 0; i < nparts; i++)
		panel_set(&t->st, parts[i].field, NULL);
	panel_set(&t->st, FIELD_OPTION, part ? word(&part) : NULL);
	while ((part = strtok_r(NULL, ";", &save))) {
		size_t i = 0;

		part += strspn(part, " ");
		while (i < nparts && strncmp(part, parts[i].word,
		                             strlen(parts[i].word)) != 0)
			i++;
		if (i < nparts)
			panel_set(&t->st, parts[i].field,
			          part + strlen(parts[i].word));
		wrong = i == nparts ? "write because, by, review or waive "
			"behind a semicolon" : panel_decide.check(
			&t->st, parts[i].field, part + strlen(parts[i].word));
		if (!wrong)
			continue;
		buf_addf(&t->line, "Not taken: '%s': %s", part, wrong);
		say(t);
		return false;
	}
	return true;
}

static void say_options(struct talk *t, const struct tradeoff *r)
{
	buf_addf(&t->line, "%s: say which option: ", r->title);
	for (int i = 0; i < r->noptions; i++)
		buf_addf(&t->line, "%s%s (%s)", i ? ", " : "",
		         r->option[i].name, r->option[i].title);
	say(t);
}

static void cmd_decide(struct talk *t, char *rest)
{
	const struct tradeoff *r = state_tradeoff(&t->st);
	bool known = false;

	if (!r || !read_decision(t, rest))
		return;
	for (int i = 0; i < r->noptions; i++)
		known |= strcmp(r->option[i].name,
		                panel_field(&t->st, FIELD_OPTION)) == 0;
	if (!known) {
		say_options(t, r);
		return;
	}
	panels_open(&t->st, PANEL_DECIDE);
	t->st.panels.step = -1;         /* it is proposed */
	panel_want(&t->st);
	plain_settle(t);
	panels_close(&t->st);
}

static void cmd_decisions(struct talk *t, char *rest)
{
	(void)rest;
	panels_open(&t->st, PANEL_DECISIONS);
	plain_settle(t);
	for (int i = 0; i < t->st.panels.n; i++) {
		const struct panel_line *l = &t->st.panels.line[i];

		buf_addf(&t->line, "%s  %s. ", l->left, l->right ? l->right
		                                                 : "");
		if (l->item >= 0)
			panel_decisions.detail(&t->st, l->item, &t->line);
		say(t);
	}
	panels_close(&t->st);
}

static void change(struct talk *t, char *rest, enum decision_status to)
{
	const char *ref = word(&rest);
	struct decide_call call = { .because = *rest ? rest : NULL };
	struct decision_info out;
	struct arena *a = arena_new();
	struct err err = ERR_INIT;

	if (task_decision_change(t->st.ctx, ref, to, &call, NULL, &out, a,
	                         &err)) {
		buf_addf(&t->line, "D%d is %s", out.number,
		         decision_status_names[out.status]);
		say(t);
	}
	say_err(t, &err);
	arena_free(a);
}

static void cmd_accept(struct talk *t, char *rest)
{
	change(t, rest, DECISION_ACCEPTED);
}

static void cmd_reject(struct talk *t, char *rest)
{
	change(t, rest, DECISION_REJECTED);
}

/* Words in any order: a format, what is written, a folder. */
static void cmd_export(struct talk *t, char *rest)
{
	struct state *st = &t->st;
	char *w;

	panel_set(st, FIELD_WHAT, NULL);
	while ((w = word(&rest))) {
		bool format = false;

		for (int i = 0; i < RECORD_FORMATS; i++)
			format |= strcmp(w, record_format_names[i]) == 0;
		panel_set(st, format ? FIELD_FORMAT
		          : (*w == 'D' && isdigit((unsigned char)w[1])) ||
		            strchr(w, '@') || strcmp(w, "all") == 0
		          ? FIELD_WHAT : FIELD_FOLDER, w);
	}
	w = xstrdup(panel_field(st, FIELD_WHAT));
	panels_open(st, PANEL_EXPORT);
	panel_set(st, FIELD_WHAT, w);
	free(w);
	work_now(st);                   /* fills in what was not said */
	if (*panel_field(st, FIELD_WHAT)) {
		panel_want(st);
		plain_settle(t);
	} else {
		say_text(t, "Not taken: save first; a record rests on a "
		         "revision");
	}
	panels_close(st);
}

/* --- scenarios --- */

static void cmd_new(struct talk *t, char *rest)
{
	struct state *st = &t->st;
	const char *name = word(&rest), *from = word(&rest);
	bool file = task_names_file(name);

	panels_new(st, file ? name : NULL);
	if (!file)
		panel_set(st, FIELD_NAME, name);
	panels_template(st, from);
	st->want |= WANT_BEGIN;
	work_now(st);
	panels_close(st);
	t->again = true;
}

static void cmd_open(struct talk *t, char *rest)
{
	free(t->st.open_ref);
	t->st.open_ref = xstrdup(rest);
	t->st.want |= WANT_OPEN;
	work_now(&t->st);
	t->again = true;
}

const struct plain_command plain_more[] = {
	{ "list", "[WORD]", "the values of the trade-off asked about, those "
	  "with the word", cmd_list },
	{ "source", "NAME = KIND: WORDS[, DATE]", "where a value comes from: "
	  "measured, vendor, benchmark, article or assumption", cmd_source },
	{ "about", "TRADE|all", "be asked about one trade-off, by its number "
	  "or name, or about all", cmd_about },
	{ "ask", "TRADE", "take a trade-off into the scenario", cmd_ask },
	{ "drop", "TRADE", "take one out", cmd_drop },
	{ "numbers", "", "options, break-evens and drivers of the trade-off",
	  cmd_numbers },
	{ "why", "[FIGURE]", "where a figure comes from; the advice's cost",
	  cmd_why },
	{ "worth", "", "what to measure before deciding, and its worth",
	  cmd_worth },
	{ "plan", "", "all trade-offs together", cmd_plan },
	{ "compare", "[WHAT]", "what changed against NAME@r1 or a file, or "
	  "since it was opened", cmd_compare },
	{ "decide", "OPTION[; because TEXT][; by NAMES][; review DATE]"
	  "[; waive RULES]", "propose a decision on the trade-off", cmd_decide },
	{ "decisions", "", "those there are", cmd_decisions },
	{ "accept", "D1 [BECAUSE]", "accept one", cmd_accept },
	{ "reject", "D1 [BECAUSE]", "reject one", cmd_reject },
	{ "export", "[WHAT] [FORMAT] [FOLDER]", "write the decision record: "
	  "D1, NAME@r1 or all, as madr, html ...", cmd_export },
	{ "new", "NAME|FILE.yaml [SCENARIO]", "begin a scenario, in the store "
	  "or a file; . copies this one", cmd_new },
	{ "open", "SCENARIO", "another scenario", cmd_open },
	{ NULL, NULL, NULL, NULL },
};
