/* A scenario, or an example, bound to its models. */
#include "model/bound_int.h"

#include <string.h>

#include "base/buf.h"
#include "dist/draws.h"

#include "base/banned.h"

#define FIRST_EXTRA_BLOCK 7

int binder_base(const struct binder *bd, int model)
{
	return model < 0 ? 0 : bd->b->model[model].first_slot;
}

struct pos binder_place(const struct binder *bd)
{
	const char *file = bd->s->path ? bd->s->path : bd->s->name;

	return (struct pos){ file, 0, 0 };
}

struct setting_reader binder_reader(struct binder *bd, int model)
{
	return (struct setting_reader){
		.arena = bd->b->arena, .units = library_units(bd->l),
		.workload = model < 0 ? NULL : bd->w, .err = &bd->err,
	};
}

void binder_warn(struct binder *bd, const char *model, const char *code,
                 const char *fmt, ...)
{
	struct bound *b = bd->b;
	struct buf text;
	va_list ap;

	buf_init(&text);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	b->warning = scenario_grow(b->arena, b->warning, &b->nwarnings,
	                           sizeof *b->warning);
	b->warning[b->nwarnings - 1] = (struct note_item){
		model, code, arena_strdup(b->arena, text.s),
	};
	buf_release(&text);
}

/* --- models and slots ----------------------------------------------------- */

static int assumed_option(const struct binder *bd, const struct model *m)
{
	for (int i = 0; i < bd->s->nmodels; i++)
		if (strcmp(bd->s->model[i], m->name) == 0
		    && bd->s->assume[i])
			return model_option(m, bd->s->assume[i]);
	return -1;
}

static const char *const *answers_of(struct binder *bd, const struct model *m)
{
	const char **list = arena_alloc(bd->b->arena,
	                                ((size_t)m->nchecklist + 1)
	                                * sizeof *list);

	for (int i = 0; i < bd->s->nanswers; i++)
		for (int k = 0; k < m->nchecklist; k++)
			if (strcmp(bd->s->answer[i].model, m->name) == 0
			    && strcmp(bd->s->answer[i].id, m->check[k].id) == 0)
				list[k] = arena_strdup(bd->b->arena,
				                       bd->s->answer[i].text);
	return list;
}

static void lay_out_models(struct binder *bd)
{
	struct bound *b = bd->b;

	b->nmodels = bd->scope.n;
	b->model = arena_alloc(b->arena, ((size_t)b->nmodels + 1)
	                                 * sizeof *b->model);
	b->nslots = bd->w->nslots;
	for (int i = 0; i < b->nmodels; i++) {
		const struct model *m = bd->scope.model[i];

		b->model[i] = (struct bound_model){
			.model = m, .first_slot = b->nslots,
			.horizon = bd->s->horizon ? bd->s->horizon
			                          : m->horizon,
			.answers = answers_of(bd, m),
			.assume = assumed_option(bd, m),
			.recommended = bd->recommended ? bd->recommended[i]
			                               : -1,
		};
		b->nslots += m->nslots;
	}
	b->slot = arena_alloc(b->arena, ((size_t)b->nslots + 1)
	                                * sizeof *b->slot);
	bd->chosen = arena_alloc(b->arena, ((size_t)b->nslots + 1)
	                                   * sizeof *bd->chosen);
}

/* Puts down what is known of a parameter's slots before any value is. */
static void lay_out_param(struct binder *bd, int model, int block,
                          const struct param *p)
{
	int first = binder_base(bd, model) + p->first_slot;

	for (int k = 0; k < p->nslots; k++) {
		const struct setting *s = p->setting[k];

		bd->b->slot[first + k] = (struct slot){
			.name = p->slot_name[k], .model = model, .param = p,
			.index = k, .preset = -1, .target = -1, .times = -1,
			.neighbour = -1, .option = -1,
			.dim = block * DRAWS_BLOCK + p->first_dim
			       + (p->common ? 0 : k),
		};
		bd->chosen[first + k] = (struct chosen){
			.setting = s,
			.origin = model < 0 ? "workload" : "model",
			.source = s && s->source.kind ? s->source : p->source,
		};
	}
}

static void lay_out_preset(struct binder *bd, int model, int block,
                           const struct preset *p)
{
	bd->b->slot[binder_base(bd, model) + p->slot] = (struct slot){
		.name = p->name, .model = model, .kind = SLOT_INPUT,
		.preset = -1, .target = -1, .times = -1, .neighbour = -1,
		.option = -1, .dim = block * DRAWS_BLOCK + p->dim,
		.origin = "model", .source = p->source, .pos = p->pos,
	};
}

static void lay_out_slots(struct binder *bd)
{
	int extra = FIRST_EXTRA_BLOCK;

	for (int i = 0; i < bd->w->nparams; i++)
		lay_out_param(bd, -1, 0, &bd->w->param[i]);
	for (int i = 0; i < bd->b->nmodels; i++) {
		const struct model *m = bd->b->model[i].model;
		int block = library_block(bd->l, m->name);

		if (block < 0)
			block = extra++;
		if (block >= DRAWS_BLOCKS) {
			err_at(&bd->err, ERR_LIMIT, binder_place(bd), "the "
			       "scenario asks about more than %d models of "
			       "one's own; `%s` is too many",
			       DRAWS_BLOCKS - FIRST_EXTRA_BLOCK, m->name);
			return;
		}
		for (int k = 0; k < m->nparams; k++)
			lay_out_param(bd, i, block, &m->param[k]);
		for (int k = 0; k < m->npresets; k++)
			lay_out_preset(bd, i, block, &m->preset[k]);
	}
}

