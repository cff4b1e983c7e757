/*
 * Goal-seek: where does an output reach a value?  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_GOAL_H
#define STEELYARD_ENGINE_GOAL_H

#include "engine/trade.h"

/* An output that is asked about. */
struct sought {
	const char *name;               /* as typed, without the option */
	struct syntax *value;
	struct unit unit;
	const char *unit_text;
	bool central;                   /* too dear per draw */
	int only;                       /* -1: each option */
	double target;                  /* of a goal, base units */
};
/* The objective, a declared output, or any expression. */
bool sought_find(struct trade *t, const char *text, struct sought *s);

/* `text` is "OUTPUT=VALUE": the objective, an output of the model or any
 * expression of the language, with [OPTION] where one is meant; VALUE as people
 * write it, in the output's unit.  One goal an option that the output differs
 * for.  false: cancelled, or a name or value that is none. */
bool goals_fill(struct trade *t, const char *param, const char *text);

#endif
