/*
 * Types, units and axes of expressions, inferred from the leaves up.  A name is
 * inferred once; what hangs on a bad name is quiet, so that one mistake gives
 * one finding.
 */
#include "expr/infer.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

bool refuse(struct err *err, const struct syntax *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vat(err, ERR_INPUT, syntax_place(s), fmt, ap);
	va_end(ap);
	return false;
}

const char *quoted(const struct syntax *s)
{
	static _Thread_local char ring[4][80];
	static _Thread_local int at;
	char *out = ring[at++ & 3];

	syntax_quote(s, out, sizeof ring[0]);
	return out;
}

const char *unit_name(struct env *e, const struct syntax *s,
                      const struct expr_type *t)
{
	struct unit unit;
	const char *text;

	if (t->type == TYPE_BOOL)
		return "a truth";
	if (t->type == TYPE_LABEL)
		return "a choice";
	env_display(e, s, t, &unit, &text);
	return strcmp(text, "1") == 0 ? "a plain number" : text;
}

bool need_number(struct env *e, const struct syntax *s,
                 const struct expr_type *t, struct err *err)
{
	(void)e;
	if (t->type == TYPE_NUMBER)
		return true;
	return refuse(err, s, "`%s` is %s where a number is needed", quoted(s),
	              t->type == TYPE_BOOL ? "a truth" : "a choice");
}

bool need_bool(const struct syntax *s, const struct expr_type *t,
               struct err *err)
{
	if (t->type == TYPE_BOOL)
		return true;
	return refuse(err, s, "`%s` is %s where a condition is needed",
	              quoted(s), t->type == TYPE_NUMBER ? "a number"
	              : "a choice: compare it with ==");
}

bool need_plain(struct env *e, const struct syntax *s,
                const struct expr_type *t, const char *what, struct err *err)
{
	if (!need_number(e, s, t, err))
		return false;
	if (t->any_unit || unit_is_count(e->units, &t->unit))
		return true;
	return refuse(err, s, "%s takes a plain number or a count, but `%s` is "
	              "in %s: divide it by a quantity of that unit, such as "
	              "`/ 1 [%s]`", what, quoted(s), unit_name(e, s, t),
	              unit_name(e, s, t));
}

bool join_units(struct env *e, const struct syntax *sa,
                const struct expr_type *a, const struct syntax *sb,
                const struct expr_type *b, const char *verb,
                struct expr_type *into, struct err *err)
{
	bool fits;

	if (!need_number(e, sa, a, err) || !need_number(e, sb, b, err))
		return false;
	fits = a->any_unit || b->any_unit || unit_same(&a->unit, &b->unit);
	if (fits) {             /* `into` may be `a` itself */
		into->unit = a->any_unit ? b->unit : a->unit;
		into->any_unit = a->any_unit && b->any_unit;
		return true;
	}
	return refuse(err, sb, "cannot %s `%s` in %s and `%s` in %s", verb,
	              quoted(sa), unit_name(e, sa, a), quoted(sb),
	              unit_name(e, sb, b));
}

/* --- leaves ----------------------------------------------------------- */

static bool infer_literal(struct env *e, const struct syntax *s,
                          struct expr_type *t, struct err *err)
{
	const char *wrong;

	t->any_unit = s->value == 0 && !s->unit_text;
	if (!s->unit_text)
		return true;
	wrong = unit_parse(e->units, s->unit_text, &t->unit);
	if (wrong)
		return refuse(err, s, "the unit `%s` %s", s->unit_text, wrong);
	return true;
}

static const char *nearest_name(const struct env *e, const char *name)
{
	const char **names = arena_alloc(e->arena, (e->nentries + 1)
	                                           * sizeof *names);

	for (size_t i = 0; i < e->nentries; i++)
		names[i] = e->entry[i]->name;
	return text_nearest(name, names);
}

static bool unknown_name(struct env *e, const struct syntax *s,
                         struct err *err)
{
	const char *near = nearest_name(e, s->name);
	int axis;

	if (env_find_column(e, s->name))
		return refuse(err, s, "`%s` is a table's column: only functions "
		              "of columns take it, such as column_mean(%s)",
		              s->name, s->name);

	if (env_find_label(e, s->name, &axis) >= 0)
		return refuse(err, s, "`%s` is a label of the axis `%s`, no "
		              "quantity: select with `x[%s]` or ask with "
		              "is(%s)", s->name, e->axis[axis].name, s->name,
		              s->name);
	if (builtin_find(s->name) || env_function_of(e, s->name))
		return refuse(err, s, "`%s` is a function: write %s(...)",
		              s->name, s->name);
	if (near)
		return refuse(err, s, "`%s` is not defined; did you mean `%s`?",
		              s->name, near);
	return refuse(err, s, "`%s` is not defined in %s", s->name, e->name);
}

