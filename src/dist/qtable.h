/*
 * Private to src/dist: the layout of a quantile table, and the loops over it
 * for each vector width.
 *
 * v = min(u, 1 - u) is looked up by its leading bits.  A half (u below or above
 * 1/2) has these pieces, one cache line each, with S pieces an octave:
 *
 *	0               v < 2^-17: not tabulated
 *	1 .. 16 S       sixteen octaves of v
 *	16 S + 1        v = 1/2
 *
 * S is 8 for most laws, more for those that bend much.  A piece is a polynomial
 * in t, which runs from -1 to 1 over the piece, and the least and greatest
 * value it may give: rounding can then not break monotony at a seam.  What is
 * not tabulated has NAN for coefficients; who fills a column replaces those by
 * exact quantiles.  They are rare: one draw in 65 536 for a smooth law.
 */
#ifndef STEELYARD_DIST_QTABLE_H
#define STEELYARD_DIST_QTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dist/dist.h"

/* Where the wide loops exist; whether the machine runs them is asked later. */
#if defined(__x86_64__) && defined(__GNUC__)
#define QT_X86 1
#endif

#define QT_OCTAVES 16
#define QT_SPLIT_MIN 3                  /* bits of S */
#define QT_SPLIT_MAX 6
#define QT_ONE ((int64_t)1023 << 52)
/* Buckets of the guide to a table of atoms. */
#define QT_GUIDE 1024

struct qgrid {
	int shift;                      /* leaves exponent and piece */
	int64_t base;                   /* of 2^-17, less one for piece 0 */
	int64_t pieces;                 /* in a half */
	int64_t mask;                   /* the bits within a piece */
	double centre, scale;           /* t = (1.bits - centre) * scale */
};

static inline struct qgrid qgrid_new(int split_bits)
{
	int64_t s = (int64_t)1 << split_bits;

	return (struct qgrid) {
		.shift = 52 - split_bits,
		.base = (1023 - QT_OCTAVES - 1) * s - 1,
		.pieces = QT_OCTAVES * s + 2,
		.mask = ((int64_t)1 << (52 - split_bits)) - 1,
		.centre = 1 + 0.5 / (double)s,
		.scale = 2.0 * (double)s,
	};
}

struct qpiece {
	double c[6], least, greatest;
};

/* A part of a piece that one polynomial did not fit: [from, to) in v. */
struct qfine {
	double from, to;
	struct qpiece piece;
};

/* Pieces of u < 1/2, then as many of u >= 1/2.  True when some x is NAN. */
typedef bool (*qfill_fn)(const struct qgrid *g, const struct qpiece *piece,
                         const double *u, double *x, int n);

struct qtable {
	const struct dist *dist;        /* borrowed */
	qfill_fn fill;
	struct qgrid grid;
	struct qpiece *piece;           /* NULL for laws without */
	struct qfine *fine;             /* sorted by half, then by v */
	size_t n_fine, cap_fine;
	size_t n_fine_low;              /* how many are of u < 1/2 */
	/* Finitely many values, rising, and their running sums. */
	const double *value, *sum;
	double *own;                    /* what of these is ours */
	int n_atoms;
	int guide[QT_GUIDE + 1];
};

/* Fills the fields above for the table's law (qbuild.c). */
void qtable_build_pieces(struct qtable *t);
void qtable_build_atoms(struct qtable *t);
void qtable_build_poisson(struct qtable *t);
/* The first atom from lo to hi whose sum reaches u. */
int qtable_find_atom(const struct qtable *t, double u, int lo, int hi);

/* The polynomial, kept within its piece's ends. */
static inline double qpiece_value(const struct qpiece *p, double t)
{
	double x = p->c[5];

	x = x * t + p->c[4];
	x = x * t + p->c[3];
	x = x * t + p->c[2];
	x = x * t + p->c[1];
	x = x * t + p->c[0];
	x = p->least > x ? p->least : x;
	return p->greatest < x ? p->greatest : x;
}

/* One draw; all widths do the same operations in the same order. */
static inline double qpiece_at(const struct qgrid *g,
                               const struct qpiece *piece, double u)
{
	double v = u < 0.5 ? u : 1 - u, m;
	const struct qpiece *p = piece + (u < 0.5 ? 0 : g->pieces);
	int64_t bits, i;

	v = v > 0 ? v : 0;
	v = v < 0.5 ? v : 0.5;          /* a NAN too must find a piece */
	memcpy(&bits, &v, sizeof bits);
	i = (bits >> g->shift) - g->base;
	p += i < 0 ? 0 : i;
	bits = (bits & g->mask) | QT_ONE;
	memcpy(&m, &bits, sizeof m);
	return qpiece_value(p, (m - g->centre) * g->scale);
}

bool qfill_plain(const struct qgrid *g, const struct qpiece *piece,
                 const double *u, double *x, int n);
#ifdef QT_X86
bool qfill_avx2_run(const struct qgrid *g, const struct qpiece *piece,
                    const double *u, double *x, int n);
bool qfill_avx512_run(const struct qgrid *g, const struct qpiece *piece,
                      const double *u, double *x, int n);
#endif
/* NULL where the compiler or the machine has no such instructions.  These ask
 * from a file of their own, built for any machine. */
qfill_fn qfill_avx2(void);
qfill_fn qfill_avx512(void);
/* The widest that this machine runs. */
qfill_fn qfill_best(void);

#endif
