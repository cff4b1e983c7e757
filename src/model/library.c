/* A folder of models, its workload, units and prices; read when first asked. */
#include "model/load.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"

#include "base/banned.h"

#define MODELS_MAX 64                   /* files in the folder and added */

/* The canonical order: each reads from those before it. */
static const char *const canonical[] = {
	"quantity-vs-quality", "prompt-vs-finetune", "automation-vs-oversight",
	"throughput-vs-latency", "build-vs-buy",
	"complexity-vs-maintainability",
};
#define NCANONICAL ((int)(sizeof canonical / sizeof *canonical))

struct shelf {
	char *name, *path;
	struct model *model;            /* NULL: not read yet */
};

struct library {
	char *dir;                      /* DATA/models */
	struct units *units;
	struct workload *workload;
	struct price_map *prices;
	struct kept_table *tables;
	struct kept_evidence *evidence;
	struct kept_prices *price_files;
	struct buf workload_text;       /* for variants of the workload */
	int n;
	struct shelf shelf[MODELS_MAX];
	const char *name[MODELS_MAX + 1];
};

/* --- opening -------------------------------------------------------------- */

static int rank(const char *name)
{
	for (int i = 0; i < NCANONICAL; i++)
		if (strcmp(canonical[i], name) == 0)
			return i;
	return NCANONICAL;
}

static int by_rank(const void *a, const void *b)
{
	const struct shelf *x = a, *y = b;
	int d = rank(x->name) - rank(y->name);

	return d ? d : strcmp(x->name, y->name);
}

static void sort_names(struct library *l)
{
	qsort(l->shelf, (size_t)l->n, sizeof *l->shelf, by_rank);
	for (int i = 0; i < l->n; i++)
		l->name[i] = l->shelf[i].name;
	l->name[l->n] = NULL;
}

static bool is_model_file(const char *file)
{
	size_t n = strlen(file);

	return n > 5 && file[0] != '.' && strcmp(file + n - 5, ".yaml") == 0
		&& strcmp(file, "workload.yaml") != 0
		&& strcmp(file, "prices.yaml") != 0;
}

static bool scan_folder(struct library *l, struct err *err)
{
	DIR *d = opendir(l->dir);
	struct dirent *e;
	bool ok = true;

	if (!d)
		return err_add(err, ERR_IO, "%s: no such folder of models",
		               l->dir);
	while (ok && (e = readdir(d)) != NULL) {
		if (!is_model_file(e->d_name))
			continue;
		if (l->n == MODELS_MAX) {
			ok = err_add(err, ERR_LIMIT, "%s holds more than %d "
			             "models", l->dir, MODELS_MAX);
			break;
		}
		l->shelf[l->n].name = xstrndup(e->d_name,
		                               strlen(e->d_name) - 5);
		l->shelf[l->n++].path = path_join(l->dir, e->d_name);
	}
	closedir(d);
	sort_names(l);
	return ok;
}

struct library *library_open(const char *data_dir, struct err *err)
{
	struct library *l = xcalloc(1, sizeof *l);
	char *units;

	buf_init(&l->workload_text);
	l->dir = path_join(data_dir, "models");
	units = path_join(l->dir, "units.xml");
	if (scan_folder(l, err))
		l->units = units_open(units, err);
	free(units);
	if (l->units)
		return l;
	library_free(l);
	return NULL;
}

void library_free(struct library *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->n; i++) {
		model_free(l->shelf[i].model);
		free(l->shelf[i].name);
		free(l->shelf[i].path);
	}
	workload_free(l->workload);
	prices_free(l->prices);
	kept_tables_free(l->tables);
	kept_evidence_free(l->evidence);
	kept_prices_free(l->price_files);
	units_free(l->units);
	buf_release(&l->workload_text);
	free(l->dir);
	free(l);
}

/* --- what it holds -------------------------------------------------------- */

struct kept_table **library_tables(struct library *l)
{
	return &l->tables;
}

struct kept_prices **library_price_files(struct library *l)
{
	return &l->price_files;
}

