/*
 * `reads:` and `parameters:`: names, units, bounds, and the slots their values
 * take.  A slot is one value: one for a plain parameter, one a label for a map
 * over an axis (what stands under `else` is one).
 *
 *      price_in: {api_closed: .., self_host: .., else: ..}
 *      slot       0              1               2         + first_slot
 *      draw dim   0              1               2         + first_dim
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "dist/draws.h"

#include "base/banned.h"

static const char *const param_keys[] = {
	"title", "unit", "value", "bounds", "ask", "group", "source",
	"provenance", "choice", "type", "draw", "by", "stateful", "aka",
	"retired", "from", "else", NULL,
};

/* --- kind, unit, bounds --------------------------------------------------- */

static bool looks_true_or_false(const struct ynode *v)
{
	return v && v->kind == Y_SCALAR && !v->quoted
		&& (strcmp(v->text, "true") == 0
		    || strcmp(v->text, "false") == 0);
}

static bool read_type(struct loader *ld, const struct ynode *body,
                      struct param *p, const struct link *link)
{
	const struct ynode *type = yaml_get(body, "type");
	const struct ynode *choice = yaml_get(body, "choice");

	if (choice) {
		p->type = TYPE_LABEL;
		p->choice = get_texts(ld->arena, &ld->err, choice, "choice",
		                      &p->nchoices);
		if (p->nchoices < 2)
			return err_at(&ld->err, ERR_INPUT, choice->pos,
			              "`%s` needs two choices or more",
			              p->name);
		return true;
	}
	if (type && type->kind == Y_SCALAR
	    && strcmp(type->text, "boolean") == 0) {
		p->type = TYPE_BOOL;
	} else if (type && (type->kind != Y_SCALAR
	                    || strcmp(type->text, "number") != 0)) {
		return err_at(&ld->err, ERR_INPUT, type->pos, "`%s`: a type is "
		              "`number` or `boolean`; a choice is written "
		              "`choice: [a, b]`", p->name);
	} else if (!type && link && link->param) {
		p->type = link->param->type;
		p->choice = link->param->choice;
		p->nchoices = link->param->nchoices;
	} else if (!type && looks_true_or_false(yaml_get(body, "value"))) {
		p->type = TYPE_BOOL;
	}
	return true;
}

/* `else: 0 s` tells the unit of a figure that is read. */
static bool unit_of_text(struct loader *ld, const struct ynode *n,
                         struct param *p)
{
	double value;
	size_t len;

	if (!n || n->kind != Y_SCALAR || num_scan(n->text, &value, &len))
		return false;
	len += strspn(n->text + len, " ");
	if (n->text[len] == '\0' || unit_parse(ld->units, n->text + len,
	                                       &p->unit))
		return false;
	p->unit_text = arena_strdup(ld->arena, n->text + len);
	return true;
}

static bool param_unit(struct loader *ld, const struct ynode *key,
                       const struct ynode *body, struct param *p,
                       const struct link *link)
{
	const struct ynode *unit = yaml_get(body, "unit");

	p->unit = unit_one();
	p->unit_text = "1";
	if (p->type != TYPE_NUMBER) {
		if (unit)
			return err_at(&ld->err, ERR_INPUT, unit->pos,
			              "`%s` is no number and has no unit",
			              p->name);
		return true;
	}
	if (unit)
		return read_unit(ld->units, unit, p->name, &p->unit,
		                 &p->unit_text, &ld->err);
	if (link) {
		p->unit = link->unit;
		p->unit_text = link->unit_text;
		return true;
	}
	if (yaml_get(body, "from")
	    && unit_of_text(ld, yaml_get(body, "else"), p))
		return true;
	return err_at(&ld->err, ERR_INPUT, key->pos, "`%s` needs a unit "
	              "(`unit: \"1\"` for a plain number)", p->name);
}

static bool bound_end(struct loader *ld, const struct ynode *n,
                      const struct param *p, double *out)
{
	if (n->kind == Y_SCALAR && strcmp(n->text, "none") == 0)
		return true;
	return read_quantity(ld->arena, ld->units, n, &p->unit, "a bound", out,
	                     &ld->err);
}

static void param_bounds(struct loader *ld, const struct ynode *body,
                         struct param *p, const struct link *link)
{
	const struct ynode *n = yaml_get(body, "bounds");

	p->low = -HUGE_VAL;
	p->high = HUGE_VAL;
	if (!n && link && link->param) {
		p->low = link->param->low;
		p->high = link->param->high;
	}
	if (!n)
		return;
	if (n->kind != Y_SEQ || n->n != 2) {
		err_at(&ld->err, ERR_INPUT, n->pos, "`%s`: bounds are a list "
		       "of two numbers, [LOW, HIGH] (`none` for an open end)",
		       p->name);
		return;
	}
	if (!bound_end(ld, n->item[0], p, &p->low)
	    || !bound_end(ld, n->item[1], p, &p->high)
	    || p->low < p->high)
		return;
	err_at(&ld->err, ERR_INPUT, n->pos, "`%s`: the lower bound must lie "
	       "below the upper one", p->name);
	p->low = -HUGE_VAL;
	p->high = HUGE_VAL;
}

