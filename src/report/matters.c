/* What moves the advice and what knowing it would be worth, for people. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

#define LITTLE 0.02
#define FEW 6                   /* inputs of which each is told */

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

/* Whether the draws tell the two ends apart. */
static bool means_differ(const struct sensitivity *s)
{
	double error = hypot(s->mean_low_se, s->mean_high_se);

	return fabs(s->mean_high - s->mean_low) > 2 * error;
}

static double swing(const struct sensitivity *s)
{
	return fabs(s->swing_high - s->swing_low);
}

/* An input that moves little, explains nothing and flips nothing is told of
 * only in number. */
static bool moves(const struct sensitivity *s, double widest)
{
	return s->flips || !(swing(s) < LITTLE * widest) ||
	       s->first_order > 2 * s->first_order_se;
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
	if (means_differ(s)) {
		buf_add(&b, ", on average ");
		text_interval(&b, s->mean_low, s->mean_high);
	}
	if (result_has(s->first_order)) {
		buf_add(&b, "; ");
		share(&b, st, s);
	}
	if (s->low_missing >= 0 || s->high_missing >= 0) {
		buf_add(&b, "; ");
		text_missing(&b, t, s);
	}
	if (s->flips) {
		buf_add(&b, "; flips: ");
		text_flip(&b, t, s);
	}
	paragraph(out, st, 6, &b);
	buf_release(&b);
}

static void all_movers(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	double widest = 0;
	int still = 0;

	for (int i = 0; i < t->nsensitivity; i++)
		widest = fmax(widest, swing(&t->sensitivity[i]));
	for (int i = 0; i < t->nsensitivity; i++) {
		if (t->nsensitivity < FEW || moves(&t->sensitivity[i], widest))
			mover(out, st, t, &t->sensitivity[i]);
		else
			still++;
	}
	if (still) {
		buf_addf(&b, "%d other%s it by less than %g %% of the widest "
		         "swing.", still, still == 1 ? " moves" : "s move",
		         100 * LITTLE);
		paragraph(out, st, 4, &b);
	}
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
		all_movers(out, st, t);
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
	text_shares(out, st, t);
	text_choices(out, st, t);
	text_notes(out, st, t);
	text_footer(out, st, e);
}

/* --- value of information --------------------------------------------- */

#define VALUE 12
#define LEAST_TITLE 24

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
		text_error(&b, t->voi.evpi_se);
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
		buf_add(&b, t->voi.part ? "None of these would change the "
		        "advice by itself." : "No single measurement would "
		        "change the advice; only several together could.");
	}
	if (b.len)
		paragraph(out, st, 4, &b);
	buf_release(&b);
}

static void add_part(struct buf *b, const struct tradeoff *t,
                     const struct evppi *e)
{
	if (e->value > 0 && t->voi.evpi > 0)
		buf_addf(b, "%.0f %%", 100 * e->value / t->voi.evpi);
}

/* "Growth of volume: 5120 +- 80, 56 %" */
static void narrow_measure(struct buf *out, const struct text_style *st,
                           const struct tradeoff *t, const struct evppi *e)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", e->title);
	text_number(&b, e->value, NULL);
	if (result_has(e->se)) {
		buf_add(&b, give_or_take(st));
		text_error(&b, e->se);
	}
	buf_add(&b, ", ");
	add_part(&b, t, e);
	text_wrap(out, st, 4, 2, b.s);
	buf_release(&b);
}

static void measure(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t, const struct evppi *e)
{
	int title = text_room(st) - 4 - 2 * VALUE - 8;
	struct buf b = BUF_INIT;

	if (title < LEAST_TITLE) {
		narrow_measure(out, st, t, e);
		return;
	}
	buf_pad(out, ' ', 4);
	text_cell(out, st, e->title, title, false);
	text_number(&b, e->value, NULL);
	text_cell(out, st, b.s, VALUE, true);
	buf_clear(&b);
	if (result_has(e->se)) {
		buf_add(&b, give_or_take(st));
		text_error(&b, e->se);
	}
	text_cell(out, st, b.s, VALUE, false);
	buf_clear(&b);
	add_part(&b, t, e);
	text_cell(out, st, b.s, 6, true);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* The inputs worth a name; the rest in one line. */
static void measures(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int rest = t->voi.nevppi - worth_measuring(t), idle = 0;

	for (int i = 0; i < t->voi.nevppi; i++)
		idle += t->voi.evppi[i].value == 0 && t->voi.evppi[i].se == 0;
	rest -= idle;
	if (worth_measuring(t))
		text_wrap(out, st, 4, 2, "Each input by itself, its value and "
		          "its part of what knowing everything is worth:");
	for (int i = 0; i < t->voi.nevppi; i++)
		if (text_worth_telling(&t->voi.evppi[i]))
			measure(out, st, t, &t->voi.evppi[i]);
	if (rest > 0 && t->voi.evpi > 0) {
		buf_addf(&b, "%d %s%s nothing that this sample could tell "
		         "from noise", rest, worth_measuring(t) ? "more " : "",
		         rest == 1 ? "is worth" : "are worth");
		if (t->voi.noise > 0) {
			buf_add(&b, " (");
			text_number(&b, t->voi.noise, t->objective_unit);
			buf_add(&b, ")");
		}
		buf_add(&b, ".");
		paragraph(out, st, 4, &b);
		buf_clear(&b);
	}
	if (idle > 0 && t->voi.evpi > 0) {
		buf_addf(&b, "%d %scannot change the advice %s.", idle,
		         idle < t->voi.nevppi ? "more " : "", idle == 1 ?
		         "by itself" : "by themselves");
		paragraph(out, st, 4, &b);
	}
	buf_release(&b);
}

void text_voi(struct buf *out, const struct text_style *st,
              const struct tradeoff *t)
{
	text_heading(out, st, 2, "Worth finding out");
	if (t->voi.present) {
		ceiling(out, st, t);
		advice(out, st, t);
		measures(out, st, t);
		text_groups(out, st, t);
		text_second_opinion(out, st, t);
		text_studies(out, st, t);
	} else {
		text_wrap(out, st, 4, 2, "No option can be taken.");
	}
	buf_addc(out, '\n');
}

void report_voi_text(struct buf *out, const struct evaluation *e,
                     const struct text_style *st)
{
	const struct tradeoff *t = &e->tradeoff[0];

	text_title(out, st, e);
	text_headline(out, st, t);
	text_voi(out, st, t);
	text_choices(out, st, t);
	text_notes(out, st, t);
	text_footer(out, st, e);
}
