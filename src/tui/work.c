#include "tui/work.h"

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
#include "tui/help.h"
#include "tui/live.h"
#include "tui/saved.h"
#include "tui/state.h"
#include "base/banned.h"

#define QUICK_POINTS 2048
#define FULL_POINTS 16384

/* --- runs ---
 *
 * What there is to do, in the order in which a person wants to see it: the
 * trade-off shown, its curve, the others; all of them again with more points;
 * then drivers, break-evens and values of information.
 */

static struct engine_options options_of(struct state *st, int64_t points)
{
	struct engine_options o = st->ctx->engine;

	if (!st->cache)
		st->cache = engine_cache_new();
	o.cache = st->cache;
	if (o.samples > points)
		o.samples = points;
	o.max_samples = o.samples;
	o.progress = NULL;
	o.want_break_even = o.want_sensitivity = o.want_voi = false;
	o.want_provenance = o.want_joint = o.want_criteria = false;
	o.want_dominance = o.want_studies = false;
	return o;
}

/* A verdict that moves what others read makes those stale. */
static void take(struct state *st, int row, struct evaluation *e, bool full)
{
	state_take_answer(st, row, e, full);
	state_rebind(st, row);
}

/* Few points, nothing that is dear: the answer to a key press. */
static void run_quick(struct state *st, int row)
{
	struct trade_row *t = &st->trade[row];
	struct engine_options o = options_of(st, QUICK_POINTS);
	struct err err = ERR_INIT;
	struct evaluation *e;

	t->now.tried = st->gen;
	e = engine_trade_bound(st->bound, t->bound, &o, &err);
	if (e)
		take(st, row, e, false);
	else            /* what stands is stale, and marked so */
		state_say_err(st, &err);
}

static void draw_curve(struct state *st, bool fine)
{
	st->curve_gen = st->gen;
	st->curve_fine = fine;
	live_curve(st, fine ? LIVE_REFINED : LIVE_QUICK);
}

struct watch {
	struct state *st;
	bool (*busy)(void *ctx);
	void *ctx;
};

static bool on_progress(void *ctx, double done)
{
	struct watch *w = ctx;

	w->st->progress = done;
	return !w->busy || w->busy(w->ctx);
}

static bool was_cancelled(const struct err *err)
{
	return err->n == 1 && err->item[0].kind == ERR_LIMIT &&
	       strstr(err->item[0].text, "cancelled");
}

/* Many points; `all`: with all that is dear, too. */
static void refine(struct state *st, int row, bool all, struct watch *w)
{
	struct trade_row *t = &st->trade[row];
	struct engine_options o = options_of(st, FULL_POINTS);
	struct err err = ERR_INIT;
	struct evaluation *e;

	o.want_break_even = o.want_sensitivity = o.want_voi = all;
	o.want_provenance = all;
	o.progress = on_progress;
	o.progress_ctx = w;
	st->progress = 0;
	e = engine_trade_bound(st->bound, t->bound, &o, &err);
	st->progress = -1;
	if (e) {
		take(st, row, e, all);
	} else if (was_cancelled(&err)) {
		err_clear(&err);        /* a key came: tried again after it */
		return;
	} else {
		state_say_err(st, &err);
		t->full.tried = st->gen;        /* the quick result stands */
	}
}

static bool waits_for_quick(const struct state *st, int row)
{
	const struct trade_row *t = &st->trade[row];

	return t->bound >= 0 && t->now.tried != st->gen;
}

/* Its verdict is of few points yet. */
static bool waits_for_many(const struct state *st, int row)
{
	const struct evaluation *e = st->trade[row].now.e;
	int64_t most = st->ctx->engine.samples;

	return state_to_refine(st, row) && e && !e->engine.point &&
	       e->engine.samples < (most < FULL_POINTS ? most : FULL_POINTS);
}

/* The row chosen first; -1: none. */
static int next_row(const struct state *st,
                    bool (*waits)(const struct state *st, int row))
{
	if (waits(st, st->trade_selected))
		return st->trade_selected;
	for (int i = 0; i < st->ntrades; i++)
		if (waits(st, i))
			return i;
	return -1;
}

