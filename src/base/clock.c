#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "base/banned.h"

#define DAY 86400
#define LAST_SECOND 253402300799        /* 9999-12-31T23:59:59Z */
#define FIRST_SECOND (-62135596800)     /* 0001-01-01T00:00:00Z */

int64_t clock_now(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	long long t;

	if (fixed && num_parse_int(fixed, 0, LAST_SECOND, &t))
		return t;
	return (int64_t)time(NULL);
}

uint64_t clock_monotonic_ns(void)
{
	struct timespec ts = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

struct civil {
	int year, month, day;
};

/*
 * Days since 1970 <-> the Gregorian calendar.  The year is taken to start in
 * March, so that the leap day is the last one and a month's first day is a
 * linear function of its number: H. Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms" (2013), with 719468 days from 0000-03-01 to 1970-01-01.
 */
static int64_t days_from_civil(struct civil c)
{
	int64_t y = c.month <= 2 ? c.year - 1 : c.year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5
		+ c.day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct civil civil_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
	};
}

static int64_t day_of(int64_t t)
{
	return t >= 0 ? t / DAY : -((-t + DAY - 1) / DAY);
}

/* Years of four digits only: the text has a fixed width. */
static int64_t clamp_time(int64_t t)
{
	if (t > LAST_SECOND)
		return LAST_SECOND;
	return t < FIRST_SECOND ? FIRST_SECOND : t;
}

/* `width` decimal digits of v at p, and what follows them. */
static char *put(char *p, int v, int width, char after)
{
	for (int i = width - 1; i >= 0; i--, v /= 10)
		p[i] = (char)('0' + v % 10);
	p[width] = after;
	return p + width + 1;
}

void clock_date(int64_t t, char out[11])
{
	struct civil c = civil_from_days(day_of(clamp_time(t)));
	char *p = put(out, c.year, 4, '-');

	p = put(p, c.month, 2, '-');
	put(p, c.day, 2, '\0');
}

void clock_format(int64_t t, char out[21])
{
	int64_t at = clamp_time(t);
	int s = (int)(at - day_of(at) * DAY);
	char *p;

	clock_date(at, out);
	out[10] = 'T';
	p = put(out + 11, s / 3600, 2, ':');
	p = put(p, s / 60 % 60, 2, ':');
	p = put(p, s % 60, 2, 'Z');
	*p = '\0';
}

static bool digits(const char *s, int n, int *v)
{
	*v = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*v = *v * 10 + (s[i] - '0');
	}
	return true;
}

bool clock_parse_date(const char *s, int64_t *t)
{
	struct civil c, back;
	int64_t days;

	if (strnlen(s, 11) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	if (!digits(s, 4, &c.year) || !digits(s + 5, 2, &c.month) ||
	    !digits(s + 8, 2, &c.day))
		return false;
	if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1)
		return false;
	days = days_from_civil(c);
	back = civil_from_days(days);   /* 31 April comes back as 1 May */
	if (back.day != c.day || back.month != c.month)
		return false;
	*t = days * DAY;
	return true;
}

int64_t clock_days_between(int64_t from, int64_t to)
{
	return day_of(to) - day_of(from);
}
