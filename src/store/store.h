/*
 * The store: SQLite behind a few verbs.  Scenarios have immutable revisions,
 * named by the SHA-256 of their canonical text; evaluations are named by their
 * digest; what happens to decisions is an append-only log of events, hash
 * chained per origin.  Each verb that writes is exactly one transaction.
 *
 * Settings, schema and reasons: reference of docs/store.md.
 */
#ifndef STEELYARD_STORE_STORE_H
#define STEELYARD_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

struct arena;
struct store;

/* Opens (and with `create` makes) the store at `path`, NULL: the default place
 * in $XDG_DATA_HOME.  Checks application_id first ("not a steelyard store"),
 * then user_version (newer: ERR_STORE; older: backup, migrate in one
 * transaction).  A read-only folder opens for reading. */
struct store *store_open(const char *path, bool create, struct err *err);
void store_close(struct store *s);
const char *store_path(const struct store *s);
bool store_writable(const struct store *s);

/* Who acts: the login name, else the account's, else "unknown". */
const char *store_actor(void);

struct revision_info {
	char hash[DIGEST_HEX];          /* of the scenario's canonical text */
	const char *scenario, *title;
	int number;                     /* r1, r2 ... within the scenario */
	int64_t created;
	const char *author, *message;
	const char *parent;             /* hash or NULL */
	/* of its newest evaluation, when there is one */
	const char *evaluation, *verdicts;      /* "build-vs-buy: api_closed" */
};

/* An evaluation and the files it rested on: models, prices, workload, units.
 * They are kept with it, each content once, so that what was answered then can
 * be asked again. */
struct store_file { const char *name, *text; };
struct store_evaluation {
	const char *digest, *json, *verdicts;
	int nfiles;
	const struct store_file *file;
};

/* Saves the canonical text as a new revision; the same text again is no new
 * revision.  `e` may be NULL. */
bool store_save(struct store *s, const char *scenario, const char *title,
                const char *text, const char *message,
                const struct store_evaluation *e, struct revision_info *out,
                struct arena *a, struct err *err);
/* The files of an evaluation; 0: none were kept (it was saved by an earlier
 * version), -1: a failure. */
int store_files(struct store *s, const char *evaluation,
                struct store_file **out, struct arena *a, struct err *err);

/* The document of an evaluation. */
bool store_result(struct store *s, const char *evaluation, const char **json,
                  struct arena *a, struct err *err);

/* Newest first; `limit` rows from `offset`; scenario NULL: of all. */
int store_log(struct store *s, const char *scenario, int offset, int limit,
              struct revision_info **out, struct arena *a, struct err *err);
/* Newest revision of each scenario, newest first; `filter` matches name or
 * title (NULL: all). */
int store_scenarios(struct store *s, const char *filter, int offset, int limit,
                    struct revision_info **out, struct arena *a,
                    struct err *err);
/* Every evaluation of every revision of a scenario, oldest first; `created` is
 * the evaluation's. */
int store_evaluations(struct store *s, const char *scenario,
                      struct revision_info **out, struct arena *a,
                      struct err *err);
/* By "NAME", "NAME@rN", or a hash prefix of >= 6 digits; *text gets the
 * canonical scenario. */
bool store_find(struct store *s, const char *ref, struct revision_info *out,
                const char **text, const char **evaluation_json,
                struct arena *a, struct err *err);

/* The draft of unfinished work: one row a scenario name, replaced at each
 * accepted edit. Undo history travels in `undo` (opaque text). */
bool store_draft_put(struct store *s, const char *scenario, const char *text,
                     const char *undo, struct err *err);
bool store_draft_get(struct store *s, const char *scenario, const char **text,
                     const char **undo, struct arena *a, struct err *err);
bool store_draft_drop(struct store *s, const char *scenario, struct err *err);

/* Page checks, foreign keys, every content hash, the event chain. */
bool store_check(struct store *s, struct err *err);

#endif
