/* The unit in which a person would read the value of an expression. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "expr/infer.h"

static void set(struct env *e, const char *text, struct unit *unit,
                const char **out)
{
	*out = text;
	if (unit_parse(e->units, text, unit))
		*unit = unit_one();
}

static void default_display(struct env *e, const struct expr_type *t,
                            struct unit *unit, const char **text)
{
	struct buf b = BUF_INIT;

	if (t->any_unit || t->type != TYPE_NUMBER
	    || unit_is_number(&t->unit)) {
		set(e, "1", unit, text);
	} else if (unit_is_money_rate(e->units, &t->unit)) {
		set(e, "USD/month", unit, text);
	} else {
		unit_describe(e->units, &t->unit, &b);
		*unit = t->unit;
		unit->scale = 1;
		*text = arena_strdup(e->arena, b.s);
		buf_release(&b);
	}
}

/* The operand whose unit the whole has, or NULL. */
static const struct syntax *carrier(struct env *e, const struct syntax *s)
{
	struct expr_type t;

	switch (s->kind) {
	case S_PICK:
	case S_AT:
	case S_UNARY:
		return s->arg[0];
	case S_BINARY:
		/* the first operand that has a unit at all */
		for (int i = 0; i < 2; i++) {
			if (s->op == OP_POW || (s->op == OP_DIV && i == 1))
				break;
			if (infer(e, s->arg[i], NULL, &t, NULL)
			    && t.type == TYPE_NUMBER && !t.any_unit
			    && !unit_is_number(&t.unit))
				return s->arg[i];
		}
		return NULL;
	case S_CALL:
		if (strcmp(s->name, "if") == 0)
			return s->arg[1]->kind == S_STATE
				|| (s->arg[1]->kind == S_NUMBER
				    && s->arg[1]->value == 0)
				? s->arg[2] : s->arg[1];
		if (strcmp(s->name, "solve") == 0
		    || strcmp(s->name, "argmin") == 0)
			return s->arg[1];
		return s->n > 0 && builtin_find(s->name) ? s->arg[0] : NULL;
	default:
		return NULL;
	}
}

static bool fits(const struct expr_type *t, const struct unit *unit)
{
	return t->any_unit || unit_same(&t->unit, unit);
}

static bool author_display(struct env *e, const struct syntax *s,
                           const struct expr_type *t, struct unit *unit,
                           const char **text, int depth)
{
	const struct entry *en;
	const struct syntax *of;

	if (depth == 0)
		return false;
	if (s->kind == S_NUMBER && s->unit_text) {
		set(e, s->unit_text, unit, text);
		return fits(t, unit);
	}
	if (s->kind == S_NAME && (en = env_entry(e, s->name)) != NULL
	    && en->unit_text) {
		*unit = en->unit;
		*text = en->unit_text;
		return fits(t, unit);
	}
	of = carrier(e, s);
	return of && author_display(e, of, t, unit, text, depth - 1);
}

void env_display(struct env *e, const struct syntax *s,
                 const struct expr_type *t, struct unit *unit,
                 const char **text)
{
	if (t->type != TYPE_NUMBER
	    || !author_display(e, s, t, unit, text, EXPR_MAX_DEPTH))
		default_display(e, t, unit, text);
}
