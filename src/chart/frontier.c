/*
 * The map of two parameters in cells.
 *
 *	1.9M |aaaaBBBBBBBB      y labels | plot: letters of the best option
 *	     |aaaAbbBBBBBB
 *	     |AAAAAabBB o B      you are here
 *	  20 +----+-----+--
 *	         10k   100k     ticks, then the axes' names and the letters
 */
#include "chart/chart.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "chart/axis.h"
#include "chart/words.h"
#include "base/banned.h"

#define LABELS 7                /* columns of the y labels */
#define SURE 0.9

struct view {
	struct grid *g;
	struct rect whole, plot;
	const struct frontier *f;
	const struct frontier_cursor *cursor;   /* or NULL */
	struct axis x, y;
};

static double along(int i, int n)
{
	return n > 1 ? (double)i / (n - 1) : 0.5;
}

static int label_at(const struct frontier *f, double tx, double ty)
{
	int i = (int)floor(tx * f->n + 0.5), j = (int)floor(ty * f->n + 0.5);

	return f->label[j * (f->n + 1) + i];
}

/* How often the option is best there, from the nearest place that knows. */
static double best_at(const struct frontier *f, double tx, double ty, int o)
{
	int i = (int)floor(tx * f->coarse + 0.5);
	int j = (int)floor(ty * f->coarse + 0.5);

	return f->best ? f->best[(j * (f->coarse + 1) + i) * f->noptions + o]
	               : 1;
}

static void draw_cells(const struct view *v)
{
	const struct rect *p = &v->plot;

	for (int y = 0; y < p->h; y++)
		for (int x = 0; x < p->w; x++) {
			double tx = along(x, p->w), ty = along(y, p->h);
			int o = label_at(v->f, tx, 1 - ty);
			bool sure = o >= 0 &&
				best_at(v->f, tx, 1 - ty, o) >= SURE;
			char c = o < 0 ? '.' : chart_series_letter(o);

			grid_put(v->g, *p, p->x + x, p->y + y, (uint32_t)
			         (sure ? c - 'a' + 'A' : c), o < 0 ? ROLE_DIM :
			         chart_series_role(o));
		}
}

static void draw_here(const struct view *v)
{
	double tx = axis_at(&v->x, v->f->x.here);
	double ty = axis_at(&v->y, v->f->y.here);

	if (!(tx >= 0 && tx <= 1 && ty >= 0 && ty <= 1))
		return;
	grid_put(v->g, v->plot,
	         v->plot.x + (int)floor(tx * (v->plot.w - 1) + 0.5),
	         v->plot.y + (int)floor((1 - ty) * (v->plot.h - 1) + 0.5),
	         glyph_get(v->g, GLYPH_POINT), ROLE_HERE);
}

static void draw_cursor(const struct view *v)
{
	int x = v->plot.x + (int)floor(v->cursor->x * (v->plot.w - 1) + 0.5);
	int y = v->plot.y + (int)floor((1 - v->cursor->y) * (v->plot.h - 1) +
	                               0.5);

	grid_role(v->g, (struct rect){ x, y, 1, 1 }, ROLE_FOCUS);
	v->g->cursor_x = x;
	v->g->cursor_y = y;
}

static void draw_y(const struct view *v)
{
	int x = v->plot.x - 1;

	for (int y = 0; y < v->plot.h; y++)
		grid_put(v->g, v->whole, x, v->plot.y + y,
		         glyph_get(v->g, GLYPH_V), ROLE_AXIS);
	for (int i = 0; i < v->y.nticks; i++) {
		double t = axis_at(&v->y, v->y.tick[i]);
		int y = v->plot.y +
			(int)floor((1 - t) * (v->plot.h - 1) + 0.5);
		struct buf b = BUF_INIT;

		axis_label(&b, &v->y, v->y.tick[i]);
		grid_put(v->g, v->whole, x, y, glyph_get(v->g, GLYPH_TICK_Y),
		         ROLE_AXIS);
		if (x - 1 - (int)b.len >= v->whole.x)
			grid_text(v->g, v->whole, x - 1 - (int)b.len, y,
			          ROLE_AXIS, b.s);
		buf_release(&b);
	}
}

static void draw_x(const struct view *v)
{
	int y = v->plot.y + v->plot.h, end = v->plot.x - 1;

	grid_put(v->g, v->whole, v->plot.x - 1, y, glyph_get(v->g, GLYPH_BL),
	         ROLE_AXIS);
	for (int x = 0; x < v->plot.w; x++)
		grid_put(v->g, v->whole, v->plot.x + x, y,
		         glyph_get(v->g, GLYPH_H), ROLE_AXIS);
	for (int i = 0; i < v->x.nticks; i++) {
		double t = axis_at(&v->x, v->x.tick[i]);
		int x = v->plot.x + (int)floor(t * (v->plot.w - 1) + 0.5);
		struct buf b = BUF_INIT;
		int from;

		axis_label(&b, &v->x, v->x.tick[i]);
		from = x - (int)b.len / 2;
		grid_put(v->g, v->whole, x, y, glyph_get(v->g, GLYPH_TICK_X),
		         ROLE_AXIS);
		if (from > end && from + (int)b.len <=
		    v->whole.x + v->whole.w) {
			grid_text(v->g, v->whole, from, y + 1, ROLE_AXIS, b.s);
			end = from + (int)b.len;
		}
		buf_release(&b);
	}
}

