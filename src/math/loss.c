/*
 * The largest size is set apart where it is rare: what is left, the base, has
 * its mass near its mean, however far the large losses lie, so that few steps
 * of Panjer's recursion tell all of it, and
 *
 *      P(S <= x) = sum over k of Poisson(k) P(base <= x - k largest)
 */
#include "math/loss.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define BIG 1e200
#define RARE 500                /* exp(-RARE) is a number yet */
#define OFTEN 1024
#define NOTHING 1e-20           /* of the whole */

/* The base so far: p[] times exp(-scale) are probabilities. */
struct lattice {
	int n;
	double rate[LOSS_SIZES];        /* times the size in steps */
	int size[LOSS_SIZES], largest;
	double mean, scale;             /* of all, in steps; of the base */
	double base_mean;
	double *p, *below;              /* [0..at]; sums of p */
	int room, at, from;             /* before `from` there is nothing */
	double apart;                   /* rate and size of what is set apart */
	int jump, often;
	double weight[OFTEN];           /* of 0, 1 ... of these */
	double total;                   /* exp(-scale) */
};

static bool set_up(struct lattice *g, double step, const struct loss *l, int n)
{
	*g = (struct lattice){ .n = 0 };
	if (!(step > 0) || isinf(step))
		return false;
	for (int i = 0; i < n; i++) {
		double steps = round(l[i].size / step);

		if (!(l[i].rate >= 0 && l[i].size >= 0) || isinf(l[i].rate))
			return false;
		if (l[i].rate == 0 || steps == 0)
			continue;
		g->mean += l[i].rate * steps;
		if (steps > LOSS_STEPS) {
			g->scale += l[i].rate;  /* beyond the last step */
			continue;
		}
		g->rate[g->n] = l[i].rate;
		g->size[g->n++] = (int)steps;
	}
	return true;
}

static void set_apart(struct lattice *g)
{
	int far = 0, n = 0;

	for (int i = 1; i < g->n; i++)
		if (g->size[i] > g->size[far])
			far = i;
	for (int i = 0; i < g->n; i++) {
		if (i == far && g->rate[i] <= RARE) {
			g->apart = g->rate[i];
			g->jump = g->size[i];   /* and is no part of the base */
			continue;
		}
		g->scale += g->rate[i];
		g->rate[n] = g->rate[i] * g->size[i];
		g->base_mean += g->rate[n];
		g->size[n] = g->size[i];
		if (g->size[n] > g->largest)
			g->largest = g->size[n];
		n++;
	}
	g->n = n;
}

/* Made smaller when it nears the end of the range; what is nothing beside the
 * rest by then counts no more. */
static void rescale(struct lattice *g)
{
	int i = g->at < g->largest ? 0 : g->at - g->largest;

	while (g->below[g->from] < 1)
		g->from++;
	for (; i <= g->at; i++)
		g->p[i] /= BIG;
	for (i = g->from; i <= g->at; i++)
		g->below[i] /= BIG;
	g->scale -= log(BIG);
}

static void next(struct lattice *g)
{
	double sum = 0;
	int s = ++g->at;

	if (s == g->room) {
		g->room *= 2;
		g->p = xrealloc(g->p, (size_t)g->room, sizeof *g->p);
		g->below = xrealloc(g->below, (size_t)g->room,
		                    sizeof *g->below);
	}
	for (int i = 0; i < g->n; i++)
		if (g->size[i] <= s)
			sum += g->rate[i] * g->p[s - g->size[i]];
	g->p[s] = sum / s;
	g->below[s] = g->below[s - 1] + g->p[s];
	if (g->below[s] > BIG)
		rescale(g);
}

/* Walks until all later steps together are nothing. */
static void walk(struct lattice *g)
{
	int quiet = 0;

	g->room = 1024;
	g->p = xmalloc((size_t)g->room * sizeof *g->p);
	g->below = xmalloc((size_t)g->room * sizeof *g->below);
	g->p[0] = g->below[0] = 1;
	while (g->at < LOSS_STEPS &&
	       (quiet < g->largest || g->at < g->base_mean)) {
		next(g);
		quiet = g->p[g->at] > NOTHING * g->below[g->at] ? 0
			: quiet + 1;
	}
	g->total = exp(-g->scale);
}

/* How many times the size set apart may come, and with what probability. */
static void weigh(struct lattice *g)
{
	double w = exp(-g->apart);

	while (g->often < OFTEN && g->often * (double)g->jump <= LOSS_STEPS &&
	       (g->often <= g->apart || w > NOTHING)) {
		g->weight[g->often++] = w;
		w *= g->apart / g->often;
	}
}

static double probability(const struct lattice *g, int x)
{
	double sum = 0;

	for (int k = 0; k < g->often && x >= g->from; k++, x -= g->jump)
		sum += g->weight[k] * g->below[x < g->at ? x : g->at];
	return sum * g->total;
}

/* The least step at or below which p lies; -1: beyond the last one. */
static int quantile(const struct lattice *g, double p)
{
	int low = -1, high = LOSS_STEPS;

	if (!(probability(g, high) >= p))
		return -1;
	while (high - low > 1) {
		int x = low + (high - low) / 2;

		*(probability(g, x) >= p ? &high : &low) = x;
	}
	return high;
}

/* The mean of what the sum is short of x: each term adds up the base's
 * probabilities below it, and the largest k stands for the fewest. */
static double short_of(const struct lattice *g, int x)
{
	double sum = 0, all = 0;
	int i = g->from;

	for (int k = g->often - 1; k >= 0; k--) {
		int to = x - k * g->jump;

		for (; i < to && i < g->at; i++)
			all += g->below[i];
		if (to > i) {
			all += (double)(to - i) * g->below[g->at];
			i = to;
		}
		sum += g->weight[k] * all;
	}
	return sum * g->total;
}

static double tail(double p, double step, const struct loss *l, int n,
                   bool mean)
{
	struct lattice g;
	double v = NAN;
	int x;

	if (!(p > 0 && p < 1) || !set_up(&g, step, l, n))
		return NAN;
	set_apart(&g);
	walk(&g);
	weigh(&g);
	x = quantile(&g, p);
	if (x >= 0)
		v = x;
	if (x >= 0 && mean)
		v += (g.mean - x + short_of(&g, x)) / (1 - p);
	free(g.p);
	free(g.below);
	return v * step;
}

double loss_quantile(double p, double step, const struct loss *l, int n)
{
	return tail(p, step, l, n, false);
}

double loss_cvar(double p, double step, const struct loss *l, int n)
{
	return tail(p, step, l, n, true);
}
