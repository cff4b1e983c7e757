/*
 * `[MODEL.]P[@LABEL] = V`, as the command line and the screen spell an edit.
 *
 * A name alone means what the models share where they share it: a parameter of
 * a model that only links to the workload stands for the workload's.
 */
#include "model/scenario_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#include "base/banned.h"

#define WORKLOAD "workload"

/* What a name may mean: a value of the workload or a model, or a preset. */
struct meaning { const char *where, *name; bool preset; };

struct search {
	struct arena *arena;
	const struct scenario *s;
	const struct workload *workload;
	const struct scope *scope;
	const char *only;               /* MODEL of the name, or NULL */
	const char *name;               /* P[@LABEL] */
	int n;
	struct meaning found[SCOPE_MAX + 1];
};

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_meaning(struct search *f, const char *where, const char *name,
                        bool preset)
{
	for (int i = 0; i < f->n; i++)
		if (same(f->found[i].where, where)
		    && strcmp(f->found[i].name, name) == 0)
			return;
	if (f->n <= SCOPE_MAX)
		f->found[f->n++] = (struct meaning){ where, name, preset };
}

/* --- looking -------------------------------------------------------------- */

static void look_in_workload(struct search *f)
{
	struct link link;

	if (workload_link(f->workload, f->name, &link))
		add_meaning(f, NULL, link.param ? link.param->name : f->name,
		            false);
}

/* The workload's name that every slot meant follows, or NULL. */
static const char *shared_name(const struct param *p, int slot)
{
	const char *name = NULL;

	for (int i = 0; i < p->nslots; i++) {
		if (slot >= 0 && slot != i)
			continue;
		if (!p->setting[i] || p->setting[i]->kind != SET_WORKLOAD
		    || (name && strcmp(name, p->setting[i]->name) != 0))
			return NULL;
		name = p->setting[i]->name;
	}
	return name;
}

static void look_in_model(struct search *f, const struct model *m)
{
	const struct param *p;
	const char *name, *shared;
	int slot;

	for (int i = 0; i < m->npresets; i++)
		if (strcmp(m->preset[i].name, f->name) == 0)
			add_meaning(f, m->name, m->preset[i].name, true);
	p = model_param(m, f->name, &slot);
	if (!p)
		return;
	/* `P@LABEL` of a shared `else` names its slot. */
	name = strchr(f->name, '@') ? p->slot_name[slot] : p->name;
	shared = shared_name(p, slot);
	if (shared && !f->only && !scenario_override(f->s, m->name, name))
		add_meaning(f, NULL, shared, false);
	else
		add_meaning(f, m->name, name, false);
}

static void look(struct search *f)
{
	if (!f->only || strcmp(f->only, WORKLOAD) == 0)
		look_in_workload(f);
	for (int i = 0; i < f->scope->n; i++)
		if (!f->only
		    || strcmp(f->only, f->scope->model[i]->name) == 0)
			look_in_model(f, f->scope->model[i]);
}

/* --- what was wrong ------------------------------------------------------- */

static bool several(const struct search *f, struct err *err)
{
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < f->n; i++)
		buf_addf(&b, "%s%s.%s", i ? ", " : "",
		         f->found[i].where ? f->found[i].where : WORKLOAD,
		         f->found[i].name);
	err_add(err, ERR_USAGE, "`%s` may mean %s: say which", f->name, b.s);
	buf_release(&b);
	return false;
}

/* Every name that could have been meant. */
static const char *const *all_names(struct search *f)
{
	size_t room = (size_t)(f->workload->nparams + f->workload->nformulas);
	const char *const *shared = workload_list(f->arena, f->workload);
	const char **list;
	int n = 0;

	for (int i = 0; i < f->scope->n; i++)
		room += (size_t)f->scope->model[i]->nparams;
	list = arena_alloc(f->arena, (room + 1) * sizeof *list);
	for (; *shared; shared++)
		list[n++] = *shared;
	for (int i = 0; i < f->scope->n; i++)
		for (int k = 0; k < f->scope->model[i]->nparams; k++)
			list[n++] = f->scope->model[i]->param[k].name;
	return list;
}

static bool none(struct search *f, struct err *err)
{
	char *bare = arena_strndup(f->arena, f->name, strcspn(f->name, "@"));

	if (f->only && strcmp(f->only, WORKLOAD) != 0
	    && !scope_find(f->scope, f->only))
		return err_add(err, ERR_USAGE, "the scenario asks about no "
		               "model `%s`", f->only);
	for (int i = 0; i < f->scope->n && bare[0]; i++) {
		const struct model *m = f->scope->model[i];
		int slot;
		const struct param *p = model_param(m, bare, &slot);

		if (p && strlen(bare) < strlen(f->name)
		    && (!f->only || strcmp(f->only, m->name) == 0))
			return err_add(err, ERR_USAGE, "`%s` of %s has no "
			               "label `%s`%s%s", bare, m->name,
			               f->name + strlen(bare) + 1,
			               p->axis < 0 ? "" : "; it has ",
			               p->axis < 0 ? "" :
			               list_text(f->arena,
			                         label_list(f->arena, m->env,
			                                    p->axis)));
	}
	return err_add(err, ERR_USAGE, "there is no parameter `%s`%s", f->name,
	               suggestion(f->arena, bare, all_names(f)));
}

