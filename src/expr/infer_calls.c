/* Types of function calls: built-ins by their unit rule, forms one by one. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "expr/infer.h"

/* --- built-ins with a unit rule --------------------------------------- */

static bool is_per_count(const struct env *e, const struct unit *u, bool time)
{
	struct unit second, rest;

	if (unit_parse(e->units, "s", &second))
		return false;
	rest = time ? unit_div(u, &second) : unit_mul(u, &second);
	if (unit_is_number(&rest))
		return true;
	/* time/count or count/time: what is left is one count, either way up */
	if (time) {
		struct unit one = unit_one();

		rest = unit_div(&one, &rest);
	}
	return unit_is_count(e->units, &rest);
}

struct rule {
	const struct builtin *b;
	const char *at;                 /* letter of the next operand */
	struct expr_type same;          /* what `a` operands share */
	const struct syntax *same_of;
	struct expr_type kept;          /* the unit of a `c` operand */
	struct expr_type rate;          /* of the last `r` */
};

/* What the `a` operands share, times a time or over one. */
static struct unit same_by_time(const struct env *e, const struct rule *r,
                                bool over)
{
	struct unit second = unit_one();

	unit_parse(e->units, "s", &second);
	return over ? unit_div(&r->same.unit, &second) :
	       unit_mul(&r->same.unit, &second);
}

/* A `p` or `q` operand. */
static bool by_time(struct env *e, const struct rule *r, char letter,
                    const struct syntax *s, const struct expr_type *t,
                    struct err *err)
{
	struct expr_type want = r->same;

	want.unit = same_by_time(e, r, letter == 'q');
	if (t->any_unit || r->same.any_unit ||
	    unit_same(&t->unit, &want.unit))
		return need_number(e, s, t, err);
	return refuse(err, s, "%s: `%s` must be `%s` %s a time, but is in %s",
	              r->b->name, quoted(s), quoted(r->same_of),
	              letter == 'q' ? "over" : "times", unit_name(e, s, t));
}

static bool rule_operand(struct env *e, struct rule *r, const struct syntax *s,
                         const struct expr_type *t, struct err *err)
{
	struct unit product;
	char letter = *r->at;

	if (r->at[1] != '.')
		r->at++;
	switch (letter) {
	case '1':
	case 'c':
		r->kept = *t;
		return need_plain(e, s, t, r->b->name, err);
	case 'a':
		if (r->same_of)
			return join_units(e, r->same_of, &r->same, s, t,
			                  "compare", &r->same, err);
		r->same = *t;
		r->same_of = s;
		return need_number(e, s, t, err);
	case 't':
		if (t->any_unit || is_per_count(e, &t->unit, true))
			return true;
		return refuse(err, s, "%s needs a time here, but `%s` is in %s",
		              r->b->name, quoted(s), unit_name(e, s, t));
	case 'r':
		r->rate = *t;
		if (t->any_unit || is_per_count(e, &t->unit, false))
			return true;
		return refuse(err, s, "%s needs a rate here (request/s), but "
		              "`%s` is in %s", r->b->name, quoted(s),
		              unit_name(e, s, t));
	case 'p':
	case 'q':
		return by_time(e, r, letter, s, t, err);
	default: /* 's' */
		product = unit_mul(&r->rate.unit, &t->unit);
		if (unit_is_count(e->units, &product))
			return true;
		return refuse(err, s, "%s: rate times service time must be a "
		              "plain number, but `%s` is in %s", r->b->name,
		              quoted(s), unit_name(e, s, t));
	}
}

/* The table that a column belongs to, by its length in "scores.score". */
static bool same_table(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncmp(a, b, n) == 0;
}

static bool column_fits(struct env *e, struct rule *r, char letter,
                        const struct syntax *s, const struct column_entry *c,
                        struct err *err)
{
	bool plain = c->type == TYPE_NUMBER
		&& unit_is_count(e->units, &c->unit);

