#include "tui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"
#include "base/banned.h"

/* Codes of our own for what terminfo has no key for, above curses' range. */
enum { CODE_PASTE_BEGIN = 2000, CODE_PASTE_END };

#define PASTE_MAX 65536         /* bytes kept of one paste */

/* --- life cycle --- */

static char *capability(const char *name)
{
	char *s = tigetstr(name);

	return s == (char *)-1 ? NULL : s;
}

static void send_text(const char *s)
{
	size_t n = strlen(s);

	while (n) {
		ssize_t k = write(STDOUT_FILENO, s, n);

		if (k <= 0)
			return; /* a vanished terminal is found by polling */
		s += k;
		n -= (size_t)k;
	}
}

/* Multiplexers understand bracketed paste though their entries do not say. */
static bool has_paste(void)
{
	const char *name = getenv("TERM");

	return capability("BE") ||
	       (name && (strncmp(name, "tmux", 4) == 0 ||
	                 strncmp(name, "screen", 6) == 0));
}

static void set_paste(const struct terminal *t, bool on)
{
	if (t->paste)
		send_text(on ? "\033[?2004h" : "\033[?2004l");
}

/* ^S, ^Q and ^C are keys here; ^Z stays the kernel's. */
static void set_modes(void)
{
	struct termios io;

	cbreak();
	noecho();
	nonl();
	if (tcgetattr(STDIN_FILENO, &io) == 0) {
		io.c_iflag &= ~(tcflag_t)IXON;
		io.c_cc[VINTR] = _POSIX_VDISABLE;
		tcsetattr(STDIN_FILENO, TCSANOW, &io);
		def_prog_mode();
	}
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	set_escdelay(25);
}

/* What terminals send whatever their entry says: paste brackets, and cursor
 * keys in the form of the mode that they should not be in. */
static const struct { const char *text; int code; } sequences[] = {
	{ "\033[200~", CODE_PASTE_BEGIN }, { "\033[201~", CODE_PASTE_END },
	{ "\033[A", KEY_UP }, { "\033OA", KEY_UP },
	{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
	{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
	{ "\033[D", KEY_LEFT }, { "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
	{ "\033[F", KEY_END }, { "\033OF", KEY_END },
	{ "\033[Z", KEY_BTAB }, { "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
};

static void set_input(struct terminal *t, const struct tui_options *o)
{
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
		define_key(sequences[i].text, sequences[i].code);
	t->paste = has_paste();
	t->mouse = !o->no_mouse;
	if (t->mouse) {
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED |
		          BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
}

static bool color_wanted(const struct tui_options *o)
{
	const char *no = getenv("NO_COLOR");

	return !o->no_color && !(no && *no) && has_colors();
}

static void set_colors(struct terminal *t, const struct tui_options *o)
{
	bool own;

	t->colors = 0;
	if (!color_wanted(o) || start_color() == ERR)
		return;
	if (COLORS < 8 || COLOR_PAIRS <= ROLE_N)
		return;
	t->colors = COLORS >= 256 && !o->few_colors ? 256 : 8;
	own = use_default_colors() == OK;
	for (int r = 0; r < ROLE_N; r++) {
		const struct look *l = &role_look[r];
		short fg = t->colors == 256 ? l->fg256 : l->fg8;
		short bg = t->colors == 256 ? l->bg256 : l->bg8;

		if (fg < 0 && !own)
			fg = COLOR_WHITE;
		if (bg < 0 && !own)
			bg = COLOR_BLACK;
		init_pair((short)(r + 1), fg, bg);
	}
}

static bool usable(struct err *err)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool known = setupterm(NULL, STDOUT_FILENO, &status) == OK;
	bool places = known && capability("cup");

	if (known)              /* newterm() reads its own */
		del_curterm(cur_term);
	if (places)
		return true;
	return err_add(err, ERR_USAGE, "the terminal type '%s' cannot place "
	               "text on a screen; use `steelyard evaluate`",
	               name && *name ? name : "(none)");
}

bool terminal_open(struct terminal *t, const struct tui_options *o,
                   struct err *err)
{
	*t = (struct terminal){ .bytes = BUF_INIT, .pasted = BUF_INIT };
	setlocale(LC_CTYPE, "");
	if (!usable(err))
		return false;
	t->ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen)
		return err_add(err, ERR_USAGE, "the terminal cannot be used; "
		               "use `steelyard evaluate`");
	set_modes();
	set_input(t, o);
	set_colors(t, o);
	set_paste(t, true);
	t->open = true;
	return true;
}

void terminal_leave(struct terminal *t)
{
	if (!t->open)
		return;
	t->open = false;
	set_paste(t, false);
	endwin();
}

void terminal_return(struct terminal *t)
{
	t->open = true;
	reset_prog_mode();
	set_paste(t, true);
	terminal_redraw(t);
}

void terminal_close(struct terminal *t)
{
	terminal_leave(t);
	if (t->screen)
		delscreen(t->screen);
	buf_release(&t->bytes);
	buf_release(&t->pasted);
	t->screen = NULL;
}

/* --- drawing --- */

void terminal_size(const struct terminal *t, int *w, int *h)
{
	struct winsize ws;

	(void)t;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col &&
	    ws.ws_row) {
		*w = ws.ws_col;
		*h = ws.ws_row;
	} else {
		*w = COLS;
		*h = LINES;
	}
}

void terminal_resize(struct terminal *t, int w, int h)
{
	(void)t;
	resizeterm(h, w);
	clearok(stdscr, TRUE);
}

void terminal_redraw(struct terminal *t)
{
	(void)t;
	clearok(stdscr, TRUE);
}

static attr_t attributes(unsigned char look)
{
	return (look & LOOK_BOLD ? A_BOLD : 0) |
	       (look & LOOK_REVERSE ? A_REVERSE : 0) |
	       (look & LOOK_UNDERLINE ? A_UNDERLINE : 0);
}

static void put_cell(const struct terminal *t, int x, int y,
                     const struct cell *c)
{
	const struct look *l = &role_look[c->role];
	wchar_t text[3] = { (wchar_t)c->cp, (wchar_t)c->mark, 0 };
	short pair = t->colors ? (short)(c->role + 1) : 0;
	attr_t a = attributes(t->colors ? l->color : l->mono);
	cchar_t cc;

	if (t->ascii) {
		mvaddch(y, x, (chtype)c->cp | a | COLOR_PAIR(pair));
		return;
	}
	if (setcchar(&cc, text, a, pair, NULL) == OK)
		mvadd_wchnstr(y, x, &cc, 1);
}

void terminal_draw(struct terminal *t, const struct grid *g)
{
	if (!t->open)
		return;
	for (int y = 0; y < g->h && y < LINES; y++)
		for (int x = 0; x < g->w && x < COLS; x++) {
			const struct cell *c = &g->cell[y * g->w + x];

			if (c->cp)      /* not the right half of a wide one */
				put_cell(t, x, y, c);
		}
	if (g->cursor_x >= 0 && g->cursor_y >= 0)
		move(g->cursor_y, g->cursor_x);
	refresh();
}

/* --- input --- */

static const struct { int code; uint32_t key; } codes[] = {
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT },
	{ KEY_RIGHT, K_RIGHT }, { KEY_HOME, K_HOME }, { KEY_END, K_END },
	{ KEY_PPAGE, K_PGUP }, { KEY_NPAGE, K_PGDN }, { KEY_DC, K_DELETE },
	{ KEY_BACKSPACE, K_BACKSPACE }, { KEY_BTAB, K_BTAB },
	{ KEY_ENTER, K_ENTER }, { KEY_A1, K_HOME }, { KEY_C1, K_END },
	{ KEY_A3, K_PGUP }, { KEY_C3, K_PGDN }, { '\n', K_ENTER },
	{ '\b', K_BACKSPACE },
};

static bool take_mouse(struct event *ev)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return false;
	*ev = (struct event){ .kind = EV_CLICK, .x = m.x, .y = m.y };
	if (m.bstate & BUTTON4_PRESSED)
		*ev = (struct event){ .kind = EV_WHEEL, .y = -1 };
	else if (m.bstate & BUTTON5_PRESSED)
		*ev = (struct event){ .kind = EV_WHEEL, .y = 1 };
	else if (!(m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)))
		return false;
	return true;
}

