/*
 * completion: a script for the shell, from the tables of commands and options
 * and the models there are.  Each shell asks the same three things: which words
 * may follow, which options a command takes, which values an option has.
 */
#include <string.h>

#include "cli/command.h"
#include "model/model.h"

/* The first word of a command's name; the second, or NULL. */
static size_t first_word(const struct command *c)
{
	return strcspn(c->name, " ");
}

static const char *second_word(const struct command *c)
{
	const char *space = strchr(c->name, ' ');

	return space ? space + 1 : NULL;
}

/* A command is listed once, although `models` has several second words. */
static bool repeats(int i)
{
	size_t n = first_word(&commands[i]);

	return i > 0 && first_word(&commands[i - 1]) == n &&
	       !strncmp(commands[i].name, commands[i - 1].name, n);
}

/* The values of an option of a choice; false: any text or a file. */
static bool add_choices(struct buf *out, const struct option_def *d)
{
	if (d->kind != OPT_CHOICE)
		return false;
	if (d->choices)
		buf_add(out, d->choices);
	for (int i = 0; !d->choices && i < SAMPLER_N; i++)
		buf_addf(out, "%s%s", i ? " " : "", sampler_names[i]);
	return true;
}

/* Text within single quotes of a shell. */
static void quoted(struct buf *out, const char *text)
{
	buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_add(out, "'\\'");
		buf_addc(out, *text);
	}
	buf_addc(out, '\'');
}

/* The commands that begin with the same word as the i-th. */
static uint64_t family(int i)
{
	uint64_t set = CMDS(i);

	while (++i < CMD_N && repeats(i))
		set |= CMDS(i);
	return set;
}

static void first_words(struct buf *out)
{
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		if (!repeats(i))
			buf_addf(out, "%s%.*s", out->len ? " " : "",
			         (int)first_word(&commands[i]),
			         commands[i].name);
}

static void model_names(struct buf *out, struct run *r)
{
	const char *const *names = library_names(r->context.library);

	for (int i = 0; names[i]; i++)
		buf_addf(out, "%s%s", i ? " " : "", names[i]);
}

static bool takes_model(const struct command *c)
{
	return strstr(c->arguments, "MODEL") != NULL;
}

/* --- bash --------------------------------------------------------------- */

/* `case` branches: what one command takes, its second words among it. */
static void bash_words(struct buf *out, int i)
{
	const struct command *c = &commands[i];

	buf_addf(out, "\t%.*s) words='", (int)first_word(c), c->name);
	for (int k = i; k < CMD_N && (k == i || repeats(k)); k++) {
		const char *second = second_word(&commands[k]);

		if (second)
			buf_addf(out, "%s ", second);
	}
	for (const struct option_def *d = option_defs; d->name; d++)
		if (!d->hidden && (d->commands & family(i)))
			buf_addf(out, "--%s ", d->name);
	buf_addf(out, "'%s ;;\n", takes_model(c) || second_word(c)
	         ? "; more=$models" : "");
}

static void bash_values(struct buf *out)
{
	struct buf choices = BUF_INIT;

	for (const struct option_def *d = option_defs; d->name; d++) {
		buf_clear(&choices);
		if (d->hidden || !add_choices(&choices, d))
			continue;
		buf_addf(out, "\t--%s) COMPREPLY=($(compgen -W '%s' -- "
		         "\"$word\")); return ;;\n", d->name, choices.s);
	}
	buf_release(&choices);
}

static void script_bash(struct buf *out, struct run *r)
{
	struct buf words = BUF_INIT, models = BUF_INIT;

	first_words(&words);
	model_names(&models, r);
	buf_addf(out, "# steelyard completion for bash\n_steelyard()\n{\n"
	         "\tlocal word=$2 before=$3 words='%s' more= command= i\n"
	         "\tlocal models='%s'\n"
	         "\tcase $before in\n", words.s, models.s);
	bash_values(out);
	buf_add(out, "\tesac\n"
	        "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	        "\t\tcase ${COMP_WORDS[i]} in\n"
	        "\t\t-*) ;;\n"
	        "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	        "\t\tesac\n"
	        "\tdone\n"
	        "\tcase $command in\n");
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		if (!repeats(i))
			bash_words(out, i);
	buf_add(out, "\tesac\n"
	        "\tCOMPREPLY=($(compgen -W \"$words $more\" -- \"$word\"))\n"
	        "}\n"
	        "complete -o default -F _steelyard steelyard\n");
	buf_release(&words);
	buf_release(&models);
}

/* --- zsh ---------------------------------------------------------------- */

/* Text of a description: brackets and colons mean something to _arguments. */
static void zsh_help(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
}

static void zsh_option(struct buf *out, const struct option_def *d)
{
	struct buf spec = BUF_INIT, choices = BUF_INIT;

	buf_addf(&spec, "%s--%s[", d->kind == OPT_LIST ? "*" : "", d->name);
	zsh_help(&spec, d->help);
	buf_addc(&spec, ']');
	if (add_choices(&choices, d))
		buf_addf(&spec, ":%s:(%s)", d->name, choices.s);
	else if (d->kind != OPT_FLAG)
		buf_addf(&spec, ":%s:%s", d->name,
		         d->kind == OPT_TEXT ? "_files" : "");
	buf_add(out, " \\\n\t\t\t");
	quoted(out, spec.s);
	buf_release(&spec);
	buf_release(&choices);
}

