/*
 * Waits: what a queue's load means for the time that people wait, how many
 * servers a target needs, and delays that are sums of simple laws.  As in
 * special.h, plain numbers in and out, NAN outside of the stated domain.
 *
 * M/G/c with c servers, offered load a = rate x service time (Erlang), mean
 * service time `service`, and `vf` = (ca2 + cs2) / 2, half the sum of the
 * squared coefficients of variation of arrivals and service: P(W > 0) is
 * Erlang C, and the wait of those who wait is exponential with rate
 * eta = (c - a) / (vf service) (Allen and Cunneen; exact for M/M/c, where vf
 * is 1, and in the mean for M/G/1).  vf = 0: nobody waits.  All are NAN when
 * the queue grows without end (a >= c, a > 0).
 *
 * Accuracy: 1e-13 relative against exact rationals up to 2,000 servers; the
 * approximation itself is within some 20 % of simulated waits.
 */
#ifndef STEELYARD_MATH_WAITS_H
#define STEELYARD_MATH_WAITS_H

double mgc_wait_mean(double c, double a, double service, double vf);
double mgc_wait_tail(double c, double a, double service, double vf, double t);
/* The wait that a share q of requests stays within, 0 <= q < 1. */
double mgc_wait_quantile(double q, double c, double a, double service,
                         double vf);

/* P(wait + service > t) in M/M/c. */
double mmc_sojourn_tail(double c, double a, double service, double t);

/* The least whole n such that c = n x slots servers have a <= most x c,
 * a < c and P(W > budget) <= 1 - q.  slots >= 1, 0 < q < 1, budget >= 0,
 * 0 < most <= 1; NAN beyond these and beyond 1e9 servers. */
double staff_servers(double rate, double service, double slots, double vf,
                     double budget, double q, double most);

/* M/M/c + M: P(V > t), V the wait of one who never gives up; at t = 0 the
 * share that waits at all.  Of those who do give up, P(W > t) is
 * exp(-t / patience) times it.  c = 0: 1.  The sums are accurate to 1e-12. */
double erlang_a_tail(double c, double rate, double service, double patience,
                     double t);

/* T = U(0, a) + U(0, b): P(T > x) and quantiles, a and b >= 0. */
double trap_tail(double x, double a, double b);
double trap_quantile(double q, double a, double b);
/* E exp(-x U), U uniform on (0, 1): (1 - e^-x) / x. */
double uniform_laplace(double x);

/* T = U(0, width) + a lognormal with this median and sigma of the log:
 * P(T > x) in closed form, and quantiles, 0 < q < 1. */
double uniform_plus_lognormal_tail(double x, double width, double median,
                                   double sigma);
double uniform_plus_lognormal_quantile(double q, double width, double median,
                                       double sigma);

/* T = W + S, W the wait above and S lognormal with this mean and squared
 * coefficient of variation, independent: the q-quantile, 0 < q < 1.  Some
 * ten thousand error functions a call: for central values. */
double wait_plus_lognormal_quantile(double q, double c, double a,
                                    double service, double vf, double mean,
                                    double scv);

#endif
