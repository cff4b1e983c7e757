/* Opening and closing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/impl.h"

#include "base/banned.h"

#define MOST_BYTES (64 << 20)   /* of one text */
#define LEAST_PAGE 512          /* bytes; SQLite makes no smaller one */

static bool set_up(struct store *s, struct err *err)
{
	/* why not WAL: docs/store.md */
	static const char pragmas[] =
		"PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
		"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		"PRAGMA synchronous = EXTRA; PRAGMA mmap_size = 0;"
		"PRAGMA temp_store = MEMORY;";

	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, MOST_BYTES);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	if (sqlite3_exec(s->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(s, err, "open the store");
	return true;
}

static bool may_write(const struct store *s)
{
	char *dir = path_dirname(s->path);
	/* a rollback journal needs the folder as well */
	bool ok = !sqlite3_db_readonly(s->db, "main")
		&& access(dir, W_OK) == 0;

	free(dir);
	return ok;
}

static bool has_journal(const char *path)
{
	struct buf journal = BUF_INIT;
	bool there;

	buf_addf(&journal, "%s-journal", path);
	there = access(journal.s, F_OK) == 0;
	buf_release(&journal);
	return there;
}

/* A pipe or a device could block for ever.  And SQLite takes a file of a few
 * bytes for an empty database and would write over it; only a journal tells a
 * store that was stopped while it was made. */
static bool is_openable(const char *path, const struct stat *st,
                        struct err *err)
{
	struct pos pos = { .file = path };

	if (!S_ISREG(st->st_mode))
		return err_at(err, ERR_IO, pos, "cannot open the store: this "
		              "is %s, not a file", S_ISDIR(st->st_mode)
		              ? "a folder" : "a device");
	if (st->st_size > 0 && st->st_size < LEAST_PAGE && !has_journal(path))
		return err_at(err, ERR_STORE, pos, "cannot open the store: "
		              "this is not a steelyard store");
	return true;
}

/* What stands at the path already, or the folder for a new store. */
static bool prepare_place(const char *path, bool create, struct err *err)
{
	struct pos pos = { .file = path };
	struct stat st;
	char *dir;
	bool ok;

	if (stat(path, &st) == 0)
		return is_openable(path, &st, err);
	if (errno != ENOENT && errno != ENOTDIR)
		return err_at(err, ERR_IO, pos, "cannot open the store: %s",
		              strerror(errno));
	if (!create)
		return err_at(err, ERR_STORE, pos, "there is no store yet: "
		              "save a scenario first, or name another with "
		              "--store");
	dir = path_dirname(path);
	ok = path_make_dirs(dir, err);
	free(dir);
	return ok;
}

static bool open_file(struct store *s, bool create, struct err *err)
{
	struct pos pos = { .file = s->path };
	int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
	int rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);
	int system = s->db ? sqlite3_system_errno(s->db) : 0;

	if (rc != SQLITE_OK)
		return err_at(err, ERR_IO, pos, "cannot open the store: %s",
		              system ? strerror(system) : sqlite3_errstr(rc));
	if (!set_up(s, err))
		return false;
	s->writable = may_write(s);
	return store_migrate(s, err);
}

struct store *store_open(const char *path, bool create, struct err *err)
{
	struct store *s = xcalloc(1, sizeof *s);

	s->path = path ? xstrdup(path) : path_xdg_data("store.db", err);
	if (!s->path || !prepare_place(s->path, create, err)
	    || !open_file(s, create, err)) {
		store_close(s);
		return NULL;
	}
	return s;
}

/* Into a database of SQLite's own that goes with its connection. */
static bool copy_from(struct store *s, const char *path, struct err *err)
{
	sqlite3 *from = NULL;
	int rc;

	if (access(path, F_OK) != 0)
		return err_at(err, ERR_IO, (struct pos){ .file = path }, "%s",
		              strerror(errno));
	if (!prepare_place(path, false, err))
		return false;
	rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(from, STORE_BUSY_MS);
		rc = store_copy_pages(from, s->db);
	}
	sqlite3_close(from);
	return rc == SQLITE_OK
		|| store_fail_code(path, rc, err, "read the store");
}

struct store *store_open_copy(const char *path, struct err *err)
{
	struct store *s = xcalloc(1, sizeof *s);

	s->path = xstrdup(path ? path : "a store in the making");
	s->copy = s->writable = true;
	if (sqlite3_open("", &s->db) != SQLITE_OK)
		store_fail(s, err, "copy the store");
	else if ((!path || copy_from(s, path, err)) && set_up(s, err)) {
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
		                  (int *)NULL);
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0,
		                  (int *)NULL);
		if (path ? store_migrate_copy(s, err) : store_migrate(s, err))
			return s;
	}
	store_close(s);
	return NULL;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}

const char *store_path(const struct store *s)
{
	return s->path;
}

bool store_writable(const struct store *s)
{
	return s->writable;
}