static bool wants_curve(const struct state *st, bool fine)
{
	return !state_stale(st) && (st->curve_gen != st->gen ||
	       (fine && !st->curve_fine && !state_refined_stale(st)));
}

/* --- the field that is open, and the interview --- */

static void read_preview(struct state *st)
{
	const struct form_row *row = state_row(st);

	st->want &= ~(unsigned)WANT_PREVIEW;
	if (st->mode == MODE_ASK && st->question.state == QUESTION_ASK)
		preview_read(st, st->question.name);
	else if (st->mode == MODE_EDIT && row && !st->sourcing)
		preview_read(st, row->name);
	else
		st->preview.known = false;
}

static void read_question(struct state *st)
{
	bool asked = st->question.state == QUESTION_ASK;

	st->want &= ~(unsigned)WANT_QUESTION;
	if (st->mode != MODE_ASK)
		return;
	question_free(&st->question);
	question_next(st, st->ask_all, &st->question);
	if (st->question.state == QUESTION_ASK)         /* and its verdict */
		state_select_trade(st, st->question.row);
	if (!asked)
		read_preview(st);       /* typed before there was a question */
}

bool work_pending(const struct state *st)
{
	return st->ctx && (st->panels.job || wants_curve(st, true) ||
	       next_row(st, waits_for_quick) >= 0 ||
	       next_row(st, state_to_refine) >= 0);
}

void work_idle(struct state *st, bool (*busy)(void *ctx), void *ctx)
{
	struct watch w = { .st = st, .busy = busy, .ctx = ctx };
	int quick = next_row(st, waits_for_quick);
	int many = next_row(st, waits_for_many);
	int full = next_row(st, state_to_refine);

	if (quick == st->trade_selected)
		run_quick(st, quick);
	else if (wants_curve(st, false))
		draw_curve(st, false);
	else if (quick >= 0)
		run_quick(st, quick);
	else if (st->panels.job)
		panels_work(st, busy, ctx);
	else if (many >= 0)
		refine(st, many, false, &w);
	else if (wants_curve(st, true))
		draw_curve(st, true);
	else if (full >= 0)
		refine(st, full, true, &w);
	if (st->mode == MODE_ASK)
		st->want |= WANT_QUESTION;
}

/* What an edit moves at once. */
static void run_now(struct state *st)
{
	if (waits_for_quick(st, st->trade_selected))
		run_quick(st, st->trade_selected);
	if (wants_curve(st, false))
		draw_curve(st, false);
}

/* --- drafts --- */

/* A what-if is no draft; but what stood before it may still have to become
 * one, when both keys came at once. */
static const struct scenario *draft_of(struct state *st, struct buf *undo)
{
	struct panels *p = &st->panels;

	if (p->before) {
		if (p->before_due && p->before_history)
			buf_add(undo, p->before_history);
		p->before_due = false;
		return undo->len ? p->before : NULL;
	}
	free(st->history.base);
	st->history.base = state_canonical(st->base);
	history_write(&st->history, st->clean, undo);
	return st->scenario;
}

static void keep_draft(struct state *st)
{
	struct buf undo = BUF_INIT;
	struct err err = ERR_INIT;
	const struct scenario *s = draft_of(st, &undo);
	char *text;

	if (!s)
		return;
	st->kept = false;
	if (st->store && store_writable(st->store)) {
		text = state_canonical(s);
		st->kept = store_draft_put(st->store, s->name, text, undo.s,
		                           &err);
		free(text);
	}
	state_say_err(st, &err);
	buf_release(&undo);
}

/* "r7" when exactly this text is the newest revision. */
static void find_revision(struct state *st)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct revision_info *info = NULL;
	struct scenario *s = scenario_copy(st->scenario);
	char digest[DIGEST_HEX];

	st->revision = 0;       /* the store names files by what they hold */
	if (scenario_pin_files(s, &err))
		scenario_pin_models(s, st->ctx->library, &err);
	scenario_digest(s, digest);
	scenario_free(s);
	err_clear(&err);
	if (st->store && store_log(st->store, st->scenario->name, 0, 1, &info,
	                           a, &err) > 0 &&
	    strcmp(info[0].hash, digest) == 0)
		st->revision = info[0].number;
	err_clear(&err);
	arena_free(a);
}

