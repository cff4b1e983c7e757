#include "engine/regress.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/stats.h"
#include "math/fit.h"

#include "base/banned.h"

#define SMALL 24                /* coefficients that a replicate bears, too */
#define FEW_VALUES 8            /* in a pair: one function a value */
#define SPLINE 20
#define LEAST_SPLINE 5
#define PER_COEFFICIENT 64      /* draws, when there are enough */
#define ROW_MAX 512             /* functions that are not zero in a draw */
#define REPLICATES 64

/* --- rows ------------------------------------------------------------------ */

struct row { int n, column[ROW_MAX]; double value[ROW_MAX]; };

static bool by_class(const struct basis *b, int i)
{
	return b->s[i].bin && (b->steps || b->s[i].values);
}

static int main_size(const struct basis *b, int i)
{
	return by_class(b, i) ? b->s[i].bins : b->main;
}

static bool pair_by_class(const struct signal *s)
{
	return s->bin && s->values && s->bins <= FEW_VALUES;
}

static int pair_size(const struct basis *b, int i)
{
	return pair_by_class(&b->s[i]) ? b->s[i].bins : b->pair;
}

static int basis_size(const struct basis *b)
{
	int p = 0;

	for (int i = 0; i < b->n; i++)
		p += main_size(b, i);
	for (int i = 0; b->pair && i < b->n; i++)
		for (int k = i + 1; k < b->n; k++)
			p += pair_size(b, i) * pair_size(b, k);
	return p;
}

/* The functions of one signal that are not zero: how many, from which on. */
static int functions(const struct signal *s, int64_t draw, bool classes, int m,
                     int *first, double v[4])
{
	if (classes) {
		*first = s->bin[draw];
		v[0] = 1;
		return 1;
	}
	*first = spline_row(s->low, s->high, m, s->z[draw], v);
	return 4;
}

static void add_main(const struct basis *b, int i, int64_t draw, int base,
                     struct row *r)
{
	double v[4];
	int first, n = functions(&b->s[i], draw, by_class(b, i),
	                         main_size(b, i), &first, v);

	for (int k = 0; k < n; k++) {
		r->column[r->n] = base + first + k;
		r->value[r->n++] = v[k];
	}
}

static void add_pair(const struct basis *b, int i, int k, int64_t draw,
                     int base, struct row *r)
{
	double v[4], w[4];
	int m = pair_size(b, k), x, y;
	int nx = functions(&b->s[i], draw, pair_by_class(&b->s[i]),
	                   pair_size(b, i), &x, v);
	int ny = functions(&b->s[k], draw, pair_by_class(&b->s[k]), m, &y, w);

	for (int p = 0; p < nx; p++)
		for (int q = 0; q < ny; q++) {
			r->column[r->n] = base + (x + p) * m + y + q;
			r->value[r->n++] = v[p] * w[q];
		}
}

static void fill_row(const struct basis *b, int64_t draw, struct row *r)
{
	int base = 0;

	r->n = 0;
	for (int i = 0; i < b->n; i++) {
		add_main(b, i, draw, base, r);
		base += main_size(b, i);
	}
	for (int i = 0; b->pair && i < b->n; i++)
		for (int k = i + 1; k < b->n; k++) {
			add_pair(b, i, k, draw, base, r);
			base += pair_size(b, i) * pair_size(b, k);
		}
}

/* --- penalties: squared second differences along each spline --------------- */

static void penalise(double *penalty, int p, int base, int m, int stride)
{
	static const double d[3] = { 1, -2, 1 };

	for (int at = 0; at + 2 < m; at++)
		for (int i = 0; i < 3; i++)
			for (int k = 0; k < 3; k++)
				penalty[(base + (at + i) * stride) * p + base +
				        (at + k) * stride] += d[i] * d[k];
}

