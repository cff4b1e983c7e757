#include "expr/syntax.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* What flex generates; it writes no header of its own here. */
typedef void *yyscan_t;
typedef struct yy_buffer_state *YY_BUFFER_STATE;
int expr_yylex_init_extra(struct parse_state *extra, yyscan_t *scanner);
int expr_yylex_destroy(yyscan_t scanner);
YY_BUFFER_STATE expr_yy_scan_string(const char *text, yyscan_t scanner);
int expr_yyparse(void *scanner, struct parse_state *p);

/* Where byte `offset` of a source text stands in its file.  Behind a newline
 * (a block scalar) the column is that of the text itself: YAML took the
 * indentation away. */
static struct pos place_of(const struct source_text *src, int offset)
{
	struct pos pos = src->pos;

	for (int i = 0; i < offset && src->text[i]; i++) {
		pos.col++;
		if (src->text[i] == '\n') {
			pos.line++;
			pos.col = 1;
		}
	}
	return pos;
}

bool parse_error_at(struct parse_state *p, int offset, const char *fmt, ...)
{
	va_list ap;

	if (p->failed)          /* the first finding of a formula says it all */
		return false;
	p->failed = true;
	va_start(ap, fmt);
	err_vat(p->err, ERR_INPUT, place_of(p->source, offset), fmt, ap);
	va_end(ap);
	return false;
}

struct syntax *syntax_new(struct parse_state *p, enum syntax_kind kind,
                          int begin, int end)
{
	struct syntax *s = arena_alloc(p->arena, sizeof *s);

	s->kind = kind;
	s->source = p->source;
	s->begin = begin;
	s->end = end;
	return s;
}

static int depth(const struct syntax *s, int limit)
{
	int most = 0;

	for (int i = 0; i < s->n && most < limit; i++) {
		int d = depth(s->arg[i], limit - 1);

		if (d > most)
			most = d;
	}
	return most + 1;
}

/* The text's own nesting is bounded before the parser runs: its stack and
 * every walk over the tree recurse. */
static bool too_deep(const char *text, int *at)
{
	int level = 0;

	for (int i = 0; text[i]; i++) {
		if (text[i] == '(' || text[i] == '[')
			level++;
		else if (text[i] == ')' || text[i] == ']')
			level--;
		if (level > EXPR_MAX_DEPTH) {
			*at = i;
			return true;
		}
	}
	return false;
}

static bool check_limits(struct parse_state *p, const char *text)
{
	int at;

	if (strlen(text) > EXPR_MAX_TEXT)
		return parse_error_at(p, 0, "the formula has %zu characters; "
		                      "at most %d are read", strlen(text),
		                      EXPR_MAX_TEXT);
	if (too_deep(text, &at))
		return parse_error_at(p, at, "the formula nests deeper than "
		                      "%d", EXPR_MAX_DEPTH);
	if (text[strspn(text, " \t\r\n")] == '\0')
		return parse_error_at(p, 0, "the formula is empty");
	return true;
}

struct syntax *expr_parse(struct arena *a, const char *text, struct pos pos,
                          struct err *err)
{
	struct source_text *src = arena_alloc(a, sizeof *src);
	struct parse_state p = { .arena = a, .source = src, .err = err };
	yyscan_t scanner;
	int failed;

	src->text = arena_strdup(a, text);
	src->pos = pos;
	if (!check_limits(&p, src->text))
		return NULL;
	if (expr_yylex_init_extra(&p, &scanner) != 0)
		return err_add(err, ERR_BUG, "no scanner"), NULL;
	expr_yy_scan_string(src->text, scanner);
	failed = expr_yyparse(scanner, &p);
	expr_yylex_destroy(scanner);
	if (failed || p.failed)
		return NULL;
	if (depth(p.result, 4 * EXPR_MAX_DEPTH) >= 4 * EXPR_MAX_DEPTH) {
		parse_error_at(&p, 0, "the formula nests deeper than %d "
		               "operations", 4 * EXPR_MAX_DEPTH);
		return NULL;
	}
	return p.result;
}

const char *syntax_text(const struct syntax *s)
{
	return s->source->text;
}

struct pos syntax_pos(const struct syntax *s)
{
	return s->source->pos;
}

bool syntax_comparisons(const struct syntax *s,
                        void (*fn)(void *ctx, const struct syntax *left,
                                   const struct syntax *right, bool above),
                        void *ctx)
{
	if (s->kind != S_BINARY)
		return false;
	if (s->op == OP_AND || s->op == OP_OR)
		return syntax_comparisons(s->arg[0], fn, ctx) &&
		       syntax_comparisons(s->arg[1], fn, ctx);
	if (s->op != OP_LT && s->op != OP_LE)
		return false;
	fn(ctx, s->arg[s->swapped], s->arg[!s->swapped], s->swapped);
	return true;
}

struct pos syntax_place(const struct syntax *s)
{
	return place_of(s->source, s->begin);
}

void syntax_quote(const struct syntax *s, char *out, size_t size)
{
	int n = s->end - s->begin;
	bool cut = n > 60;

	snprintf(out, size, "%.*s%s", cut ? 57 : n, s->source->text + s->begin,
	         cut ? "..." : "");
	for (char *c = out; *c; c++)
		if (*c == '\n')
			*c = ' ';
}

static void each_name(const struct syntax *s,
                      void (*fn)(void *, const char *, struct pos), void *ctx)
{
	if (s->kind == S_NAME)
		fn(ctx, s->name, syntax_place(s));
	for (int i = 0; i < (s->kind == S_PICK ? 1 : s->n); i++)
		each_name(s->arg[i], fn, ctx);
}

struct once {
	void (*fn)(void *, const char *, struct pos);
	void *ctx;
	const char *seen[256];
	int n;
};

static void call_once(void *ctx, const char *name, struct pos pos)
{
	struct once *o = ctx;

	for (int i = 0; i < o->n; i++)
		if (strcmp(o->seen[i], name) == 0)
			return;
	if (o->n < 256)
		o->seen[o->n++] = name;
	o->fn(o->ctx, name, pos);
}

void syntax_names(const struct syntax *s,
                  void (*fn)(void *ctx, const char *name, struct pos pos),
                  void *ctx)
{
	struct once o = { .fn = fn, .ctx = ctx };

	each_name(s, call_once, &o);
}
