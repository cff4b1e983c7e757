/* The drawings of a record's page. */
#include "chart/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/axis.h"
#include "chart/chart.h"
#include "chart/words.h"
#include "base/banned.h"

/* Narrow, so that type stays readable on a phone. */
#define W 480.0
#define EDGE 14.0
#define ROW 42.0
#define DRIVER 56.0             /* a row of the drivers */
#define DRIVERS 8
#define LETTERS 58              /* that fit into a row */

void svg_escaped(struct buf *out, const char *s)
{
	static const struct { char c; const char *as; } marks[] = {
		{ '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};
	struct buf safe = BUF_INIT;

	utf8_safe(&safe, s ? s : "", false);
	for (const char *c = safe.s; *c; c++) {
		const char *as = NULL;

		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (marks[i].c == *c)
				as = marks[i].as;
		if (as)
			buf_add(out, as);
		else
			buf_addc(out, *c);
	}
	buf_release(&safe);
}

void svg_text(struct buf *out, double x, double y, const char *anchor,
              const char *css, const char *s)
{
	buf_addf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"",
	         x, y, anchor);
	if (css)
		buf_addf(out, " class=\"%s\"", css);
	buf_addc(out, '>');
	svg_escaped(out, s);
	buf_add(out, "</text>\n");
}

static double across(const struct axis *a, double v)
{
	double t = axis_at(a, v);

	return EDGE + (W - 2 * EDGE) * (t < 0 ? 0 : t > 1 ? 1 : t);
}

/* The picture's frame; its sentence is what a screen reader says. */
static void begin(struct buf *out, double height, const char *sentence)
{
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
	         "viewBox=\"0 0 %g %.0f\">\n<title>", W, height);
	svg_escaped(out, sentence);
	buf_add(out, "</title>\n");
}

static void line(struct buf *out, const char *css, double x0, double y0,
                 double x1, double y1)
{
	buf_addf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" "
	         "x2=\"%.1f\" y2=\"%.1f\"/>\n", css, x0, y0, x1, y1);
}

static void box(struct buf *out, const char *css, double x0, double x1,
                double y, double h)
{
	buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" "
	         "width=\"%.1f\" height=\"%.1f\"/>\n", css, fmin(x0, x1), y,
	         fmax(fabs(x1 - x0), 1), h);
}

/* Ticks under the picture, lines through it, and what the axis counts. */
static void scale(struct buf *out, const struct axis *a, double top, double y,
                  const char *what)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < a->nticks; i++) {
		double x = across(a, a->tick[i]);

		buf_clear(&b);
		axis_label(&b, a, a->tick[i]);
		line(out, "grid", x, top, x, y);
		svg_text(out, x, y + 15, x < 40 ? "start" : x > W - 40 ? "end"
		         : "middle", "dim", b.s);
	}
	line(out, "axis", EDGE, y, W - EDGE, y);
	svg_text(out, W - EDGE, y + 32, "end", "dim", what);
	buf_release(&b);
}

/* What a row is about, cut to the picture's width. */
static void row_title(struct buf *out, double y, bool strong, const char *s)
{
	struct buf b = BUF_INIT;

	utf8_cut(&b, s, LETTERS, false);
	svg_text(out, EDGE, y, "start", strong ? "strong" : NULL, b.s);
	buf_release(&b);
}

/* --- options ---------------------------------------------------------- */

static double middle(const struct tradeoff *t, const struct option_result *o)
{
	return t->point ? o->objective.value : o->objective.mean;
}

static bool drawn(const struct tradeoff *t, const struct option_result *o)
{
	return o->status == OPTION_OK && result_has(middle(t, o)) &&
	       (t->point || (result_has(o->objective.p5) &&
	                     result_has(o->objective.p95)));
}

/* A logarithmic axis where options lie a factor of thirty apart. */
static int fit_options(const struct tradeoff *t, struct axis *a)
{
	double low = INFINITY, high = -INFINITY;
	int n = 0;

	for (int i = 0; i < t->noptions; i++) {
		const struct option_result *o = &t->option[i];

		if (!drawn(t, o))
			continue;
		n++;
		low = fmin(low, middle(t, o));
		high = fmax(high, middle(t, o));
		if (!t->point) {
			low = fmin(low, o->objective.p5);
			high = fmax(high, o->objective.p95);
		}
	}
	if (n)
		axis_fit(a, low > 0 && high / low < 30 ? 0 : low, high,
		         low > 0 && high / low >= 30, 5);
	return n;
}

