#include "evidence/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/banned.h"

#define DAY 86400.0
#define LOG_STEP 0.02                   /* bins beyond the exact counts */
#define TTFT_UNIT 1e-3                  /* a millisecond is bin 0 */

void tally_init(struct tally *t, struct import *m,
                const struct import_request *q, struct err *err)
{
	*t = (struct tally){
		.m = m, .q = q, .err = err, .from = INFINITY,
		.to = -INFINITY, .previous = -INFINITY,
	};
	while (q->by && t->asked < BY_N
	       && strcmp(q->by, group_names[t->asked]) != 0)
		t->asked++;
	if (!q->by)
		t->asked = BY_N;
	t->all = q->by && strcmp(q->by, "all") == 0;
	t->in.exact = xcalloc(EXACT_MOST, sizeof *t->in.exact);
	t->out.exact = xcalloc(EXACT_MOST, sizeof *t->out.exact);
}

void tally_release(struct tally *t)
{
	free(t->in.exact);
	free(t->out.exact);
	free(t->day);
	free(t->bin);
	free(t->seen);
	for (int g = 0; g < BY_N; g++) {
		for (int i = 0; i < t->by[g].n; i++)
			free(t->by[g].share[i].by_day);
		free(t->by[g].share);
		free(t->by[g].slot);
	}
}

/* --- lengths -------------------------------------------------------------- */

static int log_index(double v, double unit)
{
	double k = v > unit ? log(v / unit) / LOG_STEP : 0;

	return k < 511 ? (int)k : 511;
}

/* `count` times v; v > 0 has a logarithm, too. */
static void lengths_moments(struct lengths *l, double v, double count)
{
	double g = v > 0 ? log(v) : 0, logs = v > 0 ? count : 0;

	l->n += count;
	l->sum += count * v;
	l->square += count * v * v;
	l->most = v > l->most ? v : l->most;
	l->log_n += logs;
	l->log_sum += logs * g;
	l->log_square += logs * g * g;
}

static void lengths_add(struct lengths *l, double v)
{
	if (v < EXACT_MOST) {
		l->exact[(int)v]++;
		return;
	}
	l->log_bin[log_index(v, EXACT_MOST)]++;
	lengths_moments(l, v, 1);
}

static void lengths_close(struct lengths *l)
{
	for (int v = 0; v < EXACT_MOST; v++)
		if (l->exact[v])
			lengths_moments(l, v, l->exact[v]);
}

double bins_quantile(const double *bin, double unit, double n, double p)
{
	double left = p * n;

	for (int i = 0; i < 512; i++) {
		if (left <= bin[i] && bin[i] > 0)
			return unit * exp(LOG_STEP
			                  * (i + left / bin[i]));
		left -= bin[i];
	}
	return NAN;
}

double lengths_quantile(const struct lengths *l, double p)
{
	double want = p * (l->n - 1) + 1, seen = 0;
	int v;

	for (v = 0; v < EXACT_MOST; v++) {
		seen += l->exact[v];
		if (seen >= want - 1e-9)
			return v;
	}
	return bins_quantile(l->log_bin, EXACT_MOST, l->n - seen,
	                     (want - seen) / (l->n - seen + 1e-300));
}

double lengths_lognormal_ks(const struct lengths *l)
{
	double mu = l->log_sum / l->log_n, seen = 0, worst = 0;
	double sigma = sqrt(l->log_square / l->log_n - mu * mu);

	if (!(l->log_n > 1 && sigma > 0))
		return NAN;
	for (int v = 1; v < EXACT_MOST; v++) {
		double want;

		if (!l->exact[v])
			continue;
		want = 0.5 * erfc(-(log(v + 0.5) - mu) / sigma / sqrt(2));
		seen += l->exact[v];
		worst = fmax(worst, fabs(seen / l->log_n - want));
	}
	return worst;
}

