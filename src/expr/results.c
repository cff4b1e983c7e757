/*
 * measured(), crossing(), p_best() and age() become literals: the text of an
 * expression with the answers in their place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "expr/syntax.h"

#include "base/banned.h"

struct filled { int begin, end; const char *text; };

struct filling {
	struct arena *arena;
	expr_answer_fn *answer;
	void *ctx;
	struct filled *list;
	size_t cap;
	int n;
	bool unknown;
};

static bool is_asked(const char *name)
{
	static const char *const names[] = {
		"measured", "crossing", "p_best", "age", "age_of_decision",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* The text of an argument: `p`, or of `p[label]` the scenario's p@label. */
static const char *argument(const struct filling *f, const struct syntax *s,
                            int i)
{
	const struct syntax *x = i < s->n ? s->arg[i] : NULL;

	if (x && x->kind == S_PICK)
		return arena_printf(f->arena, "%s@%s", x->arg[0]->name,
		                    x->arg[1]->name);
	return x && x->kind == S_NAME ? x->name : "";
}

static void fill(struct filling *f, const struct syntax *s)
{
	const char *text;

	if (s->kind != S_CALL || !is_asked(s->name)) {
		for (int i = 0; i < s->n; i++)
			fill(f, s->arg[i]);
		return;
	}
	text = f->answer(f->ctx, s->name, argument(f, s, 0),
	                 argument(f, s, 1));
	f->unknown |= !text;
	*ARR_PUSH(f->list, f->n, f->cap) = (struct filled){
		s->begin, s->end, text
	};
}

static int by_place(const void *a, const void *b)
{
	const struct filled *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

const char *expr_fill_results(struct arena *a, const struct syntax *s,
                              expr_answer_fn *answer, void *ctx)
{
	struct filling f = { .arena = a, .answer = answer, .ctx = ctx };
	const char *source = s->source->text, *text = NULL;
	struct buf b = BUF_INIT;
	int at = 0;

	fill(&f, s);
	if (!f.unknown) {
		if (f.n)
			qsort(f.list, (size_t)f.n, sizeof *f.list, by_place);
		for (int i = 0; i < f.n; i++) {
			buf_addn(&b, source + at, (size_t)(f.list[i].begin -
			                                   at));
			buf_add(&b, f.list[i].text);
			at = f.list[i].end;
		}
		buf_add(&b, source + at);
		text = arena_strdup(a, b.s);
	}
	free(f.list);
	buf_release(&b);
	return text;
}
