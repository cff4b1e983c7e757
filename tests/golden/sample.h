/*
 * A made-up result for the tests of charts and screens: build vs buy with four
 * options, curves that cross once, a break-even with a distribution.  Static:
 * nothing is freed.
 */
#ifndef STEELYARD_TESTS_SAMPLE_H
#define STEELYARD_TESTS_SAMPLE_H

#include "chart/chart.h"
#include "evidence/import.h"
#include "result/comparison.h"
#include "result/result.h"

const struct evaluation *sample_evaluation(void);
const struct tradeoff *sample_tradeoff(void);
const struct curve *sample_curve(void);
/* Two options on a square of 4 x 4 cells, a corner without any. */
const struct frontier *sample_frontier(void);
/* Three changes that share out two figures; the third has no shares. */
const struct comparison *sample_comparison(void);
/* The evaluation with what its answers and two studies are worth. */
struct evaluation *sample_valued(void);
/* Two trade-offs that come to another option together. */
struct joint_plan *sample_plan(void);
/* A log's spend by team and day, and its month against a budget. */
struct import *sample_import(void);
/* Five revisions that flip once. */
const struct verdict_step *sample_steps(int *n);
/* An objective made from two figures, one of them a parameter with a source. */
const struct explanation *sample_explanation(void);

#endif
