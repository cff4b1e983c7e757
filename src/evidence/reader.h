/*
 * Reading a usage log: the entry under way and where its fields stand.
 * Private to formats.c (what the fields mean) and usage_read.c (what the
 * entries stand in).
 */
#ifndef STEELYARD_EVIDENCE_READER_H
#define STEELYARD_EVIDENCE_READER_H

#include <jansson.h>

#include "base/buf.h"
#include "evidence/record.h"

struct log_format {
	const char *name;
	const char *needs[4];           /* NULL ends */
	bool millis;                    /* its numbers of time */
	bool rollup;                    /* an entry stands for many requests */
	double span;                    /* seconds a roll-up covers, unless its
	                                   end says so */
	const char *path[F_N];
};

struct row;
struct usage_reader {
	struct import *m;
	const struct import_request *q;
	const char *path;
	struct err *err;
	bool (*each)(void *ctx, struct use *u);
	void *ctx;
	const struct log_format *format;        /* NULL: not known yet */
	struct use use;                 /* the entry under way */
	struct times times;
	/* where an entry is read from: an object with its surroundings */
	const json_t *object, *outer;
	const struct row *row;
	int columns;                    /* of the CSV's header */
	int column[F_N][4];             /* -1 ends */
	int within[F_N];                /* the column of the object it is in */
	bool told[F_N];                 /* by the format, the CSV's columns */
	long line;
	json_t *unfolded;               /* of the text `folded` */
	const char *folded;             /* NULL: of no text of this entry */
	struct buf whole;               /* the entry's text: twins */
	char text[F_N][256];            /* numbers and hashes as texts */
	uint64_t *block;                /* prefix blocks seen, hashed */
	bool spans_seen, metrics_seen;
	/* cumulative metrics: what a series had last */
	struct series { uint64_t key; double in, out, n, since; } *series;
	size_t nseries;
};

/* The format that an entry, or a CSV's header, is of; NULL: none that is
 * known (or that was asked for). */
const struct log_format *format_of(const struct usage_reader *r);
bool format_fits(const struct usage_reader *r, const struct log_format *f);
bool format_exists(const char *name);
bool format_unknown(struct usage_reader *r);    /* a finding; false */
void format_is(struct usage_reader *r, const struct log_format *format);
/* Where a CSV keeps the format's fields. */
void format_columns(struct usage_reader *r, const struct row *head);
/* The entry that r stands on, to r->each; false: stop. */
bool format_entry(struct usage_reader *r);

#endif
