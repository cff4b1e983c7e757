/*
 * A model file, section by section.  Sections are read in the order of the
 * table below, not of the file: what declares names comes first, then the
 * formulas are checked as a whole, then what uses the names is read.
 */
#include "model/load.h"

#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "dist/draws.h"

#include "base/banned.h"

/* --- head, options, axes -------------------------------------------------- */

static void load_head(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;
	const struct ynode *horizon = yaml_get(n, "horizon");
	const struct ynode *version = yaml_get(n, "version");
	double v = 1;

	m->name = get_text(&ld->err, n, "model", true, "a model");
	m->title = get_text(&ld->err, n, "title", true, "a model");
	m->question = get_text(&ld->err, n, "question", true, "a model");
	m->version = 1;
	if (version && yaml_number(version, "version", &v, &ld->err)) {
		if (v >= 1 && v <= 1e6 && v == (int)v)
			m->version = (int)v;
		else
			err_at(&ld->err, ERR_INPUT, text_pos(version),
			       "version must be a whole number from 1 on");
	}
	m->horizon = 12;
	if (horizon)
		read_months(ld->units, horizon, "horizon", &m->horizon,
		            &ld->err);
	else
		err_at(&ld->err, ERR_INPUT, n->pos, "a model needs `horizon:` "
		       "(such as 36 month)");
	env_months(ld->env, m->horizon);
}

static void load_option(struct loader *ld, const struct ynode *key,
                        const struct ynode *body, struct option *o)
{
	static const char *const keys[] = { "title", "tags", NULL };
	const struct ynode *tags;

	o->name = key->text;
	o->title = key->text;
	if (node_empty(body) || !want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, keys, &ld->err))
		return;
	o->title = get_text(&ld->err, body, "title", false, key->text);
	if (!o->title)
		o->title = key->text;
	tags = yaml_get(body, "tags");
	if (tags)
		o->tags = get_texts(ld->arena, &ld->err, tags, "tags", NULL);
}

static void load_options(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	if (n->n < 1 || n->n > MODEL_MAX_OPTIONS) {
		err_at(&ld->err, n->n < 1 ? ERR_INPUT : ERR_LIMIT, n->pos,
		       "a model has 1 to %d options, not %d",
		       MODEL_MAX_OPTIONS, n->n);
		ld->undeclared = true;
		return;
	}
	m->option = arena_alloc(ld->arena, (size_t)n->n * sizeof *m->option);
	for (int i = 0; i < n->n; i++)
		load_option(ld, n->key[i], n->item[i],
		            &m->option[m->noptions++]);
	if (env_axis(ld->env, "option", option_list(ld->arena, m), m->noptions,
	             n->pos, &ld->err) < 0)
		ld->undeclared = true;
	for (int i = 0; i < m->noptions; i++)
		for (const char *const *t = m->option[i].tags; t && *t; t++)
			env_tag(ld->env, *t, i);
}

static void load_axes(struct loader *ld, const struct ynode *n)
{
	for (int i = 0; i < n->n; i++) {
		const char *const *labels;
		int count;

		if (!want_list(n->item[i], n->key[i]->text, &ld->err)) {
			ld->undeclared = true;
			continue;
		}
		labels = get_texts(ld->arena, &ld->err, n->item[i],
		                   n->key[i]->text, &count);
		if (env_axis(ld->env, n->key[i]->text, labels, count,
		             n->key[i]->pos, &ld->err) < 0)
			ld->undeclared = true;
	}
}

/* --- the table ------------------------------------------------------------ */

static void load_model_formulas(struct loader *ld, const struct ynode *n)
{
	load_formulas(ld, n, &ld->model->formula, &ld->model->nformulas);
}

static const struct section {
	const char *key;
	enum ynode_kind kind;
	bool required;
	void (*declare)(struct loader *ld, const struct ynode *n);
	void (*check)(struct loader *ld, const struct ynode *n);
} sections[] = {
	{ "options", Y_MAP, true, load_options, NULL },
	{ "axes", Y_MAP, false, load_axes, NULL },
	{ "tables", Y_MAP, false, load_tables, NULL },
	{ "reads", Y_MAP, false, load_reads, NULL },
	{ "parameters", Y_MAP, false, load_parameters, check_parameters },
	{ "functions", Y_MAP, false, load_functions, NULL },
	{ "formulas", Y_MAP, false, load_model_formulas, NULL },
	{ "money", Y_MAP, false, load_money, NULL },
	{ "decision", Y_MAP, true, load_decision, check_decision },
	{ "presets", Y_MAP, false, load_presets, NULL },
	{ "requires", Y_SEQ, false, NULL, load_requires },
	{ "constraints", Y_SEQ, false, NULL, load_constraints },
	{ "findings", Y_SEQ, false, NULL, load_findings },
	{ "outputs", Y_MAP, false, NULL, load_outputs },
	{ "switch", Y_MAP, false, NULL, load_switch },
	{ "figures", Y_SEQ, false, NULL, load_figures },
	{ "triggers", Y_SEQ, false, NULL, load_triggers },
	{ "checklist", Y_SEQ, false, NULL, load_checklist },
	{ "studies", Y_MAP, false, NULL, load_studies },
	{ "examples", Y_SEQ, false, NULL, load_examples },
};
#define NSECTIONS (sizeof sections / sizeof *sections)