	if (letter == 'B' && c->type != TYPE_BOOL)
		return refuse(err, s, "%s needs a column of truths here, and "
		              "`%s` has numbers", r->b->name, c->name);
	if (letter == 'N' && !plain)
		return refuse(err, s, "%s needs a column of plain numbers "
		              "here, not `%s`", r->b->name, c->name);
	if (letter == 'A') {
		r->same = (struct expr_type){ .type = TYPE_NUMBER,
			.unit = c->unit, .choice = -1 };
		r->same_of = s;
	}
	return true;
}

/* The columns of a call; *first is the first of them. */
static bool rule_column(struct env *e, struct rule *r, const struct syntax *s,
                        const char **first, struct expr_type *t,
                        struct err *err)
{
	const struct column_entry *c = s->kind == S_NAME
		? env_find_column(e, s->name) : NULL;

	if (!c)
		return refuse(err, s, "%s needs a table's column here, written "
		              "TABLE.COLUMN, not `%s`", r->b->name, quoted(s));
	if (*first && !same_table(*first, c->name))
		return refuse(err, s, "%s: `%s` and `%s` are of different "
		              "tables", r->b->name, *first, c->name);
	*first = c->name;
	t->stateful |= !c->required
		&& !(e->given && strncmp(e->given, c->name, strlen(e->given))
		     == 0 && c->name[strlen(e->given)] == '.');
	return column_fits(e, r, *r->at++, s, c, err);
}

static bool is_column_letter(char letter)
{
	return letter >= 'A' && letter <= 'Z';
}

static bool infer_by_rule(struct env *e, const struct builtin *b,
                          const struct syntax *s, const struct local *scope,
                          struct expr_type *t, struct err *err)
{
	struct rule r = { .b = b, .at = b->units };
	const char *result = strchr(b->units, '>') + 1, *table = NULL;

	for (int i = 0; i < s->n; i++) {
		struct expr_type a;

		if (is_column_letter(*r.at)) {
			if (!rule_column(e, &r, s->arg[i], &table, t, err))
				return false;
			continue;
		}
		if (!infer(e, s->arg[i], scope, &a, err)
		    || !rule_operand(e, &r, s->arg[i], &a, err))
			return false;
		t->axes |= a.axes;
		t->stateful |= a.stateful;
	}
	t->stateful |= b->reason != NULL;
	if (*result == 'a' || *result == 'p') {
		t->unit = *result == 'a' ? r.same.unit :
		          same_by_time(e, &r, false);
		t->any_unit = r.same.any_unit;
	} else if (*result == 'c') {
		t->unit = r.kept.unit;
		t->any_unit = r.kept.any_unit;
	}
	return true;
}

static bool infer_sqrt(struct env *e, const struct syntax *s,
                       const struct local *scope, struct expr_type *t,
                       struct err *err)
{
	struct unit root;

	if (!infer(e, s->arg[0], scope, t, err)
	    || !need_number(e, s->arg[0], t, err))
		return false;
	if (!unit_pow(&t->unit, 1, 2, &root))
		return refuse(err, s, "`%s` is in %s, which has no square root",
		              quoted(s->arg[0]), unit_name(e, s->arg[0], t));
	t->unit = root;
	return true;
}

/* --- forms ------------------------------------------------------------ */

static bool word_arg(const struct syntax *s, int i, const char *what,
                     struct err *err)
{
	if (s->arg[i]->kind == S_NAME)
		return true;
	return refuse(err, s->arg[i], "%s takes %s here, not `%s`", s->name,
	              what, quoted(s->arg[i]));
}

static bool infer_reduce(struct env *e, const struct syntax *s,
                         const struct local *scope, struct expr_type *t,
                         struct err *err)
{
	int axis = s->arg[1]->kind == S_NAME
		? env_axis_of(e, s->arg[1]->name) : -1;

	if (axis < 0)
		return refuse(err, s->arg[1], "%s runs along an axis: name one "
		              "(option, month or a declared one), not `%s`",
		              s->name, quoted(s->arg[1]));
	if (!infer(e, s->arg[0], scope, t, err)
	    || !need_number(e, s->arg[0], t, err))
		return false;
	t->axes &= ~AXES(axis);
	return true;
}

