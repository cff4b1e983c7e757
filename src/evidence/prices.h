/*
 * A price map of one day, and several of them over time.
 * Private to prices.c (reading, judging, telling) and snapshots.c (keeping,
 * comparing).
 */
#ifndef STEELYARD_EVIDENCE_PRICES_H
#define STEELYARD_EVIDENCE_PRICES_H

#include "evidence/import.h"

#define PRICE_FIELDS 18
/* Names in the map, and ours; the first two are input and output. */
struct price_field { const char *json, *name; };
extern const struct price_field price_fields[PRICE_FIELDS];

enum price_state { PRICED, FREE, UNPRICED };
extern const char *const price_states[];        /* "priced" ... */

struct quote {
	const char *id, *mode, *provider, *retires;
	const char *reason;             /* it is unpriced */
	const char *doubt, *dropped;    /* worth a look; prices left out */
	enum price_state state;
	bool asked;                     /* for by --model */
	double price[PRICE_FIELDS];     /* USD/Mtoken; NAN: none */
};

struct price_sheet {
	struct import *m;               /* whose arena holds the texts */
	const char *date, *file;
	char digest[DIGEST_HEX];        /* of the map it was read from */
	int n;
	struct quote *quote;            /* malloc */
	int negative, unreadable;       /* prices that were dropped */
};

void sheet_write(struct price_sheet *s);        /* m->document */
void sheet_states(struct price_sheet *s);       /* the fact "states" */

/* The sheet as it is kept, and back. */
void sheet_keep(const struct price_sheet *s, struct price_text *out);
bool sheet_read(struct price_sheet *s, const struct price_text *t,
                struct err *err);
/* What became of each model: the facts "differences" and "changes". */
void sheet_differences(struct price_sheet *old, struct price_sheet *now);
/* How fast the same models' prices fell, of n sheets by date. */
void sheet_drift(struct import *m, struct price_sheet *s, int n);

#endif
