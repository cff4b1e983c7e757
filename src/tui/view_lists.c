/*
 * The left side: trade-offs with their badges, saved and shipped scenarios.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "result/result.h"
#include "tui/view.h"
#include "base/banned.h"

int view_trade_rows(const struct state *st, struct rect inside)
{
	return inside.h >= 2 * st->ntrades ? 2 : 1;
}

static const char *badge_of(const struct state *st, int row)
{
	const struct trade_row *t = &st->trade[row];
	const struct tradeoff *r = state_result(st, row);

	if (!t->present)
		return "no model yet";
	if (t->bound < 0)
		return "not asked";
	if (!r)
		return "";
	if (r->verdict.state == VERDICT_INFEASIBLE)
		return "infeasible";
	return r->verdict.badge ? r->verdict.badge : "";
}

/* In brackets while it is the badge of values before. */
static void put_badge(const struct state *st, int row, char out[32])
{
	const char *badge = badge_of(st, row);
	bool old = *badge && st->trade[row].bound >= 0 &&
	           state_row_stale(st, row);

	snprintf(out, 32, "%s%s%s", old ? "(" : "", badge, old ? ")" : "");
}

static const char *advice_of(const struct state *st, int row)
{
	const struct tradeoff *r = state_result(st, row);
	int option = r ? r->verdict.option : -1;

	return option >= 0 && option < r->noptions ? r->option[option].title
	                                           : "";
}

static void put_right(struct grid *g, struct rect r, int y, enum role role,
                      const char *s)
{
	grid_text(g, r, r.x + r.w - utf8_width(s), y, role, s);
}

static void mark_row(struct grid *g, struct rect line, bool selected,
                     bool focused)
{
	if (!selected)
		return;
	grid_put(g, line, line.x, line.y, glyph_get(g, GLYPH_POINTER),
	         ROLE_FOCUS);
	if (focused) {
		grid_role(g, line, ROLE_FOCUS);
		g->cursor_x = line.x;
		g->cursor_y = line.y;
	}
}

static void draw_trade(const struct state *st, struct grid *g, struct rect in,
                       int row, int y, int rows)
{
	const struct trade_row *t = &st->trade[row];
	char badge[32];
	bool asked = t->bound >= 0;
	struct rect line = { in.x, y, in.w, 1 }, cut = line;
	enum role role = asked ? ROLE_TEXT : ROLE_DIM;
	enum role badge_role = !asked ? ROLE_DIM : state_row_stale(st, row)
		? ROLE_STALE : view_badge_role(badge_of(st, row));

	put_badge(st, row, badge);
	if (rows == 1)
		cut.w -= utf8_width(badge) + 1;
	grid_textf(g, cut, in.x + 1, y, role, "%d %s", row + 1,
	           utf8_width(t->title) + 3 > cut.w ? t->brief : t->title);
	mark_row(g, line, row == st->trade_selected,
	         st->focus == FOCUS_TRADEOFFS);
	if (rows == 1) {
		put_right(g, line, y, badge_role, badge);
		return;
	}
	line.y++;
	cut = line;
	cut.w -= utf8_width(badge) + 1;
	grid_text(g, cut, in.x + 3, line.y, asked ? ROLE_BEST : ROLE_DIM,
	          advice_of(st, row));
	put_right(g, line, line.y, badge_role, badge);
}

void view_trades(const struct state *st, struct grid *g,
                 const struct layout *l)
{
	struct rect in = view_panel(g, l, l->trades, "Trade-offs", NULL,
	                            st->focus == FOCUS_TRADEOFFS);
	int rows = view_trade_rows(st, in);
	int top = layout_scroll(st->trade_selected, in.h / rows, st->ntrades);

	for (int i = 0; (i + 1) * rows <= in.h && top + i < st->ntrades; i++)
		draw_trade(st, g, in, top + i, in.y + i * rows, rows);
}

static void draw_saved(const struct state *st, struct grid *g,
                       struct rect line, int row)
{
	const struct saved_row *s = &st->saved.row[row];
	struct rect cut = line;

	if (!s->ref) {
		grid_text(g, line, line.x + 1, line.y, ROLE_TITLE, s->title);
		return;
	}
	if (s->note) {
		put_right(g, line, line.y, ROLE_DIM, s->note);
		cut.w -= utf8_width(s->note) + 1;
	}
	grid_text(g, cut, line.x + 1, line.y, ROLE_TEXT, s->title);
	mark_row(g, line, row == st->saved.selected,
	         st->focus == FOCUS_SAVED);
}

void view_saved(const struct state *st, struct grid *g,
                const struct layout *l)
{
	bool focused = st->focus == FOCUS_SAVED;
	struct rect in = view_panel(g, l, l->saved, "Scenarios",
	                            focused ? "Enter opens" : "o open",
	                            focused);
	int top;

	if (focused && (st->mode == MODE_FIND || st->find_saved)) {
		struct rect find = rect_top(&in, 1);

		grid_text(g, find, find.x, find.y, ROLE_DIM, "/");
		find.x++;
		find.w--;
		if (st->mode == MODE_FIND)
			editor_draw(&st->editor, g, find);
		else
			grid_text(g, find, find.x, find.y, ROLE_FIELD,
			          st->find_saved);
	}
	if (st->saved.n == 0)
		grid_text(g, in, in.x + 1, in.y, ROLE_DIM, "none yet");
	top = layout_scroll(st->saved.selected, in.h, st->saved.n);
	for (int i = 0; i < in.h && top + i < st->saved.n; i++)
		draw_saved(st, g, (struct rect){ in.x, in.y + i, in.w, 1 },
		           top + i);
}
