/*
 * src/yaml: every hostile form is refused at its place, every fair one read,
 * and what is written comes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "yaml/yaml.h"

static struct arena *arena;
static struct err err;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	err = (struct err)ERR_INIT;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	err_clear(&err);
	return 0;
}

static const struct ynode *read_n(const char *text, size_t n)
{
	/* A copy of exact size: a read past the end is seen. */
	char *copy = xmalloc(n);
	const struct ynode *root;

	memcpy(copy, text, n);
	root = yaml_read_text(arena, copy, n, "m.yaml", &err);
	free(copy);
	return root;
}

static const struct ynode *read_text(const char *text)
{
	return read_n(text, strlen(text));
}

static const struct ynode *read_fine(const char *text)
{
	const struct ynode *root = read_text(text);

	if (!root)
		err_print(&err, stderr, "test");
	assert_non_null(root);
	assert_int_equal(err.n, 0);
	return root;
}

/* --- what is read --- */

static void test_tree(void **state)
{
	const struct ynode *root = read_fine(
		"# a model\n"
		"model: x\n"
		"list: [1, '2', \"3\"]\n"
		"map:\n"
		"  k: {a: 1, b: 2}\n"
		"  formula: a * (b + c)   # why\n"
		"  text: |\n"
		"    two\n"
		"    lines\n"
		"empty:\n"), *n;

	(void)state;
	assert_int_equal(root->kind, Y_MAP);
	assert_int_equal(root->n, 4);
	assert_string_equal(root->key[2]->text, "map");
	assert_string_equal(root->pos.file, "m.yaml");
	assert_int_equal(root->pos.line, 2);
	n = yaml_get(root, "list");
	assert_int_equal(n->kind, Y_SEQ);
	assert_true(n->plain_flow);
	assert_int_equal(n->n, 3);
	assert_null(n->key);
	assert_false(n->item[0]->quoted);
	assert_true(n->item[1]->quoted && n->item[2]->quoted);
	assert_int_equal(n->item[1]->pos.line, 3);
	assert_int_equal(n->item[1]->pos.col, 11);
	n = yaml_get(root, "map");
	assert_false(n->plain_flow);
	assert_string_equal(yaml_get(n, "formula")->text, "a * (b + c)");
	assert_string_equal(yaml_get(n, "text")->text, "two\nlines\n");
	assert_true(yaml_get(n, "text")->quoted);
	assert_string_equal(yaml_get(root, "empty")->text, "");
	assert_int_equal(yaml_index(root, "empty"), 3);
	assert_int_equal(yaml_index(root, "absent"), -1);
	assert_null(yaml_get(yaml_get(root, "model"), "x"));
	assert_null(yaml_get(NULL, "x"));
}

