/*
 * A scenario bound to its models: every parameter has a value, a dimension to
 * be drawn in, a place it came from.  Immutable; binding again after an edit
 * is cheap.
 *
 * All slots of all models stand in one list; a slot is an input of its own
 * (with a distribution and a dimension), or stands for something else: the
 * workload's input or formula, a price times a parameter, a neighbour's
 * formula for the option it takes.  The engine draws inputs; everything else
 * becomes nodes of the value graph, so what several models share is computed
 * and drawn once.
 */
#ifndef STEELYARD_MODEL_BOUND_H
#define STEELYARD_MODEL_BOUND_H

#include <stdbool.h>

#include "expr/columns.h"
#include "model/model.h"
#include "model/scenario.h"

enum slot_kind {
	SLOT_INPUT,             /* drawn from `dist` in `dim`; also a price
	                           alone, a choice (its index), a truth */
	SLOT_MIXED,             /* a preset decides between distributions */
	SLOT_WORKLOAD,          /* another slot, or a workload formula */
	SLOT_PRICE,             /* a price times another slot */
	SLOT_NEIGHBOUR,         /* a formula of another model's option */
	SLOT_ABSENT,            /* a workload parameter without a value that
	                           nothing reads: never drawn, `dist` NULL */
};

struct slot {
	const char *name;               /* "price_in@api_closed" */
	int model;                      /* index in bound.model; -1 workload */
	const struct param *param;      /* NULL: a preset's coordinate, the
	                                   index of the label it picks */
	int index;                      /* slot within the param */
	enum slot_kind kind;
	int dim;                        /* draw dimension (draws.h) */
	struct dist *dist;              /* SLOT_INPUT */
	int preset;                     /* SLOT_MIXED: slot of the preset ... */
	struct dist **by_label;         /* ... and its law for each label */
	int target;                     /* SLOT_WORKLOAD: slot, or -1 */
	const char *formula;            /* SLOT_WORKLOAD: the workload's;
	                                   SLOT_NEIGHBOUR: formula there */
	const char *retires;            /* the priced model's last day, or NULL */
	double factor;                  /* SLOT_PRICE: the price, base units */
	int times;                      /* SLOT_PRICE: slot or -1 */
	int neighbour, option;          /* SLOT_NEIGHBOUR: model, option */
	const char *text;               /* the value as typed, for display */
	const char *origin;             /* see struct provenance; "neighbour" */
	/* Of a price: "user" (the scenario says it) goes before "import" (its
	 * price files), that before "built-in"; and what it goes before. */
	const char *price, *over;
	struct source source;
	bool stale;                     /* measured too long ago */
	struct pos pos;
};

/* A table's columns, in the order of its definition; kept by the library (of an
 * example: by the binding). */
struct data_table {
	char digest[DIGEST_HEX];
	int n;
	struct data_column *column;
	struct column_memo *memo;
};

/* A file that the scenario draws on: what it holds belongs to the digest of
 * every evaluation. */
struct bound_file {
	const char *kind;               /* "table", "evidence", "prices" */
	const char *model;              /* NULL: the workload */
	const char *name;               /* table; source of the evidence */
	const char *path, *digest;
};

/* How old evidence may get: one for each file, model and limit. */
struct evidence_age {
	const char *name;               /* of the file, as the scenario has it */
	const char *fields;             /* what is taken from it, "a, b" */
	int model;                      /* -1: the workload */
	const char *date;               /* it was measured up to */
	const char *stale_from;         /* the first day it is too old */
	int limit;                      /* days */
	bool stale;                     /* today */
};

struct bound_model {
	const struct model *model;
	int first_slot;                 /* in bound.slot */
	int horizon;                    /* months, scenario's or model's */
	const char *const *answers;     /* per checklist item, or NULL */
	int assume;                     /* option a neighbour shall see; -1 */
	int recommended;                /* what it was found to take; -1 */
	const struct data_table **table;/* of model->table; NULL: not there */
	int nstudies;                   /* the model's, and the scenario's, */
	const struct study_def *study;  /* which go before them by name */
};

