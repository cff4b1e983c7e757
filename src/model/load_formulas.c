/* `functions:` and `formulas:`. */
#include "model/load.h"

#include <string.h>

#include "base/banned.h"

/* --- functions ------------------------------------------------------------ */

/* `"name(x, y)": text` as a key. */
static bool split_signature(struct loader *ld, const struct ynode *key,
                            const char **name, const char ***args, int *n)
{
	const char *open = strchr(key->text, '(');
	const char *p = open + 1;
	size_t room = strlen(key->text);

	*name = arena_strndup(ld->arena, key->text,
	                      (size_t)(open - key->text));
	*args = arena_alloc(ld->arena, room * sizeof **args);
	*n = 0;
	while (*p) {
		size_t len;

		p += strspn(p, " ");
		len = strcspn(p, " ,)");
		if (len)
			(*args)[(*n)++] = arena_strndup(ld->arena, p, len);
		p += len;
		p += strspn(p, " ");
		if (p[0] == ')' && p[1] == '\0' && *n > 0)
			return true;
		if (*p != ',' || !len)
			break;
		p++;
	}
	return err_at(&ld->err, ERR_INPUT, key->pos, "`%s`: a function is "
	              "written \"name(x, y)\": TEXT", key->text);
}

static bool load_function(struct loader *ld, const struct ynode *key,
                          const struct ynode *body)
{
	static const char *const keys[] = { "args", "value", "title", NULL };
	const struct ynode *value = body, *list;
	const char *name = key->text;
	const char *const *args;
	const char **split;
	struct syntax *s;
	int n;

	if (strchr(key->text, '(')) {
		if (!split_signature(ld, key, &name, &split, &n))
			return false;
		args = split;
	} else {
		if (!want_map(body, key->text, &ld->err)
		    || !yaml_only(body, key->text, keys, &ld->err))
			return false;
		list = yaml_get(body, "args");
		value = yaml_get(body, "value");
		if (!list || !value)
			return err_at(&ld->err, ERR_INPUT, key->pos,
			              "the function `%s` needs `args:` and "
			              "`value:`", key->text);
		args = get_texts(ld->arena, &ld->err, list, "args", &n);
	}
	ld->model->function_text[ld->model->nfunctions++]
		= node_text(ld->arena, value);
	return read_expr(ld, value, name, &s)
		&& env_function(ld->env, name, key->pos, args, n, s,
		                &ld->err);
}

void load_functions(struct loader *ld, const struct ynode *n)
{
	ld->model->function_text = arena_alloc(ld->arena,
		((size_t)n->n + 1) * sizeof *ld->model->function_text);
	for (int i = 0; i < n->n; i++)
		if (!load_function(ld, n->key[i], n->item[i]))
			ld->undeclared = true;
}

/* --- formulas ------------------------------------------------------------- */

struct shape {                          /* what a formula's map says */
	const struct unit *unit;
	struct unit room;
	const char *unit_text, *title;
};

static bool read_shape(struct loader *ld, const struct ynode *body,
                       const char *name, struct shape *s)
{
	const struct ynode *unit = yaml_get(body, "unit");

	*s = (struct shape){ .unit = NULL };
	s->title = get_text(&ld->err, body, "title", false, name);
	if (!unit)
		return true;
	if (!read_unit(ld->units, unit, name, &s->room, &s->unit_text,
	               &ld->err))
		return false;
	s->unit = &s->room;
	return true;
}

static int axis_named(struct loader *ld, const struct ynode *by,
                      const char *what)
{
	const char *name;

	if (!yaml_text(by, "by", &name, &ld->err))
		return -1;
	for (int a = 0; a < env_axes(ld->env); a++)
		if (a != AXIS_MONTH && env_axis_size(ld->env, a) > 0
		    && strcmp(env_axis_name(ld->env, a), name) == 0)
			return a;
	err_at(&ld->err, ERR_INPUT, text_pos(by), "`%s`: there is no axis "
	       "`%s` to give one line a label", what, name);
	return -1;
}

static bool known_line(struct loader *ld, const char *key, int axis)
{
	static const char *const words[] = { "by", "unit", "title", "else" };
	int found;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], key) == 0)
			return true;
	return env_find_label(ld->env, key, &found) >= 0 && found == axis;
}

