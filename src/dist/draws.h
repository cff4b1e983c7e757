/*
 * Uniform coordinates by named dimension.
 *
 * A `struct draws` describes a sample of n points, split into `replicates`
 * independent randomisations of equal size (a power of two each with the
 * Sobol sampler).  Point i belongs to replicate i / (n / replicates).  The
 * coordinate of a point in a dimension depends on (sampler, seed, replicate,
 * dimension, index) alone: adding dimensions, threads or blocks moves nothing.
 */
#ifndef STEELYARD_DIST_DRAWS_H
#define STEELYARD_DIST_DRAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum sampler { SAMPLER_SOBOL, SAMPLER_MC, SAMPLER_LHS, SAMPLER_N };
extern const char *const sampler_names[SAMPLER_N];   /* "sobol-owen" ... */
/* By that name or a short one: sobol, mc, lhs.  SAMPLER_N: none is so called. */
enum sampler sampler_named(const char *name);

/* Dimensions: block 0 is the workload's; each model has a block of its own by
 * its place in the canonical order; then extra models, then reserved ones. */
#define DRAWS_BLOCK 192                 /* slots in a block */
#define DRAWS_BLOCKS 9                  /* workload, six models, two extra */
#define DRAWS_NULL (DRAWS_BLOCK * DRAWS_BLOCKS)         /* null dimensions */
#define DRAWS_NULLS 8                                   /* of them */
#define DRAWS_STUDY (DRAWS_NULL + DRAWS_NULLS)          /* study noise: 24 */
#define DRAWS_DIMS (DRAWS_NULL + 32)                    /* 1760 */

struct draws {
	enum sampler sampler;
	uint64_t seed;
	int64_t n;
	int replicates;
};

/* Checks and completes: n >= 1; Sobol rounds n up to replicates x 2^k. With
 * n < 8 * 2 the replicates drop to 1.  ERR_USAGE for n outside 1..1e9. */
bool draws_init(struct draws *d, enum sampler sampler, uint64_t seed,
                int64_t n, struct err *err);

/* Fills u[0..count-1] with the coordinates of points first.. in `dim`, each
 * (k + 1/2) / 2^32 for an integer k: never 0 or 1.  A range that crosses
 * replicates is fine. */
void draws_fill(const struct draws *d, int dim, int64_t first, int count,
                double *u);

#endif