/* --- words ---------------------------------------------------------------- */

static bool param_words(struct loader *ld, const struct ynode *body,
                        struct param *p, const struct link *link)
{
	const struct ynode *aka = yaml_get(body, "aka");
	const struct ynode *draw = yaml_get(body, "draw");
	struct err *err = &ld->err;
	bool ok = true;

	p->title = get_text(err, body, "title", false, p->name);
	p->ask = get_text(err, body, "ask", false, p->name);
	p->group = get_text(err, body, "group", false, p->name);
	if (!p->title && link)
		p->title = link->title;
	if (link && link->param) {
		p->ask = p->ask ? p->ask : link->param->ask;
		p->group = p->group ? p->group : link->param->group;
	}
	if (draw && !(draw->kind == Y_SCALAR
	              && strcmp(draw->text, "common") == 0))
		ok = err_at(err, ERR_INPUT, draw->pos, "`%s`: the only way to "
		            "tie draws is `draw: common`", p->name);
	p->common = draw != NULL;
	if (aka && ld->model)
		ok = err_at(err, ERR_INPUT, aka->pos, "`aka:` gives other "
		            "names to parameters of the workload only");
	else if (aka)
		p->aka = get_texts(ld->arena, err, aka, "aka", NULL);
	ok &= read_source(ld->arena, yaml_get(body, "source"),
	                  yaml_get(body, "provenance"), &p->source, err);
	return ok & get_bool(err, body, "stateful", &p->stateful);
}

/* --- slots ---------------------------------------------------------------- */

static void make_slots(struct loader *ld, struct param *p, int n)
{
	size_t count = (size_t)n;

	p->nslots = n;
	p->slot_name = arena_alloc(ld->arena, count * sizeof *p->slot_name);
	p->setting = arena_alloc(ld->arena, count * sizeof *p->setting);
}

static void name_slot(struct loader *ld, struct param *p, int slot,
                      const char *label)
{
	p->slot_name[slot] = arena_printf(ld->arena, "%s@%s", p->name, label);
}

static void plain_slot(struct loader *ld, struct param *p)
{
	p->axis = -1;
	make_slots(ld, p, 1);
	p->slot_name[0] = p->name;
}

/* `by: AXIS` without a map: one slot a label. */
static bool slots_by_axis(struct loader *ld, const struct ynode *by,
                          struct param *p)
{
	const char *name;

	if (!yaml_text(by, "by", &name, &ld->err))
		return false;
	for (int a = 0; a < env_axes(ld->env); a++) {
		int n = env_axis_size(ld->env, a);

		if (a == AXIS_MONTH || strcmp(env_axis_name(ld->env, a), name))
			continue;
		if (n == 0)
			break;
		p->axis = a;
		make_slots(ld, p, n);
		p->slot_of_label = arena_alloc(ld->arena, (size_t)n
		                               * sizeof *p->slot_of_label);
		for (int i = 0; i < n; i++) {
			p->slot_of_label[i] = i;
			name_slot(ld, p, i, env_axis_label(ld->env, a, i));
		}
		return true;
	}
	return err_at(&ld->err, ERR_INPUT, text_pos(by), "`%s`: there is no "
	              "axis `%s`", p->name, name);
}

/* Every label must have found its entry. */
static bool labels_covered(struct loader *ld, const struct ynode *map,
                           const struct param *p)
{
	int n = env_axis_size(ld->env, p->axis);

	for (int i = 0; i < n; i++)
		if (p->slot_of_label[i] < 0)
			return err_at(&ld->err, ERR_INPUT, map->pos, "`%s` has "
			              "no value for `%s`: add it, or `else:`",
			              p->name,
			              env_axis_label(ld->env, p->axis, i));
	return true;
}

static bool slots_of_map(struct loader *ld, const struct ynode *map,
                         struct param *p)
{
	int axis = axis_of_map(ld->arena, ld->env, map, p->name, &ld->err);
	int n, otherwise = -1;

	if (axis < 0)
		return false;
	n = env_axis_size(ld->env, axis);
	p->axis = axis;
	p->slot_of_label = arena_alloc(ld->arena, (size_t)n
	                               * sizeof *p->slot_of_label);
	make_slots(ld, p, map->n);
	for (int i = 0; i < n; i++)
		p->slot_of_label[i] = -1;
	for (int i = 0; i < map->n; i++) {
		const char *label = map->key[i]->text;
		int found;

		name_slot(ld, p, i, label);
		if (strcmp(label, "else") == 0)
			otherwise = i;
		else
			p->slot_of_label[env_find_label(ld->env, label,
			                                &found)] = i;
	}
	for (int i = 0; i < n; i++)
		if (p->slot_of_label[i] < 0)
			p->slot_of_label[i] = otherwise;
	return labels_covered(ld, map, p);
}

