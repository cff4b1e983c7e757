/*
 * One strip of lanes at a time: every operation of the tape as a function of
 * its operands' strips.  kernels.inc is compiled once for each vector width and
 * gives the same digits on each: no contraction, no reassociation, and the
 * variants of SLEEF's functions that agree bit for bit (cinz: no FMA).
 *
 * An operand is a strip or one number for all lanes (a constant, a month's
 * value of a table).  The form of an instruction tells which: bit k set means
 * that operand k is one number.  There is a kernel for each operation and form
 * but the one in which nothing is a strip.
 *
 * Private to src/expr.
 */
#ifndef STEELYARD_EXPR_KERNELS_H
#define STEELYARD_EXPR_KERNELS_H

#include "expr/dag.h"
#include "expr/tape.h"

/* Operations of the tape beside the graph's. */
enum {
	T_COPY = OP_N,  /* r = a */
	T_MUL_ADD,      /* r = a b + c, rounded twice; so are those below */
	T_MUL_SUB,      /* r = a b - c */
	T_SUB_MUL,      /* r = c - a b */
	T_MUL_MUL,      /* r = a b c */
	T_ADD_MUL,      /* r = (a + b) c */
	T_DIF_MUL,      /* r = (a - b) c */
	T_SUB_SUB,      /* r = a - b - c */
	T_KERNELS,      /* from here on: no kernel */
	T_LOAD = T_KERNELS, /* r = input a (its place in tape.input) */
	T_TABLE,        /* r = tape.table[a] at the current month, one number */
	T_LOOP,         /* months 1..a (a = 0: the month of the loop around) */
	T_SEARCH,       /* solve or argmin: tape.search[a]; body up to `end` */
	T_N
};

#define FORMS 8
#define KERNEL(op, form) ((op) * FORMS + (form))

typedef void (*strip_fn)(double *r, const double *a, const double *b,
                         const double *c);

struct kernels {
	const char *name;               /* "sse2" */
	strip_fn fn[T_KERNELS * FORMS]; /* NULL: no arithmetic (CALL, AT ...) */
};

extern const struct kernels kernels_sse2;
#if defined(__x86_64__)
extern const struct kernels kernels_avx;
extern const struct kernels kernels_avx512;
#endif

/* The set in use. */
const struct kernels *kernels_now(void);

#endif
