/*
 * Who spends what: attribution with an explicit line for nobody, what runs
 * away and since when, and the month's budget against its forecast.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "evidence/tally.h"
#include "math/special.h"
#include "base/banned.h"

#define DAY 86400.0
#define RUNAWAY 2.0                     /* times its level before */
#define QUIET_DAYS 3

/* --- who ------------------------------------------------------------------ */

static int by_spend(const void *a, const void *b)
{
	const struct share *x = *(const struct share *const *)a;
	const struct share *y = *(const struct share *const *)b;

	if (x->spend != y->spend)
		return x->spend < y->spend ? 1 : -1;
	if (!x->name || !y->name)
		return !x->name - !y->name;
	return strcmp(x->name, y->name);
}

/* The last days' level against the level before them: when both are known and
 * it has at least doubled, the first day of the run that never fell back. */
static int runs_away(const struct share *s, int last, double *times)
{
	int n = last + 1 < s->days ? last + 1 : s->days, since = n;
	double level = 0, now = 0;

	if (n < 14)
		return -1;
	for (int i = 0; i < n - 7; i++)
		level += s->by_day[i] / (n - 7);
	for (int i = n - QUIET_DAYS; i < n; i++)
		now += s->by_day[i] / QUIET_DAYS;
	*times = level > 0 ? now / level : 0;
	if (!(*times >= RUNAWAY))
		return -1;
	while (since > 0 && s->by_day[since - 1] >= RUNAWAY * level)
		since--;
	return since < n ? since : -1;
}

static void share_row(struct tally *t, struct fact_table *f,
                      const struct share *s, double all)
{
	struct fact_cell *c = fact_row(f);
	double times = 0;
	int since = runs_away(s, t->ndays - 1, &times);
	char date[11];

	c[0].text = s->name ? s->name : "Unattributed";
	c[1].number = s->spend;
	c[2].number = all > 0 ? s->spend / all : NAN;
	c[3].number = s->requests;
	c[4].number = s->input + s->output;
	c[5].text = NULL;
	if (since < 0)
		return;
	clock_date((int64_t)((t->day0 + since) * DAY), date);
	c[5].text = arena_printf(t->m->arena, "%.3g times its level since %s",
	                         times, date);
}

/* What is somebody's over all spend, of a group (NULL: with a team or a tag):
 * a ratio of sums over days, with the interval of its linearisation. */
static void coverage(struct tally *t, const char *name,
                     const struct shares *by, const char *what)
{
	double owned = 0, square = 0, r, half;
	struct measure *x;
	int n = 0;

	for (int round = 0; round < 2; round++) {
		r = owned / t->spend;
		for (int i = 0; i < t->ndays; i++) {
			double all = t->day[i].spend, own = !by
				? t->day[i].owned : i < by->share[0].days
				? all - by->share[0].by_day[i] : all;

			if (round == 0)
				owned += own;
			else
				square += (own - r * all) * (own - r * all);
			n += round == 0 && all != 0;
		}
	}
	half = n >= 3 ? ratio_half(square, n, t->spend) : 0;
	x = import_measure(t->m, name, "1", (double)t->m->rows);
	measure_within(t->m, x, r, half);
	x->note = arena_printf(t->m->arena, "share of spend with a %s", what);
}

/* Which share of the spend has an owner, as models ask for it: of the group
 * that was asked for, where it names one. */
static void coverage_figures(struct tally *t)
{
	bool owner = t->asked == BY_TEAM || t->asked == BY_TAG
		|| t->asked == BY_KEY || t->asked == BY_USER;

	if (!(t->spend > 0))
		return;
	if (owner && t->by[t->asked].share)
		coverage(t, "attribution_coverage", &t->by[t->asked],
		         group_names[t->asked]);
	else if (t->seen_owner)
		coverage(t, "attribution_coverage", NULL, "team or tag");
	for (int g = 0; t->all && g < BY_N; g++)
		if (t->by[g].n > 1)
			coverage(t, arena_printf(t->m->arena,
			         "attribution_coverage_%s", group_names[g]),
			         &t->by[g], group_names[g]);
}

