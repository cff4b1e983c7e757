/*
 * The canonical YAML of a scenario: sections in one order, names sorted, every
 * text quoted exactly when it must be.  Revisions and digests are made of it.
 */
#include "model/scenario_int.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"

#include "base/banned.h"

/* A value as it was written, its scalars quoted only where they must be. */
static void write_value(struct ywriter *w, const struct ynode *n)
{
	switch (n->kind) {
	case Y_SCALAR:
		yaml_scalar(w, n->text);
		return;
	case Y_MAP:
		yaml_map_begin(w);
		for (int i = 0; i < n->n; i++) {
			yaml_key(w, n->key[i]->text);
			write_value(w, n->item[i]);
		}
		yaml_map_end(w);
		return;
	case Y_SEQ:
		yaml_seq_begin(w);
		for (int i = 0; i < n->n; i++) {
			yaml_item(w);
			write_value(w, n->item[i]);
		}
		yaml_seq_end(w);
		return;
	}
}

static void write_text(struct ywriter *w, const char *key, const char *text)
{
	if (!text)
		return;
	yaml_key(w, key);
	yaml_scalar(w, text);
}

/* One text alone, several as a list. */
static void write_texts(struct ywriter *w, const char *key,
                        const char *const *list)
{
	if (!list || !list[0])
		return;
	if (!list[1]) {
		write_text(w, key, list[0]);
		return;
	}
	yaml_key(w, key);
	yaml_seq_begin(w);
	for (; *list; list++) {
		yaml_item(w);
		yaml_scalar(w, *list);
	}
	yaml_seq_end(w);
}

/* --- sorting -------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pointers to the elements of one model (where == its name), sorted by the
 * text that `name` offsets to. */
struct picked { int n; const char **name; const void **item; };

static const void *pick(const struct picked *p, int i)
{
	return p->item[i];
}

