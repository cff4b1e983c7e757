/*
 * Who spends what: the log behind the evidence that the scenario names, or one
 * that the palette names (`spend FILE`), by team, key, model, user, tag, day.
 *
 *	spend.jsonl: litellm-spend, 12k rows, 2026-10-01 to 2026-10-31
 *	Budget a month: 12000 USD                          Enter types it
 *	The month ends at 11.2k USD (90 %: 10.4k to 12.1k)
 *	####  search               runs away    4.1k  37 %   12k   34M
 *
 * Tab goes on to the next kind of name, Enter into a name (only its entries are
 * read then), Left out of it again.  Where the log itself is not at hand the
 * tables that the evidence file carries are shown.
 */
#include "tui/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "chart/chart.h"
#include "model/bound.h"
#include "base/banned.h"

#define ITEM_SOURCE 100000      /* beyond the rows of any table */
#define ITEM_BUDGET 100001
#define BAR 12

static const char *const sort_words[] = { "spend", "requests", "tokens",
                                          "name" };

void spend_free(struct spend *s)
{
	if (!s)
		return;
	import_free(s->m);
	arena_free(s->arena);
	free(s->asked);
	free(s->from);
	free(s->key);
	free(s);
}

static struct spend *spend_of(struct state *st)
{
	if (!st->panels.spend) {
		st->panels.spend = xcalloc(1, sizeof *st->panels.spend);
		st->panels.spend->arena = arena_new();
	}
	return st->panels.spend;
}

void spend_open(struct state *st, const char *path)
{
	struct spend *s = spend_of(st);

	free(s->asked);
	s->asked = *path ? xstrdup(path) : NULL;
	s->nwithin = 0;
	if (st->panels.open != PANEL_SPEND)
		panels_open(st, PANEL_SPEND);
	st->want |= WANT_PANEL;
}

/* --- where it comes from --- */

/* The i-th evidence file of the scenario; NULL: there are fewer. */
static const char *evidence_of(const struct bound *b, int i)
{
	for (int k = 0; b && k < b->nfiles; k++) {
		bool again = strcmp(b->file[k].kind, "evidence") != 0;

		for (int n = 0; n < k && !again; n++)
			again = strcmp(b->file[n].path, b->file[k].path) == 0;
		if (!again && i-- == 0)
			return b->file[k].path;
	}
	return NULL;
}

static double budget(const struct state *st)
{
	const char *s = panel_field(st, FIELD_BUDGET);
	size_t used;
	double v;

	return *s && !num_scan(s, &v, &used) && v > 0 ? v : 0;
}

/* What would have to be read: anything else than was read is read anew. */
static char *key_of(const struct state *st)
{
	const struct spend *s = st->panels.spend;
	const char *file = s->asked ? s->asked
		: evidence_of(st->bound, s->source);
	struct buf b = BUF_INIT;

	if (!file)
		return NULL;
	buf_addf(&b, "%s\n%.17g", file, budget(st));
	for (int i = 0; i < s->nwithin; i++)
		buf_addf(&b, "\n%s=%s", s->within[i].by, s->within[i].name
		         ? s->within[i].name : "\t");
	return buf_detach(&b);
}

static void spend_now(struct state *st)
{
	struct spend *s = spend_of(st);
	char *key = key_of(st);

	if (key && (!s->key || strcmp(key, s->key) != 0))
		panel_want(st);
	free(key);
}

/* --- reading --- */

/* What is to be read, copied: keys are taken while it is. */
struct reading {
	struct arena *arena;
	const char *path, *key;
	const char *from;               /* the file that was read */
	bool tables;                    /* of the evidence, not the log */
	struct within within[SPEND_WITHIN];
	struct import_request q;
};

static bool going(void *ctx, double done)
{
	const struct engine_options *o = ctx;

	return !o->progress || o->progress(o->progress_ctx, done);
}

static void reading_init(struct reading *r, const struct state *st,
                         struct panel_job *j)
{
	const struct spend *s = st->panels.spend;
	const char *file = s->asked ? s->asked
		: evidence_of(j->bound, s->source);
	char *key = key_of(st);
	struct arena *a = arena_new();

