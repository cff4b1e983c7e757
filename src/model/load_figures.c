/*
 * `figures:` curves worth looking at, named by those who know the model.
 */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "model/load.h"

#include "base/banned.h"

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *figure_at(struct arena *a, const struct figure_def *f, double at)
{
	size_t n = strlen(f->over);
	struct buf b = BUF_INIT;
	const char *text;

	for (const char *p = f->text; *p;) {
		bool starts = p == f->text || !in_word(p[-1]);

		if (!f->free || !starts || strncmp(p, f->over, n) != 0 ||
		    in_word(p[n])) {
			buf_addc(&b, *p++);
			continue;
		}
		buf_addc(&b, '(');
		num_exact(&b, at);
		if (strcmp(f->over_unit, "1") != 0)
			buf_addf(&b, " [%s]", f->over_unit);
		buf_addc(&b, ')');
		p += n;
	}
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

static bool read_end(struct loader *ld, const struct ynode *n, const char *key,
                     const struct unit *unit, double *out)
{
	const struct ynode *end = yaml_get(n, key);

	if (!end)
		return err_at(&ld->err, ERR_INPUT, n->pos, "a figure over a "
		              "name of its own needs `from:` and `to:`");
	if (!read_quantity(ld->arena, ld->units, end, unit, key, out,
	                   &ld->err))
		return false;
	*out /= unit->scale;
	return true;
}

static bool read_range(struct loader *ld, const struct ynode *n,
                       struct figure_def *f)
{
	const struct ynode *unit = yaml_get(n, "unit");
	struct unit u = { .scale = 1 };

	f->free = true;
	f->over_unit = "1";
	f->over_title = get_text(&ld->err, n, "means", true, "a figure");
	if (unit && !read_unit(ld->units, unit, "a figure", &u, &f->over_unit,
	                       &ld->err))
		return false;
	if (!f->over_title || !read_end(ld, n, "from", &u, &f->low) ||
	    !read_end(ld, n, "to", &u, &f->high))
		return false;
	return f->low < f->high || err_at(&ld->err, ERR_INPUT, n->pos,
		"`from:` must be below `to:`");
}

/* A parameter, "month", or a free name with its range. */
static bool read_over(struct loader *ld, const struct ynode *n,
                      struct figure_def *f)
{
	const struct ynode *over = yaml_get(n, "over");
	const char *plain;
	int index;

	if (!over || over->kind != Y_SCALAR)
		return err_at(&ld->err, ERR_INPUT, n->pos, "a figure needs "
		              "`over:`: `month`, a parameter, or a name with "
		              "`from:` and `to:`");
	f->over = over->text;
	if (yaml_get(n, "from") || yaml_get(n, "to"))
		return read_range(ld, n, f);
	plain = arena_strndup(ld->arena, f->over, strcspn(f->over, "@"));
	return strcmp(f->over, "month") == 0 ||
	       model_param(ld->model, plain, &index) ||
	       err_at(&ld->err, ERR_INPUT, text_pos(over), "`%s` is no "
	              "parameter; a name of the figure's own needs `from:` "
	              "and `to:`", f->over);
}

/* An output's name stands for its expression. */
static bool is_output(const struct model *m, const struct figure_def *f)
{
	for (int i = 0; !f->free && i < m->noutputs; i++)
		if (strcmp(m->output[i].name, f->text) == 0)
			return true;
	return false;
}

static bool check_value(struct loader *ld, const struct ynode *value,
                        const struct figure_def *f)
{
	unsigned axes = AXES(AXIS_OPTION) | AXES(AXIS_MONTH);
	struct syntax *s;

	if (ld->undeclared || is_output(ld->model, f))
		return true;
	s = expr_parse(ld->arena, figure_at(ld->arena, f,
	                                    (f->low + f->high) / 2),
	               text_pos(value), &ld->err);
	return s && env_check_expr(ld->env, s, TYPE_NUMBER, axes, false, NULL,
	                           &ld->err);
}

static bool one_figure(struct loader *ld, const struct ynode *n, void *out)
{
	const struct ynode *value = yaml_get(n, "value");
	struct figure_def *f = out;

	f->pos = n->pos;
	f->id = get_text(&ld->err, n, "id", true, "a figure");
	f->title = get_text(&ld->err, n, "title", true, "a figure");
	f->text = get_text(&ld->err, n, "value", true, "a figure");
	return f->id && f->title && f->text && read_over(ld, n, f) &&
	       check_value(ld, value, f);
}

void load_figures(struct loader *ld, const struct ynode *n)
{
	static const char *const keys[] = {
		"id", "title", "value", "over", "from", "to", "unit", "means",
		NULL,
	};
	struct model *m = ld->model;

	m->figure = load_entries(ld, n, "a figure", keys, sizeof *m->figure,
	                         one_figure, &m->nfigures);
}
