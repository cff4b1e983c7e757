#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store_place.h"

int place_set_up(void **state)
{
	struct place *p = xcalloc(1, sizeof *p);

	snprintf(p->dir, sizeof p->dir, "/tmp/steelyard-store-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof p->path, "%s/store.db", p->dir);
	p->arena = arena_new();
	*state = p;
	return 0;
}

int place_tear_down(void **state)
{
	struct place *p = *state;
	struct buf cmd = BUF_INIT;
	int status;

	buf_addf(&cmd, "chmod -R u+w %s; rm -rf %s", p->dir, p->dir);
	status = system(cmd.s);
	buf_release(&cmd);
	arena_free(p->arena);
	err_clear(&p->err);
	free(p);
	return status;
}

struct store *place_open(struct place *p)
{
	struct store *s = store_open(p->path, true, &p->err);

	if (!s)
		fail_msg("%s", p->err.item[0].text);
	return s;
}

void place_save(struct place *p, struct store *s, const char *name,
                const char *text, struct revision_info *r)
{
	if (!store_save(s, name, "A title", text, "why", NULL, r,
	                p->arena, &p->err))
		fail_msg("%s", p->err.item[0].text);
}

void place_assert_sound(struct place *p)
{
	struct store *s = store_open(p->path, false, &p->err);

	if (!s || !store_check(s, &p->err))
		fail_msg("%s", p->err.item[0].text);
	store_close(s);
}

void place_assert_error(struct place *p, enum err_kind kind)
{
	assert_true(err_any(&p->err));
	if (p->err.item[0].kind != kind)
		fail_msg("%s: %s", err_kind_name(p->err.item[0].kind),
		         p->err.item[0].text);
	err_clear(&p->err);
}

void place_assert_refused(struct place *p, enum err_kind kind,
                          const char *words)
{
	assert_null(store_open(p->path, true, &p->err));
	if (!strstr(p->err.item[0].text, words))
		fail_msg("%s", p->err.item[0].text);
	place_assert_error(p, kind);
}

void place_sql(struct place *p, const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

/* One column of text, the rows joined. */
static void gather(sqlite3 *db, const char *sql, struct buf *out)
{
	sqlite3_stmt *q;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		buf_addf(out, "%s;", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
}

void place_sql_unguarded(struct place *p, const char *sql)
{
	struct buf all = BUF_INIT;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	gather(db, "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema "
	       "WHERE type = 'trigger'", &all);
	buf_addf(&all, "%s;", sql);
	gather(db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'",
	       &all);
	sqlite3_close(db);
	place_sql(p, all.s);
	buf_release(&all);
}

size_t place_read(struct place *p, char *all, size_t room)
{
	FILE *f = fopen(p->path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(all, 1, room, f);
	fclose(f);
	assert_true(n < room);
	return n;
}

void place_write(struct place *p, const char *all, size_t n)
{
	FILE *f = fopen(p->path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(all, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}
