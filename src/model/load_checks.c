/*
 * What is asked of a model besides its objective: feasibility, rules,
 * findings, extra outputs, triggers, and the checklist.
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

#define PER_OPTION AXES(AXIS_OPTION)

void *load_entries(struct loader *ld, const struct ynode *n, const char *what,
                   const char *const *keys, size_t size, entry_fn one,
                   int *count)
{
	char *items = arena_alloc(ld->arena, ((size_t)n->n + 1) * size);

	for (int i = 0; i < n->n; i++) {
		if (!want_map(n->item[i], what, &ld->err)
		    || !yaml_only(n->item[i], what, keys, &ld->err))
			continue;
		if (one(ld, n->item[i], items + (size_t)*count * size))
			++*count;
	}
	return items;
}

/* An id must be there, and new. */
static bool read_id(struct loader *ld, const struct ynode *n, const char *key,
                    const char *what, const char **out)
{
	*out = get_text(&ld->err, n, key, true, what);
	return *out != NULL;
}

static bool template_text(struct loader *ld, const struct ynode *n,
                          const char *key, const char **out)
{
	const struct ynode *text = yaml_get(n, key);

	*out = NULL;
	if (!text)
		return true;
	if (!yaml_text(text, key, out, &ld->err))
		return false;
	check_template(ld, text);
	return true;
}

static bool missing(struct loader *ld, const struct ynode *n, const char *what,
                    const char *key)
{
	return err_at(&ld->err, ERR_INPUT, n->pos, "%s needs `%s:`", what,
	              key);
}

/* --- requires ------------------------------------------------------------- */

static bool one_requirement(struct loader *ld, const struct ynode *n,
                            void *out)
{
	struct requirement *r = out;

	r->pos = n->pos;
	if (!read_id(ld, n, "reason", "a requirement", &r->reason)
	    || !template_text(ld, n, "remedy", &r->remedy)
	    || !read_options(ld, yaml_get(n, "for"), &r->options)
	    || !get_checked(ld, n, "when", TYPE_BOOL, PER_OPTION, &r->when))
		return false;
	return r->when || missing(ld, n, "a requirement", "when");
}

void load_requires(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"reason", "remedy", "for", "when", NULL,
	};
	struct model *m = ld->model;

	m->requires = load_entries(ld, n, "a requirement", keys,
	                           sizeof *m->requires, one_requirement,
	                           &m->nrequires);
}

/* --- constraints ---------------------------------------------------------- */

static bool read_allow(struct loader *ld, const struct ynode *n,
                       struct constraint *c)
{
	const struct ynode *allow = yaml_get(n, "allow");

	c->none = allow && allow->kind == Y_SCALAR
		&& strcmp(allow->text, "none") == 0;
	return c->none || get_checked(ld, n, "allow", TYPE_BOOL, PER_OPTION,
	                              &c->allow);
}

static bool read_probability(struct loader *ld, const struct ynode *n,
                             struct constraint *c)
{
	const struct ynode *p = yaml_get(n, "with_probability");
	struct unit one = unit_one();

	c->with_probability = 0.5;
	if (!p)
		return true;
	if (!c->require)
		return err_at(&ld->err, ERR_INPUT, p->pos, "`with_probability` "
		              "belongs to `require:`");
	if (!read_quantity(ld->arena, ld->units, p, &one, "with_probability",
	                   &c->with_probability, &ld->err))
		return false;
	return (c->with_probability > 0 && c->with_probability <= 1)
		|| err_at(&ld->err, ERR_INPUT, text_pos(p), "with_probability "
		          "must lie above 0 and not above 1");
}

static bool read_flags(struct loader *ld, const struct ynode *n,
                       struct constraint *c)
{
	const struct ynode *flags = yaml_get(n, "flags");

	c->flag_only = flags != NULL;
	if (!flags || (flags->kind == Y_SCALAR
	               && strcmp(flags->text, "slo") == 0))
		return true;
	return err_at(&ld->err, ERR_INPUT, flags->pos, "`flags:` can only be "
	              "`slo`: a missed service level is shown, not barred");
}

static bool one_constraint(struct loader *ld, const struct ynode *n, void *out)
{
	struct constraint *c = out;
	const struct ynode *as_of = yaml_get(n, "as_of");

	c->pos = n->pos;
	c->title = get_text(&ld->err, n, "title", false, "a rule");
	c->basis = get_text(&ld->err, n, "basis", false, "a rule");
	if (as_of && !yaml_date(as_of, "as_of", &c->as_of, &ld->err))
		return false;
	if (!read_id(ld, n, "id", "a rule", &c->id)
	    || !template_text(ld, n, "remedy", &c->remedy)
	    || !get_checked(ld, n, "when", TYPE_BOOL, PER_OPTION, &c->when)
	    || !read_allow(ld, n, c)
	    || !get_checked(ld, n, "require", TYPE_BOOL, PER_OPTION,
	                    &c->require)
	    || !read_probability(ld, n, c) || !read_flags(ld, n, c))
		return false;
	if (c->none || c->allow || c->require)
		return true;
	return err_at(&ld->err, ERR_INPUT, n->pos, "the rule `%s` needs "
	              "`allow:` or `require:`", c->id);
}

void load_constraints(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"id", "title", "when", "allow", "require", "with_probability",
		"flags", "basis", "as_of", "remedy", NULL,
	};
	struct model *m = ld->model;

	m->constraint = load_entries(ld, n, "a rule", keys,
	                             sizeof *m->constraint, one_constraint,
	                             &m->nconstraints);
}

/* --- findings, outputs ---------------------------------------------------- */

