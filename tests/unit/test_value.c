/*
 * src/dist: value texts.  What a person may type, and for what is wrong the
 * column and the words that say what would be right.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "dist/dist.h"
#include "units_arena.h"

#define LENGTH(a) (sizeof (a) / sizeof *(a))
#define COLUMN 10                       /* where the texts begin */

static struct dist *parse(const char *unit, const char *text, struct err *err)
{
	struct unit u;
	struct pos pos = { "model.yaml", 3, COLUMN };

	assert_null(unit_parse(units, unit, &u));
	return dist_parse_as(arena, units, text, &u, unit, NULL, pos, err);
}

/* What is right: kind, and the median in base units. */
static const struct {
	const char *unit, *text;
	enum dist_kind kind;
	double median;
} good[] = {
	{ "1", "120k", DIST_POINT, 120000 },
	{ "1", "  -7.5e-3 ", DIST_POINT, -0.0075 },
	{ "1", "5 %", DIST_POINT, 0.05 },
	{ "1", "5%", DIST_POINT, 0.05 },
	{ "%", "5", DIST_POINT, 0.05 },
	{ "%", "5 %", DIST_POINT, 0.05 },
	{ "USD/Mtoken", "0.15", DIST_POINT, 0.15e-6 },
	{ "USD/Mtoken", "0.15 USD/ktoken", DIST_POINT, 0.15e-3 },
	{ "s", "5 min", DIST_POINT, 300 },
	{ "1/month", "2 1/month", DIST_POINT, 2 / (730 * 3600.0) },
	{ "1", "1 to 100", DIST_LOGNORMAL, 10 },
	{ "1", "-1 to 5", DIST_NORMAL, 2 },
	{ "s", "1 to 4 min", DIST_LOGNORMAL, 120 },
	{ "s", "1 s to 4 min", DIST_LOGNORMAL, 15.491933384829668 },
	{ "%", "1 to 4", DIST_LOGNORMAL, 0.02 },
	{ "1", "1 % to 4 %", DIST_LOGNORMAL, 0.02 },
	{ "USD", "20k to 125k", DIST_LOGNORMAL, 50000 },
	{ "USD/h", "normal(7200, 100)", DIST_NORMAL, 2 },
	{ "USD", "normal(1, 2) kUSD", DIST_NORMAL, 1000 },
	{ "USD", "normal(1 kUSD, 2 USD)", DIST_NORMAL, 1000 },
	{ "USD/h", "uniform(0, 2) USD/s", DIST_UNIFORM, 1 },
	{ "1", "lognormal(20, 50 %)", DIST_LOGNORMAL, 20 },
	{ "1", "triangular(0.4, 0.5, 0.5)", DIST_TRIANGULAR, 0 },
	{ "1", "pert(1,1,3)", DIST_PERT, 0 },
	{ "%", "beta(3, 3)", DIST_BETA, 0.5 },
	{ "USD", "beta(3, 3)", DIST_BETA, 0.5 },
	{ "USD", "beta(3, 3) kUSD", DIST_BETA, 500 },
	{ "1/month", "gamma(1, 1)", DIST_GAMMA,
	  0.69314718055994531 / (730 * 3600.0) },
	{ "s", "weibull(1, 1) min", DIST_WEIBULL, 41.588830833596719 },
	{ "USD", "student_t(4)", DIST_STUDENT_T, 0 },
	{ "USD", "student_t(4, 10, 2) kUSD", DIST_STUDENT_T, 10000 },
	{ "1", "bernoulli(70 %)", DIST_BERNOULLI, 1 },
	{ "request", "poisson(2.5)", DIST_POISSON, 2 },
	{ "1", "loguniform(1e-4, 1e-2)", DIST_LOGUNIFORM, 1e-3 },
	{ "1", "discrete(0: 0.2, 1: 0.6, 2: 0.2)", DIST_DISCRETE, 1 },
	{ "1", "discrete(0: 20 %, 1: 60 %, 2: 20 %)", DIST_DISCRETE, 1 },
	{ "s", "discrete(1: 0.25, 2: 0.75) min", DIST_DISCRETE, 120 },
	{ "1", "mixture(1: normal(3, 1))", DIST_MIXTURE, 3 },
	{ "s", "mixture(0.5: 1 s, 0.5: mixture(1: 3 s)) min", DIST_DISCRETE,
	  1 },
	{ "s", "truncate(normal(0, 1), -2, 2) min", DIST_TRUNCATED, 0 },
	{ "1", "jqpd(10, 20, 40)", DIST_JQPD, 20 },
	{ "USD", "metalog(10, 20, 40) kUSD", DIST_METALOG, 20000 },
	{ "1", " normal ( 1 , 2 ) ", DIST_NORMAL, 1 },
	{ "1", "60,000", DIST_POINT, 60000 },
	{ "1", "-1,250,000.5", DIST_POINT, -1250000.5 },
	{ "1", "60 000", DIST_POINT, 60000 },
	{ "s", "1,200 min", DIST_POINT, 72000 },
	{ "1", "10,000 to 1,000,000", DIST_LOGNORMAL, 100000 },
	{ "1", "pert(100,200,300)", DIST_PERT, 200 },
	{ "1/year", "10 %", DIST_POINT, 0.1 / (8760 * 3600.0) },
	{ "1/month", "10%", DIST_POINT, 0.1 / (730 * 3600.0) },
	{ "%/year", "10 %", DIST_POINT, 0.1 / (8760 * 3600.0) },
	{ "1/year", "-10 % to 30 %", DIST_NORMAL, 0.1 / (8760 * 3600.0) },
	{ "1/year", "-10 to 30 %", DIST_NORMAL, 0.1 / (8760 * 3600.0) },
	{ "1/year", "pert(5 %, 10 %, 15 %)", DIST_PERT,
	  0.1 / (8760 * 3600.0) },
};

