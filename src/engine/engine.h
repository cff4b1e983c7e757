/*
 * The engine: a bound scenario in, a result out.
 *
 * One pass draws blocks of points, runs the tape of each trade-off over them
 * (OpenMP over blocks), and keeps what the statistics need.  Sums run over 8
 * fixed virtual lanes and then in block order, so the digits depend on no
 * thread count.
 */
#ifndef STEELYARD_ENGINE_ENGINE_H
#define STEELYARD_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "dist/draws.h"
#include "model/bound.h"
#include "result/result.h"

/* What may be kept between runs that differ by an edit: tables of quantile
 * functions, and whole trade-offs that the edit does not reach (its own
 * parameters, those of the models it reads and the workload are what they
 * were).  Never changes a digit.  Belongs to one run at a time. */
struct engine_cache;
struct engine_cache *engine_cache_new(void);
void engine_cache_free(struct engine_cache *c);

#define ENGINE_MAX_SAMPLES INT64_C(1000000000)
#define ENGINE_MAX_THREADS 4096

struct engine_options {
	int64_t samples;                /* start; default 16384 */
	int64_t max_samples;            /* doubling stops here; default 65536 */
	uint64_t seed;                  /* default 1 */
	enum sampler sampler;
	int threads;                    /* 0: as many as OpenMP offers */
	double confidence;              /* of "stable"; default 0.95 */
	bool point;                     /* central values, no sampling */
	bool want_break_even;           /* decision.break_even of each model */
	int64_t break_even_draws;       /* subset for the distribution; 0: none */
	bool want_sensitivity, want_voi;
	/* With the sensitivity: total indices (refused where inputs are
	 * correlated), Shapley effects, partial rank correlations. */
	bool want_total, want_shapley, want_prcc;
	bool want_outputs;              /* figures beside the objective */
	bool want_provenance;           /* where each value came from */
	/* Value of information of groups ("a,b", each a list of parameters, of
	 * which P covers P@LABEL, or presets), and of the model's studies; one
	 * of them by name (NULL: all), at one size (0: those that find the
	 * best). */
	int ngroups;
	const char *const *group;
	bool want_studies;
	const char *study;
	double study_size;
	bool want_joint;                /* warn where the joint plan differs */
	bool want_criteria;             /* what other rules would choose */
	bool want_dominance;            /* and who is better to everybody */
	double risk_tolerance;          /* of the exponential utility, in the
	                                   objective's unit; 0: the size of the
	                                   best option's objective */
	double optimism;                /* Hurwicz: weight of the best case */
	/* Called now and then from the calling thread; false cancels the run,
	 * which then returns NULL with ERR_LIMIT "cancelled". May be NULL. */
	bool (*progress)(void *ctx, double done);
	void *progress_ctx;
	struct engine_cache *cache;     /* or NULL */
};
struct engine_options engine_defaults(void);

/* Evaluates every model of the scenario in canonical order, each behind the
 * ones it reads: of a neighbour it reads the option that the scenario assumes,
 * else the one that was recommended, else (none can be) the incumbent.  NULL
 * with findings: a formula that gives no finite number is ERR_INPUT at its
 * place, with the draw's inputs. */
struct evaluation *engine_evaluate(struct library *l,
                                   const struct scenario *s,
                                   const struct engine_options *o,
                                   struct err *err);
/* The same for a binding that exists (examples, the screen). */
struct evaluation *engine_evaluate_bound(const struct bound *b,
                                         const struct engine_options *o,
                                         struct err *err);

/* Every crossing of one parameter ("requests_per_day", "MODEL.P@LABEL"). The
 * result is a break_even per rival of the incumbent, and the winner's map; it
 * lives in a fresh evaluation that holds this one trade-off. */
struct evaluation *engine_break_even(struct library *l,
                                     const struct scenario *s,
                                     const char *model, const char *param,
                                     const struct engine_options *o,
                                     struct err *err);

/* The same for a binding that exists; `model` is its index there. */
struct evaluation *engine_break_even_bound(const struct bound *b, int model,
                                           const char *param,
                                           const struct engine_options *o,
                                           struct err *err);

/* Where an output reaches a value as a parameter moves, in tradeoff[0].goal of a
 * fresh evaluation; `goal` is "OUTPUT=VALUE" (goal.h). */
