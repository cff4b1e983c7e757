/*
 * Arithmetic at compile time, by the kernels that run: a folded constant and a
 * computed value have the same digits.  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_FOLD_H
#define STEELYARD_EXPR_FOLD_H

#include "expr/dag.h"

/* One value of three operands (unused ones 0). */
double fold_op(enum op op, const double *operand);

/* DAG_TABLE values. An operand is as long or, where the bit of `form` is set,
 * one number; NULL: unused. */
void fold_table(enum op op, int form, const double *const *operand, double *r);

#endif
