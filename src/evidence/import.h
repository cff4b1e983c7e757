/*
 * Importing: files that people already have (price maps, logs, bills, traces,
 * scores, votes, load tests) become quantities with an interval, a sample size
 * and a period, as a file that a scenario names (docs/evidence.md).
 *
 * What cannot be read is counted, named by its line and skipped, up to a
 * limit; beyond it nothing is imported.  Bodies of messages are not looked at,
 * keys are kept as the first half of their SHA-256.
 */
#ifndef STEELYARD_EVIDENCE_IMPORT_H
#define STEELYARD_EVIDENCE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

struct buf;

enum import_kind {
	IMPORT_PRICES, IMPORT_USAGE, IMPORT_FOCUS, IMPORT_SCORES, IMPORT_CURVE,
	IMPORT_LABELS, IMPORT_BENCH, IMPORT_N
};
extern const char *const import_kinds[IMPORT_N];

struct words { int n; const char *const *text; };

/* An entry of `name` among the names of a kind; NULL: of nobody. */
struct within { const char *by, *name; };

/* What was asked for; zero is "not said". */
struct import_request {
	enum import_kind kind;
	const char *path;
	struct words others;            /* further files of the same kind */
	const char *format;             /* of the file; NULL: by its looks */
	const char *title;
	long skip;                      /* bad lines; 0: IMPORT_SKIP */
	/* prices */
	struct words models, free;      /* patterns; ids that cost nothing */
	const char *date;
	/* usage, focus */
	const char *by;                 /* team key model user tag day; all */
	int nwithin;                    /* only entries of all these names */
	const struct within *within;
	/* asked now and then; false ends the reading ("cancelled") */
	bool (*going)(void *ctx, double done);
	void *going_ctx;
	double budget;                  /* USD a calendar month */
	bool cached_outside;            /* of the input tokens of the log */
	/* scores */
	double error_cost, review_cost, caught, spoilt, fix_cost;
	/* bench: of the machine that was tested; 0: one, and said so */
	double gpus;
};

#define IMPORT_SKIP 1000                /* bad lines, unless asked otherwise */
#define IMPORT_NAMED 10                 /* of which so many are named */

/* One quantity: `value` as a parameter may be written. */
struct measure {
	const char *name, *unit, *value;
	const char *note, *fit, *window;/* or NULL */
	double n;                       /* sample size; 0: not a sample */
	double mean, low, high;         /* 90 % interval; NAN: none */
};

/* A table for people and for JSON: rows of texts and numbers. */
struct fact_column { const char *name; bool text; int digits; };
struct fact_cell { const char *text; double number; };
struct fact_table {
	const char *name, *title;
	int ncolumns;
	const struct fact_column *column;
	int n;
	struct fact_cell *cell;         /* [row * ncolumns + column] */
	size_t cap;
};

struct bad_line { long line; const char *why; };

/* A whole price map of one day as it is kept (JSON), and how many of its
 * models are in each state. */
struct price_text {
	const char *date, *file, *text;
	const char *digest;             /* of the map's file */
	int priced, free, unpriced;
};

struct import {
	struct arena *arena;
	enum import_kind kind;
	const char *title, *format;
	const char *file;               /* its name, without folders */
	char digest[DIGEST_HEX];
	long rows, skipped, duplicates;
	struct bad_line bad[IMPORT_NAMED];
	double from, to;                /* seconds since 1970; NAN: no times */
	bool clock;                     /* from..to are calendar times */
	int nmeasures; struct measure *measure;
	int nfacts; struct fact_table **fact;
	int nnotes; const char **note;  /* what to know about the figures */
	const char *document;           /* prices: the price file's text */
	/* usage: money and days that log (and bill) tell of; NAN: none */
	struct { double logged, billed, from, to; } common;
	int nsheets; struct price_text *sheet;  /* prices: each map, by date */
};

/* NULL with findings. */
struct import *import_file(const struct import_request *q, struct err *err);
void import_free(struct import *m);

/* An evidence file as what was written there: figures and tables, read to be
 * shown.  NULL with findings. */
struct import *import_read(const char *path, struct err *err);

/* The evidence file, YAML; of prices the price file. */
void import_write(const struct import *m, struct buf *out);

/* Kept price maps: what became of each model from the first to the second;
 * how fast the same models' prices fell, of n maps by date; one as a price
 * file again, of the models asked for (none: all). */
struct import *prices_differences(const struct price_text *from,
                                  const struct price_text *to,
                                  struct err *err);
struct import *prices_history(const struct price_text *t, int n,
                              struct err *err);
struct import *prices_file(const struct price_text *t, struct words models,
                           struct err *err);

/* --- for the importers ---------------------------------------------------- */

struct import *import_new(enum import_kind kind, const char *path);
/* A bad line; false when there are too many, with a finding. */
bool import_skip(struct import *m, const struct import_request *q,
                 const char *path, long line, const char *why,
                 struct err *err);
struct measure *import_measure(struct import *m, const char *name,
                               const char *unit, double n);
/* A fixed number, an interval "A to B" around a mean, or three quantiles. */
void measure_point(struct import *m, struct measure *x, double v);
void measure_interval(struct import *m, struct measure *x, double mean,
                      double low, double high);
/* A share or a ratio within 0 and 1: never on the ends, where a law that goes
 * through three quantiles has no room. */
void measure_within(struct import *m, struct measure *x, double r,
                    double half);
/* Hits among n, with Clopper and Pearson's interval. */
struct measure *measure_share(struct import *m, const char *name, double hits,
                              double n);
void measure_quantiles(struct import *m, struct measure *x, double p10,
                       double p50, double p90);
struct fact_table *import_fact(struct import *m, const char *name,
                               const char *title,
                               const struct fact_column *column, int n);
/* A new row's cells, zeroed. */
struct fact_cell *fact_row(struct fact_table *t);
void import_note(struct import *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *import_number(struct import *m, double v, int digits);

/* One importer a kind; the document or the figures, NULL with findings. */
struct import *import_prices(const struct import_request *q, struct err *err);
struct import *import_usage(const struct import_request *q, struct err *err);
struct import *import_scores(const struct import_request *q, struct err *err);
struct import *import_curve(const struct import_request *q, struct err *err);
struct import *import_labels(const struct import_request *q, struct err *err);
struct import *import_bench(const struct import_request *q, struct err *err);

#endif
