/* The store in use: revisions, evaluations, drafts, several processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/impl.h"
#include "store_place.h"

/* --- revisions -------------------------------------------------------- */

static void test_numbers(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info r;

	place_save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 1);
	assert_null(r.parent);
	place_save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 1);          /* the same text is no news */
	place_save(p, s, "bot", "two\n", &r);
	assert_int_equal(r.number, 2);
	place_save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 3);          /* but an old one may return */
	place_save(p, s, "search", "one\n", &r);
	assert_int_equal(r.number, 1);          /* each name counts by itself */
	store_close(s);
	place_assert_sound(p);
}

/* SHA-256 of "abc", FIPS 180-4. */
static void test_hash(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info r;

	place_save(p, s, "bot", "abc", &r);
	assert_string_equal(r.hash, "ba7816bf8f01cfea414140de5dae2223"
	                    "b00361a396177a9cb410ff61f20015ad");
	store_close(s);
}

static void test_log(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info *log;

	place_save(p, s, "bot", "1", NULL);
	place_save(p, s, "bot", "2", NULL);
	place_save(p, s, "bot", "3", NULL);
	place_save(p, s, "search", "4", NULL);
	assert_int_equal(store_log(s, "bot", 0, 9, &log, p->arena, &p->err), 3);
	assert_int_equal(log[0].number, 3);
	assert_string_equal(log[0].parent, log[1].hash);
	assert_string_equal(log[0].message, "why");
	/* all in one second: the order of saving holds */
	assert_int_equal(store_log(s, NULL, 0, 10, &log, p->arena, &p->err), 4);
	assert_string_equal(log[0].scenario, "search");
	assert_int_equal(log[1].number, 3);
	assert_int_equal(store_log(s, NULL, 3, 10, &log, p->arena, &p->err), 1);
	assert_int_equal(log[0].number, 1);
	assert_int_equal(store_log(s, "nobody", 0, 10, &log, p->arena, &p->err),
	                 0);
	store_close(s);
}

static int matching(struct place *p, struct store *s, const char *filter)
{
	struct revision_info *list;

	return store_scenarios(s, filter, 0, 10, &list, p->arena, &p->err);
}

static void test_scenarios(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info *list;

	place_save(p, s, "bot_a", "1", NULL);
	place_save(p, s, "botha", "2", NULL);
	place_save(p, s, "bot_a", "3", NULL);
	assert_int_equal(store_scenarios(s, NULL, 0, 10, &list, p->arena,
	                                 &p->err), 2);
	assert_int_equal(matching(p, s, "BOT"), 2);
	assert_int_equal(matching(p, s, "a TITLE"), 2);
	assert_int_equal(matching(p, s, "t_a"), 1);     /* no wildcard */
	assert_int_equal(matching(p, s, "%"), 0);
	assert_int_equal(matching(p, s, "\\"), 0);
	assert_int_equal(matching(p, s, "' OR 1 --"), 0);
	store_close(s);
}

static const char *text_of(struct place *p, struct store *s, const char *ref)
{
	struct revision_info r;
	const char *text;

	if (store_find(s, ref, &r, &text, NULL, p->arena, &p->err))
		return text;
	place_assert_error(p, ERR_USAGE);
	return NULL;
}

static void test_find(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info r;

	place_save(p, s, "bot", "one\n", NULL);
	place_save(p, s, "bot", "two\n", &r);
	assert_string_equal(text_of(p, s, "bot@r1"), "one\n");
	assert_string_equal(text_of(p, s, "bot@r2"), "two\n");
	assert_string_equal(text_of(p, s, "bot"), "two\n");
	assert_string_equal(text_of(p, s, r.hash), "two\n");
	r.hash[6] = '\0';
	assert_string_equal(text_of(p, s, r.hash), "two\n");
	r.hash[5] = '\0';
	assert_null(text_of(p, s, r.hash));
	assert_null(text_of(p, s, "bot@r9"));
	assert_null(text_of(p, s, "bot@r0"));
	assert_null(text_of(p, s, "bot@r1x"));
	assert_null(text_of(p, s, "bo"));
	assert_null(text_of(p, s, ""));
	assert_null(text_of(p, s, "ffffffff"));
	store_close(s);
}

/* Among some thousand texts two begin with the same six digits; a prefix that
 * fits both is refused, one that tells them apart is not. */
static void test_ambiguous(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	/* found by trying: both hash to b30a89... */
	static const char *const texts[] = { "text 859", "text 4460" };
	struct revision_info r[2];

	place_save(p, s, "a", texts[0], &r[0]);
	place_save(p, s, "b", texts[1], &r[1]);
	assert_memory_equal(r[0].hash, r[1].hash, 6);
	r[0].hash[6] = '\0';
	assert_null(text_of(p, s, r[0].hash));
	assert_string_equal(text_of(p, s, r[1].hash), texts[1]);
	store_close(s);
}

