/*
 * A grid of character cells: a glyph and a style role each.  Views and charts
 * draw here; src/tui copies the grid to curses, tests print it as two planes.
 * Every drawing primitive clips to the rectangle it is given, so that no
 * caller can overwrite a border.
 */
#ifndef STEELYARD_CELLS_CELLS_H
#define STEELYARD_CELLS_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

/* Roles, not colours.  X(NAME, letter) - the letter is the role plane of the
 * goldens; src/tui maps roles to mono, 8 and 256 colours. */
#define CELL_ROLES(X) \
	X(TEXT, '.') X(DIM, 'd') X(TITLE, 't') X(BORDER, 'b') X(FOCUS, 'F') \
	X(FIELD, 'f') X(ERROR, 'E') X(WARN, 'W') X(STALE, 's') X(KEY, 'k') \
	X(KEYTEXT, 'K') X(BEST, 'B') X(FIRM, '1') X(LEAN, '2') X(TOSS, '3') \
	X(SERIES_A, 'a') X(SERIES_B, 'h') X(SERIES_C, 'c') X(SERIES_D, 'e') \
	X(SERIES_E, 'g') X(SERIES_F, 'i') X(BAND, 'n') X(MARK, 'm') \
	X(HERE, 'y') X(AXIS, 'x') X(UP, 'u') X(DOWN, 'o')
enum role {
#define X(name, letter) ROLE_##name,
	CELL_ROLES(X)
#undef X
	ROLE_N
};

struct cell {
	uint32_t cp;            /* 0: right half of a wide character */
	uint32_t mark;          /* one combining mark on it; 0: none */
	unsigned char role;
};

struct grid {
	int w, h;
	struct cell *cell;      /* w * h, row by row */
	bool ascii;             /* glyph set for everything drawn */
	int cursor_x, cursor_y; /* where the hardware cursor is parked; -1 */
};

struct rect { int x, y, w, h; };

void grid_init(struct grid *g, int w, int h, bool ascii);
void grid_release(struct grid *g);
void grid_resize(struct grid *g, int w, int h);         /* clears */
void grid_clear(struct grid *g);

/* Glyphs by meaning; two columns of one table, UTF-8 and ASCII. */
enum glyph {
	GLYPH_H, GLYPH_V, GLYPH_TL, GLYPH_TR, GLYPH_BL, GLYPH_BR, GLYPH_TICK_Y,
	GLYPH_TICK_X, GLYPH_POINTER, GLYPH_MARK, GLYPH_HERE, GLYPH_MARK_LINE,
	GLYPH_HERE_LINE, GLYPH_BAND, GLYPH_FULL, GLYPH_SHADE, GLYPH_LIGHT,
	GLYPH_ELLIPSIS, GLYPH_PLUSMINUS, GLYPH_DOT, GLYPH_ZERO_LINE,
	GLYPH_INTERVAL, GLYPH_POINT, GLYPH_MARK_LEFT, GLYPH_AXIS_BAND, GLYPH_N
};
uint32_t glyph_get(const struct grid *g, enum glyph id);

void grid_put(struct grid *g, struct rect clip, int x, int y, uint32_t cp,
              enum role role);
/* Text made harmless and cut at the clip's right edge with an ellipsis;
 * returns the columns used. */
int grid_text(struct grid *g, struct rect clip, int x, int y, enum role role,
              const char *s);
int grid_textf(struct grid *g, struct rect clip, int x, int y, enum role role,
               const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void grid_fill(struct grid *g, struct rect r, uint32_t cp, enum role role);
void grid_role(struct grid *g, struct rect r, enum role role);  /* recolour */
/* Words of `s` over as many rows as `r` has, the last one cut; returns the
 * rows used. */
int grid_wrap(struct grid *g, struct rect r, enum role role, const char *s);
/* A frame with a title in its top edge and a note in its bottom edge (either
 * may be NULL); returns the rectangle inside. */
struct rect grid_frame(struct grid *g, struct rect r, const char *title,
                       const char *note, bool focused);

/* Braille canvas: 2x4 dots a cell, in the ASCII set one letter a cell. */
void grid_dots(struct grid *g, struct rect clip, const double *x,
               const double *y, int n, double x0, double x1, double y0,
               double y1, enum role role, char ascii_letter);
/* A bar from the left in eighths of a cell (ASCII: whole '#'). */
void grid_bar(struct grid *g, struct rect clip, int x, int y, double cells,
              enum role role, bool shaded);

/* Rectangles: cut off the first or last rows or columns of `*r` and return
 * them; never more than there are. */
struct rect rect_top(struct rect *r, int rows);
struct rect rect_bottom(struct rect *r, int rows);
struct rect rect_left(struct rect *r, int cols);

/* The two planes as text, one line a row, trailing blanks cut. */
void grid_print(const struct grid *g, struct buf *glyphs, struct buf *roles);
/* The grid as a picture of itself: SVG with shapes for blocks, lines and
 * braille (no font has all of them) and monospace text for the rest. */
void grid_svg(const struct grid *g, struct buf *out);

/* How a role looks.  A colour is -1 (the terminal's own) or an index of the
 * 8-colour and of the 256-colour palette.  Every look without colour keeps
 * what it says: attributes differ only where a word or glyph differs too. */
enum { LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4 };
struct look {
	unsigned char mono, color;      /* attributes without and with colour */
	short fg8, bg8, fg256, bg256;
};
extern const struct look role_look[ROLE_N];
extern const char role_letter[ROLE_N];

#endif
