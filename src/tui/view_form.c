/*
 * The parameter form and what is known of the parameter in focus.
 *
 *	> requests per day     150k to 300k      request/day  m*
 *	  name                 value as typed    unit         provenance, mark
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/chart.h"
#include "result/result.h"
#include "tui/view.h"
#include "base/banned.h"

struct columns { int value, unit, letter; };    /* offsets from the left */

static struct columns columns_of(int w)
{
	struct columns c;
	int unit = w >= 52 ? 13 : w >= 46 ? 11 : 8;
	int value = w >= 80 ? w / 3 : w >= 52 ? 18 : w >= 46 ? 15 : 12;

	c.letter = w - 3;
	c.unit = c.letter - unit - 1;
	c.value = c.unit - value - 1;
	return c;
}

static struct rect cells(struct rect line, int from, int to)
{
	return (struct rect){ line.x + from, line.y, to - from, 1 };
}

static bool has_unit(const struct form_row *r)
{
	return r->unit && *r->unit && strcmp(r->unit, "1") != 0;
}

static void draw_row(const struct state *st, struct grid *g, struct rect line,
                     int index)
{
	const struct form_row *r = &st->form.row[index];
	struct columns c = columns_of(line.w);
	bool selected = index == st->form_selected;
	struct rect part;

	if (r->header) {
		grid_text(g, line, line.x + 1, line.y,
		          r->sub ? ROLE_TEXT : ROLE_TITLE, r->title);
		return;
	}
	part = cells(line, 1, c.value - 1);
	grid_text(g, part, part.x, part.y, ROLE_TEXT, r->title);
	part = cells(line, c.value, c.unit - 1);
	grid_text(g, part, part.x, part.y, r->locked ? ROLE_DIM : ROLE_BEST,
	          r->shown ? r->shown : r->text);
	part = cells(line, c.unit, c.letter);
	grid_text(g, part, part.x, part.y, ROLE_DIM,
	          has_unit(r) ? r->unit : "");
	grid_put(g, line, line.x + c.letter + 1, line.y,
	         (unsigned char)r->letter,
	         r->letter == 'g' ? ROLE_WARN : ROLE_DIM);
	if (r->stale)
		grid_put(g, line, line.x + c.letter, line.y, '!', ROLE_WARN);
	if (r->changed)
		grid_put(g, line, line.x + c.letter + 2, line.y, '*',
		         ROLE_WARN);
	if (!selected)
		return;
	grid_put(g, line, line.x, line.y, glyph_get(g, GLYPH_POINTER),
	         ROLE_FOCUS);
	if (st->focus == FOCUS_FORM && st->mode != MODE_EDIT) {
		grid_role(g, line, ROLE_FOCUS);
		g->cursor_x = line.x + c.value;
		g->cursor_y = line.y;
	}
}

/* The open field takes the row from its value on; what is wrong, or what may
 * be typed, stands in the row below it (above it in the last row). */
static void draw_field(const struct state *st, struct grid *g, struct rect in,
                       int y)
{
	const struct form_row *r = state_row(st);
	struct columns c = columns_of(in.w);
	struct rect field = { in.x + c.value, y, in.w - c.value, 1 };
	struct rect hint = { in.x, y + 1, in.w, in.y + in.h - y - 1 };
	struct buf b = BUF_INIT;
	int most;

	if (hint.h < 1)
		hint = (struct rect){ in.x, y - 1, in.w, 1 };
	most = st->field_error ? 2 : st->preview.known && !st->preview.fixed &&
		in.h > 9 && hint.h >= 5 ? 5 : 1;
	if (hint.h > most)
		hint.h = most;
	grid_fill(g, hint, ' ', ROLE_TEXT);
	hint.x++;
	hint.w--;
	if (st->field_error) {
		buf_addf(&b, "! %s", st->field_error);
		grid_wrap(g, hint, ROLE_ERROR, b.s);
	} else if (st->sourcing) {
		grid_text(g, hint, hint.x, hint.y, ROLE_DIM, "measured, vendor"
		          ", benchmark, article or assumption: words, date");
	} else if (st->preview.known) {
		preview_draw(&st->preview, r ? r->unit : NULL, g, hint);
	} else {
		bool rate = r && r->unit && strncmp(r->unit, "1/", 2) == 0;

		buf_addf(&b, "%s, or a range: %s",
		         r && has_unit(r) ? r->unit : "a number",
		         rate ? "5 % to 20 %" : "20k to 250k");
		if (r && r->range)
			buf_addf(&b, "   within %s", r->range);
		grid_text(g, hint, hint.x, hint.y, ROLE_DIM, b.s);
	}
	editor_draw(&st->editor, g, field);
	buf_release(&b);
}

static void form_note(const struct state *st, const struct layout *l,
                      struct buf *b)
{
	const struct form_row *r = state_row(st);
	int n = 0, at = 0;

