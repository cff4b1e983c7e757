#include "math/loss.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define BIG 1e200

/* The law so far: p[] times exp(-scale) are probabilities. */
struct lattice {
	int n;
	double rate[LOSS_SIZES];        /* times the size in steps */
	int size[LOSS_SIZES], largest;
	double step, mean, scale;       /* mean in steps */
	double *p;
	int room, at;                   /* p[0..at] are known */
	double below, short_of;         /* sum of p, of (at - s) p(s) */
};

static bool set_up(struct lattice *g, double step, const struct loss *l, int n)
{
	*g = (struct lattice){ .step = step };
	if (!(step > 0) || isinf(step))
		return false;
	for (int i = 0; i < n; i++) {
		double steps = round(l[i].size / step);

		if (!(l[i].rate >= 0 && l[i].size >= 0) || isinf(l[i].rate))
			return false;
		if (l[i].rate == 0 || steps == 0)
			continue;
		g->scale += l[i].rate;
		g->mean += l[i].rate * steps;
		if (steps > LOSS_STEPS)
			continue;       /* lies beyond all that is looked at */
		g->rate[g->n] = l[i].rate * steps;
		g->size[g->n] = (int)steps;
		if (g->size[g->n] > g->largest)
			g->largest = g->size[g->n];
		g->n++;
	}
	g->room = 1024;
	g->p = xmalloc((size_t)g->room * sizeof *g->p);
	g->p[0] = g->below = 1;
	return true;
}

/* All that is still needed, made smaller when it nears the end of the range. */
static void rescale(struct lattice *g)
{
	int from = g->at < g->largest ? 0 : g->at - g->largest;

	for (int i = from; i <= g->at; i++)
		g->p[i] /= BIG;
	g->below /= BIG;
	g->short_of /= BIG;
	g->scale -= log(BIG);
}

static void next(struct lattice *g)
{
	double sum = 0;
	int s = ++g->at;

	if (s == g->room) {
		g->room *= 2;
		g->p = xrealloc(g->p, (size_t)g->room, sizeof *g->p);
	}
	for (int i = 0; i < g->n; i++)
		if (g->size[i] <= s)
			sum += g->rate[i] * g->p[s - g->size[i]];
	g->p[s] = sum / s;
	g->short_of += g->below;
	g->below += g->p[s];
	if (g->below > BIG)
		rescale(g);
}

/* Walks to the quantile: false when it lies beyond the last step. */
static bool walk(struct lattice *g, double p)
{
	while (!(g->below * exp(-g->scale) >= p)) {
		if (g->at == LOSS_STEPS)
			return false;
		next(g);
	}
	return true;
}

static double tail(double p, double step, const struct loss *l, int n,
                   bool mean)
{
	struct lattice g;
	double v = NAN;

	if (!(p > 0 && p < 1) || !set_up(&g, step, l, n))
		return NAN;
	if (walk(&g, p)) {
		v = g.at;
		if (mean)
			v += (g.mean - g.at + g.short_of * exp(-g.scale))
				/ (1 - p);
	}
	free(g.p);
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