static bool one_finding(struct loader *ld, const struct ynode *n, void *out)
{
	struct finding_def *f = out;

	f->pos = n->pos;
	if (!read_id(ld, n, "id", "a finding", &f->id)
	    || !template_text(ld, n, "say", &f->say)
	    || !get_checked(ld, n, "when", TYPE_BOOL, 0, &f->when))
		return false;
	if (!f->say)
		return missing(ld, n, "a finding", "say");
	return f->when || missing(ld, n, "a finding", "when");
}

void load_findings(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = { "id", "when", "say", NULL };
	struct model *m = ld->model;

	m->finding = load_entries(ld, n, "a finding", keys,
	                          sizeof *m->finding, one_finding,
	                          &m->nfindings);
}

static bool read_at(struct loader *ld, const struct ynode *body,
                    struct output_def *o)
{
	const struct ynode *at = yaml_get(body, "at");

	o->central = at != NULL;
	if (!at || (at->kind == Y_SCALAR && strcmp(at->text, "central") == 0))
		return true;
	return err_at(&ld->err, ERR_INPUT, at->pos, "`%s`: `at:` can only be "
	              "`central`", o->name);
}

/* The unit that was asked for, else the one the expression shows. */
static void output_unit(struct loader *ld, const struct ynode *body,
                        const struct expr_type *type, struct output_def *o)
{
	const struct ynode *unit = yaml_get(body, "unit");

	if (!unit) {
		env_display(ld->env, o->value, type, &o->unit, &o->unit_text);
		return;
	}
	if (read_unit(ld->units, unit, o->name, &o->unit, &o->unit_text,
	              &ld->err)
	    && !type->any_unit && !unit_same(&o->unit, &type->unit))
		err_at(&ld->err, ERR_INPUT, text_pos(unit), "`%s`: the "
		       "expression is not in %s", o->name, o->unit_text);
}

static void one_output(struct loader *ld, const struct ynode *key,
                       const struct ynode *body, struct output_def *o)
{
	static const char *const keys[] = {
		"title", "value", "unit", "at", NULL,
	};
	const struct ynode *value = yaml_get(body, "value");
	struct expr_type type;

	o->name = key->text;
	o->pos = key->pos;
	o->unit_text = "1";
	if (body->kind == Y_SCALAR)
		value = body;
	else if (!want_map(body, key->text, &ld->err)
	         || !yaml_only(body, key->text, keys, &ld->err)
	         || !read_at(ld, body, o))
		return;
	o->title = get_text(&ld->err, body, "title", false, key->text);
	if (!value) {
		missing(ld, body, key->text, "value");
		return;
	}
	if (read_expr(ld, value, key->text, &o->value) && !ld->undeclared
	    && env_check_expr(ld->env, o->value, TYPE_NUMBER, PER_OPTION,
	                      false, &type, &ld->err))
		output_unit(ld, body, &type, o);
}

void load_outputs(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	m->output = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                   * sizeof *m->output);
	for (int i = 0; i < n->n; i++)
		one_output(ld, n->key[i], n->item[i],
		           &m->output[m->noutputs++]);
}

/* --- triggers, checklist -------------------------------------------------- */

static bool read_duration(struct loader *ld, const struct ynode *n,
                          double *days)
{
	struct unit day;
	double seconds;

	if (unit_parse(ld->units, "day", &day))
		return err_at(&ld->err, ERR_BUG, n->pos, "the unit file lacks "
		              "`day`");
	if (!read_quantity(ld->arena, ld->units, n, &day, "for", &seconds,
	                   &ld->err))
		return false;
	*days = seconds / 86400;
	return seconds > 0 || err_at(&ld->err, ERR_INPUT, text_pos(n),
	                             "a duration must be positive");
}

static bool one_trigger(struct loader *ld, const struct ynode *n, void *out)
{
	struct trigger_def *t = out;
	const struct ynode *when = yaml_get(n, "when");
	const struct ynode *lasting = yaml_get(n, "for");

	t->pos = n->pos;
	t->title = get_text(&ld->err, n, "title", false, "a trigger");
	if (!read_id(ld, n, "id", "a trigger", &t->id))
		return false;
	if (!when)
		return missing(ld, n, "a trigger", "when");
	if (!read_expr(ld, when, "when", &t->when))
		return false;
	t->when_text = when->text;
	if (lasting && !read_duration(ld, lasting, &t->for_days))
		return false;
	if (lasting && !strstr(when->text, "measured("))
		return err_at(&ld->err, ERR_INPUT, lasting->pos, "`for` counts "
		              "the days of measurements: `when` has none "
		              "(measured(NAME))");
	t->for_text = lasting ? lasting->text : NULL;
	return ld->undeclared || env_check_expr(ld->env, t->when, TYPE_BOOL, 0,
	                                        true, NULL, &ld->err);
}

void load_triggers(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"id", "title", "when", "for", NULL,
	};
	struct model *m = ld->model;

	m->trigger = load_entries(ld, n, "a trigger", keys,
	                          sizeof *m->trigger, one_trigger,
	                          &m->ntriggers);
}

static bool one_check(struct loader *ld, const struct ynode *n, void *out)
{
	struct check_item *c = out;

	return read_id(ld, n, "id", "a question", &c->id)
		&& read_id(ld, n, "ask", "a question", &c->ask)
		&& get_bool(&ld->err, n, "must", &c->must)
		&& read_options(ld, yaml_get(n, "for"), &c->options);
}

void load_checklist(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = { "id", "ask", "must", "for", NULL };
	struct model *m = ld->model;

	m->check = load_entries(ld, n, "a question", keys, sizeof *m->check,
	                        one_check, &m->nchecklist);
}
