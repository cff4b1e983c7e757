/*
 * The formula language: text -> syntax -> checked names -> value graph.
 *
 * An `env` holds what the formulas of one model may name: axes, parameters,
 * formulas, money lines, functions, links to other models.  The loader fills
 * it, env_check() infers for every name its type, unit, axes and whether it
 * may be a state, and reports cycles, unknown names and unit errors with
 * their place.  Elaboration then turns an expression, for one label of each
 * axis it hangs on, into nodes of a value graph (dag.h): options and declared
 * axes are unrolled here, the month stays a loop, draws stay lanes.
 *
 * All numbers are in base units (units.h).  States ("never", "always",
 * "unmeasured", "infeasible(reason)", "barred(rule)") travel beside the
 * number in a second node, so that no infinity ever stands for one.
 */
#ifndef STEELYARD_EXPR_EXPR_H
#define STEELYARD_EXPR_EXPR_H

#include <stdbool.h>

#include "base/err.h"
#include "expr/dag.h"
#include "units/units.h"

struct arena;
struct buf;
struct env;
struct syntax;                  /* a parsed expression, immutable */

/* Limits (docs/language.md): an expression longer or deeper is refused. */
#define EXPR_MAX_TEXT 4096
#define EXPR_MAX_DEPTH 64
#define EXPR_MAX_NODES 200000   /* of a whole graph: ERR_LIMIT */
#define EXPR_MAX_MONTHS 600

/* Axes: option and month are built in, a model declares up to six more. */
enum { AXIS_OPTION, AXIS_MONTH, AXIS_DECLARED, AXIS_MAX = 8 };
#define AXES(a) (1u << (a))

enum value_type { TYPE_NUMBER, TYPE_BOOL, TYPE_LABEL };

struct expr_type {
	enum value_type type;
	struct unit unit;       /* TYPE_NUMBER */
	bool any_unit;          /* a bare 0 or a state: fits every unit */
	bool stateful;          /* may be never, infeasible ... */
	unsigned axes;          /* set of AXES() it hangs on */
	int choice;             /* TYPE_LABEL: id of the label set, else -1 */
};

/* --- syntax ----------------------------------------------------------- */

/* Parses one formula. `pos` is the place of its first character. NULL with a
 * finding (what was expected, at which column). */
struct syntax *expr_parse(struct arena *a, const char *text, struct pos pos,
                          struct err *err);
const char *syntax_text(const struct syntax *s);        /* as written */
struct pos syntax_pos(const struct syntax *s);
/* The text with every measured(), crossing(), p_best() and age() replaced by
 * what `answer` gives for it: a literal in the language, "never", "always".
 * `name` (p, or p@label of p[label]) and `which` are its arguments, "" where
 * there are none.  NULL: one of them gave NULL (all are asked). */
typedef const char *expr_answer_fn(void *ctx, const char *function,
                                   const char *name, const char *which);
const char *expr_fill_results(struct arena *a, const struct syntax *s,
                              expr_answer_fn *answer, void *ctx);
/* Calls fn for every comparison of two quantities that stands alone or among
 * others under `and` and `or`; `above`: left > right.  false: the expression is
 * something else, or part of it is. */
bool syntax_comparisons(const struct syntax *s,
                        void (*fn)(void *ctx, const struct syntax *left,
                                   const struct syntax *right, bool above),
                        void *ctx);
/* Calls fn for every name the expression mentions, once each, in order. */
void syntax_names(const struct syntax *s,
                  void (*fn)(void *ctx, const char *name, struct pos pos),
                  void *ctx);

/* --- filling an environment ------------------------------------------- */

/* `name` is the model's name, for messages. Everything lives in `a`. */
struct env *env_new(struct arena *a, struct units *u, const char *name);

/* Declares an axis; the options come first (name "option"), the month is
 * there already.  Returns its number or -1 with a finding (too many, doubled
 * labels, a label that is already one of another axis). */
int env_axis(struct env *e, const char *name, const char *const *labels,
             int n, struct pos pos, struct err *err);
void env_months(struct env *e, int months);             /* the horizon T */
void env_tag(struct env *e, const char *tag, int option);
void env_incumbent(struct env *e, int option);

/* A parameter: one number, choice or truth a label of `axis` (-1: one for
 * all).  slot[label] is the number the resolver is asked for; labels may
 * share a slot.  For choices `labels` are the values, kept as 0, 1, 2 ... */
struct env_param {
	const char *name;
	struct pos pos;
	enum value_type type;
	struct unit unit;
	const char *unit_text;          /* as the author wrote it; for display */
	int axis;
	const int *slot;
	const char *const *labels;      /* choices */
	int nlabels;
	bool stateful;                  /* a neighbour's figure that may be a state */
};
bool env_param(struct env *e, const struct env_param *p, struct err *err);

/* A formula, one text for all labels or one for each label of `axis` (`by:`).
 * `unit` NULL: inferred; else checked, and used for display. */
bool env_formula(struct env *e, const char *name, struct pos pos, int axis,
                 struct syntax *const *body, const struct unit *unit,
                 const char *unit_text, struct err *err);
/* A stock: `initial` at month 1, `next` (which may name the stock) after. */
bool env_stock(struct env *e, const char *name, struct pos pos,
               struct syntax *initial, struct syntax *next,
               const struct unit *unit, const char *unit_text,
               struct err *err);
bool env_function(struct env *e, const char *name, struct pos pos,
                  const char *const *args, int n, struct syntax *body,
                  struct err *err);
/* A money line: `monthly` is a rate (USD/time), else once (USD). `options` is
 * a bit set of the options it holds for. */
