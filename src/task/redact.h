/* Private to src/task: decisions without the people who took them. */
#ifndef STEELYARD_TASK_REDACT_H
#define STEELYARD_TASK_REDACT_H

#include "store/decisions.h"

/* `d`: all decisions of the store, newest first; names become "decider N" (of
 * who only ran the program: "recorder N"), reasons are taken away.  What it
 * makes goes to `a`. */
void decisions_redact(struct decision_info *d, int n, struct arena *a);

#endif
