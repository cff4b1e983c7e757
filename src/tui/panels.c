#include "tui/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/bound.h"
#include "model/scenario.h"
#include "result/comparison.h"
#include "tui/layout.h"
#include "base/banned.h"

static const struct panel_kind *const kinds[PANEL_N] = {
	[PANEL_EXPLAIN] = &panel_explain, [PANEL_VALUE] = &panel_value,
	[PANEL_PLAN] = &panel_plan, [PANEL_COMPARE] = &panel_compare,
	[PANEL_PAST] = &panel_past, [PANEL_DECIDE] = &panel_decide,
	[PANEL_DECISIONS] = &panel_decisions, [PANEL_EXPORT] = &panel_export,
	[PANEL_FIGURE] = &panel_figure, [PANEL_MAP] = &panel_map,
	[PANEL_SPEND] = &panel_spend, [PANEL_ASKED] = &panel_asked,
	[PANEL_NEW] = &panel_new,
};

const struct panel_kind *panel_kind_of(enum panel p)
{
	return kinds[p];
}

static const struct panel_kind *kind(const struct state *st)
{
	return kinds[st->panels.open];
}

void panels_release(struct panels *p)
{
	arena_free(p->arena);
	arena_free(p->list_arena);
	free(p->line);
	explanation_free(p->explain);
	free(p->unfolded);
	free(p->asked);
	evaluation_free(p->value);
	joint_plan_free(p->plan);
	comparison_free(p->compare);
	frontier_free(p->map);
	curve_free(p->curve);
	spend_free(p->spend);
	what_if_forget(p);
	free(p->then);
	for (int i = 0; i < FIELD_N; i++)
		free(p->field[i]);
	for (int i = 0; i < PANEL_N; i++)
		free(p->find[i]);
	*p = (struct panels){ .progress = -1 };
}

/* --- lines --- */

void panel_add(struct state *st, enum role role, int item, const char *left,
               const char *right)
{
	struct panels *p = &st->panels;

	*ARR_PUSH(p->line, p->n, p->cap) = (struct panel_line){
		arena_strdup(p->arena, left),
		right ? arena_strdup(p->arena, right) : NULL, role, item };
}

void panel_addf(struct state *st, enum role role, int item, const char *fmt,
                ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	panel_add(st, role, item, b.s, NULL);
	buf_release(&b);
}

void panel_add_text(struct state *st, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = xstrndup(text, n);

		panel_add(st, ROLE_TEXT, st->panels.n, line, NULL);
		free(line);
		text += n + (text[n] != '\0');
	}
}

struct text_style panel_style(const struct state *st)
{
	return (struct text_style){ .ascii = st->ascii,
		.width = st->w > 44 ? st->w - 4 : 40 };
}

int panel_item(const struct state *st)
{
	const struct panels *p = &st->panels;

	return p->selected >= 0 && p->selected < p->n
		? p->line[p->selected].item : -1;
}

void panel_select(struct state *st, int item)
{
	struct panels *p = &st->panels;

	for (int i = 0; i < p->n; i++)
		if (p->line[i].item == item)
			p->selected = i;
}

/* The nearest line that stands for something, along `step` first. */
static int selectable(const struct panels *p, int row, int step)
{
	row = row >= p->n ? p->n - 1 : row < 0 ? 0 : row;
	for (int turn = 0; turn < 2; turn++, step = -step)
		for (int i = row; i >= 0 && i < p->n; i += step)
			if (p->line[i].item >= 0)
				return i;
	return -1;
}

char **panels_filter(struct state *st)
{
	return kind(st)->form ? NULL : &st->panels.find[st->panels.open];
}

static bool holds(const struct panel_line *l, const char *word)
{
	return strcasestr(l->left, word) ||
	       (l->right && strcasestr(l->right, word));
}

/* Headings stay with what stands below them. */
static void keep_found(struct panels *p, const char *word)
{
	bool below = false;
	int n = p->n;

	for (int i = p->n - 1; i >= 0; i--) {
		bool heading = p->line[i].item < 0;

		if (heading ? below : holds(&p->line[i], word))
			p->line[--n] = p->line[i];
		below = !heading && (below || holds(&p->line[i], word));
	}
	memmove(p->line, p->line + n, (size_t)(p->n - n) * sizeof *p->line);
	p->n -= n;
}

void panels_build(struct state *st)
{
	struct panels *p = &st->panels;

	if (!p->open)
		return;
	arena_free(p->arena);
	p->arena = arena_new();
	p->n = 0;
	if (kind(st)->lines)
		kind(st)->lines(st);
	if (p->find[p->open])
		keep_found(p, p->find[p->open]);
	p->selected = selectable(p, p->selected, 1);
}

