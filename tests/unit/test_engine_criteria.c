/*
 * Ways to choose: published values (engine reference, sections C1 and C9), and
 * what few draws may not decide.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dist/draws.h"
#include "engine/criteria.h"
#include "engine_world.h"
#include "math/special.h"

static const bool nobody[8];

static struct costs costs_of(int options, int64_t n, const double *cost)
{
	return (struct costs) {
		.noptions = options, .replicates = 1, .n = n, .cost = cost,
		.barred = nobody, .at_most = 0.05, .certain = n == 1,
	};
}

/* C9: payoffs with probabilities .5 .3 .2, as ten draws of costs. */
static void test_payoffs(void **state)
{
	static const double pay[4][3] = {
		{ 120, 80, -40 }, { 60, 55, 50 }, { 90, 70, 10 },
		{ 40, 40, 40 },
	};
	static const struct { int id, choice; double value[4]; } want[] = {
		{ CRITERION_MEAN, 0, { -76, -56.5, -68, -40 } },
		{ CRITERION_REGRET, 0, { 18, 37.5, 26, 54 } },
		{ CRITERION_WORST, 1, { 40, -50, -10, -40 } },
		{ CRITERION_MOST_REGRET, 2, { 90, 60, 40, 80 } },
		{ CRITERION_HURWICZ, 2, { -56, -56, -58, -40 } },
	};
	double cost[40];
	struct costs in = costs_of(4, 10, cost);
	struct criteria c;
	struct judged j;

	(void)state;
	for (int o = 0; o < 4; o++)
		for (int i = 0; i < 10; i++)
			cost[o * 10 + i] = -pay[o][i < 5 ? 0 : i < 8 ? 1 : 2];
	judge_init(&j, &in);
	criteria_init(&c, &j, 50, 0.6);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_int_equal(c.choice[want[i].id], want[i].choice);
		assert_int_equal(c.agrees[want[i].id], want[i].choice == 0);
		for (int o = 0; o < 4; o++)
			assert_near(c.value[want[i].id][o],
			            want[i].value[o], 1e-12);
	}
	criteria_release(&c);
	judge_release(&j);
}

/* C9: a gain N(100, 40) is worth 84 for certain at a tolerance of 50; and the
 * mean of its worst twentieth is 100 - 40 * 2.0627128075. */
static void test_risk_aversion(void **state)
{
	enum { N = 16384 };
	double *cost = malloc(N * sizeof *cost);
	struct costs in = costs_of(1, N, cost);
	struct draws d;
	struct criteria c;
	struct judged j;

	(void)state;
	assert_true(draws_init(&d, SAMPLER_SOBOL, 1, N, NULL));
	for (int at = 0; at < N; at += 512)
		draws_fill(&d, 0, at, 512, cost + at);
	for (int i = 0; i < N; i++)
		cost[i] = -(100 + 40 * normal_quantile(cost[i]));
	judge_init(&j, &in);
	criteria_init(&c, &j, 50, 0.5);
	/* independent draws of this number err by 0.37 */
	assert_near(c.value[CRITERION_UTILITY][0], -84, 0.15);
	/* and by 0.8 here */
	assert_near(c.value[CRITERION_CVAR][0], -100 + 40 * 2.0627128075,
	            0.2);
	criteria_release(&c);
	/* amounts whose exponents no double holds */
	for (int i = 0; i < N; i++)
		cost[i] *= 1e6;
	criteria_init(&c, &j, 1, 0.5);
	assert_true(isfinite(c.value[CRITERION_UTILITY][0]));
	criteria_release(&c);
	judge_release(&j);
	free(cost);
}

static void test_dominance(void **state)
{
	static const double low[] = { 1, 2, 3 }, high[] = { 1, 2, 4 };
	static const double narrow[] = { 2, 2, 2 };

	(void)state;
	assert_int_equal(dominance_of(low, high, 3), 1);
	assert_int_equal(dominance_of(high, low, 3), 0);
	assert_int_equal(dominance_of(low, low, 3), 0);
	/* the same mean, less spread */
	assert_int_equal(dominance_of(narrow, low, 3), 2);
	assert_int_equal(dominance_of(low, narrow, 3), 0);
}

