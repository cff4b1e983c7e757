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

/* --- headlines -------------------------------------------------------- */

static enum text_role badge_role(const struct tradeoff *t)
{
	const char *badge = t->verdict.badge;

	if (t->verdict.option < 0 || strcmp(badge, "toss") == 0)
		return TEXT_BAD;
	return strcmp(badge, "firm") == 0 ? TEXT_GOOD : TEXT_DOUBT;
}

/* "P(best) 0.92, firm, stable, 8/8": so many replicates name this option */
static void badge(struct buf *b, const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;

	if (v->option >= 0 && !t->point) {
		buf_add(b, "P(best) ");
		num_prob(b, v->probability_best);
		if (v->oftener) {
			buf_add(b, ", another ");
			num_prob(b, v->oftener->probability);
		}
		buf_addf(b, ", %s, ", v->badge);
	} else if (t->point) {
		buf_add(b, "central values, ");
	}
	buf_add(b, verdict_state_names[v->state]);
	if (v->option >= 0 && !t->point && v->replicates > 1)
		buf_addf(b, ", %d/%d", v->agreeing, v->replicates);
}

void text_headline(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t)
{
	enum text_role role = badge_role(t);
	struct buf b = BUF_INIT, mark = BUF_INIT;
	bool fits;

	buf_addf(&b, "%s: %s", t->title, text_option(t, t->verdict.option));
	badge(&mark, t);
	fits = utf8_width(b.s) + utf8_width(mark.s) + 4 <= text_room(st);
	text_heading(out, st, 0, b.s);
	if (fits)               /* back onto the heading's line */
		out->s[--out->len] = '\0';
	buf_addf(out, "  [");
	text_begin(out, st, role);
	utf8_safe(out, mark.s, false);
	text_end(out, st, role);
	buf_add(out, "]\n");
	text_wrap(out, st, 2, 0, t->verdict.sentence);
	buf_addc(out, '\n');
	buf_release(&mark);
	buf_release(&b);
}

/* --- break-evens ------------------------------------------------------ */

static bool same_subject(const struct break_even *a,
                         const struct break_even *b)
{
	return strcmp(a->parameter, b->parameter) == 0;
}

static void break_evens(struct buf *out, const struct text_style *st,
                        const struct tradeoff *t, bool all)
{
	const struct break_even *subject = NULL;
	struct buf b = BUF_INIT;

	if (t->nbreak_even)
		text_heading(out, st, 2, "Where it tips");
	for (int i = 0; i < t->nbreak_even; i++) {
		const struct break_even *e = &t->break_even[i];

		if (!all && !text_is_told(t, i))
			continue;
		if (!subject || !same_subject(subject, e)) {
			text_tip_subject(&b, e);
			line(out, st, 4, &b);
		}
		subject = e;
		text_tip(&b, t, i);
		line(out, st, 6, &b);
	}
	text_tip_notes(&b, t);
	if (b.len)
		line(out, st, 4, &b);
	if (t->nbreak_even)
		buf_addc(out, '\n');
	buf_release(&b);
}

/* --- drivers ---------------------------------------------------------- */

#define SWING 9
#define FLIPS " flips"
#define LEAST_ROOM 60           /* for columns */

struct driver_columns { int title, ends; };

/* The ends get what they need, up to half of the room; titles the rest. */
static struct driver_columns measure(const struct text_style *st,
                                     const struct tradeoff *t)
{
	int room = text_room(st) - 4 - 1 - 2 * SWING - (int)strlen(FLIPS);
	struct driver_columns c = { 8, 8 };
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++) {
		int title = utf8_width(t->sensitivity[i].title), ends;

		text_ends(&b, &t->sensitivity[i]);
		ends = utf8_width(b.s);
		c.title = title > c.title ? title : c.title;
		c.ends = ends > c.ends ? ends : c.ends;
		buf_clear(&b);
	}
	if (c.ends > room / 2 && c.title + c.ends > room)
		c.ends = room - c.title > room / 2 ? room - c.title : room / 2;
	if (c.title + c.ends > room)
		c.title = room - c.ends > 8 ? room - c.ends : 8;
	buf_release(&b);
	return c;
}

static void swing(struct buf *out, const struct text_style *st, double v)
{
	struct buf b = BUF_INIT;

	text_number(&b, v, NULL);
	text_cell(out, st, b.s, SWING, true);
	buf_release(&b);
}

