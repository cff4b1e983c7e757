/*
 * The why-trace: a figure, the formula behind it, and the figures that it was
 * made from, down to parameters and their sources.
 *
 *      objective[self_host]        npv(sum_money(monthly), ...) + ...
 *        monthly[self_host] at 1   the money lines of a month
 *          hosting[self_host] at 1 gpus * gpu_hour_price
 *            gpus[self_host] at 1  ...
 *            gpu_hour_price        1.9 to 7 USD/GPU/h, a vendor's list
 *        discount_rate             ...
 *
 * Names are looked up first; then all figures come from one run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/engine.h"
#include "engine/moves.h"
#include "engine/trade.h"

#include "base/banned.h"

#define EXPLAIN_DRAWS 8192
#define EXPLAIN_NODES 400

struct item {                           /* where a node's figure stands */
	struct explanation *x;
	int number, state;              /* roots, or central ones */
	bool central;                   /* too dear per draw */
	double scale;
	int model;
};

struct tracer {
	struct trade *t;
	struct roots roots, central;
	struct item item[EXPLAIN_NODES];
	int n, depth;
	bool ok;
};

/* Where a name is meant: whose formula, for which option. */
struct scope {
	int model;                      /* -1: the workload */
	int option;
	int depth;
};

static const struct env *env_of(const struct tracer *tr, int model)
{
	const struct bound *b = tr->t->plan->bound;

	return model < 0 ? b->workload->env : b->model[model].model->env;
}

/* "gpus[self_host] at 1": the language's own spelling. */
static const char *full_name(const struct tracer *tr, const char *name,
                             unsigned axes, const struct scope *at)
{
	const struct env *e = env_of(tr, at->model);
	struct buf b = BUF_INIT;
	int n = 0;
	const char *text;

	buf_add(&b, name);
	for (int a = 0; a < env_axes(e); a++) {
		int label = a == AXIS_OPTION ? at->option : 0;

		if (a == AXIS_MONTH || !(axes & AXES(a)))
			continue;
		buf_addf(&b, "%s%s", n++ ? ", " : "[",
		         env_axis_label(e, a, label));
	}
	if (n)
		buf_addc(&b, ']');
	if (axes & AXES(AXIS_MONTH))
		buf_add(&b, " at 1");
	text = arena_strdup(tr->t->arena, b.s);
	buf_release(&b);
	return text;
}

static struct explanation *node_new(struct tracer *tr, const char *name)
{
	struct explanation *x = arena_alloc(tr->t->arena, sizeof *x);

	x->name = name;
	x->title = name;
	x->unit = "1";
	x->s = summary_nothing();
	return x;
}

/* Months: of the workload's formulas there are none. */
static node_id first_month(const struct tracer *tr, int model, node_id n)
{
	struct dag *d = tr->t->plan->dag;

	if (n == NODE_NONE || !dag_get(d, n)->series)
		return n;
	return dag_reduce(d, OP_AT, n, model < 0 ? 1 :
	                  tr->t->plan->bound->model[model].horizon, 1);
}

static void watch(struct tracer *tr, struct explanation *x, int model,
                  struct value v, double scale, bool central)
{
	struct item *i = &tr->item[tr->n++];
	struct roots *r = central ? &tr->central : &tr->roots;

	i->x = x;
	i->model = model;
	i->scale = scale;
	i->central = central;
	i->number = roots_add(r, first_month(tr, model, v.num));
	i->state = v.state == NODE_NONE ? ROOT_NONE :
	           roots_add(r, first_month(tr, model, v.state));
}

static bool seen(const struct tracer *tr, const char *name)
{
	for (int i = 0; i < tr->n; i++)
		if (strcmp(tr->item[i].x->name, name) == 0)
			return true;
	return false;
}

static void add_part(struct tracer *tr, struct explanation *to,
                     struct explanation *part)
{
	struct explanation **more;

	if (!part)
		return;
	more = arena_alloc(tr->t->arena, sizeof *more * (size_t)(to->n + 1));
	if (to->n)
		memcpy(more, to->part, sizeof *more * (size_t)to->n);
	more[to->n++] = part;
	to->part = more;
}

static struct explanation *trace(struct tracer *tr, const char *name,
                                 const struct scope *at);

struct naming {
	struct tracer *tr;
	struct explanation *x;
	struct scope at;
	const struct syntax *s;
};

/* The option that `name[option]` speaks of, where the text says so. */
static int option_meant(const struct naming *n, const char *name,
                        struct pos pos)
{
	const struct env *e = env_of(n->tr, n->at.model);
	const char *text = syntax_text(n->s), *label;
	int at = pos.col - syntax_pos(n->s).col, axis, k;
	size_t len = strlen(name);

