/*
 * The parameters of one trade-off as rows: grouped, with the value as typed,
 * unit, provenance letter and a mark where the value is not the one that was
 * loaded.  Rows are plain text; views and tests need no model for them.
 */
#ifndef STEELYARD_TUI_FORM_H
#define STEELYARD_TUI_FORM_H

#include <stdbool.h>

struct arena;
struct bound;
struct buf;
struct err;

struct form_row {
	bool header;            /* a group's name in `title`, nothing else; */
	bool sub;               /* or the name of a parameter that has one
	                           value a label, in the rows below it */
	const char *title, *name;       /* name: as scenario_set takes it */
	const char *text;       /* as typed, and as the field opens */
	const char *shown;      /* the same, shorter; NULL: text */
	const char *unit;
	const char *ask;        /* the question; may be NULL */
	const char *source;     /* "vendor: price list, 2026-07-01" */
	const char *range;      /* "0 to 1e9", or NULL */
	char letter;            /* m v b a g(uess) u(ser) or blank */
	bool changed;           /* since the scenario was loaded or saved */
	bool fixed;             /* no uncertainty */
	bool stale;             /* measured too long ago */
	bool locked;            /* follows a formula; cannot be typed */
	int slot;               /* in the bound scenario; -1 in tests */
};

struct form {
	struct arena *arena;
	int n;
	struct form_row *row;
};

/* The letter of a kind of provenance; each is the first of its word. */
char provenance_letter(const char *kind, const char *origin);
/* "measured 40 days ago": what was measured gets old. */
void provenance_kind(struct buf *b, const char *kind, const char *date,
                     bool stale);
#define PROVENANCE_LEGEND \
	"measured vendor benchmark article guess user"

/* Rows of bound model `model`; `base[slot]` are the texts to compare with
 * (NULL: nothing is marked); only rows that hold `filter` (NULL or "": all). */
void form_build(struct form *f, const struct bound *b, int model,
                const char *const *base, const char *filter);
void form_release(struct form *f);
/* The row nearest to `row` that is no header, looking along `step` first. */
int form_selectable(const struct form *f, int row, int step);
int form_find(const struct form *f, const char *name);  /* or -1 */

/* The value that one step up or down gives, as text: a fixed number moves by
 * the round number (1, 2, 5, 10 ...) nearest to 5 % of it, a distribution is
 * scaled by 5 % as a whole, a choice moves to its neighbour.  `central` (in
 * the row's unit, or NAN) stands in where the value comes from elsewhere.
 * False with a sentence where a value has no natural step. */
bool form_nudge(const struct bound *b, const struct form_row *row, int step,
                double central, struct buf *out, struct err *err);

#endif
