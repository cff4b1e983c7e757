/*
 * The screen against another state of the scenario, and the verdict over its
 * revisions.
 */
#include "tui/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/scenario.h"
#include "report/report.h"
#include "result/comparison.h"
#include "base/banned.h"

#define REVISIONS 40

static void read_revisions(struct state *st)
{
	struct panels *p = &st->panels;
	struct err err = ERR_INIT;

	arena_free(p->list_arena);
	p->list_arena = arena_new();
	p->ndecisions = p->nrevisions = 0;
	p->step_of = NULL;      /* lived in that arena */
	if (st->store)
		p->nrevisions = store_log(st->store, st->scenario->name, 0,
		                          REVISIONS, &p->revision,
		                          p->list_arena, &err);
	if (p->nrevisions < 0)
		p->nrevisions = 0;
	state_say_err(st, &err);
}

/* --- compare ---
 *
 * With what: the scenario chosen in the list, else what stood before a what-if,
 * else a revision, else what was loaded.  Tab goes on to the next older one.
 */

static char *revision_name(const struct state *st, int i)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s@r%d", st->scenario->name,
	         st->panels.revision[i].number);
	return buf_detach(&b);
}

/* The revision that the screen shows is no news. */
static int first_revision(const struct state *st)
{
	bool same = !st->unsaved && st->panels.nrevisions > 1 &&
	            st->panels.revision[0].number == st->revision;

	return same ? 1 : 0;
}

static void compare_now(struct state *st)
{
	struct panels *p = &st->panels;

	read_revisions(st);
	if (st->focus == FOCUS_SAVED && st->saved.selected < st->saved.n) {
		free(p->then);  /* the scenario chosen in the list */
		p->then = xstrdup(st->saved.row[st->saved.selected].ref);
		*p->stamp[PANEL_COMPARE] = '\0';
	}
	if (!p->then && !p->before && p->nrevisions > 0)
		p->then = revision_name(st, first_revision(st));
}

static struct compared then_of(const struct state *st)
{
	const struct panels *p = &st->panels;

	if (p->then)
		return (struct compared){ p->then, NULL };
	if (p->before)
		return (struct compared){ "before the what-if", p->before };
	return (struct compared){ "as it was opened", st->base };
}

static bool compare_work(struct state *st, struct panel_job *j,
                         struct err *err)
{
	struct compared then = then_of(st), now = { "the screen",
	                                            j->scenario };
	struct scenario *copy = then.state ? scenario_copy(then.state) : NULL;
	char *name = xstrdup(then.name);        /* keys come meanwhile */
	struct comparison *c;

	then = (struct compared){ name, copy };
	c = task_compare_states(&j->context, &then, &now, true, err);
	scenario_free(copy);
	free(name);
	if (!c)
		return false;
	comparison_free(st->panels.compare);
	st->panels.compare = c;
	return true;
}

/* The trade-off chosen among those compared. */
static int trade_at(const struct state *st)
{
	const struct comparison *c = st->panels.compare;
	const char *model = st->trade[st->trade_selected].model;

	for (int i = 0; c && i < c->ntrades; i++)
		if (strcmp(c->trade[i].model, model) == 0)
			return i;
	return 0;
}

static void add_cell(struct buf *b, const char *text, int width)
{
	buf_addf(b, "%-*.*s ", width, width, text ? text : "none");
}

/* Both states of each trade-off beside each other. */
static void add_sides(struct state *st, const struct comparison *c)
{
	int w = st->w > 100 ? 34 : st->w > 60 ? 22 : 12;

	for (int i = 0; i < c->ntrades; i++) {
		const struct trade_change *t = &c->trade[i];
		struct buf b = BUF_INIT;

		add_cell(&b, t->title, w);
		add_cell(&b, t->option_then, w);
		buf_add(&b, t->flipped ? "now " : "and ");
		buf_add(&b, t->option_now ? t->option_now : "none");
		panel_add(st, t->flipped ? ROLE_WARN : ROLE_TEXT, i, b.s,
		          t->flipped ? "flipped" : "stays");
		buf_release(&b);
	}
}

