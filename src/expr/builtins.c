#include "expr/builtins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/pilot.h"
#include "math/lsm.h"
#include "math/loss.h"
#include "math/risk.h"
#include "math/special.h"
#include "math/threshold.h"
#include "math/waits.h"

#define YEAR (8760 * 3600.0)

/* Adapters from the language's operand vector to the kernels. */
#define KERNEL1(name, f) \
	static double name(const double *a) { return f(a[0]); }
#define KERNEL2(name, f) \
	static double name(const double *a) { return f(a[0], a[1]); }
#define KERNEL3(name, f) \
	static double name(const double *a) { return f(a[0], a[1], a[2]); }
#define KERNEL4(name, f) \
	static double name(const double *a) \
	{ return f(a[0], a[1], a[2], a[3]); }

#define KERNEL5(name, f) \
	static double name(const double *a) \
	{ return f(a[0], a[1], a[2], a[3], a[4]); }
#define KERNEL7(name, f) \
	static double name(const double *a) \
	{ return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6]); }

KERNEL1(k_normal_cdf, normal_cdf)
KERNEL1(k_normal_quantile, normal_quantile)
KERNEL3(k_beta_inc, beta_inc)
KERNEL3(k_beta_inc_upper, beta_inc_upper)
KERNEL3(k_beta_inc_inv, beta_inc_inv)
KERNEL2(k_gamma_inc, gamma_inc)
KERNEL2(k_erlang_b, erlang_b)
KERNEL2(k_erlang_c, erlang_c)
KERNEL4(k_erlang_a, erlang_a_abandonment)
KERNEL4(k_birth_death, birth_death_absorption)
KERNEL5(k_erlang_a_tail, erlang_a_tail)
KERNEL4(k_mgc_mean, mgc_wait_mean)
KERNEL5(k_mgc_tail, mgc_wait_tail)
KERNEL5(k_mgc_quantile, mgc_wait_quantile)
KERNEL4(k_sojourn_tail, mmc_sojourn_tail)
KERNEL7(k_staff, staff_servers)
KERNEL3(k_trap_tail, trap_tail)
KERNEL3(k_trap_quantile, trap_quantile)
KERNEL1(k_uniform_laplace, uniform_laplace)
KERNEL4(k_blurred_tail, uniform_plus_lognormal_tail)
KERNEL4(k_blurred_quantile, uniform_plus_lognormal_quantile)
KERNEL7(k_answer_quantile, wait_plus_lognormal_quantile)
KERNEL3(k_lognormal_laplace, lognormal_laplace)
KERNEL4(k_sprt, sprt_sample_size)
KERNEL3(k_cp_lower, clopper_pearson_lower)
KERNEL3(k_cp_upper, clopper_pearson_upper)

static double k_loss_quantile(const double *a)
{
	struct loss l[] = { { a[2], a[3] }, { a[4], a[5] }, { a[6], a[7] } };

	return loss_quantile(a[0], a[1], l, LOSS_SIZES);
}

static double k_loss_cvar(const double *a)
{
	struct loss l[] = { { a[2], a[3] }, { a[4], a[5] }, { a[6], a[7] } };

	return loss_cvar(a[0], a[1], l, LOSS_SIZES);
}

/* Thresholds take rates a year and a year's volatility. */
static double k_multiple(const double *a)
{
	return perpetual_multiple(a[0] * YEAR, a[1], a[2] * YEAR);
}

static double k_margin(const double *a)
{
	return perpetual_margin(a[1] * YEAR, a[0], a[2] * YEAR);
}

static double k_dixit_entry(const double *a)
{
	return dixit_entry(a[0] * YEAR, a[1], a[2], a[3] * YEAR, a[4],
	                   a[5] * YEAR) / YEAR;
}

static double k_dixit_exit(const double *a)
{
	return dixit_exit(a[0] * YEAR, a[1], a[2], a[3] * YEAR, a[4],
	                  a[5] * YEAR) / YEAR;
}

