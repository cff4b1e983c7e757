#include "engine/firsts.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "engine/scan.h"
#include "engine/stats.h"

#include "base/banned.h"

#define GRID 65
#define HALVINGS 20             /* from a grid step to a millionth of it */
#define DENSITY 32
#define LEAST 20                /* crossings that have a P5 and a P95 */
#define PROBES 8                /* in each cell beside the closest place */

enum { WINS_NONE, WINS_A, WINS_B };

struct firsts {
	struct scan scan;
	const struct range *r;
	int a, b;
	int64_t n;
	double x[GRID + HINTS];
	int cells;                      /* places in x */
	unsigned char *wins;            /* [place * n + draw] */
	float *apart;                   /* the two costs there, of their sum */
	double *at;                     /* first crossing; NAN: none */
};

/* Ties go to the one that stands first, as everywhere. */
static int wins(const struct firsts *f, const double *cost, int64_t i)
{
	double a = cost[f->a * f->n + i], b = cost[f->b * f->n + i];

	if (isnan(a))
		return isnan(b) ? WINS_NONE : WINS_B;
	if (isnan(b) || a < b)
		return WINS_A;
	return b < a ? WINS_B : f->a < f->b ? WINS_A : WINS_B;
}

static double *work_of(struct firsts *f, int thread)
{
	size_t room = (size_t)f->scan.t->plan->noptions * (size_t)f->n;

	return f->scan.work + (size_t)thread * room;
}

