/*
 * Rank correlation between inputs (`correlate:` of a scenario): a Gaussian
 * copula.  Spearman's rho becomes the correlation 2 sin(pi rho / 6) of normal
 * scores (Kruskal 1958); scores are mixed by a Cholesky factor and turned back
 * into coordinates, so margins and nets stay what they are.
 *
 * Private to src/engine.
 */
#ifndef STEELYARD_ENGINE_COPULA_H
#define STEELYARD_ENGINE_COPULA_H

#include <stdbool.h>

#include "model/bound.h"

struct copula;

/* *out is NULL when nothing is correlated. false: a name that is no input, or
 * correlations that cannot all hold: which, with the place of the line, between
 * which values it might lie, and the nearest set that can hold. */
bool copula_new(const struct bound *b, struct copula **out, struct err *err);
void copula_free(struct copula *c);
/* The row of a slot, or -1. */
int copula_row(const struct copula *c, int slot);
/* The slot of row j, and its weight in the scores of row k (0 for j > k). */
int copula_slot(const struct copula *c, int j);
double copula_weight(const struct copula *c, int k, int j);

#endif
