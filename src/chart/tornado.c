/*
 * What moves the advantage.  One row a parameter, widest first:
 *
 *	name   value at one end  [bar | bar]  value at the other end   flips
 *
 * The bar runs from the advantage at the low end of the parameter to that at
 * its high end; the centre line is the advantage as it stands.  The line at
 * zero, where the verdict flips, is drawn when it is in the picture.
 */
#include "chart/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "chart/axis.h"
#include "chart/words.h"
#include "base/banned.h"

struct view {
	struct grid *g;
	struct rect names, bars, flags;
	struct axis axis;
	double base;
	const struct tradeoff *t;
};

static double width(const struct sensitivity *s)
{
	double w = fabs(s->swing_high - s->swing_low);

	return isfinite(w) ? w : -1;
}

static int by_width(const void *a, const void *b)
{
	const struct sensitivity *const *p = a, *const *q = b;
	double d = width(*q) - width(*p);

	return d > 0 ? 1 : d < 0 ? -1 : strcmp((*p)->parameter,
	                                       (*q)->parameter);
}

/* Borrowed rows, widest first; those without a number are left out. */
static const struct sensitivity **sorted(const struct tradeoff *t, int *n)
{
	const struct sensitivity **s =
		xcalloc((size_t)t->nsensitivity + 1, sizeof *s);

	*n = 0;
	for (int i = 0; i < t->nsensitivity; i++)
		if (width(&t->sensitivity[i]) > 0)
			s[(*n)++] = &t->sensitivity[i];
	qsort(s, (size_t)*n, sizeof *s, by_width);
	/* what moves less than a fiftieth of the widest is no driver */
	while (*n > 1 && width(s[*n - 1]) < width(s[0]) / 50)
		--*n;
	return s;
}

/* All bars hold the central advantage; the narrowest tells it best. */
static double centre(const struct sensitivity *narrowest)
{
	return (narrowest->swing_low + narrowest->swing_high) / 2;
}

static int column(const struct view *v, double x)
{
	double t = axis_at(&v->axis, x);

	return v->bars.x + (int)floor(t * (v->bars.w - 1) + 0.5);
}

static void draw_side(const struct view *v, int y, int from, int to,
                      bool solid)
{
	uint32_t cp = glyph_get(v->g, solid ? GLYPH_FULL : GLYPH_SHADE);

	for (int x = from; x <= to; x++)
		grid_put(v->g, v->bars, x, y, cp,
		         solid ? ROLE_DOWN : ROLE_UP);
}

/* "9.5 token/request" -> "9.5": the bars have no room for units. */
static void bare_number(struct buf *out, const char *text, const char *unit)
{
	size_t n = strlen(text), u = unit ? strlen(unit) : 0;

	if (u && n > u + 1 && strcmp(text + n - u, unit) == 0 &&
	    text[n - u - 1] == ' ')
		n -= u + 1;
	buf_addn(out, text, n);
}

static void put_end(const struct view *v, int x, int y, bool left,
                    const char *text, const char *unit)
{
	struct buf b = BUF_INIT;
	int w;

	bare_number(&b, text ? text : "", unit);
	w = utf8_width(b.s);
	if (left)
		x -= w;
	if (x >= v->bars.x && x + w <= v->bars.x + v->bars.w)
		grid_text(v->g, v->bars, x, y, ROLE_DIM, b.s);
	buf_release(&b);
}

static void draw_ends(const struct view *v, int y,
                      const struct sensitivity *s, int from, int to)
{
	bool rising = s->swing_high >= s->swing_low;
	const char *left = rising ? s->low_text : s->high_text;
	const char *right = rising ? s->high_text : s->low_text;

	put_end(v, from - 1, y, true, left, s->unit);
	put_end(v, to + 2, y, false, right, s->unit);
}

static void draw_row(const struct view *v, int y,
                     const struct sensitivity *s)
{
	double low = fmin(s->swing_low, s->swing_high);
	double high = fmax(s->swing_low, s->swing_high);
	int mid = column(v, v->base), from = column(v, low);
	int to = column(v, high);

	grid_text(v->g, v->names, v->names.x, y, ROLE_TEXT,
	          s->title ? s->title : s->parameter);
	draw_side(v, y, from, mid - 1, true);
	draw_side(v, y, mid + 1, to, false);
	grid_put(v->g, v->bars, mid, y, glyph_get(v->g, GLYPH_ZERO_LINE),
	         ROLE_AXIS);
	draw_ends(v, y, s, from < mid ? from : mid, to > mid ? to : mid);
	if (s->flips)
		grid_text(v->g, v->flags, v->flags.x, y, ROLE_WARN, "flips");
}

