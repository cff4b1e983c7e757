/*
 * Any output over the months or a parameter, and the map of two parameters
 * with its cursor.
 */
#include "tui/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/bound.h"
#include "base/banned.h"

#define PLACES 33
#define CUMULATIVE "once + cumulative(monthly)"

/* --- figures --- */

static const struct model *model_of(const struct state *st)
{
	int m = st->trade[st->trade_selected].bound;

	return st->bound && m >= 0 ? st->bound->model[m].model : NULL;
}

/* Money first, for payback; the figures that the model names; then its outputs,
 * each over what one chooses. */
static struct choice { const char *expression, *title; int named; }
figure_choice(const struct state *st, int i)
{
	const struct model *m = model_of(st);
	const struct output_def *o;

	if (i == 0 && m)
		return (struct choice){ CUMULATIVE, "Cost so far", -1 };
	if (i == 1 && m)
		return (struct choice){ "monthly", "Cost a month", -1 };
	i -= 2;
	if (m && i < m->nfigures)
		return (struct choice){ m->figure[i].text, m->figure[i].title,
		                        i };
	i -= m ? m->nfigures : 0;
	if (!m || i >= m->noutputs)
		return (struct choice){ NULL, NULL, -1 };
	o = &m->output[i];
	return (struct choice){ o->name, o->title ? o->title : o->name, -1 };
}

/* The months, then what break-evens are asked of, then all other numbers of
 * the form. */
static const char *over_name(const struct state *st, int i)
{
	const struct model *m = model_of(st);

	if (i == 0)
		return "month";
	i--;
	if (m && i < m->decision.nbreak_even)
		return m->decision.break_even[i];
	i -= m ? m->decision.nbreak_even : 0;
	for (int k = 0; k < st->form.n; k++)
		if (!st->form.row[k].header && !st->form.row[k].locked &&
		    i-- == 0)
			return st->form.row[k].name;
	return NULL;
}

static bool figure_work(struct state *st, struct panel_job *j,
                        struct err *err)
{
	struct panels *p = &st->panels;
	struct choice what = figure_choice(st, p->figure);
	/* a copy: rows are built anew while the work goes on */
	char *over = xstrdup(over_name(st, p->over));
	struct curve *c = NULL;

	if (what.named >= 0)
		c = engine_figure_named(j->bound, j->model, what.named,
		                        PLACES, &j->context.engine, err);
	else if (what.expression && over)
		c = engine_figure(j->bound, j->model, what.expression, over,
		                  0, 0, PLACES, &j->context.engine, err);
	if (c)          /* an expression is no name for people */
		c->y_title = arena_strdup(c->arena, what.title);
	free(over);
	curve_free(p->curve);
	p->curve = c;
	return c != NULL;
}

static void figure_lines(struct state *st)
{
	const struct panels *p = &st->panels;
	struct choice shown = figure_choice(st, p->figure);
	const char *over = over_name(st, p->over);

	if (shown.named >= 0)
		panel_addf(st, ROLE_DIM, -1, "right: %s", p->curve
		           ? p->curve->title : "one moment");
	else
		panel_addf(st, ROLE_DIM, -1, "right: %s (x another)",
		           over ? over : "nothing");
	for (int i = 0; figure_choice(st, i).title; i++)
		panel_add(st, i == p->figure ? ROLE_BEST : ROLE_TEXT, i,
		          figure_choice(st, i).title,
		          i == p->figure ? "shown" : NULL);
}

/* Outputs are mostly of the first month: a parameter moves them. */
static void show(struct state *st)
{
	struct panels *p = &st->panels;

	if (p->figure >= 2 && figure_choice(st, p->figure).named < 0 &&
	    p->over == 0 && over_name(st, 1))
		p->over = 1;
	*p->stamp[PANEL_FIGURE] = '\0';
	panel_want(st);
	panels_build(st);
	panel_select(st, p->figure);
}

static void figure_enter(struct state *st, int item)
{
	st->panels.figure = item;
	show(st);
}

static bool figure_act(struct state *st, enum action a)
{
	struct panels *p = &st->panels;
	int step = a == ACT_AXIS || a == ACT_NUDGE_UP ? 1
	           : a == ACT_NUDGE_DOWN ? -1 : 0;

	if (a == ACT_NEXT_VIEW) {
		p->figure = figure_choice(st, p->figure + 1).title
			? p->figure + 1 : 0;
		show(st);
		return true;
	}
	if (!step)
		return false;
	p->over += step;
	if (p->over < 0 || !over_name(st, p->over))
		p->over = 0;
	show(st);
	return true;
}

static void figure_now(struct state *st)
{
	if (!figure_choice(st, st->panels.figure).title)
		st->panels.figure = 0;
	if (!over_name(st, st->panels.over))
		st->panels.over = 0;
}

static int figure_rows(const struct state *st, int h)
{
	(void)st;
	/* what has no room for a picture says it in words */
	return h >= 12 ? h - h / 4 : h >= 8 ? 6 : h - 2;
}

static int lead_of(const struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);

	if (!t || !st->panels.curve ||
	    st->panels.curve->noptions != t->noptions)
		return 0;
	return t->verdict.option;
}

