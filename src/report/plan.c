/* The joint plan, for people and as rows. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "report/csv.h"
#include "report/text.h"

#include "base/banned.h"

#define SHARE 8
#define COST 14
#define LEAST_COLUMN 20
#define FEW 5                   /* choices that people are shown */

static const struct tradeoff *trade(const struct joint_plan *p, int i)
{
	return &p->separate->tradeoff[i];
}

static int trades(const struct joint_plan *p)
{
	return p->separate->ntradeoffs;
}

static const char *title(const struct joint_plan *p, int i, int option)
{
	return text_option(trade(p, i), option);
}

static void money(struct buf *b, const struct joint_plan *p, double v)
{
	if (result_has(v)) {
		num_money(b, v);
		buf_addf(b, " %s", p->unit);
	} else {
		buf_add(b, "no number");
	}
}

static void give_or_take(struct buf *b, const struct text_style *st, double se)
{
	if (!(se > 0))
		return;
	buf_add(b, st->ascii ? " +- " : " \xc2\xb1 ");
	text_error(b, se);
}

static void say(struct buf *out, const struct text_style *st, int indent,
                struct buf *b)
{
	text_wrap(out, st, indent, 2, b->s);
	buf_clear(b);
}

static enum text_role role(const struct joint_plan *p)
{
	switch (p->verdict.state) {
	case VERDICT_STABLE:
		return TEXT_GOOD;
	case VERDICT_INFEASIBLE:
		return TEXT_BAD;
	default:
		return TEXT_DOUBT;
	}
}

/* --- head --------------------------------------------------------------- */

static void headline(struct buf *out, const struct text_style *st,
                     const struct joint_plan *p)
{
	const struct verdict *v = &p->verdict;
	struct buf b = BUF_INIT;

	if (trades(p) == 1)
		buf_add(&b, "One trade-off alone, over ");
	else
		buf_addf(&b, "The %d together, over ", trades(p));
	text_months(&b, p->horizon);
	text_heading(out, st, 0, b.s);
	out->s[--out->len] = '\0';      /* back onto the heading's line */
	buf_add(out, "  [");
	text_begin(out, st, role(p));
	buf_add(out, verdict_state_names[v->state]);
	text_end(out, st, role(p));
	if (result_has(v->probability_best))
		buf_addf(out, ", best in %.0f %% of draws",
		         100 * v->probability_best);
	buf_add(out, "]\n");
	text_wrap(out, st, 2, 0, v->sentence);
	buf_addc(out, '\n');
	buf_release(&b);
}

/* --- the choice --------------------------------------------------------- */

static void cells(struct buf *out, const struct text_style *st, int column,
                  const char *a, const char *b, const char *c, const char *d)
{
	buf_pad(out, ' ', 2);
	text_cell(out, st, a, column, false);
	buf_addc(out, ' ');
	text_cell(out, st, b, column, false);
	buf_addc(out, ' ');
	text_cell(out, st, c, column, false);
	text_cell(out, st, d, SHARE, true);
	buf_addc(out, '\n');
}

static void part_wide(struct buf *out, const struct text_style *st,
                      const struct joint_plan *p, int i, int column)
{
	const struct plan_part *x = &p->part[i];
	struct buf b = BUF_INIT;

	if (x->joint >= 0 && !p->point)
		buf_addf(&b, "%.0f %%", 100 * x->p_chosen[x->joint]);
	cells(out, st, column, trade(p, i)->title, title(p, i, x->joint),
	      x->assumed ? "(assumed)" : x->joint == x->separate
	      ? "the same" : title(p, i, x->separate), b.s);
	buf_release(&b);
}

static void part_narrow(struct buf *out, const struct text_style *st,
                        const struct joint_plan *p, int i)
{
	const struct plan_part *x = &p->part[i];
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: %s", trade(p, i)->title, title(p, i, x->joint));
	if (x->assumed)
		buf_add(&b, ", assumed");
	else if (x->joint != x->separate)
		buf_addf(&b, "; by itself %s", title(p, i, x->separate));
	text_wrap(out, st, 2, 2, b.s);
	buf_release(&b);
}

