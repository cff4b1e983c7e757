/* The interpreter: a tape over a block of draws, strip by strip. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/tape_impl.h"

int tape_inputs(const struct tape *t)
{
	return (int)t->ninputs;
}

int tape_input(const struct tape *t, int k)
{
	return t->input[k];
}

int tape_roots(const struct tape *t)
{
	return t->nroots;
}

int tape_length(const struct tape *t)
{
	return (int)t->code.n;
}

static void fill(double *r, double v)
{
	for (int i = 0; i < TAPE_STRIP; i++)
		r[i] = v;
}

#define LEAD 8                  /* in front of place 0, keeps alignment */

struct frame *frame_new(const struct tape *t)
{
	struct frame *f = xcalloc(1, sizeof *f);
	size_t size = (LEAD + (size_t)t->base
	               + ((size_t)t->nregs + 1) * REG_STRIDE) * sizeof(double);

	f->tape = t;
	f->room = xaligned(64, size);
	memset(f->room, 0, size);
	f->at = f->room + LEAD;
	if (t->nnumbers)
		memcpy(f->at, t->number, t->nnumbers * sizeof *f->at);
	return f;
}

void frame_free(struct frame *f)
{
	if (!f)
		return;
	free(f->room);
	free(f);
}

/* The last strip of a block may be short: its last draw fills the rest. */
static void load(const struct frame *f, const struct insn *i)
{
	const struct column *c = &f->in[i->a + (i->b > 0 ? f->month : 0)];
	double *r = f->at + i->r;

	if (c->uniform) {
		fill(r, c->v[0]);
		return;
	}
	memcpy(r, c->v + f->first, (size_t)f->lanes * sizeof *r);
	for (int k = f->lanes; k < TAPE_STRIP; k++)
		r[k] = r[f->lanes - 1];
}

static void copy(double *r, const struct frame *f, int place, int n)
{
	if (is_number(f->tape, place))
		fill(r, f->at[place]);
	else
		memmove(r, f->at + place, (size_t)n * sizeof *r);
}

/* Built-ins are pure and dear: where a lane has the operands of the lane
 * before it, it has its result, too. */
static void call(const struct frame *f, const struct insn *i)
{
	const struct call *c = &f->tape->call[i->a];
	double a[CALL_MAX] = { 0 }, last[CALL_MAX], *r = f->at + i->r;

	for (int lane = 0; lane < f->lanes; lane++) {
		memcpy(last, a, sizeof a);
		for (int k = 0; k < c->n; k++)
			a[k] = f->at[c->arg[k] + (is_number(f->tape, c->arg[k])
			                          ? 0 : lane)];
		r[lane] = lane && memcmp(a, last, sizeof a) == 0
			? r[lane - 1] : kernel_call(&c->kernel, a);
	}
	for (int lane = f->lanes; lane < TAPE_STRIP; lane++)
		r[lane] = r[f->lanes - 1];
}

int vm_months(const struct frame *f, const struct insn *i)
{
	return i->a ? i->a : f->month + 1;
}

static void months(struct frame *f, const struct insn *i, size_t from,
                   size_t to)
{
	int outer = f->month, n = vm_months(f, i);

	for (f->month = 0; f->month < n; f->month++)
		vm_run(f, from, to);
	f->month = outer;
}

/* What is dear, unless it is known from the run before. */
static void dear(struct frame *f, const struct insn *i, size_t from, size_t to)
{
	bool keeps = memo_keeps(f, i);

	if (keeps && memo_take(f, i))
		return;
	if (insn_op(i) == OP_CALL)
		call(f, i);
	else
		vm_search(f, i, from, to);
	if (keeps)
		memo_put(f, i);
}

/* Everything that has no kernel; returns the next instruction. */
static size_t control(struct frame *f, size_t pc)
{
	const struct insn *i = &f->tape->code.insn[pc];
	size_t end = pc + (size_t)i->end;

	switch (insn_op(i)) {
	case T_LOAD:
		load(f, i);
		break;
	case T_TABLE:
		f->at[i->r] = f->tape->table[i->a][f->month];
		break;
	case OP_AT:
		if (f->month + 1 == i->b)
			copy(f->at + i->r, f, i->a, TAPE_STRIP);
		break;
	case OP_CALL:
		dear(f, i, 0, 0);
		break;
	case T_LOOP:
		months(f, i, pc + 1, end);
		return end;
	case T_SEARCH:
		dear(f, i, pc + 1, end);
		return end;
	default:
		assert(!"an operation and form without a kernel");
	}
	return pc + 1;
}

void vm_run(struct frame *f, size_t from, size_t to)
{
	const strip_fn *fn = f->kernels->fn;
	const struct insn *insn = f->tape->code.insn;
	double *at = f->at;

	for (size_t pc = from; pc < to;) {
		const struct insn *i = &insn[pc];

		/* an operand that is not there (-1) is not read */
		if (i->code < T_KERNELS * FORMS && fn[i->code]) {
			fn[i->code](at + i->r, at + i->a, at + i->b, at + i->c);
			pc++;
		} else {
			pc = control(f, pc);
		}
	}
}

void tape_run(const struct tape *t, struct frame *f, const struct column *in,
              int n, double *const *out)
{
	f->kernels = kernels_now();
	f->in = in;
	f->month = 0;
	for (f->first = 0; f->first < n; f->first += TAPE_STRIP) {
		int left = n - f->first;

		f->lanes = left < TAPE_STRIP ? left : TAPE_STRIP;
		vm_run(f, 0, t->code.n);
		for (int r = 0; r < t->nroots; r++)
			for (int i = 0; i < f->lanes; i++)
				out[r][f->first + i] = f->at[t->root[r]
					+ (is_number(t, t->root[r]) ? 0 : i)];
	}
}
