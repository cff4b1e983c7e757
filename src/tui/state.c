#include "tui/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "model/bound.h"
#include "model/scenario.h"
#include "result/result.h"
#include "store/store.h"
#include "task/task.h"
#include "tui/layout.h"
#include "base/banned.h"

/* The six trade-offs, in the order and the words of the screen. */
static const struct { const char *model, *title, *brief; } six[] = {
	{ "build-vs-buy", "Build vs buy", "Build/buy" },
	{ "complexity-vs-maintainability", "Simple vs complex",
	  "Simple/complex" },
	{ "quantity-vs-quality", "Quantity vs quality", "Quantity/quality" },
	{ "throughput-vs-latency", "Batch vs real-time", "Batch/real-time" },
	{ "prompt-vs-finetune", "Prompt vs fine-tune", "Prompt/fine-tune" },
	{ "automation-vs-oversight", "Auto vs oversight", "Auto/oversight" },
};
#define SIX ((int)(sizeof six / sizeof *six))

void state_init(struct state *st, int w, int h, bool ascii)
{
	*st = (struct state){ .w = w, .h = h, .ascii = ascii, .progress = -1,
	                      .form_selected = -1, .gen = 1, .curve_gen = 1,
	                      .panels = { .progress = -1 } };
	editor_init(&st->editor, "");
	keymap_init(&st->keys);
	st->layout_most = LAYOUT_WIDE;
	for (int i = 0; i < SIX; i++)
		st->trade[st->ntrades++] = (struct trade_row){
			.model = six[i].model, .title = six[i].title,
			.brief = six[i].brief, .bound = -1 };
}

static void free_base_text(struct state *st)
{
	for (int i = 0; i < st->nbase_text; i++) {
		free(st->base_text[i].model);
		free(st->base_text[i].name);
		free(st->base_text[i].text);
	}
	free(st->base_text);
	st->base_text = NULL;
	st->nbase_text = 0;
}

void state_release(struct state *st)
{
	free_base_text(st);
	panels_release(&st->panels);
	history_release(&st->history);
	form_release(&st->form);
	editor_release(&st->editor);
	question_free(&st->question);
	for (int i = 0; i < TRADE_ROWS; i++)
		state_drop_answers(&st->trade[i]);
	engine_cache_free(st->cache);
	curve_free(st->curve);
	bound_free(st->bound);
	scenario_free(st->scenario);
	scenario_free(st->base);
	store_close(st->store);
	arena_free(st->saved.arena);
	free(st->saved.row);
	free(st->clean);
	free(st->ref);
	free(st->open_ref);
	free(st->write_to);
	buf_release(&st->file);
	free(st->field_error);
	free(st->find_form);
	free(st->find_saved);
	free(st->message);
}

/* --- results -------------------------------------------------------------- */

static const struct tradeoff *find(const struct trade_row *t,
                                   const struct outcome *a)
{
	return a->e && t->bound >= 0 ? evaluation_find(a->e, t->model) : NULL;
}

static const struct trade_row *chosen(const struct state *st)
{
	return &st->trade[st->trade_selected];
}

const struct tradeoff *state_result(const struct state *st, int row)
{
	return find(&st->trade[row], &st->trade[row].now);
}

const struct evaluation *state_evaluation(const struct state *st)
{
	return chosen(st)->now.e;
}

const struct tradeoff *state_tradeoff(const struct state *st)
{
	return find(chosen(st), &chosen(st)->now);
}

const struct tradeoff *state_refined(const struct state *st)
{
	return find(chosen(st), &chosen(st)->full);
}

bool state_row_stale(const struct state *st, int row)
{
	return st->trade[row].now.gen != st->gen;
}

bool state_stale(const struct state *st)
{
	return state_row_stale(st, st->trade_selected);
}

bool state_refined_stale(const struct state *st)
{
	return chosen(st)->full.gen != st->gen;
}

bool state_to_refine(const struct state *st, int row)
{
	const struct trade_row *t = &st->trade[row];

	return t->bound >= 0 && t->now.gen == st->gen &&
	       t->full.tried != st->gen && st->stopped != st->gen;
}

