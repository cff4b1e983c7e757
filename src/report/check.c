/*
 * What `check` found, for people, for programs, and for the three places that
 * CI systems look at: JUnit XML, GitHub annotations, TAP.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/json.h"
#include "report/text.h"
#include "result/checks.h"

#include "base/banned.h"

static void safe(struct buf *out, const char *s)
{
	utf8_safe(out, s ? s : "", false);
}

/* "D3 support-chatbot: build-vs-buy" */
static void subject(struct buf *out, const struct check_item_result *x)
{
	if (x->decision)
		buf_addf(out, "D%d ", x->decision);
	safe(out, x->scenario);
	if (x->model) {
		buf_add(out, ": ");
		safe(out, x->model);
	}
}

/* "trigger volume_crossed" */
static void question(struct buf *out, const struct check_item_result *x)
{
	buf_add(out, x->kind);
	if (x->id) {
		buf_addc(out, ' ');
		safe(out, x->id);
	}
}

static bool same_subject(const struct check_item_result *a,
                         const struct check_item_result *b)
{
	return a->decision == b->decision && !strcmp(a->scenario, b->scenario) &&
	       !strcmp(a->model ? a->model : "", b->model ? b->model : "");
}

void report_check_text(struct buf *out, const struct check_report *r,
                       const struct text_style *st)
{
	static const enum text_role roles[] = {
		[CHECK_OK] = TEXT_GOOD, [CHECK_FAIL] = TEXT_BAD,
		[CHECK_UNDECIDED] = TEXT_DOUBT, [CHECK_UNKNOWN] = TEXT_PLAIN,
	};

	for (int i = 0; i < r->n; i++) {
		const struct check_item_result *x = &r->item[i];

		if (!i || !same_subject(x, x - 1)) {
			subject(out, x);
			buf_addc(out, '\n');
		}
		buf_add(out, "  ");
		text_begin(out, st, roles[x->status]);
		buf_addf(out, "%-9s", x->status == CHECK_FAIL ? "FAIL"
		         : check_status_names[x->status]);
		text_end(out, st, roles[x->status]);
		buf_addc(out, ' ');
		question(out, x);
		buf_add(out, ": ");
		safe(out, x->text);
		buf_addc(out, '\n');
	}
	buf_addf(out, "%s%d checked: %d ok, %d failed, %d undecided, %d not "
	         "known\n", r->n ? "\n" : "", r->n, r->count[CHECK_OK],
	         r->count[CHECK_FAIL], r->count[CHECK_UNDECIDED],
	         r->count[CHECK_UNKNOWN]);
}

void report_check_json(struct buf *out, const struct check_report *r)
{
	json_t *doc = json_object(), *list, *counts;

	put_text(doc, "schema", "steelyard.check/1");
	put_flag(doc, "ok", true);
	put_flag(doc, "holds", !r->count[CHECK_FAIL]);
	put_int(doc, "decisions", r->decisions);
	counts = put_map(doc, "counts");
	for (int i = 0; i < 4; i++)
		put_int(counts, check_status_names[i], r->count[i]);
	list = put_list(doc, "items");
	for (int i = 0; i < r->n; i++) {
		const struct check_item_result *x = &r->item[i];
		json_t *o = put_item(list);

		PUT(o, *x, kind, id);
		put_text(o, "status", check_status_names[x->status]);
		PUT(o, *x, scenario, model);
		if (x->decision)
			put_int(o, "decision", x->decision);
		put_text(o, "text", x->text);
		if (!x->file)
			continue;
		PUT(o, *x, file, line, column);
	}
	put_write(out, doc);
}

/* --- JUnit -------------------------------------------------------------- */

static void xml(struct buf *out, const char *s)
{
	struct buf b = BUF_INIT;

	safe(&b, s);
	for (const char *c = b.s; *c; c++)
		switch (*c) {
		case '<': buf_add(out, "&lt;"); break;
		case '>': buf_add(out, "&gt;"); break;
		case '&': buf_add(out, "&amp;"); break;
		case '"': buf_add(out, "&quot;"); break;
		default: buf_addc(out, *c);
		}
	buf_release(&b);
}

static void junit_case(struct buf *out, const struct check_item_result *x)
{
	struct buf class = BUF_INIT, name = BUF_INIT;

	subject(&class, x);
	question(&name, x);
	buf_add(out, "  <testcase classname=\"");
	xml(out, class.s);
	buf_add(out, "\" name=\"");
	xml(out, name.s);
	buf_add(out, "\">");
	if (x->status == CHECK_OK) {
		buf_add(out, "</testcase>\n");
	} else {
		buf_addf(out, "<%s message=\"", x->status == CHECK_FAIL
		         ? "failure" : "skipped");
		xml(out, x->text);
		buf_add(out, "\"/></testcase>\n");
	}
	buf_release(&class);
	buf_release(&name);
}

void report_check_junit(struct buf *out, const struct check_report *r)
{
	buf_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	         "<testsuite name=\"steelyard\" tests=\"%d\" failures=\"%d\" "
	         "skipped=\"%d\">\n", r->n, r->count[CHECK_FAIL],
	         r->count[CHECK_UNDECIDED] + r->count[CHECK_UNKNOWN]);
	for (int i = 0; i < r->n; i++)
		junit_case(out, &r->item[i]);
	buf_add(out, "</testsuite>\n");
}

/* --- GitHub annotations --------------------------------------------------- */

/* In a property, a comma and a colon would end it. */
static void escaped(struct buf *out, const char *s, bool property)
{
	struct buf b = BUF_INIT;

	safe(&b, s);
	for (const char *c = b.s; *c; c++) {
		if (*c == '%' || (property && (*c == ',' || *c == ':')))
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*c);
		else
			buf_addc(out, *c);
	}
	buf_release(&b);
}

void report_check_github(struct buf *out, const struct check_report *r)
{
	for (int i = 0; i < r->n; i++) {
		const struct check_item_result *x = &r->item[i];
		struct buf title = BUF_INIT;

		if (x->status == CHECK_OK)
			continue;
		buf_add(out, x->status == CHECK_FAIL ? "::error "
		        : x->status == CHECK_UNDECIDED ? "::warning "
		        : "::notice ");
		if (x->file) {
			buf_add(out, "file=");
			escaped(out, x->file, true);
			buf_addf(out, ",line=%d,col=%d,", x->line, x->column);
		}
		subject(&title, x);
		buf_addc(&title, ' ');
		question(&title, x);
		buf_add(out, "title=");
		escaped(out, title.s, true);
		buf_add(out, "::");
		escaped(out, x->text, false);
		buf_addc(out, '\n');
		buf_release(&title);
	}
}

/* --- TAP ---------------------------------------------------------------- */

void report_check_tap(struct buf *out, const struct check_report *r)
{
	buf_addf(out, "TAP version 13\n1..%d\n", r->n);
	for (int i = 0; i < r->n; i++) {
		const struct check_item_result *x = &r->item[i];
		struct buf b = BUF_INIT;

		subject(&b, x);
		buf_addc(&b, ' ');
		question(&b, x);
		for (char *c = b.s; *c; c++)
			if (*c == '#')
				*c = ' ';
		buf_addf(out, "%s %d - %s", x->status == CHECK_FAIL ? "not ok"
		         : "ok", i + 1, b.s);
		if (x->status == CHECK_UNDECIDED || x->status == CHECK_UNKNOWN)
			buf_addf(out, " # SKIP %s", x->text);
		else if (x->status == CHECK_FAIL)
			buf_addf(out, "\n# %s", x->text);
		buf_addc(out, '\n');
		buf_release(&b);
	}
}
