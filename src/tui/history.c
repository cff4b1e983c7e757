/*
 * The draft row's text.  Every string carries its length, so that no value a
 * person types can be mistaken for structure:
 *
 *	steelyard-undo 1
 *	LENGTH base text
 *	N POS
 *	KIND LENGTH name LENGTH value          (N times)
 *	LENGTH clean text                      (not in the first drafts)
 */
#include "tui/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/scenario.h"
#include "base/banned.h"

#define MAGIC "steelyard-undo 1\n"

void history_init(struct history *h, const char *base)
{
	*h = (struct history){ .base = xstrdup(base) };
}

static void edit_release(struct edit *e)
{
	free(e->name);
	free(e->value);
}

void history_release(struct history *h)
{
	for (int i = 0; i < h->n; i++)
		edit_release(&h->edit[i]);
	free(h->edit);
	free(h->base);
	free(h->clean);
	*h = (struct history){ .n = 0 };
}

static void truncate_at(struct history *h, int pos)
{
	while (h->n > pos)
		edit_release(&h->edit[--h->n]);
	if (h->pos > h->n)
		h->pos = h->n;
}

void history_push(struct history *h, const char *name, const char *value,
                  enum edit_kind kind)
{
	struct edit *last = h->pos ? &h->edit[h->pos - 1] : NULL;
	struct edit *e;

	truncate_at(h, h->pos);
	if (kind == EDIT_NUDGE && last && last->kind == kind && strcmp(last->name, name) == 0) {
		free(last->value);
		last->value = xstrdup(value);
		return;
	}
	e = ARR_PUSH(h->edit, h->n, h->cap);
	*e = (struct edit){ xstrdup(name), xstrdup(value), kind };
	h->pos = h->n;
}

const struct edit *history_find(const struct history *h, const char *name)
{
	for (int i = h->pos - 1; i >= 0; i--)
		if (strcmp(h->edit[i].name, name) == 0)
			return &h->edit[i];
	return NULL;
}

void history_drop_first(struct history *h)
{
	if (h->pos < 1)
		return;
	edit_release(&h->edit[0]);
	memmove(h->edit, h->edit + 1, (size_t)(h->n - 1) * sizeof *h->edit);
	h->n--;
	h->pos--;
}

bool edit_apply(enum edit_kind kind, const char *name, const char *value,
                struct scenario *s, struct library *l, struct err *err)
{
	switch (kind) {
	case EDIT_KEPT:
		return true;
	case EDIT_ASK:
		return scenario_ask_about(s, l, name, *value, err);
	default:
		return scenario_set(s, l, name, value, err);
	}
}

struct scenario *history_replay(const struct history *h,
                                const struct scenario *from,
                                struct library *l, struct err *err)
{
	struct scenario *s = scenario_copy(from);

	for (int i = 0; i < h->pos; i++)
		if (!edit_apply(h->edit[i].kind, h->edit[i].name,
		                h->edit[i].value, s, l, err)) {
			scenario_free(s);
			return NULL;
		}
	return s;
}

static void add_string(struct buf *out, const char *s)
{
	buf_addf(out, "%zu ", strlen(s));
	buf_add(out, s);
}

void history_write(const struct history *h, const char *clean,
                   struct buf *out)
{
	buf_add(out, MAGIC);
	add_string(out, h->base ? h->base : "");
	buf_addf(out, "\n%d %d\n", h->n, h->pos);
	for (int i = 0; i < h->n; i++) {
		buf_addf(out, "%d ", h->edit[i].kind);
		add_string(out, h->edit[i].name);
		buf_addc(out, ' ');
		add_string(out, h->edit[i].value);
		buf_addc(out, '\n');
	}
	if (clean)
		add_string(out, clean);
}

/* Reads "N" and the one byte after it; -1 when there is none. */
static long take_number(const char **s)
{
	char *end;
	long v;

	if (**s < '0' || **s > '9')
		return -1;
	v = strtol(*s, &end, 10);
	if (v < 0 || v > 1 << 24 || (*end != ' ' && *end != '\n'))
		return -1;
	*s = end + 1;
	return v;
}

static char *take_string(const char **s)
{
	long n = take_number(s);
	char *out;

	if (n < 0 || strnlen(*s, (size_t)n) < (size_t)n)
		return NULL;
	out = xstrndup(*s, (size_t)n);
	*s += n;
	if (**s)
		++*s;
	return out;
}

static bool take_edit(struct history *h, const char **s)
{
	long kind = take_number(s);
	char *name = kind < 0 || kind >= EDIT_KINDS ? NULL : take_string(s);
	char *value = name ? take_string(s) : NULL;

	if (!value) {
		free(name);
		return false;
	}
	*ARR_PUSH(h->edit, h->n, h->cap) =
		(struct edit){ name, value, (enum edit_kind)kind };
	return true;
}

bool history_read(struct history *h, const char *text)
{
	long n, pos;
	bool ended = true;

	*h = (struct history){ .n = 0 };
	if (strncmp(text, MAGIC, strlen(MAGIC)) != 0)
		return false;
	text += strlen(MAGIC);
	h->base = take_string(&text);
	n = h->base ? take_number(&text) : -1;
	pos = n < 0 ? -1 : take_number(&text);
	while (pos >= 0 && h->n < n && take_edit(h, &text))
		;
	if (pos >= 0 && h->n == n && *text)
		ended = (h->clean = take_string(&text)) != NULL;
	if (pos < 0 || pos > n || h->n < n || !ended) {
		history_release(h);
		return false;
	}
	h->pos = (int)pos;
	return true;
}
