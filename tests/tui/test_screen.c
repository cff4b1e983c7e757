/*
 * The reducer and the views over a made-up result: goldens of whole screens,
 * every size, the action table, the editor, the undo log.
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
#include "../golden/golden.h"
#include "../golden/screen.h"
#include "tui/help.h"
#include "tui/view.h"

/* Keys of one test, up to "". */
#define KEYS 12
static const struct {
	const char *name;
	int w, h;
	bool ascii;
	const char *key[KEYS];
} screens[] = {
	{ "main-80x24", 80, 24, false, { "" } },
	{ "main-80x24-ascii", 80, 24, true, { "" } },
	{ "main-140x40", 140, 40, false, { "" } },
	{ "main-140x40-ascii", 140, 40, true, { "" } },
	{ "main-100x30", 100, 30, false, { "" } },
	{ "main-40x10", 40, 10, false, { "" } },
	{ "main-60x16", 60, 16, false, { "" } },
	{ "tiny-39x10", 39, 10, false, { "" } },
	{ "tiny-20x5", 20, 5, false, { "" } },
	{ "curve-40x10", 40, 10, false, { "Tab", "" } },
	{ "drivers-40x10", 40, 10, false, { "Tab", "Tab", "" } },
	{ "curve-60x16", 60, 16, false, { "Tab", "" } },
	{ "drivers-80x24", 80, 24, false, { "Tab", "" } },
	{ "options-80x24", 80, 24, false, { "Tab", "Tab", "" } },
	{ "density-80x24", 80, 24, false, { "Tab", "Tab", "Tab", "" } },
	{ "zoom-form-80x24", 80, 24, false, { "z", "" } },
	{ "zoom-curve-80x24", 80, 24, false, { "S-Tab", "z", "" } },
	{ "linear-80x24", 80, 24, false, { "l", "b", "" } },
	{ "down-80x24", 80, 24, false, { "Down", "Down", "Down", "Down", "" } },
	{ "last-80x24", 80, 24, false, { "End", "" } },
	{ "trades-80x24", 80, 24, false, { "S-Tab", "S-Tab", "" } },
	{ "saved-80x24", 80, 24, false, { "o", "Down", "Down", "" } },
	{ "edit-80x24", 80, 24, false, { "Enter", "" } },
	{ "edit-40x10", 40, 10, false, { "Enter", "^U", "5", "" } },
	{ "edit-last-80x24", 80, 24, false, { "End", "Enter", "" } },
	{ "find-80x24", 80, 24, false, { "/", "g", "p", "u", "" } },
	{ "help-80x24", 80, 24, false, { "F1", "" } },
	{ "help-140x40", 140, 40, false, { "F1", "Down", "" } },
	{ "help-40x10", 40, 10, false, { "F1", "" } },
	{ "help-search-80x24", 80, 24, false, { "?", "u", "n", "d", "o", "" } },
};
#define SCREENS (sizeof screens / sizeof *screens)

static void goldens(void **arg)
{
	(void)arg;
	for (size_t i = 0; i < SCREENS; i++) {
		struct state st;
		struct grid g;
		char name[64];

		screen_init(&st, screens[i].w, screens[i].h, screens[i].ascii);
		for (int k = 0; *screens[i].key[k]; k++)
			screen_key(&st, screens[i].key[k]);
		grid_init(&g, 1, 1, screens[i].ascii);
		view_draw(&st, &g);
		snprintf(name, sizeof name, "screen-%s", screens[i].name);
		golden_check(&g, name);
		grid_release(&g);
		screen_release(&st);
	}
}

/* The screen with a message, an error in a field, stale and running. */
static void states_of_work(void **arg)
{
	struct state st;
	struct grid g;

	(void)arg;
	grid_init(&g, 1, 1, false);
	screen_init(&st, 80, 24, false);
	st.unsaved = st.kept = true;
	st.trade[0].full.tried--;
	st.progress = 0.4;
	state_say(&st, false, "saved as support-bot r8");
	view_draw(&st, &g);
	golden_check(&g, "screen-refining-80x24");
	st.gen++;
	st.progress = -1;
	state_say(&st, true, "requests_per_day: P5 must be below P95");
	view_draw(&st, &g);
	golden_check(&g, "screen-stale-80x24");
	screen_key(&st, "Enter");
	st.field_error = strdup("column 4: `20k to 10k`: the 5 % point must be "
	                        "below the 95 % point");
	view_draw(&st, &g);
	golden_check(&g, "screen-field-error-80x24");
	grid_release(&g);
	screen_release(&st);
}

