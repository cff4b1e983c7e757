/*
 * What moves a decision: total indices, Shapley effects and rank correlations
 * of a lead, through laws, presets and correlations; feasibility at the ends.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_world.h"

static const struct sensitivity *find(const struct evaluation *e,
                                      const char *name)
{
	const struct tradeoff *t = &e->tradeoff[0];

	for (int i = 0; i < t->nsensitivity; i++)
		if (strcmp(t->sensitivity[i].parameter, name) == 0)
			return &t->sensitivity[i];
	fail_msg("no parameter %s", name);
	return NULL;
}

static struct evaluation *measure(struct world *w, const char *model,
                                  const char *scenario)
{
	world_open(w, model, scenario);
	w->o.want_shapley = w->o.want_prcc = true;
	return engine_trade(w->f.library, w->s, "mine", &w->o, &w->f.err);
}

/* A lead of N(0, 1) + N(0, 2): a fifth and four. */
static void test_independent(void **state)
{
	struct evaluation *e;
	const struct sensitivity *s;
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	w.o.want_total = w.o.want_shapley = w.o.want_prcc = true;
	e = engine_trade(w.f.library, w.s, "mine", &w.o, &w.f.err);
	assert_non_null(e);
	assert_int_equal(e->tradeoff[0].index_draws, w.o.samples);
	s = find(e, "a");
	assert_near(s->total, .2, 4 * s->total_se + 1e-5);
	assert_near(s->shapley, .2, 4 * s->shapley_se + 1e-5);
	assert_true(s->total_se < .01 && s->shapley_se < .01);
	/* nothing but a and b moves the lead: given the other, each tells all
	 * but what ranks lose of a sum */
	assert_true(s->prcc > .8 && s->prcc <= 1 && s->prcc_se < .02);
	s = find(e, "b");
	assert_near(s->total, .8, 4 * s->total_se + 1e-5);
	assert_near(s->shapley, .8, 4 * s->shapley_se + 1e-5);
	assert_true(s->prcc > .9);
	evaluation_free(e);
	world_close(&w);
}

/* Two inputs share what they tell together; Spearman's .5 is .5176 of the
 * scores (C8). */
static void test_correlated(void **state)
{
	static const char scenario[] =
		"scenario: s\ncorrelate: [[a, b, 0.5]]\nmine: {}\n";
	const double r = .5176380902, v = 5 + 4 * r;
	double want = ((1 + 2 * r) * (1 + 2 * r) + 1 - r * r) / 2 / v;
	struct evaluation *e;
	const struct sensitivity *s;
	struct world w;

	(void)state;
	e = measure(&w, world_normals, scenario);
	assert_non_null(e);
	s = find(e, "a");
	assert_near(s->shapley, want, 4 * s->shapley_se + 1e-5);
	assert_true(s->shapley_se < .01 && isnan(s->total));
	assert_near(find(e, "b")->shapley, 1 - s->shapley, 1e-12);
	evaluation_free(e);
	w.o.want_shapley = false;
	e = engine_trade(w.f.library, w.s, "mine", &w.o, &w.f.err);
	assert_non_null(e);
	assert_string_equal(e->tradeoff[0].warning[0].code, "correlated");
	evaluation_free(e);
	w.o.want_total = true;
	assert_null(engine_trade(w.f.library, w.s, "mine", &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	assert_non_null(strstr(w.f.err.item[0].text, "--shapley"));
	err_clear(&w.f.err);
	world_close(&w);
}

/* Two views, four apart, and a normal of each: the view is four fifths. */
static void test_preset(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {a: {unit: USD, value: \"normal(0, 1)\"}}\n"
		"formulas: {gain: \"if(is(act), a, 0 USD)\"}\n"
		"presets:\n"
		"  view:\n"
		"    low: {weight: 0.5, set: {a: \"normal(-2, 1)\"}}\n"
		"    high: {weight: 0.5, set: {a: \"normal(2, 1)\"}}\n"
		"decision: {maximise: gain, incumbent: wait}\n";
	struct evaluation *e;
	const struct sensitivity *s;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	w.o.want_total = w.o.want_shapley = w.o.want_prcc = true;
	e = engine_trade(w.f.library, w.s, "mine", &w.o, &w.f.err);
	assert_non_null(e);
	s = find(e, "view");
	assert_near(s->total, .8, 4 * s->total_se + 1e-5);
	assert_near(s->shapley, .8, 4 * s->shapley_se + 1e-5);
	assert_true(isnan(s->prcc));    /* views have no order */
	s = find(e, "a");
	assert_near(s->total, .2, 4 * s->total_se + 1e-5);
	/* its own value, view included, is the lead */
	assert_near(s->prcc, 1, 1e-6);
	evaluation_free(e);
	world_close(&w);
}

/* --- feasibility where the swing is ------------------------------------- */

static struct evaluation *ruled(struct world *w, const char *limit,
                                const char *at_most)
{
	char *one = fixture_replace(world_ruled, "x > 0.98", limit);
	char *text = fixture_replace(one, "  incumbent: wait\n", at_most);
	struct evaluation *e;

	world_open(w, text, "scenario: s\nmine: {parameters: {strict: "
	           "false}}\n");
	e = engine_trade(w->f.library, w->s, "mine", &w->o, &w->f.err);
	assert_non_null(e);
	free(one);
	free(text);
	return e;
}

static void test_ends(void **state)
{
	struct evaluation *e;
	const struct sensitivity *s;
	struct world w;

	(void)state;
	/* at the centre acting cannot be done, at the low end it is best */
	e = ruled(&w, "x > 0.4", "  incumbent: wait\n");
	assert_string_equal(e->tradeoff[0].option[
		e->tradeoff[0].verdict.option].name, "ask");
	s = find(e, "x");
	assert_int_equal(s->low_best, 1);
	assert_int_equal(s->high_best, 2);
	assert_true(s->flips);
	assert_int_equal(s->low_missing, -1);
	evaluation_free(e);
	world_close(&w);
	/* acting is best, but cannot be done at the high end */
	e = ruled(&w, "x > 0.85", "  incumbent: wait\n"
	          "  infeasible_draws: {at_most: 0.2}\n");
	s = find(e, "x");
	assert_int_equal(e->tradeoff[0].verdict.option, 1);
	assert_int_equal(s->high_missing, 1);
	assert_int_equal(s->low_missing, -1);
	assert_true(isnan(s->swing_high));
	assert_int_equal(s->high_best, 2);
	evaluation_free(e);
	world_close(&w);
	/* where too many draws are infeasible, the central one does not help */
	e = ruled(&w, "x > 0.85", "  incumbent: wait\n");
	assert_int_equal(find(e, "x")->low_best, 2);
	assert_false(find(e, "x")->flips);
	evaluation_free(e);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_independent),
		cmocka_unit_test(test_correlated),
		cmocka_unit_test(test_preset),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
