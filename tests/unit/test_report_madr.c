/*
 * Decision records: MADR 4.0's sections in its order, front matter that tools
 * read to the letter, the chosen option byte for byte among the considered
 * ones, and users' text that stays text.
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

static char *record(const struct evaluation *e,
                    const struct decision_record *d)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	if (!report_record(&b, RECORD_MADR, e, d, &err))
		fail_msg("%s", err.item[0].text);
	return buf_detach(&b);
}

static char *formatted(enum record_format f, const struct decision_record *d)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	if (!report_record(&b, f, report_fixture(), d, &err))
		fail_msg("%s", err.item[0].text);
	return buf_detach(&b);
}

static char *fixture_record(void)
{
	struct decision_record d = report_fixture_decision();

	return record(report_fixture(), &d);
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

static void escaped(const char *text, bool in_table, const char *want)
{
	struct buf b = BUF_INIT;

	report_markdown(&b, text, in_table);
	assert_string_equal(b.s, want);
	buf_release(&b);
}

/* --- shape ------------------------------------------------------------ */

/* Structurizr takes status and date verbatim, quotes included. */
static void the_front_matter_is_plain(void **arg)
{
	static const char want[] =
		"---\n"
		"status: accepted\n"
		"date: 2026-11-24\n"
		"decision-makers:\n"
		"  - 'Ann O''Neil'\n"
		"  - 'Bob'\n"
		"---\n"
		"\n"
		"# Keep the hosted API\n";
	char *s = fixture_record();

	(void)arg;
	assert_memory_equal(s, want, sizeof want - 1);
	free(s);
}

/* YAML reads \x3C as "<"; what knows no front matter finds no tag. */
static void names_are_no_markup_in_the_front_matter(void **arg)
{
	static const char *const who[] = {
		"", " \t", "Ann <ann@x.org>", "[x](javascript:1)",
		"a \"b\" \\ c", "x'\n- status: accepted", NULL,
	};
	struct decision_record d = report_fixture_decision();
	char *s;

	(void)arg;
	d.deciders = who;
	d.because = "  ";
	s = record(report_fixture(), &d);
	holds(s, "\ndecision-makers:\n"
	      "  - \"Ann \\x3Cann@x.org\\x3E\"\n"
	      "  - \"\\x5Bx\\x5D\\x28javascript:1\\x29\"\n"
	      "  - \"a \\x22b\\x22 \\x5C c\"\n"
	      "  - 'x'' - status: accepted'\n"
	      "---\n");
	holds(s, "because it is best in 87 % of draws");
	free(s);
	d.deciders = (const char *const[]){ "", NULL };
	s = record(report_fixture(), &d);
	lacks(s, "decision-makers");
	free(s);
}

static void without_a_status_it_is_proposed(void **arg)
{
	struct decision_record d = { .title = "t", .model = "build-vs-buy" };
	char *s = record(report_fixture(), &d);

	(void)arg;
	assert_memory_equal(s, "---\nstatus: proposed\n---\n", 25);
	lacks(s, "accepted");
	lacks(s, "decision-makers");
	lacks(s, "(null)");
	free(s);
}

static void the_sections_are_those_of_madr(void **arg)
{
	static const char *const sections[] = {
		"\n## Context and Problem Statement\n",
		"\n## Decision Drivers\n", "\n## Considered Options\n",
		"\n## Decision Outcome\n", "\n### Consequences\n",
		"\n### Confirmation\n", "\n## Pros and Cons of the Options\n",
		"\n### Call an API\n", "\n### Host a model\n",
		"\n### Host a big model\n", "\n### Let others do it\n",
		"\n## More Information\n", "\n### Break-evens\n",
		"\n### What would change it\n", "\n### Value of information\n",
		"\n### Other ways to choose\n",
		"\n### Hard rules and their price\n", "\n### Checklist\n",
		"\n### Structural views\n", "\n### Notes\n",
		"\n### Where every figure comes from\n",
		"\n### Reproduction\n",
	};
	char *s = fixture_record();
	const char *at = s;

	(void)arg;
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		at = strstr(at, sections[i]);
		if (!at)
			fail_msg("%s is not there or not in its place",
			         sections[i]);
	}
	free(s);
}

/* What markdownlint asks for, as far as it needs no parser. */
static void the_page_is_tidy(void **arg)
{
	char *s = fixture_record();
	size_t n = strlen(s);

	(void)arg;
	lacks(s, "\n\n\n");
	lacks(s, " \n");
	lacks(s, "\t");
	lacks(s, "\r");
	assert_int_equal(s[n - 1], '\n');
	assert_int_not_equal(s[n - 2], '\n');
	for (const char *h = s; (h = strstr(h, "\n#")); h++) {
		assert_int_equal(h[-1], '\n');
		h += strcspn(h + 1, "\n");
		assert_memory_equal(h + 1, "\n\n", 2);
	}
	free(s);
}

