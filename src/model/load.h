/*
 * Private to src/model: what the readers of a model, the workload, prices and
 * scenarios share.  A reader never stops at the first finding: it notes it,
 * leaves the part out and goes on, so that a file is mended in one go.
 */
#ifndef STEELYARD_MODEL_LOAD_H
#define STEELYARD_MODEL_LOAD_H

#include "base/mem.h"
#include "model/model.h"
#include "yaml/yaml.h"

#define MODEL_MAX_MONTHS EXPR_MAX_MONTHS
#define MODEL_MAX_BYTES YAML_MAX_BYTES

struct loader {
	struct arena *arena;
	struct units *units;
	const struct workload *workload;        /* NULL: the workload itself */
	struct model *model;                    /* NULL: the workload itself */
	struct env *env;
	struct err err;
	/* A name could not be declared; what names it would be blamed for it,
	 * so nothing that reads names is checked any more. */
	bool undeclared;
	int ndims;                              /* draw dimensions given out */
	int latest_month;                       /* of any `x at K` */
};

/* --- places and kinds (load_util.c) --------------------------------------- */

/* The first character of a scalar's text, behind its quote. */
struct pos text_pos(const struct ynode *n);
/* `key:` with nothing behind it, or `~` or null. */
bool node_empty(const struct ynode *n);
/* False with a finding that says what `what` must be. */
bool want_map(const struct ynode *n, const char *what, struct err *err);
bool want_list(const struct ynode *n, const char *what, struct err *err);
/* How a value reads on one line: "{price: gpt-4o, field: input}". */
const char *node_text(struct arena *a, const struct ynode *n);

/* Text of map[key]; NULL when absent, with a finding when required. */
const char *get_text(struct err *err, const struct ynode *map, const char *key,
                     bool required, const char *what);
bool get_bool(struct err *err, const struct ynode *map, const char *key,
              bool *out);
/* One text or a list of them, NULL-ended; *n (may be NULL) their number. */
const char *const *get_texts(struct arena *a, struct err *err,
                             const struct ynode *node, const char *what,
                             int *n);
/* "36 month", "3 year" -> whole months. */
bool read_months(struct units *u, const struct ynode *n, const char *what,
                 int *out, struct err *err);
/* One fixed number, in `unit` unless it says its own; base units. */
bool read_quantity(struct arena *a, struct units *u, const struct ynode *n,
                   const struct unit *unit, const char *what, double *out,
                   struct err *err);
bool read_unit(struct units *u, const struct ynode *n, const char *what,
               struct unit *out, const char **text, struct err *err);
/* `source:` (text or map) and its short form `provenance: KIND`. */
bool read_source(struct arena *a, const struct ynode *source,
                 const struct ynode *provenance, struct source *out,
                 struct err *err);
/* The greatest K of `x at K` in a formula's text; 0: none. */
int latest_month(const char *text);
bool read_expr(struct loader *ld, const struct ynode *n, const char *what,
               struct syntax **out);
/* An optional expression map[key], checked; absent: NULL, true. */
bool get_checked(struct loader *ld, const struct ynode *map, const char *key,
                 enum value_type want, unsigned axes, struct syntax **out);
/* `for:` options, tags or a list of both -> bit set; NULL: all options. */
bool read_options(struct loader *ld, const struct ynode *n,
                  unsigned long *out);
/* Every {name} of a message for people must be an expression that can be
 * shown: for one option, in the first month. */
void check_template(struct loader *ld, const struct ynode *n);
/* "a, b, c" of a NULL-ended list, for findings. */
const char *list_text(struct arena *a, const char *const *names);
const char *const *label_list(struct arena *a, const struct env *e, int axis);
const char *const *option_list(struct arena *a, const struct model *m);
/* "; did you mean `x`?" or "". */
const char *suggestion(struct arena *a, const char *word,
                       const char *const *known);
/* Names of all parameters, or of the workload's parameters and formulas. */
const char *const *param_list(struct arena *a, const struct param *p, int n);
const char *const *workload_list(struct arena *a, const struct workload *w);

/* --- settings (setting.c) ------------------------------------------------- */

struct setting_reader {
	struct arena *arena;
	struct units *units;
	const struct workload *workload;        /* NULL: links are refused */
	struct err *err;
};

/* `stale_after: 90 day` in seconds; *out stays without the node. */
bool read_age(struct arena *a, struct units *u, const struct ynode *n,
              double *out, struct err *err);
/* A map that is one value ({price: ...}, {p10: ...}), not one a label. */
bool setting_is_form(const struct ynode *n);
/* One value for one slot of `p` (its type, unit, bounds and choices are
 * known).  NULL with findings. */
const struct setting *setting_read(const struct setting_reader *r,
                                   const struct ynode *n,
                                   const struct param *p);
