/* Names that a scenario uses besides values, and warnings about values. */
#include "model/bound_int.h"

#include <string.h>

#include "base/clock.h"

#include "base/banned.h"

#define OUTSIDE 1e-8            /* of the draws: none will be there */
#define HEAVY_REACH 200

/* --- names ---------------------------------------------------------------- */

/* A word of the scenario that must be one of `known`. */
static bool must_be(struct binder *bd, struct pos pos, const char *what,
                    const char *word, const char *const *known)
{
	for (int i = 0; known[i]; i++)
		if (strcmp(known[i], word) == 0)
			return true;
	return err_at(&bd->err, ERR_INPUT, pos, "%s: there is no `%s`%s%s%s",
	              what, word, known[0] ? " (" : "",
	              list_text(bd->b->arena, known), known[0] ? ")" : "");
}

/* Names at the same offset of `n` structs. */
static const char *const *names_at(struct binder *bd, const void *items,
                                   int n, size_t size, size_t offset)
{
	const char **list = arena_alloc(bd->b->arena, ((size_t)n + 1)
	                                              * sizeof *list);

	for (int i = 0; i < n; i++)
		memcpy(&list[i], (const char *)items + (size_t)i * size
		       + offset, sizeof *list);
	return list;
}
#define NAMES(bd, items, n, field) \
	names_at(bd, items, n, sizeof *(items), \
	         (size_t)((const char *)&(items)->field \
	                  - (const char *)(items)))

static void check_assumed(struct binder *bd)
{
	for (int i = 0; i < bd->s->nmodels; i++) {
		const struct model *m = scope_find(&bd->scope,
		                                   bd->s->model[i]);

		if (m && bd->s->assume[i])
			must_be(bd, bd->s->model_pos[i], m->name,
			        bd->s->assume[i],
			        option_list(bd->b->arena, m));
	}
}

static void check_presets(struct binder *bd)
{
	for (int i = 0; i < bd->s->npresets; i++) {
		const struct preset_choice_set *p = &bd->s->preset[i];
		const struct model *m = scope_find(&bd->scope, p->model);

		if (m)
			must_be(bd, p->value->pos, "presets", p->preset,
			        NAMES(bd, m->preset, m->npresets, name));
	}
}

static void check_answers(struct binder *bd)
{
	for (int i = 0; i < bd->s->nanswers; i++) {
		const struct answer *a = &bd->s->answer[i];
		const struct model *m = scope_find(&bd->scope, a->model);

		if (m)
			must_be(bd, a->pos, "answers", a->id,
			        NAMES(bd, m->check, m->nchecklist, id));
	}
}

static void check_expectations(struct binder *bd)
{
	for (int i = 0; i < bd->s->nexpectations; i++) {
		const struct expectation *e = &bd->s->expectation[i];
		const struct model *m = scope_find(&bd->scope, e->model);

		if (!m)
			continue;
		for (const char *const *o = e->options; o && *o; o++)
			must_be(bd, e->pos, "expect option", *o,
			        option_list(bd->b->arena, m));
		if (e->rule)
			must_be(bd, e->pos, "expect rule", e->rule,
			        NAMES(bd, m->constraint, m->nconstraints, id));
		for (const char *const *f = e->findings; f && *f; f++)
			must_be(bd, e->pos, "expect findings", *f,
			        NAMES(bd, m->finding, m->nfindings, id));
	}
}

/* A formula that reads a month beyond the horizon reads nothing. */
static void check_horizons(struct binder *bd)
{
	for (int i = 0; i < bd->b->nmodels; i++) {
		const struct bound_model *bm = &bd->b->model[i];

		if (bm->horizon < bm->model->latest_month)
			err_at(&bd->err, ERR_INPUT, binder_place(bd), "the "
			       "horizon of %d months ends before month %d, "
			       "which a formula of %s reads", bm->horizon,
			       bm->model->latest_month, bm->model->name);
	}
}

void bind_names(struct binder *bd)
{
	check_horizons(bd);
	check_assumed(bd);
	check_presets(bd);
	check_answers(bd);
	check_expectations(bd);
}

/* --- studies -------------------------------------------------------------- */

