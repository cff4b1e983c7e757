/*
 * What the parts of the bench share.  One line a figure on standard output,
 * `NAME RATIO TARGET`; every ratio is ours over theirs, and better when less.
 * Notes, and what is left out and why, go to standard error.
 */
#ifndef STEELYARD_BENCH_H
#define STEELYARD_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#define ROUNDS 5

/* A measurement of what is compared: seconds, or NAN when it cannot be had. */
typedef double (*measure_fn)(void *ctx);

/* Both, turn by turn, ROUNDS times; the ratio of the least of each.  A target
 * that is missed is tried once more before it counts. */
void figure(const char *name, double target, measure_fn ours, void *our_ctx,
            measure_fn theirs, void *their_ctx);
/* The same of a ratio that `ours` gives by itself. */
void figure_of(const char *name, double target, measure_fn ours, void *ctx);
/* A ratio that needs no second look. */
void figure_is(const char *name, double ratio, double target);
void skip(const char *name, const char *why);
int missed(void);                       /* targets, so far */

double cpu_now(void);                   /* of this process, seconds */
double wall_now(void);

/* --- other programs (children.c) ---------------------------------------- */

struct child {
	double cpu, wall;               /* seconds; NAN: it failed */
	double memory;                  /* most bytes in memory */
	char text[256];                 /* the head of its standard output */
};
/* A shell's command line, with its environment; standard error is ours when
 * `loud`. */
void run_child(const char *command, bool loud, struct child *c);
/* Seconds from its start to the last byte it writes to a terminal of 120 x 40
 * before it falls silent; then it is told to quit. */
double first_frame(const char *command);

/* --- the parts ---------------------------------------------------------- */

void bench_kernels(void);               /* kernels.c */
void bench_edits(void);                 /* edits.c */
void bench_processes(void);             /* processes.c */
void bench_peers(void);                 /* the same file */
void bench_imports(void);               /* imports.c */
/* Seconds a draw of the engine with one thread, for model "w1" or "w2". */
double engine_per_draw(const char *model);
/* Points until the standard error that the engine states of W2's first mean is
 * 0.1 % of it, and the seconds that takes. */
void engine_to_a_thousandth(double *points, double *seconds);

#endif