bool env_money(struct env *e, const char *name, struct pos pos,
               const char *account, bool monthly, unsigned long options,
               struct syntax *amount, struct err *err);
void env_objective(struct env *e, struct syntax *objective);
/* A table's column, "scores.score"; a column of a table that a scenario may
 * leave out makes what reads it stateful. */
bool env_column(struct env *e, const char *table, const char *column,
                enum value_type type, const struct unit *unit, bool required,
                struct pos pos, struct err *err);

/* Infers and checks everything that was declared. */
bool env_check(struct env *e, struct err *err);

/* Checks one more expression (a `when:`, a study's cost, an example's key).
 * `want` TYPE_BOOL or TYPE_NUMBER; `axes`: the axes it may hang on.  Functions
 * on results (measured, crossing, p_best, age) are allowed where
 * `on_results`; such an expression can be checked but not elaborated.
 * *type receives what was inferred (may be NULL). */
bool env_check_expr(struct env *e, const struct syntax *s,
                    enum value_type want, unsigned axes, bool on_results,
                    struct expr_type *type, struct err *err);

/* --- asking ----------------------------------------------------------- */

enum symbol_kind { SYMBOL_PARAM, SYMBOL_FORMULA, SYMBOL_STOCK, SYMBOL_MONEY };

struct symbol {
	const char *name;
	enum symbol_kind kind;
	struct expr_type type;
	const char *unit_text;          /* for display; never NULL after check */
	struct unit unit;               /* what unit_text means */
	struct pos pos;
	/* The text of a formula for one label of its `by` axis, else of the
	 * whole; NULL for parameters. */
	const struct syntax *body;
};

/* Finds a formula, parameter or the built-in names `objective`, `monthly`,
 * `once`.  For a `by:` formula, label picks the line.  false: no such name. */
bool env_symbol(const struct env *e, const char *name, int label,
                struct symbol *out);

int env_axes(const struct env *e);
const char *env_axis_name(const struct env *e, int axis);
int env_axis_size(const struct env *e, int axis);
const char *env_axis_label(const struct env *e, int axis, int label);
int env_find_label(const struct env *e, const char *label, int *axis); /* -1 */
int env_choice_label(const struct env *e, int choice, const char *label);

/* The unit in which a value of this expression is shown and expected: a
 * name's own unit; USD/month for money rates; through sums, selections and
 * dimensionless factors that of the first operand; else base units.
 * `text` points into the environment's arena. */
void env_display(struct env *e, const struct syntax *s,
                 const struct expr_type *t, struct unit *unit,
                 const char **text);

/* --- elaboration ------------------------------------------------------ */

enum state_code {
	STATE_NUMBER, STATE_NEVER, STATE_ALWAYS, STATE_UNMEASURED,
	STATE_REASON            /* STATE_REASON + k: infeasible(reason k) */
};
/* The units its formulas are read in. */
struct units *env_units(const struct env *e);
/* Names a state for people: "never", "infeasible: too_slow". */
const char *env_state_name(const struct env *e, int code);

struct value {
	node_id num;
	node_id state;          /* NODE_NONE: always a number */
};

/* Gives the nodes of a parameter's slot (an input of its own, a workload's
 * input, a neighbour's formula ...). */
typedef struct value (*slot_fn)(void *ctx, struct dag *d, int slot);

/* Gives a column, "scores.score", or NULL: the table is not there.  For
 * given() the name is that of a table; any of its columns will do. */
struct data_column;
typedef const struct data_column *(*column_fn)(void *ctx, const char *name);

struct elab;
struct elab *elab_new(struct env *e, struct dag *d, slot_fn slot, void *ctx);
void elab_free(struct elab *el);
/* Money lines of these accounts (NULL-ended, borrowed) count nothing; to be
 * told before anything is elaborated. */
void elab_leave_out(struct elab *el, const char *const *accounts);
/* Without it no table is there. */
void elab_columns(struct elab *el, column_fn column);

/* Elaborates for labels[axis] (option and declared axes; entries of axes the
 * expression does not hang on are ignored; labels[AXIS_MONTH] k > 0 fixes the
 * month).  A series stays a series when labels[AXIS_MONTH] is 0: reduce it
 * before making a tape.  false: ERR_LIMIT (graph too large). */
bool elab_expr(struct elab *el, const struct syntax *s, const int *labels,
               struct value *out, struct err *err);
bool elab_name(struct elab *el, const char *name, const int *labels,
               struct value *out, struct err *err);
/* The amount of one money line; zero for options it does not hold for. */
bool elab_money(struct elab *el, const char *line, const int *labels,
                struct value *out, struct err *err);

/* The place of the formula a node was made for, for located run-time
 * messages; false when unknown (constants). */
bool elab_origin(const struct elab *el, node_id n, const char **name,
                 struct pos *pos, const char **text);

/* --- options of several models ------------------------------------------ */

/* A condition made of is(MODEL, OPTION or TAG), `and`, `or`, `not`; names are
 * hyphenated.  It is no formula: whether it holds is asked of `is`, which is
 * called for every test in it, whatever the others say. */
bool choice_check(const struct syntax *s, struct err *err);
typedef bool (*choice_fn)(void *ctx, const char *model, const char *word,
                          struct pos pos);
bool choice_holds(const struct syntax *s, choice_fn is, void *ctx);

/* --- tables for help and docs ----------------------------------------- */

struct builtin_info {
	const char *name, *arguments, *unit_rule, *meaning, *source;
};
const struct builtin_info *expr_builtin(int i); /* NULL past the last one */

#endif
