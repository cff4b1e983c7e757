/*
 * The joint plan from end to end: the trade-offs by themselves, all of them
 * together, and what lies between.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/joint.h"
#include "engine/stats.h"
#include "engine/trade.h"
#include "engine/voi.h"

#include "base/banned.h"

#define SHOWN 10                /* choices of the result */
#define BY_MEAN 10              /* combinations that knowledge may lead to: */
#define BY_WINS 10              /* the cheapest, and the most often cheapest */
#define MEASURED 24             /* inputs of which the value is worked out */

struct report {
	struct joint j;
	const struct engine_options *o;
	struct joint_plan *out;
	struct err *err;
	int considered[BY_MEAN + BY_WINS];      /* combinations, best first */
	int n;
	struct judged judged;           /* of these */
	double *columns;                /* their costs, [i * draws + draw] */
};

/* --- the combinations worth a closer look ------------------------------- */

static double wins(const struct joint *j, int c)
{
	int64_t n = 0;

	for (int r = 0; r < j->replicates; r++)
		n += j->wins[c * j->replicates + r];
	return (double)n;
}

static double lead_by_mean(const struct joint *j, int c)
{
	return -j->mean[c];
}

static bool has(const struct report *r, int combination)
{
	for (int i = 0; i < r->n; i++)
		if (r->considered[i] == combination)
			return true;
	return false;
}

/* Adds the next one by a score; the first of equals. */
static bool add_next(struct report *r,
                     double (*score)(const struct joint *, int))
{
	int best = -1;

	for (int c = 0; c < r->j.ncombinations; c++)
		if (r->j.status[c] == JOINT_OK && !isnan(r->j.mean[c])
		    && (best < 0 || score(&r->j, c) > score(&r->j, best))
		    && !has(r, c))
			best = c;
	if (best < 0)
		return false;
	r->considered[r->n++] = best;
	return true;
}

static void consider(struct report *r)
{
	for (int i = 0; i < BY_MEAN && add_next(r, lead_by_mean); )
		i++;
	for (int i = 0; i < BY_WINS; i++) {
		if (!add_next(r, wins))
			break;
		if (wins(&r->j, r->considered[r->n - 1]) > 0)
			continue;
		r->n--;                 /* never the cheapest */
		break;
	}
}

/* --- in units of the result --------------------------------------------- */

/* A difference of two combinations' expected costs. */
static double difference(const struct joint *j, int a, int b, double *se)
{
	double x[64], y[64];

	joint_replicates(j, a, x);
	joint_replicates(j, b, y);
	for (int r = 0; r < j->replicates; r++)
		x[r] -= y[r];
	*se = a == b ? 0 : stat_replicate_se(x, j->replicates);
	return j->mean[a] - j->mean[b];
}

static double feasible_share(const struct joint *j, const int *at)
{
	int64_t n = 0;

	for (int64_t i = 0; i < j->draws.n; i++)
		n += joint_feasible(j, at, i);
	return (double)n / (double)j->draws.n;
}

static void choice_report(struct report *r, int combination,
                          struct plan_choice *out)
{
	const struct joint *j = &r->j;
	double rep[64], draws = (double)j->draws.n;
	int at[JOINT_MODELS];
	int *option = arena_alloc(r->out->arena, sizeof *option *
	                                         (size_t)(j->nparts + 1));

	joint_options(j, combination, at);
	for (int p = 0; p < j->nparts; p++)
		option[p] = j->part[p].option[at[p]];
	joint_replicates(j, combination, rep);
	*out = (struct plan_choice) {
		.option = option, .mean = j->mean[combination],
		.se = stat_replicate_se(rep, j->replicates),
		.probability_best = wins(j, combination) / draws,
		.p_feasible = feasible_share(j, at),
	};
	out->behind = difference(j, combination, j->best, &out->behind_se);
	for (int k = 0; k < j->replicates; k++)
		rep[k] = (double)j->wins[combination * j->replicates + k] *
		         j->replicates / draws;
	out->probability_best_se = stat_replicate_se(rep, j->replicates);
}

