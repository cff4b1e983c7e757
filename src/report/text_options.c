/* The table of options for a terminal. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

/* Columns beside the title. */
#define MARK 4
#define MEAN 9
#define SPREAD 18
#define BEST 8
#define REGRET 9
#define LEAST_TITLE 12

/* Whether interval and regret must stand on a line of their own. */
static bool is_narrow(const struct text_style *st, const struct tradeoff *t)
{
	return !t->point && text_room(st) < MARK + LEAST_TITLE + MEAN +
		SPREAD + BEST + REGRET;
}

static int title_width(const struct text_style *st, const struct tradeoff *t)
{
	int room = text_room(st) - MARK - MEAN;
	int w = LEAST_TITLE;

	if (!t->point)
		room -= BEST;
	if (!is_narrow(st, t))
		room -= REGRET + (t->point ? 0 : SPREAD);
	for (int i = 0; i < t->noptions; i++) {
		int n = utf8_width(t->option[i].title);

		w = n > w ? n : w;
	}
	return w <= room ? w : room > LEAST_TITLE ? room : LEAST_TITLE;
}

static void number(struct buf *out, const struct text_style *st, double v,
                   int width)
{
	struct buf b = BUF_INIT;

	text_number(&b, v, NULL);
	text_cell(out, st, b.s, width, true);
	buf_release(&b);
}

static void interval(struct buf *out, const struct text_style *st,
                     const struct summary *s)
{
	struct buf b = BUF_INIT;

	text_interval(&b, s->p5, s->p95);
	text_cell(out, st, b.s, SPREAD, true);
	buf_release(&b);
}

static void probability(struct buf *out, const struct text_style *st, double p)
{
	struct buf b = BUF_INIT;

	if (result_has(p))
		num_prob(&b, p);
	else
		buf_addc(&b, '-');
	text_cell(out, st, b.s, BEST, true);
	buf_release(&b);
}

static void figures(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t, const struct option_result *o)
{
	if (t->point) {
		number(out, st, o->objective.value, MEAN);
		number(out, st, o->expected_regret, REGRET);
		return;
	}
	number(out, st, o->objective.mean, MEAN);
	if (!is_narrow(st, t))
		interval(out, st, &o->objective);
	probability(out, st, o->probability_best);
	if (!is_narrow(st, t))
		number(out, st, o->expected_regret, REGRET);
}

/* What has no column on a narrow screen. */
static void more_figures(struct buf *out, const struct text_style *st,
                         const struct option_result *o)
{
	struct buf b = BUF_INIT;

	if (result_has(o->objective.p5)) {
		buf_add(&b, "90 %: ");
		text_interval(&b, o->objective.p5, o->objective.p95);
	}
	if (result_has(o->expected_regret)) {
		buf_add(&b, b.len ? "; regret " : "regret ");
		text_number(&b, o->expected_regret, NULL);
	}
	if (b.len)
		text_wrap(out, st, 6, 2, b.s);
	buf_release(&b);
}

/* What is not plain about an option: its status, its reasons, how often it can
 * be taken. */
static void status(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t, const struct option_result *o)
{
	struct buf b = BUF_INIT;

	buf_add(&b, text_status(o));
	if (!t->point && o->status == OPTION_INFEASIBLE && o->p_feasible > 0) {
		buf_add(&b, " in ");
		text_share(&b, 1 - o->p_feasible);
	}
	if (!t->point && o->status == OPTION_OK && o->p_feasible < 1) {
		buf_add(&b, b.len ? "; can be taken in " : "can be taken in ");
		text_share(&b, o->p_feasible);
	}
	for (int i = 0; i < o->nreasons; i++)
		buf_addf(&b, "%s%s", i ? "; " : b.len ? ": " : "",
		         o->reason_text[i]);
	if (b.len)
		text_wrap(out, st, 6, 2, b.s);
	buf_release(&b);
}

static void header(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t, int w)
{
	buf_pad(out, ' ', MARK);
	text_cell(out, st, "option", w, false);
	if (t->point) {
		text_cell(out, st, "value", MEAN, true);
	} else {
		text_cell(out, st, "mean", MEAN, true);
		if (!is_narrow(st, t))
			text_cell(out, st, "90 % interval", SPREAD, true);
		text_cell(out, st, "P(best)", BEST, true);
	}
	if (!is_narrow(st, t))
		text_cell(out, st, "regret", REGRET, true);
	buf_addc(out, '\n');
}

void text_options(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	int w = title_width(st, t);
	struct buf b = BUF_INIT;

	header(out, st, t, w);
	for (int i = 0; i < t->noptions; i++) {
		bool taken = i == t->verdict.option;
		enum text_role role = taken ? TEXT_BOLD : TEXT_PLAIN;

		text_begin(out, st, role);
		buf_add(out, taken ? "  > " : "    ");
		text_cell(out, st, t->option[i].title, w, false);
		figures(out, st, t, &t->option[i]);
		text_end(out, st, role);
		buf_addc(out, '\n');
		if (is_narrow(st, t))
			more_figures(out, st, &t->option[i]);
		status(out, st, t, &t->option[i]);
	}
	buf_addf(&b, "%s in %s over ", t->objective_name, t->objective_unit);
	text_months(&b, t->horizon);
	buf_addf(&b, "%s%s", strcmp(t->sense, "maximise") ? "" : ", more is better",
	         t->point ? ", at central values" : "");
	text_wrap(out, st, 4, 2, b.s);
	buf_addc(out, '\n');
	buf_release(&b);
}
