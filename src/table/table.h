/*
 * A CSV file as typed columns in memory: what a model's formulas read.
 *
 * Only the columns asked for are kept.  A number is what num_parse() takes,
 * times `scale`; a truth is true/false, yes/no, 1/0, correct/wrong.  A cell
 * that is empty or of the wrong type or out of its bounds is a finding with
 * file:line:column; the reading goes on, so that a file is mended in one go.
 *
 * At most TABLE_ROWS rows and TABLE_BYTES bytes.
 */
#ifndef STEELYARD_TABLE_TABLE_H
#define STEELYARD_TABLE_TABLE_H

#include <stdbool.h>

#include "base/digest.h"
#include "base/err.h"

#define TABLE_ROWS 5000000
#define TABLE_BYTES (1LL << 30)

struct table_want {
	const char *name;               /* as the model calls it */
	const char *header;             /* as the file calls it */
	bool truth;
	double scale;                   /* to base units */
	double low, high;               /* in base units */
};

struct table {
	char digest[DIGEST_HEX];        /* of the whole file */
	int n;                          /* columns, in the order wanted */
	int rows;
	double **column;
};

/* NULL with findings; a table without rows is one. */
struct table *table_read(const char *path, const struct table_want *want,
                         int n, struct err *err);
void table_free(struct table *t);

/* The same, but a row with a bad cell goes to `bad`, with the finding, and is
 * left out; false ends the reading (`bad` added why).  A table may be left
 * without rows. */
struct table *table_read_past(const char *path, const struct table_want *want,
                              int n, bool (*bad)(void *ctx, long line,
                                                 const char *why),
                              void *ctx, struct err *err);

/* true/false, yes/no, 1/0, correct/wrong. */
bool table_truth(const char *s, double *v);

#endif
