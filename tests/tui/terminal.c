#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"

#define PATIENCE_MS 30000       /* a loaded machine under sanitizers */

static int on_property(VTermProp prop, VTermValue *v, void *user)
{
	struct pty *p = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		p->alt = v->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		p->cursor = v->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

char pty_scenario[4096];
const char *const pty_chatbot[] = { pty_scenario, NULL };

int pty_home(void **state)
{
	const char *source = getenv("SRCDIR");
	char *home = strdup("/tmp/steelyard-vt-XXXXXX");

	snprintf(pty_scenario, sizeof pty_scenario,
	         "%s/scenarios/support-chatbot-100k.yaml", source ? source
	                                                          : ".");
	*state = home;
	return mkdtemp(home) ? 0 : -1;
}

int pty_home_gone(void **state)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s", (char *)*state);
	free(*state);
	return system(command) ? -1 : 0;
}

static void child(const struct pty *p, const char *home,
                  const char *const *env, const char *const *args)
{
	const char *argv[16] = { getenv("STEELYARD") };
	const char *data = getenv("STEELYARD_DATA");
	char keep[4096] = "";
	int n = 1;

	if (data)
		snprintf(keep, sizeof keep, "%s", data);
	close(p->fd);
	login_tty(p->slave);
	clearenv();
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", home, 1);
	setenv("XDG_DATA_HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("OMP_WAIT_POLICY", "passive", 1);
	/* the console mouse of ncurses is a library that is loaded, leaks ten
	 * bytes and is unloaded: nothing can name it then */
	setenv("NCURSES_GPM_TERMS", "none", 1);
	if (*keep)
		setenv("STEELYARD_DATA", keep, 1);
	for (int i = 0; env && env[i]; i++) {
		char *pair = strdup(env[i]), *eq = strchr(pair, '=');

		*eq = '\0';
		if (eq[1])
			setenv(pair, eq + 1, 1);
		else
			unsetenv(pair);
	}
	for (int i = 0; args && args[i] && n < 15; i++)
		argv[n++] = args[i];
	execv(argv[0] ? argv[0] : "./steelyard",
	      (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void on_output(const char *s, size_t n, void *user)
{
	struct pty *p = user;
	ssize_t k = write(p->fd, s, n);

	(void)k;
}

void pty_start(struct pty *p, int w, int h, const char *home,
               const char *const *env, const char *const *args)
{
	struct winsize ws = { .ws_row = (unsigned short)h,
	                      .ws_col = (unsigned short)w };

	*p = (struct pty){ .cursor = true, .log = BUF_INIT };
	assert_int_equal(openpty(&p->fd, &p->slave, NULL, NULL, &ws), 0);
	assert_int_equal(tcgetattr(p->slave, &p->before), 0);
	p->vt = vterm_new(h, w);
	vterm_set_utf8(p->vt, 1);
	vterm_output_set_callback(p->vt, on_output, p);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_reset(p->screen, 1);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		child(p, home, env, args);
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
}

void pty_end(struct pty *p)
{
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->vt)
		vterm_free(p->vt);
	buf_release(&p->log);
	if (p->fd >= 0)
		close(p->fd);
	if (p->slave >= 0)
		close(p->slave);
}

void pty_send(struct pty *p, const char *bytes)
{
	size_t n = strlen(bytes);

	assert_int_equal(write(p->fd, bytes, n), (ssize_t)n);
}

void pty_resize(struct pty *p, int w, int h)
{
	struct winsize ws = { .ws_row = (unsigned short)h,
	                      .ws_col = (unsigned short)w };

	vterm_set_size(p->vt, h, w);
	ioctl(p->fd, TIOCSWINSZ, &ws);
}

/* "ESC[31m" and "ESC[1;38;5;75m" are colours; "ESC[39;49m" is their end, which
 * curses sends in any case, and "ESC[3;7H" is a place. */
static bool is_color(const char *s)
{
	size_t n = strspn(s, "0123456789;");

	if (s[n] != 'm')
		return false;
	for (size_t i = 0; i < n; i++)
		if ((i == 0 || s[i - 1] == ';') && s[i] == '3' &&
		    s[i + 1] >= '0' && s[i + 1] <= '8')
			return true;
	return false;
}

size_t pty_colors(const struct pty *p)
{
	size_t n = 0;

	for (const char *s = p->log.s; (s = strstr(s, "\033[")); )
		n += is_color(s += 2);
	return n;
}

size_t pty_high_bytes(const struct pty *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->log.len; i++)
		n += (unsigned char)p->log.s[i] > 0x7f;
	return n;
}

static const char *last_of(const char *s, const char *word)
{
	const char *last = NULL;

	while ((s = strstr(s, word)))
		last = s++;
	return last;
}

/* libvterm reads only the first of "ESC[?1006;1000h"; so look for ourselves. */
static bool is_on(const struct pty *p, const char *set, const char *reset)
{
	const char *on = last_of(p->log.s, set);
	const char *off = last_of(p->log.s, reset);

	return on && (!off || off < on);
}

bool pty_mouse(const struct pty *p)
{
	return is_on(p, "1000h", "1000l");
}

bool pty_paste(const struct pty *p)
{
	return is_on(p, "2004h", "2004l");
}

static bool take(struct pty *p, int ms)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLIN };
	char s[8192];
	ssize_t n;

	if (poll(&fd, 1, ms) <= 0)
		return false;
	n = read(p->fd, s, sizeof s);
	if (n <= 0)
		return false;
	buf_addn(&p->log, s, (size_t)n);
	vterm_input_write(p->vt, s, (size_t)n);
	return true;
}