/* The share of the map where no option can be taken. */
static double nobody(const struct frontier *f)
{
	double left = 1;

	for (int o = 0; o < f->noptions; o++)
		left -= f->share[o];
	return left > 1e-9 ? left : 0;
}

static void add_axis(struct buf *b, const struct frontier_axis *a)
{
	buf_add(b, a->title);
	if (*words_unit(a->unit))
		buf_addf(b, ", %s", a->unit);
}

static void add_names(struct buf *b, const struct frontier *f)
{
	buf_add(b, "right: ");
	add_axis(b, &f->x);
	buf_add(b, "; up: ");
	add_axis(b, &f->y);
	buf_add(b, ". ");
	for (int o = 0; o < f->noptions; o++)
		if (f->share[o] > 0)
			buf_addf(b, "%c %s. ", chart_series_letter(o) - 'a' +
			         'A', f->title[o]);
	if (nobody(f) > 0)
		buf_add(b, "Dots: none can be taken. ");
	if (f->best)
		buf_add(b, "A letter: best on average; small: in less than "
		        "90 % of draws.");
}

void chart_frontier(struct grid *g, struct rect r, const struct frontier *f)
{
	chart_frontier_at(g, r, f, NULL);
}

void chart_frontier_at(struct grid *g, struct rect r,
                       const struct frontier *f,
                       const struct frontier_cursor *c)
{
	struct view v = { .g = g, .whole = r, .f = f, .cursor = c };
	struct buf b = BUF_INIT;
	struct grid scratch;
	int rows;

	if (!f || r.w < 30 || r.h < 8) {
		chart_frontier_text(&b, f);
		grid_wrap(g, r, ROLE_TEXT, b.s);
		buf_release(&b);
		return;
	}
	add_names(&b, f);
	grid_init(&scratch, r.w, r.h / 3, g->ascii);
	rows = grid_wrap(&scratch, (struct rect){ 0, 0, r.w, r.h / 3 },
	                 ROLE_TEXT, b.s);
	grid_release(&scratch);
	grid_wrap(g, rect_bottom(&r, rows), ROLE_TEXT, b.s);
	buf_release(&b);
	v.whole = r;
	v.plot = (struct rect) { r.x + LABELS + 1, r.y, r.w - LABELS - 1,
	                         r.h - 2 };
	axis_fit(&v.x, f->x.low, f->x.high, f->x.log, v.plot.w / 9);
	axis_fit(&v.y, f->y.low, f->y.high, f->y.log, v.plot.h / 2);
	draw_cells(&v);
	draw_here(&v);
	draw_y(&v);
	draw_x(&v);
	if (c)
		draw_cursor(&v);
}

/* --- in words ----------------------------------------------------------- */

static void add_range(struct buf *out, const struct frontier_axis *a)
{
	chart_title(out, a->title);
	buf_add(out, " from ");
	num_human(out, a->low, 3);
	buf_add(out, " to ");
	words_quantity(out, a->high, a->unit);
}

void chart_frontier_text(struct buf *out, const struct frontier *f)
{
	bool any = false;

	if (!f) {
		buf_add(out, "No map of two parameters yet.");
		return;
	}
	buf_add(out, "Over ");
	add_range(out, &f->x);
	buf_add(out, " and ");
	add_range(out, &f->y);
	buf_add(out, ": ");
	for (int o = 0; o < f->noptions; o++) {
		if (!(f->share[o] > 0))
			continue;
		buf_add(out, any ? ", " : "");
		buf_addf(out, "%s is best in ", f->title[o]);
		words_percent(out, f->share[o]);
		any = true;
	}
	if (!any)
		buf_add(out, "no option can be taken");
	else
		buf_add(out, " of the map");
	if (any && nobody(f) > 0) {
		buf_add(out, "; in ");
		words_percent(out, nobody(f));
		buf_add(out, " none can be taken");
	}
	if (f->here >= 0)
		buf_addf(out, "; where you stand it is %s", f->title[f->here]);
	buf_addc(out, '.');
}

static double place(const struct frontier_axis *a)
{
	struct axis x;
	double t;

	axis_fit(&x, a->low, a->high, a->log, 4);
	t = axis_at(&x, a->here);
	return t >= 0 && t <= 1 ? t : 0.5;
}

void chart_frontier_here(const struct frontier *f, double *x, double *y)
{
	*x = place(&f->x);
	*y = place(&f->y);
}

static void add_place(struct buf *out, const struct frontier_axis *a, double t)
{
	struct axis x;

	axis_fit(&x, a->low, a->high, a->log, 4);
	chart_title(out, a->title);
	buf_addc(out, ' ');
	words_quantity(out, axis_value(&x, t), a->unit);
}

void chart_frontier_cursor_text(struct buf *out, const struct frontier *f,
                                const struct frontier_cursor *c)
{
	int o = label_at(f, c->x, c->y), often = o;

	add_place(out, &f->x, c->x);
	buf_add(out, ", ");
	add_place(out, &f->y, c->y);
	buf_addf(out, ": %s", o < 0 ? "no option can be taken" : f->title[o]);
	if (o < 0 || !f->best)
		return;
	buf_add(out, " is best on average, and in ");
	words_percent(out, best_at(f, c->x, c->y, o));
	buf_add(out, " of draws");
	for (int i = 0; i < f->noptions; i++)
		if (best_at(f, c->x, c->y, i) > best_at(f, c->x, c->y, often))
			often = i;
	if (often == o)
		return;
	buf_addf(out, "; %s more often, in ", f->title[often]);
	words_percent(out, best_at(f, c->x, c->y, often));
}
