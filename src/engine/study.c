/*
 * What a study would be worth: its outcome is drawn with each draw of the
 * sample, its noise from a dimension of its own, and the costs of the options
 * are regressed on it (engine reference, finding 3 and "EVSI").
 *
 *      normal_mean   of + sd / sqrt(n) * Z
 *      binomial      a count of n trials that succeed with probability p
 *      poisson       a count of events, of mean rate * exposure
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/regress.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "engine/voi.h"
#include "math/counts.h"
#include "math/special.h"

#include "base/banned.h"

#define FIRST_SIZES 25          /* of the first look, with both ends */
#define FINER 6                 /* sizes added on each side of the best */
#define FINER_LOOKS 2
#define MOST_SIZES (FIRST_SIZES + 2 * FINER * FINER_LOOKS)
#define NOISES (DRAWS_DIMS - DRAWS_STUDY)

struct study {
	struct trade *t;
	const struct study_def *def;
	int dim;                        /* of its noise */
	double *of, *sd;                /* by draw; sd NULL: none */
	int64_t bad;                    /* draws in which it cannot be done */
	double rate_unit;               /* what `rate` is divided by */
	struct bounded most;            /* worth of knowing `of`: the bound */
	/* What the options are expected to cost when `of` is known, which is
	 * all that the outcome tells of them: by all draws, and by those of the
	 * replicate alone, for the error.  Without: the costs themselves. */
	struct judged known[2];
	double *column[2];
	double scale;                   /* what knowing `of` is worth, over what
	                                   choosing by column[0] saves: fitted
	                                   costs win some by chance */
	double share_se;                /* relative error of that worth */
	double delay, delay_se;         /* of waiting, in units of cost */
	bool money;                     /* the objective is an amount of it */
};

/* --- figures of each draw -------------------------------------------------- */

static void run_block(const struct trade *t, struct feed *f, int64_t at,
                      double *out)
{
	int64_t n = t->run->draws.n;
	int count = n - at < TAPE_BLOCK ? (int)(n - at) : TAPE_BLOCK;

	feed_draw(f, t->sample, at, count);
	feed_run(f, count);
	for (int k = 0; k < f->nroots; k++)
		memcpy(out + k * n + at, f->out[k],
		       sizeof *out * (size_t)count);
}

/* out[root * n + draw]; free(). */
static double *columns(struct trade *t, const struct roots *r)
{
	struct tape *tape = tape_new(t->plan->dag, r->node, r->n);
	int64_t n = t->run->draws.n;
	int threads = run_threads(t->o);
	double *out = xcalloc((size_t)r->n * (size_t)n, sizeof *out);
	struct feed *f = xcalloc((size_t)threads, sizeof *f);

	for (int k = 0; k < tape_inputs(tape); k++) {
		int slot = tape_input(tape, k);

		sample_prepare(t->sample, &slot, 1);
	}
	for (int i = 0; i < threads; i++)
		feed_init(&f[i], tape);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
	for (int64_t at = 0; at < n; at += TAPE_BLOCK)
		run_block(t, &f[omp_get_thread_num()], at, out);
	for (int i = 0; i < threads; i++)
		feed_release(&f[i]);
	free(f);
	tape_free(tape);
	return out;
}

static bool observed_fits(const struct study *s, double of, double sd)
{
	switch (s->def->kind) {
	case STUDY_NORMAL_MEAN:
		return isfinite(of) && isfinite(sd) && sd >= 0;
	case STUDY_BINOMIAL:
		return of >= 0 && of <= 1;
	default:
		return isfinite(of) && of >= 0;
	}
}

/* A copy of the draws that regressions take. */
static double *column_of(const struct trade *t, double *all)
{
	size_t n = (size_t)t->few.in.n;
	double *out = xcalloc(n + 1, sizeof *out);

	column_cut(all, &t->judged);
	memcpy(out, all, sizeof *out * n);
	return out;
}

