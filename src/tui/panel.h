/*
 * What the panels share.  Private to src/tui/panel*.c.
 */
#ifndef STEELYARD_TUI_PANEL_H
#define STEELYARD_TUI_PANEL_H

#include "base/buf.h"
#include "base/err.h"
#include "engine/engine.h"
#include "evidence/import.h"
#include "task/task.h"
#include "tui/panels.h"
#include "tui/state.h"

struct scenario;

/* The world of a job: options with progress, a copy of the scenario. */
struct panel_job {
	struct context context;
	struct scenario *scenario;
	struct bound *bound;            /* of it */
	int model;                      /* index there */
	const char *model_name;
};

struct panel_kind {
	const char *title;
	const char *note;               /* its keys */
	bool needs_model;               /* a trade-off must be chosen */
	/* the work of a panel; NULL: none.  False with findings. */
	bool (*work)(struct state *st, struct panel_job *j, struct err *err);
	bool asked_only;                /* works only when a line asks */
	bool form;                      /* its lines are fields, no list */
	void (*now)(struct state *st);          /* quick, before the lines */
	void (*lines)(struct state *st);
	bool (*act)(struct state *st, enum action a);   /* before the list */
	void (*enter)(struct state *st, int item);
	void (*detail)(const struct state *st, int item, struct buf *out);
	/* what is wrong with a field's text and what would be right; NULL */
	const char *(*check)(const struct state *st, enum panel_field f,
	                     const char *text);
	/* a picture above the lines: the rows it wants of `h` */
	int (*rows)(const struct state *st, int h);
	void (*picture)(const struct state *st, struct grid *g,
	                struct rect r);
};
extern const struct panel_kind panel_explain, panel_value, panel_plan,
	panel_compare, panel_past, panel_decide, panel_decisions,
	panel_export, panel_figure, panel_map, panel_spend, panel_asked,
	panel_new;
const struct panel_kind *panel_kind_of(enum panel p);

/* --- lines --- */
void panel_add(struct state *st, enum role role, int item, const char *left,
               const char *right);
void panel_addf(struct state *st, enum role role, int item, const char *fmt,
                ...) __attribute__((format(printf, 4, 5)));
/* Lines of a report, each an item. */
void panel_add_text(struct state *st, const char *text);
struct text_style panel_style(const struct state *st);
int panel_item(const struct state *st);         /* chosen; -1 */
void panel_select(struct state *st, int item);

/* Work is wanted of the open panel; what it found before goes. */
void panel_want(struct state *st);

/* --- fields --- */
const char *panel_field(const struct state *st, enum panel_field f);
void panel_set(struct state *st, enum panel_field f, const char *text);
void panel_edit(struct state *st, enum panel_field f);

/* Who spends what. */
enum sort { SORT_SPEND, SORT_REQUESTS, SORT_TOKENS, SORT_NAME, SORT_N };
#define SPEND_WITHIN 4          /* names, one within the other */
struct spend {
	struct arena *arena;    /* of names */
	char *asked;            /* a log that was named; NULL: the evidence's */
	int source;             /* which evidence file */
	struct import *m;       /* what was read; NULL: nothing yet */
	char *from;             /* the file that it was read of */
	bool tables;            /* an evidence file's, not the log's */
	int by;                 /* which kind of name */
	enum sort sort;
	bool month;             /* its picture has the room */
	int nwithin;
	struct within within[SPEND_WITHIN];
	char *key;              /* what `m` was read for */
};
void spend_free(struct spend *s);

/* Drops what stood before a what-if. */
void what_if_forget(struct panels *p);

/* "12.3 USD (90 %: 10 to 15)"; a state's name. */
void panel_summary(struct buf *out, const struct summary *s,
                   const char *unit);

#endif
