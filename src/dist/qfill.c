#include "dist/qtable.h"

#include <stddef.h>

#include "base/banned.h"

void qfill_plain(const struct qpiece *piece, const double *u, double *x, int n)
{
	for (int i = 0; i < n; i++)
		x[i] = qpiece_at(piece, u[i]);
}

qfill_fn qfill_best(void)
{
	qfill_fn f = qfill_avx512();

	if (!f)
		f = qfill_avx2();
	return f ? f : qfill_plain;
}
