/*
 * The one parser for the options of option_defs.c.  They may stand anywhere;
 * long names are never abbreviated, so that a new option breaks no script.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/command.h"

/* What has been seen of the command line so far. */
struct parse {
	struct run *r;
	int nwords;
	const char **word;
	int ngiven;
	struct given *given;
};

/* An option and its text, kept until the command is known: two commands may
 * have options of one name that are not the same. */
struct given { const struct option_def *def; const char *text; };

static bool usage(struct run *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static bool usage(struct run *r, const char *fmt, ...)
{
	struct pos none = { NULL, 0, 0 };
	va_list ap;

	va_start(ap, fmt);
	err_vat(&r->err, ERR_USAGE, none, fmt, ap);
	va_end(ap);
	return false;
}

/* --- values ------------------------------------------------------------------ */

static bool whole(struct run *r, const struct option_def *d, const char *text,
                  long long *out)
{
	double v;

	if (num_parse_int(text, d->min, d->max, out))
		return true;
	/* 100k and 1e6 are whole numbers as people write them */
	if (num_parse(text, &v) && v >= (double)d->min && v < 9e15 &&
	    v <= (double)d->max && v == (double)(long long)v) {
		*out = (long long)v;
		return true;
	}
	if (d->max == LLONG_MAX)
		return usage(r, "--%s: '%s' is not a whole number from %lld on",
		             d->name, text, d->min);
	return usage(r, "--%s: '%s' is not a whole number from %lld to %lld",
	             d->name, text, d->min, d->max);
}

static bool share(struct run *r, const struct option_def *d, const char *text,
                  double *out)
{
	if (num_parse(text, out) && *out > 0 && *out < 1)
		return true;
	return usage(r, "--%s: '%s' is not a number between 0 and 1", d->name,
	             text);
}

static bool amount(struct run *r, const struct option_def *d, const char *text,
                   double *out)
{
	if (num_parse(text, out) && *out > 0 && *out < 1e300)
		return true;
	return usage(r, "--%s: '%s' is not a number above 0", d->name, text);
}

static bool in_words(const char *words, const char *text)
{
	size_t n = strlen(text);

	for (const char *at = words; n && (at = strstr(at, text)); at += n)
		if ((at == words || at[-1] == ' ') && (!at[n] || at[n] == ' '))
			return true;
	return false;
}

static bool choice(struct run *r, const struct option_def *d, const char *text,
                   const char **out)
{
	*out = text;
	if (d->choices)
		return in_words(d->choices, text) ||
		       usage(r, "--%s: '%s' is not one of: %s", d->name, text,
		             d->choices);
	if (sampler_named(text) != SAMPLER_N)
		return true;
	usage(r, "--%s: '%s' is not one of: %s %s %s", d->name, text,
	      sampler_names[0], sampler_names[1], sampler_names[2]);
	return false;
}

static void append(struct assignments *list, const char *text)
{
	const char **all = xrealloc((void *)list->text, (size_t)list->n + 1,
	                            sizeof *all);

	all[list->n++] = text;
	list->text = all;
}

static bool store_value(struct run *r, const struct option_def *d,
                        const char *text)
{
	char *field = (char *)&r->opt + d->offset;

	if (d->given)
		*(bool *)((char *)&r->opt + d->given) = true;
	switch (d->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return true;
	case OPT_TEXT:
		*(const char **)field = text;
		return *text != '\0' ||
		       usage(r, "--%s: the value is empty", d->name);
	case OPT_WHOLE:
		return whole(r, d, text, (long long *)field);
	case OPT_SHARE:
		return share(r, d, text, (double *)field);
	case OPT_AMOUNT:
		return amount(r, d, text, (double *)field);
	case OPT_LIST:
		append((struct assignments *)field, text);
		return true;
	case OPT_CHOICE:
		return choice(r, d, text, (const char **)field);
	}
	return false;
}

/* --- names --------------------------------------------------------------------- */

static const struct option_def *by_name(const char *name, size_t n)
{
	for (const struct option_def *d = option_defs; d->name; d++)
		if (!strncmp(d->name, name, n) && !d->name[n])
			return d;
	return NULL;
}

static const struct option_def *by_letter(char letter)
{
	for (const struct option_def *d = option_defs; d->name; d++)
		if (d->letter && d->letter == letter)
			return d;
	return NULL;
}

static bool unknown_option(struct run *r, const char *name, size_t n)
{
	const char *known[128], *near;
	char *word = xstrndup(name, n);
	int count = 0;

	for (const struct option_def *d = option_defs; d->name; d++)
		if (!d->hidden)
			known[count++] = d->name;
	known[count] = NULL;
	near = text_nearest(word, known);
	if (near)
		usage(r, "unknown option --%s: did you mean --%s?", word,
		      near);
	else
		usage(r, "unknown option --%s", word);
	free(word);
	return false;
}

static bool remember(struct parse *p, const struct option_def *d,
                     const char *text)
{
	p->given[p->ngiven++] = (struct given){ d, text };
	return true;
}

/* `text` follows "--"; *next is the argument behind it, taken when needed. */
static bool long_option(struct parse *p, const char *text, const char *next,
                        bool *took)
{
	size_t n = strcspn(text, "=");
	const struct option_def *d = by_name(text, n);

	if (!d)
		return unknown_option(p->r, text, n);
	if (d->kind == OPT_FLAG)
		return text[n] ? usage(p->r, "--%s takes no value", d->name)
		               : remember(p, d, NULL);
	if (text[n])
		return remember(p, d, text + n + 1);
	if (!next)
		return usage(p->r, "--%s needs a value (%s)", d->name,
		             d->argument);
	*took = true;
	return remember(p, d, next);
}

/* `text` follows "-": flags may be joined, a value may stand at once. */
static bool short_options(struct parse *p, const char *text, const char *next,
                          bool *took)
{
	for (; *text; text++) {
		const struct option_def *d = by_letter(*text);

		if (!d)
			return usage(p->r, "unknown option -%c", *text);
		if (d->kind == OPT_FLAG) {
			remember(p, d, NULL);
			continue;
		}
		if (text[1])
			return remember(p, d, text + 1);
		if (!next)
			return usage(p->r, "-%c needs a value (%s)", *text,
			             d->argument);
		*took = true;
		return remember(p, d, next);
	}
	return true;
}

static bool split(struct parse *p, int argc, char **argv)
{
	bool ok = true, words_only = false;

	for (int i = 1; i < argc; i++) {
		const char *a = argv[i], *next = argv[i + 1];
		bool took = false;

		if (words_only || a[0] != '-' || !a[1])
			p->word[p->nwords++] = a;
		else if (!strcmp(a, "--"))
			words_only = true;
		else if (a[1] == '-')
			ok &= long_option(p, a + 2, next, &took);
		else
			ok &= short_options(p, a + 1, next, &took);
		i += took;
	}
	return ok;
}

/* --- the command ----------------------------------------------------------------- */

/* How many of the words name this command: 0, 1 or 2. */
static int words_of(const struct command *c, const struct parse *p)
{
	const char *space = strchr(c->name, ' ');
	size_t first = space ? (size_t)(space - c->name) : strlen(c->name);

	if (!first || strlen(p->word[0]) != first ||
	    strncmp(p->word[0], c->name, first))
		return 0;
	if (!space)
		return 1;
	return p->nwords > 1 && !strcmp(p->word[1], space + 1) ? 2 : 0;
}

/* No command has a hyphen in its name; most scenarios have. */
static bool looks_like_scenario(const char *word)
{
	return strpbrk(word, "/.@-");
}

static bool unknown_command(struct run *r, const char *word)
{
	const char *known[CMD_N + 3], *near;
	int n = 0;

	if (!strcmp(word, "import"))
		return usage(r, "import what: prices, usage, focus, scores, "
		             "curve, labels or bench? `steelyard import usage "
		             "FILE`");
	if (!strcmp(word, "store"))
		return usage(r, "store what: check, backup, merge, export or "
		             "import? `steelyard store check`");
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++)
		if (!strchr(commands[i].name, ' '))
			known[n++] = commands[i].name;
	known[n++] = "models";
	known[n++] = "import";
	known[n] = NULL;
	near = text_nearest(word, known);
	if (near)
		return usage(r, "unknown command '%s': did you mean '%s'?",
		             word, near);
	return usage(r, "unknown command '%s'; a scenario is opened by its "
	             "file or as NAME@rN; see `steelyard --help`", word);
}

