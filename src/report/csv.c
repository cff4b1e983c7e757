/* One row an option.  RFC 4180, with text cells guarded against spreadsheets
 * that would take them for formulas. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "report/report.h"

#include "base/banned.h"

static void text_cell(struct buf *out, const char *s, bool last)
{
	s = s ? s : "";
	buf_addc(out, '"');
	if (*s && strchr("=+-@\t\r", *s))
		buf_addc(out, '\'');
	for (; *s; s++) {
		if (*s == '"')
			buf_addc(out, '"');
		buf_addc(out, *s);
	}
	buf_add(out, last ? "\"\r\n" : "\",");
}

static void number_cell(struct buf *out, double v)
{
	if (isfinite(v))
		num_exact(out, v);
	buf_addc(out, ',');
}

static const char *const header =
	"scenario,model,option,title,recommended,status,objective,unit,value,"
	"mean,se,p5,p50,p95,cvar95,expected_regret,probability_best,p_feasible,"
	"verdict,badge,digest\r\n";

static void row(struct buf *out, const struct evaluation *e,
                const struct tradeoff *t, int i)
{
	static const char *const status[] = { "ok", "infeasible", "barred" };
	const struct option_result *o = &t->option[i];

	text_cell(out, e->scenario, false);
	text_cell(out, t->model, false);
	text_cell(out, o->name, false);
	text_cell(out, o->title, false);
	text_cell(out, i == t->verdict.option ? "yes" : "no", false);
	text_cell(out, status[o->status], false);
	text_cell(out, t->objective_name, false);
	text_cell(out, t->objective_unit, false);
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
	text_cell(out, verdict_state_names[t->verdict.state], false);
	text_cell(out, t->point ? "" : t->verdict.badge, false);
	text_cell(out, e->digest, true);
}

void report_csv(struct buf *out, struct evaluation *const *e, int n)
{
	buf_add(out, header);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < e[i]->ntradeoffs; k++)
			for (int o = 0; o < e[i]->tradeoff[k].noptions; o++)
				row(out, e[i], &e[i]->tradeoff[k], o);
}
