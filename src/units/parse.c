/*
 * Texts to units.  udunits2 does the algebra, but its grammar is far wider than
 * what a model may hold: `USD/1000 request` is (USD/1000)*request there, `s2`
 * a square, `mtoken` a thousandth of a token, `5 s since 1970` a time stamp.
 * So every text passes a narrow grammar first:
 *
 *	unit   := factor { ('*' | '/') factor }
 *	factor := ( WORD | '1' | '%' | '(' unit ')' ) [ '^' INTEGER ]
 */
#include "units/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "units/file.h"

#include "base/banned.h"

#define TEXT_MAX 200
#define DEEPEST 8
#define POWER_MAX 9

static _Thread_local char phrase[400];

static const char *say(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Words come from a file: what is said about them is made harmless. */
static const char *say(const char *fmt, ...)
{
	struct buf raw = BUF_INIT, safe = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&raw, fmt, ap);
	va_end(ap);
	utf8_safe(&safe, raw.s, false);
	snprintf(phrase, sizeof phrase, "%s", safe.s);
	buf_release(&raw);
	buf_release(&safe);
	return phrase;
}

struct scan {
	const struct units *u;
	const char *p;
	int depth;
	const char *wrong;
};

static bool fail(struct scan *s, const char *why)
{
	if (!s->wrong)
		s->wrong = why;
	return false;
}