	if (n->at.model < 0 || pos.line != syntax_pos(n->s).line || at < 0 ||
	    (size_t)at + len >= strlen(text) ||
	    strncmp(text + at, name, len) != 0 || text[at + (int)len] != '[')
		return n->at.option;
	label = text + at + len + 1;
	label = arena_strndup(n->tr->t->arena, label, strcspn(label, "], "));
	k = env_find_label(e, label, &axis);
	if (k >= 0 && axis == AXIS_OPTION)
		return k;
	k = n->tr->t->plan->bound->model[n->at.model].model->decision.incumbent;
	return k >= 0 && strcmp(label, "incumbent") == 0 ? k : n->at.option;
}

static void trace_name(void *ctx, const char *name, struct pos pos)
{
	struct naming *n = ctx;
	struct scope at = n->at;

	at.option = option_meant(n, name, pos);
	add_part(n->tr, n->x, trace(n->tr, name, &at));
}

static void trace_below(struct tracer *tr, struct explanation *x,
                        const struct syntax *s, const struct scope *at)
{
	struct naming n = { tr, x, *at, s };

	n.at.depth++;
	if (s && n.at.depth <= tr->depth)
		syntax_names(s, trace_name, &n);
}

/* --- kinds of figures --------------------------------------------------- */

static void place(struct tracer *tr, struct explanation *x, struct pos pos)
{
	if (!pos.file)
		return;
	x->file = arena_strdup(tr->t->arena, pos.file);
	x->line = pos.line;
}

static void title_formula(struct tracer *tr, struct explanation *x,
                          const char *name, const struct scope *at)
{
	const struct bound *b = tr->t->plan->bound;
	const struct formula_info *f = at->model < 0 ? b->workload->formula :
	                               b->model[at->model].model->formula;
	int n = at->model < 0 ? b->workload->nformulas :
	        b->model[at->model].model->nformulas;

	for (int i = 0; i < n; i++)
		if (strcmp(f[i].name, name) == 0 && f[i].title)
			x->title = arena_strdup(tr->t->arena, f[i].title);
}

/* A parameter stands for an input, or for a figure of another part. */
static void trace_param(struct tracer *tr, struct explanation *x,
                        const char *name, const struct scope *at)
{
	const struct bound *b = tr->t->plan->bound;
	int base = at->model < 0 ? 0 : b->model[at->model].first_slot, index;
	const struct param *p = at->model < 0 ?
		workload_param(b->workload, name, &index) :
		model_param(b->model[at->model].model, name, &index);
	const struct slot *s;
	struct scope below = *at;

	if (!p)
		return;
	index = p->axis < 0 ? 0 : p->slot_of_label[p->axis == AXIS_OPTION ?
	                                           at->option : 0];
	s = &b->slot[base + p->first_slot + index];
	x->title = p->title ? arena_strdup(tr->t->arena, p->title) : x->name;
	x->formula = s->text ? arena_strdup(tr->t->arena, s->text) : NULL;
	place(tr, x, s->pos);
	for (int i = 0; i < tr->t->out->nprovenance; i++)
		if (strcmp(tr->t->out->provenance[i].parameter, s->name) == 0)
			x->source = &tr->t->out->provenance[i];
	below.depth++;
	if (below.depth > tr->depth)
		return;
	if (s->kind == SLOT_WORKLOAD && s->target < 0) {
		below.model = -1;
		add_part(tr, x, trace(tr, s->formula, &below));
	} else if (s->kind == SLOT_NEIGHBOUR) {
		below.model = s->neighbour;
		below.option = s->option;
		add_part(tr, x, trace(tr, s->formula, &below));
	}
}

/* Lines of one timing that hold for the option. */
static void trace_money(struct tracer *tr, struct explanation *x, bool monthly,
                        const struct scope *at)
{
	const struct plan *p = tr->t->plan;
	const struct model *m = p->bound->model[at->model].model;
	int labels[AXIS_MAX] = { [AXIS_OPTION] = at->option };
	struct elab *el = bound_graph_elab(p->graph, at->model);

	for (int i = 0; i < m->nmoney && tr->n < EXPLAIN_NODES; i++) {
		const struct money *line = &m->money[i];
		struct explanation *part;
		struct syntax *s;
		struct value v;
		struct scope below = *at;

		if ((line->timing == MONEY_MONTHLY) != monthly ||
		    !(line->options >> at->option & 1))
			continue;
		if (!elab_money(el, line->name, labels, &v, tr->t->err)) {
			tr->ok = false;
			return;
		}
		part = node_new(tr, full_name(tr, line->name,
			AXES(AXIS_OPTION) | (monthly ? AXES(AXIS_MONTH) : 0),
			at));
		if (line->title)
			part->title = arena_strdup(tr->t->arena, line->title);
		part->unit = monthly ? "USD/month" : "USD";
		part->formula = arena_strdup(tr->t->arena, line->text);
		place(tr, part, line->pos);
		/* a rate is per second inside: a month is 730 h */
		watch(tr, part, at->model, v, monthly ? 1 / (730.0 * 3600) : 1,
		      false);
		add_part(tr, x, part);
		s = expr_parse(tr->t->arena, line->text, line->pos, NULL);
		below.depth++;
		trace_below(tr, part, s, &below);
	}
}

