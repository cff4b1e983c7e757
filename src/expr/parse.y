/*
 * The grammar of formulas, loosest first:
 *
 *     or    and    not    < <= > >= == !=    + -    * /    -x    ^    x[..]  at
 *
 * `-x ^ 2` is -(x ^ 2); `a ^ b ^ c` is a ^ (b ^ c); comparisons do not chain.
 * Nodes live in the arena of the parse, so nothing is freed on an error but
 * the growing argument lists.
 */
%code requires {
#include "expr/syntax.h"
}

%define api.prefix {expr_yy}
%define api.pure full
%define api.location.type {struct place}
%define parse.error custom
%locations
%param { void *scanner }
%parse-param { struct parse_state *p }

%union {
	struct { double value; const char *unit; } number;
	const char *name;
	int state;
	struct syntax *node;
	struct syntax_list list;
}

%code {
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int expr_yylex(EXPR_YYSTYPE *value, struct place *loc, void *scanner);
static void expr_yyerror(struct place *loc, void *scanner,
                         struct parse_state *p, const char *text);

#define YYLLOC_DEFAULT(cur, rhs, n) do { \
	if (n) { \
		(cur).begin = YYRHSLOC(rhs, 1).begin; \
		(cur).end = YYRHSLOC(rhs, n).end; \
	} else { \
		(cur).begin = (cur).end = YYRHSLOC(rhs, 0).end; \
	} \
} while (0)

static struct syntax *binary(struct parse_state *p, enum op op,
                             struct syntax *a, struct syntax *b, bool swapped)
{
	struct syntax *s = syntax_new(p, S_BINARY, a->begin, b->end);

	s->op = op;
	s->swapped = swapped;
	s->n = 2;
	s->arg = arena_alloc(p->arena, 2 * sizeof *s->arg);
	s->arg[0] = swapped ? b : a;
	s->arg[1] = swapped ? a : b;
	return s;
}

static struct syntax *unary(struct parse_state *p, enum op op, int begin,
                            struct syntax *a)
{
	struct syntax *s = syntax_new(p, S_UNARY, begin, a->end);

	s->op = op;
	s->n = 1;
	s->arg = arena_alloc(p->arena, sizeof *s->arg);
	s->arg[0] = a;
	return s;
}

static struct syntax *named(struct parse_state *p, const char *name,
                            struct place at)
{
	struct syntax *s = syntax_new(p, S_NAME, at.begin, at.end);

	s->name = name;
	return s;
}

static void push(struct syntax_list *l, struct syntax *s)
{
	*ARR_PUSH(l->item, l->n, l->cap) = s;
}

/* `head` first (when given), then the list, which is freed. */
static struct syntax *with_args(struct parse_state *p, enum syntax_kind kind,
                                struct syntax *head, struct syntax_list *l,
                                struct place at)
{
	struct syntax *s = syntax_new(p, kind, at.begin, at.end);
	int first = head ? 1 : 0;

	s->n = l->n + first;
	s->arg = arena_alloc(p->arena, (size_t)s->n * sizeof *s->arg);
	if (head)
		s->arg[0] = head;
	for (int i = 0; i < l->n; i++)
		s->arg[first + i] = l->item[i];
	free(l->item);
	return s;
}
}

%destructor { free($$.item); } <list>

%token <number> NUMBER "a number"
%token <number> TRUTH "true or false"
%token <name> NAME "a name"
%token <state> STATE "a state"
%token AND "and" OR "or" NOT "not" AT "at"
%token LE "<=" GE ">=" EQ "==" NE "!="
%token END 0 "the end"
%type <node> whole expr primary
%type <list> args args1 labels

%left OR
%left AND
%precedence NOT
%nonassoc '<' '>' LE GE EQ NE
%left '+' '-'
%left '*' '/'
%precedence NEG
%right '^'
%left '[' AT

%%

whole:
	expr                    { p->result = $1; $$ = $1; }
;
expr:
	expr OR expr            { $$ = binary(p, OP_OR, $1, $3, false); }