/* Text with what SQL, files and terminals trip over comes back as it was. */
static void test_hostile_text(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	static const char *const texts[] = {
		"", "'); DROP TABLE blob; --", "a\r\nb\r", "\x1b[31m\x07",
		"\xff\xfe broken \xc3", "{\"a\": [1, 9e999]}", "%_\\?1:a@b",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		place_save(p, s, "bot", texts[i], NULL);
		assert_string_equal(text_of(p, s, "bot"), texts[i]);
		place_save(p, s, texts[i], "x", NULL);
		assert_true(store_draft_put(s, texts[i], texts[i], texts[i],
		                            &p->err));
	}
	store_close(s);
	place_assert_sound(p);
}

/* --- evaluations and drafts ------------------------------------------- */

static void save_run(struct place *p, struct store *s, const char *digest,
                     const char *json, struct revision_info *r)
{
	const struct store_evaluation e = {
		.digest = digest, .json = json, .verdicts = "bvb: api",
	};

	assert_true(store_save(s, "bot", "T", "text", "", &e, r, p->arena,
	                       &p->err));
}

static void test_evaluations(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info r;
	const char *json;
	char a[DIGEST_HEX], b[DIGEST_HEX];

	digest_of("a", 1, a);
	digest_of("b", 1, b);
	save_run(p, s, a, "{\"ok\": true}", &r);
	save_run(p, s, a, "{\"ok\": true}", &r);        /* nothing new */
	assert_string_equal(r.evaluation, a);
	assert_string_equal(r.verdicts, "bvb: api");
	save_run(p, s, b, "{\"ok\": 2}", &r);           /* another seed, say */
	assert_int_equal(r.number, 1);
	assert_string_equal(r.evaluation, b);
	assert_true(store_find(s, "bot", &r, NULL, &json, p->arena, &p->err));
	assert_string_equal(json, "{\"ok\": 2}");
	place_save(p, s, "bot", "unevaluated", &r);
	assert_null(r.evaluation);
	assert_true(store_find(s, "bot", &r, NULL, &json, p->arena, &p->err));
	assert_null(json);
	store_close(s);
	place_assert_sound(p);
}

static void assert_draft(struct place *p, struct store *s, const char *body,
                         const char *history)
{
	const char *text, *undo;

	assert_true(store_draft_get(s, "bot", &text, &undo, p->arena, &p->err));
	assert_true(!text == !body);
	if (body) {
		assert_string_equal(text, body);
		assert_string_equal(undo, history);
	}
}

static void test_drafts(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);

	assert_draft(p, s, NULL, NULL);
	assert_true(store_draft_put(s, "bot", "a", "u1", &p->err));
	assert_true(store_draft_put(s, "bot", "b", "u2", &p->err));
	store_close(s);
	s = place_open(p);
	assert_draft(p, s, "b", "u2");
	assert_true(store_draft_drop(s, "bot", &p->err));
	assert_draft(p, s, NULL, NULL);
	assert_true(store_draft_put(s, "bot", "c", NULL, &p->err));
	assert_draft(p, s, "c", "");
	place_save(p, s, "search", "b", NULL);
	assert_draft(p, s, "c", "");
	place_save(p, s, "bot", "b", NULL);             /* ends its draft */
	assert_draft(p, s, NULL, NULL);
	store_close(s);
}

/* --- one commit a save ------------------------------------------------ */

static int64_t change_counter(struct place *p)
{
	static char all[1 << 20];

	place_read(p, all, sizeof all);
	/* bytes 24 to 27 of the header count the transactions that wrote */
	return (int64_t)(unsigned char)all[27] + 256 * (unsigned char)all[26];
}

static void test_one_commit(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info r;
	int64_t before = change_counter(p);

	place_save(p, s, "bot", "1", NULL);
	assert_int_equal(change_counter(p), before + 1);
	save_run(p, s, "d", "{}", &r);
	assert_int_equal(change_counter(p), before + 2);
	assert_true(store_draft_put(s, "bot", "a", "u1", &p->err));
	assert_int_equal(change_counter(p), before + 3);
	text_of(p, s, "bot");
	assert_int_equal(change_counter(p), before + 3);
	store_close(s);
}

/* Plain settings of C3 that another connection can see, or that ours must
 * have. */
