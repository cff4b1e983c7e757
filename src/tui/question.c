#include "tui/question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/bound.h"
#include "result/result.h"
#include "tui/state.h"
#include "base/banned.h"

#define SIGMAS 2                /* below which a value is noise */

/* --- what could be asked ---------------------------------------------------- */

/* Below this the value cannot be told from none; the engine has left out what
 * chance makes of nothing. */
static double noise(const struct evppi *e)
{
	return result_has(e->se) ? SIGMAS * e->se : 0;
}

static bool is_model(const struct bound *b, int m, const char *name, size_t n)
{
	return strncmp(b->model[m].model->name, name, n) == 0 &&
	       b->model[m].model->name[n] == '\0';
}

/* The input of that name, as the values of information spell it: one of the
 * model's own, of the workload, or "MODEL.P" of a neighbour; -1. */
static int slot_named(const struct bound *b, int model, const char *name)
{
	const char *dot = strchr(name, '.');
	int found = -1;

	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];

		if (s->kind == SLOT_WORKLOAD || s->kind == SLOT_NEIGHBOUR)
			continue;
		if (dot && s->model >= 0 &&
		    is_model(b, s->model, name, (size_t)(dot - name)) &&
		    strcmp(s->name, dot + 1) == 0)
			return i;
		if (strcmp(s->name, name) != 0)
			continue;
		if (s->model == model)
			return i;
		if (s->model < 0)
			found = i;
	}
	return found;
}

static const char *full_name(struct arena *a, const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];

	return arena_printf(a, "%s.%s", s->model < 0 ? "workload"
	                    : b->model[s->model].model->name, s->name);
}

static const struct preset *preset_of(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];
	const struct model *m = s->model < 0 || s->param ? NULL
		: b->model[s->model].model;

	for (int i = 0; m && i < m->npresets; i++)
		if (strcmp(m->preset[i].name, s->name) == 0)
			return &m->preset[i];
	return NULL;
}

/* --- the best of them ------------------------------------------------------- */

/* `e` is NULL for what is asked without looking at its worth. */
struct pick { int row, slot; const struct evppi *e; };

/* An answer might tip the scales, and nobody would care. */
static void put_small(struct question *q, const struct tradeoff *t)
{
	if (q->small >= t->indifferent_below)
		return;
	q->small = t->indifferent_below;
	q->small_money = arena_strdup(q->arena, t->objective_unit);
}

static void consider(const struct state *st, struct question *q,
                     struct pick *best, int row)
{
	const struct tradeoff *t = evaluation_find(st->trade[row].full.e,
	                                           st->trade[row].model);

	for (int i = 0; t && i < t->voi.nevppi; i++) {
		const struct evppi *e = &t->voi.evppi[i];
		int slot = slot_named(st->bound, st->trade[row].bound,
		                      e->parameter);
		const struct edit *was;

		if (slot < 0 || !(e->value > noise(e)))
			continue;
		if (e->value <= t->indifferent_below) {
			put_small(q, t);
			continue;
		}
		was = history_find(&st->history,
		                   full_name(q->arena, st->bound, slot));
		if (was && was->kind == EDIT_KEPT) {
			q->unknown++;
			if (!(q->unknown_worth >= e->value)) {
				q->unknown_worth = e->value;
				q->unknown_title = arena_strdup(q->arena,
				                                e->title);
				q->money = arena_strdup(q->arena,
				                        t->objective_unit);
			}
		} else if (!was && (!best->e || e->value > best->e->value)) {
			*best = (struct pick){ row, slot, e };
		}
	}
}

static void add_choices(struct question *q, const struct preset *p,
                        const struct param *param)
{
	int n = p ? p->n : param->nchoices;
	const char **word = arena_alloc(q->arena, ((size_t)n + 2) *
	                                          sizeof *word);
	const char **title = arena_alloc(q->arena, ((size_t)n + 2) *
	                                           sizeof *title);

	for (int i = 0; i < n; i++) {
		word[i] = arena_strdup(q->arena, p ? p->choice[i].label
		                                   : param->choice[i]);
		title[i] = p && p->choice[i].title
		           ? arena_strdup(q->arena, p->choice[i].title)
		           : word[i];
	}
	if (!p && param->type == TYPE_BOOL) {
		word[0] = "true";
		word[1] = "false";
		title[0] = "yes";
		title[1] = "no";
		n = 2;
	}
	q->nchoices = n;
	q->choice = word;
	q->choice_title = title;
}

static const char *range_text(struct arena *a, const struct param *p)
{
	double scale = p->unit.scale > 0 ? p->unit.scale : 1;
	struct buf b = BUF_INIT;
	const char *out = NULL;

	if (isfinite(p->low) && isfinite(p->high)) {
		num_human(&b, p->low / scale, 4);
		buf_add(&b, " to ");
		num_human(&b, p->high / scale, 4);
		out = arena_strdup(a, b.s);
	}
	buf_release(&b);
	return out;
}

