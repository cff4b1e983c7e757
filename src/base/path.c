#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/banned.h"

#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/steelyard"
#endif

char *path_join(const char *dir, const char *name)
{
	struct buf b = BUF_INIT;

	if (*dir && *name != '/') {
		buf_add(&b, dir);
		if (b.s[b.len - 1] != '/')
			buf_addc(&b, '/');
	}
	buf_add(&b, name);
	return buf_detach(&b);
}

/* Length of path without the slashes at its end ("/" itself stays). */
static size_t trimmed(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

char *path_dirname(const char *path)
{
	size_t n = trimmed(path);

	while (n > 0 && path[n - 1] != '/')
		n--;
	if (!n)
		return xstrdup(".");
	while (n > 1 && path[n - 1] == '/')
		n--;
	return xstrndup(path, n);
}

const char *path_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* --- where the models live --- */

static bool has(const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	bool found = access(path, R_OK) == 0;

	free(path);
	return found;
}

static bool is_data_dir(const char *dir)
{
	return has(dir, "models/units.xml");
}

static char *parent_of(char *dir)
{
	char *up = path_dirname(dir);

	free(dir);
	return up;
}

/* The folder of the running program; libtool's wrapped programs stand one
 * folder deeper than they seem to. */
static char *program_dir(void)
{
	char link[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", link, sizeof link - 1);
	char *dir;

	if (n <= 0)
		return NULL;
	link[n] = '\0';
	dir = path_dirname(link);
	return strcmp(path_basename(dir), ".libs") ? dir : parent_of(dir);
}

/* Beside the program, one up, or, in a build tree apart from the sources
 * (known by config.status, at most three up for test programs), the sources
 * it was configured from. */
static char *in_tree_dir(void)
{
	char *dir = program_dir();

	for (int up = 0; dir && up <= 3; up++) {
		if (up <= 1 && is_data_dir(dir))
			return dir;
#ifdef STEELYARD_SRCDIR
		if (has(dir, "config.status") &&
		    is_data_dir(STEELYARD_SRCDIR)) {
			free(dir);
			return xstrdup(STEELYARD_SRCDIR);
		}
#endif
		dir = parent_of(dir);
	}
	free(dir);
	return NULL;
}

char *path_data_dir(struct err *err)
{
	const char *env = getenv("STEELYARD_DATA");
	char *dir;

	if (env && *env) {
		if (is_data_dir(env))
			return xstrdup(env);
		err_at(err, ERR_IO, (struct pos){ env, 0, 0 },
		       "STEELYARD_DATA names a folder without "
		       "models/units.xml");
		return NULL;
	}
	dir = in_tree_dir();
	if (dir)
		return dir;
	if (is_data_dir(PKGDATADIR))
		return xstrdup(PKGDATADIR);
	err_at(err, ERR_IO, (struct pos){ PKGDATADIR, 0, 0 },
	       "no models here: install steelyard, or set STEELYARD_DATA to "
	       "the folder that holds models/");
	return NULL;
}

/* --- where a user's things live --- */

static char *xdg(const char *variable, const char *fallback, const char *name,
                 struct err *err)
{
	const char *base = getenv(variable);
	struct buf path = BUF_INIT;

	if (base && *base == '/') {
		buf_add(&path, base);
	} else {
		base = getenv("HOME");
		if (!base || *base != '/') {
			err_add(err, ERR_IO,
			        "neither %s nor HOME names a folder",
			        variable);
			return NULL;
		}
		buf_addf(&path, "%s/%s", base, fallback);
	}
	buf_add(&path, "/steelyard");
	if (name && *name)
		buf_addf(&path, "/%s", name);
	return buf_detach(&path);
}

char *path_xdg_data(const char *name, struct err *err)
{
	return xdg("XDG_DATA_HOME", ".local/share", name, err);
}

char *path_xdg_config(const char *name, struct err *err)
{
	return xdg("XDG_CONFIG_HOME", ".config", name, err);
}

char *path_xdg_state(const char *name, struct err *err)
{
	return xdg("XDG_STATE_HOME", ".local/state", name, err);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool make_one(const char *path, struct err *err)
{
	if (!*path || mkdir(path, 0700) == 0)
		return true;
	if (errno == EEXIST && is_dir(path))
		return true;
	/* Folders above may be there and yet not be ours to write in. */
	if ((errno == EACCES || errno == EROFS) && is_dir(path))
		return true;
	return err_at(err, ERR_IO, (struct pos){ path, 0, 0 },
	              "cannot make this folder: %s",
	              errno == EEXIST ? "a file is in the way"
	                              : strerror(errno));
}

bool path_make_dirs(const char *dir, struct err *err)
{
	char *path = xstrndup(dir, trimmed(dir));
	bool ok = true;

	for (char *p = path; ok && (p = strchr(p, '/')); p++) {
		*p = '\0';
		ok = make_one(path, err);
		*p = '/';
	}
	ok = ok && make_one(path, err);
	free(path);
	return ok;
}
