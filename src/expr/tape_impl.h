/*
 * The inside of a tape.  Private to src/expr: schedule.c writes it, vm.c runs
 * it, disasm.c prints it.
 */
#ifndef STEELYARD_EXPR_TAPE_IMPL_H
#define STEELYARD_EXPR_TAPE_IMPL_H

#include <stddef.h>

#include "expr/dag.h"
#include "expr/kernels.h"
#include "expr/tape.h"

/* Instructions beside the graph's operations. */
enum {
	T_LOAD = OP_N,  /* r = input a (its place in tape.input) */
	T_TABLE,        /* r = tape.table[a] at the current month */
	T_COPY,         /* r = a */
	T_LOOP,         /* months 1..a; the body ends at `end` */
	T_SEARCH,       /* solve or argmin (b: op) in [arg0, arg1] of arg2 over the
	                   unknown arg3, into r; body up to `end` */
	T_N
};

struct insn {
	int op;
	int r;                          /* register written, -1: none */
	int a, b, c;                    /* registers or numbers, see above */
	int end;                        /* first instruction behind a body */
	int args;                       /* CALL, SEARCH: index into tape.args */
	int nargs;
	kernel_fn fn;                   /* CALL */
	const char *label;              /* CALL */
	node_id node;                   /* what it computes, for messages */
};

struct tape {
	struct insn *insn;
	size_t n, cap;
	int *args;
	size_t nargs, args_cap;
	double (*table)[DAG_MONTHS];
	size_t ntables, tables_cap;
	double *constant;               /* value of register k < nconstants */
	size_t nconstants, constants_cap;
	int *input;
	size_t ninputs, inputs_cap;
	int *root;                      /* register of each root */
	int nroots;
	int nregs;
};

/* Registers lie this far apart: a strip and three cache lines, so that they do
 * not all map to one set of the cache (docs/performance.md). */
#define REG_STRIDE (TAPE_STRIP + 24)

struct frame {
	const struct tape *tape;
	double *reg;                    /* nregs * REG_STRIDE, aligned to 64 */
	const struct column *in;
	int first, lanes;               /* the strip's draws */
	int month;                      /* of the innermost loop, from 0 */
};

static inline double *reg_at(const struct frame *f, int r)
{
	return f->reg + (size_t)r * REG_STRIDE;
}

/* Runs instructions [from, to) on the frame's strip. */
void vm_run(struct frame *f, size_t from, size_t to);
/* The two searches; body instructions [from, to). */
void vm_search(struct frame *f, const struct insn *i, size_t from, size_t to);

#endif