static void add_change(struct state *st, const struct comparison *c, int i)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: %s -> %s", c->change[i].path,
	         c->change[i].then ? c->change[i].then : "not stated",
	         c->change[i].now ? c->change[i].now : "not stated");
	panel_add(st, ROLE_TEXT, c->ntrades + i, b.s, NULL);
	buf_release(&b);
}

static void add_figures(struct state *st, const struct trade_change *t)
{
	for (int f = 0; f < COMPARE_FIGURES; f++) {
		const struct figure_change *x = &t->figure[f];
		struct buf b = BUF_INIT;

		if (!isfinite(x->then) && !isfinite(x->now))
			continue;
		buf_addf(&b, "%s: ", x->title);
		if (isfinite(x->then))
			chart_amount(&b, x->then, x->unit);
		buf_add(&b, isfinite(x->then) ? " -> " : "none -> ");
		if (isfinite(x->now))
			chart_amount(&b, x->now, x->unit);
		else
			buf_add(&b, "none");
		if (strcmp(x->unit, "1") != 0)
			buf_addf(&b, " %s", x->unit);
		panel_add(st, ROLE_DIM, -1, b.s, NULL);
		buf_release(&b);
	}
}

static void compare_lines(struct state *st)
{
	const struct comparison *c = st->panels.compare;

	if (!c) {
		panel_add(st, ROLE_DIM, -1, "one moment", NULL);
		return;
	}
	panel_addf(st, ROLE_TITLE, -1, "%s, against %s", c->now, c->then);
	add_sides(st, c);
	if (c->ntrades)
		add_figures(st, &c->trade[trade_at(st)]);
	panel_addf(st, ROLE_TITLE, -1, "%d change%s", c->nchanges,
	           c->nchanges == 1 ? "" : "s");
	for (int i = 0; i < c->nchanges; i++)
		add_change(st, c, i);
	for (int i = 0; i < c->nnotes; i++)
		panel_add(st, ROLE_DIM, -1, c->note[i], NULL);
}

/* What one change contributes to each figure. */
static void compare_detail(const struct state *st, int item, struct buf *out)
{
	const struct comparison *c = st->panels.compare;
	int t = trade_at(st), group;

	if (!c || !c->ntrades)
		return;
	if (item < c->ntrades) {
		chart_waterfall_text(out, c, item, st->panels.figure_of);
		return;
	}
	group = c->change[item - c->ntrades].group;
	buf_addf(out, "%s in %s: ", c->group[group], c->trade[t].title);
	for (int f = 0; f < COMPARE_FIGURES; f++) {
		const struct figure_change *x = &c->trade[t].figure[f];

		if (!x->share)
			continue;
		buf_addf(out, "%s %c", x->title, x->share[group] < 0 ? '-'
		                                                     : '+');
		chart_amount(out, fabs(x->share[group]), x->unit);
		buf_addf(out, "%s%s. ", strcmp(x->unit, "1") ? " " : "",
		         strcmp(x->unit, "1") ? x->unit : "");
	}
}

static void next_then(struct state *st)
{
	struct panels *p = &st->panels;
	int at = -1;

	for (int i = 0; p->then && i < p->nrevisions; i++) {
		char *name = revision_name(st, i);

		if (strcmp(name, p->then) == 0)
			at = i;
		free(name);
	}
	free(p->then);
	p->then = at + 1 < p->nrevisions ? revision_name(st, at + 1) : NULL;
	*p->stamp[PANEL_COMPARE] = '\0';
	panel_want(st);
}

static bool compare_act(struct state *st, enum action a)
{
	if (a == ACT_NEXT_VIEW)
		next_then(st);
	else if (a == ACT_AXIS)
		st->panels.figure_of = (st->panels.figure_of + 1) %
		                       COMPARE_FIGURES;
	else
		return false;
	panels_build(st);
	return true;
}

static int compare_rows(const struct state *st, int h)
{
	const struct comparison *c = st->panels.compare;
	int want = c ? c->ngroups + 3 : 0;

	if (!c || !c->ntrades || !c->nchanges || h < 14)
		return 0;
	return want < h / 2 ? want : h / 2;
}

static void compare_picture(const struct state *st, struct grid *g,
                            struct rect r)
{
	r.x++;
	r.w -= 2;
	chart_waterfall(g, r, st->panels.compare, trade_at(st),
	                st->panels.figure_of);
}