/* An output of the model that is no formula. */
static const struct output_def *output_named(const struct tracer *tr,
                                             const char *name, int model)
{
	const struct model *m;

	if (model < 0)
		return NULL;
	m = tr->t->plan->bound->model[model].model;
	for (int i = 0; i < m->noutputs; i++)
		if (strcmp(m->output[i].name, name) == 0)
			return &m->output[i];
	return NULL;
}

static struct explanation *trace_output(struct tracer *tr,
                                        const struct output_def *d,
                                        const struct scope *at)
{
	struct elab *el = bound_graph_elab(tr->t->plan->graph, at->model);
	int labels[AXIS_MAX] = { [AXIS_OPTION] = at->option };
	struct explanation *x;
	struct value v;

	x = node_new(tr, full_name(tr, d->name, AXES(AXIS_OPTION), at));
	if (!elab_expr(el, d->value, labels, &v, tr->t->err)) {
		tr->ok = false;
		return NULL;
	}
	x->title = d->title ? arena_strdup(tr->t->arena, d->title) : x->name;
	x->unit = arena_strdup(tr->t->arena, d->unit_text ? d->unit_text
	                                                  : "1");
	x->formula = arena_strdup(tr->t->arena, syntax_text(d->value));
	place(tr, x, d->pos);
	watch(tr, x, at->model, v, d->unit.scale, d->central);
	trace_below(tr, x, d->value, at);
	return x;
}

static struct explanation *trace_symbol(struct tracer *tr, const char *name,
                                        const struct scope *at)
{
	struct elab *el = bound_graph_elab(tr->t->plan->graph, at->model);
	int labels[AXIS_MAX] = { [AXIS_OPTION] = at->option };
	const struct env *e = env_of(tr, at->model);
	struct explanation *x;
	struct symbol sym;
	const char *full;
	struct value v;
	bool again, by_option;

	env_symbol(e, name, 0, &sym);
	by_option = !(sym.type.axes & ~(AXES(AXIS_OPTION) |
	                                AXES(AXIS_MONTH)));
	if (by_option && sym.type.axes & AXES(AXIS_OPTION))
		env_symbol(e, name, at->option, &sym);
	full = full_name(tr, name, sym.type.axes, at);
	again = seen(tr, full);
	x = node_new(tr, full);
	if (!elab_name(el, name, labels, &v, tr->t->err)) {
		tr->ok = false;
		return NULL;
	}
	x->unit = arena_strdup(tr->t->arena, sym.unit_text ? sym.unit_text
	                                                   : "1");
	x->formula = sym.body ? arena_strdup(tr->t->arena,
	                                     syntax_text(sym.body)) : NULL;
	place(tr, x, sym.pos);
	title_formula(tr, x, name, at);
	watch(tr, x, at->model, v, sym.unit.scale > 0 ? sym.unit.scale : 1,
	      false);
	/* what was shown once is not unfolded again */
	if (again)
		return x;
	if (sym.kind == SYMBOL_PARAM)
		trace_param(tr, x, name, at);
	else if (at->model >= 0 && (strcmp(name, "monthly") == 0 ||
	                            strcmp(name, "once") == 0))
		trace_money(tr, x, name[0] == 'm', at);
	else
		trace_below(tr, x, sym.body, at);
	return x;
}

/* What the question was, where it is more than a name: NULL where it is no
 * number. */
