/*
 * src/model, bindings: where each value comes from, what is refused, and that
 * the value graph computes what the formulas say.  Expected numbers are
 * computed by hand beside them; a day is 24 h, a month 730 h.
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
#include "base/path.h"
#include "dist/draws.h"
#include "model_fixture.h"

/* Days in a month. */
#define DAYS (730.0 / 24)

static struct fixture fix;

static int setup(void **state)
{
	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1795478400", 1);   /* 2026-11-24 */
	fixture_open(&fix);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_close(&fix);
	return 0;
}

struct pair { struct scenario *s; struct bound *b; };

static struct pair bind(const char *text)
{
	struct pair p = { fixture_scenario(&fix, text), NULL };

	if (!p.s)
		err_print(&fix.err, stderr, "test");
	assert_non_null(p.s);
	p.b = bound_new(fix.library, p.s, NULL, &fix.err);
	return p;
}

static struct pair bind_fine(const char *text)
{
	struct pair p = bind(text);

	if (!p.b)
		err_print(&fix.err, stderr, "test");
	assert_non_null(p.b);
	return p;
}

static void unbind(struct pair p)
{
	bound_free(p.b);
	scenario_free(p.s);
}

static const struct slot *slot(const struct bound *b, const char *model,
                               const char *name)
{
	int m = model ? bound_model_index(b, model) : -1;

	for (int i = 0; i < b->nslots; i++)
		if (b->slot[i].model == m
		    && strcmp(b->slot[i].name, name) == 0)
			return &b->slot[i];
	fprintf(stderr, "no slot %s\n", name);
	abort();
}

#define BUY "build-vs-buy"
#define HOST "throughput-vs-latency"

/* Only the buyer: its neighbour is read by `else`. */
static const char alone[] =
	"scenario: x\nworkload: {salary: 120k}\nbuild-vs-buy: {}\n";
static const char both[] =
	"scenario: x\nworkload: {salary: 120k, requests: 2400}\n";

/* --- where values come from ----------------------------------------------- */

static void test_defaults(void **state)
{
	struct pair p = bind_fine(alone);
	const struct bound *b = p.b;
	const struct slot *s;

	(void)state;
	assert_int_equal(b->nmodels, 1);
	assert_int_equal(b->model[0].horizon, 24);
	assert_int_equal(b->model[0].assume, -1);
	assert_int_equal(b->nslots, b->workload->nslots
	                 + b->model[0].model->nslots);
	s = slot(b, NULL, "requests");
	assert_int_equal(s->kind, SLOT_INPUT);
	assert_int_equal(s->dim, 0);
	assert_string_equal(s->origin, "workload");
	assert_string_equal(s->source.kind, "measured");
	s = slot(b, NULL, "salary");
	assert_string_equal(s->origin, "scenario");
	assert_string_equal(s->source.kind, "user");
	s = slot(b, BUY, "req");
	assert_int_equal(s->kind, SLOT_WORKLOAD);
	assert_int_equal(s->target, 0);
	s = slot(b, BUY, "hourly");
	assert_int_equal(s->kind, SLOT_WORKLOAD);
	assert_int_equal(s->target, -1);
	assert_string_equal(s->formula, "engineer_rate");
	s = slot(b, BUY, "gpus");
	assert_int_equal(s->kind, SLOT_INPUT);
	assert_near(dist_central(s->dist), 7, 1e-12);
	assert_int_equal(s->dim, 5 * DRAWS_BLOCK);
	s = slot(b, BUY, "stakes");
	assert_near(dist_central(s->dist), 1, 0);
	s = slot(b, BUY, "strict");
	assert_near(dist_central(s->dist), 0, 0);
	assert_string_equal(b->prices_as_of, "2026-07-01");
	unbind(p);
}

