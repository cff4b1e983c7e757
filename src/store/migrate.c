/*
 * Schema versions.  A step takes the schema from its index to the next version;
 * steps already released never change.  All missing steps run in one
 * transaction, behind a backup where there was something before.
 */
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/impl.h"

#include "base/banned.h"

static const char *const released[] = {
#include "store/schema.inc"
	,
	/* 2: the files that an evaluation rested on */
	"ALTER TABLE evaluation ADD COLUMN files TEXT REFERENCES blob(hash);",
	/* 3: the number that a revision's hash covers, where another revision
	 * has it in this store (two that were merged) */
	"ALTER TABLE revision ADD COLUMN numbered INTEGER;",
	/* 4: price maps of several days are found without reading the log */
	"CREATE INDEX event_prices ON event(ref) WHERE kind = 'prices.kept';"
};
#define VERSION ((int64_t)(sizeof released / sizeof *released))

static bool exec(struct store *s, const char *sql, struct err *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	/* a step that fails by itself is our mistake, not the file's */
	if (sqlite3_errcode(s->db) == SQLITE_ERROR)
		return err_add(err, ERR_BUG, "cannot set up the store: %s",
		               sqlite3_errmsg(s->db));
	return store_fail(s, err, "set up the store");
}

bool store_random_name(char out[33], struct err *err)
{
	unsigned char r[16];

	if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
		return err_add(err, ERR_IO, "no random bytes for a name in the "
		               "store");
	for (size_t i = 0; i < sizeof r; i++)
		snprintf(out + 2 * i, 3, "%02x", r[i]);
	return true;
}

/* A name for this store's chain of events that no other store will have. */
static bool name_origin(struct store *s, struct err *err)
{
	char name[33];

	return store_random_name(name, err)
		&& store_run(s, err, "INSERT INTO meta VALUES('origin', ?)",
		             "t", name);
}

/* --- the backup ------------------------------------------------------- */

int store_copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (!b)
		return sqlite3_extended_errcode(to);
	rc = sqlite3_backup_step(b, -1);
	sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

bool store_copy_to(struct store *s, const char *path, struct err *err)
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open(path, &to);

	if (rc == SQLITE_OK)
		rc = store_copy_pages(s->db, to);
	sqlite3_close(to);
	if (rc == SQLITE_OK)
		return true;
	return err_add(err, (rc & 0xff) == SQLITE_BUSY ? ERR_BUSY : ERR_IO,
	               "cannot back the store up to %s: %s; it was left as it "
	               "is", path, sqlite3_errstr(rc));
}

static bool back_up(struct store *s, int64_t version, struct err *err)
{
	struct buf path = BUF_INIT;
	char date[11];
	bool ok;

	clock_date(clock_now(), date);
	buf_addf(&path, "%s.v%" PRId64 "-%s", s->path, version, date);
	ok = store_copy_to(s, path.s, err);
	buf_release(&path);
	return ok;
}

/* --- the steps -------------------------------------------------------- */

static bool set_version(struct store *s, int64_t version, struct err *err)
{
	struct buf sql = BUF_INIT;
	bool ok;

	buf_addf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %"
	         PRId64, STORE_APPLICATION_ID, version);
	ok = exec(s, sql.s, err);
	buf_release(&sql);
	return ok;
}

/* Whether a step left rows that point nowhere or pages that do not hold. */
static bool is_sound(struct store *s, struct err *err)
{
	int64_t broken, fine;

	if (!store_int(s, err, 0, &broken, "SELECT 1 FROM "
	               "pragma_foreign_key_check LIMIT 1", "")
	    || !store_int(s, err, 0, &fine, "SELECT integrity_check = 'ok' "
	                  "FROM pragma_integrity_check(1)", ""))
		return false;
	return (!broken && fine)
		|| err_add(err, ERR_STORE, "the store %s is damaged and was "
		           "left at its version: restore a backup", s->path);
}

static bool run_steps(struct store *s, const char *const *steps, int64_t from,
                      int64_t to, struct err *err)
{
	bool ok = true;

	for (int64_t v = from; v < to && ok; v++)
		ok = exec(s, steps[v], err);
	return ok && set_version(s, to, err)
		&& (from > 0 ? is_sound(s, err) : name_origin(s, err));
}

