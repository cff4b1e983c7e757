/* Which label a preset takes, and the values that follow from it. */
#include "model/bound_int.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"

#include "base/banned.h"

struct dist *setting_dist(struct arena *a, const struct setting *s)
{
	switch (s->kind) {
	case SET_DIST:
		return s->dist;
	case SET_CHOICE:
		return dist_point(a, s->choice);
	default:
		return NULL;
	}
}

/* --- weights -------------------------------------------------------------- */

static int label_index(struct binder *bd, const struct preset *p,
                       const char *label, struct pos pos)
{
	const char **known = arena_alloc(bd->b->arena, ((size_t)p->n + 1)
	                                               * sizeof *known);

	for (int i = 0; i < p->n; i++) {
		if (strcmp(p->choice[i].label, label) == 0)
			return i;
		known[i] = p->choice[i].label;
	}
	err_at(&bd->err, ERR_INPUT, pos, "`%s` is no choice of `%s` (%s)%s",
	       label, p->name, list_text(bd->b->arena, known),
	       suggestion(bd->b->arena, label, known));
	return -1;
}

static bool stated_weights(struct binder *bd, const struct preset *p,
                           const struct ynode *map, double *weight)
{
	double sum = 0;

	for (int i = 0; i < map->n; i++) {
		int k = label_index(bd, p, map->key[i]->text,
		                    map->key[i]->pos);
		double v;

		if (k < 0 || !yaml_number(map->item[i], "a weight", &v,
		                          &bd->err))
			return false;
		if (!(v >= 0 && v <= 1))
			return err_at(&bd->err, ERR_INPUT, map->item[i]->pos,
			              "a weight must lie between 0 and 1");
		weight[k] = v;
		sum += v;
	}
	return fabs(sum - 1) <= 1e-6
		|| err_at(&bd->err, ERR_INPUT, map->pos, "the weights of `%s` "
		          "sum to %g, not to 1", p->name, sum);
}

static bool find_weights(struct binder *bd, const struct preset *p,
                         const struct preset_choice_set *stated,
                         double *weight)
{
	int k;

	for (int i = 0; i < p->n; i++)
		weight[i] = stated ? 0 : p->choice[i].weight;
	if (!stated)
		return true;
	if (stated->value->kind == Y_MAP)
		return stated_weights(bd, p, stated->value, weight);
	k = label_index(bd, p, stated->value->text, text_pos(stated->value));
	if (k >= 0)
		weight[k] = 1;
	return k >= 0;
}

/* The coordinate's law: the index of a label, by weight. */
static struct dist *coordinate(struct binder *bd, const struct preset *p,
                               const double *weight, int fixed)
{
	struct unit one = unit_one();
	struct dist *d;
	struct buf b;

	if (fixed >= 0)
		return dist_point(bd->b->arena, fixed);
	buf_init(&b);
	buf_add(&b, "discrete(");
	for (int i = 0, n = 0; i < p->n; i++)
		if (weight[i] > 0) {
			buf_addf(&b, "%s%d: ", n++ ? ", " : "", i);
			num_exact(&b, weight[i]);
		}
	buf_addc(&b, ')');
	d = dist_parse(bd->b->arena, library_units(bd->l), b.s, &one, NULL,
	               p->pos, &bd->err);
	buf_release(&b);
	return d;
}

/* --- what it sets --------------------------------------------------------- */

static const struct setting *set_by(const struct preset_choice *c, int slot)
{
	for (int i = 0; i < c->nsets; i++)
		if (c->set[i].slot == slot)
			return c->set[i].setting;
	return NULL;
}

static bool is_set(const struct preset *p, int slot)
{
	for (int i = 0; i < p->n; i++)
		if (set_by(&p->choice[i], slot))
			return true;
	return false;
}

static void fix_slot(struct binder *bd, const struct preset *p, int fixed,
                     int local, int slot)
{
	const struct setting *s = set_by(&p->choice[fixed], local);

	if (!s)
		return;                 /* the parameter keeps its own */
	bd->chosen[slot].setting = s;
	bd->chosen[slot].origin = "preset";
	bd->chosen[slot].source = s->source.kind ? s->source : p->source;
}

static void mix_slot(struct binder *bd, const struct preset *p, int coord,
                     int local, int slot)
{
	struct slot *out = &bd->b->slot[slot];
	struct dist **law = arena_alloc(bd->b->arena, (size_t)p->n
	                                              * sizeof *law);

	for (int i = 0; i < p->n; i++) {
		const struct setting *s = set_by(&p->choice[i], local);
		int before = bd->err.n;

		if (!s)
			s = bd->chosen[slot].setting;
		law[i] = s ? bind_law(bd, s, out) : NULL;
		if (law[i])
			continue;
		if (bd->err.n > before)
			return;
		err_at(&bd->err, ERR_INPUT, s ? s->pos : p->pos, "`%s` is "
		       "drawn by the preset `%s`: each choice must give it a "
		       "law of its own, not `%s`",
		       out->name, p->name, s ? s->text : "nothing");
		return;
	}
	out->kind = SLOT_MIXED;
	out->preset = coord;
	out->by_label = law;
	out->text = arena_printf(bd->b->arena, "by preset %s", p->name);
	out->origin = "preset";
	out->source = p->source;
	out->pos = p->pos;
}

static void set_values(struct binder *bd, int model, const struct preset *p,
                       int fixed)
{
	const struct bound_model *bm = &bd->b->model[model];
	int base = bm->first_slot;

	for (int local = 0; local < bm->model->nslots; local++) {
		int slot = base + local;

		if (!is_set(p, local))
			continue;
		if (bd->chosen[slot].stated)
			binder_warn(bd, bm->model->name, "preset_overridden",
			            "%s is stated by the scenario: the preset "
			            "%s no longer sets it",
			            bd->b->slot[slot].name, p->name);
		else if (fixed >= 0)
			fix_slot(bd, p, fixed, local, slot);
		else
			mix_slot(bd, p, base + p->slot, local, slot);
	}
}

static void bind_preset(struct binder *bd, int model, const struct preset *p)
{
	struct bound_model *bm = &bd->b->model[model];
	const struct preset_choice_set *stated
		= scenario_preset(bd->s, bm->model->name, p->name);
	struct slot *coord = &bd->b->slot[bm->first_slot + p->slot];
	double *weight = arena_alloc(bd->b->arena, (size_t)p->n
	                                           * sizeof *weight);
	int fixed = -1, possible = 0;

	if (!find_weights(bd, p, stated, weight))
		return;
	for (int i = 0; i < p->n; i++)
		if (weight[i] > 0) {
			fixed = i;
			possible++;
		}
	fixed = possible == 1 ? fixed : -1;
	coord->dist = coordinate(bd, p, weight, fixed);
	coord->text = fixed >= 0 ? p->choice[fixed].label
		: stated ? node_text(bd->b->arena, stated->value) : "weighted";
	if (stated) {
		coord->origin = "scenario";
		coord->source = (struct source){ .kind = "user" };
		coord->pos = stated->value->pos;
	}
	set_values(bd, model, p, fixed);
}

void bind_presets(struct binder *bd)
{
	for (int i = 0; i < bd->b->nmodels; i++) {
		const struct model *m = bd->b->model[i].model;

		for (int k = 0; k < m->npresets; k++)
			bind_preset(bd, i, &m->preset[k]);
	}
}
