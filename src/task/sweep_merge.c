/*
 * Parts of one sweep become the output of one run.  All of them are read twice:
 * first to be sure of each, then to write.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "task/sweep_int.h"

#include "base/banned.h"

struct merge {
	int n;
	const char *const *path;
	FILE **file;                    /* as given */
	struct part_head *head;
	int *of_shard;                  /* index of the file by shard - 1 */
};

static struct pos at_file(const char *path)
{
	return (struct pos){ path, 0, 0 };
}

static bool open_one(struct merge *m, int i, struct err *err)
{
	m->file[i] = fopen(m->path[i], "r");
	if (!m->file[i])
		return err_at(err, ERR_IO, at_file(m->path[i]), "%s",
		              strerror(errno));
	return part_head_read(m->file[i], m->path[i], &m->head[i], err);
}

/* "steelyard sweep ... --shard 3/4 -o part-3-of-4" */
static void repeat(struct buf *b, const struct part_head *h, int shard,
                   const char *path)
{
	buf_addf(b, "%s --shard %d/%d -o ", h->command, shard, h->shards);
	if (path)
		buf_add(b, path);
	else
		buf_addf(b, "part-%d-of-%d", shard, h->shards);
}

static bool unusable(const struct merge *m, int i, const char *why,
                     struct err *err)
{
	struct buf b = BUF_INIT;

	repeat(&b, &m->head[i], m->head[i].shard, m->path[i]);
	err_at(err, ERR_INPUT, at_file(m->path[i]),
	       "shard %d of %d %s; make it again: %s", m->head[i].shard,
	       m->head[i].shards, why, b.s);
	buf_release(&b);
	return false;
}

static bool check_rows(const struct merge *m, int i, struct err *err)
{
	const struct part_head *h = &m->head[i];
	struct part_rows rows;

	if (!part_rows_read(m->file[i], &rows, NULL))
		return err_at(err, ERR_IO, at_file(m->path[i]), "cannot read");
	if (rows.wrong)
		return unusable(m, i, "was changed: its closing line does not "
		                "fit its lines", err);
	if (!rows.ended)
		return unusable(m, i, "is not complete", err);
	if (rows.n != part_share(h->cases, h->shard, h->shards))
		return unusable(m, i, "has not the lines it should have", err);
	return true;
}

static bool place(struct merge *m, int i, struct err *err)
{
	const struct part_head *h = &m->head[i];
	int *slot;

	if (!part_same_sweep(h, &m->head[0]))
		return err_at(err, ERR_INPUT, at_file(m->path[i]), "belongs to "
		              "another sweep than %s: other cases, inputs, "
		              "models, prices, settings or kind of machine",
		              m->path[0]);
	slot = &m->of_shard[h->shard - 1];
	if (*slot >= 0)
		return err_at(err, ERR_INPUT, at_file(m->path[i]), "shard %d of "
		              "%d is there twice: also as %s", h->shard,
		              h->shards, m->path[*slot]);
	*slot = i;
	return true;
}

static bool check_parts(struct merge *m, struct err *err)
{
	bool ok = true;
	int shards = m->head[0].shards;
	struct buf lost = BUF_INIT;

	m->of_shard = xcalloc((size_t)shards, sizeof *m->of_shard);
	for (int k = 0; k < shards; k++)
		m->of_shard[k] = -1;
	for (int i = 0; i < m->n; i++)
		ok &= place(m, i, err) && check_rows(m, i, err);
	for (int k = 0; k < shards; k++) {
		struct buf b = BUF_INIT;

		if (m->of_shard[k] < 0) {
			buf_addf(&lost, "%s%d", lost.len ? "," : "", k + 1);
			repeat(&b, &m->head[0], k + 1, NULL);
			ok = err_add(err, ERR_INPUT, "shard %d of %d is "
			             "missing; make it: %s", k + 1, shards,
			             b.s);
		}
		buf_release(&b);
	}
	if (lost.len && shards > 1)
		err_add(err, ERR_INPUT, "of a Slurm array: sbatch --array=%s "
		        "and its job file", lost.s);
	buf_release(&lost);
	return ok;
}

static bool write_out(struct merge *m, FILE *out)
{
	const struct part_head *h = &m->head[0];
	FILE **file = xcalloc((size_t)h->shards, sizeof *file);
	bool ok = true;

	for (int k = 0; ok && k < h->shards; k++) {
		int i = m->of_shard[k];
		struct part_head again;

		file[k] = m->file[i];
		rewind(file[k]);
		ok = part_head_read(file[k], m->path[i], &again, NULL);
		part_head_release(&again);
	}
	ok = ok && parts_join(file, h, out) && fflush(out) == 0 && !ferror(out);
	free(file);
	return ok;
}

static bool lines_out_of_order(struct err *err)
{
	return err_add(err, ERR_INPUT, "the lines of the parts are not those of "
	               "their cases");
}

/* Whole or not at all: a file beside it takes its place at the end. */
static bool to_file(struct merge *m, const char *output, struct err *err)
{
	struct buf tmp = BUF_INIT;
	FILE *out;
	bool ok;

	buf_addf(&tmp, "%s.new", output);
	out = fopen(tmp.s, "w");
	ok = out && write_out(m, out);
	if (!ok && out && !ferror(out))
		lines_out_of_order(err);
	ok = ok && fsync(fileno(out)) == 0;
	if (out)
		ok &= fclose(out) == 0;
	ok = ok && rename(tmp.s, output) == 0;
	if (!ok && !err_any(err))
		err_at(err, ERR_IO, at_file(output), "cannot write: %s",
		       strerror(errno));
	if (!ok && out)
		unlink(tmp.s);
	buf_release(&tmp);
	return ok;
}

static bool to_stdout(struct merge *m, struct err *err)
{
	if (write_out(m, stdout))
		return true;
	return ferror(stdout) ? err_add(err, ERR_IO, "cannot write to standard "
	                                "output: %s", strerror(errno))
	                      : lines_out_of_order(err);
}

bool task_sweep_merge(const char *const *part, int n, const char *output,
                      struct err *err)
{
	struct merge m = { .n = n, .path = part };
	bool ok = true;

	m.file = xcalloc((size_t)n, sizeof *m.file);
	m.head = xcalloc((size_t)n, sizeof *m.head);
	for (int i = 0; i < n; i++)
		ok &= open_one(&m, i, err);
	ok = ok && check_parts(&m, err);
	if (ok)
		ok = output ? to_file(&m, output, err) : to_stdout(&m, err);
	for (int i = 0; i < n; i++) {
		if (m.file[i])
			fclose(m.file[i]);
		part_head_release(&m.head[i]);
	}
	free(m.file);
	free(m.head);
	free(m.of_shard);
	return ok;
}
