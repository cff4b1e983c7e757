/*
 * models show: a model as a reviewer reads it.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "cli/command.h"
#include "model/model.h"

static const char *or_dash(const char *s)
{
	return s && *s ? s : "-";
}

static void heading(struct buf *out, const char *title)
{
	buf_addf(out, "\n%s\n", title);
}

static void show_options(struct buf *out, const struct model *m)
{
	heading(out, "Options");
	for (int i = 0; i < m->noptions; i++) {
		const char *const *tag = m->option[i].tags;

		buf_addf(out, "  %-16s ", m->option[i].name);
		add_safe(out, or_dash(m->option[i].title));
		for (int k = 0; tag && tag[k]; k++)
			buf_addf(out, "%s%s", k ? ", " : "  (", tag[k]);
		buf_add(out, tag && tag[0] ? ")\n" : "\n");
	}
}

/* A value as typed, with what stands behind it. */
static void show_setting(struct buf *out, const struct param *p,
                         const struct setting *s)
{
	if (!s) {
		buf_add(out, "(a scenario must say)");
		return;
	}
	if (s->kind == SET_PRICE)
		buf_addf(out, "price of %s, %s", s->name, or_dash(s->field));
	else if (s->kind == SET_WORKLOAD)
		buf_addf(out, "workload: %s", s->name);
	else if (s->kind == SET_FROM)
		buf_addf(out, "from %s", s->name);
	else
		add_safe(out, or_dash(s->text));
	if (s->kind == SET_DIST && p->unit_text && strcmp(p->unit_text, "1"))
		buf_addf(out, "  [%s]", p->unit_text);
}

static void show_source(struct buf *out, const struct source *s)
{
	if (!s->kind && !s->note)
		return;
	buf_add(out, "      source: ");
	add_safe(out, or_dash(s->kind));
	if (s->note) {
		buf_add(out, ", ");
		add_safe(out, s->note);
	}
	if (s->date)
		buf_addf(out, ", %s", s->date);
	buf_addc(out, '\n');
}

static void show_param(struct buf *out, const struct param *p)
{
	for (int k = 0; k < p->nslots; k++) {
		buf_addf(out, "  %-30s ", p->slot_name ? p->slot_name[k]
		                                       : p->name);
		show_setting(out, p, p->setting[k]);
		buf_addc(out, '\n');
	}
	if (p->ask) {
		buf_add(out, "      ");
		add_safe(out, p->ask);
		buf_addc(out, '\n');
	}
	/* what the workload states has its source there */
	if (p->nslots && p->setting[0] && p->setting[0]->kind == SET_WORKLOAD)
		return;
	show_source(out, &p->source);
}

static void show_formulas(struct buf *out, const struct model *m)
{
	heading(out, "Formulas");
	for (int i = 0; i < m->nformulas; i++) {
		const struct formula_info *f = &m->formula[i];

		buf_addf(out, "  %s = ", f->name);
		add_safe(out, or_dash(f->text));
		if (f->unit_text)
			buf_addf(out, "  [%s]", f->unit_text);
		buf_addc(out, '\n');
	}
	heading(out, "Money");
	for (int i = 0; i < m->nmoney; i++) {
		const struct money *y = &m->money[i];

		buf_addf(out, "  %-20s %-10s %s ", y->name,
		         or_dash(y->account),
		         y->timing == MONEY_MONTHLY ? "monthly" : "once");
		add_safe(out, or_dash(y->text));
		buf_addc(out, '\n');
	}
}

static void show_rules(struct buf *out, const struct model *m)
{
	if (m->nrequires || m->nconstraints)
		heading(out, "Rules");
	for (int i = 0; i < m->nrequires; i++)
		buf_addf(out, "  infeasible (%s) when %s\n",
		         m->requires[i].reason,
		         syntax_text(m->requires[i].when));
	for (int i = 0; i < m->nconstraints; i++) {
		const struct constraint *c = &m->constraint[i];

		buf_addf(out, "  %s%s%s", c->id, c->when ? " when " : "",
		         c->when ? syntax_text(c->when) : "");
		if (c->allow)
			buf_addf(out, ": allows %s", syntax_text(c->allow));
		if (c->require)
			buf_addf(out, ": requires %s",
			         syntax_text(c->require));
		buf_addc(out, '\n');
	}
}

static void show_decision(struct buf *out, const struct model *m)
{
	const struct decision *d = &m->decision;

	heading(out, "Decision");
	buf_addf(out, "  %s ", d->maximise ? "maximise" : "minimise");
	add_safe(out, or_dash(d->objective_text));
	buf_addf(out, "\n  incumbent %s; break-even over", d->incumbent >= 0
	         ? m->option[d->incumbent].name : "-");
	for (int i = 0; i < d->nbreak_even; i++)
		buf_addf(out, "%s %s", i ? "," : "", d->break_even[i]);
	buf_addf(out, "\n%s", d->nbreak_even ? "" : "  (none)\n");
}

