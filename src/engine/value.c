#include "engine/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine.h"

#include "base/banned.h"

void central_tape(const struct tape *t, struct tape_memo *m,
                  const struct sample *s, double *out)
{
	struct feed f;

	feed_init(&f, t);
	frame_memo(f.frame, m, 0);
	feed_central(&f, s);
	feed_run(&f, 1);
	for (int i = 0; i < f.nroots; i++)
		out[i] = f.out[i][0];
	feed_release(&f);
}

void central_run(struct dag *d, const struct roots *r,
                 const struct sample *s, double *out)
{
	struct tape *t;

	if (r->n == 0)
		return;
	t = tape_new(d, r->node, r->n);
	central_tape(t, NULL, s, out);
	tape_free(t);
}

bool central_value(const struct plan *p, const struct sample *s,
                   const struct syntax *e, int option, struct central *out,
                   struct err *err)
{
	struct roots r = { 0 };
	int number, state;
	double v[2];
	bool ok = plan_root(p, &r, e, option, &number, &state, err);

	if (ok) {
		central_run(p->dag, &r, s, v);
		out->value = v[number];
		out->state = state == ROOT_NONE ? STATE_NUMBER : (int)v[state];
	}
	free(r.node);
	return ok;
}

/* Numbers, truths and labels: whatever the language can say. */
static bool type_of(const struct model *m, const struct syntax *e,
                    struct expr_type *type)
{
	static const enum value_type types[] = {
		TYPE_NUMBER, TYPE_BOOL, TYPE_LABEL,
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (env_check_expr(m->env, e, types[i],
		                   AXES(AXIS_OPTION) | AXES(AXIS_MONTH), false,
		                   type, NULL))
			return true;
	return false;
}

void value_text(const struct plan *p, const struct syntax *e,
                const struct central *v, struct buf *out)
{
	struct expr_type type;
	struct unit unit;
	const char *text;

	if (v->state != STATE_NUMBER) {
		buf_add(out, env_state_name(p->model->env, v->state));
		return;
	}
	if (!type_of(p->model, e, &type) || !isfinite(v->value)) {
		buf_add(out, "?");
		return;
	}
	if (type.type == TYPE_BOOL) {
		buf_add(out, v->value != 0.0 ? "yes" : "no");
		return;
	}
	env_display(p->model->env, e, &type, &unit, &text);
	num_human(out, v->value / unit.scale, 3);
	if (strcmp(text, "1") != 0)
		buf_addf(out, " %s", text);
}

static void fill_one(const struct plan *p, const struct sample *s,
                     const char *text, size_t n, int option, struct buf *out)
{
	char *copy = arena_strndup(p->arena, text, n);
	struct pos none = { 0 };
	struct syntax *e = expr_parse(p->arena, copy, none, NULL);
	struct expr_type type;
	struct central v;

	if (e && type_of(p->model, e, &type) &&
	    central_value(p, s, e, option, &v, NULL))
		value_text(p, e, &v, out);
	else
		buf_add(out, "?");
}

void template_fill(const struct plan *p, const struct sample *s,
                   const char *text, int option, struct buf *out)
{
	const char *open, *close;

	while ((open = strchr(text, '{')) && (close = strchr(open, '}'))) {
		buf_addn(out, text, (size_t)(open - text));
		fill_one(p, s, open + 1, (size_t)(close - open - 1), option,
		         out);
		text = close + 1;
	}
	buf_add(out, text);
}

bool values_open(struct values *v, const struct bound *b, int model,
                 struct err *err)
{
	const struct draws one = { .n = 1, .replicates = 1 };

	*v = (struct values){ .plan = plan_bare(bound_graph_new(b), b, model) };
	if (sample_init(&v->sample, b, &one, err))
		return true;
	bound_graph_free(v->plan.graph);
	v->plan.graph = NULL;
	return false;
}

void values_close(struct values *v)
{
	if (v->plan.graph) {
		sample_release(&v->sample);
		bound_graph_free(v->plan.graph);
	}
}

bool engine_value(const struct bound *b, int model, const struct syntax *s,
                  double *value, const char **state, const char **unit_text,
                  struct err *err)
{
	const struct model *m = b->model[model].model;
	struct values of;
	struct expr_type type;
	struct central v = { 0 };
	struct unit unit = unit_one();
	bool ok = values_open(&of, b, model, err) &&
		central_value(&of.plan, &of.sample, s, -1, &v, err);

	values_close(&of);
	*state = NULL;
	*unit_text = "1";
	if (ok && type_of(m, s, &type) && type.type == TYPE_NUMBER)
		env_display(m->env, s, &type, &unit, unit_text);
	if (ok && v.state != STATE_NUMBER)
		*state = env_state_name(m->env, v.state);
	*value = ok && v.state == STATE_NUMBER ? v.value / unit.scale : NAN;
	if (ok && !*state && !isfinite(*value))
		return err_at(err, ERR_INPUT, syntax_pos(s),
		              "`%s` gives no finite number", syntax_text(s));
	return ok;
}
