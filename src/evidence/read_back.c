/* An evidence file read for what it shows: figures, period, tables. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "evidence/record.h"
#include "yaml/yaml.h"
#include "base/banned.h"

#define COLUMNS 16

static const char *text(const struct ynode *map, const char *key)
{
	const struct ynode *n = yaml_get(map, key);

	return n ? n->text : NULL;
}

static double number(const struct ynode *map, const char *key)
{
	const char *s = text(map, key);
	double v;

	return s && num_parse(s, &v) ? v : NAN;
}

static double moment(const struct ynode *map, const char *key)
{
	const char *s = text(map, key);
	struct times as = { 0 };
	bool zoned;

	return s ? time_parse(s, &as, &zoned) : NAN;
}

static void read_measure(struct import *m, const char *name,
                         const struct ynode *n)
{
	const struct ynode *value = yaml_get(n, "value");
	double of = number(n, "n");
	struct measure *x = import_measure(m, name, text(n, "unit"),
	                                   isnan(of) ? 0 : of);
	bool map = value && value->kind == Y_MAP;

	x->unit = x->unit ? x->unit : "1";
	x->mean = number(n, "mean");
	x->low = map ? number(value, yaml_get(value, "p5") ? "p5" : "p10")
	             : NAN;
	x->high = map ? number(value, yaml_get(value, "p95") ? "p95" : "p90")
	              : NAN;
	x->value = value && value->text ? value->text : "";
	x->note = text(n, "note");
	x->fit = text(n, "fit");
	x->window = text(n, "window");
}

/* The keys of all rows, in the order in which they first stand. */
static int columns_of(const struct ynode *rows, struct fact_column *column)
{
	int n = 0;

	for (int i = 0; i < rows->n; i++)
		for (int k = 0; k < rows->item[i]->n; k++) {
			const char *key = rows->item[i]->kind == Y_MAP
				? rows->item[i]->key[k]->text : NULL;
			int at = 0;

			while (key && at < n
			       && strcmp(column[at].name, key) != 0)
				at++;
			if (key && at == n && n < COLUMNS)
				column[n++] = (struct fact_column){
					key, false, 5 };
			if (key && at < n && isnan(number(rows->item[i], key)))
				column[at].text = true;
		}
	return n;
}

static void read_fact(struct import *m, const char *name,
                      const struct ynode *rows)
{
	struct fact_column *column = arena_alloc(m->arena,
	                                         COLUMNS * sizeof *column);
	int n = columns_of(rows, column);
	struct fact_table *t;

	if (rows->kind != Y_SEQ || n == 0)
		return;
	t = import_fact(m, name, name, column, n);
	for (int i = 0; i < rows->n; i++) {
		struct fact_cell *c = fact_row(t);

		for (int k = 0; k < n; k++) {
			c[k].text = text(rows->item[i], column[k].name);
			c[k].number = number(rows->item[i], column[k].name);
		}
	}
}

struct import *import_read(const char *path, struct err *err)
{
	struct import *m = import_new(IMPORT_USAGE, path);
	const struct ynode *root = yaml_read_file(m->arena, path, err);
	const struct ynode *source, *part;
	const char *sha;

	if (!root || !yaml_get(root, "evidence")) {
		if (root)
			err_at(err, ERR_INPUT, root->pos,
			       "this is no evidence file");
		import_free(m);
		return NULL;
	}
	source = yaml_get(root, "source");
	m->title = text(root, "title");
	m->format = text(source, "format");
	m->file = text(source, "file") ? text(source, "file") : m->file;
	sha = text(source, "sha256");
	if (sha && strlen(sha) == DIGEST_HEX - 1)
		memcpy(m->digest, sha, DIGEST_HEX);
	m->rows = isnan(number(source, "rows"))
		? 0 : (long)number(source, "rows");
	part = yaml_get(root, "period");
	m->from = moment(part, "from");
	m->to = moment(part, "to");
	m->clock = isfinite(m->from);
	part = yaml_get(root, "fields");
	for (int i = 0; part && part->kind == Y_MAP && i < part->n; i++)
		read_measure(m, part->key[i]->text, part->item[i]);
	part = yaml_get(root, "facts");
	for (int i = 0; part && part->kind == Y_MAP && i < part->n; i++)
		if (part->item[i]->kind == Y_SEQ)
			read_fact(m, part->key[i]->text, part->item[i]);
	return m;
}
