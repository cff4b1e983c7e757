/*
 * What-if: values are tried, and what stood before comes back, with its undo
 * log, as if nothing had been.  Meanwhile nothing is kept as a draft.
 */
#include "tui/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/bound.h"
#include "model/scenario.h"
#include "base/banned.h"

void what_if_forget(struct panels *p)
{
	scenario_free(p->before);
	free(p->before_history);
	arena_free(p->before_arena);
	p->before = NULL;
	p->before_history = NULL;
	p->before_arena = NULL;
	p->before_row = NULL;
	p->nbefore = 0;
}

static void remember(struct state *st)
{
	struct panels *p = &st->panels;
	struct arena *a = p->before_arena = arena_new();

	p->before_row = arena_alloc(a, TRADE_ROWS * sizeof *p->before_row);
	for (int i = 0; i < st->ntrades; i++) {
		const struct tradeoff *t = state_result(st, i);
		int o = t ? t->verdict.option : -1;
		const struct summary *s = o >= 0 ? &t->option[o].objective
		                                 : NULL;

		if (!t)
			continue;
		p->before_row[p->nbefore++] = (struct before){
			arena_strdup(a, t->model),
			o >= 0 ? arena_strdup(a, t->option[o].title) : NULL,
			arena_strdup(a, t->objective_unit),
			!s ? NAN : t->point ? s->value : s->mean,
			t->verdict.probability_best };
	}
}

void what_if_start(struct state *st)
{
	struct buf log = BUF_INIT;

	if (!st->scenario) {
		state_say(st, true, "no scenario is open");
		return;
	}
	st->panels.before = scenario_copy(st->scenario);
	st->panels.before_due = st->want & WANT_DRAFT;
	if (st->history.base) {
		history_write(&st->history, st->clean, &log);
		st->panels.before_history = buf_detach(&log);
	}
	remember(st);
	state_say(st, false, "what-if: try values; t goes back, s keeps and "
	          "saves, c compares");
}

static bool bring_back(struct state *st, struct err *err)
{
	struct panels *p = &st->panels;
	struct bound *b = state_bind(st, p->before, err);
	struct history h;

	if (!b)
		return false;
	if (p->before_history && history_read(&h, p->before_history)) {
		history_release(&st->history);
		st->history = h;
	}
	state_adopt(st, p->before, b);
	p->before = NULL;       /* it is the state's again */
	st->want |= WANT_RUN | WANT_DRAFT;
	return true;
}

void what_if_end(struct state *st, bool keep)
{
	struct err err = ERR_INIT;

	if (!st->panels.before)
		return;
	if (keep || bring_back(st, &err)) {
		what_if_forget(&st->panels);
		if (!keep)
			state_say(st, false, "back to the values before");
		else
			st->want |= WANT_DRAFT;
	}
	state_say_err(st, &err);
}

static const struct before *row_of(const struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);

	for (int i = 0; t && i < st->panels.nbefore; i++)
		if (strcmp(st->panels.before_row[i].model, t->model) == 0)
			return &st->panels.before_row[i];
	return NULL;
}

void what_if_title(const struct state *st, struct buf *out)
{
	const struct before *r = row_of(st);

	if (!st->panels.before)
		return;
	buf_add(out, "what-if");
	if (!r || !r->option)
		return;
	buf_addf(out, ": was %s, ", r->option);
	if (isfinite(r->mean)) {
		chart_amount(out, r->mean, r->unit);
		buf_addf(out, " %s, ", r->unit);
	}
	buf_add(out, "P ");
	num_prob(out, r->p);
}
