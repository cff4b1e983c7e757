/*
 * `import scores`: a score and whether the answer was right, row by row, as a
 * gate: how well the score is calibrated, what risk remains at which coverage,
 * and where to draw the line when errors and reviews have a price.
 *
 * Geifman and El-Yaniv 2017 (risk and coverage); Zadrozny and Elkan 2002
 * (isotonic calibration by pooling adjacent violators).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evidence/samples.h"
#include "evidence/tally.h"
#include "math/special.h"
#include "table/table.h"
#include "base/banned.h"

#define BINS 15
#define RESAMPLES 400
#define FEW_ERRORS 30

struct scored { double score, wrong; };

struct gate {
	struct import *m;
	const struct import_request *q;
	int n;
	struct scored *row;             /* highest score first */
	double errors, *fitted;         /* calibrated P(right), row by row */
};

static int by_score(const void *a, const void *b)
{
	double x = ((const struct scored *)a)->score;
	double y = ((const struct scored *)b)->score;

	return (x < y) - (x > y);
}

/* --- calibration ---------------------------------------------------------- */

static double calibration_error(const struct gate *g)
{
	double n[BINS] = { 0 }, right[BINS] = { 0 }, sum[BINS] = { 0 }, e = 0;

	for (int i = 0; i < g->n; i++) {
		int b = (int)(g->row[i].score * BINS);

		b = b < BINS ? b : BINS - 1;
		n[b]++;
		right[b] += 1 - g->row[i].wrong;
		sum[b] += g->row[i].score;
	}
	for (int b = 0; b < BINS; b++)
		e += fabs(right[b] - sum[b]) / g->n;
	return e;
}

/* Pools adjacent violators from the lowest score up; rows of one score are one
 * block from the start. */
static void isotonic(struct gate *g)
{
	struct block { double sum, n; int first; } *b;
	int blocks = 0;

	b = xcalloc((size_t)g->n + 1, sizeof *b);
	for (int i = g->n - 1; i >= 0; i--) {
		bool same = i + 1 < g->n
			&& g->row[i].score == g->row[i + 1].score && blocks;

		if (same) {
			b[blocks - 1].sum += 1 - g->row[i].wrong;
			b[blocks - 1].n++;
			b[blocks - 1].first = i;
		} else {
			b[blocks++] = (struct block){ 1 - g->row[i].wrong, 1,
			                              i };
		}
		if (i > 0 && g->row[i - 1].score == g->row[i].score)
			continue;
		while (blocks > 1 && b[blocks - 2].sum * b[blocks - 1].n
		                     >= b[blocks - 1].sum * b[blocks - 2].n) {
			blocks--;
			b[blocks - 1].sum += b[blocks].sum;
			b[blocks - 1].n += b[blocks].n;
			b[blocks - 1].first = b[blocks].first;
		}
	}
	for (int k = 0; k < blocks; k++)
		for (int i = 0; i < (int)b[k].n; i++)
			g->fitted[b[k].first + i] = b[k].sum / b[k].n;
	free(b);
}

/* A beta law through the mean and variance of the calibrated scores. */
static void beta_figures(struct gate *g)
{
	double mean = 0, variance = 0, k;
	struct measure *x;

	for (int i = 0; i < g->n; i++)
		mean += g->fitted[i] / g->n;
	for (int i = 0; i < g->n; i++)
		variance += (g->fitted[i] - mean) * (g->fitted[i] - mean)
			/ g->n;
	if (!(variance > 0 && mean > 0 && mean < 1)) {
		import_note(g->m, "the calibrated score is the same for all: "
		            "no beta law");
		return;
	}
	k = mean * (1 - mean) / variance - 1;
	x = import_measure(g->m, "score_alpha", "1", g->n);
	measure_point(g->m, x, mean * k);
	x->note = "beta law of the calibrated score, by moments";
	x = import_measure(g->m, "score_beta", "1", g->n);
	measure_point(g->m, x, (1 - mean) * k);
}

/* --- risk and coverage ---------------------------------------------------- */

