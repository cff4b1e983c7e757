/*
 * `models/prices.yaml`: every price with its source and date.
 *
 *      prices: 1
 *      source: {kind: vendor, note: ..}        # of entries that say none
 *      entries:
 *        gpt-4o-mini:
 *          - {date: 2026-07-24, unit: USD/Mtoken, input: 0.15, output: 0.6,
 *             source: the vendor's page, url: "https://..."}
 *
 * What is no word of an entry is a field: a number in the entry's unit, or a
 * text with its own.
 */
#include "model/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"

#include "base/banned.h"

static bool is_word(const char *key)
{
	static const char *const words[] = {
		"date", "unit", "source", "url", "note", "kind", "title",
		"retires",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], key) == 0)
			return true;
	return false;
}

struct price_reader {
	struct units *units;
	struct price_map *map;
	struct source common;           /* the map's own source */
	struct err err;
	int room;
};

static struct price *next_price(struct price_reader *r)
{
	struct price_map *m = r->map;

	if (m->n == r->room) {
		struct price *old = m->price;

		r->room = r->room ? 2 * r->room : 64;
		m->price = arena_alloc(m->arena, (size_t)r->room
		                                 * sizeof *old);
		if (m->n)
			memcpy(m->price, old, (size_t)m->n * sizeof *old);
	}
	return &m->price[m->n++];
}

/* --- one entry ------------------------------------------------------------ */

/* What the entry says goes before what the whole map says. */
static bool entry_source(struct price_reader *r, const struct ynode *n,
                         struct source *out)
{
	const struct ynode *source = yaml_get(n, "source");
	const struct ynode *kind = yaml_get(n, "kind");
	const char *url = get_text(&r->err, n, "url", false, "a price");
	const char *note = get_text(&r->err, n, "note", false, "a price");

	if (!read_source(r->map->arena, source, kind, out, &r->err))
		return false;
	if (!kind && !yaml_get(source, "kind"))
		out->kind = r->common.kind;
	out->note = out->note ? out->note : note ? note : r->common.note;
	out->url = url ? url : out->url ? out->url : r->common.url;
	return yaml_date(yaml_get(n, "date"), "date", &out->date, &r->err);
}

static bool entry_field(struct price_reader *r, const char *id,
                        const struct ynode *key, const struct ynode *value,
                        const struct ynode *unit, const struct source *source,
                        const char *retires)
{
	struct unit u = unit_one();
	struct price p = {
		.id = id, .field = key->text, .source = *source,
		.unit_text = "1", .pos = key->pos, .retires = retires,
	};

	if (unit && !read_unit(r->units, unit, key->text, &u, &p.unit_text,
	                       &r->err))
		return false;
	p.unit = u;
	if (!read_quantity(r->map->arena, r->units, value, &u, key->text,
	                   &p.value, &r->err))
		return false;
	if (p.value < 0)
		return err_at(&r->err, ERR_INPUT, text_pos(value), "the price "
		              "`%s.%s` is negative", id, key->text);
	p.shown = p.value / u.scale;
	*next_price(r) = p;
	return true;
}

static void read_entry(struct price_reader *r, const char *id,
                       const struct ynode *n)
{
	const struct ynode *retires = yaml_get(n, "retires");
	const char *last = NULL;
	struct source source;
	int fields = 0;

	if (!want_map(n, id, &r->err))
		return;
	if (!yaml_get(n, "date")) {
		err_at(&r->err, ERR_INPUT, n->pos, "the price of `%s` needs "
		       "`date:`", id);
		return;
	}
	if (!yaml_get(n, "unit")) {
		err_at(&r->err, ERR_INPUT, n->pos, "the price of `%s` needs "
		       "`unit:`", id);
		return;
	}
	if (!entry_source(r, n, &source)
	    || (retires && !yaml_date(retires, "retires", &last, &r->err)))
		return;
	for (int i = 0; i < n->n; i++) {
		if (is_word(n->key[i]->text))
			continue;
		fields++;
		entry_field(r, id, n->key[i], n->item[i], yaml_get(n, "unit"),
		            &source, last);
	}
	if (!fields)
		err_at(&r->err, ERR_INPUT, n->pos, "the price of `%s` names "
		       "no field (such as input: 0.15)", id);
}

static int by_name(const void *a, const void *b)
{
	const struct price *x = *(const struct price *const *)a;
	const struct price *y = *(const struct price *const *)b;
	int d = strcmp(x->id, y->id);

	d = d ? d : strcmp(x->field, y->field);
	d = d ? d : strcmp(x->source.date, y->source.date);
	return d ? d : (x->pos.line > y->pos.line) - (x->pos.line < y->pos.line);
}

/* Two prices of one field on one date contradict each other. */
static void check_doubles(struct price_reader *r)
{
	const struct price_map *m = r->map;
	const struct price **p = xcalloc((size_t)m->n + 1, sizeof *p);

	for (int i = 0; i < m->n; i++)
		p[i] = &m->price[i];
	qsort(p, (size_t)m->n, sizeof *p, by_name);
	for (int i = 1; i < m->n; i++)
		if (strcmp(p[i]->id, p[i - 1]->id) == 0
		    && strcmp(p[i]->field, p[i - 1]->field) == 0
		    && strcmp(p[i]->source.date, p[i - 1]->source.date) == 0)
			err_at(&r->err, ERR_INPUT, p[i]->pos, "`%s.%s` has a "
			       "price of %s already on line %d", p[i]->id,
			       p[i]->field, p[i]->source.date,
			       p[i - 1]->pos.line);
	free(p);
}

