/*
 * Three quantiles at 5, 50 and 95 %.  The families of src/dist are fixed by
 * those at 10, 50 and 90 %; the pair that gives the wanted tails is found by
 * correcting each end by its own miss, measured from the median on a scale
 * where the law is close to straight.
 */
#include "model/load.h"

#include <math.h>

#include "base/banned.h"

#define ROUNDS 200
#define EXACT 1e-13                     /* of the distance to the median */
#define GOOD 1e-9
#define NORMAL_RATIO 0.7791268852       /* z(0.9) / z(0.95) */

struct fit {
	const double *bounds;
	bool metalog;
	double q[3];                    /* wanted at 5, 50, 95 % */
	double share[2];                /* ends at 10, 90 %, as a share of the
	                                   way from the median to q[0], q[2] */
};

static struct dist *make(const struct fit *f, struct arena *a, struct pos pos,
                         struct err *err)
{
	double p10 = f->q[1] + f->share[0] * (f->q[0] - f->q[1]);
	double p90 = f->q[1] + f->share[1] * (f->q[2] - f->q[1]);

	return f->metalog
		? dist_metalog(a, p10, f->q[1], p90, f->bounds, pos, err)
		: dist_jqpd(a, p10, f->q[1], p90, f->bounds, pos, err);
}

/* One end's miss: its quantile over the wanted one, both from the median. */
static double reach(const struct fit *f, const struct dist *d, int end)
{
	double at = dist_quantile(d, end ? 0.95 : 0.05);
	double whole = (end ? f->q[2] : f->q[0]) - f->q[1];

	return (at - f->q[1]) / whole;
}

/* Corrects both ends; the greater miss before the correction. */
static double improve(struct fit *f)
{
	struct arena *a = arena_new();
	struct pos nowhere = { NULL, 0, 0 };
	struct dist *d = make(f, a, nowhere, NULL);
	double worst = HUGE_VAL;

	if (d) {
		worst = 0;
		for (int end = 0; end < 2; end++) {
			double r = reach(f, d, end);

			if (!(r > 0))
				r = 1e-3;
			worst = fmax(worst, fabs(r - 1));
			f->share[end] = fmin(f->share[end] / r,
			                     0.5 * (1 + f->share[end]));
		}
	}
	arena_free(a);
	return worst;
}

struct dist *dist_through_5_95(struct arena *a, const double q[3],
                               bool metalog, const double *bounds,
                               struct pos pos, struct err *err)
{
	struct fit f = {
		.bounds = bounds, .metalog = metalog,
		.q = { q[0], q[1], q[2] },
		.share = { NORMAL_RATIO, NORMAL_RATIO },
	};
	struct dist *d;
	double miss = HUGE_VAL;

	if (!(q[0] < q[1] && q[1] < q[2])) {
		err_at(err, ERR_INPUT, pos, "the quantiles must rise: p5 %g, "
		       "p50 %g, p95 %g do not", q[0], q[1], q[2]);
		return NULL;
	}
	for (int i = 0; i < ROUNDS && miss > EXACT; i++) {
		miss = improve(&f);
		if (isinf(miss))
			break;
	}
	d = make(&f, a, pos, err);      /* the reason, where it has one */
	if (!d)
		return NULL;
	if (fabs(reach(&f, d, 0) - 1) <= GOOD
	    && fabs(reach(&f, d, 1) - 1) <= GOOD)
		return d;
	err_at(err, ERR_INPUT, pos, "no law of this family goes through p5 %g, "
	       "p50 %g, p95 %g: give p10 and p90 instead", q[0], q[1], q[2]);
	return NULL;
}
