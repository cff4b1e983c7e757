/* Writing: revisions, evaluations, events, drafts.  One transaction a verb. */
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/impl.h"

#include "base/banned.h"

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

bool store_append_made(struct store *s, const char *kind, const char *ref,
                       struct err *err, const char *sql, const char *types,
                       ...)
{
	struct arena *a = arena_new();
	const char *payload = NULL;
	sqlite3_stmt *q;
	va_list ap;
	bool ok;

	va_start(ap, types);
	q = store_vquery(s, err, sql, types, ap);
	va_end(ap);
	if (q && store_next(s, q, err) == 1)
		payload = store_text(q, 0, a);
	sqlite3_finalize(q);
	ok = payload && store_append(s, kind, ref, payload, err);
	arena_free(a);
	return ok;
}

/* --- revisions -------------------------------------------------------- */

/* A scenario, its newest revision and highest number; 0: none yet. */
struct head {
	int64_t scenario, number;
	const char *uuid, *hash, *inputs;
};

static bool add_scenario(struct store *s, const char *slug, const char *title,
                         struct head *h, struct arena *a, struct err *err)
{
	int64_t now = clock_now();
	char uuid[33];

	if (!store_random_name(uuid, err)
	    || !store_run(s, err, "INSERT INTO scenario(uuid, slug, title, "
	                  "created, updated) VALUES(?, ?, ?, ?, ?)", "tttii",
	                  uuid, slug, title, now, now))
		return false;
	h->uuid = arena_strdup(a, uuid);
	h->scenario = sqlite3_last_insert_rowid(s->db);
	return true;
}

/* The scenario's row and newest revision; makes the row when it is new. */
static bool find_head(struct store *s, const char *slug, const char *title,
                      struct head *h, struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT c.id, "
		"(SELECT max(number) FROM revision WHERE scenario = c.id), "
		"r.hash, r.inputs, c.uuid FROM scenario c "
		"LEFT JOIN revision r ON r.hash = c.head WHERE c.slug = ?",
		"t", slug);
	int row = q ? store_next(s, q, err) : -1;

	*h = (struct head){ 0 };
	if (row == 1) {
		h->scenario = sqlite3_column_int64(q, 0);
		h->number = sqlite3_column_int64(q, 1);
		h->hash = store_text(q, 2, a);
		h->inputs = store_text(q, 3, a);
		h->uuid = store_text(q, 4, a);
	}
	sqlite3_finalize(q);
	return row == 0 ? add_scenario(s, slug, title, h, a, err) : row == 1;
}

void store_revision_hash(const struct revision_row *r, char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_text(d, "revision");
	digest_text(d, r->scenario);
	digest_number(d, (double)r->number);
	digest_text(d, r->parent);
	digest_text(d, r->inputs);
	digest_text(d, r->author);
	digest_text(d, r->message);
	digest_number(d, (double)r->created);
	digest_end(d, out);
}

static bool log_revision(struct store *s, const char *hash, const char *slug,
                         int64_t number, struct err *err)
{
	return store_append_made(s, "revision.saved", hash, err,
	                   "SELECT json_object('scenario', ?, 'number', ?)",
	                   "ti", slug, number);
}

/* Becomes the head, and `h` follows it. */
static bool add_revision(struct store *s, struct head *h, const char *slug,
                         const char *title, const char *inputs,
                         const char *message, struct arena *a, struct err *err)
{
	struct revision_row r = {
		.scenario = h->uuid, .parent = h->hash ? h->hash : "",
		.inputs = inputs, .author = store_actor(), .message = message,
		.number = h->number + 1, .created = clock_now(),
	};
	char hash[DIGEST_HEX];
	bool ok;

	store_revision_hash(&r, hash);
	ok = store_run(s, err, "INSERT INTO revision(hash, scenario, number, "
	               "parent, inputs, author, message, created) "
	               "VALUES(?, ?, ?, ?, ?, ?, ?, ?)", "tiitttti", hash,
	               h->scenario, r.number, h->hash, inputs, r.author,
	               message, r.created)
		&& store_run(s, err, "UPDATE scenario SET head = ?, title = ?, "
		             "updated = ? WHERE id = ?", "ttii", hash, title,
		             r.created, h->scenario)
		&& log_revision(s, hash, slug, r.number, err);
	h->hash = arena_strdup(a, hash);
	return ok;
}

/* A line a file, "HASH NAME": itself a text of the store; "" when there is
 * none. */
static bool put_files(struct store *s, const struct store_evaluation *e,
                      char files[DIGEST_HEX], struct err *err)
{
	struct buf list = BUF_INIT;
	char hash[DIGEST_HEX];
	bool ok = true;

	files[0] = '\0';
	for (int i = 0; ok && i < e->nfiles; i++) {
		ok = store_put_blob(s, "file", e->file[i].text, hash, err);
		buf_addf(&list, "%s %s\n", hash, e->file[i].name);
	}
	if (ok && e->nfiles)
		ok = store_put_blob(s, "files", list.s, files, err);
	buf_release(&list);
	return ok;
}

static bool log_evaluation(struct store *s, const char *digest,
                           const char *inputs, const char *results,
                           const char *verdicts, const char *files,
                           struct err *err)
{
	return store_append_made(s, "evaluation.saved", digest, err,
	                   "SELECT json_object('inputs', ?, 'results', ?, "
	                   "'verdicts', ?, 'files', ?)", "tttt", inputs,
	                   results, verdicts, files);
}

static bool add_evaluation(struct store *s, const struct store_evaluation *e,
                           const char *inputs, struct err *err)
{
	char results[DIGEST_HEX], list[DIGEST_HEX];
	const char *verdicts, *files;
	int64_t there;

	if (!e || !e->digest)
		return true;
	if (!store_int(s, err, 0, &there, "SELECT 1 FROM evaluation WHERE "
	               "hash = ?", "t", e->digest))
		return false;
	if (there)
		return true;
	verdicts = e->verdicts ? e->verdicts : "";
	if (!store_put_blob(s, "results", e->json ? e->json : "{}", results,
	                    err) || !put_files(s, e, list, err))
		return false;
	files = *list ? list : NULL;
	return store_run(s, err, "INSERT INTO evaluation(hash, inputs, results, "
	                 "verdicts, created, files) VALUES(?, ?, ?, ?, ?, ?)",
	                 "ttttit", e->digest, inputs, results, verdicts,
	                 clock_now(), files)
		&& log_evaluation(s, e->digest, inputs, results, verdicts,
		                  files, err);
}

bool store_save(struct store *s, const char *scenario, const char *title,
                const char *text, const char *message,
                const struct store_evaluation *e, struct revision_info *out,
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
		ok = add_revision(s, &h, scenario, title, inputs, message, a,
		                  err);
	ok = ok && add_evaluation(s, e, inputs, err)
		&& store_run(s, err, "DELETE FROM draft WHERE scenario = ?",
		             "t", scenario)
		/* before the commit: afterwards another may be the newest */
		&& (!out || store_read_revision(s, h.hash, out, a, err));
	return store_end(s, ok, err);
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
