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
	B_LOAD, B_CONCURRENCY, B_REQUESTS, B_OUTPUT, B_TOTAL, B_TTFT, B_TTFT99,
	B_TPOT, B_TPOT99, B_COMPLETED, B_IN, B_OUT, B_N
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
		[B_TOTAL] = "total_token_throughput",
		[B_TTFT] = "median_ttft_ms", [B_TTFT99] = "p99_ttft_ms",
		[B_TPOT] = "median_tpot_ms", [B_TPOT99] = "p99_tpot_ms",
		[B_COMPLETED] = "completed", [B_IN] = "total_input_tokens",
		[B_OUT] = "total_output_tokens" } },
	{ "guidellm", "metrics", "benchmarks", 1e-3, {
		[B_CONCURRENCY] = "metrics.request_concurrency.successful.mean",
		[B_REQUESTS] = "metrics.requests_per_second.successful.mean",
		[B_OUTPUT] = "metrics.output_tokens_per_second.successful.mean",
		[B_TOTAL] = "metrics.tokens_per_second.successful.mean",
		[B_TTFT] = "metrics.time_to_first_token_ms.successful.median",
		[B_TTFT99] = "metrics.time_to_first_token_ms.successful."
			"percentiles.p99",
		[B_TPOT] = "metrics.inter_token_latency_ms.successful.median",
		[B_TPOT99] = "metrics.inter_token_latency_ms.successful."
			"percentiles.p99",
		[B_COMPLETED] = "metrics.requests_per_second.successful.count",
		[B_IN] = "metrics.prompt_token_count.successful.total_sum",
		[B_OUT] = "metrics.output_token_count.successful.total_sum" } },
	{ "aiperf", "output_token_throughput", NULL, 1e-3, {
		[B_LOAD] = "input_config.loadgen.request_rate",
		[B_CONCURRENCY] = "input_config.loadgen.concurrency",
		[B_REQUESTS] = "request_throughput.avg",
		[B_OUTPUT] = "output_token_throughput.avg",
		[B_TTFT] = "time_to_first_token.p50",
		[B_TTFT99] = "time_to_first_token.p99",
		[B_TPOT] = "inter_token_latency.p50",
		[B_TPOT99] = "inter_token_latency.p99",
		[B_COMPLETED] = "request_count.avg" } },
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

static double number_at(const json_t *o, const char *path)
{
	char key[64];

	while (path && *path && o) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof key)
			return NAN;
		memcpy(key, path, n);
		key[n] = '\0';
		o = json_object_get(o, key);
		path += n + (path[n] == '.');
	}
	return path && json_is_number(o) ? json_number_value(o) : NAN;
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
		known = list || json_object_get(o, t->needs);
		/* both keep a key of this name, one as an object */
		if (i == 0 && json_is_object(json_object_get(o, t->needs)))
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

static void figure(struct bench *b, const char *name, const char *unit,
                   enum bench_field f, bool most, const char *note)
{
	size_t at = 0;
	double v = extreme(b, f, most, &at), n;
	struct measure *x;

	if (!(v > 0))
		return;
	n = b->run[at][B_COMPLETED];
	x = import_measure(b->m, name, unit, isnan(n) ? (double)b->n : n);
	if (n > 1 && most)      /* a rate of n requests: 1 / sqrt(n) of it */
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
	figure(b, "replica_rate", "request/s", B_REQUESTS, true,
	       "the most requests a second of any load tried");
	figure(b, "decode_rate", "token/s", B_OUTPUT, true,
	       "the most tokens a second of any load tried");
	figure(b, "decode_floor_s", "s/token", B_TPOT, false,
	       "time to the next token at the lightest load: the floor");
	figure(b, "offline_tpot_s", "s/token", B_TPOT, true,
	       "time to the next token at the heaviest load");
	figure(b, "prefill_ttft_s", "s", B_TTFT, false,
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
