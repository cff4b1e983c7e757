/*
 * The difference of two scenarios as their canonical YAML shows it: a list of
 * places with both values, and a scenario in which some of them are changed.
 * Private to src/task.
 */
#ifndef STEELYARD_TASK_CHANGES_H
#define STEELYARD_TASK_CHANGES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "result/comparison.h"
#include "yaml/yaml.h"

/* Values and settings that decide an answer; titles, expectations and answers
 * of a checklist do not. */
int changes_find(struct arena *a, const struct ynode *then,
                 const struct ynode *now, struct change **out);

/* `then` with the changes taken over for which taken[change.group] holds. */
void changes_apply(const struct ynode *then, const struct ynode *now,
                   const struct change *change, int n, const bool *taken,
                   struct buf *out);

#endif
