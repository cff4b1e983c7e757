/*
 * All that the screen is: one struct.  reduce() is the only thing that moves
 * it, view_draw() turns it into cells and changes nothing, work.h does what a
 * reduction asked for (runs, the store).  Terminal, key scripts, goldens and
 * the fuzzer share these three.
 */
#ifndef STEELYARD_TUI_STATE_H
#define STEELYARD_TUI_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "result/result.h"
#include "tui/action.h"
#include "tui/editor.h"
#include "tui/event.h"
#include "tui/form.h"
#include "tui/history.h"
#include "tui/preview.h"
#include "tui/question.h"
#include "tui/panels.h"

struct arena;
struct bound;
struct context;
struct engine_cache;
struct scenario;
struct store;

enum focus { FOCUS_FORM, FOCUS_PICTURE, FOCUS_TRADEOFFS, FOCUS_SAVED, FOCUS_N };
enum picture { PIC_CURVE, PIC_DRIVERS, PIC_OPTIONS, PIC_DENSITY, PIC_N };
enum mode { MODE_NORMAL, MODE_EDIT, MODE_FIND, MODE_HELP, MODE_PALETTE, MODE_ASK,
            MODE_FIELD /* a panel's */ };

/* What a reduction asks of work.h, as a bit set. */
enum {
	WANT_RUN = 1,           /* the scenario changed: evaluate it */
	WANT_CURVE = 2,         /* only the picture's curves */
	WANT_DRAFT = 4,         /* keep scenario and undo log */
	WANT_SAVE = 8,          /* make a revision */
	WANT_OPEN = 16,         /* open the chosen scenario */
	WANT_LIST = 32,         /* read the saved list again */
	WANT_REDRAW = 64,       /* the terminal lost its picture */
	WANT_PREVIEW = 512,     /* of the field that is open */
	WANT_QUESTION = 1024,   /* of the interview */
	WANT_QUIT = 128,
	WANT_INTERRUPT = 256,   /* ^C with nothing open: as SIGINT does */
	WANT_PANEL = 2048,      /* the open panel reads its lists */
	WANT_COMPLETE = 4096,   /* of the file that the palette names */
	WANT_BEGIN = 8192,      /* write the scenario that was put together */
	WANT_WRITE = 16384,     /* the scenario to a file */
};

/* Results of one trade-off: of few points at once, and refined, with drivers,
 * break-evens and values of information.  Each belongs to the generation of
 * the scenario that it was made of; an older one is stale.  A `tried` without
 * a result is one that failed. */
struct outcome {
	struct evaluation *e;           /* NULL: none yet */
	unsigned gen, tried;
};

struct trade_row {
	const char *model, *title, *brief;
	int bound;              /* index in the bound scenario; -1 not asked */
	bool present;           /* a model file exists */
	struct outcome now;      /* the newest; may be that of `full` */
	struct outcome full;
};
#define TRADE_ROWS 16
#define TRAIL 12
#define LIVE_CROSSINGS 8

struct saved_row {
	const char *ref;        /* what to open; NULL: a heading */
	const char *title, *note;
};

struct saved {
	struct arena *arena;
	int n, selected;
	struct saved_row *row;
};

struct state {
	int w, h;               /* of the screen */
	bool ascii;
	struct keymap keys;
	int layout_most;        /* enum layout_kind: no more than that */
	enum mode mode;
	enum focus focus;
	enum picture picture;
	bool zoomed, linear, no_band;
	unsigned want;

	/* the work; all NULL in tests of views */
	struct context *ctx;
	struct store *store;
	struct engine_cache *cache;
	struct scenario *scenario, *base;       /* base: before any edit */
	struct bound *bound;
	struct history history;
	char *clean;            /* canonical text that is saved, or loaded */
	/* what each input said at loading or saving; slots move with the
	 * trade-offs that are asked */
	struct base_text { char *model, *name, *text; } *base_text;
	int nbase_text;

	/* what is shown */
	char *ref;              /* what was opened, as it can be opened from
	                           anywhere; NULL: a blank one; owned */
	const char *title;      /* scenario's name; borrowed */
	int revision;           /* 0: never saved */
	bool unsaved, kept;     /* kept: the draft row holds the edits */
	bool warned;            /* that leaving would lose them */
	unsigned gen;           /* of the scenario: moves with each edit */
	unsigned curve_gen;     /* what the curve is of; and whether it was */
	bool curve_fine;        /* drawn with many points */
	unsigned stopped;       /* generation that shall not be refined */
	int rebound;            /* how often neighbours changed in this one */
	struct curve *curve;
	/* Read off the curve while there is no better one; its texts are the
	 * curve's. */
	struct break_even live;
	struct crossing live_crossing[LIVE_CROSSINGS];
	double progress;        /* of a refinement, 0..1; -1 none runs */
	int64_t seed;

