/*
 * Why a number is what it is: the tree of figures that it was made from, each
 * line one figure, folded below the first; Tab asks about another figure.
 *
 *	> objective[self_host]                    1.9M USD (90 %: 1M to 3M)
 *	  + monthly[self_host] at 1               52.1k USD/month
 *	  - gpu_hour_price                        3.1 USD/GPU/h
 */
#include "tui/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/bound.h"
#include "base/banned.h"

#define DEPTH 16

/* --- what can be asked: objectives, then outputs of the best option --- */

static int best_of(const struct tradeoff *t)
{
	return t->verdict.option >= 0 ? t->verdict.option : 0;
}

static char *target_name(const struct tradeoff *t, int i)
{
	struct buf b = BUF_INIT;
	int best = best_of(t);

	if (i < t->noptions)    /* the advice first */
		buf_addf(&b, "objective[%s]",
		         t->option[(best + i) % t->noptions].name);
	else
		buf_addf(&b, "%s[%s]",
		         t->option[best].output[i - t->noptions].name,
		         t->option[best].name);
	return buf_detach(&b);
}

static int target_count(const struct tradeoff *t)
{
	return t->noptions + t->option[best_of(t)].noutputs;
}

/* The parameter in focus, "build-vs-buy.price_in@api_closed", as a figure of
 * its model: "price_in[api_closed]". */
static char *parameter_name(const char *name)
{
	const char *dot = strchr(name, '.'), *at;
	struct buf b = BUF_INIT;

	name = dot ? dot + 1 : name;
	at = strchr(name, '@');
	buf_addn(&b, name, at ? (size_t)(at - name) : strlen(name));
	if (at)
		buf_addf(&b, "[%s]", at + 1);
	return buf_detach(&b);
}

static void ask(struct state *st, char *name)
{
	free(st->panels.asked);
	st->panels.asked = name;
	*st->panels.stamp[PANEL_EXPLAIN] = '\0';
	st->want |= WANT_PANEL;
}

static void ask_next(struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);
	struct panels *p = &st->panels;

	if (!t || !t->noptions)
		return;
	p->target = (p->target + 1) % target_count(t);
	p->selected = 0;
	ask(st, target_name(t, p->target));
}

static void explain_now(struct state *st)
{
	const struct tradeoff *t = state_tradeoff(st);
	const struct form_row *row = state_row(st);
	struct panels *p = &st->panels;

	if (*p->stamp[PANEL_EXPLAIN] || p->asked || !t || !t->noptions)
		return;
	p->target = -1;
	if (st->focus == FOCUS_FORM && row)
		p->asked = parameter_name(row->name);
	else
		p->asked = target_name(t, p->target = 0);
}

static void forget(struct panels *p)
{
	explanation_free(p->explain);
	p->explain = NULL;
	p->nunfolded = 0;
}

/* A parameter of the workload that the model reads under another name, or
 * not at all, has no figure of its own there: the objective is explained. */
static bool explain_work(struct state *st, struct panel_job *j,
                         struct err *err)
{
	const struct tradeoff *t = state_tradeoff(st);
	struct panels *p = &st->panels;
	char *name = xstrdup(p->asked ? p->asked : "objective");
	char *first = t && t->noptions ? target_name(t, 0) : NULL;
	struct err mute = ERR_INIT;
	struct explanation *x;

	x = engine_explain(j->bound, j->model, name, DEPTH,
	                   &j->context.engine, &mute);
	if (!x && first && mute.n && mute.item[0].kind == ERR_USAGE) {
		err_clear(&mute);
		free(name);
		name = first;
		first = NULL;
		x = engine_explain(j->bound, j->model, name, DEPTH,
		                   &j->context.engine, err);
	}
	if (x) {
		forget(p);
		p->explain = x;
		free(p->asked);
		p->asked = xstrdup(name);
	} else if (mute.n) {
		err_add(err, mute.item[0].kind, "%s", mute.item[0].text);
	}
	err_clear(&mute);
	free(name);
	free(first);
	return x != NULL;
}

/* --- the tree as lines --- */

/* What is searched for may stand anywhere. */
static bool is_unfolded(const struct panels *p, const struct explanation *x)
{
	if (p->find[PANEL_EXPLAIN])
		return true;
	for (int i = 0; i < p->nunfolded; i++)
		if (p->unfolded[i] == x)
			return true;
	return false;
}

static void add_node(struct state *st, const struct explanation *x, int depth,
                     int *item)
{
	bool open = depth == 0 || is_unfolded(&st->panels, x);
	struct buf left = BUF_INIT, right = BUF_INIT;
	int me = (*item)++;

	buf_pad(&left, ' ', 2 * depth);
	buf_addf(&left, "%c %s", !x->n ? ' ' : open ? '-' : '+', x->name);
	if (st->w >= 100 && x->title && strcmp(x->title, x->name) != 0)
		buf_addf(&left, "  %s", x->title);
	panel_summary(&right, &x->s, x->unit);
	panel_add(st, x->n ? ROLE_TEXT : ROLE_BEST, me, left.s, right.s);
	for (int i = 0; open && i < x->n; i++)
		add_node(st, x->part[i], depth + 1, item);
	buf_release(&left);
	buf_release(&right);
}

