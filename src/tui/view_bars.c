/*
 * The first and the last line: what is open, and what the keys do.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "result/result.h"
#include "tui/view.h"
#include "base/banned.h"

/* 16384 -> "16 384" */
static void add_count(struct buf *b, int64_t n)
{
	if (n >= 1000) {
		add_count(b, n / 1000);
		buf_addf(b, " %03d", (int)(n % 1000));
	} else {
		buf_addf(b, "%d", (int)n);
	}
}

/* All points are drawn; drivers and values of information follow. */
#define DRAWN 0.995

static void add_run(const struct state *st, struct buf *b)
{
	const struct evaluation *e = state_evaluation(st);

	if (state_stale(st))
		buf_add(b, e ? "stale " : "not evaluated ");
	if (e && e->engine.point)
		buf_add(b, "central values");
	else if (e) {
		add_count(b, e->engine.samples);
		buf_add(b, " points");
	}
	if (st->progress >= DRAWN)
		buf_add(b, ", refining: what matters");
	else if (st->progress >= 0)
		buf_addf(b, ", refining %.0f %%", 100 * st->progress);
	else if (e && state_to_refine(st, st->trade_selected))
		buf_add(b, ", to refine");
	if (e)
		buf_addf(b, "  seed %llu", (unsigned long long)e->engine.seed);
}

static void add_name(const struct state *st, struct buf *b)
{
	buf_add(b, st->title ? st->title : "untitled");
	if (st->revision > 0)
		buf_addf(b, " r%d", st->revision);
	if (st->unsaved)
		buf_add(b, "*");
}

void view_title(const struct state *st, struct grid *g, struct rect r)
{
	struct buf b = BUF_INIT, run = BUF_INIT;
	struct rect left = r;
	int w, x;

	add_name(st, &b);
	add_run(st, &run);
	w = utf8_width(run.s) + 1;
	if (r.w - w < 24)       /* the name is worth more than the points */
		w = 0;
	left.w = r.w - w;
	x = 1 + grid_text(g, left, r.x + 1, r.y, ROLE_DIM,
	                  r.w >= 60 ? "steelyard" : "");
	x += x > 1 ? 2 : 0;
	x += grid_text(g, left, r.x + x, r.y, ROLE_TITLE, b.s);
	if (st->panels.before)
		grid_text(g, left, r.x + x + 1, r.y, ROLE_WARN, "what-if");
	else if (st->want & WANT_SAVE)
		grid_text(g, left, r.x + x + 1, r.y, ROLE_DIM, "saving");
	else if (st->unsaved && r.w >= 60)
		grid_text(g, left, r.x + x + 1, r.y, ROLE_DIM,
		          st->kept ? "unsaved, kept as draft" : "unsaved");
	if (w)
		grid_text(g, r, r.x + r.w - w, r.y,
		          state_stale(st) ? ROLE_STALE : ROLE_DIM, run.s);
	buf_release(&b);
	buf_release(&run);
}

/* --- key bar --- */

/* What the keys do while a field is open. */
static const struct field_key {
	enum mode mode;
	const char *key, *label;
} field_keys[] = {
	{ MODE_EDIT, "Enter", "Take" }, { MODE_EDIT, "Esc", "Leave" },
	{ MODE_EDIT, "^U", "Clear" }, { MODE_EDIT, "^W", "Word" },
	{ MODE_FIND, "Enter", "Keep" }, { MODE_FIND, "Esc", "All rows" },
	{ MODE_FIND, "Up/Down", "Move" },
	{ MODE_ASK, "Enter", "Answer" }, { MODE_ASK, "Tab", "I don't know" },
	{ MODE_ASK, "Esc", "Leave" }, { MODE_ASK, "S-Tab", "Back" },
	{ MODE_ASK, "^T", "One or all" },
	{ MODE_FIELD, "Enter", "Take" }, { MODE_FIELD, "Esc", "Leave" },
	{ MODE_PALETTE, "Enter", "Run" }, { MODE_PALETTE, "Esc", "Close" },
	{ MODE_PALETTE, "Up/Down", "Move" }, { MODE_PALETTE, "Tab", "File" },
	{ MODE_HELP, "Enter", "Run" }, { MODE_HELP, "Esc", "Close" },
	{ MODE_HELP, "Up/Down", "Move" },
};

