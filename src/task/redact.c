/*
 * Decisions for readers who need not know who decided: each name becomes a
 * role, "decider 2", and what people wrote as their reason is left out.
 *
 * Roles are numbered in the order in which people first appear in the store,
 * so that one person is the same in every record, and in every later export.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "task/redact.h"

#include "base/banned.h"

static const char left_out[] = "their reason is left out of this copy";

struct people { const char **name; int n; size_t cap; };

static int number_of(struct people *p, const char *name)
{
	int i = 0;

	while (i < p->n && strcmp(p->name[i], name))
		i++;
	if (i == p->n)
		*ARR_PUSH(p->name, p->n, p->cap) = name;
	return i + 1;
}

struct moment { const struct decision_event *e; int place; };

/* Of one second, as they stand. */
static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	int order = (x->e->at > y->e->at) - (x->e->at < y->e->at);

	return order ? order : x->place - y->place;
}

static const char *const *roles(struct people *p, const char *const *name,
                                struct arena *a)
{
	int n = 0;
	const char **role;

	while (name[n])
		n++;
	role = arena_alloc(a, ((size_t)n + 1) * sizeof *role);
	for (int i = 0; i < n; i++)
		role[i] = arena_printf(a, "decider %d", number_of(p, name[i]));
	return role;
}

/* Events of all decisions in one line of time, the oldest decision first. */
static void meet(struct people *p, struct people *others,
                 const struct decision_info *d, int n)
{
	struct moment *all = NULL;
	size_t cap = 0;
	int m = 0;

	for (int i = n - 1; i >= 0; i--)
		for (int k = 0; k < d[i].nevents; k++) {
			struct moment now = { &d[i].event[k], m };

			*ARR_PUSH(all, m, cap) = now;
		}
	if (m)
		qsort(all, (size_t)m, sizeof *all, by_time);
	for (int i = 0; i < m; i++) {
		for (int k = 0; all[i].e->deciders[k]; k++)
			number_of(p, all[i].e->deciders[k]);
		number_of(others, all[i].e->actor);
	}
	free(all);
}

void decisions_redact(struct decision_info *d, int n, struct arena *a)
{
	struct people p = { 0 }, others = { 0 };

	meet(&p, &others, d, n);
	for (int i = 0; i < n; i++) {
		d[i].deciders = roles(&p, d[i].deciders, a);
		d[i].because = d[i].because ? left_out : NULL;
		for (int k = 0; k < d[i].nevents; k++) {
			struct decision_event *e = &d[i].event[k];

			e->deciders = roles(&p, e->deciders, a);
			e->actor = arena_printf(a, "recorder %d",
				number_of(&others, e->actor));
			e->because = e->because ? left_out : NULL;
		}
	}
	free((void *)p.name);
	free((void *)others.name);
}
