/*
 * Forecasts against what was measured.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/utf8.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/text.h"
#include "result/calibration.h"

#include "base/banned.h"

/* --- text --------------------------------------------------------------- */

static void safe(struct buf *out, const char *s)
{
	utf8_safe(out, s ? s : "", false);
}

static void percent(struct buf *out, double p)
{
	buf_addf(out, "%.0f %%", 100 * p);
}

/* "reality was 1.3 times the median (se 0.1)" */
static void add_bias(struct buf *out, const struct calibration_group *g)
{
	if (!isfinite(g->bias))
		return;
	buf_add(out, "; what came was ");
	num_human(out, exp(g->bias), 2);
	buf_add(out, " times the median");
	if (!isfinite(g->bias_se))
		return;
	buf_add(out, " (90 %: ");
	num_human(out, exp(g->bias - 1.645 * g->bias_se), 2);
	buf_add(out, " to ");
	num_human(out, exp(g->bias + 1.645 * g->bias_se), 2);
	buf_addc(out, ')');
}

static void add_factor(struct buf *out, const struct calibration_group *g)
{
	if (!isfinite(g->factor)) {
		if (g->n)
			buf_addf(out, "; too few to say how wide ranges "
			         "should be (%d of %d)", g->n,
			         CALIBRATION_LEAST);
		return;
	}
	buf_add(out, "; ranges ");
	num_human(out, g->factor, 2);
	buf_add(out, " times as wide would have fitted (90 %: ");
	num_human(out, g->factor_low, 2);
	buf_add(out, " to ");
	num_human(out, g->factor_high, 2);
	buf_addc(out, ')');
}

static void group_line(struct buf *out, const struct text_style *st,
                       const struct calibration_group *g)
{
	struct buf b = BUF_INIT;

	buf_add(&b, g->by);
	if (*g->name) {
		buf_addc(&b, ' ');
		safe(&b, g->name);
	}
	buf_add(&b, ": ");
	if (g->n) {
		buf_addf(&b, "%d of %d inside the 90 %% interval (", g->inside,
		         g->n);
		percent(&b, g->coverage);
		buf_add(&b, ", 90 %: ");
		percent(&b, g->low);
		buf_add(&b, " to ");
		percent(&b, g->high);
		buf_addf(&b, "), %d above the median", g->above);
	} else {
		buf_add(&b, "no ranges");
	}
	add_bias(&b, g);
	add_factor(&b, g);
	if (g->fixed)
		buf_addf(&b, "; %d without a range", g->fixed);
	text_wrap(out, st, 2, 2, b.s);
	buf_release(&b);
}

static void add_judgement(struct buf *b, const struct forecast *f)
{
	if (f->fixed) {
		buf_add(b, " (one value, no range); off by ");
		num_human(b, f->crps, 3);
		return;
	}
	buf_add(b, f->inside ? "; inside" : "; outside");
	buf_addf(b, ", position %.2f, CRPS ", f->pit);
	num_human(b, f->crps, 3);
}

static void forecast_line(struct buf *out, const struct text_style *st,
                          const struct forecast *f)
{
	struct buf b = BUF_INIT;

	if (f->model) {
		safe(&b, f->model);
		buf_addc(&b, '.');
	}
	safe(&b, f->name);
	buf_add(&b, ", ");
	safe(&b, f->to);
	buf_add(&b, ": ");
	num_human(&b, f->actual, 3);
	buf_addc(&b, ' ');
	safe(&b, f->unit);
	buf_addf(&b, "; r%d by ", f->revision);
	safe(&b, f->estimator);
	if (f->why) {
		buf_add(&b, ": no forecast, ");
		safe(&b, f->why);
	} else {
		buf_add(&b, " said ");
		if (!f->fixed) {
			text_interval(&b, f->p5, f->p95);
			buf_add(&b, ", median ");
		}
		num_human(&b, f->p50, 3);
		add_judgement(&b, f);
	}
	text_wrap(out, st, 2, 2, b.s);
	buf_release(&b);
}

void report_calibration_text(struct buf *out, const struct calibration *c,
                             const struct text_style *st)
{
	const char *scenario = "";

	if (!c->n) {
		buf_add(out, "No measurement has a forecast that was saved before "
		        "its period ended: `steelyard actual` records what was "
		        "measured.\n");
		return;
	}
	for (int i = 0; i < c->ngroups; i++)
		group_line(out, st, &c->group[i]);
	for (int i = 0; i < c->n; i++) {
		const struct forecast *f = &c->forecast[i];

		if (!f->counted && !f->why)
			continue;
		if (strcmp(f->scenario, scenario)) {
			buf_addc(out, '\n');
			safe(out, f->scenario);
			buf_addc(out, '\n');
		}
		scenario = f->scenario;
		forecast_line(out, st, f);
	}
}

/* --- JSON and CSV --------------------------------------------------------- */

static void put_forecast(json_t *o, const struct forecast *f)
{
	char at[21];

	clock_format(f->at, at);
	PUT(o, *f, scenario, model, name);
	put_text(o, "kind", f->output ? "output" : "parameter");
	PUT(o, *f, unit, estimator, revision, evaluation);
	put_text(o, "made", at);
	PUT(o, *f, from, to, actual, p5, p50, p95, fixed, pit);
	if (f->why)
		put_text(o, "inside", NULL);
	else
		put_flag(o, "inside", f->inside);
	PUT(o, *f, crps, log_error, counted);
	put_text(o, "no_forecast", f->why);
}

static void put_group(json_t *o, const struct calibration_group *g)
{
	put_text(o, "by", g->by);
	put_text(o, "name", *g->name ? g->name : NULL);
	PUT(o, *g, n, fixed, inside);
	put_int(o, "above_median", g->above);
	put_num(o, "coverage", g->coverage);
	put_num(o, "coverage_low", g->low);
	put_num(o, "coverage_high", g->high);
	put_num(o, "mean_pit", g->mean_pit);
	put_num(o, "relative_crps", g->crps_ratio);
	PUT(o, *g, bias, bias_se);
	put_num(o, "widen", g->factor);
	put_num(o, "widen_low", g->factor_low);
	put_num(o, "widen_high", g->factor_high);
}

void report_calibration_json(struct buf *out, const struct calibration *c)
{
	json_t *doc = json_object(), *list;

	put_text(doc, "schema", "steelyard.calibration/1");
	put_flag(doc, "ok", true);
	list = put_list(doc, "groups");
	for (int i = 0; i < c->ngroups; i++)
		put_group(put_item(list), &c->group[i]);
	list = put_list(doc, "forecasts");
	for (int i = 0; i < c->n; i++)
		put_forecast(put_item(list), &c->forecast[i]);
	put_write(out, doc);
}

void report_calibration_csv(struct buf *out, const struct calibration *c)
{
	buf_add(out, "scenario,model,name,unit,estimator,revision,made,from,to,"
	        "actual,p5,p50,p95,pit,inside,crps,log_error,counted\r\n");
	for (int i = 0; i < c->n; i++) {
		const struct forecast *f = &c->forecast[i];
		char at[21];

		clock_format(f->at, at);
		CSV(out, *f, scenario, model, name, unit, estimator, revision);
		csv_text(out, at);
		CSV(out, *f, from, to, actual, p5, p50, p95, pit);
		csv_number(out, f->why ? NAN : f->inside);
		CSV(out, *f, crps, log_error, counted);
		csv_end(out);
	}
}
