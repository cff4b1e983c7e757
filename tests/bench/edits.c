/* A slider that moves: six trade-offs judged anew after each step. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "model/model.h"

struct live {
	struct library *library;
	struct scenario *scenario;
	struct engine_options options;
	double limit;                   /* seconds */
	int step;
};

/* Processor time over the limit. */
static double edit(void *ctx)
{
	struct live *l = ctx;
	struct err err = ERR_INIT;
	struct evaluation *e;
	double start = cpu_now();
	char value[32];

	snprintf(value, sizeof value, "%dk", 50 + l->step++ % 40);
	if (!scenario_set(l->scenario, l->library, "requests_per_day", value,
	                  &err))
		return NAN;
	e = engine_evaluate(l->library, l->scenario, &l->options, &err);
	if (!e) {
		err_print(&err, stderr, "bench");
		return NAN;
	}
	evaluation_free(e);
	return (cpu_now() - start) / l->limit;
}

void bench_edits(void)
{
	struct err err = ERR_INIT;
	struct live l = { .library = library_open(getenv("STEELYARD_DATA"),
	                                          &err) };
	char path[4096];

	snprintf(path, sizeof path, "%s/tests/bench/six.yaml",
	         getenv("SRCDIR"));
	l.scenario = scenario_read(path, &err);
	l.options = engine_defaults();
	l.options.cache = engine_cache_new();
	l.options.threads = 1;
	l.options.want_break_even = l.options.want_voi = false;
	l.options.want_criteria = l.options.want_dominance = false;
	l.options.want_joint = l.options.want_sensitivity = false;
	l.options.samples = l.options.max_samples = 2048;
	l.limit = 0.016;
	if (l.library && l.scenario)
		edit(&l);               /* models are read once */
	figure_of("live_first_verdict", 1, edit, &l);
	l.options.samples = l.options.max_samples = 16384;
	l.limit = 0.1;
	figure_of("live_all_points", 1, edit, &l);
	engine_cache_free(l.options.cache);
	scenario_free(l.scenario);
	library_free(l.library);
}
