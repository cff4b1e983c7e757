/*
 * A store as a folder of files that never change, and back.  What is read is
 * put into a store of its own, which then has to pass the check of any store.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/exchange.h"
#include "store/impl.h"

#include "base/banned.h"

#define FILE_MOST (64u << 20)

/* What a scenario was called when its first revision was saved. */
#define FIRST_NAME(scenario) \
	"(SELECT json_extract(e.payload, '$.scenario') FROM revision r " \
	"JOIN event e ON e.ref = r.hash AND e.kind = 'revision.saved' " \
	"WHERE r.scenario = " scenario " AND r.parent IS NULL " \
	"ORDER BY r.hash, e.origin, e.seq LIMIT 1)"
#define LINE(object) "json_object(" object ") || char(10)"

/* A kind of object: its folder, how deep its files lie, the path and content of
 * each; and what takes a file back: ?1 the text, ?2 the path behind the folder
 * without its slash and last suffix, ?3 a running number. */
static const struct object {
	const char *folder;
	int depth;
	const char *rows, *insert;
} objects[] = {
{ "blob", 2,
  "SELECT substr(hash, 1, 2) || '/' || substr(hash, 3) || '.' || kind, body "
  "FROM blob ORDER BY hash",
  NULL },
{ "scenario", 1,
  "SELECT c.uuid || '.json', " LINE("'format', 'steelyard.scenario/1', "
  "'id', c.uuid, 'name', " FIRST_NAME("c.id") ", 'created', c.created")
  " FROM scenario c ORDER BY c.uuid",
  /* the name moves to its place when the events are there */
  "INSERT INTO scenario(uuid, slug, title, created, updated) "
  "SELECT json_extract(?1, '$.id'), json_extract(?1, '$.id'), "
  "json_extract(?1, '$.name'), json_extract(?1, '$.created'), 0 "
  "WHERE json_extract(?1, '$.id') = ?2 "
  "AND json_extract(?1, '$.format') = 'steelyard.scenario/1'" },
{ "revision", 2,
  "SELECT substr(r.hash, 1, 2) || '/' || substr(r.hash, 3) || '.json', "
  LINE("'format', 'steelyard.revision/1', 'id', r.hash, 'scenario', c.uuid, "
  "'number', coalesce(r.numbered, r.number), 'parent', r.parent, "
  "'inputs', r.inputs, 'author', r.author, 'message', r.message, "
  "'created', r.created") " FROM revision r JOIN scenario c "
  "ON c.id = r.scenario ORDER BY r.hash",
  "INSERT INTO revision(hash, scenario, number, parent, inputs, author, "
  "message, created, numbered) SELECT ?2, c.id, ?3, "
  "json_extract(?1, '$.parent'), json_extract(?1, '$.inputs'), "
  "json_extract(?1, '$.author'), json_extract(?1, '$.message'), "
  "json_extract(?1, '$.created'), json_extract(?1, '$.number') "
  "FROM scenario c WHERE c.uuid = json_extract(?1, '$.scenario') "
  "AND json_extract(?1, '$.id') = ?2 "
  "AND json_extract(?1, '$.format') = 'steelyard.revision/1'" },
{ "decision", 1,
  "SELECT d.uuid || '.json', " LINE("'format', 'steelyard.decision/1', "
  "'id', d.uuid, 'scenario', c.uuid, 'created', d.created")
  " FROM decision d JOIN scenario c ON c.id = d.scenario ORDER BY d.uuid",
  "INSERT INTO decision(uuid, scenario, created) SELECT ?2, c.id, "
  "json_extract(?1, '$.created') FROM scenario c "
  "WHERE c.uuid = json_extract(?1, '$.scenario') "
  "AND json_extract(?1, '$.id') = ?2 "
  "AND json_extract(?1, '$.format') = 'steelyard.decision/1'" },
{ "event", 2,
  "SELECT origin || '/' || printf('%08d', seq) || '.json', "
  LINE("'format', 'steelyard.event/1', 'origin', origin, 'seq', seq, "
  "'prev', prev, 'hash', hash, 'kind', kind, 'ref', ref, 'actor', actor, "
  "'at', at, 'payload', json(payload)") " FROM event ORDER BY origin, seq",
  "INSERT INTO event SELECT json_extract(?1, '$.origin'), "
  "json_extract(?1, '$.seq'), json_extract(?1, '$.prev'), "
  "json_extract(?1, '$.hash'), json_extract(?1, '$.kind'), "
  "json_extract(?1, '$.ref'), json_extract(?1, '$.actor'), "
  "json_extract(?1, '$.at'), json_extract(?1, '$.payload') "
  "WHERE json_extract(?1, '$.origin') || "
  "printf('%08d', json_extract(?1, '$.seq')) = ?2 "
  "AND json_extract(?1, '$.format') = 'steelyard.event/1'" },
};
#define OBJECTS (sizeof objects / sizeof *objects)

