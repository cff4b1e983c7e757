/*
 * Runs a sweep: batches of cases on all threads, each with a library of its
 * own; lines go out in the order of the cases, one batch after the other, so
 * that memory does not grow with their number.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "model/scenario.h"
#include "report/sweep.h"
#include "task/sweep_int.h"

#include "base/banned.h"

#define BATCH 64                /* cases a thread, between two writes */

/* --- one case ----------------------------------------------------------- */

/* One thread's own: loading and binding belong to one thread at a time. */
struct worker {
	struct context context;
	struct scenario *base;          /* of the file it read last */
	const char *file;
	struct err base_err;
};

static bool worker_init(struct worker *w, const struct context *c,
                        struct err *err)
{
	*w = (struct worker){ .base_err = ERR_INIT };
	if (!context_init(&w->context, c->data_dir, err))
		return false;
	w->context.store_path = c->store_path;
	w->context.engine = c->engine;
	w->context.engine.threads = 1;
	w->context.engine.progress = NULL;
	w->context.engine.want_break_even = false;
	w->context.engine.want_sensitivity = false;
	w->context.engine.want_voi = false;
	w->context.engine.want_provenance = false;
	w->context.engine.want_criteria = false;
	w->context.engine.want_outputs = false;
	w->context.engine.cache = engine_cache_new();
	return true;
}

static void worker_release(struct worker *w)
{
	if (w->base)
		scenario_free(w->base);
	err_clear(&w->base_err);
	engine_cache_free(w->context.engine.cache);
	context_release(&w->context);
}

/* A file that cannot be read is told by each of its cases. */
static void load_base(struct worker *w, const struct sweep_plan *p,
                      const char *file)
{
	if (w->file && !strcmp(w->file, file))
		return;
	if (w->base)
		scenario_free(w->base);
	err_clear(&w->base_err);
	w->file = file;
	w->base = task_scenario(&w->context, file, &p->call->set,
	                        &w->base_err);
}

static void copy_finding(struct err *to, const struct err *from)
{
	if (!from->n)
		return;
	err_at(to, from->item[0].kind,
	       (struct pos){ from->item[0].file, from->item[0].line,
	                     from->item[0].col }, "%s", from->item[0].text);
}

static struct evaluation *evaluate_case(struct worker *w, int ninputs,
                                        const char *const *input,
                                        const char *const *value,
                                        struct err *err)
{
	struct evaluation *e = NULL;
	struct scenario *s;
	bool ok = true;

	if (!w->base) {
		copy_finding(err, &w->base_err);
		return NULL;
	}
	s = scenario_copy(w->base);
	for (int k = 0; ok && k < ninputs; k++)
		ok = scenario_set(s, w->context.library, input[k], value[k],
		                  err);
	if (ok)
		e = task_evaluate(&w->context, s, err);
	scenario_free(s);
	return e;
}

/* The line of case i, and whether it holds an error. */
static bool write_case(struct worker *w, const struct sweep_plan *p,
                       const struct sweep_head *h, int64_t i, struct buf *out)
{
	struct arena *a = arena_new();
	const char **value = arena_alloc(a, sizeof *value *
	                                    (size_t)(h->ninputs + 1));
	struct err err = ERR_INIT;
	struct sweep_row row;
	struct evaluation *e;

	for (int k = 0; k < h->ninputs; k++) {
		struct buf text = BUF_INIT;

		sweep_input(p, i, k, &text);
		value[k] = arena_strdup(a, text.s);
		buf_release(&text);
	}
	load_base(w, p, sweep_file(p, i));
	e = evaluate_case(w, h->ninputs, h->input, value, &err);
	row = (struct sweep_row){
		.number = i, .name = sweep_name(p, i),
		.scenario = e ? e->scenario : sweep_file(p, i),
		.ninputs = h->ninputs, .input = h->input, .value = value,
		.e = e, .err = &err,
	};
	report_sweep_row(out, h, &row, p->call->json);
	if (e)
		evaluation_free(e);
	err_clear(&err);
	arena_free(a);
	return e != NULL;
}

/* --- output ------------------------------------------------------------- */