static bool take_code(int code, struct event *ev)
{
	*ev = (struct event){ .kind = EV_KEY };
	if (code == KEY_MOUSE)
		return take_mouse(ev);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].code == code) {
			ev->key = codes[i].key;
			return true;
		}
	if (code >= KEY_F(1) && code <= KEY_F(12)) {
		ev->key = K_F1 + (uint32_t)(code - KEY_F(1));
		return true;
	}
	return false;
}

/* Curses hands out bytes; characters are put together here, so that typing
 * works whatever the locale calls them. */
static bool take_byte(struct terminal *t, int byte, struct event *ev)
{
	uint32_t cp;
	size_t n;

	buf_addc(&t->bytes, (char)byte);
	n = utf8_decode(t->bytes.s, t->bytes.len, &cp);
	if (cp == 0xfffd && t->bytes.len < 4 && (byte & 0x80))
		return false;           /* perhaps more to come */
	buf_clear(&t->bytes);
	*ev = (struct event){ .kind = EV_KEY, .key = cp };
	return n > 0 && cp != 0xfffd;
}

static enum term_input paste_code(struct terminal *t, int code,
                                  struct event *ev)
{
	if (code == CODE_PASTE_END) {
		t->pasting = false;
		*ev = (struct event){ .kind = EV_PASTE, .text = t->pasted.s };
		return TERM_EVENT;
	}
	if (code < 256 && code > 0 && t->pasted.len < PASTE_MAX)
		buf_addc(&t->pasted, (char)(code == '\r' ? '\n' : code));
	return TERM_PART;
}

enum term_input terminal_event(struct terminal *t, struct event *ev)
{
	int code = getch();

	if (code == ERR)
		return TERM_NOTHING;
	if (t->pasting)
		return paste_code(t, code, ev);
	if (code == CODE_PASTE_BEGIN) {
		t->pasting = true;
		buf_clear(&t->pasted);
		return TERM_PART;
	}
	if (code >= 256 || code == '\n' || code == '\b')
		return take_code(code, ev) ? TERM_EVENT : TERM_PART;
	return take_byte(t, code, ev) ? TERM_EVENT : TERM_PART;
}
