/* From a tally to quantities with intervals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "evidence/tally.h"
#include "math/special.h"
#include "base/banned.h"

#define DAY 86400.0
#define Z90 1.6448536269514722          /* of a 90 % interval */

double ratio_half(double square, double n, double below)
{
	return student_t_quantile(0.95, n - 1) * sqrt(square * n / (n - 1))
		/ below;
}

void share_interval(double hits, double n, double *low, double *high)
{
	*low = hits <= 0 ? 0 : beta_inc_inv(hits, n - hits + 1, 0.05);
	*high = hits >= n ? 1 : beta_inc_inv(hits + 1, n - hits, 0.95);
}

/* --- days ----------------------------------------------------------------- */

/* The days that the log covers from midnight to midnight. */
static int full_days(const struct tally *t, int *first)
{
	double a = ceil(t->from / DAY - 1e-9), b = floor(t->to / DAY + 1e-9);

	*first = (int)(a - t->day0);
	if (*first < 0)
		*first = 0;
	b -= t->day0;
	b = b < t->ndays ? b : t->ndays;
	return b > *first ? (int)b - *first : 0;
}

struct spread { double mean, sd; int n; };

static struct spread spread_of(const double *v, int n)
{
	struct spread s = { .n = n };

	for (int i = 0; i < n; i++)
		s.mean += v[i] / n;
	for (int i = 0; i < n; i++)
		s.sd += (v[i] - s.mean) * (v[i] - s.mean);
	s.sd = n > 1 ? sqrt(s.sd / (n - 1)) : 0;
	if (s.sd < 1e-9 * fabs(s.mean))         /* of rounding the mean */
		s.sd = 0;
	return s;
}

static void mean_interval(struct tally *t, struct measure *x,
                          const struct spread *s, double scale)
{
	double half = s->n > 1 ? student_t_quantile(0.95, s->n - 1) * s->sd
	                         / sqrt(s->n) : 0;
	double low = (s->mean - half) * scale;

	measure_interval(t->m, x, s->mean * scale,
	                 low > 0 ? low : s->mean * scale / 20,
	                 (s->mean + half) * scale);
}

/* What was asked for: an attempt that failed was sent again, and counts with
 * the one that did not.  Models multiply by 1 + retry_rate. */
static double asked_for(double attempts, double failed)
{
	return fmax(0, attempts - failed);
}

static double asked_on(const struct tally *t, int day)
{
	return asked_for(t->day[day].requests, t->day[day].failed);
}

/* Entries in n equal parts of the log, from its bins of a second. */
static int parts_of(const struct tally *t, int n, double *v)
{
	double width = (t->to - t->from) / n;

	memset(v, 0, (size_t)n * sizeof *v);
	if (!t->bin || width < 1)
		return 0;
	for (int i = 0; i < t->nbins; i++) {
		double at = (t->base + i + 0.5 - t->from) / width;

		if (t->bin[i] && at > -1 && at < n)
			v[at < 0 ? 0 : (int)at] += t->bin[i];
	}
	return n;
}

static void requests_by_days(struct tally *t, int first, int n)
{
	struct measure *x = import_measure(t->m, "requests_per_day",
	                                   "request/day", n);
	double *v = xcalloc((size_t)n, sizeof *v);
	struct spread s;

	for (int i = 0; i < n; i++)
		v[i] = asked_on(t, first + i);
	s = spread_of(v, n);
	mean_interval(t, x, &s, 1);
	x->note = arena_printf(t->m->arena, "n whole days; sd between days "
	                       "%.3g", s.sd);
	free(v);
}

static void requests_by_rate(struct tally *t)
{
	double asked = asked_for(t->requests, t->failed);
	struct measure *x = import_measure(t->m, "requests_per_day",
	                                   "request/day", asked);
	double span = t->to - t->from, v[20];
	struct spread s = { .mean = asked / span, .n = 1 };
	int n = parts_of(t, 20, v);

	if (n) {
		s = spread_of(v, n);
		s.sd *= asked / t->requests;
		s.mean = asked / n;
		mean_interval(t, x, &s, n / span * DAY);
	} else {
		measure_point(t->m, x, s.mean * DAY);
	}
	x->note = arena_printf(t->m->arena, "carried on from %.3g hours: the "
	                       "rhythm of day and week is not in it",
	                       span / 3600);
}

