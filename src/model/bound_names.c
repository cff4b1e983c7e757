/* "P", "P@LABEL", "MODEL.P@LABEL", a preset's name -> the slot drawn. */
#include "model/bound_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#include "base/banned.h"

#define NAMED_MAX 16

struct lookup {
	const struct bound *b;
	const char *name;
	int n;
	int slot[NAMED_MAX];            /* what was found, links followed */
	bool partial;                   /* one value a label, none named */
	const struct param *param;
	const struct env *env;
};

/* Follows links to the slot that carries the value. */
static int carrier(const struct bound *b, int slot)
{
	while (b->slot[slot].kind == SLOT_WORKLOAD
	       && b->slot[slot].target >= 0)
		slot = b->slot[slot].target;
	return slot;
}

static void add(struct lookup *f, int slot)
{
	slot = carrier(f->b, slot);
	for (int i = 0; i < f->n; i++)
		if (f->slot[i] == slot)
			return;
	if (f->n < NAMED_MAX)
		f->slot[f->n++] = slot;
}

static void add_param(struct lookup *f, int base, const struct param *p,
                      const struct env *env, int slot)
{
	if (!p)
		return;
	if (slot < 0 && p->nslots > 1) {
		f->partial = true;
		f->param = p;
		f->env = env;
		return;
	}
	add(f, base + p->first_slot + (slot < 0 ? 0 : slot));
}

static void look_in_model(struct lookup *f, int model)
{
	const struct bound_model *bm = &f->b->model[model];
	int slot;
	const struct param *p = model_param(bm->model, f->name, &slot);

	add_param(f, bm->first_slot, p, bm->model->env, slot);
	for (int i = 0; i < bm->model->npresets; i++)
		if (strcmp(bm->model->preset[i].name, f->name) == 0)
			add(f, bm->first_slot + bm->model->preset[i].slot);
}

static void look_in_workload(struct lookup *f)
{
	int slot;
	const struct param *p = workload_param(f->b->workload, f->name, &slot);

	add_param(f, 0, p, f->b->workload->env, slot);
}

/* From a model: its own names first, then the workload's. */
static void look(struct lookup *f, int model)
{
	if (model >= 0) {
		look_in_model(f, model);
		if (f->n == 0 && !f->partial)
			look_in_workload(f);
		return;
	}
	look_in_workload(f);
	for (int i = 0; i < f->b->nmodels; i++)
		look_in_model(f, i);
}

static const char *owner(const struct bound *b, int slot)
{
	int model = b->slot[slot].model;

	return model < 0 ? "workload" : b->model[model].model->name;
}

/* A slot that stands for a formula has no coordinate of its own to move. */
static bool drawn(const struct lookup *f, int slot, struct err *err)
{
	const struct slot *s = &f->b->slot[slot];

	switch (s->kind) {
	case SLOT_INPUT:
	case SLOT_MIXED:
		return true;
	case SLOT_WORKLOAD:
		return err_add(err, ERR_USAGE, "`%s` is the workload's formula "
		               "`%s`: vary what that is made from", f->name,
		               s->formula);
	case SLOT_PRICE:
		return err_add(err, ERR_USAGE, "`%s` is a price times `%s`: "
		               "vary that, or state `%s` itself", f->name,
		               f->b->slot[s->times].name, f->name);
	case SLOT_NEIGHBOUR:
		return err_add(err, ERR_USAGE, "`%s` is read from %s: state it "
		               "in the scenario to vary it", f->name,
		               f->b->model[s->neighbour].model->name);
	case SLOT_ABSENT:
		break;
	}
	return err_add(err, ERR_USAGE, "`%s` has no value: nothing in the "
	               "scenario reads it", f->name);
}

static const char *const *known_names(struct arena *a, const struct bound *b)
{
	const char **list = arena_alloc(a, ((size_t)b->nslots + 1)
	                                   * sizeof *list);

	for (int i = 0; i < b->nslots; i++)
		list[i] = b->slot[i].name;
	return list;
}

static int failed(const struct lookup *f, struct err *err)
{
	struct arena *a = arena_new();
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < f->n; i++)
		buf_addf(&b, "%s%s.%s", i ? ", " : "",
		         owner(f->b, f->slot[i]), f->b->slot[f->slot[i]].name);
	if (f->n > 1)
		err_add(err, ERR_USAGE, "`%s` may mean %s: say which", f->name,
		        b.s);
	else if (f->partial)
		err_add(err, ERR_USAGE, "`%s` is one value a label: say "
		        "%s@LABEL, with one of %s", f->name, f->name,
		        list_text(a, label_list(a, f->env, f->param->axis)));
	else
		err_add(err, ERR_USAGE, "there is no parameter `%s`%s",
		        f->name,
		        suggestion(a, f->name, known_names(a, f->b)));
	buf_release(&b);
	arena_free(a);
	return -1;
}

int bound_slot(const struct bound *b, int model, const char *name,
               struct err *err)
{
	struct lookup f = { .b = b, .name = name };
	const char *dot = strchr(name, '.');

	if (dot) {
		char *prefix = xstrndup(name, (size_t)(dot - name));
		int prefixed = bound_model_index(b, prefix);
		bool workload = strcmp(prefix, "workload") == 0;

		if (prefixed < 0 && !workload)
			err_add(err, ERR_USAGE, "the scenario asks about no "
			        "model `%s`", prefix);
		free(prefix);
		if (prefixed < 0 && !workload)
			return -1;
		f.name = dot + 1;
		if (workload)
			look_in_workload(&f);
		else
			look_in_model(&f, prefixed);
	} else {
		look(&f, model);
	}
	if (f.n != 1 || f.partial)
		return failed(&f, err);
	return drawn(&f, f.slot[0], err) ? f.slot[0] : -1;
}
