/*
 * A decision model as it was written: YAML checked into tables and an `env` of
 * formulas.  Immutable after loading; a scenario never changes a model, it is
 * bound to one (bound.h).
 *
 * Every value that can be set has a slot; every slot has a draw dimension in
 * its model's block, by order of declaration: `reads:`, `parameters:`, then
 * one a preset.  So that deleting a parameter does not move the draws of
 * those after it, its entry stays as `NAME: {retired: yes}` (or the number of
 * dimensions it had).
 *
 * Limits: MODEL_MAX_OPTIONS options, DRAWS_BLOCK draw dimensions a model
 * (ERR_LIMIT beyond), EXPR_MAX_MONTHS months, and the limits of yaml.h.
 */
#ifndef STEELYARD_MODEL_MODEL_H
#define STEELYARD_MODEL_MODEL_H

#include <stdbool.h>

#include "base/digest.h"
#include "base/err.h"
#include "dist/dist.h"
#include "expr/expr.h"
#include "units/units.h"

struct arena;
struct ynode;

#define MODEL_MAX_OPTIONS 64
#define MODEL_MAX_PARAMS 512            /* values, over all labels */

struct source {
	const char *kind;       /* measured vendor benchmark article assumption;
	                           "user": a scenario's, without a source */
	const char *note;       /* who or what says so */
	const char *url;        /* or NULL */
	const char *date;       /* ISO, or NULL */
};

/* What stands behind `value:`; scenarios override with the same forms. */
enum setting_kind {
	SET_DIST,               /* a number or a distribution */
	SET_CHOICE,             /* a label of the parameter's choices */
	SET_PRICE,              /* {price: MODEL, field: F, times: PARAM} */
	SET_WORKLOAD,           /* {workload: NAME}: parameter or formula */
	SET_FROM,               /* {from: MODEL.OUTPUT, else: SETTING} */
	SET_EVIDENCE,           /* {evidence: FILE, field: F} */
	SET_COLUMN,             /* empirical(TABLE.COLUMN) */
};

struct setting {
	enum setting_kind kind;
	struct pos pos;
	const char *text;               /* as typed, for display and digests */
	struct dist *dist;              /* SET_DIST */
	int choice;                     /* SET_CHOICE */
	const char *name;               /* price id; workload name;
	                                   MODEL.OUTPUT; file; TABLE.COLUMN */
	const char *field;              /* price or evidence field */
	double stale_after;             /* evidence: seconds; 0: not said */
	const char *times;              /* parameter that multiplies, or NULL */
	const struct setting *otherwise;/* SET_FROM's else, or NULL */
	struct source source;           /* all NULL: the parameter's own */
};

struct param {
	const char *name, *title, *ask, *group;
	struct pos pos;
	enum value_type type;
	struct unit unit;
	const char *unit_text;
	double low, high;               /* bounds in base units; +-HUGE_VAL */
	int axis;                       /* -1: one value for all labels */
	int nslots;                     /* 1, or one a label (shared `else`) */
	int first_slot;                 /* among the model's slots */
	int first_dim;                  /* within the model's block of draws: a
	                                   dimension a slot, or one for all
	                                   when `common` */
	int *slot_of_label;             /* axis >= 0: 0..nslots-1 */
	const char **slot_name;         /* "price_in@api_closed" */
	const struct setting **setting; /* nslots; NULL: none of its own */
	bool common;                    /* draw: common */
	bool stateful;
	const char *const *choice;      /* TYPE_LABEL */
	int nchoices;
	struct source source;
	const char *const *aka;         /* NULL-ended; workload parameters */
};

struct option { const char *name, *title; const char *const *tags; };

struct formula_info {
	const char *name, *title, *text, *unit_text;
	struct pos pos;
};

enum money_timing { MONEY_MONTHLY, MONEY_ONCE };
struct money {
	const char *name, *title, *account, *text;
	enum money_timing timing;
	unsigned long options;          /* bit set */
	struct pos pos;
};

