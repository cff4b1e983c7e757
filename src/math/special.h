/*
 * Kernels behind the language's built-ins: plain numbers in, a plain number
 * out, NAN where the arguments are outside the stated domain (the interpreter
 * turns that into a located error or a state).  No global state; safe from
 * several threads.  Each cites its source; accuracy is what the tests hold.
 */
#ifndef STEELYARD_MATH_SPECIAL_H
#define STEELYARD_MATH_SPECIAL_H

double normal_cdf(double x);
double normal_quantile(double p);               /* 0 < p < 1 */
double normal_pdf(double x);
/* The same from both tails, p + q = 1: no digits lost near 1. */
double normal_quantile_tails(double p, double q);

/* Regularised incomplete beta I_x(a, b) and its complement; a, b > 0,
 * 0 <= x <= 1.  Inverses for 0 <= p <= 1 (DLMF 8.17). */
double beta_inc(double a, double b, double x);
double beta_inc_upper(double a, double b, double x);
double beta_inc_inv(double a, double b, double p);
/* Student's t with df > 0 degrees of freedom: P(T <= t) and its inverse for
 * 0 < p < 1, through I_x(df/2, 1/2) with x = df / (df + t^2) (DLMF 8.17,
 * Abramowitz and Stegun 26.7.1); normal beyond a million degrees. */
double student_t_cdf(double t, double df);
double student_t_quantile(double p, double df);
/* Regularised lower incomplete gamma, a > 0, x >= 0; the inverse for
 * 0 <= p < 1 (DLMF 8.2). */
double gamma_inc(double a, double x);
double gamma_inc_upper(double a, double x);
double gamma_inc_inv(double a, double p);

/* Erlang: c servers, offered load a = rate x service time, in Erlang.  c may
 * be any number from 0 to 1e9 (whole in practice; the continuous extension
 * between).  Stable recursions (Jagerman 1974). */
double erlang_b(double c, double a);
double erlang_c(double c, double a);            /* 1 when a >= c */
/* P(abandon) in M/M/c + M with mean patience: rate, mean service time and
 * patience in one time unit (Garnett, Mandelbaum, Reiman 2002). */
double erlang_a_abandonment(double c, double rate, double service,
                            double patience);

/* E[exp(-s X)], X lognormal(mu, sigma); s >= 0, 0 <= sigma <= 100. */
double lognormal_laplace(double s, double mu, double sigma);

/* P(all seats were empty at some time up to `time`): each taken seat empties at
 * the rate `loss`, each empty one is filled at `fill`, until none is taken; all
 * are at first.  seats 0 (1 at once) to 64, whole.  Error
 * 1e-15 or, with more than three seats, 1e-13 of the value; after more than 30
 * comings and goings 1e-12 of it (Karlin, McGregor 1959; uniformisation, Jensen
 * 1953). */
double birth_death_absorption(double seats, double loss, double fill,
                              double time);

/* Wald's expected sample size, under p1, of the sequential test that tells p1
 * from p0 with false alarm `alpha` and miss `beta` (Wald 1945).  0 < p0 < 1,
 * 0 <= p1 <= 1, alpha + beta < 1; NAN for p0 = p1, which no sample tells. */
double sprt_sample_size(double p0, double p1, double alpha, double beta);

#endif
