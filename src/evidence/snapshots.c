/*
 * Price maps of several days: how one is kept, what changed from one to the
 * next, and how fast the prices of the same models fell.
 *
 * Kept as JSON, a model a key, so that neither the size nor the order of the
 * map matters:
 *
 *	{"date": "2026-07-24", "models": {"gpt-4o": {"state": "priced",
 *	 "mode": "chat", "input": 2.5, "output": 10, ...}, ...}}
 */
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "evidence/prices.h"
#include "evidence/tally.h"
#include "base/banned.h"

#define YEAR (8760 * 3600.0)
#define LEAST_YEARS 1.0         /* of families; less says nothing of a year */

/* --- kept, and back ------------------------------------------------------- */

static const struct { const char *key; size_t offset; } texts[] = {
	{ "mode", offsetof(struct quote, mode) },
	{ "provider", offsetof(struct quote, provider) },
	{ "retires", offsetof(struct quote, retires) },
	{ "reason", offsetof(struct quote, reason) },
};
#define NTEXTS (sizeof texts / sizeof *texts)

static json_t *quote_json(const struct quote *x)
{
	json_t *o = json_object();

	json_object_set_new(o, "state", json_string(price_states[x->state]));
	for (size_t i = 0; i < NTEXTS; i++) {
		const char *s = *(const char *const *)(const void *)
			((const char *)x + texts[i].offset);

		if (s && *s)
			json_object_set_new(o, texts[i].key, json_string(s));
	}
	for (size_t i = 0; i < PRICE_FIELDS; i++)
		if (!isnan(x->price[i]))
			json_object_set_new(o, price_fields[i].name,
			                    json_real(x->price[i]));
	return o;
}

void sheet_keep(const struct price_sheet *s, struct price_text *out)
{
	json_t *root = json_object(), *models = json_object();
	char *text;

	*out = (struct price_text){
		.date = s->date,
		.file = arena_strdup(s->m->arena, s->file),
		.digest = arena_strdup(s->m->arena, s->digest),
	};
	json_object_set_new(root, "date", json_string(s->date));
	json_object_set_new(root, "models", models);
	for (int i = 0; i < s->n; i++) {
		const struct quote *x = &s->quote[i];

		json_object_set_new(models, x->id, quote_json(x));
		out->priced += x->state == PRICED;
		out->free += x->state == FREE;
		out->unpriced += x->state == UNPRICED;
	}
	text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS
	                  | JSON_REAL_PRECISION(12));
	out->text = arena_strdup(s->m->arena, text ? text : "");
	free(text);
	json_decref(root);
}

static void read_kept(struct price_sheet *s, const char *id, const json_t *o)
{
	struct arena *a = s->m->arena;
	struct quote *x = &s->quote[s->n++];
	const char *state = json_string_value(json_object_get(o, "state"));

	*x = (struct quote){ .id = arena_strdup(a, id), .mode = "",
	                     .provider = "", .state = UNPRICED,
	                     .asked = true };
	for (int k = PRICED; state && k < UNPRICED; k++)
		if (strcmp(state, price_states[k]) == 0)
			x->state = (enum price_state)k;
	for (size_t i = 0; i < NTEXTS; i++) {
		const char *v = json_string_value(json_object_get(o,
			texts[i].key));

		if (v)
			*(const char **)(void *)((char *)x + texts[i].offset)
				= arena_strdup(a, v);
	}
	for (size_t i = 0; i < PRICE_FIELDS; i++) {
		const json_t *v = json_object_get(o, price_fields[i].name);

		x->price[i] = json_is_number(v) ? json_number_value(v) : NAN;
	}
}

bool sheet_read(struct price_sheet *s, const struct price_text *t,
                struct err *err)
{
	json_error_t e;
	json_t *root = json_loads(t->text, 0, &e), *models, *o;
	const char *id;

	models = json_object_get(root, "models");
	if (!json_is_object(models)) {
		json_decref(root);
		return err_add(err, ERR_STORE, "the price snapshot of %s "
		               "cannot be read: restore a backup", t->date);
	}
	s->date = arena_strdup(s->m->arena, t->date);
	s->file = t->file ? arena_strdup(s->m->arena, t->file) : "";
	if (t->digest)
		memcpy(s->digest, t->digest, DIGEST_HEX);
	s->quote = xcalloc(json_object_size(models) + 1, sizeof *s->quote);
	json_object_foreach(models, id, o)
		read_kept(s, id, o);
	json_decref(root);
	return true;
}

/* --- from one day to another ---------------------------------------------- */

