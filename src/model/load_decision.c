/*
 * `decision:`: what is best, and how sure one must be.  Read in two steps: the
 * incumbent and the objective before formulas are checked, the rest (which
 * needs the objective's unit) after.
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#include "base/banned.h"

static const char *const decision_keys[] = {
	"minimise", "maximise", "name", "incumbent", "indifferent_below",
	"break_even", "infeasible_draws", "badges", NULL,
};

/* An option's index; -1 with a finding. */
static int read_option(struct loader *ld, const struct ynode *n,
                       const char *what)
{
	const char *name;
	int option;

	if (!yaml_text(n, what, &name, &ld->err))
		return -1;
	option = model_option(ld->model, name);
	if (option < 0) {
		const char *const *known = option_list(ld->arena, ld->model);

		err_at(&ld->err, ERR_INPUT, text_pos(n), "%s: there is no "
		       "option `%s` (%s)%s", what, name,
		       list_text(ld->arena, known),
		       suggestion(ld->arena, name, known));
	}
	return option;
}

void load_decision(struct loader *ld, const struct ynode *n)
{
	struct decision *d = &ld->model->decision;
	const struct ynode *least = yaml_get(n, "minimise");
	const struct ynode *most = yaml_get(n, "maximise");
	const struct ynode *incumbent = yaml_get(n, "incumbent");

	yaml_only(n, "decision", decision_keys, &ld->err);
	d->maximise = most != NULL;
	d->objective_name = get_text(&ld->err, n, "name", false, "decision");
	if (!d->objective_name)
		d->objective_name = most ? "npv_value" : "npv_cost";
	d->incumbent = 0;
	if (!incumbent)
		err_at(&ld->err, ERR_INPUT, n->pos, "decision needs "
		       "`incumbent:`, the option that stands today");
	else
		d->incumbent = read_option(ld, incumbent, "incumbent");
	if (d->incumbent >= 0)
		env_incumbent(ld->env, d->incumbent);
	else
		ld->undeclared = true;
	if (!least == !most) {
		err_at(&ld->err, ERR_INPUT, n->pos, "decision needs either "
		       "`minimise:` or `maximise:`");
		ld->undeclared = true;
		return;
	}
	d->objective_text = node_text(ld->arena, most ? most : least);
	if (read_expr(ld, most ? most : least, "objective", &d->objective))
		env_objective(ld->env, d->objective);
	else
		ld->undeclared = true;
}

/* --- after the formulas were checked -------------------------------------- */

/* A share between 0 and 1: "0.05" or "5 %". */
static bool read_share(struct loader *ld, const struct ynode *map,
                       const char *key, double *out)
{
	const struct ynode *n = yaml_get(map, key);
	struct unit one = unit_one();
	double v;

	if (!n)
		return true;
	if (!read_quantity(ld->arena, ld->units, n, &one, key, &v, &ld->err))
		return false;
	if (v < 0 || v > 1)
		return err_at(&ld->err, ERR_INPUT, text_pos(n), "%s must lie "
		              "between 0 and 1", key);
	*out = v;
	return true;
}

static void check_infeasible(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = { "at_most", "pay", NULL };
	struct decision *d = &ld->model->decision;
	const struct ynode *pay;

	d->infeasible_at_most = 0.05;
	d->pay = d->incumbent;
	if (!n || !want_map(n, "infeasible_draws", &ld->err)
	    || !yaml_only(n, "infeasible_draws", keys, &ld->err))
		return;
	read_share(ld, n, "at_most", &d->infeasible_at_most);
	pay = yaml_get(n, "pay");
	if (pay)
		d->pay = read_option(ld, pay, "pay");
}

static void check_badges(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = { "firm", "lean", NULL };
	struct decision *d = &ld->model->decision;

	d->firm = 0.85;
	d->lean = 0.65;
	if (!n || !want_map(n, "badges", &ld->err)
	    || !yaml_only(n, "badges", keys, &ld->err))
		return;
	read_share(ld, n, "firm", &d->firm);
	read_share(ld, n, "lean", &d->lean);
	if (d->lean > d->firm)
		err_at(&ld->err, ERR_INPUT, n->pos, "badges: `lean` must not "
		       "lie above `firm`");
}

static void check_break_even(struct loader *ld, const struct ynode *n)
{
	struct decision *d = &ld->model->decision;
	const struct model *m = ld->model;
	int count, slot;
	const char *const *name;

	if (!n || !want_list(n, "break_even", &ld->err))
		return;
	name = get_texts(ld->arena, &ld->err, n, "break_even", &count);
	d->break_even = arena_alloc(ld->arena, ((size_t)count + 1)
	                                       * sizeof *d->break_even);
	for (int i = 0; i < count; i++) {
		const struct param *p = model_param(m, name[i], &slot);

		if (p && p->type == TYPE_NUMBER
		    && (slot >= 0 || p->nslots == 1))
			d->break_even[d->nbreak_even++] = name[i];
		else if (!p)
			err_at(&ld->err, ERR_INPUT, text_pos(n->item[i]),
			       "break_even: there is no parameter `%s`%s",
			       name[i],
			       suggestion(ld->arena, name[i],
			                  param_list(ld->arena, m->param,
			                             m->nparams)));
		else
			err_at(&ld->err, ERR_INPUT, text_pos(n->item[i]),
			       "break_even: `%s` is %s", name[i],
			       p->type != TYPE_NUMBER ? "no number"
			       : "one value a label: write NAME@LABEL");
	}
}

static void check_objective(struct loader *ld, const struct ynode *n)
{
	struct decision *d = &ld->model->decision;
	const struct ynode *below = yaml_get(n, "indifferent_below");
	struct symbol sym;

	if (ld->undeclared || !env_symbol(ld->env, "objective", 0, &sym))
		return;
	d->objective_unit = sym.unit;
	d->objective_unit_text = sym.unit_text;
	if (!below)
		return;
	if (read_quantity(ld->arena, ld->units, below, &sym.unit,
	                  "indifferent_below", &d->indifferent_below,
	                  &ld->err)
	    && d->indifferent_below < 0)
		err_at(&ld->err, ERR_INPUT, text_pos(below),
		       "indifferent_below must not be negative");
}

void check_decision(struct loader *ld, const struct ynode *n)
{
	check_objective(ld, n);
	check_infeasible(ld, yaml_get(n, "infeasible_draws"));
	check_badges(ld, yaml_get(n, "badges"));
	check_break_even(ld, yaml_get(n, "break_even"));
}
