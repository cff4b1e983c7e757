/*
 * The end of a decision record: where the advice tips, what would be worth
 * knowing, rules and their price, open questions, the source of every figure,
 * and how to run it again.
 */
#include <math.h>
#include <string.h>

#include "base/path.h"
#include "base/num.h"
#include "base/utf8.h"
#include "report/madr.h"

#include "base/banned.h"

/* --- where it tips ---------------------------------------------------- */

static void break_evens(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->nbreak_even)
		return;
	madr_heading(out, 3, "Break-evens");
	for (int i = 0; i < t->nbreak_even; i++) {
		text_tip_subject(&b, &t->break_even[i]);
		buf_add(&b, ": ");
		text_tip(&b, t, i);
		madr_item(out, &b);
	}
	text_tip_notes(&b, t);
	if (b.len) {
		buf_addc(out, '\n');
		report_markdown(out, b.s, false);
		buf_addc(out, '\n');
	}
	buf_release(&b);
}

static void changes(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int told = 0;

	madr_heading(out, 3, "What would change it");
	for (int i = 0; i < t->nsensitivity; i++) {
		const struct sensitivity *s = &t->sensitivity[i];

		if (!s->flips)
			continue;
		told++;
		buf_addf(&b, "%s alone: ", s->title);
		text_flip(&b, t, s);
		madr_item(out, &b);
	}
	if (!told)
		buf_add(out, t->nsensitivity ? "* No parameter alone, between "
		        "its P10 and P90\n" : "* Not computed\n");
	buf_release(&b);
}

static void information(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->voi.present)
		return;
	madr_heading(out, 3, "Value of information");
	buf_add(&b, "Knowing everything would be worth ");
	text_number(&b, t->voi.evpi, t->objective_unit);
	if (t->voi.evpi_se > 0) {
		buf_add(&b, ", give or take ");
		text_error(&b, t->voi.evpi_se);
	}
	madr_item(out, &b);
	for (int i = 0; i < t->voi.nevppi; i++) {
		const struct evppi *v = &t->voi.evppi[i];

		if (!text_worth_telling(v))
			continue;
		buf_addf(&b, "Measuring %s would be worth up to ", v->title);
		text_number(&b, v->value, t->objective_unit);
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void criteria(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->ncriteria && !t->ndominances)
		return;
	madr_heading(out, 3, "Other ways to choose");
	buf_add(&b, "Differently: ");
	if (text_criteria(&b, t, false))
		madr_item(out, &b);
	buf_clear(&b);
	buf_add(&b, "The same: ");
	if (text_criteria(&b, t, true))
		madr_item(out, &b);
	buf_clear(&b);
	for (int i = 0; i < t->ndominances; i++) {
		text_dominance(&b, t, &t->dominance[i]);
		madr_item(out, &b);
	}
	buf_release(&b);
}

/* --- rules, questions, views, notes ----------------------------------- */

