/* Filling an environment, and asking it. */
#include "expr/env.h"

#include <string.h>

#include "base/mem.h"

struct env *env_new(struct arena *a, struct units *u, const char *name)
{
	struct env *e = arena_alloc(a, sizeof *e);

	e->arena = a;
	e->units = u;
	e->name = arena_strdup(a, name);
	e->incumbent = -1;
	e->axis[AXIS_OPTION].name = "option";
	e->axis[AXIS_MONTH].name = "month";
	e->naxes = AXIS_DECLARED;
	return e;
}

/* Growing arrays that live in the arena: the old piece stays behind. */
static void *arena_push(struct arena *a, void *items, size_t *n, size_t *cap,
                        size_t size)
{
	if (*n == *cap) {
		size_t more = *cap ? 2 * *cap : 16;
		void *next = arena_alloc(a, more * size);

		if (*n)
			memcpy(next, items, *n * size);
		items = next;
		*cap = more;
	}
	(*n)++;
	return items;
}

#define PUSH(e, items, n, cap) \
	((items) = arena_push((e)->arena, (items), &(n), &(cap), \
	                      sizeof *(items)), &(items)[(n) - 1])

/* --- axes, tags ------------------------------------------------------- */

static bool label_taken(const struct env *e, const char *label)
{
	int axis;

	return env_find_label(e, label, &axis) >= 0
		|| strcmp(label, "incumbent") == 0
		|| env_axis_of(e, label) >= 0;
}

static bool check_labels(struct env *e, const char *axis,
                         const char *const *labels, int n, struct pos pos,
                         struct err *err)
{
	if (n < 1 || n > LABELS_MAX)
		return err_at(err, ERR_INPUT, pos, "the axis `%s` has %d labels; "
		              "1 to %d are possible", axis, n, LABELS_MAX);
	for (int i = 0; i < n; i++) {
		if (label_taken(e, labels[i]))
			return err_at(err, ERR_INPUT, pos, "the label `%s` of "
			              "`%s` already means something else",
			              labels[i], axis);
		for (int j = 0; j < i; j++)
			if (strcmp(labels[i], labels[j]) == 0)
				return err_at(err, ERR_INPUT, pos, "the label "
				              "`%s` stands twice in `%s`",
				              labels[i], axis);
	}
	return true;
}

int env_axis(struct env *e, const char *name, const char *const *labels,
             int n, struct pos pos, struct err *err)
{
	int a = env_axis_of(e, name);

	if (a == AXIS_MONTH || (a >= 0 && e->axis[a].n > 0)) {
		err_at(err, ERR_INPUT, pos, "the axis `%s` stands twice", name);
		return -1;
	}
	if (a < 0 && e->naxes == AXIS_MAX) {
		err_at(err, ERR_INPUT, pos, "`%s`: at most %d axes can be "
		       "declared", name, AXIS_MAX - AXIS_DECLARED);
		return -1;
	}
	if (!check_labels(e, name, labels, n, pos, err))
		return -1;
	if (a < 0)
		a = e->naxes++;
	e->axis[a].name = arena_strdup(e->arena, name);
	e->axis[a].n = n;
	e->axis[a].label = arena_alloc(e->arena,
	                               (size_t)n * sizeof(char *));
	for (int i = 0; i < n; i++)
		e->axis[a].label[i] = arena_strdup(e->arena, labels[i]);
	return a;
}

void env_months(struct env *e, int months)
{
	e->months = months;
}

void env_tag(struct env *e, const char *tag, int option)
{
	for (size_t i = 0; i < e->ntags; i++)
		if (strcmp(e->tag[i].name, tag) == 0) {
			e->tag[i].options |= 1ul << option;
			return;
		}
	*PUSH(e, e->tag, e->ntags, e->tags_cap) = (struct tag){
		.name = arena_strdup(e->arena, tag), .options = 1ul << option,
	};
}

void env_incumbent(struct env *e, int option)
{
	e->incumbent = option;
}

int env_axis_of(const struct env *e, const char *name)
{
	for (int a = 0; a < e->naxes; a++)
		if (strcmp(e->axis[a].name, name) == 0)
			return a;
	return -1;
}

bool env_label(const struct env *e, const char *name, int *axis, int *label)
{
	if (strcmp(name, "option") == 0) {
		*axis = AXIS_OPTION;
		*label = -1;
		return true;
	}
	if (strcmp(name, "incumbent") == 0 && e->incumbent >= 0) {
		*axis = AXIS_OPTION;
		*label = e->incumbent;
		return true;
	}
	*label = env_find_label(e, name, axis);
	return *label >= 0;
}

bool env_is(const struct env *e, const char *word, int option, bool *yes)
{
	for (size_t i = 0; i < e->ntags; i++)
		if (strcmp(e->tag[i].name, word) == 0) {
			*yes = option >= 0 && (e->tag[i].options >> option & 1);
			return true;
		}
	for (int i = 0; i < e->axis[AXIS_OPTION].n; i++)
		if (strcmp(e->axis[AXIS_OPTION].label[i], word) == 0) {
			*yes = i == option;
			return true;
		}
	return false;
}

