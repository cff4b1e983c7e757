/*
 * One trade-off on its way from a plan to a result; each step fills its part
 * of `out`.  Texts and lists of the result live in `arena`.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_TRADE_H
#define STEELYARD_ENGINE_TRADE_H

#include "base/mem.h"
#include "engine/judge.h"
#include "engine/run.h"
#include "engine/value.h"
#include "engine/voi.h"

struct effects;
struct factor;
struct jumps;
struct scan;

struct trade {
	const struct plan *plan;
	struct sample *sample;
	const struct engine_options *o;
	struct err *err;
	struct arena *arena;
	struct tradeoff *out;
	struct run *central;            /* the central draw */
	struct run *run;                /* the sample; --point: the same */
	struct judged judged;
	bool *barred_by;                /* [rule * K + o] */
	bool *barred, *slo_met;         /* [o] */
	bool *applies;                  /* [rule] */
	double unit;                    /* cost * unit = objective as shown */
	int nfactors;                   /* what the decision hangs on, and */
	struct factor *factor;          /* what each is worth (voi.c) */
	unsigned char **bin;            /* [factor]: the class of each draw */
	int *bins;
	struct rest rest;
	struct partial *partial;
	struct single *single;
	struct judged few;              /* the draws that regressions take */
	struct effects *effects;        /* what was asked for beyond that */
	double floor;                   /* what noise alone seems to be worth */
	int njumps;                     /* inputs along which something jumps */
	struct jumps *jump;
	struct scan *scan;              /* of the last parameter searched */
	double progress_from, progress_to;
};

/* Evaluates model `index` as the next trade-off of `e`, in `a`; it is complete
 * or *err says why not. */
bool trade_evaluate(const struct bound *b, struct bound_graph *g, int index,
                    const struct engine_options *o, struct evaluation *e,
                    struct arena *a, struct err *err);
/* Notes how many draws it took. */
void trade_note_samples(const struct trade *t, struct evaluation *e);
/* The same up to what the break-even search needs: central run, rules. */
bool trade_open(struct trade *t, const struct bound *b,
                struct bound_graph *g, int index,
                const struct engine_options *o, struct arena *arena,
                struct tradeoff *out, struct err *err);
bool trade_sample(struct trade *t);             /* doubling; the verdict */
void trade_close(struct trade *t);

void rules_apply(struct trade *t);              /* barred, slo_met, applies */
void rules_report(struct trade *t);
void findings_report(struct trade *t);
bool options_report(struct trade *t);
void verdict_report(struct trade *t, enum verdict_state state);
bool sensitivity_report(struct trade *t);       /* false: cancelled, refused */
bool voi_report(struct trade *t);
void criteria_report(struct trade *t);
void partials_find(struct trade *t);            /* t->partial, once */
bool studies_report(struct trade *t);
void voi_release(struct trade *t);              /* factors and all of these */
bool break_even_report(struct trade *t);
void switching_report(struct trade *t);          /* after the options */
bool provenance_report(struct trade *t);
void neighbours_report(struct trade *t);
void warnings_report(struct trade *t);

/* By factor, then the standard errors; NAN: not asked for, or none
 * (effects.c). */
struct effects { double *total, *shapley, *prcc; };
bool effects_find(struct trade *t);
void effects_free(struct effects *e);

/* Summaries: no number, one value, n values times `unit` (`work` has room for
 * n). */
struct summary summary_nothing(void);
struct summary summary_value(double v);
struct summary summary_of(const double *v, int64_t n, int replicates,
                          double unit, double *work);
/* Adds a warning; text as printf. */
void trade_warn(struct trade *t, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A buffer's text, moved into the result. */
const char *trade_text(struct trade *t, struct buf *b);
/* A slot as people name it in this trade-off, and its title. */
const char *trade_slot_name(const struct trade *t, int slot);
const char *trade_slot_title(const struct trade *t, int slot);

/* --- what varies (factors.c) -------------------------------------------- */

/* An uncertain input, or a preset that moves several. */
struct factor { int slot; bool preset; };

/* Those that the decision hangs on, by slot: fills t->factor. */
void factors_find(struct trade *t);
/* Quantile u of a factor as a value (a preset: the number of its label). */
double factor_quantile(const struct trade *t, const struct factor *f,
                       double u);
const char *factor_value_text(struct trade *t, const struct factor *f,
                              double value);
/* Whether its draws are told apart by the rank of their value: a law without a
 * coordinate of its own, or with atoms. */
bool factor_ranked(const struct trade *t, const struct factor *f);
/* Puts every draw of the sample in one of *bins classes of what is known of
 * the factor; at most `most` classes, and one more at each jump. */
void factor_bins(const struct trade *t, const struct factor *f, int most,
                 unsigned char *bin, int *bins);

/* --- where the costs jump (jumps.c) ------------------------------------- */

#define JUMPS_MAX 128

/* Coordinates of one input at which a step of the formulas that hangs on it
 * alone is taken: a machine more, a threshold passed. */
struct jumps { int slot, n; double u[JUMPS_MAX]; };

void jumps_find(struct trade *t);               /* t->jump, once */
const struct jumps *jumps_of(const struct trade *t, int slot);  /* or NULL */

#endif
