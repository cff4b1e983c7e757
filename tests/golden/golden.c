#include "golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

#ifndef GOLDEN_DIR
#define GOLDEN_DIR "tests/golden"
#endif

static void golden_path(struct buf *out, const char *name)
{
	const char *top = getenv("SRCDIR");

	if (top)
		buf_addf(out, "%s/tests/golden/%s.txt", top, name);
	else
		buf_addf(out, "%s/%s.txt", GOLDEN_DIR, name);
}

static void planes(const struct grid *g, struct buf *out)
{
	struct buf roles = BUF_INIT;

	grid_print(g, out, &roles);
	buf_pad(out, '-', g->w);
	buf_addc(out, '\n');
	buf_addn(out, roles.s, roles.len);
	buf_release(&roles);
}

static bool read_all(const char *path, struct buf *out)
{
	char part[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (!f)
		return false;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_addn(out, part, n);
	fclose(f);
	return true;
}

static bool write_all(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(b->s, 1, b->len, f) != b->len || fclose(f)) {
		perror(path);
		return false;
	}
	return true;
}

static size_t line_end(const char *s)
{
	return strcspn(s, "\n");
}

static const char *next(const char *s, size_t n)
{
	return s[n] ? s + n + 1 : s + n;
}

static void print_difference(const char *want, const char *got)
{
	for (int row = 1; *want || *got; row++) {
		size_t w = line_end(want), g = line_end(got);

		if (w != g || memcmp(want, got, w) != 0)
			fprintf(stderr, "%3d wanted |%.*s|\n"
			        "    got    |%.*s|\n",
			        row, (int)w, want, (int)g, got);
		want = next(want, w);
		got = next(got, g);
	}
}

bool golden_same(const struct grid *g, const char *name)
{
	struct buf path = BUF_INIT, got = BUF_INIT, want = BUF_INIT;
	const char *mode = getenv("STEELYARD_GOLDEN");
	bool same;

	golden_path(&path, name);
	planes(g, &got);
	if (mode && strcmp(mode, "write") == 0) {
		same = write_all(path.s, &got);
	} else {
		same = read_all(path.s, &want) && want.len == got.len &&
		       memcmp(want.s, got.s, got.len) == 0;
		if (!same) {
			fprintf(stderr, "%s differs; STEELYARD_GOLDEN=write "
			        "writes it anew\n", path.s);
			print_difference(want.s, got.s);
		}
	}
	buf_release(&path);
	buf_release(&got);
	buf_release(&want);
	return same;
}

void golden_check(const struct grid *g, const char *name)
{
	if (!golden_same(g, name))
		fail_msg("golden %s", name);
}
