/*
 * Results as text: pure functions from a result into a buffer.  All of them
 * write strings that users typed as data: no control characters, no markup.
 */
#ifndef STEELYARD_REPORT_REPORT_H
#define STEELYARD_REPORT_REPORT_H

#include <stdbool.h>

#include "base/err.h"
#include "result/result.h"

struct arena;
struct buf;

struct text_style {
	bool color;             /* SGR sequences; never without a word beside */
	bool ascii;
	int width;              /* columns to fit, 0: 80 */
};

/* Ends a line that stands at column `at` with `text`, made safe; where it does
 * not fit it goes on in lines that are indented by `indent`.  A word that is
 * wider than a line is broken. */
void text_flow(struct buf *out, const struct text_style *st, int at,
               int indent, const char *text);

/* evaluate: a headline per trade-off with advice and probability, the table of
 * options, break-evens, what drives it, warnings. */
void report_text(struct buf *out, const struct evaluation *e,
                 const struct text_style *st);
void report_break_even_text(struct buf *out, const struct evaluation *e,
                            const struct text_style *st);
/* One row a crossing, or one for an entry that has none. */
void report_break_even_csv(struct buf *out, const struct evaluation *e);
/* One row a place where a goal is reached. */
void report_goals_csv(struct buf *out, const struct evaluation *e);
/* The lines of a frontier, one row a point; the evaluation has one. */
void report_frontier_csv(struct buf *out, const struct evaluation *e);
/* What moves the advice, and what knowing it would be worth: an evaluation that
 * holds one trade-off. */
void report_sensitivity_text(struct buf *out, const struct evaluation *e,
                             const struct text_style *st);
void report_voi_text(struct buf *out, const struct evaluation *e,
                     const struct text_style *st);
void report_explain_text(struct buf *out, const struct explanation *x,
                         const struct text_style *st);

/* steelyard.evaluation/1 over several scenarios (docs/schemas); ok: true. */
void report_json(struct buf *out, struct evaluation *const *e, int n);
/* steelyard.breakeven/1, sensitivity/1, voi/1 and explanation/1 */
void report_break_even_json(struct buf *out, const struct evaluation *e);
void report_sensitivity_json(struct buf *out, const struct evaluation *e);
void report_voi_json(struct buf *out, const struct evaluation *e);
void report_explain_json(struct buf *out, const struct explanation *x);
/* The one document of a failed run: ok false, error{code,name,...}, findings. */
void report_error_json(struct buf *out, const char *schema,
                       const struct err *err);
/* One row an option; header row first; text cells guarded against formulas. */
void report_csv(struct buf *out, struct evaluation *const *e, int n);
/* One row a parameter, of the one trade-off there is. */
void report_sensitivity_csv(struct buf *out, const struct evaluation *e);

/* The joint plan; steelyard.plan/1; and a row for each of the best choices. */
void report_plan_text(struct buf *out, const struct joint_plan *p,
                      const struct text_style *st);
void report_plan_json(struct buf *out, const struct joint_plan *p);
void report_plan_csv(struct buf *out, const struct joint_plan *p);

/* What changed between two states, and what each change contributes. */
struct comparison;
void report_compare_text(struct buf *out, const struct comparison *c,
                         const struct text_style *st);
void report_compare_markdown(struct buf *out, const struct comparison *c);
void report_compare_json(struct buf *out, const struct comparison *c);

/* The verdict on a model that a saved evaluation (steelyard.evaluation/1) holds;
 * false where it holds none.  Texts live in `a`; no probability is NAN. */
struct arena;
struct saved_verdict { const char *option, *badge; double probability; };
bool report_saved_verdict(const char *json, const char *model,
                          struct arena *a, struct saved_verdict *out);

/* Forecasts against measurements; the CSV has one row a forecast. */
struct calibration;
void report_calibration_text(struct buf *out, const struct calibration *c,
                             const struct text_style *st);
void report_calibration_json(struct buf *out, const struct calibration *c);
void report_calibration_csv(struct buf *out, const struct calibration *c);

