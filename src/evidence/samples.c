#include "evidence/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intake.h"
#include "base/mem.h"
#include "evidence/tally.h"
#include "table/rows.h"
#include "table/table.h"
#include "base/banned.h"

#define COLUMNS 8

struct head_search {
	const struct sample_column *want;
	int n;
	char name[COLUMNS][64];
	bool missing;
	struct err *err;
};

static bool found(const struct row *r, const char *names, char *out)
{
	while (*names) {
		size_t n = strcspn(names, "|");

		memcpy(out, names, n);
		out[n] = '\0';
		if (row_find(r, out) >= 0)
			return true;
		names += n + (names[n] == '|');
	}
	return false;
}

static bool on_head(void *ctx, const struct row *r)
{
	struct head_search *s = ctx;

	for (int i = 0; i < s->n; i++) {
		if (found(r, s->want[i].names, s->name[i]))
			continue;
		s->name[i][0] = '\0';
		if (s->want[i].optional)
			continue;
		s->missing = true;
		err_at(s->err, ERR_INPUT, row_pos(r, 0), "needs a column named "
		       "one of: %s", s->want[i].names);
	}
	return false;                   /* the rows come later */
}

static bool on_row(void *ctx, const struct row *r)
{
	(void)ctx;
	(void)r;
	return false;
}

struct skipping {
	struct import *m;
	const struct import_request *q;
	struct err *err;
};

static bool skip(void *ctx, long line, const char *why)
{
	struct skipping *s = ctx;

	return import_skip(s->m, s->q, s->q->path, line, why, s->err);
}

/* Nothing is left: the rows that were skipped say why. */
static bool any_row(const struct import *m, const char *path,
                    const struct table *t, struct err *err)
{
	if (t->rows)
		return true;
	for (int i = 0; i < IMPORT_NAMED && i < m->skipped; i++)
		err_at(err, ERR_INPUT, (struct pos){ path,
		       (int)m->bad[i].line, 1 }, "%s", m->bad[i].why);
	return err_at(err, ERR_INPUT, (struct pos){ path, 0, 0 }, "%s",
	              m->skipped ? "no row could be read"
	              : "has no rows below its header");
}

struct table *sample_read(struct import *m, const struct import_request *q,
                          const struct sample_column *want, int n,
                          const double **column, struct err *err)
{
	const char *path = q->path;
	struct intake *f = intake_open(path, ROWS_LONGEST, err);
	struct head_search s = { .want = want, .n = n, .err = err };
	struct skipping to = { m, q, err };
	struct table_want w[COLUMNS];
	struct table *t;
	int k = 0;

	if (!f)
		return NULL;
	rows_read(f, on_head, on_row, &s, err);
	intake_close(f);
	if (s.missing || err_any(err))
		return NULL;
	for (int i = 0; i < n; i++)
		if (s.name[i][0])
			w[k++] = (struct table_want){
				s.name[i], s.name[i], want[i].truth, 1,
				want[i].low, want[i].high };
	t = table_read_past(path, w, k, skip, &to, err);
	if (t && !any_row(m, path, t, err)) {
		table_free(t);
		t = NULL;
	}
	k = 0;
	for (int i = 0; i < n; i++)
		column[i] = t && s.name[i][0] ? t->column[k++] : NULL;
	return t;
}
