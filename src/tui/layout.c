#include "tui/layout.h"

#include "tui/state.h"
#include "base/banned.h"

/* Tried from the top; the first that fits holds. */
static const struct {
	enum layout_kind kind;
	int w, h;               /* at least */
	int left, middle;       /* columns of the lists and of the form */
	int verdict;            /* rows of the verdict, with its frame */
} breakpoints[] = {
	{ LAYOUT_WIDE,     120,           32,           24, 60, 6 },
	{ LAYOUT_STANDARD, 80,            20,           21,  0, 5 },
	{ LAYOUT_COMPACT,  LAYOUT_MIN_W,  LAYOUT_MIN_H,  0,  0, 2 },
	{ LAYOUT_TINY,     0,             0,             0,  0, 0 },
};

static int breakpoint(const struct state *st)
{
	int i = 0;

	while (st->w < breakpoints[i].w || st->h < breakpoints[i].h ||
	       (int)breakpoints[i].kind > st->layout_most)
		i++;
	return i;
}

enum layout_kind layout_kind_of(const struct state *st)
{
	return breakpoints[breakpoint(st)].kind;
}

int layout_scroll(int selected, int rows, int n)
{
	int top = selected - rows / 2;

	if (top > n - rows)
		top = n - rows;
	return top < 0 ? 0 : top;
}

bool rect_holds(struct rect r, int x, int y)
{
	return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

static struct rect *focused(struct layout *l, enum focus f)
{
	struct rect *of[FOCUS_N] = {
		[FOCUS_FORM] = &l->form, [FOCUS_PICTURE] = &l->picture,
		[FOCUS_TRADEOFFS] = &l->trades, [FOCUS_SAVED] = &l->saved,
	};

	return of[f];
}

static void put_lists(struct layout *l, struct rect body, int ntrades)
{
	int rows = 2 * ntrades + 2;     /* name and badge, and the frame */

	if (rows > body.h * 2 / 3)
		rows = ntrades + 2;
	l->trades = rect_top(&body, rows);
	l->saved = body;
}

static void put_standard(struct layout *l, struct rect body)
{
	int form = body.h * 2 / 5;

	l->form = rect_top(&body, form < 7 ? 7 : form);
	l->picture = body;
}

static void put_wide(struct layout *l, struct rect middle, struct rect right)
{
	l->detail = rect_bottom(&middle, 9);
	l->form = middle;
	if (right.h >= 30)
		l->third = rect_bottom(&right, 9);
	l->second = rect_bottom(&right, right.h >= 24 ? 9 : 7);
	l->picture = right;
}

/* The interview stands where the form does; where that is small, it takes the
 * picture's place as well. */
static void put_ask(struct layout *l, struct rect body)
{
	l->ask = body;
	if (l->kind == LAYOUT_WIDE) {
		l->ask = l->form;
		l->ask.h += l->detail.h;
	} else {
		l->picture = (struct rect){ .w = 0 };
	}
	l->form = l->detail = (struct rect){ .w = 0 };
}

struct layout layout_of(const struct state *st)
{
	int i = breakpoint(st);
	struct layout l = { .kind = breakpoints[i].kind };
	struct rect body = { 0, 0, st->w, st->h }, left, middle;

	if (l.kind == LAYOUT_TINY)
		return l;
	l.single = l.kind == LAYOUT_COMPACT || st->zoomed ||
	           st->panels.open;
	l.title = rect_top(&body, 1);
	l.keys = rect_bottom(&body, 1);
	if (l.single) {
		l.verdict = rect_top(&body, breakpoints[i].verdict);
		if (st->mode == MODE_ASK)
			l.ask = body;
		else if (st->panels.open)
			l.panel = body;
		else
			*focused(&l, st->focus) = body;
		return l;
	}
	left = rect_left(&body, breakpoints[i].left);
	put_lists(&l, left, st->ntrades);
	middle = rect_left(&body, breakpoints[i].middle);
	l.verdict = rect_top(&body, breakpoints[i].verdict);
	if (l.kind == LAYOUT_WIDE)
		put_wide(&l, middle, body);
	else
		put_standard(&l, body);
	if (st->mode == MODE_ASK)
		put_ask(&l, body);
	return l;
}