struct sink {
	const struct sweep_plan *plan;
	FILE *f;
	char *part_path;                /* while it is not complete; or NULL */
	bool part;                      /* lines of a part, not of the output */
	int64_t rows;
	struct digest *digest;          /* of the lines */
};

static bool write_failed(const struct sink *s, struct err *err)
{
	int why = errno;
	struct pos at = { s->part_path, 0, 0 };

	if (!s->part_path && why == EPIPE)
		return err_add(err, ERR_IO, "standard output went away");
	return err_at(err, ERR_IO, at, "cannot write: %s", strerror(why));
}

static bool put(struct sink *s, const char *line, size_t n, struct err *err)
{
	digest_bytes(s->digest, line, n);
	digest_bytes(s->digest, "\n", 1);
	s->rows++;
	if (fwrite(line, 1, n, s->f) != n || putc('\n', s->f) == EOF)
		return write_failed(s, err);
	return true;
}

static struct part_head head_of(const struct sweep_plan *p, char *header)
{
	const struct sweep_call *call = p->call;
	struct part_head h = {
		.shard = call->shard, .shards = call->shards,
		.cases = p->total, .command = (char *)call->command,
		.header = header,
	};

	snprintf(h.format, sizeof h.format, "%s", call->json ? "json" : "csv");
	memcpy(h.identity, p->identity, DIGEST_HEX);
	return h;
}

static bool nothing_there(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return true;
	return err_at(err, ERR_USAGE, (struct pos){ path, 0, 0 },
	              "is left of a run that was stopped: go on with --resume, "
	              "or remove it");
}

/* Takes up the part where its last whole line ends. */
static bool take_up(struct sink *s, const struct part_head *want,
                    struct err *err)
{
	struct part_head got;
	struct part_rows rows;
	bool ok;

	s->f = fopen(s->part_path, "r+");
	if (!s->f && errno == ENOENT)
		return true;
	if (!s->f)
		return write_failed(s, err);
	if (!part_head_read(s->f, s->part_path, &got, err))
		return false;
	ok = part_same_sweep(&got, want) && got.shard == want->shard;
	part_head_release(&got);
	if (!ok)
		return err_at(err, ERR_INPUT, (struct pos){ s->part_path, 1, 1 },
		              "is a part of another sweep: other inputs, models, "
		              "prices or settings; remove it to begin anew");
	if (!part_rows_read(s->f, &rows, s->digest) ||
	    rows.n > part_share(want->cases, want->shard, want->shards))
		return err_at(err, ERR_INPUT, (struct pos){ s->part_path, 0, 0 },
		              "has more lines than it should: remove it to begin "
		              "anew");
	s->rows = rows.n;
	if (fseeko(s->f, rows.end, SEEK_SET) < 0 ||
	    ftruncate(fileno(s->f), rows.end) < 0)
		return write_failed(s, err);
	return true;
}

static bool open_part(struct sink *s, const struct part_head *head,
                      struct err *err)
{
	const struct sweep_call *call = s->plan->call;
	struct buf path = BUF_INIT, text = BUF_INIT;
	bool ok;

	buf_addf(&path, "%s.part", call->output);
	s->part_path = buf_detach(&path);
	if (!(call->resume ? take_up(s, head, err)
	                   : nothing_there(s->part_path, err)))
		return false;
	if (s->f)
		return true;
	s->f = fopen(s->part_path, "wx");
	if (!s->f)
		return write_failed(s, err);
	part_head_write(&text, head);
	ok = fwrite(text.s, 1, text.len, s->f) == text.len &&
	     fflush(s->f) == 0;
	buf_release(&text);
	return ok || write_failed(s, err);
}

static bool open_sink(struct sink *s, const struct sweep_plan *p,
                      const struct part_head *head, struct err *err)
{
	struct buf text = BUF_INIT;
	bool ok;

	*s = (struct sink){ .plan = p, .digest = digest_new() };
	s->part = p->call->output || p->call->shards > 1;
	if (p->call->output)
		return open_part(s, head, err);
	s->f = stdout;
	if (s->part)
		part_head_write(&text, head);
	else
		buf_addf(&text, "%s\n", head->header);
	ok = fwrite(text.s, 1, text.len, s->f) == text.len;
	buf_release(&text);
	return ok || write_failed(s, err);
}

