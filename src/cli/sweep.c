/*
 * sweep: many cases, whole or as one shard of several, and their merging; job
 * files for machines that run shards.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"
#include "task/sweep.h"

/* --- the shard ---------------------------------------------------------- */

/* A whole number of the environment; false when it is not there. */
static bool number_of(const char *name, long long *v)
{
	const char *text = getenv(name);
	char *end;

	if (!text || !*text)
		return false;
	*v = strtoll(text, &end, 10);
	return !*end;
}

/* Where schedulers tell a task its place, from `first` on. */
static const struct place {
	const char *who, *rank, *size, *first;
} places[] = {
	{ "Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
	  "SLURM_ARRAY_TASK_MIN" },
	{ "Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", NULL },
	{ "MPICH", "PMI_RANK", "PMI_SIZE", NULL },
	{ "Slurm", "SLURM_PROCID", "SLURM_NTASKS", NULL },
	{ "Kubernetes", "JOB_COMPLETION_INDEX", NULL, NULL },
};

/* `auto` or `auto/N`: the place that is set; N where it knows none. */
static bool from_place(struct run *r, long long n, int *shard, int *shards)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct place *p = &places[i];
		long long rank, size = n, first = 0, step = 1;

		if (!number_of(p->rank, &rank))
			continue;
		if (p->size)
			number_of(p->size, &size);
		if (p->first) {
			number_of(p->first, &first);
			number_of("SLURM_ARRAY_TASK_STEP", &step);
		}
		rank = step > 0 ? (rank - first) / step : -1;
		if (n)
			size = n;
		if (rank < 0 || size < 1 || rank >= size || size > SWEEP_SHARDS)
			return err_add(&r->err, ERR_USAGE, "--shard auto: %s "
			               "gives place %lld of %lld; write "
			               "auto/N", p->who, rank + 1, size);
		*shard = (int)rank + 1;
		*shards = (int)size;
		return true;
	}
	return err_add(&r->err, ERR_USAGE, "--shard auto: none of "
	               "SLURM_ARRAY_TASK_ID, OMPI_COMM_WORLD_RANK, PMI_RANK, "
	               "SLURM_PROCID, JOB_COMPLETION_INDEX is set");
}

static bool read_shard(struct run *r, int *shard, int *shards)
{
	const char *text = r->opt.shard;
	int used = 0, n = 0;

	*shard = *shards = 1;
	if (!text)
		return true;
	if (!strcmp(text, "auto"))
		return from_place(r, 0, shard, shards);
	if (sscanf(text, "auto/%d%n", &n, &used) == 1 && !text[used] && n > 0)
		return from_place(r, n, shard, shards);
	if (sscanf(text, "%d/%d%n", shard, shards, &used) == 2 &&
	    !text[used] && *shard >= 1 && *shard <= *shards &&
	    *shards <= SWEEP_SHARDS)
		return true;
	return err_add(&r->err, ERR_USAGE, "--shard: '%s' is not K/N with K "
	               "from 1 to N, auto or auto/N", text);
}

/* --- the command that repeats it ---------------------------------------- */

static void add_word(struct buf *b, const char *s)
{
	const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-+=:,./@%";

	buf_addc(b, ' ');
	if (*s && s[strspn(s, plain)] == '\0') {
		buf_add(b, s);
		return;
	}
	buf_addc(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buf_add(b, "'\\'");
		/* the command stands on one line */
		buf_addc(b, *s == '\n' ? ' ' : *s);
	}
	buf_addc(b, '\'');
}

static void add_list(struct buf *b, const char *option,
                     const struct assignments *list)
{
	for (int i = 0; i < list->n; i++) {
		add_word(b, option);
		add_word(b, list->text[i]);
	}
}

static void add_option(struct buf *b, const char *option, const char *value)
{
	if (!value)
		return;
	add_word(b, option);
	add_word(b, value);
}

