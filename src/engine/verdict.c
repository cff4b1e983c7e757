/*
 * The verdict as figures and as a sentence for people.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

#define LEAST_DRAWS 16          /* eight replicates of two */

static const char *badge(const struct decision *d, double p)
{
	return p >= d->firm ? "firm" : p >= d->lean ? "lean" : "toss";
}

/* --- words -------------------------------------------------------------- */

static const char *title(const struct trade *t, int o)
{
	return t->out->option[o].title;
}

/* An amount of the objective, without its sign. */
static void add_amount(struct trade *t, struct buf *b, double v)
{
	const char *unit = t->out->objective_unit;

	v = fabs(v);
	if (strcmp(unit, "USD") == 0)
		num_money(b, v);
	else
		num_human(b, v, 3);
	if (strcmp(unit, "1") != 0)
		buf_addf(b, " %s", unit);
}

static void add_share(struct buf *b, double p)
{
	if (p >= 1)
		buf_add(b, "every draw");
	else if (p > 0.99)
		buf_add(b, "over 99 % of draws");
	else if (p < 0.01)
		buf_add(b, "under 1 % of draws");
	else
		buf_addf(b, "%.0f %% of draws", 100 * p);
}

static bool money(const struct trade *t)
{
	return strncmp(t->out->objective_unit, "USD", 3) == 0;
}

static const char *superlative(const struct trade *t)
{
	if (t->plan->model->decision.maximise)
		return "best";
	return money(t) ? "cheapest" : "least";
}

static void add_lead(struct trade *t, struct buf *b)
{
	const struct verdict *v = &t->out->verdict;

	add_amount(t, b, v->advantage);
	buf_add(b, t->plan->model->decision.maximise ? " more" : " less");
	if (strcmp(t->out->objective_unit, "USD") == 0)
		buf_addf(b, " over %d month%s", t->out->horizon,
		         t->out->horizon == 1 ? "" : "s");
	buf_addf(b, " than %s", title(t, v->runner_up));
}

/* The crossing nearest to where the scenario stands, on either side. */
static const struct crossing *nearest(const struct break_even *b)
{
	const struct crossing *best = NULL;

	for (int i = 0; i < b->ncrossings; i++)
		if (b->crossing[i].kind != CROSS_TOUCH &&
		    (!best || fabs(log(b->crossing[i].at / b->here)) <
		              fabs(log(best->at / b->here))))
			best = &b->crossing[i];
	return best;
}

/* Where the advice tips: told once, of the first parameter that tips it.  Where
 * a third option could step in, the pair's crossing says less than who is best
 * of all, which stands behind it. */
static void add_break_even(struct trade *t, struct buf *b)
{
	int option = t->out->verdict.option, n = t->out->nbreak_even;

	for (int i = 0; i < n; i++) {
		const struct break_even *e = &t->out->break_even[i];
		const struct crossing *c = nearest(e);
		bool above = c && e->here < c->at;
		int other = !c ? -1 : above ? c->above : c->below;

		if (e->pair && i + 1 < n && !e[1].pair)
			continue;
		if (!c || other < 0 || other == option ||
		    (above ? c->below : c->above) != option)
			continue;
		buf_addf(b, "; it is %s where %s %s ", title(t, other),
		         e->title, above ? "exceeds" : "falls below");
		num_human(b, c->at, 3);
		if (strcmp(e->unit, "1") != 0)
			buf_addf(b, " %s", e->unit);
		return;
	}
}

static void say_chosen(struct trade *t, struct buf *b)
{
	const struct verdict *v = &t->out->verdict;
	int others = 0;

	for (int o = 0; o < t->out->noptions; o++)
		others += o != v->option &&
		          t->out->option[o].status == OPTION_OK;
	if (t->out->point)
		buf_add(b, "At the central values: ");
	buf_add(b, title(t, v->option));
	if (v->option == t->plan->model->decision.incumbent)
		buf_add(b, " (as now)");
	buf_add(b, ": ");
	if (v->runner_up < 0) {         /* others may miss a service level */
		buf_addf(b, "the only option that %s", others ?
		         "keeps its service levels" : "can be taken");
		return;
	}
	if (!t->out->point) {
		buf_addf(b, "%s in ", superlative(t));
		add_share(b, v->probability_best);
		buf_add(b, ", ");
	}
	add_lead(t, b);
	add_break_even(t, b);
}

static void say_tied(struct trade *t, struct buf *b)
{
	const struct verdict *v = &t->out->verdict;

	buf_addf(b, "Tied: %s and %s ", title(t, v->option),
	         title(t, v->runner_up));
	if (v->advantage == 0) {
		buf_add(b, "come to the same");
	} else {
		buf_add(b, "differ by ");
		add_amount(t, b, v->advantage);
		buf_add(b, ", less than the ");
		add_amount(t, b, t->out->indifferent_below);
		buf_add(b, " that would matter");
	}
	buf_add(b, "; choose by what the figures leave out");
}

