/*
 * The interview, the palette, keys of one's own and config.yaml, over a made-up
 * result: goldens, and what the reducer does with their keys.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "../golden/golden.h"
#include "../golden/screen.h"
#include "tui/config.h"
#include "tui/help.h"
#include "tui/view.h"

/* --- states of the interview ------------------------------------------------ */

static const char *const models[] = { "small", "large" };
static const char *const titles[] = { "a small model will do",
                                      "only a large one will do" };

static const struct question how_much = {
	.state = QUESTION_ASK, .row = 0, .name = "build-vs-buy.staff",
	.title = "People for your own hosting",
	.ask = "How many people would look after the machines?",
	.holds = "1 to 2.5, about 1.6", .example = "1 to 2.5",
	.source = "assumption: a placeholder", .unit = "FTE",
	.worth = 12300, .worth_se = 200, .money = "USD", .answered = 3,
};
static const struct question which = {
	.state = QUESTION_ASK, .row = 0, .name = "build-vs-buy.need",
	.title = "Need", .ask = "Which is true of you: Need?",
	.holds = "small 60 %, large 40 %", .source = "", .unit = "",
	.worth = 800, .money = "USD", .nchoices = 2, .choice = models,
	.choice_title = titles,
};
static const struct question done = {
	.state = QUESTION_DONE, .worth = NAN, .answered = 5,
	.unsaid = "Requests per day 80k to 120k, about 100k",
	.unsaid_name = "requests_per_day",
};
static const struct question unknown = {
	.state = QUESTION_DONE, .worth = NAN, .unknown = 2, .money = "USD",
	.unknown_title = "GPU utilisation", .unknown_worth = 9100,
};
static const struct question small = {
	.state = QUESTION_DONE, .worth = NAN, .answered = 2, .small = 500,
	.small_money = "USD",
};
static const struct question waiting = { .state = QUESTION_WAIT };
static const struct question nothing = { .state = QUESTION_NOTHING };

enum extra { PLAIN, PREVIEW, WRONG, TRAILED };

static const struct {
	const char *name;
	int w, h;
	bool ascii, all;
	const struct question *q;
	enum extra extra;
} asks[] = {
	{ "ask-80x24", 80, 24, false, false, &how_much, PLAIN },
	{ "ask-140x40", 140, 40, false, false, &how_much, PREVIEW },
	{ "ask-140x40-ascii", 140, 40, true, true, &how_much, PREVIEW },
	{ "ask-40x10", 40, 10, false, false, &how_much, PLAIN },
	{ "ask-preview-80x24", 80, 24, false, false, &how_much, PREVIEW },
	{ "ask-preview-40x10", 40, 10, false, false, &how_much, PREVIEW },
	{ "ask-wrong-80x24", 80, 24, false, false, &how_much, WRONG },
	{ "ask-wrong-40x10", 40, 10, false, false, &how_much, WRONG },
	{ "ask-trail-80x24", 80, 24, false, true, &how_much, TRAILED },
	{ "ask-choice-80x24", 80, 24, false, false, &which, PLAIN },
	{ "ask-choice-40x10", 40, 10, false, false, &which, PLAIN },
	{ "ask-done-80x24", 80, 24, false, false, &done, TRAILED },
	{ "ask-done-40x10", 40, 10, false, true, &done, PLAIN },
	{ "ask-unknown-80x24", 80, 24, false, false, &unknown, PLAIN },
	{ "ask-small-80x24", 80, 24, false, false, &small, PLAIN },
	{ "ask-wait-80x24", 80, 24, false, false, &waiting, PLAIN },
	{ "ask-nothing-80x24", 80, 24, false, false, &nothing, PLAIN },
};
#define ASKS (sizeof asks / sizeof *asks)

static struct preview some_law(void)
{
	struct preview p = { .known = true, .low = 0.8, .high = 3.1,
	                     .mean = 1.65, .p5 = 1, .p95 = 2.5 };

	for (int i = 0; i < PREVIEW_COLUMNS; i++) {
		double t = (i - 11) / 7.0;

		p.column[i] = exp(-t * t / 2);
	}
	return p;
}