/* Coordinates of those draws: at most TAPE_BLOCK from one on, as many as stand
 * in its replicate; returns how many. */
static int noise_of(const struct trade *t, int dim, int64_t from, double *u)
{
	int64_t each = regress_each(&t->judged), within = from % each;
	int64_t all = t->run->draws.n / t->run->draws.replicates;
	int64_t left = each - within;
	int count = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

	draws_fill(&t->run->draws, dim, from / each * all + within, count, u);
	return count;
}

/* What is observed must be there in every draw. */
static bool observe(struct study *s)
{
	static const char *const wants[STUDY_KINDS] = {
		[STUDY_NORMAL_MEAN] = "a number, with an `sd` that is not "
			"negative,",
		[STUDY_BINOMIAL] = "a share between 0 and 1",
		[STUDY_POISSON] = "a rate that is not negative",
	};
	struct trade *t = s->t;
	struct roots r = { 0 };
	int64_t n = t->run->draws.n, bad = 0;
	int of, of_state, sd = ROOT_NONE, sd_state = ROOT_NONE;
	bool ok = plan_root(t->plan, &r, s->def->of, -1, &of, &of_state,
	                    t->err) &&
	          (!s->def->sd || plan_root(t->plan, &r, s->def->sd, -1, &sd,
	                                    &sd_state, t->err)) &&
	          bound_graph_ok(t->plan->graph, t->err);

	if (ok) {
		double *c = columns(t, &r);

		for (int64_t i = 0; i < n; i++)
			bad += !observed_fits(s, c[of * n + i], s->def->sd ?
			                      c[sd * n + i] : 0) ||
			       (of_state >= 0 && c[of_state * n + i] != 0.0) ||
			       (sd_state >= 0 && c[sd_state * n + i] != 0.0);
		s->of = column_of(t, c + of * n);
		if (s->def->sd)
			s->sd = column_of(t, c + sd * n);
		free(c);
	}
	free(r.node);
	s->bad = bad;
	return ok && !(bad && t->o->study &&
		!err_at(t->err, ERR_INPUT, s->def->pos, "the study `%s` "
		        "observes `%s`, which must be %s in every draw: in "
		        "%lld of %lld it is not", s->def->name,
		        s->def->of_text, wants[s->def->kind], (long long)bad,
		        (long long)n));
}

/* --- formulas of n --------------------------------------------------------- */

/* The value of a formula of n: over the draws, where it hangs on them. */
static bool formula_at(struct study *s, const struct study_formula *f,
                       double n, double *mean, struct expr_type *type)
{
	struct trade *t = s->t;
	const char *text = study_formula(t->arena, f->text,
	                                 arena_printf(t->arena, "%.0f", n));
	struct syntax *e = expr_parse(t->arena, text, f->pos, t->err);
	struct roots r = { 0 };
	int number, state, *slots, inputs;
	double *c;

	if (!e || !env_check_expr(t->plan->model->env, e, TYPE_NUMBER, 0,
	                          false, type, t->err) ||
	    !plan_root(t->plan, &r, e, -1, &number, &state, t->err)) {
		free(r.node);
		return false;
	}
	inputs = plan_inputs(t->plan, &r, r.n, &slots);
	c = inputs ? columns(t, &r) : xcalloc((size_t)r.n, sizeof *c);
	if (!inputs)
		central_run(t->plan->dag, &r, t->sample, c);
	*mean = inputs ? stat_mean(c + number * t->run->draws.n,
	                           t->run->draws.n) : c[number];
	free(c);
	free(slots);
	free(r.node);
	return isfinite(*mean) ||
	       err_at(t->err, ERR_INPUT, f->pos, "`%s` gives no finite number "
	              "for n = %.0f", f->text, n);
}

/* --- one size -------------------------------------------------------------- */

struct trial {
	double n, size, cost;           /* size: trials, exposure */
	struct single evsi;
};

