/*
 * Laws of finitely many values, and Poisson's.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dist/law.h"
#include "math/special.h"
#include "math/tails.h"
#include "base/banned.h"

struct atom {
	double value, weight;
};

static int compare_atoms(const void *a, const void *b)
{
	const struct atom *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Sorts the atoms and sums their weights; the last sum is exactly one, so
 * that every probability finds an atom. */
void atoms_complete(struct arena *a, struct dist *d)
{
	struct atom *atom = xcalloc((size_t)d->n, sizeof *atom);
	double sum = 0;

	for (int i = 0; i < d->n; i++) {
		atom[i].value = d->value[i];
		atom[i].weight = d->weight ? d->weight[i] : 1.0 / d->n;
	}
	qsort(atom, (size_t)d->n, sizeof *atom, compare_atoms);
	d->sorted = arena_alloc(a, (size_t)d->n * sizeof *d->sorted);
	d->sum = arena_alloc(a, (size_t)d->n * sizeof *d->sum);
	for (int i = 0; i < d->n; i++) {
		sum += atom[i].weight;
		d->sorted[i] = atom[i].value;
		d->sum[i] = d->weight ? sum : (i + 1.0) / d->n;
	}
	d->sum[d->n - 1] = 1;
	d->low = d->sorted[0];
	d->high = d->sorted[d->n - 1];
	free(atom);
}

double atoms_quantile(const struct dist *d, double p, double q)
{
	int lo = 0, hi = d->n - 1;

	(void)q;
	while (lo < hi) {
		int mid = lo + (hi - lo) / 2;

		if (d->sum[mid] >= p)
			hi = mid;
		else
			lo = mid + 1;
	}
	return d->sorted[lo];
}

struct prob atoms_cdf(const struct dist *d, double x)
{
	int lo = 0, hi = d->n;          /* the number of atoms <= x */
	double sum;

	while (lo < hi) {
		int mid = lo + (hi - lo) / 2;

		if (d->sorted[mid] <= x)
			lo = mid + 1;
		else
			hi = mid;
	}
	sum = lo ? d->sum[lo - 1] : 0;
	return (struct prob) { sum, 1 - sum };
}

static double atom_weight(const struct dist *d, int i)
{
	return d->weight ? d->weight[i] : 1.0 / d->n;
}

double atoms_mean(const struct dist *d)
{
	double sum = 0;

	for (int i = 0; i < d->n; i++)
		sum += atom_weight(d, i) * d->value[i];
	return sum;
}

double atoms_sd(const struct dist *d)
{
	double mean = atoms_mean(d), sum = 0;

	for (int i = 0; i < d->n; i++) {
		double e = d->value[i] - mean;

		sum += atom_weight(d, i) * e * e;
	}
	return sqrt(sum);
}

/* P(K <= k) = Q(k + 1, mean), DLMF 8.4.10. */
static struct prob count_cdf(double mean, double k)
{
	struct tails t;

	if (k < 0)
		return (struct prob) { 0, 1 };
	t = gamma_tails(k + 1, log(mean));
	return (struct prob) { t.upper, t.lower };
}

static bool reached(double mean, double k, double p, double q)
{
	struct prob c = count_cdf(mean, k);

	return p <= q ? c.lower >= p : c.upper <= q;
}

/* Starts at Cornish and Fisher's guess, which is seldom off by more than one,
 * and walks to the smallest count that reaches p. */
double poisson_quantile(const struct dist *d, double p, double q)
{
	double mean = d->p[0], z = normal_quantile_tails(p, q);
	double k = floor(mean + z * sqrt(mean) + (z * z - 1) / 6 + 0.5);

	if (k < 0)
		k = 0;
	while (!reached(mean, k, p, q))
		k++;
	while (k > 0 && reached(mean, k - 1, p, q))
		k--;
	return k * d->p[1];
}

struct prob poisson_cdf(const struct dist *d, double x)
{
	return count_cdf(d->p[0], floor(x / d->p[1]));
}
