/*
 * One strip of lanes at a time: every operation of the tape as a function of
 * its operands' strips.  kernels.inc is compiled once for each vector width and
 * gives the same digits on each: no contraction, no reassociation, and the
 * variants of SLEEF's functions that agree bit for bit (cinz: no FMA).
 *
 * Private to src/expr.
 */
#ifndef STEELYARD_EXPR_KERNELS_H
#define STEELYARD_EXPR_KERNELS_H

#include "expr/dag.h"
#include "expr/tape.h"

typedef void (*strip_fn)(double *r, const double *a, const double *b,
                         const double *c);

struct kernels {
	const char *name;               /* "sse2" */
	strip_fn fn[OP_N];              /* NULL: no arithmetic (CALL, AT ...) */
};

extern const struct kernels kernels_sse2;
#if defined(__x86_64__)
extern const struct kernels kernels_avx;
extern const struct kernels kernels_avx512;
#endif

/* The set in use, and the first one: what folding computes with. */
const struct kernels *kernels_now(void);

#endif
