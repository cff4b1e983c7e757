/*
 * src/base: numbers, text widths, files, dates, digests, errors.
 *
 * Expectations: SHA-256 from FIPS 180-2 (appendix B), dates from the Gregorian
 * calendar (2000 a leap year, 1900 none), UTF-8 from RFC 3629, everything else
 * from the header's words.
 */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "base/text.h"
#include "base/utf8.h"

/* --- memory and buffers --- */

static void test_arena(void **state)
{
	struct arena *a = arena_new();
	char *big, *s;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		unsigned char *p = arena_alloc(a, (size_t)(i % 97));

		assert_int_equal((uintptr_t)p % 16, 0);
		for (int k = 0; k < i % 97; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, (size_t)(i % 97));
	}
	big = arena_alloc(a, 5u << 20);
	memset(big, 1, 5u << 20);
	s = arena_printf(a, "%s-%d-%.2f", "x", 7, 0.5);
	assert_string_equal(s, "x-7-0.50");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_null(arena_strdup(a, NULL));
	arena_free(a);
	arena_free(NULL);
}

static void test_arrays(void **state)
{
	int *v = NULL, n = 0;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int *p = &ARR_PUSH(v, n, cap)[0];

		assert_int_equal(*p, 0);
		*p = i;
	}
	assert_int_equal(n, 1000);
	for (int i = 0; i < n; i++)
		assert_int_equal(v[i], i);
	free(v);
}

static void test_buf(void **state)
{
	struct buf b = BUF_INIT;
	char *s;

	(void)state;
	assert_string_equal(b.s, "");
	buf_clear(&b);
	s = buf_detach(&b);
	assert_string_equal(s, "");
	free(s);
	for (int i = 0; i < 300; i++)
		buf_addf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 600);
	assert_int_equal(strlen(b.s), 600);
	buf_clear(&b);
	buf_addn(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	buf_pad(&b, '.', 2);
	buf_pad(&b, '.', -2);
	assert_memory_equal(b.s, "a\0b..", 6);
	buf_release(&b);
	assert_string_equal(b.s, "");
}

/* --- numbers --- */

