/* 128 bits, as src/expr/kernels_sse2.c. */
#if defined(__x86_64__)
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd2_u10sse2
#define VEC_LOG Sleef_cinz_logd2_u10sse2
#define VEC_POW Sleef_cinz_powd2_u10sse2
#define VEC_BITS 128
#define FUSED fused_sse2
#define FUSED_WIDTH "sse2"
#include "fused.inc"
#endif
