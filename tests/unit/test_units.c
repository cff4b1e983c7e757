/*
 * src/units with the shipped models/units.xml.  Scales are the definitions:
 * 730 h a month, 8760 h a year, SI prefixes; each expectation is written as
 * the arithmetic that gives it.
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
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "units/units.h"

static struct units *units;

static int setup(void **state)
{
	struct err err = ERR_INIT;
	char *dir = path_data_dir(&err), *path;

	(void)state;
	if (dir) {
		path = path_join(dir, "models/units.xml");
		units = units_open(path, &err);
		free(path);
	}
	err_print(&err, stderr, "test_units");
	err_clear(&err);
	free(dir);
	return units ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	units_free(units);
	return 0;
}

static struct unit parse(const char *text)
{
	struct unit u = unit_one();
	const char *wrong = unit_parse(units, text, &u);

	if (wrong)
		fail_msg("%s: %s", text, wrong);
	return u;
}

static void check_describes(const struct unit *u, const char *expected)
{
	struct buf b = BUF_INIT;

	unit_describe(units, u, &b);
	assert_string_equal(b.s, expected);
	buf_release(&b);
}

/* One unit in the last place: udunits2 multiplies factor by factor. */
static void check_scale(double got, double expected)
{
	assert_true(fabs(got - expected) <= 2.3e-16 * fabs(expected));
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		double scale;
		const char *dims;
	} t[] = {
		{ "1", 1, "1" }, { "%", 0.01, "1" }, { "percent", 0.01, "1" },
		{ "point", 1, "point" }, { "points", 1, "point" },
		{ "USD/Mtoken", 1e-6, "USD/token" },
		{ "USD/Mtok", 1e-6, "USD/token" },
		{ "kreq/min", 1000.0 / 60, "request/s" },
		{ "request/day", 1.0 / 86400, "request/s" },
		{ "request/s/GPU", 1, "request/s/GPU" },
		{ "USD/year/FTE", 1.0 / 31536000, "USD/s/FTE" },
		{ "USD/month", 1.0 / 2628000, "USD/s" },
		{ "h/month/FTE", 3600.0 / 2628000, "1/FTE" },
		{ "h/day", 3600.0 / 86400, "1" },
		{ "USD/h/GPU", 1.0 / 3600, "USD/s/GPU" },
		{ "USD/(h*GPU)", 1.0 / 3600, "USD/s/GPU" },
		{ "USD / h * GPU", 1.0 / 3600, "USD*GPU/s" },
		{ "min/item", 60, "s/item" }, { "s/token", 1, "s/token" },
		{ "1/month", 1.0 / 2628000, "1/s" }, { "GPU*h", 3600, "s*GPU" },
		{ "ms", 1e-3, "s" }, { "us", 1e-6, "s" }, { "ns", 1e-9, "s" },
		{ "s", 1, "s" }, { "sec", 1, "s" }, { "seconds", 1, "s" },
		{ "min", 60, "s" }, { "minutes", 60, "s" },
		{ "h", 3600, "s" }, { "hr", 3600, "s" }, { "hours", 3600, "s" },
		{ "d", 86400, "s" }, { "day", 86400, "s" },
		{ "days", 86400, "s" }, { "week", 604800, "s" },
		{ "month", 730.0 * 3600, "s" }, { "months", 2628000, "s" },
		{ "quarter", 3 * 2628000, "s" },
		{ "year", 8760.0 * 3600, "s" }, { "yr", 31536000, "s" },
		{ "token", 1, "token" }, { "tok", 1, "token" },
		{ "tokens", 1, "token" }, { "ktok", 1e3, "token" },
		{ "Gtoken", 1e9, "token" }, { "Ttoken", 1e12, "token" },
		{ "req", 1, "request" }, { "requests", 1, "request" },
		{ "Mreq", 1e6, "request" }, { "items", 1, "item" },
		{ "klabel", 1e3, "label" }, { "labels", 1, "label" },
		{ "person", 1, "FTE" }, { "people", 1, "FTE" },
		{ "FTE", 1, "FTE" }, { "GPU", 1, "GPU" }, { "GPUs", 1, "GPU" },
		{ "replicas", 1, "replica" }, { "GB", 1e9, "B" },
		{ "MB/s", 1e6, "B/s" }, { "USD", 1, "USD" },
		{ "dollars", 1, "USD" }, { "kUSD", 1e3, "USD" },
		{ "mUSD", 1e-3, "USD" }, { "cent", 0.01, "USD" },
		{ "cents/ktok", 1e-5, "USD/token" }, { "kWh", 3.6e6, "J" },
		{ "W", 1, "J/s" }, { "kW", 1e3, "J/s" }, { "run", 1, "run" },
		{ "incidents/month", 1.0 / 2628000, "incident/s" },
		{ "s^2", 1, "s^2" }, { "h^-1", 1.0 / 3600, "1/s" },
		{ "(USD/h)^2", 1.0 / 3600 / 3600, "USD^2/s^2" },
		{ " USD / Mtoken ", 1e-6, "USD/token" }, { "s ^ 2", 1, "s^2" },
		{ "1/1", 1, "1" }, { "%/month", 0.01 / 2628000, "1/s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct unit u = parse(t[i].text);

		if (fabs(u.scale / t[i].scale - 1) > 1e-15)
			print_error("%s: %.17g\n", t[i].text, u.scale);
		check_scale(u.scale, t[i].scale);
		check_describes(&u, t[i].dims);
	}
}