static double outcome(const struct study *s, double size, int64_t i, double u)
{
	switch (s->def->kind) {
	case STUDY_NORMAL_MEAN:
		return s->of[i] + s->sd[i] / sqrt(size) * normal_quantile(u);
	case STUDY_BINOMIAL:
		return binomial_count(u, size, s->of[i]);
	default:
		return poisson_count(u, s->of[i] / s->rate_unit * size);
	}
}

static bool smooths(const struct trade *t)
{
	return t->run->draws.sampler != SAMPLER_SOBOL;
}

/* Few values are classes; many are smoothed over. */
static struct single worth_of(const struct trade *t, const struct judged *j,
                              const struct signal *s)
{
	if (s->values) {
		struct partial p = partial_of(j, &(struct known) {
			.bin = s->bin, .bins = s->bins });

		return (struct single) { p.value, p.se, 0 };
	}
	struct regression r = regress_one(j, s, smooths(t));

	return (struct single) { r.value, r.se, r.error };
}

/* What choosing by the smoothed costs saves. */
static double saved(const struct study *s)
{
	const struct judged *j = &s->t->few;
	int64_t n = j->in.n, count = 0;
	double sum = 0;

	for (int64_t i = 0; i < n; i++) {
		double least = 0;

		if (isnan(s->column[0][i]))
			continue;
		for (int o = 0; o < j->in.noptions; o++)
			least = fmin(least, s->column[0][o * n + i]);
		sum -= least;
		count++;
	}
	return count > 0 ? sum / (double)count : 0;
}

/* The costs, smoothed over everything but what is observed: the outcome of a
 * study hangs on nothing else. */
static void smooth_costs(struct study *s, const struct signal *of)
{
	const struct judged *j = &s->t->few;
	int k = j->in.noptions;

	for (int i = 0; i < 2; i++) {
		s->column[i] = regress_costs(j, of, smooths(s->t), i);
		if (!s->column[i])
			continue;
		s->known[i].paid = xcalloc((size_t)k,
		                           sizeof *s->known[i].paid);
		for (int o = 0; o < k; o++)
			s->known[i].paid[o] = s->column[i] + o * j->in.n;
	}
}

static void try_size(const struct study *s, struct trial *out)
{
	const struct trade *t = s->t;
	int64_t n = t->few.in.n;
	double *x = xcalloc((size_t)n, sizeof *x), u[TAPE_BLOCK];
	struct signal signal;
	bool fine = true;

	for (int64_t at = 0, count; at < n; at += count) {
		count = noise_of(t, s->dim, at, u);
		for (int i = 0; i < count; i++) {
			x[at + i] = outcome(s, out->size, at + i, u[i]);
			fine &= isfinite(x[at + i]);
		}
	}
	out->evsi = (struct single) { NAN, NAN, NAN };
	if (fine) {
		signal_of_values(x, n, &signal);
		out->evsi = worth_of(t, &s->known[0], &signal);
		if (s->column[1])
			out->evsi.se = worth_of(t, &s->known[1], &signal).se;
		signal_release(&signal);
	}
	free(x);
}

/* --- all sizes ------------------------------------------------------------- */

static double net_of(const struct study *s, const struct trial *r)
{
	return s->def->decisions * r->evsi.value - r->cost -
	       (isnan(s->delay) ? 0 : s->delay);
}

static bool size_fits(const struct study *s, const struct trial *r)
{
	bool trials = s->def->kind == STUDY_BINOMIAL;

	if (r->size > 0 && r->size <= STUDY_MAX_SIZE &&
	    (!trials || r->size == floor(r->size)))
		return true;
	return err_at(s->t->err, ERR_INPUT, s->def->size.pos, "the study `%s` "
	              "of size %.0f has %g %s: %s above 0 and at most 1e9 is "
	              "wanted", s->def->name, r->n, r->size,
	              observations[s->def->kind].key[STUDY_COUNT],
	              trials ? "a whole number" : "a number");
}

