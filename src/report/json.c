/* The documents: evaluation, break-even, explanation, error. */
#include "report/json.h"

#include <math.h>

#include "report/report.h"

#include "base/banned.h"

static void add_engine(json_t *doc, const struct engine_info *e)
{
	json_t *o = put_map(doc, "engine");

	/* the vector width is left out: digits are equal on each */
	PUT(o, *e, version, sampler, samples, replicates);
	put_seed(o, "seed", e->seed);
	PUT(o, *e, fpclass, point);
}

void json_scenario(json_t *o, const struct evaluation *e)
{
	json_t *list = NULL;

	PUT(o, *e, scenario, digest, title);
	put_int(o, "samples", e->engine.samples);
	PUT(o, *e, scenario_digest, prices_digest, prices_as_of);
	for (int i = 0; i < e->nfiles; i++) {
		json_t *f = json_object();

		if (i == 0)
			list = put_list(o, "files");
		PUT(f, e->file[i], kind, name, path);
		put_text(f, "sha256", e->file[i].digest);
		json_array_append_new(list, f);
	}
}

json_t *json_document(const char *schema, const struct evaluation *e)
{
	json_t *doc = json_object();

	put_text(doc, "schema", schema);
	put_flag(doc, "ok", true);
	if (e)
		add_engine(doc, &e->engine);
	return doc;
}

void report_json(struct buf *out, struct evaluation *const *e, int n)
{
	json_t *doc = json_document("steelyard.evaluation/1", n ? e[0] : NULL);
	json_t *list = put_list(doc, "scenarios");

	for (int i = 0; i < n; i++) {
		json_t *o = put_item(list), *t;

		json_scenario(o, e[i]);
		t = put_list(o, "tradeoffs");
		for (int k = 0; k < e[i]->ntradeoffs; k++)
			json_tradeoff(t, &e[i]->tradeoff[k]);
	}
	put_write(out, doc);
}

void report_break_even_json(struct buf *out, const struct evaluation *e)
{
	json_t *doc = json_document("steelyard.breakeven/1", e);

	json_scenario(doc, e);
	for (int i = 0; i < e->ntradeoffs && i < 1; i++) {
		const struct tradeoff *t = &e->tradeoff[i];

		PUT(doc, *t, model, model_digest, title);
		json_break_evens(doc, t);
		json_goals(doc, t);
		json_frontier(doc, t);
		json_warnings(doc, t);
	}
	put_write(out, doc);
}

/* --- what matters ----------------------------------------------------- */

/* A document about one trade-off, up to its verdict. */
static json_t *about_one(const char *schema, const struct evaluation *e)
{
	const struct tradeoff *t = &e->tradeoff[0];
	json_t *doc = json_document(schema, e);

	json_scenario(doc, e);
	PUT(doc, *t, model, model_digest);
	json_verdict(doc, t);
	json_objective(doc, t);
	return doc;
}

void report_sensitivity_json(struct buf *out, const struct evaluation *e)
{
	json_t *doc = about_one("steelyard.sensitivity/1", e);

	json_sensitivity(doc, &e->tradeoff[0]);
	json_criteria(doc, &e->tradeoff[0]);
	json_warnings(doc, &e->tradeoff[0]);
	put_write(out, doc);
}

void report_voi_json(struct buf *out, const struct evaluation *e)
{
	json_t *doc = about_one("steelyard.voi/1", e);

	json_voi(doc, &e->tradeoff[0]);
	json_criteria(doc, &e->tradeoff[0]);
	json_warnings(doc, &e->tradeoff[0]);
	put_write(out, doc);
}

/* --- why -------------------------------------------------------------- */

static void add_source(json_t *o, const struct provenance *p)
{
	json_t *j = put_map(o, "source");

	PUT(j, *p, text, origin);
	put_text(j, "precedence", p->price);
	PUT(j, *p, over, kind, source, date);
}

static void add_explanation(json_t *o, const struct explanation *x)
{
	json_t *parts, *list;

	PUT(o, *x, name, title, unit, formula);
	if (x->file) {
		PUT(o, *x, file, line);
	}
	json_summary(o, &x->s, isfinite(x->s.value));
	if (x->source)
		add_source(o, x->source);
	list = put_list(o, "moves");
	for (int i = 0; i < x->nmoves; i++) {
		json_t *j = put_item(list);

		PUT(j, x->move[i], parameter, title, share);
		put_why(j, "se", x->move[i].se, "no replicates");
	}
	parts = put_list(o, "parts");
	for (int i = 0; i < x->n; i++)
		add_explanation(put_item(parts), x->part[i]);
}

void report_explain_json(struct buf *out, const struct explanation *x)
{
	json_t *doc = json_document("steelyard.explanation/1", NULL);

	add_explanation(put_map(doc, "explanation"), x);
	put_write(out, doc);
}

/* --- errors ----------------------------------------------------------- */

/* Of what has no place, file, line and column are null. */
static void add_place(json_t *o, const struct err_item *i)
{
	put_text(o, "file", i ? i->file : NULL);
	if (i && i->file && i->line > 0) {
		put_int(o, "line", i->line);
		put_int(o, "column", i->col);
	} else {
		put_text(o, "line", NULL);
		put_text(o, "column", NULL);
	}
	put_text(o, "message", i ? i->text : "it failed without saying why");
}

void json_error(json_t *doc, const struct err *err)
{
	json_t *o = put_map(doc, "error");

	put_int(o, "code", err->n ? err_exit_status(err) : 70);
	put_text(o, "name", err_kind_name(err->n ? err->item[0].kind
	                                  : ERR_BUG));
	add_place(o, err->n ? &err->item[0] : NULL);
}

void report_error_json(struct buf *out, const char *schema,
                       const struct err *err)
{
	json_t *doc = json_object(), *list;

	put_text(doc, "schema", schema);
	put_flag(doc, "ok", false);
	json_error(doc, err);
	list = put_list(doc, "findings");
	for (int i = 0; i < err->n; i++) {
		json_t *j = put_item(list);

		put_text(j, "name", err_kind_name(err->item[i].kind));
		add_place(j, &err->item[i]);
	}
	if (err->more)
		put_int(doc, "more_findings", err->more);
	put_write(out, doc);
}
