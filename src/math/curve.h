/*
 * Learning curves: error = floor + scale (n / n_ref)^(-exponent), fitted to a
 * pilot by weighted least squares (GSL's trust region; Figueroa et al. 2012:
 * weighting beats not weighting).
 *
 * With a floor a small pilot promises too little of what more data gives,
 * without one too much (both seen on real data): show the two as a bracket,
 * never one extrapolated line.
 */
#ifndef STEELYARD_MATH_CURVE_H
#define STEELYARD_MATH_CURVE_H

#include <stdbool.h>
#include <stddef.h>

/* One size of the pilot: labels trained on, share of errors measured, on how
 * many tested items. */
struct pilot_point {
	double size, error, tested;
};

struct learning_curve {
	double floor, scale, exponent;
	/* Standard errors from the weights 1 / variance alone, not scaled by
	 * chi2. 0: fixed. */
	double floor_se, scale_se, exponent_se;
	double chi2;
	int dof;
};

enum curve_state {
	CURVE_OK,
	CURVE_BAD_POINT,        /* a size or tested count <= 0, error not in 0..1 */
	CURVE_TOO_FEW,          /* fewer different sizes than parameters + 1 */
	CURVE_RISING,           /* more data, more error: no power law */
	CURVE_NO_FIT,           /* the search did not settle */
	CURVE_STATES
};
extern const char *const curve_state_names[CURVE_STATES];       /* codes */

/* Fits two parameters (floor 0) or, with_floor, three; a floor below zero is
 * fitted as zero.  A point weighs tested / (y (1 - y)), y kept half an item
 * away from 0 and 1.  n_ref > 0 is the unit of size that `scale` speaks of. */
enum curve_state learning_curve_fit(const struct pilot_point *p, size_t n,
                                    double n_ref, bool with_floor,
                                    struct learning_curve *out);
double learning_curve_at(const struct learning_curve *c, double n_ref,
                         double size);

#endif