/* --- writing ------------------------------------------------------------ */

struct writing {
	struct store *store;
	const char *dir;
	struct store_written *out;
	struct err *err;
};

/* Names are digits, or what a damaged store makes of them. */
static bool is_plain(const char *path)
{
	return strspn(path, "0123456789abcdefghijklmnopqrstuvwxyz./") ==
	       strlen(path) && *path != '.' && *path != '/' &&
	       !strstr(path, "/.") && !strstr(path, "..");
}

/* The folder of a file, a link to elsewhere refused. */
static bool make_folder(struct writing *w, const char *path)
{
	struct pos pos = { .file = path };
	struct stat st;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return path_make_dirs(path, w->err);
	return S_ISDIR(st.st_mode) ||
	       err_at(w->err, ERR_IO, pos, "this is not a folder of the export: "
	              "nothing is written through it");
}

static bool make_folders(struct writing *w, const char *file)
{
	char *dir = path_dirname(file), *above = path_dirname(dir);
	bool ok = (!strcmp(above, w->dir) || make_folder(w, above)) &&
		make_folder(w, dir);

	free(above);
	free(dir);
	return ok;
}

/* A file that is there already must say the same. */
static bool keep_file(struct writing *w, const char *path, const char *data,
                      size_t n)
{
	struct pos pos = { .file = path };
	struct buf there = BUF_INIT;
	struct stat st;
	bool ok = lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		path_read(path, FILE_MOST, &there, w->err) && there.len == n &&
		!memcmp(there.s, data, n);

	buf_release(&there);
	w->out->kept += ok;
	return ok || err_at(w->err, ERR_IO, pos, "this is not what the store "
	                    "holds, and no file is ever written over: move it "
	                    "away, or take another folder");
}

static bool write_file(struct writing *w, const char *folder,
                       const char *name, const char *data, size_t n)
{
	struct buf path = BUF_INIT;
	struct stat st;
	bool ok;

	if (!is_plain(name))
		return err_add(w->err, ERR_STORE, "an object of the store has no "
		               "name that a file can have: run `store check`");
	buf_addf(&path, "%s/%s/%s", w->dir, folder, name);
	ok = make_folders(w, path.s);
	if (ok && lstat(path.s, &st) == 0) {
		ok = keep_file(w, path.s, data, n);
	} else if (ok) {
		ok = path_write(path.s, data, n, w->err);
		w->out->files += ok;
		w->out->bytes += ok ? (int64_t)n : 0;
	}
	buf_release(&path);
	return ok;
}

static bool write_objects(struct writing *w, const struct object *o)
{
	sqlite3_stmt *q = store_query(w->store, w->err, o->rows, "");
	bool ok = q != NULL;
	int row = 0;

	while (ok && (row = store_next(w->store, q, w->err)) == 1) {
		const void *data = sqlite3_column_blob(q, 1);

		ok = write_file(w, o->folder, store_peek(q, 0),
		                data ? data : "",
		                (size_t)sqlite3_column_bytes(q, 1));
	}
	sqlite3_finalize(q);
	return ok && row == 0;
}

bool store_export(struct store *s, const char *dir, struct store_written *out,
                  struct err *err)
{
	struct writing w = { s, dir, out, err };
	bool ok = path_make_dirs(dir, err);

