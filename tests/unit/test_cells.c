/*
 * The grid: clipping, wide characters, harmless text, the two glyph sets,
 * braille and bars.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "cells/cells.h"

static const struct rect all = { 0, 0, 20, 5 };

/* Row y of the glyph plane, or of the role plane. */
static void row_is(const struct grid *g, int y, bool roles, const char *want)
{
	struct buf plane[2] = { BUF_INIT, BUF_INIT };
	const char *p;
	char got[256];
	size_t n;

	grid_print(g, &plane[0], &plane[1]);
	p = plane[roles].s;
	while (y-- > 0)
		p = strchr(p, '\n') + 1;
	n = strcspn(p, "\n");
	assert_true(n < sizeof got);
	memcpy(got, p, n);
	got[n] = '\0';
	assert_string_equal(got, want);
	buf_release(&plane[0]);
	buf_release(&plane[1]);
}

static void clips_to_rectangle(void **arg)
{
	struct grid g;
	struct rect r = { 2, 1, 4, 2 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	grid_fill(&g, all, '.', ROLE_TEXT);
	for (int y = -3; y < 9; y++)
		for (int x = -3; x < 25; x++)
			grid_put(&g, r, x, y, '#', ROLE_BEST);
	row_is(&g, 0, false, "....................");
	row_is(&g, 1, false, "..####..............");
	row_is(&g, 2, false, "..####..............");
	row_is(&g, 3, false, "....................");
	grid_release(&g);
}

static void rectangle_may_leave_grid(void **arg)
{
	struct grid g;
	struct rect r = { 17, 3, 40, 40 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	grid_fill(&g, r, '#', ROLE_TEXT);
	assert_int_equal(grid_text(&g, r, 18, 4, ROLE_TEXT, "abcdef"), 2);
	row_is(&g, 3, false, "                 ###");
	row_is(&g, 4, false, "                 #a\u2026");
	grid_frame(&g, (struct rect){ -5, -5, 60, 60 }, "t", "n", true);
	grid_role(&g, (struct rect){ -5, -5, 60, 60 }, ROLE_DIM);
	grid_resize(&g, 0, 0);
	grid_put(&g, all, 0, 0, 'x', ROLE_TEXT);
	grid_release(&g);
}

static void cuts_with_ellipsis(void **arg)
{
	struct grid g;
	struct rect r = { 1, 0, 6, 1 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	assert_int_equal(grid_text(&g, r, 1, 0, ROLE_TEXT, "abcdef"), 6);
	row_is(&g, 0, false, " abcdef");
	assert_int_equal(grid_text(&g, r, 1, 0, ROLE_TEXT, "abcdefg"), 6);
	row_is(&g, 0, false, " abcde\u2026");
	g.ascii = true;
	assert_int_equal(grid_text(&g, r, 1, 0, ROLE_TEXT, "abcdefg"), 6);
	row_is(&g, 0, false, " abcde~");
	grid_release(&g);
}

static void makes_text_harmless(void **arg)
{
	struct grid g;

	(void)arg;
	grid_init(&g, 20, 5, false);
	grid_text(&g, all, 0, 0, ROLE_TEXT, "a\033[2Jb\nc");
	row_is(&g, 0, false, "a\\x1b[2Jb c");
	grid_put(&g, all, 0, 1, 0x07, ROLE_TEXT);
	grid_put(&g, all, 1, 1, 0x9b, ROLE_TEXT);
	row_is(&g, 1, false, "??");
	for (int i = 0; i < g.w * g.h; i++)
		assert_true(g.cell[i].cp >= 32 || g.cell[i].cp == 0);
	grid_release(&g);
}

/* U+6F22 and U+5B57 are two columns each (Unicode East Asian Width W). */
static void wide_characters(void **arg)
{
	struct grid g;
	struct rect r = { 0, 0, 5, 1 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	assert_int_equal(grid_text(&g, all, 0, 0, ROLE_TEXT, "\u6f22\u5b57x"),
	                 5);
	row_is(&g, 0, false, "\u6f22\u5b57x");
	row_is(&g, 0, true, ".....");
	grid_put(&g, all, 1, 0, 'y', ROLE_TEXT);        /* halves its left */
	row_is(&g, 0, false, " y\u5b57x");
	grid_put(&g, all, 2, 0, 'z', ROLE_TEXT);        /* and its right */
	row_is(&g, 0, false, " yz x");
	/* no half of a wide character at the right border */
	grid_put(&g, r, 4, 0, 0x6f22, ROLE_TEXT);
	row_is(&g, 0, false, " yz x");
	grid_release(&g);
}

static void combining_marks(void **arg)
{
	struct grid g;

	(void)arg;
	grid_init(&g, 20, 5, false);
	assert_int_equal(grid_text(&g, all, 0, 0, ROLE_TEXT, "ne\u0301e"), 3);
	row_is(&g, 0, false, "ne\u0301e");
	grid_release(&g);
}

static void ascii_has_no_other_byte(void **arg)
{
	struct grid g;

	(void)arg;
	grid_init(&g, 20, 5, true);
	for (int i = 0; i < GLYPH_N; i++)
		assert_in_range(glyph_get(&g, (enum glyph)i), 33, 126);
	grid_text(&g, all, 0, 0, ROLE_TEXT, "caf\u00e9 \u2013 \u6f22 \u2265");
	row_is(&g, 0, false, "cafe - ? >");
	grid_frame(&g, (struct rect){ 0, 1, 20, 3 }, "T\u00fcr", NULL, true);
	for (int i = 0; i < g.w * g.h; i++)
		assert_in_range(g.cell[i].cp, 32, 126);
	grid_release(&g);
}

static void frame_says_focus_without_colour(void **arg)
{
	struct grid g;
	struct rect in;

	(void)arg;
	grid_init(&g, 20, 5, false);
	in = grid_frame(&g, all, "Title", "note", true);
	assert_int_equal(in.x, 1);
	assert_int_equal(in.y, 1);
	assert_int_equal(in.w, 18);
	assert_int_equal(in.h, 3);
	row_is(&g, 0, false, "\u250c\u2500\u25b8Title \u2500\u2500\u2500\u2500"
	       "\u2500\u2500\u2500\u2500\u2500\u2500\u2510");
	row_is(&g, 4, true, "bbbbbbbbbbbbddddddbb");
	grid_release(&g);
}

/* A line over the whole canvas from corner to corner: 2x4 dots a cell. */
static void braille_line(void **arg)
{
	struct grid g;
	const double x[] = { 0, 1 }, y[] = { 0, 1 };
	struct rect r = { 0, 0, 2, 1 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	grid_dots(&g, r, x, y, 2, 0, 1, 0, 1, ROLE_SERIES_A, 'a');
	/* dots (0,3) (1,2) | (2,1) (3,0): bits 0x40 0x20 | 0x02 0x08 */
	assert_int_equal(g.cell[0].cp, 0x2800 + 0x40 + 0x20);
	assert_int_equal(g.cell[1].cp, 0x2800 + 0x02 + 0x08);
	grid_release(&g);
}

static void ascii_lines_meet_in_a_star(void **arg)
{
	struct grid g;
	const double x[] = { 0, 1 }, up[] = { 0, 1 }, down[] = { 1, 0 };
	struct rect r = { 0, 0, 5, 5 };

	(void)arg;
	grid_init(&g, 20, 5, true);
	grid_dots(&g, r, x, up, 2, 0, 1, 0, 1, ROLE_SERIES_A, 'a');
	grid_dots(&g, r, x, down, 2, 0, 1, 0, 1, ROLE_SERIES_B, 'h');
	row_is(&g, 0, false, "h   a");
	row_is(&g, 2, false, "  *");
	row_is(&g, 4, false, "a   h");
	grid_release(&g);
}

static void no_number_breaks_the_line(void **arg)
{
	struct grid g;
	const double x[] = { 0, 0.4, 0.5, 0.6, 1 };
	const double y[] = { 0.5, 0.5, (double)NAN, 0.5, 0.5 };
	struct rect r = { 0, 0, 11, 1 };

	(void)arg;
	grid_init(&g, 20, 5, true);
	grid_dots(&g, r, x, y, 5, 0, 1, 0, 1, ROLE_SERIES_A, 'a');
	row_is(&g, 0, false, "aaaaa aaaaa");
	/* a range of no width draws nothing and divides by nothing */
	grid_dots(&g, r, x, y, 5, 1, 1, 0, 1, ROLE_SERIES_A, 'a');
	grid_release(&g);
}

static void bars_in_eighths(void **arg)
{
	struct grid g;
	static const uint32_t part[] = { ' ', 0x258f, 0x258e, 0x258d, 0x258c,
	                                 0x258b, 0x258a, 0x2589 };

	(void)arg;
	grid_init(&g, 20, 5, false);
	for (int e = 0; e < 8; e++) {
		grid_clear(&g);
		grid_bar(&g, all, 0, 0, 2 + e / 8.0, ROLE_UP, false);
		assert_int_equal(g.cell[1].cp, 0x2588);
		assert_int_equal(g.cell[2].cp, part[e]);
	}
	grid_bar(&g, all, 0, 1, 1e9, ROLE_UP, false);   /* clipped, and ends */
	grid_bar(&g, all, 0, 2, (double)NAN, ROLE_UP, false);
	row_is(&g, 2, false, "");
	grid_release(&g);
}

static void wraps_words(void **arg)
{
	struct grid g;
	struct rect r = { 0, 0, 8, 3 };

	(void)arg;
	grid_init(&g, 20, 5, true);
	assert_int_equal(grid_wrap(&g, r, ROLE_TEXT, "one two three"), 2);
	row_is(&g, 0, false, "one two");
	row_is(&g, 1, false, "three");
	grid_clear(&g);
	assert_int_equal(grid_wrap(&g, r, ROLE_TEXT,
	                           "unbreakableword and more and more"), 3);
	row_is(&g, 0, false, "unbreaka");
	row_is(&g, 1, false, "bleword");
	row_is(&g, 2, false, "and mor~");
	grid_release(&g);
}

/* Without colour no two roles of one sort may look the same unless a word or
 * glyph tells them apart; what carries a state by its look alone must not be
 * plain. */
static void roles_keep_their_meaning_in_mono(void **arg)
{
	(void)arg;
	assert_int_equal(role_look[ROLE_FOCUS].mono, LOOK_REVERSE);
	assert_int_equal(role_look[ROLE_FIELD].mono, LOOK_UNDERLINE);
	for (int i = 0; i < ROLE_N; i++)
		for (int k = 0; k < i; k++)
			assert_int_not_equal(role_letter[i], role_letter[k]);
}

static void svg_is_well_formed(void **arg)
{
	struct grid g;
	struct buf b = BUF_INIT;
	int open = 0;

	(void)arg;
	grid_init(&g, 20, 5, false);
	grid_text(&g, all, 0, 0, ROLE_TEXT, "<&> \u2588\u2800\u2550 a");
	grid_svg(&g, &b);
	assert_non_null(strstr(b.s, "&lt;&amp;&gt;"));
	assert_null(strstr(b.s, "<&>"));
	for (const char *p = b.s; *p; p++) {
		open += *p == '<';
		open -= *p == '>';
		assert_in_range(open, 0, 1);
	}
	assert_int_equal(open, 0);
	buf_release(&b);
	grid_release(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clips_to_rectangle),
		cmocka_unit_test(rectangle_may_leave_grid),
		cmocka_unit_test(cuts_with_ellipsis),
		cmocka_unit_test(makes_text_harmless),
		cmocka_unit_test(wide_characters),
		cmocka_unit_test(combining_marks),
		cmocka_unit_test(ascii_has_no_other_byte),
		cmocka_unit_test(frame_says_focus_without_colour),
		cmocka_unit_test(braille_line),
		cmocka_unit_test(ascii_lines_meet_in_a_star),
		cmocka_unit_test(no_number_breaks_the_line),
		cmocka_unit_test(bars_in_eighths),
		cmocka_unit_test(wraps_words),
		cmocka_unit_test(roles_keep_their_meaning_in_mono),
		cmocka_unit_test(svg_is_well_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
