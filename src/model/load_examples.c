/*
 * `examples:`: reference cases that travel with a model.  Names and keys are
 * checked here, values when the example is bound (bound_example).
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#include "base/banned.h"

#define PRICE_PREFIX "price:"

/* --- given, prices -------------------------------------------------------- */

static void check_given(struct loader *ld, const struct ynode *key)
{
	const struct model *m = ld->model;
	struct link link;
	int slot, axis;

	if (model_param(m, key->text, &slot)
	    || workload_link(ld->workload, key->text, &link))
		return;
	for (axis = 0; axis < env_axes(ld->env); axis++)
		if (strcmp(env_axis_name(ld->env, axis), key->text) == 0) {
			err_at(&ld->err, ERR_INPUT, key->pos, "`%s` is an "
			       "axis: its labels belong to the model and "
			       "cannot be given", key->text);
			return;
		}
	err_at(&ld->err, ERR_INPUT, key->pos, "there is no parameter `%s`%s",
	       key->text, suggestion(ld->arena, key->text,
	                             param_list(ld->arena, m->param,
	                                        m->nparams)));
}

static void check_price_name(struct loader *ld, const struct example_given *g)
{
	const char *dot = strrchr(g->name, '.');

	if (!dot || dot == g->name || dot[1] == '\0')
		err_at(&ld->err, ERR_INPUT, g->pos, "`%s`: a price is written "
		       "ID.FIELD", g->name);
}

/* A name given again replaces what `like:` brought. */
static struct example_given *place_for(struct example_given *list, int *n,
                                       const char *name)
{
	for (int i = 0; i < *n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return &list[(*n)++];
}

static void add_price(struct loader *ld, struct example *x, const char *name,
                      const struct ynode *key, const struct ynode *value)
{
	struct example_given *g = place_for(x->price, &x->nprices, name);

	*g = (struct example_given){ name, value, key->pos };
	check_price_name(ld, g);
}

static void load_given(struct loader *ld, const struct ynode *n,
                       struct example *x)
{
	size_t prefix = strlen(PRICE_PREFIX);

	for (int i = 0; i < n->n; i++) {
		const struct ynode *key = n->key[i];

		if (strncmp(key->text, PRICE_PREFIX, prefix) == 0) {
			add_price(ld, x, key->text + prefix, key, n->item[i]);
			continue;
		}
		*place_for(x->given, &x->ngiven, key->text)
			= (struct example_given){ key->text, n->item[i],
			                          key->pos };
		if (!ld->undeclared)
			check_given(ld, key);
	}
}

static void load_prices(struct loader *ld, const struct ynode *n,
                        struct example *x)
{
	for (int i = 0; i < n->n; i++)
		add_price(ld, x, n->key[i]->text, n->key[i], n->item[i]);
}

/* Room for what is inherited and what is said here. */
static void make_room(struct loader *ld, struct example *x,
                      const struct example *like, size_t own)
{
	size_t room = own + 1;

	if (like)
		room += (size_t)(like->ngiven + like->nprices);
	x->given = arena_alloc(ld->arena, room * sizeof *x->given);
	x->price = arena_alloc(ld->arena, room * sizeof *x->price);
	if (!like)
		return;
	x->ngiven = like->ngiven;
	x->nprices = like->nprices;
	x->presets = like->presets;
	x->tables = like->tables;
	x->horizon = like->horizon;
	memcpy(x->given, like->given,
	       (size_t)like->ngiven * sizeof *x->given);
	memcpy(x->price, like->price,
	       (size_t)like->nprices * sizeof *x->price);
}

static const struct example *find_like(struct loader *ld,
                                       const struct ynode *n)
{
	const struct model *m = ld->model;
	const char *name;

	if (!n || !yaml_text(n, "like", &name, &ld->err))
		return NULL;
	for (int i = 0; i < m->nexamples; i++)
		if (m->example[i].name
		    && strcmp(m->example[i].name, name) == 0)
			return &m->example[i];
	err_at(&ld->err, ERR_INPUT, text_pos(n), "`like:` names no example "
	       "above: `%s`", name);
	return NULL;
}

/* --- expect --------------------------------------------------------------- */

/* "never", "infeasible(reason)" ... as `struct value` states are named. */
static bool is_state(const char *text)
{
	static const char *const plain[] = {
		"never", "always", "unmeasured", "infeasible", "barred",
	};
	size_t word = strcspn(text, "(:");

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strlen(plain[i]) == word
		    && strncmp(plain[i], text, word) == 0)
			return true;
	return false;
}

