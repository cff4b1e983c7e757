/*
 * Whether the store still is what was written.  SQLite's own check finds broken
 * pages, but not a flipped bit in a text: every blob is hashed again, and every
 * chain of events is followed from its start.
 */
#include <string.h>

#include "base/mem.h"
#include "store/impl.h"

static bool bad(struct store *s, struct err *err, const char *what,
                const char *which)
{
	struct pos pos = { .file = s->path };

	return err_at(err, ERR_STORE, pos, "%s: %s", what, which);
}

/* Every row of a check that lists problems, `ok` standing for none. */
static bool check_rows(struct store *s, const char *sql, const char *what,
                       struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, sql, "");
	bool fine = true;
	int row = -1;

	while (q && (row = store_next(s, q, err)) == 1) {
		const char *text = (const char *)sqlite3_column_text(q, 0);

		if (text && strcmp(text, "ok") != 0)
			fine = bad(s, err, what, text);
	}
	sqlite3_finalize(q);
	return fine && row == 0;
}

static bool check_blobs(struct store *s, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT hash, body FROM blob",
	                              "");
	char hash[DIGEST_HEX];
	bool fine = true;
	int row = -1;

	while (q && (row = store_next(s, q, err)) == 1) {
		const char *want = (const char *)sqlite3_column_text(q, 0);
		const void *body = sqlite3_column_blob(q, 1);

		digest_of(body ? body : "", (size_t)sqlite3_column_bytes(q, 1),
		          hash);
		if (!want || strcmp(hash, want) != 0)
			fine = bad(s, err, "a text does not match its hash",
			           want ? want : "(none)");
	}
	sqlite3_finalize(q);
	return fine && row == 0;
}

struct chain { const char *origin, *prev; int64_t seq; };

static bool check_link(struct store *s, sqlite3_stmt *q, struct chain *c,
                       struct arena *a, struct err *err)
{
	const char *origin = store_text(q, 0, a), *prev = store_text(q, 2, a);
	const char *hash = store_text(q, 3, a);
	int64_t seq = sqlite3_column_int64(q, 1);
	char want[DIGEST_HEX];

	if (!c->origin || strcmp(c->origin, origin) != 0)
		*c = (struct chain){ .origin = origin, .prev = "", .seq = 0 };
	store_event_hash(origin, seq, prev, store_text(q, 4, a),
	                 store_text(q, 5, a), store_text(q, 6, a),
	                 sqlite3_column_int64(q, 7), store_text(q, 8, a), want);
	if (seq != c->seq + 1 || strcmp(prev, c->prev) != 0)
		return bad(s, err, "the log of events has a gap before", hash);
	if (strcmp(want, hash) != 0)
		return bad(s, err, "an event does not match its hash", hash);
	c->seq = seq;
	c->prev = hash;
	return true;
}

static bool check_events(struct store *s, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT origin, seq, prev, hash, "
		"kind, ref, actor, at, payload FROM event "
		"ORDER BY origin, seq", "");
	struct arena *a = arena_new();
	struct chain c = { 0 };
	bool fine = true;
	int row = -1;

	while (q && fine && (row = store_next(s, q, err)) == 1)
		fine = check_link(s, q, &c, a, err);
	sqlite3_finalize(q);
	arena_free(a);
	return fine && row == 0;
}

bool store_check(struct store *s, struct err *err)
{
	bool fine = check_rows(s, "PRAGMA integrity_check",
	                       "the file is damaged", err);

	fine = check_rows(s, "SELECT 'row ' || rowid || ' of ' || \"table\" "
	                  "FROM pragma_foreign_key_check",
	                  "a reference leads nowhere", err) && fine;
	fine = check_rows(s, "SELECT hash FROM revision r WHERE NOT EXISTS("
	                  "SELECT 1 FROM event e WHERE e.ref = r.hash)",
	                  "a revision was never logged", err) && fine;
	fine = check_blobs(s, err) && fine;
	return check_events(s, err) && fine;
}
