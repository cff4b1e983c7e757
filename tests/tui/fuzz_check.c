/*
 * What must hold after every event, and where the events have been.
 */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "model/scenario.h"
#include "tui/help.h"
#include "tui/hit.h"

void fuzz_broken(const char *fmt, ...)
{
	va_list ap;

	fputs("broken: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	_exit(1);
}

char *fuzz_text(const struct scenario *s)
{
	struct buf b = BUF_INIT;

	scenario_write(s, &b);
	return buf_detach(&b);
}

/* --- the grid --- */

static void check_cell(const struct grid *g, int x, int y)
{
	const struct cell *c = &g->cell[y * g->w + x];
	bool wide = x + 1 < g->w && c[1].cp == 0;

	if (c->role >= ROLE_N)
		fuzz_broken("role %d at %d,%d", c->role, x, y);
	if (c->cp == 0 ? x == 0 || utf8_cp_width(c[-1].cp) != 2
	               : utf8_cp_width(c->cp) != (wide ? 2 : 1))
		fuzz_broken("character U+%04X of no width of its own at %d,%d",
		            c->cp, x, y);
	if (c->cp && (c->cp < 0x20 || (c->cp >= 0x7f && c->cp < 0xa0) ||
	              (c->cp >= 0xd800 && c->cp < 0xe000) ||
	              c->cp > 0x10ffff || utf8_is_hidden(c->cp)))
		fuzz_broken("no character: U+%04X at %d,%d", c->cp, x, y);
	if (g->ascii && (c->cp >= 0x7f || c->mark))
		fuzz_broken("U+%04X is not ASCII at %d,%d", c->cp, x, y);
	if (c->mark && utf8_cp_width(c->mark) != 0)
		fuzz_broken("no mark: U+%04X at %d,%d", c->mark, x, y);
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* NaN, infinity, or a number that only a sentinel has, as a word. */
static bool is_no_number(const char *s)
{
	static const char *const word[] = { "nan", "inf", "infinity" };
	size_t n = 0, e;

	while (in_word(s[n]) || s[n] == '.' || (n && s[n] == '+'))
		n++;
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (n == strlen(word[i]) && strncasecmp(s, word[i], n) == 0)
			return true;
	e = strspn(s, "0123456789.");
	if (e == 0 || (s[e] != 'e' && s[e] != 'E'))
		return false;
	e += s[e + 1] == '+' ? 2 : 1;
	n = strspn(s + e, "0123456789");        /* a digest is no number */
	return n == 3 && s[e] == '3' && !in_word(s[e + n]);
}

static void check_words(const char *where, const char *s)
{
	for (const char *p = s; p && *p; p++)
		if ((p == s || !in_word(p[-1])) && is_no_number(p))
			fuzz_broken("no number for people in %s: %s", where, s);
}

static void check_row(const struct grid *g, int y)
{
	char line[1024];
	int n = 0;

	for (int x = 0; x < g->w && n < 1000; x++) {
		const struct cell *c = &g->cell[y * g->w + x];

		check_cell(g, x, y);
		line[n++] = c->role == ROLE_FIELD ? ' '
		            : c->cp < 0x80 ? (char)c->cp : '|';
	}
	line[n] = '\0';
	check_words("a row", line);
}

static void check_grid(const struct state *st, const struct grid *g)
{
	if (g->w != st->w || g->h != st->h)
		fuzz_broken("a grid of %dx%d for a screen of %dx%d", g->w,
		            g->h, st->w, st->h);
	for (int y = 0; y < g->h; y++)
		check_row(g, y);
	if (g->cursor_x >= g->w || g->cursor_y >= g->h || g->cursor_x < -1 ||
	    g->cursor_y < -1 || (g->cursor_x < 0) != (g->cursor_y < 0))
		fuzz_broken("cursor at %d,%d of %dx%d", g->cursor_x,
		            g->cursor_y, g->w, g->h);
	if (g->cursor_x < 0 && !st->panels.open && st->form.n &&
	    (st->mode != MODE_NORMAL || st->focus == FOCUS_FORM))
		fuzz_broken("a field without the cursor, mode %d", st->mode);
}

/* Views change nothing: drawn twice, the same cells. */
static void check_again(struct world *w)
{
	view_draw(&w->st, &w->again);
	if (memcmp(w->g.cell, w->again.cell, (size_t)(w->g.w * w->g.h) *
	           sizeof *w->g.cell) != 0 ||
	    w->g.cursor_x != w->again.cursor_x ||
	    w->g.cursor_y != w->again.cursor_y)
		fuzz_broken("another picture of the same state");
}

/* What the colours tell is told without them, too: where they change, so does a
 * glyph or an attribute of the screen without colours. */
static void check_mono(const struct grid *a, const struct grid *b)
{
	bool colors = false;

	if (a->w != b->w || a->h != b->h)
		return;
	for (int i = 0; i < a->w * a->h; i++) {
		const struct cell *x = &a->cell[i], *y = &b->cell[i];
		const struct look *l = &role_look[x->role];
		const struct look *m = &role_look[y->role];

		if (x->cp != y->cp || x->mark != y->mark || l->mono != m->mono)
			return;
		colors |= l->color != m->color || l->fg8 != m->fg8 ||
		          l->bg8 != m->bg8 || l->fg256 != m->fg256 ||
		          l->bg256 != m->bg256;
	}
	if (colors)
		fuzz_broken("told by colour alone");
}

static void keep_grid(struct grid *last, const struct grid *g)
{
	if (last->w != g->w || last->h != g->h)
		grid_resize(last, g->w, g->h);
	memcpy(last->cell, g->cell, (size_t)(g->w * g->h) * sizeof *g->cell);
}

static void check_state(const struct state *st)
{
	const struct panels *p = &st->panels;

	check_words("the message", st->message);
	check_words("the field's error", st->field_error);
	for (int i = 0; i < p->n; i++) {
		check_words("a panel", p->line[i].left);
		check_words("a panel", p->line[i].right);
	}
	if (st->history.pos < 0 || st->history.pos > st->history.n)
		fuzz_broken("undo at %d of %d", st->history.pos, st->history.n);
	if (st->form_selected >= st->form.n)
		fuzz_broken("row %d of %d", st->form_selected, st->form.n);
	if (st->scenario && st->trade[st->trade_selected].bound < 0)
		fuzz_broken("a trade-off without a model is chosen");
	if (st->store && st->unsaved && !st->kept && !p->before &&
	    !(st->want & WANT_DRAFT) && !st->message_bad)
		fuzz_broken("edits that no draft keeps");
	if (st->clean && !p->before) {
		char *text = fuzz_text(st->scenario);

		if ((strcmp(text, st->clean) != 0) != st->unsaved)
			fuzz_broken("unsaved is %d", st->unsaved);
		free(text);
	}
}

void fuzz_check(struct world *w)
{
	view_draw(&w->st, &w->g);
	check_grid(&w->st, &w->g);
	check_mono(&w->last, &w->g);
	keep_grid(&w->last, &w->g);
	if (w->drawn++ % 16 == 0) {
		check_again(w);
		check_state(&w->st);
	}
}

/* --- where it has been --- */

enum action fuzz_action(const struct state *st, const struct event *ev)
{
	struct hit h;

	if (ev->kind == EV_CLICK && st->mode == MODE_NORMAL) {
		h = hit_test(st, ev->x, ev->y);
		return h.what == HIT_KEY ? h.action : ACT_N;
	}
	if (ev->kind != EV_KEY)
		return ACT_N;
	if (st->mode == MODE_NORMAL)
		return keymap_action(&st->keys, ev->key);
	if (ev->key == K_ENTER && (st->mode == MODE_HELP ||
	    (st->mode == MODE_PALETTE && !strchr(st->editor.text.s, '='))))
		return help_action(st, st->help_selected);
	return ACT_N;
}

static bool has_status(const struct state *st, enum decision_status s)
{
	for (int i = 0; i < st->panels.ndecisions; i++)
		if (st->panels.decision[i].status == s)
			return true;
	return false;
}

/* PLACE(rare, name, when) with the state `st` and its panels `p`. */
#define MODES_AND_LAYOUTS \
	PLACE(0, edit, st->mode == MODE_EDIT) \
	PLACE(0, find, st->mode == MODE_FIND) \
	PLACE(0, help, st->mode == MODE_HELP) \
	PLACE(0, palette, st->mode == MODE_PALETTE) \
	PLACE(0, ask, st->mode == MODE_ASK) \
	PLACE(0, field, st->mode == MODE_FIELD) \
	PLACE(0, focus_picture, st->focus == FOCUS_PICTURE) \
	PLACE(0, focus_tradeoffs, st->focus == FOCUS_TRADEOFFS) \
	PLACE(0, focus_saved, st->focus == FOCUS_SAVED) \
	PLACE(0, drivers, st->picture == PIC_DRIVERS) \
	PLACE(0, options, st->picture == PIC_OPTIONS) \
	PLACE(0, density, st->picture == PIC_DENSITY) \
	PLACE(0, zoomed, st->zoomed) \
	PLACE(0, linear, st->linear) \
	PLACE(0, no_band, st->no_band) \
	PLACE(0, ascii, st->ascii) \
	PLACE(0, tiny, layout_kind_of(st) == LAYOUT_TINY) \
	PLACE(0, compact, layout_kind_of(st) == LAYOUT_COMPACT) \
	PLACE(0, standard, layout_kind_of(st) == LAYOUT_STANDARD) \
	PLACE(0, wide, layout_kind_of(st) == LAYOUT_WIDE) \
	PLACE(0, one_cell, st->w == 1 && st->h == 1)
#define RESULTS_AND_EDITS \
	PLACE(0, refined, state_refined(st) && !state_refined_stale(st)) \
	PLACE(0, stale, state_tradeoff(st) && state_stale(st)) \
	PLACE(0, curve, st->curve && st->curve_gen == st->gen) \
	PLACE(0, second_axis, st->axis > 0) \
	PLACE(0, unsaved, st->unsaved) \
	PLACE(0, kept, st->kept) \
	PLACE(0, saved, st->revision > 0) \
	PLACE(0, undone, st->history.pos < st->history.n) \
	PLACE(0, field_error, st->field_error) \
	PLACE(0, preview_law, st->preview.known && !st->preview.fixed) \
	PLACE(0, preview_fixed, st->preview.known && st->preview.fixed) \
	PLACE(0, find_form, st->find_form && st->form.n) \
	PLACE(0, find_no_row, st->find_form && !st->form.n) \
	PLACE(0, find_saved, st->find_saved) \
	PLACE(0, complaint, st->message && st->message_bad) \
	PLACE(0, without_store, st->unsaved && !st->store) \
	PLACE(1, warned, st->warned) \
	PLACE(1, neighbour_moved, st->rebound > 0) \
	PLACE(0, what_if, p->before) \
	PLACE(0, asked, st->mode == MODE_ASK && \
	      st->question.state == QUESTION_ASK) \
	PLACE(0, waits_to_ask, st->mode == MODE_ASK && \
	      st->question.state == QUESTION_WAIT) \
	PLACE(1, nothing_left_to_ask, st->mode == MODE_ASK && \
	      st->question.state == QUESTION_DONE) \
	PLACE(1, choice_asked, st->mode == MODE_ASK && \
	      st->question.nchoices > 0) \
	PLACE(0, asked_of_all, st->mode == MODE_ASK && st->ask_all) \
	PLACE(1, trail, st->mode == MODE_ASK && st->ntrail > 1)
#define PANELS_AND_DECISIONS \
	PLACE(0, explain, p->open == PANEL_EXPLAIN && p->explain) \
	PLACE(1, unfolded, p->open == PANEL_EXPLAIN && p->nunfolded) \
	PLACE(0, value, p->open == PANEL_VALUE && p->value) \
	PLACE(1, plan, p->open == PANEL_PLAN && p->plan) \
	PLACE(1, compare, p->open == PANEL_COMPARE && p->compare) \
	PLACE(1, changes, p->open == PANEL_COMPARE && p->compare && \
	      p->compare->nchanges) \
	PLACE(0, past, p->open == PANEL_PAST) \
	PLACE(0, past_steps, p->open == PANEL_PAST && p->step_of && \
	      p->nrevisions) \
	PLACE(0, decide, p->open == PANEL_DECIDE) \
	PLACE(0, export, p->open == PANEL_EXPORT) \
	PLACE(0, figure, p->open == PANEL_FIGURE && p->curve) \
	PLACE(0, map, p->open == PANEL_MAP && p->map) \
	PLACE(0, spend, p->open == PANEL_SPEND) \
	PLACE(0, models_asked, p->open == PANEL_ASKED) \
	PLACE(0, begin, p->open == PANEL_NEW) \
	PLACE(1, begin_in_file, st->mode == MODE_FIELD && \
	      p->editing == FIELD_FILE) \
	PLACE(1, because, st->mode == MODE_FIELD && \
	      p->editing == FIELD_BECAUSE) \
	PLACE(1, folder, st->mode == MODE_FIELD && \
	      p->editing == FIELD_FOLDER) \
	PLACE(1, proposed, has_status(st, DECISION_PROPOSED)) \
	PLACE(1, accepted, has_status(st, DECISION_ACCEPTED)) \
	PLACE(1, rejected, has_status(st, DECISION_REJECTED)) \
	PLACE(1, superseded, has_status(st, DECISION_SUPERSEDED)) \
	PLACE(1, deprecated, has_status(st, DECISION_DEPRECATED)) \
	PLACE(1, written, p->open == PANEL_EXPORT && \
	      access("decisions", F_OK) == 0)
#define PLACES MODES_AND_LAYOUTS RESULTS_AND_EDITS PANELS_AND_DECISIONS

static const struct { bool rare; const char *name; } places[] = {
#define PLACE(rare, name, when) { rare, #name },
	PLACES
#undef PLACE
};
#define NPLACES ((int)(sizeof places / sizeof *places))
_Static_assert(sizeof places / sizeof *places <= PLACES_MAX, "too many");

void fuzz_note(struct world *w)
{
	const struct state *st = &w->st;
	const struct panels *p = &st->panels;
	const bool is[] = {
#define PLACE(rare, name, when) (when),
		PLACES
#undef PLACE
	};

	for (int i = 0; i < NPLACES; i++)
		w->life->place[i] += is[i];
}

bool fuzz_covered(const struct life *all, bool rare, bool loud)
{
	bool ok = true;

	for (int i = 0; i < NPLACES; i++) {
		bool missed = !all->place[i] && (rare || !places[i].rare);

		if (loud || missed)
			printf("%s%s %ld\n", missed ? "never reached: " : "",
			       places[i].name, all->place[i]);
		ok &= !missed;
	}
	for (int a = 0; a < ACT_N; a++) {
		int contexts = 0;
		long n = 0;

		for (int p = 0; p < PANEL_N; p++) {
			contexts += all->action[a][p] > 0;
			n += all->action[a][p];
		}
		if (loud || !n)
			printf("%s%s %ld, in %d of %d panels\n", n ? ""
			       : "never done: ", actions[a].name, n, contexts,
			       PANEL_N);
		ok &= n > 0;
	}
	return ok;
}
