/*
 * doctor: what this program was built with, what it found here, and what is
 * wrong with it.  One list of facts, printed as text or JSON.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/mem.h"
#include "cli/command.h"
#include "expr/tape.h"
#include "model/model.h"

/* Facts go out as they are found: name, value, and whether it is well. */
struct doctor {
	struct run *r;
	struct json j;
	int problems;
};

static void fact(struct doctor *d, const char *name, const char *value,
                 bool well)
{
	d->problems += !well;
	if (d->r->opt.json) {
		json_begin(&d->j, NULL, '{');
		json_text(&d->j, "name", name);
		json_text(&d->j, "value", value);
		json_bool(&d->j, "ok", well);
		json_end(&d->j, '}');
		return;
	}
	buf_addf(&d->r->out, "%-14s ", name);
	add_safe(&d->r->out, value);
	buf_add(&d->r->out, well ? "\n" : "  <- a problem\n");
}

/* A fact that is a list of findings: one line each. */
static void findings(struct doctor *d, const char *name, struct err *err)
{
	for (int i = 0; i < err->n; i++) {
		const struct err_item *x = &err->item[i];
		struct buf text = BUF_INIT;

		if (x->file && x->line)
			buf_addf(&text, "%s:%d:%d: ", x->file, x->line, x->col);
		buf_add(&text, x->text);
		fact(d, name, text.s, false);
		buf_release(&text);
	}
	err_clear(err);
}

static void tell_build(struct doctor *d)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, PACKAGE_VERSION " (engine %s)", engine_version());
	fact(d, "steelyard", b.s, true);
	fact(d, "libraries", BUILD_LIBRARIES, true);
	buf_clear(&b);
	for (int i = 0; tape_widths()[i]; i++)
		buf_addf(&b, "%s%s", i ? " " : "", tape_widths()[i]);
	buf_addf(&b, "; in use: %s", tape_width());
	fact(d, "vector widths", b.s, true);
	fact(d, "digits class", engine_fpclass(), true);
	buf_clear(&b);
#ifdef _OPENMP
	buf_addf(&b, "%d", omp_get_max_threads());
#else
	buf_add(&b, "1 (built without OpenMP)");
#endif
	fact(d, "threads", b.s, true);
	buf_release(&b);
}

static void tell_models(struct doctor *d)
{
	struct library *l = d->r->context.library;
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;
	int n = 0;

	fact(d, "data folder", d->r->context.data_dir, true);
	for (int i = 0; library_names(l)[i]; i++)
		n += library_model(l, library_names(l)[i], &err) != NULL;
	buf_addf(&b, "%d of them load", n);
	fact(d, "models", b.s, n > 0);
	findings(d, "models", &err);
	buf_release(&b);
}

static void check_store(struct doctor *d, struct store *s, struct err *err)
{
	struct revision_info *list;
	struct arena *a = arena_new();
	struct buf b = BUF_INIT;
	bool sound = store_check(s, err);
	int n = sound ? store_scenarios(s, NULL, 0, 1000000, &list, a, err)
	              : 0;

	buf_addf(&b, "%s: %s, %d scenario%s, %s", store_path(s),
	         sound ? "sound" : "damaged", n, n == 1 ? "" : "s",
	         store_writable(s) ? "writable" : "read-only");
	fact(d, "store", b.s, sound);
	buf_release(&b);
	arena_free(a);
}

static void tell_store(struct doctor *d)
{
	struct err err = ERR_INIT;
	struct store *s;

	if (!task_store_exists(&d->r->context)) {
		fact(d, "store", "none yet; the first `save` makes it", true);
		return;
	}
	s = store_open(d->r->context.store_path, false, &err);
	if (s)
		check_store(d, s, &err);
	findings(d, "store", &err);
	store_close(s);
}

static void tell_terminal(struct doctor *d)
{
	const char *term = getenv("TERM");
	bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	struct winsize ws = { 0 };
	struct buf b = BUF_INIT;

	buf_addf(&b, "TERM %s, ", term ? term : "is not set");
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws))
		buf_addf(&b, "%d columns, %d lines", ws.ws_col, ws.ws_row);
	else
		buf_add(&b, "standard output is none");
	buf_addf(&b, ", %s, %s", utf8 ? "UTF-8" : "ASCII (locale without UTF-8)",
	         run_style(d->r).color ? "colours" : "no colours");
	fact(d, "terminal", b.s, true);
	buf_release(&b);
}

bool run_doctor(struct run *r)
{
	struct doctor d = { .r = r, .j = { .out = &r->out } };

	if (r->opt.json) {
		json_begin(&d.j, NULL, '{');
		json_text(&d.j, "schema", r->command->schema);
		json_bool(&d.j, "ok", true);
		json_begin(&d.j, "facts", '[');
	}
	tell_build(&d);
	tell_models(&d);
	tell_store(&d);
	tell_terminal(&d);
	if (r->opt.json) {
		json_end(&d.j, ']');
		json_whole(&d.j, "problems", d.problems);
		json_end(&d.j, '}');
	}
	r->status = d.problems ? 1 : 0;
	return true;
}
