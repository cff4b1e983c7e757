/*
 * JSON: one document, the fixed names in their order, digits that read back,
 * null with a reason for what is no number, text as harmless data; and each
 * document is what its schema in docs/schemas says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "report_fixture.h"
#include "schema.h"

static json_t *parse(const struct buf *b)
{
	json_error_t e;
	json_t *j = json_loads(b->s, JSON_REJECT_DUPLICATES, &e);

	if (!j)
		fail_msg("line %d: %s", e.line, e.text);
	return j;
}

static json_t *evaluated(struct evaluation *e)
{
	struct buf b = BUF_INIT;
	json_t *j;

	report_json(&b, &e, 1);
	assert_int_equal(b.s[b.len - 1], '\n');
	assert_int_not_equal(b.s[b.len - 2], '\n');
	j = parse(&b);
	buf_release(&b);
	return j;
}

static const json_t *trade_of(const json_t *doc)
{
	const json_t *s = json_array_get(json_object_get(doc, "scenarios"), 0);

	return json_array_get(json_object_get(s, "tradeoffs"), 0);
}

static const json_t *item(const json_t *o, const char *list, size_t i)
{
	return json_array_get(json_object_get(o, list), i);
}

static double number(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	assert_non_null(v);
	assert_true(json_is_number(v));
	return json_number_value(v);
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	assert_non_null(s);
	return s;
}

/* --- names ------------------------------------------------------------ */

/* These keys are there, in this order; others may stand between. */
static void in_order(const json_t *o, const char *const *names)
{
	void *at = json_object_iter((json_t *)(uintptr_t)o);

	for (; *names; names++) {
		while (at && strcmp(json_object_iter_key(at), *names))
			at = json_object_iter_next((json_t *)(uintptr_t)o, at);
		if (!at)
			fail_msg("%s is not there or not in its place",
			         *names);
	}
}

#define ORDER(o, ...) \
	in_order((o), (const char *const[]) { __VA_ARGS__, NULL })

static void names_are_as_documented(void **arg)
{
	json_t *doc = evaluated(report_fixture());
	const json_t *t = trade_of(doc);

	(void)arg;
	ORDER(doc, "schema", "engine", "scenarios");
	ORDER(json_object_get(doc, "engine"), "version", "sampler", "samples",
	      "replicates", "seed", "fpclass");
	assert_null(json_object_get(json_object_get(doc, "engine"), "width"));
	ORDER(item(doc, "scenarios", 0), "scenario", "digest", "tradeoffs");
	ORDER(t, "model", "model_digest", "verdict", "objective", "options",
	      "break_even", "sensitivity", "voi", "warnings", "criteria",
	      "dominance", "rules",
	      "findings", "provenance", "presets");
	ORDER(json_object_get(t, "verdict"), "state", "option",
	      "probability_best", "p_none", "badge", "sentence");
	ORDER(json_object_get(t, "objective"), "name", "sense", "unit");
	ORDER(item(t, "options", 0), "name", "status", "slo_met", "reasons",
	      "p_feasible", "mean", "se", "p5", "p50", "p95", "cvar95",
	      "expected_regret", "probability_best", "outputs");
	ORDER(json_object_get(json_object_get(item(t, "options", 0),
	      "outputs"), "monthly_cost"), "unit", "mean", "p5", "p50", "p95");
	ORDER(item(t, "break_even", 0), "parameter", "unit", "between",
	      "state", "crossings", "p_never", "p5", "p50", "p95");
	ORDER(item(item(t, "break_even", 0), "crossings", 0), "at", "kind",
	      "below", "above");
	ORDER(item(t, "sensitivity", 0), "parameter", "swing_low",
	      "swing_high", "first_order", "flips");
	ORDER(json_object_get(t, "voi"), "evpi", "evpi_se", "evppi");
	ORDER(item(json_object_get(t, "voi"), "evppi", 0), "parameter",
	      "value", "se");
	ORDER(item(t, "warnings", 0), "code", "text");
	json_decref(doc);
}

