#include "engine/march.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/plane.h"

#include "base/banned.h"

#define MEET 8                  /* pieces that may end in one point */

struct point {
	double x, y;
	int npieces, piece[MEET];
};

/* A piece of the line between labels a < b. */
struct piece {
	int from, to, a, b;
	bool used;
};

struct march {
	const struct march_problem *m;
	struct plane *out;
	int *at;                        /* point of an edge, or -1:
	                                   [node * 2 + dir] */
	int npoints, npieces;
	size_t point_cap, piece_cap;
	struct point *point;
	struct piece *piece;
};

static int add_point(struct march *w, double x, double y)
{
	*ARR_PUSH(w->point, w->npoints, w->point_cap) = (struct point) {
		.x = x / w->m->n, .y = y / w->m->n,
	};
	return w->npoints - 1;
}

static void add_piece(struct march *w, int from, int to, int a, int b)
{
	int ends[2] = { from, to };

	*ARR_PUSH(w->piece, w->npieces, w->piece_cap) = (struct piece) {
		.from = from, .to = to, .a = a < b ? a : b, .b = a < b ? b : a,
	};
	for (int i = 0; i < 2; i++) {
		struct point *p = &w->point[ends[i]];

		if (p->npieces < MEET)
			p->piece[p->npieces++] = w->npieces - 1;
	}
}

/*
 *      3 --2-- 2
 *      |       |       corners and edges of a cell
 *      3       1
 *      |       |
 *      0 --0-- 1
 */
static void corners(const struct march_problem *m, int node, int c[4])
{
	const signed char *l = m->label + node;

	c[0] = l[0];
	c[1] = l[1];
	c[2] = l[m->n + 2];
	c[3] = l[m->n + 1];
}

/* The point where edge e of a cell changes its label. */
static int edge_point(struct march *w, int node, int e)
{
	int side = w->m->n + 1;
	int start = e == 1 ? node + 1 : e == 2 ? node + side : node;
	int dir = e & 1, *at = &w->at[start * 2 + dir];
	double t;

	if (*at < 0) {
		t = w->m->edge(w->m->ctx, start, dir);
		*at = add_point(w, start % side + (dir ? 0 : t),
		                start / side + (dir ? t : 0));
	}
	return *at;
}

static bool is_saddle(const int c[4])
{
	return c[0] == c[2] && c[1] == c[3] && c[0] != c[1];
}

/* Corner k alone on its side of a piece. */
static void cut_corner(struct march *w, int node, const int c[4], int k)
{
	int before = (k + 3) % 4;

	add_piece(w, edge_point(w, node, before), edge_point(w, node, k),
	          c[k], c[before]);
}

static void add_corner(struct march *w, int point, const int *label, int n)
{
	struct plane *p = w->out;
	struct plane_corner *c;

	p->corner = xrealloc(p->corner, (size_t)p->ncorners + 1,
	                     sizeof *p->corner);
	c = &p->corner[p->ncorners++];
	*c = (struct plane_corner) {
		.x = w->point[point].x, .y = w->point[point].y,
	};
	for (int i = 0; i < n; i++)
		if (label[i] >= 0)
			c->options |= UINT64_C(1) << label[i];
}

static void join_all(struct march *w, int node, const int c[4])
{
	int label[4], n = 0, point, side = w->m->n + 1;
	double x, y;

	for (int i = 0; i < 4; i++) {
		int k = 0;

		while (k < n && label[k] != c[i])
			k++;
		if (k == n)
			label[n++] = c[i];
	}
	w->m->meeting(w->m->ctx, node, label, n, &x, &y);
	point = add_point(w, node % side + x, node / side + y);
	for (int e = 0; e < 4; e++)
		if (c[e] != c[(e + 1) % 4])
			add_piece(w, edge_point(w, node, e), point, c[e],
			          c[(e + 1) % 4]);
	add_corner(w, point, label, n);
}

