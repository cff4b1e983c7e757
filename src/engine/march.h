/*
 * Marching squares over labels on a grid of nodes, and the lines that their
 * pieces make.  Private to src/engine; plane.h tells what for.
 *
 * Nodes are numbered row by row, n + 1 a side; a cell goes by its lower left
 * node.
 */
#ifndef STEELYARD_ENGINE_MARCH_H
#define STEELYARD_ENGINE_MARCH_H

struct plane;

struct march_problem {
	void *ctx;
	const signed char *label;
	int n;                          /* cells a side */
	/* How far along the edge (0: to the right, 1: up) the label changes. */
	double (*edge)(void *ctx, int node, int dir);
	/* The label at the centre of a saddle. */
	int (*centre)(void *ctx, int node);
	/* Where the n labels of a cell meet; never called for two labels. */
	void (*meeting)(void *ctx, int node, const int *label, int n,
	                double *x, double *y);
};

/* The cells whose two pairs of opposite corners are equal each: nodes. */
int march_saddles(const signed char *label, int n, int *node);

/* Adds the lines to out->line, coordinates in 0..1: contours of `option` where
 * `level` is a number, else boundaries, and the meetings to out->corner. */
void march_lines(const struct march_problem *m, double level, int option,
                 struct plane *out);

#endif
