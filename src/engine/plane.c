#include "engine/plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/march.h"

#include "base/banned.h"

#define CLOSE 1e-9              /* of an edge: nearer than anyone looks */
#define FLAT 1e-13              /* of the difference between its ends */

enum { UNKNOWN, ASKED, KNOWN };

struct search {
	const struct plane_problem *p;
	struct plane *out;
	int side;                       /* nodes a side */
	double *value, *share;          /* [node * K + k] */
	unsigned char *known;           /* by node */
	int *want;                      /* nodes asked for */
	int nwant;
	size_t cap;
};

static int node_at(const struct search *s, int i, int j)
{
	return j * s->side + i;
}

static int winner(const struct plane_problem *p, const double *value,
                  int stride)
{
	int best = PLANE_NONE;

	for (int k = 0; k < p->noptions; k++) {
		double v = value[k * stride];

		if (p->in[k] && !isnan(v) &&
		    (best < 0 || v < value[best * stride]))
			best = k;
	}
	return best;
}

/* --- evaluation --------------------------------------------------------- */

static bool evaluate(struct search *s, const double *x, const double *y, int n,
                     double *value, double *share)
{
	s->out->evaluations += n;
	return n == 0 || s->p->eval(s->p->ctx, x, y, n, value, share);
}

/* Whether the node is known already; else it will be by the next round. */
static bool ask(struct search *s, int node)
{
	if (!s->known[node]) {
		s->known[node] = ASKED;
		*ARR_PUSH(s->want, s->nwant, s->cap) = node;
	}
	return s->known[node] == KNOWN;
}

static bool take_wanted(struct search *s)
{
	int n = s->nwant, k = s->p->noptions;
	size_t room = (size_t)n * (size_t)(2 + 2 * k);
	double *x = xcalloc(room + 1, sizeof *x), *y = x + n;
	double *value = y + n, *share = value + k * n;
	bool ok;

	for (int i = 0; i < n; i++) {
		x[i] = (double)(s->want[i] % s->side) / s->out->n;
		y[i] = (double)(s->want[i] / s->side) / s->out->n;
	}
	ok = evaluate(s, x, y, n, value, s->p->nlevels ? share : NULL);
	for (int i = 0; ok && i < n; i++) {
		int node = s->want[i];

		for (int o = 0; o < k; o++) {
			s->value[node * k + o] = value[o * n + i];
			s->share[node * k + o] = share[o * n + i];
		}
		s->out->label[node] = (signed char)winner(s->p, value + i, n);
		s->known[node] = KNOWN;
	}
	free(x);
	s->nwant = 0;
	return ok;
}

/* --- refinement --------------------------------------------------------- */

static bool mixed(const struct search *s, int i, int j, int stride)
{
	int first = s->out->label[node_at(s, i, j)];

	for (int b = j; b <= j + stride; b++)
		for (int a = i; a <= i + stride; a++)
			if (s->known[node_at(s, a, b)] == KNOWN &&
			    s->out->label[node_at(s, a, b)] != first)
				return true;
	return false;
}

/* A cell of one label is what its corner says. */
static void fill(struct search *s, int i, int j, int stride)
{
	for (int b = j; b <= j + stride; b++)
		for (int a = i; a <= i + stride; a++) {
			int node = node_at(s, a, b);

			if (!s->known[node])
				s->out->label[node] =
					s->out->label[node_at(s, i, j)];
		}
}

/* Asks for the nodes that halve a mixed cell; goes down where they are there.
 * `last` fills in what nobody will ask for. */
static void visit(struct search *s, int i, int j, int stride, bool last)
{
	int half = stride / 2;
	bool ready = true;

	if (stride == 1)
		return;
	if (!mixed(s, i, j, stride)) {
		if (last)
			fill(s, i, j, stride);
		return;
	}
	for (int b = 0; b <= 2; b++)
		for (int a = 0; a <= 2; a++)
			ready &= ask(s, node_at(s, i + a * half,
			                        j + b * half));
	if (!ready)
		return;
	for (int b = 0; b < 2; b++)
		for (int a = 0; a < 2; a++)
			visit(s, i + a * half, j + b * half, half, last);
}

static void visit_all(struct search *s, bool last)
{
	int stride = 1 << s->p->depth;

	for (int j = 0; j < s->out->n; j += stride)
		for (int i = 0; i < s->out->n; i += stride)
			visit(s, i, j, stride, last);
}

