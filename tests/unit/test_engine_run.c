/*
 * Whole evaluations of small models: published values of information, draws
 * that are infeasible, rules and their price, the same digits for any number
 * of threads, findings with their place.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "engine_world.h"

static double evppi(const struct tradeoff *t, const char *name)
{
	for (int i = 0; i < t->voi.nevppi; i++)
		if (strcmp(t->voi.evppi[i].parameter, name) == 0)
			return t->voi.evppi[i].value;
	fail_msg("no EVPPI of %s", name);
	return NAN;
}

/* --- published values --------------------------------------------------- */

/* Engine reference C1: act pays p1 + p2, or nothing. */
static void test_normal_normal(void **state)
{
	struct world w;
	struct evaluation *e;
	const struct tradeoff *t;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(t->voi.evpi, .89206206, 4 * t->voi.evpi_se + 1e-4);
	assert_near(evppi(t, "a"), .39894228, 2e-3);
	assert_near(evppi(t, "b"), .79788456, 2e-3);
	assert_int_equal(t->voi.nevppi, 2);
	assert_string_equal(t->voi.evppi[0].parameter, "b");
	/* worst twentieth of a gain: its lower tail, sd sqrt 5 */
	assert_near(world_option(t, "act")->cvar95, -2.0627128075 * sqrt(5), .02);
	assert_near(world_option(t, "act")->objective.p95, 1.6448536 * sqrt(5),
	            .02);
	assert_near(world_option(t, "act")->probability_best, .5, .01);
	evaluation_free(e);
	world_close(&w);
}

/* C2: lognormal cost against a fixed one; the Black-Scholes form is exact. */
static void test_lognormal(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  cost: {unit: USD, value: 10000 to 90000}\n"
		"formulas: {total: \"if(is(act), cost, 40000 USD)\"}\n"
		"decision: {minimise: total, incumbent: wait}\n";
	struct world w;
	struct evaluation *e;
	const struct tradeoff *t;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(t->verdict.state, VERDICT_STABLE);
	assert_string_equal(t->option[t->verdict.option].name, "act");
	assert_near(world_option(t, "act")->objective.mean, 37496.533747,
	            4 * world_option(t, "act")->objective.se);
	assert_near(t->voi.evpi, 8929.934523, 4 * t->voi.evpi_se);
	/* knowing the only unknown is knowing everything */
	assert_near(evppi(t, "cost"), t->voi.evpi, 0.01 * t->voi.evpi);
	assert_true(evppi(t, "cost") <= t->voi.evpi);
	assert_near(t->verdict.probability_best, .66666422, 1e-3);
	/* 64 classes alone hide 6 % of a lognormal variance */
	assert_near(t->sensitivity[0].first_order, 1, 0.03);
	evaluation_free(e);
	world_close(&w);
}