/* `models` alone lists; with another word it says which there are. */
static bool models_alone(struct parse *p)
{
	if (p->nwords == 1) {
		p->r->command = &commands[CMD_MODELS_LIST];
		p->r->nargs = 0;
		return true;
	}
	return usage(p->r, "unknown command 'models %s': there are models "
	             "list, show, test and lint", p->word[1]);
}

static bool find_command(struct parse *p)
{
	struct run *r = p->r;

	r->command = &commands[CMD_SCREEN];
	r->arg = p->word;
	r->nargs = p->nwords;
	if (!p->nwords)
		return true;
	for (int i = CMD_SCREEN + 1; i < CMD_N; i++) {
		int n = words_of(&commands[i], p);

		if (n) {
			r->command = &commands[i];
			r->arg = p->word + n;
			r->nargs = p->nwords - n;
			return true;
		}
	}
	if (!strcmp(p->word[0], "models"))
		return models_alone(p);
	return looks_like_scenario(p->word[0]) ||
	       unknown_command(r, p->word[0]);
}

/* The option of that name that the command takes; else any. */
static const struct option_def *own(const struct option_def *d, uint64_t bit)
{
	for (const struct option_def *k = option_defs; k->name; k++)
		if (!strcmp(k->name, d->name) && (k->commands & bit))
			return k;
	return d;
}

