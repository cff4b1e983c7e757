/* The tape as text: one instruction a line, bodies indented. */
#include <stdio.h>

#include "base/buf.h"
#include "base/num.h"
#include "expr/tape_impl.h"

static const char *const fused_name[] = {
	[T_COPY - OP_N] = "copy", [T_MUL_ADD - OP_N] = "mul_add",
	[T_MUL_SUB - OP_N] = "mul_sub", [T_SUB_MUL - OP_N] = "sub_mul",
	[T_MUL_MUL - OP_N] = "mul_mul", [T_ADD_MUL - OP_N] = "add_mul",
	[T_DIF_MUL - OP_N] = "dif_mul", [T_SUB_SUB - OP_N] = "sub_sub",
};

/* Whether the number at `place` is a table's: some instruction sets it. */
static bool is_table(const struct tape *t, int place)
{
	for (size_t pc = 0; pc < t->code.n; pc++)
		if (insn_op(&t->code.insn[pc]) == T_TABLE
		    && t->code.insn[pc].r == place)
			return true;
	return false;
}

/* A constant as its digits, a table's number as t3, a register as r3. */
static void print_place(const struct tape *t, int place, struct buf *out)
{
	if (!is_number(t, place))
		buf_addf(out, "r%d", (place - t->base) / REG_STRIDE);
	else if (is_table(t, place))
		buf_addf(out, "t%d", place);
	else
		num_exact(out, t->number[place]);
}

static void print_places(const struct tape *t, const int *place, int n,
                         struct buf *out)
{
	for (int k = 0; k < n; k++) {
		buf_add(out, k ? ", " : " ");
		print_place(t, place[k], out);
	}
}

static void print_plain(const struct tape *t, const struct insn *i,
                        struct buf *out)
{
	const int arg[] = { i->a, i->b, i->c };
	int n = 0, op = insn_op(i);

	while (n < 3 && arg[n] >= 0)
		n++;
	buf_add(out, op < OP_N ? op_info[op].name : fused_name[op - OP_N]);
	print_places(t, arg, n, out);
}

static void print_table(const struct tape *t, const struct insn *i,
                        struct buf *out)
{
	buf_add(out, "month of");
	for (int m = 0; m < 3; m++) {
		buf_addc(out, ' ');
		num_human(out, t->table[i->a][m], 4);
	}
	buf_add(out, " ...");
}

static void print_insn(const struct tape *t, const struct insn *i,
                       const char *(*name)(void *, int), void *ctx,
                       struct buf *out)
{
	if (i->r >= 0) {
		print_place(t, i->r, out);
		buf_add(out, " = ");
	}
	switch (insn_op(i)) {
	case T_LOAD:
		buf_addf(out, "input %s%s", name(ctx, t->input[i->a]),
		         i->b > 0 ? " of the month" : "");
		break;
	case T_TABLE:
		print_table(t, i, out);
		break;
	case T_LOOP:
		if (i->a)
			buf_addf(out, "months 1..%d", i->a);
		else
			buf_add(out, "months 1..month");
		break;
	case T_SEARCH:
		buf_addf(out, "%s low, high, f, x =",
		         op_info[t->search[i->a].op].name);
		print_places(t, t->search[i->a].arg, 4, out);
		break;
	case OP_CALL:
		buf_add(out, t->call[i->a].label);
		print_places(t, t->call[i->a].arg, t->call[i->a].n, out);
		break;
	case OP_AT:
		buf_addf(out, "at month %d", i->b);
		print_places(t, &i->a, 1, out);
		break;
	default:
		print_plain(t, i, out);
	}
	buf_addc(out, '\n');
}

void tape_print(const struct tape *t, const char *(*name)(void *, int input),
                void *ctx, struct buf *out)
{
	size_t end[32];
	int depth = 0;

	buf_addf(out, "%zu instructions, %d registers, %zu inputs, %d results\n",
	         t->code.n, t->nregs, t->ninputs, t->nroots);
	for (size_t pc = 0; pc < t->code.n; pc++) {
		const struct insn *i = &t->code.insn[pc];

		while (depth > 0 && pc >= end[depth - 1])
			depth--;
		buf_addf(out, "%5zu  ", pc);
		buf_pad(out, ' ', 4 * depth);
		print_insn(t, i, name, ctx, out);
		if (has_body(i) && depth < 32)
			end[depth++] = pc + (size_t)i->end;
	}
	buf_add(out, "results:");
	print_places(t, t->root, t->nroots, out);
	buf_addc(out, '\n');
}