static void command_of(const struct run *r, struct buf *b)
{
	const struct options *o = &r->opt;

	buf_add(b, "steelyard sweep");
	for (int i = 0; i < r->nargs; i++)
		add_word(b, r->arg[i]);
	add_list(b, "--set", &o->set);
	add_list(b, "--vary", &o->vary);
	add_option(b, "--cases", o->cases);
	add_option(b, "--design", o->design);
	add_option(b, "--sampler", o->sampler);
	if (o->points)
		buf_addf(b, " --points %lld", o->points);
	if (o->point)
		buf_add(b, " --point");
	if (o->seed_given)
		buf_addf(b, " --seed %lld", o->seed);
	if (o->samples_given)
		buf_addf(b, " --samples %lld", o->samples);
	if (o->confidence > 0)
		buf_addf(b, " --confidence %.17g", o->confidence);
	buf_add(b, o->json ? " --json" : " --csv");
}

/* --- job files ---------------------------------------------------------- */

static void job_slurm(struct buf *out, const char *command, long long n)
{
	buf_addf(out, "#!/bin/bash\n"
	         "# sbatch this file; when all is done:\n"
	         "#   steelyard sweep --merge part-*-of-%lld -o sweep.out\n"
	         "#SBATCH --job-name=steelyard\n"
	         "#SBATCH --array=1-%lld\n"
	         "#SBATCH --ntasks=1\n"
	         "#SBATCH --cpus-per-task=1\n"
	         "#SBATCH --output=steelyard-%%A-%%a.log\n"
	         "exec %s --threads \"${SLURM_CPUS_PER_TASK:-1}\" \\\n"
	         "\t--shard \"$SLURM_ARRAY_TASK_ID/%lld\" \\\n"
	         "\t--resume -o \"part-$SLURM_ARRAY_TASK_ID-of-%lld\"\n",
	         n, n, command, n, n);
}

static void job_parallel(struct buf *out, const char *command, long long n)
{
	buf_addf(out, "#!/bin/sh\n"
	         "# GNU parallel: one shard a core, then the merge.\n"
	         "seq 1 %lld | parallel --halt soon,fail=1 \\\n\t", n);
	add_word(out, command);
	buf_addf(out, "\\ --threads\\ 1\\ --shard\\ {}/%lld\\ --resume"
	         "\\ -o\\ part-{}-of-%lld &&\n"
	         "steelyard sweep --merge part-*-of-%lld -o sweep.out\n",
	         n, n, n);
}

static void job_kubernetes(struct buf *out, const char *command, long long n)
{
	buf_addf(out, "# The image holds steelyard and the scenarios; the parts "
	         "are merged afterwards by\n"
	         "#   steelyard sweep --merge part-*-of-%lld -o sweep.out\n"
	         "apiVersion: batch/v1\nkind: Job\n"
	         "metadata: {name: steelyard-sweep}\n"
	         "spec:\n"
	         "  completions: %lld\n"
	         "  parallelism: %lld\n"
	         "  completionMode: Indexed\n"
	         "  template:\n"
	         "    spec:\n"
	         "      restartPolicy: OnFailure\n"
	         "      containers:\n"
	         "      - name: steelyard\n"
	         "        image: steelyard\n"
	         "        command: [sh, -c]\n"
	         "        args:\n"
	         "        - |\n"
	         "          exec %s --shard auto/%lld --resume \\\n"
	         "            -o \"/data/part-$((JOB_COMPLETION_INDEX + 1))"
	         "-of-%lld\"\n"
	         "        volumeMounts: [{name: data, mountPath: /data}]\n"
	         "      volumes:\n"
	         "      - name: data\n"
	         "        persistentVolumeClaim: {claimName: steelyard}\n",
	         n, n, n, command, n, n);
}

static const struct {
	const char *name;
	void (*write)(struct buf *out, const char *command, long long n);
} jobs[] = {
	{ "slurm", job_slurm },
	{ "parallel", job_parallel },
	{ "kubernetes", job_kubernetes },
};

