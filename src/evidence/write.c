/* The evidence file. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "evidence/import.h"
#include "yaml/yaml.h"
#include "base/banned.h"

static void line(struct ywriter *w, const char *key, const char *text)
{
	if (!text)
		return;
	yaml_key(w, key);
	yaml_scalar(w, text);
}

static void number(struct ywriter *w, const char *key, double v)
{
	struct buf b = BUF_INIT;

	if (isfinite(v)) {
		buf_addf(&b, "%.10g", v);
		line(w, key, b.s);
	}
	buf_release(&b);
}

static void time_line(struct ywriter *w, const char *key, double t)
{
	char date[21];

	clock_format((int64_t)floor(t), date);
	line(w, key, date);
}

static void write_source(struct ywriter *w, const struct import *m)
{
	yaml_key(w, "source");
	yaml_map_begin(w);
	line(w, "file", m->file);
	line(w, "format", m->format);
	line(w, "sha256", m->digest);
	number(w, "rows", (double)m->rows);
	number(w, "skipped", (double)m->skipped);
	if (m->duplicates)
		number(w, "duplicates", (double)m->duplicates);
	yaml_map_end(w);
	if (!m->clock || !isfinite(m->from))
		return;
	yaml_key(w, "period");
	yaml_map_begin(w);
	time_line(w, "from", m->from);
	time_line(w, "to", m->to);
	yaml_map_end(w);
}

/* A value may be a map of quantiles: it is written as it is, in flow style. */
static void write_value(struct ywriter *w, const char *text)
{
	yaml_key(w, "value");
	if (text[0] == '{')
		buf_addf(w->out, " %s\n", text);
	else
		yaml_scalar(w, text);
}

static void write_measure(struct ywriter *w, const struct measure *x)
{
	yaml_key(w, x->name);
	yaml_map_begin(w);
	line(w, "unit", x->unit);
	write_value(w, x->value);
	if (x->n > 0)
		number(w, "n", x->n);
	number(w, "mean", x->mean);
	line(w, "fit", x->fit);
	line(w, "window", x->window);
	line(w, "note", x->note);
	yaml_map_end(w);
}

static void write_fact(struct ywriter *w, const struct fact_table *t)
{
	yaml_key(w, t->name);
	yaml_seq_begin(w);
	for (int i = 0; i < t->n && i < 200; i++) {
		yaml_item(w);
		yaml_map_begin(w);
		for (int k = 0; k < t->ncolumns; k++) {
			const struct fact_cell *c
				= &t->cell[i * t->ncolumns + k];

			if (t->column[k].text)
				line(w, t->column[k].name, c->text);
			else
				number(w, t->column[k].name, c->number);
		}
		yaml_map_end(w);
	}
	yaml_seq_end(w);
}

void import_write(const struct import *m, struct buf *out)
{
	struct ywriter w = { .out = out };
	char today[11];

	if (m->document) {
		buf_add(out, m->document);
		return;
	}
	clock_date(clock_now(), today);
	line(&w, "evidence", "1");
	line(&w, "title", m->title);
	line(&w, "made", today);
	write_source(&w, m);
	yaml_key(&w, "fields");
	yaml_map_begin(&w);
	for (int i = 0; i < m->nmeasures; i++)
		write_measure(&w, &m->measure[i]);
	yaml_map_end(&w);
	if (!m->nfacts && !m->nnotes)
		return;
	yaml_key(&w, "facts");
	yaml_map_begin(&w);
	if (m->nnotes) {
		yaml_key(&w, "notes");
		yaml_seq_begin(&w);
		for (int i = 0; i < m->nnotes; i++) {
			yaml_item(&w);
			yaml_scalar(&w, m->note[i]);
		}
		yaml_seq_end(&w);
	}
	for (int i = 0; i < m->nfacts; i++)
		write_fact(&w, m->fact[i]);
	yaml_map_end(&w);
}
