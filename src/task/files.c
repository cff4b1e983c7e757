#include "task/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "model/load.h"
#include "model/scenario.h"

#include "base/banned.h"

#define FILE_MAX (8u << 20)
#define KEPT_MAX (1 << 20)

static bool read_one(struct context *c, const char *name,
                     struct store_file *f, struct arena *a, struct err *err)
{
	struct buf text = BUF_INIT, path = BUF_INIT;
	bool ok;

	buf_addf(&path, "%s/models/%s", c->data_dir, name);
	ok = path_read(path.s, FILE_MAX, &text, err);
	f->name = arena_strdup(a, name);
	f->text = arena_strdup(a, text.s);
	buf_release(&path);
	buf_release(&text);
	return ok;
}

/* Models that the scenario brings along are pinned in its own text. */
static bool is_shelved(struct library *l, const char *model)
{
	const char *const *names = library_names(l);

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], model))
			return true;
	return false;
}

bool files_of_today(struct context *c, const struct scenario *s,
                    struct store_file **out, int *n, struct arena *a,
                    struct err *err)
{
	static const char *const always[] = {
		"units.xml", "workload.yaml", "prices.yaml",
	};
	const char *const *names = library_names(c->library);
	bool ok = true;
	int all = 0;

	/* a scenario that names no trade-off asks about every one */
	while (!s->nmodels && names[all])
		all++;
	*n = 0;
	*out = arena_alloc(a, ((size_t)(s->nmodels + all) + 3) *
	                      sizeof **out);
	for (int i = 0; i < all; i++)
		ok = ok && read_one(c, arena_printf(a, "%s.yaml", names[i]),
		                    &(*out)[(*n)++], a, err);
	for (size_t i = 0; i < 3; i++)
		ok = ok && read_one(c, always[i], &(*out)[(*n)++], a, err);
	for (int i = 0; ok && i < s->nmodels; i++)
		if (is_shelved(c->library, s->model[i]))
			ok = read_one(c, arena_printf(a, "%s.yaml",
			                              s->model[i]),
			              &(*out)[(*n)++], a, err);
	return ok;
}

bool file_is_kept(const struct store_file *f)
{
	const char *dot = strrchr(f->name, '.');

	return dot && strcmp(dot, ".kept") == 0;
}

bool files_drawn_on(const struct evaluation *e, struct store_file **file,
                    int *had, struct arena *a, struct err *err)
{
	struct store_file *all = arena_alloc(a, ((size_t)*had +
	                                         (size_t)e->nfiles + 1) *
	                                        sizeof *all);
	struct buf text = BUF_INIT;
	bool ok = true;

	if (*had)
		memcpy(all, *file, (size_t)*had * sizeof *all);
	for (int i = 0; ok && i < e->nfiles; i++) {
		const struct source_file *f = &e->file[i];
		char digest[DIGEST_HEX];
		struct stat st;

		if (stat(f->path, &st) == 0 && st.st_size > KEPT_MAX)
			continue;
		buf_clear(&text);
		ok = path_read(f->path, KEPT_MAX, &text, err);
		digest_of(text.s, text.len, digest);
		/* not what the answer came from: pinning refuses it later */
		if (ok && strlen(text.s) == text.len &&
		    !strcmp(digest, f->digest))
			all[(*had)++] = (struct store_file){
				arena_printf(a, KEPT_FILE, digest),
				arena_strdup(a, text.s) };
	}
	buf_release(&text);
	*file = all;
	return ok;
}

/* --- the folder of then --------------------------------------------------- */

static bool write_one(const char *dir, const struct store_file *f,
                      struct err *err)
{
	char *path;
	bool ok;

	if (strchr(f->name, '/') || f->name[0] == '.')
		return err_add(err, ERR_STORE, "a saved file has the name '%s'",
		               f->name);
	path = path_join(dir, f->name);
	ok = path_write(path, f->text, strlen(f->text), err);
	free(path);
	return ok;
}

bool past_open(struct past *p, const struct store_file *file, int n,
               struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *models;
	bool ok;

	p->library = NULL;
	p->dir = path_join(tmp && *tmp ? tmp : "/tmp", "steelyard-XXXXXX");
	if (!mkdtemp(p->dir)) {
		err_add(err, ERR_IO, "%s: cannot make this folder: %s", p->dir,
		        strerror(errno));
		free(p->dir);
		p->dir = NULL;
		return false;
	}
	models = path_join(p->dir, "models");
	ok = path_make_dirs(models, err);
	for (int i = 0; ok && i < n; i++)
		ok = write_one(models, &file[i], err);
	free(models);
	if (ok)
		p->library = library_open(p->dir, err);
	if (p->library)
		return true;
	past_close(p);
	return false;
}

static void remove_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		char *path = path_join(dir, e->d_name);

		if (e->d_name[0] != '.')
			unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

void past_close(struct past *p)
{
	char *models;

	if (!p->dir)
		return;
	library_free(p->library);
	models = path_join(p->dir, "models");
	remove_files(models);
	rmdir(p->dir);
	free(models);
	free(p->dir);
	*p = (struct past){ NULL, NULL };
}
