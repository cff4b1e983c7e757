/*
 * Edits: each is tried on a copy, bound, and only then taken; so a value that
 * does not hold changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "model/bound.h"
#include "model/scenario.h"
#include "task/task.h"
#include "tui/state.h"
#include "base/banned.h"

static void taken(struct state *st, struct scenario *s, struct bound *b)
{
	state_adopt(st, s, b);
	st->warned = false;
	st->want |= WANT_RUN | WANT_DRAFT;
}

/* The oldest edit becomes part of the base when the log is full. */
static void fold(struct state *st)
{
	struct history *h = &st->history;
	struct err err = ERR_INIT;

	if (h->n < HISTORY_MAX)
		return;
	scenario_set(st->base, st->ctx->library, h->edit[0].name,
	             h->edit[0].value, &err);
	err_clear(&err);
	history_drop_first(h);
}

bool state_edit(struct state *st, const char *name, const char *value,
                bool nudge, struct err *err)
{
	struct scenario *s = scenario_copy(st->scenario);
	struct bound *b = NULL;

	if (scenario_set(s, st->ctx->library, name, value, err))
		b = state_bind(st, s, err);
	if (!b) {
		scenario_free(s);
		return false;
	}
	history_push(&st->history, name, value, nudge);
	fold(st);
	taken(st, s, b);
	return true;
}

/* Shows what the step changed: its row, when this trade-off has it. */
static void show_edit(struct state *st, const struct edit *e, int step)
{
	int row = form_find(&st->form, e->name);

	if (row >= 0)
		st->form_selected = row;
	state_say(st, false, "%s: %s = %s (%d of %d)",
	          step < 0 ? "undone" : "done again", e->name,
	          *e->value ? e->value : "default", st->history.pos,
	          st->history.n);
}

void state_undo(struct state *st, int step)
{
	struct history *h = &st->history;
	struct err err = ERR_INIT;
	struct scenario *s;
	struct bound *b = NULL;
	int index = step < 0 ? h->pos - 1 : h->pos;

	if (index < 0 || index >= h->n || !st->base) {
		state_say(st, false, "nothing to %s",
		          step < 0 ? "undo" : "redo");
		return;
	}
	h->pos += step;
	s = history_replay(h, st->base, st->ctx->library, &err);
	if (s)
		b = state_bind(st, s, &err);
	if (!b) {
		scenario_free(s);
		h->pos -= step;
		state_say_err(st, &err);
		return;
	}
	taken(st, s, b);
	show_edit(st, &h->edit[index], step);
}
