/*
 * Stores that meet.  The union of two is the union of their objects: in any
 * order, however often, with nothing lost; through a folder as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"
#include "store/actuals.h"
#include "store/decisions.h"
#include "store/exchange.h"
#include "store/impl.h"
#include "store_place.h"

#define CASES 200

static void must(struct place *p, bool ok)
{
	if (!ok)
		fail_msg("%s", p->err.n ? p->err.item[0].text : "no finding");
}

/* --- stores in memory, filled at random --------------------------------- */

static struct store *fresh(struct place *p)
{
	struct store *s = store_open_copy(NULL, &p->err);

	must(p, s != NULL);
	return s;
}

/* The very same file, a second time. */
static struct store *twin(struct place *p, struct store *s)
{
	struct store *t = fresh(p);

	assert_int_equal(store_copy_pages(s->db, t->db), SQLITE_OK);
	return t;
}

static struct store_merged merge(struct place *p, struct store *to,
                                 struct store *from, bool adopt)
{
	struct store_merged m;

	must(p, store_merge(to, from, adopt, &m, p->arena, &p->err));
	return m;
}

static struct store *merged(struct place *p, struct store *a, struct store *b)
{
	struct store *s = twin(p, a);

	merge(p, s, b, false);
	return s;
}

static unsigned dice(unsigned *seed, unsigned n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % n;
}

static void save(struct place *p, struct store *s, const char *name,
                 const char *text, const char *digest)
{
	const struct store_file file = { "units.xml", text };
	const struct store_evaluation e = {
		.digest = digest, .json = "{}", .verdicts = "m: a",
		.nfiles = 1, .file = &file,
	};

	must(p, store_save(s, name, name, text, "why", digest ? &e : NULL, NULL,
	                   p->arena, &p->err));
}

static const char *const nobody[] = { NULL };

static int propose(struct place *p, struct store *s, const char *name)
{
	struct decision_new d = {
		.scenario = name, .model = "m", .option = "a",
		.deciders = nobody, .tags = nobody, .waived = nobody,
	};
	struct decision_info out;
	struct revision_info r;

	must(p, store_find(s, name, &r, NULL, NULL, p->arena, &p->err));
	d.inputs = r.hash;
	must(p, decision_propose(s, &d, &out, p->arena, &p->err));
	return out.number;
}

static void change(struct place *p, struct store *s, int number,
                   enum decision_status to)
{
	struct decision_info out;

	must(p, decision_change(s, number, to, "so it is", nobody, NULL, 0,
	                        &out, p->arena, &p->err));
}

static void live(struct place *p, struct store *s, unsigned *seed)
{
	static const char *const names[] = { "bot", "search", "mail" };
	char text[32], epoch[16], digest[DIGEST_HEX];
	struct decision_info *d;
	struct decision_filter f = { .status = DECISION_PROPOSED };
	const char *name = names[dice(seed, 3)];

	snprintf(epoch, sizeof epoch, "17955%05u", dice(seed, 99999));
	setenv("SOURCE_DATE_EPOCH", epoch, 1);
	snprintf(text, sizeof text, "text %u\n", dice(seed, 5));
	digest_of(text, strlen(text), digest);
	save(p, s, name, text, dice(seed, 2) ? digest : NULL);
	if (dice(seed, 3) == 0)
		propose(p, s, name);
	if (decision_list(s, &f, &d, p->arena, &p->err) > 0)
		change(p, s, d[0].number, dice(seed, 2) ? DECISION_ACCEPTED
		       : DECISION_REJECTED);
}

/* One that went on from what both have, or never saw it. */
static struct store *grown(struct place *p, struct store *base, unsigned *seed)
{
	struct store *s = fresh(p);

	if (dice(seed, 4))
		merge(p, s, base, false);
	for (unsigned i = dice(seed, 5); i; i--)
		live(p, s, seed);
	return s;
}

static void content(struct place *p, struct store *s, char out[DIGEST_HEX])
{
	must(p, store_content(s, out, &p->err));
}

static void assert_same(struct place *p, struct store *a, struct store *b,
                        const char *law, unsigned k)
{
	char x[DIGEST_HEX], y[DIGEST_HEX];

	content(p, a, x);
	content(p, b, y);
	if (strcmp(x, y))
		fail_msg("%s in case %u", law, k);
}

