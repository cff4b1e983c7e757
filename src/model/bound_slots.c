/* From chosen settings to slots: laws, prices, links to the workload. */
#include "model/bound_int.h"

#include <string.h>

#include "base/banned.h"

/* --- required values ------------------------------------------------------ */

static void no_value(struct binder *bd, struct slot *out)
{
	const struct param *p = out->param;

	/* The workload's are needed only where something reads them. */
	out->kind = SLOT_ABSENT;
	if (out->model < 0)
		return;
	err_at(&bd->err, ERR_INPUT, binder_place(bd), "%s needs a value for "
	       "`%s`%s%s", bd->b->model[out->model].model->name, out->name,
	       p->ask ? ": " : "", p->ask ? p->ask : "");
}

/* --- prices --------------------------------------------------------------- */

struct factor { double value; struct unit unit; const char *unit_text;
                struct source source; const char *origin, *retires; };

/* "ID.FIELD" of an example. */
static bool is_price(const char *name, const char *id, const char *field)
{
	size_t n = strlen(id);

	return strncmp(name, id, n) == 0 && name[n] == '.'
		&& strcmp(name + n + 1, field) == 0;
}

/* A price that the example or the scenario states: in the map's unit, else in the parameter's. */
static bool given_price(struct binder *bd, const struct setting *s,
                        const struct slot *out,
                        const struct example_given *g, struct factor *f)
{
	const char *origin;
	const struct price *known = bound_price(bd->b, s->name, s->field, NULL,
	                                        &origin);

	f->origin = bd->example ? "price map" : "scenario";
	f->retires = NULL;
	f->unit = known ? known->unit : out->param->unit;
	f->unit_text = known ? known->unit_text : out->param->unit_text;
	f->source = (struct source){ .kind = "user" };
	if (!read_quantity(bd->b->arena, library_units(bd->l), g->value,
	                   &f->unit, g->name, &f->value, &bd->err))
		return false;
	return f->value >= 0 || err_at(&bd->err, ERR_INPUT,
	                               text_pos(g->value), "the price `%s` is "
	                               "negative", g->name);
}

static bool find_price(struct binder *bd, const struct setting *s,
                       const struct slot *out, struct factor *f)
{
	const char *as_of = bd->s->prices_as_of, *origin;
	const struct ynode *set = bd->s->price_set;
	const struct price *p;

	for (int i = 0; bd->example && i < bd->example->nprices; i++)
		if (is_price(bd->example->price[i].name, s->name, s->field)) {
			bd->price_used[i] = true;
			return given_price(bd, s, out, &bd->example->price[i],
			                   f);
		}
	for (int i = 0; set && i < set->n; i++)
		if (is_price(set->key[i]->text, s->name, s->field))
			return given_price(bd, s, out, &(struct example_given){
				set->key[i]->text, set->item[i],
				set->key[i]->pos }, f);
	p = bound_price(bd->b, s->name, s->field, as_of, &origin);
	if (!p)
		return bound_price_missing(bd, s->name, s->field, s->pos);
	*f = (struct factor){ p->value, p->unit, p->unit_text, p->source,
	                      origin, p->retires };
	return true;
}

static const struct param *times_param(struct binder *bd,
                                       const struct slot *out,
                                       const char *name, int *slot)
{
	return out->model < 0
		? workload_param(bd->w, name, slot)
		: model_param(bd->b->model[out->model].model, name, slot);
}

/* The slot of the multiplier: the one for this slot's label, when it differs
 * over the same axis. */
static bool find_times(struct binder *bd, const struct setting *s,
                       struct slot *out, const struct param **found)
{
	const struct param *p = out->param, *t;
	int slot;

	t = times_param(bd, out, s->times, &slot);
	if (!t)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`times: %s`: "
		              "there is no such parameter", s->times);
	for (int i = 0; slot < 0 && p->axis == t->axis
	     && i < env_axis_size(bd->b->model[out->model].model->env,
	                          p->axis); i++) {
		if (p->slot_of_label[i] != out->index)
			continue;
		slot = t->slot_of_label[i];
		for (int k = 0; k < i; k++)
			if (p->slot_of_label[k] == out->index
			    && t->slot_of_label[k] != slot)
				slot = -2;
	}
	if (slot < 0)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`times: %s` is "
		              "several values for `%s`: name one, %s@LABEL",
		              s->times, out->name, t->name);
	out->times = binder_base(bd, out->model) + t->first_slot + slot;
	*found = t;
	return true;
}

/* What stands behind it: of the maps that come after the one it is of. */
static const char *over_of(const struct binder *bd, const struct setting *s,
                           const struct slot *out)
{
	const struct bound *b = bd->b;
	int from = 0;

	if (strcmp(out->price, "built-in") == 0)
		return NULL;
	while (strcmp(out->price, "import") == 0 && from < b->nprice_maps
	       && !price_find(b->price_map[from], s->name, s->field,
	                      bd->s->prices_as_of))
		from++;
	return bound_price_over(bd, s, from + (strcmp(out->price, "import")
	                                       == 0));
}

