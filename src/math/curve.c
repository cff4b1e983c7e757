#include "math/curve.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <string.h>

const char *const curve_state_names[CURVE_STATES] = {
	"ok", "pilot_out_of_range", "pilot_too_small", "pilot_curve_rises",
	"pilot_does_not_settle",
};

/* The unknowns are log scale, log exponent and, last, the floor: so neither a
 * scale nor an exponent can turn negative on the way. */
enum { LOG_SCALE, LOG_EXPONENT, FLOOR };

struct fit {
	const struct pilot_point *p;
	double n_ref;
	bool with_floor;
};

static int residuals(const gsl_vector *x, void *ctx, gsl_vector *f)
{
	const struct fit *t = ctx;
	double scale = exp(gsl_vector_get(x, LOG_SCALE));
	double exponent = exp(gsl_vector_get(x, LOG_EXPONENT));
	double floor = t->with_floor ? gsl_vector_get(x, FLOOR) : 0;

	for (size_t i = 0; i < f->size; i++)
		gsl_vector_set(f, i, floor - t->p[i].error + scale *
		               pow(t->p[i].size / t->n_ref, -exponent));
	return GSL_SUCCESS;
}

static int slopes(const gsl_vector *x, void *ctx, gsl_matrix *j)
{
	const struct fit *t = ctx;
	double scale = exp(gsl_vector_get(x, LOG_SCALE));
	double exponent = exp(gsl_vector_get(x, LOG_EXPONENT));

	for (size_t i = 0; i < j->size1; i++) {
		double size = t->p[i].size / t->n_ref;
		double y = scale * pow(size, -exponent);

		gsl_matrix_set(j, i, LOG_SCALE, y);
		gsl_matrix_set(j, i, LOG_EXPONENT, -y * exponent * log(size));
		if (t->with_floor)
			gsl_matrix_set(j, i, FLOOR, 1);
	}
	return GSL_SUCCESS;
}

/* A slope of log error over log size that is no more than rounding. */
#define FLAT 1e-9

/* Half a tested item away from 0 and 1, where the variance would vanish. */
static double weight(const struct pilot_point *p)
{
	double half = 0.5 / p->tested;
	double y = fmin(fmax(p->error, half), fmax(1 - half, 0.5));

	return p->tested / (y * (1 - y));
}

/* The straight line through (log size, log error): where the search starts,
 * and whether the curve falls at all. */
static bool line(const struct fit *t, size_t n, double *at_ref, double *slope)
{
	double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;

	for (size_t i = 0; i < n; i++) {
		const struct pilot_point *p = &t->p[i];
		double x = log(p->size / t->n_ref);
		double error = fmax(p->error, 0.5 / p->tested);
		double w = weight(p) * error * error, y = log(error);

		sw += w;
		sx += w * x;
		sy += w * y;
		sxx += w * x * x;
		sxy += w * x * y;
	}
	*slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
	*at_ref = (sy - *slope * sx) / sw;
	return *slope < -FLAT;
}

static size_t different_sizes(const struct pilot_point *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen |= p[k].size == p[i].size;
		count += !seen;
	}
	return count;
}

static bool in_range(const struct pilot_point *p)
{
	return p->size > 0 && isfinite(p->size) && p->tested >= 1
		&& isfinite(p->tested) && p->error >= 0 && p->error <= 1;
}

/* Standard errors of exp(x) are exp(x) times those of x. */
static void read_out(const gsl_multifit_nlinear_workspace *w, bool with_floor,
                     struct learning_curve *out)
{
	const gsl_vector *x = gsl_multifit_nlinear_position(w);
	size_t n = x->size;
	gsl_matrix *cov = gsl_matrix_alloc(n, n);

	gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(w), 0, cov);
	out->scale = exp(gsl_vector_get(x, LOG_SCALE));
	out->exponent = exp(gsl_vector_get(x, LOG_EXPONENT));
	out->scale_se = out->scale * sqrt(gsl_matrix_get(cov, 0, 0));
	out->exponent_se = out->exponent * sqrt(gsl_matrix_get(cov, 1, 1));
	if (with_floor) {
		out->floor = gsl_vector_get(x, FLOOR);
		out->floor_se = sqrt(gsl_matrix_get(cov, FLOOR, FLOOR));
	}
	gsl_matrix_free(cov);
	gsl_blas_ddot(gsl_multifit_nlinear_residual(w),
	              gsl_multifit_nlinear_residual(w), &out->chi2);
}

static enum curve_state search(struct fit *t, size_t n, const double *start,
                               const double *weights,
                               struct learning_curve *out)
{
	size_t unknowns = t->with_floor ? 3 : 2;
	gsl_multifit_nlinear_parameters how =
		gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_fdf f = {
		.f = residuals, .df = slopes, .n = n, .p = unknowns,
		.params = t,
	};
	gsl_multifit_nlinear_workspace *w = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &how, n, unknowns);
	gsl_vector_const_view from = gsl_vector_const_view_array(start,
	                                                         unknowns);
	gsl_vector_const_view by = gsl_vector_const_view_array(weights, n);
	int info, status;

	gsl_set_error_handler_off();    /* a status is enough */
	gsl_multifit_nlinear_winit(&from.vector, &by.vector, &f, w);
	status = gsl_multifit_nlinear_driver(500, 1e-12, 1e-12, 0, NULL, NULL,
	                                     &info, w);
	read_out(w, t->with_floor, out);
	gsl_multifit_nlinear_free(w);
	out->dof = (int)(n - unknowns);
	return (status == GSL_SUCCESS || status == GSL_ENOPROG)
		&& isfinite(out->chi2) && isfinite(out->scale)
		&& isfinite(out->exponent_se) ? CURVE_OK : CURVE_NO_FIT;
}

enum curve_state learning_curve_fit(const struct pilot_point *p, size_t n,
                                    double n_ref, bool with_floor,
                                    struct learning_curve *out)
{
	struct fit t = { .p = p, .n_ref = n_ref, .with_floor = with_floor };
	double start[3], slope, least = 1;
	gsl_vector *w;
	enum curve_state state;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		if (!in_range(&p[i]))
			return CURVE_BAD_POINT;
		least = fmin(least, p[i].error);
	}
	if (different_sizes(p, n) < (with_floor ? 4 : 3))
		return CURVE_TOO_FEW;
	if (!line(&t, n, &start[LOG_SCALE], &slope))
		return CURVE_RISING;
	start[LOG_EXPONENT] = log(with_floor ? fmin(-2 * slope, 1) : -slope);
	start[FLOOR] = least / 2;
	w = gsl_vector_alloc(n);
	for (size_t i = 0; i < n; i++)
		gsl_vector_set(w, i, weight(&p[i]));
	state = search(&t, n, start, w->data, out);
	gsl_vector_free(w);
	if (with_floor && state == CURVE_OK && out->floor < 0)
		return learning_curve_fit(p, n, n_ref, false, out);
	return state;
}

double learning_curve_at(const struct learning_curve *c, double n_ref,
                         double size)
{
	return c->floor + c->scale * pow(size / n_ref, -c->exponent);
}
