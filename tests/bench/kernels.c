/*
 * The interpreter against the kernels fused by hand: the same points, the same
 * quantile tables, the same statistics; only the formulas are run in another
 * way.  And the engine's own pass over a million draws.
 */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/judge.h"
#include "engine/run.h"
#include "engine/stats.h"
#include "fused.h"
#include "model/model.h"

#define DRAWS (1 << 17)         /* of the comparison with fused kernels */
#define MILLION (1 << 20)
#define KERNEL_BLOCKS 256
#define SEEDS 8

/* A model ready to run. */
struct ready {
	struct library *library;
	struct scenario *scenario;
	struct bound *bound;
	struct bound_graph *graph;
	struct plan *plan;
	struct sample sample;
	struct feed feed;
	int slot[FUSED_INPUTS];
	double *column[FUSED_INPUTS];
	fused_fn fused;
	double *net;                    /* FUSED_OPTIONS x TAPE_BLOCK */
	double mean[2][FUSED_OPTIONS];  /* interpreted, fused */
};

static const struct fused *fused_now(void)
{
	static const struct fused *const all[] = { &fused_sse2, &fused_avx,
	                                           &fused_avx512 };

	for (int i = 0; i < 3; i++)
		if (strcmp(all[i]->width, tape_width()) == 0)
			return all[i];
	return NULL;
}

static void die(struct err *err)
{
	err_print(err, stderr, "bench");
	exit(2);
}

static void open_model(struct ready *r, const char *name)
{
	static const char *const names[] = FUSED_NAMES;
	struct err err = ERR_INIT;
	char path[4096];

	*r = (struct ready) { 0 };
	snprintf(path, sizeof path, "%s/tests/bench/%s-run.yaml",
	         getenv("SRCDIR"), name);
	r->library = library_open(getenv("STEELYARD_DATA"), &err);
	r->scenario = scenario_read(path, &err);
	if (!r->library || !r->scenario)
		die(&err);
	r->bound = bound_new(r->library, r->scenario, NULL, &err);
	if (!r->bound)
		die(&err);
	r->graph = bound_graph_new(r->bound);
	r->plan = plan_new(r->graph, r->bound, 0, true, &err);
	if (!r->plan)
		die(&err);
	for (int i = 0; i < FUSED_INPUTS; i++) {
		r->slot[i] = bound_slot(r->bound, 0, names[i], &err);
		r->column[i] = xaligned(64, TAPE_BLOCK * sizeof(double));
	}
	r->fused = strcmp(name, "w1") == 0 ? fused_now()->w1 : fused_now()->w2;
	r->net = xaligned(64, FUSED_OPTIONS * TAPE_BLOCK * sizeof(double));
	feed_init(&r->feed, r->plan->lean);
}

static void set_draws(struct ready *r, int64_t n)
{
	struct err err = ERR_INIT;
	struct draws d;

	if (!draws_init(&d, SAMPLER_SOBOL, 1, n, &err))
		die(&err);
	if (!r->sample.bound && !sample_init(&r->sample, r->bound, &d, &err))
		die(&err);
	r->sample.draws = d;
	sample_prepare(&r->sample, r->slot, FUSED_INPUTS);
}

static void close_model(struct ready *r)
{
	feed_release(&r->feed);
	sample_release(&r->sample);
	plan_free(r->plan);
	bound_graph_free(r->graph);
	bound_free(r->bound);
	scenario_free(r->scenario);
	library_free(r->library);
	for (int i = 0; i < FUSED_INPUTS; i++)
		free(r->column[i]);
	free(r->net);
}

/* --- the two ways ------------------------------------------------------- */

static void interpreted(struct ready *r, const double *net[FUSED_OPTIONS])
{
	feed_run(&r->feed, TAPE_BLOCK);
	for (int o = 0; o < FUSED_OPTIONS; o++)
		net[o] = r->feed.out[r->plan->objective[o]];
}

