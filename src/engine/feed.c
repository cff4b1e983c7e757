#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/plan.h"
#include "engine/sample.h"

#include "base/banned.h"

#define ALIGN 64

void feed_init(struct feed *f, const struct tape *t)
{
	size_t in = (size_t)tape_inputs(t), out = (size_t)tape_roots(t);
	size_t row = TAPE_BLOCK * sizeof(double);

	f->tape = t;
	f->frame = frame_new(t);
	f->ninputs = (int)in;
	f->nroots = (int)out;
	f->in = xcalloc(in + 1, sizeof *f->in);
	f->buffer = xaligned(ALIGN, (in + 1) * row);
	f->result = xaligned(ALIGN, (out + 1) * row);
	f->out = xcalloc(out + 1, sizeof *f->out);
	for (size_t i = 0; i < out; i++)
		f->out[i] = f->result + i * TAPE_BLOCK;
}

void feed_release(struct feed *f)
{
	frame_free(f->frame);
	free(f->in);
	free(f->buffer);
	free(f->result);
	free(f->out);
}

static void central(struct feed *f, const struct sample *s, int k)
{
	f->in[k].v = &s->central[tape_input(f->tape, k)];
	f->in[k].uniform = true;
}

void feed_central(struct feed *f, const struct sample *s)
{
	for (int k = 0; k < f->ninputs; k++)
		central(f, s, k);
}

void feed_draw(struct feed *f, const struct sample *s, int64_t first, int n)
{
	for (int k = 0; k < f->ninputs; k++) {
		int slot = tape_input(f->tape, k);
		double *x = f->buffer + (size_t)k * TAPE_BLOCK;

		if (s->fixed[slot]) {
			central(f, s, k);
			continue;
		}
		sample_fill(s, slot, first, n, x);
		f->in[k].v = x;
		f->in[k].uniform = false;
	}
}

void feed_set(struct feed *f, int slot, const double *x, bool uniform)
{
	for (int k = 0; k < f->ninputs; k++)
		if (tape_input(f->tape, k) == slot) {
			f->in[k].v = x;
			f->in[k].uniform = uniform;
		}
}

void feed_run(struct feed *f, int n)
{
	tape_run(f->tape, f->frame, f->in, n, f->out);
}

double feed_cost(const struct feed *f, const struct plan *p, int option,
                 int lane)
{
	int state = p->state[option];
	double v = f->out[p->objective[option]][lane];

	if (state != ROOT_NONE && f->out[state][lane] != 0.0)
		return NAN;
	for (int i = 0; i < p->model->nrequires; i++) {
		int root = p->require[i * p->noptions + option];

		if (root != ROOT_NONE && f->out[root][lane] != 0.0)
			return NAN;
	}
	return isfinite(v) ? p->sign * v : NAN;
}
