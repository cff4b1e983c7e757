/*
 * The interview as lines: no cursor, no boxes, no waiting for keys.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "engine/engine.h"
#include "result/result.h"
#include "task/task.h"
#include "tui/state.h"
#include "tui/tui.h"
#include "tui/work.h"
#include "base/banned.h"

struct talk {
	struct state st;
	FILE *in, *out;
	struct buf line;                /* being put together */
	int asked;                      /* number of the question that stands */
	bool again, quit;               /* again: say the question once more */
};

/* --- saying ------------------------------------------------------------------ */

/* Texts of files and answers are data: nothing of them reaches a terminal as
 * an escape. */
static void say(struct talk *t)
{
	struct buf safe = BUF_INIT;

	utf8_safe(&safe, t->line.s, false);
	fprintf(t->out, "%s\n", safe.s);
	buf_release(&safe);
	buf_clear(&t->line);
}

static void say_text(struct talk *t, const char *text)
{
	buf_add(&t->line, text);
	say(t);
}

static void say_err(struct talk *t, struct err *err)
{
	for (int i = 0; i < err->n; i++) {
		buf_addf(&t->line, "Not taken: %s", err->item[i].text);
		say(t);
	}
	err_clear(err);
}

/* What the work had to say: saved, resumed, failed. */
static void say_message(struct talk *t)
{
	if (!t->st.message)
		return;
	say_text(t, t->st.message);
	free(t->st.message);
	t->st.message = NULL;
}

static void say_verdict(struct talk *t, int row)
{
	buf_addf(&t->line, "%s: ", t->st.trade[row].title);
	question_verdict_text(&t->st, row, &t->line);
	buf_addc(&t->line, '.');
	say(t);
}

static void say_verdicts(struct talk *t)
{
	for (int i = 0; i < t->st.ntrades; i++)
		if (t->st.trade[i].bound >= 0)
			say_verdict(t, i);
}

static void say_question(struct talk *t)
{
	const struct question *q = &t->st.question;

	buf_addf(&t->line, "Question %d: %s", t->asked, q->ask);
	say(t);
	question_worth_text(q, &t->line);
	buf_addf(&t->line, " (%s).", t->st.trade[q->row].title);
	say(t);
	for (int i = 0; i < q->nchoices; i++) {
		buf_addf(&t->line, "%d: %s", i + 1, q->choice_title[i]);
		say(t);
	}
	buf_add(&t->line, "Answer with ");
	question_hint_text(q, &t->line);
	buf_add(&t->line, "; ? means you do not know, and ");
	question_holds_text(q, &t->line);
	buf_addc(&t->line, '.');
	say(t);
}

static void say_end(struct talk *t)
{
	const struct question *q = &t->st.question;

	question_end_text(q, &t->line);
	say(t);
	if (q->unknown) {
		buf_addf(&t->line, "What you do not know would be worth "
		         "measuring, first of all: %s.", q->unknown_title);
		say(t);
	}
	say_verdicts(t);
}

/* --- working ----------------------------------------------------------------- */

static void settle(struct talk *t)
{
	work_now(&t->st);
	while (work_pending(&t->st))
		work_idle(&t->st, NULL, NULL);
	t->st.want |= WANT_QUESTION;
	work_now(&t->st);
	say_message(t);
}

static void ask(struct talk *t)
{
	settle(t);
	if (t->st.question.state == QUESTION_ASK) {
		t->asked++;
		say_question(t);
	} else {
		say_end(t);
	}
}

/* --- hearing ----------------------------------------------------------------- */

static void cmd_help(struct talk *t);

static void cmd_undo(struct talk *t)
{
	state_undo(&t->st, -1);
	t->again = true;
}

static void cmd_redo(struct talk *t)
{
	state_undo(&t->st, 1);
	t->again = true;
}

static void cmd_save(struct talk *t)
{
	t->st.want |= WANT_SAVE;
	work_now(&t->st);
	say_message(t);
}

static void cmd_quit(struct talk *t)
{
	t->quit = true;
}

static const struct {
	const char *word;
	void (*run)(struct talk *t);
	const char *help;
} commands[] = {
	{ "help", cmd_help, "these lines" },
	{ "verdict", say_verdicts, "how every trade-off stands" },
	{ "undo", cmd_undo, "take the last answer back" },
	{ "redo", cmd_redo, "give it again" },
	{ "save", cmd_save, "save as a revision" },
	{ "quit", cmd_quit, "leave; every answer is kept as a draft" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void cmd_help(struct talk *t)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		buf_addf(&t->line, "%s: %s", commands[i].word,
		         commands[i].help);
		say(t);
	}
	say_text(t, "NAME = VALUE: set any parameter, as --set does");
}

static bool command(struct talk *t, const char *text)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcasecmp(text, commands[i].word) == 0) {
			commands[i].run(t);
			return true;
		}
	return false;
}

static void hear(struct talk *t, const char *text)
{
	struct err err = ERR_INIT;

	text += strspn(text, " ");
	if (!*text || command(t, text))
		return;
	if (strchr(text, '='))
		t->again = state_assign(&t->st, text, &err);
	else if (t->st.question.state != QUESTION_ASK)
		say_text(t, "There is no question; help lists what can be "
		         "done.");
	else
		t->again = question_answer(&t->st, &t->st.question, text,
		                           &err);
	say_err(t, &err);
}

static void talk(struct talk *t)
{
	char *line = NULL;
	size_t cap = 0;
	struct editor clean;

	settle(t);
	say_verdicts(t);
	ask(t);
	while (!t->quit && fflush(t->out) == 0 &&
	       getline(&line, &cap, t->in) > 0) {
		editor_init(&clean, line);
		buf_addf(&t->line, "> %s", clean.text.s);
		say(t);
		hear(t, clean.text.s);
		editor_release(&clean);
		if (t->again)
			ask(t);
		t->again = false;
	}
	free(line);
}

int tui_plain(struct context *c, const char *scenario_ref,
              const struct tui_options *o, FILE *in, FILE *out,
              struct err *err)
{
	struct talk t = { .in = in, .out = out, .line = BUF_INIT };

	state_init(&t.st, 80, 24, o->ascii);
	t.st.ctx = c;
	if (work_open(&t.st, scenario_ref, o->fresh, err)) {
		t.st.mode = MODE_ASK;
		t.st.ask_all = true;
		talk(&t);
		if (fflush(out) || ferror(out))
			err_add(err, ERR_IO, "cannot write to the output");
	}
	buf_release(&t.line);
	state_release(&t.st);
	return err_exit_status(err);
}
