/* Shared by the text reports.  Private to src/report. */
#ifndef STEELYARD_REPORT_TEXT_H
#define STEELYARD_REPORT_TEXT_H

#include "base/buf.h"
#include "report/report.h"

/* Appends `text` in lines of at most the style's width, indented; a line that
 * begins within a paragraph is indented by `hang` more. */
void text_wrap(struct buf *out, const struct text_style *st, int indent,
               int hang, const char *text);
/* A heading; bold where colour is on. */
void text_heading(struct buf *out, const struct text_style *st, int indent,
                  const char *text);
/* `text` made safe, cut or padded to `width` columns. */
void text_cell(struct buf *out, const struct text_style *st, const char *text,
               int width, bool right);
/* A number in a unit, as a person reads it; "?" never appears: a missing one
 * is a dash. */
void text_number(struct buf *out, double v, const char *unit);
/* A summary in one phrase: "12.3 USD (10.1 to 15)", "never". */
void text_summary(struct buf *out, const struct summary *s, const char *unit,
                  bool point);
/* Whether the i-th break-even says something: a pair that never crosses is left
 * to the line behind it, which tells who is best of all. */
bool text_is_told(const struct tradeoff *t, int i);
/* One break-even as a sentence. */
void text_break_even(struct buf *out, const struct tradeoff *t,
                     const struct break_even *b);
/* Who wins along the way: "A below 4M, B above". */
void text_winners(struct buf *out, const struct tradeoff *t,
                  const struct break_even *b);

#endif
