/*
 * Learning curves of a pilot's table, as functions of its columns: sizes,
 * errors, tested items (columns.h; math/curve.h fits).
 */
#ifndef STEELYARD_EXPR_PILOT_H
#define STEELYARD_EXPR_PILOT_H

struct columns;

/* Both fits, made once a binding. */
void *pilot_prepare(const struct columns *c);

double pilot_sizes(const struct columns *c, const double *a);
/* 1 where no power law falls through the points, else 0. */
double pilot_rises(const struct columns *c, const double *a);
/* a[0] is 2 or 3, the parameters fitted; NaN where there is no such fit. */
double pilot_floor(const struct columns *c, const double *a);
double pilot_exponent(const struct columns *c, const double *a);
double pilot_scale(const struct columns *c, const double *a);   /* at a[1] */
double pilot_error(const struct columns *c, const double *a);   /* at a[1] */

#endif
