/*
 * src/math/curve: learning curves.  The pilot is DistilBERT on IMDB without
 * label noise, error of 10,000 test items at 1,000 to 15,000 labels (psimm,
 * simmering.dev 2023); the fits are SciPy's least_squares with the same weights,
 * converged to 1e-15, which agree with the published ones to their digits.
 * 1e-6: where the sum of squares is flat to 1e-12, the unknowns are to 1e-6.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "math/curve.h"

#define N_PILOT 15

static const double errors[N_PILOT] = {
	.1254, .0995, .0971, .0906, .0879, .0859, .0839, .0834, .0792, .0771,
	.0794, .0769, .0760, .0751, .0743,
};

static void pilot(struct pilot_point *p)
{
	for (int i = 0; i < N_PILOT; i++)
		p[i] = (struct pilot_point){ 1000 * (i + 1), errors[i], 10000 };
}

static void near(double got, double want, double relative)
{
	if (fabs(got - want) <= relative * fabs(want))
		return;
	print_error("got %.17g, want %.17g\n", got, want);
	fail();
}

static void test_published(void **state)
{
	static const struct {
		size_t n;
		double floor, scale, exponent, at10, at15, scale2, exponent2;
	} fits[] = {
		{ 4, .087413511996, .0378679587, 1.517880649335, .0886, .0880,
		  .123024148092, .232108872454 },
		{ 5, .082472154632, .042669081434, 1.176881481321, .0853,
		  .0842, .12232836817, .218471963193 },
		{ 7, .076844339315, .048044261533, .922780825104, .0826,
		  .0808, .121103088247, .20023660309 },
		{ 10, .064892589914, .059194294079, .609031673431, .0795,
		  .0763, .120439572623, .19213274614 },
		{ 15, .0596255333, .064015783295, .522405120351, .0788, .0752,
		  .11899251893, .179353043108 },
	};
	struct pilot_point p[N_PILOT];
	struct learning_curve c;

	(void)state;
	pilot(p);
	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
		assert_int_equal(learning_curve_fit(p, fits[i].n, 1000, true,
		                                    &c), CURVE_OK);
		near(c.floor, fits[i].floor, 1e-6);
		near(c.scale, fits[i].scale, 1e-6);
		near(c.exponent, fits[i].exponent, 1e-6);
		/* printed with three digits */
		near(learning_curve_at(&c, 1000, 10000), fits[i].at10, 1e-3);
		near(learning_curve_at(&c, 1000, 15000), fits[i].at15, 1e-3);
		assert_int_equal(learning_curve_fit(p, fits[i].n, 1000, false,
		                                    &c), CURVE_OK);
		near(c.scale, fits[i].scale2, 1e-6);
		near(c.exponent, fits[i].exponent2, 1e-6);
		assert_true(c.floor == 0 && c.floor_se == 0);
	}
}

static void test_errors_of_the_fit(void **state)
{
	struct pilot_point p[N_PILOT];
	struct learning_curve c;

	(void)state;
	pilot(p);
	learning_curve_fit(p, N_PILOT, 1000, true, &c);
	near(c.floor_se, .008855659784, 1e-5);
	near(c.scale_se, .007878858291, 1e-5);
	near(c.exponent_se, .14776269973, 1e-5);
	near(c.chi2 / c.dof, .415276422717, 1e-9);
	assert_int_equal(c.dof, 12);
}

/* The unit of size moves the scale and nothing else. */
static void test_reference_size(void **state)
{
	struct pilot_point p[N_PILOT];
	struct learning_curve a, b;

	(void)state;
	pilot(p);
	learning_curve_fit(p, N_PILOT, 1000, true, &a);
	learning_curve_fit(p, N_PILOT, 5000, true, &b);
	near(b.floor, a.floor, 1e-6);
	near(b.exponent, a.exponent, 1e-6);
	near(learning_curve_at(&b, 5000, 80000),
	     learning_curve_at(&a, 1000, 80000), 1e-6);
}

static void test_states(void **state)
{
	struct pilot_point p[N_PILOT];
	struct learning_curve c;

	(void)state;
	pilot(p);
	assert_int_equal(learning_curve_fit(p, 3, 1000, true, &c),
	                 CURVE_TOO_FEW);
	assert_int_equal(learning_curve_fit(p, 2, 1000, false, &c),
	                 CURVE_TOO_FEW);
	assert_int_equal(learning_curve_fit(p, 0, 1000, false, &c),
	                 CURVE_TOO_FEW);
	p[3].size = p[2].size;          /* four points, three sizes */
	assert_int_equal(learning_curve_fit(p, 4, 1000, true, &c),
	                 CURVE_TOO_FEW);
	for (int i = 0; i < N_PILOT; i++)
		p[i].error = 0.1 + 0.01 * i;
	assert_int_equal(learning_curve_fit(p, N_PILOT, 1000, true, &c),
	                 CURVE_RISING);
	assert_int_equal(learning_curve_fit(p, N_PILOT, 1000, false, &c),
	                 CURVE_RISING);
	for (int i = 0; i < N_PILOT; i++)
		p[i].error = 0.1;
	assert_int_equal(learning_curve_fit(p, N_PILOT, 1000, true, &c),
	                 CURVE_RISING);
	p[1].error = 1.2;
	assert_int_equal(learning_curve_fit(p, N_PILOT, 1000, true, &c),
	                 CURVE_BAD_POINT);
	p[1] = (struct pilot_point){ 0, 0.1, 100 };
	assert_int_equal(learning_curve_fit(p, N_PILOT, 1000, true, &c),
	                 CURVE_BAD_POINT);
}

/* An exact power law without a floor: the floor is fitted as zero or next to
 * it, and no error is zero's own. */
static void test_no_floor(void **state)
{
	struct pilot_point p[6];
	struct learning_curve c;

	(void)state;
	for (int i = 0; i < 6; i++) {
		double size = 1000 * (1 << i);

		p[i] = (struct pilot_point){
			size, 0.2 * pow(size / 1000, -0.6), 5000
		};
	}
	assert_int_equal(learning_curve_fit(p, 6, 1000, true, &c), CURVE_OK);
	assert_true(c.floor >= 0 && c.floor < 1e-6);
	near(c.scale, 0.2, 1e-5);
	near(c.exponent, 0.6, 1e-5);
	p[5].error = 0;                 /* no error seen: still a number */
	assert_int_equal(learning_curve_fit(p, 6, 1000, true, &c), CURVE_OK);
	assert_true(isfinite(c.exponent) && c.floor >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_errors_of_the_fit),
		cmocka_unit_test(test_reference_size),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_no_floor),
	};

	return cmocka_run_group_tests_name("curve", tests, NULL, NULL);
}
