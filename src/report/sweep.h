/*
 * A line of a sweep: one case as JSON or CSV.
 */
#ifndef STEELYARD_REPORT_SWEEP_H
#define STEELYARD_REPORT_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;
struct evaluation;

struct sweep_row {
	int64_t number;                 /* from 0 */
	const char *scenario;
	const char *name;               /* or NULL */
	int ninputs;
	const char *const *input, *const *value;
	const struct evaluation *e;     /* NULL: it failed */
	const struct err *err;          /* why */
};

/* What the lines of all cases have in common: the first line of the output. */
struct sweep_head {
	const char *identity;           /* digest of all that decides the lines */
	int64_t cases, samples;
	uint64_t seed;
	bool point, named;
	const char *sampler, *engine, *fpclass;
	int ninputs;
	const char *const *input;
	int nmodels;
	const char *const *model;
};

/* Both append one line without its end. */
void report_sweep_head(struct buf *out, const struct sweep_head *h, bool json);
void report_sweep_row(struct buf *out, const struct sweep_head *h,
                      const struct sweep_row *row, bool json);

#endif
