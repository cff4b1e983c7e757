/*
 * src/table and the intake under it: rows with their places, typed columns,
 * and every form that is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/intake.h"
#include "table/rows.h"
#include "table/table.h"

static char path[] = "test_table_XXXXXX";

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void put(const char *text, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}
#define PUT(text) put(text, sizeof text - 1)

static const struct table_want want[] = {
	{ "score", "conf", false, 1, 0, 1 },
	{ "right", "was right", true, 1, 0, 1 },
	{ "seen", "seen", false, 60, 0, 1e9 },
};

static void test_columns(void **state)
{
	struct err err = ERR_INIT;
	struct table *t;

	(void)state;
	/* byte-order mark, CRLF, quotes, another column, no final newline */
	PUT("\xef\xbb\xbf" "x,conf,\"was right\",seen\r\n"
	    "\"a, \"\"b\"\"\",0.5,yes,1\r\n\r\n,\"0.25\",FALSE, 1.5 \r\n"
	    "\"two\nlines\",1,1,2");
	t = table_read(path, want, 3, &err);
	assert_non_null(t);
	assert_int_equal(t->rows, 3);
	assert_true(t->column[0][1] == 0.25 && t->column[0][2] == 1);
	assert_true(t->column[1][0] == 1 && t->column[1][1] == 0);
	assert_true(t->column[2][0] == 60 && t->column[2][1] == 90);
	assert_int_equal(strlen(t->digest), 64);
	table_free(t);
}

static const struct {
	const char *text;
	size_t n;
	int line, col;
	const char *says;
} bad[] = {
#define BAD(text, line, col, says) { text, sizeof text - 1, line, col, says }
	BAD("conf,was right,seen\n0.5,maybe,1\n", 2, 5, "neither true nor"),
	BAD("conf,was right,seen\n1,yes,1\n1.5,yes,1\n", 3, 1, "bounds"),
	BAD("conf,was right,seen\n\"0.5\",yes,x\n", 2, 11, "no number"),
	BAD("conf,was right,seen\n0.5,yes,\n", 2, 9, "empty here"),
	BAD("conf,was right,seen\n0.5,yes\n", 2, 5, "empty here"),
	BAD("conf,was right,seen\n0.5,nan,1\n", 2, 5, "neither"),
	BAD("conf,was right,seen\nnan,yes,1\n", 2, 1, "no number"),
	BAD("conf,was right,seen\ninf,yes,1\n", 2, 1, "no number"),
	BAD("conf,was right,seen\n0.5,yes,\"1\n", 2, 1, "never closed"),
	BAD("conf,right,seen\n1,yes,1\n", 1, 1, "no column `was right`"),
	BAD("conf,was right,seen\n", 0, 0, "no rows"),
	BAD("", 0, 0, "is empty"),
	BAD("\x1f\x8b\x08", 0, 0, "cut off"),
	BAD("PK\x03\x04 and so on", 0, 0, "spreadsheet"),
	BAD("\xff\xfe" "c\0o\0n\0", 0, 0, "UTF-16"),
	BAD("c\0o\0n\0f\0", 0, 0, "UTF-16"),
	BAD("conf,was right,seen\n0.5,ye\0s,1\n", 2, 1, "NUL"),
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err = ERR_INIT;

		put(bad[i].text, bad[i].n);
		if (table_read(path, want, 3, &err))
			fail_msg("taken: %s", bad[i].text);
		if (!strstr(err.item[0].text, bad[i].says))
			fail_msg("`%s` does not say `%s`", err.item[0].text,
			         bad[i].says);
		assert_int_equal(err.item[0].line, bad[i].line);
		assert_int_equal(err.item[0].col, bad[i].col);
		err_clear(&err);
	}
}

/* All findings of one pass, not the first alone. */
static void test_every_finding(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	PUT("conf,was right,seen\n2,x,y\n0.5,yes,1\n3,yes,1\n");
	assert_null(table_read(path, want, 3, &err));
	assert_int_equal(err.n, 4);
	err_clear(&err);
}

/* A cell over many lines, each longer than the room of those before. */
static void test_long_cell(void **state)
{
	size_t n = 100000;
	char *text = malloc(n);
	struct err err = ERR_INIT;
	struct table *t;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	memcpy(text, "conf,was right,seen,x\n0.5,yes,1,\"a\nbbb\ncc", 41);
	for (size_t i = 1000; i < n; i += 9000)
		text[i] = '\n';
	memcpy(text + n - 2, "\"\n", 2);
	put(text, n);
	t = table_read(path, want, 3, &err);
	assert_non_null(t);
	assert_int_equal(t->rows, 1);
	table_free(t);
	free(text);
}

/* Lines that do not fit into a block, and the limit on one. */
static void test_long_lines(void **state)
{
	size_t n = 400000, lines = 0, got;
	char *text = malloc(n + 1), *s;
	struct err err = ERR_INIT;
	struct intake *f;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	for (size_t i = 150000; i < n; i += 100000)
		text[i] = '\n';
	put(text, n);
	f = intake_open(path, 200000, &err);
	assert_non_null(f);
	for (; intake_line(f, &s, &got); lines++)
		assert_int_equal(strlen(s), got);
	assert_int_equal(lines, 4);
	assert_false(f->failed);
	intake_close(f);
	memset(text, 'a', n);
	put(text, n);
	f = intake_open(path, 100000, &err);
	assert_non_null(f);
	assert_false(intake_line(f, &s, &got));
	assert_true(f->failed);
	assert_int_equal(err_exit_status(&err), 6);
	err_clear(&err);
	intake_close(f);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_finding),
		cmocka_unit_test(test_long_cell),
		cmocka_unit_test(test_long_lines),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