struct requirement {
	const char *reason;             /* code */
	const char *remedy;             /* template with {names}, or NULL */
	unsigned long options;          /* `for:` */
	struct syntax *when;            /* true: infeasible */
	struct pos pos;
};

struct constraint {
	const char *id, *title, *basis, *as_of, *remedy;
	struct syntax *when;            /* NULL: always */
	struct syntax *allow;           /* per option truth; NULL with `none` */
	bool none;                      /* allow: none */
	struct syntax *require;         /* must hold in a draw */
	double with_probability;        /* of `require`; default 0.5 */
	bool flag_only;                 /* `flags: slo`: shown, not barred */
	struct pos pos;
};

/* One value a preset gives to one slot of the model. */
struct preset_set { int slot; const struct setting *setting; };
struct preset_choice {
	const char *label, *title;
	double weight;
	int nsets;
	struct preset_set *set;
};
struct preset {
	const char *name, *title;
	int slot;                       /* its own coordinate ... */
	int dim;                        /* ... and where that is drawn */
	int n;
	struct preset_choice *choice;
	struct source source;
	struct pos pos;
};

struct finding_def {
	/* `say` and every `remedy` show {EXPRESSION}s: of the option they are
	 * about, in the first month. */
	const char *id, *say;
	struct syntax *when;
	struct pos pos;
};

struct output_def {
	const char *name, *title, *unit_text;
	struct syntax *value;
	struct unit unit;
	bool central;
	struct pos pos;
};

/* When to take an option that can be left again: two outputs of the model, in
 * the unit of the parameter that tells.  of NULL: the model says nothing. */
struct switch_def {
	const char *of;                 /* the parameter */
	int to;                         /* option */
	int at, back, value;            /* outputs; value -1: none */
};

/* What could be measured.  A formula of the size `n` is kept as text: `n` is no
 * name of the model. */
enum study_kind { STUDY_NORMAL_MEAN, STUDY_BINOMIAL, STUDY_POISSON,
	STUDY_KINDS };
enum { STUDY_OF, STUDY_SD, STUDY_COUNT };
struct observation { const char *name, *key[4]; };
extern const struct observation observations[STUDY_KINDS];

#define STUDY_MAX_SIZE 1e9

struct study_formula { const char *text; struct pos pos; };
struct study_def {
	const char *name, *title;       /* title NULL: none */
	struct pos pos;
	enum study_kind kind;
	struct syntax *of;              /* what is observed: a mean, a share,
	                                   a rate */
	const char *of_text;
	struct syntax *sd;              /* of one observation; normal_mean */
	struct study_formula size;      /* observations, trials, exposure */
	bool bare;                      /* the exposure is a plain number, in
	                                   what the rate's own unit is per */
	const char *word;               /* what n counts: "runs" */
	double from, to;                /* sizes n */
	struct study_formula cost;      /* USD */
	double takes;                   /* seconds; 0: no time */
	const char *takes_text;         /* or NULL */
	double decisions;               /* that what is learnt serves */
};
/* `text` with `n` wherever the word n stands. */
const char *study_formula(struct arena *a, const char *text, const char *n);

struct trigger_def {
	const char *id, *title, *when_text, *for_text;
	double for_days;                /* 0: at once */
	struct syntax *when;
	struct pos pos;
};

struct check_item {
	const char *id, *ask;
	bool must;
	unsigned long options;
};

struct table_column {
	const char *name;
	enum value_type type;
	struct unit unit;
	double low, high;
};
struct table_def {
	const char *name;
	bool required;
	int n;
	struct table_column *column;
	struct pos pos;
};

