/*
 * A list within a JSON document as a table: one row a member, whatever the
 * document is, so that both formats have the same names.
 */
#include <string.h>

#include "report/csv.h"
#include "report/json.h"
#include "report/report.h"

#include "base/banned.h"

/* "a b c": a list of plain values in one cell. */
static json_t *joined(const json_t *list)
{
	struct buf b = BUF_INIT;
	json_t *item, *text;
	size_t i;

	json_array_foreach(list, i, item) {
		buf_add(&b, i ? " " : "");
		if (json_is_string(item))
			buf_add(&b, json_string_value(item));
		else
			put_line(&b, json_incref(item));
	}
	text = json_string_nocheck(b.s);
	buf_release(&b);
	return text;
}

static bool is_plain(const json_t *v)
{
	return !json_is_array(v) || !json_is_object(json_array_get(v, 0));
}

/* The row gets the members of `o`: of a row's own also what lies deeper, as
 * `outer.inner`; of what it lies within only plain values. */
static void add_members(json_t *row, const json_t *o, const char *prefix,
                        bool own)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)o, key, v) {
		struct buf name = BUF_INIT;

		buf_addf(&name, "%s%s", prefix, key);
		if (json_is_object(v) && own) {
			buf_addc(&name, '.');
			add_members(row, v, name.s, true);
		} else if (json_is_array(v) && own && is_plain(v)) {
			json_object_set_new_nocheck(row, name.s, joined(v));
		} else if (!json_is_array(v) && !json_is_object(v)) {
			json_object_set_nocheck(row, name.s, v);
		}
		buf_release(&name);
	}
}

static void unnest(json_t *rows, const json_t *at, const char *path,
                   const char *name, const json_t *outer);

/* One step down the path; where nothing is, the row ends with what it has. */
static void step(json_t *rows, const json_t *at, const char *path, json_t *row)
{
	size_t n = strcspn(path, ".");
	struct buf key = BUF_INIT;
	const json_t *next;

	buf_addn(&key, path, n);
	next = json_object_get(at, key.s);
	if (next && (!json_is_array(next) || json_array_size(next)))
		unnest(rows, next, path[n] ? path + n + 1 : NULL, key.s, row);
	else if (json_object_size(row))
		json_array_append(rows, row);
	buf_release(&key);
}

/* `at` is what `name` leads to; `path` what is still to go. */
static void unnest(json_t *rows, const json_t *at, const char *path,
                   const char *name, const json_t *outer)
{
	struct buf prefix = BUF_INIT;
	json_t *row, *item;
	size_t i;

	if (json_is_array(at)) {
		json_array_foreach(at, i, item)
			unnest(rows, item, path, name, outer);
		return;
	}
	row = json_copy((json_t *)outer);
	buf_addf(&prefix, "%s.", name);
	add_members(row, at, path ? prefix.s : "", !path);
	if (path)
		step(rows, at, path, row);
	else
		json_array_append(rows, row);
	json_decref(row);
	buf_release(&prefix);
}

static json_t *columns_of(const json_t *rows)
{
	json_t *all = json_object(), *row;
	size_t i;

	json_array_foreach(rows, i, row)
		json_object_update_missing(all, row);
	return all;
}

static void cell(struct buf *out, const json_t *v)
{
	if (json_is_string(v))
		csv_text(out, json_string_value(v));
	else if (json_is_real(v))
		csv_number(out, json_real_value(v));
	else if (json_is_integer(v))
		buf_addf(out, "%lld,", (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		buf_add(out, json_is_true(v) ? "\"yes\"," : "\"no\",");
	else
		buf_addc(out, ',');
}

static void write_rows(struct buf *out, const json_t *rows)
{
	json_t *columns = columns_of(rows), *row, *unused;
	const char *key;
	size_t i;

	json_object_foreach(columns, key, unused)
		buf_addf(out, "%s,", key);
	if (json_object_size(columns))
		csv_end(out);
	json_array_foreach(rows, i, row) {
		json_object_foreach(columns, key, unused)
			cell(out, json_object_get(row, key));
		csv_end(out);
	}
	json_decref(columns);
}

bool report_rows_csv(struct buf *out, const char *json, const char *path,
                     struct err *err)
{
	json_t *none = json_object(), *rows = json_array();
	json_error_t e;
	json_t *doc = json_loads(json, JSON_ALLOW_NUL, &e);

	if (doc)
		step(rows, doc, path, none);
	else
		err_add(err, ERR_BUG, "a document that is no JSON: %s", e.text);
	if (doc)
		write_rows(out, rows);
	json_decref(none);
	json_decref(rows);
	json_decref(doc);
	return doc != NULL;
}
