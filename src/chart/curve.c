/*
 * Cost curves.  The picture, from back to front: the 90 % band of the leading
 * option, dotted lines at the break-evens and where you are, one braille line
 * an option with its name on it; below the axis the ticks, and the numbers of
 * what is marked.
 *
 *	$100k |        ....          y labels | plot
 *	      +--+------^--+--
 *	        10k    100k          tick row
 *	             you 50k  1.9M   mark row, when there are rows for it
 */
#include "chart/chart.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/axis.h"
#include "chart/words.h"
#include "base/banned.h"

struct view {
	struct grid *g;
	struct rect whole, plot;
	const struct curve *c;
	const struct break_even *be;
	const struct chart_options *o;
	struct axis x, y;
	int axis_row, tick_row, mark_row;       /* mark_row: -1 when none */
	int *row;                       /* [option * (plot.w + 1) + column] */
};

#define NOWHERE INT_MIN

static void widen(double *low, double *high, double v, bool log)
{
	if (!isfinite(v) || (log && !(v > 0)))
		return;
	if (v < *low)
		*low = v;
	if (v > *high)
		*high = v;
}

static bool band_drawn(const struct view *v)
{
	return v->o->band && v->c->p5 && v->c->p95 && v->o->lead >= 0 &&
	       v->o->lead < v->c->noptions;
}

static bool all_positive(const struct curve *c)
{
	for (int i = 0; i < c->n * c->noptions; i++)
		if (isfinite(c->mean[i]) && !(c->mean[i] > 0))
			return false;
	return true;
}

static void fit_y(struct view *v)
{
	const struct curve *c = v->c;
	bool log = v->o->log_y && all_positive(c);
	double low = HUGE_VAL, high = -HUGE_VAL;
	int lead = v->o->lead * c->n;

	for (int i = 0; i < c->n * c->noptions; i++)
		widen(&low, &high, c->mean[i], log);
	if (band_drawn(v))
		for (int i = 0; i < c->n; i++) {
			widen(&low, &high, c->p5[lead + i], log);
			widen(&low, &high, c->p95[lead + i], log);
		}
	if (low > high)
		low = 0, high = 1;
	if (!log && low > 0 && low < 0.3 * high)
		low = 0;        /* amounts are compared from zero */
	axis_fit(&v->y, low, high, log, (v->plot.h + 1) / 2);
}

static int label_width(const struct axis *a)
{
	struct buf b = BUF_INIT;
	int w = 0;

	for (int i = 0; i < a->nticks; i++) {
		buf_clear(&b);
		axis_label(&b, a, a->tick[i]);
		if ((int)b.len > w)
			w = (int)b.len;
	}
	buf_release(&b);
	return w;
}

/* Rows first, then the y axis (its labels decide the columns), then x. */
static void arrange(struct view *v)
{
	struct rect r = v->whole;
	int rows = r.h >= 9 ? 3 : 2, left;

	v->plot = (struct rect){ r.x, r.y, r.w, r.h - rows };
	fit_y(v);
	left = label_width(&v->y) + 2;
	v->plot.x += left;
	v->plot.w -= left + 1;
	v->axis_row = r.y + v->plot.h;
	v->tick_row = v->axis_row + 1;
	v->mark_row = rows == 3 ? v->axis_row + 2 : -1;
	axis_fit(&v->x, v->c->x[0], v->c->x[v->c->n - 1], v->c->log_x,
	         v->plot.w / 8);
}

/* Column of a value of x; -1 outside the plot. */
static int column(const struct view *v, double x)
{
	double t = axis_at(&v->x, x);

	if (!(t >= -1e-9 && t <= 1 + 1e-9))
		return -1;
	return v->plot.x + (int)floor(t * (v->plot.w - 1) + 0.5);
}

static int row(const struct view *v, double y)
{
	double t = axis_at(&v->y, y);

	if (isnan(t))
		t = -1;
	t = t < -1 ? -1 : t > 2 ? 2 : t;
	return v->plot.y + (int)floor((1 - t) * (v->plot.h - 1) + 0.5);
}

/* The curve's value at a column, linear between the points it has. */
static double value_at(const struct view *v, const double *y, int col)
{
	double t = (double)(col - v->plot.x) / (v->plot.w - 1);
	double x = axis_value(&v->x, t);
	int i = 0;

	while (i < v->c->n - 2 && v->c->x[i + 1] < x)
		i++;
	t = (x - v->c->x[i]) / (v->c->x[i + 1] - v->c->x[i]);
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return y[i] + t * (y[i + 1] - y[i]);
}