|	expr AND expr           { $$ = binary(p, OP_AND, $1, $3, false); }
|	NOT expr                { $$ = unary(p, OP_NOT, @1.begin, $2); }
|	expr '<' expr           { $$ = binary(p, OP_LT, $1, $3, false); }
|	expr '>' expr           { $$ = binary(p, OP_LT, $1, $3, true); }
|	expr LE expr            { $$ = binary(p, OP_LE, $1, $3, false); }
|	expr GE expr            { $$ = binary(p, OP_LE, $1, $3, true); }
|	expr EQ expr            { $$ = binary(p, OP_EQ, $1, $3, false); }
|	expr NE expr            { $$ = binary(p, OP_EQ, $1, $3, false);
				  $$->negated = true; }
|	expr '+' expr           { $$ = binary(p, OP_ADD, $1, $3, false); }
|	expr '-' expr           { $$ = binary(p, OP_SUB, $1, $3, false); }
|	expr '*' expr           { $$ = binary(p, OP_MUL, $1, $3, false); }
|	expr '/' expr           { $$ = binary(p, OP_DIV, $1, $3, false); }
|	expr '^' expr           { $$ = binary(p, OP_POW, $1, $3, false); }
|	'-' expr %prec NEG      { $$ = unary(p, OP_NEG, @1.begin, $2); }
|	expr '[' labels ']'     { $$ = with_args(p, S_PICK, $1, &$3, @$); }
|	expr AT primary         {
		struct syntax_list l = { 0 };

		push(&l, $3);
		$$ = with_args(p, S_AT, $1, &l, @$);
	}
|	primary
;
primary:
	NUMBER                  {
		$$ = syntax_new(p, S_NUMBER, @1.begin, @1.end);
		$$->value = $1.value;
		$$->unit_text = $1.unit;
	}
|	TRUTH                   {
		$$ = syntax_new(p, S_TRUTH, @1.begin, @1.end);
		$$->value = $1.value;
	}
|	STATE                   {
		$$ = syntax_new(p, S_STATE, @1.begin, @1.end);
		$$->state = $1;
	}
|	NAME                    { $$ = named(p, $1, @1); }
|	NAME '(' args ')'       {
		$$ = with_args(p, S_CALL, NULL, &$3, @$);
		$$->name = $1;
	}
|	'(' expr ')'            { $$ = $2; }
;
args:
	%empty                  { $$ = (struct syntax_list){ 0 }; }
|	args1
;
args1:
	expr                    { $$ = (struct syntax_list){ 0 };
				  push(&$$, $1); }
|	args1 ',' expr          { $$ = $1; push(&$$, $3); }
;
labels:
	NAME                    { $$ = (struct syntax_list){ 0 };
				  push(&$$, named(p, $1, @1)); }
|	labels ',' NAME         { $$ = $1; push(&$$, named(p, $3, @3)); }
;

%%

/* More opened than closed, as far as a missing bracket explains the error. */
static int unclosed(const char *text)
{
	int level = 0;

	for (; *text; text++)
		level += (*text == '(') - (*text == ')');
	return level;
}

/* "found C, expected A or B" with the column of what was found. */
static int yyreport_syntax_error(const yypcontext_t *ctx, void *scanner,
                                 struct parse_state *p)
{
	yysymbol_kind_t want[5];
	int n = yypcontext_expected_tokens(ctx, want, 5);
	yysymbol_kind_t got = yypcontext_token(ctx);
	char list[160] = "";
	size_t len = 0;

	(void)scanner;
	if (got == YYSYMBOL_YYEOF && unclosed(p->source->text) > 0) {
		parse_error_at(p, yypcontext_location(ctx)->begin,
		               "a closing ) is missing");
		return 0;
	}
	for (int i = 0; i < n && len < sizeof list; i++)
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s",
		                        i == 0 ? ", expected "
		                        : i == n - 1 ? " or " : ", ",
		                        yysymbol_name(want[i]));
	parse_error_at(p, yypcontext_location(ctx)->begin, "found %s%s",
	               got == YYSYMBOL_YYEMPTY ? "nothing" : yysymbol_name(got),
	               list);
	return 0;
}

static void expr_yyerror(struct place *loc, void *scanner,
                         struct parse_state *p, const char *text)
{
	(void)scanner;
	parse_error_at(p, loc->begin, "%s", text);
}
