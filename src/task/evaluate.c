/*
 * Verbs that run the engine on a scenario, and the one that saves its answer.
 */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/task.h"

struct evaluation *task_evaluate(struct context *c, const struct scenario *s,
                                 struct err *err)
{
	return engine_evaluate(c->library, s, &c->engine, err);
}

static bool asks_about(const struct scenario *s, const char *model)
{
	for (int i = 0; i < s->nmodels; i++)
		if (!strcmp(s->model[i], model))
			return true;
	return false;
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
	struct store *store = store_open(c->store_path, true, err);
	bool ok = false;

	if (store) {
		scenario_write(s, &text);
		if (e) {
			struct evaluation *one = (struct evaluation *)e;

			report_json(&json, &one, 1);
			verdict_line(&verdicts, e);
		}
		ok = store_save(store, s->name, s->title, text.s, message,
		                e ? e->digest : NULL, e ? json.s : NULL,
		                e ? verdicts.s : NULL, out, a, err);
	}
	store_close(store);
	buf_release(&text);
	buf_release(&json);
	buf_release(&verdicts);
	return ok;
}
