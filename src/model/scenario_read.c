/*
 * A scenario from YAML.  What stands here is checked for its form; names and
 * values are checked when the scenario is bound to its models.
 */
#include "model/scenario_int.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/path.h"

#include "base/banned.h"

const char *const scenario_keys[] = {
	"scenario", "title", "horizon", "stale_after", "prices", "model_files", "workload",
	"correlate", NULL,
};

const char *const scenario_model_keys[] = {
	"assume", "parameters", "presets", "tables", "studies", "answers", "expect",
	NULL,
};

struct reader {
	struct scenario *s;
	struct err err;
	const char *model;              /* whose part is being read */
};

/* --- head ----------------------------------------------------------------- */

/* "36 month" or "3 year"; units are not at hand yet, months and years are all
 * that a horizon needs. */
static void read_horizon(struct reader *r, const struct ynode *n)
{
	static const struct { const char *word; int months; } words[] = {
		{ "month", 1 }, { "months", 1 }, { "year", 12 },
		{ "years", 12 },
	};
	const char *text;
	double v;
	size_t len;

	if (!yaml_text(n, "horizon", &text, &r->err))
		return;
	if (!num_scan(text, &v, &len)) {
		text += len + strspn(text + len, " ");
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strcmp(text, words[i].word) == 0)
				v *= words[i].months, len = 0;
		if (len == 0 && v >= 1 && v <= MODEL_MAX_MONTHS
		    && v == floor(v)) {
			r->s->horizon = (int)v;
			return;
		}
	}
	err_at(&r->err, ERR_INPUT, text_pos(n), "horizon must be whole months "
	       "or years, such as `36 month`, at most %d months",
	       MODEL_MAX_MONTHS);
}

static void read_prices(struct reader *r, const struct ynode *n)
{
	static const char *const keys[] = { "as_of", "files", "set", NULL };
	const struct ynode *as_of = yaml_get(n, "as_of");
	const struct ynode *files = yaml_get(n, "files");
	const struct ynode *set = yaml_get(n, "set");

	if (!want_map(n, "prices", &r->err)
	    || !yaml_only(n, "prices", keys, &r->err))
		return;
	if (as_of)
		yaml_date(as_of, "as_of", &r->s->prices_as_of, &r->err);
	if (files)
		r->s->price_files = get_texts(r->s->arena, &r->err, files,
		                              "files", NULL);
	if (set && want_map(set, "set", &r->err))
		r->s->price_set = set;
}

/* Its unit is read where the scenario is bound. */
static void read_stale_after(struct reader *r, const struct ynode *n)
{
	const char *text;

	if (yaml_text(n, "stale_after", &text, &r->err))
		r->s->stale_after = n;
}

static void read_model_files(struct reader *r, const struct ynode *n)
{
	r->s->model_files = get_texts(r->s->arena, &r->err, n, "model_files",
	                              NULL);
}

static void read_correlate(struct reader *r, const struct ynode *n)
{
	if (!want_list(n, "correlate", &r->err))
		return;
	for (int i = 0; i < n->n; i++) {
		const struct ynode *t = n->item[i];
		struct correlation c = { .pos = t->pos };

		if (t->kind != Y_SEQ || t->n != 3) {
			err_at(&r->err, ERR_INPUT, t->pos, "a correlation is "
			       "written [A, B, RANK CORRELATION]");
			continue;
		}
		if (!yaml_text(t->item[0], "a name", &c.a, &r->err)
		    || !yaml_text(t->item[1], "a name", &c.b, &r->err)
		    || !yaml_number(t->item[2], "a correlation", &c.spearman,
		                    &r->err))
			continue;
		if (!(c.spearman > -1 && c.spearman < 1))
			err_at(&r->err, ERR_INPUT, t->item[2]->pos,
			       "a correlation lies between -1 and 1");
		*GROW(r->s, r->s->correlation, r->s->ncorrelations) = c;
	}
}

/* --- values --------------------------------------------------------------- */

/* NAME: VALUE or NAME: {value: VALUE, source: {...}}. */
static void read_overrides(struct reader *r, const char *where,
                           const struct ynode *n, const char *what)
{
	static const char *const keys[] = { "value", "source", NULL };

	if (node_empty(n) || !want_map(n, what, &r->err))
		return;
	for (int i = 0; i < n->n; i++) {
		const struct ynode *v = n->item[i];
		struct override o = {
			.where = where, .name = n->key[i]->text, .value = v,
		};

		if (yaml_get(v, "value")) {
			if (!yaml_only(v, o.name, keys, &r->err))
				continue;
			o.value = yaml_get(v, "value");
			o.source = yaml_get(v, "source");
		}
		if (node_empty(o.value) || o.value->kind == Y_SEQ) {
			/* {a: 60,000}: a comma ends an entry in braces */
			bool rest = strspn(o.name, "0123456789") == 3;

			err_at(&r->err, ERR_INPUT, n->key[i]->pos, "`%s` has "
			       "no value%s", o.name, rest ? "; in braces a "
			       "number with a comma is quoted: \"60,000\"" : "");
			continue;
		}
		*GROW(r->s, r->s->override, r->s->noverrides) = o;
	}
}

