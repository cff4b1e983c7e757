/*
 * A scenario: one workload, overrides, presets, answers, expectations.  It can
 * be edited (the screen, --set) and written back as YAML; its canonical text
 * is what revisions and digests are made from.
 */
#ifndef STEELYARD_MODEL_SCENARIO_H
#define STEELYARD_MODEL_SCENARIO_H

#include <stdbool.h>

#include "base/digest.h"
#include "base/err.h"

struct buf;
struct library;
struct ynode;

/* One override: `where` is a model's name or NULL for the workload, `name` the
 * parameter with an optional @label, `value` the YAML value. */
struct override {
	const char *where, *name;
	const struct ynode *value;
	const struct ynode *source;     /* optional source map beside it */
	bool from_set;                  /* came from --set or an edit */
};

struct expectation {
	const char *model;
	const char *const *options;     /* NULL-ended; any of them */
	double at_least;                /* probability; NAN: not asked */
	const char *state;              /* verdict state or NULL */
	const char *rule;               /* rule that must apply, or NULL */
	const char *const *findings;    /* NULL-ended or NULL */
	struct pos pos;
};

struct preset_choice_set {
	const char *model, *preset;
	const struct ynode *value;      /* a label, or {label: weight, ...} */
};
struct table_file {
	const char *model, *table, *path;
	const struct ynode *columns;
	struct pos pos;
};
/* A study of the scenario's own, as a model writes one. */
struct study_set {
	const char *model, *study;
	const struct ynode *body;
	struct pos pos;
};
struct answer { const char *model, *id, *text; struct pos pos; };
struct correlation { const char *a, *b; double spearman; struct pos pos; };

struct scenario {
	struct arena *arena;
	const char *path;               /* NULL: never saved to a file */
	const char *name, *title;
	const char *prices_as_of;       /* ISO date or NULL */
	const char *const *price_files; /* NULL-ended or NULL; relative to
	                                   `path`; the first that knows a price
	                                   goes before the built-in map */
	const struct ynode *price_set;  /* "gpt-4o.input": 2.1, before all
	                                   files; or NULL */
	int horizon;                    /* months; 0: each model's own */
	const struct ynode *stale_after;        /* an age of evidence, or NULL */
	bool today;                     /* a revision whose tables, evidence and
	                                   prices may have changed since */
	const char *const *model_files; /* NULL-ended; relative to `path` */
	int nmodels;
	const char **model;             /* the trade-offs it asks about */
	const char **assume;            /* per model: option name or NULL */
	struct pos *model_pos;          /* per model: its part of the file */
	int noverrides; struct override *override;
	int npresets; struct preset_choice_set *preset;
	int nanswers; struct answer *answer;
	int ntables; struct table_file *table;
	int nstudies; struct study_set *study;
	int ncorrelations; struct correlation *correlation;
	int nexpectations; struct expectation *expectation;
};

struct scenario *scenario_read(const char *path, struct err *err);
struct scenario *scenario_read_text(const char *text, size_t n,
                                    const char *name, struct err *err);
/* A scenario that asks about every model of the library with its defaults. */
struct scenario *scenario_blank(struct library *l, const char *name);
void scenario_free(struct scenario *s);
struct scenario *scenario_copy(const struct scenario *s);

/* `[MODEL.]P[@LABEL]` = V, as --set and the screen spell it.  V is any value
 * text; "" removes the override.  Checks names against the library (an
 * ambiguous name is ERR_USAGE and lists the candidates); values are checked
 * when the scenario is bound. */
bool scenario_set(struct scenario *s, struct library *l, const char *name,
                  const char *value, struct err *err);

/* Asks about a model, or (`ask` false) no more: then everything that the
 * scenario says of it goes.  False with ERR_USAGE for a model that nobody
 * knows, and for the last one: a scenario asks about one at least. */
bool scenario_ask_about(struct scenario *s, struct library *l,
                        const char *model, bool ask, struct err *err);

/* The same for tables and evidence files, as a revision must name them. */
bool scenario_pin_files(struct scenario *s, struct err *err);

/* Names every model file of its own by its whole path and what it holds
 * (`PATH#sha256=HEX`), as a revision must: a scenario that is read back refuses
 * a file that has changed since.  false: a file is gone. */
bool scenario_pin_models(struct scenario *s, struct library *l,
                         struct err *err);

/* The canonical YAML: same content, same bytes. */
void scenario_write(const struct scenario *s, struct buf *out);
void scenario_digest(const struct scenario *s, char out[DIGEST_HEX]);
/* The same wherever its files stand, pinned or not. */
void scenario_content(const struct scenario *s, char out[DIGEST_HEX]);

#endif
