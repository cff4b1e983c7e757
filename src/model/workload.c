/*
 * `models/workload.yaml`: what several models share.  A scenario may state the
 * value of a formula as well; the formula is then read as a parameter (`fixed`)
 * in an environment of its own, so that what reads it follows.
 */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "dist/draws.h"

#include "base/banned.h"

static const char *const workload_keys[] = {
	"workload", "title", "parameters", "formulas", "joint", NULL,
};

static bool is_fixed(const char *const *fixed, const char *name)
{
	for (; fixed && *fixed; fixed++)
		if (strcmp(*fixed, name) == 0)
			return true;
	return false;
}

/* --- parameters ----------------------------------------------------------- */

static void load_shared(struct loader *ld, const struct ynode *n,
                        struct workload *w)
{
	for (int i = 0; i < n->n; i++) {
		if (!want_map(n->item[i], n->key[i]->text, &ld->err)) {
			ld->undeclared = true;
			continue;
		}
		if (!load_param(ld, n->key[i], n->item[i],
		                &w->param[w->nparams], &w->nslots))
			ld->undeclared = true;
		w->nparams++;
	}
}

/* A name or alias must mean one thing. */
static void check_aliases(struct loader *ld, const struct workload *w)
{
	for (int i = 0; i < w->nparams; i++)
		for (const char *const *a = w->param[i].aka; a && *a; a++) {
			struct symbol sym;
			int slot;

			if (workload_param(w, *a, &slot) == &w->param[i]
			    && !env_symbol(w->env, *a, 0, &sym))
				continue;
			err_at(&ld->err, ERR_INPUT, w->param[i].pos,
			       "`%s`: the alias `%s` is another name already",
			       w->param[i].name, *a);
		}
}

/* --- formulas ------------------------------------------------------------- */

/* The formula's unit, known from a first reading without `fixed`. */
static void fix_formula(struct loader *ld, const struct ynode *key,
                        const struct workload *plain, int index,
                        struct workload *w)
{
	struct param *p = &w->param[w->nparams];
	const struct formula_info *f = &plain->formula[index];
	struct symbol sym;
	struct env_param e = { .axis = -1, .slot = &p->first_slot };

	if (!env_symbol(plain->env, f->name, 0, &sym))
		return;
	*p = (struct param){
		.name = key->text, .title = f->title, .pos = key->pos,
		.unit = sym.unit, .axis = -1, .nslots = 1,
		.unit_text = arena_strdup(ld->arena, sym.unit_text),
		.first_slot = w->nslots++, .first_dim = plain->ndims + index,
		.low = -HUGE_VAL, .high = HUGE_VAL,
	};
	p->title = f->title ? arena_strdup(ld->arena, f->title) : NULL;
	p->slot_name = arena_alloc(ld->arena, sizeof *p->slot_name);
	p->setting = arena_alloc(ld->arena, sizeof *p->setting);
	p->slot_name[0] = p->name;
	e.name = p->name;
	e.pos = p->pos;
	e.unit = p->unit;
	e.unit_text = p->unit_text;
	if (env_param(ld->env, &e, &ld->err))
		w->nparams++;
}

static int formula_index(const struct workload *w, const char *name)
{
	for (int i = 0; w && i < w->nformulas; i++)
		if (strcmp(w->formula[i].name, name) == 0)
			return i;
	return -1;
}

static void load_shared_formulas(struct loader *ld, const struct ynode *n,
                                 const char *const *fixed,
                                 const struct workload *plain,
                                 struct workload *w)
{
	struct ynode rest = *n;

	rest.item = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                   * sizeof *rest.item);
	rest.key = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                  * sizeof *rest.key);
	rest.n = 0;
	for (int i = 0; i < n->n; i++) {
		int index = formula_index(plain, n->key[i]->text);

		if (is_fixed(fixed, n->key[i]->text) && index >= 0) {
			fix_formula(ld, n->key[i], plain, index, w);
			continue;
		}
		rest.item[rest.n] = n->item[i];
		rest.key[rest.n++] = n->key[i];
	}
	load_formulas(ld, &rest, &w->formula, &w->nformulas);
}

/* --- the file ------------------------------------------------------------- */

static void load_root(struct loader *ld, const struct ynode *root,
                      const char *const *fixed, const struct workload *plain,
                      struct workload *w)
{
	const struct ynode *params = yaml_get(root, "parameters");
	const struct ynode *formulas = yaml_get(root, "formulas");
	bool have = params && want_map(params, "parameters", &ld->err);
	size_t room = 1;

	yaml_only(root, "the workload", workload_keys, &ld->err);
	if (!yaml_get(root, "workload"))
		err_at(&ld->err, ERR_INPUT, root->pos, "the file needs "
		       "`workload: 1` at its head");
	room += have ? (size_t)params->n : 0;
	if (formulas && want_map(formulas, "formulas", &ld->err))
		room += (size_t)formulas->n;
	else
		formulas = NULL;
	w->param = arena_alloc(ld->arena, room * sizeof *w->param);
	if (have)
		load_shared(ld, params, w);
	w->ndims = ld->ndims;
	if (formulas)
		load_shared_formulas(ld, formulas, fixed, plain, w);
	if (w->ndims + (formulas ? formulas->n : 0) > DRAWS_BLOCK)
		err_at(&ld->err, ERR_LIMIT, root->pos, "the workload has more "
		       "than %d parameters and formulas", DRAWS_BLOCK);
	if (!ld->undeclared && env_check(ld->env, &ld->err))
		check_aliases(ld, w);
	if (yaml_get(root, "joint"))
		load_joint(ld, yaml_get(root, "joint"), &w->joint);
}

static struct workload *read_workload(struct units *u, const char *text,
                                      size_t n, const char *name,
                                      const char *const *fixed,
                                      const struct workload *plain,
                                      struct err *err)
{
	struct arena *a = arena_new();
	struct workload *w = arena_alloc(a, sizeof *w);
	struct loader ld = { .arena = a, .units = u, .err = ERR_INIT };
	const struct ynode *root;

	w->arena = a;
	w->path = arena_strdup(a, name);
	digest_of(text, n, w->digest);
	w->env = ld.env = env_new(a, u, "workload");
	env_months(ld.env, 1);
	root = yaml_read_text(a, text, n, w->path, &ld.err);
	if (root && want_map(root, "the workload", &ld.err))
		load_root(&ld, root, fixed, plain, w);
	if (!err_any(&ld.err))
		return w;
	err_sort(&ld.err);
	err_move(err, &ld.err);
	workload_free(w);
	return NULL;
}

struct workload *workload_load_text(struct units *u, const char *text,
                                    size_t n, const char *name,
                                    const char *const *fixed, struct err *err)
{
	struct workload *plain, *w;

	plain = read_workload(u, text, n, name, NULL, NULL, err);
	if (!plain || !fixed || !*fixed)
		return plain;
	w = read_workload(u, text, n, name, fixed, plain, err);
	workload_free(plain);
	return w;
}

void workload_free(struct workload *w)
{
	if (w)
		arena_free(w->arena);
}