static char next(struct scan *s)
{
	while (*s->p == ' ')
		s->p++;
	return *s->p;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* --- words and prefixes --- */

enum kind { TIME, MONEY, AMOUNT, BARE };

static const struct {
	char letter;
	const char *named;
	bool allowed[4];        /* by kind */
} prefixes[] = {
	{ 'k', "a thousand of", { [MONEY] = true, [AMOUNT] = true } },
	{ 'M', "a million of", { [MONEY] = true, [AMOUNT] = true } },
	{ 'G', "a thousand million of", { [MONEY] = true, [AMOUNT] = true } },
	{ 'T', "a million million of", { [MONEY] = true, [AMOUNT] = true } },
	{ 'm', "a thousandth of", { [TIME] = true, [MONEY] = true } },
	{ 'u', "a millionth of", { [TIME] = true, [MONEY] = true } },
	{ 'n', "a thousand-millionth of", { [TIME] = true } },
};

#define PREFIXES ((int)(sizeof prefixes / sizeof *prefixes))

static int find_prefix(char letter)
{
	for (int i = 0; i < PREFIXES; i++)
		if (prefixes[i].letter == letter)
			return i;
	return -1;
}

/* Only the second and USD themselves take small prefixes, and points and
 * ratios none: `mmin` and `k%` are no units. */
static enum kind kind_of(const struct units *u, const ut_unit *unit)
{
	struct unit v;

	if (units_decompose(u, unit, &v))
		return BARE;
	if (unit_is_time(u, &v))
		return v.scale == 1 ? TIME : BARE;
	if (unit_is_money(u, &v))
		return v.scale == 1 ? MONEY : BARE;
	if (unit_is_number(&v))
		return BARE;
	return u->point >= 0 && v.half[u->point] ? BARE : AMOUNT;
}

/* What a refused prefix was most likely meant to be. */
static const char *refuse_prefix(const char *word, int prefix)
{
	if (word[0] == 'm')
		return say("'%s' would be %s '%s'; did you mean 'M%s'?", word,
		           prefixes[prefix].named, word + 1, word + 1);
	return say("'%s' would be %s '%s'; write the unit without '%c'", word,
	           prefixes[prefix].named, word + 1, word[0]);
}

enum fit { KNOWN, UNKNOWN, BAD_PREFIX };

/* Whether `word` is declared, or a prefix and what is declared. */
static enum fit fit_of(const struct units *u, const char *word, int *prefix)
{
	ut_unit *unit = units_lookup(u, word, strlen(word));
	enum fit fit = UNKNOWN;

	*prefix = find_prefix(word[0]);
	if (unit) {
		fit = KNOWN;
	} else if (*prefix >= 0) {
		unit = units_lookup(u, word + 1, strlen(word + 1));
		if (unit)
			fit = prefixes[*prefix].allowed[kind_of(u, unit)]
				? KNOWN : BAD_PREFIX;
	}
	ut_free(unit);
	return fit;
}

/* The declared word that differs in case only (`gpu`, `Token`; no edits), else
 * the nearest; `edits` says how far it is. */
static const char *nearest(const struct units *u, const char *word, int *edits)
{
	const char *const *known = (const char *const *)u->word, *near;

	*edits = 0;
	for (size_t i = 0; i < u->words; i++)
		if (!strcasecmp(word, u->word[i]))
			return u->word[i];
	near = text_nearest(word, known);
	*edits = near ? text_distance(word, near, 2) : 3;
	return near;
}

/* `Kreq` and `Mtokn`: a prefix before a word that is nearer than any is to the
 * whole.  Fills `out` with it where it makes a unit. */
static bool nearest_prefixed(const struct units *u, const char *word,
                             int edits, struct buf *out)
{
	char letter = (char)(word[0] == 'K' ? 'k' : word[0]);
	int rest_edits, prefix;
	const char *rest = nearest(u, word + 1, &rest_edits);

	if (find_prefix(letter) < 0 || !rest || rest_edits >= edits)
		return false;
	buf_addf(out, "%c%s", letter, rest);
	if (fit_of(u, out->s, &prefix) == KNOWN)
		return true;
	buf_clear(out);
	buf_addf(out, "M%s", rest);
	return letter == 'm' && fit_of(u, out->s, &prefix) == KNOWN;
}

static const char *unknown(const struct units *u, const char *word)
{
	struct buf other = BUF_INIT;
	const char *near, *phrased;
	int edits;

	if (!strcmp(word, "per"))
		return "write '/' for 'per'";
	near = nearest(u, word, &edits);
	if (nearest_prefixed(u, word, edits, &other))
		near = other.s;
	if (near)
		phrased = say("'%s' is not a known unit; did you mean '%s'?",
		              word, near);
	else
		phrased = say("'%s' is not a known unit", word);
	buf_release(&other);
	return phrased;
}

static const char *check_word(const struct units *u, const char *word)
{
	int prefix;

	switch (fit_of(u, word, &prefix)) {
	case KNOWN:
		return NULL;
	case BAD_PREFIX:
		return refuse_prefix(word, prefix);
	default:
		return unknown(u, word);
	}
}

/* --- the grammar --- */

static bool scan_unit(struct scan *s);

static bool scan_word(struct scan *s)
{
	const char *start = s->p;
	char *word;

	while (word_char(*s->p))
		s->p++;
	word = xstrndup(start, (size_t)(s->p - start));
	if (strcmp(word, "1") && *word >= '0' && *word <= '9')
		s->wrong = say("a unit holds no number but 1, not '%s'", word);
	else if (strcmp(word, "1"))
		s->wrong = check_word(s->u, word);
	free(word);
	return !s->wrong;
}

static bool scan_power(struct scan *s)
{
	char *end;
	long power;

	if (next(s) != '^')
		return true;
	s->p++;
	next(s);
	power = strtol(s->p, &end, 10);
	if (end == s->p || *s->p == '+' || *end == '.')
		return fail(s, "needs a whole number after '^'");
	if (labs(power) > POWER_MAX)
		return fail(s, "has a power beyond 9");
	s->p = end;
	return true;
}

static bool scan_group(struct scan *s)
{
	if (++s->depth > DEEPEST)
		return fail(s, "is nested too deeply");
	s->p++;
	if (!scan_unit(s))
		return false;
	if (next(s) != ')')
		return fail(s, "lacks a ')'");
	s->p++;
	s->depth--;
	return true;
}

static bool scan_factor(struct scan *s)
{
	char c = next(s);

	if (c == '(')
		return scan_group(s) && scan_power(s);
	if (c == '%') {
		s->p++;
		return scan_power(s);
	}
	if (word_char(c))
		return scan_word(s) && scan_power(s);
	return fail(s, c ? "needs a unit where something else stands"
	                 : "ends where a unit should follow");
}

static bool scan_unit(struct scan *s)
{
	while (scan_factor(s)) {
		char c = next(s);

		if (c != '*' && c != '/')
			return true;
		s->p++;
	}
	return false;
}

static const char *check_text(const struct units *u, const char *text)
{
	struct scan s = { .u = u, .p = text };

	if (strlen(text) > TEXT_MAX)
		return "is too long for a unit";
	if (!next(&s))
		return "is empty; write \"1\" for a plain number";
	if (!scan_unit(&s))
		return s.wrong;
	if (!next(&s))
		return NULL;
	if (word_char(*s.p) || *s.p == '(' || *s.p == '%')
		return "needs '*' or '/' between two units";
	return say("holds '%.1s', which no unit does", s.p);
}

/* Blanks go: udunits2 takes "USD / h", but not "s ^ 2". */
static const char *parse(struct units *u, const char *text, struct unit *out)
{
	struct buf packed = BUF_INIT;
	const char *wrong = "cannot be read as a unit";
	ut_unit *unit;

	for (; *text; text++)
		if (*text != ' ')
			buf_addc(&packed, *text);
	unit = ut_parse(u->system, packed.s, UT_ASCII);
	if (unit)
		wrong = units_decompose(u, unit, out);
	ut_free(unit);
	buf_release(&packed);
	return wrong;
}

const char *unit_parse(struct units *u, const char *text, struct unit *out)
{
	const char *wrong;

	units_lock();
	wrong = check_text(u, text);
	if (!wrong)
		wrong = parse(u, text, out);
	units_unlock();
	return wrong;
}
