/*
 * Eight draws at a time: the eight cache lines of their pieces are loaded
 * whole and transposed, which beats eight gathers.
 *
 *	line i:  c0 c1 c2 c3 c4 c5 least greatest    of draw i
 *	row j:   coefficient j of draws 0 .. 7
 */
#include "dist/qtable.h"

#ifdef QT_X86
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq")
#endif
#include <immintrin.h>

/* The loops below run over registers: they must not stay loops. */
#define UNROLL _Pragma("GCC unroll 8")

static inline void transpose(__m512d r[8])
{
	__m512d a[8], b[8];

	UNROLL
	for (int i = 0; i < 4; i++) {
		a[2 * i] = _mm512_unpacklo_pd(r[2 * i], r[2 * i + 1]);
		a[2 * i + 1] = _mm512_unpackhi_pd(r[2 * i], r[2 * i + 1]);
	}
	UNROLL
	for (int i = 0; i < 2; i++) {
		UNROLL
		for (int j = 0; j < 2; j++) {
			__m512d x = a[4 * i + j], y = a[4 * i + j + 2];

			b[4 * i + j] = _mm512_shuffle_f64x2(x, y, 0x88);
			b[4 * i + j + 2] = _mm512_shuffle_f64x2(x, y, 0xdd);
		}
	}
	UNROLL
	for (int j = 0; j < 4; j++) {
		r[j] = _mm512_shuffle_f64x2(b[j], b[j + 4], 0x88);
		r[j + 4] = _mm512_shuffle_f64x2(b[j], b[j + 4], 0xdd);
	}
}

static inline __m512i piece_index(const struct qgrid *g, __m512d v,
                                  __mmask8 high)
{
	__m512i i = _mm512_srl_epi64(_mm512_castpd_si512(v),
	                              _mm_cvtsi32_si128(g->shift));

	i = _mm512_sub_epi64(i, _mm512_set1_epi64(g->base));
	i = _mm512_max_epi64(i, _mm512_setzero_si512());
	return _mm512_mask_add_epi64(i, high, i,
	                             _mm512_set1_epi64(g->pieces));
}

static inline __m512d local(const struct qgrid *g, __m512d v)
{
	__m512i m = _mm512_castpd_si512(v);

	m = _mm512_and_epi64(m, _mm512_set1_epi64(g->mask));
	m = _mm512_or_epi64(m, _mm512_set1_epi64(QT_ONE));
	return _mm512_mul_pd(_mm512_sub_pd(_mm512_castsi512_pd(m),
	                                   _mm512_set1_pd(g->centre)),
	                     _mm512_set1_pd(g->scale));
}

static inline __m512d eight(const struct qgrid *g, const struct qpiece *piece,
                            __m512d u)
{
	__mmask8 high = _mm512_cmp_pd_mask(u, _mm512_set1_pd(0.5),
	                                   _CMP_NLT_UQ);
	__m512d v = _mm512_mask_sub_pd(u, high, _mm512_set1_pd(1), u);
	__m512d t, r[8], x;
	int64_t at[8] __attribute__((aligned(64)));

	v = _mm512_max_pd(v, _mm512_setzero_pd());
	v = _mm512_min_pd(v, _mm512_set1_pd(0.5));
	t = local(g, v);
	_mm512_store_si512(at, piece_index(g, v, high));
	UNROLL
	for (int i = 0; i < 8; i++)
		r[i] = _mm512_load_pd(piece[at[i]].c);
	transpose(r);
	x = r[5];
	UNROLL
	for (int i = 4; i >= 0; i--)
		x = _mm512_add_pd(_mm512_mul_pd(x, t), r[i]);
	x = _mm512_max_pd(r[6], x);
	return _mm512_min_pd(r[7], x);
}

bool qfill_avx512_run(const struct qgrid *g, const struct qpiece *piece,
                     const double *u, double *x, int n)
{
	__mmask8 bad = 0;
	bool tail_bad = false;
	int i = 0;

	for (; i + 8 <= n; i += 8) {
		__m512d v = eight(g, piece, _mm512_loadu_pd(u + i));

		bad |= _mm512_cmp_pd_mask(v, v, _CMP_UNORD_Q);
		_mm512_storeu_pd(x + i, v);
	}
	for (; i < n; i++) {
		x[i] = qpiece_at(g, piece, u[i]);
		tail_bad |= x[i] != x[i];
	}
	return bad || tail_bad;
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
