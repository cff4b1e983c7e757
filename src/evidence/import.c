#include "evidence/import.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/utf8.h"
#include "evidence/tally.h"
#include "base/banned.h"

const char *const import_kinds[IMPORT_N] = {
	"prices", "usage", "focus", "scores", "curve", "labels", "bench",
};

struct import *import_new(enum import_kind kind, const char *path)
{
	struct arena *a = arena_new();
	struct import *m = arena_alloc(a, sizeof *m);

	m->arena = a;
	m->kind = kind;
	m->file = strcmp(path, "-") == 0 ? "<stdin>"
		: arena_strdup(a, path_basename(path));
	m->from = m->to = NAN;
	m->common.logged = m->common.billed = NAN;
	return m;
}

void import_free(struct import *m)
{
	if (!m)
		return;
	for (int i = 0; i < m->nfacts; i++)
		free(m->fact[i]->cell);
	arena_free(m->arena);
}

bool import_skip(struct import *m, const struct import_request *q,
                 const char *path, long line, const char *why,
                 struct err *err)
{
	long most = q->skip ? q->skip : IMPORT_SKIP;

	if (m->skipped < IMPORT_NAMED)
		m->bad[m->skipped] = (struct bad_line){
			line, arena_strdup(m->arena, why) };
	m->skipped++;
	if (m->skipped <= most)
		return true;
	for (int i = 0; i < IMPORT_NAMED && i < m->skipped; i++)
		err_at(err, ERR_INPUT, (struct pos){ path,
		       (int)m->bad[i].line, 1 }, "%s", m->bad[i].why);
	return err_at(err, ERR_INPUT, (struct pos){ path, (int)line, 1 },
	              "more than %ld bad lines: nothing was imported (--skip "
	              "N allows more)", most);
}

/* --- quantities ----------------------------------------------------------- */

/* Arrays in the arena, at powers of two. */
static void *push(struct arena *a, void *items, int *n, size_t size)
{
	int had = (*n)++;
	void *more;

	if (had & (had - 1) || had == 0) {
		if (had)
			return items;
		return arena_alloc(a, size);
	}
	more = arena_alloc(a, 2 * (size_t)had * size);
	memcpy(more, items, (size_t)had * size);
	return more;
}

struct measure *import_measure(struct import *m, const char *name,
                               const char *unit, double n)
{
	struct measure *x;

	m->measure = push(m->arena, m->measure, &m->nmeasures, sizeof *x);
	x = &m->measure[m->nmeasures - 1];
	*x = (struct measure){
		.name = arena_strdup(m->arena, name), .unit = unit, .n = n,
		.mean = NAN, .low = NAN, .high = NAN,
	};
	return x;
}

const char *import_number(struct import *m, double v, int digits)
{
	/* without exponents that a reader would stumble over */
	return fabs(v) >= 1e-4 && fabs(v) < 1e15
		? arena_printf(m->arena, "%.*g", digits > 15 ? 15 : digits,
		               fabs(v) >= 1e5 ? round(v) : v)
		: arena_printf(m->arena, "%.*g", digits, v);
}

static const char *plain(struct import *m, double v)
{
	int digits = fabs(v) >= 1e5 ? 15 : 6;

	return import_number(m, v == 0 ? 0 : v, digits);
}

void measure_point(struct import *m, struct measure *x, double v)
{
	x->mean = v;
	x->value = plain(m, v);
}

/* Written, the second is above the first: a scenario refuses what is not. */
static bool rises(struct import *m, double a, double b)
{
	return b > a && strtod(plain(m, b), NULL) > strtod(plain(m, a), NULL);
}

void measure_interval(struct import *m, struct measure *x, double mean,
                      double low, double high)
{
	x->mean = mean;
	x->low = low;
	x->high = high;
	if (!rises(m, low, high)) {
		x->value = plain(m, mean);
		return;
	}
	/* a median inside of its interval: three quantiles say all three */
	x->value = rises(m, low, mean) && rises(m, mean, high)
		? arena_printf(m->arena, "{p5: %s, p50: %s, p95: %s}",
		               plain(m, low), plain(m, mean), plain(m, high))
		: arena_printf(m->arena, "%s to %s", plain(m, low),
		               plain(m, high));
}

void measure_within(struct import *m, struct measure *x, double r, double half)
{
	measure_interval(m, x, r, fmax(r / 20, r - half),
	                 fmin(1 - (1 - r) / 20, r + half));
}

struct measure *measure_share(struct import *m, const char *name, double hits,
                              double n)
{
	struct measure *x = import_measure(m, name, "1", n);
	double low, high;

	share_interval(hits, n, &low, &high);
	measure_interval(m, x, hits / n, low, high);
	/* laws that end where the interval does, not beyond */
	if (n > 0 && hits <= 0)
		x->value = arena_printf(m->arena, "beta(1, %.12g)", n);
	else if (n > 0 && hits >= n)
		x->value = arena_printf(m->arena, "beta(%.12g, 1)", n);
	return x;
}

void measure_quantiles(struct import *m, struct measure *x, double p10,
                       double p50, double p90)
{
	x->low = p10;
	x->high = p90;
	x->value = rises(m, p10, p50) && rises(m, p50, p90)
		? arena_printf(m->arena, "{p10: %s, p50: %s, p90: %s}",
		               plain(m, p10), plain(m, p50), plain(m, p90))
		: plain(m, p50);
}

/* --- facts ---------------------------------------------------------------- */

struct fact_table *import_fact(struct import *m, const char *name,
                               const char *title,
                               const struct fact_column *column, int n)
{
	struct fact_table *t = arena_alloc(m->arena, sizeof *t);

	t->name = name;
	t->title = title;
	t->column = column;
	t->ncolumns = n;
	m->fact = push(m->arena, m->fact, &m->nfacts, sizeof t);
	m->fact[m->nfacts - 1] = t;
	return t;
}

struct fact_cell *fact_row(struct fact_table *t)
{
	size_t want = (size_t)(t->n + 1) * (size_t)t->ncolumns;

	if (want > t->cap) {
		t->cap = 2 * want;
		t->cell = xrealloc(t->cell, t->cap, sizeof *t->cell);
	}
	memset(&t->cell[t->n * t->ncolumns], 0,
	       (size_t)t->ncolumns * sizeof *t->cell);
	return &t->cell[t->n++ * t->ncolumns];
}

void import_note(struct import *m, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	m->note = push(m->arena, m->note, &m->nnotes, sizeof *m->note);
	m->note[m->nnotes - 1] = arena_strdup(m->arena, b.s);
	buf_release(&b);
}

/* --- by kind -------------------------------------------------------------- */

struct import *import_file(const struct import_request *q, struct err *err)
{
	static struct import *(*const by_kind[IMPORT_N])(
		const struct import_request *, struct err *) = {
		import_prices, import_usage, import_usage, import_scores,
		import_curve, import_labels, import_bench,
	};
	struct import *m = by_kind[q->kind](q, err);

	if (m && !m->title)
		m->title = q->title ? arena_strdup(m->arena, q->title)
		                    : m->file;
	return m;
}
