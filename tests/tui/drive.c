/*
 * Plays a script of keys through the reducer and prints the screen: no
 * terminal, no clock, no waiting.
 *
 *	drive [options] [SCENARIO] < SCRIPT
 *
 *	--size WxH     80x24 when not given
 *	--ascii        the ASCII glyph set
 *	--roles        the role plane under the glyphs
 *	--svg          the last screen as SVG, and nothing else
 *	--store PATH   a store of its own (needed for saving and drafts)
 *	--keys         the action table as it stands in docs/screen.md
 *
 * A script has one command a line; empty lines and # are skipped:
 *
 *	key NAME...    keys by name: Enter, ^R, q, F1
 *	type TEXT      the characters of TEXT
 *	paste TEXT     as one paste; \n is a line break
 *	click X Y      wheel UP|DOWN      size W H
 *	refine         the run that follows when nothing is typed
 *	print          the screen as it is now
 *	expect TEXT    fails (status 1) unless the screen holds TEXT
 *	refuse TEXT    fails when it does
 *
 * The screen is printed at the end as well, unless the script printed it last
 * or asked for nothing but expectations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "task/task.h"
#include "tui/view.h"
#include "tui/work.h"

struct drive {
	struct state st;
	struct grid g;
	bool roles, svg, quiet;
	int line, failed;
};

static void event(struct drive *d, const struct event *ev)
{
	reduce(&d->st, ev);
	work_now(&d->st);
	view_draw(&d->st, &d->g);
}

static void key(struct drive *d, uint32_t code)
{
	event(d, &(struct event){ .kind = EV_KEY, .key = code });
}

static void complain(struct drive *d, const char *what, const char *text)
{
	fprintf(stderr, "line %d: %s: %s\n", d->line, what, text);
	d->failed++;
}

static void cmd_key(struct drive *d, char *rest)
{
	char *save = NULL;

	for (char *w = strtok_r(rest, " ", &save); w;
	     w = strtok_r(NULL, " ", &save)) {
		uint32_t code;

		if (key_parse(w, &code))
			key(d, code);
		else
			complain(d, "no such key", w);
	}
}

static void cmd_type(struct drive *d, char *rest)
{
	size_t n = strlen(rest);
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		i += utf8_decode(rest + i, n - i, &cp);
		key(d, cp);
	}
}

static void cmd_paste(struct drive *d, char *rest)
{
	struct buf b = BUF_INIT;

	for (char *p = rest; *p; p++)
		if (p[0] == '\\' && p[1] == 'n') {
			buf_addc(&b, '\n');
			p++;
		} else {
			buf_addc(&b, *p);
		}
	event(d, &(struct event){ .kind = EV_PASTE, .text = b.s });
	buf_release(&b);
}

static void two_numbers(const char *s, int *a, int *b)
{
	char *end;

	*a = (int)strtol(s, &end, 10);
	*b = (int)strtol(*end ? end + 1 : end, NULL, 10);
}

static void cmd_click(struct drive *d, char *rest)
{
	struct event ev = { .kind = EV_CLICK };

	two_numbers(rest, &ev.x, &ev.y);
	event(d, &ev);
}

static void cmd_wheel(struct drive *d, char *rest)
{
	event(d, &(struct event){ .kind = EV_WHEEL,
	                          .y = strcmp(rest, "UP") == 0 ? -1 : 1 });
}

static void cmd_size(struct drive *d, char *rest)
{
	struct event ev = { .kind = EV_RESIZE };

	two_numbers(rest, &ev.w, &ev.h);
	event(d, &ev);
}

static void cmd_refine(struct drive *d, char *rest)
{
	(void)rest;
	while (work_pending(&d->st)) {
		work_idle(&d->st, NULL, NULL);
		work_now(&d->st);
	}
	view_draw(&d->st, &d->g);
}

static void cmd_print(struct drive *d, char *rest)
{
	struct buf glyphs = BUF_INIT, roles = BUF_INIT;

	(void)rest;
	d->quiet = true;
	if (d->svg) {
		grid_svg(&d->g, &glyphs);
	} else {
		grid_print(&d->g, &glyphs, &roles);
		if (!d->roles)
			buf_clear(&roles);
	}
	fputs(glyphs.s, stdout);
	fputs(roles.s, stdout);
	buf_release(&glyphs);
	buf_release(&roles);
}

static bool holds(struct drive *d, const char *text)
{
	struct buf glyphs = BUF_INIT, roles = BUF_INIT;
	bool found;

	grid_print(&d->g, &glyphs, &roles);
	found = strstr(glyphs.s, text) != NULL;
	buf_release(&glyphs);
	buf_release(&roles);
	return found;
}

static void cmd_expect(struct drive *d, char *rest)
{
	d->quiet = true;
	if (!holds(d, rest)) {
		complain(d, "not on the screen", rest);
		cmd_print(d, NULL);
	}
}

static void cmd_refuse(struct drive *d, char *rest)
{
	d->quiet = true;
	if (holds(d, rest)) {
		complain(d, "on the screen", rest);
		cmd_print(d, NULL);
	}
}

static const struct {
	const char *name;
	void (*run)(struct drive *d, char *rest);
} commands[] = {
	{ "key", cmd_key }, { "type", cmd_type }, { "paste", cmd_paste },
	{ "click", cmd_click }, { "wheel", cmd_wheel }, { "size", cmd_size },
	{ "refine", cmd_refine }, { "print", cmd_print },
	{ "expect", cmd_expect }, { "refuse", cmd_refuse },
};

static void command(struct drive *d, char *line)
{
	size_t n = strcspn(line, " ");
	char *rest = line[n] ? line + n + 1 : line + n;

	if (!*line || *line == '#')
		return;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strlen(commands[i].name) == n &&
		    strncmp(commands[i].name, line, n) == 0) {
			d->quiet = false;
			commands[i].run(d, rest);
			return;
		}
	complain(d, "no such command", line);
}

static void play(struct drive *d)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0 &&
	       !(d->st.want & (WANT_QUIT | WANT_INTERRUPT))) {
		d->line++;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		command(d, line);
	}
	free(line);
}

static int print_keys(void)
{
	for (int a = 0; a < ACT_N; a++) {
		const char *const *key = actions[a].key;
		char name[ACTION_NAME_MAX];

		action_spell((enum action)a, name);
		printf("| `%s` | %s%s%s%s%s%s | %s |\n", name,
		       *key[0] ? "`" : "", key[0], *key[0] ? "`" : "",
		       *key[1] ? " `" : "", key[1], *key[1] ? "`" : "",
		       actions[a].help);
	}
	return 0;
}

static int usage(void)
{
	fputs("usage: drive [--size WxH] [--ascii] [--roles] [--svg] "
	      "[--store PATH] [SCENARIO]\n", stderr);
	return 2;
}

struct options {
	const char *ref, *store;
	int w, h;
	bool ascii;
};

static bool parse(int argc, char **argv, struct options *o, struct drive *d)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--ascii") == 0)
			o->ascii = true;
		else if (strcmp(argv[i], "--roles") == 0)
			d->roles = true;
		else if (strcmp(argv[i], "--svg") == 0)
			d->svg = true;
		else if (strcmp(argv[i], "--size") == 0 && i + 1 < argc)
			two_numbers(argv[++i], &o->w, &o->h);
		else if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
			o->store = argv[++i];
		else if (argv[i][0] == '-' || o->ref)
			return false;
		else
			o->ref = argv[i];
	}
	return true;
}

static void drive(struct drive *d, const struct options *o)
{
	grid_init(&d->g, o->w, o->h, o->ascii);
	work_now(&d->st);
	view_draw(&d->st, &d->g);
	play(d);
	if (!d->quiet)
		cmd_print(d, NULL);
	grid_release(&d->g);
}

/* The status: of the first finding, else 1 when an expectation failed. */
static int run(struct drive *d, const struct options *o)
{
	struct context c;
	struct err err = ERR_INIT;
	int status;

	if (context_init(&c, NULL, &err)) {
		c.store_path = o->store;
		state_init(&d->st, o->w, o->h, o->ascii);
		d->st.ctx = &c;
		if (work_open(&d->st, o->ref, false, &err))
			drive(d, o);
		state_release(&d->st);
		context_release(&c);
	}
	err_print(&err, stderr, "drive");
	status = err_exit_status(&err);
	err_clear(&err);
	return status ? status : d->failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct drive d = { 0 };
	struct options o = { .w = 80, .h = 24 };

	if (argc == 2 && strcmp(argv[1], "--keys") == 0)
		return print_keys();
	return parse(argc, argv, &o, &d) ? run(&d, &o) : usage();
}
