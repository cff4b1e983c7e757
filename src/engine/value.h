/*
 * One number at central values: examples, remedies, findings, explanations.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_VALUE_H
#define STEELYARD_ENGINE_VALUE_H

#include "engine/plan.h"
#include "engine/sample.h"

struct buf;

struct central {
	double value;                   /* base units */
	int state;                      /* STATE_NUMBER: `value` is one */
};

/* Single expressions of one model, one after the other, over one graph. */
struct values {
	struct plan plan;
	struct sample sample;           /* the central draw */
};
bool values_open(struct values *v, const struct bound *b, int model,
                 struct err *err);
void values_close(struct values *v);    /* also when it failed to open */

/* Runs roots (as pairs from plan_root) over the central draw: out[root]. */
void central_run(struct dag *d, const struct roots *r,
                 const struct sample *s, double *out);
/* The same of a tape of such roots; `m` may be NULL. */
void central_tape(const struct tape *t, struct tape_memo *m,
                  const struct sample *s, double *out);
/* An expression of the model for one option (-1: none). */
bool central_value(const struct plan *p, const struct sample *s,
                   const struct syntax *e, int option, struct central *out,
                   struct err *err);

/* A number in the unit in which people read the expression: "27 ms", or the
 * state's name. */
void value_text(const struct plan *p, const struct syntax *e,
                const struct central *v, struct buf *out);
/* A template with {expressions}; what cannot be shown reads "?". */
void template_fill(const struct plan *p, const struct sample *s,
                   const char *text, int option, struct buf *out);

#endif
