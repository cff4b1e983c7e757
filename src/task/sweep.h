/*
 * Many cases in one run: parameters that vary, a folder of scenarios, a file
 * with one service a row; one line of output a case, in the order of the cases.
 *
 * Case i of n is a scenario file, a row of the cases file and a point of the
 * design, the point moving fastest.  Shard K of N holds the cases with
 * i mod N = K - 1.  What a case gives depends on nothing but the case, so that
 * shards merge into the very bytes of one run.
 *
 * A part (a shard, or FILE.part while a run is under way) is the lines of the
 * cases between three lines that say whose they are and one that closes it:
 *
 *	#steelyard.sweep/1 K/N CASES FORMAT IDENTITY
 *	#command steelyard sweep ...            (repeats it; without the shard)
 *	#header ...                             (of the merged output)
 *	one line a case
 *	#end ROWS SHA256                        (of the lines of the cases)
 */
#ifndef STEELYARD_TASK_SWEEP_H
#define STEELYARD_TASK_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "task/task.h"

#define SWEEP_CASES INT64_C(1000000000) /* the most of one sweep */
#define SWEEP_SHARDS 1000000

struct sweep_call {
	int nfiles;
	const char *const *file;        /* scenarios as task_scenario() takes
	                                   them, and folders of *.yaml */
	struct assignments set;         /* holds for every case */
	struct assignments vary;        /* "P=LO..HI[:log][:N]", "P=a,b,c" */
	const char *cases;              /* a CSV whose columns are parameters,
	                                   `name` and `scenario`; or NULL */
	const char *design;             /* "grid" "lhs" "sobol"; NULL: grid */
	int64_t points;                 /* of lhs and sobol */
	int shard, shards;              /* K of N; 1 of 1: all */
	bool json;                      /* JSON Lines; else CSV */
	const char *output;             /* NULL: standard output */
	bool resume;                    /* go on with output.part */
	const char *command;            /* a call that repeats this one, without
	                                   --shard and -o */
	/* Called from the calling thread, before and after each of its cases
	 * with what is written; false stops.  May be NULL. */
	bool (*progress)(void *ctx, int64_t done, int64_t of);
	void *progress_ctx;
};

struct sweep_outcome {
	int64_t cases;                  /* of the whole sweep */
	int64_t done;                   /* in this run */
	int64_t kept;                   /* found in the part that was resumed */
	int64_t failed;                 /* rows that hold an error */
};

/* Runs it.  A case that cannot be evaluated is a row with its error and counts
 * in out->failed; false: the sweep itself is wrong or could not be written. */
bool task_sweep(struct context *c, const struct sweep_call *call,
                struct sweep_outcome *out, struct err *err);

/* Puts the parts of one sweep together, in any order, into `output` (NULL:
 * standard output).  Parts that are missing, there twice, cut short, changed or
 * of another sweep are findings; each missing one comes with the command that
 * makes it. */
bool task_sweep_merge(const char *const *part, int n, const char *output,
                      struct err *err);

#endif
