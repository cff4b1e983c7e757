/* 512 bits.  Compiled with -mavx512f -mavx512dq -ffp-contract=off. */
#if defined(HAVE_CONFIG_H)
#include "config.h"
#endif

#if defined(__AVX512F__)
#ifdef HAVE_SLEEF
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd8_u10avx512fnofma
#define VEC_LOG Sleef_cinz_logd8_u10avx512fnofma
#define VEC_POW Sleef_cinz_powd8_u10avx512fnofma
#endif

#define VEC_BITS 512
#define WIDTH_NAME kernels_avx512
#define WIDTH_TEXT "avx512"
#include "expr/kernels.inc"
#endif
