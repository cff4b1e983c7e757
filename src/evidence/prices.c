/*
 * `import prices`: the LiteLLM price map -> a price file.
 *
 * One JSON object, a model a key, USD a token.  The map has an entry that is
 * its own documentation (`sample_spec`: texts where numbers stand), entries
 * that are off by 1e5, zeros that mean "we do not know", and models priced by
 * the second, by the image or not at all.  So a model is in one of three
 * states:
 *
 *   priced     a plausible price for input and output tokens
 *   free       zero, and the user says that it costs nothing (--free)
 *   unpriced   everything else, with its reason; never a zero
 *
 * A price below zero, or one that is no number, is dropped and named.
 */
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/intake.h"
#include "base/mem.h"
#include "base/path.h"
#include "evidence/prices.h"
#include "yaml/yaml.h"
#include "base/banned.h"

#define MAP_BYTES (64u << 20)
#define DEAREST 200.0                   /* USD/Mtoken of input; beyond: a unit
                                           error */
#define RATIO_LOW 0.3
#define RATIO_HIGH 12.0

/* Names in the map, and ours. */
const struct price_field price_fields[PRICE_FIELDS] = {
	{ "input_cost_per_token", "input" },
	{ "output_cost_per_token", "output" },
	{ "cache_read_input_token_cost", "cached_input" },
	{ "cache_creation_input_token_cost", "cache_write" },
	{ "cache_creation_input_token_cost_above_1hr", "cache_write_1h" },
	{ "input_cost_per_token_batches", "batch_input" },
	{ "output_cost_per_token_batches", "batch_output" },
	{ "input_cost_per_token_flex", "flex_input" },
	{ "output_cost_per_token_flex", "flex_output" },
	{ "input_cost_per_token_priority", "priority_input" },
	{ "output_cost_per_token_priority", "priority_output" },
	{ "output_cost_per_reasoning_token", "reasoning_output" },
	{ "input_cost_per_token_above_128k_tokens", "input_above_128k" },
	{ "output_cost_per_token_above_128k_tokens", "output_above_128k" },
	{ "input_cost_per_token_above_200k_tokens", "input_above_200k" },
	{ "output_cost_per_token_above_200k_tokens", "output_above_200k" },
	{ "input_cost_per_token_above_272k_tokens", "input_above_272k" },
	{ "output_cost_per_token_above_272k_tokens", "output_above_272k" },
};

const char *const price_states[] = { "priced", "free", "unpriced" };

/* --- reading -------------------------------------------------------------- */

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* What stands where a price should is dropped and said. */
static double price_of(struct price_sheet *s, struct quote *x,
                       const json_t *o, size_t field)
{
	const json_t *v = json_object_get(o, price_fields[field].json);
	double price = json_is_number(v) ? json_number_value(v) * 1e6 : NAN;

	if (!v || json_is_null(v) || price >= 0)
		return price;
	s->negative += price < 0;
	s->unreadable += isnan(price);
	x->dropped = arena_printf(s->m->arena, price < 0
		? "%s%sthe price %s is negative (%.6g): dropped"
		: "%s%sthe price %s is no number: dropped",
		x->dropped ? x->dropped : "", x->dropped ? "; " : "",
		price_fields[field].name, price);
	return NAN;
}

static bool is_documentation(const char *id, const json_t *o)
{
	return strcmp(id, "sample_spec") == 0
		|| json_is_string(json_object_get(o, "max_tokens"));
}

static bool is_model(const char *id, const json_t *o)
{
	return json_is_object(o) && !is_documentation(id, o)
		&& (json_object_get(o, "mode")
		    || json_object_get(o, "litellm_provider")
		    || json_object_get(o, price_fields[0].json)
		    || json_object_get(o, price_fields[1].json));
}

/* Why a model without a price a token has none. */
static const char *other_unit(const json_t *o)
{
	static const struct { const char *part, *reason; } units[] = {
		{ "cost_per_second", "priced by the second" },
		{ "cost_per_request", "priced by the request" },
		{ "cost_per_query", "priced by the query" },
		{ "cost_per_image", "priced by the image" },
		{ "cost_per_pixel", "priced by the pixel" },
		{ "cost_per_page", "priced by the page" },
		{ "cost_per_character", "priced by the character" },
		{ "tiered_pricing", "priced in tiers by length alone" },
		{ "dbu_cost", "priced in another currency (DBU)" },
	};
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)o, key, v)
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			if (strstr(key, units[i].part))
				return units[i].reason;
	return "no price a token";
}

