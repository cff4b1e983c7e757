/*
 * Tables: the files that a scenario names for a model's `tables:`, read once
 * and kept by the library; an example states its columns itself.
 */
#include "model/bound_int.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/path.h"
#include "expr/columns.h"
#include "table/table.h"

#include "base/banned.h"

static const char pin[] = "#sha256=";

/* --- kept ----------------------------------------------------------------- */

/* One reading of one file for one set of columns. */
struct kept_table {
	struct data_table data;
	struct table *table;
	char *key;                      /* path, state of the file, columns */
	struct kept_table *next;
};

static void data_columns(struct data_table *d, double **column, int n,
                         int rows)
{
	d->memo = column_memo_new();
	d->n = n;
	d->column = xcalloc((size_t)n + 1, sizeof *d->column);
	for (int i = 0; i < n; i++)
		d->column[i] = (struct data_column){ column[i], rows,
		                                     d->memo };
}

static void data_release(struct data_table *d)
{
	column_memo_free(d->memo);
	free(d->column);
}

void kept_tables_free(struct kept_table *k)
{
	while (k) {
		struct kept_table *next = k->next;

		data_release(&k->data);
		table_free(k->table);
		free(k->key);
		free(k);
		k = next;
	}
}

/* What a file was when it was read: if none of this changed, it is the same. */
static bool table_key(struct buf *b, const char *path,
                      const struct table_want *want, int n)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	buf_addf(b, "%s %llu %lld %lld.%09ld", path,
	         (unsigned long long)st.st_ino, (long long)st.st_size,
	         (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	for (int i = 0; i < n; i++)
		buf_addf(b, "|%s %d %a %a %a", want[i].header, want[i].truth,
		         want[i].scale, want[i].low, want[i].high);
	return true;
}

static const struct data_table *keep(struct kept_table **shelf,
                                     const char *path, const char *key,
                                     const struct table_want *want, int n,
                                     struct err *err)
{
	struct table *t = table_read(path, want, n, err);
	struct kept_table *k;

	if (!t)
		return NULL;
	k = xcalloc(1, sizeof *k);
	k->table = t;
	k->key = xstrdup(key);
	k->next = *shelf;
	data_columns(&k->data, t->column, n, t->rows);
	memcpy(k->data.digest, t->digest, DIGEST_HEX);
	*shelf = k;
	return &k->data;
}

static const struct data_table *kept_table(struct kept_table **shelf,
                                           const char *path,
                                           const struct table_want *want,
                                           int n, struct err *err)
{
	const struct data_table *found = NULL;
	struct buf key;

	buf_init(&key);
	if (table_key(&key, path, want, n))
		for (struct kept_table *k = *shelf; k && !found; k = k->next)
			if (strcmp(k->key, key.s) == 0)
				found = &k->data;
	if (!found)
		found = keep(shelf, path, key.s, want, n, err);
	buf_release(&key);
	return found;
}

/* --- a scenario's file ---------------------------------------------------- */

static const char *header_of(const struct table_file *f, const char *column)
{
	const struct ynode *n = f->columns ? yaml_get(f->columns, column)
	                                   : NULL;

	return n && n->text ? n->text : column;
}

static bool check_mapping(struct binder *bd, const struct table_file *f,
                          const struct table_def *t)
{
	const char **known = arena_alloc(bd->b->arena, ((size_t)t->n + 1)
	                                               * sizeof *known);

	for (int i = 0; i < t->n; i++)
		known[i] = t->column[i].name;
	return !f->columns || yaml_only(f->columns, t->name, known, &bd->err);
}

static struct table_want *wanted(struct binder *bd, const struct table_def *t,
                                 const struct table_file *f)
{
	struct table_want *w = arena_alloc(bd->b->arena, ((size_t)t->n + 1)
	                                                 * sizeof *w);

	for (int i = 0; i < t->n; i++)
		w[i] = (struct table_want){
			.name = t->column[i].name,
			.header = header_of(f, t->column[i].name),
			.truth = t->column[i].type == TYPE_BOOL,
			.scale = t->column[i].unit.scale,
			.low = t->column[i].low, .high = t->column[i].high,
		};
	return w;
}

const char *bound_path(struct binder *bd, const char *name)
{
	char *dir = bd->s->path ? path_dirname(bd->s->path) : xstrdup(".");
	const char *mark = strstr(name, pin);
	char *bare = xstrndup(name, mark ? (size_t)(mark - name)
	                                 : strlen(name));
	char *full = path_join(dir, bare);
	const char *path = arena_strdup(bd->b->arena, full);
	const char *kept = mark && !bd->s->today
		? library_kept(bd->l, mark + strlen(pin), bd->b->arena) : NULL;

	free(full);
	free(bare);
	free(dir);
	return kept ? kept : path;
}

bool bound_file_same(struct binder *bd, const char *name, struct pos pos,
                     const char *digest)
{
	const char *mark = strstr(name, pin);

	return !mark || bd->s->today
		|| strcmp(mark + strlen(pin), digest) == 0
		|| err_at(&bd->err, ERR_INPUT, pos, "`%.*s` has changed since "
		          "the scenario was saved (%.12s then, %.12s now): "
		          "bring the file back, or save the scenario anew from "
		          "its own file", (int)(mark - name), name,
		          mark + strlen(pin), digest);
}

void bound_note_file(struct binder *bd, const char *kind, const char *model,
                     const char *name, const char *path, const char *digest)
{
	struct bound *b = bd->b;

	for (int i = 0; i < b->nfiles; i++)
		if (strcmp(b->file[i].path, path) == 0
		    && strcmp(b->file[i].name, name) == 0)
			return;
	b->file = scenario_grow(b->arena, b->file, &b->nfiles,
	                        sizeof *b->file);
	b->file[b->nfiles - 1] = (struct bound_file){
		kind, model, name, path, arena_strdup(b->arena, digest),
	};
}

static const struct data_table *table_of_file(struct binder *bd,
                                              const struct table_file *f,
                                              const struct table_def *t)
{
	const struct data_table *d;
	const char *path = bound_path(bd, f->path);

	if (!check_mapping(bd, f, t))
		return NULL;
	d = kept_table(library_tables(bd->l), path, wanted(bd, t, f), t->n,
	               &bd->err);
	if (!d || !bound_file_same(bd, f->path, f->pos, d->digest))
		return NULL;
	bound_note_file(bd, "table", f->model, t->name, path, d->digest);
	return d;
}

/* --- an example's columns ------------------------------------------------- */

static bool example_cell(struct binder *bd, const struct ynode *n,
                         const struct table_column *c, double *v)
{
	bool truth;

	if (c->type == TYPE_BOOL) {
		if (!yaml_bool(n, c->name, &truth, &bd->err))
			return false;
		*v = truth;
		return true;
	}
	return read_quantity(bd->b->arena, library_units(bd->l), n, &c->unit,
	                     c->name, v, &bd->err);
}

static double *example_column(struct binder *bd, const struct ynode *map,
                              const struct table_column *c, int rows)
{
	const struct ynode *n = yaml_get(map, c->name);
	double *v = arena_alloc(bd->b->arena, ((size_t)rows + 1) * sizeof *v);

	if (!n || n->kind != Y_SEQ || n->n != rows) {
		err_at(&bd->err, ERR_INPUT, map->pos, "the column `%s` needs a "
		       "list of %d values", c->name, rows);
		return v;
	}
	for (int i = 0; i < rows; i++)
		example_cell(bd, n->item[i], c, &v[i]);
	return v;
}

static const struct data_table *table_of_example(struct binder *bd,
                                                 const struct table_def *t)
{
	const struct ynode *map = yaml_get(bd->example->tables, t->name);
	struct bound *b = bd->b;
	struct data_table *d;
	double **column;
	int rows;

	if (!map)
		return NULL;
	rows = map->kind == Y_MAP && map->n > 0 ? map->item[0]->n : 0;
	if (rows < 1) {
		err_at(&bd->err, ERR_INPUT, map->pos, "an example states a "
		       "table's columns as lists: {%s: [...]}",
		       t->column[0].name);
		return NULL;
	}
	column = arena_alloc(b->arena, ((size_t)t->n + 1) * sizeof *column);
	for (int i = 0; i < t->n; i++)
		column[i] = example_column(bd, map, &t->column[i], rows);
	b->own_table = scenario_grow(b->arena, b->own_table, &b->nown_tables,
	                             sizeof *b->own_table);
	d = arena_alloc(b->arena, sizeof *d);
	data_columns(d, column, t->n, rows);
	b->own_table[b->nown_tables - 1] = d;
	return d;
}

void bound_tables_release(struct bound *b)
{
	for (int i = 0; i < b->nown_tables; i++)
		data_release(b->own_table[i]);
}

/* --- binding -------------------------------------------------------------- */

static const struct table_file *file_for(const struct binder *bd,
                                         const struct model *m,
                                         const struct table_def *t)
{
	for (int i = 0; i < bd->s->ntables; i++)
		if (strcmp(bd->s->table[i].model, m->name) == 0
		    && strcmp(bd->s->table[i].table, t->name) == 0)
			return &bd->s->table[i];
	return NULL;
}

static void bind_table(struct binder *bd, int model, int k)
{
	const struct model *m = bd->b->model[model].model;
	const struct table_def *t = &m->table[k];
	const struct table_file *f = file_for(bd, m, t);
	const struct data_table **to = &bd->b->model[model].table[k];

	if (f)
		*to = table_of_file(bd, f, t);
	else if (bd->example && bd->example->tables)
		*to = table_of_example(bd, t);
	if (!f && !*to && t->required && !err_any(&bd->err))
		err_at(&bd->err, ERR_INPUT, binder_place(bd), "%s needs the "
		       "table `%s`: name its file, tables: {%s: {file: "
		       "FILE.csv}}", m->name, t->name, t->name);
}

static void check_table_names(struct binder *bd)
{
	for (int i = 0; i < bd->s->ntables; i++) {
		const struct table_file *f = &bd->s->table[i];
		const struct model *m = scope_find(&bd->scope, f->model);
		const char **known;
		bool found = false;

		if (!m)
			continue;
		known = arena_alloc(bd->b->arena, ((size_t)m->ntables + 1)
		                                  * sizeof *known);
		for (int k = 0; k < m->ntables; k++) {
			known[k] = m->table[k].name;
			found |= strcmp(known[k], f->table) == 0;
		}
		if (!found)
			err_at(&bd->err, ERR_INPUT, f->pos, "%s has no table "
			       "`%s`%s", m->name, f->table,
			       suggestion(bd->b->arena, f->table, known));
	}
}

void bind_tables(struct binder *bd)
{
	check_table_names(bd);
	for (int i = 0; i < bd->b->nmodels; i++) {
		struct bound_model *bm = &bd->b->model[i];

		bm->table = arena_alloc(bd->b->arena,
		                        ((size_t)bm->model->ntables + 1)
		                        * sizeof *bm->table);
		for (int k = 0; k < bm->model->ntables; k++)
			bind_table(bd, i, k);
	}
}

/* "scores.score" -> its table and the index of its column (the first one when
 * only a table is named), or -1. */
static int find_column(const struct model *m, const char *name, int *column)
{
	size_t n = strcspn(name, ".");

	for (int k = 0; k < m->ntables; k++) {
		const struct table_def *t = &m->table[k];

		if (strncmp(t->name, name, n) != 0 || t->name[n] != '\0')
			continue;
		*column = 0;
		for (int i = 0; name[n] && i < t->n; i++)
			if (strcmp(t->column[i].name, name + n + 1) == 0)
				*column = i;
		return k;
	}
	return -1;
}

const struct data_column *bound_column(const struct bound *b, int model,
                                       const char *name)
{
	int column;
	int k = model < 0 ? -1 : find_column(b->model[model].model, name,
	                                     &column);

	return k >= 0 && b->model[model].table[k]
		? &b->model[model].table[k]->column[column] : NULL;
}

const struct table_column *model_column(const struct model *m,
                                        const char *name)
{
	int column;
	int k = find_column(m, name, &column);

	return k >= 0 && strcmp(m->table[k].column[column].name,
	                        name + strcspn(name, ".") + 1) == 0
		? &m->table[k].column[column] : NULL;
}
