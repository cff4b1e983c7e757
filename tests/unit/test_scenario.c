/*
 * src/model, scenarios: reading, editing, the canonical text and its digest.
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

#include "base/buf.h"
#include "base/mem.h"
#include "model/scenario.h"
#include "model_fixture.h"
#include "yaml/yaml.h"

static const char full[] =
	"scenario: claims\n"
	"title: \"Claims: triage\"\n"
	"horizon: 2 year\n"
	"prices: {as_of: 2026-07-24}\n"
	"model_files: [mine.yaml]\n"
	"workload:\n"
	"  salary: {value: 120k, source: {kind: measured, note: payroll}}\n"
	"  requests: 8k to 20k\n"
	"correlate:\n"
	"  - [requests, salary, -0.3]\n"
	"throughput-vs-latency:\n"
	"build-vs-buy:\n"
	"  assume: own\n"
	"  parameters:\n"
	"    price@api: {price: small, field: input}\n"
	"    work: {api: 1, else: \"triangular(1, 2, 3)\"}\n"
	"    stakes: high\n"
	"  presets: {drift: {falling: 0.7, flat: 0.3}}\n"
	"  tables: {scores: {file: a.csv, columns: {score: confidence}}}\n"
	"  answers: {exit: yes}\n"
	"  expect: {option: [api, own], probability: at least 0.8,\n"
	"           state: stable, rule: human, findings: [small]}\n";

static struct err err;

static int clear(void **state)
{
	(void)state;
	err_clear(&err);
	return 0;
}

static struct scenario *read_text(const char *text)
{
	return scenario_read_text(text, strlen(text), "s.yaml", &err);
}

static struct scenario *read_fine(const char *text)
{
	struct scenario *s = read_text(text);

	if (!s)
		err_print(&err, stderr, "test");
	assert_non_null(s);
	return s;
}

static char *written(const struct scenario *s)
{
	struct buf b = BUF_INIT;

	scenario_write(s, &b);
	return buf_detach(&b);
}

static const struct override *find(const struct scenario *s, const char *where,
                                   const char *name)
{
	for (int i = 0; i < s->noverrides; i++) {
		const struct override *o = &s->override[i];

		if (strcmp(o->name, name) == 0
		    && (where ? o->where && strcmp(o->where, where) == 0
		              : !o->where))
			return o;
	}
	return NULL;
}

/* --- reading -------------------------------------------------------------- */

static void test_read(void **state)
{
	struct scenario *s = read_fine(full);
	const struct expectation *e = &s->expectation[0];

	(void)state;
	assert_string_equal(s->name, "claims");
	assert_string_equal(s->title, "Claims: triage");
	assert_null(s->path);
	assert_int_equal(s->horizon, 24);
	assert_string_equal(s->prices_as_of, "2026-07-24");
	assert_string_equal(s->model_files[0], "mine.yaml");
	assert_null(s->model_files[1]);
	assert_int_equal(s->nmodels, 2);
	assert_string_equal(s->model[0], "throughput-vs-latency");
	assert_null(s->assume[0]);
	assert_string_equal(s->assume[1], "own");
	assert_int_equal(s->noverrides, 5);
	assert_string_equal(find(s, NULL, "salary")->value->text, "120k");
	assert_non_null(find(s, NULL, "salary")->source);
	assert_null(find(s, NULL, "requests")->source);
	assert_int_equal(find(s, "build-vs-buy", "work")->value->kind, Y_MAP);
	assert_int_equal(s->npresets, 1);
	assert_int_equal(s->nanswers, 1);
	assert_string_equal(s->answer[0].text, "yes");
	assert_int_equal(s->ntables, 1);
	assert_string_equal(s->table[0].path, "a.csv");
	assert_int_equal(s->ncorrelations, 1);
	assert_near(s->correlation[0].spearman, -0.3, 0);
	assert_int_equal(s->nexpectations, 1);
	assert_string_equal(e->options[1], "own");
	assert_null(e->options[2]);
	assert_near(e->at_least, 0.8, 1e-15);
	assert_string_equal(e->state, "stable");
	assert_string_equal(e->rule, "human");
	assert_string_equal(e->findings[0], "small");
	scenario_free(s);
}