/* if(given(T), x, y): T has its columns wherever x counts. */
static const char *given_table(const struct syntax *s)
{
	return s->kind == S_CALL && strcmp(s->name, "given") == 0
		&& s->arg[0]->kind == S_NAME ? s->arg[0]->name : NULL;
}

static bool infer_if(struct env *e, const struct syntax *s,
                     const struct local *scope, struct expr_type *t,
                     struct err *err)
{
	const char *given = e->given, *now = given_table(s->arg[0]);
	struct expr_type c, a, b;
	bool fine = infer(e, s->arg[0], scope, &c, err)
		&& need_bool(s->arg[0], &c, err);

	e->given = now ? now : given;
	fine = infer(e, s->arg[1], scope, &a, err) && fine;
	e->given = given;
	if (!infer(e, s->arg[2], scope, &b, err) || !fine)
		return false;
	t->axes = c.axes | a.axes | b.axes;
	t->stateful = a.stateful || b.stateful;
	if (a.type == TYPE_BOOL && b.type == TYPE_BOOL) {
		t->type = TYPE_BOOL;
		return true;
	}
	return join_units(e, s->arg[1], &a, s->arg[2], &b, "choose between", t,
	                  err);
}

static bool infer_value_or(struct env *e, const struct syntax *s,
                           const struct local *scope, struct expr_type *t,
                           struct err *err)
{
	struct expr_type a, b;

	if (!infer(e, s->arg[0], scope, &a, err)
	    || !infer(e, s->arg[1], scope, &b, err))
		return false;
	t->axes = a.axes | b.axes;
	t->stateful = b.stateful;
	return join_units(e, s->arg[0], &a, s->arg[1], &b, "choose between", t,
	                  err);
}

static bool infer_clamp(struct env *e, const struct syntax *s,
                        const struct local *scope, struct expr_type *t,
                        struct err *err)
{
	struct expr_type a;

	if (!infer(e, s->arg[0], scope, t, err))
		return false;
	for (int i = 1; i < 3; i++) {
		if (!infer(e, s->arg[i], scope, &a, err)
		    || !join_units(e, s->arg[0], t, s->arg[i], &a, "compare",
		                   t, err))
			return false;
		t->axes |= a.axes;
		t->stateful |= a.stateful;
	}
	return true;
}

/* Inside is(): tags and options joined by and, or, not. */
static bool check_words(struct env *e, const struct syntax *s, struct err *err)
{
	bool yes;

	if (s->kind == S_NAME) {
		if (env_is(e, s->name, 0, &yes))
			return true;
		return refuse(err, s, "`%s` is no option and no tag of %s",
		              s->name, e->name);
	}
	if ((s->kind == S_BINARY && (s->op == OP_AND || s->op == OP_OR))
	    || (s->kind == S_UNARY && s->op == OP_NOT)) {
		bool fine = true;

		for (int i = 0; i < s->n; i++)
			fine = check_words(e, s->arg[i], err) && fine;
		return fine;
	}
	return refuse(err, s, "is() takes options and tags, joined by and, or, "
	              "not; `%s` is neither", quoted(s));
}

static bool infer_is(struct env *e, const struct syntax *s,
                     const struct local *scope, struct expr_type *t,
                     struct err *err)
{
	(void)scope;
	t->type = TYPE_BOOL;
	t->axes = AXES(AXIS_OPTION);
	if (s->n == 2)
		return refuse(err, s, "is() with two operands asks of another "
		              "trade-off: only the workload's joint rules can");
	return check_words(e, s->arg[0], err);
}

static bool infer_state(struct env *e, const struct syntax *s,
                        const struct local *scope, struct expr_type *t,
                        struct err *err)
{
	(void)e;
	(void)scope;
	t->any_unit = t->stateful = true;
	return word_arg(s, 0, "a reason in one word", err);
}