static void requests_figure(struct tally *t)
{
	int first, n = full_days(t, &first);

	if (!t->seen_requests || t->requests <= t->failed || t->to <= t->from)
		return;
	if (n >= 2 && t->longest <= DAY * 1.01)
		requests_by_days(t, first, n);
	else
		requests_by_rate(t);
}

/* --- growth and the week -------------------------------------------------- */

static void weekday_shares(struct tally *t, int first, int n)
{
	static const struct fact_column columns[] = {
		{ "weekday", true, 0 }, { "share", false, 3 },
		{ "requests_per_day", false, 4 },
	};
	static const char *const names[] = { "Thursday", "Friday", "Saturday",
		"Sunday", "Monday", "Tuesday", "Wednesday" };
	double sum[7] = { 0 }, days[7] = { 0 }, all = 0;
	struct fact_table *f;

	for (int i = 0; i < n; i++) {
		int w = (int)fmod(t->day0 + first + i, 7);

		sum[w] += asked_on(t, first + i);
		days[w]++;
	}
	for (int w = 0; w < 7; w++)
		all += days[w] ? sum[w] / days[w] : 0;
	f = import_fact(t->m, "week", "The week", columns, 3);
	for (int k = 0; k < 7; k++) {
		int w = (k + 4) % 7;            /* from Monday */
		struct fact_cell *c = fact_row(f);

		c[0].text = names[w];
		c[2].number = days[w] ? sum[w] / days[w] : NAN;
		c[1].number = c[2].number / all;
	}
}

/* A straight line through the logarithms of weeks' totals: weekdays cancel. */
static void growth_figure(struct tally *t, int first, int n)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, slope, rest, se, q;
	int weeks = n / 7;
	struct measure *x;

	if (weeks < 4)
		return;
	for (int w = 0; w < weeks; w++) {
		double total = 0, y;

		for (int i = 0; i < 7; i++)
			total += asked_on(t, first + n - 7 * (weeks - w) + i);
		if (total <= 0)
			return;
		y = log(total);
		sx += w;
		sy += y;
		sxx += (double)w * w;
		sxy += w * y;
		syy += y * y;
	}
	sxx -= sx * sx / weeks;
	slope = (sxy - sx * sy / weeks) / sxx;
	rest = fmax(0, syy - sy * sy / weeks - slope * slope * sxx);
	se = sqrt(rest / (weeks - 2) / sxx);
	q = student_t_quantile(0.95, weeks - 2);
	x = import_measure(t->m, "volume_growth", "1/year", weeks);
	measure_interval(t->m, x, expm1(slope * 365 / 7),
	                 expm1((slope - q * se) * 365 / 7),
	                 expm1((slope + q * se) * 365 / 7));
	x->note = "of whole weeks; a trend of the past, not a plan";
}

static void rhythm_figures(struct tally *t)
{
	int first, n = full_days(t, &first);

	if (!t->seen_requests || t->longest > DAY * 1.01)
		return;
	if (n >= 7)
		weekday_shares(t, first, n);
	growth_figure(t, first, n);
}

/* --- peaks ---------------------------------------------------------------- */

struct windows { int n; double most, mean, variance; };

/* Whole windows of w seconds from the first entry on; bin 0 lies a day before
 * it, which every window here divides. */
