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
#include "engine/engine.h"
#include "model_fixture.h"

#define HEAD \
	"title: T\n" \
	"question: Q?\n" \
	"version: 1\n" \
	"horizon: 12 month\n" \
	"options:\n" \
	"  wait: {title: Wait}\n" \
	"  act: {title: Act, tags: [own]}\n"

struct world {
	struct fixture f;
	struct scenario *s;
	struct engine_options o;
};

static void add_model(struct world *w, const char *name, const char *text)
{
	struct buf path = BUF_INIT;

	fixture_file(&w->f, name, text);
	buf_addf(&path, "%s/models/%s", w->f.dir, name);
	if (!library_add(w->f.library, path.s, &w->f.err)) {
		err_print(&w->f.err, stderr, "test");
		fail();
	}
	buf_release(&path);
}

static void open_world(struct world *w, const char *model,
                       const char *scenario)
{
	fixture_open(&w->f);
	add_model(w, "mine.yaml", model);
	w->s = fixture_scenario(&w->f, scenario);
	if (!w->s)
		err_print(&w->f.err, stderr, "test");
	assert_non_null(w->s);
	w->o = engine_defaults();
	w->o.threads = 2;
}

static void close_world(struct world *w)
{
	scenario_free(w->s);
	fixture_close(&w->f);
}

static struct evaluation *evaluate(struct world *w)
{
	struct evaluation *e = engine_evaluate(w->f.library, w->s, &w->o,
	                                       &w->f.err);

	if (!e)
		err_print(&w->f.err, stderr, "test");
	assert_non_null(e);
	return e;
}

static double evppi(const struct tradeoff *t, const char *name)
{
	for (int i = 0; i < t->voi.nevppi; i++)
		if (strcmp(t->voi.evppi[i].parameter, name) == 0)
			return t->voi.evppi[i].value;
	fail_msg("no EVPPI of %s", name);
	return NAN;
}

static const struct option_result *option(const struct tradeoff *t,
                                          const char *name)
{
	for (int i = 0; i < t->noptions; i++)
		if (strcmp(t->option[i].name, name) == 0)
			return &t->option[i];
	fail_msg("no option %s", name);
	return NULL;
}

#define PLAIN "scenario: s\nmine: {}\n"

/* --- published values ------------------------------------------------------------- */

