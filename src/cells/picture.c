/*
 * The grid as SVG.  Cells are 9 x 18 units.  What a font may lack or draw with
 * gaps (blocks, lines, braille) becomes shapes; the rest is text, one element
 * a run, held to its columns by textLength.
 */
#include "cells/cells.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/banned.h"

#define CELL_W 9.0
#define CELL_H 18.0
#define PAPER "#12161d"
#define INK 0xd4d9e1u

/* The xterm palette: 16 system colours (not used here), a 6x6x6 cube, greys. */
static unsigned palette(int i)
{
	static const unsigned level[6] = { 0, 95, 135, 175, 215, 255 };
	unsigned n = (unsigned)i - 16, grey;

	if (i < 16)
		return INK;
	if (i < 232)
		return level[n / 36] << 16 | level[n / 6 % 6] << 8 |
		       level[n % 6];
	grey = 8 + 10 * ((unsigned)i - 232);
	return grey << 16 | grey << 8 | grey;
}

static unsigned ink(const struct cell *c)
{
	int fg = role_look[c->role].fg256;

	return fg < 0 ? INK : palette(fg);
}

static void box(struct buf *out, double x, double y, double w, double h,
                unsigned color, double opacity)
{
	buf_addf(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
	         "height=\"%.2f\" fill=\"#%06x\"", x, y, w, h, color);
	if (opacity < 1)
		buf_addf(out, " fill-opacity=\"%.2f\"", opacity);
	buf_add(out, "/>\n");
}

static void paper(const struct grid *g, int y, struct buf *out)
{
	for (int x = 0; x < g->w; x++) {
		const struct cell *c = &g->cell[y * g->w + x];
		int bg = role_look[c->role].bg256, n = 1;

		if (bg < 0)
			continue;
		while (x + n < g->w &&
		       role_look[c[n].role].bg256 == bg)
			n++;
		box(out, x * CELL_W, y * CELL_H, n * CELL_W, CELL_H,
		    palette(bg), 1);
		x += n - 1;
	}
}

/* Box drawing as the arms it has: right, left, down, up. */
static int arms(uint32_t cp)
{
	static const struct { uint32_t cp; int arms; } table[] = {
		{ 0x2500, 3 }, { 0x2502, 12 }, { 0x250c, 5 }, { 0x2510, 6 },
		{ 0x2514, 9 }, { 0x2518, 10 }, { 0x2524, 14 }, { 0x2534, 11 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].cp == cp)
			return table[i].arms;
	return 0;
}

static void draw_arms(struct buf *out, double x, double y, int a, unsigned c)
{
	double cx = x + CELL_W / 2 - 0.5, cy = y + CELL_H / 2 - 0.5;

	if (a & 1)
		box(out, cx, cy, x + CELL_W - cx, 1, c, 1);
	if (a & 2)
		box(out, x, cy, cx + 1 - x, 1, c, 1);
	if (a & 4)
		box(out, cx, cy, 1, y + CELL_H - cy, c, 1);
	if (a & 8)
		box(out, cx, y, 1, cy + 1 - y, c, 1);
}

static void draw_double(struct buf *out, double x, double y, unsigned c)
{
	box(out, x, y + CELL_H / 2 - 2.5, CELL_W, 1, c, 1);
	box(out, x, y + CELL_H / 2 + 1.5, CELL_W, 1, c, 1);
}

static void draw_dashes(struct buf *out, double x, double y, int n, unsigned c)
{
	double step = CELL_H / n;

	for (int i = 0; i < n; i++)
		box(out, x + CELL_W / 2 - 0.5, y + i * step + step / 4, 1,
		    step / 2, c, 1);
}

static void draw_braille(struct buf *out, double x, double y, uint32_t cp,
                         unsigned c)
{
	static const unsigned char bit[4][2] = {
		{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 },
	};

	for (int row = 0; row < 4; row++)
		for (int col = 0; col < 2; col++)
			if (cp & bit[row][col])
				buf_addf(out, "<circle cx=\"%.2f\" cy=\"%.2f\""
				         " r=\"1.3\" fill=\"#%06x\"/>\n",
				         x + CELL_W * (0.25 + 0.5 * col),
				         y + CELL_H * (0.125 + 0.25 * row), c);
}