static void parts(struct buf *out, const struct text_style *st,
                  const struct joint_plan *p)
{
	int column = (text_room(st) - 4 - SHARE) / 3;

	if (column >= LEAST_COLUMN)
		cells(out, st, column, "Trade-off", "Together", "By itself",
		      p->point ? "" : "Chosen");
	for (int i = 0; i < trades(p); i++)
		if (column >= LEAST_COLUMN)
			part_wide(out, st, p, i, column);
		else
			part_narrow(out, st, p, i);
	if (column >= LEAST_COLUMN && !p->point)
		text_wrap(out, st, 2, 0, "Chosen: the share of draws whose "
		          "best combination takes that option.");
	buf_addc(out, '\n');
}

/* --- what it costs ------------------------------------------------------ */

static void interaction(struct buf *out, const struct text_style *st,
                        const struct joint_plan *p)
{
	struct buf b = BUF_INIT;

	buf_add(&b, "Expected cost ");
	money(&b, p, p->choice[0].mean);
	give_or_take(&b, st, p->choice[0].se);
	buf_addc(&b, '.');
	say(out, st, 2, &b);
	if (p->separate_reason) {
		buf_addf(&b, "The separate verdicts are no plan: %s.",
		         p->separate_reason);
	} else if (p->differs) {
		buf_add(&b, "The separate verdicts together would cost ");
		money(&b, p, p->separate_cost);
		buf_add(&b, ": choosing together is worth ");
		money(&b, p, p->interaction);
		give_or_take(&b, st, p->interaction_se);
		buf_addc(&b, '.');
	} else {
		buf_add(&b, "Choosing together changes nothing here.");
	}
	say(out, st, 2, &b);
	buf_release(&b);
}

static void components(struct buf *out, const struct text_style *st,
                       const struct joint_plan *p)
{
	struct buf b = BUF_INIT;

	buf_add(&b, "Of it: ");
	for (int i = 0; i < trades(p); i++) {
		buf_addf(&b, "%s%s ", i ? ", " : "", trade(p, i)->title);
		num_money(&b, p->part[i].cost);
	}
	buf_addf(&b, " %s.", p->unit);
	say(out, st, 2, &b);
	buf_release(&b);
}

/* Where another choice differs from the best. */
static void changes(struct buf *b, const struct joint_plan *p,
                    const struct plan_choice *c)
{
	bool first = true;

	for (int i = 0; i < trades(p); i++) {
		if (c->option[i] == p->choice[0].option[i])
			continue;
		buf_addf(b, "%s%s", first ? "" : "; ",
		         title(p, i, c->option[i]));
		first = false;
	}
}

static void runners_up(struct buf *out, const struct text_style *st,
                       const struct joint_plan *p)
{
	struct buf b = BUF_INIT;

	if (p->nchoices < 2)
		return;
	text_heading(out, st, 2, "What comes next, and what it changes");
	for (int i = 1; i < p->nchoices && i < FEW; i++) {
		const struct plan_choice *c = &p->choice[i];

		buf_addc(&b, '+');
		money(&b, p, c->behind);
		give_or_take(&b, st, c->behind_se);
		buf_add(&b, ": ");
		changes(&b, p, c);
		if (!p->point) {
			buf_add(&b, ", best in ");
			text_share(&b, c->probability_best);
		}
		say(out, st, 4, &b);
	}
	buf_addc(out, '\n');
	buf_release(&b);
}

/* --- what was looked at ------------------------------------------------- */

static void counts(struct buf *out, const struct text_style *st,
                   const struct joint_plan *p)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%d combinations: %d can be taken", p->ncombinations,
	         p->nok);
	if (p->nsenseless)
		buf_addf(&b, ", %d make no sense", p->nsenseless);
	if (p->nbarred)
		buf_addf(&b, ", %d are barred by rules", p->nbarred);
	if (p->ninfeasible)
		buf_addf(&b, ", %d cannot be taken often enough",
		         p->ninfeasible);
	buf_addc(&b, '.');
	say(out, st, 4, &b);
	buf_release(&b);
}

