/*
 * What a curve shows, as sentences.
 */
#include "chart/chart.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "chart/words.h"
#include "base/banned.h"

static void add_winner(struct buf *out, const struct curve *c, int option)
{
	buf_addf(out, "\"%s\"", words_option(c->option, c->noptions, option));
}

static void add_ends(struct buf *out, const struct curve *c)
{
	int low = curve_winner(c, 0), high = curve_winner(c, c->n - 1);

	add_winner(out, c, low);
	if (low == high) {
		buf_add(out, " costs least at both ends");
		return;
	}
	buf_add(out, " costs least at the low end, ");
	add_winner(out, c, high);
	buf_add(out, " at the high end");
}

static void add_crossings(struct buf *out, const struct break_even *be)
{
	static const char *const word[] = { "never", "always" };

	if (be->state == BREAK_CROSSINGS && be->ncrossings > 0) {
		buf_addf(out, "; %d break-even%s: ", be->ncrossings,
		         be->ncrossings == 1 ? "" : "s");
		for (int i = 0; i < be->ncrossings && i < 3; i++) {
			buf_add(out, i ? ", " : "");
			words_quantity(out, be->crossing[i].at, be->unit);
		}
		if (be->ncrossings > 3) {
			buf_add(out, " ... ");
			words_quantity(out, be->crossing[be->ncrossings - 1].at,
			               be->unit);
		}
	} else if (be->state != BREAK_UNDEFINED && !be->pair) {
		buf_add(out, "; no break-even in this range");
	} else if (be->state == BREAK_NEVER || be->state == BREAK_ALWAYS) {
		buf_addf(out, "; the rival %s wins in this range",
		         word[be->state == BREAK_ALWAYS]);
	}
}

/* An objective's name is an identifier: "npv_cost" -> "NPV cost". */
static void add_objective(struct buf *out, const char *name)
{
	size_t n = strcspn(name, "_");

	if (name[n] == '_' && n <= 3)
		for (size_t i = 0; i < n; i++)
			buf_addc(out, (char)(name[i] >= 'a' && name[i] <= 'z'
			                     ? name[i] - 'a' + 'A' : name[i]));
	else
		buf_addn(out, name, n);
	for (const char *p = name + n; *p; p++)
		buf_addc(out, *p == '_' ? ' ' : *p);
}

void chart_curve_title(struct buf *out, const struct curve *c)
{
	add_objective(out, c->y_title);
	buf_add(out, " by ");
	chart_title(out, c->title);
}

/* "Cost over Requests per day, 10k to 1M request/day" */
static void add_range(struct buf *out, const struct curve *c)
{
	chart_curve_title(out, c);
	buf_add(out, ", ");
	words_quantity(out, c->x[0], NULL);
	buf_add(out, " to ");
	words_quantity(out, c->x[c->n - 1], c->unit);
}

void chart_curve_text(struct buf *out, const struct curve *c,
                      const struct break_even *be)
{
	if (!c || c->n < 2) {
		buf_add(out, "No curve: nothing was evaluated yet.");
		return;
	}
	add_range(out, c);
	buf_add(out, ": ");
	add_ends(out, c);
	if (be)
		add_crossings(out, be);
	if (isfinite(c->here)) {
		buf_add(out, "; you are at ");
		words_quantity(out, c->here, NULL);
	}
	buf_addc(out, '.');
}

/* The last place from which `b` lies below `a` to the end, having lain above
 * before; -1: none. */
static int overtakes(const struct curve *c, int a, int b)
{
	int i = c->n - 1;

	while (i >= 0 && c->mean[b * c->n + i] < c->mean[a * c->n + i])
		i--;
	return i < 0 || i == c->n - 1 ? -1 : i + 1;
}

static void add_overtaking(struct buf *out, const struct curve *c)
{
	int told = 0;

	for (int a = 0; a < c->noptions; a++)
		for (int b = 0; b < c->noptions && told < 3; b++) {
			int i = overtakes(c, a, b);

			if (i < 0 || !isfinite(c->mean[a * c->n + i - 1]))
				continue;
			buf_addf(out, "%s\"%s\" is below \"%s\" from ",
			         told++ ? ", " : "; ", c->option[b],
			         c->option[a]);
			words_quantity(out, c->x[i], c->unit);
			buf_add(out, " on");
		}
}

void chart_figure_text(struct buf *out, const struct curve *c)
{
	if (!c || c->n < 2) {
		buf_add(out, "No figure: nothing was evaluated yet.");
		return;
	}
	add_range(out, c);
	for (int o = 0; o < c->noptions; o++) {
		double from = c->mean[o * c->n];
		double to = c->mean[o * c->n + c->n - 1];

		buf_addf(out, "%s%s ", o ? ", " : ": ", c->option[o]);
		if (!isfinite(from) && !isfinite(to)) {
			buf_add(out, "none");
			continue;
		}
		words_quantity(out, from, NULL);
		buf_add(out, " to ");
		words_quantity(out, to, c->y_unit);
	}
	add_overtaking(out, c);
	buf_addc(out, '.');
}
