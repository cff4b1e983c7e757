/*
 * One entry of a log, whatever its format: a request, or a roll-up of many.
 * Private to src/evidence.
 */
#ifndef STEELYARD_EVIDENCE_RECORD_H
#define STEELYARD_EVIDENCE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "evidence/import.h"

/* What a format may tell; a path a field (formats.c). */
enum field {
	F_ID, F_START, F_END, F_FIRST, F_TTFT, F_INPUT, F_OUTPUT,
	F_CACHED, F_CACHE_WRITE, F_REQUESTS, F_FAILED, F_STATUS, F_SPEND,
	F_CURRENCY, F_MODEL, F_TEAM, F_KEY, F_USER, F_TAG, F_SERVICE, F_ACCOUNT,
	F_CATEGORY, F_QUANTITY, F_UNIT, F_BLOCKS, F_N
};

/* What a bill's money is for. */
enum { CHARGE_TAX = 1, CHARGE_CREDIT, CHARGE_ADJUSTMENT, CHARGES };
extern const char *const charge_names[CHARGES];

enum group { BY_TEAM, BY_KEY, BY_MODEL, BY_USER, BY_TAG, BY_SERVICE,
             BY_ACCOUNT, BY_N };
extern const char *const group_names[BY_N];

struct use {
	long line;
	const char *id;                 /* NULL: none */
	const char *twin;               /* all of a roll-up without one */
	double start, end;              /* seconds; NAN: not said */
	bool zoned;                     /* the time said its zone */
	double ttft;                    /* seconds */
	double input, output, cached, cache_write;      /* tokens; `input` has
	                                   the cached ones inside */
	double requests, failed;
	bool rollup;                    /* many requests in one entry */
	double spend;
	const char *currency;           /* NULL: USD */
	const char *group[BY_N];        /* NULL: nobody's */
	double quantity;                /* of a virtual currency */
	const char *quantity_unit;
	bool purchase;                  /* money ahead of use, not use */
	int charge;                     /* of charge_names: 0 is use */
	double prefix_hits;             /* tokens whose prefix was seen before;
	                                   NAN: not told */
};

/* A number and nothing else, as strtod has it. */
bool number_parse(const char *s, double *v);
/* Times as they are written: ISO dates and times, 4/1/25 13:05, or a number of
 * seconds (or of milliseconds or nanoseconds by its size, where the log does
 * not say which).  Seconds since 1970, or NAN: no time. */
#define MINUTE_TEXT 16                          /* 2026-09-21T10:45 */
struct times {
	bool millis;                    /* numbers are milliseconds */
	char minute[MINUTE_TEXT];       /* of the time before: most share it */
	double t;
};
double time_parse(const char *s, struct times *as, bool *zoned);
double time_of_number(double v, const struct times *as);

/* --- reading (source.c, formats.c) ---------------------------------------- */

struct usage_reader;
/* Calls `each` for every entry, which it may change; what is not one goes to
 * import_skip.  False: a finding, or `each` gave up. */
bool usage_read(struct import *m, const struct import_request *q,
                bool (*each)(void *ctx, struct use *u), void *ctx,
                struct err *err);

/* Elements of JSON Lines, a JSON array or the arrays within a page, one at a
 * time.  `each` gets a text that begins with `{`. */
struct intake;
struct json_sink {
	bool (*each)(void *ctx, long line, char *s, size_t n);
	bool (*bad)(void *ctx, long line, const char *why);
	void *ctx;
};
bool json_elements(struct intake *f, const struct json_sink *to);

#endif
