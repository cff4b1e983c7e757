/*
 * From checked syntax to nodes of the value graph.  Whatever could be wrong
 * with an expression was found by inference; what is left to fail here is size.
 */
#include "expr/elab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define STEPS_MAX 4000000

/* --- nodes and states ------------------------------------------------- */

node_id op1(struct elab *el, enum op op, node_id a)
{
	return dag_op(el->dag, op, a, NODE_NONE, NODE_NONE);
}

node_id op2(struct elab *el, enum op op, node_id a, node_id b)
{
	return dag_op(el->dag, op, a, b, NODE_NONE);
}

node_id op3(struct elab *el, enum op op, node_id a, node_id b, node_id c)
{
	return dag_op(el->dag, op, a, b, c);
}

node_id constant(struct elab *el, double v)
{
	return dag_const(el->dag, v);
}

struct value value_number(struct elab *el, double v)
{
	return (struct value){ constant(el, v), NODE_NONE };
}

/* A state that cannot occur after all is dropped, so that constant conditions
 * leave plain numbers behind. */
static node_id tidy(struct elab *el, node_id state)
{
	const struct dag_node *n;

	if (state == NODE_NONE)
		return state;
	n = dag_get(el->dag, state);
	return n->op == OP_CONST && n->value == 0 ? NODE_NONE : state;
}

static node_id code_of(struct elab *el, node_id state)
{
	return state == NODE_NONE ? constant(el, 0) : state;
}

node_id state_or(struct elab *el, node_id a, node_id b)
{
	if (a == NODE_NONE || a == b)
		return b;
	if (b == NODE_NONE)
		return a;
	return tidy(el, op3(el, OP_SELECT, op2(el, OP_EQ, a, constant(el, 0)),
	                    b, a));
}

struct value value_op(struct elab *el, enum op op, struct value a,
                      struct value b)
{
	return (struct value){ op2(el, op, a.num, b.num),
	                       state_or(el, a.state, b.state) };
}

struct value value_select(struct elab *el, node_id cond, struct value a,
                          struct value b)
{
	struct value v = { op3(el, OP_SELECT, cond, a.num, b.num), NODE_NONE };

	if (a.state != NODE_NONE || b.state != NODE_NONE)
		v.state = tidy(el, op3(el, OP_SELECT, cond,
		                       code_of(el, a.state),
		                       code_of(el, b.state)));
	return v;
}

struct value value_guard(struct elab *el, node_id n, int code)
{
	node_id none = op1(el, OP_ISNAN, n);

	return (struct value){
		op3(el, OP_SELECT, none, constant(el, 0), n),
		tidy(el, op3(el, OP_SELECT, none, constant(el, code),
		             constant(el, 0))),
	};
}

static node_id is_state(struct elab *el, struct value v, int code)
{
	return op2(el, OP_EQ, code_of(el, v.state), constant(el, code));
}

/* never counts as beyond every number, always as before every number; these
 * infinities live in comparisons alone. */
static node_id ordered(struct elab *el, struct value v)
{
	node_id n = v.num;

	if (v.state == NODE_NONE)
		return n;
	n = op3(el, OP_SELECT, is_state(el, v, STATE_NEVER),
	        constant(el, HUGE_VAL), n);
	return op3(el, OP_SELECT, is_state(el, v, STATE_ALWAYS),
	           constant(el, -HUGE_VAL), n);
}

/* The state of a pair, where it is neither never nor always. */
static node_id other_state(struct elab *el, struct value a, struct value b)
{
	node_id s = state_or(el, a.state, b.state);

	if (s == NODE_NONE)
		return s;
	return op3(el, OP_SELECT,
	           op2(el, OP_LT, constant(el, STATE_ALWAYS), s), s,
	           constant(el, 0));
}

struct value value_extreme(struct elab *el, enum op op, struct value a,
                           struct value b)
{
	node_id n, other, state;

