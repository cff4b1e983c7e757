/*
 * What is asked for beyond the draws that are there: total indices, Shapley
 * effects and partial rank correlations of the lead.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/copula.h"
#include "engine/indices.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "math/partial.h"

#include "base/banned.h"

/* --- the lead as a function of coordinates ------------------------------ */

struct asked {
	struct trade *t;
	struct feed *feed;              /* by thread */
	const double **u;               /* [thread * factors]: set last */
	int *factor;                    /* of a slot, or -1 */
};

/* What an infeasible draw pays is paid here, too (judge.h). */
static double paid(const struct trade *t, const struct feed *f, int o, int lane)
{
	const struct plan *p = t->plan;
	double c = feed_cost(f, p, o, lane), most = NAN;

	if (isnan(c))
		c = feed_cost(f, p, p->model->decision.pay, lane);
	for (int k = 0; isnan(c) && k < p->noptions; k++)
		most = fmax(most, feed_cost(f, p, k, lane));
	return isnan(c) ? most : c;
}

static void run_lanes(void *ctx, int thread, int n, double *y)
{
	struct asked *a = ctx;
	struct feed *f = &a->feed[thread];
	const struct judged *j = &a->t->judged;

	feed_run(f, n);
	for (int i = 0; i < n; i++) {
		double own = paid(a->t, f, j->best, i);

		y[i] = j->second < 0 ? -own :
		       paid(a->t, f, j->second, i) - own;
	}
}

/* The input `k` of the tape from the coordinates that are set. */
static void refill(struct asked *a, int thread, int k, int n)
{
	const struct sample *s = a->t->sample;
	struct feed *f = &a->feed[thread];
	int slot = tape_input(f->tape, k), own = a->factor[slot];
	const struct slot *sl = &s->bound->slot[slot];
	const double **u = a->u + thread * a->t->nfactors;
	double *x = f->buffer + (size_t)k * TAPE_BLOCK, label[TAPE_BLOCK];
	double still[TAPE_BLOCK];
	int preset = sl->kind == SLOT_MIXED ? sl->preset : -1;

	for (int i = 0; i < n; i++) {
		label[i] = preset < 0 ? 0 : s->central[preset];
		still[i] = 0.5;
	}
	if (preset >= 0 && a->factor[preset] >= 0 && u[a->factor[preset]])
		sample_quantiles(s, preset, NULL, u[a->factor[preset]], n,
		                 label);
	sample_quantiles(s, slot, label, own >= 0 && u[own] ? u[own] : still,
	                 n, x);
	f->in[k].v = x;
	f->in[k].uniform = false;
}

static void set_factor(void *ctx, int thread, int i, const double *u, int n)
{
	struct asked *a = ctx;
	const struct bound *b = a->t->plan->bound;
	int moved = a->t->factor[i].slot;

	a->u[thread * a->t->nfactors + i] = u;
	for (int k = 0; k < a->feed[thread].ninputs; k++) {
		int slot = tape_input(a->feed[thread].tape, k);

		if (slot == moved || (b->slot[slot].kind == SLOT_MIXED &&
		                      b->slot[slot].preset == moved))
			refill(a, thread, k, n);
	}
}

static bool still_wanted(void *ctx, double done)
{
	const struct asked *a = ctx;

	(void)done;
	return run_goes_on(a->t->o, a->t->progress_to, a->t->err);
}

static void asked_init(struct asked *a, struct trade *t, int threads)
{
	int slots = t->plan->bound->nslots;

	*a = (struct asked) { .t = t };
	a->feed = xcalloc((size_t)threads, sizeof *a->feed);
	a->u = xcalloc((size_t)threads * (size_t)t->nfactors + 1,
	               sizeof *a->u);
	a->factor = xcalloc((size_t)slots + 1, sizeof *a->factor);
	for (int s = 0; s < slots; s++)
		a->factor[s] = -1;
	for (int i = 0; i < t->nfactors; i++) {
		a->factor[t->factor[i].slot] = i;
		sample_prepare(t->sample, &t->factor[i].slot, 1);
	}
	for (int i = 0; i < threads; i++) {
		feed_init(&a->feed[i], t->plan->lean);
		feed_central(&a->feed[i], t->sample);
	}
}

