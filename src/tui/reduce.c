/*
 * reduce(): an event to what it does, by mode; perform(): an action to what it
 * does, by table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "result/result.h"
#include "tui/help.h"
#include "tui/hit.h"
#include "tui/layout.h"
#include "tui/state.h"
#include "base/banned.h"

static bool single(const struct state *st)
{
	return st->zoomed || layout_kind_of(st) <= LAYOUT_COMPACT;
}

/* --- modes --- */

static void leave_mode(struct state *st)
{
	st->mode = MODE_NORMAL;
	editor_release(&st->editor);
	free(st->field_error);
	st->field_error = NULL;
	st->preview.known = false;
	st->sourcing = false;
}

static void enter_mode(struct state *st, enum mode mode, const char *text)
{
	leave_mode(st);
	st->mode = mode;
	editor_init(&st->editor, text);
}

/* "measured: our logs, 2026-11-01", without how long ago that is. */
static char *source_of(const struct form_row *row)
{
	const char *s = row->source ? row->source : "";
	const char *ago = strstr(s, " ago");
	size_t n = strlen(s);

	if (ago && !ago[4])
		while (n && s[n] != ',')
			n--;
	return strchr(s, ':') ? xstrndup(s, n) : xstrdup("measured: ");
}

static void start_edit(struct state *st, bool source)
{
	const struct form_row *row = state_row(st);
	char *from;

	if (!row) {
		state_say(st, true, "no parameter is chosen");
		return;
	}
	if (row->locked) {
		state_say(st, true, "%s follows from other values", row->title);
		return;
	}
	st->focus = FOCUS_FORM;
	from = source ? source_of(row) : xstrdup(row->text);
	enter_mode(st, MODE_EDIT, from);
	free(from);
	st->sourcing = source;
	st->want |= source ? 0 : WANT_PREVIEW;
}

static void accept_edit(struct state *st)
{
	const struct form_row *row = state_row(st);
	struct err err = ERR_INIT;
	char *text = xstrdup(st->editor.text.s), *was;

	free(st->field_error);
	st->field_error = NULL;
	was = !row ? NULL : st->sourcing ? source_of(row) : xstrdup(row->text);
	if (!row || strcmp(text, was) == 0)
		leave_mode(st);
	else if (st->sourcing ? state_source(st, row, text, &err)
	         : state_edit(st, row->name, text, EDIT_TYPED, &err))
		leave_mode(st);
	else
		st->field_error = xstrdup(err.n ? err.item[0].text
		                                : "not a value");
	err_clear(&err);
	free(text);
	free(was);
}

static char **filter_of(struct state *st)
{
	if (st->panels.open)
		return panels_filter(st);
	return st->focus == FOCUS_SAVED ? &st->find_saved : &st->find_form;
}

static void set_filter(struct state *st, const char *text)
{
	char **filter = filter_of(st);

	if (st->panels.open) {
		panels_find(st, text);
		return;
	}
	free(*filter);
	*filter = text && *text ? xstrdup(text) : NULL;
	if (st->focus == FOCUS_SAVED)
		st->want |= WANT_LIST;
	else if (st->bound)
		state_build_form(st);
}

static void start_find(struct state *st)
{
	if (st->focus != FOCUS_SAVED && !st->panels.open)
		st->focus = FOCUS_FORM;
	enter_mode(st, MODE_FIND, *filter_of(st) ? *filter_of(st) : "");
}

/* --- moving --- */

static int clamp_row(int row, int n)
{
	return row >= n ? n - 1 : row < 0 ? 0 : row;
}

static void move_saved(struct state *st, int to, int step)
{
	struct saved *s = &st->saved;

	to = clamp_row(to, s->n);
	for (int turn = 0; turn < 2; turn++, step = -step)
		for (int i = to; i >= 0 && i < s->n; i += step)
			if (s->row[i].ref) {
				s->selected = i;
				return;
			}
}

static void move_trade(struct state *st, int to, int step)
{
	for (int i = clamp_row(to, st->ntrades); i >= 0 && i < st->ntrades;
	     i += step)
		if (st->trade[i].bound >= 0) {
			state_select_trade(st, i);
			return;
		}
}

