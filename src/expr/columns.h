/*
 * Functions of a table's columns: `risk(scores.score, scores.correct, t)`.
 *
 * A row of `builtins` of kind BUILTIN_COLUMNS is all that one needs.  Its unit
 * rule begins with a capital a column, then goes on with the letters of
 * builtins.h for the numbers behind them:
 *   A  a column in the unit that the `a` operands and an `a` result share
 *   N  a column of plain numbers     B  a column of truths (0 and 1)
 *   K  any column
 * All columns of a call are of one table, so they have equal lengths.
 *
 * `prepare` (or NULL) makes once a binding what the function needs besides the
 * columns as they are: sorted copies, sums, a fitted step function; one block
 * from xmalloc, released with free().  `each` is then called for the numbers
 * behind the columns: once when they are constant, else lane by lane from any
 * thread, so it must be pure.  All values are in base units.  NaN is
 * infeasible(the row's reason); a table that the scenario does not name gives
 * `unmeasured`.
 *
 * A function of columns alone may do all its work in `prepare`.
 */
#ifndef STEELYARD_EXPR_COLUMNS_H
#define STEELYARD_EXPR_COLUMNS_H

#include "expr/dag.h"

#define COLUMNS_MAX 4

struct column_memo;

struct data_column {
	const double *value;
	int n;
	struct column_memo *memo;       /* of its table; shared by its columns */
};

struct columns {
	int n;                          /* columns */
	int rows;
	const double *column[COLUMNS_MAX];
	void *prepared;                 /* what `prepare` made, or NULL */
};

typedef void *(*columns_prepare_fn)(const struct columns *c);
typedef double (*columns_fn)(const struct columns *c, const double *a);

/* Keeps what was prepared for as long as the table is kept; thread safe. */
struct column_memo *column_memo_new(void);
void column_memo_free(struct column_memo *m);
const struct columns *column_memo_get(struct column_memo *m,
                                      columns_prepare_fn prepare,
                                      const struct data_column *const *col,
                                      int n);

#endif
