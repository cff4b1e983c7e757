/*
 * `import labels`: what somebody found who looked at labels again.
 *
 *   given, found            a second labelling, one row an item
 *   given, vote1, vote2 ..  several votes: a label is wrong when fewer than
 *                           half of them say the same (as cleanlab's
 *                           label-errors counts)
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/intake.h"
#include "base/mem.h"
#include "evidence/samples.h"
#include "evidence/tally.h"
#include "table/rows.h"
#include "base/banned.h"

#define VOTES 32
#define CLASSES 1000

struct kind { char *name; double n, wrong; };

struct looking {
	struct import *m;
	const struct import_request *q;
	struct err *err;
	int given, found, vote[VOTES], votes;
	double n, wrong, agreed, settled, unanimous, with_votes;
	struct kind *kind;
	int nkinds;
};

static int first_of(const struct row *r, const char *const *names)
{
	for (; *names; names++)
		if (row_find(r, *names) >= 0)
			return row_find(r, *names);
	return -1;
}

static bool on_head(void *ctx, const struct row *r)
{
	static const char *const given[] = { "given", "label", "given_label",
		"original", "old", NULL };
	static const char *const found[] = { "found", "truth", "true_label",
		"relabel", "audit", "new", "correct_label", NULL };
	struct looking *l = ctx;

	l->given = first_of(r, given);
	l->found = first_of(r, found);
	for (int i = 0; i < r->n && l->votes < VOTES; i++)
		if (strncasecmp(r->cell[i], "vote", 4) == 0
		    || strncasecmp(r->cell[i], "worker", 6) == 0)
			l->vote[l->votes++] = i;
	if (l->given >= 0 && (l->found >= 0 || l->votes >= 2))
		return true;
	return err_at(l->err, ERR_INPUT, row_pos(r, 0), "needs the columns "
	              "`given` and `found`, or `given` and the votes `vote1`, "
	              "`vote2` ...");
}

static struct kind *kind_of(struct looking *l, const char *name)
{
	for (int i = 0; i < l->nkinds; i++)
		if (strcmp(l->kind[i].name, name) == 0)
			return &l->kind[i];
	if (l->nkinds == CLASSES)
		return NULL;
	l->kind[l->nkinds].name = xstrdup(name);
	return &l->kind[l->nkinds++];
}

static const char *cell_at(const struct row *r, int k)
{
	return k >= 0 && k < r->n ? r->cell[k] : "";
}

/* Votes for the given label, and for the best of the others. */
static int count_votes(struct looking *l, const struct row *r, int *best,
                       int *cast)
{
	const char *given = cell_at(r, l->given);
	int same = 0;

	*best = *cast = 0;
	for (int i = 0; i < l->votes; i++) {
		const char *v = cell_at(r, l->vote[i]);
		int n = 0;

		if (!*v)
			continue;
		(*cast)++;
		same += strcmp(v, given) == 0;
		for (int k = 0; k < l->votes; k++)
			n += strcmp(cell_at(r, l->vote[k]), v) == 0;
		if (strcmp(v, given) != 0 && n > *best)
			*best = n;
	}
	return same;
}

static bool on_row(void *ctx, const struct row *r)
{
	struct looking *l = ctx;
	const char *given = cell_at(r, l->given);
	struct kind *k;
	int best, cast, same;
	bool wrong;

	if (l->found >= 0) {
		if (!*given || !*cell_at(r, l->found))
			return import_skip(l->m, l->q, r->path, r->line,
			                   "a label is missing", l->err);
		wrong = strcmp(given, cell_at(r, l->found)) != 0;
	} else {
		same = count_votes(l, r, &best, &cast);
		if (!*given || cast < 2)
			return import_skip(l->m, l->q, r->path, r->line,
			                   "fewer than two votes", l->err);
		wrong = 2 * same <= cast;
		l->settled += wrong && 2 * best > cast;
		l->unanimous += same == cast || best == cast;
		l->with_votes++;
	}
	l->n++;
	l->wrong += wrong;
	k = kind_of(l, given);
	if (k) {
		k->n++;
		k->wrong += wrong;
	}
	return true;
}

static int by_rate(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;
	double d = y->wrong / y->n - x->wrong / x->n;

	return d > 0 ? 1 : d < 0 ? -1 : strcmp(x->name, y->name);
}

static void class_table(struct looking *l)
{
	static const struct fact_column columns[] = {
		{ "class", true, 0 }, { "n", false, 6 }, { "wrong", false, 6 },
		{ "rate", false, 3 }, { "low", false, 3 },
		{ "high", false, 3 },
	};
	struct fact_table *t = import_fact(l->m, "classes", "Wrong labels by "
	                                   "the label given", columns, 6);

	qsort(l->kind, (size_t)l->nkinds, sizeof *l->kind, by_rate);
	for (int i = 0; i < l->nkinds; i++) {
		struct fact_cell *c = fact_row(t);
		struct kind *k = &l->kind[i];

		c[0].text = arena_strdup(l->m->arena, k->name);
		c[1].number = k->n;
		c[2].number = k->wrong;
		c[3].number = k->wrong / k->n;
		share_interval(k->wrong, k->n, &c[4].number, &c[5].number);
	}
}

static void label_figures(struct looking *l)
{
	struct measure *x = measure_share(l->m, "noise_rate", l->wrong, l->n);

	x->note = arena_printf(l->m->arena, "%g of %g labels wrong; exact "
	                       "(Clopper-Pearson) 90 %% interval", l->wrong,
	                       l->n);
	if (l->with_votes > 0) {
		measure_share(l->m, "unanimous", l->unanimous, l->with_votes);
		if (l->wrong > 0) {
			x = measure_share(l->m, "fix_success", l->settled,
			                  l->wrong);
			x->note = "wrong labels for which more than half of the "
				"votes agree on another";
		}
	}
	if (l->wrong == 0)
		import_note(l->m, "no wrong label in %g: the rate is at most "
		            "%.6g (95 %%)", l->n, -expm1(log(0.05) / l->n));
	import_note(l->m, "if only suspicious labels were looked at, this is "
	            "the precision of the suspicion, not the rate of the whole");
	class_table(l);
}

struct import *import_labels(const struct import_request *q, struct err *err)
{
	struct import *m = import_new(IMPORT_LABELS, q->path);
	struct intake *f = intake_open(q->path, ROWS_LONGEST, err);
	struct looking l = { .m = m, .q = q, .err = err };
	bool ok;

	l.kind = xcalloc(CLASSES, sizeof *l.kind);
	ok = f && rows_read(f, on_head, on_row, &l, err);
	if (ok && l.n < 1)
		ok = err_at(err, ERR_INPUT, (struct pos){ f->path, 0, 0 },
		            "holds no label that was looked at again");
	if (ok) {
		m->format = l.found >= 0 ? "relabels" : "votes";
		m->rows = (long)l.n;
		ok = intake_digest(f, m->digest);
		label_figures(&l);
	}
	for (int i = 0; i < l.nkinds; i++)
		free(l.kind[i].name);
	free(l.kind);
	intake_close(f);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
