#include "base/utf8.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8width.h"
#include "base/banned.h"

#define REPLACEMENT 0xfffd

/* What a lead byte says: length of the sequence, its own bits, and the least
 * value that needs that length (a shorter one is an attack, not a text). */
static const struct lead {
	unsigned char mask, value, bits;
	unsigned char length;
	uint32_t least;
} leads[] = {
	{ 0x80, 0x00, 0x7f, 1, 0 },
	{ 0xe0, 0xc0, 0x1f, 2, 0x80 },
	{ 0xf0, 0xe0, 0x0f, 3, 0x800 },
	{ 0xf8, 0xf0, 0x07, 4, 0x10000 },
};

static const struct lead *lead_of(unsigned char c)
{
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
		if ((c & leads[i].mask) == leads[i].value)
			return &leads[i];
	return NULL;
}

/* Returns 0 where the bytes are no character. */
static size_t decode(const unsigned char *s, size_t n, uint32_t *cp)
{
	const struct lead *lead = n ? lead_of(s[0]) : NULL;
	uint32_t c;

	if (!lead || lead->length > n)
		return 0;
	c = s[0] & lead->bits;
	for (size_t i = 1; i < lead->length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < lead->least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return lead->length;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *cp)
{
	size_t used = decode((const unsigned char *)s, n, cp);

	if (used)
		return used;
	*cp = REPLACEMENT;
	return 1;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return utf8_encode(REPLACEMENT, out);
	for (size_t i = n - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(leads[n - 1].value | cp);
	return n;
}

bool utf8_valid(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t cp;
	size_t used;

	for (; n; n -= used, p += used) {
		used = decode(p, n, &cp);
		if (!used)
			return false;
	}
	return true;
}

static bool in_table(const struct range *table, size_t n, uint32_t cp)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (cp > table[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && cp >= table[low].first;
}

#define IN(table, cp) in_table(table, sizeof(table) / sizeof *(table), cp)

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

int utf8_cp_width(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (is_control(cp) || IN(zero_width, cp))
		return 0;
	return IN(wide, cp) ? 2 : 1;
}

int utf8_width(const char *s)
{
	size_t n = strlen(s), used;
	int width = 0;
	uint32_t cp;

	for (; n; n -= used, s += used) {
		used = utf8_decode(s, n, &cp);
		width += utf8_cp_width(cp);
	}
	return width;
}

/* Characters that order, hide or break text without showing themselves:
 * bidirectional controls, zero-width blanks, line and paragraph separators,
 * interlinear marks, noncharacters, tags. */
static const struct range hidden[] = {
	{ 0x061c, 0x061c }, { 0x180e, 0x180e }, { 0x200b, 0x200b },
	{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x2064 },
	{ 0x2066, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0xfffe, 0xffff },
	{ 0xe0000, 0xe007f },
};

bool utf8_is_hidden(uint32_t cp)
{
	return IN(hidden, cp);
}

#define MARKS_A_CELL 3

/* State between characters: how many marks the current cell carries, -1 while
 * there is no cell yet that one could sit on. */
static void safe_cp(struct buf *b, const char *s, size_t used, uint32_t cp,
                    int *marks)
{
	if (is_control(cp)) {
		buf_addf(b, "\\x%02x", (unsigned)cp);
		*marks = 0;
	} else if (utf8_is_hidden(cp) || (*marks < 0 && !utf8_cp_width(cp))) {
		buf_addf(b, cp > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)cp);
		*marks = 0;
	} else if (utf8_cp_width(cp)) {
		buf_addn(b, s, used);
		*marks = 0;
	} else if (++*marks <= MARKS_A_CELL) {
		buf_addn(b, s, used);
	} else if (*marks == MARKS_A_CELL + 1) {
		buf_add(b, "\xef\xbf\xbd");     /* one U+FFFD for the rest */
	}
}

void utf8_safe(struct buf *b, const char *s, bool keep_newlines)
{
	size_t n = strlen(s), used;
	int marks = -1;
	uint32_t cp;

	for (; n; n -= used, s += used) {
		used = decode((const unsigned char *)s, n, &cp);
		if (*s == '\n' || *s == '\t') {
			buf_addc(b, keep_newlines ? *s : ' ');
			marks = -1;
		} else if (used) {
			safe_cp(b, s, used, cp, &marks);
		} else {
			buf_addf(b, "\\x%02x", (unsigned char)*s);
			marks = 0;
			used = 1;
		}
	}
}

/* The bytes of s that fill at most `width` columns, with the marks that sit
 * on the last cell; *filled says how many columns that are. */
static size_t prefix(const char *s, int width, int *filled)
{
	size_t n = strlen(s), at = 0, used;
	uint32_t cp;

	*filled = 0;
	for (; at < n; at += used) {
		int w;

		used = utf8_decode(s + at, n - at, &cp);
		w = utf8_cp_width(cp);
		if (*filled + w > width)
			break;
		*filled += w;
	}
	return at;
}

void utf8_cut(struct buf *b, const char *s, int width, bool ascii)
{
	size_t fits;
	int filled;

	if (width <= 0)
		return;
	fits = prefix(s, width, &filled);
	if (!s[fits]) {
		buf_add(b, s);
		return;
	}
	fits = prefix(s, width - 1, &filled);
	buf_addn(b, s, fits);
	buf_pad(b, ' ', width - 1 - filled);    /* half of a wide character */
	buf_add(b, ascii ? "~" : "\xe2\x80\xa6");
}
