/*
 * Private to src/dist: the scanner under the value texts.  A place is an
 * offset into the text; findings turn it into a column.
 */
#ifndef STEELYARD_DIST_PARSE_H
#define STEELYARD_DIST_PARSE_H

#include <stddef.h>

#include "dist/dist.h"

struct parser {
	struct arena *arena;
	struct units *units;
	const char *text;
	size_t at;                      /* what is read next */
	int depth;
	bool bare;                      /* no bracket is open: 60,000 is one
	                                   number */
	const struct unit *own;         /* the parameter's unit, and as its */
	const char *own_text;           /* author wrote it; or NULL */
	const char *period;             /* "/year", once a bare % was a rate */
	const double *bounds;
	struct pos pos;
	struct err *err;
};

/* The unit that holds for numbers without one of their own. */
struct scope {
	struct unit unit;
	bool typed;             /* it stands in the text behind a bracket */
};

/* A piece of the text; n = 0 is "not there". */
struct span {
	size_t at, n;
};

bool parse_fail(struct parser *p, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void parse_spaces(struct parser *p);
char parse_peek(struct parser *p);              /* after spaces */
bool parse_take(struct parser *p, char c);      /* c, or nothing */
bool parse_expect(struct parser *p, char c, const char *where);
/* A number, its digits in groups of three where it is written so: `60 000`,
 * and `60,000` where no argument can begin at a comma. */
bool parse_number(struct parser *p, double *value);
/* How many bytes of `s` are such a number up to its last group; 0: none. */
size_t parse_groups(const char *s, bool commas);
/* What stands up to the next `,` `:` `)`, the word `to` or the end. */
struct span parse_unit_span(struct parser *p);
bool parse_unit(struct parser *p, struct span s, const struct unit *want,
                struct unit *out);
/* A number with or without a unit, in base units. */
bool parse_quantity(struct parser *p, const struct scope *s, double *value);
/* A number without a unit; `5 %` is 0.05. */
bool parse_plain(struct parser *p, double *value);
/* Is the word `to` next? */
bool parse_to(struct parser *p);

/* A whole value: number, range or family(...).  NULL after a finding. */
struct dist *parse_value(struct parser *p, const struct scope *s);

/* The families with a fixed number of arguments (family.c); p->at stands
 * behind the opening bracket.  `at` is where the name stands. */
struct dist *parse_family(struct parser *p, enum dist_kind kind, size_t at,
                          const struct scope *s);

#endif
