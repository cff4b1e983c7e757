/*
 * Which trade-offs a scenario asks about, and a scenario of one's own: from
 * the models' defaults, from the one on the screen or from another.
 */
#include "tui/panel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"
#include "store/store.h"
#include "base/banned.h"

enum {                          /* items: fields, then a trade-off a row */
	ITEM_BEGIN = FIELD_N, ITEM_TRADE
};

/* --- what is asked --- */

static void add_trade(struct state *st, int row, int item, bool asked)
{
	const struct trade_row *t = &st->trade[row];
	struct buf left = BUF_INIT, right = BUF_INIT;

	buf_addf(&left, "[%c] %s", asked ? 'x' : ' ', t->title);
	if (item == row && t->bound >= 0)
		question_verdict_text(st, row, &right);
	else if (item == row)
		buf_add(&right, "not asked");
	panel_add(st, asked ? ROLE_TEXT : ROLE_DIM, item, left.s, right.s);
	buf_release(&left);
	buf_release(&right);
}

static void asked_lines(struct state *st)
{
	for (int i = 0; i < st->ntrades; i++)
		if (st->trade[i].present)
			add_trade(st, i, i, st->trade[i].bound >= 0);
}

static void asked_enter(struct state *st, int row)
{
	struct trade_row *t = &st->trade[row];
	struct err err = ERR_INIT;
	bool ask = t->bound < 0;
	const char *title = t->title;

	if (!st->scenario)
		return;
	if (state_edit(st, t->model, ask ? "yes" : "", EDIT_ASK, &err))
		state_say(st, false, "%s: %s; u undoes", title,
		          ask ? "asked" : "no longer asked");
	state_say_err(st, &err);
	panels_build(st);
}

static void trade_detail(const struct state *st, int row, struct buf *out)
{
	struct err err = ERR_INIT;
	const struct model *m = st->ctx && row < st->ntrades
		? library_model(st->ctx->library, st->trade[row].model, &err)
		: NULL;

	if (m && m->question)
		buf_addf(out, "%s ", m->question);
	err_clear(&err);
}

static void asked_detail(const struct state *st, int row, struct buf *out)
{
	trade_detail(st, row, out);
	buf_add(out, row < st->ntrades && st->trade[row].bound < 0
	        ? "Enter asks about it, with the values that the models give."
	        : "Enter takes it out of the scenario.");
}

const struct panel_kind panel_asked = {
	.title = "Trade-offs that the scenario asks about",
	.note = "Enter adds or takes out", .lines = asked_lines,
	.enter = asked_enter, .detail = asked_detail,
};

void panels_ask(struct state *st, int row)
{
	if (st->panels.open != PANEL_ASKED)
		panels_open(st, PANEL_ASKED);
	for (int i = 0; i < st->panels.n; i++)
		if (st->panels.line[i].item == row)
			st->panels.selected = i;
}

/* --- a scenario of one's own --- */

#define THIS "."                /* FIELD_FROM: the one on the screen */

/* A copy of what FIELD_FROM names; NULL with findings. */
static struct scenario *template_of(struct state *st, struct err *err)
{
	const char *from = panel_field(st, FIELD_FROM);

	if (strcmp(from, THIS) == 0)
		return scenario_copy(st->scenario);
	return *from ? task_scenario(st->ctx, from, NULL, err)
	             : scenario_blank(st->ctx->library, "untitled");
}

/* What the template asks about is asked, until somebody chooses. */
static void take_asked(struct state *st)
{
	struct err err = ERR_INIT;
	struct scenario *s = st->ctx ? template_of(st, &err) : NULL;

	st->panels.asks = s && s->nmodels ? 0 : ~0u;
	for (int i = 0; s && i < st->ntrades; i++)
		for (int k = 0; k < s->nmodels; k++)
			if (strcmp(st->trade[i].model, s->model[k]) == 0)
				st->panels.asks |= 1u << i;
	state_say_err(st, &err);
	scenario_free(s);
}

