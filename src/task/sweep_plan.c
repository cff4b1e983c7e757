/*
 * What a sweep consists of: its files, the rows of the cases file, the points
 * of its design; and the inputs of case i, from i alone.
 */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/intake.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "model/model.h"
#include "model/scenario.h"
#include "table/rows.h"
#include "task/sweep_int.h"

#include "base/banned.h"

#define GRID_POINTS 11          /* of a range that does not say */
#define CASES_ROWS 5000000

/* --- axes --------------------------------------------------------------- */

/* The next comma outside of brackets, or the end. */
static size_t list_item(const char *s)
{
	int depth = 0;
	size_t n = 0;

	for (; s[n] && (depth > 0 || s[n] != ','); n++)
		depth += (strchr("([{", s[n]) != NULL) -
		         (strchr(")]}", s[n]) != NULL);
	return n;
}

static bool read_list(struct arena *a, struct axis *x, const char *s,
                      const char *spec, struct err *err)
{
	const char **text = NULL;
	size_t cap = 0;
	int n = 0;
	bool ok = true;

	for (;;) {
		size_t len = list_item(s);

		ok &= len > 0;
		*ARR_PUSH(text, n, cap) = arena_strndup(a, s, len);
		s += len;
		if (!*s)
			break;
		s++;
	}
	x->n = n;
	x->text = arena_alloc(a, (size_t)n * sizeof *text);
	memcpy((void *)x->text, (void *)text, (size_t)n * sizeof *text);
	free((void *)text);
	return ok || err_add(err, ERR_USAGE, "--vary %s: a value of the list "
	                     "is empty", spec);
}

/* "LO UNIT": a number, and what stands behind it. */
static bool read_end(struct arena *a, const char *s, size_t n, double *v,
                     const char **unit)
{
	char *text = arena_strndup(a, s, n);
	size_t used;

	while (*text == ' ')
		text++;
	if (num_scan(text, v, &used))
		return false;
	text += used;
	while (*text == ' ')
		text++;
	*unit = text;
	n = strlen(text);
	while (n && text[n - 1] == ' ')
		text[--n] = '\0';
	return true;
}

/* ":log" and ":N" behind a range, in any order; *n is where they begin. */
static bool read_modes(struct axis *x, const char *s, size_t *n)
{
	const char *colon = strchr(s, ':');

	*n = colon ? (size_t)(colon - s) : strlen(s);
	while (colon) {
		const char *word = colon + 1;
		size_t len = strcspn(word, ":");
		long long count;
		char number[24];

		colon = word[len] ? word + len : NULL;
		if (len == 3 && !strncmp(word, "log", 3)) {
			x->log = true;
			continue;
		}
		if (len == 3 && !strncmp(word, "lin", 3))
			continue;
		if (!len || len >= sizeof number)
			return false;
		memcpy(number, word, len);
		number[len] = '\0';
		if (!num_parse_int(number, 1, SWEEP_CASES, &count))
			return false;
		x->n = (int)count;
	}
	return true;
}

static bool read_range(struct arena *a, struct axis *x, const char *s,
                       const char *dots, const char *spec, struct err *err)
{
	const char *unit_low, *unit_high;
	size_t n;

	x->n = GRID_POINTS;
	if (!read_modes(x, dots + 2, &n) ||
	    !read_end(a, s, (size_t)(dots - s), &x->low, &unit_low) ||
	    !read_end(a, dots + 2, n, &x->high, &unit_high))
		return err_add(err, ERR_USAGE, "--vary %s: write a range as "
		               "P=LO..HI, P=LO..HI:N or P=LO..HI:log:N", spec);
	if (*unit_low && *unit_high && strcmp(unit_low, unit_high))
		return err_add(err, ERR_USAGE, "--vary %s: both ends need the "
		               "same unit, not '%s' and '%s'", spec, unit_low,
		               unit_high);
	x->unit = *unit_high ? unit_high : unit_low;
	if (!(x->low < x->high))
		return err_add(err, ERR_USAGE, "--vary %s: the lower end must "
		               "lie below the upper one", spec);
	if (x->log && !(x->low > 0))
		return err_add(err, ERR_USAGE, "--vary %s: a logarithmic range "
		               "starts above 0", spec);
	return true;
}

