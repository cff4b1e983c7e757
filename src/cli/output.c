/*
 * What leaves the program: standard output or a file, messages on standard
 * error, progress on a terminal.
 */
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/utf8.h"
#include "cli/command.h"

static bool set_and_full(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_color(const struct run *r)
{
	const char *when = r->opt.color ? r->opt.color : "auto";
	const char *term = getenv("TERM");

	if (strcmp(when, "auto"))
		return !strcmp(when, "always");
	return !r->opt.output && isatty(STDOUT_FILENO) &&
	       !set_and_full("NO_COLOR") && term && strcmp(term, "dumb");
}

/* Columns of the terminal, or of what COLUMNS says; 80 for files. */
static int width(const struct run *r)
{
	struct winsize ws;

	if (r->opt.output || !isatty(STDOUT_FILENO))
		return 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 40)
		return ws.ws_col;
	return 80;
}

struct text_style run_style(const struct run *r)
{
	return (struct text_style){
		.color = wants_color(r),
		.ascii = r->opt.ascii ||
			strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.width = width(r),
	};
}

void add_safe(struct buf *out, const char *text)
{
	if (text)
		utf8_safe(out, text, false);
}

/* --- progress ---------------------------------------------------------------- */

#define FIRST_WORD_NS 400000000u        /* short runs stay silent */
#define BETWEEN_NS 100000000u

/* A signal handler has no other place to leave word. */
static volatile sig_atomic_t asked_to_stop;

static void ask_to_stop(int number)
{
	asked_to_stop = number;
}

/* Only while the engine looks here now and then; elsewhere a signal ends the
 * program at once, as people expect. */
static void listen_to(int number, bool on)
{
	struct sigaction old, act = { .sa_flags = on ? (int)SA_RESETHAND : 0 };

	act.sa_handler = on ? ask_to_stop : SIG_DFL;
	/* what the caller ignores stays ignored (nohup, a shell's job) */
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(number, &act, NULL);
}

static void begin(struct progress *p, uint64_t now)
{
	p->began = now;
	asked_to_stop = 0;
	listen_to(SIGINT, true);
	listen_to(SIGTERM, true);
}

bool run_progress(void *ctx, double done)
{
	struct progress *p = ctx;
	uint64_t now = clock_monotonic_ns();

	if (!p->began)
		begin(p, now);
	p->done = done;
	p->signal = asked_to_stop;
	if (p->shown && now - p->began > FIRST_WORD_NS &&
	    now - p->last > BETWEEN_NS) {
		p->last = now;
		fprintf(stderr, "\r%3d %%", (int)(done * 100));
		fflush(stderr);
	}
	return !p->signal;
}

void run_progress_end(struct progress *p)
{
	if (p->last)
		fputs("\r     \r", stderr);
	if (p->began) {
		listen_to(SIGINT, false);
		listen_to(SIGTERM, false);
	}
	p->began = p->last = 0;
}

/* What was under way when somebody asked to stop: one line, whatever the engine
 * said, and the status that a shell expects. */
static int interrupted(struct run *r)
{
	err_clear(&r->err);
	err_add(&r->err, ERR_LIMIT, "interrupted at %d %% of %s; %s",
	        (int)(100 * r->progress.done),
	        r->command && *r->command->name ? r->command->name :
	        "the work", r->progress.kept ? r->progress.kept :
	        "nothing was written");
	return 128 + r->progress.signal;
}

/* --- delivery ------------------------------------------------------------------ */

/* A reader that went away is no news to anybody: no message then. */
static bool to_stdout(struct run *r)
{
	const char *s = r->out.s;
	size_t left = r->out.len;

	while (left) {
		ssize_t n = write(STDOUT_FILENO, s, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE) {
			r->status = 7;
			return true;
		}
		if (n < 0)
			return err_add(&r->err, ERR_IO, "cannot write to "
			               "standard output: %s", strerror(errno));
		s += n;
		left -= (size_t)n;
	}
	return true;
}

/* For `export` the option names a folder, not where its messages go. */
static bool deliver(struct run *r)
{
	const char *path = r->opt.output;

	if (!r->out.len)
		return true;
	if (!path || !strcmp(path, "-") ||
	    r->command == &commands[CMD_EXPORT])
		return to_stdout(r);
	return path_write(path, r->out.s, r->out.len, &r->err);
}

/* A document that ends a stream of lines is a line, too. */
static void on_one_line(struct buf *doc)
{
	size_t n = 0;

	for (size_t i = 0; i < doc->len; i++)
		if (doc->s[i] == '\n')
			i += strspn(doc->s + i + 1, " ");
		else
			doc->s[n++] = doc->s[i];
	doc->len = n;
	buf_addc(doc, '\n');
}

/* The document of a run that failed takes the place of all other output. */
static void error_document(struct run *r)
{
	const char *schema = r->command ? r->command->schema : NULL;

	buf_clear(&r->out);
	report_error_json(&r->out, schema ? schema : "steelyard.error/1",
	                  &r->err);
	if (r->command == &commands[CMD_SWEEP])
		on_one_line(&r->out);
	to_stdout(r);
}

static int finish(struct run *r, const char *program)
{
	bool failed = err_any(&r->err);
	int stopped = failed && r->progress.signal ? interrupted(r) : 0;

	if (failed && r->opt.json)
		error_document(r);
	else if (!failed || !r->opt.csv)
		failed |= !deliver(r);
	if (err_any(&r->err)) {
		err_print(&r->err, stderr, program);
		return stopped ? stopped : err_exit_status(&r->err);
	}
	return failed ? 70 : r->status;
}

/* "steelyard: status 3: bad input, with file:line:column" */
static void explain_exit(int status, const char *program)
{
	struct buf code = BUF_INIT;

	buf_addf(&code, "%d", status);
	for (int i = 0; exit_statuses[i].code; i++)
		if (!strcmp(exit_statuses[i].code, code.s))
			fprintf(stderr, "%s: status %s: %s\n", program, code.s,
			        exit_statuses[i].meaning);
	buf_release(&code);
}

int run_finish(struct run *r, const char *program)
{
	int status = finish(r, program);

	if (r->opt.explain_exit)
		explain_exit(status, program);
	return status;
}