	*r = (struct reading){ .arena = a,
		.path = file ? arena_strdup(a, file) : NULL,
		.key = key ? arena_strdup(a, key) : "",
		.q = { .kind = IMPORT_USAGE, .by = "all",
		       .budget = budget(st), .going = going,
		       .going_ctx = &j->context.engine,
		       .nwithin = s->nwithin, .within = r->within } };
	for (int i = 0; i < s->nwithin; i++)
		r->within[i] = (struct within){
			arena_strdup(a, s->within[i].by), s->within[i].name
			? arena_strdup(a, s->within[i].name) : NULL };
	free(key);
}

static bool is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* The log that the evidence was made of: beside it, one folder up (evidence of
 * a project stands in a folder of its own), or where the program was started. */
static bool find_log(struct reading *r, const struct import *evidence)
{
	char *dir = path_dirname(r->path), *up = path_join(dir, "..");
	const char *const place[] = { dir, up, "." };
	bool there = false;

	for (size_t i = 0; !there && i < sizeof place / sizeof *place; i++) {
		char *log = path_join(place[i], evidence->file);

		there = access(log, R_OK) == 0;
		if (there)
			r->from = arena_strdup(r->arena, log);
		free(log);
	}
	free(dir);
	free(up);
	return there;
}

/* Evidence of scores, labels and load tests has no log of spend behind it. */
static bool tells_of_use(const struct import *m)
{
	for (int i = 0; i < m->nmeasures; i++)
		if (strcmp(m->measure[i].name, "requests_per_day") == 0 ||
		    strcmp(m->measure[i].name, "cost_per_request") == 0 ||
		    strcmp(m->measure[i].name, "month_spend") == 0)
			return true;
	return false;
}

static struct import *read_spend(struct reading *r, struct err *err)
{
	struct import *evidence = NULL, *m;

	r->from = r->path;
	if (access(r->path, R_OK) != 0) {
		err_add(err, ERR_IO, "%s cannot be read", r->path);
		return NULL;
	}
	if (is_yaml(r->path)) {
		evidence = import_read(r->path, err);
		if (!evidence)
			return NULL;
		r->tables = !tells_of_use(evidence) || !find_log(r, evidence);
		if (r->tables)
			return evidence;
	}
	r->q.path = r->from;
	m = import_file(&r->q, err);
	if (m && evidence && strcmp(m->digest, evidence->digest) != 0)
		import_note(m, "the log is not the one that the evidence was "
		            "made of");
	import_free(evidence);
	return m;
}

static void replace(char **old, const char *text)
{
	char *copy = xstrdup(text);

	free(*old);
	*old = copy;
}

static bool spend_work(struct state *st, struct panel_job *j, struct err *err)
{
	struct reading r;
	struct import *m;
	struct spend *s;

	reading_init(&r, st, j);
	m = r.path ? read_spend(&r, err) : NULL;
	s = spend_of(st);       /* another scenario may have come meanwhile */
	if (m) {
		import_free(s->m);
		s->m = m;
		s->tables = r.tables;
		replace(&s->from, r.from);
	}
	if (m || err->n != 1 || strcmp(err->item[0].text, "cancelled") != 0)
		replace(&s->key, r.key);
	arena_free(r.arena);
	return m || err->n == 0;
}

/* --- tables --- */

static int column_of(const struct fact_table *t, const char *name)
{
	for (int k = 0; k < t->ncolumns; k++)
		if (strcmp(t->column[k].name, name) == 0)
			return k;
	return -1;
}

/* What has been gone into is one name. */
static bool is_within(const struct spend *s, const char *by)
{
	for (int i = 0; i < s->nwithin; i++)
		if (strcmp(s->within[i].by, by) == 0)
			return true;
	return false;
}

static bool of_days(const struct fact_table *t)
{
	return strcmp(t->name, "days") == 0;
}

