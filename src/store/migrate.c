/*
 * Schema versions.  A step takes the schema from its index to the next version;
 * steps already released never change.  All missing steps run in one
 * transaction, behind a backup where there was something before.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "store/impl.h"

static const char *const steps[] = {
#include "store/schema.inc"
};
#define VERSION ((int64_t)(sizeof steps / sizeof *steps))

static bool exec(struct store *s, const char *sql, struct err *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return store_fail(s, err, "set up the store");
}

/* A name for this store's chain of events that no other store will have. */
static bool name_origin(struct store *s, struct err *err)
{
	unsigned char r[16];
	struct buf hex = BUF_INIT;
	bool ok;

	if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
		return err_add(err, ERR_IO, "no random bytes for the store's "
		               "name");
	for (size_t i = 0; i < sizeof r; i++)
		buf_addf(&hex, "%02x", r[i]);
	ok = store_run(s, err, "INSERT INTO meta VALUES('origin', ?)", "t",
	               hex.s);
	buf_release(&hex);
	return ok;
}

static bool run_steps(struct store *s, int64_t from, struct err *err)
{
	struct buf sql = BUF_INIT;
	bool ok = true;

	for (int64_t v = from; v < VERSION && ok; v++)
		ok = exec(s, steps[v], err);
	buf_addf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %"
	         PRId64, STORE_APPLICATION_ID, VERSION);
	ok = ok && exec(s, sql.s, err);
	buf_release(&sql);
	return ok && (from > 0 || name_origin(s, err));
}

static bool copy_to(struct store *s, const char *path, struct err *err)
{
	sqlite3 *to = NULL;
	sqlite3_backup *b = NULL;
	bool ok = sqlite3_open(path, &to) == SQLITE_OK
		&& (b = sqlite3_backup_init(to, "main", s->db, "main")) != NULL
		&& sqlite3_backup_step(b, -1) == SQLITE_DONE;

	if (b)
		ok = sqlite3_backup_finish(b) == SQLITE_OK && ok;
	if (!ok)
		err_add(err, ERR_IO, "cannot back the store up to %s: %s; it "
		        "was left as it is", path, sqlite3_errmsg(to));
	sqlite3_close(to);
	return ok;
}

static bool back_up(struct store *s, int64_t version, struct err *err)
{
	struct buf path = BUF_INIT;
	char date[11];
	bool ok;

	clock_date(clock_now(), date);
	buf_addf(&path, "%s.v%" PRId64 "-%s", s->path, version, date);
	ok = copy_to(s, path.s, err);
	buf_release(&path);
	return ok;
}

bool store_migrate(struct store *s, struct err *err)
{
	struct pos pos = { .file = s->path };
	int64_t version, app, pages;

	if (!store_int(s, err, 0, &app, "PRAGMA application_id", "")
	    || !store_int(s, err, 0, &version, "PRAGMA user_version", "")
	    || !store_int(s, err, 0, &pages, "PRAGMA page_count", ""))
		return false;
	if (pages > 0 && app != STORE_APPLICATION_ID)
		return err_at(err, ERR_STORE, pos, "this is an SQLite file, but "
		              "not a steelyard store: name another with "
		              "--store");
	if (version > VERSION)
		return err_at(err, ERR_STORE, pos, "the store was made by a "
		              "newer steelyard (version %" PRId64 ", this one "
		              "knows %" PRId64 "): update the program", version,
		              VERSION);
	if (version == VERSION)
		return true;
	if (version > 0 && !back_up(s, version, err))
		return false;
	if (!store_begin(s, err))
		return false;
	/* another process may have been quicker */
	if (!store_int(s, err, 0, &version, "PRAGMA user_version", ""))
		return store_end(s, false, err);
	return store_end(s, version == VERSION || run_steps(s, version, err),
	                 err);
}
