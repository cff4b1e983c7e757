#include "engine/indices.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/stats.h"
#include "expr/tape.h"
#include "math/sobol.h"
#include "math/special.h"

#include "base/banned.h"

#define EDGE 0x1p-33            /* coordinates stay inside (EDGE, 1 - EDGE) */

/* One block of lanes on its way; `sum` is what each input gathers there. */
struct block {
	const struct indices *q;
	int thread, n;
	int64_t first;
	double *a, *b;                  /* [i * TAPE_BLOCK + lane] */
	double *now;                    /* Shapley: where the walk is */
	double *y;                      /* [step * TAPE_BLOCK + lane] */
	int *order;                     /* [lane * d + step] */
	double *factor;                 /* [lane * g * g]: of each order */
	int *member;                    /* [lane * g]: correlated, in order */
	const int *group;               /* the g correlated inputs */
	int g;
	double *sum;                    /* [d], then what all share, a count */
};

typedef void (*walk_fn)(struct block *b);

static double *row(double *of, int i)
{
	return of + (size_t)i * TAPE_BLOCK;
}

static void fill(struct block *b)
{
	const struct indices *q = b->q;

	for (int i = 0; i < q->d; i++) {
		draws_fill(&q->draws, i, b->first, b->n, row(b->a, i));
		draws_fill(&q->draws, q->d + i, b->first, b->n,
		           row(b->b, i));
	}
}

static void set(struct block *b, int i, const double *u)
{
	b->q->set(b->q->ctx, b->thread, i, u, b->n);
}

static void run(struct block *b, double *y)
{
	b->q->run(b->q->ctx, b->thread, b->n, y);
}

/* --- total indices ------------------------------------------------------ */

/* The variance is taken about the first lane, which is near enough to keep
 * digits; sums of the block: squares, values, numbers. */
static void walk_total(struct block *b)
{
	int d = b->q->d;
	double *y = row(b->y, 0), *other = row(b->y, 1);

	for (int i = 0; i < d; i++)
		set(b, i, row(b->a, i));
	run(b, y);
	for (int i = 0; i < d; i++) {
		set(b, i, row(b->b, i));
		run(b, other);
		set(b, i, row(b->a, i));
		for (int k = 0; k < b->n; k++) {
			double step = other[k] - y[k];

			if (!isnan(step))
				b->sum[i] += step * step / 2;
		}
	}
	for (int k = 0; k < b->n; k++)
		if (!isnan(y[k])) {
			b->sum[d] += y[k];
			b->sum[d + 2]++;
		}
	if (b->sum[d + 2] > 0)
		for (int k = 0; k < b->n; k++) {
			double step = y[k] - b->sum[d] / b->sum[d + 2];

			if (!isnan(step))
				b->sum[d + 1] += step * step;
		}
}

/* --- Shapley effects ---------------------------------------------------- */

/* An order of the inputs by draw; every other lane has its neighbour's, from
 * the end. */
static void make_orders(struct block *b)
{
	int d = b->q->d;

	for (int k = 0; k < b->n; k++) {
		int *own = b->order + k * d;
		uint64_t at = (uint64_t)(b->first + k) / 2, word;

		for (int i = 0; i < d; i++)
			own[i] = i;
		for (int i = d - 1; i > 0; i--) {
			int j, keep = own[i];

			word = hash_mix(hash_mix(b->q->draws.seed, at),
			                (uint64_t)i);
			j = (int)((word >> 32) * (uint64_t)(i + 1) >> 32);
			own[i] = own[j];
			own[j] = keep;
		}
		for (int i = 0; (k & 1) && i < d / 2; i++) {
			int keep = own[i];

			own[i] = own[d - 1 - i];
			own[d - 1 - i] = keep;
		}
	}
}

static int place_in(const int *list, int n, int what)
{
	for (int i = 0; i < n; i++)
		if (list[i] == what)
			return i;
	return -1;
}

