#include "tui/preview.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/bound.h"
#include "model/scenario.h"
#include "tui/state.h"
#include "base/banned.h"

#define TAIL 0.005              /* of the draws left out at either end */

#define SMALLEST 6              /* columns that still say something */

/* Columns of equal width: the share of the draws in each; of values far apart
 * the columns are of equal ratio, as the charts' axes are. */
static void fill(struct preview *p, const struct dist *d, double unit)
{
	double low = dist_quantile(d, TAIL), high = dist_quantile(d, 1 - TAIL);
	bool ratio = low > 0 && high > 30 * low;
	double last = 0, top = 0;

	p->low = low / unit;
	p->high = high / unit;
	for (int i = 0; i < PREVIEW_COLUMNS; i++) {
		double t = (i + 1.0) / PREVIEW_COLUMNS;
		double at = ratio ? low * pow(high / low, t)
		                  : low + t * (high - low);
		double sum = i + 1 < PREVIEW_COLUMNS ? dist_cdf(d, at) : 1;

		p->column[i] = fmax(sum - last, 0);
		top = fmax(top, p->column[i]);
		last = sum;
	}
	for (int i = 0; i < PREVIEW_COLUMNS && top > 0; i++)
		p->column[i] /= top;
}

static void read_law(struct preview *p, const struct slot *s)
{
	double unit = slot_unit(s)->scale;
	const struct dist *d = s->dist;

	if (s->kind != SLOT_INPUT || !d || !s->param ||
	    s->param->type == TYPE_LABEL || s->param->type == TYPE_BOOL)
		return;
	p->known = true;
	p->fixed = dist_is_point(d);
	p->mean = dist_mean(d) / unit;
	p->p5 = dist_quantile(d, 0.05) / unit;
	p->p95 = dist_quantile(d, 0.95) / unit;
	if (!p->fixed)
		fill(p, d, unit);
}

void preview_read(struct state *st, const char *name)
{
	struct err err = ERR_INIT;
	struct scenario *s = NULL;
	struct bound *b;
	int slot;

	st->preview = (struct preview){ .known = false };
	if (!st->editor.text.len)
		return;
	b = state_try(st, name, st->editor.text.s, &s, &err);
	slot = b ? bound_slot(b, -1, name, &err) : -1;
	if (slot >= 0)
		read_law(&st->preview, &b->slot[slot]);
	err_clear(&err);        /* told when the value is taken */
	bound_free(b);
	scenario_free(s);
}

/* In ASCII one row has nine shades, more rows are whole cells. */
static uint32_t column_glyph(const struct grid *g, int rows, int eighths)
{
	static const char shade[] = " .:-=+*%#";

	if (eighths <= 0)
		return ' ';
	if (g->ascii)
		return (uint32_t)(rows == 1 ? shade[eighths]
		                            : eighths >= 4 ? '#' : '.');
	return 0x2580u + (uint32_t)eighths;
}

static void draw_columns(const struct preview *p, struct grid *g,
                         struct rect r)
{
	for (int i = 0; i < r.w; i++) {
		double at = p->column[i * PREVIEW_COLUMNS / r.w];
		int e = (int)floor(at * 8 * r.h + 0.5);

		e += e == 0 && at > 0.004;
		for (int y = r.h - 1; y >= 0; y--, e -= 8)
			grid_put(g, r, r.x + i, r.y + y,
			         column_glyph(g, r.h, e > 8 ? 8 : e),
			         ROLE_DOWN);
	}
}

/* Columns below the figures, with the ends that they span. */
static void draw_below(const struct preview *p, struct grid *g, struct rect r)
{
	struct rect line = rect_bottom(&r, 1);
	struct buf b = BUF_INIT;

	r.x++;
	r.w = r.w > PREVIEW_COLUMNS ? PREVIEW_COLUMNS : r.w - 1;
	line.x++;
	draw_columns(p, g, r);
	num_human(&b, p->low, 2);
	grid_text(g, line, line.x, line.y, ROLE_AXIS, b.s);
	buf_clear(&b);
	num_human(&b, p->high, 2);
	grid_text(g, line, line.x + r.w - utf8_width(b.s), line.y,
	          ROLE_AXIS, b.s);
	buf_release(&b);
}

static void add(struct buf *b, const char *word, double v)
{
	buf_add(b, word);
	num_human(b, v, 3);
}

void preview_draw(const struct preview *p, const char *unit, struct grid *g,
                  struct rect r)
{
	struct rect line = rect_top(&r, 1);
	struct buf b = BUF_INIT;

	if (!p->known)
		return;
	if (p->fixed) {
		add(&b, "exactly ", p->mean);
	} else {
		add(&b, "mean ", p->mean);
		add(&b, "  P5 ", p->p5);
		add(&b, "  P95 ", p->p95);
	}
	if (unit && *unit && strcmp(unit, "1") != 0)
		buf_addf(&b, " %s", unit);
	if (!p->fixed && r.h >= 2) {
		draw_below(p, g, r);
	} else if (!p->fixed && utf8_width(b.s) + SMALLEST + 3 <= line.w) {
		struct rect in = line;

		in.x++;
		in.w = line.w - utf8_width(b.s) - 3;
		if (in.w > PREVIEW_COLUMNS)
			in.w = PREVIEW_COLUMNS;
		draw_columns(p, g, in);
		line.x += in.w + 2;
		line.w -= in.w + 2;
	}
	grid_text(g, line, line.x + 1, line.y, ROLE_TEXT, b.s);
	buf_release(&b);
}