/* What `check` found. */
struct check_report;
void report_check_text(struct buf *out, const struct check_report *r,
                       const struct text_style *st);
void report_check_json(struct buf *out, const struct check_report *r);
void report_check_junit(struct buf *out, const struct check_report *r);
void report_check_github(struct buf *out, const struct check_report *r);
void report_check_tap(struct buf *out, const struct check_report *r);

/* What a record of a decision is written as.  The first four are Markdown and
 * differ in what the tools of their kind read (docs/decision-record.md). */
enum record_format {
	RECORD_MADR, RECORD_LOG4BRAINS, RECORD_NYGARD, RECORD_HYBRID,
	RECORD_HTML, RECORD_JSON, RECORD_CSV, RECORD_FORMATS
};
extern const char *const record_format_names[RECORD_FORMATS];
enum record_format record_format_named(const char *name); /* NULL: madr */
#define RECORD_IS_MARKDOWN(f) ((f) <= RECORD_HYBRID)

/* Another record, in the same folder. */
struct record_link {
	int number;
	const char *file;               /* "0003-slug.md" */
	const char *title;
};

/* One step of a decision's life. */
struct record_event { const char *date, *status, *who, *because; };

/* A list within a document that one of the commands wrote, as CSV: one row a
 * member of the list at `path` ("tradeoffs.figures.shares"; the plain values of
 * the objects on the way stand before it, as "figures.name").  Nothing is
 * written where the list is empty. */
bool report_rows_csv(struct buf *out, const char *json, const char *path,
                     struct err *err);

/* A decision, as the store keeps it. */
struct decision_record {
	int number;                     /* 1.. within the folder */
	const char *title;
	const char *file;               /* its own name in the folder */
	const char *key;                /* 32 digits: whose record it is */
	const char *decision;           /* "D3"; NULL: nobody decided */
	const char *status;             /* proposed accepted rejected ... */
	const char *date;               /* last change */
	const char *model, *option;     /* chosen; option NULL: none yet */
	const char *because;
	const char *advice;             /* what was advised when it was taken */
	const char *const *deciders;    /* NULL-ended lists, or NULL */
	const char *const *tags, *const *waived;
	const char *review;             /* date or NULL */
	int nsupersedes;
	const struct record_link *supersedes, *superseded_by;   /* or NULL */
	int nevents;
	const struct record_event *event;       /* oldest first */
	bool contested;                 /* merged stores disagree on it */
	const char *revision;           /* digest of the scenario revision */
	const char *evaluation;         /* digest of the kept evaluation */
	const char *command;            /* reproduces the numbers */
	/* Modelled, logged and billed money: lines, and the day; or NULL. */
	const char *const *reconciled, *reconciled_on;
};

/* The record of one trade-off in one of the formats: context with the workload,
 * drivers, options with numbers, break-evens, what would change it, rules and
 * their price, confirmation, provenance (unmeasured first), digests, command.
 * The Markdown passes markdownlint with MADR's rules; the page is one file
 * without scripts; JSON is steelyard.record/1; CSV has a row a number. */
bool report_record(struct buf *out, enum record_format format,
                   const struct evaluation *e,
                   const struct decision_record *d, struct err *err);

/* One line of an index. */
struct record_line {
	const char *file, *decision, *title, *status, *date, *option, *review;
	int number;
};
/* The list of all records of a folder, in the same format. */
void report_record_index(struct buf *out, enum record_format format,
                         const struct record_line *line, int n);

/* The settings that an evaluation's document was made with: seed, samples,
 * sampler, point; texts go to `a`. False: it has none. */
bool report_engine_of(const char *json, struct engine_info *out,
                      struct arena *a);

/* A string of JSON, in quotes, that is harmless on a terminal, too. */
void report_json_string(struct buf *out, const char *s);

/* Text as data for one line of Markdown: no markup, no raw HTML, web addresses
 * as <...>.  `in_table`: within a cell or a line of ours; else it may begin the
 * line, and must open no list, heading, quote or rule there. */
void report_markdown(struct buf *out, const char *s, bool in_table);

#endif
