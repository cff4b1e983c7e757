/*
 * The value of information: of inputs, groups, presets and studies, against
 * closed forms and exact sums of the engine reference (C1, C3, Hubbard) and of
 * conjugate pairs; the order laws; and whether the printed errors cover.
 *
 * Sampled values are held to four of their own standard errors, and besides to
 * a band that plain Monte Carlo of as many points would miss, so that an error
 * that is far too large passes nothing.
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
#include "engine/trade.h"
#include "engine/voi.h"
#include "engine_world.h"

static const char pair[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  a: {unit: USD, value: \"normal(MEAN, 1)\"}\n"
	"  b: {unit: USD, value: \"normal(0, 2)\"}\n"
	"formulas: {gain: \"if(is(act), a + b, 0 USD)\"}\n"
	"decision: {maximise: gain, incumbent: wait}\n"
	"studies:\n"
	"  look: {observe: {normal_mean: {of: a, sd: 2 USD, n: runs}},\n"
	"         n: {from: 1, to: 1000}, cost: 0.001 USD * n}\n";

static const struct evppi *find(const struct evppi *list, int n,
                                const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(list[i].parameter, name) == 0)
			return &list[i];
	fail_msg("no %s", name);
	return NULL;
}

static const struct evppi *single(const struct evaluation *e, const char *name)
{
	return find(e->tradeoff[0].voi.evppi, e->tradeoff[0].voi.nevppi, name);
}

static const struct evppi *group(const struct evaluation *e, const char *name)
{
	return find(e->tradeoff[0].voi.group, e->tradeoff[0].voi.ngroups,
	            name);
}

static void holds(double got, double se, double want, double band)
{
	if (fabs(got - want) <= 4 * se && fabs(got - want) <= band)
		return;
	fail_msg("got %.8g +- %.2g, want %.8g within %.2g", got, se, want,
	         band);
}

/* Runs one study of the world at one size. */
static struct study_size study_at(struct world *w, const char *name, double n)
{
	struct evaluation *e;
	struct study_size out;

	w->o.want_studies = true;
	w->o.study = name;
	w->o.study_size = n;
	e = world_evaluate(w);
	assert_int_equal(e->tradeoff[0].voi.nstudies, 1);
	out = e->tradeoff[0].voi.study[0].size[0];
	assert_true(out.n == n);
	evaluation_free(e);
	return out;
}

/* --- C1: two normal gains, a study of the first -------------------------- */

static void check_pair(const char *mean, const double *want)
{
	static const double sizes[] = { 1, 10, 100, 1000 };
	char *text = fixture_replace(pair, "MEAN", mean);
	struct evaluation *e;
	struct world w;

	world_open(&w, text, PLAIN);
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	/* plain Monte Carlo: 0.012, 0.01 */
	holds(e->tradeoff[0].voi.evpi, e->tradeoff[0].voi.evpi_se, want[0],
	      1e-3);
	holds(single(e, "a")->value, single(e, "a")->se, want[1], 2e-3);
	holds(single(e, "b")->value, single(e, "b")->se, want[2], 2e-3);
	evaluation_free(e);
	for (int i = 0; i < 4; i++) {
		struct study_size z = study_at(&w, "look", sizes[i]);

		holds(z.evsi, z.evsi_se, want[3 + i], 2e-3);
		assert_near(z.cost, 0.001 * sizes[i], 1e-12);
		assert_near(z.net, z.evsi - z.cost, 1e-12);
	}
	world_close(&w);
	free(text);
}

static void test_pair(void **state)
{
	static const double even[] = { .89206206, .39894228, .79788456,
	                               .17841241, .33716777, .39119509,
	                               .39814678 };
	static const double odd[] = { .66427115, .19779656, .57268940,
	                              .02960916, .14450957, .19097658,
	                              .19709471 };

	(void)state;
	check_pair("0", even);
	check_pair("0.5", odd);
}

/* The best size maximises s L(|mu| / s) - 0.001 n, s^2 = 1 / (1 + 4 / n): by
 * hand between 10 and 11 for mu = 0. */
