/*
 * Help, docs/cli.md and the man page, all from the tables.
 */
#include <string.h>

#include "base/clock.h"
#include "cli/command.h"

#define INDENT 2
#define COLUMN 30               /* where descriptions begin */

static const struct text_style page = { .width = 80 };

static void row(struct buf *out, const char *left, const char *right)
{
	int used = INDENT + (int)strlen(left);

	buf_pad(out, ' ', INDENT);
	buf_add(out, left);
	if (used + 2 > COLUMN) {
		buf_addc(out, '\n');
		used = 0;
	}
	buf_pad(out, ' ', COLUMN - used);
	text_flow(out, &page, COLUMN, COLUMN, right);
}

/* "-o, --output=PATH" */
static void spelling(struct buf *b, const struct option_def *d)
{
	buf_clear(b);
	if (d->letter)
		buf_addf(b, "-%c, ", d->letter);
	buf_addf(b, "--%s", d->name);
	if (d->argument)
		buf_addf(b, " %s", d->argument);
}

static void meaning(struct buf *b, const struct option_def *d)
{
	const char *words = d->choices;

	buf_clear(b);
	buf_add(b, d->help);
	if (d->kind != OPT_CHOICE)
		return;
	if (words) {
		buf_addf(b, " (%s)", words);
		return;
	}
	buf_add(b, " (");
	for (int i = 0; i < SAMPLER_N; i++)
		buf_addf(b, "%s%s", i ? " " : "", sampler_names[i]);
	buf_addc(b, ')');
}

/* Options that every command takes are told once, apart. */
static bool is_general(const struct option_def *d)
{
	return (d->commands | CMDS(CMD_SCREEN)) == ALL_COMMANDS ||
	       d->commands == (ALL_COMMANDS & ~CMDS(CMD_SCREEN) &
	                       ~CMDS(CMD_SAVE));
}

static bool belongs(const struct option_def *d, uint64_t bit, bool general)
{
	return !d->hidden && (d->commands & bit) &&
	       is_general(d) == general;
}

static int count_options(uint64_t bit, bool general)
{
	int n = 0;

	for (const struct option_def *d = option_defs; d->name; d++)
		n += belongs(d, bit, general);
	return n;
}

static void option_rows(struct buf *out, uint64_t bit, bool general)
{
	struct buf left = BUF_INIT, right = BUF_INIT;

	for (const struct option_def *d = option_defs; d->name; d++) {
		if (!belongs(d, bit, general))
			continue;
		spelling(&left, d);
		meaning(&right, d);
		row(out, left.s, right.s);
	}
	buf_release(&left);
	buf_release(&right);
}

static void call_of(struct buf *b, const struct command *c)
{
	buf_add(b, "steelyard");
	if (*c->name)
		buf_addf(b, " %s", c->name);
	if (*c->arguments)
		buf_addf(b, " %s", c->arguments);
}

static void program_help(struct buf *out)
{
	struct buf left = BUF_INIT;

	buf_add(out, "steelyard weighs the options of a decision about running "
	        "AI: what each costs,\nhow sure the advice is, and where it "
	        "tips.\n\nUsage:\n");
	for (int i = 0; i < CMD_N; i++) {
		buf_clear(&left);
		call_of(&left, &commands[i]);
		row(out, left.s + strlen("steelyard "), commands[i].summary);
	}
	buf_add(out, "\nOptions, before or after the command:\n");
	option_rows(out, ALL_COMMANDS, true);
	buf_add(out, "\nExit status:\n");
	for (int i = 0; exit_statuses[i].code; i++)
		row(out, exit_statuses[i].code, exit_statuses[i].meaning);
	buf_add(out, "\n`steelyard COMMAND --help` tells the rest.\n");
	buf_release(&left);
}