static void move(struct state *st, int by)
{
	int step = by < 0 ? -1 : 1;

	switch (st->focus) {
	case FOCUS_SAVED:
		move_saved(st, st->saved.selected + by, step);
		break;
	case FOCUS_TRADEOFFS:
		move_trade(st, st->trade_selected + by, step);
		break;
	default:
		st->form_selected = form_selectable(
			&st->form, st->form_selected + by, step);
	}
}

/* In one-panel screens Tab walks through the form and all pictures. */
static void next_view(struct state *st)
{
	bool last = st->picture == PIC_N - 1;

	if (!single(st)) {
		st->picture = (st->picture + 1) % PIC_N;
	} else if (st->focus != FOCUS_PICTURE) {
		st->focus = FOCUS_PICTURE;
		st->picture = PIC_CURVE;
	} else if (last) {
		st->focus = FOCUS_FORM;
		st->picture = PIC_CURVE;
	} else {
		st->picture++;
	}
}

static void next_axis(struct state *st)
{
	st->axis++;
	if (!state_axis_parameter(st))
		st->axis = 0;
	st->want |= WANT_CURVE;
	st->picture = PIC_CURVE;
}

/* --- doing --- */

static void what_if(struct state *st)
{
	if (st->panels.before)
		what_if_end(st, false);
	else
		what_if_start(st);
}

/* The value the engine has for a row, for nudging what comes from elsewhere. */
static double central(const struct state *st, const char *name)
{
	const struct tradeoff *t = state_tradeoff(st);
	const char *dot = strchr(name, '.');
	const char *plain = dot ? dot + 1 : name;

	for (int i = 0; t && i < t->nprovenance; i++)
		if (strcmp(t->provenance[i].parameter, plain) == 0)
			return t->provenance[i].p50;
	return NAN;
}

static void nudge(struct state *st, int step)
{
	const struct form_row *row = state_row(st);
	struct err err = ERR_INIT;
	struct buf value = BUF_INIT;

	if (!row || !st->bound || st->focus == FOCUS_SAVED)
		return;         /* nobody looks at the form */
	if (form_nudge(st->bound, row, step, central(st, row->name), &value,
	               &err) && strcmp(value.s, row->text) != 0)
		state_edit(st, row->name, value.s, EDIT_NUDGE, &err);
	state_say_err(st, &err);
	buf_release(&value);
}

static void reset_value(struct state *st)
{
	const struct form_row *row = state_row(st);
	struct err err = ERR_INIT;

	if (row && !row->locked && st->bound)
		state_edit(st, row->name, "", EDIT_TYPED, &err);
	state_say_err(st, &err);
}

static void enter(struct state *st)
{
	const struct saved_row *row;

	if (st->focus == FOCUS_TRADEOFFS) {
		st->focus = FOCUS_FORM;
	} else if (st->focus == FOCUS_SAVED) {
		if (st->saved.selected >= st->saved.n)
			return;
		row = &st->saved.row[st->saved.selected];
		free(st->open_ref);
		st->open_ref = row->ref ? xstrdup(row->ref) : NULL;
		st->want |= st->open_ref ? WANT_OPEN : 0;
	} else {
		start_edit(st, false);
	}
}

static void back(struct state *st)
{
	if (*filter_of(st))
		set_filter(st, NULL);
	else if (st->focus != FOCUS_FORM)
		st->focus = FOCUS_FORM;
	else if (st->zoomed)
		st->zoomed = false;
	else if (state_to_refine(st, st->trade_selected)) {
		st->stopped = st->gen;  /* the key has ended the run already */
		state_say(st, false, "refining stopped; the quick result "
		          "stands");
	}
}

static void open_list(struct state *st)
{
	st->focus = FOCUS_SAVED;
	st->want |= WANT_LIST;
	for (int i = 0; i < st->saved.n && st->title; i++)
		if (st->saved.row[i].ref &&
		    strcmp(st->saved.row[i].title, st->title) == 0) {
			move_saved(st, i, 1);
			return;
		}
	move_saved(st, st->saved.selected, 1);
}

static void open_help(struct state *st, enum mode mode)
{
	enter_mode(st, mode, "");
	st->help_selected = 0;
}

/* Answers that were taken back leave no trail. */
static void trim_trail(struct state *st)
{
	while (st->ntrail && st->trail[st->ntrail - 1].pos >= st->history.pos)
		st->ntrail--;
}

