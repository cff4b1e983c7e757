/*
 * The search for break-evens serves: the value wanted is one "option" and the
 * output another, and where the cheaper of the two changes the goal is met.
 * What makes the real option infeasible makes the output no number.
 */
#include "engine/goal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/breakeven.h"
#include "engine/scan.h"

#include "base/banned.h"

/* Draws without a number say nothing; only where there is no other the goal is
 * not defined. */
#define ALMOST_ALL (1 - 1e-9)

/* --- what is asked ------------------------------------------------------ */

static bool refuse(struct trade *t, const char *what, const struct err *why)
{
	return err_add(t->err, ERR_USAGE, "%s%s%s", what,
	               why && why->n ? ": " : "",
	               why && why->n ? why->item[0].text : "");
}

bool sought_find(struct trade *t, const char *text, struct sought *s)
{
	struct env *env = t->plan->model->env;
	struct err why = ERR_INIT;
	struct named_figure f;
	struct expr_type type;
	struct pos none = { 0 };
	bool ok = true;

	if (model_figure(t->plan->model, text, t->arena, &f, &why)) {
		*s = (struct sought){ f.name, f.value, f.unit, f.unit_text,
		                      f.central, f.option, s->target };
		return true;
	}
	s->name = text;
	s->only = -1;
	s->value = err_any(&why) ? NULL : expr_parse(t->arena, text, none, &why);
	ok = s->value && env_check_expr(env, s->value, TYPE_NUMBER,
	                                AXES(AXIS_OPTION) | AXES(AXIS_MONTH),
	                                false, &type, &why);
	if (ok)
		env_display(env, s->value, &type, &s->unit, &s->unit_text);
	else
		refuse(t, "the goal names no output", &why);
	err_clear(&why);
	return ok;
}

static bool find_target(struct trade *t, const char *text, struct sought *s)
{
	struct err why = ERR_INIT;
	struct pos none = { 0 };
	struct dist *d;
	bool ok;

	d = dist_parse(t->arena, env_units(t->plan->model->env), text,
	               &s->unit, NULL, none, &why);
	ok = d && dist_is_point(d);
	if (ok)
		s->target = dist_central(d);
	else
		refuse(t, d ? "--goal: the value wanted is one number" :
		       "--goal: no value to reach", &why);
	err_clear(&why);
	return ok;
}

static bool read_goal(struct trade *t, const char *text, struct sought *s)
{
	const char *equals = strrchr(text, '=');
	size_t n = equals ? (size_t)(equals - text) : 0;

	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (n == 0)
		return refuse(t, "--goal: write OUTPUT=VALUE", NULL);
	return sought_find(t, arena_strndup(t->arena, text, n), s) &&
	       find_target(t, equals + 1 + strspn(equals + 1, " "), s);
}

/* --- one option --------------------------------------------------------- */

struct bench {                          /* the trade-off that stands in */
	struct trade trade;
	struct plan plan;
	struct model model;
	bool barred[2];
};

static void bench_release(struct bench *b)
{
	scan_free(b->trade.scan);
	free(b->trade.factor);
	if (b->plan.lean)
		tape_free(b->plan.lean);
	free(b->plan.roots.node);
	free(b->plan.objective);
	free(b->plan.require);
}

/* The requirements of the real option, and its objective's state as one more,
 * hold for the output. */
static void take_requirements(struct bench *b, const struct plan *p, int option)
{
	int n = p->model->nrequires;
	int *row = xcalloc(2 * (size_t)(n + 1), sizeof *row);

	for (int i = 0; i <= n; i++) {
		int root = option < 0 ? ROOT_NONE : i == n ? p->state[option] :
		           p->require[i * p->noptions + option];

		row[2 * i] = ROOT_NONE;
		row[2 * i + 1] = root == ROOT_NONE ? ROOT_NONE :
			roots_add(&b->plan.roots, p->roots.node[root]);
	}
	b->plan.require = row;
	b->model.nrequires = n + 1;
}