static void test_refuses(void **state)
{
	static const struct {
		const char *text, *says;
	} t[] = {
		{ "", "empty" }, { "   ", "empty" },
		{ "tokn", "did you mean 'token'" },
		{ "gpu", "did you mean 'GPU'" },
		{ "usd", "did you mean 'USD'" },
		{ "H", "did you mean 'h'" }, { "Day", "did you mean 'day'" },
		{ "minuts", "did you mean 'minute" },
		{ "Kreq", "did you mean 'kreq'" },
		{ "Mtokn", "did you mean 'Mtoken'" },
		{ "mtokn", "did you mean 'Mtoken'" },
		{ "USD/furlong", "'furlong' is not a known unit" },
		/* prefixes that would parse as something absurd */
		{ "mtoken", "did you mean 'Mtoken'" },
		{ "mtok", "did you mean 'Mtok'" },
		{ "USD/mreq", "did you mean 'Mreq'" },
		{ "nitem", "without 'n'" }, { "uGPU", "without 'u'" },
		{ "Ms", "a million of 's'" }, { "ks", "without 'k'" },
		{ "kh", "without 'k'" }, { "Mday", "without 'M'" },
		{ "mmin", "mmin" }, { "mh", "mh" }, { "nUSD", "nUSD" },
		{ "kpoint", "without 'k'" }, { "mpoint", "mpoint" },
		{ "kpercent", "without 'k'" }, { "Tmonth", "without 'T'" },
		{ "kcent", "without 'k'" }, { "mB", "did you mean 'MB'" },
		{ "k", "not a known" }, { "M", "not a known" },
		{ "PT", "not a known" }, { "mo", "not a known" },
		{ "m", "not a known" }, { "kkreq", "not a known" },
		{ "T", "not a known" }, { "mins", "did you mean 'min'" },
		/* udunits2's grammar beyond ours */
		{ "USD/1000 request", "no number but 1" },
		{ "USD request", "'*' or '/'" }, { "USD per token", "'*' or" },
		{ "per", "write '/'" }, { "2", "no number but 1" },
		{ "1e6 token", "no number" }, { "1.5", "holds '.'" },
		{ "s2", "not a known unit" }, { "s**2", "something else" },
		{ "s since 1970-01-01", "'*' or '/'" }, { "s@0", "holds '@'" },
		{ "log(s)", "'log'" }, { "lg(re", "'lg'" },
		{ "USD//h", "something else" }, { "USD/", "should follow" },
		{ "/h", "something else" }, { "(USD", "lacks a ')'" },
		{ "USD)", "holds ')'" }, { "()", "something else" },
		{ "USD^", "whole number" }, { "USD^1.5", "whole number" },
		{ "USD^x", "whole number" }, { "USD^+2", "whole number" },
		{ "USD^10", "beyond 9" }, { "USD^99999999999999999999",
		  "beyond 9" },
		{ "%%", "'*' or '/'" }, { "5%", "no number" },
		{ "\xc2\xb5s", "not a known unit" }, { "USD\n", "holds" },
		{ "\x1b[31m", "something else" },
		{ "USD\x1b", "\\x1b" }, { "US\xff\x1b", "\\xff" },
		{ "USD;h", "holds ';'" },
		{ "(((((((((s)))))))))", "nested" },
		{ "(s^9)^9", "too large a power" },
		{ "(TB^9)^3", "too large" },
	};
	struct unit u = { .scale = 42 };

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const char *wrong = unit_parse(units, t[i].text, &u);

		if (!wrong || !strstr(wrong, t[i].says))
			fail_msg("'%s': %s", t[i].text, wrong ? wrong : "fine");
		assert_null(strchr(wrong, '\x1b'));
	}
	assert_true(u.scale == 42);
}