static const char normals[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  a: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  b: {unit: USD, value: \"normal(0, 2)\"}\n"
	"  idle: {unit: USD, value: \"normal(5, 1)\"}\n"
	"formulas:\n"
	"  gain: \"if(is(act), a + b, 0 USD) + 0 * idle\"\n"
	"decision: {maximise: gain, incumbent: wait,\n"
	"           break_even: [a]}\n"
	"outputs: {gain: {value: gain}}\n";

/* Engine reference C1: act pays p1 + p2, or nothing. */
static void test_normal_normal(void **state)
{
	struct world w;
	struct evaluation *e;
	const struct tradeoff *t;

	(void)state;
	open_world(&w, normals, PLAIN);
	w.o.max_samples = w.o.samples;
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(t->voi.evpi, .89206206, 4 * t->voi.evpi_se + 1e-4);
	assert_near(evppi(t, "a"), .39894228, 2e-3);
	assert_near(evppi(t, "b"), .79788456, 2e-3);
	assert_int_equal(t->voi.nevppi, 2);
	assert_string_equal(t->voi.evppi[0].parameter, "b");
	/* worst twentieth of a gain: its lower tail, sd sqrt 5 */
	assert_near(option(t, "act")->cvar95, -2.0627128075 * sqrt(5), .02);
	assert_near(option(t, "act")->objective.p95, 1.6448536 * sqrt(5),
	            .02);
	assert_near(option(t, "act")->probability_best, .5, .01);
	evaluation_free(e);
	close_world(&w);
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
	open_world(&w, text, PLAIN);
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(t->verdict.state, VERDICT_STABLE);
	assert_string_equal(t->option[t->verdict.option].name, "act");
	assert_near(option(t, "act")->objective.mean, 37496.533747,
	            4 * option(t, "act")->objective.se);
	assert_near(t->voi.evpi, 8929.934523, 4 * t->voi.evpi_se);
	/* knowing the only unknown is knowing everything */
	assert_near(evppi(t, "cost"), t->voi.evpi, 0.01 * t->voi.evpi);
	assert_true(evppi(t, "cost") <= t->voi.evpi);
	assert_near(t->verdict.probability_best, .66666422, 1e-3);
	assert_near(t->sensitivity[0].first_order, 1, 0.05);
	evaluation_free(e);
	close_world(&w);
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
	open_world(&w, text, PLAIN);
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(option(t, "act")->objective.mean, 625000,
	            4 * option(t, "act")->objective.se + 1);
	/* sd = 150000 / (2 * 1.6448536), rounded in the fourth digit above */
	assert_near(t->voi.evpi, 208954.0079, 4 * t->voi.evpi_se + 2);
	assert_near(1 - t->verdict.probability_best, .291748, 1e-3);
	evaluation_free(e);
	close_world(&w);
}

/* --- determinism ---------------------------------------------------------------------- */

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
	open_world(&w, normals, PLAIN);
	w.o.threads = 1;
	one = evaluate(&w);
	for (int n = 2; n <= 5; n++) {
		w.o.threads = n;
		many = evaluate(&w);
		assert_same(&one->tradeoff[0], &many->tradeoff[0]);
		assert_string_equal(one->digest, many->digest);
		evaluation_free(many);
	}
	evaluation_free(one);
	close_world(&w);
}

/* Kept tables are the tables that would have been made. */
static void test_cache(void **state)
{
	struct evaluation *plain, *first, *again;
	struct world w;

	(void)state;
	open_world(&w, normals, PLAIN);
	plain = evaluate(&w);
	w.o.cache = engine_cache_new();
	first = evaluate(&w);
	again = evaluate(&w);
	assert_same(&plain->tradeoff[0], &first->tradeoff[0]);
	assert_same(&plain->tradeoff[0], &again->tradeoff[0]);
	evaluation_free(plain);
	evaluation_free(first);
	evaluation_free(again);
	engine_cache_free(w.o.cache);
	close_world(&w);
}

static void test_too_many_draws(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, normals, PLAIN);
	w.o.samples = w.o.max_samples = 900000000;
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_true(fixture_says(&w.f.err, "GB of memory"));
	assert_int_equal(err_exit_status(&w.f.err), 6);
	close_world(&w);
}

/* Doubling takes old draws over: the digits are those of a run that started
 * there. A tie within noise keeps doubling to the end. */
static void test_doubling(void **state)
{
	for (int sampler = 0; sampler < SAMPLER_N; sampler++) {
		struct evaluation *grown, *direct;
		struct world w;

		(void)state;
		open_world(&w, normals, PLAIN);
		w.o.sampler = (enum sampler)sampler;
		w.o.confidence = 0.9999999;
		w.o.samples = 2048;
		w.o.max_samples = 8192;
		grown = evaluate(&w);
		assert_int_equal(grown->tradeoff[0].verdict.state,
		                 VERDICT_UNDECIDED);
		assert_int_equal(grown->engine.samples, 8192);
		w.o.samples = 8192;
		w.o.want_break_even = false;
		direct = evaluate(&w);
		grown->tradeoff[0].nbreak_even = 0;
		assert_same(&grown->tradeoff[0], &direct->tradeoff[0]);
		evaluation_free(grown);
		evaluation_free(direct);
		close_world(&w);
	}
}

static void test_digest(void **state)
{
	struct evaluation *a, *b;
	struct world w;

	(void)state;
	open_world(&w, normals, PLAIN);
	a = evaluate(&w);
	w.o.seed = 2;
	b = evaluate(&w);
	assert_string_not_equal(a->digest, b->digest);
	assert_string_equal(a->scenario_digest, b->scenario_digest);
	evaluation_free(a);
	evaluation_free(b);
	close_world(&w);
}

/* --- rules, requirements, states --------------------------------------------------- */

static const char ruled[] =
	"model: mine\n" HEAD
	"  ask: {title: Ask}\n"
	"parameters:\n"
	"  x: {unit: \"1\", value: \"uniform(0, 1)\"}\n"
	"  strict: {type: boolean, value: true}\n"
	"formulas:\n"
	"  cost: {by: option, wait: 100 USD, act: 40 USD + 20 USD * x,\n"
	"         ask: 70 USD}\n"
	"decision:\n"
	"  minimise: cost\n"
	"  incumbent: wait\n"
	"  break_even: [x]\n"
	"requires:\n"
	"  - {reason: too_much, for: own, when: x > 0.98,\n"
	"     remedy: \"needs x below {0.98}, not {x}\"}\n"
	"constraints:\n"
	"  - {id: no_acting, title: Nobody acts, when: strict,\n"
	"     allow: not is(own)}\n"
	"findings:\n"
	"  - {id: half, when: x > 0.5, say: \"x is {x}\"}\n";

