/*
 * The distribution of the first crossing as columns in eighths, its 5 %, 50 %
 * and 95 % points under it, and what the picture cannot show (draws that never
 * cross) in words.
 */
#include "chart/chart.h"

#include <math.h>

#include "base/buf.h"
#include "base/num.h"
#include "chart/axis.h"
#include "chart/words.h"
#include "base/banned.h"

struct view {
	struct grid *g;
	struct rect whole, plot;
	const struct break_even *be;
	struct axis x;
};

static int column(const struct view *v, double at)
{
	double t = axis_at(&v->x, at);

	if (!(t >= 0 && t <= 1))
		return -1;
	return v->plot.x + (int)floor(t * (v->plot.w - 1) + 0.5);
}

/* The density at a column, linear between the middles of the bins. */
static double height(const struct view *v, int col)
{
	const struct break_even *be = v->be;
	double at = axis_value(&v->x,
	                       (double)(col - v->plot.x) / (v->plot.w - 1));
	int i = 0;
	double t;

	while (i < be->ndensity - 2 && be->density_at[i + 1] < at)
		i++;
	t = (at - be->density_at[i]) /
	    (be->density_at[i + 1] - be->density_at[i]);
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return be->density[i] + t * (be->density[i + 1] - be->density[i]);
}

/* `eighths` of a column from the bottom; in ASCII whole cells. */
static void draw_column(const struct view *v, int x, int eighths,
                        enum role role)
{
	int y = v->plot.y + v->plot.h - 1;

	if (v->g->ascii)
		eighths = (eighths + 4) / 8 * 8;
	for (; eighths > 0; eighths -= 8, y--)
		grid_put(v->g, v->plot, x, y,
		         eighths >= 8 ? glyph_get(v->g, GLYPH_FULL)
		                      : 0x2580u + (uint32_t)eighths, role);
}

/* Inside the 90 % interval the columns are strong, outside they are pale. */
static void draw_columns(const struct view *v)
{
	double top = 0;

	for (int x = v->plot.x; x < v->plot.x + v->plot.w; x++)
		top = fmax(top, height(v, x));
	if (!(top > 0))
		return;
	for (int x = v->plot.x; x < v->plot.x + v->plot.w; x++) {
		double at = axis_value(&v->x, (double)(x - v->plot.x) /
		                              (v->plot.w - 1));
		bool core = at >= v->be->p5 && at <= v->be->p95;
		double t = height(v, x) / top;
		int e = (int)floor(t * v->plot.h * 8 + 0.5);

		draw_column(v, x, e == 0 && t > 0.01 ? 1 : e,
		            core ? ROLE_DOWN : ROLE_DIM);
	}
}

/* Writes centred on a column where nothing stands yet. */
static void label(const struct view *v, double at, int y, enum role role,
                  const char *word)
{
	struct buf b = BUF_INIT;
	int x = column(v, at), end = v->whole.x + v->whole.w;
	bool room = x >= 0;

	buf_add(&b, word);
	num_human(&b, at, 3);
	x -= (int)b.len / 2;
	if (x + (int)b.len > end)
		x = end - (int)b.len;
	if (x < v->whole.x)
		x = v->whole.x;
	for (int i = -1; room && i <= (int)b.len; i++)
		if (x + i >= v->whole.x && x + i < end)
			room = v->g->cell[y * v->g->w + x + i].cp == ' ';
	if (room)
		grid_text(v->g, v->whole, x, y, role, b.s);
	buf_release(&b);
}

static void draw_axis(const struct view *v, int y)
{
	const struct break_even *be = v->be;
	int from = column(v, be->p5), to = column(v, be->p95);

	for (int x = v->plot.x; x < v->plot.x + v->plot.w; x++)
		grid_put(v->g, v->whole, x, y,
		         glyph_get(v->g, x >= from && x <= to && from >= 0
		                         ? GLYPH_AXIS_BAND : GLYPH_H),
		         x >= from && x <= to ? ROLE_MARK : ROLE_AXIS);
	if (column(v, be->here) >= 0)
		grid_put(v->g, v->whole, column(v, be->here), y,
		         glyph_get(v->g, GLYPH_HERE), ROLE_HERE);
	if (column(v, be->p50) >= 0)
		grid_put(v->g, v->whole, column(v, be->p50), y,
		         glyph_get(v->g, GLYPH_MARK), ROLE_MARK);
	label(v, be->p50, y + 1, ROLE_MARK, "p50 ");
	label(v, be->here, y + 1, ROLE_HERE, "you ");
	label(v, be->p5, y + 1, ROLE_AXIS, "p5 ");
	label(v, be->p95, y + 1, ROLE_AXIS, "p95 ");
}

static bool drawable(const struct break_even *be, struct rect r)
{
	return be && be->draws > 0 && be->ndensity >= 2 && r.w >= 24 &&
	       r.h >= 4;
}

/* The range of the picture: the bins, and where you are when it is near. */
static void fit(struct view *v)
{
	const struct break_even *be = v->be;
	double low = be->density_at[0];
	double high = be->density_at[be->ndensity - 1];
	double reach = be->log ? high / low : 0;

	if (be->log && be->here > 0 && be->here < low &&
	    low / be->here < reach)
		low = be->here;
	if (be->log && be->here > high && be->here / high < reach)
		high = be->here;
	axis_fit(&v->x, low, high, be->log, 0);
}

static void draw_words(const struct view *v, struct rect words)
{
	struct buf b = BUF_INIT;

	chart_density_text(&b, v->be);
	grid_wrap(v->g, words, ROLE_TEXT, b.s);
	buf_release(&b);
}

void chart_density(struct grid *g, struct rect r, const struct break_even *be)
{
	struct view v = { .g = g, .whole = r, .be = be };
	struct rect words = r;

	if (!drawable(be, r)) {
		struct buf b = BUF_INIT;

		chart_density_text(&b, be);
		grid_wrap(g, r, ROLE_TEXT, b.s);
		buf_release(&b);
		return;
	}
	if (r.h >= 7) {
		words = rect_bottom(&r, 2);
		v.whole = r;
	}
	v.plot = (struct rect){ r.x + 1, r.y, r.w - 2, r.h - 2 };
	fit(&v);
	draw_columns(&v);
	draw_axis(&v, r.y + r.h - 2);
	if (words.y > r.y)
		draw_words(&v, words);
}

void chart_density_text(struct buf *out, const struct break_even *be)
{
	double crosses;

	if (!be || be->draws <= 0) {
		buf_add(out, "No distribution of the break-even yet.");
		return;
	}
	crosses = 1 - be->p_never - be->p_always;
	if (!(crosses > 0) || !isfinite(be->p50)) {
		buf_add(out, "No draw has a break-even of ");
		chart_title(out, be->title);
		buf_add(out, ": the option held today costs least "
		        "everywhere in ");
		words_percent(out, be->p_never);
		buf_add(out, " of them, its rival in ");
		words_percent(out, be->p_always);
		buf_addc(out, '.');
		return;
	}
	buf_add(out, "Break-even of ");
	chart_title(out, be->title);
	buf_add(out, ": half of the crossings below ");
	words_quantity(out, be->p50, be->unit);
	buf_add(out, ", 90 % between ");
	num_human(out, be->p5, 3);
	buf_add(out, " and ");
	num_human(out, be->p95, 3);
	if (be->p_never > 0) {
		buf_add(out, "; never in ");
		words_percent(out, be->p_never);
		buf_add(out, " of the draws");
	}
	if (be->p_always > 0) {
		buf_add(out, "; always in ");
		words_percent(out, be->p_always);
	}
	buf_addc(out, '.');
}