static void start_interview(struct state *st)
{
	enter_mode(st, MODE_ASK, "");
	trim_trail(st);
	st->want |= WANT_QUESTION;
}

void perform(struct state *st, enum action a)
{
	int page = st->h / 3 > 1 ? st->h / 3 : 1;

	if (panels_perform(st, a))
		return;
	switch (a) {
	case ACT_HELP: open_help(st, MODE_HELP); break;
	case ACT_PALETTE: open_help(st, MODE_PALETTE); break;
	case ACT_EDIT: enter(st); break;
	case ACT_NUDGE_DOWN: nudge(st, -1); break;
	case ACT_NUDGE_UP: nudge(st, 1); break;
	case ACT_RESET: reset_value(st); break;
	case ACT_SOURCE: start_edit(st, true); break;
	case ACT_UNDO: state_undo(st, -1); break;
	case ACT_REDO: state_undo(st, 1); break;
	case ACT_NEXT_VIEW: next_view(st); break;
	case ACT_NEXT_PANEL: st->focus = (st->focus + 1) % FOCUS_N; break;
	case ACT_ZOOM: st->zoomed = !st->zoomed; break;
	case ACT_AXIS: next_axis(st); break;
	case ACT_LOG: st->linear = !st->linear; break;
	case ACT_BAND: st->no_band = !st->no_band; break;
	case ACT_INTERVIEW: start_interview(st); break;
	case ACT_FIND: start_find(st); break;
	case ACT_OPEN: open_list(st); break;
	case ACT_NEW: panels_new(st, NULL); break;
	case ACT_ASKED:
		if (st->panels.open == PANEL_ASKED)
			panels_close(st);
		else
			panels_ask(st, st->trade_selected);
		break;
	case ACT_SAVE:
		what_if_end(st, true);
		st->want |= WANT_SAVE;
		break;
	case ACT_WRITE: file_ask(st, ""); break;
	case ACT_EXPLAIN: panels_open(st, PANEL_EXPLAIN); break;
	case ACT_VALUE: panels_open(st, PANEL_VALUE); break;
	case ACT_PLAN: panels_open(st, PANEL_PLAN); break;
	case ACT_WHAT_IF: what_if(st); break;
	case ACT_COMPARE: panels_open(st, PANEL_COMPARE); break;
	case ACT_PAST: panels_open(st, PANEL_PAST); break;
	case ACT_DECIDE: panels_open(st, PANEL_DECIDE); break;
	case ACT_DECISIONS: panels_open(st, PANEL_DECISIONS); break;
	case ACT_ACCEPT: case ACT_REJECT: case ACT_SUPERSEDE:
	case ACT_DEPRECATE:
		state_say(st, false, "open the decisions first (L)"); break;
	case ACT_EXPORT: panels_open(st, PANEL_EXPORT); break;
	case ACT_FIGURE: panels_open(st, PANEL_FIGURE); break;
	case ACT_SPEND: panels_open(st, PANEL_SPEND); break;
	case ACT_MAP: panels_open(st, PANEL_MAP); break;
	case ACT_QUIT: st->want |= WANT_QUIT; break;
	case ACT_UP: move(st, -1); break;
	case ACT_DOWN: move(st, 1); break;
	case ACT_PAGE_UP: move(st, -page); break;
	case ACT_PAGE_DOWN: move(st, page); break;
	case ACT_FIRST: move(st, -10000); break;
	case ACT_LAST: move(st, 10000); break;
	case ACT_TRADEOFF_1: case ACT_TRADEOFF_2: case ACT_TRADEOFF_3:
	case ACT_TRADEOFF_4: case ACT_TRADEOFF_5: case ACT_TRADEOFF_6:
		state_select_trade(st, (int)(a - ACT_TRADEOFF_1)); break;
	case ACT_REDRAW: st->want |= WANT_REDRAW; break;
	case ACT_BACK: back(st); break;
	case ACT_N: break;
	}
}

/* --- events --- */

static void key_edit(struct state *st, uint32_t key)
{
	if (key == K_ENTER)
		accept_edit(st);
	else if (key == K_ESC)
		leave_mode(st);
	else if (editor_key(&st->editor, key) && !st->sourcing)
		st->want |= WANT_PREVIEW;
}

