/*
 * Small tables that importers read whole: columns found by any of several
 * names.  Private to src/evidence.
 */
#ifndef STEELYARD_EVIDENCE_SAMPLES_H
#define STEELYARD_EVIDENCE_SAMPLES_H

#include "evidence/import.h"

struct table;

/* A column under the first of its names that the file has; `names` are
 * separated by `|`. */
struct sample_column {
	const char *names;
	bool truth, optional;
	double low, high;
};

/* A row with a bad cell is skipped, counted and named in `m`.  NULL with
 * findings, or when no row is left; columns that are optional and not there have NULL in
 * `column`.  The caller frees with table_free and takes the digest along. */
struct table *sample_read(struct import *m, const struct import_request *q,
                          const struct sample_column *want, int n,
                          const double **column, struct err *err);
#endif