/* Runs the sizes of `list`, each held to what it may be worth at most. */
static bool run_sizes(struct study *s, struct trial *list, int n)
{
	struct expr_type type;
	bool ok = true;

	for (int i = 0; ok && i < n; i++)
		ok = formula_at(s, &s->def->size, list[i].n, &list[i].size,
		                &type) &&
		     formula_at(s, &s->def->cost, list[i].n, &list[i].cost,
		                &type) && size_fits(s, &list[i]);
	if (!ok)
		return false;
#pragma omp parallel for num_threads(run_threads(s->t->o)) schedule(dynamic)
	for (int i = 0; i < n; i++)
		try_size(s, &list[i]);
	for (int i = 0; ok && i < n; i++) {
		struct single *e = &list[i].evsi;
		struct bounded b = s->most;

		if (isnan(e->value))
			return err_at(s->t->err, ERR_INPUT, s->def->pos, "the "
			              "study `%s` of size %.0f counts more than "
			              "1e9 events", s->def->name, list[i].n);
		e->value *= s->scale;
		e->error *= s->scale;
		e->se = fmax(e->se, s->share_se * e->value);
		b.value = e->value;
		b.se = e->se;
		b.slack += e->error;
		ok = voi_ordered(s->t, s->def->name, &b, &e->value);
	}
	return ok && run_goes_on(s->t->o, 1, s->t->err);
}

static int by_size(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	return (x->n > y->n) - (x->n < y->n);
}

static bool has_size(const struct trial *list, int n, double size)
{
	for (int i = 0; i < n; i++)
		if (list[i].n == size)
			return true;
	return false;
}

/* Sizes between two others, by even steps of their logarithm (`ends`: with
 * both); returns how many are new. */
static int sizes_between(struct trial *list, int n, double low, double high,
                         int steps, bool ends)
{
	int old = n;

	for (int i = ends ? 0 : 1; i < (ends ? steps : steps + 1); i++) {
		double at = ends ? (steps > 1 ? (double)i / (steps - 1) : 0)
			: (double)i / (steps + 1);
		double size = nearbyint(low * pow(high / low, at));

		if (!has_size(list, n, size))
			list[n++] = (struct trial) { .n = size };
	}
	return n - old;
}

static int best_of(const struct study *s, const struct trial *list, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		if (!s->money ? list[i].n > list[best].n :
		    net_of(s, &list[i]) > net_of(s, &list[best]))
			best = i;
	return best;
}

/* A look over the whole range, then finer ones around the best. */
static bool search_sizes(struct study *s, struct trial *list, int *n)
{
	double from = s->def->from, to = s->def->to;

	if (s->t->o->study_size > 0)
		from = to = s->t->o->study_size;
	*n = 0;
	if (to - from < FIRST_SIZES)
		for (double k = from; k <= to; k++)
			list[(*n)++] = (struct trial) { .n = k };
	else
		*n = sizes_between(list, 0, from, to, FIRST_SIZES, true);
	if (!run_sizes(s, list, *n))
		return false;
	for (int look = 0; s->money && look < FINER_LOOKS; look++) {
		int best, old = *n;

		qsort(list, (size_t)old, sizeof *list, by_size);
		best = best_of(s, list, old);
		if (best > 0)
			*n += sizes_between(list, *n, list[best - 1].n,
			                    list[best].n, FINER, false);
		if (best + 1 < old)
			*n += sizes_between(list, *n, list[best].n,
			                    list[best + 1].n, FINER, false);
		if (*n == old)
			break;
		if (!run_sizes(s, list + old, *n - old))
			return false;
	}
	qsort(list, (size_t)*n, sizeof *list, by_size);
	return true;
}

/* --- its noise -------------------------------------------------------------- */

/* How unevenly a dimension is spread over the classes of what is observed: one
 * pair of coordinates in thirty is spread badly on a net of some 2^11 points,
 * however it is scrambled. */
