/*
 * src/evidence: times as logs write them, elements of streams of JSON however
 * they are cut, and the intervals.  Values from scipy.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/intake.h"
#include "evidence/tally.h"
#include "math/special.h"

static char path[] = "test_evidence_XXXXXX";

static void put(const char *text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

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

static void test_times(void **state)
{
	static const struct { const char *text; double t; bool zoned; } good[]
		= {
		{ "1970-01-01", 0, false },
		{ "2023-11-16 18:15:46.6805900", 1700158546.68059, false },
		{ "2023-11-16T18:15:46Z", 1700158546, true },
		{ "2023-11-16T19:15:46+01:00", 1700158546, true },
		{ "2023-11-16T10:45:46-0730", 1700158546, true },
		{ "2023-11-16 18:15:46 UTC", 1700158546, true },
		{ "2023-11-16T18:15", 1700158500, false },
		{ "2023-11-16T18:15.5Z", 1700158500.5, true },
		{ "2024-02-29T00:00", 1709164800, false },
		{ "5/1/25", 1746057600, false },
		{ "5/1/25 13:05", 1746104700, false },
		{ "1700158546", 1700158546, true },
		{ "1700158546000", 1700158546, true },
		{ "1700158546000000000", 1700158546, true },
	};
	static const char *const bad[] = { "", "yesterday", "2023-13-01",
		"2023-11-16T25", "2023-11-16T18:15:46+", "12/x/25", "nan",
		"2023-11-16T18:15:46Zulu", "2023-02-29", "2023-11-16T18:15x",
		"2023-11-16T18:60", "5/1/25 25:00", "1e300" };
	struct times as = { 0 };
	double t;
	bool zoned;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		t = time_parse(good[i].text, &as, &zoned);
		if (!(fabs(t - good[i].t) < 1e-6) || zoned != good[i].zoned)
			fail_msg("%s: %.6f", good[i].text, t);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!isnan(time_parse(bad[i], &as, &zoned)))
			fail_msg("%s is taken for a time", bad[i]);
}

struct heard { struct buf text; int bad; long last; };

static bool on_each(void *ctx, long line, char *s, size_t n)
{
	struct heard *h = ctx;

	buf_addn(&h->text, s, n);
	buf_addc(&h->text, ';');
	h->last = line;
	return true;
}

static bool on_bad(void *ctx, long line, const char *why)
{
	struct heard *h = ctx;

	(void)line;
	(void)why;
	h->bad++;
	return true;
}

static void test_elements(void **state)
{
	static const struct { const char *text, *elements; int bad; long last; }
	cases[] = {
		{ "{\"a\":1}\n{\"b\":\"}\\\"{\"}\n", "{\"a\":1};{\"b\":\"}\\\"{\"};",
		  0, 2 },
		{ "[{\"a\":1},\n {\"b\":[{}]}]", "{\"a\":1};{\"b\":[{}]};", 0,
		  2 },
		{ "{\"n\":{\"x\":[1]},\"data\":[{\"a\":1}\n,{\"b\":2}],\"z\":1}",
		  "{\"a\":1};{\"b\":2};", 0, 2 },
		{ "{\n \"a\": 1\n}\n", "{\n \"a\": 1\n};", 0, 1 },
		{ "[{\"a\":1},{\"b\":", "{\"a\":1};", 1, 1 },
		{ "{\"data\":[{\"a\":1}", "{\"a\":1};", 1, 1 },
		{ "[]", "", 0, 0 },
		/* a bucket is an entry, not a page */
		{ "{\"start_time\":1,\"results\":[{}]}\n",
		  "{\"start_time\":1,\"results\":[{}]};", 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct heard h = { .text = BUF_INIT };
		struct json_sink sink = { on_each, on_bad, &h };
		struct err err = ERR_INIT;
		struct intake *f;

		put(cases[i].text);
		f = intake_open(path, 1 << 20, &err);
		assert_non_null(f);
		assert_true(json_elements(f, &sink));
		assert_string_equal(h.text.s, cases[i].elements);
		assert_int_equal(h.bad, cases[i].bad);
		assert_int_equal(h.last, cases[i].last);
		buf_release(&h.text);
		intake_close(f);
	}
}

