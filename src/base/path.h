/*
 * Files and the places where things live.
 */
#ifndef STEELYARD_BASE_PATH_H
#define STEELYARD_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/* The data folder that holds `models/` and `scenarios/`: $STEELYARD_DATA, else
 * the source tree beside an in-tree binary, else $(pkgdatadir).  The returned
 * string is the caller's.  ERR_IO when none exists. */
char *path_data_dir(struct err *err);

/* dir + "/" + name (name alone when absolute or dir is empty). */
char *path_join(const char *dir, const char *name);
char *path_dirname(const char *path);           /* "." when no slash */
const char *path_basename(const char *path);    /* borrowed */

/* $XDG_DATA_HOME/steelyard/NAME and friends; relative XDG values are ignored
 * as the specification says.  NULL with ERR_IO when neither it nor $HOME is
 * set. */
char *path_xdg_data(const char *name, struct err *err);
char *path_xdg_config(const char *name, struct err *err);
char *path_xdg_state(const char *name, struct err *err);
bool path_make_dirs(const char *dir, struct err *err);  /* mkdir -p, 0700 */

/* Reads a whole regular file ("-" is standard input) of at most `limit` bytes
 * into `out`.  Errors: missing/unreadable/directory (ERR_IO; "no such file"
 * included), larger than `limit` (ERR_LIMIT, before reading it all). */
bool path_read(const char *path, size_t limit, struct buf *out,
               struct err *err);

/* Writes whole or not at all: temporary file in the same folder, fsync,
 * rename, fsync of the folder.  Refuses a symlink or directory as target. */
bool path_write(const char *path, const char *data, size_t n,
                struct err *err);

#endif
