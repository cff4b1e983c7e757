/*
 * Checking an environment as a whole: every name once, cycles by their chain,
 * stocks until their axes and units have settled, money lines as money.
 */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "expr/infer.h"

static bool report_cycle(struct env *e, const struct entry *en,
                         struct err *err)
{
	struct buf chain = BUF_INIT;
	int from = 0;

	for (int i = 0; i < e->nchain; i++)
		if (strcmp(e->chain[i], en->name) == 0)
			from = i;
	for (int i = from; i < e->nchain; i++)
		buf_addf(&chain, "%s -> ", e->chain[i]);
	err_at(err, ERR_INPUT, en->pos, "`%s` hangs on itself: %s%s",
	       en->name, chain.s, en->name);
	buf_release(&chain);
	return false;
}

/* The type of a formula: of its one body, or what its lines share. */
static bool infer_bodies(struct env *e, struct entry *en, struct err *err)
{
	int n = en->axis < 0 ? 1 : e->axis[en->axis].n;
	const struct syntax *first = NULL;
	struct expr_type *t = &en->type, line;

	for (int i = 0; i < n; i++) {
		if (i > 0 && en->body[i] == en->body[i - 1])
			continue;       /* `else` serves several labels */
		if (!infer(e, en->body[i], NULL, &line, err))
			return false;
		if (!first) {
			*t = line;
			first = en->body[i];
			continue;
		}
		t->axes |= line.axes;
		t->stateful |= line.stateful;
		if (t->type == TYPE_BOOL && line.type == TYPE_BOOL)
			continue;
		if (!join_units(e, first, t, en->body[i], &line,
		                "choose between", t, err))
			return false;
	}
	if (en->axis >= 0)
		t->axes |= AXES(en->axis);
	return true;
}

static bool settle_unit(struct env *e, struct entry *en, struct err *err)
{
	if (en->declared && en->type.type == TYPE_NUMBER) {
		if (!en->type.any_unit
		    && !unit_same(&en->unit, &en->type.unit))
			return err_at(err, ERR_INPUT, en->pos, "`%s` is "
			              "declared in %s, but its formula gives "
			              "%s", en->name, en->unit_text,
			              unit_name(e, en->body[0], &en->type));
		en->type.unit = en->unit;
		en->type.any_unit = false;
	}
	if (!en->unit_text)
		env_display(e, en->body[0], &en->type, &en->unit,
		            &en->unit_text);
	return true;
}

static bool infer_now(struct env *e, struct entry *en, struct err *err)
{
	if (!infer_bodies(e, en, err))
		return false;
	if (en->kind == SYMBOL_STOCK)
		en->type.axes |= AXES(AXIS_MONTH);
	return settle_unit(e, en, err);
}

bool infer_entry(struct env *e, struct entry *en, struct err *err)
{
	const char *given = e->given;   /* holds for the asker's text alone */
	unsigned axes = en->type.axes;
	bool ok;

	if (en->visit == VISIT_DONE)
		return true;
	if (en->visit == VISIT_BAD)
		return false;
	if (en->visit == VISIT_NOW)
		return report_cycle(e, en, err);
	if (e->nchain == (int)(sizeof e->chain / sizeof *e->chain))
		return err_at(err, ERR_LIMIT, en->pos, "`%s`: the chain of "
		              "formulas is longer than %d", en->name,
		              e->nchain);
	en->visit = VISIT_NOW;
	e->chain[e->nchain++] = en->name;
	e->given = NULL;
	ok = infer_now(e, en, err);
	e->given = given;
	e->nchain--;
	if (en->kind == SYMBOL_STOCK)
		en->type.axes |= axes;  /* what an earlier round found */
	en->visit = ok ? VISIT_DONE : VISIT_BAD;
	return ok;
}

/* --- stocks ----------------------------------------------------------- */

/* A stock hangs on what its next value hangs on, which may hang on the stock:
 * rounds, until no axis and no unit is new. */
static bool widen_stock(struct env *e, struct entry *en, bool *changed,
                        struct err *err)
{
	struct expr_type t;

	if (!infer(e, en->next, NULL, &t, err)
	    || !join_units(e, en->body[0], &en->type, en->next, &t,
	                   "carry over", &t, err))
		return false;
	if ((t.axes | en->type.axes) != en->type.axes) {
		en->type.axes |= t.axes;
		*changed = true;
	}
	if (t.stateful && !en->type.stateful)
		en->type.stateful = *changed = true;
	if (en->type.any_unit && !t.any_unit) {
		en->type.any_unit = false;
		en->type.unit = t.unit;
		en->declared = true;
		env_display(e, en->next, &t, &en->unit, &en->unit_text);
		*changed = true;
	}
	return true;
}

static void forget(struct env *e)
{
	for (size_t i = 0; i < e->nentries; i++) {
		struct entry *en = e->entry[i];

		if (en->kind != SYMBOL_PARAM)
			en->visit = VISIT_NOT;
		if (en->kind == SYMBOL_FORMULA && !en->declared)
			en->unit_text = NULL;
	}
}

