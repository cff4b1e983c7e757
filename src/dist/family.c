/*
 * The families with a fixed number of arguments: a table of their arguments,
 * and what each must hold.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "dist/law.h"
#include "dist/parse.h"
#include "base/banned.h"

#define ARGS_MAX 3
/* Beyond, a normal law is the same thing to eight digits. */
#define SHAPE_MAX 1e8
#define POISSON_MAX 1e6

struct args {
	double v[ARGS_MAX];
	size_t at[ARGS_MAX];            /* where each stands */
	int n;
};

/* Checks the arguments; a finding names the one that is wrong. */
typedef bool (*check_fn)(struct parser *p, const struct args *a);

static bool above_zero(struct parser *p, const struct args *a, int i,
                       const char *what)
{
	return a->v[i] > 0 ||
	       parse_fail(p, a->at[i], "the %s must be above 0", what);
}

static bool shape(struct parser *p, const struct args *a, int i,
                  const char *what)
{
	if (!above_zero(p, a, i, what))
		return false;
	return a->v[i] <= SHAPE_MAX ||
	       parse_fail(p, a->at[i], "the %s must be at most %g: write "
	                  "normal(mean, sd) instead", what, SHAPE_MAX);
}

static bool check_normal(struct parser *p, const struct args *a)
{
	return above_zero(p, a, 1, "sd of normal(mean, sd)");
}

static bool check_lognormal(struct parser *p, const struct args *a)
{
	return above_zero(p, a, 0, "median of lognormal(median, sigma)") &&
	       above_zero(p, a, 1, "sigma of lognormal(median, sigma)");
}

static bool check_uniform(struct parser *p, const struct args *a)
{
	return a->v[0] < a->v[1] ||
	       parse_fail(p, a->at[1], "the high end must be above the low "
	                  "end: (low, high)");
}

static bool check_loguniform(struct parser *p, const struct args *a)
{
	return above_zero(p, a, 0, "low end of loguniform(low, high)") &&
	       check_uniform(p, a);
}

static bool check_peaked(struct parser *p, const struct args *a)
{
	if (a->v[1] < a->v[0])
		return parse_fail(p, a->at[1], "the mode is below the low "
		                  "end: (low, mode, high)");
	if (a->v[1] > a->v[2])
		return parse_fail(p, a->at[1], "the mode is above the high "
		                  "end: (low, mode, high)");
	return a->v[0] < a->v[2] ||
	       parse_fail(p, a->at[2], "the high end must be above the low "
	                  "end: (low, mode, high)");
}

static bool check_beta(struct parser *p, const struct args *a)
{
	return shape(p, a, 0, "first shape of beta(a, b)") &&
	       shape(p, a, 1, "second shape of beta(a, b)");
}

static bool check_gamma(struct parser *p, const struct args *a)
{
	return shape(p, a, 0, "shape of gamma(shape, scale)") &&
	       above_zero(p, a, 1, "scale of gamma(shape, scale)");
}

static bool check_weibull(struct parser *p, const struct args *a)
{
	return shape(p, a, 0, "shape of weibull(shape, scale)") &&
	       above_zero(p, a, 1, "scale of weibull(shape, scale)");
}

static bool check_student(struct parser *p, const struct args *a)
{
	if (!(a->v[0] > 2))
		return parse_fail(p, a->at[0], "student_t needs more than 2 "
		                  "degrees of freedom: with fewer its spread "
		                  "is infinite");
	return shape(p, a, 0, "degrees of freedom") &&
	       (a->n < 3 || above_zero(p, a, 2, "scale of student_t(df, "
	                               "location, scale)"));
}

static bool check_bernoulli(struct parser *p, const struct args *a)
{
	return (a->v[0] > 0 && a->v[0] < 1) ||
	       parse_fail(p, a->at[0], "the probability of bernoulli(p) must "
	                  "lie between 0 and 1");
}

static bool check_poisson(struct parser *p, const struct args *a)
{
	if (!above_zero(p, a, 0, "mean of poisson(mean)"))
		return false;
	return a->v[0] <= POISSON_MAX ||
	       parse_fail(p, a->at[0], "the mean of poisson(mean) must be at "
	                  "most %g: write normal(%g, %g) instead", POISSON_MAX,
	                  a->v[0], sqrt(a->v[0]));
}

static bool check_quantiles(struct parser *p, const struct args *a)
{
	for (int i = 1; i < 3; i++)
		if (!(a->v[i] > a->v[i - 1]))
			return parse_fail(p, a->at[i], "the quantiles must "
			                  "rise: (p10, p50, p90)");
	return true;
}