/* FILE.part becomes FILE: itself where it is a shard, else what its lines are
 * the lines of. */
static bool complete(struct sink *s, const struct part_head *head,
                     struct err *err)
{
	const char *output = s->plan->call->output;
	bool ok = fflush(s->f) == 0 && fsync(fileno(s->f)) == 0;

	if (!ok)
		return write_failed(s, err);
	if (head->shards > 1)
		return rename(s->part_path, output) == 0 ||
		       write_failed(s, err);
	ok = task_sweep_merge(&(const char *){ s->part_path }, 1, output, err);
	if (ok)
		unlink(s->part_path);
	return ok;
}

static bool close_sink(struct sink *s, const struct part_head *head, bool ok,
                       struct err *err)
{
	char sha[DIGEST_HEX];

	digest_end(s->digest, sha);
	if (ok && s->part)
		fprintf(s->f, "#end %lld %s\n", (long long)s->rows, sha);
	else if (ok && s->plan->call->json)
		fprintf(s->f, "{\"rows\": %lld, \"sha256\": \"%s\"}\n",
		        (long long)s->rows, sha);
	if (s->f && (fflush(s->f) || ferror(s->f)) && ok)
		ok = write_failed(s, err);
	if (ok && s->part_path)
		ok = complete(s, head, err);
	if (s->f && s->f != stdout)
		fclose(s->f);
	free(s->part_path);
	return ok;
}

/* --- the run ------------------------------------------------------------ */

struct crew {
	const struct sweep_plan *plan;
	const struct sweep_head *head;
	struct worker *worker;
	int n;
	struct buf *line;               /* of a batch; empty: not done */
	bool *failed;
	bool stop;                      /* somebody asked for it */
};

static int threads_of(const struct context *c)
{
#ifdef _OPENMP
	return c->engine.threads ? c->engine.threads : omp_get_max_threads();
#else
	(void)c;
	return 1;
#endif
}

static int thread_number(void)
{
#ifdef _OPENMP
	return omp_get_thread_num();
#else
	return 0;
#endif
}

static bool asked_to_stop(struct crew *crew, int64_t done)
{
	const struct sweep_call *call = crew->plan->call;
	int64_t share = part_share(crew->plan->total, call->shard,
	                           call->shards);
	bool stop;

	if (thread_number() == 0 && call->progress &&
	    !call->progress(call->progress_ctx, done, share)) {
#pragma omp atomic write
		crew->stop = true;
	}
#pragma omp atomic read
	stop = crew->stop;
	return stop;
}

/* Cases first.. of this shard, `count` of them. */
static void run_batch(struct crew *crew, int64_t first, int count)
{
	const struct sweep_call *call = crew->plan->call;

#pragma omp parallel for num_threads(crew->n) schedule(dynamic, 1)
	for (int i = 0; i < count; i++) {
		int64_t number = call->shard - 1 + (first + i) * call->shards;

		buf_clear(&crew->line[i]);
		if (asked_to_stop(crew, first))
			continue;
		crew->failed[i] = !write_case(&crew->worker[thread_number()],
		                              crew->plan, crew->head, number,
		                              &crew->line[i]);
	}
}

static bool run_all(struct crew *crew, struct sink *s,
                    struct sweep_outcome *out, struct err *err)
{
	const struct sweep_call *call = crew->plan->call;
	int64_t share = part_share(crew->plan->total, call->shard,
	                           call->shards);
	int room = BATCH * crew->n;
	bool ok = true;

	for (int64_t at = s->rows; ok && at < share;) {
		int count = share - at < room ? (int)(share - at) : room;

		run_batch(crew, at, count);
		for (int i = 0; ok && i < count && crew->line[i].len; i++) {
			ok = put(s, crew->line[i].s, crew->line[i].len, err);
			out->failed += crew->failed[i];
			out->done += ok;
		}
		if (ok && fflush(s->f))
			ok = write_failed(s, err);
		at += count;
		if (ok && (crew->stop || asked_to_stop(crew, at)))
			ok = err_add(err, ERR_LIMIT, "cancelled");
	}
	return ok;
}

