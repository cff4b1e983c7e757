#include "base/num.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clocale.h"
#include "base/banned.h"

/* Longer than any number a person writes; what is copied for strtod. */
#define NUM_MAX 320

static const struct scale {
	char letter;
	int exponent;
} scales[] = {
	{ 'k', 3 }, { 'M', 6 }, { 'G', 9 }, { 'T', 12 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(unsigned char)c >= 0x80;
}

static size_t skip_digits(const char *s, size_t i)
{
	while (is_digit(s[i]))
		i++;
	return i;
}

/* The exponent of the scale letter at s, 0 when it is none: `k` in `120k`,
 * but not in `3 kreq`, `5kB` or `1k2`. */
static int scale_at(const char *s)
{
	if (is_letter(s[0]) && (is_letter(s[1]) || is_digit(s[1])))
		return 0;
	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
		if (*s == scales[i].letter)
			return scales[i].exponent;
	return 0;
}

/* `e` with digits is an exponent; without them it starts a name. */
static size_t exponent_end(const char *s, size_t i)
{
	size_t k = i + 1;

	if (s[i] != 'e' && s[i] != 'E')
		return i;
	if (s[k] == '+' || s[k] == '-')
		k++;
	return is_digit(s[k]) ? skip_digits(s, k) : i;
}

/* The mantissa from i on; sets *end, or says what is wrong. */
static const char *mantissa_end(const char *s, size_t i, size_t *end)
{
	size_t k = skip_digits(s, i);

	if (k == i)
		return s[i] == '.' && is_digit(s[i + 1])
			? "needs a digit before the point" : "is not a number";
	if (s[i] == '0' && k > i + 1)
		return "starts with a needless zero";
	if (s[i] == '0' && k == i + 1 && strchr("xXoObB", s[k]) && s[k] &&
	    (is_digit(s[k + 1]) || is_letter(s[k + 1])))
		return "is not a decimal number";
	if (s[k] == '.') {
		if (!is_digit(s[k + 1]))
			return "needs a digit after the point";
		k = skip_digits(s, k + 1);
	}
	if (s[k] == '_')
		return "holds an underscore";
	*end = k;
	return NULL;
}

/* The scale goes into the exponent, so that 1.1M is the double next to
 * 1100000 and not a product rounded twice. */
static const char *convert(const char *s, size_t mantissa, int exponent,
                           double *value)
{
	locale_t before = clocale_enter();
	char text[NUM_MAX + 16];
	double v;

	memcpy(text, s, mantissa);
	snprintf(text + mantissa, 16, "e%d", exponent);
	v = strtod(text, NULL);
	clocale_leave(before);
	if (!isfinite(v))
		return "is too large";
	if (v == 0 && strcspn(text, "123456789") < mantissa)
		return "is too small";
	*value = v;
	return NULL;
}

/* Beyond these no double exists, whatever the mantissa within NUM_MAX. */
static int clamp_exponent(long e)
{
	if (e > 100000)
		return 100000;
	return e < -100000 ? -100000 : (int)e;
}

const char *num_scan(const char *s, double *value, size_t *len)
{
	size_t start = s[0] == '+' || s[0] == '-', mantissa, end;
	const char *wrong = mantissa_end(s, start, &mantissa);
	long exponent = 0;
	int scale;

	if (wrong)
		return wrong;
	if (mantissa > NUM_MAX)
		return "has too many digits";
	end = exponent_end(s, mantissa);
	if (end > mantissa)
		exponent = strtol(s + mantissa + 1, NULL, 10);
	scale = scale_at(s + end);
	wrong = convert(s, mantissa, clamp_exponent(exponent) + scale, value);
	if (!wrong)
		*len = end + (scale != 0);
	return wrong;
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

bool num_parse(const char *s, double *value)
{
	double v;
	size_t len;

	s = skip_blanks(s);
	if (num_scan(s, &v, &len) || *skip_blanks(s + len))
		return false;
	*value = v;
	return true;
}

/* Beyond 2^53 a double no longer tells neighbours apart: plain digits go
 * through strtoll, `64k` and `1e6` through num_parse. */
static bool parse_integral(const char *s, long long *v)
{
	double d;

	if (!num_parse(s, &d) || d != floor(d) || fabs(d) > 0x1p53)
		return false;
	*v = (long long)d;
	return true;
}

bool num_parse_int(const char *s, long long min, long long max, long long *v)
{
	const char *digits = skip_blanks(s);
	long long n;
	char *end;

	if (*digits == '-' || *digits == '+')
		digits++;
	if (!is_digit(*digits))
		return false;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (*skip_blanks(end) && !parse_integral(s, &n))
		return false;
	if (errno == ERANGE || n < min || n > max)
		return false;
	*v = n;
	return true;
}

void num_exact(struct buf *b, double v)
{
	locale_t before;
	char text[40];
	int digits = 1;

	if (!isfinite(v)) {
		buf_addc(b, '?');
		return;
	}
	before = clocale_enter();
	do
		snprintf(text, sizeof text, "%.*g", digits, v == 0 ? 0.0 : v);
	while (strtod(text, NULL) != v && ++digits <= 17);
	clocale_leave(before);
	buf_add(b, text);
}

void num_plain(struct buf *b, double v)
{
	if (v == floor(v) && fabs(v) < 1e15)
		buf_addf(b, "%.0f", v == 0 ? 0 : v);
	else
		num_exact(b, v);
}

/* A decimal text without the zeros that say nothing: 0.500 is 0.5. */
static void strip_zeros(char *text)
{
	size_t n = strlen(text);

	if (!strchr(text, '.'))
		return;
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	text[n] = '\0';
}

/* v, whose power of ten is `power`, with `digits` significant digits but
 * never a whole digit less. */
static void add_plain(struct buf *b, double v, int digits, int power)
{
	int after = digits - 1 - power;
	char text[64];

	snprintf(text, sizeof text, "%.*f", after > 0 ? after : 0, v);
	strip_zeros(text);
	buf_add(b, text);
}

/* 3.10e-07 -> 3.1e-07 */
static void add_exponent(struct buf *b, const char *rounded)
{
	const char *e = strchr(rounded, 'e');
	char mantissa[40];

	snprintf(mantissa, sizeof mantissa, "%.*s", (int)(e - rounded),
	         rounded);
	strip_zeros(mantissa);
	buf_addf(b, "%s%s", mantissa, e);
}

/* Below this power of ten, and from that one on, people read exponents. */
#define LEAST_PLAIN (-4)
#define LEAST_SCALED 4
#define LEAST_BEYOND 15

/* The rounding comes first: 999 960 is 1M and 9 999.9 is 10k. */
static void add_human(struct buf *b, double v, int digits)
{
	char rounded[40];
	int power;

	if (fabs(v) >= 1000 && fabs(v) < 10000 && digits < 4)
		digits = 4;
	snprintf(rounded, sizeof rounded, "%.*e", digits - 1, v);
	power = (int)strtol(strchr(rounded, 'e') + 1, NULL, 10);
	if (power < LEAST_PLAIN || power >= LEAST_BEYOND) {
		add_exponent(b, rounded);
	} else if (power >= LEAST_SCALED) {
		const struct scale *s = &scales[power / 3 - 1];

		add_plain(b, v / pow(10, s->exponent), digits,
		          power - s->exponent);
		buf_addc(b, s->letter);
	} else {
		add_plain(b, v, digits, power);
	}
}

void num_human(struct buf *b, double v, int digits)
{
	locale_t before;

	if (!isfinite(v)) {
		buf_addc(b, '?');
		return;
	}
	if (v == 0) {
		buf_addc(b, '0');
		return;
	}
	if (digits < 1)
		digits = 1;
	if (digits > 17)
		digits = 17;
	before = clocale_enter();
	add_human(b, v, digits);
	clocale_leave(before);
}

/* 16987 -> 16 987; four digits stay together. */
static void add_grouped(struct buf *b, double whole)
{
	char text[24];
	size_t n;

	snprintf(text, sizeof text, "%.0f", fabs(whole));
	n = strlen(text);
	if (whole < 0)
		buf_addc(b, '-');
	for (size_t i = 0; i < n; i++) {
		if (n > 4 && i && (n - i) % 3 == 0)
			buf_addc(b, ' ');
		buf_addc(b, text[i]);
	}
}

void num_money(struct buf *b, double v)
{
	double size = fabs(v);

	if (!isfinite(v) || size < 0.995 || round(size) >= 1e6)
		num_human(b, v, 3);
	else if (size < 99.995)
		buf_addf(b, "%.2f", v);
	else
		add_grouped(b, round(v));
}

void num_prob(struct buf *b, double p)
{
	const double rounding = 1e-9;   /* a sum of shares may miss 1 by ulps */

	if (!isfinite(p) || p < -rounding || p > 1 + rounding)
		buf_addc(b, '?');
	else if (p <= 0)
		buf_addc(b, '0');
	else if (p >= 1)
		buf_addc(b, '1');
	else if (p < 0.01)
		buf_add(b, "<0.01");
	else if (p > 0.99)
		buf_add(b, ">0.99");
	else
		buf_addf(b, "%.2f", p);
}
