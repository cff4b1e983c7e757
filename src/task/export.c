/*
 * Decision records in a folder.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/path.h"
#include "model/scenario.h"
#include "task/task.h"

#define RECORD_MAX (4u << 20)   /* bytes of a record that is read back */
#define SLUG_MAX 80             /* keeps file names below 100 bytes */
/* A line that every record of ours holds and nobody writes by hand. */
/* The last line of a record: what stood above it when it was written. */
#define RECORD_SEAL "\n<!-- steelyard record sha256:"

/* One export: what stays the same for all of its records. */
struct exporter {
	const char *dir;
	const struct engine_options *o;
	const struct revision_info *info;
	const struct evaluation *e;
	void (*each)(void *ctx, const char *path, const char *action);
	void *ctx;
};

/* Letters and digits, everything else one dash; never empty. */
static void add_slug(struct buf *b, const char *text)
{
	size_t start = b->len;

	for (; *text && b->len < SLUG_MAX; text++) {
		unsigned char ch = (unsigned char)*text;

		if (ch < 128 && isalnum(ch))
			buf_addc(b, (char)tolower(ch));
		else if (b->len > start && b->s[b->len - 1] != '-')
			buf_addc(b, '-');
	}
	while (b->len > start && b->s[b->len - 1] == '-')
		b->s[--b->len] = '\0';
	if (b->len == start)
		buf_add(b, "decision");
}

/* "0012-slug.md" -> 12, and whether it is the record of this slug; 0: no
 * record. */
static int record_number(const char *name, const char *slug, bool *mine)
{
	size_t n = strlen(slug);
	int number = 0;

	*mine = false;
	for (int i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)name[i]))
			return 0;
		number = number * 10 + (name[i] - '0');
	}
	if (name[4] != '-')
		return 0;
	*mine = !strncmp(name + 5, slug, n) && !strcmp(name + 5 + n, ".md");
	return number;
}

/* The number of this slug's record where the folder has one, else the next. */
static int number_in(const char *dir, const char *slug, struct err *err)
{
	struct pos pos = { dir, 0, 0 };
	int highest = 0, own = 0;
	struct dirent *entry;
	DIR *d = path_make_dirs(dir, err) ? opendir(dir) : NULL;

	if (!d && err_any(err))
		return 0;
	if (!d) {
		err_at(err, ERR_IO, pos, "cannot read this folder: %s",
		       strerror(errno));
		return 0;
	}
	while ((entry = readdir(d))) {
		bool mine;
		int number = record_number(entry->d_name, slug, &mine);

		if (mine)
			own = number;
		if (number > highest)
			highest = number;
	}
	closedir(d);
	if (own)
		return own;
	if (highest < 9999)
		return highest + 1;
	err_at(err, ERR_IO, pos, "no number below 10000 is left");
	return 0;
}

static void add_seal(struct buf *text)
{
	char hash[DIGEST_HEX];

	digest_of(text->s, text->len, hash);
	buf_addf(text, "%s%s -->\n", RECORD_SEAL, hash);
}

static const char *last_seal(const struct buf *text)
{
	const char *seal = NULL, *next = text->s;

	while ((next = strstr(next, RECORD_SEAL)) != NULL)
		seal = next++;
	return seal;
}

/* Whether the record is as steelyard wrote it: people edit records, and what
 * they wrote is theirs. */
static bool untouched(const struct buf *old)
{
	const char *seal = last_seal(old);
	char hash[DIGEST_HEX];

	if (!seal)
		return false;
	digest_of(old->s, (size_t)(seal - old->s), hash);
	return !strncmp(seal + strlen(RECORD_SEAL), hash, DIGEST_HEX - 1) &&
	       !strcmp(seal + strlen(RECORD_SEAL) + DIGEST_HEX - 1, " -->\n");
}

/* "created", "updated", "same"; NULL when the file is someone else's. */
static const char *action_for(const char *path, const struct buf *text,
                              struct err *err)
{
	struct buf old = BUF_INIT;
	struct pos pos = { path, 0, 0 };
	struct stat st;
	const char *action = NULL;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return "created";
	if (!path_read(path, RECORD_MAX, &old, err))
		;
	else if (old.len == text->len && !memcmp(old.s, text->s, old.len))
		action = "same";
	else if (untouched(&old))
		action = "updated";
	else
		err_at(err, ERR_IO, pos, last_seal(&old)
		       ? "this record was edited since steelyard wrote it; it "
		         "stays as it is (move it away to write a new one)"
		       : "this file was not written by steelyard; it stays as "
		         "it is");
	buf_release(&old);
	return action;
}