static void draw_zero(const struct view *v, int rows)
{
	int x = column(v, 0);

	if (v->axis.low > 0 || v->axis.high < 0)
		return;
	for (int y = v->bars.y; y < v->bars.y + rows; y++) {
		uint32_t cp = v->g->cell[y * v->g->w + x].cp;

		if (cp == ' ' || cp == glyph_get(v->g, GLYPH_FULL) ||
		    cp == glyph_get(v->g, GLYPH_SHADE))
			grid_put(v->g, v->bars, x, y,
			         glyph_get(v->g, GLYPH_MARK_LINE), ROLE_MARK);
	}
}

static void draw_scale(const struct view *v, int y)
{
	struct buf b = BUF_INIT;
	int x = column(v, v->base);

	grid_text(v->g, v->names, v->names.x, y, ROLE_DIM, "advantage");
	chart_amount(&b, v->base, v->t->objective_unit);
	buf_addf(&b, " %s", v->t->objective_unit);
	x -= (int)b.len / 2;
	if (x + (int)b.len > v->bars.x + v->bars.w)
		x = v->bars.x + v->bars.w - (int)b.len;
	if (x < v->bars.x)
		x = v->bars.x;
	grid_text(v->g, v->bars, x, y, ROLE_AXIS, b.s);
	if (v->axis.low <= 0 && v->axis.high >= 0) {
		int zero = column(v, 0);

		if (zero < x - 8)
			grid_text(v->g, v->bars, zero, y, ROLE_MARK, "0 flips");
		else if (zero > x + (int)b.len)
			grid_text(v->g, v->bars, zero, y, ROLE_MARK, "0");
	}
	buf_release(&b);
}

/* Columns for the values that stand at the ends of the bars. */
static int text_room(const struct sensitivity **s, int n, int most)
{
	int w = 0;

	for (int i = 0; i < n; i++) {
		const char *end[2] = { s[i]->low_text, s[i]->high_text };

		for (int k = 0; k < 2; k++)
			if (end[k] && (int)strcspn(end[k], " ") > w)
				w = (int)strcspn(end[k], " ");
	}
	return w + 2 < most ? w + 2 : most;
}

static void arrange(struct view *v, struct rect r,
                    const struct sensitivity **s, int n)
{
	double low = v->base, high = v->base, pad;
	int ends;
	int name = r.w >= 70 ? 26 : r.w >= 50 ? 20 : 14;

	v->names = rect_left(&r, name);
	v->names.w--;
	v->bars = rect_left(&r, r.w - 6);
	v->flags = (struct rect){ r.x + 1, r.y, r.w - 1, r.h };
	for (int i = 0; i < n; i++) {
		low = fmin(low, fmin(s[i]->swing_low, s[i]->swing_high));
		high = fmax(high, fmax(s[i]->swing_low, s[i]->swing_high));
	}
	ends = text_room(s, n, v->bars.w / 4);
	pad = (high - low) * ends / (v->bars.w - 2 * ends);
	axis_fit(&v->axis, low - pad, high + pad, false, 0);
}

void chart_tornado(struct grid *g, struct rect r, const struct tradeoff *t)
{
	int n, rows = r.h - 1;
	const struct sensitivity **s = sorted(t, &n);
	struct view v = { .g = g, .t = t };

	if (n == 0 || r.w < 34 || rows < 1) {
		struct buf b = BUF_INIT;

		chart_tornado_text(&b, t);
		grid_wrap(g, r, ROLE_TEXT, b.s);
		buf_release(&b);
		free(s);
		return;
	}
	v.base = centre(s[n - 1]);
	if (n < rows)
		rows = n;
	arrange(&v, r, s, n);
	for (int i = 0; i < rows; i++)
		draw_row(&v, r.y + i, s[i]);
	draw_zero(&v, rows);
	draw_scale(&v, r.y + rows);
	free(s);
}

void chart_tornado_text(struct buf *out, const struct tradeoff *t)
{
	int n, flips = 0;
	const struct sensitivity **s = sorted(t, &n);

	if (n == 0) {
		buf_add(out, "No drivers: nothing was varied yet.");
		free(s);
		return;
	}
	buf_add(out, "What moves the answer most: ");
	for (int i = 0; i < n && i < 3; i++) {
		buf_add(out, i ? "; " : "");
		chart_title(out, s[i]->title ? s[i]->title : s[i]->parameter);
	}
	buf_addc(out, '.');
	for (int i = 0; i < n; i++)
		flips += s[i]->flips;
	if (!flips)
		buf_add(out, " None of them flips the advice on its own.");
	else
		buf_addf(out, " %d of them can flip the advice.", flips);
	free(s);
}
