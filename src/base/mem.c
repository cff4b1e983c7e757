#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clocale.h"
#include "base/banned.h"

#define OUT_OF_MEMORY 6         /* the documented status of a resource limit */
#define ARENA_ALIGN 16
#define ARENA_FIRST (16u << 10)
#define ARENA_LARGEST (1u << 20)

/* exit() and not _exit(): a terminal in full-screen mode is put back by what
 * was registered with atexit(). */
static void *checked(void *p)
{
	static const char text[] = "steelyard: out of memory\n";

	if (p)
		return p;
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		exit(OUT_OF_MEMORY);
	exit(OUT_OF_MEMORY);
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	if (!count || !size)
		count = size = 1;
	return checked(calloc(count, size));
}

void *xrealloc(void *old, size_t count, size_t size)
{
	if (!count || !size)
		count = size = 1;
	return checked(reallocarray(old, count, size));
}

char *xstrdup(const char *s)
{
	return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = xmalloc(len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *xaligned(size_t align, size_t size)
{
	void *p = NULL;

	if (posix_memalign(&p, align, size ? size : 1))
		p = NULL;
	return checked(p);
}

/*
 * A chain of chunks, newest first; only the newest is filled further:
 *
 *	arena -> [used | free] -> [full] -> [full]
 */
struct chunk {
	struct chunk *next;
	size_t used, cap;
	_Alignas(ARENA_ALIGN) unsigned char data[];
};

struct arena {
	struct chunk *top;
	int others;                     /* owners beside the first */
};

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

struct arena *arena_share(struct arena *a)
{
	__atomic_fetch_add(&a->others, 1, __ATOMIC_RELAXED);
	return a;
}

void arena_free(struct arena *a)
{
	struct chunk *c, *next;

	if (!a || __atomic_fetch_sub(&a->others, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (c = a->top; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

static void arena_add_chunk(struct arena *a, size_t need)
{
	size_t cap = a->top ? a->top->cap * 2 : ARENA_FIRST;
	struct chunk *c;

	if (cap > ARENA_LARGEST)
		cap = ARENA_LARGEST;
	if (cap < need)
		cap = need;
	c = xcalloc(1, sizeof *c + cap);
	c->cap = cap;
	c->next = a->top;
	a->top = c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		checked(NULL);
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (!size)
		size = ARENA_ALIGN;
	if (!a->top || a->top->cap - a->top->used < size)
		arena_add_chunk(a, size);
	p = a->top->data + a->top->used;
	a->top->used += size;
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	locale_t before = clocale_enter();
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = arena_alloc(a, (n < 0 ? 0 : (size_t)n) + 1);
	va_start(ap, fmt);
	vsnprintf(s, (n < 0 ? 0 : (size_t)n) + 1, fmt, ap);
	va_end(ap);
	clocale_leave(before);
	return s;
}

void *arr_grow(void *items, size_t n, size_t *cap, size_t size)
{
	if (n >= *cap) {
		size_t room = *cap ? *cap : 4;

		while (room <= n) {
			if (room > SIZE_MAX / 2)
				checked(NULL);
			room *= 2;
		}
		items = xrealloc(items, room, size);
		*cap = room;
	}
	memset((char *)items + n * size, 0, size);
	return items;
}
