/*
 * Registers: virtual ones, of which each instruction has its own, become places
 * in the frame, as few as live at a time, so that a strip's registers stay in
 * the first-level cache.
 *
 * A register lives from the first instruction that names it to the last one.
 * One that was made outside of a body and is named inside lives to the body's
 * end, since the body runs again.  A result may take the place of an operand
 * that dies there: kernels work lane by lane.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "expr/tape_impl.h"

int *insn_operand(struct tape *t, struct insn *i, int k)
{
	int *abc[] = { &i->a, &i->b, &i->c };

	switch (insn_op(i)) {
	case OP_CALL:
		return k < t->call[i->a].n ? &t->call[i->a].arg[k] : NULL;
	case T_SEARCH:
		return k < 4 ? &t->search[i->a].arg[k] : NULL;
	case T_LOAD:
	case T_TABLE:
	case T_LOOP:
		return NULL;
	case OP_AT:
		return k == 0 ? &i->a : NULL;
	default:
		return k < 3 && *abc[k] >= 0 ? abc[k] : NULL;
	}
}

struct life { int first, last; };

struct bodies { int *begin, *end; int depth; size_t n, cap; };

struct lives {
	struct life *life;
	struct bodies body;             /* those around the instruction */
};

static void live(struct lives *l, int reg, int pc)
{
	struct life *it;
	int last = pc;

	if (reg < FIRST_REG)
		return;
	it = &l->life[reg - FIRST_REG];
	if (it->first < 0)
		it->first = pc;
	for (int k = 0; k < l->body.depth; k++)
		if (it->first < l->body.begin[k] && l->body.end[k] > last)
			last = l->body.end[k];
	if (last > it->last)
		it->last = last;
}

static void live_insn(struct lives *l, struct tape *t, struct insn *i, int pc)
{
	int *slot;

	for (int k = 0; (slot = insn_operand(t, i, k)) != NULL; k++)
		live(l, *slot, pc);
	live(l, i->r, pc);
}

static void enter(struct bodies *b, int begin, int end)
{
	if ((size_t)b->depth == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 16;
		b->begin = xrealloc(b->begin, b->cap, sizeof *b->begin);
		b->end = xrealloc(b->end, b->cap, sizeof *b->end);
	}
	b->begin[b->depth] = begin;
	b->end[b->depth++] = end;
}

static struct life *find_lives(struct tape *t, int nregs)
{
	struct lives l = { .life = xcalloc((size_t)nregs + 1,
	                                   sizeof *l.life) };

	for (int i = 0; i < nregs; i++)
		l.life[i] = (struct life){ -1, -1 };
	for (int pc = 0; pc < (int)t->code.n; pc++) {
		struct insn *i = &t->code.insn[pc];

		while (l.body.depth && pc >= l.body.end[l.body.depth - 1])
			l.body.depth--;
		live_insn(&l, t, i, pc);
		if (!has_body(i))
			continue;
		enter(&l.body, pc + 1, pc + i->end);
		/* a search has all its registers through all its turns */
		live_insn(&l, t, i, pc);
	}
	l.body.depth = 0;
	for (int k = 0; k < t->nroots; k++)
		live(&l, t->root[k], (int)t->code.n);
	free(l.body.begin);
	free(l.body.end);
	return l.life;
}

struct allocation {
	struct life *life;
	int *to;                        /* real register + 1 of virtual ones */
	int *busy;                      /* last use of each real register */
	size_t n, cap;
};

static void allocate(struct allocation *a, int reg)
{
	struct life *l;
	size_t q = 0;

	if (reg < FIRST_REG || a->to[reg - FIRST_REG])
		return;
	l = &a->life[reg - FIRST_REG];
	while (q < a->n && a->busy[q] > l->first)
		q++;
	if (q == a->n)
		*ARR_PUSH(a->busy, a->n, a->cap) = 0;
	a->busy[q] = l->last > l->first ? l->last : l->first + 1;
	a->to[reg - FIRST_REG] = (int)q + 1;
}

static void place(const struct tape *t, const struct allocation *a, int *slot)
{
	if (*slot >= FIRST_REG)
		*slot = t->base + (a->to[*slot - FIRST_REG] - 1) * REG_STRIDE;
}

void code_allocate(struct tape *t, int nregs)
{
	struct allocation a = {
		.life = find_lives(t, nregs),
		.to = xcalloc((size_t)nregs + 1, sizeof *a.to),
	};
	int *slot;

	t->base = ((int)t->nnumbers + 7) / 8 * 8;
	for (size_t pc = 0; pc < t->code.n; pc++) {
		struct insn *i = &t->code.insn[pc];

		for (int k = 0; (slot = insn_operand(t, i, k)) != NULL; k++)
			allocate(&a, *slot);
		allocate(&a, i->r);
	}
	for (size_t pc = 0; pc < t->code.n; pc++) {
		struct insn *i = &t->code.insn[pc];

		for (int k = 0; (slot = insn_operand(t, i, k)) != NULL; k++)
			place(t, &a, slot);
		place(t, &a, &i->r);
	}
	for (int k = 0; k < t->nroots; k++)
		place(t, &a, &t->root[k]);
	t->nregs = (int)a.n;
	free(a.busy);
	free(a.to);
	free(a.life);
}
