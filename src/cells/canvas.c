/*
 * Lines and bars finer than a cell.
 *
 * A braille cell is 2 dots wide and 4 high; its code is U+2800 plus one bit a
 * dot, numbered by history rather than by place:
 *
 *	1 4        0x01 0x08
 *	2 5        0x02 0x10
 *	3 6        0x04 0x20
 *	7 8        0x40 0x80
 */
#include "cells/cells.h"

#include <math.h>

#include "base/banned.h"

static const unsigned char dot_bit[4][2] = {
	{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 },
};

struct pen {
	struct grid *g;
	struct rect clip;
	enum role role;
	char letter;
};

static bool is_braille(uint32_t cp)
{
	return cp >= 0x2800 && cp <= 0x28ff;
}

/* Another line's letter is in the way: both are there, so say so. */
static bool other_letter(const struct cell *c, char mine)
{
	return c->role >= ROLE_SERIES_A && c->role <= ROLE_SERIES_F &&
	       c->cp != ' ' && c->cp != (unsigned char)mine;
}

static void pen_dot(const struct pen *p, int dx, int dy)
{
	int x = p->clip.x + dx / 2, y = p->clip.y + dy / 4;
	struct cell *c;
	uint32_t cp;

	if (dx < 0 || dy < 0 || x >= p->clip.x + p->clip.w ||
	    y >= p->clip.y + p->clip.h || x >= p->g->w || y >= p->g->h ||
	    x < 0 || y < 0)
		return;
	c = &p->g->cell[y * p->g->w + x];
	if (p->g->ascii)
		cp = other_letter(c, p->letter) ? '*'
		                                : (unsigned char)p->letter;
	else
		cp = (is_braille(c->cp) ? c->cp : 0x2800) |
		     dot_bit[dy % 4][dx % 2];
	grid_put(p->g, p->clip, x, y, cp, p->role);
}

/* Every dot between two dots, stepping along the longer side. */
static void pen_line(const struct pen *p, double ax, double ay, double bx,
                     double by)
{
	double dx = bx - ax, dy = by - ay;
	int steps = (int)ceil(fmax(fabs(dx), fabs(dy)));

	for (int i = 0; i <= steps; i++) {
		double t = steps ? (double)i / steps : 0;

		pen_dot(p, (int)floor(ax + t * dx + 0.5),
		        (int)floor(ay + t * dy + 0.5));
	}
}

/* Where a value falls on `dots` dots; far outside is held near the border so
 * that a steep line still leaves the picture in the right direction. */
static double place(double v, double low, double high, int dots)
{
	double t = (v - low) / (high - low);

	if (t < -1)
		t = -1;
	if (t > 2)
		t = 2;
	return t * (dots - 1);
}

void grid_dots(struct grid *g, struct rect clip, const double *x,
               const double *y, int n, double x0, double x1, double y0,
               double y1, enum role role, char ascii_letter)
{
	struct pen p = { g, clip, role, ascii_letter };
	double px = 0, py = 0;
	bool down = false;
	int w = clip.w * 2, h = clip.h * 4;

	if (!(x1 > x0) || !(y1 > y0) || w < 2 || h < 2)
		return;
	for (int i = 0; i < n; i++) {
		double cx, cy;

		if (!isfinite(x[i]) || !isfinite(y[i])) {
			down = false;
			continue;
		}
		cx = place(x[i], x0, x1, w);
		cy = h - 1 - place(y[i], y0, y1, h);
		pen_line(&p, down ? px : cx, down ? py : cy, cx, cy);
		px = cx;
		py = cy;
		down = true;
	}
}

void grid_bar(struct grid *g, struct rect clip, int x, int y, double cells,
              enum role role, bool shaded)
{
	uint32_t full = glyph_get(g, shaded ? GLYPH_SHADE : GLYPH_FULL);
	int whole, eighths;

	if (!(cells > 0))
		return;
	if (cells > clip.w + 1)
		cells = clip.w + 1;
	whole = (int)(cells + (shaded || g->ascii ? 0.5 : 1.0 / 16));
	for (int i = 0; i < whole; i++)
		grid_put(g, clip, x + i, y, full, role);
	eighths = (int)floor((cells - whole) * 8 + 0.5);
	if (!shaded && !g->ascii && eighths > 0)
		grid_put(g, clip, x + whole, y,
		         0x2590u - (uint32_t)eighths, role);
}