static void attribute(struct tally *t, enum group g)
{
	static const struct fact_column columns[] = {
		{ "name", true, 0 }, { "spend", false, 5 },
		{ "share", false, 3 }, { "requests", false, 6 },
		{ "tokens", false, 5 }, { "runaway", true, 0 },
	};
	struct shares *by = &t->by[g];
	const struct share **order;
	struct fact_table *f;

	if (!by->share)
		return;
	f = import_fact(t->m, group_names[g], arena_printf(t->m->arena,
	                "Spend by %s, %s", group_names[g], t->nmoney
	                ? t->money[0].currency : "USD"), columns, 6);
	order = xcalloc((size_t)by->n, sizeof *order);
	for (int i = 0; i < by->n; i++)
		order[i] = &by->share[i];
	qsort(order, (size_t)by->n, sizeof *order, by_spend);
	for (int i = 0; i < by->n; i++)
		if (order[i]->name || order[i]->requests > 0
		    || order[i]->spend != 0)
			share_row(t, f, order[i], t->spend);
	free(order);
	if (by->overflow)
		import_note(t->m, "more than %d names: the rest stands under "
		            "Unattributed", NAMES_MOST);
}

static void spend_by_day(struct tally *t)
{
	static const struct fact_column columns[] = {
		{ "day", true, 0 }, { "spend", false, 5 },
		{ "requests", false, 6 },
	};
	struct fact_table *f = import_fact(t->m, "days", "Spend by day",
	                                   columns, 3);

	for (int i = 0; i < t->ndays; i++) {
		struct fact_cell *c = fact_row(f);
		char date[11];

		clock_date((int64_t)((t->day0 + i) * DAY), date);
		c[0].text = arena_strdup(t->m->arena, date);
		c[1].number = t->day[i].spend;
		c[2].number = t->day[i].requests;
	}
}

/* --- the month ------------------------------------------------------------ */

struct month { int first, days, seen; };        /* indexes of days */

/* The calendar month of the log's last whole day. */
static struct month last_month(const struct tally *t)
{
	double last = floor(t->to / DAY - 1e-9);
	char date[11];
	struct month m;
	int64_t start, next;
	int year, mon;

	clock_date((int64_t)(last * DAY), date);
	year = (int)strtol(date, NULL, 10);
	mon = (int)strtol(date + 5, NULL, 10);
	date[8] = '0';
	date[9] = '1';
	clock_parse_date(date, &start);
	mon = mon % 12 + 1;
	year += mon == 1;
	date[0] = (char)('0' + year / 1000);
	date[1] = (char)('0' + year / 100 % 10);
	date[2] = (char)('0' + year / 10 % 10);
	date[3] = (char)('0' + year % 10);
	date[5] = (char)('0' + mon / 10);
	date[6] = (char)('0' + mon % 10);
	clock_parse_date(date, &next);
	m.first = (int)((double)start / DAY - t->day0);
	m.days = (int)((next - start) / 86400);
	m.seen = (int)(last - (double)start / DAY) + 1;
	return m;
}

/* What is to come is drawn from the last four weeks, weekday by weekday where
 * they are whole; days vary independently around their weekday's mean. */
static void days_to_come(const struct tally *t, const struct month *m,
                         int left, double *mean, double *variance)
{
	int last = m->first + m->seen - 1;
	int from = last - 27 > 0 ? last - 27 : 0, n = last - from + 1;
	double sum[7] = { 0 }, count[7] = { 0 }, all = 0, square = 0;

	for (int i = from; i <= last && i < t->ndays; i++) {
		int w = n >= 14 ? i % 7 : 0;

		sum[w] += t->day[i].spend;
		count[w]++;
		all += t->day[i].spend;
	}
	for (int i = from; i <= last && i < t->ndays; i++) {
		int w = n >= 14 ? i % 7 : 0;
		double e = t->day[i].spend - sum[w] / count[w];

		square += e * e;
	}
	square /= n > 8 ? n - (n >= 14 ? 7 : 1) : n > 1 ? n - 1 : 1;
	*mean = 0;
	for (int i = last + 1; i <= last + left; i++) {
		int w = n >= 14 ? i % 7 : 0;

		*mean += count[w] ? sum[w] / count[w] : all / n;
	}
	/* the level itself is uncertain, too: left^2 / n of a day's variance */
	*variance = square * (left + (double)left * left / n);
}

