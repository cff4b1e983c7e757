#include "table/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/intake.h"
#include "base/mem.h"
#include "base/num.h"
#include "table/rows.h"
#include "base/banned.h"

struct filling {
	struct table *t;
	const struct table_want *want;
	const struct intake *from;
	int *at;                        /* cell of each column */
	int cells;                      /* of the header */
	size_t cap;
	struct err *err;
	bool bad;
	bool (*skip)(void *ctx, long line, const char *why);    /* or NULL */
	void *ctx;
};

static bool no_column(const struct row *r, const struct table_want *w,
                      struct err *err)
{
	struct buf names = BUF_INIT;

	for (int i = 0; i < r->n && i < 20; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", r->cell[i]);
	if (r->n > 20)
		buf_add(&names, " ...");
	err_at(err, ERR_INPUT, row_pos(r, 0), "there is no column `%s` for "
	       "`%s`; the file has %s (say under `columns:` which it is)",
	       w->header, w->name, names.s);
	buf_release(&names);
	return false;
}

static bool on_head(void *ctx, const struct row *r)
{
	struct filling *f = ctx;
	bool ok = true;

	f->cells = r->n;
	for (int i = 0; i < f->t->n; i++) {
		f->at[i] = row_find(r, f->want[i].header);
		if (f->at[i] < 0)
			ok = no_column(r, &f->want[i], f->err);
	}
	return ok;
}

bool table_truth(const char *s, double *v)
{
	static const char *const words[][2] = {
		{ "false", "true" }, { "no", "yes" }, { "0", "1" },
		{ "wrong", "correct" }, { "f", "t" }, { "n", "y" },
		{ "0.0", "1.0" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (int k = 0; k < 2; k++)
			if (strcasecmp(s, words[i][k]) == 0) {
				*v = k;
				return true;
			}
	return false;
}

/* As people write numbers, and as programs do: .5, 5., 007. */
static bool read_number(const char *s, double *v)
{
	char *end;

	if (num_parse(s, v))
		return true;
	*v = strtod(s, &end);
	return strspn(s, "+-.0123456789eE") == (size_t)(end - s) && end > s
		&& !*end && isfinite(*v);
}

static bool read_cell(struct filling *f, const struct row *r, int i,
                      double *v)
{
	const struct table_want *w = &f->want[i];
	const char *s = f->at[i] < r->n ? r->cell[f->at[i]] : "";
	struct pos pos;

	if (w->truth ? table_truth(s, v) : read_number(s, v)) {
		*v *= w->truth ? 1 : w->scale;
		if (w->truth || (*v >= w->low && *v <= w->high))
			return true;
	}
	pos = row_pos(r, f->at[i] < r->n ? f->at[i] : r->n - 1);
	if (!*s)
		return err_at(f->err, ERR_INPUT, pos, "`%s` is empty here",
		              w->header);
	if (w->truth)
		return err_at(f->err, ERR_INPUT, pos, "`%s`: `%s` is neither "
		              "true nor false", w->header, s);
	if (!read_number(s, v))
		return err_at(f->err, ERR_INPUT, pos, "`%s`: `%s` is no number",
		              w->header, s);
	return err_at(f->err, ERR_INPUT, pos, "`%s`: %s lies outside of its "
	              "bounds, %g to %g", w->header, s, w->low / w->scale,
	              w->high / w->scale);
}

static void make_room(struct filling *f)
{
	if ((size_t)f->t->rows < f->cap)
		return;
	f->cap = f->cap ? 2 * f->cap : 1024;
	for (int i = 0; i < f->t->n; i++)
		f->t->column[i] = xrealloc(f->t->column[i], f->cap,
		                           sizeof(double));
}

/* The cells of the next row; a bad one is a finding. */
static bool read_cells(struct filling *f, const struct row *r)
{
	bool ok = true;

	for (int i = 0; i < f->t->n; i++)
		ok &= read_cell(f, r, i, &f->t->column[i][f->t->rows]);
	return ok;
}

/* One that is bad goes to `skip`; *good: it is none. */
static bool try_cells(struct filling *f, const struct row *r, bool *good)
{
	struct err one = ERR_INIT, *all = f->err;
	bool ok = true;

	f->err = &one;
	*good = r->n >= f->cells && read_cells(f, r);
	f->err = all;
	if (!*good)
		ok = f->skip(f->ctx, r->line, one.n ? one.item[0].text
		             : "a row with fewer cells than the header");
	err_clear(&one);
	return ok;
}

static bool on_row(void *ctx, const struct row *r)
{
	struct filling *f = ctx;
	struct pos pos = { r->path, (int)r->line, 0 };
	bool good = true;

	if (f->t->rows == TABLE_ROWS || f->from->bytes > TABLE_BYTES)
		return err_at(f->err, ERR_LIMIT, pos, "a table has at most %d "
		              "rows and 1 GiB: take a sample", TABLE_ROWS);
	make_room(f);
	if (f->skip) {
		if (!try_cells(f, r, &good))
			return false;
		f->t->rows += good;
		return true;
	}
	f->bad |= !read_cells(f, r);
	f->t->rows++;
	return true;
}

static bool fill(struct filling *f, struct intake *from)
{
	struct pos whole = { from->path, 0, 0 };

	if (!rows_read(from, on_head, on_row, f, f->err) || f->bad)
		return false;
	if (f->t->rows == 0 && !f->skip)
		return err_at(f->err, ERR_INPUT, whole, "has no rows below "
		              "its header");
	return intake_digest(from, f->t->digest);
}

struct table *table_read(const char *path, const struct table_want *want,
                         int n, struct err *err)
{
	return table_read_past(path, want, n, NULL, NULL, err);
}

struct table *table_read_past(const char *path, const struct table_want *want,
                              int n, bool (*bad)(void *, long, const char *),
                              void *ctx, struct err *err)
{
	struct intake *from = intake_open(path, ROWS_LONGEST, err);
	struct filling f = { .want = want, .from = from, .err = err,
	                     .skip = bad, .ctx = ctx };
	bool ok;

	if (!from)
		return NULL;
	f.t = xcalloc(1, sizeof *f.t);
	f.t->n = n;
	f.t->column = xcalloc((size_t)n + 1, sizeof *f.t->column);
	f.at = xcalloc((size_t)n + 1, sizeof *f.at);
	ok = fill(&f, from);
	free(f.at);
	intake_close(from);
	if (ok)
		return f.t;
	table_free(f.t);
	return NULL;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (int i = 0; i < t->n; i++)
		free(t->column[i]);
	free(t->column);
	free(t);
}