static void draw_band(const struct view *v)
{
	const double *p5 = v->c->p5 + v->o->lead * v->c->n;
	const double *p95 = v->c->p95 + v->o->lead * v->c->n;
	uint32_t glyph = glyph_get(v->g, GLYPH_BAND);

	for (int x = v->plot.x; x < v->plot.x + v->plot.w; x++) {
		double low = value_at(v, p5, x), high = value_at(v, p95, x);

		if (!isfinite(low) || !isfinite(high))
			continue;
		for (int y = row(v, high); y <= row(v, low); y++)
			grid_put(v->g, v->plot, x, y, glyph, ROLE_BAND);
	}
}

static void draw_vertical(const struct view *v, int x, enum glyph id,
                          enum role role)
{
	for (int y = v->plot.y; x >= 0 && y < v->plot.y + v->plot.h; y++)
		grid_put(v->g, v->plot, x, y, glyph_get(v->g, id), role);
}

static void draw_axes(const struct view *v)
{
	struct grid *g = v->g;
	struct buf b = BUF_INIT;
	int ax = v->plot.x - 1;

	for (int y = v->plot.y; y < v->axis_row; y++)
		grid_put(g, v->whole, ax, y, glyph_get(g, GLYPH_V), ROLE_AXIS);
	for (int i = 0; i < v->y.nticks; i++) {
		int y = row(v, v->y.tick[i]);

		buf_clear(&b);
		axis_label(&b, &v->y, v->y.tick[i]);
		grid_text(g, v->whole, ax - 1 - (int)b.len, y, ROLE_AXIS, b.s);
		grid_put(g, v->whole, ax, y, glyph_get(g, GLYPH_TICK_Y),
		         ROLE_AXIS);
	}
	grid_put(g, v->whole, ax, v->axis_row, glyph_get(g, GLYPH_BL),
	         ROLE_AXIS);
	for (int x = v->plot.x; x < v->plot.x + v->plot.w; x++)
		grid_put(g, v->whole, x, v->axis_row, glyph_get(g, GLYPH_H),
		         ROLE_AXIS);
	buf_release(&b);
}

static bool is_free(const struct grid *g, int x, int y)
{
	uint32_t cp = g->cell[y * g->w + x].cp;

	return cp == ' ' || cp == glyph_get(g, GLYPH_BAND) ||
	       cp == glyph_get(g, GLYPH_MARK_LINE) ||
	       cp == glyph_get(g, GLYPH_HERE_LINE);
}

/* Writes where every cell, and one on each side, is still blank. */
static bool write_free(const struct view *v, int x, int y, enum role role,
                       const char *s)
{
	int w = utf8_width(s), end = v->whole.x + v->whole.w;

	if (x < v->whole.x)
		x = v->whole.x;
	if (x + w > end)
		x = end - w;
	if (x < v->whole.x || y < 0 || y >= v->g->h)
		return false;
	for (int i = -1; i <= w; i++)
		if (x + i >= v->whole.x && x + i < end &&
		    v->g->cell[y * v->g->w + x + i].cp != ' ')
			return false;
	grid_text(v->g, v->whole, x, y, role, s);
	return true;
}

static void draw_ticks(const struct view *v)
{
	struct buf b = BUF_INIT;
	const char *unit = words_unit(v->c->unit);

	if (*unit)
		write_free(v, v->whole.x + v->whole.w - utf8_width(unit),
		           v->tick_row, ROLE_DIM, unit);
	for (int i = 0; i < v->x.nticks; i++) {
		int x = column(v, v->x.tick[i]);

		if (x < 0)
			continue;
		buf_clear(&b);
		axis_label(&b, &v->x, v->x.tick[i]);
		if (write_free(v, x - (int)b.len / 2, v->tick_row, ROLE_AXIS,
		               b.s) &&
		    v->g->cell[v->axis_row * v->g->w + x].role == ROLE_AXIS)
			grid_put(v->g, v->whole, x, v->axis_row,
			         glyph_get(v->g, GLYPH_TICK_X), ROLE_AXIS);
	}
	buf_release(&b);
}

