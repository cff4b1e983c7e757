/*
 * Evidence: what an import measured, as a file that a scenario names.
 *
 *      evidence: 1
 *      title: the support chat, November
 *      made: 2026-11-24                     # the day of the import
 *      source: {file: spend.jsonl, format: litellm-spend, sha256: ..., rows: N}
 *      period: {from: 2026-10-01, to: 2026-10-31}
 *      stale_after: 90 day                  # default EVIDENCE_STALE_DAYS
 *      fields:
 *        requests_per_day: {unit: request/day, value: 11k to 13k, n: 31}
 *
 * A field's value is what a parameter's may be: a number, an interval, a law,
 * three quantiles; its unit must have the parameter's dimensions.  `facts:` is
 * for people and reports alone.
 */
#include "model/bound_int.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/path.h"

#include "base/banned.h"

struct kept_evidence {
	struct arena *arena;
	const char *path;
	struct timespec changed;
	off_t size;
	char digest[DIGEST_HEX];
	const struct ynode *root;
	struct kept_evidence *next;
};

void kept_evidence_free(struct kept_evidence *k)
{
	while (k) {
		struct kept_evidence *next = k->next;

		arena_free(k->arena);
		k = next;
	}
}

static bool check_document(const struct ynode *root, struct err *err)
{
	static const char *const keys[] = {
		"evidence", "title", "made", "source", "period", "stale_after",
		"fields", "facts", NULL,
	};
	const struct ynode *fields;

	if (!want_map(root, "an evidence file", err)
	    || !yaml_only(root, "an evidence file", keys, err))
		return false;
	if (!yaml_get(root, "evidence"))
		return err_at(err, ERR_INPUT, root->pos, "this is no evidence "
		              "file: it begins with `evidence: 1`, as "
		              "`steelyard import` writes it");
	fields = yaml_get(root, "fields");
	return fields ? want_map(fields, "fields", err)
		: err_at(err, ERR_INPUT, root->pos, "the evidence file needs "
		         "`fields:`");
}

static struct kept_evidence *read_evidence(const char *path,
                                           const struct stat *st,
                                           struct err *err)
{
	struct arena *a = arena_new();
	struct kept_evidence *k = arena_alloc(a, sizeof *k);
	struct buf text = BUF_INIT;
	bool ok;

	k->arena = a;
	k->path = arena_strdup(a, path);
	k->changed = st->st_mtim;
	k->size = st->st_size;
	ok = path_read(path, YAML_MAX_BYTES, &text, err);
	if (ok) {
		digest_of(text.s, text.len, k->digest);
		k->root = yaml_read_text(a, text.s, text.len, k->path, err);
		ok = k->root && check_document(k->root, err);
	}
	buf_release(&text);
	if (ok)
		return k;
	arena_free(a);
	return NULL;
}

static const struct kept_evidence *find_evidence(struct binder *bd,
                                                 const char *path)
{
	struct kept_evidence **shelf = library_evidence(bd->l), *k;
	struct stat st = { 0 };

	if (stat(path, &st) == 0)
		for (k = *shelf; k; k = k->next)
			if (strcmp(k->path, path) == 0
			    && k->size == st.st_size
			    && k->changed.tv_sec == st.st_mtim.tv_sec
			    && k->changed.tv_nsec == st.st_mtim.tv_nsec)
				return k;
	k = read_evidence(path, &st, &bd->err);
	if (!k)
		return NULL;
	k->next = *shelf;
	*shelf = k;
	return k;
}

/* --- one field ------------------------------------------------------------ */

static const char *text_of(const struct ynode *map, const char *key)
{
	const struct ynode *n = map ? yaml_get(map, key) : NULL;

	return n && n->kind == Y_SCALAR ? n->text : NULL;
}

static bool no_field(struct binder *bd, const struct setting *s,
                     const struct ynode *fields)
{
	struct arena *a = bd->b->arena;
	const char **known = arena_alloc(a, ((size_t)fields->n + 1)
	                                    * sizeof *known);

	for (int i = 0; i < fields->n; i++)
		known[i] = fields->key[i]->text;
	return err_at(&bd->err, ERR_INPUT, s->pos, "%s has no field `%s`; it "
	              "has %s%s", s->name, s->field, list_text(a, known),
	              suggestion(a, s->field, known));
}

/* The day that the evidence speaks of: the end of its period. */
static const char *evidence_date(struct binder *bd, const struct ynode *root)
{
	const char *date = text_of(yaml_get(root, "period"), "to");

	if (!date)
		date = text_of(root, "made");
	return date ? arena_strndup(bd->b->arena, date, 10) : NULL;
}

bool read_age(struct arena *a, struct units *u, const struct ynode *n,
              double *out, struct err *err)
{
	struct unit second = unit_one();
	double v;

	if (!n)
		return true;
	unit_parse(u, "s", &second);
	if (!read_quantity(a, u, n, &second, "stale_after", &v, err))
		return false;
	if (!(v >= 86400 && v <= 36525 * 86400.0))
		return err_at(err, ERR_INPUT, text_pos(n), "`stale_after` is an "
		              "age from 1 day to 100 years, such as `60 day`");
	*out = v;
	return true;
}

/* What the parameter says goes before the scenario, that before the file. */
static double age_limit(struct binder *bd, const struct setting *s,
                        const struct ynode *root)
{
	double most = EVIDENCE_STALE_DAYS * 86400.0;

	if (s->stale_after > 0)
		return s->stale_after;
	read_age(bd->b->arena, library_units(bd->l), bd->s->stale_after
	         ? bd->s->stale_after : yaml_get(root, "stale_after"), &most,
	         &bd->err);
	return most;
}

