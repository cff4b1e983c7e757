/*
 * Dimension algebra.  Texts such as `USD/Mtoken`, `kreq/min`, `USD/year/FTE`
 * are parsed by udunits2 over our own unit file (models/units.xml), which
 * declares the base units; a unit is then a vector of powers of the base
 * units and a scale.  All numbers inside the engine are in base units
 * (seconds, USD, tokens ...); what people type and read is converted at the
 * border with `scale`.
 *
 * Powers are kept in halves, so that sqrt has a unit.
 */
#ifndef STEELYARD_UNITS_UNITS_H
#define STEELYARD_UNITS_UNITS_H

#include <math.h>
#include <stdbool.h>

#include "base/err.h"

struct buf;
struct units;                           /* the loaded unit file */

#define UNIT_DIMS 24

struct unit {
	signed char half[UNIT_DIMS];    /* twice the power of each base unit */
	double scale;                   /* one of this unit in base units */
};

/* Loads the unit file. NULL with ERR_INPUT/ERR_IO. Free with units_free. */
struct units *units_open(const char *path, struct err *err);
void units_free(struct units *u);

/* The number 1: no dimensions, scale 1. */
struct unit unit_one(void);

/* Parses `text` ("1", "%", "point", "USD/Mtoken", "request/s/GPU",
 * "USD/(h*GPU)", "s^2").  Between two units stands '*' or '/', and no number
 * but 1 anywhere: `USD/1000 request` would be (USD/1000)*request.  A prefix
 * that makes no sense (`mtoken`, `Mday`) is refused with what was meant, and so
 * are offsets, logarithms and time stamps.
 * Returns NULL when fine, else a phrase in a static or thread-local buffer
 * that says what is wrong and, where a near name exists, suggests it. */
const char *unit_parse(struct units *u, const char *text, struct unit *out);

bool unit_same(const struct unit *a, const struct unit *b);     /* dimensions */
bool unit_is_number(const struct unit *a);      /* no dimension left */
/* A number, or one counting unit to the power one: token, request, label,
 * item, person, GPU, replica ... (every base unit but the measures second,
 * USD, point, byte, joule). */
bool unit_is_count(const struct units *u, const struct unit *a);
bool unit_is_time(const struct units *u, const struct unit *a); /* second^1 */
bool unit_is_money(const struct units *u, const struct unit *a);/* USD^1 */
/* USD/s */
bool unit_is_money_rate(const struct units *u, const struct unit *a);

struct unit unit_mul(const struct unit *a, const struct unit *b);
struct unit unit_div(const struct unit *a, const struct unit *b);
/* a^(num/den); false when a power is no multiple of one half. */
bool unit_pow(const struct unit *a, int num, int den, struct unit *out);

/* A value in this unit as base units, and back.  A scale below one is applied
 * as a division by its whole inverse where it has one: 864000 request/day are
 * exactly 10 request/s, which matters where machines are counted. */
static inline double unit_whole_inverse(const struct unit *u)
{
	double inverse = 1 / u->scale, whole = floor(inverse + 0.5);

	return u->scale < 1 && fabs(inverse - whole) <= 1e-12 * inverse
		? whole : 0;
}

static inline double unit_to_base(const struct unit *u, double v)
{
	double whole = unit_whole_inverse(u);

	return whole > 0 ? v / whole : v * u->scale;
}

static inline double unit_from_base(const struct unit *u, double v)
{
	double whole = unit_whole_inverse(u);

	return whole > 0 ? v * whole : v / u->scale;
}

/* How dimensions read in a message when no author's text is at hand:
 * "USD/s", "token/request", "1".  Uses the symbols of the unit file. */
void unit_describe(const struct units *u, const struct unit *a,
                   struct buf *out);

#endif