bool money_filter(struct env *e, const struct syntax *s, bool *monthly,
                  const char **account, struct err *err)
{
	const char *timing = s->kind == S_NAME ? s->name : NULL;

	*account = NULL;
	if (!timing) {
		if (!word_arg(s, 0, "monthly or once", err))
			return false;
		timing = s->arg[0]->name;
		if (s->n == 2) {
			if (!word_arg(s, 1, "an account", err))
				return false;
			*account = s->arg[1]->name;
		}
	}
	*monthly = strcmp(timing, "monthly") == 0;
	if (!*monthly && strcmp(timing, "once") != 0)
		return refuse(err, s->arg[0], "sum_money adds up `monthly` or "
		              "`once`, not `%s`", timing);
	if (!*account)
		return true;
	for (size_t i = 0; i < e->nmoney; i++)
		if (strcmp(e->money[i]->account, *account) == 0)
			return true;
	return refuse(err, s->arg[1], "no money line has the account `%s`",
	              *account);
}

bool infer_sum_money(struct env *e, const struct syntax *s,
                     struct expr_type *t, struct err *err)
{
	const char *account;
	bool monthly, fine = true;

	if (!money_filter(e, s, &monthly, &account, err))
		return false;
	t->axes = AXES(AXIS_OPTION);
	for (size_t i = 0; i < e->nmoney; i++) {
		struct entry *m = e->money[i];

		if (m->monthly != monthly
		    || (account && strcmp(m->account, account) != 0))
			continue;
		fine = infer_entry(e, m, err) && fine;
		t->axes |= m->type.axes;
		t->stateful |= m->type.stateful;
	}
	unit_parse(e->units, monthly ? "USD/month" : "USD", &t->unit);
	return fine;
}

static bool infer_sum_money_form(struct env *e, const struct syntax *s,
                                 const struct local *scope,
                                 struct expr_type *t, struct err *err)
{
	(void)scope;
	return infer_sum_money(e, s, t, err);
}

static bool infer_given(struct env *e, const struct syntax *s,
                        const struct local *scope, struct expr_type *t,
                        struct err *err)
{
	const char *name = s->arg[0]->kind == S_NAME ? s->arg[0]->name : "";
	size_t n = strlen(name);

	(void)scope;
	t->type = TYPE_BOOL;
	for (size_t i = 0; i < e->ncolumns; i++)
		if (strncmp(e->column[i].name, name, n) == 0
		    && e->column[i].name[n] == '.')
			return true;
	return refuse(err, s->arg[0], "`%s` is no table of %s",
	              quoted(s->arg[0]), e->name);
}

static bool infer_money(struct env *e, const struct syntax *s,
                        const struct local *scope, struct expr_type *t,
                        struct err *err)
{
	struct entry *m;

	(void)scope;
	if (!word_arg(s, 0, "a money line's name", err))
		return false;
	m = env_money_entry(e, s->arg[0]->name);
	if (!m)
		return refuse(err, s->arg[0], "there is no money line `%s`",
		              s->arg[0]->name);
	if (!infer_entry(e, m, err))
		return false;
	*t = m->type;
	t->axes |= AXES(AXIS_OPTION);
	return true;
}

/* One over time to the first power, whatever else it is. */
bool rate_per_time(const struct env *e, const struct unit *u)
{
	struct unit second, rest;

	if (unit_parse(e->units, "s", &second))
		return false;
	rest = unit_mul(u, &second);
	for (int i = 0; i < UNIT_DIMS; i++)
		if (second.half[i] != 0)
			return rest.half[i] == 0;
	return false;
}

/* A month's worth of a rate. */
static void times_month(const struct env *e, struct expr_type *t)
{
	struct unit month;

	if (t->any_unit)
		return;
	if (unit_parse(e->units, "month", &month) == NULL)
		t->unit = unit_mul(&t->unit, &month);
}

static bool infer_npv(struct env *e, const struct syntax *s,
                      const struct local *scope, struct expr_type *t,
                      struct err *err)
{
	struct expr_type r;
	struct unit year, product;