/* --- content ---------------------------------------------------------- */

static void the_outcome_names_a_considered_option(void **arg)
{
	char *s = fixture_record();

	(void)arg;
	holds(s, "\n* Call an API\n");
	holds(s, "\nChosen option: \"Call an API\", because the team is small."
	      "\n");
	holds(s, "The advice is firm and stable: 8 of 8 independent "
	      "replicates agree.");
	free(s);
}

static void without_a_reason_the_figures_give_one(void **arg)
{
	struct decision_record d = report_fixture_decision();
	char *s;

	(void)arg;
	d.because = NULL;
	s = record(report_fixture(), &d);
	holds(s, "because it is best in 87 % of draws, 85.7k USD "
	      "(\xc2\xb1 900) ahead of Host a model on average.");
	free(s);
	s = record(report_fixture_point(), &d);
	holds(s, "because at central values it is 85.7k USD ahead of Host a "
	      "model.");
	holds(s, "no probability is known");
	lacks(s, "Neutral, because its npv\\_cost is 412k USD (");
	free(s);
	d.option = "self_host";
	s = record(report_fixture(), &d);
	holds(s, "\"Host a model\", because those who decided prefer it, "
	      "although the figures advise Call an API; they left no reason.");
	holds(s, "* Bad, because it misses a service level\n");
	free(s);
}

/* A leader with less than half of the draws, a swing that ends nowhere. */
static void the_words_fit_the_figures(void **arg)
{
	struct decision_record d = report_fixture_decision();
	struct evaluation *e = report_fixture();
	struct tradeoff *t = &e->tradeoff[0];
	char *s;

	(void)arg;
	t->horizon = 1;
	t->option[0].probability_best = 0.48;
	t->sensitivity[0].swing_low = NAN;
	t->voi.evpi_se = 2432;
	s = record(e, &d);
	holds(s, "* Neutral, because it is best in 48 % of draws\n");
	holds(s, "* Bad, because it is best in 13 % of draws\n");
	holds(s, "the advantage goes from none (it cannot be taken there) to "
	      "2.89M USD");
	holds(s, "give or take 2400\n");
	holds(s, "\", over 1 month;");
	lacks(s, "1 months");
	free(s);
	e = report_fixture();
	e->tradeoff[0].verdict.advantage = 0;
	e->tradeoff[0].verdict.state = VERDICT_TIED;
	d.because = NULL;
	s = record(e, &d);
	holds(s, "because it comes to the same as Host a model.");
	lacks(s, "0 USD ahead");
	lacks(s, "next best by 0");
	free(s);
}

static void nothing_that_can_be_taken_is_said(void **arg)
{
	struct evaluation *e = report_fixture();
	struct decision_record d = report_fixture_decision();
	char *s;

	(void)arg;
	e->tradeoff[0].verdict.option = -1;
	e->tradeoff[0].verdict.runner_up = -1;
	e->tradeoff[0].verdict.state = VERDICT_INFEASIBLE;
	e->tradeoff[0].verdict.sentence = "No option can be taken.";
	d.option = d.because = NULL;
	s = record(e, &d);
	holds(s, "No option can be chosen.");
	lacks(s, "Chosen option");
	lacks(s, "The advice is");
	holds(s, "* No option can be taken, so that nothing moves");
	free(s);
}

static void it_holds_what_a_reviewer_needs(void **arg)
{
	char *s = fixture_record();

	(void)arg;
	holds(s, "| Requests per day | 150k to 300k | request/day | 150k | "
	      "210k | 300k | measured: gateway log, 2026-10-30 |");
	holds(s, "in place today: Host a model.");
	holds(s, "* Good, because it comes to 85.7k USD less than what is in "
	      "place today\n");
	holds(s, "* Review on 2027-05-01\n");
	holds(s, "* Look again when measured(requests\\_per\\_day) > 0.9 \\* "
	      "crossing, for 60 day\n");
	holds(s, "* Neutral, because its npv\\_cost is 412k USD (90 %: 305k "
	      "to 548k)\n");
	holds(s, "* Neutral, because \"Months until it pays back\" is never");
	holds(s, "* Bad, because it is infeasible\n* Bad, because memory is "
	      "full: needs more than 80 GB\n");
	holds(s, "Host a model wins from 3.99M to 4.08M, and from 4.26M on; "
	      "Call an API elsewhere");
	holds(s, "never crosses in 17 % of draws");
	holds(s, "* Growth of volume alone: Host a model at 1.5 1/year\n");
	holds(s, "* Knowing everything would be worth 9100 USD, give or take "
	      "80\n");
	holds(s, "* Measuring Growth of volume would be worth up to 5120 USD");
	holds(s, "* Data may not leave: applies; it bars Let others do it; "
	      "obeying costs 312k USD");
	holds(s, "* [ ] Is there a way back? **Not answered, and it must "
	      "be**\n");
	holds(s, "* [x] Who owns it in a year? the platform team\n");
	holds(s, "```console\nsteelyard evaluate support-bot@r1 --seed 7\n"
	      "```\n");
	lacks(s, "nan");
	free(s);
}