static void put_extra(struct state *st, enum extra extra)
{
	const char *typed = extra == WRONG ? "2.5 to 1" : "1 to 2.5";

	if (extra == PREVIEW || extra == WRONG)
		editor_insert(&st->editor, typed);
	if (extra == PREVIEW)
		st->preview = some_law();
	if (extra == WRONG)
		st->field_error = strdup("the interval's second end is below "
		                         "its first: write the smaller number "
		                         "first");
	if (extra == TRAILED) {
		st->trail[0].p[st->question.row] = 0.52;
		st->trail[1].p[st->question.row] = 0.71;
		st->ntrail = 2;
	}
}

static void interview(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < ASKS; i++) {
		struct state st;
		struct grid g;
		char name[64];

		screen_init(&st, asks[i].w, asks[i].h, asks[i].ascii);
		screen_key(&st, "i");
		assert_int_equal(st.mode, MODE_ASK);
		st.question = *asks[i].q;
		st.ask_all = asks[i].all;
		put_extra(&st, asks[i].extra);
		grid_init(&g, 1, 1, asks[i].ascii);
		view_draw(&st, &g);
		snprintf(name, sizeof name, "screen-%s", asks[i].name);
		golden_check(&g, name);
		grid_release(&g);
		screen_release(&st);
	}
}

/* The open field of the form shows the law of what is typed. */
static void field_preview(void **arg)
{
	static const struct { const char *name; int w, h; bool ascii; } at[] = {
		{ "screen-law-80x24", 80, 24, false },
		{ "screen-law-80x24-ascii", 80, 24, true },
		{ "screen-law-140x40", 140, 40, false },
		{ "screen-law-40x10", 40, 10, false },
	};

	(void)arg;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct state st;
		struct grid g;

		screen_init(&st, at[i].w, at[i].h, at[i].ascii);
		screen_key(&st, "Enter");
		st.preview = some_law();
		grid_init(&g, 1, 1, at[i].ascii);
		view_draw(&st, &g);
		golden_check(&g, at[i].name);
		grid_release(&g);
		screen_release(&st);
	}
}

/* Any size at all draws every state, and parks the cursor inside. */
static void any_size(void **arg)
{
	struct event ev = { .kind = EV_RESIZE };
	struct grid g;

	(void)arg;
	grid_init(&g, 1, 1, false);
	for (size_t i = 0; i < ASKS; i++) {
		struct state st;

		screen_init(&st, 80, 24, false);
		screen_key(&st, "i");
		st.question = *asks[i].q;
		put_extra(&st, asks[i].extra);
		for (ev.w = 1; ev.w <= 150; ev.w += ev.w < 45 ? 3 : 11)
			for (ev.h = 1; ev.h <= 45; ev.h += ev.h < 14 ? 1 : 5) {
				reduce(&st, &ev);
				view_draw(&st, &g);
				assert_true(g.cursor_x < ev.w &&
				            g.cursor_y < ev.h);
			}
		screen_release(&st);
	}
	grid_release(&g);
}

/* Where nothing can be asked, keys of the interview change nothing. */
static void keys_without_a_question(void **arg)
{
	static const char *const keys[] = { "Tab", "Enter", "x", "Enter",
	                                    "S-Tab", "^T", "PgUp", "F5" };
	struct state st;

	(void)arg;
	screen_init(&st, 80, 24, false);
	screen_key(&st, "F2");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		screen_key(&st, keys[i]);
	assert_int_equal(st.mode, MODE_ASK);
	assert_int_equal(st.history.n, 0);
	assert_true(st.ask_all);
	screen_key(&st, "Esc");
	assert_int_equal(st.mode, MODE_NORMAL);
	screen_release(&st);
}

/* --- palette ------------------------------------------------------------------ */

static void type(struct state *st, const char *text)
{
	char key[2] = { 0 };

	for (; *text; text++) {
		key[0] = *text;
		screen_key(st, *text == ' ' ? "Space" : key);
	}
}

static void palette(void **arg)
{
	static const struct { const char *name, *typed; int w, h; } at[] = {
		{ "screen-palette-80x24", "", 80, 24 },
		{ "screen-palette-find-80x24", "un", 80, 24 },
		{ "screen-palette-set-80x24", "staff = 2", 80, 24 },
		{ "screen-palette-40x10", "zoom", 40, 10 },
	};

	(void)arg;
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct state st;
		struct grid g;

		screen_init(&st, at[i].w, at[i].h, false);
		screen_key(&st, ":");
		type(&st, at[i].typed);
		grid_init(&g, 1, 1, false);
		view_draw(&st, &g);
		golden_check(&g, at[i].name);
		grid_release(&g);
		screen_release(&st);
	}
}

