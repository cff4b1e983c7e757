/* The life of a scenario: new, copied, asked for its models. */
#include "model/scenario_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"

#include "base/banned.h"

struct scenario *scenario_new(void)
{
	struct arena *a = arena_new();
	struct scenario *s = arena_alloc(a, sizeof *s);

	s->arena = a;
	return s;
}

void scenario_free(struct scenario *s)
{
	if (s)
		arena_free(s->arena);
}

void *scenario_grow(struct arena *a, void *items, int *n, size_t size)
{
	size_t used = (size_t)*n;

	if ((used & (used - 1)) == 0) {         /* full, or empty */
		char *more = arena_alloc(a, (used ? 2 * used : 1) * size);

		if (used)
			memcpy(more, items, used * size);
		items = more;
	}
	memset((char *)items + used * size, 0, size);
	++*n;
	return items;
}

int scenario_ask(struct scenario *s, const char *model, struct pos pos)
{
	int n = s->nmodels, places = n;

	for (int i = 0; i < n; i++)
		if (strcmp(s->model[i], model) == 0)
			return i;
	*GROW(s, s->model, s->nmodels) = arena_strdup(s->arena, model);
	*GROW(s, s->assume, n) = NULL;
	*GROW(s, s->model_pos, places) = pos;
	return n - 1;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

struct override *scenario_override(const struct scenario *s,
                                   const char *where, const char *name)
{
	for (int i = 0; i < s->noverrides; i++)
		if (same(s->override[i].where, where)
		    && strcmp(s->override[i].name, name) == 0)
			return &s->override[i];
	return NULL;
}

struct preset_choice_set *scenario_preset(const struct scenario *s,
                                          const char *model,
                                          const char *preset)
{
	for (int i = 0; i < s->npresets; i++)
		if (strcmp(s->preset[i].model, model) == 0
		    && strcmp(s->preset[i].preset, preset) == 0)
			return &s->preset[i];
	return NULL;
}

struct ynode *scalar_node(struct arena *a, const char *text, struct pos pos)
{
	struct ynode *n = arena_alloc(a, sizeof *n);

	*n = (struct ynode){
		.kind = Y_SCALAR, .text = arena_strdup(a, text),
		.pos = { arena_strdup(a, pos.file ? pos.file : ""), pos.line,
		         pos.col },
	};
	return n;
}

/* --- copies --------------------------------------------------------------- */

/* Every pointer of the copy leads into its own arena. */
static const char *text(struct arena *a, const char *s)
{
	return s ? arena_strdup(a, s) : NULL;
}

static struct pos place(struct arena *a, struct pos pos)
{
	pos.file = text(a, pos.file);
	return pos;
}

static struct ynode *tree(struct arena *a, const struct ynode *n)
{
	struct ynode *out;

	if (!n)
		return NULL;
	out = arena_alloc(a, sizeof *out);
	*out = *n;
	out->text = text(a, n->text);
	out->pos = place(a, n->pos);
	if (n->kind == Y_SCALAR)
		return out;
	out->item = arena_alloc(a, ((size_t)n->n + 1) * sizeof *out->item);
	out->key = n->kind == Y_MAP
		? arena_alloc(a, ((size_t)n->n + 1) * sizeof *out->key) : NULL;
	for (int i = 0; i < n->n; i++) {
		out->item[i] = tree(a, n->item[i]);
		if (out->key)
			out->key[i] = tree(a, n->key[i]);
	}
	return out;
}

static const char *const *texts(struct arena *a, const char *const *list)
{
	size_t n = 0;
	const char **out;

	if (!list)
		return NULL;
	while (list[n])
		n++;
	out = arena_alloc(a, (n + 1) * sizeof *out);
	for (size_t i = 0; i < n; i++)
		out[i] = text(a, list[i]);
	return out;
}

static void copy_values(struct scenario *to, const struct scenario *s)
{
	struct arena *a = to->arena;

	for (int i = 0; i < s->noverrides; i++) {
		const struct override *o = &s->override[i];

		*GROW(to, to->override, to->noverrides) = (struct override){
			text(a, o->where), text(a, o->name), tree(a, o->value),
			tree(a, o->source), o->from_set,
		};
	}
	for (int i = 0; i < s->npresets; i++)
		*GROW(to, to->preset, to->npresets)
			= (struct preset_choice_set){
				text(a, s->preset[i].model),
				text(a, s->preset[i].preset),
				tree(a, s->preset[i].value),
			};
	for (int i = 0; i < s->nanswers; i++)
		*GROW(to, to->answer, to->nanswers) = (struct answer){
			text(a, s->answer[i].model), text(a, s->answer[i].id),
			text(a, s->answer[i].text),
			place(a, s->answer[i].pos),
		};
}

static void copy_links(struct scenario *to, const struct scenario *s)
{
	struct arena *a = to->arena;

	for (int i = 0; i < s->ntables; i++) {
		const struct table_file *t = &s->table[i];

		*GROW(to, to->table, to->ntables) = (struct table_file){
			text(a, t->model), text(a, t->table), text(a, t->path),
			tree(a, t->columns), place(a, t->pos),
		};
	}
	for (int i = 0; i < s->nstudies; i++) {
		const struct study_set *t = &s->study[i];

		*GROW(to, to->study, to->nstudies) = (struct study_set){
			text(a, t->model), text(a, t->study), tree(a, t->body),
			place(a, t->pos),
		};
	}
	for (int i = 0; i < s->ncorrelations; i++) {
		const struct correlation *c = &s->correlation[i];

		*GROW(to, to->correlation, to->ncorrelations)
			= (struct correlation){
				text(a, c->a), text(a, c->b), c->spearman,
				place(a, c->pos),
			};
	}
}

static void copy_expectations(struct scenario *to, const struct scenario *s)
{
	struct arena *a = to->arena;

	for (int i = 0; i < s->nexpectations; i++) {
		struct expectation *e = GROW(to, to->expectation,
		                             to->nexpectations);

		*e = s->expectation[i];
		e->model = text(a, e->model);
		e->options = texts(a, e->options);
		e->state = text(a, e->state);
		e->rule = text(a, e->rule);
		e->findings = texts(a, e->findings);
		e->pos = place(a, e->pos);
	}
}

struct scenario *scenario_copy(const struct scenario *s)
{
	struct scenario *to = scenario_new();

	to->path = text(to->arena, s->path);
	to->name = text(to->arena, s->name);
	to->title = text(to->arena, s->title);
	to->prices_as_of = text(to->arena, s->prices_as_of);
	to->price_files = texts(to->arena, s->price_files);
	to->price_set = tree(to->arena, s->price_set);
	to->horizon = s->horizon;
	to->stale_after = tree(to->arena, s->stale_after);
	to->today = s->today;
	to->model_files = texts(to->arena, s->model_files);
	for (int i = 0; i < s->nmodels; i++) {
		int k = scenario_ask(to, s->model[i],
		                     place(to->arena, s->model_pos[i]));

		to->assume[k] = text(to->arena, s->assume[i]);
	}
	copy_values(to, s);
	copy_links(to, s);
	copy_expectations(to, s);
	return to;
}

struct scenario *scenario_blank(struct library *l, const char *name)
{
	struct scenario *s = scenario_new();

	s->name = arena_strdup(s->arena, name);
	for (const char *const *m = library_names(l); *m; m++)
		scenario_ask(s, *m, (struct pos){ NULL, 0, 0 });
	return s;
}

/* --- its models ----------------------------------------------------------- */

/* A saved scenario names its models' files with what they held. */
static const char pin[] = "#sha256=";

static bool as_pinned(const struct model *m, const char *digest,
                      struct err *err)
{
	struct pos pos = { m->path, 0, 0 };

	return strcmp(m->digest, digest) == 0
		|| err_at(err, ERR_INPUT, pos, "the model `%s` has changed "
		          "since the scenario was saved (%.12s then, %.12s "
		          "now): bring the file back, or save the scenario "
		          "anew from its own file", m->name, digest, m->digest);
}

static bool add_file(struct library *l, const char *dir, const char *item,
                     struct err *err)
{
	const char *mark = strstr(item, pin);
	char *name = xstrndup(item, mark ? (size_t)(mark - item)
	                                 : strlen(item));
	char *path = path_join(dir, name);
	const struct model *m = library_add(l, path, err);
	bool ok = m && (!mark || as_pinned(m, mark + strlen(pin), err));

	free(path);
	free(name);
	return ok;
}

static bool add_files(struct library *l, const struct scenario *s,
                      struct err *err)
{
	char *dir = s->path ? path_dirname(s->path) : xstrdup(".");
	bool ok = true;

	for (const char *const *f = s->model_files; f && *f; f++)
		ok &= add_file(l, dir, *f, err);
	free(dir);
	return ok;
}

bool scenario_pin_models(struct scenario *s, struct library *l,
                         struct err *err)
{
	char *dir = s->path ? path_dirname(s->path) : xstrdup(".");
	const char **pinned;
	bool ok = true;
	int n = 0;

	while (s->model_files && s->model_files[n])
		n++;
	pinned = arena_alloc(s->arena, ((size_t)n + 1) * sizeof *pinned);
	for (int i = 0; i < n && ok; i++) {
		const char *item = s->model_files[i];
		char *path = path_join(dir, item), *full = realpath(path, NULL);
		const struct model *m = full ? library_add(l, full, err) : NULL;

		pinned[i] = strstr(item, pin) ? item : m
			? arena_printf(s->arena, "%s%s%s", full, pin, m->digest)
			: NULL;
		ok = pinned[i] != NULL;
		free(full);
		free(path);
	}
	if (ok && n)
		s->model_files = pinned;
	free(dir);
	return ok;
}

static bool asked_for(const struct scenario *s, const char *model)
{
	for (int i = 0; i < s->nmodels; i++)
		if (strcmp(s->model[i], model) == 0)
			return true;
	return s->nmodels == 0;
}

/* Says of every model that is asked about and missing that it is. */
static bool all_there(struct library *l, const struct scenario *s,
                      struct err *err)
{
	const char *const *names = library_names(l);
	struct arena *a = arena_new();
	bool ok = true;

	for (int i = 0; i < s->nmodels; i++) {
		const char *const *m = names;

		while (*m && strcmp(*m, s->model[i]) != 0)
			m++;
		if (!*m)
			ok = err_at(err, ERR_INPUT, s->model_pos[i], "there "
			            "is no model `%s`%s; there are %s",
			            s->model[i],
			            suggestion(a, s->model[i], names),
			            list_text(a, names));
	}
	arena_free(a);
	return ok;
}

bool scope_open(struct scope *sc, struct library *l, const struct scenario *s,
                struct err *err)
{
	bool ok = add_files(l, s, err) && all_there(l, s, err);

	sc->n = 0;
	for (const char *const *m = library_names(l); ok && *m; m++) {
		if (!asked_for(s, *m))
			continue;
		sc->model[sc->n] = library_model(l, *m, err);
		ok = sc->model[sc->n++] != NULL;
	}
	return ok;
}

const struct model *scope_find(const struct scope *sc, const char *name)
{
	for (int i = 0; i < sc->n; i++)
		if (strcmp(sc->model[i]->name, name) == 0)
			return sc->model[i];
	return NULL;
}
