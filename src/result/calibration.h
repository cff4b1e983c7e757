/*
 * What forecasts were worth: every measurement held against what was expected
 * before its period ended.
 */
#ifndef STEELYARD_RESULT_CALIBRATION_H
#define STEELYARD_RESULT_CALIBRATION_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* One measurement and one forecast of it; numbers in `unit`. */
struct forecast {
	const char *scenario, *model;   /* model NULL: of the workload */
	const char *name, *unit;
	bool output;                    /* else a parameter */
	const char *estimator;          /* author of the revision */
	int revision;
	const char *evaluation;
	int64_t at;                     /* when it was made */
	const char *from, *to;          /* period; from may be NULL */
	double actual;
	double p5, p50, p95;            /* of the forecast */
	bool fixed;                     /* it named one value, no range */
	/* NAN: fixed, or (why) there is none */
	double pit, crps, log_error;    /* log_error: ln(actual / p50); NAN also
	                                   where one is not positive */
	bool inside;                    /* the 90 % interval */
	bool counted;                   /* the last of its estimator for this
	                                   measurement: groups are made of these */
	const char *why;                /* "the model has no such figure"; NULL */
};

/* Of one estimator, model or parameter. */
struct calibration_group {
	const char *by;                 /* "all" "estimator" "model" "parameter" */
	const char *name;
	int n, inside, above;           /* above the median */
	int fixed;                      /* named one value: not in n */
	double coverage, low, high;     /* of the 90 % interval, with its own */
	double mean_pit, crps_ratio;    /* mean of crps / |actual|; NAN */
	double bias, bias_se;           /* mean log error; NAN */
	double factor, factor_low, factor_high;         /* NAN below 8 */
};
#define CALIBRATION_LEAST 8

struct calibration {
	struct arena *arena;
	int n;
	struct forecast *forecast;
	int ngroups;
	struct calibration_group *group;
};
void calibration_free(struct calibration *c);

#endif
