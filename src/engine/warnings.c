/*
 * What a reader should know before trusting the figures.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "engine/voi.h"

#include "base/banned.h"

#define HEAVY_SHARE 0.3         /* of the mean, in the top 1 % of draws */
#define MATTERS 0.05            /* of the widest swing or of the EVPI */

static void warn_infeasible(struct trade *t)
{
	const struct decision *d = &t->plan->model->decision;

	for (int o = 0; o < t->out->noptions; o++) {
		const struct option_result *r = &t->out->option[o];
		struct buf p = BUF_INIT;

		if (r->status != OPTION_OK || r->p_feasible >= 1)
			continue;
		num_prob(&p, 1 - r->p_feasible);
		trade_warn(t, "infeasible_draws", "%s cannot be taken in a "
		           "share of %s of the draws (%s); there it costs what "
		           "%s costs", r->title, p.s,
		           r->nreasons ? r->reason_text[0] : "no reason given",
		           o == d->pay ? "the dearest option" :
		           t->out->option[d->pay].title);
		buf_release(&p);
	}
}

/* Lower than the share in which the option can be taken: some draws have a
 * state in its place. */
static bool has_gaps(const struct option_result *r, int i)
{
	const struct summary *s = &r->output[i].s;

	return !r->output[i].central && s->p_number > 0 &&
	       s->p_number < r->p_feasible - 1e-9;
}

/* All such outputs in one sentence, each with the option where it is rarest. */
static void warn_not_a_number(struct trade *t)
{
	struct buf names = BUF_INIT;

	for (int i = 0; i < t->out->option[0].noutputs; i++) {
		double least = 1;

		for (int o = 0; o < t->out->noptions; o++)
			if (i < t->out->option[o].noutputs &&
			    has_gaps(&t->out->option[o], i))
				least = fmin(least, t->out->option[o].output[i]
				                    .s.p_number);
		if (least >= 1)
			continue;
		buf_addf(&names, "%s%s (", names.len ? ", " : "",
		         t->out->option[0].output[i].title);
		num_prob(&names, least);
		buf_addc(&names, ')');
	}
	if (names.len && !t->out->point)
		trade_warn(t, "not_always_a_number", "not a number in every "
		           "draw, means are over those that have one (least "
		           "share over the options): %s", names.s);
	buf_release(&names);
}

/* Share of a sum of magnitudes that its greatest hundredth carries. */
static double top_share(const double *v, int64_t n)
{
	double *w = xcalloc((size_t)n, sizeof *w), top, all;
	int64_t count;

	for (int64_t i = 0; i < n; i++)
		w[i] = fabs(v[i]);
	count = stat_compact(w, n);
	all = stat_mean(w, count);
	top = stat_upper_mean(w, count, 0.01) * 0.01;
	free(w);
	return all > 0 ? top / all : 0;
}

static void warn_heavy_tail(struct trade *t)
{
	for (int o = 0; o < t->out->noptions && !t->out->point; o++) {
		double share;

		if (t->judged.status[o] != OPTION_OK)
			continue;
		share = top_share(t->judged.paid[o], t->run->draws.n);
		if (share > HEAVY_SHARE)
			trade_warn(t, "heavy_tail", "one draw in a hundred "
			           "carries %.0f %% of the mean of %s: the mean "
			           "is sensitive to the tail of an input",
			           100 * share, t->out->option[o].title);
	}
}

static bool assumed(const struct slot *s)
{
	return !s->source.kind || strcmp(s->source.kind, "assumption") == 0;
}

/* A factor matters when it may flip the advice, or carries some of the
 * information there is. */
static bool matters(const struct trade *t, int i)
{
	const char *name = trade_slot_name(t, t->factor[i].slot);

	for (int k = 0; k < t->out->nsensitivity; k++)
		if (t->out->sensitivity[k].flips &&
		    strcmp(t->out->sensitivity[k].parameter, name) == 0)
			return true;
	return t->partial && t->partial[i].value > MATTERS * t->judged.evpi;
}

static void warn_unmeasured(struct trade *t)
{
	int matter = 0, guesses = 0;

	for (int i = 0; i < t->nfactors; i++)
		if (matters(t, i)) {
			matter++;
			guesses += assumed(&t->plan->bound->slot[
				t->factor[i].slot]);
		}
	if (guesses > 0 && matter == 1)
		trade_warn(t, "unmeasured", "the one parameter that matters "
		           "is an assumption nobody has measured");
	else if (guesses > 0)
		trade_warn(t, "unmeasured", "%d of the %d parameters that "
		           "matter %s an assumption nobody has measured",
		           guesses, matter, guesses == 1 ? "is" : "are");
}

static void warn_break_even(struct trade *t)
{
	for (int i = 0; i < t->out->nbreak_even; i++)
		if (t->out->break_even[i].draws > 0) {
			trade_warn(t, "break_even_draws", "the spread of the "
			           "break-evens comes from %lld of the draws",
			           (long long)t->out->break_even[i].draws);
			return;
		}
}

static void warn_state(struct trade *t)
{
	if (t->out->verdict.state == VERDICT_UNDECIDED)
		trade_warn(t, "undecided", "the recommendation does not stand "
		           "at the confidence of %g after %lld draws",
		           t->o->confidence, (long long)t->run->draws.n);
	if (t->out->point && t->nfactors > 0)
		trade_warn(t, "point", "every uncertain value stands at its "
		           "centre (median, heaviest choice): no probability "
		           "is known");
}

/* What the binding noticed: old prices, heavy inputs. */
static void pass_on(struct trade *t)
{
	const struct bound *b = t->plan->bound;

	for (int i = 0; i < b->nwarnings; i++) {
		const struct note_item *w = &b->warning[i];

		if (!w->model || strcmp(w->model, t->plan->model->name) == 0)
			trade_warn(t, arena_strdup(t->arena, w->code), "%s",
			           w->text);
	}
}

void warnings_report(struct trade *t)
{
	pass_on(t);
	warn_state(t);
	warn_infeasible(t);
	warn_not_a_number(t);
	warn_heavy_tail(t);
	warn_unmeasured(t);
	warn_break_even(t);
}