/* As the program writes it from then on. */
static const struct { const char *unit, *text, *tidy; } echoed[] = {
	{ "1/year", "10 %", "10 %/year" },
	{ "1/year", "10% to 1,000 %", "10%/year to 1000 %/year" },
	{ "1/year", "10 to 20 %", "10 to 20 %/year" },
	{ "1/year", "10 %/month", "10 %/month" },
	{ "1", "10 %", "10 %" },
	{ "request/day", "60,000 to 1 250 000", "60000 to 1250000" },
	{ "request/day", "7 1/s", NULL },
	{ "1/s", "7 1/s", "7 1/s" },
	{ "1", "pert(100,200,300)", "pert(100,200,300)" },
};

static void test_echo(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(echoed); i++) {
		struct err err = ERR_INIT;
		struct dist *d = parse(echoed[i].unit, echoed[i].text, &err);

		assert_int_equal(d != NULL, echoed[i].tidy != NULL);
		if (d)
			assert_string_equal(d->text, echoed[i].tidy);
		err_clear(&err);
	}
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		struct err err = ERR_INIT;
		struct dist *d = parse(good[i].unit, good[i].text, &err);
		double median;

		err_print(&err, stderr, good[i].text);
		assert_non_null(d);
		assert_int_equal(d->kind, good[i].kind);
		median = dist_quantile(d, 0.5);
		if (good[i].median != 0 &&
		    !(fabs(median - good[i].median) <= 4e-16 *
		      fabs(good[i].median) * 4)) {
			print_error("%s: median %.17g\n", good[i].text,
			            median);
			fail();
		}
	}
}

/* What is wrong: the offset from the text's beginning, and words of the
 * finding. */
