/*
 * The tape: a schedule of the value graph for the block interpreter.
 *
 * A tape computes its roots from its inputs for up to TAPE_BLOCK draws at a
 * time, in strips of TAPE_STRIP lanes whose registers stay in the first-level
 * cache:
 *
 *    prologue      what hangs on no month and no variable
 *    loop T        series, month by month; reductions collect beside them
 *      ...
 *    end
 *    scalar ops    what follows from the reductions; more loops behind
 *
 * Every node is placed in the outermost region that knows all it hangs on, so
 * scalars are hoisted out of series and solves.  A series that two loops need
 * is computed in both.
 *
 * The kernels exist once for each vector width (kernels.inc compiled three
 * times) and give the same digits on each: no contraction, SLEEF's cinz
 * variants, built-in kernels lane by lane.
 */
#ifndef STEELYARD_EXPR_TAPE_H
#define STEELYARD_EXPR_TAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "expr/dag.h"

struct buf;

#define TAPE_BLOCK 512
#define TAPE_STRIP 64

struct tape;
struct frame;                   /* the registers of one thread */

/* Schedules the roots (scalars: a series root must be reduced first; a
 * constant root is fine). The tape does not need the graph afterwards. */
struct tape *tape_new(const struct dag *d, const node_id *roots, int n);
/* The same where the caller has the values of some nodes: in place of computing
 * one, input `input` is read; of a series, input + month - 1. */
struct tape_given { node_id node; int input, months; };
struct tape *tape_new_given(const struct dag *d, const node_id *roots, int n,
                            const struct tape_given *given, int ngiven);
void tape_free(struct tape *t);

int tape_inputs(const struct tape *t);          /* how many it reads */
int tape_input(const struct tape *t, int k);    /* input id of the k-th */
int tape_roots(const struct tape *t);
int tape_length(const struct tape *t);          /* instructions */

struct frame *frame_new(const struct tape *t);
void frame_free(struct frame *f);

/* One input column: n values, or one for all lanes. */
struct column { const double *v; bool uniform; };

/* Runs n <= TAPE_BLOCK draws. in[k] belongs to tape_input(t, k); out[r] gets n
 * values of root r.  Values may be NaN or infinite where a formula divided by
 * zero: the caller looks. */
void tape_run(const struct tape *t, struct frame *f, const struct column *in,
              int n, double *const *out);

/* What dear instructions (built-ins, searches) came to in each strip of a run,
 * kept for the next run of the same draws: there they are run again only where
 * an input below them has changed.  Made from the graph that the tape was made
 * from, for so many draws; NULL: there is nothing dear, or too much to keep. */
#define TAPE_MEMO_BYTES ((size_t)48 << 20)
struct tape_memo;
struct tape_memo *tape_memo_new(const struct dag *d, const struct tape *t,
                                int64_t draws);
void tape_memo_free(struct tape_memo *m);
/* The columns of inputs k with changed[k] are others than in the last run. */
void tape_memo_forget(struct tape_memo *m, const bool *changed, int n);
/* The next tape_run of this frame reads and writes `m` (NULL: none), where its
 * block's first draw is `first`, a multiple of TAPE_STRIP.  Threads share one:
 * they run different strips. */
void frame_memo(struct frame *f, struct tape_memo *m, int64_t first);

/* The disassembly, one instruction a line, inputs named by `name`. */
void tape_print(const struct tape *t, const char *(*name)(void *, int input),
                void *ctx, struct buf *out);

/* Vector widths: "sse2", "avx", "avx512". The best one that the processor has
 * is taken once; STEELYARD_WIDTH names another (for tests). NULL terminated
 * list of those usable here. */
const char *tape_width(void);
const char *const *tape_widths(void);
bool tape_set_width(const char *name);          /* false: unknown or absent */

#endif