static struct explanation *trace_expression(struct tracer *tr,
                                            const char *text,
                                            const struct scope *at)
{
	struct elab *el = bound_graph_elab(tr->t->plan->graph, at->model);
	struct env *e = tr->t->plan->bound->model[at->model].model->env;
	int labels[AXIS_MAX] = { [AXIS_OPTION] = at->option };
	struct err mute = ERR_INIT;
	struct syntax *s = expr_parse(tr->t->arena, text,
	                              (struct pos){ text, 1, 1 }, &mute);
	struct explanation *x = NULL;
	struct expr_type type;
	struct unit unit;
	struct value v;

	if (s && env_check_expr(e, s, TYPE_NUMBER, AXES(AXIS_OPTION)
	                        | AXES(AXIS_MONTH), false, &type, &mute) &&
	    elab_expr(el, s, labels, &v, &mute)) {
		x = node_new(tr, full_name(tr, text, type.axes, at));
		env_display(e, s, &type, &unit, &x->unit);
		x->unit = arena_strdup(tr->t->arena, x->unit);
		watch(tr, x, at->model, v, unit.scale, false);
		trace_below(tr, x, s, at);
	}
	err_clear(&mute);
	return x;
}

static struct explanation *trace(struct tracer *tr, const char *name,
                                 const struct scope *at)
{
	struct symbol sym;
	const struct output_def *d;

	if (!tr->ok || tr->n >= EXPLAIN_NODES)
		return NULL;
	if (env_symbol(env_of(tr, at->model), name, 0, &sym))
		return trace_symbol(tr, name, at);
	d = output_named(tr, name, at->model);
	return d ? trace_output(tr, d, at) : at->depth == 0
		? trace_expression(tr, name, at) : NULL;
}

/* --- figures ------------------------------------------------------------ */

static void state_of(const struct tracer *tr, const struct item *i, int code)
{
	const struct env *e = env_of(tr, i->model);

	i->x->s.state = arena_strdup(tr->t->arena, env_state_name(e, code));
}

/* The items of one kind at central values. */
static void fill_point(struct tracer *tr, const struct roots *r, bool central)
{
	double *v = xcalloc((size_t)r->n + 1, sizeof *v);

	central_run(tr->t->plan->dag, r, tr->t->sample, v);
	for (int k = 0; k < tr->n; k++) {
		const struct item *i = &tr->item[k];
		bool number;

		if (i->central != central)
			continue;
		number = i->state == ROOT_NONE || v[i->state] == 0.0;
		i->x->s = summary_value(number ? v[i->number] / i->scale
		                               : NAN);
		if (!number)
			state_of(tr, i, (int)v[i->state]);
	}
	free(v);
}

/* The columns of all roots over the draws. */
static double *columns(struct tracer *tr, const struct draws *d)
{
	struct sample *s = tr->t->sample;
	struct tape *tape = tape_new(tr->t->plan->dag, tr->roots.node,
	                             tr->roots.n);
	double *v = xcalloc((size_t)tr->roots.n * (size_t)d->n, sizeof *v);
	struct feed f;

	feed_init(&f, tape);
	s->draws = *d;
	for (int k = 0; k < f.ninputs; k++) {
		int slot = tape_input(tape, k);

		sample_prepare(s, &slot, 1);
	}
	for (int64_t at = 0; at < d->n; at += TAPE_BLOCK) {
		int64_t left = d->n - at;
		int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

		feed_draw(&f, s, at, n);
		feed_run(&f, n);
		for (int r = 0; r < tr->roots.n; r++)
			memcpy(v + r * d->n + at, f.out[r],
			       sizeof *v * (size_t)n);
	}
	feed_release(&f);
	tape_free(tape);
	return v;
}

static void count_states(struct tracer *tr, const struct item *i, double *v,
                         const double *state, const struct draws *d)
{
	int64_t never = 0, always = 0;

	for (int64_t k = 0; k < d->n; k++) {
		never += state[k] == STATE_NEVER;
		always += state[k] == STATE_ALWAYS;
		if (state[k] != 0.0)
			v[k] = NAN;
	}
	i->x->s.p_never = (double)never / (double)d->n;
	i->x->s.p_always = (double)always / (double)d->n;
	(void)tr;
}

/* Inputs below one figure. */
static void mark_below(const struct tracer *tr, const struct item *i,
                       bool *below)
{
	const struct plan *p = tr->t->plan;
	struct roots one = { .node = &tr->roots.node[i->number], .n = 1 };
	int *slots, n = plan_inputs(p, &one, 1, &slots);

	for (int k = 0; k < n; k++) {
		const struct slot *s = &p->bound->slot[slots[k]];

		below[slots[k]] = true;
		if (s->kind == SLOT_MIXED)
			below[s->preset] = true;
	}
	free(slots);
}

