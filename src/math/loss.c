/*
 * The largest size is set apart where it is rare: what is left, the base, has
 * its mass near its mean, however far the large losses lie, so that few steps
 * of Panjer's recursion tell all of it, and
 *
 *      P(S <= x) = sum over k of Poisson(k) P(base <= x - k largest)
 *
 * Of a base of one size, p(s) = p(s - m) times a factor: the recursion may begin
 * just below the mass, with any number, and is divided by its sum.
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
#define SPREAD 12               /* standard deviations: exp(-72) lies beyond */

/* The base so far: p[] times exp(-scale) are probabilities, the first one that
 * of step `first`. */
struct lattice {
	int n;
	double rate[LOSS_SIZES];        /* times the size in steps */
	int size[LOSS_SIZES], largest;
	double mean, scale;             /* of all, in steps; of the base */
	double base_mean;
	double *p, *below;              /* [0..at - first]; sums of p */
	int first, room, at, from;      /* before `from` there is nothing */
	double apart;                   /* rate and size of what is set apart */
	int jump, often;
	double weight[OFTEN];           /* of 0, 1 ... of these */
	double beyond;                  /* rate of sizes beyond the last step */
	double total;                   /* what `below` is to be times */
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
			g->beyond += l[i].rate;
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
	int last = g->at - g->first;
	int i = last < g->largest ? 0 : last - g->largest;

	while (g->below[g->from - g->first] < 1)
		g->from++;
	for (; i <= last; i++)
		g->p[i] /= BIG;
	for (i = g->from - g->first; i <= last; i++)
		g->below[i] /= BIG;
	g->scale -= log(BIG);
}

static void next(struct lattice *g)
{
	double sum = 0;
	int i = ++g->at - g->first;

	if (i == g->room) {
		g->room *= 2;
		g->p = xrealloc(g->p, (size_t)g->room, sizeof *g->p);
		g->below = xrealloc(g->below, (size_t)g->room,
		                    sizeof *g->below);
	}
	for (int k = 0; k < g->n; k++)
		if (g->size[k] <= i)
			sum += g->rate[k] * g->p[i - g->size[k]];
	g->p[i] = sum / g->at;
	g->below[i] = g->below[i - 1] + g->p[i];
	if (g->below[i] > BIG)
		rescale(g);
}

/* The first step worth looking at. */
static int start(const struct lattice *g)
{
	double n = g->base_mean / g->largest, far = SPREAD * sqrt(n);

	if (g->n != 1 || n <= far ||
	    (n + far + SPREAD) * g->largest > LOSS_STEPS)
		return 0;
	return (int)(n - far) * g->largest;
}

/* Walks until all later steps together are nothing. */
static void walk(struct lattice *g)
{
	double all = exp(-g->beyond);
	int quiet = 0;

	g->at = g->from = g->first = start(g);
	g->room = 1024;
	g->p = xmalloc((size_t)g->room * sizeof *g->p);
	g->below = xmalloc((size_t)g->room * sizeof *g->below);
	g->p[0] = g->below[0] = 1;
	while (g->at < LOSS_STEPS &&
	       (quiet < g->largest || g->at < g->base_mean)) {
		next(g);
		quiet = g->p[g->at - g->first] >
			NOTHING * g->below[g->at - g->first] ? 0 : quiet + 1;
	}
	g->total = g->first ? all / g->below[g->at - g->first]
		: all * exp(-g->scale);
}

/* Of the base, times `total`. */
static double below(const struct lattice *g, int x)
{
	return g->below[(x < g->at ? x : g->at) - g->first];
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
		sum += g->weight[k] * below(g, x);
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
			all += below(g, i);
		if (to > i) {
			all += (double)(to - i) * below(g, i);
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
