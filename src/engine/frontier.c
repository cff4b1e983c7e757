/*
 * Two parameters at once: from the lines of plane.h to a map in units.
 */
#include "engine/frontier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/breakeven.h"
#include "engine/engine.h"
#include "engine/graphs.h"
#include "engine/plane.h"
#include "engine/scan.h"

#include "base/banned.h"

#define DRAWS 1024              /* of expected costs: a place costs as many */
#define COARSE 24
#define DEPTH 2
#define ROUNDS 4                /* of a root: false position on nearly smooth
                                   differences is far inside a cell then */
#define EXACT_COARSE 48
#define EXACT_DEPTH 3
#define EXACT_ROUNDS 45

static const double levels[] = { 0.1, 0.5, 0.9 };

struct axis { int slot; double low, high; bool log; };

struct map {
	struct trade *t;
	struct axis axis[2];
	struct scan scan;
	double *at;                     /* the places of one call */
	size_t room;
};

static double place(const struct axis *a, double t)
{
	return a->log ? a->low * pow(a->high / a->low, t)
	              : a->low + (a->high - a->low) * t;
}

static bool eval(void *ctx, const double *x, const double *y, int n,
                 double *value, double *share)
{
	struct map *m = ctx;

	if (m->room < 2 * (size_t)n) {
		m->room = 2 * (size_t)n;
		m->at = xrealloc(m->at, m->room, sizeof *m->at);
	}
	for (int i = 0; i < n; i++) {
		m->at[i] = place(&m->axis[0], x[i]);
		m->at[n + i] = place(&m->axis[1], y[i]);
	}
	return scan_plane(&m->scan, m->at, m->at + n, n, value, share);
}

/* --- the result --------------------------------------------------------- */

static void name_axis(struct trade *t, const struct axis *a, const char *name,
                      struct frontier_axis *out)
{
	const struct slot *s = &t->plan->bound->slot[a->slot];
	double unit = slot_unit(s)->scale;

	*out = (struct frontier_axis) {
		.parameter = arena_strdup(t->arena, name),
		.title = trade_slot_title(t, a->slot),
		.unit = arena_strdup(t->arena, slot_unit_text(s)),
		.low = a->low / unit, .high = a->high / unit, .log = a->log,
		.here = t->sample->central[a->slot] / unit,
	};
}

static double scaled(const struct map *m, int axis, double t)
{
	const struct slot *s = &m->t->plan->bound->slot[m->axis[axis].slot];

	return place(&m->axis[axis], t) / slot_unit(s)->scale;
}

static void take_lines(const struct map *m, const struct plane *p,
                       struct frontier *f)
{
	struct arena *a = m->t->arena;

	f->nlines = p->nlines;
	f->line = arena_alloc(a, sizeof *f->line * ((size_t)p->nlines + 1));
	for (int i = 0; i < p->nlines; i++) {
		const struct plane_line *l = &p->line[i];
		size_t bytes = sizeof(double) * (size_t)l->n;

		f->line[i] = (struct frontier_line) {
			.a = l->a, .b = l->b, .level = l->level, .n = l->n,
			.x = arena_alloc(a, bytes), .y = arena_alloc(a, bytes),
		};
		for (int k = 0; k < l->n; k++) {
			f->line[i].x[k] = scaled(m, 0, l->x[k]);
			f->line[i].y[k] = scaled(m, 1, l->y[k]);
		}
	}
}

static void take_corners(const struct map *m, const struct plane *p,
                         struct frontier *f)
{
	f->ncorners = p->ncorners;
	f->corner = arena_alloc(m->t->arena, sizeof *f->corner *
	                        ((size_t)p->ncorners + 1));
	for (int i = 0; i < p->ncorners; i++) {
		struct frontier_corner *c = &f->corner[i];

		c->x = scaled(m, 0, p->corner[i].x);
		c->y = scaled(m, 1, p->corner[i].y);
		c->option = arena_alloc(m->t->arena, sizeof *c->option *
		                        (size_t)f->noptions);
		for (int o = 0; o < f->noptions; o++)
			if (p->corner[i].options >> o & 1)
				c->option[c->n++] = o;
	}
}

static void take(const struct map *m, const struct plane *p,
                 struct frontier *f)
{
	size_t nodes = ((size_t)p->n + 1) * ((size_t)p->n + 1);

	f->n = p->n;
	f->label = arena_alloc(m->t->arena, nodes);
	memcpy(f->label, p->label, nodes);
	memcpy(f->share, p->share, sizeof *f->share * (size_t)f->noptions);
	f->coarse = p->coarse;
	if (p->best) {
		nodes = ((size_t)p->coarse + 1) * ((size_t)p->coarse + 1) *
		        (size_t)f->noptions * sizeof *f->best;
		f->best = arena_alloc(m->t->arena, nodes);
		memcpy(f->best, p->best, nodes);
	}
	take_lines(m, p, f);
	take_corners(m, p, f);
}

static struct frontier *frontier_new(struct map *m, const char *const name[2])
{
	struct trade *t = m->t;
	struct frontier *f = arena_alloc(t->arena, sizeof *f);
	size_t k = (size_t)t->plan->noptions;

