/* Paragraphs, cells, numbers and break-evens in words. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

#define MANY 8                  /* crossings that are told one by one */

static int width_of(const struct text_style *st)
{
	return st->width > 0 ? st->width : 80;
}

void text_wrap(struct buf *out, const struct text_style *st, int indent,
               int hang, const char *text)
{
	struct buf safe = BUF_INIT, word = BUF_INIT;
	int room = width_of(st), at = indent;

	utf8_safe(&safe, text, false);
	buf_pad(out, ' ', indent);
	for (const char *s = safe.s; *s;) {
		size_t n = strcspn(s, " ");
		int w;

		buf_clear(&word);
		buf_addn(&word, s, n);
		w = utf8_width(word.s);
		if (at > indent && at + 1 + w > room) {
			buf_addc(out, '\n');
			buf_pad(out, ' ', indent + hang);
			at = indent + hang;
		} else if (at > indent) {
			buf_addc(out, ' ');
			at++;
		}
		buf_add(out, word.s);
		at += w;
		s += n;
		s += strspn(s, " ");
	}
	buf_addc(out, '\n');
	buf_release(&word);
	buf_release(&safe);
}

void text_heading(struct buf *out, const struct text_style *st, int indent,
                  const char *text)
{
	buf_pad(out, ' ', indent);
	if (st->color)
		buf_add(out, "\x1b[1m");
	utf8_safe(out, text, false);
	if (st->color)
		buf_add(out, "\x1b[0m");
	buf_addc(out, '\n');
}

void text_cell(struct buf *out, const struct text_style *st, const char *text,
               int width, bool right)
{
	struct buf safe = BUF_INIT, cut = BUF_INIT;
	int pad;

	utf8_safe(&safe, text, false);
	utf8_cut(&cut, safe.s, width, st->ascii);
	pad = width - utf8_width(cut.s);
	if (right)
		buf_pad(out, ' ', pad);
	buf_add(out, cut.s);
	if (!right)
		buf_pad(out, ' ', pad);
	buf_release(&cut);
	buf_release(&safe);
}

void text_number(struct buf *out, double v, const char *unit)
{
	if (!isfinite(v)) {
		buf_addc(out, '-');
		return;
	}
	num_human(out, v, 3);
	if (unit && *unit && strcmp(unit, "1") != 0) {
		buf_addc(out, ' ');
		utf8_safe(out, unit, false);
	}
}

void text_summary(struct buf *out, const struct summary *s, const char *unit,
                  bool point)
{
	if (s->state) {
		utf8_safe(out, s->state, false);
		return;
	}
	if (point) {
		text_number(out, s->value, unit);
		return;
	}
	text_number(out, s->mean, unit);
	if (s->p95 > s->p5) {
		buf_add(out, " (");
		text_number(out, s->p5, NULL);
		buf_add(out, " to ");
		text_number(out, s->p95, NULL);
		buf_addc(out, ')');
	}
	if (s->p_never > 0) {
		buf_add(out, ", never in ");
		num_human(out, 100 * s->p_never, 2);
		buf_add(out, " % of draws");
	}
	if (s->p_always > 0) {
		buf_add(out, ", always in ");
		num_human(out, 100 * s->p_always, 2);
		buf_add(out, " % of draws");
	}
}

/* --- break-evens ------------------------------------------------------ */

static const char *option_title(const struct tradeoff *t, int o)
{
	return o < 0 || o >= t->noptions ? "no option" : t->option[o].title;
}

/* Digits that tell neighbouring crossings apart. */
static void place(struct buf *out, double v, bool fine)
{
	num_human(out, v, fine ? 5 : 3);
}

static bool close_together(const struct break_even *b)
{
	for (int i = 1; i < b->ncrossings; i++)
		if (b->crossing[i].at < 1.05 * b->crossing[i - 1].at)
			return true;
	return false;
}

