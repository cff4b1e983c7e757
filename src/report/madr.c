/*
 * The decision record as MADR 4.0: context, drivers, options, outcome, and
 * everything a reviewer needs to doubt the figures and to run them again.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "report/text.h"

#include "base/banned.h"

#define DRIVERS 5

static void md(struct buf *out, const char *s)
{
	report_markdown(out, s, false);
}

static void cell(struct buf *out, const char *s)
{
	buf_addc(out, ' ');
	report_markdown(out, s && *s ? s : "-", true);
	buf_add(out, " |");
}

static void number_cell(struct buf *out, double v)
{
	struct buf b = BUF_INIT;

	text_number(&b, v, NULL);
	cell(out, b.s);
	buf_release(&b);
}

/* A list item of a text made by one of the report's own writers. */
static void item(struct buf *out, struct buf *text)
{
	buf_add(out, "* ");
	report_markdown(out, text->s, true);
	buf_addc(out, '\n');
	buf_clear(text);
}

static void heading(struct buf *out, int level, const char *text)
{
	buf_addc(out, '\n');
	for (int i = 0; i < level; i++)
		buf_addc(out, '#');
	buf_addf(out, " %s\n\n", text);
}

/* --- front matter, context -------------------------------------------- */

/* Names go through single quotes; status and date stay plain, for the tools
 * that read them to the letter. */
static void front_matter(struct buf *out, const struct decision_record *d)
{
	buf_addf(out, "---\nstatus: %s\ndate: %s\n", d->status ? d->status
	         : "proposed", d->date);
	for (int i = 0; d->deciders && d->deciders[i]; i++) {
		buf_add(out, i ? "\n" : "decision-makers:\n");
		buf_add(out, "  - '");
		for (const char *s = d->deciders[i]; *s; s++)
			if (*s == '\'')
				buf_add(out, "''");
			else if ((unsigned char)*s >= 0x20)
				buf_addc(out, *s);
		buf_addc(out, '\'');
	}
	if (d->deciders && d->deciders[0])
		buf_addc(out, '\n');
	buf_add(out, "---\n\n# ");
	report_markdown(out, d->title, true);
	buf_addc(out, '\n');
}

static bool is_measured(const struct provenance *p)
{
	return p->kind && strcmp(p->kind, "measured") == 0;
}

static void parameter_row(struct buf *out, const struct provenance *p)
{
	buf_addc(out, '|');
	cell(out, p->title ? p->title : p->parameter);
	cell(out, p->text);
	cell(out, p->unit);
	number_cell(out, p->p5);
	number_cell(out, p->p50);
	number_cell(out, p->p95);
	cell(out, p->kind);
	cell(out, p->source);
	cell(out, p->date);
	buf_addc(out, '\n');
}

static const char *const parameter_head =
	"| parameter | as stated | unit | P5 | P50 | P95 | kind | source | date "
	"|\n|---|---|---|---|---|---|---|---|---|\n";

static void context(struct buf *out, const struct evaluation *e,
                    const struct tradeoff *t)
{
	bool any = false;

	heading(out, 2, "Context and Problem Statement");
	md(out, t->question);
	buf_add(out, "\n\nThe case is ");
	report_markdown(out, e->title ? e->title : e->scenario, true);
	buf_addf(out, ", over %d months. What the scenario states itself:\n\n",
	         t->horizon);
	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];

		if (!p->origin || strcmp(p->origin, "model") == 0
		    || (p->shared && strcmp(p->origin, "workload") == 0))
			continue;
		if (!any)
			buf_add(out, parameter_head);
		any = true;
		parameter_row(out, p);
	}
	if (!any)
		buf_add(out, "Nothing: every figure is the model's default.\n");
}

static void driver_item(struct buf *out, const struct tradeoff *t,
                        const struct sensitivity *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: at %s or %s the advantage is ", s->title,
	         s->low_text, s->high_text);
	text_number(&b, s->swing_low, NULL);
	buf_add(&b, " or ");
	text_number(&b, s->swing_high, t->objective_unit);
	if (s->flips)
		buf_add(&b, ", which changes the advice");
	item(out, &b);
	buf_release(&b);
}

static void drivers(struct buf *out, const struct tradeoff *t)
{
	heading(out, 2, "Decision Drivers");
	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++)
		driver_item(out, t, &t->sensitivity[i]);
	if (!t->nsensitivity)
		buf_add(out, "* Nothing in the scenario is uncertain.\n");
}

/* --- options, outcome ------------------------------------------------- */

