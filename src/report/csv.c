/*
 * One row an option.  RFC 4180, with text cells guarded against spreadsheets
 * that would take them for formulas (OWASP, CSV injection): an apostrophe goes
 * before = + - @, their full-width twins, TAB and CR.  Numbers stay numbers.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/csv.h"
#include "report/text.h"

#include "base/banned.h"

static bool is_formula(const char *s)
{
	static const char *const wide[] = {     /* U+FF1D FF0B FF0D FF20 */
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
	};

	if (*s && strchr("=+-@\t\r", *s))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(s, wide[i], 3) == 0)
			return true;
	return false;
}

void csv_text(struct buf *out, const char *s)
{
	struct buf safe = BUF_INIT;

	s = s ? s : "";
	utf8_safe(&safe, s, true);
	buf_addc(out, '"');
	if (is_formula(s))
		buf_addc(out, '\'');
	for (const char *c = safe.s; *c; c++) {
		if (*c == '"')
			buf_addc(out, '"');
		buf_addc(out, *c);
	}
	buf_add(out, "\",");
	buf_release(&safe);
}

void csv_number(struct buf *out, double v)
{
	if (isfinite(v))
		num_plain(out, v);
	buf_addc(out, ',');
}

void csv_end(struct buf *out)
{
	out->s[out->len - 1] = '\r';
	buf_addc(out, '\n');
}

static const char header[] =
	"scenario,model,option,title,recommended,status,slo_met,reasons,"
	"objective,unit,value,mean,se,p5,p50,p95,cvar95,expected_regret,"
	"probability_best,p_feasible,verdict,badge,seed,samples,digest\r\n";

static void reasons_cell(struct buf *out, const struct option_result *o)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < o->nreasons; i++)
		buf_addf(&b, "%s%s", i ? " " : "", o->reason[i]);
	csv_text(out, b.s);
	buf_release(&b);
}

static void figures(struct buf *out, const struct option_result *o)
{
	CSV(out, o->objective, value, mean, se, p5, p50, p95);
	CSV(out, *o, cvar95, expected_regret, probability_best, p_feasible);
}

static void row(struct buf *out, const struct evaluation *e,
                const struct tradeoff *t, int i)
{
	const struct option_result *o = &t->option[i];

	csv_text(out, e->scenario);
	csv_text(out, t->model);
	CSV(out, *o, name, title);
	csv_text(out, i == t->verdict.option ? "yes" : "no");
	csv_text(out, option_status_names[o->status]);
	csv_text(out, o->slo_met ? "yes" : "no");
	reasons_cell(out, o);
	CSV(out, *t, objective_name, objective_unit);
	figures(out, o);
	csv_text(out, verdict_state_names[t->verdict.state]);
	csv_text(out, t->point ? "" : t->verdict.badge);
	buf_addf(out, "%llu,%lld,", (unsigned long long)e->engine.seed,
	         (long long)e->engine.samples);
	csv_text(out, e->digest);
	csv_end(out);
}

void report_csv(struct buf *out, struct evaluation *const *e, int n)
{
	buf_add(out, header);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < e[i]->ntradeoffs; k++)
			for (int o = 0; o < e[i]->tradeoff[k].noptions; o++)
				row(out, e[i], &e[i]->tradeoff[k], o);
}

/* --- break-evens ------------------------------------------------------ */

static void crossing_row(struct buf *out, const struct tradeoff *t,
                         const struct break_even *b, const struct crossing *c)
{
	const int option[4] = { b->between[0], b->between[1],
	                        c ? c->below : -1, c ? c->above : -1 };

	CSV(out, *b, parameter, unit);
	csv_text(out, b->pair ? "pair" : "all");
	for (int i = 0; i < 2; i++)
		csv_text(out, option[i] < 0 ? "" : t->option[option[i]].name);
	csv_text(out, break_even_state_names[b->state]);
	csv_number(out, c ? c->at : NAN);
	csv_text(out, c ? crossing_kind_names[c->kind] : "");
	for (int i = 2; i < 4; i++)
		csv_text(out, option[i] < 0 ? "" : t->option[option[i]].name);
	CSV(out, *b, p5, p50, p95, p_never, p_always, p_beyond);
	csv_end(out);
}

void report_break_even_csv(struct buf *out, const struct evaluation *e)
{
	const struct tradeoff *t = &e->tradeoff[0];

	buf_add(out, "parameter,unit,among,first,second,state,at,kind,below,"
	        "above,p5,p50,p95,p_never,p_always,p_beyond\r\n");
	for (int i = 0; i < t->nbreak_even; i++) {
		const struct break_even *b = &t->break_even[i];

		for (int k = 0; k < b->ncrossings; k++)
			crossing_row(out, t, b, &b->crossing[k]);
		if (b->ncrossings == 0)
			crossing_row(out, t, b, NULL);
	}
}

/* --- what moves the advice ---------------------------------------------- */

static const char driver_header[] =
	"scenario,model,parameter,title,unit,low,high,flips,low_best,"
	"high_best,low_infeasible,high_infeasible,swing_low,swing_high,"
	"mean_low,mean_low_se,mean_high,mean_high_se,first_order,"
	"first_order_se,total,total_se,shapley,shapley_se,prcc,prcc_se,seed,"
	"samples,digest\r\n";

static void option_cell(struct buf *out, const struct tradeoff *t, int o)
{
	csv_text(out, o < 0 ? "" : t->option[o].name);
}

static void driver_row(struct buf *out, const struct evaluation *e,
                       const struct tradeoff *t, const struct sensitivity *s)
{
	const double v[] = {
		s->swing_low, s->swing_high, s->mean_low, s->mean_low_se,
		s->mean_high, s->mean_high_se, s->first_order,
		s->first_order_se, s->total, s->total_se, s->shapley,
		s->shapley_se, s->prcc, s->prcc_se,
	};

	csv_text(out, e->scenario);
	csv_text(out, t->model);
	CSV(out, *s, parameter, title, unit, low_text, high_text);
	csv_text(out, s->flips ? "yes" : "no");
	option_cell(out, t, s->low_best);
	option_cell(out, t, s->high_best);
	option_cell(out, t, s->low_missing);
	option_cell(out, t, s->high_missing);
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		csv_number(out, v[i]);
	buf_addf(out, "%llu,%lld,", (unsigned long long)e->engine.seed,
	         (long long)e->engine.samples);
	csv_text(out, e->digest);
	csv_end(out);
}

void report_sensitivity_csv(struct buf *out, const struct evaluation *e)
{
	const struct tradeoff *t = &e->tradeoff[0];

	buf_add(out, driver_header);
	for (int i = 0; i < t->nsensitivity; i++)
		driver_row(out, e, t, &t->sensitivity[i]);
}