static void rule(struct buf *out, const struct text_style *st,
                 const struct joint_plan *p, const struct plan_rule *r)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: rules out %d", r->title, r->barred);
	if (r->tradeoff >= 0 && r->price > 0) {
		buf_add(&b, ": obeying costs ");
		money(&b, p, r->price);
		give_or_take(&b, st, r->price_se);
	}
	buf_addc(&b, '.');
	say(out, st, 4, &b);
	buf_release(&b);
}

static void account(struct buf *out, const struct text_style *st,
                    const struct joint_plan *p, const struct plan_account *a)
{
	struct buf b = BUF_INIT;

	if (a->owner < 0) {
		buf_addf(&b, "%s: each one's own money counts.", a->name);
	} else {
		buf_addf(&b, "%s: counted in %s, not in ", a->name,
		         trade(p, a->owner)->title);
		for (int i = 0; i < a->nothers; i++)
			buf_addf(&b, "%s%s", i ? ", " : "",
			         trade(p, a->other[i])->title);
		buf_addc(&b, '.');
	}
	say(out, st, 4, &b);
	buf_release(&b);
}

static void looked_at(struct buf *out, const struct text_style *st,
                      const struct joint_plan *p)
{
	text_heading(out, st, 2, "What was compared");
	counts(out, st, p);
	for (int i = 0; i < p->nrules; i++)
		rule(out, st, p, &p->rule[i]);
	for (int i = 0; i < p->naccounts; i++)
		account(out, st, p, &p->account[i]);
	for (int i = 0; i < p->nwarnings; i++)
		text_wrap(out, st, 4, 2, p->warning[i].text);
	buf_addc(out, '\n');
}

static void knowledge(struct buf *out, const struct text_style *st,
                      const struct joint_plan *p)
{
	struct tradeoff t = { .objective_unit = p->unit, .voi = p->voi };

	if (p->voi.present)
		text_voi(out, st, &t);
	if (p->voi.present && p->voi.nevppi < p->ninputs) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "Of %d uncertain inputs these %d seemed worth "
		         "most at a first look.", p->ninputs, p->voi.nevppi);
		say(out, st, 4, &b);
		buf_addc(out, '\n');
		buf_release(&b);
	}
}

void report_plan_text(struct buf *out, const struct joint_plan *p,
                      const struct text_style *st)
{
	text_title(out, st, p->separate);
	headline(out, st, p);
	if (p->nchoices) {
		parts(out, st, p);
		interaction(out, st, p);
		components(out, st, p);
		buf_addc(out, '\n');
		runners_up(out, st, p);
		knowledge(out, st, p);
	}
	looked_at(out, st, p);
	text_footer(out, st, p->separate);
}

/* --- rows --------------------------------------------------------------- */

void report_plan_csv(struct buf *out, const struct joint_plan *p)
{
	buf_add(out, "scenario,rank,");
	for (int i = 0; i < trades(p); i++)
		csv_text(out, trade(p, i)->model);
	buf_add(out, "unit,mean,se,behind,behind_se,probability_best,"
	        "p_feasible,verdict,digest\r\n");
	for (int k = 0; k < p->nchoices; k++) {
		const struct plan_choice *c = &p->choice[k];

		csv_text(out, p->separate->scenario);
		csv_number(out, k + 1);
		for (int i = 0; i < trades(p); i++)
			csv_text(out, trade(p, i)->option[c->option[i]].name);
		csv_text(out, p->unit);
		CSV(out, *c, mean, se, behind, behind_se);
		csv_number(out, p->point ? NAN : c->probability_best);
		csv_number(out, c->p_feasible);
		csv_text(out, verdict_state_names[p->verdict.state]);
		csv_text(out, p->digest);
		csv_end(out);
	}
}