static bool read_axis(struct sweep_plan *p, struct axis *x, const char *spec,
                      struct err *err)
{
	const char *equals = strchr(spec, '='), *dots;

	if (!equals || equals == spec || !equals[1])
		return err_add(err, ERR_USAGE, "--vary %s: write it as "
		               "P=LO..HI[:log][:N] or P=a,b,c", spec);
	x->name = arena_strndup(p->arena, spec, (size_t)(equals - spec));
	dots = strstr(equals + 1, "..");
	if (dots)
		return read_range(p->arena, x, equals + 1, dots, spec, err);
	if (p->designed)
		return err_add(err, ERR_USAGE, "--vary %s: a design of points "
		               "needs a range LO..HI", spec);
	return read_list(p->arena, x, equals + 1, spec, err);
}

static bool read_axes(struct sweep_plan *p, struct err *err)
{
	const struct assignments *vary = &p->call->vary;
	bool ok = true;

	p->axis = arena_alloc(p->arena,
	                      (size_t)(vary->n + 1) * sizeof *p->axis);
	for (int i = 0; i < vary->n; i++)
		ok &= read_axis(p, &p->axis[p->naxes++], vary->text[i], err);
	for (int i = 0; i < p->naxes; i++)
		for (int k = 0; k < i; k++)
			if (!strcmp(p->axis[i].name, p->axis[k].name))
				ok = err_add(err, ERR_USAGE, "--vary %s is "
				             "given twice", p->axis[i].name);
	return ok;
}

/* --- the cases file ----------------------------------------------------- */

struct reading {
	struct sweep_plan *p;
	struct err *err;
	const char **cell;
	size_t ncells, cap;
};

static bool hear_head(void *ctx, const struct row *r)
{
	struct reading *x = ctx;
	struct cases *c = &x->p->cases;
	const char **column = arena_alloc(x->p->arena,
	                                  (size_t)r->n * sizeof *column);

	c->name = row_find(r, "name");
	c->scenario = row_find(r, "scenario");
	for (int i = 0; i < r->n; i++) {
		column[i] = arena_strdup(x->p->arena, r->cell[i]);
		if (!*column[i])
			return err_at(x->err, ERR_INPUT, row_pos(r, i),
			              "column %d has no name", i + 1);
		for (int k = 0; k < i; k++)
			if (!strcmp(column[i], column[k]))
				return err_at(x->err, ERR_INPUT, row_pos(r, i),
				              "column '%s' is there twice",
				              column[i]);
	}
	c->column = column;
	c->ncolumns = r->n;
	return true;
}

static bool hear_row(void *ctx, const struct row *r)
{
	struct reading *x = ctx;
	struct cases *c = &x->p->cases;

	if (r->n != c->ncolumns)
		return err_at(x->err, ERR_INPUT, row_pos(r, 0), "%d cells where "
		              "the header names %d columns", r->n, c->ncolumns);
	if (c->nrows == CASES_ROWS)
		return err_at(x->err, ERR_LIMIT, row_pos(r, 0), "more than %d "
		              "rows", CASES_ROWS);
	for (int i = 0; i < r->n; i++)
		*ARR_PUSH(x->cell, x->ncells, x->cap) =
			arena_strdup(x->p->arena, r->cell[i]);
	c->nrows++;
	return true;
}

static bool read_cases(struct sweep_plan *p, struct err *err)
{
	struct reading x = { .p = p, .err = err };
	struct intake *f;
	bool ok;

	p->cases.name = p->cases.scenario = -1;
	if (!p->call->cases)
		return true;
	f = intake_open(p->call->cases, ROWS_LONGEST, err);
	if (!f)
		return false;
	ok = rows_read(f, hear_head, hear_row, &x, err);
	intake_close(f);
	p->cases.cell = x.cell;
	if (ok && !p->cases.nrows)
		return err_at(err, ERR_INPUT,
		              (struct pos){ p->call->cases, 1, 1 },
		              "there is no row below the header");
	return ok;
}

