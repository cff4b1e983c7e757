/*
 * Columns of a sample: what a slot is worth in each draw.  Tables of the
 * quantile functions are made once, before the threads start; filling is a
 * pure function of (slot, first, count).
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_SAMPLE_H
#define STEELYARD_ENGINE_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "dist/draws.h"
#include "expr/tape.h"
#include "model/bound.h"

struct copula;
struct engine_cache;

struct sample {
	const struct bound *bound;
	struct draws draws;
	double *central;                /* by slot: what --point takes */
	bool *fixed;                    /* by slot: no uncertainty */
	bool *ready;                    /* by slot: its tables are there */
	struct qtable ***table;         /* by slot, by label of its preset */
	struct copula *copula;          /* NULL: nothing is correlated */
	struct engine_cache *cache;     /* where tables come from, or NULL */
};

/* false: a `correlate:` line that cannot be. */
bool sample_init(struct sample *s, const struct bound *b,
                 const struct draws *d, struct err *err);
void sample_release(struct sample *s);
/* Makes the tables of these slots; before any of the next two. */
void sample_prepare(struct sample *s, const int *slots, int n);

/* The values, and the coordinates they are quantiles of, of points first ..
 * first + count - 1; count <= TAPE_BLOCK. */
void sample_fill(const struct sample *s, int slot, int64_t first, int count,
                 double *x);
void sample_coordinates(const struct sample *s, int slot, int64_t first,
                        int count, double *u);
/* The values at coordinates `u` of the caller's own; `label` tells a mixture
 * which of its preset's labels holds in each (others may pass NULL). */
void sample_quantiles(const struct sample *s, int slot, const double *label,
                      const double *u, int count, double *x);
/* Whether a slot has a law of its own (and is not made from others). */
bool slot_drawn(const struct bound *b, int slot);
/* How many laws it has: one, or one a label of its preset. */
int slot_labels(const struct bound *b, int slot);
/* Any quantile of a slot's own law (a mixture over its preset). */
double slot_quantile(const struct bound *b, int slot, double u);
double slot_mean(const struct bound *b, int slot);
double slot_central(const struct bound *b, int slot);
bool slot_fixed(const struct bound *b, int slot);
/* The weight with which a preset takes a label. */
double preset_weight(const struct bound *b, int slot, int label);

/* One thread's share of running a tape: frame, input columns, results. */
struct feed {
	const struct tape *tape;
	struct frame *frame;
	int ninputs, nroots;
	struct column *in;
	double *buffer;                 /* TAPE_BLOCK values an input */
	double *result;                 /* TAPE_BLOCK values a root */
	double **out;
};

void feed_init(struct feed *f, const struct tape *t);
void feed_release(struct feed *f);
/* Every input as drawn, or at its central value. */
void feed_draw(struct feed *f, const struct sample *s, int64_t first, int n);
void feed_central(struct feed *f, const struct sample *s);
/* Puts `x` (one for all lanes, or n) in the place of a slot, if it is read. */
void feed_set(struct feed *f, int slot, const double *x, bool uniform);
/* Results stand in f->out[root][lane]. */
void feed_run(struct feed *f, int n);

struct plan;
/* Cost of an option in a lane of a lean (or full) tape that was run: NAN where
 * it cannot be taken there. */
double feed_cost(const struct feed *f, const struct plan *p, int option,
                 int lane);

#endif