static const struct {
	const char *unit, *text;
	int at;
	const char *words;
} bad[] = {
	{ "1", "", 0, "a value is missing" },
	{ "1", "   ", 0, "a value is missing" },
	{ "1", "foo", 0, "neither a number nor a distribution" },
	{ "1", "nromal(1, 2)", 0, "did you mean 'normal'?" },
	{ "1", "NaN", 0, "neither a number" },
	{ "1", "inf", 0, "neither a number" },
	{ "1", "-inf", 0, "not a number" },
	{ "1", "1e999", 0, "too large" },
	{ "1", "1_000", 0, "underscore" },
	{ "1", "0x10", 0, "not a decimal number" },
	{ "1", "5 6", 2, "a range is written A to B" },
	{ "1", "5-10", 1, "a range is written A to B" },
	{ "1", "5 to", 4, "a number is missing" },
	{ "1", "to 5", 0, "neither a number" },
	{ "1", "5 % to 10", 2, "behind the second number, or behind both" },
	{ "1", "250k to 20k", 8, "write the smaller number first" },
	{ "1", "3 to 3", 5, "write the number alone" },
	{ "1", "1 to 2 to 3", 7, "left over" },
	{ "USD", "5 token", 2, "the parameter is in USD" },
	{ "USD", "1 to 5 token", 7, "the parameter is in USD" },
	{ "USD", "5 dollarz", 2, "dollarz" },
	{ "USD", "normal(1, 2 token)", 12, "the parameter is in USD" },
	{ "USD", "normal(1, 2) token", 13, "the parameter is in USD" },
	{ "1", "normal(10, -2)", 11, "sd of normal(mean, sd) must be above" },
	{ "1", "normal(10, 0)", 11, "must be above 0" },
	{ "1", "normal(10)", 0, "takes (mean, sd), not 1 argument" },
	{ "1", "normal()", 0, "takes (mean, sd), not 0 arguments" },
	{ "1", "normal(1, 2, 3)", 0, "takes (mean, sd), not 3 arguments" },
	{ "1", "normal(1, 2", 0, "never closed" },
	{ "1", "normal(1, 2))", 12, "left over" },
	{ "1", "normal(1; 2)", 8, "" },
	{ "1", "normal 1, 2", 7, "'(' expected" },
	{ "1", "normal", 6, "'(' is missing" },
	{ "1", "lognormal(-1, 1)", 10, "median of lognormal" },
	{ "1", "lognormal(1, 0)", 13, "sigma of lognormal" },
	{ "USD", "lognormal(1, 2 USD)", 15, "a plain number stands here" },
	{ "1", "uniform(2, 1)", 11, "must be above the low end" },
	{ "1", "loguniform(-1, 2)", 11, "low end of loguniform" },
	{ "1", "triangular(1, 0, 2)", 14, "mode is below the low end" },
	{ "1", "triangular(1, 3, 2)", 14, "mode is above the high end" },
	{ "1", "pert(1, 1, 1)", 11, "high end must be above" },
	{ "1", "pert(1, 2)", 0, "takes (low, mode, high), not 2" },
	{ "1", "beta(0, 1)", 5, "first shape of beta(a, b) must be above 0" },
	{ "1", "beta(1, -1)", 8, "second shape of beta(a, b)" },
	{ "1", "beta(1, 1e9)", 8, "at most 1e+08" },
	{ "%", "beta(2, 98) %", 0, "write it without a unit" },
	{ "1", "gamma(0, 1)", 6, "shape of gamma" },
	{ "1", "weibull(1, 0)", 11, "scale of weibull" },
	{ "1", "student_t(2)", 10, "more than 2 degrees of freedom" },
	{ "1", "student_t(3, 1)", 0, "takes (degrees of freedom, location" },
	{ "1", "student_t(3, 1, 0)", 16, "scale of student_t" },
	{ "1", "bernoulli(1.5)", 10, "between 0 and 1" },
	{ "1", "poisson(0)", 8, "mean of poisson(mean) must be above 0" },
	{ "1", "poisson(4e6)", 8, "normal(4e+06, 2000)" },
	{ "1", "discrete(0: 0.2, 1: 0.7)", 0, "sum to 0.9, not to 1" },
	{ "1", "discrete(0: 0.5, 1: 0.51)", 0, "sum to 1.01, not to 1" },
	{ "1", "discrete(0: -0.2, 1: 1.2)", 12, "must be above 0" },
	{ "1", "discrete(0: 0, 1: 1)", 12, "leave out what cannot happen" },
	{ "1", "discrete(1: 0.5, 1: 0.5)", 17, "stands here twice" },
	{ "1", "discrete(1, 2)", 10, "between value and weight" },
	{ "1", "discrete()", 9, "" },
	{ "1", "mixture(1 to 2)", 10, "between weight and distribution" },
	{ "1", "mixture(0.5: 1 to 2, 0.4: 3)", 0, "sum to 0.9, not to 1" },
	{ "1", "mixture(0.5: 1 to 2, 0.5: beta(0, 1))", 31, "must be above" },
	{ "1", "truncate(normal(0, 1), 2, 1)", 26, "must be above the low" },
	{ "1", "truncate(normal(0, 1), 50, 60)", 0, "one part in 1e9" },
	{ "1", "truncate(5, 1, 9)", 0, "single number" },
	{ "1", "truncate(normal(0, 1), 2)", 24, "behind truncate's low end" },
	{ "1", "jqpd(10, 20, 15)", 13, "quantiles must rise" },
	{ "1", "metalog(2, 3, 9)", 0, "a J-QPD is always possible" },
	{ "1", "normal(1e308, 1e308)", 0, "range of numbers" },
	{ "1", "lognormal(1, 100)", 0, "range of numbers" },
	{ "1", "empirical(1)", 0, "a table's column" },
	{ "1", "number(1)", 0, "neither a number" },
	{ "1", "1,5", 1, "with a point (1.5)" },
	{ "1", "0,500", 1, "three digits (60,000)" },
	{ "1", "60,000,00", 6, "three digits (60,000)" },
	{ "1", "1000,000", 4, "three digits (60,000)" },
	{ "1", "60 0000", 3, "a range is written A to B" },
	{ "USD/h", "$2.1/h", 0, "2.10 USD" },
	{ "USD", "2.1 $", 4, "2.10 USD" },
	{ "1", "2.5 million", 4, "1.5M" },
	{ "1", "2 M", 2, "without a blank: 2M" },
	{ "request/day", "500/day", 3, "the parameter is in request/day" },
	{ "request/day", "10 %", 3, "the parameter is in request/day" },
	{ "1/label", "10 %", 3, "the parameter is in 1/label" },
	{ "USD/month", "10 %/month", 3, "the parameter is in USD/month" },
};