static void show_text(struct buf *out, const struct model *m)
{
	buf_addf(out, "%s, version %d, %d months\n", m->name, m->version,
	         m->horizon);
	add_safe(out, or_dash(m->question));
	buf_addf(out, "\n%s\n", m->path);
	show_options(out, m);
	heading(out, "Parameters");
	for (int i = 0; i < m->nparams; i++)
		show_param(out, &m->param[i]);
	show_formulas(out, m);
	show_rules(out, m);
	show_decision(out, m);
	buf_addf(out, "\n%d examples\n", m->nexamples);
}

static void json_params(struct json *j, const struct model *m)
{
	json_begin(j, "parameters", '[');
	for (int i = 0; i < m->nparams; i++) {
		const struct param *p = &m->param[i];

		for (int k = 0; k < p->nslots; k++) {
			const struct setting *s = p->setting[k];

			json_begin(j, NULL, '{');
			json_text(j, "name", p->slot_name ? p->slot_name[k]
			                                  : p->name);
			json_text(j, "title", p->title);
			json_text(j, "ask", p->ask);
			json_text(j, "unit", p->unit_text);
			json_text(j, "value", s ? s->text : NULL);
			json_text(j, "source", p->source.note);
			json_end(j, '}');
		}
	}
	json_end(j, ']');
}

static void show_json(struct buf *out, const struct model *m)
{
	struct json j = { .out = out };

	json_begin(&j, NULL, '{');
	json_text(&j, "schema", "steelyard.model/1");
	json_bool(&j, "ok", true);
	json_text(&j, "model", m->name);
	json_text(&j, "title", m->title);
	json_text(&j, "question", m->question);
	json_whole(&j, "version", m->version);
	json_whole(&j, "horizon", m->horizon);
	json_text(&j, "digest", m->digest);
	json_begin(&j, "options", '[');
	for (int i = 0; i < m->noptions; i++)
		json_text(&j, NULL, m->option[i].name);
	json_end(&j, ']');
	json_params(&j, m);
	json_begin(&j, "formulas", '[');
	for (int i = 0; i < m->nformulas; i++) {
		json_begin(&j, NULL, '{');
		json_text(&j, "name", m->formula[i].name);
		json_text(&j, "text", m->formula[i].text);
		json_text(&j, "unit", m->formula[i].unit_text);
		json_end(&j, '}');
	}
	json_end(&j, ']');
	json_end(&j, '}');
}

static bool show_tape(struct run *r, const struct model *m)
{
	struct json j = { .out = &r->out };
	struct buf tape = BUF_INIT;
	bool ok = task_tape(&r->context, m->name, &tape, &r->err);

	if (ok && r->opt.json) {
		json_begin(&j, NULL, '{');
		json_text(&j, "schema", "steelyard.model/1");
		json_bool(&j, "ok", true);
		json_text(&j, "model", m->name);
		json_text(&j, "tape", tape.s);
		json_end(&j, '}');
	} else if (ok) {
		buf_add(&r->out, tape.s);
	}
	buf_release(&tape);
	return ok;
}

/* A row for every slot: what a reader of docs/models/ wants to doubt. */
static void markdown_row(struct buf *out, const struct param *p, int i)
{
	const struct setting *v = p->setting[i];
	static const struct source shared = { .kind = "workload" },
	                           dated = { .kind = "price map" };
	const struct source *from = v && v->source.kind ? &v->source
		: v && v->kind == SET_WORKLOAD ? &shared
		: v && v->kind == SET_PRICE ? &dated : &p->source;
	const char *cell[] = {
		p->slot_name[i], p->unit_text, v ? v->text : "(asked for)",
		from->kind, from->note, from->date,
	};

	buf_add(out, "|");
	for (size_t k = 0; k < sizeof cell / sizeof *cell; k++) {
		buf_addc(out, ' ');
		report_markdown(out, cell[k] ? cell[k] : "", true);
		buf_add(out, " |");
	}
	buf_addc(out, '\n');
}

static void show_markdown(struct buf *out, const struct model *m)
{
	buf_add(out, "| name | unit | default | kind | source | date |\n"
	        "|---|---|---|---|---|---|\n");
	for (int i = 0; i < m->nparams; i++)
		for (int k = 0; k < m->param[i].nslots; k++)
			markdown_row(out, &m->param[i], k);
}

bool run_models_show(struct run *r)
{
	const struct model *m = task_model(&r->context, r->arg[0], &r->err);

	if (!m)
		return false;
	if (r->opt.tape)
		return show_tape(r, m);
	if (r->opt.markdown)
		show_markdown(&r->out, m);
	else if (r->opt.json)
		show_json(&r->out, m);
	else
		show_text(&r->out, m);
	return true;
}
