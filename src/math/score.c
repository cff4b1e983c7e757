#include "math/score.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "math/special.h"

#include "base/banned.h"

#define Z_MOST 4.0

double sample_crps(const double *x, int n, double y)
{
	double away = 0, apart = 0;

	for (int i = 0; i < n; i++) {
		away += fabs(x[i] - y);
		apart += (2.0 * i + 1 - n) * x[i];
	}
	return away / n - apart / n / n;
}

double sample_position(const double *x, int n, double y)
{
	double below = 0;

	for (int i = 0; i < n; i++)
		below += x[i] < y ? 1 : x[i] == y ? 0.5 : 0;
	return below / n;
}

static double z_of(double pit)
{
	double z = pit <= 0 ? -Z_MOST : pit >= 1 ? Z_MOST
		: normal_quantile(pit);

	return fmax(-Z_MOST, fmin(Z_MOST, z));
}

struct widening widening_of(const double *pit, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += z_of(pit[i]) * z_of(pit[i]);
	return (struct widening) {
		sqrt(sum / n), sqrt(sum / gsl_cdf_chisq_Pinv(0.95, n)),
		sqrt(sum / gsl_cdf_chisq_Pinv(0.05, n)),
	};
}
