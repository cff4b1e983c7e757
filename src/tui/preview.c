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

static void draw_columns(const struct preview *p, struct grid *g,
                         struct rect line, int from)
{
	static const char ascii[] = " .:-=+*%#";

	for (int i = 0; i < PREVIEW_COLUMNS; i++) {
		double at = p->column[i];
		int e = (int)floor(at * 8 + 0.5);

		e += e == 0 && at > 0.004;
		grid_put(g, line, line.x + from + i, line.y,
		         g->ascii ? (uint32_t)ascii[e]
		                  : e ? 0x2580u + (uint32_t)e : ' ',
		         ROLE_DOWN);
	}
}

static void add(struct buf *b, const char *word, double v)
{
	buf_add(b, word);
	num_human(b, v, 3);
}

void preview_draw(const struct preview *p, const char *unit, struct grid *g,
                  struct rect line)
{
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
	if (!p->fixed && utf8_width(b.s) + PREVIEW_COLUMNS + 3 <= line.w) {
		draw_columns(p, g, line, 1);
		line.x += PREVIEW_COLUMNS + 2;
		line.w -= PREVIEW_COLUMNS + 2;
	}
	grid_text(g, line, line.x + 1, line.y, ROLE_TEXT, b.s);
	buf_release(&b);
}
