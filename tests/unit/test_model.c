/*
 * src/model, the files: what a model, the workload and the prices may say, and
 * what is said of them when they are wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dist/draws.h"
#include "base/path.h"
#include "model/load.h"
#include "model_fixture.h"

static struct units *units;
static struct workload *workload;
static struct err err;

static int setup(void **state)
{
	char *path = fixture_units();

	(void)state;
	units = units_open(path, &err);
	free(path);
	assert_non_null(units);
	workload = workload_load_text(units, fixture_workload,
	                              strlen(fixture_workload), "workload.yaml",
	                              NULL, &err);
	if (!workload)
		err_print(&err, stderr, "test");
	assert_non_null(workload);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	workload_free(workload);
	units_free(units);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	err_clear(&err);
	return 0;
}

static struct model *load(const char *text)
{
	/* Of exact size, so that a read past the end is seen. */
	size_t n = strlen(text);
	char *copy = xmalloc(n);
	struct model *m;

	memcpy(copy, text, n);
	m = model_load_text(units, workload, copy, n, "m.yaml", &err);
	free(copy);
	return m;
}

static struct model *load_fine(const char *text)
{
	struct model *m = load(text);

	if (!m)
		err_print(&err, stderr, "test");
	assert_non_null(m);
	return m;
}

static const struct param *param(const struct model *m, const char *name)
{
	int slot;
	const struct param *p = model_param(m, name, &slot);

	assert_non_null(p);
	return p;
}

/* --- what a fair model gives ---------------------------------------------- */

static void test_head_and_options(void **state)
{
	struct model *m = load_fine(fixture_buy);

	(void)state;
	assert_string_equal(m->name, "build-vs-buy");
	assert_string_equal(m->question, "Buy?");
	assert_int_equal(m->version, 1);
	assert_int_equal(m->horizon, 24);
	assert_int_equal(m->noptions, 3);
	assert_int_equal(model_option(m, "own"), 2);
	assert_int_equal(model_option(m, "rented"), -1);
	assert_string_equal(m->option[0].tags[0], "rented");
	assert_int_equal(strlen(m->digest), 64);
	assert_int_equal(m->decision.incumbent, 0);
	assert_int_equal(m->decision.pay, 0);
	assert_near(m->decision.indifferent_below, 500, 1e-9);
	assert_int_equal(m->decision.nbreak_even, 2);
	assert_near(m->decision.firm, 0.85, 0);
	assert_near(m->decision.infeasible_at_most, 0.05, 0);
	model_free(m);
}

static void test_parameters(void **state)
{
	struct model *m = load_fine(fixture_buy);
	const struct param *p = param(m, "req");
	int slot;

	(void)state;
	/* A link takes unit, bounds and words from the workload. */
	assert_string_equal(p->unit_text, "request/day");
	assert_near(p->high * 86400, 1e12, 1);
	assert_string_equal(p->ask, "How many a day?");
	assert_string_equal(p->title, "Requests a day");
	assert_string_equal(param(m, "hourly")->unit_text, "USD/h");
	assert_string_equal(param(m, "hourly")->source.kind, "assumption");
	assert_string_equal(param(m, "gpus")->unit_text, "GPU");

	p = param(m, "price");
	assert_int_equal(p->nslots, 3);
	assert_string_equal(p->slot_name[0], "price@api");
	assert_string_equal(p->slot_name[2], "price@else");
	assert_int_equal(p->slot_of_label[2], 2);
	assert_int_equal(p->setting[0]->kind, SET_PRICE);
	assert_string_equal(p->setting[0]->times, "markup");
	assert_ptr_equal(model_param(m, "price@own", &slot), p);
	assert_int_equal(slot, 2);
	assert_null(model_param(m, "price@nowhere", &slot));
	assert_null(model_param(m, "req@api", &slot));

	p = param(m, "stakes");
	assert_int_equal(p->type, TYPE_LABEL);
	assert_int_equal(p->setting[0]->choice, 1);
	assert_int_equal(param(m, "strict")->type, TYPE_BOOL);
	assert_null(param(m, "drop")->setting[0]);
	model_free(m);
}