static void test_rule(void **state)
{
	struct evaluation *e;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	open_world(&w, ruled, PLAIN);
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(option(t, "act")->status, OPTION_BARRED);
	assert_string_equal(option(t, "act")->reason[0], "no_acting");
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
	close_world(&w);
}

static void test_infeasible_share(void **state)
{
	struct evaluation *e;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	open_world(&w, ruled,
	           "scenario: s\nmine: {parameters: {strict: false}}\n");
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_int_equal(option(t, "act")->status, OPTION_OK);
	assert_near(option(t, "act")->p_feasible, 0.98, 1e-3);
	assert_near(option(t, "act")->objective.mean,
	            0.98 * (40 + 20 * 0.49) + 2, 0.01);
	assert_string_equal(option(t, "act")->reason[0], "too_much");
	assert_string_equal(option(t, "act")->reason_text[0],
	                    "too much: needs x below 0.98, not 0.5");
	assert_near(option(t, "act")->probability_best, 0.98, 1e-3);
	/* where it cannot act, asking is cheapest */
	assert_near(option(t, "ask")->probability_best, 0.02, 1e-3);
	assert_near(t->rule[0].price, 0, 0);
	evaluation_free(e);
	close_world(&w);
}

/* At x = 0.98 acting ends: the winner of the pair jumps there. */
static void test_point(void **state)
{
	struct evaluation *e;
	const struct break_even *b;
	const struct tradeoff *t;
	struct world w;

	(void)state;
	open_world(&w, ruled,
	           "scenario: s\nmine: {parameters: {strict: false}}\n");
	w.o.point = true;
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(option(t, "act")->objective.value, 50, 1e-12);
	assert_true(isnan(option(t, "act")->objective.mean));
	assert_true(isnan(t->verdict.probability_best));
	assert_int_equal(t->verdict.state, VERDICT_STABLE);
	b = &t->break_even[0];
	assert_int_equal(b->state, BREAK_CROSSINGS);
	assert_int_equal(b->ncrossings, 1);
	assert_int_equal(b->crossing[0].kind, CROSS_JUMP);
	assert_near(b->first, 0.98, 1e-12);
	assert_near(b->here, 0.5, 1e-15);
	evaluation_free(e);
	close_world(&w);
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
	open_world(&w, text, PLAIN);
	e = evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_INFEASIBLE);
	assert_int_equal(e->tradeoff[0].verdict.option, -1);
	assert_near(e->tradeoff[0].verdict.p_none, 1, 0);
	assert_non_null(strstr(e->tradeoff[0].verdict.sentence, "go home"));
	evaluation_free(e);
	close_world(&w);
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
	open_world(&w, text, PLAIN);
	e = evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_TIED);
	assert_int_equal(e->tradeoff[0].verdict.option, 0);
	/* nothing else is uncertain: the break-even is exact in any run */
	assert_near(e->tradeoff[0].break_even[0].first, 10, 1e-11);
	evaluation_free(e);
	scenario_free(w.s);
	w.s = fixture_scenario(&w.f,
	                       "scenario: s\nmine: {parameters: {x: 9}}\n");
	e = evaluate(&w);
	assert_int_equal(e->tradeoff[0].verdict.state, VERDICT_STABLE);
	assert_near(e->tradeoff[0].verdict.probability_best, 1, 0);
	assert_near(e->tradeoff[0].verdict.advantage, 1, 1e-12);
	evaluation_free(e);
	close_world(&w);
}

/* --- presets and correlation ---------------------------------------------------------- */

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
	open_world(&w, text, PLAIN);
	e = evaluate(&w);
	t = &e->tradeoff[0];
	assert_near(option(t, "act")->objective.mean, 9, 1e-9);
	/* knowing the view saves 14 in a quarter of the cases */
	assert_near(t->voi.evpi, 3.5, 1e-9);
	assert_near(evppi(t, "view"), 3.5, 1e-9);
	assert_int_equal(t->npresets, 2);
	assert_near(t->preset[1].weight, 0.25, 0);
	for (int i = 0; i < t->nsensitivity; i++)
		assert_true(t->sensitivity[i].flips);
	evaluation_free(e);
	w.o.point = true;
	e = evaluate(&w);
	assert_near(option(&e->tradeoff[0], "act")->objective.value, 4, 0);
	evaluation_free(e);
	close_world(&w);
}

