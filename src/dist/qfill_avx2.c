/*
 * Four draws at a time, as qfill_avx512.c has eight.
 */
#include "dist/qtable.h"

#ifdef QT_X86
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#include <immintrin.h>

/* The loops below run over registers: they must not stay loops. */
#define UNROLL _Pragma("GCC unroll 8")

static inline void transpose(__m256d r[4])
{
	__m256d a = _mm256_unpacklo_pd(r[0], r[1]);
	__m256d b = _mm256_unpackhi_pd(r[0], r[1]);
	__m256d c = _mm256_unpacklo_pd(r[2], r[3]);
	__m256d d = _mm256_unpackhi_pd(r[2], r[3]);

	r[0] = _mm256_permute2f128_pd(a, c, 0x20);
	r[1] = _mm256_permute2f128_pd(b, d, 0x20);
	r[2] = _mm256_permute2f128_pd(a, c, 0x31);
	r[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

static inline __m256i piece_index(const struct qgrid *g, __m256d v,
                                  __m256d high)
{
	__m256i i = _mm256_srl_epi64(_mm256_castpd_si256(v),
	                              _mm_cvtsi32_si128(g->shift));
	__m256i zero = _mm256_setzero_si256();

	i = _mm256_sub_epi64(i, _mm256_set1_epi64x(g->base));
	i = _mm256_andnot_si256(_mm256_cmpgt_epi64(zero, i), i);
	return _mm256_add_epi64(i, _mm256_and_si256(
		_mm256_castpd_si256(high), _mm256_set1_epi64x(g->pieces)));
}

static inline __m256d local(const struct qgrid *g, __m256d v)
{
	__m256i m = _mm256_castpd_si256(v);

	m = _mm256_and_si256(m, _mm256_set1_epi64x(g->mask));
	m = _mm256_or_si256(m, _mm256_set1_epi64x(QT_ONE));
	return _mm256_mul_pd(_mm256_sub_pd(_mm256_castsi256_pd(m),
	                                   _mm256_set1_pd(g->centre)),
	                     _mm256_set1_pd(g->scale));
}

static inline __m256d four(const struct qgrid *g, const struct qpiece *piece,
                            __m256d u)
{
	__m256d high = _mm256_cmp_pd(u, _mm256_set1_pd(0.5), _CMP_NLT_UQ);
	__m256d v = _mm256_blendv_pd(u, _mm256_sub_pd(_mm256_set1_pd(1), u),
	                             high);
	__m256d t, r[8], x;
	int64_t at[4] __attribute__((aligned(32)));

	v = _mm256_max_pd(v, _mm256_setzero_pd());
	v = _mm256_min_pd(v, _mm256_set1_pd(0.5));
	t = local(g, v);
	_mm256_store_si256((__m256i *)at, piece_index(g, v, high));
	UNROLL
	for (int i = 0; i < 4; i++) {
		r[i] = _mm256_load_pd(piece[at[i]].c);
		r[i + 4] = _mm256_load_pd(piece[at[i]].c + 4);
	}
	transpose(r);
	transpose(r + 4);
	x = r[5];
	UNROLL
	for (int i = 4; i >= 0; i--)
		x = _mm256_add_pd(_mm256_mul_pd(x, t), r[i]);
	x = _mm256_max_pd(r[6], x);
	return _mm256_min_pd(r[7], x);
}

bool qfill_avx2_run(const struct qgrid *g, const struct qpiece *piece,
                    const double *u, double *x, int n)
{
	__m256d bad = _mm256_setzero_pd();
	bool tail_bad = false;
	int i = 0;

	for (; i + 4 <= n; i += 4) {
		__m256d v = four(g, piece, _mm256_loadu_pd(u + i));

		bad = _mm256_or_pd(bad, _mm256_cmp_pd(v, v, _CMP_UNORD_Q));
		_mm256_storeu_pd(x + i, v);
	}
	for (; i < n; i++) {
		x[i] = qpiece_at(g, piece, u[i]);
		tail_bad |= x[i] != x[i];
	}
	return _mm256_movemask_pd(bad) || tail_bad;
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