static void test_best_size(void **state)
{
	char *text = fixture_replace(pair, "MEAN", "0");
	const struct study_result *s;
	struct evaluation *e;
	struct world w;
	double best = 0, at = 0;

	(void)state;
	for (double n = 1; n <= 1000; n++) {
		double net = sqrt(1 / (1 + 4 / n)) * 0.3989422804 - 0.001 * n;

		if (net > best) {
			best = net;
			at = n;
		}
	}
	world_open(&w, text, PLAIN);
	w.o.want_studies = true;
	e = world_evaluate(&w);
	s = &e->tradeoff[0].voi.study[0];
	holds(s->size[s->best].net, s->size[s->best].net_se, best, 2e-3);
	assert_true(s->near_low <= at && at <= s->near_high);
	assert_true(s->pays);
	assert_string_equal(s->word, "runs");
	holds(s->perfect, s->perfect_se, .39894228, 2e-3);
	for (int i = 1; i < s->nsizes; i++)
		assert_true(s->size[i].n > s->size[i - 1].n);
	evaluation_free(e);
	world_close(&w);
	free(text);
}

/* Other samplers answer too, with errors of their own size. */
static void test_samplers(void **state)
{
	static const enum sampler plain[] = { SAMPLER_MC, SAMPLER_LHS };
	char *text = fixture_replace(pair, "MEAN", "0");
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	w.o.max_samples = w.o.samples;
	for (int i = 0; i < 2; i++) {
		struct study_size z;

		w.o.sampler = plain[i];
		z = study_at(&w, "look", 10);
		holds(z.evsi, z.evsi_se, .33716777, 0.05);
	}
	world_close(&w);
	free(text);
}

/* --- conjugate pairs ------------------------------------------------------ */

static const char counts[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  p: {unit: \"1\", value: \"beta(4, 16)\"}\n"
	"  rate: {unit: 1/day, value: \"gamma(4, 0.5)\"}\n"
	"  gain: {unit: USD, value: 100k}\n"
	"formulas:\n"
	"  worth: \"if(is(act), WHAT, 0 USD)\"\n"
	"decision: {maximise: worth, incumbent: wait}\n"
	"studies:\n"
	"  trial: {observe: {binomial: {trials: n, p: p}},\n"
	"          n: {from: 1, to: 1000}, cost: 3 USD * n}\n"
	"  watch: {observe: {poisson: {rate: rate, exposure: \"n * 1 [day]\"}},\n"
	"          n: {from: 1, to: 100}, cost: 0.1 USD * n, decisions: 3}\n"
	"  bare: {observe: {poisson: {rate: rate, exposure: n}},\n"
	"         n: {from: 1, to: 100}, cost: 0.1 USD * n}\n";

/* C3, by the exact sum over the beta-binomial law. */
static void test_binomial(void **state)
{
	static const double want[][2] = {
		{ 1, 361.90476190 }, { 5, 918.12535291 },
		{ 10, 1296.50119995 }, { 50, 2146.00560056 },
		{ 200, 2507.94119952 }, { 1000, 2632.33015554 },
	};
	char *text = fixture_replace(counts, "WHAT", "gain * p - 22000 USD");
	struct world w;
	struct evaluation *e;

	(void)state;
	world_open(&w, text, PLAIN);
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	holds(e->tradeoff[0].voi.evpi, e->tradeoff[0].voi.evpi_se + 0.5,
	      2665.88545789, 10);
	evaluation_free(e);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct study_size z = study_at(&w, "trial", want[i][0]);

		/* half a percent; plain Monte Carlo: 50 */
		holds(z.evsi, z.evsi_se, want[i][1], 12);
	}
	world_close(&w);
	free(text);
}

/* A gamma prior and a Poisson count: the sum over the negative binomial law,
 * made with the standard library's lgamma. */
static void test_poisson(void **state)
{
	static const double want[][2] = {
		{ 1, 123.593964 }, { 5, 219.600664 }, { 20, 259.966825 },
		{ 100, 273.651729 },
	};
	char *text = fixture_replace(counts, "WHAT", "1000 [USD*day] * rate - "
	                             "2300 USD");
	struct world w;

	(void)state;
	world_open(&w, text, PLAIN);
	w.o.max_samples = w.o.samples;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct study_size z = study_at(&w, "watch", want[i][0]);
		struct study_size bare = study_at(&w, "bare", want[i][0]);

		holds(z.evsi, z.evsi_se, want[i][1], 2);
		assert_near(z.net, 3 * z.evsi - z.cost, 1e-9);
		/* a plain number of the days that the rate is per */
		assert_near(bare.evsi, z.evsi, 1e-9);
	}
	world_close(&w);
	free(text);
}

