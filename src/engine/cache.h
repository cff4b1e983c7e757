/*
 * Tables of quantile functions kept between runs: an edit changes one input,
 * and only that one's table is made anew.
 *
 * Private to src/engine; engine.h makes and frees the cache.
 */
#ifndef STEELYARD_ENGINE_CACHE_H
#define STEELYARD_ENGINE_CACHE_H

#include <stdint.h>

#include "dist/dist.h"

struct engine_cache;
struct kept_graph;
struct kept_trade;

/* The trade-offs that are kept (reuse.h), and a clock of uses. */
struct kept_trade *cache_trades(struct engine_cache *c);
struct kept_graph **cache_graphs(struct engine_cache *c);        /* graphs.h */
uint64_t cache_tick(struct engine_cache *c);

/* A table of the law, made or found; each call is paired with a release. `c`
 * may be NULL: the table is then made and freed. */
struct qtable *cache_table(struct engine_cache *c, const struct dist *d);
void cache_release(struct engine_cache *c, struct qtable *t);

#endif
