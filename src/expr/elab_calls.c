/* Elaboration of functions. */
#include <string.h>

#include "expr/elab.h"

/* --- along an axis ---------------------------------------------------- */

static enum op month_op(const char *name)
{
	return strcmp(name, "min") == 0 ? OP_LEAST
		: strcmp(name, "max") == 0 ? OP_MOST : OP_SUM;
}

static struct value over_months(struct elab *el, const struct syntax *s,
                                const struct place_in *at)
{
	struct place_in series = *at;
	int months = el->env->months;
	struct value v;

	series.label[AXIS_MONTH] = 0;
	v = elab_syntax(el, s->arg[0], &series);
	v.num = dag_reduce(el->dag, month_op(s->name), v.num, months, 0);
	/* any month without a number leaves the whole without one */
	if (v.state != NODE_NONE)
		v.state = dag_reduce(el->dag, OP_MOST, v.state, months, 0);
	if (strcmp(s->name, "mean") == 0)
		v.num = op2(el, OP_DIV, v.num, constant(el, months));
	return v;
}

static struct value elab_reduce(struct elab *el, const struct syntax *s,
                                const struct place_in *at)
{
	int axis = env_axis_of(el->env, s->arg[1]->name);
	int n = el->env->axis[axis].n;
	struct place_in there = *at;
	struct value v = value_number(el, 0);

	if (axis == AXIS_MONTH)
		return over_months(el, s, at);
	for (int i = 0; i < n; i++) {
		struct value x;

		there.label[axis] = i;
		x = elab_syntax(el, s->arg[0], &there);
		if (i == 0)
			v = x;
		else if (month_op(s->name) == OP_SUM)
			v = value_op(el, OP_ADD, v, x);
		else
			v = value_extreme(el, s->name[1] == 'i' ? OP_MIN
			                  : OP_MAX, v, x);
	}
	if (strcmp(s->name, "mean") == 0)
		v.num = op2(el, OP_DIV, v.num, constant(el, n));
	return v;
}

/* --- conditions ------------------------------------------------------- */

static struct value elab_if(struct elab *el, const struct syntax *s,
                            const struct place_in *at)
{
	node_id c = elab_syntax(el, s->arg[0], at).num;
	const struct dag_node *known = dag_get(el->dag, c);

	/* What is(...) decides is never built for the other options. */
	if (known->op == OP_CONST)
		return elab_syntax(el, s->arg[known->value != 0 ? 1 : 2], at);
	return value_select(el, c, elab_syntax(el, s->arg[1], at),
	                    elab_syntax(el, s->arg[2], at));
}

static struct value elab_value_or(struct elab *el, const struct syntax *s,
                                  const struct place_in *at)
{
	struct value v = elab_syntax(el, s->arg[0], at), number = v;

	if (v.state == NODE_NONE)
		return v;
	number.state = NODE_NONE;
	return value_select(el, dag_op(el->dag, OP_EQ, v.state,
	                               dag_const(el->dag, 0), NODE_NONE),
	                    number, elab_syntax(el, s->arg[1], at));
}

static bool words_hold(struct elab *el, const struct syntax *s, int option)
{
	bool yes = false;

	if (s->kind == S_NAME) {
		env_is(el->env, s->name, option, &yes);
		return yes;
	}
	if (s->op == OP_NOT)
		return !words_hold(el, s->arg[0], option);
	if (s->op == OP_AND)
		return words_hold(el, s->arg[0], option)
			&& words_hold(el, s->arg[1], option);
	return words_hold(el, s->arg[0], option)
		|| words_hold(el, s->arg[1], option);
}

static struct value elab_is(struct elab *el, const struct syntax *s,
                            const struct place_in *at)
{
	return value_number(el, words_hold(el, s->arg[0],
	                                   at->label[AXIS_OPTION]));
}

static struct value elab_clamp(struct elab *el, const struct syntax *s,
                               const struct place_in *at)
{
	struct value v = value_extreme(el, OP_MIN,
	                               elab_syntax(el, s->arg[0], at),
	                               elab_syntax(el, s->arg[2], at));

	return value_extreme(el, OP_MAX, v, elab_syntax(el, s->arg[1], at));
}

static struct value elab_infeasible(struct elab *el, const struct syntax *s,
                                    const struct place_in *at)
{
	(void)at;
	return (struct value){ constant(el, 0),
		constant(el, reason_code(s->arg[0]->name)) };
}

/* --- money and months ------------------------------------------------- */

static struct value elab_money_sum(struct elab *el, const struct syntax *s,
                                   const struct place_in *at)
{
	const char *account;
	bool monthly;

	money_filter(el->env, s, &monthly, &account, NULL);
	return elab_sum_money(el, monthly, account, at);
}

static struct value elab_money_line(struct elab *el, const struct syntax *s,
                                    const struct place_in *at)
{
	return elab_entry(el, env_money_entry(el->env, s->arg[0]->name), at);
}

