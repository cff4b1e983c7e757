/*
 * The panels over a made-up screen: goldens in four sizes and both glyph sets,
 * folding, fields, what a panel keeps from the screen below it.
 */
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
#include "result/comparison.h"
#include "store/decisions.h"
#include "../golden/golden.h"
#include "../golden/sample.h"
#include "../golden/screen.h"
#include "tui/panel.h"
#include "tui/view.h"

static const char *const nobody[] = { NULL };
static const char *const ann[] = { "Ann", "Bo", NULL };

static struct decision_info *decisions(void)
{
	static struct decision_info d[3];

	d[0] = (struct decision_info){ .number = 3, .scenario = "support-bot",
		.model = "build-vs-buy", .option = "api_open",
		.revision = "0123456789abcdef", .revision_number = 7,
		.waived = nobody, .tags = nobody, .deciders = nobody,
		.status = DECISION_PROPOSED, .changed = 1795000000,
		.nevents = 1 };
	d[1] = d[0];
	d[1].number = 2;
	d[1].status = DECISION_ACCEPTED;
	d[1].because = "cheap enough, and we keep a way back";
	d[1].deciders = ann;
	d[1].advice = "api_closed";
	d[1].review = "2027-03-01";
	d[1].nevents = 2;
	d[2] = d[0];
	d[2].number = 1;
	d[2].status = DECISION_SUPERSEDED;
	d[2].superseded_by = 2;
	return d;
}

static struct revision_info *revisions(void)
{
	static struct revision_info r[5];

	for (int i = 0; i < 5; i++)
		r[i] = (struct revision_info){ .scenario = "support-bot",
			.number = 5 - i, .created = 1795000000 - i * 864000,
			.message = i == 1 ? "after the load test" : "" };
	return r;
}

static const struct verdict_step *newest_first(void)
{
	static struct verdict_step step[5];
	const struct verdict_step *old;
	int n;

	old = sample_steps(&n);
	for (int i = 0; i < n; i++)
		step[i] = old[n - 1 - i];
	return step;
}

static struct spend *log_spend(void)
{
	static char from[] = "evidence/spend.jsonl";
	static struct spend s;

	s = (struct spend){ .m = sample_import(), .from = from };
	return &s;
}

/* Results that jobs and the store would bring; not the panel's to free. */
static void fill(struct panels *p)
{
	p->explain = (struct explanation *)(uintptr_t)sample_explanation();
	p->compare = (struct comparison *)(uintptr_t)sample_comparison();
	p->map = (struct frontier *)(uintptr_t)sample_frontier();
	p->curve = (struct curve *)(uintptr_t)sample_curve();
	p->decision = decisions();
	p->ndecisions = 3;
	p->cursor_x = p->cursor_y = 0.75;
	p->value = sample_valued();
	p->plan = sample_plan();
	p->spend = log_spend();
	p->field[FIELD_BUDGET] = xstrdup("9000 USD");
	p->revision = revisions();
	p->nrevisions = 5;
	p->step_of = (struct verdict_step *)(uintptr_t)newest_first();
}

static void empty(struct panels *p)
{
	p->explain = NULL;
	p->compare = NULL;
	p->map = NULL;
	p->curve = NULL;
	p->value = NULL;
	p->plan = NULL;
	p->spend = NULL;
}

static void begin(struct state *st, int w, int h, bool ascii)
{
	screen_init(st, w, h, ascii);
	fill(&st->panels);
}

static void end(struct state *st)
{
	empty(&st->panels);
	screen_release(st);
}

static const struct { const char *name, *key[9]; } panels[] = {
	{ "why", { "S-Tab", "y", "Down", "Right", "Down", "" } },
	{ "compare", { "c", "Down", "" } },
	{ "map", { "m", "Left", "" } },
	{ "decide", { "D", "Right", "" } },
	{ "because", { "D", "Down", "Enter", "w", "" } },
	{ "decisions", { "L", "Down", "" } },
	{ "export", { "E", "Right", "" } },
	{ "plan", { "p", "Down", "" } },
	{ "plan-found", { "p", "/", "n", "e", "e", "d", "Enter", "" } },
	{ "value", { "v", "Down", "Down", "Down", "" } },
	{ "past", { "h", "Down", "" } },
	{ "figure", { "f", "" } },
	{ "spend", { "$", "Down", "" } },
	{ "spend-days", { "$", "Tab", "" } },
	{ "spend-month", { "$", "z", "" } },
	{ "compare-find", { "c", "/", "p", "r", "i", "" } },
	{ "working", { "c", "" } },
	{ "review", { "D", "Down", "Down", "Down", "Enter", "x", "Enter",
	              "" } },
	{ "asked", { "A", "Down", "" } },
	{ "new", { "n", "Enter", "b", "o", "t", "Enter", "Down", "" } },
	{ "new-wrong", { "n", "Enter", "a", "/", "b", "Enter", "" } },
};
#define PANELS (sizeof panels / sizeof *panels)