/* Spearman 0.5 is a correlation of 2 sin(pi / 12) of normal scores. */
static void test_correlation(void **state)
{
	struct evaluation *e;
	struct world w;
	double sd;

	(void)state;
	open_world(&w, normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.5]]\n"
	           "mine: {}\n");
	e = evaluate(&w);
	sd = sqrt(1 + 4 + 2 * 2 * 0.5176380902);
	assert_near(option(&e->tradeoff[0], "act")->objective.p95,
	            1.6448536 * sd, 0.03);
	evaluation_free(e);
	close_world(&w);
}

static void test_impossible_correlation(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, normals,
	           "scenario: s\ncorrelate: [[mine.a, mine.b, 0.9], "
	           "[mine.a, mine.idle, 0.9], [mine.b, mine.idle, -0.9]]\n"
	           "mine: {}\n");
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_true(fixture_says(&w.f.err, "cannot all hold"));
	assert_int_equal(w.f.err.item[0].line, 2);
	close_world(&w);
}

/* --- failures ---------------------------------------------------------------------------- */

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
	open_world(&w, text, PLAIN);
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 3);
	assert_true(fixture_says(&w.f.err, "`share` gives no finite number"));
	assert_true(fixture_says(&w.f.err, "x = 0"));
	assert_int_equal(w.f.err.item[0].line, 12);
	close_world(&w);
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

		open_world(&w, normals, PLAIN);
		w.o.progress = stop;
		w.o.progress_ctx = &calls;
		assert_null(engine_evaluate(w.f.library, w.s, &w.o,
		                            &w.f.err));
		assert_true(fixture_says(&w.f.err, "cancelled"));
		assert_int_equal(err_exit_status(&w.f.err), 6);
		close_world(&w);
	}
}

static void test_bad_options(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, normals, PLAIN);
	w.o.samples = 0;
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	err_clear(&w.f.err);
	w.o.samples = 1;
	w.o.max_samples = 1;
	evaluation_free(evaluate(&w));
	close_world(&w);
}

/* --- one parameter, curves, explanations ---------------------------------------------- */

/* Gains cross at a = -b: with b of mean 0 the expected gain crosses at 0, and
 * each draw at its own -b. */
