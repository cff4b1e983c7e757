/*
 * The report at a terminal, and CSV.  Every crossing with who wins on each
 * side, shares as words, what is missing as words; lines that fit; text that
 * users typed as data.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report_fixture.h"

static const struct text_style plain = { .width = 80 };

/* All blanks as one, so that a test does not care where lines end. */
static char *flat(struct buf *b)
{
	struct buf out = BUF_INIT;

	for (const char *s = b->s; *s; s++)
		if (*s != ' ' && *s != '\n')
			buf_addc(&out, *s);
		else if (out.len && out.s[out.len - 1] != ' ')
			buf_addc(&out, ' ');
	buf_release(b);
	return buf_detach(&out);
}

static char *report(const struct evaluation *e, const struct text_style *st)
{
	struct buf b = BUF_INIT;

	report_text(&b, e, st);
	return flat(&b);
}

static void holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in\n%s", part, text);
}

/* --- what it tells ---------------------------------------------------- */

static void the_headline_has_advice_probability_and_badge(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "Support bot (support-bot)");
	holds(s, "Build vs buy: Call an API [P(best) 0.87, firm, stable, 8/8]");
	holds(s, "Call an API: cheapest in 87 % of draws.");
	free(s);
}

static void the_options_have_their_figures(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "option mean 90 % interval P(best) regret");
	holds(s, "> Call an API 412k 305k to 548k 0.87 9100");
	holds(s, "Host a model 498k 350k to 671k 0.13 95k misses a service "
	      "level; can be taken in 97 % of draws");
	holds(s, "Host a big model - - 0 - infeasible: Memory is full: needs "
	      "more than 80 GB");
	holds(s, "barred: Data must stay: a model of your own");
	holds(s, "npv_cost in USD over 36 months");
	lacks(s, "nan");
	lacks(s, "?");
	free(s);
}

/* Draws may cross although their mean does not. */
static void crossing_draws_are_not_the_mean(void **arg)
{
	struct evaluation *e = report_fixture();
	struct break_even *b = &e->tradeoff[0].break_even[3];
	char *s;

	(void)arg;
	b->draws = 512;
	b->p5 = b->p50 = b->p95 = 1.45;
	b->p_never = 0.996;
	s = report(e, &plain);
	holds(s, "Call an API wins throughout, from 10k to 10G; the draws that "
	      "cross do so first at 1.45; never crosses in over 99 % of draws");
	free(s);
}

static void a_narrow_screen_loses_no_figure(void **arg)
{
	struct text_style st = { .width = 40 };
	char *s = report(report_fixture(), &st);
	struct buf b = BUF_INIT;

	(void)arg;
	holds(s, "option mean P(best) > Call an API 412k 0.87 90 %: 305k to "
	      "548k; regret 9100 Host a model 498k 0.13 90 %: 350k to 671k; "
	      "regret 95k misses");
	holds(s, "Host a big model - 0 infeasible: Memory is full");
	holds(s, "Growth of volume, 0.01 to 1.5 1/year: 702k to -158k, flips");
	free(s);
	report_voi_text(&b, report_fixture(), &st);
	s = flat(&b);
	holds(s, "Growth of volume: 5120");
	free(s);
}

static void an_option_may_be_infeasible_in_some_draws(void **arg)
{
	struct evaluation *e = report_fixture();
	char *s;

	(void)arg;
	e->tradeoff[0].option[2].p_feasible = 0.64;
	s = report(e, &plain);
	holds(s, "infeasible in 36 % of draws: Memory is full");
	free(s);
}

static void one_month_is_one_month(void **arg)
{
	struct evaluation *e = report_fixture();
	char *s;

	(void)arg;
	e->tradeoff[0].horizon = 1;
	s = report(e, &plain);
	holds(s, "npv_cost in USD over 1 month ");
	free(s);
}

