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
#include "tui/live.h"
#include "tui/saved.h"
#include "tui/state.h"
#include "base/banned.h"

#define QUICK_POINTS 2048

/* --- runs --- */

static void take_result(struct state *st, struct evaluation *e, bool refined)
{
	if (st->refined != st->result)
		evaluation_free(st->result);
	else if (refined)
		evaluation_free(st->result);
	if (refined && st->refined && st->refined != st->result)
		evaluation_free(st->refined);
	st->result = e;
	if (refined)
		st->refined = e;
}

/* Few points, nothing that is dear: the answer to a key press. */
static void run_quick(struct state *st)
{
	struct engine_options o = st->ctx->engine;
	struct err err = ERR_INIT;
	struct evaluation *e;

	if (o.samples > QUICK_POINTS)
		o.samples = QUICK_POINTS;
	o.max_samples = o.samples;
	o.want_break_even = o.want_sensitivity = o.want_voi = false;
	o.progress = NULL;
	e = engine_evaluate(st->ctx->library, st->scenario, &o, &err);
	if (!e) {
		state_say_err(st, &err);
		return;         /* what stands is stale, and marked so */
	}
	take_result(st, e, false);
	st->stage = RUN_REFINE;
	live_curve(st, LIVE_QUICK);
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

bool work_idle(struct state *st, bool (*busy)(void *ctx), void *ctx)
{
	struct watch w = { st, busy, ctx };
	struct engine_options o;
	struct err err = ERR_INIT;
	struct evaluation *e;

	if (st->stage != RUN_REFINE)
		return true;
	o = st->ctx->engine;
	o.want_break_even = o.want_sensitivity = o.want_voi = true;
	o.progress = on_progress;
	o.progress_ctx = &w;
	st->progress = 0;
	e = engine_evaluate(st->ctx->library, st->scenario, &o, &err);
	st->progress = -1;
	if (e) {
		take_result(st, e, true);
		st->stage = RUN_NONE;
		live_curve(st, LIVE_REFINED);
		return true;
	}
	if (was_cancelled(&err)) {
		err_clear(&err);
		return false;
	}
	state_say_err(st, &err);
	st->stage = RUN_NONE;   /* the quick result stands; do not try again */
	return true;
}

/* --- drafts --- */

static char *canonical(const struct scenario *s)
{
	struct buf b = BUF_INIT;

	scenario_write(s, &b);
	return buf_detach(&b);
}

static void keep_draft(struct state *st)
{
	struct buf undo = BUF_INIT;
	struct err err = ERR_INIT;
	char *text;

	st->kept = false;
	if (!st->store || !store_writable(st->store))
		return;
	text = canonical(st->scenario);
	free(st->history.base);
	st->history.base = canonical(st->base);
	history_write(&st->history, &undo);
	st->kept = store_draft_put(st->store, st->scenario->name, text,
	                           undo.s, &err);
	if (!st->kept)
		state_say_err(st, &err);
	free(text);
	buf_release(&undo);
}

/* The draft belongs to what is opened when it began there, or ended there. */
static bool belongs(const struct history *h, const char *draft,
                    const char *opened)
{
	return strcmp(h->base, opened) == 0 || strcmp(draft, opened) == 0;
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
	               NULL, &info, a, &err))
		state_say(st, false, "an older draft of other text is kept as "
		          "revision r%d", info.number);
	else
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

	if (base)
		s = history_replay(h, base, st->ctx->library, &err);
	if (s)
		b = bound_new(st->ctx->library, s, NULL, &err);
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
	if (st->unsaved)
		state_say(st, false, "edits from last time are back; u undoes");
}

static void take_up_draft(struct state *st)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct history h = { .n = 0 };
	const char *text = NULL, *undo = NULL;

	if (store_draft_get(st->store, st->scenario->name, &text, &undo, a,
	                    &err) && text && undo && history_read(&h, undo)) {
		if (belongs(&h, text, st->clean))
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

/* "r7" when exactly this text is the newest revision. */
static void find_revision(struct state *st)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct revision_info *info = NULL;
	char digest[DIGEST_HEX];

	st->revision = 0;
	scenario_digest(st->scenario, digest);
	if (st->store && store_log(st->store, st->scenario->name, 0, 1, &info,
	                           a, &err) > 0 &&
	    strcmp(info[0].hash, digest) == 0)
		st->revision = info[0].number;
	err_clear(&err);
	arena_free(a);
}

static void drop_results(struct state *st)
{
	if (st->refined != st->result)
		evaluation_free(st->refined);
	evaluation_free(st->result);
	live_clear(st);
	st->refined = st->result = NULL;
}

/* Nothing of the state changes before all that can fail has not. */
bool work_open(struct state *st, const char *ref, bool fresh, struct err *err)
{
	struct scenario *s;
	struct bound *b = NULL;

	open_store(st);         /* `ref` may be a name in it */
	s = ref ? task_scenario(st->ctx, ref, NULL, err)
	        : scenario_blank(st->ctx->library, "untitled");
	if (s)
		b = bound_new(st->ctx->library, s, NULL, err);
	if (!b) {
		scenario_free(s);
		return false;
	}
	drop_results(st);
	free(st->clean);
	st->clean = NULL;
	st->axis = 0;
	st->form_selected = -1;
	scenario_free(st->base);
	st->base = scenario_copy(s);
	state_adopt(st, s, b);
	state_mark_clean(st);
	history_release(&st->history);
	history_init(&st->history, st->clean);
	find_revision(st);
	if (st->store && !fresh)
		take_up_draft(st);
	st->focus = FOCUS_FORM;
	st->stage = RUN_QUICK;
	st->want |= WANT_RUN | WANT_LIST;
	return true;
}

/* A revision carries the refined result, so that one is made first. */
static void save(struct state *st)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct revision_info info = { .number = 0 };

	if (st->stage == RUN_QUICK)
		run_quick(st);
	work_idle(st, NULL, NULL);
	if (st->stage != RUN_NONE || !st->result)
		state_say(st, true, "not saved: there is no result to save");
	else if (!task_save(st->ctx, st->scenario, st->result, "", &info, a,
	                    &err))
		state_say_err(st, &err);
	else {
		st->revision = info.number;
		state_mark_clean(st);
		state_say(st, false, "saved as %s r%d", info.scenario,
		          info.number);
		st->want |= WANT_LIST | WANT_DRAFT;
	}
	arena_free(a);
}

static void open_chosen(struct state *st)
{
	struct err err = ERR_INIT;

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

void work_now(struct state *st)
{
	static const struct { unsigned bit; void (*run)(struct state *); }
	order[] = {             /* an opening asks for the rest */
		{ WANT_OPEN, open_chosen }, { WANT_RUN, run_quick },
		{ WANT_SAVE, save }, { WANT_DRAFT, keep_draft },
		{ WANT_LIST, saved_read },
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
		if (st->stage != RUN_QUICK)
			live_curve(st, LIVE_QUICK);
	}
	if (st->want & WANT_QUIT)
		before_leaving(st);
}