static void option_row(struct buf *out, const struct tradeoff *t, int i,
                       const struct axis *a, double y)
{
	const struct option_result *o = &t->option[i];
	struct buf b = BUF_INIT, css = BUF_INIT;

	buf_add(&b, o->title);
	if (i == t->verdict.option)
		buf_add(&b, " (advised)");
	row_title(out, y, i == t->verdict.option, b.s);
	buf_clear(&b);
	if (drawn(t, o)) {
		chart_amount(&b, middle(t, o), t->objective_unit);
		buf_addf(&css, "s%d", i % 6);
		if (!t->point)
			box(out, css.s, across(a, o->objective.p5),
			    across(a, o->objective.p95), y + 8, 10);
		buf_addf(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" "
		         "r=\"5\"/>\n", across(a, middle(t, o)), y + 13);
	} else {
		buf_add(&b, o->status == OPTION_BARRED ? "barred by a rule"
		        : "cannot be taken");
	}
	svg_text(out, W - EDGE, y, "end", "dim", b.s);
	buf_release(&css);
	buf_release(&b);
}

void chart_options_svg(struct buf *out, const struct tradeoff *t)
{
	struct axis a;
	struct buf b = BUF_INIT;
	double bottom = 8 + ROW * t->noptions;

	if (!fit_options(t, &a))
		return;
	buf_addf(&b, "%s of each option in %s: %s", t->objective_name,
	         t->objective_unit, t->point ? "central value" :
	         "mean and 90 % interval");
	begin(out, bottom + 40, b.s);
	scale(out, &a, 6, bottom, b.s);
	for (int i = 0; i < t->noptions; i++)
		option_row(out, t, i, &a, 20 + ROW * i);
	buf_add(out, "</svg>\n");
	buf_release(&b);
}

/* --- drivers ---------------------------------------------------------- */

static double swing(const struct sensitivity *s)
{
	double w = fabs(s->swing_high - s->swing_low);

	return isfinite(w) ? w : -1;
}

static int by_swing(const void *a, const void *b)
{
	const struct sensitivity *const *p = a, *const *q = b;
	double d = swing(*q) - swing(*p);

	return d > 0 ? 1 : d < 0 ? -1 : strcmp((*p)->parameter,
	                                       (*q)->parameter);
}

static double driver_top(int row)
{
	return 20 + DRIVER * row;
}

/* The words stand above the bar: what it is, and what moves it how far. */
static void driver_words(struct buf *out, const struct sensitivity *s,
                         bool rising, double y)
{
	struct buf b = BUF_INIT;

	row_title(out, y, s->flips, s->title);
	buf_addf(&b, "%s to %s%s", rising ? s->low_text : s->high_text,
	         rising ? s->high_text : s->low_text,
	         s->flips ? "; flips the advice" : "");
	svg_text(out, EDGE, y + 15, "start", "dim", b.s);
	buf_release(&b);
}

/* Bars, then the line at zero, then words, which must stay readable. */
static void draw_drivers(struct buf *out, const struct sensitivity *const *s,
                         int n, const struct axis *a, double bottom)
{
	for (int i = 0; i < n; i++)
		box(out, s[i]->flips ? "warn" : "bar",
		    across(a, s[i]->swing_low), across(a, s[i]->swing_high),
		    driver_top(i) + 21, 10);
	line(out, "zero", across(a, 0), 6, across(a, 0), bottom);
	for (int i = 0; i < n; i++)
		driver_words(out, s[i], s[i]->swing_high >= s[i]->swing_low,
		             driver_top(i));
}

