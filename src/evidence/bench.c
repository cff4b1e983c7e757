/*
 * `import bench`: result files of load tests, as throughput and latency of one
 * replica at each load that was tried.  A row of `tools` says where a tool's
 * file keeps what we ask for; times are in the row's unit.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intake.h"
#include "base/mem.h"
#include "evidence/import.h"
#include "evidence/record.h"
#include "base/banned.h"

#define RUN_LONGEST (256u << 20)

enum bench_field {
	B_LOAD, B_CONCURRENCY, B_REQUESTS, B_OUTPUT, B_TTFT, B_TTFT99, B_TPOT,
	B_TPOT99, B_COMPLETED, B_N
};

static const struct tool {
	const char *name, *needs, *list;        /* `list`: runs within a file */
	double seconds;                         /* its unit of latency */
	const char *path[B_N];
} tools[] = {
	{ "vllm-bench", "request_throughput", NULL, 1e-3, {
		[B_LOAD] = "request_rate", [B_CONCURRENCY] = "max_concurrency",
		[B_REQUESTS] = "request_throughput",
		[B_OUTPUT] = "output_throughput",
		[B_TTFT] = "median_ttft_ms", [B_TTFT99] = "p99_ttft_ms",
		[B_TPOT] = "median_tpot_ms", [B_TPOT99] = "p99_tpot_ms",
		[B_COMPLETED] = "completed" } },
	{ "guidellm", "metrics", "benchmarks", 1e-3, {
		[B_LOAD] = "config.strategy.rate|args.strategy.rate|"
			"scheduler.strategy.rate",
		[B_CONCURRENCY] = "metrics.request_concurrency.successful.mean",
		[B_REQUESTS] = "metrics.requests_per_second.successful.mean",
		[B_OUTPUT] = "metrics.output_tokens_per_second.successful.mean",
		[B_TTFT] = "metrics.time_to_first_token_ms.successful.median",
		[B_TTFT99] = "metrics.time_to_first_token_ms.successful."
			"percentiles.p99",
		[B_TPOT] = "metrics.inter_token_latency_ms.successful.median",
		[B_TPOT99] = "metrics.inter_token_latency_ms.successful."
			"percentiles.p99",
		[B_COMPLETED] = "metrics.request_totals.successful|"
			"request_totals.successful|"
			"run_stats.requests_made.successful|"
			"metrics.requests_per_second.successful.count" } },
	/* first all as `records`, then as GenAI-Perf had it */
	{ "aiperf", "output_token_throughput|records.output_token_throughput|"
	  "request_throughput|records.request_throughput", NULL, 1e-3, {
		[B_LOAD] = "input_config.loadgen.request_rate",
		[B_CONCURRENCY] = "input_config.loadgen.concurrency|"
			"input_config.perf_analyzer.stimulus.concurrency",
		[B_REQUESTS] = "request_throughput.avg|"
			"records.request_throughput.avg",
		[B_OUTPUT] = "output_token_throughput.avg|"
			"records.output_token_throughput.avg",
		[B_TTFT] = "time_to_first_token.p50|time_to_first_token.avg|"
			"records.time_to_first_token.p50|records.ttft.p50",
		[B_TTFT99] = "time_to_first_token.p99|"
			"records.time_to_first_token.p99|records.ttft.p99",
		[B_TPOT] = "inter_token_latency.p50|inter_token_latency.avg|"
			"records.inter_token_latency.p50",
		[B_TPOT99] = "inter_token_latency.p99|"
			"records.inter_token_latency.p99",
		[B_COMPLETED] = "request_count.avg|records.request_count.avg" }
	},
};
#define NTOOLS (sizeof tools / sizeof *tools)

struct bench {
	struct import *m;
	const struct import_request *q;
	const char *path;
	struct err *err;
	const struct tool *tool;
	double (*run)[B_N];
	size_t n, cap;
};

/* What stands at the first of several paths, `a.b|c`, that is there. */
static const json_t *value_at(const json_t *root, const char *path)
{
	while (path && *path) {
		const json_t *o = root;
		char key[64];
		size_t n;

		do {
			n = strcspn(path, ".|");
			if (n >= sizeof key)
				return NULL;
			memcpy(key, path, n);
			key[n] = '\0';
			o = json_object_get(o, key);
			path += n;
		} while (*path++ == '.');
		if (o && !json_is_null(o))
			return o;
		path -= path[-1] == '\0';
	}
	return NULL;
}

