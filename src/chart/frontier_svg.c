/*
 * The map of two parameters as a drawing: regions as runs of the label grid,
 * boundaries as strong lines, contours of the probability as thin ones.
 */
#include "chart/chart.h"

#include <math.h>

#include "base/buf.h"
#include "chart/axis.h"
#include "chart/svg.h"
#include "chart/words.h"
#include "base/banned.h"

#define W 640.0
#define H 440.0
#define LEFT 70.0
#define TOP 16.0
#define ROW 20.0

/* Okabe and Ito's palette, which colour-blind readers can tell apart. */
static const char *const hue[] = {
	"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
};

static const char *hue_of(int option)
{
	return option < 0 ? "#999999" :
	       hue[option % (int)(sizeof hue / sizeof *hue)];
}

struct view {
	struct buf *out;
	const struct frontier *f;
	struct axis x, y;
};

static double across(const struct view *v, double x)
{
	return LEFT + W * axis_at(&v->x, x);
}

static double down(const struct view *v, double y)
{
	return TOP + H * (1 - axis_at(&v->y, y));
}

static void text(const struct view *v, double x, double y, const char *anchor,
                 const char *s)
{
	svg_text(v->out, x, y, anchor, NULL, s);
}

/* A label stands for the square around its node. */
static void draw_regions(const struct view *v)
{
	const struct frontier *f = v->f;
	int side = f->n + 1;
	double w = W / side, h = H / side;

	for (int j = 0; j < side; j++)
		for (int i = 0, run; i < side; i += run) {
			const signed char *l = f->label + j * side + i;

			for (run = 1; i + run < side && l[run] == *l; run++)
				;
			buf_addf(v->out, "<rect x=\"%.2f\" y=\"%.2f\" "
			         "width=\"%.2f\" height=\"%.2f\" fill=\"%s\" "
			         "fill-opacity=\".25\"/>\n", LEFT + i * w,
			         TOP + H - (j + 1) * h, run * w, h,
			         hue_of(*l));
		}
}

static void draw_line(const struct view *v, const struct frontier_line *l)
{
	bool contour = !isnan(l->level);

	buf_add(v->out, "<polyline fill=\"none\" points=\"");
	for (int i = 0; i < l->n; i++)
		buf_addf(v->out, "%s%.2f,%.2f", i ? " " : "",
		         across(v, l->x[i]), down(v, l->y[i]));
	if (!contour)
		buf_add(v->out, "\" stroke=\"#222222\" stroke-width=\"2\"/>\n");
	else
		buf_addf(v->out, "\" stroke=\"%s\" stroke-dasharray=\"%s\"/>\n",
		         hue_of(l->a), l->level < 0.3 ? "1 3" :
		         l->level < 0.7 ? "4 3" : "9 3");
}

static void draw_axes(const struct view *v)
{
	struct buf b = BUF_INIT;

	buf_addf(v->out, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" "
	         "fill=\"none\" stroke=\"#666666\"/>\n", LEFT, TOP, W, H);
	for (int i = 0; i < v->x.nticks; i++) {
		buf_clear(&b);
		axis_label(&b, &v->x, v->x.tick[i]);
		text(v, across(v, v->x.tick[i]), TOP + H + ROW, "middle",
		     b.s);
	}
	for (int i = 0; i < v->y.nticks; i++) {
		buf_clear(&b);
		axis_label(&b, &v->y, v->y.tick[i]);
		text(v, LEFT - 6, down(v, v->y.tick[i]) + 4, "end", b.s);
	}
	buf_release(&b);
}

static void draw_here(const struct view *v)
{
	double x = axis_at(&v->x, v->f->x.here);
	double y = axis_at(&v->y, v->f->y.here);

	if (x >= 0 && x <= 1 && y >= 0 && y <= 1)
		buf_addf(v->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"5\" "
		         "fill=\"none\" stroke=\"#000000\" "
		         "stroke-width=\"2\"><title>you are here</title>"
		         "</circle>\n", LEFT + W * x, TOP + H * (1 - y));
}

static double draw_key(const struct view *v, double y)
{
	const struct frontier *f = v->f;

	for (int o = 0; o < f->noptions; o++) {
		if (!(f->share[o] > 0))
			continue;
		buf_addf(v->out, "<rect x=\"%g\" y=\"%g\" width=\"12\" "
		         "height=\"12\" fill=\"%s\" fill-opacity=\".4\"/>\n",
		         LEFT, y - 10, hue_of(o));
		text(v, LEFT + 18, y, "start", f->title[o]);
		y += ROW;
	}
	if (f->best)
		text(v, LEFT, y, "start", "Lines: where the expected best "
		     "changes; dots, dashes, long dashes: best in 10, 50, "
		     "90 % of draws");
	return y + ROW;
}

static void axis_title(struct buf *b, const char *where,
                       const struct frontier_axis *a)
{
	buf_addf(b, "%s: %s", where, a->title);
	if (*words_unit(a->unit))
		buf_addf(b, ", %s", a->unit);
}

void chart_frontier_svg(struct buf *out, const struct frontier *f)
{
	struct view v = { .out = out, .f = f };
	struct buf b = BUF_INIT;
	int rows = 4;

	for (int o = 0; o < f->noptions; o++)
		rows += f->share[o] > 0;
	axis_fit(&v.x, f->x.low, f->x.high, f->x.log, 8);
	axis_fit(&v.y, f->y.low, f->y.high, f->y.log, 8);
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	         "viewBox=\"0 0 %g %g\" font-family=\"sans-serif\" "
	         "font-size=\"13\">\n<title>", W + LEFT + 20,
	         TOP + H + ROW * (rows + 1));
	chart_frontier_text(&b, f);
	svg_escaped(out, b.s);
	buf_add(out, "</title>\n<rect width=\"100%\" height=\"100%\" "
	        "fill=\"#ffffff\"/>\n");
	draw_regions(&v);
	for (int i = 0; i < f->nlines; i++)
		draw_line(&v, &f->line[i]);
	draw_axes(&v);
	draw_here(&v);
	buf_clear(&b);
	axis_title(&b, "Right", &f->x);
	axis_title(&b, "; up", &f->y);
	text(&v, LEFT, TOP + H + 2 * ROW, "start", b.s);
	draw_key(&v, TOP + H + 3 * ROW);
	buf_add(out, "</svg>\n");
	buf_release(&b);
}