struct bound {
	struct arena *arena;
	struct library *library;
	const struct workload *workload;
	const struct price_map *prices; /* the built-in map */
	/* the scenario's price files in their order, then the built-in map */
	int nprice_maps; const struct price_map **price_map;
	const struct scenario *scenario;        /* borrowed */
	const char *prices_as_of;
	int nslots; struct slot *slot;
	int nmodels; struct bound_model *model; /* canonical order */
	char scenario_digest[DIGEST_HEX];
	char content[DIGEST_HEX];       /* the same, of files the names alone */
	/* Findings that are no errors: a heavy tail, an old price ... */
	int nwarnings; struct note_item { const char *model, *code, *text; }
		*warning;               /* codes: old_price retired_model
		                           heavy_tail
		                           preset_overridden
		                           stale_evidence
		                           unpriced_import */
	int nfiles; struct bound_file *file;
	int nages; struct evidence_age *age;
	/* Owned: the workload with formulas that a scenario states, and the
	 * scenario that stands for an example; else NULL. */
	struct workload *own_workload;
	struct scenario *own_scenario;
	int nown_tables; struct data_table **own_table;
};

/* Unless the parameter, else the scenario, else the file says another age. */
#define EVIDENCE_STALE_DAYS 90
#define PRICE_OLD_DAYS 180              /* older prices are warned of */

/* `recommended[i]`: the option that model i of `bound.model` was found to
 * take, -1 unknown; NULL on the first binding.  It decides what neighbours
 * read where nothing is assumed; an unknown one is read as the incumbent.
 *
 * A value is the scenario's, else the one its preset sets, else the model's;
 * `P@LABEL` goes before `P`.  Refused: a name, label or price that does not
 * exist, a value missing or outside its bounds, models that read each other
 * in a circle, a table or evidence file that cannot be read.
 * The names in `correlate` are left to the engine, which draws. */
struct bound *bound_new(struct library *l, const struct scenario *s,
                        const int *recommended, struct err *err);
/* An example of a model: its `given` and `prices` in place of a scenario. */
struct bound *bound_example(struct library *l, const struct model *m,
                            const struct example *x, struct err *err);
void bound_free(struct bound *b);

int bound_model_index(const struct bound *b, const char *model);  /* or -1 */
/* Slot of `name` ("P", "P@LABEL", "MODEL.P@LABEL") as seen from a model (-1:
 * anywhere); follows SLOT_WORKLOAD to the input that carries the value.
 * -1 with a finding; an ambiguous or formula-bound name says so. */
int bound_slot(const struct bound *b, int model, const char *name,
               struct err *err);
/* A column, "scores.score", of a model's tables; NULL: the scenario names no
 * file for it. */
const struct data_column *bound_column(const struct bound *b, int model,
                                       const char *name);
/* The unit and bounds of a slot as people see them. */
const char *slot_unit_text(const struct slot *s);
const struct unit *slot_unit(const struct slot *s);

/* Elaborators for each model over one shared graph: bound_graph_elab(g, m)
 * elaborates in model m's environment (-1: the workload's). INPUT ids of the
 * graph are slot numbers.  The horizon of a model is set in its environment
 * when its elaborator is made: one graph of a model is built at a time. */
struct bound_graph;
struct bound_graph *bound_graph_new(const struct bound *b);
void bound_graph_free(struct bound_graph *g);
/* Another binding of the same structure in the place of the graph's: the same
 * models, horizons and tables, and every slot stands for the same. */
void bound_graph_bind(struct bound_graph *g, const struct bound *b);
struct dag *bound_graph_dag(struct bound_graph *g);
struct elab *bound_graph_elab(struct bound_graph *g, int model);
/* The same graph with an input of its own in the place of each neighbour's
 * figure: its number's id is the slot's, that of its state nslots later.  So
 * what a model comes to is known before its neighbours' options are. */
struct bound_graph *bound_graph_open(const struct bound *b);
/* What a SLOT_NEIGHBOUR stands for when the neighbour takes `option`. */
struct value bound_graph_figure(struct bound_graph *g, int slot, int option);
/* A second elaborator of a model in which the money of some accounts counts
 * nothing (elab_leave_out); the caller frees it. */
struct elab *bound_graph_part(struct bound_graph *g, int model,
                              const char *const *left_out);
/* False with the finding (ERR_LIMIT) when a figure that a slot stands for grew
 * too large while something else was elaborated: ask when all is built. */
bool bound_graph_ok(struct bound_graph *g, struct err *err);

#endif
