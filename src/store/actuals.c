#include "store/actuals.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/impl.h"

#include "base/banned.h"

static bool scenario_uuid(struct store *s, const char *slug, const char **uuid,
                          struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT uuid FROM scenario WHERE "
	                              "slug = ?", "t", slug);
	int row = q ? store_next(s, q, err) : -1;

	*uuid = row == 1 ? store_text(q, 0, a) : NULL;
	sqlite3_finalize(q);
	if (row == 0)
		return err_add(err, ERR_USAGE, "the store has no scenario `%s`: "
		               "save it first", slug);
	return row == 1;
}

/* Numbers travel as text: JSON would give SQLite's digits, not ours. */
bool actual_record(struct store *s, const struct actual *x, struct err *err)
{
	struct arena *a = arena_new();
	struct buf value = BUF_INIT;
	const char *uuid;
	bool ok = store_begin(s, err);

	if (ok) {
		num_exact(&value, x->value);
		ok = scenario_uuid(s, x->scenario, &uuid, a, err) &&
		     store_append_made(s, "actual.recorded", uuid, err,
		                       "SELECT json_object('model', ?, 'name', "
		                       "?, 'value', ?, 'unit', ?, 'text', ?, "
		                       "'from', ?, 'to', ?, 'source', ?)",
		                       "tttttttt", x->model, x->name, value.s,
		                       x->unit, x->text, x->from, x->to,
		                       x->source);
		ok = store_end(s, ok, err);
	}
	buf_release(&value);
	arena_free(a);
	return ok;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_period(const struct actual *a, const struct actual *b)
{
	return same_text(a->scenario, b->scenario) &&
	       same_text(a->model, b->model) && same_text(a->name, b->name) &&
	       same_text(a->from, b->from) && same_text(a->to, b->to);
}

static bool read_row(sqlite3_stmt *q, struct actual *x, struct arena *a)
{
	*x = (struct actual){
		.scenario = store_text(q, 0, a), .model = store_text(q, 1, a),
		.name = arena_strdup(a, store_peek(q, 2)),
		.unit = arena_strdup(a, store_peek(q, 4)),
		.text = store_text(q, 5, a), .from = store_text(q, 6, a),
		.to = store_text(q, 7, a), .source = store_text(q, 8, a),
		.actor = store_text(q, 9, a),
		.at = sqlite3_column_int64(q, 10),
	};
	return num_parse(store_peek(q, 3), &x->value);
}

int actual_list(struct store *s, const char *scenario, struct actual **out,
                struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT c.slug, "
		"json_extract(e.payload, '$.model'), "
		"json_extract(e.payload, '$.name'), "
		"json_extract(e.payload, '$.value'), "
		"json_extract(e.payload, '$.unit'), "
		"json_extract(e.payload, '$.text'), "
		"json_extract(e.payload, '$.from'), "
		"json_extract(e.payload, '$.to'), "
		"json_extract(e.payload, '$.source'), e.actor, e.at "
		/* this way round the index on what events are about serves */
		"FROM scenario c CROSS JOIN event e ON e.ref = c.uuid "
		"WHERE e.kind = 'actual.recorded' AND (?1 IS NULL OR c.slug = "
		"?1) ORDER BY c.slug, 3, 2, json_extract(e.payload, '$.to'), "
		"7, e.at, e.origin, e.seq", "t", scenario);
	struct actual *list = NULL, one;
	size_t cap = 0;
	int n = 0, row = -1;

	while (q && (row = store_next(s, q, err)) == 1) {
		if (!read_row(q, &one, a))
			continue;       /* not a number: of no version of ours */
		if (n && same_period(&list[n - 1], &one))
			list[n - 1] = one;
		else
			*ARR_PUSH(list, n, cap) = one;
	}
	sqlite3_finalize(q);
	*out = arena_alloc(a, (size_t)n * sizeof **out + 1);
	if (n)
		memcpy(*out, list, (size_t)n * sizeof **out);
	free(list);
	return row == 0 ? n : -1;
}

bool reconciliation_record(struct store *s, const char *scenario,
                           const char *model, const char *text,
                           struct err *err)
{
	struct arena *a = arena_new();
	const char *uuid;
	bool ok = store_begin(s, err);

	if (ok) {
		ok = scenario_uuid(s, scenario, &uuid, a, err) &&
		     store_append_made(s, "money.reconciled", uuid, err,
		                       "SELECT json_object('model', ?, 'text', "
		                       "?)", "tt", model, text);
		ok = store_end(s, ok, err);
	}
	arena_free(a);
	return ok;
}

bool reconciliation_newest(struct store *s, const char *scenario,
                           const char *model, const char **text, int64_t *at,
                           struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT "
		"json_extract(e.payload, '$.text'), e.at "
		"FROM scenario c CROSS JOIN event e ON e.ref = c.uuid "
		"WHERE c.slug = ? AND e.kind = 'money.reconciled' "
		"AND json_extract(e.payload, '$.model') = ? "
		"ORDER BY e.at DESC, e.origin, e.seq DESC LIMIT 1", "tt",
		scenario, model);
	int row = q ? store_next(s, q, err) : -1;

	*text = row == 1 ? store_text(q, 0, a) : NULL;
	*at = row == 1 ? sqlite3_column_int64(q, 1) : 0;
	sqlite3_finalize(q);
	return row >= 0;
}
