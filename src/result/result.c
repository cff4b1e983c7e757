#include "result/result.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#include "base/banned.h"

const char *const verdict_state_names[4] = {
	"stable", "tied", "undecided", "infeasible",
};
const char *const option_status_names[3] = { "ok", "infeasible", "barred" };
const char *const crossing_kind_names[3] = { "root", "jump", "touch" };
const char *const break_even_state_names[4] = {
	"never", "always", "crossings", "undefined",
};

bool result_has(double v)
{
	return isfinite(v);
}

void evaluation_free(struct evaluation *e)
{
	if (!e)
		return;
	for (int i = 0; i < e->nshared; i++)
		arena_free(e->shared[i]);
	arena_free(e->arena);
}

void curve_free(struct curve *c)
{
	if (c)
		arena_free(c->arena);
}

int curve_winner(const struct curve *c, int i)
{
	int best = -1;

	for (int o = 0; o < c->noptions; o++) {
		double v = c->mean[o * c->n + i];

		if (isfinite(v) &&
		    (best < 0 || v < c->mean[best * c->n + i]))
			best = o;
	}
	return best;
}

void frontier_free(struct frontier *f)
{
	if (f && f->arena)
		arena_free(f->arena);
}

void explanation_free(struct explanation *e)
{
	if (e)
		arena_free(e->arena);
}

const struct tradeoff *evaluation_find(const struct evaluation *e,
                                       const char *model)
{
	for (int i = 0; i < e->ntradeoffs; i++)
		if (strcmp(e->tradeoff[i].model, model) == 0)
			return &e->tradeoff[i];
	return NULL;
}

void joint_plan_free(struct joint_plan *p)
{
	if (!p)
		return;
	if (p->separate)
		evaluation_free(p->separate);
	arena_free(p->arena);
}

int tradeoff_option(const struct tradeoff *t, const char *name)
{
	for (int i = 0; name && i < t->noptions; i++)
		if (!strcmp(t->option[i].name, name))
			return i;
	return -1;
}

void result_origin(struct buf *out, const char *origin, const char *price,
                   const char *over)
{
	if (!price && (!origin || strcmp(origin, "model") == 0))
		return;
	buf_add(out, origin ? origin : "model");
	if (price)
		buf_addf(out, " (%s%s%s)", price, over ? ", goes before " : "",
		         over ? over : "");
}
