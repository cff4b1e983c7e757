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

bool parse_number(struct parser *p, double *value)
{
	const char *wrong;
	size_t len = 0;

	parse_spaces(p);
	wrong = num_scan(p->text + p->at, value, &len);
	if (wrong && p->text[p->at] == '\0')
		return parse_fail(p, p->at, "a number is missing");
	if (wrong)
		return parse_fail(p, p->at, "'%.20s' %s", p->text + p->at,
		                  wrong);
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

static bool fail_dimensions(struct parser *p, struct span s,
                            const struct unit *want, const struct unit *got)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool r;

	unit_describe(p->units, got, &a);
	unit_describe(p->units, want, &b);
	r = parse_fail(p, s.at, "'%.*s' is a unit of %s, the parameter is in "
	               "%s; a number alone is in its own unit", (int)s.n, p->text + s.at, a.s, b.s);
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
		return parse_fail(p, s.at, "unit '%.40s': %s", text, wrong);
	if (!unit_same(out, want))
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