static double spread(const struct trade *t, const struct signal *of, int dim)
{
	double sum[256] = { 0 }, u[TAPE_BLOCK], off = 0;

	for (int64_t at = 0, count; at < of->n; at += count) {
		count = noise_of(t, dim, at, u);
		for (int i = 0; i < count; i++)
			sum[of->bin[at + i]] += u[i] - 0.5;
	}
	for (int b = 0; b < of->bins; b++)
		off += sum[b] * sum[b];
	return off;
}

/* The dimension of the reserved ones that is spread best. */
static void pick_noise(struct study *s, const struct signal *of)
{
	double least = HUGE_VAL, off[NOISES];

#pragma omp parallel for num_threads(run_threads(s->t->o)) schedule(dynamic)
	for (int i = 0; i < NOISES; i++)
		off[i] = spread(s->t, of, DRAWS_STUDY + i);
	for (int i = 0; i < NOISES; i++)
		if (off[i] < least) {
			least = off[i];
			s->dim = DRAWS_STUDY + i;
		}
}

/* --- what bounds it, what waiting costs ------------------------------------ */

/* Whether the noise is the same in every draw, or in step with what is
 * observed: then it tells nothing that knowing that would not. */
static bool tells_nothing(const double *sd, const double *of, int64_t n)
{
	bool same = true, in_step = true;

	for (int64_t i = 1; sd && i < n; i++) {
		double product = sd[0] * of[i];

		same &= sd[i] == sd[0];
		in_step &= fabs(sd[i] * of[0] - product) <=
		           1e-12 * fabs(product);
	}
	return same || in_step;
}

/* The factors below what is observed: their number, and the last of them. */
static int factors_below(struct study *s, int *factor)
{
	struct trade *t = s->t;
	struct roots r = { 0 };
	int number, *slots, n, count = 0;

	if (!plan_root(t->plan, &r, s->def->of, -1, &number, NULL, t->err)) {
		free(r.node);
		return 0;
	}
	n = plan_inputs(t->plan, &r, r.n, &slots);
	for (int i = 0; i < n; i++)
		for (int f = 0; f < t->nfactors; f++)
			if (t->factor[f].slot == slots[i]) {
				*factor = f;
				count++;
			}
	free(slots);
	free(r.node);
	return count;
}

/* Knowing what is observed; a noise that itself tells something is bounded by
 * knowing everything only. */
static bool bound_worth(struct study *s, struct single *perfect)
{
	struct trade *t = s->t;
	struct signal signal;
	struct bounded b = { .high = t->judged.evpi,
	                     .bound_se = t->judged.evpi_se };
	int factor = -1;
	bool ok, alone = tells_nothing(s->sd, s->of, t->few.in.n);

	signal_of_values(s->of, t->few.in.n, &signal);
	pick_noise(s, &signal);
	if (alone)
		smooth_costs(s, &signal);
	if (factors_below(s, &factor) == 1 && !t->factor[factor].preset) {
		*perfect = t->single[factor];
		if (isnan(perfect->error))
			perfect->error = 0;
	} else {
		*perfect = worth_of(t, &t->few, &signal);
	}
	signal_release(&signal);
	b.value = perfect->value;
	b.se = perfect->se;
	b.slack = perfect->error;
	s->most = b;
	ok = voi_ordered(t, s->def->of_text, &b, &perfect->value);
	s->scale = 1;
	if (s->column[0] && saved(s) > 0)
		s->scale = perfect->value / saved(s);
	if (s->column[0] && perfect->value > 0)
		s->share_se = perfect->se / perfect->value;
	if (alone)
		s->most = (struct bounded) { .high = perfect->value,
		                             .bound_se = perfect->se,
		                             .slack = perfect->error };
	return ok;
}

/* While a study runs, money goes on as it does for the incumbent in the first
 * month; what the advice would have saved is lost.  NAN: the model has no
 * monthly money, or no incumbent. */