/* A scenario's study stands in the place of the model's of that name. */
static struct study_def *place_for(struct bound_model *bm,
                                   struct study_def *all, const char *name)
{
	for (int i = 0; i < bm->nstudies; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return &all[bm->nstudies++];
}

static void bind_studies_of(struct binder *bd, struct bound_model *bm)
{
	const struct model *m = bm->model;
	const struct scenario *s = bd->s;
	struct loader ld = {
		.arena = bd->b->arena, .units = library_units(bd->l),
		.env = m->env, .err = ERR_INIT,
	};
	struct study_def *all;

	bm->study = m->study;
	bm->nstudies = m->nstudies;
	if (!s->nstudies)
		return;
	all = arena_alloc(ld.arena, (size_t)(m->nstudies + s->nstudies + 1)
	                            * sizeof *all);
	if (m->nstudies)
		memcpy(all, m->study, (size_t)m->nstudies * sizeof *all);
	bm->study = all;
	for (int i = 0; i < s->nstudies; i++)
		if (strcmp(s->study[i].model, m->name) == 0)
			load_study(&ld, scalar_node(ld.arena,
			                            s->study[i].study,
			                            s->study[i].pos),
			           s->study[i].body,
			           place_for(bm, all, s->study[i].study));
	err_move(&bd->err, &ld.err);
}

void bind_studies(struct binder *bd)
{
	for (int i = 0; i < bd->b->nmodels; i++)
		bind_studies_of(bd, &bd->b->model[i]);
}

/* --- warnings ------------------------------------------------------------- */

static const char *model_name(const struct binder *bd, const struct slot *s)
{
	return s->model < 0 ? NULL : bd->b->model[s->model].model->name;
}

/* Old: half a year before the day that prices are asked for, else today. */
static void warn_price(struct binder *bd, const struct slot *s)
{
	int64_t asked, dated, ends, days;

	if (strncmp(s->origin, "price ", 6) != 0 || !s->source.date
	    || !clock_parse_date(s->source.date, &dated))
		return;
	if (!bd->s->prices_as_of
	    || !clock_parse_date(bd->s->prices_as_of, &asked))
		asked = clock_now();
	if (s->retires && clock_parse_date(s->retires, &ends) && ends <= asked)
		binder_warn(bd, model_name(bd, s), "retired_model", "the "
		            "model behind %s was retired on %s", s->name,
		            s->retires);
	days = clock_days_between(dated, asked);
	if (days > PRICE_OLD_DAYS)
		binder_warn(bd, model_name(bd, s), "old_price", "the price "
		            "behind %s is of %s, %lld days old", s->name,
		            s->source.date, (long long)days);
}

/* How much further than 5 % a tail of one in a million reaches, both from the
 * median: 2.9 for a normal law, 200 for a lognormal one whose P95 is 16 times
 * its median, 240 for Student's t with two degrees of freedom. */
static double reach(const struct dist *d, bool upper)
{
	double middle = dist_quantile(d, 0.5);
	double near = dist_quantile(d, upper ? 0.95 : 0.05);
	double far = dist_quantile(d, upper ? 1 - 1e-6 : 1e-6);

	return near == middle ? 0 : (far - middle) / (near - middle);
}

/* Where a few draws decide the mean. */
static void warn_tail(struct binder *bd, const struct slot *s)
{
	if (s->kind != SLOT_INPUT || !s->dist || dist_is_discrete(s->dist))
		return;
	if (reach(s->dist, true) > HEAVY_REACH
	    || reach(s->dist, false) > HEAVY_REACH)
		binder_warn(bd, model_name(bd, s), "heavy_tail", "%s has a "
		            "heavy tail: a few draws decide its mean", s->name);
}

/* A law as written may pass the bounds in its tails, which its percentiles keep;
 * a quantity with such a value need have no meaning. */
static void warn_bounds(struct binder *bd, const struct slot *s)
{
	const struct param *p = s->param;
	double outside;

	if (s->kind != SLOT_INPUT || !s->dist || p->type != TYPE_NUMBER)
		return;
	outside = dist_cdf(s->dist, nextafter(p->low, -HUGE_VAL)) + 1 -
	          dist_cdf(s->dist, p->high);
	if (outside > OUTSIDE)
		binder_warn(bd, model_name(bd, s), "beyond_bounds", "%s lies "
		            "beyond its bounds %g and %g in %.2g %% of the "
		            "draws: truncate(...) would keep it inside",
		            s->name, p->low / p->unit.scale,
		            p->high / p->unit.scale, 100 * outside);
}

void bind_warnings(struct binder *bd)
{
	for (int i = 0; i < bd->b->nslots; i++) {
		const struct slot *s = &bd->b->slot[i];

		if (!s->param || s->kind == SLOT_ABSENT)
			continue;
		warn_price(bd, s);
		warn_tail(bd, s);
		warn_bounds(bd, s);
	}
}
