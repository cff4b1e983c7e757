/*
 * The formats of logs, a row each: what an entry must hold to be one, and where
 * it keeps what we ask for.  A path is a key, or keys joined by dots; `|`
 * separates what is tried in order.  In CSV a path is a column's name.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "evidence/reader.h"
#include "table/rows.h"
#include "base/banned.h"

#define TOKENS_MOST 1e8                 /* of one request */
#define BLOCK_TOKENS 512                /* of a Mooncake prefix block */

const char *const group_names[BY_N] = {
	"team", "key", "model", "user", "tag", "service", "account",
};

static const struct log_format log_formats[] = {
	{ .name = "litellm-spend", .needs = { "request_id", "startTime" },
	  .path = {
		[F_ID] = "request_id", [F_START] = "startTime",
		[F_END] = "endTime", [F_FIRST] = "completionStartTime",
		[F_INPUT] = "prompt_tokens", [F_OUTPUT] = "completion_tokens",
		[F_CACHED] = "metadata.usage_object.prompt_tokens_details."
			"cached_tokens|metadata.additional_usage_values."
			"cache_read_input_tokens|cache_read_input_tokens",
		[F_STATUS] = "status|metadata.status", [F_SPEND] = "spend",
		[F_MODEL] = "model_group|model",
		[F_TEAM] = "team_id|metadata.user_api_key_team_id",
		[F_KEY] = "api_key", [F_USER] = "end_user|user",
		[F_TAG] = "request_tags", [F_ACCOUNT] = "organization_id",
		[F_SERVICE] = "custom_llm_provider",
	  } },
	{ .name = "litellm-daily", .needs = { "date", "api_requests" },
	  .rollup = true, .span = 86400,
	  .path = {
		[F_ID] = "id", [F_START] = "date", [F_INPUT] = "prompt_tokens",
		[F_OUTPUT] = "completion_tokens",
		[F_CACHED] = "cache_read_input_tokens",
		[F_CACHE_WRITE] = "cache_creation_input_tokens",
		[F_REQUESTS] = "api_requests", [F_FAILED] = "failed_requests",
		[F_SPEND] = "spend", [F_MODEL] = "model_group|model",
		[F_TEAM] = "team_id", [F_KEY] = "api_key",
		[F_USER] = "user_id|end_user_id", [F_TAG] = "tag",
		[F_ACCOUNT] = "organization_id",
		[F_SERVICE] = "custom_llm_provider",
	  } },
	{ .name = "litellm-activity", .needs = { "date", "metrics" },
	  .rollup = true, .span = 86400,
	  .path = {
		[F_START] = "date", [F_INPUT] = "metrics.prompt_tokens",
		[F_OUTPUT] = "metrics.completion_tokens",
		[F_CACHED] = "metrics.cache_read_input_tokens",
		[F_CACHE_WRITE] = "metrics.cache_creation_input_tokens",
		[F_REQUESTS] = "metrics.api_requests",
		[F_FAILED] = "metrics.failed_requests",
		[F_SPEND] = "metrics.spend",
	  } },
	{ .name = "openai-usage", .needs = { "start_time", "input_tokens" },
	  .rollup = true, .span = 86400,
	  .path = {
		[F_START] = "start_time", [F_END] = "end_time",
		[F_INPUT] = "input_tokens", [F_OUTPUT] = "output_tokens",
		[F_CACHED] = "input_cached_tokens",
		[F_REQUESTS] = "num_model_requests", [F_MODEL] = "model",
		[F_TEAM] = "project_id", [F_KEY] = "api_key_id",
		[F_USER] = "user_id",
	  } },
	{ .name = "openai-costs", .needs = { "start_time", "amount" },
	  .rollup = true, .span = 86400,
	  .path = {
		[F_START] = "start_time", [F_END] = "end_time",
		[F_SPEND] = "amount.value", [F_CURRENCY] = "amount.currency",
		[F_MODEL] = "line_item", [F_TEAM] = "project_id",
		[F_KEY] = "api_key_id",
		[F_ACCOUNT] = "organization_id",
	  } },
	{ .name = "otel-spans", .needs = { "startTimeUnixNano", "spanId" },
	  .path = {
		[F_ID] = "spanId", [F_START] = "startTimeUnixNano",
		[F_END] = "endTimeUnixNano",
		[F_TTFT] = "gen_ai.server.time_to_first_token|"
			"gen_ai.response.time_to_first_chunk",
		[F_INPUT] = "gen_ai.usage.input_tokens|"
			"gen_ai.usage.prompt_tokens",
		[F_OUTPUT] = "gen_ai.usage.output_tokens|"
			"gen_ai.usage.completion_tokens",
		[F_CACHED] = "gen_ai.usage.cache_read.input_tokens|"
			"gen_ai.usage.cache_read_input_tokens",
		[F_CACHE_WRITE] = "gen_ai.usage.cache_creation.input_tokens|"
			"gen_ai.usage.cache_creation_input_tokens",
		[F_STATUS] = "error.type", [F_MODEL] = "gen_ai.response.model|"
			"gen_ai.request.model",
		[F_TEAM] = "team|team.id", [F_USER] = "enduser.id|user.id",
		[F_SERVICE] = "service.name|gen_ai.provider.name|"
			"gen_ai.system",
	  } },
	{ .name = "otel-metrics", .needs = { "timeUnixNano", "token_sum" },
	  .rollup = true,
	  .path = {
		[F_START] = "startTimeUnixNano", [F_END] = "timeUnixNano",
		[F_INPUT] = "input_sum", [F_OUTPUT] = "output_sum",
		[F_REQUESTS] = "input_count",
		[F_MODEL] = "gen_ai.response.model|gen_ai.request.model",
		[F_SERVICE] = "service.name|gen_ai.provider.name|"
			"gen_ai.system",
	  } },
	{ .name = "focus", .needs = { "BilledCost", "ChargePeriodStart" },
	  .rollup = true,
	  .path = {
		[F_START] = "ChargePeriodStart", [F_END] = "ChargePeriodEnd",
		[F_SPEND] = "BilledCost", [F_CURRENCY] = "BillingCurrency",
		[F_MODEL] = "SkuMeter|SkuId", [F_TEAM] = "Tags",
		[F_SERVICE] = "ServiceName",
		[F_ACCOUNT] = "SubAccountName|SubAccountId|BillingAccountName",
		[F_CATEGORY] = "ChargeCategory",
		[F_QUANTITY] = "ConsumedQuantity|PricingQuantity",
		[F_UNIT] = "ConsumedUnit|PricingUnit",
	  } },
	{ .name = "azure-trace",
	  .needs = { "TIMESTAMP", "ContextTokens", "GeneratedTokens" },
	  .path = {
		[F_START] = "TIMESTAMP", [F_INPUT] = "ContextTokens",
		[F_OUTPUT] = "GeneratedTokens",
	  } },
	{ .name = "burstgpt-trace",
	  .needs = { "Timestamp", "Request tokens", "Response tokens" },
	  .path = {
		[F_START] = "Timestamp", [F_INPUT] = "Request tokens",
		[F_OUTPUT] = "Response tokens", [F_MODEL] = "Model",
		[F_SERVICE] = "Log Type",
	  } },
	{ .name = "mooncake-trace",
	  .needs = { "timestamp", "input_length", "output_length" },
	  .millis = true,
	  .path = {
		[F_START] = "timestamp", [F_INPUT] = "input_length",
		[F_OUTPUT] = "output_length", [F_BLOCKS] = "hash_ids",
	  } },
};
#define NFORMATS (sizeof log_formats / sizeof *log_formats)

