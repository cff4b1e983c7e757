/*
 * A folder of its own for each test of the store.  The oracle after a fault is
 * always the same: it opens, `store_check` is content, and all that was
 * acknowledged is there.
 */
#ifndef STEELYARD_TESTS_STORE_PLACE_H
#define STEELYARD_TESTS_STORE_PLACE_H

#include "base/err.h"
#include "base/mem.h"
#include "store/store.h"

struct place {
	char dir[64], path[96];         /* path: of the store, not made yet */
	struct arena *arena;
	struct err err;
};

int place_set_up(void **state);
int place_tear_down(void **state);
#define PLACE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, place_set_up, place_tear_down)

/* Opens with `create`; a failure fails the test. */
struct store *place_open(struct place *p);
/* Saves a revision without evaluation; r may be NULL. */
void place_save(struct place *p, struct store *s, const char *name,
                const char *text, struct revision_info *r);
void place_assert_sound(struct place *p);
/* Opening must fail so, with these words, and leave no error behind. */
void place_assert_refused(struct place *p, enum err_kind kind,
                          const char *words);
/* The first finding is of this kind; forgets it. */
void place_assert_error(struct place *p, enum err_kind kind);

/* SQL behind the store's back, over a plain connection. */
void place_sql(struct place *p, const char *sql);
/* The same with every guard taken away for that moment. */
void place_sql_unguarded(struct place *p, const char *sql);

/* The store's bytes, read and written without SQLite. */
size_t place_read(struct place *p, char *all, size_t room);
void place_write(struct place *p, const char *all, size_t n);

#endif
