/*
 * The pictures of a trade-off: curves, drivers, options, break-even.  A
 * picture from an older run carries the word "stale".
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "chart/chart.h"
#include "result/result.h"
#include "tui/view.h"
#include "base/banned.h"

struct scene {
	const struct state *st;
	struct grid *g;
	struct rect in;
	const struct tradeoff *now, *refined;
};

static void draw_curve(const struct scene *s)
{
	const struct state *st = s->st;
	struct chart_options o = {
		.log_y = !st->linear, .band = !st->no_band,
		.lead = s->now ? s->now->verdict.option : -1,
	};
	struct rect in = s->in, words = { 0 };
	const struct break_even *be = state_break_even(st);
	const struct break_even *law = state_interval(st);
	struct break_even both;

	if (be && law && be->draws == 0) {
		both = *be;     /* the map, with the spread of its crossing */
		both.draws = law->draws;
		both.p5 = law->p5;
		both.p95 = law->p95;
		be = &both;
	}
	if (in.h >= 16)
		words = rect_bottom(&in, 2);
	chart_curve(s->g, in, st->curve, be, &o);
	if (words.h) {
		struct buf b = BUF_INIT;

		chart_curve_text(&b, st->curve, be);
		words.x++;
		words.w -= 2;
		grid_wrap(s->g, words, ROLE_DIM, b.s);
		buf_release(&b);
	}
}

static void sentence(const struct scene *s, struct rect r,
                     void (*say)(struct buf *, const struct tradeoff *))
{
	struct buf b = BUF_INIT;

	say(&b, s->refined ? s->refined : s->now);
	r.x++;
	r.w -= 2;
	grid_wrap(s->g, r, ROLE_DIM, b.s);
	buf_release(&b);
}

static void draw_drivers(const struct scene *s)
{
	struct rect in = s->in;

	if (!s->refined) {
		grid_text(s->g, in, in.x + 1, in.y, ROLE_DIM,
		          "comes with the refined run");
		return;
	}
	if (in.h >= 8)
		sentence(s, rect_bottom(&in, 2), chart_tornado_text);
	chart_tornado(s->g, in, s->refined);
}

static void draw_options(const struct scene *s)
{
	struct rect in = s->in;

	if (s->now)
		chart_options_table(s->g, in, s->now);
}

static void draw_density(const struct scene *s)
{
	chart_density(s->g, s->in, state_density(s->st));
}

static const struct {
	const char *name;               /* in the note: what Tab shows next */
	void (*draw)(const struct scene *s);
	bool refined;                   /* of the refined run */
} pictures[PIC_N] = {
	[PIC_CURVE] = { "curves", draw_curve, false },
	[PIC_DRIVERS] = { "drivers", draw_drivers, true },
	[PIC_OPTIONS] = { "options", draw_options, false },
	[PIC_DENSITY] = { "break-even", draw_density, true },
};

static void add_pair(const struct scene *s, const struct break_even *be,
                     struct buf *b)
{
	const struct tradeoff *t = s->refined;

	if (!be || !t || !be->pair || be->between[0] < 0 ||
	    be->between[1] < 0)
		return;
	buf_addf(b, ": %s / %s", t->option[be->between[0]].title,
	         t->option[be->between[1]].title);
}

static void add_title(const struct scene *s, enum picture p, struct buf *b)
{
	const struct curve *c = s->st->curve;
	const struct break_even *be = state_density(s->st);

	switch (p) {
	case PIC_CURVE:
		if (c)
			chart_curve_title(b, c);
		else
			buf_add(b, "Cost curves");
		break;
	case PIC_DRIVERS:
		buf_add(b, "What moves the advantage");
		break;
	case PIC_OPTIONS:
		buf_add(b, "Options");
		break;
	default:
		buf_add(b, "Break-even");
		add_pair(s, be, b);
	}
}

static bool is_old(const struct scene *s, enum picture p)
{
	if (state_stale(s->st))
		return s->now != NULL;
	return pictures[p].refined && s->refined &&
	       state_refined_stale(s->st);
}

void view_picture(const struct state *st, struct grid *g,
                  const struct layout *l, struct rect r, enum picture p,
                  bool focused)
{
	struct scene s = { st, g, r, state_tradeoff(st), state_refined(st) };
	struct buf title = BUF_INIT, note = BUF_INIT;

	add_title(&s, p, &title);
	if (is_old(&s, p))
		buf_add(&title, "  stale");
	if (p == st->picture)
		buf_addf(&note, "Tab %s",
		         pictures[(p + 1) % PIC_N].name);
	s.in = view_panel(g, l, r, title.s, note.len ? note.s : NULL, focused);
	pictures[p].draw(&s);
	if (focused) {
		g->cursor_x = r.x;
		g->cursor_y = r.y;
	}
	buf_release(&title);
	buf_release(&note);
}
