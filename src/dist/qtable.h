/*
 * Private to src/dist: the layout of a quantile table, and the loops over it
 * for each vector width.
 *
 * v = min(u, 1 - u) is looked up by its leading bits.  A half (u below or above
 * 1/2) has these pieces, one cache line each:
 *
 *	0               v < 2^-17: not tabulated
 *	1 .. 128        sixteen octaves of v, eight pieces an octave
 *	129             v = 1/2
 *
 * A piece is a polynomial in t, which runs from -1 to 1 over the piece, and the
 * least and greatest value it may give: rounding can then not break monotony
 * at a seam.  What is not tabulated has NAN for coefficients; who fills a
 * column replaces those by exact quantiles.  They are rare: one draw in 65 536
 * for a smooth law.
 */
#ifndef STEELYARD_DIST_QTABLE_H
#define STEELYARD_DIST_QTABLE_H

#include <stdint.h>
#include <string.h>

#define QT_OCTAVES 16
#define QT_SPLIT_BITS 3
#define QT_SPLIT (1 << QT_SPLIT_BITS)
#define QT_PIECES (QT_OCTAVES * QT_SPLIT + 2)
#define QT_SHIFT (52 - QT_SPLIT_BITS)
/* The leading bits of 2^-17, less one for piece 0. */
#define QT_BASE (((int64_t)(1023 - QT_OCTAVES - 1) << QT_SPLIT_BITS) - 1)
#define QT_MASK (((int64_t)1 << QT_SHIFT) - 1)
#define QT_ONE ((int64_t)1023 << 52)
/* t = (1.leftover bits - QT_CENTRE) * QT_SCALE */
#define QT_CENTRE (1 + 0.5 / QT_SPLIT)
#define QT_SCALE (2.0 * QT_SPLIT)

struct qpiece {
	double c[6], least, greatest;
};

/* piece[0..QT_PIECES-1] for u < 1/2, then as many for u >= 1/2. */
typedef void (*qfill_fn)(const struct qpiece *piece, const double *u,
                         double *x, int n);

/* One draw; all widths do the same operations in the same order. */
static inline double qpiece_at(const struct qpiece *piece, double u)
{
	double v = u < 0.5 ? u : 1 - u, m, t, x;
	const struct qpiece *p = piece + (u < 0.5 ? 0 : QT_PIECES);
	int64_t bits, i;

	memcpy(&bits, &v, sizeof bits);
	i = (bits >> QT_SHIFT) - QT_BASE;
	p += i < 0 ? 0 : i;
	bits = (bits & QT_MASK) | QT_ONE;
	memcpy(&m, &bits, sizeof m);
	t = (m - QT_CENTRE) * QT_SCALE;
	x = p->c[5];
	x = x * t + p->c[4];
	x = x * t + p->c[3];
	x = x * t + p->c[2];
	x = x * t + p->c[1];
	x = x * t + p->c[0];
	x = p->least > x ? p->least : x;
	return p->greatest < x ? p->greatest : x;
}

void qfill_plain(const struct qpiece *piece, const double *u, double *x,
                 int n);
/* NULL where the compiler or the machine has no such instructions. */
qfill_fn qfill_avx2(void);
qfill_fn qfill_avx512(void);
/* The widest that this machine runs. */
qfill_fn qfill_best(void);

#endif
