/* Other ways to choose, for people. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

#define TITLE 24
#define VALUE 12

/* Whether every option's title fits behind the columns. */
static bool has_room(const struct text_style *st, const struct tradeoff *t)
{
	int most = 0;

	for (int i = 0; i < t->ncriteria; i++) {
		int w = utf8_width(text_option(t, t->criterion[i].option));

		most = w > most ? w : most;
	}
	return 4 + TITLE + VALUE + 2 + most <= text_room(st);
}

static double value_of(const struct criterion *c)
{
	return c->value[c->option < 0 ? 0 : c->option];
}

/* "Worst case: 601k, Call an API" */
static void narrow_criterion(struct buf *out, const struct text_style *st,
                             const struct tradeoff *t,
                             const struct criterion *c)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", c->title);
	text_number(&b, value_of(c), NULL);
	buf_addf(&b, ", %s", text_option(t, c->option));
	text_wrap(out, st, 4, 2, b.s);
	buf_release(&b);
}

static void criterion(struct buf *out, const struct text_style *st,
                      const struct tradeoff *t, const struct criterion *c)
{
	struct buf b = BUF_INIT;

	buf_pad(out, ' ', 4);
	text_cell(out, st, c->title, TITLE, false);
	text_number(&b, value_of(c), NULL);
	text_cell(out, st, b.s, VALUE, true);
	buf_clear(&b);
	buf_add(out, "  ");
	utf8_safe(&b, text_option(t, c->option), false);
	if (!c->agrees)
		text_begin(out, st, TEXT_DOUBT);
	buf_add(out, b.s);
	if (!c->agrees)
		text_end(out, st, TEXT_DOUBT);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* "greatest regret: of 16384 draws": what the choices rest on. */
static void settings(struct buf *out, const struct text_style *st,
                     const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->ncriteria; i++) {
		const struct criterion *c = &t->criterion[i];

		if (c->note)
			buf_addf(&b, "%s%s: %s", b.len ? "; " : "", c->title,
			         c->note);
	}
	text_wrap(out, st, 4, 2, b.s);
	buf_release(&b);
}

/* One better option is told for each: the advice where it is one. */
static bool told_of(const struct tradeoff *t, int i)
{
	const struct dominance *d = &t->dominance[i];

	for (int k = 0; k < t->ndominances; k++) {
		const struct dominance *e = &t->dominance[k];

		if (k != i && e->under == d->under &&
		    (e->over == t->verdict.option ||
		     (k < i && d->over != t->verdict.option)))
			return true;
	}
	return false;
}

static void dominances(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->ndominances; i++) {
		if (told_of(t, i))
			continue;
		text_dominance(&b, t, &t->dominance[i]);
		text_wrap(out, st, 4, 2, b.s);
		buf_clear(&b);
	}
	buf_release(&b);
}

void text_choices(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int against = 0;

	if (!t->ncriteria)
		return;
	buf_addf(&b, "Ways to choose, and what each takes (%s)",
	         t->objective_unit);
	text_heading(out, st, 2, b.s);
	for (int i = 0; i < t->ncriteria; i++) {
		(has_room(st, t) ? criterion : narrow_criterion)
			(out, st, t, &t->criterion[i]);
		against += !t->criterion[i].agrees;
	}
	settings(out, st, t);
	text_wrap(out, st, 4, 2, against ?
	          "They disagree: ask how much a bad case may cost before "
	          "following the expected value." : "All of them agree.");
	dominances(out, st, t);
	buf_addc(out, '\n');
	buf_release(&b);
}
