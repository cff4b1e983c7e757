#include "engine/trade.h"

#include <math.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/graphs.h"
#include "engine/scan.h"
#include "engine/stats.h"

#include "base/banned.h"

#define MOST_BYTES 4e9          /* of columns that a run may keep */

const char *trade_text(struct trade *t, struct buf *b)
{
	const char *s = arena_strdup(t->arena, b->s);

	buf_release(b);
	return s;
}

void trade_warn(struct trade *t, const char *code, const char *fmt, ...)
{
	struct tradeoff *out = t->out;
	struct note *more = arena_alloc(t->arena, sizeof *more *
	                                (size_t)(out->nwarnings + 1));
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	if (out->nwarnings)
		memcpy(more, out->warning, sizeof *more *
		                           (size_t)out->nwarnings);
	more[out->nwarnings].code = code;
	more[out->nwarnings].text = trade_text(t, &b);
	out->warning = more;
	out->nwarnings++;
}

const char *trade_slot_name(const struct trade *t, int slot)
{
	const struct bound *b = t->plan->bound;
	const struct slot *s = &b->slot[slot];

	if (s->model < 0 || s->model == t->plan->index)
		return arena_strdup(t->arena, s->name);
	return arena_printf(t->arena, "%s.%s",
	                    b->model[s->model].model->name, s->name);
}

/* What stands behind the @ of a slot's name, as people call it. */
static const char *label_title(const struct bound *b, const struct slot *s,
                               const char *label)
{
	const struct model *m = s->model < 0 ? NULL : b->model[s->model].model;
	int o = m && s->param->axis == AXIS_OPTION ? model_option(m, label)
		: -1;

	if (o >= 0)
		return m->option[o].title;
	return strcmp(label, "else") == 0 ? "all others" : label;
}

const char *trade_slot_title(const struct trade *t, int slot)
{
	const struct bound *b = t->plan->bound;
	const struct slot *s = &b->slot[slot];
	const char *label = strchr(s->name, '@');

	if (!s->param || !s->param->title)
		return trade_slot_name(t, slot);
	if (s->param->axis < 0 || !label)
		return arena_strdup(t->arena, s->param->title);
	return arena_printf(t->arena, "%s (%s)", s->param->title,
	                    label_title(b, s, label + 1));
}

/* The progress of one trade-off is a part of the whole's. */
static bool part_of(void *ctx, double done)
{
	const struct trade *t = ctx;

	return t->o->progress(t->o->progress_ctx, t->progress_from +
	                      done * (t->progress_to - t->progress_from));
}

/* --- the steps ---------------------------------------------------------- */

static void judge(struct trade *t)
{
	const struct decision *d = &t->plan->model->decision;
	struct costs c = {
		.noptions = t->plan->noptions,
		.replicates = t->run->draws.replicates,
		.n = t->run->draws.n, .cost = t->run->cost,
		.barred = t->barred, .at_most = d->infeasible_at_most,
		.pay = d->pay, .certain = t->out->point || !t->nfactors,
	};

	rules_apply(t);
	judge_release(&t->judged);
	judge_init(&t->judged, &c);
}

/* Every draw's costs and outputs are kept until the end. */
static bool has_room(const struct trade *t, const struct draws *d)
{
	double columns = t->plan->noptions *
	                 (1.0 + t->plan->noutputs);
	double bytes = columns * sizeof(double) * (double)d->n;
	double most = MOST_BYTES / (columns * sizeof(double));

	if (d->sampler == SAMPLER_SOBOL)
		most = (double)stat_power_of_two((int64_t)most);
	return bytes <= MOST_BYTES ||
	       err_add(t->err, ERR_LIMIT, "%lld draws of %s would need %.1f "
	               "GB of memory: ask for at most %.1f million",
	               (long long)d->n, t->plan->model->name, bytes / 1e9,
	               floor(most / 1e5) / 10);
}

static bool look(struct trade *t, int64_t n)
{
	struct run *old = t->run;
	struct engine_options o = *t->o;
	struct draws d;

	if (!draws_init(&d, o.sampler, o.seed, n, t->err) || !has_room(t, &d))
		return false;
	if (o.progress) {
		o.progress = part_of;
		o.progress_ctx = t;
	}
	/* Only a run of exactly half the points can be taken over. */
	if (old && (old->draws.n * 2 != d.n ||
	            old->draws.replicates != d.replicates ||
	            d.n % (2 * d.replicates)))
		old = NULL;
	t->run = run_new(t->plan, t->sample, &d, old, &o, t->err);
	if (!t->run)
		t->run = old ? old : t->run;
	else if (t->run != old)
		run_free(old);
	return t->run && t->run->draws.n == d.n;
}