/* Cholesky's factor of the correlations in the order of the lane. */
static void factor_lane(struct block *b, int lane)
{
	int g = b->g, *member = b->member + lane * g, found = 0;
	double *l = b->factor + (size_t)lane * (size_t)(g * g);
	const double *r = b->q->correlation;
	int d = b->q->d;

	for (int s = 0; s < d; s++)
		if (place_in(b->group, g, b->order[lane * d + s]) >= 0)
			member[found++] = b->order[lane * d + s];
	for (int i = 0; i < g; i++)
		for (int j = 0; j <= i; j++) {
			double sum = r[member[i] * d + member[j]];

			for (int k = 0; k < j; k++)
				sum -= l[i * g + k] * l[j * g + k];
			l[i * g + j] = i > j ? sum / l[j * g + j] :
				sqrt(fmax(sum, 1e-12));
		}
}

/* Coordinates of the correlated inputs of a lane from their own noise: that of
 * A for the first `from_a` in order, that of B for the others. */
static void mix_lane(struct block *b, int lane, int from_a)
{
	int g = b->g, *member = b->member + lane * g;
	const double *l = b->factor + (size_t)lane * (size_t)(g * g);
	double e[INDICES_MOST_CORRELATED];

	for (int i = 0; i < g; i++) {
		double z = 0;

		e[i] = normal_quantile(row(i < from_a ? b->a : b->b,
		                           member[i])[lane]);
		for (int k = 0; k <= i; k++)
			z += l[i * g + k] * e[k];
		row(b->now, member[i])[lane] =
			fmin(fmax(normal_cdf(z), EDGE), 1 - EDGE);
	}
}

static void start(struct block *b)
{
	int d = b->q->d;

	make_orders(b);
	memcpy(b->now, b->b, sizeof *b->b * (size_t)d * TAPE_BLOCK);
	for (int k = 0; b->g && k < b->n; k++) {
		factor_lane(b, k);
		mix_lane(b, k, 0);
	}
}

static void step(struct block *b, int s)
{
	int d = b->q->d;

	for (int k = 0; k < b->n; k++) {
		int i = b->order[k * d + s];
		int at = place_in(b->member + k * b->g, b->g, i);

		if (at < 0)
			row(b->now, i)[k] = row(b->a, i)[k];
		else
			mix_lane(b, k, at + 1);
	}
}

/* Steps weigh with how far A is from where they lead.  Where all inputs are
 * independent, A and B may change places, and the mean of both ways is half the
 * step times the whole way: less noise. */
static void gather_shapley(struct block *b, int k)
{
	int d = b->q->d;
	double end = row(b->y, d)[k], whole = end - row(b->y, 0)[k], sum = 0;

	for (int s = 0; s <= d; s++)
		sum += row(b->y, s)[k];
	if (isnan(sum))
		return;
	for (int s = 0; s < d; s++) {
		double from = row(b->y, s)[k], to = row(b->y, s + 1)[k];
		double weight = b->g ? end - (from + to) / 2 : whole / 2;

		b->sum[b->order[k * d + s]] += (to - from) * weight;
	}
	b->sum[d + 1] += whole * whole / 2;
	b->sum[d + 2]++;
}

static void walk_shapley(struct block *b)
{
	int d = b->q->d;

	start(b);
	for (int s = 0; s <= d; s++) {
		if (s > 0)
			step(b, s - 1);
		for (int i = 0; i < d; i++)
			set(b, i, row(b->now, i));
		run(b, row(b->y, s));
	}
	for (int k = 0; k < b->n; k++)
		gather_shapley(b, k);
}

/* --- all blocks --------------------------------------------------------- */

static void block_init(struct block *b, const struct indices *q,
                       const int *group, int g, bool shapley)
{
	size_t cells = (size_t)q->d * TAPE_BLOCK;

	*b = (struct block) { .q = q, .group = group, .g = g };
	b->a = xcalloc(4 * cells + 2 * TAPE_BLOCK, sizeof *b->a);
	b->b = b->a + cells;
	b->now = b->b + cells;
	b->y = b->now + cells;
	if (!shapley)
		return;
	b->order = xcalloc(cells, sizeof *b->order);
	b->factor = xcalloc((size_t)(g * g) * TAPE_BLOCK + 1,
	                    sizeof *b->factor);
	b->member = xcalloc((size_t)g * TAPE_BLOCK + 1, sizeof *b->member);
}

static void block_release(struct block *b)
{
	free(b->a);
	free(b->order);
	free(b->factor);
	free(b->member);
}

