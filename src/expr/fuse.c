/*
 * Two instructions in one.  Cheap operations are bound by what they load and
 * store, not by their arithmetic: a product whose only reader is a sum is
 * computed within that sum.  Each step is rounded as before, so no digit
 * changes.
 *
 *      r3 = mul r1, r2
 *      ...                     ->      r5 = mul_add r1, r2, r4
 *      r5 = add r3, r4
 */
#include <stdlib.h>

#include "base/mem.h"
#include "expr/tape_impl.h"

/* first: what makes the operand; second: what reads it, as its operand
 * `which`; the other operand comes last. */
static const struct pattern { int first, second, which, fused; } patterns[] = {
	{ OP_MUL, OP_ADD, 0, T_MUL_ADD }, { OP_MUL, OP_ADD, 1, T_MUL_ADD },
	{ OP_MUL, OP_SUM, 1, T_MUL_ADD },
	{ OP_MUL, OP_SUB, 0, T_MUL_SUB }, { OP_MUL, OP_SUB, 1, T_SUB_MUL },
	{ OP_MUL, OP_MUL, 0, T_MUL_MUL }, { OP_MUL, OP_MUL, 1, T_MUL_MUL },
	{ OP_ADD, OP_MUL, 0, T_ADD_MUL }, { OP_ADD, OP_MUL, 1, T_ADD_MUL },
	{ OP_SUB, OP_MUL, 0, T_DIF_MUL }, { OP_SUB, OP_MUL, 1, T_DIF_MUL },
	{ OP_SUB, OP_SUB, 0, T_SUB_SUB },
};

struct use {
	int reads, writes;
	size_t writer;                  /* the last one */
};

struct fuser {
	struct tape *t;
	struct use *use;                /* by virtual register */
	int *body;                      /* by instruction: the body it is in */
	bool *gone;
};

static struct use *use_of(struct fuser *f, int place)
{
	return place < FIRST_REG ? NULL : &f->use[place - FIRST_REG];
}

static void count_uses(struct fuser *f)
{
	struct tape *t = f->t;

	for (size_t pc = 0; pc < t->code.n; pc++) {
		struct insn *i = &t->code.insn[pc];
		struct use *u = use_of(f, i->r);
		int *slot;

		for (int k = 0; (slot = insn_operand(t, i, k)) != NULL; k++)
			if (use_of(f, *slot))
				use_of(f, *slot)->reads++;
		if (u) {
			u->writes++;
			u->writer = pc;
		}
		for (int k = 1; has_body(i) && k < i->end; k++)
			f->body[pc + (size_t)k] = (int)pc + 1;
	}
	for (int k = 0; k < t->nroots; k++)
		if (use_of(f, t->root[k]))
			use_of(f, t->root[k])->reads++;
}

/* Whether the operands hold until `to`: stocks are overwritten. */
static bool operands_hold(struct fuser *f, size_t from, size_t to)
{
	struct insn *i = &f->t->code.insn[from];
	int *slot;

	for (int k = 0; (slot = insn_operand(f->t, i, k)) != NULL; k++)
		for (size_t pc = from + 1; pc < to; pc++)
			if (f->t->code.insn[pc].r == *slot)
				return false;
	return true;
}

static void write_fused(struct insn *to, const struct insn *first,
                        const struct pattern *p)
{
	int last = p->which == 0 ? to->b : to->a;
	int place[] = { first->a, first->b, last }, form = 0;

	for (int k = 0; k < 3; k++)
		if (place[k] < FIRST_REG)
			form |= 1 << k;
	to->code = KERNEL(p->fused, form);
	to->a = first->a;
	to->b = first->b;
	to->c = last;
}

static bool fuse_operand(struct fuser *f, size_t pc, const struct pattern *p)
{
	struct insn *i = &f->t->code.insn[pc], *first;
	struct use *u = use_of(f, p->which == 0 ? i->a : i->b);

	if (insn_op(i) != p->second || !u || u->reads != 1 || u->writes != 1)
		return false;
	first = &f->t->code.insn[u->writer];
	if (insn_op(first) != p->first || f->body[u->writer] != f->body[pc]
	    || u->writer > pc || !operands_hold(f, u->writer, pc))
		return false;
	write_fused(i, first, p);
	f->gone[u->writer] = true;
	return true;
}

/* Closes the gaps; bodies shrink by what they lost. */
static void compact(struct fuser *f)
{
	struct code *code = &f->t->code;
	size_t n = 0;

	for (size_t pc = 0; pc < code->n; pc++) {
		struct insn *i = &code->insn[pc];
		int lost = 0;

		for (int k = 1; has_body(i) && k < i->end; k++)
			lost += f->gone[pc + (size_t)k];
		if (has_body(i))
			i->end -= lost;
		if (!f->gone[pc])
			code->insn[n++] = *i;
	}
	code->n = n;
}

void code_fuse(struct tape *t, int nregs)
{
	struct fuser f = {
		.t = t,
		.use = xcalloc((size_t)nregs + 1, sizeof *f.use),
		.body = xcalloc(t->code.n + 1, sizeof *f.body),
		.gone = xcalloc(t->code.n + 1, sizeof *f.gone),
	};
	size_t n = sizeof patterns / sizeof *patterns, k;

	count_uses(&f);
	for (size_t pc = 0; pc < t->code.n; pc++)
		for (k = 0; k < n && !fuse_operand(&f, pc, &patterns[k]); k++)
			;
	compact(&f);
	free(f.use);
	free(f.body);
	free(f.gone);
}