static void cell(struct march *w, int node)
{
	int c[4], changes = 0, edge[4];

	corners(w->m, node, c);
	for (int e = 0; e < 4; e++)
		if (c[e] != c[(e + 1) % 4])
			edge[changes++] = e;
	if (changes == 2) {
		int e = edge[0];

		add_piece(w, edge_point(w, node, e),
		          edge_point(w, node, edge[1]), c[e], c[(e + 1) % 4]);
	} else if (is_saddle(c)) {
		int alone = w->m->centre(w->m->ctx, node) == c[0];

		cut_corner(w, node, c, alone);
		cut_corner(w, node, c, alone + 2);
	} else if (changes && (c[0] == c[2] || c[1] == c[3])) {
		/* two different corners, each beside what both others hold */
		cut_corner(w, node, c, c[0] == c[2]);
		cut_corner(w, node, c, (c[0] == c[2]) + 2);
	} else if (changes) {
		join_all(w, node, c);
	}
}

int march_saddles(const signed char *label, int n, int *node)
{
	struct march_problem m = { .label = label, .n = n };
	int count = 0, c[4];

	for (int j = 0; j < n; j++)
		for (int i = 0; i < n; i++) {
			corners(&m, j * (n + 1) + i, c);
			if (is_saddle(c))
				node[count++] = j * (n + 1) + i;
		}
	return count;
}

/* --- pieces to lines ---------------------------------------------------- */

/* An unused piece of the same pair that starts or ends here; -1: the line
 * ends. */
static int goes_on(const struct march *w, int point, const struct piece *like)
{
	const struct point *p = &w->point[point];

	for (int i = 0; i < p->npieces; i++) {
		const struct piece *q = &w->piece[p->piece[i]];

		if (!q->used && q->a == like->a && q->b == like->b)
			return p->piece[i];
	}
	return -1;
}

/* Follows the line away from `point`; writes the points it meets. */
static int follow(struct march *w, int point, const struct piece *like,
                  int *out)
{
	int n = 0, k;

	while ((k = goes_on(w, point, like)) >= 0) {
		struct piece *q = &w->piece[k];

		q->used = true;
		point = q->from == point ? q->to : q->from;
		out[n++] = point;
	}
	return n;
}

static void add_line(struct march *w, const struct piece *q, const int *back,
                     int nback, const int *on, int non, double level,
                     int option)
{
	struct plane *p = w->out;
	int n = nback + non + 2, at = 0;
	struct plane_line *l;

	p->line = xrealloc(p->line, (size_t)p->nlines + 1, sizeof *p->line);
	l = &p->line[p->nlines++];
	*l = (struct plane_line) {
		.a = isnan(level) ? q->a : option,
		.b = isnan(level) ? q->b : PLANE_NONE, .level = level, .n = n,
	};
	l->x = xcalloc(2 * (size_t)n, sizeof *l->x);
	l->y = l->x + n;
	for (int i = 0; i < n; i++) {
		int point = i < nback ? back[nback - 1 - i] :
		            i == nback ? q->from : i == nback + 1 ? q->to :
		            on[i - nback - 2];

		l->x[at] = w->point[point].x;
		l->y[at++] = w->point[point].y;
	}
}

static void make_lines(struct march *w, double level, int option)
{
	size_t room = (size_t)w->npieces + 1;
	int *back = xcalloc(2 * room, sizeof *back), *on = back + room;

	for (int i = 0; i < w->npieces; i++) {
		struct piece *q = &w->piece[i];
		int nback, non;

		if (q->used)
			continue;
		q->used = true;
		non = follow(w, q->to, q, on);
		nback = follow(w, q->from, q, back);
		add_line(w, q, back, nback, on, non, level, option);
	}
	free(back);
}

void march_lines(const struct march_problem *m, double level, int option,
                 struct plane *out)
{
	size_t edges = 2 * (size_t)(m->n + 1) * (size_t)(m->n + 1);
	struct march w = { .m = m, .out = out };

	w.at = xcalloc(edges, sizeof *w.at);
	for (size_t i = 0; i < edges; i++)
		w.at[i] = -1;
	for (int j = 0; j < m->n; j++)
		for (int i = 0; i < m->n; i++)
			cell(&w, j * (m->n + 1) + i);
	make_lines(&w, level, option);
	free(w.at);
	free(w.point);
	free(w.piece);
}
