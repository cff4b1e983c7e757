#include "chart/axis.h"

#include <math.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/banned.h"

static void add_tick(struct axis *a, double v, int most)
{
	double slack = 1e-9 * fabs(a->high - a->low);

	if (a->nticks < most && v >= a->low - slack && v <= a->high + slack)
		a->tick[a->nticks++] = v;
}

/* Decades thinned to every 1st, 2nd, 3rd ... so that at most `most` remain;
 * where there is room for more, 1-2-5 within each. */
static void log_ticks(struct axis *a, int most)
{
	static const double step[3] = { 1, 2, 5 };
	int first = (int)floor(log10(a->low) + 1e-9);
	int last = (int)floor(log10(a->high) + 1e-9);
	int decades = last - first + 1, every = 1;
	bool fine = (log10(a->high) - log10(a->low)) * 3 + 1 <= most;

	while (decades / every > most)
		every++;
	for (int e = first; e <= last; e += every)
		for (int i = 0; i < (fine ? 3 : 1); i++)
			add_tick(a, step[i] * pow(10, e), most);
}

static double round_step(double raw)
{
	double unit = pow(10, floor(log10(raw))), r = raw / unit;

	return unit * (r <= 1.0001 ? 1 : r <= 2.0001 ? 2 : r <= 5.0001 ? 5
	                                                            : 10);
}

static void linear_ticks(struct axis *a, int most)
{
	double step = round_step((a->high - a->low) / (most > 1 ? most : 1));
	double first = ceil(a->low / step - 1e-9);

	for (int i = 0; i < most; i++)
		add_tick(a, (first + i) * step, most);
}

void axis_fit(struct axis *a, double low, double high, bool log, int most)
{
	if (most > AXIS_TICKS)
		most = AXIS_TICKS;
	/* what differs by less would only show its noise, and no label could
	 * tell it apart */
	if (!(high - low > 1e-3 * fmax(fabs(low), fabs(high)))) {
		double pad = fmax(fabs(low), fabs(high)) * 0.1;

		high = pad > 0 ? high + pad : 1;
		low -= pad;
	}
	*a = (struct axis){ .low = low, .high = high, .log = log && low > 0 };
	if (most < 1)
		return;
	if (a->log)
		log_ticks(a, most);
	if (a->nticks < 2) {    /* less than a decade: round numbers serve */
		a->nticks = 0;
		linear_ticks(a, most);
	}
}

double axis_at(const struct axis *a, double v)
{
	if (!isfinite(v) || (a->log && !(v > 0)))
		return NAN;
	if (a->log)
		return (log(v) - log(a->low)) / (log(a->high) - log(a->low));
	return (v - a->low) / (a->high - a->low);
}

double axis_value(const struct axis *a, double t)
{
	if (a->log)
		return exp(log(a->low) + t * (log(a->high) - log(a->low)));
	return a->low + t * (a->high - a->low);
}

/* A tick is round: zero must not come out as 1e-17, two or three digits say
 * all there is, and "1k" is shorter than "1000". */
void axis_label(struct buf *out, const struct axis *a, double tick)
{
	static const struct { double unit; char sign; } scale[] = {
		{ 1e12, 'T' }, { 1e9, 'G' }, { 1e6, 'M' }, { 1e3, 'k' },
	};

	if (fabs(tick) < 1e-9 * fabs(a->high - a->low))
		tick = 0;
	for (int i = 0; i < 4; i++)
		if (fabs(tick) >= 0.9999999 * scale[i].unit) {
			buf_addf(out, "%.3g%c", tick / scale[i].unit,
			         scale[i].sign);
			return;
		}
	num_human(out, tick, 3);
}