/* The built-in names: what the money lines and the decision add up to. */
static bool infer_builtin_name(struct env *e, const struct syntax *s,
                               struct expr_type *t, bool *known,
                               struct err *err)
{
	*known = true;
	if (strcmp(s->name, "month") == 0) {
		t->axes = AXES(AXIS_MONTH);
		return true;
	}
	if (strcmp(s->name, "monthly") == 0 || strcmp(s->name, "once") == 0)
		return infer_sum_money(e, s, t, err);
	if (strcmp(s->name, "objective") == 0 && e->objective) {
		bool ok = infer(e, e->objective, NULL, t, err);

		t->axes |= AXES(AXIS_OPTION);
		return ok;
	}
	*known = false;
	return true;
}

static bool infer_name(struct env *e, const struct syntax *s,
                       const struct local *scope, struct expr_type *t,
                       struct err *err)
{
	const struct local *l = local_find(scope, s->name);
	struct entry *en;
	bool known;

	if (l) {
		*t = l->type;
		return true;
	}
	if (!infer_builtin_name(e, s, t, &known, err))
		return false;
	if (known)
		return true;
	en = env_entry(e, s->name);
	if (!en)
		return unknown_name(e, s, err);
	if (!infer_entry(e, en, err))
		return false;
	*t = en->type;
	return true;
}

/* --- operators -------------------------------------------------------- */

/* A bare word that can only be a label of the choice on the other side. */
static bool is_bare_word(const struct env *e, const struct syntax *s,
                         const struct local *scope)
{
	return s->kind == S_NAME && !local_find(scope, s->name)
		&& !env_entry(e, s->name) && strcmp(s->name, "month") != 0;
}

static bool infer_label_test(struct env *e, const struct syntax *choice,
                             const struct syntax *word,
                             const struct local *scope, struct expr_type *t,
                             struct err *err)
{
	struct expr_type c;

	if (!infer(e, choice, scope, &c, err))
		return false;
	if (c.type != TYPE_LABEL)
		return unknown_name(e, word, err);
	if (env_choice_label(e, c.choice, word->name) < 0) {
		const struct choice *ch = &e->choice[c.choice];
		struct buf list = BUF_INIT;

		for (int i = 0; i < ch->n; i++)
			buf_addf(&list, "%s%s", i ? ", " : "", ch->label[i]);
		refuse(err, word, "`%s` is no label of `%s`; it has %s",
		       word->name, quoted(choice), list.s);
		buf_release(&list);
		return false;
	}
	t->type = TYPE_BOOL;
	t->axes = c.axes;
	return true;
}

static bool infer_compare(struct env *e, const struct syntax *s,
                          const struct local *scope, struct expr_type *t,
                          struct err *err)
{
	struct expr_type a, b;

	if (s->op == OP_EQ && is_bare_word(e, s->arg[1], scope))
		return infer_label_test(e, s->arg[0], s->arg[1], scope, t, err);
	if (s->op == OP_EQ && is_bare_word(e, s->arg[0], scope))
		return infer_label_test(e, s->arg[1], s->arg[0], scope, t, err);
	if (!infer(e, s->arg[0], scope, &a, err)
	    || !infer(e, s->arg[1], scope, &b, err))
		return false;
	t->axes = a.axes | b.axes;
	if (s->op == OP_EQ && a.type == b.type && a.type != TYPE_NUMBER) {
		if (a.type == TYPE_LABEL && a.choice != b.choice)
			return refuse(err, s, "`%s` and `%s` have different "
			              "labels", quoted(s->arg[0]),
			              quoted(s->arg[1]));
	} else if (!join_units(e, s->arg[0], &a, s->arg[1], &b, "compare", t,
	                       err)) {
		return false;
	}
	t->type = TYPE_BOOL;
	t->unit = unit_one();
	t->any_unit = false;
	return true;
}

bool syntax_constant(const struct syntax *s, double *v)
{
	double a, b;

	if (s->kind == S_NUMBER && !s->unit_text) {
		*v = s->value;
		return true;
	}
	if (s->kind == S_UNARY && s->op == OP_NEG
	    && syntax_constant(s->arg[0], &a)) {
		*v = -a;
		return true;
	}
	if (s->kind == S_BINARY && s->op == OP_DIV
	    && syntax_constant(s->arg[0], &a)
	    && syntax_constant(s->arg[1], &b) && b != 0) {
		*v = a / b;
		return true;
	}
	return false;
}

static bool infer_power(struct env *e, const struct syntax *s,
                        const struct expr_type *a, const struct expr_type *b,
                        struct expr_type *t, struct err *err)
{
	double k;

