/*
 * A comparison as text, as a Markdown comment, as JSON.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/json.h"
#include "report/text.h"
#include "result/comparison.h"

#include "base/banned.h"

#define BAR 24                  /* columns of the longest bar */

/* --- text --------------------------------------------------------------- */

static void safe(struct buf *out, const char *s)
{
	utf8_safe(out, s ? s : "(not set)", false);
}

static void add_figure(struct buf *out, double v, const char *unit)
{
	if (!strcmp(unit, "1"))
		num_prob(out, v);
	else
		text_number(out, v, unit);
}

/* "+1.2k", with the sign always. */
static void add_signed(struct buf *out, double v, const char *unit)
{
	buf_addc(out, v < 0 ? '-' : '+');
	if (!strcmp(unit, "1"))
		num_human(out, fabs(v), 3);
	else
		text_number(out, fabs(v), unit);
}

/* " ± 12", where there is an error. */
static void add_error(struct buf *out, double se, bool ascii)
{
	if (!(se > 0))
		return;
	buf_add(out, ascii ? " +- " : " \xc2\xb1 ");
	text_error(out, se);
}

static void list_changes(struct buf *out, const struct comparison *c)
{
	for (int i = 0; i < c->nchanges; i++) {
		buf_add(out, "  ");
		safe(out, c->change[i].path);
		buf_add(out, ": ");
		safe(out, c->change[i].then);
		buf_add(out, " -> ");
		safe(out, c->change[i].now);
		buf_addc(out, '\n');
	}
	for (int i = 0; i < c->ngroups; i++)
		if (!strcmp(c->group[i], "models") ||
		    !strcmp(c->group[i], "price list"))
			buf_addf(out, "  the %s\n", c->group[i]);
	if (!c->ngroups)
		buf_add(out, "  nothing that decides the answer\n");
}

static double largest(const struct figure_change *f, int n)
{
	double most = 0;

	for (int i = 0; i < n; i++)
		most = fmax(most, fabs(f->share[i]));
	return most;
}

/* Rows of a waterfall: from then to now, one change after the other. */
static void waterfall(struct buf *out, const struct comparison *c,
                      const struct figure_change *f,
                      const struct text_style *st)
{
	double most = largest(f, c->ngroups);

	for (int i = 0; i < c->ngroups; i++) {
		int n = most > 0 ? (int)lround(BAR * fabs(f->share[i]) / most)
		                 : 0;
		struct buf amount = BUF_INIT;

		if (f->share[i] == 0)
			buf_addc(&amount, '0');
		else
			add_signed(&amount, f->share[i], f->unit);
		buf_add(out, "      ");
		text_cell(out, st, amount.s, 16, true);
		buf_addc(out, ' ');
		for (int k = 0; k < n; k++)
			buf_add(out, st->ascii ? (f->share[i] < 0 ? "-" : "+")
			                       : "\xe2\x96\x88");
		buf_pad(out, ' ', BAR - n + 1);
		safe(out, c->group[i]);
		if (f->share[i] != 0)
			add_error(out, f->share_se[i], st->ascii);
		buf_addc(out, '\n');
		buf_release(&amount);
	}
}

static void figure_text(struct buf *out, const struct comparison *c,
                        const struct figure_change *f,
                        const struct text_style *st)
{
	if (!isfinite(f->then) && !isfinite(f->now))
		return;
	buf_addf(out, "    %s: ", f->title);
	if (isfinite(f->then)) {
		add_figure(out, f->then, f->unit);
		add_error(out, f->then_se, st->ascii);
	} else
		buf_add(out, "none");
	buf_add(out, " -> ");
	if (isfinite(f->now)) {
		add_figure(out, f->now, f->unit);
		add_error(out, f->now_se, st->ascii);
	} else
		buf_add(out, "none");
	if (isfinite(f->then) && isfinite(f->now)) {
		buf_add(out, " (");
		add_signed(out, f->now - f->then, f->unit);
		add_error(out, f->change_se, st->ascii);
		buf_addc(out, ')');
	}
	buf_addc(out, '\n');
	if (f->share && c->ngroups)
		waterfall(out, c, f, st);
	else if (c->shared && c->ngroups)
		buf_add(out, "      cannot be shared out: some mixture of the "
		        "changes has no such figure\n");
}

static void trade_text(struct buf *out, const struct comparison *c,
                       const struct trade_change *t,
                       const struct text_style *st)
{
	buf_add(out, "\n  ");
	safe(out, t->model);
	buf_add(out, ": ");
	safe(out, t->option_then ? t->option_then : "no option");
	if (t->flipped) {
		buf_add(out, " -> ");
		text_begin(out, st, TEXT_BAD);
		safe(out, t->option_now ? t->option_now : "no option");
		text_end(out, st, TEXT_BAD);
		buf_add(out, "  the advice changed");
	} else {
		buf_add(out, "  the advice stands");
	}
	buf_addf(out, " (%s -> %s)\n", t->state_then, t->state_now);
	for (int i = 0; i < COMPARE_FIGURES; i++)
		figure_text(out, c, &t->figure[i], st);
}