/* --- changing ------------------------------------------------------------- */

static void drop(struct scenario *s, const struct meaning *m)
{
	if (m->preset) {
		struct preset_choice_set *p = scenario_preset(s, m->where,
		                                              m->name);

		if (p)
			*p = s->preset[--s->npresets];
	} else {
		struct override *o = scenario_override(s, m->where, m->name);

		if (o)
			*o = s->override[--s->noverrides];
	}
}

static void put(struct scenario *s, const struct meaning *m,
                const struct ynode *value)
{
	const char *where = m->where ? arena_strdup(s->arena, m->where) : NULL;
	const char *name = arena_strdup(s->arena, m->name);

	drop(s, m);
	if (m->where)
		scenario_ask(s, m->where, value->pos);
	if (m->preset)
		*GROW(s, s->preset, s->npresets)
			= (struct preset_choice_set){ where, name, value };
	else
		*GROW(s, s->override, s->noverrides) = (struct override){
			.where = where, .name = name, .value = value,
			.from_set = true,
		};
}

/* `{price: gpt-4o, field: input}` is YAML, everything else one text. */
static const struct ynode *value_node(struct scenario *s, const char *name,
                                      const char *value, struct err *err)
{
	const char *file = arena_printf(s->arena, "--set %s", name);
	struct pos pos = { file, 1, 1 };
	struct err found = ERR_INIT;
	const struct ynode *n;

	if (value[0] != '{')
		return scalar_node(s->arena, value, pos);
	n = yaml_read_text(s->arena, value, strlen(value), file, &found);
	for (int i = 0; i < found.n; i++)
		found.item[i].kind = ERR_USAGE;
	err_move(err, &found);
	return n;
}

/* Adding a value to a model must not narrow a scenario that asks about all. */
static void keep_all_asked(struct scenario *s, const struct scope *scope)
{
	if (s->nmodels == 0)
		for (int i = 0; i < scope->n; i++)
			scenario_ask(s, scope->model[i]->name,
			             (struct pos){ NULL, 0, 0 });
}

/* Takes what belongs to `model` out of an array. */
#define FORGET(items, n, where) do { \
	int kept_ = 0; \
	for (int i_ = 0; i_ < (n); i_++) \
		if (!same((items)[i_].where, model)) \
			(items)[kept_++] = (items)[i_]; \
	(n) = kept_; \
} while (0)

static bool names(const char *parameter, const char *model)
{
	size_t n = strlen(model);

	return strncmp(parameter, model, n) == 0 && parameter[n] == '.';
}

static void forget(struct scenario *s, const char *model)
{
	int kept = 0;

	FORGET(s->override, s->noverrides, where);
	FORGET(s->preset, s->npresets, model);
	FORGET(s->answer, s->nanswers, model);
	FORGET(s->table, s->ntables, model);
	FORGET(s->study, s->nstudies, model);
	FORGET(s->expectation, s->nexpectations, model);
	for (int i = 0; i < s->ncorrelations; i++)
		if (!names(s->correlation[i].a, model)
		    && !names(s->correlation[i].b, model))
			s->correlation[kept++] = s->correlation[i];
	s->ncorrelations = kept;
	kept = 0;
	for (int i = 0; i < s->nmodels; i++) {
		if (same(s->model[i], model))
			continue;
		s->model[kept] = s->model[i];
		s->assume[kept] = s->assume[i];
		s->model_pos[kept++] = s->model_pos[i];
	}
	s->nmodels = kept;
}

bool scenario_ask_about(struct scenario *s, struct library *l,
                        const char *model, bool ask, struct err *err)
{
	struct scope scope;

	if (!scope_open(&scope, l, s, err) || !library_model(l, model, err))
		return false;
	if (!ask && !scope_find(&scope, model))
		return true;
	if (!ask && scope.n == 1)
		return err_add(err, ERR_USAGE, "%s is the only trade-off that "
		               "the scenario asks about", model);
	keep_all_asked(s, &scope);
	if (ask)
		scenario_ask(s, model, (struct pos){ NULL, 0, 0 });
	else
		forget(s, model);
	return true;
}

static bool apply(struct search *f, struct scenario *s, const char *value,
                  struct err *err)
{
	const struct ynode *n;

	if (f->n == 0)
		return none(f, err);
	if (f->n > 1)
		return several(f, err);
	if (value[strspn(value, " ")] == '\0') {
		drop(s, &f->found[0]);
		return true;
	}
	n = value_node(s, f->name, value, err);
	if (!n)
		return false;
	if (f->found[0].where)
		keep_all_asked(s, f->scope);
	put(s, &f->found[0], n);
	return true;
}

bool scenario_set(struct scenario *s, struct library *l, const char *name,
                  const char *value, struct err *err)
{
	struct scope scope;
	struct search f = {
		.s = s, .scope = &scope, .workload = library_workload(l, err),
		.name = name,
	};
	const char *dot = strchr(name, '.');
	bool ok;

	if (!f.workload || !scope_open(&scope, l, s, err))
		return false;
	f.arena = arena_new();
	if (dot) {
		f.only = arena_strndup(f.arena, name, (size_t)(dot - name));
		f.name = dot + 1;
	}
	look(&f);
	ok = apply(&f, s, value, err);
	arena_free(f.arena);
	return ok;
}
