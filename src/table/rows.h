/*
 * Rows of a CSV file, one at a time (libcsv behind it): quotes, CRLF, a
 * byte-order mark, quoted line ends.  The first row names the columns; they
 * are found by name, never by position.
 *
 * Memory is one row, of at most 16 MB.  The longest line has ROWS_LONGEST
 * bytes.
 */
#ifndef STEELYARD_TABLE_ROWS_H
#define STEELYARD_TABLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define ROWS_LONGEST (1u << 20)
#define ROWS_COLUMNS 1024

struct intake;

struct row {
	const char *path;
	long line;                      /* where it begins */
	int n;
	const char *const *cell;        /* terminated by NUL; blanks around
	                                   unquoted ones are gone */
	const char *text;               /* the line, when the row is one; of
	                                   text_n bytes */
	size_t text_n;
};

/* Calls `head` with the first row, `each` with every other one; either ends
 * the reading by returning false.  A quote that is never closed and NUL bytes
 * are findings; rows with more or fewer cells than the header are handed on as
 * they are.  False: a finding, or a callback ended it. */
bool rows_read(struct intake *f, bool (*head)(void *ctx, const struct row *r),
               bool (*each)(void *ctx, const struct row *r), void *ctx,
               struct err *err);

/* Where cell k of a row stands. */
struct pos row_pos(const struct row *r, int k);

/* The index of a column in the header, or -1: exactly, else without regard
 * to case. */
int row_find(const struct row *head, const char *name);

#endif