/* Whatever bytes come: a phrase or a unit with a sane scale. */
static void test_any_text(void **state)
{
	static const char *const bits[] = { "USD", "/", "*", "^", "(", ")", "1",
		"%", "k", "m", "token", "s", " ", "-2", "9", "h", "M", ".",
		"\xff", "per", "@", "3", "FTE" };
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		struct buf b = BUF_INIT;
		struct unit u = unit_one();

		for (int n = i % 8; n >= 0; n--) {
			seed = seed * 1664525 + 1013904223;
			buf_add(&b, bits[(seed >> 16) %
			                 (sizeof bits / sizeof *bits)]);
		}
		if (!unit_parse(units, b.s, &u))
			assert_true(isnormal(u.scale) && u.scale > 0);
		buf_release(&b);
	}
	for (int n = 199; n < 4000; n += 900) {
		struct buf b = BUF_INIT;
		struct unit u;

		buf_pad(&b, '(', n);
		assert_non_null(unit_parse(units, b.s, &u));
		buf_release(&b);
	}
}

static void test_kinds(void **state)
{
	static const struct {
		const char *text;
		bool number, count, time, money, rate;
	} t[] = {
		{ "1", true, true, false, false, false },
		{ "%", true, true, false, false, false },
		{ "h/day", true, true, false, false, false },
		{ "token", false, true, false, false, false },
		{ "kreq", false, true, false, false, false },
		{ "FTE", false, true, false, false, false },
		{ "replica", false, true, false, false, false },
		{ "token^2", false, false, false, false, false },
		{ "1/token", false, false, false, false, false },
		{ "token/s", false, false, false, false, false },
		{ "s", false, false, true, false, false },
		{ "month", false, false, true, false, false },
		{ "USD", false, false, false, true, false },
		{ "cent", false, false, false, true, false },
		{ "USD/month", false, false, false, false, true },
		{ "USD/month/FTE", false, false, false, false, false },
		{ "point", false, false, false, false, false },
		{ "GB", false, false, false, false, false },
		{ "J", false, false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct unit u = parse(t[i].text);

		assert_int_equal(unit_is_number(&u), t[i].number);
		assert_int_equal(unit_is_count(units, &u), t[i].count);
		assert_int_equal(unit_is_time(units, &u), t[i].time);
		assert_int_equal(unit_is_money(units, &u), t[i].money);
		assert_int_equal(unit_is_money_rate(units, &u), t[i].rate);
	}
}

static void test_algebra(void **state)
{
	struct unit usd = parse("USD"), month = parse("month"),
	            rate = unit_div(&usd, &month), back, root, x;
	struct buf b = BUF_INIT;

	(void)state;
	assert_true(unit_is_money_rate(units, &rate));
	check_scale(rate.scale, 1.0 / 2628000);
	back = unit_mul(&rate, &month);
	assert_true(unit_same(&back, &usd));
	check_scale(back.scale, 1);
	assert_true(unit_pow(&month, 1, 2, &root));
	check_describes(&root, "s^(1/2)");
	check_scale(root.scale, sqrt(2628000));
	back = unit_mul(&root, &root);
	assert_true(unit_same(&back, &month));
	assert_true(unit_pow(&month, -3, 2, &x));
	check_describes(&x, "1/s^(3/2)");
	assert_true(unit_pow(&root, 4, 2, &x) && unit_same(&x, &month));
	assert_true(unit_pow(&month, -2, -2, &x) && unit_same(&x, &month));
	assert_true(unit_pow(&month, 0, 1, &x) && unit_is_number(&x));
	assert_true(x.scale == 1);
	assert_false(unit_pow(&root, 1, 2, &x));        /* a quarter */
	assert_false(unit_pow(&month, 1, 3, &x));
	assert_false(unit_pow(&month, 1, 0, &x));
	assert_false(unit_pow(&month, 61, 1, &x));
	assert_false(unit_pow(&month, 2000000000, 1, &x));
	x = unit_one();
	for (int i = 0; i < 500; i++)           /* saturates, never wraps */
		x = unit_mul(&x, &usd);
	for (int i = 0; i < 100; i++)
		x = unit_div(&x, &usd);
	assert_true(x.half[0] < 0 || x.half[0] == -80);
	x = unit_one();
	assert_true(unit_is_number(&x) && x.scale == 1);
	buf_release(&b);
}

/* udunits2 keeps prefixes by the address of their system: opening again, at
 * whatever address, must give the same units. */
static void test_reopen(void **state)
{
	struct err err = ERR_INIT;
	char *dir = path_data_dir(&err),
	     *path = path_join(dir, "models/units.xml");
	struct unit u;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct units *again = units_open(path, &err);

		err_print(&err, stderr, "test_units");
		assert_non_null(again);
		assert_null(unit_parse(again, "USD/Mtoken", &u));
		assert_true(u.scale == 1e-6);
		units_free(again);
	}
	free(path);
	free(dir);
}

