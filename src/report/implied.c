/*
 * A range is a statement about the middle; this says what it states about the
 * rest, so that a tail that nobody meant is seen.  Ranges of the model's author
 * stand in the JSON document; the text tells those of the reader.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "report/text.h"

#include "base/banned.h"

#define NAME 36
#define MEAN 10

static bool is_told(const struct provenance *p)
{
	return p->elicited && !p->fixed && p->origin
	       && strcmp(p->origin, "model") != 0;
}

static void add_row(struct buf *out, const struct text_style *st,
                    const struct provenance *p)
{
	struct buf b = BUF_INIT;

	buf_add(out, "    ");
	text_cell(out, st, p->title, NAME, false);
	buf_addc(out, ' ');
	num_human(&b, p->mean, 3);
	text_cell(out, st, b.s, MEAN, true);
	buf_add(out, "  ");
	text_interval(out, p->p1, p->p99);
	text_unit(out, p->unit);
	buf_addc(out, '\n');
	buf_release(&b);
}

void text_implied(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	bool any = false;

	for (int i = 0; i < t->nprovenance; i++) {
		if (!is_told(&t->provenance[i]))
			continue;
		if (!any) {
			text_heading(out, st, 2, "What your ranges imply");
			buf_addf(out, "    %-*s %*s  %s\n", NAME, "", MEAN,
			         "mean", "P1 to P99");
		}
		any = true;
		add_row(out, st, &t->provenance[i]);
	}
	if (any)
		buf_addc(out, '\n');
}
