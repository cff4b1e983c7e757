/* Regions, and instructions written into them. */
#include <stdlib.h>

#include "base/mem.h"
#include "expr/schedule.h"

int schedule_number(struct tape *t, double v)
{
	*ARR_PUSH(t->number, t->nnumbers, t->numbers_cap) = v;
	return (int)t->nnumbers - 1;
}

int schedule_reg(struct schedule *s)
{
	return FIRST_REG + s->next_reg++;
}

struct region *region_new(struct schedule *s, struct region *outer)
{
	struct region *r = xcalloc(1, sizeof *r);

	r->outer = outer;
	r->var = -1;
	r->vars = outer ? outer->vars : 0;
	r->reg = xcalloc((size_t)dag_size(s->dag), sizeof *r->reg);
	return r;
}

void region_end(struct region *r, struct code *to)
{
	for (size_t i = 0; i < r->code.n; i++)
		*ARR_PUSH(to->insn, to->n, to->cap) = r->code.insn[i];
	free(r->code.insn);
	free(r->reg);
	free(r);
}

struct region *region_home(const struct dag_node *n, struct region *r)
{
	for (; r->outer; r = r->outer)
		if (r->months ? n->series : (n->vars >> r->var & 1) != 0)
			break;
	return r;
}

struct insn *region_emit(struct region *r, int op, int reg, node_id node)
{
	struct insn *i = ARR_PUSH(r->code.insn, r->code.n, r->code.cap);

	*i = (struct insn){ .code = KERNEL(op, 0), .r = reg, .a = -1,
	                    .b = -1, .c = -1, .node = node };
	return i;
}

void insn_set(struct insn *i, int a, int b, int c)
{
	int place[] = { a, b, c }, form = 0;

	for (int k = 0; k < 3; k++)
		if (place[k] >= 0 && place[k] < FIRST_REG)
			form |= 1 << k;
	i->code = KERNEL(insn_op(i), form);
	i->a = a;
	i->b = b;
	i->c = c;
}

void region_copy(struct region *r, int reg, int from, node_id node)
{
	insn_set(region_emit(r, T_COPY, reg, node), from, -1, -1);
}

int region_strip(struct schedule *s, struct region *r, int place,
                    node_id node)
{
	int reg;

	if (place >= FIRST_REG)
		return place;
	reg = schedule_reg(s);
	region_copy(r, reg, place, node);
	return reg;
}
