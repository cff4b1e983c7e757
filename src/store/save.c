/* Writing: revisions, evaluations, events, drafts.  One transaction a verb. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/impl.h"

bool store_put_blob(struct store *s, const char *kind, const char *text,
                    char hash[DIGEST_HEX], struct err *err)
{
	int64_t there;

	digest_of(text, strlen(text), hash);
	if (!store_int(s, err, 0, &there, "SELECT 1 FROM blob WHERE hash = ?",
	               "t", hash))
		return false;
	return there || store_run(s, err, "INSERT INTO blob(hash, kind, size, "
	                          "body) VALUES(?, ?, ?, ?)", "ttib", hash,
	                          kind, (int64_t)strlen(text), text);
}

/* --- events ----------------------------------------------------------- */

void store_event_hash(const char *origin, int64_t seq, const char *prev,
                      const char *kind, const char *ref, const char *actor,
                      int64_t at, const char *payload, char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_text(d, "event");
	digest_text(d, origin);
	digest_number(d, (double)seq);
	digest_text(d, prev);
	digest_text(d, kind);
	digest_text(d, ref);
	digest_text(d, actor);
	digest_number(d, (double)at);
	digest_text(d, payload);
	digest_end(d, out);
}

bool store_append(struct store *s, const char *kind, const char *ref,
                  const char *payload, struct err *err)
{
	struct arena *a = arena_new();
	sqlite3_stmt *q = store_query(s, err, "SELECT m.value, e.seq, e.hash "
		"FROM meta m LEFT JOIN event e ON e.origin = m.value "
		"WHERE m.key = 'origin' ORDER BY e.seq DESC LIMIT 1", "");
	const char *origin = NULL, *prev = "";
	char hash[DIGEST_HEX];
	int64_t seq = 1, now = clock_now();
	bool ok = q && store_next(s, q, err) == 1;

	if (ok) {
		origin = store_text(q, 0, a);
		seq = sqlite3_column_int64(q, 1) + 1;
		prev = store_text(q, 2, a);
		prev = prev ? prev : "";
	}
	sqlite3_finalize(q);
	if (ok) {
		store_event_hash(origin, seq, prev, kind, ref, store_actor(),
		                 now, payload, hash);
		ok = store_run(s, err, "INSERT INTO event(origin, seq, prev, "
		               "hash, kind, ref, actor, at, payload) "
		               "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", "tittttt"
		               "it", origin, seq, prev, hash, kind, ref,
		               store_actor(), now, payload);
	} else if (!err_any(err)) {
		err_add(err, ERR_STORE, "the store has lost its name");
	}
	arena_free(a);
	return ok;
}

/* --- revisions -------------------------------------------------------- */

struct head { int64_t scenario, number; const char *hash, *inputs; };

/* The scenario's row and newest revision; makes the row when it is new. */
static bool find_head(struct store *s, const char *slug, const char *title,
                      struct head *h, struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT c.id, r.number, r.hash, "
		"r.inputs FROM scenario c LEFT JOIN revision r ON r.hash = "
		"c.head WHERE c.slug = ?", "t", slug);
	int row = q ? store_next(s, q, err) : -1;
	int64_t now = clock_now();

	*h = (struct head){ 0 };
	if (row == 1) {
		h->scenario = sqlite3_column_int64(q, 0);
		h->number = sqlite3_column_int64(q, 1);
		h->hash = store_text(q, 2, a);
		h->inputs = store_text(q, 3, a);
	}
	sqlite3_finalize(q);
	if (row != 0)
		return row == 1;
	if (!store_run(s, err, "INSERT INTO scenario(slug, title, created, "
	               "updated) VALUES(?, ?, ?, ?)", "ttii", slug, title, now,
	               now))
		return false;
	h->scenario = sqlite3_last_insert_rowid(s->db);
	return true;
}

static void revision_hash(const struct head *h, const char *slug,
                          const char *inputs, char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_text(d, "revision");
	digest_text(d, slug);
	digest_text(d, h->hash ? h->hash : "");
	digest_text(d, inputs);
	digest_end(d, out);
}

static bool add_revision(struct store *s, const struct head *h,
                         const char *slug, const char *title,
                         const char *inputs, const char *message,
                         struct err *err)
{
	char hash[DIGEST_HEX];
	int64_t now = clock_now();

	revision_hash(h, slug, inputs, hash);
	return store_run(s, err, "INSERT INTO revision(hash, scenario, number, "
	                 "parent, inputs, author, message, created) "
	                 "VALUES(?, ?, ?, ?, ?, ?, ?, ?)", "tiitttti",
	                 hash, h->scenario, h->number + 1, h->hash, inputs,
	                 store_actor(), message, now)
		&& store_run(s, err, "UPDATE scenario SET head = ?, title = ?, "
		             "updated = ? WHERE id = ?", "ttii", hash, title,
		             now, h->scenario)
		&& store_append(s, "revision.saved", hash, slug, err);
}

static bool add_evaluation(struct store *s, const char *digest,
                           const char *inputs, const char *json,
                           const char *verdicts, struct err *err)
{
	char results[DIGEST_HEX];
	int64_t there;

	if (!digest)
		return true;
	if (!store_int(s, err, 0, &there, "SELECT 1 FROM evaluation WHERE "
	               "hash = ?", "t", digest))
		return false;
	return there || (store_put_blob(s, "results", json ? json : "{}",
	                                results, err)
		&& store_run(s, err, "INSERT INTO evaluation(hash, inputs, "
		             "results, verdicts, created) "
		             "VALUES(?, ?, ?, ?, ?)", "tttti", digest, inputs,
		             results, verdicts ? verdicts : "", clock_now()));
}

bool store_save(struct store *s, const char *scenario, const char *title,
                const char *text, const char *message,
                const char *evaluation_digest, const char *evaluation_json,
                const char *verdicts, struct revision_info *out,
                struct arena *a, struct err *err)
{
	char inputs[DIGEST_HEX];
	struct head h;
	bool ok;

	title = title ? title : scenario;
	message = message ? message : "";
	if (!store_begin(s, err))
		return false;
	ok = find_head(s, scenario, title, &h, a, err)
		&& store_put_blob(s, "scenario", text, inputs, err);
	if (ok && !(h.inputs && strcmp(h.inputs, inputs) == 0))
		ok = add_revision(s, &h, scenario, title, inputs, message, err);
	ok = ok && add_evaluation(s, evaluation_digest, inputs,
	                          evaluation_json, verdicts, err)
		&& store_run(s, err, "DELETE FROM draft WHERE scenario = ?",
		             "t", scenario);
	if (!store_end(s, ok, err))
		return false;
	return !out || store_find(s, scenario, out, NULL, NULL, a, err);
}

/* --- drafts ----------------------------------------------------------- */

bool store_draft_put(struct store *s, const char *scenario, const char *text,
                     const char *undo, struct err *err)
{
	return store_begin(s, err)
		&& store_end(s, store_run(s, err, "INSERT INTO draft(scenario, "
			"body, undo, saved) VALUES(?, ?, ?, ?) "
			"ON CONFLICT(scenario) DO UPDATE SET body = "
			"excluded.body, undo = excluded.undo, saved = "
			"excluded.saved", "ttti", scenario, text,
			undo ? undo : "", clock_now()), err);
}

bool store_draft_drop(struct store *s, const char *scenario, struct err *err)
{
	return store_begin(s, err)
		&& store_end(s, store_run(s, err, "DELETE FROM draft WHERE "
			"scenario = ?", "t", scenario), err);
}