void panels_find(struct state *st, const char *word)
{
	char **filter = panels_filter(st);
	int item = panel_item(st);

	free(*filter);
	*filter = word && *word ? xstrdup(word) : NULL;
	panels_build(st);
	panel_select(st, item);
}

/* --- opening and closing --- */

void panel_want(struct state *st)
{
	st->panels.job = st->panels.open;
	st->panels.serial++;
}

void panels_close(struct state *st)
{
	if (st->panels.open == PANEL_EXPORT)
		panel_set(st, FIELD_WHAT, NULL);
	if (st->panels.open == PANEL_EXPLAIN) { /* each asks anew */
		free(st->panels.asked);
		st->panels.asked = NULL;
		*st->panels.stamp[PANEL_EXPLAIN] = '\0';
	}
	st->panels.open = PANEL_NONE;
	st->panels.job = PANEL_NONE;
	st->panels.serial++;
}

void panels_open(struct state *st, enum panel which)
{
	struct panels *p = &st->panels;

	/* a decision that is being recorded is not lost to another key */
	if (p->job == PANEL_DECIDE) {
		state_say(st, true, "the decision is being recorded; Esc "
		          "stops it");
		return;
	}
	if (p->open == which) {
		panels_close(st);
		return;
	}
	if (kinds[which]->needs_model && !state_tradeoff(st)) {
		state_say(st, true, "nothing was evaluated yet");
		return;
	}
	panels_close(st);
	p->open = which;
	p->selected = 0;
	st->want |= WANT_PANEL;
	panels_build(st);
}

/* What a result of a panel hangs on: the scenario's text and the trade-off. */
static void stamp_of(const struct state *st, char out[DIGEST_HEX + 12])
{
	scenario_digest(st->scenario, out);
	snprintf(out + DIGEST_HEX - 1, 13, "/%d", st->trade_selected);
}

static bool is_made(const struct state *st)
{
	char now[DIGEST_HEX + 12];

	stamp_of(st, now);
	return strcmp(now, st->panels.stamp[st->panels.open]) == 0;
}

void panels_now(struct state *st)
{
	const struct panel_kind *k = kind(st);

	if (!st->panels.open || !st->scenario)
		return;
	if (k->now)
		k->now(st);
	if (k->work && !k->asked_only && !is_made(st))
		panel_want(st);
	panels_build(st);
}

/* --- acting --- */

static void step_to(struct state *st, int row, int step)
{
	struct panels *p = &st->panels;
	int to = selectable(p, row, step);

	if (to >= 0)
		p->selected = to;
}

static bool move(struct state *st, int a)
{
	int page = st->h / 3 > 1 ? st->h / 3 : 1, at = st->panels.selected;

	switch (a) {
	case ACT_UP: step_to(st, at - 1, -1); break;
	case ACT_DOWN: step_to(st, at + 1, 1); break;
	case ACT_PAGE_UP: step_to(st, at - page, -1); break;
	case ACT_PAGE_DOWN: step_to(st, at + page, 1); break;
	case ACT_FIRST: step_to(st, 0, 1); break;
	case ACT_LAST: step_to(st, st->panels.n - 1, -1); break;
	default: return false;
	}
	return true;
}

static void back(struct state *st)
{
	struct panels *p = &st->panels;

	if (p->job) {
		p->job = PANEL_NONE;
		p->serial++;
		state_say(st, false, "stopped; Esc again closes");
		return;
	}
	if (p->find[p->open]) {
		panels_find(st, NULL);
		return;
	}
	panels_close(st);
}

bool panels_perform(struct state *st, int a)
{
	const struct panel_kind *k = kind(st);
	enum action act = (enum action)a;

	if (!st->panels.open || (a == ACT_FIND && panels_filter(st)))
		return false;
	if (a == ACT_BACK) {
		back(st);
		return true;
	}
	if ((k->act && k->act(st, act)) || move(st, a))
		return true;
	if (a == ACT_EDIT) {
		if (k->enter && panel_item(st) >= 0)
			k->enter(st, panel_item(st));
		return true;
	}
	return panels_ignore(a) || a == ACT_FIND;
}

bool panels_ignore(int a)
{
	return a == ACT_NUDGE_DOWN || a == ACT_NUDGE_UP || a == ACT_RESET ||
	       a == ACT_NEXT_PANEL || a == ACT_NEXT_VIEW || a == ACT_ZOOM ||
	       a == ACT_AXIS;
}

void panels_click(struct state *st, int row)
{
	bool again = row == st->panels.selected;

	if (row < 0 || row >= st->panels.n || st->panels.line[row].item < 0)
		return;
	st->panels.selected = row;
	if (again)
		panels_perform(st, ACT_EDIT);
}

/* --- fields --- */

const char *panel_field(const struct state *st, enum panel_field f)
{
	return st->panels.field[f] ? st->panels.field[f] : "";
}

