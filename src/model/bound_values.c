/* Which value each slot has: the model's own, or the scenario's. */
#include "model/bound_int.h"

#include <string.h>

#include "base/banned.h"

/* What one override is about. */
struct change {
	const struct override *o;
	int model;                      /* -1: workload */
	const struct env *env;
	const struct param *param;
	int slot;                       /* within the parameter; -1: all */
};

/* --- whose is it ---------------------------------------------------------- */

static bool no_such(struct binder *bd, const struct override *o,
                    const char *owner, const char *const *known)
{
	struct arena *a = bd->b->arena;
	char *bare = arena_strndup(a, o->name, strcspn(o->name, "@"));

	return err_at(&bd->err, o->from_set ? ERR_USAGE : ERR_INPUT,
	              o->value->pos, "%s has no parameter `%s`%s", owner,
	              o->name, suggestion(a, bare, known));
}

/* The parameter is there, but not with this label. */
static bool no_label(struct binder *bd, const struct override *o,
                     const struct env *env, const struct param *p)
{
	struct arena *a = bd->b->arena;

	if (p->axis < 0)
		return err_at(&bd->err, ERR_INPUT, o->value->pos, "`%s`: "
		              "`%s` is one value for all and takes no label",
		              o->name, p->name);
	return err_at(&bd->err, ERR_INPUT, o->value->pos, "`%s`: the labels "
	              "of `%s` are %s", o->name, p->name,
	              list_text(a, label_list(a, env, p->axis)));
}

static bool find_in_workload(struct binder *bd, struct change *c)
{
	c->model = -1;
	c->env = bd->w->env;
	c->param = workload_param(bd->w, c->o->name, &c->slot);
	return c->param != NULL
		|| no_such(bd, c->o, "the workload",
		           workload_list(bd->b->arena, bd->w));
}

static bool find_in_model(struct binder *bd, struct change *c)
{
	struct arena *a = bd->b->arena;
	const struct model *m;
	int slot;

	c->model = bound_model_index(bd->b, c->o->where);
	if (c->model < 0)
		return err_at(&bd->err, ERR_BUG, c->o->value->pos, "a value "
		              "for `%s`, which the scenario does not ask about",
		              c->o->where);
	m = bd->b->model[c->model].model;
	c->env = m->env;
	c->param = model_param(m, c->o->name, &c->slot);
	if (c->param)
		return true;
	c->param = model_param(m, arena_strndup(a, c->o->name,
	                                        strcspn(c->o->name, "@")),
	                       &slot);
	if (c->param)
		return no_label(bd, c->o, m->env, c->param);
	return no_such(bd, c->o, m->name,
	               param_list(a, m->param, m->nparams));
}

/* --- putting it there ----------------------------------------------------- */

static void choose(struct binder *bd, const struct change *c, int k,
                   const struct setting *s)
{
	int slot = binder_base(bd, c->model) + c->param->first_slot + k;
	struct chosen *to = &bd->chosen[slot];

	if (to->setting && to->setting->kind == SET_PRICE)
		to->before = to->setting;
	to->setting = s;
	to->stated = true;
	to->origin = c->o->from_set ? "--set" : "scenario";
	to->source = (struct source){ .kind = "user" };
	if (c->o->source)
		read_source(bd->b->arena, c->o->source, NULL, &to->source,
		            &bd->err);
	else if (s->source.kind)
		to->source = s->source;
}

/* `P@LABEL` where LABEL stands under the model's `else`, with others. */
static bool check_shared(struct binder *bd, const struct change *c)
{
	const struct param *p = c->param;
	const char *label = strchr(c->o->name, '@');
	int sharing = 0;

	if (!label || strcmp(label + 1, "else") == 0)
		return true;
	for (int i = 0; i < env_axis_size(c->env, p->axis); i++)
		sharing += p->slot_of_label[i] == c->slot;
	return sharing <= 1
		|| err_at(&bd->err, ERR_INPUT, c->o->value->pos, "`%s` is one "
		          "value with other labels (`else`) in the model: set "
		          "%s, for all of them", c->o->name,
		          p->slot_name[c->slot]);
}

