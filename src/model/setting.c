/* What may stand behind `value:`, in a model and in a scenario alike. */
#include "model/load.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"

#include "base/banned.h"

typedef bool (*form_fn)(const struct setting_reader *r, const struct ynode *n,
                        const struct param *p, struct setting *s);

static bool read_workload(const struct setting_reader *r,
                          const struct ynode *n, const struct param *p,
                          struct setting *s);
static bool read_price(const struct setting_reader *r, const struct ynode *n,
                       const struct param *p, struct setting *s);
static bool read_from(const struct setting_reader *r, const struct ynode *n,
                      const struct param *p, struct setting *s);
static bool read_evidence(const struct setting_reader *r,
                          const struct ynode *n, const struct param *p,
                          struct setting *s);
static bool read_quantiles(const struct setting_reader *r,
                           const struct ynode *n, const struct param *p,
                           struct setting *s);
static bool read_sourced(const struct setting_reader *r,
                         const struct ynode *n, const struct param *p,
                         struct setting *s);

static const char empirical[] = "empirical(";

/* A map is one of these when it has the leading key. */
static const struct form {
	const char *lead;
	const char *keys[5];
	form_fn read;
} forms[] = {
	{ "workload", { "workload" }, read_workload },
	{ "price", { "price", "field", "times" }, read_price },
	{ "from", { "from", "else" }, read_from },
	{ "evidence", { "evidence", "field", "stale_after" }, read_evidence },
	{ "p5", { "p5", "p50", "p95", "family" }, read_quantiles },
	{ "p10", { "p10", "p50", "p90", "family" }, read_quantiles },
	{ "p50", { "p10", "p50", "p90", "family" }, read_quantiles },
	{ "value", { "value", "point", "source", "provenance" },
	  read_sourced },
};
#define NFORMS (sizeof forms / sizeof *forms)

static const struct form *form_of(const struct ynode *n)
{
	for (size_t i = 0; n->kind == Y_MAP && i < NFORMS; i++)
		if (yaml_get(n, forms[i].lead))
			return &forms[i];
	return NULL;
}

bool setting_is_form(const struct ynode *n)
{
	return n->kind == Y_SCALAR || form_of(n) != NULL;
}

const struct ynode *setting_link(const struct ynode *n)
{
	const struct ynode *link = yaml_get(n, "workload");

	for (int i = 0; !link && n->kind == Y_MAP && i < n->n; i++)
		link = setting_link(n->item[i]);
	return link && link->kind == Y_SCALAR ? link : NULL;
}

bool workload_link(const struct workload *w, const char *name,
                   struct link *out)
{
	struct symbol sym;
	int slot;

	*out = (struct link){ .param = workload_param(w, name, &slot) };
	if (out->param) {
		out->unit = out->param->unit;
		out->unit_text = out->param->unit_text;
		out->title = out->param->title;
		return true;
	}
	if (!env_symbol(w->env, name, 0, &sym))
		return false;
	for (int i = 0; i < w->nformulas; i++)
		if (strcmp(w->formula[i].name, name) == 0)
			out->title = w->formula[i].title;
	out->unit = sym.unit;
	out->unit_text = sym.unit_text;
	out->stateful = sym.type.stateful;
	return true;
}

/* --- bounds --------------------------------------------------------------- */

/* A value in the parameter's own unit. */
static void add_shown(struct buf *b, const struct param *p, double v)
{
	num_human(b, v / p->unit.scale, 6);
	if (p->unit_text && strcmp(p->unit_text, "1") != 0)
		buf_addf(b, " %s", p->unit_text);
}

static bool outside(const struct param *p, const char *which, double v,
                    struct pos pos, struct err *err)
{
	double slack = 1e-12 * fabs(v);
	bool below = v < p->low - slack;
	struct buf got, bound;

	if (!below && v <= p->high + slack)
		return false;
	buf_init(&got);
	buf_init(&bound);
	add_shown(&got, p, v);
	add_shown(&bound, p, below ? p->low : p->high);
	err_at(err, ERR_INPUT, pos, "bounds broken: %s of `%s`, %s, lies %s "
	       "its bound %s", which, p->name, got.s,
	       below ? "below" : "above", bound.s);
	buf_release(&got);
	buf_release(&bound);
	return true;
}

bool check_bounds(const struct param *p, const struct dist *d, struct pos pos,
                  struct err *err)
{
	if (p->type != TYPE_NUMBER)
		return true;
	if (dist_is_point(d))
		return !outside(p, "the value", dist_central(d), pos, err);
	return !outside(p, "the centre", dist_central(d), pos, err)
		&& !outside(p, "the 5 % point", dist_quantile(d, 0.05), pos,
		            err)
		&& !outside(p, "the 95 % point", dist_quantile(d, 0.95), pos,
		            err);
}