	struct trade_row trade[TRADE_ROWS];
	int ntrades, trade_selected;
	struct form form;
	int form_selected, axis;        /* axis: nth break-even parameter */
	struct saved saved;
	char *open_ref;         /* WANT_OPEN; owned */
	char *write_to;         /* WANT_WRITE; owned, NULL: its own file */
	struct buf file;        /* what its own held when it was opened */

	struct editor editor;
	char *field_error;      /* under the open field; owned */
	bool sourcing;          /* it takes a value's source, not the value */
	struct preview preview; /* of what stands in it */
	bool ask_all;           /* the interview: of all trade-offs, not the */
	struct question question;       /* one shown */
	/* how sure each row was before each answer, newest last */
	struct trail { int pos; double p[TRADE_ROWS]; } trail[TRAIL];
	int ntrail;
	char *find_form, *find_saved;   /* filters; owned, NULL none */
	char *message;          /* one line until the next key; owned */
	bool message_bad;
	int help_selected;
	struct panels panels;
};

void state_init(struct state *st, int w, int h, bool ascii);
void state_release(struct state *st);

/* One event. */
void reduce(struct state *st, const struct event *ev);
/* One action, as a key or the help list starts it. */
void perform(struct state *st, enum action a);

/* --- asking --- */

/* The newest result of a row; NULL before there is one. */
const struct tradeoff *state_result(const struct state *st, int row);
/* Of the chosen trade-off. */
const struct tradeoff *state_tradeoff(const struct state *st);
const struct evaluation *state_evaluation(const struct state *st);
const struct break_even *state_break_even(const struct state *st);
const char *state_axis_parameter(const struct state *st);
/* The same of the last refined run, and its break-even with a distribution;
 * NULL before there was one. */
const struct tradeoff *state_refined(const struct state *st);
const struct break_even *state_map(const struct state *st);
/* That distribution when it is the one of the only crossing that the newest
 * result has; else NULL. */
const struct break_even *state_interval(const struct state *st);
const struct break_even *state_density(const struct state *st);
const struct form_row *state_row(const struct state *st);  /* or NULL */
/* Whether it is of values before; and of the refined one of the row chosen. */
bool state_row_stale(const struct state *st, int row);
bool state_stale(const struct state *st);
bool state_refined_stale(const struct state *st);
/* Whether this row still waits for its refined result. */
bool state_to_refine(const struct state *st, int row);

/* --- for the reducer, work.h and tests --- */

void state_say(struct state *st, bool bad, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void state_say_err(struct state *st, struct err *err);  /* empties err */
/* Binds a scenario; neighbours read the options that were found last. */
struct bound *state_bind(const struct state *st, const struct scenario *s,
                         struct err *err);
/* The same scenario again, after row `row` came to another option: what reads
 * it is stale. */
void state_rebind(struct state *st, int row);
/* Takes over a scenario with its binding, and rebuilds rows. */
void state_adopt(struct state *st, struct scenario *s, struct bound *b);
void state_build_form(struct state *st);
void state_take_answer(struct state *st, int row, struct evaluation *e,
                       bool full);
void state_drop_answers(struct trade_row *t);
/* The scenario as it stands is what `unsaved` and the marks compare with; and
 * it is this revision.  The next session comes back to the revision shown,
 * unless a file was opened. */
void state_mark_clean(struct state *st);
void state_saved(struct state *st, int revision);
void state_pin(struct state *st);
char *state_canonical(const struct scenario *s);
/* Wants the scenario written to `path` ("": its own file), as it is shown. */
void file_ask(struct state *st, const char *path);
/* Applies "name = value"; false with err and nothing changed. */
bool state_edit(struct state *st, const char *name, const char *value,
                enum edit_kind kind, struct err *err);
/* The same of "NAME = VALUE"; without a = false, and nothing said. */
bool state_assign(struct state *st, const char *text, struct err *err);
/* The value of a row stays, and comes from "measured: gateway log,
 * 2026-11-01": a kind, words and, where it is known, a date. */
bool state_source(struct state *st, const struct form_row *row,
                  const char *text, struct err *err);
/* The scenario with that edit, bound; NULL: it does not hold.  Free both. */
struct bound *state_try(const struct state *st, const char *name,
                        const char *value, struct scenario **s,
                        struct err *err);
/* "I don't know": nothing changes, and it is not asked again. */
void state_keep(struct state *st, const char *name);
void state_undo(struct state *st, int step);    /* -1 undo, +1 redo */
void state_select_trade(struct state *st, int row);

#endif
