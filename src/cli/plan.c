/* plan: all trade-offs of a scenario together. */
#include "cli/command.h"
#include "model/scenario.h"

bool run_plan(struct run *r)
{
	const struct text_style style = run_style(r);
	struct scenario *s = task_scenario(&r->context, r->arg[0],
	                                   &r->opt.set, &r->err);
	struct joint_plan *p = NULL;

	r->context.engine.want_voi = true;
	if (s)
		p = task_plan(&r->context, s, &r->err);
	if (p && r->opt.json)
		report_plan_json(&r->out, p);
	else if (p && r->opt.csv)
		report_plan_csv(&r->out, p);
	else if (p)
		report_plan_text(&r->out, p, &style);
	joint_plan_free(p);
	scenario_free(s);
	return p != NULL;
}