/* --- one text ------------------------------------------------------------- */

static bool read_label(const struct setting_reader *r, const struct ynode *n,
                       const struct param *p, struct setting *s)
{
	s->kind = SET_CHOICE;
	for (int i = 0; i < p->nchoices; i++)
		if (strcmp(p->choice[i], n->text) == 0) {
			s->choice = i;
			return true;
		}
	return err_at(r->err, ERR_INPUT, text_pos(n), "`%s` is no choice of "
	              "`%s` (%s)%s", n->text, p->name,
	              list_text(r->arena, p->choice),
	              suggestion(r->arena, n->text, p->choice));
}

static bool read_truth(const struct setting_reader *r, const struct ynode *n,
                       const struct param *p, struct setting *s)
{
	struct unit one = unit_one();
	bool truth;

	if (strncmp(n->text, "bernoulli", 9) == 0) {
		s->dist = dist_parse(r->arena, r->units, n->text, &one, NULL,
		                     text_pos(n), r->err);
		return s->dist != NULL;
	}
	if (!yaml_bool(n, p->name, &truth, r->err))
		return false;
	s->dist = dist_point(r->arena, truth);
	return true;
}

static bool read_number(const struct setting_reader *r, const struct ynode *n,
                        const struct param *p, struct setting *s)
{
	double bounds[2] = { p->low, p->high };
	bool open = isinf(p->low) && isinf(p->high);

	s->dist = dist_parse_as(r->arena, r->units, n->text, &p->unit,
	                        p->unit_text, open ? NULL : bounds,
	                        text_pos(n), r->err);
	if (!s->dist)
		return false;
	s->text = s->dist->text;
	return check_bounds(p, s->dist, text_pos(n), r->err);
}

/* empirical(TABLE.COLUMN): the values of a column, bound later. */
static bool read_column(const struct setting_reader *r, const struct ynode *n,
                        const struct param *p, struct setting *s)
{
	const char *name = n->text + strlen(empirical);
	size_t len = strcspn(name, ")");

	name += strspn(name, " ");
	len = strcspn(name, " )");
	s->kind = SET_COLUMN;
	s->name = arena_strndup(r->arena, name, len);
	if (!r->workload)
		return err_at(r->err, ERR_INPUT, text_pos(n), "`%s`: tables "
		              "belong to a model; the workload has none",
		              p->name);
	return (strchr(s->name, '.') && name[len + strspn(name + len, " )")]
	        == '\0') || err_at(r->err, ERR_INPUT, text_pos(n), "`%s`: an "
	                           "empirical law is written "
	                           "empirical(TABLE.COLUMN)", p->name);
}

static bool read_scalar(const struct setting_reader *r, const struct ynode *n,
                        const struct param *p, struct setting *s)
{
	if (node_empty(n))
		return err_at(r->err, ERR_INPUT, n->pos, "`%s` has no value",
		              p->name);
	switch (p->type) {
	case TYPE_LABEL:
		return read_label(r, n, p, s);
	case TYPE_BOOL:
		return read_truth(r, n, p, s);
	case TYPE_NUMBER:
		break;
	}
	return strncmp(n->text, empirical, strlen(empirical)) == 0
		? read_column(r, n, p, s) : read_number(r, n, p, s);
}

/* --- forms ---------------------------------------------------------------- */

static bool only_numbers(const struct setting_reader *r,
                         const struct ynode *n, const struct param *p,
                         const char *lead)
{
	return p->type == TYPE_NUMBER
		|| err_at(r->err, ERR_INPUT, n->pos, "`%s` is no number: "
		          "{%s: ...} cannot give its value", p->name, lead);
}

static bool refuse_inside_workload(const struct setting_reader *r,
                                   const struct ynode *n, const char *lead)
{
	return r->workload
		|| err_at(r->err, ERR_INPUT, n->pos, "a value of the workload "
		          "cannot be {%s: ...}: what several models share "
		          "reads none of them; a formula of the workload can "
		          "read its parameters", lead);
}

/* A truth or choice can only follow one of its own kind. */
static bool same_kind(const struct setting_reader *r, const struct ynode *n,
                      const struct param *p, const struct link *link)
{
	enum value_type type = link->param ? link->param->type : TYPE_NUMBER;

	if (type != p->type)
		return err_at(r->err, ERR_INPUT, text_pos(n), "`%s` and the "
		              "workload's `%s` are values of different kinds",
		              p->name, n->text);
	if (type == TYPE_NUMBER && !unit_same(&p->unit, &link->unit))
		return err_at(r->err, ERR_INPUT, text_pos(n), "`%s` is in %s, "
		              "the workload's `%s` in %s", p->name,
		              p->unit_text, n->text, link->unit_text);
	if (type == TYPE_LABEL && p->nchoices != link->param->nchoices)
		return err_at(r->err, ERR_INPUT, text_pos(n), "`%s` has other "
		              "choices than the workload's `%s`", p->name,
		              n->text);
	if (link->stateful && !p->stateful)
		return err_at(r->err, ERR_INPUT, text_pos(n), "the workload's "
		              "`%s` may be a state such as `never`: say "
		              "`stateful: yes` for `%s`", n->text, p->name);
	return true;
}

