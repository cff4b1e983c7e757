#include "expr/columns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct kept {
	struct columns columns;
	columns_prepare_fn prepare;
	struct kept *next;
};

struct column_memo {
	pthread_mutex_t lock;
	struct kept *first;
};

struct column_memo *column_memo_new(void)
{
	struct column_memo *m = xcalloc(1, sizeof *m);

	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void column_memo_free(struct column_memo *m)
{
	if (!m)
		return;
	while (m->first) {
		struct kept *k = m->first;

		m->first = k->next;
		free(k->columns.prepared);
		free(k);
	}
	pthread_mutex_destroy(&m->lock);
	free(m);
}

const struct columns *column_memo_get(struct column_memo *m,
                                      columns_prepare_fn prepare,
                                      const struct data_column *const *col,
                                      int n)
{
	struct columns c = { .n = n, .rows = col[0]->n };
	struct kept *k;

	for (int i = 0; i < n; i++)
		c.column[i] = col[i]->value;
	pthread_mutex_lock(&m->lock);
	for (k = m->first; k; k = k->next)
		if (k->prepare == prepare && k->columns.n == n
		    && memcmp(k->columns.column, c.column,
		              sizeof c.column) == 0)
			break;
	if (!k) {
		k = xcalloc(1, sizeof *k);
		*k = (struct kept){ c, prepare, m->first };
		if (prepare)
			k->columns.prepared = prepare(&c);
		m->first = k;
	}
	pthread_mutex_unlock(&m->lock);
	return &k->columns;
}
