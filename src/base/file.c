/*
 * path_read and path_write: whole files only, and never half of one.
 */
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/banned.h"

static bool io_error(struct err *err, const char *path, const char *doing)
{
	return err_at(err, ERR_IO, (struct pos){ path, 0, 0 }, "%s: %s", doing,
	              strerror(errno));
}

static bool refuse(struct err *err, const char *path, const char *why)
{
	return err_at(err, ERR_IO, (struct pos){ path, 0, 0 }, "%s", why);
}

static bool too_large(struct err *err, const char *path, size_t limit)
{
	return err_at(err, ERR_LIMIT, (struct pos){ path, 0, 0 },
	              "is larger than %zu bytes, the most that is read", limit);
}

/* Reads to the end of fd; one byte more than `limit` is one too many. */
static bool read_all(int fd, const char *path, size_t limit, struct buf *out,
                     struct err *err)
{
	char block[16384];
	size_t start = out->len;

	for (;;) {
		ssize_t n = read(fd, block, sizeof block);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_error(err, path, "cannot read");
		if (!n)
			return true;
		if (out->len - start + (size_t)n > limit)
			return too_large(err, path, limit);
		buf_addn(out, block, (size_t)n);
	}
}

/* Without O_NONBLOCK, opening a named pipe would wait for its writer. */
static int open_regular(const char *path, size_t limit, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		if (errno == ENOENT)
			refuse(err, path, "no such file");
		else
			io_error(err, path, "cannot open");
		return -1;
	}
	if (fstat(fd, &st))
		io_error(err, path, "cannot look at");
	else if (S_ISDIR(st.st_mode))
		refuse(err, path, "is a folder, not a file");
	else if (!S_ISREG(st.st_mode))
		refuse(err, path, "is not a regular file");
	else if (st.st_size > 0 && (size_t)st.st_size > limit)
		too_large(err, path, limit);
	else
		return fd;
	close(fd);
	return -1;
}

bool path_read(const char *path, size_t limit, struct buf *out,
               struct err *err)
{
	bool ok;
	int fd;

	if (!strcmp(path, "-"))
		return read_all(STDIN_FILENO, "-", limit, out, err);
	fd = open_regular(path, limit, err);
	if (fd < 0)
		return false;
	ok = read_all(fd, path, limit, out, err);
	close(fd);
	return ok;
}

/* --- writing --- */

/* One write under way: everything happens relative to the open folder, so
 * that a folder moved meanwhile cannot lead elsewhere. */
struct target {
	const char *path, *name;
	int dir, fd;
	mode_t mode;            /* of the file that is replaced, else 0 */
	char *temporary;
};

static bool open_dir(struct target *t, struct err *err)
{
	char *dir = path_dirname(t->path);

	t->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->dir < 0)
		io_error(err, dir, "cannot open this folder");
	free(dir);
	return t->dir >= 0;
}

static bool check_target(struct target *t, struct err *err)
{
	struct stat st;

	if (!*t->name || !strcmp(t->name, ".") || !strcmp(t->name, ".."))
		return refuse(err, t->path, "is a folder, not a file");
	if (fstatat(t->dir, t->name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT
			|| io_error(err, t->path, "cannot look at");
	if (S_ISLNK(st.st_mode))
		return refuse(err, t->path,
		              "is a symbolic link: not written through");
	if (!S_ISREG(st.st_mode))
		return refuse(err, t->path, S_ISDIR(st.st_mode)
		              ? "is a folder, not a file"
		              : "is not a regular file");
	t->mode = st.st_mode & 07777;
	return true;
}

static bool open_temporary(struct target *t, struct err *err)
{
	struct buf name = BUF_INIT;
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	for (int i = 0; i < 100; i++) {
		buf_clear(&name);
		buf_addf(&name, ".%.100s.%ld.%d.tmp", t->name, (long)getpid(),
		         i);
		t->fd = openat(t->dir, name.s, flags, 0666);
		if (t->fd >= 0 || errno != EEXIST)
			break;
	}
	if (t->fd < 0) {
		io_error(err, t->path, "cannot write in its folder");
		buf_release(&name);
		return false;
	}
	t->temporary = buf_detach(&name);
	return true;
}

static bool write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		data += done;
		n -= (size_t)done;
	}
	return true;
}

static bool close_now(struct target *t)
{
	int fd = t->fd;

	t->fd = -1;
	return close(fd) == 0;
}

/* The order matters: the bytes are on the disk before the name points at
 * them, and the name is on the disk before anybody is told. */
static bool fill_and_rename(struct target *t, const char *data, size_t n,
                            struct err *err)
{
	if (!write_all(t->fd, data, n) ||
	    (t->mode && fchmod(t->fd, t->mode)) || fsync(t->fd) ||
	    !close_now(t))
		return io_error(err, t->path, "cannot write");
	if (renameat(t->dir, t->temporary, t->dir, t->name))
		return io_error(err, t->path, "cannot replace");
	free(t->temporary);
	t->temporary = NULL;
	/* Some file systems cannot sync a folder and say EINVAL. */
	if (fsync(t->dir) && errno != EINVAL)
		return io_error(err, t->path, "cannot sync its folder");
	return true;
}

static void target_release(struct target *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->temporary)
		unlinkat(t->dir, t->temporary, 0);
	free(t->temporary);
	if (t->dir >= 0)
		close(t->dir);
}

bool path_write(const char *path, const char *data, size_t n, struct err *err)
{
	struct target t = {
		.path = path, .name = path_basename(path), .dir = -1, .fd = -1,
	};
	bool ok = open_dir(&t, err) && check_target(&t, err) &&
		open_temporary(&t, err) && fill_and_rename(&t, data, n, err);

	target_release(&t);
	return ok;
}
