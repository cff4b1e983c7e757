#include "engine/memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "dist/dist.h"
#include "engine/copula.h"

#include "base/banned.h"

#define KEPT 3                  /* the centre, few draws, many draws */

struct memo {
	struct draws draws;             /* n 0: the centre */
	struct tape_memo *tape;         /* NULL: too much or nothing to keep */
	char (*key)[DIGEST_HEX];        /* by input of the tape; NULL: free */
};

struct memos { struct memo at[KEPT]; int next; };

/* --- what decides the column of a slot ---------------------------------- */

static void add_numbers(struct digest *d, const double *v, int n)
{
	if (v)
		digest_bytes(d, v, (size_t)n * sizeof *v);
}

static void add_law(struct digest *d, const struct dist *law)
{
	digest_bytes(d, &law->kind, sizeof law->kind);
	digest_bytes(d, &law->n, sizeof law->n);
	add_numbers(d, law->p, 6);
	add_numbers(d, law->k, 8);
	add_numbers(d, &law->low, 1);
	add_numbers(d, &law->high, 1);
	add_numbers(d, law->value, law->n);
	add_numbers(d, law->weight, law->n);
	for (int i = 0; law->part && i < law->n; i++)
		add_law(d, law->part[i]);
}

static void add_slot(struct digest *d, const struct sample *s, int slot)
{
	const struct slot *sl = &s->bound->slot[slot];
	int row = copula_row(s->copula, slot);

	digest_bytes(d, &sl->dim, sizeof sl->dim);
	digest_bytes(d, &s->fixed[slot], sizeof s->fixed[slot]);
	add_numbers(d, &s->central[slot], 1);
	for (int j = 0; j <= row; j++) {
		double w = copula_weight(s->copula, row, j);

		add_numbers(d, &w, 1);
		digest_bytes(d, &s->bound->slot[copula_slot(s->copula, j)].dim,
		             sizeof sl->dim);
	}
	if (sl->kind != SLOT_MIXED) {
		add_law(d, sl->dist);
		return;
	}
	add_slot(d, s, sl->preset);
	for (int i = 0; i < slot_labels(s->bound, slot); i++)
		if (sl->by_label[i])
			add_law(d, sl->by_label[i]);
}

static void key_of(const struct memo *m, const struct sample *s, int slot,
                   char key[DIGEST_HEX])
{
	struct digest *d = digest_new();

	if (m->draws.n == 0)
		add_numbers(d, &s->central[slot], 1);
	else
		add_slot(d, s, slot);
	digest_end(d, key);
}

/* --- the list ----------------------------------------------------------- */

struct memos *memos_new(void)
{
	return xcalloc(1, sizeof(struct memos));
}

static void memo_release(struct memo *m)
{
	tape_memo_free(m->tape);
	free(m->key);
	*m = (struct memo){ .key = NULL };
}

void memos_free(struct memos *m)
{
	for (int i = 0; m && i < KEPT; i++)
		memo_release(&m->at[i]);
	free(m);
}

static bool same(const struct draws *a, const struct draws *b)
{
	return a->n == b->n && (a->n == 0 ||
	       (a->sampler == b->sampler && a->seed == b->seed &&
	        a->replicates == b->replicates));
}

static struct memo *find(struct memos *m, const struct dag *dag,
                         const struct tape *t, const struct draws *d)
{
	struct memo *at;

	for (int i = 0; i < KEPT; i++)
		if (m->at[i].key && same(&m->at[i].draws, d))
			return &m->at[i];
	at = &m->at[m->next];
	m->next = (m->next + 1) % KEPT;
	memo_release(at);
	at->draws = *d;
	at->key = xcalloc((size_t)tape_inputs(t) + 1, sizeof *at->key);
	at->tape = tape_memo_new(dag, t, d->n ? d->n : 1);
	return at;
}

struct tape_memo *memo_for(const struct plan *p, const struct sample *s,
                           const struct draws *draws)
{
	const struct draws centre = { .n = 0 };
	const struct tape *t = draws ? p->full : p->centre;
	int n = tape_inputs(t);
	bool *changed;
	struct memo *m;

	if (!p->memos)
		return NULL;
	m = find(p->memos, p->dag, t, draws ? draws : &centre);
	if (!m->tape)
		return NULL;
	changed = xcalloc((size_t)n + 1, sizeof *changed);
	for (int k = 0; k < n; k++) {
		char key[DIGEST_HEX];

		key_of(m, s, tape_input(t, k), key);
		changed[k] = memcmp(key, m->key[k], sizeof key) != 0;
		memcpy(m->key[k], key, sizeof key);
	}
	tape_memo_forget(m->tape, changed, n);
	free(changed);
	return m->tape;
}