/* --- the file --- */

static void check_file(const char *xml, int status, const char *word)
{
	static const char name[] = "test_units.tmp.xml";
	struct err err = ERR_INIT;
	struct units *u;

	assert_true(path_write(name, xml, strlen(xml), &err));
	u = units_open(name, &err);
	unlink(name);
	if (!status) {
		assert_non_null(u);
		units_free(u);
		return;
	}
	assert_null(u);
	assert_int_equal(err_exit_status(&err), status);
	if (!strstr(err.item[0].text, word))
		fail_msg("%s", err.item[0].text);
	err_clear(&err);
}

#define BASE(name, symbol) "<unit><base/><name><singular>" name \
	"</singular></name><symbol>" symbol "</symbol></unit>"
#define SYSTEM(body) "<unit-system>" body "</unit-system>"

static void test_file(void **state)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	check_file(SYSTEM(BASE("second", "s") BASE("dollar", "USD")), 0, NULL);
	check_file(SYSTEM(BASE("second", "s") "<!--" BASE("dollar", "USD")
	           "-->"), 3, "must declare");
	check_file("", 3, "must declare");
	check_file("nonsense", 3, "must declare");
	check_file(SYSTEM(BASE("second", "s") BASE("dollar", "USD"))
	           "<x>", 3, "unit file");
	check_file("<unit-system><unit><base/>", 3, "not closed");
	check_file(SYSTEM("<unit><base/></unit>"), 3, "name and a symbol");
	check_file(SYSTEM(BASE("second", "s") BASE("dollar", "USD")
	           "<unit><def>3 furlong</def><symbol>q</symbol></unit>"), 3,
	           "unit file");
	buf_add(&b, "<unit-system>");
	for (int i = 0; i <= UNIT_DIMS; i++)
		buf_addf(&b, BASE("name%d", "s%d"), i, i);
	buf_add(&b, "</unit-system>");
	check_file(b.s, 3, "at most");
	buf_release(&b);
	assert_null(units_open("no/such/units.xml", &err));
	assert_int_equal(err_exit_status(&err), 7);
	err_clear(&err);
	units_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_any_text), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_algebra), cmocka_unit_test(test_reopen),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
