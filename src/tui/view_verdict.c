/*
 * The verdict strip: the advice in words with its probability and badge, where
 * it tips, and what would tip it.
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

enum role view_badge_role(const char *badge)
{
	if (badge && strcmp(badge, "firm") == 0)
		return ROLE_FIRM;
	if (badge && strcmp(badge, "lean") == 0)
		return ROLE_LEAN;
	return ROLE_TOSS;
}

static void add_quantity(struct buf *b, double v, const char *unit)
{
	num_human(b, v, 3);
	if (unit && *unit && strcmp(unit, "1") != 0)
		buf_addf(b, " %s", unit);
}

/* How much of the break-even there is room for, from all to the least. */
enum detail { WITH_WINNERS, WITH_UNIT, BARE };

static void add_interval(struct buf *b, const struct break_even *law)
{
	if (!law || !isfinite(law->p5) || !isfinite(law->p95))
		return;
	buf_add(b, " (90 %: ");
	num_human(b, law->p5, 3);
	buf_add(b, "-");
	num_human(b, law->p95, 3);
	buf_add(b, ")");
}

static const char *option_title(const struct tradeoff *t, int option)
{
	return option >= 0 && option < t->noptions ? t->option[option].title
	                                           : "no option";
}

static void add_crossings(struct buf *b, const struct tradeoff *t,
                          const struct break_even *be,
                          const struct break_even *law, enum detail d)
{
	int last = be->ncrossings - 1;

	buf_add(b, be->ncrossings > 1 ? "break-evens " : "break-even ");
	if (last > 0) {
		num_human(b, be->crossing[0].at, 3);
		buf_add(b, last > 1 ? " ... " : " and ");
	}
	add_quantity(b, be->crossing[last].at, d < BARE ? be->unit : NULL);
	if (last > 1)
		buf_addf(b, " (%d steps)", be->ncrossings);
	add_interval(b, law);
	for (int i = 0; d == WITH_WINNERS && last < 2 && i <= last; i++)
		buf_addf(b, "%s%s", i ? ", then " : ": then ",
		         option_title(t, be->crossing[i].above));
}

static void add_break_even(struct buf *b, const struct tradeoff *t,
                           const struct break_even *be,
                           const struct break_even *law, enum detail d)
{
	if (isfinite(be->here)) {
		buf_add(b, "you ");
		num_human(b, be->here, 3);
		buf_add(b, "; ");
	}
	if (be->state == BREAK_CROSSINGS && be->ncrossings > 0) {
		add_crossings(b, t, be, law, d);
	} else if (be->state == BREAK_UNDEFINED) {
		buf_add(b, "no break-even over ");
		chart_title(b, be->title);
		buf_addf(b, "%s%s", be->note ? ": " : "",
		         be->note ? be->note : "");
	} else {
		buf_add(b, "no break-even from ");
		num_human(b, be->low, 3);
		buf_add(b, " to ");
		add_quantity(b, be->high, d < BARE ? be->unit : NULL);
	}
}

static void add_flips(struct buf *b, const struct tradeoff *t)
{
	int n = 0;

	for (int i = 0; i < t->nsensitivity && n < 4; i++)
		if (t->sensitivity[i].flips)
			buf_addf(b, "%s%s", n++ ? "; " : "would flip it: ",
			         t->sensitivity[i].title);
	if (n == 0 && t->nsensitivity > 0)
		buf_add(b, "no single value flips it within its range");
}

static void add_worth(struct buf *b, const struct tradeoff *t)
{
	if (!t->voi.present || !isfinite(t->voi.evpi))
		return;
	buf_add(b, "knowing everything is worth ");
	chart_amount(b, t->voi.evpi, t->objective_unit);
	buf_addf(b, " %s", t->objective_unit);
}

/* "P 0.87 firm"; a verdict that does not stand says so instead. */
static void add_badge(struct buf *b, const struct verdict *v)
{
	if (isfinite(v->probability_best)) {
		buf_add(b, "P(best) ");
		num_prob(b, v->probability_best);
		if (v->oftener) {
			buf_add(b, ", another ");
			num_prob(b, v->oftener->probability);
		}
		buf_add(b, "  ");
	}
	buf_add(b, v->badge ? v->badge : "");
	if (v->state != VERDICT_STABLE)
		buf_addf(b, "%s%s", v->badge ? ", " : "",
		         verdict_state_names[v->state]);
}

/* The sentence where it fits whole; a cut one would say less than the name of
 * the option. */
static void draw_headline(struct grid *g, struct rect r,
                          const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;
	const char *text = v->sentence ? v->sentence : "no verdict";
	struct buf b = BUF_INIT;
	struct rect left = r;
	int w;

	if (r.w < 45 && v->badge)
		buf_add(&b, v->badge);
	else
		add_badge(&b, v);
	w = utf8_width(b.s) + 1;
	left.w = r.w - w - 1;
	if (utf8_width(text) + 1 > left.w && v->option >= 0)
		text = option_title(t, v->option);
	grid_text(g, left, r.x + 1, r.y, ROLE_BEST, text);
	grid_text(g, r, r.x + r.w - w, r.y, view_badge_role(v->badge), b.s);
	buf_release(&b);
}

static void draw_line(struct grid *g, struct rect r, int row,
                      enum role role, const struct buf *b)
{
	if (row < r.h)
		grid_text(g, r, r.x + 1, r.y + row, role, b->s);
}

static void draw_lines(const struct state *st, struct grid *g, struct rect r,
                       const struct tradeoff *t)
{
	const struct tradeoff *old = state_refined(st);
	bool stale = state_refined_stale(st);
	const struct break_even *be = state_break_even(st);
	const struct break_even *law = state_interval(st);
	struct buf b = BUF_INIT;

	for (enum detail d = WITH_WINNERS; be && d <= BARE; d++) {
		buf_clear(&b);
		add_break_even(&b, t, be, law, d);
		if (utf8_width(b.s) < r.w)
			break;
	}
	if (be)
		draw_line(g, r, 1, ROLE_TEXT, &b);
	buf_clear(&b);
	if (old) {
		if (stale)
			buf_add(&b, "stale: ");
		add_flips(&b, old);
		if (r.h == 3 && b.len + 48 < (size_t)r.w) {
			buf_add(&b, b.len ? "; " : "");
			add_worth(&b, old);
		}
		draw_line(g, r, 2, ROLE_DIM, &b);
		buf_clear(&b);
		add_worth(&b, old);
		draw_line(g, r, 3, ROLE_DIM, &b);
	}
	buf_release(&b);
}

static void frame_note(const struct state *st, struct buf *note)
{
	what_if_title(st, note);
	if (state_stale(st) && state_tradeoff(st))
		buf_addf(note, "%sstale: belongs to the values before",
		         note->len ? "  " : "");
}

void view_verdict(const struct state *st, struct grid *g,
                  const struct layout *l)
{
	struct buf note = BUF_INIT;
	const struct tradeoff *t = state_tradeoff(st);
	struct rect r = l->verdict;
	bool framed = l->kind != LAYOUT_COMPACT && r.h > 2;

	frame_note(st, &note);
	if (framed)
		r = grid_frame(g, r, t ? t->title : "Verdict",
		               note.len ? note.s : NULL, false);
	buf_release(&note);
	if (!t) {
		grid_text(g, r, r.x + 1, r.y, ROLE_DIM,
		          "not evaluated yet");
		return;
	}
	draw_headline(g, r, t);
	draw_lines(st, g, r, t);
	if (state_stale(st))
		grid_role(g, r, ROLE_STALE);
}
