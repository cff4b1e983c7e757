#include "engine/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "math/special.h"
#include "math/wide.h"

#include "base/banned.h"

#define LANES 8
#define BLOCK 512

/* Lanes are so many that a processor adds them side by side. */
WIDE static double block_sum(const double *v, int n, int64_t *count)
{
	double lane[LANES] = { 0 };
	int64_t missing[LANES] = { 0 };
	int i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int k = 0; k < LANES; k++) {
			double x = v[i + k];

			lane[k] += x == x ? x : 0.0;
			missing[k] += x == x ? 0 : 1;
		}
	for (int k = 0; i < n; i++, k++) {
		lane[k] += isnan(v[i]) ? 0.0 : v[i];
		missing[k] += isnan(v[i]);
	}
	*count += n;
	for (int k = 0; k < LANES; k++)
		*count -= missing[k];
	return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
	       ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

double stat_sum(const double *v, int64_t n, int64_t *count)
{
	double sum = 0;
	int64_t numbers = 0;

	for (int64_t at = 0; at < n; at += BLOCK) {
		int64_t left = n - at;

		sum += block_sum(v + at, left < BLOCK ? (int)left : BLOCK,
		                 &numbers);
	}
	if (count)
		*count = numbers;
	return sum;
}

double stat_mean(const double *v, int64_t n)
{
	int64_t count;
	double sum = stat_sum(v, n, &count);

	return count > 0 ? sum / (double)count : NAN;
}

double stat_replicate_se(const double *estimate, int r)
{
	double mean = 0, square = 0;

	if (r < 2)
		return NAN;
	for (int i = 0; i < r; i++)
		mean += estimate[i] / r;
	for (int i = 0; i < r; i++) {
		double d = estimate[i] - mean;

		square += d * d;
	}
	return sqrt(square / (r - 1) / r);
}

int64_t stat_compact(double *v, int64_t n)
{
	int64_t kept = 0;

	for (int64_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			v[kept++] = v[i];
	return kept;
}

static double median_of_three(double a, double b, double c)
{
	if (a > b) {
		double t = a;

		a = b;
		b = t;
	}
	return c <= a ? a : c >= b ? b : c;
}

/* Moves what is less than the pivot (or, `ties`, not greater) to the front;
 * where the rest begins.  No branch hangs on a value: a processor need not
 * guess. */
static int64_t split(double *v, int64_t from, int64_t to, double pivot,
                     bool ties)
{
	int64_t rest = from;

	for (int64_t i = from; i <= to; i++) {
		double x = v[i];

		v[i] = v[rest];
		v[rest] = x;
		rest += ties ? x <= pivot : x < pivot;
	}
	return rest;
}

/* Hoare's selection: afterwards v[k] is the k-th least of v[from..to], what
 * stands before it is not greater, what stands behind it not less. */
static double select_kth(double *v, int64_t from, int64_t to, int64_t k)
{
	while (from < to) {
		double pivot = median_of_three(v[from],
		                               v[from + (to - from) / 2],
		                               v[to]);
		int64_t rest = split(v, from, to, pivot, false);

		if (rest == from) {             /* the pivot is the least */
			rest = split(v, from, to, pivot, true);
			if (k < rest)
				break;
		}
		if (k < rest)
			to = rest - 1;
		else
			from = rest;
	}
	return v[k];
}

static double least_of(const double *v, int64_t from, int64_t to)
{
	double least = v[from];

	for (int64_t i = from + 1; i < to; i++)
		if (v[i] < least)
			least = v[i];
	return least;
}

void stat_quantiles(double *v, int64_t n, const double *p, int np, double *q)
{
	int64_t from = 0;

	for (int j = 0; j < np; j++) {
		double h = (double)n * p[j] - 0.5;
		int64_t k;

		if (n == 0) {
			q[j] = NAN;
			continue;
		}
		h = fmin(fmax(h, 0.0), (double)(n - 1));
		k = (int64_t)h;
		q[j] = select_kth(v, from, n - 1, k);
		if (h > (double)k)
			q[j] += (h - (double)k) *
			        (least_of(v, k + 1, n) - q[j]);
		from = k;
	}
}

double stat_upper_mean(double *v, int64_t n, double share)
{
	double weight = share * (double)n;
	int64_t whole = (int64_t)(weight * (1 + 1e-14));
	double part = weight - (double)whole;
	double sum;

	if (n == 0 || !(share > 0))
		return NAN;
	if (whole >= n)
		return stat_mean(v, n);
	/* The boundary value stands at n - whole - 1, the greater ones behind. */
	double edge = select_kth(v, 0, n - 1, n - whole - 1);

	sum = stat_sum(v + (n - whole), whole, NULL);
	if (part > 1e-12)
		sum += part * edge;
	else
		weight = (double)whole;
	return sum / weight;
}

int64_t stat_power_of_two(int64_t x)
{
	int64_t p = 1;

	while (p <= x / 2)
		p *= 2;
	return p;
}