static void asked_release(struct asked *a, int threads)
{
	for (int i = 0; i < threads; i++)
		feed_release(&a->feed[i]);
	free(a->feed);
	free(a->u);
	free(a->factor);
}

/* --- correlations ------------------------------------------------------- */

/* Of the normal scores of two factors. */
static double score_correlation(const struct trade *t, int i, int j)
{
	const struct copula *c = t->sample->copula;
	int a = copula_row(c, t->factor[i].slot);
	int b = copula_row(c, t->factor[j].slot);
	double sum = 0;

	if (i == j)
		return 1;
	for (int k = 0; a >= 0 && b >= 0 && k <= (a < b ? a : b); k++)
		sum += copula_weight(c, a, k) * copula_weight(c, b, k);
	return sum;
}

/* [i * d + j]; NULL: no two of the factors are correlated.  *pair receives two
 * that are, *group how many. */
static double *correlations(const struct trade *t, int pair[2], int *group)
{
	int d = t->nfactors;
	double *r;

	*group = 0;
	if (!t->sample->copula)
		return NULL;
	r = xcalloc((size_t)d * (size_t)d + 1, sizeof *r);
	for (int i = 0; i < d; i++) {
		bool any = false;

		for (int j = 0; j < d; j++) {
			r[i * d + j] = score_correlation(t, i, j);
			if (j == i || r[i * d + j] == 0.0)
				continue;
			any = true;
			pair[0] = j;
			pair[1] = i;
		}
		*group += any;
	}
	if (*group)
		return r;
	free(r);
	return NULL;
}

static bool fits(struct trade *t, const int pair[2], int group)
{
	const struct engine_options *o = t->o;

	if (o->want_total && group)
		return err_add(t->err, ERR_USAGE, "%s and %s are correlated: "
		               "no total index is a part of the variance "
		               "there; ask for --shapley, whose effects are",
		               trade_slot_name(t, t->factor[pair[0]].slot),
		               trade_slot_name(t, t->factor[pair[1]].slot));
	if (t->nfactors > INDICES_MOST)
		return err_add(t->err, ERR_LIMIT, "%d uncertain inputs are "
		               "more than the %d that total indices and "
		               "Shapley effects can bear", t->nfactors,
		               INDICES_MOST);
	return group <= INDICES_MOST_CORRELATED ||
	       err_add(t->err, ERR_LIMIT, "%d correlated inputs are more than "
	               "the %d that Shapley effects can bear", group,
	               INDICES_MOST_CORRELATED);
}

/* --- results ------------------------------------------------------------ */

static double *numbers(const struct trade *t)
{
	double *v = xcalloc(2 * (size_t)t->nfactors + 1, sizeof *v);

	for (int i = 0; i < 2 * t->nfactors; i++)
		v[i] = NAN;
	return v;
}

static bool run_one(struct trade *t, struct indices *q, double *out,
                    bool (*find)(const struct indices *q, double *share,
                                 double *se))
{
	struct asked a;
	bool ok;

	asked_init(&a, t, q->threads);
	q->ctx = &a;
	ok = find(q, out, out + q->d);
	asked_release(&a, q->threads);
	return ok;
}

static bool run_indices(struct trade *t, const double *r)
{
	struct indices q = {
		.d = t->nfactors, .threads = run_threads(t->o),
		.correlation = r, .set = set_factor, .run = run_lanes,
		.goes_on = still_wanted,
	};

	if (!draws_init(&q.draws, t->o->sampler, t->o->seed,
	                stat_power_of_two(t->o->samples), t->err))
		return false;
	t->out->index_draws = q.draws.n;
	return (!t->o->want_total ||
	        run_one(t, &q, t->effects->total, indices_total)) &&
	       (!t->o->want_shapley ||
	        run_one(t, &q, t->effects->shapley, indices_shapley));
}

/* Labels have no order that a rank could stand for. */
static bool has_order(const struct trade *t, int i)
{
	const struct param *p =
		t->plan->bound->slot[t->factor[i].slot].param;

	return !t->factor[i].preset && (!p || p->type != TYPE_LABEL);
}

