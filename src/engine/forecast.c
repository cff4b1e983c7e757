/*
 * The draws of one figure.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "engine/value.h"

#include "base/banned.h"

/* Runs the roots over all draws; a draw whose figure is a state has none. */
static void fill(const struct dag *d, const struct roots *r, int state,
                 struct sample *s, double *v)
{
	struct tape *tape = tape_new((struct dag *)d, r->node, r->n);
	struct feed f;

	feed_init(&f, tape);
	for (int k = 0; k < f.ninputs; k++) {
		int slot = tape_input(tape, k);

		sample_prepare(s, &slot, 1);
	}
	for (int64_t at = 0; at < s->draws.n; at += TAPE_BLOCK) {
		int64_t left = s->draws.n - at;
		int n = left < TAPE_BLOCK ? (int)left : TAPE_BLOCK;

		feed_draw(&f, s, at, n);
		feed_run(&f, n);
		for (int i = 0; i < n; i++)
			v[at + i] = state != ROOT_NONE && f.out[state][i] != 0.0
				? NAN : f.out[0][i];
	}
	feed_release(&f);
	tape_free(tape);
}

bool engine_draws(const struct bound *b, int model, const struct syntax *s,
                  int option, const struct engine_options *o, double **v,
                  int64_t *n, struct err *err)
{
	struct bound_graph *g = bound_graph_new(b);
	struct plan p = plan_bare(g, b, model);
	struct roots r = { 0 };
	struct sample sample;
	struct draws d;
	int number, state;
	bool ok = draws_init(&d, o->sampler, o->seed, o->samples, err) &&
		plan_root(&p, &r, s, option, &number, &state, err) &&
		bound_graph_ok(g, err) && sample_init(&sample, b, &d, err);

	if (ok) {
		*n = d.n;
		*v = xcalloc((size_t)d.n, sizeof **v);
		fill(p.dag, &r, state, &sample, *v);
		sample_release(&sample);
	}
	free(r.node);
	bound_graph_free(g);
	return ok;
}