static void palette_runs_by_name(void **arg)
{
	struct state st;

	(void)arg;
	screen_init(&st, 80, 24, false);
	screen_key(&st, ":");
	type(&st, "zoom");
	screen_key(&st, "Enter");
	assert_int_equal(st.mode, MODE_NORMAL);
	assert_true(st.zoomed);
	screen_key(&st, ":");
	type(&st, "open agent");
	screen_key(&st, "Enter");
	assert_true(st.want & WANT_OPEN);
	assert_string_equal(st.open_ref, "agent");
	screen_key(&st, ":");
	type(&st, "no such thing");
	screen_key(&st, "Enter");
	assert_int_equal(st.mode, MODE_PALETTE);
	screen_release(&st);
}

/* --- config.yaml -------------------------------------------------------------- */

static void config_is_read(void **arg)
{
	struct config c;
	struct err err = ERR_INIT;
	uint32_t key;

	(void)arg;
	assert_true(config_read_text(&c, "keys:\n  undo: F5\n  save: [s, F6]\n"
	                             "theme: 8\nascii: true\nmouse: false\n",
	                             "config.yaml", &err));
	assert_int_equal(c.colors, 8);
	assert_true(c.ascii && c.no_mouse);
	assert_true(key_parse("F5", &key));
	assert_int_equal(keymap_action(&c.keys, key), ACT_UNDO);
	assert_true(key_parse("F6", &key));
	assert_int_equal(keymap_action(&c.keys, key), ACT_SAVE);
	assert_int_equal(keymap_action(&c.keys, 'u'), ACT_N);
	assert_int_equal(keymap_action(&c.keys, 'q'), ACT_QUIT);
}

/* The key bar and the help say the keys that hold. */
static void own_keys_are_shown(void **arg)
{
	struct buf glyphs = BUF_INIT, roles = BUF_INIT;
	struct state st;
	struct grid g;

	(void)arg;
	screen_init(&st, 80, 24, false);
	assert_true(keymap_set(&st.keys, ACT_UNDO, 0, "F5"));
	assert_false(keymap_set(&st.keys, ACT_UNDO, 0, "nonsense"));
	grid_init(&g, 1, 1, false);
	view_draw(&st, &g);
	grid_print(&g, &glyphs, &roles);
	assert_non_null(strstr(glyphs.s, "F5 Undo"));
	buf_clear(&glyphs);
	screen_key(&st, "F1");
	view_draw(&st, &g);
	grid_print(&g, &glyphs, &roles);
	assert_non_null(strstr(glyphs.s, "F5"));
	grid_release(&g);
	buf_release(&glyphs);
	buf_release(&roles);
	screen_release(&st);
}

static void config_findings(void **arg)
{
	static const struct { const char *text, *said; int line; } bad[] = {
		{ "keys:\n  unod: u\n", "no action `unod`", 2 },
		{ "keys:\n  undo: Backspce\n", "is no key", 2 },
		{ "keys:\n  undo: [a, F7, F8]\n", "at most 2", 2 },
		{ "keys:\n  undo: q\n", "the key of quit", 2 },
		{ "keys: u\n", "a map of actions", 1 },
		{ "theme: solar\n", "no theme `solar`", 1 },
		{ "layout: tall\n", "no layout `tall`", 1 },
		{ "colour: 8\n", "colour", 1 },
		{ "ascii: perhaps\n", "ascii", 1 },
	};

	(void)arg;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct config c;
		struct err err = ERR_INIT;

		assert_false(config_read_text(&c, bad[i].text, "config.yaml",
		                              &err));
		assert_true(err.n > 0);
		assert_non_null(strstr(err.item[0].text, bad[i].said));
		assert_string_equal(err.item[0].file, "config.yaml");
		assert_int_equal(err.item[0].line, bad[i].line);
		err_clear(&err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interview),
		cmocka_unit_test(field_preview),
		cmocka_unit_test(any_size),
		cmocka_unit_test(keys_without_a_question),
		cmocka_unit_test(palette),
		cmocka_unit_test(palette_runs_by_name),
		cmocka_unit_test(config_is_read),
		cmocka_unit_test(own_keys_are_shown),
		cmocka_unit_test(config_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