static double seconds(struct elab *el, const char *unit)
{
	struct unit u = unit_one();

	unit_parse(el->env->units, unit, &u);
	return u.scale;
}

/* The factor of month m: v^m with v = (1+r)^(-1/12); the graph carries such a
 * power along, so that a draw pays for one power, not for one a month. */
static node_id discount(struct elab *el, node_id annual)
{
	node_id v = op2(el, OP_POW, op2(el, OP_ADD, constant(el, 1), annual),
	                constant(el, -1.0 / 12));

	return op2(el, OP_POW, v, dag_month(el->dag));
}

static struct value elab_npv(struct elab *el, const struct syntax *s,
                             const struct place_in *at)
{
	struct place_in series = *at;
	struct expr_type t;
	struct value x, r;
	node_id annual;

	series.label[AXIS_MONTH] = 0;
	x = elab_syntax(el, s->arg[0], &series);
	r = elab_syntax(el, s->arg[1], at);
	infer(el->env, s->arg[1], at->scope, &t, NULL);
	annual = t.any_unit || unit_is_number(&t.unit) ? r.num
		: op2(el, OP_MUL, r.num, constant(el, seconds(el, "year")));
	x.num = op2(el, OP_MUL, x.num, discount(el, annual));
	x.num = dag_reduce(el->dag, OP_SUM, x.num, el->env->months, 0);
	x.num = op2(el, OP_MUL, x.num, constant(el, seconds(el, "month")));
	if (x.state != NODE_NONE)
		x.state = dag_reduce(el->dag, OP_MOST, x.state,
		                     el->env->months, 0);
	x.state = state_or(el, x.state, r.state);
	return x;
}

static node_id running(struct elab *el, enum op op, node_id x)
{
	node_id so_far = dag_stock(el->dag, constant(el, 0),
	                           dag_get(el->dag, x)->vars);
	node_id now = op2(el, op, so_far, x);

	dag_stock_next(el->dag, so_far, now);
	return now;
}

bool rate_per_time(const struct env *e, const struct unit *u);

static struct value elab_cumulative(struct elab *el, const struct syntax *s,
                                    const struct place_in *at)
{
	struct place_in series = *at;
	int k = at->label[AXIS_MONTH];
	struct expr_type t;
	struct value x;

	series.label[AXIS_MONTH] = 0;
	x = elab_syntax(el, s->arg[0], &series);
	infer(el->env, s->arg[0], at->scope, &t, NULL);
	if (rate_per_time(el->env, &t.unit))
		x.num = op2(el, OP_MUL, x.num,
		            constant(el, seconds(el, "month")));
	x.num = running(el, OP_ADD, x.num);
	if (x.state != NODE_NONE)
		x.state = running(el, OP_MAX, x.state);
	if (k > 0) {
		x.num = dag_reduce(el->dag, OP_AT, x.num, el->env->months, k);
		if (x.state != NODE_NONE)
			x.state = dag_reduce(el->dag, OP_AT, x.state,
			                     el->env->months, k);
	}
	return x;
}

static struct value elab_first_month(struct elab *el, const struct syntax *s,
                                     const struct place_in *at)
{
	struct place_in series = *at;
	node_id n, none;

	series.label[AXIS_MONTH] = 0;
	n = elab_syntax(el, s->arg[0], &series).num;
	n = dag_reduce(el->dag, OP_FIRST, n, el->env->months, 0);
	none = op2(el, OP_EQ, n, constant(el, 0));
	return (struct value){ n, op3(el, OP_SELECT, none,
		constant(el, STATE_NEVER), constant(el, 0)) };
}

/* --- searches --------------------------------------------------------- */

/* Searches at one depth share their unknown: their bodies are regions of their
 * own, so that equal bodies stay equal nodes. */
static struct value elab_search(struct elab *el, const struct syntax *s,
                                const struct place_in *at)
{
	bool solving = strcmp(s->name, "solve") == 0;
	struct place_in inside = *at;
	struct local x = { .name = s->arg[0]->name, .outer = at->scope };
	struct value lo = elab_syntax(el, s->arg[1], at);
	struct value hi = elab_syntax(el, s->arg[2], at), f, v;
	int depth = el->search_depth;

	if (depth == SEARCH_DEPTH) {
		err_at(el->err, ERR_LIMIT, syntax_place(s), "solve and argmin "
		       "nest deeper than %d", SEARCH_DEPTH);
		el->failed = true;
		return lo;
	}
	if (el->var[depth] == NODE_NONE)
		el->var[depth] = dag_var(el->dag);
	infer(el->env, s->arg[1], at->scope, &x.type, NULL);
	x.type.axes = 0;
	x.node = el->var[depth];
	inside.scope = &x;
	el->search_depth++;
	f = elab_syntax(el, s->arg[3], &inside);
	el->search_depth--;
	if (f.state != NODE_NONE)       /* no number there: no root there */
		f.num = op3(el, OP_SELECT,
		            op2(el, OP_EQ, f.state, constant(el, 0)), f.num,
		            op2(el, OP_DIV, constant(el, 0), constant(el, 0)));
	v = value_guard(el, dag_solve(el->dag, solving ? OP_SOLVE : OP_ARGMIN,
	                              x.node, lo.num, hi.num, f.num),
	                solving ? STATE_NEVER : reason_code("no_minimum"));
	v.state = state_or(el, state_or(el, lo.state, hi.state), v.state);
	return v;
}