static double *penalty_of(const struct basis *b, int p)
{
	double *penalty = xcalloc((size_t)p * (size_t)p, sizeof *penalty);
	int base = 0;

	for (int i = 0; i < b->n; i++) {
		if (!by_class(b, i))
			penalise(penalty, p, base, main_size(b, i), 1);
		base += main_size(b, i);
	}
	for (int i = 0; b->pair && i < b->n; i++)
		for (int k = i + 1; k < b->n; k++) {
			int mi = pair_size(b, i), mk = pair_size(b, k);

			for (int q = 0; !pair_by_class(&b->s[i]) && q < mk; q++)
				penalise(penalty, p, base + q, mi, mk);
			for (int q = 0; !pair_by_class(&b->s[k]) && q < mi; q++)
				penalise(penalty, p, base + q * mk, mk, 1);
			base += mi * mk;
		}
	return penalty;
}

/* --- one regression -------------------------------------------------------- */

struct work {
	const struct judged *j;
	const struct basis *b;
	int p, k, rival[64];            /* options beside the best */
	int R;                          /* replicates */
	struct fit *part;               /* one a replicate */
	double *penalty;
	double *coef;                   /* [set * k * p], see below */
};

/* Sets of coefficients: of all draws; of all but those of a replicate; of those
 * of a replicate alone, where they bear it. */
enum { SET_ALL, SET_WITHOUT };

static int set_own(const struct work *w, int replicate)
{
	return 1 + w->R + replicate;
}

static bool has_own(const struct work *w)
{
	return w->R > 1 && w->p <= SMALL;
}

static bool responses(const struct work *w, int64_t i, double *y)
{
	const struct judged *j = w->j;

	for (int r = 0; r < w->k; r++)
		y[r] = j->paid[w->rival[r]][i] - j->paid[j->best][i];
	return w->k > 0 && !isnan(y[0]);
}

static void gather(struct work *w)
{
	int64_t each = w->j->in.n / w->R;
	struct row row;
	double y[64];

	for (int64_t i = 0; i < w->j->in.n; i++) {
		if (!responses(w, i, y))
			continue;
		fill_row(w->b, i, &row);
		fit_row(&w->part[i / each], row.column, row.value, row.n, y);
	}
}

static double *coef_at(const struct work *w, int i)
{
	return w->coef + (size_t)i * (size_t)w->k * (size_t)w->p;
}

static bool solve(struct work *w)
{
	bool ok = true;

	for (int leave = -1; ok && leave < (w->R > 1 ? w->R : 0); leave++) {
		struct fit sum;

		fit_init(&sum, w->p, w->k);
		for (int r = 0; r < w->R; r++)
			if (r != leave)
				fit_merge(&sum, &w->part[r]);
		ok = fit_solve(&sum, w->penalty, coef_at(w, leave < 0 ? SET_ALL
		               : SET_WITHOUT + leave));
		fit_release(&sum);
	}
	for (int r = 0; ok && has_own(w) && r < w->R; r++)
		ok = fit_solve(&w->part[r], w->penalty,
		               coef_at(w, set_own(w, r)));
	return ok;
}

static double row_value(const struct work *w, const double *coef, int r,
                        const struct row *row)
{
	double sum = 0;

	for (int i = 0; i < row->n; i++)
		sum += coef[r * w->p + row->column[i]] * row->value[i];
	return sum;
}

/* What the best choice by the fitted costs saves: as fitted, and as it came. */
struct saving { double fitted, got; };

static struct saving saved(const struct work *w, const double *coef,
                           const struct row *row, const double *y)
{
	struct saving s = { 0, 0 };

	for (int r = 0; r < w->k; r++) {
		double sum = row_value(w, coef, r, row);

		if (sum < s.fitted)
			s = (struct saving) { sum, y[r] };
	}
	return (struct saving) { -s.fitted, -s.got };
}

struct sums { double fitted, got, cross, one[REPLICATES]; int64_t n; };

static void add_up(const struct work *w, struct sums *s)
{
	int64_t each = w->j->in.n / w->R, count[REPLICATES] = { 0 };
	struct row row;
	double y[64];

	*s = (struct sums) { 0 };
	for (int64_t i = 0; i < w->j->in.n; i++) {
		int r = (int)(i / each);
		struct saving all;
		double got;

		if (!responses(w, i, y))
			continue;
		fill_row(w->b, i, &row);
		all = saved(w, coef_at(w, SET_ALL), &row, y);
		got = all.got;
		s->fitted += all.fitted;
		s->got += got;
		if (w->R > 1)
			s->cross += saved(w, coef_at(w, SET_WITHOUT + r), &row,
			                  y).got;
		if (has_own(w))
			got = saved(w, coef_at(w, set_own(w, r)), &row,
			            y).fitted;
		s->one[r] += got;
		count[r]++;
		s->n++;
	}
	for (int r = 0; r < w->R; r++)
		s->one[r] /= (double)count[r];
}

