/* Cells of CSV (RFC 4180), each with its comma.  Private to src/report. */
#ifndef STEELYARD_REPORT_CSV_H
#define STEELYARD_REPORT_CSV_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/each.h"

/* Text in quotes, safe for spreadsheets; NULL is empty. */
void csv_text(struct buf *out, const char *s);
/* A number that reads back as the same double; empty where there is none. */
void csv_number(struct buf *out, double v);
/* Members of a struct, each as its type says: CSV(out, *p, title, mean). */
#define CSV(out, from, ...) EACH(CSV_ONE, out, from, __VA_ARGS__)
#define CSV_ONE(out, from, member) \
	_Generic((from).member, const char *: csv_text, char *: csv_text, \
	         double: csv_number, int: csv_number, \
	         bool: csv_number)(out, (from).member);
/* The last comma becomes the end of the row. */
void csv_end(struct buf *out);

#endif
