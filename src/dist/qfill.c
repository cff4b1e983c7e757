#include "dist/qtable.h"

#include <stddef.h>

#include "base/banned.h"

bool qfill_plain(const struct qgrid *grid, const struct qpiece *piece,
                 const double *u, double *x, int n)
{
	const struct qgrid g = *grid;
	bool bad = false;

	for (int i = 0; i < n; i++) {
		x[i] = qpiece_at(&g, piece, u[i]);
		bad |= x[i] != x[i];
	}
	return bad;
}

#ifdef QT_X86
qfill_fn qfill_avx2(void)
{
	return __builtin_cpu_supports("avx2") ? qfill_avx2_run : NULL;
}

qfill_fn qfill_avx512(void)
{
	return __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512dq") ? qfill_avx512_run : NULL;
}
#else
qfill_fn qfill_avx2(void)
{
	return NULL;
}

qfill_fn qfill_avx512(void)
{
	return NULL;
}
#endif

qfill_fn qfill_best(void)
{
	qfill_fn f = qfill_avx512();

	if (!f)
		f = qfill_avx2();
	return f ? f : qfill_plain;
}
