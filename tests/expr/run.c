/*
 * Runs the language's tests, which are data: a program, a question, what must
 * come out.  See tests/expr/README for the lines a test may have.
 *
 *   usage: run FILE...        prints TAP
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "expr/columns.h"
#include "expr/expr.h"
#include "expr/tape.h"
#include "units/units.h"

#define SLOTS 64

struct test {
	const char *file;
	int line;
	struct arena *arena;
	struct units *units;
	struct env *env;
	struct err err;
	double slot[SLOTS];
	int slots;
	struct tested_column {
		const char *name;
		bool absent;
		struct data_column data;
	} column[16];
	int columns;
	struct column_memo *memo;
	bool checked;
	int run, failed;
};

static struct pos here(const struct test *t, const char *line, const char *at)
{
	return (struct pos){ .file = t->file, .line = t->line,
	                     .col = (int)(at - line) + 1 };
}

/* --- reading a line --------------------------------------------------- */

static char *skip(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* The next word, up to a blank or one of `ends`; *s then stands behind it. */
static char *word(struct test *t, char **s, const char *ends)
{
	char *w = *s = skip(*s);

	while (**s && !isspace((unsigned char)**s) && !strchr(ends, **s))
		(*s)++;
	return arena_strndup(t->arena, w, (size_t)(*s - w));
}

/* "@AXIS" at s: its number, else -1. */
static int at_axis(struct test *t, char **s)
{
	const char *name;

	if (**s != '@')
		return -1;
	(*s)++;
	name = word(t, s, "[=");
	for (int a = 0; a < env_axes(t->env); a++)
		if (strcmp(env_axis_name(t->env, a), name) == 0)
			return a;
	fprintf(stderr, "%s:%d: no axis %s\n", t->file, t->line, name);
	return -1;
}

/* "[unit]" at s, else NULL. */
static const char *bracket(struct test *t, char **s, struct unit *unit)
{
	char *end;
	const char *text;

	*s = skip(*s);
	*unit = unit_one();
	if (**s != '[' || !(end = strchr(*s, ']')))
		return NULL;
	text = arena_strndup(t->arena, *s + 1, (size_t)(end - *s - 1));
	*s = end + 1;
	if (unit_parse(t->units, text, unit))
		fprintf(stderr, "%s:%d: bad unit %s\n", t->file, t->line, text);
	return text;
}

static char *after_equals(char *s)
{
	char *e = strchr(s, '=');

	return e ? skip(e + 1) : s + strlen(s);
}

static void declare_options(struct test *t, char *s)
{
	const char *label[64] = { NULL }, *tag[64] = { NULL };
	int n = 0;

	for (s = skip(s); *s && n < 64; s = skip(s)) {
		label[n] = word(t, &s, "(");
		if (*s == '(') {
			s++;
			tag[n] = word(t, &s, ")");
			s++;
		}
		n++;
	}
	env_axis(t->env, "option", label, n, (struct pos){ 0 }, &t->err);
	for (int i = 0; i < n; i++)
		if (tag[i])
			env_tag(t->env, tag[i], i);
	env_incumbent(t->env, 0);
}

static void declare_axis(struct test *t, char *s)
{
	const char *label[64] = { NULL }, *name = word(t, &s, "");
	int n = 0;

	for (s = skip(s); *s && n < 64; s = skip(s))
		label[n++] = word(t, &s, "");
	env_axis(t->env, name, label, n,
	         (struct pos){ t->file, t->line, 1 }, &t->err);
}

/* One value of a parameter: a number or a truth; false: no more of them. */
static bool read_value(char **s, bool *truth, double *v)
{
	double sign = **s == '-' ? -1 : 1;
	size_t used;

	if (strncmp(*s, "true", 4) == 0 || strncmp(*s, "false", 5) == 0) {
		*truth = true;
		*v = **s == 't';
		*s += *v != 0 ? 4 : 5;
		return true;
	}
	if (num_scan(*s + (sign < 0), v, &used))
		return false;
	*v *= sign;
	*s += used + (sign < 0);
	return true;
}

/* param NAME[@AXIS] [unit] = VALUE [VALUE ...] */
static void declare_param(struct test *t, char *line, char *s)
{
	struct env_param p = { .pos = here(t, line, s) };
	int slot[64], n = 0;
	bool truth = false;
	double v;

	p.name = word(t, &s, "@[=");
	p.axis = at_axis(t, &s);
	p.unit_text = bracket(t, &s, &p.unit);
	for (s = after_equals(s); *(s = skip(s)) && read_value(&s, &truth, &v);) {
		t->slot[t->slots] = unit_to_base(&p.unit, v);
		slot[n++] = t->slots++;
	}
	p.type = truth ? TYPE_BOOL : TYPE_NUMBER;
	p.slot = slot;
	env_param(t->env, &p, &t->err);
}

/* choice NAME = LABEL... : CHOSEN */
static void declare_choice(struct test *t, char *line, char *s)
{
	struct env_param p = { .axis = -1, .type = TYPE_LABEL,
	                       .pos = here(t, line, s), .unit = unit_one() };
	const char *label[16] = { NULL }, *chosen;

	p.name = word(t, &s, "=");
	for (s = after_equals(s); *(s = skip(s)) && *s != ':';)
		label[p.nlabels++] = word(t, &s, ":");
	s++;
	chosen = word(t, &s, "");
	p.labels = label;
	p.slot = &t->slots;
	for (int i = 0; i < p.nlabels; i++)
		if (strcmp(label[i], chosen) == 0)
			t->slot[t->slots] = i;
	env_param(t->env, &p, &t->err);
	t->slots++;
}

static struct syntax *parse(struct test *t, char *line, char *s)
{
	return expr_parse(t->arena, s, here(t, line, s), &t->err);
}

/* formula NAME [unit] = TEXT, or NAME@AXIS = TEXT | TEXT | ... */
static void declare_formula(struct test *t, char *line, char *s)
{
	struct pos pos = here(t, line, s);
	const char *name = word(t, &s, "@[="), *unit_text;
	int axis = at_axis(t, &s), n = 0;
	struct syntax *body[64] = { NULL };
	struct unit unit;

	unit_text = bracket(t, &s, &unit);
	s = after_equals(s);
	for (char *bar; s; s = bar) {
		bar = axis >= 0 ? strchr(s, '|') : NULL;
		if (bar)
			*bar++ = '\0';
		s = skip(s);
		if (!(body[n++] = parse(t, line, s)))
			return;
	}
	env_formula(t->env, name, pos, axis, body, unit_text ? &unit : NULL,
	            unit_text, &t->err);
}

static void declare_stock(struct test *t, char *line, char *s)
{
	struct pos pos = here(t, line, s);
	const char *name = word(t, &s, "=");
	char *first = after_equals(s), *next = strchr(first, ';');
	struct syntax *a, *b;

	*next++ = '\0';
	a = parse(t, line, first);
	b = parse(t, line, skip(next));
	if (a && b)
		env_stock(t->env, name, pos, a, b, NULL, NULL, &t->err);
}

/* function NAME(a, b) = TEXT */
static void declare_function(struct test *t, char *line, char *s)
{
	struct pos pos = here(t, line, s);
	const char *arg[16];
	int n = 0;
	char *open = strchr(s, '('), *body = after_equals(s);
	char *name = arena_strndup(t->arena, s, (size_t)(open - s));
	struct syntax *b;

	for (s = open + 1; *(s = skip(s)) && *s != ')';) {
		size_t len = strcspn(s, ",) ");

		arg[n++] = arena_strndup(t->arena, s, len);
		s += len;
		s += strspn(s, ", ");
	}
	b = parse(t, line, body);
	if (b)
		env_function(t->env, name, pos, arg, n, b, &t->err);
}

/* money NAME monthly|once ACCOUNT [for OPTION] = TEXT */
static void declare_money(struct test *t, char *line, char *s)
{
	struct pos pos = here(t, line, s);
	char *body = after_equals(s);
	const char *name = word(t, &s, ""), *timing = word(t, &s, "");
	const char *account = word(t, &s, ""), *next = word(t, &s, "=");
	unsigned long options = ~0ul;
	struct syntax *b;
	int axis;

	if (strcmp(next, "for") == 0)
		options = 1ul << env_find_label(t->env, word(t, &s, "="),
		                                &axis);
	b = parse(t, line, body);
	if (b)
		env_money(t->env, name, pos, account, timing[0] == 'm', options,
		          b, &t->err);
}

/* column TABLE.NAME [unit]|boolean = V V V ...; `absent` for a table that the
 * scenario left out */
static void declare_column(struct test *t, char *line, char *s)
{
	struct tested_column *c = &t->column[t->columns++];
	struct pos pos = here(t, line, s);
	char *name = word(t, &s, "[="), *dot = strchr(name, '.');
	bool truth = strncmp(skip(s), "boolean", 7) == 0;
	double *v = arena_alloc(t->arena, 256 * sizeof *v);
	struct unit unit;

	c->name = arena_strdup(t->arena, name);
	bracket(t, &s, &unit);
	s = after_equals(s);
	c->absent = strcmp(s, "absent") == 0;
	*dot = '\0';
	env_column(t->env, name, dot + 1, truth ? TYPE_BOOL : TYPE_NUMBER, &unit,
	           !c->absent, pos, &t->err);
	c->data = (struct data_column){ .value = v, .memo = t->memo };
	while (!c->absent && *(s = skip(s)) && c->data.n < 256) {
		num_parse(word(t, &s, ""), &v[c->data.n]);
		v[c->data.n++] *= unit.scale;
	}
}

static const struct data_column *column_of(void *ctx, const char *name)
{
	struct test *t = ctx;
	size_t n = strcspn(name, ".");

	for (int i = 0; i < t->columns; i++)
		if (!t->column[i].absent
		    && (name[n] ? strcmp(t->column[i].name, name) == 0
		        : strncmp(t->column[i].name, name, n) == 0))
			return &t->column[i].data;
	return NULL;
}

/* --- asking ----------------------------------------------------------- */

static struct value slot_node(void *ctx, struct dag *d, int slot)
{
	(void)ctx;
	return (struct value){ dag_input(d, slot), NODE_NONE };
}

/* The value of an expression for the first label of each axis. */
static bool evaluate(struct test *t, const struct syntax *s, double *v,
                     int *state)
{
	struct dag *d = dag_new();
	struct elab *el = elab_new(t->env, d, slot_node, t);
	int labels[AXIS_MAX] = { 0 };
	struct value out;
	bool ok;

	elab_columns(el, column_of);
	ok = elab_expr(el, s, labels, &out, &t->err);

	*state = 0;
	if (ok) {
		node_id root[2] = { out.num, out.state };
		int n = out.state == NODE_NONE ? 1 : 2;
		struct tape *tape = tape_new(d, root, n);
		struct frame *f = frame_new(tape);
		struct column in[SLOTS];
		double r[2] = { 0 }, *res[2] = { &r[0], &r[1] };

		for (int i = 0; i < tape_inputs(tape); i++)
			in[i] = (struct column){
				&t->slot[tape_input(tape, i)], true };
		tape_run(tape, f, in, 1, res);
		*v = r[0];
		*state = n == 2 ? (int)r[1] : 0;
		frame_free(f);
		tape_free(tape);
	}
	elab_free(el);
	dag_free(d);
	return ok;
}

static bool check(struct test *t)
{
	if (!t->checked)
		t->checked = env_check(t->env, &t->err);
	return t->checked;
}

/* Writes what the expression gives: "12 USD", "never", "true". */
static void answer(struct test *t, char *line, char *s, struct buf *out)
{
	struct syntax *x = err_any(&t->err) ? NULL : parse(t, line, s);
	struct expr_type type;
	struct unit unit;
	const char *text;
	double v;
	int state;

	if (!x || !check(t))
		return;
	env_check_expr(t->env, x, TYPE_BOOL, ~0u, true, &type, NULL);
	if (!env_check_expr(t->env, x, type.type, ~AXES(AXIS_MONTH), false,
	                    &type, &t->err)
	    || !evaluate(t, x, &v, &state))
		return;
	if (type.type == TYPE_BOOL) {
		buf_add(out, v != 0 ? "true" : "false");
	} else if (state) {
		buf_add(out, env_state_name(t->env, state));
	} else {
		env_display(t->env, x, &type, &unit, &text);
		num_exact(out, unit_from_base(&unit, v));
		if (strcmp(text, "1") != 0)
			buf_addf(out, " %s", text);
	}
}

/* Numbers agree to 1e-12 of themselves: the round trip through base units and
 * a last digit of a different order of operations. */
static bool same_answer(const char *want, const char *got)
{
	double a, b;
	size_t na, nb;
	double sa = *want == '-' ? -1 : 1, sb = *got == '-' ? -1 : 1;

	if (strcmp(want, got) == 0)
		return true;
	want += sa < 0;
	got += sb < 0;
	if (num_scan(want, &a, &na) || num_scan(got, &b, &nb))
		return false;
	return strcmp(want + na, got + nb) == 0
		&& fabs(sa * a - sb * b) <= 1e-12 * fabs(b);
}

static void report(struct test *t, bool ok, const char *what, const char *want,
                   const char *got)
{
	t->run++;
	printf("%sok %d - %s:%d %s\n", ok ? "" : "not ", t->run, t->file,
	       t->line, what);
	if (ok)
		return;
	t->failed++;
	printf("# wanted: %s\n#    got: %s\n", want, got);
}

static void expect_answer(struct test *t, const char *want, struct buf *got)
{
	if (err_any(&t->err)) {
		buf_clear(got);
		for (int i = 0; i < t->err.n; i++)
			buf_addf(got, "%d:%d: %s; ", t->err.item[i].line,
			         t->err.item[i].col, t->err.item[i].text);
	}
	report(t, same_answer(want, got->s), "answer", want, got->s);
}

/* "! LINE:COL: part of the text"; LINE counts from the test's first line. */
static void expect_error(struct test *t, int first, char *s)
{
	char *want = skip(s), *end;
	long line = strtol(want, &end, 10), col = strtol(end + 1, &end, 10);
	const char *part = skip(end + 1);
	struct buf got = BUF_INIT;
	bool ok = false;

	for (int i = 0; i < t->err.n; i++) {
		const struct err_item *e = &t->err.item[i];

		buf_addf(&got, "%d:%d: %s; ", e->line - first + 1, e->col,
		         e->text);
		ok |= e->line - first + 1 == line && e->col == col
			&& strstr(e->text, part) != NULL;
	}
	report(t, ok, "error", want, got.s);
	buf_release(&got);
}

/* --- files ------------------------------------------------------------ */

static const struct {
	const char *key;
	void (*two)(struct test *, char *);
	void (*three)(struct test *, char *, char *);
} lines[] = {
	{ "options ", declare_options, NULL }, { "axis ", declare_axis, NULL },
	{ "param ", NULL, declare_param }, { "choice ", NULL, declare_choice },
	{ "formula ", NULL, declare_formula },
	{ "stock ", NULL, declare_stock },
	{ "function ", NULL, declare_function },
	{ "money ", NULL, declare_money }, { "column ", NULL, declare_column },
};

static void begin(struct test *t)
{
	t->arena = arena_new();
	t->env = env_new(t->arena, t->units, "test");
	env_months(t->env, 36);
	t->slots = t->columns = 0;
	t->memo = column_memo_new();
	t->checked = false;
}

static void end(struct test *t)
{
	err_clear(&t->err);
	column_memo_free(t->memo);
	arena_free(t->arena);
}

static bool declare(struct test *t, char *line)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t n = strlen(lines[i].key);

		if (strncmp(line, lines[i].key, n) != 0)
			continue;
		if (lines[i].two)
			lines[i].two(t, line + n);
		else
			lines[i].three(t, line, line + n);
		return true;
	}
	if (strncmp(line, "months ", 7) == 0) {
		env_months(t->env, (int)strtol(line + 7, NULL, 10));
		return true;
	}
	if (strncmp(line, "objective = ", 12) == 0) {
		env_objective(t->env, parse(t, line, line + 12));
		return true;
	}
	return false;
}