static double number_at(const json_t *o, const char *path)
{
	const json_t *v = value_at(o, path);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

static bool take_run(struct bench *b, const json_t *o, const struct tool *t)
{
	double *v = *ARR_PUSH(b->run, b->n, b->cap);

	for (int i = 0; i < B_N; i++) {
		v[i] = number_at(o, t->path[i]);
		if (i >= B_TTFT && i <= B_TPOT99)
			v[i] *= t->seconds;
		if (v[i] < 0)
			v[i] = NAN;
	}
	if (v[B_REQUESTS] > 0 || v[B_OUTPUT] > 0)
		return true;
	b->n--;
	return import_skip(b->m, b->q, b->path, (long)b->n + 1,
	                   "a run without a throughput", b->err);
}

static bool on_run(void *ctx, long line, char *s, size_t n)
{
	struct bench *b = ctx;
	json_error_t e;
	json_t *o = json_loadb(s, n, 0, &e), *one;
	bool ok = true, known = false;
	size_t k;

	for (size_t i = 0; o && i < NTOOLS && !known; i++) {
		const struct tool *t = &tools[i];
		json_t *list = t->list ? json_object_get(o, t->list) : NULL;

		if (b->q->format && strcmp(b->q->format, t->name) != 0)
			continue;
		known = list || value_at(o, t->needs);
		/* both keep a key of this name, one as an object */
		if (i == 0 && json_is_object(value_at(o, t->needs)))
			known = false;
		if (!known)
			continue;
		b->tool = t;
		if (!json_is_array(list))
			ok = take_run(b, o, t);
		json_array_foreach(list, k, one)
			ok = ok && take_run(b, one, t);
	}
	json_decref(o);
	return known ? ok : import_skip(b->m, b->q, b->path, line,
	                                "no result of a load test", b->err);
}

static bool on_bad(void *ctx, long line, const char *why)
{
	struct bench *b = ctx;

	return import_skip(b->m, b->q, b->path, line, why, b->err);
}

/* --- figures -------------------------------------------------------------- */

/* The greatest, or least, of a field; which run it was. */
static double extreme(const struct bench *b, enum bench_field f, bool most,
                      size_t *at)
{
	double best = NAN;

	for (size_t i = 0; i < b->n; i++) {
		double v = b->run[i][f];

		if (isnan(v) || (!isnan(best) && (most ? v <= best
		                                       : v >= best)))
			continue;
		best = v;
		*at = i;
	}
	return best;
}

/* A figure of run `at`, over `by`; a rate of n requests is known to
 * 1 / sqrt(n) of it. */
static void figure(struct bench *b, const char *name, const char *unit,
                   enum bench_field f, size_t at, double by, const char *note)
{
	double v = b->run[at][f] / by, n = b->run[at][B_COMPLETED];
	bool rate = f == B_REQUESTS || f == B_OUTPUT;
	struct measure *x;

	if (!(v > 0))
		return;
	x = import_measure(b->m, name, unit, isnan(n) ? (double)b->n : n);
	if (n > 2 && rate)
		measure_interval(b->m, x, v, v * (1 - 1.645 / sqrt(n)),
		                 v * (1 + 1.645 / sqrt(n)));
	else
		measure_point(b->m, x, v);
	x->note = note;
}

static void run_table(struct bench *b)
{
	static const struct fact_column columns[] = {
		{ "load", false, 4 }, { "concurrency", false, 4 },
		{ "requests_s", false, 4 }, { "output_tok_s", false, 5 },
		{ "ttft_s", false, 4 }, { "ttft_p99_s", false, 4 },
		{ "tpot_s", false, 4 }, { "tpot_p99_s", false, 4 },
	};
	static const enum bench_field of[] = { B_LOAD, B_CONCURRENCY,
		B_REQUESTS, B_OUTPUT, B_TTFT, B_TTFT99, B_TPOT, B_TPOT99 };
	struct fact_table *t = import_fact(b->m, "runs", "Runs", columns, 8);

	for (size_t i = 0; i < b->n; i++) {
		struct fact_cell *c = fact_row(t);

		for (int k = 0; k < 8; k++)
			c[k].number = b->run[i][of[k]];
	}
}

static void bench_figures(struct bench *b)
{
	double gpus = b->q->gpus > 0 ? b->q->gpus : 1;
	size_t light = 0, heavy = 0, busy = 0, first = 0;

	extreme(b, B_TPOT, false, &light);
	extreme(b, B_TTFT, false, &first);
	extreme(b, B_REQUESTS, true, &busy);
	heavy = busy;
	extreme(b, B_OUTPUT, true, &heavy);
	figure(b, "replica_rate", "request/s/replica", B_REQUESTS, busy, 1,
	       "the most requests a second of any load tried");
	figure(b, "decode_rate", "token/s/replica", B_OUTPUT, heavy, 1,
	       "the most tokens a second of any load tried");
	figure(b, "offline_tokens_per_s_per_gpu", "token/s/GPU", B_OUTPUT,
	       heavy, gpus, b->q->gpus > 0 ? "the same over the GPUs"
	       : "the same; of one GPU, unless --gpus says of how many");
	figure(b, "offline_tpot_s", "s/token", B_TPOT, heavy, 1,
	       "time to the next token where these tokens a second were seen");
	figure(b, "decode_floor_s", "s/token", B_TPOT, light, 1,
	       "time to the next token at the lightest load: the floor");
	figure(b, "prefill_ttft_s", "s", B_TTFT, first, 1,
	       "time to the first token at the lightest load");
	if (b->n < 3)
		import_note(b->m, "%zu load%s tried: a sweep from light to "
		            "saturated tells floor and peak", b->n,
		            b->n == 1 ? "" : "s");
	run_table(b);
}

struct import *import_bench(const struct import_request *q, struct err *err)
{
	struct import *m = import_new(IMPORT_BENCH, q->path);
	struct intake *f = intake_open(q->path, RUN_LONGEST, err);
	struct bench b = { .m = m, .q = q, .path = q->path, .err = err };
	struct json_sink sink = { on_run, on_bad, &b };
	bool ok = f && json_elements(f, &sink);

	if (ok && b.n == 0)
		ok = err_at(err, ERR_INPUT, (struct pos){ f->path, 0, 0 },
		            "holds no result of GuideLLM, vLLM's benchmark or "
		            "aiperf");
	if (ok) {
		m->format = b.tool->name;
		m->rows = (long)b.n;
		ok = intake_digest(f, m->digest);
		bench_figures(&b);
	}
	free(b.run);
	intake_close(f);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
