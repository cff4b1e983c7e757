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
	if (!s)
		buf_add(out, "(a scenario must say)");
	else if (s->kind == SET_PRICE)
		buf_addf(out, "price of %s, %s", s->name, or_dash(s->field));
	else if (s->kind == SET_WORKLOAD)
		buf_addf(out, "workload: %s", s->name);
	else if (s->kind == SET_FROM)
		buf_addf(out, "from %s", s->name);
	else
		add_safe(out, or_dash(s->text));
	if (s && s->kind == SET_DIST && p->unit_text &&
	    strcmp(p->unit_text, "1"))
		buf_addf(out, "  [%s]", p->unit_text);
}

/* Prose below the line that it belongs to. */
static void show_below(struct buf *out, const struct text_style *st,
                       const char *text)
{
	buf_pad(out, ' ', 6);
	text_flow(out, st, 6, 8, text);
}

static void show_source(struct buf *out, const struct text_style *st,
                        const struct source *s)
{
	struct buf b = BUF_INIT;

	if (!s->kind && !s->note)
		return;
	buf_addf(&b, "source: %s%s%s%s%s", or_dash(s->kind),
	         s->note ? ", " : "", s->note ? s->note : "",
	         s->date ? ", " : "", s->date ? s->date : "");
	show_below(out, st, b.s);
	buf_release(&b);
}

static void show_param(struct buf *out, const struct text_style *st,
                       const struct param *p)
{
	for (int k = 0; k < p->nslots; k++) {
		buf_addf(out, "  %-30s ", p->slot_name ? p->slot_name[k]
		                                       : p->name);
		show_setting(out, p, p->setting[k]);
		buf_addc(out, '\n');
	}
	if (p->ask)
		show_below(out, st, p->ask);
	/* what the workload states has its source there */
	if (p->nslots && p->setting[0] && p->setting[0]->kind == SET_WORKLOAD)
		return;
	show_source(out, st, &p->source);
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

/* The parameter that a slot of the model belongs to, and the slot's name. */
static const struct param *param_of(const struct model *m, int slot,
                                    const char **name)
{
	const struct param *p = m->param;

	while (slot >= p->first_slot + p->nslots)
		p++;
	*name = p->slot_name[slot - p->first_slot];
	return p;
}

static void show_choice(struct buf *out, const struct model *m,
                        const struct preset_choice *c)
{
	buf_addf(out, "      %-26s ", c->label);
	num_human(out, c->weight, 3);
	for (int i = 0; i < c->nsets; i++) {
		const char *name;
		const struct param *p = param_of(m, c->set[i].slot, &name);

		buf_addf(out, "%s%s = ", i ? ", " : "  ", name);
		show_setting(out, p, c->set[i].setting);
	}
	buf_addc(out, '\n');
}

static void show_presets(struct buf *out, const struct text_style *st,
                         const struct model *m)
{
	if (m->npresets)
		heading(out, "Presets, each choice with its weight");
	for (int i = 0; i < m->npresets; i++) {
		const struct preset *p = &m->preset[i];

		buf_addf(out, "  %-30s ", p->name);
		add_safe(out, or_dash(p->title));
		buf_addc(out, '\n');
		for (int k = 0; k < p->n; k++)
			show_choice(out, m, &p->choice[k]);
		show_source(out, st, &p->source);
	}
}

static void show_studies(struct buf *out, const struct text_style *st,
                         const struct model *m)
{
	static const char *const observed[STUDY_KINDS] = {
		[STUDY_NORMAL_MEAN] = "a mean", [STUDY_BINOMIAL] = "a share",
		[STUDY_POISSON] = "a rate",
	};

	struct buf b = BUF_INIT;

	if (m->nstudies)
		heading(out, "Studies");
	for (int i = 0; i < m->nstudies; i++) {
		const struct study_def *s = &m->study[i];

		buf_addf(out, "  %-30s ", s->name);
		text_flow(out, st, 33, 33, or_dash(s->title));
		buf_clear(&b);
		buf_addf(&b, "observes %s, %s; %s: ", observed[s->kind],
		         s->of_text, s->word ? s->word : "n");
		num_human(&b, s->from, 3);
		buf_add(&b, " to ");
		num_human(&b, s->to, 3);
		buf_addf(&b, "; costs %s%s%s", or_dash(s->cost.text),
		         s->takes_text ? "; takes " : "",
		         s->takes_text ? s->takes_text : "");
		show_below(out, st, b.s);
	}
	buf_release(&b);
}

static void show_outputs(struct buf *out, const struct model *m)
{
	if (m->noutputs)
		heading(out, "Outputs");
	for (int i = 0; i < m->noutputs; i++) {
		const struct output_def *o = &m->output[i];

		buf_addf(out, "  %-30s ", o->name);
		add_safe(out, or_dash(o->title));
		if (strcmp(or_dash(o->unit_text), "1"))
			buf_addf(out, "  [%s]", or_dash(o->unit_text));
		buf_add(out, o->central ? ", at the centre alone\n" : "\n");
	}
}

static double indifferent_below(const struct decision *d)
{
	return d->indifferent_below / d->objective_unit.scale;
}

static void show_decision(struct buf *out, const struct model *m)
{
	const struct decision *d = &m->decision;

	heading(out, "Decision");
	buf_addf(out, "  %s ", d->maximise ? "maximise" : "minimise");
	add_safe(out, or_dash(d->objective_text));
	buf_add(out, "\n  indifferent below ");
	num_human(out, indifferent_below(d), 3);
	buf_addf(out, " %s", or_dash(d->objective_unit_text));
	buf_addf(out, "\n  incumbent %s; break-even over", d->incumbent >= 0
	         ? m->option[d->incumbent].name : "-");
	for (int i = 0; i < d->nbreak_even; i++)
		buf_addf(out, "%s %s", i ? "," : "", d->break_even[i]);
	buf_addf(out, "\n%s", d->nbreak_even ? "" : "  (none)\n");
}

static void show_text(struct buf *out, const struct text_style *st,
                      const struct model *m)
{
	buf_addf(out, "%s, version %d, %d months\n", m->name, m->version,
	         m->horizon);
	add_safe(out, or_dash(m->question));
	buf_addf(out, "\n%s\n", m->path);
	show_options(out, m);
	heading(out, "Parameters");
	for (int i = 0; i < m->nparams; i++)
		show_param(out, st, &m->param[i]);
	show_formulas(out, m);
	show_rules(out, m);
	show_presets(out, st, m);
	show_studies(out, st, m);
	show_outputs(out, m);
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
			JSON(j, *p, title, ask);
			json_text(j, "unit", p->unit_text);
			json_text(j, "value", s ? s->text : NULL);
			json_text(j, "source", p->source.note);
			json_end(j, '}');
		}
	}
	json_end(j, ']');
}