static int item_width(const struct key_item *k)
{
	return utf8_width(k->key) + 1 + utf8_width(k->label) + 2;
}

static int field_items(const struct state *st, struct key_item *item)
{
	int n = 0;

	for (size_t i = 0; i < sizeof field_keys / sizeof *field_keys; i++)
		if (field_keys[i].mode == st->mode)
			item[n++] = (struct key_item){
				field_keys[i].key, field_keys[i].label, ACT_N,
				0, 0 };
	return n;
}

/* The label of what Enter does here. */
static const char *label_of(const struct state *st, enum action a)
{
	if (a == ACT_EDIT && st->panels.open)
		return "Choose";
	if (a == ACT_EDIT && st->focus == FOCUS_SAVED)
		return "Open";
	if (a == ACT_EDIT && st->focus == FOCUS_TRADEOFFS)
		return "Go";
	return actions[a].label;
}

static int table_items(const struct state *st, struct key_item *item)
{
	int n = 0;

	if (st->panels.open)
		item[n++] = (struct key_item){ st->keys.key[ACT_BACK][0],
			"Close", ACT_BACK, 0, 0 };
	for (int a = 0; a < ACT_N && n < KEY_ITEMS; a++)
		if (*actions[a].label && *st->keys.key[a][0] &&
		    !(st->panels.open && panels_ignore(a)))
			item[n++] = (struct key_item){
				a == ACT_NUDGE_UP ? "Left/Right"
				                  : st->keys.key[a][0],
				label_of(st, (enum action)a), (enum action)a,
				0, 0 };
	return n;
}

static int priority(const struct key_item *k)
{
	return k->action == ACT_N ? 100
	     : k->action == ACT_BACK ? 94 : actions[k->action].priority;
}

static int drop_lowest(struct key_item *item, int n)
{
	int low = 0;

	for (int i = 1; i < n; i++)
		if (priority(&item[i]) <= priority(&item[low]))
			low = i;
	memmove(&item[low], &item[low + 1],
	        (size_t)(n - 1 - low) * sizeof *item);
	return n - 1;
}

int view_key_items(const struct state *st, int w,
                   struct key_item item[KEY_ITEMS])
{
	int n = st->mode == MODE_NORMAL ? table_items(st, item)
	                                : field_items(st, item);
	int used, x = 1;

	for (;;) {
		used = 1;
		for (int i = 0; i < n; i++)
			used += item_width(&item[i]);
		if (used - 2 <= w || n <= 1)
			break;
		n = drop_lowest(item, n);
	}
	for (int i = 0; i < n; i++) {
		item[i].x = x;
		item[i].w = item_width(&item[i]) - 2;
		x += item[i].w + 2;
	}
	return n;
}

static void draw_items(const struct state *st, struct grid *g, struct rect r)
{
	struct key_item item[KEY_ITEMS];
	int n = view_key_items(st, r.w, item);

	for (int i = 0; i < n; i++) {
		int x = r.x + item[i].x;

		x += grid_text(g, r, x, r.y, ROLE_KEY, item[i].key);
		grid_text(g, r, x + 1, r.y, ROLE_KEYTEXT, item[i].label);
	}
}

/* A message takes the bar's left until the next key; Help and Quit stay. */
struct rect view_key_bar(const struct state *st, struct rect r)
{
	int w = !st->message ? r.w
	      : st->mode == MODE_NORMAL && r.w >= 40 ? 18 : 0;

	r.x += r.w - w;
	r.w = w;
	return r;
}

void view_keys(const struct state *st, struct grid *g, struct rect r)
{
	struct rect left = r, bar = view_key_bar(st, r);

	if (bar.w)
		draw_items(st, g, bar);
	if (!st->message)
		return;
	left.w -= bar.w;
	grid_textf(g, left, r.x + 1, r.y, st->message_bad ? ROLE_ERROR
	           : ROLE_TEXT, "%s%s", st->message_bad ? "! " : "",
	           st->message);
}
