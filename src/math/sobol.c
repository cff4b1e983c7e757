#include "math/sobol.h"

#include "math/wide.h"

#define BITS 32
/* The longest run of points that one table of low bits serves. */
#define RUN_BITS 9
#define RUN (1 << RUN_BITS)

struct joe_kuo {
	uint16_t poly;
	uint64_t high, low;
};

static const struct joe_kuo joe_kuo[SOBOL_DIMS] = {
#include "math/joe_kuo.inc"
};

uint64_t hash_mix(uint64_t a, uint64_t b)
{
	uint64_t z = a + 0x9e3779b97f4a7c15u * (b + 1);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline __attribute__((always_inline)) uint32_t reverse_bits(uint32_t x)
{
	x = (x & 0x55555555) << 1 | (x >> 1 & 0x55555555);
	x = (x & 0x33333333) << 2 | (x >> 2 & 0x33333333);
	x = (x & 0x0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f);
	x = (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
	return x << 16 | x >> 16;
}

/*
 * Direction numbers with their bits reversed: bit 0 is the half, bit 1 the
 * quarter and so on, so that direction k (from 0) is m_(k+1) read backwards
 * over k + 1 bits and the recurrence of degree s
 *	V_k = V_(k-s) ^ (V_(k-s) shifted s places down) ^ sum a_j V_(k-j)
 * shifts up instead.  Only the first `need` are made.
 */
static void directions(int dim, int need, uint32_t *v)
{
	const struct joe_kuo *jk = &joe_kuo[dim];
	int s = dim ? 31 - __builtin_clz(jk->poly) : BITS;
	uint64_t high = jk->high, low = jk->low;

	for (int k = 0; k < need && k < s; k++) {
		uint32_t m = 1;

		if (k) {
			m |= (uint32_t)(low & ((1u << k) - 1)) << 1;
			low = low >> k | high << (64 - k);
			high >>= k;
		}
		v[k] = reverse_bits(m << (BITS - 1 - k));
	}
	for (int k = s; k < need; k++) {
		uint32_t x = v[k - s] ^ v[k - s] << s;

		for (int j = 1; j < s; j++)
			x ^= v[k - j] & -(uint32_t)(jk->poly >> (s - j) & 1);
		v[k] = x;
	}
}

/* w[k] is what bit k of the plain index contributes in Gray code order: the
 * code of i is i ^ (i >> 1), linear over GF(2), so bit k sets codes k, k-1. */
static void index_directions(int dim, uint32_t last, uint32_t w[BITS])
{
	uint32_t v[BITS] = { 0 };
	int need = last ? BITS - __builtin_clz(last) : 1;

	if (dim == 0) {                 /* van der Corput: m_k = 1 throughout */
		for (int k = 0; k < need; k++)
			v[k] = 1u << k;
	} else {
		directions(dim, need, v);
	}
	w[0] = v[0];
	for (int k = 1; k < need; k++)
		w[k] = v[k] ^ v[k - 1];
	for (int k = need; k < BITS; k++)
		w[k] = 0;
}

/* to[i] = from[i] ^ word, in strips whose length the compiler knows. */
static void xor_copy(uint32_t *restrict to, const uint32_t *restrict from,
                     uint32_t word, int n)
{
	for (; n >= WIDE_STRIP; n -= WIDE_STRIP) {
		for (int i = 0; i < WIDE_STRIP; i++)
			to[i] = from[i] ^ word;
		to += WIDE_STRIP;
		from += WIDE_STRIP;
	}
	for (int i = 0; i < n; i++)
		to[i] = from[i] ^ word;
}

/* low[j] = the combined directions of the bits of j, by doubling. */
static void low_table(const uint32_t w[BITS], int bits, uint32_t *low)
{
	low[0] = 0;
	for (int k = 0; k < bits; k++)
		xor_copy(low + (1 << k), low, w[k], 1 << k);
}

static uint32_t base_of(const uint32_t w[BITS], uint32_t index)
{
	uint32_t x = 0;

	for (; index; index &= index - 1)
		x ^= w[__builtin_ctz(index)];
	return x;
}

/* Points in reversed bits: a run's high bits are one word, its low bits a
 * table that all runs share. */
static void fill_reversed(int dim, uint32_t first, int count, uint32_t *out)
{
	uint32_t w[BITS], low[RUN];
	uint32_t last = first + (uint32_t)(count - 1);
	int bits = 0;

	if (count <= 0)
		return;
	index_directions(dim, last | first, w);
	while (bits < RUN_BITS && 1 << bits < count)
		bits++;
	low_table(w, bits, low);
	while (count > 0) {
		uint32_t at = first & ((1u << bits) - 1);
		uint32_t base = base_of(w, first - at);
		int n = (1 << bits) - (int)at;

		if (n > count)
			n = count;
		xor_copy(out, low + at, base, n);
		out += n;
		first += (uint32_t)n;
		count -= n;
	}
}

/* Rounds of a hash whose bit k depends on the bits up to k alone: on reversed
 * bits that is a nested permutation, a digit's flip depending on the digits
 * before it. */
struct scramble_key {
	uint32_t add1, mul1, add2, mul2;
};

static struct scramble_key scramble_key(uint64_t key)
{
	uint64_t a = hash_mix(key, 1), b = hash_mix(key, 2);

	return (struct scramble_key) {
		.add1 = (uint32_t)a,
		.mul1 = (uint32_t)(a >> 32) | 1,
		.add2 = (uint32_t)b,
		.mul2 = (uint32_t)(b >> 32) | 1,
	};
}

static inline __attribute__((always_inline)) uint32_t
scramble(struct scramble_key k, uint32_t x)
{
	x += k.add1;
	x ^= x * 0x6c50b47cu;
	x *= k.mul1;
	x ^= x * 0xb82f1e52u;
	x += k.add2;
	x *= k.mul2;
	x ^= x * 0xc7afe638u;
	return x;
}

WIDE static void scramble_strips(const struct scramble_key *key, int strips,
                                 uint32_t *x)
{
	struct scramble_key k = *key;

	for (; strips > 0; strips--, x += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			x[i] = reverse_bits(scramble(k, x[i]));
}

static void scramble_all(uint64_t key, int count, uint32_t *x)
{
	struct scramble_key k = scramble_key(key);
	int strips = count / WIDE_STRIP;

	scramble_strips(&k, strips, x);
	for (int i = strips * WIDE_STRIP; i < count; i++)
		x[i] = reverse_bits(scramble(k, x[i]));
}

WIDE static void reverse_strips(int strips, uint32_t *x)
{
	for (; strips > 0; strips--, x += WIDE_STRIP)
		for (int i = 0; i < WIDE_STRIP; i++)
			x[i] = reverse_bits(x[i]);
}

static void reverse_all(int count, uint32_t *x)
{
	int strips = count / WIDE_STRIP;

	reverse_strips(strips, x);
	for (int i = strips * WIDE_STRIP; i < count; i++)
		x[i] = reverse_bits(x[i]);
}

void sobol_fill(int dim, uint32_t first, int count, uint32_t *out)
{
	fill_reversed(dim, first, count, out);
	reverse_all(count, out);
}

void owen_scramble(uint64_t key, int count, uint32_t *x)
{
	reverse_all(count, x);
	scramble_all(key, count, x);
}

void sobol_owen_fill(int dim, uint64_t key, uint32_t first, int count,
                     uint32_t *out)
{
	fill_reversed(dim, first, count, out);
	scramble_all(key, count, out);
}