void state_drop_answers(struct trade_row *t)
{
	if (t->full.e != t->now.e)
		evaluation_free(t->full.e);
	evaluation_free(t->now.e);
	t->now = t->full = (struct outcome){ .e = NULL };
}

void state_take_answer(struct state *st, int row, struct evaluation *e,
                       bool full)
{
	struct trade_row *t = &st->trade[row];
	struct outcome a = { e, st->gen, st->gen };

	if (t->now.e != t->full.e)
		evaluation_free(t->now.e);
	t->now = a;
	if (!full)
		return;
	evaluation_free(t->full.e);
	t->full = a;
}

/* --- neighbours ----------------------------------------------------------- */

static int row_of_model(const struct state *st, const char *model)
{
	for (int i = 0; i < st->ntrades; i++)
		if (strcmp(st->trade[i].model, model) == 0)
			return i;
	return -1;
}

/* What each model of `b` was last found to take; true when a neighbour reads
 * another option now. */
static bool recommend(const struct state *st, const struct bound *b, int *out)
{
	bool differs = false;

	for (int m = 0; m < b->nmodels; m++) {
		int row = row_of_model(st, b->model[m].model->name);
		const struct tradeoff *t = row < 0 ? NULL
			: state_result(st, row);

		out[m] = t ? t->verdict.option : -1;
	}
	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];

		differs |= s->kind == SLOT_NEIGHBOUR &&
			b->model[s->neighbour].assume < 0 &&
			out[s->neighbour] >= 0 &&
			out[s->neighbour] != s->option;
	}
	return differs;
}

struct bound *state_bind(const struct state *st, const struct scenario *s,
                         struct err *err)
{
	struct bound *b = bound_new(st->ctx->library, s, NULL, err);
	int *option = b ? xcalloc((size_t)b->nmodels + 1, sizeof *option)
	                : NULL;

	if (b && recommend(st, b, option)) {
		bound_free(b);
		b = bound_new(st->ctx->library, s, option, err);
	}
	free(option);
	return b;
}

static void make_stale(struct state *st, int model)
{
	for (int i = 0; i < st->ntrades; i++) {
		struct trade_row *t = &st->trade[i];

		if (t->bound == model)
			t->now.gen = t->now.tried = t->full.gen =
				t->full.tried = st->gen - 1;
	}
	for (int i = 0; i < st->bound->nslots; i++) {
		const struct slot *s = &st->bound->slot[i];

		if (s->kind == SLOT_NEIGHBOUR && s->neighbour == model)
			make_stale(st, s->model);
	}
}

/* Near a tie two trade-offs may hand an option to and fro as their points
 * grow: after as many turns as there are models it stays as it is. */
void state_rebind(struct state *st, int row)
{
	int m = st->trade[row].bound, *option;
	struct err err = ERR_INIT;
	struct bound *b;

	option = xcalloc((size_t)st->bound->nmodels + 1, sizeof *option);
	if (!recommend(st, st->bound, option) ||
	    st->rebound++ > st->bound->nmodels) {
		free(option);
		return;
	}
	free(option);
	b = state_bind(st, st->scenario, &err);
	state_say_err(st, &err);
	if (!b)
		return;
	for (int i = 0; i < b->nslots; i++)
		if (b->slot[i].kind == SLOT_NEIGHBOUR &&
		    b->slot[i].neighbour == m)
			make_stale(st, b->slot[i].model);
	bound_free(st->bound);
	st->bound = b;
	if (state_stale(st))
		st->curve_gen = st->gen - 1;
	state_build_form(st);
}

/* The axis counts the break-even parameters of the model; screens without one
 * (tests) those of the result. */
const char *state_axis_parameter(const struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);
	int bound = st->trade[st->trade_selected].bound;

	if (st->bound && bound >= 0) {
		const struct decision *d =
			&st->bound->model[bound].model->decision;

		return st->axis < d->nbreak_even ? d->break_even[st->axis]
		                                 : NULL;
	}
	return t && st->axis < t->nbreak_even
	       ? t->break_even[st->axis].parameter : NULL;
}

/* A crossing ten thousand times away from where you are is no news. */
static bool crosses_near(const struct break_even *be)
{
	if (be->state != BREAK_CROSSINGS)
		return false;
	for (int i = 0; i < be->ncrossings; i++) {
		double far = be->crossing[i].at / be->here;

		if (!(be->here > 0) || (far > 1e-4 && far < 1e4))
			return true;
	}
	return false;
}

