/*
 * import: files that people have, as evidence that a scenario names.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/path.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "evidence/import.h"

#define ROWS_SHOWN 20

/* --- text ----------------------------------------------------------------- */

static void add_number(struct buf *out, double v, int digits)
{
	if (isfinite(v))
		num_human(out, v, digits ? digits : 4);
	else
		buf_addc(out, '-');
}

static void say_source(struct buf *out, const struct import *m)
{
	char from[21], to[21];

	add_safe(out, m->title);
	buf_addf(out, "\n  %s, %ld rows", m->format, m->rows);
	if (m->skipped)
		buf_addf(out, ", %ld bad lines skipped", m->skipped);
	if (m->duplicates)
		buf_addf(out, ", %ld doubled rows counted once",
		         m->duplicates);
	if (m->clock && isfinite(m->from)) {
		clock_format((int64_t)floor(m->from), from);
		clock_format((int64_t)floor(m->to), to);
		buf_addf(out, "\n  %s to %s", from, to);
	}
	buf_addf(out, *m->digest ? "\n  sha256 %.16s\n" : "\n", m->digest);
	for (long i = 0; i < m->skipped && i < IMPORT_NAMED; i++) {
		buf_addf(out, "  line %ld: ", m->bad[i].line);
		add_safe(out, m->bad[i].why);
		buf_addc(out, '\n');
	}
}

/* What is said of a measure, under its value. */
static void say_below(struct buf *out, const struct text_style *st,
                      const char *text)
{
	if (!text)
		return;
	buf_pad(out, ' ', 27);
	text_flow(out, st, 27, 27, text);
}

static void say_measures(struct buf *out, const struct text_style *st,
                         const struct import *m)
{
	if (m->nmeasures)
		buf_addc(out, '\n');
	for (int i = 0; i < m->nmeasures; i++) {
		const struct measure *x = &m->measure[i];

		buf_addf(out, "  %-24s ", x->name);
		if (isfinite(x->low) && x->high > x->low) {
			if (isfinite(x->mean)) {
				add_number(out, x->mean, 5);
				buf_add(out, " (");
			}
			add_number(out, x->low, 4);
			buf_add(out, " to ");
			add_number(out, x->high, 4);
			buf_add(out, isfinite(x->mean) ? ")" : "");
		} else if (!strncmp(x->name, "p_", 2)) {
			num_prob(out, x->mean);
		} else {
			buf_add(out, x->value);
		}
		if (strcmp(x->unit, "1") != 0)
			buf_addf(out, " %s", x->unit);
		if (x->n > 0) {
			buf_add(out, ", n = ");
			num_human(out, x->n, 6);
		}
		if (x->window)
			buf_addf(out, ", %s", x->window);
		buf_addc(out, '\n');
		say_below(out, st, x->fit);
		say_below(out, st, x->note);
	}
}

static void cell_text(struct buf *out, const struct fact_table *t, int row,
                      int k)
{
	const struct fact_cell *c = &t->cell[row * t->ncolumns + k];

	if (t->column[k].text)
		add_safe(out, c->text ? c->text : "-");
	else
		add_number(out, c->number, t->column[k].digits);
}

static int column_width(const struct fact_table *t, int k, int rows)
{
	int most = utf8_width(t->column[k].name);

	for (int i = 0; i < rows; i++) {
		struct buf b = BUF_INIT;
		int w;

		cell_text(&b, t, i, k);
		w = utf8_width(b.s);
		most = w > most ? w : most;
		buf_release(&b);
	}
	return most;
}

static void say_cell(struct buf *out, const char *s, int width, bool right,
                     bool last)
{
	int left = width - utf8_width(s);

	buf_add(out, "  ");
	if (right)
		buf_pad(out, ' ', left);
	buf_add(out, s);
	if (!right && !last)
		buf_pad(out, ' ', left);
}

static void say_fact(struct buf *out, const struct fact_table *t)
{
	int rows = t->n < ROWS_SHOWN ? t->n : ROWS_SHOWN, width[16];
	struct buf b = BUF_INIT;

	if (!t->n)
		return;
	buf_addf(out, "\n  %s\n  ", t->title);
	for (int k = 0; k < t->ncolumns && k < 16; k++) {
		width[k] = column_width(t, k, rows);
		say_cell(out, t->column[k].name, width[k],
		         !t->column[k].text, k + 1 == t->ncolumns);
	}
	buf_addc(out, '\n');
	for (int i = 0; i < rows; i++) {
		buf_add(out, "  ");
		for (int k = 0; k < t->ncolumns && k < 16; k++) {
			buf_clear(&b);
			cell_text(&b, t, i, k);
			say_cell(out, b.s, width[k], !t->column[k].text,
			         k + 1 == t->ncolumns);
		}
		buf_addc(out, '\n');
	}
	if (rows < t->n)
		buf_addf(out, "    and %d more (--json has them all)\n",
		         t->n - rows);
	buf_release(&b);
}