static void test_fair_forms(void **state)
{
	static const char *const fair[] = {
		"---\na: 1\n", "a: 1\n...\n", "\xef\xbb\xbf" "a: 1\n",
		"a: 1\r\nb: 2\r\n", "a: 1", "{}", "[]", "word", "''",
		"a: \"tab\\there\"\n", "a: x\ty\n", "\"quoted [key]\": 1\n",
		"threshold[gate]: 1\n", "price:x.input: 0.1\n",
		"a: f(x, y)\n", "a: {b: \"f(x, y)\"}\n", "a: {b: f(x)}\n",
		"a: 5 # of (3)\n", "a: # nothing yet\n  b: 1\n",
		"title: caf\xc3\xa9 \xe6\xbc\xa2\n", "'<<': 1\n", "a: '*x'\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof fair / sizeof *fair; i++)
		read_fine(fair[i]);
	assert_int_equal(read_fine("\xef\xbb\xbf" "a: 1")->pos.col, 1);
}

/* --- what is refused --- */

struct hostile {
	const char *text;
	int line, col;
	const char *word;
};

static const struct hostile hostile[] = {
	{ "a: &x 1\n", 1, 4, "anchors" },
	{ "a: &a [*a]\n", 1, 4, "anchors" },
	{ "b: 1\na: *nope\n", 2, 4, "aliases" },
	{ "a: *\n", 1, 4, "'*': quote" },
	{ "a: * 2\n", 1, 4, "'*': quote" },
	{ "a: & 2\n", 1, 4, "'&': quote" },
	{ "a: !!binary aGk=\n", 1, 4, "tags" },
	{ "a: !!python/object:os.system x\n", 1, 4, "tags" },
	{ "a: !x {b: 1}\n", 1, 4, "tags" },
	{ "a: ! 1\n", 1, 4, "tags" },
	{ "<<: {a: 1}\n", 1, 1, "merge" },
	{ "a: 1\nb: 2\na: 3\n", 3, 1, "line 1" },
	{ "x: {a: 1, b: 2, a: 3}\n", 1, 17, "twice" },
	{ "a: 1\n---\nb: 2\n", 2, 1, "second document" },
	{ "", 0, 0, "empty" },
	{ "# only a comment\n", 0, 0, "empty" },
	{ "---\n", 0, 0, "empty" },
	{ "---\n...\n", 0, 0, "empty" },
	{ "%YAML 1.1\n---\na: 1\n", 1, 1, "directives" },
	{ "%x\n", 1, 1, "'%'" },
	{ "a: %5\n", 1, 4, "'%': quote" },
	{ "a: @x\n", 1, 4, "'@': quote" },
	{ "a: `x`\n", 1, 4, "'`': quote" },
	{ "a: \"\\e[31m\"\n", 1, 4, "U+001B" },
	{ "a: \"\\x9b\"\n", 1, 4, "U+009B" },
	{ "a: \"\\0\"\n", 1, 4, "U+0000" },
	{ "a: \"\\r\"\n", 1, 4, "U+000D" },
	{ "a: \"\\u202e\"\n", 1, 4, "U+202E" },
	{ "a: \"\\L\"\n", 1, 4, "U+2028" },
	{ "a: \"\\uffff\"\n", 1, 4, "U+FFFF" },
	{ "a: \x1b[31m\n", 1, 4, "U+001B" },
	{ "a: 1\nb: x\xe2\x80\xae\n", 2, 5, "U+202E" },
	{ "a: \xc2\x85\n", 1, 4, "U+0085" },
	{ "a: \x7f\n", 1, 4, "U+007F" },
	{ "a: \xff\n", 1, 4, "UTF-8" },
	{ "a: \xc3\n", 1, 4, "UTF-8" },
	{ "a: caf\xe9\n", 1, 7, "0xe9" },
	{ "\xc3\xa9\xc3\xa9: \xff\n", 1, 5, "UTF-8" },
	{ "a:\n\tb: 1\n", 2, 1, "tab" },
	{ "a:\n  b: 1\n\tc: 2\n", 3, 1, "tab" },
	{ "a:\t- b\n", 1, 4, "block sequence" },
	{ "a: 'x\nb: 2\n", 1, 4, "never closed" },
	{ "a: \"x\n", 1, 4, "never closed" },
	{ "a: b: c\n", 1, 5, "': '" },
	{ "a: {b: c[d]}\n", 1, 9, "must be quoted" },
	{ "a: [b, c\n", 2, 1, "every [" },
	{ "a: {b: 1\n", 2, 1, "every {" },
	{ "a: 1\nwords without colon\n", 3, 1, "key: value" },
	{ "a: 1\n  b: 2\n", 2, 4, "': '" },
	{ "a:\n    b: 1\n  c: 2\n", 3, 3, "indentation" },
	{ "a: \"\\q\"\n", 1, 5, "backslash" },
	{ "? [a, b]\n: 1\n", 1, 3, "'['" },
	{ "{a: 1}: 2\n", 1, 1, "'{'" },
	{ ": 1\n", 1, 1, "missing" },
	{ "\"a\\nb\": 1\n", 1, 1, "one line" },
	/* the traps of flow style */
	{ "x: {when: sum(a, b) > 3}\n", 1, 11, "quote the value on line 1" },
	{ "a: 1\nx: [min(a, b), c]\n", 2, 5, "quote the value on line 2" },
	{ "x: {y: beta(2, 98)}\n", 1, 8, "quote the value on line 1" },
	{ "x: f(a #b)\n", 1, 4, "quote the value on line 1" },
	{ "x: a + # b\n", 1, 4, "quote the value on line 1" },
	{ "\xc3\xa9: 1\nx: \xc3\xa9 + # b\n", 2, 4, "quote the value" },
};

static void test_hostile(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		const struct hostile *h = &hostile[i];
		const struct ynode *root = read_text(h->text);

		if (root || err.item[0].line != h->line ||
		    err.item[0].col != h->col ||
		    !strstr(err.item[0].text, h->word)) {
			print_error("%sexpected %d:%d %s\n", h->text, h->line,
			            h->col, h->word);
			err_print(&err, stderr, "got");
			wrong++;
		} else {
			assert_int_equal(err_exit_status(&err), 3);
			assert_string_equal(err.item[0].file, "m.yaml");
		}
		err_clear(&err);
	}
	assert_int_equal(wrong, 0);
}

