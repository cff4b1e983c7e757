/* Reading: lists of revisions, one revision, drafts. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/impl.h"

#include "base/banned.h"

/* The columns of a revision_info, in the order read_info takes them. */
#define INFO_COLUMNS \
	"r.inputs, c.slug, c.title, r.number, r.created, r.author, " \
	"r.message, p.inputs, " \
	"(SELECT v.hash FROM evaluation v WHERE v.inputs = r.inputs " \
	" ORDER BY v.created DESC, v.rowid DESC LIMIT 1), " \
	"(SELECT v.verdicts FROM evaluation v WHERE v.inputs = r.inputs " \
	" ORDER BY v.created DESC, v.rowid DESC LIMIT 1)"
#define INFO_JOIN \
	" JOIN scenario c ON c.id = r.scenario " \
	"LEFT JOIN revision p ON p.hash = r.parent "

static void copy_hash(char out[DIGEST_HEX], const char *hash)
{
	size_t n = hash ? strlen(hash) : 0;

	memset(out, 0, DIGEST_HEX);
	if (n)
		memcpy(out, hash, n < DIGEST_HEX ? n : DIGEST_HEX - 1);
}

static void read_info(sqlite3_stmt *q, struct revision_info *r,
                      struct arena *a)
{
	copy_hash(r->hash, (const char *)sqlite3_column_text(q, 0));
	r->scenario = arena_strdup(a, store_peek(q, 1));
	r->title = arena_strdup(a, store_peek(q, 2));
	r->number = sqlite3_column_int(q, 3);
	r->created = sqlite3_column_int64(q, 4);
	r->author = arena_strdup(a, store_peek(q, 5));
	r->message = arena_strdup(a, store_peek(q, 6));
	r->parent = store_text(q, 7, a);
	r->evaluation = store_text(q, 8, a);
	r->verdicts = store_text(q, 9, a);
}

/* All rows of a list into the arena; frees the statement. */
static int read_list(struct store *s, sqlite3_stmt *q,
                     struct revision_info **out, struct arena *a,
                     struct err *err)
{
	struct revision_info *list = NULL;
	size_t cap = 0;
	int n = 0, row = -1;

	while (q && (row = store_next(s, q, err)) == 1)
		read_info(q, ARR_PUSH(list, n, cap), a);
	sqlite3_finalize(q);
	*out = arena_alloc(a, (size_t)n * sizeof **out + 1);
	if (n)
		memcpy(*out, list, (size_t)n * sizeof **out);
	free(list);
	return row == 0 ? n : -1;
}

int store_log(struct store *s, const char *scenario, int offset, int limit,
              struct revision_info **out, struct arena *a, struct err *err)
{
	if (scenario)
		return read_list(s, store_query(s, err,
			"SELECT " INFO_COLUMNS " FROM revision r" INFO_JOIN
			"WHERE c.slug = ?1 "
			"ORDER BY r.number DESC LIMIT ?2 OFFSET ?3", "tii",
			scenario, (int64_t)limit, (int64_t)offset), out, a,
			err);
	return read_list(s, store_query(s, err,
		"SELECT " INFO_COLUMNS " FROM revision r" INFO_JOIN
		"ORDER BY r.created DESC, r.rowid DESC LIMIT ?1 OFFSET ?2",
		"ii", (int64_t)limit, (int64_t)offset), out, a, err);
}

/* A filter as a LIKE pattern: its % and _ are letters like others. */
static const char *like_pattern(const char *filter, struct arena *a)
{
	struct buf b = BUF_INIT;
	const char *pattern;

	buf_addc(&b, '%');
	for (; *filter; filter++) {
		if (strchr("%_\\", *filter))
			buf_addc(&b, '\\');
		buf_addc(&b, *filter);
	}
	buf_addc(&b, '%');
	pattern = arena_strdup(a, b.s);
	buf_release(&b);
	return pattern;
}

