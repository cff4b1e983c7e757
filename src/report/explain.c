/*
 * Why a number is what it is, one figure a line, made from the ones below it:
 *
 *      api_people[api_closed] at 1 = 5466 USD/month (90 %: 1764 to 11.8k)
 *          <- api_fte * engineer
 *        api_fte = 0.287 FTE (90 %: 0.1 to 0.6)
 *            <- 0.1 to 0.6; assumption: judgement, 2026-11-23
 *
 * and which inputs move it: the shares of its variance.
 */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "report/text.h"

#include "base/banned.h"

#define MOVERS 3
#define LEAST 0.05              /* of the variance */

static void add_source(struct buf *b, const struct provenance *p)
{
	struct buf from = BUF_INIT;

	buf_addf(b, "; %s", p->kind ? p->kind : "no source given");
	if (p->source)
		buf_addf(b, ": %s", p->source);
	if (p->date)
		buf_addf(b, ", %s", p->date);
	result_origin(&from, p->origin, p->price, p->over);
	if (from.len)
		buf_addf(b, "; from %s", from.s);
	buf_release(&from);
}

static void made_from(struct buf *b, const struct explanation *x)
{
	const char *text = x->source ? x->source->text : NULL;

	if (x->formula || text)
		buf_addf(b, "<- %s", x->formula ? x->formula : text);
	if (x->formula && text && strcmp(x->formula, text) != 0)
		buf_addf(b, "; stated as %s", text);
	if (x->source)
		add_source(b, x->source);
}

/* "moved by Growth of volume 61 %, Price of a GPU hour 20 %": of what is made
 * from several. */
static void moved_by(struct buf *b, const struct explanation *x)
{
	for (int i = 0; i < x->nmoves && i < MOVERS; i++)
		if (x->move[i].share >= LEAST)
			buf_addf(b, "%s%s %.0f %%", i ? ", " : "moved by ",
			         x->move[i].title, 100 * x->move[i].share);
}

/* However deep it goes, half of the line is left for the text. */
static int indent_at(const struct text_style *st, int depth)
{
	int most = text_room(st) / 2;

	return 2 * depth < most ? 2 * depth : most;
}

static void explain(struct buf *out, const struct explanation *x,
                    const struct text_style *st, int depth)
{
	int indent = indent_at(st, depth);
	struct buf b = BUF_INIT, from = BUF_INIT;

	buf_addf(&b, "%s = ", x->name);
	text_summary(&b, &x->s, x->unit, isfinite(x->s.value));
	made_from(&from, x);
	if (indent + utf8_width(b.s) + 1 + utf8_width(from.s)
	    <= text_room(st)) {
		buf_addf(&b, "%s%s", from.len ? " " : "", from.s);
		buf_clear(&from);
	}
	text_wrap(out, st, indent, 4, b.s);
	if (from.len)
		text_wrap(out, st, indent + 4, 3, from.s);
	buf_clear(&from);
	if (x->n || !x->source)
		moved_by(&from, x);
	if (from.len)
		text_wrap(out, st, indent + 4, 3, from.s);
	buf_release(&from);
	buf_release(&b);
	for (int i = 0; i < x->n; i++)
		explain(out, x->part[i], st, depth + 1);
}

void report_explain_text(struct buf *out, const struct explanation *x,
                         const struct text_style *st)
{
	explain(out, x, st, 0);
	if (x->file) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "(%s:%d)", x->file, x->line);
		text_wrap(out, st, 0, 1, b.s);
		buf_release(&b);
	}
}
