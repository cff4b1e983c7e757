/*
 * The yardstick: the models w1.yaml and w2.yaml fused by hand, under the rules
 * of the product (no FMA, no fast-math, its vector functions), once for each
 * vector width.
 */
#ifndef STEELYARD_BENCH_FUSED_H
#define STEELYARD_BENCH_FUSED_H

#define FUSED_INPUTS 20
#define FUSED_OPTIONS 3

/* What a kernel reads, in this order. */
#define FUSED_NAMES { \
	"v0", "g", "tin", "tout", "pin", "pout", "d", "cache", "gpu", "tput", \
	"util", "sal", "fteb", "ftec", "capb", "capc", "over", "r", "val", "qb" }

/* Net present values of the three options in n draws, n a multiple of 8. */
typedef void (*fused_fn)(const double *const in[FUSED_INPUTS], int n,
                         double *const out[FUSED_OPTIONS]);

struct fused { const char *width; fused_fn w1, w2; };
extern const struct fused fused_sse2, fused_avx, fused_avx512;

#endif