void panel_set(struct state *st, enum panel_field f, const char *text)
{
	char *copy = text && *text ? xstrdup(text) : NULL;

	free(st->panels.field[f]);
	st->panels.field[f] = copy;
}

void panel_edit(struct state *st, enum panel_field f)
{
	st->mode = MODE_FIELD;
	st->panels.editing = (int)f;
	editor_release(&st->editor);
	editor_init(&st->editor, panel_field(st, f));
}

bool panels_tick(struct state *st)
{
	const struct panels *p = &st->panels;

	return p->open && p->selected < p->n &&
	       *p->line[p->selected].left == '[' &&
	       panels_perform(st, ACT_EDIT);
}

void panels_key(struct state *st, unsigned key)
{
	const char *wrong = NULL;
	bool moves = key == K_UP || key == K_DOWN || key == K_TAB;
	bool takes = key == K_ENTER || moves;

	if (takes && kind(st)->check)
		wrong = kind(st)->check(st, (enum panel_field)
		                        st->panels.editing, st->editor.text.s);
	if (wrong) {            /* the field stays open */
		state_say(st, true, "%s", wrong);
	} else if (takes || key == K_ESC) {
		if (takes)
			panel_set(st, (enum panel_field)st->panels.editing,
			          st->editor.text.s);
		st->mode = MODE_NORMAL;
		editor_release(&st->editor);
		if (st->panels.open == PANEL_SPEND)
			st->want |= WANT_PANEL; /* what was typed is read for */
		panels_build(st);
		if (moves)
			panels_perform(st, key == K_UP ? ACT_UP : ACT_DOWN);
	} else {
		editor_key(&st->editor, key);
	}
}

/* --- jobs --- */

struct watch {
	struct state *st;
	bool (*busy)(void *ctx);
	void *ctx;
	unsigned serial;
};

static bool on_progress(void *ctx, double done)
{
	struct watch *w = ctx;

	w->st->panels.progress = done;
	return (!w->busy || w->busy(w->ctx)) &&
	       w->st->panels.serial == w->serial;
}

static bool job_begin(struct state *st, struct panel_job *j, struct watch *w,
                      struct err *err)
{
	*j = (struct panel_job){ .context = *st->ctx,
		.scenario = scenario_copy(st->scenario), .model = -1 };
	j->context.engine.progress = on_progress;
	j->context.engine.progress_ctx = w;
	j->context.engine.cache = NULL;
	if (st->trade_selected < st->ntrades) {
		j->model = st->trade[st->trade_selected].bound;
		j->model_name = st->trade[st->trade_selected].model;
	}
	j->bound = state_bind(st, j->scenario, err);
	return j->bound != NULL;
}

static bool was_cancelled(const struct err *err)
{
	return err->n == 1 && err->item[0].kind == ERR_LIMIT &&
	       strstr(err->item[0].text, "cancelled");
}

bool panels_work(struct state *st, bool (*busy)(void *ctx), void *ctx)
{
	struct panels *p = &st->panels;
	struct watch w = { st, busy, ctx, p->serial };
	struct err err = ERR_INIT;
	enum panel of = p->job;
	struct panel_job j;
	char made_for[DIGEST_HEX + 12];
	bool ok;

	if (!of || !st->ctx || !st->scenario)
		return true;
	p->progress = 0;
	stamp_of(st, made_for);
	ok = job_begin(st, &j, &w, &err) && kinds[of]->work(st, &j, &err);
	bound_free(j.bound);
	scenario_free(j.scenario);
	p->progress = -1;
	if (!ok && was_cancelled(&err)) {
		err_clear(&err);
		return p->job == PANEL_NONE;    /* else it begins anew */
	}
	if (p->serial == w.serial) {
		p->job = PANEL_NONE;
		memcpy(p->stamp[of], made_for, sizeof made_for);
	}
	if (!ok)
		state_say_err(st, &err);
	err_clear(&err);
	panels_build(st);
	return p->job == PANEL_NONE;
}

void panel_summary(struct buf *out, const struct summary *s,
                   const char *unit)
{
	bool has_unit = unit && *unit && strcmp(unit, "1") != 0;

	if (isfinite(s->value) || isfinite(s->mean)) {
		num_human(out, isfinite(s->value) ? s->value : s->mean, 4);
		if (has_unit)
			buf_addf(out, " %s", unit);
		if (isfinite(s->p5) && s->p5 < s->p95) {
			buf_add(out, " (90 %: ");
			num_human(out, s->p5, 3);
			buf_add(out, " to ");
			num_human(out, s->p95, 3);
			buf_addc(out, ')');
		}
	} else {
		buf_add(out, s->state ? s->state : "no number");
	}
}