static void choices_report(struct report *r)
{
	int n = r->n < SHOWN ? r->n : SHOWN;

	if (n > BY_MEAN)
		n = BY_MEAN;
	r->out->choice = arena_alloc(r->out->arena, sizeof *r->out->choice *
	                                            (size_t)(n + 1));
	for (int i = 0; i < n; i++)
		choice_report(r, r->considered[i],
		              &r->out->choice[r->out->nchoices++]);
}

static int different_costs(const struct joint *j, const struct joint_part *p)
{
	bool *seen = xcalloc((size_t)j->ncolumns + 1, sizeof *seen);
	int n = 0;

	for (int e = 0; e < p->family->ncontexts * p->n; e++) {
		n += !seen[p->entry[e].cost];
		seen[p->entry[e].cost] = true;
	}
	free(seen);
	return n;
}

static void part_report(struct report *r, int index, const int *best)
{
	const struct joint *j = &r->j;
	const struct joint_part *p = &j->part[index];
	struct plan_part *out = &r->out->part[index];
	struct arena *a = r->out->arena;

	*out = (struct plan_part) {
		.joint = j->best < 0 ? -1 : p->option[best[index]],
		.separate = r->out->separate->tradeoff[index].verdict.option,
		.assumed = p->assumed, .cost = NAN, .cost_se = NAN,
		.p_chosen = arena_alloc(a, sizeof *out->p_chosen *
		                        (size_t)(p->model->noptions + 1)),
		.reads = arena_alloc(a, sizeof *out->reads * JOINT_MODELS),
		.contexts = p->family->ncontexts,
		.evaluated = different_costs(j, p),
	};
	for (int i = 0; i < p->family->nscope; i++)
		out->reads[out->nreads++] = p->family->scope[i];
	if (j->best >= 0) {
		const struct column_of *c =
			&j->column[joint_entry(j, index, best)->paid];

		out->cost = c->mean;
		out->cost_se = stat_replicate_se(c->replicate, j->replicates);
	}
}

static void parts_report(struct report *r)
{
	const struct joint *j = &r->j;
	int at[JOINT_MODELS] = { 0 };

	r->out->part = arena_alloc(r->out->arena, sizeof *r->out->part *
	                                          (size_t)(j->nparts + 1));
	if (j->best >= 0)
		joint_options(j, j->best, at);
	for (int p = 0; p < j->nparts; p++)
		part_report(r, p, at);
	for (int c = 0; c < j->ncombinations; c++) {
		double n = wins(j, c) / (double)j->draws.n;

		if (n == 0.0)
			continue;
		joint_options(j, c, at);
		for (int p = 0; p < j->nparts; p++)
			r->out->part[p].p_chosen[j->part[p].option[at[p]]] +=
				n;
	}
}

/* --- against the separate verdicts -------------------------------------- */

static int position(const struct joint_part *p, int option)
{
	for (int k = 0; k < p->n; k++)
		if (p->option[k] == option)
			return k;
	return -1;
}

static const char *rule_title(struct report *r, const struct joint_rule *rule)
{
	return rule->title ? arena_strdup(r->out->arena, rule->title)
		: arena_printf(r->out->arena, "%s only with %s",
		               rule->when_text, rule->allow_text);
}

static const char *why_not(struct report *r, int combination, const int *at)
{
	const struct workload *w = r->j.bound->workload;
	int rule = joint_rule_broken(&r->j, at);

	switch (r->j.status[combination]) {
	case JOINT_SENSELESS:
		return rule_title(r, &w->joint.rule[rule]);
	case JOINT_BARRED:
		return "barred by a rule";
	case JOINT_INFEASIBLE:
		return "infeasible together";
	default:
		return isnan(r->j.mean[combination]) ? "no number" : NULL;
	}
}

static void separate_report(struct report *r)
{
	struct joint_plan *out = r->out;
	const struct joint *j = &r->j;
	int at[JOINT_MODELS], c;

	out->separate_cost = out->interaction = out->interaction_se = NAN;
	for (int p = 0; p < j->nparts; p++) {
		at[p] = position(&j->part[p], out->part[p].separate);
		out->differs |= out->part[p].separate != out->part[p].joint;
		if (at[p] < 0) {
			out->separate_reason = "some trade-off by itself can "
			                       "take no option";
			return;
		}
	}
	c = joint_combination(j, at);
	out->separate_reason = why_not(r, c, at);
	if (out->separate_reason || j->best < 0)
		return;
	out->separate_cost = j->mean[c];
	out->interaction = difference(j, c, j->best, &out->interaction_se);
}

