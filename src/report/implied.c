/*
 * A range is a statement about the middle; this says what it states about the
 * rest, so that a tail that nobody meant is seen.  Ranges of the model's author
 * stand in the JSON document; the text tells those of the reader.
 */
#include <string.h>

#include "base/num.h"
#include "report/text.h"

#include "base/banned.h"

static bool is_told(const struct provenance *p)
{
	return p->elicited && !p->fixed && p->origin
	       && strcmp(p->origin, "model") != 0;
}

static void add_kept(struct buf *b, const struct provenance *p)
{
	bool low = result_has(p->kept_low), high = result_has(p->kept_high);

	if (!low && !high)
		return;
	buf_add(b, low && high ? ", kept between its bounds " :
	           low ? ", kept above its bound " :
	                 ", kept below its bound ");
	if (low)
		num_human(b, p->kept_low, 3);
	if (low && high)
		buf_add(b, " and ");
	if (high)
		num_human(b, p->kept_high, 3);
}

void text_implied(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	bool any = false;

	for (int i = 0; i < t->nprovenance; i++) {
		const struct provenance *p = &t->provenance[i];
		struct buf b = BUF_INIT;

		if (!is_told(p))
			continue;
		if (!any)
			text_heading(out, st, 2, "What your ranges imply");
		any = true;
		buf_addf(&b, "%s: mean ", p->title);
		num_human(&b, p->mean, 3);
		buf_add(&b, ", P1 to P99 ");
		text_interval(&b, p->p1, p->p99);
		text_unit(&b, p->unit);
		add_kept(&b, p);
		text_wrap(out, st, 4, 2, b.s);
		buf_release(&b);
	}
	if (any)
		buf_addc(out, '\n');
}