/* Guesses first, what somebody measured last. */
static void the_unmeasured_comes_first(void **arg)
{
	char *s = fixture_record();
	const char *guess, *claim, *measured;

	(void)arg;
	guess = strstr(s, "\n| migration |");
	claim = strstr(s, "\n| price\\_in\\@api |");
	measured = strstr(s, "\n| requests\\_per\\_day |");
	if (!claim)
		claim = strstr(s, "\n| price\\_in");
	assert_non_null(guess);
	assert_non_null(claim);
	assert_non_null(measured);
	assert_true(guess < claim && claim < measured);
	free(s);
}

static void digests_stand_in_sight_and_for_programs(void **arg)
{
	static const char digest[] = "0123456789abcdef0123456789abcdef0123456"
		"789abcdef0123456789abcdef";
	char *s = fixture_record();
	struct buf want = BUF_INIT;

	(void)arg;
	buf_addf(&want, "\n* scenario revision `%s`\n* evaluation `%s`\n",
	         digest, digest);
	holds(s, want.s);
	buf_clear(&want);
	buf_addf(&want, "<!-- steelyard record status=accepted "
	         "model=build-vs-buy option=api advice=api revision=%s evaluation=%s scenario=%s seed=7 "
	         "-->\n", digest, digest, digest);
	holds(s, want.s);
	buf_release(&want);
	free(s);
}

/* --- text of users ---------------------------------------------------- */

static void markup_becomes_text(void **arg)
{
	(void)arg;
	escaped("<script>", true, "&lt;script>");
	escaped("a & b", true, "a &amp; b");
	escaped("a|b", true, "a\\|b");
	escaped("*a* _b_ `c` [d](e) ~f~ $g$ \\", true,
	        "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\~f\\~ \\$g\\$ \\\\");
	escaped("one\ntwo\tthree  ", true, "one two three");
	escaped("a\x1b[0m", true, "a\\\\x1b\\[0m");
	escaped("javascript:alert(1)", true, "javascript:alert(1)");
	escaped("https://x.org/a?b=1&c=2.", true, "<https://x.org/a?b=1&c=2>.");
	escaped("https://x.org/a|b", true, "<https://x.org/a>\\|b");
	escaped("see http://x.org, http://", true,
	        "see <http://x.org>, http\\://");
	escaped("ftp://x www.x.org a@x.org", true,
	        "ftp\\://x www\\.x.org a\\@x.org");
}

static void no_line_opens_a_block(void **arg)
{
	(void)arg;
	escaped("# a", false, "\\# a");
	escaped("- a", false, "\\- a");
	escaped("+ a", false, "\\+ a");
	escaped("> a", false, "\\> a");
	escaped("--- a", false, "\\--- a");
	escaped("=== a", false, "\\=== a");
	escaped("12. a", false, "12\\. a");
	escaped("12) a", false, "12\\) a");
	escaped("    code", false, "code");
	escaped("12 a", false, "12 a");
	escaped("-5", true, "-5");              /* a number in a table */
}

static const char *const payload[] = {
	"<script>alert(1)</script>", "<!-- hidden", "a --> b", "# heading",
	"- item", "1. one", "    code", "```\nfence", "---", "===", "> quote",
	"[a](javascript:alert(1))", "![x](http://x/y)", "<b>", "a|b|c", "\\",
	"x\x1b]8;;http://x\x07y", "\xe2\x80\xae" "rtl", "\xff\xfe", "", "   ",
	"'; status: accepted", "a: b", "* star", "$x$", "ends with a stop.",
};

/* Of every page below the front matter: the same number of headings, items and
 * rows, no raw HTML but our comment, no control character. */