static bool read_workload(const struct setting_reader *r,
                          const struct ynode *n, const struct param *p,
                          struct setting *s)
{
	const struct ynode *name = yaml_get(n, "workload");
	struct link link;

	s->kind = SET_WORKLOAD;
	if (!refuse_inside_workload(r, n, "workload")
	    || !yaml_text(name, "workload", &s->name, r->err))
		return false;
	if (!workload_link(r->workload, s->name, &link)) {
		const char *const *known = workload_list(r->arena,
		                                         r->workload);

		return err_at(r->err, ERR_INPUT, text_pos(name), "the "
		              "workload has no `%s`%s", s->name,
		              suggestion(r->arena, s->name, known));
	}
	if (link.param)
		s->name = link.param->name;
	return same_kind(r, name, p, &link);
}

static bool read_price(const struct setting_reader *r, const struct ynode *n,
                       const struct param *p, struct setting *s)
{
	s->kind = SET_PRICE;
	if (!only_numbers(r, n, p, "price"))
		return false;
	s->name = get_text(r->err, n, "price", true, "a price");
	s->field = get_text(r->err, n, "field", true, "a price");
	s->times = get_text(r->err, n, "times", false, "a price");
	return s->name && s->field;
}

static bool read_from(const struct setting_reader *r, const struct ynode *n,
                      const struct param *p, struct setting *s)
{
	const struct ynode *from = yaml_get(n, "from");
	const struct ynode *otherwise = yaml_get(n, "else");
	const char *dot;

	s->kind = SET_FROM;
	if (!refuse_inside_workload(r, n, "from")
	    || !only_numbers(r, n, p, "from")
	    || !yaml_text(from, "from", &s->name, r->err))
		return false;
	dot = strchr(s->name, '.');
	if (!dot || dot == s->name || dot[1] == '\0' || strchr(dot + 1, '.'))
		return err_at(r->err, ERR_INPUT, text_pos(from), "`%s`: a "
		              "neighbour's figure is written MODEL.OUTPUT",
		              s->name);
	if (!otherwise)
		return true;
	s->otherwise = setting_read(r, otherwise, p);
	return s->otherwise != NULL;
}

static bool read_evidence(const struct setting_reader *r,
                          const struct ynode *n, const struct param *p,
                          struct setting *s)
{
	(void)p;
	s->kind = SET_EVIDENCE;
	s->name = get_text(r->err, n, "evidence", true, "evidence");
	s->field = get_text(r->err, n, "field", true, "evidence");
	return s->name && s->field
		&& read_age(r->arena, r->units, yaml_get(n, "stale_after"),
		            &s->stale_after, r->err);
}

static bool three_quantiles(const struct setting_reader *r,
                            const struct ynode *n, const struct param *p,
                            const char *const *keys, double *q)
{
	for (int i = 0; i < 3; i++) {
		const struct ynode *item = yaml_get(n, keys[i]);

		if (!item)
			return err_at(r->err, ERR_INPUT, n->pos, "`%s` needs "
			              "%s, %s and %s", p->name, keys[0],
			              keys[1], keys[2]);
		if (!read_quantity(r->arena, r->units, item, &p->unit, keys[i],
		                   &q[i], r->err))
			return false;
	}
	return true;
}

static bool read_family(const struct setting_reader *r, const struct ynode *n,
                        bool *metalog)
{
	const char *family = get_text(r->err, n, "family", false, "a value");

	*metalog = family && strcmp(family, "metalog") == 0;
	return !family || *metalog || strcmp(family, "jqpd") == 0
		|| err_at(r->err, ERR_INPUT, text_pos(yaml_get(n, "family")),
		          "`%s` is no family for three quantiles (jqpd, "
		          "metalog)", family);
}

static bool read_quantiles(const struct setting_reader *r,
                           const struct ynode *n, const struct param *p,
                           struct setting *s)
{
	static const char *const tens[] = { "p10", "p50", "p90" };
	static const char *const fives[] = { "p5", "p50", "p95" };
	double range[2] = { p->low, p->high }, q[3];
	const double *bounds = isinf(p->low) && isinf(p->high) ? NULL : range;
	bool wide = yaml_get(n, "p5") != NULL, metalog;
	double unit = p->unit.scale;

