/*
 * The value of information of a trade-off, as reported: of everything, of each
 * input, of groups; held to the order that such values have,
 *
 *      0 <= EVPPI(part) <= EVPPI(whole) <= EVPI.
 *
 * On a net, classes of an input's own coordinate tell best what it is worth; a
 * spline is the second opinion.  Draws that are independent of one another are
 * smoothed first, and classes are the second opinion.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/copula.h"
#include "engine/regress.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "engine/voi.h"

#include "base/banned.h"

#define LAW 4                   /* standard errors an order law may lack */
#define NOISE 2                 /* standard errors that hide a value */
#define SURELY 10               /* those that what is idle never shows */
#define PAIRED 4                /* members of a group that are paired */
#define GROUP_MAX 32
#define COLUMNS 640             /* of a basis, at most ... */
#define SMOOTH_COLUMNS 240      /* ... of one that is penalised: nine
                                   eigen-decompositions */
#define PER_COLUMN 24           /* draws */
#define TOP 0.01                /* of the draws ... */
#define HEAVY_SHARE 0.3         /* ... that carry so much of the EVPI */

bool voi_ordered(struct trade *t, const char *what, const struct bounded *v,
                 double *out)
{
	double error = LAW * hypot(v->se, v->bound_se) + v->slack +
	               t->floor + 1e-9 * fabs(t->judged.evpi);

	*out = fmin(fmax(v->value, v->low), v->high);
	if (isnan(v->value))
		*out = NAN;
	/* without replicates nobody knows how far off it may be */
	if (isnan(v->value) || isnan(error) ||
	    (v->value >= v->low - error && v->value <= v->high + error))
		return true;
	return err_add(t->err, ERR_BUG, "%s: knowing %s came out as worth %g, "
	               "and must lie between %g and %g: an internal check "
	               "failed, please report this", t->plan->model ?
	               t->plan->model->name : "the joint plan", what,
	               v->value, v->low, v->high);
}

/* --- each input ----------------------------------------------------------- */

/* Whether the draws form no net along the factor. */
static bool smooths(const struct trade *t, const struct factor *f)
{
	return t->run->draws.sampler != SAMPLER_SOBOL ||
	       copula_row(t->sample->copula, f->slot) >= 0;
}

static void find_single(const struct trade *t, int i, struct single *out)
{
	const struct factor *f = &t->factor[i];
	const struct partial *p = &t->partial[i];
	struct regression r;
	struct signal s;
	bool smooth = smooths(t, f) || factor_ranked(t, f);

	*out = (struct single) { p->value, p->se, NAN };
	if (!p->told)
		return;
	signal_of_factor(t, f, &s);
	if (!s.values) {
		struct judged view;

		signal_cut(&s, &t->judged);
		rest_view(t, &i, 1, &view);
		r = regress_one(&view, &s, smooth);
		judged_cut_release(&view);
		if (!isnan(r.value)) {
			out->error = fabs(r.value - p->value);
			if (smooth)
				*out = (struct single) { r.value, r.se,
				                         out->error };
		}
	}
	signal_release(&s);
}

/* Those that are hidden may be worth as much as hides them. */
static bool order_singles(struct trade *t)
{
	struct voi *v = &t->out->voi;
	bool ok = true;

	v->noise = t->floor;

	for (int i = 0; i < t->nfactors; i++) {
		struct single *s = &t->single[i];
		struct bounded b = {
			s->value, s->se, 0, t->judged.evpi, t->judged.evpi_se,
			isnan(s->error) ? 0 : s->error,
		};

		if (!t->partial[i].told || s->value <= NOISE * s->se ||
		    (s->value <= t->floor && s->value <= SURELY * s->se)) {
			s->value = 0;
			v->noise = fmax(v->noise, NOISE * s->se);
		} else {
			ok &= voi_ordered(t, trade_slot_name(t,
				t->factor[i].slot), &b, &s->value);
		}
	}
	v->noise *= fabs(t->unit);
	return ok;
}

static bool find_singles(struct trade *t)
{
	t->single = xcalloc((size_t)t->nfactors + 1, sizeof *t->single);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < t->nfactors; i++)
		find_single(t, i, &t->single[i]);
	return order_singles(t);
}

static int dearer(const void *a, const void *b)
{
	const struct evppi *x = a, *y = b;

	if (isnan(x->value) || isnan(y->value))
		return isnan(x->value) - isnan(y->value);
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return strcmp(x->parameter, y->parameter);
}

static void list_singles(struct trade *t)
{
	struct voi *v = &t->out->voi;
	double unit = fabs(t->unit);
	int n = t->nfactors;

	v->evppi = arena_alloc(t->arena, sizeof *v->evppi * (size_t)(n + 1));
	for (int i = 0; i < n; i++)
		v->evppi[v->nevppi++] = (struct evppi) {
			.parameter = trade_slot_name(t, t->factor[i].slot),
			.title = trade_slot_title(t, t->factor[i].slot),
			.value = t->single[i].value * unit,
			.se = t->single[i].se * unit,
			.model_error = t->single[i].error * unit,
		};
	qsort(v->evppi, (size_t)n, sizeof *v->evppi, dearer);
}

