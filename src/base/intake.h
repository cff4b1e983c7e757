/*
 * A file read once, from front to end, in a bounded room: logs may be larger
 * than memory.  The bytes are digested as they pass.
 *
 * gzip is unpacked on the way (zlib), also of several parts; the digest is of
 * the file as it lies.  Packed data that are damaged or cut off are a finding.
 * What else is no plain text is refused at once by what it begins with: zip,
 * zstd, xz and bzip2 (unpack it first) and UTF-16; a UTF-8 byte-order mark is
 * passed over.  "-" is standard input.
 */
#ifndef STEELYARD_BASE_INTAKE_H
#define STEELYARD_BASE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/err.h"

struct intake {
	const char *path;               /* borrowed */
	int fd;
	char *room;
	size_t at, n, cap;              /* room[at .. n) is unread */
	size_t longest;                 /* a line or element may have */
	long line;                      /* of what was handed out last */
	long next_line;
	bool ended, failed, nul;        /* nul: a byte was 0 */
	long long bytes;                /* of text, unpacked */
	struct digest *digest;
	struct unpack *unpack;          /* NULL: not packed */
	struct err *err;
};

/* `longest`: bytes of the longest line.  NULL with a finding. */
struct intake *intake_open(const char *path, size_t longest, struct err *err);
void intake_close(struct intake *f);

/* The next line without its newline (CR included when there is one),
 * terminated by NUL and writable until the next call.  False at the end, and
 * after a finding (f->failed): a line too long (ERR_LIMIT), a read that
 * failed. */
bool intake_line(struct intake *f, char **s, size_t *n);

/* Reads more behind what is unread; false when there is no more, or no room
 * (then f->failed, with a finding). */
bool intake_more(struct intake *f);

/* Reads what is left and gives the digest of the whole file; false after a
 * finding. */
bool intake_digest(struct intake *f, char out[DIGEST_HEX]);

#endif