static int count(const char *s, const char *part)
{
	int n = 0;

	for (; (s = strstr(s, part)); s += strlen(part))
		n++;
	return n;
}

static void typed_page_is_sound(const char *s, const char *plain)
{
	assert_int_equal(count(s, "\n#"), count(plain, "\n#"));
	assert_int_equal(count(s, "\n* "), count(plain, "\n* "));
	assert_int_equal(count(s, "\n|"), count(plain, "\n|"));
	assert_int_equal(count(s, "\n---\n"), 0);
	assert_int_equal(count(s, "\n```"), 2);
	assert_int_equal(count(s, "<!--"), 1);
	assert_int_equal(count(s, "<script"), 0);
	assert_int_equal(count(s, "<b>"), 0);
	assert_int_equal(count(s, "\n\n\n"), 0);
	assert_int_equal(count(s, " \n"), 0);
	assert_true(utf8_valid(s, strlen(s)));
	for (; *s; s++)
		assert_true((unsigned char)*s >= 0x20 || *s == '\n');
}

static void cells_are_as_many_as_the_heading_says(const char *s)
{
	int want = 0;

	while ((s = strstr(s, "\n"))) {
		int cells = 0;

		s++;
		if (*s != '|') {
			want = 0;
			continue;
		}
		for (const char *c = s; *c != '\n'; c++)
			cells += *c == '|' && c[-1] != '\\';
		if (!want)
			want = cells;
		assert_int_equal(cells, want);
	}
}

static void typed_text_stays_text(void **arg)
{
	char *plain = record(report_fixture_typed("plain"),
	                     &(struct decision_record) {
		.title = "plain", .model = "build-vs-buy", .option = "api",
		.because = "plain", .review = "plain", .command = "cmd",
		.deciders = (const char *const[]) { "plain", NULL },
	});

	(void)arg;
	for (size_t i = 0; i < sizeof payload / sizeof *payload; i++) {
		const char *const who[] = { payload[i], NULL };
		struct decision_record d = {
			.title = payload[i], .model = "build-vs-buy",
			.option = "api", .because = payload[i],
			.review = payload[i], .command = "cmd",
			.deciders = who,
		};
		char *s = record(report_fixture_typed(payload[i]), &d);

		assert_int_equal(count(s, "\nstatus:"), 1);
		assert_int_equal(count(s, "\n---\n"), 1);
		typed_page_is_sound(strstr(s, "\n# "), strstr(plain, "\n# "));
		cells_are_as_many_as_the_heading_says(s);
		free(s);
	}
	free(plain);
}

static void tags_are_dead_in_the_page(void **arg)
{
	struct decision_record d = report_fixture_decision();
	char *s, *end;

	(void)arg;
	d.title = d.because = d.review = "<script>x</script>";
	s = record(report_fixture_typed("<script>x</script>"), &d);
	lacks(s, "<script");
	end = strstr(s, "\n# ");
	assert_memory_equal(end, "\n# &lt;script>x&lt;/script>\n", 27);
	free(s);
}

/* A command that holds a fence gets a longer one around it. */
static void a_command_cannot_end_its_block(void **arg)
{
	struct decision_record d = report_fixture_decision();
	char *s;

	(void)arg;
	d.command = "x\n```\n# out ````";
	s = record(report_fixture(), &d);
	holds(s, "\n`````console\nx ``` # out ````\n`````\n");
	free(s);
}

/* What no tool knows is not decided, in every place where it could stand. */
static void an_odd_status_is_none(void **arg)
{
	static const char *const odd[] = {
		"superseded by ADR-0123", "a: b\n- 'c'", "Accepted", "",
	};
	struct decision_record d = report_fixture_decision();

	(void)arg;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		for (int f = RECORD_MADR; f <= RECORD_HYBRID; f++) {
			char *s;

			d.status = odd[i];
			s = formatted((enum record_format)f, &d);
			holds(s, f == RECORD_MADR ? "\nstatus: proposed\n"
			      : f == RECORD_LOG4BRAINS
			      ? "\n- Status: proposed\n"
			      : "\n## Status\n\nProposed\n");
			lacks(s, "ccepted");
			free(s);
		}
}

/* --- succession, in each style ---------------------------------------- */

static struct decision_record superseded(void)
{
	static const struct record_link by = { 15, "0015-b.md", "B [x](y)" };
	static const struct record_link old[] = {
		{ 3, "0003-a.md", "A" }, { 4, "0004-a.md", "A" },
	};
	struct decision_record d = report_fixture_decision();

	d.status = "superseded";
	d.superseded_by = &by;
	d.supersedes = old;
	d.nsupersedes = 2;
	return d;
}

