/*
 * The writer knows three things only: how deep it is, whether the last line is
 * unfinished (a key or a dash waits for its value), and whether that line ends
 * in a dash, so that a map's first key follows on the same line:
 *
 *	list:
 *	  - first: 1
 *	    second: 2
 */
#include "yaml/yaml.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

#include "base/banned.h"

static bool is_one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(s, *words))
			return true;
	return false;
}

/* What every YAML reader takes for nothing at all. */
static bool is_null_word(const char *s)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL",
		NULL };

	return is_one_of(s, words);
}

/* YAML 1.1's truth values, all spellings of them. */
static bool is_bool_word(const char *s)
{
	static const char *const words[] = {
		"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO",
		"true", "True", "TRUE", "false", "False", "FALSE",
		"on", "On", "ON", "off", "Off", "OFF", NULL,
	};

	return is_one_of(s, words);
}

/* Whether some reader would see a number: also 1_000, 0x1f, .5, 12:30:45 and
 * .inf.  A date is left alone: it is one to every reader. */
static bool is_number_like(const char *s)
{
	const char *digits = s + (*s == '+' || *s == '-');
	size_t n = strspn(digits, "0123456789abcdefABCDEFxoXO_.:+-");

	if (!strncmp(digits, ".inf", 4) || !strncmp(digits, ".nan", 4) ||
	    !strncmp(digits, ".Inf", 4) || !strncmp(digits, ".NaN", 4))
		return true;
	if (!strpbrk(digits, "0123456789") || digits[n])
		return false;
	if (strspn(s, "0123456789-") == strlen(s) && strlen(s) == 10 &&
	    s[4] == '-' && s[7] == '-')
		return false;
	return (*digits >= '0' && *digits <= '9') || *digits == '.';
}

/* Whether the text survives unquoted in block style, on one line. */
static bool plain_safe(const char *s)
{
	size_t n = strlen(s), used;
	uint32_t cp;

	if (!n || s[0] == ' ' || s[n - 1] == ' ' || s[n - 1] == ':')
		return false;
	if (strchr(",[]{}#&*!|>'\"%@`", s[0]) || !strncmp(s, "---", 3) ||
	    !strncmp(s, "...", 3) || !strcmp(s, "<<"))
		return false;
	if (strchr("-?:", s[0]) && (!s[1] || s[1] == ' '))
		return false;
	if (strstr(s, ": ") || strstr(s, " #") || !utf8_valid(s, n))
		return false;
	for (const char *p = s; n; n -= used, p += used) {
		used = utf8_decode(p, n, &cp);
		if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
		    utf8_is_hidden(cp))
			return false;
	}
	return true;
}

static void add_escaped(struct buf *out, uint32_t cp, const char *s,
                        size_t used)
{
	if (cp == '\n')
		buf_add(out, "\\n");
	else if (cp == '\t')
		buf_add(out, "\\t");
	else if (cp == '"' || cp == '\\')
		buf_addf(out, "\\%c", (char)cp);
	else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		buf_addf(out, "\\x%02x", (unsigned)cp);
	else if (utf8_is_hidden(cp))
		buf_addf(out, cp > 0xffff ? "\\U%08x" : "\\u%04x",
		         (unsigned)cp);
	else if (cp == 0xfffd)
		buf_add(out, "\xef\xbf\xbd");
	else
		buf_addn(out, s, used);
}

static void add_quoted(struct buf *out, const char *s)
{
	size_t n = strlen(s), used;
	uint32_t cp;

	buf_addc(out, '"');
	for (; n; n -= used, s += used) {
		used = utf8_decode(s, n, &cp);
		add_escaped(out, cp, s, used);
	}
	buf_addc(out, '"');
}

static void add_text(struct buf *out, const char *s, bool quote)
{
	if (quote || !plain_safe(s))
		add_quoted(out, s);
	else
		buf_add(out, s);
}

void yaml_quote(struct buf *out, const char *text)
{
	add_text(out, text, is_null_word(text) || is_bool_word(text) ||
	         is_number_like(text));
}

/* --- structure --- */

static bool unfinished(const struct ywriter *w)
{
	return w->out->len && w->out->s[w->out->len - 1] != '\n';
}

/* Moves to where a key or a dash of the current level starts. */
static void line_start(struct ywriter *w)
{
	if (w->in_seq_item) {
		buf_addc(w->out, ' ');
		w->in_seq_item = false;
		return;
	}
	if (unfinished(w))
		buf_addc(w->out, '\n');
	buf_pad(w->out, ' ', 2 * w->depth);
}

void yaml_key(struct ywriter *w, const char *key)
{
	line_start(w);
	add_text(w->out, key, is_null_word(key));
	buf_addc(w->out, ':');
}

void yaml_item(struct ywriter *w)
{
	line_start(w);
	buf_addc(w->out, '-');
	w->in_seq_item = true;
}

static void put_value(struct ywriter *w, const char *text, bool quote)
{
	if (unfinished(w))
		buf_addc(w->out, ' ');
	w->in_seq_item = false;
	add_text(w->out, text, quote);
	buf_addc(w->out, '\n');
}

void yaml_scalar(struct ywriter *w, const char *text)
{
	put_value(w, text, is_null_word(text));
}

/* What begins on an unfinished line is a level deeper; at a line's start it is
 * the document itself. */
static void begin(struct ywriter *w)
{
	if (unfinished(w))
		w->depth++;
}

/* An unfinished line at the end means that nothing was put in. */
static void end(struct ywriter *w, const char *empty)
{
	if (unfinished(w) || !w->out->len) {
		buf_addf(w->out, "%s%s\n", w->out->len ? " " : "", empty);
		w->in_seq_item = false;
	}
	if (w->depth)
		w->depth--;
}

void yaml_map_begin(struct ywriter *w)
{
	begin(w);
}

void yaml_map_end(struct ywriter *w)
{
	end(w, "{}");
}

void yaml_seq_begin(struct ywriter *w)
{
	begin(w);
}

void yaml_seq_end(struct ywriter *w)
{
	end(w, "[]");
}

/* Quoted stays quoted and an empty plain value empty. */
static void write_scalar(struct ywriter *w, const struct ynode *n)
{
	if (n->quoted || *n->text) {
		put_value(w, n->text, n->quoted);
	} else {
		buf_addc(w->out, '\n');
		w->in_seq_item = false;
	}
}

static void write_key(struct ywriter *w, const struct ynode *key)
{
	line_start(w);
	add_text(w->out, key->text, key->quoted);
	buf_addc(w->out, ':');
}

void yaml_write_tree(struct ywriter *w, const struct ynode *n)
{
	if (n->kind == Y_SCALAR) {
		write_scalar(w, n);
		return;
	}
	begin(w);
	for (int i = 0; i < n->n; i++) {
		if (n->kind == Y_MAP)
			write_key(w, n->key[i]);
		else
			yaml_item(w);
		yaml_write_tree(w, n->item[i]);
	}
	end(w, n->kind == Y_MAP ? "{}" : "[]");
}