static void read_workload(struct reader *r, const struct ynode *n)
{
	read_overrides(r, NULL, n, "workload");
}

static void read_parameters(struct reader *r, const struct ynode *n)
{
	read_overrides(r, r->model, n, "parameters");
}

static void read_presets(struct reader *r, const struct ynode *n)
{
	if (!want_map(n, "presets", &r->err))
		return;
	for (int i = 0; i < n->n; i++) {
		if (n->item[i]->kind == Y_SEQ || node_empty(n->item[i])) {
			err_at(&r->err, ERR_INPUT, n->item[i]->pos, "a preset "
			       "takes a label, or weights such as {a: 0.7, "
			       "b: 0.3}");
			continue;
		}
		*GROW(r->s, r->s->preset, r->s->npresets)
			= (struct preset_choice_set){
				r->model, n->key[i]->text, n->item[i],
			};
	}
}

static void read_tables(struct reader *r, const struct ynode *n)
{
	static const char *const keys[] = { "file", "columns", NULL };

	if (!want_map(n, "tables", &r->err))
		return;
	for (int i = 0; i < n->n; i++) {
		const struct ynode *t = n->item[i];
		struct table_file f = {
			.model = r->model, .table = n->key[i]->text,
			.pos = t->pos,
		};

		if (t->kind == Y_MAP) {
			if (!yaml_only(t, f.table, keys, &r->err))
				continue;
			f.path = get_text(&r->err, t, "file", true, f.table);
			f.columns = yaml_get(t, "columns");
			if (f.columns)
				want_map(f.columns, "columns", &r->err);
		} else {
			yaml_text(t, f.table, &f.path, &r->err);
		}
		if (f.path)
			*GROW(r->s, r->s->table, r->s->ntables) = f;
	}
}

static void read_studies(struct reader *r, const struct ynode *n)
{
	if (!want_map(n, "studies", &r->err))
		return;
	for (int i = 0; i < n->n; i++)
		if (want_map(n->item[i], n->key[i]->text, &r->err))
			*GROW(r->s, r->s->study, r->s->nstudies)
				= (struct study_set){
					r->model, n->key[i]->text, n->item[i],
					n->key[i]->pos,
				};
}

static void read_answers(struct reader *r, const struct ynode *n)
{
	if (!want_map(n, "answers", &r->err))
		return;
	for (int i = 0; i < n->n; i++) {
		struct answer a = {
			r->model, n->key[i]->text, NULL, n->key[i]->pos,
		};

		if (yaml_text(n->item[i], a.id, &a.text, &r->err))
			*GROW(r->s, r->s->answer, r->s->nanswers) = a;
	}
}

static void read_assume(struct reader *r, const struct ynode *n)
{
	int i = scenario_ask(r->s, r->model, n->pos);

	yaml_text(n, "assume", &r->s->assume[i], &r->err);
}

/* --- expect --------------------------------------------------------------- */

/* "at least 0.8", "0.8", "80 %". */
static void read_at_least(struct reader *r, const struct ynode *n, double *out)
{
	static const char lead[] = "at least ";
	const char *text;
	double v;
	size_t len;

	if (!yaml_text(n, "probability", &text, &r->err))
		return;
	if (strncmp(text, lead, sizeof lead - 1) == 0)
		text += sizeof lead - 1;
	if (!num_scan(text, &v, &len)) {
		text += len + strspn(text + len, " ");
		if (strcmp(text, "%") == 0)
			v /= 100, text++;
		if (*text == '\0' && v >= 0 && v <= 1) {
			*out = v;
			return;
		}
	}
	err_at(&r->err, ERR_INPUT, text_pos(n), "probability is written "
	       "`at least 0.8`");
}

static bool known_state(const char *state)
{
	static const char *const states[] = {
		"stable", "tied", "undecided", "infeasible",
	};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i], state) == 0)
			return true;
	return false;
}

static void read_expectation(struct reader *r, const struct ynode *n)
{
	static const char *const keys[] = {
		"option", "probability", "state", "rule", "findings", NULL,
	};
	struct expectation e = {
		.model = r->model, .at_least = NAN, .pos = n->pos,
	};
	const struct ynode *option, *findings, *probability;

	if (!want_map(n, "expect", &r->err)
	    || !yaml_only(n, "expect", keys, &r->err))
		return;
	option = yaml_get(n, "option");
	findings = yaml_get(n, "findings");
	probability = yaml_get(n, "probability");
	if (option)
		e.options = get_texts(r->s->arena, &r->err, option, "option",
		                      NULL);
	if (findings)
		e.findings = get_texts(r->s->arena, &r->err, findings,
		                       "findings", NULL);
	if (probability)
		read_at_least(r, probability, &e.at_least);
	e.state = get_text(&r->err, n, "state", false, "expect");
	e.rule = get_text(&r->err, n, "rule", false, "expect");
	if (e.state && !known_state(e.state))
		err_at(&r->err, ERR_INPUT, text_pos(yaml_get(n, "state")),
		       "`%s` is no state of a verdict (stable, tied, "
		       "undecided, infeasible)", e.state);
	*GROW(r->s, r->s->expectation, r->s->nexpectations) = e;
}

