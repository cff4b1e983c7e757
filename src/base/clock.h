/*
 * The only door to the clock, so that runs can be repeated: SOURCE_DATE_EPOCH
 * (seconds, UTC) stands in for "now" when it is set.
 */
#ifndef STEELYARD_BASE_CLOCK_H
#define STEELYARD_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now(void);                        /* seconds since 1970, UTC */
uint64_t clock_monotonic_ns(void);              /* for progress only */
void clock_format(int64_t t, char out[21]);     /* 2026-11-24T08:30:00Z */
void clock_date(int64_t t, char out[11]);       /* 2026-11-24 */
bool clock_parse_date(const char *s, int64_t *t);   /* a real ISO date */
int64_t clock_days_between(int64_t from, int64_t to);

#endif
