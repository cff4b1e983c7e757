/* 256 bits, as src/expr/kernels_avx.c. */
#if defined(__x86_64__)
#pragma GCC target("avx")
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd4_u10avx
#define VEC_LOG Sleef_cinz_logd4_u10avx
#define VEC_POW Sleef_cinz_powd4_u10avx
#define VEC_BITS 256
#define FUSED fused_avx
#define FUSED_WIDTH "avx"
#include "fused.inc"
#endif
