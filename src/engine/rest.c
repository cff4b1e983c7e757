/*
 * Control variates for the value of information: what independent inputs do to
 * the costs one by one is taken off before draws are sorted by another.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "engine/copula.h"
#include "engine/regress.h"
#include "engine/trade.h"

#include "base/banned.h"

#define SWEEPS 2                /* of back-fitting */
#define PER_CLASS 32            /* draws for each class of all controls */
#define LOOK 4                  /* one draw in so many ranks the factors */
#define LEAST 1e-3              /* of a cost's variance */
#define CLASSES 256

/* --- which options a factor can move ------------------------------------ */

static bool is_mixed(const struct bound *b, int slot)
{
	return b->slot[slot].kind == SLOT_MIXED;
}

static bool correlated(const struct trade *t, int slot)
{
	return copula_row(t->sample->copula, slot) >= 0;
}

/* By lean root. */
static void mark_roots(const struct trade *t, const struct factor *f,
                       bool *hangs)
{
	const struct plan *p = t->plan;

	for (int i = 0; i < tape_inputs(p->lean); i++) {
		int slot = tape_input(p->lean, i);

		if (slot == f->slot || (f->preset &&
		    is_mixed(p->bound, slot) &&
		    p->bound->slot[slot].preset == f->slot))
			plan_depends(p, &p->roots, p->nlean, slot, hangs);
	}
}

static bool option_hangs(const struct plan *p, const bool *hangs, int o)
{
	bool any = hangs[p->objective[o]] ||
	           (p->state[o] != ROOT_NONE && hangs[p->state[o]]);

	for (int k = 0; k < p->model->nrequires; k++) {
		int root = p->require[k * p->noptions + o];

		any |= root != ROOT_NONE && hangs[root];
	}
	return any;
}

/* In a draw in which it cannot be taken an option costs what others do. */
static bool has_gaps(const struct judged *j, int o)
{
	return j->paid[o] != j->in.cost + o * j->in.n;
}

void rest_moved(const struct trade *t, const struct factor *f, bool *moved)
{
	const struct plan *p = t->plan;
	const struct judged *j = &t->judged;
	bool *hangs, any = false;

	for (int o = 0; o < p->noptions; o++)
		moved[o] = true;
	/* a joint plan has formulas of its own */
	if (!p->dag || j->best < 0 || correlated(t, f->slot))
		return;
	hangs = xcalloc((size_t)p->nlean + 1, sizeof *hangs);
	mark_roots(t, f, hangs);
	for (int o = 0; o < p->noptions; o++) {
		moved[o] = option_hangs(p, hangs, o);
		any |= moved[o];
	}
	for (int o = 0; o < p->noptions; o++)
		moved[o] |= any && has_gaps(j, o);
	for (int o = 0; o < p->noptions; o++)
		moved[o] |= moved[j->best];
	free(hangs);
}

/* --- which factors hang together ---------------------------------------- */

static bool together(const struct trade *t, const struct factor *a,
                     const struct factor *b)
{
	const struct bound *in = t->plan->bound;

	return a->slot == b->slot ||
	       (correlated(t, a->slot) && correlated(t, b->slot)) ||
	       (a->preset && is_mixed(in, b->slot) &&
	        in->slot[b->slot].preset == a->slot) ||
	       (b->preset && is_mixed(in, a->slot) &&
	        in->slot[a->slot].preset == b->slot);
}

unsigned rest_back(const struct trade *t, const struct rest *r, int factor)
{
	unsigned back = 0;

	for (int c = 0; c < r->n; c++)
		if (together(t, &t->factor[factor],
		             &t->factor[r->at[c].factor]))
			back |= 1u << c;
	return back;
}

/* --- the strongest ------------------------------------------------------ */

/* The greatest part of any column's variance that the classes tell, in the first
 * draws of each replicate; what replicates do not share is chance. */
static double strength(const struct rest *r, const struct judged *j,
                       const unsigned char *bin, int bins, int o)
{
	int R = j->in.replicates;
	int64_t each = j->in.n / R, n = each < LOOK ? each : each / LOOK;
	double sum[CLASSES] = { 0 }, own[CLASSES], count[CLASSES] = { 0 };
	double of[CLASSES], whole = 0, square = 0, chance = 0, between = 0;
	int64_t all = 0;

	for (int k = 0; k < R; k++) {
		memset(own, 0, sizeof own);
		memset(of, 0, sizeof of);
		for (int64_t i = k * each; i < k * each + n; i++) {
			double v = r->column[o][i];

			if (isnan(v))
				continue;
			own[bin[i]] += v;
			of[bin[i]]++;
			square += v * v;
		}
		for (int b = 0; b < bins; b++) {
			sum[b] += own[b];
			count[b] += of[b];
			chance += of[b] > 0 ? own[b] * own[b] / of[b] : 0;
		}
	}
	for (int b = 0; b < bins; b++) {
		whole += sum[b];
		all += (int64_t)count[b];
		between += count[b] > 0 ? sum[b] * sum[b] / count[b] : 0;
	}
	if (all == 0 || R < 2)
		return 0;
	whole *= whole / (double)all;
	chance = (chance - between) / (R - 1);
	return square > whole ? (between - whole - chance) / (square - whole) :
	       0;
}

struct ranked { int factor; double share; };