static bool refine(struct search *s)
{
	int stride = 1 << s->p->depth;

	for (int j = 0; j < s->side; j += stride)
		for (int i = 0; i < s->side; i += stride)
			ask(s, node_at(s, i, j));
	do {
		if (!take_wanted(s))
			return false;
		visit_all(s, false);
	} while (s->nwant > 0);
	visit_all(s, true);
	return true;
}

static void measure(struct search *s)
{
	int n = s->out->n;
	double part = 0.25 / ((double)n * n);

	for (int j = 0; j < n; j++)
		for (int i = 0; i < n; i++)
			for (int c = 0; c < 4; c++) {
				int l = s->out->label[node_at(s, i + (c & 1),
				                              j + (c >> 1))];

				if (l >= 0)
					s->out->share[l] += part;
			}
}

/* --- roots along edges -------------------------------------------------- */

/* f falls from the end where `from` wins to the one where `to` does: their
 * difference, or only a sign where one of them cannot be taken. */
struct edge {
	int node, dir;                  /* its first end; 0 right, 1 up */
	int from, to;
	double lo, hi, flo, fhi, flat;
	int side;
	bool sign;
};

static double gap(const struct edge *e, const double *value, int stride)
{
	return value[e->to * stride] - value[e->from * stride];
}

static void edge_init(const struct search *s, struct edge *e, int node,
                      int dir)
{
	int k = s->p->noptions, other = node + (dir ? s->side : 1);

	*e = (struct edge) {
		.node = node, .dir = dir, .hi = 1,
		.from = s->out->label[node], .to = s->out->label[other],
	};
	e->sign = e->from < 0 || e->to < 0;
	if (!e->sign) {
		e->flo = gap(e, s->value + node * k, 1);
		e->fhi = gap(e, s->value + other * k, 1);
		e->sign = isnan(e->flo) || isnan(e->fhi);
	}
	if (e->sign) {
		e->flo = 1;
		e->fhi = -1;
	}
	e->flat = FLAT * (e->flo - e->fhi);
}

static bool closed(const struct edge *e)
{
	return e->hi - e->lo < CLOSE || e->flo <= 0 || e->fhi >= 0;
}

/* Where the edge is looked at next: false position, a halving each third time
 * and where only the sign is known. */
static double next_place(const struct edge *e, int round)
{
	double w = e->hi - e->lo, at = e->lo + w * e->flo / (e->flo - e->fhi);

	if (e->sign || round % 3 == 2 || !(at > e->lo && at < e->hi))
		return e->lo + w / 2;
	return at;
}

/* Illinois weights (Dowell and Jarratt, BIT 11, 1971). */
static void take_place(const struct search *s, struct edge *e, double at,
                       const double *value, int stride)
{
	double f = e->sign ? (winner(s->p, value, stride) == e->from ? 1 : -1)
	                   : gap(e, value, stride);

	if (isnan(f))
		f = winner(s->p, value, stride) == e->from ? e->flo : e->fhi;
	if (fabs(f) <= e->flat)
		f = 0;
	if (f > 0) {
		e->lo = at;
		e->flo = f;
		if (e->side == 1 && !e->sign)
			e->fhi /= 2;
		e->side = 1;
	} else {
		e->hi = at;
		e->fhi = f;
		if (e->side == 2 && !e->sign)
			e->flo /= 2;
		e->side = 2;
	}
}

static bool close_edges(struct search *s, struct edge *edge, int n)
{
	int k = s->p->noptions;
	size_t room = (size_t)n * (size_t)(2 + k);
	double *x = xcalloc(room + 1, sizeof *x), *y = x + n, *value = y + n;
	int *open = xcalloc((size_t)n + 1, sizeof *open);
	bool ok = true;

	for (int round = 0; ok && round < s->p->rounds; round++) {
		int m = 0;

		for (int i = 0; i < n; i++) {
			struct edge *e = &edge[i];
			double at;

			if (closed(e))
				continue;
			at = next_place(e, round);
			x[m] = (e->node % s->side + (e->dir ? 0 : at)) /
			       s->out->n;
			y[m] = (e->node / s->side + (e->dir ? at : 0)) /
			       s->out->n;
			open[m++] = i;
		}
		if (m == 0)
			break;
		ok = evaluate(s, x, y, m, value, NULL);
		for (int i = 0; ok && i < m; i++) {
			struct edge *e = &edge[open[i]];

			take_place(s, e, e->dir ?
			           y[i] * s->out->n - e->node / s->side :
			           x[i] * s->out->n - e->node % s->side,
			           value + i, m);
		}
	}
	free(open);
	free(x);
	return ok;
}

