/*
 * The program that a model becomes: what `models show --tape` prints.
 */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "expr/expr.h"
#include "expr/tape.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/task.h"

/* A scenario that asks about one model and changes nothing. */
static struct scenario *defaults_of(const char *model, struct err *err)
{
	struct buf text = BUF_INIT;
	struct scenario *s;

	buf_addf(&text, "scenario: defaults\n%s: {}\n", model);
	s = scenario_read_text(text.s, text.len, "<defaults>", err);
	buf_release(&text);
	return s;
}

static const char *input_name(void *ctx, int input)
{
	const struct bound *b = ctx;

	return b->slot[input].name;
}

/* The objective of each option is a root of the tape. */
static bool print_tape(const struct bound *b, int mi, struct buf *out,
                       struct err *err)
{
	const struct model *m = b->model[mi].model;
	struct bound_graph *g = bound_graph_new(b);
	struct elab *el = bound_graph_elab(g, mi);
	node_id roots[MODEL_MAX_OPTIONS];
	int labels[AXIS_MAX] = { 0 };
	bool ok = el != NULL;

	for (int i = 0; ok && i < m->noptions; i++) {
		struct value v;

		labels[AXIS_OPTION] = i;
		ok = elab_name(el, "objective", labels, &v, err);
		roots[i] = ok ? v.num : NODE_NONE;
	}
	if (ok) {
		struct tape *t = tape_new(bound_graph_dag(g), roots,
		                          m->noptions);

		buf_addf(out, "# %s; results:", m->name);
		for (int i = 0; i < m->noptions; i++)
			buf_addf(out, " %s", m->option[i].name);
		buf_addc(out, '\n');
		tape_print(t, input_name, (void *)b, out);
		tape_free(t);
	}
	bound_graph_free(g);
	return ok;
}

bool task_tape(struct context *c, const char *model, struct buf *out,
               struct err *err)
{
	const struct model *m = task_model(c, model, err);
	struct scenario *s = m ? defaults_of(m->name, err) : NULL;
	struct bound *b = s ? bound_new(c->library, s, NULL, err) : NULL;
	bool ok = b && print_tape(b, bound_model_index(b, m->name), out, err);

	if (b)
		bound_free(b);
	if (s)
		scenario_free(s);
	return ok;
}
