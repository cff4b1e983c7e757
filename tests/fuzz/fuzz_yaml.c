/*
 * libFuzzer target: any bytes through the YAML reader.  What is refused has a
 * finding; what is read has none, and comes back the same through the writer.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void expect(int truth)
{
	if (!truth)
		abort();
}

/* Writing may add quotes, never drop any. */
static void expect_same(const struct ynode *a, const struct ynode *b)
{
	expect(a->kind == b->kind && a->quoted <= b->quoted && a->n == b->n);
	if (a->kind == Y_SCALAR)
		expect(!strcmp(a->text, b->text));
	for (int i = 0; i < a->n; i++) {
		if (a->kind == Y_MAP)
			expect_same(a->key[i], b->key[i]);
		expect_same(a->item[i], b->item[i]);
	}
}

static void round_trip(struct arena *arena, const struct ynode *tree)
{
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT;
	struct ywriter w = { .out = &text };
	const struct ynode *again;

	yaml_write_tree(&w, tree);
	again = yaml_read_text(arena, text.s, text.len, "written", &err);
	err_print(&err, stderr, text.s);
	expect(again != NULL);
	expect_same(tree, again);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *arena = arena_new();
	struct err err = ERR_INIT;
	const struct ynode *tree = yaml_read_text(arena, (const char *)data, n,
	                                          "input", &err);

	expect(!tree == err_any(&err));
	if (tree)
		round_trip(arena, tree);
	err_clear(&err);
	arena_free(arena);
	return 0;
}
