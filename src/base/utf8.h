/*
 * UTF-8: validity, display width, and the one door between data and a
 * terminal.
 */
#ifndef STEELYARD_BASE_UTF8_H
#define STEELYARD_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Decodes one character; returns bytes used (>= 1), *cp is U+FFFD on bad
 * bytes (then 1 byte is used). `n` bytes are readable. */
size_t utf8_decode(const char *s, size_t n, uint32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]);
bool utf8_valid(const char *s, size_t n);

/* Columns on a terminal: wcwidth-like, locale-free; combining marks 0, wide
 * East Asian and emoji 2, the rest 1. */
int utf8_cp_width(uint32_t cp);                 /* control characters: 0 */
int utf8_width(const char *s);

/* Characters that order, hide or break text without showing themselves:
 * bidirectional controls, zero-width blanks, line separators, tags. */
bool utf8_is_hidden(uint32_t cp);

/* Appends `s` made harmless for a terminal or a log: C0, DEL, C1, hidden
 * characters and broken bytes become visible (\x1b, \u202e); newlines and tabs
 * become a blank unless `keep_newlines`.  At most 3 combining marks a cell,
 * then one U+FFFD; a mark with nothing to sit on becomes visible too. */
void utf8_safe(struct buf *b, const char *s, bool keep_newlines);

/* Appends `s` cut to `width` columns, with an ellipsis ("…" or, when
 * `ascii`, "~") in the last column when something was cut. */
void utf8_cut(struct buf *b, const char *s, int width, bool ascii);

#endif
