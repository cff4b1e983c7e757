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
#include "result/comparison.h"
#include "result/calibration.h"
#include "result/checks.h"
#include "store/actuals.h"
#include "store/decisions.h"
#include "store/exchange.h"
#include "store/store.h"

struct buf;

/* What every verb shares. */
struct context {
	struct library *library;
	struct engine_options engine;
	const char *store_path;         /* --store; NULL: the default */
	char *data_dir;                 /* owned; where models/ stands */
};
/* `data_dir` NULL: $STEELYARD_DATA, beside the binary, or as installed. */
bool context_init(struct context *c, const char *data_dir, struct err *err);
void context_release(struct context *c);

/* Whether there is a store to look in: the default one need not exist before
 * the first save. */
bool task_store_exists(const struct context *c);

/* `--set` texts, "P=V". */
struct assignments { int n; const char *const *text; };

/* Loads a scenario: a file, "-" (standard input), a name, revision or hash of
 * the store, or the name of a scenario that came with the program; the first
 * of these that exists.  Adds the models it brings along, applies --set. */
struct scenario *task_scenario(struct context *c, const char *ref,
                               const struct assignments *set,
                               struct err *err);

struct evaluation *task_evaluate(struct context *c, const struct scenario *s,
                                 struct err *err);
/* All trade-offs of the scenario chosen together. */
struct joint_plan *task_plan(struct context *c, const struct scenario *s,
                             struct err *err);
/* Saves the scenario with its evaluation as a revision. */
bool task_save(struct context *c, const struct scenario *s,
               const struct evaluation *e, const char *message,
               struct revision_info *out, struct arena *a, struct err *err);

/* Two states: files, saved revisions, or "today" for `b`: `a` under the models
 * and prices of today.  A revision is evaluated with the files that were saved
 * with it.  `shares`: also what each change contributes. */
struct comparison *task_compare(struct context *c, const char *a,
                                const char *b, bool shares, struct err *err);
/* The same of scenarios that are there: `state` NULL means what `name` names,
 * else `name` is only what the comparison calls it. */
struct compared { const char *name; const struct scenario *state; };
struct comparison *task_compare_states(struct context *c,
                                       const struct compared *a,
                                       const struct compared *b, bool shares,
                                       struct err *err);
/* A word that can only mean a file. */
bool task_names_file(const char *ref);

/* --- check and actual --- */

struct check_call {
	int nfiles;                     /* 0: the accepted decisions */
	const char *const *file;
	struct assignments set;
	const char *policy;             /* a file of limits, or NULL */
	double confidence;              /* of limits; 0: the figure decides */
};
/* Nothing is changed.  NULL: it could not be asked. */
struct check_report *task_check(struct context *c,
                                const struct check_call *call,
                                struct err *err);
/* Records what was measured of a parameter or output ("[MODEL.]NAME") of a
 * saved scenario; `out` brings period and source and leaves complete. */
bool task_actual(struct context *c, const char *scenario, const char *name,
                 const char *value, struct actual *out, struct arena *a,
                 struct err *err);

/* Every measurement of a scenario (NULL: of all) against each forecast of it
 * that was saved before its period ended. */
struct calibration *task_calibration(struct context *c, const char *scenario,
                                     struct err *err);
/* What the parameters that the person at the keyboard estimated before say of
 * the next ones: one sentence; NULL with fewer than CALIBRATION_LEAST. */
const char *task_calibration_note(struct context *c, struct arena *a);

/* --- stores that meet (task/stores.c) --- */

/* What became of the store itself. */
struct store_report {
	const char *path;               /* of the store */
	char content[DIGEST_HEX];       /* "" where it was not asked */
	struct store_counts counts;     /* what it holds now */
	struct store_merged merged;
	struct store_written written;
};
bool task_store_check(struct context *c, struct store_report *out,
                      struct arena *a, struct err *err);
bool task_store_backup(struct context *c, const char *path,
                       struct store_report *out, struct arena *a,
                       struct err *err);
bool task_store_export(struct context *c, const char *dir,
                       struct store_report *out, struct arena *a,
                       struct err *err);
/* Another store's file, or an exported folder. */
bool task_store_take(struct context *c, const char *other, bool folder,
                     bool adopt, struct store_report *out, struct arena *a,
                     struct err *err);

/* --- price maps that were kept (task/prices.c) --- */

struct import;
/* Keeps the maps that an import brought, and notes it there. */
bool task_prices_keep(struct context *c, struct import *m, struct err *err);
/* `ref`, `from`, `to`: a date or six or more digits of a hash; from and to NULL:
 * the last two.  Free them with import_free. */
struct import *task_prices_list(struct context *c, struct err *err);
struct import *task_prices_diff(struct context *c, const char *from,
                                const char *to, struct err *err);
struct import *task_prices_history(struct context *c, struct err *err);
struct import *task_prices_file(struct context *c, const char *ref,
                                const struct assignments *models,
                                struct err *err);

