/*
 * A stream of JSON objects out of a file that may be larger than memory:
 *
 *   JSON Lines       an object a line; a broken line costs that line alone
 *   [ {..}, {..} ]   an array
 *   {"data": [..]}   a page: the entries of its array
 *
 * Only brackets and quotes are looked at here; the entry itself is parsed by
 * jansson.
 */
#include <string.h>

#include "base/intake.h"
#include "evidence/record.h"
#include "base/banned.h"

/* --- lines ---------------------------------------------------------------- */

static bool blank(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
			return false;
	return true;
}

static bool lines(struct intake *f, const struct json_sink *to)
{
	char *s;
	size_t n;

	while (intake_line(f, &s, &n)) {
		if (blank(s, n))
			continue;
		if (!to->each(to->ctx, f->line, s, n))
			return false;
	}
	return !f->failed;
}

/* --- one document --------------------------------------------------------- */

struct scanner {
	struct intake *f;
	long line;
	bool failed, ended;             /* ended: and said so */
};

/* The byte at an offset behind what was taken; -1 at the end. */
static int byte_at(struct scanner *s, size_t at)
{
	struct intake *f = s->f;

	while (f->at + at >= f->n)
		if (!intake_more(f)) {
			s->failed |= f->failed;
			return -1;
		}
	return (unsigned char)f->room[f->at + at];
}

static void take(struct scanner *s, size_t n)
{
	const char *p = s->f->room + s->f->at, *end = p + n;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		s->line++;
		p++;
	}
	s->f->at += n;
}

static int next_byte(struct scanner *s)
{
	int c;

	while ((c = byte_at(s, 0)) == ' ' || c == '\n' || c == '\r'
	       || c == '\t' || c == ',')
		take(s, 1);
	return c;
}

/* The length of the string, object or array that begins here; 0: it does not
 * end. */
static size_t balanced(struct scanner *s)
{
	bool quoted = false;
	size_t at = 0;
	int depth = 0, c;

	while ((c = byte_at(s, at++)) >= 0) {
		if (quoted) {
			if (c == '\\')
				at++;
			else if (c == '"')
				quoted = false;
			if (quoted || depth)
				continue;
			return at;
		}
		if (c == '"')
			quoted = true;
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return at;
	}
	return 0;
}

static bool broken(struct scanner *s, const struct json_sink *to,
                   const char *why)
{
	bool again = s->ended;

	s->ended = byte_at(s, 0) < 0 || s->ended;
	return !s->failed && (again || to->bad(to->ctx, s->line, why));
}

/* One `{...}`; false: stop. */
static bool element(struct scanner *s, const struct json_sink *to, bool *end)
{
	long line = s->line;
	size_t n = balanced(s);
	char *text, keep;
	bool ok;

	if (n == 0) {
		*end = true;
		take(s, s->f->n - s->f->at);
		s->line = line;
		return broken(s, to, "the file ends within this entry");
	}
	byte_at(s, n);                  /* room for the terminator */
	text = s->f->room + s->f->at;
	keep = text[n];
	text[n] = '\0';
	ok = to->each(to->ctx, s->line, text, n);
	text[n] = keep;
	take(s, n);
	return ok;
}

static bool array(struct scanner *s, const struct json_sink *to)
{
	bool end = false;

	take(s, 1);
	while (!end) {
		int c = next_byte(s);
		size_t n;

		if (c == '{') {
			if (!element(s, to, &end))
				return false;
		} else if (c == ']') {
			take(s, 1);
			return true;
		} else if (c < 0) {
			return broken(s, to, "the file ends within its list");
		} else {
			n = c == '"' || c == '[' ? balanced(s) : 1;
			take(s, n ? n : 1);
		}
	}
	return true;
}

static bool is_list_key(const char *key, size_t n)
{
	static const char *const keys[] = {
		"data", "results", "resourceSpans", "resourceMetrics",
		"records", "logs", "spend_logs", "rows",
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(keys[i]) == n && strncmp(keys[i], key, n) == 0)
			return true;
	return false;
}