	if (!need_number(e, s->arg[0], a, err)
	    || !need_plain(e, s->arg[1], b, "an exponent", err))
		return false;
	if (a->any_unit || unit_is_number(&a->unit))
		return true;
	if (!syntax_constant(s->arg[1], &k)) {
		if (unit_is_count(e->units, &a->unit))
			return true;
		return refuse(err, s, "`%s` is in %s: only a constant exponent "
		              "gives that a unit; divide it first, such as "
		              "`/ 1 [%s]`", quoted(s->arg[0]),
		              unit_name(e, s->arg[0], a),
		              unit_name(e, s->arg[0], a));
	}
	if (fabs(k) > 8 || k * 2 != floor(k * 2)
	    || !unit_pow(&a->unit, (int)(2 * k), 2, &t->unit))
		return refuse(err, s, "the exponent of a quantity in %s must "
		              "be a whole or half number from -8 to 8",
		              unit_name(e, s->arg[0], a));
	return true;
}

static bool infer_binary(struct env *e, const struct syntax *s,
                         const struct local *scope, struct expr_type *t,
                         struct err *err)
{
	const struct syntax *sa = s->arg[0], *sb = s->arg[1];
	struct expr_type a, b;
	bool fine = infer(e, sa, scope, &a, err);

	/* Both sides are looked at, so that both mistakes are reported. */
	if (!infer(e, sb, scope, &b, err) || !fine)
		return false;
	t->axes = a.axes | b.axes;
	t->stateful = a.stateful || b.stateful;
	switch (s->op) {
	case OP_ADD:
		return join_units(e, sa, &a, sb, &b, "add", t, err);
	case OP_SUB:
		return join_units(e, sa, &a, sb, &b, "subtract", t, err);
	case OP_AND:
	case OP_OR:
		t->type = TYPE_BOOL;
		t->stateful = false;
		return need_bool(sa, &a, err) && need_bool(sb, &b, err);
	case OP_POW:
		return infer_power(e, s, &a, &b, t, err);
	default:
		if (!need_number(e, sa, &a, err)
		    || !need_number(e, sb, &b, err))
			return false;
		t->unit = s->op == OP_MUL ? unit_mul(&a.unit, &b.unit)
			: unit_div(&a.unit, &b.unit);
		return true;
	}
}

static bool infer_unary(struct env *e, const struct syntax *s,
                        const struct local *scope, struct expr_type *t,
                        struct err *err)
{
	if (!infer(e, s->arg[0], scope, t, err))
		return false;
	return s->op == OP_NOT ? need_bool(s->arg[0], t, err)
		: need_number(e, s->arg[0], t, err);
}

static bool infer_pick(struct env *e, const struct syntax *s,
                       const struct local *scope, struct expr_type *t,
                       struct err *err)
{
	if (!infer(e, s->arg[0], scope, t, err))
		return false;
	for (int i = 1; i < s->n; i++) {
		const struct syntax *word = s->arg[i];
		int axis, label;

		if (!env_label(e, word->name, &axis, &label))
			return refuse(err, word, "`%s` is no option or label: "
			              "[...] behind a name selects one "
			              "(months: `x at 12`)", word->name);
		if (label >= 0)
			t->axes &= ~AXES(axis);
	}
	return true;
}

static bool infer_at(struct env *e, const struct syntax *s,
                     const struct local *scope, struct expr_type *t,
                     struct err *err)
{
	double k;

	if (!infer(e, s->arg[0], scope, t, err))
		return false;
	if (!syntax_constant(s->arg[1], &k) || k != floor(k) || k < 1
	    || k > e->months)
		return refuse(err, s->arg[1], "`at` takes a whole month from 1 "
		              "to %d", e->months);
	t->axes &= ~AXES(AXIS_MONTH);
	return true;
}

bool infer(struct env *e, const struct syntax *s, const struct local *scope,
           struct expr_type *t, struct err *err)
{
	*t = (struct expr_type){ .type = TYPE_NUMBER, .unit = unit_one(),
	                         .choice = -1 };
	switch (s->kind) {
	case S_NUMBER:
		return infer_literal(e, s, t, err);
	case S_TRUTH:
		t->type = TYPE_BOOL;
		return true;
	case S_STATE:
		t->any_unit = t->stateful = true;
		return true;
	case S_NAME:
		return infer_name(e, s, scope, t, err);
	case S_UNARY:
		return infer_unary(e, s, scope, t, err);
	case S_BINARY:
		if (s->op == OP_LT || s->op == OP_LE || s->op == OP_EQ)
			return infer_compare(e, s, scope, t, err);
		return infer_binary(e, s, scope, t, err);
	case S_CALL:
		return infer_call(e, s, scope, t, err);
	case S_PICK:
		return infer_pick(e, s, scope, t, err);
	case S_AT:
		return infer_at(e, s, scope, t, err);
	}
	return refuse(err, s, "unreadable");
}
