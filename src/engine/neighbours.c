/* What a trade-off reads of others, and of which of their options. */
#include <string.h>

#include "engine/trade.h"

#include "base/banned.h"

static struct neighbour *neighbour_of(struct trade *t, const struct slot *s)
{
	const struct bound_model *bm = &t->plan->bound->model[s->neighbour];
	const struct model *m = bm->model;
	struct neighbour *out;

	for (int i = 0; i < t->out->nneighbours; i++)
		if (strcmp(t->out->neighbour[i].model, m->name) == 0)
			return &t->out->neighbour[i];
	out = &t->out->neighbour[t->out->nneighbours++];
	*out = (struct neighbour) {
		.model = arena_strdup(t->arena, m->name),
		.title = arena_strdup(t->arena, m->title ? m->title : m->name),
		.option = arena_strdup(t->arena, m->option[s->option].name),
		.option_title = arena_strdup(t->arena,
		                             m->option[s->option].title),
		.why = bm->assume >= 0 ? "assumed" : bm->recommended >= 0
			? "recommended" : "incumbent",
		.figure = arena_alloc(t->arena, sizeof *out->figure *
		                      (size_t)t->plan->model->nslots),
	};
	return out;
}

static void add_figure(struct trade *t, struct neighbour *n,
                       const char *figure)
{
	for (int i = 0; i < n->nfigures; i++)
		if (strcmp(n->figure[i], figure) == 0)
			return;
	n->figure[n->nfigures++] = arena_strdup(t->arena, figure);
}

void neighbours_report(struct trade *t)
{
	const struct bound *b = t->plan->bound;

	t->out->neighbour = arena_alloc(t->arena, sizeof *t->out->neighbour *
	                                          (size_t)(b->nmodels + 1));
	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];

		if (s->kind == SLOT_NEIGHBOUR && s->model == t->plan->index)
			add_figure(t, neighbour_of(t, s), s->formula);
	}
}