/* What the curves show: the map of all options before a pair's, and what
 * crosses within sight before what does not. */
static int map_score(const struct break_even *be)
{
	return (crosses_near(be) ? 4 : 0) + (be->pair ? 0 : 2) +
	       (be->state != BREAK_UNDEFINED);
}

/* What a distribution can be drawn of. */
static int law_score(const struct break_even *be)
{
	return be->draws > 0 ? 1 + (be->ndensity > 1) : -1;
}

static const struct break_even *pick(const struct tradeoff *t,
                                     const char *axis,
                                     int (*score)(const struct break_even *))
{
	const struct break_even *found = NULL;
	int best = -1;

	for (int i = 0; t && axis && i < t->nbreak_even; i++) {
		const struct break_even *be = &t->break_even[i];

		if (strcmp(be->parameter, axis) == 0 && score(be) > best) {
			best = score(be);
			found = be;
		}
	}
	return found;
}

const struct break_even *state_break_even(const struct state *st)
{
	const char *axis = state_axis_parameter(st);
	const struct break_even *be = pick(state_tradeoff(st), axis,
	                                   map_score);

	if (be || !axis || !st->live.parameter ||
	    strcmp(st->live.parameter, axis) != 0)
		return be;
	return &st->live;
}

const struct break_even *state_map(const struct state *st)
{
	return pick(state_refined(st), state_axis_parameter(st), map_score);
}

const struct break_even *state_density(const struct state *st)
{
	return pick(state_refined(st), state_axis_parameter(st), law_score);
}

static bool same_pair(const struct break_even *law, const struct crossing *c)
{
	return (law->between[0] == c->below && law->between[1] == c->above) ||
	       (law->between[1] == c->below && law->between[0] == c->above);
}

const struct break_even *state_interval(const struct state *st)
{
	const struct break_even *be = state_break_even(st);
	const struct break_even *law = state_density(st);

	return be && law && !state_refined_stale(st) &&
	       be->ncrossings == 1 && law->state == BREAK_CROSSINGS &&
	       same_pair(law, be->crossing) ? law : NULL;
}

const struct form_row *state_row(const struct state *st)
{
	if (st->form_selected < 0 || st->form_selected >= st->form.n ||
	    st->form.row[st->form_selected].header)
		return NULL;
	return &st->form.row[st->form_selected];
}

void state_say(struct state *st, bool bad, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	free(st->message);
	st->message = buf_detach(&b);
	st->message_bad = bad;
}

void state_say_err(struct state *st, struct err *err)
{
	if (err->n > 1)
		state_say(st, true, "%s (and %d more)", err->item[0].text,
		          err->n + err->more - 1);
	else if (err->n)
		state_say(st, true, "%s", err->item[0].text);
	err_clear(err);
}

char *state_canonical(const struct scenario *s)
{
	struct buf b = BUF_INIT;

	scenario_write(s, &b);
	return buf_detach(&b);
}

/* Models that the scenario asks about beyond the six get rows of their own. */
static void find_trades(struct state *st)
{
	const char *const *names = library_names(st->ctx->library);

	for (int i = SIX; i < st->ntrades; i++)
		state_drop_answers(&st->trade[i]);      /* its model may go */
	st->ntrades = SIX;
	for (int i = 0; i < st->ntrades; i++) {
		struct trade_row *t = &st->trade[i];

		t->bound = bound_model_index(st->bound, t->model);
		t->present = false;
		for (int k = 0; names[k]; k++)
			if (strcmp(names[k], t->model) == 0)
				t->present = true;
	}
	for (int m = 0; m < st->bound->nmodels; m++) {
		const struct model *model = st->bound->model[m].model;
		bool known = false;

		for (int i = 0; i < st->ntrades; i++)
			known |= st->trade[i].bound == m;
		if (!known && st->ntrades < TRADE_ROWS)
			st->trade[st->ntrades++] = (struct trade_row){
				.model = model->name, .title = model->title,
				.brief = model->title, .bound = m,
				.present = true };
	}
}