	*out = (struct store_written){ 0 };
	/* events last: a folder that was left half way has nothing that it does
	 * not explain */
	for (size_t i = 0; ok && i < OBJECTS; i++)
		ok = write_objects(&w, &objects[i]);
	return ok;
}

static bool digest_objects(struct store *s, const struct object *o,
                           struct digest *d, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, o->rows, "");
	int row = -1;

	while (q && (row = store_next(s, q, err)) == 1) {
		digest_text(d, store_peek(q, 0));
		/* a blob's name is the digest of what it holds */
		if (o->insert)
			digest_text(d, store_peek(q, 1));
	}
	sqlite3_finalize(q);
	return row == 0;
}

bool store_content(struct store *s, char out[DIGEST_HEX], struct err *err)
{
	struct digest *d = digest_new();
	bool ok = true;

	for (size_t i = 0; ok && i < OBJECTS; i++)
		ok = digest_objects(s, &objects[i], d, err);
	digest_end(d, out);
	return ok;
}

/* --- reading ------------------------------------------------------------ */

struct reading {
	struct store *store;
	const struct object *object;
	int64_t files;
	struct err *err;
};

static bool bad_file(struct reading *r, const char *path, const char *why)
{
	struct pos pos = { .file = path };

	return err_at(r->err, ERR_INPUT, pos, "%s", why);
}

static bool read_text(struct reading *r, const char *path, const char *name,
                      const struct buf *text)
{
	char hash[DIGEST_HEX];
	const char *dot = strchr(name, '.');

	digest_of(text->s, text->len, hash);
	if (strncmp(hash, name, DIGEST_HEX - 1) || !dot ||
	    dot - name != DIGEST_HEX - 1)
		return bad_file(r, path, "what it holds does not match its name: "
		                "it was changed");
	if (text->len != strlen(text->s))
		return bad_file(r, path, "this is not a text");
	return store_run(r->store, r->err, "INSERT INTO blob(hash, kind, size, "
	                 "body) VALUES(?, ?, ?, ?)", "ttib", hash, dot + 1,
	                 (int64_t)text->len, text->s);
}

static bool read_object(struct reading *r, const char *path, const char *name,
                        const struct buf *text)
{
	size_t n = strlen(name);
	struct err mute = ERR_INIT;
	char *id;
	bool ok;

	if (n < 6 || strcmp(name + n - 5, ".json"))
		return bad_file(r, path, "an exported store has no such file");
	id = xstrndup(name, n - 5);
	ok = store_run(r->store, &mute, r->object->insert,
	               strstr(r->object->insert, "?3") ? "tti" : "tt", text->s,
	               id, r->files) &&
		sqlite3_changes(r->store->db) == 1;
	free(id);
	err_clear(&mute);
	return ok || bad_file(r, path, "this is not what `store export` wrote, "
	                      "or it was changed");
}

/* `name`: the path behind the object's folder, without the slash. */
static bool read_file(struct reading *r, const char *path, const char *name)
{
	struct buf text = BUF_INIT;
	struct stat st;
	bool ok;

	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return bad_file(r, path, "this is not a file");
	r->files++;
	ok = path_read(path, FILE_MOST, &text, r->err) &&
		(r->object->insert ? read_object(r, path, name, &text)
		                   : read_text(r, path, name, &text));
	buf_release(&text);
	return ok;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Every file `depth` levels down, in the order of their names. */
static bool read_folder(struct reading *r, const char *dir, int depth,
                        const char *above)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_shown, by_name);
	bool ok = n >= 0 || errno == ENOENT ||
		bad_file(r, dir, "this folder cannot be read");

	for (int i = 0; i < n; i++) {
		struct buf path = BUF_INIT, name = BUF_INIT;

		buf_addf(&path, "%s/%s", dir, entry[i]->d_name);
		buf_addf(&name, "%s%s", above, entry[i]->d_name);
		if (ok)
			ok = depth > 1
				? read_folder(r, path.s, depth - 1, name.s)
				: read_file(r, path.s, name.s);
		buf_release(&path);
		buf_release(&name);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return ok;
}