static bool options_fit(struct parse *p)
{
	const struct command *c = p->r->command;
	uint64_t bit = CMDS(c - commands);
	bool ok = true;

	for (int i = 0; i < p->ngiven; i++) {
		const struct option_def *d = own(p->given[i].def, bit);

		if (!(d->commands & bit))
			ok = usage(p->r, "--%s does not go with `steelyard%s%s`",
			           d->name, *c->name ? " " : "", c->name);
		ok &= store_value(p->r, d, p->given[i].text);
	}
	if (p->r->opt.json && p->r->opt.csv)
		ok = usage(p->r, "--json and --csv exclude each other");
	return ok;
}

static bool count_fits(struct run *r)
{
	const struct command *c = r->command;

	if (r->opt.help || r->opt.version || r->opt.docs)
		return true;
	if (r->nargs >= c->min_args && r->nargs <= c->max_args)
		return true;
	return usage(r, "%s: write `steelyard %s%s%s`",
	             r->nargs < c->min_args ? "something is missing"
	                                    : "too many words",
	             c->name, *c->name ? " " : "", c->arguments);
}

bool options_parse(struct run *r, int argc, char **argv)
{
	struct parse p = { .r = r };
	size_t letters = 1;
	bool ok;

	/* joined letters: at most one option for each character */
	for (int i = 1; i < argc; i++)
		letters += strlen(argv[i]) + 1;
	p.word = xcalloc((size_t)argc + 1, sizeof *p.word);
	p.given = xcalloc(letters, sizeof *p.given);
	ok = split(&p, argc, argv);
	ok = find_command(&p) && ok;
	ok = options_fit(&p) && ok;
	ok = ok && count_fits(r);
	free(p.given);
	/* r->arg points into the words */
	r->words = p.word;
	return ok;
}

void options_release(struct run *r)
{
	free(r->words);
	for (const struct option_def *d = option_defs; d->name; d++)
		if (d->kind == OPT_LIST)
			free((void *)((struct assignments *)
			              ((char *)&r->opt + d->offset))->text);
}
