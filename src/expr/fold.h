/*
 * Arithmetic at compile time, by the kernels that run: a folded constant and a
 * computed value have the same digits.  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_FOLD_H
#define STEELYARD_EXPR_FOLD_H

#include "expr/dag.h"

/* One value of three operands (unused ones 0). */
double fold_op(enum op op, const double *operand);

/* The constant that `n` comes to, when all its operands are constants; else
 * NODE_NONE.  What is not finite stays for run time, where it can be reported
 * at its place; states compare with infinities, and those fold. */
node_id fold_node(struct dag *d, const struct dag_node *n);

#endif
