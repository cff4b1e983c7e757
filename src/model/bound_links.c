/*
 * What hangs on what across the parts: parameters of the workload that are
 * read must have a value, and models must not read each other in a circle.
 */
#include "model/bound_int.h"

#include <string.h>

#include "base/buf.h"

#include "base/banned.h"

/* --- the workload's required values --------------------------------------- */

struct need {
	struct binder *bd;
	const struct slot *reader;      /* who asked first */
	bool *slot, *formula;           /* seen already */
};

static void need_slot(struct need *n, int slot)
{
	struct binder *bd = n->bd;
	const struct slot *s = &bd->b->slot[slot];

	if (n->slot[slot])
		return;
	n->slot[slot] = true;
	if (s->times >= 0)
		need_slot(n, s->times);
	if (s->kind != SLOT_ABSENT)
		return;
	err_at(&bd->err, ERR_INPUT, binder_place(bd), "the workload needs a "
	       "value for `%s` (%s of %s reads it)%s%s", s->name,
	       n->reader->name,
	       bd->b->model[n->reader->model].model->name,
	       s->param->ask ? ": " : "", s->param->ask ? s->param->ask : "");
}

static void need_name(void *ctx, const char *name, struct pos pos)
{
	struct need *n = ctx;
	const struct workload *w = n->bd->w;
	struct symbol sym;
	int slot;
	const struct param *p = workload_param(w, name, &slot);

	(void)pos;
	if (p) {
		need_slot(n, p->first_slot);
		return;
	}
	for (int i = 0; i < w->nformulas; i++) {
		if (strcmp(w->formula[i].name, name) != 0 || n->formula[i])
			continue;
		n->formula[i] = true;
		if (env_symbol(w->env, name, 0, &sym) && sym.body)
			syntax_names(sym.body, need_name, n);
	}
}

static void check_required(struct binder *bd)
{
	struct arena *a = bd->b->arena;
	struct need n = {
		.bd = bd,
		.slot = arena_alloc(a, (size_t)bd->b->nslots + 1),
		.formula = arena_alloc(a, (size_t)bd->w->nformulas + 1),
	};

	for (int i = 0; i < bd->b->nslots; i++) {
		const struct slot *s = &bd->b->slot[i];

		if (s->kind != SLOT_WORKLOAD)
			continue;
		n.reader = s;
		if (s->target >= 0)
			need_slot(&n, s->target);
		else
			need_name(&n, s->formula, s->pos);
	}
}

/* --- circles -------------------------------------------------------------- */

struct walk {
	struct binder *bd;
	int depth;
	int path[SCOPE_MAX + 1];        /* models on the way down */
	bool done[SCOPE_MAX];
};

static int place_on_path(const struct walk *w, int model)
{
	for (int i = 0; i < w->depth; i++)
		if (w->path[i] == model)
			return i;
	return -1;
}

static void report_circle(struct walk *w, int from, const struct slot *s)
{
	const struct bound *b = w->bd->b;
	struct buf chain;

	buf_init(&chain);
	for (int i = from; i < w->depth; i++)
		buf_addf(&chain, "%s reads ",
		         b->model[w->path[i]].model->name);
	buf_add(&chain, b->model[w->path[from]].model->name);
	err_at(&w->bd->err, ERR_INPUT, s->pos, "models read each other in a "
	       "circle: %s", chain.s);
	buf_release(&chain);
}

static void visit(struct walk *w, int model)
{
	const struct bound *b = w->bd->b;

	w->path[w->depth++] = model;
	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];
		int seen;

		if (s->kind != SLOT_NEIGHBOUR || s->model != model)
			continue;
		seen = place_on_path(w, s->neighbour);
		if (seen >= 0)
			report_circle(w, seen, s);
		else if (!w->done[s->neighbour])
			visit(w, s->neighbour);
	}
	w->depth--;
	w->done[model] = true;
}

void bind_links(struct binder *bd)
{
	struct walk w = { .bd = bd };

	check_required(bd);
	for (int i = 0; i < bd->b->nmodels; i++)
		if (!w.done[i])
			visit(&w, i);
}