/* What has no unit to be known by is named, where the marks leave room. */
static void draw_x_title(const struct view *v)
{
	struct buf b = BUF_INIT;

	if (v->mark_row < 0 || *words_unit(v->c->unit) || !v->c->title)
		return;
	chart_title(&b, v->c->title);
	write_free(v, v->whole.x + v->whole.w - utf8_width(b.s), v->mark_row,
	           ROLE_DIM, b.s);
	buf_release(&b);
}

/* The 90 % interval of the break-even, on the axis itself. */
static void draw_interval(const struct view *v)
{
	int from, to;

	if (!v->be || v->be->draws <= 0 || !isfinite(v->be->p5) ||
	    !isfinite(v->be->p95))
		return;
	from = column(v, fmax(v->be->p5, v->x.low));
	to = column(v, fmin(v->be->p95, v->x.high));
	for (int x = from; from >= 0 && x <= to; x++)
		grid_put(v->g, v->whole, x, v->axis_row,
		         glyph_get(v->g, GLYPH_AXIS_BAND), ROLE_MARK);
}

static void draw_number(const struct view *v, double at, const char *word,
                        enum glyph id, enum role role)
{
	struct buf b = BUF_INIT;
	int x = column(v, at);
	int y = v->mark_row >= 0 ? v->mark_row : v->tick_row;

	if (x >= 0) {
		grid_put(v->g, v->whole, x, v->axis_row, glyph_get(v->g, id),
		         role);
		buf_add(&b, word);
		num_human(&b, at, 3);
		if (!write_free(v, x - (int)b.len / 2, y, role, b.s) &&
		    !write_free(v, x + 1, y, role, b.s))
			write_free(v, x - (int)b.len, y, role, b.s);
	}
	buf_release(&b);
}

static void draw_marks(const struct view *v)
{
	const struct break_even *be = v->be;

	draw_interval(v);
	for (int i = 0; be && i < be->ncrossings; i++) {
		int x = column(v, be->crossing[i].at);

		if (x >= 0)
			grid_put(v->g, v->whole, x, v->axis_row,
			         glyph_get(v->g, GLYPH_MARK), ROLE_MARK);
	}
	if (be && be->ncrossings > 0)
		draw_number(v, be->crossing[0].at, "", GLYPH_MARK, ROLE_MARK);
	draw_number(v, v->c->here, "you ", GLYPH_HERE, ROLE_HERE);
	if (be && be->ncrossings > 1)
		draw_number(v, be->crossing[be->ncrossings - 1].at, "",
		            GLYPH_MARK, ROLE_MARK);
	for (int i = 1; be && i < be->ncrossings - 1; i++)
		draw_number(v, be->crossing[i].at, "", GLYPH_MARK, ROLE_MARK);
}

static void draw_guides(const struct view *v)
{
	draw_vertical(v, column(v, v->c->here), GLYPH_HERE_LINE, ROLE_HERE);
	for (int i = 0; v->be && i < v->be->ncrossings; i++)
		draw_vertical(v, column(v, v->be->crossing[i].at),
		              GLYPH_MARK_LINE, ROLE_MARK);
}

static void draw_line(const struct view *v, int option)
{
	const struct curve *c = v->c;
	double *x = xcalloc((size_t)c->n, sizeof *x);
	double *y = xcalloc((size_t)c->n, sizeof *y);

	for (int i = 0; i < c->n; i++) {
		x[i] = axis_at(&v->x, c->x[i]);
		y[i] = axis_at(&v->y, c->mean[option * c->n + i]);
	}
	grid_dots(v->g, v->plot, x, y, c->n, 0, 1, 0, 1,
	          chart_series_role(option), chart_series_letter(option));
	free(x);
	free(y);
}

/* The row of every line in every column of the plot and the one before it;
 * NOWHERE where there is none. */
static void find_rows(struct view *v)
{
	int n = v->plot.w + 1;

	v->row = xcalloc((size_t)(v->c->noptions * n), sizeof *v->row);
	for (int i = 0; i < v->c->noptions * n; i++) {
		double y = value_at(v, v->c->mean + i / n * v->c->n,
		                    v->plot.x - 1 + i % n);

		v->row[i] = isfinite(y) ? row(v, y) : NOWHERE;
	}
}

static int row_of(const struct view *v, int option, int x)
{
	return v->row[option * (v->plot.w + 1) + x - v->plot.x + 1];
}