/* Hubbard 2014, chapter 7: EVPI 208954.0079. */
static void test_hubbard(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  sales: {unit: \"1\", value: \"normal(225000, "
		"45596.8)\"}\n"
		"formulas:\n"
		"  gain: \"if(is(act), 25 USD * sales - 5e6 USD, 0 USD)\"\n"
		"decision: {maximise: gain, incumbent: wait}\n";
	struct world w;
	struct evaluation *e;
	const struct tradeoff *t;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(world_option(t, "act")->objective.mean, 625000,
	            4 * world_option(t, "act")->objective.se + 1);
	/* sd = 150000 / (2 * 1.6448536), rounded in the fourth digit above */
	assert_near(t->voi.evpi, 208954.0079, 4 * t->voi.evpi_se + 2);
	assert_near(1 - t->verdict.probability_best, .291748, 1e-3);
	evaluation_free(e);
	world_close(&w);
}

/* --- determinism -------------------------------------------------------- */

static bool same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void assert_same(const struct tradeoff *a, const struct tradeoff *b)
{
	for (int o = 0; o < a->noptions; o++) {
		const struct option_result *x = &a->option[o];
		const struct option_result *y = &b->option[o];

		assert_true(same(x->objective.mean, y->objective.mean));
		assert_true(same(x->objective.se, y->objective.se));
		assert_true(same(x->objective.p95, y->objective.p95));
		assert_true(same(x->cvar95, y->cvar95));
		assert_true(same(x->expected_regret, y->expected_regret));
		assert_true(same(x->probability_best, y->probability_best));
	}
	assert_int_equal(a->nbreak_even, b->nbreak_even);
	for (int i = 0; i < a->nbreak_even; i++) {
		assert_true(same(a->break_even[i].first,
		                 b->break_even[i].first));
		assert_true(same(a->break_even[i].p50,
		                 b->break_even[i].p50));
	}
	assert_true(same(a->voi.evpi, b->voi.evpi));
	for (int i = 0; i < a->voi.nevppi; i++)
		assert_true(same(a->voi.evppi[i].value,
		                 b->voi.evppi[i].value));
}

static void test_threads(void **state)
{
	struct evaluation *one, *many;
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	w.o.threads = 1;
	one = world_evaluate(&w);
	for (int n = 2; n <= 5; n++) {
		w.o.threads = n;
		many = world_evaluate(&w);
		assert_same(&one->tradeoff[0], &many->tradeoff[0]);
		assert_string_equal(one->digest, many->digest);
		evaluation_free(many);
	}
	evaluation_free(one);
	world_close(&w);
}

/* Kept tables are the tables that would have been made. */
static void test_cache(void **state)
{
	struct evaluation *plain, *first, *again;
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	plain = world_evaluate(&w);
	w.o.cache = engine_cache_new();
	first = world_evaluate(&w);
	again = world_evaluate(&w);
	assert_same(&plain->tradeoff[0], &first->tradeoff[0]);
	assert_same(&plain->tradeoff[0], &again->tradeoff[0]);
	evaluation_free(plain);
	evaluation_free(first);
	evaluation_free(again);
	engine_cache_free(w.o.cache);
	world_close(&w);
}

/* A trade-off that an edit does not reach is taken as it was; one that it does
 * reach, itself or through a model that it reads, is judged anew; all as if
 * nothing had been kept. */
static void test_kept_trades(void **state)
{
	static const char *const edit[][2] = {
		{ "mine.a", "3" }, { "second.d", "2" }, { "mine.a", "3" },
		{ "mine.a", "normal(1, 2)" }, { "second.d", "2" },
	};
	struct evaluation *kept, *plain, *before;
	struct engine_cache *cache = engine_cache_new();
	struct world w;

	(void)state;
	world_open(&w, world_normals, "scenario: s\nmine: {}\nsecond: {}\n");
	world_add(&w, "second.yaml",
	          "model: second\n" HEAD
	          "reads:\n"
	          "  theirs: {from: mine.gain, else: 1 USD}\n"
	          "parameters:\n"
	          "  d: {unit: USD, value: \"normal(1, 1)\"}\n"
	          "formulas:\n"
	          "  gain: \"if(is(act), d + theirs, 0 USD)\"\n"
	          "decision: {maximise: gain, incumbent: wait}\n"
	          "outputs: {gain: {value: gain}}\n");
	w.o.cache = cache;
	before = world_evaluate(&w);
	for (size_t i = 0; i < sizeof edit / sizeof *edit; i++) {
		assert_true(scenario_set(w.s, w.f.library, edit[i][0],
		                         edit[i][1], &w.f.err));
		w.o.cache = cache;
		kept = world_evaluate(&w);
		evaluation_free(before);        /* what it shares stays */
		before = kept;
		w.o.cache = NULL;
		plain = world_evaluate(&w);
		assert_int_equal(kept->ntradeoffs, 2);
		for (int k = 0; k < 2; k++)
			assert_same(&plain->tradeoff[k], &kept->tradeoff[k]);
		assert_string_equal(plain->digest, kept->digest);
		assert_int_equal(plain->engine.samples, kept->engine.samples);
		/* the first edit of d leaves `mine` what it was */
		if (i == 1)
			assert_int_equal(kept->nshared, 2);
		evaluation_free(plain);
	}
	engine_cache_free(cache);
	assert_string_equal(before->tradeoff[0].model, "mine");
	evaluation_free(before);
	world_close(&w);
}

/* What is dear is kept by what lies below it: a law, a weight, a correlation, a
 * search, a month of a stock, and the draws themselves. */
static void test_kept_calls(void **state)
{
	static const char model[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  load: {unit: \"1\", value: 2 to 5}\n"
		"  seats: {unit: \"1\", value: \"discrete(6: 0.5, 8: 0.5)\"}\n"
		"  price: {unit: USD, value: 1 to 2}\n"
		"  growth: {unit: \"1\", value: 0.1}\n"
		"formulas:\n"
		"  late: erlang_c(seats, load)\n"
		"  root: \"solve(x, 0.1, 10, x * x - load)\"\n"
		"  many: {unit: \"1\", initial: load, next: many * (1 + growth)}\n"
		"  busy: sum(erlang_c(seats + 20, many), month)\n"
		"  cost: \"if(is(act), price * (late + root + busy), 8 USD)\"\n"
		"decision: {minimise: cost, incumbent: wait}\n"
		"outputs:\n"
		"  late: {value: late}\n"
		"  centre: {value: late + root, at: central}\n";
	static const char *const edit[][2] = {
		{ "mine.price", "3 to 4" }, { "mine.price", "2" },
		{ "mine.load", "3 to 5" }, { "mine.growth", "0.05" },
		{ "mine.seats", "discrete(6: 0.4, 8: 0.6)" },
		{ "mine.seats", "7" }, { "mine.load", "4" },
		{ "mine.load", "{p10: 2, p50: 3, p90: 5}" },
	};
	struct engine_cache *cache = engine_cache_new();
	struct world w;

	(void)state;
	world_open(&w, model, PLAIN);
	for (size_t i = 0; i < 3 * sizeof edit / sizeof *edit; i++) {
		size_t k = i % (sizeof edit / sizeof *edit);
		struct evaluation *kept, *plain;

		assert_true(scenario_set(w.s, w.f.library, edit[k][0],
		                         edit[k][1], &w.f.err));
		w.o.seed = i > 8 ? 2 : 1;
		w.o.samples = w.o.max_samples = i > 16 ? 4096 : 1024;
		w.o.cache = cache;
		kept = world_evaluate(&w);
		w.o.cache = NULL;
		plain = world_evaluate(&w);
		assert_same(&plain->tradeoff[0], &kept->tradeoff[0]);
		assert_true(plain->tradeoff[0].option[1].output[1].s.value ==
		            kept->tradeoff[0].option[1].output[1].s.value);
		evaluation_free(kept);
		evaluation_free(plain);
	}
	engine_cache_free(cache);
	world_close(&w);
}

static void test_too_many_draws(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	w.o.samples = w.o.max_samples = 900000000;
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_true(fixture_says(&w.f.err, "GB of memory"));
	assert_int_equal(err_exit_status(&w.f.err), 6);
	world_close(&w);
}

/* Doubling takes old draws over: the digits are those of a run that started
 * there. A tie within noise keeps doubling to the end. */
static void test_doubling(void **state)
{
	for (int sampler = 0; sampler < SAMPLER_N; sampler++) {
		struct evaluation *grown, *direct;
		struct world w;

		(void)state;
		world_open(&w, world_normals, PLAIN);
		w.o.sampler = (enum sampler)sampler;
		w.o.confidence = 0.9999999;
		w.o.samples = 2048;
		w.o.max_samples = 8192;
		grown = world_evaluate(&w);
		assert_int_equal(grown->tradeoff[0].verdict.state,
		                 VERDICT_UNDECIDED);
		assert_int_equal(grown->engine.samples, 8192);
		w.o.samples = 8192;
		w.o.want_break_even = false;
		direct = world_evaluate(&w);
		grown->tradeoff[0].nbreak_even = 0;
		assert_same(&grown->tradeoff[0], &direct->tradeoff[0]);
		evaluation_free(grown);
		evaluation_free(direct);
		world_close(&w);
	}
}

static void test_digest(void **state)
{
	struct evaluation *a, *b;
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	a = world_evaluate(&w);
	w.o.seed = 2;
	b = world_evaluate(&w);
	assert_string_not_equal(a->digest, b->digest);
	assert_string_equal(a->scenario_digest, b->scenario_digest);
	evaluation_free(a);
	evaluation_free(b);
	world_close(&w);
}

/* --- rules, requirements, states ---------------------------------------- */

static void test_rule(void **state)
{
	struct evaluation *e;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	world_open(&w, world_ruled, PLAIN);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(world_option(t, "act")->status, OPTION_BARRED);
	assert_string_equal(world_option(t, "act")->reason[0], "no_acting");
	assert_string_equal(t->option[t->verdict.option].name, "ask");
	assert_int_equal(t->nrules, 1);
	assert_true(t->rule[0].applies);
	assert_int_equal(t->rule[0].nbarred, 1);
	/* 70 less what acting would cost: 40 + 20 E x, and 2 % of the draws
	 * pay 100 in place of 40 + 20 * 0.99 */
	assert_near(t->rule[0].price, 70 - (0.98 * (40 + 20 * 0.49) + 2),
	            0.01);
	assert_int_equal(t->nfindings, 1);
	assert_near(t->finding[0].probability, 0.5, 1e-3);
	assert_string_equal(t->finding[0].text, "x is 0.5");
	evaluation_free(e);
	world_close(&w);
}

static void test_infeasible_share(void **state)
{
	struct evaluation *e;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	world_open(&w, world_ruled,
	           "scenario: s\nmine: {parameters: {strict: false}}\n");
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(world_option(t, "act")->status, OPTION_OK);
	assert_near(world_option(t, "act")->p_feasible, 0.98, 1e-3);
	assert_near(world_option(t, "act")->objective.mean,
	            0.98 * (40 + 20 * 0.49) + 2, 0.01);
	assert_string_equal(world_option(t, "act")->reason[0], "too_much");
	assert_string_equal(world_option(t, "act")->reason_text[0],
	                    "too much: needs x below 0.98, not 0.5");
	assert_near(world_option(t, "act")->probability_best, 0.98, 1e-3);
	/* where it cannot act, asking is cheapest */
	assert_near(world_option(t, "ask")->probability_best, 0.02, 1e-3);
	assert_near(t->rule[0].price, 0, 0);
	evaluation_free(e);
	world_close(&w);
}

/* At x = 0.98 acting ends: the winner of the pair jumps there. */
static void test_point(void **state)
{
	struct evaluation *e;
	const struct break_even *b;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	world_open(&w, world_ruled,
	           "scenario: s\nmine: {parameters: {strict: false}}\n");
	w.o.point = true;
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(world_option(t, "act")->objective.value, 50, 1e-12);
	assert_true(isnan(world_option(t, "act")->objective.mean));
	assert_true(isnan(t->verdict.probability_best));
	assert_int_equal(t->verdict.state, VERDICT_STABLE);
	b = &t->break_even[0];
	assert_int_equal(b->state, BREAK_CROSSINGS);
	assert_int_equal(b->ncrossings, 1);
	assert_int_equal(b->crossing[0].kind, CROSS_JUMP);
	assert_near(b->first, 0.98, 1e-12);
	assert_near(b->here, 0.5, 1e-15);
	evaluation_free(e);
	world_close(&w);
}

/* Acting is cheap and misses its level in six draws of ten: it is shown with
 * its figures and not taken.  Where it needs more than there is, its formula's
 * state is no second reason. */
static void test_missed_level(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {x: {unit: \"1\", value: \"uniform(0, 1)\"}}\n"
		"formulas:\n"
		"  cost: \"if(is(act), if(x > 0.98, infeasible(odd), 1 + x), 5)\"\n"
		"decision:\n"
		"  minimise: cost\n"
		"  incumbent: wait\n"
		"  infeasible_draws: {at_most: 0.05, pay: wait}\n"
		"requires: [{reason: too_much, for: act, when: x > 0.98}]\n"
		"constraints:\n"
		"  - {id: level, title: In time, require: is(wait) or x > 0.6,\n"
		"     with_probability: 0.5, flags: slo}\n";
	const struct option_result *act;
	const struct tradeoff *t;
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	act = world_option(t, "act");
	assert_int_equal(act->status, OPTION_OK);
	assert_false(act->slo_met);
	assert_int_equal(act->nreasons, 2);
	assert_string_equal(act->reason[0], "too_much");
	assert_string_equal(act->reason[1], "level");
	assert_near(act->probability_best, 0, 0);
	assert_near(act->objective.mean, 0.98 * 1.49 + 0.02 * 5, 0.01);
	assert_string_equal(t->option[t->verdict.option].name, "wait");
	assert_true(world_option(t, "wait")->slo_met);
	assert_near(t->rule[0].price, 5 - act->objective.mean, 1e-9);
	evaluation_free(e);
	world_close(&w);
}

static void test_nothing_left(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {x: {unit: USD, value: 1 to 2}}\n"
		"formulas: {cost: x}\n"
		"decision: {minimise: cost, incumbent: wait}\n"
		"constraints: [{id: stop, allow: none, remedy: go home}]\n";
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_INFEASIBLE);
	assert_int_equal(e->tradeoff[0].verdict.option, -1);
	assert_near(e->tradeoff[0].verdict.p_none, 1, 0);
	assert_non_null(strstr(e->tradeoff[0].verdict.sentence, "go home"));
	evaluation_free(e);
	world_close(&w);
}

/* A certain model: a tie by equality, or a stable answer at once. */
static void test_certain(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {x: {unit: USD, value: 10}}\n"
		"formulas: {cost: \"if(is(act), x, 10 USD)\"}\n"
		"decision: {minimise: cost, incumbent: wait,\n"
		"           indifferent_below: 0 USD, break_even: [x]}\n";
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_TIED);
	assert_int_equal(e->tradeoff[0].verdict.option, 0);
	/* nothing else is uncertain: the break-even is exact in any run */
	assert_near(e->tradeoff[0].break_even[0].first, 10, 1e-11);
	evaluation_free(e);
	scenario_free(w.s);
	w.s = fixture_scenario(&w.f,
	                       "scenario: s\nmine: {parameters: {x: 9}}\n");
	e = world_evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_STABLE);
	assert_near(e->tradeoff[0].verdict.probability_best, 1, 0);
	assert_near(e->tradeoff[0].verdict.advantage, 1, 1e-12);
	evaluation_free(e);
	world_close(&w);
}

/* --- presets and correlation -------------------------------------------- */

static void test_preset(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {x: {unit: USD}}\n"
		"presets:\n"
		"  view:\n"
		"    low: {weight: 0.75, set: {x: 4}}\n"
		"    high: {weight: 0.25, set: {x: 24}}\n"
		"formulas: {cost: \"if(is(act), x, 10 USD)\"}\n"
		"decision: {minimise: cost, incumbent: wait}\n";
	struct evaluation *e;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(world_option(t, "act")->objective.mean, 9, 1e-9);
	/* knowing the view saves 14 in a quarter of the cases */
	assert_near(t->voi.evpi, 3.5, 1e-9);
	assert_near(evppi(t, "view"), 3.5, 1e-9);
	assert_int_equal(t->npresets, 2);
	assert_near(t->preset[1].weight, 0.25, 0);
	for (int i = 0; i < t->nsensitivity; i++)
		assert_true(t->sensitivity[i].flips);
	evaluation_free(e);
	w.o.point = true;
	e = world_evaluate(&w);
	assert_near(world_option(&e->tradeoff[0], "act")->objective.value, 4, 0);
	evaluation_free(e);
	world_close(&w);
}

/* Spearman 0.5 is a correlation of 2 sin(pi / 12) of normal scores. */
static void test_correlation(void **state)
{
	struct evaluation *e;
	struct world w;
	double sd;

	(void)state;
	world_open(&w, world_normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.5]]\n"
	           "mine: {}\n");
	e = world_evaluate(&w);
	sd = sqrt(1 + 4 + 2 * 2 * 0.5176380902);
	assert_near(world_option(&e->tradeoff[0], "act")->objective.p95,
	            1.6448536 * sd, 0.03);
	evaluation_free(e);
	world_close(&w);
}

