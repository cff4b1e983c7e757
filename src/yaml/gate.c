/*
 * The gate: what bytes may enter, and what may be said to people about the
 * forms that YAML reads otherwise than they meant.
 */
#include "yaml/reader.h"

#include <string.h>

#include "base/utf8.h"
#include "yaml/yaml.h"

#include "base/banned.h"

enum verdict { FINE, NOT_UTF8, CONTROL, HIDDEN };

/* Tabs are judged by libyaml; line ends are counted by the caller.  U+0085 is
 * among the C1 controls and U+2028/9 among the hidden, so that libyaml, which
 * takes them for line ends, counts the same lines as every editor. */
static enum verdict judge(const char *s, size_t n, size_t *used, uint32_t *cp)
{
	*used = utf8_decode(s, n, cp);
	if (*cp == 0xfffd && *used == 1)
		return NOT_UTF8;
	if (*cp == '\n' || *cp == '\t' || *cp == '\r')
		return FINE;
	if (*cp < 0x20 || (*cp >= 0x7f && *cp < 0xa0))
		return CONTROL;
	return utf8_is_hidden(*cp) ? HIDDEN : FINE;
}

static void say(enum verdict v, uint32_t cp, unsigned char byte, struct pos pos,
                struct err *err)
{
	if (v == NOT_UTF8)
		err_at(err, ERR_INPUT, pos, "byte 0x%02x is not UTF-8 text; "
		       "save the file as UTF-8", byte);
	else if (v == CONTROL)
		err_at(err, ERR_INPUT, pos,
		       "control character U+%04X is not allowed",
		       (unsigned)cp);
	else
		err_at(err, ERR_INPUT, pos, "hidden character U+%04X is not "
		       "allowed: it can make text look other than it is",
		       (unsigned)cp);
}

/* The first bytes tell a UTF-16 file, a zero byte any other binary one. */
static bool is_text(const char *text, size_t n, struct pos whole,
                    struct err *err)
{
	if (n >= 2 && (!memcmp(text, "\xff\xfe", 2) ||
	               !memcmp(text, "\xfe\xff", 2)))
		return err_at(err, ERR_INPUT, whole,
		              "is UTF-16 text; save it as UTF-8");
	if (memchr(text, '\0', n))
		return err_at(err, ERR_INPUT, whole,
		              "is a binary file, not YAML");
	return true;
}

bool yaml_gate_bytes(const char *text, size_t n, const char *name,
                     struct err *err)
{
	struct pos pos = { name, 1, 1 };
	bool ok = true;
	size_t used;
	uint32_t cp;

	if (!is_text(text, n, (struct pos){ name, 0, 0 }, err))
		return false;
	for (size_t i = 0; i < n; i += used, pos.col++) {
		enum verdict v = judge(text + i, n - i, &used, &cp);

		if (v != FINE) {
			say(v, cp, (unsigned char)text[i], pos, err);
			ok = false;
			if (err && err->n == ERR_MAX)
				return false;
		}
		if (cp == '\n' || (cp == '\r' &&
		                   (i + 1 == n || text[i + 1] != '\n'))) {
			pos.line++;
			pos.col = 0;
		}
	}
	return ok;
}

bool yaml_gate_scalar(const char *s, size_t n, bool key, struct pos pos,
                      struct err *err)
{
	size_t used;
	uint32_t cp;

	for (size_t i = 0; i < n; i += used) {
		enum verdict v = judge(s + i, n - i, &used, &cp);

		if (cp == '\r')
			v = CONTROL;    /* only an escape makes one */
		if (v != FINE) {
			say(v, cp, (unsigned char)s[i], pos, err);
			return false;
		}
		if (key && (cp == '\n' || cp == '\t'))
			return err_at(err, ERR_INPUT, pos,
			              "a key must stand on one line");
	}
	return true;
}

const char *yaml_line(const char *text, size_t n, int line, size_t *len)
{
	const char *end = text + n, *p = text, *stop;

	for (; line > 1 && p < end; line--) {
		stop = memchr(p, '\n', (size_t)(end - p));
		p = stop ? stop + 1 : end;
	}
	stop = memchr(p, '\n', (size_t)(end - p));
	*len = (size_t)((stop ? stop : end) - p);
	return p;
}