void report_compare_text(struct buf *out, const struct comparison *c,
                         const struct text_style *st)
{
	safe(out, c->then);
	buf_add(out, " -> ");
	safe(out, c->now);
	buf_add(out, "\n\nWhat changed:\n");
	list_changes(out, c);
	for (int i = 0; i < c->ntrades; i++)
		trade_text(out, c, &c->trade[i], st);
	if (c->shared && c->ngroups > 1)
		buf_addf(out, "\nShares are exact (Shapley) over %lld mixtures "
		         "of the changes on the same points.\n",
		         (long long)c->evaluations);
	for (int i = 0; i < c->nnotes; i++) {
		buf_add(out, "Note: ");
		safe(out, c->note[i]);
		buf_addc(out, '\n');
	}
}

/* --- Markdown ----------------------------------------------------------- */

static void cell(struct buf *out, const char *text)
{
	report_markdown(out, text ? text : "(not set)", true);
	buf_add(out, " | ");
}

static void figure_cell(struct buf *out, const struct figure_change *f)
{
	if (isfinite(f->then) && isfinite(f->now))
		add_signed(out, f->now - f->then, f->unit);
	else
		buf_addc(out, '-');
	if (isfinite(f->now - f->then))
		add_error(out, f->change_se, false);
	buf_add(out, " | ");
}

static void share_table(struct buf *out, const struct comparison *c,
                        const struct trade_change *t)
{
	buf_add(out, "\n| change | ");
	cell(out, t->figure[0].title);
	cell(out, t->figure[1].title);
	buf_add(out, "\n| --- | --: | --: |\n");
	for (int i = 0; i < c->ngroups; i++) {
		buf_add(out, "| ");
		cell(out, c->group[i]);
		for (int f = 0; f < 2; f++) {
			if (t->figure[f].share)
				add_signed(out, t->figure[f].share[i],
				           t->figure[f].unit);
			else
				buf_addc(out, '-');
			buf_add(out, " | ");
		}
		buf_addc(out, '\n');
	}
}

void report_compare_markdown(struct buf *out, const struct comparison *c)
{
	buf_addf(out, "### steelyard: the advice %s\n\n",
	         comparison_flipped(c) ? "**changed**" : "stands");
	buf_add(out, "| trade-off | then | now | cost of the advice | lead of "
	        "then's advice |\n| --- | --- | --- | --: | --: |\n");
	for (int i = 0; i < c->ntrades; i++) {
		const struct trade_change *t = &c->trade[i];

		buf_add(out, "| ");
		cell(out, t->model);
		cell(out, t->option_then ? t->option_then : "none");
		cell(out, t->option_now ? t->option_now : "none");
		figure_cell(out, &t->figure[0]);
		figure_cell(out, &t->figure[1]);
		buf_addc(out, '\n');
	}
	if (c->nchanges) {
		buf_add(out, "\n| value | then | now |\n| --- | --- | --- |\n");
		for (int i = 0; i < c->nchanges; i++) {
			buf_add(out, "| ");
			cell(out, c->change[i].path);
			cell(out, c->change[i].then);
			cell(out, c->change[i].now);
			buf_addc(out, '\n');
		}
	}
	for (int i = 0; c->shared && i < c->ntrades; i++)
		share_table(out, c, &c->trade[i]);
}

/* --- JSON --------------------------------------------------------------- */

static void trade_json(json_t *list, const struct comparison *c,
                       const struct trade_change *t)
{
	json_t *o = put_item(list), *figures, *shares;

	put_text(o, "model", t->model);
	put_flag(o, "changed", t->flipped);
	PUT(o, *t, option_then, option_now, state_then, state_now);
	figures = put_list(o, "figures");
	for (int i = 0; i < COMPARE_FIGURES; i++) {
		const struct figure_change *f = &t->figure[i];
		json_t *one = put_item(figures);

		PUT(one, *f, name, unit, then, now);
		put_num(one, "change", f->now - f->then);
		PUT(one, *f, then_se, now_se, change_se);
		if (!f->share)
			continue;
		shares = put_list(one, "shares");
		for (int g = 0; g < c->ngroups; g++) {
			json_t *share = put_item(shares);

			put_text(share, "change", c->group[g]);
			put_num(share, "value", f->share[g]);
			put_num(share, "se", f->share_se[g]);
		}
	}
}

void report_compare_json(struct buf *out, const struct comparison *c)
{
	json_t *doc = json_object(), *list;

	put_text(doc, "schema", "steelyard.comparison/1");
	put_flag(doc, "ok", true);
	PUT(doc, *c, then, now);
	put_flag(doc, "changed", comparison_flipped(c));
	PUT(doc, *c, point, samples, evaluations);
	list = put_list(doc, "changes");
	for (int i = 0; i < c->nchanges; i++) {
		json_t *o = put_item(list);

		PUT(o, c->change[i], path, then, now);
		put_text(o, "group", c->group[c->change[i].group]);
	}
	put_texts(doc, "groups", c->group, c->ngroups);
	list = put_list(doc, "tradeoffs");
	for (int i = 0; i < c->ntrades; i++)
		trade_json(list, c, &c->trade[i]);
	put_texts(doc, "notes", c->note, c->nnotes);
	put_write(out, doc);
}
