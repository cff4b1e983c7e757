/*
 * Units and an arena for tests of src/dist and of what reads values: setup and
 * teardown of a cmocka group.
 */
#ifndef STEELYARD_TESTS_UNITS_ARENA_H
#define STEELYARD_TESTS_UNITS_ARENA_H

#include "base/mem.h"
#include "units/units.h"

extern struct units *units;
extern struct arena *arena;

int units_arena_setup(void **state);
int units_arena_teardown(void **state);

#endif
