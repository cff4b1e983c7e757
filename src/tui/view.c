#include "tui/view.h"

#include "tui/help.h"
#include "base/banned.h"

static void draw_tiny(const struct state *st, struct grid *g)
{
	struct rect r = { 0, 0, st->w, st->h };

	grid_text(g, r, 0, 0, ROLE_TEXT, st->w >= 27
	          ? "enlarge to 40x10, or q quit" : "too small; q");
	g->cursor_x = g->cursor_y = 0;
}

struct rect view_inside(const struct layout *l, struct rect r)
{
	if (l->kind == LAYOUT_COMPACT)
		return (struct rect){ r.x, r.y + 1, r.w, r.h - 1 };
	return (struct rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 2 };
}

struct rect view_panel(struct grid *g, const struct layout *l, struct rect r,
                       const char *title, const char *note, bool focused)
{
	struct rect head = { r.x, r.y, r.w, 1 };
	int used;

	if (l->kind != LAYOUT_COMPACT)
		return grid_frame(g, r, title, note, focused);
	grid_fill(g, head, glyph_get(g, GLYPH_H), ROLE_BORDER);
	used = grid_textf(g, head, r.x + 1, r.y, ROLE_TITLE, " %s ", title);
	if (note && used + 4 < r.w)
		grid_textf(g, head, r.x + 1 + used, r.y, ROLE_DIM, " %s ",
		           note);
	return view_inside(l, r);
}

static void draw_panels(const struct state *st, struct grid *g,
                        const struct layout *l)
{
	bool focused = st->focus == FOCUS_PICTURE;

	if (l->panel.w)
		panels_draw(st, g, l->panel);
	if (l->trades.w)
		view_trades(st, g, l);
	if (l->saved.w)
		view_saved(st, g, l);
	if (l->form.w)
		view_form(st, g, l);
	if (l->detail.w)
		view_detail(st, g, l);
	if (l->ask.w)
		view_ask(st, g, l);
	if (l->picture.w)
		view_picture(st, g, l, l->picture, st->picture, focused);
	if (l->second.w)
		view_picture(st, g, l, l->second, (st->picture + 1) % PIC_N,
		             false);
	if (l->third.w)
		view_picture(st, g, l, l->third, (st->picture + 2) % PIC_N,
		             false);
}

void view_draw(const struct state *st, struct grid *g)
{
	struct layout l = layout_of(st);

	g->ascii = st->ascii;
	if (g->w != st->w || g->h != st->h)
		grid_resize(g, st->w, st->h);
	grid_clear(g);
	if (l.kind == LAYOUT_TINY) {
		draw_tiny(st, g);
		return;
	}
	view_title(st, g, l.title);
	view_verdict(st, g, &l);
	draw_panels(st, g, &l);
	view_keys(st, g, l.keys);
	if (st->mode == MODE_HELP || st->mode == MODE_PALETTE)
		help_draw(st, g);
}