bool trade_sample(struct trade *t)
{
	double indifferent = t->plan->model->decision.indifferent_below;
	enum verdict_state state = VERDICT_UNDECIDED;
	int64_t n = t->o->samples;

	if (t->out->point) {
		t->run = t->central;
		judge(t);
		t->out->verdict.state = judge_look(&t->judged,
		                                   t->o->confidence, 1,
		                                   indifferent);
		return true;
	}
	for (int i = 1; ; i++) {
		if (!look(t, n))
			return false;
		judge(t);
		state = judge_look(&t->judged, t->o->confidence, i,
		                   indifferent);
		if (state != VERDICT_UNDECIDED ||
		    2 * t->run->draws.n > t->o->max_samples)
			break;
		n = 2 * t->run->draws.n;
	}
	t->out->verdict.state = state;
	return true;
}

static void name_trade(struct trade *t)
{
	const struct model *m = t->plan->model;
	const struct decision *d = &m->decision;
	struct tradeoff *out = t->out;
	struct arena *a = t->arena;

	out->model = arena_strdup(a, m->name);
	out->title = arena_strdup(a, m->title ? m->title : m->name);
	out->question = m->question ? arena_strdup(a, m->question) : "";
	out->version = m->version;
	out->horizon = t->plan->horizon;
	memcpy(out->model_digest, m->digest, sizeof out->model_digest);
	out->point = t->o->point;
	out->objective_name = arena_strdup(a, d->objective_name ?
	                                      d->objective_name : "objective");
	out->objective_unit = arena_strdup(a, d->objective_unit_text ?
	                                      d->objective_unit_text : "1");
	out->sense = d->maximise ? "maximise" : "minimise";
	out->indifferent_below = d->indifferent_below /
	                         d->objective_unit.scale;
	out->incumbent = d->incumbent >= 0 ?
		arena_strdup(a, m->option[d->incumbent].name) : NULL;
}

bool trade_open(struct trade *t, const struct bound *b,
                struct bound_graph *g, int index,
                const struct engine_options *o, struct arena *arena,
                struct tradeoff *out, struct err *err)
{
	struct draws d = { .sampler = o->sampler, .seed = o->seed, .n = 1,
	                   .replicates = 1 };
	size_t k, rules;

	*t = (struct trade) {
		.o = o, .err = err, .arena = arena, .out = out,
		.progress_to = 1,
	};
	t->plan = graph_plan(o->cache, g, b, index, o->want_outputs, err);
	if (!t->plan)
		return false;
	k = (size_t)t->plan->noptions;
	rules = (size_t)t->plan->model->nconstraints;
	t->barred_by = xcalloc(rules * k + 1, sizeof *t->barred_by);
	t->applies = xcalloc(rules + 1, sizeof *t->applies);
	t->barred = xcalloc(k, sizeof *t->barred);
	t->slo_met = xcalloc(k, sizeof *t->slo_met);
	t->unit = t->plan->sign /
	          t->plan->model->decision.objective_unit.scale;
	t->sample = xcalloc(1, sizeof *t->sample);
	name_trade(t);
	if (!sample_init(t->sample, b, &d, err))
		return false;
	t->sample->cache = o->cache;
	t->central = run_point(t->plan, t->sample, err);
	factors_find(t);
	return true;
}

void trade_close(struct trade *t)
{
	if (t->run != t->central)
		run_free(t->run);
	run_free(t->central);
	judge_release(&t->judged);
	if (t->sample) {
		sample_release(t->sample);
		free(t->sample);
	}
	scan_free(t->scan);
	voi_release(t);
	effects_free(t->effects);
	free(t->barred_by);
	free(t->applies);
	free(t->barred);
	free(t->slo_met);
	graph_plan_close((struct plan *)t->plan);
}

/* --- lists that are copied ---------------------------------------------- */

static void list_presets(struct trade *t)
{
	const struct model *m = t->plan->model;
	const struct bound *b = t->plan->bound;
	int first = b->model[t->plan->index].first_slot, n = 0;

	for (int i = 0; i < m->npresets; i++)
		n += m->preset[i].n;
	t->out->preset = arena_alloc(t->arena, sizeof *t->out->preset *
	                                       (size_t)(n + 1));
	for (int i = 0; i < m->npresets; i++)
		for (int k = 0; k < m->preset[i].n; k++)
			t->out->preset[t->out->npresets++] =
				(struct preset_result) {
				.name = arena_strdup(t->arena,
				                     m->preset[i].name),
				.label = arena_strdup(t->arena,
					m->preset[i].choice[k].label),
				.weight = preset_weight(b, first +
				                        m->preset[i].slot, k),
			};
}

