/* Conditions over the options that several models take. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/syntax.h"

/* Names of models hold hyphens, which the grammar reads as differences: the
 * name is the text itself, without blanks. */
static char *model_name(const struct syntax *s)
{
	const char *text = s->source->text;
	char *name = xcalloc((size_t)(s->end - s->begin) + 1, 1);
	int n = 0;

	for (int i = s->begin; i < s->end; i++)
		if (!strchr(" \t\n", text[i]))
			name[n++] = text[i];
	return name;
}

static bool is_test(const struct syntax *s)
{
	return s->kind == S_CALL && strcmp(s->name, "is") == 0 && s->n == 2
		&& s->arg[1]->kind == S_NAME;
}

bool choice_check(const struct syntax *s, struct err *err)
{
	bool joins = (s->kind == S_UNARY && s->op == OP_NOT)
		|| (s->kind == S_BINARY && (s->op == OP_AND || s->op == OP_OR));
	bool ok = true;

	if (is_test(s) || s->kind == S_TRUTH)
		return true;
	if (!joins)
		return err_at(err, ERR_INPUT, syntax_place(s), "only "
		              "is(MODEL, OPTION or TAG), `and`, `or` and `not` "
		              "tell which options go together");
	for (int i = 0; i < (s->kind == S_UNARY ? 1 : 2); i++)
		ok &= choice_check(s->arg[i], err);
	return ok;
}

bool choice_holds(const struct syntax *s, choice_fn is, void *ctx)
{
	char *model;
	bool yes;

	if (s->kind == S_TRUTH)
		return s->value != 0;
	if (s->kind == S_UNARY)
		return !choice_holds(s->arg[0], is, ctx);
	if (s->kind == S_BINARY && s->op == OP_AND)
		return choice_holds(s->arg[0], is, ctx)
			& choice_holds(s->arg[1], is, ctx);
	if (s->kind == S_BINARY)
		return choice_holds(s->arg[0], is, ctx)
			| choice_holds(s->arg[1], is, ctx);
	model = model_name(s->arg[0]);
	yes = is(ctx, model, s->arg[1]->name, syntax_place(s));
	free(model);
	return yes;
}