/* Rows from (x..x+w, y) to the nearest other line; -1 where something is. */
static int room(const struct view *v, int option, int x, int y, int w)
{
	int least = 4;

	if (y < v->plot.y || y >= v->plot.y + v->plot.h || x < v->plot.x ||
	    x + w > v->plot.x + v->plot.w)
		return -1;
	for (int i = x - 1; i < x + w; i++) {
		if (i >= v->plot.x && !is_free(v->g, i, y))
			return -1;
		for (int o = 0; o < v->c->noptions; o++) {
			int at = row_of(v, o, i);

			if (o != option && at != NOWHERE && abs(at - y) < least)
				least = abs(at - y);
		}
	}
	return least;
}

/* A name belongs to the line it is nearest to, so no other may be as near. */
static int score_of(const struct view *v, int option, int x, int y, int w,
                    int off)
{
	int far = off ? room(v, option, x, y, w) : -1;

	if (far < 0 || (abs(off) > 1 && far <= abs(off)))
		return -1;
	return far + 8 * (3 - abs(off));
}

/* The letter of a line, on it, where no name has room. */
static void draw_letter(const struct view *v, int option)
{
	const double *mean = v->c->mean + option * v->c->n;
	int at = v->plot.w / (v->c->noptions + 1) * (option + 1);

	for (int i = 0; i < v->plot.w; i++) {
		int x = v->plot.x + (at + i) % v->plot.w;
		double y = value_at(v, mean, x);

		if (!isfinite(y))
			continue;
		grid_put(v->g, v->plot, x, row(v, y),
		         (unsigned char)chart_series_letter(option),
		         chart_series_role(option));
		return;
	}
}

/* Writes the name in at most `most` columns; false where it has no room. */
static bool draw_name_in(const struct view *v, int option, int most)
{
	struct buf name = BUF_INIT;
	int w, best = -1, bx = 0, by = 0;

	if (v->g->ascii)
		buf_addf(&name, "%c ", chart_series_letter(option));
	utf8_cut(&name, v->c->option[option], most, v->g->ascii);
	w = utf8_width(name.s);
	for (int x = v->plot.x + 1; x + w < v->plot.x + v->plot.w; x++) {
		int mid = row_of(v, option, x + w / 2);

		for (int off = -3; mid != NOWHERE && off <= 3; off++) {
			int y = mid + off;
			int score = score_of(v, option, x, y, w, off);

			if (score > best) {
				best = score;
				bx = x;
				by = y;
			}
		}
	}
	if (best >= 0)
		grid_text(v->g, v->plot, bx, by, chart_series_role(option),
		          name.s);
	buf_release(&name);
	return best >= 0;
}

/* The name of a line, beside it, as far from the others as there is room. */
static void draw_name(const struct view *v, int option)
{
	if (!draw_name_in(v, option, v->plot.w / 2) &&
	    !draw_name_in(v, option, 12) && !draw_name_in(v, option, 7))
		draw_letter(v, option);
}

static void draw_y_unit(const struct view *v)
{
	const char *unit = words_unit(v->c->y_unit);

	if (!*unit || v->plot.h < 4)
		return;
	for (int x = v->plot.x; x < v->plot.x + v->plot.w / 2; x++)
		if (write_free(v, x, v->plot.y, ROLE_DIM, unit))
			return;
}

static bool drawable(const struct curve *c, struct rect r)
{
	return c && c->n >= 2 && r.w >= 24 && r.h >= 6;
}

void chart_curve(struct grid *g, struct rect r, const struct curve *c,
                 const struct break_even *be, const struct chart_options *o)
{
	struct view v = { .g = g, .whole = r, .c = c, .be = be, .o = o };

	if (!drawable(c, r)) {
		struct buf b = BUF_INIT;

		chart_curve_text(&b, c, be);
		grid_wrap(g, r, ROLE_TEXT, b.s);
		buf_release(&b);
		return;
	}
	arrange(&v);
	draw_axes(&v);
	if (band_drawn(&v))
		draw_band(&v);
	draw_guides(&v);
	for (int i = c->noptions - 1; i >= 0; i--)
		if (i != o->lead)
			draw_line(&v, i);
	if (o->lead >= 0 && o->lead < c->noptions)
		draw_line(&v, o->lead);
	draw_y_unit(&v);
	find_rows(&v);
	for (int i = 0; i < c->noptions; i++)
		draw_name(&v, i);
	free(v.row);
	draw_marks(&v);
	draw_ticks(&v);
	draw_x_title(&v);
}
