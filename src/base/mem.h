/*
 * Memory that cannot be had ends the program: a planner that ran out of a few
 * megabytes has nothing sensible left to do, and every caller is spared a
 * branch that no test would reach.  Limits on input size (docs/limits) keep
 * the sizes small; these calls never see an attacker's number.
 */
#ifndef STEELYARD_BASE_MEM_H
#define STEELYARD_BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t size);             /* size 0 gives a valid pointer */
void *xcalloc(size_t count, size_t size);      /* zeroed; checks overflow */
void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *s);                  /* NULL stays NULL */
char *xstrndup(const char *s, size_t n);
void *xaligned(size_t align, size_t size);     /* free() releases it */

/* An arena hands out memory that lives as long as the arena: syntax trees,
 * graphs, models.  Nothing in it is freed alone. */
struct arena;
struct arena *arena_new(void);
struct arena *arena_share(struct arena *a);     /* one arena_free() more */
void arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t size);    /* zeroed, 16-aligned */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Growing arrays: `ARR_PUSH(items, n, cap)` makes room for one more element
 * and yields an lvalue for it, zeroed. */
void *arr_grow(void *items, size_t n, size_t *cap, size_t size);
#define ARR_PUSH(items, n, cap) \
	((items) = arr_grow((items), (size_t)(n), &(cap), sizeof *(items)), \
	 &(items)[(n)++])

#endif
