/* The tables of docs/language.md: what formulas may call, what values may be. */
#include <string.h>

#include "cli/command.h"
#include "dist/dist.h"
#include "expr/expr.h"

static void row(struct buf *out, const char *name, const char *arguments,
                const char *meaning, const char *source)
{
	buf_addf(out, "| `%s(%s)` | %s%s%s%s |\n", name, arguments, meaning,
	         source ? " (" : "", source ? source : "", source ? ")" : "");
}

void help_language(struct buf *out)
{
	const struct builtin_info *b;

	buf_add(out, "| function | gives |\n|---|---|\n");
	for (int i = 0; (b = expr_builtin(i)) != NULL; i++)
		row(out, b->name, b->arguments, b->meaning, b->source);
	buf_add(out, "\n| law | what it is |\n|---|---|\n");
	for (int i = 0; i < DIST_N; i++)
		if (dist_families[i].name && *dist_families[i].name)
			row(out, dist_families[i].name,
			    dist_families[i].arguments,
			    dist_families[i].meaning, NULL);
}