/* The i-th table of names or days with their spend; NULL: there are fewer. */
static const struct fact_table *table_of(const struct spend *s, int i)
{
	for (int k = 0; s && s->m && k < s->m->nfacts; k++) {
		const struct fact_table *t = s->m->fact[k];

		if ((column_of(t, "name") == 0 || of_days(t)) &&
		    !is_within(s, t->name) &&
		    column_of(t, "spend") > 0 && t->n && i-- == 0)
			return t;
	}
	return NULL;
}

static const struct fact_table *shown(const struct state *st)
{
	const struct spend *s = st->panels.spend;

	return s ? table_of(s, s->by) : NULL;
}

static double number_of(const struct fact_table *t, int row, const char *name)
{
	int k = column_of(t, name);

	return k < 0 ? NAN : t->cell[row * t->ncolumns + k].number;
}

/* A log that tells no money tells none: it does not say that it cost nothing. */
static bool tells_money(const struct fact_table *t)
{
	for (int i = 0; i < t->n; i++)
		if (number_of(t, i, "spend") != 0)
			return true;
	return false;
}

static const char *text_of(const struct fact_table *t, int row,
                           const char *name)
{
	int k = column_of(t, name);

	return k < 0 ? NULL : t->cell[row * t->ncolumns + k].text;
}

static const char *name_of(const struct fact_table *t, int row)
{
	const char *name = t->cell[row * t->ncolumns].text;

	return name ? name : "-";
}

static const struct measure *measure_of(const struct spend *s,
                                        const char *name)
{
	for (int i = 0; s->m && i < s->m->nmeasures; i++)
		if (strcmp(s->m->measure[i].name, name) == 0)
			return &s->m->measure[i];
	return NULL;
}

struct order { const struct fact_table *t; enum sort by; };

static int compare_rows(const void *a, const void *b, void *ctx)
{
	const struct order *o = ctx;
	int x = *(const int *)a, y = *(const int *)b;
	double u, v;

	if (o->by == SORT_NAME)
		return strcmp(name_of(o->t, x), name_of(o->t, y));
	u = number_of(o->t, x, sort_words[o->by]);
	v = number_of(o->t, y, sort_words[o->by]);
	return u < v ? 1 : u > v ? -1 : x - y;
}

/* --- lines --- */

static void add_amount(struct buf *b, double v, int width)
{
	struct buf text = BUF_INIT;

	if (isfinite(v))
		num_human(&text, v, 3);
	else
		buf_addc(&text, '-');
	buf_pad(b, ' ', width - (int)text.len);
	buf_add(b, text.s);
	buf_release(&text);
}

static void add_share(struct buf *b, double v)
{
	if (isfinite(v))
		buf_addf(b, "%4.0f %%", 100 * v);
	else
		buf_add(b, "     -");
}

/* Spend, share, requests and tokens; narrow screens have the first two. */
static void add_row(struct state *st, const struct fact_table *t, int row,
                    double most)
{
	double spend = most > 0 ? number_of(t, row, "spend") : NAN;
	const char *runs = text_of(t, row, "runaway");
	struct buf left = BUF_INIT, right = BUF_INIT;
	int bar = most > 0 && spend > 0 ? (int)floor(BAR * spend / most + 0.5)
	                                : 0;

	for (int i = 0; i < BAR && st->w >= 60; i++)
		buf_add(&left, i >= bar ? " " : st->ascii ? "#" : "\u2588");
	buf_addf(&left, "%s%s", st->w >= 60 ? " " : "", name_of(t, row));
	if (runs)
		buf_addf(&left, "  runs away%s%s", st->w >= 120 ? ": " : "",
		         st->w >= 120 ? runs : "");
	add_amount(&right, spend, 8);
	if (!of_days(t))
		add_share(&right, number_of(t, row, "share"));
	if (st->w >= 60)
		add_amount(&right, number_of(t, row, "requests"), 9);
	if (st->w >= 60 && !of_days(t))
		add_amount(&right, number_of(t, row, "tokens"), 8);
	panel_add(st, runs ? ROLE_WARN : ROLE_TEXT, row, left.s, right.s);
	buf_release(&left);
	buf_release(&right);
}