static void errors_have_two_digits(void **arg)
{
	static const struct { double se; const char *text; } cases[] = {
		{ 2432, "USD +- 2400;" }, { 12345, "USD +- 12k;" },
		{ 0.00421, "USD +- 0.0042;" }, { 99.6, "USD +- 100;" },
	};
	struct text_style st = { .width = 80, .ascii = true };

	(void)arg;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct evaluation *e = report_fixture();
		char *s;

		e->tradeoff[0].voi.evpi_se = cases[i].se;
		s = report(e, &st);
		holds(s, cases[i].text);
		free(s);
	}
}

static void central_values_have_no_probability(void **arg)
{
	char *s = report(report_fixture_point(), &plain);

	(void)arg;
	holds(s, "[central values, stable]");
	holds(s, "option value regret > Call an API 412k 9100");
	holds(s, "at central values");
	holds(s, "central values, no sampling");
	lacks(s, "P(best)");
	lacks(s, "interval");
	lacks(s, "draw by draw");
	lacks(s, "in 79 % of draws");
	free(s);
}

static void every_crossing_says_who_wins_on_each_side(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "Requests per day, request/day (central value 210k)");
	holds(s, "Call an API against Host a model: Call an API wins below "
	      "1.96M, Host a model from 1.96M on");
	holds(s, "Best of all: Host a model wins from 3.99M to 4.08M, and "
	      "from 4.26M on; Call an API elsewhere");
	holds(s, "Host a model wins below 0.5, Call an API from 0.5 to 7.5, "
	      "Let others do it from 7.5 on; equal without changing sides at "
	      "2");
	holds(s, "no crossing, Call an API wins throughout, from 10k to 10G");
	holds(s, "no option depends on it");
	free(s);
}

/* Three digits would print both ends of a narrow stair alike. */
static void narrow_stairs_get_the_digits_they_need(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "Host a model wins from 84.618M to 84.624M; Call an API "
	      "elsewhere");
	free(s);
}

static void the_draws_are_told_as_shares(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "it first crosses at 1.98M (90 %: 1.37M to 2.85M)");
	holds(s, "never crosses in 17 % of draws");
	holds(s, "Host a model ahead throughout in under 1 % of draws");
	holds(s, "your own value lies beyond it in 1 % of draws");
	free(s);
}

/* What several break-evens have in common stands once; what one has alone
 * stands with it. */
static void notes_of_the_search_are_told_once(void **arg)
{
	char *s = report(report_fixture(), &plain);
	const char *first;

	(void)arg;
	first = strstr(s, "expected cost over 1024 draws");
	assert_non_null(first);
	lacks(first + 1, "expected cost over 1024 draws");
	holds(s, "elsewhere (2 crossings); the search was cut short");
	free(s);
}

/* Twenty stairs, and no winner in the middle of them. */
static void long_stairs_and_gaps_are_told_whole(void **arg)
{
	struct crossing stairs[20];
	struct evaluation *e = report_fixture();
	struct break_even *b = &e->tradeoff[0].break_even[1];
	char *s;

	(void)arg;
	for (int i = 0; i < 20; i++)
		stairs[i] = (struct crossing) { 1000.0 + i, CROSS_JUMP, i % 2,
		                                !(i % 2) };
	stairs[9].above = stairs[10].below = -1;
	b->ncrossings = 20;
	b->crossing = stairs;
	s = report(e, &plain);
	holds(s, "from 1000 to 1001, from 1002 to 1003");
	holds(s, "and from 1018 to 1019");
	holds(s, "no option can be taken from 1009 to 1010");
	free(s);
}

