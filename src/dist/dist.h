/*
 * Distributions: what a person may type for an uncertain quantity, and its
 * quantile function.  Every draw is a quantile of a uniform coordinate, never
 * a rejection: that keeps scrambled nets, common random numbers and rank
 * correlation working.
 *
 * A distribution is immutable once made; it lives in the arena it was parsed
 * into.  All its numbers are in base units (the author's unit is applied when
 * the text is read).
 */
#ifndef STEELYARD_DIST_DIST_H
#define STEELYARD_DIST_DIST_H

#include <stdbool.h>

#include "base/err.h"
#include "units/units.h"

struct arena;
struct buf;

enum dist_kind {
	DIST_POINT,
	DIST_NORMAL,            /* mean, sd */
	DIST_LOGNORMAL,         /* median, sigma of the log */
	DIST_UNIFORM,           /* low, high */
	DIST_LOGUNIFORM,        /* low, high, both positive */
	DIST_TRIANGULAR,        /* low, mode, high */
	DIST_PERT,              /* low, mode, high */
	DIST_BETA,              /* a, b */
	DIST_GAMMA,             /* shape, scale */
	DIST_DISCRETE,          /* atoms with weights */
	DIST_WEIBULL,           /* shape, scale */
	DIST_STUDENT_T,         /* degrees of freedom, location, scale */
	DIST_BERNOULLI,         /* p */
	DIST_POISSON,           /* mean */
	DIST_JQPD,              /* p10, p50, p90 in bounds (Hadlock-Bickel) */
	DIST_METALOG,           /* p10, p50, p90 on request, when feasible */
	DIST_MIXTURE,           /* components with weights, one coordinate */
	DIST_TRUNCATED,         /* another, cut to [low, high] */
	DIST_EMPIRICAL,         /* the sorted values of a table's column */
	DIST_N
};

/* The table that parsing, docs and help are made from. */
struct dist_family {
	const char *name;               /* as typed: "triangular" */
	const char *arguments;          /* "low, mode, high" */
	const char *meaning;            /* one line for help and docs */
};
extern const struct dist_family dist_families[DIST_N];

struct dist {
	enum dist_kind kind;
	double p[6];                    /* arguments in the order above */
	int n;                          /* atoms, components, values */
	double *value;                  /* atoms as typed, or a column */
	double *weight;                 /* their weights, summing to one */
	struct dist **part;             /* components; [0] of truncated */
	double low, high;               /* support, may be +-HUGE_VAL */
	bool pointed;                   /* `point:` says what --point takes, */
	double point;                   /* within the support */
	const char *text;               /* as typed, for display and digests */
	/* Derived once, the family's own affair (law.h). */
	double k[8];
	double *sorted, *sum;           /* atoms in order, running weights */
};

/* Parses a value text:
 *   120k   5 %   0.15 USD/Mtoken   never-quoted numbers with or without a unit
 *   60,000   60 000   the digits in groups of three; commas outside of brackets
 *   A to B            90 % interval (dist_interval): P5 < P95 required; a unit
 *                     may stand behind B or behind both
 *   normal(10, 2)  pert(1, 3, 10) USD/h  discrete(0: 0.2, 1: 0.8)
 *   mixture(0.7: 1 to 3, 0.3: normal(5, 1))   truncate(normal(0, 1), -1, 2)
 *   jqpd(10, 20, 40)  metalog(10, 20, 40)
 * `unit` is the parameter's unit: it holds for numbers without one; a unit in
 * the text must have its dimensions, and stands behind a number or behind the
 * closing bracket, where it holds for all inside.  beta and bernoulli are
 * shares: in a parameter without dimensions (1, %) they lie between 0 and 1,
 * in another between 0 and one unit.  Weights must sum to one within 1e-6; at
 * most 256 values, 32 components, 8 levels.
 * `bounds` (two numbers in base units, or NULL) serve the support of intervals,
 * J-QPD and the metalog and are not checked here.
 * `pos` is the place of the text's first character; findings name the column
 * inside it.  NULL on failure. */