/* Sets *version; 0 is a file without any page. */
static bool recognise(struct store *s, int64_t known, int64_t *version,
                      struct err *err)
{
	struct pos pos = { .file = s->path };
	int64_t app, pages;

	if (!store_int(s, err, 0, &app, "PRAGMA application_id", "")
	    || !store_int(s, err, 0, version, "PRAGMA user_version", "")
	    || !store_int(s, err, 0, &pages, "PRAGMA page_count", ""))
		return false;
	if (pages > 0 && app != STORE_APPLICATION_ID)
		return err_at(err, ERR_STORE, pos, "this is an SQLite file, "
		              "but not a steelyard store: name another with "
		              "--store");
	if (*version > known)
		return err_at(err, ERR_STORE, pos, "the store was made by a "
		              "newer steelyard (version %" PRId64 ", this one "
		              "knows %" PRId64 "): update the program",
		              *version, known);
	if (*version < (pages > 0 ? 1 : 0))
		return err_at(err, ERR_STORE, pos, "the store names no version "
		              "of its tables: it is damaged; keep a copy, then "
		              "restore a backup");
	return true;
}

bool store_migrate_by(struct store *s, const char *const *steps, int64_t n,
                      struct err *err)
{
	int64_t version;

	if (!recognise(s, n, &version, err))
		return false;
	if (version == n)
		return true;
	if (version > 0 && !s->copy && !back_up(s, version, err))
		return false;
	if (!store_begin(s, err))
		return false;
	/* another process may have been quicker */
	if (!store_int(s, err, 0, &version, "PRAGMA user_version", ""))
		return store_end(s, false, err);
	return store_end(s, version >= n || run_steps(s, steps, version, n,
	                                              err), err);
}

bool store_migrate_copy(struct store *s, struct err *err)
{
	int64_t version;

	return recognise(s, VERSION, &version, err)
		&& (version > 0 || store_fail_code(s->path, SQLITE_NOTADB,
		                                   err, "read the store"))
		&& store_check_pages(s, err)
		&& store_check_schema(s, version, err)
		&& store_migrate(s, err);
}

bool store_migrate(struct store *s, struct err *err)
{
	return store_migrate_by(s, released, VERSION, err);
}

/* --- the schema as it should be --------------------------------------- */

static const char schema_query[] =
	"SELECT type || ' ' || name, sql FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";

/* Walks two schemas in step; the first difference is told. */
static bool same_schema(struct store *s, sqlite3_stmt *is, struct store *model,
                        sqlite3_stmt *want, struct err *err)
{
	struct pos pos = { .file = s->path };
	int a, b = -1;

	while ((a = store_next(s, is, err)) >= 0
	       && (b = store_next(model, want, err)) >= 0 && (a || b)) {
		int order = a && b ? strcmp(store_peek(is, 0),
		                            store_peek(want, 0)) : b - a;

		if (!order && !strcmp(store_peek(is, 1), store_peek(want, 1)))
			continue;
		return err_at(err, ERR_STORE, pos, "its tables are not as this "
		              "program makes them: %s %s",
		              store_peek(order > 0 ? want : is, 0),
		              order > 0 ? "is missing" : order < 0
		              ? "was added" : "was changed");
	}
	return a == 0 && b == 0;
}

bool store_check_schema(struct store *s, int64_t version, struct err *err)
{
	struct store model = { .path = s->path, .writable = true };
	sqlite3_stmt *is = store_query(s, err, schema_query, ""), *want = NULL;
	bool ok = is && (sqlite3_open(":memory:", &model.db) == SQLITE_OK
	                 || store_fail(&model, err, "check the store"));

	for (int64_t v = 0; v < version && v < VERSION && ok; v++)
		ok = exec(&model, released[v], err);
	want = ok ? store_query(&model, err, schema_query, "") : NULL;
	ok = want && same_schema(s, is, &model, want, err);
	sqlite3_finalize(want);
	sqlite3_finalize(is);
	sqlite3_close(model.db);
	return ok;
}