/* Day by day what was spent up to its end, or will have been. */
static void month_table(struct tally *t, const struct month *m, double q)
{
	static const struct fact_column columns[] = {
		{ "day", true, 0 }, { "spent", false, 6 },
		{ "low", false, 6 }, { "high", false, 6 },
	};
	struct fact_table *f = import_fact(t->m, "month",
	                                   "The month, day by day", columns, 4);
	double spent = 0, mean = 0, variance = 0;

	for (int i = 0; i < m->days; i++) {
		struct fact_cell *c = fact_row(f);
		int k = m->first + i;
		char date[11];

		if (i >= m->seen)
			days_to_come(t, m, i + 1 - m->seen, &mean, &variance);
		else if (k >= 0 && k < t->ndays)
			spent += t->day[k].spend;
		clock_date((int64_t)((t->day0 + k) * DAY), date);
		c[0].text = arena_strdup(t->m->arena, date);
		c[1].number = spent + mean;
		c[2].number = fmax(spent, spent + mean - q * sqrt(variance));
		c[3].number = spent + mean + q * sqrt(variance);
	}
}

static const char *currency(const struct tally *t)
{
	return t->nmoney ? t->money[0].currency : "USD";
}

static void forecast(struct tally *t)
{
	struct month m = last_month(t);
	double spent = 0, mean, variance, sd, total, q, df;
	struct measure *x;
	int n;

	for (int i = 0; i < m.seen; i++)
		if (m.first + i >= 0 && m.first + i < t->ndays)
			spent += t->day[m.first + i].spend;
	days_to_come(t, &m, m.days - m.seen, &mean, &variance);
	sd = sqrt(variance);
	total = spent + mean;
	n = m.first + m.seen < 28 ? m.first + m.seen : 28;
	df = n > 8 ? n - 7 : n > 1 ? n - 1 : 1;
	q = student_t_quantile(0.95, df);
	if (t->all)
		month_table(t, &m, q);
	x = import_measure(t->m, "month_spend",
	                   arena_strdup(t->m->arena, currency(t)), n);
	measure_interval(t->m, x, total, fmax(spent, total - q * sd),
	                 total + q * sd);
	x->note = arena_printf(t->m->arena, "%.6g in %d of %d days, and what the "
	                       "last %d days would bring", spent, m.seen, m.days,
	                       n);
	if (!(t->q->budget > 0))
		return;
	x = import_measure(t->m, "p_overrun", "1", n);
	measure_point(t->m, x, spent > t->q->budget ? 1 : sd > 0
	              ? student_t_cdf((total - t->q->budget) / sd, df)
	              : total > t->q->budget);
	x->note = arena_printf(t->m->arena, "chance that the month ends above "
	                       "%.6g", t->q->budget);
	x = import_measure(t->m, "alert_at", arena_printf(t->m->arena,
	                   "%s/day", currency(t)), n);
	measure_point(t->m, x, fmax(0, t->q->budget - spent)
	              / (m.days > m.seen ? m.days - m.seen : 1));
	x->note = "a day's spend above it, kept up, ends above the budget";
}

static enum group group_of(const char *by)
{
	int g = 0;

	while (g < BY_N && strcmp(group_names[g], by) != 0)
		g++;
	return (enum group)g;
}

/* The tables that were asked for; nobody asked: by model. */
static bool attribute_asked(struct tally *t, const char *by)
{
	enum group g = by ? group_of(by) : BY_MODEL;

	for (int k = 0; t->all && k < BY_N; k++)
		if (t->by[k].n > 1)
			attribute(t, (enum group)k);
	if (t->all || (by && strcmp(by, "day") == 0)) {
		spend_by_day(t);
		return true;
	}
	if (g == BY_N)
		return err_add(t->err, ERR_USAGE, "--by %s: spend is told by "
		               "team, key, model, user, tag, day, service, "
		               "account, or all of these", by);
	if (t->by[g].n > 1)
		attribute(t, g);
	else if (by)
		return err_add(t->err, ERR_INPUT, "%s: a %s log names no %s",
		               t->m->file, t->m->format, by);
	return true;
}

bool usage_spend(struct tally *t)
{
	const char *by = t->q->by;

	if (!attribute_asked(t, by))
		return false;
	coverage_figures(t);
	if (t->seen_spend && t->m->clock && t->spend > 0
	    && (t->q->budget > 0 || by || t->q->kind == IMPORT_FOCUS))
		forecast(t);
	if (t->q->budget > 0 && !t->seen_spend)
		return err_add(t->err, ERR_INPUT, "%s: a %s log tells no money "
		               "to hold against a budget", t->m->file,
		               t->m->format);
	return true;
}
