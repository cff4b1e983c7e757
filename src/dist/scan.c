#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "dist/parse.h"
#include "base/banned.h"

bool parse_fail(struct parser *p, size_t at, const char *fmt, ...)
{
	struct pos pos = p->pos;
	va_list ap;

	pos.col += (int)at;
	va_start(ap, fmt);
	err_vat(p->err, ERR_INPUT, pos, fmt, ap);
	va_end(ap);
	return false;
}

#define DIGITS "0123456789"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void parse_spaces(struct parser *p)
{
	while (is_space(p->text[p->at]))
		p->at++;
}

char parse_peek(struct parser *p)
{
	parse_spaces(p);
	return p->text[p->at];
}

bool parse_take(struct parser *p, char c)
{
	if (parse_peek(p) != c)
		return false;
	p->at++;
	return true;
}

bool parse_expect(struct parser *p, char c, const char *where)
{
	if (parse_take(p, c))
		return true;
	if (p->text[p->at] == '\0')
		return parse_fail(p, p->at, "'%c' is missing %s", c, where);
	return parse_fail(p, p->at, "'%c' expected %s, not '%.20s'", c, where,
	                  p->text + p->at);
}

size_t parse_groups(const char *s, bool commas)
{
	size_t i = s[0] == '+' || s[0] == '-', first = strspn(s + i, DIGITS);
	size_t end;
	char between = s[i + first];

	if (first < 1 || first > 3 || s[i] == '0' ||
	    !(between == ' ' || (commas && between == ',')))
		return 0;
	for (end = i + first; s[end] == between &&
	     strspn(s + end + 1, DIGITS) == 3; end += 4)
		;
	return end > i + first ? end : 0;
}

/* What stands between the groups is left out for num_scan(). */
static const char *scan(struct parser *p, double *value, size_t *len)
{
	const char *s = p->text + p->at, *wrong;
	size_t grouped = parse_groups(s, p->bare), n = 0;
	char *plain;

	if (!grouped)
		return num_scan(s, value, len);
	plain = arena_strdup(p->arena, s);
	for (size_t i = 0; i < grouped; i++)
		if (s[i] != ' ' && s[i] != ',')
			plain[n++] = s[i];
	memmove(plain + n, s + grouped, strlen(s + grouped) + 1);
	wrong = num_scan(plain, value, len);
	*len += grouped - n;
	return wrong;
}

bool parse_number(struct parser *p, double *value)
{
	const char *s, *wrong;
	size_t len = 0;

	parse_spaces(p);
	s = p->text + p->at;
	wrong = scan(p, value, &len);
	if (wrong && *s == '\0')
		return parse_fail(p, p->at, "a number is missing");
	if (wrong && *s == '$')
		return parse_fail(p, p->at, "write the unit behind the number"
		                  ", and $ as USD: 2.10 USD");
	if (wrong)
		return parse_fail(p, p->at, "'%.20s' %s", s, wrong);
	if (p->bare && s[len] == ',')
		return parse_fail(p, p->at + len, "a comma stands before three"
		                  " digits (60,000); a fraction is written with "
		                  "a point (1.5)");
	p->at += len;
	return true;
}

static bool word_to(const char *s)
{
	return s[0] == 't' && s[1] == 'o' && !isalnum((unsigned char)s[2]) &&
	       s[2] != '_';
}

bool parse_to(struct parser *p)
{
	parse_spaces(p);
	if (!word_to(p->text + p->at))
		return false;
	p->at += 2;
	return true;
}

struct span parse_unit_span(struct parser *p)
{
	struct span s;
	int depth = 0;

	parse_spaces(p);
	s.at = p->at;
	for (; p->text[p->at]; p->at++) {
		char c = p->text[p->at];

		if (c == '(')
			depth++;
		if (c == ')' && depth-- == 0)
			break;
		if (c == ',' || c == ':')
			break;
		if (word_to(p->text + p->at) &&
		    (p->at == s.at || is_space(p->text[p->at - 1])))
			break;
	}
	s.n = p->at - s.at;
	while (s.n && is_space(p->text[s.at + s.n - 1]))
		s.n--;
	return s;
}

