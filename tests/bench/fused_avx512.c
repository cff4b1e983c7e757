/* 512 bits, as src/expr/kernels_avx512.c. */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq")
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd8_u10avx512fnofma
#define VEC_LOG Sleef_cinz_logd8_u10avx512fnofma
#define VEC_POW Sleef_cinz_powd8_u10avx512fnofma
#define VEC_BITS 512
#define FUSED fused_avx512
#define FUSED_WIDTH "avx512"
#include "fused.inc"
#endif
