/*
 * Records of what was decided: which there are, what each says, and the
 * evaluation it stands on - the one that was kept, made again with the models
 * and prices of then and the settings it had.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/files.h"
#include "task/folder.h"
#include "task/redact.h"

#include "base/banned.h"

#define SLUG_MAX 40             /* of each half: names stay below 100 bytes */

/* One record to write. */
struct entry {
	const struct decision_info *d;  /* NULL: nobody decided */
	const char *ref;                /* "D3", or the revision, "bot@r1" */
	const char *revision, *kept;    /* digests; kept: or NULL */
	const char *scenario, *model;
	const char *key, *former;       /* former: before it was decided */
	const char *file, *title;
	const char *option, *status, *date;
	int number;
	bool listed;                    /* it has a title for the index */
};

/* A question of a saved revision that nobody decided. */
struct undecided { struct revision_info info; const char *model; };

struct exporter {
	struct context *c;
	const struct export_call *call;
	struct store *store;
	struct arena *arena;
	struct folder folder;
	int ndecisions;
	struct decision_info *decision;         /* newest first */
	bool *wanted;                           /* by decision */
	int nundecided;
	struct undecided *undecided;
	size_t undecided_cap;
	int n;
	struct entry *entry;
	size_t cap;
	struct saved_run run;                   /* the last one, */
	const char *run_of, *run_kept;          /* and what of; NULL: none */
	void (*each)(void *ctx, const char *path, const char *action);
	void *ctx;
};

/* --- evaluating what was saved ---------------------------------------- */

static bool is_decision(const char *ref)
{
	return *ref == 'D' && ref[1] && !ref[1 + strspn(ref + 1, "0123456789")];
}

/* The revision of a reference and the digest of its evaluation, which NULL:
 * none was kept. */
static bool find_saved(struct store *store, struct saved_run *run,
                       const char *ref, const char **text,
                       const char **digest, struct arena *a, struct err *err)
{
	struct decision_info d;
	bool decided = is_decision(ref);

	if (decided) {
		if (!decision_find(store, ref, &d, a, err))
			return false;
		ref = arena_printf(a, "%s@r%d", d.scenario, d.revision_number);
	}
	if (!store_find(store, ref, &run->info, text, NULL, a, err))
		return false;
	*digest = decided ? d.evaluation : run->info.evaluation;
	run->kept = *digest ? arena_strdup(a, *digest) : NULL;
	return true;
}

/* The settings that the kept one had.  Its document says how many points were
 * reached; the standard ones may have doubled their way there. */
static void settings_of(const char *json, struct engine_options *o,
                        int64_t *reached, struct arena *a)
{
	struct engine_info made;

	if (!report_engine_of(json, &made, a))
		return;
	*o = engine_defaults();
	o->seed = made.seed;
	o->point = made.point;
	if (sampler_named(made.sampler) < SAMPLER_N)
		o->sampler = sampler_named(made.sampler);
	*reached = made.samples;
	for (int64_t n = o->samples; n <= o->max_samples; n *= 2)
		if (n == made.samples || made.point)
			return;
	o->samples = o->max_samples = made.samples;
}

static void want_all(struct engine_options *o, const struct engine_options *as)
{
	o->threads = as->threads;
	o->progress = as->progress;
	o->progress_ctx = as->progress_ctx;
	o->want_break_even = o->want_sensitivity = o->want_voi = true;
	o->want_criteria = o->want_dominance = true;
}

/* Once as the settings say, and where that is another evaluation than the kept
 * one, with as many points as that had reached. */
static struct evaluation *run_again(struct library *l,
                                    const struct scenario *s,
                                    struct saved_run *run, int64_t reached,
                                    struct err *err)
{
	struct evaluation *e = engine_evaluate(l, s, &run->options, err), *f;
	struct engine_options o = run->options;

