/*
 * One function a verb: what the command line, the screen and the library call.
 * A task loads what it needs, runs the engine, and hands back results; it
 * prints nothing.
 */
#ifndef STEELYARD_TASK_TASK_H
#define STEELYARD_TASK_TASK_H

#include <stdbool.h>

#include "base/err.h"
#include "engine/engine.h"
#include "report/report.h"
#include "store/store.h"

/* What every verb shares. */
struct context {
	struct library *library;
	struct engine_options engine;
	const char *store_path;         /* --store; NULL: the default */
};
bool context_init(struct context *c, struct err *err);
void context_release(struct context *c);

/* `--set` texts, "P=V". */
struct assignments { int n; const char *const *text; };

/* Loads a scenario: a file, "-" (standard input), or a name, revision or hash
 * of the store.  Applies --set. */
struct scenario *task_scenario(struct context *c, const char *ref,
                               const struct assignments *set,
                               struct err *err);

struct evaluation *task_evaluate(struct context *c, const struct scenario *s,
                                 struct err *err);
/* Saves the scenario with its evaluation as a revision. */
bool task_save(struct context *c, const struct scenario *s,
               const struct evaluation *e, const char *message,
               struct revision_info *out, struct arena *a, struct err *err);

/* One line of `models test`: an example of a model. */
struct example_outcome {
	const char *model, *example, *expect;   /* expect NULL: could not run */
	bool ok;
	const char *got, *wanted, *why;
	struct pos pos;
};
/* Runs the examples of one model (NULL: all); calls `each` for every
 * expectation. Returns the number that failed, -1 when a model is bad. */
int task_examples(struct context *c, const char *model,
                  void (*each)(void *ctx, const struct example_outcome *o),
                  void *ctx, struct err *err);
/* Checks a scenario's `expect:` against its evaluation; same calls. */
int task_expectations(struct context *c, const struct scenario *s,
                      const struct evaluation *e,
                      void (*each)(void *ctx, const struct example_outcome *o),
                      void *ctx, struct err *err);

/* The MADR record of one trade-off of a saved revision, written to
 * dir/NNNN-slug.md (whole or not at all); *path is the caller's. */
bool task_export(struct context *c, const char *ref, const char *model,
                 const char *format, const char *dir, char **path,
                 struct err *err);

#endif
