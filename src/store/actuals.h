/*
 * What really happened: measurements of parameters and outputs of a scenario,
 * appended to the log.  A correction is a newer measurement of the same period.
 */
#ifndef STEELYARD_STORE_ACTUALS_H
#define STEELYARD_STORE_ACTUALS_H

#include "store/store.h"

struct actual {
	const char *scenario;
	const char *model;              /* NULL: of the workload */
	const char *name;               /* "requests_per_day", "P@LABEL", or an
	                                   output, "monthly[self_host]" */
	double value;
	const char *unit;               /* the parameter's or output's own */
	const char *text;               /* as it was typed */
	const char *from, *to;          /* dates of the period; from may be NULL */
	const char *source, *actor;
	int64_t at;                     /* when it was recorded */
};

/* `a` is complete but for actor and at; the scenario must be in the store. */
bool actual_record(struct store *s, const struct actual *a, struct err *err);
/* Of a scenario (NULL: all), the newest period last; of one period only the
 * measurement that was recorded last.  Returns how many, -1 on failure. */
int actual_list(struct store *s, const char *scenario, struct actual **out,
                struct arena *a, struct err *err);

/* What modelled, logged and billed money came to, in lines; the newest of a
 * scenario and a model stands in its records.  *text NULL: none. */
bool reconciliation_record(struct store *s, const char *scenario,
                           const char *model, const char *text,
                           struct err *err);
bool reconciliation_newest(struct store *s, const char *scenario,
                           const char *model, const char **text, int64_t *at,
                           struct arena *a, struct err *err);

#endif
