/* Shared by the reports that people read.  Private to src/report. */
#ifndef STEELYARD_REPORT_TEXT_H
#define STEELYARD_REPORT_TEXT_H

#include "base/buf.h"
#include "report/report.h"

/* What a colour may add to a word that already says it. */
enum text_role { TEXT_PLAIN, TEXT_BOLD, TEXT_GOOD, TEXT_DOUBT, TEXT_BAD };
void text_begin(struct buf *out, const struct text_style *st,
                enum text_role role);
void text_end(struct buf *out, const struct text_style *st,
              enum text_role role);
int text_room(const struct text_style *st);     /* columns of a line */

/* Appends `text` in lines of at most the style's width, indented; the lines
 * after the first are indented by `hang` more (text_flow in report.h). */
void text_wrap(struct buf *out, const struct text_style *st, int indent,
               int hang, const char *text);
/* A heading; bold where colour is on. */
void text_heading(struct buf *out, const struct text_style *st, int indent,
                  const char *text);
/* `text` made safe, cut or padded to `width` columns. */
void text_cell(struct buf *out, const struct text_style *st, const char *text,
               int width, bool right);

/* A number in a unit, as a person reads it; a missing one is a dash. */
void text_number(struct buf *out, double v, const char *unit);
/* " USD/h", or nothing for plain numbers. */
void text_unit(struct buf *out, const char *unit);
/* A standard error: two digits. */
void text_error(struct buf *out, double se);
/* "1 month", "36 months" */
void text_months(struct buf *out, int n);
/* "12.3 to 15" */
void text_interval(struct buf *out, double low, double high);
/* "92 % of draws", "under 1 % of draws", "every draw", "no draw" */
void text_share(struct buf *out, double p);
/* A summary in one phrase: "12.3 USD (90 %: 10.1 to 15)", "never". */
void text_summary(struct buf *out, const struct summary *s, const char *unit,
                  bool point);
/* The title of an option, or "no option". */
const char *text_option(const struct tradeoff *t, int option);
/* "misses a service level"; "" when there is nothing to say. */
const char *text_status(const struct option_result *o);
/* "2.05 to 5.66 USD/h": the ends of a driver, the unit once. */
void text_ends(struct buf *out, const struct sensitivity *s);
/* A text as it stands within a sentence: "A request" -> "a request", but
 * "GPU hour" stays. */
void text_lower(struct buf *out, const char *s);
/* What a rule does, without its title: "applies; it bars ...". */
void text_rule(struct buf *out, const struct tradeoff *t,
               const struct rule_result *r);

/* Which criteria choose as the verdict does, or (`agree` false) what others
 * take: "Host a model by worst case, ..."; 0: there is nothing to tell. */
int text_criteria(struct buf *out, const struct tradeoff *t, bool agree);
/* "A is better than B to everybody, whatever the attitude to risk" */
void text_dominance(struct buf *out, const struct tradeoff *t,
                    const struct dominance *d);
/* Which of the two that a driver compares is infeasible at an end; nothing when
 * none is. */
void text_missing(struct buf *out, const struct tradeoff *t,
                  const struct sensitivity *s);
/* Which option is best at the ends of a driver that flips the advice. */
void text_flip(struct buf *out, const struct tradeoff *t,
               const struct sensitivity *s);

/* Whether the i-th break-even says something: a pair that never crosses is left
 * to the line behind it, which tells who is best of all. */
bool text_is_told(const struct tradeoff *t, int i);
/* "Price of a GPU hour, USD/h/GPU (central value 3)" */
void text_tip_subject(struct buf *out, const struct break_even *b);
/* Who wins where, and how that spreads over the draws, of the i-th: one
 * sentence. */
void text_tip(struct buf *out, const struct tradeoff *t, int i);
/* What the search says of several break-evens: once for all. */
void text_tip_notes(struct buf *out, const struct tradeoff *t);

/* Where outputs reach a value; t->goal[0] is there. */
void text_goals(struct buf *out, const struct text_style *st,
                const struct tradeoff *t);
/* The map of two parameters; t->frontier is there. */
void text_frontier(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t);

/* Parts of each report. */
void text_title(struct buf *out, const struct text_style *st,
                const struct evaluation *e);
void text_headline(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t);
void text_notes(struct buf *out, const struct text_style *st,
                const struct tradeoff *t);
void text_footer(struct buf *out, const struct text_style *st,
                 const struct evaluation *e);

/* Whether the sampling error leaves something of the value. */
bool text_worth_telling(const struct evppi *e);
/* A table of what each way to choose takes, and who is better to everybody. */
void text_choices(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t);

/* What the ranges that somebody stated imply: mean, P1 and P99. */
void text_implied(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t);

/* What knowing more would be worth: of `t` the unit and the values count. */
void text_voi(struct buf *out, const struct text_style *st,
              const struct tradeoff *t);
/* What groups and studies are worth; where second estimates differ. */
void text_groups(struct buf *out, const struct text_style *st,
                 const struct tradeoff *t);
void text_studies(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t);
void text_second_opinion(struct buf *out, const struct text_style *st,
                         const struct tradeoff *t);
/* Total indices, Shapley effects, rank correlations, if any was asked for. */
void text_shares(struct buf *out, const struct text_style *st,
                 const struct tradeoff *t);

void text_options(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t);

#endif
