/*
 * An open panel as cells: frame, picture, lines, words on the chosen line.
 */
#include "tui/panel.h"

#include "base/utf8.h"
#include "tui/layout.h"
#include "tui/view.h"
#include "base/banned.h"

#define DETAIL_ROWS 4
#define LIST_ROWS 5             /* that a picture leaves the list, at least */


struct parts { struct rect picture, find, list, detail; };

static struct parts divide(const struct state *st, struct rect in)
{
	const struct panel_kind *k = panel_kind_of(st->panels.open);
	struct parts p = { .picture = { 0 } };
	int rows = k->rows ? k->rows(st, in.h) : 0;

	if (rows > 0)
		p.picture = rect_top(&in, rows);
	if (k->detail && in.h >= DETAIL_ROWS + LIST_ROWS)
		p.detail = rect_bottom(&in, DETAIL_ROWS);
	if (st->mode == MODE_FIND || st->panels.find[st->panels.open])
		p.find = rect_top(&in, 1);
	p.list = in;
	return p;
}

struct rect panels_list(const struct state *st, struct rect inside, int *top)
{
	struct rect list = divide(st, inside).list;

	*top = layout_scroll(st->panels.selected, list.h, st->panels.n);
	return list;
}

static void draw_line(const struct state *st, struct grid *g, struct rect row,
                      int i)
{
	const struct panel_line *l = &st->panels.line[i];
	struct rect cut = row;

	if (l->right) {
		int w = utf8_width(l->right);

		if (w > row.w / 2)
			w = row.w / 2;
		grid_text(g, row, row.x + row.w - w, row.y, l->role, l->right);
		cut.w -= w + 1;
	}
	grid_text(g, cut, row.x + 1, row.y, l->role, l->left);
	if (i != st->panels.selected)
		return;
	grid_put(g, row, row.x, row.y, glyph_get(g, GLYPH_POINTER),
	         ROLE_FOCUS);
	if (st->mode != MODE_FIELD && st->mode != MODE_FIND) {
		grid_role(g, row, ROLE_FOCUS);
		g->cursor_x = row.x;
		g->cursor_y = row.y;
	}
}

/* The open field takes the row of its line from the colon on. */
static void draw_field(const struct state *st, struct grid *g, struct rect row)
{
	int used = row.w / 4 > 14 ? 14 : row.w / 4;

	grid_fill(g, (struct rect){ row.x + used, row.y, row.w - used, 1 },
	          ' ', ROLE_FIELD);
	editor_draw(&st->editor, g, (struct rect){ row.x + used, row.y,
	            row.w - used, 1 });
}

/* "/" and the word that lines must hold. */
static void draw_find(const struct state *st, struct grid *g, struct rect r)
{
	const char *word = st->panels.find[st->panels.open];

	grid_text(g, r, r.x, r.y, ROLE_KEY, "/");
	r.x++;
	r.w--;
	if (st->mode == MODE_FIND)
		editor_draw(&st->editor, g, r);
	else
		grid_textf(g, r, r.x, r.y, ROLE_FIELD, "%s  (Esc shows all)",
		           word);
	if (st->panels.n == 0)
		grid_text(g, r, r.x + r.w - 22, r.y, ROLE_DIM,
		          "no line has this word");
}

static void draw_list(const struct state *st, struct grid *g, struct rect in)
{
	int top = layout_scroll(st->panels.selected, in.h, st->panels.n);

	for (int i = 0; i < in.h && top + i < st->panels.n; i++) {
		struct rect row = { in.x, in.y + i, in.w, 1 };

		draw_line(st, g, row, top + i);
		if (st->mode == MODE_FIELD && top + i == st->panels.selected)
			draw_field(st, g, row);
	}
}

static void draw_detail(const struct state *st, struct grid *g,
                        struct rect r, const struct panel_kind *k)
{
	struct buf b = BUF_INIT;

	grid_fill(g, rect_top(&r, 1), glyph_get(g, GLYPH_H), ROLE_BORDER);
	r.x++;
	r.w -= 2;
	if (panel_item(st) >= 0)
		k->detail(st, panel_item(st), &b);
	grid_wrap(g, r, ROLE_DIM, b.s);
	buf_release(&b);
}

static void add_title(const struct state *st, const struct panel_kind *k,
                      struct buf *b)
{
	const struct tradeoff *t = state_tradeoff(st);

	buf_add(b, k->title);
	if (k->needs_model && t)
		buf_addf(b, ": %s", t->title);
	if (st->panels.progress >= 0)
		buf_addf(b, "  working, %.0f %% (Esc stops)",
		         100 * st->panels.progress);
	else if (st->panels.job)
		buf_add(b, "  to be worked out");
}

void panels_draw(const struct state *st, struct grid *g, struct rect r)
{
	const struct panel_kind *k = panel_kind_of(st->panels.open);
	struct layout l = layout_of(st);
	struct buf title = BUF_INIT;
	struct parts p;
	struct rect in;

	add_title(st, k, &title);
	in = view_panel(g, &l, r, title.s, k->note, true);
	p = divide(st, in);
	if (p.picture.h)
		k->picture(st, g, p.picture);
	draw_list(st, g, p.list);
	if (p.find.h)
		draw_find(st, g, p.find);
	if (p.detail.h)
		draw_detail(st, g, p.detail, k);
	buf_release(&title);
}
