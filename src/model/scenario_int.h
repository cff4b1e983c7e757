/*
 * Private to src/model: building and changing a scenario, and what a binding
 * shares with it.
 */
#ifndef STEELYARD_MODEL_SCENARIO_INT_H
#define STEELYARD_MODEL_SCENARIO_INT_H

#include "model/load.h"
#include "model/scenario.h"

/* Keys of a scenario's head, and of a model's part of it. NULL-ended. */
extern const char *const scenario_keys[];
extern const char *const scenario_model_keys[];

struct scenario *scenario_new(void);
/* One more element at the end of an array in the arena, zeroed.  Arrays grow
 * by doubling: their room is the power of two that holds them. */
void *scenario_grow(struct arena *a, void *items, int *n, size_t size);
#define GROW(s, items, n) \
	((items) = scenario_grow((s)->arena, (items), &(n), sizeof *(items)), \
	 &(items)[(n) - 1])

/* Adds a model to those the scenario asks about; its index. */
int scenario_ask(struct scenario *s, const char *model, struct pos pos);
struct override *scenario_override(const struct scenario *s,
                                   const char *where, const char *name);
struct preset_choice_set *scenario_preset(const struct scenario *s,
                                          const char *model,
                                          const char *preset);
struct ynode *scalar_node(struct arena *a, const char *text, struct pos pos);

/* The models a scenario asks about, in canonical order: those it names, else
 * all of the library.  Its `model_files` are added first. */
#define SCOPE_MAX 64
struct scope {
	int n;
	const struct model *model[SCOPE_MAX];
};
bool scope_open(struct scope *sc, struct library *l, const struct scenario *s,
                struct err *err);
const struct model *scope_find(const struct scope *sc, const char *name);

#endif
