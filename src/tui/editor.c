#include "tui/editor.h"

#include <string.h>

#include "base/utf8.h"
#include "tui/event.h"
#include "base/banned.h"

void editor_init(struct editor *e, const char *text)
{
	*e = (struct editor){ .text = BUF_INIT };
	editor_insert(e, text);
}

void editor_release(struct editor *e)
{
	buf_release(&e->text);
	e->pos = 0;
}

static size_t char_at(const struct editor *e, size_t pos, uint32_t *cp)
{
	return utf8_decode(e->text.s + pos, e->text.len - pos, cp);
}

/* The border after the character at `pos`, with the marks that sit on it. */
static size_t next(const struct editor *e, size_t pos)
{
	uint32_t cp;

	if (pos >= e->text.len)
		return e->text.len;
	pos += char_at(e, pos, &cp);
	while (pos < e->text.len) {
		size_t n = char_at(e, pos, &cp);

		if (utf8_cp_width(cp) != 0)
			break;
		pos += n;
	}
	return pos;
}

static size_t before(const struct editor *e, size_t pos)
{
	size_t last = 0;

	for (size_t i = 0; i < pos; i = next(e, i))
		last = i;
	return last;
}

static size_t word_before(const struct editor *e, size_t pos)
{
	while (pos > 0 && e->text.s[pos - 1] == ' ')
		pos--;
	while (pos > 0 && e->text.s[pos - 1] != ' ')
		pos--;
	return pos;
}

static void cut(struct editor *e, size_t from, size_t to)
{
	struct buf b = BUF_INIT;

	buf_addn(&b, e->text.s, from);
	buf_add(&b, e->text.s + to);
	buf_release(&e->text);
	e->text = b;
	e->pos = from;
}

/* What may stand in a line: no control characters, no bytes that are no
 * character; a run of line breaks is one blank. */
static void add_clean(struct buf *b, const char *s)
{
	size_t n = strlen(s);
	uint32_t cp;

	while (n && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;            /* a copied line brings its end along */
	for (size_t i = 0, step; i < n; i += step) {
		step = utf8_decode(s + i, n - i, &cp);
		if (cp == '\n' || cp == '\t')
			buf_addc(b, ' ');
		else if (cp >= 32 && cp != 127 && !(cp >= 0x80 && cp < 0xa0) &&
		         cp != 0xfffd)
			buf_addn(b, s + i, step);
	}
}

bool editor_insert(struct editor *e, const char *text)
{
	struct buf b = BUF_INIT, clean = BUF_INIT;
	bool fits;

	add_clean(&clean, text);
	fits = e->text.len + clean.len <= EDITOR_MAX;
	if (fits) {
		buf_addn(&b, e->text.s, e->pos);
		buf_addn(&b, clean.s, clean.len);
		buf_add(&b, e->text.s + e->pos);
		buf_release(&e->text);
		e->text = b;
		e->pos += clean.len;
	}
	buf_release(&clean);
	return fits;
}

static void insert_char(struct editor *e, uint32_t cp)
{
	char s[5] = { 0 };

	s[utf8_encode(cp, s)] = '\0';
	editor_insert(e, s);
}

bool editor_key(struct editor *e, uint32_t key)
{
	switch (key) {
	case K_LEFT: e->pos = before(e, e->pos); break;
	case K_RIGHT: e->pos = next(e, e->pos); break;
	case K_HOME: case K_CTRL('A'): e->pos = 0; break;
	case K_END: case K_CTRL('E'): e->pos = e->text.len; break;
	case K_BACKSPACE: cut(e, before(e, e->pos), e->pos); break;
	case K_DELETE: case K_CTRL('D'):
		cut(e, e->pos, next(e, e->pos)); break;
	case K_CTRL('U'): cut(e, 0, e->pos); break;
	case K_CTRL('K'): cut(e, e->pos, e->text.len); break;
	case K_CTRL('W'): cut(e, word_before(e, e->pos), e->pos); break;
	default:
		if (key < 32 || key >= K_SPECIAL)
			return false;
		insert_char(e, key);
	}
	return true;
}

/* Columns of the text between two borders. */
static int columns(const struct editor *e, size_t from, size_t to)
{
	int w = 0;
	uint32_t cp;

	while (from < to) {
		from += char_at(e, from, &cp);
		w += utf8_cp_width(cp);
	}
	return w;
}

void editor_draw(const struct editor *e, struct grid *g, struct rect r)
{
	size_t from = 0;
	struct buf b = BUF_INIT;

	if (r.w < 1 || r.h < 1)
		return;
	while (columns(e, from, e->pos) >= r.w)
		from = next(e, from);
	grid_fill(g, r, ' ', ROLE_FIELD);
	buf_add(&b, e->text.s + from);
	grid_text(g, r, r.x, r.y, ROLE_FIELD, b.s);
	g->cursor_x = r.x + columns(e, from, e->pos);
	g->cursor_y = r.y;
	buf_release(&b);
}
