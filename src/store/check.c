/*
 * Whether the store still is what was written.  SQLite's own check finds broken
 * pages, but not a flipped bit in a text: every blob and every revision is
 * hashed again, every chain of events is followed from its start, and what the
 * events say is held against the rows.
 */
#include <string.h>

#include "store/impl.h"

#include "base/banned.h"

static bool bad(struct store *s, struct err *err, const char *what,
                const char *which)
{
	struct pos pos = { .file = s->path };

	return err_at(err, ERR_STORE, pos, "%s: %s", what,
	              *which ? which : "(it has no name)");
}

/* Every row of a check that lists problems, `ok` standing for none. */
static bool check_rows(struct store *s, const char *sql, const char *what,
                       struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, sql, "");
	bool fine = true;
	int row = -1;

	while (q && (row = store_next(s, q, err)) == 1)
		if (strcmp(store_peek(q, 0), "ok") != 0)
			fine = bad(s, err, what, store_peek(q, 0));
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
		const void *body = sqlite3_column_blob(q, 1);

		digest_of(body ? body : "", (size_t)sqlite3_column_bytes(q, 1),
		          hash);
		if (strcmp(hash, store_peek(q, 0)) != 0)
			fine = bad(s, err, "a text does not match its hash",
			           store_peek(q, 0));
	}
	sqlite3_finalize(q);
	return fine && row == 0;
}

static bool check_revisions(struct store *s, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT r.hash, c.uuid, "
		"r.parent, r.inputs, r.author, r.message, "
		"coalesce(r.numbered, r.number), r.created "
		"FROM revision r LEFT JOIN scenario c ON c.id = r.scenario",
		"");
	char hash[DIGEST_HEX];
	bool fine = true;
	int row = -1;

	while (q && (row = store_next(s, q, err)) == 1) {
		struct revision_row r = {
			.scenario = store_peek(q, 1),
			.parent = store_peek(q, 2), .inputs = store_peek(q, 3),
			.author = store_peek(q, 4), .message = store_peek(q, 5),
			.number = sqlite3_column_int64(q, 6),
			.created = sqlite3_column_int64(q, 7),
		};

		store_revision_hash(&r, hash);
		if (strcmp(hash, store_peek(q, 0)) != 0)
			fine = bad(s, err, "a revision does not match its hash",
			           store_peek(q, 0));
	}
	sqlite3_finalize(q);
	return fine && row == 0;
}

/* --- events ----------------------------------------------------------- */

/* The newest event so far of the origin at hand. */
struct chain {
	char origin[DIGEST_HEX], hash[DIGEST_HEX];
	int64_t seq;
};

static void keep(char out[DIGEST_HEX], const char *text)
{
	size_t n = strlen(text);

	n = n < DIGEST_HEX ? n : DIGEST_HEX - 1;
	memcpy(out, text, n);
	out[n] = '\0';
}

static bool check_link(struct store *s, sqlite3_stmt *q, struct chain *c,
                       struct err *err)
{
	const char *origin = store_peek(q, 0), *prev = store_peek(q, 2);
	const char *hash = store_peek(q, 3);
	int64_t seq = sqlite3_column_int64(q, 1);
	char want[DIGEST_HEX];

	if (strcmp(c->origin, origin) != 0) {
		*c = (struct chain){ .seq = 0 };
		keep(c->origin, origin);
	}
	store_event_hash(origin, seq, prev, store_peek(q, 4), store_peek(q, 5),
	                 store_peek(q, 6), sqlite3_column_int64(q, 7),
	                 store_peek(q, 8), want);
	if (seq != c->seq + 1 || strcmp(prev, c->hash) != 0)
		return bad(s, err, "the log of events has a gap before", hash);
	if (strcmp(want, hash) != 0)
		return bad(s, err, "an event does not match its hash", hash);
	c->seq = seq;
	keep(c->hash, hash);
	return true;
}

