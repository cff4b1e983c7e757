/*
 * Functions of the language.  One table row is all that a function needs:
 * checking, elaboration, help and docs/language.md read it.
 *
 * Units are a word a letter an operand, then ">" and the result:
 *   1  a number or one count (request, GPU ...)
 *   c  the same, and the result keeps it
 *   a  anything; all `a` operands have one unit, an `a` result has it too
 *   t  a time, or a time per count        r  a rate: 1/time or count/time
 *   s  a service time: with the operand before it (r) a pure number
 *   p  an `a` times a time, as operand or result
 *   q  an `a` over a time
 * "..." repeats the last operand.  A capital is a column (columns.h).
 */
#ifndef STEELYARD_EXPR_BUILTINS_H
#define STEELYARD_EXPR_BUILTINS_H

#include "expr/columns.h"
#include "expr/dag.h"
#include "expr/expr.h"

enum builtin_kind {
	BUILTIN_OP,             /* one graph operation of its operands */
	BUILTIN_FOLD,           /* the same, over two and more */
	BUILTIN_KERNEL,         /* a C function, lane by lane */
	BUILTIN_FORM,           /* reads its operands' syntax itself */
	BUILTIN_COLUMNS,        /* a function of a table's columns (columns.h) */
};

struct builtin {
	const char *name;
	enum builtin_kind kind;
	enum op op;
	kernel_fn fn;
	const char *units;      /* "11>1"; NULL for forms */
	int min_args, max_args;
	const char *reason;     /* NaN becomes infeasible(reason), or never where
	                           it says so; NULL: error */
	struct builtin_info info;
	columns_prepare_fn prepare;     /* BUILTIN_COLUMNS; may be NULL */
	columns_fn each;
};

extern const struct builtin builtins[];         /* name NULL ends */
const struct builtin *builtin_find(const char *name);
int builtin_columns(const struct builtin *b);   /* leading columns */

#endif
