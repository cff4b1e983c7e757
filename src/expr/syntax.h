/*
 * The syntax tree.  Private to src/expr: outside, a `struct syntax` is opaque.
 *
 * A node keeps the slice of text it was read from, so that every message can
 * quote the sub-expression and give its column.
 */
#ifndef STEELYARD_EXPR_SYNTAX_H
#define STEELYARD_EXPR_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "expr/dag.h"
#include "expr/expr.h"

struct arena;

enum syntax_kind {
	S_NUMBER,       /* value, unit_text (NULL: bare) */
	S_TRUTH,        /* value 0 or 1 */
	S_NAME,         /* name */
	S_STATE,        /* never, always, unmeasured: state */
	S_UNARY,        /* op NEG or NOT, arg[0] */
	S_BINARY,       /* op, arg[0..1]; GT, GE, NE are written with LT, LE, EQ */
	S_CALL,         /* name, arg[0..n-1] */
	S_PICK,         /* arg[0] [ label, ... ] : labels are S_NAMEs arg[1..] */
	S_AT,           /* arg[0] at arg[1] */
};

struct syntax {
	enum syntax_kind kind;
	enum op op;
	bool swapped;           /* a > b kept as b < a: text order is arg[1] first */
	bool negated;           /* a != b kept as not (a == b) */
	double value;
	const char *unit_text;
	const char *name;
	int state;
	int n;
	struct syntax **arg;
	const struct source_text *source;
	int begin, end;         /* bytes of the source text */
};

/* The text a tree was read from. */
struct source_text {
	const char *text;
	struct pos pos;         /* of its first character */
};

/* Where a token or rule stands: bytes of the source text. */
struct place { int begin, end; };

/* What the parser builds on its way. */
struct parse_state {
	struct arena *arena;
	const struct source_text *source;
	struct err *err;
	struct syntax *result;
	int offset;             /* lexer: bytes read so far */
	int depth_left;
	bool failed;
};

struct syntax *syntax_new(struct parse_state *p, enum syntax_kind kind,
                          int begin, int end);
/* Growing argument lists during a parse. */
struct syntax_list { struct syntax **item; int n; size_t cap; };

/* The slice as a string in `buf` (cut to some 60 columns), and its place. */
void syntax_quote(const struct syntax *s, char *out, size_t size);
struct pos syntax_place(const struct syntax *s);
bool parse_error_at(struct parse_state *p, int offset, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
