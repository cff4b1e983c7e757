/*
 * Any output over a parameter or over the months, for charts.
 *
 * Over a parameter there is one root an option, run once a place; over the
 * months, or a name that stands free in a figure of the model, one root an
 * option and place, run once.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/breakeven.h"
#include "engine/engine.h"
#include "engine/goal.h"
#include "engine/graphs.h"
#include "engine/stats.h"

#include "base/banned.h"

#define FIGURE_DRAWS 512

static const double shown[] = { 0.05, 0.95 };

struct figure {
	struct trade *t;
	struct sought s;
	int slot;                       /* -1: over the months, or `free` */
	const struct figure_def *free;
	struct syntax **at;             /* the expression at each place */
	int steps;                      /* roots a line */
	int lines;
	struct roots roots;
	int *number, *state;            /* [line * steps + step] */
	struct curve *c;
	double *work;
};

/* --- roots --- */

static node_id at_month(const struct figure *f, node_id n, int month)
{
	struct dag *d = f->t->plan->dag;

	if (n == NODE_NONE || !dag_get(d, n)->series)
		return n;
	return dag_reduce(d, OP_AT, n, f->t->plan->horizon, month);
}

static bool add_line(struct figure *f, int option)
{
	int labels[AXIS_MAX] = { [AXIS_OPTION] = option };
	struct value v;

	for (int i = 0; i < f->steps; i++) {
		int at = f->lines * f->steps + i;
		int month = f->slot < 0 && !f->free ? i + 1 : 1;

		if ((i == 0 || f->free) &&
		    !elab_expr(f->t->plan->elab, f->free ? f->at[i]
		               : f->s.value, labels, &v, f->t->err))
			return false;
		f->number[at] = roots_add(&f->roots, at_month(f, v.num,
		                                              month));
		f->state[at] = v.state == NODE_NONE ? ROOT_NONE :
			roots_add(&f->roots, at_month(f, v.state, month));
	}
	f->lines++;
	return true;
}

static bool same_lines(const struct figure *f)
{
	for (int i = f->steps; i < f->lines * f->steps; i++)
		if (f->roots.node[f->number[i]] !=
		    f->roots.node[f->number[i % f->steps]])
			return false;
	return true;
}

static bool add_lines(struct figure *f)
{
	int k = f->t->plan->noptions;
	size_t n = (size_t)(k * f->steps) + 1;

	f->number = xcalloc(n, sizeof *f->number);
	f->state = xcalloc(n, sizeof *f->state);
	for (int o = 0; o < k; o++)
		if ((f->s.only < 0 || f->s.only == o) && !add_line(f, o))
			return false;
	if (f->s.only < 0 && same_lines(f))
		f->lines = 1;
	return bound_graph_ok(f->t->plan->graph, f->t->err);
}

/* --- the empty curve --- */

static const char *line_title(const struct figure *f, int line)
{
	const struct option *d = f->t->plan->model->option;
	int o = f->s.only >= 0 ? f->s.only : line;

	if (f->lines == 1 && f->s.only < 0)
		return "every option";
	return d[o].title ? d[o].title : d[o].name;
}

static void curve_make(struct figure *f, const char *over, int n)
{
	struct arena *a = arena_new();
	struct curve *c = arena_alloc(a, sizeof *c);
	size_t cells = sizeof(double) * (size_t)(n * f->lines);
	const struct slot *s = f->slot < 0 ? NULL
		: &f->t->plan->bound->slot[f->slot];

	c->arena = a;
	c->parameter = arena_strdup(a, over);
	c->title = arena_strdup(a, s ? trade_slot_title(f->t, f->slot)
	                        : f->free ? f->free->over_title : "month");
	c->unit = arena_strdup(a, s ? slot_unit_text(s)
	                       : f->free ? f->free->over_unit : "month");
	c->y_title = arena_strdup(a, f->s.name);
	c->y_unit = arena_strdup(a, f->s.unit_text ? f->s.unit_text : "1");
	c->n = n;
	c->noptions = f->lines;
	c->option = arena_alloc(a, sizeof *c->option * (size_t)f->lines);
	for (int i = 0; i < f->lines; i++)
		c->option[i] = arena_strdup(a, line_title(f, i));
	c->x = arena_alloc(a, sizeof(double) * (size_t)n);
	c->mean = arena_alloc(a, cells);
	c->p5 = arena_alloc(a, cells);
	c->p95 = arena_alloc(a, cells);
	c->here = s ? f->t->sample->central[f->slot] / slot_unit(s)->scale
	            : NAN;
	f->c = c;
}