struct dist *dist_parse(struct arena *a, struct units *u, const char *text,
                        const struct unit *unit, const double *bounds,
                        struct pos pos, struct err *err);
/* The same with the unit as its author wrote it: findings name that one, and
 * `10 %` of a parameter in `1/year` is 10 %/year.  dist->text of a number or
 * range says so, and has its digits without groups. */
struct dist *dist_parse_as(struct arena *a, struct units *u, const char *text,
                           const struct unit *unit, const char *unit_text,
                           const double *bounds, struct pos pos,
                           struct err *err);

/* The law of a 90 % interval: lognormal when both ends are positive, else
 * normal.  Where that would pass a bound at a coordinate that a draw can have, it
 * is cut there and refitted, so that P5 and P95 are a and b still; where more
 * than a tenth would be cut, normal in the normal scores between the two bounds.
 * An end that is a bound itself can be no percentile: then the law is only cut.
 * Bounds that an end lies beyond are the caller's to refuse. */
struct dist *dist_interval(struct arena *a, double low, double high,
                           const double *bounds);

/* Makers for values that do not come from one text.
 *
 * The support of J-QPD and metalog: a lower bound >= 0 is the end of the law.
 * A negative lower bound and an upper bound count only where the law without
 * them would pass them at a coordinate that a draw can have, so that sanity
 * bounds such as [-1e9, 1e9] shape nothing.  Without bounds J-QPD of positive
 * quantiles is a positive law; a metalog is a law on the line.
 *
 * An empirical law takes each of the n >= 1 values as likely. */
struct dist *dist_point(struct arena *a, double value);
/* A J-QPD or a metalog (`kind`) through q[0] at `tail`, q[1] at 0.5 and q[2] at
 * 1 - tail, 0 < tail < 0.5. */
struct dist *dist_through(struct arena *a, enum dist_kind kind, double tail,
                          const double q[3], const double *bounds,
                          struct pos pos, struct err *err);
struct dist *dist_empirical(struct arena *a, const double *values, int n);

bool dist_is_point(const struct dist *d);       /* one value, no uncertainty */
bool dist_is_discrete(const struct dist *d);    /* finitely many values */

/* The quantile at u in (0,1): finite for every u = (i + 1/2) / 2^32, monotone,
 * relative error below 1e-12 where the law is continuous (never GSL's beta
 * and gamma inverses, which fail: reference engine.md, finding 4). */
double dist_quantile(const struct dist *d, double u);
double dist_cdf(const struct dist *d, double x);
double dist_mean(const struct dist *d);         /* analytic or by quadrature */
double dist_sd(const struct dist *d);

/* The continuous ranked probability score of the law at what came true, in the
 * law's unit: 0 is best, of a point the distance (score.c). */
double dist_crps(const struct dist *d, double y);
/* Where y lies in the law: P(X < y) + P(X = y) / 2. */
double dist_position(const struct dist *d, double y);

/* The same law, of which `--point` takes `value`; NULL when that is outside of
 * the support. */
struct dist *dist_pointed(struct arena *a, const struct dist *d, double value);

/* What `--point` takes: what was said (dist_pointed), else the median; of a
 * discrete law and Poisson's its heaviest atom (the first of equals, as typed);
 * of a column its median. */
double dist_central(const struct dist *d);

/* A table of the quantile function for filling columns: degree-5 pieces, eight
 * or more per octave of min(u, 1-u) and half (qtable.h); discrete laws search
 * their sums.  Error against dist_quantile: below 1e-9 relative to
 * max(|x|, interquartile range), and monotone; where a law has corners or
 * jumps the pieces are cut finer there.  The digits do not depend on the
 * vector width.  u need not be a draw's coordinate: what is not inside (0, 1)
 * gives the nearest end, NAN the median.
 * Building one costs 30 us to 2 ms (some 1500 quantiles, each from its
 * neighbour).  The law is borrowed: it must outlive the table.  Free with
 * qtable_free.  Filling is safe from several threads. */
struct qtable;
struct qtable *qtable_new(const struct dist *d);
void qtable_free(struct qtable *t);
void qtable_fill(const struct qtable *t, const double *u, double *x, int n);

#endif
