#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/joint.h"
#include "engine/run.h"
#include "engine/stats.h"

#include "base/banned.h"

#define MOST_BYTES 4e9
#define WORD 64
#define CHUNK 16                /* blocks between two looks at `progress` */

/* --- room --------------------------------------------------------------- */

static int column_new(struct joint *j)
{
	struct column_of *c = ARR_PUSH(j->column, j->ncolumns, j->columns_cap);

	c->v = xcalloc((size_t)j->draws.n, sizeof *c->v);
	c->replicate = xcalloc((size_t)j->replicates, sizeof *c->replicate);
	return j->ncolumns - 1;
}

/* Which roots are costs (their column) and which are truths. */
static int *lay_out(struct joint *j)
{
	int *column = xcalloc((size_t)j->roots.n + 1, sizeof *column);

	for (int r = 0; r < j->roots.n; r++)
		column[r] = -1;
	for (int i = 0; i < j->nparts; i++) {
		const struct joint_part *p = &j->part[i];

		for (int e = 0; e < p->family->ncontexts * p->n; e++)
			column[p->entry[e].cost] = 0;
	}
	for (int r = 0; r < j->roots.n; r++)
		if (column[r] == 0)
			column[r] = column_new(j);
	return column;
}

static void lay_out_bits(struct joint *j)
{
	size_t words = (size_t)(j->draws.n + WORD - 1) / WORD;

	j->bits = xcalloc((size_t)j->roots.n + 1, sizeof *j->bits);
	for (int i = 0; i < j->nparts; i++) {
		const struct joint_part *p = &j->part[i];
		const struct family *f = p->family;

		for (int k = 0; k < f->ncontexts * f->nroots; k++) {
			int root = j->root_of[f->node[k]];

			if (k % p->rows == 0 || root == ROOT_NONE
			    || j->bits[root])
				continue;
			j->bits[root] = xcalloc(words, sizeof **j->bits);
		}
	}
}

static bool has_room(const struct joint *j, int64_t n, struct err *err)
{
	double bytes = (double)j->roots.n * sizeof(double) * (double)n;

	return bytes <= MOST_BYTES
		|| err_add(err, ERR_LIMIT, "%lld draws of %d figures would need "
		           "%.1f GB of memory: ask for fewer draws",
		           (long long)n, j->roots.n, bytes / 1e9);
}

/* --- draws -------------------------------------------------------------- */

static void keep_truths(uint64_t *bits, const double *v, int64_t first, int n)
{
	for (int i = 0; i < n; i++)
		if (v[i] != 0.0)
			bits[(first + i) / WORD] |=
				UINT64_C(1) << (first + i) % WORD;
}

static void do_block(struct joint *j, struct feed *f, const int *column,
                     int64_t block)
{
	int64_t first = block * TAPE_BLOCK, left = j->draws.n - first;
	int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

	if (j->point)
		feed_central(f, &j->sample);
	else
		feed_draw(f, &j->sample, first, n);
	feed_run(f, n);
	for (int r = 0; r < j->roots.n; r++) {
		if (column[r] >= 0)
			memcpy(j->column[column[r]].v + first, f->out[r],
			       (size_t)n * sizeof(double));
		if (j->bits[r])
			keep_truths(j->bits[r], f->out[r], first, n);
	}
}

static void run_central(struct joint *j)
{
	struct feed f;

	j->central = xcalloc((size_t)j->roots.n + 1, sizeof *j->central);
	feed_init(&f, j->tape);
	feed_central(&f, &j->sample);
	feed_run(&f, 1);
	for (int r = 0; r < j->roots.n; r++)
		j->central[r] = f.out[r][0];
	feed_release(&f);
}

static bool run_blocks(struct joint *j, const int *column,
                       const struct engine_options *o, struct err *err)
{
	int64_t blocks = (j->draws.n + TAPE_BLOCK - 1) / TAPE_BLOCK;
	int threads = run_threads(o);
	struct feed *f = xcalloc((size_t)threads, sizeof *f);
	bool ok = true;

	for (int i = 0; i < threads; i++)
		feed_init(&f[i], j->tape);
	for (int64_t at = 0; ok && at < blocks; at += CHUNK) {
		int64_t end = at + CHUNK < blocks ? at + CHUNK : blocks;

#pragma omp parallel for num_threads(threads) schedule(dynamic)
		for (int64_t b = at; b < end; b++)
			do_block(j, &f[omp_get_thread_num()], column, b);
		ok = run_goes_on(o, 0.5 * (double)end / (double)blocks, err);
	}
	for (int i = 0; i < threads; i++)
		feed_release(&f[i]);
	free(f);
	return ok;
}

