/* Private to src/task: what the parts of `check` share. */
#ifndef STEELYARD_TASK_CHECKING_H
#define STEELYARD_TASK_CHECKING_H

#include "result/checks.h"
#include "task/task.h"

struct checking {
	struct context *context;
	struct check_report *out;
	size_t cap;
	struct store *store;            /* or NULL: nothing was ever saved */
	int nactuals;
	struct actual *actual;
	int64_t now;
	struct err *err;
};

/* Appends an item; its text by format, strings copied. */
struct check_item_result *checking_add(struct checking *k, const char *kind,
                                       const char *id, enum check_status s,
                                       const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Limits of a policy file against an evaluation of a scenario. */
struct policy;
struct policy *policy_read(const char *path, struct units *units,
                           struct err *err);
void policy_free(struct policy *p);
/* `d`: the decision that is held against them; NULL: the advice of a file.
 * false: an amount that is none in the objective's unit. */
bool policy_check(struct checking *k, const struct policy *p,
                  const struct evaluation *e, double confidence,
                  const struct decision_info *d);

#endif