	if (!e || !run->kept || !reached || o.point ||
	    !strcmp(e->digest, run->kept) || o.samples == o.max_samples)
		return e;
	o.samples = o.max_samples = reached;
	f = engine_evaluate(l, s, &o, err);
	if (f && !strcmp(f->digest, run->kept)) {
		evaluation_free(e);
		run->options = o;
		return f;
	}
	if (f)
		evaluation_free(f);
	return e;
}

static bool run_saved(struct context *c, struct store *store, const char *ref,
                      bool own_settings, struct saved_run *run,
                      struct err *err)
{
	const char *text, *digest, *json = NULL;
	struct past past = { NULL, NULL };
	struct store_file *file;
	struct scenario *s;
	int64_t reached = 0;
	int n;

	run->options = c->engine;
	if (!find_saved(store, run, ref, &text, &digest, run->arena, err))
		return false;
	n = digest ? store_files(store, digest, &file, run->arena, err) : 0;
	if (n < 0 || (digest && !own_settings &&
	              !store_result(store, digest, &json, run->arena, err)))
		return false;
	if (!own_settings) {
		settings_of(json, &run->options, &reached, run->arena);
		want_all(&run->options, &c->engine);
	}
	run->as_saved = n > 0;
	s = scenario_read_text(text, strlen(text), run->info.scenario, err);
	if (s && (!n || past_open(&past, file, n, err)))
		run->e = run_again(n ? past.library : c->library, s, run,
		                   reached, err);
	if (s)
		scenario_free(s);
	past_close(&past);
	return run->e != NULL;
}

void saved_run_release(struct saved_run *run)
{
	if (run->e)
		evaluation_free(run->e);
	if (run->arena)
		arena_free(run->arena);
	*run = (struct saved_run){ 0 };
}

bool task_run_saved(struct context *c, const char *ref, struct saved_run *run,
                    struct err *err)
{
	struct store *store = store_open(c->store_path, false, err);
	bool ok;

	*run = (struct saved_run){ .arena = arena_new() };
	ok = store && run_saved(c, store, ref, true, run, err);
	if (ok && !run->as_saved)
		ok = err_add(err, ERR_USAGE, "%s was saved without its models "
		             "and prices: leave out --as-saved to evaluate it "
		             "with those of today", ref);
	store_close(store);
	return ok;
}

/* The call that gives the same digits again: what differs from the defaults is
 * spelled out. */
static const char *command_for(const struct saved_run *run, const char *ref)
{
	const struct engine_options *o = &run->options, std = engine_defaults();
	struct buf b = BUF_INIT;
	const char *text;

	buf_addf(&b, "steelyard evaluate %s%s --seed %llu", ref,
	         run->as_saved ? " --as-saved" : "",
	         (unsigned long long)o->seed);
	if (o->samples != std.samples || o->max_samples != std.max_samples)
		buf_addf(&b, " --samples %lld", (long long)o->samples);
	if (o->sampler != std.sampler)
		buf_addf(&b, " --sampler %s", sampler_names[o->sampler]);
	if (o->point)
		buf_add(&b, " --point");
	text = arena_strdup(run->arena, b.s);
	buf_release(&b);
	return text;
}

/* --- which records ---------------------------------------------------- */

