/* Files that are no store, stores that were changed or cut behind the program's
 * back, and places that cannot be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/snapshots.h"
#include "store_place.h"

static char whole[1 << 20];             /* a store's bytes */

/* --- files that are no store ------------------------------------------ */

static void test_not_a_store(void **state)
{
	struct place *p = *state;
	char before[4096];

	memset(before, 'x', sizeof before);
	place_write(p, before, sizeof before);
	place_assert_refused(p, ERR_STORE, "not a steelyard store");
	assert_int_equal(place_read(p, whole, sizeof whole), sizeof before);
	assert_memory_equal(whole, before, sizeof before);
	place_write(p, "a list\n", 7);          /* SQLite would take this one */
	place_assert_refused(p, ERR_STORE, "not a steelyard store");
	assert_int_equal(place_read(p, whole, sizeof whole), 7);
	unlink(p->path);
	place_sql(p, "CREATE TABLE t(x); PRAGMA user_version = 1");
	place_assert_refused(p, ERR_STORE, "not a steelyard store");
	place_sql(p, "PRAGMA application_id = 1");
	place_assert_refused(p, ERR_STORE, "not a steelyard store");
}

static void test_versions(void **state)
{
	struct place *p = *state;

	store_close(place_open(p));
	place_sql(p, "PRAGMA user_version = 5");
	place_assert_refused(p, ERR_STORE, "newer steelyard (version 5");
	place_sql(p, "PRAGMA user_version = 0");
	place_assert_refused(p, ERR_STORE, "damaged");
	place_sql(p, "PRAGMA user_version = -1");
	place_assert_refused(p, ERR_STORE, "damaged");
	place_sql(p, "PRAGMA user_version = 4");
	place_assert_sound(p);
}

static void test_missing(void **state)
{
	struct place *p = *state;

	assert_null(store_open(p->path, false, &p->err));
	place_assert_error(p, ERR_STORE);
	assert_int_equal(access(p->path, F_OK), -1);    /* nothing was made */
}

/* An empty file is what a program killed while making a store leaves. */
static void test_empty(void **state)
{
	struct place *p = *state;

	place_write(p, "", 0);
	place_assert_sound(p);
}

static void test_no_file(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkdir(p->path, 0755), 0);
	place_assert_refused(p, ERR_IO, "a folder");
	rmdir(p->path);
	assert_int_equal(mkfifo(p->path, 0644), 0);     /* must not block */
	place_assert_refused(p, ERR_IO, "a device");
	unlink(p->path);
	assert_int_equal(symlink("/nowhere/at/all", p->path), 0);
	place_assert_refused(p, ERR_IO, "cannot open");
}

/* --- silent change ---------------------------------------------------- */

#define JSON "{\"a result\": 41.5}"
static const char *const texts[] = { "the first text", "the second text",
                                     "the third text" };

static void make_store(struct place *p)
{
	struct store *s = place_open(p);
	char digest[DIGEST_HEX];
	const struct store_evaluation e = {
		.digest = digest, .json = JSON, .verdicts = "the verdict",
	};

	digest_of("run", 3, digest);
	for (int i = 0; i < 3; i++)
		assert_true(store_save(s, "bot", "A bot", texts[i],
		                       "a reason", i ? NULL : &e, NULL,
		                       p->arena, &p->err));
	store_close(s);
}

/* Flips a bit at every place where `text` stands. */
static void flip(struct place *p, const char *text)
{
	size_t n = place_read(p, whole, sizeof whole);
	char *at = memmem(whole, n, text, strlen(text));

	assert_non_null(at);
	for (; at; at = memmem(at, (size_t)(whole + n - at), text,
	                       strlen(text)))
		*at ^= 1;
	place_write(p, whole, n);
}

static void assert_found(struct place *p, const char *words)
{
	struct store *s = place_open(p);

	assert_false(store_check(s, &p->err));
	for (int i = 0; i < p->err.n; i++)
		if (strstr(p->err.item[i].text, words))
			words = "";
	if (*words)
		fail_msg("%s", p->err.item[0].text);
	place_assert_error(p, ERR_STORE);
	store_close(s);
}