const char *library_kept(struct library *l, const char *digest,
                         struct arena *a)
{
	const char *path = arena_printf(a, "%s/" KEPT_FILE, l->dir, digest);

	return access(path, F_OK) == 0 ? path : NULL;
}

struct kept_evidence **library_evidence(struct library *l)
{
	return &l->evidence;
}

struct units *library_units(struct library *l)
{
	return l->units;
}

static struct workload *read_workload(struct library *l,
                                      const char *const *fixed,
                                      struct err *err)
{
	char *path = path_join(l->dir, "workload.yaml");
	struct workload *w = NULL;

	if (l->workload_text.len > 0
	    || path_read(path, MODEL_MAX_BYTES, &l->workload_text, err))
		w = workload_load_text(l->units, l->workload_text.s,
		                       l->workload_text.len, path, fixed,
		                       err);
	if (!w)
		buf_clear(&l->workload_text);
	free(path);
	return w;
}

const struct workload *library_workload(struct library *l, struct err *err)
{
	if (!l->workload)
		l->workload = read_workload(l, NULL, err);
	return l->workload;
}

struct workload *library_variant(struct library *l, const char *const *fixed,
                                 struct err *err)
{
	return read_workload(l, fixed, err);
}

const struct price_map *library_prices(struct library *l, struct err *err)
{
	char *path;

	if (!l->prices) {
		path = path_join(l->dir, "prices.yaml");
		l->prices = prices_load(l->units, path, err);
		free(path);
	}
	return l->prices;
}

static struct shelf *find(struct library *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->shelf[i].name, name) == 0)
			return &l->shelf[i];
	return NULL;
}

static struct model *read_shelf(struct library *l, struct shelf *s,
                                struct err *err)
{
	const struct workload *w = library_workload(l, err);
	struct model *m = w ? model_load(l->units, w, s->path, err) : NULL;
	struct pos pos = { .file = s->path, .line = 1, .col = 1 };

	if (!m || strcmp(m->name, s->name) == 0)
		return m;
	err_at(err, ERR_INPUT, pos, "the file is called `%s`, its model `%s`: "
	       "both must agree", s->name, m->name);
	model_free(m);
	return NULL;
}

const struct model *library_model(struct library *l, const char *name,
                                  struct err *err)
{
	struct shelf *s = find(l, name);
	struct arena *a;

	if (s && !s->model)
		s->model = read_shelf(l, s, err);
	if (s)
		return s->model;
	a = arena_new();
	err_add(err, ERR_INPUT, "there is no model `%s`; there are %s%s", name,
	        list_text(a, l->name), suggestion(a, name, l->name));
	arena_free(a);
	return NULL;
}

const struct model *library_add(struct library *l, const char *path,
                                struct err *err)
{
	const struct workload *w;
	struct shelf *s;
	struct model *m;

	for (int i = 0; i < l->n; i++)
		if (l->shelf[i].model && strcmp(l->shelf[i].path, path) == 0)
			return l->shelf[i].model;
	if (l->n == MODELS_MAX) {
		err_add(err, ERR_LIMIT, "more than %d models", MODELS_MAX);
		return NULL;
	}
	w = library_workload(l, err);
	m = w ? model_load(l->units, w, path, err) : NULL;
	if (!m)
		return NULL;
	s = find(l, m->name);
	if (s && s->model && strcmp(s->model->digest, m->digest) == 0) {
		model_free(m);          /* the same file by another path */
		return s->model;
	}
	if (s) {
		struct pos pos = { .file = m->path, .line = 1, .col = 1 };

		err_at(err, ERR_INPUT, pos, "there is a model `%s` already: a "
		       "model of one's own needs another name", m->name);
		model_free(m);
		return NULL;
	}
	s = &l->shelf[l->n++];
	*s = (struct shelf){ xstrdup(m->name), xstrdup(path), m };
	sort_names(l);
	return m;
}

const char *const *library_names(struct library *l)
{
	return l->name;
}

int library_block(struct library *l, const char *model)
{
	int r = rank(model);

	(void)l;
	return r < NCANONICAL ? r + 1 : -1;
}
