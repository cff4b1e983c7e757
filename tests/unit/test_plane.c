/*
 * src/engine/plane: regions of a square whose shapes are known.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/plane.h"

static const bool all[3] = { true, true, true };
static const double levels[] = { 0.1, 0.5, 0.9 };

static struct plane_problem problem(bool (*eval)(void *, const double *,
                                                 const double *, int,
                                                 double *, double *),
                                    int options)
{
	return (struct plane_problem) {
		.eval = eval, .noptions = options, .in = all, .coarse = 10,
		.depth = 3, .rounds = 60, .level = levels,
	};
}

static const struct plane_line *between(const struct plane *p, int a, int b)
{
	for (int i = 0; i < p->nlines; i++)
		if (p->line[i].a == a && p->line[i].b == b)
			return &p->line[i];
	fail();
	return NULL;
}

/* --- three options that meet in a point --------------------------------- */

static bool three(void *ctx, const double *x, const double *y, int n,
                  double *value, double *share)
{
	(void)ctx;
	(void)share;
	for (int i = 0; i < n; i++) {
		value[i] = x[i];
		value[n + i] = y[i];
		value[2 * n + i] = 0.61;
	}
	return true;
}

static void test_three(void **state)
{
	struct plane_problem p = problem(three, 3);
	const struct plane_line *l;
	struct plane out;

	(void)state;
	assert_true(plane_find(&p, &out));
	/* linear differences: the roots are exact but for rounding */
	l = between(&out, 0, 1);
	for (int i = 0; i < l->n; i++)
		assert_true(fabs(l->x[i] - l->y[i]) < 1e-9);
	l = between(&out, 0, 2);
	for (int i = 0; i < l->n; i++)
		assert_true(fabs(l->x[i] - 0.61) < 1e-9);
	assert_int_equal(out.nlines, 3);
	assert_int_equal(out.ncorners, 1);
	assert_true(fabs(out.corner[0].x - 0.61) < 1e-9);
	assert_true(fabs(out.corner[0].y - 0.61) < 1e-9);
	assert_int_equal(out.corner[0].options, 7);
	/* areas are counted in cells of 1/80 along boundaries of length 2 */
	assert_true(fabs(out.share[2] - 0.39 * 0.39) < 0.01);
	assert_true(fabs(out.share[0] + out.share[1] + out.share[2] - 1) <
	            1e-9);
	/* far fewer places than the 6561 of the finest grid */
	assert_true(out.evaluations < 2000);
	plane_release(&out);
}

/* --- an island, a saddle, a step, a hole -------------------------------- */

struct shape { double (*f)(double x, double y); };

/* Option 0 costs f, option 1 nothing. */
static bool shaped(void *ctx, const double *x, const double *y, int n,
                   double *value, double *share)
{
	const struct shape *s = ctx;

	(void)share;
	for (int i = 0; i < n; i++) {
		value[i] = s->f(x[i], y[i]);
		value[n + i] = 0;
	}
	return true;
}

static double disc(double x, double y)
{
	return hypot(x - 0.5, y - 0.47) - 0.3;
}

static double saddle(double x, double y)
{
	return (x - 0.506) * (y - 0.506) + 1e-6;
}

static double step(double x, double y)
{
	return floor(8 * x + y) - 3.5;
}

static double hole(double x, double y)
{
	return hypot(x - 0.5, y - 0.5) < 0.25 ? NAN : -1;
}

static void find(struct plane *out, double (*f)(double, double))
{
	struct shape s = { f };
	struct plane_problem p = problem(shaped, 2);

	p.ctx = &s;
	assert_true(plane_find(&p, out));
}

static void test_shapes(void **state)
{
	const struct plane_line *l;
	struct plane out;

	(void)state;
	find(&out, disc);
	assert_int_equal(out.nlines, 1);
	l = &out.line[0];
	assert_true(l->x[0] == l->x[l->n - 1] && l->y[0] == l->y[l->n - 1]);
	for (int i = 0; i < l->n; i++)
		assert_true(fabs(disc(l->x[i], l->y[i])) < 1e-8);
	/* 80 cells a side: a boundary of length 2 pi 0.3 in half cells */
	assert_true(fabs(out.share[0] - M_PI * 0.09) < 0.012);
	plane_release(&out);

	/* the cell around the saddle has equal corners opposite each other;
	 * its centre is option 1's, so that option 0 falls apart */
	find(&out, saddle);
	assert_int_equal(out.nlines, 2);
	plane_release(&out);

	find(&out, step);
	assert_int_equal(out.nlines, 1);
	l = &out.line[0];
	for (int i = 0; i < l->n; i++)
		assert_true(fabs(8 * l->x[i] + l->y[i] - 4) < 1e-6);
	plane_release(&out);

	find(&out, hole);
	assert_int_equal(out.nlines, 1);
	l = &out.line[0];
	for (int i = 0; i < l->n; i++)
		assert_true(fabs(hypot(l->x[i] - 0.5, l->y[i] - 0.5) - 0.25) <
		            1e-6);
	assert_int_equal(l->a, 0);
	assert_int_equal(l->b, 1);
	plane_release(&out);
}

/* Cut off from the corners of its coarse cell, a region is followed through
 * the edges that show it. */
static double wedge(double x, double y)
{
	return fabs(y - 0.55 - 0.1 * x) - 0.02;
}

static void test_thin(void **state)
{
	struct plane out;
	double area = 0;

	(void)state;
	find(&out, wedge);
	for (int i = 0; i < out.nlines; i++)
		for (int k = 0; k < out.line[i].n; k++)
			area += fabs(wedge(out.line[i].x[k],
			                   out.line[i].y[k]));
	assert_int_equal(out.nlines, 2);
	assert_true(area < 1e-6);
	plane_release(&out);
}

/* --- probabilities ------------------------------------------------------ */

static bool shares(void *ctx, const double *x, const double *y, int n,
                   double *value, double *share)
{
	(void)ctx;
	for (int i = 0; i < n; i++) {
		value[i] = y[i];
		value[n + i] = 2;
		if (!share)
			continue;
		share[i] = 1 - x[i];
		share[n + i] = x[i];
	}
	return true;
}

static void test_contours(void **state)
{
	struct plane_problem p = problem(shares, 2);
	struct plane out;

	(void)state;
	p.nlevels = 3;
	assert_true(plane_find(&p, &out));
	assert_int_equal(out.nlines, 6);
	for (int i = 0; i < out.nlines; i++) {
		const struct plane_line *l = &out.line[i];
		double at = l->a == 0 ? 1 - l->level : l->level;

		assert_int_equal(l->n, 11);
		for (int k = 0; k < l->n; k++)
			assert_true(fabs(l->x[k] - at) < 1e-12);
	}
	assert_true(fabs(out.best[5 * 2 + 1] - 0.5) < 1e-12);
	plane_release(&out);
}

static bool stops(void *ctx, const double *x, const double *y, int n,
                  double *value, double *share)
{
	int *left = ctx;

	return (*left)-- > 0 && three(NULL, x, y, n, value, share);
}

/* Whenever it is stopped, nothing is left (the leak checker looks). */
static void test_stopped(void **state)
{
	(void)state;
	for (int calls = 0; calls < 4; calls++) {
		struct plane_problem p = problem(stops, 3);
		int left = calls;
		struct plane out;

		p.ctx = &left;
		assert_false(plane_find(&p, &out));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_thin),
		cmocka_unit_test(test_contours),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests_name("plane", tests, NULL, NULL);
}