static struct windows windows_of(const struct tally *t, int w, int from_bin,
                                 int to_bin)
{
	struct windows r = { 0 };
	double sum = 0, square = 0;

	for (int i = from_bin; i + w <= to_bin; i += w) {
		double c = 0;

		for (int k = 0; k < w; k++)
			c += i + k < t->nbins ? t->bin[i + k] : 0;
		sum += c;
		square += c * c;
		r.most = c > r.most ? c : r.most;
		r.n++;
	}
	if (r.n > 0)
		r.mean = sum / r.n;
	if (r.n > 1)
		r.variance = (square - sum * sum / r.n) / (r.n - 1);
	return r;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One peak a day where there are days, else the peak there was. */
static void peak_measure(struct tally *t, int w, int from, int to)
{
	struct windows all = windows_of(t, w, from, to);
	int days = (to - from) / 86400;
	double *v = xcalloc((size_t)days + 1, sizeof *v), c = all.most;
	struct measure *x = import_measure(t->m, "peak_to_mean", "1",
	                                   days >= 2 ? days : all.n);
	int n = 0;

	for (int d = 0; d < days; d++) {
		struct windows one = windows_of(t, w, from + d * 86400,
		                                from + (d + 1) * 86400);

		if (one.mean > 0)
			v[n++] = one.most / one.mean;
	}
	qsort(v, (size_t)n, sizeof *v, by_value);
	if (n >= 5)
		measure_interval(t->m, x, v[n / 2], v[n / 20],
		                 v[n - 1 - n / 20]);
	else
		measure_interval(t->m, x, c / all.mean,
		                 fmax(1 + (c / all.mean - 1) / 20,
		                      (c - Z90 * sqrt(c)) / all.mean),
		                 (c + Z90 * sqrt(c)) / all.mean);
	x->window = arena_printf(t->m->arena, "windows of %d s", w);
	x->note = n >= 5 ? "busiest window of a day against the day's mean"
		: "one peak seen; a longer log has higher ones";
	free(v);
}

/* By twenty parts of the log, each with its own ratio. */
static void burst_interval(struct tally *t, struct measure *x, double ratio,
                           int from, int to)
{
	double v[20], half;
	int step = (to - from) / 20, n = 0;
	struct spread s;

	for (int k = 0; k < 20 && step >= 30; k++) {
		struct windows w = windows_of(t, 1, from + k * step,
		                              from + (k + 1) * step);

		if (w.mean > 0)
			v[n++] = w.variance / w.mean;
	}
	s = spread_of(v, n);
	half = n > 1 ? student_t_quantile(0.95, n - 1) * s.sd / sqrt(n) : 0;
	measure_interval(t->m, x, ratio, fmax(ratio - half, ratio / 20),
	                 ratio + half);
}

static void peak_figures(struct tally *t)
{
	static const struct fact_column columns[] = {
		{ "window_s", false, 6 }, { "windows", false, 6 },
		{ "peak_to_mean", false, 4 }, { "variance_to_mean", false, 4 },
	};
	static const int widths[] = { 1, 10, 60, 300, 600, 3600 };
	int from = 86400, to = (int)(t->to - t->base) + 1, chosen = 0;
	struct fact_table *f;

	if (!t->bin)
		return;
	f = import_fact(t->m, "peaks", "Peaks and bursts, by window", columns,
	                4);
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		int w = widths[i];
		struct windows r = windows_of(t, w, from, to);
		struct fact_cell *c;

		if (r.n < 2 || r.mean <= 0)
			continue;
		c = fact_row(f);
		c[0].number = w;
		c[1].number = r.n;
		c[2].number = r.most / r.mean;
		c[3].number = r.variance / r.mean;
		if (r.n >= 5 && w <= 600)
			chosen = w;
	}
	if (!chosen)
		return;
	peak_measure(t, chosen, from, to);
	if (t->bin) {
		struct windows r = windows_of(t, 1, from, to);
		struct measure *x = import_measure(t->m, "burstiness", "1",
		                                   r.n);

		burst_interval(t, x, r.variance / r.mean, from, to);
		x->window = "windows of 1 s";
		x->note = "variance to mean of arrivals; 1 is Poisson";
	}
}

/* --- tokens --------------------------------------------------------------- */

