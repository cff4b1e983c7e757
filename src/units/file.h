/*
 * For src/units only: the unit file and what is read from it beside udunits2,
 * which can parse units but not list them.
 */
#ifndef STEELYARD_UNITS_FILE_H
#define STEELYARD_UNITS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <udunits2.h>

#include "units/units.h"

struct units {
	ut_system *system;
	/* The base units in the order of the file. */
	int n;
	char *symbol[UNIT_DIMS];
	bool measure[UNIT_DIMS];        /* no count */
	int second, money, point;       /* their places, or -1 */
	/* Every word that the file declares, NULL-ended, for suggestions. */
	char **word;
	size_t words, word_room;
};

/* udunits2 keeps its scanner, its status and its maps for the whole process:
 * whoever calls it holds this lock. */
void units_lock(void);
void units_unlock(void);

/* Fills the list of words and, in order, the symbols of the base units from the
 * text of a unit file. */
bool units_scan(struct units *u, const char *xml, const char *path,
                struct err *err);

/* The unit that `word` (n bytes) names by itself, without a prefix; NULL when
 * it names none.  The caller frees it. */
ut_unit *units_lookup(const struct units *u, const char *word, size_t n);

/* The base unit's place, -1 when it is none of ours. */
int units_index(const struct units *u, const ut_unit *basic);

/* udunits2's unit as powers and scale; NULL when fine, else a phrase. */
const char *units_decompose(const struct units *u, const ut_unit *from,
                            struct unit *out);

#endif