/* Eight bytes at a time: names and ids are hashed for every entry. */
static uint64_t hash_text(const char *s, uint64_t h)
{
	size_t n = strlen(s);

	for (; n >= 8; n -= 8, s += 8) {
		uint64_t w;

		memcpy(&w, s, 8);
		h = (h ^ w) * 0x9fb21c651e98df25ULL;
		h ^= h >> 32;
	}
	for (; n > 0; n--, s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ULL;
	h *= 0x9fb21c651e98df25ULL;
	return h ^ h >> 29;
}

/* --- time ----------------------------------------------------------------- */

static bool seen_before(struct tally *t, const char *id, double start)
{
	uint64_t h, bits;
	uint32_t *place, mark;

	if (!id)
		return false;
	if (!t->seen)
		t->seen = xcalloc(SEEN, sizeof *t->seen);
	memcpy(&bits, &start, sizeof bits);
	h = hash_text(id, bits);
	mark = (uint32_t)(h >> 32) | 1;
	place = &t->seen[h & (SEEN - SEEN_WAYS)];
	for (unsigned i = 0; i < SEEN_WAYS; i++)
		if (place[i] == mark)
			return true;
	memmove(place + 1, place, (SEEN_WAYS - 1) * sizeof *place);
	*place = mark;          /* the oldest of the place is gone */
	return false;
}

/* floor() of a time, without a call. */
static double whole(double v)
{
	int64_t k = (int64_t)v;

	return (double)(k - (v < (double)k));
}

static struct day *find_day(struct tally *t, double d)
{
	int k;

	if (t->ndays == 0)
		t->day0 = d;
	if (d < t->day0) {
		int shift = (int)fmin(t->day0 - d, DAYS_MOST + 1);

		if (shift + t->ndays > DAYS_MOST)
			return NULL;
		t->day = xrealloc(t->day, (size_t)(shift + t->ndays),
		                  sizeof *t->day);
		memmove(t->day + shift, t->day,
		        (size_t)t->ndays * sizeof *t->day);
		memset(t->day, 0, (size_t)shift * sizeof *t->day);
		t->ndays += shift;
		t->day0 = d;
		for (int g = 0; g < BY_N; g++)
			for (int i = 0; i < t->by[g].n; i++) {
				struct share *s = &t->by[g].share[i];

				if (!s->by_day)
					continue;
				s->by_day = xrealloc(s->by_day,
				                     (size_t)(s->days + shift),
				                     sizeof *s->by_day);
				memmove(s->by_day + shift, s->by_day,
				        (size_t)s->days * sizeof *s->by_day);
				memset(s->by_day, 0, (size_t)shift
				                     * sizeof *s->by_day);
				s->days += shift;
			}
	}
	if (d - t->day0 >= DAYS_MOST)
		return NULL;
	k = (int)(d - t->day0);
	if (k >= t->ndays) {
		t->day = xrealloc(t->day, (size_t)k + 1, sizeof *t->day);
		memset(t->day + t->ndays, 0,
		       (size_t)(k + 1 - t->ndays) * sizeof *t->day);
		t->ndays = k + 1;
	}
	return &t->day[k];
}

/* Most entries are of the day of the one before. */
static struct day *day_of(struct tally *t, double start)
{
	double d, since = start - t->midnight;
	struct day *found;

	if (t->ndays && since >= 0 && since < DAY)
		return &t->day[t->today];
	d = whole(start / DAY);
	found = find_day(t, d);
	if (found) {
		t->midnight = d * DAY;
		t->today = (int)(found - t->day);
	}
	return found;
}

/* Seconds are counted from a day before the first entry, so that entries that
 * come late still have a place. */
static void count_second(struct tally *t, double start)
{
	double k;

	if (!t->bin && !t->bins_full)
		t->base = start - DAY;
	k = whole(start - t->base);
	if (k < 0) {
		t->late++;
		return;
	}
	if (k >= SECONDS_MOST) {
		t->bins_full = true;
		free(t->bin);
		t->bin = NULL;
	}
	if (t->bins_full)
		return;
	if (k >= t->nbins) {
		int more = t->nbins ? t->nbins : 1 << 17;

		while (more <= k)
			more *= 2;
		t->bin = xrealloc(t->bin, (size_t)more, sizeof *t->bin);
		memset(t->bin + t->nbins, 0,
		       (size_t)(more - t->nbins) * sizeof *t->bin);
		t->nbins = more;
	}
	t->bin[(int)k]++;
}

static void count_times(struct tally *t, const struct use *u)
{
	/* what money ahead of use is good for is no time of the log */
	double end = u->rollup && !u->purchase && !isnan(u->end) ? u->end
	                                                         : u->start;

	t->from = u->start < t->from ? u->start : t->from;
	t->to = end > t->to ? end : t->to;
	t->backwards += u->start < t->previous - 1;
	t->previous = u->start;
	t->zoned += u->zoned;
	t->unzoned += !u->zoned;
	if (u->rollup)
		t->longest = fmax(t->longest, end - u->start);
	else
		count_second(t, u->start);
}

/* --- shares --------------------------------------------------------------- */

static int find_slot(const struct shares *s, const char *name)
{
	int i = (int)(hash_text(name, 1) % (2 * NAMES_MOST));

	while (s->slot[i] && strcmp(s->share[s->slot[i]].name, name) != 0)
		i = (i + 1) % (2 * NAMES_MOST);
	return i;
}

/* Share 0 is nobody's; the last one takes what comes when the room is full. */
static struct share *share_of(struct tally *t, struct shares *s,
                              const char *name)
{
	int i;

	if (!s->share) {
		s->share = xcalloc(NAMES_MOST, sizeof *s->share);
		s->slot = xcalloc(2 * NAMES_MOST, sizeof *s->slot);
		s->n = 1;
	}
	if (!name || !*name)
		return &s->share[0];
	i = find_slot(s, name);
	if (s->slot[i])
		return &s->share[s->slot[i]];
	if (s->n == NAMES_MOST) {
		s->overflow = true;
		return &s->share[0];
	}
	s->slot[i] = s->n;
	s->share[s->n].name = arena_strdup(t->m->arena, name);
	return &s->share[s->n++];
}

static double zero_if_none(double v)
{
	return isnan(v) ? 0 : v;
}

static void share_day(struct share *s, int day, double spend)
{
	if (day >= s->days) {
		s->by_day = xrealloc(s->by_day, (size_t)day + 8,
		                     sizeof *s->by_day);
		memset(s->by_day + s->days, 0,
		       (size_t)(day + 8 - s->days) * sizeof *s->by_day);
		s->days = day + 8;
	}
	s->by_day[day] += spend;
}

static void count_shares(struct tally *t, const struct use *u,
                         const struct day *add, int day)
{
	for (int g = 0; g < BY_N; g++) {
		struct share *s;

		if (g != t->asked && g != BY_MODEL && !t->all)
			continue;
		s = share_of(t, &t->by[g], u->group[g]);
		s->requests += add->requests;
		s->failed += add->failed;
		s->input += add->input;
		s->output += add->output;
		s->spend += add->spend;
		if (add->spend != 0)
			share_day(s, day, add->spend);
	}
}

/* --- sums ----------------------------------------------------------------- */

static void count_lengths(struct tally *t, const struct use *u)
{
	if (u->rollup)
		return;
	if (!isnan(u->input))
		lengths_add(&t->in, u->input);
	if (!isnan(u->output))
		lengths_add(&t->out, u->output);
	if (!isnan(u->input) && !isnan(u->output)) {
		t->pairs++;
		t->pair_in += u->input;
		t->pair_out += u->output;
		t->cross += u->input * u->output;
		t->in_square += u->input * u->input;
		t->out_square += u->output * u->output;
	}
	if (u->ttft >= 0) {
		t->ttft_n++;
		t->ttft_sum += u->ttft;
		t->ttft_square += u->ttft * u->ttft;
		t->ttft_bin[log_index(u->ttft, TTFT_UNIT)]++;
	}
}

/* Cached tokens of an entry against its input: a ratio of sums. */
static void count_cached(struct tally *t, double cached, double input)
{
	t->cached_sum += cached;
	t->cached_in += input;
	t->cached_square += cached * cached;
	t->cached_cross += cached * input;
	t->cached_in_square += input * input;
}

/* Only the main currency's money enters sums: two are never added. */
static bool main_currency(const struct tally *t, const struct use *u)
{
	return t->nmoney == 0 || strncasecmp(t->money[0].currency,
	                                     u->currency ? u->currency : "USD",
	                                     7) == 0;
}

static void add_day(struct day *d, const struct day *add)
{
	d->requests += add->requests;
	d->failed += add->failed;
	d->input += add->input;
	d->output += add->output;
	d->spend += add->spend;
	d->owned += add->owned;
	d->unpriced += add->unpriced;
	for (int k = 0; k < CHARGES; k++)
		d->charge[k] += add->charge[k];
}

/* A charge for many days is money of each of them. */
static void spread_money(struct tally *t, const struct use *u,
                         const struct day *add)
{
	double first = whole(u->start / DAY);
	int n = u->rollup && u->end > u->start + 1.01 * DAY
		? (int)fmin(ceil(u->end / DAY - 1e-9) - first, 400) : 1;

	for (int i = 0; i < n; i++) {
		struct day *d = find_day(t, first + i);

		if (!d)
			return;
		d->spend += add->spend / n;
		d->owned += add->owned / n;
		for (int k = 0; k < CHARGES; k++)
			d->charge[k] += add->charge[k] / n;
	}
}

static void count_sums(struct tally *t, const struct use *u)
{
	t->rollup = u->rollup;
	t->seen_requests |= !isnan(u->requests);
	t->seen_spend |= !isnan(u->spend);
	t->seen_failed |= !isnan(u->failed);
	if (!isnan(u->input) && !isnan(u->requests))
		t->input_requests += u->requests;
	if (!isnan(u->cached) && u->input > 0) {
		t->seen_cached = true;
		count_cached(t, u->cached, u->input);
	}
	if (!isnan(u->prefix_hits) && u->input > 0) {
		t->prefix_sum += u->prefix_hits;
		t->prefix_n += u->input;
	}
}

static void count_virtual(struct tally *t, const struct use *u)
{
	if (u->purchase && main_currency(t, u))
		t->purchases += zero_if_none(u->spend);
	if (!u->quantity_unit || isnan(u->quantity)
	    || !strcasestr(u->quantity_unit, "token"))
		return;
	*(u->purchase ? &t->tokens_bought : &t->tokens_used) += u->quantity;
}

/* Every currency by itself; the eighth takes all that follow. */
static void count_money(struct tally *t, const struct use *u)
{
	const char *c = u->currency ? u->currency : "USD";
	int i = 0;

	if (isnan(u->spend))
		return;
	while (i < t->nmoney && strncasecmp(t->money[i].currency, c, 7) != 0)
		i++;
	if (i == 8)
		i = 7;
	if (i == t->nmoney) {
		t->nmoney++;
		for (int k = 0; k < 7 && c[k]; k++)
			t->money[i].currency[k] = (char)(c[k] >= 'a'
				&& c[k] <= 'z' ? c[k] - 32 : c[k]);
	}
	t->money[i].spend += u->spend;
	t->money[i].rows++;
}

/* Whether the entry is of all names that were asked for. */
static bool is_within(const struct tally *t, const struct use *u)
{
	for (int i = 0; i < t->q->nwithin; i++) {
		const struct within *w = &t->q->within[i];
		const char *name = NULL;

		for (int g = 0; g < BY_N; g++)
			if (strcmp(group_names[g], w->by) == 0)
				name = u->group[g];
		if (w->name ? !name || strcmp(name, w->name) != 0
		            : name && *name)
			return false;
	}
	return true;
}

static bool keeps_going(struct tally *t)
{
	if (!t->q->going || t->entries++ % 1024 ||
	    t->q->going(t->q->going_ctx, 0))
		return true;
	return err_add(t->err, ERR_LIMIT, "cancelled");
}

bool tally_add(void *ctx, struct use *u)
{
	struct tally *t = ctx;
	struct day *d, add;

	if (!keeps_going(t))
		return false;
	if (!is_within(t, u)) {
		t->m->rows--;
		return true;
	}
	if (seen_before(t, u->id, u->start)) {
		t->m->duplicates++;
		t->m->rows--;
		return true;
	}
	t->twins += seen_before(t, u->twin, u->start);
	d = day_of(t, u->start);
	if (!d) {
		t->m->rows--;
		return import_skip(t->m, t->q, t->m->file, u->line, "a time "
		                   "decades away from the others", t->err);
	}
	count_money(t, u);
	count_virtual(t, u);
	if (!main_currency(t, u) || u->purchase)
		u->spend = NAN;         /* told beside, not added */
	count_times(t, u);
	count_lengths(t, u);
	count_sums(t, u);
	add = (struct day){
		zero_if_none(u->requests), zero_if_none(u->failed),
		zero_if_none(u->input), zero_if_none(u->output),
		.spend = zero_if_none(u->spend),
	};
	add.charge[u->charge] = add.spend;
	add.unpriced = add.spend == 0 && u->charge == 0 && !u->purchase
		&& add.input + add.output > 0 && add.failed < add.requests
		? add.requests : 0;
	if (u->group[BY_TEAM] || u->group[BY_TAG]) {
		t->seen_owner = true;
		add.owned = add.spend;
	}
	count_shares(t, u, &add, (int)(d - t->day));
	if (u->rollup && !u->purchase && u->end > u->start + 1.01 * DAY) {
		spread_money(t, u, &add);
		add.spend = add.owned = 0;
		memset(add.charge, 0, sizeof add.charge);
		d = day_of(t, u->start);
	}
	if (d)
		add_day(d, &add);
	return true;
}

void tally_close(struct tally *t)
{
	struct day all = { 0 };

	for (int i = 0; i < t->ndays; i++)
		add_day(&all, &t->day[i]);
	t->requests = all.requests;
	t->failed = all.failed;
	t->input = all.input;
	t->output = all.output;
	t->spend = all.spend;
	lengths_close(&t->in);
	lengths_close(&t->out);
}