static const char *const head_keys[] = {
	"model", "title", "question", "version", "horizon",
};
#define NHEAD (sizeof head_keys / sizeof *head_keys)

/* Keys that people try, and what to write instead. */
static const struct refusal { const char *key, *hint; } refusals[] = {
	{ "formulas_pairwise", "put its lines under `formulas:`; x[option] "
	  "picks an option there" },
	{ "policy", "rules are waived in a policy file, never in a model" },
	{ "correlate", "a scenario says which of its values hang together" },
	{ "workload", "a parameter takes from it by {workload: NAME}" },
};
#define NREFUSALS (sizeof refusals / sizeof *refusals)

static void check_keys(struct loader *ld, const struct ynode *root)
{
	const char *known[NHEAD + NSECTIONS + NREFUSALS + 1] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < NHEAD; i++)
		known[n++] = head_keys[i];
	for (size_t i = 0; i < NSECTIONS; i++)
		known[n++] = sections[i].key;
	for (size_t i = 0; i < NREFUSALS; i++) {
		const struct ynode *bad = yaml_get(root, refusals[i].key);

		if (!bad)
			continue;
		err_at(&ld->err, ERR_INPUT, bad->pos, "`%s:` does not belong "
		       "in a model: %s", refusals[i].key, refusals[i].hint);
		known[n++] = refusals[i].key;
	}
	yaml_only(root, "a model", known, &ld->err);
}

/* The section's node when it is there and of the right kind. */
static const struct ynode *section_node(struct loader *ld,
                                        const struct ynode *root,
                                        const struct section *s)
{
	const struct ynode *n = yaml_get(root, s->key);

	if (!n && s->required)
		err_at(&ld->err, ERR_INPUT, root->pos, "a model needs `%s:`",
		       s->key);
	if (n && node_empty(n) && !s->required)
		return NULL;
	if (n && (s->kind == Y_MAP ? want_map(n, s->key, &ld->err)
	                           : want_list(n, s->key, &ld->err)))
		return n;
	/* What it would have declared is missing now. */
	ld->undeclared |= s->required || n != NULL;
	return NULL;
}

static void load_sections(struct loader *ld, const struct ynode *root)
{
	const struct ynode *node[NSECTIONS];
	struct model *m = ld->model;

	for (size_t i = 0; i < NSECTIONS; i++)
		node[i] = section_node(ld, root, &sections[i]);
	for (size_t i = 0; i < NSECTIONS; i++) {
		if (node[i] && sections[i].declare)
			sections[i].declare(ld, node[i]);
		if (m->noptions == 0)           /* all else hangs on them */
			return;
	}
	if (!ld->undeclared)
		ld->undeclared = !env_check(ld->env, &ld->err);
	for (size_t i = 0; i < NSECTIONS; i++)
		if (node[i] && sections[i].check)
			sections[i].check(ld, node[i]);
	if (ld->ndims > DRAWS_BLOCK)
		err_at(&ld->err, ERR_LIMIT, root->pos, "the model's values and "
		       "presets take %d draw dimensions; %d are possible: "
		       "put labels with one value under `else`", ld->ndims,
		       DRAWS_BLOCK);
	m->ndims = ld->ndims;
	m->latest_month = ld->latest_month;
}

/* --- whole files ---------------------------------------------------------- */

/* Hands the findings over; frees the model when there are any. */
static struct model *finish(struct loader *ld, struct err *err)
{
	struct model *m = ld->model;

	if (!err_any(&ld->err))
		return m;
	err_sort(&ld->err);
	err_move(err, &ld->err);
	model_free(m);
	return NULL;
}

struct model *model_load_text(struct units *u, const struct workload *w,
                              const char *text, size_t n, const char *name,
                              struct err *err)
{
	struct arena *a = arena_new();
	struct model *m = arena_alloc(a, sizeof *m);
	struct loader ld = {
		.arena = a, .units = u, .workload = w, .model = m,
		.err = ERR_INIT,
	};
	const struct ynode *root;