int store_scenarios(struct store *s, const char *filter, int offset, int limit,
                    struct revision_info **out, struct arena *a,
                    struct err *err)
{
	return read_list(s, store_query(s, err,
		"SELECT " INFO_COLUMNS " FROM (SELECT * FROM scenario "
		"WHERE NOT archived AND (?1 IS NULL "
		"OR slug LIKE ?1 ESCAPE '\\' OR title LIKE ?1 ESCAPE '\\') "
		"ORDER BY updated DESC, id DESC LIMIT ?2 OFFSET ?3) c "
		"JOIN revision r ON r.hash = c.head "
		"LEFT JOIN revision p ON p.hash = r.parent "
		"ORDER BY c.updated DESC, c.id DESC",
		"tii", filter ? like_pattern(filter, a) : NULL,
		(int64_t)limit, (int64_t)offset), out, a, err);
}

int store_evaluations(struct store *s, const char *scenario,
                      struct revision_info **out, struct arena *a,
                      struct err *err)
{
	return read_list(s, store_query(s, err, "SELECT r.inputs, c.slug, "
		"c.title, r.number, max(v.created, r.created), r.author, "
		"r.message, p.inputs, v.hash, v.verdicts "
		"FROM evaluation v JOIN revision r ON r.inputs = v.inputs"
		INFO_JOIN "WHERE c.slug = ?1 ORDER BY 5, r.number, v.rowid",
		"t", scenario), out, a, err);
}

/* --- one revision ----------------------------------------------------- */

static bool is_hash_prefix(const char *ref)
{
	size_t n = strlen(ref);

	return n >= 6 && n < DIGEST_HEX
		&& strspn(ref, "0123456789abcdef") == n;
}

/* "NAME@r12": the number, and the name's length; 0: the newest. */
static int64_t revision_number(const char *ref, size_t *name)
{
	const char *at = strrchr(ref, '@');
	char *end;
	long n;

	*name = strlen(ref);
	if (!at || at[1] != 'r')
		return 0;
	n = strtol(at + 2, &end, 10);
	if (*end || n < 1)
		return 0;
	*name = (size_t)(at - ref);
	return n;
}

static sqlite3_stmt *find_named(struct store *s, const char *ref,
                                struct arena *a, struct err *err)
{
	size_t len;
	int64_t number = revision_number(ref, &len);

	return store_query(s, err, "SELECT " INFO_COLUMNS " FROM revision r"
		INFO_JOIN "WHERE c.slug = ?1 AND (r.number = ?2 OR (?2 = 0 AND "
		"r.hash = c.head))", "ti", arena_strndup(a, ref, len), number);
}

/* Two different texts under one prefix: refuse rather than guess. */
static bool one_text(struct store *s, const char *prefix, struct err *err)
{
	int64_t texts;

	if (!store_int(s, err, 0, &texts, "SELECT count(DISTINCT inputs) FROM "
	               "revision WHERE inputs >= ?1 AND inputs < ?1 || 'g'",
	               "t", prefix))
		return false;
	return texts < 2 || err_add(err, ERR_USAGE, "`%s` fits several "
	                            "revisions: give more digits", prefix);
}

static sqlite3_stmt *find_hashed(struct store *s, const char *prefix,
                                 struct err *err)
{
	return store_query(s, err, "SELECT " INFO_COLUMNS " FROM revision r"
		INFO_JOIN "WHERE r.inputs >= ?1 AND r.inputs < ?1 || 'g' "
		"ORDER BY r.created DESC, r.rowid DESC LIMIT 1", "t", prefix);
}

bool store_read_revision(struct store *s, const char *hash,
                         struct revision_info *out, struct arena *a,
                         struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT " INFO_COLUMNS
		" FROM revision r" INFO_JOIN "WHERE r.hash = ?", "t", hash);
	bool ok = q && store_next(s, q, err) == 1;

	if (ok)
		read_info(q, out, a);
	sqlite3_finalize(q);
	return ok;
}

