/*
 * Where an output reaches a value: text, JSON and CSV.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/text.h"

#include "base/banned.h"

#define ABOVE 0                         /* the goal's winners (result.h) */

static const char *state_of(const struct goal *g)
{
	static const char *const name[] = {
		[BREAK_NEVER] = "above", [BREAK_ALWAYS] = "below",
		[BREAK_CROSSINGS] = "crossings",
		[BREAK_UNDEFINED] = "undefined",
	};

	return name[g->at.state];
}

static const char *direction(const struct crossing *c)
{
	if (c->kind == CROSS_TOUCH)
		return "touching";
	return c->below == ABOVE ? "falling" : c->below < 0 ? "from nothing" :
	       c->above < 0 ? "to nothing" : "rising";
}

static const char *option_of(const struct tradeoff *t, const struct goal *g)
{
	return g->option < 0 ? NULL : t->option[g->option].name;
}

/* --- text --------------------------------------------------------------- */

static void add_places(struct buf *b, const struct goal *g)
{
	buf_add(b, "reached at ");
	for (int i = 0; i < g->at.ncrossings; i++) {
		const struct crossing *c = &g->at.crossing[i];

		buf_add(b, i ? ", " : "");
		num_human(b, c->at, 4);
		buf_addf(b, " (%s%s)", direction(c),
		         c->kind == CROSS_JUMP ? ", in a jump" : "");
	}
}

static void add_draws(struct buf *b, const struct break_even *e)
{
	double never = e->p_never + e->p_always;

	if (e->draws <= 0)
		return;
	if (result_has(e->p50)) {
		buf_add(b, "; draw by draw it is first reached at ");
		num_human(b, e->p50, 3);
		buf_add(b, " (90 %: ");
		text_interval(b, e->p5, e->p95);
		buf_addf(b, "; %lld of %lld draws reach it)",
		         (long long)e->crossed, (long long)e->draws);
	} else if (e->crossed > 0) {
		buf_addf(b, "; %lld of %lld draws reach it, too few for an "
		         "interval", (long long)e->crossed,
		         (long long)e->draws);
	}
	if (never >= 1) {
		buf_add(b, "; in no draw reached");
	} else if (never > 0) {
		buf_add(b, "; never in ");
		text_share(b, never);
		if (e->p_never > 0 && e->p_always > 0) {
			buf_add(b, " (always above in ");
			text_share(b, e->p_never);
			buf_addc(b, ')');
		}
	}
}

static void add_goal(struct buf *b, const struct tradeoff *t,
                     const struct goal *g)
{
	const struct break_even *e = &g->at;

	buf_add(b, g->option < 0 ? g->output : text_option(t, g->option));
	if (result_has(g->here)) {
		buf_add(b, " (at the centre ");
		text_number(b, g->here, g->unit);
		buf_addc(b, ')');
	}
	buf_add(b, ": ");
	if (e->state == BREAK_CROSSINGS) {
		add_places(b, g);
	} else if (e->state == BREAK_UNDEFINED) {
		buf_add(b, e->note ? e->note : "not defined");
		return;
	} else {
		buf_addf(b, "%s throughout, from ", state_of(g));
		text_interval(b, e->low, e->high);
	}
	add_draws(b, e);
	if (e->note)
		buf_addf(b, "; %s", e->note);
}

void text_goals(struct buf *out, const struct text_style *st,
                const struct tradeoff *t)
{
	const struct goal *g = &t->goal[0];
	struct buf b = BUF_INIT;

	text_tip_subject(&b, &g->at);
	buf_addf(&b, " where %s is ", g->output);
	text_number(&b, g->value, g->unit);
	text_wrap(out, st, 2, 2, b.s);
	for (int i = 0; i < t->ngoals; i++) {
		buf_clear(&b);
		add_goal(&b, t, &t->goal[i]);
		text_wrap(out, st, 4, 2, b.s);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

/* --- JSON --------------------------------------------------------------- */

static void put_places(json_t *o, const struct break_even *e)
{
	json_t *list = put_list(o, "crossings");

	for (int i = 0; i < e->ncrossings; i++) {
		json_t *j = put_item(list);

		put_num(j, "at", e->crossing[i].at);
		put_text(j, "kind", crossing_kind_names[e->crossing[i].kind]);
		put_text(j, "direction", direction(&e->crossing[i]));
	}
}

static void put_goal(json_t *list, const struct tradeoff *t,
                     const struct goal *g)
{
	const struct break_even *e = &g->at;
	const char *none = e->draws > 0 ? "no draw reaches it" :
	                   "no distribution over draws";
	json_t *o = put_item(list);

	put_text(o, "output", g->output);
	put_text(o, "option", option_of(t, g));
	PUT(o, *g, unit, value);
	put_why(o, "value_here", g->here, "no number at the centre");
	put_text(o, "parameter", e->parameter);
	put_text(o, "parameter_unit", e->unit);
	PUT(o, *e, here, low, high);
	put_text(o, "state", state_of(g));
	put_places(o, e);
	put_why(o, "p_above", e->p_never, none);
	put_why(o, "p_below", e->p_always, none);
	PUT_WHY(o, *e, none, p5, p50, p95);
	PUT(o, *e, draws, crossed, note);
}

void json_goals(json_t *o, const struct tradeoff *t)
{
	json_t *list;

	if (t->ngoals == 0)
		return;
	list = put_list(o, "goals");
	for (int i = 0; i < t->ngoals; i++)
		put_goal(list, t, &t->goal[i]);
}

/* --- CSV ---------------------------------------------------------------- */

static void goal_row(struct buf *out, const struct tradeoff *t,
                     const struct goal *g, const struct crossing *c)
{
	csv_text(out, g->output);
	csv_text(out, option_of(t, g));
	CSV(out, *g, unit, value);
	CSV(out, g->at, parameter, unit);
	csv_text(out, state_of(g));
	csv_number(out, c ? c->at : NAN);
	csv_text(out, c ? crossing_kind_names[c->kind] : NULL);
	csv_text(out, c ? direction(c) : NULL);
	CSV(out, g->at, p5, p50, p95, p_never, p_always);
	csv_end(out);
}

void report_goals_csv(struct buf *out, const struct evaluation *e)
{
	const struct tradeoff *t = &e->tradeoff[0];

	buf_add(out, "output,option,unit,value,parameter,parameter_unit,state,"
	        "at,kind,direction,p5,p50,p95,p_above,p_below\r\n");
	for (int i = 0; i < t->ngoals; i++) {
		const struct break_even *b = &t->goal[i].at;

		for (int k = 0; k < b->ncrossings; k++)
			goal_row(out, t, &t->goal[i], &b->crossing[k]);
		if (b->ncrossings == 0)
			goal_row(out, t, &t->goal[i], NULL);
	}
}
