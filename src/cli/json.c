/*
 * JSON of the small documents that are no results: lists, outcomes.
 */
#include <math.h>

#include "base/num.h"
#include "cli/command.h"

static void place(struct json *j, const char *key)
{
	if (j->comma)
		buf_addc(j->out, ',');
	if (j->depth)
		buf_addc(j->out, '\n');
	buf_pad(j->out, ' ', 2 * j->depth);
	if (key) {
		report_json_string(j->out, key);
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
		report_json_string(j->out, s);
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