static void test_binary(void **state)
{
	(void)state;
	assert_null(read_n("\xff\xfe" "a\0:\0 \0" "1\0", 10));
	assert_non_null(strstr(err.item[0].text, "UTF-16"));
	err_clear(&err);
	assert_null(read_n("\xfe\xff\0a\0:", 6));
	assert_non_null(strstr(err.item[0].text, "UTF-16"));
	err_clear(&err);
	assert_null(read_n("\x7f" "ELF\0\1", 6));
	assert_non_null(strstr(err.item[0].text, "binary"));
	err_clear(&err);
	assert_null(read_n("\xef\xbb\xbf", 3));
	assert_non_null(strstr(err.item[0].text, "empty"));
}

static void test_many_findings(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_null(read_text("a: &x 1\nb: *x\nc: !t 2\na: 2\nd: \"\\e\"\n"
	                      "<<: 1\ne: {f: g(1, 2)}\n"));
	assert_int_equal(err.n, 7);
	err_clear(&err);
	for (int i = 0; i < 60; i++)
		buf_addf(&b, "k%d: *x\n", i);
	assert_null(read_text(b.s));
	assert_int_equal(err.n, ERR_MAX);
	assert_int_equal(err.more, 40);
	err_clear(&err);
	buf_clear(&b);
	buf_pad(&b, (char)0xff, 5000);
	assert_null(read_text(b.s));
	assert_int_equal(err.n, ERR_MAX);
	/* Nobody listens: still refused. */
	assert_null(yaml_read_text(arena, "a: *x", 5, "m", NULL));
	assert_null(yaml_read_text(arena, "a: [", 4, "m", NULL));
	assert_null(yaml_read_text(arena, "\xff\xff", 2, "m", NULL));
	buf_release(&b);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* Unhindered, libyaml needs 5.8 s of CPU time for 80 KB of brackets; a tenth
 * of that is far above what an early stop takes on any machine. */
static void check_limit(const char *text, size_t n, const char *word)
{
	double start = seconds();

	assert_null(read_n(text, n));
	if (err_exit_status(&err) != 6)
		err_print(&err, stderr, word);
	assert_int_equal(err_exit_status(&err), 6);
	assert_non_null(strstr(err.item[0].text, word));
	assert_true(seconds() - start < 0.5);
	err_clear(&err);
}

static void fill(struct buf *b, const char *unit, int times)
{
	buf_clear(b);
	for (int i = 0; i < times; i++)
		buf_add(b, unit);
}

static void test_limits(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	fill(&b, "[", 80000);
	check_limit(b.s, b.len, "levels");
	fill(&b, "{a: ", 30000);
	check_limit(b.s, b.len, "levels");
	fill(&b, "- ", 100000);
	check_limit(b.s, b.len, "levels");
	fill(&b, "- x\n", YAML_MAX_NODES + 1);
	check_limit(b.s, b.len, "values");
	fill(&b, "x", YAML_MAX_SCALAR + 1);
	check_limit(b.s, b.len, "bytes in one value");
	fill(&b, "x", (int)YAML_MAX_BYTES + 1);
	check_limit(b.s, b.len, "larger");
	fill(&b, "? ", 100000);
	assert_null(read_text(b.s));
	assert_int_equal(err.n, 2);             /* no key, too many levels */
	err_clear(&err);
	fill(&b, "[", YAML_MAX_DEPTH);
	for (int i = 0; i < YAML_MAX_DEPTH; i++)
		buf_addc(&b, ']');
	assert_non_null(read_text(b.s));
	fill(&b, "- x\n", YAML_MAX_NODES - 1);
	assert_non_null(read_text(b.s));
	buf_release(&b);
}

/* Sizes at which a quadratic check would be felt, read as fast as any. */
static void test_wide(void **state)
{
	struct buf b = BUF_INIT;
	double start = seconds();

	(void)state;
	for (int i = 0; i < 24000; i++)
		buf_addf(&b, "k%d: 1\n", i);
	assert_non_null(read_text(b.s));
	buf_add(&b, "k7: 1\n");
	assert_null(read_text(b.s));
	assert_non_null(strstr(err.item[0].text, "on line 8 too"));
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_addf(&b, "- &a%d x\n", i);
	err_clear(&err);
	assert_null(read_text(b.s));
	assert_true(seconds() - start < 2);
	buf_clear(&b);
	buf_pad(&b, 'k', 1100);
	buf_add(&b, ": 1\n");
	err_clear(&err);
	assert_null(read_text(b.s));            /* libyaml's own limit */
	buf_clear(&b);
	buf_add(&b, "? ");
	buf_pad(&b, 'k', YAML_MAX_KEY + 1);
	buf_add(&b, "\n: 1\n");
	err_clear(&err);
	assert_null(read_text(b.s));
	assert_non_null(strstr(err.item[0].text, "too long"));
	buf_release(&b);
}

static void test_file(void **state)
{
	static const char name[] = "test_yaml.tmp.yaml";
	FILE *f = fopen(name, "w");
	const struct ynode *root;

	(void)state;
	assert_non_null(f);
	fputs("a: 1\n", f);
	fclose(f);
	root = yaml_read_file(arena, name, &err);
	assert_non_null(root);
	assert_string_equal(root->pos.file, name);
	assert_int_equal(truncate(name, 100 << 20), 0); /* sparse: 100 MB */
	assert_null(yaml_read_file(arena, name, &err));
	assert_int_equal(err_exit_status(&err), 6);
	err_clear(&err);
	unlink(name);
	assert_null(yaml_read_file(arena, name, &err));
	assert_int_equal(err_exit_status(&err), 7);
}

/* --- queries --- */

static void test_typed(void **state)
{
	const struct ynode *r = read_fine("t: x\nb: yes\nn: 120k\n"
		"d: 2026-11-23\nbad: 2026-02-30\ne:\nl: [1]\nq: ''\n"
		"x: 0x10\ny: 5 min\nf: false\nbig: True\n");
	const char *s;
	double v;
	bool b;

	(void)state;
	assert_true(yaml_text(yaml_get(r, "t"), "t", &s, &err));
	assert_string_equal(s, "x");
	assert_true(yaml_text(yaml_get(r, "q"), "q", &s, &err));
	assert_string_equal(s, "");
	assert_true(yaml_bool(yaml_get(r, "b"), "b", &b, &err) && b);
	assert_true(yaml_bool(yaml_get(r, "f"), "f", &b, &err) && !b);
	assert_true(yaml_number(yaml_get(r, "n"), "n", &v, &err));
	assert_true(v == 120000);
	assert_true(yaml_date(yaml_get(r, "d"), "d", &s, &err));
	assert_string_equal(s, "2026-11-23");
	assert_int_equal(err.n, 0);

	assert_false(yaml_text(yaml_get(r, "e"), "e", &s, &err));
	assert_false(yaml_text(yaml_get(r, "l"), "l", &s, &err));
	assert_false(yaml_text(NULL, "gone", &s, &err));
	assert_false(yaml_bool(yaml_get(r, "big"), "big", &b, &err));
	assert_false(yaml_number(yaml_get(r, "x"), "x", &v, &err));
	assert_false(yaml_number(yaml_get(r, "y"), "y", &v, &err));
	assert_false(yaml_date(yaml_get(r, "bad"), "bad", &s, &err));
	assert_int_equal(err.n, 7);
	assert_string_equal(err.item[1].text,
	                    "l must be a text, not a list");
	assert_int_equal(err.item[1].line, 7);
	assert_string_equal(err.item[2].text, "gone is missing: a text");
	assert_string_equal(err.item[4].text, "x must be a number: '0x10' "
	                    "is not a decimal number");
}

static void test_only(void **state)
{
	static const char *const known[] = { "title", "unit", "value", "when",
		NULL };
	const struct ynode *r = read_fine(
		"a: {title: x, unit: y}\n"
		"b: {tilte: x}\n"
		"c: {when: p, q > 3}\n"
		"d: {zzz: 1}\n"
		"e: 5\n"
		"f: {f(x): 1}\n");

	(void)state;
	assert_true(yaml_only(yaml_get(r, "a"), "a", known, &err));
	assert_false(yaml_only(yaml_get(r, "b"), "b", known, &err));
	assert_false(yaml_only(yaml_get(r, "c"), "c", known, &err));
	assert_false(yaml_only(yaml_get(r, "d"), "d", known, &err));
	assert_false(yaml_only(yaml_get(r, "e"), "e", known, &err));
	assert_false(yaml_only(yaml_get(r, "f"), "f", known, &err));
	assert_false(yaml_only(NULL, "g", known, &err));
	assert_int_equal(err.n, 6);
	assert_string_equal(err.item[0].text,
		"b: unknown key 'tilte'; did you mean 'title'?");
	assert_int_equal(err.item[0].line, 2);
	assert_int_equal(err.item[0].col, 5);
	assert_string_equal(err.item[1].text,
		"c: unknown key 'q > 3'; quote the value on line 3");
	assert_string_equal(err.item[2].text,
		"d: unknown key 'zzz'; known here: title, unit, value, when");
	assert_string_equal(err.item[4].text,
		"f: unknown key 'f(x)'; quote the value on line 6");
}

/* --- writing --- */

static void test_write(void **state)
{
	struct buf b = BUF_INIT;
	struct ywriter w = { .out = &b };

	(void)state;
	yaml_map_begin(&w);
	yaml_key(&w, "scenario");
	yaml_scalar(&w, "claims: triage");
	yaml_key(&w, "workload");
	yaml_map_begin(&w);
	yaml_key(&w, "rate");
	yaml_scalar(&w, "8k to 20k");
	yaml_key(&w, "none");
	yaml_map_begin(&w);
	yaml_map_end(&w);
	yaml_map_end(&w);
	yaml_key(&w, "list");
	yaml_seq_begin(&w);
	yaml_item(&w);
	yaml_map_begin(&w);
	yaml_key(&w, "a");
	yaml_scalar(&w, "1");
	yaml_key(&w, "b");
	yaml_seq_begin(&w);
	yaml_item(&w);
	yaml_scalar(&w, "");
	yaml_seq_end(&w);
	yaml_map_end(&w);
	yaml_item(&w);
	yaml_seq_begin(&w);
	yaml_item(&w);
	yaml_scalar(&w, "x");
	yaml_item(&w);
	yaml_seq_begin(&w);
	yaml_seq_end(&w);
	yaml_seq_end(&w);
	yaml_seq_end(&w);
	yaml_key(&w, "last");
	yaml_scalar(&w, "two\nlines");
	yaml_map_end(&w);
	assert_string_equal(b.s,
		"scenario: \"claims: triage\"\n"
		"workload:\n"
		"  rate: 8k to 20k\n"
		"  none: {}\n"
		"list:\n"
		"  - a: 1\n"
		"    b:\n"
		"      - \"\"\n"
		"  - - x\n"
		"    - []\n"
		"last: \"two\\nlines\"\n");
	read_fine(b.s);
	buf_clear(&b);
	w = (struct ywriter){ .out = &b };
	yaml_map_begin(&w);
	yaml_map_end(&w);
	assert_string_equal(b.s, "{}\n");
	buf_release(&b);
}

static void test_quote(void **state)
{
	static const struct {
		const char *text, *quoted;
	} t[] = {
		{ "plain words, (and) more", NULL }, { "2026-11-23", NULL },
		{ "accepted", NULL }, { "a:b", NULL }, { "-x", NULL },
		{ "8k to 20k", NULL }, { "5 %", NULL }, { "a #b", "\"a #b\"" },
		{ "a: b", "\"a: b\"" }, { "a:", "\"a:\"" }, { "", "\"\"" },
		{ "no", "\"no\"" }, { "Off", "\"Off\"" }, { "~", "\"~\"" },
		{ "null", "\"null\"" }, { "1.10", "\"1.10\"" },
		{ "12:30:45", "\"12:30:45\"" }, { "0x1f", "\"0x1f\"" },
		{ "1_000", "\"1_000\"" }, { ".5", "\".5\"" },
		{ ".inf", "\".inf\"" }, { "-.NaN", "\"-.NaN\"" },
		{ "- x", "\"- x\"" }, { "-", "\"-\"" }, { "*x", "\"*x\"" },
		{ "&x", "\"&x\"" }, { "!x", "\"!x\"" }, { "%x", "\"%x\"" },
		{ "@x", "\"@x\"" }, { "`x", "\"`x\"" }, { "{x", "\"{x\"" },
		{ "[x", "\"[x\"" }, { " x", "\" x\"" }, { "x ", "\"x \"" },
		{ "'x", "\"'x\"" }, { "say \"x\"", NULL },
		{ "\"x\"", "\"\\\"x\\\"\"" }, { "a\tb", "\"a\\tb\"" },
		{ "a\\b", NULL }, { "a\\\n", "\"a\\\\\\n\"" },
		{ "---", "\"---\"" }, { "<<", "\"<<\"" },
		{ "\x1b", "\"\\x1b\"" }, { "\xe2\x80\xae", "\"\\u202e\"" },
		{ "\xff", "\"\xef\xbf\xbd\"" }, { "caf\xc3\xa9", NULL },
	};
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		yaml_quote(&b, t[i].text);
		assert_string_equal(b.s, t[i].quoted ? t[i].quoted : t[i].text);
		buf_clear(&b);
	}
	buf_release(&b);
}