/* A removed parameter keeps its draws: those behind it do not move. */
static void test_dimensions(void **state)
{
	struct model *m = load_fine(fixture_buy), *other;
	char *text = fixture_replace(fixture_buy, "  old: {retired: 2}\n", "");
	const struct param *price = param(m, "price");

	(void)state;
	assert_int_equal(param(m, "gpus")->first_dim, 0);
	assert_int_equal(price->first_slot, 5);
	assert_int_equal(price->first_dim, 5);
	assert_int_equal(param(m, "work")->first_slot, 8);
	assert_int_equal(param(m, "work")->first_dim, 10);
	assert_int_equal(m->preset[0].slot, m->nslots - 1);
	assert_int_equal(m->preset[0].dim, m->ndims - 1);
	assert_int_equal(m->ndims, m->nslots + 2);
	other = load_fine(text);
	assert_int_equal(param(other, "work")->first_dim, 8);
	model_free(other);
	free(text);

	text = fixture_replace(fixture_buy,
	                       "  work: {unit: h/month, value:",
	                       "  work: {unit: h/month, draw: common, value:");
	other = load_fine(text);
	assert_int_equal(other->ndims, m->ndims - 1);
	model_free(other);
	free(text);
	model_free(m);
}

static void test_parts(void **state)
{
	struct model *m = load_fine(fixture_buy);

	(void)state;
	assert_int_equal(m->nmoney, 3);
	assert_int_equal(m->money[0].options, 3);
	assert_int_equal(m->money[1].options, 4);
	assert_int_equal(m->money[2].options, 7);
	assert_int_equal(m->nrequires, 1);
	assert_int_equal(m->requires[0].options, 4);
	assert_int_equal(m->nconstraints, 1);
	assert_near(m->constraint[0].with_probability, 0.5, 0);
	assert_int_equal(m->npresets, 1);
	assert_int_equal(m->preset[0].n, 2);
	assert_near(m->preset[0].choice[0].weight, 0.6, 1e-15);
	assert_int_equal(m->preset[0].choice[0].nsets, 1);
	assert_int_equal(m->preset[0].choice[0].set[0].slot,
	                 param(m, "drop")->first_slot);
	assert_true(m->check[0].must);
	assert_int_equal(m->nexamples, 2);
	assert_int_equal(m->example[0].nexpect, 3);
	assert_string_equal(m->example[0].expect[2].option, "api");
	/* `like:` takes over what is not given again. */
	assert_int_equal(m->example[1].ngiven, 3);
	assert_int_equal(m->example[1].nprices, 2);
	assert_ptr_equal(m->example[1].presets, m->example[0].presets);
	assert_true(m->example[1].expect[0].has_unit);
	model_free(m);
}

static void test_more_forms(void **state)
{
	char *text = fixture_replace(
		fixture_buy,
		"formulas:\n",
		"  width: {unit: s, value: {p10: 1, p50: 2, p90: 5}}\n"
		"  tails: {unit: s, bounds: [0, 1 h], "
		"value: {p5: 1, p50: 2, p95: 5}}\n"
		"  bent: {unit: s, value: {p10: 1, p50: 2, p90: 3, "
		"family: metalog}}\n"
		"  each: {unit: s, by: option, value: 1 to 2}\n"
		"  sure: {unit: \"1\", value: 0.5, provenance: vendor}\n"
		"functions:\n"
		"  twice: {args: [x], value: 2 * x}\n"
		"  \"sum_of(x, y)\": x + y\n"
		"formulas:\n"
		"  four: sum_of(twice(1), 2)\n"
		"  speed: {by: option, api: \"1 [s]\", "
		"else: \"twice(2 [s])\"}\n"
		"  pile: {initial: \"1 [USD]\", next: pile * 1.1}\n");
	struct model *m = load_fine(text);
	const struct param *p = param(m, "tails");
	struct symbol sym;

	(void)state;
	assert_near(dist_quantile(param(m, "width")->setting[0]->dist,
	                                 0.9), 5, 1e-9);
	assert_near(dist_quantile(p->setting[0]->dist, 0.05), 1, 1e-8);
	assert_near(dist_quantile(p->setting[0]->dist, 0.5), 2, 1e-9);
	assert_near(dist_quantile(p->setting[0]->dist, 0.95), 5, 1e-8);
	assert_near(p->high, 3600, 1e-9);
	assert_int_equal(param(m, "bent")->setting[0]->dist->kind,
	                 DIST_METALOG);
	assert_int_equal(param(m, "each")->nslots, 3);
	assert_string_equal(param(m, "sure")->source.kind, "vendor");
	assert_true(env_symbol(m->env, "speed", 0, &sym));
	assert_int_equal(sym.type.axes, AXES(AXIS_OPTION));
	assert_true(env_symbol(m->env, "pile", 0, &sym));
	assert_int_equal(sym.kind, SYMBOL_STOCK);
	model_free(m);
	free(text);
}