/* "steelyard.check/1" -> "check-1.json", where it was installed. */
static void schema_line(struct buf *out, const char *schema)
{
	const char *name = strchr(schema, '.') + 1;
	int n = (int)strcspn(name, "/");

	buf_addf(out, "\nWith --json: a %s document, as described in\n  "
	         PKGDATADIR "/schemas/%.*s-%s.json\n", schema, n, name,
	         name + n + 1);
}

void help_text(struct buf *out, const struct command *c)
{
	uint64_t bit = CMDS(c - commands);

	if (!*c->name) {
		program_help(out);
		return;
	}
	buf_add(out, "Usage: ");
	call_of(out, c);
	buf_add(out, "\n\n");
	text_flow(out, &page, 0, 0, c->details);
	if (c->schema)
		schema_line(out, c->schema);
	if (count_options(bit, false)) {
		buf_add(out, "\nOptions:\n");
		option_rows(out, bit, false);
	}
	buf_add(out, "\nGeneral options:\n");
	option_rows(out, bit, true);
	if (c->example)
		buf_addf(out, "\nExample:\n  %s\n", c->example);
}

void help_version(struct buf *out)
{
	buf_add(out, "steelyard " PACKAGE_VERSION "\n"
	        "License GPL-3.0-or-later. There is no warranty, to the "
	        "extent permitted by law.\n");
}

/* --- docs/cli.md ----------------------------------------------------------------- */

/* Inside a table cell a bar would end the cell, and angle brackets would be
 * read as markup. */
static void cell(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
}

static void md_options(struct buf *out, uint64_t bit, bool general)
{
	struct buf b = BUF_INIT;

	buf_add(out, "\n| option | meaning |\n| --- | --- |\n");
	for (const struct option_def *d = option_defs; d->name; d++) {
		if (!belongs(d, bit, general))
			continue;
		spelling(&b, d);
		buf_add(out, "| `");
		cell(out, b.s);
		meaning(&b, d);
		buf_add(out, "` | ");
		cell(out, b.s);
		buf_add(out, " |\n");
	}
	buf_release(&b);
}

static void md_command(struct buf *out, const struct command *c)
{
	uint64_t bit = CMDS(c - commands);

	buf_add(out, "\n## `");
	call_of(out, c);
	buf_add(out, "`\n\n");
	text_flow(out, &page, 0, 0, c->details);
	if (c->schema)
		buf_addf(out, "\nWith `--json`: a `%s` document.\n",
		         c->schema);
	if (count_options(bit, false))
		md_options(out, bit, false);
	if (c->example)
		buf_addf(out, "\n```sh\n%s\n```\n", c->example);
}

void help_markdown(struct buf *out)
{
	buf_add(out, "# The command line\n\n"
	        "Made from the program's own tables by `make docs`; a test "
	        "holds it to them.\n\n"
	        "Results go to standard output, messages to standard error. "
	        "Options may stand\nbefore or after the command; long names "
	        "are never abbreviated; `--` ends them.\nNumbers are written "
	        "with a decimal point in every locale.\nProse is wrapped to "
	        "the terminal, to 80 columns elsewhere; an entry of a list "
	        "(`log`,\n`check`), a formula and a row of a table stay on one "
	        "line each, for `grep`.\n");
	for (int i = 0; i < CMD_N; i++)
		md_command(out, &commands[i]);
	buf_add(out, "\n## General options\n");
	md_options(out, ALL_COMMANDS, true);
	buf_add(out, "\n## Exit status\n\n"
	        "The same for every format. With `--json` a failure is one "
	        "valid document as\nwell: `ok` is false and `error` tells "
	        "what happened.\n\n| status | meaning |\n| --- | --- |\n");
	for (int i = 0; exit_statuses[i].code; i++)
		buf_addf(out, "| %s | %s |\n", exit_statuses[i].code,
		         exit_statuses[i].meaning);
	buf_add(out, "\n## Environment\n\n"
	        "| variable | meaning |\n| --- | --- |\n"
	        "| `STEELYARD_DATA` | the folder that holds `models/` and "
	        "`scenarios/` |\n"
	        "| `XDG_DATA_HOME` | where the store is kept (default "
	        "`~/.local/share`) |\n"
	        "| `NO_COLOR` | set and not empty: no colours |\n"
	        "| `SOURCE_DATE_EPOCH` | stands in for the current time |\n");
}

