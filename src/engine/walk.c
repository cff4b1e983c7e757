/*
 * Walks over the value graph: what hangs on an input, and where a value moves
 * in steps as that input moves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/plan.h"

#include "base/banned.h"

/* Kernels whose result is a whole number of servers. */
static const char *const step_calls[] = {
	"staff_servers", "staff_erlang_c",
};

enum mark { MARK_NEW, MARK_OPEN, MARK_FREE, MARK_HANGS };

struct walk {
	const struct dag *dag;
	unsigned char *mark;            /* by node */
	int slot, slot2;                /* -1: none */
};

static int operands(const struct dag_node *n, node_id out[CALL_MAX + 4])
{
	int count = 0;

	for (int i = 0; i < op_info[n->op].operands; i++)
		out[count++] = n->arg[i];
	for (int i = 0; n->op == OP_CALL && i < n->nargs; i++)
		out[count++] = n->args[i];
	if (n->op == OP_STOCK && n->next != NODE_NONE)
		out[count++] = n->next;
	return count;
}

/* A stock may hang on itself: an open node says nothing yet. */
static bool hangs(struct walk *w, node_id id)
{
	const struct dag_node *n = dag_get(w->dag, id);
	node_id arg[CALL_MAX + 4];
	bool found = n->op == OP_INPUT && (n->id == w->slot ||
	                                   n->id == w->slot2);
	int count;

	if (w->mark[id] != MARK_NEW)
		return w->mark[id] == MARK_HANGS;
	w->mark[id] = MARK_OPEN;
	count = operands(n, arg);
	for (int i = 0; i < count; i++)
		found |= hangs(w, arg[i]);
	w->mark[id] = found ? MARK_HANGS : MARK_FREE;
	return found;
}

/* What a stock's cycle hid is found by going round until nothing changes. */
static void walk_all(struct walk *w, const node_id *root, int n)
{
	bool more = true;

	for (int i = 0; i < n; i++)
		hangs(w, root[i]);
	while (more) {
		more = false;
		for (int id = 0; id < dag_size(w->dag); id++) {
			node_id arg[CALL_MAX + 4];
			int count;

			if (w->mark[id] != MARK_FREE)
				continue;
			count = operands(dag_get(w->dag, id), arg);
			for (int i = 0; i < count; i++)
				if (w->mark[arg[i]] == MARK_HANGS) {
					w->mark[id] = MARK_HANGS;
					more = true;
				}
		}
	}
}

static void walk_init(struct walk *w, const struct plan *p,
                      const struct roots *r, int n, int slot, int slot2)
{
	w->dag = p->dag;
	w->slot = slot;
	w->slot2 = slot2;
	w->mark = xcalloc((size_t)dag_size(p->dag) + 1, 1);
	walk_all(w, r->node, n);
}

bool plan_depends(const struct plan *p, const struct roots *r, int n, int slot,
                  bool *each)
{
	struct walk w;
	bool any = false;

	walk_init(&w, p, r, n, slot, -1);
	for (int i = 0; i < n; i++) {
		bool hangs = w.mark[r->node[i]] == MARK_HANGS;

		any |= hangs;
		if (each)
			each[i] |= hangs;
	}
	free(w.mark);
	return any;
}

enum stepping { SMOOTH, STEPS, COMPARES };

static enum stepping stepping(const struct dag_node *n)
{
	switch (n->op) {
	case OP_CEIL:
	case OP_FLOOR:
	case OP_ROUND:
		return STEPS;
	case OP_LT:
	case OP_LE:
	case OP_EQ:
	case OP_ISNAN:
	case OP_MIN:
	case OP_MAX:
		return COMPARES;
	case OP_CALL:
		for (size_t i = 0;
		     n->label && i < sizeof step_calls / sizeof *step_calls;
		     i++)
			if (strcmp(n->label, step_calls[i]) == 0)
				return STEPS;
		return SMOOTH;
	default:
		return SMOOTH;
	}
}

int plan_steps(const struct plan *p, int slot, struct roots *r,
               bool *rare, int max)
{
	struct walk w;
	int size = dag_size(p->dag), n = 0;

	walk_init(&w, p, r, r->n, slot, -1);
	for (int id = 0; id < size && n < max; id++) {
		const struct dag_node *node = dag_get(p->dag, id);
		enum stepping kind = stepping(node);
		node_id sum = id;

		/* inside a solve there is nothing to look at from outside */
		if (w.mark[id] != MARK_HANGS || kind == SMOOTH || node->vars)
			continue;
		/* no step but a kink: which side is taken is the signature */
		if (node->op == OP_MIN || node->op == OP_MAX)
			sum = dag_op(p->dag, OP_LT, node->arg[0], node->arg[1],
			             NODE_NONE);
		if (dag_get(p->dag, sum)->series)
			sum = dag_reduce(p->dag, OP_SUM, sum, p->horizon, 0);
		roots_add(r, sum);
		rare[n++] = kind == COMPARES;
	}
	free(w.mark);
	return n;
}

/* The one input that each node hangs on among those that are not `fixed`; a
 * stock may hang on what comes later, so it goes round until nothing moves. */
enum { OWNER_NONE = -1, OWNER_MANY = -2 };

