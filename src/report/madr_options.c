/* Pros and cons of each option of a decision record, in figures. */

#include "report/madr.h"

#include "base/banned.h"

#define EVEN 0.495              /* told as 50 %, which speaks against nobody */

/* Less than half speaks against an option, unless no other does better. */
static void chance(struct buf *out, const struct tradeoff *t,
                   const struct option_result *o)
{
	bool advised = t->verdict.option >= 0 &&
		o == &t->option[t->verdict.option];
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s, because it is best in ", o->probability_best >= EVEN
	         ? "Good" : advised ? "Neutral" : "Bad");
	text_share(&b, o->probability_best);
	madr_item(out, &b);
	buf_release(&b);
}

static void limits(struct buf *out, const struct tradeoff *t,
                   const struct option_result *o)
{
	struct buf b = BUF_INIT;

	if (!t->point && o->p_feasible < 1) {
		buf_add(&b, "Bad, because it can be taken in ");
		text_share(&b, o->p_feasible);
		madr_item(out, &b);
	}
	if (*text_status(o)) {
		buf_addf(&b, "Bad, because it %s%s", o->status == OPTION_OK
		         ? "" : "is ", text_status(o));
		madr_item(out, &b);
	}
	for (int i = 0; i < o->nreasons; i++) {
		buf_add(&b, "Bad, because ");
		text_lower(&b, o->reason_text[i]);
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void option_figures(struct buf *out, const struct tradeoff *t,
                           const struct option_result *o)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "Neutral, because its %s is ", t->objective_name);
	text_summary(&b, &o->objective, t->objective_unit, t->point);
	madr_item(out, &b);
	if (!t->point && result_has(o->probability_best))
		chance(out, t, o);
	if (o->expected_regret > 0)
		madr_amount(out, t, "Bad, because the regret to expect is ",
		       o->expected_regret, "");
	limits(out, t, o);
	for (int i = 0; i < o->noutputs; i++) {
		const struct named_summary *s = &o->output[i];

		buf_addf(&b, "Neutral, because \"%s\" is ", s->title ? s->title
		         : s->name);
		if (s->central && !t->point)
			buf_add(&b, "at central values ");
		text_summary(&b, &s->s, s->unit, t->point || s->central);
		madr_item(out, &b);
	}
	buf_release(&b);
}

void madr_options(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;

	for (int i = 0; i < t->noptions; i++) {
		if (i)
			buf_addc(out, '\n');
		buf_add(out, "### ");
		madr_title(out, t->option[i].title);
		buf_add(out, "\n\n");
		option_figures(out, t, &t->option[i]);
	}
}