/* --- filling --- */

static void put(struct figure *f, int line, int place, double *v, int64_t n)
{
	struct curve *c = f->c;
	int at = line * c->n + place;
	int64_t numbers = stat_compact(v, n);
	double q[2];

	c->mean[at] = c->p5[at] = c->p95[at] = NAN;
	if (2 * numbers < n || numbers == 0)
		return;         /* what most draws lack is no line */
	c->mean[at] = stat_mean(v, numbers) / f->s.unit.scale;
	stat_quantiles(v, numbers, shown, 2, q);
	c->p5[at] = q[0] / f->s.unit.scale;
	c->p95[at] = q[1] / f->s.unit.scale;
}

static double value_of(const struct figure *f, const struct feed *feed,
                       int root, int lane)
{
	int state = f->state[root];
	double v = feed->out[f->number[root]][lane];

	if (state != ROOT_NONE && feed->out[state][lane] != 0.0)
		return NAN;
	return isfinite(v) ? v : NAN;
}

/* One place, or all months of the tape at once: columns of `roots` values over
 * the draws, then their summaries from place `at` on. */
static void fill_draws(struct figure *f, struct feed *feed, const double *x,
                       int at)
{
	struct sample *s = f->t->sample;
	int64_t n = s->draws.n;
	int roots = f->lines * f->steps;

	for (int64_t k = 0; k < n; k += TAPE_BLOCK) {
		int count = n - k < TAPE_BLOCK ? (int)(n - k) : TAPE_BLOCK;

		feed_draw(feed, s, k, count);
		if (x)
			feed_set(feed, f->slot, x, true);
		feed_run(feed, count);
		for (int r = 0; r < roots; r++)
			for (int i = 0; i < count; i++)
				f->work[r * n + k + i] = value_of(f, feed, r,
				                                  i);
	}
	for (int r = 0; r < roots; r++)
		put(f, r / f->steps, at + r % f->steps, f->work + r * n, n);
}

static void fill_central(struct figure *f, struct feed *feed, const double *x,
                         int at)
{
	feed_central(feed, f->t->sample);
	if (x)
		feed_set(feed, f->slot, x, true);
	feed_run(feed, 1);
	for (int r = 0; r < f->lines * f->steps; r++) {
		double v = value_of(f, feed, r, 0);

		put(f, r / f->steps, at + r % f->steps, &v, 1);
	}
}

static bool fill(struct figure *f)
{
	const struct engine_options *o = f->t->o;
	bool point = o->point || f->s.central;
	int64_t n = o->samples < FIGURE_DRAWS ? o->samples : FIGURE_DRAWS;
	struct sample *s = f->t->sample;
	struct tape *tape;
	struct feed feed;
	struct draws d;
	bool ok = true;

	if (!draws_init(&d, o->sampler, o->seed, n, f->t->err))
		return false;
	s->draws = d;
	tape = tape_new(f->t->plan->dag, f->roots.node, f->roots.n);
	feed_init(&feed, tape);
	for (int k = 0; k < feed.ninputs && !point; k++) {
		int slot = tape_input(tape, k);

		sample_prepare(s, &slot, 1);
	}
	f->work = xcalloc((size_t)(f->lines * f->steps) * (size_t)d.n + 1,
	                  sizeof *f->work);
	for (int i = 0; ok && i < f->c->n; i += f->steps) {
		const double *x = f->slot < 0 ? NULL : &f->c->x[i];

		(point ? fill_central : fill_draws)(f, &feed, x, i);
		ok = run_goes_on(o, (i + f->steps) / (double)f->c->n,
		                 f->t->err);
	}
	feed_release(&feed);
	tape_free(tape);
	free(f->work);
	return ok;
}

/* --- the question --- */

static bool over_months(struct figure *f)
{
	f->slot = -1;
	f->steps = f->t->plan->horizon;
	if (!add_lines(f))
		return false;
	curve_make(f, "month", f->steps);
	for (int i = 0; i < f->steps; i++)
		f->c->x[i] = i + 1;
	return fill(f);
}