/* --- docs/steelyard.1 -------------------------------------------------------------- */

/* Text of a man page: a dash is a minus where it may be typed, `code` is bold,
 * a line must not start with a dot or quote. */
static void man_text(struct buf *out, const char *text)
{
	bool code = false;

	if (*text == '.' || *text == '\'')
		buf_add(out, "\\&");
	for (; *text; text++) {
		if (*text == '-')
			buf_add(out, "\\-");
		else if (*text == '\\')
			buf_add(out, "\\e");
		else if (*text == '`')
			buf_add(out, (code = !code) ? "\\fB" : "\\fP");
		else if (*text == '\'')
			buf_add(out, "\\(aq");
		else
			buf_addc(out, *text);
	}
	buf_addc(out, '\n');
}

static void man_options(struct buf *out, uint64_t bit, bool general)
{
	struct buf b = BUF_INIT;

	for (const struct option_def *d = option_defs; d->name; d++) {
		if (!belongs(d, bit, general))
			continue;
		spelling(&b, d);
		buf_add(out, ".TP\n.B ");
		man_text(out, b.s);
		meaning(&b, d);
		man_text(out, b.s);
	}
	buf_release(&b);
}

static void man_command(struct buf *out, const struct command *c)
{
	uint64_t bit = CMDS(c - commands);
	struct buf call = BUF_INIT;

	call_of(&call, c);
	buf_add(out, ".SS ");
	man_text(out, call.s);
	man_text(out, c->details);
	man_options(out, bit, false);
	if (c->example) {
		buf_add(out, ".PP\n.EX\n");
		man_text(out, c->example);
		buf_add(out, ".EE\n");
	}
	buf_release(&call);
}

void help_man(struct buf *out)
{
	buf_add(out, ".\\\" Made from the program's own tables by `make docs`.\n"
	        ".TH STEELYARD 1 \"\" \"steelyard " PACKAGE_VERSION "\"\n"
	        ".SH NAME\nsteelyard \\- weigh the options of a decision about "
	        "running AI\n.SH SYNOPSIS\n");
	for (int i = 0; i < CMD_N; i++) {
		struct buf call = BUF_INIT;

		call_of(&call, &commands[i]);
		buf_add(out, ".br\n.B ");
		man_text(out, call.s);
		buf_release(&call);
	}
	buf_add(out, ".SH DESCRIPTION\n"
	        "A scenario describes a workload; steelyard tells which option "
	        "to take, how sure\nthat is, and where the balance tips.\n"
	        ".SH COMMANDS\n");
	for (int i = 0; i < CMD_N; i++)
		man_command(out, &commands[i]);
	buf_add(out, ".SH OPTIONS\nThese go with every command, before or "
	        "after it.\n");
	man_options(out, ALL_COMMANDS, true);
	buf_add(out, ".SH EXIT STATUS\n");
	for (int i = 0; exit_statuses[i].code; i++) {
		buf_addf(out, ".TP\n.B %s\n", exit_statuses[i].code);
		man_text(out, exit_statuses[i].meaning);
	}
	buf_add(out, ".SH ENVIRONMENT\n"
	        ".TP\n.B STEELYARD_DATA\nThe folder that holds models/ and "
	        "scenarios/.\n"
	        ".TP\n.B XDG_DATA_HOME\nWhere the store is kept (default "
	        "~/.local/share).\n"
	        ".TP\n.B NO_COLOR\nSet and not empty: no colours.\n"
	        ".TP\n.B SOURCE_DATE_EPOCH\nStands in for the current time.\n");
}
