/* 256 bits, for AVX and AVX2 machines alike: SLEEF has no variant without FMA
 * for the latter.  Compiled with -mavx. */
#if defined(HAVE_CONFIG_H)
#include "config.h"
#endif

#if defined(__AVX__)
#ifdef HAVE_SLEEF
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd4_u10avx
#define VEC_LOG Sleef_cinz_logd4_u10avx
#define VEC_POW Sleef_cinz_powd4_u10avx
#endif

#define VEC_BITS 256
#define WIDTH_NAME kernels_avx
#define WIDTH_TEXT "avx"
#include "expr/kernels.inc"
#endif
