#include "tui/help.h"

#include <glob.h>
#include <string.h>

#include "base/buf.h"
#include "tui/layout.h"
#include "base/banned.h"

static bool matches(const struct state *st, enum action a)
{
	const char *word = st->editor.text.s;
	char name[ACTION_NAME_MAX];

	action_spell(a, name);
	return !*word || strcasestr(actions[a].help, word) ||
	       strcasestr(actions[a].label, word) || strstr(name, word) ||
	       strcasestr(st->keys.key[a][0], word) ||
	       strcasestr(actions[a].cli, word);
}

enum action help_action(const struct state *st, int row)
{
	for (int a = 0; a < ACT_N; a++)
		if (matches(st, (enum action)a) && row-- == 0)
			return (enum action)a;
	return ACT_N;
}

int help_count(const struct state *st)
{
	int n = 0;

	for (int a = 0; a < ACT_N; a++)
		n += matches(st, (enum action)a);
	return n;
}

/* The help begins with the key, the palette with the name. */
static void draw_entry(const struct state *st, struct grid *g, struct rect r,
                       int y, enum action a, bool selected)
{
	struct rect line = { r.x, y, r.w, 1 }, clip = line;
	const char (*key)[KEY_NAME_MAX] = st->keys.key[a];
	char name[ACTION_NAME_MAX];
	bool wide = r.w >= 96;

	action_spell(a, name);
	if (st->mode == MODE_PALETTE)
		grid_text(g, line, line.x + 1, y, ROLE_KEY, name);
	else
		grid_textf(g, line, line.x + 1, y, ROLE_KEY, "%s%s%s", key[0],
		           *key[1] ? " " : "", key[1]);
	clip.w = wide ? r.w - 40 : r.w;
	grid_text(g, clip, r.x + 15, y, ROLE_TEXT, actions[a].help);
	if (wide)
		grid_text(g, line, r.x + r.w - 38, y, ROLE_DIM,
		          actions[a].cli);
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

int help_row(const struct state *st, int x, int y)
{
	struct rect r = overlay(st);
	struct rect in = { r.x + 1, r.y + 2, r.w - 2, r.h - 3 };
	int n = help_count(st);
	int row = layout_scroll(st->help_selected, in.h, n) + y - in.y;

	return rect_holds(in, x, y) && row < n ? row : -1;
}

void help_draw(const struct state *st, struct grid *g)
{
	struct rect r = overlay(st), in, find;
	int n = help_count(st), top;
	bool palette = st->mode == MODE_PALETTE;

	grid_fill(g, r, ' ', ROLE_TEXT);
	in = grid_frame(g, r, palette ? "Command" : "Help", palette
	                ? "or NAME = VALUE  open SCENARIO  Enter runs"
	                : "type to search  Enter runs  Esc closes", true);
	find = rect_top(&in, 1);
	grid_text(g, find, find.x + 1, find.y, ROLE_DIM,
	          palette ? ":" : "search");
	find.x += 15;
	find.w -= 16;
	top = layout_scroll(st->help_selected, in.h, n);
	for (int i = 0; i < in.h && top + i < n; i++)
		draw_entry(st, g, in, in.y + i, help_action(st, top + i),
		           top + i == st->help_selected);
	if (n == 0)
		grid_text(g, in, in.x + 1, in.y, ROLE_DIM, !palette
		          ? "nothing has this word"
		          : strchr(st->editor.text.s, '=')
		          ? "Enter sets the parameter"
		          : strncmp(st->editor.text.s, "open ", 5) == 0
		          ? "Enter opens the scenario"
		          : strncmp(st->editor.text.s, "spend ", 6) == 0
		          ? "Enter reads the log"
		          : strncmp(st->editor.text.s, "write ", 6) == 0
		          ? "Enter writes the file" : "no such action");
	editor_draw(&st->editor, g, find);
}

/* How many bytes all of them have in common. */
static size_t common(const glob_t *g)
{
	size_t n = strlen(g->gl_pathv[0]);

	for (size_t i = 1; i < g->gl_pathc; i++)
		for (size_t k = 0; k < n; k++)
			if (g->gl_pathv[i][k] != g->gl_pathv[0][k])
				n = k;
	return n;
}

static void say_ways_on(struct state *st, const glob_t *g)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < g->gl_pathc && i < 6; i++) {
		const char *name = g->gl_pathv[i];
		size_t n = strlen(name), from = n;

		while (from > 0 && (from == n || name[from - 1] != '/'))
			from--;
		buf_addf(&b, "%s  ", name + from);
	}
	state_say(st, false, "%s%s", b.s, g->gl_pathc > 6 ? "..." : "");
	buf_release(&b);
}

void palette_complete(struct state *st)
{
	const char *word = strchr(st->editor.text.s, ' ');
	struct buf pattern = BUF_INIT, line = BUF_INIT;
	glob_t g;

	if (!word)
		return;
	buf_addf(&pattern, "%s*", word + 1);
	if (glob(pattern.s, GLOB_MARK | GLOB_TILDE, NULL, &g) == 0) {
		buf_addn(&line, st->editor.text.s,
		         (size_t)(word + 1 - st->editor.text.s));
		buf_addn(&line, g.gl_pathv[0], common(&g));
		editor_release(&st->editor);
		editor_init(&st->editor, line.s);
		if (g.gl_pathc > 1)
			say_ways_on(st, &g);
		globfree(&g);
	} else {
		state_say(st, true, "no file begins so");
	}
	buf_release(&pattern);
	buf_release(&line);
}