struct evaluation *engine_goal(struct library *l, const struct scenario *s,
                               const char *model, const char *param,
                               const char *goal,
                               const struct engine_options *o,
                               struct err *err);

/* Two parameters at once: the map of who is best where, in tradeoff[0].frontier
 * of a fresh evaluation. */
struct evaluation *engine_frontier(struct library *l, const struct scenario *s,
                                   const char *model, const char *x,
                                   const char *y,
                                   const struct engine_options *o,
                                   struct err *err);
/* The map alone, of a binding that exists; frontier_free() it. */
struct frontier *engine_frontier_bound(const struct bound *b, int model,
                                       const char *x, const char *y,
                                       const struct engine_options *o,
                                       struct err *err);

/* One trade-off alone with all that `o` wants; its neighbours are chosen as
 * engine_evaluate() chooses them.  It lives in a fresh evaluation. */
struct evaluation *engine_trade(struct library *l, const struct scenario *s,
                                const char *model,
                                const struct engine_options *o,
                                struct err *err);

/* The same for a binding that exists, which says what its neighbours take;
 * `model` is its index there. */
struct evaluation *engine_trade_bound(const struct bound *b, int model,
                                      const struct engine_options *o,
                                      struct err *err);

/* The best joint choice over all combinations of options, over the scenario's
 * horizon or, where it has none, the workload's (docs/plan.md). An option that
 * the scenario assumes is kept.  Value of information where `want_voi`. */
struct joint_plan *engine_plan(struct library *l, const struct scenario *s,
                               const struct engine_options *o,
                               struct err *err);

/* The objective of each option over a parameter, for charts. `n` points from
 * low to high in base units of the parameter (low >= high: a range around the
 * central value that shows the break-evens). */
struct curve *engine_curve(const struct bound *b, int model, const char *param,
                           double low, double high, int n,
                           const struct engine_options *o, struct err *err);

/* Any output (as in engine_goal) of each option over a parameter (`over` names
 * it; range as in engine_curve) or over "month" (n and range are the horizon's).
 * One line alone where the options share it.  Outputs that are too dear per draw
 * are taken at central values: p5 and p95 are the same. */
struct curve *engine_figure(const struct bound *b, int model,
                            const char *output, const char *over, double low,
                            double high, int n,
                            const struct engine_options *o, struct err *err);
/* A figure that the model names: the n-th of its `figures:`. */
struct curve *engine_figure_named(const struct bound *b, int model, int figure,
                                  int n, const struct engine_options *o,
                                  struct err *err);

/* The why-trace: `output` is a formula, `objective`, `monthly`, `once`, each
 * with an optional [option]; down to `depth` levels. */
struct explanation *engine_explain(const struct bound *b, int model,
                                   const char *output, int depth,
                                   const struct engine_options *o,
                                   struct err *err);

/* One number: an expression of the language at central values, in its display
 * unit, or a state's name in *state.  For examples and expectations. */
bool engine_value(const struct bound *b, int model, const struct syntax *s,
                  double *value, const char **state, const char **unit_text,
                  struct err *err);

/* Every draw of a number, `monthly[self_host]`, for one option (-1: none), in
 * base units: NAN where it is a state.  The caller frees *v. */
bool engine_draws(const struct bound *b, int model, const struct syntax *s,
                  int option, const struct engine_options *o, double **v,
                  int64_t *n, struct err *err);

struct measurement {
	double value;
	const char *unit;
	int64_t from, to;               /* its first and last day, seconds
	                                   since 1970; 0: not known */
};

/* What is known today, for triggers. */
struct trigger_facts {
	/* The measurement of a parameter that lies `back` before the newest
	 * (0); false: none was recorded.  May be NULL. */
	bool (*measured)(void *ctx, const char *name, int back,
	                 struct measurement *out);
	void *ctx;
	double age_days;                /* of the decision; negative: none */
};
/* Asks the model's triggers of the trade-off evaluated today; `out` has room for
 * as many as the model has.  One with `for` trips when the newest measurements
 * in a row all meet it and reach over as many days. */
bool engine_triggers(const struct bound *b, int model,
                     const struct tradeoff *t,
                     const struct trigger_facts *facts, struct arena *a,
                     struct trigger_result *out, struct err *err);

/* Version and floating-point class (a digest over probe values of every vector
 * kernel and sampler); both identify a run. */
const char *engine_version(void);
const char *engine_fpclass(void);

#endif
