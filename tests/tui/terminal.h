/*
 * A terminal for tests: the real program in a pseudo-terminal, its screen kept
 * by libvterm.  Waits are for text or an exit, never for time to pass.
 */
#ifndef STEELYARD_TESTS_TERMINAL_H
#define STEELYARD_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "base/buf.h"

struct pty {
	int fd, slave;
	pid_t pid;
	VTerm *vt;
	VTermScreen *screen;
	struct termios before;          /* modes before the program started */
	bool alt, cursor;
	struct buf log;                 /* all it wrote */
};

/* For each test a home of its own, *state, removed with all that is in it. */
int pty_home(void **state);
int pty_home_gone(void **state);
/* The scenario of most tests, set by pty_home(); and alone as arguments. */
extern char pty_scenario[4096];
extern const char *const pty_chatbot[];

/* Starts $STEELYARD on `scenario` in a terminal of w x h; `env` are settings
 * "NAME=VALUE" (NULL-ended; "NAME=" unsets) on top of a clean environment with
 * `home` for everything of the user's. */
void pty_start(struct pty *p, int w, int h, const char *home,
               const char *const *env, const char *const *args);
/* Closes what is left; kills a program that still runs. */
void pty_end(struct pty *p);

void pty_send(struct pty *p, const char *bytes);
void pty_resize(struct pty *p, int w, int h);
/* Waits until the screen holds the text (pty_gone: holds it no more); fails
 * the test with the screen when it never does. */
void pty_text(struct pty *p, const char *text);
void pty_gone(struct pty *p, const char *text);
bool pty_has(struct pty *p, const char *text);
/* Takes what comes within `ms`; the bytes it was. */
size_t pty_listen(struct pty *p, int ms);
size_t pty_colors(const struct pty *p);         /* colour codes so far */
size_t pty_high_bytes(const struct pty *p);     /* bytes above 0x7f so far */
/* Whether clicks are reported, and pastes marked. */
bool pty_mouse(const struct pty *p);
bool pty_paste(const struct pty *p);
/* Waits for the end; the status of waitpid(). */
int pty_wait(struct pty *p);
/* Whether the terminal is as it was before the program. */
void pty_restored(struct pty *p);
/* Leaves by the key, with status 0 and all restored; by a signal. */
void pty_leave(struct pty *p);
void pty_killed(struct pty *p, int sig);

#endif