/* The best guess inside the bracket that is left. */
static double root_of(const struct edge *e)
{
	double t = e->flo / (e->flo - e->fhi);

	return e->sign || !(t >= 0 && t <= 1) ? (e->lo + e->hi) / 2 :
	       e->lo + (e->hi - e->lo) * t;
}

/* --- what marching squares ask ------------------------------------------ */

struct frame {
	const struct search *s;
	double *root;                   /* [node * 2 + dir] */
	signed char *centre;            /* of saddles, by lower left node */
	int option;                     /* contours */
	double level;
};

static double root_place(void *ctx, int node, int dir)
{
	const struct frame *f = ctx;

	return f->root[node * 2 + dir];
}

static int root_centre(void *ctx, int node)
{
	const struct frame *f = ctx;

	return f->centre[node];
}

/* The plane through the corners' differences of two options. */
static void slope_of(const struct frame *f, int node, int a, int b,
                     double out[3])
{
	const struct search *s = f->s;
	int k = s->p->noptions;
	double d[4];

	for (int c = 0; c < 4; c++) {
		const double *v = s->value +
			(node + (c & 1) + (c >> 1) * s->side) * k;

		d[c] = v[b] - v[a];
	}
	out[0] = (d[1] - d[0] + d[3] - d[2]) / 2;
	out[1] = (d[2] - d[0] + d[3] - d[1]) / 2;
	out[2] = (d[0] + d[1] + d[2] + d[3]) / 4 - (out[0] + out[1]) / 2;
}

/* Where the first three of the labels cost the same, kept inside the cell. */
static void meeting_place(void *ctx, int node, const int *label, int n,
                          double *x, double *y)
{
	double p[3], q[3], det;

	*x = *y = 0.5;
	if (n < 3 || label[0] < 0 || label[1] < 0 || label[2] < 0)
		return;
	slope_of(ctx, node, label[0], label[1], p);
	slope_of(ctx, node, label[0], label[2], q);
	det = p[0] * q[1] - p[1] * q[0];
	if (!(fabs(det) > 0))
		return;
	*x = fmin(fmax((p[1] * q[2] - q[1] * p[2]) / det, 0), 1);
	*y = fmin(fmax((q[0] * p[2] - p[0] * q[2]) / det, 0), 1);
}

static double level_place(void *ctx, int node, int dir)
{
	const struct frame *f = ctx;
	const struct search *s = f->s;
	int stride = 1 << s->p->depth, k = s->p->noptions;
	int nodes = s->p->coarse + 1;
	int a = node_at(s, node % nodes * stride, node / nodes * stride);
	int b = a + stride * (dir ? s->side : 1);
	double fa = s->share[a * k + f->option] - f->level;
	double fb = s->share[b * k + f->option] - f->level;

	return fa / (fa - fb);
}

static int level_centre(void *ctx, int node)
{
	const struct frame *f = ctx;
	const struct search *s = f->s;
	int stride = 1 << s->p->depth, nodes = s->p->coarse + 1;
	double sum = 0;

	for (int c = 0; c < 4; c++)
		sum += s->share[node_at(s, (node % nodes + (c & 1)) * stride,
		                        (node / nodes + (c >> 1)) * stride) *
		                s->p->noptions + f->option];
	return sum / 4 >= f->level;
}

/* --- boundaries --------------------------------------------------------- */

static bool find_roots(struct search *s, struct frame *f)
{
	struct edge *edge = NULL;
	size_t cap = 0;
	int n = 0;
	bool ok;

	for (int node = 0; node < s->side * s->side; node++)
		for (int dir = 0; dir < 2; dir++) {
			bool end = dir ? node / s->side == s->out->n
			               : node % s->side == s->out->n;

			if (end || s->out->label[node] == s->out->label[
			           node + (dir ? s->side : 1)])
				continue;
			edge_init(s, ARR_PUSH(edge, n, cap), node, dir);
		}
	ok = close_edges(s, edge, n);
	for (int i = 0; ok && i < n; i++)
		f->root[edge[i].node * 2 + edge[i].dir] = root_of(&edge[i]);
	free(edge);
	return ok;
}