static bool listed(const struct words *w, const char *id)
{
	for (int i = 0; i < w->n; i++)
		if (fnmatch(w->text[i], id, 0) == 0)
			return true;
	return false;
}

/* The side that a model with a price for the other one lacks; one that only
 * reads (embedding, rerank, moderation) has no output to pay for. */
static const char *side_missing(struct price_sheet *s, const struct quote *x)
{
	bool in = isnan(x->price[0]);
	bool talks = strcmp(x->mode, "chat") == 0
		|| strcmp(x->mode, "completion") == 0
		|| strcmp(x->mode, "responses") == 0;

	if (!in && !(isnan(x->price[1]) && talks))
		return NULL;
	return x->dropped ? x->dropped
		: arena_printf(s->m->arena, "no price for %s tokens, %s alone "
		               "has one (%.6g USD a million)", in ? "input"
		               : "output", in ? "output" : "input",
		               x->price[in]);
}

static void judge(struct price_sheet *s, const struct import_request *q,
                  const json_t *o, struct quote *x)
{
	double in = x->price[0], out = x->price[1];
	const char *half = side_missing(s, x);
	bool generates = !x->mode || strcmp(x->mode, "embedding") != 0;

	x->state = UNPRICED;
	if (isnan(in) && isnan(out)) {
		x->reason = x->dropped ? x->dropped : other_unit(o);
	} else if (half && in != 0) {
		x->reason = half;
	} else if (in > DEAREST || out > RATIO_HIGH * DEAREST) {
		x->reason = arena_printf(s->m->arena, "implausible: %g USD a "
			"million tokens; %.3g would be right if it is off by "
			"1e5", in, in / 1e5);
	} else if (in == 0 && (isnan(out) || out == 0)) {
		x->state = listed(&q->free, x->id) ? FREE : UNPRICED;
		x->reason = x->state == FREE ? NULL
			: "a price of zero: unknown, unless --free says so";
	} else if (in == 0) {
		x->reason = "a price of zero for input: unknown, unless --free "
			"says so";
		if (listed(&q->free, x->id))
			x->state = PRICED;
	} else {
		x->state = PRICED;
	}
	if (x->state == PRICED && generates && in > 0 && !isnan(out)
	    && (out < RATIO_LOW * in || out > RATIO_HIGH * in))
		x->doubt = arena_printf(s->m->arena, "output costs %.3g times "
		                        "input", out / in);
	if (x->dropped && x->state == PRICED)
		x->doubt = x->dropped;
}

static void read_quote(struct price_sheet *s, const struct import_request *q,
                       const char *id, const json_t *o)
{
	struct arena *a = s->m->arena;
	struct quote *x = &s->quote[s->n];
	int64_t t;

	*x = (struct quote){
		.id = arena_strdup(a, id),
		.mode = arena_strdup(a, text_of(o, "mode") ? text_of(o, "mode")
		                                           : ""),
		.provider = arena_strdup(a, text_of(o, "litellm_provider")
		                            ? text_of(o, "litellm_provider")
		                            : ""),
	};
	if (text_of(o, "deprecation_date")
	    && clock_parse_date(text_of(o, "deprecation_date"), &t))
		x->retires = arena_strdup(a, text_of(o, "deprecation_date"));
	for (size_t i = 0; i < PRICE_FIELDS; i++)
		x->price[i] = price_of(s, x, o, i);
	x->asked = !q->models.n || listed(&q->models, id);
	judge(s, q, o, x);
	s->n++;
}

static json_t *load_json(const char *path, char digest[DIGEST_HEX],
                         struct err *err)
{
	struct intake *f = intake_open(path, MAP_BYTES, err);
	json_error_t e;
	json_t *root = NULL;

	if (!f)
		return NULL;
	while (intake_more(f))
		;
	if (!f->failed) {
		root = json_loadb(f->room + f->at, f->n - f->at,
		                  JSON_REJECT_DUPLICATES, &e);
		if (!root)
			err_at(err, ERR_INPUT, (struct pos){ f->path, e.line,
			       e.column }, "this is no whole JSON: %s", e.text);
	}
	intake_digest(f, digest);
	intake_close(f);
	return root;
}

