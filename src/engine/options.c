/*
 * What is known of each option: costs, outputs, reasons.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/memo.h"
#include "engine/stats.h"
#include "engine/trade.h"

#include "base/banned.h"

static const double shown[] = { 0.05, 0.5, 0.95 };

struct summary summary_nothing(void)
{
	return (struct summary) {
		.value = NAN, .mean = NAN, .se = NAN, .p5 = NAN, .p50 = NAN,
		.p95 = NAN,
	};
}

struct summary summary_of(const double *v, int64_t n, int replicates,
                          double unit, double *work)
{
	struct summary s = summary_nothing();
	int64_t each = n / replicates, numbers;
	double rep[64], q[3];

	for (int r = 0; r < replicates && r < 64; r++)
		rep[r] = unit * stat_mean(v + r * each, each);
	s.mean = unit * stat_mean(v, n);
	s.se = stat_replicate_se(rep, replicates);
	for (int64_t i = 0; i < n; i++)
		work[i] = v[i] * unit;
	numbers = stat_compact(work, n);
	s.p_number = (double)numbers / (double)n;
	stat_quantiles(work, numbers, shown, 3, q);
	s.p5 = q[0];
	s.p50 = q[1];
	s.p95 = q[2];
	return s;
}

struct summary summary_value(double v)
{
	struct summary s = summary_nothing();

	s.value = v;
	s.p_number = !isnan(v);
	return s;
}

static const char *commonest(const struct trade *t,
                             const struct state_tally *states)
{
	const struct state_count *most = NULL;

	for (int i = 0; i < states->used; i++)
		if (!most || states->at[i].n > most->n)
			most = &states->at[i];
	return most ? arena_strdup(t->arena,
	                           env_state_name(t->plan->model->env,
	                                          most->code)) : NULL;
}

static double state_share(const struct trade *t,
                          const struct state_tally *states, int code)
{
	for (int i = 0; i < states->used; i++)
		if (states->at[i].code == code)
			return (double)states->at[i].n /
			       (double)t->run->draws.n;
	return 0;
}

static void add_states(const struct trade *t, struct summary *s,
                       const struct state_tally *states)
{
	s->p_never = state_share(t, states, STATE_NEVER);
	s->p_always = state_share(t, states, STATE_ALWAYS);
	if (s->p_number == 0)
		s->state = commonest(t, states);
}

/* --- reasons ------------------------------------------------------------ */

static void add_reason(struct trade *t, struct option_result *r,
                       const char *code, const char *text)
{
	r->reason[r->nreasons] = arena_strdup(t->arena, code);
	r->reason_text[r->nreasons++] = text;
}

/* "tpot_below_decode_floor" -> "tpot below decode floor" */
static void add_words(struct buf *b, const char *code)
{
	for (; *code; code++)
		buf_addc(b, *code == '_' ? ' ' : *code);
}

static const char *remedy_text(struct trade *t, const char *title,
                               const char *code, const char *remedy, int o)
{
	struct buf b = BUF_INIT;

	if (title)
		buf_add(&b, title);
	else
		add_words(&b, code);
	if (remedy) {
		buf_add(&b, ": ");
		template_fill(t->plan, t->sample, remedy, o, &b);
	}
	return trade_text(t, &b);
}

/* What only misses a service level keeps its status. */
static enum option_status status_of(const struct trade *t, int o)
{
	const struct model *m = t->plan->model;

	for (int c = 0; c < m->nconstraints; c++)
		if (t->barred_by[c * t->plan->noptions + o] &&
		    !m->constraint[c].flag_only)
			return OPTION_BARRED;
	return judge_too_often(&t->judged, o) ? OPTION_INFEASIBLE : OPTION_OK;
}

static void rule_reasons(struct trade *t, struct option_result *r, int o,
                         bool flags)
{
	const struct model *m = t->plan->model;

	for (int c = 0; c < m->nconstraints; c++) {
		const struct constraint *rule = &m->constraint[c];

		if (t->barred_by[c * t->plan->noptions + o] &&
		    rule->flag_only == flags)
			add_reason(t, r, rule->id,
			           remedy_text(t, rule->title, rule->id,
			                       rule->remedy, o));
	}
}

