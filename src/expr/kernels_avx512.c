/* 512 bits.  Compiled with -mavx512f -mavx512dq -ffp-contract=off. */
#if defined(HAVE_CONFIG_H)
#include "config.h"
#endif

#if defined(__AVX512F__)
#ifdef HAVE_SLEEF
#include <immintrin.h>
#include <sleef.h>
#define VEC __m512d
#define LANES 8
#define VEC_LOAD _mm512_loadu_pd
#define VEC_STORE _mm512_storeu_pd
#define VEC_EXP Sleef_cinz_expd8_u10avx512fnofma
#define VEC_LOG Sleef_cinz_logd8_u10avx512fnofma
#define VEC_POW Sleef_cinz_powd8_u10avx512fnofma
#endif

#define WIDTH_NAME kernels_avx512
#define WIDTH_TEXT "avx512"
#include "expr/kernels.inc"
#endif
