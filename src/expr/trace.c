/* Which operation of a draw gave the first value that is not finite. */
#include <math.h>

#include "expr/tape_impl.h"

/* What the instruction looked at: a select only at the branch it took. */
static bool operands_finite(const struct frame *f, const struct insn *i)
{
	int arg[CALL_MAX] = { i->a, i->b, i->c };
	int n = 3;

	if (insn_op(i) == OP_CALL) {
		const struct call *c = &f->tape->call[i->a];

		n = c->n;
		for (int k = 0; k < n; k++)
			arg[k] = c->arg[k];
	} else if (insn_op(i) == OP_SELECT) {
		arg[f->at[i->a] != 0 ? 2 : 1] = -1;
	}
	for (int k = 0; k < n; k++)
		if (arg[k] >= 0 && !isfinite(f->at[arg[k]]))
			return false;
	return true;
}

static bool arithmetic(const struct insn *i)
{
	int op = insn_op(i);

	return op < T_KERNELS && op != OP_AT && op != T_COPY;
}

static node_id trace(struct frame *f, size_t from, size_t to);

static node_id trace_loop(struct frame *f, const struct insn *i, size_t pc)
{
	int outer = f->month, n = vm_months(f, i);
	node_id bad = NODE_NONE;

	for (f->month = 0; f->month < n && bad == NODE_NONE; f->month++)
		bad = trace(f, pc + 1, pc + (size_t)i->end);
	f->month = outer;
	return bad;
}

/* Runs as vm_run does, but looks at lane 0 behind every operation.  What a
 * search's body gives on its way is the search's own affair. */
static node_id trace(struct frame *f, size_t from, size_t to)
{
	for (size_t pc = from; pc < to;) {
		const struct insn *i = &f->tape->code.insn[pc];
		size_t next = pc + (size_t)(has_body(i) ? i->end : 1);
		bool fine = arithmetic(i) && operands_finite(f, i);
		node_id bad = NODE_NONE;

		if (insn_op(i) == T_LOOP)
			bad = trace_loop(f, i, pc);
		else
			vm_run(f, pc, next);
		if (fine && !isfinite(f->at[i->r]))
			bad = i->node;
		if (bad != NODE_NONE)
			return bad;
		pc = next;
	}
	return NODE_NONE;
}

node_id tape_trace(const struct tape *t, struct frame *f,
                   const struct column *in)
{
	f->kernels = kernels_now();
	f->in = in;
	f->first = 0;
	f->lanes = 1;
	f->month = 0;
	return trace(f, 0, t->code.n);
}