static void reasons_of(struct trade *t, struct option_result *r, int o)
{
	const struct model *m = t->plan->model;
	const struct tally *all = &t->run->tally;
	int k = t->plan->noptions;
	size_t room = (size_t)(m->nrequires + m->nconstraints + RUN_STATES);

	r->reason = arena_alloc(t->arena, sizeof *r->reason * room);
	r->reason_text = arena_alloc(t->arena, sizeof *r->reason_text * room);
	rule_reasons(t, r, o, false);
	for (int i = 0; i < m->nrequires; i++)
		if (all->reason[i * k + o] > 0)
			add_reason(t, r, m->requires[i].reason,
			           remedy_text(t, NULL, m->requires[i].reason,
			                       m->requires[i].remedy, o));
	for (int i = 0; i < all->state[o].used; i++) {
		const char *name = env_state_name(m->env,
		                                  all->state[o].at[i].code);
		const char *colon = strstr(name, ": ");
		const char *code = colon ? colon + 2 : name;

		add_reason(t, r, code, remedy_text(t, NULL, code, NULL, o));
	}
	/* nobody asks for the service level of what cannot be taken */
	if (r->status != OPTION_INFEASIBLE)
		rule_reasons(t, r, o, true);
}

/* --- figures ------------------------------------------------------------ */

/* The worst twentieth: dearest costs, or least gains of what is maximised. */
static double worst(const struct trade *t, const double *cost, int64_t n,
                    double *work)
{
	memcpy(work, cost, sizeof *work * (size_t)n);
	return t->unit * stat_upper_mean(work, stat_compact(work, n), 0.05);
}

static double worst_se(const struct trade *t, const double *cost, int64_t n,
                       double *work)
{
	int R = t->run->draws.replicates;
	double rep[64];

	for (int r = 0; r < R && r < 64; r++)
		rep[r] = worst(t, cost + r * (n / R), n / R, work);
	return stat_replicate_se(rep, R);
}

static void objective_of(struct trade *t, struct option_result *r, int o,
                         double *work)
{
	const struct judged *j = &t->judged;
	int64_t n = t->run->draws.n;
	/* what cannot be taken is described by the draws in which it can */
	const double *v = r->status == OPTION_INFEASIBLE ?
		t->run->cost + o * n : j->paid[o];

	if (t->run->point) {
		r->objective = summary_value(t->run->cost[o] * t->unit);
		r->cvar95 = r->cvar95_se = NAN;
	} else {
		r->objective = summary_of(v, n, t->run->draws.replicates,
		                          t->unit, work);
		r->cvar95 = worst(t, v, n, work);
		r->cvar95_se = worst_se(t, v, n, work);
	}
	r->objective.p_number = j->feasible[o];
}

static void output_of(struct trade *t, struct named_summary *s, int row,
                      double *work)
{
	const struct run *r = t->run;
	double unit = 1 / t->plan->model->output[row /
	                                         t->plan->noptions].unit.scale;

	if (r->point)
		s->s = summary_value(r->output[row] * unit);
	else
		s->s = summary_of(r->output + row * r->draws.n, r->draws.n,
		                  r->draws.replicates, unit, work);
}

/* Texts need the arena, which is no thread's: they come after the figures. */
static void figures(struct trade *t)
{
	const struct plan *p = t->plan;
	int k = p->noptions, rows = k * p->noutputs;
	int threads = t->run->point ? 1 : run_threads(t->o);

#pragma omp parallel num_threads(threads)
	{
		double *work = xcalloc((size_t)t->run->draws.n, sizeof *work);

#pragma omp for schedule(dynamic)
		for (int i = 0; i < k + rows; i++) {
			struct option_result *r =
				&t->out->option[i < k ? i : (i - k) % k];

			if (i < k)
				objective_of(t, r, i, work);
			else if (p->output[i - k] != ROOT_NONE)
				output_of(t, &r->output[(i - k) / k], i - k,
				          work);
		}
		free(work);
	}
}

