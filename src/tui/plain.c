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
#include "tui/plain.h"
#include "tui/tui.h"
#include "tui/work.h"
#include "base/banned.h"

/* --- saying ------------------------------------------------------------------ */

/* Texts of files and answers are data: nothing of them reaches a terminal as
 * an escape. */
void say(struct talk *t)
{
	struct buf safe = BUF_INIT;

	utf8_safe(&safe, t->line.s, false);
	fprintf(t->out, "%s\n", safe.s);
	buf_release(&safe);
	buf_clear(&t->line);
}

void say_text(struct talk *t, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		buf_addn(&t->line, text, n);
		say(t);
		text += n + (text[n] != '\0');
	}
}

void say_err(struct talk *t, struct err *err)
{
	for (int i = 0; i < err->n; i++) {
		buf_addf(&t->line, "Not taken: %s", err->item[i].text);
		say(t);
	}
	err_clear(err);
}

/* What the work had to say: saved, resumed, failed. */
void say_message(struct talk *t)
{
	if (!t->st.message)
		return;
	say_text(t, t->st.message);
	free(t->st.message);
	t->st.message = NULL;
}

static void say_verdict(struct talk *t, int row)
{
	buf_addf(&t->line, "%d %s: ", row + 1, t->st.trade[row].title);
	question_verdict_text(&t->st, row, &t->line);
	buf_addc(&t->line, '.');
	say(t);
}

static void say_verdicts(struct talk *t)
{
	for (int i = 0; i < t->st.ntrades; i++)
		if (t->st.trade[i].bound >= 0) {
			say_verdict(t, i);
		} else if (t->st.trade[i].present) {
			buf_addf(&t->line, "%d %s: not asked", i + 1,
			         t->st.trade[i].title);
			say(t);
		}
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
	question_unsaid_text(q, &t->line);
	if (t->line.len)
		say(t);
	say_verdicts(t);
	say_text(t, "decide OPTION records a decision, export writes its "
	         "record, save keeps a revision; help lists the rest.");
}

/* --- working ----------------------------------------------------------------- */

void plain_settle(struct talk *t)
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
	plain_settle(t);
	if (t->st.question.state == QUESTION_ASK) {
		if (!t->name || strcmp(t->name, t->st.question.name) != 0)
			t->asked++;
		free(t->name);
		t->name = xstrdup(t->st.question.name);
		say_question(t);
	} else {
		say_end(t);
	}
}

/* --- hearing ----------------------------------------------------------------- */

static void cmd_help(struct talk *t, char *rest);

static void cmd_verdict(struct talk *t, char *rest)
{
	(void)rest;
	plain_settle(t);
	say_verdicts(t);
}

static void cmd_question(struct talk *t, char *rest)
{
	(void)rest;
	t->again = true;
}

static void cmd_undo(struct talk *t, char *rest)
{
	(void)rest;
	state_undo(&t->st, -1);
	t->again = true;
}

static void cmd_redo(struct talk *t, char *rest)
{
	(void)rest;
	state_undo(&t->st, 1);
	t->again = true;
}

static void cmd_save(struct talk *t, char *rest)
{
	(void)rest;
	t->st.want |= WANT_SAVE;
	work_now(&t->st);
	say_message(t);
}

static void cmd_write(struct talk *t, char *rest)
{
	file_ask(&t->st, rest);
	work_now(&t->st);
	say_message(t);
}

static void cmd_quit(struct talk *t, char *rest)
{
	(void)rest;
	t->quit = true;
}

static const struct plain_command commands[] = {
	{ "help", "", "these lines", cmd_help },
	{ "question", "", "the question once more", cmd_question },
	{ "verdict", "", "how every trade-off stands", cmd_verdict },
	{ "undo", "", "take the last answer back", cmd_undo },
	{ "redo", "", "give it again", cmd_redo },
	{ "save", "", "save as a revision, and in the scenario's file",
	  cmd_save },
	{ "write", "[FILE]", "write it to a file", cmd_write },
	{ "quit", "", "leave; every answer is kept as a draft", cmd_quit },
	{ "q", "", "the same", cmd_quit },
	{ NULL, NULL, NULL, NULL },
};
static const struct plain_command *const lists[] = { commands, plain_more };

static void cmd_help(struct talk *t, char *rest)
{
	(void)rest;
	for (int l = 0; l < 2; l++)
		for (const struct plain_command *c = lists[l]; c->word; c++) {
			buf_addf(&t->line, "%s%s%s: %s", c->word,
			         *c->takes ? " " : "", c->takes, c->help);
			say(t);
		}
	say_text(t, "NAME = VALUE: set any parameter, as --set does; without "
	         "a value back to the model's own");
}

/* A command's word alone, or with what it takes. */
static bool fits(const struct plain_command *c, const char *text, size_t n)
{
	const char *rest = text + n + strspn(text + n, " ");

	return strlen(c->word) == n && strncasecmp(text, c->word, n) == 0 &&
	       (!*rest || *c->takes);
}

static bool command(struct talk *t, char *text)
{
	size_t n = strcspn(text, " ");
	char *rest = text + n + strspn(text + n, " ");

	for (int l = 0; l < 2; l++)
		for (const struct plain_command *c = lists[l]; c->word; c++) {
			if (!fits(c, text, n))
				continue;
			if (*rest || !*c->takes || *c->takes == '[' ||
			    strcmp(c->word, "decide") == 0) {
				c->run(t, rest);
			} else {
				buf_addf(&t->line, "Not taken: write %s %s",
				         c->word, c->takes);
				say(t);
			}
			say_message(t);
			return true;
		}
	return false;
}

static void trim(char *text)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		text[--n] = '\0';
}

static void hear(struct talk *t, char *text)
{
	struct err err = ERR_INIT;

	text += strspn(text, " ");
	trim(text);
	if (!*text || (!question_offers(&t->st.question, text) &&
	               command(t, text)))
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

	plain_settle(t);
	say_text(t, "Answer the questions, or type help, verdict, list, undo, "
	         "save or quit at any time.");
	say_verdicts(t);
	ask(t);
	while (!t->quit && fflush(t->out) == 0 &&
	       getline(&line, &cap, t->in) > 0) {
		editor_init(&clean, line);
		buf_addf(&t->line, "> %s", clean.text.s);
		say(t);
		if (clean.text.len)
			hear(t, clean.text.s);
		editor_release(&clean);
		if (t->again)
			ask(t);
		t->again = false;
	}
	free(line);
	plain_settle(t);
	say_text(t, "So it stands:");
	say_verdicts(t);
	if (t->st.unsaved)
		say_text(t, t->st.kept ? "Every answer is kept as a draft."
		         : "Nothing keeps the answers: no store is open.");
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
	free(t.name);
	state_release(&t.st);
	return err_exit_status(err);
}