/* An import that holds the model unpriced, and a map behind it that does not. */
static void warn_unpriced(struct binder *bd, const struct setting *s,
                          const struct slot *out)
{
	const struct bound *b = bd->b;

	for (int i = 0; i < b->nprice_maps
	     && strcmp(out->price, "built-in") == 0; i++) {
		const struct ynode *n = b->price_map[i]->unpriced
			? yaml_get(b->price_map[i]->unpriced, s->name) : NULL;

		if (n && n->text)
			binder_warn(bd, out->model < 0 ? NULL
			            : b->model[out->model].model->name,
			            "unpriced_import", "%s: the imported map "
			            "holds %s unpriced (%s), so the built-in "
			            "price of %s stands", out->name, s->name,
			            n->text, out->source.date);
	}
}

static bool make_price(struct binder *bd, const struct setting *s,
                       struct slot *out)
{
	const struct param *times = NULL;
	struct unit unit;
	struct factor f;

	if (!find_price(bd, s, out, &f)
	    || (s->times && !find_times(bd, s, out, &times)))
		return false;
	unit = times ? unit_mul(&f.unit, &times->unit) : f.unit;
	if (!unit_same(&unit, &out->param->unit))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` is in %s, the "
		              "price `%s.%s` in %s%s%s", out->name,
		              out->param->unit_text, s->name, s->field,
		              f.unit_text, times ? " times " : "",
		              times ? times->unit_text : "");
	out->kind = times ? SLOT_PRICE : SLOT_INPUT;
	out->factor = f.value;
	out->dist = times ? NULL : dist_point(bd->b->arena, f.value);
	out->origin = f.origin;
	out->price = strcmp(f.origin, "price map") == 0 ? "built-in"
		: strcmp(f.origin, "price file") == 0 ? "import" : "user";
	out->over = over_of(bd, s, out);
	out->retires = f.retires;
	out->source = f.source;
	warn_unpriced(bd, s, out);
	return times || check_bounds(out->param, out->dist, s->pos, &bd->err);
}

static void check_prices_used(struct binder *bd)
{
	const struct example *x = bd->example;

	for (int i = 0; x && i < x->nprices; i++)
		if (!bd->price_used[i])
			err_at(&bd->err, ERR_INPUT, x->price[i].pos, "no value "
			       "of this example takes the price `%s`",
			       x->price[i].name);
}

/* --- the workload --------------------------------------------------------- */

static bool make_link(struct binder *bd, const struct setting *s,
                      struct slot *out)
{
	int slot;
	const struct param *p = workload_param(bd->w, s->name, &slot);

	out->kind = SLOT_WORKLOAD;
	out->formula = p ? NULL : s->name;
	out->target = p ? p->first_slot : -1;
	if (!p)
		return true;
	/* the workload's slots are made before those of models */
	out->origin = bd->b->slot[out->target].origin;
	out->source = bd->b->slot[out->target].source;
	out->price = bd->b->slot[out->target].price;
	out->over = bd->b->slot[out->target].over;
	return true;
}

/* --- neighbours ----------------------------------------------------------- */

/* The model's part of "MODEL.OUTPUT"; *output its rest. */
static const char *split_figure(struct binder *bd, const char *name,
                                const char **output)
{
	const char *dot = strchr(name, '.');

	*output = dot + 1;
	return arena_strndup(bd->b->arena, name, (size_t)(dot - name));
}

static bool library_has(struct library *l, const char *name)
{
	const char *const *n = library_names(l);

	while (*n && strcmp(*n, name) != 0)
		n++;
	return *n || library_block(l, name) >= 0;
}

/* What a neighbour may be read for: a formula, or an output that is not
 * `at: central`. */
static bool figure_type(struct binder *bd, const struct model *m,
                        const char *output, struct expr_type *type,
                        const char **unit_text)
{
	struct symbol sym;

	if (env_symbol(m->env, output, 0, &sym)
	    && sym.kind != SYMBOL_PARAM) {
		*type = sym.type;
		*unit_text = sym.unit_text;
		return true;
	}
	for (int i = 0; i < m->noutputs; i++) {
		const struct output_def *o = &m->output[i];

		if (strcmp(o->name, output) != 0 || o->central)
			continue;
		*unit_text = o->unit_text;
		return env_check_expr(m->env, o->value, TYPE_NUMBER,
		                      AXES(AXIS_OPTION), false, type,
		                      &bd->err);
	}
	return false;
}

static bool check_figure(struct binder *bd, const struct setting *s,
                         const struct slot *out, const struct model *m,
                         const char *output)
{
	struct expr_type type;
	const char *unit_text;

	if (!figure_type(bd, m, output, &type, &unit_text))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` reads `%s`, "
		              "but %s has no formula of that name", out->name,
		              s->name, m->name);
	if (type.type != TYPE_NUMBER || (type.axes & ~AXES(AXIS_OPTION)))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` reads `%s`, "
		              "which is not one number an option", out->name,
		              s->name);
	if (!type.any_unit && !unit_same(&type.unit, &out->param->unit))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` is in %s, "
		              "`%s` in %s", out->name, out->param->unit_text,
		              s->name, unit_text);
	if (type.stateful && !out->param->stateful)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` may be a "
		              "state such as `never`: `%s` needs `stateful: "
		              "yes` to read it", s->name, out->name);
	return true;
}

