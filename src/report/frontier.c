/*
 * The map of two parameters: text with the map in characters, JSON with lines
 * and regions, CSV with a row a point.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "chart/chart.h"
#include "report/json.h"
#include "report/text.h"

#include "base/banned.h"

#define MAP_ROWS 24

static const char *name_of(const struct frontier *f, int option)
{
	return option < 0 ? NULL : f->option[option];
}

/* --- text --------------------------------------------------------------- */

static void add_map(struct buf *out, const struct text_style *st,
                    const struct frontier *f)
{
	struct rect all = { 0, 0, text_room(st) - 4, MAP_ROWS };
	struct buf roles = BUF_INIT, map = BUF_INIT;
	struct grid g;

	if (all.w > 100)
		all.w = 100;
	grid_init(&g, all.w, all.h, st->ascii);
	chart_frontier(&g, all, f);
	grid_print(&g, &map, &roles);
	for (const char *line = map.s; line && *line; ) {
		const char *end = strchr(line, '\n');
		size_t n = end ? (size_t)(end - line) : strlen(line);

		buf_add(out, n ? "    " : "");
		buf_addn(out, line, n);
		buf_addc(out, '\n');
		line = end ? end + 1 : NULL;
	}
	buf_release(&roles);
	buf_release(&map);
	grid_release(&g);
}

static void add_corners(struct buf *out, const struct text_style *st,
                        const struct frontier *f)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < f->ncorners; i++) {
		const struct frontier_corner *c = &f->corner[i];

		if (c->n < 3)
			continue;
		for (int k = 0; k < c->n; k++)
			buf_addf(&b, "%s%s", !k ? "" : k + 1 < c->n ? ", " :
			         " and ", f->title[c->option[k]]);
		buf_add(&b, " meet near ");
		text_number(&b, c->x, f->x.unit);
		buf_add(&b, " and ");
		text_number(&b, c->y, f->y.unit);
		text_wrap(out, st, 4, 2, b.s);
		buf_clear(&b);
	}
	buf_release(&b);
}

void text_frontier(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t)
{
	const struct frontier *f = t->frontier;
	struct buf b = BUF_INIT;

	chart_frontier_text(&b, f);
	text_wrap(out, st, 2, 0, b.s);
	buf_addc(out, '\n');
	add_map(out, st, f);
	buf_addc(out, '\n');
	add_corners(out, st, f);
	buf_clear(&b);
	if (f->draws)
		buf_addf(&b, "expected cost over %lld draws",
		         (long long)f->draws);
	else
		buf_add(&b, "at central values");
	if (f->note)
		buf_addf(&b, "; %s", f->note);
	text_wrap(out, st, 4, 2, b.s);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* --- JSON --------------------------------------------------------------- */

static void put_axis(json_t *o, const char *key, const struct frontier_axis *a)
{
	json_t *j = put_map(o, key);

	PUT(j, *a, parameter, title, unit, low, high);
	put_text(j, "scale", a->log ? "log" : "linear");
	put_num(j, "here", a->here);
}

static void put_points(json_t *o, const struct frontier_line *l)
{
	json_t *list = put_list(o, "points");

	for (int i = 0; i < l->n; i++) {
		json_t *p = json_array();

		json_array_append_new(p, json_real(l->x[i]));
		json_array_append_new(p, json_real(l->y[i]));
		json_array_append_new(list, p);
	}
}

static void put_regions(json_t *o, const struct frontier *f)
{
	json_t *list = put_list(o, "regions"), *rows;
	struct buf row = BUF_INIT;

	for (int k = 0; k < f->noptions; k++) {
		char letter[2] = { chart_series_letter(k), '\0' };
		json_t *j;

		if (!(f->share[k] > 0))
			continue;
		j = put_item(list);
		put_text(j, "option", f->option[k]);
		put_text(j, "letter", letter);
		put_num(j, "share", f->share[k]);
	}
	rows = put_list(o, "rows");
	for (int y = 0; y <= f->n; y++) {
		buf_clear(&row);
		for (int x = 0; x <= f->n; x++) {
			int l = f->label[y * (f->n + 1) + x];

			buf_addc(&row, l < 0 ? '.' : chart_series_letter(l));
		}
		put_item_text(rows, row.s);
	}
	buf_release(&row);
}

static void put_lines(json_t *o, const struct frontier *f)
{
	json_t *edges = put_list(o, "boundaries");
	json_t *levels = put_list(o, "contours");

	for (int i = 0; i < f->nlines; i++) {
		const struct frontier_line *l = &f->line[i];
		json_t *j = put_item(isnan(l->level) ? edges : levels);

		if (isnan(l->level)) {
			json_t *pair = put_list(j, "between");

			json_array_append_new(pair, l->a < 0 ? json_null() :
			                      json_string(f->option[l->a]));
			json_array_append_new(pair,
			                      json_string(f->option[l->b]));
		} else {
			put_text(j, "option", name_of(f, l->a));
			put_num(j, "probability", l->level);
		}
		put_points(j, l);
	}
}

static void put_corners(json_t *o, const struct frontier *f)
{
	json_t *list = put_list(o, "corners");

	for (int i = 0; i < f->ncorners; i++) {
		const struct frontier_corner *c = &f->corner[i];
		json_t *j = put_item(list), *names;

		PUT(j, *c, x, y);
		names = put_list(j, "options");
		for (int k = 0; k < c->n; k++)
			put_item_text(names, f->option[c->option[k]]);
	}
}

void json_frontier(json_t *o, const struct tradeoff *t)
{
	const struct frontier *f = t->frontier;
	json_t *j;

	if (!f)
		return;
	j = put_map(o, "frontier");
	put_axis(j, "x", &f->x);
	put_axis(j, "y", &f->y);
	put_text(j, "here", name_of(f, f->here));
	PUT(j, *f, draws, note);
	put_lines(j, f);
	put_corners(j, f);
	put_regions(j, f);
}

/* --- CSV ---------------------------------------------------------------- */

static void add_row(struct buf *out, const char *kind, const char *a,
                    const char *b, double level, int line, double x, double y)
{
	buf_addf(out, "%s,%s,%s,", kind, a ? a : "", b ? b : "");
	if (!isnan(level))
		num_plain(out, level);
	buf_addf(out, ",%d,", line);
	num_plain(out, x);
	buf_addc(out, ',');
	num_plain(out, y);
	buf_add(out, "\r\n");
}

void report_frontier_csv(struct buf *out, const struct evaluation *e)
{
	const struct frontier *f = e->tradeoff[0].frontier;

	/* names of options are identifiers: nothing to quote */
	buf_add(out, "kind,option,other,probability,line,x,y\r\n");
	for (int i = 0; i < f->nlines; i++) {
		const struct frontier_line *l = &f->line[i];

		for (int k = 0; k < l->n; k++)
			add_row(out, isnan(l->level) ? "boundary" : "contour",
			        name_of(f, l->a), name_of(f, l->b), l->level,
			        i + 1, l->x[k], l->y[k]);
	}
}