static void test_prices(void **state)
{
	struct pair p = bind_fine(
		"scenario: x\nprices: {as_of: 2026-02-01}\n"
		"workload: {salary: 120k, gpu: 3}\n"
		"build-vs-buy:\n  parameters: {price@open_api: 1}\n");
	const struct slot *s = slot(p.b, BUY, "price@api");

	(void)state;
	/* The price of that day, 2 USD/Mtoken, times the markup. */
	assert_int_equal(s->kind, SLOT_PRICE);
	assert_near(s->factor, 2e-6, 1e-18);
	assert_ptr_equal(&p.b->slot[s->times], slot(p.b, BUY, "markup"));
	assert_string_equal(s->origin, "price map");
	assert_string_equal(s->source.date, "2026-01-01");
	assert_string_equal(p.b->prices_as_of, "2026-02-01");
	s = slot(p.b, BUY, "price@open_api");
	assert_string_equal(s->origin, "scenario");
	unbind(p);

	/* A price alone is an input, so that its break-even can be sought. */
	p = bind_fine(alone);
	s = slot(p.b, BUY, "price@open_api");
	assert_int_equal(s->kind, SLOT_INPUT);
	assert_near(dist_central(s->dist), 0.5e-6, 1e-18);
	assert_true(bound_slot(p.b, 0, "price@open_api", &fix.err) >= 0);
	unbind(p);
}

static void test_precedence(void **state)
{
	struct pair p = bind_fine(
		"scenario: x\nworkload: {salary: 120k}\nbuild-vs-buy:\n"
		"  parameters:\n    work: 5\n    work@api: 1 to 3\n"
		"    price: {api: 1, else: 2}\n"
		"    tokens: {value: 300, source: {kind: measured}}\n");
	const struct slot *s;

	(void)state;
	assert_false(dist_is_point(slot(p.b, BUY, "work@api")->dist));
	assert_near(dist_central(slot(p.b, BUY, "work@else")->dist),
	                   5.0 / 730, 1e-15);
	assert_near(dist_central(slot(p.b, BUY, "price@api")->dist),
	                   1e-6, 1e-18);
	assert_near(dist_central(slot(p.b, BUY, "price@else")->dist),
	                   2e-6, 1e-18);
	s = slot(p.b, BUY, "tokens");
	assert_string_equal(s->source.kind, "measured");
	assert_string_equal(s->text, "300");
	unbind(p);
}

static void test_presets(void **state)
{
	struct pair p = bind_fine(alone);
	const struct slot *drop = slot(p.b, BUY, "drop");
	const struct slot *coord = slot(p.b, BUY, "drift");

	(void)state;
	assert_int_equal(drop->kind, SLOT_MIXED);
	assert_ptr_equal(&p.b->slot[drop->preset], coord);
	assert_null(coord->param);
	assert_int_equal(coord->dist->n, 2);
	assert_near(coord->dist->weight[0], 0.6, 1e-15);
	assert_near(dist_central(coord->dist), 0, 0);
	assert_near(dist_central(drop->by_label[0]) * 8760 * 3600, 0.3,
	                   1e-12);
	assert_near(dist_central(drop->by_label[1]), 0, 0);
	unbind(p);

	p = bind_fine("scenario: x\nworkload: {salary: 1k}\nbuild-vs-buy:\n"
	              "  presets: {drift: flat}\n");
	drop = slot(p.b, BUY, "drop");
	assert_int_equal(drop->kind, SLOT_INPUT);
	assert_string_equal(drop->origin, "preset");
	assert_near(dist_central(slot(p.b, BUY, "drift")->dist), 1, 0);
	unbind(p);

	p = bind_fine("scenario: x\nworkload: {salary: 1k}\nbuild-vs-buy:\n"
	              "  presets: {drift: {falling: 0.1, flat: 0.9}}\n");
	coord = slot(p.b, BUY, "drift");
	assert_near(coord->dist->weight[1], 0.9, 1e-15);
	unbind(p);

	p = bind_fine("scenario: x\nworkload: {salary: 1k}\nbuild-vs-buy:\n"
	              "  parameters: {drop: 0.2}\n");
	assert_int_equal(slot(p.b, BUY, "drop")->kind, SLOT_INPUT);
	assert_int_equal(p.b->nwarnings, 1);
	assert_string_equal(p.b->warning[0].code, "preset_overridden");
	unbind(p);
}

