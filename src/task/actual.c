/*
 * Recording what was measured: the name is looked up in the scenario, so that
 * the value is kept in the unit of the parameter or output it belongs to.
 */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "expr/expr.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/task.h"

#include "base/banned.h"

struct measure {
	const struct unit *unit;
	const char *unit_text;
	struct unit own;
};

/* A parameter, else an expression over the model's formulas. */
static bool look_up(const struct bound *b, int model, const char *name,
                    struct measure *m, struct arena *a, struct err *err)
{
	struct err none = ERR_INIT;
	int slot = bound_slot(b, model, name, &none);
	struct expr_type type;
	struct syntax *s;
	struct env *env;

	err_clear(&none);
	if (slot >= 0) {
		m->unit_text = slot_unit_text(&b->slot[slot]);
		m->unit = slot_unit(&b->slot[slot]);
		return true;
	}
	if (model < 0)
		return err_add(err, ERR_USAGE, "'%s' is no parameter; for an "
		               "output name its model: MODEL.OUTPUT", name);
	env = b->model[model].model->env;
	s = expr_parse(a, name, (struct pos){ name, 1, 1 }, err);
	if (!s || !env_check_expr(env, s, TYPE_NUMBER, 0, false, &type, err))
		return false;
	env_display(env, s, &type, &m->own, &m->unit_text);
	m->unit = &m->own;
	return true;
}

/* "95k", "12k USD/month": into the unit of the measure. */
static bool read_value(struct library *l, const char *text,
                       const struct measure *m, double *value,
                       struct err *err)
{
	struct unit unit = *m->unit;
	const char *wrong, *rest;
	size_t n;

	wrong = num_scan(text, value, &n);
	if (wrong)
		return err_add(err, ERR_USAGE, "'%s' %s", text, wrong);
	rest = text + n + strspn(text + n, " ");
	if (*rest) {
		wrong = unit_parse(library_units(l), rest, &unit);
		if (wrong)
			return err_add(err, ERR_USAGE, "'%s': the unit %s",
			               text, wrong);
		if (!unit_same(&unit, m->unit))
			return err_add(err, ERR_USAGE, "'%s' is not in a unit "
			               "like %s", text, m->unit_text);
	}
	*value = unit_from_base(m->unit, unit_to_base(&unit, *value));
	return true;
}

/* "MODEL.NAME" names a model that the scenario asks about. */
static int split_name(const struct bound *b, const char **name)
{
	const char *dot = strchr(*name, '.');

	for (int i = 0; dot && i < b->nmodels; i++) {
		const char *model = b->model[i].model->name;
		size_t n = strlen(model);

		if (n == (size_t)(dot - *name) && !strncmp(model, *name, n)) {
			*name = dot + 1;
			return i;
		}
	}
	return b->nmodels == 1 ? 0 : -1;
}

bool task_actual(struct context *c, const char *scenario, const char *name,
                 const char *value, struct actual *out, struct arena *a,
                 struct err *err)
{
	struct scenario *s = task_scenario(c, scenario, NULL, err);
	struct bound *b = s ? bound_new(c->library, s, NULL, err) : NULL;
	struct store *store = NULL;
	struct measure m = { .unit = NULL };
	bool ok = b != NULL;
	int model;

	if (ok) {
		model = split_name(b, &name);
		ok = look_up(b, model, name, &m, a, err) &&
		     read_value(c->library, value, &m, &out->value, err);
	}
	if (ok) {
		out->scenario = arena_strdup(a, s->name);
		out->model = bound_slot(b, -1, name, NULL) >= 0 || model < 0
			? NULL : arena_strdup(a, b->model[model].model->name);
		out->name = arena_strdup(a, name);
		out->unit = arena_strdup(a, m.unit_text);
		out->text = value;
		store = store_open(c->store_path, true, err);
		ok = store && actual_record(store, out, err);
	}
	store_close(store);
	if (b)
		bound_free(b);
	if (s)
		scenario_free(s);
	return ok;
}
