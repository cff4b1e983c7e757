/*
 * One line of text being typed: UTF-8, a cursor between characters, a paste as
 * one step.  Bytes that are no text (control characters, broken UTF-8) never
 * get in.
 */
#ifndef STEELYARD_TUI_EDITOR_H
#define STEELYARD_TUI_EDITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cells/cells.h"

#define EDITOR_MAX 1000                 /* bytes; longer input is refused */

struct editor {
	struct buf text;
	size_t pos;                     /* byte offset, on a character border */
};

void editor_init(struct editor *e, const char *text);   /* cursor at the end */
void editor_release(struct editor *e);
/* True when the key was for the editor (Enter and Esc never are). */
bool editor_key(struct editor *e, uint32_t key);
/* Inserts at the cursor; line breaks and tabs become blanks. False, and
 * nothing changed, when it would grow beyond EDITOR_MAX. */
bool editor_insert(struct editor *e, const char *text);
/* The line in its rectangle, scrolled so that the cursor shows; parks the
 * grid's cursor. */
void editor_draw(const struct editor *e, struct grid *g, struct rect r);

#endif