static int find_group(const struct indices *q, int *group)
{
	int g = 0;

	for (int i = 0; q->correlation && i < q->d; i++) {
		bool alone = true;

		for (int j = 0; j < q->d; j++)
			alone &= j == i || q->correlation[i * q->d + j] == 0.0;
		if (!alone && g < INDICES_MOST_CORRELATED)
			group[g++] = i;
	}
	return g;
}

/* Sums of every block, [block * (d + 3)], in waves between which the caller is
 * asked; NULL: cancelled. */
static double *all_blocks(const struct indices *q, walk_fn walk, int64_t size,
                          int64_t blocks)
{
	bool shapley = walk == walk_shapley, go = true;
	int group[INDICES_MOST_CORRELATED];
	int g = shapley ? find_group(q, group) : 0;
	struct block *b = xcalloc((size_t)q->threads, sizeof *b);
	double *sum = xcalloc((size_t)blocks * (size_t)(q->d + 3), sizeof *sum);
	int64_t wave = 4 * q->threads;

	for (int i = 0; i < q->threads; i++)
		block_init(&b[i], q, group, g, shapley);
	for (int64_t from = 0; go && from < blocks; from += wave) {
		int64_t to = from + wave < blocks ? from + wave : blocks;

#pragma omp parallel for num_threads(q->threads) schedule(dynamic)
		for (int64_t i = from; i < to; i++) {
			struct block *own = &b[omp_get_thread_num()];

			own->thread = omp_get_thread_num();
			own->first = i * size;
			own->n = (int)size;
			own->sum = sum + i * (q->d + 3);
			fill(own);
			walk(own);
		}
		go = !q->goes_on || q->goes_on(q->ctx, (double)to /
		                               (double)blocks);
	}
	for (int i = 0; i < q->threads; i++)
		block_release(&b[i]);
	free(b);
	if (go)
		return sum;
	free(sum);
	return NULL;
}

/* Gathers blocks from .. to - 1 into shares: each input's sum over the variance
 * of what the blocks hold, their means' spread included. */
static void shares_of(const double *sum, int d, int64_t from, int64_t to,
                      bool total, double *share)
{
	double whole = 0, count = 0, mean = 0;
	int row_size = d + 3;

	for (int i = 0; i < d; i++)
		share[i] = 0;
	for (int64_t k = from; k < to; k++) {
		const double *s = sum + k * row_size;

		for (int i = 0; i < d; i++)
			share[i] += s[i];
		mean += s[d];
		whole += s[d + 1];
		count += s[d + 2];
	}
	for (int64_t k = from; total && count > 0 && k < to; k++) {
		const double *s = sum + k * row_size;
		double off = s[d + 2] > 0 ? s[d] / s[d + 2] - mean / count : 0;

		whole += off * off * s[d + 2];
	}
	for (int i = 0; i < d; i++)
		share[i] = whole > 0 ? share[i] / whole : NAN;
}

static bool measure(const struct indices *q, walk_fn walk, double *share,
                    double *se)
{
	int64_t each = q->draws.n / q->draws.replicates;
	int64_t size = each < TAPE_BLOCK ? each : TAPE_BLOCK;
	int64_t per;
	int R = q->draws.replicates;
	bool total = walk == walk_total;
	double *rep, *one, *sum;

	while (each % size)     /* no block lies in two replicates */
		size--;
	per = each / size;
	sum = all_blocks(q, walk, size, per * R);
	if (!sum)
		return false;
	rep = xcalloc((size_t)(R + 1) * (size_t)q->d + 1, sizeof *rep);
	one = xcalloc((size_t)R, sizeof *one);
	shares_of(sum, q->d, 0, per * R, total, share);
	for (int r = 0; r < R; r++)
		shares_of(sum, q->d, r * per, (r + 1) * per, total,
		          rep + r * q->d);
	for (int i = 0; i < q->d; i++) {
		for (int r = 0; r < R; r++)
			one[r] = rep[r * q->d + i];
		se[i] = stat_replicate_se(one, R);
	}
	free(one);
	free(rep);
	free(sum);
	return true;
}

bool indices_total(const struct indices *q, double *share, double *se)
{
	return measure(q, walk_total, share, se);
}

bool indices_shapley(const struct indices *q, double *share, double *se)
{
	return measure(q, walk_shapley, share, se);
}
