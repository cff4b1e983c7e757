/*
 * Why a number is not finite: the formula where it first went wrong, and the
 * inputs of that draw.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_BLAME_H
#define STEELYARD_ENGINE_BLAME_H

#include <stdint.h>

#include "base/err.h"

struct run;

/* Adds ERR_INPUT at the place of the formula; always false. */
bool blame(const struct run *r, int root, int option, int64_t draw,
           struct err *err);

#endif
