/*
 * The decision record as MADR 4.0: context, drivers, options, outcome, and
 * everything a reviewer needs to doubt the figures and to run them again.
 *
 * Tools read the front matter to the letter, so status and date stand there
 * plain; and they match the chosen option with the considered ones by bytes.
 */
#include "report/madr.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

#include "base/banned.h"

#define DRIVERS 5

/* --- pieces ----------------------------------------------------------- */

void madr_heading(struct buf *out, int level, const char *text)
{
	buf_addc(out, '\n');
	buf_pad(out, '#', level);
	buf_addf(out, " %s\n\n", text);
}

void madr_item(struct buf *out, struct buf *text)
{
	buf_add(out, "* ");
	report_markdown(out, text->s, false);
	buf_addc(out, '\n');
	buf_clear(text);
}

/* Bytes of a title without the punctuation at its end; full stops and their
 * like of East Asian scripts have three bytes. */
static size_t title_length(const char *s)
{
	static const char *const wide[] = {     /* 。 ， ； ： ！ */
		"\xe3\x80\x82", "\xef\xbc\x8c", "\xef\xbc\x9b", "\xef\xbc\x9a",
		"\xef\xbc\x81",
	};
	size_t n = strlen(s), was;

	do {
		was = n;
		while (n && strchr(" .,;:!", s[n - 1]))
			n--;
		for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
			if (n >= 3 && memcmp(s + n - 3, wide[i], 3) == 0)
				n -= 3;
	} while (n < was);
	return n;
}

void madr_title(struct buf *out, const char *title)
{
	struct buf safe = BUF_INIT, cut = BUF_INIT;
	size_t n;

	utf8_safe(&safe, title ? title : "", false);
	n = title_length(safe.s);
	buf_addn(&cut, n ? safe.s : "untitled", n ? n : 8);
	report_markdown(out, cut.s, false);
	buf_release(&cut);
	buf_release(&safe);
}

void madr_cell(struct buf *out, const char *text)
{
	buf_addc(out, ' ');
	report_markdown(out, text && *text ? text : "-", true);
	buf_add(out, " |");
}

void madr_number_cell(struct buf *out, double v)
{
	struct buf b = BUF_INIT;

	text_number(&b, v, NULL);
	madr_cell(out, b.s);
	buf_release(&b);
}

void madr_amount(struct buf *out, const struct tradeoff *t,
                 const char *before, double v, const char *after)
{
	struct buf b = BUF_INIT;

	buf_add(&b, before);
	text_number(&b, v, t->objective_unit);
	buf_add(&b, after);
	madr_item(out, &b);
	buf_release(&b);
}

/* Users' words within a paragraph of ours. */
static void inline_text(struct buf *out, const char *s)
{
	report_markdown(out, s, true);
}

/* --- context ---------------------------------------------------------- */

/* What the scenario is about: the workload, and what it states itself. */
static bool is_context(const struct provenance *p)
{
	return p->shared || (p->origin && strcmp(p->origin, "model") != 0 &&
	                     strcmp(p->origin, "preset") != 0);
}

static void context_row(struct buf *out, const struct provenance *p)
{
	struct buf b = BUF_INIT, from = BUF_INIT;

	buf_addc(out, '|');
	madr_cell(out, p->title ? p->title : p->parameter);
	madr_cell(out, p->text);
	madr_cell(out, p->unit && strcmp(p->unit, "1") ? p->unit : NULL);
	madr_number_cell(out, p->p5);
	madr_number_cell(out, p->p50);
	madr_number_cell(out, p->p95);
	buf_addf(&b, "%s%s%s%s%s", p->kind ? p->kind : "no source given",
	         p->source ? ": " : "", p->source ? p->source : "",
	         p->date ? ", " : "", p->date ? p->date : "");
	if (p->price)
		result_origin(&from, p->origin, p->price, p->over);
	if (from.len)
		buf_addf(&b, "; %s", from.s);
	madr_cell(out, b.s);
	buf_addc(out, '\n');
	buf_release(&from);
	buf_release(&b);
}

