/*
 * The loop: wait, take events, reduce, work, draw.  With nothing to do it
 * blocks in poll() without a timeout: no wake-ups, no bytes.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "task/task.h"
#include "tui/config.h"
#include "tui/session.h"
#include "tui/signals.h"
#include "tui/state.h"
#include "tui/term.h"
#include "tui/tui.h"
#include "tui/view.h"
#include "tui/work.h"
#include "base/banned.h"

#define BLINK_NS 80000000u              /* between two frames of progress */

struct loop {
	struct state st;
	struct terminal term;
	struct grid grid;
	int end;                        /* signal that ends the program */
	bool quit, vanished;
	uint64_t drawn;                 /* when the last progress was drawn */
};

static void draw(struct loop *l)
{
	view_draw(&l->st, &l->grid);
	terminal_draw(&l->term, &l->grid);
}

static void resize(struct loop *l)
{
	struct event ev = { .kind = EV_RESIZE };

	terminal_size(&l->term, &ev.w, &ev.h);
	terminal_resize(&l->term, ev.w, ev.h);
	reduce(&l->st, &ev);
}

static void stop(struct loop *l)
{
	terminal_leave(&l->term);
	signals_stop();         /* returns when the shell continues us */
	signals_take();
	terminal_return(&l->term);
	resize(l);
}

static void on_signals(struct loop *l)
{
	struct signals s = signals_take();

	if (s.end)
		l->end = s.end;
	if (s.stop)
		stop(l);
	else if (s.resumed) {   /* stopped by SIGSTOP: modes and screen are
		                   whatever others made of them */
		terminal_leave(&l->term);
		terminal_return(&l->term);
		resize(l);
	}
	if (s.resized)
		resize(l);
}

/* Everything that was typed since; true when there was anything. */
static bool take_input(struct loop *l)
{
	struct event ev;
	bool any = false;

	for (;;) {
		enum term_input in = terminal_event(&l->term, &ev);

		if (in == TERM_NOTHING)
			break;
		any = true;
		if (in != TERM_EVENT)
			continue;
		reduce(&l->st, &ev);
		/* what follows is for what will be open or is not to be
		 * saved, or for nobody */
		if (l->st.want & (WANT_OPEN | WANT_SAVE | WANT_WRITE |
		                  WANT_QUIT | WANT_INTERRUPT))
			break;
	}
	return any;
}

/* Readable but empty is the end of the terminal. */
static bool is_empty(void)
{
	int n = 0;

	return ioctl(STDIN_FILENO, FIONREAD, &n) != 0 || n == 0;
}

static struct pollfd *wait_for(struct pollfd fd[2], int timeout)
{
	fd[0] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	fd[1] = (struct pollfd){ signals_fd(), POLLIN, 0 };
	if (poll(fd, 2, timeout) < 0)
		fd[0].revents = fd[1].revents = 0;
	return fd;
}

static bool anything(struct pollfd fd[2])
{
	return fd[0].revents || fd[1].revents;
}

static void take(struct loop *l, struct pollfd fd[2])
{
	bool read_any;

	if (fd[1].revents)
		on_signals(l);
	if (l->end)
		return;
	read_any = take_input(l);
	if (fd[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		l->vanished = true;
	else if ((fd[0].revents & POLLIN) && !read_any && is_empty())
		l->vanished = true;
}

/* A key ends a refinement, which begins anew; a job of a panel goes on as long
 * as nobody wants anything else. */
static bool goes_on(struct loop *l, struct pollfd fd[2])
{
	if (l->st.panels.job == PANEL_NONE)
		return false;
	take(l, fd);
	draw(l);
	return !l->end && !l->vanished && !l->st.want;
}

/* Called from inside a run: draws the progress, ends the run for a key. */
static bool on_progress(void *ctx)
{
	struct loop *l = ctx;
	struct pollfd fd[2];
	uint64_t now = clock_monotonic_ns();

	if (anything(wait_for(fd, 0)) && !goes_on(l, fd))
		return false;
	if (now - l->drawn > BLINK_NS) {
		l->drawn = now;
		draw(l);
	}
	return true;
}

static void step(struct loop *l)
{
	struct pollfd fd[2];

	if (l->st.want & WANT_REDRAW) {
		l->st.want &= ~(unsigned)WANT_REDRAW;
		terminal_redraw(&l->term);
	}
	draw(l);
	if (work_pending(&l->st) && !anything(wait_for(fd, 0))) {
		l->drawn = clock_monotonic_ns();
		work_idle(&l->st, on_progress, l);
		if (l->st.want & WANT_QUESTION)
			draw(l);        /* the run has ended */
		work_now(&l->st);       /* what a job asked for */
		return;
	}
	take(l, wait_for(fd, -1));
	if (work_edit(&l->st) || l->st.want & WANT_SAVE)
		draw(l);        /* before the draft is on the disk */
	work_now(&l->st);
	l->quit = l->st.want & (WANT_QUIT | WANT_INTERRUPT);
}

static void run(struct loop *l)
{
	draw(l);                /* the first frame does not wait for numbers */
	work_now(&l->st);
	while (!l->quit && !l->end && !l->vanished)
		step(l);
	work_now(&l->st);       /* a draft that is still wanted */
	if (l->st.want & WANT_INTERRUPT)
		l->end = SIGINT;
	if (l->vanished)
		l->end = SIGHUP;
}

/* What was asked for; else what was open last, as long as it is there. */
static bool open_scenario(struct loop *l, const char *ref, bool fresh,
                          struct err *err)
{
	char *last = ref || fresh ? NULL : session_last();
	struct err gone = ERR_INIT;
	bool begins = ref && task_names_file(ref) && access(ref, F_OK) != 0 &&
	              errno == ENOENT;
	bool ok = last && work_open(&l->st, last, fresh, &gone);

	err_clear(&gone);
	free(last);
	ok = ok || work_open(&l->st, begins ? NULL : ref, fresh, err);
	if (ok && begins) {
		panels_new(&l->st, ref);
		state_say(&l->st, false, "there is no %s: begin one here, or "
		          "Esc", ref);
	} else if (ok && !fresh)
		session_resume(&l->st);
	return ok;
}

static bool start(struct loop *l, const char *ref, const struct tui_options *o,
                  struct err *err)
{
	int w = 80, h = 24;

	if (!open_scenario(l, ref, o->fresh, err))
		return false;
	if (!signals_open(err))
		return false;
	if (!terminal_open(&l->term, o, err)) {
		signals_close();
		return false;
	}
	terminal_size(&l->term, &w, &h);
	l->st.w = w;
	l->st.h = h;
	l->st.ascii = l->term.ascii;
	grid_init(&l->grid, w, h, l->st.ascii);
	return true;
}

int tui_run(struct context *c, const char *scenario_ref,
            const struct tui_options *o, struct err *err)
{
	struct loop l = { .end = 0 };
	struct tui_options set = *o;
	struct config config;
	bool ok;

	state_init(&l.st, 80, 24, o->ascii);
	l.st.ctx = c;
	ok = config_read(&config, err);
	l.st.keys = config.keys;
	l.st.layout_most = config.layout;
	set.ascii |= config.ascii;
	set.no_mouse |= config.no_mouse;
	set.no_color |= config.colors == 0;
	set.few_colors |= config.colors == 8;
	ok = ok && start(&l, scenario_ref, &set, err);
	if (ok) {
		run(&l);
		session_keep(&l.st);
		terminal_close(&l.term);
		signals_close();
		grid_release(&l.grid);
	}
	state_release(&l.st);
	if (l.end)
		signals_die(l.end);
	return ok ? 0 : err_exit_status(err);
}