/* --- what is wrong, and where --------------------------------------------- */

static const struct bad {
	const char *from, *to;          /* one change of the fair model */
	const char *says;
	int line;                       /* 0: not checked */
} bad[] = {
	{ "title: Build", "tittle: Build", "did you mean", 2 },
	{ "question: Buy?\n", "", "needs `question:`", 0 },
	{ "horizon: 24 month", "horizon: 24.5 month", "whole months", 5 },
	{ "horizon: 24 month", "horizon: 24 USD", "", 5 },
	{ "horizon: 24 month", "horizon: 900 month", "1 to 600", 5 },
	{ "  incumbent: api\n", "", "needs `incumbent:`", 0 },
	{ "incumbent: api", "incumbent: apy", "no option `apy`", 0 },
	{ "tokens: {unit: token/request, value: 500}",
	  "tokens: {value: 500}", "`tokens` needs a unit", 15 },
	{ "tokens: {unit: token/request",
	  "tokens: {unit: tokken/request", "unit", 15 },
	{ "value: 500}", "value: 500, bounds: [0, 100]}",
	  "bounds broken: the value of `tokens`", 15 },
	{ "value: 500}", "value: 50 to 500, bounds: [60, 1e6]}",
	  "the 5 % point of `tokens`", 15 },
	{ "value: 500}", "value: 500, bounds: [7, 7]}", "lower bound", 15 },
	{ "value: 500}", "value: {value: 500, point: 400}}",
	  "belongs to an uncertain number", 15 },
	{ "value: 500}", "value: {value: \"uniform(1, 9)\", point: 10}}",
	  "outside of what the value can be", 15 },
	{ "value: 500}", "value: {value: 3 to 5, point: 4 USD}}", "USD", 15 },
	{ "value: 500}", "value: 500, source: {kind: rumour}}",
	  "`rumour` is no kind of source", 15 },
	{ "value: 500}", "valu: 500}", "did you mean", 15 },
	{ "{workload: requests}", "{workload: requestz}",
	  "did you mean `requests`", 13 },
	{ "{workload: requests}", "{workload: engineer_month}, unit: s",
	  "`req` is in s", 13 },
	{ "times: markup", "times: markpu", "did you mean `markup`", 0 },
	{ "      else: 0\n", "", "`price` has no value for `own`", 0 },
	{ "open_api: {price: small-2", "opn_api: {price: small-2",
	  "no label of the axis `option`", 0 },
	{ "open_api: {price: small-2, field: input}",
	  "open_api: {price: small-2}", "needs `field:`", 0 },
	{ "open_api: {price: small-2, field: input}",
	  "open_api: {evidence: x.csv, field: y}", "belongs to a ", 0 },
	{ "value: normal}", "value: norml}", "no choice of `stakes`", 0 },
	{ "value: false}", "value: perhaps}", "yes or no", 0 },
	{ "from: throughput-vs-latency.fleet", "from: fleet",
	  "MODEL.OUTPUT", 11 },
	{ "drop: {unit: 1/year}", "drop: {unit: 1/year}\n  req: {unit: s}",
	  "", 0 },
	{ "calls: req * tokens", "calls: req * tokenz", "`tokenz`", 0 },
	{ "calls: req * tokens", "calls: req + tokens", "cannot add", 0 },
	{ "calls: req * tokens", "calls: req * (tokens", "", 0 },
	{ "value: calls * price}", "valeu: calls * price}", "", 0 },
	{ "{unit: USD/month, value: calls * price}",
	  "{unit: USD, value: calls * price}", "", 0 },
	{ "  bill: {", "  bill: {by: perod, ", "no axis `perod`", 0 },
	{ "account: staff, ", "", "needs `account:`", 0 },
	{ "monthly: work * hourly", "monthly: work * hourly, once: 1 USD",
	  "either `monthly:` or `once:`", 0 },
	{ "for: [rented]", "for: [rentd]", "no option and no tag", 0 },
	{ "indifferent_below: 500 USD", "indifferent_below: 500 h", "", 0 },
	{ "break_even: [req, work@api]", "break_even: [rec]",
	  "no parameter `rec`", 0 },
	{ "break_even: [req, work@api]", "break_even: [work]",
	  "one value a label", 0 },
	{ "break_even: [req, work@api]", "badges: {firm: 0.5, lean: 0.9}",
	  "`lean` must not", 0 },
	{ "presets:\n", "switch: {of: req, to: own, at: nothing, back_below: "
	  "nothing}\npresets:\n", "no output `nothing`", 0 },
	{ "presets:\n", "switch: {of: req, to: own}\npresets:\n",
	  "switch needs `at:`", 0 },
	{ "presets:\n", "switch: {of: work, to: owned, at: x, back_below: x}\n"
	  "presets:\n", "no option `owned`", 0 },
	{ "when: \"gpus <= 0 [GPU]\"", "when: gpus", "", 0 },
	{ "than {gpus}", "than {gpuz}", "`gpuz`", 0 },
	{ "than {gpus}", "than {gpus", "without `}`", 0 },
	{ "allow: is(own)", "allw: is(own)", "did you mean", 0 },
	{ "as_of: 2026-11-01", "as_of: 2026-02-31", "date", 0 },
	{ "weight: 0.6", "weight: 0.7", "sum to 1.1", 0 },
	{ "set: {drop: 0.3}", "set: {drap: 0.3}", "declare it under", 0 },
	{ "set: {drop: 0.3}", "set: {}", "sets none", 0 },
	{ "  drift:\n", "  req:\n", "choose another name", 0 },
	{ "must: yes", "must: perhaps", "yes or no", 0 },
	{ "req: 1000, hourly", "rec: 1000, hourly", "`rec`", 0 },
	{ "small.input: 2", "small: 2", "ID.FIELD", 0 },
	{ "\"bill[own]\": 0", "\"bill[own]\": soon", "is no state", 0 },
	{ "\"bill[own]\": 0", "\"bill\": 0", "", 0 },
	{ "\"bill[own]\": 0", "\"bill[own]\": 0 h", "not in the unit", 0 },
	{ "like: E1", "like: E7", "no example above", 0 },
	{ "at 1\": 60", "at 30\": 60", "", 0 },
	{ "presets:\n", "correlate: []\npresets:\n", "does not belong", 0 },
	{ "presets:\n", "policy: {}\npresets:\n", "policy file", 0 },
	{ "presets:\n", "formulas_pairwise: {}\npresets:\n",
	  "under `formulas:`", 0 },
	{ "presets:\n", "studies: {s: {observe: {normal_mean: {of: tokens, "
	  "sd: 1 s, n: n}}, n: {from: 0, to: 3}, cost: 5 USD}}\n"
	  "presets:\n", "whole number above 0", 0 },
	{ "presets:\n", "studies: {s: {observe: {normal_mean: {of: tokens, "
	  "sd: 1 s, n: n}}, n: {from: 1, to: 3}, cost: 5 s * n}}\n"
	  "presets:\n", "amount of money", 0 },
	{ "presets:\n", "triggers: [{id: t, when: age() > 6 month, "
	  "for: 5 USD}]\npresets:\n", "", 0 },
	{ "presets:\n", "tables: {t: {columns: {c: {}}}}\npresets:\n",
	  "needs a unit", 0 },
};