static void expect_bad(const char *unit, const char *text, int at,
                       const char *words)
{
	struct err err = ERR_INIT;
	struct dist *d = parse(unit, text, &err);

	if (d || err.n != 1 || err.item[0].kind != ERR_INPUT ||
	    err.item[0].col != COLUMN + at || err.item[0].line != 3 ||
	    !strstr(err.item[0].text, words)) {
		print_error("[%s]: wanted column %d and '%s'\n", text,
		            COLUMN + at, words);
		err_print(&err, stderr, "got");
		fail();
	}
	err_clear(&err);
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		expect_bad(bad[i].unit, bad[i].text, bad[i].at, bad[i].words);
}

/* `item` n times, joined by commas, inside `name(...)`. */
static char *repeated(const char *name, int n, double weight, bool mixture)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s(", name);
	for (int i = 0; i < n; i++) {
		if (mixture)
			buf_addf(&b, "%s%.17g: %d to %d", i ? ", " : "",
			         weight, i + 1, i + 2);
		else
			buf_addf(&b, "%s%d: %.17g", i ? ", " : "", i, weight);
	}
	buf_addc(&b, ')');
	return buf_detach(&b);
}

static void test_limits(void **state)
{
	struct err err = ERR_INIT;
	char *text = repeated("discrete", 256, 1.0 / 256, false);
	struct buf deep = BUF_INIT;

	(void)state;
	assert_non_null(parse("1", text, &err));
	free(text);
	text = repeated("discrete", 257, 1.0 / 257, false);
	assert_null(parse("1", text, &err));
	assert_non_null(strstr(err.item[0].text, "more than 256 values"));
	err_clear(&err);
	free(text);
	text = repeated("mixture", 33, 1.0 / 33, true);
	assert_null(parse("1", text, &err));
	assert_non_null(strstr(err.item[0].text, "more than 32 parts"));
	err_clear(&err);
	free(text);
	for (int i = 0; i < 20; i++)
		buf_add(&deep, "mixture(1: ");
	buf_add(&deep, "1 to 2");
	for (int i = 0; i < 20; i++)
		buf_addc(&deep, ')');
	assert_null(parse("1", deep.s, &err));
	assert_non_null(strstr(err.item[0].text, "nested deeper than 8"));
	err_clear(&err);
	buf_release(&deep);
}