static void links_lead_both_ways(void **arg)
{
	static const struct { enum record_format f; const char *want[6]; } t[] = {
		{ RECORD_MADR, { "\nstatus: superseded by ADR-0015\n",
		  "\n### Links\n\n* Supersedes [0003-a](0003-a.md)\n"
		  "* Supersedes [0004-a](0004-a.md)\n"
		  "* Superseded by [0015-b](0015-b.md)\n" } },
		{ RECORD_LOG4BRAINS, {
		  "\n- Status: superseded by [0015-b](0015-b.md)\n"
		  "- Deciders: Ann O'Neil, Bob\n- Date: 2026-11-24\n",
		  "\n## Links\n\n- Supersedes [0003-a](0003-a.md)\n" } },
		{ RECORD_NYGARD, { "# 12. Keep the hosted API\n\n"
		  "Date: 2026-11-24\n\n## Status\n\nSuperseded\n\n"
		  "Superseded by [15. B \\[x\\](y)](0015-b.md)\n\n"
		  "Supersedes [3. A](0003-a.md)\n\n"
		  "Supersedes [4. A](0004-a.md)\n\n## Context\n",
		  "\n## Decision\n", "\n## Consequences\n" } },
		{ RECORD_HYBRID, { "# 12. Keep the hosted API\n\n"
		  "* Status: superseded by [0015-b](0015-b.md)\n",
		  "\nDate: 2026-11-24\n\n## Status\n\nSuperseded\n",
		  "\n## Links\n" } },
	};
	struct decision_record d = superseded();

	(void)arg;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char *s = formatted(t[i].f, &d);

		for (int k = 0; k < 6 && t[i].want[k]; k++)
			holds(s, t[i].want[k]);
		free(s);
	}
}

/* Readers split names at commas and tags at blanks. */
static void lists_hold_one_thing_an_item(void **arg)
{
	struct decision_record d = report_fixture_decision();
	char *s;

	(void)arg;
	d.deciders = (const char *const[]){ "Doe, Jo", " ", "<b>", NULL };
	d.tags = (const char *const[]){ "AI Cost!", "x_y", "--", NULL };
	s = formatted(RECORD_LOG4BRAINS, &d);
	holds(s, "\n- Deciders: Doe; Jo, &lt;b>\n");
	holds(s, "\n- Tags: ai-cost, x-y, tag\n");
	free(s);
}

/* --- refusals --------------------------------------------------------- */

static void refused(struct decision_record d, const char *why)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	assert_false(report_record(&b, RECORD_MADR, report_fixture(), &d, &err));
	assert_non_null(strstr(err.item[0].text, why));
	assert_int_equal(b.len, 0);
	err_clear(&err);
	buf_release(&b);
}

static void what_is_not_there_is_refused(void **arg)
{
	struct decision_record d = report_fixture_decision();

	(void)arg;
	d.model = "chess";
	refused(d, "chess");
	d = report_fixture_decision();
	d.option = "nothing";
	refused(d, "nothing");
	d = report_fixture_decision();
	d.date = "2026-02-30";
	refused(d, "no date");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_front_matter_is_plain),
		cmocka_unit_test(names_are_no_markup_in_the_front_matter),
		cmocka_unit_test(without_a_status_it_is_proposed),
		cmocka_unit_test(the_sections_are_those_of_madr),
		cmocka_unit_test(the_page_is_tidy),
		cmocka_unit_test(the_outcome_names_a_considered_option),
		cmocka_unit_test(without_a_reason_the_figures_give_one),
		cmocka_unit_test(the_words_fit_the_figures),
		cmocka_unit_test(nothing_that_can_be_taken_is_said),
		cmocka_unit_test(it_holds_what_a_reviewer_needs),
		cmocka_unit_test(the_unmeasured_comes_first),
		cmocka_unit_test(digests_stand_in_sight_and_for_programs),
		cmocka_unit_test(markup_becomes_text),
		cmocka_unit_test(no_line_opens_a_block),
		cmocka_unit_test(typed_text_stays_text),
		cmocka_unit_test(tags_are_dead_in_the_page),
		cmocka_unit_test(a_command_cannot_end_its_block),
		cmocka_unit_test(an_odd_status_is_none),
		cmocka_unit_test(links_lead_both_ways),
		cmocka_unit_test(lists_hold_one_thing_an_item),
		cmocka_unit_test(what_is_not_there_is_refused),
	};

	return cmocka_run_group_tests_name("report_madr", tests, NULL, NULL);
}