static bool over_free(struct figure *f, int n)
{
	const struct figure_def *d = f->free;
	bool log = d->low > 0 && d->high / d->low > 20;
	double *x = arena_alloc(f->t->arena, sizeof *x * (size_t)n);

	f->slot = -1;
	f->steps = n;
	f->at = arena_alloc(f->t->arena, sizeof *f->at * (size_t)n);
	for (int i = 0; i < n; i++) {
		double at = (double)i / (n - 1);

		x[i] = log ? d->low * pow(d->high / d->low, at)
		           : d->low + (d->high - d->low) * at;
		f->at[i] = expr_parse(f->t->arena, figure_at(f->t->arena, d,
			x[i]), d->pos, f->t->err);
		if (!f->at[i])
			return false;
	}
	if (!add_lines(f))
		return false;
	curve_make(f, d->over, n);
	f->c->log_x = log;
	memcpy(f->c->x, x, sizeof *x * (size_t)n);
	return fill(f);
}

static bool over_slot(struct figure *f, const char *over, double low,
                      double high, int n)
{
	const struct bound *b = f->t->plan->bound;
	double scale = slot_unit(&b->slot[f->slot])->scale;

	f->steps = 1;
	if (!add_lines(f))
		return false;
	curve_make(f, over, n);
	f->c->log_x = low > 0 && high / low > 20;
	if (!(low < high) &&
	    !range_shown(f->t, f->slot, &low, &high, &f->c->log_x))
		return false;
	for (int i = 0; i < n; i++) {
		double at = (double)i / (n - 1);

		f->c->x[i] = f->c->log_x ? low * pow(high / low, at)
		                         : low + (high - low) * at;
	}
	if (!fill(f))
		return false;
	for (int i = 0; i < n; i++)
		f->c->x[i] /= scale;
	return true;
}

static bool quantity(const struct bound *b, int slot, const char *over,
                     struct err *err)
{
	if (slot >= 0 && slot_drawn(b, slot) && b->slot[slot].param &&
	    b->slot[slot].param->type == TYPE_NUMBER)
		return true;
	if (slot >= 0)
		err_add(err, ERR_USAGE, "`%s` is no quantity", over);
	return false;
}

static bool draw(struct figure *f, const char *output, const char *over,
                 double low, double high, int n)
{
	const struct plan *p = f->t->plan;

	f->s.only = -1;
	if (!sought_find(f->t, output, &f->s))
		return false;
	if (strcmp(over, "month") == 0)
		return over_months(f);
	if (n < 2 || n > 10000)
		return err_add(f->t->err, ERR_USAGE, "a curve has 2 to 10000 "
		               "points");
	f->slot = bound_slot(p->bound, p->index, over, f->t->err);
	return quantity(p->bound, f->slot, over, f->t->err) &&
	       over_slot(f, over, low, high, n);
}

/* The unit is that of the expression somewhere. */
static bool draw_named(struct figure *f, const struct figure_def *d, int n)
{
	const char *text = figure_at(f->t->arena, d, (d->low + d->high) / 2);

	if (!d->free)
		return draw(f, d->text, d->over, 0, 0, n);
	f->s.only = -1;
	if (!sought_find(f->t, text, &f->s))
		return false;
	f->s.name = d->title;
	f->free = d;
	return over_free(f, n);
}

struct asked {                          /* one of the two */
	const char *output, *over;
	double low, high;
	const struct figure_def *named;
	int n;
};

static struct curve *figure(const struct bound *b, int model,
                            const struct asked *q,
                            const struct engine_options *o, struct err *err)
{
	struct bound_graph *g = graph_open(o->cache, b);
	struct arena *a = arena_new();
	struct tradeoff out = { 0 };
	struct figure f = { .slot = -1 };
	struct trade t;
	bool ok = false;

	if (trade_open(&t, b, g, model, o, a, &out, err)) {
		t.run = t.central;
		f.t = &t;
		ok = q->named ? draw_named(&f, q->named, q->n)
			: draw(&f, q->output, q->over, q->low, q->high, q->n);
	}
	free(f.number);
	free(f.state);
	free(f.roots.node);
	trade_close(&t);
	arena_free(a);
	graph_close(o->cache, g);
	if (ok)
		return f.c;
	curve_free(f.c);
	return NULL;
}

struct curve *engine_figure_named(const struct bound *b, int model, int which,
                                  int n, const struct engine_options *o,
                                  struct err *err)
{
	const struct model *m = b->model[model].model;

	return figure(b, model, &(struct asked){ .n = n,
	              .named = &m->figure[which] }, o, err);
}

struct curve *engine_figure(const struct bound *b, int model,
                            const char *output, const char *over, double low,
                            double high, int n,
                            const struct engine_options *o, struct err *err)
{
	return figure(b, model, &(struct asked){ output, over, low, high, NULL,
	                                         n }, o, err);
}
