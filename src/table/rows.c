#include "table/rows.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/intake.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/banned.h"

#define ROW_LONGEST (16u << 20)         /* over all its lines */

struct reading {
	struct row row;
	char *text;                     /* all cells of the row, one behind
	                                   the other */
	size_t used, cap;
	size_t start[ROWS_COLUMNS];
	const char *cell[ROWS_COLUMNS];
	int n;                          /* cells so far */
	bool headed;                    /* the header was read */
	bool (*head)(void *ctx, const struct row *r);
	bool (*each)(void *ctx, const struct row *r);
	void *ctx;
	bool stop;
	struct err *err;
};

static void stop(struct reading *r, const char *why)
{
	if (!r->stop)
		err_at(r->err, ERR_INPUT, (struct pos){ r->row.path,
		       (int)r->row.line, 1 }, "%s", why);
	r->stop = true;
}

static void on_cell(void *s, size_t n, void *ctx)
{
	struct reading *r = ctx;

	if (r->stop)
		return;
	if (r->n == ROWS_COLUMNS) {
		stop(r, "a row with more than 1024 cells");
		return;
	}
	if (n == 0)
		s = "";              /* libcsv has nothing to point at */
	r->start[r->n++] = r->used;
	memcpy(r->text + r->used, s, n);
	r->used += n;
	r->text[r->used++] = '\0';
}

static void on_row(int end, void *ctx)
{
	struct reading *r = ctx;
	bool first = !r->headed;

	(void)end;
	for (int i = 0; i < r->n; i++)
		r->cell[i] = r->text + r->start[i];
	r->row.n = r->n;
	r->headed = true;
	if (!r->stop)
		r->stop = !(first ? r->head : r->each)(r->ctx, &r->row);
	r->n = 0;
	r->used = 0;
}

/* For the cells of a row, n bytes of it read: each has a terminator, and one
 * may have begun lines ago. */
static void make_room(struct reading *r, size_t n)
{
	if (2 * n <= r->cap)
		return;
	r->cap = 4 * n;
	r->text = xrealloc(r->text, r->cap, 1);
}

/* A line at a time, so that places are known; libcsv keeps its state between
 * them.  State 0 is "no row begun": only then does a row start here. */
static bool parse(struct reading *r, struct csv_parser *p, struct intake *f)
{
	char *s;
	size_t n, bytes = 0;

	while (!r->stop && intake_line(f, &s, &n)) {
		bool fresh = p->pstate == 0;

		if (fresh)
			r->row.line = f->line;
		r->row.text = fresh ? s : NULL;
		r->row.text_n = n;
		if (f->nul && memchr(s, '\0', n)) {
			stop(r, "holds NUL bytes: this is no CSV text");
			break;
		}
		bytes = (fresh ? 0 : bytes) + n + 1;
		if (bytes > ROW_LONGEST) {
			stop(r, "a quote in this row is not closed within "
			     "16 MB");
			break;
		}
		make_room(r, bytes);
		s[n] = '\n';            /* over the terminator */
		csv_parse(p, s, n + 1, on_cell, on_row, r);
		if (csv_error(p))
			stop(r, csv_strerror(csv_error(p)));
	}
	if (f->failed || r->stop)
		return false;
	if (p->pstate != 0)
		stop(r, "a quote in this row is never closed");
	return !r->stop;
}

bool rows_read(struct intake *f, bool (*head)(void *ctx, const struct row *r),
               bool (*each)(void *ctx, const struct row *r), void *ctx,
               struct err *err)
{
	struct reading *r = xcalloc(1, sizeof *r);
	struct csv_parser p;
	bool ok;

	r->row.path = f->path;
	r->row.cell = r->cell;
	r->head = head;
	r->each = each;
	r->ctx = ctx;
	r->err = err;
	if (csv_init(&p, 0)) {
		free(r);
		return err_add(err, ERR_BUG, "libcsv cannot start");
	}
	ok = parse(r, &p, f);
	csv_free(&p);
	free(r->text);
	free(r);
	return ok;
}

/* Bytes to the k-th cell of a line, over commas outside of quotes. */
static size_t cell_offset(const char *s, size_t n, int k)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < n && k > 0; i++) {
		if (s[i] == '"')
			quoted = !quoted;
		k -= s[i] == ',' && !quoted;
	}
	while (i < n && (s[i] == ' ' || s[i] == '\t'))
		i++;
	return i;
}

struct pos row_pos(const struct row *r, int k)
{
	struct pos p = { r->path, (int)r->line, 0 };
	size_t end;

	if (!r->text)
		return p;
	end = cell_offset(r->text, r->text_n, k);
	p.col = 1;
	for (size_t i = 0; i < end; p.col++) {
		uint32_t cp;

		i += utf8_decode(r->text + i, end - i, &cp);
	}
	return p;
}

int row_find(const struct row *head, const char *name)
{
	for (int i = 0; i < head->n; i++)
		if (strcmp(head->cell[i], name) == 0)
			return i;
	for (int i = 0; i < head->n; i++)
		if (strcasecmp(head->cell[i], name) == 0)
			return i;
	return -1;
}