static void values_are_the_result(void **arg)
{
	json_t *doc = evaluated(report_fixture());
	const json_t *t = trade_of(doc), *b;

	(void)arg;
	assert_true(json_is_true(json_object_get(doc, "ok")));
	assert_string_equal(text(json_object_get(t, "verdict"), "option"),
	                    "api");
	assert_string_equal(text(item(t, "options", 2), "status"),
	                    "infeasible");
	assert_string_equal(text(item(t, "options", 3), "status"), "barred");
	assert_string_equal(json_string_value(item(item(t, "options", 2),
	                    "reasons", 0)), "memory_full");
	b = item(t, "break_even", 1);
	assert_int_equal(json_array_size(json_object_get(b, "crossings")), 3);
	assert_true(number(item(b, "crossings", 1), "at") == 4.08e6);
	assert_string_equal(text(item(b, "crossings", 1), "below"),
	                    "self_host");
	assert_string_equal(text(item(b, "crossings", 1), "kind"), "jump");
	assert_string_equal(text(item(t, "break_even", 3), "state"), "never");
	assert_true(number(item(t, "break_even", 0), "p_never") == 0.17);
	assert_string_equal(text(item(t, "sensitivity", 1), "high_best"),
	                    "self_host");
	assert_true(number(json_object_get(item(t, "criteria", 1), "values"),
	                   "api") == 9e5);
	assert_string_equal(text(item(t, "dominance", 0), "under"),
	                    "self_host");
	assert_string_equal(json_string_value(item(item(t, "rules", 0),
	                    "bars", 0)), "outside");
	json_decref(doc);
}

/* --- numbers ---------------------------------------------------------- */

/* Bit for bit: a sum that is no short decimal, the least and the greatest
 * doubles, whole numbers beyond 2^53. */
/* What was saved says the same as what was evaluated. */
static void a_saved_verdict_reads_back(void **arg)
{
	struct evaluation *e = report_fixture();
	const struct tradeoff *t = &e->tradeoff[0];
	struct arena *a = arena_new();
	struct saved_verdict v;
	struct buf b = BUF_INIT;

	(void)arg;
	report_json(&b, &e, 1);
	assert_true(report_saved_verdict(b.s, t->model, a, &v));
	assert_string_equal(v.option, t->option[t->verdict.option].name);
	assert_string_equal(v.badge, t->verdict.badge);
	assert_float_equal(v.probability, t->verdict.probability_best, 0);
	assert_false(report_saved_verdict(b.s, "no-such-model", a, &v));
	assert_true(!v.option && isnan(v.probability));
	assert_false(report_saved_verdict("{broken", t->model, a, &v));
	assert_false(report_saved_verdict("[]", t->model, a, &v));
	buf_release(&b);
	arena_free(a);
}

static void numbers_read_back(void **arg)
{
	static const double hard[] = {
		0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1.0 / 3,
		9007199254740993e3, 1e15, 999999999999999, 1e22, -0.5,
		85654.322, 2.2250738585072014e-308,
	};
	struct evaluation *e = report_fixture();
	struct option_result *o = &e->tradeoff[0].option[0];

	(void)arg;
	for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
		json_t *doc;
		double back;

		o->objective.mean = hard[i];
		doc = evaluated(e);
		back = number(item(trade_of(doc), "options", 0), "mean");
		assert_memory_equal(&back, &hard[i], sizeof back);
		json_decref(doc);
	}
}

static void a_great_seed_is_kept(void **arg)
{
	struct evaluation *e = report_fixture();
	json_t *doc;

	(void)arg;
	e->engine.seed = UINT64_MAX;
	doc = evaluated(e);
	assert_string_equal(text(json_object_get(doc, "engine"), "seed"),
	                    "18446744073709551615");
	json_decref(doc);
}

/* Whoever reads null finds out why: a state of the summary, or KEY_reason. */
static void reasons_of(const json_t *o)
{
	const char *key;
	json_t *v;
	size_t i;
	static const char *const numbers[] = {
		"mean", "value", "se", "p5", "p50", "p95", "first", "sure",
		"here", "price", "price_se", "swing_low",
		"swing_high", "first_order", "first_order_se", "cvar95",
		"expected_regret", "regret_se", "probability_best", "p_none",
		"p_never", "p_always", "p_beyond", "advantage",
		"advantage_se", "evpi", "evpi_se", "voi",
	};

	if (json_is_array(o))
		json_array_foreach(o, i, v)
			reasons_of(v);
	json_object_foreach((json_t *)(uintptr_t)o, key, v) {
		char why[64];

		reasons_of(v);
		snprintf(why, sizeof why, "%s_reason", key);
		for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
			if (json_is_null(v) && !strcmp(key, numbers[i]) &&
			    !json_object_get(o, "state") &&
			    !json_object_get(o, why))
				fail_msg("%s is null and nothing says why",
				         key);
	}
}

