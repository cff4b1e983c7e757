/*
 * The store under use and misuse.  Every test has a folder of its own; the
 * oracle after a fault is the same: it opens, `store_check` is content, and all
 * that was acknowledged is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/store.h"

struct place {
	char dir[64], path[96];
	struct arena *arena;
	struct err err;
};

static int set_up(void **state)
{
	struct place *p = xcalloc(1, sizeof *p);

	snprintf(p->dir, sizeof p->dir, "/tmp/steelyard-store-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof p->path, "%s/store.db", p->dir);
	p->arena = arena_new();
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	struct buf cmd = BUF_INIT;

	buf_addf(&cmd, "chmod -R u+w %s; rm -rf %s", p->dir, p->dir);
	if (system(cmd.s) != 0)
		return 1;
	buf_release(&cmd);
	arena_free(p->arena);
	err_clear(&p->err);
	free(p);
	return 0;
}

static struct store *open_new(struct place *p)
{
	struct store *s = store_open(p->path, true, &p->err);

	assert_false(err_any(&p->err));
	assert_non_null(s);
	return s;
}

static void save(struct place *p, struct store *s, const char *name,
                 const char *text, struct revision_info *r)
{
	if (!store_save(s, name, "A title", text, "why", NULL, NULL, NULL, r,
	                p->arena, &p->err))
		fail_msg("%s", p->err.item[0].text);
}

static void assert_sound(struct place *p)
{
	struct store *s = store_open(p->path, false, &p->err);

	if (!s || !store_check(s, &p->err))
		fail_msg("%s", p->err.item[0].text);
	store_close(s);
}

/* --- use -------------------------------------------------------------- */

