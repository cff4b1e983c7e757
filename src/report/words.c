/* Paragraphs, cells, numbers and phrases. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

/* Blue, yellow, magenta: three that colour-blind readers tell apart. */
static const char *const sgr[] = {
	[TEXT_PLAIN] = "", [TEXT_BOLD] = "\x1b[1m", [TEXT_GOOD] = "\x1b[1;34m",
	[TEXT_DOUBT] = "\x1b[1;33m", [TEXT_BAD] = "\x1b[1;35m",
};

void text_begin(struct buf *out, const struct text_style *st,
                enum text_role role)
{
	if (st->color)
		buf_add(out, sgr[role]);
}

void text_end(struct buf *out, const struct text_style *st,
              enum text_role role)
{
	if (st->color && role != TEXT_PLAIN)
		buf_add(out, "\x1b[0m");
}

int text_room(const struct text_style *st)
{
	return st->width > 0 ? st->width : 80;
}

/* --- paragraphs ------------------------------------------------------- */

/* One paragraph under way. */
struct wrap {
	struct buf *out;
	int room, indent;       /* of the lines to come */
	int at;                 /* columns of this line so far */
	bool fresh;             /* nothing stands on this line yet */
};

static void wrap_line(struct wrap *w)
{
	buf_addc(w->out, '\n');
	buf_pad(w->out, ' ', w->indent);
	w->at = w->indent;
	w->fresh = true;
}

/* A word that no line can hold is broken where the line ends. */
static void wrap_long(struct wrap *w, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t used = utf8_decode(s + i, n - i, &cp);
		int cells = utf8_cp_width(cp);

		if (w->at + cells > w->room && !w->fresh)
			wrap_line(w);
		buf_addn(w->out, s + i, used);
		w->at += cells;
		w->fresh = false;
		i += used;
	}
}

static void wrap_word(struct wrap *w, const char *s, size_t n)
{
	struct buf word = BUF_INIT;
	int cells;

	buf_addn(&word, s, n);
	cells = utf8_width(word.s);
	if (!w->fresh && w->at + 1 + cells > w->room)
		wrap_line(w);
	if (!w->fresh) {
		buf_addc(w->out, ' ');
		w->at++;
	}
	if (w->at + cells > w->room) {
		wrap_long(w, s, n);
	} else {
		buf_add(w->out, word.s);
		w->at += cells;
		w->fresh = false;
	}
	buf_release(&word);
}

/* "5 %" stays on one line. */
static size_t word_length(const char *s)
{
	size_t n = strcspn(s, " ");

	while (n && s[n] == ' ' && s[n + 1] == '%')
		n += 1 + strcspn(s + n + 1, " ");
	return n;
}

void text_flow(struct buf *out, const struct text_style *st, int at,
               int indent, const char *text)
{
	struct wrap w = {
		.out = out, .room = text_room(st), .indent = indent,
		.at = at, .fresh = true,
	};
	struct buf safe = BUF_INIT;
	const char *s;

	utf8_safe(&safe, text, false);
	for (s = safe.s; *s; s += strspn(s, " ")) {
		size_t n = word_length(s);

		if (n)
			wrap_word(&w, s, n);
		s += n;
	}
	buf_addc(out, '\n');
	buf_release(&safe);
}

void text_wrap(struct buf *out, const struct text_style *st, int indent,
               int hang, const char *text)
{
	buf_pad(out, ' ', indent);
	text_flow(out, st, indent, indent + hang, text);
}

