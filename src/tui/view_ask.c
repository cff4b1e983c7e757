/*
 * The interview: one question, what its answer is worth, a field, and how the
 * verdict firms up from answer to answer.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "chart/chart.h"
#include "result/result.h"
#include "tui/view.h"
#include "base/banned.h"

static void line_at(struct grid *g, struct rect *in, enum role role,
                    const char *text)
{
	rect_top(in, grid_wrap(g, *in, role, text));
}

static void gap(struct rect *in, bool roomy)
{
	if (roomy)
		rect_top(in, 1);
}

/* Typed so far, and under it what it means or what is wrong with it. */
static void draw_answer(const struct state *st, struct grid *g,
                        struct rect *in)
{
	const struct question *q = &st->question;
	struct rect field = rect_top(in, 1);
	bool law = st->preview.known && !st->preview.fixed && !st->field_error;
	struct rect under = rect_top(in, law && in->h > 8 ? 4 : 1);
	struct buf b = BUF_INIT;

	grid_text(g, field, field.x, field.y, ROLE_KEY, "> ");
	field.x += 2;
	field.w -= 2;
	if (st->field_error && in->h > 0) {
		under.h += 1;
		rect_top(in, 1);
	}
	if (st->field_error) {
		buf_addf(&b, "! %s", st->field_error);
		grid_wrap(g, under, ROLE_ERROR, b.s);
	} else if (st->preview.known) {
		preview_draw(&st->preview, q->unit, g, under);
	} else {
		question_hint_text(q, &b);
		grid_text(g, under, under.x, under.y, ROLE_DIM, b.s);
	}
	editor_draw(&st->editor, g, field);
	buf_release(&b);
}

/* One a line, or as words where that is too long. */
static void draw_choices(const struct question *q, struct grid *g,
                         struct rect *in)
{
	bool fits = in->h >= q->nchoices + 4;
	struct buf b = BUF_INIT;

	for (int i = 0; i < q->nchoices; i++) {
		buf_addf(&b, "  %d %s", i + 1, fits ? q->choice_title[i]
		                                    : q->choice[i]);
		if (fits) {
			line_at(g, in, ROLE_TEXT, b.s);
			buf_clear(&b);
		}
	}
	if (q->nchoices && !fits)
		line_at(g, in, ROLE_TEXT, b.s);
	buf_release(&b);
}

static void draw_question(const struct state *st, struct grid *g,
                          struct rect *in, bool roomy)
{
	const struct question *q = &st->question;
	struct buf b = BUF_INIT;

	line_at(g, in, ROLE_BEST, q->ask);
	draw_choices(q, g, in);
	gap(in, roomy);
	draw_answer(st, g, in);
	gap(in, roomy);
	buf_clear(&b);
	question_worth_text(q, &b);
	if (st->ask_all)
		buf_addf(&b, " (%s)", st->trade[q->row].title);
	buf_addf(&b, "; %s", q->title);
	line_at(g, in, ROLE_TEXT, b.s);
	buf_clear(&b);
	question_holds_text(q, &b);
	line_at(g, in, ROLE_DIM, b.s);
	buf_release(&b);
}

static void draw_end(const struct state *st, struct grid *g, struct rect *in)
{
	const struct question *q = &st->question;
	struct rect field = { in->x, in->y + in->h - 1, in->w, 1 };
	struct buf b = BUF_INIT;

	question_end_text(q, &b);
	line_at(g, in, ROLE_BEST, b.s);
	buf_clear(&b);
	if (q->unknown) {
		buf_addf(&b, "What you do not know would be worth measuring: "
		         "%s, ", q->unknown_title);
		chart_amount(&b, q->unknown_worth, q->money);
		buf_addf(&b, " %s", q->money);
		if (q->unknown > 1)
			buf_addf(&b, ", and %d more", q->unknown - 1);
		line_at(g, in, ROLE_TEXT, b.s);
	}
	buf_clear(&b);
	question_unsaid_text(q, &b);
	line_at(g, in, ROLE_WARN, b.s);
	if (!st->ask_all)
		line_at(g, in, ROLE_DIM, "^T asks about all trade-offs; Esc "
		        "leaves the interview.");
	if (in->h > 0)          /* else over the last of the words */
		field = rect_top(in, 1);
	grid_fill(g, field, ' ', ROLE_TEXT);
	grid_text(g, field, field.x, field.y, ROLE_DIM, "> ");
	field.x += 2;
	field.w -= 2;
	editor_draw(&st->editor, g, field);
	buf_clear(&b);
	if (st->field_error)
		buf_addf(&b, "! %s", st->field_error);
	line_at(g, in, ROLE_ERROR, b.s);
	buf_release(&b);
}

static void draw_wait(const struct state *st, struct grid *g, struct rect *in)
{
	struct buf b = BUF_INIT;

	buf_add(&b, "Working out what to ask next ...");
	if (st->progress >= 0 && st->progress < 1)
		buf_addf(&b, " %.0f %%", 100 * st->progress);
	line_at(g, in, ROLE_DIM, b.s);
	editor_draw(&st->editor, g, rect_top(in, 1));
	buf_release(&b);
}

/* "P(best) 0.63 > 0.71 > 0.93, firm: Host an open model" */
static void draw_trail(const struct state *st, struct grid *g,
                       struct rect *in)
{
	struct rect line = rect_bottom(in, 1);
	struct buf b = BUF_INIT;

	const struct tradeoff *t = state_result(st, st->question.row);

	if (st->ask_all)
		buf_addf(&b, "%s: ", st->trade[st->question.row].brief);
	buf_add(&b, "P(best) ");
	for (int i = 0; i < st->ntrail; i++) {
		double p = st->trail[i].p[st->question.row];

		if (!isfinite(p))
			continue;
		num_prob(&b, p);
		buf_add(&b, " > ");
	}
	if (t && isfinite(t->verdict.probability_best))
		num_prob(&b, t->verdict.probability_best);
	else
		buf_add(&b, "none yet");
	if (t && t->verdict.badge)
		buf_addf(&b, ", %s", t->verdict.badge);
	if (t && t->verdict.option >= 0)
		buf_addf(&b, ": %s", t->option[t->verdict.option].title);
	grid_text(g, line, line.x, line.y, ROLE_TITLE, b.s);
	buf_release(&b);
}

void view_ask(const struct state *st, struct grid *g, const struct layout *l)
{
	const struct question *q = &st->question;
	struct buf note = BUF_INIT;
	struct rect in;

	buf_addf(&note, "%d answered  ^T %s", q->answered,
	         st->ask_all ? "this trade-off alone" : "all trade-offs");
	in = view_panel(g, l, l->ask, st->ask_all ? "Interview: all trade-offs"
	                                          : "Interview", note.s, true);
	in.x++;
	in.w -= 2;
	if (in.h > 6)
		draw_trail(st, g, &in);
	switch (q->state) {
	case QUESTION_ASK: draw_question(st, g, &in, in.h > 11); break;
	case QUESTION_WAIT: draw_wait(st, g, &in); break;
	default: draw_end(st, g, &in);
	}
	buf_release(&note);
}