static void add_table(struct state *st, const struct fact_table *t)
{
	struct order o = { t, st->panels.spend->sort };
	int *row = xcalloc((size_t)t->n, sizeof *row);
	double most = 0;

	for (int i = 0; i < t->n; i++) {
		row[i] = i;
		most = fmax(most, number_of(t, i, "spend"));
	}
	if (o.by != SORT_SPEND || !of_days(t))  /* days as they come */
		qsort_r(row, (size_t)t->n, sizeof *row, compare_rows, &o);
	for (int i = 0; i < t->n; i++)
		add_row(st, t, row[i], most);
	free(row);
}

static void add_within(struct buf *b, const struct spend *s)
{
	for (int i = 0; i < s->nwithin; i++)
		buf_addf(b, "%s%s %s", i ? ", " : " within ", s->within[i].by,
		         s->within[i].name ? s->within[i].name
		                           : "Unattributed");
}

static void add_heading(struct state *st, const struct fact_table *t)
{
	const struct spend *s = st->panels.spend;
	const struct measure *cover;
	struct buf b = BUF_INIT;

	buf_addf(&b, "attribution_coverage_%s", t->name);
	cover = measure_of(s, b.s);
	if (!cover)
		cover = measure_of(s, "attribution_coverage");
	buf_clear(&b);
	buf_addf(&b, "By %s", of_days(t) ? "day" : t->name);
	add_within(&b, s);
	if (cover && !of_days(t))
		buf_addf(&b, ": %.0f %% attributed", 100 * cover->mean);
	panel_add(st, ROLE_TITLE, -1, b.s, st->w < 60 ? NULL : of_days(t)
	          ? "spend requests" : "spend share requests  tokens");
	buf_release(&b);
}

/* "spend.jsonl: litellm-spend, 12k rows, 2026-10-01 to 2026-10-31" */
static void add_source_line(struct state *st, const struct spend *s)
{
	const struct import *m = s->m;
	struct buf b = BUF_INIT;
	char date[11];

	buf_addf(&b, "%s%s: ", s->tables ? "evidence of " : "", m->file);
	if (m->format)
		buf_addf(&b, "%s, ", m->format);
	num_human(&b, (double)m->rows, 3);
	buf_addf(&b, " row%s", m->rows == 1 ? "" : "s");
	if (m->clock && isfinite(m->from)) {
		clock_date((int64_t)floor(m->from), date);
		buf_addf(&b, ", %s", date);
		clock_date((int64_t)floor(m->to), date);
		buf_addf(&b, " to %s", date);
	}
	panel_add(st, ROLE_DIM, ITEM_SOURCE, b.s, NULL);
	buf_release(&b);
}

static void add_money(struct buf *b, double v, const struct measure *x)
{
	chart_amount(b, v, "USD");
	buf_addf(b, " %s", x && x->unit ? x->unit : "USD");
}

static void add_month(struct state *st, const struct spend *s)
{
	const struct measure *x = measure_of(s, "month_spend");
	const struct measure *p = measure_of(s, "p_overrun");
	const struct measure *alert = measure_of(s, "alert_at");
	struct buf b = BUF_INIT;

	if (!x)
		return;
	buf_add(&b, "The month ends at ");
	add_money(&b, x->mean, x);
	if (x->high > x->low) {
		buf_add(&b, " (90 %: ");
		chart_amount(&b, x->low, "USD");
		buf_add(&b, " to ");
		chart_amount(&b, x->high, "USD");
		buf_addc(&b, ')');
	}
	panel_add(st, ROLE_TEXT, -1, b.s, NULL);
	buf_clear(&b);
	if (p && alert) {
		buf_add(&b, "Above the budget with P ");
		num_prob(&b, p->mean);
		buf_add(&b, "; alert from ");
		add_money(&b, alert->mean, alert);
		panel_add(st, p->mean >= 0.5 ? ROLE_WARN : ROLE_TEXT, -1, b.s,
		          NULL);
	}
	buf_release(&b);
}

