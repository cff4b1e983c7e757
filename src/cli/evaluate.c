/*
 * evaluate, breakeven, explain, save: verbs on one or more scenarios.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "chart/chart.h"
#include "cli/command.h"
#include "model/scenario.h"

/* --- evaluate ------------------------------------------------------------------ */

/* Expectations that were not met, one line each, behind the text or, beside a
 * document, on standard error. */
struct expectations {
	struct run *r;
	struct buf lines;
	int checked;
};

static void hear_expectation(void *ctx, const struct example_outcome *o)
{
	struct expectations *x = ctx;
	struct buf *b = &x->lines;

	x->checked++;
	buf_add(b, o->ok ? "  as expected   " : "  not expected  ");
	add_safe(b, o->model);
	buf_addf(b, ", %s: ", o->expect);
	add_safe(b, o->got);
	if (!o->ok) {
		buf_add(b, ", wanted ");
		add_safe(b, o->wanted);
		x->r->status = 1;
	}
	buf_addc(b, '\n');
}

static void check_expectations(struct run *r, const struct scenario *s,
                               const struct evaluation *e, struct buf *lines)
{
	struct expectations x = { .r = r, .lines = BUF_INIT };

	if (task_expectations(&r->context, s, e, hear_expectation, &x,
	                      &r->err) >= 0 && !x.checked)
		err_add(&r->err, ERR_INPUT, "scenario '%s' expects nothing "
		        "(no `expect:`)", s->name);
	buf_add(lines, x.lines.s);
	buf_release(&x.lines);
}

/* What earlier estimates were worth, where somebody estimates again. */
static void note_calibration(struct run *r, struct evaluation *e)
{
	const char *text = e->ntradeoffs
		? task_calibration_note(&r->context, e->arena) : NULL;
	struct tradeoff *t = e->tradeoff;
	struct note *more;

	if (!text)
		return;
	more = arena_alloc(e->arena, ((size_t)t->nwarnings + 1) *
	                             sizeof *more);
	for (int i = 0; i < t->nwarnings; i++)
		more[i] = t->warning[i];
	more[t->nwarnings++] = (struct note){ "calibration", text };
	t->warning = more;
}

static struct evaluation *evaluate_one(struct run *r, const char *ref,
                                       struct buf *lines)
{
	struct scenario *s = task_scenario(&r->context, ref, &r->opt.set,
	                                   &r->err);
	struct evaluation *e = NULL;

	if (s)
		e = task_evaluate(&r->context, s, &r->err);
	if (e)
		note_calibration(r, e);
	if (e && r->opt.expect)
		check_expectations(r, s, e, lines);
	if (s)
		scenario_free(s);
	return e;
}

static void print_text(struct run *r, const struct evaluation *e,
                       const struct buf *lines, bool first)
{
	const struct text_style style = run_style(r);

	if (!first)
		buf_addc(&r->out, '\n');
	report_text(&r->out, e, &style);
	if (lines->len)
		buf_addf(&r->out, "\n%s", lines->s);
}

static void print_document(struct run *r, struct evaluation *const *e, int n,
                           const struct buf *lines)
{
	if (r->opt.json)
		report_json(&r->out, e, n);
	else
		report_csv(&r->out, e, n);
	if (r->status)
		fputs(lines->s, stderr);
}

static struct evaluation *evaluate_saved(struct run *r, const char *ref)
{
	struct saved_run run = { 0 };
	struct evaluation *e = NULL;

	if (r->opt.set.n || r->opt.expect)
		err_add(&r->err, ERR_USAGE, "--as-saved: what was saved stands "
		        "as it is; --set and --expect do not go with it");
	else if (task_run_saved(&r->context, ref, &run, &r->err)) {
		e = run.e;
		run.e = NULL;
	}
	saved_run_release(&run);
	return e;
}

bool run_evaluate(struct run *r)
{
	struct engine_options *o = &r->context.engine;
	struct evaluation **e = xcalloc((size_t)r->nargs, sizeof *e);
	bool text = !r->opt.json && !r->opt.csv;
	struct buf lines = BUF_INIT;
	int n = 0;

	o->want_break_even = o->want_sensitivity = o->want_voi = true;
	o->want_criteria = o->want_joint = true;
	for (int i = 0; i < r->nargs; i++) {
		e[n] = r->opt.as_saved ? evaluate_saved(r, r->arg[i])
		                       : evaluate_one(r, r->arg[i], &lines);
		if (!e[n])
			continue;
		if (text) {
			print_text(r, e[n], &lines, n == 0);
			buf_clear(&lines);
		}
		n++;
	}
	if (!text && n == r->nargs)
		print_document(r, e, n, &lines);
	while (n)
		evaluation_free(e[--n]);
	free(e);
	buf_release(&lines);
	return !err_any(&r->err);
}

