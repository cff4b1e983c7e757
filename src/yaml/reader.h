/*
 * For src/yaml only: what the reader (events to a tree) and the gate (bytes
 * before, scalars after libyaml) know of each other.
 */
#ifndef STEELYARD_YAML_READER_H
#define STEELYARD_YAML_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Checks the bytes before libyaml sees them: UTF-8 and nothing but UTF-8, no
 * control characters, no hidden ones.  False with findings, each at its
 * place. */
bool yaml_gate_bytes(const char *text, size_t n, const char *name,
                     struct err *err);

/* The same for a scalar, whose escapes ("\e") may have made what the bytes did
 * not hold.  A key may not hold a line end either. */
bool yaml_gate_scalar(const char *s, size_t n, bool key, struct pos pos,
                      struct err *err);

/* The line `line` (from 1) of a text, without its end. */
const char *yaml_line(const char *text, size_t n, int line, size_t *len);

/* What a user should do about a complaint of libyaml's at this place, or NULL
 * when nothing better than the complaint is known. */
const char *yaml_hint(const char *problem, const char *context,
                      const char *text, size_t n, int line, int col);

/* Whether a plain scalar lost its end: brackets left open or closed too
 * often. */
bool yaml_unbalanced(const char *s);

/* Whether the text goes on with a comment right after `from`, and what
 * stands before it looks unfinished: `a +  # rest`. */
bool yaml_cut_by_comment(const char *scalar, const char *text, size_t n,
                         size_t from);

#endif
