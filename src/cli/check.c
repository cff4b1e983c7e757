/*
 * check, actual and calibration: what was decided and expected, held against
 * today.
 */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/command.h"

static const struct {
	const char *name;
	void (*write)(struct buf *out, const struct check_report *r);
} formats[] = {
	{ "json", report_check_json },
	{ "junit", report_check_junit },
	{ "github", report_check_github },
	{ "tap", report_check_tap },
};

static void print(struct run *r, const struct check_report *found)
{
	const struct text_style style = run_style(r);
	const char *format = r->opt.json ? "json"
		: r->opt.check_format ? r->opt.check_format : "text";

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(formats[i].name, format)) {
			formats[i].write(&r->out, found);
			return;
		}
	report_check_text(&r->out, found, &style);
}

bool run_checks(struct run *r)
{
	const struct check_call call = {
		.nfiles = r->nargs, .file = r->arg, .set = r->opt.set,
		.policy = r->opt.policy, .confidence = r->opt.confidence,
	};
	struct check_report *found;

	if (r->opt.all == (r->nargs > 0))
		return err_add(&r->err, ERR_USAGE, "check: name scenarios, or "
		               "--all for the accepted decisions of the store");
	if (r->opt.check_format && (r->opt.json || r->opt.csv))
		return err_add(&r->err, ERR_USAGE, "--format, --json and --csv "
		               "exclude each other");
	found = task_check(&r->context, &call, &r->err);
	if (!found)
		return false;
	print(r, found);
	if (found->count[CHECK_FAIL])
		r->status = 1;
	else if (found->count[CHECK_UNDECIDED])
		r->status = 8;
	check_report_free(found);
	return true;
}

/* --- actual ------------------------------------------------------------- */

static bool read_dates(struct run *r, struct actual *a, struct arena *arena)
{
	const struct options *o = &r->opt;
	char *today = arena_alloc(arena, 11);
	int64_t t;

	clock_date(clock_now(), today);
	a->from = o->from;
	a->to = o->to ? o->to : today;
	if (o->from && !clock_parse_date(o->from, &t))
		return err_add(&r->err, ERR_USAGE, "--from: '%s' is no date "
		               "YYYY-MM-DD", o->from);
	if (o->to && !clock_parse_date(o->to, &t))
		return err_add(&r->err, ERR_USAGE, "--to: '%s' is no date "
		               "YYYY-MM-DD", o->to);
	if (a->from && strcmp(a->from, a->to) > 0)
		return err_add(&r->err, ERR_USAGE, "the period ends before it "
		               "begins: %s to %s", a->from, a->to);
	return true;
}

static void print_actual(struct run *r, const struct actual *a)
{
	struct json j = { .out = &r->out };

	if (!r->opt.json) {
		buf_add(&r->out, "recorded ");
		add_safe(&r->out, a->scenario);
		buf_add(&r->out, ": ");
		add_safe(&r->out, a->name);
		buf_add(&r->out, " = ");
		num_plain(&r->out, a->value);
		buf_addc(&r->out, ' ');
		add_safe(&r->out, a->unit);
		buf_addf(&r->out, " (%s%s%s)\n", a->from ? a->from : "",
		         a->from ? " to " : "", a->to);
		return;
	}
	json_open(&j, "steelyard.actual/1");
	JSON(&j, *a, scenario, model, name, value, unit, from, to, source);
	json_end(&j, '}');
}

bool run_actual(struct run *r)
{
	struct arena *a = arena_new();
	struct actual x = { .source = r->opt.source };
	bool ok = read_dates(r, &x, a) &&
		task_actual(&r->context, r->arg[0], r->arg[1], r->arg[2], &x, a,
		            &r->err);

	if (ok)
		print_actual(r, &x);
	arena_free(a);
	return ok;
}

/* --- calibration -------------------------------------------------------- */

bool run_calibration(struct run *r)
{
	const struct text_style style = run_style(r);
	struct calibration *c = task_calibration(&r->context, r->nargs
	                                         ? r->arg[0] : NULL, &r->err);

	if (!c)
		return false;
	if (r->opt.json)
		report_calibration_json(&r->out, c);
	else if (r->opt.csv)
		report_calibration_csv(&r->out, c);
	else
		report_calibration_text(&r->out, c, &style);
	calibration_free(c);
	return true;
}