static void read_map(struct price_reader *r, const struct ynode *root)
{
	static const char *const keys[] = {
		"prices", "title", "source", "entries", "unpriced", NULL,
	};
	const struct ynode *entries = yaml_get(root, "entries");
	const struct ynode *source = yaml_get(root, "source");

	yaml_only(root, "the price map", keys, &r->err);
	if (!yaml_get(root, "prices"))
		err_at(&r->err, ERR_INPUT, root->pos, "the file needs "
		       "`prices: 1` at its head");
	if (source)
		read_source(r->map->arena, source, NULL, &r->common, &r->err);
	if (!source || !yaml_get(source, "kind"))
		r->common.kind = "vendor";
	if (!entries || !want_map(entries, "entries", &r->err)) {
		err_at(&r->err, ERR_INPUT, root->pos, "the price map needs "
		       "`entries:`");
		return;
	}
	for (int i = 0; i < entries->n; i++) {
		const struct ynode *n = entries->item[i];

		if (n->kind != Y_SEQ)
			read_entry(r, entries->key[i]->text, n);
		for (int k = 0; n->kind == Y_SEQ && k < n->n; k++)
			read_entry(r, entries->key[i]->text, n->item[k]);
	}
	r->map->unpriced = yaml_get(root, "unpriced");
	if (r->map->unpriced && !node_empty(r->map->unpriced))
		want_map(r->map->unpriced, "unpriced", &r->err);
	check_doubles(r);
}

/* --- the file ------------------------------------------------------------- */

struct price_map *prices_load_text(struct units *u, const char *text, size_t n,
                                   const char *name, struct err *err)
{
	struct arena *a = arena_new();
	struct price_map *m = arena_alloc(a, sizeof *m);
	struct price_reader r = { .units = u, .map = m, .err = ERR_INIT };
	const struct ynode *root;

	m->arena = a;
	m->path = arena_strdup(a, name);
	digest_of(text, n, m->digest);
	root = yaml_read_text(a, text, n, m->path, &r.err);
	if (root && want_map(root, "the price map", &r.err))
		read_map(&r, root);
	for (int i = 0; i < m->n; i++)
		if (!m->as_of || strcmp(m->price[i].source.date, m->as_of) > 0)
			m->as_of = m->price[i].source.date;
	if (!err_any(&r.err))
		return m;
	err_sort(&r.err);
	err_move(err, &r.err);
	prices_free(m);
	return NULL;
}

struct price_map *prices_load(struct units *u, const char *path,
                              struct err *err)
{
	struct price_map *m = NULL;
	struct buf text;

	buf_init(&text);
	if (path_read(path, MODEL_MAX_BYTES, &text, err))
		m = prices_load_text(u, text.s, text.len, path, err);
	buf_release(&text);
	return m;
}

void prices_free(struct price_map *m)
{
	if (m)
		arena_free(m->arena);
}

/* --- asking --------------------------------------------------------------- */

const struct price *price_find(const struct price_map *m, const char *id,
                               const char *field, const char *as_of)
{
	const struct price *best = NULL;

	for (int i = 0; i < m->n; i++) {
		const struct price *p = &m->price[i];

		if (strcmp(p->id, id) == 0 && strcmp(p->field, field) == 0
		    && (!as_of || strcmp(p->source.date, as_of) <= 0)
		    && (!best
		        || strcmp(p->source.date, best->source.date) > 0))
			best = p;
	}
	return best;
}

/* The distinct ids, or the fields of one id. */
static const char **known_words(struct arena *a, const struct price_map *m,
                                const char *id)
{
	const char **list = arena_alloc(a, ((size_t)m->n + 1) * sizeof *list);
	int n = 0;

	for (int i = 0; i < m->n; i++) {
		const char *word = id ? m->price[i].field : m->price[i].id;
		int k = 0;

		if (id && strcmp(m->price[i].id, id) != 0)
			continue;
		while (k < n && strcmp(list[k], word) != 0)
			k++;
		if (k == n)
			list[n++] = word;
	}
	return list;
}

/* Ids that share the longest beginning with `id`, at most five. */
static void keep_nearest(const char **list, const char *id)
{
	size_t best = 0;
	int kept = 0;

	for (int i = 0; list[i]; i++) {
		size_t same = 0;

		while (id[same] && id[same] == list[i][same])
			same++;
		best = same > best ? same : best;
	}
	for (int i = 0; list[i] && kept < 5; i++)
		if (strncmp(id, list[i], best) == 0)
			list[kept++] = list[i];
	list[kept] = NULL;
}

bool price_missing(const struct price_map *m, const char *id,
                   const char *field, const char *as_of, struct pos pos,
                   struct err *err)
{
	struct arena *a = arena_new();
	const char **fields = known_words(a, m, id);
	const char **ids = known_words(a, m, NULL);

	const struct ynode *unpriced = m->unpriced ? yaml_get(m->unpriced, id)
	                                           : NULL;

	if (unpriced && unpriced->text) {
		err_at(err, ERR_INPUT, pos, "`%s` is unpriced: %s; state its "
		       "price, it never counts as zero", id, unpriced->text);
	} else if (price_find(m, id, field, NULL)) {
		err_at(err, ERR_INPUT, pos, "the price map knows `%s.%s` only "
		       "after %s", id, field, as_of);
	} else if (fields[0]) {
		err_at(err, ERR_INPUT, pos, "the price of `%s` has no field "
		       "`%s`; it has %s", id, field, list_text(a, fields));
	} else {
		keep_nearest(ids, id);
		err_at(err, ERR_INPUT, pos, "the price map has no `%s` (field "
		       "`%s`)%s%s", id, field,
		       ids[0] ? "; the nearest are " : "", list_text(a, ids));
	}
	arena_free(a);
	return false;
}