static bool expect_number(struct loader *ld, const struct ynode *n,
                          struct example_expect *e)
{
	const char *text = n->text, *wrong;
	double value;
	size_t len;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
		e->value = text[0] == 't';
		return true;
	}
	wrong = num_scan(text, &value, &len);
	if (wrong)
		return err_at(&ld->err, ERR_INPUT, text_pos(n), "`%s` %s, and "
		              "it is no state (never, always, unmeasured, "
		              "infeasible(REASON))", text, wrong);
	e->value = value;
	text += len + strspn(text + len, " ");
	if (*text == '\0')
		return true;
	wrong = unit_parse(ld->units, text, &e->unit);
	if (wrong)
		return err_at(&ld->err, ERR_INPUT, text_pos(n), "the unit "
		              "`%s` %s", text, wrong);
	e->has_unit = true;
	return true;
}

static bool expect_scalar(struct loader *ld, const struct ynode *n,
                          struct example_expect *e)
{
	const char *text;

	if (!yaml_text(n, "expect", &text, &ld->err))
		return false;
	if (is_state(text)) {
		e->state = text;
		return true;
	}
	return expect_number(ld, n, e);
}

static bool read_tolerance(struct loader *ld, const struct ynode *map,
                           const char *key, double *out)
{
	const struct ynode *n = yaml_get(map, key);

	if (!n)
		return true;
	if (!yaml_number(n, key, out, &ld->err))
		return false;
	return *out >= 0 || err_at(&ld->err, ERR_INPUT, text_pos(n),
	                           "a tolerance must not be negative");
}

static bool expect_value(struct loader *ld, const struct ynode *n,
                         struct example_expect *e)
{
	static const char *const keys[] = {
		"value", "rel", "abs", "why", NULL,
	};
	const struct ynode *value;

	e->rel = 1e-9;
	e->abs = 0;
	if (n->kind != Y_MAP)
		return expect_scalar(ld, n, e);
	if (!yaml_only(n, "an expectation", keys, &ld->err))
		return false;
	value = yaml_get(n, "value");
	if (!value)
		return err_at(&ld->err, ERR_INPUT, n->pos, "an expectation "
		              "needs `value:`");
	return read_tolerance(ld, n, "rel", &e->rel)
		&& read_tolerance(ld, n, "abs", &e->abs)
		&& expect_scalar(ld, value, e);
}

static bool check_expected(struct loader *ld, struct example_expect *e)
{
	struct expr_type type;
	struct err first = ERR_INIT, second = ERR_INIT;
	bool number, truth;

	if (ld->undeclared)
		return true;
	number = env_check_expr(ld->env, e->expr, TYPE_NUMBER, 0, false, &type,
	                        &first);
	truth = !number && env_check_expr(ld->env, e->expr, TYPE_BOOL, 0,
	                                  false, &type, &second);
	err_clear(&second);
	if (truth) {
		err_clear(&first);
		return true;
	}
	if (!number) {
		err_move(&ld->err, &first);
		return false;
	}
	if (e->has_unit && !type.any_unit && !unit_same(&e->unit, &type.unit))
		return err_at(&ld->err, ERR_INPUT, e->pos, "`%s` is not in the "
		              "unit of the value that is expected", e->text);
	return true;
}

static void check_month(struct loader *ld, const struct example *x,
                        const struct example_expect *e)
{
	int horizon = x->horizon ? x->horizon : ld->model->horizon;

	if (latest_month(e->text) > horizon)
		err_at(&ld->err, ERR_INPUT, e->pos, "`%s`: the example ends "
		       "after %d months", e->text, horizon);
}

static void must_be_option(struct loader *ld, const char *name,
                           struct pos pos)
{
	if (model_option(ld->model, name) < 0)
		err_at(&ld->err, ERR_INPUT, pos, "there is no option `%s` (%s)",
		       name, list_text(ld->arena, option_list(ld->arena,
		                                              ld->model)));
}

