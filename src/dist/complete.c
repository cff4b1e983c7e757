/*
 * What a law derives from its arguments: its support, the constants of its
 * quantile function, and moments where no formula gives them.
 */
#include <math.h>

#include "dist/law.h"
#include "math/special.h"
#include "base/banned.h"

double law_moment(const struct dist *d, int power, double center)
{
	double h = law_is_smooth(d) ? 1.0 / 32 : 1.0 / 512, sum = 0, mass = 0;

	for (int side = -1; side <= 1; side += 2) {
		for (int i = side < 0; i * h < 37; i++) {
			double z = side * i * h, w = normal_pdf(z);
			double x = law_quantile(d, normal_cdf(z),
			                        normal_cdf(-z)) - center;
			double term = w * (power == 2 ? x * x : x);

			sum += term;
			mass += w;
			if (i * h > 8 && fabs(term) <= 1e-18 * fabs(sum))
				break;
		}
	}
	return sum / mass;
}

static void pert_complete(struct dist *d)
{
	double low = d->p[0], mode = d->p[1], high = d->p[2];

	d->k[0] = 1 + 4 * ((mode - low) / (high - low));
	d->k[1] = 1 + 4 * ((high - mode) / (high - low));
	d->k[2] = low;
	d->k[3] = high;
}

static void triangular_complete(struct dist *d)
{
	double mode = fabs(d->p[1]);

	d->k[0] = mode < 1e-3 * fabs(d->p[2]);
	d->k[1] = mode < 1e-3 * fabs(d->p[0]);
}

/* p[2] of a beta is its scale: 1 for a share. */
static void beta_complete(struct dist *d)
{
	d->k[0] = d->p[0];
	d->k[1] = d->p[1];
	d->k[2] = 0;
	d->k[3] = d->p[2];
}

void law_complete(struct dist *d)
{
	d->low = -HUGE_VAL;
	d->high = HUGE_VAL;
	switch (d->kind) {
	case DIST_POINT:
		d->low = d->high = d->p[0];
		break;
	case DIST_LOGUNIFORM:
		d->k[0] = log(d->p[1] / d->p[0]);
		/* fall through */
	case DIST_UNIFORM:
		d->low = d->p[0];
		d->high = d->p[1];
		break;
	case DIST_PERT:
	case DIST_TRIANGULAR:
		if (d->kind == DIST_PERT)
			pert_complete(d);
		else
			triangular_complete(d);
		d->low = d->p[0];
		d->high = d->p[2];
		break;
	case DIST_BETA:
		beta_complete(d);
		d->low = 0;
		d->high = d->p[2];
		break;
	case DIST_LOGNORMAL:
	case DIST_GAMMA:
	case DIST_WEIBULL:
	case DIST_POISSON:
		d->low = 0;
		break;
	default:
		break;
	}
}