/* Modelled, logged and (`bill` not NULL) billed money, in USD. */
struct reconcile_call {
	const char *scenario, *model, *log, *bill;
	const char *option;             /* NULL: accepted, assumed, incumbent */
	const char *format;             /* of the log; NULL: by its looks */
	long skip;
	bool keep;                      /* with the scenario, for its records */
	struct assignments set;
};
struct import *task_reconcile(struct context *c,
                              const struct reconcile_call *call,
                              struct err *err);
/* A scenario, to be written to `path`, that takes every figure of an import that
 * the workload or a model asks for from the evidence file.  Returns how many,
 * -1 with findings. */
int task_evidence_scenario(struct context *c, const struct import *m,
                           const char *evidence, const char *path,
                           struct buf *out, struct err *err);

/* --- the life of a decision (task/decide.c) --- */

struct decide_call {
	const char *model, *option;
	struct assignments by, tags;
	struct assignments waive;       /* rules and reasons set aside */
	const char *because, *review;   /* review: a date; either may be NULL */
};
struct decided {
	struct arena *arena;
	struct evaluation *evaluation;
	bool refused;                   /* a rule bars it, or it cannot work: */
	const char *objections;         /* nothing was recorded */
	double extra;                   /* what it costs beyond the advice, in */
	const char *unit;               /* the objective's unit; NAN */
	struct decision_info decision;
};
/* Evaluates and saves the scenario and proposes the option on that revision.
 * Release `out` in any case. */
bool task_decide(struct context *c, const struct scenario *s,
                 const struct decide_call *call, struct decided *out,
                 struct err *err);
void decided_release(struct decided *d);
/* One step of a decision that `ref` names; `by_ref`: what takes its place. Of
 * `call` only by, because and review count. */
bool task_decision_change(struct context *c, const char *ref,
                          enum decision_status to,
                          const struct decide_call *call, const char *by_ref,
                          struct decision_info *out, struct arena *a,
                          struct err *err);
/* The texts as a NULL-ended list; they stay the caller's. */
const char *const *assignments_list(const struct assignments *list,
                                    struct arena *a);

/* The map of two parameters (tradeoff[0].frontier), where an output reaches a
 * value ("OUTPUT=VALUE", tradeoff[0].goal), every crossing of one, and the
 * why-trace of one figure; `model` may be NULL where the scenario asks
 * about one only. */
struct evaluation *task_goal(struct context *c, const struct scenario *s,
                             const char *model, const char *param,
                             const char *goal, struct err *err);
struct evaluation *task_frontier(struct context *c, const struct scenario *s,
                                 const char *model, const char *x,
                                 const char *y, struct err *err);
struct evaluation *task_break_even(struct context *c, const struct scenario *s,
                                   const char *model, const char *param,
                                   struct err *err);
/* One trade-off with all that c->engine wants.  Of its sensitivities and values
 * of information only those of the parameters named are kept (none named: all);
 * a name covers its entries, P those of P@LABEL. */
struct evaluation *task_trade(struct context *c, const struct scenario *s,
                              const char *model, const char *const *param,
                              int nparams, struct err *err);
struct explanation *task_explain(struct context *c, const struct scenario *s,
                                 const char *model, const char *output,
                                 int depth, struct err *err);

/* The program that a model's objective becomes, one instruction a line. */
bool task_tape(struct context *c, const char *model, struct buf *out,
               struct err *err);

/* A model by name, or by the path of a file of its own. */
const struct model *task_model(struct context *c, const char *ref,
                               struct err *err);
/* What a reviewer would object to in a sound model: no source, no question,
 * nothing that reads a parameter, no example.  Returns how many. */
int task_lint(struct context *c, const struct model *m,
              void (*each)(void *ctx, struct pos pos, const char *text),
              void *ctx);

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

/* --- what was saved, and its records (task/export.c) --- */

/* A saved revision ("NAME@rN") or decision ("D3") evaluated with the models
 * and prices that were saved with it.  Release it in any case. */
struct saved_run {
	struct arena *arena;
	struct revision_info info;
	struct evaluation *e;
	struct engine_options options;  /* as it was run */
	const char *kept;               /* digest of what was kept, or NULL */
	bool as_saved;                  /* false: no files were kept */
};
bool task_run_saved(struct context *c, const char *ref, struct saved_run *run,
                    struct err *err);
void saved_run_release(struct saved_run *run);

/* Records of a decision ("D3") with those it is linked with, of a saved
 * revision (`model` NULL: of each of its questions), or (`ref` NULL) of all
 * decisions and of what nobody decided yet, with an index.  Each is written to
 * dir/NNNN-slug.EXT whole or not at all; one that stands there is written over
 * when this program wrote it and nobody edited it.  The figures are those of
 * the evaluation that was kept.  `each` hears the path and "created", "updated"
 * or "same". */
struct export_call {
	const char *ref, *model, *dir;
	enum record_format format;
	bool redact;                    /* roles in place of names, no reasons */
};
bool task_export(struct context *c, const struct export_call *call,
                 void (*each)(void *ctx, const char *path, const char *action),
                 void *ctx, struct err *err);

#endif
