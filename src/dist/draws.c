#include "dist/draws.h"

#include <string.h>

#include "math/sobol.h"
#include "math/wide.h"
#include "base/banned.h"

#define REPLICATES 8
#define POINTS_MAX 1000000000
#define RUN 512
#define GOLDEN 0x9e3779b97f4a7c15u

const char *const sampler_names[SAMPLER_N] = {
	[SAMPLER_SOBOL] = "sobol-owen",
	[SAMPLER_MC] = "monte-carlo",
	[SAMPLER_LHS] = "latin-hypercube",
};

enum sampler sampler_named(const char *name)
{
	static const char *const brief[SAMPLER_N] = {
		[SAMPLER_SOBOL] = "sobol", [SAMPLER_MC] = "mc",
		[SAMPLER_LHS] = "lhs",
	};
	int i = 0;

	while (i < SAMPLER_N && strcmp(name, sampler_names[i]) != 0 &&
	       strcmp(name, brief[i]) != 0)
		i++;
	return (enum sampler)i;
}

static int64_t power_of_two(int64_t n)
{
	int64_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

bool draws_init(struct draws *d, enum sampler sampler, uint64_t seed,
                int64_t n, struct err *err)
{
	int64_t each;

	if (n < 1 || n > POINTS_MAX)
		return err_add(err, ERR_USAGE, "the number of samples must lie "
		               "between 1 and %d, not %lld", POINTS_MAX,
		               (long long)n);
	d->sampler = sampler;
	d->seed = seed;
	d->replicates = n < 2 * REPLICATES ? 1 : REPLICATES;
	each = (n + d->replicates - 1) / d->replicates;
	if (sampler == SAMPLER_SOBOL)
		each = power_of_two(each);
	d->n = each * d->replicates;
	return true;
}

static uint64_t stream(const struct draws *d, int64_t replicate, int dim)
{
	uint64_t key = hash_mix(d->seed, (uint64_t)d->sampler);

	return hash_mix(hash_mix(key, (uint64_t)replicate), (uint64_t)dim);
}

/* Coordinates are kept as 32-bit integers up to the last step. */
WIDE static void to_unit_strips(const uint32_t *k, double *u, int strips)
{
	for (; strips > 0; strips--, k += WIDE_STRIP, u += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			u[i] = ((double)k[i] + 0.5) * 0x1p-32;
}

static void to_unit(const uint32_t *k, double *u, int n)
{
	int strips = n / WIDE_STRIP;

	to_unit_strips(k, u, strips);
	for (int i = strips * WIDE_STRIP; i < n; i++)
		u[i] = ((double)k[i] + 0.5) * 0x1p-32;
}

/* Plain Monte Carlo: SplitMix64 (Steele, Lea and Flood 2014) read at a counter,
 * from a start of its own for every stream. */
static inline __attribute__((always_inline)) uint32_t mc_word(uint64_t key,
                                                              uint64_t i)
{
	uint64_t z = key + (i + 1) * GOLDEN;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) >> 32);
}

WIDE static void mc_strips(uint64_t key, uint64_t first, int strips,
                           uint32_t *k)
{
	for (; strips > 0; strips--, k += WIDE_STRIP, first += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			k[i] = mc_word(key, first + (uint64_t)i);
}

static void mc_fill(uint64_t key, uint64_t first, int n, uint32_t *k)
{
	int strips = n / WIDE_STRIP;

	mc_strips(key, first, strips, k);
	for (int i = strips * WIDE_STRIP; i < n; i++)
		k[i] = mc_word(key, first + (uint64_t)i);
}

/*
 * A keyed permutation of 0..n-1 without memory: rounds that are one-to-one on
 * the words of `bits` bits (an odd factor, a shift to the right, a key), walked
 * until the result is below n (Black and Rogaway 2002).
 */
struct shuffle {
	uint32_t key[4], factor[4], mask, n;
	int shift;
};

static struct shuffle shuffle_new(uint64_t key, uint32_t n)
{
	struct shuffle s = { .n = n };
	int bits = n > 1 ? 32 - __builtin_clz(n - 1) : 1;

	s.mask = (uint32_t)(((uint64_t)1 << bits) - 1);
	s.shift = bits / 2 > 0 ? (bits + 1) / 2 : 1;
	for (int i = 0; i < 4; i++) {
		uint64_t h = hash_mix(key, (uint64_t)i);

		s.key[i] = (uint32_t)h;
		s.factor[i] = (uint32_t)(h >> 32) | 1;
	}
	return s;
}

static uint32_t shuffle_at(const struct shuffle *s, uint32_t x)
{
	do {
		for (int i = 0; i < 4; i++) {
			x = ((x ^ s->key[i]) * s->factor[i]) & s->mask;
			x ^= x >> s->shift;
		}
	} while (x >= s->n);
	return x;
}

/* Point i lies at random within its stratum of 2^32 / n integers. */
static void lhs_fill(uint64_t key, uint32_t n, uint32_t first, int count,
                     uint32_t *k)
{
	struct shuffle s = shuffle_new(hash_mix(key, 1), n);
	uint64_t jitter = hash_mix(key, 2);

	for (int i = 0; i < count; i++) {
		uint32_t at = first + (uint32_t)i;
		uint64_t stratum = shuffle_at(&s, at);

		k[i] = (uint32_t)((stratum << 32 | mc_word(jitter, at)) / n);
	}
}

static void fill_replicate(const struct draws *d, int dim, int64_t replicate,
                           int64_t first, int n, uint32_t *k)
{
	uint64_t key = stream(d, replicate, dim);

	switch (d->sampler) {
	case SAMPLER_MC:
		mc_fill(key, (uint64_t)first, n, k);
		break;
	case SAMPLER_LHS:
		lhs_fill(key, (uint32_t)(d->n / d->replicates),
		         (uint32_t)first, n, k);
		break;
	default:
		sobol_owen_fill(dim, key, (uint32_t)first, n, k);
	}
}

void draws_fill(const struct draws *d, int dim, int64_t first, int count,
                double *u)
{
	int64_t each = d->n / d->replicates;
	uint32_t k[RUN];

	while (count > 0) {
		int64_t at = first % each;
		int n = count < RUN ? count : RUN;

		if (n > each - at)
			n = (int)(each - at);
		fill_replicate(d, dim, first / each, at, n, k);
		to_unit(k, u, n);
		u += n;
		first += n;
		count -= n;
	}
}