/* --- what options come to ----------------------------------------------- */

static bool has(const struct joint *j, int root, int64_t draw)
{
	return root != ROOT_NONE &&
	       j->bits[root][draw / WORD] >> draw % WORD & 1;
}

static double share(const struct joint *j, int root)
{
	int64_t words = (j->draws.n + WORD - 1) / WORD, n = 0;

	for (int64_t i = 0; root != ROOT_NONE && i < words; i++)
		n += __builtin_popcountll(j->bits[root][i]);
	return (double)n / (double)j->draws.n;
}

/* As rules.c bars an option in a trade-off by itself. */
static bool rule_bars(const struct joint *j, const struct constraint *c,
                      const node_id *row)
{
	int barred = j->root_of[row[0]], broken = j->root_of[row[1]];

	if ((c->none || c->allow) && barred != ROOT_NONE
	    && (j->central[barred] != 0.0 || share(j, barred) > 0.5))
		return true;
	return c->require && 1 - share(j, broken) < fmax(c->with_probability,
	                                                1e-300);
}

static void set_barred(struct joint *j, const struct joint_part *p, int e)
{
	const node_id *row = p->family->node + e * p->rows + 2;
	struct joint_entry *out = &p->entry[e];

	out->rule = -1;
	for (int r = 0; r < p->model->nconstraints; r++) {
		if (!rule_bars(j, &p->model->constraint[r], row + 2 * r))
			continue;
		out->only = !out->barred;
		out->rule = out->barred ? out->rule : r;
		out->barred = true;
	}
	out->never = share(j, out->gap) >
	             p->model->decision.infeasible_at_most * (1 + 1e-12);
	if (share(j, out->gap) == 0.0)
		out->gap = ROOT_NONE;           /* it could, but never does */
}

/* The least and the dearest of what can be taken in one context and draw. */
static double pays(const struct joint *j, const struct joint_part *p,
                   const struct joint_entry *row, int64_t i)
{
	double most = NAN;

	for (int k = 0; k < p->n; k++) {
		double v = j->column[row[k].cost].v[i];

		if (has(j, row[k].gap, i))
			continue;
		if (p->option[k] == p->model->decision.pay)
			return v;
		most = fmax(most, v);
	}
	return most;
}

/* Costs and gaps of a whole context as those of an earlier one: its number, or
 * -1.  Contexts differ less than they are many. */
static int like_context(const struct joint_part *p, int context)
{
	const struct joint_entry *own = p->entry + context * p->n;

	for (int c = 0; c < context; c++) {
		const struct joint_entry *row = p->entry + c * p->n;
		int k = 0;

		while (k < p->n && row[k].cost == own[k].cost &&
		       row[k].gap == own[k].gap)
			k++;
		if (k == p->n)
			return c;
	}
	return -1;
}

/* What judge.h says of gaps, within a context. */
static void pay_gaps(struct joint *j, const struct joint_part *p, int e,
                     int like)
{
	struct joint_entry *row = p->entry + e / p->n * p->n;
	struct joint_entry *out = &p->entry[e];
	double *v;

	out->paid = out->cost;
	if (out->never || out->gap == ROOT_NONE)
		return;
	if (like >= 0) {
		out->paid = p->entry[like * p->n + e % p->n].paid;
		out->holes = p->entry[like * p->n + e % p->n].holes;
		return;
	}
	out->paid = column_new(j);
	v = j->column[out->paid].v;
	memcpy(v, j->column[out->cost].v, (size_t)j->draws.n * sizeof *v);
	for (int64_t i = 0; i < j->draws.n; i++)
		if (has(j, out->gap, i)) {
			v[i] = pays(j, p, row, i);
			out->holes |= isnan(v[i]);
		}
}

/* Whether some part has no number in just these draws, whatever it takes: then
 * every combination has none there. */