/* Letters and digits, everything else one dash; never empty. */
static void add_slug(struct buf *b, const char *text)
{
	size_t start = b->len;

	for (; *text && b->len - start < SLUG_MAX; text++) {
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

/* The name before anybody decided: of the scenario and its question. */
static const char *plain_key(struct exporter *x, const char *scenario,
                             const char *model)
{
	struct digest *d = digest_new();
	char hash[DIGEST_HEX];

	digest_text(d, "steelyard record");
	digest_text(d, scenario);
	digest_text(d, model);
	digest_end(d, hash);
	return arena_strndup(x->arena, hash, RECORD_KEY - 1);
}

static struct entry *add_entry(struct exporter *x, const char *scenario,
                               const char *model)
{
	struct entry *t = ARR_PUSH(x->entry, x->n, x->cap);

	*t = (struct entry){
		.scenario = scenario, .model = arena_strdup(x->arena, model),
		.status = decision_status_names[DECISION_PROPOSED],
		.former = plain_key(x, scenario, model),
	};
	return t;
}

static const char *date_of(struct exporter *x, int64_t t)
{
	char date[11];

	clock_date(t, date);
	return arena_strdup(x->arena, date);
}

static const char *option_title(struct exporter *x,
                                const struct decision_info *d)
{
	struct err mute = ERR_INIT;
	const struct model *m = library_model(x->c->library, d->model, &mute);
	const char *title = d->option;

	for (int i = 0; m && i < m->noptions; i++)
		if (!strcmp(m->option[i].name, d->option))
			title = m->option[i].title;
	err_clear(&mute);
	return arena_strdup(x->arena, title);
}

static void add_decision(struct exporter *x, const struct decision_info *d)
{
	struct entry *t = add_entry(x, d->scenario, d->model);

	t->d = d;
	t->key = arena_strndup(x->arena, d->uuid, RECORD_KEY - 1);
	t->ref = arena_printf(x->arena, "D%d", d->number);
	t->revision = d->revision;
	t->kept = d->evaluation;
	t->status = decision_status_names[d->status];
	t->date = date_of(x, d->changed);
	t->title = arena_printf(x->arena, "%s: %s", d->title && *d->title
	                        ? d->title : d->scenario, option_title(x, d));
}

static void add_undecided(struct exporter *x, const struct revision_info *info,
                          const char *model)
{
	struct entry *t = add_entry(x, arena_strdup(x->arena, info->scenario),
	                            model);

	t->key = t->former;
	t->ref = arena_printf(x->arena, "%s@r%d", info->scenario,
	                      info->number);
	t->revision = arena_strdup(x->arena, info->hash);
	t->kept = info->evaluation;
	t->date = date_of(x, info->created);
}

/* Records that point at each other come together: no link leads nowhere. */
static void want_partners(struct exporter *x)
{
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < x->ndecisions; i++)
			for (int k = 0; k < x->ndecisions; k++) {
				const struct decision_info *a = &x->decision[i];
				const struct decision_info *b = &x->decision[k];

				if (a->superseded_by != b->number ||
				    x->wanted[i] == x->wanted[k])
					continue;
				x->wanted[i] = x->wanted[k] = more = true;
			}
	}
}

static void add_wanted(struct exporter *x)
{
	for (int i = x->ndecisions - 1; i >= 0; i--)
		if (x->wanted[i])
			add_decision(x, &x->decision[i]);
}

/* Whether decisions were taken on it; those are wanted.  `revision` NULL: on
 * any of the scenario's. */
static bool want_decided(struct exporter *x, const char *scenario,
                         const char *revision, const char *model)
{
	bool any = false;

	for (int i = 0; i < x->ndecisions; i++) {
		const struct decision_info *d = &x->decision[i];

		if (strcmp(d->scenario, scenario) || strcmp(d->model, model) ||
		    (revision && strcmp(d->revision, revision)))
			continue;
		x->wanted[i] = any = true;
	}
	return any;
}

static void want_model(struct exporter *x, const struct revision_info *info,
                       const char *model, bool newest)
{
	if (want_decided(x, info->scenario, newest ? NULL : info->hash, model))
		return;
	*ARR_PUSH(x->undecided, x->nundecided, x->undecided_cap) =
		(struct undecided){ *info, model };
}

/* The models that a saved text asks about. */
static const char *const *models_of(struct exporter *x,
                                    const struct revision_info *info,
                                    const char *text, struct err *err)
{
	struct scenario *s = scenario_read_text(text, strlen(text),
	                                        info->scenario, err);
	const char **name;

	if (!s)
		return NULL;
	if (!s->nmodels) {
		scenario_free(s);
		return library_names(x->c->library);
	}
	name = arena_alloc(x->arena, ((size_t)s->nmodels + 1) * sizeof *name);
	for (int i = 0; i < s->nmodels; i++)
		name[i] = arena_strdup(x->arena, s->model[i]);
	scenario_free(s);
	return name;
}