static void test_bad(void **state)
{
	static const struct {
		const char *from, *to, *says;
		int line;
	} bad[] = {
		{ "scenario: claims\n", "", "needs `scenario:`", 1 },
		{ "title:", "tittle:", "did you mean `title`", 2 },
		{ "2 year", "2.55 year", "whole", 0 },
		{ "2 year", "2 USD", "whole months", 3 },
		{ "2026-07-24", "2026-24-07", "date", 4 },
		{ "as_of:", "asof:", "did you mean", 4 },
		{ "8k to 20k", "", "`requests` has no value", 8 },
		{ "salary, -0.3", "salary", "A, B, RANK", 10 },
		{ "-0.3]", "-1]", "between -1 and 1", 10 },
		{ "assume: own", "assume: [own]", "", 13 },
		{ "parameters:", "paramters:", "did you mean", 14 },
		{ "at least 0.8", "often", "at least 0.8", 21 },
		{ "at least 0.8", "at least 8", "at least 0.8", 21 },
		{ "state: stable", "state: sound", "no state of a verdict",
		  22 },
		{ "{exit: yes}", "[exit]", "map", 20 },
		{ "answers:", "policy:", "unknown key", 20 },
		{ "correlate:", "policy: {}\ncorrelate:", "policy file", 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = fixture_replace(full, bad[i].from, bad[i].to);
		bool at = bad[i].line == 0;

		assert_null(read_text(text));
		assert_true(fixture_says(&err, bad[i].says));
		for (int k = 0; k < err.n; k++)
			at |= err.item[k].line == bad[i].line;
		if (!at)
			err_print(&err, stderr, "test");
		assert_true(at);
		err_clear(&err);
		free(text);
	}
}

static void test_truncated(void **state)
{
	size_t n = strlen(full);

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		char *text = xmalloc(cut + 1);
		struct scenario *s;

		memcpy(text, full, cut);
		s = scenario_read_text(text, cut, "s.yaml", &err);
		assert_true(s || err_any(&err));
		scenario_free(s);
		err_clear(&err);
		free(text);
	}
}

/* --- writing -------------------------------------------------------------- */

static void test_round_trip(void **state)
{
	struct scenario *s = read_fine(full), *again;
	char a[DIGEST_HEX], b[DIGEST_HEX];
	char *text = written(s), *text2;

	(void)state;
	again = read_fine(text);
	text2 = written(again);
	assert_string_equal(text, text2);
	scenario_digest(s, a);
	scenario_digest(again, b);
	assert_string_equal(a, b);
	assert_int_equal(again->noverrides, s->noverrides);
	assert_int_equal(again->horizon, 24);
	free(text);
	free(text2);
	scenario_free(s);
	scenario_free(again);
}

/* The order and style of the file do not matter, its content does. */
static void test_canonical(void **state)
{
	struct scenario *a, *b, *c;
	char da[DIGEST_HEX], db[DIGEST_HEX], dc[DIGEST_HEX];

	(void)state;
	a = read_fine("scenario: x\nworkload: {b: 1, a: \"2\"}\nm: {}\n"
	              "k: {answers: {q: yes, p: no}}\n");
	b = read_fine("k:\n  answers:\n    p: no\n    q: yes\nm:\n"
	              "workload:\n  a: 2\n  b: \"1\"\nscenario: x\n");
	c = read_fine("scenario: x\nworkload: {b: 1, a: 3}\nm: {}\n"
	              "k: {answers: {q: yes, p: no}}\n");
	scenario_digest(a, da);
	scenario_digest(b, db);
	scenario_digest(c, dc);
	assert_string_equal(da, db);
	assert_string_not_equal(da, dc);
	scenario_free(a);
	scenario_free(b);
	scenario_free(c);
}

/* Text that YAML would take for something else comes back as it was. */
static void test_awkward_texts(void **state)
{
	struct scenario *s = read_fine(
		"scenario: \"yes\"\ntitle: \"a: b # c\\n'd' \\\"e\\\"\"\n"
		"workload: {a: \"{x}\", b: \"*star\", c: \"5 %\"}\n");
	char *text = written(s);
	struct scenario *again = read_fine(text);

	(void)state;
	assert_string_equal(again->name, "yes");
	assert_string_equal(again->title, s->title);
	assert_string_equal(find(again, NULL, "a")->value->text, "{x}");
	assert_string_equal(find(again, NULL, "b")->value->text, "*star");
	free(text);
	scenario_free(s);
	scenario_free(again);
}