/* --- the interview --- */

/* How sure the verdicts were before the newest answer. */
static void note_trail(struct state *st)
{
	struct trail *to;

	if (st->ntrail == TRAIL) {
		st->ntrail--;
		memmove(st->trail, st->trail + 1,
		        (TRAIL - 1) * sizeof *st->trail);
	}
	to = &st->trail[st->ntrail++];
	to->pos = st->history.pos - 1;
	for (int i = 0; i < TRADE_ROWS; i++) {
		const struct tradeoff *t = i < st->ntrades
			? state_result(st, i) : NULL;

		to->p[i] = t ? t->verdict.probability_best : NAN;
	}
}

static void answer(struct state *st, const char *text)
{
	const struct question *q = &st->question;
	struct err err = ERR_INIT;
	unsigned gen = st->gen;

	free(st->field_error);
	st->field_error = NULL;
	if (q->state == QUESTION_WAIT ||
	    (q->state != QUESTION_ASK && !strchr(text, '=')))
		return;
	if (strchr(text, '=') ? state_assign(st, text, &err)
	                      : question_answer(st, q, text, &err)) {
		if (st->gen != gen)
			note_trail(st);
		editor_release(&st->editor);
		editor_init(&st->editor, "");
		st->want |= WANT_QUESTION | WANT_PREVIEW;
	} else {
		st->field_error = xstrdup(err.n ? err.item[0].text
		                                : "not a value");
	}
	err_clear(&err);
}

static void ask_back(struct state *st)
{
	state_undo(st, -1);
	trim_trail(st);
	st->want |= WANT_QUESTION;
}

static void key_ask(struct state *st, uint32_t key)
{
	if (key == K_ESC) {
		leave_mode(st);
	} else if (key == K_ENTER) {
		answer(st, st->editor.text.s);
	} else if (key == K_TAB) {
		answer(st, "?");
	} else if (key == K_BTAB) {
		ask_back(st);
	} else if (key == K_CTRL('T')) {
		st->ask_all = !st->ask_all;
		st->want |= WANT_QUESTION;
	} else if (editor_key(&st->editor, key)) {
		st->want |= WANT_PREVIEW;
	}
}

static void key_find(struct state *st, uint32_t key)
{
	if (key == K_ENTER) {
		leave_mode(st);
	} else if (key == K_ESC) {
		set_filter(st, NULL);
		leave_mode(st);
	} else if (key == K_UP || key == K_DOWN) {
		perform(st, key == K_UP ? ACT_UP : ACT_DOWN);
	} else if (editor_key(&st->editor, key)) {
		set_filter(st, st->editor.text.s);
	}
}

/* What is chosen; in the palette also "NAME = VALUE", "open SCENARIO",
 * "spend FILE" and "write FILE". */
static void run_entry(struct state *st)
{
	enum action a = help_action(st, st->help_selected);
	const char *typed = st->mode == MODE_PALETTE ? st->editor.text.s : "";
	struct err err = ERR_INIT;

	if (strchr(typed, '=') && st->bound) {
		state_assign(st, typed, &err);
		a = ACT_N;
	} else if (strncmp(typed, "open ", 5) == 0) {
		free(st->open_ref);
		st->open_ref = xstrdup(typed + 5);
		st->want |= WANT_OPEN;
		a = ACT_N;
	} else if (strncmp(typed, "spend ", 6) == 0) {
		spend_open(st, typed + 6);
		a = ACT_N;
	} else if (strncmp(typed, "write ", 6) == 0) {
		file_ask(st, typed + 6);
		a = ACT_N;
	} else if (a == ACT_N) {
		return;
	}
	leave_mode(st);
	if (a != ACT_N)
		perform(st, a);
	state_say_err(st, &err);
}

static void key_help(struct state *st, uint32_t key)
{
	int n = help_count(st);

	if (key == K_ENTER) {
		run_entry(st);
	} else if (key == K_ESC || key == K_F1) {
		leave_mode(st);
	} else if (key == K_TAB && st->mode == MODE_PALETTE) {
		st->want |= WANT_COMPLETE;
	} else if (key == K_UP || key == K_DOWN) {
		st->help_selected = clamp_row(
			st->help_selected + (key == K_UP ? -1 : 1), n);
	} else if (key == K_PGUP || key == K_PGDN) {
		st->help_selected = clamp_row(
			st->help_selected + (key == K_PGUP ? -9 : 9), n);
	} else if (editor_key(&st->editor, key)) {
		st->help_selected = 0;
	}
}

