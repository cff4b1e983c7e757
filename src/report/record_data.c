/* Decision records for programs: steelyard.record/1, and CSV with a row a
 * number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/madr.h"

#include "base/banned.h"

/* --- JSON ------------------------------------------------------------- */

static void put_link(json_t *o, const struct record_link *l)
{
	PUT(o, *l, number, file);
}

static void put_links(json_t *o, const struct decision_record *d)
{
	json_t *list = put_list(o, "supersedes");

	for (int i = 0; i < d->nsupersedes; i++)
		put_link(put_item(list), &d->supersedes[i]);
	if (d->superseded_by)
		put_link(put_map(o, "superseded_by"), d->superseded_by);
	else
		put_text(o, "superseded_by", NULL);
}

static void put_events(json_t *o, const struct decision_record *d)
{
	json_t *list = put_list(o, "events");

	for (int i = 0; i < d->nevents; i++) {
		json_t *j = put_item(list);

		PUT(j, d->event[i], date, status);
		put_text(j, "by", d->event[i].who);
		put_text(j, "because", d->event[i].because);
	}
}

/* number, title, status, date, deciders, tags are those of JSON-ADR, too. */
static void put_decision(json_t *o, const struct record *r)
{
	const struct decision_record *d = r->d;

	PUT(o, *d, number, title);
	put_text(o, "status", record_status_word(d));
	PUT(o, *d, date, file, key, decision, model);
	put_text(o, "option", r->choice < 0 ? NULL
	         : r->t->option[r->choice].name);
	put_text(o, "option_title", r->choice < 0 ? NULL
	         : r->t->option[r->choice].title);
	put_text(o, "advice_then", d->advice);
	put_text(o, "because", d->because);
	put_texts(o, "deciders", d->deciders, -1);
	put_texts(o, "tags", d->tags, -1);
	put_texts(o, "waived", d->waived, -1);
	PUT(o, *d, review, contested);
	put_links(o, d);
	put_events(o, d);
	PUT(o, *d, revision, evaluation, command, reconciled_on);
	put_texts(o, "reconciled", d->reconciled, -1);
}

void record_json(struct buf *out, const struct record *r)
{
	json_t *doc = json_document("steelyard.record/1", r->e);

	put_decision(put_map(doc, "record"), r);
	json_scenario(doc, r->e);
	json_tradeoff(put_list(doc, "tradeoffs"), r->t);
	put_write(out, doc);
}

void record_index_json(struct buf *out, const struct record_line *line, int n)
{
	json_t *doc = json_document("steelyard.records/1", NULL);
	json_t *list = put_list(doc, "records");

	for (int i = 0; i < n; i++) {
		json_t *o = put_item(list);

		PUT(o, line[i], number, title, status, date, file, decision,
		    option, review);
	}
	put_write(out, doc);
}

bool report_engine_of(const char *json, struct engine_info *out,
                      struct arena *a)
{
	json_t *doc = json ? json_loads(json, 0, NULL) : NULL;
	json_t *e = json_object_get(doc, "engine");
	json_t *seed = json_object_get(e, "seed");
	const char *sampler = json_string_value(json_object_get(e, "sampler"));
	json_t *first = json_array_get(json_object_get(doc, "scenarios"), 0);
	const char *big = json_string_value(seed);
	bool ok = e && sampler;

	if (ok)
		*out = (struct engine_info){
			.sampler = arena_strdup(a, sampler),
			.samples = json_integer_value(json_object_get(first,
			                              "samples")),
			.point = json_is_true(json_object_get(e, "point")),
			.seed = big ? strtoull(big, NULL, 10)
			            : (uint64_t)json_integer_value(seed),
		};
	json_decref(doc);
	return ok;
}

/* --- CSV -------------------------------------------------------------- */

static const char csv_header[] =
	"section,subject,option,figure,value,text,unit\r\n";

static void row(struct buf *out, const char *section, const char *subject,
                const char *option, const char *figure, double v,
                const char *text, const char *unit)
{
	csv_text(out, section);
	csv_text(out, subject);
	csv_text(out, option);
	csv_text(out, figure);
	csv_number(out, v);
	csv_text(out, text);
	csv_text(out, unit);
	csv_end(out);
}

