/*
 * Value graphs and plans kept between runs: an edit of a number moves no
 * formula, and compiling six models takes longer than thousands of draws.
 *
 * A graph belongs to the structure of a binding: models, horizons, what each
 * slot stands for, prices and words, but not the laws of its inputs.  A graph
 * that is open belongs to whoever opened it, and a second one is made for the
 * next.  Models and workload are told apart by address: a cache serves one
 * library and must not outlive it.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_GRAPHS_H
#define STEELYARD_ENGINE_GRAPHS_H

#include "engine/engine.h"
#include "engine/plan.h"

struct kept_graph;

/* The graph of `b`, made or found and bound to `b`; `c` may be NULL. */
struct bound_graph *graph_open(struct engine_cache *c, const struct bound *b);
void graph_close(struct engine_cache *c, struct bound_graph *g);
/* The plan of a model in it; to be given back before the graph is closed. */
struct plan *graph_plan(struct engine_cache *c, struct bound_graph *g,
                        const struct bound *b, int model, bool outputs,
                        struct err *err);
void graph_plan_close(struct plan *p);

void graphs_free(struct kept_graph *k);         /* all of a cache */

#endif