	if (!infer(e, s->arg[0], scope, t, err)
	    || !need_number(e, s->arg[0], t, err)
	    || !infer(e, s->arg[1], scope, &r, err)
	    || !need_number(e, s->arg[1], &r, err))
		return false;
	unit_parse(e->units, "year", &year);
	product = unit_mul(&r.unit, &year);
	if (!r.any_unit && !unit_is_number(&r.unit)
	    && !unit_is_number(&product))
		return refuse(err, s->arg[1], "npv discounts by an annual rate "
		              "(1/year); `%s` is in %s", quoted(s->arg[1]),
		              unit_name(e, s->arg[1], &r));
	if (r.axes & AXES(AXIS_MONTH))
		return refuse(err, s->arg[1], "npv needs one discount rate; "
		              "`%s` changes by month", quoted(s->arg[1]));
	if (!t->any_unit && !rate_per_time(e, &t->unit))
		return refuse(err, s->arg[0], "npv adds up a rate such as "
		              "USD/month; `%s` is in %s", quoted(s->arg[0]),
		              unit_name(e, s->arg[0], t));
	times_month(e, t);
	t->axes = (t->axes | r.axes) & ~AXES(AXIS_MONTH);
	t->stateful |= r.stateful;
	return true;
}

static bool infer_cumulative(struct env *e, const struct syntax *s,
                             const struct local *scope, struct expr_type *t,
                             struct err *err)
{
	if (!infer(e, s->arg[0], scope, t, err)
	    || !need_number(e, s->arg[0], t, err))
		return false;
	if (rate_per_time(e, &t->unit))
		times_month(e, t);
	t->axes |= AXES(AXIS_MONTH);
	return true;
}

static bool infer_first_month(struct env *e, const struct syntax *s,
                              const struct local *scope, struct expr_type *t,
                              struct err *err)
{
	struct expr_type c;

	if (!infer(e, s->arg[0], scope, &c, err)
	    || !need_bool(s->arg[0], &c, err))
		return false;
	t->axes = c.axes & ~AXES(AXIS_MONTH);
	t->stateful = true;
	return true;
}

static bool infer_search(struct env *e, const struct syntax *s,
                         const struct local *scope, struct expr_type *t,
                         struct err *err)
{
	struct local x = { .outer = scope, .node = NODE_NONE };
	struct expr_type hi, f;

	if (!word_arg(s, 0, "the name of the unknown", err)
	    || !infer(e, s->arg[1], scope, t, err)
	    || !infer(e, s->arg[2], scope, &hi, err)
	    || !join_units(e, s->arg[1], t, s->arg[2], &hi, "search between",
	                   t, err))
		return false;
	if (env_entry(e, s->arg[0]->name) || local_find(scope,
	                                                s->arg[0]->name))
		return refuse(err, s->arg[0], "`%s` already means something: "
		              "give the unknown a name of its own",
		              s->arg[0]->name);
	x.name = s->arg[0]->name;
	x.type = *t;
	x.type.axes = 0;
	x.type.stateful = false;
	if (!infer(e, s->arg[3], &x, &f, err)
	    || !need_number(e, s->arg[3], &f, err))
		return false;
	t->axes |= hi.axes | f.axes;
	t->stateful = t->stateful || hi.stateful || strcmp(s->name, "solve") == 0;
	return true;
}

/* measured(), crossing(), p_best(), age(): answered by a later evaluation. */
static bool infer_on_results(struct env *e, const struct syntax *s,
                             const struct local *scope, struct expr_type *t,
                             struct err *err)
{
	static const char *const which[] = { "first", "sure", "p5", "p50",
	                                     "p95" };

