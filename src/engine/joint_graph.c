#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/joint.h"

#include "base/banned.h"

/* --- whose money counts ------------------------------------------------- */

static bool states(const struct model *m, const char *account)
{
	for (int i = 0; i < m->nmoney; i++)
		if (strcmp(m->money[i].account, account) == 0)
			return true;
	return false;
}

static int part_named(const struct joint *j, const char *model)
{
	for (int i = 0; i < j->nparts; i++)
		if (strcmp(j->part[i].model->name, model) == 0)
			return i;
	return -1;
}

static const struct joint_account *account_named(const struct joint *j,
                                                 const char *name)
{
	const struct workload *w = j->bound->workload;

	for (int i = 0; i < w->joint.naccounts; i++)
		if (strcmp(w->joint.account[i].name, name) == 0)
			return &w->joint.account[i];
	return NULL;
}

/* The part whose money of the account counts; -1: everybody's. */
static int owner_of(const struct joint *j, const struct joint_account *a)
{
	for (int i = 0; !a->each && a->model[i]; i++) {
		int p = part_named(j, a->model[i]);

		if (p >= 0)
			return p;
	}
	return -1;
}

static bool is_ranked(const struct joint_account *a, const char *model)
{
	for (int i = 0; !a->each && a->model[i]; i++)
		if (strcmp(a->model[i], model) == 0)
			return true;
	return a->each;
}

/* Ranks name models that state such money. */
static bool check_ranks(const struct joint *j, const struct joint_account *a,
                        struct err *err)
{
	bool ok = true;

	for (int i = 0; !a->each && a->model[i]; i++) {
		int p = part_named(j, a->model[i]);

		if (p >= 0 && !states(j->part[p].model, a->name))
			ok = err_at(err, ERR_INPUT, a->pos, "%s states no money "
			            "in the account `%s`", a->model[i],
			            a->name);
	}
	return ok;
}

/* Money that two models state must be settled: told at the first of them. */
static bool check_line(const struct joint *j, int part,
                       const struct money *line, struct err *err)
{
	const struct joint_account *a = account_named(j, line->account);
	const struct model *m = j->part[part].model;

	if (a && is_ranked(a, m->name))
		return true;
	for (int i = 0; i < part; i++)
		if (states(j->part[i].model, line->account) && !a)
			return true;
	for (int i = 0; i < j->nparts; i++)
		if (i != part && states(j->part[i].model, line->account))
			return err_at(err, ERR_INPUT, line->pos, "%s and %s both "
			              "state money in the account `%s`: the "
			              "workload must say under `joint: "
			              "accounts:` whose counts, or `each`",
			              m->name, j->part[i].model->name,
			              line->account);
	return true;
}

static void leave_out(struct joint *j, int part)
{
	const struct workload *w = j->bound->workload;
	struct joint_part *p = &j->part[part];
	int n = 0;

	p->left_out = xcalloc((size_t)w->joint.naccounts + 1,
	                      sizeof *p->left_out);
	for (int i = 0; i < w->joint.naccounts; i++) {
		const struct joint_account *a = &w->joint.account[i];
		int owner = owner_of(j, a);

		if (owner >= 0 && owner != part)
			p->left_out[n++] = a->name;
	}
}

static bool settle_accounts(struct joint *j, struct err *err)
{
	const struct workload *w = j->bound->workload;
	bool ok = true;

	for (int i = 0; i < w->joint.naccounts; i++)
		ok &= check_ranks(j, &w->joint.account[i], err);
	for (int p = 0; p < j->nparts; p++) {
		const struct model *m = j->part[p].model;

		for (int i = 0; i < m->nmoney; i++) {
			bool seen = false;

			for (int k = 0; k < i; k++)
				seen |= !strcmp(m->money[k].account,
				                m->money[i].account);
			if (!seen)
				ok &= check_line(j, p, &m->money[i], err);
		}
		leave_out(j, p);
	}
	return ok;
}

/* --- families ----------------------------------------------------------- */

int family_context(const struct family *f, const int *at)
{
	int c = 0;

	for (int i = 0; i < f->nscope; i++)
		c += f->stride[f->scope[i]] * at[f->scope[i]];
	return c;
}