static bool read_objects(struct reading *r, const char *dir)
{
	bool ok = true;

	for (size_t i = 0; ok && i < OBJECTS; i++) {
		char *path = path_join(dir, objects[i].folder);

		r->object = &objects[i];
		ok = read_folder(r, path, objects[i].depth, "");
		free(path);
	}
	return ok && (r->files || bad_file(r, dir, "no exported store is in this "
	                                   "folder"));
}

/* --- what follows from what was read -------------------------------------- */

static bool name_scenario(struct reading *r, sqlite3_stmt *q, store_title *title,
                          void *ctx, struct arena *a)
{
	const char *uuid = store_text(q, 0, a), *name = store_text(q, 1, a);
	const char *text = store_text(q, 3, a), *found;
	struct pos pos = { .file = r->store->path };

	if (!name || strcmp(name, store_peek(q, 2)))
		return err_at(r->err, ERR_INPUT, pos, "scenario/%s.json: the log "
		              "of events knows it by another name", uuid);
	found = title && text ? title(ctx, text, a) : NULL;
	return store_run(r->store, r->err, "UPDATE scenario SET title = ?3, "
	                 "head = ?4, updated = ?5, slug = CASE WHEN EXISTS("
	                 "SELECT 1 FROM scenario WHERE slug = ?2) THEN "
	                 "?2 || '-' || substr(uuid, 1, 6) ELSE ?2 END "
	                 "WHERE uuid = ?1", "ttttt", uuid, name,
	                 found ? found : name, store_text(q, 4, a),
	                 store_text(q, 5, a));
}

/* Names, titles and heads, the oldest scenario of a name first. */
static bool name_scenarios(struct reading *r, store_title *title, void *ctx)
{
	struct arena *a = arena_new();
	sqlite3_stmt *q = store_query(r->store, r->err, "SELECT c.uuid, "
		FIRST_NAME("c.id") ", c.title, CAST(b.body AS TEXT), h.hash, "
		"(SELECT max(created) FROM revision WHERE scenario = c.id) "
		"FROM scenario c LEFT JOIN revision h ON h.hash = "
		"(SELECT hash FROM revision WHERE scenario = c.id "
		"ORDER BY numbered DESC, created DESC, hash DESC LIMIT 1) "
		"LEFT JOIN blob b ON b.hash = h.inputs "
		"ORDER BY c.created, c.uuid", "");
	bool ok = q != NULL;
	int row = 0;

	while (ok && (row = store_next(r->store, q, r->err)) == 1)
		ok = name_scenario(r, q, title, ctx, a);
	sqlite3_finalize(q);
	arena_free(a);
	return ok && row == 0;
}

static bool make_store(struct reading *r, const char *dir, store_title *title,
                       void *ctx)
{
	/* what leads nowhere is found by the check, and named */
	return store_run(r->store, r->err, "PRAGMA foreign_keys = OFF", "") &&
	       store_begin(r->store, r->err) &&
	       store_end(r->store, read_objects(r, dir) &&
	                 store_run(r->store, r->err, "INSERT OR IGNORE INTO "
	                           "evaluation(hash, inputs, results, verdicts, "
	                           "created, files) SELECT ref, "
	                           "json_extract(payload, '$.inputs'), "
	                           "json_extract(payload, '$.results'), "
	                           "json_extract(payload, '$.verdicts'), at, "
	                           "json_extract(payload, '$.files') FROM event "
	                           "WHERE kind = 'evaluation.saved' "
	                           "ORDER BY at, origin, seq", "") &&
	                 store_check(r->store, r->err) &&
	                 name_scenarios(r, title, ctx), r->err);
}

struct store *store_import(const char *dir, store_title *title, void *ctx,
                           struct err *err)
{
	struct reading r = { .store = store_open_copy(NULL, err), .err = err };

	if (!r.store)
		return NULL;
	free(r.store->path);
	r.store->path = xstrdup(dir);
	if (make_store(&r, dir, title, ctx))
		return r.store;
	store_close(r.store);
	return NULL;
}
