/*
 * Money three times: as the model has it, as it was logged, as it was billed.
 *
 *	modelled   a month of the option's money, over the days that were logged:
 *	           its lines in which a price stands against the log, its whole
 *	           account of serving against the bill
 *	logged     what the log adds up to
 *	billed     what the bill says of the same days
 *
 * The way from modelled to logged goes by what was measured: the model is asked
 * again with the log's requests, tokens, cached share and failures, one after
 * the other; what is left then are prices, discounts, waste and growth.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "evidence/import.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "store/actuals.h"
#include "task/task.h"

#include "base/banned.h"

#define DAYS_MONTH (730.0 / 24)
#define DEPTH 12                        /* of a line down to its prices */

struct reconciling {
	struct context *context;
	const struct scenario *s;
	const char *model, *option;
	struct import *m;
	struct fact_table *steps;
	const char *tokens;             /* the lines with a price, as one sum */
	double months;
	struct err *err;
};

/* --- the modelled leg ----------------------------------------------------- */

static bool holds_price(const struct explanation *x)
{
	if (x->source && x->source->price)
		return true;
	for (int i = 0; i < x->n; i++)
		if (holds_price(x->part[i]))
			return true;
	return false;
}

/* A figure of the option over the period; false: it is no number. */
static bool figure(struct reconciling *k, const struct scenario *s,
                   const char *expression, struct summary *out)
{
	char *question = NULL;
	struct buf b = BUF_INIT;
	struct explanation *x;

	buf_addf(&b, "%s[%s]", expression, k->option);
	question = b.s;
	x = task_explain(k->context, s, k->model, question, 0, k->err);
	if (x) {
		*out = x->s;
		out->state = NULL;
		explanation_free(x);
	}
	buf_release(&b);
	return x != NULL;
}

static double centre(const struct summary *s)
{
	return isnan(s->mean) ? s->value : s->mean;
}

/* "(api_bill) + (fallback_bill)": the money lines of the account that hold for
 * the option and have a price below them. */
static bool find_lines(struct reconciling *k)
{
	const struct model *m = task_model(k->context, k->model, k->err);
	struct buf question = BUF_INIT, sum = BUF_INIT;
	struct explanation *x = NULL;

	if (m) {
		buf_addf(&question, "monthly[%s]", k->option);
		x = task_explain(k->context, k->s, k->model, question.s, DEPTH,
		                 k->err);
	}
	for (int i = 0; x && i < x->n; i++) {
		size_t n = strcspn(x->part[i]->name, "[ ");

		for (int l = 0; l < m->nmoney; l++)
			if (strlen(m->money[l].name) == n &&
			    !strncmp(m->money[l].name, x->part[i]->name, n) &&
			    !strcmp(m->money[l].account, "serving") &&
			    holds_price(x->part[i]))
				buf_addf(&sum, "%s(%s)", sum.len ? " + " : "",
				         m->money[l].text);
	}
	if (x && !sum.len)
		err_add(k->err, ERR_USAGE, "%s[%s] has no money line in which a "
		        "price stands: no log tells its money", k->model,
		        k->option);
	k->tokens = sum.len ? arena_strdup(k->m->arena, sum.s) : NULL;
	if (x)
		explanation_free(x);
	buf_release(&question);
	buf_release(&sum);
	return k->tokens != NULL;
}

/* --- tables --------------------------------------------------------------- */

static void leg(struct reconciling *k, struct fact_table *f, const char *name,
                const struct summary *s, double scale, const char *note)
{
	struct fact_cell *c = fact_row(f);

	c[0].text = name;
	c[1].number = s ? centre(s) * scale : scale;
	c[2].number = s && isfinite(s->p5) ? s->p5 * scale : NAN;
	c[3].number = s && isfinite(s->p95) ? s->p95 * scale : NAN;
	c[4].text = arena_strdup(k->m->arena, note);
}

static void step(struct reconciling *k, const char *name, double amount,
                 const char *note)
{
	struct fact_cell *c = fact_row(k->steps);

	c[0].text = arena_strdup(k->m->arena, name);
	c[1].number = amount;
	c[2].text = note ? arena_strdup(k->m->arena, note) : NULL;
}

static void ratio(struct reconciling *k, const char *name, double actual,
                  const struct summary *s)
{
	struct measure *x = import_measure(k->m, name, "1", 0);
	double mean = centre(s) * k->months;

	measure_interval(k->m, x, actual / mean, isfinite(s->p95)
	                 ? actual / (s->p95 * k->months) : NAN,
	                 isfinite(s->p5) && s->p5 > 0
	                 ? actual / (s->p5 * k->months) : NAN);
	x->note = "over the modelled mean; the interval is the model's";
}

/* --- from modelled to logged ---------------------------------------------- */

