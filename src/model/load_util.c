/* Reading the pieces that every part of a model file is made from. */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"

#include "base/banned.h"

struct pos text_pos(const struct ynode *n)
{
	struct pos pos = n->pos;

	pos.col += n->quoted;
	return pos;
}

bool node_empty(const struct ynode *n)
{
	return n->kind == Y_SCALAR && !n->quoted
		&& (n->text[0] == '\0' || strcmp(n->text, "~") == 0
		    || strcmp(n->text, "null") == 0);
}

bool want_map(const struct ynode *n, const char *what, struct err *err)
{
	if (n->kind == Y_MAP)
		return true;
	return err_at(err, ERR_INPUT, n->pos, "%s must be a map of names and "
	              "values, not %s", what,
	              n->kind == Y_SEQ ? "a list" : "one text");
}

bool want_list(const struct ynode *n, const char *what, struct err *err)
{
	if (n->kind == Y_SEQ)
		return true;
	return err_at(err, ERR_INPUT, n->pos, "%s must be a list, not %s",
	              what, n->kind == Y_MAP ? "a map" : "one text");
}

/* --- text ----------------------------------------------------------------- */

static void add_node(struct buf *b, const struct ynode *n)
{
	if (n->kind == Y_SCALAR) {
		buf_add(b, n->text);
		return;
	}
	buf_addc(b, n->kind == Y_MAP ? '{' : '[');
	for (int i = 0; i < n->n; i++) {
		buf_add(b, i ? ", " : "");
		if (n->kind == Y_MAP) {
			buf_add(b, n->key[i]->text);
			buf_add(b, ": ");
		}
		add_node(b, n->item[i]);
	}
	buf_addc(b, n->kind == Y_MAP ? '}' : ']');
}