/* What was taken once is there: nothing of `part` is missing from `s`. */
static void assert_holds(struct place *p, struct store *s, struct store *part)
{
	struct store_merged m = merge(p, s, part, false);

	assert_int_equal(m.taken.texts + m.taken.revisions +
	                 m.taken.scenarios + m.taken.evaluations +
	                 m.taken.decisions + m.taken.events, 0);
}

static void algebra(struct place *p, unsigned k)
{
	unsigned seed = 7919 * k + 1;
	struct store *base = fresh(p), *a, *b, *c, *ab, *ba, *bc, *ab_c, *a_bc;

	live(p, base, &seed);
	live(p, base, &seed);
	a = grown(p, base, &seed);
	b = grown(p, base, &seed);
	c = grown(p, base, &seed);
	ab = merged(p, a, b);
	ba = merged(p, b, a);
	assert_same(p, ab, ba, "a + b = b + a", k);
	bc = merged(p, b, c);
	ab_c = merged(p, ab, c);
	a_bc = merged(p, a, bc);
	assert_same(p, ab_c, a_bc, "(a + b) + c = a + (b + c)", k);
	must(p, store_check(ab_c, &p->err));
	assert_holds(p, ab_c, a);
	assert_holds(p, ab_c, b);
	assert_holds(p, ab_c, bc);
	assert_same(p, ab_c, a_bc, "a + a = a", k);
	store_close(base);
	store_close(a);
	store_close(b);
	store_close(c);
	store_close(ab);
	store_close(ba);
	store_close(bc);
	store_close(ab_c);
	store_close(a_bc);
}

static void test_algebra(void **state)
{
	struct place *p = *state;

	for (unsigned k = 0; k < CASES; k++) {
		algebra(p, k);
		arena_free(p->arena);
		p->arena = arena_new();
	}
	unsetenv("SOURCE_DATE_EPOCH");
}

/* --- what is said -------------------------------------------------------- */

static bool says(const struct store_merged *m, const char *kind,
                 const char *words)
{
	for (int i = 0; i < m->n; i++)
		if (!strcmp(m->note[i].kind, kind) &&
		    strstr(m->note[i].text, words))
			return true;
	return false;
}