static const char *cell_of(const struct sweep_plan *p, int64_t row, int column)
{
	return p->cases.cell[row * p->cases.ncolumns + column];
}

/* --- files -------------------------------------------------------------- */

bool sweep_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int is_yaml(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot &&
	       (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml"));
}

/* In the order of their bytes, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_folder(struct sweep_plan *p, const char *dir, size_t *cap,
                       struct err *err)
{
	struct dirent **list;
	int n = scandir(dir, &list, is_yaml, by_name);

	if (n <= 0) {
		if (n == 0)
			free(list);
		return err_add(err, n ? ERR_IO : ERR_INPUT, "%s: %s", dir,
		               n ? "cannot be read" : "no scenario (*.yaml) "
		               "in it");
	}
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, list[i]->d_name);

		*ARR_PUSH(p->file, p->nfiles, *cap) =
			arena_strdup(p->arena, path);
		free(path);
		free(list[i]);
	}
	free(list);
	return true;
}

static bool read_files(struct sweep_plan *p, struct err *err)
{
	const struct sweep_call *call = p->call;
	size_t cap = 0;
	bool ok = true;

	for (int i = 0; i < call->nfiles; i++) {
		if (sweep_is_folder(call->file[i])) {
			ok &= add_folder(p, call->file[i], &cap, err);
			continue;
		}
		*ARR_PUSH(p->file, p->nfiles, cap) = call->file[i];
	}
	if (p->cases.scenario >= 0 && p->nfiles)
		return err_add(err, ERR_USAGE, "%s has a column 'scenario': "
		               "name no other scenario", call->cases);
	if (ok && p->cases.scenario < 0 && !p->nfiles)
		return err_add(err, ERR_USAGE, "name a scenario, or give the "
		               "cases file a column 'scenario'");
	return ok;
}

/* --- identity ----------------------------------------------------------- */

static int model_place(struct context *c, const char *name)
{
	const char *const *names = library_names(c->library);

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

static void add_model(struct sweep_plan *p, struct context *c,
                      const char *name, size_t *cap)
{
	int at;

	for (int i = 0; i < p->nmodels; i++)
		if (!strcmp(p->model[i], name))
			return;
	*ARR_PUSH(p->model, p->nmodels, *cap) = arena_strdup(p->arena, name);
	/* canonical order; models of a scenario's own come last */
	for (at = p->nmodels - 1; at > 0; at--) {
		int here = model_place(c, p->model[at]);
		int before = model_place(c, p->model[at - 1]);
		const char *swap = p->model[at];

		if (here < 0 || (before >= 0 && before < here))
			break;
		p->model[at] = p->model[at - 1];
		p->model[at - 1] = swap;
	}
}

/* What decides a scenario's digits: a run at central values tells, and whether
 * it works at all.  A file that fails is told by its rows; its own bytes stand
 * for it here. */
static void learn_file(struct sweep_plan *p, struct context *c,
                       const char *file, struct digest *d, size_t *cap)
{
	struct engine_options saved = c->engine;
	struct err err = ERR_INIT;
	struct scenario *s = task_scenario(c, file, &p->call->set, &err);
	struct evaluation *e = NULL;
	struct buf text = BUF_INIT;

	c->engine.point = true;
	c->engine.want_break_even = c->engine.want_sensitivity = false;
	c->engine.want_voi = c->engine.want_criteria = false;
	c->engine.want_outputs = c->engine.want_provenance = false;
	c->engine.progress = NULL;
	if (s)
		e = task_evaluate(c, s, &err);
	c->engine = saved;
	for (int i = 0; e && i < e->ntradeoffs; i++)
		add_model(p, c, e->tradeoff[i].model, cap);
	if (e)
		digest_text(d, e->digest);
	else if (path_read(file, 1 << 22, &text, NULL))
		digest_bytes(d, text.s, text.len);
	buf_release(&text);
	if (e)
		evaluation_free(e);
	if (s)
		scenario_free(s);
	err_clear(&err);
}

static void learn_rows(struct sweep_plan *p, struct context *c,
                       struct digest *d, size_t *cap)
{
	const char *last = "";

	for (int r = 0; r < p->cases.nrows; r++) {
		const char *file = p->cases.scenario < 0 ? ""
			: cell_of(p, r, p->cases.scenario);

		if (strcmp(file, last))
			learn_file(p, c, file, d, cap);
		last = file;
		for (int k = 0; k < p->cases.ncolumns; k++)
			digest_text(d, cell_of(p, r, k));
	}
}

static void digest_engine(struct digest *d, const struct engine_options *o)
{
	digest_text(d, "steelyard sweep");
	digest_text(d, engine_version());
	digest_text(d, engine_fpclass());
	digest_number(d, o->point);
	digest_number(d, (double)o->sampler);
	digest_number(d, (double)o->samples);
	digest_number(d, (double)o->max_samples);
	digest_bytes(d, &o->seed, sizeof o->seed);
	digest_number(d, o->confidence);
}

static void identify(struct sweep_plan *p, struct context *c)
{
	struct digest *d = digest_new();
	size_t cap = 0;

	digest_engine(d, &c->engine);
	digest_text(d, p->call->json ? "json" : "csv");
	for (int i = 0; i < p->call->vary.n; i++)
		digest_text(d, p->call->vary.text[i]);
	digest_text(d, p->call->design ? p->call->design : "grid");
	digest_number(d, (double)p->points);
	for (int k = 0; k < p->cases.ncolumns; k++)
		digest_text(d, p->cases.column[k]);
	for (int i = 0; i < p->nfiles; i++) {
		digest_text(d, p->file[i]);
		learn_file(p, c, p->file[i], d, &cap);
	}
	learn_rows(p, c, d, &cap);
	digest_end(d, p->identity);
}

/* --- the plan ----------------------------------------------------------- */

static bool count_points(struct sweep_plan *p, uint64_t seed, struct err *err)
{
	const struct sweep_call *call = p->call;
	double n = 1;

	if (!p->designed) {
		for (int i = 0; i < p->naxes; i++)
			n *= p->axis[i].n;
		p->points = n <= (double)SWEEP_CASES ? (int64_t)n
		                                     : SWEEP_CASES + 1;
		return true;
	}
	if (!p->naxes || !call->points)
		return err_add(err, ERR_USAGE, "--design %s needs --points and "
		               "at least one --vary P=LO..HI", call->design);
	if (p->naxes > DRAWS_DIMS)
		return err_add(err, ERR_USAGE, "a design has at most %d "
		               "parameters", DRAWS_DIMS);
	/* one sequence, not replicates: the points shall spread together */
	if (!draws_init(&p->draws, !strcmp(call->design, "lhs") ? SAMPLER_LHS
	                : SAMPLER_SOBOL, seed, call->points, err))
		return false;
	p->draws.replicates = 1;
	if (p->draws.sampler == SAMPLER_SOBOL &&
	    (call->points & (call->points - 1)))
		return err_add(err, ERR_USAGE, "--points %lld: a Sobol design "
		               "needs a power of two",
		               (long long)call->points);
	p->draws.n = p->points = call->points;
	return true;
}

static bool count_cases(struct sweep_plan *p, struct err *err)
{
	double n = (double)p->points;

	n *= p->nfiles ? p->nfiles : 1;
	n *= p->cases.nrows ? p->cases.nrows : 1;
	if (n > (double)SWEEP_CASES)
		return err_add(err, ERR_LIMIT, "%.0f cases; a sweep has at "
		               "most %lld", n, (long long)SWEEP_CASES);
	p->total = (int64_t)n;
	return true;
}

bool sweep_plan_make(struct sweep_plan *p, struct context *c,
                     const struct sweep_call *call, struct err *err)
{
	*p = (struct sweep_plan){ .arena = arena_new(), .call = call };
	p->designed = call->design && strcmp(call->design, "grid");
	if (call->points && !p->designed)
		return err_add(err, ERR_USAGE, "--points needs --design lhs or "
		               "sobol");
	if (!read_axes(p, err) || !read_cases(p, err) || !read_files(p, err) ||
	    !count_points(p, c->engine.seed, err) || !count_cases(p, err))
		return false;
	identify(p, c);
	return true;
}

void sweep_plan_release(struct sweep_plan *p)
{
	free((void *)p->file);
	free((void *)p->model);
	free((void *)p->cases.cell);
	arena_free(p->arena);
}

/* --- one case ----------------------------------------------------------- */

static bool is_label(const struct cases *c, int column)
{
	return column == c->name || column == c->scenario;
}

/* The column of the cases file behind input k; -1: an axis. */
static int column_of(const struct sweep_plan *p, int k)
{
	for (int i = 0; i < p->cases.ncolumns; i++)
		if (!is_label(&p->cases, i) && k-- == 0)
			return i;
	return -1;
}

static int columns(const struct sweep_plan *p)
{
	const struct cases *c = &p->cases;

	return c->ncolumns - (c->name >= 0) - (c->scenario >= 0);
}

int sweep_inputs(const struct sweep_plan *p)
{
	return columns(p) + p->naxes;
}

const char *sweep_input_name(const struct sweep_plan *p, int k)
{
	int column = column_of(p, k);

	return column >= 0 ? p->cases.column[column]
	                   : p->axis[k - columns(p)].name;
}

static int64_t row_of(const struct sweep_plan *p, int64_t i)
{
	return i / p->points % p->cases.nrows;
}

/* The share of the range at a point: on a grid the last axis moves fastest. */
static double share_of(const struct sweep_plan *p, int k, int64_t point,
                       int *index)
{
	double u;

	if (p->designed) {
		draws_fill(&p->draws, k, point, 1, &u);
		return u;
	}
	for (int a = p->naxes - 1; a > k; a--)
		point /= p->axis[a].n;
	*index = (int)(point % p->axis[k].n);
	return p->axis[k].n > 1 ? *index / (p->axis[k].n - 1.0) : 0;
}

static void axis_value(const struct sweep_plan *p, int k, int64_t point,
                       struct buf *b)
{
	const struct axis *x = &p->axis[k];
	int index = 0;
	double u = share_of(p, k, point, &index), v;

	if (x->text) {
		buf_add(b, x->text[index]);
		return;
	}
	if (x->log)
		v = exp(log(x->low) + u * (log(x->high) - log(x->low)));
	else
		v = x->low + u * (x->high - x->low);
	/* the ends as they were typed */
	if (u == 0)
		v = x->low;
	else if (u == 1)
		v = x->high;
	num_plain(b, v);
	if (*x->unit)
		buf_addf(b, " %s", x->unit);
}

void sweep_input(const struct sweep_plan *p, int64_t i, int k, struct buf *b)
{
	int column = column_of(p, k);

	if (column >= 0)
		buf_add(b, cell_of(p, row_of(p, i), column));
	else
		axis_value(p, k - columns(p), i % p->points, b);
}

const char *sweep_file(const struct sweep_plan *p, int64_t i)
{
	int64_t rows = p->cases.nrows ? p->cases.nrows : 1;

	if (p->cases.scenario >= 0)
		return cell_of(p, row_of(p, i), p->cases.scenario);
	return p->file[i / p->points / rows];
}

const char *sweep_name(const struct sweep_plan *p, int64_t i)
{
	return p->cases.name < 0 ? NULL
	       : cell_of(p, row_of(p, i), p->cases.name);
}
