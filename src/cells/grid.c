#include "cells/cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/banned.h"

const char role_letter[ROLE_N] = {
#define X(name, letter) [ROLE_##name] = letter,
	CELL_ROLES(X)
#undef X
};

const struct look role_look[ROLE_N] = {
#define LOOK(name, mono, color, fg8, bg8, fg256, bg256) \
	[ROLE_##name] = { mono, color, fg8, bg8, fg256, bg256 },
#include "cells/roles.def"
#undef LOOK
};

static const struct { uint32_t utf8, ascii; } glyphs[GLYPH_N] = {
#define GLYPH(name, utf8, ascii) [GLYPH_##name] = { utf8, ascii },
#include "cells/glyphs.def"
#undef GLYPH
};

static const struct cell blank = { .cp = ' ', .role = ROLE_TEXT };

void grid_init(struct grid *g, int w, int h, bool ascii)
{
	*g = (struct grid){ .ascii = ascii };
	grid_resize(g, w, h);
}

void grid_release(struct grid *g)
{
	free(g->cell);
	*g = (struct grid){ .ascii = g->ascii };
}

void grid_resize(struct grid *g, int w, int h)
{
	g->w = w > 0 ? w : 0;
	g->h = h > 0 ? h : 0;
	g->cell = xrealloc(g->cell, (size_t)g->w * (size_t)g->h + 1,
	                   sizeof *g->cell);
	grid_clear(g);
}

void grid_clear(struct grid *g)
{
	for (int i = 0; i < g->w * g->h; i++)
		g->cell[i] = blank;
	g->cursor_x = g->cursor_y = -1;
}

uint32_t glyph_get(const struct grid *g, enum glyph id)
{
	return g->ascii ? glyphs[id].ascii : glyphs[id].utf8;
}

static bool inside(const struct grid *g, struct rect c, int x, int y)
{
	return x >= 0 && y >= 0 && x < g->w && y < g->h &&
	       x >= c.x && y >= c.y && x < c.x + c.w && y < c.y + c.h;
}

static struct cell *at(struct grid *g, int x, int y)
{
	return &g->cell[y * g->w + x];
}

/* Half of a wide character must not outlive the other half. */
static void split_wide(struct grid *g, int x, int y)
{
	struct cell *c = at(g, x, y);

	if (!c->cp && x > 0)
		at(g, x - 1, y)->cp = ' ';
	if (x + 1 < g->w && !c[1].cp)
		c[1].cp = ' ';
}

/* U+00C0..U+00FF without their marks; other signs by a short list. */
static uint32_t to_ascii(uint32_t cp)
{
	static const char latin[] =
		"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
		"aaaaaaaceeeeiiiidnooooo/ouuuuyty";
	static const struct { uint32_t from; char to; } sign[] = {
		{ 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' },
		{ 0x2013, '-' }, { 0x2014, '-' }, { 0x2212, '-' },
		{ 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' },
		{ 0x201d, '"' }, { 0x2026, '~' }, { 0x2192, '>' },
		{ 0x2190, '<' }, { 0x2264, '<' }, { 0x2265, '>' },
		{ 0x00b1, '~' }, { 0x00b7, '.' }, { 0x2022, '*' },
		{ 0x00a0, ' ' }, { 0x202f, ' ' },
	};

	if (cp < 0x7f)
		return cp;
	if (cp >= 0xc0 && cp <= 0xff)
		return (unsigned char)latin[cp - 0xc0];
	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
		if (sign[i].from == cp)
			return (unsigned char)sign[i].to;
	return '?';
}

/* Puts a character of `width` columns; both must be inside. */
static void put_wide(struct grid *g, struct rect clip, int x, int y,
                     uint32_t cp, int width, enum role role)
{
	for (int i = 0; i < width; i++)
		if (!inside(g, clip, x + i, y))
			return;
	for (int i = 0; i < width; i++) {
		split_wide(g, x + i, y);
		*at(g, x + i, y) = (struct cell){
			.cp = i ? 0 : cp, .role = (unsigned char)role };
	}
}

void grid_put(struct grid *g, struct rect clip, int x, int y, uint32_t cp,
              enum role role)
{
	int width;

	if (g->ascii)
		cp = to_ascii(cp);
	width = utf8_cp_width(cp);
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || width < 1) {
		cp = '?';       /* control and lone marks never reach a cell */
		width = 1;
	}
	put_wide(g, clip, x, y, cp, width, role);
}

/* Attaches a combining mark to the cell left of x, when that is drawn. */
static void put_mark(struct grid *g, struct rect clip, int x, int y,
                     uint32_t cp)
{
	if (g->ascii || !inside(g, clip, x - 1, y))
		return;
	if (!at(g, x - 1, y)->cp)
		x--;
	if (inside(g, clip, x - 1, y) && !at(g, x - 1, y)->mark)
		at(g, x - 1, y)->mark = cp;
}

static int put_string(struct grid *g, struct rect clip, int x, int y,
                      enum role role, const char *s, size_t n)
{
	int start = x;
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		int width;

		i += utf8_decode(s + i, n - i, &cp);
		width = utf8_cp_width(cp);
		if (width < 1) {
			put_mark(g, clip, x, y, cp);
			continue;
		}
		grid_put(g, clip, x, y, cp, role);
		x += g->ascii ? 1 : width;
	}
	return x - start;
}

/* Columns that the text will take in this grid. */
static int columns(const struct grid *g, const char *s, size_t n)
{
	int w = 0;
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		int width;

		i += utf8_decode(s + i, n - i, &cp);
		width = utf8_cp_width(cp);
		w += width < 1 ? 0 : g->ascii ? 1 : width;
	}
	return w;
}