const char *node_text(struct arena *a, const struct ynode *n)
{
	struct buf b;
	const char *text;

	buf_init(&b);
	add_node(&b, n);
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

const char *get_text(struct err *err, const struct ynode *map, const char *key,
                     bool required, const char *what)
{
	const struct ynode *n = yaml_get(map, key);
	const char *text = NULL;

	if (n && !(n->kind == Y_SCALAR && n->text[0] == '\0')) {
		yaml_text(n, key, &text, err);
		return text;
	}
	if (required)
		err_at(err, ERR_INPUT, n ? n->pos : map->pos,
		       "%s needs `%s:`", what, key);
	return NULL;
}

bool get_bool(struct err *err, const struct ynode *map, const char *key,
              bool *out)
{
	const struct ynode *n = yaml_get(map, key);

	return !n || yaml_bool(n, key, out, err);
}

const char *const *get_texts(struct arena *a, struct err *err,
                             const struct ynode *node, const char *what,
                             int *n)
{
	int count = node->kind == Y_SEQ ? node->n : 1, used = 0;
	const char **list = arena_alloc(a, ((size_t)count + 1)
	                                   * sizeof *list);

	for (int i = 0; i < count; i++) {
		const struct ynode *item = node->kind == Y_SEQ ? node->item[i]
		                                               : node;

		if (yaml_text(item, what, &list[used], err))
			used++;
	}
	if (n)
		*n = used;
	return list;
}

const char *list_text(struct arena *a, const char *const *names)
{
	struct buf b;
	const char *text;

	buf_init(&b);
	for (int i = 0; names[i]; i++) {
		if (i == 40) {
			buf_add(&b, " ...");
			break;
		}
		buf_add(&b, i ? ", " : "");
		buf_add(&b, names[i]);
	}
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

const char *suggestion(struct arena *a, const char *word,
                       const char *const *known)
{
	const char *near = yaml_nearest(word, known);

	return near ? arena_printf(a, "; did you mean `%s`?", near) : "";
}

/* --- lists of names ------------------------------------------------------- */

const char *const *label_list(struct arena *a, const struct env *e, int axis)
{
	int n = env_axis_size(e, axis);
	const char **list = arena_alloc(a, ((size_t)n + 1) * sizeof *list);

	for (int i = 0; i < n; i++)
		list[i] = env_axis_label(e, axis, i);
	return list;
}

const char *const *option_list(struct arena *a, const struct model *m)
{
	const char **list = arena_alloc(a, ((size_t)m->noptions + 1)
	                                   * sizeof *list);

	for (int i = 0; i < m->noptions; i++)
		list[i] = m->option[i].name;
	return list;
}

const char *const *param_list(struct arena *a, const struct param *p, int n)
{
	const char **list = arena_alloc(a, ((size_t)n + 1) * sizeof *list);

	for (int i = 0; i < n; i++)
		list[i] = p[i].name;
	return list;
}

const char *const *workload_list(struct arena *a, const struct workload *w)
{
	const char **list;

	list = arena_alloc(a, ((size_t)(w->nparams + w->nformulas) + 1)
	                      * sizeof *list);
	for (int i = 0; i < w->nparams; i++)
		list[i] = w->param[i].name;
	for (int i = 0; i < w->nformulas; i++)
		list[w->nparams + i] = w->formula[i].name;
	return list;
}

/* --- numbers and units ---------------------------------------------------- */

bool read_unit(struct units *u, const struct ynode *n, const char *what,
               struct unit *out, const char **text, struct err *err)
{
	const char *wrong;

	*out = unit_one();
	if (!yaml_text(n, what, text, err))
		return false;
	wrong = unit_parse(u, *text, out);
	if (!wrong)
		return true;
	*out = unit_one();
	return err_at(err, ERR_INPUT, text_pos(n), "%s: unit `%s`: %s",
	              what, *text, wrong);
}

bool read_quantity(struct arena *a, struct units *u, const struct ynode *n,
                   const struct unit *unit, const char *what, double *out,
                   struct err *err)
{
	const char *text;
	struct dist *d;

	if (!yaml_text(n, what, &text, err))
		return false;
	d = dist_parse(a, u, text, unit, NULL, text_pos(n), err);
	if (!d)
		return false;
	if (!dist_is_point(d))
		return err_at(err, ERR_INPUT, text_pos(n), "%s must be one "
		              "number, not `%s`", what, text);
	*out = dist_central(d);
	return true;
}

bool read_months(struct units *u, const struct ynode *n, const char *what,
                 int *out, struct err *err)
{
	struct arena *a = arena_new();
	struct unit month;
	double seconds, months;
	bool ok = false;

	if (unit_parse(u, "month", &month)) {
		err_at(err, ERR_BUG, n->pos, "the unit file lacks `month`");
	} else if (read_quantity(a, u, n, &month, what, &seconds, err)) {
		months = seconds / month.scale;
		ok = months >= 1 - 1e-9 && months <= MODEL_MAX_MONTHS + 1e-9
			&& fabs(months - nearbyint(months)) < 1e-9;
		if (ok)
			*out = (int)nearbyint(months);
		else
			err_at(err, ERR_INPUT, text_pos(n), "%s must be whole "
			       "months, 1 to %d", what, MODEL_MAX_MONTHS);
	}
	arena_free(a);
	return ok;
}

/* --- sources -------------------------------------------------------------- */

static const char *const source_kinds[] = {
	"measured", "vendor", "benchmark", "article", "assumption", NULL,
};

static bool source_kind(struct arena *a, const struct ynode *n,
                        struct source *out, struct err *err)
{
	const char *kind;

	if (!yaml_text(n, "kind", &kind, err))
		return false;
	for (int i = 0; source_kinds[i]; i++)
		if (strcmp(source_kinds[i], kind) == 0) {
			out->kind = source_kinds[i];
			return true;
		}
	return err_at(err, ERR_INPUT, text_pos(n), "`%s` is no kind of source "
	              "(%s)%s", kind, list_text(a, source_kinds),
	              suggestion(a, kind, source_kinds));
}

static bool source_map(struct arena *a, const struct ynode *n,
                       struct source *out, struct err *err)
{
	static const char *const keys[] = {
		"kind", "note", "url", "date", NULL,
	};
	const struct ynode *kind = yaml_get(n, "kind");
	const struct ynode *date = yaml_get(n, "date");
	bool ok = yaml_only(n, "source", keys, err);

	if (kind)
		ok &= source_kind(a, kind, out, err);
	if (date)
		ok &= yaml_date(date, "date", &out->date, err);
	out->note = get_text(err, n, "note", false, "source");
	out->url = get_text(err, n, "url", false, "source");
	return ok;
}

bool read_source(struct arena *a, const struct ynode *source,
                 const struct ynode *provenance, struct source *out,
                 struct err *err)
{
	bool ok = true;

	*out = (struct source){ .kind = NULL };
	if (source && source->kind == Y_MAP)
		ok = source_map(a, source, out, err);
	else if (source)
		ok = yaml_text(source, "source", &out->note, err);
	if (provenance && out->kind)
		ok = err_at(err, ERR_INPUT, provenance->pos, "`provenance:` "
		            "says again what `source: {kind: ...}` said");
	else if (provenance)
		ok &= source_kind(a, provenance, out, err);
	if (!out->kind)
		out->kind = "assumption";
	return ok;
}

/* --- expressions ---------------------------------------------------------- */

static bool in_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
		|| (c >= 'A' && c <= 'Z');
}

int latest_month(const char *text)
{
	int latest = 0;

	for (const char *p = text; (p = strstr(p, "at")) != NULL; p += 2) {
		bool word = (p == text || !in_word(p[-1])) && p[2] == ' ';
		size_t digits;
		long long k;
		char number[8];

		if (!word)
			continue;
		p += strspn(p + 2, " ");
		digits = strspn(p + 2, "0123456789");
		if (digits == 0 || digits >= sizeof number)
			continue;
		memcpy(number, p + 2, digits);
		number[digits] = '\0';
		if (num_parse_int(number, 0, MODEL_MAX_MONTHS, &k)
		    && k > latest)
			latest = (int)k;
	}
	return latest;
}

bool read_expr(struct loader *ld, const struct ynode *n, const char *what,
               struct syntax **out)
{
	const char *text;

	*out = NULL;
	if (!yaml_text(n, what, &text, &ld->err))
		return false;
	if (latest_month(text) > ld->latest_month)
		ld->latest_month = latest_month(text);
	*out = expr_parse(ld->arena, text, text_pos(n), &ld->err);
	return *out != NULL;
}

bool get_checked(struct loader *ld, const struct ynode *map, const char *key,
                 enum value_type want, unsigned axes, struct syntax **out)
{
	const struct ynode *n = yaml_get(map, key);

	*out = NULL;
	if (!n)
		return true;
	if (!read_expr(ld, n, key, out))
		return false;
	return ld->undeclared || env_check_expr(ld->env, *out, want, axes,
	                                        false, NULL, &ld->err);
}

/* A number, a truth or a label: whatever can be shown. */
static bool check_shown(struct loader *ld, const struct syntax *s)
{
	unsigned axes = AXES(AXIS_OPTION) | AXES(AXIS_MONTH);
	struct err number = ERR_INIT, truth = ERR_INIT;
	struct symbol sym;
	bool ok;

	if (env_symbol(ld->env, syntax_text(s), 0, &sym)
	    && sym.type.type == TYPE_LABEL)
		return true;
	ok = env_check_expr(ld->env, s, TYPE_NUMBER, axes, false, NULL,
	                    &number)
		|| env_check_expr(ld->env, s, TYPE_BOOL, axes, false, NULL,
		                  &truth);
	if (ok)
		err_clear(&number);
	err_clear(&truth);
	err_move(&ld->err, &number);
	return ok;
}

void check_template(struct loader *ld, const struct ynode *n)
{
	const char *open = n->text;
	const char *close;

	while ((open = strchr(open, '{')) != NULL) {
		struct pos pos = text_pos(n);
		struct syntax *s;

		pos.col += (int)(open + 1 - n->text);
		close = strchr(open, '}');
		if (!close) {
			err_at(&ld->err, ERR_INPUT, pos, "`{` without `}`");
			return;
		}
		s = expr_parse(ld->arena,
		               arena_strndup(ld->arena, open + 1,
		                             (size_t)(close - open - 1)),
		               pos, &ld->err);
		if (s && !ld->undeclared)
			check_shown(ld, s);
		open = close;
	}
}

/* --- options -------------------------------------------------------------- */

static unsigned long options_named(const struct model *m, const char *word)
{
	unsigned long mask = 0;

	for (int i = 0; i < m->noptions; i++) {
		const char *const *tag = m->option[i].tags;

		if (strcmp(m->option[i].name, word) == 0)
			mask |= 1ul << i;
		for (; tag && *tag; tag++)
			if (strcmp(*tag, word) == 0)
				mask |= 1ul << i;
	}
	return mask;
}

bool read_options(struct loader *ld, const struct ynode *n,
                  unsigned long *out)
{
	const char *const *known = option_list(ld->arena, ld->model);
	int count = n && n->kind == Y_SEQ ? n->n : 1;
	bool ok = true;

	*out = n ? 0 : ~0ul >> (64 - ld->model->noptions);
	for (int i = 0; n && i < count; i++) {
		const struct ynode *item = n->kind == Y_SEQ ? n->item[i] : n;
		const char *word;
		unsigned long mask;

		if (!yaml_text(item, "for", &word, &ld->err)) {
			ok = false;
			continue;
		}
		mask = options_named(ld->model, word);
		*out |= mask;
		if (!mask)
			ok = err_at(&ld->err, ERR_INPUT, text_pos(item),
			            "`%s` is no option and no tag; the options "
			            "are %s", word,
			            list_text(ld->arena, known));
	}
	return ok;
}