static bool find_centres(struct search *s, struct frame *f)
{
	int *saddle = xcalloc((size_t)s->out->n * (size_t)s->out->n,
	                      sizeof *saddle);
	int n = march_saddles(s->out->label, s->out->n, saddle);
	int k = s->p->noptions;
	double *x = xcalloc((size_t)n * (size_t)(2 + k) + 1, sizeof *x);
	double *y = x + n, *value = y + n;
	bool ok;

	for (int i = 0; i < n; i++) {
		x[i] = (saddle[i] % s->side + 0.5) / s->out->n;
		y[i] = (saddle[i] / s->side + 0.5) / s->out->n;
	}
	ok = evaluate(s, x, y, n, value, NULL);
	for (int i = 0; ok && i < n; i++)
		f->centre[saddle[i]] = (signed char)winner(s->p, value + i, n);
	free(x);
	free(saddle);
	return ok;
}

static bool boundaries(struct search *s)
{
	size_t nodes = (size_t)s->side * (size_t)s->side;
	struct frame f = { .s = s };
	struct march_problem m = {
		.ctx = &f, .label = s->out->label, .n = s->out->n,
		.edge = root_place, .centre = root_centre,
		.meeting = meeting_place,
	};
	bool ok;

	f.root = xcalloc(2 * nodes, sizeof *f.root);
	f.centre = xcalloc(nodes, 1);
	ok = find_roots(s, &f) && find_centres(s, &f);
	if (ok)
		march_lines(&m, NAN, -1, s->out);
	free(f.root);
	free(f.centre);
	return ok;
}

/* --- contours of the shares --------------------------------------------- */

static void contour(struct search *s, int option, double level,
                    signed char *above)
{
	struct frame f = { .s = s, .option = option, .level = level };
	int nodes = s->p->coarse + 1, stride = 1 << s->p->depth;
	struct march_problem m = {
		.ctx = &f, .label = above, .n = s->p->coarse,
		.edge = level_place, .centre = level_centre,
	};

	for (int j = 0; j < nodes; j++)
		for (int i = 0; i < nodes; i++)
			above[j * nodes + i] = s->share[
				node_at(s, i * stride, j * stride) *
				s->p->noptions + option] >= level;
	march_lines(&m, level, option, s->out);
}

static void contours(struct search *s)
{
	size_t nodes = (size_t)(s->p->coarse + 1);
	signed char *above = xcalloc(nodes * nodes, 1);

	for (int o = 0; o < s->p->noptions; o++)
		for (int i = 0; s->p->in[o] && i < s->p->nlevels; i++)
			contour(s, o, s->p->level[i], above);
	free(above);
}

static void keep_shares(struct search *s)
{
	int nodes = s->p->coarse + 1, stride = 1 << s->p->depth;
	size_t k = (size_t)s->p->noptions;

	s->out->best = xcalloc((size_t)nodes * (size_t)nodes * k,
	                       sizeof *s->out->best);
	for (int j = 0; j < nodes; j++)
		for (int i = 0; i < nodes; i++)
			memcpy(s->out->best + (size_t)(j * nodes + i) * k,
			       s->share + (size_t)node_at(s, i * stride,
			                                  j * stride) * k,
			       k * sizeof *s->share);
}

/* --- the whole ---------------------------------------------------------- */

bool plane_find(const struct plane_problem *p, struct plane *out)
{
	struct search s = { .p = p, .out = out };
	size_t nodes, k = (size_t)p->noptions;
	bool ok;

	*out = (struct plane) {
		.n = p->coarse << p->depth, .coarse = p->coarse,
	};
	s.side = out->n + 1;
	nodes = (size_t)s.side * (size_t)s.side;
	out->label = xcalloc(nodes, 1);
	out->share = xcalloc(k, sizeof *out->share);
	s.value = xcalloc(nodes * k, sizeof *s.value);
	s.share = xcalloc(nodes * k, sizeof *s.share);
	s.known = xcalloc(nodes, 1);
	ok = refine(&s) && boundaries(&s);
	if (ok) {
		measure(&s);
		contours(&s);
		if (p->nlevels)
			keep_shares(&s);
	}
	free(s.value);
	free(s.share);
	free(s.known);
	free(s.want);
	if (!ok)
		plane_release(out);
	return ok;
}

void plane_release(struct plane *out)
{
	for (int i = 0; i < out->nlines; i++)
		free(out->line[i].x);
	free(out->line);
	free(out->corner);
	free(out->label);
	free(out->share);
	free(out->best);
	*out = (struct plane) { 0 };
}
