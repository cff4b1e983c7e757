/* The figures of docs/performance.md.  usage: bench [PART]... (from
 * `make bench`, or `make bench PARTS=edits`) */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int misses;

static double clock_seconds(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double cpu_now(void)
{
	return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_now(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}

int missed(void)
{
	return misses;
}

void skip(const char *name, const char *why)
{
	fprintf(stderr, "bench: %s left out: %s\n", name, why);
}

static double least_ratio(measure_fn ours, void *our_ctx, measure_fn theirs,
                    void *their_ctx)
{
	double least = HUGE_VAL, other = theirs ? HUGE_VAL : 1;

	for (int i = 0; i < ROUNDS; i++) {
		double a = ours(our_ctx), b = theirs ? theirs(their_ctx) : 1;

		if (isnan(a) || isnan(b))
			return NAN;
		least = fmin(least, a);
		other = fmin(other, b);
	}
	return least / other;
}

void figure_is(const char *name, double ratio, double target)
{
	misses += ratio > target;
	printf("%s %.3g %.3g\n", name, ratio, target);
	fflush(stdout);
}

void figure(const char *name, double target, measure_fn ours, void *our_ctx,
            measure_fn theirs, void *their_ctx)
{
	double r = least_ratio(ours, our_ctx, theirs, their_ctx);

	if (r > target)
		r = fmin(r, least_ratio(ours, our_ctx, theirs, their_ctx));
	if (isnan(r)) {
		skip(name, "it could not be measured");
		return;
	}
	figure_is(name, r, target);
}

void figure_of(const char *name, double target, measure_fn ours, void *ctx)
{
	figure(name, target, ours, ctx, NULL, NULL);
}

static const struct part { const char *name; void (*run)(void); } parts[] = {
	{ "kernels", bench_kernels }, { "edits", bench_edits },
	{ "processes", bench_processes }, { "imports", bench_imports },
	{ "peers", bench_peers },
};

static bool asked(const char *part, char **list)
{
	for (char **name = list; *name; name++)
		if (strcmp(*name, part) == 0)
			return true;
	return !*list;
}

int main(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (asked(parts[i].name, argv + 1))
			parts[i].run();
	if (missed())
		fprintf(stderr, "bench: %d target%s missed twice\n", missed(),
		        missed() == 1 ? "" : "s");
	return missed() > 0;
}
