/* Imports of long logs against `wc -l` and a bare parse by the same library. */
#include "bench.h"

#include <csv.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MEGABYTE 1048576
#define LOG_BYTES (64 * MEGABYTE)
#define IMPORT_MEMORY (40.0 * MEGABYTE)

static struct { char path[64]; } log_file;

/* Eight rows a second until it is long enough: of a trace with three columns,
 * the narrowest log there is, or of a gateway. */
static bool write_log(FILE *f, bool json)
{
	long n = 0;

	if (!json)
		n += fprintf(f, "TIMESTAMP,ContextTokens,GeneratedTokens\n");
	for (int i = 0; n < LOG_BYTES; i++) {
		int s = i / 8, in = 40 + i % 4001, out = i % 899;
		char time[64];

		snprintf(time, sizeof time, "2026-09-%02d %02d:%02d:%02d.%03d",
		         s / 86400 % 30 + 1, s / 3600 % 24, s / 60 % 60, s % 60,
		         i % 8 * 125);
		n += json ? fprintf(f, "{\"request_id\": \"chatcmpl-%016x\", "
			"\"startTime\": \"%s\", \"endTime\": \"%s\", "
			"\"model_group\": \"gpt-4o-mini\", \"prompt_tokens\": "
			"%d, \"completion_tokens\": %d, \"spend\": %.8f, "
			"\"api_key\": \"%032x\", \"team_id\": \"t%d\", "
			"\"status\": \"success\", \"metadata\": {\"user\": "
			"null, \"tags\": [\"a\", \"b\"]}}\n", i, time, time, in,
			out, in * 1.5e-7, i % 97, i % 9)
			: fprintf(f, "%s0000,%d,%d\n", time, in, out);
	}
	return fflush(f) == 0;
}

static double import_cpu(void *ctx)
{
	struct child c;
	char command[4096];

	(void)ctx;
	snprintf(command, sizeof command, "exec %s import usage %s --json "
	         ">/dev/null", getenv("STEELYARD"), log_file.path);
	run_child(command, true, &c);
	if (c.memory > IMPORT_MEMORY)
		fprintf(stderr, "bench: an import took %.0f MB\n",
		        c.memory / MEGABYTE);
	return c.cpu;
}

static void ignore_cell(void *s, size_t n, void *ctx)
{
	(void)s;
	(void)n;
	++*(long *)ctx;
}

static void ignore_row(int end, void *ctx)
{
	(void)end;
	++*(long *)ctx;
}

static long bare_csv(FILE *f)
{
	static char block[1 << 17];
	struct csv_parser p;
	long seen = 0;
	size_t n;

	csv_init(&p, 0);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		csv_parse(&p, block, n, ignore_cell, ignore_row, &seen);
	csv_fini(&p, ignore_cell, ignore_row, &seen);
	csv_free(&p);
	return seen;
}

static long bare_json(FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	long seen = 0;

	while ((n = getline(&line, &cap, f)) > 0) {
		json_t *o = json_loadb(line, (size_t)n, 0, NULL);

		seen += o != NULL;
		json_decref(o);
	}
	free(line);
	return seen;
}

static double bare_cpu(void *ctx)
{
	long (*parse)(FILE *f) = *(long (**)(FILE *))ctx;
	FILE *f = fopen(log_file.path, "r");
	struct child wc;
	char command[128];
	double start = cpu_now();
	long seen;

	if (!f)
		return NAN;
	seen = parse(f);
	fclose(f);
	start = cpu_now() - start;
	snprintf(command, sizeof command, "exec wc -l %s", log_file.path);
	run_child(command, false, &wc);
	return seen > 0 ? start + wc.cpu : NAN;
}

void bench_imports(void)
{
	static long (*const parse[])(FILE *) = { bare_csv, bare_json };
	static const char *const name[] = { "import_csv", "import_json" };

	for (int i = 0; i < 2; i++) {
		int fd;
		FILE *f;

		snprintf(log_file.path, sizeof log_file.path,
		         "bench-log-XXXXXX");
		fd = mkstemp(log_file.path);
		f = fd < 0 ? NULL : fdopen(fd, "w");
		if (f && write_log(f, i == 1))
			figure(name[i], 2, import_cpu, NULL, bare_cpu,
			       (void *)&parse[i]);
		else
			skip(name[i], "no log could be written");
		if (f)
			fclose(f);
		if (fd >= 0)
			unlink(log_file.path);
	}
}
