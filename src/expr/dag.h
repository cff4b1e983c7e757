/*
 * The value graph: what a formula means once names, axes, units and states are
 * gone.  Every node is one double a draw, or one a draw and month ("series").
 * Nodes are shared: asking for the same operation on the same operands gives
 * the same node (common sub-expressions), and operations on constants give a
 * constant (folding; a series that hangs on `month` alone becomes SERIES).
 *
 *      formulas --check--> syntax --elaborate--> graph --schedule--> tape
 *
 * Private to src/expr and its tests; the modules above use expr.h.
 */
#ifndef STEELYARD_EXPR_DAG_H
#define STEELYARD_EXPR_DAG_H

#include <stdbool.h>
#include <stdint.h>

enum op {
#define X(name, operands, mnemonic, meaning) OP_##name,
#include "expr/ops.def"
#undef X
	OP_N
};

struct op_info { const char *name; int operands; const char *meaning; };
extern const struct op_info op_info[OP_N];

typedef int32_t node_id;                /* index into the graph; -1 = none */
#define NODE_NONE ((node_id)-1)
#define CALL_MAX 12                     /* operands of a built-in */
#define DAG_MONTHS 600                  /* the longest horizon */
#define DAG_TABLE 640                   /* values of a table: whole strips */
#define DAG_VARS 64                     /* unknowns of a graph */

/* A kernel that runs lane by lane: `a` holds its operands. NaN where they lie
 * outside its domain. Pure and thread safe. */
typedef double (*kernel_fn)(const double *a);
/* The same with a table's columns beside the operands (columns.h). */
struct columns;
typedef double (*columns_kernel_fn)(const struct columns *c, const double *a);
struct kernel {
	kernel_fn fn;                   /* NULL: of columns */
	columns_kernel_fn of_columns;
	const struct columns *columns;  /* borrowed for ever */
};
static inline double kernel_call(const struct kernel *k, const double *a)
{
	return k->fn ? k->fn(a) : k->of_columns(k->columns, a);
}

struct dag_node {
	enum op op;
	int32_t id;             /* INPUT: input id; VAR: variable; AT: month k */
	int32_t months;         /* T of reductions over months, else 0 */
	int nargs;
	node_id arg[3];         /* operands; CALL keeps its in `args` */
	node_id *args;          /* CALL */
	struct kernel kernel;   /* CALL */
	const char *label;      /* CALL: name of the built-in */
	node_id next;           /* STOCK: value carried into the next month;
	                           SOLVE, ARGMIN: the unknown's node */
	double value;           /* CONST */
	const double *table;    /* SERIES: DAG_TABLE values, month 1 first */
	bool series;            /* hangs on the month */
	bool constant;          /* CONST or SERIES */
	uint64_t vars;          /* bit v: hangs on variable v (at most 64) */
};

struct dag;
struct dag *dag_new(void);
void dag_free(struct dag *d);
int dag_size(const struct dag *d);
const struct dag_node *dag_get(const struct dag *d, node_id n);

node_id dag_const(struct dag *d, double v);
node_id dag_month(struct dag *d);               /* the series 1, 2, 3 ... */
node_id dag_input(struct dag *d, int input);
/* A new unknown, a VAR node; NODE_NONE beyond DAG_VARS.  Searches that do not
 * stand in one another may share one. */
node_id dag_var(struct dag *d);
/* One to three operands; unused ones NODE_NONE.  Folds constants (results
 * that are not finite are left to run time), SELECT on a constant, x+0, x-0,
 * x*1, x/1, x*0 -> 0, x^1, x^2 -> x*x, not(not x), double negation; orders
 * the operands of commutative operations.  A power or exponential whose
 * exponent grows by equal steps from month to month becomes a stock. */
node_id dag_op(struct dag *d, enum op op, node_id a, node_id b, node_id c);
node_id dag_call(struct dag *d, kernel_fn fn, const char *label,
                 const node_id *args, int n);
node_id dag_call_kernel(struct dag *d, struct kernel kernel,
                        const char *label, const node_id *args, int n);
/* SUM LEAST MOST FIRST over months 1..T; AT with k.  A reduction of something
 * that does not hang on the month is closed at once (SUM: T times it, the
 * others: itself, FIRST: 1 or 0). */
node_id dag_reduce(struct dag *d, enum op op, node_id x, int months, int k);
/* A stock: made with its first value, then told its next one, which may hang
 * on the stock itself; `vars` are the variables that the next one will hang
 * on.  dag_stock_next refuses (false, the stock keeps its first value) a value
 * that hangs on a reduction over the stock: its own months to come. */
node_id dag_stock(struct dag *d, node_id initial, uint64_t vars);
bool dag_stock_next(struct dag *d, node_id stock, node_id next);
/* SOLVE or ARGMIN over `var` (a VAR node) in [lo, hi] of `body`. */
node_id dag_solve(struct dag *d, enum op op, node_id var, node_id lo,
                  node_id hi, node_id body);

/* --- other nodes in the place of inputs (swap.c) ------------------------ */

/* What of the roots hangs on the inputs whose `input[id]` is true; `input` is
 * as long as the graph's greatest input id and one.  Later nodes do not count.
 */
struct swap;
struct swap *dag_swap_new(struct dag *d, const node_id *root, int nroots,
                          const bool *input);
void dag_swap_free(struct swap *s);
/* Puts by[id] in the place of these inputs, time after time; by[] may not hang
 * on the month or an unknown. */
void dag_swap(struct swap *s, const node_id *by);
/* What a node of then has become; itself where it hangs on none of them. */
node_id dag_swapped(const struct swap *s, node_id n);
/* The inputs that are met below the roots; room for all of them.  How many. */
int dag_swap_inputs(const struct swap *s, int *id);

#endif
