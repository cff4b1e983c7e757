/*
 * Verbs that run the engine on a scenario, and the one that saves its answer.
 */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/files.h"
#include "task/task.h"

struct evaluation *task_evaluate(struct context *c, const struct scenario *s,
                                 struct err *err)
{
	return engine_evaluate(c->library, s, &c->engine, err);
}

struct joint_plan *task_plan(struct context *c, const struct scenario *s,
                             struct err *err)
{
	return engine_plan(c->library, s, &c->engine, err);
}

static bool asks_about(const struct scenario *s, const char *model)
{
	for (int i = 0; i < s->nmodels; i++)
		if (!strcmp(s->model[i], model))
			return true;
	return s->nmodels == 0;         /* it asks about all */
}

/* The model meant: the one named, or the only one there is. */
static const char *pick_model(const struct scenario *s, const char *model,
                              struct err *err)
{
	struct buf list = BUF_INIT;

	if (model && asks_about(s, model))
		return model;
	if (!model && s->nmodels == 1)
		return s->model[0];
	for (int i = 0; i < s->nmodels; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", s->model[i]);
	if (model)
		err_add(err, ERR_USAGE, "scenario '%s' does not ask about "
		        "'%s' (it asks about: %s)", s->name, model, list.s);
	else
		err_add(err, ERR_USAGE, "name one of the scenario's models: "
		        "%s", list.s);
	buf_release(&list);
	return NULL;
}

struct evaluation *task_break_even(struct context *c, const struct scenario *s,
                                   const char *model, const char *param,
                                   struct err *err)
{
	model = pick_model(s, model, err);
	if (!model)
		return NULL;
	return engine_break_even(c->library, s, model, param, &c->engine, err);
}

struct evaluation *task_goal(struct context *c, const struct scenario *s,
                             const char *model, const char *param,
                             const char *goal, struct err *err)
{
	model = pick_model(s, model, err);
	if (!model)
		return NULL;
	return engine_goal(c->library, s, model, param, goal, &c->engine, err);
}

struct evaluation *task_frontier(struct context *c, const struct scenario *s,
                                 const char *model, const char *x,
                                 const char *y, struct err *err)
{
	model = pick_model(s, model, err);
	if (!model)
		return NULL;
	return engine_frontier(c->library, s, model, x, y, &c->engine, err);
}

struct explanation *task_explain(struct context *c, const struct scenario *s,
                                 const char *model, const char *output,
                                 int depth, struct err *err)
{
	struct explanation *x = NULL;
	struct bound *b;

	model = pick_model(s, model, err);
	if (!model)
		return NULL;
	b = bound_new(c->library, s, NULL, err);
	if (!b)
		return NULL;
	x = engine_explain(b, bound_model_index(b, model), output, depth,
	                   &c->engine, err);
	bound_free(b);
	return x;
}

/* "build-vs-buy: api_closed, ...": what a list of revisions shows. */
static void verdict_line(struct buf *b, const struct evaluation *e)
{
	for (int i = 0; i < e->ntradeoffs; i++) {
		const struct tradeoff *t = &e->tradeoff[i];
		int best = t->verdict.option;

		buf_addf(b, "%s%s: %s", i ? ", " : "", t->model,
		         best >= 0 ? t->option[best].name : "none");
	}
}

bool task_save(struct context *c, const struct scenario *s,
               const struct evaluation *e, const char *message,
               struct revision_info *out, struct arena *a, struct err *err)
{
	struct buf text = BUF_INIT, json = BUF_INIT, verdicts = BUF_INIT;
	struct store_evaluation run = { .digest = e ? e->digest : NULL };
	struct store_file *file = NULL;
	struct scenario *kept = scenario_copy(s);
	struct store *store = scenario_pin_models(kept, c->library, err)
	                      && scenario_pin_files(kept, err)
		? store_open(c->store_path, true, err) : NULL;
	bool ok = store != NULL;

	if (ok) {
		scenario_write(kept, &text);
		if (e) {
			struct evaluation *one = (struct evaluation *)e;

			report_json(&json, &one, 1);
			verdict_line(&verdicts, e);
			ok = files_of_today(c, s, &file, &run.nfiles, a, err)
				&& files_drawn_on(e, &file, &run.nfiles, a, err);
			run.file = file;
			run.json = json.s;
			run.verdicts = verdicts.s;
		}
		ok = ok && store_save(store, s->name, s->title, text.s,
		                      message, e ? &run : NULL, out, a, err);
	}
	store_close(store);
	scenario_free(kept);
	buf_release(&text);
	buf_release(&json);
	buf_release(&verdicts);
	return ok;
}

/* --- one trade-off ------------------------------------------------------ */

static bool covers(const char *param, const char *name)
{
	size_t n = strlen(param);

	return !strncmp(param, name, n) && (!name[n] || name[n] == '@');
}

static bool covered(const char *const *param, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (covers(param[i], name))
			return true;
	return n == 0;
}

/* The names among which the caller may choose: of what was asked for. */
static const char *name_at(const struct tradeoff *t, int i)
{
	if (i < t->nsensitivity)
		return t->sensitivity[i].parameter;
	i -= t->nsensitivity;
	return i < t->voi.nevppi ? t->voi.evppi[i].parameter : NULL;
}

static bool known(const struct tradeoff *t, const char *param, struct err *err)
{
	for (int i = 0; name_at(t, i); i++)
		if (covers(param, name_at(t, i)))
			return true;
	return err_add(err, ERR_USAGE, "'%s' is no uncertain parameter that "
	               "the decision of %s hangs on", param, t->model);
}

static void keep(struct tradeoff *t, const char *const *param, int n)
{
	int s = 0, v = 0;

	for (int i = 0; i < t->nsensitivity; i++)
		if (covered(param, n, t->sensitivity[i].parameter))
			t->sensitivity[s++] = t->sensitivity[i];
	for (int i = 0; i < t->voi.nevppi; i++)
		if (covered(param, n, t->voi.evppi[i].parameter))
			t->voi.evppi[v++] = t->voi.evppi[i];
	t->voi.part = v < t->voi.nevppi;
	t->nsensitivity = s;
	t->voi.nevppi = v;
}

struct evaluation *task_trade(struct context *c, const struct scenario *s,
                              const char *model, const char *const *param,
                              int nparams, struct err *err)
{
	struct evaluation *e;
	bool ok = true;

	model = pick_model(s, model, err);
	e = model ? engine_trade(c->library, s, model, &c->engine, err) : NULL;
	if (!e)
		return NULL;
	for (int i = 0; i < nparams; i++)
		ok &= known(&e->tradeoff[0], param[i], err);
	if (ok) {
		keep(&e->tradeoff[0], param, nparams);
		return e;
	}
	evaluation_free(e);
	return NULL;
}
