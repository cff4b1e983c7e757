/*
 * The life of a decision: its events, and what they add up to.
 *
 * A decision is proposed on a saved revision and its evaluation; what happens
 * to it afterwards is appended to the log and never rewritten.  Its number,
 * from 1 on, is its place in this store.
 *
 *	proposed --> accepted --> deprecated
 *	  |   |          '------> superseded (by an accepted one)
 *	  |   '----> superseded (by another proposal or an accepted one)
 *	  '------> rejected
 *
 * What is proposed answers nothing yet, so it cannot take the place of what is
 * accepted: accept the newer one, then supersede the older one by it.
 */
#ifndef STEELYARD_STORE_DECISIONS_H
#define STEELYARD_STORE_DECISIONS_H

#include "store/store.h"

enum decision_status {
	DECISION_PROPOSED, DECISION_ACCEPTED, DECISION_REJECTED,
	DECISION_SUPERSEDED, DECISION_DEPRECATED
};
extern const char *const decision_status_names[5];

/* One event of a decision; texts that were not given are NULL. */
struct decision_event {
	enum decision_status status;    /* it leads to */
	const char *actor;              /* who ran the program */
	int64_t at;
	const char *because;
	const char *const *deciders;    /* NULL-ended, never NULL */
	const char *review;             /* date of the next review */
};

struct decision_info {
	int number;
	const char *uuid;
	const char *scenario, *title;   /* of the scenario */
	const char *model, *option;
	const char *revision;           /* hash of the scenario's text */
	int revision_number;
	const char *evaluation;         /* digest it relied on; or NULL */
	const char *advice;             /* option that was advised; or NULL */
	const char *const *waived;      /* rules and reasons set aside */
	const char *const *tags;
	/* what the events add up to */
	enum decision_status status;
	const char *because;            /* the newest that was given */
	const char *const *deciders;
	const char *review;
	int64_t created, changed;
	int supersedes, superseded_by;  /* numbers; 0: none */
	bool contested;                 /* two stores that were merged disagree
	                                   on what became of it */
	int nevents;
	struct decision_event *event;   /* oldest first */
};

/* What a new one says; lists are NULL-ended, any text may be NULL but those of
 * the first line. */
struct decision_new {
	const char *scenario, *inputs, *model, *option;
	const char *evaluation, *advice, *because, *review;
	const char *const *deciders, *const *tags, *const *waived;
};

/* Each is one transaction. */
bool decision_propose(struct store *s, const struct decision_new *d,
                      struct decision_info *out, struct arena *a,
                      struct err *err);
/* ERR_USAGE when the step is not one of the picture above; accepting what is
 * accepted confirms it (a review that was done). `by`: the number of the
 * decision on the same model that takes its place, for superseded, else 0. */
bool decision_change(struct store *s, int number, enum decision_status to,
                     const char *because, const char *const *deciders,
                     const char *review, int by, struct decision_info *out,
                     struct arena *a, struct err *err);

/* "3", "D3", six or more digits of its uuid, or "SCENARIO:MODEL" (the newest
 * there); ERR_USAGE when there is none. */
bool decision_find(struct store *s, const char *ref, struct decision_info *out,
                   struct arena *a, struct err *err);

struct decision_filter {
	const char *scenario, *model, *tag;
	const char *text;               /* in any of its texts */
	int status;                     /* -1: any */
	int limit;                      /* 0: all */
};
/* Newest first; returns how many, -1 on failure. */
int decision_list(struct store *s, const struct decision_filter *f,
                  struct decision_info **out, struct arena *a,
                  struct err *err);

#endif
