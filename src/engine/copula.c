#include "engine/copula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "math/correlation.h"

#include "base/banned.h"

struct copula {
	int n;
	int *slot;
	double *factor;                 /* lower triangle, row by row */
};

static int row_for(struct copula *c, int slot)
{
	int row = copula_row(c, slot);

	if (row >= 0)
		return row;
	c->slot[c->n] = slot;
	return c->n++;
}

static bool resolve(const struct bound *b, const struct correlation *k,
                    const char *name, int *slot, struct err *err)
{
	struct err inner = ERR_INIT;

	*slot = bound_slot(b, -1, name, &inner);
	if (*slot >= 0 && b->slot[*slot].kind == SLOT_INPUT)
		return true;
	err_at(err, ERR_INPUT, k->pos, "cannot correlate `%s`: %s", name,
	       inner.n > 0 ? inner.item[0].text :
	       "it is no drawn parameter of its own");
	err_clear(&inner);
	return false;
}

/* --- correlations that cannot be ---------------------------------------- */

#define OFFER_ROWS 64           /* beyond this nobody reads the offer */
#define OFFER_LEAST 1e-3        /* eigenvalue: rounding to digits keeps it so */
#define MOVED 5e-4

/* The line that states a pair; NULL: nobody does, it is 0. */
static const struct correlation *stated(const struct bound *b,
                                        const struct copula *c, int i, int j)
{
	const struct scenario *s = b->scenario;

	for (int k = s->ncorrelations - 1; k >= 0; k--) {
		int x = copula_row(c, bound_slot(b, -1, s->correlation[k].a,
		                                 NULL));
		int y = copula_row(c, bound_slot(b, -1, s->correlation[k].b,
		                                 NULL));

		if ((x == i && y == j) || (x == j && y == i))
			return &s->correlation[k];
	}
	return NULL;
}

static const char *row_name(const struct bound *b, const struct copula *c,
                            int row)
{
	const struct scenario *s = b->scenario;

	for (int k = 0; k < s->ncorrelations; k++) {
		const char *name[2] = { s->correlation[k].a,
		                        s->correlation[k].b };

		for (int e = 0; e < 2; e++)
			if (bound_slot(b, -1, name[e], NULL) == c->slot[row])
				return name[e];
	}
	return b->slot[c->slot[row]].name;
}

/* Rows of a part that cannot be by itself: which of its entries, given the
 * others, could mend it, and how; the last one stated where several could. */
struct culprit {
	const struct correlation *line;
	int i, j;
	double low, high;
};

static struct culprit culprit_in(const struct bound *b, const struct copula *c,
                                 const double *r, const int *row, int n)
{
	double *part = xcalloc((size_t)n * (size_t)n, sizeof *part);
	struct culprit best = { .i = -1 };

	for (int i = 0; i < n * n; i++)
		part[i] = r[row[i / n] * c->n + row[i % n]];
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++) {
			struct culprit x = {
				.i = row[i], .j = row[j],
				.line = stated(b, c, row[i], row[j]),
			};

			if (x.line && (best.i < 0 || x.line > best.line) &&
			    correlation_interval(part, n, i, j, &x.low,
			                         &x.high))
				best = x;
		}
	free(part);
	return best;
}

static bool possible(const struct copula *c, const double *r, const int *row,
                     int n)
{
	double part[9];

	for (int i = 0; i < n * n; i++)
		part[i] = r[row[i / n] * c->n + row[i % n]];
	return correlation_factor(part, n, part);
}

/* The first three rows that cannot stand together; false: any three can. */
static bool find_triple(const struct copula *c, const double *r, int row[3])
{
	for (row[0] = 0; row[0] < c->n; row[0]++)
		for (row[1] = row[0] + 1; row[1] < c->n; row[1]++)
			for (row[2] = row[1] + 1; row[2] < c->n; row[2]++)
				if (!possible(c, r, row, 3))
					return true;
	return false;
}

static void add_names(const struct bound *b, const struct copula *c,
                      const int *row, int n, struct buf *out)
{
	for (int i = 0; i < n; i++)
		buf_addf(out, "%s`%s`", !i ? "" : i + 1 < n ? ", " : " and ",
		         row_name(b, c, row[i]));
}

static void name_culprit(const struct bound *b, const struct copula *c,
                         const double *r, const int *row, int n,
                         struct err *err)
{
	struct culprit x = culprit_in(b, c, r, row, n);
	struct buf names = BUF_INIT;

	add_names(b, c, row, n, &names);
	if (x.i < 0)
		err_at(err, ERR_INPUT, b->scenario->correlation[0].pos,
		       "the rank correlations of %s cannot all hold: their "
		       "matrix is not positive definite", names.s);
	else
		err_at(err, ERR_INPUT, x.line->pos, "the rank correlations of "
		       "%s cannot all hold: given the others, that of `%s` "
		       "and `%s` must lie between %.3f and %.3f, not at %g",
		       names.s, x.line->a, x.line->b,
		       rank_of_correlation(x.low), rank_of_correlation(x.high),
		       x.line->spearman);
	buf_release(&names);
}

/* A rank correlation as the offer writes it. */
static double offered(double r)
{
	return round(1000 * rank_of_correlation(r)) / 1000;
}

