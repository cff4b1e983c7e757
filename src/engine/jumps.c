/*
 * Where an input makes the costs jump by itself: a class that straddles such a
 * place mixes two worlds, so classes end there.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/trade.h"

#include "base/banned.h"

#define STEPS_MAX 256
#define PLACES (2 * TAPE_BLOCK) /* of the first look along an input */
#define HALVINGS 40             /* of a place, down to 1e-15 */

struct look {
	const struct trade *t;
	struct feed feed;
	int n, slot[STEPS_MAX];         /* roots, and whose they are */
};

/* The steps of an input at n <= TAPE_BLOCK coordinates: step[root * n + i]. */
static void steps_at(struct look *l, int slot, const double *u, int n,
                     double *step)
{
	double x[TAPE_BLOCK];

	for (int i = 0; i < n; i++)
		x[i] = slot_quantile(l->t->plan->bound, slot, u[i]);
	feed_central(&l->feed, l->t->sample);
	feed_set(&l->feed, slot, x, false);
	feed_run(&l->feed, n);
	for (int k = 0; k < l->n; k++)
		memcpy(step + k * n, l->feed.out[k],
		       sizeof *step * (size_t)n);
}

static bool differ(const struct look *l, int slot, const double *a, int na,
                   int i, const double *b, int nb, int k)
{
	for (int r = 0; r < l->n; r++)
		if (l->slot[r] == slot && a[r * na + i] != b[r * nb + k])
			return true;
	return false;
}

/* Pairs of neighbouring places between which a step is taken; more than
 * JUMPS_MAX are a slope. */
static int brackets(struct look *l, int slot, double *low, double *high)
{
	double u[TAPE_BLOCK], *step = xcalloc((size_t)l->n * TAPE_BLOCK,
	                                      sizeof *step);
	double *last = xcalloc((size_t)l->n, sizeof *last);
	int found = 0;

	for (int at = 0; at < PLACES && found <= JUMPS_MAX; at += TAPE_BLOCK) {
		for (int i = 0; i < TAPE_BLOCK; i++)
			u[i] = (at + i + 0.5) / PLACES;
		steps_at(l, slot, u, TAPE_BLOCK, step);
		for (int i = 0; i < TAPE_BLOCK && found <= JUMPS_MAX; i++) {
			bool jump = i ? differ(l, slot, step, TAPE_BLOCK, i,
			                       step, TAPE_BLOCK, i - 1)
				: at && differ(l, slot, step, TAPE_BLOCK, 0,
				               last, 1, 0);

			if (jump && found < JUMPS_MAX) {
				low[found] = u[i] - 1.0 / PLACES;
				high[found] = u[i];
			}
			found += jump;
		}
		for (int k = 0; k < l->n; k++)
			last[k] = step[k * TAPE_BLOCK + TAPE_BLOCK - 1];
	}
	free(step);
	free(last);
	return found <= JUMPS_MAX ? found : 0;
}

static void look_along(struct look *l, int slot, struct jumps *out)
{
	double low[JUMPS_MAX], mid[JUMPS_MAX], *high = out->u;
	double *left, *here;
	int n = brackets(l, slot, low, high);

	out->slot = slot;
	out->n = n;
	if (!n)
		return;
	left = xcalloc(2 * (size_t)(l->n * n), sizeof *left);
	here = left + l->n * n;
	steps_at(l, slot, low, n, left);
	for (int k = 0; k < HALVINGS; k++) {
		for (int i = 0; i < n; i++)
			mid[i] = low[i] + (high[i] - low[i]) / 2;
		steps_at(l, slot, mid, n, here);
		for (int i = 0; i < n; i++)
			*(differ(l, slot, here, n, i, left, n, i) ? &high[i] :
			  &low[i]) = mid[i];
	}
	free(left);
}

static bool continuous(const struct trade *t, int slot)
{
	const struct slot *s = &t->plan->bound->slot[slot];

	return s->kind == SLOT_INPUT && !dist_is_discrete(s->dist);
}

void jumps_find(struct trade *t)
{
	struct look l = { .t = t };
	struct roots r = { 0 };
	struct tape *tape;

	/* a joint plan has formulas of its own, and no jumps */
	if (t->jump || !t->plan->dag)
		return;
	t->jump = xcalloc((size_t)t->nfactors + 1, sizeof *t->jump);
	l.n = plan_lone_steps(t->plan, t->sample->fixed, &r, l.slot,
	                      STEPS_MAX);
	tape = l.n ? tape_new(t->plan->dag, r.node, r.n) : NULL;
	free(r.node);
	if (!tape)
		return;
	feed_init(&l.feed, tape);
	for (int i = 0; i < t->nfactors; i++) {
		int slot = t->factor[i].slot;
		bool steps = false;

		for (int k = 0; k < l.n; k++)
			steps |= l.slot[k] == slot;
		if (!steps || !continuous(t, slot))
			continue;
		look_along(&l, slot, &t->jump[t->njumps]);
		t->njumps += t->jump[t->njumps].n > 0;
	}
	feed_release(&l.feed);
	tape_free(tape);
}

const struct jumps *jumps_of(const struct trade *t, int slot)
{
	for (int i = 0; i < t->njumps; i++)
		if (t->jump[i].slot == slot)
			return &t->jump[i];
	return NULL;
}
