/*
 * Edits: each is tried on a copy, bound, and only then taken; so a value that
 * does not hold changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "model/bound.h"
#include "model/scenario.h"
#include "task/task.h"
#include "tui/state.h"
#include "base/banned.h"

/* --- what an edit reaches -------------------------------------------------- */

static int model_named(const struct bound *b, const char *name, size_t n)
{
	for (int i = 0; i < b->nmodels; i++)
		if (strncmp(b->model[i].model->name, name, n) == 0 &&
		    b->model[i].model->name[n] == '\0')
			return i;
	return -1;
}

/* Whether model m has a stake in workload parameter `name`; a formula of the
 * workload may hang on any of them. */
static bool uses(const struct bound *b, int m, const char *name)
{
	const struct bound_model *bm = &b->model[m];

	for (int i = 0; i < bm->model->nslots; i++) {
		const struct slot *s = &b->slot[bm->first_slot + i];

		if (s->kind == SLOT_WORKLOAD &&
		    (s->target < 0 ||
		     strcmp(b->slot[s->target].name, name) == 0 ||
		     b->slot[s->target].kind != SLOT_INPUT))
			return true;
	}
	return false;
}

static void reach(const struct bound *b, int m, bool *reached)
{
	reached[m] = true;
	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];

		if (s->kind == SLOT_NEIGHBOUR && s->neighbour == m &&
		    !reached[s->model])
			reach(b, s->model, reached);
	}
}

/* The trade-offs that cannot tell the difference keep their results. */
static void keep_unreached(struct state *st, const struct bound *b,
                           const char *name)
{
	size_t n = strcspn(name, ".");
	bool shared = strncmp(name, "workload.", 9) == 0;
	int only = shared || !name[n] ? -1 : model_named(b, name, n);
	bool *reached = xcalloc((size_t)b->nmodels + 1, sizeof *reached);
	unsigned last = st->gen - 1;

	for (int m = 0; m < b->nmodels; m++)
		if (only >= 0 ? m == only : !shared || uses(b, m, name + 9))
			reach(b, m, reached);
	for (int i = 0; i < st->ntrades; i++) {
		struct trade_row *t = &st->trade[i];
		struct outcome *of[] = { &t->now, &t->full };

		if (t->bound < 0 || reached[t->bound])
			continue;
		for (int k = 0; k < 2; k++) {
			of[k]->gen += of[k]->gen == last;
			of[k]->tried += of[k]->tried == last;
		}
	}
	only = st->trade[st->trade_selected].bound;
	if (st->curve_gen == last && only >= 0 && !reached[only])
		st->curve_gen++;
	free(reached);
}

static void taken(struct state *st, struct scenario *s, struct bound *b,
                  const char *name)
{
	state_adopt(st, s, b);
	keep_unreached(st, b, name);
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
	edit_apply(h->edit[0].kind, h->edit[0].name, h->edit[0].value,
	           st->base, st->ctx->library, &err);
	err_clear(&err);
	history_drop_first(h);
}

static struct bound *try_edit(const struct state *st, enum edit_kind kind,
                              const char *name, const char *value,
                              struct scenario **s, struct err *err)
{
	struct bound *b = NULL;

	*s = scenario_copy(st->scenario);
	if (edit_apply(kind, name, value, *s, st->ctx->library, err))
		b = state_bind(st, *s, err);
	if (!b) {
		scenario_free(*s);
		*s = NULL;
	}
	return b;
}

struct bound *state_try(const struct state *st, const char *name,
                        const char *value, struct scenario **s,
                        struct err *err)
{
	return try_edit(st, EDIT_TYPED, name, value, s, err);
}

bool state_edit(struct state *st, const char *name, const char *value,
                enum edit_kind kind, struct err *err)
{
	struct scenario *s;
	struct bound *b = try_edit(st, kind, name, value, &s, err);

	if (!b)
		return false;
	history_push(&st->history, name, value, kind);
	fold(st);
	/* `name` may be a row's, and rows are built anew */
	taken(st, s, b, st->history.edit[st->history.n - 1].name);
	return true;
}

bool state_assign(struct state *st, const char *text, struct err *err)
{
	const char *eq;
	size_t n;
	char *name;
	bool ok;

	text += strncmp(text, "set ", 4) == 0 ? 4 : 0;
	text += strspn(text, " ");
	eq = strchr(text, '=');
	n = eq ? (size_t)(eq - text) : 0;
	while (n && text[n - 1] == ' ')
		n--;
	if (!n)
		return false;
	name = xstrndup(text, n);
	ok = state_edit(st, name, eq + 1 + strspn(eq + 1, " "), EDIT_TYPED,
	                err);
	free(name);
	return ok;
}

/* --- where a value comes from --- */

static void add_quoted(struct buf *b, const char *s, size_t n)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s[i]);
	}
	buf_addc(b, '"');
}

/* How many bytes of "WORDS, 2026-11-01" are the words. */
static size_t words_before_date(const char *s)
{
	size_t n = strlen(s);
	int64_t t;

	return n > 12 && s[n - 12] == ',' && s[n - 11] == ' ' &&
	       clock_parse_date(s + n - 10, &t) ? n - 12 : n;
}

bool state_source(struct state *st, const struct form_row *row,
                  const char *text, struct err *err)
{
	size_t kind = strcspn(text, ":"), n;
	const char *words = text + kind + (text[kind] == ':');
	struct buf b = BUF_INIT;
	bool ok;

	words += strspn(words, " ");
	n = words_before_date(words);
	buf_add(&b, "{value: ");
	if (*row->text == '{' || !strpbrk(row->text, ",:{}[]#\"'&*!|>@`"))
		buf_add(&b, row->text);
	else
		add_quoted(&b, row->text, strlen(row->text));
	buf_add(&b, ", source: {kind: ");
	add_quoted(&b, text, kind);
	if (n) {
		buf_add(&b, ", note: ");
		add_quoted(&b, words, n);
	}
	if (words[n])
		buf_addf(&b, ", date: %s", words + n + 2);
	buf_add(&b, "}}");
	ok = state_edit(st, row->name, b.s, EDIT_TYPED, err);
	buf_release(&b);
	return ok;
}

void state_keep(struct state *st, const char *name)
{
	history_push(&st->history, name, "", EDIT_KEPT);
	fold(st);
	st->warned = false;
	st->want |= WANT_DRAFT;
}

/* Shows what the step changed: its row, when this trade-off has it. */
static void show_edit(struct state *st, const struct edit *e, int step)
{
	int row = form_find(&st->form, e->name);
	bool ask = e->kind == EDIT_ASK;

	if (row >= 0)
		st->form_selected = row;
	state_say(st, false, "%s: %s%s%s%s (%d of %d)",
	          step < 0 ? "undone" : "done again",
	          !ask ? "" : *e->value ? "ask about " : "ask no more about ",
	          e->name, ask ? "" : " = ", ask ? ""
	          : e->kind == EDIT_KEPT ? "I don't know"
	          : *e->value ? e->value : "default", st->history.pos,
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
	taken(st, s, b, h->edit[index].name);
	show_edit(st, &h->edit[index], step);
}
