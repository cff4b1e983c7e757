/*
 * When to act on what keeps moving: thresholds of investment under
 * uncertainty.  A value or income P follows a geometric Brownian motion of
 * drift `drift` and volatility `sigma` (both of its logarithm's scale, per unit
 * of time and per its square root); `rate` discounts, in the same time unit.
 *
 * The roots beta1 > 1 and beta2 < 0 of sigma^2/2 x (x - 1) + drift x = rate
 * carry everything (Dixit and Pindyck, Investment under Uncertainty, 1994).  A
 * volatility of 0 stands for the limit: without drift, Marshall's triggers.
 *
 * NAN: there is no threshold; the act never pays, because with rate <= drift
 * waiting is always worth more.  HUGE_VAL: arguments outside of the domain
 * (rate <= 0, sigma < 0, no number).
 */
#ifndef STEELYARD_MATH_THRESHOLD_H
#define STEELYARD_MATH_THRESHOLD_H

/* What a value must be of its cost before paying the cost, once and for ever,
 * beats waiting: beta1 / (beta1 - 1) (McDonald and Siegel 1986). */
double perpetual_multiple(double drift, double sigma, double rate);
/* The same for a value that may be negative, an arithmetic Brownian motion: how
 * far it must exceed the cost.  `drift` and `sigma` are amounts. */
double perpetual_margin(double drift, double sigma, double rate);

/*
 * A business that earns P and costs `running` while it is open, can be opened
 * for `entry` and closed for `exit` (a negative exit cost is what closing
 * yields): the P at which an idle one opens, and below which an open one closes
 * (Dixit, J. Political Economy 97, 1989).  Between the two it stays as it is.
 *
 *      income  ----------------------------- entry  -- open
 *              running + rate * entry         |
 *              running - rate * exit          |  as it is
 *              ----------------------------- exit  --- closed
 *
 * dixit_entry: 0 where opening pays at any income.  dixit_exit: NAN where
 * closing costs more than running on for ever.  HUGE_VAL where entry + exit is
 * negative: opening and closing would yield money.
 */
double dixit_entry(double running, double entry, double exit, double drift,
                   double sigma, double rate);
double dixit_exit(double running, double entry, double exit, double drift,
                  double sigma, double rate);

#endif