static bool row_holds(const struct grid *g, int y, const char *word)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	const char *p;
	char *line;
	bool found;

	grid_print(g, &a, &b);
	p = a.s;
	while (y-- > 0)
		p = strchr(p, '\n') + 1;
	line = strndup(p, strcspn(p, "\n"));
	found = strstr(line, word) != NULL;
	free(line);
	buf_release(&a);
	buf_release(&b);
	return found;
}

/* Any size draws; from 40x10 on the verdict, Help and Quit are in sight. */
static void any_size(void **arg)
{
	struct state st;
	struct grid g;
	struct event ev = { .kind = EV_RESIZE };

	(void)arg;
	screen_init(&st, 80, 24, false);
	grid_init(&g, 1, 1, false);
	for (ev.w = 1; ev.w <= 150; ev.w += ev.w < 45 ? 1 : 5)
		for (ev.h = 1; ev.h <= 50; ev.h += ev.h < 12 ? 1 : 3) {
			reduce(&st, &ev);
			screen_key(&st, "Tab");
			view_draw(&st, &g);
			assert_int_equal(g.w, ev.w);
			assert_true(g.cursor_x < ev.w && g.cursor_y < ev.h);
			if (ev.w < 40 || ev.h < 10)
				continue;
			assert_true(row_holds(&g, ev.h - 1, "Help"));
			assert_true(row_holds(&g, ev.h - 1, "Quit"));
			assert_true(row_holds(&g, 1, "Call a") ||
			            row_holds(&g, 2, "Call a"));
		}
	grid_release(&g);
	screen_release(&st);
}

/* Every action can be reached, said and looked up; no key does two things. */
static void action_table(void **arg)
{
	char name[ACTION_NAME_MAX];
	struct keymap map;

	(void)arg;
	keymap_init(&map);
	for (int a = 0; a < ACT_N; a++) {
		uint32_t key;

		action_spell((enum action)a, name);
		assert_int_equal(action_named(name), a);
		assert_true(strlen(name) < 14);
		assert_true(key_parse(actions[a].key[0], &key));
		assert_int_equal(keymap_action(&map, key), a);
		if (*actions[a].key[1]) {
			assert_true(key_parse(actions[a].key[1], &key));
			assert_int_equal(keymap_action(&map, key), a);
		}
		assert_true(strlen(actions[a].help) > 8);
		assert_true(strlen(actions[a].help) <= 62);
		assert_true(strlen(actions[a].cli) > 0);
	}
}

static void keys_have_names(void **arg)
{
	char name[KEY_NAME_MAX];
	uint32_t back;

	(void)arg;
	for (uint32_t k = K_UP; k <= K_F12; k++) {
		key_spell(k, name);
		assert_true(key_parse(name, &back));
		assert_int_equal(back, k);
	}
	for (uint32_t k = 1; k < 128; k++) {
		key_spell(k, name);
		assert_true(key_parse(name, &back));
		assert_int_equal(back, k);
	}
	assert_false(key_parse("Nonsense", &back));
	assert_false(key_parse("F13", &back));
	assert_false(key_parse("", &back));
}