static void apply_one(struct binder *bd, const struct change *c)
{
	struct setting_reader r = binder_reader(bd, c->model);
	const struct setting *s;

	if (!check_shared(bd, c))
		return;
	s = setting_read(&r, c->o->value, c->param);
	for (int k = 0; s && k < c->param->nslots; k++)
		if (c->slot < 0 || c->slot == k)
			choose(bd, c, k, s);
}

/* What a map gives to the labels of one slot: one node for all of them. */
static bool node_for_slot(struct binder *bd, const struct change *c, int k,
                          const struct ynode **out)
{
	const struct param *p = c->param;
	const struct ynode *map = c->o->value;
	bool first = true;

	*out = NULL;
	for (int i = 0; i < env_axis_size(c->env, p->axis); i++) {
		const char *label = env_axis_label(c->env, p->axis, i);
		const struct ynode *n = yaml_get(map, label);

		if (p->slot_of_label[i] != k)
			continue;
		if (!n)
			n = yaml_get(map, "else");
		if (!first && n != *out)
			return err_at(&bd->err, ERR_INPUT, map->pos, "`%s`: "
			              "several labels, `%s` among them, are "
			              "one value (`else`) in the model: give "
			              "them one with `else:`", c->o->name,
			              label);
		*out = n;
		first = false;
	}
	return true;
}

static void apply_map(struct binder *bd, const struct change *c)
{
	struct setting_reader r = binder_reader(bd, c->model);
	const struct param *p = c->param;
	int axis;

	if (p->axis < 0 || c->slot >= 0) {
		err_at(&bd->err, ERR_INPUT, c->o->value->pos, "`%s` is one "
		       "value, not one a label; a map that is a value starts "
		       "with workload, price, from or p10", c->o->name);
		return;
	}
	axis = axis_of_map(bd->b->arena, c->env, c->o->value, c->o->name,
	                   &bd->err);
	if (axis < 0)
		return;
	if (axis != p->axis) {
		no_label(bd, c->o, c->env, p);
		return;
	}
	for (int k = 0; k < p->nslots; k++) {
		const struct ynode *n;
		const struct setting *s;

		if (!node_for_slot(bd, c, k, &n) || !n)
			continue;
		s = setting_read(&r, n, p);
		if (s)
			choose(bd, c, k, s);
	}
}

static void apply(struct binder *bd, const struct override *o)
{
	struct change c = { .o = o };

	if (!(o->where ? find_in_model(bd, &c) : find_in_workload(bd, &c)))
		return;
	if (setting_is_form(o->value))
		apply_one(bd, &c);
	else
		apply_map(bd, &c);
}

/* An alias and its name are one thing, said twice. */
static void check_doubles(struct binder *bd)
{
	const struct scenario *s = bd->s;
	int slot;

	for (int i = 0; i < s->noverrides; i++)
		for (int k = 0; k < i; k++) {
			const struct override *a = &s->override[k];
			const struct override *b = &s->override[i];

			if (a->where || b->where
			    || strcmp(a->name, b->name) == 0)
				continue;
			if (workload_param(bd->w, a->name, &slot)
			    == workload_param(bd->w, b->name, &slot)
			    && workload_param(bd->w, a->name, &slot))
				err_at(&bd->err, ERR_INPUT, b->value->pos,
				       "`%s` and `%s` are two names of one "
				       "parameter: state it once", a->name,
				       b->name);
		}
}

void bind_values(struct binder *bd)
{
	const struct scenario *s = bd->s;

	check_doubles(bd);
	for (int labelled = 0; labelled < 2; labelled++)
		for (int i = 0; i < s->noverrides; i++)
			if ((strchr(s->override[i].name, '@') != NULL)
			    == labelled)
				apply(bd, &s->override[i]);
}
