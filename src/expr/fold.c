#include "expr/fold.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "expr/dag_impl.h"
#include "expr/kernels.h"

_Static_assert(DAG_TABLE % TAPE_STRIP == 0, "tables are whole strips");

double fold_op(enum op op, const double *operand)
{
	double strip[4][TAPE_STRIP];

	for (int k = 0; k < 3; k++)
		for (int i = 0; i < TAPE_STRIP; i++)
			strip[k][i] = operand[k];
	kernels_sse2.fn[KERNEL((int)op, 0)](strip[3], strip[0], strip[1], strip[2]);
	return strip[3][0];
}

/* DAG_TABLE values. An operand is as long or, where the bit of `form` is set,
 * one number; NULL: unused. */
static void fold_table(enum op op, int form, const double *const *operand,
                       double *r)
{
	strip_fn fn = kernels_sse2.fn[KERNEL((int)op, form)];

	for (int m = 0; m < DAG_TABLE; m += TAPE_STRIP) {
		const double *at[3];

		for (int k = 0; k < 3; k++)
			at[k] = !operand[k] ? r : form >> k & 1 ? operand[k]
				: operand[k] + m;
		fn(r + m, at[0], at[1], at[2]);
	}
}

static bool all_constant(const struct dag *d, const struct dag_node *n)
{
	const node_id *arg = n->op == OP_CALL ? n->args : n->arg;

	for (int i = 0; i < n->nargs; i++)
		if (!d->node[arg[i]].constant)
			return false;
	return true;
}

static const double *values(const struct dag *d, node_id a)
{
	const struct dag_node *n = &d->node[a];

	return n->op == OP_CONST ? &n->value : n->table;
}

static void fold_calls(const struct dag *d, const struct dag_node *n,
                       double *r, int count)
{
	for (int m = 0; m < count; m++) {
		double a[CALL_MAX];

		for (int i = 0; i < n->nargs; i++)
			a[i] = values(d, n->args[i])
				[d->node[n->args[i]].series ? m : 0];
		r[m] = kernel_call(&n->kernel, a);
	}
}

static double fold_scalar(const struct dag *d, const struct dag_node *n)
{
	double a[3] = { 0 }, r;

	if (n->op == OP_CALL) {
		fold_calls(d, n, &r, 1);
		return r;
	}
	for (int i = 0; i < n->nargs; i++)
		a[i] = d->node[n->arg[i]].value;
	return fold_op(n->op, a);
}

static void fold_series(const struct dag *d, const struct dag_node *n,
                        double *r)
{
	const double *a[3] = { NULL };
	int form = 0;

	if (n->op == OP_CALL) {
		fold_calls(d, n, r, DAG_TABLE);
		return;
	}
	for (int i = 0; i < n->nargs; i++) {
		a[i] = values(d, n->arg[i]);
		form |= d->node[n->arg[i]].series ? 0 : 1 << i;
	}
	fold_table(n->op, form, a, r);
}

node_id fold_node(struct dag *d, const struct dag_node *n)
{
	double t[DAG_TABLE], *copy;

	if (!all_constant(d, n))
		return NODE_NONE;
	if (!n->series) {
		t[0] = fold_scalar(d, n);
		return isfinite(t[0]) ? dag_const(d, t[0]) : NODE_NONE;
	}
	fold_series(d, n, t);
	for (int m = 0; m < DAG_MONTHS; m++)
		if (!isfinite(t[m]))
			return NODE_NONE;
	copy = arena_alloc(d->arena, sizeof t);
	memcpy(copy, t, sizeof t);
	return dag_series(d, copy);
}