void text_winners(struct buf *out, const struct tradeoff *t,
                  const struct break_even *b)
{
	bool fine = close_together(b);
	int n = b->ncrossings;

	if (n > MANY) {
		buf_addf(out, "%d crossings: %s up to the first at ", n,
		         option_title(t, b->crossing[0].below));
		place(out, b->first, true);
		buf_addf(out, ", %s for good from the last at ",
		         option_title(t, b->crossing[n - 1].above));
		place(out, b->sure, true);
		return;
	}
	for (int i = 0; i < n; i++) {
		const struct crossing *c = &b->crossing[i];

		if (c->kind == CROSS_TOUCH) {
			buf_add(out, i ? ", equal at " : "equal at ");
			place(out, c->at, fine);
			continue;
		}
		buf_addf(out, "%s%s %s ", i ? ", " : "",
		         option_title(t, c->below), i ? "up to" : "below");
		place(out, c->at, fine);
		if (i == n - 1)
			buf_addf(out, ", %s above", option_title(t, c->above));
	}
}

static void add_percent(struct buf *out, const char *before, double p,
                        const char *after)
{
	buf_add(out, before);
	if (p > 0.995 && p < 1)
		buf_add(out, "over 99");
	else if (p < 0.005)
		buf_add(out, "under 1");
	else
		buf_addf(out, "%.0f", 100 * p);
	buf_addf(out, " %% of the draws%s", after);
}

static void add_spread(struct buf *out, const struct break_even *b)
{
	if (b->draws <= 0)
		return;
	if (isfinite(b->p50)) {
		buf_add(out, "; draw by draw the first crossing is ");
		place(out, b->p50, false);
		buf_add(out, " (90 %: ");
		place(out, b->p5, false);
		buf_add(out, " to ");
		place(out, b->p95, false);
		buf_addc(out, ')');
	}
	if (b->p_never > 0)
		add_percent(out, "; in ", b->p_never, " they never cross");
	if (b->p_always > 0)
		add_percent(out, "; in ", b->p_always,
		            " the second is ahead throughout");
	if (isfinite(b->p_beyond) && b->state == BREAK_CROSSINGS)
		add_percent(out, "; in ", b->p_beyond,
		            " it lies beyond its own crossing");
}

/* Over the whole range searched. */
static void add_range(struct buf *out, const struct break_even *b)
{
	buf_add(out, " from ");
	place(out, b->low, false);
	buf_add(out, " to ");
	text_number(out, b->high, b->unit);
}

bool text_is_told(const struct tradeoff *t, int i)
{
	const struct break_even *b = &t->break_even[i];

	return !b->pair || b->state == BREAK_CROSSINGS
		|| i + 1 == t->nbreak_even || t->break_even[i + 1].pair;
}

void text_break_even(struct buf *out, const struct tradeoff *t,
                     const struct break_even *b)
{
	const char *unit = strcmp(b->unit, "1") ? b->unit : "";

	buf_addf(out, "%s%s%s", b->title, *unit ? ", " : "", unit);
	if (b->pair)
		buf_addf(out, " (%s against %s): ",
		         option_title(t, b->between[0]),
		         option_title(t, b->between[1]));
	else
		buf_add(out, " (best of all): ");
	switch (b->state) {
	case BREAK_CROSSINGS:
		text_winners(out, t, b);
		break;
	case BREAK_NEVER:
		buf_addf(out, "never; %s is ahead", option_title(t,
		         b->between[0]));
		add_range(out, b);
		break;
	case BREAK_ALWAYS:
		buf_addf(out, "always; %s is ahead", option_title(t,
		         b->between[1]));
		add_range(out, b);
		break;
	case BREAK_UNDEFINED:
		buf_addf(out, "%s", b->note ? b->note : "not defined");
		return;
	}
	add_spread(out, b);
	if (isfinite(b->here)) {
		buf_add(out, "; you are at ");
		place(out, b->here, false);
	}
}
