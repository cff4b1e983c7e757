/* Statements and errors. */
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/impl.h"

#include "base/banned.h"

/* The first that fits: extended codes stand before their families. */
static const struct advice {
	int code;
	enum err_kind kind;
	const char *text;
} advices[] = {
	{ SQLITE_READONLY_ROLLBACK, ERR_IO, "a program was stopped while it "
	  "wrote, and cleaning up needs write access: open it once where it "
	  "may be written" },
	{ SQLITE_READONLY_DBMOVED, ERR_IO, "the file was moved or removed "
	  "while it was open; nothing was saved" },
	{ SQLITE_BUSY, ERR_BUSY, "it stayed locked by another program for 5 s; "
	  "try again" },
	{ SQLITE_LOCKED, ERR_BUSY, "it is locked; try again" },
	{ SQLITE_FULL, ERR_IO, "no space is left; nothing was changed" },
	{ SQLITE_READONLY, ERR_IO, "it may only be read: check the permissions "
	  "of the file and its folder, or name another with --store" },
	{ SQLITE_CANTOPEN, ERR_IO, "it cannot be opened: check the permissions "
	  "of its folder, or name another with --store" },
	{ SQLITE_PERM, ERR_IO, "access is denied" },
	{ SQLITE_IOERR, ERR_IO, "reading or writing failed; nothing was "
	  "changed" },
	{ SQLITE_CORRUPT, ERR_STORE, "the file is damaged: keep a copy, then "
	  "restore a backup" },
	{ SQLITE_NOTADB, ERR_STORE, "this is not a steelyard store" },
	{ SQLITE_TOOBIG, ERR_LIMIT, "a text is larger than 64 MiB" },
	{ SQLITE_NOMEM, ERR_LIMIT, "there is not enough memory" },
	/* our statements are constants: what they do not fit is the file */
	{ SQLITE_ERROR, ERR_STORE, "its tables are not as this program made "
	  "them: keep a copy, then restore a backup" },
};

static const struct advice *find_advice(int code)
{
	for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
		if (advices[i].code == code
		    || advices[i].code == (code & 0xff))
			return &advices[i];
	return NULL;
}

bool store_fail_code(const char *path, int code, struct err *err,
                     const char *doing)
{
	const struct advice *a = find_advice(code);
	struct pos pos = { .file = path };

	return err_at(err, a ? a->kind : ERR_BUG, pos, "cannot %s: %s", doing,
	              a ? a->text : sqlite3_errstr(code));
}

bool store_fail(struct store *s, struct err *err, const char *doing)
{
	return store_fail_code(s->path, sqlite3_extended_errcode(s->db), err,
	                       doing);
}

static bool bind_all(sqlite3_stmt *q, const char *types, va_list ap)
{
	int rc = SQLITE_OK;

	for (int i = 0; types[i] && rc == SQLITE_OK; i++) {
		const char *text;

		if (types[i] == 'i') {
			rc = sqlite3_bind_int64(q, i + 1, va_arg(ap, int64_t));
			continue;
		}
		text = va_arg(ap, const char *);
		if (!text)
			rc = sqlite3_bind_null(q, i + 1);
		else if (types[i] == 'b')
			rc = sqlite3_bind_blob64(q, i + 1, text, strlen(text),
			                         SQLITE_TRANSIENT);
		else
			rc = sqlite3_bind_text64(q, i + 1, text, strlen(text),
			                         SQLITE_TRANSIENT, SQLITE_UTF8);
	}
	return rc == SQLITE_OK;
}

sqlite3_stmt *store_vquery(struct store *s, struct err *err, const char *sql,
                           const char *types, va_list ap)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK
	    && bind_all(q, types, ap))
		return q;
	store_fail(s, err, "use the store");
	sqlite3_finalize(q);
	return NULL;
}

sqlite3_stmt *store_query(struct store *s, struct err *err, const char *sql,
                          const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;

	va_start(ap, types);
	q = store_vquery(s, err, sql, types, ap);
	va_end(ap);
	return q;
}

int store_next(struct store *s, sqlite3_stmt *q, struct err *err)
{
	int rc = sqlite3_step(q);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	store_fail(s, err, sqlite3_stmt_readonly(q) ? "read the store"
	           : "write the store");
	return -1;
}

bool store_run(struct store *s, struct err *err, const char *sql,
               const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;
	bool ok;

	va_start(ap, types);
	q = store_vquery(s, err, sql, types, ap);
	va_end(ap);
	if (!q)
		return false;
	ok = store_next(s, q, err) >= 0;
	sqlite3_finalize(q);
	return ok;
}

bool store_int(struct store *s, struct err *err, int64_t none, int64_t *out,
               const char *sql, const char *types, ...)
{
	sqlite3_stmt *q;
	va_list ap;
	int row;

	va_start(ap, types);
	q = store_vquery(s, err, sql, types, ap);
	va_end(ap);
	if (!q)
		return false;
	row = store_next(s, q, err);
	*out = row == 1 ? sqlite3_column_int64(q, 0) : none;
	sqlite3_finalize(q);
	return row >= 0;
}

const char *store_text(sqlite3_stmt *q, int column, struct arena *a)
{
	const void *text = sqlite3_column_blob(q, column);

	if (sqlite3_column_type(q, column) == SQLITE_NULL)
		return NULL;
	return arena_strndup(a, text ? text : "",
	                     (size_t)sqlite3_column_bytes(q, column));
}

const char *store_peek(sqlite3_stmt *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q, column);

	return text ? (const char *)text : "";
}

bool store_begin(struct store *s, struct err *err)
{
	if (!s->writable) {
		struct pos pos = { .file = s->path };

		return err_at(err, ERR_IO, pos, "cannot write the store: the "
		              "file or its folder may only be read; name "
		              "another with --store");
	}
	return store_run(s, err, "BEGIN IMMEDIATE", "");
}

bool store_end(struct store *s, bool ok, struct err *err)
{
	if (ok && store_run(s, err, "COMMIT", ""))
		return true;
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

const char *store_actor(void)
{
	const char *name = getenv("LOGNAME");
	const struct passwd *account;

	if (!name || !*name)
		name = getenv("USER");
	if (name && *name)
		return name;
	account = getpwuid(getuid());
	return account && *account->pw_name ? account->pw_name : "unknown";
}