static void test_same_name(void **state)
{
	struct place *p = *state;
	struct store *a = fresh(p), *b = fresh(p);
	struct revision_info *all, r;
	struct store_merged m;
	const char *text;

	save(p, a, "bot", "mine\n", NULL);
	save(p, b, "bot", "theirs\n", NULL);
	m = merge(p, a, b, false);
	assert_true(says(&m, "renamed", "another scenario `bot`"));
	assert_int_equal(store_scenarios(a, NULL, 0, 9, &all, p->arena,
	                                 &p->err), 2);
	must(p, store_find(a, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_string_equal(text, "mine\n");
	for (int i = 0; i < 2; i++)
		if (strcmp(all[i].scenario, "bot"))
			must(p, store_find(a, all[i].scenario, &r, &text, NULL,
			                   p->arena, &p->err));
	assert_string_equal(text, "theirs\n");
	store_close(a);
	store_close(b);
}

/* Both went on from r1: two revisions that call themselves r2. */
static void test_same_number(void **state)
{
	struct place *p = *state;
	struct store *a = fresh(p), *b = fresh(p);
	struct revision_info r, *log;
	struct store_merged m;
	const char *text;

	save(p, a, "bot", "one\n", NULL);
	merge(p, b, a, false);
	setenv("SOURCE_DATE_EPOCH", "1795500000", 1);
	save(p, a, "bot", "mine\n", NULL);
	setenv("SOURCE_DATE_EPOCH", "1795500001", 1);
	save(p, b, "bot", "theirs\n", NULL);
	save(p, b, "bot", "theirs, too\n", NULL);
	unsetenv("SOURCE_DATE_EPOCH");
	m = merge(p, a, b, false);
	assert_true(says(&m, "renumbered", "is bot@r3 here"));
	assert_true(says(&m, "renumbered", "is bot@r4 here"));
	must(p, store_find(a, "bot@r2", &r, &text, NULL, p->arena, &p->err));
	assert_string_equal(text, "mine\n");
	must(p, store_find(a, "bot@r3", &r, &text, NULL, p->arena, &p->err));
	assert_string_equal(text, "theirs\n");
	must(p, store_find(a, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_string_equal(text, "theirs, too\n");     /* their r3, our r4 */
	save(p, a, "bot", "next\n", NULL);
	must(p, store_find(a, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_int_equal(r.number, 5);
	assert_int_equal(store_log(a, "bot", 0, 9, &log, p->arena, &p->err), 5);
	assert_string_equal(r.parent, log[1].hash);
	must(p, store_check(a, &p->err));
	store_close(a);
	store_close(b);
}

/* --- a file that was copied and used twice -------------------------------- */

static void test_fork(void **state)
{
	struct place *p = *state;
	struct store *a = fresh(p), *b, *again;
	struct store_merged m;
	struct store_counts n;

	save(p, a, "bot", "one\n", NULL);
	b = twin(p, a);
	save(p, a, "bot", "mine\n", NULL);
	again = twin(p, a);
	merge(p, again, b, false);              /* the start of it: no fork */
	save(p, b, "bot", "theirs\n", NULL);
	assert_false(store_merge(a, b, false, &m, p->arena, &p->err));
	assert_non_null(strstr(p->err.item[0].text, "--adopt-as-new-origin"));
	place_assert_error(p, ERR_INPUT);
	must(p, store_count(a, &n, &p->err));
	assert_int_equal(n.revisions, 2);       /* nothing was taken */
	m = merge(p, a, b, true);
	assert_true(says(&m, "adopted", "chain"));
	assert_int_equal(m.taken.revisions, 1);
	assert_int_equal(m.taken.events, 1);
	must(p, store_check(a, &p->err));
	m = merge(p, a, b, true);
	assert_int_equal(m.taken.events, 0);    /* once is enough */
	save(p, b, "bot", "more of theirs\n", NULL);
	m = merge(p, a, b, true);
	assert_int_equal(m.taken.events, 1);
	must(p, store_check(a, &p->err));
	/* what is saved from now on is no part of the forked chain */
	save(p, a, "bot", "after\n", NULL);
	m = merge(p, again, a, false);
	assert_int_equal(m.taken.events, 3);
	must(p, store_check(again, &p->err));
	/* and back: the adopted end is what b has itself */
	m = merge(p, b, a, true);
	assert_int_equal(m.taken.events, 2);
	must(p, store_check(b, &p->err));
	store_close(a);
	store_close(b);
	store_close(again);
}

/* --- decisions ------------------------------------------------------------ */

static void test_contested(void **state)
{
	struct place *p = *state;
	struct store *a = fresh(p), *b = fresh(p);
	struct decision_info d;
	struct store_merged m;

	setenv("SOURCE_DATE_EPOCH", "1795500000", 1);
	save(p, a, "bot", "one\n", NULL);
	propose(p, a, "bot");
	merge(p, b, a, false);
	setenv("SOURCE_DATE_EPOCH", "1795500100", 1);
	change(p, a, 1, DECISION_ACCEPTED);
	setenv("SOURCE_DATE_EPOCH", "1795500200", 1);
	change(p, b, 1, DECISION_REJECTED);
	m = merge(p, a, b, false);
	assert_true(says(&m, "contested", "D1 (bot: m) was settled in two"));
	must(p, decision_find(a, "D1", &d, p->arena, &p->err));
	assert_true(d.contested);
	change(p, a, 1, DECISION_ACCEPTED);
	must(p, decision_find(a, "D1", &d, p->arena, &p->err));
	assert_false(d.contested);
	assert_int_equal(d.status, DECISION_ACCEPTED);
	m = merge(p, b, a, false);
	assert_int_equal(m.n, 0);               /* settled there as well */
	unsetenv("SOURCE_DATE_EPOCH");
	store_close(a);
	store_close(b);
}

static void test_both_accepted(void **state)
{
	struct place *p = *state;
	struct store *a = fresh(p), *b = fresh(p);
	struct store_merged m;

	save(p, a, "bot", "one\n", NULL);
	merge(p, b, a, false);
	change(p, a, propose(p, a, "bot"), DECISION_ACCEPTED);
	change(p, b, propose(p, b, "bot"), DECISION_ACCEPTED);
	m = merge(p, a, b, false);
	assert_true(says(&m, "contested", "D1 and D2 are both accepted"));
	store_close(a);
	store_close(b);
}

/* --- the folder ----------------------------------------------------------- */

static struct store *filled(struct place *p)
{
	struct store *s = fresh(p);
	struct actual x = {
		.scenario = "bot", .name = "volume", .value = 0.1,
		.unit = "1/day", .text = "0.1 \"quoted\" \033[31m", .to =
		"2026-11-01", .source = "=cmd|' /C calc'!A0",
	};

	setenv("SOURCE_DATE_EPOCH", "1795500000", 1);
	save(p, s, "bot", "one\n", "00112233445566778899aabbccddeeff"
	     "00112233445566778899aabbccddeeff");
	save(p, s, "bot", "two \303\251 \"q\" \\ \t\n", NULL);
	change(p, s, propose(p, s, "bot"), DECISION_ACCEPTED);
	must(p, actual_record(s, &x, &p->err));
	unsetenv("SOURCE_DATE_EPOCH");
	return s;
}

static const char *folder(struct place *p, const char *name)
{
	return arena_printf(p->arena, "%s/%s", p->dir, name);
}

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static void test_round_trip(void **state)
{
	struct place *p = *state;
	struct store *s = filled(p), *back, *to = fresh(p);
	const char *one = folder(p, "one"), *two = folder(p, "two");
	struct store_written w;
	struct revision_info r;
	const char *text;

	must(p, store_export(s, one, &w, &p->err));
	assert_true(w.files > 10);
	must(p, store_export(s, one, &w, &p->err));
	assert_int_equal(w.files, 0);           /* nothing is new */
	back = store_import(one, NULL, NULL, &p->err);
	must(p, back != NULL);
	assert_same(p, s, back, "import", 0);
	merge(p, to, back, false);
	must(p, store_check(to, &p->err));
	assert_same(p, s, to, "import and merge", 0);
	must(p, store_find(to, "bot", &r, &text, NULL, p->arena, &p->err));
	assert_int_equal(r.number, 2);
	must(p, store_export(to, two, &w, &p->err));
	run(arena_printf(p->arena, "diff -r %s %s", one, two));
	store_close(s);
	store_close(back);
	store_close(to);
}

/* Each deed is done to a whole folder; then nothing may be taken from it. */
static void test_bad_folders(void **state)
{
	static const struct { const char *deed, *found; } deeds[] = {
		{ "echo x >>$(ls blob/*/*.scenario | head -n 1)", "was changed" },
		{ "mv $(ls blob/*/*.scenario | head -n 1) blob/00/1.scenario",
		  "" },
		{ "rm $(ls blob/*/*.results | head -n 1)", "leads nowhere" },
		{ "rm $(ls event/*/00000002.json)", "a gap" },
		{ "rm $(ls revision/*/*.json | head -n 1)", "" },
		{ "rm decision/*", "a logged decision is gone" },
		{ "sed -i s/accepted/rejected/ event/*/*.json",
		  "does not match its hash" },
		{ "sed -i 's/\"author\":\"[^\"]*\"/\"author\":\"eve\"/' "
		  "revision/*/*.json", "does not match its hash" },
		{ "sed -i s/bot/top/ scenario/*.json", "another name" },
		{ "for f in scenario/*; do mv $f scenario/0.json; done",
		  "is not what" },
		{ "echo nonsense >event/1.json", "cannot be read" },
		{ "mkdir event/e; echo nonsense >event/e/1.json", "is not what" },
		{ "ln -s /etc/passwd $(ls -d event/*)/9.json", "not a file" },
		{ "rm -r *", "no exported store" },
		{ "for f in event/*/*1.json; do printf '{' >$f; done",
		  "is not what" },
	};
	struct place *p = *state;
	struct store *s = filled(p);
	struct store_written w;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		const char *dir = folder(p, "bad");

		must(p, store_export(s, dir, &w, &p->err));
		run(arena_printf(p->arena, "cd %s && mkdir -p blob/00 && { %s; }",
		                 dir, deeds[i].deed));
		if (store_import(dir, NULL, NULL, &p->err))
			fail_msg("taken in spite of: %s", deeds[i].deed);
		if (!strstr(p->err.item[0].text, deeds[i].found))
			fail_msg("%s: %s", deeds[i].deed, p->err.item[0].text);
		err_clear(&p->err);
		run(arena_printf(p->arena, "rm -rf %s", dir));
	}
	store_close(s);
}

/* No file is written over, none outside of the folder. */
static void test_export_keeps_off(void **state)
{
	static const char *const deeds[] = {
		"echo mine >$(ls event/*/00000001.json)",
		"rm -r event && ln -s ../elsewhere event",
		"rm -r blob && echo mine >blob",
		"f=$(ls decision/*); rm $f && ln -s ../../elsewhere/x $f",
	};
	struct place *p = *state;
	struct store *s = filled(p);
	const char *dir = folder(p, "out");
	struct store_written w;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		must(p, store_export(s, dir, &w, &p->err));
		run(arena_printf(p->arena, "mkdir -p %s/elsewhere && cd %s && "
		                 "{ %s; }", p->dir, dir, deeds[i]));
		if (store_export(s, dir, &w, &p->err))
			fail_msg("written in spite of: %s", deeds[i]);
		place_assert_error(p, ERR_IO);
		run(arena_printf(p->arena, "test -z \"$(ls %s/elsewhere)\" && "
		                 "rm -rf %s", p->dir, dir));
	}
	store_close(s);
}

/* --- files of others ------------------------------------------------------ */

static void test_other_files(void **state)
{
	static const struct { const char *sql, *found; } deeds[] = {
		{ "UPDATE revision SET author = 'eve'", "does not match" },
		{ "CREATE TRIGGER evil AFTER INSERT ON draft BEGIN "
		  "DELETE FROM meta; END", "trigger evil was added" },
		{ "CREATE VIEW evil AS SELECT 1", "view evil was added" },
		{ "PRAGMA user_version = 99", "newer" },
		{ "PRAGMA application_id = 7", "not a steelyard store" },
		{ "DELETE FROM event WHERE seq = 1", "a gap" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		struct store *s;

		unlink(p->path);
		s = place_open(p);
		place_save(p, s, "bot", "one\n", NULL);
		place_save(p, s, "bot", "two\n", NULL);
		store_close(s);
		place_sql_unguarded(p, deeds[i].sql);
		assert_null(store_open_other(p->path, &p->err));
		if (!strstr(p->err.item[0].text, deeds[i].found))
			fail_msg("%s: %s", deeds[i].sql, p->err.item[0].text);
		place_assert_error(p, ERR_STORE);
	}
	place_write(p, "", 0);
	assert_null(store_open_other(p->path, &p->err));
	place_assert_error(p, ERR_STORE);
	assert_null(store_open_other(p->dir, &p->err));
	place_assert_error(p, ERR_IO);
}

/* A backup is a store; it is made while another has begun to write. */
static void test_backup(void **state)
{
	struct place *p = *state;
	struct store *s = place_open(p), *other = place_open(p), *copy;
	const char *path = folder(p, "copy.db");

	place_save(p, s, "bot", "one\n", NULL);
	must(p, store_begin(other, &p->err));
	must(p, store_run(other, &p->err, "INSERT INTO draft VALUES('x', '', "
	                  "'', 0)", ""));
	must(p, store_backup(s, path, &p->err));
	must(p, store_end(other, true, &p->err));
	copy = store_open_other(path, &p->err);
	must(p, copy != NULL);
	assert_same(p, s, copy, "backup", 0);
	assert_false(store_backup(s, path, &p->err));   /* nor written over */
	place_assert_error(p, ERR_IO);
	store_close(copy);
	store_close(other);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_algebra), PLACE_TEST(test_same_name),
		PLACE_TEST(test_same_number), PLACE_TEST(test_fork),
		PLACE_TEST(test_contested), PLACE_TEST(test_both_accepted),
		PLACE_TEST(test_round_trip), PLACE_TEST(test_bad_folders),
		PLACE_TEST(test_export_keeps_off),
		PLACE_TEST(test_other_files), PLACE_TEST(test_backup),
	};

	return cmocka_run_group_tests_name("stores that meet", tests, NULL,
	                                   NULL);
}