static const struct { int w, h; bool ascii; } sizes[] = {
	{ 80, 24, false }, { 80, 24, true }, { 140, 40, false },
	{ 40, 10, false }, { 140, 40, true }, { 60, 16, false },
	{ 100, 30, false },
};
#define SIZES (sizeof sizes / sizeof *sizes)

static void goldens(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < PANELS; i++)
		for (size_t s = 0; s < SIZES; s++) {
			struct state st;
			struct grid g;
			char name[64];

			begin(&st, sizes[s].w, sizes[s].h, sizes[s].ascii);
			for (int k = 0; *panels[i].key[k]; k++)
				screen_key(&st, panels[i].key[k]);
			if (strcmp(panels[i].name, "working") == 0)
				st.panels.progress = 0.4;
			grid_init(&g, 1, 1, sizes[s].ascii);
			view_draw(&st, &g);
			snprintf(name, sizeof name, "panel-%s-%dx%d%s",
			         panels[i].name, sizes[s].w, sizes[s].h,
			         sizes[s].ascii ? "-ascii" : "");
			golden_check(&g, name);
			grid_release(&g);
			end(&st);
		}
}

/* Any panel draws in any size and parks the cursor inside. */
static void any_size(void **arg)
{
	static const char *const key[] = {
		"y", "v", "p", "c", "h", "D", "L", "E", "f", "m", "n", "A", "$",
	};
	struct event ev = { .kind = EV_RESIZE };
	struct grid g;

	(void)arg;
	grid_init(&g, 1, 1, false);
	for (size_t k = 0; k < sizeof key / sizeof *key; k++) {
		struct state st;

		begin(&st, 80, 24, false);
		screen_key(&st, key[k]);
		assert_true(st.panels.open != PANEL_NONE);
		for (ev.w = 1; ev.w <= 130; ev.w += ev.w < 45 ? 1 : 17)
			for (ev.h = 1; ev.h <= 45; ev.h += ev.h < 14 ? 1 : 5) {
				reduce(&st, &ev);
				screen_key(&st, "Down");
				view_draw(&st, &g);
				assert_true(g.cursor_x < ev.w);
				assert_true(g.cursor_y < ev.h);
			}
		screen_key(&st, "Esc");
		if (st.panels.job != PANEL_NONE)
			screen_key(&st, "Esc");
		assert_int_equal(st.panels.open, PANEL_NONE);
		end(&st);
	}
	grid_release(&g);
}

static void a_tree_folds(void **arg)
{
	struct state st;

	(void)arg;
	begin(&st, 80, 24, false);
	screen_key(&st, "y");
	assert_int_equal(st.panels.n, 3);       /* the root and its parts */
	screen_key(&st, "Down");
	screen_key(&st, "Right");
	assert_int_equal(st.panels.n, 4);
	assert_non_null(strstr(st.panels.line[2].left, "price_in[api_closed]"));
	screen_key(&st, "Right");               /* it is open */
	assert_int_equal(st.panels.n, 4);
	screen_key(&st, "Left");
	assert_int_equal(st.panels.n, 3);
	screen_key(&st, "Enter");
	assert_int_equal(st.panels.n, 4);
	end(&st);
}

/* Headings stay with what is found below them; Esc shows all again. */
static void lists_are_searched(void **arg)
{
	struct state st;
	int all;

	(void)arg;
	begin(&st, 80, 24, false);
	screen_key(&st, "c");
	all = st.panels.n;
	screen_key(&st, "/");
	assert_int_equal(st.mode, MODE_FIND);
	screen_key(&st, "1");
	screen_key(&st, "8");
	screen_key(&st, "0");
	assert_in_range(st.panels.n, 2, all - 1);
	assert_int_equal(st.panels.line[0].item, -1);
	assert_non_null(strstr(st.panels.line[1].left, "180k -> 210k"));
	screen_key(&st, "Enter");
	assert_int_equal(st.panels.selected, 1);
	screen_key(&st, "Esc");
	assert_int_equal(st.panels.n, all);
	assert_int_equal(st.panels.open, PANEL_COMPARE);
	/* a tree is searched below what is folded */
	screen_key(&st, "y");
	screen_key(&st, "/");
	screen_key(&st, "p");
	screen_key(&st, "r");
	screen_key(&st, "i");
	assert_non_null(strstr(st.panels.line[0].left, "price_in[api_closed]"));
	screen_key(&st, "Esc");
	assert_int_equal(st.panels.n, 3);
	end(&st);
}