static void lengths_figures(struct tally *t, const struct lengths *l,
                            const char *name)
{
	double mean = l->sum / l->n, ks;
	double sd = sqrt(fmax(0, l->square / l->n - mean * mean));
	double half = Z90 * sd / sqrt(l->n);
	struct measure *x;

	if (l->n < 1)
		return;
	x = import_measure(t->m, name, "token/request", l->n);
	measure_interval(t->m, x, mean, mean - half, mean + half);
	x->note = arena_printf(t->m->arena, "the mean; sd of one request %.5g, "
	                       "most %.6g", sd, l->most);
	x = import_measure(t->m, arena_printf(t->m->arena, "%s_each", name),
	                   "token/request", l->n);
	x->mean = mean;
	x->low = lengths_quantile(l, 0.05);
	x->high = lengths_quantile(l, 0.95);
	measure_interval(t->m, x, lengths_quantile(l, 0.5), x->low, x->high);
	x->mean = lengths_quantile(l, 0.5);
	ks = lengths_lognormal_ks(l);
	if (!isnan(ks)) {
		double mu = l->log_sum / l->log_n;

		x->fit = arena_printf(t->m->arena, "lognormal: mu %.4g, sigma "
			"%.4g, Kolmogorov-Smirnov distance %.3g%s", mu,
			sqrt(l->log_square / l->log_n - mu * mu), ks,
			ks > 0.05 ? " (poor: the quantiles stand instead)"
			: "");
	}
	x->note = "one request: P5, median, P95";
}

/* A ratio of sums over days, with the interval of its linearisation. */
static void ratio_figure(struct tally *t, const char *name, const char *unit,
                         size_t over, double numerator, double denominator)
{
	double r = numerator / denominator, square = 0;
	int n = 0;
	struct measure *x;

	if (!(denominator > 0) || !(numerator > 0))
		return;
	for (int i = 0; i < t->ndays; i++) {
		const char *d = (const char *)&t->day[i];
		double e = *(const double *)(d + over)
			- r * t->day[i].requests;

		n += t->day[i].requests > 0;
		square += e * e;
	}
	x = import_measure(t->m, name, unit, denominator);
	if (n >= 3) {
		double half = student_t_quantile(0.95, n - 1)
			* sqrt(square * n / (n - 1)) / denominator;

		measure_interval(t->m, x, r, fmax(r - half, r / 20), r + half);
	} else {
		measure_point(t->m, x, r);
	}
	x->note = "the mean; from sums over days";
}

static void token_figures(struct tally *t)
{
	double n = t->pairs, cov, vi, vo;
	struct measure *x;

	if (t->rollup) {
		ratio_figure(t, "input_tok", "token/request",
		             offsetof(struct day, input), t->input,
		             t->input_requests);
		ratio_figure(t, "output_tok", "token/request",
		             offsetof(struct day, output), t->output,
		             t->input_requests);
		return;
	}
	lengths_figures(t, &t->in, "input_tok");
	lengths_figures(t, &t->out, "output_tok");
	if (n < 3)
		return;
	cov = t->cross / n - t->pair_in / n * (t->pair_out / n);
	vi = t->in_square / n - t->pair_in / n * (t->pair_in / n);
	vo = t->out_square / n - t->pair_out / n * (t->pair_out / n);
	if (!(vi > 0 && vo > 0))
		return;
	x = import_measure(t->m, "input_output_correlation", "1", n);
	measure_interval(t->m, x, cov / sqrt(vi * vo),
	                 tanh(atanh(cov / sqrt(vi * vo)) - Z90 / sqrt(n - 3)),
	                 tanh(atanh(cov / sqrt(vi * vo)) + Z90 / sqrt(n - 3)));
	x->note = "Pearson's, of one request's tokens in and out";
}

static void cached_figure(struct tally *t)
{
	double r, square, n = (double)t->m->rows, half;
	struct measure *x;

	if (t->prefix_n > 0) {
		x = import_measure(t->m, "cached_input_fraction", "1", n);
		measure_point(t->m, x, t->prefix_sum / t->prefix_n);
		x->note = "prefix blocks seen before, with an endless cache";
		return;
	}
	if (!t->seen_cached || t->cached_in <= 0)
		return;
	r = t->cached_sum / t->cached_in;
	square = t->cached_square - 2 * r * t->cached_cross
		+ r * r * t->cached_in_square;
	half = n > 1 ? Z90 * sqrt(fmax(0, square)) / t->cached_in : 0;
	x = import_measure(t->m, "cached_input_fraction", "1", n);
	measure_within(t->m, x, r, half);
	x->note = "cached tokens are within the input tokens";
}

