/* Versions that this program does not have yet: steps of the test's own behind
 * the released ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/path.h"
#include "store/actuals.h"
#include "store/decisions.h"
#include "store/impl.h"
#include "store/snapshots.h"
#include "store_place.h"

#define RELEASED 4

static const char *const steps[] = {
	NULL, NULL, NULL, NULL,       /* never run again */
	"CREATE TABLE later(x INTEGER) STRICT; INSERT INTO later VALUES(1);",
	"INSERT INTO later VALUES(2);",
};
static const char *const bad_steps[] = {
	NULL, NULL, NULL, NULL,
	"CREATE TABLE later(x INTEGER) STRICT;",
	"INSERT INTO nowhere VALUES(1);",
};
static const char *const dangling_steps[] = {
	NULL, NULL, NULL, NULL,
	"CREATE TABLE later(x TEXT REFERENCES blob(hash)) STRICT;"
	"INSERT INTO later VALUES('no such text');",
};

static int64_t value(struct store *s, const char *sql)
{
	struct err err = ERR_INIT;
	int64_t v;
	bool ok = store_int(s, &err, -1, &v, sql, "");

	err_clear(&err);
	return ok ? v : -2;
}

static void backup_path(struct place *p, char path[160])
{
	char date[11];

	clock_date(clock_now(), date);
	snprintf(path, 160, "%s.v%d-%s", p->path, RELEASED, date);
}

/* The backup is a sound store of the old version with the old text. */
static void assert_backup(struct place *p)
{
	struct place old = { .arena = p->arena };
	char path[160];
	struct revision_info r;
	const char *text;
	struct store *s;

	backup_path(p, path);
	s = store_open(path, false, &old.err);
	assert_non_null(s);
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	assert_true(store_check(s, &old.err));
	assert_true(store_find(s, "bot", &r, &text, NULL, p->arena, &old.err));
	assert_string_equal(text, "kept");
	store_close(s);
}

static struct store *open_old(struct place *p)
{
	struct store *s = place_open(p);

	place_save(p, s, "bot", "kept", NULL);
	return s;
}

