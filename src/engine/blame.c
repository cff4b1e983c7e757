#include "engine/blame.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/run.h"

#include "base/banned.h"

#define MOST_STEPS 2000
#define MOST_INPUTS 6

struct trail {
	const struct run *run;
	int64_t draw;
};

/* What one node is worth in the draw; a series by its sum, which is not finite
 * where one of its months is not. */
static double worth(const struct trail *t, node_id id)
{
	const struct plan *p = t->run->plan;
	struct feed f;
	struct tape *tape;
	double v;

	if (dag_get(p->dag, id)->series)
		id = dag_reduce(p->dag, OP_SUM, id, p->horizon, 0);
	tape = tape_new(p->dag, &id, 1);
	feed_init(&f, tape);
	if (t->run->point)
		feed_central(&f, t->run->sample);
	else
		feed_draw(&f, t->run->sample, t->draw, 1);
	feed_run(&f, 1);
	v = f.out[0][0];
	feed_release(&f);
	tape_free(tape);
	return v;
}

static bool guilty(const struct trail *t, node_id id)
{
	const struct dag_node *n = dag_get(t->run->plan->dag, id);

	/* A body of solve or argmin has no value outside of it. */
	return n->vars == 0 && !isfinite(worth(t, id));
}

/* The operand that brought the trouble, or NODE_NONE: it arose here. */
static node_id origin(const struct trail *t, node_id id)
{
	struct dag *d = t->run->plan->dag;
	struct dag_node n = *dag_get(d, id);
	int operands = op_info[n.op].operands;

	if (n.op == OP_SELECT && !dag_get(d, n.arg[0])->series) {
		node_id taken = worth(t, n.arg[0]) != 0 ? n.arg[1] : n.arg[2];

		return guilty(t, taken) ? taken : NODE_NONE;
	}
	for (int i = 0; n.op != OP_CALL && i < operands; i++)
		if (guilty(t, n.arg[i]))
			return n.arg[i];
	for (int i = 0; n.op == OP_CALL && i < n.nargs; i++)
		if (guilty(t, n.args[i]))
			return n.args[i];
	return NODE_NONE;
}

static bool find_origin(const struct plan *p, node_id id, const char **name,
                        struct pos *pos, const char **text)
{
	if (elab_origin(p->elab, id, name, pos, text))
		return true;
	for (int m = -1; m < p->bound->nmodels; m++) {
		const struct elab *el = bound_graph_elab(p->graph, m);

		if (el && el != p->elab && elab_origin(el, id, name, pos, text))
			return true;
	}
	return false;
}

/* "prefill_rate = 0, output_tok = 211" of the inputs below a node. */
static void list_inputs(const struct trail *t, node_id id, struct buf *out)
{
	const struct plan *p = t->run->plan;
	struct roots r = { 0 };
	int *slot, n;

	roots_add(&r, id);
	n = plan_inputs(p, &r, 1, &slot);
	for (int i = 0; i < n && i < MOST_INPUTS; i++) {
		const struct slot *s = &p->bound->slot[slot[i]];
		double v;

		if (t->run->point)
			v = t->run->sample->central[slot[i]];
		else
			sample_fill(t->run->sample, slot[i], t->draw, 1, &v);
		buf_addf(out, "%s%s = ", i ? ", " : "; ", s->name);
		num_human(out, v / slot_unit(s)->scale, 4);
	}
	if (n > MOST_INPUTS)
		buf_add(out, ", ...");
	free(slot);
	free(r.node);
}

bool blame(const struct run *r, int root, int option, int64_t draw,
           struct err *err)
{
	struct trail t = { r, draw };
	node_id id = r->plan->roots.node[root], next = id;
	const char *name = NULL, *text = NULL;
	struct pos pos = { .file = r->plan->model->path };
	struct buf b = BUF_INIT;

	for (int i = 0; next != NODE_NONE && i < MOST_STEPS; i++) {
		const char *its_name, *its_text;
		struct pos its_pos;

		id = next;
		if (find_origin(r->plan, id, &its_name, &its_pos, &its_text)) {
			name = its_name;
			pos = its_pos;
			text = its_text;
		}
		next = origin(&t, id);
	}
	buf_addf(&b, "`%s` gives no finite number for %s ",
	         name ? name : r->plan->model->decision.objective_name,
	         r->plan->model->option[option].name);
	if (r->point)
		buf_add(&b, "at the central values");
	else
		buf_addf(&b, "in draw %lld", (long long)draw + 1);
	if (text)
		buf_addf(&b, ": %s", text);
	list_inputs(&t, id, &b);
	err_at(err, ERR_INPUT, pos, "%s", b.s);
	buf_release(&b);
	return false;
}
