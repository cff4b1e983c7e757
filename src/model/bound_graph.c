/*
 * One value graph for all models of a binding.  A formula's parameter asks for
 * its slot here: an input, or whatever the slot stands for, elaborated in the
 * environment it comes from.
 *
 *      formula of A -> slot of A -> workload formula -> slot of the workload
 *                                -> formula of B     -> slot of B -> ...
 *
 * Models never read each other in a circle (bound_links.c), so this ends.
 */
#include "model/bound_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* What an elaborator is told about itself; [0] is the workload's. */
struct view {
	struct bound_graph *g;
	int model;                      /* -1: workload */
	struct env *env;
	struct elab *elab;              /* made when first asked */
};

struct bound_graph {
	const struct bound *b;
	int nmodels;
	bool open;                      /* neighbours' figures are inputs */
	struct dag *dag;
	struct view *view;              /* nmodels + 1 */
	struct err err;
};

struct bound_graph *bound_graph_new(const struct bound *b)
{
	struct bound_graph *g = xcalloc(1, sizeof *g);

	g->b = b;
	g->nmodels = b->nmodels;
	g->dag = dag_new();
	g->view = xcalloc((size_t)b->nmodels + 1, sizeof *g->view);
	for (int i = 0; i <= b->nmodels; i++)
		g->view[i] = (struct view){
			.g = g, .model = i - 1,
			.env = i == 0 ? b->workload->env
			              : b->model[i - 1].model->env,
		};
	return g;
}

struct bound_graph *bound_graph_open(const struct bound *b)
{
	struct bound_graph *g = bound_graph_new(b);

	g->open = true;
	return g;
}

void bound_graph_free(struct bound_graph *g)
{
	if (!g)
		return;
	for (int i = 0; i <= g->nmodels; i++)
		elab_free(g->view[i].elab);
	dag_free(g->dag);
	err_clear(&g->err);
	free(g->view);
	free(g);
}

void bound_graph_bind(struct bound_graph *g, const struct bound *b)
{
	g->b = b;
}

struct dag *bound_graph_dag(struct bound_graph *g)
{
	return g->dag;
}

/* --- slots ---------------------------------------------------------------- */

static struct value nothing(struct bound_graph *g)
{
	return (struct value){ dag_const(g->dag, 0), NODE_NONE };
}

static struct value workload_formula(struct bound_graph *g,
                                     const struct slot *s)
{
	struct elab *el = bound_graph_elab(g, -1);
	int labels[AXIS_MAX] = { 0 };
	struct value v;

	return elab_name(el, s->formula, labels, &v, &g->err) ? v : nothing(g);
}

/* A formula of the neighbour, else one of its outputs. */
struct value bound_graph_figure(struct bound_graph *g, int slot, int option)
{
	const struct slot *s = &g->b->slot[slot];
	struct elab *el = bound_graph_elab(g, s->neighbour);
	const struct model *m = g->b->model[s->neighbour].model;
	int labels[AXIS_MAX] = { [AXIS_OPTION] = option };
	struct symbol sym;
	struct value v;

	if (env_symbol(m->env, s->formula, 0, &sym))
		return elab_name(el, s->formula, labels, &v, &g->err)
			? v : nothing(g);
	for (int i = 0; i < m->noutputs; i++)
		if (strcmp(m->output[i].name, s->formula) == 0
		    && elab_expr(el, m->output[i].value, labels, &v, &g->err))
			return v;
	return nothing(g);
}

/* A figure that may be a state needs a second input for it. */
static struct value open_figure(struct bound_graph *g, int slot)
{
	const struct param *p = g->b->slot[slot].param;

	return (struct value){ dag_input(g->dag, slot), p->stateful
		? dag_input(g->dag, g->b->nslots + slot) : NODE_NONE };
}

/* A truth or choice that is known: the branches it rules out, which may be as
 * dear as a search, leave the graph. */
static bool known_word(const struct slot *s)
{
	return s->param && s->param->type != TYPE_NUMBER && s->dist
		&& dist_is_point(s->dist);
}

static struct value slot_value(struct bound_graph *g, int slot)
{
	const struct slot *s = &g->b->slot[slot];
	struct value v;

	switch (s->kind) {
	case SLOT_INPUT:
		if (known_word(s))
			return (struct value){
				dag_const(g->dag, dist_central(s->dist)),
				NODE_NONE,
			};
		break;
	case SLOT_MIXED:
	case SLOT_ABSENT:
		break;
	case SLOT_WORKLOAD:
		return s->target >= 0 ? slot_value(g, s->target)
		                      : workload_formula(g, s);
	case SLOT_PRICE:
		v = slot_value(g, s->times);
		v.num = dag_op(g->dag, OP_MUL, dag_const(g->dag, s->factor),
		               v.num, NODE_NONE);
		return v;
	case SLOT_NEIGHBOUR:
		return g->open ? open_figure(g, slot)
		               : bound_graph_figure(g, slot, s->option);
	}
	return (struct value){ dag_input(g->dag, slot), NODE_NONE };
}

static struct value slot_of_view(void *ctx, struct dag *d, int slot)
{
	const struct view *v = ctx;
	int base = v->model < 0 ? 0 : v->g->b->model[v->model].first_slot;

	(void)d;
	return slot_value(v->g, base + slot);
}

static const struct data_column *column_of_view(void *ctx, const char *name)
{
	const struct view *v = ctx;

	return bound_column(v->g->b, v->model, name);
}

/* --- elaborators ---------------------------------------------------------- */

struct elab *bound_graph_elab(struct bound_graph *g, int model)
{
	struct view *v = &g->view[model + 1];

	env_months(v->env, model < 0 ? 1 : g->b->model[model].horizon);
	if (!v->elab)
		v->elab = elab_new(v->env, g->dag, slot_of_view, v);
	elab_columns(v->elab, column_of_view);
	return v->elab;
}

struct elab *bound_graph_part(struct bound_graph *g, int model,
                              const char *const *left_out)
{
	struct view *v = &g->view[model + 1];
	struct elab *el;

	env_months(v->env, g->b->model[model].horizon);
	el = elab_new(v->env, g->dag, slot_of_view, v);
	elab_leave_out(el, left_out);
	return el;
}

bool bound_graph_ok(struct bound_graph *g, struct err *err)
{
	bool ok = !err_any(&g->err);

	err_move(err, &g->err);
	return ok;
}
