#include "tui/hit.h"

#include "tui/help.h"
#include "tui/view.h"
#include "base/banned.h"

static int list_row(const struct layout *l, struct rect r, int y,
                    int selected, int n, int rows)
{
	struct rect in = view_inside(l, r);
	int top = layout_scroll(selected, in.h / rows, n);
	int row = top + (y - in.y) / rows;

	return y >= in.y && y < in.y + in.h && row < n ? row : -1;
}

static int panel_row(const struct state *st, const struct layout *l, int y)
{
	int top;
	struct rect in = panels_list(st, view_inside(l, l->panel), &top);
	int row = top + y - in.y;

	return y >= in.y && y < in.y + in.h && row < st->panels.n ? row : -1;
}

static struct hit hit_key(const struct state *st, const struct layout *l,
                          int x)
{
	struct key_item item[KEY_ITEMS];
	struct rect bar = view_key_bar(st, l->keys);
	int n = bar.w ? view_key_items(st, bar.w, item) : 0;

	for (int i = 0; i < n; i++) {
		struct hit h = { HIT_KEY, -1, item[i].action, 0 };
		int at = x - bar.x - item[i].x;

		if (at < 0 || at >= item[i].w)
			continue;
		if (item[i].action == ACT_N && !key_parse(item[i].key, &h.key))
			break;
		return h;
	}
	return (struct hit){ HIT_NOTHING, -1, ACT_N, 0 };
}

struct hit hit_test(const struct state *st, int x, int y)
{
	struct layout l = layout_of(st);

	if (rect_holds(l.keys, x, y))
		return hit_key(st, &l, x);
	if (st->mode == MODE_HELP || st->mode == MODE_PALETTE)
		return (struct hit){ HIT_HELP, help_row(st, x, y), ACT_N, 0 };
	if (rect_holds(l.panel, x, y))
		return (struct hit){ HIT_PANEL, panel_row(st, &l, y), ACT_N, 0 };
	if (rect_holds(l.form, x, y))
		return (struct hit){ HIT_FORM, list_row(&l, l.form, y,
			st->form_selected, st->form.n, 1), ACT_N, 0 };
	if (rect_holds(l.trades, x, y))
		return (struct hit){ HIT_TRADE, list_row(&l, l.trades, y,
			st->trade_selected, st->ntrades,
			view_trade_rows(st, view_inside(&l, l.trades))),
			ACT_N, 0 };
	if (rect_holds(l.saved, x, y))
		return (struct hit){ HIT_SAVED, list_row(&l, l.saved, y,
			st->saved.selected, st->saved.n, 1), ACT_N, 0 };
	if (rect_holds(l.picture, x, y))
		return (struct hit){ HIT_PICTURE, -1, ACT_N, 0 };
	return (struct hit){ HIT_NOTHING, -1, ACT_N, 0 };
}