/* Texts of the decision itself. */
static void words(struct buf *out, const struct record *r)
{
	const struct decision_record *d = r->d;
	const struct { const char *name, *text; } fact[] = {
		{ "key", d->key }, { "decision", d->decision },
		{ "title", d->title }, { "status", record_status_word(d) },
		{ "date", d->date }, { "model", d->model },
		{ "option", r->choice < 0 ? NULL
		            : r->t->option[r->choice].name },
		{ "because", d->because }, { "review", d->review },
		{ "superseded_by", d->superseded_by ? d->superseded_by->file
		                                    : NULL },
		{ "revision", d->revision }, { "evaluation", r->e->digest },
		{ "scenario", r->e->scenario_digest },
		{ "model_digest", r->t->model_digest },
		{ "prices", r->e->prices_digest },
		{ "version", r->e->engine.version },
		{ "fpclass", r->e->engine.fpclass },
		{ "command", d->command },
	};

	for (size_t i = 0; i < sizeof fact / sizeof *fact; i++)
		if (fact[i].text)
			row(out, "record", NULL, NULL, fact[i].name, NAN,
			    fact[i].text, NULL);
	for (int i = 0; i < d->nsupersedes; i++)
		row(out, "record", NULL, NULL, "supersedes", NAN,
		    d->supersedes[i].file, NULL);
	for (int i = 0; d->deciders && d->deciders[i]; i++)
		row(out, "record", NULL, NULL, "decider", NAN, d->deciders[i],
		    NULL);
}

struct figure { const char *name; double v; };

/* Only what exists has a row. */
static void rows(struct buf *out, const char *section, const char *subject,
                 const char *option, const char *unit,
                 const struct figure *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (isfinite(f[i].v))
			row(out, section, subject, option, f[i].name, f[i].v,
			    NULL, unit);
}
#define ROWS(out, section, subject, option, unit, ...) \
	rows(out, section, subject, option, unit, \
	     (const struct figure[]){ __VA_ARGS__ }, \
	     sizeof (const struct figure[]){ __VA_ARGS__ } / \
	     sizeof(struct figure))

static void summary_rows(struct buf *out, const char *section,
                         const char *subject, const char *option,
                         const char *unit, const struct summary *s)
{
	ROWS(out, section, subject, option, unit, { "value", s->value },
	     { "mean", s->mean }, { "se", s->se }, { "p5", s->p5 },
	     { "p50", s->p50 }, { "p95", s->p95 });
	if (s->state)
		row(out, section, subject, option, "state", NAN, s->state,
		    NULL);
}

static void option_rows(struct buf *out, const struct tradeoff *t,
                        const struct option_result *o)
{
	summary_rows(out, "objective", t->objective_name, o->name,
	             t->objective_unit, &o->objective);
	ROWS(out, "objective", t->objective_name, o->name, t->objective_unit,
	     { "cvar95", o->cvar95 }, { "cvar95_se", o->cvar95_se },
	     { "expected_regret", o->expected_regret },
	     { "expected_regret_se", o->regret_se });
	ROWS(out, "option", NULL, o->name, "1",
	     { "probability_best", o->probability_best },
	     { "probability_best_se", o->probability_best_se },
	     { "p_feasible", o->p_feasible });
	for (int i = 0; i < o->nreasons; i++)
		row(out, "option", NULL, o->name, "reason", NAN, o->reason[i],
		    NULL);
	for (int i = 0; i < o->noutputs; i++)
		summary_rows(out, "output", o->output[i].name, o->name,
		             o->output[i].unit, &o->output[i].s);
}

static const char *name_of(const struct tradeoff *t, int option)
{
	return option < 0 ? NULL : t->option[option].name;
}

static void tip_rows(struct buf *out, const struct tradeoff *t,
                     const struct break_even *b)
{
	struct buf who = BUF_INIT;

	buf_addf(&who, "%s", b->pair ? "" : "all");
	for (int i = 0; b->pair && i < 2; i++)
		buf_addf(&who, "%s%s", i ? " / " : "",
		         b->between[i] < 0 ? "none"
		         : t->option[b->between[i]].name);
	row(out, "break_even", b->parameter, who.s, "state", NAN,
	    break_even_state_names[b->state], NULL);
	for (int i = 0; i < b->ncrossings; i++) {
		const struct crossing *c = &b->crossing[i];

		row(out, "break_even", b->parameter, who.s, "at", c->at,
		    crossing_kind_names[c->kind], b->unit);
		row(out, "break_even", b->parameter, who.s, "below", NAN,
		    name_of(t, c->below), NULL);
		row(out, "break_even", b->parameter, who.s, "above", NAN,
		    name_of(t, c->above), NULL);
	}
	ROWS(out, "break_even", b->parameter, who.s, b->unit,
	     { "here", b->here }, { "sure", b->sure }, { "p5", b->p5 },
	     { "p50", b->p50 }, { "p50_se", b->p50_se }, { "p95", b->p95 });
	ROWS(out, "break_even", b->parameter, who.s, "1",
	     { "p_never", b->draws ? b->p_never : NAN },
	     { "p_always", b->draws ? b->p_always : NAN },
	     { "p_beyond", b->draws ? b->p_beyond : NAN });
	buf_release(&who);
}

