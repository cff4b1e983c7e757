/*
 * What a formula may name.  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_ENV_H
#define STEELYARD_EXPR_ENV_H

#include "expr/builtins.h"
#include "expr/expr.h"
#include "expr/syntax.h"

#define LABELS_MAX 64

struct axis {
	const char *name;
	const char **label;
	int n;
};

/* A finding about a name is given once; formulas that hang on it are quiet. */
enum visit { VISIT_NOT, VISIT_NOW, VISIT_DONE, VISIT_BAD };

struct entry {
	const char *name;
	enum symbol_kind kind;
	struct pos pos;
	struct expr_type type;
	enum visit visit;
	int axis;                       /* of `slot` or `body`; -1: one for all */
	int slot[LABELS_MAX];           /* SYMBOL_PARAM */
	struct syntax **body;           /* formula: one, or one a label */
	struct syntax *next;            /* stock */
	bool declared;                  /* the author gave a unit */
	struct unit unit;               /* for display */
	const char *unit_text;          /* NULL until known */
	const char *account;            /* money */
	bool monthly;
	unsigned long options;
	bool next_checked;              /* stock */
};

struct function {
	const char *name;
	struct pos pos;
	const char *const *arg;
	int n;
	struct syntax *body;
	int active;                     /* calls under way: recursion is refused */
};

struct choice { const char *const *label; int n; };

struct column_entry {
	const char *name;               /* "scores.score" */
	enum value_type type;
	struct unit unit;
	bool required;
};

struct env {
	struct arena *arena;
	struct units *units;
	const char *name;
	struct axis axis[AXIS_MAX];
	int naxes;
	int months;
	struct tag { const char *name; unsigned long options; } *tag;
	size_t ntags, tags_cap;
	int incumbent;
	struct entry **entry;           /* parameters and formulas, as declared */
	size_t nentries, entries_cap;
	struct entry **money;
	size_t nmoney, money_cap;
	struct function **function;
	size_t nfunctions, functions_cap;
	struct choice *choice;
	size_t nchoices, choices_cap;
	struct column_entry *column;
	size_t ncolumns, columns_cap;
	struct syntax *objective;
	struct entry *stock_now;        /* whose `next` is being looked at */
	bool on_results;                /* measured() and friends are allowed */
	const char *given;              /* within if(given(TABLE), .. */
	const char *chain[EXPR_MAX_DEPTH * 4];  /* names being inferred */
	int nchain;
};

/* A name that a function's call, a solve or an argmin gives a meaning. */
struct local {
	const char *name;
	const struct local *outer;
	/* an argument: the expression and where it was written */
	const struct syntax *arg;
	const struct local *arg_scope;
	/* an unknown: its type, and its node while elaborating */
	struct expr_type type;
	node_id node;
};

struct entry *env_entry(const struct env *e, const char *name);
struct entry *env_money_entry(const struct env *e, const char *name);
const struct column_entry *env_find_column(const struct env *e,
                                           const char *name);
struct function *env_function_of(const struct env *e, const char *name);
const struct local *local_find(const struct local *l, const char *name);
int env_axis_of(const struct env *e, const char *name);
/* A label of any axis, `incumbent`, or `option` (the row's own: *label -1). */
bool env_label(const struct env *e, const char *name, int *axis, int *label);
/* is(): whether the option has the tag or is it; false: no such word. */
bool env_is(const struct env *e, const char *word, int option, bool *yes);
/* The line of a formula for the label in `labels` of its axis. */
struct syntax *entry_body(const struct entry *en, const int *labels);

/* Infers a name's type, once. false: a finding was given, now or before. */
bool infer_entry(struct env *e, struct entry *en, struct err *err);
bool infer(struct env *e, const struct syntax *s, const struct local *scope,
           struct expr_type *t, struct err *err);
bool infer_sum_money(struct env *e, const struct syntax *s,
                     struct expr_type *t, struct err *err);
/* Which money lines sum_money(timing, account) adds up; false: a finding. */
bool money_filter(struct env *e, const struct syntax *s, bool *monthly,
                  const char **account, struct err *err);
/* A number known from the text alone: 2, -0.5, 1/3. */
bool syntax_constant(const struct syntax *s, double *v);

/* Reasons of infeasible(...): a word gets one code for the whole process, so
 * that states keep their meaning when one model reads another. */
int reason_code(const char *word);
const char *reason_name(int code);

#endif