	m->arena = a;
	m->path = arena_strdup(a, name);
	digest_of(text, n, m->digest);
	root = yaml_read_text(a, text, n, m->path, &ld.err);
	if (root && want_map(root, "a model", &ld.err)) {
		const struct ynode *title = yaml_get(root, "model");

		ld.env = env_new(a, u, title && title->kind == Y_SCALAR
		                       ? title->text : name);
		m->env = ld.env;
		check_keys(&ld, root);
		load_head(&ld, root);
		load_sections(&ld, root);
	}
	return finish(&ld, err);
}

struct model *model_load(struct units *u, const struct workload *w,
                         const char *path, struct err *err)
{
	struct buf text;
	struct model *m = NULL;

	buf_init(&text);
	if (path_read(path, MODEL_MAX_BYTES, &text, err))
		m = model_load_text(u, w, text.s, text.len, path, err);
	buf_release(&text);
	return m;
}

void model_free(struct model *m)
{
	if (m)
		arena_free(m->arena);
}

/* --- asking --------------------------------------------------------------- */

/* "P@LABEL" among `n` parameters; aliases count. */
static bool is_called(const struct param *p, const char *name, size_t len)
{
	if (strlen(p->name) == len && strncmp(p->name, name, len) == 0)
		return true;
	for (const char *const *a = p->aka; a && *a; a++)
		if (strlen(*a) == len && strncmp(*a, name, len) == 0)
			return true;
	return false;
}

/* The slot of a label: its own entry, or the one it shares. */
static int slot_of(const struct param *p, const struct env *e,
                   const char *label)
{
	int axis, i;

	for (i = 0; i < p->nslots; i++) {
		const char *at = strchr(p->slot_name[i], '@');

		if (at && strcmp(at + 1, label) == 0)
			return i;
	}
	i = env_find_label(e, label, &axis);
	return i >= 0 && axis == p->axis ? p->slot_of_label[i] : -1;
}

static const struct param *find_param(const struct param *list, int n,
                                      const struct env *e, const char *name,
                                      int *slot)
{
	size_t len = strcspn(name, "@");

	*slot = -1;
	for (int i = 0; i < n; i++) {
		if (!is_called(&list[i], name, len))
			continue;
		if (name[len] == '\0') {
			*slot = list[i].axis < 0 ? 0 : -1;
			return &list[i];
		}
		if (list[i].axis < 0)
			return NULL;
		*slot = slot_of(&list[i], e, name + len + 1);
		return *slot >= 0 ? &list[i] : NULL;
	}
	return NULL;
}

const struct param *model_param(const struct model *m, const char *name,
                                int *slot)
{
	return find_param(m->param, m->nparams, m->env, name, slot);
}

const struct param *workload_param(const struct workload *w, const char *name,
                                   int *slot)
{
	return find_param(w->param, w->nparams, w->env, name, slot);
}

int model_option(const struct model *m, const char *name)
{
	for (int i = 0; i < m->noptions; i++)
		if (strcmp(m->option[i].name, name) == 0)
			return i;
	return -1;
}

/* --- figures that are no names of the language --- */

static bool find_figure(const struct model *m, const char *name,
                        struct named_figure *f)
{
	const struct decision *d = &m->decision;
	bool found = !strcmp(name, "objective");

	*f = (struct named_figure){
		.name = name, .value = d->objective, .unit = d->objective_unit,
		.unit_text = d->objective_unit_text, .option = -1,
	};
	for (int i = 0; !found && i < m->noutputs; i++) {
		const struct output_def *o = &m->output[i];

		found = !strcmp(name, o->name);
		f->value = o->value;
		f->unit = o->unit;
		f->unit_text = o->unit_text;
		f->central = o->central;
	}
	if (!f->unit_text)
		f->unit_text = "1";
	return found;
}

static bool no_such_option(const struct model *m, const char *name,
                           struct err *err)
{
	struct buf list = BUF_INIT;

	for (int i = 0; i < m->noptions; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", m->option[i].name);
	err_add(err, ERR_USAGE, "%s has no option '%s' (it has: %s)", m->name,
	        name, list.s);
	buf_release(&list);
	return false;
}

bool model_figure(const struct model *m, const char *text, struct arena *a,
                  struct named_figure *f, struct err *err)
{
	const char *open = strchr(text, '['), *label;
	size_t n = strlen(text);

	if (!open)
		return find_figure(m, arena_strdup(a, text), f);
	if (strchr(text, ']') != text + n - 1 ||
	    !find_figure(m, arena_strndup(a, text, (size_t)(open - text)), f))
		return false;
	label = arena_strndup(a, open + 1, (size_t)(text + n - 2 - open));
	f->option = strcmp(label, "incumbent") ? model_option(m, label)
	                                       : m->decision.incumbent;
	return f->option >= 0 || no_such_option(m, label, err);
}
