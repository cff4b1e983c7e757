/*
 * Triggers: what a model says should make people look again, asked of today.
 * What only a result or a measurement knows (measured, crossing, p_best, age)
 * is put into the text as a literal; the rest is the model's own language.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine.h"
#include "engine/value.h"

#include "base/banned.h"

struct asking {
	const struct tradeoff *t;
	const struct trigger_facts *facts;
	struct arena *arena;
	int back;                       /* which measurement: 0 is the newest */
	int64_t from, to;               /* the days of what was measured */
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
	struct measurement m = { .unit = NULL };

	if (!f->measured || !f->measured(f->ctx, name, q->back, &m))
		return unknown(q, "nothing was recorded of ", name);
	if (m.from && (!q->from || m.from < q->from))
		q->from = m.from;
	if (m.to > q->to)
		q->to = m.to;
	return literal(q, m.value, m.unit);
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

/* --- in words ------------------------------------------------------------- */

struct telling {
	const struct values *of;
	struct buf text;
	const char *left;               /* the value told last */
	struct arena *arena;
};

/* "90k request/day", "6 months", "never" */
static const char *figure(struct telling *w, const struct syntax *s)
{
	static const char *const counted[] = { "day", "month", "year" };
	struct buf b = BUF_INIT;
	struct central v;
	const char *text;

	if (!central_value(&w->of->plan, &w->of->sample, s, -1, &v, NULL))
		return "?";
	value_text(&w->of->plan, s, &v, &b);
	text = strrchr(b.s, ' ');
	for (size_t i = 0; text && i < sizeof counted / sizeof *counted; i++)
		if (!strcmp(text + 1, counted[i]) && strncmp(b.s, "1 ", 2))
			buf_addc(&b, 's');
	text = arena_strdup(w->arena, b.s);
	buf_release(&b);
	return text;
}

/* "0 days, not yet above 6 months"; of one value the limits alone. */
static void tell(void *ctx, const struct syntax *left,
                 const struct syntax *right, bool above)
{
	struct telling *w = ctx;
	const char *value = figure(w, left), *limit = figure(w, right);

	if (!w->left || strcmp(w->left, value))
		buf_addf(&w->text, "%s%s; trips ", w->left ? ", or " : "", value);
	else
		buf_add(&w->text, " or ");
	w->left = value;
	if (strcmp(limit, "never") && strcmp(limit, "always"))
		buf_addf(&w->text, "%s %s", above ? "above" : "below", limit);
	else
		buf_add(&w->text, "nowhere: there is nothing to cross");
}

/* What the trigger compares today; a formula that is no comparison, itself. */
static const char *in_words(const struct values *of, const struct syntax *s,
                            struct arena *a)
{
	struct telling w = { .of = of, .text = BUF_INIT, .arena = a };
	const char *text = syntax_comparisons(s, tell, &w) ? w.text.s
	                                                   : syntax_text(s);

	text = arena_strdup(a, text);
	buf_release(&w.text);
	return text;
}

/* --- the question ----------------------------------------------------------- */

/* Whether it is met by the measurements `back` before the newest; *s NULL: they
 * are not known. */
static bool holds(const struct values *of, const struct trigger_def *d,
                  struct asking *q, struct syntax **s, bool *yes,
                  struct err *err)
{
	const char *text = expr_fill_results(q->arena, d->when, answer, q);
	struct central v;

	*s = NULL;
	*yes = false;
	if (!text)
		return true;
	*s = expr_parse(q->arena, text, d->pos, err);
	if (!*s || !env_check_expr(of->plan.model->env, *s, TYPE_BOOL, 0, false,
	                           NULL, err) ||
	    !central_value(&of->plan, &of->sample, *s, -1, &v, err))
		return false;
	*yes = v.state == STATE_NUMBER && v.value != 0;
	return true;
}

/* Tripped only if it lasts: back through the measurements as long as they
 * agree.  Days between two of them count, since nothing said otherwise. */
static bool lasts(const struct values *of, const struct trigger_def *d,
                  struct asking *q, struct trigger_result *out,
                  struct err *err)
{
	int64_t from = q->from, to = q->to, days;
	struct buf needed = BUF_INIT;
	struct syntax *s;
	bool yes = out->tripped;

	if (!yes || !from || !to)
		return true;
	for (q->back = 1; yes; q->back++) {
		q->from = q->to = 0;
		if (!holds(of, d, q, &s, &yes, err))
			return false;
		if (yes && q->from && q->from < from)
			from = q->from;
	}
	days = clock_days_between(from, to) + 1;
	num_human(&needed, d->for_days, 4);
	out->tripped = (double)days >= d->for_days;
	out->asked = arena_printf(q->arena, "%s; measured so over %lld "
	                          "days, trips after %s", out->asked, (long long)days,
	                          needed.s);
	buf_release(&needed);
	return true;
}

bool engine_triggers(const struct bound *b, int model,
                     const struct tradeoff *t,
                     const struct trigger_facts *facts, struct arena *a,
                     struct trigger_result *out, struct err *err)
{
	const struct model *m = b->model[model].model;
	struct values of;
	bool ok = values_open(&of, b, model, err);

	for (int i = 0; ok && i < m->ntriggers; i++) {
		const struct trigger_def *d = &m->trigger[i];
		struct asking q = { .t = t, .facts = facts, .arena = a };
		struct syntax *s;
		bool yes;

		ok = holds(&of, d, &q, &s, &yes, err);
		out[i] = (struct trigger_result){
			.id = arena_strdup(a, d->id),
			.title = d->title ? arena_strdup(a, d->title) : NULL,
			.when = arena_strdup(a, d->when_text),
			.tripped = yes,
			.asked = ok && s ? in_words(&of, s, a) : NULL,
			.missing = q.missing,
		};
		if (ok && d->for_days > 0)
			ok = lasts(&of, d, &q, &out[i], err);
	}
	values_close(&of);
	return ok;
}