static bool want_revision(struct exporter *x, const char *ref, bool newest,
                          struct err *err)
{
	const char *only = x->call->model, *text;
	const char *const *model;
	struct revision_info info;
	bool any = false;

	if (!store_find(x->store, ref, &info, &text, NULL, x->arena, err))
		return false;
	model = models_of(x, &info, text, err);
	for (int i = 0; model && model[i]; i++)
		if (!only || !strcmp(only, model[i])) {
			any = true;
			want_model(x, &info, model[i], newest);
		}
	if (model && !any)
		err_add(err, ERR_USAGE, "%s does not ask about '%s'",
		        info.scenario, only ? only : "anything");
	return any;
}

/* Decisions, and of every scenario the newest revision for the questions that
 * were never decided. */
static bool want_everything(struct exporter *x, struct err *err)
{
	struct revision_info *all = NULL;
	int n = store_scenarios(x->store, NULL, 0, 1 << 20, &all, x->arena,
	                        err);
	bool ok = n >= 0;

	for (int i = 0; i < x->ndecisions; i++)
		x->wanted[i] = true;
	for (int i = n - 1; ok && i >= 0; i--)
		ok = want_revision(x, arena_printf(x->arena, "%s@r%d",
		                                   all[i].scenario,
		                                   all[i].number), true, err);
	return ok;
}

static bool want_decision(struct exporter *x, const char *ref, struct err *err)
{
	struct decision_info d;

	if (x->call->model)
		return err_add(err, ERR_USAGE, "export: a decision is about "
		               "one model; leave out '%s'", x->call->model);
	if (!decision_find(x->store, ref, &d, x->arena, err))
		return false;
	for (int i = 0; i < x->ndecisions; i++)
		x->wanted[i] = x->decision[i].number == d.number;
	return true;
}

static bool collect(struct exporter *x, struct err *err)
{
	const struct decision_filter all = { .status = -1 };
	const char *ref = x->call->ref;
	bool ok;

	x->ndecisions = decision_list(x->store, &all, &x->decision, x->arena,
	                              err);
	if (x->ndecisions < 0)
		return false;
	if (x->call->redact)
		decisions_redact(x->decision, x->ndecisions, x->arena);
	x->wanted = arena_alloc(x->arena, (size_t)x->ndecisions + 1);
	ok = !ref ? want_everything(x, err) : is_decision(ref)
		? want_decision(x, ref, err) : want_revision(x, ref, false, err);
	want_partners(x);
	add_wanted(x);
	for (int i = 0; i < x->nundecided; i++)
		add_undecided(x, &x->undecided[i].info, x->undecided[i].model);
	return ok;
}

/* Names come first: records point at each other. */
static bool name_all(struct exporter *x, struct err *err)
{
	struct buf slug = BUF_INIT;
	bool ok = true;

	for (int i = 0; ok && i < x->n; i++) {
		struct entry *t = &x->entry[i];
		const char *date = t->d ? date_of(x, t->d->created) : t->date;

		buf_clear(&slug);
		add_slug(&slug, t->scenario);
		buf_addc(&slug, '-');
		add_slug(&slug, t->model);
		t->file = folder_name(&x->folder, t->key, t->former, slug.s,
		                      date, &t->number, err);
		ok = t->file != NULL;
	}
	buf_release(&slug);
	return ok;
}

/* --- one record ------------------------------------------------------- */

static struct record_link link_to(const struct entry *t)
{
	return (struct record_link){ t->number, t->file, t->title };
}

