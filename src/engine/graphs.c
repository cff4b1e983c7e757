#include "engine/graphs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "dist/dist.h"
#include "engine/cache.h"
#include "engine/memo.h"

#include "base/banned.h"

#define GRAPHS 8                /* an evaluation may take one a trade-off */
#define USES 256                /* each leaves a few nodes and texts behind */

struct kept_graph {
	struct kept_graph *next;
	struct buf key;
	struct bound_graph *graph;
	int nmodels;
	struct plan **plan;             /* [model * 2 + outputs], or NULL */
	bool open;
	int uses;
	uint64_t used;
};

/* --- what a graph is made of -------------------------------------------- */

static void add(struct buf *key, const void *p, size_t n)
{
	buf_addn(key, p, n);
}

#define ADD(key, x) add(key, &(x), sizeof (x))

static void add_slot(struct buf *key, const struct slot *s)
{
	const int number[] = { s->kind, s->model, s->index, s->target,
	                       s->neighbour, s->option, s->times };
	double word = NAN;

	if (s->kind == SLOT_INPUT && s->param && s->dist
	    && s->param->type != TYPE_NUMBER && dist_is_point(s->dist))
		word = dist_central(s->dist);
	ADD(key, number);
	ADD(key, s->param);
	ADD(key, s->factor);
	ADD(key, word);
	buf_add(key, s->formula ? s->formula : "");
	buf_addc(key, '\n');
}

static void add_model(struct buf *key, const struct bound_model *m)
{
	ADD(key, m->model);
	ADD(key, m->horizon);
	for (int i = 0; i < m->model->ntables; i++)
		ADD(key, m->table[i]);
}

static void key_of(const struct bound *b, struct buf *key)
{
	buf_init(key);
	ADD(key, b->library);
	ADD(key, b->workload);
	for (int i = 0; i < b->nmodels; i++)
		add_model(key, &b->model[i]);
	for (int i = 0; i < b->nslots; i++)
		add_slot(key, &b->slot[i]);
}

/* --- the list ----------------------------------------------------------- */

static void plans_free(struct kept_graph *k)
{
	for (int i = 0; i < 2 * k->nmodels; i++)
		plan_free(k->plan[i]);
	free(k->plan);
	k->plan = NULL;
}

static void kept_free(struct kept_graph *k)
{
	plans_free(k);
	bound_graph_free(k->graph);
	buf_release(&k->key);
	free(k);
}

void graphs_free(struct kept_graph *k)
{
	while (k) {
		struct kept_graph *next = k->next;

		kept_free(k);
		k = next;
	}
}

static struct kept_graph *find(struct kept_graph *k, const struct buf *key)
{
	for (; k; k = k->next)
		if (!k->open && k->key.len == key->len &&
		    memcmp(k->key.s, key->s, key->len) == 0)
			return k;
	return NULL;
}

/* Those used last stay. */
static void drop_oldest(struct kept_graph **list)
{
	struct kept_graph **oldest = NULL, *k;
	int n = 0;

	for (struct kept_graph **at = list; *at; at = &(*at)->next) {
		n++;
		if (!(*at)->open && (!oldest || (*at)->used < (*oldest)->used))
			oldest = at;
	}
	if (n < GRAPHS || !oldest)
		return;
	k = *oldest;
	*oldest = k->next;
	kept_free(k);
}

static struct kept_graph *make(struct kept_graph **list, struct buf *key,
                               const struct bound *b)
{
	struct kept_graph *k = xcalloc(1, sizeof *k);

	drop_oldest(list);
	k->key = *key;
	buf_init(key);
	k->graph = bound_graph_new(b);
	k->nmodels = b->nmodels;
	k->plan = xcalloc(2 * (size_t)b->nmodels + 1, sizeof *k->plan);
	k->next = *list;
	return *list = k;
}

/* A workload with formulas of the scenario's own lasts as long as its binding.
 */
struct bound_graph *graph_open(struct engine_cache *c, const struct bound *b)
{
	struct kept_graph **list, *k;
	struct buf key;

	if (!c || b->own_workload || b->own_scenario)
		return bound_graph_new(b);
	list = cache_graphs(c);
	key_of(b, &key);
	k = find(*list, &key);
	if (!k)
		k = make(list, &key, b);
	buf_release(&key);
	bound_graph_bind(k->graph, b);
	k->open = true;
	k->uses++;
	k->used = cache_tick(c);
	return k->graph;
}

static struct kept_graph *kept(struct engine_cache *c,
                               const struct bound_graph *g)
{
	struct kept_graph *k = c ? *cache_graphs(c) : NULL;

	while (k && k->graph != g)
		k = k->next;
	return k;
}

void graph_close(struct engine_cache *c, struct bound_graph *g)
{
	struct kept_graph *k = g ? kept(c, g) : NULL, **at;

	if (!k) {
		bound_graph_free(g);
		return;
	}
	k->open = false;
	if (k->uses < USES)
		return;
	for (at = cache_graphs(c); *at != k;)
		at = &(*at)->next;
	*at = k->next;
	kept_free(k);
}

struct plan *graph_plan(struct engine_cache *c, struct bound_graph *g,
                        const struct bound *b, int model, bool outputs,
                        struct err *err)
{
	struct kept_graph *k = kept(c, g);
	struct plan **p = k ? &k->plan[2 * model + outputs] : NULL;

	if (!p)
		return plan_new(g, b, model, outputs, err);
	if (*p) {
		(*p)->bound = b;
		(*p)->elab = bound_graph_elab(g, model);
	} else {
		*p = plan_new(g, b, model, outputs, err);
		if (*p)
			(*p)->memos = memos_new();
	}
	return *p;
}

void graph_plan_close(struct plan *p)
{
	if (p && !p->memos)
		plan_free(p);
}