enum became { CHANGED, PRICED_NOW, UNPRICED_NOW, RETIRED, ADDED, REMOVED,
              BECAME };
static const char *const became_names[] = {
	"changed", "priced", "unpriced", "retired", "added", "removed",
};

struct difference {
	const struct quote *was, *is;
	enum became became;
	int field;                      /* CHANGED: of price_fields */
};

struct differences {
	const struct price_sheet *old, *now;
	int n;
	size_t cap;
	struct difference *d;
	int count[BECAME];
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct quote *)a)->id,
	              ((const struct quote *)b)->id);
}

static void note_difference(struct differences *l, const struct quote *was,
                            const struct quote *is, enum became b, int field)
{
	*ARR_PUSH(l->d, l->n, l->cap) = (struct difference){ was, is, b,
	                                                     field };
	l->count[b]++;
}

/* Its last day lies between the two maps. */
static bool retired(const struct differences *l, const struct quote *x)
{
	return x->retires && strcmp(x->retires, l->old->date) > 0
		&& strcmp(x->retires, l->now->date) <= 0;
}

/* A price that appears or goes is a change, too. */
static void compare_fields(struct differences *l, const struct quote *was,
                           const struct quote *is)
{
	for (int i = 0; i < PRICE_FIELDS; i++) {
		double a = was->price[i], b = is->price[i];

		if (isnan(a) != isnan(b) || fabs(a - b) > 1e-9 * fabs(a))
			note_difference(l, was, is, CHANGED, i);
	}
}

static void compare_models(struct differences *l, const struct quote *was,
                           const struct quote *is)
{
	if (!was) {
		note_difference(l, was, is, ADDED, -1);
		return;
	}
	if (!is) {
		note_difference(l, was, is, retired(l, was) ? RETIRED : REMOVED,
		                -1);
		return;
	}
	if (retired(l, is))
		note_difference(l, was, is, RETIRED, -1);
	if (was->state == UNPRICED && is->state != UNPRICED)
		note_difference(l, was, is, PRICED_NOW, -1);
	else if (was->state != UNPRICED && is->state == UNPRICED)
		note_difference(l, was, is, UNPRICED_NOW, -1);
	else if (is->state != UNPRICED)
		compare_fields(l, was, is);
}

static double size_of(const struct difference *d)
{
	double was = d->field < 0 ? NAN : d->was->price[d->field];
	double is = d->field < 0 ? NAN : d->is->price[d->field];

	return was > 0 && is > 0 ? fabs(log(is / was)) : 0;
}

/* The largest change first, then what became of models, by name. */
static int by_size(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	double sx = size_of(x), sy = size_of(y);

	if (x->became != y->became)
		return (int)x->became - (int)y->became;
	if (sx != sy)
		return sx < sy ? 1 : -1;
	sx = strcmp((x->is ? x->is : x->was)->id, (y->is ? y->is : y->was)->id);
	return sx != 0 ? (int)sx : x->field - y->field;
}

/* The table of that name, made when it is not there: one holds all pairs. */
static struct fact_table *the_fact(struct import *m, const char *name,
                                   const char *title,
                                   const struct fact_column *c, int n)
{
	for (int i = 0; i < m->nfacts; i++)
		if (strcmp(m->fact[i]->name, name) == 0)
			return m->fact[i];
	return import_fact(m, name, title, c, n);
}

static void difference_row(struct import *m, const struct differences *l,
                           const struct difference *d)
{
	static const struct fact_column columns[] = {
		{ "model", true, 0 }, { "what", true, 0 },
		{ "field", true, 0 }, { "was", false, 4 }, { "is", false, 4 },
		{ "change", false, 3 }, { "from", true, 0 }, { "to", true, 0 },
		{ "note", true, 0 },
	};
	const struct quote *x = d->is ? d->is : d->was;
	int field = d->field < 0 ? 0 : d->field;
	struct fact_cell *c = fact_row(the_fact(m, "differences",
		"What became of each model, USD/Mtoken", columns, 9));

	c[0].text = x->id;
	c[1].text = became_names[d->became];
	c[2].text = price_fields[field].name;
	c[3].number = d->was && d->was->state != UNPRICED
		? d->was->price[field] : NAN;
	c[4].number = d->is && d->is->state != UNPRICED
		? d->is->price[field] : NAN;
	c[5].number = c[3].number > 0 ? c[4].number / c[3].number - 1 : NAN;
	c[6].text = l->old->date;
	c[7].text = l->now->date;
	c[8].text = d->became == RETIRED ? x->retires
		: x->state == UNPRICED ? x->reason : NULL;
}