/* --- breakeven, explain ---------------------------------------------------------- */

static void print_break_even(struct run *r, const struct evaluation *e)
{
	const struct text_style style = run_style(r);

	if (r->opt.json)
		report_break_even_json(&r->out, e);
	else if (r->opt.svg)
		chart_frontier_svg(&r->out, e->tradeoff[0].frontier);
	else if (r->opt.csv && r->opt.versus)
		report_frontier_csv(&r->out, e);
	else if (r->opt.csv && r->opt.goal)
		report_goals_csv(&r->out, e);
	else if (r->opt.csv)
		report_break_even_csv(&r->out, e);
	else
		report_break_even_text(&r->out, e, &style);
}

bool run_breakeven(struct run *r)
{
	struct scenario *s;
	struct evaluation *e;

	if (r->opt.svg && !r->opt.versus)
		return err_add(&r->err, ERR_USAGE, "--svg draws the map of two "
		               "parameters: name the second with --versus");
	if (r->opt.goal && r->opt.versus)
		return err_add(&r->err, ERR_USAGE, "--goal moves one "
		               "parameter: leave --versus out");
	s = task_scenario(&r->context, r->arg[0], &r->opt.set, &r->err);
	if (!s)
		return false;
	if (r->opt.goal)
		e = task_goal(&r->context, s, r->arg[1], r->arg[2],
		              r->opt.goal, &r->err);
	else if (r->opt.versus)
		e = task_frontier(&r->context, s, r->arg[1], r->arg[2],
		                  r->opt.versus, &r->err);
	else
		e = task_break_even(&r->context, s, r->arg[1], r->arg[2],
		                    &r->err);
	scenario_free(s);
	if (!e)
		return false;
	print_break_even(r, e);
	evaluation_free(e);
	return true;
}

bool run_explain(struct run *r)
{
	struct scenario *s = task_scenario(&r->context, r->arg[0],
	                                   &r->opt.set, &r->err);
	const struct text_style style = run_style(r);
	int depth = r->opt.depth ? (int)r->opt.depth : 3;
	struct explanation *x;

	if (!s)
		return false;
	x = task_explain(&r->context, s, r->arg[1], r->arg[2], depth, &r->err);
	if (x && r->opt.json)
		report_explain_json(&r->out, x);
	else if (x)
		report_explain_text(&r->out, x, &style);
	scenario_free(s);
	if (!x)
		return false;
	explanation_free(x);
	return true;
}

/* --- save ------------------------------------------------------------------------ */

static void print_saved(struct run *r, const struct revision_info *info,
                        const char *note)
{
	struct json j = { .out = &r->out };

	if (!r->opt.json) {
		buf_add(&r->out, "saved ");
		add_safe(&r->out, info->scenario);
		buf_addf(&r->out, "@r%d (%.12s)", info->number, info->hash);
		if (info->verdicts) {
			buf_add(&r->out, ": ");
			add_safe(&r->out, info->verdicts);
		}
		buf_addc(&r->out, '\n');
		if (note) {
			buf_add(&r->out, "note: ");
			add_safe(&r->out, note);
			buf_addc(&r->out, '\n');
		}
		return;
	}
	json_open(&j, "steelyard.revision/1");
	add_revision(&j, info);
	json_begin(&j, "warnings", '[');
	if (note) {
		json_begin(&j, NULL, '{');
		json_text(&j, "code", "calibration");
		json_text(&j, "text", note);
		json_end(&j, '}');
	}
	json_end(&j, ']');
	json_end(&j, '}');
}

bool run_save(struct run *r)
{
	struct scenario *s = task_scenario(&r->context, r->arg[0],
	                                   &r->opt.set, &r->err);
	struct arena *a = arena_new();
	struct evaluation *e = NULL;
	struct revision_info info;
	bool ok = false;

	r->context.engine.want_break_even = true;
	r->context.engine.want_sensitivity = r->context.engine.want_voi = true;
	if (s)
		e = task_evaluate(&r->context, s, &r->err);
	if (e)
		ok = task_save(&r->context, s, e, r->opt.message, &info, a,
		               &r->err);
	if (ok)
		print_saved(r, &info, task_calibration_note(&r->context, a));
	if (e)
		evaluation_free(e);
	if (s)
		scenario_free(s);
	arena_free(a);
	return ok;
}