const struct panel_kind panel_compare = {
	.title = "Compare", .note = "Tab an older one  x another figure",
	.work = compare_work, .now = compare_now, .lines = compare_lines,
	.act = compare_act, .detail = compare_detail, .rows = compare_rows,
	.picture = compare_picture,
};

/* --- the verdict over time --- */

static const char *title_of(const struct state *st, const char *option)
{
	const struct tradeoff *t = state_tradeoff(st);

	for (int i = 0; t && option && i < t->noptions; i++)
		if (strcmp(t->option[i].name, option) == 0)
			return t->option[i].title;
	return option;
}

static void read_step(struct state *st, int i)
{
	struct panels *p = &st->panels;
	const char *model = st->trade[st->trade_selected].model;
	const char *text, *json = NULL;
	struct revision_info info;
	struct saved_verdict v = { NULL, NULL, NAN };
	struct err err = ERR_INIT;

	if (store_find(st->store, p->revision[i].hash, &info, &text, &json,
	               p->list_arena, &err) && json)
		report_saved_verdict(json, model, p->list_arena, &v);
	err_clear(&err);
	p->step_of[i] = (struct verdict_step){
		arena_printf(p->list_arena, "r%d", p->revision[i].number),
		title_of(st, v.option), v.probability };
}

static void past_now(struct state *st)
{
	struct panels *p = &st->panels;

	read_revisions(st);
	p->step_of = arena_alloc(p->list_arena, ((size_t)p->nrevisions + 1) *
	                                        sizeof *p->step_of);
	for (int i = 0; i < p->nrevisions; i++)
		read_step(st, i);
}

/* Revisions whose verdict was read; compare reads the list alone. */
static int steps(const struct panels *p)
{
	return p->step_of ? p->nrevisions : 0;
}

static void past_lines(struct state *st)
{
	const struct panels *p = &st->panels;

	for (int i = 0; i < steps(p); i++) {
		const struct verdict_step *s = &p->step_of[i];
		struct buf b = BUF_INIT;
		char date[11];

		clock_date(p->revision[i].created, date);
		buf_addf(&b, "%-5s %s  %s", s->label, date,
		         s->option ? s->option : "not evaluated");
		if (isfinite(s->probability)) {
			buf_add(&b, "  P ");
			num_prob(&b, s->probability);
		}
		panel_add(st, ROLE_TEXT, i, b.s, p->revision[i].message);
		buf_release(&b);
	}
	if (!steps(p))
		panel_add(st, ROLE_DIM, -1, "nothing was saved yet: s saves",
		          NULL);
}

static int past_rows(const struct state *st, int h)
{
	return steps(&st->panels) > 0 && h >= 12 ? 6 : 0;
}

/* The picture goes from the oldest on. */
static struct verdict_step *oldest_first(const struct state *st)
{
	const struct panels *p = &st->panels;
	struct verdict_step *s = xcalloc((size_t)steps(p) + 1, sizeof *s);

	for (int i = 0; i < steps(p); i++)
		s[i] = p->step_of[steps(p) - 1 - i];
	return s;
}

static void past_picture(const struct state *st, struct grid *g,
                         struct rect r)
{
	struct verdict_step *s = oldest_first(st);

	r.x++;
	r.w -= 2;
	chart_past(g, r, s, steps(&st->panels));
	free(s);
}

static void past_detail(const struct state *st, int item, struct buf *out)
{
	struct verdict_step *s = oldest_first(st);

	(void)item;
	chart_past_text(out, s, steps(&st->panels));
	free(s);
}

/* Enter compares the screen with that revision. */
static void past_enter(struct state *st, int item)
{
	char *name = revision_name(st, item);

	free(st->panels.then);
	st->panels.then = name;
	*st->panels.stamp[PANEL_COMPARE] = '\0';
	panels_open(st, PANEL_COMPARE);
}

const struct panel_kind panel_past = {
	.title = "The verdict over time", .note = "Enter compares with it",
	.needs_model = true, .now = past_now, .lines = past_lines,
	.enter = past_enter, .detail = past_detail, .rows = past_rows,
	.picture = past_picture,
};
