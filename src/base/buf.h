/*
 * A growing byte string, always terminated by NUL.  `s` may be read at any
 * time and is never NULL after buf_init; ownership leaves by buf_detach only.
 */
#ifndef STEELYARD_BASE_BUF_H
#define STEELYARD_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *s;
	size_t len, cap;
};

#define BUF_INIT { .s = (char *)"", .len = 0, .cap = 0 }

void buf_init(struct buf *b);
void buf_release(struct buf *b);                /* frees, back to BUF_INIT */
void buf_clear(struct buf *b);                  /* empties, keeps the room */
char *buf_detach(struct buf *b);                /* the caller frees */
void buf_add(struct buf *b, const char *s);
void buf_addn(struct buf *b, const char *s, size_t n);
void buf_addc(struct buf *b, char c);
void buf_pad(struct buf *b, char c, int n);     /* n times c; n <= 0: none */
/* "a, b, c"; the list ends with NULL. */
void buf_add_list(struct buf *b, const char *const *text);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap);

#endif