static void driver(struct buf *out, const struct text_style *st,
                   const struct sensitivity *s,
                   const struct driver_columns *c)
{
	struct buf b = BUF_INIT;

	text_ends(&b, s);
	buf_pad(out, ' ', 4);
	text_cell(out, st, s->title, c->title, false);
	buf_addc(out, ' ');
	text_cell(out, st, b.s, c->ends, false);
	swing(out, st, s->swing_low);
	swing(out, st, s->swing_high);
	if (s->flips) {
		text_begin(out, st, TEXT_DOUBT);
		buf_add(out, FLIPS);
		text_end(out, st, TEXT_DOUBT);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

/* The same as a sentence, where columns would cut too much. */
static void narrow_driver(struct buf *out, const struct text_style *st,
                          const struct sensitivity *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s, ", s->title);
	text_ends(&b, s);
	buf_add(&b, ": ");
	text_interval(&b, s->swing_low, s->swing_high);
	if (s->flips)
		buf_add(&b, "," FLIPS);
	line(out, st, 4, &b);
	buf_release(&b);
}

static void driver_legend(struct buf *out, const struct text_style *st,
                          const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	struct buf none = BUF_INIT;

	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++) {
		const struct sensitivity *s = &t->sensitivity[i];

		if (s->low_missing >= 0 || s->high_missing >= 0) {
			buf_addf(&none, "%s%s: ", none.len ? "; " : "-: ",
			         s->title);
			text_missing(&none, t, s);
		}
		if (!s->flips)
			continue;
		buf_addf(&b, "%s%s: ", b.len ? "; " : "flips: ", s->title);
		text_flip(&b, t, s);
	}
	if (b.len)
		line(out, st, 4, &b);
	if (none.len)
		line(out, st, 4, &none);
	buf_release(&none);
	buf_release(&b);
}

static void drivers(struct buf *out, const struct text_style *st,
                    const struct tradeoff *t)
{
	struct driver_columns c = measure(st, t);
	struct buf b = BUF_INIT;

	if (!t->nsensitivity)
		return;
	buf_addf(&b, "What moves the advantage (%s; each at its P10 and P90, "
	         "the rest central)", t->objective_unit);
	text_heading(out, st, 2, b.s);
	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++) {
		if (text_room(st) < LEAST_ROOM)
			narrow_driver(out, st, &t->sensitivity[i]);
		else
			driver(out, st, &t->sensitivity[i], &c);
	}
	driver_legend(out, st, t);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* --- what else is known ----------------------------------------------- */

/* A value that the sampling error hides is not worth a name. */
bool text_worth_telling(const struct evppi *e)
{
	return e->value > 0 && !(e->value <= 2 * e->se);
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
		text_error(&b, t->voi.evpi_se);
	}
	for (int i = 0; i < t->voi.nevppi && told < MEASURES; i++) {
		const struct evppi *e = &t->voi.evppi[i];

		if (!text_worth_telling(e))
			continue;
		buf_addf(&b, "%s%s ", told++ ? ", " : "; most of it: ",
		         e->title);
		text_number(&b, e->value, NULL);
	}
	if (!told)
		buf_add(&b, t->voi.evpi > 0 ? "; no single parameter is worth "
		        "measuring by itself" : ": nothing left to learn could "
		        "change the advice");
	line(out, st, 4, &b);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* "326k (90 %: 201k to 702k), in 4 % of draws never" */
static void threshold(struct buf *b, const struct tradeoff *t,
                      const struct summary *s, const char *unit)
{
	if (s->state) {
		buf_add(b, s->state);
		return;
	}
	text_number(b, t->point ? s->value : s->p50, unit);
	if (t->point)
		return;
	buf_add(b, " (90 %: ");
	text_interval(b, s->p5, s->p95);
	if (s->p_never > 0) {
		buf_add(b, "; never in ");
		text_share(b, s->p_never);
	}
	buf_addc(b, ')');
}

static void where_now(struct buf *b, const struct tradeoff *t)
{
	const struct switching *s = &t->switching;

	if (!result_has(s->p_above))
		return;
	buf_add(b, "; your own value lies above in ");
	text_share(b, s->p_above);
	buf_add(b, ", below both in ");
	text_share(b, s->p_below);
}

static void switching(struct buf *out, const struct text_style *st,
                      const struct tradeoff *t)
{
	const struct switching *s = &t->switching;
	struct buf b = BUF_INIT;

	if (!s->present)
		return;
	text_heading(out, st, 2, "When to switch, and back");
	buf_addf(&b, "%s: from %s to %s at ", s->title,
	         text_option(t, s->from), text_option(t, s->to));
	threshold(&b, t, &s->at->s, s->unit);
	buf_add(&b, ", back below ");
	threshold(&b, t, &s->back->s, s->unit);
	buf_add(&b, "; in between leave it as it is");
	where_now(&b, t);
	line(out, st, 4, &b);
	if (s->value && result_has(s->value->s.value)) {
		buf_addf(&b, "%s: ", s->value->title);
		text_number(&b, s->value->s.value, s->value->unit);
		buf_add(&b, " at central values");
		line(out, st, 4, &b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

/* A table where ways to choose disagree, else a line. */
static void other_criteria(struct buf *out, const struct text_style *st,
                           const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	bool agree = true;

	for (int i = 0; i < t->ncriteria; i++)
		agree &= t->criterion[i].agrees;
	if (!agree) {
		text_choices(out, st, t);
		return;
	}
	if (!t->ncriteria && !t->ndominances)
		return;
	text_heading(out, st, 2, "Other ways to choose");
	buf_add(&b, "the same by: ");
	if (text_criteria(&b, t, true))
		line(out, st, 4, &b);
	buf_clear(&b);
	for (int i = 0; i < t->ndominances; i++) {
		text_dominance(&b, t, &t->dominance[i]);
		line(out, st, 4, &b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

static void rules(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->nrules)
		return;
	text_heading(out, st, 2, "Rules before any cost");
	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *r = &t->rule[i];

		buf_addf(&b, "%s: ", r->title ? r->title : r->id);
		text_rule(&b, t, r);
		line(out, st, 4, &b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

static void findings(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->nfindings)
		return;
	text_heading(out, st, 2, "Findings");
	for (int i = 0; i < t->nfindings; i++) {
		const struct finding *f = &t->finding[i];

		buf_add(&b, f->text);
		if (!t->point) {
			buf_add(&b, " (in ");
			text_share(&b, f->probability);
			buf_addc(&b, ')');
		}
		line(out, st, 4, &b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

static void unanswered(struct buf *b, const struct tradeoff *t)
{
	int open = 0;

	for (int i = 0; i < t->nchecklist; i++) {
		const struct checklist_item *c = &t->checklist[i];

		if (c->answer)
			continue;
		buf_add(b, open++ ? ", " : "not answered yet: ");
		buf_addf(b, "%s%s", c->id, c->must ? " (must be)" : "");
	}
}

static void neighbours(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->nneighbours; i++) {
		const struct neighbour *n = &t->neighbour[i];

		buf_addf(&b, "Reads %s as it takes: %s (%s).", n->title,
		         n->option_title, n->why);
		text_wrap(out, st, 2, 2, b.s);
		buf_clear(&b);
	}
	if (t->nneighbours)
		buf_addc(out, '\n');
	buf_release(&b);
}

/* Prices that are not of the built-in map: who said them, and before what. */
static void prices_line(struct buf *out, const struct text_style *st,
                        const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];

		if (!p->price || strcmp(p->price, "built-in") == 0)
			continue;
		buf_addf(&b, "%s%s ", b.len ? "; " : "Prices: ", p->parameter);
		if (result_has(p->p50))
			num_human(&b, p->p50, 4);
		buf_addf(&b, " %s from the ", p->unit);
		result_origin(&b, p->origin, p->price, p->over);
	}
	if (b.len)
		text_wrap(out, st, 2, 2, b.s);
	if (b.len)
		buf_addc(out, '\n');
	buf_release(&b);
}

void text_notes(struct buf *out, const struct text_style *st,
                const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	prices_line(out, st, t);
	unanswered(&b, t);
	if (t->nwarnings || b.len)
		text_heading(out, st, 2, "Notes");
	for (int i = 0; i < t->nwarnings; i++)
		text_wrap(out, st, 4, 2, t->warning[i].text);
	if (b.len)
		text_wrap(out, st, 4, 2, b.s);
	if (t->nwarnings || b.len)
		buf_addc(out, '\n');
	buf_release(&b);
}

/* --- the report ------------------------------------------------------- */

void text_footer(struct buf *out, const struct text_style *st,
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
	line(out, st, 0, &b);
	buf_addf(&b, "digest %.12s", e->digest);
	if (e->prices_as_of)
		buf_addf(&b, ", prices as of %s", e->prices_as_of);
	line(out, st, 0, &b);
	buf_release(&b);
}

void text_title(struct buf *out, const struct text_style *st,
                const struct evaluation *e)
{
	struct buf b = BUF_INIT;

	buf_add(&b, e->title && *e->title ? e->title : e->scenario);
	if (e->title && *e->title && strcmp(e->title, e->scenario) != 0)
		buf_addf(&b, " (%s)", e->scenario);
	text_heading(out, st, 0, b.s);
	buf_addc(out, '\n');
	buf_release(&b);
}

void report_text(struct buf *out, const struct evaluation *e,
                 const struct text_style *st)
{
	text_title(out, st, e);
	for (int i = 0; i < e->ntradeoffs; i++) {
		const struct tradeoff *t = &e->tradeoff[i];

		text_headline(out, st, t);
		neighbours(out, st, t);
		text_options(out, st, t);
		break_evens(out, st, t, false);
		switching(out, st, t);
		drivers(out, st, t);
		voi(out, st, t);
		other_criteria(out, st, t);
		rules(out, st, t);
		findings(out, st, t);
		text_implied(out, st, t);
		text_notes(out, st, t);
	}
	text_footer(out, st, e);
}

void report_break_even_text(struct buf *out, const struct evaluation *e,
                            const struct text_style *st)
{
	text_title(out, st, e);
	for (int i = 0; i < e->ntradeoffs; i++) {
		const struct tradeoff *t = &e->tradeoff[i];

		text_heading(out, st, 0, t->title);
		break_evens(out, st, t, true);
		if (t->ngoals)
			text_goals(out, st, t);
		if (t->frontier)
			text_frontier(out, st, t);
		text_notes(out, st, t);
	}
	text_footer(out, st, e);
}
