/*
 * Exact Shapley values: what each of n changes contributes to the difference
 * between none and all of them, whatever the order.
 */
#ifndef STEELYARD_MATH_SHAPLEY_H
#define STEELYARD_MATH_SHAPLEY_H

#define SHAPLEY_MOST 16

/* value[s]: what holds when the changes whose bits stand in s are made, for all
 * 2^n sets; share[i] of change i; they sum to value[2^n - 1] - value[0] (Shapley
 * 1953).  n from 0 to SHAPLEY_MOST. */
void shapley_exact(int n, const double *value, double *share);

#endif
