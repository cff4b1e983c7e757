/*
 * Which of several options is cheapest where on a square, and the lines along
 * which that changes: a pure algorithm over a callback, with no model in sight.
 *
 * Labels are taken on a coarse grid of cells; only cells with more than one
 * label are halved, `depth` times, and their neighbours where a shared edge
 * shows another label:
 *
 *      a---a---a---b           a---a---a-+-b
 *      |   |   |   |           |   |   | | |     the finest mixed cells hold
 *      a---a---a---b    ->     a---a---a-+-b     the boundary; each crosses
 *      |   |   |   |           |   |   |/  |     their edges at a root of the
 *      a---a---b---b           a---a---b---b     two options' difference
 *
 * Marching squares join the roots; a saddle is told by the cell's centre, and
 * three labels meet in a point of the cell.  Coordinates are 0..1 both ways;
 * the callback knows what they stand for.
 *
 * Private to src/engine and its tests.
 */
#ifndef STEELYARD_ENGINE_PLANE_H
#define STEELYARD_ENGINE_PLANE_H

#include <stdbool.h>
#include <stdint.h>

#define PLANE_NONE (-1)                 /* nothing can be taken there */

struct plane_problem {
	void *ctx;
	/* Costs of all options at n places (value[k * n + i]; NAN: cannot be
	 * taken) and, where `shares` is not NULL, how often each is best
	 * (shares[k * n + i]).  false stops the search (cancelled). */
	bool (*eval)(void *ctx, const double *x, const double *y, int n,
	             double *value, double *share);
	int noptions;
	const bool *in;                 /* which options take part */
	int coarse, depth;              /* cells a side, halvings */
	int rounds;                     /* evaluations of an edge's root, most */
	const double *level;            /* of the shares' contours */
	int nlevels;                    /* 0: no shares are asked for */
};

/* A line of n places.  Boundary: between options a < b (a may be PLANE_NONE).
 * Contour: where option a is best with the probability `level`. */
struct plane_line {
	int a, b;
	double level;                   /* NAN: a boundary */
	int n;
	double *x, *y;
};

/* Where three or more options meet, near enough: within a finest cell. */
struct plane_corner { double x, y; uint64_t options; };

struct plane {
	int n;                          /* finest cells a side */
	signed char *label;             /* (n + 1)^2, row by row from y = 0 */
	double *share;                  /* of the whole square, [option]; what
	                                   is left belongs to nobody */
	int coarse;                     /* cells a side of: */
	double *best;                   /* shares, [node * K + option]; NULL
	                                   without levels */
	int nlines;
	struct plane_line *line;
	int ncorners;
	struct plane_corner *corner;
	long evaluations;
};

/* false: the callback stopped it; nothing is left to free. */
bool plane_find(const struct plane_problem *p, struct plane *out);
void plane_release(struct plane *out);

#endif
