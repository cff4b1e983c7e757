/*
 * `studies:` (what could be measured) and `tables:` (columns that a scenario's
 * file must have).
 */
#include "model/load.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"

#include "base/banned.h"

/* What a study observes.  The keys are those of study_def's parts; the last one
 * is the size of the study: a word for `n`, or a formula of it. */
const struct observation observations[STUDY_KINDS] = {
	[STUDY_NORMAL_MEAN] = { "normal_mean", { "of", "sd", "n", NULL } },
	[STUDY_BINOMIAL] = { "binomial", { "p", NULL, "trials", NULL } },
	[STUDY_POISSON] = { "poisson", { "rate", NULL, "exposure", NULL } },
};

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *study_formula(struct arena *a, const char *text, const char *n)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (const char *p = text; *p; p++) {
		bool word = *p == 'n' && (p == text || !in_word(p[-1]))
			&& !in_word(p[1]);

		if (word)
			buf_add(&b, n);
		else
			buf_addc(&b, *p);
	}
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

/* A formula of `n`, which is no name of the model: for the check a number of
 * the same length stands in its place. */
static bool check_formula(struct loader *ld, const struct ynode *n,
                          const char *text,
                          struct study_formula *out, struct expr_type *type)
{
	struct syntax *s;

	out->text = arena_strdup(ld->arena, text);
	out->pos = text_pos(n);
	s = expr_parse(ld->arena, study_formula(ld->arena, text, "2"),
	               out->pos, &ld->err);
	return s && !ld->undeclared
		&& env_check_expr(ld->env, s, TYPE_NUMBER, 0, false, type,
		                  &ld->err);
}

static bool want_scalar(struct loader *ld, const struct ynode *n,
                        const char *what)
{
	return n->kind == Y_SCALAR
		|| err_at(&ld->err, ERR_INPUT, n->pos, "`%s` must be one text",
		          what);
}

/* --- what is observed ----------------------------------------------------- */

static bool plain_word(const char *text)
{
	if (!*text || isdigit((unsigned char)*text))
		return false;
	while (in_word(*text))
		text++;
	return !*text;
}

static bool counts(const struct loader *ld, const struct expr_type *t)
{
	return t->any_unit || unit_is_count(ld->units, &t->unit);
}

/* `runs` is a word for n; `100 * n` and `n * 1 [day]` are formulas. */
static bool read_size(struct loader *ld, const struct ynode *n,
                      const char *key, struct study_def *s,
                      struct expr_type *type)
{
	if (!want_scalar(ld, n, key))
		return false;
	s->word = plain_word(n->text) ? n->text : "n";
	return check_formula(ld, n, plain_word(n->text) ? "n" : n->text,
	                     &s->size, type);
}

static bool read_part(struct loader *ld, const struct ynode *map,
                      const char *key, struct syntax **out,
                      struct expr_type *type)
{
	const struct ynode *n = yaml_get(map, key);

	if (!read_expr(ld, n, key, out) || ld->undeclared)
		return false;
	return env_check_expr(ld->env, *out, TYPE_NUMBER, 0, false, type,
	                      &ld->err);
}

static bool share_of(struct loader *ld, const struct ynode *n,
                     const struct expr_type *p)
{
	return p->any_unit || unit_is_number(&p->unit)
		|| err_at(&ld->err, ERR_INPUT, n->pos, "`p` is the share of "
		          "trials that succeed, a plain number");
}

/* A rate times an exposure is a number of events; an exposure that is a plain
 * number is in the unit that the rate is per. */
static bool fits_rate(struct loader *ld, const struct ynode *n,
                      struct study_def *s, const struct expr_type *rate,
                      const struct expr_type *exposure)
{
	struct unit events = unit_mul(&rate->unit, &exposure->unit);

	s->bare = exposure->any_unit || unit_is_number(&exposure->unit);
	return s->bare || rate->any_unit
		|| unit_is_count(ld->units, &events)
		|| err_at(&ld->err, ERR_INPUT, n->pos, "`rate` times "
		          "`exposure` must be a number of events; an exposure "
		          "such as `n` alone counts the units that the rate is "
		          "per");
}

static bool same_unit(struct loader *ld, const struct ynode *n,
                      const struct expr_type *of, const struct expr_type *sd)
{
	return of->any_unit || sd->any_unit || unit_same(&of->unit, &sd->unit)
		|| err_at(&ld->err, ERR_INPUT, n->pos, "`sd` must have the "
		          "unit of `of`");
}

static void check_observation(struct loader *ld, const struct ynode *n,
                              enum study_kind kind, struct study_def *s)
{
	const struct observation *o = &observations[kind];
	struct expr_type of, sd, size;
	const struct ynode *at;
	const char *const keys[] = {
		o->key[STUDY_OF], o->key[STUDY_COUNT],
		o->key[STUDY_SD], NULL,
	};