static void draw_sentence(struct grid *g, struct rect r,
                          const struct curve *c)
{
	struct buf b = BUF_INIT;

	chart_figure_text(&b, c);
	grid_wrap(g, r, ROLE_TEXT, b.s);
	buf_release(&b);
}

static void figure_picture(const struct state *st, struct grid *g,
                           struct rect r)
{
	struct chart_options o = { .log_y = !st->linear,
		.band = !st->no_band, .lead = lead_of(st) };
	const struct curve *c = st->panels.curve;

	if (c && strcmp(c->parameter, "month") == 0)
		o.log_y = false;        /* what adds up is seen from zero */
	if (c && r.h < 6)
		draw_sentence(g, r, c);
	else if (c)
		chart_curve(g, r, c, NULL, &o);
	else
		grid_text(g, r, r.x + 1, r.y, ROLE_DIM, st->panels.job
		          ? "one moment" : "this cannot be drawn");
}

static void figure_detail(const struct state *st, int item, struct buf *out)
{
	const struct curve *c = st->panels.curve;

	if (c && item == st->panels.figure)
		chart_figure_text(out, c);
	else
		buf_add(out, "Enter draws it. l linear or logarithmic, "
		        "b the 90 % band.");
}

const struct panel_kind panel_figure = {
	.title = "Figures", .note = "Enter draws  x axis  l lin/log  b band",
	.needs_model = true, .work = figure_work, .now = figure_now,
	.lines = figure_lines, .act = figure_act, .enter = figure_enter,
	.detail = figure_detail, .rows = figure_rows,
	.picture = figure_picture,
};

/* --- the map --- */

/* Its two parameters: the axis of the curves, and another break-even's. */
static const char *map_parameter(const struct state *st, int which)
{
	const struct model *m = model_of(st);
	int n = m ? m->decision.nbreak_even : 0;

	if (n < 2)
		return NULL;
	return m->decision.break_even[which == 0 ? st->axis % n :
		(st->axis + 1 + st->panels.map_other % (n - 1)) % n];
}

static bool map_work(struct state *st, struct panel_job *j, struct err *err)
{
	const char *x = map_parameter(st, 0), *y = map_parameter(st, 1);
	struct frontier *f;

	if (!x || !y)
		return err_add(err, ERR_USAGE, "a map needs two parameters "
		               "with break-evens, the model names fewer");
	f = engine_frontier_bound(j->bound, j->model, x, y,
	                          &j->context.engine, err);
	if (!f)
		return false;
	frontier_free(st->panels.map);
	st->panels.map = f;
	chart_frontier_here(f, &st->panels.cursor_x, &st->panels.cursor_y);
	return true;
}

static int map_rows(const struct state *st, int h)
{
	return st->panels.map && h > 4 ? h - 2 : 0;
}

static void map_picture(const struct state *st, struct grid *g, struct rect r)
{
	struct frontier_cursor c = { st->panels.cursor_x,
	                             st->panels.cursor_y };

	chart_frontier_at(g, r, st->panels.map, &c);
}

static void map_lines(struct state *st)
{
	struct frontier_cursor c = { st->panels.cursor_x,
	                             st->panels.cursor_y };
	struct buf b = BUF_INIT;
	char *who = NULL;

	if (st->panels.map) {
		chart_frontier_cursor_text(&b, st->panels.map, &c);
		who = strstr(b.s, ": ");
	} else {
		buf_add(&b, "one moment, the map is searched");
	}
	if (who)
		*who = '\0';
	panel_add(st, st->panels.map ? ROLE_TEXT : ROLE_DIM, -1, b.s, NULL);
	if (who)
		panel_add(st, ROLE_BEST, -1, who + 2, NULL);
	buf_release(&b);
}

static double moved(double at, int by)
{
	at += by * 0.025;
	return at < 0 ? 0 : at > 1 ? 1 : at;
}

static bool map_act(struct state *st, enum action a)
{
	struct panels *p = &st->panels;

	switch (a) {
	case ACT_UP: p->cursor_y = moved(p->cursor_y, 1); break;
	case ACT_DOWN: p->cursor_y = moved(p->cursor_y, -1); break;
	case ACT_NUDGE_UP: p->cursor_x = moved(p->cursor_x, 1); break;
	case ACT_NUDGE_DOWN: p->cursor_x = moved(p->cursor_x, -1); break;
	case ACT_PAGE_UP: p->cursor_y = moved(p->cursor_y, 8); break;
	case ACT_PAGE_DOWN: p->cursor_y = moved(p->cursor_y, -8); break;
	case ACT_FIRST: case ACT_LAST:
		if (p->map)
			chart_frontier_here(p->map, &p->cursor_x,
			                    &p->cursor_y);
		break;
	case ACT_AXIS: case ACT_NEXT_VIEW:
		p->map_other += a == ACT_NEXT_VIEW;
		st->axis += a == ACT_AXIS;
		if (!state_axis_parameter(st))
			st->axis = 0;
		*p->stamp[PANEL_MAP] = '\0';
		panel_want(st);
		break;
	default: return false;
	}
	panels_build(st);
	return true;
}

const struct panel_kind panel_map = {
	.title = "Who is best where",
	.note = "arrows move  x Tab other axes  Home where you are",
	.needs_model = true, .form = true, .work = map_work, .lines = map_lines,
	.act = map_act, .rows = map_rows, .picture = map_picture,
};
