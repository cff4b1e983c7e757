/*
 * Inference, split over infer.c (operators, names) and infer_calls.c
 * (functions).  Private to src/expr.
 */
#ifndef STEELYARD_EXPR_INFER_H
#define STEELYARD_EXPR_INFER_H

#include "expr/env.h"

/* A finding at a node, its text quoted by the caller's format. Always false. */
bool refuse(struct err *err, const struct syntax *s, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* `s` quoted for a message; the texts live in a ring of thread-local space. */
const char *quoted(const struct syntax *s);
/* The unit of an expression as its author would write it. */
const char *unit_name(struct env *e, const struct syntax *s,
                      const struct expr_type *t);

bool need_number(struct env *e, const struct syntax *s,
                 const struct expr_type *t, struct err *err);
bool need_bool(const struct syntax *s, const struct expr_type *t,
               struct err *err);
/* A pure number or one count; what for: "exp", "an exponent". */
bool need_plain(struct env *e, const struct syntax *s,
                const struct expr_type *t, const char *what, struct err *err);
/* `into` takes the unit that `a` and `b` share; verb: "add", "compare". */
bool join_units(struct env *e, const struct syntax *sa,
                const struct expr_type *a, const struct syntax *sb,
                const struct expr_type *b, const char *verb,
                struct expr_type *into, struct err *err);

/* 1/time to the first power, whatever else the unit has. */
bool rate_per_time(const struct env *e, const struct unit *u);

bool infer_call(struct env *e, const struct syntax *s,
                const struct local *scope, struct expr_type *t,
                struct err *err);

#endif
