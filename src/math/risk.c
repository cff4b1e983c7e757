#include "math/risk.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "math/special.h"

#include "base/banned.h"

/* Item counts below each of the k distinct scores, rising; entry k is of all.
 * block[] are the starts of the isotonic fit's blocks among the k scores. */
struct risk {
	int n, errors, k, nblocks;
	double brier;
	double *score;                  /* k */
	int *below, *wrong;             /* k + 1 */
	int *block;                     /* nblocks + 1 */
};

struct pair { double score; int right; };

static int by_score(const void *a, const void *b)
{
	double x = ((const struct pair *)a)->score;
	double y = ((const struct pair *)b)->score;

	return (x > y) - (x < y);
}

/* One block: the struct, then doubles, then ints. */
static struct risk *room(int n)
{
	size_t k = (size_t)n;
	struct risk *r = xcalloc(1, sizeof *r + k * sizeof *r->score
	                            + 3 * (k + 1) * sizeof *r->below);

	r->n = n;
	r->score = (double *)(r + 1);
	r->below = (int *)(r->score + n);
	r->wrong = r->below + n + 1;
	r->block = r->wrong + n + 1;
	return r;
}

/* Share of errors among the distinct scores [i, j): as errors and items. */
static double rate(const struct risk *r, int i, int j)
{
	return (double)(r->wrong[j] - r->wrong[i])
		/ (r->below[j] - r->below[i]);
}

/* The share of errors must fall from block to block. */
static void pool(struct risk *r)
{
	int b = 0;

	for (int i = 0; i < r->k; i++) {
		r->block[b++] = i;
		while (b > 1 && rate(r, r->block[b - 2], r->block[b - 1])
		                <= rate(r, r->block[b - 1], i + 1))
			b--;
	}
	r->nblocks = b;
	r->block[b] = r->k;
}

static void count(struct risk *r, const struct pair *p)
{
	for (int i = 0; i < r->n; i++) {
		double miss = p[i].score - p[i].right;

		if (i == 0 || p[i].score > p[i - 1].score) {
			r->score[r->k] = p[i].score;
			r->below[r->k] = i;
			r->wrong[r->k++] = r->errors;
		}
		r->errors += !p[i].right;
		r->brier += miss * miss;
	}
	r->brier /= r->n;
	r->below[r->k] = r->n;
	r->wrong[r->k] = r->errors;
}

struct risk *risk_new(const double *score, const double *correct, int n)
{
	struct pair *p = xmalloc((size_t)n * sizeof *p);
	struct risk *r = room(n);

	for (int i = 0; i < n; i++)
		p[i] = (struct pair){ score[i], correct[i] != 0 };
	qsort(p, (size_t)n, sizeof *p, by_score);
	count(r, p);
	free(p);
	pool(r);
	return r;
}

int risk_items(const struct risk *r)
{
	return r->n;
}

int risk_errors(const struct risk *r)
{
	return r->errors;
}