	if (a.state == NODE_NONE && b.state == NODE_NONE)
		return (struct value){ op2(el, op, a.num, b.num), NODE_NONE };
	n = op2(el, op, ordered(el, a), ordered(el, b));
	other = other_state(el, a, b);
	state = op3(el, OP_SELECT, op2(el, OP_EQ, n, constant(el, HUGE_VAL)),
	            constant(el, STATE_NEVER), other);
	state = op3(el, OP_SELECT, op2(el, OP_EQ, n, constant(el, -HUGE_VAL)),
	            constant(el, STATE_ALWAYS), state);
	n = op3(el, OP_SELECT, op2(el, OP_EQ, state, constant(el, 0)), n,
	        constant(el, 0));
	return (struct value){ n, tidy(el, state) };
}

/* --- origins, limits -------------------------------------------------- */

static void give_up(struct elab *el, const struct syntax *s, const char *what)
{
	if (!el->failed)
		err_at(el->err, ERR_LIMIT, syntax_place(s), "the formulas of %s "
		       "grow too large: %s", el->env->name, what);
	el->failed = true;
}

/* New nodes belong to the innermost expression that made them. */
static void mark_origin(struct elab *el, const struct syntax *s)
{
	int n = dag_size(el->dag);

	while ((int)el->origins < n) {
		struct origin *o = ARR_PUSH(el->origin, el->origins,
		                            el->origins_cap);

		o->syntax = s;
		o->name = el->owner;
	}
	if (n > EXPR_MAX_NODES)
		give_up(el, s, "more than 200000 values");
}

bool elab_origin(const struct elab *el, node_id n, const char **name,
                 struct pos *pos, const char **text)
{
	static _Thread_local char quote[80];
	const struct origin *o;

	if (n < 0 || (size_t)n >= el->origins)
		return false;
	o = &el->origin[n];
	if (!o->syntax)
		return false;
	syntax_quote(o->syntax, quote, sizeof quote);
	*name = o->name ? o->name : "";
	*pos = syntax_place(o->syntax);
	*text = quote;
	return true;
}

/* --- memo ------------------------------------------------------------- */

static size_t memo_hash(const struct memo *k)
{
	size_t h = (size_t)k->what / sizeof(void *);

	for (int a = 0; a < AXIS_MAX; a++)
		h = h * 31 + (size_t)(k->label[a] + 1);
	return (h * 31 + (size_t)k->month) * 0x9e3779b97f4a7c15u >> 20;
}

static bool memo_same(const struct memo *a, const struct memo *b)
{
	return a->what == b->what && a->month == b->month
		&& memcmp(a->label, b->label, sizeof a->label) == 0;
}

/* The slot of a key: found, or the free one where it would go. */
static struct memo *memo_at(struct elab *el, const struct memo *key)
{
	size_t i = memo_hash(key) & (el->memo_size - 1);

	while (el->memo[i].used && !memo_same(&el->memo[i], key))
		i = (i + 1) & (el->memo_size - 1);
	return &el->memo[i];
}

static void memo_grow(struct elab *el)
{
	struct memo *old = el->memo;
	size_t n = el->memo_size;

	el->memo_size = n ? 2 * n : 256;
	el->memo = xcalloc(el->memo_size, sizeof *el->memo);
	for (size_t i = 0; i < n; i++)
		if (old[i].used)
			*memo_at(el, &old[i]) = old[i];
	free(old);
}

static void memo_put(struct elab *el, const struct memo *key, struct value v)
{
	struct memo *m;

	if (2 * (el->memo_used + 1) > el->memo_size)
		memo_grow(el);
	m = memo_at(el, key);
	el->memo_used += !m->used;
	*m = *key;
	m->used = true;
	m->value = v;
}

static bool memo_get(struct elab *el, const struct memo *key, struct value *v)
{
	const struct memo *m;

	if (el->memo_size == 0)
		return false;
	m = memo_at(el, key);
	if (m->used)
		*v = m->value;
	return m->used;
}

static struct memo memo_key(const void *what, unsigned axes,
                            const struct place_in *at)
{
	struct memo k = { .what = what };

	for (int a = 0; a < AXIS_MAX; a++)
		k.label[a] = (signed char)(axes & AXES(a) ? at->label[a] : -1);
	k.label[AXIS_MONTH] = -1;
	k.month = (short)(axes & AXES(AXIS_MONTH) ? at->label[AXIS_MONTH] : 0);
	return k;
}

/* --- names ------------------------------------------------------------ */

static struct value elab_param(struct elab *el, const struct entry *en,
                               const struct place_in *at)
{
	int slot = en->slot[en->axis < 0 ? 0 : at->label[en->axis]];

	return el->slot(el->ctx, el->dag, slot);
}