static void what_is_no_number_is_null_with_a_reason(void **arg)
{
	struct evaluation *e = report_fixture();
	const json_t *t, *big;
	json_t *doc;

	(void)arg;
	e->tradeoff[0].option[1].objective.mean = INFINITY;
	e->tradeoff[0].option[1].cvar95 = -INFINITY;
	doc = evaluated(e);
	t = trade_of(doc);
	big = item(t, "options", 2);
	assert_true(json_is_null(json_object_get(big, "mean")));
	assert_string_equal(text(big, "state"), "infeasible: memory_full");
	assert_true(json_is_null(json_object_get(item(t, "options", 1),
	                                         "cvar95")));
	assert_string_equal(text(item(t, "options", 1), "cvar95_reason"),
	                    "nothing to compare with");
	assert_true(json_is_null(json_object_get(item(t, "rules", 2),
	                                         "price")));
	assert_non_null(json_object_get(item(t, "rules", 2), "price_reason"));
	reasons_of(doc);
	json_decref(doc);
	doc = evaluated(report_fixture_point());
	reasons_of(doc);
	json_decref(doc);
}

static void central_values_replace_the_statistics(void **arg)
{
	json_t *doc = evaluated(report_fixture_point());
	const json_t *t = trade_of(doc), *o = item(t, "options", 0);

	(void)arg;
	assert_true(number(o, "value") == 412345.678);
	assert_null(json_object_get(o, "mean"));
	assert_null(json_object_get(o, "p95"));
	assert_null(json_object_get(o, "probability_best"));
	assert_true(json_is_null(json_object_get(json_object_get(t, "verdict"),
	                                         "badge")));
	assert_true(json_is_null(json_object_get(t, "voi")));
	o = json_object_get(json_object_get(o, "outputs"), "monthly_cost");
	assert_true(number(o, "value") == 8599.25);
	assert_null(json_object_get(o, "p5"));
	json_decref(doc);
}

/* --- text ------------------------------------------------------------- */

static void text_is_harmless(void **arg)
{
	static const char hostile[] = "a\"b\\c\x1b[31m\x7f\xc2\x85\xe2\x80\xae"
		"\xf3\xa0\x80\x81\n\t</script> \xe4\xbd\xa0";
	struct evaluation *e = report_fixture_typed(hostile);
	struct buf b = BUF_INIT;
	json_t *doc;

	(void)arg;
	report_json(&b, &e, 1);
	for (size_t i = 0; i < b.len; i++)
		assert_true((unsigned char)b.s[i] >= 0x20 || b.s[i] == '\n');
	assert_null(strchr(b.s, 0x7f));
	assert_null(strstr(b.s, "\xc2\x85"));
	assert_null(strstr(b.s, "\xe2\x80\xae"));
	assert_null(strstr(b.s, "\xf3\xa0\x80\x81"));
	doc = parse(&b);
	assert_string_equal(text(item(doc, "scenarios", 0), "title"), hostile);
	json_decref(doc);
	buf_release(&b);
}

static void broken_bytes_become_characters(void **arg)
{
	json_t *doc = evaluated(report_fixture_typed("\xff\xc3(\xed\xa0\x80"));

	(void)arg;
	assert_non_null(strstr(text(item(doc, "scenarios", 0), "title"),
	                       "\xef\xbf\xbd("));
	json_decref(doc);
}

/* --- other documents -------------------------------------------------- */

static json_t *failed(struct err *err)
{
	struct buf b = BUF_INIT;
	json_t *j;

	report_error_json(&b, "steelyard.evaluation/1", err);
	j = parse(&b);
	buf_release(&b);
	return j;
}

static void an_error_is_a_document(void **arg)
{
	struct err err = ERR_INIT;
	struct pos pos = { "a\x1b.yaml", 3, 7 };
	json_t *doc;
	const json_t *e;

	(void)arg;
	err_at(&err, ERR_INPUT, pos, "a price is negative");
	err_add(&err, ERR_IO, "no space");
	doc = failed(&err);
	e = json_object_get(doc, "error");
	assert_true(json_is_false(json_object_get(doc, "ok")));
	ORDER(e, "code", "name", "file", "line", "column", "message");
	assert_int_equal(json_integer_value(json_object_get(e, "code")), 3);
	assert_string_equal(text(e, "name"), "input");
	assert_string_equal(text(e, "message"), "a price is negative");
	assert_int_equal(json_integer_value(json_object_get(e, "column")), 7);
	assert_int_equal(json_array_size(json_object_get(doc, "findings")), 2);
	assert_true(json_is_null(json_object_get(item(doc, "findings", 1),
	                                         "file")));
	json_decref(doc);
	err_clear(&err);
}

static struct explanation explained(struct explanation **part,
                                    const struct provenance *source)
{
	return (struct explanation) {
		.name = "cost[api]", .title = "Cost", .formula = "a * b",
		.unit = "USD", .file = "m.yaml", .line = 12,
		.s = { .value = NAN, .mean = 3, .se = NAN, .p5 = 1, .p50 = 2,
		       .p95 = 7, .p_number = 1 },
		.source = source, .n = part ? 1 : 0, .part = part,
	};
}

