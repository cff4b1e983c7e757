/*
 * A few lanes of doubles, as wide as the including file asks for by VEC_BITS:
 * 512, 256, 128, or 64 for a machine without vectors.  Only what the kernels
 * need, and only operations that give the same digits on every width.
 *
 *      vec     the lanes                   vmask   a truth for each lane
 *      v_max(a, b), v_min(a, b)            b where either is no number
 *      v_if(m, a, b)                       a where m holds, else b
 *      v_near(a)                           nearest integer, ties to even
 *      v_up(a), v_down(a)                  next integer, or a itself
 *
 * Private to kernels.inc.
 */
#ifndef STEELYARD_EXPR_VEC_H
#define STEELYARD_EXPR_VEC_H

#include <math.h>

#define VEC_FN static inline __attribute__((always_inline))

#if VEC_BITS == 512
#include <immintrin.h>
#define LANES 8
typedef __m512d vec;
typedef __mmask8 vmask;
#define VI(name) _mm512_##name##_pd
#define V_COMPARE(name, predicate) \
	VEC_FN vmask v_##name(vec a, vec b) \
	{ \
		return _mm512_cmp_pd_mask(a, b, predicate); \
	}
VEC_FN vec v_if(vmask m, vec a, vec b) { return VI(mask_blend)(m, b, a); }
VEC_FN vec v_near(vec a)
{
	return VI(roundscale)(a, _MM_FROUND_TO_NEAREST_INT);
}
VEC_FN vec v_up(vec a) { return VI(roundscale)(a, _MM_FROUND_TO_POS_INF); }
VEC_FN vec v_down(vec a) { return VI(roundscale)(a, _MM_FROUND_TO_NEG_INF); }
VEC_FN vec v_abs(vec a) { return VI(abs)(a); }
VEC_FN vmask v_both(vmask a, vmask b) { return (vmask)(a & b); }

#elif VEC_BITS == 256
#include <immintrin.h>
#define LANES 4
typedef __m256d vec;
typedef __m256d vmask;
#define VI(name) _mm256_##name##_pd
#define V_COMPARE(name, predicate) \
	VEC_FN vmask v_##name(vec a, vec b) { return VI(cmp)(a, b, predicate); }
VEC_FN vec v_if(vmask m, vec a, vec b) { return VI(blendv)(b, a, m); }
VEC_FN vec v_near(vec a)
{
	return VI(round)(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
VEC_FN vec v_up(vec a) { return VI(ceil)(a); }
VEC_FN vec v_down(vec a) { return VI(floor)(a); }
VEC_FN vec v_abs(vec a) { return VI(andnot)(VI(set1)(-0.0), a); }
VEC_FN vmask v_both(vmask a, vmask b) { return VI(and)(a, b); }

#elif VEC_BITS == 128
#include <emmintrin.h>
#define LANES 2
typedef __m128d vec;
typedef __m128d vmask;
#define VI(name) _mm_##name##_pd
VEC_FN vmask v_lt(vec a, vec b) { return VI(cmplt)(a, b); }
VEC_FN vmask v_le(vec a, vec b) { return VI(cmple)(a, b); }
VEC_FN vmask v_eq(vec a, vec b) { return VI(cmpeq)(a, b); }
VEC_FN vmask v_nan(vec a, vec b) { return VI(cmpunord)(a, b); }
VEC_FN vec v_if(vmask m, vec a, vec b)
{
	return VI(or)(VI(and)(m, a), VI(andnot)(m, b));
}
VEC_FN vec v_abs(vec a) { return VI(andnot)(VI(set1)(-0.0), a); }
VEC_FN vmask v_both(vmask a, vmask b) { return VI(and)(a, b); }
/* Adding 2^52 leaves no bit for a fraction; beyond it there is none. */
VEC_FN vec v_near(vec a)
{
	vec size = v_abs(a), big = VI(set1)(0x1p52);
	vec sign = VI(and)(VI(set1)(-0.0), a);
	vec near = VI(sub)(VI(add)(size, big), big);

	return v_if(v_lt(size, big), VI(or)(near, sign), a);
}
VEC_FN vec v_up(vec a)
{
	vec near = v_near(a), one = VI(and)(v_lt(near, a), VI(set1)(1));

	/* what rises to zero from below is -0, as the hardware has it */
	return VI(or)(VI(add)(near, one), VI(and)(VI(set1)(-0.0), a));
}
VEC_FN vec v_down(vec a)
{
	vec near = v_near(a), one = VI(and)(v_lt(a, near), VI(set1)(1));

	return VI(sub)(near, one);
}

#else
#define LANES 1
typedef double vec;
typedef bool vmask;
VEC_FN vec v_load(const double *p) { return *p; }
VEC_FN void v_store(double *p, vec a) { *p = a; }
VEC_FN vec v_all(double a) { return a; }
VEC_FN vec v_add(vec a, vec b) { return a + b; }
VEC_FN vec v_sub(vec a, vec b) { return a - b; }
VEC_FN vec v_mul(vec a, vec b) { return a * b; }
VEC_FN vec v_div(vec a, vec b) { return a / b; }
VEC_FN vec v_min(vec a, vec b) { return a < b ? a : b; }
VEC_FN vec v_max(vec a, vec b) { return a > b ? a : b; }
VEC_FN vec v_sqrt(vec a) { return sqrt(a); }
VEC_FN vec v_neg(vec a) { return -a; }
VEC_FN vec v_abs(vec a) { return fabs(a); }
VEC_FN vec v_near(vec a) { return nearbyint(a); }
VEC_FN vec v_up(vec a) { return ceil(a); }
VEC_FN vec v_down(vec a) { return floor(a); }
VEC_FN vmask v_lt(vec a, vec b) { return a < b; }
VEC_FN vmask v_le(vec a, vec b) { return a <= b; }
VEC_FN vmask v_eq(vec a, vec b) { return a == b; }
VEC_FN vmask v_nan(vec a, vec b) { return isnan(a) || isnan(b); }
VEC_FN vec v_if(vmask m, vec a, vec b) { return m ? a : b; }
VEC_FN vmask v_both(vmask a, vmask b) { return a && b; }
#endif

#ifdef V_COMPARE
V_COMPARE(lt, _CMP_LT_OQ)
V_COMPARE(le, _CMP_LE_OQ)
V_COMPARE(eq, _CMP_EQ_OQ)
V_COMPARE(nan, _CMP_UNORD_Q)
#endif

#ifdef VI
VEC_FN vec v_load(const double *p) { return VI(loadu)(p); }
VEC_FN void v_store(double *p, vec a) { VI(storeu)(p, a); }
VEC_FN vec v_all(double a) { return VI(set1)(a); }
VEC_FN vec v_add(vec a, vec b) { return VI(add)(a, b); }
VEC_FN vec v_sub(vec a, vec b) { return VI(sub)(a, b); }
VEC_FN vec v_mul(vec a, vec b) { return VI(mul)(a, b); }
VEC_FN vec v_div(vec a, vec b) { return VI(div)(a, b); }
VEC_FN vec v_min(vec a, vec b) { return VI(min)(a, b); }
VEC_FN vec v_max(vec a, vec b) { return VI(max)(a, b); }
VEC_FN vec v_sqrt(vec a) { return VI(sqrt)(a); }
VEC_FN vec v_neg(vec a) { return VI(xor)(VI(set1)(-0.0), a); }
#endif

#endif