static const struct measure *measured(const struct import *m, const char *name)
{
	for (int i = 0; i < m->nmeasures; i++)
		if (strcmp(m->measure[i].name, name) == 0)
			return &m->measure[i];
	return NULL;
}

/* Takes the log's figure into the scenario, where the model asks for it. */
static bool take(struct reconciling *k, struct scenario *s,
                 const struct measure *x)
{
	const struct model *model = task_model(k->context, k->model, k->err);
	const struct workload *w = library_workload(k->context->library, k->err);
	struct buf name = BUF_INIT, value = BUF_INIT;
	struct err mute = ERR_INIT;
	bool ok;
	int slot;

	buf_addf(&name, "%s.%s", workload_param(w, x->name, &slot) ? "workload"
	         : model->name, x->name);
	num_exact(&value, x->mean);
	if (strcmp(x->unit, "1"))
		buf_addf(&value, " %s", x->unit);
	ok = (workload_param(w, x->name, &slot) ||
	      model_param(model, x->name, &slot)) &&
		scenario_set(s, k->context->library, name.s, value.s, &mute);
	err_clear(&mute);
	buf_release(&name);
	buf_release(&value);
	return ok;
}

/* Model and measurement differ by parts that add up, in this order. */
static bool walk(struct reconciling *k, double modelled)
{
	static const char *const names[] = {
		"requests_per_day", "input_tok", "output_tok",
		"cached_input_fraction", "retry_rate",
	};
	struct scenario *s = scenario_copy(k->s);
	double at = modelled;
	bool ok = true;

	step(k, "modelled", modelled, NULL);
	for (size_t i = 0; ok && i < sizeof names / sizeof *names; i++) {
		const struct measure *x = measured(k->m, names[i]);
		struct summary now;

		if (!x || !take(k, s, x))
			continue;
		ok = figure(k, s, k->tokens, &now);
		if (!ok)
			break;
		step(k, names[i], centre(&now) * k->months - at,
		     "as the log has it, in place of the model's");
		at = centre(&now) * k->months;
	}
	step(k, "unexplained", k->m->common.logged - at,
	     "prices, discounts, waste, growth, and what the log leaves out");
	step(k, "logged", k->m->common.logged, NULL);
	scenario_free(s);
	return ok;
}

/* --- the three ------------------------------------------------------------ */

static bool compare_legs(struct reconciling *k)
{
	static const struct fact_column legs[] = {
		{ "leg", true, 0 }, { "usd", false, 6 }, { "p5", false, 5 },
		{ "p95", false, 5 }, { "note", true, 0 },
	};
	static const struct fact_column lines[] = {
		{ "line", true, 0 }, { "amount", false, 6 },
		{ "note", true, 0 },
	};
	struct import *m = k->m;
	struct summary tokens, all;
	struct fact_table *f;

	k->months = (m->common.to - m->common.from) / 86400 / DAYS_MONTH;
	if (!find_lines(k) || !figure(k, k->s, k->tokens, &tokens) ||
	    !figure(k, k->s, "sum_money(monthly, serving)", &all))
		return false;
	f = import_fact(m, "legs", arena_printf(m->arena, "%s[%s] over %.4g days"
		": modelled, logged, billed, USD", k->model, k->option,
		k->months * DAYS_MONTH), legs, 5);
	leg(k, f, "modelled, by tokens", &tokens, k->months,
	    "the lines in which a price stands: what a log can tell");
	leg(k, f, "logged", NULL, m->common.logged, "what the log adds up to");
	leg(k, f, "modelled, serving", &all, k->months,
	    "all lines of the account: what a bill can tell");
	if (isfinite(m->common.billed))
		leg(k, f, "billed", NULL, m->common.billed,
		    "what the bill says of the same days");
	k->steps = import_fact(m, "from_model", "From modelled to logged", lines,
	                       3);
	ratio(k, "logged_over_modelled", m->common.logged, &tokens);
	if (isfinite(m->common.billed))
		ratio(k, "billed_over_modelled", m->common.billed, &all);
	return walk(k, centre(&tokens) * k->months);
}

/* Of the log only what is about money stays, the three legs first. */
static void only_money(struct import *m)
{
	static const char *const facts[] = {
		"legs", "from_model", "residual", "reconciliation",
	};
	struct fact_table **kept = arena_alloc(m->arena,
		(size_t)(m->nfacts + 1) * sizeof *kept);
	int n = 0;

	for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
		for (int i = 0; i < m->nfacts; i++)
			if (!strcmp(m->fact[i]->name, facts[k]))
				kept[n++] = m->fact[i];
	for (int i = 0; i < m->nfacts; i++) {
		int k = 0;

		while (k < n && kept[k] != m->fact[i])
			k++;
		if (k == n)
			free(m->fact[i]->cell);
	}
	m->fact = kept;
	m->nfacts = n;
	n = 0;
	for (int i = 0; i < m->nmeasures; i++)
		if (strstr(m->measure[i].name, "_over_"))
			m->measure[n++] = m->measure[i];
	m->nmeasures = n;
}

