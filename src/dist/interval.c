/*
 * A 90 % interval as a law: lognormal when both ends are positive, else normal,
 * and inside the quantity's bounds where such a law would pass them.
 */
#include <math.h>

#include "dist/law.h"
#include "math/special.h"
#include "base/banned.h"

#define Z95 1.6448536269514722          /* the normal quantile at 0.95 */
#define U_MIN 0x1p-33                   /* the extreme coordinates of draws.h */
#define STEPS 200
#define KEPT 0.9                        /* of a law that is cut and refitted */

/* The law is normal on a line, in log x or in x. */
static double on_line(bool logs, double x)
{
	return !logs ? x : x > 0 ? log(x) : -HUGE_VAL;
}

static void set_line(struct dist *d, double mean, double sd)
{
	d->p[0] = d->kind == DIST_LOGNORMAL ? exp(mean) : mean;
	d->p[1] = sd;
	law_complete(d);
}

/* Mean and deviation of the normal law that has its 5th and 95th percentile at
 * the ends once it is cut to the bounds: what is cut is found from the law, and
 * the law from what is cut, in turn.  false: that is too much to be a cut. */
static bool refit(struct dist *d, double a, double b, double low, double high)
{
	bool logs = d->kind == DIST_LOGNORMAL;
	double ya = on_line(logs, a), yb = on_line(logs, b), last = 0;
	double mean = ya / 2 + yb / 2, sd = (yb - ya) / (2 * Z95);

	low = on_line(logs, low);
	high = on_line(logs, high);
	for (int i = 0; i < STEPS && sd != last; i++) {
		double below = normal_cdf((low - mean) / sd);
		double above = normal_cdf((mean - high) / sd);
		double kept = 1 - below - above, z5, z95;

		if (kept < KEPT)
			return false;
		z5 = normal_quantile_tails(below + 0.05 * kept,
		                           above + 0.95 * kept);
		z95 = normal_quantile_tails(below + 0.95 * kept,
		                            above + 0.05 * kept);
		last = sd;
		sd = (yb - ya) / (z95 - z5);
		mean = ya - sd * z5;
	}
	set_line(d, mean, sd);
	return true;
}

static bool stays_within(const struct dist *d, double low, double high)
{
	return law_quantile(d, U_MIN, 1 - U_MIN) >= low &&
	       law_quantile(d, 1 - U_MIN, U_MIN) <= high;
}

/* Normal on the line of normal scores between the bounds: exists for any two
 * ends inside. */
static struct dist *between(struct arena *arena, double a, double b,
                            const double bounds[2])
{
	double l = bounds[0], w = bounds[1] - l, q[3] = { a, 0, b };
	double za = normal_quantile_tails((a - l) / w, (bounds[1] - a) / w);
	double zb = normal_quantile_tails((b - l) / w, (bounds[1] - b) / w);
	struct pos nowhere = { 0 };

	q[1] = l + w * normal_cdf(za / 2 + zb / 2);
	return dist_through(arena, DIST_JQPD, 0.05, q, bounds, nowhere, NULL);
}

struct dist *dist_interval(struct arena *arena, double a, double b,
                           const double *bounds)
{
	struct dist *d = dist_new(arena, a > 0 && b > 0 ? DIST_LOGNORMAL :
	                                                  DIST_NORMAL);
	bool logs = d->kind == DIST_LOGNORMAL;
	double ya = on_line(logs, a), yb = on_line(logs, b);
	double low = bounds ? bounds[0] : -HUGE_VAL;
	double high = bounds ? bounds[1] : HUGE_VAL;

	set_line(d, ya / 2 + yb / 2, (yb - ya) / (2 * Z95));
	if (a < low || b > high || stays_within(d, low, high))
		return d;
	if (a > low && b < high && !refit(d, a, b, low, high) &&
	    isfinite(low) && isfinite(high))
		return between(arena, a, b, bounds);
	return dist_truncated(arena, d, low, high);
}
