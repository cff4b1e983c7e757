/*
 * What an evaluation rests on beside its scenario: the files of the data
 * folder.  They are saved with it; a folder made of saved ones stands in for
 * the data folder of then.  Private to src/task.
 */
#ifndef STEELYARD_TASK_FILES_H
#define STEELYARD_TASK_FILES_H

#include "task/task.h"

/* The files of today that the scenario's models need, with their texts. */
bool files_of_today(struct context *c, const struct scenario *s,
                    struct store_file **out, int *n, struct arena *a,
                    struct err *err);

/* Behind those `had`: the tables, evidence and price files that the evaluation
 * drew on, each by its digest, so that the revision can be run again when they
 * have changed.  One over 1 MiB is not kept. */
bool files_drawn_on(const struct evaluation *e, struct store_file **file,
                    int *had, struct arena *a, struct err *err);
bool file_is_kept(const struct store_file *f);

/* A library over the files given, in a folder of its own that goes with it.
 * NULL with findings. */
struct past {
	char *dir;                      /* owned */
	struct library *library;
};
bool past_open(struct past *p, const struct store_file *file, int n,
               struct err *err);
void past_close(struct past *p);

#endif
