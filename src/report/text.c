/* The evaluation for a person at a terminal. */
#include "report/text.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

#include "base/banned.h"

#define DRIVERS 6
#define MEASURES 3

static void line(struct buf *out, const struct text_style *st, int indent,
                 struct buf *b)
{
	text_wrap(out, st, indent, 2, b->s);
	buf_clear(b);
}

/* --- options ---------------------------------------------------------- */

static const char *status_word(const struct option_result *o)
{
	static const char *const words[] = { "", "infeasible", "barred" };

	return o->status == OPTION_OK && !o->slo_met ? "misses a service level"
		: words[o->status];
}

static void cell_number(struct buf *out, const struct text_style *st, double v,
                        int width)
{
	struct buf b = BUF_INIT;

	text_number(&b, v, NULL);
	text_cell(out, st, b.s, width, true);
	buf_release(&b);
}

static void cell_interval(struct buf *out, const struct text_style *st,
                          const struct summary *s, int width)
{
	struct buf b = BUF_INIT;

	text_number(&b, s->p5, NULL);
	buf_add(&b, " to ");
	text_number(&b, s->p95, NULL);
	text_cell(out, st, b.s, width, true);
	buf_release(&b);
}

static int title_width(const struct tradeoff *t)
{
	int w = 12;

	for (int i = 0; i < t->noptions; i++) {
		int n = utf8_width(t->option[i].title);

		w = n > w ? n : w;
	}
	return w > 32 ? 32 : w;
}

static void option_row(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t, int i, int w)
{
	const struct option_result *o = &t->option[i];
	struct buf p = BUF_INIT;

	buf_add(out, i == t->verdict.option ? "  > " : "    ");
	text_cell(out, st, o->title, w, false);
	if (t->point) {
		cell_number(out, st, o->objective.value, 10);
		cell_number(out, st, o->expected_regret, 10);
	} else {
		cell_number(out, st, o->objective.mean, 9);
		cell_interval(out, st, &o->objective, 18);
		num_prob(&p, o->probability_best);
		text_cell(out, st, p.s, 8, true);
		cell_number(out, st, o->expected_regret, 9);
	}
	if (*status_word(o))
		buf_addf(out, "  %s", status_word(o));
	buf_addc(out, '\n');
	for (int k = 0; k < o->nreasons; k++)
		text_wrap(out, st, 8, 2, o->reason_text[k]);
	buf_release(&p);
}

static void options(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t)
{
	int w = title_width(t);

	buf_add(out, "    ");
	text_cell(out, st, "option", w, false);
	if (t->point)
		buf_add(out, "     value    regret\n");
	else
		buf_add(out, "     mean     90 % interval P(best)   regret\n");
	for (int i = 0; i < t->noptions; i++)
		option_row(out, st, t, i, w);
	buf_addf(out, "    %s in %s over %d months%s\n\n", t->objective_name,
	         t->objective_unit, t->horizon,
	         t->point ? ", at central values" : "");
}

/* --- what else is known ----------------------------------------------- */

static void break_evens(struct buf *out, const struct text_style *st,
                        const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (t->nbreak_even)
		text_heading(out, st, 2, "Where it tips");
	for (int i = 0; i < t->nbreak_even; i++) {
		if (!text_is_told(t, i))
			continue;
		text_break_even(&b, t, &t->break_even[i]);
		line(out, st, 4, &b);
	}
	if (t->nbreak_even)
		buf_addc(out, '\n');
	buf_release(&b);
}

static void drivers(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (t->nsensitivity)
		text_heading(out, st, 2, "What moves the advantage");
	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++) {
		const struct sensitivity *s = &t->sensitivity[i];

		buf_addf(&b, "%s at %s or %s: ", s->title, s->low_text,
		         s->high_text);
		text_number(&b, s->swing_low, NULL);
		buf_add(&b, " or ");
		text_number(&b, s->swing_high, t->objective_unit);
		if (s->flips)
			buf_add(&b, " - flips the advice");
		line(out, st, 4, &b);
	}
	if (t->nsensitivity)
		buf_addc(out, '\n');
	buf_release(&b);
}

static void voi(struct buf *out, const struct text_style *st,
                const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int told = 0;

	if (!t->voi.present || t->point)
		return;
	text_heading(out, st, 2, "Worth finding out");
	buf_add(&b, "Knowing everything would be worth ");
	text_number(&b, t->voi.evpi, t->objective_unit);
	if (t->voi.evpi_se > 0) {
		buf_add(&b, st->ascii ? " +- " : " \xc2\xb1 ");
		text_number(&b, t->voi.evpi_se, NULL);
	}
	for (int i = 0; i < t->voi.nevppi && told < MEASURES; i++) {
		const struct evppi *e = &t->voi.evppi[i];

		if (!(e->value > 2 * e->se) || e->value <= 0)
			continue;
		buf_addf(&b, "%s%s ", told++ ? ", " : "; most of all: ",
		         e->title);
		text_number(&b, e->value, NULL);
	}
	if (!told)
		buf_add(&b, "; no single parameter alone would change the "
		        "advice");
	line(out, st, 4, &b);
	buf_addc(out, '\n');
	buf_release(&b);
}