static void list_checks(struct trade *t)
{
	const struct model *m = t->plan->model;
	const struct bound_model *bm = &t->plan->bound->model[t->plan->index];
	int best = t->judged.best;

	t->out->checklist = arena_alloc(t->arena, sizeof *t->out->checklist *
	                                (size_t)(m->nchecklist + 1));
	for (int i = 0; i < m->nchecklist; i++) {
		const struct check_item *c = &m->check[i];
		const char *answer = bm->answers ? bm->answers[i] : NULL;

		if (best >= 0 && !(c->options >> best & 1))
			continue;
		t->out->checklist[t->out->nchecklist++] =
			(struct checklist_item) {
			.id = arena_strdup(t->arena, c->id),
			.ask = arena_strdup(t->arena, c->ask),
			.answer = answer ? arena_strdup(t->arena, answer)
			                 : NULL,
			.must = c->must,
		};
	}
}

/* Said of the workload already. */
static bool age_said(const struct bound *b, int i)
{
	for (int k = 0; k < b->nages; k++)
		if (k != i && b->age[k].model < 0 && b->age[i].model >= 0 &&
		    b->age[k].limit == b->age[i].limit &&
		    !strcmp(b->age[k].name, b->age[i].name))
			return true;
	return false;
}

/* Evidence that ages is a trigger, too. */
static void list_ages(struct trade *t)
{
	const struct bound *b = t->plan->bound;

	for (int i = 0; i < b->nages; i++) {
		const struct evidence_age *a = &b->age[i];

		if ((a->model >= 0 && a->model != t->plan->index) ||
		    age_said(b, i))
			continue;
		t->out->trigger[t->out->ntriggers++] = (struct trigger_item) {
			.id = "stale_evidence",
			.when = arena_printf(t->arena, "%s, measured up to %s, "
				"is more than %d days old: from %s on",
				a->name, a->date, a->limit, a->stale_from),
		};
	}
}

static void list_triggers(struct trade *t)
{
	const struct model *m = t->plan->model;

	t->out->ntriggers = m->ntriggers;
	t->out->trigger = arena_alloc(t->arena, sizeof *t->out->trigger *
	                              (size_t)(m->ntriggers +
	                                       t->plan->bound->nages + 1));
	for (int i = 0; i < m->ntriggers; i++) {
		const struct trigger_def *d = &m->trigger[i];

		t->out->trigger[i] = (struct trigger_item) {
			.id = arena_strdup(t->arena, d->id),
			.when = arena_strdup(t->arena, d->when_text),
			.for_text = d->for_text ?
				arena_strdup(t->arena, d->for_text) : NULL,
		};
	}
	list_ages(t);
}

static bool report(struct trade *t)
{
	enum verdict_state state = t->out->verdict.state;

	if (!options_report(t))
		return false;
	switching_report(t);
	rules_report(t);
	findings_report(t);
	neighbours_report(t);
	list_presets(t);
	list_checks(t);
	list_triggers(t);
	if (t->o->want_voi && !voi_report(t))
		return false;
	if (t->o->want_sensitivity && !sensitivity_report(t))
		return false;
	if (t->o->want_criteria)
		criteria_report(t);
	if (t->o->want_break_even && !break_even_report(t))
		return false;
	if (t->o->want_provenance && !provenance_report(t))
		return false;
	warnings_report(t);
	verdict_report(t, state);
	return true;
}

/* The most draws that any trade-off needed. */
void trade_note_samples(const struct trade *t, struct evaluation *e)
{
	if (t->run->draws.n > e->engine.samples)
		e->engine.samples = t->run->draws.n;
	e->engine.replicates = t->run->draws.replicates;
}

bool trade_evaluate(const struct bound *b, struct bound_graph *g, int index,
                    const struct engine_options *o, struct evaluation *e,
                    struct arena *a, struct err *err)
{
	struct trade t;
	bool ok = trade_open(&t, b, g, index, o, a,
	                     &e->tradeoff[e->ntradeoffs++], err) &&
	          trade_sample(&t) && report(&t);

	if (ok)
		trade_note_samples(&t, e);
	trade_close(&t);
	return ok;
}