/* A list that is longer than any block. */
static void test_long_list(void **state)
{
	struct buf text = BUF_INIT;
	struct heard h = { .text = BUF_INIT };
	struct json_sink sink = { on_each, on_bad, &h };
	struct err err = ERR_INIT;
	struct intake *f;

	(void)state;
	buf_add(&text, "{\"object\": \"page\", \"data\": [");
	for (int i = 0; i < 60000; i++)
		buf_addf(&text, "%s{\"k\": %d}", i ? ",\n" : "", i);
	buf_add(&text, "]}");
	put(text.s);
	f = intake_open(path, 4096, &err);
	assert_non_null(f);
	assert_true(json_elements(f, &sink));
	assert_int_equal(h.last, 60000);
	assert_non_null(strstr(h.text.s, "{\"k\": 59999};"));
	buf_release(&text);
	buf_release(&h.text);
	intake_close(f);
}

#define NEAR(got, want, rel) \
	assert_true(fabs((got) - (want)) <= (rel) * fabs(want))

static void test_intervals(void **state)
{
	double low, high;

	(void)state;
	/* scipy.stats.t.ppf(0.95, [1, 5, 30]): printed digits */
	NEAR(student_t_quantile(0.95, 1), 6.313751514675043, 1e-9);
	NEAR(student_t_quantile(0.95, 5), 2.015048372669157, 1e-9);
	NEAR(student_t_quantile(0.05, 30), -1.697260886593957, 1e-9);
	/* beta.ppf(0.05, 23, 178) and beta.ppf(0.95, 24, 177) */
	share_interval(23, 200, &low, &high);
	NEAR(low, 0.07988524507388896, 1e-9);
	NEAR(high, 0.15897674070837448, 1e-9);
	share_interval(0, 300, &low, &high);
	assert_true(low == 0);
	NEAR(high, 1 - pow(0.05, 1.0 / 300), 1e-9);
	share_interval(5, 5, &low, &high);
	assert_true(high == 1);
	NEAR(low, pow(0.05, 0.2), 1e-9);
}

/* What was written is read back: figures, period, tables; and a log read
 * within one name has only that one's entries. */
static void test_read_back(void **state)
{
	static const struct within within[] = { { "team", "b" },
	                                        { "model", NULL } };
	struct import_request q = { .kind = IMPORT_USAGE, .path = path,
		.by = "all", .budget = 100 };
	struct err err = ERR_INIT;
	struct buf log = BUF_INIT, text = BUF_INIT;
	struct import *m, *again;

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_addf(&log, "{\"request_id\":\"r%d\",\"startTime\":"
		         "\"2026-09-%02dT10:00:00Z\",\"prompt_tokens\":9,"
		         "\"completion_tokens\":1,\"spend\":1,%s"
		         "\"team_id\":\"%c\"}\n", i, i / 2 + 1, i % 4 ? ""
		         : "\"model\":\"m\",", i % 2 ? 'a' : 'b');
	put(log.s);
	m = import_file(&q, &err);
	assert_non_null(m);
	import_write(m, &text);
	put(text.s);
	again = import_read(path, &err);
	assert_non_null(again);
	assert_int_equal(again->rows, 60);
	assert_true(again->from == m->from && again->clock);
	assert_string_equal(again->digest, m->digest);
	assert_int_equal(again->nmeasures, m->nmeasures);
	for (int i = 0; i < m->nmeasures; i++)
		assert_string_equal(again->measure[i].name,
		                    m->measure[i].name);
	assert_int_equal(again->nfacts, m->nfacts);
	for (int i = 0; i < m->nfacts; i++)
		assert_string_equal(again->fact[i]->name, m->fact[i]->name);
	import_free(again);
	import_free(m);
	put(log.s);
	q.within = within;
	q.nwithin = 2;
	m = import_file(&q, &err);      /* 30 of b, 15 of them of a model */
	assert_non_null(m);
	assert_int_equal(m->rows, 15);
	import_free(m);
	put("evidence: 1\nfields: [1, 2]\nfacts: {x: [1, {}, {a: b}], y: 3}\n");
	again = import_read(path, &err);        /* odd, but nothing breaks */
	assert_non_null(again);
	import_free(again);
	put("scenario: x\n");
	assert_null(import_read(path, &err));
	err_clear(&err);
	buf_release(&log);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_long_list),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_read_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
