#include "expr/pilot.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "expr/columns.h"
#include "math/curve.h"

/* Fitted at the pilot's own middle size, where scale and exponent are least
 * entangled. */
struct pilot {
	double middle;
	enum curve_state state[2];              /* without a floor, with one */
	struct learning_curve curve[2];
};

void *pilot_prepare(const struct columns *c)
{
	struct pilot *out = xcalloc(1, sizeof *out);
	struct pilot_point *p = xmalloc((size_t)c->rows * sizeof *p);
	double logs = 0;

	for (int i = 0; i < c->rows; i++) {
		p[i] = (struct pilot_point){
			c->column[0][i], c->column[1][i], c->column[2][i]
		};
		logs += log(p[i].size);
	}
	out->middle = exp(logs / c->rows);
	for (int k = 0; k < 2; k++)
		out->state[k] = learning_curve_fit(p, (size_t)c->rows,
		                                   out->middle, k,
		                                   &out->curve[k]);
	free(p);
	return out;
}

double pilot_sizes(const struct columns *c, const double *a)
{
	int n = 0;

	(void)a;
	for (int i = 0; i < c->rows; i++) {
		int k = 0;

		while (k < i && c->column[0][k] != c->column[0][i])
			k++;
		n += k == i;
	}
	return n;
}

double pilot_rises(const struct columns *c, const double *a)
{
	const struct pilot *p = c->prepared;

	(void)a;
	return p->state[0] == CURVE_RISING;
}

static const struct learning_curve *fit(const struct columns *c,
                                        const double *a)
{
	const struct pilot *p = c->prepared;
	int k = a[0] == 3;

	if (a[0] != 2 && a[0] != 3)
		return NULL;
	return p->state[k] == CURVE_OK ? &p->curve[k] : NULL;
}

double pilot_floor(const struct columns *c, const double *a)
{
	const struct learning_curve *f = fit(c, a);

	return f ? f->floor : NAN;
}

double pilot_exponent(const struct columns *c, const double *a)
{
	const struct learning_curve *f = fit(c, a);

	return f ? f->exponent : NAN;
}

double pilot_error(const struct columns *c, const double *a)
{
	const struct learning_curve *f = fit(c, a);
	const struct pilot *p = c->prepared;

	return f && a[1] > 0 ? learning_curve_at(f, p->middle, a[1]) : NAN;
}

double pilot_scale(const struct columns *c, const double *a)
{
	return pilot_error(c, a) - pilot_floor(c, a);
}