static double k_switch(const double *a)
{
	double months = round(a[10] * 12 / YEAR);

	return switch_value(&(struct switching) {
		.bill = a[0] * YEAR, .hosting = a[1] * YEAR,
		.running = a[2] * YEAR, .entry = a[3], .exit = a[4],
		.volume_drift = a[5] * YEAR, .volume_sigma = a[6],
		.price_drift = a[7] * YEAR, .price_sigma = a[8],
		.rate = a[9] * YEAR,
		.months = months >= 0 && months < 1e6 ? (int)months : -1,
	});
}

#define INFO(n, args, rule, text, src) \
	.info = { .name = (n), .arguments = (args), .unit_rule = (rule), \
	          .meaning = (text), .source = (src) }
#define OP1(n, o, u, text) \
	{ (n), BUILTIN_OP, o, NULL, u, 1, 1, NULL, \
	  INFO(n, "x", u, text, NULL) }
#define KERNEL(n, f, u, count, reason, args, text, src) \
	{ (n), BUILTIN_KERNEL, OP_CALL, f, u, count, count, reason, \
	  INFO(n, args, u, text, src) }
#define FORM(n, least, most, args, text) \
	{ (n), BUILTIN_FORM, OP_N, NULL, NULL, least, most, NULL, \
	  INFO(n, args, "", text, NULL) }

#define COLUMNS(n, make, f, u, count, reason, args, text, src) \
	{ (n), BUILTIN_COLUMNS, OP_CALL, NULL, u, count, count, reason, \
	  INFO(n, args, u, text, src), .prepare = make, .each = f }

/* --- tables ----------------------------------------------------------- */

static double k_rows(const struct columns *c, const double *a)
{
	(void)a;
	return c->rows;
}