/* `types`: x a quantity in the parameter's unit, n a plain number.  A share
 * is a law on (0, 1), whose unit is that of a whole. */
static const struct signature {
	const char *types;
	int least;
	bool share;
	check_fn check;
} signatures[DIST_N] = {
	[DIST_NORMAL] = { "xx", 2, false, check_normal },
	[DIST_LOGNORMAL] = { "xn", 2, false, check_lognormal },
	[DIST_UNIFORM] = { "xx", 2, false, check_uniform },
	[DIST_LOGUNIFORM] = { "xx", 2, false, check_loguniform },
	[DIST_TRIANGULAR] = { "xxx", 3, false, check_peaked },
	[DIST_PERT] = { "xxx", 3, false, check_peaked },
	[DIST_BETA] = { "nn", 2, true, check_beta },
	[DIST_GAMMA] = { "nx", 2, false, check_gamma },
	[DIST_WEIBULL] = { "nx", 2, false, check_weibull },
	[DIST_STUDENT_T] = { "nxx", 1, false, check_student },
	[DIST_BERNOULLI] = { "n", 1, true, check_bernoulli },
	[DIST_POISSON] = { "n", 1, false, check_poisson },
	[DIST_JQPD] = { "xxx", 3, false, check_quantiles },
	[DIST_METALOG] = { "xxx", 3, false, check_quantiles },
};

static bool wrong_count(struct parser *p, enum dist_kind kind, size_t at,
                        int got)
{
	const struct dist_family *f = &dist_families[kind];

	return parse_fail(p, at, "%s takes (%s), not %d argument%s", f->name,
	                  f->arguments, got, got == 1 ? "" : "s");
}

static bool parse_args(struct parser *p, enum dist_kind kind, size_t at,
                       const struct scope *s, struct args *a)
{
	const struct signature *sig = &signatures[kind];
	int most = (int)strlen(sig->types);

	*a = (struct args) { .n = 0 };
	while (parse_peek(p) != ')') {
		double *v = &a->v[a->n];

		if (a->n == most)
			return wrong_count(p, kind, at, a->n + 1);
		a->at[a->n] = p->at;
		if (sig->types[a->n] == 'x' ? !parse_quantity(p, s, v) :
		                              !parse_plain(p, v))
			return false;
		a->n++;
		if (parse_peek(p) == ')')
			break;
		if (!parse_expect(p, ',', "between the arguments"))
			return false;
	}
	p->at++;
	if (a->n < sig->least || (a->n > 1 && a->n < most))
		return wrong_count(p, kind, at, a->n);
	return true;
}

static struct dist *make_bernoulli(struct parser *p, struct dist *d,
                                   double whole)
{
	d->n = 2;
	d->value = arena_alloc(p->arena, 2 * sizeof *d->value);
	d->weight = arena_alloc(p->arena, 2 * sizeof *d->weight);
	d->value[1] = whole;
	d->weight[0] = 1 - d->p[0];
	d->weight[1] = d->p[0];
	atoms_complete(p->arena, d);
	return d;
}

static struct pos place(const struct parser *p, size_t at)
{
	struct pos pos = p->pos;

	pos.col += (int)at;
	return pos;
}

static struct dist *make(struct parser *p, enum dist_kind kind, size_t at,
                         const struct args *a, double whole)
{
	struct dist *d;

	if (kind == DIST_JQPD || kind == DIST_METALOG)
		return dist_through(p->arena, kind, 0.1, a->v, p->bounds,
		                    place(p, at), p->err);
	d = dist_new(p->arena, kind);
	for (int i = 0; i < a->n; i++)
		d->p[i] = a->v[i];
	if (kind == DIST_BERNOULLI)
		return make_bernoulli(p, d, whole);
	if (kind == DIST_STUDENT_T && a->n == 1)
		d->p[2] = whole;
	if (kind == DIST_BETA)
		d->p[2] = whole;
	if (kind == DIST_POISSON)
		d->p[1] = whole;
	law_complete(d);
	return d;
}

struct dist *parse_family(struct parser *p, enum dist_kind kind, size_t at,
                          const struct scope *s)
{
	const struct signature *sig = &signatures[kind];
	double whole = s->unit.scale;
	struct args a;

	if (sig->share && unit_is_number(&s->unit)) {
		if (s->typed && whole != 1) {
			parse_fail(p, at, "%s(...) is a share between 0 and "
			           "1 already: write it without a unit",
			           dist_families[kind].name);
			return NULL;
		}
		whole = 1;
	}
	if (!parse_args(p, kind, at, s, &a) || !sig->check(p, &a))
		return NULL;
	return make(p, kind, at, &a, whole);
}
