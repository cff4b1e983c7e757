/*
 * The floating-point class: a digest over what every kernel gives on fixed
 * probes.  Two builds of one class give the same digits; classes are never
 * mixed.  The vector width is no part of it: all widths must agree.
 */
#include <pthread.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "dist/dist.h"
#include "dist/draws.h"
#include "engine/engine.h"
#include "expr/tape.h"

#include "base/banned.h"

#define PROBES TAPE_STRIP

/* Probe operands over many magnitudes, exact in binary. */
static void probes(double a[PROBES], double b[PROBES])
{
	for (int i = 0; i < PROBES; i++) {
		a[i] = (double)(i * i + 1) / 64;
		b[i] = (double)(i - PROBES / 2) / 8;
	}
}

static void probe_kernels(struct digest *d)
{
	static const enum op one[] = { OP_SQRT, OP_EXP, OP_LOG };
	struct dag *g = dag_new();
	node_id a = dag_input(g, 0), b = dag_input(g, 1), root[5];
	double va[PROBES], vb[PROBES], v[5][PROBES], *out[5];
	struct tape *t;
	struct frame *f;
	struct column in[2];

	for (int i = 0; i < 3; i++)
		root[i] = dag_op(g, one[i], i == 1 ? b : a, NODE_NONE,
		                 NODE_NONE);
	root[3] = dag_op(g, OP_POW, a, b, NODE_NONE);
	root[4] = dag_op(g, OP_DIV, b, a, NODE_NONE);
	t = tape_new(g, root, 5);
	f = frame_new(t);
	probes(va, vb);
	for (int k = 0; k < tape_inputs(t); k++)
		in[k] = (struct column) {
			.v = tape_input(t, k) == 0 ? va : vb,
		};
	for (int i = 0; i < 5; i++)
		out[i] = v[i];
	tape_run(t, f, in, PROBES, out);
	for (int i = 0; i < 5; i++)
		digest_bytes(d, v[i], sizeof v[i]);
	frame_free(f);
	tape_free(t);
	dag_free(g);
}

static const char *const laws[] = {
	"1 to 10", "normal(0, 1)", "beta(50, 950)", "gamma(0.3, 2)",
	"jqpd(10, 20, 40)",
};

static void probe_laws(struct digest *d)
{
	struct arena *a = arena_new();
	struct unit one = unit_one();
	struct pos none = { 0 };
	struct draws draws = { .sampler = SAMPLER_SOBOL, .seed = 1,
	                       .n = PROBES, .replicates = 1 };

	for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
		struct dist *law = dist_parse(a, NULL, laws[i], &one, NULL,
		                              none, NULL);
		struct qtable *t;
		double u[PROBES], x[PROBES] = { 0 };

		draws_fill(&draws, (int)i, 0, PROBES, u);
		digest_bytes(d, u, sizeof u);
		if (!law)
			continue;
		t = qtable_new(law);
		qtable_fill(t, u, x, PROBES);
		digest_bytes(d, x, sizeof x);
		qtable_free(t);
	}
	arena_free(a);
}

static char class_hex[DIGEST_HEX];

static void find_class(void)
{
	struct digest *d = digest_new();

	probe_kernels(d);
	probe_laws(d);
	digest_end(d, class_hex);
}

/* Found once, then a constant. */
const char *engine_fpclass(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_class);
	return class_hex;
}