static void fill_links(struct exporter *x, const struct entry *t,
                       struct decision_record *r)
{
	struct record_link *list = arena_alloc(x->arena, ((size_t)x->n + 1) *
	                                       sizeof *list);
	int n = 0;

	for (int i = 0; i < x->n; i++) {
		const struct entry *o = &x->entry[i];

		if (o->d && o->d->superseded_by == t->d->number)
			list[n++] = link_to(o);
	}
	r->supersedes = list;
	r->nsupersedes = n;
	for (int i = 0; i < x->n; i++)
		if (x->entry[i].d && t->d->superseded_by ==
		    x->entry[i].d->number) {
			list[n] = link_to(&x->entry[i]);
			r->superseded_by = &list[n];
		}
}

static const char *joined(struct exporter *x, const char *const *name,
                          const char *otherwise)
{
	struct buf b = BUF_INIT;
	const char *text;

	buf_add_list(&b, name);
	text = arena_strdup(x->arena, b.len ? b.s : otherwise);
	buf_release(&b);
	return text;
}

static void fill_events(struct exporter *x, const struct decision_info *d,
                        struct decision_record *r)
{
	struct record_event *list = arena_alloc(x->arena,
		((size_t)d->nevents + 1) * sizeof *list);

	for (int i = 0; i < d->nevents; i++) {
		const struct decision_event *e = &d->event[i];

		list[i] = (struct record_event){
			date_of(x, e->at), decision_status_names[e->status],
			joined(x, e->deciders, e->actor), e->because,
		};
	}
	r->nevents = d->nevents;
	r->event = list;
}

/* Why the option was taken; not why it was given up later. */
static const char *reason_for(const struct decision_info *d)
{
	const char *because = NULL;

	for (int i = 0; i < d->nevents; i++)
		if (d->event[i].because &&
		    (d->event[i].status == DECISION_PROPOSED ||
		     d->event[i].status == DECISION_ACCEPTED))
			because = d->event[i].because;
	return because;
}

static void fill_decision(struct exporter *x, const struct entry *t,
                          struct decision_record *r)
{
	const struct decision_info *d = t->d;

	r->decision = t->ref;
	r->option = d->option;
	r->because = reason_for(d);
	r->advice = d->advice;
	r->deciders = d->deciders;
	r->tags = d->tags;
	r->waived = d->waived;
	r->review = d->review;
	r->contested = d->contested;
	fill_links(x, t, r);
	fill_events(x, d, r);
}

static const char *title_of(struct exporter *x, const struct tradeoff *t)
{
	const char *of = x->run.e->title && *x->run.e->title
		? x->run.e->title : x->run.e->scenario;

	return arena_printf(x->arena, "%s: %s", of, t->verdict.option < 0
	                    ? "no option can be taken"
	                    : t->option[t->verdict.option].title);
}

/* What `reconcile --keep` found last, a line each. */
static void fill_reconciled(struct exporter *x, const struct entry *t,
                            struct decision_record *r)
{
	const char *text, *const *list;
	struct err mute = ERR_INIT;
	struct arena *a = x->arena;
	const char **lines;
	char day[11];
	int64_t at;
	int n = 0;

	if (!reconciliation_newest(x->store, t->scenario, t->model, &text, &at,
	                           a, &mute) || !text) {
		err_clear(&mute);
		return;
	}
	lines = arena_alloc(a, (strlen(text) + 2) * sizeof *lines);
	while (*text) {
		size_t len = strcspn(text, "\n");

		lines[n++] = arena_strndup(a, text, len);
		text += len + (text[len] == '\n');
	}
	lines[n] = NULL;
	list = lines;
	clock_date(at, day);
	r->reconciled = list;
	r->reconciled_on = arena_strdup(a, day);
}

