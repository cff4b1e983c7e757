/*
 * Errors travel by value: a function that can fail takes a `struct err *`,
 * adds what went wrong and returns false (or NULL).  Several findings of one
 * load are kept together (at most ERR_MAX, then "and N more"), so that a user
 * mends a file in one go.
 *
 * The kinds decide the exit status (err_exit_status) and nothing else.
 */
#ifndef STEELYARD_BASE_ERR_H
#define STEELYARD_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

enum err_kind {
	ERR_USAGE,      /* 2: a wrong option, argument or name was given */
	ERR_INPUT,      /* 3: a model, scenario, price or data file is wrong */
	ERR_STORE,      /* 4: store missing, damaged, too new, not ours */
	ERR_BUSY,       /* 5: store locked past the time-out */
	ERR_LIMIT,      /* 6: a resource limit stopped the work */
	ERR_IO,         /* 7: could not read or write */
	ERR_BUG,        /* 70: an internal check failed */
};

/* A place in a text: lines and columns count from 1; line 0 means "the file
 * as a whole", file NULL "no place".  Columns count characters, as editors
 * do.  `file` is borrowed: it lives in the arena of what was loaded, err
 * copies it. */
struct pos {
	const char *file;
	int line, col;
};

#define ERR_MAX 20

struct err_item {
	enum err_kind kind;
	char *file;             /* owned; NULL without a place */
	int line, col;
	char *text;             /* owned; one sentence, no final newline */
};

struct err {
	struct err_item item[ERR_MAX];
	int n;                  /* items kept */
	int more;               /* items dropped after ERR_MAX */
};

#define ERR_INIT { .n = 0 }

/* Adds a finding; always returns false so that callers can
 * `return err_at(err, ...)`. `err` may be NULL: the finding is dropped. */
bool err_at(struct err *err, enum err_kind kind, struct pos pos,
            const char *fmt, ...) __attribute__((format(printf, 4, 5)));
bool err_add(struct err *err, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool err_vat(struct err *err, enum err_kind kind, struct pos pos,
             const char *fmt, va_list ap);

bool err_any(const struct err *err);
void err_clear(struct err *err);                /* frees, back to ERR_INIT */
void err_move(struct err *to, struct err *from);/* appends; `from` is empty */
void err_sort(struct err *err);                 /* by file, line, column */

/* Writes `PROGRAM: FILE:LINE:COL: TEXT`, one finding a line, with every
 * control character made visible (a file's text is data, never escapes). */
void err_print(const struct err *err, FILE *out, const char *program);

/* The documented status of the first finding: 2..7, 70; 0 when empty. */
int err_exit_status(const struct err *err);
const char *err_kind_name(enum err_kind kind);  /* "usage", "input" ... */

#endif
