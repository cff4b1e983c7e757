/*
 * The map of two parameters.  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_FRONTIER_H
#define STEELYARD_ENGINE_FRONTIER_H

#include "engine/trade.h"

/* Fills t->out->frontier; the rules must have been applied.  false: cancelled,
 * or a name that is no quantity of its own. */
bool frontier_fill(struct trade *t, const char *x, const char *y);

#endif