/* The templates in a row: defaults, this one, then the list at the left. */
static const char *template_at(const struct state *st, int i)
{
	int k = 2;

	if (i < 2)
		return i ? THIS : "";
	for (int n = 0; n < st->saved.n; n++)
		if (st->saved.row[n].ref && k++ == i)
			return st->saved.row[n].ref;
	return NULL;
}

void panels_template(struct state *st, const char *from)
{
	panel_set(st, FIELD_FROM, from);
	take_asked(st);
	panels_build(st);
}

static void choose_template(struct state *st, int step)
{
	const char *from = panel_field(st, FIELD_FROM), *t;
	int at = 0, n = 0;

	for (; (t = template_at(st, n)); n++)
		if (strcmp(t, from) == 0)
			at = n;
	panels_template(st, template_at(st, (at + step + n) % n));
}

static void from_text(const struct state *st, struct buf *b)
{
	const char *from = panel_field(st, FIELD_FROM);

	if (strcmp(from, THIS) == 0)
		buf_addf(b, "%s, as it stands here", st->title);
	else
		buf_add(b, *from ? path_basename(from)
		                 : "the values that the models give");
}

/* Models that a scenario brings along belong to it alone. */
static bool offered(const struct state *st, int row)
{
	return st->trade[row].present &&
	       (!st->ctx || strcmp(panel_field(st, FIELD_FROM), THIS) == 0 ||
	        library_block(st->ctx->library, st->trade[row].model) > 0);
}

static void new_lines(struct state *st)
{
	struct buf b = BUF_INIT;

	panel_addf(st, ROLE_TEXT, FIELD_NAME, "%-12s %s", "name",
	           panel_field(st, FIELD_NAME));
	from_text(st, &b);
	panel_addf(st, ROLE_TEXT, FIELD_FROM, "%-12s %s", "starts from", b.s);
	panel_addf(st, ROLE_TEXT, FIELD_FILE, "%-12s %s", "file",
	           panel_field(st, FIELD_FILE));
	for (int i = 0; i < st->ntrades; i++)
		if (offered(st, i))
			add_trade(st, i, ITEM_TRADE + i,
			          st->panels.asks >> i & 1);
	panel_add(st, ROLE_TITLE, ITEM_BEGIN, "Begin it", NULL);
	buf_release(&b);
}