static bool check_stocks(struct env *e, bool *changed, struct err *err)
{
	bool fine = true;

	*changed = false;
	for (size_t i = 0; i < e->nentries; i++)
		if (e->entry[i]->kind == SYMBOL_STOCK
		    && e->entry[i]->visit == VISIT_DONE)
			fine = widen_stock(e, e->entry[i], changed, err)
				&& fine;
	return fine;
}

static bool check_names(struct env *e, struct err *err)
{
	bool changed = true, fine = true;

	while (changed && fine) {
		for (size_t i = 0; i < e->nentries; i++)
			fine = infer_entry(e, e->entry[i], err) && fine;
		if (!fine || !check_stocks(e, &changed, err))
			return false;
		if (changed)
			forget(e);
	}
	return fine;
}

/* --- money, objective ------------------------------------------------- */

static bool check_axes(struct env *e, const struct syntax *s,
                       const struct expr_type *t, unsigned axes,
                       struct err *err)
{
	unsigned extra = t->axes & ~axes;

	/* an axis with one label leaves nothing to select */
	for (int a = 0; a < e->naxes; a++)
		if ((extra & AXES(a)) && e->axis[a].n != 1)
			return refuse(err, s, "`%s` differs by %s: %s",
			              quoted(s), e->axis[a].name,
			              a == AXIS_MONTH
			              ? "take one month (x at 12) or add the "
			                "months up (npv, sum)"
			              : "select a label (x[LABEL]) or add "
			                "them up (sum(x, AXIS))");
	return true;
}

static bool check_money(struct env *e, struct entry *m, struct err *err)
{
	const struct syntax *s = m->body[0];
	struct unit want;

	if (!infer_entry(e, m, err))
		return false;
	unit_parse(e->units, m->monthly ? "USD/month" : "USD", &want);
	if (!need_number(e, s, &m->type, err))
		return false;
	if (!m->type.any_unit && !unit_same(&m->type.unit, &want))
		return refuse(err, s, "the money line `%s` is %s and needs "
		              "%s, but `%s` is in %s", m->name,
		              m->monthly ? "monthly" : "paid once",
		              m->monthly ? "USD/month" : "USD", quoted(s),
		              unit_name(e, s, &m->type));
	return check_axes(e, s, &m->type, AXES(AXIS_OPTION)
	                  | (m->monthly ? AXES(AXIS_MONTH) : 0), err);
}

static bool check_objective(struct env *e, struct err *err)
{
	struct expr_type t;

	return infer(e, e->objective, NULL, &t, err)
		&& need_number(e, e->objective, &t, err)
		&& check_axes(e, e->objective, &t, AXES(AXIS_OPTION), err);
}

bool env_check(struct env *e, struct err *err)
{
	bool fine = check_names(e, err);

	for (size_t i = 0; i < e->nmoney; i++)
		fine = check_money(e, e->money[i], err) && fine;
	if (fine && e->objective)
		fine = check_objective(e, err);
	return fine;
}

bool env_check_expr(struct env *e, const struct syntax *s,
                    enum value_type want, unsigned axes, bool on_results,
                    struct expr_type *type, struct err *err)
{
	struct expr_type t;
	bool ok;

	e->on_results = on_results;
	ok = infer(e, s, NULL, &t, err);
	e->on_results = false;
	if (type)
		*type = t;
	if (!ok)
		return false;
	return (want == TYPE_BOOL ? need_bool(s, &t, err)
	        : need_number(e, s, &t, err))
		&& check_axes(e, s, &t, axes, err);
}

bool env_symbol(const struct env *e, const char *name, int label,
                struct symbol *out)
{
	struct entry *en = env_entry(e, name);
	struct expr_type t;
	struct syntax word = { .kind = S_NAME, .name = name };
	static const struct source_text nowhere = { .text = "" };

	if (en) {
		*out = (struct symbol){
			.name = en->name, .kind = en->kind, .type = en->type,
			.unit_text = en->unit_text, .unit = en->unit,
			.pos = en->pos,
			.body = !en->body ? NULL
				: en->body[en->axis < 0 || label < 0 ? 0 : label],
		};
		return true;
	}
	word.source = &nowhere;
	if (strcmp(name, "objective") != 0 && strcmp(name, "monthly") != 0
	    && strcmp(name, "once") != 0)
		return false;
	/* Inference memoises in the entries it meets; all are done by now. */
	if (!infer((struct env *)e, &word, NULL, &t, NULL))
		return false;
	*out = (struct symbol){ .name = name, .kind = SYMBOL_FORMULA,
	                        .type = t, .body = e->objective };
	if (strcmp(name, "objective") != 0)
		out->body = NULL;
	env_display((struct env *)e, &word, &t, &out->unit, &out->unit_text);
	return true;
}
