/*
 * The real program under libvterm: what it takes from the last time and from
 * config.yaml, and the interview through a kill.
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

#define READY "Build vs buy"

static const char *const nobody[] = { NULL };

static void configure(const char *home, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/steelyard", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/steelyard/config.yaml", home);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void interview_outlives_a_kill(void **state)
{
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, pty_chatbot);
	pty_text(&p, READY);
	pty_send(&p, "i");
	pty_text(&p, "A sure answer would save");
	pty_send(&p, "300 to 900\r");
	pty_text(&p, "1 answered");
	pty_text(&p, "unsaved, kept as draft");
	kill(p.pid, SIGKILL);
	pty_wait(&p);
	pty_end(&p);

	pty_start(&p, 80, 24, *state, NULL, pty_chatbot);
	pty_text(&p, "edits from last time are back");
	pty_send(&p, "i");
	pty_text(&p, "1 answered");
	pty_send(&p, "\033");
	pty_text(&p, "Parameters");
	pty_leave(&p);
}

/* Without a scenario it goes on where it was left. */
static void comes_back_to_its_place(void **state)
{
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, pty_chatbot);
	pty_text(&p, READY);
	pty_send(&p, "\t\t");
	pty_text(&p, "Tab break-even");
	pty_send(&p, "\033[B\033[B");
	pty_text(&p, "3 of ");
	pty_leave(&p);

	pty_start(&p, 80, 24, *state, NULL, nobody);
	pty_text(&p, "support-chatbot-100k");
	pty_text(&p, "Tab break-even");
	pty_text(&p, "3 of ");
	pty_leave(&p);
}

static void config_decides_keys_and_colours(void **state)
{
	struct pty p;

	configure(*state, "keys:\n  zoom: Z\n  nudge-up: [Right]\n"
	          "theme: mono\nmouse: false\nlayout: standard\n");
	pty_start(&p, 140, 40, *state, NULL, pty_chatbot);
	pty_text(&p, "Z Zoom");
	assert_int_equal(pty_colors(&p), 0);
	assert_false(pty_mouse(&p));
	assert_false(pty_has(&p, "What moves the advantage"));  /* wide has it */
	pty_send(&p, "Z");
	pty_gone(&p, "Scenarios");
	pty_leave(&p);
}

static void config_that_is_wrong_is_named(void **state)
{
	struct pty p;
	int status;

	configure(*state, "keys:\n  zom: Z\n");
	pty_start(&p, 80, 24, *state, NULL, pty_chatbot);
	status = pty_wait(&p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_non_null(strstr(p.log.s, "config.yaml:2:3"));
	assert_non_null(strstr(p.log.s, "there is no action `zom`"));
	pty_restored(&p);
	pty_end(&p);
}

static void palette_sets_a_value(void **state)
{
	struct pty p;

	pty_start(&p, 80, 24, *state, NULL, pty_chatbot);
	pty_text(&p, READY);
	pty_send(&p, ":workload.requests_per_day = 2M\r");
	pty_text(&p, "unsaved, kept as draft");
	pty_text(&p, "2M");
	pty_leave(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, pty_home, pty_home_gone)
		T(interview_outlives_a_kill), T(comes_back_to_its_place),
		T(config_decides_keys_and_colours),
		T(config_that_is_wrong_is_named), T(palette_sets_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