static const char *wrong_name(const char *name)
{
	if (!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")])
		return "a name has letters, digits, - and _: support-bot";
	return task_names_file(name)
		? "the name alone; the file has its own line" : NULL;
}

static const char *new_check(const struct state *st, enum panel_field f,
                             const char *text)
{
	struct stat s;

	(void)st;
	if (f == FIELD_NAME)
		return wrong_name(text);
	if (f == FIELD_FILE && *text && !task_names_file(text))
		return "a file's name ends in .yaml; empty keeps it in the "
		       "store";
	return f == FIELD_FILE && *text && lstat(text, &s) == 0
		? "there is such a file already, and it is not written over"
		: NULL;
}

static void new_enter(struct state *st, int item)
{
	if (item == FIELD_FROM) {
		choose_template(st, 1);
	} else if (item < FIELD_N) {
		panel_edit(st, (enum panel_field)item);
	} else if (item >= ITEM_TRADE) {
		st->panels.asks ^= 1u << (item - ITEM_TRADE);
		panels_build(st);
	} else {
		st->want |= WANT_BEGIN;
	}
}

static bool new_act(struct state *st, enum action a)
{
	int step = a == ACT_NUDGE_UP ? 1 : a == ACT_NUDGE_DOWN ? -1 : 0;

	if (!step || panel_item(st) != FIELD_FROM)
		return false;
	choose_template(st, step);
	return true;
}

static void new_detail(const struct state *st, int item, struct buf *out)
{
	static const char *const hint[FIELD_N + 1] = {
		[FIELD_NAME] = "What the scenario is called: support-bot",
		[FIELD_FROM] = "Left and Right choose; / in the list of "
			"scenarios (o) finds more of them.",
		[FIELD_FILE] = "Where it is written: bot.yaml; empty keeps it "
			"in the store alone",
		[ITEM_BEGIN] = "Enter writes it and opens it; then i asks what "
			"matters most.",
	};

	if (item >= ITEM_TRADE) {
		trade_detail(st, item - ITEM_TRADE, out);
		buf_add(out, "Enter asks about it, or not.");
	} else if (hint[item]) {
		buf_add(out, hint[item]);
	}
}

const struct panel_kind panel_new = {
	.title = "A scenario of your own",
	.note = "Enter fills in, chooses, begins", .lines = new_lines,
	.act = new_act, .enter = new_enter, .detail = new_detail,
	.check = new_check,
};

void panels_new(struct state *st, const char *file)
{
	const char *base = file ? path_basename(file) : "";
	char *name = xstrndup(base, strcspn(base, "."));

	panels_open(st, PANEL_NEW);
	if (st->panels.open == PANEL_NEW) {
		panel_set(st, FIELD_NAME, name);
		panel_set(st, FIELD_FILE, file);
		panels_template(st, NULL);
	}
	free(name);
}

static bool ask_as_chosen(struct state *st, struct scenario *s,
                          struct err *err)
{
	for (int turn = 0; turn < 2; turn++)    /* none goes before all came */
		for (int i = 0; i < st->ntrades; i++)
			if (offered(st, i) &&
			    (st->panels.asks >> i & 1) == !turn &&
			    !scenario_ask_about(s, st->ctx->library,
			                        st->trade[i].model, !turn, err))
				return false;
	return true;
}

/* The template under its new name, with what belonged to the old one's place
 * and reasoning left behind. */
static struct scenario *made(struct state *st, struct err *err)
{
	struct scenario *s = template_of(st, err);

	if (!s)
		return NULL;
	s->name = arena_strdup(s->arena, panel_field(st, FIELD_NAME));
	s->title = NULL;
	s->nexpectations = 0;
	if (ask_as_chosen(st, s, err) && (!s->path ||
	    (scenario_pin_files(s, err) &&
	     scenario_pin_models(s, st->ctx->library, err))))
		return s;
	scenario_free(s);
	return NULL;
}

static bool keep_in_store(struct state *st, const char *text, struct err *err)
{
	const char *name = panel_field(st, FIELD_NAME);
	struct revision_info info, *had = NULL;
	struct arena *a = arena_new();
	int n = st->store ? store_log(st->store, name, 0, 1, &had, a, err) : -1;
	bool ok = n == 0 && store_save(st->store, name, NULL, text, "begun",
	                               NULL, &info, a, err);

	if (n > 0)
		err_add(err, ERR_USAGE, "the store has a %s already: choose "
		        "another name, or open that one (o)", name);
	else if (!st->store)
		err_add(err, ERR_USAGE, "no store is open: name a file");
	arena_free(a);
	return ok;
}

void panels_begin(struct state *st)
{
	const char *file = panel_field(st, FIELD_FILE);
	const char *name = panel_field(st, FIELD_NAME);
	const char *wrong = new_check(st, FIELD_NAME, name);
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT;
	struct scenario *s = NULL;

	if (!wrong)
		wrong = new_check(st, FIELD_FILE, file);
	if (wrong)
		err_add(&err, ERR_USAGE, "%s", wrong);
	else
		s = made(st, &err);
	if (s) {
		scenario_write(s, &text);
		if (*file ? path_write(file, text.s, text.len, &err)
		          : keep_in_store(st, text.s, &err)) {
			free(st->open_ref);
			st->open_ref = xstrdup(*file ? file : name);
			st->want |= WANT_OPEN;
		}
	}
	state_say_err(st, &err);
	scenario_free(s);
	buf_release(&text);
}
