/*
 * Break-evens in words: every crossing with who wins on each side.
 *
 *      one crossing    A wins below 4.1M, B from 4.1M on
 *      stairs          B wins from 3.99M to 4.08M, and from 4.26M on; A
 *                      elsewhere
 *      three winners   A wins below 1M, B from 1M to 3M, C from 3M on
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "report/text.h"

#include "base/banned.h"

#define DIGITS 3
#define MOST_DIGITS 9           /* tells stairs of one part in 1e8 apart */

/* A stretch that one option wins; an open end is NAN. */
struct stretch {
	int winner;
	double from, to;
};

struct stretches {
	int n;
	struct stretch *at;
	int digits;             /* that tell the ends apart */
};

static bool same_text(double a, double b, int digits)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same;

	num_human(&x, a, digits);
	num_human(&y, b, digits);
	same = strcmp(x.s, y.s) == 0;
	buf_release(&x);
	buf_release(&y);
	return same;
}

static int digits_for(const struct break_even *b)
{
	int digits = DIGITS;

	for (int i = 1; i < b->ncrossings; i++)
		while (digits < MOST_DIGITS &&
		       same_text(b->crossing[i - 1].at, b->crossing[i].at,
		                 digits))
			digits++;
	return digits;
}

static void stretches_of(struct stretches *s, const struct break_even *b)
{
	double from = NAN;

	s->n = 0;
	s->at = xcalloc((size_t)b->ncrossings + 1, sizeof *s->at);
	s->digits = digits_for(b);
	for (int i = 0; i < b->ncrossings; i++) {
		const struct crossing *c = &b->crossing[i];

		if (c->kind == CROSS_TOUCH)
			continue;
		s->at[s->n++] = (struct stretch) { c->below, from, c->at };
		from = c->at;
		s->at[s->n] = (struct stretch) { c->above, from, NAN };
	}
	if (s->n)
		s->n++;
}

static int winners_of(const struct stretches *s)
{
	int n = 0;

	for (int i = 0; i < s->n; i++) {
		bool seen = false;

		for (int k = 0; k < i; k++)
			seen |= s->at[k].winner == s->at[i].winner;
		n += !seen;
	}
	return n;
}

/* "below 4M", "from 4M to 5M", "from 5M on" */
static void add_stretch(struct buf *out, const struct stretches *s, int i)
{
	const struct stretch *at = &s->at[i];

	if (isnan(at->from)) {
		buf_add(out, "below ");
	} else {
		buf_add(out, "from ");
		num_human(out, at->from, s->digits);
		buf_add(out, isnan(at->to) ? " on" : " to ");
	}
	if (!isnan(at->to))
		num_human(out, at->to, s->digits);
}

static void add_winner(struct buf *out, const struct tradeoff *t, int winner,
                       bool first)
{
	buf_add(out, text_option(t, winner));
	if (winner < 0)
		buf_add(out, " can be taken");
	else if (first)
		buf_add(out, " wins");
	buf_addc(out, ' ');
}

/* Each stretch in turn: nobody wins twice. */
static void add_in_turn(struct buf *out, const struct tradeoff *t,
                        const struct stretches *s)
{
	for (int i = 0; i < s->n; i++) {
		if (i)
			buf_add(out, ", ");
		add_winner(out, t, s->at[i].winner, i == 0);
		add_stretch(out, s, i);
	}
}

/* All stretches of one winner. */
static void add_all_of(struct buf *out, const struct tradeoff *t,
                       const struct stretches *s, int first)
{
	int winner = s->at[first].winner, left = 0, told = 0;

	for (int i = first; i < s->n; i++)
		left += s->at[i].winner == winner;
	add_winner(out, t, winner, true);
	for (int i = first; i < s->n; i++) {
		if (s->at[i].winner != winner)
			continue;
		if (told++)
			buf_add(out, told == left ? ", and " : ", ");
		add_stretch(out, s, i);
	}
}

/* Of two that take turns the one that comes second is told, the other wins
 * elsewhere. */
static void add_by_winner(struct buf *out, const struct tradeoff *t,
                          const struct stretches *s)
{
	bool two = winners_of(s) == 2 && s->at[0].winner >= 0;

	for (int i = two; i < s->n; i++) {
		bool seen = false;

		for (int k = 0; k < i; k++)
			seen |= s->at[k].winner == s->at[i].winner;
		if (seen)
			continue;
		if (i > two)
			buf_add(out, "; ");
		add_all_of(out, t, s, i);
	}
	if (two)
		buf_addf(out, "; %s elsewhere",
		         text_option(t, s->at[0].winner));
	buf_addf(out, " (%d crossings)", s->n - 1);
}

static void add_touches(struct buf *out, const struct break_even *b,
                        int digits)
{
	int told = 0;

	for (int i = 0; i < b->ncrossings; i++) {
		if (b->crossing[i].kind != CROSS_TOUCH)
			continue;
		buf_add(out, told++ ? ", " : "; equal without changing sides "
		        "at ");
		num_human(out, b->crossing[i].at, digits);
	}
}

static void add_winners(struct buf *out, const struct tradeoff *t,
                        const struct break_even *b)
{
	struct stretches s;

	stretches_of(&s, b);
	if (winners_of(&s) == s.n)
		add_in_turn(out, t, &s);
	else
		add_by_winner(out, t, &s);
	add_touches(out, b, s.digits);
	free(s.at);
}

/* --- the draws -------------------------------------------------------- */

static void add_in(struct buf *out, const char *before, double p)
{
	buf_add(out, before);
	text_share(out, p);
}