/* The call that gives the same digits again: what differs from the defaults is
 * spelled out. */
static const char *command_for(struct arena *a, const struct exporter *x)
{
	const struct engine_options *o = x->o, std = engine_defaults();
	struct buf b = BUF_INIT;
	const char *text;

	buf_addf(&b, "steelyard evaluate %s@r%d --seed %llu",
	         x->info->scenario, x->info->number,
	         (unsigned long long)o->seed);
	if (o->samples != std.samples || o->max_samples != std.max_samples)
		buf_addf(&b, " --samples %lld", (long long)o->samples);
	if (o->point)
		buf_add(&b, " --point");
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

static void fill_record(struct arena *a, const struct exporter *x,
                        const struct tradeoff *t, struct decision_record *d)
{
	static const char *const nobody[] = { NULL };
	struct buf slug = BUF_INIT;
	const char *title = x->e->title ? x->e->title : x->e->scenario;
	char *date = arena_alloc(a, 11);

	add_slug(&slug, x->info->scenario);
	buf_addc(&slug, '-');
	add_slug(&slug, t->model);
	clock_date(x->info->created, date);
	d->slug = arena_strdup(a, slug.s);
	d->title = t->verdict.option < 0
		? arena_printf(a, "%s: no option can be taken", title)
		: arena_printf(a, "%s: %s", title,
		               t->option[t->verdict.option].title);
	d->status = "proposed";
	d->date = date;
	d->model = t->model;
	d->option = t->verdict.option < 0
		? NULL : t->option[t->verdict.option].name;
	d->deciders = nobody;
	d->revision = x->info->hash;
	d->evaluation = x->e->digest;
	d->command = command_for(a, x);
	buf_release(&slug);
}

static bool export_one(const struct exporter *x, const struct tradeoff *t,
                       struct err *err)
{
	struct arena *a = arena_new();
	struct decision_record d = { 0 };
	struct buf text = BUF_INIT;
	const char *action = NULL;
	char *path = NULL;

	fill_record(a, x, t, &d);
	d.number = number_in(x->dir, d.slug, err);
	if (d.number && report_madr(&text, x->e, &d, err)) {
		add_seal(&text);
		path = path_join(x->dir, arena_printf(a, "%04d-%s.md",
		                                      d.number, d.slug));
		action = action_for(path, &text, err);
	}
	if (action && strcmp(action, "same") &&
	    !path_write(path, text.s, text.len, err))
		action = NULL;
	if (action)
		x->each(x->ctx, path, action);
	free(path);
	buf_release(&text);
	arena_free(a);
	return action != NULL;
}

static bool export_all(const struct exporter *x, const char *model,
                       struct err *err)
{
	bool ok = true;

	if (model && !evaluation_find(x->e, model))
		return err_add(err, ERR_USAGE, "%s does not ask about '%s'",
		               x->info->scenario, model);
	for (int i = 0; i < x->e->ntradeoffs; i++) {
		const struct tradeoff *t = &x->e->tradeoff[i];

		if (!model || !strcmp(model, t->model))
			ok &= export_one(x, t, err);
	}
	return ok;
}

/* The records show what the revision says today's engine makes of it; the
 * digests tell whether that is what was saved. */
static bool export_revision(struct context *c, const struct revision_info *info,
                            const char *text, const char *model,
                            struct exporter *x, struct err *err)
{
	struct scenario *s = scenario_read_text(text, strlen(text),
	                                        info->scenario, err);
	struct evaluation *e = s ? task_evaluate(c, s, err) : NULL;
	bool ok = false;

	if (e) {
		x->e = e;
		x->info = info;
		ok = export_all(x, model, err);
		evaluation_free(e);
	}
	if (s)
		scenario_free(s);
	return ok;
}

bool task_export(struct context *c, const char *ref, const char *model,
                 const char *format, const char *dir,
                 void (*each)(void *ctx, const char *path, const char *action),
                 void *ctx, struct err *err)
{
	struct exporter x = {
		.dir = dir, .o = &c->engine, .each = each, .ctx = ctx,
	};
	struct arena *a = arena_new();
	struct revision_info info;
	const char *text, *json;
	struct store *store = NULL;
	bool ok = false;

	if (strcmp(format, "madr"))
		err_add(err, ERR_USAGE, "records are written as madr; '%s' is "
		        "not available in this version", format);
	else
		store = store_open(c->store_path, false, err);
	if (store && store_find(store, ref, &info, &text, &json, a, err))
		ok = export_revision(c, &info, text, model, &x, err);
	store_close(store);
	arena_free(a);
	return ok;
}