static bool find_delay(struct study *s)
{
	struct trade *t = s->t;
	const struct model *m = t->plan->model;
	int from = m->decision.incumbent, to = t->judged.best, a, b;
	struct roots r = { 0 };
	struct pos none = { 0 };
	bool monthly = false, ok;
	int64_t n = t->run->draws.n;
	double *c, rep[64], sign = t->plan->sign;

	s->delay = s->delay_se = 0;
	if (!(s->def->takes > 0) || from == to)
		return true;
	for (int i = 0; i < m->nmoney; i++)
		monthly |= m->money[i].timing == MONEY_MONTHLY;
	if (!monthly || from < 0 || !s->money) {
		s->delay = s->delay_se = NAN;
		return true;
	}
	struct syntax *e = expr_parse(t->arena, "monthly", none, t->err);

	ok = e && plan_root(t->plan, &r, e, from, &a, NULL, t->err) &&
	     plan_root(t->plan, &r, e, to, &b, NULL, t->err) &&
	     bound_graph_ok(t->plan->graph, t->err);
	if (ok) {
		int R = t->run->draws.replicates;
		int64_t each = n / R;

		c = columns(t, &r);
		for (int64_t i = 0; i < n; i++)
			c[i] = sign * s->def->takes * (c[a * n + i] -
			                               c[b * n + i]);
		s->delay = fmax(stat_mean(c, n), 0);
		for (int k = 0; k < R && k < 64; k++)
			rep[k] = stat_mean(c + k * each, each);
		s->delay_se = stat_replicate_se(rep, R);
		free(c);
	}
	free(r.node);
	return ok;
}

/* --- the result ------------------------------------------------------------ */

static void fill_size(const struct study *s, const struct trial *r,
                      struct study_size *out)
{
	double unit = fabs(s->t->unit), none = s->money ? 1 : NAN;

	*out = (struct study_size) {
		.n = r->n, .evsi = r->evsi.value * unit,
		.evsi_se = r->evsi.se * unit, .cost = none * r->cost * unit,
		.net = none * net_of(s, r) * unit,
		.net_se = none * unit * hypot(
			s->def->decisions * r->evsi.se,
			isnan(s->delay) ? 0 : s->delay_se),
	};
}

/* Sizes around the best whose net is within two standard errors of it. */
static void find_near(struct study_result *out)
{
	const struct study_size *b = &out->size[out->best];
	int low = out->best, high = out->best;
	double least = b->net - 2 * b->net_se;

	while (low > 0 && out->size[low - 1].net >= least)
		low--;
	while (high + 1 < out->nsizes && out->size[high + 1].net >= least)
		high++;
	out->near_low = out->size[low].n;
	out->near_high = out->size[high].n;
}

static void fill_result(const struct study *s, const struct trial *list, int n,
                        const struct single *perfect, struct study_result *out)
{
	const struct study_def *d = s->def;
	struct arena *a = s->t->arena;
	double unit = fabs(s->t->unit);

	*out = (struct study_result) {
		.name = arena_strdup(a, d->name),
		.title = arena_strdup(a, d->title ? d->title : d->name),
		.observes = arena_strdup(a, d->of_text),
		.kind = observations[d->kind].name,
		.word = arena_strdup(a, d->word),
		.decisions = d->decisions, .perfect = perfect->value * unit,
		.perfect_se = perfect->se * unit, .nsizes = n,
		.size = arena_alloc(a, sizeof *out->size * (size_t)(n + 1)),
		.best = best_of(s, list, n),
		.takes = d->takes_text ? arena_strdup(a, d->takes_text) : NULL,
		.delay = s->delay * unit, .delay_se = s->delay_se * unit,
		.no_net = s->money ? NULL : "the objective is no amount of "
			"money, so a cost cannot be set against it",
	};
	for (int i = 0; i < n; i++)
		fill_size(s, &list[i], &out->size[i]);
	out->pays = s->money && out->size[out->best].net > 0;
	find_near(out);
}