static void option_list(struct buf *out, const struct tradeoff *t)
{
	heading(out, 2, "Considered Options");
	for (int i = 0; i < t->noptions; i++) {
		buf_add(out, "* ");
		report_markdown(out, t->option[i].title, true);
		buf_addc(out, '\n');
	}
}

static int chosen(const struct tradeoff *t, const struct decision_record *d)
{
	for (int i = 0; d->option && i < t->noptions; i++)
		if (strcmp(t->option[i].name, d->option) == 0)
			return i;
	return d->option ? -1 : t->verdict.option;
}

static void outcome(struct buf *out, const struct tradeoff *t,
                    const struct decision_record *d, int choice)
{
	heading(out, 2, "Decision Outcome");
	if (choice < 0) {
		buf_add(out, "No option can be taken: ");
		md(out, t->verdict.sentence);
		buf_addc(out, '\n');
		return;
	}
	buf_add(out, "Chosen option: \"");
	report_markdown(out, t->option[choice].title, true);
	buf_add(out, "\", because ");
	report_markdown(out, d->because ? d->because : t->verdict.sentence,
	                true);
	buf_add(out, "\n\n");
	if (d->because || choice != t->verdict.option) {
		buf_add(out, "What the figures advise: ");
		report_markdown(out, t->verdict.sentence, true);
		buf_add(out, "\n\n");
	}
	if (t->point)
		buf_add(out, "The figures stand at central values; no "
		        "probability is known.\n");
	else
		buf_addf(out, "The advice is %s (%s); it is best in %.3g %% of "
		         "the draws, and %d of %d independent replicates agree."
		         "\n", t->verdict.badge,
		         verdict_state_names[t->verdict.state],
		         100 * t->verdict.probability_best,
		         t->verdict.agreeing, t->verdict.replicates);
}

static void consequence(struct buf *out, const char *tone,
                        const struct tradeoff *t, const char *what, double v)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s, because %s ", tone, what);
	text_number(&b, v, t->objective_unit);
	item(out, &b);
	buf_release(&b);
}

static void consequences(struct buf *out, const struct tradeoff *t, int choice)
{
	const struct option_result *o;

	if (choice < 0)
		return;
	o = &t->option[choice];
	heading(out, 3, "Consequences");
	if (choice == t->verdict.option && isfinite(t->verdict.advantage))
		consequence(out, "Good", t, "against the next best it gains",
		            t->verdict.advantage);
	if (isfinite(o->expected_regret) && o->expected_regret > 0)
		consequence(out, "Bad", t, "the regret to expect, against "
		            "knowing everything, is", o->expected_regret);
	if (isfinite(o->cvar95))
		consequence(out, "Bad", t, "the worst 5 % of cases come to",
		            o->cvar95);
	for (int i = 0; i < t->nfindings; i++) {
		struct buf b = BUF_INIT;

		if (t->finding[i].probability >= 0.5) {
			buf_addf(&b, "Neutral, because %s",
			         t->finding[i].text);
			item(out, &b);
		}
		buf_release(&b);
	}
}

static void confirmation(struct buf *out, const struct tradeoff *t,
                         const struct decision_record *d)
{
	struct buf b = BUF_INIT;

	heading(out, 3, "Confirmation");
	if (d->review) {
		buf_addf(&b, "Review on %s", d->review);
		item(out, &b);
	}
	for (int i = 0; i < t->ntriggers; i++) {
		const struct trigger_item *g = &t->trigger[i];

		buf_addf(&b, "Look again when %s%s%s", g->when,
		         g->for_text ? ", for " : "",
		         g->for_text ? g->for_text : "");
		item(out, &b);
	}
	for (int i = 0; i < t->nchecklist; i++) {
		const struct checklist_item *c = &t->checklist[i];

		buf_addf(&b, "%s %s%s", c->ask, c->answer ? c->answer
		         : "NOT ANSWERED", c->must ? " (must be yes)" : "");
		item(out, &b);
	}
	if (!d->review && !t->ntriggers && !t->nchecklist)
		buf_add(out, "* No review date, trigger or checklist is set\n");
	buf_release(&b);
}

static void option_figures(struct buf *out, const struct tradeoff *t,
                           const struct option_result *o)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "Neutral, because its %s is ", t->objective_name);
	text_summary(&b, &o->objective, t->objective_unit, t->point);
	item(out, &b);
	if (isfinite(o->probability_best)) {
		buf_addf(&b, "%s, because it is best in %.3g %% of the draws",
		         o->probability_best >= 0.5 ? "Good" : "Bad",
		         100 * o->probability_best);
		item(out, &b);
	}
	for (int i = 0; i < o->nreasons; i++) {
		buf_addf(&b, "Bad, because %s", o->reason_text[i]);
		item(out, &b);
	}
	for (int i = 0; i < o->noutputs; i++) {
		const struct named_summary *s = &o->output[i];

		buf_addf(&b, "Neutral, because of %s: ", s->title ? s->title
		         : s->name);
		text_summary(&b, &s->s, s->unit, t->point || s->central);
		item(out, &b);
	}
	buf_release(&b);
}

