/*
 * Questions about one trade-off: break-evens of a parameter, cost curves, why
 * a figure is what it is, where values came from, what a neighbour decides.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "engine_world.h"

/* --- one parameter, curves, explanations -------------------------------- */

/* Gains cross at a = -b: with b of mean 0 the expected gain crosses at 0, and
 * each draw at its own -b. */
static void test_break_even(void **state)
{
	struct evaluation *e;
	const struct break_even *b;
	struct world w;

	(void)state;
	world_open(&w, world_normals, PLAIN);
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
	/* the median of 512 normal draws of sd 2, a net: far below the 0.11 of
	 * plain ones; every draw crosses in the range */
	assert_true(b->p50_se > 0 && b->p50_se < 0.11);
	assert_near(b->p_never_se, 0, 0);
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
	world_close(&w);
}

/* A bump a millionth of its place wide, told by the sides that min and max
 * take; and steps of 4 that cross 25 times, 24 of them back, known to +-0.01
 * only: the mean, and the first of each draw. */
static const char hidden[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  x: {unit: \"1\", value: 50, bounds: [1, 100]}\n"
	"  noise: {unit: \"1\", value: \"normal(0, 0.01)\"}\n"
	"formulas:\n"
	"  bump: max(0, min(x - 33.33331, 33.33339 - x)) * 1e6\n"
	"  cost: {by: option, wait: 10, act: 40 - bump}\n"
	"decision: {minimise: cost, incumbent: wait}\n";
static const char many[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  x: {unit: \"1\", value: 50, bounds: [1, 100]}\n"
	"  noise: {unit: \"1\", value: \"normal(0, 0.01)\"}\n"
	"formulas:\n"
	"  cost:\n"
	"    by: option\n"
	"    wait: x\n"
	"    act: ceil(x / 4) * 4 - 1.7 + noise\n"
	"decision: {minimise: cost, incumbent: wait}\n";

static struct evaluation *tips(struct world *w, const char *model)
{
	struct evaluation *e;

	world_open(w, model, PLAIN);
	e = engine_break_even(w->f.library, w->s, "mine", "x", &w->o,
	                      &w->f.err);
	assert_non_null(e);
	return e;
}

static void test_hidden_crossings(void **state)
{
	const struct break_even *b;
	struct evaluation *e;
	struct world w;

	(void)state;
	e = tips(&w, hidden);
	b = &e->tradeoff[0].break_even[0];
	assert_int_equal(b->ncrossings, 2);
	assert_near(b->crossing[0].at, 33.33334, 1e-8);
	assert_near(b->crossing[1].at, 33.33336, 1e-8);
	evaluation_free(e);
	world_close(&w);

	e = tips(&w, many);
	b = &e->tradeoff[0].break_even[0];
	assert_int_equal(b->ncrossings, 49);
	for (int i = 0; i < b->ncrossings; i++)
		/* the mean of the noise over 1024 points is below 1e-4 */
		assert_near(b->crossing[i].at, i / 2 * 4 + (i % 2 ? 4 : 2.3),
		            1e-4);
	assert_near(b->p50, 2.3, 1e-3);
	assert_near(b->p95, 2.3 + 0.016449, 2e-3);
	/* two options: the best of all names both, or none twice */
	b = &e->tradeoff[0].break_even[1];
	assert_int_not_equal(b->between[0], b->between[1]);
	evaluation_free(e);
	world_close(&w);
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
	world_open(&w, world_ruled,
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
	world_close(&w);
}

/* Costs that grow by 2 USD a month from 10, a setup of 5; a gate whose cost
 * hangs on a name of the figure's own. */
static const char charted[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  k: {unit: \"1\", value: \"uniform(0, 2)\"}\n"
	"functions:\n"
	"  gate: {args: [t], value: \"k * (t / 1 [label]) ^ 2\"}\n"
	"formulas:\n"
	"  base: \"8 [USD/month] + 2 [USD/month] * month\"\n"
	"money:\n"
	"  run: {account: serving, monthly: \"base * if(is(act), 2, 1)\"}\n"
	"  setup: {account: build, once: 5 USD, for: [act]}\n"
	"decision:\n"
	"  minimise: npv(sum_money(monthly), 0 [1/year]) + sum_money(once)\n"
	"  incumbent: wait\n"
	"  break_even: [k]\n"
	"outputs: {twice: {value: 2 * k, at: central}}\n"
	"figures:\n"
	"  - {id: g, title: Gate, value: gate(t), over: t, from: 1, to: 3,\n"
	"     unit: label, means: Labels}\n"
	"  - {id: m, title: Base, value: base, over: month}\n";

static void months_of_figures(struct world *w, struct bound *b)
{
	struct curve *c = engine_figure(b, 0, "once + cumulative(monthly)",
	                                "month", 0, 0, 0, &w->o, &w->f.err);

	assert_non_null(c);
	assert_int_equal(c->n, 12);
	assert_int_equal(c->noptions, 2);
	assert_near(c->x[11], 12, 0);
	/* 8 m + m (m + 1): at m = 12 252; twice that and 5 when acting */
	assert_near(c->mean[11], 252, 1e-9);
	assert_near(c->mean[12], 5 + 2 * 10, 1e-9);
	assert_near(c->mean[12 + 11], 5 + 504, 1e-9);
	assert_true(isnan(c->here));
	curve_free(c);
	c = engine_figure_named(b, 0, 1, 33, &w->o, &w->f.err);
	assert_non_null(c);
	assert_int_equal(c->noptions, 1);       /* the options share it */
	assert_near(c->mean[2], 14, 1e-9);
	curve_free(c);
}

static void test_figure(void **state)
{
	struct world w;
	struct bound *b;
	struct curve *c;

	(void)state;
	world_open(&w, charted, PLAIN);
	b = bind(&w);
	months_of_figures(&w, b);
	c = engine_figure_named(b, 0, 0, 3, &w.o, &w.f.err);
	assert_non_null(c);
	assert_string_equal(c->title, "Labels");
	assert_string_equal(c->unit, "label");
	assert_near(c->x[1], 2, 1e-12);
	/* k of mean 1 and P95 1.9, 512 points: a net is within 1 % */
	assert_near(c->mean[1], 4, 0.02);
	assert_near(c->p95[2], 9 * 1.9, 0.1);
	curve_free(c);
	c = engine_figure(b, 0, "twice", "k", 0.5, 1.5, 3, &w.o, &w.f.err);
	assert_non_null(c);
	assert_near(c->mean[2], 3, 1e-12);
	assert_near(c->p5[2], 3, 1e-12);        /* central values */
	assert_near(c->here, 1, 1e-12);
	curve_free(c);
	assert_null(engine_figure(b, 0, "nothing", "k", 0, 1, 3, &w.o,
	                          &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	err_clear(&w.f.err);
	assert_null(engine_figure(b, 0, "twice", "k", 0, 1, 1, &w.o,
	                          &w.f.err));
	err_clear(&w.f.err);
	bound_free(b);
	world_close(&w);
}

/* A figure that cannot be drawn is found when the model is read. */
static void test_bad_figures(void **state)
{
	static const struct { const char *line, *says; } bad[] = {
		{ "{id: g, title: G, value: k, over: q}", "no parameter" },
		{ "{id: g, title: G, value: k + 1 USD, over: month}", "USD" },
		{ "{id: g, title: G, value: t, over: t, from: 1,"
		  " means: T}", "from:" },
		{ "{id: g, title: G, value: t, over: t, from: 2, to: 1,"
		  " means: T}", "below" },
		{ "{id: g, title: G, over: k}", "value" },
		{ "{id: g, title: G, value: k, over: k, color: red}", "color" },
	};
	struct fixture f;

	(void)state;
	fixture_open(&f);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buf b = BUF_INIT, path = BUF_INIT;

		buf_addn(&b, charted, (size_t)(strstr(charted, "figures:") -
		                               charted));
		buf_addf(&b, "figures: [%s]\n", bad[i].line);
		fixture_file(&f, "bad.yaml", b.s);
		buf_addf(&path, "%s/models/bad.yaml", f.dir);
		assert_false(library_add(f.library, path.s, &f.err));
		assert_int_equal(err_exit_status(&f.err), 3);
		if (!strstr(f.err.item[0].text, bad[i].says))
			fail_msg("%s: %s", bad[i].line,
			         f.err.item[0].text);
		err_clear(&f.err);
		buf_release(&b);
		buf_release(&path);
	}
	fixture_close(&f);
}

static void test_explain(void **state)
{
	struct explanation *x;
	struct world w;
	struct bound *b;

	(void)state;
	world_open(&w, world_normals, PLAIN);
	b = bind(&w);
	x = engine_explain(b, 0, "objective[act]", 5, &w.o, &w.f.err);
	assert_non_null(x);
	assert_string_equal(x->name, "objective[act]");
	assert_int_equal(x->n, 1);
	assert_string_equal(x->part[0]->name, "gain[act]");
	assert_near(x->part[0]->s.p95, 1.6448536 * sqrt(5), 0.1);
	assert_int_equal(x->part[0]->n, 3);
	/* of a variance of 1 + 4; `idle` moves nothing */
	assert_int_equal(x->part[0]->nmoves, 2);
	assert_string_equal(x->part[0]->move[0].parameter, "b");
	assert_near(x->part[0]->move[0].share, .8, .01);
	assert_near(x->part[0]->move[1].share, .2, .01);
	assert_true(x->part[0]->move[0].se < .02);
	assert_int_equal(x->part[0]->part[1]->nmoves, 1);
	assert_near(x->part[0]->part[1]->move[0].share, 1, .01);
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
	world_close(&w);
}

/* What a formula reads of another option is explained for that one. */
static void test_explain_other_option(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters: {x: {unit: USD, value: 10}}\n"
		"formulas:\n"
		"  base: \"if(is(act), x, 3 USD)\"\n"
		"  cost: \"if(is(act), base[wait], base[incumbent])\"\n"
		"decision: {minimise: cost, incumbent: wait}\n";
	struct explanation *x;
	struct world w;
	struct bound *b;

	(void)state;
	world_open(&w, text, PLAIN);
	b = bind(&w);
	w.o.point = true;
	x = engine_explain(b, 0, "cost[act]", 3, &w.o, &w.f.err);
	assert_non_null(x);
	assert_int_equal(x->n, 1);
	assert_string_equal(x->part[0]->name, "base[wait]");
	assert_near(x->part[0]->s.value, 3, 0);
	explanation_free(x);
	bound_free(b);
	world_close(&w);
}

/* Two thresholds, one of them never reached where y is small, and where the
 * draws stand: x lies at or above 7 in 3 of 10, below 3 in 3 of 10. */
static void test_switching(void **state)
{
	static const char text[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  x: {unit: USD, value: \"uniform(0, 10)\"}\n"
		"  y: {unit: USD, value: \"uniform(0, 1)\"}\n"
		"formulas:\n"
		"  cost: \"if(is(act), x + y, 5 USD)\"\n"
		"  leave: \"if(y < 0.5 [USD], never, 3 USD)\"\n"
		"decision: {minimise: cost, incumbent: wait}\n"
		"outputs: {hi: {value: 7 USD}, lo: {value: leave},\n"
		"          worth: {value: 2 * x, at: central}}\n"
		"switch: {of: x, to: act, at: hi, back_below: lo, "
		"value: worth}\n";
	struct evaluation *e;
	const struct switching *s;
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	e = world_evaluate(&w);
	s = &e->tradeoff[0].switching;
	assert_true(s->present);
	assert_string_equal(s->parameter, "x");
	assert_int_equal(s->from, 0);
	assert_int_equal(s->to, 1);
	assert_near(s->at->s.p50, 7, 0);
	assert_near(s->back->s.p_never, .5, 1e-3);
	assert_near(s->here, 5, 1e-12);
	assert_near(s->p_above, .3, 1e-3);
	assert_near(s->p_below, .15, 1e-2);
	assert_near(s->value->s.value, 10, 1e-12);
	evaluation_free(e);
	w.o.point = true;
	e = world_evaluate(&w);
	assert_true(isnan(e->tradeoff[0].switching.p_above));
	assert_near(e->tradeoff[0].switching.at->s.value, 7, 0);
	evaluation_free(e);
	world_close(&w);
	world_open(&w, world_normals, PLAIN);
	e = world_evaluate(&w);
	assert_false(e->tradeoff[0].switching.present);
	evaluation_free(e);
	world_close(&w);
}

static void test_provenance(void **state)
{
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, world_normals, "scenario: s\nmine: {parameters: {a: 3}}\n");
	e = world_evaluate(&w);
	assert_int_equal(e->tradeoff[0].nprovenance, 3);
	assert_string_equal(e->tradeoff[0].provenance[0].parameter, "a");
	assert_true(e->tradeoff[0].provenance[0].fixed);
	assert_near(e->tradeoff[0].provenance[0].p50, 3, 0);
	assert_string_equal(e->tradeoff[0].provenance[0].origin, "scenario");
	assert_string_equal(e->tradeoff[0].provenance[1].origin, "model");
	evaluation_free(e);
	world_close(&w);
}

/* The option that a neighbour recommends is what the next model reads. */
static void test_neighbour(void **state)
{
	static const char later[] =
		"model: other\n" HEAD
		"reads: {gained: {from: mine.gain, else: 0 USD}}\n"
		"formulas: {left: gained}\n"
		"decision: {maximise: left, incumbent: wait}\n";
	char *text = fixture_replace(world_normals, "normal(0, 1)", "normal(9, 1)");
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, text, "scenario: s\nmine: {}\nother: {}\n");
	world_add(&w, "other.yaml", later);
	e = world_evaluate(&w);
	assert_int_equal(e->ntradeoffs, 2);
	assert_string_equal(e->tradeoff[0].model, "mine");
	assert_int_equal(e->tradeoff[0].verdict.option, 1);
	/* wait, the incumbent, would gain nothing */
	assert_near(world_option(&e->tradeoff[1], "wait")->objective.mean, 9, 0.01);
	evaluation_free(e);
	free(text);
	world_close(&w);
}

/* One that stands earlier may read one that stands later: it waits for it. */
static void test_neighbour_behind(void **state)
{
	static const char early[] =
		"model: early\n" HEAD
		"reads: {gained: {from: mine.gain, else: 0 USD}}\n"
		"formulas: {left: gained}\n"
		"decision: {maximise: left, incumbent: wait}\n";
	char *text = fixture_replace(world_normals, "normal(0, 1)", "normal(9, 1)");
	const struct tradeoff *t;
	struct evaluation *e;
	struct world w;

	(void)state;
	world_open(&w, text, "scenario: s\nmine: {}\nearly: {}\n");
	world_add(&w, "early.yaml", early);
	e = world_evaluate(&w);
	t = &e->tradeoff[0];
	assert_string_equal(t->model, "early");
	assert_string_equal(e->tradeoff[1].model, "mine");
	assert_near(world_option(t, "wait")->objective.mean, 9, 0.01);
	assert_int_equal(t->nneighbours, 1);
	assert_string_equal(t->neighbour[0].option, "act");
	assert_string_equal(t->neighbour[0].why, "recommended");
	assert_string_equal(t->neighbour[0].figure[0], "gain");
	assert_int_equal(e->tradeoff[1].nneighbours, 0);
	evaluation_free(e);
	free(text);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_break_even),
		cmocka_unit_test(test_hidden_crossings),
		cmocka_unit_test(test_curve),
		cmocka_unit_test(test_figure),
		cmocka_unit_test(test_bad_figures),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_explain_other_option),
		cmocka_unit_test(test_switching),
		cmocka_unit_test(test_provenance),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
