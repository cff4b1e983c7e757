/*
 * The log held against a bill: day by day on the days that both tell of, and
 * what the difference is made of, as far as the files say.
 */
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/mem.h"
#include "evidence/tally.h"
#include "base/banned.h"

#define DAY 86400.0

static const struct day *day_at(const struct tally *t, double day)
{
	static const struct day none;
	double k = day - t->day0;

	return k >= 0 && k < t->ndays ? &t->day[(int)k] : &none;
}

/* The days in [from, to), or (`out`) all others, of one log. */
static struct day sum_days(const struct tally *t, double from, double to,
                           bool out)
{
	struct day s = { 0 };

	for (int i = 0; i < t->ndays; i++) {
		double d = t->day0 + i;

		if ((d >= from && d < to) == out)
			continue;
		s.spend += t->day[i].spend;
		s.owned += t->day[i].owned;
		s.unpriced += t->day[i].unpriced;
		for (int k = 0; k < CHARGES; k++)
			s.charge[k] += t->day[i].charge[k];
	}
	return s;
}

static const char *currency(const struct tally *t)
{
	return t->nmoney ? t->money[0].currency : "USD";
}

/* --- the lines of the residual -------------------------------------------- */

static void line(struct tally *t, struct fact_table *f, const char *name,
                 double amount, const char *note)
{
	struct fact_cell *c = fact_row(f);

	c[0].text = name;
	c[1].number = amount;
	c[2].text = note ? arena_strdup(t->m->arena, note) : NULL;
}

/* Models that have tokens and no money at all: what they cost is not known, and
 * it is not nothing. */
static void unpriced_models(struct tally *t, struct fact_table *f, double n)
{
	const struct shares *by = &t->by[BY_MODEL];
	const char *names = NULL;

	for (int i = 1; by->share && i < by->n; i++)
		if (by->share[i].spend == 0
		    && by->share[i].input + by->share[i].output > 0)
			names = arena_printf(t->m->arena, "%s%s%s", names
				? names : "", names ? ", " : "",
				by->share[i].name);
	line(t, f, "unpriced in the log", NAN, arena_printf(t->m->arena,
	     "%.6g requests with tokens and no money%s%s: unknown, not zero", n,
	     names ? ", models " : "", names ? names : ""));
}

static void residual_lines(struct tally *t, const struct tally *bill,
                           double from, double to)
{
	static const struct fact_column columns[] = {
		{ "line", true, 0 }, { "amount", false, 6 },
		{ "note", true, 0 },
	};
	struct day log = sum_days(t, from, to, false);
	struct day paid = sum_days(bill, from, to, false);
	double rest = paid.spend - log.spend;
	struct fact_table *f = import_fact(t->m, "residual", "From logged to "
		"billed, on the days that both tell of", columns, 3);

	line(t, f, "logged", log.spend, NULL);
	for (int k = 1; k < CHARGES; k++) {
		if (paid.charge[k] != 0)
			line(t, f, charge_names[k], paid.charge[k],
			     "of the bill: no request is behind it");
		rest -= paid.charge[k];
	}
	if (log.unpriced > 0)
		unpriced_models(t, f, log.unpriced);
	line(t, f, "unexplained", rest, rest > 0
	     ? "billed, and in no log" : "logged, and on no bill");
	line(t, f, "billed", paid.spend, NULL);
	line(t, f, "unattributed, within logged", log.spend - log.owned,
	     "with no team and no tag");
	line(t, f, "logged on other days", sum_days(t, from, to, true).spend,
	     "of which the bill tells nothing");
	line(t, f, "billed on other days", sum_days(bill, from, to, true).spend,
	     "of which the log tells nothing");
	if (bill->purchases > 0)
		line(t, f, "purchases", bill->purchases, "money ahead of use: "
		     "in none of these");
}

/* --- day by day ----------------------------------------------------------- */

static void day_table(struct tally *t, const struct tally *bill, double from,
                      double to)
{
	static const struct fact_column columns[] = {
		{ "day", true, 0 }, { "logged", false, 5 },
		{ "billed", false, 5 }, { "residual", false, 4 },
	};
	struct fact_table *f = import_fact(t->m, "reconciliation", "Logged and "
	                                   "billed", columns, 4);

	for (double d = from; d < to; d++) {
		struct fact_cell *c = fact_row(f);
		char date[11];

		clock_date((int64_t)(d * DAY), date);
		c[0].text = arena_strdup(t->m->arena, date);
		c[1].number = day_at(t, d)->spend;
		c[2].number = day_at(bill, d)->spend;
		c[3].number = c[2].number - c[1].number;
	}
}

