/*
 * One row an option.  RFC 4180, with text cells guarded against spreadsheets
 * that would take them for formulas (OWASP, CSV injection): an apostrophe goes
 * before = + - @, their full-width twins, TAB and CR.  Numbers stay numbers.
 */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
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

static void text_cell_of(struct buf *out, const char *s, bool last)
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
	buf_add(out, last ? "\"\r\n" : "\",");
	buf_release(&safe);
}

static void cell(struct buf *out, const char *s)
{
	text_cell_of(out, s, false);
}

static void number_cell(struct buf *out, double v)
{
	if (isfinite(v))
		text_exact(out, v);
	buf_addc(out, ',');
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
	cell(out, b.s);
	buf_release(&b);
}

static void figures(struct buf *out, const struct option_result *o)
{
	number_cell(out, o->objective.value);
	number_cell(out, o->objective.mean);
	number_cell(out, o->objective.se);
	number_cell(out, o->objective.p5);
	number_cell(out, o->objective.p50);
	number_cell(out, o->objective.p95);
	number_cell(out, o->cvar95);
	number_cell(out, o->expected_regret);
	number_cell(out, o->probability_best);
	number_cell(out, o->p_feasible);
}

static void row(struct buf *out, const struct evaluation *e,
                const struct tradeoff *t, int i)
{
	static const char *const status[] = {
		[OPTION_OK] = "ok", [OPTION_INFEASIBLE] = "infeasible",
		[OPTION_BARRED] = "barred",
	};
	const struct option_result *o = &t->option[i];

	cell(out, e->scenario);
	cell(out, t->model);
	cell(out, o->name);
	cell(out, o->title);
	cell(out, i == t->verdict.option ? "yes" : "no");
	cell(out, status[o->status]);
	cell(out, o->slo_met ? "yes" : "no");
	reasons_cell(out, o);
	cell(out, t->objective_name);
	cell(out, t->objective_unit);
	figures(out, o);
	cell(out, verdict_state_names[t->verdict.state]);
	cell(out, t->point ? "" : t->verdict.badge);
	buf_addf(out, "%llu,%lld,", (unsigned long long)e->engine.seed,
	         (long long)e->engine.samples);
	text_cell_of(out, e->digest, true);
}

void report_csv(struct buf *out, struct evaluation *const *e, int n)
{
	buf_add(out, header);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < e[i]->ntradeoffs; k++)
			for (int o = 0; o < e[i]->tradeoff[k].noptions; o++)
				row(out, e[i], &e[i]->tradeoff[k], o);
}
