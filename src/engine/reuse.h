/*
 * Trade-offs kept between runs: an edit of one trade-off's parameter leaves the
 * others what they were.
 *
 * Private to src/engine; engine.h makes and frees the cache.
 */
#ifndef STEELYARD_ENGINE_REUSE_H
#define STEELYARD_ENGINE_REUSE_H

#include "engine/engine.h"

#define REUSE_MAX 48            /* six trade-offs, eight steps back */

struct kept_trade {
	char key[DIGEST_HEX];
	struct arena *arena;            /* NULL: nothing is kept here */
	struct tradeoff out;
	int64_t samples;
	int replicates;
	uint64_t used;
};

/* A digest over whatever the trade-off of `model` may read, and how. */
void reuse_key(const struct bound *b, int model,
               const struct engine_options *o, char key[DIGEST_HEX]);
/* Adds the kept trade-off to `e`; false: there is none. */
bool reuse_find(struct engine_cache *c, const char *key, struct evaluation *e);
/* Keeps the last trade-off of `e`, which lives in `a`. */
void reuse_keep(struct engine_cache *c, const char *key,
                const struct evaluation *e, struct arena *a,
                int64_t samples, int replicates);
/* `e` owns `a` too. */
void reuse_own(struct evaluation *e, struct arena *a);

#endif
