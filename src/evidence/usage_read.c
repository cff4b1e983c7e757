/*
 * What the entries of a usage log stand in: lines, pages, buckets of time,
 * OpenTelemetry's resources and scopes, rows of CSV.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intake.h"
#include "base/mem.h"
#include "evidence/reader.h"
#include "table/rows.h"
#include "base/banned.h"

#define ENTRY_LONGEST (64u << 20)
#define SERIES_MOST 4096

/* --- JSON ----------------------------------------------------------------- */

static bool one_object(struct usage_reader *r, const json_t *o,
                       const json_t *outer)
{
	const struct log_format *f;

	r->object = o;
	r->outer = outer;
	f = r->format && format_fits(r, r->format) ? r->format : format_of(r);
	if (!f)
		return r->format || r->m->skipped
			? import_skip(r->m, r->q, r->path, r->line,
			              "not an entry of this log", r->err)
			: format_unknown(r);
	if (r->format && f != r->format)
		return import_skip(r->m, r->q, r->path, r->line,
		                   "an entry of another format", r->err);
	if (!r->format)
		format_is(r, f);
	return format_entry(r);
}

/* [{key, value: {stringValue}}] into a flat object. */
static void flatten(json_t *to, const json_t *attributes)
{
	size_t i;
	json_t *a, *v;
	const char *kind;

	json_array_foreach((json_t *)attributes, i, a) {
		const char *key = json_string_value(json_object_get(a, "key"));

		json_object_foreach(json_object_get(a, "value"), kind, v)
			if (key && strcmp(kind, "arrayValue") != 0
			    && strcmp(kind, "kvlistValue") != 0)
				json_object_set(to, key, v);
	}
}

static bool one_span(struct usage_reader *r, const json_t *span,
                     const json_t *resource)
{
	json_t *flat = json_object();
	json_t *code = json_object_get(json_object_get(span, "status"), "code");
	const char *key;
	json_t *v;
	bool ok = true;

	flatten(flat, json_object_get(resource, "attributes"));
	flatten(flat, json_object_get(span, "attributes"));
	json_object_foreach((json_t *)span, key, v)
		if (!json_is_object(v) && !json_is_array(v))
			json_object_set(flat, key, v);
	if (json_integer_value(code) == 2
	    || (json_is_string(code)
	        && strstr(json_string_value(code), "ERROR")))
		json_object_set_new(flat, "error.type", json_string("error"));
	/* a trace has spans of other work as well, and an agent's span sums
	 * up the calls within it */
	key = json_string_value(json_object_get(flat, "gen_ai.operation.name"));
	if (key && strstr(key, "_agent"))
		;
	else if (json_object_get(flat, "gen_ai.usage.input_tokens")
	    || json_object_get(flat, "gen_ai.usage.output_tokens")
	    || json_object_get(flat, "gen_ai.usage.prompt_tokens")
	    || (json_object_get(flat, "gen_ai.request.model")
	        && json_object_get(flat, "error.type"))) {
		r->spans_seen = true;   /* beside metrics: never added */
		ok = r->metrics_seen || one_object(r, flat, NULL);
	}
	json_decref(flat);
	return ok;
}

/* Every object of o[outer][inner]. */
static bool each_of(struct usage_reader *r, const json_t *o, const char *outer,
                    const char *inner, const json_t *with,
                    bool (*fn)(struct usage_reader *, const json_t *,
                               const json_t *))
{
	size_t i, k;
	json_t *a, *b;

	json_array_foreach(json_object_get(o, outer), i, a)
		json_array_foreach(json_object_get(a, inner), k, b)
			if (!fn(r, b, with))
				return false;
	return true;
}

static uint64_t hash_text(const char *s)
{
	uint64_t h = 1469598103934665603ULL;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	return h;
}

static double as_number(const json_t *v)
{
	return json_is_string(v) ? strtod(json_string_value(v), NULL)
		: json_number_value(v);
}

static struct series *series_of(struct usage_reader *r, uint64_t key)
{
	for (size_t i = 0; i < r->nseries; i++)
		if (r->series[i].key == key)
			return &r->series[i];
	if (r->nseries == SERIES_MOST)
		return NULL;
	if (!r->series)
		r->series = xcalloc(SERIES_MOST, sizeof *r->series);
	r->series[r->nseries].key = key;
	return &r->series[r->nseries++];
}