static void family_free(struct family *f)
{
	if (!f)
		return;
	dag_swap_free(f->swap);
	free(f->root);
	free(f->hole);
	free(f->node);
	free(f);
}

static struct family *figure_of(struct joint *j, int slot);

/* The scope: the neighbours whose figures are read, and what those hang on. */
static void find_scope(struct joint *j, struct family *f)
{
	bool in[JOINT_MODELS] = { false };

	for (int i = 0; i < f->nholes; i++) {
		const struct family *g = figure_of(j, f->hole[i]);

		in[j->bound->slot[f->hole[i]].neighbour] = true;
		for (int k = 0; k < g->nscope; k++)
			in[g->scope[k]] = true;
	}
	f->ncontexts = 1;
	for (int p = 0; p < j->nparts; p++) {
		if (!in[p])
			continue;
		f->scope[f->nscope++] = p;
		f->stride[p] = f->ncontexts;
		f->ncontexts *= j->part[p].n;
	}
}

static void find_holes(const struct joint *j, struct family *f)
{
	int nslots = j->bound->nslots, n;
	bool *open = xcalloc(2 * (size_t)nslots + 1, sizeof *open);
	bool *met = xcalloc((size_t)nslots + 1, sizeof *met);
	int *id = xcalloc(2 * (size_t)nslots + 1, sizeof *id);

	for (int s = 0; s < nslots; s++)
		open[s] = open[nslots + s] =
			j->bound->slot[s].kind == SLOT_NEIGHBOUR;
	f->swap = dag_swap_new(j->dag, f->root, f->nroots, open);
	n = dag_swap_inputs(f->swap, id);
	f->hole = xcalloc((size_t)n + 1, sizeof *f->hole);
	for (int i = 0; i < n; i++) {
		int slot = id[i] % nslots;

		if (!met[slot])
			f->hole[f->nholes++] = slot;
		met[slot] = true;
	}
	free(open);
	free(met);
	free(id);
}

/* What the holes hold in a context: pairs of number and state. */
static void fill_holes(struct joint *j, const struct family *f, const int *at,
                       node_id *with)
{
	for (int i = 0; i < f->nholes; i++) {
		const struct family *g = figure_of(j, f->hole[i]);
		int o = at[j->bound->slot[f->hole[i]].neighbour];
		const node_id *v = &g->node[family_context(g, at) * g->nroots
		                            + 2 * o];

		with[2 * i] = v[0];
		with[2 * i + 1] = v[1];
	}
}

static void put_in(struct joint *j, struct family *f, const node_id *with,
                   node_id *by, node_id *out)
{
	for (int i = 0; i < f->nholes; i++) {
		by[f->hole[i]] = with[2 * i];
		by[j->bound->nslots + f->hole[i]] = with[2 * i + 1];
	}
	dag_swap(f->swap, by);
	for (int r = 0; r < f->nroots; r++)
		out[r] = dag_swapped(f->swap, f->root[r]);
}

/* The options of a scope, one context after the other. */
static void next_context(const struct joint *j, const struct family *f,
                         int *at)
{
	for (int i = 0; i < f->nscope; i++) {
		if (++at[f->scope[i]] < j->part[f->scope[i]].n)
			return;
		at[f->scope[i]] = 0;
	}
}

/* An earlier context with the same figures, found by hashing them. */
struct known { int *slot; size_t mask; };

static int *known_slot(const struct known *k, const node_id *all, int width,
                       int context)
{
	const node_id *own = all + (size_t)context * (size_t)width;
	uint64_t h = 0;

	for (int i = 0; i < width; i++)
		h = (h ^ (uint64_t)own[i]) * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t at = h >> 32; ; at++) {
		int *s = &k->slot[at & k->mask];

		if (*s < 0 || !memcmp(all + (size_t)*s * (size_t)width, own,
		                      (size_t)width * sizeof *own))
			return s;
	}
}

