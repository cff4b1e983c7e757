/*
 * compare and diff: two states of a scenario.
 */
#include "cli/command.h"

static bool run(struct run *r, bool shares)
{
	const char *now = r->nargs > 1 ? r->arg[1] : "today";
	struct comparison *c = task_compare(&r->context, r->arg[0], now,
	                                    shares, &r->err);
	const struct text_style style = run_style(r);

	if (!c)
		return false;
	if (r->opt.json)
		report_compare_json(&r->out, c);
	else if (r->opt.markdown)
		report_compare_markdown(&r->out, c);
	else
		report_compare_text(&r->out, c, &style);
	if (r->opt.exit_code && comparison_flipped(c))
		r->status = 1;
	comparison_free(c);
	return true;
}

bool run_compare(struct run *r)
{
	return run(r, true);
}

bool run_diff(struct run *r)
{
	return run(r, false);
}