static struct decision_record fill(struct exporter *x, struct entry *t,
                                   const struct tradeoff *trade)
{
	struct decision_record r = {
		.number = t->number, .file = t->file, .key = t->key,
		.status = t->status, .date = t->date, .model = t->model,
		.revision = t->revision, .evaluation = x->run.kept,
		.command = command_for(&x->run, t->ref),
	};
	int best = trade->verdict.option;

	fill_reconciled(x, t, &r);
	if (t->d)
		fill_decision(x, t, &r);
	else
		t->title = title_of(x, trade);
	t->option = t->d ? t->d->option : best < 0 ? NULL
		: arena_strdup(x->arena, trade->option[best].name);
	t->listed = true;
	r.title = t->title;
	if (!t->d)
		r.option = t->option;
	return r;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The evaluation that the record stands on; neighbours share theirs. */
static bool evaluate_for(struct exporter *x, const struct entry *t,
                         struct err *err)
{
	if (x->run.e && is_same(x->run_of, t->revision) &&
	    is_same(x->run_kept, t->kept))
		return true;
	saved_run_release(&x->run);
	x->run.arena = arena_new();
	x->run_of = t->revision;
	x->run_kept = t->kept;
	return run_saved(x->c, x->store, t->ref, false, &x->run, err);
}

static bool export_one(struct exporter *x, struct entry *t, struct err *err)
{
	const struct tradeoff *trade;
	struct decision_record r;
	struct buf text = BUF_INIT;
	const char *action = NULL;
	char *path = NULL;

	if (!evaluate_for(x, t, err))
		return false;
	trade = evaluation_find(x->run.e, t->model);
	if (!trade)
		return err_add(err, ERR_STORE, "%s does not ask about %s",
		               t->ref, t->model);
	r = fill(x, t, trade);
	if (report_record(&text, x->call->format, x->run.e, &r, err))
		action = folder_put(&x->folder, t->file, &text, &path, err);
	if (action)
		x->each(x->ctx, path, action);
	free(path);
	buf_release(&text);
	return action != NULL;
}

static int by_file(const void *a, const void *b)
{
	const struct record_line *p = a, *q = b;

	return strcmp(p->file, q->file);
}

static bool write_index(struct exporter *x, struct err *err)
{
	struct record_line *line = xcalloc((size_t)x->n + 1, sizeof *line);
	struct buf text = BUF_INIT;
	const char *action;
	char *path;
	int n = 0;

	for (int i = 0; i < x->n; i++) {
		const struct entry *t = &x->entry[i];

		if (t->listed)
			line[n++] = (struct record_line){
				t->file, t->d ? t->ref : NULL, t->title,
				t->status, t->date, t->option,
				t->d ? t->d->review : NULL, t->number,
			};
	}
	qsort(line, (size_t)n, sizeof *line, by_file);
	report_record_index(&text, x->call->format, line, n);
	action = folder_put(&x->folder, folder_index(&x->folder), &text, &path,
	                    err);
	if (action)
		x->each(x->ctx, path, action);
	free(path);
	buf_release(&text);
	free(line);
	return action != NULL;
}

static bool export_all(struct exporter *x, struct err *err)
{
	bool ok = collect(x, err) &&
		folder_open(&x->folder, x->call->dir, x->call->format,
		            x->arena, err) && name_all(x, err);

	if (!ok)
		return false;
	for (int i = 0; i < x->n; i++)
		ok &= export_one(x, &x->entry[i], err);
	if (!x->call->ref)
		ok &= write_index(x, err);
	return ok;
}

bool task_export(struct context *c, const struct export_call *call,
                 void (*each)(void *ctx, const char *path, const char *action),
                 void *ctx, struct err *err)
{
	struct exporter x = {
		.c = c, .call = call, .each = each, .ctx = ctx,
		.arena = arena_new(),
		.store = store_open(c->store_path, false, err),
	};
	bool ok = x.store && export_all(&x, err);

	saved_run_release(&x.run);
	folder_close(&x.folder);
	store_close(x.store);
	free(x.entry);
	free(x.undecided);
	arena_free(x.arena);
	return ok;
}