static void editor_moves_by_character(void **arg)
{
	struct editor e;

	(void)arg;
	editor_init(&e, "12e\u0301\u6f22");
	assert_true(editor_key(&e, K_BACKSPACE));
	assert_string_equal(e.text.s, "12e\u0301");
	editor_key(&e, K_LEFT);         /* over the letter and its mark */
	assert_int_equal(e.pos, 2);
	editor_key(&e, 'x');
	assert_string_equal(e.text.s, "12xe\u0301");
	editor_key(&e, K_HOME);
	editor_key(&e, K_DELETE);
	assert_string_equal(e.text.s, "2xe\u0301");
	editor_key(&e, K_END);
	editor_insert(&e, " to 5k");
	editor_key(&e, K_CTRL('W'));
	assert_string_equal(e.text.s, "2xe\u0301 to ");
	assert_false(editor_key(&e, K_ENTER));
	assert_false(editor_key(&e, K_ESC));
	editor_key(&e, K_CTRL('U'));
	assert_string_equal(e.text.s, "");
	editor_key(&e, K_BACKSPACE);
	editor_key(&e, K_LEFT);
	editor_release(&e);
}

static void editor_takes_no_control_bytes(void **arg)
{
	struct editor e;
	char big[EDITOR_MAX + 1];

	(void)arg;
	editor_init(&e, "");
	assert_true(editor_insert(&e, "20k\r\nto\t\033[31m25\001 \xff\xc2\x9b"
	                              "9\n"));
	assert_string_equal(e.text.s, "20k to [31m25 9");
	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_false(editor_insert(&e, big));
	assert_string_equal(e.text.s, "20k to [31m25 9");
	editor_release(&e);
}

static void paste_goes_into_the_open_field_only(void **arg)
{
	struct state st;
	struct event ev = { .kind = EV_PASTE, .text = "q\n120k\n" };

	(void)arg;
	screen_init(&st, 80, 24, false);
	reduce(&st, &ev);
	assert_int_equal(st.want, 0);
	assert_true(st.message_bad);
	screen_key(&st, "Enter");
	screen_key(&st, "^U");
	reduce(&st, &ev);
	assert_int_equal(st.mode, MODE_EDIT);
	assert_string_equal(st.editor.text.s, "q 120k");
	screen_release(&st);
}

static void history_survives_its_text(void **arg)
{
	struct history h, back;
	struct buf b = BUF_INIT, first = BUF_INIT;

	(void)arg;
	history_init(&h, "scenario: x\nworkload: {a: 1}\n");
	history_push(&h, "a", "20k to 30k", EDIT_TYPED);
	history_push(&h, "m.b@c", "", EDIT_TYPED);
	history_push(&h, "a", "5", EDIT_NUDGE);
	history_push(&h, "a", "6 7\n8", EDIT_NUDGE);  /* joins the nudge before */
	assert_int_equal(h.n, 3);
	h.pos = 2;
	history_write(&h, NULL, &first);        /* as the first drafts were */
	history_write(&h, "scenario: x\n", &b);
	assert_true(history_read(&back, b.s));
	assert_int_equal(back.n, 3);
	assert_int_equal(back.pos, 2);
	assert_string_equal(back.base, h.base);
	assert_string_equal(back.edit[2].value, "6 7\n8");
	assert_string_equal(back.edit[1].value, "");
	assert_string_equal(back.clean, "scenario: x\n");
	history_release(&back);
	/* every truncation is refused */
	for (size_t n = 0; n < b.len; n++) {
		char *cut = strndup(b.s, n);

		if (history_read(&back, cut)) {
			assert_in_range(n, first.len - 1, first.len);
			assert_null(back.clean);
			history_release(&back);
		}
		free(cut);
	}
	history_push(&h, "c", "1", EDIT_TYPED);      /* what was undone is gone */
	assert_int_equal(h.n, 3);
	assert_string_equal(h.edit[2].name, "c");
	history_release(&h);
	buf_release(&b);
	buf_release(&first);
}

static void click(struct state *st, int x, int y)
{
	struct event ev = { .kind = EV_CLICK, .x = x, .y = y };

	reduce(st, &ev);
}