/* The errors among the rows from i that score the same, and where they end. */
static double tied_errors(const struct gate *g, int i, int *end)
{
	double wrong = 0;

	for (*end = i; *end < g->n && g->row[*end].score == g->row[i].score;
	     ++*end)
		wrong += g->row[*end].wrong;
	return wrong;
}

/* The area under risk over coverage, and of an oracle with as many errors. */
static void area_figures(struct gate *g)
{
	double area = 0, best = 0, pairs = 0, errors = 0;
	struct measure *x;

	/* equal scores pass together: each has the risk at their end; and P(a
	 * right answer scores above a wrong one), ties by halves */
	for (int i = 0, k; i < g->n; i = k) {
		double wrong = tied_errors(g, i, &k);

		errors += wrong;
		area += (k - i) * errors / k / g->n;
		pairs += (k - i - wrong) * (g->errors - errors + wrong / 2);
	}
	for (int k = 1; k <= g->n; k++)
		best += fmax(0, k - (g->n - g->errors)) / k / g->n;
	x = import_measure(g->m, "aurc", "1", g->n);
	measure_point(g->m, x, area);
	x->note = arena_printf(g->m->arena, "area under risk over coverage; "
	                       "%.6g above the best order", area - best);
	if (g->errors > 0 && g->errors < g->n) {
		x = import_measure(g->m, "auroc", "1", g->n);
		measure_point(g->m, x, pairs / g->errors
		              / (g->n - g->errors));
	}
}

static void coverage_table(struct gate *g)
{
	static const struct fact_column columns[] = {
		{ "coverage", false, 3 }, { "threshold", false, 6 },
		{ "risk", false, 4 }, { "risk_at_most", false, 4 },
	};
	static const double at[] = { 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98,
	                             1 };
	struct fact_table *t = import_fact(g->m, "risk_coverage",
	                                   "Risk of what passes unreviewed",
	                                   columns, 4);
	double before = 0, tied;
	int i = 0, end;

	for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
		int n = (int)lround(at[k] * g->n);
		struct fact_cell *c;
		double errors;

		if (n < 1)
			continue;
		for (; tied = tied_errors(g, i, &end), end < n; i = end)
			before += tied;
		/* of equal scores any may pass: their mean */
		errors = before + tied * (n - i) / (end - i);
		c = fact_row(t);
		c[0].number = (double)n / g->n;
		c[1].number = g->row[n - 1].score;
		c[2].number = errors / n;
		c[3].number = errors >= n ? 1
			: beta_inc_inv(errors + 1, n - errors, 0.95);
	}
}

/* --- the line ------------------------------------------------------------- */