void chart_tornado_svg(struct buf *out, const struct tradeoff *t)
{
	const struct sensitivity **s = xcalloc((size_t)t->nsensitivity + 1,
	                                       sizeof *s);
	double low = 0, high = 0, bottom;
	struct buf b = BUF_INIT;
	struct axis a;
	int n = 0;

	for (int i = 0; i < t->nsensitivity; i++)
		if (swing(&t->sensitivity[i]) > 0)
			s[n++] = &t->sensitivity[i];
	qsort((void *)s, (size_t)n, sizeof *s, by_swing);
	n = n > DRIVERS ? DRIVERS : n;
	for (int i = 0; i < n; i++) {
		low = fmin(low, fmin(s[i]->swing_low, s[i]->swing_high));
		high = fmax(high, fmax(s[i]->swing_low, s[i]->swing_high));
	}
	bottom = 8 + DRIVER * n;
	if (n) {
		axis_fit(&a, low, high, false, 5);
		chart_tornado_text(&b, t);
		begin(out, bottom + 40, b.s);
		buf_clear(&b);
		buf_addf(&b, "advantage in %s; below 0 the advice flips",
		         t->objective_unit);
		scale(out, &a, 6, bottom, b.s);
		draw_drivers(out, s, n, &a, bottom);
		buf_add(out, "</svg>\n");
	}
	buf_release(&b);
	free(s);
}

/* --- break-evens ------------------------------------------------------ */

#define TALL 110.0
#define BASE 34.0

static double level(double density, double most)
{
	return BASE + TALL * (1 - density / most);
}

/* The curve's part from one place to another, closed along the axis. */
static void area(struct buf *out, const struct break_even *be,
                 const struct axis *a, const char *css, double low,
                 double high, double most)
{
	double from = NAN, to = NAN;

	buf_addf(out, "<polygon class=\"%s\" points=\"", css);
	for (int i = 0; i < be->ndensity; i++) {
		double x = be->density_at[i];

		if (x < low || x > high)
			continue;
		if (isnan(from))
			buf_addf(out, "%.1f,%.1f ", across(a, from = x),
			         BASE + TALL);
		buf_addf(out, "%.1f,%.1f ", across(a, to = x),
		         level(be->density[i], most));
	}
	if (isfinite(to))
		buf_addf(out, "%.1f,%.1f", across(a, to), BASE + TALL);
	buf_add(out, "\"/>\n");
}

static void mark(struct buf *out, const struct axis *a, double v, double y,
                 const char *css, const char *word)
{
	double t = axis_at(a, v), x = across(a, v);
	struct buf b = BUF_INIT;

	if (t >= 0 && t <= 1) {
		buf_addf(&b, "%s ", word);
		num_human(&b, v, 3);
		line(out, css, x, y + 3, x, BASE + TALL);
		svg_text(out, x, y, x < 70 ? "start" : x > W - 70 ? "end"
		         : "middle", NULL, b.s);
	}
	buf_release(&b);
}

/* The bins, and where the scenario stands when that is near. */
static void fit_density(const struct break_even *be, struct axis *a)
{
	double low = be->density_at[0];
	double high = be->density_at[be->ndensity - 1];
	double reach = be->log ? high / low : 1;

	if (be->log && be->here > 0 && be->here < low &&
	    low / be->here < reach)
		low = be->here;
	if (be->log && be->here > high && be->here / high < reach)
		high = be->here;
	axis_fit(a, low, high, be->log, 5);
}

void chart_density_svg(struct buf *out, const struct break_even *be)
{
	struct buf b = BUF_INIT;
	double most = 0;
	struct axis a;

	for (int i = 0; be->draws > 0 && i < be->ndensity; i++)
		most = fmax(most, be->density[i]);
	if (be->ndensity < 2 || !(most > 0))
		return;
	fit_density(be, &a);
	chart_density_text(&b, be);
	begin(out, TALL + BASE + 40, b.s);
	buf_clear(&b);
	buf_addf(&b, "%s", be->title);
	if (*words_unit(be->unit))
		buf_addf(&b, ", %s", be->unit);
	scale(out, &a, BASE, BASE + TALL, b.s);
	area(out, be, &a, "tail", -INFINITY, INFINITY, most);
	area(out, be, &a, "core", be->p5, be->p95, most);
	mark(out, &a, be->p50, 28, "zero", "half below");
	mark(out, &a, be->here, 13, "here", "today");
	buf_add(out, "</svg>\n");
	buf_release(&b);
}
