#include "engine/cache.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "engine/graphs.h"
#include "engine/reuse.h"

#include "base/banned.h"

#define CACHE_MAX 1024

/* The law is a copy: a table reads it, and a binding's laws do not last. */
struct kept {
	struct dist law;
	struct qtable *table;
	int users;
	uint64_t used;                  /* clock of the last use */
};

struct engine_cache {
	struct kept *kept[CACHE_MAX];
	int n;
	uint64_t clock;
	struct kept_trade trade[REUSE_MAX];
	struct kept_graph *graphs;
};

struct kept_trade *cache_trades(struct engine_cache *c)
{
	return c->trade;
}

struct kept_graph **cache_graphs(struct engine_cache *c)
{
	return &c->graphs;
}

uint64_t cache_tick(struct engine_cache *c)
{
	return ++c->clock;
}

struct engine_cache *engine_cache_new(void)
{
	return xcalloc(1, sizeof(struct engine_cache));
}

static void kept_free(struct kept *k)
{
	qtable_free(k->table);
	free(k);
}

void engine_cache_free(struct engine_cache *c)
{
	for (int i = 0; c && i < c->n; i++)
		kept_free(c->kept[i]);
	for (int i = 0; c && i < REUSE_MAX; i++)
		arena_free(c->trade[i].arena);
	if (c)
		graphs_free(c->graphs);
	free(c);
}

/* Laws that are their numbers alone; lists of values have cheap tables. */
static bool plain(const struct dist *d)
{
	return !d->value && !d->weight && !d->part && !d->sorted && !d->sum;
}

static bool same_law(const struct dist *a, const struct dist *b)
{
	return a->kind == b->kind && a->low == b->low && a->high == b->high &&
	       memcmp(a->p, b->p, sizeof a->p) == 0 &&
	       memcmp(a->k, b->k, sizeof a->k) == 0;
}

static struct kept *find(struct engine_cache *c, const struct dist *d)
{
	for (int i = 0; i < c->n; i++)
		if (same_law(&c->kept[i]->law, d))
			return c->kept[i];
	return NULL;
}

/* Room for one more: the longest unused gives way; NULL when all are in use. */
static struct kept **room(struct engine_cache *c)
{
	struct kept **oldest = NULL;

	if (c->n < CACHE_MAX)
		return &c->kept[c->n++];
	for (int i = 0; i < c->n; i++)
		if (c->kept[i]->users == 0 &&
		    (!oldest || c->kept[i]->used < (*oldest)->used))
			oldest = &c->kept[i];
	if (oldest)
		kept_free(*oldest);
	return oldest;
}

struct qtable *cache_table(struct engine_cache *c, const struct dist *d)
{
	struct kept *k = c && plain(d) ? find(c, d) : NULL, **at;

	if (!c || !plain(d))
		return qtable_new(d);
	if (!k) {
		at = room(c);
		if (!at)
			return qtable_new(d);
		k = xcalloc(1, sizeof *k);
		k->law = *d;
		k->law.text = NULL;
		k->table = qtable_new(&k->law);
		*at = k;
	}
	k->users++;
	k->used = cache_tick(c);
	return k->table;
}

void cache_release(struct engine_cache *c, struct qtable *t)
{
	for (int i = 0; c && i < c->n; i++)
		if (c->kept[i]->table == t) {
			c->kept[i]->users--;
			return;
		}
	qtable_free(t);
}
