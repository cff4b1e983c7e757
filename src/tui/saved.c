#include "tui/saved.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/store.h"
#include "task/task.h"
#include "tui/state.h"
#include "base/banned.h"

static void add(struct saved *s, size_t *cap, const char *ref,
                const char *title, const char *note)
{
	*ARR_PUSH(s->row, s->n, *cap) = (struct saved_row){ ref, title, note };
}

static void add_saved(struct state *st, struct saved *s, size_t *cap)
{
	struct revision_info *info = NULL;
	struct err err = ERR_INIT;
	int n = st->store ? store_scenarios(st->store, st->find_saved, 0,
	                                    SAVED_ROWS, &info, s->arena, &err)
	                  : 0;

	if (n > 0)
		add(s, cap, NULL, "Saved", NULL);
	for (int i = 0; i < n; i++) {
		char date[11];

		clock_date(info[i].created, date);
		add(s, cap, arena_strdup(s->arena, info[i].scenario),
		    arena_strdup(s->arena, info[i].scenario),
		    arena_printf(s->arena, st->w >= 120 ? "r%d %s" : "r%d",
		                 info[i].number, date + 5));
	}
	if (n == SAVED_ROWS)
		add(s, cap, NULL, "more: / finds", NULL);
	state_say_err(st, &err);
}

static bool is_scenario(const char *name, const char *filter)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".yaml") == 0 &&
	       (!filter || strcasestr(name, filter));
}

static int by_name(const void *a, const void *b)
{
	const struct saved_row *p = a, *q = b;

	return strcmp(p->title, q->title);
}

static void add_shipped(struct state *st, struct saved *s, size_t *cap)
{
	char *folder = path_join(st->ctx->data_dir, "scenarios");
	DIR *d = opendir(folder);
	struct dirent *e;
	int first;

	free(folder);
	if (!d)
		return;
	add(s, cap, NULL, "Examples", NULL);
	first = s->n;
	while ((e = readdir(d))) {
		const char *name;

		if (!is_scenario(e->d_name, st->find_saved))
			continue;
		name = arena_strndup(s->arena, e->d_name,
		                     strlen(e->d_name) - 5);
		folder = path_join(st->ctx->data_dir, "scenarios");
		add(s, cap, arena_printf(s->arena, "%s/%s", folder, e->d_name),
		    name, NULL);
		free(folder);
	}
	closedir(d);
	if (s->n == first)
		s->n--;         /* no heading over nothing */
	else
		qsort(s->row + first, (size_t)(s->n - first), sizeof *s->row,
		      by_name);
}

static const char *chosen(const struct saved *s)
{
	return s->selected >= 0 && s->selected < s->n
	       ? s->row[s->selected].ref : NULL;
}

static int first_row(const struct saved *s)
{
	for (int i = 0; i < s->n; i++)
		if (s->row[i].ref)
			return i;
	return 0;
}

/* The row that was chosen; while nobody is choosing, the one that is open. */
static bool is_chosen(const struct state *st, const struct saved_row *r,
                      const char *was)
{
	if (!r->ref)
		return false;
	return was ? strcmp(r->ref, was) == 0
	           : st->title && strcmp(r->title, st->title) == 0;
}

void saved_read(struct state *st)
{
	struct saved fresh = { .arena = arena_new() };
	bool choosing = st->focus == FOCUS_SAVED;
	const char *was = choosing ? chosen(&st->saved) : NULL;
	size_t cap = 0;

	add_saved(st, &fresh, &cap);
	add_shipped(st, &fresh, &cap);
	fresh.selected = first_row(&fresh);
	for (int i = fresh.n - 1; i >= 0; i--)
		if (is_chosen(st, &fresh.row[i], was))
			fresh.selected = i;
	if (st->saved.arena)
		arena_free(st->saved.arena);
	free(st->saved.row);
	st->saved = fresh;
}