static void rules(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *r = &t->rule[i];

		if (i == 0)
			text_heading(out, st, 2, "Rules before any cost");
		buf_addf(&b, "%s: %s", r->title ? r->title : r->id,
		         r->applies ? "applies" : "does not apply");
		for (int k = 0; k < r->nbarred; k++)
			buf_addf(&b, "%s%s", k ? ", " : "; it bars ",
			         t->option[r->barred[k]].title);
		if (isfinite(r->price)) {
			buf_add(&b, "; obeying costs ");
			text_number(&b, r->price, t->objective_unit);
		}
		if (r->basis)
			buf_addf(&b, " (%s%s%s)", r->basis,
			         r->as_of ? ", as of " : "",
			         r->as_of ? r->as_of : "");
		line(out, st, 4, &b);
	}
	if (t->nrules)
		buf_addc(out, '\n');
	buf_release(&b);
}

static void findings(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (t->nfindings)
		text_heading(out, st, 2, "Findings");
	for (int i = 0; i < t->nfindings; i++) {
		const struct finding *f = &t->finding[i];

		if (!t->point && f->probability < 1) {
			num_prob(&b, f->probability);
			buf_add(&b, "  ");
		}
		buf_add(&b, f->text);
		line(out, st, 4, &b);
	}
	if (t->nfindings)
		buf_addc(out, '\n');
	buf_release(&b);
}

static void notes(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	if (t->nwarnings)
		text_heading(out, st, 2, "Notes");
	for (int i = 0; i < t->nwarnings; i++)
		text_wrap(out, st, 4, 2, t->warning[i].text);
	if (t->nwarnings)
		buf_addc(out, '\n');
}

static void headline(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: %s", t->title, v->option < 0 ? "no option"
	         : t->option[v->option].title);
	if (!t->point && v->option >= 0) {
		buf_add(&b, "  [");
		num_prob(&b, v->probability_best);
		buf_addf(&b, " %s, %s]", v->badge,
		         verdict_state_names[v->state]);
	}
	text_heading(out, st, 0, b.s);
	text_wrap(out, st, 2, 0, v->sentence);
	buf_addc(out, '\n');
	buf_release(&b);
}

static void footer(struct buf *out, const struct text_style *st,
                   const struct evaluation *e)
{
	struct buf b = BUF_INIT;

	if (e->engine.point)
		buf_add(&b, "central values, no sampling");
	else
		buf_addf(&b, "%lld points (%s, %d replicates), seed %llu",
		         (long long)e->engine.samples, e->engine.sampler,
		         e->engine.replicates,
		         (unsigned long long)e->engine.seed);
	if (e->prices_as_of)
		buf_addf(&b, ", prices as of %s", e->prices_as_of);
	buf_addf(&b, ", digest %.12s", e->digest);
	text_wrap(out, st, 0, 2, b.s);
	buf_release(&b);
}

static void title_line(struct buf *out, const struct text_style *st,
                       const struct evaluation *e)
{
	struct buf b = BUF_INIT;

	buf_add(&b, e->title && *e->title ? e->title : e->scenario);
	if (e->title && strcmp(e->title, e->scenario) != 0)
		buf_addf(&b, " (%s)", e->scenario);
	text_heading(out, st, 0, b.s);
	buf_addc(out, '\n');
	buf_release(&b);
}

void report_text(struct buf *out, const struct evaluation *e,
                 const struct text_style *st)
{
	title_line(out, st, e);
	for (int i = 0; i < e->ntradeoffs; i++) {
		const struct tradeoff *t = &e->tradeoff[i];

		headline(out, st, t);
		options(out, st, t);
		break_evens(out, st, t);
		drivers(out, st, t);
		voi(out, st, t);
		rules(out, st, t);
		findings(out, st, t);
		notes(out, st, t);
	}
	footer(out, st, e);
}

void report_break_even_text(struct buf *out, const struct evaluation *e,
                            const struct text_style *st)
{
	title_line(out, st, e);
	for (int i = 0; i < e->ntradeoffs; i++) {
		break_evens(out, st, &e->tradeoff[i]);
		notes(out, st, &e->tradeoff[i]);
	}
	footer(out, st, e);
}

/* --- why -------------------------------------------------------------- */

static void explain(struct buf *out, const struct explanation *x,
                    const struct text_style *st, int depth)
{
	struct buf b = BUF_INIT;

	utf8_safe(&b, x->name, false);
	buf_add(&b, " = ");
	text_summary(&b, &x->s, x->unit, isfinite(x->s.value));
	if (x->formula)
		buf_addf(&b, "   <- %s", x->formula);
	if (x->source) {
		const struct provenance *p = x->source;

		buf_addf(&b, "   %s; %s%s%s%s%s", p->text ? p->text : "",
		         p->kind, p->source ? ": " : "",
		         p->source ? p->source : "", p->date ? ", " : "",
		         p->date ? p->date : "");
	}
	text_wrap(out, st, 2 * depth, 4, b.s);
	buf_release(&b);
	for (int i = 0; i < x->n; i++)
		explain(out, x->part[i], st, depth + 1);
}

void report_explain_text(struct buf *out, const struct explanation *x,
                         const struct text_style *st)
{
	explain(out, x, st, 0);
}