#define BLOCKS (1u << 21)

/* A cell of the source by its path: text, or a number. */
struct cell { const char *text; double number; bool is_number; };

/* --- looking up ----------------------------------------------------------- */

/* An object that was written as a text (a database's JSON column); of an
 * entry's own values, one of which at most is read so. */
static const json_t *unfold(struct usage_reader *r, const char *s)
{
	if (*s != '{')
		return NULL;
	if (r->folded != s) {
		json_decref(r->unfolded);
		r->unfolded = json_loads(s, 0, NULL);
		r->folded = s;
	}
	return r->unfolded;
}

static const json_t *walk(struct usage_reader *r, const json_t *o,
                          const char *path, size_t n)
{
	char key[128];
	const json_t *v;
	const char *dot;

	if (n >= sizeof key)
		return NULL;
	memcpy(key, path, n);
	key[n] = '\0';
	v = json_object_get(o, key);
	if (v)
		return v;
	dot = memchr(path, '.', n);
	if (!dot)
		return NULL;
	key[dot - path] = '\0';
	v = json_object_get(o, key);
	if (json_is_string(v) && o == r->object)
		v = unfold(r, json_string_value(v));
	return json_is_object(v)
		? walk(r, v, dot + 1, n - (size_t)(dot + 1 - path)) : NULL;
}

