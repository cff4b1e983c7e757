/*
 * A folder of records: which file is whose, in which style, and writing that
 * loses nothing of what people wrote.  Private to src/task.
 */
#ifndef STEELYARD_TASK_FOLDER_H
#define STEELYARD_TASK_FOLDER_H

#include "task/task.h"

#define RECORD_KEY 33           /* 32 digits: whose record it is */

struct folder_file {
	const char *name, *text;        /* text: its key, once it is named */
	size_t stem;                    /* bytes before the extension */
	int number;
	bool ours;                      /* it bears a seal, or will */
};

struct folder {
	const char *dir;
	enum record_format format;
	struct arena *arena;
	int n, highest;
	struct folder_file *file;
	size_t cap;
};

/* Makes the folder where it is missing, and reads its records.  ERR_USAGE when
 * they, or the configuration of a tool that owns it, want another style. */
bool folder_open(struct folder *f, const char *dir, enum record_format format,
                 struct arena *a, struct err *err);
void folder_close(struct folder *f);

/* The name of the record of `key` (else of `former`, which may be NULL): the
 * one it has, else a new one of the next number or, for log4brains, of the
 * date.  *number gets its number.  NULL: none is left. */
const char *folder_name(struct folder *f, const char *key, const char *former,
                        const char *slug, const char *date, int *number,
                        struct err *err);
const char *folder_index(const struct folder *f);      /* its list's name */

/* Seals `text` and writes it: "created", "updated", "same".  NULL where the
 * file is someone else's, or was edited, or cannot be written. */
const char *folder_put(const struct folder *f, const char *name,
                       struct buf *text, char **path, struct err *err);

#endif