void text_heading(struct buf *out, const struct text_style *st, int indent,
                  const char *text)
{
	text_begin(out, st, TEXT_BOLD);
	text_wrap(out, st, indent, 2, text);
	if (out->len && st->color)      /* the line ends outside the colour */
		out->s[--out->len] = '\0';
	text_end(out, st, TEXT_BOLD);
	if (st->color)
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

/* --- numbers ---------------------------------------------------------- */

void text_unit(struct buf *out, const char *unit)
{
	if (!unit || !*unit || strcmp(unit, "1") == 0)
		return;
	buf_addc(out, ' ');
	utf8_safe(out, unit, false);
}

void text_number(struct buf *out, double v, const char *unit)
{
	if (!isfinite(v)) {
		buf_addc(out, '-');
		return;
	}
	num_human(out, v, 3);
	text_unit(out, unit);
}

void text_error(struct buf *out, double se)
{
	double step = se > 0 ? pow(10, floor(log10(se)) - 1) : 1;

	if (isfinite(se))       /* whole thousands would show all their digits */
		num_human(out, round(se / step) * step, 2);
	else
		buf_addc(out, '-');
}

void text_months(struct buf *out, int n)
{
	buf_addf(out, "%d month%s", n, n == 1 ? "" : "s");
}

void text_interval(struct buf *out, double low, double high)
{
	text_number(out, low, NULL);
	if (!isfinite(low) && !isfinite(high))
		return;
	buf_add(out, " to ");
	text_number(out, high, NULL);
}

void text_share(struct buf *out, double p)
{
	const double rounding = 1e-9;   /* a sum of shares may miss 1 by ulps */

	if (!isfinite(p))
		buf_add(out, "an unknown share of draws");
	else if (p <= 0)
		buf_add(out, "no draw");
	else if (p >= 1 - rounding)
		buf_add(out, "every draw");
	else if (p < 0.01)
		buf_add(out, "under 1 % of draws");
	else if (p > 0.99)
		buf_add(out, "over 99 % of draws");
	else
		buf_addf(out, "%.0f %% of draws", 100 * p);
}

static void add_state_share(struct buf *out, const char *state, double p)
{
	if (!(p > 0))
		return;
	buf_addf(out, ", %s in ", state);
	text_share(out, p);
}

void text_summary(struct buf *out, const struct summary *s, const char *unit,
                  bool point)
{
	double middle = point ? s->value : s->mean;

	if (s->state) {
		utf8_safe(out, s->state, false);
		return;
	}
	if (!isfinite(middle)) {
		buf_add(out, "no number");
		return;
	}
	text_number(out, middle, unit);
	if (point)
		return;
	if (s->p95 > s->p5) {
		buf_add(out, " (90 %: ");
		text_interval(out, s->p5, s->p95);
		buf_addc(out, ')');
	}
	add_state_share(out, "never", s->p_never);
	add_state_share(out, "always", s->p_always);
}

/* --- phrases ---------------------------------------------------------- */

const char *text_option(const struct tradeoff *t, int option)
{
	return option < 0 || option >= t->noptions ? "no option"
		: t->option[option].title;
}

const char *text_status(const struct option_result *o)
{
	if (o->status == OPTION_OK)
		return o->slo_met ? "" : "misses a service level";
	return option_status_names[o->status];
}

/* Where "2.05 USD/h" begins to be a unit; the end when it is no number. */
static const char *unit_of(const char *s)
{
	const char *blank = strchr(s, ' ');
	bool number = *s && strchr("+-.0123456789", *s);

	return number && blank ? blank : s + strlen(s);
}

void text_ends(struct buf *out, const struct sensitivity *s)
{
	const char *low = s->low_text ? s->low_text : "-";
	const char *high = s->high_text ? s->high_text : "-";
	const char *unit = unit_of(low);

	if (strcmp(unit, unit_of(high)) == 0)
		buf_addn(out, low, (size_t)(unit - low));
	else
		buf_add(out, low);
	buf_addf(out, " to %s", high);
}

void text_lower(struct buf *out, const char *s)
{
	bool capital = *s >= 'A' && *s <= 'Z';
	bool word = capital && ((s[1] >= 'a' && s[1] <= 'z') ||
	                        (*s == 'A' && s[1] == ' '));

	if (word)
		buf_addc(out, (char)(*s++ - 'A' + 'a'));
	buf_add(out, s);
}

static void rule_price(struct buf *out, const struct tradeoff *t,
                       const struct rule_result *r)
{
	if (!isfinite(r->price)) {
		buf_add(out, "; its price cannot be told: nothing else is "
		        "left to compare with");
	} else if (r->price == 0) {
		buf_add(out, "; obeying costs nothing");
	} else {
		buf_add(out, "; obeying costs ");
		text_number(out, r->price, t->objective_unit);
	}
}

void text_rule(struct buf *out, const struct tradeoff *t,
               const struct rule_result *r)
{
	if (!r->applies) {
		buf_add(out, "does not apply here");
	} else {
		buf_add(out, "applies; it bars ");
		for (int k = 0; k < r->nbarred; k++)
			buf_addf(out, "%s%s", k ? ", " : "",
			         text_option(t, r->barred[k]));
		if (!r->nbarred)
			buf_add(out, "nothing");
		rule_price(out, t, r);
	}
	if (r->basis)
		buf_addf(out, " (%s%s%s)", r->basis,
		         r->as_of ? ", as of " : "", r->as_of ? r->as_of : "");
}

/* "mean of the worst 5 %, worst case (of 16384 draws)": those that agree, or
 * else those that take this option. */
static int add_criteria(struct buf *out, const struct tradeoff *t, bool agree,
                        int option)
{
	int told = 0;

	for (int i = 0; i < t->ncriteria; i++) {
		const struct criterion *c = &t->criterion[i];

		if (c->agrees != agree || (!agree && c->option != option))
			continue;
		if (told++)
			buf_add(out, ", ");
		text_lower(out, c->title);
		if (c->note)
			buf_addf(out, " (%s)", c->note);
	}
	return told;
}

int text_criteria(struct buf *out, const struct tradeoff *t, bool agree)
{
	struct buf b = BUF_INIT;
	int told = 0;

	if (agree)
		return add_criteria(out, t, true, -1);
	for (int o = -1; o < t->noptions; o++) {
		if (add_criteria(&b, t, false, o))
			buf_addf(out, "%s%s by %s", told++ ? "; " : "",
			         text_option(t, o), b.s);
		buf_clear(&b);
	}
	buf_release(&b);
	return told;
}

void text_dominance(struct buf *out, const struct tradeoff *t,
                    const struct dominance *d)
{
	buf_addf(out, "%s is better than %s to %s", text_option(t, d->over),
	         text_option(t, d->under), d->order == 1
	         ? "everybody, whatever the attitude to risk"
	         : "all who do not seek risk");
}

static const char *end_text(const char *s)
{
	return s ? s : "-";
}

void text_missing(struct buf *out, const struct tradeoff *t,
                  const struct sensitivity *s)
{
	bool low = s->low_missing >= 0, high = s->high_missing >= 0;

	if (low)
		buf_addf(out, "%s is infeasible at %s",
		         text_option(t, s->low_missing),
		         end_text(s->low_text));
	if (high)
		buf_addf(out, "%s%s is infeasible at %s", low ? ", " : "",
		         text_option(t, s->high_missing),
		         end_text(s->high_text));
}

void text_flip(struct buf *out, const struct tradeoff *t,
               const struct sensitivity *s)
{
	int best = t->verdict.option;
	bool low = s->low_best != best, high = s->high_best != best;

	if (low)
		buf_addf(out, "%s at %s", text_option(t, s->low_best),
		         end_text(s->low_text));
	if (high)
		buf_addf(out, "%s%s at %s", low ? ", " : "",
		         text_option(t, s->high_best), end_text(s->high_text));
	if (!low && !high)
		buf_add(out, "another option on the way");
}