static bool set_rate_unit(struct study *s)
{
	struct expr_type type;
	struct unit unit;
	const char *text;
	struct env *env = s->t->plan->model->env;

	s->rate_unit = 1;
	if (s->def->kind != STUDY_POISSON || !s->def->bare)
		return true;
	if (!env_check_expr(env, s->def->of, TYPE_NUMBER, 0, false, &type,
	                    s->t->err))
		return false;
	env_display(env, s->def->of, &type, &unit, &text);
	s->rate_unit = unit.scale;
	return true;
}

static bool run_study(struct trade *t, const struct study_def *d)
{
	const struct decision *dec = &t->plan->model->decision;
	struct study s = {
		.t = t, .def = d,
		.money = unit_is_money(library_units(t->plan->bound->library),
		                       &dec->objective_unit),
	};
	struct trial list[MOST_SIZES];
	struct single perfect;
	bool ok;
	int n;

	s.known[0] = s.known[1] = t->few;
	ok = set_rate_unit(&s) && observe(&s);
	if (ok && s.bad) {
		trade_warn(t, "study", "the study %s is left out: `%s` is out "
		           "of its range in %.2g %% of the draws; ask for it by "
		           "name to hear more", d->name, d->of_text,
		           100.0 * (double)s.bad / (double)t->run->draws.n);
	} else if (ok) {
		ok = bound_worth(&s, &perfect) && find_delay(&s) &&
		     search_sizes(&s, list, &n);
		if (ok)
			fill_result(&s, list, n, &perfect, &t->out->voi.study[
				t->out->voi.nstudies++]);
	}
	for (int i = 0; i < 2 && s.column[i]; i++) {
		free(s.known[i].paid);
		free(s.column[i]);
	}
	free(s.of);
	free(s.sd);
	return ok;
}

static int better_net(const void *a, const void *b)
{
	const struct study_result *x = a, *y = b;
	double p = x->no_net ? x->size[x->best].evsi : x->size[x->best].net;
	double q = y->no_net ? y->size[y->best].evsi : y->size[y->best].net;

	if (p != q)
		return p < q ? 1 : -1;
	return strcmp(x->name, y->name);
}

static bool asked_for(struct trade *t, const struct bound_model *m)
{
	const char *name = t->o->study;
	struct buf known = BUF_INIT;
	const struct study_def *d = NULL;

	for (int i = 0; i < m->nstudies; i++) {
		buf_addf(&known, "%s%s", i ? ", " : "", m->study[i].name);
		if (name && strcmp(name, m->study[i].name) == 0)
			d = &m->study[i];
	}
	if (name && !d)
		err_add(t->err, ERR_USAGE, "%s has no study '%s' (%s%s)",
		        m->model->name, name, m->nstudies ? "there are: "
		        : "it describes none", known.s);
	buf_release(&known);
	if (d && t->o->study_size > 0 && (t->o->study_size < d->from ||
	                                  t->o->study_size > d->to)) {
		err_add(t->err, ERR_USAGE, "the study '%s' has sizes from "
		        "%.0f to %.0f, not %.0f", name, d->from, d->to,
		        t->o->study_size);
		return false;
	}
	return !name || d;
}

bool studies_report(struct trade *t)
{
	const struct bound_model *m = &t->plan->bound->model[t->plan->index];
	struct voi *v = &t->out->voi;
	bool ok = asked_for(t, m);

	v->study = arena_alloc(t->arena, sizeof *v->study *
	                                 (size_t)(m->nstudies + 1));
	for (int i = 0; ok && i < m->nstudies; i++)
		if (!t->o->study || strcmp(t->o->study, m->study[i].name) == 0)
			ok = run_study(t, &m->study[i]);
	if (ok)
		qsort(v->study, (size_t)v->nstudies, sizeof *v->study,
		      better_net);
	return ok;
}