	name_axis(t, &m->axis[0], name[0], &f->x);
	name_axis(t, &m->axis[1], name[1], &f->y);
	f->noptions = (int)k;
	f->option = arena_alloc(t->arena, sizeof *f->option * k);
	f->title = arena_alloc(t->arena, sizeof *f->title * k);
	f->share = arena_alloc(t->arena, sizeof *f->share * k);
	f->here = -1;
	for (size_t o = 0; o < k; o++) {
		const struct option *d = &t->plan->model->option[o];

		f->option[o] = arena_strdup(t->arena, d->name);
		f->title[o] = arena_strdup(t->arena, d->title ? d->title :
		                           d->name);
	}
	return f;
}

/* Who is best where the scenario stands, by the same draws. */
static bool ask_here(struct map *m, const bool *in, struct frontier *f)
{
	double x = m->t->sample->central[m->axis[0].slot];
	double y = m->t->sample->central[m->axis[1].slot];
	double *v = xcalloc((size_t)f->noptions, sizeof *v);
	bool ok = scan_plane(&m->scan, &x, &y, 1, v, NULL);

	for (int o = 0; ok && o < f->noptions; o++)
		if (in[o] && !isnan(v[o]) &&
		    (f->here < 0 || v[o] < v[f->here]))
			f->here = o;
	free(v);
	return ok;
}

/* --- the search --------------------------------------------------------- */

static bool find_axis(struct trade *t, const char *name, struct axis *a)
{
	const struct bound *b = t->plan->bound;
	const struct param *p;

	a->slot = bound_slot(b, t->plan->index, name, t->err);
	if (a->slot < 0)
		return false;
	p = b->slot[a->slot].param;
	if (!slot_drawn(b, a->slot) || !p || p->type != TYPE_NUMBER)
		return err_add(t->err, ERR_USAGE, "`%s` is no quantity", name);
	return range_shown(t, a->slot, &a->low, &a->high, &a->log);
}

/* Nothing else is uncertain: central values are exact. */
static bool certain(const struct trade *t, const struct map *m)
{
	if (t->out->point)
		return true;
	for (int i = 0; i < t->nfactors; i++)
		if (t->factor[i].slot != m->axis[0].slot &&
		    t->factor[i].slot != m->axis[1].slot)
			return false;
	return true;
}

static bool find(struct map *m, struct frontier *f)
{
	struct trade *t = m->t;
	bool exact = certain(t, m), in[MODEL_MAX_OPTIONS], ok;
	int slot[2] = { m->axis[0].slot, m->axis[1].slot };
	struct plane_problem p = {
		.ctx = m, .eval = eval, .noptions = f->noptions, .in = in,
		.coarse = exact ? EXACT_COARSE : COARSE,
		.depth = exact ? EXACT_DEPTH : DEPTH,
		.rounds = exact ? EXACT_ROUNDS : ROUNDS,
		.level = levels,
		.nlevels = exact ? 0 : (int)(sizeof levels / sizeof *levels),
	};
	struct draws d;
	struct plane plane;

	for (int o = 0; o < f->noptions; o++)
		in[o] = !t->barred[o];
	if (!exact && !draws_init(&d, t->o->sampler, t->o->seed,
	                          t->o->samples < DRAWS ? t->o->samples :
	                          DRAWS, t->err))
		return false;
	f->draws = exact ? 0 : d.n;
	scan_init_plane(&m->scan, t, slot, in, exact ? NULL : &d);
	ok = ask_here(m, in, f) && plane_find(&p, &plane);
	if (ok) {
		take(m, &plane, f);
		plane_release(&plane);
	}
	scan_release(&m->scan);
	free(m->at);
	return ok;
}

static const char *nothing_moves(struct trade *t, const struct frontier *f,
                                 const struct map *m)
{
	const struct frontier_axis *axis[2] = { &f->x, &f->y };
	const struct plan *p = t->plan;

	for (int i = 0; i < 2; i++)
		if (!plan_depends(p, &p->roots, p->nlean, m->axis[i].slot, NULL))
			return arena_printf(t->arena, "no option depends on "
			                    "%s", axis[i]->parameter);
	return NULL;
}

bool frontier_fill(struct trade *t, const char *x, const char *y)
{
	const char *const name[2] = { x, y };
	struct map m = { .t = t };
	struct frontier *f;

	if (!find_axis(t, x, &m.axis[0]) || !find_axis(t, y, &m.axis[1]))
		return false;
	if (m.axis[0].slot == m.axis[1].slot)
		return err_add(t->err, ERR_USAGE, "`%s` and `%s` are one "
		               "parameter", x, y);
	f = frontier_new(&m, name);
	f->note = nothing_moves(t, f, &m);
	t->out->frontier = f;
	return find(&m, f);
}

struct frontier *engine_frontier_bound(const struct bound *b, int model,
                                       const char *x, const char *y,
                                       const struct engine_options *o,
                                       struct err *err)
{
	struct bound_graph *g = graph_open(o->cache, b);
	struct arena *a = arena_new();
	struct tradeoff *out = arena_alloc(a, sizeof *out);
	struct frontier *f = NULL;
	struct trade t;

	/* rules stand by the central draw here, as for a curve */
	if (trade_open(&t, b, g, model, o, a, out, err)) {
		t.run = t.central;
		rules_apply(&t);
		if (frontier_fill(&t, x, y))
			f = out->frontier;
	}
	trade_close(&t);
	graph_close(o->cache, g);
	if (f)
		f->arena = a;
	else
		arena_free(a);
	return f;
}
