/*
 * What is told as a report: value of information, the joint plan.
 */
#include "tui/panel.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "chart/chart.h"
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

static const struct tradeoff *valued(const struct state *st)
{
	const struct evaluation *e = st->panels.value;

	return e && e->ntradeoffs ? &e->tradeoff[0] : NULL;
}

/* An error that would not show beside its number is left out. */
static void add_worth(struct buf *b, const struct state *st, double v,
                      double se, const char *unit)
{
	chart_amount(b, v, unit);
	if (result_has(se) && se > 0.005 && se > 1e-4 * fabs(v)) {
		buf_add(b, st->ascii ? " +- " : " \u00b1 ");
		num_human(b, se, 2);
	}
	buf_addf(b, " %s", unit);
}

/* A bar as long as its share of all there is to know. */
static void add_bar(const struct state *st, struct buf *b, double share)
{
	int n = (int)floor(12 * share + 0.5);

	for (int i = 0; i < 12; i++)
		buf_add(b, i >= n ? " " : st->ascii ? "#" : "\u2588");
	buf_addc(b, ' ');
}

static void add_evppi(struct state *st, const struct tradeoff *t, int i)
{
	const struct evppi *e = &t->voi.evppi[i];
	struct buf left = BUF_INIT, right = BUF_INIT;

	if (st->w >= 60)
		add_bar(st, &left, t->voi.evpi > 0 ? e->value / t->voi.evpi
		                                   : 0);
	buf_add(&left, e->title);
	add_worth(&right, st, e->value, e->se, t->objective_unit);
	panel_add(st, ROLE_TEXT, i, left.s, right.s);
	buf_release(&left);
	buf_release(&right);
}

static void add_study(struct state *st, const struct tradeoff *t, int i)
{
	const struct study_result *s = &t->voi.study[i];
	struct buf left = BUF_INIT, right = BUF_INIT;
	const struct study_size *z = s->nsizes ? &s->size[s->best] : NULL;

	buf_add(&left, s->title ? s->title : s->name);
	if (z) {
		bool named = s->word && strcmp(s->word, "n") != 0;

		buf_add(&left, named ? ": " : ": size ");
		num_human(&left, z->n, 3);
		buf_addf(&left, " %s", named ? s->word : "");
	}
	if (z && result_has(z->net)) {
		buf_add(&right, s->pays ? "pays " : "does not pay ");
		add_worth(&right, st, z->net, z->net_se, t->objective_unit);
	} else if (s->no_net) {
		buf_add(&right, s->no_net);
	}
	panel_add(st, s->pays ? ROLE_BEST : ROLE_DIM, t->voi.nevppi + i,
	          left.s, right.s);
	buf_release(&left);
	buf_release(&right);
}

static bool told(const struct tradeoff *t, int i)
{
	const struct evppi *e = &t->voi.evppi[i];

	return e->value > 0 && !(e->value < 2 * e->se);
}

static void value_lines(struct state *st)
{
	const struct tradeoff *t = valued(st);
	struct buf b = BUF_INIT;
	int n = 0;

	if (!t) {
		panel_add(st, ROLE_DIM, -1, "one moment", NULL);
		return;
	}
	buf_add(&b, "Knowing everything before choosing is worth ");
	add_worth(&b, st, t->voi.evpi, t->voi.evpi_se, t->objective_unit);
	panel_add(st, ROLE_TITLE, -1, b.s, NULL);
	buf_release(&b);
	for (int i = 0; i < t->voi.nevppi; i++)
		if (told(t, i)) {
			add_evppi(st, t, i);
			n++;
		}
	if (n == 0)
		panel_add(st, ROLE_TEXT, -1, t->voi.evpi > 0
		          ? "No single answer would change the advice; only "
		            "several together could."
		          : "No answer would change the advice.", NULL);
	if (n < t->voi.nevppi)
		panel_addf(st, ROLE_DIM, -1, "%d %s%s worth nothing that can "
		           "be told from noise.", t->voi.nevppi - n,
		           n ? "more " : "", t->voi.nevppi - n == 1 ? "is"
		                                                   : "are");
	if (t->voi.nstudies)
		panel_add(st, ROLE_TITLE, -1, "What could be measured, and "
		          "what is left when it is paid for", NULL);
	for (int i = 0; i < t->voi.nstudies; i++)
		add_study(st, t, i);
}

