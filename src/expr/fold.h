/*
 * Arithmetic at compile time, by the kernels that run: a folded constant and a
 * computed value have the same digits.  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_FOLD_H
#define STEELYARD_EXPR_FOLD_H

#include "expr/dag.h"

double fold_op(enum op op, const double *operand);

#endif