static void picked_release(struct picked *p)
{
	free(p->name);
	free(p->item);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* `items` are structs that start with two texts: where they belong, name. */
struct named { const char *where, *name; };

static struct picked pick_of(const void *items, int n, size_t size,
                             const char *where)
{
	struct picked p = { 0, xcalloc((size_t)n + 1, sizeof *p.name),
	                    xcalloc((size_t)n + 1, sizeof *p.item) };

	for (int i = 0; i < n; i++) {
		const void *item = (const char *)items + (size_t)i * size;
		const struct named *head = item;
		int k = p.n;

		if (!same(head->where, where))
			continue;
		while (k > 0 && strcmp(p.name[k - 1], head->name) > 0) {
			p.name[k] = p.name[k - 1];
			p.item[k] = p.item[k - 1];
			k--;
		}
		p.name[k] = head->name;
		p.item[k] = item;
		p.n++;
	}
	return p;
}

_Static_assert(offsetof(struct override, where) == 0
               && offsetof(struct override, name) == sizeof(char *)
               && offsetof(struct preset_choice_set, model) == 0
               && offsetof(struct preset_choice_set, preset) == sizeof(char *)
               && offsetof(struct answer, model) == 0
               && offsetof(struct study_set, model) == 0
               && offsetof(struct study_set, study) == sizeof(char *)
               && offsetof(struct answer, id) == sizeof(char *)
               && offsetof(struct table_file, model) == 0
               && offsetof(struct table_file, table) == sizeof(char *),
               "pick_of() reads where and name at the head");

/* --- sections ------------------------------------------------------------- */

static void write_override(struct ywriter *w, const struct override *o)
{
	yaml_key(w, o->name);
	if (!o->source) {
		write_value(w, o->value);
		return;
	}
	yaml_map_begin(w);
	yaml_key(w, "value");
	write_value(w, o->value);
	yaml_key(w, "source");
	write_value(w, o->source);
	yaml_map_end(w);
}

static void write_overrides(struct ywriter *w, const struct scenario *s,
                            const char *where, const char *key)
{
	struct picked p = pick_of(s->override, s->noverrides,
	                          sizeof *s->override, where);

	if (p.n) {
		yaml_key(w, key);
		yaml_map_begin(w);
		for (int i = 0; i < p.n; i++)
			write_override(w, pick(&p, i));
		yaml_map_end(w);
	}
	picked_release(&p);
}

static void write_presets(struct ywriter *w, const struct scenario *s,
                          const char *model)
{
	struct picked p = pick_of(s->preset, s->npresets, sizeof *s->preset,
	                          model);

	if (p.n) {
		yaml_key(w, "presets");
		yaml_map_begin(w);
		for (int i = 0; i < p.n; i++) {
			const struct preset_choice_set *c = pick(&p, i);

			yaml_key(w, c->preset);
			write_value(w, c->value);
		}
		yaml_map_end(w);
	}
	picked_release(&p);
}

static void write_table(struct ywriter *w, const struct table_file *t)
{
	yaml_key(w, t->table);
	yaml_map_begin(w);
	write_text(w, "file", t->path);
	if (t->columns) {
		yaml_key(w, "columns");
		write_value(w, t->columns);
	}
	yaml_map_end(w);
}

static void write_tables(struct ywriter *w, const struct scenario *s,
                         const char *model)
{
	struct picked p = pick_of(s->table, s->ntables, sizeof *s->table,
	                          model);

	if (p.n) {
		yaml_key(w, "tables");
		yaml_map_begin(w);
		for (int i = 0; i < p.n; i++)
			write_table(w, pick(&p, i));
		yaml_map_end(w);
	}
	picked_release(&p);
}

static void write_studies(struct ywriter *w, const struct scenario *s,
                          const char *model)
{
	struct picked p = pick_of(s->study, s->nstudies, sizeof *s->study,
	                          model);

	if (p.n) {
		yaml_key(w, "studies");
		yaml_map_begin(w);
		for (int i = 0; i < p.n; i++) {
			const struct study_set *t = pick(&p, i);

			yaml_key(w, t->study);
			write_value(w, t->body);
		}
		yaml_map_end(w);
	}
	picked_release(&p);
}

static void write_answers(struct ywriter *w, const struct scenario *s,
                          const char *model)
{
	struct picked p = pick_of(s->answer, s->nanswers, sizeof *s->answer,
	                          model);

	if (p.n) {
		yaml_key(w, "answers");
		yaml_map_begin(w);
		for (int i = 0; i < p.n; i++) {
			const struct answer *a = pick(&p, i);

			write_text(w, a->id, a->text);
		}
		yaml_map_end(w);
	}
	picked_release(&p);
}

static void write_expectation(struct ywriter *w, const struct expectation *e)
{
	struct buf b;

	yaml_map_begin(w);
	write_texts(w, "option", e->options);
	if (!isnan(e->at_least)) {
		buf_init(&b);
		buf_add(&b, "at least ");
		num_exact(&b, e->at_least);
		write_text(w, "probability", b.s);
		buf_release(&b);
	}
	write_text(w, "state", e->state);
	write_text(w, "rule", e->rule);
	write_texts(w, "findings", e->findings);
	yaml_map_end(w);
}

static void write_expect(struct ywriter *w, const struct scenario *s,
                         const char *model)
{
	int n = 0;

	for (int i = 0; i < s->nexpectations; i++)
		n += strcmp(s->expectation[i].model, model) == 0;
	if (!n)
		return;
	yaml_key(w, "expect");
	if (n > 1)
		yaml_seq_begin(w);
	for (int i = 0; i < s->nexpectations; i++) {
		if (strcmp(s->expectation[i].model, model) != 0)
			continue;
		if (n > 1)
			yaml_item(w);
		write_expectation(w, &s->expectation[i]);
	}
	if (n > 1)
		yaml_seq_end(w);
}

static void write_model(struct ywriter *w, const struct scenario *s,
                        const char *model, const char *assume)
{
	yaml_key(w, model);
	yaml_map_begin(w);
	write_text(w, "assume", assume);
	write_overrides(w, s, model, "parameters");
	write_presets(w, s, model);
	write_tables(w, s, model);
	write_studies(w, s, model);
	write_answers(w, s, model);
	write_expect(w, s, model);
	yaml_map_end(w);
}

static void write_correlations(struct ywriter *w, const struct scenario *s)
{
	struct buf b;

	if (!s->ncorrelations)
		return;
	yaml_key(w, "correlate");
	yaml_seq_begin(w);
	for (int i = 0; i < s->ncorrelations; i++) {
		const struct correlation *c = &s->correlation[i];

		buf_init(&b);
		num_exact(&b, c->spearman);
		yaml_item(w);
		yaml_seq_begin(w);
		yaml_item(w);
		yaml_scalar(w, c->a);
		yaml_item(w);
		yaml_scalar(w, c->b);
		yaml_item(w);
		yaml_scalar(w, b.s);
		yaml_seq_end(w);
		buf_release(&b);
	}
	yaml_seq_end(w);
}

static void write_head(struct ywriter *w, const struct scenario *s)
{
	struct buf b;

	write_text(w, "scenario", s->name);
	write_text(w, "title", s->title);
	if (s->horizon) {
		buf_init(&b);
		buf_addf(&b, "%d month", s->horizon);
		write_text(w, "horizon", b.s);
		buf_release(&b);
	}
	if (s->stale_after)
		write_text(w, "stale_after", s->stale_after->text);
	if (s->prices_as_of || s->price_files || s->price_set) {
		yaml_key(w, "prices");
		yaml_map_begin(w);
		write_text(w, "as_of", s->prices_as_of);
		write_texts(w, "files", s->price_files);
		if (s->price_set) {
			yaml_key(w, "set");
			write_value(w, s->price_set);
		}
		yaml_map_end(w);
	}
	write_texts(w, "model_files", s->model_files);
	write_overrides(w, s, NULL, "workload");
	write_correlations(w, s);
}

static const char *assumed(const struct scenario *s, const char *model)
{
	for (int i = 0; i < s->nmodels; i++)
		if (strcmp(s->model[i], model) == 0)
			return s->assume[i];
	return NULL;
}

void scenario_write(const struct scenario *s, struct buf *out)
{
	struct ywriter w = { .out = out };
	const char **model = xcalloc((size_t)s->nmodels + 1, sizeof *model);

	for (int i = 0; i < s->nmodels; i++)
		model[i] = s->model[i];
	qsort(model, (size_t)s->nmodels, sizeof *model, by_name);
	write_head(&w, s);
	for (int i = 0; i < s->nmodels; i++)
		write_model(&w, s, model[i], assumed(s, model[i]));
	free(model);
}

void scenario_digest(const struct scenario *s, char out[DIGEST_HEX])
{
	struct buf text;

	buf_init(&text);
	scenario_write(s, &text);
	digest_of(text.s, text.len, out);
	buf_release(&text);
}
