#include "base/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/banned.h"

#define INTAKE_BLOCK (1u << 17)

static bool fail(struct intake *f, enum err_kind kind, const char *what,
                 const char *detail)
{
	f->failed = true;
	return err_at(f->err, kind, (struct pos){ f->path, 0, 0 }, "%s%s%s",
	              what, detail ? ": " : "", detail ? detail : "");
}

/* Bytes as they lie in the file: 0 at its end, -1 with a finding. */
static ssize_t read_raw(struct intake *f, void *to, size_t n)
{
	ssize_t got;

	do
		got = read(f->fd, to, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail(f, ERR_IO, "cannot read", strerror(errno));
	if (got > 0)
		digest_bytes(f->digest, to, (size_t)got);
	return got;
}

/* --- packed with gzip ----------------------------------------------------- */

struct unpack {
	z_stream z;                     /* next_in: what waits in `raw` */
	bool between;                   /* parts: the file may end here */
	unsigned char raw[2 * INTAKE_BLOCK];    /* what the room may hold */
};

/* More of the file behind what was unpacked; false: none, or a finding. */
static bool unpack_more(struct intake *f)
{
	struct unpack *u = f->unpack;
	ssize_t got = read_raw(f, u->raw, sizeof u->raw);

	if (got == 0 && !u->between)
		fail(f, ERR_INPUT, "ends within its packed data: the copy was "
		     "cut off", NULL);
	u->z.next_in = u->raw;
	u->z.avail_in = got > 0 ? (uInt)got : 0;
	return got > 0;
}

static ssize_t unpack_block(struct intake *f, void *to, size_t n)
{
	struct unpack *u = f->unpack;
	int state;

	u->z.next_out = to;
	u->z.avail_out = (uInt)n;
	while (u->z.avail_out == n) {
		if (u->z.avail_in == 0 && !unpack_more(f))
			return f->failed ? -1 : 0;
		if (u->between)         /* many parts make one text */
			inflateReset(&u->z);
		state = inflate(&u->z, Z_NO_FLUSH);
		u->between = state == Z_STREAM_END;
		if (state != Z_OK && state != Z_STREAM_END) {
			fail(f, ERR_INPUT, "its packed data are damaged",
			     u->z.msg);
			return -1;
		}
	}
	return (ssize_t)(n - u->z.avail_out);
}

/* What was read is packed: unpacking begins anew with it. */
static bool unpack_begin(struct intake *f)
{
	struct unpack *u = f->unpack = xcalloc(1, sizeof *u);

	if (inflateInit2(&u->z, 15 + 16) != Z_OK)
		return fail(f, ERR_LIMIT, "no memory to unpack it", NULL);
	memcpy(u->raw, f->room, f->n);
	u->z.next_in = u->raw;
	u->z.avail_in = (uInt)f->n;
	f->n = 0;
	f->bytes = 0;
	f->ended = false;
	return true;
}

static bool read_block(struct intake *f)
{
	size_t n = f->cap - f->n - 1;
	ssize_t got = f->unpack ? unpack_block(f, f->room + f->n, n)
	                        : read_raw(f, f->room + f->n, n);

	f->ended = got == 0;
	if (got < 0)
		return false;
	f->nul |= got && memchr(f->room + f->n, '\0', (size_t)got);
	f->n += (size_t)got;
	f->bytes += got;
	return got > 0;
}

bool intake_more(struct intake *f)
{
	if (f->ended || f->failed)
		return false;
	if (f->at) {
		memmove(f->room, f->room + f->at, f->n - f->at);
		f->n -= f->at;
		f->at = 0;
	}
	if (f->cap - f->n < INTAKE_BLOCK) {
		if (f->n > f->longest) {
			f->failed = true;
			return err_at(f->err, ERR_LIMIT, (struct pos){ f->path,
			              (int)f->next_line, 1 }, "more than %zu "
			              "bytes without an end of the line or "
			              "entry: this is no such log", f->longest);
		}
		f->cap = 2 * f->cap;
		f->room = xrealloc(f->room, f->cap, 1);
	}
	return read_block(f);
}

/* --- what it begins with -------------------------------------------------- */

static bool begins(const struct intake *f, const char *magic, size_t n)
{
	return f->n >= n && memcmp(f->room, magic, n) == 0;
}

static const struct { const char *magic; size_t n; const char *what; }
packed[] = {
	{ "\x1f\x8b", 2, "is packed with gzip twice: unpack it first" },
	{ "PK\x03\x04", 4, "is a zip or spreadsheet file: save it as CSV" },
	{ "\x28\xb5\x2f\xfd", 4, "is packed with zstd: unpack it first" },
	{ "\xfd" "7zXZ", 5, "is packed with xz: unpack it first (unxz)" },
	{ "BZh", 3, "is packed with bzip2: unpack it first (bunzip2)" },
	{ "PAR1", 4, "is a Parquet file: export it as CSV or JSON Lines" },
	{ "\xff\xfe", 2, "is UTF-16: save it as UTF-8" },
	{ "\xfe\xff", 2, "is UTF-16: save it as UTF-8" },
};

static bool check_start(struct intake *f)
{
	for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
		if (begins(f, packed[i].magic, packed[i].n))
			return fail(f, ERR_INPUT, packed[i].what, NULL);
	if (f->n >= 2 && (f->room[0] == '\0' || f->room[1] == '\0'))
		return fail(f, ERR_INPUT, "is no text (UTF-16 without a "
		            "byte-order mark?): save it as UTF-8", NULL);
	if (begins(f, "\xef\xbb\xbf", 3))
		f->at = 3;
	if (f->ended && f->at == f->n)
		return fail(f, ERR_INPUT, "is empty", NULL);
	return true;
}

static bool open_file(struct intake *f)
{
	struct stat st;

	if (strcmp(f->path, "-") == 0) {
		f->fd = STDIN_FILENO;
		f->path = "<stdin>";
		return true;
	}
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0)
		return errno == ENOENT
			? fail(f, ERR_IO, "no such file", NULL)
			: fail(f, ERR_IO, "cannot open", strerror(errno));
	if (!fstat(f->fd, &st) && S_ISDIR(st.st_mode))
		return fail(f, ERR_IO, "is a folder, not a file", NULL);
	return true;
}