/* --- hints --- */

static bool tab_indents(const char *line, size_t len)
{
	for (size_t i = 0; i < len && (line[i] == ' ' || line[i] == '\t'); i++)
		if (line[i] == '\t')
			return true;
	return false;
}

/* libyaml's own words (0.2.5), and what they mean for a model's author.
 * `at` is the character that the complaint points at, 0 for any. */
static const struct hint {
	const char *problem, *context;
	char at;
	const char *text;
} hints[] = {
	{ "cannot start any token", NULL, '\t',
	  "a tab cannot indent YAML: use blanks" },
	{ "cannot start any token", NULL, '%',
	  "a value cannot start with '%': quote it" },
	{ "cannot start any token", NULL, '@',
	  "a value cannot start with '@': quote it" },
	{ "cannot start any token", NULL, '`',
	  "a value cannot start with '`': quote it" },
	{ "tab character", NULL, 0, "a tab cannot indent YAML: use blanks" },
	{ "", "scanning an alias", 0,
	  "a value cannot start with '*': quote it" },
	{ "", "scanning an anchor", 0,
	  "a value cannot start with '&': quote it" },
	{ "", "scanning a directive", 0,
	  "a line cannot start with '%': quote the value" },
	{ "", "scanning a tag", 0, "a value cannot start with '!': quote it" },
	{ "mapping values are not allowed", NULL, 0,
	  "a value that holds ': ' must be quoted" },
	{ "',' or '}'", NULL, 0,
	  "inside { } a value with brackets, commas or quotes in it must be "
	  "quoted, and every { needs its }" },
	{ "',' or ']'", NULL, 0,
	  "inside [ ] a value with brackets, commas or quotes in it must be "
	  "quoted, and every [ needs its ]" },
	{ "unexpected end of stream", "quoted scalar", 0,
	  "the quote that starts here is never closed" },
	{ "could not find expected ':'", NULL, 0,
	  "a line must read 'key: value'; a long value goes on with more "
	  "indentation" },
	{ "did not find expected key", NULL, ':',
	  "a key is missing before the ':'" },
	{ "did not find expected key", NULL, 0,
	  "the indentation does not match the lines above, or text follows a "
	  "closed quote" },
	{ "did not find expected '-' indicator", NULL, 0,
	  "the indentation does not match the list above" },
	{ "unknown escape", NULL, 0,
	  "write \\\\ for a backslash, or use single quotes" },
	{ "exceeded maximum", NULL, 0, "the key is too long" },
};

static bool hint_fits(const struct hint *h, const char *problem,
                      const char *context, char at)
{
	return strstr(problem, h->problem) &&
		(!h->context || strstr(context, h->context)) &&
		(!h->at || h->at == at);
}

const char *yaml_hint(const char *problem, const char *context,
                      const char *text, size_t n, int line, int col)
{
	size_t len;
	const char *s = yaml_line(text, n, line, &len);
	char at = (size_t)col <= len ? s[col - 1] : '\0';

	if (tab_indents(s, len))
		return "a tab cannot indent YAML: use blanks";
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hint_fits(&hints[i], problem, context ? context : "", at))
			return hints[i].text;
	return NULL;
}

/* --- traps that libyaml reads without complaint --- */

bool yaml_unbalanced(const char *s)
{
	int open = 0;

	for (; *s; s++) {
		open += (*s == '(') - (*s == ')');
		if (open < 0)
			return true;
	}
	return open != 0;
}

bool yaml_cut_by_comment(const char *scalar, const char *text, size_t n,
                         size_t from)
{
	size_t i = from, len = strlen(scalar);

	while (i < n && (text[i] == ' ' || text[i] == '\t'))
		i++;
	if (i == from || i >= n || text[i] != '#' || !len)
		return false;
	return strchr("+-*/^(,<>=", scalar[len - 1]) || yaml_unbalanced(scalar);
}