/* A stated formula of the workload is a value that others follow. */
static void test_stated_formula(void **state)
{
	struct pair p = bind_fine("scenario: x\nworkload:\n"
	                          "  engineer_month: 12000 to 15000\n"
	                          "build-vs-buy: {}\n");
	const struct slot *s = slot(p.b, NULL, "engineer_month");
	double v;

	(void)state;
	assert_int_equal(s->kind, SLOT_INPUT);
	assert_int_equal(s->dim, p.b->workload->ndims);
	assert_int_equal(slot(p.b, NULL, "salary")->kind, SLOT_ABSENT);
	/* engineer_month / hours, central: sqrt(12000 * 15000) / 120 */
	v = fixture_value(&fix, p.b, 0, "hourly");
	assert_near(v, sqrt(12000.0 * 15000.0) / 120, 1e-9);
	unbind(p);
}

static void test_draw_common(void **state)
{
	struct fixture f;
	struct scenario *s;
	struct bound *b;
	char *text = fixture_replace(fixture_host, "share: {unit: \"1\",",
	                             "share: {unit: \"1\", draw: common,");

	(void)state;
	fixture_open(&f);
	fixture_file(&f, HOST ".yaml", text);
	s = fixture_scenario(&f, "scenario: x\n" HOST ":\n");
	b = bound_new(f.library, s, NULL, &f.err);
	assert_non_null(b);
	assert_int_equal(slot(b, HOST, "share@peak")->dim,
	                 slot(b, HOST, "share@off")->dim);
	bound_free(b);
	scenario_free(s);
	fixture_close(&f);
	free(text);
}

/* --- neighbours ----------------------------------------------------------- */

static void test_neighbour(void **state)
{
	struct pair p = bind_fine(both);
	int recommended[2] = { 1, -1 };
	struct bound *again;
	const struct slot *s;

	(void)state;
	assert_int_equal(p.b->nmodels, 2);
	assert_string_equal(p.b->model[0].model->name, HOST);
	s = slot(p.b, BUY, "gpus");
	assert_int_equal(s->kind, SLOT_NEIGHBOUR);
	assert_int_equal(s->neighbour, 0);
	assert_int_equal(s->option, 0);         /* the incumbent, live */
	assert_string_equal(s->formula, "fleet");
	/* live: 2400 / 100 GPUs */
	assert_near(fixture_value(&fix, p.b, 1, "gpus"), 24, 1e-9);

	again = bound_new(fix.library, p.s, recommended, &fix.err);
	assert_non_null(again);
	assert_int_equal(slot(again, BUY, "gpus")->option, 1);
	assert_near(fixture_value(&fix, again, 1, "gpus"), 12, 1e-9);
	bound_free(again);
	unbind(p);

	p = bind_fine("scenario: x\nworkload: {salary: 1k, requests: 2400}\n"
	              HOST ":\n  assume: batch\nbuild-vs-buy:\n");
	assert_int_equal(slot(p.b, BUY, "gpus")->option, 1);
	assert_int_equal(p.b->model[0].assume, 1);
	unbind(p);
}

/* An output of the neighbour will do, by a scenario's wish. */
static void test_neighbour_output(void **state)
{
	struct pair p = bind_fine(
		"scenario: x\nworkload: {salary: 1k, requests: 2400}\n" HOST
		":\nbuild-vs-buy:\n  parameters:\n"
		"    gpus: {from: throughput-vs-latency.doubled}\n");

	(void)state;
	assert_near(fixture_value(&fix, p.b, 1, "gpus"), 48, 1e-9);
	unbind(p);
}

/* --- the graph ------------------------------------------------------------ */