static bool write_job(struct run *r, const char *command)
{
	if (!r->opt.shards)
		return err_add(&r->err, ERR_USAGE, "--job %s needs --shards N",
		               r->opt.job);
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
		if (!strcmp(jobs[i].name, r->opt.job))
			jobs[i].write(&r->out, command, r->opt.shards);
	return true;
}

/* --- progress ----------------------------------------------------------- */

struct pace {
	struct progress *progress;
	bool shown, drawn;              /* to be drawn; was drawn */
	uint64_t began, last;
	int64_t at_first;
};

static void add_time(struct buf *b, double seconds)
{
	if (seconds < 90)
		buf_addf(b, "%.0f s left", seconds);
	else if (seconds < 5400)
		buf_addf(b, "%.0f min left", seconds / 60);
	else
		buf_addf(b, "%.1f h left", seconds / 3600);
}

static void draw_pace(struct pace *p, uint64_t now, int64_t done, int64_t of)
{
	struct buf b = BUF_INIT;
	double rate;

	p->last = now;
	rate = (double)(done - p->at_first) / ((double)(now - p->began) / 1e9);
	buf_addf(&b, "%lld of %lld cases, %.0f/s, ", (long long)done,
	         (long long)of, rate);
	add_time(&b, (double)(of - done) / rate);
	fprintf(stderr, "\r%-60s", b.s);
	fflush(stderr);
	p->drawn = true;
	buf_release(&b);
}

static bool keep_pace(void *ctx, int64_t done, int64_t of)
{
	struct pace *p = ctx;
	uint64_t now = clock_monotonic_ns();

	if (!p->began) {
		p->began = now;
		p->at_first = done;
	} else if (p->shown && done > p->at_first &&
	           now - p->last >= 200000000u) {
		draw_pace(p, now, done, of);
	}
	return run_progress(p->progress, (double)done / (double)of);
}

/* ------------------------------------------------------------------------ */

static bool merge(struct run *r)
{
	if (!r->nargs)
		return err_add(&r->err, ERR_USAGE, "--merge needs the parts of "
		               "a sweep");
	return task_sweep_merge(r->arg, r->nargs, r->opt.output, &r->err);
}

/* The lines are out: what failed among them is told beside them. */
static void sum_up(struct run *r, const struct sweep_outcome *o)
{
	if (!r->opt.quiet && r->opt.output)
		fprintf(stderr, "%lld cases: %lld now, %lld before\n",
		        (long long)(o->done + o->kept), (long long)o->done,
		        (long long)o->kept);
	if (!o->failed)
		return;
	fprintf(stderr, "steelyard: %lld of %lld cases could not be evaluated: "
	        "their lines tell why\n", (long long)o->failed,
	        (long long)o->done);
	r->status = 3;
}

bool run_sweep(struct run *r)
{
	const struct options *o = &r->opt;
	struct buf command = BUF_INIT;
	struct sweep_outcome outcome;
	struct pace pace = { .progress = &r->progress };
	struct sweep_call call = {
		.nfiles = r->nargs, .file = r->arg, .set = o->set,
		.vary = o->vary, .cases = o->cases, .design = o->design,
		.points = o->points, .json = o->json, .output = o->output,
		.resume = o->resume,
		.progress = keep_pace, .progress_ctx = &pace,
	};
	bool ok;

	if (o->merge)
		return merge(r);
	command_of(r, &command);
	call.command = command.s;
	if (o->resume && !o->output) {
		ok = err_add(&r->err, ERR_USAGE, "--resume needs -o FILE");
	} else if (o->job) {
		ok = write_job(r, command.s);
	} else {
		ok = read_shard(r, &call.shard, &call.shards);
		pace.shown = !o->quiet && isatty(STDERR_FILENO);
		r->progress.shown = false;
		r->progress.kept = o->output
			? "what is done is kept: go on with --resume"
			: "the lines so far were written";
		ok = ok && task_sweep(&r->context, &call, &outcome, &r->err);
		if (pace.drawn)
			fprintf(stderr, "\r%60s\r", "");
		if (ok)
			sum_up(r, &outcome);
	}
	buf_release(&command);
	return ok;
}