/* Keys of the form below do nothing; what is for the whole screen works. */
static void keys_stay_in_the_panel(void **arg)
{
	struct state st;
	int row;

	(void)arg;
	begin(&st, 80, 24, false);
	row = st.form_selected;
	screen_key(&st, "c");
	screen_key(&st, "Down");
	screen_key(&st, "d");
	screen_key(&st, "Right");
	assert_int_equal(st.form_selected, row);
	screen_key(&st, "D");                   /* fields: no list to search */
	screen_key(&st, "/");
	assert_int_equal(st.mode, MODE_NORMAL);
	screen_key(&st, "F1");
	assert_int_equal(st.mode, MODE_HELP);
	screen_key(&st, "Esc");
	screen_key(&st, "L");                   /* another panel in its place */
	assert_int_equal(st.panels.open, PANEL_DECISIONS);
	screen_key(&st, "L");                   /* its key closes it, too */
	assert_int_equal(st.panels.open, PANEL_NONE);
	end(&st);
}

static void fields_take_text(void **arg)
{
	struct event paste = { .kind = EV_PASTE, .text = "two\nlines" };
	struct state st;

	(void)arg;
	begin(&st, 80, 24, false);
	screen_key(&st, "D");
	screen_key(&st, "Right");               /* the advice, then the next */
	assert_non_null(st.panels.field[FIELD_OPTION]);
	screen_key(&st, "Down");
	screen_key(&st, "Enter");
	assert_int_equal(st.mode, MODE_FIELD);
	screen_key(&st, "q");                   /* a letter, no command */
	reduce(&st, &paste);
	screen_key(&st, "Enter");
	assert_int_equal(st.mode, MODE_NORMAL);
	assert_string_equal(st.panels.field[FIELD_BECAUSE], "qtwo lines");
	screen_key(&st, "Enter");
	screen_key(&st, "x");
	screen_key(&st, "Esc");                 /* leaves it as it was */
	assert_string_equal(st.panels.field[FIELD_BECAUSE], "qtwo lines");
	assert_int_equal(st.want & WANT_QUIT, 0);
	end(&st);
}

static void the_cursor_walks_the_map(void **arg)
{
	struct state st;

	(void)arg;
	begin(&st, 80, 24, false);
	screen_key(&st, "m");
	for (int i = 0; i < 50; i++) {
		screen_key(&st, "Right");
		screen_key(&st, "Down");
	}
	assert_true(st.panels.cursor_x == 1 && st.panels.cursor_y == 0);
	assert_non_null(strstr(st.panels.line[0].left, "100k request/day"));
	screen_key(&st, "Home");                /* 4k of 1k to 100k */
	assert_float_equal(st.panels.cursor_x, 0.30103, 1e-5);
	assert_float_equal(st.panels.cursor_y, 0.25, 1e-12);
	end(&st);
}

static void clicks_choose_lines(void **arg)
{
	struct event ev = { .kind = EV_CLICK };
	struct state st;
	struct layout l;

	(void)arg;
	begin(&st, 80, 24, false);
	screen_key(&st, "L");
	l = layout_of(&st);
	ev.x = l.panel.x + 5;
	ev.y = l.panel.y + 3;
	reduce(&st, &ev);
	assert_int_equal(st.panels.selected, 2);
	for (ev.y = -1; ev.y < 26; ev.y++)
		for (ev.x = -1; ev.x < 82; ev.x += 7)
			reduce(&st, &ev);
	end(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(any_size),
		cmocka_unit_test(a_tree_folds),
		cmocka_unit_test(lists_are_searched),
		cmocka_unit_test(keys_stay_in_the_panel),
		cmocka_unit_test(fields_take_text),
		cmocka_unit_test(the_cursor_walks_the_map),
		cmocka_unit_test(clicks_choose_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
