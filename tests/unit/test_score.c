/*
 * Scores of forecasts.  CRPS of N(0,1): closed form, Gneiting and Raftery
 * (2007); of the others by adaptive quadrature of (F - 1)^2 with scipy 1.10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "base/mem.h"
#include "dist/dist.h"
#include "math/score.h"
#include "math/special.h"

static struct dist *law(struct arena *a, const char *text)
{
	struct err err = ERR_INIT;
	const struct unit one = { .scale = 1 };
	struct dist *d = dist_parse(a, NULL, text, &one, NULL,
	                            (struct pos){ "test", 1, 1 }, &err);

	if (!d)
		fail_msg("%s: %s", text, err.item[0].text);
	return d;
}

static void near(double got, double want, double off, const char *text)
{
	if (!(fabs(got - want) <= off))
		fail_msg("%s: %.12g, wanted %.12g", text, got, want);
}

static void test_laws(void **state)
{
	/* tolerance: digits of the source, or a jump over 8192 steps */
	static const struct { const char *law; double y, crps, off; } cases[] = {
		{ "normal(0, 1)", 0, 0.2336949773, 1e-10 },
		{ "normal(0, 1)", 1, 0.6024413576, 1e-10 },
		{ "normal(0, 1)", -1, 0.6024413576, 1e-10 },
		{ "normal(0, 1)", 60, 60 - 0.5641895835477563, 1e-9 },
		{ "80000 to 200000", 3e5, 148023.05698062532, 1e-5 },
		{ "gamma(2, 3)", 10, 2.891567787112077, 1e-8 },
		{ "uniform(0, 1)", 0.3, 0.1233333333333333, 1e-10 },
		{ "uniform(0, 1)", 2, 1.3333333333333333, 1e-10 },
		{ "triangular(0, 1, 4)", 3.5, 1.3569444448722, 1e-6 },
		{ "student_t(3, 0, 1)", 1.5, 0.9572210251964, 1e-6 },
		{ "poisson(4)", 6, 1.28057206232768, 2e-3 },
		{ "bernoulli(0.3)", 1, 0.49, 2e-4 },
		{ "discrete(0: 0.7, 1: 0.3)", 1, 0.49, 1e-14 },
		{ "discrete(0: 0.7, 1: 0.3)", 3, 2.49, 1e-14 },
		{ "discrete(0: 0.7, 1: 0.3)", -1, 1.09, 1e-14 },
		{ "5", 7, 2, 0 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		near(dist_crps(law(a, cases[i].law), cases[i].y),
		     cases[i].crps, cases[i].off, cases[i].law);
	near(dist_position(law(a, "discrete(0: 0.7, 1: 0.3)"), 0), 0.35, 1e-15,
	     "half of an atom");
	near(dist_position(law(a, "normal(0, 1)"), 1.6448536269514722), 0.95,
	     1e-14, "a quantile");
	arena_free(a);
}

/* A sample of quantiles scores nearly as its law: the error is that of the
 * midpoint rule, and by the definition over all pairs exactly. */
static void test_samples(void **state)
{
	enum { N = 4096 };
	static double x[N];
	const double few[] = { 1, 2, 2, 7 };
	double pairs = 0, away = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		x[i] = normal_quantile((i + 0.5) / N);
	near(sample_crps(x, N, 0), 0.2336949773, 1e-4, "sample at 0");
	near(sample_crps(x, N, 1), 0.6024413576, 1e-4, "sample at 1");
	for (int i = 0; i < 4; i++) {
		away += fabs(few[i] - 3) / 4;
		for (int j = 0; j < 4; j++)
			pairs += fabs(few[i] - few[j]) / 32;
	}
	near(sample_crps(few, 4, 3), away - pairs, 1e-15, "few");
	near(sample_position(few, 4, 2), 0.5, 0, "half of the equal ones");
}

/* z of -2, 2, -1, 1 ... has the mean square 2.5; chi-square quantiles of 8
 * from scipy: 2.732636793499664 and 15.507313055865453. */
static void test_widening(void **state)
{
	double pit[8];
	struct widening w;

	(void)state;
	for (int i = 0; i < 8; i++)
		pit[i] = normal_cdf((i % 2 ? 1 : -1) * (1 + i / 2 % 2));
	w = widening_of(pit, 8);
	near(w.factor, sqrt(2.5), 1e-12, "factor");
	near(w.low, sqrt(20 / 15.507313055865453), 1e-9, "low");
	near(w.high, sqrt(20 / 2.732636793499664), 1e-9, "high");
	for (int i = 0; i < 8; i++)
		pit[i] = i % 2;
	assert_true(widening_of(pit, 8).factor == 4);   /* far out, but finite */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_laws), cmocka_unit_test(test_samples),
		cmocka_unit_test(test_widening),
	};

	return cmocka_run_group_tests_name("scores", tests, NULL, NULL);
}
