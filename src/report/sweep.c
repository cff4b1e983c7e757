/* Lines of a sweep; every trade-off of a case stands on its line. */
#include "report/sweep.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "report/csv.h"
#include "report/json.h"
#include "result/result.h"

#include "base/banned.h"

/* The figures of the option that is advised. */
struct figure {
	const char *name;
	bool sampled;                   /* not of a run at central values */
};
static const struct figure figures[] = {
	{ "probability_best", true }, { "p_none", true }, { "value", false },
	{ "mean", true }, { "se", true }, { "p5", true }, { "p50", true },
	{ "p95", true }, { "advantage", false }, { "advantage_se", true },
};
#define NFIGURES (sizeof figures / sizeof *figures)

static double figure(const struct tradeoff *t, size_t k)
{
	static const struct summary none = { NAN, NAN, NAN, NAN, NAN, NAN, 0,
	                                     NULL, 0, 0 };
	int best = t->verdict.option;
	const struct summary *s = best >= 0 ? &t->option[best].objective
	                                    : &none;
	const double v[NFIGURES] = {
		t->verdict.probability_best, t->verdict.p_none, s->value,
		s->mean, s->se, s->p5, s->p50, s->p95,
		t->verdict.advantage, t->verdict.advantage_se,
	};

	return v[k];
}

/* `value` belongs to central values alone, the sampled ones to samples. */
static bool asked_for(const struct sweep_head *h, size_t k)
{
	return h->point ? !figures[k].sampled : k != 2;
}

static const char *taken(const struct tradeoff *t)
{
	return t->verdict.option >= 0 ? t->option[t->verdict.option].name
	                              : NULL;
}

/* --- JSON --------------------------------------------------------------- */

static void head_json(struct buf *out, const struct sweep_head *h)
{
	json_t *o = json_object(), *engine;

	put_text(o, "schema", "steelyard.sweep/1");
	put_flag(o, "ok", true);
	PUT(o, *h, identity, cases);
	engine = put_map(o, "engine");
	put_text(engine, "version", h->engine);
	PUT(engine, *h, fpclass, point);
	if (!h->point) {
		PUT(engine, *h, sampler, samples);
		put_seed(engine, "seed", h->seed);
	}
	put_line(out, o);
}

static void trade_json(json_t *list, const struct sweep_head *h,
                       const struct tradeoff *t)
{
	json_t *o = put_item(list);

	put_text(o, "model", t->model);
	put_text(o, "option", taken(t));
	put_text(o, "state", verdict_state_names[t->verdict.state]);
	put_text(o, "unit", t->objective_unit);
	for (size_t k = 0; k < NFIGURES; k++)
		if (asked_for(h, k))
			put_num(o, figures[k].name, figure(t, k));
}

static void row_json(struct buf *out, const struct sweep_head *h,
                     const struct sweep_row *r)
{
	json_t *o = json_object(), *part;

	put_int(o, "case", r->number);
	put_text(o, "scenario", r->scenario);
	if (h->named)
		put_text(o, "name", r->name);
	part = put_map(o, "inputs");
	for (int k = 0; k < r->ninputs; k++)
		put_text(part, r->input[k], r->value[k]);
	put_flag(o, "ok", r->e != NULL);
	if (r->e) {
		part = put_list(o, "tradeoffs");
		for (int i = 0; i < r->e->ntradeoffs; i++)
			trade_json(part, h, &r->e->tradeoff[i]);
	} else {
		json_error(o, r->err);
	}
	put_line(out, o);
}

/* --- CSV ---------------------------------------------------------------- */

static void head_csv(struct buf *out, const struct sweep_head *h)
{
	buf_add(out, h->named ? "case,scenario,name," : "case,scenario,");
	for (int k = 0; k < h->ninputs; k++)
		csv_text(out, h->input[k]);
	for (int m = 0; m < h->nmodels; m++) {
		buf_addf(out, "%s.option,%s.state,%s.unit,", h->model[m],
		         h->model[m], h->model[m]);
		for (size_t k = 0; k < NFIGURES; k++)
			if (asked_for(h, k))
				buf_addf(out, "%s.%s,", h->model[m],
				         figures[k].name);
	}
	buf_add(out, "error");
}

static void trade_csv(struct buf *out, const struct sweep_head *h,
                      const struct tradeoff *t)
{
	csv_text(out, t ? taken(t) : "");
	csv_text(out, t ? verdict_state_names[t->verdict.state] : "");
	csv_text(out, t ? t->objective_unit : "");
	for (size_t k = 0; k < NFIGURES; k++)
		if (asked_for(h, k))
			csv_number(out, t ? figure(t, k) : NAN);
}

static void error_csv(struct buf *out, const struct err *err)
{
	const struct err_item *x = err && err->n ? &err->item[0] : NULL;
	struct buf b = BUF_INIT;

	if (x && x->file && x->line)
		buf_addf(&b, "%s:%d:%d: ", x->file, x->line, x->col);
	if (x)
		buf_add(&b, x->text);
	csv_text(out, b.s);
	buf_release(&b);
}

static void row_csv(struct buf *out, const struct sweep_head *h,
                    const struct sweep_row *r)
{
	size_t from = out->len;

	buf_addf(out, "%lld,", (long long)r->number);
	csv_text(out, r->scenario);
	if (h->named)
		csv_text(out, r->name);
	for (int k = 0; k < r->ninputs; k++)
		csv_text(out, r->value[k]);
	for (int m = 0; m < h->nmodels; m++)
		trade_csv(out, h, r->e ? evaluation_find(r->e, h->model[m])
		                       : NULL);
	error_csv(out, r->e ? NULL : r->err);
	out->s[--out->len] = '\0';      /* the last comma */
	/* a case is a line, whatever names hold: parts are counted by lines */
	for (char *c = out->s + from; (c = strchr(c, '\n')); c++)
		*c = ' ';
}

void report_sweep_head(struct buf *out, const struct sweep_head *h, bool json)
{
	(json ? head_json : head_csv)(out, h);
}

void report_sweep_row(struct buf *out, const struct sweep_head *h,
                      const struct sweep_row *row, bool json)
{
	(json ? row_json : row_csv)(out, h, row);
}