static void test_settings(void **state)
{
	static const struct { const char *sql; int64_t value; } settings[] = {
		{ "PRAGMA application_id", 0x53544c59 },        /* STLY */
		{ "PRAGMA user_version", 4 },
		{ "PRAGMA synchronous", 3 },
		{ "PRAGMA foreign_keys", 1 },
		{ "PRAGMA recursive_triggers", 1 },
		{ "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 },
		{ "PRAGMA mmap_size", 0 },
		{ "PRAGMA busy_timeout", 5000 },
		{ "SELECT journal_mode = 'delete' FROM pragma_journal_mode",
		  1 },
	};
	struct place *p = *state;
	struct store *s = place_open(p);

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		int64_t v;

		assert_true(store_int(s, &p->err, -1, &v, settings[i].sql, ""));
		assert_int_equal(v, settings[i].value);
	}
	/* defensive: the schema's own table stays out of reach */
	assert_false(store_run(s, &p->err, "PRAGMA writable_schema = ON", "")
	             && store_run(s, &p->err, "DELETE FROM sqlite_schema",
	                          ""));
	err_clear(&p->err);
	store_close(s);
}

/* --- several processes, sudden death ---------------------------------- */

static _Noreturn void write_many(struct place *p, int who, int n)
{
	struct store *s = store_open(p->path, true, &p->err);

	for (int i = 0; s && i < n; i++) {
		char name[32], text[32];

		snprintf(name, sizeof name, "w%d", who);
		snprintf(text, sizeof text, "%d of %d", i, who);
		if (!store_save(s, name, NULL, text, NULL, NULL, NULL,
		                p->arena, &p->err))
			break;
	}
	if (p->err.n)
		fprintf(stderr, "writer %d: %s\n", who, p->err.item[0].text);
	_exit(p->err.n ? 1 : 0);
}

/* They race for making the store as well. */
static void race(struct place *p, int writers, int each)
{
	struct revision_info *log;
	struct store *s;

	unlink(p->path);
	for (int i = 0; i < writers; i++)
		if (fork() == 0)
			write_many(p, i, each);
	for (int i = 0; i < writers; i++) {
		int status;

		wait(&status);
		assert_int_equal(status, 0);
	}
	s = place_open(p);
	assert_int_equal(store_log(s, NULL, 0, 100, &log, p->arena, &p->err),
	                 writers * each);
	store_close(s);
	place_assert_sound(p);
}

static void test_writers(void **state)
{
	race(*state, 2, 15);
	race(*state, 8, 5);
}

/* Saves for ever, with a byte for each save that was acknowledged. */
static _Noreturn void save_for_ever(struct place *p, int round, int ack)
{
	struct store *s = store_open(p->path, true, &p->err);

	for (int i = 0; s; i++) {
		char text[40];

		snprintf(text, sizeof text, "%d.%d", round, i);
		if (!store_save(s, "bot", NULL, text, NULL, NULL, NULL,
		                p->arena, &p->err)
		    || write(ack, "x", 1) != 1)
			break;
	}
	_exit(1);
}

/* Kills a writer at a random moment; returns what it had acknowledged.  Every
 * third one is killed before its first save, perhaps while it opens. */
static int kill_a_writer(struct place *p, int round)
{
	int fd[2], n = 0;
	char byte;
	pid_t child;

	assert_int_equal(pipe(fd), 0);
	child = fork();
	if (child == 0)
		save_for_ever(p, round, fd[1]);
	close(fd[1]);
	if (round % 3)
		n += read(fd[0], &byte, 1) == 1;
	usleep((useconds_t)(rand() % 12000));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	while (read(fd[0], &byte, 1) == 1)
		n++;
	close(fd[0]);
	return n;
}

#define KILLS 200

static void test_kill(void **state)
{
	struct place *p = *state;
	int saved = 0;

	srand(7);
	for (int round = 0; round < KILLS; round++) {
		struct revision_info *log;
		struct store *s;
		int n;

		saved += kill_a_writer(p, round);
		s = place_open(p);
		n = store_log(s, "bot", 0, 1 << 20, &log, p->arena, &p->err);
		/* one a round may be committed, but not acknowledged */
		assert_in_range(n, saved, saved + round + 1);
		store_close(s);
		if (round % 20 == 0)
			place_assert_sound(p);
	}
	place_assert_sound(p);
	assert_true(saved >= 100);
}

static void test_busy(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p);
	struct revision_info *log;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	                 SQLITE_OK);
	assert_int_equal(store_log(s, NULL, 0, 9, &log, p->arena, &p->err), 0);
	assert_false(store_draft_put(s, "a", "b", NULL, &p->err));
	assert_non_null(strstr(p->err.item[0].text, "try again"));
	place_assert_error(p, ERR_BUSY);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_true(store_draft_put(s, "a", "b", NULL, &p->err));
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_numbers), PLACE_TEST(test_hash),
		PLACE_TEST(test_log), PLACE_TEST(test_scenarios),
		PLACE_TEST(test_find), PLACE_TEST(test_ambiguous),
		PLACE_TEST(test_hostile_text), PLACE_TEST(test_evaluations),
		PLACE_TEST(test_drafts), PLACE_TEST(test_one_commit),
		PLACE_TEST(test_settings), PLACE_TEST(test_writers),
		PLACE_TEST(test_kill), PLACE_TEST(test_busy),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