static void context_table(struct buf *out, const struct tradeoff *t)
{
	bool any = false;

	for (int i = 0; i < t->nprovenance; i++) {
		if (!is_context(&t->provenance[i]))
			continue;
		if (!any)
			buf_add(out, "\n| workload | as stated | unit | P5 | "
			        "P50 | P95 | source |\n"
			        "|---|---|---|---|---|---|---|\n");
		any = true;
		context_row(out, &t->provenance[i]);
	}
	if (!any)
		buf_add(out, "\nThe scenario states nothing itself: every "
		        "figure is the model's default.\n");
}

static const char *incumbent_title(const struct tradeoff *t)
{
	for (int i = 0; t->incumbent && i < t->noptions; i++)
		if (strcmp(t->option[i].name, t->incumbent) == 0)
			return t->option[i].title;
	return NULL;
}

static void context(struct buf *out, const struct record *r)
{
	const struct evaluation *e = r->e;
	const struct tradeoff *t = r->t;
	struct buf ask = BUF_INIT;

	report_markdown(&ask, t->question ? t->question : t->title, false);
	buf_add(out, ask.len ? ask.s : "No question is stated.");
	buf_release(&ask);
	buf_add(out, "\n\nThe case is \"");
	inline_text(out, e->title && *e->title ? e->title : e->scenario);
	buf_add(out, "\", over ");
	text_months(out, t->horizon);
	if (incumbent_title(t)) {
		buf_add(out, "; in place today: ");
		madr_title(out, incumbent_title(t));
	}
	buf_add(out, ".\n");
	context_table(out, t);
}

/* --- drivers ---------------------------------------------------------- */

/* The advantage at one end of a driver. */
static void end(struct buf *b, double v, const char *unit)
{
	if (result_has(v))
		text_number(b, v, unit);
	else
		buf_add(b, "none (it cannot be taken there)");
}

static void driver(struct buf *out, const struct tradeoff *t,
                   const struct sensitivity *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: over ", s->title);
	text_ends(&b, s);
	buf_add(&b, " the advantage goes from ");
	end(&b, s->swing_low, result_has(s->swing_high) ? NULL :
	    t->objective_unit);
	buf_add(&b, " to ");
	end(&b, s->swing_high, t->objective_unit);
	if (s->flips)
		buf_add(&b, ", which changes the advice");
	madr_item(out, &b);
	buf_release(&b);
}

static void drivers(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;
	struct buf b = BUF_INIT;
	int told = 0;

	buf_addf(&b, "%s in %s over ", t->objective_name, t->objective_unit);
	text_months(&b, t->horizon);
	buf_addf(&b, ", to %s", t->sense);
	madr_item(out, &b);
	for (int i = 0; i < t->nsensitivity && i < DRIVERS; i++)
		driver(out, t, &t->sensitivity[i]);
	for (int i = 0; i < t->voi.nevppi && told < 3; i++) {
		const struct evppi *v = &t->voi.evppi[i];

		if (!text_worth_telling(v))
			continue;
		told++;
		buf_addf(&b, "%s: not known well enough; the answer is worth "
		         "up to ", v->title);
		text_number(&b, v->value, t->objective_unit);
		madr_item(out, &b);
	}
	if (t->verdict.option < 0)
		buf_add(out, "* No option can be taken, so that nothing moves "
		        "an advantage\n");
	else if (!t->nsensitivity && !told)
		buf_add(out, "* Nothing in the scenario is uncertain\n");
	buf_release(&b);
}

/* --- options, outcome ------------------------------------------------- */

static void option_list(struct buf *out, const struct record *r)
{
	for (int i = 0; i < r->t->noptions; i++) {
		buf_add(out, "* ");
		madr_title(out, r->t->option[i].title);
		buf_addc(out, '\n');
	}
}

static void add_sentence(struct buf *out, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	inline_text(out, text);
	if (!n || !strchr(".!?", text[n - 1]))
		buf_addc(out, '.');
}