	s->kind = kind;
	if (!want_map(n, o->name, &ld->err)
	    || !yaml_only(n, o->name, keys, &ld->err))
		return;
	for (int i = 0; keys[i]; i++)
		if (!yaml_get(n, keys[i])) {
			err_at(&ld->err, ERR_INPUT, n->pos, "`%s` needs `%s:`",
			       o->name, keys[i]);
			return;
		}
	at = yaml_get(n, o->key[STUDY_COUNT]);
	if (!read_part(ld, n, o->key[STUDY_OF], &s->of, &of)
	    || (o->key[STUDY_SD]
	        && !read_part(ld, n, o->key[STUDY_SD], &s->sd, &sd))
	    || !read_size(ld, at, o->key[STUDY_COUNT], s, &size))
		return;
	s->of_text = syntax_text(s->of);
	if (kind == STUDY_POISSON)
		fits_rate(ld, at, s, &of, &size);
	else if (!counts(ld, &size))
		err_at(&ld->err, ERR_INPUT, text_pos(at), "`%s` is a number "
		       "of observations", o->key[STUDY_COUNT]);
	if (kind == STUDY_BINOMIAL)
		share_of(ld, n, &of);
	if (kind == STUDY_NORMAL_MEAN)
		same_unit(ld, yaml_get(n, o->key[STUDY_SD]), &of, &sd);
}

static void check_observe(struct loader *ld, const struct ynode *n,
                          struct study_def *s)
{
	const char *names[STUDY_KINDS + 1] = { NULL };

	if (!want_map(n, "observe", &ld->err))
		return;
	for (int i = 0; i < STUDY_KINDS; i++) {
		names[i] = observations[i].name;
		if (yaml_get(n, names[i]))
			check_observation(ld, yaml_get(n, names[i]),
			                  (enum study_kind)i, s);
	}
	yaml_only(n, "observe", names, &ld->err);
	if (n->n != 1)
		err_at(&ld->err, ERR_INPUT, n->pos, "a study observes one of "
		       "%s", list_text(ld->arena, names));
}

/* --- its sizes, cost and time --------------------------------------------- */

static void check_sizes(struct loader *ld, const struct ynode *n,
                        struct study_def *s)
{
	static const char *const keys[] = { "from", "to", NULL };
	struct unit one = unit_one();
	double end[2] = { 0, 0 };

	if (!want_map(n, "n", &ld->err)
	    || !yaml_only(n, "n", keys, &ld->err))
		return;
	for (int i = 0; i < 2; i++) {
		const struct ynode *item = yaml_get(n, keys[i]);

		if (!item) {
			err_at(&ld->err, ERR_INPUT, n->pos, "`n` needs `%s:`",
			       keys[i]);
			return;
		}
		if (!read_quantity(ld->arena, ld->units, item, &one, keys[i],
		                   &end[i], &ld->err))
			return;
	}
	if (end[0] < 1 || end[1] < end[0] || fmod(end[0], 1) != 0
	    || fmod(end[1], 1) != 0 || end[1] > STUDY_MAX_SIZE)
		err_at(&ld->err, ERR_INPUT, n->pos, "`n` goes from one whole "
		       "number above 0 to another, at most 1e9");
	s->from = end[0];
	s->to = end[1];
}

static void check_cost(struct loader *ld, const struct ynode *n,
                       struct study_def *s)
{
	struct expr_type type;

	if (want_scalar(ld, n, "cost")
	    && check_formula(ld, n, n->text, &s->cost, &type)
	    && !type.any_unit && !unit_is_money(ld->units, &type.unit))
		err_at(&ld->err, ERR_INPUT, text_pos(n), "the cost of a study "
		       "is an amount of money in USD");
}

static void check_takes(struct loader *ld, const struct ynode *n,
                        struct study_def *s)
{
	struct unit month;

	if (unit_parse(ld->units, "month", &month))
		err_at(&ld->err, ERR_BUG, n->pos, "the unit file lacks "
		       "`month`");
	else if (read_quantity(ld->arena, ld->units, n, &month, "takes",
	                       &s->takes, &ld->err) && s->takes < 0)
		err_at(&ld->err, ERR_INPUT, text_pos(n), "a duration must not "
		       "be negative");
	s->takes_text = node_text(ld->arena, n);
}

static void check_decisions(struct loader *ld, const struct ynode *n,
                            struct study_def *s)
{
	struct unit one = unit_one();

	if (read_quantity(ld->arena, ld->units, n, &one, "decisions",
	                  &s->decisions, &ld->err) && !(s->decisions > 0))
		err_at(&ld->err, ERR_INPUT, text_pos(n), "the number of "
		       "decisions that a study serves is above 0");
}