static const char *holds_text(struct arena *a, const struct slot *s)
{
	double unit = slot_unit(s)->scale;
	struct buf b = BUF_INIT;
	const char *out;

	if (s->kind != SLOT_INPUT || !s->dist || dist_is_discrete(s->dist))
		return s->text ? arena_strdup(a, s->text) : "";
	num_human(&b, dist_quantile(s->dist, 0.05) / unit, 3);
	buf_add(&b, " to ");
	num_human(&b, dist_quantile(s->dist, 0.95) / unit, 3);
	buf_add(&b, ", about ");
	num_human(&b, dist_quantile(s->dist, 0.5) / unit, 3);
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

static const char *weights_text(struct arena *a, const struct preset *p)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (int i = 0; i < p->n; i++) {
		buf_addf(&b, "%s%s ", i ? ", " : "", p->choice[i].label);
		num_human(&b, 100 * p->choice[i].weight, 3);
		buf_add(&b, " %");
	}
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

static void put_source(struct question *q, const struct source *s)
{
	q->source = !s->kind ? "" : arena_printf(
		q->arena, "%s%s%s", s->kind, s->note ? ": " : "",
		s->note ? s->note : "");
}

static void put_preset(struct question *q, const struct preset *p)
{
	q->ask = p->title ? arena_printf(q->arena, "Which is true of you: %s?",
	                                 p->title) : "Which is true of you?";
	q->unit = "";
	q->holds = weights_text(q->arena, p);
	put_source(q, &p->source);
	add_choices(q, p, NULL);
}

static void put_param(struct question *q, const struct slot *s)
{
	const struct param *p = s->param;

	const char *of = strchr(s->name, '@') ? strrchr(q->title, '(') : NULL;

	q->ask = p->ask ? arena_printf(q->arena, "%s%s%s", p->ask,
	                               of ? " " : "", of ? of : "")
	       : arena_printf(q->arena, "%s: how much is it?", q->title);
	q->unit = slot_unit_text(s);
	q->unit = !q->unit || strcmp(q->unit, "1") == 0 ? ""
		: arena_strdup(q->arena, q->unit);
	q->range = range_text(q->arena, p);
	q->share = strncmp(q->unit, "1/", 2) == 0 && s->dist &&
		dist_quantile(s->dist, 0.95) <= p->unit.scale;
	q->holds = holds_text(q->arena, s);
	q->example = strstr(q->holds, " to ")
		? arena_strndup(q->arena, q->holds, strcspn(q->holds, ","))
		: NULL;
	put_source(q, s->source.kind ? &s->source : &p->source);
	if (p->type == TYPE_LABEL || p->type == TYPE_BOOL)
		add_choices(q, NULL, p);
}

static void put(const struct state *st, struct question *q,
                const struct pick *best)
{
	const struct preset *p = preset_of(st->bound, best->slot);
	const struct tradeoff *t = state_result(st, best->row);
	const struct slot *s = &st->bound->slot[best->slot];
	const char *title = best->e && best->e->title ? best->e->title
		: s->param ? s->param->title : s->name;

	q->state = QUESTION_ASK;
	q->row = best->row;
	q->name = full_name(q->arena, st->bound, best->slot);
	q->title = arena_strdup(q->arena, title ? title : "");
	q->worth = best->e ? best->e->value : NAN;
	q->worth_se = best->e ? best->e->se : NAN;
	q->money = t ? arena_strdup(q->arena, t->objective_unit) : "";
	if (p)
		put_preset(q, p);
	else
		put_param(q, s);
}

/* Asked, and nobody knew. */
static void put_unsaid(struct question *q, const struct slot *s)
{
	q->unsaid = arena_printf(q->arena, "%s %s", s->param->title,
	                         holds_text(q->arena, s));
	q->unsaid_name = arena_strdup(q->arena, s->name);
}

/* A workload parameter that the model draws its break-evens over is what
 * workloads differ in most: an assumed value is nobody's, however narrow.  So it
 * is asked first, whatever the answer would be worth within that range. */
static void find_unsaid(const struct state *st, struct question *q, int row,
                        struct pick *first)
{
	int m = st->trade[row].bound;
	const struct decision *d = &st->bound->model[m].model->decision;

	for (int i = 0; i < d->nbreak_even && first->slot < 0; i++) {
		int slot = slot_named(st->bound, m, d->break_even[i]);
		const struct slot *s = slot < 0 ? NULL : &st->bound->slot[slot];

		const struct edit *was;

		if (!s || s->model >= 0 || !s->param || !s->source.kind ||
		    strcmp(s->source.kind, "assumption") != 0)
			continue;
		was = history_find(&st->history,
		                   full_name(q->arena, st->bound, slot));
		if (!was)
			*first = (struct pick){ row, slot, NULL };
		else if (!q->unsaid)
			put_unsaid(q, s);
	}
}

void question_next(const struct state *st, bool all, struct question *q)
{
	struct pick best = { .row = -1 }, first = { .slot = -1 };
	int rows = 0;

	*q = (struct question){ .arena = arena_new(), .worth = NAN,
	                        .row = st->trade_selected,
	                        .unknown_worth = NAN };
	for (int i = 0; i < st->history.pos; i++)
		q->answered += st->history.edit[i].kind != EDIT_KEPT;
	for (int i = 0; st->bound && i < st->ntrades; i++) {
		const struct trade_row *t = &st->trade[i];

		if (t->bound < 0 || (!all && i != st->trade_selected))
			continue;
		if (t->full.gen != st->gen && t->full.tried != st->gen) {
			q->state = QUESTION_WAIT;
			return;
		}
		rows += t->full.e != NULL;
		if (t->full.e) {
			consider(st, q, &best, i);
			find_unsaid(st, q, i, &first);
		}
	}
	q->state = rows ? QUESTION_DONE : QUESTION_NOTHING;
	if (first.slot >= 0)
		put(st, q, &first);
	else if (best.e)
		put(st, q, &best);
}

void question_free(struct question *q)
{
	arena_free(q->arena);
	q->arena = NULL;
}

/* --- words ------------------------------------------------------------------ */

void question_worth_text(const struct question *q, struct buf *out)
{
	if (!isfinite(q->worth)) {
		buf_add(out, "Workloads differ in it most, and nobody stated it");
		return;
	}
	buf_add(out, "A sure answer would save ");
	chart_amount(out, q->worth, q->money);
	buf_addf(out, " %s on average", q->money);
}

void question_hint_text(const struct question *q, struct buf *out)
{
	if (q->nchoices) {
		buf_add(out, "a number or a word of the list");
		return;
	}
	buf_add(out, *q->unit ? q->unit : "a number");
	if (q->share)
		buf_add(out, " (10 % is 0.1)");
	if (q->example)
		buf_addf(out, ", or a range: %s", q->example);
}

void question_holds_text(const struct question *q, struct buf *out)
{
	buf_addf(out, "the model takes %s", q->holds);
	if (*q->source)
		buf_addf(out, " (%s)", q->source);
}

void question_end_text(const struct question *q, struct buf *out)
{
	if (q->state == QUESTION_NOTHING) {
		buf_add(out, "There is nothing to ask: no result stands.");
	} else if (q->small > 0) {
		buf_addf(out, "No %sanswer would save more than ",
		         q->unknown ? "other " : "");
		chart_amount(out, q->small, q->small_money);
		buf_addf(out, " %s, which the model counts as no difference: "
		         "the advice stands.", q->small_money);
	} else {
		buf_addf(out, "No %sanswer could change the advice%s.",
		         q->unknown ? "other " : "",
		         q->unknown ? "" : " any more");
	}
}

void question_unsaid_text(const struct question *q, struct buf *out)
{
	if (q->unsaid && q->state == QUESTION_DONE)
		buf_addf(out, "Nobody stated %s: within that it does not "
		         "matter. If yours lies beyond, type %s = VALUE.",
		         q->unsaid, q->unsaid_name);
}

void question_verdict_text(const struct state *st, int row, struct buf *out)
{
	const struct tradeoff *t = state_result(st, row);
	const struct verdict *v = t ? &t->verdict : NULL;

	if (!t) {
		buf_add(out, "no verdict yet");
		return;
	}
	buf_add(out, v->option >= 0 ? t->option[v->option].title
	                            : "no option can be taken");
	if (isfinite(v->probability_best)) {
		buf_add(out, ", P(best) ");
		num_prob(out, v->probability_best);
	}
	buf_addf(out, "%s%s", v->badge ? ", " : "", v->badge ? v->badge : "");
}

/* --- answers ---------------------------------------------------------------- */

static bool means_unknown(const char *s)
{
	static const char *const word[] = {
		"?", "don't know", "dont know", "i don't know", "i dont know",
		"unknown", "no idea", "idk",
	};

	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strcasecmp(s, word[i]) == 0)
			return true;
	return false;
}

