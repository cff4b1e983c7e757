/*
 * The real program in a real terminal.
 */
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
#define DONE "16 384 points"    /* the refined run has come */

static char scenario[4096];     /* set by main */
static const char *const chatbot[] = { scenario, NULL };

/* A home of its own for each test; removed with all that is in it. */
static int setup(void **state)
{
	char *home = strdup("/tmp/steelyard-vt-XXXXXX");

	*state = home;
	return mkdtemp(home) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s", (char *)*state);
	free(*state);
	return system(command) ? -1 : 0;
}

static void start(struct pty *p, void **state, int w, int h,
                  const char *const *env)
{
	pty_start(p, w, h, *state, env, chatbot);
	pty_text(p, READY);
}

static void leave(struct pty *p)
{
	int status;

	pty_send(p, "q");
	status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_restored(p);
	pty_end(p);
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
	leave(&p);
}

static void dies_by(void **state, int sig)
{
	struct pty p;
	int status;

	start(&p, state, 80, 24, NULL);
	kill(p.pid, sig);
	status = pty_wait(&p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	pty_restored(&p);
	pty_end(&p);
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
	int status;

	start(&p, state, 80, 24, NULL);
	pty_send(&p, "\r");
	pty_text(&p, "Enter Take");
	pty_send(&p, "\003");           /* leaves the field, not the program */
	pty_text(&p, "q Quit");
	pty_send(&p, "\003");
	status = pty_wait(&p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	pty_restored(&p);
	pty_end(&p);
}

/* The terminal goes away: no loop at full speed, and the status says so. */
static void vanished_terminal(void **state)
{
	struct pty p;
	int status;

	start(&p, state, 80, 24, NULL);
	close(p.fd);
	close(p.slave);
	p.fd = p.slave = -1;
	status = pty_wait(&p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGHUP);
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
	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		pty_resize(&p, size[i][0], size[i][1]);
		pty_listen(&p, 30);
	}
	pty_resize(&p, 39, 9);
	pty_text(&p, "enlarge to 40x10");
	pty_resize(&p, 140, 40);
	pty_text(&p, "S-Tab Panel");
	pty_text(&p, "What moves the advantage");
	leave(&p);
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
	leave(&p);
}

static void paste_outside_a_field_does_nothing(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	vterm_keyboard_start_paste(p.vt);
	pty_send(&p, "qqqssdd\n");
	vterm_keyboard_end_paste(p.vt);
	pty_text(&p, "open a field first");
	leave(&p);
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
	leave(&p);
}

static void no_mouse(void **state)
{
	static const char *const args[] = { "--no-mouse", scenario, NULL };
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	assert_false(pty_mouse(&p));
	leave(&p);
}

static void no_color(void **state)
{
	static const char *const env[] = { "NO_COLOR=1", NULL };
	struct pty p;

	start(&p, state, 80, 24, env);
	pty_text(&p, DONE);
	assert_int_equal(pty_colors(&p), 0);
	leave(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, DONE);
	assert_true(pty_colors(&p) > 20);
	leave(&p);
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
	leave(&p);
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
		leave(&p);
	}
}

static void refuses(void **state, const char *term)
{
	const char *const env[] = { term, NULL };
	struct pty p;
	int status;

	pty_start(&p, 80, 24, *state, env, chatbot);
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

/* Switches of the first thread: each wake-up is one at least. */
static long wakeups(pid_t pid)
{
	char path[64], line[256];
	long n = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		sscanf(line, "voluntary_ctxt_switches: %ld", &n);
	if (f)
		fclose(f);
	return n;
}

static void idle_costs_nothing(void **state)
{
	struct pty p;
	long before;

	start(&p, state, 80, 24, NULL);
	pty_text(&p, DONE);
	while (pty_listen(&p, 500) > 0)
		;
	before = wakeups(p.pid);
	assert_int_equal(pty_listen(&p, 3000), 0);
	assert_int_equal(wakeups(p.pid), before);
	leave(&p);
}

static void edit(struct pty *p, const char *value)
{
	pty_send(p, "\r\025");
	pty_text(p, "or a range");
	pty_send(p, value);
	pty_text(p, value);
	pty_send(p, "\r");
	pty_text(p, "unsaved, kept as draft");
}

static void kill_loses_nothing(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	kill(p.pid, SIGKILL);
	pty_wait(&p);
	pty_end(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, "771k");
	pty_text(&p, "edits from last time");
	pty_send(&p, "u");
	pty_text(&p, "80k < 100k");
	pty_send(&p, "\022");           /* ^R */
	pty_text(&p, "771k");
	leave(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, "771k");
	leave(&p);
}

static void fresh_leaves_the_draft(void **state)
{
	static const char *const args[] = { "--fresh", scenario, NULL };
	struct pty p;

	start(&p, state, 80, 24, NULL);
	edit(&p, "771k");
	leave(&p);
	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	pty_text(&p, DONE);
	assert_false(pty_has(&p, "771k"));
	leave(&p);
	start(&p, state, 80, 24, NULL);
	pty_text(&p, "771k");
	leave(&p);
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
	leave(&p);
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
	leave(&p);
}

static void a_key_ends_the_run(void **state)
{
	struct pty p;

	start(&p, state, 80, 24, NULL);
	for (int i = 0; i < 8; i++)
		pty_send(&p, "\033[C");
	pty_text(&p, "unsaved");
	kill(p.pid, SIGTERM);           /* while it refines, most likely */
	assert_true(WIFSIGNALED(pty_wait(&p)));
	pty_restored(&p);
	pty_end(&p);
}

/* Without a store nothing would be left of an edit: leaving says so once. */
static void leaving_without_a_store_asks(void **state)
{
	static const char *const args[] = { "--store", "/proc/no/store.db",
	                                    scenario, NULL };
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, args);
	pty_text(&p, READY);
	pty_send(&p, "\033[C");
	pty_text(&p, "unsaved");
	assert_false(pty_has(&p, "kept as draft"));
	pty_send(&p, "q");
	pty_text(&p, "q again");
	leave(&p);
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
	         scenario);
	f = popen(command, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	assert_non_null(strstr(line, "steelyard evaluate"));
	assert_null(strchr(line, '\033'));
	assert_null(fgets(line, sizeof line, f));
	status = pclose(f);
	assert_int_equal(status, 0);    /* cat's */
}

#define VT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		VT(starts_and_leaves), VT(sigterm), VT(sighup), VT(sigint),
		VT(sigquit), VT(control_c), VT(vanished_terminal),
		VT(resize_storm), VT(paste_is_one_step),
		VT(paste_outside_a_field_does_nothing),
		VT(mouse_chooses_a_row), VT(no_mouse), VT(no_color),
		VT(c_locale_is_ascii), VT(other_terminals),
		VT(refuses_what_cannot_place_text), VT(idle_costs_nothing),
		VT(kill_loses_nothing), VT(fresh_leaves_the_draft),
		VT(wrong_value_stays_in_the_field), VT(saves_a_revision),
		VT(a_key_ends_the_run), VT(leaving_without_a_store_asks),
		VT(not_a_terminal),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	snprintf(scenario, sizeof scenario,
	         "%s/scenarios/support-chatbot-100k.yaml",
	         getenv("SRCDIR") ? getenv("SRCDIR") : ".");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