/* The ratio of sums over days, with the interval of its linearisation. */
static void ratio_measure(struct tally *t, const struct tally *bill,
                          double from, double to)
{
	struct import *m = t->m;
	double r = m->common.billed / m->common.logged, square = 0, n, half;
	struct measure *x;

	n = to - from;
	for (double d = from; d < to; d++) {
		double e = day_at(bill, d)->spend - r * day_at(t, d)->spend;

		square += e * e;
	}
	half = n >= 3 ? ratio_half(square, n, m->common.logged) : 0;
	x = import_measure(m, "billed_over_logged", "1", n);
	measure_interval(m, x, r, fmax(r - half, r / 20), r + half);
	x->note = arena_printf(m->arena, "%.6g billed, %.6g logged on the %.6g "
		"days that both tell of: %.6g %s of the bill is in no log",
		m->common.billed, m->common.logged, n,
		fmax(0, m->common.billed - m->common.logged), currency(t));
}

static void reconcile(struct tally *t, const struct tally *bill)
{
	double from = fmax(t->day0, bill->day0);
	double to = fmin(t->day0 + t->ndays, bill->day0 + bill->ndays);
	struct import *m = t->m;

	m->common.logged = sum_days(t, from, to, false).spend;
	m->common.billed = sum_days(bill, from, to, false).spend;
	m->common.from = from * DAY;
	m->common.to = to * DAY;
	if (!(to > from) || !(m->common.logged > 0)) {
		import_note(m, "the log and the bill have no day of spend in "
		            "common");
		m->common.logged = m->common.billed = NAN;
		return;
	}
	day_table(t, bill, from, to);
	residual_lines(t, bill, from, to);
	ratio_measure(t, bill, from, to);
}

/* The currency of most rows is the one that enters sums.  It is known at the
 * end: where another one was met first, the file is read again. */
static struct import *read_file(struct tally *t, const struct import_request *q,
                                struct err *err)
{
	struct import *m = import_new(q->kind, q->path);
	char most[sizeof t->money->currency];
	struct stat st;
	bool ok;
	int k = 0;

	tally_init(t, m, q, err);
	ok = usage_read(m, q, tally_add, t, err);
	for (int i = 1; i < t->nmoney; i++)
		if (t->money[i].rows > t->money[k].rows)
			k = i;
	memcpy(most, t->money[k].currency, sizeof most);
	if (ok && k && stat(q->path, &st) == 0 && S_ISREG(st.st_mode)) {
		tally_release(t);
		import_free(m);
		m = import_new(q->kind, q->path);
		tally_init(t, m, q, err);
		memcpy(t->money[t->nmoney++].currency, most, sizeof most);
		ok = usage_read(m, q, tally_add, t, err);
	} else if (ok && k) {
		import_note(m, "most rows are in %s, but %s came first: a file "
		            "in place of a pipe tells the most", most,
		            t->money[0].currency);
	}
	if (ok)
		return m;
	import_free(m);
	return NULL;
}

static bool read_bill(struct tally *t, const struct import_request *q,
                      struct err *err)
{
	struct import_request bill = *q;
	struct import *m;
	struct tally other;
	bool ok;

	bill.path = q->others.text[0];
	bill.kind = IMPORT_USAGE;
	bill.format = bill.by = NULL;
	bill.nwithin = 0;
	m = read_file(&other, &bill, err);
	ok = m != NULL;
	if (ok && !(other.seen_spend && t->seen_spend))
		ok = err_at(err, ERR_INPUT, (struct pos){ bill.path, 0, 0 },
		            "both the log and the bill must tell money");
	if (ok && strcmp(t->money[0].currency, other.money[0].currency))
		ok = err_at(err, ERR_INPUT, (struct pos){ bill.path, 0, 0 },
		            "the log and the bill are in different currencies");
	for (int i = 1; ok && i < other.nmoney; i++)
		import_note(t->m, "%.6g %s of the bill: another currency, not "
		            "added", other.money[i].spend,
		            other.money[i].currency);
	if (ok)
		reconcile(t, &other);
	tally_release(&other);
	import_free(m);
	return ok;
}

struct import *import_usage(const struct import_request *q, struct err *err)
{
	struct tally t;
	struct import *m = read_file(&t, q, err);
	bool ok = m != NULL;

	if (ok) {
		usage_figures(&t);
		if (t.seen_spend && m->clock)
			m->common.logged = t.spend;
		m->common.from = t.from;
		m->common.to = t.to;
		ok = usage_spend(&t)
			&& (!q->others.n || read_bill(&t, q, err));
	}
	tally_release(&t);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