static void test_values(void **state)
{
	struct pair p = bind_fine("scenario: x\n"
	                          "workload: {salary: 120k, requests: 1000}\n"
	                          "build-vs-buy:\n  presets: {drift: flat}\n");
	double tokens = 1000 * 500 * DAYS / 1e6;        /* Mtoken a month */
	double people = 120e3 * 1.5 / 12 / 120;         /* USD an hour */

	(void)state;
	assert_near(fixture_value(&fix, p.b, 0, "bill[api]"),
	                   tokens * 1 * 2, 1e-9);
	assert_near(fixture_value(&fix, p.b, 0, "bill[open_api]"),
	                   tokens * 0.5, 1e-9);
	assert_near(fixture_value(&fix, p.b, 0, "monthly[api] at 1"),
	                   tokens * 2 + people, 1e-9);
	assert_near(fixture_value(&fix, p.b, 0, "monthly[own] at 9"),
	                   7 * 3 * 730 + 10 * people, 1e-9);
	unbind(p);

	p = bind_fine("scenario: x\nhorizon: 6 month\n"
	              "workload: {requests: 2400}\n" HOST ":\n");
	/* sum over 6 months of 24 GPUs at 3 USD/h */
	assert_near(fixture_value(&fix, p.b, 0, "objective[live]"),
	                   6 * 24 * 3 * 730, 1e-6);
	assert_near(fixture_value(&fix, p.b, 0, "split"), 24, 1e-9);
	unbind(p);
}

static void test_mixed_value(void **state)
{
	struct pair p = bind_fine("scenario: x\nworkload: {salary: 1k}\n"
	                          "build-vs-buy: {}\n");

	(void)state;
	/* the heavier label, falling: (1 - 0.3) after a year */
	assert_near(fixture_value(&fix, p.b, 0, "fall at 12"), 0.7,
	                   1e-12);
	unbind(p);
}

/* --- examples ------------------------------------------------------------- */

static void test_examples(void **state)
{
	const struct model *m = library_model(fix.library, BUY, &fix.err);
	struct bound *b;

	(void)state;
	assert_non_null(m);
	for (int i = 0; i < m->nexamples; i++) {
		const struct example *x = &m->example[i];

		b = bound_example(fix.library, m, x, &fix.err);
		if (!b)
			err_print(&fix.err, stderr, "test");
		assert_non_null(b);
		assert_near(slot(b, BUY, "price@api")->factor, 2e-6,
		                   1e-18);
		for (int k = 0; k < x->nexpect; k++)
			if (!x->expect[k].option)
				assert_near(
					fixture_value(&fix, b, 0,
					              x->expect[k].text),
					x->expect[k].value, 1e-6);
		bound_free(b);
	}
}