/* One bit in anything that was written is found, and by its own check. */
static void test_flipped_bits(void **state)
{
	static const struct { const char *text, *found; } flips[] = {
		{ "the second text", "a text does not match its hash" },
		{ JSON, "a text does not match its hash" },
		{ "a reason", "a revision does not match its hash" },
		{ "the verdict", "an event does not match its hash" },
		{ "revision.saved", "an event does not match its hash" },
		{ "evaluation_no_update", "not as this program makes them" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
		unlink(p->path);
		make_store(p);
		flip(p, flips[i].text);
		assert_found(p, flips[i].found);
	}
}

/* A changed text is not handed out. */
static void test_reading_changed(void **state)
{
	struct place *p = *state;
	struct revision_info r;
	const char *text, *json;
	struct store *s;

	make_store(p);
	flip(p, "the third text");
	flip(p, JSON);
	s = place_open(p);
	assert_false(store_find(s, "bot", &r, &text, NULL, p->arena, &p->err));
	place_assert_error(p, ERR_STORE);
	assert_true(store_find(s, "bot@r1", &r, &text, NULL, p->arena,
	                       &p->err));
	assert_string_equal(text, texts[0]);
	assert_false(store_find(s, "bot@r1", &r, &text, &json, p->arena,
	                        &p->err));
	place_assert_error(p, ERR_STORE);
	store_close(s);
}

/* By hand, with SQL: what a bit flip would not do. */
static void test_tampering(void **state)
{
	static const struct { const char *sql, *found; } deeds[] = {
		{ "DELETE FROM event WHERE seq = 2", "a gap" },
		{ "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
		  "the log does not know a revision" },
		{ "UPDATE event SET seq = seq + 10 WHERE seq > 1", "a gap" },
		{ "UPDATE event SET prev = '' WHERE seq = 3", "a gap" },
		{ "UPDATE event SET actor = 'somebody else' WHERE seq = 1",
		  "an event does not match its hash" },
		{ "UPDATE scenario SET head = NULL; DELETE FROM revision "
		  "WHERE number = 3", "a logged revision is gone" },
		{ "UPDATE evaluation SET verdicts = 'another'",
		  "the log says otherwise of an evaluation" },
		{ "DELETE FROM evaluation", "a logged evaluation is gone" },
		{ "DELETE FROM blob WHERE kind = 'results'",
		  "a reference leads nowhere" },
		{ "UPDATE revision SET author = 'somebody else'",
		  "a revision does not match its hash" },
		{ "UPDATE revision SET number = 7 WHERE number = 2",
		  "a revision does not match its hash" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		unlink(p->path);
		make_store(p);
		place_sql_unguarded(p, deeds[i].sql);
		assert_found(p, deeds[i].found);
	}
}

static void test_foreign_schema(void **state)
{
	static const struct { const char *sql, *found; } deeds[] = {
		{ "DROP TRIGGER event_no_update",
		  "trigger event_no_update is missing" },
		{ "CREATE TRIGGER evil AFTER INSERT ON draft BEGIN "
		  "DELETE FROM draft; END", "trigger evil was added" },
		{ "DROP INDEX revision_created",
		  "index revision_created is missing" },
		{ "CREATE TABLE more(x)", "table more was added" },
		{ "ALTER TABLE draft ADD more TEXT AS (upper(body))",
		  "table draft was changed" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		unlink(p->path);
		make_store(p);
		place_sql(p, deeds[i].sql);
		assert_found(p, deeds[i].found);
	}
}

static void test_immutable(void **state)
{
	struct place *p = *state;
	static const char *const tries[] = {
		"UPDATE blob SET body = x'00'", "DELETE FROM blob",
		"INSERT OR REPLACE INTO blob SELECT hash, 'x', size, body "
		"FROM blob", "DELETE FROM revision",
		"INSERT OR REPLACE INTO revision SELECT 'x', scenario, number, "
		"parent, inputs, author, message, created, numbered "
		"FROM revision",
		"UPDATE evaluation SET verdicts = ''",
		"INSERT OR REPLACE INTO evaluation SELECT * FROM evaluation",
		"DELETE FROM event", "UPDATE event SET seq = 9",
		"INSERT OR REPLACE INTO event SELECT * FROM event",
		"INSERT OR REPLACE INTO event SELECT 'x', seq, prev, hash, "
		"kind, ref, actor, at, payload FROM event",
	};
	sqlite3 *db;

	make_store(p);
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		char *why = NULL;

		assert_int_equal(sqlite3_exec(db, tries[i], NULL, NULL, &why),
		                 SQLITE_CONSTRAINT);
		assert_non_null(strstr(why, "is immutable"));
		sqlite3_free(why);
	}
	sqlite3_close(db);
	place_assert_sound(p);
}

/* --- damage at random ------------------------------------------------- */

/* Either the damage shows, as an error of the store, or it did none: then every
 * text is what it was.  Returns whether it showed. */
static bool shows_or_did_nothing(struct place *p)
{
	struct store *s = store_open(p->path, false, &p->err);
	struct revision_info r, *log;
	const char *text, *json;
	bool fine = s && store_check(s, &p->err);

	/* reading what is damaged must not crash, whatever it says */
	if (s) {
		store_log(s, NULL, 0, 10, &log, p->arena, &p->err);
		store_scenarios(s, "b", 0, 10, &log, p->arena, &p->err);
		store_find(s, "bot", &r, &text, &json, p->arena, &p->err);
	}
	for (int i = 0; fine && i < 3; i++) {
		char ref[24];

		snprintf(ref, sizeof ref, "bot@r%d", i + 1);
		assert_true(store_find(s, ref, &r, &text, &json, p->arena,
		                       &p->err));
		assert_string_equal(text, texts[i]);
	}
	store_close(s);
	if (!fine) {
		assert_true(err_any(&p->err));
		assert_int_not_equal(p->err.item[0].kind, ERR_BUG);
	}
	err_clear(&p->err);
	return !fine;
}

static void test_random_bits(void **state)
{
	struct place *p = *state;
	static char good[1 << 20];
	size_t n;
	int shown = 0;

	make_store(p);
	n = place_read(p, good, sizeof good);
	srand(11);
	for (int i = 0; i < 300; i++) {
		size_t at = (size_t)rand() % n;

		memcpy(whole, good, n);
		whole[at] ^= (char)(1 << rand() % 8);
		place_write(p, whole, n);
		shown += shows_or_did_nothing(p);
	}
	/* most of a small store is empty room, where a bit means nothing */
	assert_in_range(shown, 10, 299);
}

static void test_cut_and_zeroed(void **state)
{
	struct place *p = *state;
	static char good[1 << 20];
	struct store *s;
	size_t n, pages;
	bool added;

	make_store(p);
	/* no page stays empty: cutting one off would do no damage */
	s = place_open(p);
	assert_true(snapshot_keep(s, &(struct snapshot){ .date = "2026-07-24" },
	                          "{}", &added, &p->err));
	store_close(s);
	n = place_read(p, good, sizeof good);
	pages = n / 4096;
	for (size_t cut = 1; cut < n; cut += n / 24) {
		place_write(p, good, cut);
		assert_true(shows_or_did_nothing(p));
	}
	for (size_t page = 0; page < pages; page++) {
		memcpy(whole, good, n);
		memset(whole + page * 4096, 0, 4096);
		place_write(p, whole, n);
		assert_true(shows_or_did_nothing(p));
	}
	for (size_t page = 1; page + 1 < pages; page++) {
		memcpy(whole, good, n);
		memcpy(whole + page * 4096, good + (page + 1) * 4096, 4096);
		memcpy(whole + (page + 1) * 4096, good + page * 4096, 4096);
		place_write(p, whole, n);
		shows_or_did_nothing(p);
	}
}

/* --- places that cannot be written ------------------------------------ */

/* Runs fn as an ordinary user, whom permissions bind; its exit status. */
static int as_user(struct place *p, int (*fn)(struct place *))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (getuid() == 0 && setuid(65534) != 0)
			_exit(99);
		_exit(fn(p));
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static int read_only_use(struct place *p)
{
	struct store *s = store_open(p->path, false, &p->err);
	struct revision_info r;
	const char *text;

	if (!s || store_writable(s))
		return 1;
	if (!store_find(s, "bot", &r, &text, NULL, p->arena, &p->err))
		return 2;
	if (!store_check(s, &p->err))
		return 3;
	if (store_save(s, "bot", NULL, "new", NULL, NULL, NULL,
	               p->arena, &p->err))
		return 4;
	return p->err.item[0].kind == ERR_IO ? 0 : 5;
}

static int create_use(struct place *p)
{
	if (store_open(p->path, true, &p->err))
		return 1;
	return p->err.item[0].kind == ERR_IO ? 0 : 2;
}

static void test_read_only(void **state)
{
	struct place *p = *state;

	make_store(p);
	chmod(p->path, 0444);
	chmod(p->dir, 0555);
	assert_int_equal(as_user(p, read_only_use), 0);
	chmod(p->path, 0666);           /* the folder alone */
	assert_int_equal(as_user(p, read_only_use), 0);
	chmod(p->path, 0000);
	assert_int_equal(as_user(p, create_use), 0);
	chmod(p->dir, 0755);
	unlink(p->path);
	chmod(p->dir, 0555);
	assert_int_equal(as_user(p, create_use), 0);
	chmod(p->dir, 0000);
	assert_int_equal(as_user(p, create_use), 0);
}

/* The file went away under an open store: no save vanishes with it. */
static void test_moved(void **state)
{
	struct place *p = *state;
	struct store *s;
	char elsewhere[128];

	make_store(p);
	s = place_open(p);
	snprintf(elsewhere, sizeof elsewhere, "%s/moved.db", p->dir);
	assert_int_equal(rename(p->path, elsewhere), 0);
	assert_false(store_save(s, "bot", NULL, "new", NULL, NULL, NULL,
	                        p->arena, &p->err));
	assert_non_null(strstr(p->err.item[0].text, "moved"));
	place_assert_error(p, ERR_IO);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_not_a_store), PLACE_TEST(test_versions),
		PLACE_TEST(test_missing), PLACE_TEST(test_empty),
		PLACE_TEST(test_no_file), PLACE_TEST(test_flipped_bits),
		PLACE_TEST(test_reading_changed), PLACE_TEST(test_tampering),
		PLACE_TEST(test_foreign_schema), PLACE_TEST(test_immutable),
		PLACE_TEST(test_random_bits),
		PLACE_TEST(test_cut_and_zeroed), PLACE_TEST(test_read_only),
		PLACE_TEST(test_moved),
	};

	return cmocka_run_group_tests_name("store damage", tests, NULL, NULL);
}