static void zsh_command(struct buf *out, int i)
{
	const struct command *c = &commands[i];
	struct buf seconds = BUF_INIT;

	for (int k = i; k < CMD_N && (k == i || repeats(k)); k++)
		if (second_word(&commands[k]))
			buf_addf(&seconds, "%s ", second_word(&commands[k]));
	buf_addf(out, "\t%.*s)\n\t\t_arguments", (int)first_word(c), c->name);
	for (const struct option_def *d = option_defs; d->name; d++)
		if (!d->hidden && (d->commands & family(i)))
			zsh_option(out, d);
	if (seconds.len)
		buf_addf(out, " \\\n\t\t\t'1:verb:(%s)'", seconds.s);
	if (seconds.len || takes_model(c))
		buf_add(out, " \\\n\t\t\t'*:file or model:{ _files; "
		        "compadd -a models }'");
	else
		buf_add(out, " \\\n\t\t\t'*:file:_files'");
	buf_add(out, " ;;\n");
	buf_release(&seconds);
}

static void script_zsh(struct buf *out, struct run *r)
{
	struct buf models = BUF_INIT;

	model_names(&models, r);
	buf_addf(out, "#compdef steelyard\n"
	         "_steelyard()\n{\n"
	         "\tlocal -a verbs models\n"
	         "\tmodels=(%s)\n"
	         "\tverbs=(\n", models.s);
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++) {
		struct buf line = BUF_INIT;

		if (!repeats(i)) {
			buf_addf(&line, "%.*s:", (int)first_word(&commands[i]),
			         commands[i].name);
			zsh_help(&line, commands[i].summary);
			buf_add(out, "\t\t");
			quoted(out, line.s);
			buf_addc(out, '\n');
		}
		buf_release(&line);
	}
	buf_add(out, "\t)\n"
	        "\tif ((CURRENT == 2)); then\n"
	        "\t\t_describe command verbs\n"
	        "\t\t_files\n"
	        "\t\treturn\n"
	        "\tfi\n"
	        "\tshift words\n"
	        "\t((CURRENT--))\n"
	        "\tcase $words[1] in\n");
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		if (!repeats(i))
			zsh_command(out, i);
	buf_add(out, "\tesac\n}\n"
	        "if [ \"$funcstack[1]\" = _steelyard ]; then\n"
	        "\t_steelyard \"$@\"\nelse\n"
	        "\tcompdef _steelyard steelyard\nfi\n");
	buf_release(&models);
}

/* --- fish --------------------------------------------------------------- */

static void fish_option(struct buf *out, const struct option_def *d)
{
	struct buf choices = BUF_INIT, names = BUF_INIT;

	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		if (!repeats(i) && (d->commands & family(i)))
			buf_addf(&names, " %.*s", (int)first_word(&commands[i]),
			         commands[i].name);
	buf_add(out, "complete -c steelyard");
	if (names.len)
		buf_addf(out, " -n '__fish_seen_subcommand_from%s'", names.s);
	buf_addf(out, " -l %s", d->name);
	if (d->letter)
		buf_addf(out, " -s %c", d->letter);
	if (add_choices(&choices, d))
		buf_addf(out, " -x -a '%s'", choices.s);
	else if (d->kind == OPT_TEXT)
		buf_add(out, " -r");
	else if (d->kind != OPT_FLAG)
		buf_add(out, " -x");
	buf_add(out, " -d ");
	quoted(out, d->help);
	buf_addc(out, '\n');
	buf_release(&choices);
	buf_release(&names);
}

static void fish_command(struct buf *out, int i)
{
	const struct command *c = &commands[i];
	const char *second = second_word(c);

	if (!repeats(i)) {
		buf_addf(out, "complete -c steelyard -n __fish_use_subcommand "
		         "-a %.*s -d ", (int)first_word(c), c->name);
		quoted(out, second ? "" : c->summary);
		buf_addc(out, '\n');
	}
	if (second) {
		buf_addf(out, "complete -c steelyard -n "
		         "'__fish_seen_subcommand_from %.*s' -a %s -d ",
		         (int)first_word(c), c->name, second);
		quoted(out, c->summary);
		buf_addc(out, '\n');
	}
	if (!second && takes_model(c))
		buf_addf(out, "complete -c steelyard -n "
		         "'__fish_seen_subcommand_from %s' -a \"$models\"\n",
		         c->name);
}

static void script_fish(struct buf *out, struct run *r)
{
	struct buf models = BUF_INIT;

	model_names(&models, r);
	buf_addf(out, "# steelyard completion for fish\nset -l models '%s'\n",
	         models.s);
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		fish_command(out, i);
	for (const struct option_def *d = option_defs; d->name; d++)
		if (!d->hidden)
			fish_option(out, d);
	buf_release(&models);
}

/* ------------------------------------------------------------------------ */

static const struct {
	const char *name;
	void (*write)(struct buf *out, struct run *r);
} shells[] = {
	{ "bash", script_bash },
	{ "zsh", script_zsh },
	{ "fish", script_fish },
};

bool run_completion(struct run *r)
{
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (!strcmp(shells[i].name, r->arg[0])) {
			shells[i].write(&r->out, r);
			return true;
		}
	return err_add(&r->err, ERR_USAGE, "'%s' is not one of: bash zsh fish",
	               r->arg[0]);
}
