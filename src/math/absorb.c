/*
 * Seats that empty and are filled again: how likely was nobody left by then?
 *
 *      k  --k loss->  k-1  -- ... ->  1  --loss->  0   (stays)
 *      k  <--fill---  k-1  <- ... --  1
 *
 * With j seats taken one empties at the rate j x loss, and one of the k - j
 * empty ones is filled at (k - j) x fill.
 */
#include <math.h>
#include <string.h>

#include "math/special.h"

#define SEATS_MAX 64
/* Up to so many jumps the series is summed; beyond, a short step is squared. */
#define SERIES_MAX 32.0
#define SQUARES_MAX 40
/* Below, the closed form of two seats would subtract what is nearly equal. */
#define CLOSED_MIN 0.1

struct chain {
	int k;
	double loss, fill, fastest;     /* the greatest rate out of a state */
};

/* One jump of the chain watched at the rate `fastest` (uniformisation, Jensen
 * 1953): only sums of what is not negative, so no digit is lost. */
static void jump(const struct chain *c, const double *from, double *to)
{
	for (int j = 0; j <= c->k; j++) {
		double out = j ? c->loss * j + c->fill * (c->k - j) : 0;
		double p = from[j] * fmax(0, 1 - out / c->fastest);

		if (j < c->k)
			p += from[j + 1] * c->loss * (j + 1) / c->fastest;
		if (j > 1)
			p += from[j - 1] * c->fill * (c->k - j + 1)
				/ c->fastest;
		to[j] = p;
	}
}

/* The law in p moves on by `time`: a Poisson number of jumps, mean `mean`. */
static void move_on(const struct chain *c, double time, double *p)
{
	double v[SEATS_MAX + 1], next[SEATS_MAX + 1], mean = c->fastest * time;
	double weight = exp(-mean);
	size_t size = ((size_t)c->k + 1) * sizeof *p;

	memcpy(v, p, size);
	for (int j = 0; j <= c->k; j++)
		p[j] *= weight;
	for (int n = 1; n <= c->k || n < mean || weight > 1e-18 * p[0]; n++) {
		jump(c, v, next);
		memcpy(v, next, size);
		weight *= mean / n;
		for (int j = 0; j <= c->k; j++)
			p[j] += weight * v[j];
	}
}

typedef double matrix[SEATS_MAX + 1][SEATS_MAX + 1];

static void square(matrix m, int k)
{
	matrix product;

	for (int i = 0; i <= k; i++)
		for (int j = 0; j <= k; j++) {
			double sum = 0;

			for (int l = 0; l <= k; l++)
				sum += m[i][l] * m[l][j];
			product[i][j] = sum;
		}
	memcpy(m, product, sizeof product);
}

static double by_squares(const struct chain *c, double time)
{
	matrix m = { { 0 } };
	int squares = (int)ceil(log2(c->fastest * time));

	if (squares > SQUARES_MAX)
		return NAN;
	for (int i = 0; i <= c->k; i++) {
		m[i][i] = 1;
		move_on(c, ldexp(time, -squares), m[i]);
	}
	while (squares-- > 0)
		square(m, c->k);
	return m[c->k][0];
}

/* The way down is a sum of k independent exponential times, whose rates are
 * those of the chain without its last state (Karlin, McGregor 1959). */
static double two_seats(const struct chain *c, double time)
{
	double sum = 3 * c->loss + c->fill, product = 2 * c->loss * c->loss;
	double gap = sqrt(sum * sum - 4 * product);
	double fast = (sum + gap) / 2, slow = product / fast;

	return 1 - (fast * exp(-slow * time) - slow * exp(-fast * time)) / gap;
}

double birth_death_absorption(double seats, double loss, double fill,
                              double time)
{
	struct chain c = { .k = (int)seats, .loss = loss, .fill = fill };
	double p[SEATS_MAX + 1] = { 0 };

	if (!(seats >= 0 && seats <= SEATS_MAX && floor(seats) == seats &&
	      loss >= 0 && fill >= 0 && time >= 0 && isfinite(loss) &&
	      isfinite(fill) && isfinite(time)))
		return NAN;
	if (c.k == 0 || loss == 0 || time == 0)
		return c.k == 0;
	if (c.k == 1)
		return -expm1(-loss * time);
	if (c.k == 2 && loss * time > CLOSED_MIN)
		return two_seats(&c, time);
	c.fastest = fmax(c.k * loss, loss + (c.k - 1) * fill);
	if (c.fastest * time > SERIES_MAX)
		return fmin(1, by_squares(&c, time));
	p[c.k] = 1;
	move_on(&c, time, p);
	return fmin(1, p[0]);
}