static struct regression result_of(const struct work *w)
{
	struct regression out = { NAN, NAN, NAN };
	struct sums s;

	add_up(w, &s);
	if (s.n == 0)
		return out;
	out.value = s.fitted / (double)s.n;
	out.se = stat_replicate_se(s.one, w->R);
	out.error = fabs(s.fitted - s.got) / (double)s.n;
	if (w->R > 1) {
		/* what coefficients win by chance on the draws they were fitted
		 * on, those of the other replicates lose again */
		out.error = fmax(out.error, fabs(s.fitted - s.cross) / 2 /
		                            (double)s.n);
		out.value = fmax((s.fitted + s.cross) / 2, 0) / (double)s.n;
	}
	return out;
}

/* Gathers and solves; false: there is nothing to fit. */
static bool work_init(struct work *w, const struct judged *j,
                      const struct basis *b, bool smooth)
{
	*w = (struct work) { .j = j, .b = b, .p = basis_size(b),
	                     .R = j->in.replicates };
	for (int o = 0; o < j->in.noptions && j->best >= 0; o++)
		if (o != j->best && j->status[o] == OPTION_OK &&
		    !isnan(j->mean[o]))
			w->rival[w->k++] = o;
	if (w->k == 0 || w->R > REPLICATES)
		return false;
	w->part = xcalloc((size_t)w->R, sizeof *w->part);
	for (int i = 0; i < w->R; i++)
		fit_init(&w->part[i], w->p, w->k);
	w->penalty = smooth ? penalty_of(b, w->p) : NULL;
	w->coef = xcalloc((size_t)(1 + 2 * w->R) * (size_t)(w->k * w->p),
	                  sizeof *w->coef);
	gather(w);
	return solve(w);
}

static void work_release(struct work *w)
{
	for (int i = 0; w->part && i < w->R; i++)
		fit_release(&w->part[i]);
	free(w->part);
	free(w->penalty);
	free(w->coef);
}

struct regression regress(const struct judged *j, const struct basis *b,
                          bool smooth)
{
	struct regression out = { NAN, NAN, NAN };
	struct work w;

	if (work_init(&w, j, b, smooth))
		out = result_of(&w);
	else if (j->best >= 0 && w.k == 0)
		out = (struct regression) { 0, 0, 0 };
	work_release(&w);
	return out;
}

static struct basis basis_of_one(const struct judged *j,
                                 const struct signal *s)
{
	int64_t m = s->n / j->in.replicates / PER_COEFFICIENT;

	return (struct basis) {
		.s = s, .n = 1,
		.main = m > SPLINE ? SPLINE :
		        m < LEAST_SPLINE ? LEAST_SPLINE : (int)m,
	};
}

double *regress_costs(const struct judged *j, const struct signal *s,
                      bool smooth, bool own)
{
	struct basis b = basis_of_one(j, s);
	int64_t n = j->in.n, each = n / j->in.replicates;
	double *out = NULL, y[64];
	struct work w;
	struct row row;

	if (work_init(&w, j, &b, smooth))
		out = xcalloc((size_t)j->in.noptions * (size_t)n, sizeof *out);
	for (int64_t i = 0; out && i < n; i++) {
		bool there = responses(&w, i, y);
		int set = own && has_own(&w) ? set_own(&w, (int)(i / each))
			: SET_ALL;

		fill_row(&b, i, &row);
		for (int o = 0; !there && o < j->in.noptions; o++)
			out[o * n + i] = NAN;
		for (int r = 0; there && r < w.k; r++)
			out[w.rival[r] * n + i] =
				row_value(&w, coef_at(&w, set), r, &row);
	}
	work_release(&w);
	return out;
}

struct regression regress_one(const struct judged *j, const struct signal *s,
                              bool smooth)
{
	struct basis b = basis_of_one(j, s);

	return regress(j, &b, smooth);
}