static int stronger(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->share != y->share ? (x->share < y->share ? 1 : -1) :
	       x->factor - y->factor;
}

/* Inputs that are no more than themselves: independent of all others. */
static bool alone(const struct trade *t, const struct factor *f)
{
	return !correlated(t, f->slot) && !is_mixed(t->plan->bound, f->slot);
}

static void choose(struct rest *r, const struct trade *t,
                   unsigned char *const *bin, const int *bins)
{
	struct ranked *s = xcalloc((size_t)t->nfactors + 1, sizeof *s);
	int64_t room = t->judged.in.n / PER_CLASS;

#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < t->nfactors; i++) {
		s[i].factor = i;
		for (int o = 0; o < r->k && alone(t, &t->factor[i]); o++)
			if (r->column[o])
				s[i].share = fmax(s[i].share, strength(r,
					&t->judged, bin[i], bins[i], o));
	}
	qsort(s, (size_t)t->nfactors, sizeof *s, stronger);
	for (int i = 0; i < t->nfactors && r->n < CONTROLS; i++) {
		int f = s[i].factor;

		if (!(s[i].share > LEAST) || bins[f] > room)
			continue;
		room -= bins[f];
		r->at[r->n++] = (struct control) {
			.factor = f, .bin = bin[f], .bins = bins[f],
			.effect = xcalloc((size_t)(bins[f] * r->k),
			                  sizeof(double)),
		};
	}
	free(s);
}

/* --- back-fitting ------------------------------------------------------- */

/* Adds a control's class means of a column to its effect and takes them off. */
static void fit_column(struct rest *r, const struct control *c, int64_t n,
                       int o)
{
	double sum[CLASSES] = { 0 }, count[CLASSES] = { 0 }, all = 0, whole = 0;
	double *v = r->column[o];

	for (int64_t i = 0; i < n; i++)
		if (!isnan(v[i])) {
			sum[c->bin[i]] += v[i];
			count[c->bin[i]]++;
		}
	for (int b = 0; b < c->bins; b++) {
		whole += sum[b];
		all += count[b];
	}
	for (int b = 0; b < c->bins; b++) {
		sum[b] = count[b] > 0 ? sum[b] / count[b] - whole / all : 0;
		c->effect[b * r->k + o] += sum[b];
	}
	for (int64_t i = 0; i < n; i++)
		v[i] -= sum[c->bin[i]];
}

void rest_init(struct rest *r, const struct trade *t,
               unsigned char *const *bin, const int *bins)
{
	const struct judged *j = &t->judged;
	int64_t n = j->in.n;

	*r = (struct rest) { .k = j->in.noptions };
	r->column = xcalloc((size_t)r->k, sizeof *r->column);
	for (int o = 0; o < r->k; o++) {
		if (j->status[o] != OPTION_OK || isnan(j->mean[o]) ||
		    (o == j->best) != (j->second < 0))
			continue;
		r->column[o] = xcalloc((size_t)n, sizeof(double));
		for (int64_t i = 0; i < n; i++)
			r->column[o][i] = o == j->best ? -j->paid[o][i] :
				j->paid[o][i] - j->paid[j->best][i];
	}
	choose(r, t, bin, bins);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int o = 0; o < r->k; o++)
		for (int c = 0; r->column[o] && c < SWEEPS * r->n; c++)
			fit_column(r, &r->at[c % r->n], n, o);
}

void rest_release(struct rest *r)
{
	for (int o = 0; r->column && o < r->k; o++)
		free(r->column[o]);
	free(r->column);
	for (int c = 0; c < r->n; c++)
		free(r->at[c].effect);
	*r = (struct rest) { 0 };
}

/* --- as costs of their own ---------------------------------------------- */

static double rest_at(const struct rest *r, unsigned back, int o, int64_t i)
{
	double v = r->column[o][i];

	for (int c = 0; back >> c; c++)
		if (back >> c & 1)
			v += r->at[c].effect[r->at[c].bin[i] * r->k + o];
	return v;
}

/* Against the best option, which costs nothing. */
void rest_view(const struct trade *t, const int *f, int n, struct judged *out)
{
	const struct judged *j = &t->judged;
	int64_t all = j->in.n / j->in.replicates, each = regress_each(j);
	int K = j->in.noptions;
	bool *moved = xcalloc(2 * (size_t)K, 1), *one = moved + K;
	unsigned back = 0;

	for (int i = 0; i < n; i++) {
		back |= rest_back(t, &t->rest, f[i]);
		rest_moved(t, &t->factor[f[i]], one);
		for (int o = 0; o < K; o++)
			moved[o] |= one[o];
	}
	*out = *j;
	out->in.n = each * j->in.replicates;
	out->paid = xcalloc((size_t)K, sizeof *out->paid);
	out->own = xcalloc((size_t)K * (size_t)out->in.n, sizeof *out->own);
	for (int o = 0; o < K; o++) {
		double *to = out->own + o * out->in.n;

		out->paid[o] = to;
		for (int64_t i = 0; i < out->in.n; i++) {
			int64_t from = i / each * all + i % each;

			to[i] = isnan(j->paid[j->best][from]) ? NAN :
				o == j->best || !t->rest.column[o] ? 0 :
				moved[o] ? rest_at(&t->rest, back, o, from) :
				j->mean[o] - j->mean[j->best];
		}
	}
	free(moved);
}