/* The nearest matrix that stays positive definite when its ranks are rounded;
 * false: rounding spoils it. */
static bool find_nearest(const struct copula *c, const double *r, double *near)
{
	size_t cells = (size_t)c->n * (size_t)c->n;
	double *back = xcalloc(cells, sizeof *back), least = OFFER_LEAST;
	bool ok = false;

	for (int tries = 0; tries < 5 && !ok; tries++, least *= 2) {
		memcpy(near, r, sizeof *near * cells);
		correlation_nearest(near, c->n, least);
		for (int i = 0; i < c->n * c->n; i++)
			back[i] = i % (c->n + 1) == 0 ? 1 :
				correlation_of_rank(offered(near[i]));
		ok = correlation_factor(back, c->n, back);
	}
	free(back);
	return ok;
}

/* "correlate: [[a, b, 0.7], ...]", and what moved to get there. */
static void offer(const struct bound *b, const struct copula *c,
                  const double *r, struct err *err)
{
	double *near = xcalloc((size_t)c->n * (size_t)c->n, sizeof *near);
	struct buf all = BUF_INIT, moved = BUF_INIT;
	bool ok = c->n <= OFFER_ROWS && find_nearest(c, r, near);

	for (int i = 0; ok && i < c->n; i++)
		for (int j = i + 1; j < c->n; j++) {
			double was = rank_of_correlation(r[i * c->n + j]);
			double is = offered(near[i * c->n + j]);
			const char *x = row_name(b, c, i);
			const char *y = row_name(b, c, j);

			if (is != 0.0 || stated(b, c, i, j))
				buf_addf(&all, "%s[%s, %s, %.10g]",
				         all.len ? ", " : "", x, y, is);
			if (fabs(is - was) > MOVED)
				buf_addf(&moved, "%s%s with %s from %.3g to "
				         "%.3g", moved.len ? ", " : "", x, y,
				         was, is);
		}
	if (ok)
		err_at(err, ERR_INPUT, b->scenario->correlation[0].pos,
		       "the nearest that can hold is `correlate: [%s]`, which "
		       "moves %s", all.s, moved.s);
	buf_release(&all);
	buf_release(&moved);
	free(near);
}

static bool refuse(const struct bound *b, const struct copula *c,
                   const double *r, struct err *err)
{
	int row[3], *all = xcalloc((size_t)c->n, sizeof *all);

	for (int i = 0; i < c->n; i++)
		all[i] = i;
	if (find_triple(c, r, row))
		name_culprit(b, c, r, row, 3, err);
	else
		name_culprit(b, c, r, all, c->n, err);
	free(all);
	offer(b, c, r, err);
	return false;
}

/* --- the matrix --------------------------------------------------------- */

static bool fill_matrix(const struct bound *b, struct copula *c, double *r,
                        struct err *err)
{
	const struct scenario *s = b->scenario;
	int wide = 2 * s->ncorrelations;

	for (int i = 0; i < s->ncorrelations; i++) {
		const struct correlation *k = &s->correlation[i];
		int sa, sb, ra, rb;

		if (!resolve(b, k, k->a, &sa, err) ||
		    !resolve(b, k, k->b, &sb, err))
			return false;
		if (sa == sb)
			return err_at(err, ERR_INPUT, k->pos, "`%s` and `%s` "
			              "are one parameter", k->a, k->b);
		ra = row_for(c, sa);
		rb = row_for(c, sb);
		if (r[ra * wide + rb] != 0.0)
			return err_at(err, ERR_INPUT, k->pos, "`%s` and `%s` "
			              "are correlated twice", k->a, k->b);
		r[ra * wide + rb] = correlation_of_rank(k->spearman);
		r[rb * wide + ra] = r[ra * wide + rb];
	}
	/* close the rows up, with ones on the diagonal */
	for (int i = 0; i < c->n; i++)
		for (int j = 0; j < c->n; j++)
			r[i * c->n + j] = i == j ? 1 : r[i * wide + j];
	return true;
}

bool copula_new(const struct bound *b, struct copula **out, struct err *err)
{
	int most = b->scenario ? 2 * b->scenario->ncorrelations : 0;
	struct copula *c;
	double *r;
	bool ok;

	*out = NULL;
	if (most == 0)
		return true;
	c = xcalloc(1, sizeof *c);
	c->slot = xcalloc((size_t)most, sizeof *c->slot);
	c->factor = xcalloc((size_t)most * (size_t)most, sizeof *c->factor);
	r = xcalloc((size_t)most * (size_t)most, sizeof *r);
	ok = fill_matrix(b, c, r, err);
	if (ok && !correlation_factor(r, c->n, c->factor))
		ok = refuse(b, c, r, err);
	free(r);
	if (ok)
		*out = c;
	else
		copula_free(c);
	return ok;
}

void copula_free(struct copula *c)
{
	if (!c)
		return;
	free(c->slot);
	free(c->factor);
	free(c);
}

int copula_row(const struct copula *c, int slot)
{
	for (int i = 0; c && i < c->n; i++)
		if (c->slot[i] == slot)
			return i;
	return -1;
}

int copula_slot(const struct copula *c, int j)
{
	return c->slot[j];
}

double copula_weight(const struct copula *c, int k, int j)
{
	return j > k ? 0 : c->factor[k * c->n + j];
}