static bool hire(struct crew *crew, const struct context *c, struct err *err)
{
	int want = threads_of(c);
	bool ok = true;

	crew->worker = xcalloc((size_t)want, sizeof *crew->worker);
	crew->line = xcalloc((size_t)(want * BATCH), sizeof *crew->line);
	crew->failed = xcalloc((size_t)(want * BATCH), sizeof *crew->failed);
	for (int i = 0; i < want * BATCH; i++)
		buf_init(&crew->line[i]);
	for (; ok && crew->n < want; crew->n += ok)
		ok = worker_init(&crew->worker[crew->n], c, err);
	return ok;
}

static void dismiss(struct crew *crew, int lines)
{
	while (crew->n)
		worker_release(&crew->worker[--crew->n]);
	for (int i = 0; i < lines; i++)
		buf_release(&crew->line[i]);
	free(crew->worker);
	free(crew->line);
	free(crew->failed);
}

static bool run(const struct sweep_plan *p, const struct sweep_head *h,
                const struct context *c, struct sweep_outcome *out,
                struct err *err)
{
	struct crew crew = { .plan = p, .head = h };
	struct buf header = BUF_INIT;
	struct part_head head;
	struct sink s;
	bool ok;

	report_sweep_head(&header, h, p->call->json);
	head = head_of(p, header.s);
	ok = open_sink(&s, p, &head, err);
	out->kept = s.rows;
	if (ok)
		ok = hire(&crew, c, err) && run_all(&crew, &s, out, err);
	if (crew.worker)
		dismiss(&crew, threads_of(c) * BATCH);
	ok = close_sink(&s, &head, ok, err);
	buf_release(&header);
	return ok;
}

static struct sweep_head head_line(const struct sweep_plan *p,
                                   const struct context *c)
{
	const struct engine_options *o = &c->engine;
	int n = sweep_inputs(p);
	const char **input = arena_alloc(p->arena,
	                                 (size_t)(n + 1) * sizeof *input);

	for (int k = 0; k < n; k++)
		input[k] = sweep_input_name(p, k);
	return (struct sweep_head){
		.identity = p->identity, .cases = p->total,
		.samples = o->samples, .seed = o->seed, .point = o->point,
		.named = p->cases.name >= 0,
		.sampler = sampler_names[o->sampler],
		.engine = engine_version(), .fpclass = engine_fpclass(),
		.ninputs = n, .input = input,
		.nmodels = p->nmodels, .model = p->model,
	};
}

/* Names are those of the first scenario that can be read. */
static bool names_known(const struct sweep_plan *p, struct context *c,
                        struct err *err)
{
	struct err mute = ERR_INIT;
	struct scenario *s = p->total
		? task_scenario(c, sweep_file(p, 0), &p->call->set, &mute)
		: NULL;
	bool ok = true;

	for (int k = 0; s && k < sweep_inputs(p); k++) {
		struct buf value = BUF_INIT;

		sweep_input(p, 0, k, &value);
		ok &= scenario_set(s, c->library, sweep_input_name(p, k),
		                   value.s, err);
		buf_release(&value);
	}
	if (s)
		scenario_free(s);
	err_clear(&mute);
	return ok;
}

/* A scenario that was named must be there; one found in a folder or a row may
 * fail by itself. */
static bool files_there(const struct sweep_plan *p, struct context *c,
                        struct err *err)
{
	bool ok = true;

	for (int i = 0; i < p->call->nfiles; i++) {
		struct scenario *s = NULL;

		if (sweep_is_folder(p->call->file[i]))
			continue;
		s = task_scenario(c, p->call->file[i], &p->call->set, err);
		ok &= s != NULL;
		if (s)
			scenario_free(s);
	}
	return ok;
}

bool task_sweep(struct context *c, const struct sweep_call *call,
                struct sweep_outcome *out, struct err *err)
{
	struct sweep_plan p;
	bool ok = sweep_plan_make(&p, c, call, err);

	*out = (struct sweep_outcome){ 0 };
	if (ok)
		ok = files_there(&p, c, err) && names_known(&p, c, err);
	if (ok) {
		struct sweep_head h = head_line(&p, c);

		out->cases = p.total;
		ok = run(&p, &h, c, out, err);
	}
	sweep_plan_release(&p);
	return ok;
}