/* --- opening what it needs ------------------------------------------------ */

/* The formulas of the workload whose value the scenario states. */
static const char *const *stated_formulas(struct binder *bd)
{
	const struct scenario *s = bd->s;
	const char **list = arena_alloc(bd->b->arena,
	                                ((size_t)s->noverrides + 1)
	                                * sizeof *list);
	int n = 0;

	for (int i = 0; i < s->noverrides; i++)
		for (int k = 0; !s->override[i].where
		     && k < bd->w->nformulas; k++)
			if (strcmp(bd->w->formula[k].name,
			           s->override[i].name) == 0)
				list[n++] = bd->w->formula[k].name;
	return list;
}

static bool open_parts(struct binder *bd)
{
	struct bound *b = bd->b;
	const char *const *stated;

	bd->w = library_workload(bd->l, &bd->err);
	b->prices = library_prices(bd->l, &bd->err);
	if (!bd->w || !b->prices)
		return false;
	if (!bd->example && !scope_open(&bd->scope, bd->l, bd->s, &bd->err))
		return false;
	stated = stated_formulas(bd);
	if (stated[0]) {
		b->own_workload = library_variant(bd->l, stated, &bd->err);
		bd->w = b->own_workload;
	}
	b->workload = bd->w;
	b->prices_as_of = bd->s->prices_as_of ? bd->s->prices_as_of
	                                      : b->prices->as_of;
	return bd->w != NULL;
}

/* --- the steps ------------------------------------------------------------ */

static void (*const steps[])(struct binder *bd) = {
	lay_out_slots, bind_price_files, bind_names, bind_tables, bind_values,
	bind_presets, bind_slots, bind_links, bind_studies, bind_warnings,
};

static struct bound *run(struct binder *bd, struct err *err)
{
	struct bound *b = bd->b;

	b->library = bd->l;
	b->scenario = bd->s;
	if (open_parts(bd)) {
		lay_out_models(bd);
		for (size_t i = 0; i < sizeof steps / sizeof *steps
		     && !err_any(&bd->err); i++)
			steps[i](bd);
	}
	if (!err_any(&bd->err)) {
		scenario_digest(bd->s, b->scenario_digest);
		memcpy(b->content, b->scenario_digest, DIGEST_HEX);
		if (b->nfiles || bd->s->model_files)
			scenario_content(bd->s, b->content);
		return b;
	}
	err_sort(&bd->err);
	err_move(err, &bd->err);
	bound_free(b);
	return NULL;
}

static struct bound *bound_blank(void)
{
	struct arena *a = arena_new();
	struct bound *b = arena_alloc(a, sizeof *b);

	b->arena = a;
	return b;
}

struct bound *bound_new(struct library *l, const struct scenario *s,
                        const int *recommended, struct err *err)
{
	struct binder bd = {
		.b = bound_blank(), .l = l, .s = s,
		.recommended = recommended, .err = ERR_INIT,
	};

	return run(&bd, err);
}

void bound_free(struct bound *b)
{
	if (!b)
		return;
	bound_tables_release(b);
	workload_free(b->own_workload);
	scenario_free(b->own_scenario);
	arena_free(b->arena);
}

/* --- examples ------------------------------------------------------------- */

/* What is given names a parameter of the model, else one of the workload. */
static struct scenario *example_scenario(const struct model *m,
                                         const struct example *x)
{
	struct scenario *s = scenario_new();
	int slot;

	s->path = arena_strdup(s->arena, m->path);
	s->name = arena_strdup(s->arena, x->name);
	s->horizon = x->horizon;
	scenario_ask(s, m->name, x->pos);
	for (int i = 0; i < x->ngiven; i++)
		*GROW(s, s->override, s->noverrides) = (struct override){
			.where = model_param(m, x->given[i].name, &slot)
				? s->model[0] : NULL,
			.name = x->given[i].name, .value = x->given[i].value,
		};
	for (int i = 0; x->presets && i < x->presets->n; i++)
		*GROW(s, s->preset, s->npresets) = (struct preset_choice_set){
			s->model[0], x->presets->key[i]->text,
			x->presets->item[i],
		};
	return s;
}

struct bound *bound_example(struct library *l, const struct model *m,
                            const struct example *x, struct err *err)
{
	struct bound *b = bound_blank();
	struct binder bd = {
		.b = b, .l = l, .example = x, .err = ERR_INIT,
		.scope = { .n = 1, .model = { m } },
	};

	b->own_scenario = example_scenario(m, x);
	bd.s = b->own_scenario;
	bd.price_used = arena_alloc(b->arena, ((size_t)x->nprices + 1)
	                                      * sizeof *bd.price_used);
	return run(&bd, err);
}

/* --- asking --------------------------------------------------------------- */

int bound_model_index(const struct bound *b, const char *model)
{
	for (int i = 0; i < b->nmodels; i++)
		if (strcmp(b->model[i].model->name, model) == 0)
			return i;
	return -1;
}

const char *slot_unit_text(const struct slot *s)
{
	return s->param ? s->param->unit_text : "1";
}

const struct unit *slot_unit(const struct slot *s)
{
	static const struct unit one = { .scale = 1 };

	return s->param ? &s->param->unit : &one;
}
