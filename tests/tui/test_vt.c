/*
 * The real program in a real terminal.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "terminal.h"

#define READY "Parameters"
#define DONE "16 384 points  seed"      /* and nothing left to refine */

static void start(struct pty *p, void **state, int w, int h,
                  const char *const *env)
{
	pty_start(p, w, h, *state, env, pty_chatbot);
	pty_text(p, READY);
}

static void starts_and_leaves(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	assert_true(p.alt);
	assert_true(pty_mouse(&p));
	pty_text(&p, "Build vs buy");
	pty_text(&p, "F1 Help");
	pty_text(&p, "q Quit");
	pty_text(&p, DONE);
	pty_leave(&p);
}

static void edit(struct pty *p, const char *value)
{
	pty_send(p, "\r\025");          /* Enter, ^U: an empty field */
	pty_text(p, "or a range");
	pty_send(p, value);
	pty_text(p, value);
	pty_send(p, "\r");
	pty_text(p, "unsaved, kept as draft");
}

/* The edit is back, and can be undone and done again. */
static void comes_back(void **state, const char *value)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	pty_text(&p, value);
	pty_text(&p, "edits from last time");
	pty_send(&p, "u");
	pty_text(&p, "80k < 100k");
	pty_send(&p, "\022");           /* ^R */
	pty_text(&p, value);
	pty_leave(&p);
}

static void dies_by(void **state, int sig)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	kill(p.pid, sig);
	pty_killed(&p, sig);
	comes_back(state, "771k");
}

static void sigterm(void **state)
{
	dies_by(state, SIGTERM);
}

static void sighup(void **state)
{
	dies_by(state, SIGHUP);
}

static void sigint(void **state)
{
	dies_by(state, SIGINT);
}

static void sigquit(void **state)
{
	dies_by(state, SIGQUIT);
}

static void control_c(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	pty_send(&p, "\r");
	pty_text(&p, "Enter Take");
	pty_send(&p, "\003");           /* leaves the field, not the program */
	pty_text(&p, "q Quit");
	pty_send(&p, "\003");
	pty_killed(&p, SIGINT);
}

static void hang_up(struct pty *p)
{
	close(p->fd);
	close(p->slave);
	p->fd = p->slave = -1;
	pty_killed(p, SIGHUP);
}

/* The terminal goes away: no loop at full speed, and the status says so. */
static void vanished_terminal(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	hang_up(&p);
	comes_back(state, "771k");
}

/* A job of many seconds runs: what it is worth to know. */
static void start_job(struct pty *p, void **state)
{
	static const char *const args[] = { "--samples", "500000",
		"--threads", "1", pty_scenario, NULL };

	pty_start(p, 80, 24, *state, NULL, args);
	pty_text(p, READY);
	edit(p, "771k");
	pty_send(p, "v");
	pty_text(p, "one moment");
}

static void signal_in_a_job(void **state)
{
	struct pty p;

	start_job(&p, state);
	kill(p.pid, SIGTERM);
	pty_killed(&p, SIGTERM);
	comes_back(state, "771k");
}

static void hang_up_in_a_job(void **state)
{
	struct pty p;

	start_job(&p, state);
	hang_up(&p);
	comes_back(state, "771k");
}

static void keys_in_a_job(void **state)
{
	struct pty p;

	start_job(&p, state);
	pty_resize(&p, 100, 30);
	pty_text(&p, "one moment");
	pty_send(&p, "\033");
	pty_text(&p, "stopped; Esc again closes");
	pty_send(&p, "\033");
	pty_gone(&p, "one moment");
	pty_leave(&p);
}

/* Stopped without being asked: the shell takes the terminal meanwhile. */
static void stopped_and_continued(void **state)
{
	struct termios raw;
	struct pty p;
	int status;

	start(&p, state, 80, 24, NULL);
	pty_send(&p, "\r\025" "5 to 6");
	pty_text(&p, "5 to 6");
	tcgetattr(p.slave, &raw);
	kill(p.pid, SIGSTOP);
	assert_int_equal(waitpid(p.pid, &status, WUNTRACED), p.pid);
	assert_true(WIFSTOPPED(status));
	tcsetattr(p.slave, TCSANOW, &p.before);
	vterm_input_write(p.vt, "\033[?1049l\033[H\033[2J", 15);
	assert_false(pty_has(&p, "5 to 6"));
	kill(p.pid, SIGCONT);
	pty_text(&p, "5 to 6");         /* the open field as it was */
	assert_true(p.alt);
	tcgetattr(p.slave, &p.before);
	assert_int_equal(p.before.c_lflag, raw.c_lflag);
	kill(p.pid, SIGKILL);
	pty_wait(&p);
	pty_end(&p);
}