/* One month of a series that is carried from month to month. */
static struct value at_month(struct elab *el, struct value v, int k)
{
	int months = el->env->months;

	v.num = dag_reduce(el->dag, OP_AT, v.num, months, k);
	if (v.state != NODE_NONE)
		v.state = tidy(el, dag_reduce(el->dag, OP_AT, v.state, months,
		                              k));
	return v;
}

/* The stock is known before its next value is: that may read the stock. */
static struct value elab_stock(struct elab *el, struct entry *en,
                               const struct place_in *at,
                               const struct memo *key)
{
	struct place_in series = *at, first = *at;
	struct value v, next;

	first.label[AXIS_MONTH] = 1;
	series.label[AXIS_MONTH] = 0;
	next = elab_syntax(el, en->body[0], &first);
	v.num = dag_stock(el->dag, next.num, 0);
	v.state = en->type.stateful
		? dag_stock(el->dag, code_of(el, next.state), 0) : NODE_NONE;
	memo_put(el, key, v);
	next = elab_syntax(el, en->next, &series);
	if (!dag_stock_next(el->dag, v.num, next.num)
	    || (v.state != NODE_NONE
	        && !dag_stock_next(el->dag, v.state,
	                           code_of(el, next.state)))) {
		err_at(el->err, ERR_INPUT, syntax_place(en->next), "`%s` hangs "
		       "on its own months to come", en->name);
		el->failed = true;
	}
	return v;
}

static struct value elab_formula(struct elab *el, struct entry *en,
                                 const struct place_in *at)
{
	struct place_in global = *at;
	struct memo key = memo_key(en, en->type.axes, at);
	struct value v;

	global.scope = NULL;
	if (memo_get(el, &key, &v))
		return v;
	if (en->kind == SYMBOL_STOCK && at->label[AXIS_MONTH] > 0) {
		global.label[AXIS_MONTH] = 0;
		v = at_month(el, elab_formula(el, en, &global),
		             at->label[AXIS_MONTH]);
	} else if (en->kind == SYMBOL_STOCK) {
		return elab_stock(el, en, &global, &key);
	} else {
		v = elab_syntax(el, entry_body(en, at->label), &global);
	}
	memo_put(el, &key, v);
	return v;
}

static bool is_left_out(const struct elab *el, const char *account)
{
	const char *const *a = el->left_out;

	while (a && *a && strcmp(*a, account) != 0)
		a++;
	return a && *a;
}

struct value elab_entry(struct elab *el, struct entry *en,
                        const struct place_in *at)
{
	const char *owner = el->owner;
	int depth = el->search_depth;
	struct value v;

	if (en->kind == SYMBOL_PARAM)
		return elab_param(el, en, at);
	if (en->kind == SYMBOL_MONEY
	    && (!(en->options >> at->label[AXIS_OPTION] & 1)
	        || is_left_out(el, en->account)))
		return value_number(el, 0);
	el->owner = en->name;
	v = elab_formula(el, en, at);
	el->owner = owner;
	el->search_depth = depth;
	return v;
}

static struct value elab_name_here(struct elab *el, const struct syntax *s,
                                   const struct place_in *at)
{
	const struct local *l = local_find(at->scope, s->name);
	struct entry *en;

	if (l && l->arg) {
		struct place_in there = *at;

		there.scope = l->arg_scope;
		return elab_syntax(el, l->arg, &there);
	}
	if (l)
		return (struct value){ l->node, NODE_NONE };
	if (strcmp(s->name, "month") == 0)
		return (struct value){ at->label[AXIS_MONTH] > 0
			? constant(el, at->label[AXIS_MONTH])
			: dag_month(el->dag), NODE_NONE };
	if (strcmp(s->name, "monthly") == 0 || strcmp(s->name, "once") == 0)
		return elab_sum_money(el, s->name[0] == 'm', NULL, at);
	if (strcmp(s->name, "objective") == 0 && el->env->objective) {
		struct place_in global = *at;

		global.scope = NULL;
		return elab_syntax(el, el->env->objective, &global);
	}
	en = env_entry(el->env, s->name);
	return elab_entry(el, en, at);
}