static void screen_text(struct pty *p, struct buf *out)
{
	int rows, cols;

	vterm_get_size(p->vt, &rows, &cols);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < cols; x++) {
			VTermScreenCell cell;
			VTermPos at = { .row = y, .col = x };
			char s[4];

			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] == (uint32_t)-1)
				continue;
			if (cell.chars[0])
				buf_addn(out, s,
				         utf8_encode(cell.chars[0], s));
			else
				buf_addc(out, ' ');
		}
		buf_addc(out, '\n');
	}
}

bool pty_has(struct pty *p, const char *text)
{
	struct buf b = BUF_INIT;
	bool found;

	screen_text(p, &b);
	found = strstr(b.s, text) != NULL;
	buf_release(&b);
	return found;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nothing more will come: the program is gone and all it wrote is taken. */
static bool has_ended(struct pty *p)
{
	siginfo_t info = { .si_pid = 0 };

	waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT);
	return info.si_pid == p->pid && !take(p, 50);
}

static void wait_for(struct pty *p, const char *text, bool there)
{
	long end = now_ms() + PATIENCE_MS;
	struct buf b = BUF_INIT;

	while (pty_has(p, text) != there) {
		if (now_ms() > end || has_ended(p)) {
			screen_text(p, &b);
			fprintf(stderr, "waiting for '%s'%s:\n%s", text,
			            there ? "" : " to go", b.s);
			buf_release(&b);
			fail();
		}
		take(p, 50);
	}
}

void pty_text(struct pty *p, const char *text)
{
	wait_for(p, text, true);
}

void pty_gone(struct pty *p, const char *text)
{
	wait_for(p, text, false);
}

size_t pty_listen(struct pty *p, int ms)
{
	size_t before = p->log.len;
	long end = now_ms() + ms, left;

	while ((left = end - now_ms()) > 0)
		take(p, (int)left);
	return p->log.len - before;
}

int pty_wait(struct pty *p)
{
	long end = now_ms() + PATIENCE_MS;
	int status = 0;

	while (waitpid(p->pid, &status, WNOHANG) == 0) {
		assert_true(now_ms() < end);
		if (p->fd >= 0)
			take(p, 20);
		else
			poll(NULL, 0, 20);
	}
	p->pid = 0;
	while (p->fd >= 0 && take(p, 20))
		;
	return status;
}

void pty_restored(struct pty *p)
{
	struct termios now;

	assert_int_equal(tcgetattr(p->slave, &now), 0);
	assert_int_equal(now.c_iflag, p->before.c_iflag);
	assert_int_equal(now.c_oflag, p->before.c_oflag);
	assert_int_equal(now.c_lflag, p->before.c_lflag);
	assert_memory_equal(now.c_cc, p->before.c_cc, sizeof now.c_cc);
	assert_false(p->alt);
	assert_true(p->cursor);
	assert_false(pty_mouse(p));
	assert_false(pty_paste(p));
}

void pty_leave(struct pty *p)
{
	int status;

	pty_send(p, "q");
	status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_restored(p);
	pty_end(p);
}

void pty_killed(struct pty *p, int sig)
{
	int status = pty_wait(p);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	if (p->fd >= 0 && sig != SIGKILL)
		pty_restored(p);
	pty_end(p);
}