static void difference_counts(struct import *m, const struct differences *l)
{
	static const struct fact_column columns[] = {
		{ "from", true, 0 }, { "to", true, 0 }, { "what", true, 0 },
		{ "prices", false, 6 },
	};
	struct fact_table *t = the_fact(m, "difference_counts",
	                                "From one map to the next", columns, 4);

	for (int k = 0; k < BECAME; k++) {
		struct fact_cell *c;

		if (!l->count[k])
			continue;
		c = fact_row(t);
		c[0].text = l->old->date;
		c[1].text = l->now->date;
		c[2].text = became_names[k];
		c[3].number = l->count[k];
	}
}

void sheet_differences(struct price_sheet *old, struct price_sheet *now)
{
	struct differences l = { .old = old, .now = now };
	int i = 0, k = 0;

	qsort(old->quote, (size_t)old->n, sizeof *old->quote, by_id);
	qsort(now->quote, (size_t)now->n, sizeof *now->quote, by_id);
	while (i < old->n || k < now->n) {
		int order = i == old->n ? 1 : k == now->n ? -1
			: by_id(&old->quote[i], &now->quote[k]);
		const struct quote *was = order <= 0 ? &old->quote[i++] : NULL;
		const struct quote *is = order >= 0 ? &now->quote[k++] : NULL;

		if ((was ? was : is)->asked)
			compare_models(&l, was, is);
	}
	qsort(l.d, (size_t)l.n, sizeof *l.d, by_size);
	difference_counts(now->m, &l);
	for (i = 0; i < l.n; i++)
		difference_row(now->m, &l, &l.d[i]);
	if (!l.n)
		import_note(now->m, "from %s to %s no price changed", old->date,
		            now->date);
	free(l.d);
}

/* --- the drift ------------------------------------------------------------ */

/* One model on one day. */
struct sighting { const char *id, *family; int64_t at; double price; };

/* A chat request as most are: 5 tokens in for one out. */
static double blend(const struct quote *x)
{
	return x->asked && x->state == PRICED && x->price[0] > 0
		&& !isnan(x->price[1])
		? (5 * x->price[0] + x->price[1]) / 6 : NAN;
}

/* One model stands under the names of many resellers, whose prices move
 * together: they are one family, "azure/gpt-4o" and "gpt-4o". */
static const char *family_of(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash && slash[1] ? slash + 1 : id;
}

static int by_family(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int d = strcmp(x->family, y->family);

	d = d ? d : strcmp(x->id, y->id);
	return d ? d : (x->at > y->at) - (x->at < y->at);
}

/* Sums over families of the logarithm of each price's rise, and of the years
 * in which it was seen: rate = e / y, and its spread by families. */
struct trend {
	double e, y, ee, ey, yy;        /* sums, and sums of family products */
	double fe, fy;                  /* of the family under way */
	int models, families, fell, rose;
};

static void end_family(struct trend *t)
{
	if (!(t->fy > 0))
		return;
	t->families++;
	t->e += t->fe;
	t->y += t->fy;
	t->ee += t->fe * t->fe;
	t->ey += t->fe * t->fy;
	t->yy += t->fy * t->fy;
	t->fe = t->fy = 0;
}

static void add_model(struct trend *t, const struct sighting *first,
                      const struct sighting *last)
{
	double e = log(last->price / first->price);

	if (last->at <= first->at)
		return;
	t->models++;
	t->fell += e < -1e-9;
	t->rose += e > 1e-9;
	t->fe += e;
	t->fy += (double)(last->at - first->at) / YEAR;
}

static struct trend trend_of(struct sighting *v, int n)
{
	struct trend t = { 0 };

	qsort(v, (size_t)n, sizeof *v, by_family);
	for (int i = 0, first = 0; i < n; i++) {
		if (i + 1 < n && strcmp(v[i].id, v[i + 1].id) == 0)
			continue;
		add_model(&t, &v[first], &v[i]);
		first = i + 1;
		if (i + 1 == n || strcmp(v[i].family, v[i + 1].family) != 0)
			end_family(&t);
	}
	return t;
}

static double family_years(const struct trend *t)
{
	return t->models ? t->y * t->families / t->models : 0;
}

/* Nothing moved: with 95 % no more than 3.00 changes in the years of these
 * families, each taken to halve or to double a price. */
static double quiet_bound(const struct trend *t)
{
	return -log(0.05) / family_years(t) * log(2);
}