struct value elab_sum_money(struct elab *el, bool monthly,
                            const char *account, const struct place_in *at)
{
	struct value sum = value_number(el, 0);

	for (size_t i = 0; i < el->env->nmoney; i++) {
		struct entry *m = el->env->money[i];

		if (m->monthly == monthly
		    && (!account || strcmp(m->account, account) == 0))
			sum = value_op(el, OP_ADD, sum, elab_entry(el, m, at));
	}
	return sum;
}

/* --- operators -------------------------------------------------------- */

static struct value truth(node_id n)
{
	return (struct value){ n, NODE_NONE };
}

static struct value maybe_not(struct elab *el, const struct syntax *s,
                              node_id n)
{
	return truth(s->negated ? op1(el, OP_NOT, n) : n);
}

/* choice == label, where one side is the label's bare word. */
static bool label_test(struct elab *el, const struct syntax *s,
                       const struct place_in *at, node_id *out)
{
	for (int i = 0; i < 2; i++) {
		const struct syntax *word = s->arg[1 - i];
		struct expr_type t;
		int k;

		if (word->kind != S_NAME || local_find(at->scope, word->name)
		    || env_entry(el->env, word->name)
		    || strcmp(word->name, "month") == 0)
			continue;
		if (!infer(el->env, s->arg[i], at->scope, &t, NULL)
		    || t.type != TYPE_LABEL)
			continue;
		k = env_choice_label(el->env, t.choice, word->name);
		*out = op2(el, OP_EQ, elab_syntax(el, s->arg[i], at).num,
		           constant(el, k));
		return true;
	}
	return false;
}

static struct value elab_compare(struct elab *el, const struct syntax *s,
                                 const struct place_in *at)
{
	struct value a, b;
	node_id n, other;

	if (s->op == OP_EQ && label_test(el, s, at, &n))
		return maybe_not(el, s, n);
	a = elab_syntax(el, s->arg[0], at);
	b = elab_syntax(el, s->arg[1], at);
	if (s->op == OP_EQ && s->arg[1]->kind == S_STATE)
		return maybe_not(el, s, is_state(el, a, s->arg[1]->state));
	if (s->op == OP_EQ && s->arg[0]->kind == S_STATE)
		return maybe_not(el, s, is_state(el, b, s->arg[0]->state));
	n = op2(el, s->op, ordered(el, a), ordered(el, b));
	if (s->negated)
		n = op1(el, OP_NOT, n);
	/* What is infeasible or unmeasured compares as false, either way. */
	other = other_state(el, a, b);
	if (other != NODE_NONE)
		n = op2(el, OP_AND, n, op2(el, OP_EQ, other, constant(el, 0)));
	return truth(n);
}

static struct value elab_binary(struct elab *el, const struct syntax *s,
                                const struct place_in *at)
{
	struct value a, b;

	if (s->op == OP_LT || s->op == OP_LE || s->op == OP_EQ)
		return elab_compare(el, s, at);
	a = elab_syntax(el, s->arg[0], at);
	b = elab_syntax(el, s->arg[1], at);
	return value_op(el, s->op, a, b);
}

static struct value elab_unary(struct elab *el, const struct syntax *s,
                               const struct place_in *at)
{
	struct value a = elab_syntax(el, s->arg[0], at);

	a.num = op1(el, s->op, a.num);
	return a;
}

static struct value elab_literal(struct elab *el, const struct syntax *s)
{
	struct unit u;

	if (!s->unit_text || unit_parse(el->env->units, s->unit_text, &u))
		return value_number(el, s->value);
	return value_number(el, unit_to_base(&u, s->value));
}

static struct value elab_pick(struct elab *el, const struct syntax *s,
                              const struct place_in *at)
{
	struct place_in there = *at;

	for (int i = 1; i < s->n; i++) {
		int axis, label;

		if (env_label(el->env, s->arg[i]->name, &axis, &label)
		    && label >= 0)
			there.label[axis] = label;
	}
	return elab_syntax(el, s->arg[0], &there);
}

static struct value elab_at(struct elab *el, const struct syntax *s,
                            const struct place_in *at)
{
	struct place_in there = *at;
	double k = 1;

	syntax_constant(s->arg[1], &k);
	there.label[AXIS_MONTH] = (int)k;
	return elab_syntax(el, s->arg[0], &there);
}

