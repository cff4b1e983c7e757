/*
 * The crossing finder on costs whose crossings are known: published stairs of
 * the build-vs-buy reference (exact crossings, section G there), tangencies,
 * ties, gaps and more options than two.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/crossings.h"

static const bool both[] = { true, true, true };
static const bool common[8];

static struct crossings find(bool (*eval)(void *, const double *, int,
                                          double *, double *),
                             void *ctx, int options, int steps, double low,
                             double high, bool log)
{
	struct crossings c;
	struct crossings_problem p = {
		.ctx = ctx, .eval = eval, .noptions = options,
		.nsteps = steps, .rare = common, .in = both, .low = low,
		.high = high, .log = log, .grid = 257, .slopes = true,
		.width = 1e-13, .flat = 1e-10, .budget = 2000000,
	};

	assert_true(crossings_find(&p, &c));
	assert_false(c.cut);
	return c;
}

static void assert_places(const struct crossings *c, int n,
                          const double *at, double rel)
{
	assert_int_equal(c->n, n);
	for (int i = 0; i < n; i++)
		assert_true(fabs(c->at[i].at - at[i]) <= rel * fabs(at[i]));
}

/* --- the build-vs-buy stairs -------------------------------------------- */

struct stairs {
	double p_in, p_out, prefill, decode, gpus, self_fte, reserved;
	double peak, util, kappa, input, output, cached;
	/* over months, when months > 0 */
	int months;
	double decline;
};

static const struct stairs a1 = {
	.p_in = .15, .p_out = .6, .prefill = 40000, .decode = 12000,
	.gpus = 1, .self_fte = 1, .peak = 2.5, .util = .7, .kappa = .5,
	.input = 1155, .output = 211,
};
static const struct stairs b2 = {
	.p_in = 2.5, .p_out = 10, .prefill = 12000, .decode = 4000,
	.gpus = 2, .self_fte = 1.5, .peak = 2.5, .util = .7, .kappa = .5,
	.input = 1155, .output = 211,
};

static double request_cost(const struct stairs *s)
{
	return 1.02 * (s->input * (1 - s->cached) * s->p_in +
	               s->input * s->cached * s->kappa * s->p_in +
	               s->output * s->p_out) / 1e6;
}

static double replicas_at(const struct stairs *s, double q)
{
	double mu = 1 / (s->input * (1 - s->cached) / s->prefill +
	                 s->output / s->decode);

	return fmax(1, ceil(q * 1.02 * s->peak / 86400 / (mu * s->util)));
}

#define STAFF (155000 * 1.42 / 12)
#define DAYS (730 / 24.0)

static void month(const struct stairs *s, double q, double price,
                  double gpu, double *api, double *own, double *replicas)
{
	double hour = 3.0 * gpu * (1 - s->reserved * .38) * 1.15;

	*replicas = replicas_at(s, q);
	*api = DAYS * q * request_cost(s) * price + .25 * STAFF + 500 +
	       .9 * 8000 / 12;
	*own = (*replicas + 1) * s->gpus * 730 * hour +
	       s->self_fte * STAFF + 1500 + .15 * 25000 / 12;
}

static bool stairs_eval(void *ctx, const double *x, int n, double *value,
                        double *step)
{
	const struct stairs *s = ctx;
	double r = pow(1.1, 1 / 12.0);

	for (int i = 0; i < n; i++) {
		double sum[2] = { 0, s->months ? 60000 : 0 }, machines = 0;

		for (int t = s->months ? 1 : 0; t <= s->months; t++) {
			double api, own, replicas, d = pow(r, t);

			month(s, x[i] * pow(1.5, t / 12.0),
			      pow(1 - s->decline, t / 12.0),
			      pow(.85, t / 12.0 * (s->months > 0)), &api, &own,
			      &replicas);
			sum[0] += api / d;
			sum[1] += own / d;
			machines += replicas;
		}
		value[i] = sum[0];
		value[n + i] = sum[1];
		step[i] = machines;
	}
	return true;
}

static struct crossings of_stairs(const struct stairs *s)
{
	return find(stairs_eval, (void *)(size_t)s, 2, 1, 1e2, 1e10, true);
}

static void stair_case(const struct stairs *s, int n, const double *at)
{
	struct crossings c = of_stairs(s);

	/* The reference gives whole requests, some of them rounded up. */
	assert_int_equal(c.n, n);
	for (int i = 0; i < n; i++) {
		assert_true(fabs(c.at[i].at - at[i]) < 1);
		assert_int_equal(c.at[i].below, i % 2);
		assert_int_equal(c.at[i].above, 1 - i % 2);
	}
	crossings_release(&c);
}