static struct value elab_given(struct elab *el, const struct syntax *s,
                               const struct place_in *at)
{
	(void)at;
	return value_number(el, el->column
		&& el->column(el->ctx, s->arg[0]->name) != NULL);
}

static const struct {
	const char *name;
	struct value (*elab)(struct elab *, const struct syntax *,
	                     const struct place_in *);
} forms[] = {
	{ "sum", elab_reduce }, { "mean", elab_reduce }, { "if", elab_if },
	{ "is", elab_is }, { "clamp", elab_clamp },
	{ "value_or", elab_value_or },
	{ "infeasible", elab_infeasible }, { "sum_money", elab_money_sum },
	{ "money", elab_money_line }, { "npv", elab_npv },
	{ "cumulative", elab_cumulative },
	{ "first_month", elab_first_month }, { "solve", elab_search },
	{ "argmin", elab_search }, { "given", elab_given },
};

/* --- built-ins and user functions ------------------------------------- */

static struct value elab_fold(struct elab *el, const struct builtin *b,
                              const struct syntax *s,
                              const struct place_in *at)
{
	struct value v = elab_syntax(el, s->arg[0], at);

	for (int i = 1; i < s->n; i++)
		v = value_extreme(el, b->op, v,
		                  elab_syntax(el, s->arg[i], at));
	return v;
}

/* The kernel of a call on columns; false when their table is not there. */
static bool column_kernel(struct elab *el, const struct builtin *b,
                          const struct syntax *s, int n, struct kernel *out)
{
	const struct data_column *c[COLUMNS_MAX];

	for (int i = 0; i < n; i++) {
		c[i] = el->column ? el->column(el->ctx, s->arg[i]->name) : NULL;
		if (!c[i])
			return false;
	}
	*out = (struct kernel){ .of_columns = b->each,
		.columns = column_memo_get(c[0]->memo, b->prepare, c, n) };
	return true;
}

static struct value elab_builtin(struct elab *el, const struct builtin *b,
                                 const struct syntax *s,
                                 const struct place_in *at)
{
	struct kernel kernel = { .fn = b->fn };
	node_id arg[CALL_MAX], state = NODE_NONE;
	int columns = builtin_columns(b), n = 0;
	struct value v;

	if (columns && !column_kernel(el, b, s, columns, &kernel))
		return (struct value){ constant(el, 0),
			constant(el, STATE_UNMEASURED) };
	for (int i = columns; i < s->n; i++) {
		v = elab_syntax(el, s->arg[i], at);
		arg[n++] = v.num;
		state = state_or(el, state, v.state);
	}
	if (b->kind == BUILTIN_OP)
		return (struct value){ op1(el, b->op, arg[0]), state };
	v.num = dag_call_kernel(el->dag, kernel, b->name, arg, n);
	v.state = NODE_NONE;
	if (b->reason)
		v = value_guard(el, v.num, strcmp(b->reason, "never") == 0 ?
		                STATE_NEVER : reason_code(b->reason));
	v.state = state_or(el, state, v.state);
	return v;
}

static struct value elab_function(struct elab *el, const struct function *f,
                                  const struct syntax *s,
                                  const struct place_in *at)
{
	struct local arg[CALL_MAX];
	struct place_in inside = *at;

	for (int i = 0; i < f->n; i++) {
		arg[i] = (struct local){
			.name = f->arg[i], .outer = i ? &arg[i - 1] : NULL,
			.arg = s->arg[i], .arg_scope = at->scope,
			.node = NODE_NONE,
		};
		infer(el->env, s->arg[i], at->scope, &arg[i].type, NULL);
	}
	inside.scope = f->n ? &arg[f->n - 1] : NULL;
	return elab_syntax(el, f->body, &inside);
}

struct value elab_call(struct elab *el, const struct syntax *s,
                       const struct place_in *at)
{
	const struct builtin *b = builtin_find(s->name);

	if (!b)
		return elab_function(el, env_function_of(el->env, s->name), s,
		                     at);
	if (b->kind == BUILTIN_FOLD && s->n == 2 && s->arg[1]->kind == S_NAME
	    && !local_find(at->scope, s->arg[1]->name)
	    && env_axis_of(el->env, s->arg[1]->name) >= 0)
		return elab_reduce(el, s, at);
	if (b->kind == BUILTIN_FOLD)
		return elab_fold(el, b, s, at);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, s->name) == 0)
			return forms[i].elab(el, s, at);
	return elab_builtin(el, b, s, at);
}
