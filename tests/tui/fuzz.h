/*
 * Random events at the reducer: lives of a few hundred deeds, each in a process
 * of its own, with what must hold after every one of them.  Private to
 * tests/tui/fuzz*.c.
 */
#ifndef STEELYARD_TESTS_TUI_FUZZ_H
#define STEELYARD_TESTS_TUI_FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "task/task.h"
#include "tui/state.h"
#include "tui/view.h"

/* X(NAME, word): what can happen.  The first five are events; WORK is a piece
 * of what is left to be done, with up to `a` events taken meanwhile; UNDO goes
 * all the way back and forth; RESTART leaves and comes back. */
#define DEEDS(X) \
	X(KEY, "key") X(PASTE, "paste") X(CLICK, "click") X(WHEEL, "wheel") \
	X(SIZE, "size") X(WORK, "work") X(UNDO, "undo") X(RESTART, "restart")
enum deed_kind {
#define X(name, word) DEED_##name,
	DEEDS(X)
#undef X
	DEED_N
};
struct deed { enum deed_kind kind; int a, b; };

#define LIFE_MAX 4000
#define PLACES_MAX 96

struct life {                   /* shared between the processes */
	uint64_t seed;          /* of its scenario and size, and its deeds */
	bool given;             /* the deeds are given, not drawn; and */
	bool told;              /* printed as they are done */
	int n, used;            /* deeds there are; and how many are done */
	struct deed deed[LIFE_MAX];
	long action[ACT_N][PANEL_N];    /* how often, with which panel open */
	long place[PLACES_MAX];
};

struct world {
	struct state st;
	struct grid g, again, last;     /* last: of the event before */
	struct context *ctx;
	struct life *life;
	uint64_t random;
	bool no_store;
	long drawn;
};

unsigned fuzz_draw(struct world *w, unsigned n);        /* 0 .. n - 1 */
/* The next deed for the state as it is; `event`: nothing but an event. */
struct deed fuzz_deed(struct world *w, bool event);
extern const char *const fuzz_words[];                  /* of pastes */
extern const int fuzz_nwords;

/* Ends the process with a word on what does not hold. */
_Noreturn void fuzz_broken(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));
void fuzz_check(struct world *w);       /* the state, drawn */
void fuzz_note(struct world *w);        /* where it has been */
/* The action that an event starts; ACT_N: none. */
enum action fuzz_action(const struct state *st, const struct event *ev);
/* The canonical text of a scenario; free it. */
char *fuzz_text(const struct scenario *s);

/* Prints how often each place and action was visited; false when one that had
 * to be was not.  `rare`: also those that take a hundred thousand events. */
bool fuzz_covered(const struct life *all, bool rare, bool loud);

#endif