static void test_monthly_stairs(void **state)
{
	struct stairs a2 = a1, b3 = b2, d1 = a1, e2 = a1, b1 = b2;

	(void)state;
	a2.self_fte = .6, a2.reserved = 1, a2.peak = 1.5, a2.util = .8;
	b3.reserved = 1;
	d1.p_in = .25, d1.p_out = 2, d1.kappa = .1;
	e2.input = 12035, e2.output = 343, e2.cached = .37;
	b1.p_in = .15, b1.p_out = .6;
	stair_case(&a1, 3, (double[]) { 3991816, 4084115, 4262540 });
	stair_case(&a2, 1, (double[]) { 1270202 });
	stair_case(&b2, 1, (double[]) { 249927 });
	stair_case(&b3, 1, (double[]) { 212893 });
	stair_case(&d1, 3, (double[]) { 998786, 1021029, 1112998 });
	stair_case(&e2, 3, (double[]) { 616902, 652377, 665305 });
	stair_case(&b1, 0, NULL);
}

static void npv_case(const struct stairs *base, double decline, int n,
                     double first, double sure)
{
	struct stairs s = *base;
	struct crossings c;

	s.months = 36;
	s.decline = decline;
	c = of_stairs(&s);
	assert_int_equal(c.n, n);
	if (n > 0) {
		assert_true(fabs(c.at[0].at - first) <= 0.5);
		assert_true(fabs(c.at[n - 1].at - sure) <= 0.5);
	}
	crossings_release(&c);
}

static void test_npv_stairs(void **state)
{
	(void)state;
	npv_case(&a1, 0, 1, 1802607, 1802607);
	npv_case(&a1, .3, 7, 6891154, 6950389);
	npv_case(&a1, .5, 0, 0, 0);
	npv_case(&b2, 0, 1, 124564, 124564);
	npv_case(&b2, .3, 1, 262032, 262032);
	npv_case(&b2, .5, 5, 536412, 541197);
	/* The table counts 11: it stepped over the pair at 2,314,279 and
	 * 2,314,314, which a walk in steps of one request finds. */
	npv_case(&b2, .7, 13, 2298587, 2349455);
}

/* The same finder must not miss what a walk over every stair finds: for the
 * crossing-rich case each stair of the fleet is a straight line. */
static void test_npv_against_a_walk(void **state)
{
	struct stairs s = b2;
	struct crossings c;
	int at = 0;
	double x[2], v[4], step[2];

	(void)state;
	s.months = 36;
	s.decline = .7;
	c = of_stairs(&s);
	for (double q = 2.2e6; q < 2.4e6; q += 20) {
		bool before, after;

		x[0] = q;
		x[1] = q + 20;
		stairs_eval(&s, x, 2, v, step);
		before = v[2] < v[0];
		after = v[3] < v[1];
		if (before == after)
			continue;
		while (at < c.n && c.at[at].at < q)
			at++;
		assert_true(at < c.n && c.at[at].at <= q + 20);
	}
	crossings_release(&c);
}

/* --- smooth shapes ------------------------------------------------------ */

static bool cubic_eval(void *ctx, const double *x, int n, double *value,
                       double *step)
{
	(void)ctx;
	(void)step;
	for (int i = 0; i < n; i++) {
		value[i] = 10;
		value[n + i] = 10 + (x[i] - 1) * (x[i] - 1.001) * (x[i] - 3);
	}
	return true;
}

static void test_close_roots(void **state)
{
	struct crossings c = find(cubic_eval, NULL, 2, 0, 0, 4, false);

	(void)state;
	assert_places(&c, 3, (double[]) { 1, 1.001, 3 }, 1e-9);
	assert_int_equal(c.first, 1);
	assert_int_equal(c.at[0].kind, CROSS_ROOT);
	assert_int_equal(c.at[0].above, 0);
	assert_int_equal(c.at[1].above, 1);
	assert_int_equal(c.at[2].above, 0);
	crossings_release(&c);
}

static bool touch_eval(void *ctx, const double *x, int n, double *value,
                       double *step)
{
	double lift = *(double *)ctx;

	(void)step;
	for (int i = 0; i < n; i++) {
		double d = log(x[i] / 37);

		value[i] = 5;
		value[n + i] = 5 + d * d + lift;
	}
	return true;
}