static void test_forward(void **state)
{
	struct place *p = *state;
	struct store *s = open_old(p);
	struct revision_info r;
	const char *text;

	assert_true(store_migrate_by(s, steps, 6, &p->err));
	assert_int_equal(value(s, "PRAGMA user_version"), 6);
	assert_int_equal(value(s, "SELECT sum(x) FROM later"), 3);
	assert_true(store_find(s, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_string_equal(text, "kept");
	assert_true(store_migrate_by(s, steps, 6, &p->err));    /* no news */
	assert_int_equal(value(s, "SELECT sum(x) FROM later"), 3);
	store_close(s);
	assert_backup(p);
	place_assert_refused(p, ERR_STORE, "newer");    /* by this program */
}

static void assert_unchanged(struct place *p, struct store *s)
{
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	assert_int_equal(value(s, "SELECT count(*) FROM sqlite_schema "
	                       "WHERE name = 'later'"), 0);
	store_close(s);
	place_assert_sound(p);
	assert_backup(p);
}

static void test_failing_step(void **state)
{
	struct place *p = *state;
	struct store *s = open_old(p);

	assert_false(store_migrate_by(s, bad_steps, 6, &p->err));
	place_assert_error(p, ERR_BUG);
	assert_unchanged(p, s);
}

/* References are deferred to the end of the steps, but not let through. */
static void test_dangling(void **state)
{
	struct place *p = *state;
	struct store *s = open_old(p);

	assert_false(store_migrate_by(s, dangling_steps, 5, &p->err));
	err_clear(&p->err);
	assert_unchanged(p, s);
}

/* A rotten page is not carried into a new version. */
static void test_damaged(void **state)
{
	struct place *p = *state;
	struct store *s = open_old(p);

	store_close(s);
	place_sql(p, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema "
	          "WHERE name = 'revision_created'");
	s = place_open(p);
	assert_false(store_migrate_by(s, steps, 5, &p->err));
	place_assert_error(p, ERR_STORE);
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	store_close(s);
}

/* No room for the backup: nothing is begun. */
static void test_no_backup(void **state)
{
	struct place *p = *state;
	struct store *s = open_old(p);
	char path[160];
	FILE *f;

	backup_path(p, path);
	f = fopen(path, "w");           /* somebody's, and no database */
	assert_non_null(f);
	for (int i = 0; i < 200; i++)
		fputs("not a database\n", f);
	fclose(f);
	assert_false(store_migrate_by(s, steps, 6, &p->err));
	place_assert_error(p, ERR_IO);
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	store_close(s);
}

/* A store that an earlier version wrote, as it was. */
static struct store *open_fixture(struct place *p, const char *name)
{
	const char *top = getenv("SRCDIR");
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	struct store *s;

	buf_addf(&path, "%s/tests/unit/%s", top ? top : ".", name);
	assert_true(path_read(path.s, 1 << 20, &bytes, &p->err));
	place_write(p, bytes.s, bytes.len);
	s = place_open(p);
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	buf_release(&path);
	buf_release(&bytes);
	return s;
}

static void test_version_1(void **state)
{
	struct place *p = *state;
	struct store *s = open_fixture(p, "store-v1.db");
	struct store_file *file;
	struct revision_info r;
	const char *text, *json;

	assert_true(store_find(s, "support-chatbot-100k@r1", &r, &text, &json,
	                       p->arena, &p->err));
	assert_string_equal(r.message, "by version 1");
	assert_non_null(strstr(json, "steelyard.evaluation/1"));
	/* it kept no files; what is saved from now on does */
	assert_int_equal(store_files(s, r.evaluation, &file, p->arena,
	                             &p->err), 0);
	assert_true(store_check(s, &p->err));
	store_close(s);
}

/* Version 2 had decisions and measurements, but knew of no merge. */
static void test_version_2(void **state)
{
	struct place *p = *state;
	struct store *s = open_fixture(p, "store-v2.db");
	struct decision_info d;
	struct revision_info r;
	struct actual *x;

	assert_true(decision_find(s, "D1", &d, p->arena, &p->err));
	assert_int_equal(d.status, DECISION_ACCEPTED);
	assert_string_equal(d.deciders[0], "Ada");
	assert_int_equal(actual_list(s, "bot", &x, p->arena, &p->err), 1);
	assert_true(store_find(s, "bot@r3", &r, NULL, NULL, p->arena, &p->err));
	assert_true(store_check(s, &p->err));
	store_close(s);
}

/* Version 3 is this one without the index: what it kept stays, and price maps
 * can be kept from now on, each once, oldest day first. */
static void test_version_3(void **state)
{
	struct place *p = *state;
	const struct snapshot july = {
		.date = "2026-07-24", .file = "map.json", .source = "5a",
		.priced = 3, .free = 1, .unpriced = 2,
	}, june = { .date = "2026-06-24" };
	struct snapshot *x;
	const char *text;
	struct store *s;
	bool added;

	store_close(open_old(p));
	place_sql(p, "DROP INDEX event_prices; PRAGMA user_version = 3");
	s = place_open(p);
	assert_int_equal(value(s, "PRAGMA user_version"), RELEASED);
	assert_true(store_find(s, "bot", &(struct revision_info){ 0 }, &text,
	                       NULL, p->arena, &p->err));
	assert_string_equal(text, "kept");
	assert_true(snapshot_keep(s, &july, "{7}", &added, &p->err) && added);
	assert_true(snapshot_keep(s, &june, "{6}", &added, &p->err) && added);
	assert_true(snapshot_keep(s, &july, "{7}", &added, &p->err) && !added);
	assert_int_equal(snapshot_list(s, &x, p->arena, &p->err), 2);
	assert_string_equal(x[0].date, "2026-06-24");
	assert_int_equal(x[1].priced * 100 + x[1].free * 10 + x[1].unpriced,
	                 312);
	assert_true(snapshot_text(s, x[1].hash, &text, p->arena, &p->err));
	assert_string_equal(text, "{7}");
	assert_true(store_check(s, &p->err));
	store_close(s);
	/* a map that is gone is noticed */
	place_sql_unguarded(p, "DELETE FROM blob WHERE kind = 'prices'");
	s = place_open(p);
	assert_false(store_check(s, &p->err));
	place_assert_error(p, ERR_STORE);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_forward), PLACE_TEST(test_failing_step),
		PLACE_TEST(test_dangling), PLACE_TEST(test_damaged),
		PLACE_TEST(test_no_backup), PLACE_TEST(test_version_1),
		PLACE_TEST(test_version_2), PLACE_TEST(test_version_3),
	};

	return cmocka_run_group_tests_name("store versions", tests, NULL,
	                                   NULL);
}