static void waivers(struct buf *out, const struct decision_record *d)
{
	struct buf b = BUF_INIT;

	for (int i = 0; d->waived && d->waived[i]; i++) {
		buf_addf(&b, "Set aside by those who decided: %s%s%s",
		         d->waived[i], record_is_blank(d->because) ? "" : ": ",
		         record_is_blank(d->because) ? "" : d->because);
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void rules(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;
	struct buf b = BUF_INIT;

	madr_heading(out, 3, "Hard rules and their price");
	for (int i = 0; i < t->nrules; i++) {
		const struct rule_result *x = &t->rule[i];

		buf_addf(&b, "%s: ", x->title ? x->title : x->id);
		text_rule(&b, t, x);
		madr_item(out, &b);
	}
	if (!t->nrules)
		buf_add(out, "* The model states none\n");
	waivers(out, r->d);
	buf_release(&b);
}

static void checklist(struct buf *out, const struct tradeoff *t)
{
	if (!t->nchecklist)
		return;
	madr_heading(out, 3, "Checklist");
	for (int i = 0; i < t->nchecklist; i++) {
		const struct checklist_item *c = &t->checklist[i];

		buf_addf(out, "* [%c] ", c->answer ? 'x' : ' ');
		report_markdown(out, c->ask, false);
		buf_addc(out, ' ');
		if (c->answer)
			report_markdown(out, c->answer, true);
		else
			buf_addf(out, "**Not answered%s**",
			         c->must ? ", and it must be" : "");
		buf_addc(out, '\n');
	}
}

static void views(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->npresets)
		return;
	madr_heading(out, 3, "Structural views");
	for (int i = 0; i < t->npresets; i++) {
		buf_addf(&b, "%s: %s, weight ", t->preset[i].name,
		         t->preset[i].label);
		num_human(&b, t->preset[i].weight, 3);
		madr_item(out, &b);
	}
	buf_release(&b);
}

static void notes(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	if (!t->nwarnings)
		return;
	madr_heading(out, 3, "Notes");
	for (int i = 0; i < t->nwarnings; i++) {
		buf_add(&b, t->warning[i].text);
		madr_item(out, &b);
	}
	buf_release(&b);
}

/* --- provenance ------------------------------------------------------- */

/* Guesses first, then what others claim, then what somebody measured. */
static int trust(const struct provenance *p)
{
	static const char *const kinds[] = {
		"assumption", "user", "article", "vendor", "benchmark",
		"measured",
	};
	const int n = sizeof kinds / sizeof *kinds;

	for (int i = 0; i < n && p->kind; i++)
		if (strcmp(p->kind, kinds[i]) == 0)
			return i + 1;
	return 0;
}

static void provenance_row(struct buf *out, const struct provenance *p)
{
	struct buf from = BUF_INIT;

	buf_addc(out, '|');
	madr_cell(out, p->parameter);
	madr_cell(out, p->text);
	madr_cell(out, p->unit && strcmp(p->unit, "1") ? p->unit : NULL);
	madr_number_cell(out, p->p5);
	madr_number_cell(out, p->p50);
	madr_number_cell(out, p->p95);
	madr_cell(out, p->kind);
	madr_cell(out, p->source);
	madr_cell(out, p->date);
	if (p->price)
		result_origin(&from, p->origin, p->price, p->over);
	madr_cell(out, from.len ? from.s : p->origin);
	buf_addc(out, '\n');
	buf_release(&from);
}

/* Whether the workload rests on guesses is said in words. */
static void workload_measured(struct buf *out, const struct tradeoff *t)
{
	struct buf b = BUF_INIT;
	int n = 0;

	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];

		if (!p->shared || !p->group || strcmp(p->group, "Workload"))
			continue;
		n++;
		if (!p->kind || strcmp(p->kind, "measured"))
			buf_addf(&b, "%s`%s`", b.len ? ", " : "",
			         p->parameter);
	}
	if (n && b.len)
		buf_addf(out, "Of the workload nobody has measured %s.\n\n",
		         b.s);
	else if (n)
		buf_add(out, "Every parameter of the workload was measured."
		        "\n\n");
	buf_release(&b);
}

static void provenance(struct buf *out, const struct tradeoff *t)
{
	if (!t->nprovenance)
		return;
	madr_heading(out, 3, "Where every figure comes from");
	workload_measured(out, t);
	buf_add(out, "What nobody has measured comes first.\n\n"
	        "| parameter | as stated | unit | P5 | P50 | P95 | kind | "
	        "source | date | from |\n"
	        "|---|---|---|---|---|---|---|---|---|---|\n");
	for (int rank = 0; rank <= 6; rank++)
		for (int i = 0; i < t->nprovenance; i++)
			if (trust(&t->provenance[i]) == rank)
				provenance_row(out, &t->provenance[i]);
}

/* --- money -------------------------------------------------------------- */

/* A line that ends in a colon is the head of those that follow. */
static void reconciled(struct buf *out, const struct decision_record *d)
{
	struct buf b = BUF_INIT;
	bool listed = false;

	if (!d->reconciled)
		return;
	madr_heading(out, 3, "Modelled, logged and billed");
	buf_addf(out, "As it was found on %s.\n", d->reconciled_on);
	for (int i = 0; d->reconciled[i]; i++) {
		const char *s = d->reconciled[i];
		size_t n = strlen(s);

		if (n && s[n - 1] == ':') {
			buf_addc(out, '\n');
			report_markdown(out, s, false);
			buf_addc(out, '\n');
			listed = false;
			continue;
		}
		if (!listed)
			buf_addc(out, '\n');
		listed = true;
		buf_add(&b, s);
		madr_item(out, &b);
	}
	buf_release(&b);
}

/* --- reproduction ----------------------------------------------------- */

static int longest_fence(const char *s)
{
	int most = 2;

	while (*s) {
		int n = (int)strspn(s, "`");

		most = n > most ? n : most;
		s += n + !n;
	}
	return most;
}

static void command(struct buf *out, const char *text)
{
	struct buf safe = BUF_INIT;
	int fence;

	utf8_safe(&safe, text, false);
	fence = longest_fence(safe.s) + 1;
	buf_addc(out, '\n');
	buf_pad(out, '`', fence);
	buf_addf(out, "console\n%s\n", safe.s);
	buf_pad(out, '`', fence);
	buf_addc(out, '\n');
	buf_release(&safe);
}