static void resolve(struct joint *j, struct family *f)
{
	int at[JOINT_MODELS] = { 0 }, width = 2 * f->nholes;
	size_t room = 16, n = (size_t)f->ncontexts, each = (size_t)f->nroots;
	node_id *by = xcalloc(2 * (size_t)j->bound->nslots + 1, sizeof *by);
	node_id *with = xcalloc(n * (size_t)width + 1, sizeof *with);
	struct known k;

	while (room < 2 * n)
		room *= 2;
	k = (struct known){ xcalloc(room, sizeof *k.slot), room - 1 };
	for (size_t i = 0; i < room; i++)
		k.slot[i] = -1;
	f->node = xcalloc(n * each + 1, sizeof *f->node);
	for (int c = 0; c < f->ncontexts; c++) {
		node_id *out = f->node + (size_t)c * each;
		node_id *own = with + (size_t)c * (size_t)width;
		int *same;

		fill_holes(j, f, at, own);
		same = known_slot(&k, with, width, c);
		if (*same >= 0) {
			memcpy(out, f->node + (size_t)*same * each,
			       each * sizeof *out);
		} else {
			*same = c;
			put_in(j, f, own, by, out);
		}
		next_context(j, f, at);
	}
	free(by);
	free(with);
	free(k.slot);
}

/* Inputs without uncertainty become numbers, so that what they decide folds: a
 * search that nobody asks for is not run in every context. */
static void fold_fixed(struct joint *j, struct family *f)
{
	const struct bound *b = j->bound;
	size_t n = 2 * (size_t)b->nslots + 1;
	bool *fixed = xcalloc(n, sizeof *fixed);
	node_id *by = xcalloc(n, sizeof *by);
	struct swap *s;

	for (int i = 0; i < b->nslots; i++) {
		if (!slot_drawn(b, i) || !slot_fixed(b, i))
			continue;
		fixed[i] = true;
		by[i] = dag_const(j->dag, slot_central(b, i));
	}
	s = dag_swap_new(j->dag, f->root, f->nroots, fixed);
	dag_swap(s, by);
	for (int i = 0; i < f->nroots; i++)
		f->root[i] = dag_swapped(s, f->root[i]);
	dag_swap_free(s);
	free(fixed);
	free(by);
}

/* Takes the roots over. */
static struct family *family_new(struct joint *j, struct roots *r)
{
	struct family *f = xcalloc(1, sizeof *f);

	f->root = r->node;
	f->nroots = r->n;
	*r = (struct roots){ 0 };
	fold_fixed(j, f);
	find_holes(j, f);
	find_scope(j, f);
	resolve(j, f);
	return f;
}

static struct family *figure_of(struct joint *j, int slot)
{
	const struct joint_part *p = &j->part[j->bound->slot[slot].neighbour];
	struct roots r = { 0 };

	if (j->figure[slot])
		return j->figure[slot];
	for (int i = 0; i < p->n; i++) {
		struct value v = bound_graph_figure(j->graph, slot,
		                                    p->option[i]);

		roots_add(&r, v.num);
		roots_add(&r, v.state == NODE_NONE ? dag_const(j->dag, 0)
		                                   : v.state);
	}
	return j->figure[slot] = family_new(j, &r);
}

/* --- one model ---------------------------------------------------------- */

static node_id not_node(struct joint *j, node_id n)
{
	return dag_op(j->dag, OP_NOT, n, NODE_NONE, NODE_NONE);
}

static node_id is_state(struct joint *j, node_id state)
{
	return state == NODE_NONE ? dag_const(j->dag, 0)
		: not_node(j, dag_op(j->dag, OP_EQ, state,
		                     dag_const(j->dag, 0), NODE_NONE));
}

/* A truth of one option, in the first month. */
static bool truth(const struct plan *p, const struct syntax *s, int option,
                  bool otherwise, node_id *out, struct err *err)
{
	struct roots r = { 0 };
	bool ok = true;
	int number;

	*out = dag_const(p->dag, otherwise);
	if (s) {
		ok = plan_root(p, &r, s, option, &number, NULL, err);
		if (ok)
			*out = r.node[number];
	}
	free(r.node);
	return ok;
}

