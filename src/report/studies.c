/* What groups of inputs and studies would be worth, for people. */
#include <math.h>

#include "base/num.h"
#include "report/text.h"

#include "base/banned.h"

#define COLUMN 14
#define SIZE 10

static void amount(struct buf *b, const struct text_style *st, double v,
                   double se, const char *unit)
{
	text_number(b, v, unit);
	if (result_has(se) && se > 0) {
		buf_add(b, st->ascii ? " +- " : " \xc2\xb1 ");
		text_error(b, se);
	}
}

/* "12 runs", "n = 12" */
static void count(struct buf *b, double n, const char *word)
{
	bool bare = word[0] == 'n' && !word[1];

	buf_add(b, bare ? "n = " : "");
	num_human(b, n, 6);
	if (!bare)
		buf_addf(b, " %s", word);
}

/* "12 runs (8 to 15 would do as well within the error)" */
static void best_size(struct buf *b, const struct study_result *s)
{
	buf_add(b, "best with ");
	count(b, s->size[s->best].n, s->word);
	if (s->near_low < s->near_high) {
		buf_add(b, " (");
		num_human(b, s->near_low, 6);
		buf_add(b, " to ");
		num_human(b, s->near_high, 6);
		buf_add(b, " do as well within the error)");
	}
}

static void waiting(struct buf *b, const struct study_result *s,
                    const char *unit)
{
	if (!s->takes)
		return;
	buf_addf(b, " It takes %s", s->takes);
	if (!result_has(s->delay)) {
		buf_add(b, "; what waiting loses is not counted: the model "
		        "does not say.");
	} else if (s->delay > 0) {
		buf_add(b, ", and waiting loses ");
		text_number(b, s->delay, unit);
		buf_add(b, ", which is counted.");
	} else {
		buf_add(b, "; waiting loses nothing.");
	}
}

static void verdict(struct buf *b, const struct text_style *st,
                    const struct study_result *s, const char *unit)
{
	const struct study_size *z = &s->size[s->best];

	if (s->no_net) {
		buf_add(b, "worth ");
		amount(b, st, z->evsi, z->evsi_se, unit);
		buf_add(b, " with ");
		count(b, z->n, s->word);
		buf_addf(b, "; %s.", s->no_net);
		return;
	}
	if (s->nsizes == 1) {
		buf_add(b, "with ");
		count(b, z->n, s->word);
	} else if (s->pays) {
		best_size(b, s);
	} else {
		buf_add(b, "does not pay at any size. The best is ");
		count(b, z->n, s->word);
	}
	buf_add(b, ": worth ");
	amount(b, st, z->evsi, z->evsi_se, unit);
	if (s->decisions != 1) {
		buf_add(b, " a decision, for ");
		num_human(b, s->decisions, 4);
		buf_add(b, " decisions");
	}
	buf_add(b, ", costs ");
	text_number(b, z->cost, unit);
	buf_add(b, ", net ");
	amount(b, st, z->net, z->net_se, unit);
	buf_add(b, ".");
}

static void study(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t, const struct study_result *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", s->title);
	verdict(&b, st, s, t->objective_unit);
	buf_addf(&b, " Knowing %s exactly would be worth ", s->observes);
	amount(&b, st, s->perfect, s->perfect_se, t->objective_unit);
	buf_add(&b, ".");
	waiting(&b, s, t->objective_unit);
	text_wrap(out, st, 4, 2, b.s);
	buf_release(&b);
}

static void cell(struct buf *out, const struct text_style *st, double v,
                 double se, int width)
{
	struct buf b = BUF_INIT;

	amount(&b, st, v, se, NULL);
	text_cell(out, st, b.s, width, true);
	buf_release(&b);
}

/* The curve of one study that was asked for by name. */
static void curve(struct buf *out, const struct text_style *st,
                  const struct study_result *s)
{
	static const char *const head[] = { "worth", "cost", "net" };

	buf_pad(out, ' ', 4);
	text_cell(out, st, s->word, SIZE, true);
	for (int i = 0; i < 3; i++)
		text_cell(out, st, head[i], i == 1 ? COLUMN : COLUMN + 6,
		          true);
	buf_addc(out, '\n');
	for (int i = 0; i < s->nsizes; i++) {
		const struct study_size *z = &s->size[i];

		buf_pad(out, ' ', 4);
		cell(out, st, z->n, NAN, SIZE);
		cell(out, st, z->evsi, z->evsi_se, COLUMN + 6);
		cell(out, st, z->cost, NAN, COLUMN);
		cell(out, st, z->net, z->net_se, COLUMN + 6);
		buf_add(out, i == s->best && !s->no_net ? "  best\n" : "\n");
	}
}

void text_studies(struct buf *out, const struct text_style *st,
                  const struct tradeoff *t)
{
	if (!t->voi.nstudies)
		return;
	buf_addc(out, '\n');
	text_heading(out, st, 2, "Studies");
	for (int i = 0; i < t->voi.nstudies; i++)
		study(out, st, t, &t->voi.study[i]);
	if (t->voi.nstudies == 1)
		curve(out, st, &t->voi.study[0]);
}

void text_groups(struct buf *out, const struct text_style *st,
                 const struct tradeoff *t)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->voi.ngroups; i++) {
		const struct evppi *g = &t->voi.group[i];

		buf_addf(&b, "Together %s: ", g->title);
		amount(&b, st, g->value, g->se, t->objective_unit);
		if (t->voi.evpi > 0)
			buf_addf(&b, ", %.0f %% of all",
			         100 * g->value / t->voi.evpi);
		if (g->note)
			buf_addf(&b, " (%s)", g->note);
		text_wrap(out, st, 4, 2, b.s);
		buf_clear(&b);
	}
	buf_release(&b);
}

/* How far the second estimates stand off, where that is more than the error. */
void text_second_opinion(struct buf *out, const struct text_style *st,
                         const struct tradeoff *t)
{
	const struct evppi *most = NULL;
	struct buf b = BUF_INIT;

	for (int i = 0; i < t->voi.nevppi + t->voi.ngroups; i++) {
		const struct evppi *e = i < t->voi.nevppi ? &t->voi.evppi[i]
			: &t->voi.group[i - t->voi.nevppi];

		if (e->model_error > 2 * e->se && e->value > 0 &&
		    (!most || e->model_error > most->model_error))
			most = e;
	}
	if (most) {
		buf_addf(&b, "A second way to estimate these differs by up to ");
		text_number(&b, most->model_error, t->objective_unit);
		buf_addf(&b, " (%s).", most->title);
		text_wrap(out, st, 4, 2, b.s);
	}
	buf_release(&b);
}