static bool told_at(int line)
{
	for (int i = 0; i < err.n; i++)
		if (err.item[i].line == line)
			return true;
	err_print(&err, stderr, "test");
	return false;
}

static void test_bad_models(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = fixture_replace(fixture_buy, bad[i].from,
		                             bad[i].to);
		struct model *m = load(text);

		if (m)
			fprintf(stderr, "accepted: %s -> %s\n", bad[i].from,
			        bad[i].to);
		assert_null(m);
		assert_true(err_any(&err));
		assert_true(fixture_says(&err, bad[i].says));
		for (int k = 0; k < err.n; k++) {
			assert_string_equal(err.item[k].file, "m.yaml");
			assert_true(err.item[k].line > 0);
		}
		assert_true(!bad[i].line || told_at(bad[i].line));
		err_clear(&err);
		free(text);
	}
}

static void test_good_extras(void **state)
{
	static const char *const more[] = {
		"studies: {s: {observe: {normal_mean: {of: tokens, sd: "
		"\"1 [token/request]\", n: runs}}, n: {from: 1, to: 20}, cost: "
		"\"2000 [USD] * n\", takes: 0.5 month}}\npresets:\n",
		"triggers: [{id: t, when: \"measured(req) > 0.9 * "
		"crossing(req, p50)\", for: 60 day}]\npresets:\n",
		"tables: {t: {required: no, columns: {a: boolean, b: {unit: "
		"s, bounds: [0, 1]}}}}\npresets:\n",
		"outputs: {x: {at: central, value: bill, unit: USD/year}}\n"
		"presets:\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		char *text = fixture_replace(fixture_buy, "presets:\n",
		                             more[i]);
		struct model *m = load_fine(text);

		assert_int_equal(m->nstudies + m->ntriggers + m->ntables
		                 + m->noutputs, 1);
		model_free(m);
		free(text);
	}
}