struct lead_ranks { int64_t n; int d; double **x, *lead, *rank; };

static void partial_ranks(const struct lead_ranks *c, int64_t first, int64_t n,
                          double *out)
{
	const double **rank = xcalloc((size_t)c->d + 1, sizeof *rank);

	for (int i = 0; i <= c->d; i++) {
		double *to = c->rank + i * c->n;

		ranks_of((i < c->d ? c->x[i] : c->lead) + first, n, to);
		rank[i] = to;
	}
	partial_correlations(n, c->d, rank, rank[c->d], out);
	free(rank);
}

static void lead_column(const struct trade *t, double *y)
{
	const struct judged *j = &t->judged;

	for (int64_t i = 0; i < j->in.n; i++) {
		double own = j->paid[j->best][i];

		y[i] = j->second < 0 ? -own : j->paid[j->second][i] - own;
		if (isnan(y[i]))        /* nothing could be taken */
			y[i] = 0;
	}
}

static void run_ranks(struct trade *t)
{
	struct lead_ranks c = { .n = t->run->draws.n };
	int R = t->run->draws.replicates, d = t->nfactors;
	int64_t each = c.n / R;
	int *of = xcalloc((size_t)d + 1, sizeof *of);
	double *block = xcalloc((size_t)(2 * (d + 1)) * (size_t)c.n,
	                        sizeof *block), *one, *rep;

	c.x = xcalloc((size_t)d + 1, sizeof *c.x);
	for (int i = 0; i < d; i++) {
		if (!has_order(t, i))
			continue;
		of[c.d] = i;
		c.x[c.d] = block + (size_t)c.d * (size_t)c.n;
		for (int64_t at = 0; at < c.n; at += TAPE_BLOCK)
			sample_fill(t->sample, t->factor[i].slot, at,
			            c.n - at < TAPE_BLOCK ? (int)(c.n - at) :
			            TAPE_BLOCK, c.x[c.d] + at);
		c.d++;
	}
	c.lead = block + (size_t)c.d * (size_t)c.n;
	c.rank = c.lead + c.n;
	lead_column(t, c.lead);
	rep = xcalloc((size_t)(R + 1) * (size_t)(c.d + 1), sizeof *rep);
	one = xcalloc((size_t)R, sizeof *one);
	partial_ranks(&c, 0, c.n, rep + R * c.d);
	for (int r = 0; R > 1 && r < R; r++)
		partial_ranks(&c, r * each, each, rep + r * c.d);
	for (int i = 0; i < c.d; i++) {
		for (int r = 0; r < R; r++)
			one[r] = rep[r * c.d + i];
		t->effects->prcc[of[i]] = rep[R * c.d + i];
		t->effects->prcc[d + of[i]] = stat_replicate_se(one, R);
	}
	free(one);
	free(rep);
	free(c.x);
	free(block);
	free(of);
}

bool effects_find(struct trade *t)
{
	const struct engine_options *o = t->o;
	struct effects *e;
	int pair[2] = { 0, 0 }, group;
	double *r;
	bool ok = true;

	if (t->judged.best < 0 || t->run->point || !t->nfactors)
		return true;
	r = correlations(t, pair, &group);
	if (group && !o->want_shapley)
		trade_warn(t, "correlated", "%s and %s are correlated: what "
		           "each tells of the variance overlaps and does not "
		           "add up; --shapley divides it",
		           trade_slot_name(t, t->factor[pair[0]].slot),
		           trade_slot_name(t, t->factor[pair[1]].slot));
	e = t->effects = xcalloc(1, sizeof *e);
	e->total = numbers(t);
	e->shapley = numbers(t);
	e->prcc = numbers(t);
	if (o->want_total || o->want_shapley)
		ok = fits(t, pair, group) && run_indices(t, r);
	if (ok && o->want_prcc)
		run_ranks(t);
	free(r);
	return ok;
}

void effects_free(struct effects *e)
{
	if (!e)
		return;
	free(e->total);
	free(e->shapley);
	free(e->prcc);
	free(e);
}