/* The day the map speaks of: said, or written in it, or in the file's name. */
static const char *map_date(struct import *m, const struct import_request *q,
                            const json_t *root, const char *path)
{
	const char *said = q->date ? q->date : text_of(root, "last_updated");
	char today[11];
	int64_t t;

	for (int round = 0; round < 2; round++, said = path) {
		size_t n = said ? strlen(said) : 0;

		for (size_t i = 0; n >= 10 && i + 10 <= n; i++) {
			char *day = arena_strndup(m->arena, said + i, 10);

			if (clock_parse_date(day, &t))
				return day;
		}
	}
	clock_date(clock_now(), today);
	return arena_strdup(m->arena, today);
}

static bool read_sheet(struct price_sheet *s, const struct import_request *q,
                       const char *path, struct err *err)
{
	json_t *root, *o;
	const char *id;
	int asked = 0;
	int64_t day;

	if (q->date && !clock_parse_date(q->date, &day))
		return err_add(err, ERR_USAGE, "--date %s: a day is written "
		               "2026-07-24", q->date);
	root = load_json(path, s->digest, err);
	if (!root)
		return false;
	s->file = path_basename(path);
	s->date = map_date(s->m, q, root, path);
	s->quote = xcalloc(json_object_size(root) + 1, sizeof *s->quote);
	json_object_foreach(root, id, o)
		if (is_model(id, o))
			read_quote(s, q, id, o);
	for (int i = 0; i < s->n; i++)
		asked += s->quote[i].asked;
	if (!json_is_object(root))
		err_at(err, ERR_INPUT, (struct pos){ path, 1, 1 },
		       "a price map is one JSON object, a model a key");
	else if (asked == 0)
		err_at(err, ERR_INPUT, (struct pos){ path, 1, 1 },
		       s->n ? "no model of the map is named so"
		       : "no entry of this object is a model: this is no "
		         "LiteLLM price map");
	json_decref(root);
	return asked > 0;
}

/* --- the price file ------------------------------------------------------- */

static void write_entry(struct buf *b, const struct price_sheet *s,
                        const struct quote *x)
{
	buf_add(b, "  ");
	yaml_quote(b, x->id);
	buf_addf(b, ": {date: %s, unit: USD/Mtoken", s->date);
	for (size_t i = 0; i < PRICE_FIELDS; i++)
		if (!isnan(x->price[i]))
			buf_addf(b, ", %s: %.12g", price_fields[i].name,
			         x->price[i]);
	if (x->retires)
		buf_addf(b, ", retires: %s", x->retires);
	buf_add(b, "}\n");
}

void sheet_write(struct price_sheet *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "# LiteLLM price map of %s, USD list prices as the map "
	         "gives them.\nprices: 1\nsource: {kind: vendor, date: %s, "
	         "note: \"LiteLLM map, sha256 %.12s\"}\nentries:\n", s->date,
	         s->date, s->digest);
	for (int i = 0; i < s->n; i++)
		if (s->quote[i].asked && s->quote[i].state != UNPRICED)
			write_entry(&b, s, &s->quote[i]);
	buf_add(&b, "unpriced:\n");
	for (int i = 0; i < s->n; i++) {
		if (!s->quote[i].asked || s->quote[i].state != UNPRICED)
			continue;
		buf_add(&b, "  ");
		yaml_quote(&b, s->quote[i].id);
		buf_add(&b, ": ");
		yaml_quote(&b, s->quote[i].reason);
		buf_addc(&b, '\n');
	}
	s->m->document = arena_strdup(s->m->arena, b.s);
	buf_release(&b);
}

/* --- what is told --------------------------------------------------------- */

void sheet_states(struct price_sheet *s)
{
	static const struct fact_column columns[] = {
		{ "state", true, 0 }, { "models", false, 0 },
		{ "chat", false, 0 },
	};
	struct fact_table *t = import_fact(s->m, "states", "Models",
	                                   columns, 3);

	for (int k = PRICED; k <= UNPRICED; k++) {
		struct fact_cell *c = fact_row(t);

		c[0].text = price_states[k];
		for (int i = 0; i < s->n; i++) {
			bool is = s->quote[i].asked
				&& (int)s->quote[i].state == k;

			c[1].number += is;
			c[2].number += is
				&& strcmp(s->quote[i].mode, "chat") == 0;
		}
	}
}

