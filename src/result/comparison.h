/*
 * Two states of a decision side by side: what changed between them, what each
 * change contributes to the change of the answer.  Plain, like result.h; the
 * arena owns all.
 */
#ifndef STEELYARD_RESULT_COMPARISON_H
#define STEELYARD_RESULT_COMPARISON_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* "workload/requests_per_day": from `then` to `now`; NULL: was not there. */
struct change {
	const char *path, *then, *now;
	int group;
};

/* The figures of one trade-off whose change is shared out.  `share` by group;
 * NULL where only the difference was asked for. */
struct figure_change {
	const char *name, *title, *unit;
	double then, now;               /* NAN: there is none */
	double then_se, now_se;         /* NAN: central values */
	double change_se;               /* of now - then, on common points */
	double *share, *share_se;
};
#define COMPARE_FIGURES 3

struct trade_change {
	const char *model, *title;
	const char *option_then, *option_now;   /* NULL: none can be taken */
	const char *state_then, *state_now;
	bool flipped;
	/* the objective of what is advised; the lead of what was advised then
	 * over the best other option; its probability of being best */
	struct figure_change figure[COMPARE_FIGURES];
};

struct comparison {
	struct arena *arena;
	const char *then, *now;         /* what was compared, as named */
	int nchanges;
	struct change *change;
	int ngroups;
	const char **group;             /* name of each */
	int ntrades;
	struct trade_change *trade;
	bool shared;                    /* shares were computed */
	int64_t samples, evaluations;
	bool point;
	int nnotes;
	const char **note;
};

bool comparison_flipped(const struct comparison *c);
void comparison_free(struct comparison *c);

#endif