static void an_explanation_is_a_tree(void **arg)
{
	struct evaluation *e = report_fixture();
	struct explanation leaf = explained(NULL,
	                                    e->tradeoff[0].provenance);
	struct explanation *part[] = { &leaf };
	struct explanation top = explained(part, NULL);
	json_t *schema = schema_load("explanation-1"), *doc;
	struct buf b = BUF_INIT, why = BUF_INIT;
	const json_t *x;

	(void)arg;
	leaf.formula = NULL;
	report_explain_json(&b, &top);
	doc = parse(&b);
	x = json_object_get(doc, "explanation");
	assert_string_equal(text(x, "formula"), "a * b");
	x = item(x, "parts", 0);
	assert_string_equal(text(json_object_get(x, "source"), "kind"),
	                    "measured");
	assert_non_null(schema);
	if (!schema_check(schema, doc, &why))
		fail_msg("%s", why.s);
	json_decref(doc);
	json_decref(schema);
	buf_release(&b);
}

/* --- schemas ---------------------------------------------------------- */

static void fits(const char *name, json_t *doc)
{
	json_t *schema = schema_load(name);
	struct buf why = BUF_INIT;

	assert_non_null(schema);
	if (!schema_check(schema, doc, &why))
		fail_msg("%s: %s", name, why.s);
	json_decref(schema);
	json_decref(doc);
	buf_release(&why);
}

/* The documents about what moves an answer and what is worth knowing. */
static void what_matters(struct evaluation *e)
{
	struct buf b = BUF_INIT;

	report_sensitivity_json(&b, e);
	fits("sensitivity-1", parse(&b));
	buf_clear(&b);
	report_voi_json(&b, e);
	fits("voi-1", parse(&b));
	buf_release(&b);
}

static void documents_fit_their_schemas(void **arg)
{
	struct evaluation *e = report_fixture();
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	(void)arg;
	fits("evaluation-1", evaluated(e));
	report_break_even_json(&b, e);
	fits("breakeven-1", parse(&b));
	buf_clear(&b);
	report_sensitivity_json(&b, e);
	fits("sensitivity-1", parse(&b));
	buf_clear(&b);
	report_voi_json(&b, e);
	fits("voi-1", parse(&b));
	e = report_fixture_point();
	fits("evaluation-1", evaluated(e));
	buf_clear(&b);
	report_break_even_json(&b, e);
	fits("breakeven-1", parse(&b));
	what_matters(e);
	what_matters(report_fixture());
	err_add(&err, ERR_USAGE, "no such option");
	fits("error-1", failed(&err));
	err_clear(&err);
	fits("error-1", failed(&err));          /* even of nothing */
	buf_release(&b);
}

static void refuses(json_t *schema, json_t *doc)
{
	assert_false(schema_check(schema, doc, NULL));
	json_decref(doc);
}

/* The schemas can say no. */
static void schemas_refuse_what_is_wrong(void **arg)
{
	json_t *schema = schema_load("evaluation-1"), *doc, *t;

	(void)arg;
	assert_non_null(schema);
	doc = evaluated(report_fixture());
	json_object_del(doc, "engine");
	refuses(schema, doc);
	doc = evaluated(report_fixture());
	t = (json_t *)(uintptr_t)trade_of(doc);
	json_object_set_new(json_object_get(t, "verdict"), "state",
	                    json_string("certain"));
	refuses(schema, doc);
	doc = evaluated(report_fixture());
	t = (json_t *)(uintptr_t)item(trade_of(doc), "options", 0);
	json_object_set_new(t, "p_feasible", json_real(1.5));
	refuses(schema, doc);
	doc = evaluated(report_fixture());
	t = (json_t *)(uintptr_t)item(trade_of(doc), "options", 0);
	json_object_del(t, "mean");
	refuses(schema, doc);
	json_decref(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_as_documented),
		cmocka_unit_test(values_are_the_result),
		cmocka_unit_test(a_saved_verdict_reads_back),
		cmocka_unit_test(numbers_read_back),
		cmocka_unit_test(a_great_seed_is_kept),
		cmocka_unit_test(what_is_no_number_is_null_with_a_reason),
		cmocka_unit_test(central_values_replace_the_statistics),
		cmocka_unit_test(text_is_harmless),
		cmocka_unit_test(broken_bytes_become_characters),
		cmocka_unit_test(an_error_is_a_document),
		cmocka_unit_test(an_explanation_is_a_tree),
		cmocka_unit_test(documents_fit_their_schemas),
		cmocka_unit_test(schemas_refuse_what_is_wrong),
	};

	return cmocka_run_group_tests_name("report_json", tests, NULL, NULL);
}