static uint64_t next_random(uint64_t *s)
{
	uint64_t z = (*s += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* A row's weight in one resample: Poisson with mean 1. */
static double weight(uint64_t *s)
{
	double u = (double)(next_random(s) >> 11) * 0x1p-53, p = exp(-1),
	       sum = p;
	int k = 0;

	while (u > sum && k < 20) {
		p /= ++k;
		sum += p;
	}
	return k;
}

struct line { double threshold, cost, coverage; };

/* Everything that scores at the threshold or above passes.  A review costs; of
 * the errors it sees it catches a share, each of which is put right at a cost,
 * and of what was right it spoils a share. */
static double line_cost(const struct import_request *q, double reviewed,
                        double seen_errors, double passed_errors)
{
	double caught = (q->caught > 0 ? q->caught : 1) * seen_errors;
	double wrong = passed_errors + seen_errors - caught
		+ q->spoilt * (reviewed - seen_errors);

	return reviewed * q->review_cost + wrong * q->error_cost
		+ caught * q->fix_cost;
}

static struct line best_line(const struct gate *g, uint64_t *random)
{
	double all = 0, missed = 0, passed = 0, passed_errors = 0;
	struct line best = { INFINITY, INFINITY, 0 };
	uint64_t again = random ? *random : 0;

	for (int i = 0; i < g->n; i++) {
		double w = random ? weight(random) : 1;

		all += w;
		missed += w * g->row[i].wrong;
	}
	for (int i = 0; i <= g->n; i++) {
		double w, cost = line_cost(g->q, all - passed,
		                           missed - passed_errors,
		                           passed_errors);

		if (i == 0 || i == g->n
		    || g->row[i].score != g->row[i - 1].score)
			if (cost / all < best.cost)
				best = (struct line){
					i ? g->row[i - 1].score : INFINITY,
					cost / all, passed / all };
		if (i == g->n)
			break;
		w = random ? weight(&again) : 1;
		passed += w;
		passed_errors += w * g->row[i].wrong;
	}
	return best;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void line_figures(struct gate *g)
{
	struct line best = best_line(g, NULL);
	double *t = xcalloc(RESAMPLES, sizeof *t);
	uint64_t seed = 20261123;
	struct measure *x;

	for (int i = 0; i < RESAMPLES; i++) {
		struct line one = best_line(g, &seed);

		t[i] = isfinite(one.threshold) ? one.threshold : 1;
	}
	qsort(t, RESAMPLES, sizeof *t, by_value);
	x = import_measure(g->m, "threshold", "1", g->n);
	measure_interval(g->m, x, isfinite(best.threshold) ? best.threshold : 1,
	                 t[RESAMPLES / 20], t[RESAMPLES - 1 - RESAMPLES / 20]);
	x->note = arena_printf(g->m->arena, "what scores so or higher passes: "
		"%.4g of all, at %.5g USD an item; review all %.5g, none %.5g; "
		"interval of %d resamples", best.coverage, best.cost,
		line_cost(g->q, g->n, g->errors, 0) / g->n,
		line_cost(g->q, 0, 0, g->errors) / g->n, RESAMPLES);
	free(t);
}

/* --- all of it ------------------------------------------------------------ */

static void score_figures(struct gate *g)
{
	double mean = 0;
	struct measure *x;

	for (int i = 0; i < g->n; i++)
		mean += g->row[i].score / g->n;
	x = measure_share(g->m, "error_rate", g->errors, g->n);
	x->note = arena_printf(g->m->arena, "the mean score promises %.5g right",
	                       mean);
	x = import_measure(g->m, "calibration_error", "1", g->n);
	measure_point(g->m, x, calibration_error(g));
	x->note = "ECE, 15 bins";
	isotonic(g);
	beta_figures(g);
	area_figures(g);
	coverage_table(g);
	if (g->q->error_cost > 0 && g->q->review_cost > 0)
		line_figures(g);
	else
		import_note(g->m, "--error-cost and --review-cost give the "
		            "threshold that costs least");
	if (g->errors == 0)
		import_note(g->m, "no error in %d: the rate is at most %.6g "
		            "(95 %%)", g->n, -expm1(log(0.05) / g->n));
	else if (g->errors < FEW_ERRORS)
		import_note(g->m, "only %g errors: the curve is rough, get at "
		            "least %d", g->errors, FEW_ERRORS);
}

struct import *import_scores(const struct import_request *q, struct err *err)
{
	static const struct sample_column want[] = {
		{ "score|confidence|probability|prob|max_prob", false, false,
		  0, 1 },
		{ "correct|was_right|right|is_correct|label_correct", true,
		  false, 0, 1 },
	};
	struct import *m = import_new(IMPORT_SCORES, q->path);
	const double *column[2];
	struct table *t = sample_read(m, q, want, 2, column, err);
	struct gate g = { .m = m, .q = q };

	if (!t) {
		import_free(m);
		return NULL;
	}
	g.n = t->rows;
	g.row = xcalloc((size_t)g.n, sizeof *g.row);
	g.fitted = xcalloc((size_t)g.n, sizeof *g.fitted);
	for (int i = 0; i < g.n; i++) {
		g.row[i] = (struct scored){ column[0][i], 1 - column[1][i] };
		g.errors += g.row[i].wrong;
	}
	qsort(g.row, (size_t)g.n, sizeof *g.row, by_score);
	memcpy(m->digest, t->digest, DIGEST_HEX);
	m->format = "scores";
	m->rows = g.n;
	score_figures(&g);
	free(g.row);
	free(g.fitted);
	table_free(t);
	return m;
}