/* --- kept with the scenario ----------------------------------------------- */

static void add_amount(struct buf *b, double v)
{
	num_human(b, v, 4);
	buf_add(b, " USD");
}

/* The rows of a table as sentences for the record. */
static void add_rows(struct buf *b, const struct import *m, const char *table)
{
	for (int i = 0; i < m->nfacts; i++) {
		const struct fact_table *f = m->fact[i];

		for (int r = 0; !strcmp(f->name, table) && r < f->n; r++) {
			const struct fact_cell *c = &f->cell[r * f->ncolumns];

			buf_addf(b, "%s: ", c[0].text);
			if (isfinite(c[1].number))
				add_amount(b, c[1].number);
			else
				buf_add(b, "not known");
			if (f->ncolumns == 5 && isfinite(c[2].number)) {
				buf_add(b, " (90 %: ");
				num_human(b, c[2].number, 4);
				buf_add(b, " to ");
				num_human(b, c[3].number, 4);
				buf_addc(b, ')');
			}
			if (c[f->ncolumns - 1].text)
				buf_addf(b, ", %s", c[f->ncolumns - 1].text);
			buf_addc(b, '\n');
		}
	}
}

static bool keep(struct reconciling *k)
{
	struct store *store = store_open(k->context->store_path, true, k->err);
	struct buf b = BUF_INIT;
	char from[11], to[11];
	bool ok;

	clock_date((int64_t)k->m->common.from, from);
	clock_date((int64_t)k->m->common.to - 1, to);
	buf_addf(&b, "%s from %s to %s:\n", k->option, from, to);
	add_rows(&b, k->m, "legs");
	buf_add(&b, "From modelled to logged:\n");
	add_rows(&b, k->m, "from_model");
	if (isfinite(k->m->common.billed)) {
		buf_add(&b, "From logged to billed:\n");
		add_rows(&b, k->m, "residual");
	}
	ok = store && reconciliation_record(store, k->s->name, k->model, b.s,
	                                    k->err);
	if (ok)
		import_note(k->m, "kept with %s: its records show it",
		            k->s->name);
	store_close(store);
	buf_release(&b);
	return ok;
}

/* --- which option --------------------------------------------------------- */

/* The one that was accepted on the scenario; else what it assumes, else the
 * model's incumbent. */
static const char *chosen(struct reconciling *k)
{
	const struct model *m = task_model(k->context, k->model, k->err);
	const struct decision_filter f = { .scenario = k->s->name,
		.model = k->model, .status = DECISION_ACCEPTED, .limit = 1 };
	struct err mute = ERR_INIT;
	struct store *store = task_store_exists(k->context)
		? store_open(k->context->store_path, false, &mute) : NULL;
	struct decision_info *d;
	const char *option = NULL;

	if (store && decision_list(store, &f, &d, k->m->arena, &mute) > 0)
		option = d[0].option;
	store_close(store);
	err_clear(&mute);
	for (int i = 0; !option && i < k->s->nmodels; i++)
		if (!strcmp(k->s->model[i], k->model))
			option = k->s->assume[i];
	if (!option && m && m->decision.incumbent >= 0)
		option = m->option[m->decision.incumbent].name;
	if (!option && m)
		err_add(k->err, ERR_USAGE, "nobody decided on %s and it has no "
		        "incumbent: --option NAME", k->model);
	return option;
}

struct import *task_reconcile(struct context *c,
                              const struct reconcile_call *call,
                              struct err *err)
{
	const char *others[] = { call->bill };
	struct import_request q = {
		.kind = IMPORT_USAGE, .path = call->log,
		.others = { call->bill ? 1 : 0, others },
		.format = call->format, .skip = call->skip,
	};
	struct scenario *s = task_scenario(c, call->scenario, &call->set, err);
	struct import *m = s ? import_file(&q, err) : NULL;
	struct reconciling k = { .context = c, .s = s, .model = call->model,
	                         .m = m, .err = err };
	bool ok = m != NULL;

	if (ok && !isfinite(m->common.logged))
		ok = err_at(err, ERR_INPUT, (struct pos){ call->log, 0, 0 },
		            "tells no money on days of the calendar%s",
		            call->bill ? " that the bill tells of, too" : "");
	if (ok) {
		k.option = call->option ? call->option : chosen(&k);
		ok = k.option && compare_legs(&k) && (!call->keep || keep(&k));
	}
	if (ok)
		only_money(m);
	if (ok)
		m->title = arena_printf(m->arena, "%s: %s as modelled, logged%s",
		                        s->name, k.option, call->bill
		                        ? " and billed" : "");
	if (s)
		scenario_free(s);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
