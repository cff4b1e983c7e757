/*
 * JSON of the small documents that are no results: lists, outcomes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "cli/command.h"

/* One character: what JSON demands is escaped, and controls beyond it, so
 * that a document is harmless on a terminal too. */
static void add_char(struct buf *out, const char *s, size_t used, uint32_t cp)
{
	char raw[4];

	if (cp == '"' || cp == '\\')
		buf_addf(out, "\\%c", (char)cp);
	else if (cp == '\n')
		buf_add(out, "\\n");
	else if (cp == '\t')
		buf_add(out, "\\t");
	else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
	         (cp >= 0x202a && cp <= 0x202e) ||
	         (cp >= 0x2066 && cp <= 0x2069))
		buf_addf(out, "\\u%04x", (unsigned)cp);
	else if (cp == 0xfffd)
		buf_addn(out, raw, utf8_encode(cp, raw));
	else
		buf_addn(out, s, used);
}

static void add_string(struct buf *out, const char *s)
{
	size_t left = strlen(s);

	buf_addc(out, '"');
	while (left) {
		uint32_t cp;
		size_t used = utf8_decode(s, left, &cp);

		add_char(out, s, used, cp);
		s += used;
		left -= used;
	}
	buf_addc(out, '"');
}

static void place(struct json *j, const char *key)
{
	if (j->comma)
		buf_addc(j->out, ',');
	if (j->depth)
		buf_addc(j->out, '\n');
	buf_pad(j->out, ' ', 2 * j->depth);
	if (key) {
		add_string(j->out, key);
		buf_add(j->out, ": ");
	}
	j->comma = true;
}

void json_begin(struct json *j, const char *key, char bracket)
{
	place(j, key);
	buf_addc(j->out, bracket);
	j->comma = false;
	j->depth++;
}

void json_end(struct json *j, char bracket)
{
	bool empty = !j->comma;

	j->depth--;
	if (!empty) {
		buf_addc(j->out, '\n');
		buf_pad(j->out, ' ', 2 * j->depth);
	}
	buf_addc(j->out, bracket);
	j->comma = true;
	if (!j->depth)
		buf_addc(j->out, '\n');
}

void json_text(struct json *j, const char *key, const char *s)
{
	place(j, key);
	if (s)
		add_string(j->out, s);
	else
		buf_add(j->out, "null");
}

void json_whole(struct json *j, const char *key, long long v)
{
	place(j, key);
	buf_addf(j->out, "%lld", v);
}

void json_number(struct json *j, const char *key, double v)
{
	place(j, key);
	if (isfinite(v))
		num_exact(j->out, v);
	else
		buf_add(j->out, "null");
}

void json_bool(struct json *j, const char *key, bool v)
{
	place(j, key);
	buf_add(j->out, v ? "true" : "false");
}

void json_open(struct json *j, const char *schema)
{
	json_begin(j, NULL, '{');
	json_text(j, "schema", schema);
	json_bool(j, "ok", true);
}
