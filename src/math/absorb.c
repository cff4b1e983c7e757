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
#include <stdint.h>
#include <string.h>

#include "math/special.h"
#include "math/wide.h"

#define SEATS_MAX 64
/* Up to so many jumps the series is summed; beyond, a short step is squared. */
#define SERIES_MAX 32.0
#define SQUARES_MAX 40
/* Below, the closed forms would subtract what is nearly equal. */
#define CLOSED_MIN 0.02

struct chain {
	int k;
	double fastest;                 /* the greatest rate out of a state */
	/* The chances of one jump from j, watched at that rate. */
	double down[SEATS_MAX + 2], stay[SEATS_MAX + 2], up[SEATS_MAX + 2];
};

static void set_chain(struct chain *c, int k, double loss, double fill)
{
	double all = k * loss, one = loss + (k - 1) * fill, step;

	c->k = k;
	c->fastest = all > one ? all : one;
	step = 1 / c->fastest;
	loss *= step;
	fill *= step;
	for (int j = 1; j <= k; j++) {
		c->down[j] = loss * j;
		c->up[j] = fill * (k - j);
		c->stay[j] = 1 - c->down[j] - c->up[j];
		if (c->stay[j] < 0)
			c->stay[j] = 0;
	}
	c->stay[0] = 1;
	c->up[0] = c->down[k + 1] = 0;
}

/* Only sums of what is not negative, so no digit is lost (uniformisation,
 * Jensen 1953).  v[k + 1] is zero. */
static void jump(const struct chain *c, double *v)
{
	double before = v[0];

	v[0] += v[1] * c->down[1];
	for (int j = 1; j <= c->k; j++) {
		double old = v[j];

		v[j] = old * c->stay[j] + v[j + 1] * c->down[j + 1]
			+ before * c->up[j - 1];
		before = old;
	}
}

/* The law in p moves on by `time`: a Poisson number of jumps. */
static void move_far(const struct chain *c, double time, double *p)
{
	double v[SEATS_MAX + 2], mean = c->fastest * time;
	double weight = exp(-mean);

	for (int j = 0; j <= c->k; j++) {
		v[j] = p[j];
		p[j] *= weight;
	}
	v[c->k + 1] = 0;
	for (int n = 1; n <= c->k || n < mean || weight > 1e-17 * p[0]; n++) {
		jump(c, v);
		weight *= mean / n;
		for (int j = 0; j <= c->k; j++)
			p[j] += weight * v[j];
	}
}

#define FEW 8                   /* states that one vector holds */

typedef double few __attribute__((vector_size(FEW * sizeof(double))));
typedef int64_t places __attribute__((vector_size(FEW * sizeof(double))));

/* The same with few seats, all states at once: each lane adds in the order of
 * jump(), and what is beyond the seats stays zero. */
WIDE static void move_few(const struct chain *c, double time, double *p)
{
	const places left = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const places right = { 8, 0, 1, 2, 3, 4, 5, 6 };
	few v = { 0 }, sum = { 0 }, zero = { 0 };
	few stay = { 0 }, down = { 0 }, up = { 0 };
	double mean = c->fastest * time, weight = exp(-mean);

	for (int j = 0; j <= c->k; j++) {
		v[j] = p[j];
		sum[j] = p[j] * weight;
		stay[j] = c->stay[j];
		down[j] = j < c->k ? c->down[j + 1] : 0;
		up[j] = j > 0 ? c->up[j - 1] : 0;
	}
	for (int n = 1; n <= c->k || n < mean || weight > 1e-17 * sum[0];
	     n++) {
		v = v * stay + __builtin_shuffle(v, zero, left) * down +
		    __builtin_shuffle(v, zero, right) * up;
		weight *= mean / n;
		sum += weight * v;
	}
	for (int j = 0; j <= c->k; j++)
		p[j] = sum[j];
}

static void move_on(const struct chain *c, double time, double *p)
{
	(c->k < FEW ? move_few : move_far)(c, time, p);
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
	for (int i = 0; i <= k; i++)
		memcpy(m[i], product[i], sizeof **m * (size_t)(k + 1));
}

static double by_squares(const struct chain *c, double time)
{
	matrix m;
	int squares = (int)ceil(log2(c->fastest * time));

	if (squares > SQUARES_MAX)
		return NAN;
	for (int i = 0; i <= c->k; i++) {
		for (int j = 0; j <= c->k; j++)
			m[i][j] = i == j;
		move_on(c, ldexp(time, -squares), m[i]);
	}
	while (squares-- > 0)
		square(m, c->k);
	return m[c->k][0];
}

/* The way down is a sum of k independent exponential times, whose rates are
 * those of the chain without its last state (Karlin, McGregor 1959). */
static double two_seats(double loss, double fill, double time)
{
	double sum = 3 * loss + fill;
	double gap = sqrt(sum * sum - 8 * loss * loss);
	double fast = (sum + gap) / 2, slow = 2 * loss * loss / fast;

	return 1 - (fast * exp(-slow * time) - slow * exp(-fast * time)) / gap;
}

/* The same with three: the roots of a cubic, by its angle.  The way down is a
 * sum of exponential times of rates a > b > c. */
static double three_seats(double loss, double fill, double time)
{
	double sum = 6 * loss + 3 * fill, product = 6 * loss * loss * loss;
	double pairs = 11 * loss * loss + 7 * loss * fill + 2 * fill * fill;
	double q = (sum * sum - 3 * pairs) / 9, root = sqrt(q);
	double r = (sum * (2 * sum * sum - 9 * pairs) + 27 * product) / 54;
	double cosine = cos(acos(r / (q * root)) / 3);
	double sine = sqrt(1 - cosine * cosine);
	double a = sum / 3 + 2 * root * cosine;
	double b = sum / 3 + root * (sqrt(3) * sine - cosine);
	double c = product / (a * b);

	return 1 - b * c * exp(-a * time) / ((a - b) * (a - c))
		+ a * c * exp(-b * time) / ((a - b) * (b - c))
		- a * b * exp(-c * time) / ((a - c) * (b - c));
}

static double many_seats(int k, double loss, double fill, double time)
{
	double p[SEATS_MAX + 1] = { 0 };
	struct chain c;

	set_chain(&c, k, loss, fill);
	if (c.fastest * time > SERIES_MAX)
		return by_squares(&c, time);
	p[k] = 1;
	move_on(&c, time, p);
	return p[0];
}

double birth_death_absorption(double seats, double loss, double fill,
                              double time)
{
	int k = seats >= 0 && seats <= SEATS_MAX ? (int)seats : -1;
	double p;

	if (!(k >= 0 && k == seats && loss >= 0 && fill >= 0 && time >= 0 &&
	      isfinite(loss) && isfinite(fill) && isfinite(time)))
		return NAN;
	if (k == 0 || loss == 0 || time == 0)
		return k == 0;
	if (k == 1)
		return -expm1(-loss * time);
	p = k > 3 || loss * time < CLOSED_MIN ? many_seats(k, loss, fill, time)
		: k == 2 ? two_seats(loss, fill, time)
		: three_seats(loss, fill, time);
	return p > 1 ? 1 : p;
}