/* What follows a key that is of no interest. */
static bool pass_value(struct scanner *s)
{
	int c = next_byte(s);
	size_t n;

	if (c == '{' || c == '[' || c == '"') {
		n = balanced(s);
		take(s, n);
		return n > 0;
	}
	while ((c = byte_at(s, 0)) >= 0 && c != ',' && c != '}' && c != ']')
		take(s, 1);
	return c >= 0;
}

/* A page: the entries of its lists, key by key. */
static bool page(struct scanner *s, const struct json_sink *to)
{
	take(s, 1);
	for (;;) {
		int c = next_byte(s);
		bool list;
		size_t n;

		if (c == '}') {
			take(s, 1);
			return true;
		}
		n = c == '"' ? balanced(s) : 0;
		if (n == 0)
			return broken(s, to, "the file ends within its page");
		list = is_list_key(s->f->room + s->f->at + 1, n - 2);
		take(s, n);
		if (next_byte(s) == ':')
			take(s, 1);
		if (list && next_byte(s) == '[') {
			if (!array(s, to))
				return false;
		} else if (!pass_value(s)) {
			return broken(s, to, "the file ends within its page");
		}
	}
}

/* Whether a list follows this key of a page. */
static bool opens_list(const char *key, const char *close, const char *end)
{
	if (!is_list_key(key, (size_t)(close - key)))
		return false;
	for (close++; close < end && strchr(" :\n\r\t", *close); close++)
		;
	return close < end && *close == '[';
}

/* Whether the object that begins here is a page: its own keys (not those of
 * objects within) are looked at as far as they are in the room. */
static bool is_page(struct scanner *s)
{
	const char *p, *end, *key = NULL;
	int depth = 0;

	byte_at(s, 4096);
	p = s->f->room + s->f->at;
	end = p + (s->f->n - s->f->at < 4096 ? s->f->n - s->f->at : 4096);
	for (; p < end; p++) {
		if (key && *p == '\\') {
			p++;
		} else if (*p == '"' && !key) {
			key = p + 1;
		} else if (*p == '"') {
			if (depth == 1 && p - key == 10
			    && strncmp(key, "start_time", 10) == 0)
				return false;
			if (depth == 1 && opens_list(key, p, end))
				return true;
			key = NULL;
		} else if (!key) {
			depth += (*p == '{' || *p == '[')
				- (*p == '}' || *p == ']');
		}
	}
	return false;
}

static bool document(struct intake *f, const struct json_sink *to)
{
	struct scanner s = { .f = f, .line = 1 };
	bool end = false;
	int c;

	while (!end && (c = next_byte(&s)) >= 0) {
		if (c == '[') {
			if (!array(&s, to))
				return false;
		} else if (c == '{') {
			if (is_page(&s) ? !page(&s, to)
			                : !element(&s, to, &end))
				return false;
		} else {
			if (!broken(&s, to, "no JSON begins here"))
				return false;
			while ((c = byte_at(&s, 0)) >= 0 && c != '\n')
				take(&s, 1);
		}
	}
	return !s.failed;
}

/* Whether the first line is an object by itself. */
static bool is_lines(struct intake *f)
{
	struct scanner s = { .f = f, .line = 1 };
	const char *p, *newline;
	size_t n;

	while (f->n - f->at < f->longest
	       && !memchr(f->room + f->at, '\n', f->n - f->at)
	       && intake_more(f))
		;
	p = f->room + f->at;
	newline = memchr(p, '\n', f->n - f->at);
	if (!newline || *p != '{' || is_page(&s))
		return false;
	p = f->room + f->at;
	newline = memchr(p, '\n', f->n - f->at);
	n = (size_t)(newline - p);
	while (n && (p[n - 1] == '\r' || p[n - 1] == ' '))
		n--;
	return n > 1 && p[n - 1] == '}';
}

bool json_elements(struct intake *f, const struct json_sink *to)
{
	return is_lines(f) ? lines(f, to) : document(f, to);
}
