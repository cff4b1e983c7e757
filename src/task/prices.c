/*
 * Price maps of several days, kept in the store: listed, compared, read back.
 */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "evidence/import.h"
#include "store/snapshots.h"
#include "task/task.h"

#include "base/banned.h"

bool task_prices_keep(struct context *c, struct import *m, struct err *err)
{
	struct store *s = store_open(c->store_path, true, err);
	bool ok = s != NULL, added;

	for (int i = 0; ok && i < m->nsheets; i++) {
		const struct price_text *t = &m->sheet[i];
		const struct snapshot x = {
			.date = t->date, .file = t->file, .source = t->digest,
			.priced = t->priced, .free = t->free,
			.unpriced = t->unpriced,
		};

		ok = snapshot_keep(s, &x, t->text, &added, err);
		if (ok)
			import_note(m, added ? "kept in the store as the prices "
			            "of %s: `prices diff` and `prices history` "
			            "read it" : "the store has this map of %s "
			            "already", t->date);
	}
	store_close(s);
	return ok;
}

/* --- what there is -------------------------------------------------------- */

struct kept { struct store *store; struct arena *arena; int n;
              struct snapshot *x; };

static bool open_kept(struct context *c, struct kept *k, struct err *err)
{
	*k = (struct kept){ .arena = arena_new() };
	if (!task_store_exists(c))
		return true;
	k->store = store_open(c->store_path, false, err);
	k->n = k->store ? snapshot_list(k->store, &k->x, k->arena, err) : -1;
	return k->n >= 0;
}

static void close_kept(struct kept *k)
{
	store_close(k->store);
	arena_free(k->arena);
}

/* A date, or six or more digits of the hash; of one date the newest. */
static int find_kept(const struct kept *k, const char *ref, struct err *err)
{
	size_t n = strlen(ref);

	for (int i = k->n - 1; i >= 0; i--)
		if (!strcmp(k->x[i].date, ref) ||
		    (n >= 6 && !strncmp(k->x[i].hash, ref, n)))
			return i;
	err_add(err, ERR_USAGE, k->n ? "the store has no price map `%s`: "
	        "`prices list` tells the dates there are"
	        : "the store has no price map `%s`: `import prices` keeps them",
	        ref);
	return -1;
}

static bool kept_text(const struct kept *k, int i, struct price_text *out,
                      struct err *err)
{
	*out = (struct price_text){
		.date = k->x[i].date, .file = k->x[i].file,
		.digest = k->x[i].source,
	};
	return snapshot_text(k->store, k->x[i].hash, &out->text, k->arena, err);
}

/* --- the verbs ------------------------------------------------------------ */

static void list_row(struct import *m, struct fact_table *t,
                     const struct snapshot *x)
{
	struct fact_cell *c = fact_row(t);
	char day[11];

	clock_date(x->at, day);
	c[0].text = arena_strdup(m->arena, x->date);
	c[1].number = x->priced;
	c[2].number = x->free;
	c[3].number = x->unpriced;
	c[4].text = arena_strdup(m->arena, x->file ? x->file : "");
	c[5].text = arena_strdup(m->arena, day);
	c[6].text = arena_strdup(m->arena, x->actor ? x->actor : "");
	c[7].text = arena_printf(m->arena, "%.12s", x->hash);
}

struct import *task_prices_list(struct context *c, struct err *err)
{
	static const struct fact_column columns[] = {
		{ "date", true, 0 }, { "priced", false, 6 },
		{ "free", false, 6 }, { "unpriced", false, 6 },
		{ "file", true, 0 }, { "kept", true, 0 }, { "by", true, 0 },
		{ "hash", true, 0 },
	};
	struct import *m = NULL;
	struct fact_table *t;
	struct kept k;

	if (open_kept(c, &k, err)) {
		m = import_new(IMPORT_PRICES, "prices");
		m->title = "price maps in the store";
		m->format = "price-snapshots";
		m->rows = k.n;
		t = import_fact(m, "snapshots", "By the day they are of",
		                columns, 8);
		for (int i = 0; i < k.n; i++)
			list_row(m, t, &k.x[i]);
		if (!k.n)
			import_note(m, "none yet: `import prices` keeps them");
	}
	close_kept(&k);
	return m;
}

struct import *task_prices_diff(struct context *c, const char *from,
                                const char *to, struct err *err)
{
	struct price_text a, b;
	struct import *m = NULL;
	struct kept k;

	if (open_kept(c, &k, err)) {
		int last = to ? find_kept(&k, to, err) : k.n - 1;
		int first = from ? find_kept(&k, from, err) : last - 1;

		if (!err_any(err) && (first < 0 || last <= first))
			err_add(err, ERR_USAGE, from || to ? "the first map "
			        "must be older than the second" : "there are "
			        "not two price maps to compare: `import prices`"
			        " keeps them");
		else if (!err_any(err) && kept_text(&k, first, &a, err) &&
		         kept_text(&k, last, &b, err))
			m = prices_differences(&a, &b, err);
	}
	close_kept(&k);
	return m;
}

struct import *task_prices_history(struct context *c, struct err *err)
{
	struct import *m = NULL;
	struct price_text *t;
	bool ok = true;
	struct kept k;
	int n = 0;

	if (open_kept(c, &k, err)) {
		t = arena_alloc(k.arena, (size_t)(k.n + 1) * sizeof *t);
		/* of one day the one kept last */
		for (int i = 0; ok && i < k.n; i++)
			if (i + 1 == k.n || strcmp(k.x[i].date, k.x[i + 1].date))
				ok = kept_text(&k, i, &t[n++], err);
		if (ok && n < 2)
			ok = err_add(err, ERR_USAGE, "a history needs price "
			             "maps of two days or more, and the store "
			             "has %d: `import prices` keeps them", n);
		m = ok ? prices_history(t, n, err) : NULL;
	}
	close_kept(&k);
	return m;
}

struct import *task_prices_file(struct context *c, const char *ref,
                                const struct assignments *models,
                                struct err *err)
{
	struct price_text t;
	struct import *m = NULL;
	struct kept k;

	if (open_kept(c, &k, err)) {
		int i = find_kept(&k, ref, err);

		if (i >= 0 && kept_text(&k, i, &t, err))
			m = prices_file(&t, (struct words){ models->n,
			                                    models->text }, err);
	}
	close_kept(&k);
	return m;
}
