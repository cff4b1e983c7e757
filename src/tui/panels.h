/*
 * Panels: what opens over the body of the screen and is left with Esc, while
 * title, verdict and key bar stay.  Each is a list of lines with, above it,
 * a picture and, below it, words on the line that is chosen.  What takes long
 * runs as a job on a copy of the scenario; keys are taken meanwhile.
 */
#ifndef STEELYARD_TUI_PANELS_H
#define STEELYARD_TUI_PANELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "cells/cells.h"

struct arena;
struct buf;
struct state;

enum panel {
	PANEL_NONE, PANEL_EXPLAIN, PANEL_VALUE, PANEL_PLAN, PANEL_COMPARE,
	PANEL_PAST, PANEL_DECIDE, PANEL_DECISIONS, PANEL_EXPORT, PANEL_FIGURE,
	PANEL_MAP, PANEL_SPEND, PANEL_ASKED, PANEL_NEW, PANEL_N
};

struct panel_line {
	const char *left, *right;       /* right: at the right edge, or NULL */
	enum role role;
	int item;                       /* what it stands for; -1: nothing */
};

/* Texts that are typed, or chosen with Left and Right. */
enum panel_field {
	FIELD_OPTION, FIELD_BECAUSE, FIELD_BY, FIELD_REVIEW, FIELD_WAIVE,
	FIELD_WHAT, FIELD_FORMAT, FIELD_FOLDER, FIELD_BUDGET, FIELD_NAME,
	FIELD_FROM, FIELD_FILE, FIELD_N
};

struct panels {
	enum panel open;
	enum panel job;         /* whose work is wanted or runs; NONE */
	char stamp[PANEL_N][DIGEST_HEX + 12];   /* what each was made for */
	unsigned serial;        /* of the job: another one ends the first */
	double progress;        /* of the job, 0..1; -1: none runs */

	struct arena *arena;    /* of the lines */
	struct panel_line *line;
	int n, selected;
	size_t cap;

	/* results of jobs; NULL until there are any */
	struct explanation *explain;
	const struct explanation **unfolded;
	int nunfolded, target;
	size_t unfolded_cap;
	char *asked;            /* the figure explained; owned */
	struct evaluation *value;
	struct joint_plan *plan;
	struct comparison *compare;
	char *then;             /* what is compared with; owned */
	int figure_of;          /* which figure the waterfall shows */
	struct frontier *map;
	double cursor_x, cursor_y;      /* on the map, 0..1 */
	int map_other;          /* which second parameter */
	struct curve *curve;
	int figure, over;       /* chosen line and axis of the figure */
	struct spend *spend;    /* panel_spend.c; NULL: never opened */

	struct arena *list_arena;       /* of what the store told */
	struct decision_info *decision;
	struct revision_info *revision;
	struct verdict_step *step_of;   /* of the revisions, newest first */
	int ndecisions, nrevisions;
	char *field[FIELD_N];   /* owned; NULL: empty */
	char *find[PANEL_N];    /* lines must hold it; owned; NULL: all do */
	int step;               /* which line of a form asked for the work */
	int editing;            /* the field that is open */
	unsigned asks;          /* rows that a new scenario asks about */

	/* what stood before a what-if; NULL: none is on */
	struct scenario *before;
	char *before_history;
	bool before_due;        /* no draft holds it yet */
	struct arena *before_arena;
	struct before { const char *model, *option, *unit; double mean, p; }
		*before_row;
	int nbefore;
};

void panels_release(struct panels *p);
/* Opens a panel, or closes the one that is open when it is the same. */
void panels_open(struct state *st, enum panel which);
void panels_close(struct state *st);
/* True when the action, or the key of an open field, was the panel's. */
bool panels_perform(struct state *st, int action);
/* What belongs to the screen below and does nothing in a panel. */
bool panels_ignore(int action);
void panels_key(struct state *st, unsigned key);
bool panels_tick(struct state *st);     /* where the line chosen has one */
void panels_click(struct state *st, int row);
/* The filter of the open panel, NULL where its lines are no list; and a new
 * word for it, with the same line chosen where it is still there. */
char **panels_filter(struct state *st);
void panels_find(struct state *st, const char *word);
/* What is asked, with the row of a trade-off chosen; a scenario of one's own,
 * in `file` unless NULL. */
void panels_ask(struct state *st, int row);
void panels_new(struct state *st, const char *file);
void panels_template(struct state *st, const char *from);       /* or NULL */
/* Writes that one and has it opened, or says why not. */
void panels_begin(struct state *st);
/* Lines anew: the size or what they tell of changed. */
void panels_build(struct state *st);

/* What is quick: reading lists. */
void panels_now(struct state *st);
/* Runs the job that is wanted; `busy` as for work_idle().  True when none is
 * left. */
bool panels_work(struct state *st, bool (*busy)(void *ctx), void *ctx);

/* The panel in `r`; the first row of its list and how many show, for clicks. */
void panels_draw(const struct state *st, struct grid *g, struct rect r);
struct rect panels_list(const struct state *st, struct rect inside, int *top);

/* Opens the spend of the log, bill or evidence file `path`; "": of the evidence
 * that the scenario names. */
void spend_open(struct state *st, const char *path);

/* A what-if begins or ends: `keep` leaves its edits in the scenario. */
void what_if_start(struct state *st);
void what_if_end(struct state *st, bool keep);
/* "what-if: was Host a model, 1.2M USD, P 0.93"; nothing when none is on. */
void what_if_title(const struct state *st, struct buf *out);

#endif
