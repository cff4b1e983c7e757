/* What moves the advice and what knowing it would be worth, for people. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

static const char *give_or_take(const struct text_style *st)
{
	return st->ascii ? " +- " : " \xc2\xb1 ";
}

static void paragraph(struct buf *out, const struct text_style *st, int indent,
                      struct buf *b)
{
	text_wrap(out, st, indent, 0, b->s);
	buf_clear(b);
}

/* --- sensitivity ------------------------------------------------------ */

/* "0 +- 0.001", "0.42 +- 0.01" */
static void share(struct buf *b, const struct text_style *st,
                  const struct sensitivity *s)
{
	num_human(b, s->first_order, 2);
	if (result_has(s->first_order_se)) {
		buf_add(b, give_or_take(st));
		num_human(b, s->first_order_se, 1);
	}
	buf_add(b, " of its variance");
}

static void flip(struct buf *b, const struct tradeoff *t,
                 const struct sensitivity *s)
{
	int advice = t->verdict.option;

	if (!s->flips)
		return;
	if (s->low_best == advice && s->high_best == advice) {
		buf_add(b, "; flips: another option is best in between");
		return;
	}
	buf_add(b, "; flips: ");
	if (s->low_best != advice)
		buf_addf(b, "%s is best at the low end",
		         text_option(t, s->low_best));
	if (s->high_best != advice)
		buf_addf(b, "%s%s is best at the high end",
		         s->low_best != advice ? ", " : "",
		         text_option(t, s->high_best));
}

static void mover(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t, const struct sensitivity *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", s->title);
	text_ends(&b, s);
	text_wrap(out, st, 4, 2, b.s);
	buf_clear(&b);
	buf_add(&b, "alone ");
	text_interval(&b, s->swing_low, s->swing_high);
	if (result_has(s->mean_low) && result_has(s->mean_high)) {
		buf_add(&b, ", on average ");
		text_interval(&b, s->mean_low, s->mean_high);
	}
	if (result_has(s->first_order)) {
		buf_add(&b, "; ");
		share(&b, st, s);
	}
	flip(&b, t, s);
	paragraph(out, st, 6, &b);
	buf_release(&b);
}

static void movers_intro(struct buf *out, const struct text_style *st,
                         const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;
	struct buf b = BUF_INIT;

	if (v->runner_up < 0)
		buf_addf(&b, "No other option can be taken: what moves is the "
		         "objective of %s", text_option(t, v->option));
	else
		buf_addf(&b, "The advantage of %s over %s is ",
		         text_option(t, v->option),
		         text_option(t, v->runner_up));
	if (v->runner_up >= 0)
		text_number(&b, v->advantage, t->objective_unit);
	buf_addf(&b, ". Each input goes from its P10 to its P90: alone, with "
	         "the others at their centre%s.", t->point ? "" : "; and on "
	         "average over the draws that lie there");
	paragraph(out, st, 4, &b);
	buf_release(&b);
}

static void movers(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "What moves the advice (%s)", t->objective_unit);
	text_heading(out, st, 2, b.s);
	buf_release(&b);
	if (t->verdict.option < 0) {
		text_wrap(out, st, 4, 2, "No option can be taken.");
	} else if (!t->nsensitivity) {
		text_wrap(out, st, 4, 2, "Nothing that the decision hangs on "
		          "is uncertain.");
	} else {
		movers_intro(out, st, t);
		for (int i = 0; i < t->nsensitivity; i++)
			mover(out, st, t, &t->sensitivity[i]);
	}
	buf_addc(out, '\n');
}

void report_sensitivity_text(struct buf *out, const struct evaluation *e,
                             const struct text_style *st)
{
	const struct tradeoff *t = &e->tradeoff[0];

	text_title(out, st, e);
	text_headline(out, st, t);
	movers(out, st, t);
	text_criteria(out, st, t);
	text_notes(out, st, t);
	text_footer(out, st, e);
}

/* --- value of information --------------------------------------------- */

#define VALUE 12

static void ceiling(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!(t->voi.evpi > 0)) {
		text_wrap(out, st, 4, 2, "Nothing that could be learnt would "
		          "change the advice.");
		return;
	}
	buf_add(&b, "Knowing everything before choosing would be worth ");
	text_number(&b, t->voi.evpi, t->objective_unit);
	if (t->voi.evpi_se > 0) {
		buf_add(&b, give_or_take(st));
		num_human(&b, t->voi.evpi_se, 2);
	}
	buf_add(&b, ": no measurement is worth more, however good.");
	paragraph(out, st, 4, &b);
	buf_release(&b);
}

static int worth_measuring(const struct tradeoff *t)
{
	int n = 0;

	for (int i = 0; i < t->voi.nevppi; i++)
		n += text_worth_telling(&t->voi.evppi[i]);
	return n;
}

static void advice(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	const struct evppi *first = NULL;

	for (int i = t->voi.nevppi; i-- > 0; )
		if (text_worth_telling(&t->voi.evppi[i]))
			first = &t->voi.evppi[i];
	if (first) {
		buf_addf(&b, "Measure first: %s, for up to ", first->title);
		text_number(&b, first->value, t->objective_unit);
		buf_add(&b, ".");
	} else if (t->voi.evpi > 0) {
		buf_add(&b, "No single measurement would change the advice; "
		        "only several together could.");
	}
	if (b.len)
		paragraph(out, st, 4, &b);
	buf_release(&b);
}

static void measure(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t, const struct evppi *e)
{
	int title = text_room(st) - 4 - 2 * VALUE - 8;
	struct buf b = BUF_INIT;

	buf_pad(out, ' ', 4);
	text_cell(out, st, e->title, title, false);
	text_number(&b, e->value, NULL);
	text_cell(out, st, b.s, VALUE, true);
	buf_clear(&b);
	if (result_has(e->se)) {
		buf_add(&b, give_or_take(st));
		num_human(&b, e->se, 2);
	}
	text_cell(out, st, b.s, VALUE, false);
	buf_clear(&b);
	if (e->value > 0 && t->voi.evpi > 0)
		buf_addf(&b, "%.0f %%", 100 * e->value / t->voi.evpi);
	text_cell(out, st, b.s, 6, true);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* The inputs worth a name; the rest in one line. */
static void measures(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int rest = t->voi.nevppi - worth_measuring(t);

	if (worth_measuring(t))
		text_wrap(out, st, 4, 2, "Each input by itself, its value and "
		          "its part of what knowing everything is worth:");
	for (int i = 0; i < t->voi.nevppi; i++)
		if (text_worth_telling(&t->voi.evppi[i]))
			measure(out, st, t, &t->voi.evppi[i]);
	if (rest > 0 && t->voi.evpi > 0) {
		buf_addf(&b, "%d other%s nothing that this sample could tell "
		         "from noise (", rest, rest == 1 ? " is worth" :
		         "s are worth");
		text_number(&b, t->voi.noise, t->objective_unit);
		buf_add(&b, ").");
		paragraph(out, st, 4, &b);
	}
	buf_release(&b);
}

void report_voi_text(struct buf *out, const struct evaluation *e,
                     const struct text_style *st)
{
	const struct tradeoff *t = &e->tradeoff[0];

	text_title(out, st, e);
	text_headline(out, st, t);
	text_heading(out, st, 2, "Worth finding out");
	if (t->voi.present) {
		ceiling(out, st, t);
		advice(out, st, t);
		measures(out, st, t);
	} else {
		text_wrap(out, st, 4, 2, "No option can be taken.");
	}
	buf_addc(out, '\n');
	text_criteria(out, st, t);
	text_notes(out, st, t);
	text_footer(out, st, e);
}
