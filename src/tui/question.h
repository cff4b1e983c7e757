/*
 * The interview: what to ask next.  It is the parameter, or the choice between
 * views (a preset), of which a perfect answer is worth most to the decision:
 * the largest EVPPI of the trade-off, or over all of them the largest of any.
 * Before that comes what workloads differ in most (parameters of the workload
 * that the model draws its break-evens over), where only an assumption stands.
 * Who was asked and did not know is not asked again; who answered neither.
 * There is nothing left to ask when no answer is worth more than the noise of
 * the estimate, so that none could change the advice, or than the amount that
 * the model is indifferent to, so that nobody would care.
 */
#ifndef STEELYARD_TUI_QUESTION_H
#define STEELYARD_TUI_QUESTION_H

#include <stdbool.h>

#include "base/buf.h"

struct arena;
struct err;
struct state;

enum question_state {
	QUESTION_WAIT,          /* values of information are being worked out */
	QUESTION_ASK,
	QUESTION_DONE,          /* no answer would change the advice */
	QUESTION_NOTHING,       /* nothing is evaluated: no decision to ask of */
};

struct question {
	enum question_state state;
	struct arena *arena;            /* all texts */
	int row;                        /* the trade-off it matters most to */
	const char *name;               /* as state_edit takes it */
	const char *title, *ask;        /* in plain words */
	const char *holds;              /* what the model takes now */
	const char *example;            /* a range as it may be typed; or NULL */
	const char *source;             /* and where it has that from */
	const char *unit, *range;
	bool share;                     /* a rate that is thought of in % */
	double worth, worth_se;         /* in `money`; NAN: asked whatever it is
	                                   worth */
	const char *money;
	int nchoices;                   /* words to choose from, or 0 */
	const char *const *choice, *const *choice_title;
	int unknown;                    /* how many "I don't know" are worth */
	const char *unknown_title;      /* measuring, and the dearest of them */
	double unknown_worth;
	const char *unsaid;             /* what the advice turns on and nobody
	                                   stated; NULL: nothing; the first of */
	const char *unsaid_name;        /* them as state_edit takes it */
	double small;                   /* answers would be worth something, */
	const char *small_money;        /* and less than this; 0: nothing */
	int answered;                   /* of this scenario, so far */
};

/* The question for the trade-off shown, or (`all`) for any.  Free it. */
void question_next(const struct state *st, bool all, struct question *q);
void question_free(struct question *q);
/* "Knowing this would save 12 300 USD on average": what the answer is worth,
 * one sentence. */
void question_worth_text(const struct question *q, struct buf *out);
/* "request/day, or a range: 80k to 120k", or what there is to choose. */
void question_hint_text(const struct question *q, struct buf *out);
/* "the model takes 0.4 to 2, about 0.8 (measured: 13 dated models)". */
void question_holds_text(const struct question *q, struct buf *out);
/* Why there is no question; and what was taken from the model without one, a
 * caution, or nothing. */
void question_end_text(const struct question *q, struct buf *out);
void question_unsaid_text(const struct question *q, struct buf *out);
/* How the verdict of the question's trade-off stands: "Host: P(best) 0.63,
 * toss". */
void question_verdict_text(const struct state *st, int row, struct buf *out);
/* Whether the text is one of its choices. */
bool question_offers(const struct question *q, const char *text);
/* Takes what was typed: a value, the number or word of a choice, "?" and
 * "don't know" for what they say.  False with err and nothing changed. */
bool question_answer(struct state *st, const struct question *q,
                     const char *text, struct err *err);

#endif