static void refuse_evidence(struct loader *ld, const struct setting *s)
{
	if (s && s->kind == SET_EVIDENCE)
		err_at(&ld->err, ERR_INPUT, s->pos, "evidence belongs to a "
		       "scenario: a model states a value and its source");
}

static void read_values(struct loader *ld, const struct ynode *value,
                        struct param *p)
{
	struct setting_reader r = {
		ld->arena, ld->units, ld->workload, &ld->err,
	};
	bool map = !setting_is_form(value);

	for (int i = 0; i < p->nslots; i++) {
		p->setting[i] = setting_read(&r, map ? value->item[i] : value,
		                             p);
		refuse_evidence(ld, p->setting[i]);
	}
}

/* Finds the slots and their values; false when the slots are not known. */
static bool lay_out(struct loader *ld, const struct ynode *body,
                    struct param *p)
{
	const struct ynode *value = yaml_get(body, "value");
	const struct ynode *by = yaml_get(body, "by");
	bool map = value && !setting_is_form(value);

	if (value && value->kind == Y_SEQ)
		return err_at(&ld->err, ERR_INPUT, value->pos, "`%s`: a value "
		              "is no list", p->name);
	if (by && map)
		return err_at(&ld->err, ERR_INPUT, by->pos, "`%s`: the map "
		              "itself says its axis; leave `by:` out",
		              p->name);
	if (by ? !slots_by_axis(ld, by, p)
	       : map && !slots_of_map(ld, value, p))
		return false;
	if (value && !node_empty(value))
		read_values(ld, value, p);
	return true;
}

/* `reads: {name: {from: .., else: .., unit: ..}}`: the two keys make the value
 * of a parameter that is otherwise like any other. */
static const struct ynode *read_as_param(struct loader *ld,
                                         const struct ynode *body)
{
	struct ynode *value, *out;

	if (!yaml_get(body, "from"))
		return body;
	value = arena_alloc(ld->arena, sizeof *value);
	out = arena_alloc(ld->arena, sizeof *out);
	*value = *body;
	value->n = 0;
	value->item = arena_alloc(ld->arena, 2 * sizeof *value->item);
	value->key = arena_alloc(ld->arena, 2 * sizeof *value->key);
	for (int i = 0; i < body->n; i++)
		if (strcmp(body->key[i]->text, "from") == 0
		    || strcmp(body->key[i]->text, "else") == 0) {
			value->item[value->n] = body->item[i];
			value->key[value->n++] = body->key[i];
		}
	*out = *body;
	out->n = body->n + 1;
	out->item = arena_alloc(ld->arena, (size_t)out->n * sizeof *out->item);
	out->key = arena_alloc(ld->arena, (size_t)out->n * sizeof *out->key);
	memcpy(out->item, body->item, (size_t)body->n * sizeof *out->item);
	memcpy(out->key, body->key, (size_t)body->n * sizeof *out->key);
	out->item[body->n] = value;
	out->key[body->n] = arena_alloc(ld->arena, sizeof **out->key);
	*out->key[body->n] = (struct ynode){
		.kind = Y_SCALAR, .pos = body->pos, .text = "value",
	};
	return out;
}

/* --- one entry ------------------------------------------------------------ */

static bool declare_param(struct loader *ld, const struct param *p)
{
	int n = p->axis < 0 ? 1 : env_axis_size(ld->env, p->axis);
	int *slot = arena_alloc(ld->arena, (size_t)n * sizeof *slot);
	struct env_param e = {
		.name = p->name, .pos = p->pos, .type = p->type,
		.unit = p->unit, .unit_text = p->unit_text, .axis = p->axis,
		.slot = slot, .labels = p->choice, .nlabels = p->nchoices,
		.stateful = p->stateful,
	};

	for (int i = 0; i < n; i++)
		slot[i] = p->first_slot + (p->axis < 0 ? 0
		                                       : p->slot_of_label[i]);
	return env_param(ld->env, &e, &ld->err);
}

/* The link that gives unit, bounds and words: the first one in the value. */
static const struct link *find_link(struct loader *ld,
                                    const struct ynode *body,
                                    struct link *link)
{
	const struct ynode *value = yaml_get(body, "value");
	const struct ynode *name = value ? setting_link(value) : NULL;

	if (!name || !ld->workload
	    || !workload_link(ld->workload, name->text, link))
		return NULL;
	return link;
}

