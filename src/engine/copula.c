#include "engine/copula.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define LEAST_PIVOT 1e-10

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

/* The interval that leaves the third correlation of a triple possible. */
static bool impossible(const struct bound *b, const struct copula *c,
                       const double *r, int i, int j, int k,
                       struct err *err)
{
	const struct scenario *s = b->scenario;
	double x = r[i * c->n + j], y = r[i * c->n + k], z = r[j * c->n + k];
	double room = sqrt((1 - x * x) * (1 - y * y));

	if (fabs(z - x * y) <= room)
		return false;
	err_at(err, ERR_INPUT, s->correlation[0].pos, "the correlations of "
	       "`%s`, `%s` and `%s` cannot all hold: given the first two, that "
	       "of `%s` and `%s` must lie between %.3f and %.3f (as "
	       "correlations of normal scores)", b->slot[c->slot[i]].name,
	       b->slot[c->slot[j]].name, b->slot[c->slot[k]].name,
	       b->slot[c->slot[j]].name, b->slot[c->slot[k]].name,
	       x * y - room, x * y + room);
	return true;
}

static bool refuse(const struct bound *b, const struct copula *c,
                   const double *r, struct err *err)
{
	for (int i = 0; i < c->n; i++)
		for (int j = i + 1; j < c->n; j++)
			for (int k = j + 1; k < c->n; k++)
				if (impossible(b, c, r, i, j, k, err))
					return false;
	return err_at(err, ERR_INPUT, b->scenario->correlation[0].pos,
	              "these correlations cannot all hold at once: their "
	              "matrix is not positive definite");
}

static bool cholesky(struct copula *c, const double *r)
{
	int n = c->n;
	double *l = c->factor;

	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++) {
			double sum = r[i * n + j];

			for (int k = 0; k < j; k++)
				sum -= l[i * n + k] * l[j * n + k];
			if (i == j && sum < LEAST_PIVOT)
				return false;
			l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
		}
	return true;
}

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
		r[ra * wide + rb] = 2 * sin(M_PI * k->spearman / 6);
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
	if (ok && !cholesky(c, r))
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