static void clicks_choose_rows(void **arg)
{
	struct state st;
	struct layout l;

	(void)arg;
	screen_init(&st, 80, 24, false);
	l = layout_of(&st);
	click(&st, l.form.x + 3, l.form.y + 3);
	assert_int_equal(st.form_selected, 2);
	assert_int_equal(st.focus, FOCUS_FORM);
	click(&st, l.saved.x + 3, l.saved.y + 3);
	assert_int_equal(st.focus, FOCUS_SAVED);
	assert_int_equal(st.saved.selected, 2);
	click(&st, l.picture.x + 3, l.picture.y + 3);
	assert_int_equal(st.focus, FOCUS_PICTURE);
	click(&st, 2, 23);              /* F1 in the key bar */
	assert_int_equal(st.mode, MODE_HELP);
	click(&st, 20, 6);              /* a line of it; again runs it */
	assert_int_equal(st.help_selected, 3);
	assert_int_equal(help_action(&st, 3), ACT_NUDGE_UP);
	screen_key(&st, "Home");
	click(&st, 13, 23);             /* Esc, in the bar that it has now */
	assert_int_equal(st.mode, MODE_NORMAL);
	screen_key(&st, "L");
	assert_int_equal(st.panels.open, PANEL_DECISIONS);
	click(&st, 2, 23);
	assert_int_equal(st.panels.open, PANEL_NONE);
	state_say(&st, false, "done");
	click(&st, 66, 23);             /* Help stays beside a message */
	assert_int_equal(st.mode, MODE_HELP);
	assert_null(st.message);
	for (int y = -2; y < 30; y++)
		for (int x = -2; x < 90; x++)
			click(&st, x, y);
	screen_key(&st, "Esc");
	for (int y = -2; y < 30; y++)
		for (int x = -2; x < 90; x++)
			click(&st, x, y);
	screen_release(&st);
}

/* What is chosen and where the focus is shows without any colour. */
static void focus_shows_in_glyphs(void **arg)
{
	struct buf before = BUF_INIT, after = BUF_INIT, roles = BUF_INIT;
	struct state st;
	struct grid g;

	(void)arg;
	screen_init(&st, 80, 24, true);
	grid_init(&g, 1, 1, true);
	for (int f = 0; f < FOCUS_N; f++) {
		view_draw(&st, &g);
		grid_print(&g, &before, &roles);
		screen_key(&st, "S-Tab");
		view_draw(&st, &g);
		grid_print(&g, &after, &roles);
		assert_string_not_equal(before.s, after.s);
		buf_clear(&before);
		buf_clear(&after);
	}
	buf_release(&before);
	buf_release(&after);
	buf_release(&roles);
	grid_release(&g);
	screen_release(&st);
}

static void help_runs_what_it_finds(void **arg)
{
	struct state st;

	(void)arg;
	screen_init(&st, 80, 24, false);
	screen_key(&st, "F1");
	assert_int_equal(help_count(&st), ACT_N);
	for (const char *p = "immutable"; *p; p++) {
		char key[2] = { *p, 0 };

		screen_key(&st, key);
	}
	assert_int_equal(help_count(&st), 1);
	screen_key(&st, "Enter");
	assert_int_equal(st.mode, MODE_NORMAL);
	assert_int_equal(st.want, WANT_SAVE);
	screen_release(&st);
}

static void leaving(void **arg)
{
	struct state st;

	(void)arg;
	screen_init(&st, 80, 24, false);
	screen_key(&st, "Enter");
	screen_key(&st, "q");           /* a letter of the value */
	assert_int_equal(st.want & (WANT_QUIT | WANT_INTERRUPT), 0);
	screen_key(&st, "^C");          /* leaves the field only */
	assert_int_equal(st.want & (WANT_QUIT | WANT_INTERRUPT), 0);
	assert_int_equal(st.mode, MODE_NORMAL);
	screen_key(&st, "q");
	assert_true(st.want & WANT_QUIT);
	screen_release(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(states_of_work),
		cmocka_unit_test(any_size),
		cmocka_unit_test(action_table),
		cmocka_unit_test(keys_have_names),
		cmocka_unit_test(editor_moves_by_character),
		cmocka_unit_test(editor_takes_no_control_bytes),
		cmocka_unit_test(paste_goes_into_the_open_field_only),
		cmocka_unit_test(history_survives_its_text),
		cmocka_unit_test(clicks_choose_rows),
		cmocka_unit_test(focus_shows_in_glyphs),
		cmocka_unit_test(help_runs_what_it_finds),
		cmocka_unit_test(leaving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
