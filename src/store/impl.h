/* The inside of the store.  Private to src/store. */
#ifndef STEELYARD_STORE_IMPL_H
#define STEELYARD_STORE_IMPL_H

#include <sqlite3.h>
#include <stdarg.h>

#include "store/store.h"

/* "STLY": file(1) and the open protocol know a store by it. */
#define STORE_APPLICATION_ID 0x53544c59
#define STORE_BUSY_MS 5000

struct arena;

struct store {
	sqlite3 *db;
	char *path;
	bool writable;
	bool copy;                      /* of a file of somebody's, to be read;
	                                   `path` names that file */
};

/* Turns the connection's last error into a finding of the right kind that says
 * what to do.  Always false. */
bool store_fail(struct store *s, struct err *err, const char *doing);
/* The same for a code of SQLite's that came otherwise. */
bool store_fail_code(const char *path, int code, struct err *err,
                     const char *doing);

/* Prepares, binds and runs.  `types` has a letter a value: t a text (NULL binds
 * NULL), i an int64_t, b a text bound as bytes.  store_query stops at the
 * statement's first row for the caller to read (and finalize); NULL on
 * failure. store_run expects no row. */
sqlite3_stmt *store_query(struct store *s, struct err *err, const char *sql,
                          const char *types, ...);
sqlite3_stmt *store_vquery(struct store *s, struct err *err, const char *sql,
                           const char *types, va_list ap);
bool store_run(struct store *s, struct err *err, const char *sql,
               const char *types, ...);
/* One row more: 1 yes, 0 no, -1 failed. */
int store_next(struct store *s, sqlite3_stmt *q, struct err *err);
/* The first column of the first row, `none` without a row. */
bool store_int(struct store *s, struct err *err, int64_t none, int64_t *out,
               const char *sql, const char *types, ...);

bool store_begin(struct store *s, struct err *err);     /* IMMEDIATE */
/* Commits when ok, else rolls back; returns whether it is committed. */
bool store_end(struct store *s, bool ok, struct err *err);

/* Brings the schema of an open file to this version: refuses what is no store
 * or too new, backs up what is older, runs the missing steps in one
 * transaction. */
bool store_migrate(struct store *s, struct err *err);
/* The same for `n` steps of the caller's: tests have versions of their own. */
bool store_migrate_by(struct store *s, const char *const *steps, int64_t n,
                      struct err *err);
/* Whether tables, indexes, views and triggers are to the letter what the steps
 * up to `version` make. */
bool store_check_schema(struct store *s, int64_t version, struct err *err);
bool store_check_pages(struct store *s, struct err *err);
/* store_migrate for a copy of a file that is not trusted: pages and schema are
 * looked at before anything else. */
bool store_migrate_copy(struct store *s, struct err *err);
/* All pages, while others use `from`; SQLITE_OK or what went wrong. */
int store_copy_pages(sqlite3 *from, sqlite3 *to);
bool store_copy_to(struct store *s, const char *path, struct err *err);
/* A copy of the store at `path` (NULL: an empty one) that goes when it is
 * closed; no trigger or view in it runs. */
struct store *store_open_copy(const char *path, struct err *err);
/* 128 random bits as hexadecimal digits. */
bool store_random_name(char out[33], struct err *err);

/* Keeps `text` under its hash, once. */
bool store_put_blob(struct store *s, const char *kind, const char *text,
                    char hash[DIGEST_HEX], struct err *err);
/* A blob's text, when its bytes still have its hash. */
bool store_read_blob(struct store *s, const char *hash, const char **text,
                     struct arena *a, struct err *err);
/* The revision of that row hash (not of the text's hash). */
bool store_read_revision(struct store *s, const char *hash,
                         struct revision_info *out, struct arena *a,
                         struct err *err);
/* Appends an event to this store's own chain; `payload` is JSON. */
bool store_append(struct store *s, const char *kind, const char *ref,
                  const char *payload, struct err *err);
/* The same with a payload that a statement makes: one JSON text. */
bool store_append_made(struct store *s, const char *kind, const char *ref,
                       struct err *err, const char *sql, const char *types,
                       ...);
/* What an event's hash is taken over. */
void store_event_hash(const char *origin, int64_t seq, const char *prev,
                      const char *kind, const char *ref, const char *actor,
                      int64_t at, const char *payload, char out[DIGEST_HEX]);
/* What a revision's hash is taken over: the whole row. */
struct revision_row {
	const char *scenario, *parent, *inputs, *author, *message;
	int64_t number, created;
};
void store_revision_hash(const struct revision_row *r, char out[DIGEST_HEX]);

/* A text column in the arena; NULL stays NULL. */
const char *store_text(sqlite3_stmt *q, int column, struct arena *a);
/* A text column until the next step; what a damaged file lacks is empty. */
const char *store_peek(sqlite3_stmt *q, int column);

#endif
