/*
 * Values of rights that may be used now or later, from simulated paths: least
 * squares Monte Carlo (Longstaff and Schwartz, Rev. Financial Studies 14,
 * 2001).  Going backwards, what waiting is worth is fitted by polynomials of
 * the state over the paths, and each path then follows the better act.
 *
 * Dates are 0 .. dates - 1; money of date t is worth discount^t at date 0.  The
 * polynomials hold all products of the factors up to `degree` (1 or 2 factors;
 * degree 0 .. 4), in the factors' own mean and spread; a term that the paths
 * cannot tell from the others is left out.
 */
#ifndef STEELYARD_MATH_LSM_H
#define STEELYARD_MATH_LSM_H

struct lsm {
	int paths, dates, factors, degree;
	const double *state;            /* [(date * factors + f) * paths + i] */
	double discount;                /* from one date to the one before */
};

/* Acting once: payoff[date * paths + i] when done then, fitted on the paths on
 * which it is above 0.  The mean over the paths, at date 0. */
double lsm_stop(const struct lsm *p, const double *payoff);

/* Opening for `entry` and closing for `exit` as often as it pays, starting
 * closed; flow[date * paths + i] is earned at date when open.  At the last date
 * it ends, as it is.  each[i] receives the value on each path at date 0. */
void lsm_switch(const struct lsm *p, const double *flow, double entry,
                double exit, double *each);

/*
 * What the right to switch to another way of working and back is worth over a
 * horizon, when nothing has been switched yet.  At the start of each month one
 * may open for `entry` or close for `exit`; an open month saves
 *
 *      bill * y - hosting * x - running        (rates a year)
 *
 * at its end, where x is the volume and y = x * price, both 1 now and geometric
 * Brownian motions with the drifts and volatilities of a year.  Money is
 * discounted at (1 + rate)^(months / 12), as npv() does.  2,048 paths of one
 * scrambled Sobol net, with the value of being open all the time as a control;
 * against a lattice it lacks under 1 %, up to 4 % where the right is worth
 * little.
 *
 * HUGE_VAL outside of the domain: a volatility below 0, rate <= -1, entry +
 * exit < 0, more than 600 months.
 */
struct switching {
	double bill, hosting, running, entry, exit;
	double volume_drift, volume_sigma, price_drift, price_sigma;
	double rate;
	int months;
};
double switch_value(const struct switching *s);

#endif
