/* Whole processes: ours, and those of other tools. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/tape.h"

#define PEER_DRAWS 200000
#define SQUIGGLE_DRAWS 20000
#define MEGABYTE 1048576.0

static const char *python;              /* one that has numpy; or NULL */

static const char *src(void) { return getenv("SRCDIR"); }

/* Seconds that a peer's own clock says. */
struct peer { char command[4096]; double seconds; };

static double says(const char *command)
{
	struct child c;
	char *end;
	double v;

	run_child(command, false, &c);
	v = strtod(c.text, &end);
	return isnan(c.wall) || end == c.text ? NAN : v;
}

static double peer_seconds(void *ctx)
{
	return says(ctx);
}

static void find_python(void)
{
	static const char *const names[] = { "python3", "/usr/bin/python3" };
	char command[256];
	struct child c;

	for (int i = 0; i < 2 && !python; i++) {
		snprintf(command, sizeof command, "%s -c 'import numpy'",
		         names[i]);
		run_child(command, false, &c);
		if (!isnan(c.wall))
			python = names[i];
	}
}

/* --- other tools -------------------------------------------------------- */

struct ours { const char *model; double draws; };

static double engine_seconds(void *ctx)
{
	const struct ours *o = ctx;

	return o->draws * engine_per_draw(o->model);
}

static void against_numpy(const char *model, double target)
{
	struct ours ours = { model, 1e6 };
	char command[4096], name[64];

	snprintf(command, sizeof command,
	         "env -u OPENBLAS_CORETYPE %s %s/tests/bench/w2.py %s 1000000",
	         python, src(), model);
	snprintf(name, sizeof name, "%s_numpy", model);
	figure(name, target, engine_seconds, &ours, peer_seconds, command);
}

/* A tool that is not there says so by failing at once. */
static void against(const char *name, const char *command, double draws,
                    double target, const char *why)
{
	struct ours ours = { "w2", draws };
	char text[4096];

	snprintf(text, sizeof text, "%s %.0f", command, draws);
	if (isnan(says(text))) {
		skip(name, why);
		return;
	}
	figure(name, target, engine_seconds, &ours, peer_seconds, text);
}

static void other_tools(void)
{
	const char *width = tape_width(), *squiggle;
	double target = strcmp(width, "avx512") == 0 ? 1 / 8.0
		: strcmp(width, "avx") == 0 ? 1 / 4.0 : 1 / 3.0;
	char command[4096];

	if (python) {
		against_numpy("w2", target);
		against_numpy("w1", target);
	} else {
		skip("w1_numpy, w2_numpy", "no python3 has numpy");
	}
	snprintf(command, sizeof command, "Rscript %s/tests/bench/w2.R", src());
	against("w2_r", command, PEER_DRAWS, 1 / 15.0, "no Rscript");
	snprintf(command, sizeof command,
	         "env -u OPENBLAS_CORETYPE python3 "
	         "%s/tests/bench/w2_openturns.py", src());
	against("w2_openturns", command, PEER_DRAWS, 1 / 20.0,
	        "python3 has no openturns");
	squiggle = getenv("SQUIGGLE_DIR");
	snprintf(command, sizeof command,
	         "cd %s && node %s/tests/bench/w2_squiggle.mjs",
	         squiggle ? squiggle : ".", src());
	against("w2_squiggle", command, SQUIGGLE_DRAWS, 1 / 100.0,
	        "no node, or no @quri/squiggle-lang in SQUIGGLE_DIR");
}

/* --- to a thousandth ---------------------------------------------------- */

/* Draws that plain Monte Carlo needs for the mean of option A: its standard
 * deviation is 1.88 times its mean (a long run's 1.720e7 over 9.145e6). */
#define MC_DRAWS 3.54e6

static double our_seconds(void *ctx)
{
	double points, seconds;

	(void)ctx;
	engine_to_a_thousandth(&points, &seconds);
	return seconds;
}

static double numpy_seconds(void *ctx)
{
	return MC_DRAWS / 1e6 * says(ctx);
}

static void to_a_thousandth(void)
{
	char command[4096];

	double points, seconds;

	engine_to_a_thousandth(&points, &seconds);
	figure_is("samples_to_0.1_percent", points / MC_DRAWS, 1 / 30.0);
	if (!python)
		return;
	snprintf(command, sizeof command,
	         "env -u OPENBLAS_CORETYPE %s %s/tests/bench/w2.py w2 1000000",
	         python, src());
	figure("time_to_0.1_percent", 1 / 200.0, our_seconds, NULL,
	       numpy_seconds, command);
}

/* --- processes ---------------------------------------------------------- */

static double child_cpu(void *ctx)
{
	struct child c;

	run_child(ctx, false, &c);
	return c.cpu;
}

static void evaluate_command(char *out, size_t size, const char *samples)
{
	snprintf(out, size, "exec %s evaluate %s/tests/bench/w2-run.yaml "
	         "--samples %s --threads 1 >/dev/null", getenv("STEELYARD"),
	         src(), samples);
}

static void one_evaluate(void)
{
	char ours[4096], theirs[256];

	if (!python) {
		skip("process_w2", "no python3 has numpy");
		return;
	}
	evaluate_command(ours, sizeof ours, "65536");
	snprintf(theirs, sizeof theirs, "env -u OPENBLAS_CORETYPE %s -c "
	         "'import numpy'", python);
	figure("process_w2", 1 / 3.0, child_cpu, ours, child_cpu, theirs);
}

static double memory_of(const char *samples)
{
	char command[4096];
	struct child c;

	evaluate_command(command, sizeof command, samples);
	run_child(command, true, &c);
	return c.memory;
}

/* One run is enough: memory has no noise. */
static void memory(void)
{
	double small = memory_of("100000"), big = memory_of("10000000");

	if (isnan(small) || isnan(big)) {
		skip("memory_1e7", "the run failed");
		return;
	}
	fprintf(stderr, "bench: %.1f MB at 1e5 draws, %.1f MB at 1e7\n",
	        small / MEGABYTE, big / MEGABYTE);
	figure_is("memory_1e7", big / MEGABYTE / 12, 1);
	figure_is("memory_growth", big / small, 1.05);
}

static double frame_of(void *ctx)
{
	return first_frame(ctx);
}

static void frames(void)
{
	char ours[4096], hello[4096];

	snprintf(hello, sizeof hello, "exec %s", getenv("BENCH_HELLO"));
	snprintf(ours, sizeof ours, "exec %s --store \"$BENCH_STORE\"",
	         getenv("STEELYARD"));
	figure("first_frame_100k", 5, frame_of, ours, frame_of, hello);
}

void bench_processes(void)
{
	find_python();
	one_evaluate();
	frames();
	memory();
}

void bench_peers(void)
{
	find_python();
	to_a_thousandth();
	other_tools();
}