/* --- names ------------------------------------------------------------ */

static struct entry *find_in(struct entry *const *list, size_t n,
                             const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	return NULL;
}

struct entry *env_entry(const struct env *e, const char *name)
{
	return find_in(e->entry, e->nentries, name);
}

struct entry *env_money_entry(const struct env *e, const char *name)
{
	return find_in(e->money, e->nmoney, name);
}

struct function *env_function_of(const struct env *e, const char *name)
{
	for (size_t i = 0; i < e->nfunctions; i++)
		if (strcmp(e->function[i]->name, name) == 0)
			return e->function[i];
	return NULL;
}

const struct local *local_find(const struct local *l, const char *name)
{
	for (; l; l = l->outer)
		if (strcmp(l->name, name) == 0)
			return l;
	return NULL;
}

struct syntax *entry_body(const struct entry *en, const int *labels)
{
	return en->body[en->axis < 0 ? 0 : labels[en->axis]];
}

const struct column_entry *env_find_column(const struct env *e,
                                           const char *name)
{
	for (size_t i = 0; i < e->ncolumns; i++)
		if (strcmp(e->column[i].name, name) == 0)
			return &e->column[i];
	return NULL;
}

/* Words that a formula could not name any more. */
static bool reserved(const char *name)
{
	static const char *const words[] = {
		"objective", "monthly", "once", "incumbent", "else", "never",
		"always", "unmeasured", "true", "false", "and", "or", "not",
		"at", "option", "month",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static bool name_free(const struct env *e, const char *name, struct pos pos,
                      struct err *err)
{
	const struct entry *old = env_entry(e, name);
	int axis;

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
	                "UVWXYZ0123456789_")] != '\0'
	    || (name[0] >= '0' && name[0] <= '9') || name[0] == '\0')
		return err_at(err, ERR_INPUT, pos, "`%s` is no name: letters, "
		              "digits and _ make one, with a letter first",
		              name);
	if (old)
		return err_at(err, ERR_INPUT, pos, "`%s` is already defined on "
		              "line %d", name, old->pos.line);
	if (reserved(name) || builtin_find(name) || env_function_of(e, name))
		return err_at(err, ERR_INPUT, pos, "`%s` is a word of the "
		              "language: choose another name", name);
	if (env_axis_of(e, name) >= 0 || env_find_label(e, name, &axis) >= 0)
		return err_at(err, ERR_INPUT, pos, "`%s` is an axis or a label: "
		              "choose another name", name);
	return true;
}

static struct entry *add_entry(struct env *e, const char *name,
                               enum symbol_kind kind, struct pos pos,
                               struct err *err)
{
	struct entry *en;

	if (kind != SYMBOL_MONEY && !name_free(e, name, pos, err))
		return NULL;
	en = arena_alloc(e->arena, sizeof *en);
	en->name = arena_strdup(e->arena, name);
	en->kind = kind;
	en->pos = pos;
	en->axis = -1;
	if (kind == SYMBOL_MONEY)
		*PUSH(e, e->money, e->nmoney, e->money_cap) = en;
	else
		*PUSH(e, e->entry, e->nentries, e->entries_cap) = en;
	return en;
}

static void set_unit(struct env *e, struct entry *en, const struct unit *unit,
                     const char *text)
{
	if (!unit)
		return;
	en->declared = true;
	en->unit = *unit;
	en->unit_text = arena_strdup(e->arena, text);
}

static int add_choice(struct env *e, const struct env_param *p)
{
	struct choice *c = PUSH(e, e->choice, e->nchoices, e->choices_cap);
	const char **label = arena_alloc(e->arena, (size_t)p->nlabels
	                                           * sizeof(char *));

	for (int i = 0; i < p->nlabels; i++)
		label[i] = arena_strdup(e->arena, p->labels[i]);
	c->label = label;
	c->n = p->nlabels;
	return (int)e->nchoices - 1;
}

bool env_param(struct env *e, const struct env_param *p, struct err *err)
{
	struct entry *en = add_entry(e, p->name, SYMBOL_PARAM, p->pos, err);

	if (!en)
		return false;
	en->axis = p->axis;
	for (int i = 0; i < (p->axis < 0 ? 1 : e->axis[p->axis].n); i++)
		en->slot[i] = p->slot[i];
	en->type = (struct expr_type){
		.type = p->type, .unit = p->unit, .stateful = p->stateful,
		.axes = p->axis < 0 ? 0 : AXES(p->axis),
		.choice = p->type == TYPE_LABEL ? add_choice(e, p) : -1,
	};
	if (p->type != TYPE_NUMBER)
		en->type.unit = unit_one();
	set_unit(e, en, &en->type.unit, p->unit_text ? p->unit_text : "1");
	en->visit = VISIT_DONE;
	return true;
}