static const json_t *json_at(struct usage_reader *r, const char *path)
{
	while (path) {
		size_t n = strcspn(path, "|");
		const json_t *v = walk(r, r->object, path, n);

		if (!v && r->outer)
			v = walk(r, r->outer, path, n);
		if (v && !json_is_null(v)
		    && !(json_is_string(v) && !*json_string_value(v)))
			return v;
		path = path[n] ? path + n + 1 : NULL;
	}
	return NULL;
}

static bool cell_of_value(const json_t *v, struct cell *c)
{
	if (json_is_array(v))
		v = json_array_get(v, 0);
	if (json_is_string(v))
		*c = (struct cell){ .text = json_string_value(v) };
	else if (json_is_number(v))
		*c = (struct cell){ .number = json_number_value(v),
		                    .is_number = true };
	else
		return false;
	return true;
}

static bool cell_of_json(struct usage_reader *r, enum field f, struct cell *c)
{
	return cell_of_value(json_at(r, r->format->path[f]), c);
}

/* `metadata.status` within the column `metadata`. */
static bool cell_within(struct usage_reader *r, enum field f, struct cell *c)
{
	const char *path = r->format->path[f];
	int at = r->within[f];
	const json_t *o = at < r->row->n ? unfold(r, r->row->cell[at]) : NULL;

	for (size_t n; o && *path; path += n + (path[n] == '|')) {
		size_t head = strcspn(path, ".|");

		n = strcspn(path, "|");
		if (head < n && cell_of_value(walk(r, o, path + head + 1,
		                                   n - head - 1), c))
			return true;
	}
	return false;
}

static inline bool cell_of_row(struct usage_reader *r, enum field f,
                               struct cell *c)
{
	for (int i = 0; i < 4 && r->column[f][i] >= 0; i++) {
		int at = r->column[f][i];
		const char *s = at < r->row->n ? r->row->cell[at] : "";

		if (!*s || ((*s == 'n' || *s == 'N')
		            && (strcmp(s, "null") == 0
		                || strcmp(s, "None") == 0)))
			continue;
		*c = (struct cell){ .text = s };
		return true;
	}
	return r->within[f] >= 0 && cell_within(r, f, c);
}

/* Most fields are none of a format's, or of a file's columns. */
static inline bool told(const struct usage_reader *r, enum field f)
{
	return r->told[f];
}

static inline bool cell(struct usage_reader *r, enum field f, struct cell *c)
{
	return r->row ? cell_of_row(r, f, c) : cell_of_json(r, f, c);
}

static double told_number(struct usage_reader *r, enum field f, bool *bad)
{
	struct cell c;

	if (!cell(r, f, &c))
		return NAN;
	if (c.is_number || number_parse(c.text, &c.number))
		return c.number;
	*bad = true;
	return NAN;
}

/* A number, NAN when there is none; *bad when something else stands there. */
static inline double number(struct usage_reader *r, enum field f, bool *bad)
{
	return told(r, f) ? told_number(r, f, bad) : NAN;
}

static const char *told_text(struct usage_reader *r, enum field f)
{
	struct cell c;
	struct buf b = BUF_INIT;

	if (!cell(r, f, &c))
		return NULL;
	if (!c.is_number)
		return c.text;
	buf_addf(&b, "%.15g", c.number);
	memcpy(r->text[f], b.s, b.len + 1 < sizeof r->text[f]
	       ? b.len + 1 : sizeof r->text[f]);
	r->text[f][sizeof r->text[f] - 1] = '\0';
	buf_release(&b);
	return r->text[f];
}