static void test_impossible_correlation(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, world_normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.9], "
	           "[mine.a, mine.idle, 0.9], [mine.b, mine.idle, -0.9]]\n"
	           "mine: {}\n");
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_true(fixture_says(&w.f.err, "cannot all hold"));
	/* 2 sin(pi .9 / 6)^2 - 1 back as a rank: .6309; the last line named is
	 * the one to mend */
	assert_true(fixture_says(&w.f.err, "`mine.b` and `mine.idle` must lie "
	                         "between 0.631 and 1.000, not at -0.9"));
	assert_true(fixture_says(&w.f.err, "[mine.b, mine.idle, -0.482]"));
	assert_int_equal(w.f.err.item[0].line, 2);
	world_close(&w);
}

/* What is offered is taken. */
static void test_offered_correlation(void **state)
{
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, world_normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.482], "
	           "[mine.a, mine.idle, 0.482], [mine.b, mine.idle, -0.482]]\n"
	           "mine: {}\n");
	e = world_evaluate(&w);
	evaluation_free(e);
	world_close(&w);
	world_open(&w, world_normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.4], "
	           "[mine.b, mine.a, 0.3]]\nmine: {}\n");
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_true(fixture_says(&w.f.err, "correlated twice"));
	world_close(&w);
}

