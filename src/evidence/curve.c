/*
 * `import curve`: a pilot's errors at several training sizes as the two laws
 * that bracket what more data would bring (math/curve.h).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evidence/samples.h"
#include "math/curve.h"
#include "table/table.h"
#include "base/banned.h"

#define Z90 1.6448536269514722
#define N_REF 1000
#define TESTED 10000

static void parameter(struct import *m, const char *name, double v, double se,
                      int n, const char *note)
{
	struct measure *x = import_measure(m, name, "1", n);

	measure_interval(m, x, v, fmax(0, v - Z90 * se), v + Z90 * se);
	x->note = note;
}

static void bracket(struct import *m, const struct learning_curve *floor,
                    const struct learning_curve *bare, double most)
{
	static const struct fact_column columns[] = {
		{ "size", false, 6 }, { "with_floor", false, 4 },
		{ "without", false, 4 },
	};
	static const double times[] = { 1, 2, 5, 10, 100 };
	struct fact_table *t = import_fact(m, "bracket", "Error to come lies "
	                                   "between", columns, 3);

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct fact_cell *c = fact_row(t);

		c[0].number = times[i] * most;
		c[1].number = learning_curve_at(floor, N_REF, c[0].number);
		c[2].number = learning_curve_at(bare, N_REF, c[0].number);
	}
}

static bool fit(struct import *m, const struct pilot_point *p, int n,
                const char *path, struct err *err)
{
	struct learning_curve floor, bare;
	enum curve_state s = learning_curve_fit(p, (size_t)n, N_REF, false,
	                                        &bare);
	double most = 0;

	for (int i = 0; i < n; i++)
		most = fmax(most, p[i].size);
	if (s == CURVE_OK)
		s = learning_curve_fit(p, (size_t)n, N_REF, true, &floor);
	if (s != CURVE_OK)
		return err_at(err, ERR_INPUT, (struct pos){ path, 0, 0 },
		              "no curve runs through this pilot: %s",
		              curve_state_names[s]);
	parameter(m, "err_inf", floor.floor, floor.floor_se, n,
	          "the floor, of the fit with one");
	parameter(m, "lc_scale", floor.scale, floor.scale_se, n,
	          "above the floor at 1000 labels");
	parameter(m, "lc_exponent", floor.exponent, floor.exponent_se, n, NULL);
	parameter(m, "lc_scale_without_floor", bare.scale, bare.scale_se, n,
	          "of the fit through zero");
	parameter(m, "lc_exponent_without_floor", bare.exponent,
	          bare.exponent_se, n, NULL);
	import_note(m, "chi2 a degree of freedom: %.3g with a floor, %.3g "
	            "without", floor.dof ? floor.chi2 / floor.dof : NAN,
	            bare.dof ? bare.chi2 / bare.dof : NAN);
	if (floor.floor_se > 0.5 * floor.floor)
		import_note(m, "the floor is known to less than half of itself: "
		            "larger pilots tell it");
	bracket(m, &floor, &bare, most);
	return true;
}

struct import *import_curve(const struct import_request *q, struct err *err)
{
	static const struct sample_column want[] = {
		{ "size|n|n_train|train_size|labels|examples", false, false, 1,
		  1e15 },
		{ "error|err|test_error|error_rate", false, false, 0, 1 },
		{ "tested|n_test|test_size", false, true, 1, 1e15 },
	};
	struct import *m = import_new(IMPORT_CURVE, q->path);
	const double *column[3];
	struct table *t = sample_read(m, q, want, 3, column, err);
	struct pilot_point *p;
	bool ok;

	if (!t) {
		import_free(m);
		return NULL;
	}
	p = xcalloc((size_t)t->rows, sizeof *p);
	for (int i = 0; i < t->rows; i++)
		p[i] = (struct pilot_point){ column[0][i], column[1][i],
			column[2] ? column[2][i] : TESTED };
	if (!column[2])
		import_note(m, "no column `tested`: %d test items assumed for "
		            "every point", TESTED);
	memcpy(m->digest, t->digest, DIGEST_HEX);
	m->format = "learning-curve";
	m->rows = t->rows;
	ok = fit(m, p, t->rows, q->path, err);
	free(p);
	table_free(t);
	if (ok)
		return m;
	import_free(m);
	return NULL;
}