static void test_touch(void **state)
{
	double lift = 0;
	struct crossings c = find(touch_eval, &lift, 2, 0, .1, 1e4, true);

	(void)state;
	assert_int_equal(c.n, 1);
	assert_int_equal(c.at[0].kind, CROSS_TOUCH);
	assert_int_equal(c.at[0].below, 0);
	assert_int_equal(c.at[0].above, 0);
	/* a parabola is flat within sqrt(1e-10) of its foot */
	assert_true(fabs(c.at[0].at - 37) <= 37 * 3e-5);
	crossings_release(&c);
	lift = 1e-3;
	c = find(touch_eval, &lift, 2, 0, .1, 1e4, true);
	assert_int_equal(c.n, 0);
	crossings_release(&c);
	lift = -1e-6;           /* two roots at 37 exp(-+1e-3) */
	c = find(touch_eval, &lift, 2, 0, .1, 1e4, true);
	assert_places(&c, 2, (double[]) { 37 * exp(-1e-3), 37 * exp(1e-3) },
	              1e-9);
	crossings_release(&c);
}

/* Two ways to the same cost, apart by rounding; from 7 on the second is dearer,
 * from 20 on cheaper. */
static bool same_eval(void *ctx, const double *x, int n, double *value,
                      double *step)
{
	(void)ctx;
	(void)step;
	for (int i = 0; i < n; i++) {
		double d = x[i] < 7 ? 0 : (x[i] - 7) * (20 - x[i]);

		value[i] = 1e6 * (0.1 * x[i] + 0.3);
		value[n + i] = 0.1e6 * x[i] + 0.3e6 + d;
	}
	return true;
}

static void test_same(void **state)
{
	struct crossings c = find(same_eval, NULL, 2, 0, 1, 40, false);

	(void)state;
	assert_int_equal(c.first, 0);
	assert_places(&c, 1, (double[]) { 20 }, 1e-9);
	assert_int_equal(c.at[0].below, 0);
	crossings_release(&c);
}

static bool gap_eval(void *ctx, const double *x, int n, double *value,
                     double *step)
{
	(void)ctx;
	for (int i = 0; i < n; i++) {
		value[i] = x[i] < 7 ? 3 : NAN;
		value[n + i] = 4;
		value[2 * n + i] = x[i] > 20 ? 1 : 5;
		step[i] = x[i] < 7;
		step[n + i] = x[i] > 20;
	}
	return true;
}

static void test_jumps(void **state)
{
	struct crossings c = find(gap_eval, NULL, 3, 2, 1, 100, false);

	(void)state;
	assert_places(&c, 2, (double[]) { 7, 20 }, 1e-12);
	assert_int_equal(c.at[0].kind, CROSS_JUMP);
	assert_int_equal(c.at[0].below, 0);
	assert_int_equal(c.at[0].above, 1);
	assert_int_equal(c.at[1].kind, CROSS_JUMP);
	assert_int_equal(c.at[1].above, 2);
	assert_int_equal(c.last, 2);
	crossings_release(&c);
}

static bool hidden_eval(void *ctx, const double *x, int n, double *value,
                        double *step)
{
	(void)ctx;
	(void)step;
	for (int i = 0; i < n; i++) {
		value[i] = 2;
		value[n + i] = x[i] < 50 ? 3 : 1;
	}
	return true;
}

/* A jump that no signature announces is still told from a root. */
static void test_unannounced_jump(void **state)
{
	struct crossings c = find(hidden_eval, NULL, 2, 0, 1, 1e4, true);

	(void)state;
	assert_places(&c, 1, (double[]) { 50 }, 1e-12);
	assert_int_equal(c.at[0].kind, CROSS_JUMP);
	crossings_release(&c);
}

static bool three_eval(void *ctx, const double *x, int n, double *value,
                       double *step)
{
	(void)ctx;
	(void)step;
	for (int i = 0; i < n; i++) {
		value[i] = x[i];
		value[n + i] = 10.0001;
		value[2 * n + i] = 20.0001 - x[i];
	}
	return true;
}

/* A third option that wins on a sliver between two others. */
static void test_sliver(void **state)
{
	struct crossings c = find(three_eval, NULL, 3, 0, 1, 19, false);

	(void)state;
	/* x = 20.0001 - x at 10.00005 < 10.0001: the sliver never wins */
	assert_places(&c, 1, (double[]) { 10.00005 }, 1e-12);
	assert_int_equal(c.at[0].above, 2);
	crossings_release(&c);
}