static void test_revisions(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	struct revision_info r, *log;
	const char *text, *json;

	save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 1);
	save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 1);          /* the same text is no news */
	save(p, s, "bot", "two\n", &r);
	assert_int_equal(r.number, 2);
	save(p, s, "bot", "one\n", &r);
	assert_int_equal(r.number, 3);          /* but an old one may return */
	save(p, s, "search", "three\n", NULL);

	assert_int_equal(store_log(s, "bot", 0, 10, &log, p->arena, &p->err), 3);
	assert_int_equal(log[0].number, 3);
	assert_string_equal(log[0].parent, log[1].hash);
	assert_int_equal(store_log(s, NULL, 0, 10, &log, p->arena, &p->err), 4);
	assert_int_equal(store_log(s, NULL, 3, 10, &log, p->arena, &p->err), 1);
	assert_int_equal(store_scenarios(s, NULL, 0, 10, &log, p->arena,
	                                 &p->err), 2);
	assert_string_equal(log[0].scenario, "search");
	assert_int_equal(store_scenarios(s, "BO", 0, 10, &log, p->arena,
	                                 &p->err), 1);

	assert_true(store_find(s, "bot@r2", &r, &text, &json, p->arena,
	                       &p->err));
	assert_string_equal(text, "two\n");
	assert_null(json);
	assert_true(store_find(s, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_int_equal(r.number, 3);
	r.hash[8] = '\0';
	assert_true(store_find(s, arena_strdup(p->arena, r.hash), &r, &text,
	                       NULL, p->arena, &p->err));
	assert_string_equal(text, "one\n");
	assert_false(store_find(s, "bot@r9", &r, &text, NULL, p->arena,
	                        &p->err));
	assert_int_equal(p->err.item[0].kind, ERR_USAGE);
	store_close(s);
	err_clear(&p->err);
	assert_sound(p);
}

static void test_evaluations(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	struct revision_info r;
	const char *json;
	char digest[DIGEST_HEX];

	digest_of("run", 3, digest);
	for (int i = 0; i < 2; i++)             /* again: nothing new */
		assert_true(store_save(s, "bot", "T", "text", "", digest,
		                       "{\"ok\": true}", "bvb: api", &r,
		                       p->arena, &p->err));
	assert_string_equal(r.evaluation, digest);
	assert_string_equal(r.verdicts, "bvb: api");
	assert_true(store_find(s, "bot", &r, NULL, &json, p->arena, &p->err));
	assert_string_equal(json, "{\"ok\": true}");
	store_close(s);
	assert_sound(p);
}

static void test_drafts(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	const char *text, *undo;

	assert_true(store_draft_get(s, "bot", &text, &undo, p->arena, &p->err));
	assert_null(text);
	assert_true(store_draft_put(s, "bot", "a", "u1", &p->err));
	assert_true(store_draft_put(s, "bot", "b", "u2", &p->err));
	assert_true(store_draft_get(s, "bot", &text, &undo, p->arena, &p->err));
	assert_string_equal(text, "b");
	assert_string_equal(undo, "u2");
	save(p, s, "bot", "b", NULL);           /* a save ends the draft */
	assert_true(store_draft_get(s, "bot", &text, &undo, p->arena, &p->err));
	assert_null(text);
	store_close(s);
}

/* --- several processes, sudden death ---------------------------------- */

static void write_many(struct place *p, int who, int n)
{
	struct store *s = store_open(p->path, true, &p->err);

	for (int i = 0; s && i < n; i++) {
		char name[32], text[32];

		snprintf(name, sizeof name, "w%d", who);
		snprintf(text, sizeof text, "%d of %d", i, who);
		if (!store_save(s, name, NULL, text, NULL, NULL, NULL, NULL,
		                NULL, p->arena, &p->err))
			_exit(1);
	}
	_exit(s ? 0 : 1);
}

static void test_four_writers(void **state)
{
	struct place *p = *state;
	struct revision_info *log;
	struct store *s;

	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			write_many(p, i, 15);
	for (int i = 0; i < 4; i++) {
		int status;

		wait(&status);
		assert_int_equal(status, 0);
	}
	s = open_new(p);
	assert_int_equal(store_log(s, NULL, 0, 100, &log, p->arena, &p->err),
	                 60);
	store_close(s);
	assert_sound(p);
}

/* A child saves and acknowledges each save with a byte; it is killed at a random
 * moment; every acknowledged revision must be there. */
static void test_kill(void **state)
{
	struct place *p = *state;
	int saved = 0;

	srand(7);
	for (int round = 0; round < 25; round++) {
		int fd[2], n = 0;
		char byte;
		pid_t child;
		struct revision_info *log;
		struct store *s;

		assert_int_equal(pipe(fd), 0);
		child = fork();
		if (child == 0) {
			s = store_open(p->path, true, &p->err);
			for (int i = 0; s; i++) {
				char text[40];

				snprintf(text, sizeof text, "%d.%d", round, i);
				if (!store_save(s, "bot", NULL, text, NULL,
				                NULL, NULL, NULL, NULL,
				                p->arena, &p->err)
				    || write(fd[1], "x", 1) != 1)
					_exit(1);
			}
			_exit(1);
		}
		close(fd[1]);
		usleep((useconds_t)(2000 + rand() % 30000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(fd[0], &byte, 1) == 1)
			n++;
		close(fd[0]);
		saved += n;
		if (access(p->path, F_OK) != 0)
			continue;               /* killed before the first one */
		s = store_open(p->path, true, &p->err);
		assert_non_null(s);
		/* one more may have been committed, but not acknowledged */
		n = store_log(s, "bot", 0, 1 << 20, &log, p->arena, &p->err);
		assert_true(n >= saved && n <= saved + round + 1);
		store_close(s);
		assert_sound(p);
	}
	assert_true(saved > 0);
}

/* --- files that are no store ------------------------------------------ */

static void write_file(const char *path, const char *data, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

static void assert_refused(struct place *p, enum err_kind kind,
                           const char *words)
{
	struct store *s = store_open(p->path, true, &p->err);

	assert_null(s);
	assert_int_equal(p->err.item[0].kind, kind);
	if (!strstr(p->err.item[0].text, words))
		fail_msg("%s", p->err.item[0].text);
	err_clear(&p->err);
}

static void exec_sql(struct place *p, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_not_a_store(void **state)
{
	struct place *p = *state;
	static char junk[4096];

	memset(junk, 'x', sizeof junk);
	write_file(p->path, junk, sizeof junk);
	assert_refused(p, ERR_STORE, "not a steelyard store");
	unlink(p->path);
	exec_sql(p, "CREATE TABLE t(x)");
	assert_refused(p, ERR_STORE, "not a steelyard store");
}

static void test_newer(void **state)
{
	struct place *p = *state;

	store_close(open_new(p));
	exec_sql(p, "PRAGMA user_version = 99");
	assert_refused(p, ERR_STORE, "newer");
}

static void test_missing(void **state)
{
	struct place *p = *state;

	assert_null(store_open(p->path, false, &p->err));
	assert_int_equal(p->err.item[0].kind, ERR_STORE);
	assert_int_equal(access(p->path, F_OK), -1);    /* nothing was made */
	err_clear(&p->err);
}

static void test_truncated(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	struct revision_info *log;

	save(p, s, "bot", "text", NULL);
	store_close(s);
	assert_int_equal(truncate(p->path, 5000), 0);
	s = store_open(p->path, false, &p->err);
	if (s) {
		assert_true(!store_check(s, &p->err)
		            || store_log(s, NULL, 0, 9, &log, p->arena,
		                         &p->err) < 0);
		store_close(s);
	}
	assert_int_equal(p->err.item[0].kind, ERR_STORE);
}

/* --- silent change ---------------------------------------------------- */

/* Flips a bit of the one place where `text` stands in the file. */
static void flip(struct place *p, const char *text)
{
	FILE *f = fopen(p->path, "r+");
	static char all[1 << 20];
	size_t n = fread(all, 1, sizeof all, f);
	char *at = memmem(all, n, text, strlen(text));

	assert_non_null(at);
	fseek(f, at - all, SEEK_SET);
	fputc(*at ^ 1, f);
	fclose(f);
}

static void test_flipped_bit(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	struct revision_info r;
	const char *text;

	save(p, s, "bot", "a text that nobody else writes", NULL);
	store_close(s);
	flip(p, "a text that nobody else writes");
	s = open_new(p);
	assert_false(store_check(s, &p->err));
	assert_non_null(strstr(p->err.item[0].text, "hash"));
	err_clear(&p->err);
	assert_false(store_find(s, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_int_equal(p->err.item[0].kind, ERR_STORE);
	store_close(s);
}

static void test_forged_event(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);

	save(p, s, "bot", "1", NULL);
	save(p, s, "bot", "2", NULL);
	store_close(s);
	exec_sql(p, "DROP TRIGGER event_no_update;"
	         "UPDATE event SET actor = 'somebody else' WHERE seq = 1");
	s = open_new(p);
	assert_false(store_check(s, &p->err));
	store_close(s);
}

static void test_immutable(void **state)
{
	struct place *p = *state;
	static const char *const tries[] = {
		"UPDATE blob SET body = x'00'", "DELETE FROM revision",
		"INSERT OR REPLACE INTO blob SELECT hash, 'x', size, body "
		"FROM blob", "DELETE FROM event", "UPDATE event SET seq = 9",
	};
	struct store *s = open_new(p);
	sqlite3 *db;

	save(p, s, "bot", "text", NULL);
	store_close(s);
	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		assert_int_not_equal(sqlite3_exec(db, tries[i], NULL, NULL,
		                                  NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_sound(p);
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

	if (!s)
		return 1;
	if (!store_find(s, "bot", &r, &text, NULL, p->arena, &p->err))
		return 2;
	if (store_save(s, "bot", NULL, "new", NULL, NULL, NULL, NULL, NULL,
	               p->arena, &p->err))
		return 3;
	return p->err.item[0].kind == ERR_IO ? 0 : 4;
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
	struct store *s = open_new(p);

	save(p, s, "bot", "text", NULL);
	store_close(s);
	chmod(p->path, 0444);
	chmod(p->dir, 0555);
	assert_int_equal(as_user(p, read_only_use), 0);
	chmod(p->dir, 0755);
	unlink(p->path);
	chmod(p->dir, 0555);
	assert_int_equal(as_user(p, create_use), 0);
}

static void test_busy(void **state)
{
	struct place *p = *state;
	struct store *s = open_new(p);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL),
	                 SQLITE_OK);
	assert_false(store_draft_put(s, "a", "b", NULL, &p->err));
	assert_int_equal(p->err.item[0].kind, ERR_BUSY);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	err_clear(&p->err);
	assert_true(store_draft_put(s, "a", "b", NULL, &p->err));
	store_close(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_revisions), TEST(test_evaluations), TEST(test_drafts),
		TEST(test_four_writers), TEST(test_kill),
		TEST(test_not_a_store), TEST(test_newer), TEST(test_missing),
		TEST(test_truncated), TEST(test_flipped_bit),
		TEST(test_forged_event), TEST(test_immutable),
		TEST(test_read_only), TEST(test_busy),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