/* The draft belongs to what is opened when it began there or ended there; or
 * was to be told from it, and is not what is on the screen already: who opens
 * its revision then wants that. */
static bool belongs(const struct history *h, const char *draft,
                    const char *opened, bool again)
{
	return strcmp(h->base, opened) == 0 || strcmp(draft, opened) == 0 ||
	       (!again && h->clean && strcmp(h->clean, opened) == 0);
}

/* A draft of another text must not get lost when its row is written anew: it
 * becomes a revision. */
static void set_aside(struct state *st, const char *draft)
{
	struct revision_info info;
	struct arena *a = arena_new();
	struct err err = ERR_INIT;

	if (store_save(st->store, st->scenario->name, st->scenario->title,
	               draft, "draft set aside: the scenario had changed",
	               NULL, &info, a, &err) &&
	    store_draft_drop(st->store, st->scenario->name, &err)) {
		state_pin(st);  /* by its name it would be that revision */
		state_say(st, false, "an older draft of other text is kept as "
		          "revision r%d", info.number);
	}
	state_say_err(st, &err);
	arena_free(a);
}

/* Base as the draft had it, with places and paths of what was opened. */
static struct scenario *draft_base(struct state *st, const struct history *h,
                                   struct err *err)
{
	struct scenario *s = scenario_read_text(h->base, strlen(h->base),
	                                        st->scenario->name, err);

	if (s && st->scenario->path)
		s->path = arena_strdup(s->arena, st->scenario->path);
	return s;
}

static void resume(struct state *st, struct history *h)
{
	struct err err = ERR_INIT;
	struct scenario *base = draft_base(st, h, &err), *s = NULL;
	struct bound *b = NULL;
	int opened = st->revision;

	if (base)
		s = history_replay(h, base, st->ctx->library, &err);
	if (s)
		b = state_bind(st, s, &err);
	if (!b) {
		scenario_free(base);
		scenario_free(s);
		history_release(h);
		state_say_err(st, &err);
		return;
	}
	scenario_free(st->base);
	st->base = base;
	history_release(&st->history);
	st->history = *h;
	st->kept = true;
	state_adopt(st, s, b);
	find_revision(st);
	if (st->revision)       /* it was saved, or decided on, since */
		state_mark_clean(st);
	else
		st->revision = opened;
	if (st->unsaved)
		state_say(st, false, "edits from last time are back; u undoes");
}

static void take_up_draft(struct state *st, bool again)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct history h = { .n = 0 };
	const char *text = NULL, *undo = NULL;

	if (store_draft_get(st->store, st->scenario->name, &text, &undo, a,
	                    &err) && text && undo && history_read(&h, undo)) {
		if (belongs(&h, text, st->clean, again))
			resume(st, &h);
		else {
			history_release(&h);
			set_aside(st, text);
		}
	}
	state_say_err(st, &err);
	arena_free(a);
}

/* --- opening and saving --- */

static void open_store(struct state *st)
{
	struct err err = ERR_INIT;

	if (st->store)
		return;
	st->store = store_open(st->ctx->store_path, true, &err);
	if (!st->store)         /* work goes on, but nothing can be kept */
		state_say_err(st, &err);
	err_clear(&err);
}

static void drop_results(struct state *st)
{
	for (int i = 0; i < st->ntrades; i++)
		state_drop_answers(&st->trade[i]);
	live_clear(st);
}

static void keep_ref(struct state *st, const char *ref,
                     const struct scenario *s)
{
	char *whole = ref && s->path ? realpath(s->path, NULL) : NULL;
	char *old = st->ref;

	st->ref = whole ? whole : xstrdup(ref);
	free(old);              /* `ref` may be it */
}