/* --- groups, presets, jumps ----------------------------------------------- */

static const char many[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  a: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  b: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  c: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  d: {unit: USD, value: \"normal(0, 2)\"}\n"
	"  e: {unit: USD, value: 0}\n"
	"presets:\n"
	"  mood:\n"
	"    good: {weight: 0.5, set: {e: 1 USD}}\n"
	"    bad: {weight: 0.5, set: {e: -1 USD}}\n"
	"formulas:\n"
	"  gain: \"if(is(act), a + b + c + d + e - 0.2 [USD], 0 USD)\"\n"
	"decision: {maximise: gain, incumbent: wait}\n";

/* Sums of normal gains: s L(0.2 / s).  The preset: half of 0.8. */
static void test_groups(void **state)
{
	static const char *const names[] = {
		"b,a", "a,b,c", "a,b,c,d", "mood,a", "a,b,c,d,mood,e",
	};
	struct world w;
	struct evaluation *e;

	(void)state;
	world_open(&w, many, PLAIN);
	w.o.max_samples = w.o.samples;
	w.o.group = names;
	w.o.ngroups = 5;
	e = world_evaluate(&w);
	holds(single(e, "a")->value, single(e, "a")->se, .30689464, 0.01);
	holds(single(e, "mood")->value, single(e, "mood")->se + 1e-3, 0.4,
	      0.01);
	/* the fitted surface has an error of its own, and says how large */
	holds(group(e, "b,a")->value, hypot(group(e, "b,a")->se,
	      group(e, "b,a")->model_error), .46982209, 0.06);
	holds(group(e, "a,b,c")->value, hypot(group(e, "a,b,c")->se,
	      group(e, "a,b,c")->model_error), .59558978, 0.06);
	holds(group(e, "a,b,c,d")->value, hypot(group(e, "a,b,c,d")->se,
	      group(e, "a,b,c,d")->model_error), .95851635, 0.06);
	assert_null(group(e, "b,a")->note);
	assert_non_null(strstr(group(e, "a,b,c")->note, "pairs"));
	assert_true(group(e, "b,a")->value >= single(e, "a")->value);
	assert_true(group(e, "a,b,c")->value >= group(e, "b,a")->value);
	assert_true(group(e, "a,b,c,d")->value >= group(e, "a,b,c")->value);
	assert_true(group(e, "mood,a")->value >= single(e, "mood")->value);
	/* all there is: exactly the value of everything */
	assert_true(group(e, names[4])->value == e->tradeoff[0].voi.evpi);
	evaluation_free(e);
	w.o.group = (const char *const[]){ "a,nobody" };
	w.o.ngroups = 1;
	assert_null(engine_evaluate(w.f.library, w.s, &w.o, &w.f.err));
	assert_int_equal(err_exit_status(&w.f.err), 2);
	assert_true(fixture_says(&w.f.err, "'nobody'"));
	err_clear(&w.f.err);
	world_close(&w);
}

/* Machines are whole: the advice turns at x = 3, within a class of sixty-four
 * that would mix both sides and lose 0.004. */
static void test_jump(void **state)
{
	static const char stairs[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  x: {unit: \"1\", value: \"uniform(0, 10)\"}\n"
		"  y: {unit: USD, value: \"normal(0, 0.1)\"}\n"
		"formulas:\n"
		"  gain: \"if(is(act), 2 [USD] * (3.6 - ceil(x)) + y, "
		"0 USD)\"\n"
		"decision: {maximise: gain, incumbent: wait}\n";
	struct world w;
	struct evaluation *e;

	(void)state;
	world_open(&w, stairs, PLAIN);
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	/* (5.2 + 3.2 + 1.2) / 10 */
	holds(single(e, "x")->value, single(e, "x")->se + 1e-4, 0.96, 1e-3);
	/* the spline, the second opinion, cannot follow a stair */
	assert_true(single(e, "x")->model_error > 1e-3);
	evaluation_free(e);
	world_close(&w);
}

/* Correlated inputs: knowing a of two with rank correlation r tells of b, too.
 * E[a + b | a] = a + 2 rho a, rho = 2 sin(pi r / 6). */
static void test_correlated(void **state)
{
	char *text = fixture_replace(pair, "MEAN", "0");
	struct world w;
	struct evaluation *e;
	double rho = 2 * sin(M_PI * 0.5 / 6);

	(void)state;
	world_open(&w, text, "scenario: s\ncorrelate: [[a, b, 0.5]]\n"
	           "mine: {}\n");
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	holds(single(e, "a")->value, hypot(single(e, "a")->se,
	      single(e, "a")->model_error), 0.3989422804 * (1 + 2 * rho),
	      0.02);
	evaluation_free(e);
	world_close(&w);
	free(text);
}

/* --- near ties ------------------------------------------------------------ */

/* All three options come to nearly the same.  Of the gains only a tells which is
 * best; c and d multiply to noise ten times as large, z1 to z8 move what acting
 * and changing gain alike but for a millionth, and x is the dear option's own. */
static const char tie[] =
	"model: mine\ntitle: T\nquestion: Q?\nversion: 1\n"
	"horizon: 12 month\n"
	"options:\n  wait: {title: W}\n  act: {title: A}\n"
	"  change: {title: C}\n  dear: {title: D}\n"
	"parameters:\n"
	"  a: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  b: {unit: USD, value: \"normal(0, 20)\"}\n"
	"  c: {unit: \"1\", value: \"normal(0, 3)\"}\n"
	"  d: {unit: USD, value: \"normal(0, 3)\"}\n"
	"  x: {unit: USD, value: \"normal(1000, 500)\"}\n"
	"  z1: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z2: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z3: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z4: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z5: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z6: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z7: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  z8: {unit: USD, value: \"normal(0, 1)\"}\n"
	"formulas:\n"
	"  drift: z1 + z2 + z3 + z4 + z5 + z6 + z7 + z8\n"
	"  rest: c * d + b + 1e-6 * drift\n"
	"  gain: \"if(is(wait), 0 USD, if(is(act), a + rest,"
	" if(is(change), -0.5 * a - 0.1 [USD] + rest,"
	" 0 [USD] - x - 1000 [USD])))\"\n"
	"decision: {maximise: gain, incumbent: wait}\n";

/* E max(0, a, -a/2 - 0.1) = phi(0) + (phi(0.2) - 0.2 Phi(-0.2)) / 2; b by
 * itself is worth 20 phi(0), less the 0.1 nowhere. */
static void test_near_tie(void **state)
{
	static const char *const idle[] = { "c", "d", "z1", "z2", "z3", "z4",
	                                    "z5", "z6", "z7", "z8" };
	struct world w;

	(void)state;
	world_open(&w, tie, PLAIN);
	w.o.max_samples = w.o.samples;
	for (w.o.seed = 1; w.o.seed <= 4; w.o.seed++) {
		struct evaluation *e = world_evaluate(&w);

		/* a class of 256 draws has a mean to 9 / 16 */
		holds(single(e, "a")->value, single(e, "a")->se, 0.5523898,
		      0.1);
		holds(single(e, "b")->value, single(e, "b")->se, 7.9788456,
		      0.02);
		/* nothing that the advice hangs on reads x */
		assert_true(single(e, "x")->value == 0);
		assert_true(single(e, "x")->se == 0);
		for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
			assert_true(single(e, idle[i])->value == 0);
		evaluation_free(e);
	}
	world_close(&w);
}

/* What a long tail elsewhere makes uncertain does not hide what is known well:
 * knowing x tells whether y or y + x is less, worth phi(0). */
static void test_beside_heavy(void **state)
{
	char *head = fixture_replace(HEAD, "tags: [own]}",
	                             "tags: [own]}\n  flat: {title: F}");
	struct buf text = BUF_INIT;
	struct world w;
	struct evaluation *e;

	(void)state;
	buf_addf(&text, "model: mine\n%sparameters:\n"
	         "  y: {unit: USD, value: \"lognormal(1, 4)\"}\n"
	         "  x: {unit: USD, value: \"normal(0, 1)\"}\n"
	         "formulas: {cost: {by: option, wait: y, act: y + x, flat: 1e6 "
	         "USD}}\ndecision: {minimise: cost, incumbent: wait}\n", head);
	world_open(&w, text.s, PLAIN);
	w.o.max_samples = w.o.samples;
	e = world_evaluate(&w);
	holds(single(e, "x")->value, single(e, "x")->se + 1e-4, 0.39894228,
	      2e-3);
	evaluation_free(e);
	world_close(&w);
	buf_release(&text);
	free(head);
}

/* --- laws ----------------------------------------------------------------- */

static void test_laws(void **state)
{
	struct err err = ERR_INIT;
	struct plan plan = { 0 };
	struct trade t = { .plan = &plan, .err = &err };
	struct bounded b = { .value = 5.5, .se = 0.1, .low = 0, .high = 5 };
	double out;

	(void)state;
	t.judged.evpi = 10;
	/* 5 standard errors above what it may be: a bug, not a number */
	assert_false(voi_ordered(&t, "x", &b, &out));
	assert_int_equal(err_exit_status(&err), 70);
	err_clear(&err);
	b.bound_se = 0.1;       /* now 3.5 */
	assert_true(voi_ordered(&t, "x", &b, &out));
	assert_true(out == 5);
	b = (struct bounded) { .value = 1, .se = 0.3, .low = 2, .high = 5 };
	assert_true(voi_ordered(&t, "x", &b, &out));
	assert_true(out == 2);
	b.se = 0.2;
	assert_false(voi_ordered(&t, "x", &b, &out));
	err_clear(&err);
	b.value = NAN;
	assert_true(voi_ordered(&t, "x", &b, &out));
	assert_true(isnan(out));
}

/* --- studies of a scenario, and bad ones ---------------------------------- */

static void test_scenario_study(void **state)
{
	char *text = fixture_replace(pair, "MEAN", "0");
	struct buf once = BUF_INIT, again = BUF_INIT;
	struct scenario *copy;
	struct world w;
	struct study_size z;

	(void)state;
	world_open(&w, text, "scenario: s\nmine:\n  studies:\n    look: {observe:"
	           " {normal_mean: {of: a, sd: 2 USD, n: n}}, n: {from: 1, to: "
	           "50}, cost: 7 USD}\n    more: {observe: {normal_mean: {of: "
	           "a + b, sd: 0 USD, n: n}}, n: {from: 1, to: 2}, cost: 0 "
	           "USD}\n");
	w.o.max_samples = w.o.samples;
	z = study_at(&w, "look", 10);
	assert_near(z.cost, 7, 0);
	/* no noise: all there is to know */
	z = study_at(&w, "more", 1);
	holds(z.evsi, z.evsi_se, .89206206, 4e-3);
	copy = scenario_copy(w.s);
	scenario_write(w.s, &once);
	scenario_write(copy, &again);
	assert_string_equal(once.s, again.s);
	assert_non_null(strstr(once.s, "look:"));
	scenario_free(copy);
	copy = fixture_scenario(&w.f, once.s);
	assert_int_equal(copy->nstudies, 2);
	scenario_free(copy);
	buf_release(&once);
	buf_release(&again);
	world_close(&w);
	free(text);
}

static void test_bad_studies(void **state)
{
	static const struct { const char *study, *says; int status; } bad[] = {
		{ "{observe: {normal_mean: {of: nothing, sd: 1 USD, n: n}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "nothing", 3 },
		{ "{observe: {normal_mean: {of: gain, sd: 1 USD, n: n}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "option", 3 },
		{ "{observe: {normal_mean: {of: a, sd: 1 h, n: n}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "unit of `of`", 3 },
		{ "{observe: {normal_mean: {of: a, sd: \"-1 [USD]\", n: n}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "every draw", 3 },
		{ "{observe: {normal_mean: {of: a, sd: 1 USD, n: n}}, "
		  "n: {from: 0, to: 2}, cost: 0 USD}", "above 0", 3 },
		{ "{observe: {normal_mean: {of: a, sd: 1 USD, n: n}}, "
		  "n: {from: 3, to: 2}, cost: 0 USD}", "whole number", 3 },
		{ "{observe: {normal_mean: {of: a, sd: 1 USD, n: n}}, "
		  "n: {from: 1, to: 2}, cost: 1 h * n}", "money", 3 },
		{ "{observe: {normal_mean: {of: a, sd: 1 USD, n: n}}, "
		  "n: {from: 1, to: 2}, cost: 1 USD, decisions: 0}",
		  "above 0", 3 },
		{ "{observe: {binomial: {trials: n, p: a}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "share of trials", 3 },
		{ "{observe: {binomial: {trials: 0.5 * n, p: 0.5}}, "
		  "n: {from: 1, to: 1}, cost: 0 USD}", "whole number", 3 },
		{ "{observe: {poisson: {rate: a, exposure: \"n * 1 [h]\"}}, "
		  "n: {from: 1, to: 2}, cost: 0 USD}", "number of events", 3 },
		{ "{observe: {poisson: {rate: 1e9, exposure: n}}, "
		  "n: {from: 9, to: 9}, cost: 0 USD}", "events", 3 },
		{ "{observe: {binomial: {trials: n, p: 0.5}}, cost: 0 USD}",
		  "needs `n:`", 3 },
		{ "{observe: {}, n: {from: 1, to: 2}, cost: 0 USD}",
		  "observes one of", 3 },
	};
	char *text = fixture_replace(pair, "MEAN", "0");

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buf s = BUF_INIT;
		struct world w;

		buf_addf(&s, "scenario: s\nmine:\n  studies:\n    bad: %s\n",
		         bad[i].study);
		world_open(&w, text, s.s);
		w.o.want_studies = true;
		w.o.study = "bad";
		if (engine_evaluate(w.f.library, w.s, &w.o, &w.f.err))
			fail_msg("accepted: %s", bad[i].study);
		assert_true(fixture_says(&w.f.err, bad[i].says));
		assert_int_equal(err_exit_status(&w.f.err), bad[i].status);
		assert_int_equal(w.f.err.item[0].line > 2, 1);
		err_clear(&w.f.err);
		buf_release(&s);
		world_close(&w);
	}
	free(text);
}

/* While a study runs, money goes on as it does now: two months of what the
 * better option saves each. */
static void test_delay(void **state)
{
	static const char paid[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  cost: {unit: USD/month, value: \"normal(100, 30)\"}\n"
		"money:\n"
		"  now: {account: a, monthly: \"150 [USD/month]\", for: [wait]}\n"
		"  then: {account: a, monthly: cost, for: [act]}\n"
		"decision:\n"
		"  minimise: sum(sum_money(monthly), month) * 1 [month]\n"
		"  incumbent: wait\n"
		"studies:\n"
		"  ask: {observe: {normal_mean: {of: cost, sd: \"1 "
		"[USD/month]\", n: n}},\n"
		"        n: {from: 1, to: 1}, cost: 0 USD, takes: 2 month}\n";
	struct world w;
	struct evaluation *e;
	const struct study_result *s;

	(void)state;
	world_open(&w, paid, PLAIN);
	w.o.want_studies = true;
	e = world_evaluate(&w);
	s = &e->tradeoff[0].voi.study[0];
	assert_near(s->delay, 100, 4 * s->delay_se + 0.01);
	assert_near(s->size[0].net, s->size[0].evsi - s->delay, 1e-9);
	assert_false(s->pays);
	assert_string_equal(s->takes, "2 month");
	evaluation_free(e);
	world_close(&w);
}

/* --- whether the printed errors cover -------------------------------------- */

#define SEEDS 1000
#define T7 2.3646243            /* 97.5 % of Student's t with 7 df */

/*
 * A normal gain against nothing: mean, lead, EVPI and CVaR are known.  1,000
 * seeds of 2,048 points each (some 3 s): a share of 0.95 that is true is
 * estimated with an error of 0.007, so the band of 0.92 to 0.98 is four of them
 * wide.
 */
static void test_coverage(void **state)
{
	static const double want[4] = { 0.5, 0.5, .66427115,
		0.5 - 2.0627128075 * 2.2360679775 };
	int covered[4] = { 0 };
	char *text = fixture_replace(pair, "MEAN", "0.5");
	struct world w;
	struct bound *b;

	(void)state;
	world_open(&w, text, PLAIN);
	b = bound_new(w.f.library, w.s, NULL, &w.f.err);
	assert_non_null(b);
	w.o.samples = w.o.max_samples = 2048;
	w.o.threads = 1;
	w.o.want_break_even = w.o.want_sensitivity = false;
	for (int seed = 1; seed <= SEEDS; seed++) {
		struct evaluation *e;
		const struct tradeoff *t;
		const struct option_result *act;

		w.o.seed = (uint64_t)seed;
		e = engine_evaluate_bound(b, &w.o, &w.f.err);
		assert_non_null(e);
		t = &e->tradeoff[0];
		act = world_option(t, "act");
		double got[4] = { act->objective.mean, t->verdict.advantage,
		                  t->voi.evpi, act->cvar95 };
		double se[4] = { act->objective.se, t->verdict.advantage_se,
		                 t->voi.evpi_se, act->cvar95_se };

		for (int i = 0; i < 4; i++)
			covered[i] += fabs(got[i] - want[i]) <= T7 * se[i];
		evaluation_free(e);
	}
	for (int i = 0; i < 4; i++)
		if (covered[i] < 920 || covered[i] > 980)
			fail_msg("figure %d is covered in %d of %d", i,
			         covered[i], SEEDS);
	bound_free(b);
	world_close(&w);
	free(text);
}

/* The worth of knowing a lognormal gain of sigma 3 against 80: e^4.5 Phi(d) -
 * 80 Phi(d - 3) less the lead, d = 3 - log(80) / 3.  The last of 256 points of a
 * replicate stands for most of the mean, and eight such know little of their
 * error: by themselves they cover it in 142 of 200 samples.  No sample tells of a
 * tail that it has not seen, so 0.95 is not reached either. */
static void test_heavy_coverage(void **state)
{
	static const char heavy[] =
		"model: mine\n" HEAD
		"parameters:\n"
		"  a: {unit: USD, value: \"lognormal(1, 3)\"}\n"
		"formulas: {gain: \"if(is(act), a - 80 [USD], "
		"0 USD)\"}\n"
		"decision: {maximise: gain, incumbent: wait}\n";
	struct world w;
	int covered = 0;

	(void)state;
	world_open(&w, heavy, PLAIN);
	w.o.samples = w.o.max_samples = 2048;
	for (int seed = 1; seed <= 200; seed++) {
		struct evaluation *e;
		const struct voi *v;

		w.o.seed = (uint64_t)seed;
		e = world_evaluate(&w);
		v = &e->tradeoff[0].voi;
		covered += fabs(v->evpi - 68.66713028) <= T7 * v->evpi_se;
		evaluation_free(e);
	}
	assert_true(covered >= 155);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair),
		cmocka_unit_test(test_best_size),
		cmocka_unit_test(test_samplers),
		cmocka_unit_test(test_binomial),
		cmocka_unit_test(test_poisson),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_correlated),
		cmocka_unit_test(test_near_tie),
		cmocka_unit_test(test_beside_heavy),
		cmocka_unit_test(test_laws),
		cmocka_unit_test(test_scenario_study),
		cmocka_unit_test(test_bad_studies),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_heavy_coverage),
	};

	return cmocka_run_group_tests_name("voi", tests, NULL, NULL);
}
