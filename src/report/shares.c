/* Shares of the variance that were asked for, as a table for people. */
#include <math.h>
#include <string.h>

#include "report/text.h"

#include "base/banned.h"

#define COLUMN 16               /* " -0.123 +- 0.456" */
#define LEAST_TITLE 24
#define LEAST 0.005             /* less of a share, or of a rank correlation */
#define LEAST_SHOWN 0.0005
#define LEAST_RANK 0.1          /* than this, is told in number */

enum measure { FIRST, TOTAL, SHAPLEY, PRCC, MEASURES };

static const char *const heads[MEASURES] = {
	"alone", "total", "Shapley", "rank corr.",
};

static double value_of(const struct sensitivity *s, int m, double *se)
{
	const double v[MEASURES] = {
		s->first_order, s->total, s->shapley, s->prcc,
	};
	const double e[MEASURES] = {
		s->first_order_se, s->total_se, s->shapley_se, s->prcc_se,
	};

	*se = e[m];
	return v[m];
}

static bool asked(const struct tradeoff *t, int m)
{
	double se;

	for (int i = 0; i < t->nsensitivity; i++)
		if (result_has(value_of(&t->sensitivity[i], m, &se)))
			return true;
	return false;
}

static bool tells(const struct sensitivity *s)
{
	for (int m = 0; m < MEASURES; m++) {
		double se, v = fabs(value_of(s, m, &se));

		if (v >= (m == PRCC ? LEAST_RANK : LEAST) && !(v <= 2 * se))
			return true;
	}
	return false;
}

static void cell(struct buf *b, const struct text_style *st,
                 const struct sensitivity *s, int m)
{
	double se, v = value_of(s, m, &se);

	if (!result_has(v)) {
		buf_addc(b, '-');
		return;
	}
	if (fabs(v) < LEAST_SHOWN)
		buf_addc(b, '0');
	else
		buf_addf(b, "%.3f", v);
	if (!result_has(se))
		return;
	buf_add(b, st->ascii ? " +- " : " \xc2\xb1 ");
	if (se > 0 && se < LEAST_SHOWN)
		buf_add(b, "<0.001");
	else
		buf_addf(b, "%.3f", se);
}

static void row(struct buf *out, const struct text_style *st,
                const struct tradeoff *t, const struct sensitivity *s,
                int title)
{
	struct buf b = BUF_INIT;

	buf_pad(out, ' ', 4);
	text_cell(out, st, s ? s->title : "", title, false);
	for (int m = 0; m < MEASURES; m++) {
		if (!asked(t, m))
			continue;
		if (s)
			cell(&b, st, s, m);
		else
			buf_add(&b, heads[m]);
		text_cell(out, st, b.s, COLUMN, true);
		buf_clear(&b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

/* The same as a sentence, where columns would cut too much. */
static void narrow_row(struct buf *out, const struct text_style *st,
                       const struct tradeoff *t, const struct sensitivity *s)
{
	struct buf b = BUF_INIT;
	int n = 0;

	buf_addf(&b, "%s: ", s->title);
	for (int m = 0; m < MEASURES; m++) {
		if (!asked(t, m))
			continue;
		buf_addf(&b, "%s%s ", n++ ? ", " : "", heads[m]);
		cell(&b, st, s, m);
	}
	text_wrap(out, st, 4, 2, b.s);
	buf_release(&b);
}

static void legend(struct buf *out, const struct text_style *st,
                   const struct tradeoff *t, int rest)
{
	struct buf b = BUF_INIT;

	if (rest)
		buf_addf(&b, "%d other%s nothing that can be told from 0. ",
		         rest, rest == 1 ? " has" : "s have");
	buf_add(&b, "Alone: what goes when the input is known");
	if (asked(t, TOTAL))
		buf_add(&b, "; total: what is left when all others are known");
	if (asked(t, SHAPLEY))
		buf_add(&b, "; Shapley: its part of the whole");
	if (asked(t, PRCC))
		buf_add(&b, "; rank corr.: which way it moves the advantage, "
		        "the others held");
	if (t->index_draws)
		buf_addf(&b, " (%lld draws of their own)",
		         (long long)t->index_draws);
	buf_addc(&b, '.');
	text_wrap(out, st, 4, 0, b.s);
	buf_release(&b);
}

void text_shares(struct buf *out, const struct text_style *st,
                 const struct tradeoff *t)
{
	int columns = 0, rest = 0, title;

	for (int m = 0; m < MEASURES; m++)
		columns += asked(t, m);
	if (!asked(t, TOTAL) && !asked(t, SHAPLEY) && !asked(t, PRCC))
		return;
	text_heading(out, st, 2, "Shares of the variance of the advantage");
	title = text_room(st) - 4 - columns * COLUMN;
	if (title >= LEAST_TITLE)
		row(out, st, t, NULL, title);
	for (int i = 0; i < t->nsensitivity; i++) {
		const struct sensitivity *s = &t->sensitivity[i];

		if (!tells(s) && t->nsensitivity > 1)
			rest++;
		else if (title >= LEAST_TITLE)
			row(out, st, t, s, title);
		else
			narrow_row(out, st, t, s);
	}
	legend(out, st, t, rest);
	buf_addc(out, '\n');
}
