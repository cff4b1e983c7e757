/*
 * Stores that meet: backup, merge, and a folder of files that never change.
 *
 * Everything in a store is named by its content or by random bits, and every
 * chain of events belongs to one origin.  So the union of two stores is the
 * union of their objects, in any order, as often as one likes:
 *
 *	texts, revisions    by SHA-256     |  evaluations  by digest
 *	scenarios, decisions by uuid       |  events       by origin and number
 *
 * What is a matter of this store alone may differ afterwards: a scenario whose
 * name was taken gets a part of its uuid behind it, a revision whose number
 * was taken the next one.
 */
#ifndef STEELYARD_STORE_EXCHANGE_H
#define STEELYARD_STORE_EXCHANGE_H

#include "store/store.h"

struct store_counts {
	int64_t scenarios, revisions, evaluations, decisions, events, texts;
};
/* What the store holds. */
bool store_count(struct store *s, struct store_counts *out, struct err *err);

/* A copy at `path`, where nothing may stand, while others use the store; it
 * appears whole or not at all. */
bool store_backup(struct store *s, const char *path, struct err *err);

/* What a merge has to tell.  `kind`: "renamed" (a scenario), "renumbered" (a
 * revision), "adopted" (a chain of events), "contested" (a decision). */
struct store_note { const char *kind, *text; };
struct store_merged {
	struct store_counts taken;
	int n;
	struct store_note *note;
};
/* Another store, as a copy that is checked like nobody's: NULL with what is
 * wrong with it. */
struct store *store_open_other(const char *path, struct err *err);
/* All of `from` into `to`, in one transaction.  A chain that went on in both
 * after a common start (a file that was copied and used twice) is refused,
 * unless `adopt`: then its other end gets an origin of its own. */
bool store_merge(struct store *to, struct store *from, bool adopt,
                 struct store_merged *out, struct arena *a, struct err *err);

/* The folder: one file for each object, none of which is ever written over,
 * so that version control merges by putting files together.
 *
 *	blob/ab/cdef....KIND           the text itself
 *	scenario/UUID.json             its first name
 *	revision/ab/cdef....json       the row that the hash is taken over
 *	decision/UUID.json             of which scenario
 *	event/ORIGIN/00000001.json     with the hash of the one before
 *
 * An evaluation is its event; results and files are texts.  Drafts stay. */
/* SHA-256 over all objects: two stores with one digest hold the same. */
bool store_content(struct store *s, char out[DIGEST_HEX], struct err *err);
struct store_written { int64_t files, bytes, kept; };
bool store_export(struct store *s, const char *dir, struct store_written *out,
                  struct err *err);
/* The title of a scenario by its text; NULL: none. */
typedef const char *store_title(void *ctx, const char *text, struct arena *a);
/* A store made from the files of a folder, all digests and chains checked; to
 * be merged, then closed.  NULL with what is wrong and where. */
struct store *store_import(const char *dir, store_title *title, void *ctx,
                           struct err *err);

#endif
