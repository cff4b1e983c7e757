/*
 * Users' text inside Markdown: data, never markup.
 *
 * `<` and `&` become entities: some renderers pass raw HTML on, and numeric
 * entities or \< are shown to the letter by others.  Web addresses stay links,
 * in the bounds of <...>; nothing else becomes one.
 */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report/report.h"

#include "base/banned.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		|| c == '_' || (c & 0x80);
}

/* The characters before the one that must be escaped, so that the line opens
 * no list, heading, quote, table, rule or code: `12. ` is escaped as `12\. `.
 * -1: the line is plain text. */
static int opens_block(const char *s)
{
	int n = 0;

	if (*s && strchr("#>+-=:", *s))
		return 0;
	while (is_digit(s[n]))
		n++;
	return n && (s[n] == '.' || s[n] == ')') ? n : -1;
}

/* --- addresses -------------------------------------------------------- */

/* What stays in an address: no blank, no bracket, no pipe of a table. */
static bool in_address(char c)
{
	return (is_word(c) && !(c & 0x80)) || (c && strchr("-.~:/?#@!$&'()*+,;"
	                                                   "=%", c));
}

/* Bytes of the web address that begins here; 0: none does. */
static size_t address_length(const char *s)
{
	size_t scheme = strncmp(s, "https://", 8) == 0 ? 8 :
		strncmp(s, "http://", 7) == 0 ? 7 : 0;
	size_t n = scheme;

	while (scheme && in_address(s[n]))
		n++;
	while (n > scheme && strchr(".,;:!?)'", s[n - 1]))
		n--;            /* the sentence's, not the address's */
	return n > scheme ? n : 0;
}

/* --- text ------------------------------------------------------------- */

/* Some readers make links of bare addresses: one escape keeps them apart. */
static bool looks_like_link(const char *s, const char *start)
{
	if (*s == '@')
		return s > start && is_word(s[-1]) && is_word(s[1]);
	if (*s == '.')
		return s - start >= 3 && strncmp(s - 3, "www", 3) == 0;
	return *s == ':' && s[1] == '/' && s[2] == '/';
}

static void add_char(struct buf *out, const char *s, const char *start)
{
	if (*s == '<')
		buf_add(out, "&lt;");
	else if (*s == '&')
		buf_add(out, "&amp;");
	else if (strchr("\\`*_[]~$|#", *s) || looks_like_link(s, start))
		buf_addf(out, "\\%c", *s);
	else
		buf_addc(out, *s);
}

void report_markdown(struct buf *out, const char *s, bool in_table)
{
	struct buf safe = BUF_INIT;
	const char *start;
	int opens;

	utf8_safe(&safe, s ? s : "", false);
	while (safe.len && safe.s[safe.len - 1] == ' ')
		safe.s[--safe.len] = '\0';
	start = safe.s + strspn(safe.s, " ");
	opens = in_table ? -1 : opens_block(start);
	for (s = start; *s;) {
		size_t n = s == start || !is_word(s[-1]) ? address_length(s)
			: 0;

		if (n) {
			buf_addc(out, '<');
			buf_addn(out, s, n);
			buf_addc(out, '>');
			s += n;
			continue;
		}
		if (s - start == opens && *s != '#')
			buf_addf(out, "\\%c", *s);
		else
			add_char(out, s, start);
		s++;
	}
	buf_release(&safe);
}