static void by_hand(struct ready *r, const double *net[FUSED_OPTIONS])
{
	double *out[FUSED_OPTIONS];

	for (int o = 0; o < FUSED_OPTIONS; o++)
		net[o] = out[o] = r->net + o * TAPE_BLOCK;
	r->fused((const double *const *)r->column, TAPE_BLOCK, out);
}

typedef void (*way_fn)(struct ready *r, const double *net[FUSED_OPTIONS]);

/* Means, second moments, wins, the best of each draw; eight lanes, as the
 * compiler likes it. */
struct moments { double sum[FUSED_OPTIONS], square[FUSED_OPTIONS], best;
                 int64_t wins[FUSED_OPTIONS]; };

static void add_up(struct moments *m, const double *net[FUSED_OPTIONS])
{
	double sum[FUSED_OPTIONS][8] = { { 0 } }, best[8] = { 0 };
	double square[FUSED_OPTIONS][8] = { { 0 } };
	double wins[FUSED_OPTIONS][8] = { { 0 } };

	for (int i = 0; i < TAPE_BLOCK; i += 8)
		for (int k = 0; k < 8; k++) {
			double a = net[0][i + k], b = net[1][i + k];
			double c = net[2][i + k], ab = a > b ? a : b;
			double top = ab > c ? ab : c;

			sum[0][k] += a;
			sum[1][k] += b;
			sum[2][k] += c;
			square[0][k] += a * a;
			square[1][k] += b * b;
			square[2][k] += c * c;
			best[k] += top;
			wins[0][k] += a == top ? 1 : 0;
			wins[1][k] += b == top ? 1 : 0;
			wins[2][k] += c == top ? 1 : 0;
		}
	for (int k = 0; k < 8; k++) {
		m->best += best[k];
		for (int o = 0; o < FUSED_OPTIONS; o++) {
			m->sum[o] += sum[o][k];
			m->square[o] += square[o][k];
			m->wins[o] += (int64_t)wins[o][k];
		}
	}
}

static void draw(struct ready *r, bool fused, int64_t first)
{
	if (!fused) {
		feed_draw(&r->feed, &r->sample, first, TAPE_BLOCK);
		return;
	}
	for (int k = 0; k < FUSED_INPUTS; k++)
		sample_fill(&r->sample, r->slot[k], first, TAPE_BLOCK,
		            r->column[k]);
}

static double total(struct ready *r, bool fused)
{
	way_fn way = fused ? by_hand : interpreted;
	const double *net[FUSED_OPTIONS];
	struct moments m = { 0 };
	double start = cpu_now();

	for (int64_t at = 0; at < DRAWS; at += TAPE_BLOCK) {
		draw(r, fused, at);
		way(r, net);
		add_up(&m, net);
	}
	for (int o = 0; o < FUSED_OPTIONS; o++)
		r->mean[fused][o] = m.sum[o] / DRAWS;
	return cpu_now() - start;
}

static double kernel(struct ready *r, bool fused)
{
	way_fn way = fused ? by_hand : interpreted;
	const double *net[FUSED_OPTIONS];
	double start;

	draw(r, fused, 0);
	start = cpu_now();
	for (int i = 0; i < KERNEL_BLOCKS; i++)
		way(r, net);
	return cpu_now() - start;
}

static double total_ours(void *r) { return total(r, false); }
static double total_theirs(void *r) { return total(r, true); }
static double kernel_ours(void *r) { return kernel(r, false); }
static double kernel_theirs(void *r) { return kernel(r, true); }

/* A yardstick that computes something else measures nothing. */
static void hold_together(const struct ready *r, const char *name)
{
	for (int o = 0; o < FUSED_OPTIONS; o++) {
		double a = r->mean[0][o], b = r->mean[1][o];

		if (!(fabs(a - b) <= 1e-9 * fabs(a))) {
			fprintf(stderr, "bench: %s: option %d comes to %.17g "
			        "interpreted, %.17g by hand\n", name, o, a, b);
			exit(2);
		}
	}
}