static void add_budget(struct state *st)
{
	const char *typed = panel_field(st, FIELD_BUDGET);

	panel_addf(st, ROLE_TEXT, ITEM_BUDGET, "Budget:       %s", !*typed
	           ? "none (Enter types what a month may cost)"
	           : budget(st) > 0 ? typed : "not an amount above 0");
}

static void spend_lines(struct state *st)
{
	const struct spend *s = st->panels.spend;
	const struct fact_table *t = shown(st);

	if (!s || !s->m) {
		panel_add(st, ROLE_DIM, -1, st->panels.job ? "one moment" :
		          "This scenario names no evidence of a log.", NULL);
		panel_add(st, ROLE_TEXT, -1, ": spend FILE reads one here: "
		          "LiteLLM, OpenAI, OpenTelemetry, FOCUS ...", NULL);
		return;
	}
	add_source_line(st, s);
	if (!s->tables)
		add_budget(st);
	add_month(st, s);
	if (!t) {
		panel_add(st, ROLE_TEXT, -1, "It tells of no spend. `steelyard "
		          "import usage LOG --by all -o FILE` keeps it.", NULL);
		return;
	}
	if (!tells_money(t))
		panel_add(st, ROLE_TEXT, -1, "It tells of requests and tokens, "
		          "not of money.", NULL);
	add_heading(st, t);
	if (st->panels.selected <= 0)
		st->panels.selected = st->panels.n;     /* the first name */
	add_table(st, t);
}

/* --- words on a line --- */

static void source_detail(const struct state *st, struct buf *out)
{
	const struct spend *s = st->panels.spend;

	buf_addf(out, "Read of %s, sha256 %.16s.", s->from, s->m->digest);
	if (s->m->skipped)
		buf_addf(out, " %ld bad lines were skipped.", s->m->skipped);
	for (int i = 0; i < s->m->nnotes; i++)
		buf_addf(out, " %s.", s->m->note[i]);
	if (evidence_of(st->bound, 1))
		buf_add(out, " Enter goes on to the next evidence.");
}

static void row_detail(const struct state *st, const struct fact_table *t,
                       int row, struct buf *out)
{
	double spend = tells_money(t) ? number_of(t, row, "spend") : NAN;
	double requests = number_of(t, row, "requests");
	const char *runs = text_of(t, row, "runaway");

	buf_addf(out, "%s: ", name_of(t, row));
	if (isfinite(spend))
		add_money(out, spend, NULL);
	if (isfinite(number_of(t, row, "share")))
		buf_addf(out, ", %.3g %% of what was spent",
		         100 * number_of(t, row, "share"));
	if (requests > 0 && isfinite(spend)) {
		buf_add(out, ", ");
		num_human(out, spend / requests, 3);
		buf_add(out, " a request");
	}
	if (!isfinite(spend) && isfinite(requests)) {
		num_human(out, requests, 4);
		buf_add(out, " requests");
	}
	buf_addf(out, ".%s%s%s", runs ? " Its last three days: " : "",
	         runs ? runs : "", runs ? "." : "");
	if (!of_days(t))
		buf_addf(out, " %s", st->panels.spend->tables
		         ? "The log itself is not at the evidence: no way "
		           "into a name." : "Enter reads what stands within.");
}

static void spend_detail(const struct state *st, int item, struct buf *out)
{
	const struct fact_table *t = shown(st);
	const struct measure *x;

	if (item == ITEM_SOURCE) {
		source_detail(st, out);
	} else if (item == ITEM_BUDGET) {
		x = measure_of(st->panels.spend, "month_spend");
		buf_addf(out, "What a calendar month may cost, in USD. %s%s",
		         x && x->note ? x->note : "", x ? "." : "");
	} else if (t && item < t->n) {
		row_detail(st, t, item, out);
	}
}

/* --- keys --- */