/* Why the figures name this option, in figures. */
static void own_reason(struct buf *b, const struct tradeoff *t, int choice)
{
	const struct verdict *v = &t->verdict;

	if (choice != v->option) {
		buf_addf(b, "those who decided prefer it, although the "
		         "figures advise %s; they left no reason",
		         text_option(t, v->option));
		return;
	}
	if (v->advantage == 0) {
		buf_addf(b, "it comes to the same as %s",
		         text_option(t, v->runner_up));
		return;
	}
	buf_add(b, v->state == VERDICT_TIED ? "it is no worse than the next; "
	        "the figures do not separate them: "
	        : v->state == VERDICT_UNDECIDED ? "it leads, although the "
	        "figures do not settle it: " : "");
	if (!t->point) {
		buf_add(b, "it is best in ");
		text_share(b, v->probability_best);
	}
	if (v->runner_up < 0) {
		buf_addf(b, "%sit is the only one that can be taken",
		         t->point ? "" : " and ");
		return;
	}
	buf_addf(b, "%s", t->point ? "at central values it is " : ", ");
	text_number(b, v->advantage, t->objective_unit);
	if (v->advantage_se > 0) {
		buf_add(b, " (\xc2\xb1 ");
		text_error(b, v->advantage_se);
		buf_addc(b, ')');
	}
	buf_addf(b, " ahead of %s%s", text_option(t, v->runner_up),
	         t->point ? "" : " on average");
}

static void standing(struct buf *out, const struct tradeoff *t)
{
	const struct verdict *v = &t->verdict;

	buf_add(out, "\n\nThe figures in words: ");
	add_sentence(out, v->sentence);
	if (t->point)
		buf_add(out, " They stand at central values; no probability "
		        "is known.\n");
	else if (v->option < 0)
		buf_addc(out, '\n');
	else
		buf_addf(out, " The advice is %s and %s: %d of %d independent "
		         "replicates agree.\n", v->badge,
		         verdict_state_names[v->state], v->agreeing,
		         v->replicates);
}

/* What the tools read from the status, for people. */
static void standing_of_decision(struct buf *out,
                                 const struct decision_record *d)
{
	static const struct { const char *status, *say; } words[] = {
		{ "proposed", "This is a proposal: nobody has decided yet." },
		{ "rejected", "This was proposed and rejected." },
		{ "deprecated", "This was accepted and no longer holds." },
		{ "superseded", "This no longer holds: another decision took "
		                "its place." },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(record_status_word(d), words[i].status))
			buf_addf(out, "%s\n\n", words[i].say);
	if (d->contested)
		buf_add(out, "**Contested**: two stores that were merged "
		        "disagree on what became of it.\n\n");
}

/* What people decided beyond or against the figures stands beside it. */
static void against(struct buf *out, const struct record *r)
{
	const struct verdict *v = &r->t->verdict;
	const char *const *rule = r->d->waived;

	if (v->option >= 0 && v->option != r->choice) {
		buf_add(out, "\n\nThe figures advise otherwise: ");
		madr_title(out, r->t->option[v->option].title);
		buf_addc(out, '.');
	}
	for (int i = 0; rule && rule[i]; i++) {
		buf_add(out, i ? ", " : "\n\nSet aside for it: ");
		inline_text(out, rule[i]);
		if (!rule[i + 1])
			buf_addc(out, '.');
	}
}

static void outcome(struct buf *out, const struct record *r)
{
	const struct decision_record *d = r->d;
	struct buf b = BUF_INIT;

	standing_of_decision(out, d);
	if (r->choice < 0) {
		buf_add(out, "No option can be chosen.");
	} else {
		buf_add(out, "Chosen option: \"");
		madr_title(out, r->t->option[r->choice].title);
		buf_add(out, "\", because ");
		if (record_is_blank(d->because))
			own_reason(&b, r->t, r->choice);
		add_sentence(out, b.len ? b.s : d->because);
		against(out, r);
	}
	standing(out, r->t);
	buf_release(&b);
}

/* --- consequences, confirmation --------------------------------------- */

static double middle(const struct tradeoff *t, const struct option_result *o)
{
	return t->point ? o->objective.value : o->objective.mean;
}