/* The objective, without accounts of others; any state of the whole one. */
static bool objective(struct joint *j, const struct plan *whole,
                      const struct plan *part, int option, node_id *cost,
                      node_id *gap, struct err *err)
{
	const struct model *m = whole->model;
	int labels[AXIS_MAX] = { [AXIS_OPTION] = option };
	struct value w, v;

	if (!elab_expr(whole->elab, m->decision.objective, labels, &w, err)
	    || !elab_expr(part->elab, m->decision.objective, labels, &v, err))
		return false;
	*cost = m->decision.maximise
		? dag_op(j->dag, OP_NEG, v.num, NODE_NONE, NODE_NONE) : v.num;
	*gap = dag_op(j->dag, OP_OR, is_state(j, w.state),
	              is_state(j, v.state), NODE_NONE);
	return true;
}

static bool add_option(struct joint *j, const struct plan *whole,
                       const struct plan *part, int option, struct roots *r,
                       struct err *err)
{
	const struct model *m = whole->model;
	node_id cost, gap, when, allow, hold;

	if (!objective(j, whole, part, option, &cost, &gap, err))
		return false;
	for (int i = 0; i < m->nrequires; i++) {
		if (!(m->requires[i].options >> option & 1))
			continue;
		if (!truth(whole, m->requires[i].when, option, false, &when,
		           err))
			return false;
		gap = dag_op(j->dag, OP_OR, gap, when, NODE_NONE);
	}
	roots_add(r, cost);
	roots_add(r, gap);
	for (int i = 0; i < m->nconstraints; i++) {
		const struct constraint *c = &m->constraint[i];

		if (!truth(whole, c->when, option, true, &when, err)
		    || !truth(whole, c->allow, option, !c->none, &allow, err)
		    || !truth(whole, c->require, option, true, &hold, err))
			return false;
		roots_add(r, dag_op(j->dag, OP_AND, when, not_node(j, allow),
		                    NODE_NONE));
		roots_add(r, dag_op(j->dag, OP_AND, when, not_node(j, hold),
		                    NODE_NONE));
	}
	return true;
}

static bool add_model(struct joint *j, int index, struct err *err)
{
	struct joint_part *p = &j->part[index];
	struct plan whole = {
		.bound = j->bound, .index = index, .model = p->model,
		.graph = j->graph, .dag = j->dag,
		.elab = bound_graph_elab(j->graph, index),
		.horizon = j->bound->model[index].horizon,
		.noptions = p->model->noptions,
	}, part = whole;
	struct roots r = { 0 };
	bool ok = true;

	part.elab = bound_graph_part(j->graph, index, p->left_out);
	for (int i = 0; ok && i < p->n; i++)
		ok = add_option(j, &whole, &part, p->option[i], &r, err);
	elab_free(part.elab);
	p->rows = 2 + 2 * p->model->nconstraints;
	if (ok)
		p->family = family_new(j, &r);
	free(r.node);
	return ok;
}

/* --- all of them -------------------------------------------------------- */

static bool check_units(const struct joint *j, struct err *err)
{
	struct unit usd = unit_one();
	bool ok = true;

	unit_parse(library_units(j->bound->library), "USD", &usd);
	for (int i = 0; i < j->nparts; i++) {
		const struct model *m = j->part[i].model;

		if (!unit_same(&m->decision.objective_unit, &usd))
			ok = err_add(err, ERR_INPUT, "%s: the objective is in "
			             "%s: a plan adds up USD", m->path,
			             m->decision.objective_unit_text);
	}
	return ok;
}

static void list_options(struct joint *j)
{
	for (int i = 0; i < j->nparts; i++) {
		struct joint_part *p = &j->part[i];
		int assume = j->bound->model[i].assume;

		p->model = j->bound->model[i].model;
		p->assumed = assume >= 0;
		if (assume >= 0)
			p->option[p->n++] = assume;
		for (int o = 0; assume < 0 && o < p->model->noptions; o++)
			p->option[p->n++] = o;
	}
}