/* --- failures ----------------------------------------------------------- */

static void test_not_finite(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  x: {unit: \"1\", value: \"discrete(0: 0.1, 1: 0.9)\"}\n"
		"formulas:\n"
		"  share: 1 / x\n"
		"  cost: 10 USD * share\n"
		"decision: {minimise: cost, incumbent: wait}\n";
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 3);
	assert_true(fixture_says(&w.f.err, "`share` gives no finite number"));
	assert_true(fixture_says(&w.f.err, "x = 0"));
	assert_int_equal(w.f.err.item[0].line, 12);
	world_close(&w);
}

static bool stop(void *ctx, double done)
{
	int *left = ctx;

	assert_true(done >= 0 && done <= 1);
	return (*left)-- > 0;
}

static void test_cancel(void **state)
{
	(void)state;
	for (int left = 0; left < 4; left++) {
		struct world w;
		int calls = left;

		world_open(&w, world_normals, PLAIN);
		w.o.progress = stop;
		w.o.progress_ctx = &calls;
		assert_null(engine_evaluate(w.f.library, w.s, &w.o,
		                            &w.f.err));
		assert_true(fixture_says(&w.f.err, "cancelled"));
		assert_int_equal(err_exit_status(&w.f.err), 6);
		world_close(&w);
	}
}

static void test_bad_options(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	w.o.samples = 0;
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	err_clear(&w.f.err);
	w.o.samples = 1;
	w.o.max_samples = 1;
	evaluation_free(world_evaluate(&w));
	world_close(&w);
}

/* --- identity ------------------------------------------------------------ */

static void test_class(void **state)
{
	(void)state;
	assert_int_equal(strlen(engine_fpclass()), 64);
	assert_ptr_equal(engine_fpclass(), engine_fpclass());
	assert_true(strlen(engine_version()) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal_normal),
		cmocka_unit_test(test_lognormal),
		cmocka_unit_test(test_hubbard),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_kept_trades),
		cmocka_unit_test(test_kept_calls),
		cmocka_unit_test(test_too_many_draws),
		cmocka_unit_test(test_doubling),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_infeasible_share),
		cmocka_unit_test(test_point),
		cmocka_unit_test(test_missed_level),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_certain),
		cmocka_unit_test(test_preset),
		cmocka_unit_test(test_correlation),
		cmocka_unit_test(test_impossible_correlation),
		cmocka_unit_test(test_offered_correlation),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