/* Several mistakes are told at once, each at its own place, in order. */
static void test_many_findings(void **state)
{
	char *one = fixture_replace(fixture_buy, "value: 500}",
	                            "value: 500, bounds: [0, 1]}");
	char *two = fixture_replace(one, "calls: req * tokens",
	                            "calls: req + tokens");
	char *three = fixture_replace(two, "weight: 0.6", "weight: 0.9");

	(void)state;
	assert_null(load(three));
	assert_true(err.n >= 3);
	assert_true(fixture_says(&err, "bounds broken"));
	assert_true(fixture_says(&err, "cannot add"));
	assert_true(fixture_says(&err, "sum to 1.3"));
	for (int i = 1; i < err.n; i++)
		assert_true(err.item[i].line >= err.item[i - 1].line);
	free(one);
	free(two);
	free(three);
}

/* Places count from the first character of the formula, behind its quote. */
static void test_columns(void **state)
{
	char *text = fixture_replace(fixture_buy, "  calls: req * tokens",
	                             "  calls: \"req * nothing\"");

	(void)state;
	assert_null(load(text));
	assert_int_equal(err.item[0].col, 17);
	free(text);
}

static void test_limits(void **state)
{
	struct buf { char *s; size_t n; } b = { xmalloc(1 << 16), 0 };
	char *text;

	(void)state;
	for (int i = 0; i <= DRAWS_BLOCK; i++)
		b.n += (size_t)snprintf(b.s + b.n, 64,
		                        "  p%d: {unit: s, value: 1}\n", i);
	b.n += (size_t)snprintf(b.s + b.n, 16, "formulas:\n");
	text = fixture_replace(fixture_buy, "formulas:\n", b.s);
	assert_null(load(text));
	assert_int_equal(err.item[0].kind, ERR_LIMIT);
	free(text);
	free(b.s);
}

/* A file that ends anywhere gives findings or a model, never a crash. */
static void test_truncated(void **state)
{
	size_t n = strlen(fixture_buy);

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		char *text = xmalloc(cut + 1);
		struct model *m;

		memcpy(text, fixture_buy, cut);
		m = model_load_text(units, workload, text, cut, "m.yaml",
		                    &err);
		assert_true(m || err_any(&err));
		model_free(m);
		err_clear(&err);
		free(text);
	}
}

/* One character changed: the same. */
static void test_mutated(void **state)
{
	static const char put[] = "{}[]:,\"'#-0@*% ";
	size_t n = strlen(fixture_buy), step = 0;
	char *text = xmalloc(n);

	(void)state;
	memcpy(text, fixture_buy, n);
	for (size_t i = 0; i < n; i++) {
		struct model *m;

		text[i] = put[step++ % (sizeof put - 1)];
		m = model_load_text(units, workload, text, n, "m.yaml", &err);
		assert_true(m || err_any(&err));
		model_free(m);
		err_clear(&err);
		text[i] = fixture_buy[i];
	}
	free(text);
}