static bool sliver_eval(void *ctx, const double *x, int n, double *value,
                        double *step)
{
	(void)ctx;
	(void)step;
	for (int i = 0; i < n; i++) {
		value[i] = x[i];
		value[n + i] = 10 - 1e-4;
		value[2 * n + i] = 20 - x[i];
	}
	return true;
}

static void test_sliver_that_wins(void **state)
{
	struct crossings c = find(sliver_eval, NULL, 3, 0, 1, 19, false);

	(void)state;
	assert_places(&c, 2, (double[]) { 10 - 1e-4, 10 + 1e-4 }, 1e-12);
	assert_int_equal(c.at[0].above, 1);
	assert_int_equal(c.at[1].below, 1);
	assert_int_equal(c.at[1].above, 2);
	crossings_release(&c);
}

static bool flat_eval(void *ctx, const double *x, int n, double *value,
                      double *step)
{
	(void)ctx;
	(void)x;
	(void)step;
	for (int i = 0; i < n; i++) {
		value[i] = 1;
		value[n + i] = 2;
	}
	return true;
}

static void test_nothing_moves(void **state)
{
	struct crossings c = find(flat_eval, NULL, 2, 0, 1, 100, true);

	(void)state;
	assert_int_equal(c.n, 0);
	assert_false(c.moves);
	assert_int_equal(c.first, 0);
	crossings_release(&c);
}

/* From zero on: the options differ by what one pays only above zero. */
static bool zero_eval(void *ctx, const double *x, int n, double *value,
                      double *step)
{
	(void)ctx;
	for (int i = 0; i < n; i++) {
		value[i] = x[i] > 0 ? 5 : 0;
		value[n + i] = 1;
		step[i] = x[i] > 0;
	}
	return true;
}

static void test_zero_end(void **state)
{
	struct crossings c;
	struct crossings_problem p = {
		.eval = zero_eval, .noptions = 2, .nsteps = 1, .rare = both,
		.in = both, .low = 1, .high = 1e4, .log = true, .zero = true,
		.grid = 65, .slopes = true, .width = 1e-13, .flat = 1e-10,
		.budget = 100000,
	};

	(void)state;
	assert_true(crossings_find(&p, &c));
	assert_int_equal(c.n, 1);
	assert_true(c.at[0].at >= 0 && c.at[0].at < 1e-9);
	assert_int_equal(c.first, 0);
	assert_int_equal(c.last, 1);
	crossings_release(&c);
}

static bool endless_eval(void *ctx, const double *x, int n, double *value,
                         double *step)
{
	(void)ctx;
	for (int i = 0; i < n; i++) {
		value[i] = floor(x[i]) + 0.5;
		value[n + i] = x[i];
		step[i] = floor(x[i]);
	}
	return true;
}

/* A million crossings: the work stays bounded, and the result says so. */
static void test_budget(void **state)
{
	struct crossings c;
	struct crossings_problem p = {
		.eval = endless_eval, .noptions = 2, .nsteps = 1,
		.rare = common, .in = both, .low = 1, .high = 1e6,
		.grid = 257, .slopes = true, .width = 1e-13, .flat = 1e-10,
		.budget = 100000,
	};

	(void)state;
	assert_true(crossings_find(&p, &c));
	assert_true(c.cut);
	assert_true(c.evaluations < 200000);
	crossings_release(&c);
}

static bool stop_eval(void *ctx, const double *x, int n, double *value,
                      double *step)
{
	int *left = ctx;

	return (*left)-- > 0 && cubic_eval(NULL, x, n, value, step);
}

static void test_cancel(void **state)
{
	int left = 2;
	struct crossings c;
	struct crossings_problem p = {
		.ctx = &left, .eval = stop_eval, .noptions = 2,
		.rare = common, .in = both, .high = 4, .grid = 65,
		.slopes = true, .width = 1e-13, .flat = 1e-10,
		.budget = 100000,
	};

	(void)state;
	assert_false(crossings_find(&p, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_monthly_stairs),
		cmocka_unit_test(test_npv_stairs),
		cmocka_unit_test(test_npv_against_a_walk),
		cmocka_unit_test(test_close_roots),
		cmocka_unit_test(test_touch),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_unannounced_jump),
		cmocka_unit_test(test_sliver),
		cmocka_unit_test(test_sliver_that_wins),
		cmocka_unit_test(test_nothing_moves),
		cmocka_unit_test(test_zero_end),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
