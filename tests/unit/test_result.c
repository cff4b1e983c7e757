#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "result/result.h"

static struct evaluation *two_tradeoffs(void)
{
	struct arena *a = arena_new();
	struct evaluation *e = arena_alloc(a, sizeof *e);

	e->arena = a;
	e->ntradeoffs = 2;
	e->tradeoff = arena_alloc(a, 2 * sizeof *e->tradeoff);
	e->tradeoff[0].model = "first";
	e->tradeoff[1].model = "second";
	return e;
}

static void test_find(void **state)
{
	struct evaluation *e = two_tradeoffs();

	(void)state;
	assert_ptr_equal(evaluation_find(e, "second"), &e->tradeoff[1]);
	assert_null(evaluation_find(e, "third"));
	evaluation_free(e);
}

static void test_free_nothing(void **state)
{
	(void)state;
	evaluation_free(NULL);
	curve_free(NULL);
	explanation_free(NULL);
}

static void test_has(void **state)
{
	(void)state;
	assert_true(result_has(0));
	assert_false(result_has(NAN));
	assert_false(result_has(HUGE_VAL));
}

/* JSON and text spell these; a reordered enum must fail here. */
static void test_names(void **state)
{
	(void)state;
	assert_string_equal(verdict_state_names[VERDICT_STABLE], "stable");
	assert_string_equal(verdict_state_names[VERDICT_TIED], "tied");
	assert_string_equal(verdict_state_names[VERDICT_UNDECIDED],
	                    "undecided");
	assert_string_equal(verdict_state_names[VERDICT_INFEASIBLE],
	                    "infeasible");
	assert_string_equal(crossing_kind_names[CROSS_ROOT], "root");
	assert_string_equal(crossing_kind_names[CROSS_JUMP], "jump");
	assert_string_equal(crossing_kind_names[CROSS_TOUCH], "touch");
	assert_string_equal(break_even_state_names[BREAK_NEVER], "never");
	assert_string_equal(break_even_state_names[BREAK_ALWAYS], "always");
	assert_string_equal(break_even_state_names[BREAK_CROSSINGS],
	                    "crossings");
	assert_string_equal(break_even_state_names[BREAK_UNDEFINED],
	                    "undefined");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_free_nothing),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