static void driver_rows(struct buf *out, const struct tradeoff *t)
{
	for (int i = 0; i < t->nsensitivity; i++) {
		const struct sensitivity *s = &t->sensitivity[i];

		ROWS(out, "sensitivity", s->parameter, NULL, t->objective_unit,
		     { "swing_low", s->swing_low },
		     { "swing_high", s->swing_high },
		     { "mean_low", s->mean_low },
		     { "mean_high", s->mean_high });
		ROWS(out, "sensitivity", s->parameter, NULL, "1",
		     { "first_order", s->first_order },
		     { "first_order_se", s->first_order_se },
		     { "flips", s->flips });
	}
}

static void worth_rows(struct buf *out, const struct tradeoff *t)
{
	if (t->voi.present)
		ROWS(out, "voi", NULL, NULL, t->objective_unit,
		     { "evpi", t->voi.evpi }, { "evpi_se", t->voi.evpi_se });
	for (int i = 0; i < t->voi.nevppi; i++)
		ROWS(out, "voi", t->voi.evppi[i].parameter, NULL,
		     t->objective_unit, { "evppi", t->voi.evppi[i].value },
		     { "evppi_se", t->voi.evppi[i].se });
	for (int i = 0; i < t->ncriteria; i++) {
		const struct criterion *c = &t->criterion[i];

		row(out, "criterion", c->name, name_of(t, c->option), "choice",
		    NAN, c->agrees ? "agrees" : "differs", NULL);
		for (int o = 0; o < t->noptions; o++)
			ROWS(out, "criterion", c->name, t->option[o].name,
			     t->objective_unit, { "value", c->value[o] });
	}
	for (int i = 0; i < t->nrules; i++) {
		row(out, "rule", t->rule[i].id, NULL, "applies", NAN,
		    t->rule[i].applies ? "yes" : "no", NULL);
		ROWS(out, "rule", t->rule[i].id, NULL, t->objective_unit,
		     { "price", t->rule[i].price },
		     { "price_se", t->rule[i].price_se });
	}
}

static void source_rows(struct buf *out, const struct tradeoff *t)
{
	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];

		row(out, "parameter", p->parameter, NULL, "stated", NAN,
		    p->text, p->unit);
		ROWS(out, "parameter", p->parameter, NULL, p->unit,
		     { "mean", p->mean }, { "p5", p->p5 }, { "p50", p->p50 },
		     { "p95", p->p95 });
		row(out, "parameter", p->parameter, NULL, "kind", NAN,
		    p->kind ? p->kind : "none", NULL);
		row(out, "parameter", p->parameter, NULL, "source", NAN,
		    p->source, p->date);
		if (p->price)
			row(out, "parameter", p->parameter, NULL, "precedence", NAN,
			    p->price, p->over);
	}
	for (int i = 0; i < t->nchecklist; i++)
		row(out, "checklist", t->checklist[i].id, NULL, "answer", NAN,
		    t->checklist[i].answer ? t->checklist[i].answer
		                           : "not answered", NULL);
}

void record_csv(struct buf *out, const struct record *r)
{
	const struct tradeoff *t = r->t;

	buf_add(out, csv_header);
	words(out, r);
	row(out, "verdict", NULL, name_of(t, t->verdict.option), "state", NAN,
	    verdict_state_names[t->verdict.state], NULL);
	ROWS(out, "verdict", NULL, name_of(t, t->verdict.option),
	     t->objective_unit, { "advantage", t->verdict.advantage },
	     { "advantage_se", t->verdict.advantage_se });
	row(out, "engine", NULL, NULL, "samples", (double)r->e->engine.samples,
	    r->e->engine.sampler, "1");
	for (int i = 0; i < t->noptions; i++)
		option_rows(out, t, &t->option[i]);
	for (int i = 0; i < t->nbreak_even; i++)
		tip_rows(out, t, &t->break_even[i]);
	driver_rows(out, t);
	worth_rows(out, t);
	source_rows(out, t);
}

/* As many cells as the seal's row has. */
void record_index_csv(struct buf *out, const struct record_line *line, int n)
{
	buf_add(out, "decision,file,title,status,date,option,review\r\n");
	for (int i = 0; i < n; i++) {
		CSV(out, line[i], decision, file, title, status, date, option,
		    review);
		csv_end(out);
	}
}
