#include "units/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "units/file.h"

#include "base/banned.h"

/* Powers stay within one byte: no formula that means anything comes near. */
#define HALF_MAX 120

struct unit unit_one(void)
{
	return (struct unit){ .scale = 1 };
}

bool unit_same(const struct unit *a, const struct unit *b)
{
	return !memcmp(a->half, b->half, sizeof a->half);
}

bool unit_is_number(const struct unit *a)
{
	const struct unit one = unit_one();

	return unit_same(a, &one);
}

/* Whether a is base unit `base` and nothing else, times second^(seconds). */
static bool is_just(const struct units *u, const struct unit *a, int base,
                    int seconds)
{
	struct unit want = unit_one();

	want.half[u->second] = (signed char)(2 * seconds);
	want.half[base] = 2;
	return unit_same(a, &want);
}

bool unit_is_count(const struct units *u, const struct unit *a)
{
	if (unit_is_number(a))
		return true;
	for (int i = 0; i < u->n; i++)
		if (!u->measure[i] && is_just(u, a, i, 0))
			return true;
	return false;
}

bool unit_is_time(const struct units *u, const struct unit *a)
{
	return is_just(u, a, u->second, 1);
}

bool unit_is_money(const struct units *u, const struct unit *a)
{
	return is_just(u, a, u->money, 0);
}

bool unit_is_money_rate(const struct units *u, const struct unit *a)
{
	return is_just(u, a, u->money, -1);
}

static signed char clamp_half(int half)
{
	if (half > HALF_MAX)
		return HALF_MAX;
	return (signed char)(half < -HALF_MAX ? -HALF_MAX : half);
}

struct unit unit_mul(const struct unit *a, const struct unit *b)
{
	struct unit out = { .scale = a->scale * b->scale };

	for (int i = 0; i < UNIT_DIMS; i++)
		out.half[i] = clamp_half(a->half[i] + b->half[i]);
	return out;
}

struct unit unit_div(const struct unit *a, const struct unit *b)
{
	struct unit out = { .scale = a->scale / b->scale };

	for (int i = 0; i < UNIT_DIMS; i++)
		out.half[i] = clamp_half(a->half[i] - b->half[i]);
	return out;
}

bool unit_pow(const struct unit *a, int num, int den, struct unit *out)
{
	struct unit r = unit_one();

	if (!den)
		return false;
	for (int i = 0; i < UNIT_DIMS; i++) {
		long half = (long)a->half[i] * num;

		if (half % den || labs(half / den) > HALF_MAX)
			return false;
		r.half[i] = (signed char)(half / den);
	}
	r.scale = a->scale == 1 ? 1 : pow(a->scale, (double)num / den);
	if (!isnormal(r.scale))
		return false;
	*out = r;
	return true;
}

/* --- saying it --- */

/* symbol, symbol^2, symbol^(1/2) ... for |half|. */
static void add_factor(const char *symbol, int half, struct buf *out)
{
	buf_add(out, symbol);
	half = abs(half);
	if (half % 2)
		buf_addf(out, "^(%d/2)", half);
	else if (half != 2)
		buf_addf(out, "^%d", half / 2);
}

void unit_describe(const struct units *u, const struct unit *a,
                   struct buf *out)
{
	size_t start = out->len;

	for (int i = 0; i < u->n; i++) {
		if (a->half[i] <= 0)
			continue;
		if (out->len > start)
			buf_addc(out, '*');
		add_factor(u->symbol[i], a->half[i], out);
	}
	if (out->len == start)
		buf_addc(out, '1');
	for (int i = 0; i < u->n; i++) {
		if (a->half[i] >= 0)
			continue;
		buf_addc(out, '/');
		add_factor(u->symbol[i], a->half[i], out);
	}
}
