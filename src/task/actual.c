/*
 * Recording what was measured: the name is looked up in the scenario, so that
 * the value is kept in the unit of the parameter or output it belongs to, and
 * under the name that calibration finds again.
 */
#include <string.h>

#include "base/buf.h"
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
	const char *name;               /* as it is kept */
	int model;                      /* -1: of the workload */
	const struct unit *unit;
	const char *unit_text;
	struct unit own;
};

/* The option that an output is of where none is named: the one decided. */
static const char *decided(struct store *store, const char *scenario,
                           const char *model, struct arena *a, struct err *err)
{
	const struct decision_filter f = {
		.scenario = scenario, .model = model,
		.status = DECISION_ACCEPTED, .limit = 1,
	};
	struct decision_info *d;

	return decision_list(store, &f, &d, a, err) == 1 ? d->option : NULL;
}

static bool differs(const struct model *m, const struct named_figure *f)
{
	return !env_check_expr(m->env, f->value, TYPE_NUMBER,
	                       AXES(AXIS_MONTH), false, NULL, NULL);
}

/* "monthly_cost[api_open]", or "monthly_cost" of the option decided. */
static bool take_output(const struct model *m, const char *scenario,
                        const struct named_figure *f, const char *name,
                        struct store *store, struct measure *x,
                        struct arena *a, struct err *err)
{
	const char *option = NULL;

	x->own = f->unit;
	x->unit = &x->own;
	x->unit_text = f->unit_text;
	x->name = name;
	if (!differs(m, f)) {
		x->name = f->name;
		return true;
	}
	if (f->option >= 0)
		option = m->option[f->option].name;
	else if (!(option = decided(store, scenario, m->name, a, err)))
		return !err_any(err) && err_add(err, ERR_USAGE, "%s differs by "
			"option and nothing is decided on %s yet: name the "
			"option, as in %s[%s]", f->name, m->name, f->name,
			m->option[0].name);
	x->name = arena_printf(a, "%s[%s]", f->name, option);
	return true;
}

/* The only model that has such an output, of such an option; -1: a finding, by
 * default why it is no parameter. */
static int whose_output(const struct bound *b, const char *name,
                        const struct err *why, struct arena *a,
                        struct err *err)
{
	struct err option = ERR_INIT;
	struct named_figure f;
	struct buf list = BUF_INIT;
	int found = -1, n = 0;

	for (int i = 0; i < b->nmodels; i++)
		if (model_figure(b->model[i].model, name, a, &f, &option)) {
			buf_addf(&list, "%s%s", n++ ? ", " : "",
			         b->model[i].model->name);
			found = i;
		}
	if (n > 1)
		err_add(err, ERR_USAGE, "'%s' is an output of several models "
		        "(%s): write MODEL.%s", name, list.s, name);
	else if (!n)
		err_add(err, ERR_USAGE, "%s", (err_any(&option) ? &option : why)
		        ->item[0].text);
	buf_release(&list);
	err_clear(&option);
	return n == 1 ? found : -1;
}

/* A parameter; else an output of the model, or an expression over its
 * formulas. */
static bool look_up(const struct bound *b, const char *scenario, int model,
                    const char *name, struct store *store, struct measure *x,
                    struct arena *a, struct err *err)
{
	struct err none = ERR_INIT;
	int slot = model >= 0 ? -1	/* what is stated once is meant first */
		: bound_slot(b, -1, arena_printf(a, "workload.%s", name), NULL);
	const struct model *m;
	struct named_figure f;
	struct expr_type type;
	struct syntax *s;

	*x = (struct measure){ .name = name, .model = model };
	if (slot < 0)
		slot = bound_slot(b, model, name, &none);
	if (slot >= 0) {
		x->unit_text = slot_unit_text(&b->slot[slot]);
		x->unit = slot_unit(&b->slot[slot]);
		x->name = b->slot[slot].name;
		x->model = b->slot[slot].model;
		return true;
	}
	if (model < 0)
		x->model = model = whose_output(b, name, &none, a, err);
	err_clear(&none);
	if (model < 0)
		return false;
	m = b->model[model].model;
	if (model_figure(m, name, a, &f, err))
		return take_output(m, scenario, &f, name, store, x, a, err);
	s = err_any(err) ? NULL
		: expr_parse(a, name, (struct pos){ name, 1, 1 }, err);
	if (!s || !env_check_expr(m->env, s, TYPE_NUMBER, 0, false, &type, err))
		return false;
	env_display(m->env, s, &type, &x->own, &x->unit_text);
	x->unit = &x->own;
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

/* What is still to come cannot have been measured. */
static bool is_over(const struct actual *x, struct err *err)
{
	char today[11];

	clock_date(clock_now(), today);
	return strcmp(x->to, today) <= 0 ||
	       err_add(err, ERR_USAGE, "the period ends on %s, which is still "
	               "to come (today is %s, UTC): record what was measured "
	               "once it is over, or its days up to now", x->to, today);
}

static bool fill(struct context *c, const struct bound *b, const char *name,
                 const char *value, struct store *store, struct actual *out,
                 struct arena *a, struct err *err)
{
	struct measure m;
	int model = split_name(b, &name);

	if (!look_up(b, out->scenario, model, name, store, &m, a, err) ||
	    !read_value(c->library, value, &m, &out->value, err))
		return false;
	out->model = m.model < 0 ? NULL
		: arena_strdup(a, b->model[m.model].model->name);
	out->name = arena_strdup(a, m.name);
	out->unit = arena_strdup(a, m.unit_text);
	out->text = value;
	return true;
}

bool task_actual(struct context *c, const char *scenario, const char *name,
                 const char *value, struct actual *out, struct arena *a,
                 struct err *err)
{
	struct scenario *s = is_over(out, err)
		? task_scenario(c, scenario, NULL, err) : NULL;
	struct bound *b = s ? bound_new(c->library, s, NULL, err) : NULL;
	struct store *store = b ? store_open(c->store_path, true, err) : NULL;
	bool ok = store != NULL;

	if (ok) {
		out->scenario = arena_strdup(a, s->name);
		ok = fill(c, b, name, value, store, out, a, err) &&
		     actual_record(store, out, err);
	}
	store_close(store);
	if (b)
		bound_free(b);
	if (s)
		scenario_free(s);
	return ok;
}