/* Weights that are off by rounding are scaled; the text is kept as typed. */
static void test_kept(void **state)
{
	struct err err = ERR_INIT;
	struct dist *d = parse("1", " discrete(0: 0.3333333, 1: 0.6666666) ",
	                       &err);

	(void)state;
	assert_non_null(d);
	assert_true(d->weight[0] + d->weight[1] == 1);
	assert_string_equal(d->text, "discrete(0: 0.3333333, 1: 0.6666666)");
	d = parse("USD", "mixture(0.5: 1 to 2, 0.5: 3 to 4) kUSD", &err);
	assert_non_null(d);
	assert_string_equal(d->text, "mixture(0.5: 1 to 2, 0.5: 3 to 4) kUSD");
	assert_string_equal(d->part[1]->text, "3 to 4");
	assert_true(dist_parse(arena, units, "beta(0, 1)", &(struct unit) {
	                       .scale = 1 }, NULL, (struct pos) { 0 },
	                       NULL) == NULL);
}

/* Every byte string ends in a law or a finding: a cheap fuzz over pieces of
 * the grammar, deterministic. */
static void test_no_text_harms(void **state)
{
	static const char *const piece[] = {
		"normal(", "mixture(", "discrete(", "truncate(", "1", "2.5k",
		" to ", ",", ":", ")", " ", "USD", "%", "-", "1e308", "beta(",
		"(", "/", "metalog(", "jqpd(", "0.5", "\xff", "pert(", "3",
	};
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct err err = ERR_INIT;
		struct buf text = BUF_INIT;
		struct arena *own = arena_new();
		struct unit one = unit_one();
		struct dist *d;

		for (int n = i % 12; n >= 0; n--) {
			seed = seed * 6364136223846793005u +
			       1442695040888963407u;
			buf_add(&text, piece[(seed >> 33) % LENGTH(piece)]);
		}
		d = dist_parse(own, units, text.s, &one, NULL,
		               (struct pos) { "f", 1, 1 }, &err);
		assert_true((d != NULL) == !err_any(&err));
		if (d)
			assert_true(isfinite(dist_quantile(d, 0.5)));
		err_clear(&err);
		buf_release(&text);
		arena_free(own);
	}
}

static void test_families(void **state)
{
	(void)state;
	for (int i = 0; i < DIST_N; i++) {
		assert_non_null(dist_families[i].name);
		assert_non_null(dist_families[i].arguments);
		assert_true(strlen(dist_families[i].meaning) > 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_no_text_harms),
		cmocka_unit_test(test_families),
	};

	return cmocka_run_group_tests_name("value", tests,
	                                   units_arena_setup,
	                                   units_arena_teardown);
}
