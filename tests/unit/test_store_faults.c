/*
 * Every call to the disk and every allocation fails once, in turn, and from
 * there on for ever, as a full or broken disk does.  Whatever happens: a save
 * that said yes is there, one that said no is not, and the store is sound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_place.h"
#include "store_vfs.h"

/* What may fail, and how it is told. */
static const struct disk_fault { int code; enum err_kind kind; } disk_faults[] =
{
	{ SQLITE_FULL, ERR_IO },
	{ SQLITE_IOERR_WRITE, ERR_IO },
	{ SQLITE_IOERR_FSYNC, ERR_IO },
};

static bool save_text(struct place *p, struct store *s, const char *text)
{
	const struct store_evaluation e = { text, "{}", "v", 0, NULL };

	return store_save(s, "bot", NULL, text, NULL, &e, NULL, p->arena,
	                  &p->err);
}

/* The newest text of the store is `text`. */
static void assert_newest(struct place *p, const char *text)
{
	struct store *s = place_open(p);
	struct revision_info r;
	const char *now;

	assert_true(store_find(s, "bot", &r, &now, NULL, p->arena, &p->err));
	assert_string_equal(now, text);
	store_close(s);
	place_assert_sound(p);
}

/* One save with the fault in it; whether it was hit. */
static bool save_with(struct place *p, const struct fault *f,
                      enum err_kind kind, const char *before, const char *text)
{
	struct store *s = place_open(p);
	struct fault seen;
	bool ok;

	fault_set(f);
	ok = save_text(p, s, text);
	seen = fault_clear();
	store_close(s);
	if (!ok)
		place_assert_error(p, kind);
	assert_newest(p, ok ? text : before);
	return f->disk ? seen.disk_calls >= f->disk
		: seen.allocations >= f->memory;
}

/* Faults at 1, 2, 3 ... until one lies beyond the end of the work. */
static int save_with_each(struct place *p, struct fault f, int *at, int step,
                          enum err_kind kind)
{
	char before[32] = "start", text[32];
	struct store *s = place_open(p);
	int n = 0;
	bool hit;

	assert_true(save_text(p, s, before));
	store_close(s);
	for (*at = 1; ; *at += step, n++) {
		struct store *again;
		struct revision_info r;
		const char *now;

		snprintf(text, sizeof text, "text %d", *at);
		f.disk = f.disk ? *at : 0;
		f.memory = f.memory ? *at : 0;
		hit = save_with(p, &f, kind, before, text);
		again = place_open(p);
		assert_true(store_find(again, "bot", &r, &now, NULL, p->arena,
		                       &p->err));
		snprintf(before, sizeof before, "%s", now);
		store_close(again);
		if (!hit)
			return n;
	}
}

static void test_disk(void **state)
{
	struct place *p = *state;
	int at;

	for (size_t i = 0; i < sizeof disk_faults / sizeof *disk_faults; i++)
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			struct fault f = {
				.disk = 1, .code = disk_faults[i].code,
				.for_ever = for_ever,
			};

			unlink(p->path);
			/* a rollback journal alone takes some calls */
			assert_in_range(save_with_each(p, f, &at, 1,
			                               disk_faults[i].kind),
			                5, 500);
		}
}

static void test_memory(void **state)
{
	struct place *p = *state;
	struct fault f = { .memory = 1 };
	int at;

	assert_in_range(save_with_each(p, f, &at, 7, ERR_LIMIT), 5, 2000);
}

/* --- making a store --------------------------------------------------- */

static void test_making(void **state)
{
	struct place *p = *state;
	int n = 0;
	bool hit = true;

	for (int at = 1; hit; at++, n++) {
		struct fault f = { .disk = at, .code = SQLITE_FULL,
		                   .for_ever = true };
		struct store *s;

		unlink(p->path);
		fault_set(&f);
		s = store_open(p->path, true, &p->err);
		hit = fault_clear().disk_calls >= at;
		if (!s)
			place_assert_error(p, ERR_IO);
		store_close(s);
		s = place_open(p);
		place_save(p, s, "bot", "text", NULL);
		store_close(s);
		place_assert_sound(p);
	}
	assert_in_range(n, 5, 500);
}

/* Opening, listing, reading and checking with too little memory: an error or a
 * result, never a crash. */
static void test_reading(void **state)
{
	struct place *p = *state;
	bool hit = true;

	{
		struct store *s = place_open(p);

		assert_true(save_text(p, s, "text"));
		store_close(s);
	}
	for (int at = 1; hit; at += 1 + at / 40) {
		struct fault f = { .memory = at };
		struct revision_info r, *list;
		const char *text, *json;
		struct store *s;
		bool ok;

		fault_set(&f);
		s = store_open(p->path, false, &p->err);
		ok = s && store_find(s, "bot", &r, &text, &json, p->arena,
		                     &p->err)
			&& store_log(s, "bot", 0, 9, &list, p->arena,
			             &p->err) == 1
			&& store_scenarios(s, "b", 0, 9, &list, p->arena,
			                   &p->err) == 1
			&& store_check(s, &p->err);
		hit = fault_clear().allocations >= at;
		store_close(s);
		assert_true(ok || err_any(&p->err));
		err_clear(&p->err);
	}
}

/* --- a limit on the size of files ------------------------------------- */

/* As `ulimit -f` sets it; the program ignores SIGXFSZ, so the write fails. */
static _Noreturn void grow(struct place *p, int ack)
{
	struct rlimit limit = { 192 << 10, 192 << 10 };
	static char big[8 << 10];
	struct store *s;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	s = store_open(p->path, true, &p->err);
	for (int i = 0; s && i < 100; i++) {
		memset(big, 'a' + i % 26, sizeof big - 1);
		if (!save_text(p, s, big))
			break;
		if (write(ack, "x", 1) != 1)
			_exit(2);
	}
	_exit(p->err.n && p->err.item[0].kind == ERR_IO ? 0 : 1);
}

static void test_file_limit(void **state)
{
	struct place *p = *state;
	struct revision_info *log;
	struct store *s;
	int fd[2], n = 0, status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(fd), 0);
	child = fork();
	if (child == 0)
		grow(p, fd[1]);
	close(fd[1]);
	while (read(fd[0], &byte, 1) == 1)
		n++;
	close(fd[0]);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_in_range(n, 1, 12);
	s = place_open(p);
	assert_int_equal(store_log(s, "bot", 0, 100, &log, p->arena, &p->err),
	                 n);
	store_close(s);
	place_assert_sound(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_disk), PLACE_TEST(test_memory),
		PLACE_TEST(test_making), PLACE_TEST(test_reading),
		PLACE_TEST(test_file_limit),
	};

	fault_install();
	return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
