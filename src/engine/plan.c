#include "engine/plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/memo.h"

#include "base/banned.h"

int roots_add(struct roots *r, node_id n)
{
	*ARR_PUSH(r->node, r->n, r->cap) = n;
	return r->n - 1;
}

/* A figure of a month is shown for the first one. */
static node_id at_first_month(const struct plan *p, node_id n)
{
	if (n == NODE_NONE || !dag_get(p->dag, n)->series)
		return n;
	return dag_reduce(p->dag, OP_AT, n, p->horizon, 1);
}

static void set_labels(int labels[AXIS_MAX], int option)
{
	for (int i = 0; i < AXIS_MAX; i++)
		labels[i] = 0;
	labels[AXIS_OPTION] = option < 0 ? 0 : option;
}

bool plan_root(const struct plan *p, struct roots *r, const struct syntax *s,
               int option, int *number, int *state, struct err *err)
{
	int labels[AXIS_MAX];
	struct value v;

	set_labels(labels, option);
	if (!elab_expr(p->elab, s, labels, &v, err))
		return false;
	*number = roots_add(r, at_first_month(p, v.num));
	if (!state)
		return true;
	*state = ROOT_NONE;
	if (v.state != NODE_NONE)
		*state = roots_add(r, at_first_month(p, v.state));
	return true;
}

static int *rows(struct plan *p, int n)
{
	int total = n * p->noptions;
	int *row = arena_alloc(p->arena, sizeof *row * (size_t)(total + 1));

	for (int i = 0; i < total; i++)
		row[i] = ROOT_NONE;
	return row;
}

static bool plan_decision(struct plan *p, struct err *err)
{
	const struct model *m = p->model;

	p->objective = rows(p, 1);
	p->state = rows(p, 1);
	p->require = rows(p, m->nrequires);
	for (int o = 0; o < p->noptions; o++) {
		if (!plan_root(p, &p->roots, m->decision.objective, o,
		               &p->objective[o], &p->state[o], err))
			return false;
		for (int i = 0; i < m->nrequires; i++)
			if (m->requires[i].options >> o & 1 &&
			    !plan_root(p, &p->roots, m->requires[i].when, o,
			               &p->require[i * p->noptions + o], NULL,
			               err))
				return false;
	}
	p->nlean = p->roots.n;
	return true;
}

static bool plan_truths(struct plan *p, const struct syntax *s, int *row,
                        struct err *err)
{
	for (int o = 0; s && o < p->noptions; o++)
		if (!plan_root(p, &p->roots, s, o, &row[o], NULL, err))
			return false;
	return true;
}

static bool plan_rules(struct plan *p, struct err *err)
{
	const struct model *m = p->model;

	p->when = rows(p, m->nconstraints);
	p->allow = rows(p, m->nconstraints);
	p->hold = rows(p, m->nconstraints);
	for (int i = 0; i < m->nconstraints; i++) {
		const struct constraint *c = &m->constraint[i];
		int at = i * p->noptions;

		if (!plan_truths(p, c->when, p->when + at, err) ||
		    !plan_truths(p, c->allow, p->allow + at, err) ||
		    !plan_truths(p, c->require, p->hold + at, err))
			return false;
	}
	p->finding = arena_alloc(p->arena, sizeof *p->finding *
	                                   (size_t)(m->nfindings + 1));
	for (int i = 0; i < m->nfindings; i++)
		if (!plan_root(p, &p->roots, m->finding[i].when, -1,
		               &p->finding[i], NULL, err))
			return false;
	return true;
}

static bool plan_outputs(struct plan *p, struct err *err)
{
	const struct model *m = p->model;

	p->output = rows(p, p->noutputs);
	p->output_state = rows(p, p->noutputs);
	p->central = rows(p, p->noutputs);
	p->central_state = rows(p, p->noutputs);
	for (int i = 0; i < p->noutputs * p->noptions; i++) {
		const struct output_def *d = &m->output[i / p->noptions];
		bool one = d->central;

		if (!plan_root(p, one ? &p->central_roots : &p->roots,
		               d->value, i % p->noptions,
		               one ? &p->central[i] : &p->output[i],
		               one ? &p->central_state[i] :
		                     &p->output_state[i], err))
			return false;
	}
	return true;
}

struct plan plan_bare(struct bound_graph *g, const struct bound *b, int model)
{
	return (struct plan){
		.bound = b, .index = model, .model = b->model[model].model,
		.graph = g, .dag = bound_graph_dag(g),
		.elab = bound_graph_elab(g, model),
		.horizon = b->model[model].horizon,
		.noptions = b->model[model].model->noptions,
	};
}

struct plan *plan_new(struct bound_graph *g, const struct bound *b, int model,
                      bool outputs, struct err *err)
{
	struct plan *p = xcalloc(1, sizeof *p);

	*p = plan_bare(g, b, model);
	p->arena = arena_new();
	p->noutputs = outputs ? p->model->noutputs : 0;
	p->sign = p->model->decision.maximise ? -1 : 1;
	if (!plan_decision(p, err) || !plan_rules(p, err) ||
	    !plan_outputs(p, err) || !bound_graph_ok(g, err)) {
		plan_free(p);
		return NULL;
	}
	p->lean = tape_new(p->dag, p->roots.node, p->nlean);
	p->full = tape_new(p->dag, p->roots.node, p->roots.n);
	if (p->central_roots.n)
		p->centre = tape_new(p->dag, p->central_roots.node,
		                     p->central_roots.n);
	return p;
}

void plan_only(const struct plan *p, const bool *in, struct roots *out)
{
	node_id none = dag_const(p->dag, NAN), no = dag_const(p->dag, 0);
	int pay = p->model->decision.pay;

	for (int i = 0; i < p->nlean; i++)
		roots_add(out, p->roots.node[i]);
	for (int o = 0; o < p->noptions; o++) {
		if (!in || in[o] || o == pay)
			continue;
		out->node[p->objective[o]] = none;
		if (p->state[o] != ROOT_NONE)
			out->node[p->state[o]] = no;
		for (int i = 0; i < p->model->nrequires; i++) {
			int root = p->require[i * p->noptions + o];

			if (root != ROOT_NONE)
				out->node[root] = no;
		}
	}
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	if (p->lean)
		tape_free(p->lean);
	if (p->full)
		tape_free(p->full);
	if (p->centre)
		tape_free(p->centre);
	memos_free(p->memos);
	free(p->roots.node);
	free(p->central_roots.node);
	arena_free(p->arena);
	free(p);
}
