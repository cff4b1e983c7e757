/* Beside the separate verdicts: where the joint plan takes other options. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/joint.h"

#include "base/banned.h"

#define ENOUGH 4096             /* points that tell whether it differs */

static void add_warning(struct evaluation *e, struct tradeoff *t,
                        const char *code, const char *text)
{
	struct note *more = arena_alloc(e->arena, sizeof *more *
	                                (size_t)(t->nwarnings + 1));

	if (t->nwarnings)
		memcpy(more, t->warning, sizeof *more * (size_t)t->nwarnings);
	more[t->nwarnings++] = (struct note) { code, text };
	t->warning = more;
}

static bool any_neighbour(const struct evaluation *e)
{
	for (int i = 0; i < e->ntradeoffs; i++)
		if (e->tradeoff[i].nneighbours)
			return true;
	return false;
}

/* A difference that noise or indifference explains is not worth a warning. */
static bool is_worth_a_word(const struct joint_plan *p)
{
	double noise = 2 * p->interaction_se;

	return p->separate_reason ||
	       p->interaction > fmax(p->indifferent_below,
	                             isnan(noise) ? 0 : noise);
}

static void note_difference(struct evaluation *e, int i,
                            const struct joint_plan *p)
{
	struct tradeoff *t = &e->tradeoff[i];
	int o = p->part[i].joint;

	if (o < 0 || o == t->verdict.option || p->part[i].assumed)
		return;
	add_warning(e, t, "joint_plan_differs", arena_printf(e->arena,
	            "together with the other trade-offs, over %d month%s, %s "
	            "is the better choice: see `steelyard plan`", p->horizon,
	            p->horizon == 1 ? "" : "s", t->option[o].title));
}

void joint_notes(struct evaluation *e, struct library *l,
                 const struct scenario *s, const struct engine_options *o)
{
	struct engine_options quick = *o;
	struct joint_plan *p;
	struct err err = ERR_INIT;

	if (!any_neighbour(e))
		return;
	quick.want_voi = quick.want_joint = false;
	quick.progress = NULL;
	if (quick.samples > ENOUGH)
		quick.samples = ENOUGH;
	p = engine_plan(l, s, &quick, &err);
	for (int i = 0; i < e->ntradeoffs; i++)
		if (p && is_worth_a_word(p))
			note_difference(e, i, p);
		else if (!p && e->tradeoff[i].nneighbours)
			add_warning(e, &e->tradeoff[i], "no_joint_plan",
			            arena_printf(e->arena, "there is no joint "
			            "plan of these trade-offs: %s",
			            err.n ? err.item[0].text : "?"));
	joint_plan_free(p);
	err_clear(&err);
}
