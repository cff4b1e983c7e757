/*
 * Goldens of cell grids: the glyph plane, a line of dashes, the role plane.
 * A golden is a file NAME.txt beside this one ($SRCDIR/tests/golden, else
 * tests/golden).  STEELYARD_GOLDEN=write writes instead of comparing;
 * nothing else ever does.
 */
#ifndef STEELYARD_TESTS_GOLDEN_H
#define STEELYARD_TESTS_GOLDEN_H

#include "cells/cells.h"

/* Fails the running cmocka test with both planes side by side, row by row,
 * where they differ. */
void golden_check(const struct grid *g, const char *name);
/* The same as a plain verdict, for programs that are no cmocka tests. */
bool golden_same(const struct grid *g, const char *name);

#endif
