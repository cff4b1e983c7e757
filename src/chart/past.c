/*
 * The verdict over time: options as rows, revisions as columns; the letter of
 * the option that was advised, a capital where it was best in 85 % of draws.
 *
 *	A Call an API   A A a
 *	B Host a model        b B
 *	                r1    r5
 */
#include "chart/chart.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "chart/words.h"
#include "base/banned.h"

#define NAMES 12
#define SURE 0.85

struct names { const char *name[NAMES]; int n; };

static const char *shown(const struct verdict_step *s)
{
	return s->option ? s->option : "none can be taken";
}

static int index_of(struct names *k, const char *name)
{
	for (int i = 0; i < k->n; i++)
		if (strcmp(k->name[i], name) == 0)
			return i;
	if (k->n == NAMES)
		return NAMES - 1;
	k->name[k->n] = name;
	return k->n++;
}

static void draw_step(struct grid *g, struct rect r, int x, int row,
                      const struct verdict_step *s)
{
	char c = chart_series_letter(row);

	if (s->probability >= SURE)
		c = (char)(c - 'a' + 'A');
	grid_put(g, r, x, r.y + row, (unsigned char)c, chart_series_role(row));
}

static void draw_labels(struct grid *g, struct rect r, int left, int y,
                        const struct verdict_step *s, int n, int step)
{
	int last = r.x + left + (n - 1) * step;
	int w = utf8_width(s[n - 1].label);

	grid_text(g, r, r.x + left, y, ROLE_AXIS, s[0].label);
	if (last - w + 1 > r.x + left + utf8_width(s[0].label) + 1)
		grid_text(g, r, last - w + 1, y, ROLE_AXIS, s[n - 1].label);
}

void chart_past(struct grid *g, struct rect r, const struct verdict_step *s,
                int n)
{
	struct names k = { .n = 0 };
	int left = r.w / 3 > 30 ? 30 : r.w / 3, step, y;

	if (n < 1 || r.w < 24 || r.h < 3) {
		struct buf b = BUF_INIT;

		chart_past_text(&b, s, n);
		grid_wrap(g, r, ROLE_TEXT, b.s);
		buf_release(&b);
		return;
	}
	if (n > r.w - left) {   /* the newest ones */
		s += n - (r.w - left);
		n = r.w - left;
	}
	step = n < 2 ? 1 : (r.w - left - 1) / (n - 1);
	step = step > 6 ? 6 : step < 1 ? 1 : step;
	for (int i = 0; i < n; i++) {
		int row = index_of(&k, shown(&s[i]));

		if (row < r.h - 1)
			draw_step(g, r, r.x + left + i * step, row, &s[i]);
	}
	for (y = 0; y < k.n && y < r.h - 1; y++)
		grid_textf(g, (struct rect){ r.x, r.y + y, left - 1, 1 }, r.x,
		           r.y + y, chart_series_role(y), "%c %s",
		           chart_series_letter(y) - 'a' + 'A', k.name[y]);
	draw_labels(g, r, left, r.y + y, s, n, step);
}

void chart_past_text(struct buf *out, const struct verdict_step *s, int n)
{
	int from = 0, flips = 0;

	if (n < 1) {
		buf_add(out, "No revision was saved yet.");
		return;
	}
	for (int i = 1; i <= n; i++) {
		if (i < n && strcmp(shown(&s[i]), shown(&s[from])) == 0)
			continue;
		buf_addf(out, "%s%s", flips++ ? "; from " : "From ",
		         s[from].label);
		buf_addf(out, ": %s", shown(&s[from]));
		from = i;
	}
	if (isfinite(s[n - 1].probability)) {
		buf_add(out, "; now best with probability ");
		num_prob(out, s[n - 1].probability);
	}
	buf_addc(out, '.');
}
