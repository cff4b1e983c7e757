/*
 * `studies:` (what could be measured) and `tables:` (columns that a scenario's
 * file must have).
 */
#include "model/load.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/banned.h"

/* What a study observes, and the expressions each kind takes.  `size` is the
 * number of observations: `n`, the word for it in `cost:`, or a number. */
static const struct observation {
	const char *name;
	const char *keys[4];
	const char *size;
} observations[] = {
	{ "normal_mean", { "of", "sd", "n" }, "n" },
	{ "binomial", { "trials", "p" }, "trials" },
	{ "poisson", { "rate", "exposure" }, "exposure" },
};
#define NOBSERVATIONS (sizeof observations / sizeof *observations)

static const char *const study_keys[] = {
	"title", "observe", "n", "cost", "takes", NULL,
};

static void check_observation(struct loader *ld, const struct ynode *n,
                              const struct observation *o)
{
	if (!want_map(n, o->name, &ld->err)
	    || !yaml_only(n, o->name, o->keys, &ld->err))
		return;
	for (int i = 0; o->keys[i]; i++) {
		struct syntax *s;

		if (!yaml_get(n, o->keys[i]))
			err_at(&ld->err, ERR_INPUT, n->pos, "`%s` needs `%s:`",
			       o->name, o->keys[i]);
		else if (strcmp(o->keys[i], o->size) != 0)
			get_checked(ld, n, o->keys[i], TYPE_NUMBER,
			            AXES(AXIS_OPTION), &s);
	}
}

static void check_observe(struct loader *ld, const struct ynode *n)
{
	const char *names[NOBSERVATIONS + 1] = { NULL };

	if (!want_map(n, "observe", &ld->err))
		return;
	for (size_t i = 0; i < NOBSERVATIONS; i++) {
		names[i] = observations[i].name;
		if (yaml_get(n, names[i]))
			check_observation(ld, yaml_get(n, names[i]),
			                  &observations[i]);
	}
	yaml_only(n, "observe", names, &ld->err);
	if (n->n != 1)
		err_at(&ld->err, ERR_INPUT, n->pos, "a study observes one of "
		       "%s", list_text(ld->arena, names));
}

static void check_sizes(struct loader *ld, const struct ynode *n)
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
	    || fmod(end[1], 1) != 0)
		err_at(&ld->err, ERR_INPUT, n->pos, "`n` goes from one whole "
		       "number above 0 to another");
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The cost names the size `n`, which is no name of the model: for the check a
 * number of the same length stands in its place. */
static void check_cost(struct loader *ld, const struct ynode *n)
{
	struct expr_type type;
	struct syntax *s;
	char *text;

	if (n->kind != Y_SCALAR) {
		err_at(&ld->err, ERR_INPUT, n->pos, "`cost` must be one text");
		return;
	}
	text = arena_strdup(ld->arena, n->text);
	for (size_t i = 0; text[i]; i++)
		if (text[i] == 'n' && (i == 0 || !in_word(text[i - 1]))
		    && !in_word(text[i + 1]))
			text[i] = '2';
	s = expr_parse(ld->arena, text, text_pos(n), &ld->err);
	if (!s || ld->undeclared
	    || !env_check_expr(ld->env, s, TYPE_NUMBER, 0, false, &type,
	                       &ld->err))
		return;
	if (!type.any_unit && !unit_is_money(ld->units, &type.unit))
		err_at(&ld->err, ERR_INPUT, text_pos(n), "the cost of a study "
		       "is an amount of money in USD");
}

static void check_takes(struct loader *ld, const struct ynode *n)
{
	struct unit month;
	double seconds;

	if (unit_parse(ld->units, "month", &month))
		err_at(&ld->err, ERR_BUG, n->pos, "the unit file lacks "
		       "`month`");
	else if (read_quantity(ld->arena, ld->units, n, &month, "takes",
	                       &seconds, &ld->err) && seconds < 0)
		err_at(&ld->err, ERR_INPUT, text_pos(n), "a duration must not "
		       "be negative");
}

static void load_study(struct loader *ld, const struct ynode *key,
                       const struct ynode *body, struct study_def *s)
{
	static const struct part {
		const char *key;
		void (*check)(struct loader *ld, const struct ynode *n);
		bool required;
	} parts[] = {
		{ "observe", check_observe, true },
		{ "n", check_sizes, true },
		{ "cost", check_cost, true },
		{ "takes", check_takes, false },
	};

	s->name = key->text;
	s->pos = key->pos;
	s->body = body;
	if (!want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, study_keys, &ld->err))
		return;
	s->title = get_text(&ld->err, body, "title", false, key->text);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct ynode *n = yaml_get(body, parts[i].key);

		if (n)
			parts[i].check(ld, n);
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
