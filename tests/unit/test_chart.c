/*
 * Charts from a made-up result, as goldens in three sizes and both glyph sets;
 * and what must hold of axes and sentences whatever the picture.
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
#include "chart/axis.h"
#include "chart/chart.h"
#include "../golden/golden.h"
#include "../golden/sample.h"

static const struct { int w, h; } sizes[] = {
	{ 40, 6 }, { 56, 10 }, { 78, 18 },
};

static void draw_curve(struct grid *g, struct rect r)
{
	struct chart_options o = { .log_y = true, .band = true, .lead = 0 };

	chart_curve(g, r, sample_curve(), sample_tradeoff()->break_even, &o);
}

static void draw_linear(struct grid *g, struct rect r)
{
	struct chart_options o = { .lead = -1 };

	chart_curve(g, r, sample_curve(), NULL, &o);
}

static void draw_tornado(struct grid *g, struct rect r)
{
	chart_tornado(g, r, sample_tradeoff());
}

static void draw_density(struct grid *g, struct rect r)
{
	chart_density(g, r, sample_tradeoff()->break_even);
}

static void draw_options(struct grid *g, struct rect r)
{
	chart_options_table(g, r, sample_tradeoff());
}

static void draw_frontier(struct grid *g, struct rect r)
{
	chart_frontier(g, r, sample_frontier());
}

static void draw_waterfall(struct grid *g, struct rect r)
{
	chart_waterfall(g, r, sample_comparison(), 0, 0);
}

/* Through zero, and one change that contributes nothing. */
static void draw_below_zero(struct grid *g, struct rect r)
{
	chart_waterfall(g, r, sample_comparison(), 0, 1);
}

static void draw_past(struct grid *g, struct rect r)
{
	int n;
	const struct verdict_step *s = sample_steps(&n);

	chart_past(g, r, s, n);
}

static void draw_cursor(struct grid *g, struct rect r)
{
	struct frontier_cursor c = { 0.9, 0.9 };

	chart_frontier_at(g, r, sample_frontier(), &c);
}

static const struct {
	const char *name;
	void (*draw)(struct grid *g, struct rect r);
} charts[] = {
	{ "curve", draw_curve }, { "linear", draw_linear },
	{ "tornado", draw_tornado }, { "density", draw_density },
	{ "options", draw_options }, { "frontier", draw_frontier },
	{ "cursor", draw_cursor }, { "waterfall", draw_waterfall },
	{ "below-zero", draw_below_zero }, { "past", draw_past },
};
#define CHARTS (sizeof charts / sizeof *charts)

/* Two cells of margin all round: nothing may be drawn there. */
static void margin_is_blank(const struct grid *g)
{
	for (int y = 0; y < g->h; y++)
		for (int x = 0; x < g->w; x++)
			if (x < 2 || y < 2 || x >= g->w - 2 || y >= g->h - 2)
				assert_int_equal(g->cell[y * g->w + x].cp,
				                 ' ');
}

static void goldens(void **arg)
{
	(void)arg;
	for (size_t c = 0; c < CHARTS; c++)
		for (size_t s = 0; s < 3; s++)
			for (int ascii = 0; ascii < 2; ascii++) {
				int w = sizes[s].w, h = sizes[s].h;
				struct grid g;
				char name[64];

				grid_init(&g, w + 4, h + 4, ascii);
				charts[c].draw(&g, (struct rect){ 2, 2, w, h });
				margin_is_blank(&g);
				snprintf(name, sizeof name, "chart-%s-%dx%d%s",
				         charts[c].name, w, h,
				         ascii ? "-ascii" : "");
				golden_check(&g, name);
				grid_release(&g);
			}
}

/* Every size from nothing up: no chart may leave its rectangle or trip. */
static void any_size(void **arg)
{
	struct grid g;

	(void)arg;
	grid_init(&g, 54, 24, false);
	for (size_t c = 0; c < CHARTS; c++)
		for (int w = 0; w <= 50; w++)
			for (int h = 0; h <= 20; h++) {
				grid_clear(&g);
				charts[c].draw(&g, (struct rect){ 2, 2, w, h });
				margin_is_blank(&g);
			}
	grid_release(&g);
}