static bool check_chains(struct store *s, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT origin, seq, prev, hash, "
		"kind, ref, actor, at, payload FROM event "
		"ORDER BY origin, seq", "");
	struct chain c = { .seq = 0 };
	bool fine = true;
	int row = -1;

	while (q && fine && (row = store_next(s, q, err)) == 1)
		fine = check_link(s, q, &c, err);
	sqlite3_finalize(q);
	return fine && row == 0;
}

/* Both ways: no row without its event, no event without its row. */
static bool check_log(struct store *s, struct err *err)
{
	static const struct { const char *sql, *what; } checks[] = {
		{ "SELECT r.hash FROM revision r JOIN scenario c ON "
		  "c.id = r.scenario WHERE NOT EXISTS(SELECT 1 FROM event e "
		  "WHERE e.ref = r.hash AND e.kind = 'revision.saved' "
		  "AND json_extract(e.payload, '$.number') = "
		  "coalesce(r.numbered, r.number))",
		  "the log does not know a revision" },
		{ "SELECT v.hash FROM evaluation v WHERE NOT EXISTS(SELECT 1 "
		  "FROM event e WHERE e.ref = v.hash "
		  "AND e.kind = 'evaluation.saved' "
		  "AND json_extract(e.payload, '$.inputs') = v.inputs "
		  "AND json_extract(e.payload, '$.results') = v.results "
		  "AND json_extract(e.payload, '$.verdicts') = v.verdicts "
		  "AND json_extract(e.payload, '$.files') IS v.files)",
		  "the log says otherwise of an evaluation" },
		{ "SELECT e.ref FROM event e WHERE e.kind = 'revision.saved' "
		  "AND NOT EXISTS(SELECT 1 FROM revision r "
		  "WHERE r.hash = e.ref)", "a logged revision is gone" },
		{ "SELECT e.ref FROM event e WHERE e.kind = 'evaluation.saved' "
		  "AND NOT EXISTS(SELECT 1 FROM evaluation v "
		  "WHERE v.hash = e.ref)", "a logged evaluation is gone" },
		{ "SELECT d.uuid FROM decision d WHERE NOT EXISTS(SELECT 1 "
		  "FROM event e JOIN revision r ON r.inputs = "
		  "json_extract(e.payload, '$.inputs') WHERE e.ref = d.uuid "
		  "AND e.kind = 'decision.proposed' "
		  "AND r.scenario = d.scenario)",
		  "the log says otherwise of a decision" },
		{ "SELECT e.ref FROM event e WHERE e.kind = 'decision.proposed' "
		  "AND NOT EXISTS(SELECT 1 FROM decision d "
		  "WHERE d.uuid = e.ref)", "a logged decision is gone" },
		{ "SELECT e.ref FROM event e WHERE e.kind = 'prices.kept' "
		  "AND NOT EXISTS(SELECT 1 FROM blob b "
		  "WHERE b.hash = e.ref)", "a logged price map is gone" },
	};
	bool fine = check_rows(s, "SELECT hash FROM event WHERE NOT "
	                       "json_valid(payload)", "an event says nothing "
	                       "that can be read", err);

	if (!fine)
		return false;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		fine = check_rows(s, checks[i].sql, checks[i].what, err)
			&& fine;
	return fine;
}

bool store_check_pages(struct store *s, struct err *err)
{
	return check_rows(s, "PRAGMA integrity_check", "the file is damaged",
	                  err);
}

bool store_check(struct store *s, struct err *err)
{
	bool fine = store_check_pages(s, err);

	fine = store_check_schema(s, INT64_MAX, err) && fine;
	fine = check_rows(s, "SELECT 'row ' || rowid || ' of ' || \"table\" "
	                  "FROM pragma_foreign_key_check",
	                  "a reference leads nowhere", err) && fine;
	fine = check_blobs(s, err) && fine;
	fine = check_revisions(s, err) && fine;
	return check_chains(s, err) && check_log(s, err) && fine;
}
