/*
 * The options side by side: a table whose last columns give way when the pane
 * is narrow, and an interval plot when it is wide.
 */
#include "chart/chart.h"

#include <math.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/axis.h"
#include "chart/words.h"
#include "base/banned.h"

enum column { COL_MEAN, COL_LOW, COL_HIGH, COL_BEST, COL_REGRET, COL_N };

/* Columns in the order they are drawn; `from` is the pane's width from which
 * on one is shown. */
static const struct { const char *head; int w, from; } columns[COL_N] = {
	[COL_MEAN] = { "mean", 9, 0 },
	[COL_LOW] = { "p5", 9, 52 },
	[COL_HIGH] = { "p95", 9, 52 },
	[COL_BEST] = { "P(best)", 9, 0 },
	[COL_REGRET] = { "regret", 9, 64 },
};

static double cell(const struct option_result *o, enum column c)
{
	const struct summary *s = &o->objective;

	switch (c) {
	case COL_MEAN:
		return isfinite(s->mean) ? s->mean : s->value;
	case COL_LOW:
		return s->p5;
	case COL_HIGH:
		return s->p95;
	case COL_BEST:
		return o->probability_best;
	default:
		return o->expected_regret;
	}
}

static int shown_width(int w)
{
	int sum = 0;

	for (int c = 0; c < COL_N; c++)
		sum += w >= columns[c].from ? columns[c].w : 0;
	return sum;
}

static void put_right(struct grid *g, struct rect r, int end, int y,
                      enum role role, const char *s)
{
	grid_text(g, r, end - utf8_width(s), y, role, s);
}

static void draw_numbers(struct grid *g, struct rect r, int x, int y,
                         const struct option_result *o, const char *unit,
                         enum role role)
{
	struct buf b = BUF_INIT;

	for (int c = 0; c < COL_N; c++) {
		double v = cell(o, c);

		if (r.w < columns[c].from)
			continue;
		x += columns[c].w;
		buf_clear(&b);
		if (!isfinite(v))
			buf_addc(&b, '-');
		else if (c == COL_BEST)
			num_prob(&b, v);
		else
			chart_amount(&b, v, unit);
		put_right(g, r, x, y, role, b.s);
	}
	buf_release(&b);
}

static void draw_head(struct grid *g, struct rect r, int x, int y,
                      const struct tradeoff *t)
{
	grid_textf(g, r, r.x + 2, y, ROLE_DIM, "%s", t->objective_unit);
	for (int c = 0; c < COL_N; c++) {
		if (r.w < columns[c].from)
			continue;
		x += columns[c].w;
		put_right(g, r, x, y, ROLE_DIM, columns[c].head);
	}
}

static bool can_be_taken(const struct option_result *o)
{
	return o->status == OPTION_OK;
}

static void draw_reason(struct grid *g, struct rect r, int x, int y,
                        const struct option_result *o)
{
	const char *why = o->nreasons ? o->reason_text ? o->reason_text[0]
	                                               : o->reason[0] : "";

	grid_textf(g, r, x + 2, y, ROLE_WARN, "%s%s%s",
	           option_status_names[o->status], *why ? ": " : "", why);
}

/* The 90 % interval with its mean, on an axis common to all options. */
static void draw_interval(struct grid *g, struct rect plot, int y,
                          const struct axis *a, const struct option_result *o,
                          int option)
{
	double from = axis_at(a, o->objective.p5);
	double to = axis_at(a, o->objective.p95);
	double mid = axis_at(a, cell(o, COL_MEAN));
	enum role role = chart_series_role(option);
	int w = plot.w - 1;

	for (int x = 0; x <= w; x++)
		if (x >= floor(from * w + 0.5) && x <= floor(to * w + 0.5))
			grid_put(g, plot, plot.x + x, y,
			         glyph_get(g, GLYPH_INTERVAL), role);
	if (isfinite(mid))
		grid_put(g, plot, plot.x + (int)floor(mid * w + 0.5), y,
		         glyph_get(g, GLYPH_POINT), role);
}

static struct axis interval_axis(const struct tradeoff *t)
{
	struct axis a;
	double low = HUGE_VAL, high = -HUGE_VAL;

	for (int i = 0; i < t->noptions; i++) {
		const struct option_result *o = &t->option[i];
		double mean = cell(o, COL_MEAN);

		if (!can_be_taken(o) || !isfinite(mean))
			continue;
		low = fmin(low, fmin(mean, o->objective.p5));
		high = fmax(high, fmax(mean, o->objective.p95));
	}
	axis_fit(&a, low, high, low > 0 && high > 20 * low, 0);
	return a;
}

static int name_width(struct rect r)
{
	int left = r.w - shown_width(r.w) - 2;

	return left > 24 ? 24 : left < 6 ? 6 : left;
}

void chart_options_table(struct grid *g, struct rect r,
                         const struct tradeoff *t)
{
	int name = name_width(r), x = r.x + 2 + name;
	struct axis a = interval_axis(t);
	struct rect plot = r, names = { r.x, r.y, 2 + name, r.h };

	rect_left(&plot, 2 + name + shown_width(r.w) + 2);
	draw_head(g, r, x, r.y, t);
	for (int i = 0; i < t->noptions && i + 1 < r.h; i++) {
		const struct option_result *o = &t->option[i];
		bool best = i == t->verdict.option;
		int y = r.y + 1 + i;
		enum role role = best ? ROLE_BEST : ROLE_TEXT;

		if (best)
			grid_put(g, r, r.x, y, glyph_get(g, GLYPH_POINTER),
			         role);
		grid_text(g, names, r.x + 2, y, role, o->title);
		if (!can_be_taken(o)) {
			draw_reason(g, r, x, y, o);
			continue;
		}
		draw_numbers(g, r, x, y, o, t->objective_unit, role);
		if (plot.w >= 16)
			draw_interval(g, plot, y, &a, o, i);
	}
}
