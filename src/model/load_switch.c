/*
 * `switch:`: from which value of a parameter on to take an option that can be
 * left again, and below which to leave it.
 */
#include "model/load.h"

#include <string.h>

#include "base/banned.h"

static int find_output(struct loader *ld, const struct ynode *n,
                       const char *key)
{
	const struct model *m = ld->model;
	const char *name, **known;

	if (!n || !yaml_text(n, key, &name, &ld->err))
		return -1;
	known = arena_alloc(ld->arena, ((size_t)m->noutputs + 1) *
	                               sizeof *known);
	for (int i = 0; i < m->noutputs; i++) {
		if (strcmp(m->output[i].name, name) == 0)
			return i;
		known[i] = m->output[i].name;
	}
	err_at(&ld->err, ERR_INPUT, text_pos(n), "switch: there is no output "
	       "`%s`%s", name, suggestion(ld->arena, name, known));
	return -1;
}

static int find_option(struct loader *ld, const struct ynode *n)
{
	const char *name;
	int o;

	if (!yaml_text(n, "to", &name, &ld->err))
		return -1;
	o = model_option(ld->model, name);
	if (o < 0)
		err_at(&ld->err, ERR_INPUT, text_pos(n), "switch: there is no "
		       "option `%s`%s", name, suggestion(ld->arena, name,
		       option_list(ld->arena, ld->model)));
	return o;
}

static const struct param *find_parameter(struct loader *ld,
                                          const struct ynode *n,
                                          const char **name)
{
	const struct model *m = ld->model;
	const struct param *p;
	int slot;

	if (!yaml_text(n, "of", name, &ld->err))
		return NULL;
	p = model_param(m, *name, &slot);
	if (p && p->type == TYPE_NUMBER && (slot >= 0 || p->nslots == 1))
		return p;
	err_at(&ld->err, ERR_INPUT, text_pos(n), p ? "switch: `%s` is no one "
	       "number%s" : "switch: there is no parameter `%s`%s", *name,
	       p ? "" : suggestion(ld->arena, *name, param_list(ld->arena,
	       m->param, m->nparams)));
	return NULL;
}

static void same_unit(struct loader *ld, const struct ynode *n,
                      const struct param *p, int output)
{
	const struct output_def *o = &ld->model->output[output];

	if (!ld->undeclared && !unit_same(&o->unit, &p->unit))
		err_at(&ld->err, ERR_INPUT, text_pos(n), "switch: `%s` is in "
		       "%s, but %s is in %s", o->name, o->unit_text, p->name,
		       p->unit_text);
}

void load_switch(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"of", "to", "at", "back_below", "value", NULL,
	};
	const struct ynode *at = yaml_get(n, "at");
	const struct ynode *back = yaml_get(n, "back_below");
	struct switch_def d = { 0 };
	const struct param *p;

	if (!yaml_only(n, "switch", keys, &ld->err))
		return;
	for (int i = 0; i < 4; i++)
		if (!yaml_get(n, keys[i])) {
			err_at(&ld->err, ERR_INPUT, n->pos, "switch needs "
			       "`%s:`", keys[i]);
			return;
		}
	p = find_parameter(ld, yaml_get(n, "of"), &d.of);
	d.to = find_option(ld, yaml_get(n, "to"));
	d.at = find_output(ld, at, "at");
	d.back = find_output(ld, back, "back_below");
	d.value = find_output(ld, yaml_get(n, "value"), "value");
	if (!p || d.to < 0 || d.at < 0 || d.back < 0)
		return;
	same_unit(ld, at, p, d.at);
	same_unit(ld, back, p, d.back);
	ld->model->change = d;
}
