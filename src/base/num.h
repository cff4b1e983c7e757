/*
 * Numbers as people write and read them.  Always the C locale: a decimal
 * point, whatever LC_NUMERIC says.
 */
#ifndef STEELYARD_BASE_NUM_H
#define STEELYARD_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Reads a number at the start of `s`: sign, digits with optional fraction,
 * optional exponent, optional scale suffix k M G T (directly attached and not
 * followed by another letter: `120k`, `1.5M`, but `5 min` is 5 and a unit).
 * Sets *len to the bytes used.  Refuses hexadecimal, NaN, infinity, overflow
 * (`1e999`), `1_000`, `.5`, `5.` and `007`; underflow to zero is refused too.
 * Returns NULL when fine, else what is wrong, as a phrase
 * ("is too large", "is not a number"). */
const char *num_scan(const char *s, double *value, size_t *len);

/* The whole of `s` (spaces around allowed) must be one number. */
bool num_parse(const char *s, double *value);
/* The same for whole numbers from min to max: `64k` and `1e6` are fine. */
bool num_parse_int(const char *s, long long min, long long max, long long *v);

/* Shortest text that reads back as the same double (at most 17 digits). */
void num_exact(struct buf *b, double v);

/* The same, whole numbers below 10^15 without an exponent: 2400000. */
void num_plain(struct buf *b, double v);

/* For people: `digits` significant digits without idle zeros, with k M G T
 * (never B) from 10000 on and exponents beyond: 12.3k, 1.27M, 0.00031, 3.1e-07.
 * Whole digits below 10000 all show (9876 with 3 digits too).  Never "-0".
 * Non-finite values are a bug of the caller: prints "?". */
void num_human(struct buf *b, double v, int digits);

/* Money in USD for people, without the word: 0.0023, 12.50, 16 987, 1.27M; a
 * minus before the number. */
void num_money(struct buf *b, double v);

/* A probability as people read it: 0.93, >0.99, <0.01, 0, 1 (exact ends); "?"
 * for what is none. */
void num_prob(struct buf *b, double p);

#endif