static void choose_trade(struct state *st)
{
	if (st->trade_selected < st->ntrades &&
	    st->trade[st->trade_selected].bound >= 0)
		return;
	for (int i = 0; i < st->ntrades; i++)
		if (st->trade[i].bound >= 0) {
			st->trade_selected = i;
			return;
		}
}

static const char *slot_owner(const struct bound *b, int slot)
{
	int m = b->slot[slot].model;

	return m < 0 ? "" : b->model[m].model->name;
}

static bool is_base_of(const struct state *st, int i, int slot)
{
	const struct base_text *t = &st->base_text[i];

	return i < st->nbase_text &&
	       strcmp(t->name, st->bound->slot[slot].name) == 0 &&
	       strcmp(t->model, slot_owner(st->bound, slot)) == 0;
}

/* What each slot of the bound scenario said before; NULL: it was not asked. */
static const char **base_texts(const struct state *st)
{
	const char **out = xcalloc((size_t)st->bound->nslots + 1, sizeof *out);
	int k = 0;              /* they come in the same order, mostly */

	for (int slot = 0; slot < st->bound->nslots; slot++) {
		int tried = 0;

		while (tried++ < st->nbase_text && !is_base_of(st, k, slot))
			k = k + 1 < st->nbase_text ? k + 1 : 0;
		if (k < st->nbase_text && is_base_of(st, k, slot))
			out[slot] = st->base_text[k++].text;
	}
	return out;
}

void state_build_form(struct state *st)
{
	char *name = state_row(st) ? xstrdup(state_row(st)->name) : NULL;
	int row = -1, bound = st->trade[st->trade_selected].bound;

	form_release(&st->form);
	/* while nothing is clean the texts are those of another scenario */
	if (st->bound && bound >= 0) {
		const char **base = st->clean ? base_texts(st) : NULL;

		form_build(&st->form, st->bound, bound, base, st->find_form);
		free(base);
	}
	if (name)
		row = form_find(&st->form, name);
	if (row < 0)
		row = form_selectable(&st->form, st->form_selected, 1);
	st->form_selected = row;
	free(name);
}

void state_adopt(struct state *st, struct scenario *s, struct bound *b)
{
	char *text = state_canonical(s);

	bound_free(st->bound);
	if (st->scenario != s)
		scenario_free(st->scenario);
	st->scenario = s;
	st->bound = b;
	st->gen++;
	st->rebound = 0;
	st->title = s->name;
	st->unsaved = st->clean && strcmp(st->clean, text) != 0;
	free(text);
	find_trades(st);
	choose_trade(st);
	state_build_form(st);
	if (st->panels.open)
		st->want |= WANT_PANEL;
}

void state_mark_clean(struct state *st)
{
	free(st->clean);
	st->clean = state_canonical(st->scenario);
	st->unsaved = false;
	free_base_text(st);
	st->base_text = xcalloc((size_t)st->bound->nslots + 1,
	                        sizeof *st->base_text);
	st->nbase_text = st->bound->nslots;
	for (int i = 0; i < st->nbase_text; i++)
		st->base_text[i] = (struct base_text){
			xstrdup(slot_owner(st->bound, i)),
			xstrdup(st->bound->slot[i].name),
			xstrdup(st->bound->slot[i].text) };
	state_build_form(st);
}

void state_pin(struct state *st)
{
	struct buf ref = BUF_INIT;

	if (st->scenario->path || st->revision < 1)
		return;
	buf_addf(&ref, "%s@r%d", st->scenario->name, st->revision);
	free(st->ref);
	st->ref = buf_detach(&ref);
}

void state_saved(struct state *st, int revision)
{
	st->revision = revision;
	state_mark_clean(st);
	state_pin(st);
}

void state_select_trade(struct state *st, int row)
{
	const struct trade_row *t;

	if (row < 0 || row >= st->ntrades)
		return;
	t = &st->trade[row];
	if (!t->present) {
		state_say(st, true, "%s: no model yet", t->title);
		return;
	}
	if (t->bound < 0) {
		panels_ask(st, row);
		return;
	}
	if (st->trade_selected == row)
		return;
	st->trade_selected = row;
	st->axis = 0;
	state_build_form(st);
	st->want |= WANT_CURVE;
	if (st->panels.open)
		st->want |= WANT_PANEL;
}