static void run_file(struct test *t, const char *path)
{
	struct buf text = BUF_INIT, got = BUF_INIT;
	bool open = false;
	int first = 1;

	t->file = path;
	t->line = 0;
	if (!path_read(path, 1u << 20, &text, &t->err)) {
		report(t, false, "reading", path, "unreadable");
		return;
	}
	for (char *s = text.s, *nl; s && *s; s = nl) {
		nl = strchr(s, '\n');
		if (nl)
			*nl++ = '\0';
		t->line++;
		if (*s == '#')
			continue;
		if (*s == '\0') {
			if (open)
				end(t);
			open = false;
			continue;
		}
		if (!open) {
			begin(t);
			first = t->line;
			open = true;
		}
		if (s[0] == '?') {
			buf_clear(&got);
			answer(t, s, skip(s + 1), &got);
		} else if (s[0] == '=') {
			expect_answer(t, skip(s + 1), &got);
		} else if (s[0] == '!') {
			if (!err_any(&t->err))
				check(t);
			expect_error(t, first, s + 1);
		} else if (!declare(t, s)) {
			report(t, false, "a line the runner knows", "", s);
		}
	}
	if (open)
		end(t);
	buf_release(&text);
	buf_release(&got);
}

int main(int argc, char **argv)
{
	struct test t = { 0 };
	char *dir = path_data_dir(&t.err);
	char *file = dir ? path_join(dir, "models/units.xml") : NULL;

	t.units = file ? units_open(file, &t.err) : NULL;
	if (!t.units) {
		err_print(&t.err, stderr, "run");
		return 1;
	}
	for (int i = 1; i < argc; i++)
		run_file(&t, argv[i]);
	printf("1..%d\n", t.run);
	units_free(t.units);
	err_clear(&t.err);
	free(file);
	free(dir);
	return t.failed > 0;
}