static bool count_combinations(struct joint *j, struct err *err)
{
	double n = 1;

	for (int i = 0; i < j->nparts; i++)
		n *= j->part[i].n;
	if (n > JOINT_COMBINATIONS)
		return err_add(err, ERR_LIMIT, "the options make %.0f "
		               "combinations; a plan looks at %d: `assume:` "
		               "an option of some trade-off", n,
		               JOINT_COMBINATIONS);
	j->ncombinations = (int)n;
	return true;
}

/* Each part behind its scope, canonical as far as that goes. */
static void find_order(struct joint *j)
{
	bool done[JOINT_MODELS] = { false };

	for (int k = 0; k < j->nparts; k++)
		for (int p = 0; p < j->nparts; p++) {
			const struct family *f = j->part[p].family;
			bool ready = !done[p];

			for (int i = 0; i < f->nscope; i++)
				ready &= done[f->scope[i]];
			if (!ready)
				continue;
			done[p] = true;
			j->order[k] = p;
			break;
		}
}

/* Root numbers of the distinct nodes; a truth that is known needs none. */
static int root_of(struct joint *j, node_id n, bool is_truth)
{
	const struct dag_node *d = dag_get(j->dag, n);

	if (is_truth && d->op == OP_CONST && d->value == 0)
		return ROOT_NONE;
	if (j->root_of[n] == ROOT_NONE)
		j->root_of[n] = roots_add(&j->roots, n);
	return j->root_of[n];
}

static void number_roots(struct joint *j)
{
	size_t n = (size_t)dag_size(j->dag);

	j->root_of = xcalloc(n + 1, sizeof *j->root_of);
	for (size_t i = 0; i < n; i++)
		j->root_of[i] = ROOT_NONE;
	for (int i = 0; i < j->nparts; i++) {
		struct joint_part *p = &j->part[i];
		const struct family *f = p->family;
		int entries = f->ncontexts * p->n;

		p->entry = xcalloc((size_t)entries + 1, sizeof *p->entry);
		for (int e = 0; e < entries; e++) {
			const node_id *v = f->node + e * p->rows;

			p->entry[e].cost = root_of(j, v[0], false);
			p->entry[e].gap = root_of(j, v[1], true);
			for (int r = 2; r < p->rows; r++)
				root_of(j, v[r], true);
		}
	}
}

bool joint_open(struct joint *j, const struct bound *b, struct err *err)
{
	*j = (struct joint){ .bound = b, .nparts = b->nmodels, .best = -1 };
	if (j->nparts > JOINT_MODELS)
		return err_add(err, ERR_LIMIT, "a plan takes at most %d "
		               "trade-offs", JOINT_MODELS);
	j->figure = xcalloc((size_t)b->nslots + 1, sizeof *j->figure);
	j->graph = bound_graph_open(b);
	j->dag = bound_graph_dag(j->graph);
	list_options(j);
	if (!check_units(j, err) || !settle_accounts(j, err)
	    || !count_combinations(j, err))
		return false;
	for (int i = 0; i < j->nparts; i++)
		if (!add_model(j, i, err))
			return false;
	if (!bound_graph_ok(j->graph, err))
		return false;
	find_order(j);
	number_roots(j);
	j->tape = tape_new(j->dag, j->roots.node, j->roots.n);
	return true;
}

void joint_close(struct joint *j)
{
	for (int i = 0; i < j->nparts && i < JOINT_MODELS; i++) {
		family_free(j->part[i].family);
		free(j->part[i].left_out);
		free(j->part[i].entry);
	}
	for (int s = 0; j->figure && s < j->bound->nslots; s++)
		family_free(j->figure[s]);
	for (int i = 0; i < j->ncolumns; i++) {
		free(j->column[i].v);
		free(j->column[i].replicate);
	}
	for (int i = 0; j->bits && i < j->roots.n; i++)
		free(j->bits[i]);
	sample_release(&j->sample);
	if (j->tape)
		tape_free(j->tape);
	bound_graph_free(j->graph);
	free(j->figure);
	free(j->roots.node);
	free(j->root_of);
	free(j->column);
	free(j->bits);
	free(j->central);
	free(j->status);
	free(j->mean);
	free(j->wins);
	free(j->least);
}
