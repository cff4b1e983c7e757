/*
 * The inside of a tape.  Private to src/expr: schedule.c, fuse.c and
 * registers.c write it, vm.c and search.c run it, disasm.c prints it.
 *
 * A frame is one array: first the numbers (constants, and the current month's
 * value of each table), then the registers, a strip of lanes each.  Operands
 * are places in that array, so that numbers and strips are read alike:
 *
 *      0 .. nnumbers-1         numbers
 *      base + k REG_STRIDE     register k
 */
#ifndef STEELYARD_EXPR_TAPE_IMPL_H
#define STEELYARD_EXPR_TAPE_IMPL_H

#include <stddef.h>

#include "expr/dag.h"
#include "expr/kernels.h"
#include "expr/tape.h"

struct insn {
	int code;                       /* KERNEL(operation, form) */
	int r;                          /* place written, -1: none */
	int a, b, c;                    /* places or numbers, see kernels.h;
	                                   -1: unused */
	int end;                        /* length of a body, itself included */
	node_id node;                   /* what it computes, for messages */
};

struct call {
	struct kernel kernel;
	const char *label;
	int n, arg[CALL_MAX];
};

/* Lower bound, upper bound, body's result, unknown: all registers. */
struct search_args { enum op op; int arg[4]; };

struct code { struct insn *insn; size_t n, cap; };

struct tape {
	struct code code;
	struct call *call;
	size_t ncalls, calls_cap;
	struct search_args *search;
	size_t nsearches, searches_cap;
	double (*table)[DAG_TABLE];
	size_t ntables, tables_cap;
	double *number;                 /* what the frame's numbers start with */
	size_t nnumbers, numbers_cap;
	int *input;
	size_t ninputs, inputs_cap;
	int *root;                      /* place of each root */
	int nroots;
	int nregs, base;
};

/* Registers lie this far apart: a strip and one cache line, so that they do
 * not all map to one set of the cache (docs/performance.md). */
#define REG_STRIDE (TAPE_STRIP + 24)

struct frame {
	const struct tape *tape;
	const struct kernels *kernels;
	double *room;                   /* owned */
	double *at;                     /* numbers and registers, 64-aligned;
	                                   place -1 is inside of the room */
	const struct column *in;
	int first, lanes;               /* the strip's draws */
	int month;                      /* of the innermost loop, from 0 */
	struct tape_memo *memo;         /* or NULL, and the draw that the */
	int64_t memo_first;             /* block's first one is in it */
};

/* A row is what one instruction comes to, a row a month in a loop; lanes of one
 * strip lie together, rows of one strip behind one another. */
struct tape_memo {
	int *row;                       /* by instruction: its first; -1 */
	int rows, strips;
	size_t words, nset, set_cap;
	uint64_t *set;                  /* [row * words]: inputs below it */
	double *value;                  /* [(strip * rows + row) * lanes] */
	unsigned char *valid;           /* [strip * rows + row] */
};
bool memo_keeps(const struct frame *f, const struct insn *i);
bool memo_take(struct frame *f, const struct insn *i);
void memo_put(struct frame *f, const struct insn *i);

static inline int insn_op(const struct insn *i)
{
	return i->code / FORMS;
}

static inline bool is_number(const struct tape *t, int place)
{
	return place < (int)t->nnumbers;
}

static inline bool has_body(const struct insn *i)
{
	return insn_op(i) == T_LOOP || insn_op(i) == T_SEARCH;
}

/* The k-th place that the instruction reads, NULL behind the last. */
int *insn_operand(struct tape *t, struct insn *i, int k);

/* While code is written, numbers have their places and registers are virtual,
 * counted from here: each is written once, but for the registers of stocks and
 * of what is collected over months. */
#define FIRST_REG (1 << 24)

/* Two instructions in one where the first one's result serves but the second:
 * a register less to write and to read. */
void code_fuse(struct tape *t, int nregs);
/* Gives the virtual registers places, as few as live at a time. */
void code_allocate(struct tape *t, int nregs);

/* Runs instructions [from, to) on the frame's strip. */
void vm_run(struct frame *f, size_t from, size_t to);
/* How many months a loop runs, from where it stands. */
int vm_months(const struct frame *f, const struct insn *i);
/* The two searches; body instructions [from, to). */
void vm_search(struct frame *f, const struct insn *i, size_t from, size_t to);

#endif