	for (int i = 0; i < st->form.n; i++) {
		n += !st->form.row[i].header;
		at += !st->form.row[i].header && i <= st->form_selected;
	}
	buf_addf(b, "%d of %d", at, n);
	if (st->find_form)
		buf_addf(b, "  /%s", st->find_form);
	else if (r && r->ask && !l->detail.h)
		buf_addf(b, "  %s", r->ask);
}

static struct rect draw_find(const struct state *st, struct grid *g,
                             struct rect in)
{
	struct rect find = rect_top(&in, 1);

	grid_text(g, find, find.x, find.y, ROLE_KEY, "/");
	find.x++;
	find.w--;
	editor_draw(&st->editor, g, find);
	return in;
}

void view_form(const struct state *st, struct grid *g, const struct layout *l)
{
	struct buf note = BUF_INIT;
	struct rect in;
	int top;

	form_note(st, l, &note);
	in = view_panel(g, l, l->form, "Parameters", note.s,
	                st->focus == FOCUS_FORM);
	buf_release(&note);
	if (st->mode == MODE_FIND && st->focus == FOCUS_FORM)
		in = draw_find(st, g, in);
	if (st->form.n == 0)
		grid_text(g, in, in.x + 1, in.y, ROLE_DIM, st->find_form
		          ? "no parameter has this word"
		          : "no parameters");
	top = layout_scroll(st->form_selected, in.h, st->form.n);
	for (int i = 0; i < in.h && top + i < st->form.n; i++)
		draw_row(st, g, (struct rect){ in.x, in.y + i, in.w, 1 },
		         top + i);
	if (st->mode == MODE_EDIT && st->form_selected >= top)
		draw_field(st, g, in, in.y + st->form_selected - top);
}

/* --- the parameter in focus --- */

static const struct provenance *known(const struct state *st,
                                      const struct form_row *r)
{
	const struct tradeoff *t = state_tradeoff(st);
	const char *dot = strchr(r->name, '.');
	const char *plain = dot ? dot + 1 : r->name;

	for (int i = 0; t && i < t->nprovenance; i++)
		if (strcmp(t->provenance[i].parameter, plain) == 0)
			return &t->provenance[i];
	return NULL;
}

static void add_quantiles(struct buf *b, const struct provenance *p)
{
	static const char *const name[] = { "p5 ", "   p50 ", "   p95 " };
	const double v[] = { p->p5, p->p50, p->p95 };

	if (p->fixed && isfinite(p->p50)) {
		buf_add(b, "fixed at ");
		num_human(b, p->p50, 4);
		return;
	}
	for (int i = 0; i < 3; i++)
		if (isfinite(v[i])) {
			buf_add(b, name[i]);
			num_human(b, v[i], 3);
		}
}

static double worth(const struct state *st, const struct provenance *p)
{
	const struct tradeoff *t = state_refined(st);

	for (int i = 0; t && p && i < t->voi.nevppi; i++)
		if (strcmp(t->voi.evppi[i].parameter, p->parameter) == 0)
			return t->voi.evppi[i].value;
	return NAN;
}

/* One line of the panel: a dim word and what it says, wrapped. */
static void item(struct grid *g, struct rect *in, const char *word,
                 const char *text, int most)
{
	struct rect r = *in;
	int used;

	if (!text || !*text || r.h < 1)
		return;
	grid_text(g, r, r.x + 1, r.y, ROLE_DIM, word);
	r.x += 9;
	r.w -= 10;
	if (r.h > most)
		r.h = most;
	used = grid_wrap(g, r, ROLE_TEXT, text);
	rect_top(in, used);
}

static void draw_detail(const struct state *st, struct grid *g,
                        struct rect in, const struct form_row *r)
{
	const struct provenance *p = known(st, r);
	double value = worth(st, p);
	struct buf b = BUF_INIT;

	item(g, &in, "asks", r->ask, 2);
	item(g, &in, "value", r->text, 1);
	if (p)
		add_quantiles(&b, p);
	item(g, &in, "spread", b.s, 1);
	item(g, &in, "source", r->source, 3);
	item(g, &in, "range", r->range, 1);
	buf_clear(&b);
	if (isfinite(value)) {
		chart_amount(&b, value, state_refined(st)->objective_unit);
		buf_addf(&b, " %s to know it exactly",
		         state_refined(st)->objective_unit);
	}
	item(g, &in, "worth", b.s, 1);
	item(g, &in, "set", r->name, 1);
	buf_release(&b);
}

void view_detail(const struct state *st, struct grid *g,
                 const struct layout *l)
{
	const struct form_row *r = state_row(st);
	struct rect in = view_panel(g, l, l->detail,
	                            r ? r->title + strspn(r->title, " ")
	                              : "Parameter",
	                            PROVENANCE_LEGEND, false);

	if (r)
		draw_detail(st, g, in, r);
}