static void test_bad_examples(void **state)
{
	static const struct { const char *from, *to, *says; } bad[] = {
		{ "small.input: 2,", "small.input: 2, small.other: 1,",
		  "takes the price `small.other`" },
		{ "small.input: 2,", "small.input: -2,", "negative" },
		{ "{req: 1000,", "{req: -1000,", "bounds broken" },
		{ "presets: {drift: flat}", "presets: {drift: flut}",
		  "did you mean `flat`" },
		{ "presets: {drift: flat}", "presets: {drft: flat}",
		  "there is no `drft`" },
		{ "hourly: 50, drop: 0}", "hourly: 50 to 40, drop: 0}", "" },
		{ "hourly: 50, drop: 0}", "price@own: 1, work@own: 3}",
		  "work@else" },
		/* `hourly` then follows the workload, which lacks a salary. */
		{ "hourly: 50, ", "", "value for `salary`" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = fixture_replace(fixture_buy, bad[i].from,
		                             bad[i].to);
		struct fixture f;
		const struct model *m;

		fixture_open(&f);
		fixture_file(&f, BUY ".yaml", text);
		m = library_model(f.library, BUY, &f.err);
		if (!m)
			err_print(&f.err, stderr, "test");
		assert_non_null(m);
		assert_null(bound_example(f.library, m, &m->example[0],
		                          &f.err));
		assert_true(fixture_says(&f.err, bad[i].says));
		fixture_close(&f);
		free(text);
	}
}

/* --- what is refused ------------------------------------------------------ */

static void test_refused(void **state)
{
	static const struct { const char *text, *says; } bad[] = {
		{ "build-vs-bye: {}", "did you mean `build-vs-buy`" },
		{ "workload: {reqests: 5}\n" BUY ":",
		  "did you mean `requests`" },
		{ "workload: {requests: 5, req_day: 6}\n" BUY ":",
		  "two names of one" },
		{ "workload: {requests: -5}\n" BUY ":", "bounds broken" },
		{ "workload: {requests: 5 USD}\n" BUY ":", "USD" },
		{ "workload: {rate: {workload: loading}}\n" BUY ":",
		  "cannot be {workload: ...}" },
		{ "workload: {gpu: {price: card}}\n" BUY ":",
		  "needs `field:`" },
		{ "workload: {gpu: {price: cord, field: hour}}\n" BUY ":",
		  "nearest are card" },
		{ "workload: {gpu: {price: small, field: input}}\n" BUY ":",
		  "is in USD/h/GPU, the price" },
		{ BUY ":", "value for `salary` (hourly of build-vs-buy" },
		{ BUY ":\n  assume: owned", "there is no `owned`" },
		{ BUY ":\n  presets: {drift: fallin}",
		  "did you mean `falling`" },
		{ BUY ":\n  presets: {drift: {falling: 0.5}}",
		  "sum to 0.5" },
		{ BUY ":\n  presets: {drft: flat}", "there is no `drft`" },
		{ BUY ":\n  answers: {exits: yes}", "there is no `exits`" },
		{ BUY ":\n  expect: {option: buy}", "there is no `buy`" },
		{ BUY ":\n  expect: {rule: humane}", "there is no `humane`" },
		{ BUY ":\n  expect: {findings: [tiny]}",
		  "there is no `tiny`" },
		{ BUY ":\n  tables: {t: a.csv}", "has no table `t`" },
		{ BUY ":\n  parameters: {tokenz: 5}",
		  "did you mean `tokens`" },
		{ BUY ":\n  parameters: {tokens@api: 5}", "takes no label" },
		{ BUY ":\n  parameters: {work@apy: 5}", "labels of `work`" },
		{ BUY ":\n  parameters: {work@own: 5}", "set work@else" },
		{ BUY ":\n  parameters: {work: {own: 5}}", "several labels" },
		{ BUY ":\n  parameters: {work: {peak: 5}}", "no key of this" },
		{ BUY ":\n  parameters: {tokens: {api: 5}}",
		  "one value, not one a label" },
		{ BUY ":\n  parameters: {tokens: {evidence: a, field: b}}",
		  "no such file" },
		{ BUY ":\n  parameters: {tokens: {p10: 3, p50: 2, p90: 1}}",
		  "" },
		{ BUY ":\n  parameters: {stakes: highest}", "no choice" },
		{ BUY ":\n  parameters: {gpus: {from: throughput-vs-latncy."
		  "fleet}}", "did you mean `throughput-vs-latency`" },
		{ BUY ":\n  parameters: {gpus: {from: throughput-vs-latency."
		  "fleet}}", "does not ask about" },
		{ BUY ":\n  parameters: {tokens: {workload: rate}}",
		  "`tokens` is in token/request" },
		{ HOST ":\n" BUY ":\n  parameters: {gpus: {from: "
		  HOST ".flot}}", "no formula of that name" },
		{ HOST ":\n" BUY ":\n  parameters: {gpus: {from: "
		  HOST ".series}}", "not one number" },
		{ HOST ":\n" BUY ":\n  parameters: {tokens: {from: "
		  HOST ".fleet}}", "`tokens` is in token/request" },
		{ HOST ":\n  parameters: {requests: 5}\n" BUY ":\n"
		  "  parameters: {gpus: {from: build-vs-buy.calls}}",
		  "reads its own model" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[512];
		struct pair p;

		snprintf(text, sizeof text, "scenario: x\n%s\n", bad[i].text);
		p = bind(text);
		if (p.b)
			fprintf(stderr, "accepted: %s\n", bad[i].text);
		assert_null(p.b);
		assert_true(fixture_says(&fix.err, bad[i].says));
		assert_string_equal(fix.err.item[0].file
		                    ? fix.err.item[0].file : "",
		                    strstr(bad[i].says, "salary") ? "x"
		                    : "s.yaml");
		err_clear(&fix.err);
		scenario_free(p.s);
	}
}

/* A reads B and B reads A: named as a chain. */
static void test_circle_of_models(void **state)
{
	char *text = fixture_replace(
		fixture_buy, "formulas:\n",
		"formulas:\n  per: 5 [request/day/GPU]\n");
	struct fixture f;
	struct scenario *s;

	(void)state;
	fixture_open(&f);
	fixture_file(&f, BUY ".yaml", text);
	s = fixture_scenario(
		&f, "scenario: x\nworkload: {salary: 1k}\n" HOST ":\n"
		"  parameters: {each: {from: build-vs-buy.per}}\n" BUY ":\n");
	assert_null(bound_new(f.library, s, NULL, &f.err));
	assert_true(fixture_says(&f.err, "throughput-vs-latency reads "
	                         "build-vs-buy reads throughput-vs-latency"));
	scenario_free(s);
	free(text);
	fixture_close(&f);
}

static void test_short_horizon(void **state)
{
	char *text = fixture_replace(fixture_buy, "formulas:\n",
	                             "formulas:\n  late: bill * fall at 20\n");
	struct fixture f;
	struct scenario *s;

	(void)state;
	fixture_open(&f);
	fixture_file(&f, BUY ".yaml", text);
	s = fixture_scenario(&f, "scenario: x\nhorizon: 12 month\n"
	                     "workload: {salary: 1k}\n" BUY ":\n");
	assert_null(bound_new(f.library, s, NULL, &f.err));
	assert_true(fixture_says(&f.err, "ends before month 20"));
	scenario_free(s);
	free(text);
	fixture_close(&f);
}

/* --- extra models --------------------------------------------------------- */

static void add_extra(struct fixture *f, const char *name)
{
	char *text = fixture_replace(fixture_host, HOST, name);
	char file[64];

	snprintf(file, sizeof file, "../%s.yaml", name);
	fixture_file(f, file, text);
	free(text);
}

static void drop_extra(struct fixture *f, const char *name)
{
	char file[128];

	snprintf(file, sizeof file, "%s/%s.yaml", f->dir, name);
	remove(file);
}

static void test_model_files(void **state)
{
	struct fixture f;
	struct scenario *s;
	struct bound *b;
	char path[128];

	(void)state;
	fixture_open(&f);
	add_extra(&f, "beta");
	add_extra(&f, "alpha");
	add_extra(&f, "gamma");
	snprintf(path, sizeof path, "%s/s.yaml", f.dir);
	fixture_file(&f, "../s.yaml",
	             "scenario: x\nmodel_files: [beta.yaml, alpha.yaml]\n"
	             "beta: {}\nalpha: {}\n");
	s = scenario_read(path, &f.err);
	assert_non_null(s);
	b = bound_new(f.library, s, NULL, &f.err);
	if (!b)
		err_print(&f.err, stderr, "test");
	assert_non_null(b);
	/* Blocks 7 and 8 go by name, not by the order of the files. */
	assert_string_equal(b->model[0].model->name, "alpha");
	assert_int_equal(slot(b, "alpha", "requests")->dim, 7 * DRAWS_BLOCK);
	assert_int_equal(slot(b, "beta", "requests")->dim, 8 * DRAWS_BLOCK);
	bound_free(b);
	b = bound_new(f.library, s, NULL, &f.err);
	assert_non_null(b);             /* the files are known by now */
	bound_free(b);
	scenario_free(s);

	fixture_file(&f, "../s.yaml", "scenario: x\nmodel_files: [beta.yaml, "
	             "alpha.yaml, gamma.yaml]\nbeta:\nalpha:\ngamma:\n");
	s = scenario_read(path, &f.err);
	assert_null(bound_new(f.library, s, NULL, &f.err));
	assert_int_equal(f.err.item[0].kind, ERR_LIMIT);
	scenario_free(s);
	drop_extra(&f, "alpha");
	drop_extra(&f, "beta");
	drop_extra(&f, "gamma");
	drop_extra(&f, "s");
	fixture_close(&f);
}

/* --- names ---------------------------------------------------------------- */

static void test_names(void **state)
{
	static const struct { const char *name, *slot; } fine[] = {
		{ "req", "requests" }, { "requests", "requests" },
		{ "req_day", "requests" }, { "work@api", "work@api" },
		{ "work@own", "work@else" }, { "drift", "drift" },
		{ "drop", "drop" }, { "build-vs-buy.tokens", "tokens" },
		{ "workload.rate", "rate" },
	};
	static const struct { const char *name, *says; } bad[] = {
		{ "work", "work@LABEL, with one of api, open_api, own" },
		{ "hourly", "the workload's formula `engineer_rate`" },
		{ "price@api", "a price times `markup`" },
		{ "gpus", "is read from throughput-vs-latency" },
		{ "nothing", "no parameter" },
		{ "tokenz", "did you mean `tokens`" },
		{ "nobody.req", "asks about no model" },
	};
	struct pair p = bind_fine(both);

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		int k = bound_slot(p.b, 1, fine[i].name, &fix.err);

		assert_true(k >= 0);
		assert_string_equal(p.b->slot[k].name, fine[i].slot);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(bound_slot(p.b, 1, bad[i].name, &fix.err),
		                 -1);
		assert_true(fixture_says(&fix.err, bad[i].says));
		err_clear(&fix.err);
	}
	/* From anywhere: `gpu` is one thing in both models. */
	assert_int_equal(bound_slot(p.b, -1, "gpu", &fix.err),
	                 slot(p.b, NULL, "gpu") - p.b->slot);
	unbind(p);
}

/* --- warnings ------------------------------------------------------------- */

static bool warned(const struct bound *b, const char *code)
{
	for (int i = 0; i < b->nwarnings; i++)
		if (strcmp(b->warning[i].code, code) == 0)
			return true;
	return false;
}

static void test_warnings(void **state)
{
	struct pair p = bind_fine(alone);

	(void)state;
	assert_false(warned(p.b, "old_price"));         /* 146 days */
	assert_false(warned(p.b, "heavy_tail"));
	unbind(p);
	setenv("SOURCE_DATE_EPOCH", "1806537600", 1);   /* 2027-04-01 */
	p = bind_fine(alone);
	assert_true(warned(p.b, "old_price"));
	unbind(p);
	/* Measured against the day that was asked for, it is young. */
	p = bind_fine("scenario: x\nprices: {as_of: 2026-08-01}\n"
	              "workload: {salary: 120k}\nbuild-vs-buy: {}\n");
	assert_false(warned(p.b, "old_price"));
	unbind(p);
	setenv("SOURCE_DATE_EPOCH", "1795478400", 1);
	p = bind_fine("scenario: x\nworkload: {salary: 120k}\nbuild-vs-buy:\n"
	              "  parameters: {tokens: 1 to 1M}\n");
	assert_true(warned(p.b, "heavy_tail"));
	unbind(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_prices),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_stated_formula),
		cmocka_unit_test(test_draw_common),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_output),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_mixed_value),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_bad_examples),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_circle_of_models),
		cmocka_unit_test(test_short_horizon),
		cmocka_unit_test(test_model_files),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_warnings),
	};

	return cmocka_run_group_tests_name("bound", tests, setup, teardown);
}