/* --- accounts and rules ------------------------------------------------- */

static bool leaves_out(const struct joint_part *p, const char *account)
{
	for (int i = 0; p->left_out[i]; i++)
		if (strcmp(p->left_out[i], account) == 0)
			return true;
	return false;
}

static bool states(const struct model *m, const char *account)
{
	for (int i = 0; i < m->nmoney; i++)
		if (strcmp(m->money[i].account, account) == 0)
			return true;
	return false;
}

/* Those that two trade-offs of the scenario state. */
static void accounts_report(struct report *r)
{
	const struct joint *j = &r->j;
	const struct joint_terms *terms = &j->bound->workload->joint;
	struct arena *a = r->out->arena;

	r->out->account = arena_alloc(a, sizeof *r->out->account *
	                                 (size_t)(terms->naccounts + 1));
	for (int i = 0; i < terms->naccounts; i++) {
		struct plan_account *out = &r->out->account[r->out->naccounts];
		int n = 0;

		*out = (struct plan_account) {
			.name = arena_strdup(a, terms->account[i].name),
			.owner = -1,
			.other = arena_alloc(a, sizeof *out->other *
			                        JOINT_MODELS),
		};
		for (int p = 0; p < j->nparts; p++) {
			if (!states(j->part[p].model, out->name))
				continue;
			n++;
			if (leaves_out(&j->part[p], out->name))
				out->other[out->nothers++] = p;
			else if (!terms->account[i].each)
				out->owner = p;
		}
		r->out->naccounts += n > 1;
	}
}

/* The rule that alone bars a combination; -1: none, or several do. */
static int only_rule(const struct joint *j, const int *at, int *part)
{
	int rule = -1, n = 0;

	for (int p = 0; p < j->nparts; p++) {
		const struct joint_entry *e = joint_entry(j, p, at);

		if (!e->barred)
			continue;
		n += e->only ? 1 : 2;
		rule = e->rule;
		*part = p;
	}
	return n == 1 ? rule : -1;
}

static struct plan_rule *rule_of(struct report *r, int part, int rule)
{
	const struct constraint *c;
	struct plan_rule *out;

	c = &r->j.part[part].model->constraint[rule];
	for (int i = 0; i < r->out->nrules; i++)
		if (r->out->rule[i].tradeoff == part &&
		    strcmp(r->out->rule[i].id, c->id) == 0)
			return &r->out->rule[i];
	out = &r->out->rule[r->out->nrules++];
	*out = (struct plan_rule) {
		.tradeoff = part, .id = arena_strdup(r->out->arena, c->id),
		.title = arena_strdup(r->out->arena, c->title ? c->title
		                                              : c->id),
		.price = 0, .price_se = 0,
	};
	return out;
}

/* What a rule costs: the best that it alone rules out, if that is better. */
static void price_rule(struct report *r, struct plan_rule *out,
                       int combination)
{
	double gain, se;

	if (isnan(r->j.mean[combination]) || r->j.best < 0) {
		out->price = r->j.best < 0 ? NAN : out->price;
		return;
	}
	gain = difference(&r->j, r->j.best, combination, &se);
	if (gain > out->price) {
		out->price = gain;
		out->price_se = se;
	}
}

static void count_barred(struct report *r, const int *at, int combination)
{
	int part = 0, rule;

	for (int p = 0; p < r->j.nparts; p++) {
		const struct joint_entry *e = joint_entry(&r->j, p, at);

		if (e->barred)
			rule_of(r, p, e->rule)->barred++;
	}
	rule = only_rule(&r->j, at, &part);
	if (rule >= 0)
		price_rule(r, rule_of(r, part, rule), combination);
}