/* The first of n rising numbers that is >= x, or n. */
static int first_from(const double *v, int n, double x)
{
	int lo = 0;

	while (lo < n) {
		int mid = lo + (n - lo) / 2;

		if (v[mid] < x)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

double risk_below(const struct risk *r, double threshold)
{
	if (isnan(threshold))
		return NAN;
	return (double)r->below[first_from(r->score, r->k, threshold)] / r->n;
}

double risk_wrong_below(const struct risk *r, double threshold)
{
	if (isnan(threshold))
		return NAN;
	return (double)r->wrong[first_from(r->score, r->k, threshold)] / r->n;
}

/* The threshold that reviews the scores before the i-th. */
static double cut(const struct risk *r, int i)
{
	if (i == 0)
		return 0;
	return i == r->k ? RISK_ALL : r->score[i];
}

double risk_threshold_of_share(const struct risk *r, double share)
{
	int lo = 0, hi = r->k;

	if (!(share >= 0))
		return NAN;
	while (lo < hi) {
		int mid = lo + (hi - lo + 1) / 2;

		if (r->below[mid] <= share * r->n * (1 + 1e-12))
			lo = mid;
		else
			hi = mid - 1;
	}
	return cut(r, lo);
}

/* Blocks come with falling rates of error: review those above the ratio. */
double risk_best_threshold(const struct risk *r, double review, double caught)
{
	int lo = 0, hi = r->nblocks;

	if (!(review >= 0) || isnan(caught))
		return NAN;
	while (lo < hi) {
		int mid = lo + (hi - lo) / 2;

		if (rate(r, r->block[mid], r->block[mid + 1]) * caught > review)
			lo = mid + 1;
		else
			hi = mid;
	}
	return cut(r, r->block[lo]);
}

/* The block that holds the i-th distinct score. */
static int block_of(const struct risk *r, int i)
{
	int lo = 0, hi = r->nblocks - 1;

	while (lo < hi) {
		int mid = lo + (hi - lo + 1) / 2;

		if (r->block[mid] <= i)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

double risk_calibrated(const struct risk *r, double score)
{
	int i, b;

	if (isnan(score))
		return NAN;
	i = first_from(r->score, r->k, score);
	if (i == r->k || (i > 0 && r->score[i] > score))
		i--;
	b = block_of(r, i);
	return 1 - rate(r, r->block[b], r->block[b + 1]);
}

double risk_beta_moment(const struct risk *r, int which)
{
	double mean = 1 - (double)r->errors / r->n, var = 0, size;

	for (int b = 0; b < r->nblocks; b++) {
		int i = r->block[b], j = r->block[b + 1];
		double d = 1 - rate(r, i, j) - mean;

		var += d * d * (r->below[j] - r->below[i]) / r->n;
	}
	size = mean * (1 - mean) / var - 1;
	if (!(var > 0 && size > 0))
		return NAN;
	return size * (which == 0 ? mean : 1 - mean);
}

/* Sums of a bin's items. */
static double bin_gap(const struct risk *r, int i, int j)
{
	double scores = 0;

	for (int m = i; m < j; m++)
		scores += r->score[m] * (r->below[m + 1] - r->below[m]);
	return fabs(scores - (r->below[j] - r->below[i])
	            + (r->wrong[j] - r->wrong[i]));
}

/* Bins are (edge, next edge]; the first takes 0 as well. */
double risk_calibration_error(const struct risk *r, int bins)
{
	double sum = 0;
	int i = 0;

	for (int b = 1; b <= bins; b++) {
		int j = i;

		while (j < r->k && (b == bins
		                    || r->score[j] <= (double)b / bins))
			j++;
		sum += bin_gap(r, i, j);
		i = j;
	}
	return sum / r->n;
}

double risk_brier(const struct risk *r)
{
	return r->brier;
}

double risk_area(const struct risk *r)
{
	double sum = 0;

	for (int i = r->k - 1; i >= 0; i--)
		sum += (double)(r->errors - r->wrong[i])
			/ (r->n - r->below[i])
			* (r->below[i + 1] - r->below[i]);
	return sum / r->n;
}

double risk_excess_area(const struct risk *r)
{
	double ideal = 0;

	for (int k = r->n - r->errors + 1; k <= r->n; k++)
		ideal += (double)(k - (r->n - r->errors)) / k;
	return risk_area(r) - ideal / r->n;
}

double risk_auroc(const struct risk *r)
{
	double wins = 0;
	int right = r->n - r->errors;

	if (right == 0 || r->errors == 0)
		return NAN;
	for (int i = 0; i < r->k; i++) {
		int bad = r->wrong[i + 1] - r->wrong[i];
		int good = r->below[i + 1] - r->below[i] - bad;

		wins += good * (r->wrong[i] + 0.5 * bad);
	}
	return wins / ((double)right * r->errors);
}

/* The bound on the risk above the score of the item at place z (from 0, in
 * rising order). */
static double safe_bound(const struct risk *r, int z, double alpha, double *at)
{
	int lo = 0, hi = r->k - 1;

	while (lo < hi) {
		int mid = lo + (hi - lo + 1) / 2;

		if (r->below[mid] <= z)
			lo = mid;
		else
			hi = mid - 1;
	}
	*at = cut(r, lo);
	return clopper_pearson_upper(r->errors - r->wrong[lo],
	                             r->n - r->below[lo], alpha);
}

double risk_safe_threshold(const struct risk *r, double target, double delta)
{
	int looks = 0, lo = 0, hi = r->n - 1;
	double found = NAN, at;

	if (!(target > 0 && target < 1 && delta > 0 && delta < 1))
		return NAN;
	while ((1 << looks) < r->n)
		looks++;
	for (int i = 0; i < looks; i++) {
		int z = lo + (hi - lo + 1) / 2;

		if (safe_bound(r, z, delta / looks, &at) <= target) {
			hi = z;
			found = at;
		} else {
			lo = z;
		}
	}
	return found;
}

static bool seen(double hits, double trials, double alpha)
{
	return hits >= 0 && hits <= trials && alpha > 0 && alpha < 1;
}

double clopper_pearson_lower(double hits, double trials, double alpha)
{
	if (!seen(hits, trials, alpha))
		return NAN;
	return hits == 0 ? 0 : beta_inc_inv(hits, trials - hits + 1, alpha);
}

double clopper_pearson_upper(double hits, double trials, double alpha)
{
	if (!seen(hits, trials, alpha))
		return NAN;
	return hits == trials ? 1
		: 1 - beta_inc_inv(trials - hits, hits + 1, alpha);
}