static int neighbour_option(const struct binder *bd, int model)
{
	const struct bound_model *bm = &bd->b->model[model];

	if (bm->assume >= 0)
		return bm->assume;
	if (bd->recommended && bd->recommended[model] >= 0)
		return bd->recommended[model];
	return bm->model->decision.incumbent;
}

static bool make_slot(struct binder *bd, const struct setting *s,
                      struct slot *out);

static bool make_neighbour(struct binder *bd, const struct setting *s,
                           struct slot *out)
{
	const char *output;
	const char *name = split_figure(bd, s->name, &output);
	int model = bound_model_index(bd->b, name);

	if (model == out->model)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` reads its own "
		              "model", out->name);
	if (model < 0 && !library_has(bd->l, name))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` reads `%s`, "
		              "but there is no model `%s`%s", out->name,
		              s->name, name,
		              suggestion(bd->b->arena, name,
		                         library_names(bd->l)));
	if (model < 0 && s->otherwise)
		return make_slot(bd, s->otherwise, out);
	if (model < 0)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` reads `%s`, "
		              "but the scenario does not ask about %s: add "
		              "it, or state `%s`", out->name, s->name, name,
		              out->name);
	if (!check_figure(bd, s, out, bd->b->model[model].model, output))
		return false;
	out->kind = SLOT_NEIGHBOUR;
	out->neighbour = model;
	out->option = neighbour_option(bd, model);
	out->formula = output;
	out->origin = "neighbour";
	return true;
}

/* --- tables ---------------------------------------------------------------- */

static bool make_empirical(struct binder *bd, const struct setting *s,
                           struct slot *out)
{
	const struct model *m = bd->b->model[out->model].model;
	const struct table_column *c = model_column(m, s->name);
	const struct data_column *d = bound_column(bd->b, out->model, s->name);

	if (!c)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s`: %s has no "
		              "column `%s`", out->name, m->name, s->name);
	if (c->type == TYPE_NUMBER
	    && !unit_same(&c->unit, &out->param->unit))
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` is in %s, and "
		              "`%s` is not", out->name, out->param->unit_text,
		              s->name);
	if (!d)
		return err_at(&bd->err, ERR_INPUT, s->pos, "`%s` takes its "
		              "values from `%s`: name the table's file under "
		              "`tables:`, or state a value", out->name,
		              s->name);
	out->kind = SLOT_INPUT;
	out->dist = dist_empirical(bd->b->arena, d->value, d->n);
	out->source = (struct source){ .kind = "measured", .note = s->name };
	return check_bounds(out->param, out->dist, s->pos, &bd->err);
}

/* --- one slot ------------------------------------------------------------- */

static bool make_slot(struct binder *bd, const struct setting *s,
                      struct slot *out)
{
	out->text = s->text;
	out->pos = s->pos;
	switch (s->kind) {
	case SET_DIST:
	case SET_CHOICE:
		out->kind = SLOT_INPUT;
		out->dist = setting_dist(bd->b->arena, s);
		return true;
	case SET_PRICE:
		return make_price(bd, s, out);
	case SET_WORKLOAD:
		return make_link(bd, s, out);
	case SET_FROM:
		return make_neighbour(bd, s, out);
	case SET_COLUMN:
		return make_empirical(bd, s, out);
	case SET_EVIDENCE:
		return bind_evidence(bd, s, out);
	}
	return err_at(&bd->err, ERR_BUG, s->pos, "`%s`: a kind of value that "
	              "nothing binds", out->name);
}

struct dist *bind_law(struct binder *bd, const struct setting *s,
                      const struct slot *of)
{
	struct slot trial = *of;

	if (s->kind == SET_WORKLOAD || s->kind == SET_FROM
	    || !make_slot(bd, s, &trial) || trial.kind != SLOT_INPUT)
		return NULL;
	return trial.dist;
}

void bind_slots(struct binder *bd)
{
	for (int i = 0; i < bd->b->nslots; i++) {
		struct slot *out = &bd->b->slot[i];
		const struct chosen *c = &bd->chosen[i];

		if (!out->param || out->kind == SLOT_MIXED)
			continue;
		out->origin = c->origin;
		out->source = c->source;
		if (c->before && c->setting->kind != SET_PRICE) {
			out->price = "user";
			out->over = bound_price_over(bd, c->before, 0);
		}
		if (c->setting)
			make_slot(bd, c->setting, out);
		else
			no_value(bd, out);
	}
	check_prices_used(bd);
}