/* `at: central` outputs: too dear for every draw. */
static bool central_figures(struct trade *t)
{
	const struct plan *p = t->plan;
	int rows = p->noptions * p->noutputs;
	double *v = xcalloc((size_t)p->central_roots.n + 1, sizeof *v);
	bool ok = true;

	if (p->centre)
		central_tape(p->centre, memo_for(p, t->sample, NULL),
		             t->sample, v);
	for (int i = 0; i < rows; i++) {
		int o = i % p->noptions, n = i / p->noptions;
		struct named_summary *s = &t->out->option[o].output[n];
		int state = p->central_state[i];

		if (p->central[i] == ROOT_NONE)
			continue;
		s->s = summary_value(v[p->central[i]] /
		                     p->model->output[n].unit.scale);
		if (isnan(t->central->cost[o])) {
			s->s = summary_value(NAN);
		} else if (state != ROOT_NONE && v[state] != 0.0) {
			s->s = summary_value(NAN);
			s->s.state = arena_strdup(t->arena, env_state_name(
				p->model->env, (int)v[state]));
		} else if (!isfinite(s->s.value)) {
			ok = err_at(t->err, ERR_INPUT,
			            p->model->output[n].pos, "`%s` gives no "
			            "finite number for %s at the central "
			            "values", p->model->output[n].name,
			            p->model->option[o].name);
		}
	}
	free(v);
	return ok;
}

static void name_outputs(struct trade *t, struct option_result *r)
{
	const struct model *m = t->plan->model;

	r->noutputs = t->plan->noutputs;
	r->output = arena_alloc(t->arena, sizeof *r->output *
	                                  (size_t)(r->noutputs + 1));
	for (int i = 0; i < r->noutputs; i++) {
		const struct output_def *d = &m->output[i];

		r->output[i] = (struct named_summary) {
			.name = arena_strdup(t->arena, d->name),
			.title = arena_strdup(t->arena, d->title ? d->title :
			                                          d->name),
			.unit = arena_strdup(t->arena, d->unit_text ?
			                               d->unit_text : "1"),
			.central = d->central,
			.s = summary_nothing(),
		};
	}
}

static void replicates_of(struct trade *t, struct option_result *r, int o)
{
	const struct judged *j = &t->judged;
	int R = j->in.replicates;
	double *v = arena_alloc(t->arena, sizeof *v * 2 * (size_t)R);

	for (int k = 0; k < R; k++) {
		v[k] = j->replicate[o * R + k] * t->unit;
		v[R + k] = j->share[o * R + k];
	}
	r->nreplicates = R;
	r->replicate_mean = v;
	r->replicate_best = v + R;
}

static void name_option(struct trade *t, struct option_result *r, int o)
{
	const struct option *d = &t->plan->model->option[o];
	const struct judged *j = &t->judged;
	double unit = fabs(t->unit);

	r->name = arena_strdup(t->arena, d->name);
	r->title = arena_strdup(t->arena, d->title ? d->title : d->name);
	r->status = status_of(t, o);
	r->slo_met = t->slo_met[o];
	r->p_feasible = j->feasible[o];
	r->expected_regret = j->regret[o] * unit;
	r->regret_se = j->regret_se[o] * unit;
	r->probability_best = t->run->point ? NAN : j->p_best[o];
	r->probability_best_se = t->run->point ? NAN : j->p_best_se[o];
	if (!t->run->point && j->in.replicates > 1)
		replicates_of(t, r, o);
	reasons_of(t, r, o);
	name_outputs(t, r);
}

static void states(struct trade *t)
{
	int k = t->plan->noptions;

	for (int o = 0; o < k; o++) {
		struct option_result *r = &t->out->option[o];

		add_states(t, &r->objective, &t->run->tally.state[o]);
		for (int i = 0; i < r->noutputs; i++)
			if (!r->output[i].central)
				add_states(t, &r->output[i].s,
				           &t->run->tally.output[i * k + o]);
	}
}

bool options_report(struct trade *t)
{
	int k = t->plan->noptions;

	for (int o = 0; o < k; o++)
		if (status_of(t, o) != OPTION_BARRED &&
		    !run_check(t->run, o, t->err))
			return false;
	t->out->noptions = k;
	t->out->option = arena_alloc(t->arena, sizeof *t->out->option *
	                                       (size_t)k);
	for (int o = 0; o < k; o++)
		name_option(t, &t->out->option[o], o);
	figures(t);
	states(t);
	return central_figures(t);
}