static int count(const struct grid *g, enum role role)
{
	int n = 0;

	for (int i = 0; i < g->w * g->h; i++)
		n += g->cell[i].role == role && g->cell[i].cp != ' ';
	return n;
}

/* Infeasible points leave a gap and no trace of a number that is none. */
static void gaps_and_nothing_at_all(void **arg)
{
	struct curve c = *sample_curve();
	double nan[61 * 4];
	struct chart_options o = { .log_y = true, .band = true, .lead = 1 };
	struct grid g;

	(void)arg;
	for (int i = 0; i < 61 * 4; i++)
		nan[i] = i < 61 ? c.mean[i] : (double)NAN;
	c.mean = c.p5 = c.p95 = nan;
	grid_init(&g, 60, 14, false);
	chart_curve(&g, (struct rect){ 0, 0, 60, 14 }, &c, NULL, &o);
	assert_true(count(&g, ROLE_SERIES_A) > 20);
	assert_int_equal(count(&g, ROLE_SERIES_B), 0);
	assert_int_equal(count(&g, ROLE_BAND), 0);
	for (int i = 0; i < 61; i++)
		nan[i] = (double)NAN;
	grid_clear(&g);
	chart_curve(&g, (struct rect){ 0, 0, 60, 14 }, &c, NULL, &o);
	chart_curve(&g, (struct rect){ 0, 0, 60, 14 }, NULL, NULL, &o);
	grid_release(&g);
}

static void many_crossings_say_first_and_last(void **arg)
{
	struct break_even be = sample_tradeoff()->break_even[0];
	struct crossing x[9];
	struct buf b = BUF_INIT;

	(void)arg;
	for (int i = 0; i < 9; i++)
		x[i] = (struct crossing){ 1.2e6 + 2e5 * i, CROSS_JUMP, 0, 2 };
	be.crossing = x;
	be.ncrossings = 9;
	chart_curve_text(&b, sample_curve(), &be);
	assert_non_null(strstr(b.s, "9 break-evens: 1.2M request/day"));
	assert_non_null(strstr(b.s, "2.8M request/day"));
	buf_release(&b);
}

static void sentences(void **arg)
{
	struct buf b = BUF_INIT;

	(void)arg;
	chart_density_text(&b, sample_tradeoff()->break_even);
	assert_string_equal(b.s, "Break-even of requests per day: half of the "
		"crossings below 1.96M request/day, 90 % between 1.37M and "
		"2.85M; never in 12 % of the draws.");
	buf_clear(&b);
	chart_tornado_text(&b, sample_tradeoff());
	assert_string_equal(b.s, "What moves the answer most: platform staff; "
		"GPU utilisation; tokens per GPU second. 1 of them can flip "
		"the advice.");
	buf_clear(&b);
	chart_density_text(&b, NULL);
	assert_non_null(strstr(b.s, "No distribution"));
	buf_release(&b);
}

static void sentences_of_change(void **arg)
{
	struct frontier_cursor c = { 0.25, 0.5 };
	struct buf b = BUF_INIT;
	int n;
	const struct verdict_step *s = sample_steps(&n);

	(void)arg;
	chart_waterfall_text(&b, sample_comparison(), 0, 0);
	assert_string_equal(b.s, "Build vs buy, what is advised costs: from "
		"500k USD to 342k USD; price_in@api_closed -260k, "
		"requests_per_day +90k, staff +12k.");
	buf_clear(&b);
	chart_waterfall_text(&b, sample_comparison(), 0, 2);
	assert_non_null(strstr(b.s, "there is none on both sides"));
	buf_clear(&b);
	chart_waterfall_text(&b, NULL, 0, 0);
	assert_non_null(strstr(b.s, "Nothing to compare"));
	buf_clear(&b);
	chart_past_text(&b, s, n);
	assert_string_equal(b.s, "From r1: Host an open model; from r3: none "
		"can be taken; from r4: Call a closed API; now best with "
		"probability 0.93.");
	buf_clear(&b);
	chart_past_text(&b, s, 0);
	assert_non_null(strstr(b.s, "No revision"));
	buf_clear(&b);
	/* a quarter along 1k to 100k on a log axis: 1000 * 100^0.25 = 3162 */
	chart_frontier_cursor_text(&b, sample_frontier(), &c);
	assert_string_equal(b.s, "requests per day 3162 request/day, GPU hour 3 "
		"USD/h: Call an API is best on average, and in 50 % of draws");
	buf_release(&b);
}

