/*
 * What `check` found: one item a question, in the order they were asked.
 */
#ifndef STEELYARD_RESULT_CHECKS_H
#define STEELYARD_RESULT_CHECKS_H

#include <stdbool.h>

struct arena;

enum check_status {
	CHECK_OK, CHECK_FAIL,
	CHECK_UNDECIDED,        /* the interval straddles the limit */
	CHECK_UNKNOWN           /* something was never recorded: no failure */
};
extern const char *const check_status_names[4];

struct check_item_result {
	const char *kind;       /* verdict trigger review owner rule limit
	                           expectation distance contested error */
	const char *id;         /* of the trigger, rule or limit; or NULL */
	enum check_status status;
	const char *scenario, *model;
	int decision;           /* its number; 0: of a file */
	const char *text;       /* what was found, one sentence */
	const char *file;       /* where to mend it; or NULL */
	int line, column;
};

struct check_report {
	struct arena *arena;
	int n;
	struct check_item_result *item;
	int count[4];           /* by status */
	int decisions;          /* accepted ones that were looked at */
};

void check_report_free(struct check_report *r);

#endif