/* --- groups --------------------------------------------------------------- */

struct group {
	int n, member[GROUP_MAX];       /* factors, rising */
	double value, se, error;
	const char *note;
	bool done;
};

static bool in_group(const struct group *g, int factor)
{
	for (int i = 0; i < g->n; i++)
		if (g->member[i] == factor)
			return true;
	return false;
}

static bool within(const struct group *part, const struct group *whole)
{
	for (int i = 0; i < part->n; i++)
		if (!in_group(whole, part->member[i]))
			return false;
	return true;
}

static bool covers(const char *word, size_t n, const char *name)
{
	return strncmp(word, name, n) == 0 && (!name[n] || name[n] == '@');
}

/* One word of "a,b": a parameter with all its entries, or a preset. */
static bool add_word(struct trade *t, const char *word, size_t n, bool *in)
{
	bool found = false;

	for (int i = 0; i < t->nfactors && n > 0; i++)
		if (covers(word, n, trade_slot_name(t, t->factor[i].slot)))
			found = in[i] = true;
	return found ||
	       err_add(t->err, ERR_USAGE, "'%.*s' is no uncertain parameter "
	               "that the decision of %s hangs on", (int)n, word,
	               t->plan->model->name);
}

static bool read_group(struct trade *t, const char *text, struct group *g)
{
	bool *in = xcalloc((size_t)t->nfactors + 1, sizeof *in), ok = true;
	int count = 0;

	for (const char *at = text; ok; at++) {
		size_t n = strcspn(at, ",");

		ok = add_word(t, at, n, in);
		at += n;
		if (!*at)
			break;
	}
	for (int i = 0; ok && i < t->nfactors; i++) {
		if (in[i] && count < GROUP_MAX)
			g->member[count] = i;
		count += in[i];
	}
	free(in);
	g->n = count;
	if (ok && count > GROUP_MAX && count < t->nfactors)
		return err_add(t->err, ERR_LIMIT, "the group '%s' has %d "
		               "members; %d are the most", text, count,
		               GROUP_MAX);
	return ok;
}

/* As much detail as the draws bear. */
static void size_basis(struct basis *b, const struct signal *s, int n,
                       int64_t draws, bool smooth)
{
	static const int pair[PAIRED + 1] = { 0, 0, 8, 6, 5 };
	int64_t room = draws / PER_COLUMN;
	int steps = 0, most;

	*b = (struct basis) { .s = s, .n = n };
	most = smooth ? SMOOTH_COLUMNS : COLUMNS;
	room = room > most ? most : room;
	if (n <= PAIRED)
		for (b->pair = pair[n]; b->pair >= 4; b->pair--)
			if (b->pair * b->pair * n * (n - 1) / 2 <= room / 2)
				break;
	b->pair = b->pair < 4 ? 0 : b->pair;
	room -= b->pair * b->pair * n * (n - 1) / 2;
	for (int i = 0; i < n; i++)
		steps += s[i].bins;
	b->steps = !smooth && steps <= room;
	b->main = (int)(room / n);
	b->main = b->main > 20 ? 20 : b->main < 5 ? 5 : b->main;
}

static void regress_group(const struct trade *t, struct group *g)
{
	struct signal s[GROUP_MAX];
	struct regression r;
	struct judged view;
	struct basis b;
	bool smooth = false;

	for (int i = 0; i < g->n; i++) {
		const struct factor *f = &t->factor[g->member[i]];

		signal_of_factor(t, f, &s[i]);
		signal_cut(&s[i], &t->judged);
		smooth |= smooths(t, f);
	}
	size_basis(&b, s, g->n, t->few.in.n, smooth);
	rest_view(t, g->member, g->n, &view);
	r = regress(&view, &b, smooth);
	judged_cut_release(&view);
	g->value = r.value;
	g->se = r.se;
	g->error = r.error;
	if (!b.pair)
		g->note = "additive: what its members do only together is "
		          "left out";
	else if (g->n > 2)
		g->note = "in pairs: what three of its members do only "
		          "together is left out";
	for (int i = 0; i < g->n; i++)
		signal_release(&s[i]);
}

static void find_group(const struct trade *t, struct group *g)
{
	const struct single *s = &t->single[g->member[0]];

	if (g->n == t->nfactors) {
		g->value = t->judged.evpi;
		g->se = t->judged.evpi_se;
		g->error = 0;
		g->note = "all there is to know";
	} else if (g->n == 1) {
		g->value = s->value;
		g->se = s->se;
		g->error = s->error;
	} else {
		regress_group(t, g);
	}
}

