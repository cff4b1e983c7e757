#include <string.h>

#include "engine/engine.h"

#include "base/banned.h"

/* Changes whenever the digits of a run may change. */
#define ENGINE_VERSION "2"

const char *engine_version(void)
{
	return ENGINE_VERSION;
}

struct engine_options engine_defaults(void)
{
	return (struct engine_options) {
		.samples = 16384,
		.max_samples = 65536,
		.seed = 1,
		.sampler = SAMPLER_SOBOL,
		.confidence = 0.95,
		.want_break_even = true,
		.break_even_draws = 512,
		.want_sensitivity = true,
		.want_voi = true,
		.want_outputs = true,
		.want_provenance = true,
		.optimism = 0.5,
	};
}
