/* Setting values, and the walk that writes them. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/json.h"
#include "report/text.h"

#include "base/banned.h"

void put_text(json_t *object, const char *key, const char *text)
{
	/* unchecked: the writer below replaces what is no UTF-8 */
	json_object_set_new_nocheck(object, key, text
	                            ? json_string_nocheck(text) : json_null());
}

void put_num(json_t *object, const char *key, double v)
{
	json_object_set_new_nocheck(object, key, isfinite(v) ? json_real(v)
	                            : json_null());
}

void put_why(json_t *object, const char *key, double v, const char *why)
{
	struct buf reason = BUF_INIT;

	put_num(object, key, v);
	if (isfinite(v))
		return;
	buf_addf(&reason, "%s_reason", key);
	put_text(object, reason.s, why ? why : "not a finite number");
	buf_release(&reason);
}

void put_int(json_t *object, const char *key, long long v)
{
	json_object_set_new_nocheck(object, key, json_integer(v));
}

void put_seed(json_t *object, const char *key, uint64_t v)
{
	struct buf b = BUF_INIT;

	if (v <= LLONG_MAX) {
		put_int(object, key, (long long)v);
		return;
	}
	buf_addf(&b, "%llu", (unsigned long long)v);
	put_text(object, key, b.s);
	buf_release(&b);
}

void put_flag(json_t *object, const char *key, bool v)
{
	json_object_set_new_nocheck(object, key, json_boolean(v));
}

json_t *put_list(json_t *object, const char *key)
{
	json_t *list = json_array();

	json_object_set_new_nocheck(object, key, list);
	return list;
}

json_t *put_map(json_t *object, const char *key)
{
	json_t *map = json_object();

	json_object_set_new_nocheck(object, key, map);
	return map;
}

json_t *put_item(json_t *list)
{
	json_t *item = json_object();

	json_array_append_new(list, item);
	return item;
}

void put_item_text(json_t *list, const char *text)
{
	json_array_append_new(list, json_string_nocheck(text));
}

void put_texts(json_t *object, const char *key, const char *const *text, int n)
{
	json_t *list = put_list(object, key);

	for (int i = 0; n < 0 ? text && text[i] : i < n; i++)
		put_item_text(list, text[i]);
}

/* --- writing ---------------------------------------------------------- */

static bool is_plain(uint32_t cp)
{
	return cp >= 0x20 && (cp < 0x7f || cp >= 0xa0) && !utf8_is_hidden(cp);
}

/* As JSON spells characters outside the base plane: two surrogates. */
static void write_escape(struct buf *out, uint32_t cp)
{
	if (cp == '\n')
		buf_add(out, "\\n");
	else if (cp == '\t')
		buf_add(out, "\\t");
	else if (cp <= 0xffff)
		buf_addf(out, "\\u%04x", (unsigned)cp);
	else
		buf_addf(out, "\\u%04x\\u%04x",
		         (unsigned)(0xd800 + ((cp - 0x10000) >> 10)),
		         (unsigned)(0xdc00 + ((cp - 0x10000) & 0x3ff)));
}

static void write_string(struct buf *out, const char *s, size_t n)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t used = utf8_decode(s + i, n - i, &cp);
		char c[4];

		if (cp == '"' || cp == '\\')
			buf_addf(out, "\\%c", (char)cp);
		else if (is_plain(cp))
			buf_addn(out, c, utf8_encode(cp, c));
		else
			write_escape(out, cp);
		i += used;
	}
	buf_addc(out, '"');
}

void report_json_string(struct buf *out, const char *s)
{
	write_string(out, s, strlen(s));
}

static void write_value(struct buf *out, json_t *v, int depth);

/* A negative depth keeps everything on one line. */
static int deeper(int depth)
{
	return depth < 0 ? depth : depth + 1;
}

static void new_line(struct buf *out, int depth)
{
	if (depth < 0)
		return;
	buf_addc(out, '\n');
	buf_pad(out, ' ', depth);
}

static void write_object(struct buf *out, json_t *v, int depth)
{
	const char *key;
	json_t *value;
	bool first = true;

	buf_addc(out, '{');
	json_object_foreach(v, key, value) {
		if (!first)
			buf_add(out, depth < 0 ? ", " : ",");
		first = false;
		new_line(out, deeper(depth));
		report_json_string(out, key);
		buf_add(out, ": ");
		write_value(out, value, deeper(depth));
	}
	if (!first)
		new_line(out, depth);
	buf_addc(out, '}');
}

static void write_array(struct buf *out, json_t *v, int depth)
{
	size_t i;
	json_t *value;

	buf_addc(out, '[');
	json_array_foreach(v, i, value) {
		if (i)
			buf_addc(out, ',');
		if (json_is_object(value) && depth >= 0)
			new_line(out, depth + 1);
		else if (i)
			buf_addc(out, ' ');
		write_value(out, value, deeper(depth));
	}
	if (i && json_is_object(json_array_get(v, 0)))
		new_line(out, depth);
	buf_addc(out, ']');
}

static void write_value(struct buf *out, json_t *v, int depth)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		write_object(out, v, depth);
		break;
	case JSON_ARRAY:
		write_array(out, v, depth);
		break;
	case JSON_STRING:
		write_string(out, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		buf_addf(out, "%lld", (long long)json_integer_value(v));
		break;
	case JSON_REAL:
		num_plain(out, json_real_value(v));
		break;
	case JSON_TRUE:
		buf_add(out, "true");
		break;
	case JSON_FALSE:
		buf_add(out, "false");
		break;
	case JSON_NULL:
		buf_add(out, "null");
		break;
	}
}

void put_write(struct buf *out, json_t *doc)
{
	write_value(out, doc, 0);
	buf_addc(out, '\n');
	json_decref(doc);
}

void put_line(struct buf *out, json_t *doc)
{
	write_value(out, doc, -1);
	json_decref(doc);
}