static void resize_storm(void **state)
{
	static const int size[][2] = {
		{ 200, 50 }, { 40, 10 }, { 20, 5 }, { 5, 2 }, { 1, 1 },
		{ 132, 43 }, { 39, 9 }, { 1, 50 }, { 300, 1 }, { 120, 32 },
	};
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	pty_send(&p, "\r\025" "5 to 6");
	pty_text(&p, "5 to 6");
	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		pty_resize(&p, size[i][0], size[i][1]);
		pty_listen(&p, 30);
	}
	pty_resize(&p, 39, 9);
	pty_text(&p, "enlarge to 40x10");
	pty_resize(&p, 140, 40);
	pty_text(&p, "5 to 6");         /* the field is still open */
	pty_send(&p, "\033");
	pty_text(&p, "S-Tab Panel");
	pty_text(&p, "771k");
	pty_text(&p, "What moves the advantage");
	pty_leave(&p);
}

static void starts_in_one_cell(void **state)
{
	struct pty p;

	pty_start(&p, 1, 1, *state, NULL, pty_chatbot);
	pty_text(&p, "\u2026");         /* all that is left of the advice */
	pty_resize(&p, 80, 24);
	pty_text(&p, READY);
	pty_resize(&p, 1, 1);
	pty_text(&p, "\u2026");
	pty_leave(&p);
}

static void paste_is_one_step(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	pty_send(&p, "\r\025");         /* Enter, ^U: an empty field */
	pty_text(&p, "or a range");
	vterm_keyboard_start_paste(p.vt);
	pty_send(&p, "150k to\n180k\n");
	vterm_keyboard_end_paste(p.vt);
	pty_text(&p, "150k to 180k");
	pty_send(&p, "\r");
	pty_text(&p, "unsaved");
	pty_send(&p, "u");
	pty_text(&p, "undone");
	pty_gone(&p, "unsaved");
	pty_leave(&p);
}

static void paste_outside_a_field_does_nothing(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	vterm_keyboard_start_paste(p.vt);
	pty_send(&p, "qqqssdd\n");
	vterm_keyboard_end_paste(p.vt);
	pty_text(&p, "open a field first");
	pty_leave(&p);
}

static void mouse_chooses_a_row(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	pty_text(&p, "1 of");
	pty_send(&p, "\033[<0;30;10M\033[<0;30;10m");   /* SGR, as xterm does */
	pty_text(&p, "2 of");
	pty_send(&p, "\033[<65;30;10M");                /* wheel down */
	pty_text(&p, "3 of");
	pty_send(&p, "\033[<0;3;24M\033[<0;3;24m");     /* the key bar */
	pty_text(&p, "type to search");
	pty_send(&p, "\033");
	pty_gone(&p, "type to search");
	pty_leave(&p);
}

static void no_mouse(void **state)
{
	static const char *const args[] = { "--no-mouse", pty_scenario, NULL };
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	assert_false(pty_mouse(&p));
	pty_leave(&p);
}

static void no_color(void **state)
{
	static const char *const env[] = { "NO_COLOR=1", NULL };
	struct pty p;

	start(&p, state, 80, 24, env);
	pty_text(&p, DONE);
	assert_int_equal(pty_colors(&p), 0);
	pty_leave(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, DONE);
	assert_true(pty_colors(&p) > 20);
	pty_leave(&p);
}

static void c_locale_is_ascii(void **state)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	struct pty p;

	start(&p, state, 80, 24, env);
	pty_text(&p, DONE);
	pty_send(&p, "\t\t\t\033OP");
	pty_text(&p, "search");
	assert_int_equal(pty_high_bytes(&p), 0);
	pty_send(&p, "\033");
	pty_text(&p, "q Quit");
	pty_leave(&p);
}

static void other_terminals(void **state)
{
	static const char *const term[][2] = {
		{ "TERM=vt100", NULL }, { "TERM=linux", NULL },
		{ "TERM=xterm", NULL }, { "TERM=screen", NULL },
	};

	for (size_t i = 0; i < sizeof term / sizeof *term; i++) {
		struct pty p;

		start(&p, state, 80, 24, term[i]);
		pty_text(&p, "q Quit");
		pty_leave(&p);
	}
}