/* The unit that is wanted is the parameter's, which has a text. */
static bool is_own(const struct parser *p, const struct unit *want)
{
	return p->own_text && strcmp(p->own_text, "1") != 0 &&
	       unit_same(want, p->own) && want->scale == p->own->scale;
}

static bool fail_dimensions(struct parser *p, struct span s,
                            const struct unit *want, const struct unit *got)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool r;

	unit_describe(p->units, got, &a);
	if (is_own(p, want))
		buf_add(&b, p->own_text);
	else
		unit_describe(p->units, want, &b);
	r = parse_fail(p, s.at, "'%.*s' is a unit of %s, the parameter is in "
	               "%s; a number alone is in its own unit", (int)s.n,
	               p->text + s.at, unit_is_number(got) ? "plain numbers"
	               : a.s, b.s);
	buf_release(&a);
	buf_release(&b);
	return r;
}

/* A digit would be a factor to the unit parser (`5 6` = 30): only the one of
 * `1/month` is meant. */
static bool looks_like_number(const char *s, size_t n)
{
	if (s[0] == '1' && n > 1 && (s[1] == '/' || is_space(s[1])))
		return false;
	return (s[0] >= '0' && s[0] <= '9') || s[0] == '.' || s[0] == '-' ||
	       s[0] == '+';
}

/* "10 %" of what grows by the year is 10 %/year. */
static bool is_rate(struct parser *p, const char *text,
                    const struct unit *want, struct unit *out)
{
	const char *per = is_own(p, want) ? strchr(p->own_text, '/') : NULL;
	struct unit one = unit_one(), turn = unit_div(&one, want);

	if (!per || strcmp(text, "%") != 0 || !unit_is_time(p->units, &turn) ||
	    unit_parse(p->units, arena_printf(p->arena, "%%%s", per), out) ||
	    !unit_same(out, want))
		return false;
	p->period = per;
	return true;
}

static bool fail_unit(struct parser *p, struct span s, const char *text,
                      const struct unit *want, const char *wrong)
{
	static const struct { const char *word, *right; } words[] = {
		{ "million", "1.5M" }, { "thousand", "120k" },
		{ "billion", "2G" }, { "$", "2.10 USD" },
		{ "percent", "5 %" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(text, words[i].word, strlen(words[i].word)) == 0)
			return parse_fail(p, s.at, "'%s' is written in this "
			                  "way: %s", words[i].word,
			                  words[i].right);
	if (text[0] && !text[1] && strchr("kMGT", text[0]))
		return parse_fail(p, s.at, "'%s' stands behind its number "
		                  "without a blank: 2%s", text, text);
	if (is_own(p, want))
		return parse_fail(p, s.at, "unit '%.40s': %s; the parameter "
		                  "is in %s, and so is a number alone", text,
		                  wrong, p->own_text);
	return parse_fail(p, s.at, "unit '%.40s': %s", text, wrong);
}

bool parse_unit(struct parser *p, struct span s, const struct unit *want,
                struct unit *out)
{
	const char *text = arena_strndup(p->arena, p->text + s.at, s.n);
	const char *wrong;

	if (looks_like_number(text, s.n))
		return parse_fail(p, s.at, "'%.20s' cannot stand behind a "
		                  "number; a range is written A to B", text);
	wrong = unit_parse(p->units, text, out);
	if (wrong)
		return fail_unit(p, s, text, want, wrong);
	if (!unit_same(out, want) && !is_rate(p, text, want, out))
		return fail_dimensions(p, s, want, out);
	return true;
}

bool parse_quantity(struct parser *p, const struct scope *s, double *value)
{
	struct unit unit = s->unit;
	struct span span;

	if (!parse_number(p, value))
		return false;
	span = parse_unit_span(p);
	if (span.n && !parse_unit(p, span, &s->unit, &unit))
		return false;
	*value = unit_to_base(&unit, *value);
	return true;
}

bool parse_plain(struct parser *p, double *value)
{
	struct span span;

	if (!parse_number(p, value))
		return false;
	span = parse_unit_span(p);
	if (span.n == 1 && p->text[span.at] == '%') {
		*value /= 100;
		return true;
	}
	if (span.n)
		return parse_fail(p, span.at, "a plain number stands here, "
		                  "without a unit such as '%.*s'", (int)span.n,
		                  p->text + span.at);
	return true;
}