static void drift_measure(struct import *m, const struct trend *t,
                          const char *from, const char *to)
{
	double rate = t->e / t->y, c = t->families;
	double square = fmax(0, t->ee - 2 * rate * t->ey + rate * rate * t->yy);
	double half = t->fell + t->rose == 0 || c < 2 ? quiet_bound(t)
		: ratio_half(square, c, t->y);
	struct measure *x = import_measure(m, "api_price_decline", "1/year",
	                                   t->models);

	measure_interval(m, x, -expm1(rate), -expm1(rate + half),
	                 -expm1(rate - half));
	x->note = arena_printf(m->arena, "of the same model from %s to %s: %d "
		"fell, %d rose, %d stayed; interval over %d families of one "
		"name; new models are what cheaper tokens come from", from, to,
		t->fell, t->rose, t->models - t->fell - t->rose, t->families);
}

void sheet_drift(struct import *m, struct price_sheet *s, int n)
{
	struct sighting *v = NULL;
	size_t cap = 0;
	int seen = 0;
	struct trend t;
	int64_t at;

	for (int i = 0; i < n; i++) {

		if (!clock_parse_date(s[i].date, &at))
			continue;
		*(i ? &m->to : &m->from) = (double)at;
		m->clock = i > 0;
		for (int k = 0; k < s[i].n; k++) {
			const struct quote *x = &s[i].quote[k];
			double price = blend(x);

			if (!isnan(price))
				*ARR_PUSH(v, seen, cap) = (struct sighting){
					x->id, family_of(x->id), at, price };
		}
	}
	t = trend_of(v, seen);
	free(v);
	if (family_years(&t) >= LEAST_YEARS)
		drift_measure(m, &t, s[0].date, s[n - 1].date);
	else
		import_note(m, "the same models were seen for %.2g years in "
		            "all: too few for a fall in a year",
		            family_years(&t));
}

/* --- of what was kept ----------------------------------------------------- */

static struct import *kept_import(const struct price_text *t, int n,
                                  struct price_sheet **s, struct err *err)
{
	struct import *m = import_new(IMPORT_PRICES, t[n - 1].file
	                              ? t[n - 1].file : "prices");
	bool ok = true;

	*s = xcalloc((size_t)n, sizeof **s);
	m->format = "price-snapshots";
	for (int i = 0; ok && i < n; i++) {
		(*s)[i].m = m;
		ok = sheet_read(&(*s)[i], &t[i], err);
		m->rows += (*s)[i].n;
	}
	memcpy(m->digest, (*s)[n - 1].digest, DIGEST_HEX);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}

static void sheets_free(struct price_sheet *s, int n)
{
	for (int i = 0; i < n; i++)
		free(s[i].quote);
	free(s);
}

struct import *prices_differences(const struct price_text *from,
                                  const struct price_text *to,
                                  struct err *err)
{
	const struct price_text both[] = { *from, *to };
	struct price_sheet *s;
	struct import *m = kept_import(both, 2, &s, err);

	if (m) {
		m->title = arena_printf(m->arena, "prices from %s to %s",
		                        from->date, to->date);
		sheet_differences(&s[0], &s[1]);
		sheet_drift(m, s, 2);
	}
	sheets_free(s, 2);
	return m;
}

struct import *prices_history(const struct price_text *t, int n,
                              struct err *err)
{
	struct price_sheet *s;
	struct import *m = kept_import(t, n, &s, err);

	if (m) {
		m->title = arena_printf(m->arena, "prices of %d days, %s to %s",
		                        n, t[0].date, t[n - 1].date);
		for (int i = 1; i < n; i++)
			sheet_differences(&s[i - 1], &s[i]);
		sheet_drift(m, s, n);
	}
	sheets_free(s, n);
	return m;
}

struct import *prices_file(const struct price_text *t, struct words models,
                           struct err *err)
{
	struct price_sheet *s;
	struct import *m = kept_import(t, 1, &s, err);
	int asked = 0;

	for (int i = 0; m && i < s->n; i++) {
		s->quote[i].asked = models.n == 0;
		for (int k = 0; k < models.n; k++)
			s->quote[i].asked |= fnmatch(models.text[k],
			                             s->quote[i].id, 0) == 0;
		asked += s->quote[i].asked;
	}
	if (m && !asked) {
		err_add(err, ERR_USAGE, "no model of the map of %s is named so",
		        t->date);
		import_free(m);
		m = NULL;
	}
	if (m) {
		m->title = arena_printf(m->arena, "LiteLLM price map of %s",
		                        t->date);
		sheet_states(s);
		sheet_write(s);
	}
	sheets_free(s, 1);
	return m;
}
