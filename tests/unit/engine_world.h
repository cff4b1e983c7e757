/*
 * A folder with one small model of two options, a scenario that asks about it,
 * and options to run it with; failures are printed and fail the test.
 */
#ifndef STEELYARD_TESTS_ENGINE_WORLD_H
#define STEELYARD_TESTS_ENGINE_WORLD_H

#include "engine/engine.h"
#include "model_fixture.h"

/* How the models of these tests begin. */
#define HEAD \
	"title: T\n" \
	"question: Q?\n" \
	"version: 1\n" \
	"horizon: 12 month\n" \
	"options:\n" \
	"  wait: {title: Wait}\n" \
	"  act: {title: Act, tags: [own]}\n"

/* A scenario that asks about `mine` and states nothing. */
#define PLAIN "scenario: s\nmine: {}\n"

struct world {
	struct fixture f;
	struct scenario *s;
	struct engine_options o;
};

/* Two normal gains, a of sd 1 and b of sd 2, when acting; nothing else. */
extern const char world_normals[];
/* Costs 100, 40 + 20 x and 70 with x uniform; acting is barred when `strict`
 * and infeasible for x > 0.98. */
extern const char world_ruled[];

void world_open(struct world *w, const char *model, const char *scenario);
void world_close(struct world *w);
/* One more model file, NAME in DIR/models. */
void world_add(struct world *w, const char *name, const char *text);
struct evaluation *world_evaluate(struct world *w);
const struct option_result *world_option(const struct tradeoff *t,
                                         const char *name);

#endif