static void drivers_information_rules_findings(void **arg)
{
	char *s = report(report_fixture(), &plain);

	(void)arg;
	holds(s, "Price of a GPU hour 2.05 to 5.66 USD/h/GPU 1.02M 2.89M");
	holds(s, "Growth of volume 0.01 to 1.5 1/year 702k -158k flips");
	holds(s, "flips: Growth of volume: Host a model at 1.5 1/year");
	holds(s, "ean of the worst 5 % 601k Call an API");
	holds(s, "earest draw 850k Host a model");
	holds(s, "earest draw: of those made They disagree");
	holds(s, "Call an API is better than Host a model to all who do not "
	      "seek risk");
	holds(s, "better than Let others do it to everybody");
	holds(s, "Drift of prices falling to flat 5000 -");
	holds(s, "-: Drift of prices: ");
	holds(s, "Knowing everything would be worth 9100 USD \xc2\xb1 80");
	holds(s, "Growth of volume 5120");
	lacks(s, "People 12");              /* hidden by its own error */
	holds(s, "Data may not leave: applies; it bars Let others do it; "
	      "obeying costs 312k USD (a contract, as of 2026-11-23)");
	holds(s, "Two vendors: does not apply here");
	holds(s, "its price cannot be told");
	holds(s, "Below the line of 100k requests a day (in 79 % of draws)");
	holds(s, "People cost more than GPUs (in every draw)");
	holds(s, "not answered yet: exit_plan (must be)");
	holds(s, "16384 points (sobol-owen, 8 replicates), seed 7");
	holds(s, "digest 0123456789ab, prices as of 2026-07-24");
	lacks(s, "0123456789abc");
	free(s);
}

/* --- the page --------------------------------------------------------- */

static void fits_in(const char *text, int width)
{
	for (const char *s = text; *s;) {
		size_t n = strcspn(s, "\n");
		struct buf line = BUF_INIT;

		buf_addn(&line, s, n);
		if (utf8_width(line.s) > width)
			fail_msg("wider than %d: %s", width, line.s);
		buf_release(&line);
		s += n + (s[n] == '\n');
	}
}

static void lines_fit(void **arg)
{
	static const int widths[] = { 40, 59, 60, 80, 120, 160 };
	static const char wide[] = "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0"
		"\xe5\xa5\xbd-averylongwordthatnolinecanhold-averylongwordthat"
		"nolinecanhold-averylongwordthatnolinecanhold-averylongword";

	(void)arg;
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		struct text_style st = { .width = widths[i] };
		struct buf b = BUF_INIT;

		report_text(&b, report_fixture(), &st);
		fits_in(b.s, widths[i]);
		buf_clear(&b);
		report_text(&b, report_fixture_typed(wide), &st);
		fits_in(b.s, widths[i]);
		buf_clear(&b);
		report_text(&b, report_fixture_point(), &st);
		fits_in(b.s, widths[i]);
		buf_clear(&b);
		report_break_even_text(&b, report_fixture(), &st);
		fits_in(b.s, widths[i]);
		buf_clear(&b);
		report_sensitivity_text(&b, report_fixture(), &st);
		fits_in(b.s, widths[i]);
		buf_clear(&b);
		report_voi_text(&b, report_fixture(), &st);
		fits_in(b.s, widths[i]);
		buf_release(&b);
	}
}

static void skip_colour(struct buf *out, const char *s)
{
	while (*s) {
		if (*s == '\x1b')
			s += strcspn(s, "m") + 1;
		else
			buf_addc(out, *s++);
	}
}

/* The same words with and without colour. */
static void colour_adds_nothing_but_colour(void **arg)
{
	struct text_style st = { .width = 80, .color = true };
	struct buf with = BUF_INIT, without = BUF_INIT, skipped = BUF_INIT;

	(void)arg;
	report_text(&with, report_fixture(), &st);
	report_text(&without, report_fixture(), &plain);
	assert_non_null(strchr(with.s, '\x1b'));
	assert_null(strchr(without.s, '\x1b'));
	skip_colour(&skipped, with.s);
	assert_string_equal(skipped.s, without.s);
	buf_release(&with);
	buf_release(&without);
	buf_release(&skipped);
}

static void ascii_is_ascii(void **arg)
{
	struct text_style st = { .width = 40, .ascii = true };
	struct buf b = BUF_INIT;

	(void)arg;
	report_text(&b, report_fixture(), &st);
	for (const char *s = b.s; *s; s++)
		assert_true((unsigned char)*s < 0x80);
	assert_non_null(strstr(b.s, "+-"));
	buf_release(&b);
}

