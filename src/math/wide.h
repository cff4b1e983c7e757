/*
 * WIDE marks a function whose loops the compiler may build several times, for
 * SSE2, AVX2 and AVX-512, with the choice made once at load time.  Only loops
 * whose digits cannot depend on the width may carry it: integer work, and
 * floating-point work lane by lane without fused operations (the build says
 * -ffp-contract=off).
 *
 * Loops inside are cut into strips of WIDE_STRIP elements, because a compiler
 * at -O2 vectorises only where it knows the count.
 */
#ifndef STEELYARD_MATH_WIDE_H
#define STEELYARD_MATH_WIDE_H

#define WIDE_STRIP 64

#ifndef __has_attribute
#define __has_attribute(x) 0
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && \
	__has_attribute(target_clones) && !defined(__SANITIZE_ADDRESS__) && \
	!defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("arch=x86-64-v4", \
                                          "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

#endif