void load_study(struct loader *ld, const struct ynode *key,
                const struct ynode *body, struct study_def *s)
{
	static const struct part {
		const char *key;
		void (*check)(struct loader *ld, const struct ynode *n,
		              struct study_def *s);
		bool required;
	} parts[] = {
		{ "observe", check_observe, true },
		{ "n", check_sizes, true },
		{ "cost", check_cost, true },
		{ "takes", check_takes, false },
		{ "decisions", check_decisions, false },
	};
	static const char *const keys[] = {
		"title", "observe", "n", "cost", "takes", "decisions", NULL,
	};

	*s = (struct study_def){
		.name = key->text, .pos = key->pos, .decisions = 1,
	};
	if (!want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, keys, &ld->err))
		return;
	s->title = get_text(&ld->err, body, "title", false, key->text);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct ynode *n = yaml_get(body, parts[i].key);

		if (n)
			parts[i].check(ld, n, s);
		else if (parts[i].required)
			err_at(&ld->err, ERR_INPUT, body->pos, "the study "
			       "`%s` needs `%s:`", key->text, parts[i].key);
	}
}

void load_studies(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	m->study = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                  * sizeof *m->study);
	for (int i = 0; i < n->n; i++)
		load_study(ld, n->key[i], n->item[i],
		           &m->study[m->nstudies++]);
}

/* --- tables --------------------------------------------------------------- */

static bool column_unit(struct loader *ld, const struct ynode *body,
                        struct table_column *c)
{
	const struct ynode *unit = yaml_get(body, "unit");
	const struct ynode *bounds = yaml_get(body, "bounds");
	const char *text;

	if (!unit)
		return err_at(&ld->err, ERR_INPUT, body->pos, "the column "
		              "`%s` needs a unit", c->name);
	if (!read_unit(ld->units, unit, c->name, &c->unit, &text, &ld->err))
		return false;
	if (!bounds)
		return true;
	if (bounds->kind != Y_SEQ || bounds->n != 2)
		return err_at(&ld->err, ERR_INPUT, bounds->pos, "`%s`: bounds "
		              "are a list of two numbers", c->name);
	return read_quantity(ld->arena, ld->units, bounds->item[0], &c->unit,
	                     "a bound", &c->low, &ld->err)
		&& read_quantity(ld->arena, ld->units, bounds->item[1],
		                 &c->unit, "a bound", &c->high, &ld->err);
}

/* `correct: boolean` or {unit: .., bounds: ..}. */
static void load_column(struct loader *ld, const struct ynode *key,
                        const struct ynode *body, struct table_column *c)
{
	static const char *const keys[] = { "unit", "bounds", NULL };

	*c = (struct table_column){
		.name = key->text, .type = TYPE_NUMBER, .unit = unit_one(),
		.low = -HUGE_VAL, .high = HUGE_VAL,
	};
	if (body->kind == Y_SCALAR) {
		c->type = TYPE_BOOL;
		if (strcmp(body->text, "boolean") != 0)
			err_at(&ld->err, ERR_INPUT, text_pos(body), "a column "
			       "is `boolean` or {unit: U, bounds: [A, B]}");
	} else if (want_map(body, key->text, &ld->err)
	           && yaml_only(body, key->text, keys, &ld->err)) {
		column_unit(ld, body, c);
	}
}

static void load_table(struct loader *ld, const struct ynode *key,
                       const struct ynode *body, struct table_def *t)
{
	static const char *const keys[] = { "required", "columns", NULL };
	const struct ynode *columns;

	t->name = key->text;
	t->pos = key->pos;
	if (!want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, keys, &ld->err))
		return;
	get_bool(&ld->err, body, "required", &t->required);
	columns = yaml_get(body, "columns");
	if (!columns || !want_map(columns, "columns", &ld->err)
	    || columns->n == 0) {
		err_at(&ld->err, ERR_INPUT, body->pos, "the table `%s` needs "
		       "`columns:`", key->text);
		return;
	}
	t->column = arena_alloc(ld->arena, (size_t)columns->n
	                                   * sizeof *t->column);
	for (int i = 0; i < columns->n; i++) {
		struct table_column *c = &t->column[t->n++];

		load_column(ld, columns->key[i], columns->item[i], c);
		if (!env_column(ld->env, t->name, c->name, c->type, &c->unit,
		                t->required, columns->key[i]->pos, &ld->err))
			ld->undeclared = true;
	}
}

void load_tables(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	m->table = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                  * sizeof *m->table);
	for (int i = 0; i < n->n; i++)
		load_table(ld, n->key[i], n->item[i], &m->table[m->ntables++]);
}
