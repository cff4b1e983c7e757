/* The base width: every x86-64, and (without SLEEF) every other machine. */
#if defined(HAVE_CONFIG_H)
#include "config.h"
#endif

#if defined(HAVE_SLEEF) && defined(__x86_64__)
#include <emmintrin.h>
#include <sleef.h>
#define VEC __m128d
#define LANES 2
#define VEC_LOAD _mm_loadu_pd
#define VEC_STORE _mm_storeu_pd
#define VEC_EXP Sleef_cinz_expd2_u10sse2
#define VEC_LOG Sleef_cinz_logd2_u10sse2
#define VEC_POW Sleef_cinz_powd2_u10sse2
#endif

#define WIDTH_NAME kernels_sse2
#define WIDTH_TEXT "sse2"
#include "expr/kernels.inc"
