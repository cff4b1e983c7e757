/*
 * Sobol points in base 2 with Joe and Kuo's "new-joe-kuo-6" direction numbers
 * (S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
 * two-dimensional projections", SIAM J. Sci. Comput. 30 (2008); their files
 * carry a BSD-style licence, kept beside the table), and Owen's nested uniform
 * scrambling by hash (Laine and Karras 2011; Burley, JCGT 9(4), 2020).
 *
 * The order is that of the Gray code (Antonov and Saleev 1979), as in most
 * libraries; the first 2^k points are the same set in either order.
 */
#ifndef STEELYARD_MATH_SOBOL_H
#define STEELYARD_MATH_SOBOL_H

#include <stdint.h>

#define SOBOL_DIMS 2048

/* 32-bit coordinates of points first..first+count-1 in dimension dim. */
void sobol_fill(int dim, uint32_t first, int count, uint32_t *out);
/* Owen scrambling in place: nested, uniform, a function of the key alone. */
void owen_scramble(uint64_t key, int count, uint32_t *x);
/* Both in one pass, for a third of the time. */
void sobol_owen_fill(int dim, uint64_t key, uint32_t first, int count,
                     uint32_t *out);
/* A 64-bit mix of two words (splitmix64 finaliser): keys from seeds. */
uint64_t hash_mix(uint64_t a, uint64_t b);

#endif