/* {by: period, peak: .., else: ..} */
static bool formula_by(struct loader *ld, const struct ynode *key,
                       const struct ynode *body, const struct shape *s)
{
	int axis = axis_named(ld, yaml_get(body, "by"), key->text);
	const struct ynode *otherwise = yaml_get(body, "else");
	struct syntax **line, *rest = NULL;
	bool ok = true;
	int n;

	if (axis < 0)
		return false;
	n = env_axis_size(ld->env, axis);
	line = arena_alloc(ld->arena, (size_t)n * sizeof *line);
	for (int i = 0; i < body->n; i++)
		if (!known_line(ld, body->key[i]->text, axis))
			ok = err_at(&ld->err, ERR_INPUT, body->key[i]->pos,
			            "`%s`: `%s` is no label of `%s` (%s)",
			            key->text, body->key[i]->text,
			            env_axis_name(ld->env, axis),
			            list_text(ld->arena,
			                      label_list(ld->arena, ld->env,
			                                 axis)));
	if (otherwise)
		ok &= read_expr(ld, otherwise, key->text, &rest);
	for (int i = 0; i < n; i++) {
		const char *label = env_axis_label(ld->env, axis, i);
		const struct ynode *text = yaml_get(body, label);

		line[i] = rest;
		if (text)
			ok &= read_expr(ld, text, key->text, &line[i]);
		else if (!otherwise)
			ok = err_at(&ld->err, ERR_INPUT, body->pos, "`%s` has "
			            "no line for `%s`: add it, or `else:`",
			            key->text, label);
	}
	return ok && env_formula(ld->env, key->text, key->pos, axis, line,
	                         s->unit, s->unit_text, &ld->err);
}

static bool formula_stock(struct loader *ld, const struct ynode *key,
                          const struct ynode *body, const struct shape *s)
{
	static const char *const keys[] = {
		"initial", "next", "unit", "title", NULL,
	};
	const struct ynode *initial = yaml_get(body, "initial");
	const struct ynode *next = yaml_get(body, "next");
	struct syntax *first, *then;

	if (!yaml_only(body, key->text, keys, &ld->err))
		return false;
	if (!initial || !next)
		return err_at(&ld->err, ERR_INPUT, body->pos, "`%s`: a stock "
		              "needs `initial:` and `next:`", key->text);
	return read_expr(ld, initial, "initial", &first)
		&& read_expr(ld, next, "next", &then)
		&& env_stock(ld->env, key->text, key->pos, first, then,
		             s->unit, s->unit_text, &ld->err);
}

static bool formula_text(struct loader *ld, const struct ynode *key,
                         const struct ynode *text, const struct shape *s)
{
	struct syntax *body;

	return read_expr(ld, text, key->text, &body)
		&& env_formula(ld->env, key->text, key->pos, -1, &body,
		               s->unit, s->unit_text, &ld->err);
}

static bool formula_value(struct loader *ld, const struct ynode *key,
                          const struct ynode *body, const struct shape *s)
{
	static const char *const keys[] = { "value", "unit", "title", NULL };
	const struct ynode *value = yaml_get(body, "value");

	if (!yaml_only(body, key->text, keys, &ld->err))
		return false;
	if (!value)
		return err_at(&ld->err, ERR_INPUT, body->pos, "`%s` needs "
		              "`value:`, `by: AXIS` with a line for each "
		              "label, or `initial:` and `next:`", key->text);
	return formula_text(ld, key, value, s);
}

static bool load_formula(struct loader *ld, const struct ynode *key,
                         const struct ynode *body, struct formula_info *info)
{
	struct shape s = { .unit = NULL };

	info->name = key->text;
	info->pos = key->pos;
	info->text = node_text(ld->arena, body);
	if (body->kind == Y_SCALAR)
		return formula_text(ld, key, body, &s);
	if (!want_map(body, key->text, &ld->err)
	    || !read_shape(ld, body, key->text, &s))
		return false;
	info->title = s.title;
	if (yaml_get(body, "value") && !yaml_get(body, "by"))
		info->text = node_text(ld->arena, yaml_get(body, "value"));
	if (yaml_get(body, "by"))
		return formula_by(ld, key, body, &s);
	if (yaml_get(body, "initial") || yaml_get(body, "next"))
		return formula_stock(ld, key, body, &s);
	return formula_value(ld, key, body, &s);
}

void load_formulas(struct loader *ld, const struct ynode *n,
                   struct formula_info **info, int *count)
{
	*info = arena_alloc(ld->arena, ((size_t)n->n + 1) * sizeof **info);
	for (int i = 0; i < n->n; i++)
		if (!load_formula(ld, n->key[i], n->item[i],
		                  &(*info)[(*count)++]))
			ld->undeclared = true;
}