static void add_first(struct buf *out, const struct break_even *b)
{
	if (!result_has(b->p50)) {
		if (b->crossed > 0)
			buf_addf(out, "; %lld of %lld draws cross, too few "
			         "for an interval", (long long)b->crossed,
			         (long long)b->draws);
		return;
	}
	buf_add(out, b->state == BREAK_CROSSINGS
	        ? "; draw by draw it first crosses at "
	        : "; the draws that cross do so first at ");
	num_human(out, b->p50, DIGITS);
	if (same_text(b->p5, b->p95, DIGITS))
		return;
	buf_add(out, " (90 %: ");
	text_interval(out, b->p5, b->p95);
	buf_addc(out, ')');
}

static void add_shares(struct buf *out, const struct tradeoff *t,
                       const struct break_even *b)
{
	if (b->p_never > 0)
		add_in(out, "; never crosses in ", b->p_never);
	if (b->p_always > 0) {
		buf_addf(out, "; %s ahead throughout",
		         text_option(t, b->between[1]));
		add_in(out, " in ", b->p_always);
	}
	if (b->p_beyond > 0 && b->state == BREAK_CROSSINGS)
		add_in(out, "; your own value lies beyond it in ",
		       b->p_beyond);
}

static void add_spread(struct buf *out, const struct tradeoff *t,
                       const struct break_even *b)
{
	bool sure = (b->state == BREAK_NEVER && b->p_never >= 1) ||
		(b->state == BREAK_ALWAYS && b->p_always >= 1);

	if (b->draws <= 0)
		return;
	if (sure) {
		buf_add(out, ", in every draw");
		return;
	}
	add_first(out, b);
	add_shares(out, t, b);
}

static void add_throughout(struct buf *out, const struct tradeoff *t,
                           const struct break_even *b, int winner)
{
	buf_addf(out, "no crossing, %s wins throughout, from ",
	         text_option(t, winner));
	text_interval(out, b->low, b->high);
}

/* --- notes ------------------------------------------------------------ */

/* The parts of a note stand between semicolons. */
static size_t part_length(const char *s)
{
	const char *end = strstr(s, "; ");

	return end ? (size_t)(end - s) : strlen(s);
}

static bool has_part(const char *note, const char *part, size_t n)
{
	while (note && *note) {
		size_t m = part_length(note);

		if (m == n && strncmp(note, part, n) == 0)
			return true;
		note += m + strspn(note + m, "; ");
	}
	return false;
}

/* How many of these break-evens say the same. */
static int said_by(const struct tradeoff *t, int from, int to,
                   const char *part, size_t n)
{
	int said = 0;

	for (int i = from; i < to; i++)
		said += has_part(t->break_even[i].note, part, n);
	return said;
}

/* A note without what the sentence says itself. */
static const char *own_part(const char *note)
{
	static const char all[] = "the best of all options; ";

	return strncmp(note, all, sizeof all - 1) == 0 ?
	       note + sizeof all - 1 : note;
}

/* The parts of the i-th note that it alone has, or else those that it is the
 * first to have of several. */
static void add_parts(struct buf *out, const struct tradeoff *t, int i,
                      bool shared)
{
	static const char all[] = "the best of all options";
	const char *note = t->break_even[i].note;

	while (note && *note) {
		size_t n = part_length(note);
		int before = said_by(t, 0, i, note, n);
		int said = said_by(t, 0, t->nbreak_even, note, n);
		bool tell = shared ? said > 1 && !before : said == 1;

		if (n == sizeof all - 1 && strncmp(note, all, n) == 0)
			tell = false;   /* the sentence says it */
		if (tell) {
			buf_add(out, out->len ? "; " : "");
			buf_addn(out, note, n);
		}
		note += n + strspn(note + n, "; ");
	}
}

void text_tip_notes(struct buf *out, const struct tradeoff *t)
{
	for (int i = 0; i < t->nbreak_even; i++)
		if (t->break_even[i].state != BREAK_UNDEFINED)
			add_parts(out, t, i, true);
}

/* --- sentences -------------------------------------------------------- */

bool text_is_told(const struct tradeoff *t, int i)
{
	const struct break_even *b = &t->break_even[i];

	return !b->pair || b->state == BREAK_CROSSINGS
		|| i + 1 == t->nbreak_even || t->break_even[i + 1].pair
		|| strcmp(t->break_even[i + 1].parameter, b->parameter) != 0;
}

void text_tip_subject(struct buf *out, const struct break_even *b)
{
	buf_add(out, b->title ? b->title : b->parameter);
	if (b->unit && *b->unit && strcmp(b->unit, "1") != 0)
		buf_addf(out, ", %s", b->unit);
	if (!result_has(b->here))
		return;
	buf_add(out, " (central value ");
	num_human(out, b->here, DIGITS);
	buf_addc(out, ')');
}

void text_tip(struct buf *out, const struct tradeoff *t, int i)
{
	const struct break_even *b = &t->break_even[i];

	if (b->pair)
		buf_addf(out, "%s against %s: ", text_option(t, b->between[0]),
		         text_option(t, b->between[1]));
	else
		buf_add(out, "Best of all: ");
	switch (b->state) {
	case BREAK_CROSSINGS:
		add_winners(out, t, b);
		break;
	case BREAK_NEVER:
		add_throughout(out, t, b, b->between[0]);
		break;
	case BREAK_ALWAYS:
		add_throughout(out, t, b, b->between[1]);
		break;
	case BREAK_UNDEFINED:
		buf_add(out, b->note ? own_part(b->note) : "not defined");
		return;
	}
	add_spread(out, t, b);
	add_parts(out, t, i, false);
}
