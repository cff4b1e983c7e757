/*
 * Words that people mistype.
 */
#ifndef STEELYARD_BASE_TEXT_H
#define STEELYARD_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Edits that turn a into b (insert, delete, replace, swap neighbours), bytes;
 * anything beyond `most` is told as most + 1. */
int text_distance(const char *a, const char *b, int most);

/* The nearest of the NULL-ended `known`: at most two edits and fewer than half
 * of the word's letters; the first of equals.  NULL when none is near. */
const char *text_nearest(const char *word, const char *const *known);

#endif