static bool bench_init(struct bench *b, struct trade *t,
                       const struct sought *s, int option)
{
	const struct plan *p = t->plan;
	int *row = xcalloc(4, sizeof *row);

	b->model = *p->model;
	b->plan = *p;
	b->plan.roots = (struct roots) { 0 };
	b->plan.model = &b->model;
	b->plan.noptions = 2;
	b->plan.sign = 1;
	b->plan.lean = NULL;
	b->plan.objective = row;
	b->plan.state = row + 2;
	b->plan.require = NULL;
	b->model.noptions = 2;
	b->model.decision.infeasible_at_most = ALMOST_ALL;
	b->model.decision.pay = 0;
	b->trade = *t;
	b->trade.plan = &b->plan;
	b->trade.barred = b->barred;
	b->trade.scan = NULL;
	b->trade.factor = NULL;
	b->trade.judged.best = -1;      /* its options are two numbers */
	row[0] = roots_add(&b->plan.roots, dag_const(p->dag, s->target));
	row[2] = ROOT_NONE;
	if (!plan_root(&b->plan, &b->plan.roots, s->value, option, &row[1],
	               &row[3], t->err))
		return false;
	take_requirements(b, p, option);
	b->plan.nlean = b->plan.roots.n;
	b->plan.lean = tape_new(p->dag, b->plan.roots.node, b->plan.roots.n);
	factors_find(&b->trade);
	return true;
}

static double value_here(struct bench *b)
{
	struct feed f;
	double v;

	feed_init(&f, b->plan.lean);
	feed_central(&f, b->trade.sample);
	feed_run(&f, 1);
	v = feed_cost(&f, &b->plan, 1, 0);
	feed_release(&f);
	return v;
}

static void set_note(struct trade *t, struct goal *g)
{
	const char *cut = g->at.note ? strstr(g->at.note, "cut short") : NULL;
	const char *mean = g->at.note ? strstr(g->at.note, "expected") : NULL;

	if (g->at.state == BREAK_UNDEFINED)
		g->at.note = arena_printf(t->arena, "%s does not move it, as "
		                          "far as it is a number",
		                          g->at.parameter);
	else if (cut)
		g->at.note = "the search was cut short: there may be more";
	else
		g->at.note = mean ? "by its mean over the draws" : NULL;
}

static bool fill_one(struct trade *t, const struct sought *s, int slot,
                     const char *param, int option, struct goal *g)
{
	struct bench b = { 0 };
	bool ok = bench_init(&b, t, s, option) &&
	          break_even_fill(&b.trade, slot, param, 0, 1, &g->at);

	if (ok) {
		g->output = arena_strdup(t->arena, s->name);
		g->unit = arena_strdup(t->arena, s->unit_text);
		g->option = option;
		g->value = s->target / s->unit.scale;
		g->here = value_here(&b) / s->unit.scale;
		set_note(t, g);
	}
	bench_release(&b);
	return ok;
}

/* Whether the output is one formula for all options: shared nodes are equal. */
static bool is_common(struct trade *t, const struct sought *s)
{
	struct roots r = { 0 };
	bool ok = true, same = true;
	int number, state;

	for (int o = 0; ok && o < t->plan->noptions; o++) {
		ok = plan_root(t->plan, &r, s->value, o, &number, &state,
		               NULL);
		same &= ok && r.node[number] == r.node[0];
	}
	free(r.node);
	return same;
}

bool goals_fill(struct trade *t, const char *param, const char *text)
{
	int slot = bound_slot(t->plan->bound, t->plan->index, param, t->err);
	struct sought s = { .only = -1 };
	struct tradeoff *out = t->out;
	bool ok = slot >= 0 && read_goal(t, text, &s);

	if (!ok)
		return false;
	out->goal = arena_alloc(t->arena, sizeof *out->goal *
	                                  (size_t)t->plan->noptions);
	if (s.only < 0 && is_common(t, &s))
		return fill_one(t, &s, slot, param, -1,
		                &out->goal[out->ngoals++]);
	for (int o = 0; ok && o < t->plan->noptions; o++)
		if (s.only < 0 || s.only == o)
			ok = fill_one(t, &s, slot, param, o,
			              &out->goal[out->ngoals++]);
	return ok;
}