static void pros_and_cons(struct buf *out, const struct tradeoff *t)
{
	heading(out, 2, "Pros and Cons of the Options");
	for (int i = 0; i < t->noptions; i++) {
		if (i)
			buf_addc(out, '\n');
		buf_add(out, "### ");
		report_markdown(out, t->option[i].title, true);
		buf_add(out, "\n\n");
		option_figures(out, t, &t->option[i]);
	}
}

/* --- more ------------------------------------------------------------- */

static void tipping(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->nbreak_even && !t->nrules && !t->voi.present)
		return;
	heading(out, 3, "What would change it");
	for (int i = 0; i < t->nbreak_even; i++) {
		if (!text_is_told(t, i))
			continue;
		text_tip_subject(&b, &t->break_even[i]);
		buf_add(&b, ": ");
		text_tip(&b, t, i);
		item(out, &b);
	}
	if (t->voi.present && isfinite(t->voi.evpi)) {
		buf_add(&b, "Knowing everything would be worth ");
		text_number(&b, t->voi.evpi, t->objective_unit);
		item(out, &b);
	}
	for (int i = 0; i < t->voi.nevppi && i < 3; i++) {
		if (!(t->voi.evppi[i].value > 2 * t->voi.evppi[i].se))
			continue;
		buf_addf(&b, "Measuring %s would be worth up to ",
		         t->voi.evppi[i].title);
		text_number(&b, t->voi.evppi[i].value, t->objective_unit);
		item(out, &b);
	}
	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *r = &t->rule[i];

		buf_addf(&b, "Rule %s %s", r->title ? r->title : r->id,
		         r->applies ? "applies" : "does not apply");
		if (isfinite(r->price)) {
			buf_add(&b, "; obeying costs ");
			text_number(&b, r->price, t->objective_unit);
		}
		item(out, &b);
	}
	buf_release(&b);
}

static void provenance(struct buf *out, const struct tradeoff *t)
{
	heading(out, 3, "Where every figure comes from");
	buf_add(out, "What nobody has measured comes first.\n\n");
	buf_add(out, parameter_head);
	for (int measured = 0; measured < 2; measured++)
		for (int i = 0; i < t->nprovenance; i++)
			if (is_measured(&t->provenance[i]) == (measured == 1))
				parameter_row(out, &t->provenance[i]);
}

static void reproduce(struct buf *out, const struct evaluation *e,
                      const struct tradeoff *t,
                      const struct decision_record *d)
{
	heading(out, 3, "Reproduction");
	buf_addf(out, "* scenario revision `%s`\n", d->revision);
	buf_addf(out, "* evaluation `%s`\n", e->digest);
	buf_addf(out, "* model %s version %d, `%s`\n", t->model, t->version,
	         t->model_digest);
	buf_addf(out, "* prices `%s`%s%s\n", e->prices_digest,
	         e->prices_as_of ? ", as of " : "",
	         e->prices_as_of ? e->prices_as_of : "");
	buf_addf(out, "* steelyard %s, %s, %lld points, seed %llu, "
	         "floating-point class `%.12s`\n", e->engine.version,
	         e->engine.sampler, (long long)e->engine.samples,
	         (unsigned long long)e->engine.seed, e->engine.fpclass);
	if (d->command)
		buf_addf(out, "\n```console\n%s\n```\n", d->command);
}

bool report_madr(struct buf *out, const struct evaluation *e,
                 const struct decision_record *d, struct err *err)
{
	const struct tradeoff *t = evaluation_find(e, d->model);
	int choice;

	if (!t)
		return err_add(err, ERR_USAGE, "the evaluation has no "
		               "trade-off %s", d->model);
	choice = chosen(t, d);
	if (d->option && choice < 0)
		return err_add(err, ERR_USAGE, "%s has no option %s", d->model,
		               d->option);
	front_matter(out, d);
	context(out, e, t);
	drivers(out, t);
	option_list(out, t);
	outcome(out, t, d, choice);
	consequences(out, t, choice);
	confirmation(out, t, d);
	pros_and_cons(out, t);
	heading(out, 2, "More Information");
	buf_add(out, "Figures are expected values with 90 % intervals unless "
	        "they say otherwise.\n");
	tipping(out, t);
	provenance(out, t);
	reproduce(out, e, t, d);
	return true;
}