static void count_doubts(struct price_sheet *s)
{
	static const struct fact_column columns[] = {
		{ "model", true, 0 }, { "mode", true, 0 },
		{ "finding", true, 0 },
	};
	struct fact_table *t = import_fact(s->m, "doubtful", "Held back, or "
	                                   "worth a look", columns, 3);
	int scaled = 0, zero = 0;

	for (int i = 0; i < s->n; i++) {
		const struct quote *x = &s->quote[i];
		const char *why = x->state == UNPRICED ? x->reason : x->doubt;
		bool implausible = why && strncmp(why, "implausible", 11) == 0;
		bool none = why && strncmp(why, "a price of zero", 15) == 0;
		struct fact_cell *c;

		if (!x->asked)
			continue;
		if (strcmp(x->mode, "chat") == 0) {
			scaled += implausible;
			zero += none;
		}
		if (!implausible && !x->doubt && !x->dropped
		    && (none || !why || isnan(x->price[0])
		                        == isnan(x->price[1])))
			continue;
		c = fact_row(t);
		c[0].text = x->id;
		c[1].text = x->mode;
		c[2].text = why;
	}
	import_note(s->m, "%d chat models cost more than %g USD a million "
	            "tokens: unit errors, not prices", scaled, DEAREST);
	import_note(s->m, "%d chat models have a price of zero for input: "
	            "unpriced, not free", zero);
	if (s->negative)
		import_note(s->m, "prices below zero, dropped and named below: "
		            "%d", s->negative);
	if (s->unreadable)
		import_note(s->m, "prices that are no numbers, dropped and named "
		            "below: %d", s->unreadable);
}

/* --- the import ----------------------------------------------------------- */

static int by_date(const void *a, const void *b)
{
	return strcmp(((const struct price_sheet *)a)->date,
	              ((const struct price_sheet *)b)->date);
}

/* The further files are earlier days of the same map. */
static bool read_older(struct price_sheet *s, const struct import_request *q,
                       struct err *err)
{
	struct import_request again = *q;
	bool ok = true;

	again.date = NULL;
	for (int i = 0; ok && i < q->others.n; i++) {
		const char *path = q->others.text[i];

		s[i + 1].m = s->m;
		ok = read_sheet(&s[i + 1], &again, path, err);
		if (ok && strcmp(s[i + 1].date, s->date) >= 0)
			ok = err_at(err, ERR_INPUT, (struct pos){ path, 0, 0 },
			            "is of %s, which is not before %s: --date "
			            "says of what day the first file is",
			            s[i + 1].date, s->date);
	}
	return ok;
}

/* What is told of the newest, and kept of each. */
static void tell_sheets(struct price_sheet *s, int n)
{
	struct import *m = s->m;

	m->format = "litellm-prices";
	memcpy(m->digest, s->digest, DIGEST_HEX);
	m->title = arena_printf(m->arena, "LiteLLM price map of %s", s->date);
	for (int i = 0; i < s->n; i++)
		m->rows += s->quote[i].asked;
	sheet_states(s);
	count_doubts(s);
	if (n == 1)
		sheet_write(s);         /* else -o keeps the drift */
	qsort(s, (size_t)n, sizeof *s, by_date);
	m->nsheets = n;
	m->sheet = arena_alloc(m->arena, (size_t)n * sizeof *m->sheet);
	for (int i = 0; i < n; i++)
		sheet_keep(&s[i], &m->sheet[i]);
	for (int i = 1; i < n; i++)
		sheet_differences(&s[i - 1], &s[i]);
	if (n > 1)
		sheet_drift(m, s, n);
}

struct import *import_prices(const struct import_request *q, struct err *err)
{
	struct import *m = import_new(IMPORT_PRICES, q->path);
	int n = q->others.n + 1;
	struct price_sheet *s = xcalloc((size_t)n, sizeof *s);
	bool ok;

	s->m = m;
	ok = read_sheet(s, q, q->path, err) && read_older(s, q, err);
	if (ok)
		tell_sheets(s, n);
	for (int i = 0; i < n; i++)
		free(s[i].quote);
	free(s);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
