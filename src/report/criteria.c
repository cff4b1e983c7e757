/* Other ways to choose, for people. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

#define TITLE 24
#define VALUE 12

/* Whether an earlier criterion that disagrees named the same option. */
static bool named_before(const struct tradeoff *t, int i)
{
	for (int k = 0; k < i; k++)
		if (!t->criterion[k].agrees &&
		    t->criterion[k].option == t->criterion[i].option)
			return true;
	return false;
}

/* "Self-host by the worst case and the greatest regret" */
static void add_followers(struct buf *b, const struct tradeoff *t, int option)
{
	int told = 0;

	buf_addf(b, "%s by ", text_option(t, option));
	for (int i = 0; i < t->ncriteria; i++) {
		const struct criterion *c = &t->criterion[i];

		if (c->agrees || c->option != option)
			continue;
		buf_addf(b, "%s%s", told++ ? ", " : "", c->title);
	}
}

void text_disagreement(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int told = 0;

	for (int i = 0; i < t->ncriteria; i++) {
		if (t->criterion[i].agrees || named_before(t, i))
			continue;
		buf_add(&b, told++ ? "; " : "Another way to choose takes "
		        "another option: ");
		add_followers(&b, t, t->criterion[i].option);
	}
	if (told) {
		text_wrap(out, st, 4, 2, b.s);
		buf_addc(out, '\n');
	}
	buf_release(&b);
}

static void criterion(struct buf *out, const struct text_style *st,
                      const struct tradeoff *t, const struct criterion *c)
{
	int room = text_room(st) - 4 - TITLE - VALUE - 2;
	struct buf b = BUF_INIT;

	buf_pad(out, ' ', 4);
	text_cell(out, st, c->title, TITLE, false);
	text_number(&b, c->option < 0 ? c->value[0] : c->value[c->option],
	            NULL);
	text_cell(out, st, b.s, VALUE, true);
	buf_clear(&b);
	buf_add(out, "  ");
	buf_add(&b, text_option(t, c->option));
	if (c->note)
		buf_addf(&b, " (%s)", c->note);
	if (!c->agrees)
		text_begin(out, st, TEXT_DOUBT);
	text_cell(out, st, b.s, utf8_width(b.s) < room ? utf8_width(b.s) :
	          room, false);
	if (!c->agrees)
		text_end(out, st, TEXT_DOUBT);
	buf_addc(out, '\n');
	buf_release(&b);
}

static void dominances(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->ndominances; i++) {
		const struct dominance *d = &t->dominance[i];

		buf_addf(&b, "%s is better than %s ", text_option(t, d->over),
		         text_option(t, d->under));
		buf_add(&b, d->order == 1 ?
		        "whatever the attitude to risk" :
		        "to everybody who does not seek risk");
		text_wrap(out, st, 4, 2, b.s);
		buf_clear(&b);
	}
	buf_release(&b);
}

void text_criteria(struct buf *out, const struct text_style *st,
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
		criterion(out, st, t, &t->criterion[i]);
		against += !t->criterion[i].agrees;
	}
	text_wrap(out, st, 4, 2, against ?
	          "They disagree: ask how much a bad case may cost before "
	          "following the expected value." : "All of them agree.");
	dominances(out, st, t);
	buf_addc(out, '\n');
	buf_release(&b);
}
