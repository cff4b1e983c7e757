/*
 * store: the file itself, and what it shares with others.
 */
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"

static const struct {
	const char *name;
	size_t offset;
} counted[] = {
	{ "scenarios", offsetof(struct store_counts, scenarios) },
	{ "revisions", offsetof(struct store_counts, revisions) },
	{ "evaluations", offsetof(struct store_counts, evaluations) },
	{ "decisions", offsetof(struct store_counts, decisions) },
	{ "events", offsetof(struct store_counts, events) },
	{ "texts", offsetof(struct store_counts, texts) },
};
#define COUNTED (sizeof counted / sizeof *counted)

static long long count_at(const struct store_counts *n, size_t i)
{
	return *(const int64_t *)(const void *)
		((const char *)n + counted[i].offset);
}

static void add_counts(struct buf *out, const struct store_counts *n)
{
	for (size_t i = 0; i < COUNTED; i++)
		buf_addf(out, "%s%lld %s", i ? ", " : "", count_at(n, i),
		         counted[i].name);
	buf_addc(out, '\n');
}

static void json_counts(struct json *j, const char *key,
                        const struct store_counts *n)
{
	json_begin(j, key, '{');
	for (size_t i = 0; i < COUNTED; i++)
		json_whole(j, counted[i].name, count_at(n, i));
	json_end(j, '}');
}

/* --- JSON --------------------------------------------------------------- */

enum verb { CHECK, BACKUP, EXPORT, TAKE };

static void json_notes(struct json *j, const struct store_merged *m)
{
	json_begin(j, "notes", '[');
	for (int i = 0; i < m->n; i++) {
		json_begin(j, NULL, '{');
		JSON(j, m->note[i], kind, text);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void print_json(struct run *r, enum verb verb,
                       const struct store_report *x)
{
	struct json j = { .out = &r->out };

	json_open(&j, "steelyard.store/1");
	json_text(&j, "verb", r->command->name + strlen("store "));
	json_text(&j, "store", x->path);
	json_text(&j, "other", r->nargs ? r->arg[0] : NULL);
	json_counts(&j, "counts", &x->counts);
	json_text(&j, "content", *x->content ? x->content : NULL);
	if (verb == EXPORT) {
		json_whole(&j, "files_written", x->written.files);
		json_whole(&j, "bytes_written", x->written.bytes);
		json_whole(&j, "files_kept", x->written.kept);
	}
	if (verb == TAKE) {
		json_counts(&j, "taken", &x->merged.taken);
		json_notes(&j, &x->merged);
	}
	json_end(&j, '}');
}

/* --- text --------------------------------------------------------------- */

static void print_taken(struct run *r, const struct store_report *x)
{
	buf_add(&r->out, "taken: ");
	add_counts(&r->out, &x->merged.taken);
	for (int i = 0; i < x->merged.n; i++) {
		buf_addf(&r->out, "%s: ", x->merged.note[i].kind);
		add_safe(&r->out, x->merged.note[i].text);
		buf_addc(&r->out, '\n');
	}
	buf_add(&r->out, "now: ");
}

static void print_text(struct run *r, enum verb verb,
                       const struct store_report *x)
{
	if (verb == TAKE)
		print_taken(r, x);
	if (verb == BACKUP || verb == EXPORT) {
		add_safe(&r->out, r->arg[0]);
		buf_add(&r->out, ": ");
	}
	if (verb == EXPORT)
		buf_addf(&r->out, "%lld files written, %lld there already; ",
		         (long long)x->written.files,
		         (long long)x->written.kept);
	if (verb == CHECK) {
		add_safe(&r->out, x->path);
		buf_add(&r->out, ": sound; ");
	}
	add_counts(&r->out, &x->counts);
	if (*x->content)
		buf_addf(&r->out, "content %s\n", x->content);
}

static bool print(struct run *r, enum verb verb, bool ok,
                  const struct store_report *x, struct arena *a)
{
	if (ok && r->opt.json)
		print_json(r, verb, x);
	else if (ok)
		print_text(r, verb, x);
	arena_free(a);
	return ok;
}

/* --- the commands ------------------------------------------------------- */

bool run_store_check(struct run *r)
{
	struct arena *a = arena_new();
	struct store_report x;

	return print(r, CHECK, task_store_check(&r->context, &x, a, &r->err), &x,
	             a);
}

bool run_store_backup(struct run *r)
{
	struct arena *a = arena_new();
	struct store_report x;

	return print(r, BACKUP, task_store_backup(&r->context, r->arg[0], &x, a,
	                                          &r->err), &x, a);
}

bool run_store_export(struct run *r)
{
	struct arena *a = arena_new();
	struct store_report x;

	return print(r, EXPORT, task_store_export(&r->context, r->arg[0], &x, a,
	                                          &r->err), &x, a);
}

static bool take(struct run *r, bool folder)
{
	struct arena *a = arena_new();
	struct store_report x;

	return print(r, TAKE, task_store_take(&r->context, r->arg[0], folder,
	                                      r->opt.adopt, &x, a, &r->err), &x,
	             a);
}

bool run_store_merge(struct run *r)
{
	return take(r, false);
}

bool run_store_import(struct run *r)
{
	return take(r, true);
}