static struct evidence_age *note_age(struct binder *bd, int model,
                                     const char *name, int limit)
{
	struct bound *b = bd->b;

	for (int i = 0; i < b->nages; i++)
		if (b->age[i].model == model && b->age[i].limit == limit
		    && strcmp(b->age[i].name, name) == 0)
			return &b->age[i];
	b->age = scenario_grow(b->arena, b->age, &b->nages, sizeof *b->age);
	b->age[b->nages - 1] = (struct evidence_age){
		.name = name, .model = model, .limit = limit,
	};
	return &b->age[b->nages - 1];
}

static void check_age(struct binder *bd, struct slot *out,
                      const struct setting *s, const struct ynode *root,
                      const char *date)
{
	int limit = (int)(age_limit(bd, s, root) / 86400);
	struct evidence_age *age;
	char day[11];
	int64_t from, days;

	if (!date || !clock_parse_date(date, &from))
		return;
	age = note_age(bd, out->model, arena_strndup(bd->b->arena, s->name,
	               strcspn(s->name, "#")), limit);
	days = clock_days_between(from, clock_now());
	clock_date(from + (limit + 1) * INT64_C(86400), day);
	age->fields = age->fields ? arena_printf(bd->b->arena, "%s, %s",
	                                         age->fields, out->name)
	                          : out->name;
	age->date = date;
	age->stale_from = arena_strdup(bd->b->arena, day);
	out->stale = age->stale = days > limit;
	if (age->stale)
		binder_warn(bd, out->model < 0 ? NULL
		            : bd->b->model[out->model].model->name,
		            "stale_evidence", "%s was measured up to %s, %lld "
		            "days ago (%s; more than %d): measure again",
		            out->name, date, (long long)days, age->name, limit);
}

static const char *evidence_note(struct binder *bd, const struct setting *s,
                                 const struct ynode *root,
                                 const struct ynode *field)
{
	const struct ynode *source = yaml_get(root, "source");
	const char *n = text_of(field, "n"), *file = text_of(source, "file");
	const char *from = text_of(yaml_get(root, "period"), "from");
	const char *digest = text_of(source, "sha256");
	struct buf b = BUF_INIT;
	char *note;

	buf_addf(&b, "%s of %s", s->field, file ? file : s->name);
	if (digest)
		buf_addf(&b, ", sha256 %.12s", digest);
	if (n)
		buf_addf(&b, ", n = %s", n);
	if (from)
		buf_addf(&b, ", from %.10s", from);
	note = arena_strdup(bd->b->arena, b.s);
	buf_release(&b);
	return note;
}

/* The law of a field, its numbers in the evidence's unit. */
static struct dist *field_law(struct binder *bd, const struct setting *s,
                              struct slot *out,
                              const struct ynode *field)
{
	static const char *const keys[] = {
		"unit", "value", "n", "note", "mean", "sd", "fit", "window",
		NULL,
	};
	struct setting_reader r = binder_reader(bd, -1);
	struct param p = *out->param;
	const struct ynode *value, *unit;
	const struct setting *inner;

	if (!want_map(field, s->field, &bd->err)
	    || !yaml_only(field, s->field, keys, &bd->err))
		return NULL;
	value = yaml_get(field, "value");
	unit = yaml_get(field, "unit");
	if (!value || (p.type == TYPE_NUMBER && !unit)) {
		err_at(&bd->err, ERR_INPUT, field->pos, "the field `%s` needs "
		       "`value:` and `unit:`", s->field);
		return NULL;
	}
	if (unit && !read_unit(library_units(bd->l), unit, s->field, &p.unit,
	                       &p.unit_text, &bd->err))
		return NULL;
	if (p.type == TYPE_NUMBER && !unit_same(&p.unit, &out->param->unit)) {
		err_at(&bd->err, ERR_INPUT, s->pos, "`%s` is in %s, `%s` of %s "
		       "in %s", out->name, out->param->unit_text, s->field,
		       s->name, p.unit_text);
		return NULL;
	}
	inner = setting_read(&r, value, &p);
	if (!inner)
		return NULL;
	/* what was measured says more than where it stands */
	out->text = unit && strcmp(p.unit_text, "1") != 0
		? arena_printf(bd->b->arena, "%s %s", inner->text,
		               p.unit_text) : inner->text;
	return setting_dist(bd->b->arena, inner);
}

bool bind_evidence(struct binder *bd, const struct setting *s,
                   struct slot *out)
{
	const struct kept_evidence *k;
	const struct ynode *fields, *field;
	const char *path, *date;

	path = bound_path(bd, s->name);
	if (access(path, F_OK) != 0)
		return err_at(&bd->err, ERR_IO, s->pos, "`%s`: no such file",
		              s->name);
	k = find_evidence(bd, path);
	if (!k || !bound_file_same(bd, s->name, s->pos, k->digest))
		return false;
	fields = yaml_get(k->root, "fields");
	field = yaml_get(fields, s->field);
	if (!field)
		return no_field(bd, s, fields);
	out->dist = field_law(bd, s, out, field);
	if (!out->dist)
		return false;
	bound_note_file(bd, "evidence", NULL, s->name, path, k->digest);
	date = evidence_date(bd, k->root);
	out->kind = SLOT_INPUT;
	out->origin = "evidence";
	out->source = (struct source){
		.kind = "measured", .date = date,
		.note = evidence_note(bd, s, k->root, field),
	};
	check_age(bd, out, s, k->root, date);
	return true;
}