static void typed_text_reaches_no_terminal_raw(void **arg)
{
	static const char hostile[] = "x\x1b]52;c;Zm9v\x07\x9b" "2J\xc2\x9b"
		"31m\xe2\x80\xaez\r\n\x7f";
	struct buf b = BUF_INIT;

	(void)arg;
	report_text(&b, report_fixture_typed(hostile), &plain);
	report_break_even_text(&b, report_fixture_typed(hostile), &plain);
	for (const char *s = b.s; *s; s++)
		assert_true(((unsigned char)*s >= 0x20 && *s != 0x7f) ||
		            *s == '\n');
	assert_null(strstr(b.s, "\xc2\x9b"));
	assert_null(strstr(b.s, "\xe2\x80\xae"));
	assert_non_null(strstr(b.s, "\\x1b]52"));
	assert_true(utf8_valid(b.s, b.len));
	buf_release(&b);
}

/* --- others ----------------------------------------------------------- */

static void break_evens_alone_are_all_told(void **arg)
{
	struct evaluation *e = report_fixture();
	struct buf b = BUF_INIT;
	char *s;

	(void)arg;
	e->tradeoff[0].break_even[0].state = BREAK_ALWAYS;
	e->tradeoff[0].break_even[0].p_always = 1;
	report_break_even_text(&b, e, &plain);
	s = flat(&b);
	holds(s, "Call an API against Host a model: no crossing, Host a model "
	      "wins throughout, from 10k to 10G, in every draw");
	lacks(s, "What moves");
	free(s);
}

static void an_explanation_is_indented_by_depth(void **arg)
{
	struct evaluation *e = report_fixture();
	struct explanation leaf = {
		.name = "migration", .unit = "USD", .formula = "20k to 250k",
		.s = { .value = NAN, .mean = 9.6e4, .p5 = 2e4, .p50 = 7e4,
		       .p95 = 2.5e5, .p_number = 1 },
		.source = &e->tradeoff[0].provenance[1],
	};
	struct explanation *part[] = { &leaf };
	struct explanation top = {
		.name = "once[api]", .unit = "USD", .formula = "migration / 2",
		.file = "m.yaml", .line = 12, .n = 1, .part = part,
		.s = { .value = NAN, .mean = NAN, .state = "never" },
	};
	struct buf b = BUF_INIT;

	(void)arg;
	report_explain_text(&b, &top, &plain);
	assert_string_equal(b.s,
	                    "once[api] = never <- migration / 2\n"
	                    "  migration = 96k USD (90 %: 20k to 250k)\n"
	                    "      <- 20k to 250k; assumption: judgement, "
	                    "2026-11-23\n"
	                    "(m.yaml:12)\n");
	buf_release(&b);
}

/* --- CSV -------------------------------------------------------------- */

#define COLUMNS 25

/* The next cell as RFC 4180 reads it; *end tells whether the row ends. */
static const char *cell(const char *s, struct buf *out, bool *end)
{
	bool quoted = *s == '"';

	buf_clear(out);
	s += quoted;
	while (*s && (quoted ? *s != '"' || s[1] == '"' :
	              !strchr(",\r", *s))) {
		s += quoted && *s == '"';
		buf_addc(out, *s++);
	}
	s += quoted;
	*end = *s == '\r';
	if (*end)
		assert_int_equal(s[1], '\n');
	else
		assert_int_equal(*s, ',');
	return s + (*end ? 2 : 1);
}

/* The row-th row's column-th cell; checks the shape of all rows. */
static char *cell_at(const char *s, int row, int column)
{
	struct buf b = BUF_INIT;
	char *found = NULL;

	for (int r = 0, c = 0; *s; c++) {
		bool end;

		s = cell(s, &b, &end);
		if (r == row && c == column)
			found = strdup(b.s);
		if (end) {
			assert_int_equal(c, COLUMNS - 1);
			c = -1;
			r++;
		}
	}
	buf_release(&b);
	assert_non_null(found);
	return found;
}