/* `verdict: OPTION` and `status[OPTION]: REASON` ask a whole evaluation. */
static bool expect_verdict(struct loader *ld, const struct ynode *n,
                           struct example_expect *e)
{
	size_t len = strlen(e->text);

	if (strcmp(e->text, "verdict") == 0) {
		if (yaml_text(n, e->text, &e->option, &ld->err)
		    && strcmp(e->option, "none") != 0)
			must_be_option(ld, e->option, text_pos(n));
		return true;
	}
	if (strncmp(e->text, "status[", 7) != 0 || e->text[len - 1] != ']')
		return false;
	e->option = arena_strndup(ld->arena, e->text + 7, len - 8);
	must_be_option(ld, e->option, e->pos);
	yaml_text(n, e->text, &e->status, &ld->err);
	return true;
}

static void load_expect(struct loader *ld, const struct ynode *n,
                        struct example *x)
{
	x->expect = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                   * sizeof *x->expect);
	for (int i = 0; i < n->n; i++) {
		struct example_expect *e = &x->expect[x->nexpect++];

		e->text = n->key[i]->text;
		e->pos = n->key[i]->pos;
		if (expect_verdict(ld, n->item[i], e))
			continue;
		e->expr = expr_parse(ld->arena, e->text, text_pos(n->key[i]),
		                     &ld->err);
		if (expect_value(ld, n->item[i], e) && e->expr
		    && check_expected(ld, e))
			check_month(ld, x, e);
	}
}

/* --- break_even ----------------------------------------------------------- */

static bool break_between(struct loader *ld, const struct ynode *n,
                          struct example_break *e)
{
	int count;
	const char *const *name;

	if (!n)
		return err_at(&ld->err, ERR_INPUT, e->pos, "a break-even needs "
		              "`between: [OPTION, OPTION]`");
	name = get_texts(ld->arena, &ld->err, n, "between", &count);
	for (int i = 0; i < 2 && count == 2; i++)
		e->between[i] = model_option(ld->model, name[i]);
	return (count == 2 && e->between[0] >= 0 && e->between[1] >= 0
	        && e->between[0] != e->between[1])
		|| err_at(&ld->err, ERR_INPUT, n->pos, "`between:` names two "
		          "of the options %s",
		          list_text(ld->arena, option_list(ld->arena,
		                                           ld->model)));
}

static bool break_crossings(struct loader *ld, const struct ynode *n,
                            struct example_break *e)
{
	const char *text;

	if (!n)
		return true;
	if (n->kind == Y_SCALAR) {
		if (!yaml_text(n, "crossings", &text, &ld->err))
			return false;
		e->state = text;
		return strcmp(text, "never") == 0
			|| strcmp(text, "always") == 0
			|| err_at(&ld->err, ERR_INPUT, text_pos(n),
			          "crossings are a list of numbers, `never` "
			          "or `always`");
	}
	if (!want_list(n, "crossings", &ld->err))
		return false;
	e->crossing = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                     * sizeof *e->crossing);
	for (int i = 0; i < n->n; i++)
		if (!yaml_number(n->item[i], "a crossing",
		                 &e->crossing[e->ncrossings++], &ld->err))
			return false;
	return true;
}

static bool break_number(struct loader *ld, const struct ynode *map,
                         const char *key, double *out)
{
	const struct ynode *n = yaml_get(map, key);

	return !n || yaml_number(n, key, out, &ld->err);
}

static bool break_parameter(struct loader *ld, const struct ynode *n,
                            struct example_break *e)
{
	int slot;
	const struct param *p;

	e->parameter = get_text(&ld->err, n, "of", true, "a break-even");
	if (!e->parameter)
		return false;
	p = model_param(ld->model, e->parameter, &slot);
	return ld->undeclared || (p && (slot >= 0 || p->nslots == 1))
		|| err_at(&ld->err, ERR_INPUT, text_pos(yaml_get(n, "of")),
		          "there is no one parameter `%s`", e->parameter);
}

static void load_break(struct loader *ld, const struct ynode *n,
                       struct example_break *e)
{
	static const char *const keys[] = {
		"of", "between", "crossings", "count", "first", "sure", "rel",
		"why", NULL,
	};
	double count = 0;