static void on_key(struct state *st, uint32_t key)
{
	free(st->message);
	st->message = NULL;
	if (key == K_CTRL('C')) {
		if (st->mode == MODE_NORMAL)
			st->want |= WANT_INTERRUPT;
		leave_mode(st);
		return;
	}
	switch (st->mode) {
	case MODE_EDIT: key_edit(st, key); break;
	case MODE_FIND: key_find(st, key); break;
	case MODE_ASK: key_ask(st, key); break;
	case MODE_HELP: case MODE_PALETTE: key_help(st, key); break;
	case MODE_FIELD: panels_key(st, key); break;
	case MODE_NORMAL:
		if (key == ' ' && panels_tick(st))
			break;
		perform(st, keymap_action(&st->keys, key)); break;
	}
}

/* Pasted text is data: it goes into the open field and nowhere else. */
static void on_paste(struct state *st, const char *text)
{
	if (st->mode == MODE_NORMAL)
		state_say(st, true, "open a field first (Enter), then paste");
	else if (!editor_insert(&st->editor, text))
		state_say(st, true, "the text is longer than %d bytes: nothing "
		          "was pasted", EDITOR_MAX);
	else if (st->mode == MODE_FIND)
		set_filter(st, st->editor.text.s);
	else if (st->mode == MODE_HELP || st->mode == MODE_PALETTE)
		st->help_selected = 0;
	else
		st->want |= WANT_PREVIEW;
}

static void on_click(struct state *st, int x, int y)
{
	struct hit h = hit_test(st, x, y);

	free(st->message);
	st->message = NULL;
	if (h.what == HIT_KEY && h.key) {
		on_key(st, h.key);
		return;
	}
	if (h.what == HIT_HELP && h.row >= 0) {
		bool again = h.row == st->help_selected;

		st->help_selected = h.row;
		if (again)
			run_entry(st);
		return;
	}
	if (st->mode != MODE_NORMAL)
		return;         /* a field is open: the keyboard has it */
	if (h.what == HIT_FORM) {
		bool again = h.row == st->form_selected;

		st->focus = FOCUS_FORM;
		if (h.row < 0)
			return;
		st->form_selected = form_selectable(&st->form, h.row, 1);
		if (again)
			start_edit(st, false);
	} else if (h.what == HIT_TRADE) {
		st->focus = FOCUS_TRADEOFFS;
		if (h.row >= 0)
			state_select_trade(st, h.row);
	} else if (h.what == HIT_SAVED) {
		bool again = h.row == st->saved.selected &&
		             st->focus == FOCUS_SAVED;

		st->focus = FOCUS_SAVED;
		if (h.row >= 0)
			move_saved(st, h.row, 1);
		if (again)
			enter(st);
	} else if (h.what == HIT_PANEL) {
		panels_click(st, h.row);
	} else if (h.what == HIT_PICTURE) {
		st->focus = FOCUS_PICTURE;
	} else if (h.what == HIT_KEY) {
		perform(st, h.action);
	}
}

static void on_wheel(struct state *st, int y)
{
	if (st->mode == MODE_NORMAL)
		perform(st, y < 0 ? ACT_UP : ACT_DOWN);
	else if (st->mode == MODE_HELP || st->mode == MODE_PALETTE ||
	         st->mode == MODE_FIND)
		on_key(st, y < 0 ? K_UP : K_DOWN);
}

void reduce(struct state *st, const struct event *ev)
{
	switch (ev->kind) {
	case EV_KEY: on_key(st, ev->key); break;
	case EV_PASTE: on_paste(st, ev->text); break;
	case EV_CLICK: on_click(st, ev->x, ev->y); break;
	case EV_WHEEL:
		on_wheel(st, ev->y);
		break;
	case EV_RESIZE:
		st->w = ev->w > 0 ? ev->w : 1;
		st->h = ev->h > 0 ? ev->h : 1;
		panels_build(st);
		break;
	}
}
