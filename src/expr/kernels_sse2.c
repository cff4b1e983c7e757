/* The base width: every x86-64, and (without SLEEF) every other machine. */
#if defined(HAVE_CONFIG_H)
#include "config.h"
#endif

#if defined(HAVE_SLEEF) && defined(__x86_64__)
#include <sleef.h>
#define VEC_EXP Sleef_cinz_expd2_u10sse2
#define VEC_LOG Sleef_cinz_logd2_u10sse2
#define VEC_POW Sleef_cinz_powd2_u10sse2
#endif

#if defined(__SSE2__)
#define VEC_BITS 128
#else
#define VEC_BITS 64
#endif
#define WIDTH_NAME kernels_sse2
#define WIDTH_TEXT "sse2"
#include "expr/kernels.inc"