/* The value of an unknown link says more than a missing unit. */
static bool broken_link(struct loader *ld, const struct ynode *body)
{
	const struct ynode *value = yaml_get(body, "value");
	const struct ynode *name = value ? setting_link(value) : NULL;

	if (!name || yaml_get(body, "unit"))
		return false;
	if (!ld->workload)
		err_at(&ld->err, ERR_INPUT, name->pos, "a value of the "
		       "workload cannot be {workload: ...}");
	else
		err_at(&ld->err, ERR_INPUT, text_pos(name), "the workload has "
		       "no `%s`%s", name->text,
		       suggestion(ld->arena, name->text,
		                  workload_list(ld->arena, ld->workload)));
	return true;
}

bool load_param(struct loader *ld, const struct ynode *key,
                const struct ynode *body, struct param *p, int *nslots)
{
	struct link room;
	const struct link *link;
	bool known;

	p->name = key->text;
	p->pos = key->pos;
	p->first_slot = *nslots;
	p->first_dim = ld->ndims;
	plain_slot(ld, p);
	body = read_as_param(ld, body);
	link = find_link(ld, body, &room);
	if (!link && broken_link(ld, body))
		return false;
	yaml_only(body, p->name, param_keys, &ld->err);
	param_words(ld, body, p, link);
	known = read_type(ld, body, p, link)
		&& param_unit(ld, key, body, p, link);
	if (known) {
		param_bounds(ld, body, p, link);
		known = lay_out(ld, body, p);
	}
	*nslots += p->nslots;
	ld->ndims += p->common ? 1 : p->nslots;
	return known && declare_param(ld, p);
}

/* --- the sections --------------------------------------------------------- */

/* `old_name: {retired: N}` keeps the N draw dimensions (`yes`: one) of a
 * parameter that is gone, so that the draws of those after it do not move. */
static bool skip_retired(struct loader *ld, const struct ynode *body)
{
	const struct ynode *n = yaml_get(body, "retired");
	static const char *const keys[] = { "retired", NULL };
	long long dims;
	bool yes;

	if (!n)
		return false;
	yaml_only(body, "a retired parameter", keys, &ld->err);
	if (n->kind == Y_SCALAR && num_parse_int(n->text, 1, DRAWS_BLOCK,
	                                         &dims))
		ld->ndims += (int)dims;
	else if (yaml_bool(n, "retired", &yes, &ld->err) && yes)
		ld->ndims++;
	return true;
}

/* The parameters so far, with room for `more`. */
static void make_room(struct loader *ld, int more)
{
	struct model *m = ld->model;
	struct param *old = m->param;

	m->param = arena_alloc(ld->arena, ((size_t)(m->nparams + more) + 1)
	                                  * sizeof *m->param);
	if (m->nparams)
		memcpy(m->param, old, (size_t)m->nparams * sizeof *old);
}

void load_parameters(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	make_room(ld, n->n);
	for (int i = 0; i < n->n; i++) {
		if (!want_map(n->item[i], n->key[i]->text, &ld->err)) {
			ld->undeclared = true;
			continue;
		}
		if (skip_retired(ld, n->item[i]))
			continue;
		if (!load_param(ld, n->key[i], n->item[i],
		                &m->param[m->nparams], &m->nslots))
			ld->undeclared = true;
		m->nparams++;
	}
}

void load_reads(struct loader *ld, const struct ynode *n)
{
	load_parameters(ld, n);
	for (int i = 0; i < n->n; i++)
		if (n->item[i]->kind == Y_MAP
		    && !yaml_get(n->item[i], "from")
		    && !yaml_get(n->item[i], "retired"))
			err_at(&ld->err, ERR_INPUT, n->key[i]->pos,
			       "`%s` under `reads:` needs `from: MODEL.OUTPUT`",
			       n->key[i]->text);
}

/* `times:` may name a parameter that stands further down. */
static void check_times(struct loader *ld, const struct setting *s)
{
	const struct model *m = ld->model;
	int slot;

	if (!s || !s->times || model_param(m, s->times, &slot))
		return;
	err_at(&ld->err, ERR_INPUT, s->pos, "`times: %s`: there is no such "
	       "parameter%s", s->times,
	       suggestion(ld->arena, s->times,
	                  param_list(ld->arena, m->param, m->nparams)));
}

void check_parameters(struct loader *ld, const struct ynode *n)
{
	const struct model *m = ld->model;

	for (int i = 0; i < m->nparams; i++)
		for (int k = 0; k < m->param[i].nslots; k++)
			check_times(ld, m->param[i].setting[k]);
	if (m->nslots > MODEL_MAX_PARAMS)
		err_at(&ld->err, ERR_LIMIT, n->pos, "the model has %d values; "
		       "%d are possible", m->nslots, MODEL_MAX_PARAMS);
}