static void test_copy(void **state)
{
	struct scenario *s = read_fine(full), *copy = scenario_copy(s);
	char a[DIGEST_HEX], b[DIGEST_HEX];

	(void)state;
	scenario_digest(s, a);
	scenario_free(s);
	scenario_digest(copy, b);
	assert_string_equal(a, b);
	assert_string_equal(find(copy, NULL, "requests")->value->pos.file,
	                    "s.yaml");
	scenario_free(copy);
}

/* --- editing -------------------------------------------------------------- */

static void test_set(void **state)
{
	struct fixture f;
	struct scenario *s;
	const struct override *o;

	(void)state;
	fixture_open(&f);
	s = fixture_scenario(&f, "scenario: x\nbuild-vs-buy: {}\n");
	assert_non_null(s);

	/* An alias and a link lead to what is shared. */
	assert_true(scenario_set(s, f.library, "req_day", "5k", &f.err));
	assert_string_equal(find(s, NULL, "requests")->value->text, "5k");
	assert_true(find(s, NULL, "requests")->from_set);
	assert_true(scenario_set(s, f.library, "req", "6k", &f.err));
	assert_string_equal(find(s, NULL, "requests")->value->text, "6k");
	assert_int_equal(s->noverrides, 1);
	assert_true(scenario_set(s, f.library, "build-vs-buy.req", "7k",
	                         &f.err));
	assert_string_equal(find(s, "build-vs-buy", "req")->value->text, "7k");
	assert_string_equal(find(s, NULL, "requests")->value->text, "6k");
	assert_true(scenario_set(s, f.library, "req", "", &f.err));
	assert_null(find(s, "build-vs-buy", "req"));
	assert_true(scenario_set(s, f.library, "workload.requests", "",
	                         &f.err));
	assert_int_equal(s->noverrides, 0);

	assert_true(scenario_set(s, f.library, "work@api", "3 h/month",
	                         &f.err));
	assert_non_null(find(s, "build-vs-buy", "work@api"));
	/* A label without an entry of its own names the shared one. */
	assert_true(scenario_set(s, f.library, "work@own", "4", &f.err));
	assert_non_null(find(s, "build-vs-buy", "work@else"));
	assert_true(scenario_set(s, f.library, "price@api",
	                         "{price: small, field: output}", &f.err));
	o = find(s, "build-vs-buy", "price@api");
	assert_int_equal(o->value->kind, Y_MAP);
	assert_true(scenario_set(s, f.library, "hourly", "80", &f.err));
	assert_non_null(find(s, NULL, "engineer_rate"));
	assert_true(scenario_set(s, f.library, "drift", "flat", &f.err));
	assert_int_equal(s->npresets, 1);
	assert_true(scenario_set(s, f.library, "drift", "", &f.err));
	assert_int_equal(s->npresets, 0);
	assert_false(err_any(&f.err));
	scenario_free(s);
	fixture_close(&f);
}

static void test_set_wrong(void **state)
{
	static const struct { const char *name, *value, *says; } bad[] = {
		{ "reqests", "1", "did you mean `requests`" },
		{ "works@api", "1", "did you mean `work`" },
		{ "work@apy", "1", "it has api, open_api, own" },
		{ "tokens@api", "1", "has no label `api`" },
		{ "nobody.work", "1", "asks about no model `nobody`" },
		{ "price@api", "{price: x", "" },
		{ "", "1", "no parameter" },
		{ "each", "1", "no parameter" },
	};
	struct fixture f;
	struct scenario *s;

	(void)state;
	fixture_open(&f);
	s = fixture_scenario(&f, "scenario: x\nbuild-vs-buy:\n");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(scenario_set(s, f.library, bad[i].name,
		                          bad[i].value, &f.err));
		assert_true(fixture_says(&f.err, bad[i].says));
		assert_int_equal(f.err.item[0].kind, ERR_USAGE);
		err_clear(&f.err);
	}
	assert_int_equal(s->noverrides, 0);
	scenario_free(s);
	fixture_close(&f);
}