/* Attempts beyond the first for each request: the odds of failure. */
static void retry_figure(struct tally *t)
{
	double n = t->requests, k = t->failed, low, high;
	struct measure *x;

	if (k >= n) {
		import_note(t->m, "every attempt failed: no request was "
		            "answered, and none is counted");
		return;
	}
	share_interval(k, n, &low, &high);
	x = measure_share(t->m, "retry_rate", k, n);
	if (k > 0)
		measure_interval(t->m, x, k / (n - k), low / (1 - low),
		                 high / (1 - high));
	else
		x->high = high / (1 - high);
	x->note = arena_printf(t->m->arena, "attempts sent again for a request:"
	                       " %.6g of %.6g failed, %.6g did not", k, n,
	                       n - k);
}

static void other_figures(struct tally *t)
{
	struct measure *x;

	if (t->seen_failed && t->requests > 0)
		retry_figure(t);
	if (t->ttft_n > 0) {
		x = import_measure(t->m, "ttft", "s", t->ttft_n);
		measure_interval(t->m, x,
		                 bins_quantile(t->ttft_bin, 1e-3, t->ttft_n,
		                               0.5),
		                 bins_quantile(t->ttft_bin, 1e-3, t->ttft_n,
		                               0.05),
		                 bins_quantile(t->ttft_bin, 1e-3, t->ttft_n,
		                               0.95));
		x->note = arena_printf(t->m->arena, "time to the first token: "
			"P5, median, P95; mean %.4g s",
			t->ttft_sum / t->ttft_n);
	}
	if (t->seen_spend && t->requests > 0 && t->nmoney == 1
	    && strcmp(t->money[0].currency, "USD") == 0)
		ratio_figure(t, "cost_per_request", "USD/request",
		             offsetof(struct day, spend), t->spend,
		             t->requests);
}

/* --- what to know --------------------------------------------------------- */

static void notes(struct tally *t)
{
	struct import *m = t->m;
	int idle = 0;

	if (t->backwards)
		import_note(m, "the clock goes backwards %ld times: entries "
		            "are not in order", t->backwards);
	if (t->zoned && t->unzoned && m->clock)
		import_note(m, "%ld times name their zone and %ld do not: those "
		            "without were taken as UTC", t->zoned, t->unzoned);
	for (int i = 0; i < t->ndays; i++)
		idle += t->day[i].requests + t->day[i].spend == 0;
	if (2 * idle > t->ndays && idle < t->ndays)
		import_note(m, "%d of %d days have no entry: is a time wrong?",
		            idle, t->ndays);
	if (t->twins)
		import_note(m, "%ld rows say the same as one before; they have "
		            "no id and were added: is the file doubled?",
		            t->twins);
	if (t->bins_full)
		import_note(m, "more than %d days: peaks and bursts were not "
		            "counted", SECONDS_MOST / 86400);
	if (t->late)
		import_note(m, "%ld entries lie more than a day before the "
		            "first one: not in the peaks", t->late);
	if (!m->clock)
		import_note(m, "times count from the log's start: no calendar, "
		            "no weekdays");
	for (int i = 0; t->nmoney > 1 && i < t->nmoney; i++)
		import_note(m, "%.6g %s%s", t->money[i].spend,
		            t->money[i].currency, i ? ": another currency, "
		            "not added" : ": the money told below");
	if (t->tokens_bought > 0 || t->tokens_used > 0)
		import_note(m, "tokens as a virtual currency: %.6g bought, %.6g "
		            "used", t->tokens_bought, t->tokens_used);
	if (t->purchases > 0)
		import_note(m, "purchases of %.6g %s are money ahead of use: "
		            "beside the spend, not in it", t->purchases,
		            t->nmoney ? t->money[0].currency : "");
}

void usage_figures(struct tally *t)
{
	t->m->from = t->from;
	t->m->to = t->to;
	t->m->clock = t->from > 3e8;            /* later than 1979 */
	tally_close(t);
	requests_figure(t);
	token_figures(t);
	cached_figure(t);
	peak_figures(t);
	other_figures(t);
	if (t->m->clock)
		rhythm_figures(t);
	notes(t);
}