/* What a point adds to what its series had: cumulative sums count once. */
static void since_last(struct usage_reader *r, json_t *flat, bool cumulative,
                       double *sum, double *n)
{
	json_t *times[2] = { json_object_get(flat, "startTimeUnixNano"),
	                     json_object_get(flat, "timeUnixNano") };
	double since = as_number(times[0]), had, count;
	json_t *bare = json_copy(flat);
	struct series *s;
	char *key;

	json_object_del(bare, "startTimeUnixNano");
	json_object_del(bare, "timeUnixNano");
	key = json_dumps(bare, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(bare);
	s = cumulative ? series_of(r, hash_text(key)) : NULL;
	free(key);
	if (!s)
		return;
	had = s->since == since ? s->in : 0;
	count = s->since == since ? s->n : 0;
	s->since = since;
	s->in = *sum;
	s->n = *n;
	*sum -= had;
	*n -= count;
}

static bool one_point(struct usage_reader *r, const json_t *p,
                      const json_t *resource, bool cumulative)
{
	double sum = as_number(json_object_get(p, "sum"));
	double n = as_number(json_object_get(p, "count"));
	json_t *flat = json_object();
	const char *type;
	bool input, ok;

	flatten(flat, json_object_get(resource, "attributes"));
	flatten(flat, json_object_get(p, "attributes"));
	json_object_set(flat, "startTimeUnixNano",
	                json_object_get(p, "startTimeUnixNano"));
	json_object_set(flat, "timeUnixNano",
	                json_object_get(p, "timeUnixNano"));
	since_last(r, flat, cumulative, &sum, &n);
	type = json_string_value(json_object_get(flat, "gen_ai.token.type"));
	input = type && strcmp(type, "input") == 0;
	if (type && !input && strcmp(type, "output") != 0
	    && strcmp(type, "completion") != 0)
		sum = -1;               /* a part of one of these */
	json_object_set_new(flat, "token_sum", json_real(sum));
	json_object_set_new(flat, input ? "input_sum" : "output_sum",
	                    json_real(sum));
	if (input)
		json_object_set_new(flat, "input_count", json_real(n));
	ok = sum >= 0 ? one_object(r, flat, NULL) : true;
	json_decref(flat);
	return ok;
}

static bool one_metric(struct usage_reader *r, const json_t *metric,
                       const json_t *resource)
{
	const char *name = json_string_value(json_object_get(metric, "name"));
	const json_t *plain = json_object_get(metric, "histogram");
	const json_t *h = plain ? plain
		: json_object_get(metric, "exponentialHistogram");
	const json_t *kind = json_object_get(h, "aggregationTemporality");
	bool cumulative = json_integer_value(kind) == 2
		|| (json_is_string(kind)
		    && strstr(json_string_value(kind), "CUMULATIVE"));
	size_t i;
	json_t *p;

	if (!name || strcmp(name, "gen_ai.client.token.usage") != 0)
		return true;
	r->metrics_seen = true;
	if (r->spans_seen)              /* the same calls: never added */
		return true;
	json_array_foreach(json_object_get(h, "dataPoints"), i, p)
		if (!one_point(r, p, resource, cumulative))
			return false;
	return true;
}

static bool open_entry(struct usage_reader *r, json_t *o);

static bool open_list(struct usage_reader *r, json_t *list)
{
	size_t i;
	json_t *o;

	json_array_foreach(list, i, o)
		if (!open_entry(r, o))
			return false;
	return true;
}

/* What stands within: pages, resources, buckets; else the entry itself. */
static bool open_entry(struct usage_reader *r, json_t *o)
{
	json_t *results = json_object_get(o, "results"), *one;
	static const char *const lists[] = { "data", "resourceSpans",
	                                     "resourceMetrics" };
	size_t i;

	for (i = 0; i < sizeof lists / sizeof *lists; i++)
		if (json_is_array(json_object_get(o, lists[i])))
			return open_list(r, json_object_get(o, lists[i]));
	if (json_object_get(o, "scopeSpans"))
		return each_of(r, o, "scopeSpans", "spans",
		               json_object_get(o, "resource"), one_span);
	if (json_object_get(o, "scopeMetrics"))
		return each_of(r, o, "scopeMetrics", "metrics",
		               json_object_get(o, "resource"), one_metric);
	if (!json_is_array(results))
		return one_object(r, o, NULL);
	json_array_foreach(results, i, one)
		if (!one_object(r, one, o))
			return false;
	return true;
}

static bool on_object(void *ctx, long line, char *s, size_t n)
{
	struct usage_reader *r = ctx;
	json_error_t e;
	json_t *o = json_loadb(s, n, 0, &e);
	bool ok;

	r->line = line;
	if (!json_is_object(o)) {
		json_decref(o);
		return import_skip(r->m, r->q, r->path, line,
		                   "a line that is no JSON object", r->err);
	}
	ok = open_entry(r, o);
	json_decref(o);
	return ok;
}

static bool on_bad(void *ctx, long line, const char *why)
{
	struct usage_reader *r = ctx;

	return import_skip(r->m, r->q, r->path, line, why, r->err);
}

/* --- CSV ------------------------------------------------------------------ */

static bool on_head(void *ctx, const struct row *head)
{
	struct usage_reader *r = ctx;

	r->row = head;
	r->line = head->line;
	r->format = format_of(r);
	if (!r->format)
		return format_unknown(r);
	format_columns(r, head);
	r->columns = head->n;
	return true;
}

static bool on_row(void *ctx, const struct row *row)
{
	struct usage_reader *r = ctx;

	r->row = row;
	r->line = row->line;
	if (row->n < r->columns)
		return import_skip(r->m, r->q, r->path, row->line, "a row with "
		                   "fewer cells than the header", r->err);
	for (int i = r->columns; i < row->n; i++)
		if (*row->cell[i])
			return import_skip(r->m, r->q, r->path, row->line, "a "
			                   "row with more cells than the header",
			                   r->err);
	return format_entry(r);
}

/* --- the file ------------------------------------------------------------- */

static bool is_json(const struct intake *f)
{
	size_t i = f->at;

	while (i < f->n && strchr(" \t\r\n", f->room[i]))
		i++;
	return i < f->n && (f->room[i] == '{' || f->room[i] == '[');
}

static bool read_all(struct usage_reader *r, struct intake *f)
{
	struct json_sink sink = { on_object, on_bad, r };
	bool ok = is_json(f) ? json_elements(f, &sink)
		: rows_read(f, on_head, on_row, r, r->err);

	if (!ok)
		return false;
	if (r->m->rows == 0 && r->m->skipped)
		return err_at(r->err, ERR_INPUT, (struct pos){ f->path,
		              (int)r->m->bad[0].line, 1 }, "%s; no entry could "
		              "be read", r->m->bad[0].why);
	if (r->m->rows == 0)
		return err_at(r->err, ERR_INPUT, (struct pos){ f->path, 0, 0 },
		              "holds no entry that could be read");
	if (r->spans_seen && r->metrics_seen)
		import_note(r->m, "the file has spans and metrics of the same "
		            "calls: only the %s, which come first, were counted",
		            strcmp(r->format->name, "otel-spans") == 0
		            ? "spans" : "metrics");
	return true;
}

static bool check_format(const struct import_request *q, struct err *err)
{
	if (!q->format || format_exists(q->format))
		return true;
	return err_add(err, ERR_USAGE, "--as %s: there is no such format "
	               "(litellm-spend, litellm-daily, openai-usage, "
	               "openai-costs, otel-spans, otel-metrics, focus, "
	               "azure-trace, burstgpt-trace, mooncake-trace)",
	               q->format);
}

bool usage_read(struct import *m, const struct import_request *q,
                bool (*each)(void *ctx, struct use *u), void *ctx,
                struct err *err)
{
	struct usage_reader *r;
	struct intake *f;
	bool ok;

	if (!check_format(q, err))
		return false;
	f = intake_open(q->path, ENTRY_LONGEST, err);
	if (!f)
		return false;
	r = xcalloc(1, sizeof *r);
	*r = (struct usage_reader){
		.m = m, .q = q, .path = f->path, .err = err, .each = each,
		.ctx = ctx,
	};
	ok = read_all(r, f);
	if (ok) {
		m->format = r->format->name;
		intake_digest(f, m->digest);
	}
	buf_release(&r->whole);
	json_decref(r->unfolded);
	free(r->block);
	free(r->series);
	free(r);
	intake_close(f);
	return ok;
}