struct example_given {
	const char *name;
	const struct ynode *value;
	struct pos pos;
};
struct example_expect {
	const char *text;               /* "monthly[self_host] at 1" */
	struct syntax *expr;
	const char *state;              /* "never", "always" ... or NULL */
	double value;                   /* in the expression's display unit */
	struct unit unit; bool has_unit;/* when the value carried a unit */
	double rel, abs;                /* tolerance; default rel 1e-9 */
	const char *option;             /* `verdict`: the option it must give,
	                                   "none"; status[OPTION]: whose */
	const char *status;             /* "ok" "slo_missed" or a reason */
	struct pos pos;
};
/* `break_even:` of an example: the crossings that a search must find, in the
 * parameter's own unit; either all of them, or their number and ends. */
struct example_break {
	const char *parameter;          /* "requests_per_day" */
	int between[2];                 /* options */
	const char *state;              /* "never", "always", or NULL */
	int ncrossings;
	double *crossing;               /* rising */
	int count;                      /* number asked for; 0: not asked */
	double first, sure;             /* NAN: not asked */
	double rel;                     /* default 1e-6 */
	struct pos pos;
};
/* `like: NAME` takes over what an example above was given; `given`, `price` and
 * `presets` here are the whole of it. */
struct example {
	const char *name, *cite;
	struct pos pos;
	int ngiven; struct example_given *given;
	int nprices; struct example_given *price;       /* "gpt-4o.input" */
	int nexpect; struct example_expect *expect;
	int nbreaks; struct example_break *break_even;
	const struct ynode *presets;    /* preset: label, or NULL */
	const struct ynode *tables;     /* table: {column: [values]}, or NULL */
	int horizon;                    /* 0: the model's */
};

/* A curve that the model recommends to look at: an output over the months, over
 * a parameter, or over a name that stands free in the expression. */
struct figure_def {
	const char *id, *title, *text;  /* text: the expression */
	const char *over;               /* "month", a parameter, or the name */
	bool free;                      /* such a name, and then: */
	const char *over_title, *over_unit;
	double low, high;               /* in over_unit */
	struct pos pos;
};
/* The expression with the free name at a value. */
const char *figure_at(struct arena *a, const struct figure_def *f, double at);

struct decision {
	const char *objective_name, *objective_text;
	struct syntax *objective;
	bool maximise;
	struct unit objective_unit;
	const char *objective_unit_text;
	int incumbent;                  /* option index */
	double indifferent_below;       /* base units of the objective */
	int nbreak_even;
	const char **break_even;        /* "requests_per_day", "price_in@x" */
	double infeasible_at_most;      /* default 0.05 */
	int pay;                        /* option whose cost an infeasible draw
	                                   pays; default the incumbent */
	double firm, lean;              /* badges; default 0.85, 0.65 */
};

struct model {
	struct arena *arena;
	const char *path, *name, *title, *question;
	int version, horizon;
	int latest_month;               /* of any `x at K`: a scenario's
	                                   horizon cannot end before */
	char digest[DIGEST_HEX];        /* over the file's bytes */
	struct env *env;
	int noptions; struct option *option;
	int nparams; struct param *param;       /* `reads` come first */
	int nslots;                             /* all slots incl. presets */
	int ndims;                              /* dimensions incl. retired */
	int nfunctions; const char **function_text;
	int nformulas; struct formula_info *formula;
	int nmoney; struct money *money;
	int nrequires; struct requirement *requires;
	int nconstraints; struct constraint *constraint;
	int npresets; struct preset *preset;
	int nfindings; struct finding_def *finding;
	int noutputs; struct output_def *output;
	struct switch_def change;
	int nstudies; struct study_def *study;
	int ntriggers; struct trigger_def *trigger;
	int nfigures; struct figure_def *figure;
	int nchecklist; struct check_item *check;
	int ntables; struct table_def *table;
	int nexamples; struct example *example;
	struct decision decision;
};

/* Whose figure counts in the joint plan where several models state the same
 * money: the first of `model` that the scenario asks about; with `each`, every
 * model's, because it is money of its own. */