static struct value elab_kind(struct elab *el, const struct syntax *s,
                              const struct place_in *at)
{
	switch (s->kind) {
	case S_NUMBER:
		return elab_literal(el, s);
	case S_TRUTH:
		return value_number(el, s->value);
	case S_STATE:
		return (struct value){ constant(el, 0),
		                       constant(el, s->state) };
	case S_NAME:
		return elab_name_here(el, s, at);
	case S_UNARY:
		return elab_unary(el, s, at);
	case S_BINARY:
		return elab_binary(el, s, at);
	case S_CALL:
		return elab_call(el, s, at);
	case S_PICK:
		return elab_pick(el, s, at);
	case S_AT:
		return elab_at(el, s, at);
	}
	return value_number(el, 0);
}

struct value elab_syntax(struct elab *el, const struct syntax *s,
                         const struct place_in *at)
{
	struct value v;

	if (++el->steps > STEPS_MAX)
		give_up(el, s, "more than 4 million steps");
	if (el->failed)
		return value_number(el, 0);
	v = elab_kind(el, s, at);
	mark_origin(el, s);
	return v;
}

/* --- the public face -------------------------------------------------- */

struct elab *elab_new(struct env *e, struct dag *d, slot_fn slot, void *ctx)
{
	struct elab *el = xcalloc(1, sizeof *el);

	el->env = e;
	el->dag = d;
	el->slot = slot;
	el->ctx = ctx;
	for (int i = 0; i < SEARCH_DEPTH; i++)
		el->var[i] = NODE_NONE;
	return el;
}

void elab_columns(struct elab *el, column_fn column)
{
	el->column = column;
}

void elab_free(struct elab *el)
{
	if (!el)
		return;
	free(el->memo);
	free(el->origin);
	free(el);
}

void elab_leave_out(struct elab *el, const char *const *accounts)
{
	el->left_out = accounts;
}

static struct place_in place_from(const int *labels)
{
	struct place_in at = { .scope = NULL };

	for (int a = 0; a < AXIS_MAX; a++)
		at.label[a] = labels[a] < 0 ? 0 : labels[a];
	return at;
}

/* A bound graph may elaborate one environment while another is under way
 * (neighbours): errors go to the outermost caller's. */
static bool begin(struct elab *el, struct err *err, struct err **saved)
{
	*saved = el->err;
	if (err)
		el->err = err;
	el->steps = 0;
	/* nodes that others made meanwhile are not this environment's */
	while ((int)el->origins < dag_size(el->dag)) {
		struct origin *o = ARR_PUSH(el->origin, el->origins,
		                            el->origins_cap);
		o->syntax = NULL;
		o->name = NULL;
	}
	return !el->failed;
}

bool elab_expr(struct elab *el, const struct syntax *s, const int *labels,
               struct value *out, struct err *err)
{
	struct place_in at = place_from(labels);
	struct err *saved;

	if (!begin(el, err, &saved))
		return false;
	*out = elab_syntax(el, s, &at);
	el->err = saved;
	return !el->failed;
}

bool elab_name(struct elab *el, const char *name, const int *labels,
               struct value *out, struct err *err)
{
	struct source_text nowhere = { .text = name };
	struct syntax s = { .kind = S_NAME, .name = name, .source = &nowhere,
	                    .end = (int)strlen(name) };
	struct place_in at = place_from(labels);
	struct entry *en = env_entry(el->env, name);
	struct symbol known;
	struct err *saved;

	if (!en && !env_symbol(el->env, name, 0, &known))
		return err_add(err, ERR_USAGE, "%s has no formula `%s`",
		               el->env->name, name);
	if (!begin(el, err, &saved))
		return false;
	*out = en ? elab_entry(el, en, &at) : elab_name_here(el, &s, &at);
	el->err = saved;
	return !el->failed;
}

bool elab_money(struct elab *el, const char *line, const int *labels,
                struct value *out, struct err *err)
{
	struct place_in at = place_from(labels);
	struct entry *m = env_money_entry(el->env, line);
	struct err *saved;

	if (!m || !begin(el, err, &saved))
		return false;
	*out = elab_entry(el, m, &at);
	el->err = saved;
	return !el->failed;
}
