/* Numbers and times as logs write them. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/record.h"
#include "base/banned.h"

#define TIME_MOST 1e10                  /* seconds: beyond the year 2200 */

/* 123 and 0.00012 as strtod would have them, but ten times as fast: up to 15
 * digits and the power of ten are exact, so their quotient is rounded once. */
static bool short_number(const char *s, double *v)
{
	static const double power[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	const char *point = NULL;
	int64_t whole = 0;
	int n = 0;

	for (; n < 16 && ((*s >= '0' && *s <= '9') || (*s == '.' && !point));
	     s++)
		if (*s == '.')
			point = s;
		else if (n++ < 15)
			whole = 10 * whole + (*s - '0');
	if (*s || n == 0 || n > 15)
		return false;
	*v = (double)whole / power[point ? s - point - 1 : 0];
	return true;
}

bool number_parse(const char *s, double *v)
{
	char *end;

	if (short_number(s, v))
		return true;
	*v = strtod(s, &end);
	while (*end == ' ')
		end++;
	return end != s && *end == '\0' && isfinite(*v);
}

/* Days since 1970 of a civil date (Howard Hinnant's algorithm). */
static double days_from_civil(int y, int m, int d)
{
	int era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097.0 + doe - 719468;
}

/* n digits at *s. */
static bool digits(const char **s, int n, int *v)
{
	*v = 0;
	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return true;
}

static bool fits(int y, int m, int d)
{
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	int days = m == 2 ? 28 + leap : m == 4 || m == 6 || m == 9 || m == 11
		? 30 : 31;

	return y >= 1970 && y <= 2199 && m >= 1 && m <= 12 && d >= 1
		&& d <= days;
}

static double fraction(const char **s)
{
	int64_t f = 0, unit = 1;

	if (**s != '.' && **s != ',')
		return 0;
	for ((*s)++; **s >= '0' && **s <= '9'; (*s)++)
		if (unit < (int64_t)1e15) {
			f = f * 10 + (**s - '0');
			unit *= 10;
		}
	return (double)f / (double)unit;
}

/* Z, +02:00, -0800, or nothing. */
static bool zone(const char **s, double *offset, bool *zoned)
{
	int sign = **s == '+' ? 1 : **s == '-' ? -1 : 0, h, m = 0;

	*offset = 0;
	*zoned = sign || **s == 'Z' || **s == 'z';
	if (!*zoned)
		return true;
	(*s)++;
	if (!sign)
		return true;
	if (!digits(s, 2, &h))
		return false;
	if (**s == ':')
		(*s)++;
	if (**s && !digits(s, 2, &m))
		return false;
	*offset = sign * (h * 3600.0 + m * 60.0);
	return true;
}

/* A date, and hours with minutes where there are some. */
static bool to_minute(const char **s, double *t)
{
	int y, mo, d, h, mi;

	if (!digits(s, 4, &y) || *(*s)++ != '-' || !digits(s, 2, &mo)
	    || *(*s)++ != '-' || !digits(s, 2, &d) || !fits(y, mo, d))
		return false;
	*t = days_from_civil(y, mo, d) * 86400;
	if (**s == '\0')
		return true;
	if (**s != 'T' && **s != ' ' && **s != 't')
		return false;
	(*s)++;
	if (!digits(s, 2, &h) || *(*s)++ != ':' || !digits(s, 2, &mi) || h > 24
	    || mi > 59)
		return false;
	*t += h * 3600.0 + mi * 60.0;
	return true;
}

static bool iso(const char *s, struct times *as, double *t, bool *zoned)
{
	const char *begin = s;
	double offset;
	int sec;

	*zoned = false;
	if (*as->minute && strncmp(s, as->minute, MINUTE_TEXT) == 0) {
		s += MINUTE_TEXT;
		*t = as->t;
	} else if (!to_minute(&s, t)) {
		return false;
	} else if (s == begin + MINUTE_TEXT) {
		memcpy(as->minute, begin, MINUTE_TEXT);
		as->t = *t;
	}
	if (s == begin + 10)
		return true;
	if (*s == ':') {
		s++;
		if (!digits(&s, 2, &sec) || sec > 60)
			return false;
		*t += sec;
	}
	*t += fraction(&s);
	while (*s == ' ')
		s++;
	if (strcmp(s, "UTC") == 0) {
		*zoned = true;
		return true;
	}
	if (!zone(&s, &offset, zoned) || *s)
		return false;
	*t -= offset;
	return true;
}

/* 4/1/25 or 4/1/25 13:05: month, day, year, as spreadsheets in the US write it. */
static bool slashed(const char *s, double *t)
{
	char *end;
	long m = strtol(s, &end, 10), d, y, h = 0, mi = 0;

	if (*end != '/')
		return false;
	d = strtol(end + 1, &end, 10);
	if (*end != '/')
		return false;
	y = strtol(end + 1, &end, 10);
	if (*end == ' ')
		h = strtol(end + 1, &end, 10);
	if (*end == ':')
		mi = strtol(end + 1, &end, 10);
	if (*end || h < 0 || h > 24 || mi < 0 || mi > 59)
		return false;
	y += y < 100 ? 2000 : 0;
	if (!fits((int)y, (int)m, (int)d))
		return false;
	*t = days_from_civil((int)y, (int)m, (int)d) * 86400
		+ (double)(h * 3600 + mi * 60);
	return true;
}

double time_of_number(double v, const struct times *as)
{
	double a = fabs(v), t = as->millis ? v / 1000 : a > 1e17 ? v / 1e9
		: a > 1e14 ? v / 1e6 : a > 1e11 ? v / 1e3 : v;

	return fabs(t) < TIME_MOST ? t : NAN;
}

double time_parse(const char *s, struct times *as, bool *zoned)
{
	double t;

	*zoned = false;
	if (iso(s, as, &t, zoned) || slashed(s, &t))
		return t;
	*zoned = number_parse(s, &t);
	return *zoned ? time_of_number(t, as) : NAN;
}