static inline const char *text(struct usage_reader *r, enum field f)
{
	return told(r, f) ? told_text(r, f) : NULL;
}

static double moment(struct usage_reader *r, enum field f, bool *zoned,
                     bool *bad)
{
	struct cell c;
	double t;

	if (!told(r, f) || !cell(r, f, &c))
		return NAN;
	r->times.millis = r->format->millis;
	*zoned = c.is_number;
	t = c.is_number ? time_of_number(c.number, &r->times)
		: time_parse(c.text, &r->times, zoned);
	*bad |= isnan(t);
	return t;
}

/* A key never leaves as it is: the first half of its digest stands for it,
 * unless it is one already. */
static const char *hashed(struct usage_reader *r, const char *key)
{
	char hex[DIGEST_HEX];

	if (!key)
		return NULL;
	if (strlen(key) == 64 && strspn(key, "0123456789abcdef") == 64)
		memcpy(hex, key, DIGEST_HEX);
	else
		digest_of(key, strlen(key), hex);
	memcpy(r->text[F_KEY], hex, 16);
	r->text[F_KEY][16] = '\0';
	return r->text[F_KEY];
}

/* `["a", "b"]` of a CSV cell: a. */
static const char *first_tag(struct usage_reader *r, const char *s)
{
	size_t n;

	if (!s || (*s != '[' && *s != '{'))
		return s;
	s += strcspn(s, "\"");
	s += *s == '"';
	n = strcspn(s, "\"");
	if (n == 0 || n >= sizeof r->text[F_TAG])
		return NULL;
	memcpy(r->text[F_TAG], s, n);
	r->text[F_TAG][n] = '\0';
	return r->text[F_TAG];
}

/* A team's name, or the team in FOCUS's `Tags`: {"team": "search"}. */
static const char *team_tag(struct usage_reader *r, const char *s)
{
	static const char *const keys[] = { "\"team\"", "\"Team\"",
		"\"owner\"", "\"cost_center\"", "\"project\"" };

	for (size_t i = 0; s && *s == '{' && i < sizeof keys / sizeof *keys;
	     i++) {
		const char *at = strstr(s, keys[i]);

		if (at)
			return first_tag(r, strcspn(at + strlen(keys[i]), ":")
			                 ? NULL : at + strlen(keys[i]));
	}
	return s && *s != '{' ? s : NULL;
}

/* --- an entry ------------------------------------------------------------- */

static bool failed_status(const char *s)
{
	static const char *const fine[] = { "success", "ok", "OK", "200",
	                                    "completed" };

	for (size_t i = 0; s && i < sizeof fine / sizeof *fine; i++)
		if (strcmp(s, fine[i]) == 0)
			return false;
	return s != NULL;
}

static const char *check_tokens(const struct use *u)
{
	double most = u->rollup ? 1e15 : TOKENS_MOST;

	if (u->input < 0 || u->output < 0 || u->cached < 0
	    || u->cache_write < 0 || u->requests < 0 || u->failed < 0)
		return "a negative number of tokens or requests";
	if (u->input > most || u->output > most)
		return "more tokens than one request can have";
	if (fabs(u->spend) > (u->rollup ? 1e12 : 1e6))
		return "more money than this can cost";
	if (u->spend < 0 && !u->rollup)
		return "a request that costs less than nothing";
	if (u->cached > u->input * (1 + 1e-9))
		return "more cached tokens than tokens (--cached-outside: "
		       "they are not within the input)";
	return NULL;
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdULL;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ULL;
	return x ^ x >> 33;
}

