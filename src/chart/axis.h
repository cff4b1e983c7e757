/*
 * An axis: a range, linear or logarithmic, with round ticks.  Private to
 * src/chart.
 */
#ifndef STEELYARD_CHART_AXIS_H
#define STEELYARD_CHART_AXIS_H

#include <stdbool.h>

struct buf;

#define AXIS_TICKS 12

struct axis {
	double low, high;               /* low < high; log: both positive */
	bool log;
	int nticks;
	double tick[AXIS_TICKS];        /* rising, inside the range */
};

/* Ticks at decades (then 1-2-5) or at 1-2-5 steps, at most `most`.  A range of
 * (nearly) no width is widened; `log` holds only for a positive range. */
void axis_fit(struct axis *a, double low, double high, bool log, int most);

/* Where a value lies, 0 at the low end and 1 at the high end; NAN for what the
 * axis cannot show. */
double axis_at(const struct axis *a, double v);
double axis_value(const struct axis *a, double t);      /* the inverse */
void axis_label(struct buf *out, const struct axis *a, double tick);

#endif
