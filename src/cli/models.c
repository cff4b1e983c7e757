/*
 * models list, test, lint.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"
#include "model/model.h"

/* --- list ------------------------------------------------------------------------ */

static void list_text(struct buf *out, const struct model *m)
{
	buf_addf(out, "%-28s ", m->name);
	add_safe(out, m->question ? m->question : m->title);
	buf_addf(out, "\n%28s ", "");
	for (int i = 0; i < m->noptions; i++)
		buf_addf(out, "%s%s", i ? ", " : "", m->option[i].name);
	buf_addc(out, '\n');
}

static void list_json(struct json *j, const struct model *m)
{
	json_begin(j, NULL, '{');
	json_text(j, "model", m->name);
	JSON(j, *m, title, question, version, digest);
	json_begin(j, "options", '[');
	for (int i = 0; i < m->noptions; i++)
		json_text(j, NULL, m->option[i].name);
	json_end(j, ']');
	json_end(j, '}');
}

static void begin_document(struct json *j, const struct run *r, bool ok,
                           const char *list)
{
	json_begin(j, NULL, '{');
	json_text(j, "schema", r->command->schema);
	json_bool(j, "ok", ok);
	json_begin(j, list, '[');
}

static void end_document(struct json *j)
{
	json_end(j, ']');
	json_end(j, '}');
}

bool run_models_list(struct run *r)
{
	const char *const *names = library_names(r->context.library);
	struct json j = { .out = &r->out };

	if (r->opt.json)
		begin_document(&j, r, true, "models");
	for (int i = 0; names[i]; i++) {
		const struct model *m = library_model(r->context.library,
		                                      names[i], &r->err);

		if (m && r->opt.json)
			list_json(&j, m);
		else if (m)
			list_text(&r->out, m);
	}
	if (r->opt.json)
		end_document(&j);
	return !err_any(&r->err);
}

/* --- test ------------------------------------------------------------------------ */

/* The outcomes of one model: failures as lines, successes as a count. */
struct tally {
	struct run *r;
	struct json j;
	int held, all;
};

static void outcome_text(struct buf *out, const struct example_outcome *o)
{
	if (o->pos.file && o->pos.line) {
		add_safe(out, o->pos.file);
		buf_addf(out, ":%d: ", o->pos.line);
	}
	add_safe(out, o->example);
	if (o->expect) {
		buf_add(out, ": ");
		add_safe(out, o->expect);
		buf_add(out, " is ");
		add_safe(out, o->got ? o->got : "not known");
		buf_add(out, ", wanted ");
		add_safe(out, o->wanted ? o->wanted : "a number");
	}
	if (o->why) {
		buf_add(out, o->expect ? " (" : ": ");
		add_safe(out, o->why);
		buf_add(out, o->expect ? ")" : "");
	}
	buf_addc(out, '\n');
}

static void outcome_json(struct json *j, const struct example_outcome *o)
{
	json_begin(j, NULL, '{');
	JSON(j, *o, model, example, expect, ok, got, wanted, why);
	json_whole(j, "line", o->pos.line);
	json_end(j, '}');
}

static void hear_example(void *ctx, const struct example_outcome *o)
{
	struct tally *t = ctx;

	t->all++;
	t->held += o->ok;
	if (t->r->opt.json)
		outcome_json(&t->j, o);
	else if (!o->ok)
		outcome_text(&t->r->out, o);
}

static bool test_model(struct run *r, const char *name, struct tally *t)
{
	int failed;

	t->held = t->all = 0;
	failed = task_examples(&r->context, name, hear_example, t, &r->err);
	if (failed < 0)
		return false;
	if (failed)
		r->status = 1;
	if (!r->opt.json) {
		add_safe(&r->out, name);
		buf_addf(&r->out, ": %d of %d expectations hold\n", t->held,
		         t->all);
	}
	return true;
}

/* Calls `fn` for the models named, or for all. */
static bool each_model(struct run *r, struct tally *t,
                       bool (*fn)(struct run *r, const char *name,
                                  struct tally *t))
{
	const char *const *names = library_names(r->context.library);
	bool ok = true;

	for (int i = 0; i < r->nargs; i++)
		ok &= fn(r, r->arg[i], t);
	for (int i = 0; !r->nargs && names[i]; i++)
		ok &= fn(r, names[i], t);
	return ok;
}

static bool run_each(struct run *r, const char *list,
                     bool (*fn)(struct run *r, const char *name,
                                struct tally *t))
{
	struct tally t = { .r = r, .j = { .out = &r->out } };
	bool ok;

	if (r->opt.json)
		begin_document(&t.j, r, true, list);
	ok = each_model(r, &t, fn);
	if (r->opt.json)
		end_document(&t.j);
	return ok;
}

bool run_models_test(struct run *r)
{
	return run_each(r, "outcomes", test_model);
}

/* --- lint ------------------------------------------------------------------------ */

static void hear_objection(void *ctx, struct pos pos, const char *text)
{
	struct tally *t = ctx;
	struct buf *out = &t->r->out;

	t->all++;
	if (t->r->opt.json) {
		json_begin(&t->j, NULL, '{');
		JSON(&t->j, pos, file, line);
		json_whole(&t->j, "column", pos.col);
		json_text(&t->j, "text", text);
		json_end(&t->j, '}');
		return;
	}
	add_safe(out, pos.file);
	if (pos.line)
		buf_addf(out, ":%d:%d", pos.line, pos.col);
	buf_add(out, ": ");
	add_safe(out, text);
	buf_addc(out, '\n');
}

static bool lint_model(struct run *r, const char *name, struct tally *t)
{
	const struct model *m = task_model(&r->context, name, &r->err);

	if (!m)
		return false;
	t->all = 0;
	task_lint(&r->context, m, hear_objection, t);
	if (t->all)
		r->status = 1;
	else if (!r->opt.json)
		buf_addf(&r->out, "%s: nothing to object to\n", m->name);
	return true;
}

bool run_models_lint(struct run *r)
{
	return run_each(r, "objections", lint_model);
}