	if (!only_numbers(r, n, p, wide ? "p5" : "p10")
	    || !read_family(r, n, &metalog)
	    || !three_quantiles(r, n, p, wide ? fives : tens, q))
		return false;
	if (bounds && q[0] < q[1] && q[1] < q[2]
	    && !(p->low < q[0] && q[2] < p->high))
		return err_at(r->err, ERR_INPUT, n->pos, "`%s`: %g and %g must "
		              "lie inside its bounds %g and %g %s, which are "
		              "the ends of the law", p->name, q[0] / unit,
		              q[2] / unit, p->low / unit, p->high / unit,
		              p->unit_text);
	s->dist = dist_through(r->arena, metalog ? DIST_METALOG : DIST_JQPD,
	                       wide ? 0.05 : 0.1, q, bounds, n->pos, r->err);
	return s->dist && check_bounds(p, s->dist, n->pos, r->err);
}

/* `point:` says what --point takes of an uncertain number. */
static bool read_point(const struct setting_reader *r, const struct ynode *n,
                       const struct param *p, struct setting *s)
{
	double v;

	if (p->type != TYPE_NUMBER || s->kind != SET_DIST
	    || dist_is_point(s->dist))
		return err_at(r->err, ERR_INPUT, n->pos, "`%s`: `point:` "
		              "belongs to an uncertain number", p->name);
	if (!read_quantity(r->arena, r->units, n, &p->unit, "point", &v,
	                   r->err))
		return false;
	s->dist = dist_pointed(r->arena, s->dist, v);
	return s->dist
		|| err_at(r->err, ERR_INPUT, text_pos(n), "`%s`: `point:` "
		          "lies outside of what the value can be", p->name);
}

static bool read_sourced(const struct setting_reader *r,
                         const struct ynode *n, const struct param *p,
                         struct setting *s)
{
	const struct ynode *value = yaml_get(n, "value");
	const struct ynode *point = yaml_get(n, "point");
	const struct setting *inner;

	if (yaml_get(value, "value"))
		return err_at(r->err, ERR_INPUT, value->pos, "`value:` stands "
		              "within `value:`");
	inner = setting_read(r, value, p);
	if (!inner)
		return false;
	*s = *inner;
	if (point && !read_point(r, point, p, s))
		return false;
	if (!yaml_get(n, "source") && !yaml_get(n, "provenance"))
		return true;
	return read_source(r->arena, yaml_get(n, "source"),
	                   yaml_get(n, "provenance"), &s->source, r->err);
}

const struct setting *setting_read(const struct setting_reader *r,
                                   const struct ynode *n,
                                   const struct param *p)
{
	struct setting *s = arena_alloc(r->arena, sizeof *s);
	const struct form *form = form_of(n);

	s->kind = SET_DIST;
	s->pos = n->kind == Y_SCALAR ? text_pos(n) : n->pos;
	s->text = node_text(r->arena, n);
	if (n->kind == Y_SCALAR)
		return read_scalar(r, n, p, s) ? s : NULL;
	if (!form) {
		err_at(r->err, ERR_INPUT, n->pos, "`%s`: this is no value; a "
		       "value is a text, or a map that starts with workload, "
		       "price, from, p5, p10 or evidence", p->name);
		return NULL;
	}
	if (!yaml_only(n, p->name, form->keys, r->err))
		return NULL;
	return form->read(r, n, p, s) ? s : NULL;
}

/* --- maps over an axis ---------------------------------------------------- */

int axis_of_map(struct arena *a, const struct env *e, const struct ynode *n,
                const char *what, struct err *err)
{
	int axis = -1, found;
	bool ok = true;

	for (int i = 0; i < n->n && axis < 0; i++)
		if (env_find_label(e, n->key[i]->text, &found) >= 0)
			axis = found;
	if (axis < 0) {
		err_at(err, ERR_INPUT, n->pos, "`%s`: no key of this map is "
		       "an option or a label of an axis, nor one of workload, "
		       "price, from, p5, p10; the options are %s", what,
		       list_text(a, label_list(a, e, AXIS_OPTION)));
		return -1;
	}
	for (int i = 0; i < n->n; i++) {
		const char *label = n->key[i]->text;
		const char *const *known = label_list(a, e, axis);

		if (strcmp(label, "else") == 0
		    || (env_find_label(e, label, &found) >= 0
		        && found == axis))
			continue;
		ok = err_at(err, ERR_INPUT, n->key[i]->pos, "`%s`: `%s` is no "
		            "label of the axis `%s` (%s)%s", what, label,
		            env_axis_name(e, axis), list_text(a, known),
		            suggestion(a, label, known));
	}
	return ok ? axis : -1;
}