/* Tokens of the prefix whose blocks were sent before, by anybody. */
static double prefix_hits(struct usage_reader *r, double input)
{
	const json_t *list = r->row ? NULL
		: json_at(r, r->format->path[F_BLOCKS]);
	bool hit = true;
	double tokens = 0;
	size_t i;
	json_t *v;

	if (!json_is_array(list))
		return NAN;
	if (!r->block)
		r->block = xcalloc(BLOCKS, sizeof *r->block);
	json_array_foreach((json_t *)list, i, v) {
		uint64_t h = mix((uint64_t)json_integer_value(v) + 1);
		uint64_t *place = &r->block[h & (BLOCKS - 1)];

		hit = hit && *place == h;
		tokens += hit ? BLOCK_TOKENS : 0;
		*place = h;
	}
	return tokens < input ? tokens : input;
}

static void fill_groups(struct usage_reader *r, struct use *u)
{
	static const enum field from[BY_N] = {
		F_TEAM, F_KEY, F_MODEL, F_USER, F_TAG, F_SERVICE, F_ACCOUNT,
	};
	const char *by = r->q->by;
	bool all = by && strcmp(by, "all") == 0;

	/* only what will be told: a key costs a digest */
	for (int g = 0; g < BY_N; g++)
		if (g == BY_MODEL || g == BY_TEAM || g == BY_TAG || all
		    || (by && strcmp(by, group_names[g]) == 0))
			u->group[g] = text(r, from[g]);
	u->group[BY_KEY] = hashed(r, u->group[BY_KEY]);
	u->group[BY_TAG] = first_tag(r, u->group[BY_TAG]);
	u->group[BY_TEAM] = team_tag(r, u->group[BY_TEAM]);
}

static void fill_times(struct usage_reader *r, struct use *u, bool *bad)
{
	double first;

	u->start = moment(r, F_START, &u->zoned, bad);
	u->end = r->format->rollup ? moment(r, F_END, &(bool){ false }, bad)
	                           : NAN;
	first = moment(r, F_FIRST, &(bool){ false }, bad);
	u->ttft = first - u->start;
	if (isnan(u->ttft))
		u->ttft = number(r, F_TTFT, bad);
	if (!(u->ttft >= 0 && u->ttft < 86400))
		u->ttft = NAN;
	if (isnan(u->end) && r->format->span > 0)
		u->end = u->start + r->format->span;
}

static void fill_counts(struct usage_reader *r, struct use *u, bool *bad)
{
	u->input = number(r, F_INPUT, bad);
	u->output = number(r, F_OUTPUT, bad);
	u->cached = number(r, F_CACHED, bad);
	u->cache_write = number(r, F_CACHE_WRITE, bad);
	u->requests = number(r, F_REQUESTS, bad);
	u->failed = number(r, F_FAILED, bad);
	u->spend = number(r, F_SPEND, bad);
	u->rollup = r->format->rollup;
	if (!u->rollup) {
		u->requests = 1;
		u->failed = r->format->path[F_STATUS]
			? failed_status(text(r, F_STATUS)) : NAN;
	}
	if (r->q->cached_outside) {
		u->input += u->cached > 0 ? u->cached : 0;
		u->input += u->cache_write > 0 ? u->cache_write : 0;
	}
	u->prefix_hits = r->format->path[F_BLOCKS]
		? prefix_hits(r, u->input) : NAN;
}

/* All of a roll-up that has no id, as a text. */
static const char *whole_entry(struct usage_reader *r)
{
	char *s;

	buf_clear(&r->whole);
	if (!r->row) {
		s = json_dumps(r->object, JSON_COMPACT | JSON_SORT_KEYS);
		buf_add(&r->whole, s ? s : "");
		free(s);
	}
	if (r->row && r->row->text)
		buf_addn(&r->whole, r->row->text, r->row->text_n);
	return r->whole.s;
}

