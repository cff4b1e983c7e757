/*
 * Phrases that charts and their sentences share.  Private to src/chart.
 */
#ifndef STEELYARD_CHART_WORDS_H
#define STEELYARD_CHART_WORDS_H

struct buf;
struct tradeoff;

/* "1.96M request/day"; the unit "1" is not shown. */
void words_quantity(struct buf *out, double v, const char *unit);
/* The unit as shown beside an axis: "" for the number 1. */
const char *words_unit(const char *unit);
/* "12 %"; never "0 %" or "100 %" of what is possible or not certain. */
void words_percent(struct buf *out, double p);
/* The option's title, or "no option" for -1. */
const char *words_option(const char *const *title, int n, int option);

#endif