static void rules_and_counts(struct report *r)
{
	const struct joint *j = &r->j;
	const struct joint_terms *terms = &j->bound->workload->joint;
	int *broken = xcalloc((size_t)terms->nrules + 1, sizeof *broken);
	int n = terms->nrules, count[JOINT_STATUSES] = { 0 };

	for (int p = 0; p < j->nparts; p++)
		n += j->part[p].model->nconstraints;
	r->out->rule = arena_alloc(r->out->arena, sizeof *r->out->rule *
	                                          (size_t)(n + 1));
	for (int c = 0; c < j->ncombinations; c++) {
		int at[JOINT_MODELS], rule;

		joint_options(j, c, at);
		count[j->status[c]]++;
		if (j->status[c] == JOINT_BARRED)
			count_barred(r, at, c);
		rule = joint_rule_broken(j, at);
		if (rule >= 0)
			broken[rule]++;
	}
	for (int i = 0; i < terms->nrules; i++)
		if (broken[i])
			r->out->rule[r->out->nrules++] = (struct plan_rule) {
				.tradeoff = -1, .barred = broken[i],
				.id = arena_strdup(r->out->arena,
				                   terms->rule[i].reason),
				.title = rule_title(r, &terms->rule[i]),
				.price = NAN, .price_se = NAN,
			};
	r->out->ncombinations = j->ncombinations;
	r->out->nok = count[JOINT_OK];
	r->out->nsenseless = count[JOINT_SENSELESS];
	r->out->nbarred = count[JOINT_BARRED];
	r->out->ninfeasible = count[JOINT_INFEASIBLE];
	free(broken);
}

/* --- verdict and value of information ----------------------------------- */

static double indifferent(const struct joint *j)
{
	double most = 0;

	for (int p = 0; p < j->nparts; p++)
		most = fmax(most,
		            j->part[p].model->decision.indifferent_below);
	return most;
}

/* The inputs that the considered combinations hang on, as a tape has them. */
static struct tape *tape_of_considered(const struct report *r)
{
	const struct joint *j = &r->j;
	struct roots nodes = { 0 };
	struct tape *t;

	for (int i = 0; i < r->n; i++) {
		int at[JOINT_MODELS];

		joint_options(j, r->considered[i], at);
		for (int p = 0; p < j->nparts; p++) {
			const struct family *f = j->part[p].family;

			roots_add(&nodes, f->node[family_context(f, at) *
				f->nroots + at[p] * j->part[p].rows]);
		}
	}
	t = tape_new(j->dag, nodes.node, nodes.n);
	free(nodes.node);
	return t;
}

/* 0 <= EVPI: regret of the best over all combinations. */
static void exact_evpi(struct report *r)
{
	const struct joint *j = &r->j;
	int64_t n = j->draws.n, each = n / j->replicates;
	double *d = xcalloc((size_t)n, sizeof *d), rep[64];

	for (int64_t i = 0; i < n; i++)
		d[i] = r->judged.paid[0][i] - j->least[i];
	for (int k = 0; k < j->replicates; k++)
		rep[k] = stat_mean(d + k * each, each);
	r->judged.evpi = fmax(stat_mean(d, n), 0);
	r->judged.evpi_se = stat_replicate_se(rep, j->replicates);
	free(d);
}

/* A trade-off between combinations: what voi_report() wants to know of it. */
struct score { struct factor factor; double value; };

static int dearer(const void *a, const void *b)
{
	const struct score *x = a, *y = b;

	return x->value != y->value ? (x->value < y->value) - (x->value >
	       y->value) : x->factor.slot - y->factor.slot;
}

/* Six models have hundreds of inputs: a first look, by classes alone, leaves
 * those that seem worth most. */
static void screen_factors(struct trade *t)
{
	int64_t n = t->run->draws.n;
	struct score *s = xcalloc((size_t)t->nfactors + 1, sizeof *s);

	for (int i = 0; i < t->nfactors; i++)
		sample_prepare(t->sample, &t->factor[i].slot, 1);
#pragma omp parallel for num_threads(run_threads(t->o)) schedule(dynamic)
	for (int i = 0; i < t->nfactors; i++) {
		unsigned char *bin = xcalloc((size_t)n, 1);
		int bins;

		factor_bins(t, &t->factor[i], partial_bins(n), bin, &bins);
		s[i] = (struct score) { t->factor[i],
			partial_of(&t->judged, &(struct known) {
				.bin = bin, .bins = bins }).value };
		free(bin);
	}
	qsort(s, (size_t)t->nfactors, sizeof *s, dearer);
	if (t->nfactors > MEASURED)
		t->nfactors = MEASURED;
	for (int i = 0; i < t->nfactors; i++)
		t->factor[i] = s[i].factor;
	free(s);
}

