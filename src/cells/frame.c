#include "cells/cells.h"

#include "base/utf8.h"
#include "base/banned.h"

static int clamp(int v, int high)
{
	return v < 0 ? 0 : v > high ? high : v;
}

struct rect rect_top(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = clamp(rows, r->h);
	r->y += cut.h;
	r->h -= cut.h;
	return cut;
}

struct rect rect_bottom(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = clamp(rows, r->h);
	r->h -= cut.h;
	cut.y = r->y + r->h;
	return cut;
}

struct rect rect_left(struct rect *r, int cols)
{
	struct rect cut = *r;

	cut.w = clamp(cols, r->w);
	r->x += cut.w;
	r->w -= cut.w;
	return cut;
}

static void edge(struct grid *g, struct rect r, int y, enum glyph left,
                 enum glyph right)
{
	for (int x = r.x + 1; x < r.x + r.w - 1; x++)
		grid_put(g, r, x, y, glyph_get(g, GLYPH_H), ROLE_BORDER);
	grid_put(g, r, r.x, y, glyph_get(g, left), ROLE_BORDER);
	grid_put(g, r, r.x + r.w - 1, y, glyph_get(g, right), ROLE_BORDER);
}

static void sides(struct grid *g, struct rect r)
{
	uint32_t v = glyph_get(g, GLYPH_V);

	for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
		grid_put(g, r, r.x, y, v, ROLE_BORDER);
		grid_put(g, r, r.x + r.w - 1, y, v, ROLE_BORDER);
	}
}

/* The focused frame carries a pointer as well: colour alone says nothing. */
static void frame_title(struct grid *g, struct rect r, const char *title,
                        bool focused)
{
	struct rect in = { r.x + 2, r.y, r.w - 4, 1 };
	enum role role = focused ? ROLE_FOCUS : ROLE_TITLE;
	int used;

	if (in.w < 4)
		return;
	grid_put(g, in, in.x, in.y,
	         focused ? glyph_get(g, GLYPH_POINTER) : ' ', role);
	in.w--;
	used = grid_text(g, in, in.x + 1, in.y, role, title);
	in.w++;
	grid_put(g, in, in.x + 1 + used, in.y, ' ', role);
}

static void frame_note(struct grid *g, struct rect r, const char *note)
{
	struct rect in = { r.x + 2, r.y + r.h - 1, r.w - 4, 1 };
	int w = utf8_width(note) + 2;

	if (w > in.w)
		w = in.w;
	if (w < 4)
		return;
	in.x += in.w - w;
	in.w = w;
	grid_fill(g, in, ' ', ROLE_DIM);
	in.w--;
	grid_text(g, in, in.x + 1, in.y, ROLE_DIM, note);
}

struct rect grid_frame(struct grid *g, struct rect r, const char *title,
                       const char *note, bool focused)
{
	if (r.w < 2 || r.h < 2)
		return (struct rect){ r.x, r.y, 0, 0 };
	edge(g, r, r.y, GLYPH_TL, GLYPH_TR);
	edge(g, r, r.y + r.h - 1, GLYPH_BL, GLYPH_BR);
	sides(g, r);
	if (title)
		frame_title(g, r, title, focused);
	if (note)
		frame_note(g, r, note);
	return (struct rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 2 };
}