	*e = (struct example_break){
		.first = NAN, .sure = NAN, .rel = 1e-6, .pos = n->pos,
	};
	if (!want_map(n, "a break-even", &ld->err)
	    || !yaml_only(n, "a break-even", keys, &ld->err)
	    || !break_parameter(ld, n, e)
	    || !break_between(ld, yaml_get(n, "between"), e)
	    || !break_crossings(ld, yaml_get(n, "crossings"), e)
	    || !break_number(ld, n, "first", &e->first)
	    || !break_number(ld, n, "sure", &e->sure)
	    || !break_number(ld, n, "count", &count)
	    || !read_tolerance(ld, n, "rel", &e->rel))
		return;
	if (count < 0 || count > 1e6 || count != floor(count))
		err_at(&ld->err, ERR_INPUT, n->pos, "`count` is a number of "
		       "crossings");
	else
		e->count = (int)count;
	if (!e->state && !e->ncrossings && !e->count && isnan(e->first)
	    && isnan(e->sure))
		err_at(&ld->err, ERR_INPUT, n->pos, "a break-even needs "
		       "`crossings:`, `count:`, `first:` or `sure:`");
}

static void load_breaks(struct loader *ld, const struct ynode *n,
                        struct example *x)
{
	if (!want_list(n, "break_even", &ld->err))
		return;
	x->break_even = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                       * sizeof *x->break_even);
	for (int i = 0; i < n->n; i++)
		load_break(ld, n->item[i], &x->break_even[x->nbreaks++]);
}

/* --- one example ---------------------------------------------------------- */

static void load_inputs(struct loader *ld, const struct ynode *n,
                        struct example *x)
{
	const struct ynode *given = yaml_get(n, "given");
	const struct ynode *prices = yaml_get(n, "prices");
	const struct ynode *presets = yaml_get(n, "presets");
	const struct ynode *tables = yaml_get(n, "tables");
	const struct ynode *horizon = yaml_get(n, "horizon");

	make_room(ld, x, find_like(ld, yaml_get(n, "like")),
	          (size_t)((given ? given->n : 0) + (prices ? prices->n : 0)));
	if (given && want_map(given, "given", &ld->err))
		load_given(ld, given, x);
	if (prices && want_map(prices, "prices", &ld->err))
		load_prices(ld, prices, x);
	if (presets && want_map(presets, "presets", &ld->err))
		x->presets = presets;
	if (tables && want_map(tables, "tables", &ld->err))
		x->tables = tables;
	if (horizon)
		read_months(ld->units, horizon, "horizon", &x->horizon,
		            &ld->err);
}

static void load_example(struct loader *ld, const struct ynode *n,
                         struct example *x)
{
	const struct ynode *expect = yaml_get(n, "expect");
	const struct ynode *breaks = yaml_get(n, "break_even");

	x->pos = n->pos;
	x->name = get_text(&ld->err, n, "name", true, "an example");
	x->cite = get_text(&ld->err, n, "cite", false, "an example");
	load_inputs(ld, n, x);
	if (!expect && !breaks)
		err_at(&ld->err, ERR_INPUT, n->pos, "an example needs "
		       "`expect:` or `break_even:`");
	if (x->horizon)         /* `at 36` of an example with 36 months */
		env_months(ld->env, x->horizon);
	if (expect && want_map(expect, "expect", &ld->err))
		load_expect(ld, expect, x);
	env_months(ld->env, ld->model->horizon);
	if (breaks)
		load_breaks(ld, breaks, x);
}

void load_examples(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"name", "cite", "like", "given", "prices", "presets", "tables",
		"horizon", "expect", "break_even", NULL,
	};
	struct model *m = ld->model;

	m->example = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                    * sizeof *m->example);
	for (int i = 0; i < n->n; i++)
		if (want_map(n->item[i], "an example", &ld->err)
		    && yaml_only(n->item[i], "an example", keys, &ld->err)) {
			/* Counted when read: `like:` looks above only. */
			load_example(ld, n->item[i],
			             &m->example[m->nexamples]);
			m->nexamples++;
		}
}