/* Nothing of the state changes before all that can fail has not. */
bool work_open(struct state *st, const char *ref, bool fresh, struct err *err)
{
	struct scenario *s;
	struct bound *b = NULL;
	bool again;

	open_store(st);         /* `ref` may be a name in it */
	s = ref ? task_scenario(st->ctx, ref, NULL, err)
	        : scenario_blank(st->ctx->library, "untitled");
	if (s)
		b = bound_new(st->ctx->library, s, NULL, err);
	if (!b) {
		scenario_free(s);
		return false;
	}
	again = st->scenario && strcmp(st->scenario->name, s->name) == 0;
	keep_ref(st, ref, s);
	drop_results(st);
	panels_release(&st->panels);
	free(st->clean);
	st->clean = NULL;
	st->axis = st->ntrail = 0;
	st->form_selected = -1;
	scenario_free(st->base);
	st->base = scenario_copy(s);
	state_adopt(st, s, b);
	state_mark_clean(st);
	history_release(&st->history);
	history_init(&st->history, st->clean);
	file_opened(st);
	find_revision(st);
	if (st->store && !fresh)
		take_up_draft(st, again);
	st->focus = FOCUS_FORM;
	st->want |= WANT_RUN | WANT_LIST;
	return true;
}

/* A revision carries what `steelyard save` would save: all trade-offs, to the
 * confidence asked for. */
static void save(struct state *st)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct revision_info info = { .number = 0 };
	struct evaluation *e = task_evaluate(st->ctx, st->scenario, &err);

	if (!e || !task_save(st->ctx, st->scenario, e, "", &info, a, &err)) {
		state_say_err(st, &err);
	} else {
		state_saved(st, info.number);
		state_say(st, false, "saved as %s r%d", info.scenario,
		          info.number);
		file_follow(st);
		st->want |= WANT_LIST | WANT_DRAFT | WANT_PANEL;
	}
	evaluation_free(e);
	arena_free(a);
}

static void open_chosen(struct state *st)
{
	struct err err = ERR_INIT;

	if (st->want & WANT_DRAFT)      /* of what was open so far */
		keep_draft(st);
	st->want &= ~(unsigned)WANT_DRAFT;
	if (work_open(st, st->open_ref, false, &err)) {
		if (!st->message)
			state_say(st, false, "opened %s", st->title);
	} else {
		state_say_err(st, &err);
	}
	err_clear(&err);
}

/* Leaving needs no question as long as the draft row has it all. */
static void before_leaving(struct state *st)
{
	if (!st->unsaved || st->kept || st->warned)
		return;
	st->want &= ~(unsigned)WANT_QUIT;
	st->warned = true;
	state_say(st, true, "no store keeps your edits; q again drops them");
}

bool work_edit(struct state *st)
{
	if (!st->ctx || !(st->want & WANT_RUN) || st->want & WANT_OPEN)
		return false;
	st->want &= ~(unsigned)WANT_RUN;
	run_now(st);
	return true;
}

void work_now(struct state *st)
{
	static const struct { unsigned bit; void (*run)(struct state *); }
	order[] = {             /* an opening asks for the rest */
		{ WANT_BEGIN, panels_begin },
		{ WANT_OPEN, open_chosen }, { WANT_RUN, run_now },
		{ WANT_SAVE, save }, { WANT_WRITE, file_write },
		{ WANT_DRAFT, keep_draft },
		{ WANT_LIST, saved_read }, { WANT_PANEL, panels_now },
		{ WANT_COMPLETE, palette_complete },
	};

	if (!st->ctx) {
		st->want &= WANT_QUIT | WANT_REDRAW;
		return;
	}
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (st->want & order[i].bit) {
			st->want &= ~order[i].bit;
			order[i].run(st);
		}
	if (st->want & WANT_CURVE) {
		st->want &= ~(unsigned)WANT_CURVE;
		run_now(st);
		if (!state_stale(st))
			draw_curve(st, false);
	}
	if (st->want & WANT_QUESTION)
		read_question(st);
	if (st->want & WANT_PREVIEW)
		read_preview(st);
	if (st->want & WANT_QUIT)
		before_leaving(st);
}