static void test_break_even(void **state)
{
	struct evaluation *e;
	const struct break_even *b;
	struct world w;

	(void)state;
	open_world(&w, normals, PLAIN);
	e = engine_break_even(w.f.library, w.s, "mine", "a", &w.o, &w.f.err);
	assert_non_null(e);
	assert_int_equal(e->tradeoff[0].nbreak_even, 2);
	b = &e->tradeoff[0].break_even[0];
	assert_true(b->pair);
	assert_int_equal(b->state, BREAK_CROSSINGS);
	assert_near(b->first, 0, 0.02);
	assert_int_equal(b->crossing[0].below, 0);
	assert_int_equal(b->crossing[0].above, 1);
	assert_near(b->p50, 0, 0.05);
	assert_near(b->p95, 2 * 1.6448536, 0.15);
	/* a > -b with even odds */
	assert_near(b->p_beyond, 0.5, 0.02);
	assert_false(e->tradeoff[0].break_even[1].pair);
	evaluation_free(e);
	assert_null(engine_break_even(w.f.library, w.s, "mine", "nothing",
	                              &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	err_clear(&w.f.err);
	e = engine_break_even(w.f.library, w.s, "mine", "idle", &w.o,
	                      &w.f.err);
	assert_non_null(e);
	assert_int_equal(e->tradeoff[0].break_even[0].state, BREAK_UNDEFINED);
	evaluation_free(e);
	close_world(&w);
}

static struct bound *bind(struct world *w)
{
	struct bound *b = bound_new(w->f.library, w->s, NULL, &w->f.err);

	assert_non_null(b);
	return b;
}

static void test_curve(void **state)
{
	struct world w;
	struct bound *b;
	struct curve *c;

	(void)state;
	open_world(&w, ruled,
	           "scenario: s\nmine: {parameters: {strict: false}}\n");
	b = bind(&w);
	c = engine_curve(b, 0, "x", 0.2, 0.6, 3, &w.o, &w.f.err);
	assert_non_null(c);
	assert_near(c->x[1], 0.4, 1e-12);
	assert_near(c->mean[1 * 3 + 1], 48, 1e-9);
	assert_near(c->mean[0 * 3 + 2], 100, 1e-9);
	curve_free(c);
	c = engine_curve(b, 0, "x", 0, 0, 20, &w.o, &w.f.err);
	assert_non_null(c);
	/* beyond 0.98 acting cannot be drawn */
	assert_true(isnan(c->mean[1 * 20 + 19]));
	curve_free(c);
	assert_null(engine_curve(b, 0, "strict", 0, 1, 5, &w.o, &w.f.err));
	bound_free(b);
	close_world(&w);
}

static void test_explain(void **state)
{
	struct explanation *x;
	struct world w;
	struct bound *b;

	(void)state;
	open_world(&w, normals, PLAIN);
	b = bind(&w);
	x = engine_explain(b, 0, "objective[act]", 5, &w.o, &w.f.err);
	assert_non_null(x);
	assert_string_equal(x->name, "objective[act]");
	assert_int_equal(x->n, 1);
	assert_string_equal(x->part[0]->name, "gain[act]");
	assert_near(x->part[0]->s.p95, 1.6448536 * sqrt(5), 0.1);
	assert_int_equal(x->part[0]->n, 3);
	assert_string_equal(x->part[0]->part[1]->name, "b");
	assert_non_null(x->part[0]->part[1]->source);
	assert_near(x->part[0]->part[1]->source->p95, 2 * 1.6448536, 1e-6);
	explanation_free(x);
	x = engine_explain(b, 0, "gain[act]", 0, &w.o, &w.f.err);
	assert_non_null(x);
	assert_int_equal(x->n, 0);
	explanation_free(x);
	assert_null(engine_explain(b, 0, "gain[nobody]", 1, &w.o, &w.f.err));
	assert_null(engine_explain(b, 0, "nothing", 1, &w.o, &w.f.err));
	bound_free(b);
	close_world(&w);
}

static void test_provenance(void **state)
{
	struct evaluation *e;
	struct world w;

	(void)state;
	open_world(&w, normals, "scenario: s\nmine: {parameters: {a: 3}}\n");
	e = evaluate(&w);
	assert_int_equal(e->tradeoff[0].nprovenance, 3);
	assert_string_equal(e->tradeoff[0].provenance[0].parameter, "a");
	assert_true(e->tradeoff[0].provenance[0].fixed);
	assert_near(e->tradeoff[0].provenance[0].p50, 3, 0);
	assert_string_equal(e->tradeoff[0].provenance[0].origin, "scenario");
	assert_string_equal(e->tradeoff[0].provenance[1].origin, "model");
	evaluation_free(e);
	close_world(&w);
}

/* The option that a neighbour recommends is what the next model reads. */
static void test_neighbour(void **state)
{
	static const char later[] =
		"model: other\n" HEAD
		"reads: {gained: {from: mine.gain, else: 0 USD}}\n"
		"formulas: {left: gained}\n"
		"decision: {maximise: left, incumbent: wait}\n";
	char *text = fixture_replace(normals, "normal(0, 1)", "normal(9, 1)");
	struct evaluation *e;
	struct world w;

	(void)state;
	open_world(&w, text, "scenario: s\nmine: {}\nother: {}\n");
	add_model(&w, "other.yaml", later);
	e = evaluate(&w);
	assert_int_equal(e->ntradeoffs, 2);
	assert_string_equal(e->tradeoff[0].model, "mine");
	assert_int_equal(e->tradeoff[0].verdict.option, 1);
	/* wait, the incumbent, would gain nothing */
	assert_near(option(&e->tradeoff[1], "wait")->objective.mean, 9, 0.01);
	evaluation_free(e);
	free(text);
	close_world(&w);
}

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
		cmocka_unit_test(test_too_many_draws),
		cmocka_unit_test(test_doubling),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_infeasible_share),
		cmocka_unit_test(test_point),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_certain),
		cmocka_unit_test(test_preset),
		cmocka_unit_test(test_correlation),
		cmocka_unit_test(test_impossible_correlation),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_break_even),
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_provenance),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