static void assert_same(const struct ynode *a, const struct ynode *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->quoted, b->quoted);
	if (a->kind == Y_SCALAR) {
		assert_string_equal(a->text, b->text);
		return;
	}
	assert_int_equal(a->n, b->n);
	for (int i = 0; i < a->n; i++) {
		if (a->kind == Y_MAP)
			assert_same(a->key[i], b->key[i]);
		assert_same(a->item[i], b->item[i]);
	}
}

static void round_trip(const char *text)
{
	struct buf b = BUF_INIT;
	struct ywriter w = { .out = &b };
	const struct ynode *first = read_fine(text);

	yaml_write_tree(&w, first);
	assert_same(first, read_fine(b.s));
	buf_release(&b);
}

/* Every text that the reader accepts comes back, whatever it is made of. */
static void test_round_trip_scalars(void **state)
{
	static const char letters[] =
		"a -:#'\"\\,[]{}&*!|>%@`?~=.\n\t1\xc3\xa9";
	uint32_t seed = 12345;
	char text[12];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct buf b = BUF_INIT;
		struct ywriter w = { .out = &b };
		const struct ynode *r;
		size_t n = 0;

		for (seed = seed * 1664525 + 1013904223; n < i % 9; n++) {
			seed = seed * 1664525 + 1013904223;
			text[n] = letters[(seed >> 16) % (sizeof letters - 3)];
		}
		text[n] = '\0';
		yaml_key(&w, "k");
		yaml_scalar(&w, text);
		yaml_key(&w, "l");
		yaml_seq_begin(&w);
		yaml_item(&w);
		yaml_scalar(&w, text);
		yaml_seq_end(&w);
		r = read_text(b.s);
		if (!r) {       /* a trap the reader refuses, never a change */
			assert_non_null(strstr(err.item[0].text, "quote"));
			fail_msg("%s", b.s);
		}
		assert_string_equal(yaml_get(r, "k")->text, text);
		assert_string_equal(yaml_get(r, "l")->item[0]->text, text);
		buf_release(&b);
	}
}

static void test_round_trip(void **state)
{
	(void)state;
	round_trip("a: 1\nb: '2'\nc: [x, {y: z, w: []}, [[1], {}]]\n"
	           "d:\ne: |\n  two\n  lines\nf: \"\\t\"\n'1': no\n"
	           "? 'a b'\n: - 1\n  -\n  - k: v\n");
	round_trip("[]");
	round_trip("{}");
	round_trip("x");
	round_trip("'---'");
	round_trip("- - - 1\n- - 2\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_tree), TEST(test_fair_forms), TEST(test_hostile),
		TEST(test_binary), TEST(test_many_findings), TEST(test_limits),
		TEST(test_wide), TEST(test_file), TEST(test_typed),
		TEST(test_only), TEST(test_write), TEST(test_quote),
		TEST(test_round_trip), TEST(test_round_trip_scalars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
