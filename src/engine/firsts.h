/*
 * Where each draw has its own first crossing.  Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_FIRSTS_H
#define STEELYARD_ENGINE_FIRSTS_H

#include "engine/breakeven.h"

/* Fills the distribution over break_even_draws draws (all else as drawn):
 * where the winner between a and b changes first, found on a grid and closed
 * in by halving.  A draw in which neither can be taken counts as never. */
bool firsts_report(struct trade *t, int slot, const struct range *r, int a,
                   int b, struct break_even *out);

#endif
