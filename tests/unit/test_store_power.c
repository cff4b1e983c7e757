/*
 * The power goes.  Behind every call to the disk the files are copied as a cut
 * at that moment could leave them: with all that was written up to then, and
 * with no more than syncs have put beyond it.  From each such copy the store
 * must open sound, with every save that was acknowledged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"
#include "store_place.h"
#include "store_vfs.h"

#define SAVES 4
#define IMAGES 4096

/* The store's file and its journal: 0 and 1. */
struct file { bool there; struct buf bytes; };
struct image { struct file file[2]; int acknowledged; };

struct watcher {
	const char *path;
	int acknowledged, n;
	struct file safe[2];            /* what a cut cannot take */
	struct image *image;
};

static void copy(struct file *to, const struct file *from)
{
	*to = (struct file){ from->there, BUF_INIT };
	buf_addn(&to->bytes, from->bytes.s, from->bytes.len);
}

static void read_file(struct file *f, const char *path)
{
	*f = (struct file){ access(path, F_OK) == 0, BUF_INIT };
	if (f->there)
		assert_true(path_read(path, 1 << 24, &f->bytes, NULL));
}

static struct image *add_image(struct watcher *w)
{
	struct image *x = &w->image[w->n++];

	assert_true(w->n < IMAGES);
	x->acknowledged = w->acknowledged;
	return x;
}

static void hear(void *ctx, char what, const char *path)
{
	struct watcher *w = ctx;
	struct file *safe = &w->safe[strcmp(path, w->path) != 0];
	struct image *x = add_image(w);
	char journal[128];

	if (what == 's' || what == 'D') {
		buf_release(&safe->bytes);
		read_file(safe, path);
	}
	snprintf(journal, sizeof journal, "%s-journal", w->path);
	read_file(&x->file[0], w->path);
	read_file(&x->file[1], journal);
	x = add_image(w);
	copy(&x->file[0], &w->safe[0]);
	copy(&x->file[1], &w->safe[1]);
}

static void put(const char *path, const struct file *f)
{
	FILE *out;

	unlink(path);
	if (!f->there)
		return;
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(f->bytes.s, 1, f->bytes.len, out),
	                 f->bytes.len);
	fclose(out);
}

static bool same(const struct image *a, const struct image *b)
{
	for (int i = 0; i < 2; i++)
		if (a->file[i].there != b->file[i].there ||
		    a->file[i].bytes.len != b->file[i].bytes.len ||
		    memcmp(a->file[i].bytes.s, b->file[i].bytes.s,
		           a->file[i].bytes.len) != 0)
			return false;
	return a->acknowledged == b->acknowledged;
}

/* Opens what the cut left; one save more than was acknowledged may be there. */
static void assert_survives(struct place *p, const struct image *x, int which)
{
	struct place after = { .arena = p->arena };
	struct revision_info *log;
	char journal[128];
	struct store *s;
	int n;

	snprintf(after.path, sizeof after.path, "%s/after.db", p->dir);
	snprintf(journal, sizeof journal, "%s-journal", after.path);
	put(after.path, &x->file[0]);
	put(journal, &x->file[1]);
	s = place_open(&after);
	n = store_log(s, "bot", 0, 99, &log, p->arena, &after.err);
	if (n < x->acknowledged || n > x->acknowledged + 1)
		fail_msg("cut %d: %d saves are there, %d were acknowledged",
		         which, n, x->acknowledged);
	if (!store_check(s, &after.err))
		fail_msg("cut %d: %s", which, after.err.item[0].text);
	store_close(s);
}

static void test_power(void **state)
{
	struct place *p = *state;
	struct watcher w = { .path = p->path };
	struct store *s;

	w.image = xcalloc(IMAGES, sizeof *w.image);
	w.safe[0].bytes = w.safe[1].bytes = (struct buf)BUF_INIT;
	fault_watch(hear, &w);
	s = place_open(p);
	for (int i = 0; i < SAVES; i++) {
		char text[24];

		snprintf(text, sizeof text, "text %d", i);
		place_save(p, s, "bot", text, NULL);
		w.acknowledged++;
	}
	store_close(s);
	fault_watch(NULL, NULL);
	assert_true(w.n > 100);
	for (int i = 0; i < w.n; i++)
		if (i < 2 || !same(&w.image[i], &w.image[i - 2]))
			assert_survives(p, &w.image[i], i);
	for (int i = 0; i < w.n; i++) {
		buf_release(&w.image[i].file[0].bytes);
		buf_release(&w.image[i].file[1].bytes);
	}
	buf_release(&w.safe[0].bytes);
	buf_release(&w.safe[1].bytes);
	free(w.image);
}

int main(void)
{
	const struct CMUnitTest tests[] = { PLACE_TEST(test_power) };

	fault_install();
	return cmocka_run_group_tests_name("power cuts", tests, NULL, NULL);
}
