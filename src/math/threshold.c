#include "math/threshold.h"

#include <math.h>
#include <stdbool.h>

#include "base/banned.h"

#define LEAST_SIGMA2 1e-12      /* stands for no volatility */

struct betas {
	double up, down;                /* beta1 > 1, beta2 < 0 */
	double over;                    /* beta1 - 1, with its own digits */
};

static bool in_domain(double drift, double sigma, double rate)
{
	return isfinite(drift) && sigma >= 0 && isfinite(sigma) && rate > 0 &&
	       isfinite(rate);
}

/* Products of the roots instead of differences: no digits are lost where the
 * drift nears the rate or the volatility nothing. */
static struct betas betas_of(double drift, double sigma, double rate)
{
	double s2 = fmax(sigma * sigma, LEAST_SIGMA2 * rate);
	double half = 0.5 - drift / s2, product = 2 * rate / s2;
	double root = sqrt(half * half + product);
	struct betas b;

	if (half >= 0) {
		b.up = half + root;
		b.down = -product / b.up;
	} else {
		b.down = half - root;
		b.up = -product / b.down;
	}
	b.over = 2 * (rate - drift) / s2 / (1 - b.down);
	return b;
}

double perpetual_multiple(double drift, double sigma, double rate)
{
	struct betas b;

	if (!in_domain(drift, sigma, rate))
		return HUGE_VAL;
	if (rate <= drift)
		return NAN;
	b = betas_of(drift, sigma, rate);
	return b.up / b.over;
}

/* The positive root of sigma^2/2 x^2 + drift x = rate, without cancellation. */
double perpetual_margin(double drift, double sigma, double rate)
{
	double root;

	if (!in_domain(drift, sigma, rate))
		return HUGE_VAL;
	root = sqrt(drift * drift + 2 * rate * sigma * sigma);
	return drift > 0 ? (drift + root) / (2 * rate) :
	       sigma > 0 ? sigma * sigma / (root - drift) : 0;
}

/*
 * With g = entry / exit threshold = e^l, smooth pasting at both ends gives the
 * two options' values as functions of l alone, and matching values leaves
 *
 *      at_high(l) / at_low(l) = (running / rate + entry) /
 *                               (running / rate - exit)
 *
 * whose left side rises from 1 without end.  All exponents fall.
 */
struct band { double low, high; };

static double falls(double c, double l)         /* (1 - e^(-c l)) / l */
{
	return l > 0 ? -expm1(-c * l) / l : c;
}

static struct band band_at(const struct betas *b, double l)
{
	double whole = falls(b->up - b->down, l), g = exp(l);
	double idle = -falls(b->over, l) / whole / b->down;
	double open = falls(1 - b->down, l) / whole / b->up;

	return (struct band) {
		.low = idle - open * exp(-b->over * l) + 1,
		.high = idle * exp(b->down * l) - open * g + g,
	};
}

/* The cube root, because the band opens with the third power of l: what is left
 * bends little. */
static double gap(const struct betas *b, double l, double target)
{
	struct band at = band_at(b, l);

	return cbrt(log1p((at.high - at.low) / at.low)) - target;
}

/* Secant steps between the ends of a bracket, of which one that stays put counts
 * half (the Illinois rule). */
static double find_width(const struct betas *b, double target)
{
	double lo = 0, hi = 1, flo = -target, fhi = gap(b, hi, target);

	while (fhi < 0 && hi < 700) {
		lo = hi;
		flo = fhi;
		hi *= 2;
		fhi = gap(b, hi, target);
	}
	for (int i = 0, side = 0; i < 100 && hi - lo > 1e-14 * hi; i++) {
		double mid = (lo * fhi - hi * flo) / (fhi - flo);
		double f = gap(b, mid, target);

		if (fabs(f) <= 4e-16 * target)
			return mid;
		if (f < 0) {
			lo = mid;
			flo = f;
			fhi = side < 0 ? fhi / 2 : fhi;
			side = -1;
		} else {
			hi = mid;
			fhi = f;
			flo = side > 0 ? flo / 2 : flo;
			side = 1;
		}
	}
	return (lo + hi) / 2;
}

static bool sound(double running, double entry, double exit)
{
	return isfinite(running) && isfinite(entry) && isfinite(exit) &&
	       entry + exit >= 0;
}

static struct band thresholds(double to_enter, double to_leave, double drift,
                              double sigma, double rate)
{
	struct betas b = betas_of(drift, sigma, rate);
	double l, scale = rate - drift;

	if (to_leave <= 0)
		return (struct band) { NAN, b.up / b.over * scale * to_enter };
	l = to_enter > to_leave ? find_width(&b, cbrt(log(to_enter /
	                                                  to_leave))) : 0;
	scale *= to_leave / band_at(&b, l).low;
	return (struct band) { scale, scale * exp(l) };
}

double dixit_entry(double running, double entry, double exit, double drift,
                   double sigma, double rate)
{
	double forever = running / rate + entry;

	if (!in_domain(drift, sigma, rate) || !sound(running, entry, exit))
		return HUGE_VAL;
	if (rate <= drift)
		return NAN;
	return forever <= 0 ? 0 : thresholds(forever, running / rate - exit,
	                                     drift, sigma, rate).high;
}

double dixit_exit(double running, double entry, double exit, double drift,
                  double sigma, double rate)
{
	double saved = running / rate - exit;

	if (!in_domain(drift, sigma, rate) || !sound(running, entry, exit))
		return HUGE_VAL;
	return rate <= drift || saved <= 0 ? NAN :
	       thresholds(running / rate + entry, saved, drift, sigma,
	                  rate).low;
}
