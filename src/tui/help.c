#include "tui/help.h"

#include <string.h>

#include "base/buf.h"
#include "tui/layout.h"
#include "base/banned.h"

static bool matches(const struct action_info *a, const char *word)
{
	return !*word || strcasestr(a->help, word) ||
	       strcasestr(a->label, word) || strcasestr(a->key[0], word) ||
	       strcasestr(a->cli, word);
}

enum action help_action(const struct state *st, int row)
{
	for (int a = 0; a < ACT_N; a++)
		if (matches(&actions[a], st->editor.text.s) && row-- == 0)
			return (enum action)a;
	return ACT_N;
}

int help_count(const struct state *st)
{
	int n = 0;

	for (int a = 0; a < ACT_N; a++)
		n += matches(&actions[a], st->editor.text.s);
	return n;
}

static void draw_entry(struct grid *g, struct rect r, int y,
                       const struct action_info *a, bool selected)
{
	struct rect line = { r.x, y, r.w, 1 }, clip = line;
	bool wide = r.w >= 96;

	grid_textf(g, line, line.x + 1, y, ROLE_KEY, "%s%s%s", a->key[0],
	           *a->key[1] ? " " : "", a->key[1]);
	clip.w = wide ? r.w - 40 : r.w;
	grid_text(g, clip, r.x + 15, y, ROLE_TEXT, a->help);
	if (wide)
		grid_text(g, line, r.x + r.w - 38, y, ROLE_DIM, a->cli);
	if (!selected)
		return;
	grid_put(g, line, r.x, y, glyph_get(g, GLYPH_POINTER), ROLE_FOCUS);
	grid_role(g, line, ROLE_FOCUS);
}

static struct rect overlay(const struct state *st)
{
	int w = st->w > 110 ? 110 : st->w, n = ACT_N + 4;
	int h = st->h - 2 > n ? n : st->h - 2;

	return (struct rect){ (st->w - w) / 2, 1 + (st->h - 2 - h) / 2, w, h };
}

void help_draw(const struct state *st, struct grid *g)
{
	struct rect r = overlay(st), in, find;
	int n = help_count(st), top;

	grid_fill(g, r, ' ', ROLE_TEXT);
	in = grid_frame(g, r, "Help", "type to search  Enter runs  Esc closes",
	                true);
	find = rect_top(&in, 1);
	grid_text(g, find, find.x + 1, find.y, ROLE_DIM, "search");
	find.x += 15;
	find.w -= 16;
	top = layout_scroll(st->help_selected, in.h, n);
	for (int i = 0; i < in.h && top + i < n; i++)
		draw_entry(g, in, in.y + i,
		           &actions[help_action(st, top + i)],
		           top + i == st->help_selected);
	if (n == 0)
		grid_text(g, in, in.x + 1, in.y, ROLE_DIM,
		          "nothing has this word");
	editor_draw(&st->editor, g, find);
}