/* --- workload ------------------------------------------------------------- */

static void test_workload(void **state)
{
	const struct param *p;
	struct symbol sym;
	int slot;

	(void)state;
	p = workload_param(workload, "req_day", &slot);
	assert_non_null(p);
	assert_string_equal(p->name, "requests");
	assert_int_equal(slot, 0);
	assert_null(workload_param(workload, "salary", &slot)->setting[0]);
	assert_true(env_symbol(workload->env, "engineer_rate", 0, &sym));
	assert_int_equal(workload->nformulas, 2);
	assert_int_equal(workload->joint.horizon, 24);
}

static void test_workload_variant(void **state)
{
	static const char *const fixed[] = { "engineer_month", NULL };
	struct workload *w = workload_load_text(
		units, fixture_workload, strlen(fixture_workload), "w.yaml",
		fixed, &err);
	const struct param *p;
	int slot;

	(void)state;
	assert_non_null(w);
	p = workload_param(w, "engineer_month", &slot);
	assert_non_null(p);
	assert_int_equal(p->first_slot, workload->nslots);
	assert_int_equal(p->first_dim, workload->ndims);
	assert_string_equal(p->unit_text, "USD/month/FTE");
	assert_int_equal(w->nformulas, 1);
	workload_free(w);
}

static void test_bad_workload(void **state)
{
	static const struct bad cases[] = {
		{ "workload: 1\n", "", "workload: 1", 0 },
		{ "aka: [req_day]", "aka: [salary]", "another name", 0 },
		{ "value: 1.5", "value: {workload: rate}", "", 0 },
		{ "unit: USD/h,", "unit: USD,", "", 0 },
		{ "horizon: 24", "horizn: 24", "did you mean", 0 },
		{ "value: 120}", "value: 120, times: 3}", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = fixture_replace(fixture_workload, cases[i].from,
		                             cases[i].to);

		assert_null(workload_load_text(units, text, strlen(text),
		                               "w.yaml", NULL, &err));
		assert_true(fixture_says(&err, cases[i].says));
		err_clear(&err);
		free(text);
	}
}

/* --- prices --------------------------------------------------------------- */

static struct price_map *prices(const char *text)
{
	return prices_load_text(units, text, strlen(text), "p.yaml", &err);
}

static void test_prices(void **state)
{
	struct price_map *m = prices(fixture_prices);
	const struct price *p;

	(void)state;
	assert_non_null(m);
	assert_string_equal(m->as_of, "2026-07-01");
	p = price_find(m, "small", "input", NULL);
	assert_near(p->shown, 1, 1e-12);
	/* USD/Mtoken in base units is 1e-6 USD a token. */
	assert_near(p->value, 1e-6, 1e-18);
	assert_string_equal(p->source.kind, "vendor");
	assert_string_equal(p->source.note, "list");
	p = price_find(m, "small", "input", "2026-06-30");
	assert_near(p->shown, 2, 1e-12);
	assert_null(price_find(m, "small", "input", "2025-12-31"));
	assert_null(price_find(m, "small", "cached", NULL));
	prices_free(m);
}

static void test_missing_price(void **state)
{
	struct price_map *m = prices(fixture_prices);
	struct pos pos = { "s.yaml", 3, 4 };

	(void)state;
	assert_false(price_missing(m, "small", "cached", NULL, pos, &err));
	assert_true(fixture_says(&err, "input, output"));
	assert_false(price_missing(m, "smal", "input", NULL, pos, &err));
	assert_true(fixture_says(&err, "nearest are small, small-2"));
	assert_false(price_missing(m, "small", "input", "2025-01-01", pos,
	                           &err));
	assert_true(fixture_says(&err, "only after 2025-01-01"));
	prices_free(m);
}

static void test_bad_prices(void **state)
{
	static const struct bad cases[] = {
		{ "prices: 1\n", "", "prices: 1", 0 },
		{ "input: 2,", "input: -2,", "negative", 4 },
		{ "input: 2,", "input: 1 to 2,", "one number", 4 },
		{ "input: 2,", "input: 2 USD/h,", "", 4 },
		{ "date: 2026-01-01, ", "", "needs `date:`", 4 },
		{ "date: 2026-01-01, ", "date: 2026-13-01, ", "date", 4 },
		{ "date: 2026-01-01, ", "date: 2026-07-01, ",
		  "already on line 4", 0 },
		{ "unit: USD/h/GPU, ", "", "needs `unit:`", 0 },
		{ ", hour: 3}", "}", "names no field", 0 },
		{ "entries:", "entrys:", "did you mean", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = fixture_replace(fixture_prices, cases[i].from,
		                             cases[i].to);

		assert_null(prices(text));
		assert_true(fixture_says(&err, cases[i].says));
		if (cases[i].line)
			assert_int_equal(err.item[0].line, cases[i].line);
		err_clear(&err);
		free(text);
	}
}

/* --- library -------------------------------------------------------------- */

static void test_library(void **state)
{
	struct fixture f;
	const char *const *names;
	const struct model *m;
	char *path, *extra;

	(void)state;
	fixture_open(&f);
	names = library_names(f.library);
	assert_string_equal(names[0], "throughput-vs-latency");
	assert_string_equal(names[1], "build-vs-buy");
	assert_null(names[2]);
	assert_int_equal(library_block(f.library, "build-vs-buy"), 5);
	assert_int_equal(library_block(f.library, "pumps"), -1);
	m = library_model(f.library, "build-vs-buy", &f.err);
	assert_non_null(m);
	assert_ptr_equal(library_model(f.library, "build-vs-buy", &f.err), m);
	assert_null(library_model(f.library, "buid-vs-buy", &f.err));
	assert_true(fixture_says(&f.err, "did you mean `build-vs-buy`"));
	err_clear(&f.err);

	extra = fixture_replace(fixture_host, "throughput-vs-latency",
	                        "pumps");
	fixture_file(&f, "mine.yml", extra);
	path = path_join(f.dir, "models/mine.yml");
	m = library_add(f.library, path, &f.err);
	assert_non_null(m);
	assert_ptr_equal(library_add(f.library, path, &f.err), m);
	assert_string_equal(library_names(f.library)[2], "pumps");
	free(path);
	fixture_file(&f, "other.yml", fixture_host);
	path = path_join(f.dir, "models/other.yml");
	assert_non_null(library_model(f.library, "throughput-vs-latency",
	                              &f.err));
	assert_non_null(library_add(f.library, path, &f.err));
	free(path);
	free(extra);
	fixture_close(&f);
}

/* The file's name is the model's. */
static void test_library_names_agree(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f);
	fixture_file(&f, "build-vs-buy.yaml", fixture_host);
	assert_null(library_model(f.library, "build-vs-buy", &f.err));
	assert_true(fixture_says(&f.err, "both must agree"));
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_head_and_options, clear),
		cmocka_unit_test_teardown(test_parameters, clear),
		cmocka_unit_test_teardown(test_dimensions, clear),
		cmocka_unit_test_teardown(test_parts, clear),
		cmocka_unit_test_teardown(test_more_forms, clear),
		cmocka_unit_test_teardown(test_bad_models, clear),
		cmocka_unit_test_teardown(test_good_extras, clear),
		cmocka_unit_test_teardown(test_many_findings, clear),
		cmocka_unit_test_teardown(test_columns, clear),
		cmocka_unit_test_teardown(test_limits, clear),
		cmocka_unit_test_teardown(test_truncated, clear),
		cmocka_unit_test_teardown(test_mutated, clear),
		cmocka_unit_test_teardown(test_workload, clear),
		cmocka_unit_test_teardown(test_workload_variant, clear),
		cmocka_unit_test_teardown(test_bad_workload, clear),
		cmocka_unit_test_teardown(test_prices, clear),
		cmocka_unit_test_teardown(test_missing_price, clear),
		cmocka_unit_test_teardown(test_bad_prices, clear),
		cmocka_unit_test_teardown(test_library, clear),
		cmocka_unit_test_teardown(test_library_names_agree, clear),
	};

	return cmocka_run_group_tests_name("model", tests, setup, teardown);
}