bool env_formula(struct env *e, const char *name, struct pos pos, int axis,
                 struct syntax *const *body, const struct unit *unit,
                 const char *unit_text, struct err *err)
{
	struct entry *en = add_entry(e, name, SYMBOL_FORMULA, pos, err);
	int n = axis < 0 ? 1 : e->axis[axis].n;

	if (!en)
		return false;
	en->axis = axis;
	en->body = arena_alloc(e->arena, (size_t)n * sizeof *en->body);
	memcpy(en->body, body, (size_t)n * sizeof *en->body);
	set_unit(e, en, unit, unit_text);
	return true;
}

bool env_stock(struct env *e, const char *name, struct pos pos,
               struct syntax *initial, struct syntax *next,
               const struct unit *unit, const char *unit_text,
               struct err *err)
{
	struct entry *en = add_entry(e, name, SYMBOL_STOCK, pos, err);

	if (!en)
		return false;
	en->body = arena_alloc(e->arena, sizeof *en->body);
	en->body[0] = initial;
	en->next = next;
	set_unit(e, en, unit, unit_text);
	return true;
}

bool env_function(struct env *e, const char *name, struct pos pos,
                  const char *const *args, int n, struct syntax *body,
                  struct err *err)
{
	struct function *f;
	const char **arg;

	if (!name_free(e, name, pos, err))
		return false;
	if (n > CALL_MAX)
		return err_at(err, ERR_INPUT, pos, "`%s` takes %d operands; at "
		              "most %d are possible", name, n, CALL_MAX);
	f = arena_alloc(e->arena, sizeof *f);
	arg = arena_alloc(e->arena, (size_t)n * sizeof *arg + 1);
	for (int i = 0; i < n; i++)
		arg[i] = arena_strdup(e->arena, args[i]);
	*f = (struct function){ .name = arena_strdup(e->arena, name),
	                        .pos = pos, .arg = arg, .n = n, .body = body };
	*PUSH(e, e->function, e->nfunctions, e->functions_cap) = f;
	return true;
}

bool env_money(struct env *e, const char *name, struct pos pos,
               const char *account, bool monthly, unsigned long options,
               struct syntax *amount, struct err *err)
{
	struct entry *en;

	if (env_money_entry(e, name))
		return err_at(err, ERR_INPUT, pos, "the money line `%s` stands "
		              "twice", name);
	en = add_entry(e, name, SYMBOL_MONEY, pos, err);
	en->body = arena_alloc(e->arena, sizeof *en->body);
	en->body[0] = amount;
	en->account = arena_strdup(e->arena, account);
	en->monthly = monthly;
	en->options = options;
	return true;
}

void env_objective(struct env *e, struct syntax *objective)
{
	e->objective = objective;
}

/* --- asking ----------------------------------------------------------- */

int env_axes(const struct env *e)
{
	return e->naxes;
}

const char *env_axis_name(const struct env *e, int axis)
{
	return e->axis[axis].name;
}

int env_axis_size(const struct env *e, int axis)
{
	return axis == AXIS_MONTH ? e->months : e->axis[axis].n;
}

const char *env_axis_label(const struct env *e, int axis, int label)
{
	return e->axis[axis].label[label];
}

int env_find_label(const struct env *e, const char *label, int *axis)
{
	for (int a = 0; a < e->naxes; a++)
		for (int i = 0; i < e->axis[a].n; i++)
			if (strcmp(e->axis[a].label[i], label) == 0) {
				*axis = a;
				return i;
			}
	return -1;
}

int env_choice_label(const struct env *e, int choice, const char *label)
{
	const struct choice *c = &e->choice[choice];

	for (int i = 0; i < c->n; i++)
		if (strcmp(c->label[i], label) == 0)
			return i;
	return -1;
}

struct units *env_units(const struct env *e)
{
	return e->units;
}

const char *env_state_name(const struct env *e, int code)
{
	static const char *const plain[] = {
		"", "never", "always", "unmeasured",
	};

	if (code < STATE_REASON)
		return code > 0 ? plain[code] : "";
	return arena_printf(e->arena, "infeasible: %s", reason_name(code));
}

/* --- columns ---------------------------------------------------------- */

bool env_column(struct env *e, const char *table, const char *column,
                enum value_type type, const struct unit *unit, bool required,
                struct pos pos, struct err *err)
{
	if (!name_free(e, table, pos, err) || !name_free(e, column, pos, NULL))
		return err_any(err) || err_at(err, ERR_INPUT, pos, "`%s` cannot "
		                              "name a column", column);
	*PUSH(e, e->column, e->ncolumns, e->columns_cap)
		= (struct column_entry){
			arena_printf(e->arena, "%s.%s", table, column), type,
			*unit, required,
		};
	return true;
}