static void cell_is(const char *csv, int row, int column, const char *want)
{
	char *s = cell_at(csv, row, column);

	assert_string_equal(s, want);
	free(s);
}

static void csv_has_a_row_an_option(void **arg)
{
	struct evaluation *e = report_fixture();
	struct evaluation *two[] = { e, e };
	struct buf b = BUF_INIT;

	(void)arg;
	report_csv(&b, two, 2);
	cell_is(b.s, 0, 0, "scenario");
	cell_is(b.s, 0, COLUMNS - 1, "digest");
	cell_is(b.s, 1, 2, "api");
	cell_is(b.s, 1, 4, "yes");
	cell_is(b.s, 1, 10, "");
	cell_is(b.s, 1, 11, "412345.678");
	cell_is(b.s, 2, 6, "no");
	cell_is(b.s, 3, 5, "infeasible");
	cell_is(b.s, 3, 7, "memory_full");
	cell_is(b.s, 3, 11, "");
	cell_is(b.s, 8, 2, "outside");
	buf_release(&b);
}

/* OWASP, CSV injection: what a spreadsheet would run begins with one of
 * these. A number may begin with a minus. */
static void csv_runs_nothing(void **arg)
{
	static const char *const payload[] = {
		"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1",
		"\r=1", "\xef\xbc\x9d" "1+1",
	};

	(void)arg;
	for (size_t i = 0; i < sizeof payload / sizeof *payload; i++) {
		struct evaluation *e = report_fixture_typed(payload[i]);
		struct buf b = BUF_INIT;
		char *s;

		e->tradeoff[0].option[0].objective.mean = -12.5;
		report_csv(&b, &e, 1);
		s = cell_at(b.s, 1, 3);
		assert_int_equal(s[0], '\'');
		cell_is(b.s, 1, 11, "-12.5");
		free(s);
		buf_release(&b);
	}
}

static void csv_quotes_what_must_be(void **arg)
{
	struct evaluation *e = report_fixture_typed("a \"b\", c\nd \x1b[31m");
	struct buf b = BUF_INIT;

	(void)arg;
	report_csv(&b, &e, 1);
	cell_is(b.s, 1, 3, "a \"b\", c\nd \\x1b[31m");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_headline_has_advice_probability_and_badge),
		cmocka_unit_test(the_options_have_their_figures),
		cmocka_unit_test(crossing_draws_are_not_the_mean),
		cmocka_unit_test(a_narrow_screen_loses_no_figure),
		cmocka_unit_test(an_option_may_be_infeasible_in_some_draws),
		cmocka_unit_test(one_month_is_one_month),
		cmocka_unit_test(errors_have_two_digits),
		cmocka_unit_test(central_values_have_no_probability),
		cmocka_unit_test(every_crossing_says_who_wins_on_each_side),
		cmocka_unit_test(narrow_stairs_get_the_digits_they_need),
		cmocka_unit_test(the_draws_are_told_as_shares),
		cmocka_unit_test(notes_of_the_search_are_told_once),
		cmocka_unit_test(long_stairs_and_gaps_are_told_whole),
		cmocka_unit_test(drivers_information_rules_findings),
		cmocka_unit_test(lines_fit),
		cmocka_unit_test(colour_adds_nothing_but_colour),
		cmocka_unit_test(ascii_is_ascii),
		cmocka_unit_test(typed_text_reaches_no_terminal_raw),
		cmocka_unit_test(break_evens_alone_are_all_told),
		cmocka_unit_test(an_explanation_is_indented_by_depth),
		cmocka_unit_test(csv_has_a_row_an_option),
		cmocka_unit_test(csv_runs_nothing),
		cmocka_unit_test(csv_quotes_what_must_be),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