	if (!e->on_results)
		return refuse(err, s, "%s() is known only after an evaluation: "
		              "it may stand in triggers, policies and "
		              "expectations", s->name);
	if (strncmp(s->name, "age", 3) == 0) {
		unit_parse(e->units, "s", &t->unit);
		return true;
	}
	/* a name, or one label's part of it: cost_per_error[ordinary] */
	if (!(s->arg[0]->kind == S_PICK && s->arg[0]->n == 2 &&
	      s->arg[0]->arg[0]->kind == S_NAME) &&
	    !word_arg(s, 0, "a name", err))
		return false;
	if (strcmp(s->name, "p_best") == 0)
		return check_words(e, s->arg[0], err);
	if (s->n == 2) {
		bool known = false;

		if (!word_arg(s, 1, "first, sure, p5, p50 or p95", err))
			return false;
		for (size_t i = 0; i < sizeof which / sizeof *which; i++)
			known |= strcmp(which[i], s->arg[1]->name) == 0;
		if (!known)
			return refuse(err, s->arg[1], "crossing() gives first, "
			              "sure, p5, p50 or p95, not `%s`",
			              s->arg[1]->name);
	}
	t->stateful = true;
	if (!infer(e, s->arg[0], scope, t, err))
		return false;
	t->axes = 0;
	return true;
}

static const struct {
	const char *name;
	bool (*infer)(struct env *, const struct syntax *,
	              const struct local *, struct expr_type *, struct err *);
} forms[] = {
	{ "sum", infer_reduce }, { "mean", infer_reduce },
	{ "clamp", infer_clamp }, { "if", infer_if },
	{ "value_or", infer_value_or }, { "is", infer_is },
	{ "infeasible", infer_state }, { "money", infer_money },
	{ "sum_money", infer_sum_money_form }, { "npv", infer_npv },
	{ "cumulative", infer_cumulative },
	{ "first_month", infer_first_month }, { "solve", infer_search },
	{ "argmin", infer_search }, { "measured", infer_on_results },
	{ "crossing", infer_on_results }, { "p_best", infer_on_results },
	{ "age", infer_on_results }, { "age_of_decision", infer_on_results },
	{ "sqrt", infer_sqrt }, { "given", infer_given },
};

/* --- user functions --------------------------------------------------- */

/* Operands are passed by name, so that a function may select a label of one;
 * their types are the same wherever they are used. */
static bool infer_function(struct env *e, struct function *f,
                           const struct syntax *s, const struct local *scope,
                           struct expr_type *t, struct err *err)
{
	struct local arg[CALL_MAX];
	bool ok;

	if (s->n != f->n)
		return refuse(err, s, "%s takes %d operands, not %d", f->name,
		              f->n, s->n);
	if (f->active)
		return refuse(err, s, "%s calls itself: write a stock or a "
		              "solve instead", f->name);
	for (int i = 0; i < f->n; i++) {
		arg[i] = (struct local){
			.name = f->arg[i], .outer = i ? &arg[i - 1] : NULL,
			.arg = s->arg[i], .arg_scope = scope,
		};
		if (!infer(e, s->arg[i], scope, &arg[i].type, err))
			return false;
	}
	f->active++;
	ok = infer(e, f->body, f->n ? &arg[f->n - 1] : NULL, t, err);
	f->active--;
	return ok;
}

static bool check_count(const struct builtin *b, const struct syntax *s,
                        struct err *err)
{
	if (s->n >= b->min_args && s->n <= b->max_args)
		return true;
	return refuse(err, s, "%s(%s) has %d operand%s here", b->name,
	              b->info.arguments, s->n, s->n == 1 ? "" : "s");
}

bool infer_call(struct env *e, const struct syntax *s,
                const struct local *scope, struct expr_type *t,
                struct err *err)
{
	const struct builtin *b = builtin_find(s->name);
	struct function *f = b ? NULL : env_function_of(e, s->name);

	if (f)
		return infer_function(e, f, s, scope, t, err);
	if (!b)
		return refuse(err, s, "there is no function `%s`", s->name);
	if (!check_count(b, s, err))
		return false;
	if (b->kind == BUILTIN_FOLD && s->n == 2
	    && s->arg[1]->kind == S_NAME && !local_find(scope, s->arg[1]->name)
	    && env_axis_of(e, s->arg[1]->name) >= 0)
		return infer_reduce(e, s, scope, t, err);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, s->name) == 0)
			return forms[i].infer(e, s, scope, t, err);
	return infer_by_rule(e, b, s, scope, t, err);
}
