/* Cells of CSV (RFC 4180), each with its comma.  Private to src/report. */
#ifndef STEELYARD_REPORT_CSV_H
#define STEELYARD_REPORT_CSV_H

#include "base/buf.h"

/* Text in quotes, safe for spreadsheets; NULL is empty. */
void csv_text(struct buf *out, const char *s);
/* A number that reads back as the same double; empty where there is none. */
void csv_number(struct buf *out, double v);
/* The last comma becomes the end of the row. */
void csv_end(struct buf *out);

#endif
