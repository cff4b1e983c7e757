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

/* Regularised incomplete beta I_x(a, b) and its complement; a, b > 0. */
double beta_inc(double a, double b, double x);
double beta_inc_upper(double a, double b, double x);
double beta_inc_inv(double a, double b, double p);
double gamma_inc(double a, double x);           /* regularised lower */
double gamma_inc_inv(double a, double p);

/* Erlang: c servers, offered load a = rate x service time, in Erlang. c may be
 * any number >= 0 (whole in practice). Stable recursions. */
double erlang_b(double c, double a);
double erlang_c(double c, double a);            /* 1 when a >= c */
/* P(abandon) in M/M/c + M with mean patience: rate, mean service time and
 * patience in one time unit (Garnett, Mandelbaum, Reiman 2002). */
double erlang_a_abandonment(double c, double rate, double service,
                            double patience);

/* E[exp(-s X)], X lognormal(mu, sigma). */
double lognormal_laplace(double s, double mu, double sigma);

/* Wald's expected/planned sample size for telling p1 from p0. */
double sprt_sample_size(double p0, double p1, double alpha, double beta);

#endif