/* What moves each figure; `v` holds its draws, gaps where it is a state. */
static void fill_moves(struct tracer *tr, const double *v,
                       const struct draws *d)
{
	const struct plan *p = tr->t->plan;
	int *slots, n = plan_inputs(p, &tr->roots, tr->roots.n, &slots);
	struct moves m;

	moves_init(&m, tr->t, slots, n);
	for (int k = 0; k < tr->n; k++) {
		const struct item *i = &tr->item[k];
		bool *below;

		if (i->central)
			continue;
		below = xcalloc((size_t)p->bound->nslots + 1, sizeof *below);
		mark_below(tr, i, below);
		i->x->nmoves = moves_of(&m, v + i->number * d->n, below,
		                        &i->x->move);
		free(below);
	}
	moves_release(&m);
	free(slots);
}

static bool fill_sampled(struct tracer *tr)
{
	int64_t n = tr->t->o->samples < EXPLAIN_DRAWS ? tr->t->o->samples
	                                              : EXPLAIN_DRAWS;
	struct draws d;
	double *v, *work;

	if (!draws_init(&d, tr->t->o->sampler, tr->t->o->seed, n, tr->t->err))
		return false;
	v = columns(tr, &d);
	work = xcalloc((size_t)d.n, sizeof *work);
	for (int k = 0; k < tr->n; k++) {
		const struct item *i = &tr->item[k];
		double *x, never = 0, always = 0;

		if (i->central)
			continue;
		x = v + i->number * d.n;
		if (i->state != ROOT_NONE) {
			count_states(tr, i, x, v + i->state * d.n, &d);
			never = i->x->s.p_never;
			always = i->x->s.p_always;
		}
		for (int64_t j = 0; j < d.n; j++)
			if (!isfinite(x[j]))
				x[j] = NAN;
		i->x->s = summary_of(x, d.n, d.replicates, 1 / i->scale, work);
		i->x->s.p_never = never;
		i->x->s.p_always = always;
		if (i->x->s.p_number == 0 && i->state != ROOT_NONE)
			state_of(tr, i, (int)v[i->state * d.n]);
	}
	fill_moves(tr, v, &d);
	free(work);
	free(v);
	return true;
}

/* --- the question ------------------------------------------------------- */

/* "NAME" or "NAME[OPTION]"; without one, the incumbent's. */
static bool read_name(struct trade *t, const char *output, char **name,
                      int *option)
{
	const struct model *m = t->plan->model;
	const char *open = strrchr(output, '['), *close;
	char *label;

	*option = m->decision.incumbent < 0 ? 0 : m->decision.incumbent;
	if (!open) {
		*name = arena_strdup(t->arena, output);
		return true;
	}
	*name = arena_strndup(t->arena, output, (size_t)(open - output));
	close = strchr(open, ']');
	if (!close || close[1])
		return err_add(t->err, ERR_USAGE, "`%s` is no NAME[OPTION]",
		               output);
	label = arena_strndup(t->arena, open + 1, (size_t)(close - open - 1));
	if (strcmp(label, "incumbent") == 0)
		return true;
	*option = model_option(m, label);
	return *option >= 0 || err_add(t->err, ERR_USAGE, "`%s` is no option "
	                               "of %s", label, m->name);
}

static struct explanation *explain(struct trade *t, const char *output,
                                   int depth)
{
	struct tracer *tr = xcalloc(1, sizeof *tr);
	struct scope at = { .model = t->plan->index };
	struct explanation *x = NULL;
	char *name;

	tr->t = t;
	tr->depth = depth;
	tr->ok = read_name(t, output, &name, &at.option) &&
	         provenance_report(t);
	if (tr->ok)
		x = trace(tr, name, &at);
	if (tr->ok && !x)
		err_add(t->err, ERR_USAGE, "%s has no formula or output `%s`",
		        t->plan->model->name, name);
	if (x && tr->ok && bound_graph_ok(t->plan->graph, t->err)) {
		fill_point(tr, &tr->central, true);
		if (t->o->point)
			fill_point(tr, &tr->roots, false);
		else if (tr->roots.n > 0)
			tr->ok = fill_sampled(tr);
	}
	x = tr->ok ? x : NULL;
	free(tr->roots.node);
	free(tr->central.node);
	free(tr);
	return x;
}

struct explanation *engine_explain(const struct bound *b, int model,
                                   const char *output, int depth,
                                   const struct engine_options *o,
                                   struct err *err)
{
	struct bound_graph *g = bound_graph_new(b);
	struct arena *a = arena_new();
	struct tradeoff *out = arena_alloc(a, sizeof *out);
	struct explanation *x = NULL;
	struct trade t;

	if (trade_open(&t, b, g, model, o, a, out, err))
		x = explain(&t, output, depth);
	trade_close(&t);
	bound_graph_free(g);
	if (x)
		x->arena = a;
	else
		arena_free(a);
	return x;
}