/* Upper half, lower eighths, full and left eighths, right half, shades. */
static bool draw_block(struct buf *out, double x, double y, uint32_t cp,
                       unsigned c)
{
	double part = cp <= 0x2588 ? (cp - 0x2580) / 8.0 : (0x2590 - cp) / 8.0;

	if (cp == 0x2590)
		box(out, x + CELL_W / 2, y, CELL_W / 2, CELL_H, c, 1);
	else if (cp > 0x2590 && cp <= 0x2593)
		box(out, x, y, CELL_W, CELL_H, c, 0.25 * (cp - 0x2590));
	else if (cp == 0x2580)
		box(out, x, y, CELL_W, CELL_H / 2, c, 1);
	else if (cp > 0x2580 && cp <= 0x2588)
		box(out, x, y + CELL_H * (1 - part), CELL_W, CELL_H * part, c,
		    1);
	else if (cp > 0x2588 && cp < 0x2590)
		box(out, x, y, CELL_W * part, CELL_H, c, 1);
	else
		return false;
	return true;
}

static bool draw_shape(struct buf *out, const struct cell *c, double x,
                       double y)
{
	int a = arms(c->cp);

	if (a)
		draw_arms(out, x, y, a, ink(c));
	else if (c->cp == 0x2550)
		draw_double(out, x, y, ink(c));
	else if (c->cp == 0x250a || c->cp == 0x254e)
		draw_dashes(out, x, y, c->cp == 0x250a ? 4 : 2, ink(c));
	else if (c->cp >= 0x2800 && c->cp <= 0x28ff)
		draw_braille(out, x, y, c->cp, ink(c));
	else
		return draw_block(out, x, y, c->cp, ink(c));
	return true;
}

static bool is_shape(uint32_t cp)
{
	return arms(cp) || cp == 0x2550 || cp == 0x250a || cp == 0x254e ||
	       (cp >= 0x2800 && cp <= 0x28ff) ||
	       (cp >= 0x2580 && cp <= 0x2593);
}

static void add_escaped(struct buf *out, uint32_t cp)
{
	char s[4];

	if (cp == '&' || cp == '<' || cp == '>')
		buf_add(out, cp == '&' ? "&amp;" : cp == '<' ? "&lt;"
		                                             : "&gt;");
	else
		buf_addn(out, s, utf8_encode(cp, s));
}

/* A run of text of one role, to the next shape or two blanks. */
static int draw_run(const struct grid *g, int x, int y, struct buf *out)
{
	const struct cell *c = &g->cell[y * g->w + x];
	unsigned char attr = role_look[c->role].color;
	int n = 0;

	while (x + n < g->w && c[n].role == c->role && !is_shape(c[n].cp) &&
	       !(c[n].cp == ' ' && (x + n + 1 >= g->w || c[n + 1].cp == ' ')))
		n++;
	buf_addf(out, "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" "
	         "fill=\"#%06x\"%s%s>", x * CELL_W, y * CELL_H + 13.5,
	         n * CELL_W, ink(c),
	         attr & LOOK_BOLD ? " font-weight=\"bold\"" : "",
	         attr & LOOK_UNDERLINE ? " text-decoration=\"underline\"" : "");
	for (int i = 0; i < n; i++) {
		if (c[i].cp)
			add_escaped(out, c[i].cp);
		if (c[i].mark)
			add_escaped(out, c[i].mark);
	}
	buf_add(out, "</text>\n");
	return n;
}

static void draw_row(const struct grid *g, int y, struct buf *out)
{
	for (int x = 0; x < g->w;) {
		const struct cell *c = &g->cell[y * g->w + x];

		if (c->cp == ' ' || !c->cp ||
		    draw_shape(out, c, x * CELL_W, y * CELL_H))
			x++;
		else
			x += draw_run(g, x, y, out);
	}
}

void grid_svg(const struct grid *g, struct buf *out)
{
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	         "viewBox=\"-9 -9 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
	         "xml:space=\"preserve\" font-family=\"'DejaVu Sans Mono', "
	         "'Menlo', 'Consolas', monospace\" font-size=\"14.9\">\n",
	         g->w * CELL_W + 18, g->h * CELL_H + 18, g->w * CELL_W + 18,
	         g->h * CELL_H + 18);
	buf_addf(out, "<rect x=\"-9\" y=\"-9\" width=\"%.0f\" height=\"%.0f\" "
	         "rx=\"6\" fill=\"" PAPER "\"/>\n", g->w * CELL_W + 18,
	         g->h * CELL_H + 18);
	for (int y = 0; y < g->h; y++) {
		paper(g, y, out);
		draw_row(g, y, out);
	}
	buf_add(out, "</svg>\n");
}