int grid_text(struct grid *g, struct rect clip, int x, int y, enum role role,
              const char *s)
{
	struct buf safe = BUF_INIT, cut = BUF_INIT;
	int room = clip.x + clip.w - x, used = 0;

	if (room > g->w - x)
		room = g->w - x;
	if (room > 0 && s) {
		utf8_safe(&safe, s, false);
		if (columns(g, safe.s, safe.len) > room)
			utf8_cut(&cut, safe.s, room, g->ascii);
		else
			buf_addn(&cut, safe.s, safe.len);
		used = put_string(g, clip, x, y, role, cut.s, cut.len);
	}
	buf_release(&safe);
	buf_release(&cut);
	return used;
}

int grid_textf(struct grid *g, struct rect clip, int x, int y, enum role role,
               const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;
	int used;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	used = grid_text(g, clip, x, y, role, b.s);
	buf_release(&b);
	return used;
}

void grid_fill(struct grid *g, struct rect r, uint32_t cp, enum role role)
{
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			grid_put(g, r, x, y, cp, role);
}

void grid_role(struct grid *g, struct rect r, enum role role)
{
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			if (inside(g, r, x, y))
				at(g, x, y)->role = (unsigned char)role;
}

/* Bytes of `s` that fit in `room` columns, cut at a blank where possible. */
static size_t line_length(const struct grid *g, const char *s, int room)
{
	size_t n = strlen(s), i = 0, blank_at = 0;
	uint32_t cp;

	while (i < n) {
		size_t step = utf8_decode(s + i, n - i, &cp);

		if (columns(g, s, i + step) > room && s[i] != ' ')
			return blank_at ? blank_at : i ? i : step;
		if (s[i] == ' ')
			blank_at = i;
		i += step;
	}
	return n;
}

int grid_wrap(struct grid *g, struct rect r, enum role role, const char *s)
{
	struct buf safe = BUF_INIT;
	const char *p;
	int row = 0;

	utf8_safe(&safe, s, false);
	for (p = safe.s; *p && row < r.h && r.w > 0; row++) {
		size_t n = line_length(g, p, r.w);

		if (row + 1 == r.h)     /* the last row says what it cut */
			grid_text(g, r, r.x, r.y + row, role, p);
		else
			put_string(g, r, r.x, r.y + row, role, p, n);
		p += n;
		while (*p == ' ')
			p++;
	}
	buf_release(&safe);
	return row;
}

static void print_row(const struct grid *g, int y, struct buf *glyph,
                      struct buf *role)
{
	int end = g->w;
	const struct cell *c = &g->cell[y * g->w];

	while (end > 0 && c[end - 1].cp == ' ' && c[end - 1].role == ROLE_TEXT)
		end--;
	for (int x = 0; x < end; x++) {
		char out[4];

		buf_addc(role, role_letter[c[x].role]);
		if (!c[x].cp)
			continue;
		buf_addn(glyph, out, utf8_encode(c[x].cp, out));
		if (c[x].mark)
			buf_addn(glyph, out, utf8_encode(c[x].mark, out));
	}
}

/* Blanks are cut from the glyph plane on its own: a coloured blank at the end
 * of a row shows in the role plane. */
static void cut_blanks(struct buf *b, size_t from)
{
	while (b->len > from && b->s[b->len - 1] == ' ')
		b->s[--b->len] = '\0';
}

void grid_print(const struct grid *g, struct buf *glyph, struct buf *role)
{
	for (int y = 0; y < g->h; y++) {
		size_t from = glyph->len;

		print_row(g, y, glyph, role);
		cut_blanks(glyph, from);
		buf_addc(glyph, '\n');
		buf_addc(role, '\n');
	}
}