/* The lines of the sample cross: who was above is below at the end. */
static void figures_say_who_overtakes(void **arg)
{
	struct buf b = BUF_INIT;

	(void)arg;
	chart_figure_text(&b, sample_curve());
	assert_non_null(strstr(b.s, "requests per day, 10k to 10M "
	                       "request/day"));
	assert_non_null(strstr(b.s, "is below"));
	buf_clear(&b);
	chart_figure_text(&b, NULL);
	assert_non_null(strstr(b.s, "No figure"));
	buf_release(&b);
}

static void axis_ticks(void **arg)
{
	struct axis a;
	struct buf b = BUF_INIT;

	(void)arg;
	axis_fit(&a, 1e4, 1e7, true, 4);
	assert_int_equal(a.nticks, 4);
	assert_float_equal(a.tick[3], 1e7, 1);
	assert_float_equal(axis_at(&a, 1e4), 0, 1e-12);
	assert_float_equal(axis_at(&a, 1e7), 1, 1e-12);
	assert_float_equal(axis_value(&a, 1.0 / 3), 1e5, 1e-6);
	assert_true(isnan(axis_at(&a, 0)));
	assert_true(isnan(axis_at(&a, -5)));
	axis_label(&b, &a, 1e5);
	assert_string_equal(b.s, "100k");
	axis_fit(&a, 0, 10, false, 6);
	assert_int_equal(a.nticks, 6);
	assert_float_equal(a.tick[1], 2, 1e-12);
	axis_fit(&a, 5, 5, false, 4);           /* no width */
	assert_true(a.low < 5 && a.high > 5);
	axis_fit(&a, -1, 10, true, 4);          /* no logarithm */
	assert_false(a.log);
	for (int i = 0; i < a.nticks; i++)
		assert_true(a.tick[i] >= -1 && a.tick[i] <= 10);
	buf_release(&b);
}

/* Lines stand where the scales put them; titles are text, whatever they hold. */
static void frontier_drawing(void **arg)
{
	struct buf b = BUF_INIT;

	(void)arg;
	chart_frontier_svg(&b, sample_frontier());
	/* x = 10k of 1k to 100k is half of 640 units beside 70; y from end to
	 * end is 440 units below 16 */
	assert_non_null(strstr(b.s, "points=\"390.00,456.00 390.00,16.00\" "
	                       "stroke=\"#222222\""));
	assert_non_null(strstr(b.s, "Host &lt;small&gt; &amp; own</text>"));
	assert_null(strstr(b.s, "<small>"));
	assert_non_null(strstr(b.s, "stroke-dasharray=\"9 3\""));
	assert_non_null(strstr(b.s, "you are here"));
	buf_clear(&b);
	chart_frontier_text(&b, sample_frontier());
	assert_string_equal(b.s, "Over requests per day from 1000 to 100k "
	                    "request/day and GPU hour from 1 to 5 USD/h: Call "
	                    "an API is best in 50 %, Host <small> & own is "
	                    "best in 38 % of the map; in 12 % none can be "
	                    "taken; where you stand it is Call an API.");
	buf_clear(&b);
	chart_frontier_text(&b, NULL);
	assert_string_equal(b.s, "No map of two parameters yet.");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(frontier_drawing),
		cmocka_unit_test(any_size),
		cmocka_unit_test(gaps_and_nothing_at_all),
		cmocka_unit_test(many_crossings_say_first_and_last),
		cmocka_unit_test(sentences),
		cmocka_unit_test(sentences_of_change),
		cmocka_unit_test(figures_say_who_overtakes),
		cmocka_unit_test(axis_ticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