static void read_expect(struct reader *r, const struct ynode *n)
{
	if (n->kind != Y_SEQ) {
		read_expectation(r, n);
		return;
	}
	for (int i = 0; i < n->n; i++)
		read_expectation(r, n->item[i]);
}

/* --- the whole ------------------------------------------------------------ */

struct part {
	const char *key;
	void (*read)(struct reader *r, const struct ynode *n);
};

static const struct part head_parts[] = {
	{ "horizon", read_horizon },
	{ "stale_after", read_stale_after },
	{ "prices", read_prices },
	{ "model_files", read_model_files },
	{ "workload", read_workload },
	{ "correlate", read_correlate },
	{ NULL, NULL },
};

static const struct part model_parts[] = {
	{ "assume", read_assume },
	{ "parameters", read_parameters },
	{ "presets", read_presets },
	{ "tables", read_tables },
	{ "studies", read_studies },
	{ "answers", read_answers },
	{ "expect", read_expect },
	{ NULL, NULL },
};

static void read_parts(struct reader *r, const struct ynode *map,
                       const struct part *parts)
{
	for (; parts->key; parts++) {
		const struct ynode *n = yaml_get(map, parts->key);

		if (n)
			parts->read(r, n);
	}
}

static void read_model(struct reader *r, const struct ynode *key,
                       const struct ynode *n)
{
	struct arena *a = r->s->arena;

	if (n->kind == Y_SCALAR && !node_empty(n)) {
		err_at(&r->err, ERR_INPUT, key->pos, "a scenario has no key "
		       "`%s`%s", key->text,
		       suggestion(a, key->text, scenario_keys));
		return;
	}
	if (strcmp(key->text, "policy") == 0) {
		err_at(&r->err, ERR_INPUT, key->pos, "`policy:` does not "
		       "belong in a scenario: rules are waived in a policy "
		       "file");
		return;
	}
	r->model = key->text;
	scenario_ask(r->s, key->text, key->pos);
	if (node_empty(n) || !want_map(n, key->text, &r->err)
	    || !yaml_only(n, key->text, scenario_model_keys, &r->err))
		return;
	read_parts(r, n, model_parts);
}

static bool is_head(const char *key)
{
	for (int i = 0; scenario_keys[i]; i++)
		if (strcmp(scenario_keys[i], key) == 0)
			return true;
	return false;
}

/* The name stands in the store, in file names and on command lines. */
static void check_name(struct reader *r, const struct ynode *root)
{
	const char *name = r->s->name;
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (name && (strlen(name) > 80 || name[0] == '.' || !*name
	             || name[strspn(name, fine)]))
		err_at(&r->err, ERR_INPUT, yaml_get(root, "scenario")->pos,
		       "a scenario's name has up to 80 letters, digits, -, _ "
		       "and . and begins with none of the dots; say the rest "
		       "in `title:`");
}

static void read_root(struct reader *r, const struct ynode *root)
{
	r->s->name = get_text(&r->err, root, "scenario", true, "a scenario");
	check_name(r, root);
	r->s->title = get_text(&r->err, root, "title", false, "a scenario");
	read_parts(r, root, head_parts);
	for (int i = 0; i < root->n; i++)
		if (!is_head(root->key[i]->text))
			read_model(r, root->key[i], root->item[i]);
}

struct scenario *scenario_read_text(const char *text, size_t n,
                                    const char *name, struct err *err)
{
	struct reader r = { .s = scenario_new(), .err = ERR_INIT };
	const struct ynode *root;

	root = yaml_read_text(r.s->arena, text, n,
	                      arena_strdup(r.s->arena, name), &r.err);
	if (root && want_map(root, "a scenario", &r.err))
		read_root(&r, root);
	if (!err_any(&r.err))
		return r.s;
	err_sort(&r.err);
	err_move(err, &r.err);
	scenario_free(r.s);
	return NULL;
}

struct scenario *scenario_read(const char *path, struct err *err)
{
	struct scenario *s = NULL;
	struct buf text;

	buf_init(&text);
	if (path_read(path, MODEL_MAX_BYTES, &text, err))
		s = scenario_read_text(text.s, text.len, path, err);
	if (s)
		s->path = arena_strdup(s->arena, path);
	buf_release(&text);
	return s;
}