static bool all_lack(const struct joint *j, const bool *hole)
{
	for (int i = 0; i < j->nparts; i++) {
		const struct joint_part *p = &j->part[i];
		bool same = true;

		for (int e = 0; same && e < p->family->ncontexts * p->n; e++) {
			const double *v = j->column[p->entry[e].paid].v;

			for (int64_t k = 0; same && !p->entry[e].never
			     && k < j->draws.n; k++)
				same = !hole[k] || isnan(v[k]);
		}
		if (same)
			return true;
	}
	return false;
}

/* Draws in which no combination has a number count for none of the columns, so
 * that means of combinations are still sums of means. */
static void drop_holes(struct joint *j)
{
	bool *hole = xcalloc((size_t)j->draws.n, sizeof *hole), any = false;

	for (int i = 0; i < j->nparts; i++)
		for (int e = 0; e < j->part[i].family->ncontexts
		     * j->part[i].n; e++) {
			const struct joint_entry *x = &j->part[i].entry[e];

			for (int64_t k = 0; x->holes && k < j->draws.n; k++)
				hole[k] |= isnan(j->column[x->paid].v[k]);
			any |= x->holes;
		}
	if (any && all_lack(j, hole)) {
		for (int c = 0; c < j->ncolumns; c++)
			for (int64_t k = 0; k < j->draws.n; k++)
				if (hole[k])
					j->column[c].v[k] = NAN;
		for (int i = 0; i < j->nparts; i++)
			for (int e = 0; e < j->part[i].family->ncontexts
			     * j->part[i].n; e++)
				j->part[i].entry[e].holes = false;
	}
	free(hole);
}

static void column_means(struct joint *j)
{
	int64_t each = j->draws.n / j->replicates;

#pragma omp parallel for schedule(dynamic)
	for (int i = 0; i < j->ncolumns; i++) {
		struct column_of *c = &j->column[i];

		c->mean = stat_mean(c->v, j->draws.n);
		for (int r = 0; r < j->replicates; r++)
			c->replicate[r] = stat_mean(c->v + r * each, each);
	}
}

/* Options whose cost is no number where they could be taken. */
static bool check_finite(const struct joint *j, const struct joint_part *p,
                         int e, struct err *err)
{
	const struct joint_entry *x = &p->entry[e];

	if (x->never || x->barred || isfinite(j->column[x->paid].mean))
		return true;
	for (int64_t i = 0; i < j->draws.n; i++)
		if (!isfinite(j->column[x->cost].v[i]) && !has(j, x->gap, i))
			return err_at(err, ERR_INPUT, (struct pos){
			              p->model->path, 0, 0 }, "the objective of "
			              "`%s` gives no finite number in draw %lld, "
			              "as its neighbours may choose",
			              p->model->option[p->option[e % p->n]].name,
			              (long long)i + 1);
	return true;
}

static bool set_entries(struct joint *j, const int *column, struct err *err)
{
	bool ok = true;

	for (int i = 0; i < j->nparts; i++) {
		struct joint_part *p = &j->part[i];
		int n = p->family->ncontexts * p->n;

		for (int e = 0; e < n; e++)
			p->entry[e].cost = column[p->entry[e].cost];
		for (int e = 0; e < n; e++)
			set_barred(j, p, e);
		for (int c = 0; c < p->family->ncontexts; c++) {
			int like = like_context(p, c);

			for (int k = 0; k < p->n; k++)
				pay_gaps(j, p, c * p->n + k, like);
		}
	}
	drop_holes(j);
	column_means(j);
	for (int i = 0; ok && i < j->nparts; i++)
		for (int e = 0; ok && e < j->part[i].family->ncontexts
		     * j->part[i].n; e++)
			ok = check_finite(j, &j->part[i], e, err);
	return ok;
}

bool joint_run(struct joint *j, const struct engine_options *o,
               struct err *err)
{
	int *column;
	bool ok;

	j->point = o->point;
	if (!draws_init(&j->draws, o->sampler, o->seed,
	                o->point ? 1 : o->samples, err)
	    || !has_room(j, j->draws.n, err)
	    || !sample_init(&j->sample, j->bound, &j->draws, err))
		return false;
	j->replicates = j->draws.replicates;
	j->sample.cache = o->cache;
	for (int k = 0; k < tape_inputs(j->tape); k++) {
		int slot = tape_input(j->tape, k);

		sample_prepare(&j->sample, &slot, 1);
	}
	column = lay_out(j);
	lay_out_bits(j);
	run_central(j);
	ok = run_blocks(j, column, o, err) && set_entries(j, column, err);
	free(column);
	return ok;
}
