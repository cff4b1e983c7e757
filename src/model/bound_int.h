/*
 * Private to src/model: binding a scenario to its models, in this order:
 *
 *      names -> values (scenario, preset, model) -> slots -> links -> warnings
 *
 * Each step notes its findings and goes on; the next one starts only when
 * there are none.
 */
#ifndef STEELYARD_MODEL_BOUND_INT_H
#define STEELYARD_MODEL_BOUND_INT_H

#include "model/bound.h"
#include "model/scenario_int.h"

/* What was decided for one slot, before it is made. */
struct chosen {
	const struct setting *setting;          /* NULL: no value */
	const char *origin;
	struct source source;
	bool stated;                            /* by the scenario */
	const struct setting *before;           /* the price it stands for */
};

struct binder {
	struct bound *b;
	struct library *l;
	const struct scenario *s;
	const struct workload *w;
	struct scope scope;
	const int *recommended;
	const struct example *example;          /* its prices, or NULL */
	bool *price_used;                       /* of the example's prices */
	struct chosen *chosen;                  /* one a slot */
	struct err err;
};

/* The first slot of a model (-1: the workload). */
int binder_base(const struct binder *bd, int model);
/* The whole scenario as a place. */
struct pos binder_place(const struct binder *bd);
struct setting_reader binder_reader(struct binder *bd, int model);
/* Appends a warning about a model (NULL: the workload). */
void binder_warn(struct binder *bd, const char *model, const char *code,
                 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Files that a scenario names stand relative to it and may be pinned
 * (`PATH#sha256=HEX`). */
const char *bound_path(struct binder *bd, const char *name);
bool bound_file_same(struct binder *bd, const char *name, struct pos pos,
                     const char *digest);
void bound_note_file(struct binder *bd, const char *kind, const char *model,
                     const char *name, const char *path, const char *digest);
void bound_tables_release(struct bound *b);

bool bind_evidence(struct binder *bd, const struct setting *s,
                   struct slot *out);           /* evidence.c */
void bind_price_files(struct binder *bd);       /* price_files.c */
/* The price, by precedence, and whether it is of a "price file" or the
 * "price map"; NULL: none. */
const struct price *bound_price(const struct bound *b, const char *id,
                                const char *field, const char *as_of,
                                const char **origin);
/* What a price goes before in the maps from `from` on, in words; NULL:
 * nothing. */
const char *bound_price_over(const struct binder *bd,
                             const struct setting *s, int from);
bool bound_price_missing(struct binder *bd, const char *id, const char *field,
                         struct pos pos);
void bind_tables(struct binder *bd);            /* tables.c */
void bind_names(struct binder *bd);             /* bound_checks.c */
void bind_studies(struct binder *bd);
void bind_warnings(struct binder *bd);
void bind_values(struct binder *bd);            /* bound_values.c */
void bind_presets(struct binder *bd);           /* bound_presets.c */
void bind_slots(struct binder *bd);             /* bound_slots.c */
/* What a value would be as the law of that slot; NULL: it is another's value,
 * or a finding was added. */
struct dist *bind_law(struct binder *bd, const struct setting *s,
                      const struct slot *of);
void bind_links(struct binder *bd);             /* bound_links.c */

/* A law for a setting that needs nothing else: a distribution, a choice. */
struct dist *setting_dist(struct arena *a, const struct setting *s);

#endif