static int *owners(const struct plan *p, const bool *fixed)
{
	int size = dag_size(p->dag);
	int *owner = xcalloc((size_t)size + 1, sizeof *owner);
	bool more = true;

	for (int id = 0; id < size; id++) {
		const struct dag_node *n = dag_get(p->dag, id);

		owner[id] = n->op == OP_INPUT && !fixed[n->id] ? n->id
			: OWNER_NONE;
	}
	while (more) {
		more = false;
		for (int id = 0; id < size; id++) {
			node_id arg[CALL_MAX + 4];
			int n = operands(dag_get(p->dag, id), arg);
			int now = owner[id];

			for (int i = 0; i < n; i++) {
				int of = owner[arg[i]];

				now = of == OWNER_NONE || of == now ? now :
				      now == OWNER_NONE ? of : OWNER_MANY;
			}
			more |= now != owner[id];
			owner[id] = now;
		}
	}
	return owner;
}

int plan_lone_steps(const struct plan *p, const bool *fixed, struct roots *r,
                    int *slot, int max)
{
	struct walk w;
	int size = dag_size(p->dag), n = 0;
	int *owner = owners(p, fixed);

	walk_init(&w, p, &p->roots, p->nlean, -1, -1);
	for (int id = 0; id < size && n < max; id++) {
		const struct dag_node *node = dag_get(p->dag, id);
		node_id sum = id;

		if (w.mark[id] == MARK_NEW || stepping(node) == SMOOTH ||
		    node->vars || owner[id] < 0)
			continue;
		slot[n++] = owner[id];
		if (node->series)
			sum = dag_reduce(p->dag, OP_SUM, id, p->horizon, 0);
		roots_add(r, sum);
	}
	free(owner);
	free(w.mark);
	return n;
}

int plan_inputs(const struct plan *p, const struct roots *r, int n,
                int **slots)
{
	struct walk w;
	int size = dag_size(p->dag), count = 0;

	/* Slot -1 hangs nowhere, so the marks tell what was reached. */
	walk_init(&w, p, r, n, -1, -1);
	*slots = xcalloc((size_t)p->bound->nslots + 1, sizeof **slots);
	for (int id = 0; id < size; id++) {
		const struct dag_node *node = dag_get(p->dag, id);

		if (w.mark[id] != MARK_NEW && node->op == OP_INPUT)
			(*slots)[count++] = node->id;
	}
	free(w.mark);
	return count;
}

/* --- what a scan need not compute again --------------------------------- */

#define KNOWN_MAX 4096          /* columns; each as long as the draws kept */

struct known {
	struct walk w;
	const struct plan *p;
	bool *dear, *seen;              /* by node */
	int months;                     /* of the longest reduction */
	struct roots *r;
	struct tape_given *given;
	int n;
	size_t cap;
};

/* Vector kernels of many instructions, and what runs lane by lane. */
static bool dear_op(enum op op)
{
	return op == OP_CALL || op == OP_POW || op == OP_EXP || op == OP_LOG ||
	       op == OP_SOLVE || op == OP_ARGMIN;
}

/* Dear is what hangs on something dear; a stock's next value stands behind
 * it. */
static void find_dear(struct known *k)
{
	int size = dag_size(k->p->dag);
	bool more = true;

	while (more) {
		more = false;
		for (int id = 0; id < size; id++) {
			const struct dag_node *n = dag_get(k->p->dag, id);
			node_id arg[CALL_MAX + 4];
			int count = operands(n, arg);
			bool dear = dear_op(n->op);

			for (int i = 0; i < count && !dear; i++)
				dear = k->dear[arg[i]];
			more |= dear && !k->dear[id];
			k->dear[id] = dear;
		}
	}
}

static int months_of(const struct known *k)
{
	int months = 0;

	for (int id = 0; id < dag_size(k->p->dag); id++) {
		const struct dag_node *n = dag_get(k->p->dag, id);
		int m = n->op == OP_AT ? n->id : n->months;

		if (k->w.mark[id] != MARK_NEW && m > months)
			months = m;
	}
	return months;
}

static bool worth_keeping(const struct known *k, node_id id)
{
	const struct dag_node *n = dag_get(k->p->dag, id);

	if (k->w.mark[id] == MARK_HANGS || n->constant || n->vars ||
	    n->op == OP_INPUT)
		return false;
	return k->r->n + (n->series ? k->months : 1) <= KNOWN_MAX &&
	       (!n->series || k->dear[id]);
}

static void keep_node(struct known *k, node_id id)
{
	bool series = dag_get(k->p->dag, id)->series;
	int months = series ? k->months : 1;

	*ARR_PUSH(k->given, k->n, k->cap) = (struct tape_given) {
		id, k->p->bound->nslots + k->r->n, months,
	};
	for (int m = 1; m <= months; m++)
		roots_add(k->r, series ? dag_reduce(k->p->dag, OP_AT, id,
		                                    k->months, m) : id);
}

static void look_below(struct known *k, node_id id)
{
	node_id arg[CALL_MAX + 4];
	int count;

	if (k->seen[id])
		return;
	k->seen[id] = true;
	if (worth_keeping(k, id)) {
		keep_node(k, id);
		return;
	}
	count = operands(dag_get(k->p->dag, id), arg);
	for (int i = 0; i < count; i++)
		look_below(k, arg[i]);
}

int plan_known(const struct plan *p, const struct roots *of, const int slot[2],
               struct roots *r, struct tape_given **given)
{
	size_t size = (size_t)dag_size(p->dag) + 1;
	struct known k = {
		.p = p, .r = r, .dear = xcalloc(size, 1),
		.seen = xcalloc(size, 1),
	};

	walk_init(&k.w, p, of, of->n, slot[0], slot[1]);
	find_dear(&k);
	k.months = months_of(&k);
	for (int i = 0; i < of->n; i++)
		look_below(&k, of->node[i]);
	free(k.w.mark);
	free(k.dear);
	free(k.seen);
	*given = k.given;
	return k.n;
}