/* The labels of a map over one axis: the axis, or -1 with a finding. */
int axis_of_map(struct arena *a, const struct env *e, const struct ynode *n,
                const char *what, struct err *err);
/* False with a finding when a fixed value or the P5, centre or P95 of an
 * uncertain one lies outside the parameter's bounds. */
bool check_bounds(const struct param *p, const struct dist *d, struct pos pos,
                  struct err *err);
/* The {workload: NAME} within a value, or NULL. */
const struct ynode *setting_link(const struct ynode *n);

/* What a link takes over from the workload. */
struct link {
	const struct param *param;              /* NULL: a formula */
	struct unit unit;
	const char *unit_text, *title;
	bool stateful;
};
bool workload_link(const struct workload *w, const char *name,
                   struct link *out);

/* --- parts of a model file ------------------------------------------------ */

void load_reads(struct loader *ld, const struct ynode *n);
void load_parameters(struct loader *ld, const struct ynode *n);
void check_parameters(struct loader *ld, const struct ynode *n);
/* Reads one entry into *p and declares it in the environment; false when it
 * could not be declared as meant (a wrong value alone is only noted). */
bool load_param(struct loader *ld, const struct ynode *key,
                const struct ynode *body, struct param *p, int *nslots);
void load_functions(struct loader *ld, const struct ynode *n);
void load_formulas(struct loader *ld, const struct ynode *n,
                   struct formula_info **info, int *count);
void load_money(struct loader *ld, const struct ynode *n);
void load_decision(struct loader *ld, const struct ynode *n);
void check_decision(struct loader *ld, const struct ynode *n);
void load_presets(struct loader *ld, const struct ynode *n);
/* A list of maps, each read by `one`; the array has room for all. */
typedef bool (*entry_fn)(struct loader *ld, const struct ynode *n, void *out);
void *load_entries(struct loader *ld, const struct ynode *n, const char *what,
                   const char *const *keys, size_t size, entry_fn one,
                   int *count);
void load_requires(struct loader *ld, const struct ynode *n);
void load_constraints(struct loader *ld, const struct ynode *n);
void load_findings(struct loader *ld, const struct ynode *n);
void load_outputs(struct loader *ld, const struct ynode *n);
void load_switch(struct loader *ld, const struct ynode *n);
void load_figures(struct loader *ld, const struct ynode *n);
void load_triggers(struct loader *ld, const struct ynode *n);
void load_checklist(struct loader *ld, const struct ynode *n);
void load_studies(struct loader *ld, const struct ynode *n);
/* One study; also of a scenario, whose loader has the model's environment. */
void load_study(struct loader *ld, const struct ynode *key,
                const struct ynode *body, struct study_def *s);
void load_tables(struct loader *ld, const struct ynode *n);
void load_examples(struct loader *ld, const struct ynode *n);

/* --- whole files ---------------------------------------------------------- */

struct model *model_load(struct units *u, const struct workload *w,
                         const char *path, struct err *err);
/* Both take a text as well, for tests and for variants. */
struct model *model_load_text(struct units *u, const struct workload *w,
                              const char *text, size_t n, const char *name,
                              struct err *err);
void model_free(struct model *m);

/* `fixed`: names of formulas that become parameters, because a scenario states
 * their value; NULL-ended, or NULL. */
struct workload *workload_load_text(struct units *u, const char *text,
                                    size_t n, const char *name,
                                    const char *const *fixed,
                                    struct err *err);
void workload_free(struct workload *w);

struct price_map *prices_load(struct units *u, const char *path,
                              struct err *err);
struct price_map *prices_load_text(struct units *u, const char *text, size_t n,
                                   const char *name, struct err *err);
void prices_free(struct price_map *m);
/* The library's workload with some formulas stated; the caller frees it. */
struct workload *library_variant(struct library *l, const char *const *fixed,
                                 struct err *err);
/* The tables that were read for scenarios; free with kept_tables_free. */
struct kept_table;
struct kept_table **library_tables(struct library *l);
void kept_tables_free(struct kept_table *k);
struct kept_prices;
struct kept_prices **library_price_files(struct library *l);
void kept_prices_free(struct kept_prices *k);
struct kept_evidence;
struct kept_evidence **library_evidence(struct library *l);
/* Where a file that a revision was saved with stands among its models, by its
 * digest (KEPT_FILE); NULL: it was not kept. */
#define KEPT_FILE "%s.kept"
const char *library_kept(struct library *l, const char *digest,
                         struct arena *a);
void kept_evidence_free(struct kept_evidence *k);
/* Adds to `err` why price_find() found nothing. */
bool price_missing(const struct price_map *m, const char *id,
                   const char *field, const char *as_of, struct pos pos,
                   struct err *err);

/* load_joint.c */
void load_joint(struct loader *ld, const struct ynode *n, struct joint_terms *out);

#endif