static void explain_lines(struct state *st)
{
	int item = 0;

	if (st->panels.explain)
		add_node(st, st->panels.explain, 0, &item);
	else
		panel_add(st, ROLE_DIM, -1, "one moment", NULL);
}

/* The node of the n-th line, by the same walk. */
static const struct explanation *node_at(const struct panels *p,
                                         const struct explanation *x,
                                         bool root, int *n)
{
	if (!x || (*n)-- == 0)
		return x;
	for (int i = 0; (root || is_unfolded(p, x)) && i < x->n; i++) {
		const struct explanation *found =
			node_at(p, x->part[i], false, n);

		if (found)
			return found;
	}
	return NULL;
}

static const struct explanation *chosen(const struct state *st)
{
	int n = panel_item(st);

	return n < 0 ? NULL : node_at(&st->panels, st->panels.explain, true,
	                              &n);
}

static void fold(struct state *st, bool open)
{
	const struct explanation *x = chosen(st);
	struct panels *p = &st->panels;

	if (!x || x == p->explain || !x->n || is_unfolded(p, x) == open)
		return;
	if (open) {
		*ARR_PUSH(p->unfolded, p->nunfolded, p->unfolded_cap) = x;
	} else {
		for (int i = 0; i < p->nunfolded; i++)
			if (p->unfolded[i] == x)
				p->unfolded[i] = p->unfolded[--p->nunfolded];
	}
	panels_build(st);
}

/* What stands unfolded elsewhere under the same name. */
static const struct explanation *twin(const struct explanation *in,
                                      const struct explanation *x)
{
	if (in != x && in->n && strcmp(in->name, x->name) == 0)
		return in;
	for (int i = 0; i < in->n; i++) {
		const struct explanation *found = twin(in->part[i], x);

		if (found)
			return found;
	}
	return NULL;
}

static void explain_detail(const struct state *st, int item, struct buf *out);

/* Where it comes from, also on screens without room for it below. */
static void say_detail(struct state *st, int item)
{
	struct buf b = BUF_INIT;

	explain_detail(st, item, &b);
	state_say(st, false, "%s", b.s);
	buf_release(&b);
}

static void explain_enter(struct state *st, int item)
{
	const struct explanation *x = chosen(st);

	(void)item;
	if (x && x->n)
		fold(st, !is_unfolded(&st->panels, x));
	else if (x && st->panels.explain && twin(st->panels.explain, x))
		ask(st, xstrdup(x->name));
	else
		say_detail(st, item);
}

static bool explain_act(struct state *st, enum action a)
{
	if (a == ACT_NUDGE_UP)
		fold(st, true);
	else if (a == ACT_NUDGE_DOWN)
		fold(st, false);
	else if (a == ACT_NEXT_VIEW)
		ask_next(st);
	else
		return false;
	return true;
}

/* --- words on a figure --- */

static void add_source(struct buf *out, const struct provenance *p)
{
	struct buf from = BUF_INIT;

	if (p->kind)
		provenance_kind(out, p->kind, p->date, false);
	else
		buf_add(out, "no source given");
	if (p->source)
		buf_addf(out, ": %s", p->source);
	if (p->date)
		buf_addf(out, ", %s", p->date);
	result_origin(&from, p->origin, p->price, p->over);
	if (from.len)
		buf_addf(out, "; from %s", from.s);
	buf_release(&from);
}

static void explain_detail(const struct state *st, int item, struct buf *out)
{
	const struct explanation *x = chosen(st);

	(void)item;
	if (!x)
		return;
	if (x->title && strcmp(x->title, x->name) != 0)
		buf_addf(out, "%s. ", x->title);
	if (x->formula)
		buf_addf(out, "= %s. ", x->formula);
	if (x->source) {
		add_source(out, x->source);
		buf_add(out, ". ");
	}
	for (int i = 0; i < x->nmoves && i < 3; i++)
		if (x->move[i].share >= 0.05)
			buf_addf(out, "%s%s %.0f %%", i ? ", " : "Moved by ",
			         x->move[i].title, 100 * x->move[i].share);
	if (x->nmoves && x->move[0].share >= 0.05)
		buf_add(out, ". ");
	if (x->file)
		buf_addf(out, "%s:%d", x->file, x->line);
}

const struct panel_kind panel_explain = {
	.title = "Why", .note = "Enter unfolds  Tab another figure",
	.needs_model = true, .work = explain_work, .now = explain_now,
	.lines = explain_lines, .act = explain_act, .enter = explain_enter,
	.detail = explain_detail,
};
