/*
 * From what a figure was to what it is, one change a row:
 *
 *	then                 ############                     5.36k
 *	price of tokens           -------                    -2.10k
 *	requests per day          ++++++++++++               +4.00k
 *	now                  #################                7.26k
 *
 * Totals are full, rises shaded, falls light; glyphs differ, not only colours.
 */
#include "chart/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/words.h"
#include "result/comparison.h"
#include "base/banned.h"

struct bar { const char *name; double from, to; bool total; };

struct bars {
	struct bar *bar;
	int n;
	double low, high;               /* of what is shown */
};

static const struct figure_change *figure(const struct comparison *c, int t,
                                          int f)
{
	return c && t >= 0 && t < c->ntrades && f >= 0 && f < COMPARE_FIGURES
		? &c->trade[t].figure[f] : NULL;
}

/* The groups by size of their share. */
static int *by_size(const struct figure_change *f, int n)
{
	int *order = xcalloc((size_t)n + 1, sizeof *order);

	for (int i = 0; i < n; i++) {
		int k = i;

		while (k > 0 && fabs(f->share[order[k - 1]]) <
		       fabs(f->share[i])) {
			order[k] = order[k - 1];
			k--;
		}
		order[k] = i;
	}
	return order;
}

/* At most `most` changes; the smallest ones together. */
static void make_bars(struct bars *b, const struct comparison *c,
                      const struct figure_change *f, int most)
{
	int *order = by_size(f, c->ngroups), shown = c->ngroups;
	double at = f->then;

	if (shown > most)
		shown = most > 1 ? most - 1 : 0;
	b->bar = xcalloc((size_t)shown + 3, sizeof *b->bar);
	b->bar[b->n++] = (struct bar){ c->then, 0, at, true };
	for (int i = 0; i < shown; i++) {
		double to = at + f->share[order[i]];

		b->bar[b->n++] = (struct bar){ c->group[order[i]], at, to,
		                               false };
		at = to;
	}
	if (shown < c->ngroups)
		b->bar[b->n++] = (struct bar){ "all others", at, f->now,
		                               false };
	b->bar[b->n++] = (struct bar){ c->now, 0, f->now, true };
	free(order);
	b->low = b->high = b->bar[0].to;
	for (int i = 0; i < b->n; i++) {
		b->low = fmin(b->low, b->bar[i].to);
		b->high = fmax(b->high, b->bar[i].to);
	}
	/* amounts stand on zero, unless all of them are far from it */
	if (b->low > 0 && b->low < 0.6 * b->high)
		b->low = 0;
	else if (b->high < 0 && b->high > 0.6 * b->low)
		b->high = 0;
	else if (b->low > 0)
		b->low -= 0.5 * (b->high - b->low) + 1e-3 * b->high;
	if (!(b->high > b->low))
		b->high = b->low + 1;
}

/* "build-vs-buy/parameters/price_in@api_closed" -> "price_in@api_closed" */
static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void add_amount(struct buf *b, const struct bar *bar, const char *unit)
{
	double v = bar->total ? bar->to : bar->to - bar->from;

	if (!bar->total)
		buf_addc(b, v < 0 ? '-' : '+');
	chart_amount(b, bar->total ? v : fabs(v), unit);
}

static int column(const struct bars *b, struct rect plot, double v)
{
	double t = (v - b->low) / (b->high - b->low);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return plot.x + (int)floor(t * plot.w + 0.5);
}

static void draw_bar(struct grid *g, struct rect plot, int y,
                     const struct bars *b, const struct bar *bar)
{
	double zero = b->low > 0 ? b->low : b->high < 0 ? b->high : 0;
	double from = bar->total ? zero : bar->from;
	int x = column(b, plot, fmin(from, bar->to));
	int end = column(b, plot, fmax(from, bar->to));
	bool rise = bar->to >= bar->from;
	uint32_t cp = glyph_get(g, bar->total ? GLYPH_FULL
	                        : rise ? GLYPH_SHADE : GLYPH_LIGHT);

	if (g->ascii && !bar->total)
		cp = rise ? '+' : '-';
	if (end <= x)
		end = x + 1;
	for (; x < end; x++)
		grid_put(g, plot, x, y, cp, bar->total ? ROLE_SERIES_A
		         : rise ? ROLE_UP : ROLE_DOWN);
}

static void draw_row(struct grid *g, struct rect r, const struct bars *b,
                     int i, int label, int amount, const char *unit)
{
	struct rect name = { r.x, r.y + i, label - 1, 1 };
	struct rect plot = { r.x + label, r.y + i,
	                     r.w - label - amount - 1, 1 };
	struct buf text = BUF_INIT;

	grid_text(g, name, r.x, r.y + i, b->bar[i].total ? ROLE_TITLE
	          : ROLE_TEXT, b->bar[i].total ? b->bar[i].name
	          : short_name(b->bar[i].name));
	draw_bar(g, plot, r.y + i, b, &b->bar[i]);
	add_amount(&text, &b->bar[i], unit);
	grid_text(g, r, r.x + r.w - utf8_width(text.s), r.y + i, ROLE_TEXT,
	          text.s);
	buf_release(&text);
}

static int widest(const struct bars *b, const char *unit)
{
	int w = 0;

	for (int i = 0; i < b->n; i++) {
		struct buf text = BUF_INIT;

		add_amount(&text, &b->bar[i], unit);
		if (utf8_width(text.s) > w)
			w = utf8_width(text.s);
		buf_release(&text);
	}
	return w;
}

void chart_waterfall(struct grid *g, struct rect r,
                     const struct comparison *c, int t, int f)
{
	const struct figure_change *fig = figure(c, t, f);
	struct bars b = { .n = 0 };
	int label = r.w / 3 > 34 ? 34 : r.w / 3, amount;

	if (!fig || !fig->share || r.w < 30 || r.h < 4) {
		struct buf text = BUF_INIT;

		chart_waterfall_text(&text, c, t, f);
		grid_wrap(g, r, ROLE_TEXT, text.s);
		buf_release(&text);
		return;
	}
	grid_textf(g, r, r.x, r.y, ROLE_DIM, "%s: %s%s%s", c->trade[t].title,
	           fig->title, *words_unit(fig->unit) ? ", " : "",
	           words_unit(fig->unit));
	r.y++;
	r.h--;
	make_bars(&b, c, fig, r.h - 2);
	amount = widest(&b, fig->unit);
	for (int i = 0; i < b.n && i < r.h; i++)
		draw_row(g, r, &b, i, label, amount, fig->unit);
	free(b.bar);
}

void chart_waterfall_text(struct buf *out, const struct comparison *c, int t,
                          int f)
{
	const struct figure_change *fig = figure(c, t, f);
	int *order;

	if (!fig) {
		buf_add(out, "Nothing to compare yet.");
		return;
	}
	buf_addf(out, "%s, %s: ", c->trade[t].title, fig->title);
	if (!isfinite(fig->then) || !isfinite(fig->now)) {
		buf_add(out, "there is none on both sides.");
		return;
	}
	buf_add(out, "from ");
	words_quantity(out, fig->then, fig->unit);
	buf_add(out, " to ");
	words_quantity(out, fig->now, fig->unit);
	order = fig->share ? by_size(fig, c->ngroups) : NULL;
	for (int i = 0; order && i < c->ngroups && i < 3; i++) {
		double v = fig->share[order[i]];

		buf_addf(out, "%s%s %c", i ? ", " : "; ",
		         short_name(c->group[order[i]]), v < 0 ? '-' : '+');
		words_quantity(out, fabs(v), NULL);
	}
	free(order);
	buf_addc(out, '.');
}
