/* The interpreter: a tape over a block of draws, strip by strip. */
#include <math.h>
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
	return (int)t->n;
}

int tape_registers(const struct tape *t)
{
	return t->nregs;
}

static void fill(double *r, double v)
{
	for (int i = 0; i < TAPE_STRIP; i++)
		r[i] = v;
}

struct frame *frame_new(const struct tape *t)
{
	struct frame *f = xcalloc(1, sizeof *f);
	size_t size = ((size_t)t->nregs + 1) * REG_STRIDE * sizeof(double);

	f->tape = t;
	f->reg = xaligned(64, size);
	memset(f->reg, 0, size);
	for (size_t k = 0; k < t->nconstants; k++)
		fill(reg_at(f, (int)k), t->constant[k]);
	return f;
}

void frame_free(struct frame *f)
{
	if (!f)
		return;
	free(f->reg);
	free(f);
}

/* The last strip of a block may be short: its last draw fills the rest. */
static void load(const struct frame *f, const struct insn *i)
{
	const struct column *c = &f->in[i->a];
	double *r = reg_at(f, i->r);

	if (c->uniform) {
		fill(r, c->v[0]);
		return;
	}
	memcpy(r, c->v + f->first, (size_t)f->lanes * sizeof *r);
	for (int k = f->lanes; k < TAPE_STRIP; k++)
		r[k] = r[f->lanes - 1];
}

static void call(const struct frame *f, const struct insn *i)
{
	const double *arg[CALL_MAX];
	double a[CALL_MAX], *r = reg_at(f, i->r);

	for (int k = 0; k < i->nargs; k++)
		arg[k] = reg_at(f, f->tape->args[i->args + k]);
	for (int lane = 0; lane < f->lanes; lane++) {
		for (int k = 0; k < i->nargs; k++)
			a[k] = arg[k][lane];
		r[lane] = i->fn(a);
	}
	for (int lane = f->lanes; lane < TAPE_STRIP; lane++)
		r[lane] = r[f->lanes - 1];
}

static void months(struct frame *f, const struct insn *i, size_t from,
                   size_t to)
{
	int outer = f->month;

	for (f->month = 0; f->month < i->a; f->month++)
		vm_run(f, from, to);
	f->month = outer;
}

/* Everything that is no plain operation; returns the next instruction. */
static size_t control(struct frame *f, size_t pc)
{
	const struct insn *i = &f->tape->insn[pc];
	size_t end = pc + (size_t)i->end;

	switch (i->op) {
	case T_LOAD:
		load(f, i);
		break;
	case T_TABLE:
		fill(reg_at(f, i->r), f->tape->table[i->a][f->month]);
		break;
	case T_COPY:
		memmove(reg_at(f, i->r), reg_at(f, i->a),
		        TAPE_STRIP * sizeof(double));
		break;
	case OP_AT:
		if (f->month + 1 == i->b)
			memmove(reg_at(f, i->r), reg_at(f, i->a),
			        TAPE_STRIP * sizeof(double));
		break;
	case OP_CALL:
		call(f, i);
		break;
	case T_LOOP:
		months(f, i, pc + 1, end);
		return end;
	case T_SEARCH:
		vm_search(f, i, pc + 1, end);
		return end;
	}
	return pc + 1;
}

void vm_run(struct frame *f, size_t from, size_t to)
{
	const struct kernels *k = kernels_now();
	const struct tape *t = f->tape;

	for (size_t pc = from; pc < to;) {
		const struct insn *i = &t->insn[pc];
		strip_fn fn = i->op < OP_N ? k->fn[i->op] : NULL;

		if (!fn) {
			pc = control(f, pc);
			continue;
		}
		fn(reg_at(f, i->r), reg_at(f, i->a),
		   reg_at(f, i->b < 0 ? i->a : i->b),
		   reg_at(f, i->c < 0 ? i->a : i->c));
		pc++;
	}
}

void tape_run(const struct tape *t, struct frame *f, const struct column *in,
              int n, double *const *out)
{
	f->in = in;
	f->month = 0;
	for (f->first = 0; f->first < n; f->first += TAPE_STRIP) {
		int left = n - f->first;

		f->lanes = left < TAPE_STRIP ? left : TAPE_STRIP;
		vm_run(f, 0, t->n);
		for (int r = 0; r < t->nroots; r++)
			memcpy(out[r] + f->first, reg_at(f, t->root[r]),
			       (size_t)f->lanes * sizeof(double));
	}
}

/* --- looking for what is not finite ----------------------------------- */

static bool operands_finite(const struct frame *f, const struct insn *i)
{
	int arg[CALL_MAX] = { i->a, i->b, i->c };
	int n = 3;

	if (i->op == OP_CALL) {
		n = i->nargs;
		for (int k = 0; k < n; k++)
			arg[k] = f->tape->args[i->args + k];
	}
	for (int k = 0; k < n; k++)
		if (arg[k] >= 0 && !isfinite(reg_at(f, arg[k])[0]))
			return false;
	return true;
}

/* Runs as vm_run does, but looks at lane 0 behind every operation. */
static node_id trace(struct frame *f, size_t from, size_t to)
{
	const struct tape *t = f->tape;

	for (size_t pc = from; pc < to;) {
		const struct insn *i = &t->insn[pc];
		bool plain = i->op < OP_N && i->op != OP_AT;
		size_t next = pc + 1;

		if (i->op == T_LOOP) {
			int outer = f->month;
			node_id bad = NODE_NONE;

			next = pc + (size_t)i->end;
			for (f->month = 0; f->month < i->a
			     && bad == NODE_NONE; f->month++)
				bad = trace(f, pc + 1, next);
			f->month = outer;
			if (bad != NODE_NONE)
				return bad;
		} else if (i->op == T_SEARCH) {
			next = pc + (size_t)i->end;
			vm_search(f, i, pc + 1, next);
		} else {
			bool fine = !plain || operands_finite(f, i);

			vm_run(f, pc, pc + 1);
			if (plain && fine && i->op != OP_MIN
			    && i->op != OP_MAX
			    && !isfinite(reg_at(f, i->r)[0]))
				return i->node;
		}
		pc = next;
	}
	return NODE_NONE;
}

node_id tape_trace(const struct tape *t, struct frame *f,
                   const struct column *in)
{
	f->in = in;
	f->first = 0;
	f->lanes = 1;
	f->month = 0;
	return trace(f, 0, t->n);
}