bool format_entry(struct usage_reader *r)
{
	struct use *u = &r->use;
	const char *why, *category;
	bool bad = false;

	r->folded = NULL;
	u->line = r->line;
	u->zoned = false;
	fill_times(r, u, &bad);
	if (bad)
		return import_skip(r->m, r->q, r->path, r->line,
		                   "a time that is none", r->err);
	fill_counts(r, u, &bad);
	if (isnan(u->start))
		return import_skip(r->m, r->q, r->path, r->line, "no time",
		                   r->err);
	why = bad ? "a text where a number belongs" : check_tokens(u);
	if (why)
		return import_skip(r->m, r->q, r->path, r->line, why, r->err);
	u->id = text(r, F_ID);
	u->twin = u->rollup && !told(r, F_ID) ? whole_entry(r) : NULL;
	u->currency = text(r, F_CURRENCY);
	category = text(r, F_CATEGORY);
	u->purchase = category && strcmp(category, "Purchase") == 0;
	u->charge = 0;
	for (int k = 1; category && k < CHARGES; k++)
		if (strcasecmp(category, charge_names[k]) == 0)
			u->charge = k;
	u->quantity = number(r, F_QUANTITY, &bad);
	u->quantity_unit = text(r, F_UNIT);
	fill_groups(r, u);
	r->m->rows++;
	return r->each(r->ctx, u);
}

const char *const charge_names[CHARGES] = {
	"Usage", "Tax", "Credit", "Adjustment",
};

/* --- recognising ---------------------------------------------------------- */

static bool has(const struct usage_reader *r, const char *key)
{
	if (r->row)
		return row_find(r->row, key) >= 0;
	return json_object_get(r->object, key)
		|| (r->outer && json_object_get(r->outer, key));
}

bool format_fits(const struct usage_reader *r, const struct log_format *f)
{
	for (int i = 0; i < 4 && f->needs[i]; i++)
		if (!has(r, f->needs[i]))
			return false;
	return true;
}

static const char *asked_name(const struct usage_reader *r)
{
	return r->q->kind == IMPORT_FOCUS ? "focus" : r->q->format;
}

static bool asked(const struct usage_reader *r, const struct log_format *f)
{
	const char *name = asked_name(r);

	return !name || strcmp(name, f->name) == 0;
}

const struct log_format *format_of(const struct usage_reader *r)
{
	for (size_t i = 0; i < NFORMATS; i++)
		if (asked(r, &log_formats[i]) && format_fits(r, &log_formats[i]))
			return &log_formats[i];
	return NULL;
}

bool format_unknown(struct usage_reader *r)
{
	struct buf names = BUF_INIT;
	const char *name = asked_name(r), *colon = " file: it has no";

	for (size_t i = 0; i < NFORMATS; i++) {
		const struct log_format *f = &log_formats[i];

		if (!name)
			buf_addf(&names, "%s%s", i ? ", " : "", f->name);
		for (int k = 0; name && asked(r, f) && k < 4 && f->needs[k];
		     k++)
			if (!has(r, f->needs[k])) {
				buf_addf(&names, "%s %s", colon, f->needs[k]);
				colon = ",";
			}
	}
	err_at(r->err, ERR_INPUT, (struct pos){ r->path, (int)r->line, 1 },
	       "this is no %s%s", name ? name : "usage log that is known; the "
	       "formats are ", names.s);
	buf_release(&names);
	return false;
}

void format_is(struct usage_reader *r, const struct log_format *format)
{
	r->format = format;
	for (int f = 0; f < F_N; f++)
		r->told[f] = format->path[f] != NULL;
}

void format_columns(struct usage_reader *r, const struct row *head)
{
	for (int f = 0; f < F_N; f++) {
		const char *path = r->format->path[f];
		int n = 0;

		for (int i = 0; i < 4; i++)
			r->column[f][i] = -1;
		r->within[f] = -1;
		while (path && *path) {
			char name[128];
			size_t len = strcspn(path, "|");
			size_t top = strcspn(path, ".|");

			if (top < len && top < sizeof name
			    && r->within[f] < 0) {
				memcpy(name, path, top);
				name[top] = '\0';
				r->within[f] = row_find(head, name);
			}
			if (len < sizeof name) {
				memcpy(name, path, len);
				name[len] = '\0';
				r->column[f][n] = row_find(head, name);
				n += r->column[f][n] >= 0 && n < 3;
			}
			path += len + (path[len] == '|');
		}
		r->told[f] = n > 0 || r->within[f] >= 0;
	}
}

bool format_exists(const char *name)
{
	for (size_t i = 0; i < NFORMATS; i++)
		if (strcmp(log_formats[i].name, name) == 0)
			return true;
	return false;
}
