/*
 * sensitivity, voi: what moves one trade-off, and what is worth knowing.
 */
#include "cli/command.h"
#include "model/scenario.h"

/* The trade-off that the words of the command name. */
static struct evaluation *evaluate_one(struct run *r)
{
	struct engine_options *o = &r->context.engine;
	struct scenario *s = task_scenario(&r->context, r->arg[0],
	                                   &r->opt.set, &r->err);
	struct evaluation *e;

	if (!s)
		return NULL;
	o->want_break_even = false;
	o->want_criteria = o->want_dominance = true;
	e = task_trade(&r->context, s, r->arg[1], r->arg + 2, r->nargs - 2,
	               &r->err);
	scenario_free(s);
	return e;
}

bool run_sensitivity(struct run *r)
{
	const struct text_style style = run_style(r);
	struct evaluation *e;

	if (r->opt.point && (r->opt.total || r->opt.shapley || r->opt.prcc))
		return err_add(&r->err, ERR_USAGE, "--total, --shapley and "
		               "--prcc are measured over draws: leave --point "
		               "out");
	r->context.engine.want_sensitivity = true;
	r->context.engine.want_total = r->opt.total;
	r->context.engine.want_shapley = r->opt.shapley;
	r->context.engine.want_prcc = r->opt.prcc;
	r->context.engine.want_voi = false;
	e = evaluate_one(r);
	if (!e)
		return false;
	if (r->opt.json)
		report_sensitivity_json(&r->out, e);
	else if (r->opt.csv)
		report_sensitivity_csv(&r->out, e);
	else
		report_sensitivity_text(&r->out, e, &style);
	evaluation_free(e);
	return true;
}

bool run_voi(struct run *r)
{
	struct engine_options *o = &r->context.engine;
	const struct text_style style = run_style(r);
	struct evaluation *e;

	if (r->opt.size && !r->opt.study)
		return err_add(&r->err, ERR_USAGE, "--n is the size of a "
		               "study: name it by --study");
	if (r->opt.study)
		r->rows = "voi.studies.sizes";
	o->want_sensitivity = false;
	o->want_voi = o->want_studies = true;
	o->group = r->opt.group.text;
	o->ngroups = r->opt.group.n;
	o->study = r->opt.study;
	o->study_size = (double)r->opt.size;
	e = evaluate_one(r);
	if (!e)
		return false;
	if (r->opt.json)
		report_voi_json(&r->out, e);
	else
		report_voi_text(&r->out, e, &style);
	evaluation_free(e);
	return true;
}