struct joint_account {
	const char *name;
	bool each;
	const char *const *model;       /* NULL-ended, by rank */
	struct pos pos;
};
/* Combinations that make no sense: `when` and not `allow`. */
struct joint_rule {
	const char *reason, *title;     /* title: for people; or NULL */
	const char *when_text, *allow_text;
	struct syntax *when, *allow;    /* choice_holds() */
	struct pos pos;
};
struct joint_terms {
	int horizon;                    /* months; 0: none */
	int naccounts; struct joint_account *account;
	int nrules; struct joint_rule *rule;
};

/* The workload file: parameters and formulas that models share, and what only
 * `plan` reads. */
struct workload {
	struct arena *arena;
	const char *path;
	char digest[DIGEST_HEX];
	struct env *env;
	int nparams; struct param *param;
	int nslots;
	int ndims;                              /* of params; formula i owns
	                                           dimension ndims + i, for the
	                                           scenario that states it */
	int nformulas; struct formula_info *formula;
	struct joint_terms joint;             /* what only the joint plan reads */
};

/* One price of the dated map. */
struct price {
	const char *id;                 /* "gpt-4o-mini" */
	const char *field;              /* "input" "output" ... */
	double value;                   /* base units */
	double shown; const char *unit_text;
	struct unit unit;
	struct source source;
	const char *retires;            /* the model's last day, or NULL */
	struct pos pos;
};
struct price_map {
	struct arena *arena;
	const char *path, *as_of;       /* date of the newest entry taken */
	char digest[DIGEST_HEX];
	int n;
	struct price *price;
	const struct ynode *unpriced;   /* id: reason; never a zero; or NULL */
};
/* Newest entry not after `as_of` (NULL: newest of all); NULL when absent. */
const struct price *price_find(const struct price_map *m, const char *id,
                               const char *field, const char *as_of);

/* Everything a folder of models holds. Models are loaded when first asked;
 * loading and binding belong to one thread at a time. */
struct library;
struct library *library_open(const char *data_dir, struct err *err);
void library_free(struct library *l);
struct units *library_units(struct library *l);
const struct workload *library_workload(struct library *l, struct err *err);
const struct price_map *library_prices(struct library *l, struct err *err);
/* By name ("build-vs-buy"): a file of the library, or one added by path. NULL
 * with a finding that lists the names there are. */
const struct model *library_model(struct library *l, const char *name,
                                  struct err *err);
/* Loads one more model file; its name must be new (the same file again gives
 * the model that is there). */
const struct model *library_add(struct library *l, const char *path,
                                struct err *err);
/* Names in canonical order (quantity-vs-quality, prompt-vs-finetune,
 * automation-vs-oversight, throughput-vs-latency, build-vs-buy,
 * complexity-vs-maintainability), then others by name. NULL-ended. */
const char *const *library_names(struct library *l);
/* The block of draw dimensions a model of the canonical six owns (1..6; 0 is
 * the workload's).  -1 for others: they take the blocks 7 and 8 by name among
 * the models of one scenario (bound.h), so that what else a library holds
 * moves no draws. */
int library_block(struct library *l, const char *model);

/* "price_in@api_closed" or "price_in" -> param and slot index (-1: all its
 * slots); NULL: no such parameter; sets *slot. */
const struct param *model_param(const struct model *m, const char *name,
                                int *slot);
const struct param *workload_param(const struct workload *w, const char *name,
                                   int *slot);
/* "scores.score"; NULL: there is no such column. */
const struct table_column *model_column(const struct model *m,
                                        const char *name);
int model_option(const struct model *m, const char *name);      /* or -1 */

/* A figure whose name the language does not know: `objective` or a declared
 * output. */
struct named_figure {
	const char *name;               /* without its option */
	struct syntax *value;
	struct unit unit;
	const char *unit_text;
	bool central;                   /* too dear per draw */
	int option;                     /* -1: none was named */
};
/* "NAME" or "NAME[OPTION]".  false without a finding: it is no such name; with
 * one: there is no such option. */
bool model_figure(const struct model *m, const char *text, struct arena *a,
                  struct named_figure *f, struct err *err);

#endif
