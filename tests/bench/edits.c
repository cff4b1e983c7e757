/* A slider that moves: six trade-offs judged anew after each step. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "model/bound.h"
#include "model/model.h"

struct live {
	struct library *library;
	struct scenario *scenario;
	struct engine_options options;
	double limit;                   /* seconds */
	const char *what;
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

	l->step++;
	snprintf(value, sizeof value, "%d.%d", 3 + l->step / 10 % 10,
	         l->step % 10);
	if (!scenario_set(l->scenario, l->library, l->what, value, &err))
		return NAN;
	e = engine_evaluate(l->library, l->scenario, &l->options, &err);
	if (!e) {
		err_print(&err, stderr, "bench");
		return NAN;
	}
	evaluation_free(e);
	return (cpu_now() - start) / l->limit;
}

/* The same until the one trade-off shown is judged: the dearest of the six. */
static double first(void *ctx)
{
	struct live *l = ctx;
	struct err err = ERR_INIT;
	struct bound *b;
	double start = cpu_now(), bound, most = 0;
	char value[32];

	l->step++;
	snprintf(value, sizeof value, "%d.%d", 3 + l->step / 10 % 10,
	         l->step % 10);
	if (!scenario_set(l->scenario, l->library, l->what, value, &err))
		return NAN;
	b = bound_new(l->library, l->scenario, NULL, &err);
	bound = cpu_now() - start;
	for (int i = 0; b && i < b->nmodels; i++) {
		struct evaluation *e;

		start = cpu_now();
		e = engine_trade_bound(b, i, &l->options, &err);
		if (!e) {
			err_print(&err, stderr, "bench");
			most = HUGE_VAL;
			continue;
		}
		most = fmax(most, cpu_now() - start);
		evaluation_free(e);
	}
	bound_free(b);
	return (bound + most) / l->limit;
}

static void first_verdict(struct live *l, const char *what, const char *name)
{
	char text[64];

	l->what = what;
	l->options.samples = l->options.max_samples = 2048;
	l->limit = 0.016;
	first(l);
	snprintf(text, sizeof text, "live_first_%s", name);
	figure_of(text, 1, first, l);
}

static void verdicts(struct live *l, const char *name, int points,
                     double limit)
{
	char text[64];

	l->options.samples = l->options.max_samples = points;
	l->limit = limit;
	edit(l);
	snprintf(text, sizeof text, "live_%s_%d", name, points);
	figure_of(text, 1, edit, l);
}

/* What one trade-off reads alone, and what all six read. */
static void both_verdicts(struct live *l, const char *what, const char *name)
{
	l->what = what;
	verdicts(l, name, 2048, 0.016);
	verdicts(l, name, 16384, 0.1);
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
	if (!l.library || !l.scenario) {
		err_print(&err, stderr, "bench");
		exit(2);
	}
	l.options = engine_defaults();
	l.options.cache = engine_cache_new();
	l.options.threads = 1;
	l.options.want_break_even = l.options.want_voi = false;
	l.options.want_criteria = l.options.want_dominance = false;
	l.options.want_joint = l.options.want_sensitivity = false;
	l.options.want_provenance = false;
	first_verdict(&l, "gpu_hour_price", "price");
	first_verdict(&l, "requests_per_day", "volume");
	both_verdicts(&l, "build-vs-buy.self_fte", "one");
	both_verdicts(&l, "gpu_hour_price", "shared");
	both_verdicts(&l, "requests_per_day", "volume");
	engine_cache_free(l.options.cache);
	scenario_free(l.scenario);
	library_free(l.library);
}