static void import_text(struct run *r, const struct import *m)
{
	const struct text_style style = run_style(r), *st = &style;
	struct buf *out = &r->out;

	say_source(out, m);
	say_measures(out, st, m);
	for (int i = 0; i < m->nnotes; i++) {
		buf_add(out, i ? "  - " : "\n  - ");
		text_flow(out, st, 4, 4, m->note[i]);
	}
	for (int i = 0; i < m->nfacts; i++)
		say_fact(out, m->fact[i]);
}

/* --- JSON ----------------------------------------------------------------- */

static void measures_json(struct json *j, const struct import *m)
{
	json_begin(j, "fields", '[');
	for (int i = 0; i < m->nmeasures; i++) {
		const struct measure *x = &m->measure[i];

		json_begin(j, NULL, '{');
		JSON(j, *x, name, unit, value, mean, low, high);
		json_number(j, "n", x->n > 0 ? x->n : NAN);
		JSON(j, *x, fit, window, note);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void fact_json(struct json *j, const struct fact_table *t)
{
	json_begin(j, t->name, '[');
	for (int i = 0; i < t->n; i++) {
		json_begin(j, NULL, '{');
		for (int k = 0; k < t->ncolumns; k++) {
			const struct fact_cell *c
				= &t->cell[i * t->ncolumns + k];

			if (t->column[k].text)
				json_text(j, t->column[k].name, c->text);
			else
				json_number(j, t->column[k].name, c->number);
		}
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void period_json(struct json *j, const struct import *m)
{
	char t[21];

	if (!m->clock || !isfinite(m->from)) {
		json_text(j, "period", NULL);
		return;
	}
	json_begin(j, "period", '{');
	clock_format((int64_t)floor(m->from), t);
	json_text(j, "from", t);
	clock_format((int64_t)floor(m->to), t);
	json_text(j, "to", t);
	json_end(j, '}');
}

static void import_json(struct buf *out, const struct import *m)
{
	struct json j = { .out = out };

	json_open(&j, "steelyard.import/1");
	json_text(&j, "kind", import_kinds[m->kind]);
	JSON(&j, *m, format, title, file);
	json_text(&j, "sha256", *m->digest ? m->digest : NULL);
	JSON(&j, *m, rows, skipped, duplicates);
	json_begin(&j, "bad", '[');
	for (long i = 0; i < m->skipped && i < IMPORT_NAMED; i++) {
		json_begin(&j, NULL, '{');
		JSON(&j, m->bad[i], line, why);
		json_end(&j, '}');
	}
	json_end(&j, ']');
	period_json(&j, m);
	measures_json(&j, m);
	json_begin(&j, "facts", '{');
	for (int i = 0; i < m->nfacts; i++)
		fact_json(&j, m->fact[i]);
	json_end(&j, '}');
	json_begin(&j, "notes", '[');
	for (int i = 0; i < m->nnotes; i++)
		json_text(&j, NULL, m->note[i]);
	json_end(&j, ']');
	json_end(&j, '}');
}

/* --- the command ---------------------------------------------------------- */

static enum import_kind kind_of(const struct command *c)
{
	const char *word = strchr(c->name, ' ') + 1;
	int k = 0;

	while (k < IMPORT_N - 1 && strcmp(import_kinds[k], word) != 0)
		k++;
	return (enum import_kind)k;
}

static struct words words_of(const struct assignments *a)
{
	return (struct words){ a->n, a->text };
}

/* `-o FILE` takes the evidence; what is told goes to standard output. */
static bool keep(struct run *r, const struct import *m)
{
	const char *path = r->opt.output;
	char *dir = path_dirname(path);
	struct buf text = BUF_INIT;
	bool ok = true;

	import_write(m, &text);
	if (strcmp(path, "-") == 0) {
		r->opt.json = false;
		buf_add(&r->out, text.s);
	} else {
		ok = path_make_dirs(dir, &r->err)
			&& path_write(path, text.s, text.len, &r->err);
	}
	r->opt.output = NULL;
	free(dir);
	buf_release(&text);
	return ok;
}

/* Keeps what is asked for, then tells; NULL is a failure. */
static bool tell(struct run *r, struct import *m)
{
	bool to_stdout = r->opt.output && strcmp(r->opt.output, "-") == 0;
	bool ok = m && (!r->opt.output || keep(r, m));

	if (ok && r->opt.json && !to_stdout)
		import_json(&r->out, m);
	else if (ok && !to_stdout)
		import_text(r, m);
	import_free(m);
	return ok;
}

/* `--scenario FILE`, before -o is used up. */
static bool write_scenario(struct run *r, const struct import *m)
{
	const char *path = r->opt.scenario, *evidence = r->opt.output;
	struct buf text = BUF_INIT;
	int n = -1;

	if (!evidence || strcmp(evidence, "-") == 0)
		return err_add(&r->err, ERR_USAGE, "--scenario names a file that "
		               "stands on the evidence: -o FILE says where that "
		               "is kept");
	if (access(path, F_OK) == 0)
		return err_at(&r->err, ERR_IO, (struct pos){ path, 0, 0 },
		              "there is a file already: name another, nothing "
		              "is written over");
	/* the evidence must stand there for its path to be known */
	if (context_init(&r->context, NULL, &r->err) && keep(r, m))
		n = task_evidence_scenario(&r->context, m, evidence, path,
		                           &text, &r->err);
	if (n > 0 && path_write(path, text.s, text.len, &r->err))
		buf_addf(&r->out, r->opt.json ? "" : "%s takes %d figures from "
		         "%s: `steelyard evaluate %s`\n\n", path, n, evidence,
		         path);
	buf_release(&text);
	return !err_any(&r->err);
}

bool run_import(struct run *r)
{
	const struct options *o = &r->opt;
	struct import_request q = {
		.kind = kind_of(r->command), .path = r->arg[0],
		.others = { r->nargs - 1, r->arg + 1 },
		.format = o->as, .title = o->title, .skip = (long)o->skip,
		.models = words_of(&o->model), .free = words_of(&o->free_of),
		.date = o->date, .by = o->by.n ? o->by.text[0] : NULL, .budget = o->budget,
		.error_cost = o->error_cost, .review_cost = o->review_cost,
		.cached_outside = o->cached_outside, .gpus = o->gpus,
		.spoilt = o->spoilt, .fix_cost = o->fix_cost,
		.caught = o->caught,
	};
	struct import *m = import_file(&q, &r->err);

	if (m && m->nsheets && !o->no_keep
	    && !task_prices_keep(&r->context, m, &r->err)) {
		import_free(m);
		m = NULL;
	}
	if (m && o->scenario && !write_scenario(r, m)) {
		import_free(m);
		m = NULL;
	}
	return tell(r, m);
}

bool run_reconcile(struct run *r)
{
	const struct options *o = &r->opt;
	const struct reconcile_call call = {
		.scenario = r->arg[0], .model = r->arg[1], .log = r->arg[2],
		.bill = r->nargs > 3 ? r->arg[3] : NULL, .option = o->option,
		.format = o->as, .skip = (long)o->skip, .keep = o->keep,
		.set = o->set,
	};

	return tell(r, task_reconcile(&r->context, &call, &r->err));
}

/* --- price maps that were kept -------------------------------------------- */

bool run_prices_list(struct run *r)
{
	struct import *m = task_prices_list(&r->context, &r->err);

	/* the list is no evidence: -o takes it as any other output */
	if (m && r->opt.json)
		import_json(&r->out, m);
	else if (m)
		import_text(r, m);
	import_free(m);
	return m != NULL;
}

bool run_prices_diff(struct run *r)
{
	return tell(r, task_prices_diff(&r->context, r->nargs > 0 ? r->arg[0]
	            : NULL, r->nargs > 1 ? r->arg[1] : NULL, &r->err));
}

bool run_prices_history(struct run *r)
{
	return tell(r, task_prices_history(&r->context, &r->err));
}

bool run_prices_show(struct run *r)
{
	struct import *m = task_prices_file(&r->context, r->arg[0],
	                                    &r->opt.model, &r->err);

	if (m && !r->opt.output && !r->opt.json)
		r->opt.output = "-";
	return tell(r, m);
}
