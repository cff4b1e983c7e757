/*
 * Goal-seek: where does an output reach a value?  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_GOAL_H
#define STEELYARD_ENGINE_GOAL_H

#include "engine/trade.h"

/* `text` is "OUTPUT=VALUE": the objective, an output of the model or any
 * expression of the language, with [OPTION] where one is meant; VALUE as people
 * write it, in the output's unit.  One goal an option that the output differs
 * for.  false: cancelled, or a name or value that is none. */
bool goals_fill(struct trade *t, const char *param, const char *text);

#endif
