/*
 * Drawings of results as SVG for pages: shapes carry classes (axis, grid, text,
 * dim, s0 to s5 for options), so that the page's style gives the colours and
 * one drawing serves light, dark and paper.  Text is escaped.
 */
#ifndef STEELYARD_CHART_SVG_H
#define STEELYARD_CHART_SVG_H

#include "result/result.h"

struct buf;

/* Users' text inside markup: made harmless, `<`, `>`, `&` and quotes as
 * entities. */
void svg_escaped(struct buf *out, const char *s);
void svg_text(struct buf *out, double x, double y, const char *anchor,
              const char *css, const char *s);

/* Each option's objective: 90 % interval with its mean, on one axis. Nothing
 * is written where there is nothing to draw; the same holds for all of these. */
void chart_options_svg(struct buf *out, const struct tradeoff *t);
/* What moves the advantage: a bar a driver, the line where the advice flips. */
void chart_tornado_svg(struct buf *out, const struct tradeoff *t);
/* The distribution of each draw's first crossing. */
void chart_density_svg(struct buf *out, const struct break_even *be);

#endif
