/*
 * `presets:`: structural uncertainty.  A preset is one coordinate that picks a
 * label; every label gives the same parameters their values.
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

static const char *const choice_keys[] = { "weight", "set", "title", NULL };

static bool read_weight(struct loader *ld, const struct ynode *n,
                        const char *what, double *out)
{
	struct unit one = unit_one();
	const struct ynode *weight = yaml_get(n, "weight");

	if (!weight)
		return err_at(&ld->err, ERR_INPUT, n->pos, "`%s` needs "
		              "`weight:`", what);
	if (!read_quantity(ld->arena, ld->units, weight, &one, "weight", out,
	                   &ld->err))
		return false;
	return (*out >= 0 && *out <= 1)
		|| err_at(&ld->err, ERR_INPUT, text_pos(weight), "a weight "
		          "must lie between 0 and 1");
}

/* One `NAME: VALUE` of `set:`, for one slot or all slots of the parameter. */
static void read_set(struct loader *ld, const struct ynode *key,
                     const struct ynode *value, struct preset_choice *c)
{
	struct setting_reader r = {
		ld->arena, ld->units, ld->workload, &ld->err,
	};
	const struct model *m = ld->model;
	const struct setting *s;
	const struct param *p;
	int slot;

	p = model_param(m, key->text, &slot);
	if (!p) {
		if (!ld->undeclared)
			err_at(&ld->err, ERR_INPUT, key->pos, "there is no "
			       "parameter `%s`: declare it under `parameters:`"
			       "%s", key->text,
			       suggestion(ld->arena, key->text,
			                  param_list(ld->arena, m->param,
			                             m->nparams)));
		return;
	}
	s = setting_read(&r, value, p);
	if (!s)
		return;
	for (int i = 0; i < p->nslots; i++)
		if (slot < 0 || slot == i)
			c->set[c->nsets++] = (struct preset_set){
				.slot = p->first_slot + i, .setting = s,
			};
}

/* Room for a `set:` that names every slot of each parameter. */
static size_t room_for(const struct model *m, const struct ynode *set)
{
	size_t n = 0;
	int slot;

	for (int i = 0; i < set->n; i++) {
		const struct param *p = model_param(m, set->key[i]->text,
		                                    &slot);

		n += p ? (size_t)p->nslots : 0;
	}
	return n + 1;
}

static bool read_choice(struct loader *ld, const struct ynode *key,
                        const struct ynode *body, struct preset_choice *c)
{
	const struct ynode *set;

	c->label = key->text;
	if (!want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, choice_keys, &ld->err))
		return false;
	c->title = get_text(&ld->err, body, "title", false, key->text);
	set = yaml_get(body, "set");
	if (set && want_map(set, "set", &ld->err)) {
		c->set = arena_alloc(ld->arena, room_for(ld->model, set)
		                                * sizeof *c->set);
		for (int i = 0; i < set->n; i++)
			read_set(ld, set->key[i], set->item[i], c);
	}
	return read_weight(ld, body, key->text, &c->weight);
}

/* A preset's own words stand among its choices. */
static bool is_word(const char *key)
{
	return strcmp(key, "title") == 0 || strcmp(key, "source") == 0
		|| strcmp(key, "provenance") == 0;
}

static void read_choices(struct loader *ld, const struct ynode *body,
                         struct preset *p)
{
	double sum = 0;
	bool ok = true;

	p->choice = arena_alloc(ld->arena, ((size_t)body->n + 1)
	                                   * sizeof *p->choice);
	for (int i = 0; i < body->n; i++) {
		if (is_word(body->key[i]->text))
			continue;
		ok &= read_choice(ld, body->key[i], body->item[i],
		                  &p->choice[p->n]);
		sum += p->choice[p->n++].weight;
	}
	if (p->n == 0)
		err_at(&ld->err, ERR_INPUT, body->pos, "the preset `%s` has no "
		       "choices", p->name);
	else if (ok && fabs(sum - 1) > 1e-6)
		err_at(&ld->err, ERR_INPUT, body->pos, "the weights of the "
		       "preset `%s` sum to %g, not to 1", p->name, sum);
}

static void load_preset(struct loader *ld, const struct ynode *key,
                        const struct ynode *body, struct preset *p)
{
	int slot;

	if (model_param(ld->model, key->text, &slot))
		err_at(&ld->err, ERR_INPUT, key->pos, "`%s` is a parameter: "
		       "choose another name for the preset", key->text);
	p->name = key->text;
	p->pos = key->pos;
	p->slot = ld->model->nslots++;
	p->dim = ld->ndims++;
	if (!want_map(body, key->text, &ld->err))
		return;
	p->title = get_text(&ld->err, body, "title", false, key->text);
	read_source(ld->arena, yaml_get(body, "source"),
	            yaml_get(body, "provenance"), &p->source, &ld->err);
	read_choices(ld, body, p);
}

/* --- what the presets say together ---------------------------------------- */

static bool choice_sets(const struct preset_choice *c, int slot)
{
	for (int i = 0; i < c->nsets; i++)
		if (c->set[i].slot == slot)
			return true;
	return false;
}

static bool preset_sets(const struct preset *p, int slot)
{
	for (int i = 0; i < p->n; i++)
		if (choice_sets(&p->choice[i], slot))
			return true;
	return false;
}

/* A slot obeys one preset; a choice that leaves it alone needs its own value
 * to fall back on. */
static void check_slot(struct loader *ld, const struct param *param, int i)
{
	const struct model *m = ld->model;
	const struct preset *owner = NULL;
	int slot = param->first_slot + i;

	for (int k = 0; k < m->npresets; k++) {
		const struct preset *p = &m->preset[k];

		if (!preset_sets(p, slot))
			continue;
		if (owner)
			err_at(&ld->err, ERR_INPUT, p->pos, "`%s` is set by "
			       "two presets, `%s` and `%s`",
			       param->slot_name[i], owner->name, p->name);
		owner = p;
		for (int c = 0; c < p->n && !param->setting[i]; c++)
			if (!choice_sets(&p->choice[c], slot))
				err_at(&ld->err, ERR_INPUT, p->pos, "`%s` has "
				       "no value of its own, and the choice "
				       "`%s` of `%s` sets none",
				       param->slot_name[i],
				       p->choice[c].label, p->name);
	}
}

void load_presets(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	m->preset = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                   * sizeof *m->preset);
	for (int i = 0; i < n->n; i++)
		load_preset(ld, n->key[i], n->item[i],
		            &m->preset[m->npresets++]);
	for (int i = 0; i < m->nparams; i++)
		for (int k = 0; k < m->param[i].nslots; k++)
			check_slot(ld, &m->param[i], k);
}