static void against_incumbent(struct buf *out, const struct tradeoff *t,
                              const struct option_result *o)
{
	bool more = strcmp(t->sense, "maximise") == 0;
	struct buf b = BUF_INIT;
	double by = NAN;

	for (int i = 0; t->incumbent && i < t->noptions; i++)
		if (strcmp(t->option[i].name, t->incumbent) == 0)
			by = middle(t, &t->option[i]) - middle(t, o);
	if (isfinite(by) && by != 0 && strcmp(o->name, t->incumbent)) {
		buf_addf(&b, "%s, because it comes to ", (by > 0) == more
		         ? "Bad" : "Good");
		text_number(&b, fabs(by), t->objective_unit);
		buf_addf(&b, " %s than what is in place today",
		         by > 0 ? "less" : "more");
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void finding_items(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->nfindings; i++) {
		const struct finding *f = &t->finding[i];

		buf_add(&b, "Neutral, because ");
		text_lower(&b, f->text);
		if (!t->point) {
			buf_add(&b, " (in ");
			text_share(&b, f->probability);
			buf_addc(&b, ')');
		}
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void consequences(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;
	const struct option_result *o;
	int choice = r->choice;

	if (choice < 0) {
		buf_add(out, "* None: no option can be chosen\n");
		return;
	}
	o = &t->option[choice];
	madr_amount(out, t, "Neutral, because it is expected to come to ",
	            middle(t, o), "");
	against_incumbent(out, t, o);
	if (choice == t->verdict.option && t->verdict.advantage > 0)
		madr_amount(out, t,
		            "Good, because it is ahead of the next best by ",
		            t->verdict.advantage, "");
	if (o->expected_regret > 0)
		madr_amount(out, t, "Bad, because another choice, made with "
		            "hindsight, would be better by ",
		            o->expected_regret, t->point ? "" : " on average");
	if (result_has(o->cvar95) && !t->point)
		madr_amount(out, t,
		            "Bad, because the worst 5 % of draws come to ",
		            o->cvar95, " on average");
	if (!o->slo_met)
		buf_add(out, "* Bad, because it misses a service level\n");
	finding_items(out, t);
}

static void confirmation(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;
	const struct decision_record *d = r->d;
	struct buf b = BUF_INIT;

	if (d->review) {
		buf_addf(&b, "Review on %s", d->review);
		madr_item(out, &b);
	} else {
		buf_add(out, "* No review date is set\n");
	}
	for (int i = 0; i < t->ntriggers; i++) {
		const struct trigger_item *g = &t->trigger[i];

		buf_addf(&b, "Look again when %s%s%s", g->when,
		         g->for_text ? ", for " : "",
		         g->for_text ? g->for_text : "");
		madr_item(out, &b);
	}
	if (d->decision)
		buf_addf(out, "* `steelyard check --all` asks all of this of "
		         "decision %s under today's prices, usage and "
		         "models\n", d->decision);
	else
		buf_add(out, "* Nobody decided yet: `steelyard decide` records "
		        "who, why and when to look again, and from then on "
		        "`steelyard check --all` asks\n");
	buf_release(&b);
}

/* --- the record ------------------------------------------------------- */

const struct record_section madr_sections[] = {
	{ "Context and Problem Statement", 2, context },
	{ "Decision Drivers", 2, drivers },
	{ "Considered Options", 2, option_list },
	{ "Decision Outcome", 2, outcome },
	{ "Consequences", 3, consequences },
	{ "Confirmation", 3, confirmation },
	{ "Pros and Cons of the Options", 2, madr_options },
	{ "More Information", 2, madr_more },
	{ .title = NULL },
};

const struct record_section nygard_sections[] = {
	{ "Context", 2, context },
	{ "Decision Drivers", 3, drivers },
	{ "Considered Options", 3, option_list },
	{ "Decision", 2, outcome },
	{ "Consequences", 2, consequences },
	{ "Confirmation", 3, confirmation },
	{ "Pros and Cons of the Options", 2, madr_options },
	{ "More Information", 2, madr_more },
	{ .title = NULL },
};
