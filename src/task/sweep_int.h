/* Private to the sweep: its plan, its rows, its parts. */
#ifndef STEELYARD_TASK_SWEEP_INT_H
#define STEELYARD_TASK_SWEEP_INT_H

#include <stdio.h>

#include "base/buf.h"
#include "base/digest.h"
#include "dist/draws.h"
#include "task/sweep.h"

/* One parameter that varies. */
struct axis {
	const char *name;
	int n;                          /* values on a grid */
	const char *const *text;        /* a list; NULL: a range */
	bool log;
	double low, high;               /* in `unit` as typed */
	const char *unit;               /* "" none */
};

/* The cases file: cells of all rows, row after row. */
struct cases {
	int ncolumns, nrows;
	const char *const *column;
	const char **cell;
	int name, scenario;             /* columns that are no parameters; -1 */
};

struct sweep_plan {
	struct arena *arena;
	const struct sweep_call *call;
	int nfiles;
	const char **file;
	int naxes;
	struct axis *axis;
	struct cases cases;             /* nrows 0: none */
	bool designed;                  /* lhs, sobol: `draws` gives points */
	struct draws draws;
	int64_t points, total;
	int nmodels;
	const char **model;             /* of all files, in canonical order */
	char identity[DIGEST_HEX];
};

/* Reads the specification; false with findings. */
bool sweep_plan_make(struct sweep_plan *p, struct context *c,
                     const struct sweep_call *call, struct err *err);
void sweep_plan_release(struct sweep_plan *p);
bool sweep_is_folder(const char *path);
/* Inputs that a case sets: columns of the cases file, then axes. */
int sweep_inputs(const struct sweep_plan *p);
const char *sweep_input_name(const struct sweep_plan *p, int k);
/* The text of input k in case i, appended to b. */
void sweep_input(const struct sweep_plan *p, int64_t i, int k, struct buf *b);
const char *sweep_file(const struct sweep_plan *p, int64_t i);
/* What the case is called: the cases file's name, else NULL. */
const char *sweep_name(const struct sweep_plan *p, int64_t i);

/* One part while it is written or read. */
struct part_head {
	int shard, shards;
	int64_t cases;
	char format[8];
	char identity[DIGEST_HEX];
	char *command, *header;         /* owned */
};
void part_head_release(struct part_head *h);
void part_head_write(struct buf *b, const struct part_head *h);
/* Reads the three lines; false with a finding at the part's path. */
bool part_head_read(FILE *f, const char *path, struct part_head *h,
                    struct err *err);
bool part_same_sweep(const struct part_head *a, const struct part_head *b);
/* The rows behind the head: how many, their digest; the offset behind the last
 * whole one.  *ended: the closing line is there and agrees. */
struct part_rows { int64_t n; off_t end; bool ended, wrong; char sha[DIGEST_HEX]; };
bool part_rows_read(FILE *f, struct part_rows *rows, struct digest *keep);
/* How many rows shard K of N has. */
int64_t part_share(int64_t cases, int shard, int shards);
/* Writes `header`, the rows of complete parts in the order of the cases, and
 * what closes the format, into `out`. */
bool parts_join(FILE *const *part, const struct part_head *head, FILE *out);

#endif
