/*
 * log, show, export: verbs on what was saved.
 */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/command.h"

#define LOG_LIMIT 50

void add_revision(struct json *j, const struct revision_info *info)
{
	char created[21];

	clock_format(info->created, created);
	JSON(j, *info, scenario, title, number, hash);
	json_text(j, "created", created);
	JSON(j, *info, author, message, parent, evaluation, verdicts);
}

/* --- log ------------------------------------------------------------------------- */

static void log_line(struct buf *out, const struct revision_info *info)
{
	struct buf name = BUF_INIT;
	char date[11];

	clock_date(info->created, date);
	add_safe(&name, info->scenario);
	buf_addf(&name, "@r%d", info->number);
	buf_addf(out, "%.12s  %s  %-28s  ", info->hash, date, name.s);
	add_safe(out, info->verdicts ? info->verdicts : "-");
	if (info->message && *info->message) {
		buf_add(out, "  ");
		add_safe(out, info->message);
	}
	buf_addc(out, '\n');
	buf_release(&name);
}

static void log_json(struct buf *out, const struct revision_info *all, int n)
{
	struct json j = { .out = out };

	json_open(&j, "steelyard.log/1");
	json_begin(&j, "revisions", '[');
	for (int i = 0; i < n; i++) {
		json_begin(&j, NULL, '{');
		add_revision(&j, &all[i]);
		json_end(&j, '}');
	}
	json_end(&j, ']');
	json_end(&j, '}');
}

/* What only decisions have asks for them. */
static bool wants_decisions(const struct options *o)
{
	return o->decisions || o->status || o->tags.n || o->search;
}

static bool log_revisions(struct run *r)
{
	const char *scenario = r->nargs ? r->arg[0] : NULL;
	int limit = r->opt.limit ? (int)r->opt.limit : LOG_LIMIT;
	struct revision_info *all = NULL;
	struct arena *a = arena_new();
	struct store *s = store_open(r->context.store_path, false, &r->err);
	int n = s ? store_log(s, scenario, 0, limit, &all, a, &r->err) : 0;

	if (!err_any(&r->err)) {
		if (r->opt.json)
			log_json(&r->out, all, n);
		for (int i = 0; !r->opt.json && i < n; i++)
			log_line(&r->out, &all[i]);
	}
	store_close(s);
	arena_free(a);
	return !err_any(&r->err);
}

bool run_log(struct run *r)
{
	return wants_decisions(&r->opt) ? log_decisions(r) : log_revisions(r);
}

/* --- show ------------------------------------------------------------------------ */

/* The facts as comments, the scenario as it was saved: what is printed is
 * itself a scenario. */
static void show_text(struct buf *out, const struct revision_info *info,
                      const char *text)
{
	char created[21];

	clock_format(info->created, created);
	buf_add(out, "# ");
	add_safe(out, info->scenario);
	buf_addf(out, "@r%d, saved %s", info->number, created);
	if (info->author && *info->author) {
		buf_add(out, " by ");
		add_safe(out, info->author);
	}
	buf_addf(out, "\n# %s\n", info->hash);
	if (info->verdicts) {
		buf_add(out, "# verdict: ");
		add_safe(out, info->verdicts);
		buf_addc(out, '\n');
	}
	if (info->message && *info->message) {
		buf_add(out, "# message: ");
		add_safe(out, info->message);
		buf_addc(out, '\n');
	}
	buf_add(out, text);
}

static void show_json(struct buf *out, const struct revision_info *info,
                      const char *text)
{
	struct json j = { .out = out };

	json_open(&j, "steelyard.revision/1");
	add_revision(&j, info);
	json_text(&j, "text", text);
	json_end(&j, '}');
}

static bool show_revision(struct run *r)
{
	struct store *s = store_open(r->context.store_path, false, &r->err);
	struct arena *a = arena_new();
	struct revision_info info;
	const char *text, *evaluation;
	bool ok = s && store_find(s, r->arg[0], &info, &text, &evaluation, a,
	                          &r->err);

	if (ok && r->opt.json)
		show_json(&r->out, &info, text);
	else if (ok)
		show_text(&r->out, &info, text);
	store_close(s);
	arena_free(a);
	return ok;
}

bool run_show(struct run *r)
{
	return names_decision(r->arg[0]) ? show_one_decision(r) : show_revision(r);
}

/* --- export ---------------------------------------------------------------------- */

struct exported { struct run *r; struct json *j; };

static void hear_export(void *ctx, const char *path, const char *action)
{
	struct exported *x = ctx;

	if (x->j) {
		json_begin(x->j, NULL, '{');
		json_text(x->j, "path", path);
		json_text(x->j, "action", action);
		json_end(x->j, '}');
		return;
	}
	buf_addf(&x->r->out, "%s ", action);
	add_safe(&x->r->out, path);
	buf_addc(&x->r->out, '\n');
}

bool run_export(struct run *r)
{
	struct json j = { .out = &r->out };
	struct exported x = { r, r->opt.json ? &j : NULL };
	const struct export_call call = {
		.ref = r->nargs ? r->arg[0] : NULL,
		.model = r->nargs > 1 ? r->arg[1] : NULL,
		.dir = r->opt.output, .format = record_format_named(r->opt.format),
		.redact = r->opt.redact_people,
	};
	bool ok;

	if (!r->opt.output)
		return err_add(&r->err, ERR_USAGE, "export: name a folder with "
		               "-o DIR");
	if (r->opt.all != (r->nargs == 0))
		return err_add(&r->err, ERR_USAGE, "export: name a revision "
		               "or decision, or take --all in its place");
	if (x.j) {
		json_open(&j, "steelyard.export/1");
		json_begin(&j, "records", '[');
	}
	ok = task_export(&r->context, &call, hear_export, &x, &r->err);
	if (x.j) {
		json_end(&j, ']');
		json_end(&j, '}');
	}
	return ok;
}