bool store_read_blob(struct store *s, const char *hash, const char **text,
                      struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT body FROM blob WHERE "
	                              "hash = ?", "t", hash);
	char now[DIGEST_HEX];
	bool ok = q && store_next(s, q, err) == 1;

	*text = ok ? store_text(q, 0, a) : NULL;
	sqlite3_finalize(q);
	if (!ok)
		return err_any(err) ? false
			: err_add(err, ERR_STORE, "the store lacks the text "
			          "%.12s: restore a backup", hash);
	digest_of(*text, strlen(*text), now);
	return strcmp(now, hash) == 0
		|| err_add(err, ERR_STORE, "the text %.12s of the store is "
		           "damaged: keep a copy, then restore a backup",
		           hash);
}

static bool read_evaluation(struct store *s, const char *digest,
                            const char **json, struct arena *a,
                            struct err *err)
{
	sqlite3_stmt *q;
	const char *results = NULL;

	*json = NULL;
	if (!digest)
		return true;
	q = store_query(s, err, "SELECT results FROM evaluation WHERE "
	                "hash = ?", "t", digest);
	if (q && store_next(s, q, err) == 1)
		results = store_text(q, 0, a);
	sqlite3_finalize(q);
	if (!results)
		return err_any(err) ? false
			: err_add(err, ERR_STORE, "the store lacks the results "
			          "of %.12s: restore a backup", digest);
	return store_read_blob(s, results, json, a, err);
}

bool store_result(struct store *s, const char *evaluation, const char **json,
                  struct arena *a, struct err *err)
{
	return read_evaluation(s, evaluation, json, a, err);
}

/* One line of the list of files: "HASH NAME". */
static bool read_file(struct store *s, char *line, struct store_file *f,
                      struct arena *a, struct err *err)
{
	char *space = strchr(line, ' ');

	if (!space)
		return err_add(err, ERR_STORE, "a list of files cannot be read: "
		               "restore a backup");
	*space = '\0';
	f->name = space + 1;
	return store_read_blob(s, line, &f->text, a, err);
}

int store_files(struct store *s, const char *evaluation,
                struct store_file **out, struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT files FROM evaluation "
	                              "WHERE hash = ?", "t", evaluation);
	int row = q ? store_next(s, q, err) : -1, n = 0;
	const char *list = row == 1 ? store_text(q, 0, a) : NULL, *text;
	size_t lines = 0;
	char *line;

	sqlite3_finalize(q);
	if (row < 0 || (list && !store_read_blob(s, list, &text, a, err)))
		return -1;
	if (!list)
		return 0;
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	*out = arena_alloc(a, (lines + 1) * sizeof **out);
	line = arena_strdup(a, text);
	for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (!read_file(s, line, &(*out)[n++], a, err))
			return -1;
	}
	return n;
}

bool store_find(struct store *s, const char *ref, struct revision_info *out,
                const char **text, const char **evaluation_json,
                struct arena *a, struct err *err)
{
	sqlite3_stmt *q = find_named(s, ref, a, err);
	int row = q ? store_next(s, q, err) : -1;

	if (row == 0 && is_hash_prefix(ref)) {
		sqlite3_finalize(q);
		q = one_text(s, ref, err) ? find_hashed(s, ref, err) : NULL;
		row = q ? store_next(s, q, err) : -1;
	}
	if (row == 1)
		read_info(q, out, a);
	sqlite3_finalize(q);
	if (row == 0)
		return err_add(err, ERR_USAGE, "the store has no scenario or "
		               "revision `%s`; `steelyard log` lists what it "
		               "has", ref);
	return row == 1
		&& (!text || store_read_blob(s, out->hash, text, a, err))
		&& (!evaluation_json
		    || read_evaluation(s, out->evaluation, evaluation_json, a,
		                       err));
}

bool store_draft_get(struct store *s, const char *scenario, const char **text,
                     const char **undo, struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT body, undo FROM draft "
	                              "WHERE scenario = ?", "t", scenario);
	int row = q ? store_next(s, q, err) : -1;

	*text = *undo = NULL;
	if (row == 1) {
		*text = store_text(q, 0, a);
		*undo = store_text(q, 1, a);
	}
	sqlite3_finalize(q);
	return row >= 0;
}