static double k_column_mean(const struct columns *c, const double *a)
{
	double sum = 0;

	(void)a;
	for (int i = 0; i < c->rows; i++)
		sum += c->column[0][i];
	return sum / c->rows;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void *sorted_column(const struct columns *c)
{
	double *v = xmalloc((size_t)c->rows * sizeof *v);

	memcpy(v, c->column[0], (size_t)c->rows * sizeof *v);
	qsort(v, (size_t)c->rows, sizeof *v, by_value);
	return v;
}

/* Hazen: the i-th of n is the quantile of (i - 1/2) / n. */
static double k_column_quantile(const struct columns *c, const double *a)
{
	const double *v = c->prepared;
	double at = a[0] * c->rows - 0.5, low;

	if (!(a[0] >= 0 && a[0] <= 1))
		return NAN;
	if (at <= 0)
		return v[0];
	if (at >= c->rows - 1)
		return v[c->rows - 1];
	low = floor(at);
	return v[(int)low] + (at - low) * (v[(int)low + 1] - v[(int)low]);
}

/* --- scores of a classifier ------------------------------------------- */

static void *risk_of_columns(const struct columns *c)
{
	return risk_new(c->column[0], c->column[1], c->rows);
}

/* Thresholds by share need no truths. */
static void *risk_of_scores(const struct columns *c)
{
	return risk_new(c->column[0], c->column[0], c->rows);
}

#define RISK(name, call) \
	static double name(const struct columns *c, const double *a) \
	{ const struct risk *r = c->prepared; (void)a; return call; }

RISK(k_share_below, risk_below(r, a[0]))
RISK(k_wrong_below, risk_wrong_below(r, a[0]))
RISK(k_share_threshold, risk_threshold_of_share(r, a[0]))
RISK(k_best_threshold, risk_best_threshold(r, a[0], a[1]))
RISK(k_safe_threshold, risk_safe_threshold(r, a[0], a[1]))
RISK(k_calibrated, risk_calibrated(r, a[0]))
RISK(k_beta_moment_a, risk_beta_moment(r, 0))
RISK(k_beta_moment_b, risk_beta_moment(r, 1))
RISK(k_calibration_error, risk_calibration_error(r, 15))
RISK(k_brier, risk_brier(r))
RISK(k_risk_area, risk_area(r))
RISK(k_excess_area, risk_excess_area(r))
RISK(k_auroc, risk_auroc(r))

#define SCORES(n, f, numbers, count, reason, args, text, src) \
	COLUMNS(n, risk_of_columns, f, "NB" numbers, count, reason, \
	        "scores, truths" args, text, src)

const struct builtin builtins[] = {
	OP1("abs", OP_ABS, "a>a", "the distance from zero"),
	OP1("sqrt", OP_SQRT, NULL, "the square root; halves the unit's powers"),
	OP1("exp", OP_EXP, "1>1", "e to the x"),
	OP1("log", OP_LOG, "1>1", "the natural logarithm"),
	OP1("ceil", OP_CEIL, "c>c", "whole units, rounded up; rounding errors "
	    "below 1e-12 of x do not buy one more"),
	OP1("floor", OP_FLOOR, "c>c", "whole units, rounded down"),
	OP1("round", OP_ROUND, "c>c", "the nearest whole number"),
	{ "min", BUILTIN_FOLD, OP_MIN, NULL, "a...>a", 2, CALL_MAX, NULL,
	  INFO("min", "x, y, ... or x, AXIS", "a...>a",
	       "the least operand; over an axis, the least along it", NULL) },
	{ "max", BUILTIN_FOLD, OP_MAX, NULL, "a...>a", 2, CALL_MAX, NULL,
	  INFO("max", "x, y, ... or x, AXIS", "a...>a",
	       "the greatest operand; over an axis, the greatest along it",
	       NULL) },
	FORM("sum", 2, 2, "x, AXIS", "the sum along an axis"),
	FORM("mean", 2, 2, "x, AXIS", "the mean along an axis"),
	FORM("clamp", 3, 3, "x, low, high", "x, but within low and high"),
	FORM("if", 3, 3, "condition, x, y", "x where the condition holds, "
	     "else y"),
	FORM("value_or", 2, 2, "x, y", "x where it is a number, y where it is "
	     "a state such as never"),
	FORM("is", 1, 2, "tag or option", "whether the row's option has the tag "
	     "or is that option; is(model, tag) asks of another trade-off"),
	FORM("infeasible", 1, 1, "reason", "the state of having no answer, "
	     "with its reason"),
	FORM("sum_money", 1, 2, "monthly or once, account", "the money lines of "
	     "one timing, of one account or of all"),
	FORM("money", 1, 1, "line", "one money line by its name"),
	FORM("npv", 2, 2, "rate, annual rate", "the present value of a monthly "
	     "series at month ends: sum of rate x 1 month / (1+r)^(m/12)"),
	FORM("cumulative", 1, 1, "series", "the running total; a rate counts a "
	     "month each"),
	FORM("first_month", 1, 1, "condition", "the first month in which it "
	     "holds, or never"),
	FORM("solve", 4, 4, "x, low, high, f", "the lowest x in the range where "
	     "f is zero, or never"),
	FORM("argmin", 4, 4, "x, low, high, f", "the x in the range where f is "
	     "least"),
	FORM("measured", 1, 1, "parameter", "what was measured since; only in "
	     "triggers, policies and expectations"),
	FORM("crossing", 2, 2, "parameter, first or p5 or p50 or p95",
	     "a break-even of the last evaluation; only in triggers, policies "
	     "and expectations"),
	FORM("p_best", 1, 1, "option", "its probability of being best; only in "
	     "triggers, policies and expectations"),
	FORM("age", 0, 1, "", "the decision's age; only in triggers, policies "
	     "and expectations"),
	FORM("age_of_decision", 0, 0, "", "the same as age()"),
	KERNEL("normal_cdf", k_normal_cdf, "1>1", 1, NULL, "z",
	       "the standard normal distribution function", NULL),
	KERNEL("normal_quantile", k_normal_quantile, "1>1", 1, NULL, "p",
	       "its inverse, 0 < p < 1", NULL),
	KERNEL("beta_inc", k_beta_inc, "111>1", 3, NULL, "a, b, x",
	       "the regularised incomplete beta function", "DLMF 8.17"),
	KERNEL("beta_inc_upper", k_beta_inc_upper, "111>1", 3, NULL, "a, b, x",
	       "1 - beta_inc(a, b, x) without its loss of digits", "DLMF 8.17"),
	KERNEL("beta_inc_inv", k_beta_inc_inv, "111>1", 3, NULL, "a, b, p",
	       "the x with beta_inc(a, b, x) = p", "DLMF 8.17"),
	KERNEL("gamma_inc", k_gamma_inc, "11>1", 2, NULL, "a, x",
	       "the regularised lower incomplete gamma function", "DLMF 8.2"),
	KERNEL("erlang_b", k_erlang_b, "11>1", 2, NULL, "servers, load",
	       "the share of arrivals lost when none may wait",
	       "Erlang 1917; Jagerman 1974"),
	KERNEL("erlang_c", k_erlang_c, "11>1", 2, NULL, "servers, load",
	       "the share of arrivals that wait; 1 at and beyond saturation",
	       "Erlang 1917"),
	KERNEL("erlang_a_abandonment", k_erlang_a, "1rst>1", 4, NULL,
	       "servers, arrival rate, service time, mean patience",
	       "the share of arrivals that give up waiting in M/M/c+M",
	       "Garnett, Mandelbaum, Reiman 2002"),
	KERNEL("birth_death_absorption", k_birth_death, "1rrt>1", 4, NULL,
	       "seats, loss rate, fill rate, time",
	       "the probability that by then all seats were empty at once; "
	       "the rates are those of one seat, all are taken at first",
	       "Karlin, McGregor 1959; Jensen 1953"),
	KERNEL("erlang_a_tail", k_erlang_a_tail, "1rstt>1", 5, NULL,
	       "servers, arrival rate, service time, mean patience, t",
	       "the share of the endlessly patient that would wait longer than "
	       "t in M/M/c+M; at t = 0, of arrivals that wait at all",
	       "Garnett, Mandelbaum, Reiman 2002"),
	KERNEL("mgc_wait_mean", k_mgc_mean, "11a1>a", 4, "unstable_queue",
	       "servers, load, service time, variability",
	       "the mean wait in M/G/c; variability is half the sum of the "
	       "squared variations of arrivals and service",
	       "Allen, Cunneen 1990; exact for M/M/c and M/G/1"),
	KERNEL("mgc_wait_tail", k_mgc_tail, "11a1a>1", 5, "unstable_queue",
	       "servers, load, service time, variability, t",
	       "the share of arrivals that wait longer than t in M/G/c",
	       "Allen, Cunneen 1990"),
	KERNEL("mgc_wait_quantile", k_mgc_quantile, "111a1>a", 5,
	       "unstable_queue",
	       "share, servers, load, service time, variability",
	       "the wait that this share of arrivals stays within",
	       "Allen, Cunneen 1990"),
	KERNEL("mmc_sojourn_tail", k_sojourn_tail, "11aa>1", 4,
	       "unstable_queue", "servers, load, service time, t",
	       "the share of arrivals whose wait and service take longer than "
	       "t in M/M/c", "Gross, Harris"),
	KERNEL("staff_servers", k_staff, "rs11t11>1", 7, "no_staffing",
	       "arrival rate, service time, slots, variability, wait budget, "
	       "share, highest utilisation",
	       "the least number of machines of so many slots each at which "
	       "this share waits within the budget and no more than the highest "
	       "utilisation is used", "Erlang 1917; Allen, Cunneen 1990"),
	KERNEL("trap_tail", k_trap_tail, "aaa>1", 3, NULL, "x, a, b",
	       "the chance that the sum of two uniform delays, up to a and up "
	       "to b, exceeds x", NULL),
	KERNEL("trap_quantile", k_trap_quantile, "1aa>a", 3, NULL,
	       "share, a, b", "the sum of two such delays that this share stays "
	       "within", NULL),
	KERNEL("uniform_laplace", k_uniform_laplace, "1>1", 1, NULL, "x",
	       "E exp(-x U) of a U uniform from 0 to 1", NULL),
	KERNEL("uniform_plus_lognormal_tail", k_blurred_tail, "aaa1>1", 4,
	       NULL, "x, width, median, sigma",
	       "the chance that a uniform delay up to the width and a lognormal "
	       "one together exceed x", NULL),
	KERNEL("uniform_plus_lognormal_quantile", k_blurred_quantile, "1aa1>a",
	       4, NULL, "share, width, median, sigma",
	       "the sum of these two that this share stays within", NULL),
	KERNEL("wait_plus_lognormal_quantile", k_answer_quantile, "111a1a1>a",
	       7, "unstable_queue", "share, servers, load, service time, "
	       "variability, mean, squared variation",
	       "the sum of the wait in M/G/c and a lognormal time that this "
	       "share stays within; dear, for `at: central`", NULL),
	KERNEL("lognormal_laplace", k_lognormal_laplace, "111>1", 3, NULL,
	       "s, mu, sigma", "E exp(-s X) of a lognormal X", NULL),
	KERNEL("sprt_sample_size", k_sprt, "1111>1", 4, NULL,
	       "p0, p1, alpha, beta",
	       "observations a sequential test needs to tell p1 from p0",
	       "Wald 1945"),
	FORM("given", 1, 1, "table", "whether the scenario names a file for "
	     "the table"),
	COLUMNS("rows", NULL, k_rows, "K>1", 1, NULL, "column",
	        "how many rows the column's table has", NULL),
	COLUMNS("column_mean", NULL, k_column_mean, "A>a", 1, NULL, "column",
	        "the mean of a column; of truths, their share", NULL),
	COLUMNS("column_quantile", sorted_column, k_column_quantile, "A1>a", 2,
	        "no_quantile", "column, p",
	        "a quantile of a column, 0 <= p <= 1", "Hazen 1914"),
	COLUMNS("pilot_sizes", NULL, pilot_sizes, "K>1", 1, NULL, "sizes",
	        "how many different sizes a pilot was trained at", NULL),
	COLUMNS("pilot_rises", pilot_prepare, pilot_rises, "ANK>1", 3, NULL,
	        "sizes, errors, tested items", "1 where error does not fall "
	        "with size: no learning curve; else 0", NULL),
	COLUMNS("pilot_floor", pilot_prepare, pilot_floor, "ANK1>1", 4,
	        "pilot_has_no_curve",
	        "sizes, errors, tested items, parameters", "the floor of the "
	        "curve floor + scale (n / n_ref)^(-exponent), fitted by "
	        "weighted least squares with 3 parameters, or 2 (no floor)",
	        "Figueroa 2012"),
	COLUMNS("pilot_exponent", pilot_prepare, pilot_exponent, "ANK1>1", 4,
	        "pilot_has_no_curve",
	        "sizes, errors, tested items, parameters",
	        "the exponent of the same curve", "Figueroa 2012"),
	COLUMNS("pilot_scale", pilot_prepare, pilot_scale, "ANK1a>1", 5,
	        "pilot_has_no_curve",
	        "sizes, errors, tested items, parameters, n_ref",
	        "the scale of the same curve", "Figueroa 2012"),
	COLUMNS("pilot_error", pilot_prepare, pilot_error, "ANK1a>1", 5,
	        "pilot_has_no_curve",
	        "sizes, errors, tested items, parameters, size",
	        "the error of the same curve at a size; with 2 and 3 "
	        "parameters a bracket", "Figueroa 2012"),
	KERNEL("perpetual_multiple", k_multiple, "r1r>1", 3, "never",
	       "drift, volatility, annual rate", "what a value must be of its "
	       "cost before paying it once and for ever beats waiting; never "
	       "where the drift reaches the rate; volatility is of the "
	       "logarithm over a year", "McDonald and Siegel 1986"),
	KERNEL("perpetual_margin", k_margin, "aqr>a", 3, NULL,
	       "deviation over a year, drift, annual rate", "by how much a "
	       "value that may turn negative must exceed the cost of it",
	       "Dixit and Pindyck 1994"),
	KERNEL("dixit_entry", k_dixit_entry, "appr1r>a", 6, "never",
	       "running cost, entry cost, exit cost, drift, volatility, "
	       "annual rate", "the income at which to open what can be closed "
	       "again; 0 where it pays at any, never where the drift reaches "
	       "the rate; entry and exit cost must not sum to less than 0",
	       "Dixit 1989"),
	KERNEL("dixit_exit", k_dixit_exit, "appr1r>a", 6, "never",
	       "running cost, entry cost, exit cost, drift, volatility, "
	       "annual rate", "the income below which to close it; never "
	       "where closing costs more than running on", "Dixit 1989"),
	KERNEL("switch_value", k_switch, "aaappr1r1rt>p", 11, NULL,
	       "bill, hosting, running cost, entry cost, exit cost, volume "
	       "drift, volume volatility, price drift, price volatility, "
	       "annual rate, horizon", "what the right to switch at any month "
	       "and back is worth, where a month saves bill x volume x price - "
	       "hosting x volume - running cost and volume and price start at "
	       "1; costs some milliseconds: for `at: central`",
	       "Longstaff and Schwartz 2001"),
	COLUMNS("share_below", risk_of_scores, k_share_below, "N1>1", 2, NULL,
	        "scores, t", "the share of rows whose score lies below t",
	        NULL),
	COLUMNS("threshold_of_share", risk_of_scores, k_share_threshold,
	        "N1>1", 2, NULL, "scores, share",
	        "the highest threshold with no more than this share below it; "
	        "above 1 by a hair where that is every row", NULL),
	SCORES("wrong_below", k_wrong_below, "1>1", 3, NULL, ", t",
	       "the share of rows that are wrong and score below t", NULL),
	SCORES("best_threshold", k_best_threshold, "aa>1", 4, NULL,
	       ", cost of a review, saved by a caught error",
	       "the threshold below which reviewing costs least over all", "Chow "
	       "1970"),
	SCORES("safe_threshold", k_safe_threshold, "11>1", 4,
	       "no_safe_threshold", ", risk, delta",
	       "the lowest threshold above which no more than this share is "
	       "wrong, with confidence 1 - delta", "Geifman, El-Yaniv 2017"),
	SCORES("calibrated", k_calibrated, "1>1", 3, NULL, ", score",
	       "the probability of being right at a score, isotonic",
	       "Ayer et al. 1955"),
	SCORES("calibrated_alpha", k_beta_moment_a, ">1", 2,
	       "no_spread_of_scores", "",
	       "alpha of the Beta law with the mean and variance of the "
	       "calibrated scores", NULL),
	SCORES("calibrated_beta", k_beta_moment_b, ">1", 2,
	       "no_spread_of_scores", "", "its beta", NULL),
	SCORES("calibration_error", k_calibration_error, ">1", 2, NULL, "",
	       "the mean gap between score and share right, in 15 bins", NULL),
	SCORES("brier_score", k_brier, ">1", 2, NULL, "",
	       "the mean squared gap between score and truth", "Brier 1950"),
	SCORES("risk_area", k_risk_area, ">1", 2, NULL, "",
	       "the share wrong among the highest scores, on the mean over all "
	       "coverages", "Geifman, El-Yaniv 2017"),
	SCORES("excess_risk_area", k_excess_area, ">1", 2, NULL, "",
	       "the same above a score that puts every error last", NULL),
	SCORES("auroc", k_auroc, ">1", 2, "one_class", "",
	       "the chance that a right row scores above a wrong one",
	       "Mann, Whitney 1947"),
	KERNEL("clopper_pearson_lower", k_cp_lower, "111>1", 3, NULL,
	       "hits, trials, alpha",
	       "a probability's lower bound, missed with probability alpha",
	       "Clopper, Pearson 1934"),
	KERNEL("clopper_pearson_upper", k_cp_upper, "111>1", 3, NULL,
	       "hits, trials, alpha", "its upper bound",
	       "Clopper, Pearson 1934"),
	KERNEL("loss_quantile", k_loss_quantile, "1a1a1a1a>a", 8,
	       "loss_beyond_lattice", "p, step, rate, size, rate, size, rate, "
	       "size", "the quantile of a sum of Poisson many losses of three "
	       "sizes, rounded to the step", "Panjer 1981"),
	KERNEL("loss_cvar", k_loss_cvar, "1a1a1a1a>a", 8,
	       "loss_beyond_lattice", "p, step, rate, size, rate, size, rate, "
	       "size", "the mean of that sum's worst 1 - p", "Panjer 1981"),
	{ .name = NULL },
};

const struct builtin *builtin_find(const char *name)
{
	for (const struct builtin *b = builtins; b->name; b++)
		if (strcmp(b->name, name) == 0)
			return b;
	return NULL;
}

int builtin_columns(const struct builtin *b)
{
	int n = 0;

	while (b->units && b->units[n] >= 'A' && b->units[n] <= 'Z')
		n++;
	return n;
}

const struct builtin_info *expr_builtin(int i)
{
	int n = (int)(sizeof builtins / sizeof *builtins) - 1;

	return i >= 0 && i < n ? &builtins[i].info : NULL;
}