static void into(struct state *st, int row)
{
	const struct fact_table *t = shown(st);
	struct spend *s = st->panels.spend;
	const char *name;

	if (!t || of_days(t) || s->tables || row >= t->n) {
		state_say(st, false, s->tables ? "the log itself is not at "
		          "hand: `:` spend FILE reads it"
		          : "there is no way into a day");
		return;
	}
	if (s->nwithin == SPEND_WITHIN) {
		state_say(st, true, "%d names deep is as far as it goes",
		          SPEND_WITHIN);
		return;
	}
	name = name_of(t, row);
	s->within[s->nwithin++] = (struct within){
		arena_strdup(s->arena, t->name),
		strcmp(name, "Unattributed") == 0 ? NULL
		: arena_strdup(s->arena, name) };
	s->by = 0;
	st->panels.selected = 0;
	st->want |= WANT_PANEL;
}

static void spend_enter(struct state *st, int item)
{
	struct spend *s = st->panels.spend;

	if (item == ITEM_BUDGET) {
		panel_edit(st, FIELD_BUDGET);
	} else if (item == ITEM_SOURCE) {
		s->source = evidence_of(st->bound, s->source + 1)
			? s->source + 1 : 0;
		free(s->asked);
		s->asked = NULL;
		st->want |= WANT_PANEL;
	} else {
		into(st, item);
	}
}

static bool spend_act(struct state *st, enum action a)
{
	struct spend *s = spend_of(st);
	int item = panel_item(st);

	if (a == ACT_NEXT_VIEW) {
		s->by = table_of(s, s->by + 1) ? s->by + 1 : 0;
	} else if (a == ACT_AXIS) {
		s->sort = (s->sort + 1) % SORT_N;
		state_say(st, false, "sorted by %s", sort_words[s->sort]);
	} else if (a == ACT_ZOOM) {
		s->month = !s->month;
	} else if (a == ACT_NUDGE_DOWN && s->nwithin) {
		s->nwithin--;
		st->want |= WANT_PANEL;
	} else if (a == ACT_NUDGE_UP && item >= 0 && item < ITEM_SOURCE) {
		into(st, item);
	} else {
		return false;
	}
	panels_build(st);
	return true;
}

/* --- the month as a picture --- */

static const struct fact_table *month_of(const struct state *st)
{
	const struct spend *s = st->panels.spend;

	for (int k = 0; s && s->m && k < s->m->nfacts; k++)
		if (strcmp(s->m->fact[k]->name, "month") == 0 &&
		    s->m->fact[k]->n > 1)
			return s->m->fact[k];
	return NULL;
}

static int spend_rows(const struct state *st, int h)
{
	if (!month_of(st))
		return 0;
	return st->panels.spend->month ? h - 3 : h >= 26 ? 10 : 0;
}

/* What is spent up to each day's end, with its band, and the budget. */
static void spend_picture(const struct state *st, struct grid *g,
                          struct rect r)
{
	const struct fact_table *t = month_of(st);
	double most = budget(st), *v = xcalloc(7 * (size_t)t->n, sizeof *v);
	const char *titles[] = { "spent and expected", "budget" };
	struct curve c = { .unit = "day", .y_unit = "USD", .n = t->n,
		.noptions = most > 0 ? 2 : 1, .option = titles, .x = v,
		.mean = v + t->n, .p5 = v + 3 * t->n, .p95 = v + 5 * t->n,
		.parameter = "day", .title = "Day of the month",
		.y_title = "Spend", .here = NAN };
	struct chart_options o = { .band = !st->no_band };

	for (int i = 0; i < t->n; i++) {
		c.x[i] = i + 1;
		c.mean[i] = number_of(t, i, "spent");
		c.p5[i] = number_of(t, i, "low");
		c.p95[i] = number_of(t, i, "high");
		if (!(c.p95[i] > c.p5[i]))      /* it has been */
			c.p5[i] = c.p95[i] = NAN;
		c.mean[t->n + i] = c.p5[t->n + i] = c.p95[t->n + i] = most;
	}
	chart_curve(g, r, &c, NULL, &o);
	free(v);
}

const struct panel_kind panel_spend = {
	.title = "Who spends what",
	.note = "Tab another name  Enter into it  Left out  x sort  z month",
	.work = spend_work, .asked_only = true, .now = spend_now,
	.lines = spend_lines, .act = spend_act, .enter = spend_enter,
	.detail = spend_detail, .rows = spend_rows, .picture = spend_picture,
};