static void say_undecided(struct trade *t, struct buf *b)
{
	const struct verdict *v = &t->out->verdict;
	const struct voi *voi = &t->out->voi;

	if (t->run->draws.replicates < 2) {
		buf_addf(b, "Undecided: %lld draw%s too few to tell how sure "
		         "it is that %s is best; take at least %d",
		         (long long)t->run->draws.n,
		         t->run->draws.n == 1 ? " is" : "s are",
		         title(t, v->option), LEAST_DRAWS);
		return;
	}
	buf_addf(b, "Undecided after %lld draws: %s leads %s by ",
	         (long long)t->run->draws.n, title(t, v->option),
	         title(t, v->runner_up));
	add_amount(t, b, v->advantage);
	if (!isnan(v->advantage_se)) {
		buf_add(b, ", give or take ");
		add_amount(t, b, 2 * v->advantage_se);
	}
	if (voi->nevppi > 0 && voi->evppi[0].value > 0)
		buf_addf(b, "; measuring %s would tell most",
		         voi->evppi[0].parameter);
	else
		buf_add(b, "; more draws would tell");
}

static void say_infeasible(struct trade *t, struct buf *b)
{
	buf_add(b, "No option can be taken: ");
	for (int o = 0; o < t->out->noptions; o++) {
		const struct option_result *r = &t->out->option[o];

		buf_addf(b, "%s%s (%s)", o ? ", " : "", r->title,
		         r->nreasons ? r->reason_text[0] :
		         option_status_names[r->status]);
	}
}

/* What one pays beyond the other in draws in which it does, on the mean. */
static double pays_more(const struct judged *j, int dear, int cheap,
                        int64_t from, int64_t to)
{
	double sum = 0;
	int64_t n = 0;

	for (int64_t i = from; i < to; i++) {
		double d = j->paid[dear][i] - j->paid[cheap][i];

		if (d > 0) {
			sum += d;
			n++;
		}
	}
	return n > 0 ? sum / (double)n : NAN;
}

static double pays_more_se(const struct judged *j, int dear, int cheap)
{
	int64_t each = j->in.n / j->in.replicates;
	double rep[64];
	int n = j->in.replicates < 64 ? j->in.replicates : 64;

	for (int r = 0; r < n; r++)
		rep[r] = pays_more(j, dear, cheap, r * each, (r + 1) * each);
	return stat_replicate_se(rep, n);
}

#define OFTENER_BY 0.01         /* less is not seen in what is shown */

/* The rival that is best most often, where that is oftener than the best by
 * mean, and by more than chance. */
static const struct oftener *find_oftener(struct trade *t)
{
	const struct judged *j = &t->judged;
	int best = j->best, o = best;
	double unit = fabs(t->unit);
	struct oftener *out;

	for (int k = 0; best >= 0 && k < j->in.noptions; k++)
		if (j->status[k] == OPTION_OK && j->p_best[k] > j->p_best[o])
			o = k;
	if (o == best || !(j->p_best[o] - j->p_best[best] >
	                   fmax(OFTENER_BY, 2 * hypot(j->p_best_se[o],
	                                              j->p_best_se[best]))))
		return NULL;
	out = arena_alloc(t->arena, sizeof *out);
	*out = (struct oftener) {
		o, j->p_best[o],
		pays_more(j, best, o, 0, j->in.n) * unit,
		pays_more_se(j, best, o) * unit,
		pays_more(j, o, best, 0, j->in.n) * unit,
		pays_more_se(j, o, best) * unit,
	};
	return out;
}

static void say_oftener(struct trade *t, struct buf *b)
{
	const struct oftener *f = t->out->verdict.oftener;

	buf_addf(b, " %s is %s in more draws (%.0f %%), but where it beats "
	         "the advised one it does so by ", title(t, f->option),
	         superlative(t), 100 * f->probability);
	add_amount(t, b, f->wins_by);
	buf_add(b, " on the mean, and where not it loses ");
	add_amount(t, b, f->loses_by);
	buf_addc(b, '.');
}

static const char *sentence(struct trade *t)
{
	struct buf b = BUF_INIT;

	switch (t->out->verdict.state) {
	case VERDICT_STABLE:
		say_chosen(t, &b);
		break;
	case VERDICT_TIED:
		say_tied(t, &b);
		break;
	case VERDICT_UNDECIDED:
		say_undecided(t, &b);
		break;
	case VERDICT_INFEASIBLE:
		say_infeasible(t, &b);
		break;
	}
	buf_addc(&b, '.');
	if (t->out->verdict.oftener)
		say_oftener(t, &b);
	return trade_text(t, &b);
}

/* Comes last: the sentence speaks of break-evens and measurements. */
void verdict_report(struct trade *t, enum verdict_state state)
{
	const struct judged *j = &t->judged;
	struct verdict *v = &t->out->verdict;
	double unit = fabs(t->unit), se = NAN;

	*v = (struct verdict) {
		.state = state, .option = j->best, .runner_up = j->second,
		.probability_best = NAN, .p_none = NAN, .badge = "toss",
		.agreeing = j->agreeing, .replicates = j->in.replicates,
		.advantage = NAN, .advantage_se = NAN,
		.confidence = t->o->confidence,
	};
	if (!t->out->point) {
		v->oftener = find_oftener(t);
		v->p_none = j->p_none;
		v->probability_best = j->best < 0 ? 0 : j->p_best[j->best];
		/* a tie is a toss, whoever comes first in the list; and so
		 * is a sample that knows nothing of its error */
		v->badge = state == VERDICT_TIED ||
			(state == VERDICT_UNDECIDED &&
			 j->in.replicates < 2) ? "toss" :
			badge(&t->plan->model->decision, v->probability_best);
	}
	if (j->best >= 0 && j->second >= 0) {
		v->advantage = judge_gap(j, j->second, &se) * unit;
		v->advantage_se = t->out->point ? NAN : se * unit;
	}
	v->sentence = sentence(t);
}
