/* The tape as text: one instruction a line, bodies indented. */
#include <stdio.h>

#include "base/buf.h"
#include "base/num.h"
#include "expr/tape_impl.h"

static void print_reg(const struct tape *t, int r, struct buf *out)
{
	if (r < (int)t->nconstants)
		num_exact(out, t->constant[r]);
	else
		buf_addf(out, "r%d", r - (int)t->nconstants);
}

static void print_args(const struct tape *t, const struct insn *i,
                       struct buf *out)
{
	for (int k = 0; k < i->nargs; k++) {
		buf_add(out, k ? ", " : "");
		print_reg(t, t->args[i->args + k], out);
	}
}

static void print_operands(const struct tape *t, const struct insn *i,
                           struct buf *out)
{
	const int arg[] = { i->a, i->b, i->c };

	for (int k = 0; k < op_info[i->op].operands || (k < 2
	     && (i->op == OP_SUM || i->op == OP_LEAST || i->op == OP_MOST));
	     k++) {
		buf_add(out, k ? ", " : " ");
		print_reg(t, arg[k], out);
	}
}

static void print_insn(const struct tape *t, const struct insn *i,
                       const char *(*name)(void *, int), void *ctx,
                       struct buf *out)
{
	if (i->r >= 0) {
		print_reg(t, i->r, out);
		buf_add(out, " = ");
	}
	switch (i->op) {
	case T_LOAD:
		buf_addf(out, "input %s", name(ctx, t->input[i->a]));
		break;
	case T_TABLE:
		buf_addf(out, "table %d at month  (", i->a);
		num_human(out, t->table[i->a][0], 4);
		buf_add(out, ", ");
		num_human(out, t->table[i->a][1], 4);
		buf_add(out, " ...)");
		break;
	case T_COPY:
		buf_add(out, "copy ");
		print_reg(t, i->a, out);
		break;
	case T_LOOP:
		buf_addf(out, "months 1..%d", i->a);
		break;
	case T_SEARCH:
		buf_addf(out, "%s low, high, f, x = ", op_info[i->b].name);
		print_args(t, i, out);
		break;
	case OP_CALL:
		buf_addf(out, "%s ", i->label);
		print_args(t, i, out);
		break;
	case OP_AT:
		buf_addf(out, "at month %d ", i->b);
		print_reg(t, i->a, out);
		break;
	default:
		buf_add(out, op_info[i->op].name);
		print_operands(t, i, out);
	}
	buf_addc(out, '\n');
}

void tape_print(const struct tape *t, const char *(*name)(void *, int input),
                void *ctx, struct buf *out)
{
	size_t end[32];
	int depth = 0;

	buf_addf(out, "%zu instructions, %d registers, %zu inputs, %d results\n",
	         t->n, t->nregs - (int)t->nconstants, t->ninputs, t->nroots);
	for (size_t pc = 0; pc < t->n; pc++) {
		const struct insn *i = &t->insn[pc];

		while (depth > 0 && pc >= end[depth - 1])
			depth--;
		buf_addf(out, "%5zu  ", pc);
		buf_pad(out, ' ', 4 * depth);
		print_insn(t, i, name, ctx, out);
		if ((i->op == T_LOOP || i->op == T_SEARCH) && depth < 32)
			end[depth++] = pc + (size_t)i->end;
	}
	buf_add(out, "results:");
	for (int k = 0; k < t->nroots; k++) {
		buf_add(out, k ? ", " : " ");
		print_reg(t, t->root[k], out);
	}
	buf_addc(out, '\n');
}
