/* Parts of a decision record.  Private to src/report. */
#ifndef STEELYARD_REPORT_MADR_H
#define STEELYARD_REPORT_MADR_H

#include "report/text.h"

/* What the parts of one record are made from. */
struct record {
	const struct evaluation *e;
	const struct tradeoff *t;
	const struct decision_record *d;
	int choice;                     /* option; -1: none */
};

/* A part of a record under its heading; one table a layout. */
struct record_section {
	const char *title;
	int level;
	void (*write)(struct buf *out, const struct record *r);
};
extern const struct record_section madr_sections[], nygard_sections[];

void record_links(struct buf *out, enum record_format format,
                  const struct record *r);
/* The same once more for programs; nothing stands in it alone. */
void record_comment(struct buf *out, const struct record *r);
void record_html(struct buf *out, const struct record *r);
void record_json(struct buf *out, const struct record *r);
void record_csv(struct buf *out, const struct record *r);
void record_index_html(struct buf *out, const struct record_line *line,
                       int n);
void record_index_json(struct buf *out, const struct record_line *line,
                       int n);
void record_index_csv(struct buf *out, const struct record_line *line, int n);

bool record_is_blank(const char *s);
const char *record_status_word(const struct decision_record *d);

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

void madr_options(struct buf *out, const struct record *r);
/* Everything under More Information. */
void madr_more(struct buf *out, const struct record *r);

#endif