/* The form's name of a parameter of this model, or of the workload. */
static int row_of(const struct state *st, const char *parameter)
{
	const char *model = st->trade[st->trade_selected].model;
	struct buf b = BUF_INIT;
	int row = form_find(&st->form, parameter);

	buf_addf(&b, "%s.%s", model, parameter);
	if (row < 0)
		row = form_find(&st->form, b.s);
	buf_clear(&b);
	buf_addf(&b, "workload.%s", parameter);
	if (row < 0)
		row = form_find(&st->form, b.s);
	buf_release(&b);
	return row;
}

/* What a study costs, waiting included, and what knowing would be worth. */
static void size_detail(const struct state *st, const struct tradeoff *t,
                        const struct study_result *s, struct buf *out)
{
	const struct study_size *z = &s->size[s->best];
	const char *unit = t->objective_unit;

	buf_add(out, "That size is worth ");
	add_worth(out, st, z->evsi, z->evsi_se, unit);
	if (s->decisions > 1)
		buf_addf(out, " a decision, of %.6g", s->decisions);
	if (result_has(z->cost)) {
		buf_add(out, ", costs ");
		add_worth(out, st, z->cost, 0, unit);
	}
	if (s->takes)
		buf_addf(out, ", takes %s", s->takes);
	if (s->takes && result_has(s->delay)) {
		buf_add(out, ", and waiting loses ");
		add_worth(out, st, s->delay, s->delay_se, unit);
	}
	buf_add(out, ". ");
	if (s->near_low < s->near_high && s->pays) {
		buf_add(out, "From ");
		num_human(out, s->near_low, 3);
		buf_add(out, " to ");
		num_human(out, s->near_high, 3);
		buf_add(out, " is as good. ");
	}
}

static void study_detail(const struct state *st, const struct tradeoff *t,
                         const struct study_result *s, struct buf *out)
{
	int row = row_of(st, s->observes);
	const char *title = row < 0 ? s->observes : st->form.row[row].title;

	buf_addf(out, "%s. Observes %s. ", s->title ? s->title : s->name,
	         title + strspn(title, " "));
	if (s->nsizes)
		size_detail(st, t, s, out);
	buf_add(out, "Knowing it exactly is worth ");
	add_worth(out, st, s->perfect, s->perfect_se, t->objective_unit);
	buf_addc(out, '.');
}

static void value_detail(const struct state *st, int item, struct buf *out)
{
	const struct tradeoff *t = valued(st);

	if (!t)
		return;
	if (item >= t->voi.nevppi) {
		study_detail(st, t, &t->voi.study[item - t->voi.nevppi], out);
		return;
	}
	buf_addf(out, "What it is worth to know %s exactly before choosing. "
	         "Enter goes to its value.", t->voi.evppi[item].title);
	if (t->voi.evppi[item].note)
		buf_addf(out, " %s", t->voi.evppi[item].note);
}

static void value_enter(struct state *st, int item)
{
	const struct tradeoff *t = valued(st);
	int row = t && item < t->voi.nevppi
		? row_of(st, t->voi.evppi[item].parameter) : -1;

	if (row < 0) {
		state_say(st, false, "it has no value of its own in the form");
		return;
	}
	panels_close(st);
	st->focus = FOCUS_FORM;
	st->form_selected = row;
}

const struct panel_kind panel_value = {
	.title = "What is worth measuring", .note = "Enter goes to its value",
	.needs_model = true, .work = value_work, .lines = value_lines,
	.enter = value_enter, .detail = value_detail,
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
