/*
 * One call of the program, from its arguments to its exit status.
 */
#include "cli/cli.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

/* A standard stream that the caller closed would hand its number to the next
 * file opened, and output would then run into the store.  The place is taken
 * by something that fails: write-only for input, read-only for output. */
static void guard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			_exit(7);
}

static void set_up(void)
{
	guard_streams();
	/* a file that may not grow shall be an error, not a death */
	signal(SIGXFSZ, SIG_IGN);
	/* only how characters are encoded: numbers keep their point */
	setlocale(LC_CTYPE, "");
}

/* --seed, --samples ... into the engine's settings. */
static bool apply_options(struct run *r)
{
	struct engine_options *e = &r->context.engine;
	const struct options *o = &r->opt;

	r->context.store_path = o->store;
	e->point = o->point;
	if (o->seed_given)
		e->seed = (uint64_t)o->seed;
	if (o->threads_given)
		e->threads = (int)o->threads;
	if (o->samples_given) {
		/* a number asked for is a number kept: no doubling */
		e->samples = e->max_samples = o->samples;
	}
	if (o->confidence > 0)
		e->confidence = o->confidence;
	if (o->optimism > 0)
		e->optimism = o->optimism;
	e->risk_tolerance = o->risk_tolerance;
	if (o->sampler)
		e->sampler = sampler_named(o->sampler);
	r->progress.shown = !o->quiet && isatty(STDERR_FILENO);
	e->progress = run_progress;
	e->progress_ctx = &r->progress;
	return true;
}

static void print_docs(struct run *r)
{
	if (!strcmp(r->opt.docs, "man"))
		help_man(&r->out);
	else if (!strcmp(r->opt.docs, "language"))
		help_language(&r->out);
	else
		help_markdown(&r->out);
}

/* What needs no command: true when it was asked for. */
static bool told_about_itself(struct run *r)
{
	if (r->opt.version)
		help_version(&r->out);
	else if (r->opt.help)
		help_text(&r->out, r->command);
	else if (r->opt.docs)
		print_docs(r);
	else
		return false;
	return true;
}

static bool on_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static bool no_color(const struct run *r)
{
	return !run_style(r).color;
}

static bool open_screen(struct run *r, screen_fn screen)
{
	const struct screen_call call = {
		.context = &r->context,
		.ref = r->nargs ? r->arg[0] : NULL,
		.ascii = run_style(r).ascii,
		.mono = no_color(r),
		.no_mouse = r->opt.no_mouse,
		.fresh = r->opt.fresh,
		.plain = r->opt.plain,
		.err = &r->err,
	};

	r->context.engine.progress = NULL;
	r->status = screen(&call);
	return !err_any(&r->err);
}

/* A table is a list of the command's own document. */
static bool run_table(struct run *r)
{
	struct buf json = BUF_INIT;
	bool ok, table;

	r->rows = r->command->rows;
	r->opt.json = true;
	ok = r->command->run(r);
	table = ok && r->opt.json;      /* else it wrote something of its own */
	r->opt.json = false;
	if (table) {
		json = r->out;
		r->out = (struct buf)BUF_INIT;
		ok = report_rows_csv(&r->out, json.s, r->rows, &r->err);
	}
	buf_release(&json);
	return ok;
}

static bool run_command(struct run *r, screen_fn screen)
{
	bool interactive = r->command == &commands[CMD_SCREEN];
	bool ok;

	if (interactive && (!screen || !(r->opt.plain || on_terminal())))
		return err_add(&r->err, ERR_USAGE, "the screen needs a terminal; "
		               "use `steelyard evaluate %s` or `steelyard "
		               "--plain` here",
		               r->nargs ? r->arg[0] : "FILE");
	if (r->command->bare)
		r->context.store_path = r->opt.store;
	else if (!context_init(&r->context, NULL, &r->err) || !apply_options(r))
		return false;
	ok = interactive ? open_screen(r, screen)
		: r->opt.csv && r->command->rows ? run_table(r)
		: r->command->run(r);
	run_progress_end(&r->progress);
	return ok;
}

int cli_main(int argc, char **argv, screen_fn screen)
{
	struct run r = { .out = BUF_INIT, .err = ERR_INIT };
	bool ok;
	int status;

	set_up();
	ok = options_parse(&r, argc, argv);
	if (ok && !told_about_itself(&r))
		ok = run_command(&r, screen);
	if (!ok && !err_any(&r.err))
		err_add(&r.err, ERR_BUG, "something failed without a reason");
	status = run_finish(&r, "steelyard");
	context_release(&r.context);
	options_release(&r);
	buf_release(&r.out);
	err_clear(&r.err);
	return status;
}