static bool knowledge_report(struct report *r)
{
	bool ok;
	struct plan plan = { .bound = r->j.bound, .index = -1,
	                     .noptions = r->n };
	struct run run = { .plan = &plan, .sample = &r->j.sample,
	                   .draws = r->j.draws };
	struct tradeoff out = { 0 };
	struct trade t = {
		.plan = &plan, .sample = &r->j.sample, .o = r->o,
		.err = r->err, .arena = r->out->arena, .out = &out,
		.run = &run, .judged = r->judged, .unit = 1,
	};

	plan.lean = tape_of_considered(r);
	factors_find(&t);
	r->out->ninputs = t.nfactors;
	screen_factors(&t);
	ok = voi_report(&t);
	r->out->voi = out.voi;
	r->out->nwarnings = out.nwarnings;
	r->out->warning = out.warning;
	voi_release(&t);
	tape_free(plan.lean);
	return ok;
}

static void judge_considered(struct report *r)
{
	int64_t n = r->j.draws.n;
	bool barred[BY_MEAN + BY_WINS] = { false };
	struct costs c = {
		.noptions = r->n, .replicates = r->j.replicates, .n = n,
		.barred = barred, .at_most = 1, .certain = r->j.point,
	};

	r->columns = xcalloc((size_t)r->n * (size_t)n, sizeof *r->columns);
	for (int i = 0; i < r->n; i++)
		joint_costs(&r->j, r->considered[i], r->columns + i * n);
	c.cost = r->columns;
	judge_init(&r->judged, &c);
	exact_evpi(r);
}

static const char *badge(const struct joint *j, double p)
{
	double firm = 0, lean = 0;

	for (int i = 0; i < j->nparts; i++) {
		firm = fmax(firm, j->part[i].model->decision.firm);
		lean = fmax(lean, j->part[i].model->decision.lean);
	}
	return p >= firm ? "firm" : p >= lean ? "lean" : "toss";
}

static const char *sentence(const struct report *r)
{
	const struct joint_plan *out = r->out;
	struct buf b = BUF_INIT;
	const char *text;

	if (!out->nchoices) {
		buf_add(&b, "No combination of options can be taken.");
	} else {
		buf_add(&b, "Together: ");
		for (int p = 0; p < r->j.nparts; p++)
			buf_addf(&b, "%s%s", p ? "; " : "",
			         r->j.part[p].model->option[
			         out->part[p].joint].title);
		if (!out->differs)
			buf_add(&b, ". It is what the trade-offs by "
			        "themselves come to");
		else if (isfinite(out->interaction)) {
			buf_add(&b, ". It saves ");
			num_money(&b, out->interaction);
			buf_addf(&b, " USD over %d month%s against taking "
			         "each trade-off by itself", out->horizon,
			         out->horizon == 1 ? "" : "s");
		} else {
			buf_add(&b, ". The trade-offs by themselves come to "
			        "options that do not go together");
		}
		buf_addc(&b, '.');
	}
	text = arena_strdup(out->arena, b.s);
	buf_release(&b);
	return text;
}

static void verdict_of(struct report *r)
{
	struct joint_plan *out = r->out;
	struct verdict *v = &out->verdict;

	*v = (struct verdict) {
		.state = VERDICT_INFEASIBLE, .option = -1, .runner_up = -1,
		.probability_best = NAN, .p_none = r->j.point ? NAN :
			(double)r->j.none / (double)r->j.draws.n,
		.advantage = NAN, .advantage_se = NAN,
		.replicates = r->j.replicates,
		.confidence = r->o->confidence, .badge = NULL,
	};
	if (r->n > 0) {
		v->state = judge_look(&r->judged, r->o->confidence, 1,
		                      out->indifferent_below);
		v->option = 0;
		v->probability_best = r->j.point ? NAN
			: out->choice[0].probability_best;
		v->badge = v->state == VERDICT_TIED ? "toss" : r->j.point
			? NULL : badge(&r->j, v->probability_best);
		v->agreeing = r->judged.agreeing;
	}
	if (out->nchoices > 1) {
		v->runner_up = 1;
		v->advantage = out->choice[1].behind;
		v->advantage_se = out->choice[1].behind_se;
	}
	v->sentence = sentence(r);
}

