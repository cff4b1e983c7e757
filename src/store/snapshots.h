/*
 * Price maps of several days.  Each is a text of the store and an event that
 * names it, so that merging, exporting and checking a store take it along.
 */
#ifndef STEELYARD_STORE_SNAPSHOTS_H
#define STEELYARD_STORE_SNAPSHOTS_H

#include "store/store.h"

struct snapshot {
	const char *hash;               /* of the text */
	const char *date;               /* that the prices are of */
	const char *file, *source;      /* name and SHA-256 of the map's file */
	int priced, free, unpriced;     /* models */
	int64_t at;                     /* when it was kept, and by whom */
	const char *actor;
};

/* Keeps `text`, once; of `x` all but hash, at and actor count.  *added: it was
 * not there before.  One transaction. */
bool snapshot_keep(struct store *s, const struct snapshot *x, const char *text,
                   bool *added, struct err *err);
/* The oldest date first, of one date the one kept last last.  Returns how many,
 * -1 on failure. */
int snapshot_list(struct store *s, struct snapshot **out, struct arena *a,
                  struct err *err);
bool snapshot_text(struct store *s, const char *hash, const char **text,
                   struct arena *a, struct err *err);

#endif