/* "2" or "yes" is the second, or the one of that title. */
static const char *choice_of(const struct question *q, const char *s)
{
	long long k;

	if (num_parse_int(s, 1, q->nchoices, &k))
		return q->choice[k - 1];
	for (int i = 0; i < q->nchoices; i++)
		if (strcasecmp(s, q->choice_title[i]) == 0 ||
		    strcasecmp(s, q->choice[i]) == 0)
			return q->choice[i];
	return s;
}

bool question_offers(const struct question *q, const char *text)
{
	for (int i = 0; i < q->nchoices; i++)
		if (strcasecmp(text, q->choice_title[i]) == 0 ||
		    strcasecmp(text, q->choice[i]) == 0)
			return true;
	return false;
}

bool question_answer(struct state *st, const struct question *q,
                     const char *text, struct err *err)
{
	char *word;
	bool ok = true;
	size_t n;

	text += strspn(text, " ");
	n = strlen(text);
	while (n && text[n - 1] == ' ')
		n--;
	word = xstrndup(text, n);
	if (!n)
		ok = err_add(err, ERR_USAGE, "type a value, or ? when you do "
		             "not know");
	else if (means_unknown(word))
		state_keep(st, q->name);
	else
		ok = state_edit(st, q->name, q->nchoices ? choice_of(q, word)
		                                         : word,
		                EDIT_TYPED, err);
	free(word);
	return ok;
}
