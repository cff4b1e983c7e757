/*
 * Results as pictures in cells.  Every chart has a one-sentence text form that
 * says the same, for screen readers and plain mode.
 */
#ifndef STEELYARD_CHART_CHART_H
#define STEELYARD_CHART_CHART_H

#include <stdbool.h>

#include "cells/cells.h"
#include "result/result.h"

struct buf;

struct chart_options {
	bool log_y;             /* where all values are positive */
	bool band;              /* draw the 90 % band */
	int lead;               /* option that the band belongs to; -1: none */
};

/* Cost curves of all feasible options over one parameter, labelled on the
 * line, with the band of the leading option, each break-even as a dotted line
 * with its number on the axis, and "you are here". Axes carry units. */
void chart_curve(struct grid *g, struct rect r, const struct curve *c,
                 const struct break_even *be, const struct chart_options *o);
void chart_curve_text(struct buf *out, const struct curve *c,
                      const struct break_even *be);

/* A curve whose y is no cost to be least: each line from its first place to its
 * last, and from where on one overtakes another. */
void chart_figure_text(struct buf *out, const struct curve *c);

/* What moves the advantage: bars around the base, flips marked. */
void chart_tornado(struct grid *g, struct rect r,
                   const struct tradeoff *t);
void chart_tornado_text(struct buf *out, const struct tradeoff *t);

/* The distribution of the first crossing, with P(never) in words. */
void chart_density(struct grid *g, struct rect r,
                   const struct break_even *be);
void chart_density_text(struct buf *out, const struct break_even *be);

/* The map of two parameters: each cell the letter of the best option, a capital
 * where it is best in nine draws of ten (always at central values), "you are
 * here", axes with units, and whose letter is whose. */
void chart_frontier(struct grid *g, struct rect r, const struct frontier *f);
void chart_frontier_text(struct buf *out, const struct frontier *f);
/* The same with a cursor at a place of the map, 0 to 1 along each axis, which
 * the hardware cursor follows; what stands there in words; and where you are. */
struct frontier_cursor { double x, y; };
void chart_frontier_at(struct grid *g, struct rect r,
                       const struct frontier *f,
                       const struct frontier_cursor *c);
void chart_frontier_cursor_text(struct buf *out, const struct frontier *f,
                                const struct frontier_cursor *c);
void chart_frontier_here(const struct frontier *f, double *x, double *y);
/* The same as a drawing: regions, boundaries, contours of 10, 50 and 90 %. */
void chart_frontier_svg(struct buf *out, const struct frontier *f);

/* What each change contributes to a figure, from what it was to what it is:
 * figure `f` of trade-off `t`. */
struct comparison;
void chart_waterfall(struct grid *g, struct rect r,
                     const struct comparison *c, int t, int f);
void chart_waterfall_text(struct buf *out, const struct comparison *c, int t,
                          int f);

/* The verdict over time: one step a revision, oldest first. */
struct verdict_step {
	const char *label;              /* "r7" */
	const char *option;             /* its title; NULL: none can be taken */
	double probability;             /* of being best; NAN: not known */
};
void chart_past(struct grid *g, struct rect r, const struct verdict_step *s,
                int n);
void chart_past_text(struct buf *out, const struct verdict_step *s, int n);

/* Options with mean, 90 % interval and probability best. */
void chart_options_table(struct grid *g, struct rect r,
                         const struct tradeoff *t);

/* The colour of an option in every chart, by its place in the model; and its
 * letter in the ASCII set. */
enum role chart_series_role(int option);
char chart_series_letter(int option);

/* What a curve shows, for a heading: "Npv cost by requests per day". */
void chart_curve_title(struct buf *out, const struct curve *c);

/* A title inside a sentence: "Requests per day" -> "requests per day", but
 * "GPU hour" stays. */
void chart_title(struct buf *out, const char *title);

/* An amount in the unit of an objective: money as money. */
void chart_amount(struct buf *out, double v, const char *unit);

#endif
