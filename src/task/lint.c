/*
 * What a reviewer would object to in a model that loads.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "expr/expr.h"
#include "model/model.h"
#include "task/task.h"

/* A path that leads to a file of the library means that model. */
static const char *of_the_library(struct context *c, const char *path)
{
	const char *const *names = library_names(c->library);
	struct stat file, st;

	if (stat(path, &file) != 0)
		return NULL;
	for (int i = 0; names[i]; i++) {
		struct buf name = BUF_INIT;
		char *own;
		bool same;

		buf_addf(&name, "models/%s.yaml", names[i]);
		own = path_join(c->data_dir, name.s);
		same = stat(own, &st) == 0 && st.st_dev == file.st_dev &&
		       st.st_ino == file.st_ino;
		free(own);
		buf_release(&name);
		if (same)
			return names[i];
	}
	return NULL;
}

static const struct model *by_name(struct context *c, const char *name,
                                   struct err *err)
{
	const char *const *names = library_names(c->library);
	const char *near = text_nearest(name, names);
	struct buf list = BUF_INIT;

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return library_model(c->library, name, err);
	for (int i = 0; names[i]; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", names[i]);
	err_add(err, ERR_USAGE, "there is no model '%s'%s%s%s; there are: %s",
	        name, near ? " (did you mean '" : "", near ? near : "",
	        near ? "'?)" : "", list.s);
	buf_release(&list);
	return NULL;
}

const struct model *task_model(struct context *c, const char *ref,
                               struct err *err)
{
	const char *own;

	if (!strchr(ref, '/') && !strstr(ref, ".yaml"))
		return by_name(c, ref, err);
	own = of_the_library(c, ref);
	return own ? library_model(c->library, own, err)
	           : library_add(c->library, ref, err);
}

/* Collects every name that the model's formulas, money lines and rules
 * mention, once a mention. */
struct mentions {
	int n;
	size_t cap;
	const char **name;
};

static void mention(void *ctx, const char *name, struct pos pos)
{
	struct mentions *seen = ctx;

	(void)pos;
	*ARR_PUSH(seen->name, seen->n, seen->cap) = name;
}

static void mention_in(struct mentions *seen, const struct syntax *s)
{
	if (s)
		syntax_names(s, mention, seen);
}

static void mention_rules(struct mentions *seen, const struct model *m)
{
	for (int i = 0; i < m->nrequires; i++)
		mention_in(seen, m->requires[i].when);
	for (int i = 0; i < m->nconstraints; i++) {
		mention_in(seen, m->constraint[i].when);
		mention_in(seen, m->constraint[i].allow);
		mention_in(seen, m->constraint[i].require);
	}
	for (int i = 0; i < m->nfindings; i++)
		mention_in(seen, m->finding[i].when);
	for (int i = 0; i < m->ntriggers; i++)
		mention_in(seen, m->trigger[i].when);
	for (int i = 0; i < m->noutputs; i++)
		mention_in(seen, m->output[i].value);
}

/* A text that is not kept parsed (money, stocks, `by:` lines) is searched for
 * the name as a word. */
static bool word_in(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = text; at && (at = strstr(at, name)); at += n) {
		bool begins = at == text ||
			!strchr("abcdefghijklmnopqrstuvwxyz0123456789_",
			        at[-1]);
		bool ends = !at[n] ||
			!strchr("abcdefghijklmnopqrstuvwxyz0123456789_",
			        at[n]);

		if (begins && ends)
			return true;
	}
	return false;
}

static bool in_texts(const struct model *m, const char *name)
{
	for (int i = 0; i < m->nformulas; i++)
		if (m->formula[i].text && word_in(m->formula[i].text, name))
			return true;
	for (int i = 0; i < m->nfunctions; i++)
		if (word_in(m->function_text[i], name))
			return true;
	for (int i = 0; i < m->nmoney; i++)
		if (m->money[i].text && word_in(m->money[i].text, name))
			return true;
	return m->decision.objective_text &&
	       word_in(m->decision.objective_text, name);
}

static bool times_of_a_price(const struct model *m, const char *name)
{
	for (int i = 0; i < m->nparams; i++)
		for (int k = 0; k < m->param[i].nslots; k++) {
			const struct setting *s = m->param[i].setting[k];

			if (s && s->times && !strcmp(s->times, name))
				return true;
		}
	return false;
}

static bool is_read(const struct model *m, const struct mentions *seen,
                    const char *name)
{
	for (int i = 0; i < seen->n; i++)
		if (!strcmp(seen->name[i], name))
			return true;
	return in_texts(m, name) || times_of_a_price(m, name);
}

struct lint {
	void (*each)(void *ctx, struct pos pos, const char *text);
	void *ctx;
	int n;
};

static void object(struct lint *l, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void object(struct lint *l, struct pos pos, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	l->each(l->ctx, pos, b.s);
	l->n++;
	buf_release(&b);
}

static bool has_own_source(const struct param *p)
{
	if (p->source.kind || p->source.note)
		return true;
	for (int k = 0; k < p->nslots; k++) {
		const struct setting *s = p->setting[k];

		/* prices and the workload bring their sources along */
		if (s && s->kind != SET_PRICE && s->kind != SET_WORKLOAD &&
		    s->kind != SET_FROM && s->kind != SET_EVIDENCE &&
		    !s->source.kind && !s->source.note)
			return false;
	}
	return true;
}

static bool of_the_workload(const struct param *p)
{
	for (int k = 0; k < p->nslots; k++)
		if (!p->setting[k] || p->setting[k]->kind != SET_WORKLOAD)
			return false;
	return true;
}

static void lint_param(struct lint *l, const struct model *m,
                       const struct mentions *seen, const struct param *p)
{
	if (of_the_workload(p))
		return;
	if (!has_own_source(p))
		object(l, p->pos, "parameter `%s` has no source", p->name);
	if (!p->title)
		object(l, p->pos, "parameter `%s` has no title", p->name);
	if (!p->ask)
		object(l, p->pos, "parameter `%s` has no question (ask:)",
		       p->name);
	if (!is_read(m, seen, p->name))
		object(l, p->pos, "nothing reads parameter `%s`", p->name);
}

int task_lint(struct context *c, const struct model *m,
              void (*each)(void *ctx, struct pos pos, const char *text),
              void *ctx)
{
	struct lint l = { each, ctx, 0 };
	struct mentions seen = { 0 };
	struct pos whole = { m->path, 0, 0 };

	(void)c;
	mention_rules(&seen, m);
	for (int i = 0; i < m->nparams; i++)
		lint_param(&l, m, &seen, &m->param[i]);
	if (!m->question)
		object(&l, whole, "the model asks no question");
	if (!m->nexamples)
		object(&l, whole, "the model has no examples");
	free(seen.name);
	return l.n;
}