static void test_scan(void **state)
{
	static const struct {
		const char *text;
		double value;
		size_t len;
	} good[] = {
		{ "5 min", 5, 1 }, { "10M", 10e6, 3 }, { "1e6", 1e6, 3 },
		{ "120k", 120e3, 4 }, { "1.1M", 1100000, 4 },
		{ "0.1k", 100, 4 }, { "4M token/min", 4e6, 2 },
		{ "120kB", 120, 3 }, { "10Mtoken", 10, 2 }, { "-3.5", -3.5, 4 },
		{ "+2", 2, 2 }, { "0", 0, 1 }, { "0.15 USD", 0.15, 4 },
		{ "5%", 5, 1 }, { "1,2", 1, 1 }, { "1else", 1, 1 },
		{ "2e3k", 2e6, 4 }, { "12:30", 12, 2 }, { "1k2", 1, 1 },
		{ "9007199254740993", 9007199254740992, 16 },
		{ "1G/s", 1e9, 2 },
		{ "3T", 3e12, 2 }, { "1e-3", 1e-3, 4 }, { "8k to 20k", 8e3, 2 },
		{ "1.10", 1.1, 4 }, { "1e400k", 0, 0 }, { "0e999", 0, 5 },
		{ "4.9e-324", 4.9406564584124654e-324, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		double v = -1;
		size_t len = 99;
		const char *wrong = num_scan(good[i].text, &v, &len);

		if (!good[i].len) {
			assert_non_null(wrong);
			continue;
		}
		assert_null(wrong);
		assert_int_equal(len, good[i].len);
		assert_true(v == good[i].value);        /* exact */
	}
}

static void test_scan_refuses(void **state)
{
	static const char *const bad[] = {
		"", " 1", "-", "+", ".", ".5", "-.5", "5.", "5. m", "0x10",
		"0b11", "0o17", "0123", "00", "1_000", "1.5_0", "nan", "NaN",
		"inf", "-Infinity", "1e999", "-1e309", "1e-400", "1e308k", "k",
		"e5", "~", "NO",
	};
	struct buf longest = BUF_INIT;
	double v = 7;
	size_t len = 7;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_non_null(num_scan(bad[i], &v, &len));
	buf_addc(&longest, '1');
	buf_pad(&longest, '0', 4000);
	assert_non_null(num_scan(longest.s, &v, &len));
	buf_clear(&longest);
	buf_add(&longest, "1e99999999999999999999");
	assert_string_equal(num_scan(longest.s, &v, &len), "is too large");
	assert_string_equal(num_scan("1e-99999999999999999999", &v, &len),
	                    "is too small");
	buf_release(&longest);
	assert_true(v == 7);
	assert_int_equal(len, 7);
}

static void test_parse(void **state)
{
	double v;
	long long n;

	(void)state;
	assert_true(num_parse("  12.5k ", &v) && v == 12500);
	assert_false(num_parse("12 x", &v));
	assert_false(num_parse("1,000", &v));
	assert_false(num_parse("12:30:45", &v));
	assert_true(num_parse_int("16k", 0, 100000, &n) && n == 16000);
	assert_true(num_parse_int("1e6", 0, 10000000, &n) && n == 1000000);
	assert_true(num_parse_int("9223372036854775807", 0, INT64_MAX, &n) &&
	            n == INT64_MAX);
	assert_false(num_parse_int("9223372036854775808", 0, INT64_MAX, &n));
	assert_false(num_parse_int("1.5", 0, 10, &n));
	assert_false(num_parse_int("11", 0, 10, &n));
	assert_false(num_parse_int("-1", 0, 10, &n));
	assert_false(num_parse_int("", 0, 10, &n));
	assert_false(num_parse_int("x", 0, 10, &n));
}

static void check_text(struct buf *b, const char *expected)
{
	assert_string_equal(b->s, expected);
	buf_clear(b);
}

static void test_human(void **state)
{
	static const struct {
		double v;
		int digits;
		const char *text;
	} t[] = {
		{ 12345, 3, "12.3k" }, { 1.27e6, 3, "1.27M" },
		{ 0.00031, 3, "0.00031" }, { 3.1e-7, 3, "3.1e-07" },
		{ 9876, 3, "9876" }, { 9999.7, 3, "10k" },
		{ 9999.4, 3, "9999" },
		{ 999960, 3, "1M" }, { 0, 3, "0" }, { -0.0, 3, "0" },
		{ -1500, 2, "-1500" }, { 0.5, 3, "0.5" },
		{ 1.005e15, 3, "1e+15" },
		{ 2.5e12, 3, "2.5T" }, { 999.6e12, 3, "1e+15" },
		{ 100, 1, "100" },
		{ 0.099999, 3, "0.1" }, { 9.999e-5, 3, "0.0001" },
		{ 9.99e-5, 3, "9.99e-05" }, { 123456, 2, "123k" },
		{ -4.94e-324, 2, "-4.9e-324" }, { 1.7976931348623157e308, 3,
		  "1.8e+308" },
		{ INFINITY, 3, "?" }, { NAN, 3, "?" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		num_human(&b, t[i].v, t[i].digits);
		check_text(&b, t[i].text);
	}
	buf_release(&b);
}

static void test_money_and_prob(void **state)
{
	static const struct {
		double v;
		const char *text;
	} money[] = {
		{ 16987, "16 987" }, { 1.27e6, "1.27M" }, { 999999.6, "1M" },
		{ 999999.4, "999 999" }, { 1234, "1234" }, { 12.5, "12.50" },
		{ 0.0023, "0.0023" }, { -45678.2, "-45 678" }, { 0, "0" },
		{ 99.999, "100" }, { -0.4, "-0.4" }, { 0.999, "1.00" },
		{ NAN, "?" },
	}, prob[] = {
		{ 0, "0" }, { 1, "1" }, { 0.93, "0.93" }, { 0.9999, ">0.99" },
		{ 1e-9, "<0.01" }, { 0.5, "0.50" }, { 1 + 1e-12, "1" },
		{ -1e-15, "0" }, { 1.5, "?" }, { -0.2, "?" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof money / sizeof *money; i++) {
		num_money(&b, money[i].v);
		check_text(&b, money[i].text);
	}
	for (size_t i = 0; i < sizeof prob / sizeof *prob; i++) {
		num_prob(&b, prob[i].v);
		check_text(&b, prob[i].text);
	}
	buf_release(&b);
}

/* Every double comes back; a simple generator over bit patterns. */
static void test_exact(void **state)
{
	struct buf b = BUF_INIT;
	uint64_t bits = 88172645463325252u;

	(void)state;
	num_exact(&b, 0.1);
	check_text(&b, "0.1");
	num_exact(&b, -0.0);
	check_text(&b, "0");
	num_exact(&b, 1e22);
	check_text(&b, "1e+22");
	for (int i = 0; i < 20000; i++) {
		double v, back;
		size_t len;

		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&v, &bits, sizeof v);
		if (!isfinite(v) || v == 0)
			continue;
		num_exact(&b, v);
		assert_null(num_scan(b.s, &back, &len));
		assert_true(v == back && len == b.len);
		buf_clear(&b);
	}
	buf_release(&b);
}

/* A locale with a decimal comma changes nothing, where one is installed. */
static void test_locale(void **state)
{
	struct buf b = BUF_INIT;
	double v;

	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8") &&
	    !setlocale(LC_ALL, "de_DE.utf8"))
		skip();
	num_human(&b, 0.25, 3);
	buf_addf(&b, " %.1f ", 0.5);
	num_exact(&b, 1.5);
	assert_string_equal(b.s, "0.25 0.5 1.5");
	assert_true(num_parse("2.5", &v) && v == 2.5);
	assert_string_equal(localeconv()->decimal_point, ",");
	setlocale(LC_ALL, "C");
	buf_release(&b);
}

/* --- characters --- */

static void test_utf8_valid(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xc3",
		"\xe2\x82", "a\xc3(", "\xf0\x9f\x98",
	};
	uint32_t cp;
	char out[4];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	assert_true(utf8_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
	assert_int_equal(utf8_decode("\xe2\x82\xac", 3, &cp), 3);
	assert_int_equal(cp, 0x20ac);
	assert_int_equal(utf8_decode("\xe2\x82", 2, &cp), 1);
	assert_int_equal(cp, 0xfffd);
	for (uint32_t c = 1; c < 0x110000; c++) {
		size_t n = utf8_encode(c, out);

		assert_int_equal(utf8_decode(out, n, &cp), n);
		assert_int_equal(cp, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
}

static void test_utf8_width(void **state)
{
	(void)state;
	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width("e\xcc\x81"), 1);           /* e + acute */
	assert_int_equal(utf8_width("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* kanji */
	assert_int_equal(utf8_width("\xf0\x9f\x98\x80"), 2);    /* emoji */
	assert_int_equal(utf8_width("\xea\xb0\x80"), 2);        /* hangul */
	assert_int_equal(utf8_width("\xef\xbd\xb1"), 1); /* half-width kana */
	assert_int_equal(utf8_width("\xff"), 1);
	assert_int_equal(utf8_width("\xe2\x80\x8b"), 0);
	assert_int_equal(utf8_cp_width(0x1b), 0);
	assert_int_equal(utf8_cp_width(0x10fffd), 1);
}

static void test_utf8_safe(void **state)
{
	static const struct {
		const char *raw, *safe;
	} t[] = {
		{ "plain \xc3\xa9", "plain \xc3\xa9" },
		{ "\x1b[31mred", "\\x1b[31mred" },
		{ "\x1b]52;c;eA==\x07", "\\x1b]52;c;eA==\\x07" },
		{ "\x1b]8;;http://x\x1b\\", "\\x1b]8;;http://x\\x1b\\" },
		{ "a\x7f", "a\\x7f" },
		{ "\xc2\x9b" "31m", "\\x9b31m" },       /* C1 as a character */
		{ "\x9b" "31m", "\\x9b31m" },           /* C1 as a byte */
		{ "\xe2\x80\xae" "exe", "\\u202eexe" },
		{ "\xe2\x81\xa6" "x", "\\u2066x" },
		{ "\xf3\xa0\x81\x81", "\\U000e0041" },
		{ "a\nb\tc", "a b c" },
		{ "a\r", "a\\x0d" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xcc\x81", "\\u0301" },
		{ "a\xcc\x81\xcc\x81\xcc\x81", "a\xcc\x81\xcc\x81\xcc\x81" },
		{ "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81" "b",
		  "a\xcc\x81\xcc\x81\xcc\x81\xef\xbf\xbd" "b" },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		utf8_safe(&b, t[i].raw, false);
		check_text(&b, t[i].safe);
	}
	utf8_safe(&b, "a\n\tb\x1b", true);
	check_text(&b, "a\n\tb\\x1b");
	buf_release(&b);
}

static void test_utf8_cut(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	utf8_cut(&b, "abcdef", 6, false);
	check_text(&b, "abcdef");
	utf8_cut(&b, "abcdef", 5, false);
	check_text(&b, "abcd\xe2\x80\xa6");
	utf8_cut(&b, "abcdef", 5, true);
	check_text(&b, "abcd~");
	utf8_cut(&b, "\xe6\xbc\xa2\xe5\xad\x97", 2, true);
	check_text(&b, " ~");
	utf8_cut(&b, "\xe6\xbc\xa2\xe5\xad\x97", 3, true);
	check_text(&b, "\xe6\xbc\xa2~");
	utf8_cut(&b, "ae\xcc\x81", 2, true);
	check_text(&b, "ae\xcc\x81");
	utf8_cut(&b, "abc", 0, true);
	utf8_cut(&b, "abc", -1, true);
	utf8_cut(&b, "abc", 1, true);
	check_text(&b, "~");
	buf_release(&b);
}

/* --- errors --- */

static void test_err(void **state)
{
	struct err err = ERR_INIT, more = ERR_INIT;
	struct pos pos = { "m\x1b.yaml", 3, 7 };
	char *text = NULL;
	size_t n = 0;
	FILE *out;

	(void)state;
	assert_int_equal(err_exit_status(&err), 0);
	assert_false(err_at(&err, ERR_INPUT, pos, "bad '%s'", "\x1b[2J"));
	assert_false(err_add(&more, ERR_IO, "late"));
	err_move(&err, &more);
	assert_false(err_any(&more));
	err_at(&err, ERR_INPUT, (struct pos){ "m\x1b.yaml", 0, 0 }, "whole");
	assert_int_equal(err_exit_status(&err), 3);
	err_sort(&err);
	assert_int_equal(err_exit_status(&err), 7);     /* no file: first */
	out = open_memstream(&text, &n);
	err_print(&err, out, "steelyard");
	fclose(out);
	assert_string_equal(text,
		"steelyard: late\n"
		"steelyard: m\\x1b.yaml: whole\n"
		"steelyard: m\\x1b.yaml:3:7: bad '\\x1b[2J'\n");
	free(text);
	err_clear(&err);
	assert_false(err_at(NULL, ERR_BUG, pos, "nobody listens"));
	assert_string_equal(err_kind_name(ERR_BUG), "bug");
}

static void test_err_overflow(void **state)
{
	static const int status[] = { 2, 3, 4, 5, 6, 7, 70 };
	struct err a = ERR_INIT, b = ERR_INIT;

	(void)state;
	for (int i = 0; i < 15; i++)
		err_add(&a, ERR_INPUT, "a%d", i);
	for (int i = 0; i < 25; i++)
		err_add(&b, ERR_INPUT, "b%d", i);
	assert_int_equal(b.n, ERR_MAX);
	assert_int_equal(b.more, 5);
	err_move(&a, &b);
	assert_int_equal(a.n, ERR_MAX);
	assert_int_equal(a.more, 20);
	assert_string_equal(a.item[19].text, "b4");
	err_clear(&a);
	for (int kind = ERR_USAGE; kind <= ERR_BUG; kind++) {
		err_add(&a, (enum err_kind)kind, "x");
		assert_int_equal(err_exit_status(&a), status[kind]);
		err_clear(&a);
	}
	err_move(NULL, &b);
}

/* --- the clock --- */

static void test_dates(void **state)
{
	static const char *const bad[] = {
		"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10",
		"2026-04-31", "2026-1-1", "2026-11-23 ", "2026/11/23",
		"0000-01-01", "20261123", "2026-11-2x", "2026-01-00",
	};
	char out[21];
	int64_t t, u;

	(void)state;
	assert_true(clock_parse_date("1970-01-01", &t) && t == 0);
	assert_true(clock_parse_date("2000-02-29", &t) && t == 951782400);
	assert_true(clock_parse_date("9999-12-31", &t) && t == 253402214400);
	assert_true(clock_parse_date("0001-01-01", &t) && t == -62135596800);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(clock_parse_date(bad[i], &t));
	clock_format(1000000000, out);
	assert_string_equal(out, "2001-09-09T01:46:40Z");
	clock_format(-1, out);
	assert_string_equal(out, "1969-12-31T23:59:59Z");
	clock_format(2147483648, out);
	assert_string_equal(out, "2038-01-19T03:14:08Z");
	clock_format(INT64_MAX, out);
	assert_string_equal(out, "9999-12-31T23:59:59Z");
	clock_date(INT64_MIN, out);
	assert_string_equal(out, "0001-01-01");
	for (int64_t day = -800000; day < 2900000; day += 37) {
		clock_date(day * 86400, out);
		if (clock_parse_date(out, &u) && day > -719162)
			assert_int_equal(u, day * 86400);
	}
	assert_int_equal(clock_days_between(-1, 0), 1);
	assert_int_equal(clock_days_between(0, 86399), 0);
}

static void test_now(void **state)
{
	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1000000000", 1);
	assert_int_equal(clock_now(), 1000000000);
	setenv("SOURCE_DATE_EPOCH", "nonsense", 1);
	assert_true(clock_now() > 1600000000);
	unsetenv("SOURCE_DATE_EPOCH");
	assert_true(clock_now() > 1600000000);
	assert_true(clock_monotonic_ns() > 0);
}

/* --- digests --- */

static void test_digest(void **state)
{
	char a[DIGEST_HEX], b[DIGEST_HEX];
	struct digest *d;

	(void)state;
	digest_of("abc", 3, a);
	assert_string_equal(a, "ba7816bf8f01cfea414140de5dae2223"
	                       "b00361a396177a9cb410ff61f20015ad");
	digest_of("", 0, a);
	assert_string_equal(a, "e3b0c44298fc1c149afbf4c8996fb924"
	                       "27ae41e4649b934ca495991b7852b855");
	d = digest_new();
	digest_text(d, "ab");
	digest_text(d, "c");
	digest_end(d, a);
	d = digest_new();
	digest_text(d, "a");
	digest_text(d, "bc");
	digest_end(d, b);
	assert_string_not_equal(a, b);
	d = digest_new();
	digest_number(d, -0.0);
	digest_end(d, a);
	d = digest_new();
	digest_number(d, 0);
	digest_end(d, b);
	assert_string_equal(a, b);
	d = digest_new();
	digest_number(d, nextafter(0, 1));
	digest_end(d, b);
	assert_string_not_equal(a, b);
}

/* --- files --- */

static char *scratch(void)
{
	char name[] = "test_base.XXXXXX";
	char cwd[4096];

	assert_non_null(getcwd(cwd, sizeof cwd));
	assert_non_null(mkdtemp(name));
	return path_join(cwd, name);
}

static void test_path_names(void **state)
{
	static const struct {
		const char *path, *dir;
	} t[] = {
		{ "a/b", "a" }, { "a", "." }, { "/a", "/" }, { "/", "/" },
		{ "a//b", "a" }, { "a/b/", "a" }, { "", "." }, { "//a", "/" },
	};
	char *s;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		s = path_dirname(t[i].path);
		assert_string_equal(s, t[i].dir);
		free(s);
	}
	s = path_join("a/", "b");
	assert_string_equal(s, "a/b");
	free(s);
	s = path_join("a", "/b");
	assert_string_equal(s, "/b");
	free(s);
	s = path_join("", "b");
	assert_string_equal(s, "b");
	free(s);
	assert_string_equal(path_basename("x/y.yaml"), "y.yaml");
}

static void check_fails(bool ok, struct err *err, int status, const char *word)
{
	assert_false(ok);
	assert_int_equal(err_exit_status(err), status);
	assert_non_null(strstr(err->item[0].text, word));
	err_clear(err);
}

static void test_read_write(void **state)
{
	char *dir = scratch(), *file = path_join(dir, "f"),
	     *link_path = path_join(dir, "link"),
	     *fifo = path_join(dir, "pipe");
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;
	struct stat st;

	(void)state;
	check_fails(path_read(file, 10, &b, &err), &err, 7, "no such file");
	check_fails(path_read(dir, 10, &b, &err), &err, 7, "folder");
	assert_true(path_write(file, "hello", 5, &err));
	assert_true(path_read(file, 5, &b, &err));
	check_text(&b, "hello");
	check_fails(path_read(file, 4, &b, &err), &err, 6, "larger");
	assert_int_equal(b.len, 0);
	assert_int_equal(chmod(file, 0600), 0);
	assert_true(path_write(file, "x\0y", 3, &err));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(st.st_mode & 07777, 0600);     /* kept */
	assert_int_equal(symlink(file, link_path), 0);
	check_fails(path_write(link_path, "z", 1, &err), &err, 7, "symbolic");
	check_fails(path_write(dir, "z", 1, &err), &err, 7, "folder");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_fails(path_read(fifo, 10, &b, &err), &err, 7, "regular");
	check_fails(path_write(fifo, "z", 1, &err), &err, 7, "regular");
	assert_int_equal(unlink(fifo) | unlink(link_path) | unlink(file), 0);
	assert_int_equal(rmdir(dir), 0);        /* no temporary file is left */
	buf_release(&b);
	free(fifo);
	free(link_path);
	free(file);
	free(dir);
}

/* A file that cannot grow stands in for a full disk: what was there stays
 * whole, and nothing half-written stays beside it. */
static void test_write_fails(void **state)
{
	char *dir = scratch(), *file = path_join(dir, "f");
	static const char big[8192];
	struct rlimit before, small = { 4096, 4096 };
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	check_fails(path_write("no/such/folder/f", "x", 1, &err), &err, 7,
	            "cannot open this folder");
	assert_true(path_write(file, "old", 3, &err));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	check_fails(path_write(file, big, sizeof big, &err), &err, 7,
	            "cannot write");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_true(path_read(file, 10, &b, &err));
	check_text(&b, "old");
	unlink(file);
	assert_int_equal(rmdir(dir), 0);
	buf_release(&b);
	free(file);
	free(dir);
}

static void test_make_dirs(void **state)
{
	char *dir = scratch(), *deep = path_join(dir, "a/b//c/"),
	     *file = path_join(dir, "a/f"), *under = path_join(dir, "a/f/x");
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	assert_true(path_make_dirs(deep, &err));
	assert_true(path_make_dirs(deep, &err));
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_true(path_write(file, "", 0, &err));
	check_fails(path_make_dirs(under, &err), &err, 7, "in the way");
	unlink(file);
	rmdir(deep);
	free(deep);
	deep = path_join(dir, "a/b");
	rmdir(deep);
	free(deep);
	deep = path_join(dir, "a");
	rmdir(deep);
	assert_int_equal(rmdir(dir), 0);
	free(deep);
	free(under);
	free(file);
	free(dir);
}

static void test_xdg(void **state)
{
	struct err err = ERR_INIT;
	char *s;

	(void)state;
	setenv("HOME", "/home/u", 1);
	setenv("XDG_DATA_HOME", "relative", 1);
	setenv("XDG_CONFIG_HOME", "/c", 1);
	unsetenv("XDG_STATE_HOME");
	s = path_xdg_data("store.db", &err);
	assert_string_equal(s, "/home/u/.local/share/steelyard/store.db");
	free(s);
	s = path_xdg_config(NULL, &err);
	assert_string_equal(s, "/c/steelyard");
	free(s);
	s = path_xdg_state("x", &err);
	assert_string_equal(s, "/home/u/.local/state/steelyard/x");
	free(s);
	unsetenv("HOME");
	check_fails(path_xdg_state("x", &err), &err, 7, "XDG_STATE_HOME");
}

static void test_data_dir(void **state)
{
	char *dir = scratch(), *models = path_join(dir, "models"),
	     *file = path_join(models, "units.xml"), *found;
	struct err err = ERR_INIT;

	(void)state;
	setenv("STEELYARD_DATA", dir, 1);
	check_fails(path_data_dir(&err) != NULL, &err, 7, "STEELYARD_DATA");
	assert_true(path_make_dirs(models, &err));
	assert_true(path_write(file, "x", 1, &err));
	found = path_data_dir(&err);
	assert_string_equal(found, dir);
	free(found);
	unsetenv("STEELYARD_DATA");
	unlink(file);
	rmdir(models);
	assert_int_equal(rmdir(dir), 0);
	free(file);
	free(models);
	free(dir);
}

/* --- words --- */

static void test_words(void **state)
{
	static const char *const known[] = { "parameters", "presets", "title",
		"unit", NULL };

	(void)state;
	assert_int_equal(text_distance("abc", "abc", 2), 0);
	assert_int_equal(text_distance("abc", "acb", 2), 1);
	assert_int_equal(text_distance("kitten", "sitting", 3), 3);
	assert_int_equal(text_distance("kitten", "sitting", 2), 3);
	assert_int_equal(text_distance("", "ab", 2), 2);
	assert_string_equal(text_nearest("paramters", known), "parameters");
	assert_string_equal(text_nearest("tilte", known), "title");
	assert_null(text_nearest("x", known));
	assert_null(text_nearest("", known));
	assert_null(text_nearest("horizon", known));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena), cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_buf), cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_refuses),
		cmocka_unit_test(test_parse), cmocka_unit_test(test_human),
		cmocka_unit_test(test_money_and_prob),
		cmocka_unit_test(test_exact), cmocka_unit_test(test_locale),
		cmocka_unit_test(test_utf8_valid),
		cmocka_unit_test(test_utf8_width),
		cmocka_unit_test(test_utf8_safe),
		cmocka_unit_test(test_utf8_cut), cmocka_unit_test(test_err),
		cmocka_unit_test(test_err_overflow),
		cmocka_unit_test(test_dates), cmocka_unit_test(test_now),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_path_names),
		cmocka_unit_test(test_read_write),
		cmocka_unit_test(test_write_fails),
		cmocka_unit_test(test_make_dirs), cmocka_unit_test(test_xdg),
		cmocka_unit_test(test_data_dir), cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