/* --- in a run ----------------------------------------------------------- */

static const struct criterion *find(const struct tradeoff *t, const char *name)
{
	for (int i = 0; i < t->ncriteria; i++)
		if (!strcmp(t->criterion[i].name, name))
			return &t->criterion[i];
	fail_msg("no criterion %s", name);
	return NULL;
}

/* A gain of N(1, 1 + 4) or nothing: expected value acts, worst cases wait. */
static void test_trade(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  a: {unit: USD, value: \"normal(1, 1)\"}\n"
		"  b: {unit: USD, value: \"normal(0, 2)\"}\n"
		"formulas: {gain: \"if(is(act), a + b, 0 USD)\"}\n"
		"decision: {maximise: gain, incumbent: wait}\n";
	struct evaluation *e;
	const struct tradeoff *t;
	const struct sensitivity *s;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	w.o.want_criteria = w.o.want_dominance = true;
	w.o.risk_tolerance = 2;
	e = engine_trade(w.f.library, w.s, "mine", &w.o, &w.f.err);
	assert_non_null(e);
	t = &e->tradeoff[0];
	assert_int_equal(t->ncriteria, CRITERION_N);
	assert_string_equal(t->option[t->verdict.option].name, "act");
	assert_true(find(t, "expected_value")->agrees);
	assert_string_equal(t->option[find(t, "worst_case")->option].name,
	                    "wait");
	/* 1 - 5 / (2 * 2) = -0.25: not worth the risk */
	assert_near(find(t, "exponential_utility")->value[1], -.25, .02);
	assert_string_equal(t->option[find(t, "exponential_utility")->option]
	                    .name, "wait");
	assert_int_equal(t->ndominances, 0);
	/* the lead within 5 % of P10 and P90: b +- 2 (phi(.95) - phi(.85)) / .1 */
	s = &t->sensitivity[0];
	assert_string_equal(s->parameter, "b");
	assert_near(s->swing_low, 1 - 2 * 1.2815516, 1e-6);
	assert_near(s->mean_low, 1 - 2 * 1.3002, 4 * s->mean_low_se + .01);
	assert_near(s->mean_high, 1 + 2 * 1.3002, 4 * s->mean_high_se + .01);
	assert_near(s->first_order, .8, 4 * s->first_order_se);
	assert_true(s->first_order_se < .004);
	assert_string_equal(t->option[s->low_best].name, "wait");
	assert_string_equal(t->option[s->high_best].name, "act");
	assert_true(t->voi.noise >= 0 && t->voi.noise < .01);
	evaluation_free(e);
	assert_null(engine_trade(w.f.library, w.s, "chess", &w.o, &w.f.err));
	err_clear(&w.f.err);
	world_close(&w);
}

/* Fewer than sixteen draws have no replicates: nothing is known of their
 * error, and nothing is decided; unless nothing varies. */
static void test_few_draws(void **state)
{
	static const int64_t few[] = { 1, 2, 15 };
	struct evaluation *e;
	struct world w;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		world_open(&w, world_ruled,
		           "scenario: s\nmine: {parameters: {strict: false}}\n");
		w.o.samples = w.o.max_samples = few[i];
		e = world_evaluate(&w);
		assert_int_equal(e->tradeoff[0].verdict.state,
		                 VERDICT_UNDECIDED);
		assert_string_equal(e->tradeoff[0].verdict.badge, "toss");
		assert_non_null(strstr(e->tradeoff[0].verdict.sentence,
		                       "too few"));
		evaluation_free(e);
		world_close(&w);
		world_open(&w, world_ruled,
		           "scenario: s\nmine: {parameters: {strict: false, "
		           "x: 0.5}}\n");
		w.o.samples = w.o.max_samples = few[i];
		e = world_evaluate(&w);
		assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_STABLE);
		evaluation_free(e);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_payoffs),
		cmocka_unit_test(test_risk_aversion),
		cmocka_unit_test(test_dominance),
		cmocka_unit_test(test_trade),
		cmocka_unit_test(test_few_draws),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
