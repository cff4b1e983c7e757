/*
 * What is told as a report: value of information, the joint plan.
 */
#include "tui/panel.h"

#include "report/report.h"
#include "base/banned.h"

static void add_report(struct state *st, const struct buf *b)
{
	panel_add_text(st, b->s);
}

/* --- value of information --- */

static bool value_work(struct state *st, struct panel_job *j, struct err *err)
{
	struct evaluation *e;

	j->context.engine.want_voi = true;
	j->context.engine.want_studies = true;
	e = task_trade(&j->context, j->scenario, j->model_name, NULL, 0, err);
	if (!e)
		return false;
	evaluation_free(st->panels.value);
	st->panels.value = e;
	return true;
}

static void value_lines(struct state *st)
{
	struct text_style style = panel_style(st);
	struct buf b = BUF_INIT;

	if (st->panels.value)
		report_voi_text(&b, st->panels.value, &style);
	else
		buf_add(&b, "one moment");
	add_report(st, &b);
	buf_release(&b);
}

const struct panel_kind panel_value = {
	.title = "What is worth measuring", .note = "Esc closes",
	.needs_model = true, .work = value_work, .lines = value_lines,
};

/* --- the joint plan --- */

static bool plan_work(struct state *st, struct panel_job *j, struct err *err)
{
	struct joint_plan *p;

	j->context.engine.want_voi = true;
	p = task_plan(&j->context, j->scenario, err);
	if (!p)
		return false;
	joint_plan_free(st->panels.plan);
	st->panels.plan = p;
	return true;
}

static void plan_lines(struct state *st)
{
	struct text_style style = panel_style(st);
	struct buf b = BUF_INIT;

	if (st->panels.plan)
		report_plan_text(&b, st->panels.plan, &style);
	else
		buf_add(&b, "one moment: every combination is looked at");
	add_report(st, &b);
	buf_release(&b);
}

const struct panel_kind panel_plan = {
	.title = "The trade-offs together", .note = "Esc closes",
	.work = plan_work, .lines = plan_lines,
};
