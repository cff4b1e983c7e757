/* Parts of a decision record.  Private to src/report. */
#ifndef STEELYARD_REPORT_MADR_H
#define STEELYARD_REPORT_MADR_H

#include "report/text.h"

/* A heading of our own words, with the blank lines that it needs. */
void madr_heading(struct buf *out, int level, const char *text);
/* `text`, which may hold users' words, as one list item; empties it. */
void madr_item(struct buf *out, struct buf *text);
/* A title as it stands in headings, lists and the outcome alike: the same
 * bytes, without the final punctuation that headings must not have. */
void madr_title(struct buf *out, const char *title);
void madr_cell(struct buf *out, const char *text);     /* " text |" */
void madr_number_cell(struct buf *out, double v);

/* An item that holds an amount of the objective. */
void madr_amount(struct buf *out, const struct tradeoff *t,
                 const char *before, double v, const char *after);

void madr_options(struct buf *out, const struct tradeoff *t);
/* Everything under More Information. */
void madr_more(struct buf *out, const struct evaluation *e,
               const struct tradeoff *t, const struct decision_record *d);

#endif
