/*
 * Triggers: what a model says should make people look again, asked of today.
 * What only a result or a measurement knows (measured, crossing, p_best, age)
 * is put into the text as a literal; the rest is the model's own language.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine.h"

#include "base/banned.h"

struct asking {
	const struct tradeoff *t;
	const struct trigger_facts *facts;
	struct arena *arena;
	const char *missing;            /* what is not known, in words */
};

static const char *literal(struct asking *q, double v, const char *unit)
{
	struct buf b = BUF_INIT;
	const char *text;

	/* a negative literal keeps its sign to itself */
	buf_addc(&b, '(');
	num_plain(&b, v);
	if (unit && strcmp(unit, "1"))
		buf_addf(&b, " [%s]", unit);
	buf_addc(&b, ')');
	text = arena_strdup(q->arena, b.s);
	buf_release(&b);
	return text;
}

static const char *unknown(struct asking *q, const char *what,
                           const char *name)
{
	q->missing = arena_printf(q->arena, "%s%s", what, name);
	return NULL;
}

static const char *crossing(struct asking *q, const char *name,
                            const char *which)
{
	const struct break_even *b = NULL;
	double v;

	for (int i = 0; i < q->t->nbreak_even; i++)
		if (!strcmp(q->t->break_even[i].parameter, name) &&
		    (!b || !q->t->break_even[i].pair))
			b = &q->t->break_even[i];
	if (!b)
		return unknown(q, "no break-even is known of ", name);
	/* whoever wins everywhere: there is nothing to cross.  A state beside a
	 * number of the parameter's unit has that unit. */
	if (b->state == BREAK_NEVER || b->state == BREAK_ALWAYS)
		return arena_printf(q->arena, "if(true, never, 1 [%s])",
		                    b->unit);
	v = !strcmp(which, "first") ? b->first
		: !strcmp(which, "sure") ? b->sure
		: !strcmp(which, "p5") ? b->p5
		: !strcmp(which, "p95") ? b->p95 : b->p50;
	if (!result_has(v))
		v = b->first;
	return result_has(v) ? literal(q, v, b->unit)
	                     : unknown(q, "no break-even is known of ", name);
}

static const char *p_best(struct asking *q, const char *name)
{
	for (int i = 0; i < q->t->noptions; i++)
		if (!strcmp(q->t->option[i].name, name))
			return q->t->point
				? unknown(q, "central values give no "
				          "probability of ", name)
				: literal(q, q->t->option[i].probability_best,
				          NULL);
	return unknown(q, "there is no option ", name);
}

static const char *measured(struct asking *q, const char *name)
{
	const struct trigger_facts *f = q->facts;
	const char *unit = NULL;
	double v;

	if (!f->measured || !f->measured(f->ctx, name, &v, &unit))
		return unknown(q, "nothing was recorded of ", name);
	return literal(q, v, unit);
}

static const char *answer(void *ctx, const char *function, const char *name,
                          const char *which)
{
	struct asking *q = ctx;

	if (!strcmp(function, "measured"))
		return measured(q, name);
	if (!strcmp(function, "crossing"))
		return crossing(q, name, which);
	if (!strcmp(function, "p_best"))
		return p_best(q, name);
	return q->facts->age_days >= 0
		? literal(q, q->facts->age_days, "day")
		: unknown(q, "there is no decision whose age counts", "");
}

static bool holds(const struct bound *b, int model, const char *text,
                  struct pos pos, struct arena *a, bool *yes, struct err *err)
{
	struct env *env = b->model[model].model->env;
	struct syntax *s = expr_parse(a, text, pos, err);
	const char *state, *unit;
	double v;

	if (!s || !env_check_expr(env, s, TYPE_BOOL, 0, false, NULL, err) ||
	    !engine_value(b, model, s, &v, &state, &unit, err))
		return false;
	*yes = !state && v != 0;
	return true;
}

bool engine_triggers(const struct bound *b, int model,
                     const struct tradeoff *t,
                     const struct trigger_facts *facts, struct arena *a,
                     struct trigger_result *out, struct err *err)
{
	const struct model *m = b->model[model].model;

	for (int i = 0; i < m->ntriggers; i++) {
		const struct trigger_def *d = &m->trigger[i];
		struct asking q = { .t = t, .facts = facts, .arena = a };
		const char *text = expr_fill_results(a, d->when, answer, &q);
		bool yes = false;

		out[i] = (struct trigger_result){
			.id = arena_strdup(a, d->id),
			.title = d->title ? arena_strdup(a, d->title) : NULL,
			.when = arena_strdup(a, d->when_text),
			.asked = text, .missing = q.missing,
		};
		if (!text)
			continue;
		if (!holds(b, model, text, d->pos, a, &yes, err))
			return false;
		out[i].tripped = yes;
	}
	return true;
}