static bool read_start(struct intake *f)
{
	while (f->n < 8 && read_block(f))
		;
	if (f->failed || !begins(f, "\x1f\x8b", 2))
		return !f->failed;
	if (!unpack_begin(f))
		return false;
	while (f->n < 8 && read_block(f))
		;
	return !f->failed;
}

struct intake *intake_open(const char *path, size_t longest, struct err *err)
{
	struct intake *f = xcalloc(1, sizeof *f);

	f->path = path;
	f->fd = -1;
	f->err = err;
	f->longest = longest;
	f->next_line = 1;
	f->cap = 2 * INTAKE_BLOCK;
	f->room = xmalloc(f->cap);
	f->digest = digest_new();
	if (open_file(f) && read_start(f) && check_start(f))
		return f;
	intake_close(f);
	return NULL;
}

void intake_close(struct intake *f)
{
	char unused[DIGEST_HEX];

	if (!f)
		return;
	if (f->digest)
		digest_end(f->digest, unused);
	if (f->unpack)
		inflateEnd(&f->unpack->z);
	free(f->unpack);
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	free(f->room);
	free(f);
}

/* --- lines ---------------------------------------------------------------- */

bool intake_line(struct intake *f, char **s, size_t *n)
{
	size_t seen = 0;
	char *end = NULL;

	while (!f->failed) {
		end = memchr(f->room + f->at + seen, '\n',
		             f->n - f->at - seen);
		if (end)
			break;
		seen = f->n - f->at;
		if (!intake_more(f))
			break;
	}
	if (f->failed || (!end && f->at == f->n))
		return false;
	*s = f->room + f->at;
	*n = end ? (size_t)(end - *s) : f->n - f->at;
	(*s)[*n] = '\0';
	f->at += *n + (end != NULL);
	f->line = f->next_line++;
	return true;
}

bool intake_digest(struct intake *f, char out[DIGEST_HEX])
{
	while (!f->ended && !f->failed) {
		f->at = f->n = 0;
		read_block(f);
	}
	digest_end(f->digest, out);
	f->digest = NULL;
	return !f->failed;
}