/* The same name in two models is no name at all. */
static void test_set_ambiguous(void **state)
{
	struct fixture f;
	struct scenario *s;
	char *other;

	(void)state;
	fixture_open(&f);
	other = fixture_replace(fixture_host, "  each: {",
	                        "  tokens: {unit: \"1\", value: 1}\n"
	                        "  each: {");
	fixture_file(&f, "throughput-vs-latency.yaml", other);
	s = fixture_scenario(&f, "scenario: x\n");
	assert_false(scenario_set(s, f.library, "tokens", "1", &f.err));
	assert_int_equal(f.err.item[0].kind, ERR_USAGE);
	assert_true(fixture_says(&f.err, "throughput-vs-latency.tokens, "
	                         "build-vs-buy.tokens"));
	err_clear(&f.err);
	/* `gpu` links to the workload in both: one thing, though. */
	assert_true(scenario_set(s, f.library, "gpu", "2", &f.err));
	assert_int_equal(s->nmodels, 0);
	/* Naming a model does not narrow what is asked. */
	assert_true(scenario_set(s, f.library, "build-vs-buy.tokens", "1",
	                         &f.err));
	assert_int_equal(s->nmodels, 2);
	free(other);
	scenario_free(s);
	fixture_close(&f);
}

/* What is asked no more leaves nothing behind; the last one stays. */
static void test_ask_about(void **state)
{
	static const char host[] = "throughput-vs-latency";
	static const char buy[] = "build-vs-buy";
	struct fixture f;
	struct scenario *s;
	struct buf text = BUF_INIT, again = BUF_INIT;

	(void)state;
	fixture_open(&f);
	s = fixture_scenario(&f, "scenario: x\n");
	scenario_write(s, &text);
	assert_true(scenario_ask_about(s, f.library, host, false, &f.err));
	assert_int_equal(s->nmodels, 1);        /* all of them were asked */
	assert_string_equal(s->model[0], buy);
	assert_false(scenario_ask_about(s, f.library, buy, false, &f.err));
	assert_true(fixture_says(&f.err, "the only trade-off"));
	err_clear(&f.err);
	assert_true(scenario_ask_about(s, f.library, host, false, &f.err));
	assert_true(scenario_ask_about(s, f.library, host, true, &f.err));
	assert_true(scenario_ask_about(s, f.library, host, true, &f.err));
	assert_int_equal(s->nmodels, 2);
	assert_false(scenario_ask_about(s, f.library, "bild", true, &f.err));
	err_clear(&f.err);

	buf_clear(&text);
	scenario_write(s, &text);
	assert_true(scenario_set(s, f.library, "work@api", "3", &f.err));
	assert_true(scenario_set(s, f.library, "drift", "flat", &f.err));
	assert_true(scenario_set(s, f.library, "req_day", "5k", &f.err));
	assert_true(scenario_ask_about(s, f.library, buy, false, &f.err));
	assert_int_equal(s->npresets, 0);
	assert_int_equal(s->noverrides, 1);     /* the workload's */
	assert_true(scenario_ask_about(s, f.library, buy, true, &f.err));
	assert_true(scenario_set(s, f.library, "req_day", "", &f.err));
	scenario_write(s, &again);
	assert_string_equal(again.s, text.s);
	buf_release(&text);
	buf_release(&again);
	scenario_free(s);
	fixture_close(&f);
}

static void test_blank(void **state)
{
	struct fixture f;
	struct scenario *s;

	(void)state;
	fixture_open(&f);
	s = scenario_blank(f.library, "new");
	assert_string_equal(s->name, "new");
	assert_int_equal(s->nmodels, 2);
	assert_string_equal(s->model[1], "build-vs-buy");
	scenario_free(s);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_read, clear),
		cmocka_unit_test_teardown(test_bad, clear),
		cmocka_unit_test_teardown(test_truncated, clear),
		cmocka_unit_test_teardown(test_round_trip, clear),
		cmocka_unit_test_teardown(test_canonical, clear),
		cmocka_unit_test_teardown(test_awkward_texts, clear),
		cmocka_unit_test_teardown(test_copy, clear),
		cmocka_unit_test_teardown(test_set, clear),
		cmocka_unit_test_teardown(test_set_wrong, clear),
		cmocka_unit_test_teardown(test_set_ambiguous, clear),
		cmocka_unit_test_teardown(test_ask_about, clear),
		cmocka_unit_test_teardown(test_blank, clear),
	};

	return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