static void json_presets(struct json *j, const struct model *m)
{
	json_begin(j, "presets", '[');
	for (int i = 0; i < m->npresets; i++) {
		json_begin(j, NULL, '{');
		JSON(j, m->preset[i], name, title);
		json_begin(j, "choices", '[');
		for (int k = 0; k < m->preset[i].n; k++) {
			const struct preset_choice *c = &m->preset[i].choice[k];

			json_begin(j, NULL, '{');
			json_text(j, "name", c->label);
			JSON(j, *c, title, weight);
			json_begin(j, "set", '{');
			for (int l = 0; l < c->nsets; l++) {
				const char *name;

				param_of(m, c->set[l].slot, &name);
				json_text(j, name, c->set[l].setting->text);
			}
			json_end(j, '}');
			json_end(j, '}');
		}
		json_end(j, ']');
		json_text(j, "source", m->preset[i].source.note);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void json_studies(struct json *j, const struct model *m)
{
	json_begin(j, "studies", '[');
	for (int i = 0; i < m->nstudies; i++) {
		const struct study_def *s = &m->study[i];

		json_begin(j, NULL, '{');
		JSON(j, *s, name, title);
		json_text(j, "observe", observations[s->kind].name);
		json_text(j, "of", s->of_text);
		JSON(j, *s, word, from, to);
		json_text(j, "cost", s->cost.text);
		json_text(j, "takes", s->takes_text);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void json_outputs(struct json *j, const struct model *m)
{
	json_begin(j, "outputs", '[');
	for (int i = 0; i < m->noutputs; i++) {
		json_begin(j, NULL, '{');
		JSON(j, m->output[i], name, title);
		json_text(j, "unit", m->output[i].unit_text);
		json_bool(j, "central", m->output[i].central);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void json_decision(struct json *j, const struct model *m)
{
	const struct decision *d = &m->decision;

	json_begin(j, "decision", '{');
	json_text(j, "sense", d->maximise ? "maximise" : "minimise");
	json_text(j, "objective", d->objective_text);
	json_text(j, "unit", d->objective_unit_text);
	json_number(j, "indifferent_below", indifferent_below(d));
	json_text(j, "incumbent", d->incumbent >= 0
	          ? m->option[d->incumbent].name : NULL);
	json_begin(j, "break_even", '[');
	for (int i = 0; i < d->nbreak_even; i++)
		json_text(j, NULL, d->break_even[i]);
	json_end(j, ']');
	json_end(j, '}');
}

static void show_json(struct buf *out, const struct model *m)
{
	struct json j = { .out = out };

	json_open(&j, "steelyard.model/1");
	json_text(&j, "model", m->name);
	JSON(&j, *m, title, question, version, horizon, digest);
	json_begin(&j, "options", '[');
	for (int i = 0; i < m->noptions; i++)
		json_text(&j, NULL, m->option[i].name);
	json_end(&j, ']');
	json_params(&j, m);
	json_begin(&j, "formulas", '[');
	for (int i = 0; i < m->nformulas; i++) {
		json_begin(&j, NULL, '{');
		JSON(&j, m->formula[i], name, text);
		json_text(&j, "unit", m->formula[i].unit_text);
		json_end(&j, '}');
	}
	json_end(&j, ']');
	json_presets(&j, m);
	json_studies(&j, m);
	json_outputs(&j, m);
	json_decision(&j, m);
	json_end(&j, '}');
}

static bool show_tape(struct run *r, const struct model *m)
{
	struct json j = { .out = &r->out };
	struct buf tape = BUF_INIT;
	bool ok = task_tape(&r->context, m->name, &tape, &r->err);

	if (ok && r->opt.json) {
		json_open(&j, "steelyard.model/1");
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
	const struct text_style style = run_style(r);

	if (!m)
		return false;
	if (r->opt.tape)
		return show_tape(r, m);
	if (r->opt.markdown)
		show_markdown(&r->out, m);
	else if (r->opt.json)
		show_json(&r->out, m);
	else
		show_text(&r->out, &style, m);
	return true;
}