static int rising(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The grid, among the `cells` hints that x begins with. */
static void place_grid(struct firsts *f)
{
	for (int g = 0; g < GRID; g++) {
		double t = (double)g / (GRID - 1);

		f->x[f->cells++] = f->r->log ?
			f->r->low * pow(f->r->high / f->r->low, t) :
			f->r->low + (f->r->high - f->r->low) * t;
	}
	qsort(f->x, (size_t)f->cells, sizeof *f->x, rising);
}

static float apart(const struct firsts *f, const double *cost, int64_t i)
{
	double a = cost[f->a * f->n + i], b = cost[f->b * f->n + i];
	double d = fabs(a - b) / (fabs(a) + fabs(b));

	return isnan(d) ? 2 : (float)d;
}

static void walk_grid(struct firsts *f)
{
	place_grid(f);
#pragma omp parallel for num_threads(f->scan.threads) schedule(dynamic)
	for (int g = 0; g < f->cells; g++) {
		int me = omp_get_thread_num();
		double *cost = work_of(f, me);

		scan_draws(&f->scan, me, f->x[g], cost);
		for (int64_t i = 0; i < f->n; i++) {
			f->wins[g * f->n + i] =
				(unsigned char)wins(f, cost, i);
			f->apart[g * f->n + i] = apart(f, cost, i);
		}
	}
}

static void first_cell(const struct firsts *f, int64_t i, double *lo,
                       double *hi)
{
	*lo = *hi = NAN;
	for (int g = 1; g < f->cells; g++)
		if (f->wins[g * f->n + i] != f->wins[i]) {
			*lo = f->x[g - 1];
			*hi = f->x[g];
			return;
		}
}

/* The place before `hi` where the two come closest: between stairs the other may
 * win for less than a cell, and it does so beside that place if anywhere. */
static int closest(const struct firsts *f, int64_t i, double hi)
{
	int best = 0;

	for (int g = 1; g < f->cells && !(f->x[g] >= hi); g++)
		if (f->apart[g * f->n + i] < f->apart[best * f->n + i])
			best = g;
	return best;
}

/* Looks closer there, in all lanes of a block at once, from the left. */
static void probe(struct firsts *f, int thread, int64_t first, int n,
                  double *lo, double *hi)
{
	double *cost = work_of(f, thread), x[TAPE_BLOCK];
	double from[TAPE_BLOCK], to[TAPE_BLOCK], last[TAPE_BLOCK];
	bool met[TAPE_BLOCK] = { false };

	for (int i = 0; i < n; i++) {
		int g = closest(f, first + i, hi[i]);

		from[i] = last[i] = f->x[g > 0 ? g - 1 : 0];
		to[i] = f->x[g + 1 < f->cells ? g + 1 : g];
		to[i] = to[i] > lo[i] ? lo[i] : to[i];
	}
	for (int k = 1; k < 2 * PROBES; k++) {
		for (int i = 0; i < n; i++)
			x[i] = from[i] + (to[i] - from[i]) * k / (2 * PROBES);
		scan_lanes(&f->scan, thread, first, n, x, cost);
		for (int i = 0; i < n; i++) {
			if (!met[i] && wins(f, cost, first + i) !=
			    f->wins[first + i]) {
				met[i] = true;
				lo[i] = last[i];
				hi[i] = x[i];
			}
			last[i] = x[i];
		}
	}
}

/* Halves the cells of one block of draws; lanes without a crossing idle at the
 * lower end. */
static void close_in(struct firsts *f, int thread, int64_t first, int n)
{
	double lo[TAPE_BLOCK], hi[TAPE_BLOCK], mid[TAPE_BLOCK];
	double *cost = work_of(f, thread);

	for (int i = 0; i < n; i++)
		first_cell(f, first + i, &lo[i], &hi[i]);
	probe(f, thread, first, n, lo, hi);
	for (int step = 0; step < HALVINGS; step++) {
		for (int i = 0; i < n; i++)
			mid[i] = isnan(lo[i]) ? f->r->low :
			         f->r->log ? sqrt(lo[i]) * sqrt(hi[i]) :
			         lo[i] + (hi[i] - lo[i]) / 2;
		scan_lanes(&f->scan, thread, first, n, mid, cost);
		for (int i = 0; i < n; i++) {
			int w = wins(f, cost, first + i);

			if (isnan(lo[i]))
				continue;
			if (w == f->wins[first + i])
				lo[i] = mid[i];
			else
				hi[i] = mid[i];
		}
	}
	for (int i = 0; i < n; i++)
		f->at[first + i] = hi[i];
}

static void find(struct firsts *f)
{
	int blocks = (int)((f->n + TAPE_BLOCK - 1) / TAPE_BLOCK);

	walk_grid(f);
#pragma omp parallel for num_threads(f->scan.threads) schedule(dynamic)
	for (int k = 0; k < blocks; k++) {
		int64_t first = (int64_t)k * TAPE_BLOCK;
		int64_t left = f->n - first;

		close_in(f, omp_get_thread_num(), first,
		         left < TAPE_BLOCK ? (int)left : TAPE_BLOCK);
	}
}

/* --- the distribution --------------------------------------------------- */

static double beyond(const struct firsts *f, int slot)
{
	const struct trade *t = f->scan.t;
	struct draws all = t->sample->draws;
	int64_t past = 0;
	double x[TAPE_BLOCK];

	if (t->sample->fixed[slot])
		return NAN;
	t->sample->draws = f->scan.draws;
	for (int64_t i = 0; i < f->n; i++) {
		int64_t left = f->n - i;

		if (i % TAPE_BLOCK == 0)
			sample_fill(t->sample, slot, i, left < TAPE_BLOCK ?
			            (int)left : TAPE_BLOCK, x);
		past += isnan(f->at[i]) ? f->wins[i] == WINS_B :
		        x[i % TAPE_BLOCK] > f->at[i];
	}
	t->sample->draws = all;
	return (double)past / (double)f->n;
}

/* Shares of all draws in classes of equal width (of the logarithm). */
static void density(struct trade *t, const struct firsts *f, double unit,
                    struct break_even *out)
{
	double lo = HUGE_VAL, hi = -HUGE_VAL, width;

	for (int64_t i = 0; i < f->n; i++) {
		lo = fmin(lo, f->at[i]);
		hi = fmax(hi, f->at[i]);
	}
	if (!(hi > lo))
		return;
	out->ndensity = DENSITY;
	out->density = arena_alloc(t->arena, sizeof(double) * DENSITY);
	out->density_at = arena_alloc(t->arena, sizeof(double) * DENSITY);
	if (f->r->log) {
		lo = log(lo);
		hi = log(hi);
	}
	width = (hi - lo) / DENSITY;
	for (int k = 0; k < DENSITY; k++) {
		double mid = lo + (k + 0.5) * width;

		out->density_at[k] = (f->r->log ? exp(mid) : mid) / unit;
	}
	for (int64_t i = 0; i < f->n; i++) {
		double x = f->r->log ? log(f->at[i]) : f->at[i];
		int k = isnan(x) ? 0 : (int)((x - lo) / width);

		if (!isnan(x))
			out->density[k < 0 ? 0 : k < DENSITY ? k :
			             DENSITY - 1] += 1.0 / (double)f->n;
	}
}

/* From replicates; before the draws that cross are moved together. */
static void errors(const struct firsts *f, double unit, struct break_even *out)
{
	int replicates = f->scan.draws.replicates;
	int64_t each = f->n / replicates;
	double never[64], always[64], middle[64], half = 0.5;
	double *work = xcalloc((size_t)each, sizeof *work);

	for (int r = 0; r < replicates && r < 64; r++) {
		int64_t none = 0, ahead = 0;

		for (int64_t i = 0; i < each; i++) {
			int64_t at = r * each + i;

			work[i] = f->at[at];
			none += isnan(work[i]) && f->wins[at] != WINS_B;
			ahead += isnan(work[i]) && f->wins[at] == WINS_B;
		}
		never[r] = (double)none / (double)each;
		always[r] = (double)ahead / (double)each;
		stat_quantiles(work, stat_compact(work, each), &half, 1,
		               &middle[r]);
	}
	free(work);
	out->p_never_se = stat_replicate_se(never, replicates);
	out->p_always_se = stat_replicate_se(always, replicates);
	out->p50_se = stat_replicate_se(middle, replicates) / unit;
}

/* A few crossings have a least and a greatest, and no law. */
static void summarise(struct trade *t, struct firsts *f, int slot,
                      struct break_even *out)
{
	static const double shares[] = { 0.05, 0.5, 0.95 };
	double unit = slot_unit(&t->plan->bound->slot[slot])->scale, q[3];
	int64_t always = 0, crossed = 0;

	out->draws = f->n;
	for (int64_t i = 0; i < f->n; i++)
		always += isnan(f->at[i]) && f->wins[i] == WINS_B;
	out->p_beyond = beyond(f, slot);
	errors(f, unit, out);
	for (int64_t i = 0; i < f->n; i++)
		crossed += !isnan(f->at[i]);
	out->crossed = crossed;
	if (out->crossed >= LEAST)
		density(t, f, unit, out);
	stat_compact(f->at, f->n);
	stat_quantiles(f->at, crossed, shares, 3, q);
	out->p_always = (double)always / (double)f->n;
	out->p_never = (double)(f->n - always - crossed) / (double)f->n;
	if (crossed < LEAST) {
		out->p50_se = NAN;
		return;
	}
	out->p5 = q[0] / unit;
	out->p50 = q[1] / unit;
	out->p95 = q[2] / unit;
}

bool firsts_report(struct trade *t, int slot, const struct range *r, int a,
                   int b, struct break_even *out)
{
	struct firsts f = { .r = r, .a = a, .b = b };
	bool in[MODEL_MAX_OPTIONS] = { false };
	struct draws d;

	if (!draws_init(&d, t->o->sampler, t->o->seed,
	                t->o->break_even_draws, t->err))
		return false;
	in[a] = in[b] = true;
	if (!look_between(t, slot, r, in, f.x, &f.cells))
		return false;
	scan_init_mean(&f.scan, t, slot, in, &d);
	f.n = d.n;
	f.wins = xcalloc((size_t)d.n * (GRID + HINTS), 1);
	f.apart = xcalloc((size_t)d.n * (GRID + HINTS), sizeof *f.apart);
	f.at = xcalloc((size_t)d.n, sizeof *f.at);
	find(&f);
	summarise(t, &f, slot, out);
	scan_release(&f.scan);
	free(f.wins);
	free(f.apart);
	free(f.at);
	return run_goes_on(t->o, t->progress_to, t->err);
}