static void refuses(void **state, const char *term)
{
	const char *const env[] = { term, NULL };
	struct pty p;
	int status;

	pty_start(&p, 80, 24, *state, env, pty_chatbot);
	status = pty_wait(&p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_true(pty_has(&p, "cannot place text"));
	pty_restored(&p);
	pty_end(&p);
}

static void refuses_what_cannot_place_text(void **state)
{
	refuses(state, "TERM=dumb");
	refuses(state, "TERM=no-such-terminal");
	refuses(state, "TERM=");
}

/* Switches of one thread: each wake-up is one at least. */
static long switches(const char *path)
{
	char line[256];
	long n, sum = 0;
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %ld", &n) == 1)
			sum += n;
	if (f)
		fclose(f);
	return sum;
}

/* Those of all its threads. */
static long wakeups(pid_t pid)
{
	char dir[64], path[400];
	struct dirent *e;
	long sum = 0;
	DIR *d;

	snprintf(dir, sizeof dir, "/proc/%d/task", (int)pid);
	d = opendir(dir);
	assert_non_null(d);
	while ((e = readdir(d))) {
		snprintf(path, sizeof path, "%s/%s/status", dir, e->d_name);
		if (*e->d_name != '.')
			sum += switches(path);
	}
	closedir(d);
	return sum;
}

/* Neither the program nor a thread of its runs, with threads as they come. */
static void idle_costs_nothing(void **state)
{
	static const char *const env[] = { "OMP_WAIT_POLICY=", NULL };
	struct pty p;
	long before;

	start(&p, state, 80, 24, env);
	pty_text(&p, DONE);
	while (pty_listen(&p, 1500) > 0)
		;
	before = wakeups(p.pid);
	assert_true(before > 0);
	assert_int_equal(pty_listen(&p, 3000), 0);
	assert_int_equal(wakeups(p.pid), before);
	pty_leave(&p);
}

static void kill_loses_nothing(void **state)
{
	dies_by(state, SIGKILL);
}

static void fresh_leaves_the_draft(void **state)
{
	static const char *const args[] = { "--fresh", pty_scenario, NULL };
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	pty_leave(&p);
	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	pty_text(&p, DONE);
	assert_false(pty_has(&p, "771k"));
	pty_leave(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, "771k");
	pty_leave(&p);
}

static void wrong_value_stays_in_the_field(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	pty_send(&p, "\r\025");
	pty_text(&p, "or a range");
	pty_send(&p, "20k to 10k\r");
	pty_text(&p, "! ");
	assert_true(pty_has(&p, "Enter Take"));
	assert_true(pty_has(&p, "20k to 10k"));
	pty_send(&p, "\033");
	pty_text(&p, "q Quit");
	assert_false(pty_has(&p, "unsaved"));
	pty_leave(&p);
}

static void saves_a_revision(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	pty_send(&p, "s");
	pty_text(&p, "saved as support-chatbot-100k r1");
	pty_gone(&p, "unsaved");
	pty_send(&p, "o");
	pty_text(&p, "Enter Open");
	pty_send(&p, "\033");
	pty_leave(&p);
}

static void signal_in_a_run(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	for (int i = 0; i < 8; i++)
		pty_send(&p, "\033[C");
	pty_text(&p, "unsaved");
	kill(p.pid, SIGTERM);           /* while it refines, most likely */
	pty_killed(&p, SIGTERM);
}

/* Without a store nothing would be left of an edit: leaving says so once. */
static void leaving_without_a_store_asks(void **state)
{
	static const char *const args[] = { "--store", "/proc/no/store.db",
	                                    pty_scenario, NULL };
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	pty_send(&p, "\033[C");
	pty_text(&p, "unsaved");
	assert_false(pty_has(&p, "kept as draft"));
	pty_send(&p, "q");
	pty_text(&p, "q again");
	pty_leave(&p);
}

/* Off a terminal: one line that names the way to go. */
static void not_a_terminal(void **state)
{
	char command[9000], line[512] = "";
	FILE *f;
	int status;

	snprintf(command, sizeof command, "HOME=%s XDG_DATA_HOME=%s %s %s "
	         "</dev/null 2>&1 | cat", (char *)*state, (char *)*state,
	         getenv("STEELYARD") ? getenv("STEELYARD") : "./steelyard",
	         pty_scenario);
	f = popen(command, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	assert_non_null(strstr(line, "steelyard evaluate"));
	assert_null(strchr(line, '\033'));
	assert_null(fgets(line, sizeof line, f));
	status = pclose(f);
	assert_int_equal(status, 0);    /* cat's */
}

#define VT(name) cmocka_unit_test_setup_teardown(name, pty_home, pty_home_gone)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		VT(starts_and_leaves), VT(sigterm), VT(sighup), VT(sigint),
		VT(sigquit), VT(control_c), VT(vanished_terminal),
		VT(signal_in_a_job), VT(hang_up_in_a_job), VT(keys_in_a_job),
		VT(stopped_and_continued),
		VT(resize_storm), VT(starts_in_one_cell), VT(paste_is_one_step),
		VT(paste_outside_a_field_does_nothing),
		VT(mouse_chooses_a_row), VT(no_mouse), VT(no_color),
		VT(c_locale_is_ascii), VT(other_terminals),
		VT(refuses_what_cannot_place_text), VT(idle_costs_nothing),
		VT(kill_loses_nothing), VT(fresh_leaves_the_draft),
		VT(wrong_value_stays_in_the_field), VT(saves_a_revision),
		VT(signal_in_a_run), VT(leaving_without_a_store_asks),
		VT(not_a_terminal),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
