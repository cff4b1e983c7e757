#include "store/snapshots.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/impl.h"

#include "base/banned.h"

#define KIND "prices.kept"

bool snapshot_keep(struct store *s, const struct snapshot *x, const char *text,
                   bool *added, struct err *err)
{
	char hash[DIGEST_HEX];
	int64_t there = 0;
	bool ok = store_begin(s, err);

	if (ok) {
		ok = store_put_blob(s, "prices", text, hash, err) &&
		     store_int(s, err, 0, &there, "SELECT 1 FROM event WHERE "
		               "kind = '" KIND "' AND ref = ?", "t", hash);
		ok = ok && (there || store_append_made(s, KIND, hash, err,
			"SELECT json_object('date', ?, 'file', ?, 'source', ?, "
			"'priced', ?, 'free', ?, 'unpriced', ?)", "tttiii",
			x->date, x->file, x->source, (int64_t)x->priced,
			(int64_t)x->free, (int64_t)x->unpriced));
		ok = store_end(s, ok, err);
	}
	*added = ok && !there;
	return ok;
}

int snapshot_list(struct store *s, struct snapshot **out, struct arena *a,
                  struct err *err)
{
	/* a text that two merged stores had is one snapshot */
	sqlite3_stmt *q = store_query(s, err, "SELECT ref, "
		"json_extract(payload, '$.date'), "
		"json_extract(payload, '$.file'), "
		"json_extract(payload, '$.source'), "
		"json_extract(payload, '$.priced'), "
		"json_extract(payload, '$.free'), "
		"json_extract(payload, '$.unpriced'), min(at), actor "
		"FROM event WHERE kind = '" KIND "' GROUP BY ref "
		"ORDER BY 2, 8, min(rowid)", "");
	struct snapshot *list = NULL;
	size_t cap = 0;
	int n = 0, row = -1;

	while (q && (row = store_next(s, q, err)) == 1)
		*ARR_PUSH(list, n, cap) = (struct snapshot){
			.hash = store_text(q, 0, a),
			.date = arena_strdup(a, store_peek(q, 1)),
			.file = store_text(q, 2, a),
			.source = store_text(q, 3, a),
			.priced = sqlite3_column_int(q, 4),
			.free = sqlite3_column_int(q, 5),
			.unpriced = sqlite3_column_int(q, 6),
			.at = sqlite3_column_int64(q, 7),
			.actor = store_text(q, 8, a),
		};
	sqlite3_finalize(q);
	*out = arena_alloc(a, (size_t)n * sizeof **out + 1);
	if (n)
		memcpy(*out, list, (size_t)n * sizeof **out);
	free(list);
	return row == 0 ? n : -1;
}

bool snapshot_text(struct store *s, const char *hash, const char **text,
                   struct arena *a, struct err *err)
{
	return store_read_blob(s, hash, text, a, err);
}