/* Letters and digits only; two dashes never meet, which would end a comment. */
static void word(struct buf *out, const char *s)
{
	for (; s && *s; s++)
		if (strchr("0123456789abcdefghijklmnopqrstuvwxyz"
		           "ABCDEFGHIJKLMNOPQRSTUVWXYZ._", *s) ||
		    (*s == '-' && out->s[out->len - 1] != '-'))
			buf_addc(out, *s);
}

static void code(struct buf *out, const char *label, const char *s)
{
	buf_addf(out, "* %s `", label);
	word(out, s && *s ? s : "none");
	buf_add(out, "`\n");
}

void record_comment(struct buf *out, const struct record *r)
{
	const struct decision_record *d = r->d;
	const struct verdict *v = &r->t->verdict;
	const struct { const char *key, *value; } pair[] = {
		{ "key", d->key }, { "decision", d->decision },
		{ "status", record_status_word(d) }, { "model", d->model },
		{ "option", d->option },
		{ "advice", v->option < 0 ? NULL
		            : r->t->option[v->option].name },
		{ "revision", d->revision }, { "evaluation", r->e->digest },
		{ "scenario", r->e->scenario_digest },
	};

	buf_add(out, "\n<!-- steelyard record");
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
		if (!pair[i].value)
			continue;
		buf_addf(out, " %s=", pair[i].key);
		word(out, pair[i].value);
	}
	buf_addf(out, " seed=%llu -->\n",
	         (unsigned long long)r->e->engine.seed);
}

/* What was kept and what the same questions give now, where these differ. */
static void other_evaluation(struct buf *out, const struct record *r)
{
	if (!r->d->evaluation || !strcmp(r->d->evaluation, r->e->digest))
		return;
	buf_add(out, "* The figures here were computed anew: the evaluation "
	        "that was kept has another digest, so another version or "
	        "kind of machine made it\n");
	code(out, "evaluation that was kept", r->d->evaluation);
}

static void reproduction(struct buf *out, const struct record *r)
{
	const struct evaluation *e = r->e;
	const struct tradeoff *t = r->t;
	const struct decision_record *d = r->d;
	struct buf b = BUF_INIT;

	madr_heading(out, 3, "Reproduction");
	if (d->revision)        /* the mark of a record that we wrote */
		code(out, "scenario revision", d->revision);
	code(out, "evaluation", e->digest);
	other_evaluation(out, r);
	code(out, "scenario", e->scenario_digest);
	code(out, "model", t->model_digest);
	code(out, "prices", e->prices_digest);
	for (int i = 0; i < e->nfiles; i++) {
		buf_addf(out, "* %s `", e->file[i].kind);
		word(out, path_basename(e->file[i].path));
		buf_add(out, "`: `");
		word(out, e->file[i].digest);
		buf_add(out, "`\n");
	}
	buf_addf(&b, "model %s, version %d; prices as of %s", t->model,
	         t->version, e->prices_as_of ? e->prices_as_of : "no date");
	madr_item(out, &b);
	buf_addf(&b, "steelyard %s, %s, %lld points in %d replicates, seed "
	         "%llu", e->engine.version, e->engine.point
	         ? "central values" : e->engine.sampler,
	         (long long)e->engine.samples, e->engine.replicates,
	         (unsigned long long)e->engine.seed);
	madr_item(out, &b);
	code(out, "floating-point class", e->engine.fpclass);
	if (d->command)
		command(out, d->command);
	buf_release(&b);
}

/* Who did what to it, and why. */
static void history(struct buf *out, const struct decision_record *d)
{
	struct buf b = BUF_INIT;

	if (!d->nevents)
		return;
	madr_heading(out, 3, "History");
	for (int i = 0; i < d->nevents; i++) {
		const struct record_event *x = &d->event[i];

		buf_addf(&b, "%s: %s by %s%s%s", x->date, x->status, x->who,
		         record_is_blank(x->because) ? "" : ": ",
		         record_is_blank(x->because) ? "" : x->because);
		madr_item(out, &b);
	}
	buf_release(&b);
}

void madr_more(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;

	buf_add(out, t->point ? "Figures stand at central values.\n"
	        : "Figures are expected values; intervals hold 90 % of the "
	        "draws.\n");
	break_evens(out, t);
	changes(out, t);
	information(out, t);
	criteria(out, t);
	rules(out, r);
	checklist(out, t);
	views(out, t);
	notes(out, t);
	provenance(out, t);
	reconciled(out, r->d);
	history(out, r->d);
	reproduction(out, r);
}