/* --- from end to end ---------------------------------------------------- */

static void digest_plan(struct joint_plan *p, const struct bound *b)
{
	struct digest *d = digest_new();

	digest_text(d, "steelyard plan");
	digest_text(d, p->separate->digest);
	digest_number(d, p->horizon);
	digest_text(d, b->workload->digest);
	digest_end(d, p->digest);
}

static struct scenario *with_horizon(struct library *l,
                                     const struct scenario *s,
                                     struct err *err)
{
	const struct workload *w = library_workload(l, err);
	struct scenario *own;

	if (!w)
		return NULL;
	own = scenario_copy(s);
	if (!own->horizon)
		own->horizon = w->joint.horizon;
	return own;
}

static bool one_horizon(const struct bound *b, struct err *err)
{
	for (int i = 1; i < b->nmodels; i++)
		if (b->model[i].horizon != b->model[0].horizon)
			return err_add(err, ERR_INPUT, "%s looks %d months "
			               "ahead, %s %d: a plan needs one "
			               "`horizon:`, the scenario's or the "
			               "workload's under `joint:`",
			               b->model[0].model->name,
			               b->model[0].horizon,
			               b->model[i].model->name,
			               b->model[i].horizon);
	return true;
}

static struct evaluation *by_themselves(struct library *l,
                                        const struct scenario *s,
                                        const struct engine_options *o,
                                        struct err *err)
{
	struct engine_options quick = *o;

	quick.want_break_even = quick.want_sensitivity = false;
	quick.want_voi = quick.want_criteria = quick.want_dominance = false;
	quick.want_joint = quick.want_provenance = false;
	quick.want_outputs = false;
	quick.max_samples = o->samples;
	quick.progress = NULL;
	return engine_evaluate(l, s, &quick, err);
}

static bool report(struct report *r)
{
	struct joint_plan *out = r->out;
	bool ok = true;

	out->horizon = r->j.bound->model[0].horizon;
	out->unit = "USD";
	out->point = r->j.point;
	out->indifferent_below = indifferent(&r->j);
	consider(r);
	out->nconsidered = r->n;
	choices_report(r);
	parts_report(r);
	separate_report(r);
	accounts_report(r);
	rules_and_counts(r);
	if (r->n > 0)
		judge_considered(r);
	verdict_of(r);
	if (r->n > 0 && r->o->want_voi && !r->j.point)
		ok = knowledge_report(r);
	digest_plan(out, r->j.bound);
	return ok;
}

static bool plan(struct report *r, const struct bound *b)
{
	bool ok = one_horizon(b, r->err) && joint_open(&r->j, b, r->err) &&
	          joint_run(&r->j, r->o, r->err) &&
	          joint_choose(&r->j, r->o, r->err);

	ok = ok && report(r);
	judge_release(&r->judged);
	free(r->columns);
	joint_close(&r->j);
	return ok;
}

struct joint_plan *engine_plan(struct library *l, const struct scenario *s,
                               const struct engine_options *o,
                               struct err *err)
{
	struct scenario *own = with_horizon(l, s, err);
	struct bound *b = own ? bound_new(l, own, NULL, err) : NULL;
	struct arena *a = arena_new();
	struct report r = { .o = o, .err = err,
	                    .out = arena_alloc(a, sizeof *r.out) };
	bool ok = b != NULL;

	r.out->arena = a;
	if (ok && b->nmodels == 0)
		ok = err_add(err, ERR_INPUT, "the scenario asks about no "
		             "trade-off: there is nothing to plan");
	r.out->separate = ok ? by_themselves(l, own, o, err) : NULL;
	if (r.out->separate)            /* of the scenario as it was given */
		scenario_digest(s, r.out->separate->scenario_digest);
	ok = r.out->separate && plan(&r, b);
	bound_free(b);
	scenario_free(own);
	if (ok)
		return r.out;
	joint_plan_free(r.out);
	return NULL;
}