/* --- the engine --------------------------------------------------------- */

static double pass(struct ready *r, uint64_t seed, int64_t n, int threads,
                   double *relative_error)
{
	struct engine_options o = engine_defaults();
	bool barred[FUSED_OPTIONS] = { false };
	struct err err = ERR_INIT;
	double start = threads > 1 ? wall_now() : cpu_now();
	struct judged j;
	struct run *run;
	struct draws d;

	o.threads = threads;
	if (!draws_init(&d, SAMPLER_SOBOL, seed, n, &err))
		die(&err);
	run = run_new(r->plan, &r->sample, &d, NULL, &o, &err);
	if (!run)
		die(&err);
	judge_init(&j, &(struct costs) {
		.noptions = FUSED_OPTIONS, .replicates = d.replicates,
		.n = d.n, .cost = run->cost, .barred = barred, .at_most = 1,
	});
	if (relative_error)
		*relative_error = fabs(j.se[0] / j.mean[0]);
	judge_release(&j);
	run_free(run);
	return (threads > 1 ? wall_now() : cpu_now()) - start;
}

double engine_per_draw(const char *model)
{
	struct ready r;
	double least = HUGE_VAL;

	open_model(&r, model);
	set_draws(&r, MILLION);
	for (int i = 0; i < 2; i++)
		least = fmin(least, pass(&r, 1, MILLION, 1, NULL));
	close_model(&r);
	return least / MILLION;
}

/* The error that the engine states, by and large: over several seeds. */
static double stated_error(struct ready *r, int64_t n)
{
	double square = 0, one;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		pass(r, seed, n, 1, &one);
		square += one * one / SEEDS;
	}
	return sqrt(square);
}

/* Between the two doublings around it. */
void engine_to_a_thousandth(double *points, double *seconds)
{
	struct ready r;
	double error = HUGE_VAL, before;
	int64_t n = 8192;

	open_model(&r, "w2");
	set_draws(&r, MILLION);
	do {
		n *= 2;
		before = error;
		error = stated_error(&r, n);
	} while (error > 1e-3);
	*points = (double)n;
	if (before < HUGE_VAL && before > error)
		*points *= exp2(log(error / 1e-3) / log(before / error));
	*seconds = HUGE_VAL;
	for (int i = 0; i < ROUNDS; i++)
		*seconds = fmin(*seconds, pass(&r, 1, n, 1, NULL));
	*seconds *= *points / (double)n;
	close_model(&r);
}

static double one_thread(void *r)
{
	double start = wall_now();

	pass(r, 1, MILLION, 1, NULL);
	return wall_now() - start;
}

static double two_threads(void *r)
{
	return pass(r, 1, MILLION, 2, NULL);
}

/* --- figures ------------------------------------------------------------ */

static void against_hand(const char *name, double most, double most_kernel)
{
	struct ready r;
	char text[32];

	open_model(&r, name);
	set_draws(&r, DRAWS);
	snprintf(text, sizeof text, "%s_fused", name);
	figure(text, most, total_ours, &r, total_theirs, &r);
	hold_together(&r, name);
	snprintf(text, sizeof text, "%s_kernel", name);
	figure(text, most_kernel, kernel_ours, &r, kernel_theirs, &r);
	close_model(&r);
}

void bench_kernels(void)
{
	struct ready r;

	if (!fused_now()) {
		skip("w1_fused, w2_fused", "no kernels for this machine");
		return;
	}
	fprintf(stderr, "bench: vectors of %s\n", tape_width());
	against_hand("w2", 1.20, 1.5);
	against_hand("w1", 2.75, 6);
	open_model(&r, "w1");
	set_draws(&r, MILLION);
	figure("two_threads", 1 / 1.7, two_threads, &r, one_thread, &r);
	close_model(&r);
}