/* At least the most that any part of it is worth. */
static bool order_group(struct trade *t, struct group *g,
                        const struct group *all, int n, const char *name)
{
	struct bounded b = { .value = g->value, .se = g->se,
	                     .high = t->judged.evpi,
	                     .bound_se = t->judged.evpi_se,
	                     .slack = isnan(g->error) ? 0 : g->error };

	for (int i = 0; g->n <= GROUP_MAX && i < g->n; i++) {
		const struct single *s = &t->single[g->member[i]];

		b.low = fmax(b.low, s->value);
		b.slack += isnan(s->error) ? 0 : s->error;
	}
	for (int i = 0; i < n; i++)
		if (all[i].done && all[i].n <= g->n && within(&all[i], g)) {
			b.low = fmax(b.low, all[i].value);
			b.slack += isnan(all[i].error) ? 0 : all[i].error;
		}
	g->done = true;
	return voi_ordered(t, name, &b, &g->value);
}

static void list_group(struct trade *t, const struct group *g,
                       const char *name, struct evppi *out)
{
	double unit = fabs(t->unit);
	struct buf title = BUF_INIT;

	for (int i = 0; i < g->n && i < GROUP_MAX; i++)
		buf_addf(&title, "%s%s", i ? "; " : "", trade_slot_title(t,
			t->factor[g->member[i]].slot));
	*out = (struct evppi) {
		.parameter = arena_strdup(t->arena, name),
		.title = trade_text(t, &title), .value = g->value * unit,
		.se = g->se * unit, .model_error = g->error * unit,
		.note = g->note,
	};
}

/* Smaller groups come first, so that larger ones are held to them. */
static bool groups_report(struct trade *t)
{
	int n = t->o->ngroups;
	struct group *g = xcalloc((size_t)n + 1, sizeof *g);
	struct voi *v = &t->out->voi;
	bool ok = true;

	for (int i = 0; i < n; i++)
		ok &= read_group(t, t->o->group[i], &g[i]);
	for (int i = 0; ok && i < n; i++) {
		find_group(t, &g[i]);
		ok = run_goes_on(t->o, 1, t->err);
	}
	for (int size = 1; ok && size <= t->nfactors; size++)
		for (int i = 0; ok && i < n; i++)
			if (g[i].n == size)
				ok = order_group(t, &g[i], g, n,
				                 t->o->group[i]);
	v->group = arena_alloc(t->arena, sizeof *v->group * (size_t)(n + 1));
	for (int i = 0; ok && i < n; i++)
		list_group(t, &g[i], t->o->group[i], &v->group[v->ngroups++]);
	free(g);
	return ok;
}

/* --- the whole ------------------------------------------------------------ */

/* What knowing everything is worth is a mean over draws, of which a few may
 * carry the most.  A net spreads those no better than chance, and what eight
 * replicates happen to agree in says too little of them: then the error is at
 * least that of the top one in a hundred by themselves. */
static void weigh_tail(struct trade *t)
{
	const double *paid = t->judged.paid[t->judged.best];
	int64_t n = t->run->draws.n, count, top;
	double *d = xcalloc((size_t)n, sizeof *d), share, edge, squares = 0;

	for (int64_t i = 0; i < n; i++)
		d[i] = paid[i] - t->judged.least[i];
	count = stat_compact(d, n);
	top = (int64_t)ceil(TOP * (double)count);
	share = stat_upper_mean(d, count, TOP) * TOP / t->judged.evpi;
	edge = HUGE_VAL;
	for (int64_t i = count - top; i < count; i++)
		edge = fmin(edge, d[i]);
	for (int64_t i = count - top; i < count; i++)
		squares += (d[i] - edge) * (d[i] - edge);
	free(d);
	squares = sqrt(squares) / (double)count;
	if (share > HEAVY_SHARE / 2 && squares > t->judged.evpi_se)
		t->judged.evpi_se = squares;
	if (!(share > HEAVY_SHARE))
		return;
	trade_warn(t, "heavy_tail", "one draw in a hundred carries %.0f %% of "
	           "what knowing everything is worth: more draws may move it "
	           "by more than its error", fmin(100 * share, 100));
}

void voi_release(struct trade *t)
{
	free(t->factor);
	free(t->partial);
	free(t->single);
	free(t->jump);
	rest_release(&t->rest);
	for (int i = 0; t->bin && i < t->nfactors; i++)
		free(t->bin[i]);
	free(t->bin);
	free(t->bins);
	judged_cut_release(&t->few);
}

bool voi_report(struct trade *t)
{
	struct voi *v = &t->out->voi;
	double unit = fabs(t->unit);

	if (t->judged.best < 0 || t->run->point)
		return true;
	if (t->judged.evpi > 0)
		weigh_tail(t);
	v->present = true;
	v->evpi = t->judged.evpi * unit;
	v->evpi_se = t->judged.evpi_se * unit;
	partials_find(t);
	judged_cut(&t->judged, &t->few);
	if (!find_singles(t))
		return false;
	list_singles(t);
	if (!groups_report(t) || (t->o->want_studies && !studies_report(t)))
		return false;
	if (t->few.in.n < t->judged.in.n && v->ngroups + v->nstudies)
		trade_warn(t, "regression_draws", "groups and studies are "
		           "estimated on %lld of the draws",
		           (long long)t->few.in.n);
	return true;
}
